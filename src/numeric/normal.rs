//! The standard normal distribution.

use std::f64::consts::SQRT_2;

/// The 95 % point of the standard normal.
pub(crate) const NORMAL_95: f64 = 1.644_853_626_951_472_7;

/// ln of the square root of 2 pi: what the normal density is divided by.
pub(crate) const LOG_ROOT_TAU: f64 = 0.918_938_533_204_672_8;

/// P(Z <= z) of the standard normal.
pub(crate) fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// P(Z > z) of the standard normal.
pub(crate) fn normal_survival(z: f64) -> f64 {
    0.5 * libm::erfc(z / SQRT_2)
}

/// The density of the standard normal.
pub(crate) fn normal_density(z: f64) -> f64 {
    const AT_ZERO: f64 = 0.398_942_280_401_432_7;
    AT_ZERO * libm::exp(-0.5 * z * z)
}

/// Mills' ratio P(Z > z) / density(z), z >= 0: by a continued fraction (Laplace) where the two
/// would both be small.
pub(crate) fn mills(z: f64) -> f64 {
    if z < 5.0 {
        return normal_survival(z) / normal_density(z);
    }
    if z > 1e8 {
        return 1.0 / z;
    }
    let mut fraction = z;
    for k in (1..=50).rev() {
        fraction = z + f64::from(k) / fraction;
    }
    1.0 / fraction
}

/// The z with P(Z <= z) = p. M. J. Wichura, Algorithm AS 241 (1988), PPND16: 16 digits.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    const CENTRE: [[f64; 2]; 8] = [
        [3.387_132_872_796_366_5, 1.0],
        [1.331_416_678_917_843_8e2, 4.231_333_070_160_091e1],
        [1.971_590_950_306_551_3e3, 6.871_870_074_920_579e2],
        [1.373_169_376_550_946e4, 5.394_196_021_424_751e3],
        [4.592_195_393_154_987e4, 2.121_379_430_158_659_7e4],
        [6.726_577_092_700_87e4, 3.930_789_580_009_271e4],
        [3.343_057_558_358_813e4, 2.872_908_573_572_194_3e4],
        [2.509_080_928_730_122_7e3, 5.226_495_278_852_854e3],
    ];
    const SHOULDER: [[f64; 2]; 8] = [
        [1.423_437_110_749_683_5, 1.0],
        [4.630_337_846_156_546, 2.053_191_626_637_759],
        [5.769_497_221_460_691, 1.676_384_830_183_803_8],
        [3.647_848_324_763_204_5, 6.897_673_349_851e-1],
        [1.270_458_252_452_368_4, 1.481_039_764_274_800_8e-1],
        [2.417_807_251_774_506e-1, 1.519_866_656_361_645_7e-2],
        [2.272_384_498_926_918_4e-2, 5.475_938_084_995_345e-4],
        [7.745_450_142_783_414e-4, 1.050_750_071_644_416_9e-9],
    ];
    const TAIL: [[f64; 2]; 8] = [
        [6.657_904_643_501_103, 1.0],
        [5.463_784_911_164_114, 5.998_322_065_558_88e-1],
        [1.784_826_539_917_291_3, 1.369_298_809_227_358e-1],
        [2.965_605_718_285_048_7e-1, 1.487_536_129_085_061_5e-2],
        [2.653_218_952_657_612_4e-2, 7.868_691_311_456_133e-4],
        [1.242_660_947_388_078_4e-3, 1.846_318_317_510_054_8e-5],
        [2.711_555_568_743_487_6e-5, 1.421_511_758_316_446e-7],
        [2.010_334_399_292_288_1e-7, 2.044_263_103_389_939_8e-15],
    ];
    fn ratio(terms: &[[f64; 2]; 8], r: f64) -> f64 {
        let (mut above, mut below) = (0.0, 0.0);
        for [a, b] in terms.iter().rev() {
            above = above * r + a;
            below = below * r + b;
        }
        above / below
    }
    if p.is_nan() {
        return f64::NAN;
    }
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(&CENTRE, 0.180_625 - q * q);
    }
    let r = (-libm::log(p.min(1.0 - p))).sqrt();
    let z = if r <= 5.0 { ratio(&SHOULDER, r - 1.6) } else { ratio(&TAIL, r - 5.0) };
    if q < 0.0 { -z } else { z }
}

/// The z for which a standard normal value lies in -z..=z with probability `confidence`: 1.96 for
/// 0.95. `confidence` lies between 0 and 1.
///
/// Not [`normal_quantile`] of the upper point: its last digit may differ, and every interval in the
/// tables has been made of this one.
pub fn normal_deviate(confidence: f64) -> f64 {
    debug_assert!(0.0 < confidence && confidence < 1.0, "a confidence lies between 0 and 1");
    let outside = 1.0 - confidence;
    // Bisection down to neighbouring doubles: some sixty steps, each of them the same everywhere.
    let (mut low, mut high) = (0.0, 40.0);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if libm::erfc(middle * std::f64::consts::FRAC_1_SQRT_2) > outside {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::near;

    #[test]
    fn normal_quantiles_and_tails_agree_with_tables() {
        near("1e-300", normal_quantile(1e-300), -37.0470962993612, 1e-15);
        near("1e-20", normal_quantile(1e-20), -9.262340089798407, 1e-15);
        near("1e-6", normal_quantile(1e-6), -4.753424308822899, 1e-15);
        near("0.001", normal_quantile(0.001), -3.0902323061678136, 1e-15);
        near("0.025", normal_quantile(0.025), -1.9599639845400543, 1e-15);
        near("0.2", normal_quantile(0.2), -0.8416212335729142, 1e-15);
        assert_eq!(normal_quantile(0.5), 0.0);
        near("0.6", normal_quantile(0.6), 0.2533471031357997, 1e-15);
        near("0.95", normal_quantile(0.95), 1.6448536269514722, 1e-15);
        near("0.975", normal_quantile(0.975), 1.9599639845400538, 1e-15);
        near("0.999999", normal_quantile(0.999999), 4.753424308817087, 1e-15);
        near("cdf -37.0", normal_cdf(-37.0), 5.725571222524577e-300, 1e-13);
        near("cdf -10.0", normal_cdf(-10.0), 7.619853024160525e-24, 1e-13);
        near("cdf -3.0", normal_cdf(-3.0), 0.0013498980316300946, 1e-13);
        near("cdf -1.0", normal_cdf(-1.0), 0.15865525393145705, 1e-13);
        near("cdf 0.5", normal_cdf(0.5), 0.6914624612740131, 1e-13);
        near("cdf 2.0", normal_cdf(2.0), 0.9772498680518208, 1e-13);
        near("cdf 8.0", normal_cdf(8.0), 0.9999999999999993, 1e-13);
        near("survival 10", normal_survival(10.0), 7.619853024160525e-24, 1e-13);
    }

    #[test]
    fn mills_ratio_is_right_on_both_sides_of_the_change_of_method() {
        near("0.5", mills(0.5), 0.876_364_456_453_692_3, 1e-14);
        near("3", mills(3.0), 0.304_590_298_710_103_3, 1e-14);
        near("4.9", mills(4.9), 0.196_470_270_133_356_27, 1e-14);
        near("5.1", mills(5.1), 0.189_276_085_746_212_6, 1e-14);
        near("10", mills(10.0), 0.099_028_596_471_731_92, 1e-15);
        near("50", mills(50.0), 0.019_992_009_580_853_567, 1e-15);
        near("1e9", mills(1e9), 1e-9, 1e-15);
    }
}
