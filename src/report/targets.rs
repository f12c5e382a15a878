//! The value of one input at which something changes, on disk: what was read, and the chart.

use super::charts::Estimate;
use super::charts::picture::Picture;
use super::charts::sweep::{Level, SweepChart, SweepLine};
use super::folder::MANIFEST;
use super::table::{Rows, Table};
use super::words::target as words;
use crate::scenario::{Dial, DialUnit, Scenario};
use crate::study::crossing::{Reading, Search};
use crate::study::target::Question;

/// Every file that may be written, as [`super::folder::Folder::begin`] wants them named.
pub const FILES: [&str; 7] = [
    MANIFEST,
    TARGET,
    super::sweeps::MAP,
    super::pictures::PLACES[0],
    super::pictures::PLACES[1],
    super::pictures::PLACES[2],
    super::pictures::PLACES[3],
];

/// The table of what was read.
const TARGET: &str = "target.csv";

/// A question with its answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The scenario as it stands.
    pub scenario: &'a Scenario,
    /// The input.
    pub dial: &'a Dial,
    /// What was asked.
    pub question: Question<'a>,
    /// What was found.
    pub search: &'a Search,
    /// The range that was looked at: its ends.
    pub range: (f64, f64),
    /// Trials at each value.
    pub trials: u64,
    /// Confidence of the intervals.
    pub confidence: f64,
}

/// The tables, by file name.
pub fn tables(answer: &Answer<'_>) -> Vec<(&'static str, Table)> {
    vec![(TARGET, table(answer))]
}

/// `target.csv`: a row for each value that was played.
pub fn table(answer: &Answer<'_>) -> Table {
    let (path, unit) = (answer.dial.path.as_str(), words::unit(answer.dial));
    Rows::new(&answer.search.readings)
        .column("input", |_| path)
        .column("unit", |_| unit)
        .column("value", |reading| reading.at)
        .column("estimate", |reading| reading.estimate)
        .interval("ci_low", "ci_high", |reading| reading.interval)
        .table()
}

/// The chart.
pub fn pictures(answer: &Answer<'_>) -> Vec<Picture> {
    let chart = chart(answer);
    vec![Picture::bare("target", move |palette| chart.draw(palette))]
}

fn chart(answer: &Answer<'_>) -> SweepChart {
    let readings = &answer.search.readings;
    let mean = |reading: &Reading| {
        let (mean, interval) = (reading.estimate?, reading.interval);
        let (low, high) = interval.map_or((mean, mean), |one| (one.low, one.high));
        Some(Estimate { mean, low, high })
    };
    SweepChart {
        title: words::chart_title(answer),
        x_label: words::called(answer.dial),
        y_label: words::what(answer),
        values: readings.iter().map(|reading| answer.dial.show(reading.at)).collect(),
        places: Some(readings.iter().map(|reading| reading.at).collect()),
        durations: answer.dial.unit == DialUnit::Hours,
        shares: matches!(answer.question, Question::Keep { .. }),
        lines: vec![SweepLine {
            strategy: words::line(answer),
            means: readings.iter().map(mean).collect(),
            chosen: Vec::new(),
        }],
        level: words::level(answer).map(|(label, value)| Level { label, value }),
        notes: vec![super::sweeps::key_of(&words::called(answer.dial), &answer.dial.path)],
    }
}
