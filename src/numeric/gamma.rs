//! The gamma function and what is made of it: incomplete gamma functions with their inverse, the
//! derivatives of the logarithm, and the two pieces of which Loader builds probabilities of counts.

use super::normal::normal_quantile;
use super::roots::increasing_root;
use std::f64::consts::PI;

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

/// The derivative of ln Gamma at x > 0: recurrence up to 10, then the asymptotic series.
pub(crate) fn digamma(x: f64) -> f64 {
    const TERMS: [f64; 7] = [
        1.0 / 12.0,
        -691.0 / 32_760.0,
        1.0 / 132.0,
        -1.0 / 240.0,
        1.0 / 252.0,
        -1.0 / 120.0,
        1.0 / 12.0,
    ];
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below -= 1.0 / x;
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = TERMS.iter().fold(0.0, |sum, term| (sum + term) * r);
    below + libm::log(x) - 0.5 / x - series
}

/// The second derivative of ln Gamma at x > 0, as [`digamma`].
pub(crate) fn trigamma(x: f64) -> f64 {
    const TERMS: [f64; 7] =
        [7.0 / 6.0, -691.0 / 2730.0, 5.0 / 66.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 1.0 / 6.0];
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = TERMS.iter().fold(0.0, |sum, term| (sum + term) * r);
    below + (1.0 + 0.5 / x + series) / x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::near;

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

    #[test]
    fn derivatives_of_the_gamma_function_agree_with_tables() {
        for (x, first, second) in [
            (1e-8, -100_000_000.577_215_65, 1.000_000_000_000_000_2e16),
            (0.3, -3.502_524_222_200_133, 12.245_364_546_107_73),
            (1.0, -0.577_215_664_901_532_9, 1.644_934_066_848_226_4),
            (2.5, 0.703_156_640_645_243_2, 0.490_357_756_100_234_86),
            (7.0, 1.872_784_335_098_467_1, 0.153_545_177_959_337_55),
            (40.0, 3.676_327_374_034_843, 0.025_315_103_841_291_03),
            (1e6, 13.815_510_057_964_191, 1.000_000_500_000_166_7e-6),
        ] {
            near("digamma", digamma(x), first, 4e-15);
            near("trigamma", trigamma(x), second, 4e-15);
        }
    }
}
