//! The legend below a plot: as many columns as the names allow, never over the data, never cut.

use super::frame::{
    Anchor, Drawn, EDGE, Frame, Group, NAME_SIZE, Point, SMALL_SIZE, Setting, WIDTH,
};
use super::text;

/// Height of one entry, pixels.
const ROW: f64 = 22.0;
/// Room between two columns, pixels.
const COLUMN_GAP: f64 = 24.0;
/// Room between swatch and name, and between name and note, pixels.
const GAP: f64 = 8.0;
/// Columns a legend may have; more would read as a crowd.
const MOST_COLUMNS: usize = 4;

/// One line of the legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// Name, in full.
    pub name: String,
    /// Short remark behind the name; empty for none.
    pub note: String,
}

impl Entry {
    fn width(&self) -> f64 {
        text::width(&self.name, NAME_SIZE, false) + self.note_width()
    }

    fn note_width(&self) -> f64 {
        if self.note.is_empty() { 0.0 } else { GAP + text::width(&self.note, SMALL_SIZE, false) }
    }
}

/// A planned legend.
#[derive(Debug)]
pub(super) struct Legend {
    entries: Vec<Entry>,
    /// Names as shown.
    shown: Vec<String>,
    swatch: f64,
    rows: usize,
    /// Width of each column, pixels.
    columns: Vec<f64>,
}

impl Legend {
    /// Finds the columns. `swatch` is the width of the sample before each name, pixels.
    pub(super) fn plan(entries: Vec<Entry>, swatch: f64) -> Self {
        let room = WIDTH - 2.0 * EDGE;
        let before = swatch + GAP;
        let widths_in = |rows: usize| -> Vec<f64> {
            let widest = |column: &[Entry]| column.iter().map(Entry::width).fold(0.0, f64::max);
            entries.chunks(rows).map(|column| before + widest(column)).collect()
        };
        let total =
            |widths: &[f64]| widths.iter().map(|w| w + COLUMN_GAP).sum::<f64>() - COLUMN_GAP;
        let count = entries.len().max(1);
        // Long lists get two columns even when names must be shortened for it.
        let most_rows = if count > 6 { count.div_ceil(2) } else { count };
        let rows = (count.div_ceil(MOST_COLUMNS)..=most_rows)
            .find(|&rows| total(&widths_in(rows)) <= room)
            .unwrap_or(most_rows);
        let mut columns = widths_in(rows);
        if total(&columns) > room {
            let even = (room + COLUMN_GAP) / columns.len() as f64 - COLUMN_GAP;
            columns.iter_mut().for_each(|width| *width = even);
        }
        let names: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
        let note = entries.iter().map(Entry::note_width).fold(0.0, f64::max);
        let narrowest = columns.iter().copied().fold(room, f64::min) - before - note;
        let told = text::telling(&names, |name| text::shorten(name, narrowest, NAME_SIZE, false));
        let shown = told.iter().zip(&entries).enumerate().map(|(index, (name, entry))| {
            // A hair more, so that a name as wide as its column stays whole.
            let room = columns[index / rows] - before - entry.note_width() + 0.01;
            let name = if entry.width() <= columns[index / rows] { &entry.name } else { name };
            text::shorten(name, room, NAME_SIZE, false)
        });
        let shown = shown.collect();
        Self { shown, entries, swatch, rows, columns }
    }

    /// Height in pixels.
    pub(super) fn height(&self) -> f64 {
        self.rows as f64 * ROW
    }

    /// Draws the entries from `top` down, column by column. `swatch` draws the sample of the entry
    /// at an index; it gets the left end of the sample's middle line.
    pub(super) fn draw(
        &self,
        frame: &mut Frame<'_>,
        top: f64,
        mut swatch: impl FnMut(&mut Frame<'_>, usize, Point) -> Drawn,
    ) -> Drawn {
        for (index, entry) in self.entries.iter().enumerate() {
            let (column, row) = (index / self.rows, index % self.rows);
            let left = EDGE + self.columns[..column].iter().map(|w| w + COLUMN_GAP).sum::<f64>();
            let middle = top + (row as f64 + 0.5) * ROW;
            swatch(frame, index, (left, middle))?;
            let palette = frame.palette();
            let start = left + self.swatch + GAP;
            frame.group(Group { title: &entry.name, ..Group::default() }, |pen| {
                pen.text(&self.shown[index], (start, middle), Setting::name(palette))?;
                if entry.note.is_empty() {
                    return Ok(());
                }
                let end = (left + self.columns[column], middle);
                pen.text(&entry.note, end, Setting::small(palette).anchored(Anchor::End))
            })?;
        }
        Ok(())
    }
}
