//! By how much an assumed distribution must be stretched to agree with a log.
//!
//! The middle: the factor c for which the logged durations lie on average in the middle of c times
//! the distribution: mean of F(x / c) equal to 1/2, F the assumed distribution function. It is the
//! estimate of J. L. Hodges and E. L. Lehmann (*Estimates of Location Based on Rank Tests*, 1963)
//! for one sample against a known distribution: it needs no mean (a distribution may have none), no
//! single duration moves it far, every duration counts, and of the accuracy of the best estimate
//! for a lognormal distribution it keeps 95 %, where the ratio of medians keeps 64 %. A lower bound
//! b counts with the middle of what is left, (1 + F(b / c)) / 2 (R. L. Prentice, *Linear Rank Tests
//! with Right Censored Data*, 1978).
//!
//! Its interval holds the factors at which the sum of F(x / c) - 1/2 is no further from 0 than
//! chance allows. If the log follows c times the distribution the shares are uniform and their
//! variance is known; if the shape of the distribution is wrong they are not, so the larger of that
//! and their own mean square counts. A normal deviate serves from n = 1 on: a sum of uniform
//! variables has lighter tails (of 3, 4.7 % lie beyond 1.96), and where the mean square is the
//! larger, a sum over its root does too if the shares lie evenly about the middle (B. Efron,
//! *Student's t-test under Symmetry Conditions*, 1969).

use super::percentiles::middle_share;
use super::{Options, Ratio};
use crate::distribution::Distribution;
use crate::evidence::sample::Sample;
use crate::evidence::substreams::Substreams;
use crate::stats::Interval;
use crate::threads::each;

/// ln of the largest factor that is looked at, some nine million; what lies beyond counts as
/// infinity, and as 0 on the other side.
const FURTHEST: f64 = 16.0;
/// Factors are found to within this share.
const ENOUGH: f64 = 1e-9;
/// Those that are only expected.
const ROUGHLY: f64 = 1e-5;
/// The variance of a uniform share.
const UNIFORM: f64 = 1.0 / 12.0;

/// Durations as the middle looks at them: each different one with its count.
#[derive(Debug)]
pub(super) struct Stretch<'a> {
    distribution: &'a Distribution,
    ended: Vec<(f64, f64)>,
    bounds: Vec<(f64, f64)>,
    n: f64,
}

/// Sum, sum of squares, and expected sum of squares of shares less 1/2.
struct Scores {
    sum: f64,
    squares: f64,
    expected: f64,
}

impl Stretch<'_> {
    pub(super) fn new<'a>(distribution: &'a Distribution, sample: &Sample) -> Stretch<'a> {
        let ended = counted(sample.observed());
        Stretch { distribution, ended, bounds: counted(sample.censored()), n: sample.len() as f64 }
    }

    fn scores(&self, factor: f64) -> Scores {
        let mut scores = Scores { sum: 0.0, squares: 0.0, expected: self.n * UNIFORM };
        for (hours, count) in &self.ended {
            let score = middle_share(self.distribution, hours / factor) - 0.5;
            scores.sum += count * score;
            scores.squares += count * score * score;
        }
        for (hours, count) in &self.bounds {
            let bound = self.distribution.cdf(hours / factor);
            scores.sum += count * 0.5 * bound;
            scores.squares += count * 0.25 * bound * bound;
            // The middle of what is left varies less than what is left.
            scores.expected -= count * UNIFORM * (1.0 - bound) * (1.0 - bound);
        }
        scores
    }

    /// Mean of the shares less 1/2, if the assumed distribution is stretched by `factor`.
    fn mean(&self, factor: f64) -> f64 {
        self.scores(factor).sum / self.n
    }

    /// In standard deviations.
    fn standardised(&self, factor: f64) -> f64 {
        let scores = self.scores(factor);
        let variance = scores.squares.max(scores.expected);
        if variance > 0.0 { scores.sum / variance.sqrt() } else { 0.0 }
    }

    /// The factor with its interval; `None` without a complete duration.
    pub(super) fn ratio(&self, deviate: f64) -> Option<Ratio> {
        if self.ended.is_empty() {
            return None;
        }
        // Where the distribution has an atom, or two middle durations lie apart, a range of factors
        // serves.
        let low = last_where(ENOUGH, |factor| self.mean(factor) > ENOUGH);
        let high = last_where(ENOUGH, |factor| self.mean(factor) >= -ENOUGH);
        let between = low > 0.0 && high < f64::INFINITY;
        let estimate = if between { low * (high / low).sqrt() } else { low.max(high) };
        let interval = Interval {
            low: last_where(ENOUGH, |factor| self.standardised(factor) > deviate).min(estimate),
            high: last_where(ENOUGH, |factor| self.standardised(factor) >= -deviate).max(estimate),
        };
        Some(Ratio { estimate, interval })
    }

    /// The interval to expect from `n` durations that follow the distribution, these being its
    /// quantiles.
    pub(super) fn expected_interval(&self, n: u64, deviate: f64) -> Interval {
        let room = deviate * (UNIFORM / n as f64).sqrt();
        Interval {
            low: last_where(ROUGHLY, |factor| self.mean(factor) > room),
            high: last_where(ROUGHLY, |factor| self.mean(factor) >= -room),
        }
    }
}

fn counted(hours: &[f64]) -> Vec<(f64, f64)> {
    hours.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as f64)).collect()
}

