//! Whether the times between failures may be taken for draws of one distribution: do failures
//! become more or less frequent, do they come in bursts, does one gap tell of the next?
//!
//! A fit to a log that drifts describes no year of it. Five tests, each with its own null:
//!
//! - Laplace (1773; D. R. Cox and P. A. W. Lewis, *The Statistical Analysis of Series of Events*,
//!   1966): the mean of the times of failure against the middle, for a Poisson process.
//! - Trend: the same statistic against all orders of the same gaps (P. A. W. Lewis and D. W.
//!   Robinson, 1974, divide it by the coefficient of variation; the permutations need no large
//!   sample). It holds for any renewal process, so bursts do not look like a trend.
//! - Dispersion: counts in equal windows against a Poisson process, by chi-square.
//! - Lag: the rank correlation of each gap with the next, against all orders.
//! - Stop: the time since the last failure against the gaps before it. An order of the gaps cannot
//!   see that one, since it is not over.

use super::fit::{Estimate, Family};
use super::sample::Sample;
use super::substreams::Substreams;
use crate::distribution::Rng;
use crate::numeric::{gamma_tails, normal_survival};
use rand::Rng as _;
use serde::Serialize;

/// Random orders of the gaps, fewer where there are many gaps.
const ORDERS: usize = 1999;
/// Fewest random orders.
const FEWEST_ORDERS: usize = 199;
/// So many gaps are put in order at most, over all orders.
const WORK: usize = 4_000_000;
/// Mean count of a window.
const PER_WINDOW: f64 = 5.0;
/// Fewest gaps for any test.
const FEWEST: usize = 4;

/// A statistic and its two-sided p-value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Test {
    /// The statistic.
    pub statistic: f64,
    /// How often it is at least as far out if the null is true.
    pub p: f64,
}

/// What the tests say of a series of gaps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Trend {
    /// Laplace's U: standard normal for a Poisson process; above 0 when failures become more
    /// frequent.
    pub laplace: Test,
    /// The same U, judged by orders of the same gaps.
    pub trend: Test,
    /// Variance over mean of the counts in windows; 1 for a Poisson process, more for bursts.
    /// `None` for fewer than 15 failures.
    pub dispersion: Option<Test>,
    /// How many windows.
    pub windows: usize,
    /// Rank correlation of neighbouring gaps.
    #[serde(rename = "lag_correlation")]
    pub lag: Test,
    /// The time since the last failure over the mean gap, and how often a renewal process has one
    /// so long; `None` where the end of the watch is not known.
    pub stop: Option<Test>,
    /// Standard deviation over mean of the gaps; 1 for a Poisson process.
    pub cv: f64,
}

/// A test speaks against its null from here on.
const REJECTS: f64 = 0.05;
/// That failures have stopped is a strong claim.
const STOPPED: f64 = 0.01;

impl Trend {
    /// Whether failures become more, or less, frequent along the log.
    pub fn drifts(&self) -> bool {
        self.trend.p <= REJECTS
    }

    /// The test of the time since the last failure, if failures have stopped.
    pub fn stopped(&self) -> Option<Test> {
        self.stop.filter(|test| test.p <= STOPPED)
    }

    /// The test of dispersion, if counts vary more than those of a Poisson process.
    pub fn bursts(&self) -> Option<Test> {
        self.dispersion.filter(|test| test.p <= REJECTS && test.statistic > 1.0)
    }

    /// Whether short gaps follow short ones.
    pub fn has_memory(&self) -> bool {
        self.lag.p <= REJECTS && self.lag.statistic > 0.0
    }
}

