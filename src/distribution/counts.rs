//! Exact counts: how many arrivals, how many of n.
//!
//! Both samplers are set up anew at each call, because in a workload the mean differs each time, so
//! the set-up is what they save on: most draws never compute a probability. Both are exact: where a
//! count starts from a normal or a Poisson number, a rejection mends the difference, and what is
//! left of it (rounding, and a series cut off) is below 1e-9 in any probability.

use super::Rng;
use super::draws::{standard_normal, uniform, unit_exponential};
use crate::numeric::quick::exp;
use crate::numeric::{deviance, stirling_error};

/// From this mean on rejection is faster than a search; its constants hold from there.
const REJECTION_FROM: f64 = 10.0;

/// 1 / k. A search never comes near the end: with a mean below 10, P(X > 127) is below 1e-90.
static RECIPROCALS: [f64; 129] = {
    let mut table = [0.0; 129];
    let mut k = 1;
    while k < 129 {
        table[k] = 1.0 / k as f64;
        k += 1;
    }
    table
};

/// A Poisson count of this mean (0 to 1e12). A negative or infinite mean or NaN, a mistake of the
/// caller, counts as 0.
///
/// Below a mean of 10 by inversion; above by algorithm PD of J. H. Ahrens and U. Dieter, *Computer
/// Generation of Poisson Deviates from Modified Normal Distributions* (1982), with the exact
/// probabilities of C. Loader, *Fast and Accurate Computation of Binomial Probabilities* (2000).
#[inline]
pub fn poisson(mean: f64, rng: &mut Rng) -> u64 {
    debug_assert!(mean.is_finite() && mean >= 0.0, "no Poisson mean: {mean}");
    if mean >= REJECTION_FROM && mean.is_finite() {
        poisson_from_normal(mean, rng)
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
    search(u, exp(-mean), rng, |k| mean * RECIPROCALS[k])
}

/// The count k at which the probabilities, added up from that of 0, exceed u. `ratio(k)` is the
/// probability of k over that of k - 1.
///
/// Taken in blocks of eight without a branch inside: a branch mispredicted costs more than the
/// block.
#[inline]
fn search(u: f64, none: f64, rng: &mut Rng, ratio: impl Fn(usize) -> f64) -> u64 {
    let mut u = u;
    loop {
        let (mut probability, mut cumulative, mut count) = (none, none, 0);
        for block in 0..RECIPROCALS.len() / 8 {
            for k in 8 * block..8 * block + 8 {
                count += u64::from(u >= cumulative);
                probability *= ratio(k + 1);
                cumulative += probability;
            }
            if count < 8 * (block as u64 + 1) {
                return count;
            }
        }
        // Rounding left a sliver of 1e-16 beyond the last probability.
        u = uniform(rng);
    }
}

/// Algorithm PD: a normal number rounded down, kept nearly always at once, and mended where the
/// Poisson distribution has less than the normal. The rare cases are set up only when they come.
#[inline]
fn poisson_from_normal(mean: f64, rng: &mut Rng) -> u64 {
    let deviation = mean.sqrt();
    let start = mean + deviation * standard_normal(rng);
    let u = uniform(rng);
    let k = start.floor();
    let short = mean - k;
    // Above the first bound the Poisson distribution has more than the normal; below it, hardly
    // less. One test for both and a uniform too many are cheaper than a branch that goes either
    // way.
    if ((short <= 1.148_4) | (6.0 * mean * mean * u >= short * short * short)) & (k >= 0.0) {
        return k as u64;
    }
    if k >= 0.0 && (1.0 - u) * rounded_normal(k, mean, deviation) <= poisson_probability(k, mean) {
        return k as u64;
    }
    poisson_excess(mean, deviation, rng)
}

/// A draw from where the Poisson distribution has more than the rounded normal, under a double
/// exponential.
#[cold]
fn poisson_excess(mean: f64, deviation: f64, rng: &mut Rng) -> u64 {
    loop {
        let e = unit_exponential(rng);
        let u = 2.0 * uniform(rng) - 1.0;
        let t = 1.8 + e.copysign(u);
        if t <= -0.674_4 {
            continue;
        }
        let k = (mean + deviation * t).floor();
        let excess = poisson_probability(k, mean) - rounded_normal(k, mean, deviation);
        if 0.106_9 / mean * u.abs() <= excess * exp(e) {
            return k as u64;
        }
    }
}

/// P(K = k) of the Poisson distribution, in the form of Loader (2000) that keeps its digits at any
/// mean.
fn poisson_probability(k: f64, mean: f64) -> f64 {
    if k == 0.0 {
        return exp(-mean);
    }
    exp(-deviance(k, mean) - stirling_error(k)) / (std::f64::consts::TAU * k).sqrt()
}

/// P(k <= X < k + 1) of the normal distribution with the mean and variance of the Poisson
/// distribution: the midpoint rule and four corrections, right to 1e-8 of itself for k within six
/// deviations, means from 10 on.
fn rounded_normal(k: f64, mean: f64, deviation: f64) -> f64 {
    let x = (k + 0.5 - mean) / deviation;
    let x2 = x * x;
    let first = (x2 - 1.0) / 24.0;
    let second = ((x2 - 6.0) * x2 + 3.0) / 1920.0;
    let third = (((x2 - 15.0) * x2 + 45.0) * x2 - 15.0) / 322_560.0;
    let fourth = ((((x2 - 28.0) * x2 + 210.0) * x2 - 420.0) * x2 + 105.0) / 92_897_280.0;
    let corrected = 1.0 + (first + (second + (third + fourth / mean) / mean) / mean) / mean;
    let root_of_tau = 2.506_628_274_631_000_5;
    exp(-0.5 * x2) * corrected / (deviation * root_of_tau)
}

/// A binomial count: successes among `n` (to 1e12) with probability `p` each. A `p` below 0 or NaN,
/// a mistake of the caller, counts as 0, one above 1 as 1.
///
/// Two independent Poisson counts of means np and n(1 - p) are, given that they add up to n, the
/// successes and failures of n trials. So a Poisson count k of mean np is kept with a probability
/// in proportion to that of n - k failures, which for p <= 1/2 keeps sqrt(1 - p) of them or so; a
/// larger p counts the failures instead. When measured, this beat BTPE and BTRS at all but the
/// largest p, because there is next to nothing to set up.
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
    let mean = n as f64 * p;
    if n == 0 || p.is_nan() || mean <= 0.0 {
        return 0;
    }
    loop {
        let k = poisson(mean, rng);
        if k <= n && keeps(k as f64, n as f64, mean, uniform(rng)) {
            return k;
        }
    }
}

