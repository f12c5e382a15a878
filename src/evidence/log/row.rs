//! A row of a log while it is read.

use super::Incident;

/// A row before the whole log is known.
pub(super) struct Row {
    pub(super) incident: Incident,
    /// Neither an end nor a word that says whether it is over.
    pub(super) undecided: bool,
    /// Open: bounded by the end of the watch.
    pub(super) open: bool,
    /// The line of an earlier row with the same text.
    pub(super) twin: Option<u64>,
}
