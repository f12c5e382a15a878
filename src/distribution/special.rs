//! Special functions: normal, incomplete gamma, incomplete beta, and their inverses.
//!
//! Built on `libm` alone, so that a distribution's quantiles have the same bits everywhere. Both
//! tails are computed where they are small, never as one minus the other, so relative accuracy
//! holds far out.

use std::f64::consts::{PI, SQRT_2};

/// The 95 % point of the standard normal.
pub(crate) const NORMAL_95: f64 = 1.644_853_626_951_472_7;

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

/// What Stirling's formula for ln n! leaves out: ln n! - (n + 1/2) ln n + n - ln(2 pi) / 2.
///
/// For whole n >= 1 and for any n >= 10 (C. Loader, *Fast and Accurate Computation of Binomial
/// Probabilities*, 2000); not defined at 0.
#[inline]
pub(crate) fn stirling_error(n: f64) -> f64 {
    const WHOLE: [f64; 10] = [
        f64::INFINITY,
        8.106_146_679_532_726e-2,
        4.134_069_595_540_93e-2,
        2.767_792_568_499_834e-2,
        2.079_067_210_376_509_3e-2,
        1.664_469_118_982_119_2e-2,
        1.387_612_882_307_074_8e-2,
        1.189_670_994_589_177e-2,
        1.041_126_526_197_209_6e-2,
        9.255_462_182_712_733e-3,
    ];
    if n < 10.0 {
        return WHOLE[n as usize];
    }
    const TERMS: [f64; 6] =
        [-691.0 / 360_360.0, 1.0 / 1188.0, -1.0 / 1680.0, 1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0];
    let r = 1.0 / (n * n);
    TERMS.iter().fold(0.0, |sum, term| sum * r + term) / n
}

/// k ln(k / m) + m - k for k > 0 and m > 0, without cancellation where k is near m (Loader 2000).
#[inline]
pub(crate) fn deviance(k: f64, m: f64) -> f64 {
    if (k - m).abs() >= 0.1 * (k + m) {
        return k * libm::log(k / m) + m - k;
    }
    let v = (k - m) / (k + m);
    let v2 = v * v;
    let mut sum = (k - m) * v;
    let mut power = 2.0 * k * v;
    let mut odd = 3.0;
    loop {
        power *= v2;
        let next = sum + power / odd;
        if next == sum {
            return sum;
        }
        sum = next;
        odd += 2.0;
    }
}

/// ln of x^a e^-x / Gamma(a + 1), for a > 0 and x > 0.
fn log_gamma_kernel(a: f64, x: f64) -> f64 {
    if a < 10.0 {
        a * libm::log(x) - x - libm::lgamma(a + 1.0)
    } else {
        -deviance(a, x) - stirling_error(a) - 0.5 * libm::log(2.0 * PI * a)
    }
}

