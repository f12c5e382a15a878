//! Where the durations of a log fall in a distribution that was assumed: one bar for each tenth of
//! the distribution.
//!
//! If the distribution is right, each tenth of it holds about a tenth of the log, and the bars
//! stand level. Bars that pile up at the right end say that it took longer than was assumed, bars
//! at the left end that it was quicker. A band says how far a single bar may stray by chance; what
//! lies outside carries a sign, a bold count and another colour. Statisticians call this the
//! histogram of the probability integral transform.

use super::axis::{Axis, Tick};
use super::legend::{Key, SWATCH};
use super::palette::Colour;
use super::plot::Plot;
use super::sheet::{Anchor, Area, Group, NAME_SIZE, Sheet, TextStyle};
use super::{ChartError, Palette, label, some, text};
use crate::report::text::{grouped, percent};

/// Height of the plot, pixels.
const HEIGHT: f64 = 300.0;
/// Share of its place that a bar fills.
const FILLED: f64 = 0.78;
/// Half the height of a count with the air around it, pixels.
const HALF_COUNT: f64 = 9.0;
/// Width of the line of the expected count, pixels.
const EXPECTED: f64 = 1.8;

/// A log held against a distribution, tenth by tenth.
#[derive(Debug, Clone, PartialEq)]
pub struct PredictiveCheck {
    /// What the chart says, in plain words.
    pub title: String,
    /// What a bar stands for, such as "assumed recovery times, by tenths".
    pub x_label: String,
    /// What is counted, such as "incidents of the log".
    pub y_label: String,
    /// How many durations fall in each tenth of the distribution, from its quickest to its slowest.
    pub counts: Vec<u64>,
    /// The count of each bar if the distribution is right.
    pub expected: f64,
    /// The least and the greatest count that a single bar is to have if the distribution is right;
    /// both ends count as within.
    pub band: (u64, u64),
    /// What the band is, such as "95 % band of a single bar".
    pub band_label: String,
    /// Remarks under the chart.
    pub notes: Vec<String>,
}

