//! Whole numbers of any length, scaled by a power of two: the arithmetic behind exact moments.
//!
//! Just the five operations that a mean and a variance need, each exact, and one rounding to `f64`
//! at the end. The numbers are short (a sum of hours is four or five digits of 32 bits), so the
//! schoolbook methods are the right ones. Nothing negative enters: callers keep the sign.

/// A non-negative number: `digits` in base 2^32, least significant first, times `2^(32 * weight)`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wide {
    digits: Vec<u32>,
    weight: i32,
    /// A division left a remainder: the number is larger than the digits say, by less than one unit
    /// of the last digit.
    inexact: bool,
}

impl Wide {
    /// The number with these digits, without zeros at either end.
    pub(super) fn new(mut digits: Vec<u32>, mut weight: i32) -> Self {
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let low_zeros = digits.iter().take_while(|&&digit| digit == 0).count();
        digits.drain(..low_zeros);
        weight += low_zeros as i32;
        Wide { digits, weight, inexact: false }
    }

    /// The square.
    pub(super) fn squared(&self) -> Self {
        let mut product = vec![0_u32; 2 * self.digits.len()];
        for (i, &a) in self.digits.iter().enumerate() {
            let mut carry = 0_u64;
            for (j, &b) in self.digits.iter().enumerate() {
                // At most (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1: no overflow.
                let sum = u64::from(a) * u64::from(b) + u64::from(product[i + j]) + carry;
                product[i + j] = sum as u32;
                carry = sum >> 32;
            }
            product[i + self.digits.len()] = carry as u32;
        }
        Wide::new(product, 2 * self.weight)
    }

    /// The number times `factor`.
    pub(super) fn times(&self, factor: u64) -> Self {
        let mut product = Vec::with_capacity(self.digits.len() + 2);
        let mut carry = 0_u128;
        for &digit in &self.digits {
            carry += u128::from(digit) * u128::from(factor);
            product.push(carry as u32);
            carry >>= 32;
        }
        product.extend([carry as u32, (carry >> 32) as u32]);
        Wide::new(product, self.weight)
    }

    /// The number less `smaller`, or zero if that is the larger one.
    pub(super) fn minus(&self, smaller: &Wide) -> Self {
        let weight = self.weight.min(smaller.weight);
        let end = |wide: &Wide| wide.weight + wide.digits.len() as i32;
        let mut difference = Vec::new();
        let mut borrow = 0_i64;
        for position in weight..end(self).max(end(smaller)) {
            borrow += i64::from(self.digit(position)) - i64::from(smaller.digit(position));
            difference.push(borrow as u32);
            borrow >>= 32;
        }
        if borrow < 0 { Wide::new(Vec::new(), 0) } else { Wide::new(difference, weight) }
    }

    /// The number divided by each of one or two `divisors`, none of them zero, good for one correct
    /// rounding.
    pub(super) fn divided_by(mut self, divisors: &[u64]) -> Self {
        // Eight more digits below: two divisors of 64 bits take four of them at most.
        self.digits.splice(..0, [0; 8]);
        let mut inexact = self.inexact;
        for &divisor in divisors {
            let mut remainder = 0_u128;
            for digit in self.digits.iter_mut().rev() {
                let dividend = (remainder << 32) | u128::from(*digit);
                *digit = (dividend / u128::from(divisor)) as u32;
                remainder = dividend % u128::from(divisor);
            }
            inexact |= remainder != 0;
        }
        Wide { inexact, ..Wide::new(self.digits, self.weight - 8) }
    }

    /// The nearest `f64`, ties to even; infinite when too large.
    pub(super) fn to_f64(&self) -> f64 {
        let Some(&top) = self.digits.last() else {
            return 0.0;
        };
        // The leading 64 bits, the first of them set, and whether anything non-zero follows.
        let highest = self.weight + self.digits.len() as i32 - 1;
        let window = (0..3).fold(0_u128, |bits, i| (bits << 32) | self.digit(highest - i) as u128);
        let spare = 32 - top.leading_zeros();
        let leading = (window >> spare) as u64;
        let rest_of_window = window & ((1_u128 << spare) - 1);
        let below = self.digits.len().saturating_sub(3);
        let more = self.inexact
            || rest_of_window != 0
            || self.digits[..below].iter().any(|&digit| digit != 0);
        round(leading, 32 * highest + spare as i32 - 1, more)
    }

