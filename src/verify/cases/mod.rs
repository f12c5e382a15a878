//! The cases, by part of the model: a file each.

mod agents;
mod evidence;
mod faults;
mod passwords;
mod people;
mod planned;
mod published;
mod recovery;
mod results;
mod sensitivity;
mod sign_in;
mod split_brain;
mod times;
mod workload;

use super::case::Cases;

/// Every set of cases, in the order in which they are told. The place of a set decides which trials it
/// plays, so new ones go to the end of a file.
pub(super) fn all() -> Vec<Cases> {
    [
        faults::cases(),
        recovery::cases(),
        people::cases(),
        planned::cases(),
        workload::cases(),
        passwords::cases(),
        times::cases(),
        results::cases(),
        evidence::cases(),
        sensitivity::cases(),
        agents::cases(),
        sign_in::cases(),
        split_brain::cases(),
        published::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
