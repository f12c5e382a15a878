//! What the factors together mean, and how many incidents would settle what they leave open.

use super::stretch::Stretch;
use super::{Options, QuantileRow, Ratio, TAIL};
use crate::distribution::Distribution;
use crate::evidence::sample::Sample;
use crate::numeric::{first, normal_deviate};
use crate::stats::Interval;
use crate::stats::interval::quantile_ranks;

/// Claims of a difference rest on three criteria (middle, tail, shape), so each has a third of the
/// risk.
const CRITERIA: f64 = 3.0;
/// From so many durations on their factor is believed.
const ENOUGH_FOR_MIDDLE: usize = 5;
/// From so many durations on a log's own spread is believed.
const ENOUGH_FOR_SPREAD: usize = 8;
/// From so many on its tail is.
const ENOUGH_FOR_TAIL: usize = 20;
/// Points that stand for a distribution.
const POINTS: u32 = 50;
/// More incidents than this no log will ever show.
const NEVER: u64 = 1_000_000;

/// Where durations differ from the assumption.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Part {
    /// All of them, as the middle shows.
    All,
    /// The longest ones; of the middle the log leaves open whether it does too.
    Beyond {
        /// The share of durations that end before.
        probability: f64,
    },
}

/// Whether a log supports the assumed distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Middle and tail are as assumed, to within the margin, and nothing else speaks against it.
    Supported,
    /// The log's durations are longer.
    Optimistic {
        /// Where.
        part: Part,
        /// Log over assumption.
        by: Ratio,
    },
    /// The log's durations are shorter.
    Pessimistic {
        /// Where.
        part: Part,
        /// Log over assumption.
        by: Ratio,
    },
    /// No single factor mends it: in the middle the log says another thing than further out.
    WrongShape {
        /// The share of durations that end before the place where the difference is worst.
        probability: f64,
        /// Log over assumption there.
        by: Ratio,
    },
    /// The log is too short to tell.
    CannotTell {
        /// About how many more incidents would tell, with even chances; `None` beyond a million.
        more: Option<u64>,
    },
}

impl Verdict {
    /// The name in tables and files.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Supported => "supported",
            Verdict::Optimistic { .. } => "optimistic",
            Verdict::Pessimistic { .. } => "pessimistic",
            Verdict::WrongShape { .. } => "wrong_shape",
            Verdict::CannotTell { .. } => "cannot_tell",
        }
    }
}

/// How a factor compares with 1 and with the margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// All of the interval is within the margin: whatever the difference, it does not matter.
    Same,
    /// More than assumed.
    Longer,
    /// Less than assumed.
    Shorter,
    /// It may be any of these.
    Open,
}

/// Compares a factor with 1 and with the margin.
pub(super) fn compare(ratio: &Ratio, margin: f64) -> Comparison {
    let Interval { low, high } = ratio.interval;
    if low >= 1.0 / margin && high <= margin {
        Comparison::Same
    } else if low > 1.0 {
        Comparison::Longer
    } else if high < 1.0 {
        Comparison::Shorter
    } else {
        Comparison::Open
    }
}

/// The confidence of each of the three criteria, all of which then hold together with `confidence`.
pub(super) fn each_confidence(confidence: f64) -> f64 {
    1.0 - (1.0 - confidence) / CRITERIA
}

/// Whether the test of the whole distribution rejects.
pub(super) fn rejects(p: f64, confidence: f64) -> bool {
    p <= 1.0 - each_confidence(confidence)
}

/// The quantile from the median upwards that the log contradicts most: its interval lies all beyond
/// the margin. Asked only if the test of the whole distribution rejects, so that chance has no
/// seven tries.
fn contradicted(rows: &[QuantileRow], margin: f64) -> Option<(f64, Ratio)> {
    // By how much the nearer end is beyond the margin.
    let beyond = |row: &QuantileRow| {
        let Interval { low, high } = row.ratio.interval;
        (low / margin).max(1.0 / (high * margin))
    };
    let found = rows.iter().filter(|row| row.probability >= 0.5 && beyond(row) > 1.0);
    let worst = found.max_by(|a, b| beyond(a).total_cmp(&beyond(b)));
    worst.map(|row| (row.probability, row.ratio))
}

