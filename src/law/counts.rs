//! Exact counts: how many arrivals, how many of n.
//!
//! Both samplers are set up anew at each call, because in a workload the mean differs each time. They
//! are exact to the rounding of `f64`: no normal or Poisson approximation is taken anywhere.
//! Small means go by inversion, searching up from 0; larger ones by the transformed rejection of
//! W. Hoermann, whose box accepts nine draws of ten without a logarithm.

use super::Rng;
use super::draws::{open_uniform, uniform};
use super::special::{deviance, stirling_error};

/// From this mean on rejection is faster than a search. Hoermann's constants hold from 10 on.
const REJECTION_FROM: f64 = 10.0;

/// 1 / k. A search never comes near the end: with a mean below 10, P(X > 127) is below 1e-90.
const RECIPROCALS: [f64; 128] = {
    let mut table = [0.0; 128];
    let mut k = 1;
    while k < 128 {
        table[k] = 1.0 / k as f64;
        k += 1;
    }
    table
};

/// A Poisson count of this mean (0 to 1e12). A negative or infinite mean or NaN, a mistake of the
/// caller, counts as 0.
///
/// Below a mean of 10 by inversion; above by PTRS of W. Hoermann, *The Transformed Rejection Method
/// for Generating Poisson Random Variables* (1993).
#[inline]
pub fn poisson(mean: f64, rng: &mut Rng) -> u64 {
    debug_assert!(mean.is_finite() && mean >= 0.0, "no Poisson mean: {mean}");
    if mean >= REJECTION_FROM && mean.is_finite() {
        poisson_by_rejection(mean, rng)
    } else if mean > 0.0 && mean.is_finite() {
        poisson_by_search(mean, rng)
    } else {
        0
    }
}

#[inline]
fn poisson_by_search(mean: f64, rng: &mut Rng) -> u64 {
    let u = uniform(rng);
    // e^-m >= 1 - m: most small means are done without the exponential.
    if u < 1.0 - mean {
        return 0;
    }
    let none = libm::exp(-mean);
    search(u, none, rng, |k| mean * RECIPROCALS[k])
}

/// The count k at which the probabilities, added up from that of 0, exceed u. `ratio(k)` is the
/// probability of k over that of k - 1.
#[inline]
fn search(u: f64, none: f64, rng: &mut Rng, ratio: impl Fn(usize) -> f64) -> u64 {
    let mut u = u;
    loop {
        let (mut left, mut probability) = (u, none);
        for k in 1..RECIPROCALS.len() {
            if left < probability {
                return k as u64 - 1;
            }
            left -= probability;
            probability *= ratio(k);
        }
        // Rounding left a sliver of 1e-16 beyond the last probability.
        u = uniform(rng);
    }
}

fn poisson_by_rejection(mean: f64, rng: &mut Rng) -> u64 {
    let b = 0.931 + 2.53 * mean.sqrt();
    let a = -0.059 + 0.024_83 * b;
    let accepted = 0.927_7 - 3.622_4 / (b - 2.0);
    loop {
        let u = uniform(rng) - 0.5;
        let v = open_uniform(rng);
        let edge = 0.5 - u.abs();
        let k = ((2.0 * a / edge + b) * u + mean + 0.43).floor();
        if edge >= 0.07 && v <= accepted {
            return k as u64;
        }
        if k < 0.0 || (edge < 0.013 && v > edge) {
            continue;
        }
        let height = 1.123_9 + 1.132_8 / (b - 3.4);
        if libm::log(v * height / (a / (edge * edge) + b)) <= log_poisson(k, mean) {
            return k as u64;
        }
    }
}

/// ln P(K = k), in the form of Loader (2000) that keeps its digits at any mean.
fn log_poisson(k: f64, mean: f64) -> f64 {
    if k == 0.0 {
        return -mean;
    }
    -deviance(k, mean) - stirling_error(k) - 0.5 * libm::log(std::f64::consts::TAU * k)
}

