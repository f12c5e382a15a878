//! What happens while trials are played: a progress bar moves, and rows go to a file.

use crate::cli::failure::Failure;
use crate::cli::terminal::bar;
use crate::metric::{Metric, Metrics};
use crate::report::TRIALS;
use crate::report::folder::OutputFile;
use crate::report::table::TrialsWriter;
use crate::scenario::Scenario;
use crate::shards::Rows;
use crate::study::design::Design;
use crate::study::run::Watcher;
use indicatif::ProgressBar;
use std::io::{self, Write};

/// Where rows go: into the output, or beside a part.
pub(super) enum RowsFile {
    Output(OutputFile),
    Part(Rows),
}

impl RowsFile {
    fn error(&self, error: io::Error) -> Failure {
        match self {
            RowsFile::Output(file) => file.error(&error).into(),
            RowsFile::Part(rows) => rows.error(error).into(),
        }
    }
}

impl Write for RowsFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            RowsFile::Output(file) => file.write(bytes),
            RowsFile::Part(rows) => rows.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            RowsFile::Output(file) => file.flush(),
            RowsFile::Part(rows) => rows.flush(),
        }
    }
}

/// Watches a run for the command line.
pub(super) struct Watch<'a> {
    bar: ProgressBar,
    strategies: Vec<&'a str>,
    metrics: Vec<Metric>,
    rows: Option<TrialsWriter<RowsFile>>,
    design: Design,
}

impl<'a> Watch<'a> {
    /// A bar, if it may be shown and there is a terminal; rows go to the file, if there is one.
    pub(super) fn new(
        scenario: &'a Scenario,
        design: Design,
        may_show: bool,
        file: Option<RowsFile>,
    ) -> Result<Self, Failure> {
        let metrics: Vec<Metric> = scenario.metrics().collect();
        let names = metrics.iter().map(|metric| metric.name());
        let strategies = scenario.strategies.iter().map(|strategy| strategy.name.as_str());
        let rows = file.map(|file| TrialsWriter::new(file, names)).transpose();
        let rows = rows.map_err(|error| Failure::cannot_write(TRIALS, &error))?;
        let bar = bar("{bar:30} {human_pos} of {human_len} trials, {eta} to go", may_show);
        Ok(Watch { bar, strategies: strategies.collect(), metrics, rows, design })
    }

    /// So many trials were played by an earlier run.
    pub(super) fn kept(&self, trials: u64) {
        self.bar.inc(trials);
    }

    /// Ends the bar and the file of rows, which a part takes.
    pub(super) fn finish(self) -> Result<Option<Rows>, Failure> {
        self.bar.finish_and_clear();
        let Some(mut rows) = self.rows else {
            return Ok(None);
        };
        rows.flush().map_err(|error| rows.place().error(error))?;
        match rows.finish().map_err(|error| Failure::cannot_write(TRIALS, &error))? {
            RowsFile::Output(file) => {
                file.finish()?;
                Ok(None)
            }
            RowsFile::Part(rows) => Ok(Some(rows)),
        }
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
        for (trial, played) in (first..).zip(played.chunks(self.strategies.len().max(1))) {
            let weight = self.design.weight_of_trial(self.design.stratum(trial));
            for (strategy, values) in self.strategies.iter().zip(played) {
                let values = self.metrics.iter().map(|metric| values[*metric]);
                let written = rows.row(trial, strategy, values, weight);
                written.map_err(|error| rows.place().error(error))?;
            }
        }
        Ok(())
    }

    fn planned(&mut self, trials: u64) {
        self.bar.set_length(trials);
    }

    fn played(&mut self, trials: u64) {
        self.bar.inc(trials);
    }
}
