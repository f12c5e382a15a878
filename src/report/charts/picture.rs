//! A picture of a run: a chart with its name, its explanation and the numbers behind it.

use super::{ChartError, Palette};
use crate::report::table::Table;
use crate::report::text::percent;
use crate::report::words;
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::stats::Interval;
use crate::study::results::Results;
use crate::study::summary::sums_by_name;
use crate::study::timeline::TrialTimeline;
use crate::study::when::HarmByHour;
use crate::study::work::WorkShares;

/// What the pictures of a run are drawn from. The year and the harm are drawn where they are known.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// What was played.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub results: &'a Results,
    /// One bad year.
    pub year: Option<&'a TrialTimeline>,
    /// What an outage does by hour of the week.
    pub harm: Option<&'a HarmByHour>,
    /// By strategy: what the work of its outages is made of. Empty where it is not known.
    pub work: &'a [Option<WorkShares>],
}

impl Run<'_> {
    /// What the intervals are: "95 % interval".
    pub(super) fn interval(&self) -> String {
        format!("{} interval", percent(self.results.confidence))
    }

    /// What a trial is as long as: "year".
    pub(super) fn period(&self) -> &str {
        words::period(self.scenario)
    }

    /// The tolerances of one thing.
    pub(super) fn tolerances(&self, criterion: Criterion) -> impl Iterator<Item = &Tolerance> {
        self.scenario.tolerances.iter().filter(move |tolerance| tolerance.criterion == criterion)
    }

    /// The causes of outages, that with most downtime over all strategies first. Their order gives
    /// each its digit and its colour in every chart.
    pub(super) fn causes(&self) -> Vec<String> {
        let strategies = self.results.summary.strategies.iter();
        let mut causes =
            sums_by_name(strategies.flat_map(|result| result.by_fault(|row| row.outage_hours)));
        // Stable: equal causes stay in the order they came in.
        causes.sort_by(|a, b| b.1.total_cmp(&a.1));
        causes.into_iter().map(|(name, _)| name.to_owned()).collect()
    }
}

/// A chart with all that it shows, waiting for its palette.
type Draw = dyn Fn(&Palette) -> Result<String, ChartError> + Send + Sync;

/// A picture of a run.
pub struct Picture {
    /// Name of its file, without ending.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// How to read it.
    pub explanation: String,
    /// The numbers behind it.
    pub table: Table,
    /// Draws it in a palette.
    pub(in crate::report) draw: Box<Draw>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Picture {
    /// A chart by itself, for a file: nothing is said of it and no table goes with it.
    pub(in crate::report) fn bare(
        name: impl Into<String>,
        draw: impl Fn(&Palette) -> Result<String, ChartError> + Send + Sync + 'static,
    ) -> Self {
        let table = Table { columns: Vec::new(), rows: Vec::new() };
        let (title, explanation) = (String::new(), String::new());
        Self { name: name.into(), title, explanation, table, draw: Box::new(draw) }
    }

    /// The same chart with what a page says of it.
    pub(in crate::report) fn told(self, title: &str, explanation: &str, table: Table) -> Self {
        Self { title: title.to_owned(), explanation: explanation.to_owned(), table, ..self }
    }

    /// The picture as SVG text.
    ///
    /// # Errors
    /// It could not be drawn.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        (self.draw)(palette)
    }
}

/// A mean with its interval, which holds it.
pub(in crate::report) fn estimate(mean: f64, interval: Option<Interval>) -> super::Estimate {
    let (low, high) = interval.map_or((mean, mean), |interval| (interval.low, interval.high));
    super::Estimate { mean, low: low.min(mean), high: high.max(mean) }
}