/// The furthest quantile that differs from the assumption the other way than the middle does, and
/// by more than the margin.
fn opposed(rows: &[QuantileRow], longer: bool, margin: f64) -> Option<Verdict> {
    let other = |row: &&QuantileRow| {
        let Ratio { estimate, interval } = row.ratio;
        row.probability >= 0.5
            && if longer {
                interval.high < 1.0 && estimate < 1.0 / margin
            } else {
                interval.low > 1.0 && estimate > margin
            }
    };
    let row = rows.iter().rfind(other)?;
    Some(Verdict::WrongShape { probability: row.probability, by: row.ratio })
}

/// The verdict, unless the log is too short for one. `rows` count only where the test of the whole
/// distribution rejects.
pub(super) fn settled(
    middle: Ratio,
    tail: Ratio,
    rows: &[QuantileRow],
    margin: f64,
) -> Option<Verdict> {
    use Comparison::{Longer, Open, Same, Shorter};
    let bent = |probability, by| Some(Verdict::WrongShape { probability, by });
    let longer = |part, by| Some(Verdict::Optimistic { part, by });
    let shorter = |part, by| Some(Verdict::Pessimistic { part, by });
    match (compare(&middle, margin), compare(&tail, margin)) {
        (Longer, Shorter) | (Shorter, Longer) | (Same, Longer | Shorter) => bent(TAIL, tail),
        (Longer, _) => opposed(rows, true, margin).or(longer(Part::All, middle)),
        (Shorter, _) => opposed(rows, false, margin).or(shorter(Part::All, middle)),
        (Open, Longer) => longer(Part::Beyond { probability: TAIL }, tail),
        (Open, Shorter) => shorter(Part::Beyond { probability: TAIL }, tail),
        (place @ (Same | Open), other) => match contradicted(rows, margin) {
            None if (place, other) == (Same, Same) => Some(Verdict::Supported),
            None => None,
            Some((probability, by)) if place == Same => bent(probability, by),
            Some((0.5, by)) if by.interval.low > 1.0 => longer(Part::All, by),
            Some((0.5, by)) => shorter(Part::All, by),
            Some((probability, by)) if by.interval.low > 1.0 => {
                longer(Part::Beyond { probability }, by)
            }
            Some((probability, by)) => shorter(Part::Beyond { probability }, by),
        },
    }
}

/// Whether so many incidents give a factor that may be taken for the truth.
pub(super) fn is_estimate(incidents: usize) -> bool {
    incidents >= ENOUGH_FOR_MIDDLE
}

/// About how many more incidents would settle it.
///
/// The present estimates are taken for the truth (with fewer than five incidents the assumption
/// is), and the durations to spread about them as those of the assumed distribution do, or by as
/// much more as the log's own interval is wider than it should be. Then the intervals to expect
/// from n incidents are known, and the least n is sought at which they give a verdict. The true
/// intervals lie about the expected ones, so the chance there is about even.
pub(super) fn more(
    distribution: &Distribution,
    sample: &Sample,
    (middle, tail): (Option<Ratio>, Ratio),
    options: &Options,
) -> Option<u64> {
    let n = sample.len();
    let confidence = each_confidence(options.confidence);
    let deviate = normal_deviate(confidence);
    let points: Vec<f64> = (0..POINTS)
        .map(|k| distribution.quantile((f64::from(k) + 0.5) / f64::from(POINTS)))
        .collect();
    let points = Sample::new(points, vec![]);
    if points.is_empty() {
        return None;
    }
    let expected = Stretch::new(distribution, &points);
    let believed = middle.filter(|_| is_estimate(n)).map(|ratio| ratio.estimate);
    let at = believed.unwrap_or(1.0);
    let far = if n < ENOUGH_FOR_TAIL || !tail.estimate.is_finite() { at } else { tail.estimate };
    let width = |interval: Interval| libm::log(interval.high / interval.low);
    let own = middle.filter(|_| n >= ENOUGH_FOR_SPREAD).map(|ratio| width(ratio.interval));
    let usual = width(expected.expected_interval(n.max(1) as u64, deviate));
    let spread = match own {
        Some(own) if own.is_finite() && usual.is_finite() && usual > 1e-6 => own / usual,
        _ => 1.0,
    };
    let stretched = |estimate: f64, interval: Interval| {
        let interval = interval.map(|end| estimate * libm::pow(end, spread));
        Ratio { estimate, interval }
    };
    let tells = |count: u64| {
        let middle = stretched(at, expected.expected_interval(count, deviate));
        let tail = stretched(far, expected_tail(distribution, count, confidence));
        settled(middle, tail, &[], options.margin).is_some()
    };
    // Fewer than five tell no factor, however the interval falls.
    least(n as u64 + 1, tells).map(|count| count.max(ENOUGH_FOR_MIDDLE as u64) - n as u64)
}