/// Tests the gaps between successive failures, hours, in their order. The watch ends with the last
/// failure, or `since_last` hours later. `None` for fewer than four gaps, or if all are 0.
pub fn trend(gaps: &[f64], since_last: Option<f64>, seed: u64, purpose: &str) -> Option<Trend> {
    let total: f64 = gaps.iter().sum();
    if gaps.len() < FEWEST || !(total > 0.0 && total.is_finite()) {
        return None;
    }
    let u = laplace(gaps, since_last);
    let ranks = ranks(gaps);
    let r = lag(&ranks);
    let streams = Substreams::new(seed, &["orders", purpose]);
    let (mut as_far, mut as_close) = (1.0, 1.0);
    let (mut order, mut rank_order) = (gaps.to_vec(), ranks);
    let orders = (WORK / gaps.len()).clamp(FEWEST_ORDERS, ORDERS);
    for index in 0..orders {
        let rng = &mut streams.replicate(index as u64);
        for k in (1..order.len()).rev() {
            let other = below(k + 1, rng);
            order.swap(k, other);
            rank_order.swap(k, other);
        }
        as_far += f64::from(laplace(&order, since_last).abs() >= u.abs() * (1.0 - 1e-12));
        as_close += f64::from(lag(&rank_order).abs() >= r.abs() * (1.0 - 1e-12));
    }
    let all = orders as f64 + 1.0;
    let n = gaps.len() as f64;
    let mean = total / n;
    let variance = gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum::<f64>() / (n - 1.0);
    let (windows, dispersion) = dispersion(gaps, since_last);
    Some(Trend {
        laplace: Test { statistic: u, p: 2.0 * normal_survival(u.abs()) },
        trend: Test { statistic: u, p: as_far / all },
        dispersion,
        windows,
        lag: Test { statistic: r, p: as_close / all },
        stop: since_last.map(|since| stop(gaps, since)),
        cv: variance.sqrt() / mean,
    })
}

/// The time since the last failure, given the gaps before.
///
/// Gaps to the power of a Weibull shape are exponential; the chance that another one is longer than
/// `since`, given n of them, is (1 + since / their sum) to the power -n (the F distribution of a
/// ratio of gamma variables). The shape is that of the gaps, less what so few leave open of it, and at
/// most 1: regular gaps do not make a pause less likely.
fn stop(gaps: &[f64], since: f64) -> Test {
    let sample = Sample::new(gaps.to_vec(), vec![]);
    let weibull = Estimate::fit(Family::Weibull, &sample);
    let n = sample.observed().len() as f64;
    let room = 1.0 - 1.0 / n.sqrt();
    let shape = weibull.map_or(1.0, |weibull| (room * weibull.values()[0]).min(1.0));
    let mean = sample.observed().iter().sum::<f64>() / n;
    let power = |hours: f64| libm::pow(hours / mean, shape);
    let sum: f64 = sample.observed().iter().map(|gap| power(*gap)).sum();
    let p = libm::exp(-n * libm::log1p(power(since) / sum));
    Test { statistic: since / mean, p }
}

/// A whole number below `n`, uniform but for a bias of n / 2^64.
fn below(n: usize, rng: &mut Rng) -> usize {
    ((u128::from(rng.next_u64()) * n as u128) >> 64) as usize
}

/// Given the last failure, the earlier ones are uniform before it; given the end of the watch, all
/// are.
fn laplace(gaps: &[f64], since_last: Option<f64>) -> f64 {
    let (mut at, mut sum) = (0.0, 0.0);
    for gap in gaps {
        at += gap;
        sum += at;
    }
    let (count, end, sum) = match since_last {
        Some(rest) => (gaps.len() as f64, at + rest, sum),
        None => (gaps.len() as f64 - 1.0, at, sum - at),
    };
    (sum / count - 0.5 * end) / (end / (12.0 * count).sqrt())
}

/// Mid-ranks.
fn ranks(gaps: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..gaps.len()).collect();
    order.sort_by(|a, b| gaps[*a].total_cmp(&gaps[*b]));
    let mut ranks = vec![0.0; gaps.len()];
    let mut from = 0;
    while from < order.len() {
        let ties = order[from..].iter().take_while(|k| gaps[**k] == gaps[order[from]]).count();
        for k in &order[from..from + ties] {
            ranks[*k] = from as f64 + 0.5 * (ties as f64 - 1.0);
        }
        from += ties;
    }
    ranks
}

/// The correlation of neighbours; 0 where all are the same.
fn lag(ranks: &[f64]) -> f64 {
    let n = ranks.len() as f64;
    let mean = ranks.iter().sum::<f64>() / n;
    let spread: f64 = ranks.iter().map(|r| (r - mean) * (r - mean)).sum();
    let along: f64 = ranks.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    if spread > 0.0 { along / spread } else { 0.0 }
}

