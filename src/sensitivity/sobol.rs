//! Sobol indices of a stochastic simulation: which share of the variance of a result an input makes
//! alone (first order), and together with others (total).
//!
//! The result is the mean that a simulation would give with endless trials. Its variance over the
//! inputs is the mean product of two halves of the trials, as luck does not do the same to both. The
//! noise of the simulation enters no index, only the intervals.
//!
//! - *First order*: the squares of the coefficients of the input's own polynomials (Sudret 2008,
//!   "Global sensitivity analysis using polynomial chaos expansions", Reliability Engineering and
//!   System Safety 93), each less the variance of its estimate, which makes the square unbiased.
//! - *Total*: half the mean square of what changes when that input alone is drawn anew (Jansen 1999,
//!   "Analysis of variance designs for model output", Computer Physics Communications 117). The
//!   square is the product of the changes in the two halves. A regression that has not seen the
//!   point says what it expects of the change, and only what differs from that is averaged (a
//!   control variate whose mean is known: it is a sum of squared coefficients).

use super::basis::Basis;
use super::regression::{Estimate, Fit, Jackknife};
use crate::numeric::normal_deviate;
use crate::stats::Interval;

/// A result at one point, from each half of its trials.
pub type Halves = [f64; 2];

/// The variance of a result over the inputs, without the noise: from all points, and without each
/// block in turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Variance {
    whole: f64,
    without: Vec<f64>,
}

impl Variance {
    /// From the results at all points, in blocks that follow each other.
    pub fn new(results: &[Halves], blocks: usize) -> Variance {
        let sums = |points: &[Halves]| {
            points
                .iter()
                .fold([0.0; 4], |[n, a, b, ab], [x, y]| [n + 1.0, a + x, b + y, ab + x * y])
        };
        // About a value in their midst, so that squares do not swallow what differs.
        let middle = results.iter().map(|[a, b]| f64::midpoint(*a, *b)).sum::<f64>()
            / results.len().max(1) as f64;
        let centred: Vec<Halves> = results.iter().map(|half| half.map(|x| x - middle)).collect();
        let covariance = |[n, a, b, ab]: [f64; 4]| (ab - a * b / n) / (n - 1.0);
        let whole = sums(&centred);
        let count = results.len();
        let without = (0..blocks).map(|block| {
            let left_out = sums(&centred[block * count / blocks..(block + 1) * count / blocks]);
            let mut rest = whole;
            rest.iter_mut().zip(left_out).for_each(|(sum, part)| *sum -= part);
            covariance(rest)
        });
        Variance { whole: covariance(whole), without: without.collect() }
    }

    /// The same, with a regression as control variate: at each point it is asked what the fit without
    /// the point's block expects, whose variance over all points is known. Where the regression is good
    /// only what it misses is left to luck of the points.
    pub fn controlled(results: &[Halves], expected: &[Expected], blocks: usize) -> Variance {
        let sums = |range: std::ops::Range<usize>| {
            let points = results[range.clone()].iter().zip(&expected[range]);
            points.fold([0.0; 4], |[n, a, b, sum], (halves, expected)| {
                let [x, y] = halves.map(|half| half - expected.mean);
                let square = x * y - expected.deviation.powi(2) + expected.variance;
                [n + 1.0, a + x, b + y, sum + square]
            })
        };
        let count = results.len();
        // What is the same everywhere has no variance, and rounding makes none.
        let size =
            results.iter().map(|[x, y]| x * x + y * y).sum::<f64>() / (2 * count.max(1)) as f64;
        let variance = |[n, a, b, sum]: [f64; 4]| {
            let variance = (sum - a * b / n) / (n - 1.0);
            if variance.abs() > 1e-16 * size { variance } else { 0.0 }
        };
        let whole = sums(0..count);
        let without = (0..blocks).map(|block| {
            let left_out = sums(block * count / blocks..(block + 1) * count / blocks);
            let mut rest = whole;
            rest.iter_mut().zip(left_out).for_each(|(sum, part)| *sum -= part);
            variance(rest)
        });
        Variance { whole: variance(whole), without: without.collect() }
    }

    /// The variance with its interval.
    pub fn estimate(&self, confidence: f64) -> Estimate {
        Estimate::jackknife(self.whole, &self.without, confidence)
    }
}

/// What a regression that has not seen a point expects there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// Its mean over all points.
    pub mean: f64,
    /// How far it expects the point from that.
    pub deviation: f64,
    /// Its variance over all points.
    pub variance: f64,
}

