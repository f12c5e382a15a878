//! Rows of bars with their intervals: one row for each input, a thin bar for each series.
//!
//! A bar runs from a common base to its value. A faint bar stands for a value that may be none at
//! all: its interval holds the base.

use super::axis::Axis;
use super::legend::{Key, SWATCH};
use super::palette::Colour;
use super::plot::{Column, Plot};
use super::sheet::{Area, Sheet};
use super::{ChartError, Estimate, Palette, label, sentences, some, text};

/// Height of one bar, pixels.
const BAR: f64 = 11.0;
/// Room between bars, and around those of a row, pixels.
const GAP: f64 = 3.0;
/// Half the height of the end of an interval, pixels.
const CAP: f64 = 3.5;

/// Bars with intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Spans {
    /// What the chart says, in plain words.
    pub title: String,
    /// What is measured, with its unit.
    pub x_label: String,
    /// The value that bars start from.
    pub base: f64,
    /// What the series are.
    pub series: Vec<String>,
    /// What the intervals are, such as "95 % interval".
    pub interval: String,
    /// From top to bottom.
    pub rows: Vec<SpanRow>,
    /// Whether values are shares, shown in percent.
    pub shares: bool,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanRow {
    /// Its name.
    pub name: String,
    /// By series; none where there is no bar.
    pub values: Vec<Option<Estimate>>,
    /// What stands at the right of the row.
    pub note: String,
}

impl Spans {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no row, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        some(&self.rows, &self.title, "rows")?;
        let names: Vec<String> = self.rows.iter().map(|row| text::name(&row.name)).collect();
        let mut sheet = Sheet::new(palette, &self.title);
        let notes = self.rows.iter().map(|row| text::name(&row.note));
        let columns = match self.rows.iter().all(|row| row.note.is_empty()) {
            true => Vec::new(),
            false => vec![Column::new("", false, notes)],
        };
        let height = self.series.len() as f64 * (BAR + GAP) + 3.0 * GAP;
        let plot = sheet.rows(&names, height, &columns, |start, end| self.axis(start, end));
        sheet.axes(&plot, [&self.x_label, ""]);
        for (row, (values, name)) in self.rows.iter().zip(&names).enumerate() {
            let middle = plot.y.at(row as f64 + 0.5);
            let first = middle - (self.series.len() as f64 - 1.0) / 2.0 * (BAR + GAP);
            let bars = values.values.iter().zip(&self.series).enumerate();
            for (series, (value, what)) in bars {
                let Some(value) = value else { continue };
                let y = first + series as f64 * (BAR + GAP);
                sheet.titled(&self.in_words(name, what, *value), |sheet| {
                    self.draw_bar(sheet, &plot, (*value, y), palette.look(series).colour);
                });
            }
        }
        sheet.base_of_rows(&plot, plot.x.at(self.base), self.rows.len(), 1.4);
        sheet.legend(&self.keys(palette), SWATCH);
        let rows = self.rows.iter().zip(&names).flat_map(|(row, name)| {
            let values = row.values.iter().zip(&self.series);
            values.filter_map(move |(value, what)| value.map(|value| (name, what, value)))
        });
        let rows = sentences(rows, |(name, what, value)| self.in_words(name, what, value));
        sheet.finish(&format!("{}.{rows}", self.x_label))
    }

    fn axis(&self, start: f64, end: f64) -> Axis {
        if self.shares {
            return Axis::percent(start, end);
        }
        let all = || self.rows.iter().flat_map(|row| row.values.iter().flatten());
        let low = all().map(|value| value.low).fold(self.base, f64::min);
        let high = all().map(|value| value.high).fold(self.base, f64::max);
        let air = 0.03 * (high - low);
        if low < self.base || self.base != 0.0 {
            Axis::span(low - air, high + air, start, end)
        } else {
            Axis::linear(high, start, end)
        }
    }

    fn draw_bar(
        &self,
        sheet: &mut Sheet<'_>,
        plot: &Plot,
        (value, y): (Estimate, f64),
        colour: Colour,
    ) {
        let [base, mean, low, high] =
            [self.base, value.mean, value.low, value.high].map(|value| plot.x.at(value));
        let area = Area {
            left: base.min(mean),
            right: base.max(mean),
            top: y - BAR / 2.0,
            bottom: y + BAR / 2.0,
        };
        let ground = sheet.palette.background;
        let decided = value.low > self.base || value.high < self.base;
        sheet.rectangle(area, if decided { colour } else { colour.faded(0.35, ground) });
        sheet.whisker((low, high), y, (sheet.palette.ink, CAP));
    }

    fn keys(&self, palette: &Palette) -> Vec<Key<'_>> {
        let series = self.series.iter().enumerate();
        let mut keys: Vec<Key<'_>> =
            series.map(|(index, name)| Key::area(name, palette.look(index).colour)).collect();
        keys.push(Key::new(&self.interval, |sheet, area| {
            let y = area.middle().1;
            sheet.whisker((area.left + 4.0, area.right - 4.0), y, (sheet.palette.ink, CAP));
        }));
        let all = self.rows.iter().flat_map(|row| row.values.iter().flatten());
        if all.clone().any(|value| value.low <= self.base && self.base <= value.high) {
            let colour = palette.look(0).colour.faded(0.35, palette.background);
            keys.push(Key::area("faint: may be none", colour));
        }
        keys
    }

    fn in_words(&self, name: &str, series: &str, value: Estimate) -> String {
        let shown = |x: f64| {
            if self.shares { crate::report::text::percent(x) } else { label::number(x) }
        };
        let [mean, low, high] = [value.mean, value.low, value.high].map(shown);
        format!("{name}, {series}: {mean} ({} {low} to {high})", self.interval)
    }
}
