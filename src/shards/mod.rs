//! Parts of a run: ranges of its trials, each in a file that says what it is a part of.
//!
//! A trial depends on its number and on nothing else, and the statistics of disjoint ranges merge
//! exactly. So a run may be played in any parts, at any times and places, and comes out with the same
//! bits. Everything that splits a run rests on this room: shards on other machines, checkpoints of a
//! long run, and the run that goes on after them. A file that is there, whole, is the only sign that its
//! trials were played; no list is kept beside.

mod error;
mod file;
mod origin;
mod part;
mod places;
mod ranges;
mod rows;
mod store;

pub use error::PartError;

pub use origin::Origin;
pub use part::Part;
pub use ranges::{missing, shard};
pub use rows::Rows;
pub use store::Store;
