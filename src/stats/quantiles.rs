//! Quantiles of a sample of any size.
//!
//! Up to [`EXACT_LIMIT`] values other than 0 the sample itself is kept and every answer is exact.
//! Beyond that the values are counted in buckets that share sign, exponent and the leading nine
//! bits of the mantissa, so that an answer is off by at most 0.1 % of itself: the idea of DDSketch
//! (Masson, Rim and Lee, 2019, "DDSketch: a fast and fully-mergeable quantile sketch"), with the
//! bits of the double in place of a logarithm. Which of the two applies, and every count, depends
//! on the values alone: not on their order, nor on how the sample was split and merged.
//!
//! Collecting ([`Quantiles`]) and asking ([`SortedSample`]) are two types, since asking needs
//! order. Weights and streams that forget never enter.

mod buckets;

use super::bits;
use buckets::Buckets;
use serde::{Deserialize, Serialize};

/// Most values other than 0 that are kept one by one; 96 kB, somewhat more than the buckets of a
/// heavy tail take. All trials of a usual run fit, so that its answers are exact.
pub const EXACT_LIMIT: usize = 12_000;

/// What kind of number a metric is: decides which value stands for a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Any number: the middle of the bucket, off by less than 0.1 %.
    Continuous,
    /// Whole numbers: the whole number in the middle, which is exact up to 1024 and off by less
    /// than 0.1 % above.
    Whole,
}

/// A sample under collection: push and merge, then ask its [`SortedSample`]. The median of 3, 1, 2
/// and 5 is 2.5.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Quantiles {
    kind: Kind,
    limit: usize,
    /// How many values are 0: of many metrics most are.
    zeros: u64,
    /// Every other value, while there are at most `limit`; empty once `buckets` is in use.
    #[serde(with = "bits::numbers")]
    values: Vec<f64>,
    /// Every other value, counted.
    buckets: Option<Box<Buckets>>,
}

impl Quantiles {
    /// An empty sample of values of this kind.
    pub fn new(kind: Kind) -> Self {
        Quantiles::with_limit(kind, EXACT_LIMIT)
    }

    /// An empty sample that keeps so many values other than 0 one by one, for the few samples that
    /// are worth more memory than the others.
    pub fn with_limit(kind: Kind, limit: usize) -> Self {
        Quantiles { kind, limit, zeros: 0, values: Vec::new(), buckets: None }
    }

    /// Adds one value, finite and not NaN. Any sign will do; values below 2.3e-308 in size may lose
    /// the promise of 0.1 %. In a release build a NaN counts as infinite, so that it shows.
    #[inline]
    pub fn push(&mut self, x: f64) {
        debug_assert!(!x.is_nan(), "a metric is never NaN");
        let x = if x.is_nan() { f64::INFINITY } else { x };
        if x == 0.0 {
            self.zeros += 1;
        } else if let Some(buckets) = &mut self.buckets {
            buckets.push(x);
        } else {
            self.values.push(x);
            if self.values.len() > self.limit {
                self.count_in_buckets();
            }
        }
    }

    /// Adds every value that `other` has seen; both must be of the same kind.
    pub fn merge(&mut self, other: &Quantiles) {
        debug_assert!(self.kind == other.kind, "samples of two kinds do not mix");
        self.zeros += other.zeros;
        if let Some(theirs) = &other.buckets {
            self.count_in_buckets().merge(theirs);
        } else if let Some(mine) = &mut self.buckets {
            other.values.iter().for_each(|&x| mine.push(x));
        } else if self.values.len() + other.values.len() > self.limit {
            let mine = self.count_in_buckets();
            other.values.iter().for_each(|&x| mine.push(x));
        } else {
            // What is merged comes in large pieces, so no room is kept for what may follow.
            self.values.reserve_exact(other.values.len());
            self.values.extend_from_slice(&other.values);
        }
    }

    /// Whether every value is still kept, so that all answers are exact.
    pub fn is_exact(&self) -> bool {
        self.buckets.is_none()
    }

    /// The sample in order, ready for questions.
    pub fn sorted(self) -> SortedSample {
        match self.buckets {
            Some(buckets) => buckets.sorted(self.kind, self.zeros),
            None => {
                let mut values = self.values;
                values.sort_unstable_by(f64::total_cmp);
                let below = values.partition_point(|&x| x < 0.0);
                let each = |&x: &f64| (x, 1);
                let zeros = std::iter::once((0.0, self.zeros));
                let (below, above) = values.split_at(below);
                SortedSample::new(below.iter().map(each).chain(zeros).chain(above.iter().map(each)))
            }
        }
    }

