//! Parts of charts whose rows are bars of segments, shared by them.

use super::frame::{Anchor, Area, Drawn, Frame, Group, NAME_SIZE, Pen, Point, SMALL_SIZE, Setting};
use super::palette::Colour;
use super::text;

/// Half the height of a bar, pixels.
pub(super) const HALF_BAR: f64 = 11.0;
/// Side of the sample square in the legend, pixels.
pub(super) const SWATCH: f64 = 18.0;

/// Room for a bar around the height `middle`.
pub(super) fn bar_area(left: f64, right: f64, middle: f64) -> Area {
    Area { left, top: middle - HALF_BAR, right, bottom: middle + HALF_BAR }
}

/// The sample of a segment in the legend, from the left end of its middle line.
pub(super) fn sample_area((x, y): Point) -> Area {
    let half = SWATCH / 2.0 - 1.0;
    Area { left: x, top: y - half, right: x + SWATCH, bottom: y + half }
}

/// One coloured segment, with its sign where there is room for it.
pub(super) fn segment(pen: &Pen<'_>, sign: &str, colour: Colour, area: Area) -> Drawn {
    pen.rectangle(area, colour)?;
    if area.right - area.left < text::width(sign, SMALL_SIZE, true) + 5.0 {
        return Ok(());
    }
    let setting =
        Setting { size: SMALL_SIZE, bold: true, colour: colour.text_on(), anchor: Anchor::Middle };
    let middle = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
    pen.text(sign, middle, setting)
}

/// The printed value behind a bar, on a ground that keeps the grid off it.
pub(super) fn draw_value(frame: &mut Frame<'_>, value: &str, (x, y): Point) -> Drawn {
    let palette = frame.palette();
    let right = x + text::width(value, NAME_SIZE, true);
    let ground = Area { left: x - 4.0, top: y - 9.0, right, bottom: y + 9.0 };
    frame.group(Group::default(), |pen| {
        pen.rectangle(ground, palette.background)?;
        pen.text(value, (x, y), Setting { bold: true, ..Setting::name(palette) })
    })
}

/// Words where a bar would be, on a ground that keeps the grid off them.
pub(super) fn draw_words(frame: &mut Frame<'_>, words: &str, (x, y): Point) -> Drawn {
    let small = Setting::small(frame.palette());
    let right = x + text::width(words, small.size, false) + 6.0;
    let ground = Area { left: x - 6.0, top: y - 9.0, right, bottom: y + 9.0 };
    let palette = frame.palette();
    frame.group(Group::default(), |pen| {
        pen.rectangle(ground, palette.background)?;
        pen.text(words, (x, y), small)
    })
}
