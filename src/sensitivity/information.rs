//! What it is worth to know an input better before choosing.
//!
//! The loss of a strategy is expanded in the polynomials of each input. Its mean given one input is
//! the part of the expansion that depends on that input alone: this is the regression of Strong,
//! Oakley and Brennan (2014, "Estimating multiparameter partial expected value of perfect
//! information from a probabilistic sensitivity analysis sample", Medical Decision Making 34), for
//! all inputs at once. Whoever knows the input takes the strategy with the least mean given it.
//!
//! - *EVPI*: the mean loss of the best choice now, less that of the best choice at every point.
//! - *EVPPI* of an input: the same with its value known and nothing else.
//! - *EVSI* of data on an input: the same with what the data will tell of it. A posterior mean has
//!   variance `share` of the prior's, and the mean of the n-th Hermite polynomial given data is
//!   `share` to n/2 times that polynomial of what the data say (Mehler's formula), so the value
//!   follows without any further play. Both are treated as normal, on the scale on which the input
//!   is: Jalal and Alarid-Escudero 2018, "A Gaussian approximation approach for value of information
//!   analysis", Medical Decision Making 38.

use super::basis::{Axis, Basis};
use super::regression::{Estimate, Fit, Jackknife};
use crate::numeric::normal_quantile;

/// Values of an input over which a mean is taken.
const GRID: usize = 2001;

/// The loss of every strategy as a function of one coordinate, all else averaged out.
struct Curves {
    /// By strategy: mean, then the coefficient of each polynomial of the coordinate.
    coefficients: Vec<Vec<f64>>,
    axis: Axis,
}

impl Curves {
    /// `losses` are the results of the regression that hold the losses, by strategy.
    fn new(basis: &Basis, fit: &Fit, losses: &[usize], coordinate: usize) -> Curves {
        let own: Vec<usize> = (1..)
            .zip(&basis.terms)
            .filter(|(_, term)| term.is_main(coordinate))
            .map(|(at, _)| at)
            .collect();
        let of = |&loss: &usize| {
            let all = &fit.coefficients[loss];
            std::iter::once(all[0]).chain(own.iter().map(|at| all[*at])).collect()
        };
        let axis = basis.axes[coordinate].clone();
        Curves { coefficients: losses.iter().map(of).collect(), axis }
    }

    /// What is saved, on average, by choosing with data that explain `share` of the input's variance.
    fn saving(&self, share: f64) -> f64 {
        let mut row = Vec::new();
        let (mut informed, mut plain) = (0.0, vec![0.0; self.coefficients.len()]);
        for k in 0..GRID {
            row.clear();
            row.push(1.0);
            self.axis.push((k as f64 + 0.5) / GRID as f64, &mut row);
            let mut damp = 1.0;
            for value in &mut row[1..] {
                // A choice is known or not; its contrasts have no order.
                damp *= if matches!(self.axis, Axis::Choice(_)) { 1.0 } else { share.sqrt() };
                *value *= damp;
            }
            let mut least = f64::INFINITY;
            for (sum, coefficients) in plain.iter_mut().zip(&self.coefficients) {
                let loss: f64 = coefficients.iter().zip(&row).map(|(a, b)| a * b).sum();
                *sum += loss;
                least = least.min(loss);
            }
            informed += least;
        }
        let best = plain.into_iter().fold(f64::INFINITY, f64::min);
        (best - informed) / GRID as f64
    }
}

/// The value of data on a coordinate that explain `share` of its variance; EVPPI where that is 1.
/// `losses` are the results of the regression that hold the loss of each strategy.
pub fn partial(
    basis: &Basis,
    fits: &Jackknife,
    losses: &[usize],
    coordinate: usize,
    share: f64,
    confidence: f64,
) -> Estimate {
    let saving = |fit: &Fit| Curves::new(basis, fit, losses, coordinate).saving(share);
    let without: Vec<f64> = fits.without.iter().map(saving).collect();
    Estimate::jackknife(saving(&fits.whole), &without, confidence).within(0.0, f64::INFINITY)
}