/// A binomial count: successes among `n` (to 1e12) with probability `p` each. A `p` below 0 or NaN, a
/// mistake of the caller, counts as 0, one above 1 as 1.
///
/// Where n min(p, 1 - p) is below 10 by inversion; above by BTRS of W. Hoermann, *The Generation of
/// Binomial Random Variates* (1993).
#[inline]
pub fn binomial(n: u64, p: f64, rng: &mut Rng) -> u64 {
    debug_assert!((0.0..=1.0).contains(&p), "no probability: {p}");
    if p > 0.5 {
        // 1 - p is exact here.
        return n - fewer(n, (1.0 - p).max(0.0), rng);
    }
    fewer(n, p, rng)
}

/// The binomial count for p <= 1/2.
#[inline]
fn fewer(n: u64, p: f64, rng: &mut Rng) -> u64 {
    let trials = n as f64;
    if trials * p >= REJECTION_FROM {
        binomial_by_rejection(trials, p, rng)
    } else if trials * p > 0.0 {
        binomial_by_search(trials, p, rng)
    } else {
        0
    }
}

#[inline]
fn binomial_by_search(n: f64, p: f64, rng: &mut Rng) -> u64 {
    let u = uniform(rng);
    // (1 - p)^n >= 1 - n p.
    if u < 1.0 - n * p {
        return 0;
    }
    let none = libm::exp(n * libm::log1p(-p));
    let odds = p / (1.0 - p);
    // Beyond n the ratio is 0, or turns negative and is not reached.
    search(u, none, rng, |k| odds * (n + 1.0 - k as f64) * RECIPROCALS[k])
}

fn binomial_by_rejection(n: f64, p: f64, rng: &mut Rng) -> u64 {
    let deviation = (n * p * (1.0 - p)).sqrt();
    let b = 1.15 + 2.53 * deviation;
    let a = -0.087_3 + 0.024_8 * b + 0.01 * p;
    let accepted = 0.92 - 4.2 / b;
    loop {
        let u = uniform(rng) - 0.5;
        let v = open_uniform(rng);
        let edge = 0.5 - u.abs();
        let k = ((2.0 * a / edge + b) * u + n * p + 0.5).floor();
        if edge >= 0.07 && v <= accepted {
            return k as u64;
        }
        if k < 0.0 || k > n {
            continue;
        }
        let height = (2.83 + 5.1 / b) * deviation;
        let mode = ((n + 1.0) * p).floor();
        let relative = log_binomial(k, n, p) - log_binomial(mode, n, p);
        if libm::log(v * height / (a / (edge * edge) + b)) <= relative {
            return k as u64;
        }
    }
}

