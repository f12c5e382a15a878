//! Parts of some work: ranges of the trials of a run, or of the points of a study, each in a file that
//! says what it is a part of.
//!
//! A trial or a point depends on its number and on nothing else, and the statistics of disjoint ranges
//! merge exactly. So work may be done in any parts, at any times and places, and comes out with the same
//! bits. Everything that divides work rests on this room: shards on other machines, checkpoints of a
//! long run, and the run that goes on after them. A file that is there, whole, is the only sign that its
//! range was played; no list is kept beside.

mod error;
mod file;
mod origin;
mod part;
mod places;
mod ranges;
mod rows;
mod store;
mod work;

pub use error::PartError;

pub use origin::Origin;
pub use part::{Outcome, Part};
pub use ranges::{missing, shard};
pub use rows::Rows;
pub use store::Store;
pub use work::{RunWork, SensitivityWork, SweepWork, Work};
