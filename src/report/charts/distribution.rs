//! A log beside distributions: how many durations are over, or still going on, by when.
//!
//! The log is a line of steps, the distributions are curves, and a band says how far a sample may
//! stray. The time axis is logarithmic and labelled in the units people count in.

use super::axis::Axis;
use super::legend::{Key, SWATCH};
use super::palette::Colour;
use super::sheet::{Area, Group, Sheet};
use super::{ChartError, Palette, label, some};

/// Height of the plot, pixels.
const HEIGHT: f64 = 340.0;
/// Half the height of a mark of a lower bound, pixels.
const TICK: f64 = 5.0;

/// A band: its name, and durations with lower and upper shares.
pub type Band = (String, Vec<(f64, f64, f64)>);

/// Steps, curves and a band over durations.
#[derive(Debug, Clone, PartialEq)]
pub struct DistributionChart {
    /// What the chart says, in plain words.
    pub title: String,
    /// What the durations are.
    pub x_label: String,
    /// What the share is of.
    pub y_label: String,
    /// What the steps are, such as "log (46 durations)".
    pub steps_label: String,
    /// The share before the first step: 0 for what is over, 1 for what goes on.
    pub before: f64,
    /// Duration above 0 and the share from there on, in ascending order.
    pub steps: Vec<(f64, f64)>,
    /// Durations of lower bounds, marked on the steps.
    pub bounds: Vec<f64>,
    /// Names of distributions, each with durations and shares.
    pub curves: Vec<(String, Vec<(f64, f64)>)>,
    /// How far a sample may stray, if that is to be shown.
    pub band: Option<Band>,
}

impl DistributionChart {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no step, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        some(&self.steps, &self.title, "durations")?;
        let mut sheet = Sheet::new(palette, &self.title);
        let plot = sheet.plot(HEIGHT, |start, end| self.times(start, end), Axis::percent);
        sheet.axes(&plot, [&self.x_label, &self.y_label]);
        // A point beyond the plot would be drawn at its edge.
        let inside = |hours: f64| (plot.x.low..=plot.x.high).contains(&hours) || hours.is_nan();
        if let Some((name, band)) = &self.band {
            let shown = || band.iter().filter(|point| inside(point.0));
            let low: Vec<_> = shown().map(|(hours, low, _)| (*hours, *low)).collect();
            let high: Vec<_> = shown().map(|(hours, _, high)| (*hours, *high)).collect();
            sheet.titled(name, |sheet| sheet.band(&plot, [&low, &high], band_colour(palette)));
        }
        sheet.base(&plot);
        for (index, (name, curve)) in self.curves.iter().enumerate().rev() {
            let look = palette.look(index);
            let line = curve.iter().copied().filter(|point| inside(point.0)).collect();
            sheet.group(Group { title: name, dash: look.dash, ..Group::default() }, |sheet| {
                sheet.series(&plot, line, (look.colour, 2.0));
            });
        }
        let mut line = vec![(plot.x.low, self.before)];
        for &(hours, after) in &self.steps {
            line.extend([(hours, line[line.len() - 1].1), (hours, after)]);
        }
        line.push((plot.x.high, line[line.len() - 1].1));
        sheet.titled(&self.steps_label, |sheet| {
            sheet.series(&plot, line, (palette.ink, 1.6));
        });
        sheet.titled("lower bound", |sheet| {
            for &hours in &self.bounds {
                let before = self.steps.partition_point(|step| step.0 <= hours);
                let share = before.checked_sub(1).map_or(self.before, |at| self.steps[at].1);
                let (x, y) = plot.at((hours, share));
                sheet.path(&[(x, y - TICK), (x, y + TICK)], palette.ink, 1.4);
            }
        });
        sheet.legend(&self.keys(palette), SWATCH);
        sheet.finish(&self.description())
    }

    fn times(&self, start: f64, end: f64) -> Axis {
        let hours = self.steps.iter().map(|step| step.0).chain(self.bounds.iter().copied());
        Axis::durations(hours, start, end)
    }

    fn keys(&self, palette: &Palette) -> Vec<Key<'_>> {
        let ink = palette.ink;
        let mut keys = vec![Key::new(&self.steps_label, move |sheet, area| {
            let (middle, y) = area.middle();
            let (down, up) = (y + 4.0, y - 4.0);
            let steps = [(area.left, down), (middle, down), (middle, up), (area.right, up)];
            sheet.path(&steps, ink, 1.6);
        })];
        let curves = self.curves.iter().enumerate();
        keys.extend(curves.map(|(index, (name, _))| Key::series(name, palette.look(index), false)));
        if let Some((name, _)) = &self.band {
            let colour = band_colour(palette);
            keys.push(Key::area(name, colour));
        }
        if !self.bounds.is_empty() {
            keys.push(Key::new("lower bound", move |sheet, area: Area| {
                let (x, y) = area.middle();
                sheet.path(&[(area.left, y), (area.right, y)], ink, 1.6);
                sheet.path(&[(x, y - TICK), (x, y + TICK)], ink, 1.4);
            }));
        }
        keys
    }

    fn description(&self) -> String {
        let end = |step: Option<&(f64, f64)>| label::duration(step.map_or(0.0, |step| step.0));
        let (first, last) = (end(self.steps.first()), end(self.steps.last()));
        let names: Vec<&str> = self.curves.iter().map(|(name, _)| name.as_str()).collect();
        let names = if names.is_empty() { "no distribution".to_owned() } else { names.join(", ") };
        format!(
            "{} by {}: {} from {first} to {last}, beside {names}.",
            self.y_label, self.x_label, self.steps_label
        )
    }
}

/// The colour of the first curve, as faint as an area may be.
pub(super) fn band_colour(palette: &Palette) -> Colour {
    palette.look(0).colour.faded(0.16, palette.background)
}
