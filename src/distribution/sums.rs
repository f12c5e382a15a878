//! The sum of many independent draws of one distribution, in one draw.
//!
//! An office of 25,000 people may change thousands of passwords in one outage; their waits need
//! only be known in sum. For many terms the sum follows from its first four cumulants.

use super::Rng;
use super::draws::standard_normal;

/// From this many terms on the expansion of [`sum_of_iid`] is close enough to be used.
///
/// It is the smallest n from which on the distribution function of the sum is off by less than 1e-4
/// everywhere (about the Kolmogorov-Smirnov resolution of a hundred million draws), for the
/// distributions that a workload meets: uniform; exponential cut at a width, rate times width up to
/// 5; and two uniform cells of weights 0.9 and 0.1 side by side in a window of 10 h, split at any
/// hour. The last with the split at 1 h needs the most. A test finds the number again from
/// characteristic functions.
pub const LIMIT_LAW_FROM: u64 = 154;

/// The same for distributions that are all but uniform, to 5e-5, so that several such sums may be
/// added up: uniform, and exponential cut at a width of which the rate makes no more than
/// [`NEARLY_UNIFORM`]. Their skewness is next to nothing, and without it the expansion is off by an
/// order less.
pub const NEARLY_UNIFORM_FROM: u64 = 13;

/// Rate times width up to which a cut exponential counts as nearly uniform.
pub const NEARLY_UNIFORM: f64 = 0.1;

/// The sum of `n` independent draws of one distribution, given the distribution's mean, variance,
/// third central moment and fourth cumulant (fourth central moment less three squared variances).
///
/// Cornish and Fisher's expansion to second order: what remains is of order n^(-3/2), see
/// [`LIMIT_LAW_FROM`]. With z standard normal, s and k the skewness and excess kurtosis of the sum,
/// the standardised sum is z + s (z^2 - 1) / 6 + k (z^3 - 3 z) / 24 - s^2 (2 z^3 - 5 z) / 36.
/// Sources: E. A. Cornish and R. A. Fisher, *Moments and Cumulants in the Specification of
/// Distributions* (1938); R. A. Fisher and E. A. Cornish, *The Percentile Points of Distributions
/// Having Known Cumulants* (1960).
///
/// The result is not cut to the range that n draws can reach; with `n` large it does not leave it.
/// A variance of 0 (or below, or NaN) gives n times the mean.
#[inline]
pub fn sum_of_iid(n: u64, cumulants: [f64; 4], rng: &mut Rng) -> f64 {
    let [mean, variance, third, fourth] = cumulants;
    let n = n as f64;
    let deviation = (n * variance).sqrt();
    if deviation > 0.0 {
        let skewness = third / (variance * deviation);
        let kurtosis = fourth / (variance * variance * n);
        n * mean + deviation * expansion(standard_normal(rng), skewness, kurtosis)
    } else {
        n * mean
    }
}

