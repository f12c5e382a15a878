//! Names at the left of a chart that has one row for each strategy.

use super::frame::{Anchor, Drawn, EDGE, Frame, Group, LINE, NAME_SIZE, Setting};
use super::text;

/// Most room for the names, pixels.
const WIDEST: f64 = 250.0;
/// Least height of a row unless a chart needs more, pixels.
const LEAST: f64 = 36.0;
/// Lines a name may take.
const LINES: usize = 2;

/// Names broken into lines, before anything is drawn.
#[derive(Debug)]
pub(super) struct RowNames {
    names: Vec<(String, Vec<String>)>,
    /// Least height of a row, pixels.
    least: f64,
}

impl RowNames {
    /// Breaks the names.
    pub(super) fn plan<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let full: Vec<String> = names.map(text::name).collect();
        let broken = |name: &str| text::wrap(name, WIDEST, LINES, NAME_SIZE, false);
        let told = text::telling(&full, |name| broken(name).join(" "));
        let lines: Vec<Vec<String>> = told.iter().map(|name| broken(name)).collect();
        Self { names: full.into_iter().zip(lines).collect(), least: LEAST }
    }

    /// One line for each of two names, "minus" before the second.
    pub(super) fn plan_pairs(pairs: &[(String, String)]) -> Self {
        const MINUS: &str = "minus ";
        let room = WIDEST - text::width(MINUS, NAME_SIZE, false);
        let all: Vec<String> = pairs.iter().flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
        let shorten = |name: &str| text::shorten(name, room, NAME_SIZE, false);
        let told = text::telling(&all, shorten);
        let lines = told.chunks(2).map(|pair| {
            vec![shorten(&pair[0]), format!("{MINUS}{}", shorten(pair.last().unwrap_or(&pair[0])))]
        });
        let full = pairs.iter().map(|(a, b)| format!("{a} {MINUS}{b}"));
        Self { names: full.zip(lines).collect(), least: LEAST }
    }

    /// The same names with rows at least this high, pixels.
    pub(super) fn with_row_height(self, least: f64) -> Self {
        Self { least, ..self }
    }

    /// Width of the widest line, pixels.
    pub(super) fn width(&self) -> f64 {
        let lines = self.names.iter().flat_map(|(_, lines)| lines);
        lines.map(|line| text::width(line, NAME_SIZE, false)).fold(0.0, f64::max)
    }

    /// Height of a row, pixels.
    pub(super) fn row_height(&self) -> f64 {
        let lines = self.names.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1);
        (14.0 + LINE * lines as f64).max(self.least)
    }

    /// Draws the names with their right ends at `right`; the first row begins at `top`.
    pub(super) fn draw(&self, frame: &mut Frame<'_>, right: f64, top: f64) -> Drawn {
        debug_assert!(right >= EDGE + self.width() - 0.01);
        let setting = Setting::name(frame.palette()).anchored(Anchor::End);
        for (row, (full, lines)) in self.names.iter().enumerate() {
            let middle = top + (row as f64 + 0.5) * self.row_height();
            let first = middle - (lines.len() as f64 - 1.0) / 2.0 * LINE;
            frame.group(Group { title: full, ..Group::default() }, |pen| {
                for (index, line) in lines.iter().enumerate() {
                    pen.text(line, (right, first + index as f64 * LINE), setting)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
