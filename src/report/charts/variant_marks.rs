//! The axis, the marks and the samples of the chart of variants.

use super::Palette;
use super::axis::Axis;
use super::frame::{Area, Drawn, Frame, Group, Pen, Point};
use super::palette::Look;

/// Width of the samples in the key, pixels.
pub(super) const SWATCH: f64 = 34.0;
/// Ratio of greatest to least value beyond which the axis goes by powers of ten.
const WIDE: f64 = 50.0;
/// Half the height of the tick at the 95th percentile, pixels.
const TICK: f64 = 5.0;
/// Half the height of the interval of the mean, pixels.
const HALF_INTERVAL: f64 = 4.0;
/// Radius of the ring of a recommended strategy, pixels.
const RING: f64 = 8.2;
/// Distance of the zeros from the left end of a plot by powers of ten, pixels.
pub(super) const ZERO: f64 = 12.0;

/// What the key shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Variant(usize),
    Interval,
    Percentile,
    Chosen,
}

/// From a value to a place. By powers of ten the zeros stand apart.
pub(super) struct Scale {
    pub axis: Axis,
    /// Where the zeros stand, pixels, when not on the axis itself.
    pub zero: Option<f64>,
    pub by_factors: bool,
}

impl Scale {
    /// Room for all values; zeros stand apart where the axis goes by powers of ten.
    pub(super) fn plan(values: &[f64], plot: Area) -> Self {
        let positive = values.iter().copied().filter(|&value| value > 0.0);
        let least = positive.reduce(f64::min).unwrap_or(1.0);
        let greatest = values.iter().copied().fold(0.0, f64::max);
        if greatest <= WIDE * least {
            let axis = Axis::linear(greatest * 1.02, plot.left, plot.right);
            return Self { axis, zero: None, by_factors: false };
        }
        let factors = |start: f64| Axis::log(least, greatest, start, plot.right);
        if values.iter().all(|&value| value > 0.0) {
            return Self { axis: factors(plot.left), zero: None, by_factors: true };
        }
        let zero = plot.left + ZERO;
        // Room for the 0, the break, and half of the first label.
        let start = zero + 20.0 + factors(zero).overhang();
        Self { axis: factors(start), zero: Some(zero), by_factors: true }
    }

    /// Where a value stands, pixels.
    pub(super) fn at(&self, value: f64) -> f64 {
        match self.zero {
            Some(zero) if value <= 0.0 => zero,
            _ => self.axis.at(value),
        }
    }

    /// Where 0 stands, if it is shown.
    pub(super) fn origin(&self) -> Option<f64> {
        self.zero.or((!self.by_factors).then_some(self.axis.start))
    }
}

/// The interval of the mean, as a faint bar whose ends show beside a marker.
pub(super) fn draw_interval(
    pen: &Pen<'_>,
    ((low, high), y): ((f64, f64), f64),
    look: Look,
    palette: &Palette,
) -> Drawn {
    let (top, bottom) = (y - HALF_INTERVAL, y + HALF_INTERVAL);
    let area = Area { left: low, top, right: high, bottom };
    pen.rectangle(area, look.colour.faded(0.5, palette.background))
}

/// The thin line from the mean to the 95th percentile, and the tick there.
pub(super) fn draw_reach(pen: &Pen<'_>, ((mean, p95), y): ((f64, f64), f64), look: Look) -> Drawn {
    pen.path(&[(mean, y), (p95, y)], look.colour, 1.4)?;
    pen.path(&[(p95, y - TICK), (p95, y + TICK)], look.colour, 2.0)
}

/// The ring of a recommended strategy, under its marker.
pub(super) fn draw_ring(pen: &Pen<'_>, at: Point, palette: &Palette) -> Drawn {
    pen.disc(at, RING, palette.ink)?;
    pen.disc(at, RING - 1.6, palette.background)
}

/// The sample of a key, from the left end of its middle line.
pub(super) fn draw_key(frame: &mut Frame<'_>, key: Key, (x, y): Point) -> Drawn {
    let palette = frame.palette();
    let (middle, right) = (x + SWATCH / 2.0, x + SWATCH);
    let grey = Look { colour: palette.muted, ..palette.look(0) };
    frame.group(Group::default(), |pen| match key {
        Key::Variant(index) => {
            let look = palette.look(index);
            pen.path(&[(x, y), (right, y)], look.colour, 1.4)?;
            pen.marker((middle, y), look)
        }
        Key::Interval => {
            draw_interval(pen, ((x + 3.0, right - 3.0), y), grey, palette)?;
            pen.marker((middle, y), grey)
        }
        Key::Percentile => {
            draw_reach(pen, ((x + 6.0, right - 2.0), y), grey)?;
            pen.marker((x + 6.0, y), grey)
        }
        Key::Chosen => {
            draw_ring(pen, (middle, y), palette)?;
            pen.marker((middle, y), grey)
        }
    })
}
