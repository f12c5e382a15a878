//! Every strategy over the values of one input: a line through its means, or through the share of
//! trials that keep a limit, with their intervals.
//!
//! The strategy that is the choice at a value has a ring there; a thin one where the trials leave
//! the choice open. Values that are numbers or durations stand at their places, words side by side.

use super::axis::{Axis, Tick};
use super::legend::{Key, LIMIT, SWATCH};
use super::plot::Plot;
use super::sheet::{Group, NAME_SIZE, Sheet};
use super::{ChartError, Estimate, Palette, WIDE, label, names, sentences, some, text};
use crate::report::text::percent;

/// Height of the plot, pixels.
const HEIGHT: f64 = 340.0;
/// Radius of the ring of the choice, pixels.
const RING: f64 = 8.2;
/// How much of the colour of a line its band has.
const BAND: f64 = 0.2;

/// Lines over one input.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepChart {
    /// What the chart says, in plain words.
    pub title: String,
    /// The input.
    pub x_label: String,
    /// What is measured, with its unit.
    pub y_label: String,
    /// The values, as they are written.
    pub values: Vec<String>,
    /// Where they stand, in rising order; none where they are words.
    pub places: Option<Vec<f64>>,
    /// Whether the places are hours.
    pub durations: bool,
    /// Whether what is measured is a share, 0 to 1.
    pub shares: bool,
    /// The strategies.
    pub lines: Vec<SweepLine>,
    /// A level that lines cross.
    pub level: Option<Level>,
    /// What stands below the chart.
    pub notes: Vec<String>,
}

/// A level across the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: f64,
}

/// One strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepLine {
    /// Its name.
    pub strategy: String,
    /// By value: the mean; `None` where there is none.
    pub means: Vec<Option<Estimate>>,
    /// By value: whether it is the choice, and then whether that is settled.
    pub chosen: Vec<Option<bool>>,
}

