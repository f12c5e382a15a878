//! A sum of doubles without rounding, whatever the order and the grouping.
//!
//! Floating-point addition is not associative, so a sum over threads or machines depends on who
//! added what first. Here the running sum is one long fixed-point number that holds every bit of
//! every finite double, after Kulisch; the layout, limbs of 32 bits with room for carries that are
//! settled only now and then, is the small superaccumulator of Neal (2015), "Fast exact summation
//! using small and large superaccumulators", arXiv:1505.05571. Rounding happens once, when the
//! value is read.
//!
//! Weights, compensation terms and blocks never enter: exactness makes them needless.

use super::bits;
use super::wide::Wide;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Limbs of 32 bits: 2^-1088 up to 2^1024, and 64 bits more for the number of terms.
const LIMBS: usize = 68;
/// The least significant bit is worth `2^LOWEST`; a multiple of 32, so that products stay aligned.
const LOWEST: i32 = -1088;
/// Additions between two settlings: each moves a limb by less than 2^53, a limb holds 2^63.
const UNSETTLED_LIMIT: u32 = 1000;

/// An exact sum of `f64` values: of 1e100, 1 and -1e100 it is 1. Takes 560 bytes; adding takes
/// about two nanoseconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExactSum {
    #[serde(serialize_with = "settled", deserialize_with = "as_settled")]
    limbs: [i64; LIMBS],
    /// Additions since the carries were settled; in a file they are.
    #[serde(skip)]
    unsettled: u32,
    /// Plain sum of the infinities and NaNs among the terms; 0 when all were finite.
    #[serde(with = "bits::number")]
    not_finite: f64,
}

impl Default for ExactSum {
    fn default() -> Self {
        ExactSum { limbs: [0; LIMBS], unsettled: 0, not_finite: 0.0 }
    }
}

impl ExactSum {
    /// Adds `x`. An infinity or NaN is remembered and decides the value, as it would in a plain
    /// sum.
    #[inline]
    pub fn add(&mut self, x: f64) {
        if let Some((mantissa, exponent)) = parts(x) {
            self.add_scaled(mantissa, (exponent - LOWEST) as usize, x.is_sign_negative());
        } else {
            self.not_finite += x;
        }
    }

    /// Adds `x * x` without rounding.
    ///
    /// Exact for zero and for |x| from 2^-491 (1.6e-148) to 2^512 (1.3e154). What a smaller `x`
    /// adds below 2^-1088 is cut off; the square of a larger one counts as infinite.
    #[inline]
    pub fn add_square(&mut self, x: f64) {
        let square = x * x;
        let Some((mantissa, exponent)) = parts(x).filter(|_| square.is_finite()) else {
            self.not_finite += square;
            return;
        };
        let product = u128::from(mantissa) * u128::from(mantissa);
        let low = (product as u64) & ((1 << 53) - 1);
        let high = (product >> 53) as u64;
        let position = 2 * exponent - LOWEST;
        if position >= 0 {
            self.add_scaled(low, position as usize, false);
            self.add_scaled(high, position as usize + 53, false);
        } else {
            let cut = product.checked_shr(position.unsigned_abs()).unwrap_or(0);
            self.add_scaled((cut as u64) & ((1 << 53) - 1), 0, false);
            self.add_scaled((cut >> 53) as u64, 53, false);
        }
    }

    /// Adds the whole number `x`.
    pub fn add_whole(&mut self, x: u128) {
        let units = -LOWEST as usize;
        for piece in 0..3 {
            let bits = ((x >> (48 * piece)) as u64) & ((1 << 48) - 1);
            self.add_scaled(bits, units + 48 * piece, false);
        }
    }

    /// Adds everything that `other` has summed.
    pub fn merge(&mut self, other: &ExactSum) {
        // Both settled, each limb below 2^32: the addition counts as one.
        self.settle();
        let mut other = other.clone();
        other.settle();
        for (mine, theirs) in self.limbs.iter_mut().zip(other.limbs) {
            *mine += theirs;
        }
        self.unsettled = 1;
        self.not_finite += other.not_finite;
    }

