//! Mean, variance, smallest and largest value of a sample.
//!
//! The sums of the values and of their squares are exact, and so is the subtraction that makes the
//! textbook formula for the variance dangerous in floating point. So [`Moments::mean`] and
//! [`Moments::variance`] are the true values for the data, rounded once, for any order of the data,
//! any split over threads or machines, and any ratio of mean to spread.
//!
//! Weights, time series and models never enter: values are taken as independent draws of one
//! distribution.

use super::bits;
use super::exact_sum::ExactSum;
use serde::{Deserialize, Serialize};

/// Count, sums and extremes of a sample; merges in any order to the same bits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Moments {
    count: u64,
    #[serde(with = "bits::number")]
    min: f64,
    #[serde(with = "bits::number")]
    max: f64,
    /// Whole numbers below 2^32 go here, several times quicker and just as exact. Squares are below
    /// 2^64, so the sum has room for 2^64 of them.
    whole_sum: u128,
    whole_squares: u128,
    /// All other values.
    sum: ExactSum,
    squares: ExactSum,
}

impl Default for Moments {
    fn default() -> Self {
        Moments {
            count: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            whole_sum: 0,
            whole_squares: 0,
            sum: ExactSum::default(),
            squares: ExactSum::default(),
        }
    }
}

impl Moments {
    /// Adds one value.
    ///
    /// Any finite value is welcome; the variance is exact for values that are 0 or between 1.6e-148
    /// and 1.3e154 in size. An infinity or NaN makes the mean and the variance infinite or NaN.
    #[inline]
    pub fn push(&mut self, x: f64) {
        self.count += 1;
        self.min = self.min.min(x);
        self.max = self.max.max(x);
        let whole = x as u32;
        if f64::from(whole) == x {
            self.whole_sum += u128::from(whole);
            self.whole_squares += u128::from(u64::from(whole) * u64::from(whole));
        } else {
            self.sum.add(x);
            self.squares.add_square(x);
        }
    }

    /// Adds `count` zeros.
    pub fn push_zeros(&mut self, count: u64) {
        if count > 0 {
            self.count += count;
            self.min = self.min.min(0.0);
            self.max = self.max.max(0.0);
        }
    }

    /// Adds every value that `other` has seen.
    pub fn merge(&mut self, other: &Moments) {
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.whole_sum += other.whole_sum;
        self.whole_squares += other.whole_squares;
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Smallest value; `None` when there is none.
    pub fn min(&self) -> Option<f64> {
        (self.count > 0).then_some(self.min)
    }

    /// Largest value; `None` when there is none.
    pub fn max(&self) -> Option<f64> {
        (self.count > 0).then_some(self.max)
    }

    /// Sum of the values, correctly rounded.
    pub fn sum(&self) -> f64 {
        self.exact_sum().value()
    }

    /// Arithmetic mean, correctly rounded; `None` for an empty sample.
    pub fn mean(&self) -> Option<f64> {
        let sum = self.exact_sum();
        if self.count == 0 {
            return None;
        }
        if !sum.is_finite() {
            return Some(sum.value());
        }
        let (negative, magnitude) = sum.sign_and_magnitude();
        let mean = magnitude.divided_by(&[self.count]).to_f64();
        Some(if negative { -mean } else { mean })
    }

    /// Sample variance with divisor n - 1, correctly rounded; `None` for fewer than two values.
    ///
    /// It is (n Q - S^2) / (n (n - 1)), with S the sum and Q the sum of squares, all exact until
    /// the one rounding at the end: zero if and only if the values are equal.
    pub fn variance(&self) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        let (sum, squares) = (self.exact_sum(), self.exact_squares());
        if !sum.is_finite() {
            return Some(f64::NAN);
        }
        if !squares.is_finite() {
            return Some(f64::INFINITY);
        }
        let (_, sum) = sum.sign_and_magnitude();
        let (_, squares) = squares.sign_and_magnitude();
        let spread = squares.times(self.count).minus(&sum.squared());
        Some(spread.divided_by(&[self.count, self.count - 1]).to_f64())
    }

    /// Standard error of the mean: the root of variance / n; `None` for fewer than two values.
    pub fn standard_error(&self) -> Option<f64> {
        self.variance().map(|variance| (variance / self.count as f64).sqrt())
    }

    fn exact_sum(&self) -> ExactSum {
        let mut sum = self.sum.clone();
        sum.add_whole(self.whole_sum);
        sum
    }

    fn exact_squares(&self) -> ExactSum {
        let mut squares = self.squares.clone();
        squares.add_whole(self.whole_squares);
        squares
    }
}

/// Equal when count, extremes and exact sums are: then every estimate has the same bits.
impl PartialEq for Moments {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count
            && self.min() == other.min()
            && self.max() == other.max()
            && self.exact_sum() == other.exact_sum()
            && self.exact_squares() == other.exact_squares()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

    fn moments(values: impl IntoIterator<Item = f64>) -> Moments {
        let mut moments = Moments::default();
        values.into_iter().for_each(|x| moments.push(x));
        moments
    }

    mod by_hand {
        use super::*;

