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

/// Sums over the points of each block, from which a variance follows.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// By block.
    blocks: Vec<Moment>,
}

/// Sums over some points.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Moment {
    points: f64,
    /// Of the deviations in each half.
    halves: Halves,
    /// Of their products, less what a regression expects of them.
    products: f64,
    /// Of the squares of the results themselves.
    size: f64,
}

impl Moment {
    fn add(&mut self, halves: Halves, expected: &Expected) {
        let [x, y] = halves.map(|half| half - expected.mean);
        self.points += 1.0;
        self.halves = [self.halves[0] + x, self.halves[1] + y];
        self.products += x * y - expected.deviation.powi(2) + expected.variance;
        self.size += 0.5 * (halves[0] * halves[0] + halves[1] * halves[1]);
    }

    fn plus(self, other: &Moment, sign: f64) -> Moment {
        Moment {
            points: self.points + sign * other.points,
            halves: [0, 1].map(|at| self.halves[at] + sign * other.halves[at]),
            products: self.products + sign * other.products,
            size: self.size + sign * other.size,
        }
    }

    fn variance(&self) -> f64 {
        let Moment { points, halves: [a, b], products, size } = *self;
        let variance = (products - a * b / points) / (points - 1.0);
        // What is the same everywhere has no variance, and rounding makes none.
        if variance.abs() > 1e-16 * size / points { variance } else { 0.0 }
    }
}

impl Spread {
    /// Of no points yet.
    fn none(blocks: usize) -> Spread {
        Spread { blocks: vec![Moment::default(); blocks] }
    }

    /// With a regression as control variate: at each point it is asked what the fit without the point's
    /// block expects, whose variance over all points is known. Where the regression is good only what it
    /// misses is left to luck of the points.
    pub fn new(results: &[Halves], expected: &[Expected], blocks: usize) -> Spread {
        let mut spread = Spread::none(blocks);
        for (at, (halves, expected)) in results.iter().zip(expected).enumerate() {
            spread.blocks[at * blocks / results.len()].add(*halves, expected);
        }
        spread
    }

    /// The variance over all points of this and another sample.
    fn with(&self, other: &Spread) -> Spread {
        let both = self.blocks.iter().zip(&other.blocks);
        Spread { blocks: both.map(|(mine, theirs)| mine.plus(theirs, 1.0)).collect() }
    }

    /// The variance that follows.
    pub fn variance(&self) -> Variance {
        let whole = self.blocks.iter().fold(Moment::default(), |sum, one| sum.plus(one, 1.0));
        let without = self.blocks.iter().map(|one| whole.plus(one, -1.0).variance());
        Variance { whole: whole.variance(), without: without.collect() }
    }
}

impl Variance {
    /// From the results at all points, in blocks that follow each other.
    pub fn new(results: &[Halves], blocks: usize) -> Variance {
        // About a value in their midst, so that squares do not swallow what differs.
        let mean = results.iter().map(|[a, b]| f64::midpoint(*a, *b)).sum::<f64>()
            / results.len().max(1) as f64;
        let nothing = Expected { mean, deviation: 0.0, variance: 0.0 };
        Spread::new(results, &vec![nothing; results.len()], blocks).variance()
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
        expectation(&fits.without[at * blocks / rows.len()], result, row)
    };
    rows.iter().enumerate().map(of).collect()
}

/// What a fit expects of a result at a point whose functions are `row`.
pub fn expectation(fit: &Fit, result: usize, row: &[f64]) -> Expected {
    let coefficients = &fit.coefficients[result];
    Expected {
        mean: coefficients[0],
        deviation: fit.at(result, row) - coefficients[0],
        variance: coefficients[1..].iter().map(|value| value * value).sum(),
    }
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
    /// The block of the point.
    pub block: usize,
    /// The result before, in each half of the trials, and what a regression expects that has not seen
    /// the point.
    pub before: (Halves, Expected),
    /// The same after.
    pub after: (Halves, Expected),
    /// Half the mean square of the changes that it expects, over all points.
    pub expected_part: f64,
}

impl Change {
    /// The part of the variance that this change speaks for.
    pub fn part(&self) -> f64 {
        let [a, b] = [0, 1].map(|half| self.after.0[half] - self.before.0[half]);
        let expected = self.after.1.deviation - self.before.1.deviation;
        0.5 * (a * b - expected * expected) + self.expected_part
    }
}

/// The total index of what was drawn anew.
///
/// Its share is of the variance of all points that were played for it, both ends of each change among
/// them. An extreme point counts in both, so that the ratio is known better than either (Cochran 1977,
/// "Sampling techniques", chapter 6). The interval is that of the jackknife by blocks of points.
pub fn total(changes: &[Change], sample: &Spread, confidence: f64) -> Estimate {
    let blocks = sample.blocks.len();
    let mut own = Spread::none(blocks);
    let mut parts = vec![[0.0; 2]; blocks];
    for change in changes {
        let block = change.block;
        parts[block] = [parts[block][0] + change.part(), parts[block][1] + 1.0];
        for (halves, expected) in [change.before, change.after] {
            own.blocks[block].add(halves, &expected);
        }
    }
    let variance = sample.with(&own).variance();
    let nothing = Estimate { value: 0.0, interval: Interval { low: 0.0, high: 1.0 } };
    if changes.len() < 2 * blocks || variance.whole <= 0.0 {
        return nothing;
    }
    let whole = parts.iter().fold([0.0; 2], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
    let index = |[sum, count]: [f64; 2], variance: f64| sum / count / variance;
    let without = parts.iter().zip(&variance.without);
    let without: Vec<f64> = without
        .map(|(one, variance)| index([whole[0] - one[0], whole[1] - one[1]], *variance))
        .collect();
    Estimate::jackknife(index(whole, variance.whole), &without, confidence).within(0.0, 1.0)
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
        let spread = Spread::new(&results, &known, blocks);
        let variance = spread.variance();
        let plain = Variance::new(&results, blocks).estimate(0.95).interval;
        // What the regression knows is not left to luck.
        assert!(variance.estimate(0.95).interval.half_width() < 1.1 * plain.half_width());
        let first = first_order(&basis, &fits, 0, &variance, 0.95);
        let change = |coordinate: usize, number: usize| {
            let mut moved = at[number].clone();
            moved[coordinate] = points.anew(number as u64, coordinate);
            let new = noisy((case.truth)(&moved), number as u64, 1 + coordinate as u64);
            let fit = &fits.without[number * blocks / at.len()];
            Change {
                block: number * blocks / at.len(),
                before: (results[number], expectation(fit, 0, &basis.row(&at[number]))),
                after: (new, expectation(fit, 0, &basis.row(&moved))),
                expected_part: part(&basis, fit, 0, |other| other == coordinate),
            }
        };
        let total = (0..3).map(|coordinate| {
            let changes: Vec<Change> = (0..256).map(|n| change(coordinate, 8 * n)).collect();
            total(&changes, &spread, 0.95)
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

    /// For `docs/performance.md`, beside `benches/peers/with_salib.py`.
    #[test]
    #[ignore = "measures, for a person who compares"]
    fn ishigami_timed() {
        let began = std::time::Instant::now();
        let found = indices(&ISHIGAMI, 1);
        println!("2,816 evaluations in {:.1} ms", began.elapsed().as_secs_f64() * 1e3);
        for (name, estimates) in ["first", "total"].into_iter().zip(found) {
            let said = estimates
                .iter()
                .map(|one| format!("{:.4} +-{:.4}", one.value, one.interval.half_width()));
            println!("{name}: {}", said.collect::<Vec<_>>().join(", "));
        }
    }

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
