//! `report.html`: one page that carries a run to the people who decide.
//!
//! The page is a single file without any request: it opens from disk, prints on A4, follows the
//! reader's light or dark setting, and is whole without script. What script adds: tables that sort,
//! and the explorer, in which a limit is dragged over the curves of a metric.
//!
//! Its input is a scenario with its results. All texts in them count as hostile: `maud` escapes
//! what becomes HTML, `explorer` what becomes JSON, and a content security policy with the hashes
//! of our own style and script refuses everything else. The one thing taken as it is are charts,
//! which [`charts`](super::charts) has drawn.
//!
//! Start reading at `document`, the order of the page.

mod colours;
mod cures;
mod document;
mod explorer;
mod figures;
pub mod live;
pub mod plain;
mod policy;
mod samples;
mod sections;
mod sentence;
mod tables;

use super::charts::{ChartError, Picture};
use crate::scenario::Scenario;
use crate::sensitivity::robustness::Robustness;
use crate::study::results::Results;
use jiff::Timestamp;

/// Everything that the page is made from.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// What was played.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub results: &'a Results,
    /// How well the choice stands if the assumptions are wrong; none where that was not asked.
    pub robustness: Option<&'a Robustness>,
    /// Pictures in the order shown.
    pub pictures: &'a [Picture],
    /// Seed of all random draws.
    pub seed: u64,
    /// The command that runs it again.
    pub command: &'a str,
    /// How the trials came about.
    pub notes: &'a [String],
    /// When they were played.
    pub made: Timestamp,
}

impl Page<'_> {
    /// The page as HTML text. The same input gives the same bytes on every platform.
    ///
    /// # Errors
    /// A picture could not be drawn.
    pub fn to_html(&self) -> Result<String, ChartError> {
        document::render(self)
    }
}