        #[test]
        fn a_small_sample() {
            let sample = moments([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
            assert_eq!(sample.count(), 8);
            assert_eq!((sample.min(), sample.max()), (Some(2.0), Some(9.0)));
            assert_eq!(sample.sum(), 40.0);
            assert_eq!(sample.mean(), Some(5.0));
            assert_eq!(sample.variance(), Some(32.0 / 7.0));
            assert_eq!(sample.standard_error(), Some((32.0_f64 / 56.0).sqrt()));
        }

        #[test]
        fn absent_is_none_and_never_zero() {
            let none = moments([]);
            assert_eq!((none.min(), none.max(), none.mean()), (None, None, None));
            assert_eq!((none.variance(), none.standard_error()), (None, None));
            let one = moments([3.5]);
            assert_eq!((one.mean(), one.variance()), (Some(3.5), None));
        }

        #[test]
        fn negative_values_and_values_beyond_the_whole_number_path_mix_with_it() {
            let sample = moments([-1.0, 1.0, -0.5, 0.5, 4_294_967_295.0, 4_294_967_296.0, -0.0]);
            assert_eq!(sample.sum(), 8_589_934_591.0);
            assert_eq!((sample.min(), sample.max()), (Some(-1.0), Some(4_294_967_296.0)));
            assert_eq!(moments([-3.0, -5.0]).mean(), Some(-4.0));
            assert_eq!(moments([-3.0, -5.0]).variance(), Some(2.0));
        }
    }

    mod exactness {
        use super::*;

        #[test]
        fn constant_data_has_no_variance() {
            for x in [0.0, 0.1, 1e-100, 1e15 + 0.3, 1e150, -7.3, 123_456.0] {
                for n in [2, 3, 10, 1000] {
                    let sample = moments(std::iter::repeat_n(x, n));
                    assert_eq!(sample.variance(), Some(0.0), "{x} x {n}");
                    assert_eq!(sample.mean(), Some(x));
                }
            }
        }

        #[test]
        fn a_far_away_mean_does_not_hurt() {
            // NIST StRD NumAcc3 and NumAcc4: 1000000.2 and 10000000.2, then .1 and .3 in turn 500
            // times; certified standard deviation 0.1 for the decimals. Doubles near the mean are
            // 1e-10 and 2e-9 apart, which is all the error that may be left.
            for (mean, tolerance) in [(1_000_000.2, 1e-9), (10_000_000.2, 1e-8)] {
                let pairs = (0..1000).map(|i| if i % 2 == 0 { mean - 0.1 } else { mean + 0.1 });
                let sample = moments(std::iter::once(mean).chain(pairs));
                assert!((sample.variance().unwrap().sqrt() - 0.1).abs() < tolerance);
            }
            // Mean 2^52, spread 1: the textbook formula in doubles has nothing left at all.
            let base = 2.0_f64.powi(52);
            assert_eq!(moments([base, base + 1.0, base + 2.0]).variance(), Some(1.0));
        }

        #[test]
        fn mean_and_variance_equal_those_of_rational_arithmetic() {
            // Python 3.11, fractions.Fraction: x(i) = 1000 + frac(i * 0.6180339887498949) / 7 in
            // doubles, i = 1..=1000.
            let values = (1..=1000).map(|i| {
                let turns = f64::from(i) * 0.618_033_988_749_894_9;
                1000.0 + (turns - turns.floor()) / 7.0
            });
            let sample = moments(values);
            assert_eq!(sample.mean().unwrap().to_bits(), 0x408f_4092_49fe_90fe);
            assert_eq!(sample.variance().unwrap().to_bits(), 0x3f5b_e2f5_01b9_a582);
        }

        #[test]
        fn the_path_for_whole_numbers_gives_the_same_results() {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
            let values: Vec<f64> = (0..5000)
                .map(|_| f64::from(rng.random::<u32>() >> rng.random_range(0..32)))
                .collect();
            let quick = moments(values.iter().copied());
            let mut slow = Moments::default();
            for &x in &values {
                slow.count += 1;
                slow.min = slow.min.min(x);
                slow.max = slow.max.max(x);
                slow.sum.add(x);
                slow.squares.add_square(x);
            }
            assert_eq!(quick, slow);
            assert_eq!(quick.mean(), slow.mean());
            assert_eq!(quick.variance(), slow.variance());
        }

        #[test]
        fn values_that_are_not_finite_show() {
            assert!(moments([1.0, f64::NAN]).mean().unwrap().is_nan());
            assert!(moments([1.0, f64::NAN]).variance().unwrap().is_nan());
            assert_eq!(moments([1.0, f64::INFINITY]).mean(), Some(f64::INFINITY));
            assert_eq!(moments([0.5, 1e300]).variance(), Some(f64::INFINITY));
        }
    }

    mod merging {
        use super::*;

        #[test]
        fn any_split_in_any_order_gives_the_same_bits() {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
            let mut draw = || {
                let scale = 10.0_f64.powi(rng.random_range(-9..9));
                let x = rng.random::<f64>() * scale;
                if rng.random::<f64>() < 0.4 { x.floor() } else { x }
            };
            let values: Vec<f64> = (0..10_000).map(|_| draw()).collect();
            let whole = moments(values.iter().copied());
            for size in [1, 7, 100, 999, 9_999, 20_000] {
                let parts: Vec<Moments> =
                    values.chunks(size).map(|part| moments(part.iter().copied())).collect();
                let mut backwards = Moments::default();
                parts.iter().rev().for_each(|part| backwards.merge(part));
                assert_eq!(backwards, whole);
                let bits =
                    |m: &Moments| (m.mean().map(f64::to_bits), m.variance().map(f64::to_bits));
                assert_eq!(bits(&backwards), bits(&whole));
            }
        }
    }
}
