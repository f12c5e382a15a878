//! Incomplete beta functions and their inverses.

use super::roots::increasing_root;

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

/// The x below which a share `p` of a beta distribution with any a, b > 0 lies, by bisection.
///
/// [`beta_lower_quantile`] is faster, but only for one tail of the hills; the last digits of the
/// two differ.
pub(crate) fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    loop {
        let middle = f64::midpoint(low, high);
        if high - low <= 1e-15 * high || middle <= low || middle >= high {
            return middle;
        }
        let (below, above) = beta_tails(a, b, middle, 1.0 - middle);
        let under = if p < 0.5 { below < p } else { above > 1.0 - p };
        if under { low = middle } else { high = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::near;

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
}
