//! A part: some trials of a run, and what came of them.

use super::origin::Origin;
use super::rows::Table;
use crate::study::partial::Partial;
use std::ops::Range;

/// Some trials of a run.
#[derive(Debug, Clone)]
pub struct Part {
    /// The run.
    pub origin: Origin,
    /// Numbers of the trials.
    pub range: Range<u64>,
    /// What came of them.
    pub whole: Partial,
    /// How the table of the single trials beside it is known, if there is one.
    pub(super) rows: Option<Table>,
}

impl Part {
    /// What came of some trials of a run.
    pub fn new(origin: Origin, range: Range<u64>, whole: Partial) -> Part {
        Part { origin, range, whole, rows: None }
    }
}