/// What each point's fit without its block expects of a result, at functions `rows` of the points.
pub fn expected(fits: &Jackknife, result: usize, rows: &[Vec<f64>]) -> Vec<Expected> {
    let blocks = fits.without.len();
    let of = |(at, row): (usize, &Vec<f64>)| {
        let fit = &fits.without[at * blocks / rows.len()];
        let coefficients = &fit.coefficients[result];
        Expected {
            mean: coefficients[0],
            deviation: fit.at(result, row) - coefficients[0],
            variance: coefficients[1..].iter().map(|value| value * value).sum(),
        }
    };
    rows.iter().enumerate().map(of).collect()
}

/// The first-order index of every coordinate, for one result of a regression.
pub fn first_order(
    basis: &Basis,
    fits: &Jackknife,
    result: usize,
    variance: &Variance,
    confidence: f64,
) -> Vec<Estimate> {
    let index = |fit: &Fit, variance: f64, coordinate: usize| {
        let terms = (1..).zip(&basis.terms).filter(|(_, term)| term.is_main(coordinate));
        let squares: f64 = terms
            .map(|(at, _)| fit.coefficients[result][at].powi(2) - fit.variance(result, at))
            .sum();
        if variance > 0.0 { squares / variance } else { 0.0 }
    };
    let of = |coordinate| {
        let without = fits.without.iter().zip(&variance.without);
        let without: Vec<f64> = without.map(|(fit, v)| index(fit, *v, coordinate)).collect();
        let whole = index(&fits.whole, variance.whole, coordinate);
        Estimate::jackknife(whole, &without, confidence).within(0.0, 1.0)
    };
    (0..basis.axes.len()).map(of).collect()
}

/// The variance that a regression sees in all terms for which `with` holds.
pub fn part(basis: &Basis, fit: &Fit, result: usize, with: impl Fn(usize) -> bool) -> f64 {
    let coordinates = 0..basis.axes.len();
    let chosen: Vec<bool> = coordinates.map(with).collect();
    let holds = |coordinate: usize| chosen[coordinate];
    let terms = (1..).zip(&basis.terms).filter(|(_, term)| {
        holds(term.first.coordinate) || term.second.is_some_and(|factor| holds(factor.coordinate))
    });
    terms.map(|(at, _)| fit.coefficients[result][at].powi(2)).sum()
}

/// What drawing some coordinates of a point anew does to a result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The change in each half of the trials.
    pub halves: Halves,
    /// The change that a regression expects which has not seen the point.
    pub expected: f64,
    /// Half the mean square of the changes that it expects, over all points.
    pub expected_part: f64,
}

