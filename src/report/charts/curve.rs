//! An exceedance curve: checked steps, and the line that shows them.

use super::frame::Point;
use super::{ChartError, amount, text};

/// How far the drawn line may stray from the steps, pixels: less than the eye can see.
const TOLERANCE: f64 = 0.25;

/// P(X > x) of one strategy. It is a step function: 1 before the first step, and constant between.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    /// Name of the strategy, cleaned.
    pub name: String,
    /// Values in rising order, each with the probability above it.
    steps: Vec<(f64, f64)>,
}

impl Curve {
    /// Checks and sorts the steps.
    pub(super) fn checked(name: &str, points: &[(f64, f64)]) -> Result<Self, ChartError> {
        let name = text::name(name);
        let mut steps = Vec::with_capacity(points.len());
        for &(value, above) in points {
            if !(0.0..=1.0).contains(&above) {
                let (what, range) = ("a probability", "from 0 to 1");
                return Err(ChartError::OutOfRange { name, what, value: above, range });
            }
            steps.push((amount(&name, "a value", value)?, above));
        }
        // At the same value the lowest probability is the one above it.
        steps.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
        if let Some(pair) = steps.windows(2).find(|pair| pair[1].1 > pair[0].1) {
            return Err(ChartError::Rising { name, value: pair[1].0 });
        }
        steps.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            earlier.1 = if same { later.1 } else { earlier.1 };
            same
        });
        if steps.is_empty() {
            return Err(ChartError::Empty { chart: name, what: "points" });
        }
        Ok(Self { name, steps })
    }

    /// The probability above `value`.
    pub(super) fn above(&self, value: f64) -> f64 {
        let after = self.steps.partition_point(|step| step.0 <= value);
        after.checked_sub(1).map_or(1.0, |last| self.steps[last].1)
    }

    /// The least value that is exceeded with at most this probability; the greatest value when
    /// there is none.
    pub(super) fn value_at(&self, probability: f64) -> f64 {
        let first = self.steps.partition_point(|step| step.1 > probability);
        self.steps.get(first).or(self.steps.last()).map_or(0.0, |step| step.0)
    }

    /// Whether every trial gave 0.
    pub(super) fn is_zero(&self) -> bool {
        self.above(0.0) <= 0.0
    }

    /// The least positive probability, if there is one.
    pub(super) fn least_probability(&self) -> Option<f64> {
        self.steps.iter().map(|step| step.1).filter(|&above| above > 0.0).reduce(f64::min)
    }

    /// Where the bulk of the positive values begins: nearly all of them are above.
    pub(super) fn bulk_begins(&self) -> Option<f64> {
        if self.is_zero() {
            return None;
        }
        let value = self.value_at(self.above(0.0) * 0.995);
        let first_positive = self.steps.iter().map(|step| step.0).find(|&value| value > 0.0);
        if value > 0.0 { Some(value) } else { first_positive }
    }

    /// The line of the curve: `x` and `y` place a value and a probability, the line begins at the
    /// value `from` and ends where the probability reaches 0 or at `to`. With `drops` false the
    /// last fall to 0 is left out, as a log scale has no 0.
    pub(super) fn line(
        &self,
        (from, to): (f64, f64),
        x: impl Fn(f64) -> f64,
        y: impl Fn(f64) -> f64,
        drops: bool,
    ) -> Vec<Point> {
        let mut level = self.above(from);
        let mut line = Vec::new();
        if level <= 0.0 {
            return if drops { vec![(x(from), y(0.0)), (x(to), y(0.0))] } else { line };
        }
        line.push((x(from), y(level)));
        for &(value, above) in self.steps.iter().filter(|step| step.0 > from) {
            line.push((x(value.min(to)), y(level)));
            if value > to || (above <= 0.0 && !drops) {
                break;
            }
            level = above;
            line.push((x(value), y(level)));
            if level <= 0.0 {
                break;
            }
        }
        simplified(&line)
    }
}

/// The line with every point left out that the eye would not miss (Ramer, Douglas and Peucker).
fn simplified(line: &[Point]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for &point in line {
        // Closer than the finest unit of the drawing.
        let near = |last: &Point| (last.0 - point.0).abs() + (last.1 - point.1).abs() < 0.1;
        if !points.last().is_some_and(near) {
            points.push(point);
        }
    }
    points.extend(line.last());
    let mut keep = vec![false; points.len()];
    let mut open = vec![(0, points.len() - 1)];
    while let Some((first, last)) = open.pop() {
        keep[first] = true;
        keep[last] = true;
        let farthest = (first + 1..last)
            .map(|index| (distance(points[index], points[first], points[last]), index))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, index)) = farthest.filter(|far| far.0 > TOLERANCE) {
            open.push((first, index));
            open.push((index, last));
        }
    }
    points.into_iter().zip(keep).filter(|(_, kept)| *kept).map(|(point, _)| point).collect()
}

/// Distance of a point from the straight line between two others, pixels.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (px, py) = (point.0 - from.0, point.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt();
    if length == 0.0 { (px * px + py * py).sqrt() } else { (px * dy - py * dx).abs() / length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_one_before_the_first_step_and_constant_between() {
        let curve = Curve::checked("a", &[(4.0, 0.0), (1.0, 0.6), (2.0, 0.3)]).unwrap();
        assert_eq!(
            [0.0, 0.9, 1.0, 1.5, 2.0, 3.9, 4.0].map(|v| curve.above(v)),
            [1.0, 1.0, 0.6, 0.6, 0.3, 0.3, 0.0]
        );
        assert_eq!([0.5, 0.3, 0.05].map(|p| curve.value_at(p)), [2.0, 2.0, 4.0]);
    }

    #[test]
    fn steps_at_one_value_fall_to_the_lowest() {
        let curve = Curve::checked("a", &[(0.0, 0.4), (0.0, 0.5), (3.0, 0.0)]).unwrap();
        assert_eq!(curve.above(0.0), 0.4);
    }

    #[test]
    fn what_cannot_be_an_exceedance_curve_is_refused() {
        let rising = Curve::checked("a", &[(1.0, 0.2), (2.0, 0.3)]);
        assert_eq!(rising, Err(ChartError::Rising { name: "a".into(), value: 2.0 }));
        for point in [(1.0, 1.5), (f64::NAN, 0.5), (-1.0, 0.5), (1.0, f64::NAN), (1e200, 0.5)] {
            assert!(matches!(Curve::checked("a", &[point]), Err(ChartError::OutOfRange { .. })));
        }
        assert!(matches!(Curve::checked("a", &[]), Err(ChartError::Empty { .. })));
    }

    #[test]
    fn ten_thousand_steps_of_a_straight_line_become_two_points() {
        let points: Vec<_> =
            (0..=10_000).map(|i| (f64::from(i), 1.0 - f64::from(i) / 10_000.0)).collect();
        let curve = Curve::checked("a", &points).unwrap();
        let line = curve.line((0.0, 1e4), |v| v / 20.0, |p| 300.0 * (1.0 - p), true);
        assert!(line.len() <= 4, "{line:?}");
    }

    #[test]
    fn a_step_that_shows_stays_a_step() {
        let curve = Curve::checked("a", &[(10.0, 0.0)]).unwrap();
        let line = curve.line((0.0, 20.0), |v| v * 10.0, |p| 100.0 * (1.0 - p), true);
        assert_eq!(line, [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0)]);
    }
}