/// EVPI from the loss of every strategy at each of many points, in blocks that follow each other.
pub fn perfect(losses: &[Vec<f64>], blocks: usize, confidence: f64) -> Estimate {
    let count = losses.len();
    let strategies = losses.first().map_or(0, Vec::len);
    let saving = |skip: std::ops::Range<usize>| {
        let (mut informed, mut plain, mut points) = (0.0, vec![0.0; strategies], 0.0);
        for (at, losses) in losses.iter().enumerate() {
            if !skip.contains(&at) {
                points += 1.0;
                informed += losses.iter().copied().fold(f64::INFINITY, f64::min);
                plain.iter_mut().zip(losses).for_each(|(sum, loss)| *sum += loss);
            }
        }
        (plain.into_iter().fold(f64::INFINITY, f64::min) - informed) / points
    };
    let blocks_of = |block| block * count / blocks..(block + 1) * count / blocks;
    let without: Vec<f64> = (0..blocks).map(|block| saving(blocks_of(block))).collect();
    Estimate::jackknife(saving(0..0), &without, confidence).within(0.0, f64::INFINITY)
}

/// The share of an input's variance that data explain which are worth `told` times what is known
/// before (prior variance over the variance of what one observation tells, times observations).
pub fn explained(told: f64) -> f64 {
    if told.is_infinite() { 1.0 } else { told / (1.0 + told) }
}

/// The variance, in squared prior standard deviations, of what one observation tells of an input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Observation {
    /// A duration whose logarithm has this standard deviation from one case to the next, where the
    /// logarithm of its scale is uncertain by the second.
    Duration {
        /// Standard deviation of the logarithm of a case.
        spread: f64,
        /// Standard deviation of the logarithm of the scale, as assumed.
        prior: f64,
    },
    /// A month of a log in which a fault strikes so often on average; the logarithm of its rate is
    /// uncertain by the second.
    Month {
        /// Strikes a month.
        strikes: f64,
        /// Standard deviation of the logarithm of the rate, as assumed.
        prior: f64,
    },
    /// A try that works with this probability, whose log odds are uncertain by the second.
    Try {
        /// Probability of success.
        probability: f64,
        /// Standard deviation of the log odds, as assumed.
        prior: f64,
    },
}

impl Observation {
    /// The share of the input's variance that `count` of them explain: prior variance times Fisher's
    /// information, on the scale on which the input is normal.
    pub fn explain(self, count: f64) -> f64 {
        let (information, prior) = match self {
            Observation::Duration { spread, prior } => (spread.powi(-2), prior),
            Observation::Month { strikes, prior } => (strikes, prior),
            Observation::Try { probability, prior } => (probability * (1.0 - probability), prior),
        };
        explained(count * information * prior * prior)
    }
}

/// The standard deviation of the logarithm of an input whose 5 % and 95 % points are these.
pub fn log_deviation(low: f64, high: f64) -> f64 {
    libm::log(high / low) / (2.0 * normal_quantile(0.95))
}

#[cfg(test)]
mod tests {
    use super::super::design::Points;
    use super::super::regression;
    use super::*;
    use crate::numeric::{normal_cdf, normal_density};

    /// Mean of what exceeds 0 of a normal value: Raiffa and Schlaifer 1961, the unit normal loss.
    fn loss_integral(mean: f64, sd: f64) -> f64 {
        let z = mean.abs() / sd;
        sd * (normal_density(z) - z * normal_cdf(-z))
    }

    const MEAN: f64 = 300.0;
    const SD: [f64; 2] = [800.0, 600.0];

    /// Two strategies: the second costs a normal amount more, made by two inputs of three.
    fn sample(seed: u64, noise: f64) -> (Basis, Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let points = Points { seed, dimensions: 3 };
        let at: Vec<Vec<f64>> = (0..4096).map(|number| points.point(number)).collect();
        let losses = (0..).zip(&at).map(|(number, point)| {
            let z = [0, 1].map(|input| normal_quantile(point[input]));
            let luck = noise * normal_quantile(points.anew(number, 7));
            let common = 5_000.0 * point[2];
            vec![common, common + MEAN + SD[0] * z[0] + SD[1] * z[1] + luck]
        });
        let losses = losses.collect();
        (Basis::main(vec![Axis::Normal(3); 3]), at, losses)
    }