/// The total index of what was drawn anew.
pub fn total(changes: &[Change], variance: &Variance, confidence: f64) -> Estimate {
    let count = changes.len() as f64;
    let value = |change: &Change| {
        let [a, b] = change.halves;
        0.5 * (a * b - change.expected.powi(2)) + change.expected_part
    };
    let mean = changes.iter().map(value).sum::<f64>() / count;
    let squares: f64 = changes.iter().map(|change| (value(change) - mean).powi(2)).sum();
    let whole = variance.estimate(confidence);
    if count < 2.0 || whole.value <= 0.0 {
        let interval = Interval { low: 0.0, high: 1.0 };
        return Estimate { value: 0.0, interval };
    }
    let own = normal_deviate(confidence) * (squares / (count - 1.0) / count).sqrt();
    let index = mean / whole.value;
    let half = (own / whole.value).hypot(index * whole.interval.half_width() / whole.value);
    let interval = Interval { low: index - half, high: index + half };
    Estimate { value: index, interval }.within(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::basis::Axis;
    use super::super::design::Points;
    use super::super::regression;
    use super::*;
    use crate::numeric::normal_quantile;
    use std::f64::consts::PI;

    /// Ishigami and Homma 1990, with a = 7 and b = 0.1: shares of the variance are known.
    fn ishigami(point: &[f64]) -> f64 {
        let [a, b, c] = [0, 1, 2].map(|at| PI * (2.0 * point[at] - 1.0));
        a.sin() + 7.0 * b.sin().powi(2) + 0.1 * c.powi(4) * a.sin()
    }

    /// Independent, with variances 1, 4 and 0 of 5.
    fn linear(point: &[f64]) -> f64 {
        normal_quantile(point[0]) + 2.0 * normal_quantile(point[1])
    }

    /// Normal noise of the simulation, by half.
    fn noise(points: &Points, number: u64, half: u64) -> f64 {
        let other = Points { seed: points.seed ^ 0x5555, ..*points };
        normal_quantile(other.anew(number, 100 + half as usize))
    }

    struct Case {
        axis: Axis,
        products: usize,
        truth: fn(&[f64]) -> f64,
        noise: f64,
        far: f64,
        first: [f64; 3],
        total: [f64; 3],
    }

    /// Both indices of all inputs, from 2048 points and 256 changes of each.
    fn indices(case: &Case, seed: u64) -> [Vec<Estimate>; 2] {
        let points = Points { seed, dimensions: 3 };
        let blocks = 32;
        let at: Vec<Vec<f64>> = (0..2048).map(|number| points.point(number)).collect();
        let basis = Basis::main(vec![case.axis.clone(); 3]);
        let products = basis.products(&[0, 1, 2], case.products);
        let basis = basis.with(products);
        let noisy = |value: f64, number: u64, run: u64| -> Halves {
            [0, 1].map(|half| value + case.noise * noise(&points, number, 2 * run + half))
        };
        let results: Vec<Halves> =
            (0..).zip(&at).map(|(number, point)| noisy((case.truth)(point), number, 0)).collect();
        let means: Vec<Vec<f64>> =
            results.iter().map(|[a, b]| vec![f64::midpoint(*a, *b)]).collect();
        let fits = regression::fit(&basis, &at, &means, blocks, 2).unwrap();
        let functions: Vec<Vec<f64>> = at.iter().map(|point| basis.row(point)).collect();
        let known = expected(&fits, 0, &functions);
        let variance = Variance::controlled(&results, &known, blocks);
        let plain = Variance::new(&results, blocks).estimate(0.95).interval;
        // What the regression knows is not left to luck.
        assert!(variance.estimate(0.95).interval.half_width() < 1.1 * plain.half_width());
        let first = first_order(&basis, &fits, 0, &variance, 0.95);
        let change = |coordinate: usize, number: usize| {
            let mut moved = at[number].clone();
            moved[coordinate] = points.anew(number as u64, coordinate);
            let new = noisy((case.truth)(&moved), number as u64, 1 + coordinate as u64);
            let fit = &fits.without[number * blocks / at.len()];
            let expected = fit.at(0, &basis.row(&moved)) - fit.at(0, &basis.row(&at[number]));
            Change {
                halves: [0, 1].map(|half| new[half] - results[number][half]),
                expected,
                expected_part: part(&basis, fit, 0, |other| other == coordinate),
            }
        };
        let total = (0..3).map(|coordinate| {
            let changes: Vec<Change> = (0..256).map(|n| change(coordinate, 8 * n)).collect();
            total(&changes, &variance, 0.95)
        });
        [first, total.collect()]
    }

    fn judge(case: &Case) {
        let (mut missed, mut asked) = (0, 0);
        for seed in 0..20 {
            for (estimates, truth) in indices(case, seed).iter().zip([case.first, case.total]) {
                for (estimate, truth) in estimates.iter().zip(truth) {
                    let slack = 1e-9;
                    let Interval { low, high } = estimate.interval;
                    asked += 1;
                    missed += u32::from(truth < low - slack || truth > high + slack);
                    let far = (estimate.value - truth).abs();
                    assert!(far < case.far, "seed {seed}: {estimate:?}, truth {truth}");
                }
            }
        }
        // Of 120 at 95 %, 6 are expected outside; 15 are beyond four standard errors.
        assert!(missed <= 15, "{missed} of {asked}");
    }

    const ISHIGAMI: Case = Case {
        axis: Axis::Even(8),
        products: 6,
        truth: ishigami,
        noise: 0.0,
        far: 0.12,
        first: [0.3139, 0.4424, 0.0],
        total: [0.5576, 0.4424, 0.2437],
    };

    const LINEAR: Case = Case {
        axis: Axis::Normal(3),
        products: 2,
        truth: linear,
        noise: 0.0,
        far: 0.12,
        first: [0.2, 0.8, 0.0],
        total: [0.2, 0.8, 0.0],
    };

    #[test]
    fn indices_of_ishigami_are_the_known_ones() {
        judge(&ISHIGAMI);
    }

    #[test]
    fn noise_of_the_simulation_enters_no_index() {
        judge(&Case { noise: 2.0, far: 0.3, ..ISHIGAMI });
        judge(&Case { noise: 2.0, far: 0.3, ..LINEAR });
    }

    #[test]
    fn indices_of_a_sum_are_its_shares() {
        judge(&LINEAR);
    }
}
