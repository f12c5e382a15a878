//! Confidence intervals: what an estimate from finitely many trials may be off by.
//!
//! Means get the normal interval, probabilities Wilson's, quantiles an interval of order statistics
//! that holds for every distribution. Each function says what its confidence means and when it is
//! only approximate. All arithmetic is basic operations and `libm`, so that the limits have the
//! same bits on every platform.
//!
//! Samples do not enter, only what was made of them: a mean, a count, a rank.

use crate::numeric::{Binomial, normal_deviate};
use serde::{Deserialize, Serialize};

/// A closed interval; `low <= high`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

impl Interval {
    /// Half the distance between the limits.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// The interval of what a rising function makes of the number.
    pub fn map(&self, rising: impl Fn(f64) -> f64) -> Interval {
        Interval { low: rising(self.low), high: rising(self.high) }
    }

    /// Whether `x` lies between the limits or on one.
    pub fn contains(&self, x: f64) -> bool {
        self.low <= x && x <= self.high
    }
}

/// Interval for a mean: `mean` plus and minus [`normal_deviate`] standard errors, from `count`
/// independent values; `None` for fewer than two, which say nothing of the spread.
///
/// Normal and not Student's t: both rest on the mean being nearly normal, which many trials make
/// it. At 1,000 trials t is 0.1 % wider, at 10,000 0.01 %; and where there are too few trials for
/// the normal, it is the skewness of the values that spoils the coverage, which t does not cure.
pub fn mean_interval(
    mean: f64,
    standard_error: f64,
    count: u64,
    confidence: f64,
) -> Option<Interval> {
    let half_width = normal_deviate(confidence) * standard_error;
    (count >= 2).then_some(Interval { low: mean - half_width, high: mean + half_width })
}

/// Interval for a probability after `successes` in `count` independent trials: the score interval
/// of Wilson (1927). No trials leave everything open: 0 to 1.
///
/// Unlike the interval of plus and minus standard errors it works for none or all successes. Its
/// coverage is `confidence` on average over probabilities, not for each: see Brown, Cai and
/// DasGupta (2001), "Interval estimation for a binomial proportion".
pub fn wilson(successes: u64, count: u64, confidence: f64) -> Interval {
    debug_assert!(successes <= count, "no more successes than trials");
    if count == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    wilson_of_share(successes as f64 / count as f64, count as f64, confidence)
}

/// [`wilson`] for a share whose variance is that of `effective` independent trials: of a stratified
/// sample, or of items that come in clusters.
pub fn wilson_of_share(share: f64, effective: f64, confidence: f64) -> Interval {
    if effective.is_nan() || effective <= 0.0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let n = effective;
    let z = normal_deviate(confidence);
    let z2 = z * z;
    let centre = share + z2 / (2.0 * n);
    let spread = z * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // Exactly 0 and 1 in theory at the two ends; rounding must not leave a trace there.
    let low = if share <= 0.0 { 0.0 } else { ((centre - spread) / scale).max(0.0) };
    let high = if share >= 1.0 { 1.0 } else { ((centre + spread) / scale).min(1.0) };
    Interval { low, high }
}

