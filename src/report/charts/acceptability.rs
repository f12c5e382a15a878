//! How likely each strategy is to be the choice, against the value of one input: a line for each.
//!
//! Below the curves a stripe says which strategy one would take by expected cost and tolerances: the
//! frontier.

use super::axis::Axis;
use super::legend::{Key, SWATCH};
use super::sheet::{Group, Sheet};
use super::{ChartError, Palette, label, sentences, some, text};
use crate::report::text::percent;

/// Height of the plot, pixels.
const HEIGHT: f64 = 320.0;

/// Curves of acceptability.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceptabilityChart {
    /// What the chart says, in plain words.
    pub title: String,
    /// The input, with its unit.
    pub x_label: String,
    /// What the intervals are, such as "95 % interval".
    pub interval: String,
    /// Names of strategies, each with values of the input and probability, low end, high end.
    pub curves: Vec<(String, Vec<[f64; 4]>)>,
    /// The value that is assumed.
    pub assumed: Option<f64>,
}

impl AcceptabilityChart {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no curve, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        some(&self.curves, &self.title, "strategies")?;
        let mut sheet = Sheet::new(palette, &self.title);
        let plot = sheet.plot(HEIGHT, |start, end| self.values(start, end), Axis::percent);
        sheet.axes(&plot, [&self.x_label, "probability of being the choice"]);
        for (index, (name, curve)) in self.curves.iter().enumerate().rev() {
            let colour = palette.look(index).colour.faded(0.14, palette.background);
            let low: Vec<_> = curve.iter().map(|[x, _, low, _]| (*x, *low)).collect();
            let high: Vec<_> = curve.iter().map(|[x, _, _, high]| (*x, *high)).collect();
            sheet.titled(&format!("{name}, {}", self.interval), |sheet| {
                sheet.band(&plot, [&low, &high], colour);
            });
        }
        sheet.base(&plot);
        for (index, (name, curve)) in self.curves.iter().enumerate().rev() {
            let look = palette.look(index);
            let line: Vec<_> = curve.iter().map(|[x, y, ..]| (*x, *y)).collect();
            sheet.group(Group { title: name, dash: look.dash, ..Group::default() }, |sheet| {
                sheet.series(&plot, line.clone(), (look.colour, 2.0));
            });
            let middle = line.get(line.len() * (index + 1) / (self.curves.len() + 1));
            if let Some(point) = middle {
                sheet.marker(plot.at(*point), look);
            }
        }
        if let Some(assumed) = self.assumed {
            let x = plot.x.at(assumed);
            let ends = [(x, plot.area.top), (x, plot.area.bottom)];
            sheet.line("assumed", &[5.0, 4.0], &ends, (palette.ink, 1.3));
        }
        let curves = self.curves.iter().enumerate();
        let mut keys: Vec<Key<'_>> =
            curves.map(|(at, (name, _))| Key::series(name, palette.look(at), true)).collect();
        keys.extend(self.assumed.map(|_| Key::limit("as assumed")));
        sheet.legend(&keys, SWATCH);
        let ends = self
            .curves
            .iter()
            .filter_map(|(name, curve)| Some((name, curve.first()?, curve.last()?)));
        let ends = sentences(ends, |(name, first, last)| {
            let at = |row: &[f64; 4]| format!("{} at {}", percent(row[1]), label::number(row[0]));
            format!("{}: {}, {}", text::name(name), at(first), at(last))
        });
        sheet.finish(&format!("{}.{ends}", self.x_label))
    }

    fn values(&self, start: f64, end: f64) -> Axis {
        let all = || self.curves.iter().flat_map(|(_, curve)| curve.iter().map(|row| row[0]));
        let low = all().fold(f64::INFINITY, f64::min);
        let high = all().fold(f64::NEG_INFINITY, f64::max);
        if low > 0.0 && high > 5.0 * low {
            Axis::log(low, high, start, end)
        } else {
            Axis::span(low, high, start, end)
        }
    }
}
