//! A fast exponential for draws, with the same bits everywhere.
//!
//! Only additions and multiplications of `f64` and one small table, so it is as reproducible as
//! `libm` and two to three times as fast. A draw does not need the last digit; a quantile does, and
//! keeps to `libm`.

use std::f64::consts::LN_2;

/// Cells in [1, 2) of the table.
const CELLS: usize = 64;

/// 2^(j / 64).
static POWERS: [f64; CELLS] = {
    let mut table = [1.0; CELLS];
    let mut j = 1;
    while j < CELLS {
        table[j] = series(j as f64 * (LN_2 / CELLS as f64));
        j += 1;
    }
    table
};

/// e^x, within three units in the last place.
///
/// x = (64 m + j) ln 2 / 64 + r with |r| < 0.0055: 2^m from the exponent bits, 2^(j / 64) from the
/// table, e^r from five terms of its series (P. T. P. Tang, *Table-Driven Implementation of the
/// Exponential Function in IEEE Floating-Point Arithmetic*, 1989).
#[inline]
pub fn exp(x: f64) -> f64 {
    // 1.5 * 2^52: adding it leaves the nearest whole number in the low bits.
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    // ln 2 / 64 in two pieces; the first has its low 32 bits clear, so its multiples are exact.
    const HIGH: f64 = f64::from_bits((LN_2 / 64.0).to_bits() & !0xffff_ffff);
    const LOW: f64 = (LN_2 - 64.0 * HIGH + 2.319_046_813_846_3e-17) / 64.0;
    if x.is_nan() || x.abs() > 700.0 {
        return libm::exp(x);
    }
    let shifted = x * (64.0 / LN_2) + ROUNDER;
    let whole = shifted - ROUNDER;
    let bits = shifted.to_bits();
    let r = x - whole * HIGH - whole * LOW;
    let power = POWERS[(bits % CELLS as u64) as usize];
    // The exponent, a signed number, goes into the exponent bits; what wraps around falls off.
    let power = f64::from_bits(power.to_bits().wrapping_add((bits >> 6) << 52));
    let r2 = r * r;
    power + power * (r + r2 * (0.5 + r * (1.0 / 6.0) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0))))
}

/// 1 - e^-x for x >= 0, the probability of an event of that mass: by the series where it is short.
#[inline]
pub fn one_less_exp(x: f64) -> f64 {
    if x < 1.0 / 64.0 {
        // The first term left out is below 2^-54 of the whole.
        let fourth = 1.0 / 24.0 - x * (1.0 / 120.0 - x * (1.0 / 720.0));
        let seventh = 1.0 / 5040.0 - x * (1.0 / 40_320.0);
        let x2 = x * x;
        x - x2 * (0.5 - x * (1.0 / 6.0) + x2 * (fourth - x * x2 * seventh))
    } else {
        -libm::expm1(-x)
    }
}

/// The point `u` of an exponential distribution of mean 1 that is cut off where it has this
/// probability: -ln(1 - u p), for 0 <= u < 1.
#[inline]
pub fn exponential_below(probability: f64, u: f64) -> f64 {
    let x = u * probability;
    if probability < 1.0 / 64.0 {
        // The series of the logarithm; the terms left out are below 2^-57 of the whole.
        let fourth = 1.0 / 4.0 + x * (1.0 / 5.0 + x * (1.0 / 6.0));
        let seventh = 1.0 / 7.0 + x * (1.0 / 8.0 + x * (1.0 / 9.0));
        let x2 = x * x;
        x + x2 * (0.5 + x * (1.0 / 3.0) + x2 * (fourth + x * x2 * seventh))
    } else {
        -libm::log1p(-x)
    }
}

/// x^y for x > 0, with a relative error of about |y ln x| units in the last place, or three.
#[inline]
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    exp(y * libm::log(x))
}

/// e^t for 0 <= t < 10 by its series, callable by the compiler, as `libm` is not.
pub(crate) const fn series(t: f64) -> f64 {
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > sum * 1e-18 {
        term *= t / k;
        sum += term;
        k += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_is_right_to_three_units_in_the_last_place() {
        for k in -69_900..=69_900 {
            let x = f64::from(k) * 0.010_000_37;
            let error = (exp(x) / libm::exp(x) - 1.0).abs();
            assert!(error <= 3.0 * f64::EPSILON, "{x}: {error:e}");
        }
        for k in 0..10_000 {
            let x = f64::from(k) * 1.3e-5 - 0.065;
            assert!((exp(x) / libm::exp(x) - 1.0).abs() <= 3.0 * f64::EPSILON, "{x}");
        }
    }

    #[test]
    fn one_less_the_exponential_keeps_its_digits() {
        for k in 0..4000 {
            let x = 1e-9 * 1.006_f64.powi(k);
            let error = (one_less_exp(x) / -libm::expm1(-x) - 1.0).abs();
            assert!(error <= 2.0 * f64::EPSILON, "{x}: {error:e}");
        }
        assert_eq!(one_less_exp(0.0), 0.0);
        assert_eq!(one_less_exp(f64::INFINITY), 1.0);
    }

    #[test]
    fn a_cut_exponential_is_the_inverse_of_its_distribution_on_both_sides_of_the_change() {
        for probability in [1e-12, 1e-4, 0.003, 0.015_6, 0.016, 0.3, 0.999] {
            for k in 0..1000 {
                let u = f64::from(k) / 1000.0;
                let (drawn, truth) =
                    (exponential_below(probability, u), -libm::log1p(-u * probability));
                assert!((drawn - truth).abs() <= 1e-15 * truth, "{probability}: {drawn} {truth}");
            }
        }
    }

    #[test]
    fn exponential_ends_as_it_should() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(1000.0), f64::INFINITY);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert!(exp(f64::NAN).is_nan());
        assert!((exp(-740.0) / libm::exp(-740.0) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn powers_agree_with_the_slow_ones() {
        for x in [1e-100, 1e-9, 0.3, 1.0, 2.7, 40.0] {
            for y in [0.1, 0.5, 1.0, 2.5] {
                let truth = libm::pow(x, y);
                let room = f64::EPSILON * (4.0 + 1.5 * (y * libm::log(x)).abs());
                assert!((pow(x, y) / truth - 1.0).abs() <= room, "{x} {y}");
            }
        }
    }
}