    /// Moves the values into buckets, if they are not there yet.
    #[cold]
    fn count_in_buckets(&mut self) -> &mut Buckets {
        let values = std::mem::take(&mut self.values);
        let buckets = self.buckets.get_or_insert_default();
        values.into_iter().for_each(|x| buckets.push(x));
        buckets
    }
}

/// A finished sample in ascending order.
///
/// Of up to [`EXACT_LIMIT`] values other than 0 it is the sample itself; of more, all but the
/// smallest and the largest value are represented to 0.1 %.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SortedSample {
    /// Distinct values, ascending.
    values: Vec<f64>,
    /// Number of values up to and including each of them.
    at_most: Vec<u64>,
}

impl SortedSample {
    /// The sample of values with their counts, ascending.
    fn new(counts: impl IntoIterator<Item = (f64, u64)>) -> SortedSample {
        let mut sample = SortedSample::default();
        counts.into_iter().for_each(|(x, count)| sample.append(x, count));
        sample.values.shrink_to_fit();
        sample.at_most.shrink_to_fit();
        sample
    }

    /// Adds `count` times `x`, which is not below the last value.
    fn append(&mut self, x: f64, count: u64) {
        let through = self.len() + count;
        match (self.values.last(), self.at_most.last_mut()) {
            _ if count == 0 => {}
            (Some(&last), Some(at_most)) if last == x => *at_most = through,
            _ => {
                self.values.push(x);
                self.at_most.push(through);
            }
        }
    }

    /// Number of values.
    pub fn len(&self) -> u64 {
        self.at_most.last().copied().unwrap_or(0)
    }

    /// The value of this rank, counted from 1 for the smallest; `None` for a rank that is not
    /// there.
    pub fn order_statistic(&self, rank: u64) -> Option<f64> {
        let before = rank.checked_sub(1)?;
        self.values.get(self.at_most.partition_point(|&at_most| at_most <= before)).copied()
    }

