//! Bars, lines and samples of the chart that holds a log against a distribution.

use super::Palette;
use super::frame::{Area, Drawn, Frame, Group, Pen, Point};
use super::palette::Colour;

/// Width of the samples in the legend, pixels.
pub(super) const SWATCH: f64 = 30.0;
/// Width of the line of the expected count, pixels.
pub(super) const EXPECTED: f64 = 1.8;
/// Distance between two strokes of the hatch, pixels.
const HATCH: f64 = 9.0;

/// Where a count lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Fewer,
    Within,
    More,
}

/// What the legend shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Within,
    Outside,
    Band,
    Expected,
}

impl Side {
    /// What stands before a count on this side.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Side::Fewer => "▼",
            Side::Within => "",
            Side::More => "▲",
        }
    }
}

/// The colour of the first curve, as faint as an area may be: the distribution in every chart.
pub(super) fn band_colour(palette: &Palette) -> Colour {
    palette.look(0).colour.faded(0.26, palette.background)
}

/// A bar: plain within the band, in a colour of its own and hatched outside of it.
pub(super) fn draw_bar(pen: &Pen<'_>, area: Area, side: Side, palette: &Palette) -> Drawn {
    if side == Side::Within {
        return pen.rectangle(area, palette.other);
    }
    let colour = palette.look(1).colour;
    pen.rectangle(area, colour)?;
    let Area { left, top, right, bottom } = area;
    // From the foot of the bar, so that bars of all heights look alike.
    let mut sum = left + bottom - ((bottom - top) / HATCH).floor() * HATCH;
    let stroke = colour.faded(0.45, palette.background);
    while sum < right + bottom {
        let (from, to) = (left.max(sum - bottom), right.min(sum - top));
        if from < to {
            pen.path(&[(from, sum - from), (to, sum - to)], stroke, 2.0)?;
        }
        sum += HATCH;
    }
    let outline =
        [(left, top), (right, top), (right, bottom), (left, bottom), (left, top), (right, top)];
    pen.path(&outline, colour, 1.6)
}

/// The sample of a key, from the left end of its middle line.
pub(super) fn draw_swatch(frame: &mut Frame<'_>, key: Key, (x, y): Point) -> Drawn {
    let palette = frame.palette();
    let area = Area { left: x, top: y - 7.0, right: x + SWATCH, bottom: y + 7.0 };
    frame.group(Group::default(), |pen| match key {
        Key::Within => draw_bar(pen, area, Side::Within, palette),
        Key::Outside => draw_bar(pen, area, Side::More, palette),
        Key::Band => pen.rectangle(area, band_colour(palette)),
        Key::Expected => pen.path(&[(x, y), (x + SWATCH, y)], palette.ink, EXPECTED),
    })
}