/// Ranks, counted from 1, of the two order statistics of `count` independent values between which
/// the quantile for probability `p` lies with probability `confidence` or more, whatever the
/// distribution; `None` if no two of so few values can promise that, or unless `0 < p < 1`.
///
/// The number B of values below the quantile is binomial (count, p). The lower rank is the largest
/// with P(B < rank) <= (1 - confidence) / 2, the upper the smallest with P(B >= rank) <= the same:
/// equal tails, each side as tight as its half of the risk allows. For a distribution with atoms
/// the coverage can only be larger. Conover (1999), "Practical nonparametric statistics", section
/// 3.2; Hahn and Meeker (1991), "Statistical intervals", section 5.2.
///
/// The binomial distribution is exact for every `count`; the work grows with the root of `count`.
pub fn quantile_ranks(count: u64, p: f64, confidence: f64) -> Option<(u64, u64)> {
    if count == 0 || !(0.0 < p && p < 1.0) {
        return None;
    }
    let distribution = Binomial::new(count, p);
    // A tail equal to its allowance on paper must not fail by rounding.
    let allowance = (1.0 - confidence) / 2.0 * (1.0 + 1e-11);
    let within = |masses: &mut dyn Iterator<Item = &f64>| {
        let mut tail = 0.0;
        let fits = |mass: &&f64| {
            tail += **mass;
            tail <= allowance
        };
        masses.take_while(fits).count() as u64
    };
    // So many of the smallest outcomes may be missed, and so many of the largest.
    let smallest = distribution.first + within(&mut distribution.masses.iter());
    let missing_above = count + 1 - (distribution.first + distribution.masses.len() as u64);
    let largest = missing_above + within(&mut distribution.masses.iter().rev());
    (smallest >= 1 && largest >= 1).then(|| (smallest, count + 1 - largest))
}

/// The value of ascending `sorted` that stands nearest to the quantile for probability `p`; `None`
/// without values.
pub fn nearest_rank(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)? as f64;
    sorted.get((p * last).round() as usize).copied()
}

/// The two values between which the central part of ascending `sorted` lies; `None` without values.
pub fn central_interval(sorted: &[f64], confidence: f64) -> Option<Interval> {
    let low = nearest_rank(sorted, 0.5 * (1.0 - confidence))?;
    Some(Interval { low, high: nearest_rank(sorted, 0.5 * (1.0 + confidence))? })
}