impl SweepChart {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no strategy or no value, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let names = names(self.lines.iter().map(|line| &line.strategy), &self.title)?;
        some(&self.values, &self.title, "values")?;
        let mut sheet = Sheet::new(palette, &self.title);
        let plot = sheet.plot(HEIGHT, |start, end| self.across(start, end), |s, e| self.up(s, e));
        sheet.axes(&plot, [&self.x_label, &self.y_label]);
        sheet.base(&plot);
        if let Some(level) = &self.level {
            let ends = [plot.area.left, plot.area.right].map(|x| (x, plot.y.at(level.value)));
            sheet.line(&level.label, &LIMIT, &ends, (palette.ink, 1.3));
        }
        for (index, line) in self.lines.iter().enumerate().rev() {
            let colour = palette.look(index).colour;
            let edge = |pick: fn(Estimate) -> f64| self.points(line, pick);
            let group = Group { title: &names[index], opacity: Some(BAND), ..Group::default() };
            sheet.group(group, |sheet| {
                sheet.band(&plot, [&edge(|one| one.low), &edge(|one| one.high)], colour);
            });
        }
        for (index, line) in self.lines.iter().enumerate().rev() {
            let look = palette.look(index);
            let points = self.points(line, |one| one.mean);
            let group = Group { title: &names[index], dash: look.dash, ..Group::default() };
            sheet.group(group, |sheet| sheet.series(&plot, points, (look.colour, 2.0)));
        }
        for (index, line) in self.lines.iter().enumerate().rev() {
            self.draw_marks(&mut sheet, &plot, (index, line));
        }
        let keys = names
            .iter()
            .enumerate()
            .map(|(index, name)| Key::series(name, palette.look(index), true));
        let level = self.level.iter().map(|level| Key::limit(&level.label));
        let keys: Vec<Key<'_>> = keys.chain(self.rings()).chain(level).collect();
        sheet.legend(&keys, SWATCH);
        let band = "The band around a line is its interval.".to_owned();
        sheet.notes(&[&[band], &self.notes[..]].concat());
        let lines = sentences(self.lines.iter().zip(&names), |(line, name)| {
            let means = line.means.iter().zip(&self.values).filter_map(|(mean, value)| {
                Some(format!("{} at {value}", self.shown((*mean)?.mean)))
            });
            format!("{name}: {}", means.collect::<Vec<_>>().join(", "))
        });
        sheet.finish(&format!("{} over {}.{lines}", self.y_label, self.x_label))
    }

    fn rings(&self) -> Vec<Key<'_>> {
        let any =
            |settled: bool| self.lines.iter().any(|line| line.chosen.contains(&Some(settled)));
        let key = |name: &str, width: f64| {
            Key::new(name, move |sheet, area| {
                sheet.ring(area.middle(), RING, (sheet.palette.ink, width));
            })
        };
        let settled = any(true).then(|| key("the choice", 2.4));
        settled.into_iter().chain(any(false).then(|| key("the choice, undecided", 1.0))).collect()
    }

    /// Where the value at a place of the list stands.
    fn place(&self, at: usize) -> f64 {
        let place = self.places.as_ref().and_then(|places| places.get(at).copied());
        place.unwrap_or(at as f64 + 0.5)
    }

    fn points(&self, line: &SweepLine, pick: fn(Estimate) -> f64) -> Vec<(f64, f64)> {
        let there = line.means.iter().enumerate();
        there.filter_map(|(at, mean)| Some((self.place(at), pick((*mean)?)))).collect()
    }

    fn across(&self, start: f64, end: f64) -> Axis {
        let Some(places) = &self.places else {
            let tick = |(at, value): (usize, &String)| {
                let label = text::shorten(&text::clean(value), 140.0, NAME_SIZE, false);
                Tick { value: at as f64 + 0.5, label }
            };
            let ticks = self.values.iter().enumerate().map(tick).collect();
            return Axis::given(self.values.len() as f64, ticks, start, end);
        };
        let (low, high) = (places[0], places[places.len() - 1]);
        match low > 0.0 && high > WIDE * low {
            true if self.durations => Axis::durations(places.iter().copied(), start, end),
            true => Axis::log(low, high, start, end),
            false if self.durations => {
                // Even steps of a unit that suits, not of hours.
                let (unit, hours) = label::time_unit(high);
                let mut axis = Axis::span(low / hours, high / hours, start, end);
                axis.low *= hours;
                axis.high *= hours;
                for tick in &mut axis.ticks {
                    tick.value *= hours;
                    tick.label = format!("{} {unit}", tick.label);
                }
                axis
            }
            false => Axis::span(low, high, start, end),
        }
    }

    /// A value as people read it.
    fn shown(&self, value: f64) -> String {
        if self.shares { percent(value) } else { label::number(value) }
    }

    fn up(&self, start: f64, end: f64) -> Axis {
        if self.shares {
            return Axis::percent(start, end);
        }
        let all = || self.lines.iter().flat_map(|line| line.means.iter().flatten());
        let greatest = all().map(|one| one.high).fold(0.0, f64::max);
        let level = self.level.as_ref().map(|level| level.value);
        let greatest = level.into_iter().fold(greatest, f64::max);
        let lowest = all().map(|one| one.low).fold(0.0, f64::min);
        if lowest < 0.0 {
            return Axis::span(lowest, greatest, start, end);
        }
        let least = all().map(|one| one.mean).filter(|&mean| mean > 0.0).reduce(f64::min);
        match least {
            Some(least) if greatest > WIDE * least => Axis::log(least / 1.3, greatest, start, end),
            _ => Axis::linear(greatest * 1.02, start, end),
        }
    }

    fn draw_marks(&self, sheet: &mut Sheet<'_>, plot: &Plot, (index, line): (usize, &SweepLine)) {
        let look = sheet.palette.look(index);
        for (at, mean) in line.means.iter().enumerate() {
            let Some(mean) = mean else { continue };
            let place = plot.at((self.place(at), mean.mean));
            let chosen = line.chosen.get(at).copied().flatten();
            let words = format!(
                "{}, {} {}: {} ({} to {}){}",
                line.strategy,
                self.x_label,
                self.values[at],
                self.shown(mean.mean),
                self.shown(mean.low),
                self.shown(mean.high),
                if chosen.is_some() { ", the choice" } else { "" }
            );
            sheet.titled(&words, |sheet| {
                if let Some(settled) = chosen {
                    let width = if settled { 2.4 } else { 1.0 };
                    sheet.ring(place, RING, (sheet.palette.ink, width));
                }
                sheet.marker(place, look);
            });
        }
    }
}