/// The largest factor at which something holds that holds for small ones; 0 and infinity beyond
/// what is looked at.
fn last_where(within: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let holds = |log: f64| holds(libm::exp(log));
    let (mut low, mut high) = (0.0, 0.0);
    let mut step = 0.25;
    // Away from 1 until the end lies between.
    let outwards = if holds(0.0) { 1.0 } else { -1.0 };
    loop {
        let next = outwards * step;
        if step > FURTHEST {
            return if outwards > 0.0 { f64::INFINITY } else { 0.0 };
        }
        if outwards > 0.0 {
            (low, high) = (high, next);
        } else {
            (low, high) = (next, low);
        }
        if holds(next) != (outwards > 0.0) {
            break;
        }
        step *= 2.0;
    }
    while high - low > within {
        let middle = f64::midpoint(low, high);
        if holds(middle) { low = middle } else { high = middle }
    }
    libm::exp(f64::midpoint(low, high))
}

/// The ratio of means, with its interval by simulation of the mean of as many durations of the
/// assumed distribution: it holds if the log follows a stretched form of it, which is the most that
/// can be had, since for no sample size is there an interval of a mean that holds for all
/// distributions (R. R. Bahadur and L. J. Savage, *The Nonexistence of Certain Statistical
/// Procedures in Nonparametric Problems*, 1956). `None` without a complete duration, with lower
/// bounds, or if the distribution's mean is infinite or 0.
pub(super) fn means(
    distribution: &Distribution,
    sample: &Sample,
    options: &Options,
) -> Option<Ratio> {
    let (observed, mean) = (sample.observed(), distribution.mean());
    let usable = mean.is_finite() && mean > 0.0 && sample.censored().is_empty();
    if observed.is_empty() || !usable {
        return None;
    }
    let n = observed.len();
    let estimate = observed.iter().sum::<f64>() / n as f64 / mean;
    let streams = Substreams::new(options.seed, &["assumption means", &options.purpose]);
    let count = options.replicates(n);
    let mut drawn = each(count, options.threads, |index| {
        let rng = &mut streams.replicate(index as u64);
        (0..n).map(|_| distribution.sample(rng)).sum::<f64>() / n as f64 / mean
    });
    drawn.sort_by(f64::total_cmp);
    // Among count + 1 equally likely ranks of the log's own mean, so many may be missed at an end.
    let missed = (0.5 * (1.0 - options.confidence) * (count + 1) as f64 + ENOUGH) as usize;
    let interval = match missed {
        0 => Interval { low: 0.0, high: f64::INFINITY },
        k => Interval { low: estimate / drawn[count - k], high: estimate / drawn[k - 1] },
    };
    Some(Ratio { estimate, interval })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn middle(distribution: &Distribution, observed: &[f64], censored: &[f64]) -> Option<Ratio> {
        Stretch::new(distribution, &Sample::new(observed.to_vec(), censored.to_vec())).ratio(1.96)
    }

    fn near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-8, "{found} is not {expected}");
    }

    #[test]
    fn the_factor_is_that_by_hand() {
        // Uniform on 0 to 2: the mean of x / 2c is 1/2 for c the mean, as long as all x are below
        // 2c.
        let distribution = Distribution::uniform(0.0, 2.0).unwrap();
        let found = middle(&distribution, &[1.0, 2.0, 4.0, 3.0], &[]).unwrap();
        near(found.estimate, 2.5);
        // With t = 1 / 2c the sum is 10 t - 2 and the sum of squares 30 t^2 - 10 t + 1, which at
        // the upper end is more than 4 / 12: so (10 t - 2)^2 = 1.96^2 (30 t^2 - 10 t + 1) there.
        let z2 = 1.96_f64 * 1.96;
        let (a, b, c) = (100.0 - 30.0 * z2, 10.0 * z2 - 40.0, 4.0 - z2);
        let t = (-b - (b * b - 4.0 * a * c).sqrt()) / (2.0 * a);
        near(found.interval.high, 0.5 / t);
        // Exponential with a bound: (1 - e^-x/c) and (1 - e^-b/c / 2) have the mean 1/2.
        let distribution = Distribution::exponential(1.0).unwrap();
        let found = middle(&distribution, &[1.0], &[1.0]).unwrap();
        near(found.estimate, 1.0 / 1.5_f64.ln());
    }

    #[test]
    fn stretching_the_log_stretches_the_factor() {
        let distribution = Distribution::gamma(3.0, 0.9).unwrap();
        let hours = [0.2, 0.9, 1.5, 3.3, 8.0, 9.0, 20.0];
        let one = middle(&distribution, &hours, &[2.0, 5.0]).unwrap();
        let seven = middle(&distribution, &hours.map(|x| 7.0 * x), &[14.0, 35.0]).unwrap();
        near(seven.estimate, 7.0 * one.estimate);
        near(seven.interval.low, 7.0 * one.interval.low);
        near(seven.interval.high, 7.0 * one.interval.high);
    }

    #[test]
    fn against_a_constant_the_factor_is_the_ratio_of_medians() {
        let distribution = Distribution::constant_of(4.0);
        near(middle(&distribution, &[1.0, 8.0, 9.0], &[]).unwrap().estimate, 2.0);
        near(middle(&distribution, &[4.0, 16.0], &[]).unwrap().estimate, 2.0);
        let same = middle(&distribution, &[4.0; 5], &[]).unwrap();
        near(same.interval.low, 1.0);
        near(same.interval.high, 1.0);
    }

    #[test]
    fn what_cannot_be_bounded_is_open() {
        let distribution = Distribution::exponential(1.0).unwrap();
        let open = Interval { low: 0.0, high: f64::INFINITY };
        assert_eq!(middle(&distribution, &[3.0], &[]).unwrap().interval, open);
        assert_eq!(middle(&distribution, &[], &[3.0]), None);
        // A distribution that is always 0, or mostly, is too short by any factor.
        assert_eq!(
            middle(&Distribution::constant_of(0.0), &[1.0; 9], &[]).unwrap().estimate,
            f64::INFINITY
        );
    }
}
