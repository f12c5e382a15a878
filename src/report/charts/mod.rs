//! Pictures of a finished study, as SVG text and as PNG.
//!
//! One file holds one chart: its input, the checks of that input, and its drawing. A chart plans
//! its sizes from its texts first and draws afterwards, so that a long name costs room and never
//! overlaps. All charts share one look: `palette` (colours and marks), `frame` (the canvas and the
//! finished file), `axis`, `legend`, `rows`, `bars`, `placing` (labels beside points), and `text`
//! (widths, shortening, cleaning).
//!
//! The same input gives the same bytes on every platform. Colour is never the only cue: a curve has
//! its own marker and dash, a segment of a bar its own digit.
//!
//! No trial, no scenario and no file enters here: charts take plain numbers and return text.
//! Start reading at [`exceedance`].

mod axis;
mod bars;
pub mod causes;
mod cost_marks;
pub mod cost_risk;
mod curve;
pub mod differences;
pub mod distribution;
pub mod exceedance;
mod frame;
pub mod heat;
mod label;
mod legend;
pub mod overlay;
pub mod palette;
mod placing;
pub mod png;
pub mod predictive;
mod predictive_marks;
pub mod quantile_pairs;
mod ranked;
pub mod restore;
mod rows;
pub mod steps;
mod text;
pub mod timeline;
mod variant_marks;
pub mod variants;

#[cfg(test)]
mod checks;

pub use causes::Causes;
pub use cost_risk::{CostRisk, CostRiskPoint, Estimate};
pub use differences::{Difference, Differences};
pub use distribution::DistributionChart;
pub use exceedance::Exceedance;
pub use heat::Heat;
pub use overlay::{Band, Limit, Overlay};
pub use palette::Palette;
pub use png::{Canvas, Rasteriser};
pub use predictive::PredictiveCheck;
pub use quantile_pairs::{Pair, QuantilePairs};
pub use restore::{Quantiles, Restore, RestoreRow};
pub use steps::Steps;
pub use timeline::{Lane, Timeline, TimelineOutage};
pub use variants::{VariantMark, VariantRow, Variants};

/// Why a chart could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The chart has no strategy, or a strategy has no point.
    #[error("chart `{chart}` has no {what}; give at least one")]
    Empty {
        /// Title of the chart.
        chart: String,
        /// What is missing, in plural.
        what: &'static str,
    },
    /// A number is outside what the chart can show.
    #[error("`{name}` holds {value} as {what}; it must be {range}")]
    OutOfRange {
        /// Strategy the number belongs to.
        name: String,
        /// What the number is.
        what: &'static str,
        /// The number.
        value: f64,
        /// What would be right.
        range: &'static str,
    },
    /// The probabilities of an exceedance curve rise with the value.
    #[error("`{name}` rises at {value}: the probability to exceed a value can only fall")]
    Rising {
        /// Strategy the curve belongs to.
        name: String,
        /// Value at which the probability rises.
        value: f64,
    },
    /// A row has another number of entries than there are causes or steps.
    #[error("`{name}` has {found} numbers for {wanted} {what}; give one for each")]
    RowLength {
        /// Strategy the row belongs to.
        name: String,
        /// Numbers found.
        found: usize,
        /// Numbers wanted.
        wanted: usize,
        /// What the numbers are for, in plural.
        what: &'static str,
    },
    /// The drawing library failed.
    #[error("cannot draw the chart: {0}")]
    Drawing(String),
    /// The SVG text could not be turned into a PNG.
    #[error("cannot make a PNG of the chart: {0}")]
    Png(String),
}

/// Largest number that a chart accepts; far above any time or count of a study, far below overflow.
const LARGEST: f64 = 1e100;

/// A non-negative number that a chart can place. What is too small to be told from 0 becomes 0.
fn amount(name: &str, what: &'static str, value: f64) -> Result<f64, ChartError> {
    if (0.0..=LARGEST).contains(&value) {
        return Ok(if value < 1.0 / LARGEST { 0.0 } else { value });
    }
    let range = "a number from 0 to 1e100";
    Err(ChartError::OutOfRange { name: name.to_owned(), what, value, range })
}

/// A number of either sign that a chart can place. What is too small to be told from 0 becomes 0.
fn signed(name: &str, what: &'static str, value: f64) -> Result<f64, ChartError> {
    if value.abs() <= LARGEST {
        return Ok(if value.abs() < 1.0 / LARGEST { 0.0 } else { value });
    }
    let range = "a number from -1e100 to 1e100";
    Err(ChartError::OutOfRange { name: name.to_owned(), what, value, range })
}

/// A share of trials.
fn share(name: &str, what: &'static str, value: f64) -> Result<f64, ChartError> {
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    Err(ChartError::OutOfRange { name: name.to_owned(), what, value, range: "from 0 to 1" })
}
