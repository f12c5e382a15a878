//! A part: some trials of a run, and what came of them.

use super::origin::Origin;
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
}