impl PredictiveCheck {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no bar, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        some(&self.counts, &self.title, "bars")?;
        let mut sheet = Sheet::new(palette, &self.title);
        let plot = sheet.plot(
            HEIGHT,
            |start, end| self.shares(start, end),
            |start, end| self.incidents(start, end),
        );
        let ends = "← quicker than assumed · slower than assumed →";
        sheet.axes(&plot, [&format!("{} ({ends})", self.x_label), &self.y_label]);
        let [low, high] = [self.band.0, self.band.1].map(|count| plot.y.at(count as f64));
        let band = Area { top: high, bottom: low, ..plot.area };
        sheet.titled(&self.band_label, |sheet| sheet.rectangle(band, band_colour(palette)));
        for index in 0..self.counts.len() {
            sheet.titled(&self.in_words(index), |sheet| {
                let colour = bar_colour(palette, self.sign(index).is_some());
                sheet.rectangle(self.bar(&plot, index), colour);
            });
        }
        sheet.base(&plot);
        self.draw_expected(&mut sheet, &plot);
        self.draw_counts(&mut sheet, &plot);
        sheet.legend(&self.keys(palette), SWATCH);
        sheet.notes(&[&[self.reading()], self.notes.as_slice()].concat());
        let counts: Vec<String> = self.counts.iter().map(|&count| grouped(count)).collect();
        sheet.finish(&format!(
            "{} by {}: {}. Expected: {} in each; {}: from {} to {}. {}",
            self.y_label,
            self.x_label,
            counts.join(", "),
            label::number(self.expected),
            self.band_label,
            self.band.0,
            self.band.1,
            self.reading()
        ))
    }

    fn shares(&self, start: f64, end: f64) -> Axis {
        let bars = self.counts.len() as f64;
        let tick = |edge: usize| {
            let value = edge as f64 / bars;
            Tick { value, label: percent(value) }
        };
        // The ends get their places first.
        let edges = [0, self.counts.len()].into_iter().chain(1..self.counts.len());
        Axis::given(1.0, edges.map(tick).collect(), start, end)
    }

    fn incidents(&self, start: f64, end: f64) -> Axis {
        let greatest = self.counts.iter().copied().max().unwrap_or(0).max(self.band.1) as f64;
        // Room for the count over the tallest bar, and no tick at half an incident.
        let mut axis = Axis::span(0.0, (greatest.max(self.expected) * 1.1).max(3.0), start, end);
        axis.ticks.retain(|tick| tick.value.fract() == 0.0);
        axis
    }

    /// What stands before a count outside of the band.
    fn sign(&self, index: usize) -> Option<&'static str> {
        match self.counts[index] {
            count if count < self.band.0 => Some("▼"),
            count if count > self.band.1 => Some("▲"),
            _ => None,
        }
    }

    fn bar(&self, plot: &Plot, index: usize) -> Area {
        let bars = self.counts.len() as f64;
        let [left, right] = [index, index + 1].map(|edge| plot.x.at(edge as f64 / bars));
        let gap = (right - left) * (1.0 - FILLED) / 2.0;
        let top = plot.y.at(self.counts[index] as f64);
        Area { left: left + gap, top, right: right - gap, bottom: plot.area.bottom }
    }

    fn draw_expected(&self, sheet: &mut Sheet<'_>, plot: &Plot) {
        let y = plot.y.at(self.expected);
        let (ink, ground) = (sheet.palette.ink, sheet.palette.background);
        sheet.titled(&format!("expected: {}", label::number(self.expected)), |sheet| {
            // Set off from the bars that it crosses.
            let bars = (0..self.counts.len()).map(|index| self.bar(plot, index));
            for bar in bars.filter(|bar| bar.top < y + 2.0) {
                sheet.path(&[(bar.left, y), (bar.right, y)], ground, 4.0);
            }
            sheet.path(&[(plot.area.left, y), (plot.area.right, y)], ink, EXPECTED);
        });
    }

    /// The count over each bar. One that would meet the line of the expected count steps over it.
    fn draw_counts(&self, sheet: &mut Sheet<'_>, plot: &Plot) {
        let line = plot.y.at(self.expected);
        let room = plot.area.right - plot.area.left;
        let room = room / self.counts.len() as f64 - 4.0;
        let shown = |index: usize| {
            let count = grouped(self.counts[index]);
            self.sign(index).map_or(count.clone(), |sign| format!("{sign} {count}"))
        };
        let widths = (0..self.counts.len()).map(|i| text::width(&shown(i), NAME_SIZE, true));
        let size = NAME_SIZE * (room / widths.fold(room, f64::max));
        sheet.group(Group::default(), |sheet| {
            for index in 0..self.counts.len() {
                let bar = self.bar(plot, index);
                let beside = bar.top - HALF_COUNT - 1.0;
                let meets = (beside - HALF_COUNT - 2.0..=beside + HALF_COUNT + 2.0).contains(&line);
                let y = if meets { line - HALF_COUNT - 2.0 } else { beside };
                let style = sheet.name_style().anchored(Anchor::Middle);
                let style = TextStyle { bold: self.sign(index).is_some(), size, ..style };
                sheet.text(&shown(index), (bar.middle().0, y), style);
            }
        });
    }

    fn keys(&self, palette: &Palette) -> Vec<Key<'_>> {
        let outside = (0..self.counts.len()).filter(|&index| self.sign(index).is_some()).count();
        let mut keys = Vec::new();
        if outside < self.counts.len() {
            keys.push(Key::area("within the band", bar_colour(palette, false)));
        }
        if outside > 0 {
            keys.push(Key::area("outside of the band: ▲ more, ▼ fewer", bar_colour(palette, true)));
        }
        let expected = label::number(self.expected);
        let expected = format!("expected in each bar if the assumption is right: {expected}");
        keys.push(Key::line(&expected, palette.ink, EXPECTED));
        keys.push(Key::area(&self.band_label, band_colour(palette)));
        keys
    }

    /// What the bar says that strays farthest from the band.
    fn reading(&self) -> String {
        let astray = |index: &usize| {
            let count = self.counts[*index];
            self.band.0.saturating_sub(count).max(count.saturating_sub(self.band.1))
        };
        match (0..self.counts.len()).max_by_key(astray).filter(|index| astray(index) > 0) {
            Some(index) => format!("{}.", self.in_words(index)),
            None => "No bar lies outside of the band.".to_owned(),
        }
    }

    /// Such as "The slowest tenth that was assumed holds 25 of 50 (50 %), against 5 expected".
    fn in_words(&self, index: usize) -> String {
        let bars = self.counts.len();
        let part = if bars == 10 { "tenth" } else { "part" };
        let place = match index {
            0 => format!("The quickest {part} that was assumed"),
            last if last + 1 == bars => format!("The slowest {part} that was assumed"),
            _ => {
                let [from, to] = [index, index + 1].map(|edge| edge as f64 / bars as f64);
                format!("The {part} from {} to {}", percent(from), percent(to))
            }
        };
        let all: u64 = self.counts.iter().sum();
        format!(
            "{place} holds {} of {} ({}), against {} expected",
            grouped(self.counts[index]),
            grouped(all),
            percent(self.counts[index] as f64 / all.max(1) as f64),
            label::number(self.expected)
        )
    }
}

/// The colour of the first curve, as faint as an area may be: the distribution in every chart.
fn band_colour(palette: &Palette) -> Colour {
    palette.look(0).colour.faded(0.26, palette.background)
}

/// The colour of a bar: plain within the band, one of its own outside.
fn bar_colour(palette: &Palette, outside: bool) -> Colour {
    if outside { palette.look(1).colour } else { palette.other }
}
