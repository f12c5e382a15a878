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
use super::regression::{self, Estimate, Fit};
use crate::numeric::{normal_deviate, normal_quantile};
use crate::stats::Interval;

/// Values of an input over which a mean is taken.
const GRID: usize = 2001;

/// The regression of what each strategy loses more than the one that is best on average. Differences
/// are fitted and not the losses, since most of the noise is the same for all strategies.
#[derive(Debug)]
pub struct Losses {
    basis: Basis,
    fit: Fit,
}

/// The value of data on an input, where chance may have it.
#[derive(Debug, Clone, Copy)]
struct Chance {
    /// How many standard errors the squared size of each curve is above its estimate.
    size: f64,
    /// How many standard errors the lead of the best strategy is below its estimate.
    lead: f64,
}

impl Losses {
    /// From the loss of every strategy at each of many points; none where there are too few.
    pub fn new(
        basis: &Basis,
        points: &[Vec<f64>],
        losses: &[Vec<f64>],
        threads: usize,
    ) -> Option<Losses> {
        let strategies = losses.first()?.len();
        let whole = |at: usize| losses.iter().map(|row| row[at]).sum::<f64>();
        let best = (0..strategies).min_by(|&a, &b| whole(a).total_cmp(&whole(b)))?;
        let others = (0..strategies).filter(|at| *at != best);
        let more = |row: &Vec<f64>| others.clone().map(|at| row[at] - row[best]).collect();
        let rows: Vec<Vec<f64>> = losses.iter().map(more).collect();
        let fit = regression::fit_whole(basis, points, &rows, threads)?;
        Some(Losses { basis: basis.clone(), fit })
    }

    /// What data are worth on a coordinate that explain `share` of its variance; EVPPI where that is
    /// 1.
    ///
    /// A curve of pure noise has a size, and its crossings would look as if they were worth something.
    /// So each curve is shrunk until its square is what is left of it without the variance of its
    /// estimate. The interval holds what that square and the lead of the best strategy may be by
    /// chance. For an input that does not matter it begins at 0, and it ends at what the points cannot
    /// rule out.
    pub fn worth(&self, coordinate: usize, share: f64, confidence: f64) -> Estimate {
        let z = normal_deviate(confidence);
        let saving = |size: f64, lead: f64| self.saving(coordinate, share, Chance { size, lead });
        let value = saving(0.0, 0.0);
        let both = z / std::f64::consts::SQRT_2;
        let up = (saving(z, 0.0) - value).hypot(saving(0.0, z) - value);
        let up = up.max(saving(both, both) - value);
        let down = (value - saving(-z, 0.0)).hypot(value - saving(0.0, -z));
        let down = down.max(value - saving(-both, -both));
        let interval = Interval { low: (value - down).max(0.0), high: value + up };
        Estimate { value, interval }
    }