/// P value of the exact two-sided binomial test: the probability, when the truth is `p`, of all
/// outcomes no more likely than `successes` in `count`. For tests of coverage.
#[cfg(test)]
pub(crate) fn binomial_test_two_sided(successes: u64, count: u64, p: f64) -> f64 {
    let distribution = Binomial::new(count, p);
    let index = successes.checked_sub(distribution.first).map(|index| index as usize);
    let observed = index.and_then(|index| distribution.masses.get(index)).copied().unwrap_or(0.0);
    distribution.masses.iter().filter(|&&mass| mass <= observed * (1.0 + 1e-7)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Moments;
    use crate::stats::quantiles::{Kind, Quantiles};
    use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
    use statrs::distribution::{ContinuousCDF, Normal};

    fn close(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance, "{a} is not {b}");
    }

    mod normal {
        use super::*;

        #[test]
        fn deviates_agree_with_the_tables() {
            for (confidence, z) in [
                (0.5, 0.674_489_750_196_081_7),
                (0.9, 1.644_853_626_951_472_2),
                (0.95, 1.959_963_984_540_054),
                (0.99, 2.575_829_303_548_900_4),
                (0.999, 3.290_526_731_491_926),
            ] {
                // 0.999 as a double is off by 5e-14 of its distance from 1.
                close(normal_deviate(confidence), z, 1e-13);
                let reference = Normal::standard().inverse_cdf(0.5 + confidence / 2.0);
                close(normal_deviate(confidence), reference, 1e-9);
            }
        }

        #[test]
        fn the_interval_is_so_many_standard_errors_wide() {
            let interval = mean_interval(10.0, 2.0, 50, 0.95).unwrap();
            close(interval.low, 6.080_072_030_919_892, 1e-12);
            close(interval.half_width(), 3.919_927_969_080_108, 1e-12);
            assert!(interval.contains(10.0) && !interval.contains(6.0));
            assert_eq!(mean_interval(10.0, 0.0, 1, 0.95), None);
        }
    }

    mod wilson_interval {
        use super::*;

        #[test]
        fn published_values_are_met() {
            // Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I,
            // method 3.
            for (successes, count, low, high) in [
                (81, 263, 0.2553, 0.3662),
                (15, 148, 0.0624, 0.1605),
                (0, 20, 0.0, 0.1611),
                (1, 29, 0.0061, 0.1718),
            ] {
                let interval = wilson(successes, count, 0.95);
                close(interval.low, low, 5e-5);
                close(interval.high, high, 5e-5);
            }
        }

        #[test]
        fn none_and_all_are_mirror_images_and_touch_the_end() {
            for n in [1, 7, 1000, 1_000_000] {
                let (none, all) = (wilson(0, n, 0.95), wilson(n, n, 0.95));
                assert_eq!((none.low, all.high), (0.0, 1.0));
                close(none.high, 1.0 - all.low, 1e-12);
            }
            assert_eq!(wilson(0, 0, 0.95), Interval { low: 0.0, high: 1.0 });
        }

        #[test]
        fn the_limits_solve_the_score_equation() {
            // |share - limit| = z sqrt(limit (1 - limit) / n)
            let z = normal_deviate(0.9);
            let interval = wilson(37, 120, 0.9);
            for limit in [interval.low, interval.high] {
                let error = z * (limit * (1.0 - limit) / 120.0).sqrt();
                close((37.0 / 120.0 - limit).abs(), error, 1e-13);
            }
        }
    }

    mod ranks {
        use super::*;

        /// P(low <= B < high): the exact coverage of a pair of ranks.
        fn coverage(count: u64, p: f64, (low, high): (u64, u64)) -> f64 {
            let distribution = Binomial::new(count, p);
            let outcomes = (distribution.first..).zip(&distribution.masses);
            outcomes.filter(|(b, _)| (low..high).contains(b)).map(|(_, mass)| mass).sum()
        }

        #[test]
        fn published_ranks_for_the_median_are_met() {
            // 95 % intervals for a median, the classical table of the sign test: n, lower, upper.
            for (n, low, high) in [
                (6, 1, 6),
                (8, 1, 8),
                (9, 2, 8),
                (10, 2, 9),
                (15, 4, 12),
                (20, 6, 15),
                (25, 8, 18),
                (30, 10, 21),
                (50, 18, 33),
                (100, 40, 61),
            ] {
                assert_eq!(quantile_ranks(n, 0.5, 0.95), Some((low, high)), "n = {n}");
            }
        }

        #[test]
        fn too_few_values_promise_nothing() {
            assert_eq!(quantile_ranks(5, 0.5, 0.95), None); // 2 / 2^5 > 5 %
            assert_eq!(quantile_ranks(0, 0.5, 0.95), None);
            // The largest of n is above the 99 % point with 1 - 0.99^n: 97.5 % needs 368.
            assert_eq!(quantile_ranks(367, 0.99, 0.95), None);
            assert_eq!(quantile_ranks(368, 0.99, 0.95).unwrap().1, 368);
            assert_eq!(quantile_ranks(100, 0.0, 0.95), None);
            assert_eq!(quantile_ranks(100, 1.0, 0.95), None);
        }

        #[test]
        fn coverage_is_as_promised_and_no_tail_could_give_more() {
            for n in [60, 100, 368, 1000, 10_000, 250_000] {
                for p in [0.1, 0.5, 0.9, 0.95, 0.99] {
                    for confidence in [0.5, 0.9, 0.95, 0.99] {
                        let Some((low, high)) = quantile_ranks(n, p, confidence) else {
                            continue;
                        };
                        assert!(coverage(n, p, (low, high)) >= confidence - 1e-12);
                        let tail = (1.0 - confidence) / 2.0;
                        assert!(1.0 - coverage(n, p, (low + 1, n + 1)) > tail);
                        assert!(1.0 - coverage(n, p, (0, high - 1)) > tail);
                    }
                }
            }
        }

        #[test]
        fn the_smaller_and_the_larger_quantile_are_mirror_images() {
            for n in [200, 5000] {
                let (low, high) = quantile_ranks(n, 0.05, 0.95).unwrap();
                assert_eq!(quantile_ranks(n, 0.95, 0.95), Some((n + 1 - high, n + 1 - low)));
            }
        }

        #[test]
        fn a_very_large_sample_has_the_ranks_of_the_normal_approximation() {
            let (n, p) = (100_000_000_u64, 0.99);
            let (low, high) = quantile_ranks(n, p, 0.95).unwrap();
            let (mean, sd) = (n as f64 * p, (n as f64 * p * (1.0 - p)).sqrt());
            close(low as f64, mean - 1.959_964 * sd, 2.0);
            close(high as f64, mean + 1.959_964 * sd, 2.0);
        }

        #[test]
        fn the_two_sided_test_is_that_of_r() {
            // R: binom.test(7, 20, 0.5), binom.test(682, 925, 0.75)
            close(binomial_test_two_sided(7, 20, 0.5), 0.263_175_96, 1e-8);
            close(binomial_test_two_sided(682, 925, 0.75), 0.382_491_5, 1e-6);
            // By hand: only one success is likelier than none, 1 - 10 * 0.1 * 0.9^9.
            close(binomial_test_two_sided(0, 10, 0.1), 0.612_579_511, 1e-12);
        }

        #[test]
        fn quantile_intervals_cover_as_often_as_theory_says() {
            for (n, p) in [(100, 0.5), (500, 0.95)] {
                let (low, high) = quantile_ranks(n, p, 0.95).unwrap();
                let truth = -(1.0 - p).ln();
                let covered = covered(|rng| {
                    let mut sample = Quantiles::new(Kind::Continuous);
                    (0..n).for_each(|_| sample.push(exponential(rng)));
                    let sorted = sample.sorted();
                    let limit = |rank| sorted.order_statistic(rank).unwrap();
                    Interval { low: limit(low), high: limit(high) }.contains(truth)
                });
                let p_value = binomial_test_two_sided(covered, 500, coverage(n, p, (low, high)));
                assert!(p_value > 0.001, "{covered} of 500 covered, p = {p_value}");
            }
        }
    }

    mod coverage {
        use super::*;

        #[test]
        fn mean_intervals_cover_as_often_as_they_say() {
            let covered = covered(|rng| {
                let mut sample = Moments::default();
                (0..2000).for_each(|_| sample.push(exponential(rng)));
                let standard_error = sample.standard_error().unwrap();
                let mean = sample.mean().unwrap();
                mean_interval(mean, standard_error, 2000, 0.95).unwrap().contains(1.0)
            });
            let p_value = binomial_test_two_sided(covered, 500, 0.95);
            assert!(p_value > 0.001, "{covered} of 500 covered, p = {p_value}");
        }

        #[test]
        fn wilson_intervals_cover_as_often_as_theory_says() {
            for (n, p) in [(200, 0.3), (1000, 0.97)] {
                let distribution = Binomial::new(n, p);
                let outcomes = (distribution.first..).zip(&distribution.masses);
                let covering = outcomes.filter(|&(k, _)| wilson(k, n, 0.95).contains(p));
                let exact: f64 = covering.map(|(_, mass)| mass).sum();
                close(exact, 0.95, 0.01);
                let covered = covered(|rng| {
                    let successes = (0..n).filter(|_| rng.random::<f64>() < p).count();
                    wilson(successes as u64, n, 0.95).contains(p)
                });
                let p_value = binomial_test_two_sided(covered, 500, exact);
                assert!(p_value > 0.001, "{covered} of 500 covered, p = {p_value}");
            }
        }
    }

    fn exponential(rng: &mut Xoshiro256PlusPlus) -> f64 {
        -(1.0 - rng.random::<f64>()).ln()
    }

    /// For how many of the seeds 1..=500 an interval covered the truth.
    fn covered(mut trial: impl FnMut(&mut Xoshiro256PlusPlus) -> bool) -> u64 {
        (1..=500).filter(|&seed| trial(&mut Xoshiro256PlusPlus::seed_from_u64(seed))).count() as u64
    }
}