    /// The quantile for probability `p` in 0..=1, by linear interpolation between the order
    /// statistics around rank 1 + (n - 1) p; `None` for an empty sample.
    ///
    /// This is type 7 of Hyndman and Fan (1996), the default of R and NumPy.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        debug_assert!((0.0..=1.0).contains(&p), "a probability lies in 0..=1");
        let last = self.len().checked_sub(1)?;
        let position = last as f64 * p.clamp(0.0, 1.0);
        let below = (position as u64).min(last);
        let weight = position - below as f64;
        let low = self.order_statistic(below + 1)?;
        let high = self.order_statistic((below + 2).min(last + 1))?;
        // Also keeps infinities from meeting as a NaN.
        if weight <= 0.0 || low == high {
            return Some(low);
        }
        Some((low + (high - low) * weight).clamp(low, high))
    }

    /// The smallest value for which `holds`, where it holds for all values above one for which it
    /// does; `None` where it holds for none.
    pub(super) fn first_where(&self, holds: impl Fn(f64) -> bool) -> Option<f64> {
        self.values.get(self.values.partition_point(|&value| !holds(value))).copied()
    }

    /// How many values are at most `x`.
    ///
    /// In a sample beyond [`EXACT_LIMIT`] this counts representatives: values within 0.1 % of `x`
    /// may fall on the wrong side. A limit known beforehand is better counted as the values come.
    pub fn count_at_most(&self, x: f64) -> u64 {
        let through = self.values.partition_point(|&value| value <= x);
        through.checked_sub(1).map_or(0, |last| self.at_most[last])
    }

    /// Distinct values in ascending order, each with the number of times it occurs.
    pub fn counts(&self) -> impl DoubleEndedIterator<Item = (f64, u64)> {
        self.values.iter().enumerate().map(|(at, &value)| {
            let before = at.checked_sub(1).map_or(0, |previous| self.at_most[previous]);
            (value, self.at_most[at] - before)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
    use statrs::distribution::{ContinuousCDF, Normal};

    impl Quantiles {
        /// Bytes in use on the heap.
        fn heap_bytes(&self) -> usize {
            let bytes = |buckets: &Buckets| size_of::<Buckets>() + buckets.heap_bytes();
            self.values.capacity() * size_of::<f64>() + self.buckets.as_deref().map_or(0, bytes)
        }
    }

    fn collect(kind: Kind, values: impl IntoIterator<Item = f64>) -> Quantiles {
        let mut sample = Quantiles::new(kind);
        values.into_iter().for_each(|x| sample.push(x));
        sample
    }

    /// Lognormal values with median e^3 and the given sigma.
    fn lognormal(seed: u64, count: usize, sigma: f64) -> Vec<f64> {
        let normal = Normal::standard();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        (0..count)
            .map(|_| (3.0 + sigma * normal.inverse_cdf(rng.random_range(1e-12..1.0))).exp())
            .collect()
    }

    const PROBABILITIES: [f64; 13] =
        [0.0, 1e-4, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 0.9999, 1.0];

    mod exact {
        use super::*;

        #[test]
        fn quantiles_interpolate_as_r_does() {
            // R: quantile(c(15, 20, 35, 40, 50), c(0, .05, .3, .4, .5, 1))
            let sample = collect(Kind::Continuous, [35.0, 15.0, 50.0, 40.0, 20.0]).sorted();
            for (p, expected) in
                [(0.0, 15.0), (0.05, 16.0), (0.3, 23.0), (0.4, 29.0), (0.5, 35.0), (1.0, 50.0)]
            {
                assert!((sample.quantile(p).unwrap() - expected).abs() < 1e-12, "{p}");
            }
        }

        #[test]
        fn ranks_counts_and_curve_are_those_of_the_sorted_list() {
            let sample = collect(Kind::Whole, [3.0, -1.0, 0.0, 3.0, -0.0, 7.0]).sorted();
            let in_order: Vec<f64> = (1..=6).filter_map(|r| sample.order_statistic(r)).collect();
            assert_eq!(in_order, [-1.0, 0.0, 0.0, 3.0, 3.0, 7.0]);
            assert_eq!((sample.order_statistic(0), sample.order_statistic(7)), (None, None));
            let counted: Vec<_> = sample.counts().collect();
            assert_eq!(counted, [(-1.0, 1), (0.0, 2), (3.0, 2), (7.0, 1)]);
            for (x, at_most) in [(-2.0, 0), (-1.0, 1), (0.0, 3), (2.9, 3), (3.0, 5), (9.0, 6)] {
                assert_eq!(sample.count_at_most(x), at_most);
                assert_eq!(sample.len() - sample.count_at_most(x), 6 - at_most);
            }
        }

        #[test]
        fn an_empty_sample_has_no_quantile() {
            let sample = Quantiles::new(Kind::Continuous).sorted();
            assert_eq!(sample.len(), 0);
            assert_eq!((sample.quantile(0.5), sample.order_statistic(1)), (None, None));
            assert_eq!((sample.count_at_most(1.0), sample.counts().count()), (0, 0));
        }

        #[test]
        fn one_value_is_every_quantile() {
            let sample = collect(Kind::Continuous, [4.2]).sorted();
            assert_eq!((sample.quantile(0.0), sample.quantile(0.9)), (Some(4.2), Some(4.2)));
        }

        #[test]
        fn the_limit_itself_is_exact_and_one_more_is_not() {
            let mut sample = collect(Kind::Continuous, (0..EXACT_LIMIT).map(|i| i as f64 + 0.7));
            assert!(sample.is_exact());
            assert_eq!(sample.clone().sorted().order_statistic(7_778), Some(7_777.7));
            sample.push(0.1);
            assert!(!sample.is_exact());
            assert_eq!(sample.sorted().len(), EXACT_LIMIT as u64 + 1);
        }

        #[test]
        fn zeros_do_not_count_towards_the_limit() {
            let values = (1..=EXACT_LIMIT as i32).map(|i| f64::from(i - 4000));
            let zeros = std::iter::repeat_n(0.0, 300_000);
            let sample = collect(Kind::Continuous, values.clone().chain(zeros));
            assert!(sample.is_exact());
            let sample = sample.sorted();
            // 3999 values below 0, one that is 0, and 8000 above.
            assert_eq!(sample.len(), 312_000);
            let ranks = [1, 3999, 4000, 304_000, 304_001, 312_000, 312_001];
            let expected = [-3999.0, -1.0, 0.0, 0.0, 1.0, 8000.0];
            let found: Vec<f64> = ranks.iter().filter_map(|&r| sample.order_statistic(r)).collect();
            assert_eq!(found, expected);
            for (x, at_most) in [(-1.0, 3999), (-0.5, 3999), (0.0, 304_000), (1.5, 304_001)] {
                assert_eq!(sample.count_at_most(x), at_most, "{x}");
            }
            assert_eq!(sample.first_where(|x| x >= -0.5), Some(0.0));
            assert_eq!(sample.first_where(|x| x > 0.0), Some(1.0));
            assert_eq!(sample.first_where(|x| x > 8000.0), None);
            assert_eq!(sample.counts().nth(3999), Some((0.0, 300_001)));
        }
    }

    mod bucketed {
        use super::*;

        fn bucketed(kind: Kind, values: &[f64]) -> SortedSample {
            let mut sample = Quantiles { limit: 1, ..Quantiles::new(kind) };
            values.iter().for_each(|&x| sample.push(x));
            sample.sorted()
        }

        #[test]
        fn every_order_statistic_of_a_heavy_tail_is_within_a_thousandth() {
            let mut values = lognormal(1, 300_000, 2.0);
            let continuous = collect(Kind::Continuous, values.iter().copied()).sorted();
            values.sort_by(f64::total_cmp);
            assert_eq!(continuous.len(), 300_000);
            for (rank, &truth) in (1..).zip(&values) {
                let middle = continuous.order_statistic(rank).unwrap();
                assert!((middle / truth - 1.0).abs() < 0.001, "rank {rank}: {middle} {truth}");
            }
            let mut rounded: Vec<f64> = values.iter().map(|x| x.round()).collect();
            let whole = collect(Kind::Whole, rounded.iter().copied()).sorted();
            rounded.sort_by(f64::total_cmp);
            for (rank, &truth) in (1..).zip(&rounded) {
                let stands = whole.order_statistic(rank).unwrap();
                assert!((stands - truth).abs() <= 0.001 * truth, "rank {rank}: {stands} {truth}");
                assert_eq!(stands.fract(), 0.0);
            }
            for p in PROBABILITIES {
                let position = 299_999.0 * p;
                let below = position as usize;
                let above = values[(below + 1).min(299_999)];
                let truth = values[below] + (above - values[below]) * position.fract();
                assert!((continuous.quantile(p).unwrap() / truth - 1.0).abs() <= 0.001, "{p}");
            }
        }

        #[test]
        fn the_extremes_are_exact() {
            let values = lognormal(2, 150_000, 2.0);
            let sample = collect(Kind::Continuous, values.iter().copied()).sorted();
            let min = values.iter().copied().fold(f64::INFINITY, f64::min);
            let max = values.iter().copied().fold(0.0, f64::max);
            assert_eq!((sample.quantile(0.0), sample.quantile(1.0)), (Some(min), Some(max)));
            assert_eq!(sample.order_statistic(1), Some(min));
            assert_eq!(sample.order_statistic(150_000), Some(max));
            assert_eq!((sample.count_at_most(max), sample.len()), (150_000, 150_000));
            assert_eq!((sample.count_at_most(min * 0.9999), sample.count_at_most(min)), (0, 1));
        }

        #[test]
        fn whole_numbers_below_1024_are_exact() {
            let values: Vec<f64> = (0..1024).map(f64::from).collect();
            let sample = bucketed(Kind::Whole, &values);
            for (rank, &x) in (1..).zip(&values) {
                assert_eq!(sample.order_statistic(rank), Some(x));
                assert_eq!(sample.count_at_most(x), rank);
            }
        }

        #[test]
        fn counts_add_up_and_ascend() {
            let mut values = lognormal(3, 120_000, 1.0);
            values.extend([0.0; 500]);
            let sample = collect(Kind::Continuous, values).sorted();
            let counted: Vec<_> = sample.counts().collect();
            assert_eq!(counted.iter().map(|&(_, n)| n).sum::<u64>(), 120_500);
            assert!(counted.windows(2).all(|pair| pair[0].0 < pair[1].0));
            assert_eq!(counted[0], (0.0, 500));
        }

        #[test]
        fn negative_values_are_kept_in_order() {
            let values = [-1000.0, -3.3, -3.3, -0.001, 0.0, 0.002, 5.0, 1e9];
            let sample = bucketed(Kind::Continuous, &values);
            for (rank, &truth) in (1..).zip(&values) {
                let x = sample.order_statistic(rank).unwrap();
                assert!((x - truth).abs() <= 0.001 * truth.abs(), "{x} for {truth}");
            }
        }

        #[test]
        fn counters_do_not_overflow() {
            // Added to itself 34 times: three values and a zero become 2^34 of each.
            let mut sample = Quantiles { limit: 1, ..Quantiles::new(Kind::Whole) };
            [0.0, 3.0, 3.0, 900.0].into_iter().for_each(|x| sample.push(x));
            for _ in 0..34 {
                let same = sample.clone();
                sample.merge(&same);
            }
            let many = 1_u64 << 34;
            let counted: Vec<_> = sample.sorted().counts().collect();
            assert_eq!(counted, [(0.0, many), (3.0, 2 * many), (900.0, many)]);
        }

        #[test]
        fn values_come_in_any_order_of_size() {
            let values = [1.0, 1e-300, 1e300, 7.0, 1e-5, f64::MAX, 3e-308];
            let sample = bucketed(Kind::Continuous, &values);
            let mut sorted = values;
            sorted.sort_by(f64::total_cmp);
            for (rank, truth) in (1..).zip(sorted) {
                let x = sample.order_statistic(rank).unwrap();
                assert!((x / truth - 1.0).abs() <= 0.001, "{x} for {truth}");
            }
        }

        #[test]
        fn equal_values_are_that_value() {
            for kind in [Kind::Continuous, Kind::Whole] {
                let sample = bucketed(kind, &[3.3; 9]);
                assert_eq!(sample.counts().collect::<Vec<_>>(), [(3.3, 9)]);
            }
        }

        #[test]
        fn an_infinite_value_makes_no_nan() {
            let sample = bucketed(Kind::Continuous, &[1.0, f64::INFINITY, f64::INFINITY]);
            assert_eq!(sample.quantile(0.0), Some(1.0));
            assert_eq!(sample.quantile(0.3), Some(f64::INFINITY));
            assert_eq!(sample.quantile(1.0), Some(f64::INFINITY));
        }

        #[test]
        fn a_heavy_tailed_sketch_takes_less_memory_than_the_values_it_replaced() {
            let sample = collect(Kind::Continuous, lognormal(4, 300_000, 2.0));
            let bytes = sample.heap_bytes();
            // Sigma 2 over 300,000 values spans e^(2 * 2 * 4.6), about 27 powers of two of 2 kB
            // each.
            assert!((40_000..80_000).contains(&bytes), "{bytes} bytes");
            assert!(bytes < EXACT_LIMIT * size_of::<f64>());
        }
    }

    mod merging {
        use super::*;

        #[test]
        fn any_split_in_any_order_gives_the_same_sample() {
            // Below the limit, just over it, and with parts that are over it themselves.
            for count in [EXACT_LIMIT, EXACT_LIMIT + 1, 40_000] {
                let mut values = lognormal(5, count, 1.5);
                values.iter_mut().step_by(7).for_each(|x| *x = -*x);
                values.extend(std::iter::repeat_n(0.0, 300));
                values.rotate_left(count / 3);
                let whole = collect(Kind::Continuous, values.iter().copied()).sorted();
                for size in [999, 5_000, 15_000] {
                    let parts: Vec<Quantiles> = values
                        .chunks(size)
                        .map(|part| collect(Kind::Continuous, part.iter().copied()))
                        .collect();
                    let mut forwards = Quantiles::new(Kind::Continuous);
                    let mut backwards = forwards.clone();
                    parts.iter().for_each(|part| forwards.merge(part));
                    parts.iter().rev().for_each(|part| backwards.merge(part));
                    assert_eq!(forwards.is_exact(), count <= EXACT_LIMIT);
                    assert!(forwards.sorted() == whole, "{count} by {size}, forwards");
                    assert!(backwards.sorted() == whole, "{count} by {size}, backwards");
                }
            }
        }

        #[test]
        fn merging_with_nothing_changes_nothing() {
            let mut sample = collect(Kind::Whole, [1.0, 2.0]);
            sample.merge(&Quantiles::new(Kind::Whole));
            assert_eq!(sample.clone().sorted(), collect(Kind::Whole, [2.0, 1.0]).sorted());
            let mut empty = Quantiles::new(Kind::Whole);
            empty.merge(&sample);
            assert_eq!(empty.sorted(), sample.sorted());
        }
    }
}
