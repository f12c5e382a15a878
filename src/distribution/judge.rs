//! Judges for the tests of this room: does a sampler follow its distribution? All at fixed seeds.

use super::{Distribution, DistributionError, Rng};
use crate::numeric::gamma_tails;
use rand::SeedableRng;

/// The generator of a test.
pub(crate) fn generator(seed: u64) -> Rng {
    Rng::seed_from_u64(seed)
}

/// Kolmogorov-Smirnov at 200,000 draws: a right sampler fails once in 1,000 seeds.
#[track_caller]
pub(crate) fn follows(name: &str, draw: impl Fn(&mut Rng) -> f64, cdf: impl Fn(f64) -> f64) {
    let rng = &mut generator(20_270_104);
    let mut drawn: Vec<f64> = (0..200_000).map(|_| draw(rng)).collect();
    drawn.sort_by(f64::total_cmp);
    let n = drawn.len() as f64;
    let mut distance = 0.0_f64;
    for (rank, x) in drawn.iter().enumerate() {
        let p = cdf(*x);
        distance = distance.max(p - rank as f64 / n).max((rank + 1) as f64 / n - p);
    }
    let statistic = distance * n.sqrt();
    assert!(statistic < 1.949_5, "{name}: sqrt(n) D = {statistic}");
}

/// Mean and variance of 200,000 draws, each within four standard errors.
#[track_caller]
pub(crate) fn has_moments(name: &str, draw: impl Fn(&mut Rng) -> f64, mean: f64, variance: f64) {
    let rng = &mut generator(7);
    let drawn: Vec<f64> = (0..200_000).map(|_| draw(rng)).collect();
    let n = drawn.len() as f64;
    let average = drawn.iter().sum::<f64>() / n;
    let power = |k: i32| drawn.iter().map(|x| (x - mean).powi(k)).sum::<f64>() / n;
    let (second, fourth) = (power(2), power(4));
    let z = (average - mean) / (variance / n).sqrt();
    assert!(z.abs() < 4.0, "{name}: mean {average}, should be {mean}, {z} standard errors");
    let z = (second - variance) / ((fourth - second * second) / n).sqrt();
    assert!(z.abs() < 4.0, "{name}: variance {second}, should be {variance}, {z} standard errors");
}

/// An observed share, within four standard errors of its probability.
#[track_caller]
pub(crate) fn share(name: &str, seen: u32, draws: u32, probability: f64) {
    let n = f64::from(draws);
    let z = (f64::from(seen) - n * probability) / (n * probability * (1.0 - probability)).sqrt();
    assert!(z.abs() < 4.0, "{name}: {seen} of {draws}, {z} standard errors from {probability}");
}

/// Pearson's chi-square of counts against their expectations (cells below 10 expected are pooled
/// with their neighbours): a right sampler fails once in 1,000 seeds.
#[track_caller]
pub(crate) fn fits(name: &str, cells: impl Iterator<Item = (f64, f64)>) {
    let (mut statistic, mut used) = (0.0, 0);
    let (mut seen, mut expected) = (0.0, 0.0);
    let mut last = (0.0, 0.0);
    for (cell_seen, cell_expected) in cells {
        seen += cell_seen;
        expected += cell_expected;
        if expected >= 10.0 {
            statistic += (seen - expected) * (seen - expected) / expected;
            used += 1;
            last = (seen, expected);
            (seen, expected) = (0.0, 0.0);
        }
    }
    // What is left over joins the last cell.
    statistic -= (last.0 - last.1) * (last.0 - last.1) / last.1;
    let (seen, expected) = (last.0 + seen, last.1 + expected);
    statistic += (seen - expected) * (seen - expected) / expected;
    assert!(used > 1, "{name}: one cell proves nothing");
    let p = gamma_tails(0.5 * f64::from(used - 1), 0.5 * statistic).1;
    assert!(p > 0.001, "{name}: chi-square {statistic} in {used} cells, p = {p}");
}

/// Everything that a distribution promises of itself: its draws follow its cdf and have its
/// moments, and its cdf, survival and quantile agree.
#[track_caller]
pub(crate) fn family(name: &str, distribution: &Result<Distribution, DistributionError>) {
    let distribution = distribution.as_ref().unwrap_or_else(|error| panic!("{name}: {error}"));
    follows(name, |rng| distribution.sample(rng), |x| distribution.cdf(x));
    has_moments(name, |rng| distribution.sample(rng), distribution.mean(), distribution.variance());
    for p in [1e-12, 1e-6, 1e-3, 0.05, 0.3, 0.5, 0.500_1, 0.8, 0.95, 0.999, 0.999_999] {
        let x = distribution.quantile(p);
        let (below, above) = (distribution.cdf(x), distribution.survival(x));
        // A duration itself has only so many digits: what the next numbers on either side make of
        // it.
        let coarse =
            distribution.cdf(x.next_up().next_up()) - distribution.cdf(x.next_down().next_down());
        let room = 1e-11_f64;
        assert!((below - p).abs() <= room * p + coarse, "{name}: cdf(quantile({p})) = {below}");
        assert!(
            (above - (1.0 - p)).abs() <= room * (1.0 - p) + coarse + 1e-15,
            "{name}: {p}: {above}"
        );
    }
    assert_eq!(distribution.cdf(-1.0), 0.0, "{name}");
    assert_eq!(distribution.survival(-1.0), 1.0, "{name}");
    assert!(distribution.quantile(f64::NAN).is_nan(), "{name}");
    assert!(distribution.quantile(0.0) <= distribution.quantile(1e-9), "{name}");
    assert!(distribution.quantile(1.0) >= distribution.quantile(1.0 - 1e-9), "{name}");
}

/// The first two draws at seed 1, bit for bit.
#[track_caller]
pub(crate) fn pinned(distribution: &Result<Distribution, DistributionError>, bits: [u64; 2]) {
    let distribution = distribution.as_ref().unwrap_or_else(|error| panic!("{error}"));
    let rng = &mut generator(1);
    let drawn = [distribution.sample(rng), distribution.sample(rng)];
    let seen = drawn.map(f64::to_bits);
    assert_eq!(seen, bits, "PIN {} {:#018x}, {:#018x}", distribution.to_toml(), seen[0], seen[1]);
}