/// The standardised sum at the standard normal z.
#[inline]
fn expansion(z: f64, skewness: f64, kurtosis: f64) -> f64 {
    let z2 = z * z;
    z + skewness / 6.0 * (z2 - 1.0) + kurtosis / 24.0 * z * (z2 - 3.0)
        - skewness * skewness / 36.0 * z * (2.0 * z2 - 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::distribution::draws::uniform;
    use crate::distribution::judge;
    use crate::numeric::normal_cdf;
    use std::f64::consts::TAU;

    /// A step density: cells (from, to, weight). Exponentials are cut into very many.
    struct Cells(Vec<(f64, f64, f64)>);

    impl Cells {
        fn cut_exponential(rate: f64) -> Cells {
            // Each cell has its exact share, and the cumulants are those of the steps.
            let count = 400;
            let edge = |k: i32| f64::from(k) / f64::from(count);
            let share = |k: i32| {
                ((-rate * edge(k)).exp() - (-rate * edge(k + 1)).exp()) / -(-rate).exp_m1()
            };
            Cells((0..count).map(|k| (edge(k), edge(k + 1), share(k))).collect())
        }

        fn two(split: f64, first: f64) -> Cells {
            Cells(vec![(0.0, split, first), (split, 10.0, 1.0 - first)])
        }

        fn cumulants(&self) -> [f64; 4] {
            let about = |c: f64, k: i32| {
                let part = |(from, to, w): &(f64, f64, f64)| {
                    w * ((to - c).powi(k + 1) - (from - c).powi(k + 1))
                        / (f64::from(k + 1) * (to - from))
                };
                self.0.iter().map(part).sum::<f64>()
            };
            let mean = about(0.0, 1);
            let variance = about(mean, 2);
            [mean, variance, about(mean, 3), about(mean, 4) - 3.0 * variance * variance]
        }

        /// The characteristic function of X - mean at t: real and imaginary part.
        fn characteristic(&self, mean: f64, t: f64) -> (f64, f64) {
            self.0.iter().fold((0.0, 0.0), |(re, im), (from, to, w)| {
                let (centre, half) = (0.5 * (from + to) - mean, 0.5 * (to - from) * t);
                let height = w * if half == 0.0 { 1.0 } else { half.sin() / half };
                (re + height * (centre * t).cos(), im + height * (centre * t).sin())
            })
        }

        /// The largest error of the distribution function of the expansion for n terms, on a grid
        /// of z from -5 to 5. The truth is Gil-Pelaez's integral by the trapezium rule, which
        /// converges faster than any power for a sum this smooth.
        fn error(&self, n: u64) -> f64 {
            let [mean, variance, third, fourth] = self.cumulants();
            let n = n as f64;
            let deviation = (n * variance).sqrt();
            let (skewness, kurtosis) =
                (third / (variance * deviation), fourth / (variance * variance * n));
            let step = TAU / 30.0;
            let mut waves = Vec::new();
            for k in 0..2000 {
                let t = (f64::from(k) + 0.5) * step;
                let (re, im) = self.characteristic(mean, t / deviation);
                let size = (n * 0.5 * (re * re + im * im).ln()).exp();
                waves.push((t, size, n * im.atan2(re)));
                if size < 1e-14 && t > 8.0 {
                    break;
                }
            }
            let mut worst = 0.0_f64;
            for k in -100..=100 {
                let z = 0.05 * f64::from(k);
                let x = expansion(z, skewness, kurtosis);
                let wave = |(t, size, angle): &(f64, f64, f64)| size * (angle - t * x).sin() / t;
                let integral = waves.iter().map(wave).sum::<f64>() * step;
                let truth = 0.5 - integral / (0.5 * TAU);
                worst = worst.max((truth - normal_cdf(z)).abs());
            }
            worst
        }
    }

    fn distributions() -> Vec<(String, Cells)> {
        let mut distributions = vec![("uniform".to_owned(), Cells(vec![(0.0, 1.0, 1.0)]))];
        for rate in [0.5, 1.0, 2.0, 3.0, 4.0, 5.0] {
            distributions
                .push((format!("exponential cut at {rate}"), Cells::cut_exponential(rate)));
        }
        for split in 1..10 {
            for first in [0.9, 0.1] {
                let cells = Cells::two(f64::from(split), first);
                distributions.push((format!("{first} before {split} h"), cells));
            }
        }
        distributions
    }

    #[test]
    fn the_limit_is_the_smallest_number_of_terms_that_is_close_enough() {
        let mut needed = 0;
        for (name, cells) in distributions() {
            for n in [0, 1, 10, 50, 200, 1000, 10_000].map(|more| LIMIT_LAW_FROM + more) {
                let error = cells.error(n);
                assert!(error < 1e-4, "{name}: {error:e} with {n} terms");
            }
            if cells.error(LIMIT_LAW_FROM - 1) >= 1e-4 {
                needed += 1;
            }
        }
        assert!(needed > 0, "one term fewer would do");
    }

    #[test]
    fn the_limit_for_nearly_uniform_distributions_is_the_smallest_that_is_close_enough() {
        let distributions =
            [1e-9, 0.5 * NEARLY_UNIFORM, NEARLY_UNIFORM].map(Cells::cut_exponential);
        let error = |n: u64| distributions.iter().map(|cells| cells.error(n)).fold(0.0, f64::max);
        for more in [0, 1, 2, 5, 10, 50, 200] {
            let error = error(NEARLY_UNIFORM_FROM + more);
            assert!(error < 5e-5, "{error:e} with {more} more");
        }
        assert!(error(NEARLY_UNIFORM_FROM - 1) >= 5e-5, "one term fewer would do");
    }

    #[test]
    fn the_judge_finds_the_exact_distribution_of_a_sum_of_uniforms() {
        // Irwin and Hall: P(U1 + U2 + U3 <= 1) = 1/6, two standard deviations below the mean. The
        // expansion puts z there at the root below, and its error there is no more than the worst.
        let cells = Cells(vec![(0.0, 1.0, 1.0)]);
        let kurtosis = -1.2 / 3.0;
        let (mut low, mut high) = (-3.0, 0.0);
        for _ in 0..60 {
            let z = 0.5 * (low + high);
            if expansion(z, 0.0, kurtosis) < -1.0 { low = z } else { high = z }
        }
        let error = (normal_cdf(low) - 1.0 / 6.0).abs();
        assert!(error < cells.error(3) + 1e-6, "{error:e} {:e}", cells.error(3));
    }

    #[test]
    fn drawn_sums_agree_with_sums_of_draws() {
        // Exponential cut at five means: mean and variance of the sum, and its upper twentieth, by
        // adding up single draws.
        let cells = Cells::cut_exponential(5.0);
        let cumulants = cells.cumulants();
        let n = LIMIT_LAW_FROM;
        let (mean, variance) = (cumulants[0] * n as f64, cumulants[1] * n as f64);
        judge::has_moments("sum", |rng| sum_of_iid(n, cumulants, rng), mean, variance);
        let single = |rng: &mut Rng| -(-uniform(rng) * -(-5.0_f64).exp_m1()).ln_1p() / 5.0;
        let rng = &mut judge::generator(8);
        let (draws, mut added, mut drawn) = (20_000, 0, 0);
        let point = mean + 1.7 * variance.sqrt();
        for _ in 0..draws {
            added += u32::from((0..n).map(|_| single(rng)).sum::<f64>() > point);
            drawn += u32::from(sum_of_iid(n, cumulants, rng) > point);
        }
        let spread = f64::from(added + drawn).sqrt();
        let z = (f64::from(added) - f64::from(drawn)) / spread;
        assert!(z.abs() < 4.0, "{added} and {drawn} of {draws}, {z} standard errors");
    }

    #[test]
    fn a_distribution_without_spread_sums_to_n_means() {
        let rng = &mut judge::generator(1);
        assert_eq!(sum_of_iid(1000, [0.5, 0.0, 0.0, 0.0], rng), 500.0);
        assert_eq!(sum_of_iid(0, [0.5, 1.0, 0.0, 0.0], rng), 0.0);
        assert_eq!(sum_of_iid(1000, [0.5, f64::NAN, 0.0, 0.0], rng), 500.0);
    }

    #[test]
    fn first_sums_of_a_seed_stay_the_same() {
        let rng = &mut judge::generator(1);
        let sum = sum_of_iid(1000, [0.5, 1.0 / 12.0, 0.0, -1.0 / 120.0], rng);
        assert_eq!(sum.to_bits(), 4_647_639_265_790_474_612, "{sum}");
    }
}