    /// The digit that weighs `2^(32 * position)`.
    fn digit(&self, position: i32) -> u32 {
        usize::try_from(position - self.weight)
            .ok()
            .and_then(|index| self.digits.get(index).copied())
            .unwrap_or(0)
    }
}

/// The `f64` nearest to a number whose leading 64 bits are `leading`, the first of them set and
/// worth `2^exponent`; `more` says that something non-zero follows them.
fn round(leading: u64, exponent: i32, more: bool) -> f64 {
    if exponent > 1023 {
        return f64::INFINITY;
    }
    // Below 2^-1022 doubles lose one bit of precision for each halving.
    let kept = 53 - (-1022 - exponent).max(0);
    if kept < 0 {
        return 0.0;
    }
    let dropped = 64 - kept as u32;
    let mantissa = (u128::from(leading) >> dropped) as u64;
    let rest = u128::from(leading) & ((1_u128 << dropped) - 1);
    let half = 1_u128 << (dropped - 1);
    let up = rest > half || (rest == half && (more || mantissa & 1 == 1));
    // The mantissa holds its hidden bit, which adds one to the exponent field; so does a carry.
    let field = (exponent + 1022).max(0) as u64;
    f64::from_bits((field << 52) + mantissa + u64::from(up))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(value: u64) -> Wide {
        Wide::new(vec![value as u32, (value >> 32) as u32], 0)
    }

    #[test]
    fn small_numbers_are_themselves() {
        for value in [0, 1, 2, 3, 1 << 31, 1 << 32, (1 << 53) - 1, 1 << 53, 1 << 63] {
            assert_eq!(whole(value).to_f64(), value as f64);
        }
    }

    #[test]
    fn ties_go_to_even_and_anything_above_a_tie_goes_up() {
        assert_eq!(whole((1 << 53) + 1).to_f64(), 9_007_199_254_740_992.0);
        assert_eq!(whole((1 << 53) + 3).to_f64(), 9_007_199_254_740_996.0);
        let above_the_tie = Wide::new(vec![1, 0, 0, 1, 1 << 21], -3);
        assert_eq!(above_the_tie.to_f64(), 9_007_199_254_740_994.0);
    }

    #[test]
    fn the_ends_of_the_range_are_reached() {
        let smallest = Wide::new(vec![1 << 14], -34); // 2^(14 - 1088) = 2^-1074
        assert_eq!(smallest.to_f64(), 5e-324);
        assert_eq!(Wide::new(vec![1 << 13], -34).to_f64(), 0.0); // half of it: a tie, to even
        assert_eq!(Wide::new(vec![(1 << 13) + 1], -34).to_f64(), 5e-324);
        assert_eq!(Wide::new(vec![1 << 12], -34).to_f64(), 0.0);
        assert_eq!(Wide::new(vec![1], 32).to_f64(), f64::INFINITY);
        assert_eq!(Wide::new(vec![u32::MAX; 3], 29).to_f64(), f64::INFINITY);
        let largest = Wide::new(vec![0xffff_f800, 0xffff_ffff], 30);
        assert_eq!(largest.to_f64(), f64::MAX);
    }

    #[test]
    fn products_differences_and_quotients_agree_with_whole_number_arithmetic() {
        let a = 0xdead_beef_1234_5678_u64;
        let b = 0x0fed_cba9_8765_4321_u64;
        assert_eq!(whole(a).squared().to_f64(), (u128::from(a) * u128::from(a)) as f64);
        assert_eq!(whole(a).times(b).to_f64(), (u128::from(a) * u128::from(b)) as f64);
        assert_eq!(whole(a).minus(&whole(b)).to_f64(), (a - b) as f64);
        assert_eq!(whole(b).minus(&whole(a)).to_f64(), 0.0);
        assert_eq!(whole(7).divided_by(&[3]).to_f64(), 7.0 / 3.0);
        assert_eq!(whole(1).divided_by(&[10]).to_f64(), 0.1);
        assert_eq!(whole(1).divided_by(&[u64::MAX, u64::MAX]).to_f64(), 2.0_f64.powi(-128));
        assert_eq!(whole(30).divided_by(&[3, 10]).to_f64(), 1.0);
    }
}
