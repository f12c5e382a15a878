//! The legend below a plot: as many columns as the names allow, never over the data, never cut.

use super::palette::{Colour, Look};
use super::sheet::{Anchor, Area, EDGE, NAME_SIZE, Point, SMALL_SIZE, Sheet, TextStyle};
use super::text;

/// Height of one entry, pixels.
const ROW: f64 = 22.0;
/// Room between two columns, pixels.
const COLUMN_GAP: f64 = 24.0;
/// Room between sample and name, and between name and note, pixels.
const GAP: f64 = 8.0;
/// Columns a legend may have; more would read as a crowd.
const MOST_COLUMNS: usize = 4;
/// Names as short as this, such as numbers, may stand in one row, pixels.
const SHORT: f64 = 48.0;
/// Width of the samples of lines, pixels.
pub(super) const SWATCH: f64 = 36.0;
/// Strokes and gaps of the line of a limit, pixels.
pub(super) const LIMIT: [f64; 2] = [5.0, 4.0];

/// Draws a sample in its box.
type Sample<'a> = Box<dyn Fn(&mut Sheet<'_>, Area) + 'a>;

/// One entry of the legend.
pub(super) struct Key<'a> {
    name: String,
    /// Short remark behind the name; empty for none.
    note: String,
    /// Whether the name is set apart.
    strong: bool,
    sample: Sample<'a>,
}

impl<'a> Key<'a> {
    /// A name with its sample.
    pub(super) fn new(name: &str, sample: impl Fn(&mut Sheet<'_>, Area) + 'a) -> Self {
        let (name, note) = (text::name(name), String::new());
        Self { name, note, strong: false, sample: Box::new(sample) }
    }

    /// The same key with a short remark behind its name.
    pub(super) fn noted(self, note: String) -> Self {
        Self { note, ..self }
    }

    /// The same key with its name set apart, where `strong`.
    pub(super) fn strong(self, strong: bool) -> Self {
        Self { strong, ..self }
    }

    /// A plain line.
    pub(super) fn line(name: &str, colour: Colour, width: f64) -> Self {
        Self::new(name, move |sheet, area| {
            let y = area.middle().1;
            sheet.path(&[(area.left, y), (area.right, y)], colour, width);
        })
    }

    /// A filled area.
    pub(super) fn area(name: &str, colour: Colour) -> Self {
        Self::new(name, move |sheet, area| sheet.rectangle(area, colour))
    }

    /// A line with the marker of a series.
    pub(super) fn series(name: &str, look: Look, marker: bool) -> Self {
        Self::new(name, move |sheet, area| {
            let (middle, y) = area.middle();
            let line = [(area.left, y), (area.right, y)];
            sheet.line("", look.dash, &line, (look.colour, 2.0));
            if marker {
                sheet.marker((middle, y), look);
            }
        })
    }

    /// The line of a limit.
    pub(super) fn limit(name: &str) -> Self {
        Self::new(name, |sheet, area| {
            let y = area.middle().1;
            let line = [(area.left, y), (area.right, y)];
            sheet.line("", &LIMIT, &line, (sheet.palette.ink, 1.3));
        })
    }

    fn width(&self) -> f64 {
        text::width(&self.name, NAME_SIZE, self.strong) + self.note_width()
    }

    fn note_width(&self) -> f64 {
        if self.note.is_empty() { 0.0 } else { GAP + text::width(&self.note, SMALL_SIZE, false) }
    }
}

/// How many rows the legend has, and the width of each of its columns.
struct Columns {
    rows: usize,
    widths: Vec<f64>,
}

impl Columns {
    fn new(keys: &[Key<'_>], before: f64, room: f64) -> Self {
        let widths_in = |rows: usize| -> Vec<f64> {
            let widest = |column: &[Key<'_>]| column.iter().map(Key::width).fold(0.0, f64::max);
            keys.chunks(rows).map(|column| before + widest(column)).collect()
        };
        let total =
            |widths: &[f64]| widths.iter().map(|w| w + COLUMN_GAP).sum::<f64>() - COLUMN_GAP;
        let count = keys.len().max(1);
        let short = keys.iter().all(|key| key.width() <= SHORT);
        let least_rows = if short { 1 } else { count.div_ceil(MOST_COLUMNS) };
        let rows =
            (least_rows..=count).find(|&rows| total(&widths_in(rows)) <= room).unwrap_or(count);
        let mut widths = widths_in(rows);
        if total(&widths) > room {
            let even = (room + COLUMN_GAP) / widths.len() as f64 - COLUMN_GAP;
            widths.iter_mut().for_each(|width| *width = even);
        }
        Self { rows, widths }
    }

    /// The upper left corner of an entry, from that of the legend.
    fn corner(&self, index: usize) -> Point {
        let before = &self.widths[..index / self.rows];
        let left: f64 = before.iter().map(|width| width + COLUMN_GAP).sum();
        (EDGE + left, (index % self.rows) as f64 * ROW)
    }
}

impl Sheet<'_> {
    /// Draws the legend below what there is, column by column; `swatch` is the width of its samples,
    /// pixels.
    pub(super) fn legend(&mut self, keys: &[Key<'_>], swatch: f64) {
        self.filled += 12.0;
        let before = swatch + GAP;
        let columns = Columns::new(keys, before, self.room());
        let room =
            |index: usize| columns.widths[index / columns.rows] - before - keys[index].note_width();
        let narrowest = (0..keys.len()).map(room).fold(f64::INFINITY, f64::min);
        let names: Vec<String> = keys.iter().map(|key| key.name.clone()).collect();
        let distinct =
            text::distinguished(&names, |name| text::shorten(name, narrowest, NAME_SIZE, false));
        for (index, key) in keys.iter().enumerate() {
            let (left, top) = columns.corner(index);
            let (left, middle) = (left, self.filled + top + ROW / 2.0);
            let (style, small) = (self.name_style(), self.small_style().anchored(Anchor::End));
            // A hair more, so that a name as wide as its column stays whole.
            let room = room(index) + 0.01;
            let style = TextStyle { bold: key.strong, ..style };
            let whole = text::width(&key.name, NAME_SIZE, key.strong) <= room;
            let name = if whole { &key.name } else { &distinct[index] };
            self.titled(&key.name, |sheet| {
                let half = swatch / 2.0;
                (key.sample)(sheet, Area::around((left + half, middle), half, 8.0));
                let shown = text::shorten(name, room, NAME_SIZE, key.strong);
                sheet.text(&shown, (left + before, middle), style);
                if !key.note.is_empty() {
                    let right = left + columns.widths[index / columns.rows];
                    sheet.text(&key.note, (right, middle), small);
                }
            });
        }
        self.filled += columns.rows.min(keys.len()) as f64 * ROW + 8.0;
    }
}