    /// What is saved, on average, by choosing with data that explain `share` of the input's variance.
    fn saving(&self, coordinate: usize, share: f64, chance: Chance) -> f64 {
        let terms = (1..).zip(&self.basis.terms);
        let own: Vec<usize> =
            terms.filter(|(_, term)| term.is_main(coordinate)).map(|(at, _)| at).collect();
        let axis = &self.basis.axes[coordinate];
        // By strategy that is not the best: what it loses more, and the coefficients of its curve.
        let curve = |loss: usize| {
            let all = &self.fit.coefficients[loss];
            let (mut square, mut noise, mut spread) = (0.0, 0.0, 0.0);
            for &at in &own {
                let (part, variance) = (all[at] * all[at], self.fit.variance(loss, at));
                square += part;
                noise += variance;
                // Of the square of a normal value with that mean and variance.
                spread += 4.0 * part * variance + 2.0 * variance * variance;
            }
            let kept = square - noise + chance.size * spread.sqrt();
            let scale = if square > 0.0 { (kept.max(0.0) / square).sqrt() } else { 0.0 };
            let lead = all[0] - chance.lead * self.fit.variance(loss, 0).sqrt();
            (lead.max(0.0), own.iter().map(|at| scale * all[*at]).collect::<Vec<f64>>())
        };
        let curves: Vec<_> = (0..self.fit.coefficients.len()).map(curve).collect();
        // A curve that cannot cross costs no time.
        let curves: Vec<_> =
            curves.iter().filter(|(_, own)| own.iter().any(|value| *value != 0.0)).collect();
        if curves.is_empty() {
            return 0.0;
        }
        let mut row = Vec::new();
        let mut saved = 0.0;
        for k in 0..GRID {
            row.clear();
            axis.push((k as f64 + 0.5) / GRID as f64, &mut row);
            let mut damp = 1.0;
            for value in &mut row {
                // A choice is known or not; its contrasts have no order.
                damp *= if matches!(axis, Axis::Choice(_)) { 1.0 } else { share.sqrt() };
                *value *= damp;
            }
            let more = |(lead, own): &&(f64, Vec<f64>)| {
                lead + own.iter().zip(&row).map(|(a, b)| a * b).sum::<f64>()
            };
            saved -= curves.iter().map(more).fold(0.0, f64::min);
        }
        saved / GRID as f64
    }
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
        let known = Losses::new(&basis, &at, &losses, 2).unwrap();
        let whole = perfect(&losses, 32, 0.999);
        let truth = loss_integral(MEAN, SD[0].hypot(SD[1]));
        assert!(whole.interval.contains(truth), "{whole:?} {truth}");
        assert!((whole.value / truth - 1.0).abs() < 0.05, "{whole:?} {truth}");
        for (input, sd) in SD.into_iter().enumerate() {
            for share in [1.0, 0.5, 0.1] {
                let value = known.worth(input, share, 0.999);
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
        let mut zeros = 0;
        for seed in 0..10 {
            let (basis, at, losses) = sample(seed, 3_000.0);
            let known = Losses::new(&basis, &at, &losses, 2).unwrap();
            let inert = known.worth(2, 1.0, 0.99);
            assert!(inert.interval.low == 0.0 && inert.value < 20.0, "{inert:?}");
            zeros += u32::from(inert.value == 0.0);
            let first = known.worth(0, 1.0, 0.999);
            assert!(first.interval.contains(loss_integral(MEAN, SD[0])), "{first:?}");
        }
        assert!(zeros >= 3, "of noise alone, half is less than its own variance: {zeros}");
    }

    #[test]
    fn what_so_few_points_cannot_rule_out_is_in_the_interval() {
        // An input worth a little, under noise that hides it: its value is inside, and 0 may be.
        let (mut held, small, lead) = (0, 150.0, 100.0);
        let truth = loss_integral(lead, small);
        for seed in 0..40 {
            let points = Points { seed, dimensions: 1 };
            let at: Vec<Vec<f64>> = (0..512).map(|number| points.point(number)).collect();
            let losses = (0..).zip(&at).map(|(number, point)| {
                let luck = 3_000.0 * normal_quantile(points.anew(number, 7));
                vec![0.0, lead + small * normal_quantile(point[0]) + luck]
            });
            let losses: Vec<Vec<f64>> = losses.collect();
            let basis = Basis::main(vec![Axis::Normal(3)]);
            let known = Losses::new(&basis, &at, &losses, 1).unwrap();
            let worth = known.worth(0, 1.0, 0.95);
            assert!(worth.interval.high > 0.0, "nothing is ruled out here: {worth:?}");
            held += u32::from(worth.interval.contains(truth));
        }
        assert!(held >= 34, "{held} of 40");
    }

    #[test]
    fn a_price_that_hardly_ever_decides_is_worth_what_its_tail_is() {
        use super::super::basis::Line;
        // A price between 700 and 6,800 in nearly all cases, and a lead that it hardly ever makes good.
        let price = |u: f64| 2_200.0 * libm::exp(0.5 * normal_quantile(u.clamp(0.001, 0.999)));
        let slices = 100_000;
        let all = (0..slices).map(|at| price((f64::from(at) + 0.5) / f64::from(slices)));
        let mean = all.clone().sum::<f64>() / f64::from(slices);
        let lead = 1_300.0;
        let truth = all.map(|p| (mean - lead - p).max(0.0)).sum::<f64>() / f64::from(slices);
        let points = Points { seed: 3, dimensions: 1 };
        let at: Vec<Vec<f64>> = (0..2048).map(|number| points.point(number)).collect();
        let losses = |(number, point): (u64, &Vec<f64>)| {
            let luck = 500.0 * normal_quantile(points.anew(number, 7));
            vec![0.0, lead + price(point[0]) - mean + luck]
        };
        let losses: Vec<Vec<f64>> = (0..).zip(&at).map(losses).collect();
        let line = Line::new(|u| Some(price(u))).unwrap();
        let worth = |axis: Axis| {
            let basis = Basis::main(vec![axis]);
            Losses::new(&basis, &at, &losses, 1).unwrap().worth(0, 1.0, 0.95)
        };
        let known = worth(Axis::Price(line));
        assert!(known.interval.contains(truth), "{known:?} {truth}");
        // A polynomial of the deviate would turn up in the tail.
        assert!((known.value / truth - 1.0).abs() < 0.25, "{known:?} {truth}");
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
        let known = Losses::new(&basis, &at, &losses, 1).unwrap();
        // Now the second is best, at -600 on average; the wise take the first in 60 %.
        let truth = 600.0;
        let alone = known.worth(0, 1.0, 0.95);
        let whole = perfect(&losses, 32, 0.95);
        assert!((alone.value - truth).abs() < 15.0, "{alone:?}");
        assert!((whole.value - alone.value).abs() < 15.0, "{whole:?}");
        let inert = known.worth(1, 1.0, 0.95);
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