/// ln P(K = k), in the form of Loader (2000) that keeps its digits at any n.
fn log_binomial(k: f64, n: f64, p: f64) -> f64 {
    let (rest, q) = (n - k, 1.0 - p);
    let whole = stirling_error(n) + 0.5 * libm::log(n / std::f64::consts::TAU);
    if k == 0.0 {
        return n * libm::log1p(-p);
    }
    if rest == 0.0 {
        return n * libm::log(p);
    }
    whole
        - stirling_error(k)
        - stirling_error(rest)
        - deviance(k, n * p)
        - deviance(rest, n * q)
        - 0.5 * libm::log(k * rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::judge;
    use std::collections::BTreeMap;

    const DRAWS: u32 = 400_000;

    fn tally(draw: impl Fn(&mut Rng) -> u64) -> BTreeMap<u64, f64> {
        let rng = &mut judge::generator(99);
        let mut seen = BTreeMap::new();
        for _ in 0..DRAWS {
            *seen.entry(draw(rng)).or_insert(0.0) += 1.0;
        }
        seen
    }

    /// Counts against probabilities; where the spread is wide, in blocks of equal counts.
    fn judged(name: &str, seen: &BTreeMap<u64, f64>, log_mass: impl Fn(u64) -> f64, spread: f64) {
        let (Some(first), Some(last)) = (seen.keys().next(), seen.keys().last()) else {
            panic!("{name}: nothing drawn");
        };
        let margin = (spread * 3.0) as u64 + 5;
        let block = ((spread / 20.0) as u64).max(1);
        let low = first.saturating_sub(margin) / block;
        let high = (last + margin) / block;
        let cells = (low..=high).map(|cell| {
            let range = cell * block..(cell + 1) * block;
            let counted = seen.range(range.clone()).map(|(_, count)| count).sum::<f64>();
            (counted, f64::from(DRAWS) * range.map(|k| log_mass(k).exp()).sum::<f64>())
        });
        judge::fits(name, cells);
    }

    fn log_factorial(k: f64) -> f64 {
        libm::lgamma(k + 1.0)
    }

    #[test]
    fn poisson_counts_have_their_probabilities() {
        for mean in [0.01, 0.7, 1.0, 5.0, 9.99, 10.01, 11.9, 12.1, 40.0, 1000.0, 1e6] {
            let seen = tally(|rng| poisson(mean, rng));
            let log_mass = |k: u64| k as f64 * mean.ln() - mean - log_factorial(k as f64);
            judged(&format!("poisson {mean}"), &seen, log_mass, mean.sqrt());
        }
    }

    #[test]
    fn binomial_counts_have_their_probabilities() {
        for (n, p) in [
            (1, 0.3),
            (2, 0.5),
            (12, 0.95),
            (20, 0.5),
            (21, 0.499),
            (25, 0.999),
            (40, 0.3),
            (60_000, 0.000_2),
            (25_000, 0.001_6),
            (25_000, 0.998_4),
            (100, 0.4),
            (25_000, 0.2),
            (4_000_000, 0.5),
            (1_000_000_000, 1e-6),
            (1_000_000_000, 1e-9),
        ] {
            let seen = tally(|rng| binomial(n, p, rng));
            let (trials, log_p, log_q) = (n as f64, p.ln(), (-p).ln_1p());
            let log_mass = |k: u64| {
                if k > n {
                    return f64::NEG_INFINITY;
                }
                let (k, rest) = (k as f64, trials - k as f64);
                let ways = log_factorial(trials) - log_factorial(k) - log_factorial(rest);
                ways + k * log_p + rest * log_q
            };
            let name = format!("binomial {n} {p}");
            judged(&name, &seen, log_mass, (trials * p * (1.0 - p)).sqrt());
        }
    }

    #[test]
    fn huge_counts_have_the_right_mean_and_variance() {
        for mean in [1e9, 1e12] {
            let draw = |rng: &mut Rng| poisson(mean, rng) as f64 - mean;
            judge::has_moments("poisson", draw, 0.0, mean);
        }
        for (n, p) in [(1_000_000_000_000, 0.5), (1_000_000_000_000, 1e-9)] {
            let (mean, variance) = (n as f64 * p, n as f64 * p * (1.0 - p));
            let draw = |rng: &mut Rng| binomial(n, p, rng) as f64 - mean;
            judge::has_moments("binomial", draw, 0.0, variance);
        }
    }

    #[test]
    fn log_probabilities_agree_with_the_factorials() {
        for k in [0.0, 1.0, 7.0, 10.0, 15.0, 40.0] {
            let truth = k * 15.0_f64.ln() - 15.0 - log_factorial(k);
            assert!((log_poisson(k, 15.0) - truth).abs() < 1e-13, "{k}");
            let ways = log_factorial(40.0) - log_factorial(k) - log_factorial(40.0 - k);
            let truth = ways + k * 0.3_f64.ln() + (40.0 - k) * 0.7_f64.ln();
            assert!((log_binomial(k, 40.0, 0.3) - truth).abs() < 1e-12, "{k}");
        }
    }

    #[test]
    fn certain_counts_are_certain() {
        let rng = &mut judge::generator(1);
        for _ in 0..100 {
            assert_eq!(poisson(0.0, rng), 0);
            assert_eq!(poisson(1e-300, rng), 0);
            assert_eq!(binomial(0, 0.5, rng), 0);
            assert_eq!(binomial(7, 0.0, rng), 0);
            assert_eq!(binomial(7, 1.0, rng), 7);
            assert_eq!(binomial(1_000_000_000_000, 1.0, rng), 1_000_000_000_000);
            assert!(binomial(3, 0.9, rng) <= 3);
        }
    }

    #[test]
    fn first_counts_of_a_seed_stay_the_same() {
        let rng = &mut judge::generator(1);
        let counts = [
            poisson(3.0, rng),
            poisson(40.0, rng),
            poisson(1e6, rng),
            binomial(10, 0.3, rng),
            binomial(25_000, 0.001_6, rng),
            binomial(25_000, 0.8, rng),
        ];
        assert_eq!(counts, [0, 0, 0, 0, 0, 0]);
    }
}
