//! Quantiles of a log against those of a distribution: on the diagonal where the two agree.
//!
//! Both axes are logarithmic, so that the quick and the slow end can be judged alike; the band says
//! how far off the diagonal a true distribution would put each point.

use super::axis::Axis;
use super::distribution::band_colour;
use super::legend::{Key, SWATCH};
use super::sheet::{Group, Sheet};
use super::{ChartError, Palette, label, some};

/// Height of the plot, pixels.
const HEIGHT: f64 = 420.0;
/// Radius of a point, pixels.
const DOT: f64 = 2.6;
/// Points closer than this to the one before are not drawn, pixels.
const NEAR: f64 = 0.4;

/// Quantiles against quantiles.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantilePairs {
    /// What the chart says, in plain words.
    pub title: String,
    /// What the distribution's quantiles are.
    pub x_label: String,
    /// What the log's quantiles are.
    pub y_label: String,
    /// What the band is.
    pub band_label: String,
    /// The pairs, in ascending order.
    pub pairs: Vec<Pair>,
}

/// A duration of the log with what the distribution has in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The duration of the log, hours.
    pub observed: f64,
    /// The distribution's quantile at its rank, hours.
    pub expected: f64,
    /// Where it lies with the band's probability if the distribution is true, hours.
    pub low: f64,
    /// The upper end of that.
    pub high: f64,
}

impl QuantilePairs {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no pair, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        some(&self.pairs, &self.title, "durations")?;
        let durations = |start, end| {
            let all = self.pairs.iter().flat_map(|pair| [pair.observed, pair.expected]);
            Axis::durations(all, start, end)
        };
        let mut sheet = Sheet::new(palette, &self.title);
        let plot = sheet.plot(HEIGHT, durations, durations);
        sheet.axes(&plot, [&self.x_label, &self.y_label]);
        let low: Vec<_> = self.pairs.iter().map(|pair| (pair.expected, pair.low)).collect();
        let high: Vec<_> = self.pairs.iter().map(|pair| (pair.expected, pair.high)).collect();
        let colour = band_colour(palette);
        sheet.titled(&self.band_label, |sheet| sheet.band(&plot, [&low, &high], colour));
        let diagonal = vec![(plot.x.low, plot.x.low), (plot.x.high, plot.x.high)];
        sheet.group(Group::default(), |sheet| {
            sheet.series(&plot, diagonal, (palette.axis, 1.4));
        });
        sheet.base(&plot);
        sheet.titled(&self.y_label, |sheet| {
            let mut last = (f64::NEG_INFINITY, 0.0);
            for pair in &self.pairs {
                let at = plot.at((pair.expected, pair.observed));
                if (at.0 - last.0).abs() >= NEAR || (at.1 - last.1).abs() >= NEAR {
                    sheet.disc(at, DOT, palette.ink);
                    last = at;
                }
            }
        });
        let keys = [
            Key::new("a duration of the log", |sheet, area| {
                sheet.disc(area.middle(), DOT, palette.ink);
            }),
            Key::line("log and distribution agree", palette.axis, 1.4),
            Key::area(&self.band_label, colour),
        ];
        sheet.legend(&keys, SWATCH);
        sheet.finish(&self.description())
    }

    fn description(&self) -> String {
        let outside = |pair: &&Pair| pair.observed < pair.low || pair.observed > pair.high;
        let outside = self.pairs.iter().filter(outside).count();
        let longest = self.pairs.last().map_or((0.0, 0.0), |pair| (pair.observed, pair.expected));
        format!(
            "{} against {}: {outside} of {} durations lie outside of the band; the longest is {} in \
             the log and {} by the distribution.",
            self.y_label,
            self.x_label,
            self.pairs.len(),
            label::duration(longest.0),
            label::duration(longest.1)
        )
    }
}