/// Counts in windows of equal length: their variance over their mean. Given the total, the counts
/// of a Poisson process are multinomial, so (windows - 1) times it is about chi-square.
fn dispersion(gaps: &[f64], since_last: Option<f64>) -> (usize, Option<Test>) {
    // The last failure ends the watch and is in no window, unless the watch went on.
    let counted = gaps.len() - usize::from(since_last.is_none());
    let windows = ((counted as f64 / PER_WINDOW) as usize).min(1000);
    if windows < 3 {
        return (windows, None);
    }
    let end: f64 = gaps.iter().sum::<f64>() + since_last.unwrap_or(0.0);
    let mut counts = vec![0.0; windows];
    let mut at = 0.0;
    for gap in &gaps[..counted] {
        at += gap;
        let window = (at / end * windows as f64) as usize;
        counts[window.min(windows - 1)] += 1.0;
    }
    let mean = counted as f64 / windows as f64;
    let squares: f64 = counts.iter().map(|count| (count - mean) * (count - mean)).sum();
    let chi_square = squares / mean;
    let (lower, upper) = gamma_tails(0.5 * (windows as f64 - 1.0), 0.5 * chi_square);
    let p = (2.0 * lower.min(upper)).min(1.0);
    (windows, Some(Test { statistic: chi_square / (windows as f64 - 1.0), p }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::stats::interval::binomial_test_two_sided;
    use crate::threads::each;

    #[test]
    fn the_statistics_of_a_few_gaps_are_those_by_hand() {
        // Failures at 0, 1, 3, 6, 10: given the last, 1, 3, 6 against 5 +- 10 / sqrt(36).
        let found = trend(&[1.0, 2.0, 3.0, 4.0], None, 1, "").unwrap();
        assert!((found.laplace.statistic - (10.0 / 3.0 - 5.0) / (10.0 / 6.0)).abs() < 1e-14);
        // Given a watch to 12: 1, 3, 6, 10 against 6 +- 12 / sqrt(48).
        let found = trend(&[1.0, 2.0, 3.0, 4.0], Some(2.0), 1, "").unwrap();
        assert!((found.laplace.statistic + 1.0 / (12.0 / 48.0_f64.sqrt())).abs() < 1e-14);
        // Ranks -1.5, -0.5, 0.5, 1.5: (0.75 - 0.25 + 0.75) / 5.
        assert!((found.lag.statistic - 0.25).abs() < 1e-14);
        assert!((found.cv - (5.0_f64 / 3.0).sqrt() / 2.5).abs() < 1e-14);
        assert_eq!(found.dispersion, None);
        assert_eq!(ranks(&[5.0, 1.0, 5.0, 0.0]), [2.5, 1.0, 2.5, 0.0]);
    }

    #[test]
    fn orders_of_a_few_gaps_have_their_exact_shares() {
        // Of the 24 orders of these gaps, the two monotone ones are the farthest out.
        let found = trend(&[1.0, 2.0, 4.0, 8.0], None, 1, "").unwrap();
        let extreme = [[1.0, 2.0, 4.0, 8.0], [8.0, 4.0, 2.0, 1.0]].map(|g| laplace(&g, None).abs());
        assert!((extreme[0] - extreme[1]).abs() < 1e-12);
        let mut all = 0;
        let mut as_far = 0;
        let gaps = [1.0, 2.0, 4.0, 8.0];
        for a in 0..4 {
            for b in (0..4).filter(|b| *b != a) {
                for c in (0..4).filter(|c| *c != a && *c != b) {
                    let order = [gaps[a], gaps[b], gaps[c], gaps[6 - a - b - c]];
                    all += 1;
                    as_far += u64::from(laplace(&order, None).abs() >= extreme[0] - 1e-12);
                }
            }
        }
        let exact = as_far as f64 / f64::from(all);
        let error = (exact * (1.0 - exact) / 2000.0).sqrt();
        assert!((found.trend.p - exact).abs() < 4.0 * error, "{} {exact}", found.trend.p);
    }

    /// Shares of p-values at or below 5 %: Laplace, trend, dispersion, lag.
    fn rejections(rounds: u64, gaps: impl Fn(&mut Rng) -> Vec<f64> + Sync) -> [u64; 4] {
        let streams = Substreams::new(5, &["rejections"]);
        let found = each(rounds as usize, 2, |round| {
            let drawn = gaps(&mut streams.replicate(round as u64));
            let found = trend(&drawn, None, round as u64, "").unwrap();
            let dispersion = found.dispersion.unwrap();
            [found.laplace, found.trend, dispersion, found.lag]
                .map(|test| u64::from(test.p <= 0.05))
        });
        found.iter().fold([0; 4], |sum, one| [0, 1, 2, 3].map(|k| sum[k] + one[k]))
    }

    #[track_caller]
    fn holds(name: &str, rejected: u64, rounds: u64) {
        let p = binomial_test_two_sided(rejected, rounds, 0.05);
        assert!(p > 0.001, "{name}: {rejected} of {rounds} rejected");
    }

    #[test]
    fn a_poisson_process_is_rejected_as_often_as_the_tests_say() {
        let distribution = Distribution::exponential(10.0).unwrap();
        let found = rejections(1000, |rng| (0..60).map(|_| distribution.sample(rng)).collect());
        for (name, rejected) in ["laplace", "trend", "dispersion", "lag"].iter().zip(found) {
            holds(name, rejected, 1000);
        }
    }

    #[test]
    fn bursts_are_no_trend_to_the_test_that_knows_the_gaps() {
        let distribution = Distribution::weibull(10.0, 0.5).unwrap();
        let found = rejections(1000, |rng| (0..60).map(|_| distribution.sample(rng)).collect());
        holds("trend", found[1], 1000);
        holds("lag", found[3], 1000);
        // The tests against a Poisson process see that it is none.
        assert!(found[0] > 150 && found[2] > 700, "{found:?}");
    }

    #[test]
    fn a_drift_and_a_memory_are_found() {
        // The rate trebles over the log.
        let distribution = Distribution::exponential(10.0).unwrap();
        let drift = rejections(200, |rng| {
            (0..60).map(|k| distribution.sample(rng) / (1.0 + f64::from(k) / 30.0)).collect()
        });
        assert!(drift[0] > 100 && drift[1] > 100, "{drift:?}");
        // Every gap again twice.
        let twins =
            rejections(200, |rng| (0..30).flat_map(|_| [distribution.sample(rng); 2]).collect());
        assert!(twins[3] > 150, "{twins:?}");
    }

    #[test]
    fn an_open_gap_that_no_order_can_see_is_a_stop() {
        // Ten failures about five days apart, then none in 154 days.
        let days = [4.0, 5.0, 6.0, 3.0, 6.0, 7.0, 4.0, 6.0, 5.0];
        let found = trend(&days.map(|day| 24.0 * day), Some(24.0 * 154.0), 1, "").unwrap();
        assert!(!found.drifts() && found.stopped().is_some_and(|test| test.p < 1e-5), "{found:?}");
        let again = trend(&days.map(|day| 24.0 * day), Some(24.0 * 8.0), 1, "").unwrap();
        assert_eq!(again.stopped(), None);
        assert_eq!(trend(&days, None, 1, "").unwrap().stop, None);
    }

    #[test]
    fn a_pause_of_a_renewal_process_is_seldom_taken_for_a_stop() {
        for (shape, name) in [(1.0, "exponential"), (0.6, "bursts"), (1.6, "regular")] {
            let distribution = Distribution::weibull(10.0, shape).unwrap();
            let streams = Substreams::new(6, &["stop", name]);
            let rounds = 1000;
            let found = each(rounds, 2, |round| {
                let rng = &mut streams.replicate(round as u64);
                // A watch that ends without regard to the failures.
                let (mut gaps, mut at) = (Vec::new(), 0.0);
                loop {
                    let gap = distribution.sample(rng);
                    if at + gap > 300.0 {
                        return gaps.len() >= FEWEST
                            && trend(&gaps, Some(300.0 - at), 1, "")
                                .is_some_and(|found| found.stopped().is_some());
                    }
                    gaps.push(gap);
                    at += gap;
                }
            });
            let stopped = found.iter().filter(|stopped| **stopped).count();
            assert!(stopped <= 30, "{name}: {stopped} of {rounds}");
        }
    }

    #[test]
    fn what_is_no_series_is_none_and_hard_ones_do_not_fall() {
        assert_eq!(trend(&[1.0, 2.0, 3.0], None, 1, ""), None);
        assert_eq!(trend(&[0.0; 10], None, 1, ""), None);
        assert_eq!(trend(&[f64::INFINITY; 10], None, 1, ""), None);
        let same = trend(&[1.0; 30], None, 1, "").unwrap();
        assert_eq!((same.lag.statistic, same.lag.p, same.cv), (0.0, 1.0, 0.0));
        assert!(trend(&[0.0, 0.0, 0.0, 1e-300], None, 1, "").is_some());
        assert!(trend(&[1e300, 1e-300, 1.0, 0.0, 1e300], Some(0.0), 1, "").is_some());
    }
}