    /// The sum, rounded once to the nearest `f64` (ties to even); 0 for no terms.
    ///
    /// With an infinity among the terms it is that infinity; with both, or with a NaN, it is NaN.
    pub fn value(&self) -> f64 {
        if !self.is_finite() {
            return self.not_finite;
        }
        let (negative, magnitude) = self.sign_and_magnitude();
        let value = magnitude.to_f64();
        if negative { -value } else { value }
    }

    /// Whether every term was finite (and every square too).
    pub(super) fn is_finite(&self) -> bool {
        self.not_finite == 0.0
    }

    /// The sum of the finite terms, exactly.
    pub(super) fn sign_and_magnitude(&self) -> (bool, Wide) {
        let mut settled = self.clone();
        settled.settle();
        let negative = settled.limbs[LIMBS - 1] < 0;
        if negative {
            settled.limbs.iter_mut().for_each(|limb| *limb = -*limb);
            settled.settle();
        }
        let mut digits: Vec<u32> = settled.limbs.iter().map(|&limb| limb as u32).collect();
        digits.push((settled.limbs[LIMBS - 1] >> 32) as u32);
        (negative, Wide::new(digits, LOWEST / 32))
    }

    /// Adds `mantissa`, below 2^53, times `2^(position + LOWEST)`.
    #[inline]
    fn add_scaled(&mut self, mantissa: u64, position: usize, negative: bool) {
        if self.unsettled == UNSETTLED_LIMIT {
            self.settle();
        }
        self.unsettled += 1;
        let (limb, shift) = (position / 32, position % 32);
        let low = i64::from((mantissa << shift) as u32);
        let high = (mantissa >> (32 - shift)) as i64;
        // All ones when negative: flips the bits, and the subtraction completes the negation.
        let sign = -i64::from(negative);
        self.limbs[limb] += (low ^ sign) - sign;
        self.limbs[limb + 1] += (high ^ sign) - sign;
    }

    /// Carries everything upwards: every limb but the last ends in 0..2^32, the last has the sign.
    /// Equal sums then have equal limbs.
    #[cold]
    fn settle(&mut self) {
        settle(&mut self.limbs);
        self.unsettled = 0;
    }
}

/// Carries everything upwards.
fn settle(limbs: &mut [i64; LIMBS]) {
    let mut carry = 0;
    for limb in &mut limbs[..LIMBS - 1] {
        let total = *limb + carry;
        *limb = i64::from(total as u32);
        carry = total >> 32;
    }
    limbs[LIMBS - 1] += carry;
}

/// Writes the limbs as [`settle`] leaves them, so that equal sums are equal files.
fn settled<S: Serializer>(limbs: &[i64; LIMBS], to: S) -> Result<S::Ok, S::Error> {
    let mut limbs = *limbs;
    settle(&mut limbs);
    bits::array::serialize(&limbs, to)
}

/// Equal when the exact sums are, however they came about.
impl PartialEq for ExactSum {
    fn eq(&self, other: &Self) -> bool {
        let (mut a, mut b) = (self.clone(), other.clone());
        a.settle();
        b.settle();
        let special =
            a.not_finite == b.not_finite || a.not_finite.is_nan() && b.not_finite.is_nan();
        a.limbs == b.limbs && special
    }
}

/// Magnitude of `x` as mantissa (below 2^53) times `2^exponent`; `None` unless `x` is finite.
#[inline]
fn parts(x: f64) -> Option<(u64, i32)> {
    let bits = x.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match ((bits >> 52) & 0x7ff) as i32 {
        0x7ff => None,
        0 => Some((fraction, -1074)),
        field => Some((fraction | 1 << 52, field - 1075)),
    }
}