    #[test]
    fn a_normal_incremental_cost_has_the_unit_normal_loss() {
        let (basis, at, losses) = sample(1, 0.0);
        let fits = regression::fit(&basis, &at, &losses, 32, 2).unwrap();
        let whole = perfect(&losses, 32, 0.999);
        let truth = loss_integral(MEAN, SD[0].hypot(SD[1]));
        assert!(whole.interval.contains(truth), "{whole:?} {truth}");
        assert!((whole.value / truth - 1.0).abs() < 0.05, "{whole:?} {truth}");
        for (input, sd) in SD.into_iter().enumerate() {
            for share in [1.0, 0.5, 0.1] {
                let value = partial(&basis, &fits, &[0, 1], input, share, 0.999);
                let truth = loss_integral(MEAN, sd * f64::sqrt(share));
                let room = 5e-3 * truth;
                let near = (value.value - truth).abs() < room;
                assert!(
                    value.interval.contains(truth) || near,
                    "{input} {share} {value:?} {truth}"
                );
                assert!((value.value / truth - 1.0).abs() < 0.1, "{value:?} {truth}");
            }
        }
    }

    #[test]
    fn an_inert_input_is_worth_nothing_whatever_the_noise() {
        for seed in 0..10 {
            let (basis, at, losses) = sample(seed, 3_000.0);
            let fits = regression::fit(&basis, &at, &losses, 32, 2).unwrap();
            let inert = partial(&basis, &fits, &[0, 1], 2, 1.0, 0.99);
            assert!(inert.interval.low == 0.0 && inert.value < 20.0, "{inert:?}");
            let first = partial(&basis, &fits, &[0, 1], 0, 1.0, 0.999);
            assert!(first.interval.contains(loss_integral(MEAN, SD[0])), "{first:?}");
        }
    }

    #[test]
    fn an_input_that_decides_alone_is_worth_all_there_is_to_know() {
        let points = Points { seed: 5, dimensions: 2 };
        let at: Vec<Vec<f64>> = (0..4096).map(|number| points.point(number)).collect();
        // The second strategy costs 1,000 more or 3,000 less, as a choice of the first input has it.
        let losses = |point: &Vec<f64>| {
            let extra = if point[0] < 0.6 { 1_000.0 } else { -3_000.0 };
            vec![7_000.0 * point[1], 7_000.0 * point[1] + extra]
        };
        let losses: Vec<Vec<f64>> = at.iter().map(losses).collect();
        let basis = Basis::main(vec![Axis::Choice(vec![0.6, 0.4]), Axis::Normal(3)]);
        let fits = regression::fit(&basis, &at, &losses, 32, 1).unwrap();
        // Now the second is best, at -600 on average; the wise take the first in 60 %.
        let truth = 600.0;
        let alone = partial(&basis, &fits, &[0, 1], 0, 1.0, 0.95);
        let whole = perfect(&losses, 32, 0.95);
        assert!((alone.value - truth).abs() < 15.0, "{alone:?}");
        assert!((whole.value - alone.value).abs() < 15.0, "{whole:?}");
        let inert = partial(&basis, &fits, &[0, 1], 1, 1.0, 0.95);
        assert!(inert.value < 1.0, "{inert:?}");
    }

    #[test]
    fn data_explain_what_conjugate_updating_says() {
        // A normal mean with prior variance 0.25 and cases of variance 1: four cases halve it.
        let drills = Observation::Duration { spread: 1.0, prior: 0.5 };
        assert!((drills.explain(4.0) - 0.5).abs() < 1e-12);
        let months = Observation::Month { strikes: 0.5, prior: 1.0 };
        assert!((months.explain(2.0) - 0.5).abs() < 1e-12);
        let tries = Observation::Try { probability: 0.5, prior: 2.0 };
        assert!((tries.explain(1.0) - 0.5).abs() < 1e-12);
        assert_eq!(explained(f64::INFINITY), 1.0);
        assert!((log_deviation(0.5, 2.0) - 4.0_f64.ln() / 3.289_707).abs() < 1e-5);
    }
}