/// The interval of the tail's ratio to expect from `n` durations that follow the distribution.
fn expected_tail(distribution: &Distribution, n: u64, confidence: f64) -> Interval {
    let Some((low, high)) = quantile_ranks(n, TAIL, confidence) else {
        return Interval { low: 0.0, high: f64::INFINITY };
    };
    let typical = distribution.quantile(TAIL);
    // The median of the share below an order statistic, nearly (A. Benard and E. C. Bos-Levenbach,
    // 1953).
    let at = |rank: u64| distribution.quantile((rank as f64 - 0.3) / (n as f64 + 0.4)) / typical;
    Interval { low: at(low), high: at(high) }
}

/// The least number from `from` on at which something holds that goes on holding.
pub(super) fn least(from: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (from, from);
    while !holds(high) {
        if high > NEVER {
            return None;
        }
        low = high + 1;
        high *= 2;
    }
    Some(first(low, high, holds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(estimate: f64, low: f64, high: f64) -> Ratio {
        Ratio { estimate, interval: Interval { low, high } }
    }

    #[test]
    fn middle_and_tail_together_make_the_verdict() {
        let name = |middle, tail| {
            let verdict = settled(middle, tail, &[], 1.5);
            verdict.map_or("cannot_tell", |verdict| verdict.name())
        };
        let same = ratio(1.1, 1.05, 1.2);
        let open = ratio(1.1, 0.6, 2.0);
        let longer = ratio(2.0, 1.4, 3.0);
        let shorter = ratio(0.5, 0.3, 0.8);
        for (middle, tail, expected) in [
            (same, same, "supported"),
            (same, open, "cannot_tell"),
            (open, same, "cannot_tell"),
            (open, open, "cannot_tell"),
            (longer, longer, "optimistic"),
            (longer, open, "optimistic"),
            (longer, same, "optimistic"),
            (open, longer, "optimistic"),
            (same, longer, "wrong_shape"),
            (longer, shorter, "wrong_shape"),
            (shorter, longer, "wrong_shape"),
            (same, shorter, "wrong_shape"),
            (shorter, shorter, "pessimistic"),
            (shorter, open, "pessimistic"),
            (open, shorter, "pessimistic"),
        ] {
            assert_eq!(name(middle, tail), expected, "{middle:?} {tail:?}");
        }
    }

    fn row(probability: f64, ratio: Ratio) -> QuantileRow {
        let interval = Interval { low: 0.0, high: f64::INFINITY };
        QuantileRow { probability, assumed: 1.0, observed: None, interval, ratio }
    }

    #[test]
    fn the_quantile_that_differs_most_counts_from_the_median_on() {
        let rows = [
            row(0.1, ratio(9.0, 5.0, 12.0)),
            row(0.5, ratio(1.2, 1.1, 1.3)),
            row(0.95, ratio(2.0, 1.6, 3.0)),
            row(0.99, ratio(3.0, 1.7, f64::INFINITY)),
        ];
        let (same, open) = (ratio(1.1, 0.9, 1.2), ratio(1.1, 0.6, 2.0));
        let (probability, by) = (0.99, rows[3].ratio);
        let bent = Some(Verdict::WrongShape { probability, by });
        assert_eq!(settled(same, same, &rows, 1.5), bent);
        assert_eq!(settled(same, open, &rows, 1.5), bent);
        let part = Part::Beyond { probability };
        assert_eq!(settled(open, open, &rows, 1.5), Some(Verdict::Optimistic { part, by }));
        assert_eq!(settled(same, same, &rows[..2], 1.5), Some(Verdict::Supported));
        assert_eq!(settled(open, same, &rows[..2], 1.5), None);
        // All shorter, but for the longest.
        let shorter = ratio(0.4, 0.3, 0.5);
        assert_eq!(settled(shorter, shorter, &rows, 1.5), bent);
        let pessimistic = Some(Verdict::Pessimistic { part: Part::All, by: shorter });
        assert_eq!(settled(shorter, shorter, &rows[..2], 1.5), pessimistic);
    }

    #[test]
    fn the_least_number_is_the_least() {
        assert_eq!(least(5, |n| n >= 77), Some(77));
        assert_eq!(least(5, |_| true), Some(5));
        assert_eq!(least(1, |_| false), None);
    }
}