/// Reads limbs, and refuses what [`settle`] does not leave: sums of it could run over.
fn as_settled<'d, D: Deserializer<'d>>(from: D) -> Result<[i64; LIMBS], D::Error> {
    let limbs: [i64; LIMBS] = bits::array::deserialize(from)?;
    let (top, rest) = (limbs[LIMBS - 1], &limbs[..LIMBS - 1]);
    if rest.iter().all(|limb| u32::try_from(*limb).is_ok()) && top.unsigned_abs() < 1 << 62 {
        Ok(limbs)
    } else {
        Err(D::Error::custom("a sum of which not all is carried"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(values: impl IntoIterator<Item = f64>) -> ExactSum {
        let mut sum = ExactSum::default();
        values.into_iter().for_each(|x| sum.add(x));
        sum
    }

    /// The generator of the reference values: SplitMix64 (Steele, Lea and Flood, 2014).
    fn split_mix(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Doubles of random sign and mantissa whose exponent fields are uniform over `fields`.
    fn doubles(seed: u64, count: usize, fields: std::ops::Range<u64>) -> Vec<f64> {
        let mut state = seed;
        let mut next = || {
            let bits = split_mix(&mut state);
            let field = fields.start + split_mix(&mut state) % (fields.end - fields.start);
            f64::from_bits((bits & 0x800f_ffff_ffff_ffff) | field << 52)
        };
        (0..count).map(|_| next()).collect()
    }

    fn shuffled(mut values: Vec<f64>, seed: u64) -> Vec<f64> {
        let mut state = seed;
        for i in (1..values.len()).rev() {
            values.swap(i, (split_mix(&mut state) % (i as u64 + 1)) as usize);
        }
        values
    }

    // References by Python 3.11: float(sum(map(fractions.Fraction, values))) on the same doubles.
    const REFERENCES: [(u64, usize, std::ops::Range<u64>, u64); 5] = [
        (1, 10_000, 0..2043, 0xffbb_152b_5fbe_e2a1),
        (2, 10_000, 1013..1033, 0x40d0_e4b0_6186_24a4),
        (3, 5_000, 0..60, 0x0394_af23_8472_6465),
        (4, 1_001, 1023..1024, 0xc051_5275_388c_b66f),
        (5, 3_000, 0..2, 0x005a_2d47_f0db_3d5b),
    ];

    mod exactness {
        use super::*;

        #[test]
        fn sums_over_the_whole_range_equal_those_of_rational_arithmetic() {
            for (seed, count, fields, bits) in REFERENCES {
                let value = sum(doubles(seed, count, fields)).value();
                assert_eq!(value.to_bits(), bits, "seed {seed}: {value:e}");
            }
        }

        #[test]
        fn cancellation_loses_nothing() {
            assert_eq!(sum([1.0, 1e100, 1.0, -1e100]).value(), 2.0);
            assert_eq!(sum([1e308, 1e308, -1e308, -1e308, 5e-324]).value(), 5e-324);
            // Kahan's compensated sum gives 0 here.
            assert_eq!(sum([1e16, 1.0, -1e16]).value(), 1.0);
            let values = doubles(9, 5000, 0..2043);
            let there_and_back = values.iter().copied().chain(values.iter().map(|x| -x));
            assert_eq!(sum(there_and_back).value().to_bits(), 0);
        }

        #[test]
        fn the_running_sum_may_leave_the_range_and_come_back() {
            assert_eq!(sum([f64::MAX, f64::MAX, -f64::MAX]).value(), f64::MAX);
            assert_eq!(sum([f64::MAX, f64::MAX]).value(), f64::INFINITY);
            assert_eq!(sum([-f64::MAX, -f64::MAX]).value(), f64::NEG_INFINITY);
        }

        #[test]
        fn rounding_is_to_nearest_with_ties_to_even() {
            let unit = f64::EPSILON;
            assert_eq!(sum([1.0, unit / 2.0]).value(), 1.0);
            assert_eq!(sum([1.0 + unit, unit / 2.0]).value(), 1.0 + 2.0 * unit);
            assert_eq!(sum([1.0, unit / 2.0, 5e-324]).value(), 1.0 + unit);
            assert_eq!(sum([1.0 + unit, unit / 2.0, -5e-324]).value(), 1.0 + unit);
        }

        #[test]
        fn ten_tenths_are_one() {
            // The double 0.1 is a little more than a tenth: ten of them round to 1, eleven to 1.1.
            assert_eq!(sum([0.1; 10]).value(), 1.0);
            assert_eq!(sum([0.1; 11]).value(), 1.1);
        }

        #[test]
        fn many_equal_terms_are_carried_in_time() {
            let largest_mantissa = f64::from_bits(0x432f_ffff_ffff_ffff); // 2^52 - 1/2
            let n = 100_000;
            let expected = (2.0_f64.powi(53) - 1.0) * f64::from(n) / 2.0;
            assert_eq!(sum((0..n).map(|_| largest_mantissa)).value(), expected);
            assert_eq!(sum((0..n).map(|_| -largest_mantissa)).value(), -expected);
        }

        #[test]
        fn the_sum_knows_what_its_value_rounds_off() {
            let mut rest = sum([1.0, 1e-20, 1e-50]);
            assert_eq!(rest.value(), 1.0);
            rest.add(-1.0);
            assert_eq!(rest.value(), 1e-20);
        }

        #[test]
        fn whole_numbers_and_squares_are_exact() {
            let mut total = ExactSum::default();
            total.add_whole(u128::MAX);
            total.add(-2.0_f64.powi(128));
            assert_eq!(total.value(), -1.0);
            let x = 1.0 + f64::EPSILON; // x^2 = 1 + 2 e + e^2, which no double holds
            let mut total = ExactSum::default();
            total.add_square(x);
            total.add(-1.0);
            total.add(-2.0 * f64::EPSILON);
            assert_eq!(total.value(), f64::EPSILON * f64::EPSILON);
        }

        #[test]
        fn squares_outside_the_range_are_cut_off_or_infinite() {
            let square = |x: f64| {
                let mut total = ExactSum::default();
                total.add_square(x);
                total.value()
            };
            assert_eq!(square(1e-170), 0.0);
            assert_eq!(square(5e-324), 0.0);
            assert_eq!(square(-1e-155), 1e-155 * 1e-155);
            assert_eq!(square(1e154), 1e154 * 1e154);
            assert_eq!(square(1e155), f64::INFINITY);
        }
    }

    mod order {
        use super::*;

        #[test]
        fn shuffles_and_splits_give_the_same_bits() {
            for (seed, count, fields, bits) in REFERENCES {
                for shuffle in 1..=5 {
                    let values = shuffled(doubles(seed, count, fields.clone()), shuffle);
                    let mut parts: Vec<ExactSum> = values
                        .chunks(1 + 97 * shuffle as usize)
                        .map(|chunk| sum(chunk.iter().copied()))
                        .collect();
                    let turn = parts.len() / 3;
                    parts.rotate_left(turn);
                    let mut total = ExactSum::default();
                    parts.iter().for_each(|part| total.merge(part));
                    assert_eq!(total.value().to_bits(), bits);
                    assert_eq!(total, sum(values));
                }
            }
        }

        #[test]
        fn merging_unsettled_sums_in_a_tree_never_overflows() {
            let mut total = sum((0..999).map(|_| 1.0));
            for _ in 0..40 {
                let twin = total.clone();
                total.merge(&twin);
            }
            assert_eq!(total.value(), 999.0 * 2.0_f64.powi(40));
        }
    }

    mod not_finite {
        use super::*;

        #[test]
        fn infinities_and_nan_decide_the_value() {
            let inf = f64::INFINITY;
            assert_eq!(sum([1.0, inf, -5.0]).value(), inf);
            assert_eq!(sum([-inf, 1.0]).value(), -inf);
            assert!(sum([inf, -inf]).value().is_nan());
            assert!(sum([f64::NAN, 1.0]).value().is_nan());
            let mut total = sum([1.0]);
            total.merge(&sum([inf]));
            assert_eq!(total.value(), inf);
        }

        #[test]
        fn no_terms_and_signed_zeros_sum_to_zero() {
            assert_eq!(ExactSum::default().value().to_bits(), 0);
            assert_eq!(sum([-0.0, -0.0]).value().to_bits(), 0);
        }
    }
}