/// Lower and upper regularised incomplete gamma functions P(a, x) and Q(a, x), a > 0.
///
/// Series below a + 1, continued fraction by Lentz's method above.
pub(crate) fn gamma_tails(a: f64, x: f64) -> (f64, f64) {
    if x.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    let kernel = libm::exp(log_gamma_kernel(a, x));
    if kernel == 0.0 {
        return if x < a { (0.0, 1.0) } else { (1.0, 0.0) };
    }
    if x < a + 1.0 {
        let lower = (kernel * gamma_series(a, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (kernel * a * gamma_fraction(a, x)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// The sum of x^k / ((a + 1) ... (a + k)).
fn gamma_series(a: f64, x: f64) -> f64 {
    let (mut sum, mut term, mut denominator) = (1.0, 1.0, a);
    while term > sum * 1e-17 {
        denominator += 1.0;
        term *= x / denominator;
        sum += term;
    }
    sum
}

/// The continued fraction of Q(a, x) Gamma(a) e^x / x^a.
fn gamma_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = f64::INFINITY;
    let mut d = 1.0 / b;
    let mut value = d;
    for k in 1..1_000_000 {
        let k = f64::from(k);
        let term = -k * (k - a);
        b += 2.0;
        d = 1.0 / (term * d + b);
        c = b + term / c;
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < 3e-16 {
            break;
        }
    }
    value
}

/// The x with P(a, x) = p: bracketed Newton on ln x, on whichever tail is the smaller.
pub(crate) fn gamma_quantile(a: f64, p: f64) -> f64 {
    if p.is_nan() {
        return f64::NAN;
    }
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    // P(a, x) <= x^a / Gamma(a + 1), and nearly equal where x is tiny: a bound from below.
    let floor = |p: f64| (libm::log(p) + libm::lgamma(a + 1.0)) / a;
    let z = normal_quantile(p);
    // Wilson and Hilferty (1931).
    let base = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * a.sqrt());
    let guess = libm::log(a) + 3.0 * libm::log(base.max(1e-3));
    if p <= 0.5 {
        let low = floor(p);
        if low < -45.0 {
            return libm::exp(low);
        }
        let target = libm::log(p);
        libm::exp(increasing_root(low, libm::log(a).max(low), guess, |t| {
            let x = libm::exp(t);
            let kernel = log_gamma_kernel(a, x);
            let series = gamma_series(a, x);
            (kernel + libm::log(series) - target, a / series)
        }))
    } else {
        let q = 1.0 - p;
        // Chernoff's bound puts less than 2^-54 beyond this.
        let high = libm::log(a + 9.0 * a.sqrt() + 40.0);
        libm::exp(increasing_root(floor(0.5).max(-745.0), high, guess, |t| {
            let x = libm::exp(t);
            let upper = gamma_tails(a, x).1;
            let slope = a * libm::exp(log_gamma_kernel(a, x)) / upper;
            (libm::log(q / upper), slope)
        }))
    }
}

/// Lower and upper regularised incomplete beta functions at x, with y = 1 - x given apart so that
/// neither end loses digits; a, b > 0. Continued fraction by Lentz's method.
pub(crate) fn beta_tails(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if x.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if y <= 0.0 {
        return (1.0, 0.0);
    }
    let kernel = libm::exp(log_beta_kernel(a, b, x, y));
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = (kernel / a * beta_fraction(a, b, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (kernel / b * beta_fraction(b, a, y)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// The integral of (v / (1 - v))^c over v from 0 to x, for c > 0 and x < 1; y = 1 - x given apart.
///
/// Where c >= 1 this is an incomplete beta function whose whole is infinite. Up to 1/2 by its
/// continued fraction; beyond, (1 - u)^c u^-c in u = 1 - v, term by term.
pub(crate) fn odds_integral(c: f64, x: f64, y: f64) -> f64 {
    let up_to = |x: f64| {
        let kernel = libm::exp((1.0 + c) * libm::log(x) + (1.0 - c) * libm::log1p(-x));
        kernel / (1.0 + c) * beta_fraction(1.0 + c, 1.0 - c, x)
    };
    if x <= 0.0 {
        return 0.0;
    }
    if x <= 0.5 {
        return up_to(x);
    }
    let (from, to) = (libm::log(y), -std::f64::consts::LN_2);
    let (mut sum, mut coefficient) = (up_to(0.5), 1.0);
    for j in 0..2_000 {
        let power = f64::from(j) - c + 1.0;
        // (e^(power to) - e^(power from)) / power, also where the power is nearly 0.
        let width = to - from;
        let stretch = if power * width == 0.0 { width } else { libm::expm1(power * width) / power };
        let term = coefficient * libm::exp(power * from) * stretch;
        sum += term;
        if term.abs() <= 1e-17 * sum {
            break;
        }
        coefficient *= (f64::from(j) - c) / (f64::from(j) + 1.0);
    }
    sum
}

/// ln of x^a y^b / B(a, b), y = 1 - x.
fn log_beta_kernel(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let log = |part: f64, rest: f64| if part < 0.5 { libm::log(part) } else { libm::log1p(-rest) };
    a * log(x, y) + b * log(y, x) - log_beta
}

/// The continued fraction of the incomplete beta function.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / (1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..10_000 {
        let m = f64::from(m);
        let mut factor = 1.0;
        for term in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / (1.0 + term * d);
            c = 1.0 + term / c;
            factor *= c * d;
        }
        value *= factor;
        if (factor - 1.0).abs() < 3e-16 {
            break;
        }
    }
    value
}

/// The x of the lower tail p <= 1/2 of a beta distribution with a, b >= 1; bracketed Newton on ln
/// x.
pub(crate) fn beta_lower_quantile(a: f64, b: f64, p: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    // (1 - u)^(b - 1) <= 1 under the integral: a bound from below.
    let low = (libm::log(p) + libm::log(a) + log_beta) / a;
    if low < -45.0 {
        return libm::exp(low);
    }
    let target = libm::log(p);
    libm::exp(increasing_root(low, 0.0, low, |t| {
        let (x, y) = (libm::exp(t), -libm::expm1(t));
        let lower = beta_tails(a, b, x, y).0;
        let slope = libm::exp(log_beta_kernel(a, b, x, y)) / (y * lower);
        (libm::log(lower) - target, slope)
    }))
}

/// The root of an increasing function in [low, high]: Newton, and bisection where Newton leaves the
/// bracket. `f` gives value and slope.
pub(crate) fn increasing_root(
    low: f64,
    high: f64,
    start: f64,
    f: impl Fn(f64) -> (f64, f64),
) -> f64 {
    let (mut low, mut high) = (low, high);
    let mut t = start.clamp(low, high);
    for _ in 0..200 {
        let (value, slope) = f(t);
        if value < 0.0 {
            low = t;
        } else if value > 0.0 {
            high = t;
        } else {
            return t;
        }
        let newton = t - value / slope;
        let inside = newton > low && newton < high;
        let next = if inside { newton } else { 0.5 * (low + high) };
        // Newton squares its error: after a step this small the next would not show.
        if (next - t).abs() <= 1e-9 && inside || next == t {
            return next;
        }
        t = next;
    }
    t
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(name: &str, value: f64, truth: f64, tolerance: f64) {
        let error = (value / truth - 1.0).abs();
        assert!(error <= tolerance, "{name}: {value}, should be {truth}; relative error {error:e}");
    }
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
    #[test]
    fn incomplete_gamma_is_right_in_both_tails() {
        near("P(0.01, 0.001)", gamma_tails(0.01, 0.001).0, 0.938570652526129, 2e-12);
        near("Q(0.01, 0.001)", gamma_tails(0.01, 0.001).1, 0.061429347473871014, 2e-12);
        near("P(0.01, 3)", gamma_tails(0.01, 3.0).0, 0.9998670286434298, 2e-12);
        near("Q(0.01, 3)", gamma_tails(0.01, 3.0).1, 0.0001329713565701555, 2e-12);
        near("P(0.3, 1e-19)", gamma_tails(0.3, 1e-19).0, 2.2232060870408222e-06, 2e-12);
        near("Q(0.3, 1e-19)", gamma_tails(0.3, 1e-19).1, 0.999997776793913, 2e-12);
        near("P(0.3, 30)", gamma_tails(0.3, 30.0).0, 0.9999999999999972, 2e-12);
        near("Q(0.3, 30)", gamma_tails(0.3, 30.0).1, 2.8285793848940106e-15, 2e-12);
        near("P(1, 1)", gamma_tails(1.0, 1.0).0, 0.6321205588285577, 2e-12);
        near("Q(1, 1)", gamma_tails(1.0, 1.0).1, 0.36787944117144233, 2e-12);
        near("P(2.5, 0.01)", gamma_tails(2.5, 0.01).0, 2.987601531906594e-06, 2e-12);
        near("Q(2.5, 0.01)", gamma_tails(2.5, 0.01).1, 0.999997012398468, 2e-12);
        near("P(2.5, 2.5)", gamma_tails(2.5, 2.5).0, 0.5841198130044921, 2e-12);
        near("Q(2.5, 2.5)", gamma_tails(2.5, 2.5).1, 0.41588018699550794, 2e-12);
        near("P(2.5, 60)", gamma_tails(2.5, 60.0).0, 1.0, 2e-12);
        near("Q(2.5, 60)", gamma_tails(2.5, 60.0).1, 3.138579772755296e-24, 2e-12);
        near("P(10, 3)", gamma_tails(10.0, 3.0).0, 0.0011024881301154798, 2e-12);
        near("Q(10, 3)", gamma_tails(10.0, 3.0).1, 0.9988975118698845, 2e-12);
        near("P(10, 12)", gamma_tails(10.0, 12.0).0, 0.7576078383294876, 2e-12);
        near("Q(10, 12)", gamma_tails(10.0, 12.0).1, 0.24239216167051233, 2e-12);
        near("P(30.5, 5)", gamma_tails(30.5, 5.0).0, 1.1327221005237843e-14, 2e-12);
        near("Q(30.5, 5)", gamma_tails(30.5, 5.0).1, 0.9999999999999887, 2e-12);
        near("P(30.5, 80)", gamma_tails(30.5, 80.0).0, 0.999999999918831, 2e-12);
        near("Q(30.5, 80)", gamma_tails(30.5, 80.0).1, 8.116898334938776e-11, 2e-12);
        near("P(1000, 900)", gamma_tails(1000.0, 900.0).0, 0.0005499022657117829, 2e-12);
        near("Q(1000, 900)", gamma_tails(1000.0, 900.0).1, 0.9994500977342882, 2e-12);
        near("P(1000, 1001.5)", gamma_tails(1000.0, 1001.5).0, 0.523105903893083, 2e-12);
        near("Q(1000, 1001.5)", gamma_tails(1000.0, 1001.5).1, 0.4768940961069171, 2e-12);
        near("P(1000, 1300)", gamma_tails(1000.0, 1300.0).0, 1.0, 2e-12);
        near("Q(1000, 1300)", gamma_tails(1000.0, 1300.0).1, 1.8736155715785553e-18, 2e-12);
        near("P(100000, 99000)", gamma_tails(100000.0, 99000.0).0, 0.0007574199211747679, 2e-12);
        near("Q(100000, 99000)", gamma_tails(100000.0, 99000.0).1, 0.9992425800788253, 2e-12);
        near("P(100000, 101000)", gamma_tails(100000.0, 101000.0).0, 0.9991915784870744, 2e-12);
        near("Q(100000, 101000)", gamma_tails(100000.0, 101000.0).1, 0.0008084215129255907, 2e-12);
    }
    #[test]
    fn gamma_quantiles_agree_with_fifty_digit_ones() {
        near("gamma quantile 0.3 1e-6", gamma_quantile(0.3, 1e-6), 6.972699096409348e-21, 1e-12);
        near("gamma quantile 0.3 0.5", gamma_quantile(0.3, 0.5), 0.0731311358669519, 1e-12);
        near(
            "gamma quantile 0.3 0.999999",
            gamma_quantile(0.3, 0.999999),
            10.984835632108627,
            1e-12,
        );
        near("gamma quantile 0.05 0.01", gamma_quantile(0.05, 0.01), 5.844632057286532e-41, 1e-12);
        near("gamma quantile 0.05 0.9", gamma_quantile(0.05, 0.9), 0.07631711390918851, 1e-12);
        near("gamma quantile 1 1e-12", gamma_quantile(1.0, 1e-12), 1.0000000000005e-12, 1e-12);
        near("gamma quantile 1 0.95", gamma_quantile(1.0, 0.95), 2.99573227355399, 1e-12);
        near("gamma quantile 2.5 1e-9", gamma_quantile(2.5, 1e-9), 0.00040614478283282704, 1e-12);
        near("gamma quantile 2.5 0.05", gamma_quantile(2.5, 0.05), 0.5727381130308846, 1e-12);
        near("gamma quantile 2.5 0.5", gamma_quantile(2.5, 0.5), 2.1757300955477636, 1e-12);
        near("gamma quantile 2.5 0.51", gamma_quantile(2.5, 0.51), 2.2124278391226344, 1e-12);
        near(
            "gamma quantile 2.5 0.9999999",
            gamma_quantile(2.5, 0.9999999),
            20.43151054461873,
            1e-12,
        );
        near("gamma quantile 9.5 0.99", gamma_quantile(9.5, 0.99), 18.095434564635024, 1e-12);
        near("gamma quantile 40 1e-10", gamma_quantile(40.0, 1e-10), 11.814506651842262, 1e-12);
        near("gamma quantile 40 0.3", gamma_quantile(40.0, 0.3), 36.45767115693809, 1e-12);
        near("gamma quantile 40 0.97", gamma_quantile(40.0, 0.97), 52.71104600643437, 1e-12);
        near("gamma quantile 10000 1e-8", gamma_quantile(10000.0, 1e-8), 9448.926148935248, 1e-12);
        near("gamma quantile 10000 0.4", gamma_quantile(10000.0, 0.4), 9974.353841294824, 1e-12);
        near(
            "gamma quantile 10000 0.9999",
            gamma_quantile(10000.0, 0.9999),
            10376.185652970515,
            1e-12,
        );
    }
    #[test]
    fn incomplete_beta_and_its_quantiles_are_right_in_both_tails() {
        near("I 1 5 1e-9", beta_tails(1.0, 5.0, 1e-9, 1.0 - 1e-9).0, 4.99999999e-09, 1e-13);
        near("1 - I 1 5 1e-9", beta_tails(1.0, 5.0, 1e-9, 1.0 - 1e-9).1, 0.999999995, 1e-13);
        near(
            "I 1.5 4.5 0.001",
            beta_tails(1.5, 4.5, 0.001, 1.0 - 0.001).0,
            0.00024489991357998654,
            1e-13,
        );
        near(
            "1 - I 1.5 4.5 0.001",
            beta_tails(1.5, 4.5, 0.001, 1.0 - 0.001).1,
            0.99975510008642,
            1e-13,
        );
        near("I 2 4 0.3", beta_tails(2.0, 4.0, 0.3, 1.0 - 0.3).0, 0.47178, 1e-13);
        near("1 - I 2 4 0.3", beta_tails(2.0, 4.0, 0.3, 1.0 - 0.3).1, 0.52822, 1e-13);
        near("I 3 3 0.5", beta_tails(3.0, 3.0, 0.5, 1.0 - 0.5).0, 0.5, 1e-13);
        near("1 - I 3 3 0.5", beta_tails(3.0, 3.0, 0.5, 1.0 - 0.5).1, 0.5, 1e-13);
        near("I 3 3 0.9", beta_tails(3.0, 3.0, 0.9, 1.0 - 0.9).0, 0.99144, 1e-13);
        near("1 - I 3 3 0.9", beta_tails(3.0, 3.0, 0.9, 1.0 - 0.9).1, 0.008559999999999995, 1e-13);
        near(
            "I 4.2 1.8 1e-5",
            beta_tails(4.2, 1.8, 1e-5, 1.0 - 1e-5).0,
            3.954795890335752e-21,
            1e-13,
        );
        near("1 - I 4.2 1.8 1e-5", beta_tails(4.2, 1.8, 1e-5, 1.0 - 1e-5).1, 1.0, 1e-13);
        near("I 5 1 0.75", beta_tails(5.0, 1.0, 0.75, 1.0 - 0.75).0, 0.2373046875, 1e-13);
        near("1 - I 5 1 0.75", beta_tails(5.0, 1.0, 0.75, 1.0 - 0.75).1, 0.7626953125, 1e-13);
        near(
            "beta quantile 1 5 1e-9",
            beta_lower_quantile(1.0, 5.0, 1e-9),
            2.0000000008e-10,
            1e-12,
        );
        near(
            "beta quantile 1.5 4.5 1e-12",
            beta_lower_quantile(1.5, 4.5, 1e-12),
            2.5511312687255307e-09,
            1e-12,
        );
        near(
            "beta quantile 1.5 4.5 0.5",
            beta_lower_quantile(1.5, 4.5, 0.5),
            0.2211198949227273,
            1e-12,
        );
        near(
            "beta quantile 3 3 0.05",
            beta_lower_quantile(3.0, 3.0, 0.05),
            0.1892553774377708,
            1e-12,
        );
        near(
            "beta quantile 4.2 1.8 1e-6",
            beta_lower_quantile(4.2, 1.8, 1e-6),
            0.026982265065439694,
            1e-12,
        );
        near(
            "beta quantile 4.2 1.8 0.4",
            beta_lower_quantile(4.2, 1.8, 0.4),
            0.6737426307900654,
            1e-12,
        );
        near(
            "beta quantile 5 1 0.25",
            beta_lower_quantile(5.0, 1.0, 0.25),
            0.757858283255199,
            1e-12,
        );
    }
    #[test]
    fn stirling_errors_and_deviances_keep_their_digits() {
        near("stirling 1", stirling_error(1.0), 0.08106146679532726, 1e-12);
        near("stirling 9", stirling_error(9.0), 0.009255462182712733, 1e-12);
        near("stirling 10", stirling_error(10.0), 0.00833056343336287, 1e-12);
        near("stirling 13.5", stirling_error(13.5), 0.006171712263039458, 1e-12);
        near("stirling 1000", stirling_error(1000.0), 8.333333055555635e-05, 1e-12);
        near("deviance 3 5", deviance(3.0, 5.0), 0.46752312870202795, 1e-13);
        near(
            "deviance 1000000 1000001.5",
            deviance(1000000.0, 1000001.5),
            1.1249988750012655e-06,
            1e-13,
        );
        near(
            "deviance 1000000500000 1000000000000",
            deviance(1000000500000.0, 1000000000000.0),
            0.12499997916667188,
            1e-13,
        );
        near("deviance 12 12.1", deviance(12.0, 12.1), 0.00041436622365887055, 1e-13);
    }
}
