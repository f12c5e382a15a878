//! What happens while trials are played: a progress bar moves, and rows go to a file.

use crate::cli::failure::Failure;
use crate::cli::output;
use crate::metric::{Metric, Metrics};
use crate::report::TRIALS;
use crate::report::folder::OutputFile;
use crate::report::table::TrialsWriter;
use crate::scenario::Scenario;
use crate::study::design::Design;
use crate::study::run::Watcher;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::io::{self, IsTerminal};

/// Watches a run for the command line.
pub(super) struct Watch<'a> {
    bar: ProgressBar,
    strategies: Vec<&'a str>,
    metrics: Vec<Metric>,
    rows: Option<TrialsWriter<OutputFile>>,
    design: Design,
}

impl<'a> Watch<'a> {
    /// A bar, if it may be shown and there is a terminal; rows go to the file, if there is one.
    pub(super) fn new(
        scenario: &'a Scenario,
        design: Design,
        may_show: bool,
        file: Option<OutputFile>,
    ) -> Result<Self, Failure> {
        let metrics: Vec<Metric> = Metric::available(scenario.costs.is_some()).collect();
        let names = metrics.iter().map(|metric| metric.name());
        let strategies = scenario.strategies.iter().map(|strategy| strategy.name.as_str());
        let rows = file.map(|file| TrialsWriter::new(file, names)).transpose();
        let rows = rows.map_err(|error| failed(&error))?;
        let bar = bar("{bar:30} {human_pos} of {human_len} trials, {eta} to go", may_show);
        Ok(Watch { bar, strategies: strategies.collect(), metrics, rows, design })
    }

    /// Ends the bar and the file of rows.
    pub(super) fn finish(self) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        let Some(mut rows) = self.rows else {
            return Ok(());
        };
        rows.flush().map_err(|error| rows.place().error(&error))?;
        Ok(rows.finish().map_err(|error| failed(&error))?.finish()?)
    }

    fn write(
        rows: &mut TrialsWriter<OutputFile>,
        strategies: &[&str],
        metrics: &[Metric],
        design: Design,
        first: u64,
        played: &[Metrics],
    ) -> io::Result<()> {
        for (trial, played) in (first..).zip(played.chunks(strategies.len().max(1))) {
            let weight = design.weight_of_trial(design.stratum(trial));
            for (strategy, values) in strategies.iter().zip(played) {
                rows.row(trial, strategy, metrics.iter().map(|metric| values[*metric]), weight)?;
            }
        }
        Ok(())
    }
}

impl Watcher for Watch<'_> {
    type Error = Failure;

    fn wants_rows(&self) -> bool {
        self.rows.is_some()
    }

    fn rows(&mut self, first: u64, played: &[Metrics]) -> Result<(), Failure> {
        let Some(rows) = &mut self.rows else {
            return Ok(());
        };
        Watch::write(rows, &self.strategies, &self.metrics, self.design, first, played)
            .map_err(|error| rows.place().error(&error).into())
    }

    fn planned(&mut self, trials: u64) {
        self.bar.set_length(trials);
    }

    fn played(&mut self, trials: u64) {
        self.bar.inc(trials);
    }
}

fn failed(error: &io::Error) -> Failure {
    Failure::Work(format!("cannot write {TRIALS}: {}", output::reason(error)))
}

/// A bar on the terminal, if there is one and it may be shown.
pub(in crate::cli) fn bar(template: &str, may_show: bool) -> ProgressBar {
    let target = if may_show && io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(None, target);
    // Also when the run ends early, so that a message does not follow half a bar.
    bar.with_finish(ProgressFinish::AndClear).with_style(style)
}
