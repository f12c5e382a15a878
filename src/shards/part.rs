//! A part: a range of some work, and what came of it.

use super::origin::Origin;
use super::rows::Table;
use crate::study::partial::Partial;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::Range;

/// What comes of a range of some work: it is written and read with all its bits.
pub trait Outcome: Serialize + DeserializeOwned {
    /// Adds what came of the range that follows.
    fn join(&mut self, next: Self);
}

impl Outcome for Partial {
    fn join(&mut self, next: Partial) {
        self.merge(&next);
    }
}

impl<T: Serialize + DeserializeOwned> Outcome for Vec<T> {
    fn join(&mut self, next: Vec<T>) {
        self.extend(next);
    }
}

/// A range of some work.
#[derive(Debug, Clone)]
pub struct Part<T> {
    /// The work.
    pub origin: Origin,
    /// Numbers of its trials or points.
    pub range: Range<u64>,
    /// What came of them.
    pub outcome: T,
    /// How the table of the single trials beside it is known, if there is one.
    pub(super) rows: Option<Table>,
}

impl<T: Outcome> Part<T> {
    /// What came of a range of some work.
    pub fn new(origin: Origin, range: Range<u64>, outcome: T) -> Part<T> {
        Part { origin, range, outcome, rows: None }
    }
}
