//! An exceedance curve: the steps of P(X > x), and the line that shows them.

/// P(X > x) of one strategy. It is a step function: 1 before the first step, and constant between.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ExceedanceCurve {
    /// Values in rising order, each with the probability above it.
    steps: Vec<(f64, f64)>,
}

/// The share of the positive values that the bulk of them holds. On an axis of shares by powers of ten
/// what lies before is flat.
const BULK: f64 = 0.9;

impl ExceedanceCurve {
    /// Sorts the steps.
    pub(super) fn new(points: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut steps: Vec<(f64, f64)> = points.collect();
        // At the same value the lowest probability is the one above it.
        steps.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        steps.dedup_by(|later, earlier| later.0 == earlier.0);
        Self { steps }
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

    /// Where the bulk of the positive values begins: nine in ten of them are above.
    pub(super) fn bulk_begins(&self) -> Option<f64> {
        if self.is_zero() {
            return None;
        }
        let value = self.value_at(self.above(0.0) * BULK);
        let first_positive = self.steps.iter().map(|step| step.0).find(|&value| value > 0.0);
        if value > 0.0 { Some(value) } else { first_positive }
    }

    /// The corners of the curve between two values; it ends where the probability falls below
    /// `least`, so that no line runs along the foot of a plot that begins there.
    pub(super) fn line(&self, from: f64, to: f64, least: f64) -> Vec<(f64, f64)> {
        let mut level = self.above(from);
        let mut line = vec![(from, level.max(least))];
        if level < least {
            return line;
        }
        for &(value, above) in self.steps.iter().filter(|step| step.0 > from) {
            line.push((value.min(to), level));
            if value > to {
                return line;
            }
            level = above;
            line.push((value, level.max(least)));
            if level < least {
                return line;
            }
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_one_before_the_first_step_and_constant_between() {
        let curve = ExceedanceCurve::new([(4.0, 0.0), (1.0, 0.6), (2.0, 0.3)].into_iter());
        assert_eq!(
            [0.0, 0.9, 1.0, 1.5, 2.0, 3.9, 4.0].map(|v| curve.above(v)),
            [1.0, 1.0, 0.6, 0.6, 0.3, 0.3, 0.0]
        );
        assert_eq!([0.5, 0.3, 0.05].map(|p| curve.value_at(p)), [2.0, 2.0, 4.0]);
    }

    #[test]
    fn steps_at_one_value_fall_to_the_lowest() {
        let curve = ExceedanceCurve::new([(0.0, 0.4), (0.0, 0.5), (3.0, 0.0)].into_iter());
        assert_eq!(curve.above(0.0), 0.4);
    }

    #[test]
    fn a_line_has_the_corners_between_its_ends() {
        let curve = ExceedanceCurve::new([(10.0, 0.0)].into_iter());
        assert_eq!(curve.line(0.0, 20.0, 0.0), [(0.0, 1.0), (10.0, 1.0), (10.0, 0.0)]);
        assert_eq!(curve.line(0.0, 5.0, 0.0), [(0.0, 1.0), (5.0, 1.0)]);
    }

    #[test]
    fn a_line_ends_at_the_foot_of_its_plot() {
        let steps = [(1.0, 0.5), (2.0, 0.004), (3.0, 0.001), (4.0, 0.0)];
        let line = ExceedanceCurve::new(steps.into_iter()).line(0.0, 9.0, 0.005);
        let corners = [(0.0, 1.0), (1.0, 1.0), (1.0, 0.5), (2.0, 0.5), (2.0, 0.005)];
        assert_eq!(line, corners);
    }
}