/// Whether u is at most the probability of n - k failures over the largest such probability.
///
/// That is the product over i between k and the best count of 1 - x_i above it and 1 / (1 + x_i)
/// below it, where x_i = |i - mean| / (n - mean). Its bounds by the sum of the x_i decide nearly
/// always: product >= 1 - sum at no cost, then e^-sum with a margin for the largest x_i.
#[inline]
fn keeps(k: f64, n: f64, mean: f64, u: f64) -> bool {
    let failures = n - mean;
    let best = mean.floor() + 1.0;
    let sum = (k - best) * (0.5 * (k + best - 1.0) - mean) / failures;
    u <= 1.0 - sum || keeps_far(k, best, n, failures, sum, u)
}

fn keeps_far(k: f64, best: f64, n: f64, failures: f64, sum: f64, u: f64) -> bool {
    let about = exp(-sum);
    let margin = sum * ((k - best).abs() + 1.0) / failures;
    if k > best {
        // e^-(x + x^2) <= 1 - x <= e^-x for x <= 0.68.
        if u > about {
            return false;
        }
        if u <= about * (1.0 - margin) && margin < 0.68 * sum {
            return true;
        }
    } else {
        // e^-x <= 1 / (1 + x) <= e^-(x - x^2 / 2).
        if u <= about {
            return true;
        }
        if u * (1.0 - 0.5 * margin) > about {
            return false;
        }
    }
    u * poisson_probability(n - best, failures) <= poisson_probability(n - k, failures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;
    use crate::numeric::normal_cdf;
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
            assert!((poisson_probability(k, 15.0) / truth.exp() - 1.0).abs() < 1e-13, "{k}");
        }
    }

    #[test]
    fn the_rounded_normal_and_the_squeeze_keep_their_promises() {
        let low = (0..150).map(|step| 10.0 + 0.07 * f64::from(step));
        for mean in low.chain([50.0, 100.0, 1000.0]) {
            let deviation = mean.sqrt();
            let lowest = (mean - 6.0 * deviation).max(0.0) as u32;
            for k in lowest..(mean + 6.0 * deviation) as u32 {
                let k = f64::from(k);
                let z = |x: f64| (x - mean) / deviation;
                let truth = if k < mean {
                    normal_cdf(z(k + 1.0)) - normal_cdf(z(k))
                } else {
                    normal_cdf(-z(k)) - normal_cdf(-z(k + 1.0))
                };
                let error = rounded_normal(k, mean, deviation) / truth - 1.0;
                assert!(error.abs() < 1e-8, "{mean} {k}: {error:e}");
                // What is kept at once has no less under the Poisson distribution.
                let rest = 1.0 - poisson_probability(k, mean) / truth;
                let short = mean - k;
                let kept = short.powi(3) / (6.0 * mean * mean);
                assert!(if short <= 1.148_4 { rest <= 1e-9 } else { rest <= kept }, "{mean} {k}");
                // And what the double exponential must cover, it covers.
                let t = z(k).max(-0.674_4);
                for t in [t, z(k + 1.0)] {
                    let hat = 0.106_9 / mean * (-(t - 1.8).abs()).exp();
                    assert!(
                        -rest * truth <= hat * (1.0 + 1e-3),
                        "{mean} {k}: {}",
                        -rest * truth / hat
                    );
                }
            }
        }
    }

    #[test]
    fn what_keeps_a_binomial_count_decides_as_the_exact_ratio_does() {
        for (n, p) in
            [(1.0, 0.5), (2.0, 0.3), (20.0, 0.5), (500.0, 0.02), (4000.0, 0.3), (1e9, 0.4)]
        {
            let mean = n * p;
            let best = f64::floor(mean) + 1.0;
            let failures = n - mean;
            let wide = (5.0 * f64::sqrt(mean)).ceil() as i64 + 2;
            for step in -40..=40 {
                let k = best + (wide * step / 40) as f64;
                if !(0.0..=n).contains(&k) {
                    continue;
                }
                let share = |k| poisson_probability(n - k, failures);
                let truth = share(k) / share(best);
                assert!(truth <= 1.0 + 1e-12, "{n} {p} {k}: not the best");
                // Rounding in the deviance of a billion trials is about 1e-8 of the ratio.
                assert!(keeps(k, n, mean, truth * (1.0 - 1e-7)), "{n} {p} {k}");
                if truth < 1.0 - 1e-6 {
                    assert!(!keeps(k, n, mean, truth * (1.0 + 1e-7)), "{n} {p} {k}");
                }
            }
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
        assert_eq!(counts, [4, 44, 1_000_452, 3, 40, 19_885]);
    }
}
