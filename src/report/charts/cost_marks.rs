//! Marks of the chart of cost against risk, in the plot and in its legend.

use super::Palette;
use super::frame::{Drawn, Frame, Group, Pen, Point};
use super::palette::Colour;

/// Width of the samples in the legend, pixels.
pub(super) const SWATCH: f64 = 34.0;
/// Radius of a mark, pixels.
const MARK: f64 = 5.0;
/// Radius of the ring around the recommended mark, pixels.
pub(super) const RING: f64 = 9.0;
/// Strokes and gaps of the front, pixels.
pub(super) const DASH: [f64; 2] = [2.5, 2.5];

/// What a sample in the legend shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Front,
    Beaten,
    Recommended,
    Interval,
}

/// Colour of a strategy: on the front or not, recommended or not.
pub(super) fn colour(palette: &Palette, (front, recommended): (bool, bool)) -> Colour {
    match (recommended, front) {
        (true, _) => palette.lines[1],
        (false, true) => palette.lines[0],
        (false, false) => palette.axis,
    }
}

/// Two intervals, across and up.
pub(super) fn draw_cross(
    pen: &Pen<'_>,
    across: [Point; 2],
    up: [Point; 2],
    colour: Colour,
) -> Drawn {
    pen.path(&across, colour, 1.4)?;
    pen.path(&up, colour, 1.4)?;
    for (x, y) in across {
        pen.path(&[(x, y - 3.0), (x, y + 3.0)], colour, 1.4)?;
    }
    for (x, y) in up {
        pen.path(&[(x - 3.0, y), (x + 3.0, y)], colour, 1.4)?;
    }
    Ok(())
}

/// A mark: filled on the front, hollow when beaten, in a ring when recommended.
pub(super) fn draw_mark(pen: &Pen<'_>, at: Point, kind: (bool, bool), palette: &Palette) -> Drawn {
    let (front, recommended) = kind;
    let colour = colour(palette, kind);
    if recommended {
        pen.disc(at, RING, colour)?;
        pen.disc(at, RING - 2.0, palette.background)?;
    }
    pen.disc(at, MARK, colour)?;
    if front { Ok(()) } else { pen.disc(at, MARK - 1.8, palette.background) }
}

/// The sample of a key, from the left end of its middle line.
pub(super) fn draw_key(frame: &mut Frame<'_>, key: Key, (x, y): Point) -> Drawn {
    let palette = frame.palette();
    let (middle, right) = (x + SWATCH / 2.0, x + SWATCH);
    if key == Key::Front {
        let line =
            [(x, y - 7.0), (middle, y - 7.0), (middle, y), (middle, y + 7.0), (right, y + 7.0)];
        let group = Group { dash: &DASH, ..Group::default() };
        frame.group(group, |pen| pen.path(&line, palette.muted, 1.4))?;
    }
    frame.group(Group::default(), |pen| match key {
        Key::Front => draw_mark(pen, (middle, y), (true, false), palette),
        Key::Beaten => draw_mark(pen, (middle, y), (false, false), palette),
        Key::Recommended => draw_mark(pen, (middle, y), (true, true), palette),
        Key::Interval => {
            let across = [(x + 4.0, y), (right - 4.0, y)];
            draw_cross(pen, across, [(middle, y - 8.0), (middle, y + 8.0)], palette.muted)
        }
    })
}
