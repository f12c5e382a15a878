//! Our backend of the drawing library: shapes come in, SVG text goes out.
//!
//! The library's own SVG backend writes whole files and knows no groups, so that its text had to be
//! taken apart again. This one writes shapes only, into a text that [`Sheet`](super::sheet::Sheet)
//! owns. The library counts in whole units: with eight of them in a pixel, curves are smooth.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::IntoDrawingArea;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind,
};
use std::convert::Infallible;
use std::fmt::Write;

/// Units of the drawing in one pixel.
pub(super) const FINENESS: f64 = 8.0;
/// The library cuts off what lies beyond its canvas; no chart is as large as this, units.
const EDGE: u32 = 1_000_000;
/// How far a line may stray from its points, units: less than the eye can see.
const TOLERANCE: f64 = 2.0;

/// The text that shapes are written to.
pub(super) struct Canvas<'a>(pub &'a mut String);

impl<'a> Canvas<'a> {
    /// The canvas as the library draws on it.
    pub(super) fn area(self) -> DrawingArea<Self, Shift> {
        self.into_drawing_area()
    }
}

/// What a shape of the library returns.
type Written = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (EDGE, EDGE)
    }

    fn ensure_prepared(&mut self) -> Written {
        Ok(())
    }

    fn present(&mut self) -> Written {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Written {
        self.draw_rect(at, (at.0 + 1, at.1 + 1), &colour, true)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Written {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Written {
        let points = points(&simplified(&path.into_iter().collect::<Vec<_>>()));
        let (stroke, width) = (hexadecimal(style.color()), style.stroke_width());
        self.write(format_args!(
            "<polyline fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\" points=\"{points}\"/>\n"
        ))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        _fill: bool,
    ) -> Written {
        let (width, height) = ((right - left).max(0), (bottom - top).max(0));
        let fill = hexadecimal(style.color());
        self.write(format_args!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"/>\n"
        ))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        _fill: bool,
    ) -> Written {
        let fill = hexadecimal(style.color());
        self.write(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{fill}\"/>\n"))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Written {
        let points = points(&simplified(&corners.into_iter().collect::<Vec<_>>()));
        let fill = hexadecimal(style.color());
        self.write(format_args!("<polygon fill=\"{fill}\" points=\"{points}\"/>\n"))
    }
}

impl Canvas<'_> {
    fn write(&mut self, shape: std::fmt::Arguments<'_>) -> Written {
        // Writing to a text cannot fail.
        let _ = self.0.write_fmt(shape);
        Ok(())
    }
}

/// Pixels as whole units of the drawing.
pub(super) fn units(pixels: f64) -> i32 {
    (pixels * FINENESS).round() as i32
}

fn hexadecimal(colour: BackendColor) -> String {
    let (red, green, blue) = colour.rgb;
    format!("#{red:02X}{green:02X}{blue:02X}")
}

fn points(line: &[BackendCoord]) -> String {
    let points: Vec<String> = line.iter().map(|(x, y)| format!("{x},{y}")).collect();
    points.join(" ")
}

/// The line with every point left out that the eye would not miss (Ramer, Douglas and Peucker).
fn simplified(line: &[BackendCoord]) -> Vec<BackendCoord> {
    let mut points = line.to_vec();
    points.dedup();
    let Some(last) = points.len().checked_sub(1) else { return points };
    let mut keep = vec![false; points.len()];
    let mut open = vec![(0, last)];
    while let Some((first, last)) = open.pop() {
        (keep[first], keep[last]) = (true, true);
        let farthest = (first + 1..last)
            .map(|index| (distance(points[index], points[first], points[last]), index))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, index)) = farthest.filter(|far| far.0 > TOLERANCE) {
            open.extend([(first, index), (index, last)]);
        }
    }
    points.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(point, _)| point).collect()
}

/// Distance of a point from the straight line between two others, units.
fn distance(point: BackendCoord, from: BackendCoord, to: BackendCoord) -> f64 {
    let apart = |a: BackendCoord, b: BackendCoord| (f64::from(b.0 - a.0), f64::from(b.1 - a.1));
    let ((dx, dy), (px, py)) = (apart(from, to), apart(from, point));
    let length = (dx * dx + dy * dy).sqrt();
    if length == 0.0 { (px * px + py * py).sqrt() } else { (px * dy - py * dx).abs() / length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_steps_of_a_straight_line_become_two_points() {
        let line: Vec<BackendCoord> = (0..10_000).map(|i| (i, (i + 1) / 2)).collect();
        assert_eq!(simplified(&line), [(0, 0), (9999, 5000)]);
    }

    #[test]
    fn a_corner_that_shows_stays_a_corner() {
        let line = [(0, 0), (40, 0), (80, 0), (80, 40), (80, 80)];
        assert_eq!(simplified(&line), [(0, 0), (80, 0), (80, 80)]);
        assert_eq!(simplified(&[]), []);
    }
}
