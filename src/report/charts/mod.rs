//! Pictures of a finished study, as SVG text and as PNG.
//!
//! One file holds one chart: what it is given, its scales and its marks. The [`sheet`] owns the
//! rest: heading, groups, legend, notes, description, and with [`plot`] axes, names and columns of
//! figures. The drawing library `plotters` maps values to places, draws mesh and series, and hands
//! its shapes to our backend, [`canvas`]; why, and what it costs, is in
//! `docs/decisions/0005-charts.md`.
//!
//! The same input gives the same bytes on every platform. Colour is never the only cue: a curve has
//! its own marker and dash, a segment of a bar its own sign.
//!
//! A chart takes plain numbers and returns text; where it is a picture of a run, the end of its file
//! says what of the results goes into it. A new chart is one more file and one more line of
//! [`pictures`]. Start reading at [`quantile_pairs`].

pub mod acceptability;
mod axis;
pub mod bars;
mod canvas;
pub mod cost_risk;
mod curve;
pub mod decision_map;
pub mod differences;
pub mod distribution;
pub mod exceedance;
pub mod heat;
mod label;
mod legend;
pub mod palette;
pub mod picture;
mod placing;
mod plot;
pub mod png;
pub mod predictive;
pub mod quantile_pairs;
pub mod restore;
mod sheet;
pub mod spans;
pub mod sweep;
mod text;
pub mod timeline;
pub mod variants;

#[cfg(test)]
mod checks;
#[cfg(test)]
mod tests;

pub use palette::Palette;
pub use picture::{Picture, Run};

/// The pictures of a run, the most telling first.
pub fn pictures(run: &Run<'_>) -> Vec<Picture> {
    let mut pictures = exceedance::of_run(run);
    pictures.push(restore::of_run(run));
    pictures.extend(bars::steps_of_run(run));
    pictures.push(bars::causes_of_run(run));
    pictures.extend(differences::of_run(run));
    pictures.extend(cost_risk::of_run(run));
    pictures.extend(timeline::of_run(run));
    pictures.extend(heat::of_run(run));
    pictures
}

/// Why a chart could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// There is nothing to draw.
    #[error("chart `{chart}` has no {what}; give at least one")]
    Empty {
        /// Title of the chart.
        chart: String,
        /// What is missing, in plural.
        what: &'static str,
    },
    /// A number is none, or beyond 1e100.
    #[error("chart `{chart}` has no place for a number of `{mark}`; it must be within 1e100")]
    Misplaced {
        /// Title of the chart.
        chart: String,
        /// What was being drawn.
        mark: String,
    },
    /// The SVG text could not be turned into a PNG.
    #[error("cannot make a PNG of the chart: {0}")]
    Png(String),
}

/// A mean with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// A value that should not be exceeded.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// The limit in words, such as "limit 5,000, in at most 5 % of years".
    pub label: String,
    /// The value.
    pub value: f64,
    /// The share of trials that may exceed it all the same, 0 to 1.
    pub share: f64,
}

/// Ratio of greatest to least value beyond which an axis is logarithmic.
const WIDE: f64 = 50.0;

/// Refuses a chart without anything to draw.
fn some<T>(all: &[T], chart: &str, what: &'static str) -> Result<(), ChartError> {
    if all.is_empty() {
        return Err(ChartError::Empty { chart: text::name(chart), what });
    }
    Ok(())
}

/// What there is to say of each row, for a screen reader.
fn sentences<T>(rows: impl Iterator<Item = T>, words: impl Fn(T) -> String) -> String {
    rows.map(|row| format!(" {}.", words(row))).collect()
}

/// Names of strategies to show: cleaned, and never empty. A chart without any is refused.
fn names<'a>(
    names: impl Iterator<Item = &'a String>,
    chart: &str,
) -> Result<Vec<String>, ChartError> {
    let names: Vec<String> = names.map(|name| text::name(name)).collect();
    some(&names, chart, "strategies")?;
    Ok(names)
}
