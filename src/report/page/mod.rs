//! `report.html`: one page that carries a run to the people who decide.
//!
//! The page is a single file without any request: it opens from disk, prints on A4, follows the
//! reader's light or dark setting, and is whole without script. What script adds: tables that sort,
//! and the explorer, in which a limit is dragged over the curves of a metric.
//!
//! Its input is [`Page`], plain texts and numbers. All of them count as hostile: `maud` escapes
//! what becomes HTML, `explorer` what becomes JSON, and a content security policy with the hashes
//! of our own style and script refuses everything else. The one thing taken as it is are charts,
//! which [`charts`](super::charts) has drawn.
//!
//! Start reading at `document`, the order of the page.

mod colours;
mod document;
mod explorer;
mod figures;
mod number;
mod policy;
mod sections;
mod tables;

use super::table::Table;
use crate::stats::Interval;
use crate::study::verdict::Compliance;
use serde::Serialize;

pub use explorer::thinned;

/// Everything that the page says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Name of the scenario.
    pub title: String,
    /// Horizon, trials and seed in one line.
    pub subtitle: String,
    /// What to do, and why.
    pub recommendation: Recommendation,
    /// Curves to try limits on; none without metrics.
    pub explorer: Explorer,
    /// Charts in the order shown.
    pub figures: Vec<Figure>,
    /// Tables in the order shown.
    pub tables: Vec<DataTable>,
    /// Every assumption, those of one section together.
    pub assumptions: Vec<Assumption>,
    /// Warnings of the scenario.
    pub warnings: Vec<Warning>,
    /// Paragraphs on how the numbers came about.
    pub method: Vec<String>,
    /// Closed forms beside the estimates, where the scenario allows them.
    pub closed_forms: Option<DataTable>,
    /// What it takes to run it again.
    pub provenance: Provenance,
}

impl Page {
    /// The page as HTML text. The same input gives the same bytes on every platform.
    pub fn to_html(&self) -> String {
        document::render(self)
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recommendation {
    /// The answer in one sentence.
    pub headline: String,
    /// The strategy recommended, if one is.
    pub strategy: Option<String>,
    /// Probability that this choice is the right one, and how that is meant: `is the cheapest that
    /// meets every tolerance`.
    pub probability: Option<(f64, String)>,
    /// Why, what nearly beat it, what it hangs on: a sentence each.
    pub reasons: Vec<String>,
    /// How each strategy stands to each tolerance; none without tolerances.
    pub verdicts: Vec<VerdictRow>,
    /// The few numbers that the answer rests on, a row for each strategy.
    pub overview: Option<Table>,
}

/// One strategy against one tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictRow {
    /// Name of the strategy.
    pub strategy: String,
    /// What is limited and to how much: `At most 5,000 stale user-hours a year`. Rows of the same
    /// criterion and probability stand together.
    pub criterion: String,
    /// Probability of staying within the limit that is wanted, 0 to 1.
    pub wanted: f64,
    /// What the probability counts: `years`, `outages`.
    pub of: String,
    /// The probability found, 0 to 1.
    pub probability: f64,
    /// Its interval.
    pub interval: Option<Interval>,
    /// What follows.
    pub verdict: Compliance,
}

/// A chart with its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Name in links to it; letters, digits and hyphens.
    pub id: String,
    /// What it shows; takes the place of the title inside the drawing.
    pub title: String,
    /// How to read it.
    pub explanation: String,
    /// The chart as [`charts`](super::charts) draws it in [`Palette::LIGHT`]; goes in as it is.
    ///
    /// [`Palette::LIGHT`]: super::charts::Palette::LIGHT
    pub svg: String,
    /// The numbers behind it.
    pub table: Option<Table>,
}

/// A table with its words.
#[derive(Debug, Clone, PartialEq)]
pub struct DataTable {
    /// Name in links to it; letters, digits and hyphens.
    pub id: String,
    /// What it holds.
    pub title: String,
    /// How to read it.
    pub explanation: String,
    /// Its columns and rows. Names of columns are shown with spaces for underscores.
    pub table: Table,
    /// Column by whose values a reader may choose rows; a long table then begins with the first
    /// value's rows. On paper and without script all rows are there.
    pub chosen_by: Option<&'static str>,
}

/// One value that the scenario assumes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// Part of the scenario, as a heading.
    pub section: String,
    /// Its key.
    pub key: String,
    /// Its value as written in TOML.
    pub value: String,
    /// Whether the scenario left it out.
    pub is_default: bool,
    /// What the key means.
    pub meaning: String,
    /// Where the value comes from, if that is known.
    pub source: Option<String>,
}

/// A warning about the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What is odd.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// What a run was made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// Version of the program.
    pub version: String,
    /// Seed of all random draws.
    pub seed: u64,
    /// Trials played for each strategy.
    pub trials: u64,
    /// The scenario's file; none for the built-in one.
    pub scenario: Option<String>,
    /// SHA-256 of the scenario's text, in hexadecimal.
    pub sha256: String,
    /// The command that runs it again.
    pub command: String,
}

/// The curves that a reader may try limits on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Explorer {
    /// What one trial covers, after "a": `year`, `period of 90 d`.
    pub period: String,
    /// Names of the strategies, in the order of all charts.
    pub strategies: Vec<String>,
    /// Metrics to choose among, the most telling first.
    pub metrics: Vec<Curves>,
    /// For intervals in the page; none where trials have unequal weights.
    pub sampling: Option<Sampling>,
}

/// What Wilson's interval of a probability needs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sampling {
    /// Trials behind each curve.
    pub trials: u64,
    /// Confidence of the intervals, 0 to 1.
    pub confidence: f64,
    /// Standard normal quantile at (1 + confidence) / 2.
    pub z: f64,
}

/// One metric's exceedance curves.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// Name in files.
    pub name: String,
    /// Name for people: `Stale user-hours`.
    pub label: String,
    /// Unit: `user-hours`.
    pub unit: String,
    /// What is counted, in a sentence.
    pub meaning: String,
    /// The tolerance on this metric: limit, and the probability wanted of staying within it.
    pub tolerance: Option<(f64, f64)>,
    /// For each strategy, in their order, the line that stands for P(X > x), as [`thinned`] makes
    /// it of the steps. Empty where there is no sample.
    pub lines: Vec<Vec<(f64, f64)>>,
}
