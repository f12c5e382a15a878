//! Roots and maxima of functions of one number.

/// The root of a function that falls from above 0 at `low` to below 0 at `high`, or rises likewise:
/// I. F. D. Oliveira and R. H. C. Takahashi, *An Enhancement of the Bisection Method Average
/// Performance Preserving Minmax Optimality* (2020), which never needs more steps than bisection
/// plus one. `None` when the ends do not differ in sign.
pub(super) fn root(low: f64, high: f64, tolerance: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut a, mut b) = (low, high);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa == 0.0 {
        return Some(a);
    }
    if fb == 0.0 {
        return Some(b);
    }
    if fa.is_nan() || fb.is_nan() || (fa > 0.0) == (fb > 0.0) {
        return None;
    }
    let flip = if fa > 0.0 { -1.0 } else { 1.0 };
    (fa, fb) = (fa * flip, fb * flip);
    let kappa = 0.2 / (b - a);
    let most = libm::ceil(libm::log2(((b - a) / (2.0 * tolerance)).max(1.0))) + 1.0;
    let mut step = 0.0;
    while b - a > 2.0 * tolerance {
        let middle = 0.5 * (a + b);
        let reach = tolerance * libm::exp2(most - step) - 0.5 * (b - a);
        let falsi =
            if fa.is_finite() && fb.is_finite() { (fb * a - fa * b) / (fb - fa) } else { middle };
        let towards = if middle >= falsi { 1.0 } else { -1.0 };
        let delta = kappa * (b - a) * (b - a);
        let truncated =
            if delta <= (middle - falsi).abs() { falsi + towards * delta } else { middle };
        let point =
            if (truncated - middle).abs() <= reach { truncated } else { middle - towards * reach };
        // Rounding may leave a neighbour of the ends; the middle then ends the search.
        let point = if point > a && point < b { point } else { middle };
        if point <= a || point >= b {
            break;
        }
        let value = f(point) * flip;
        if value > 0.0 {
            (b, fb) = (point, value);
        } else if value < 0.0 {
            (a, fa) = (point, value);
        } else {
            return if value.is_nan() { None } else { Some(point) };
        }
        step += 1.0;
    }
    Some(0.5 * (a + b))
}

/// Walks from `start` in steps that double until `f` is negative; the last two places, or `None`
/// when it never is.
pub(super) fn walk(start: f64, step: f64, f: impl Fn(f64) -> f64) -> Option<(f64, f64)> {
    let (mut at, mut step) = (start, step);
    for _ in 0..60 {
        let next = at + step;
        let value = f(next);
        if value < 0.0 || value.is_nan() {
            return Some((at, next));
        }
        (at, step) = (next, 2.0 * step);
    }
    None
}

/// Where a function with one hill has its maximum, and the maximum, starting from `start` with a
/// step of the width of the hill: R. P. Brent, *Algorithms for Minimization without Derivatives*
/// (1973). `None` when it still rises after 60 doublings of the step.
pub(super) fn maximum(
    start: f64,
    step: f64,
    tolerance: f64,
    f: impl Fn(f64) -> f64,
) -> Option<(f64, f64)> {
    let here = f(start);
    let (up, down) = (f(start + step), f(start - step));
    let (low, high) = if up > here {
        let end = climb(start, step, here, &f)?;
        (start, end)
    } else if down > here {
        let end = climb(start, -step, here, &f)?;
        (end, start)
    } else {
        (start - step, start + step)
    };
    Some(brent(low.min(high), low.max(high), tolerance, &f))
}

/// The first place beyond the hill, in steps that double.
fn climb(start: f64, step: f64, here: f64, f: &impl Fn(f64) -> f64) -> Option<f64> {
    let (mut at, mut best, mut step) = (start, here, step);
    for _ in 0..60 {
        let value = f(at + step);
        if value < best || value.is_nan() {
            return Some(at + step);
        }
        (at, best, step) = (at + step, value, 2.0 * step);
    }
    None
}

fn brent(low: f64, high: f64, tolerance: f64, f: &impl Fn(f64) -> f64) -> (f64, f64) {
    const GOLDEN: f64 = 0.381_966_011_250_105_1;
    let (mut a, mut b) = (low, high);
    let mut x = a + GOLDEN * (b - a);
    let (mut w, mut v) = (x, x);
    let mut fx = f(x);
    let (mut fw, mut fv) = (fx, fx);
    let (mut d, mut e) = (0.0_f64, 0.0_f64);
    for _ in 0..200 {
        let middle = 0.5 * (a + b);
        let room = tolerance + 1e-12 * x.abs();
        if (x - middle).abs() <= 2.0 * room - 0.5 * (b - a) {
            break;
        }
        // A parabola through the three best, where it leads inside and its steps shrink.
        let r = (x - w) * (fx - fv);
        let q = (x - v) * (fx - fw);
        let mut p = (x - v) * q - (x - w) * r;
        let mut q = 2.0 * (q - r);
        if q > 0.0 {
            p = -p;
        }
        q = q.abs();
        let before = e;
        e = d;
        if p.abs() < (0.5 * q * before).abs() && p > q * (a - x) && p < q * (b - x) {
            d = p / q;
        } else {
            e = if x < middle { b - x } else { a - x };
            d = GOLDEN * e;
        }
        let u = if d.abs() >= room { x + d } else { x + room.copysign(d) };
        let fu = f(u);
        if fu >= fx {
            if u < x {
                b = x
            } else {
                a = x
            }
            (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu);
        } else {
            if u < x {
                a = u
            } else {
                b = u
            }
            if fu >= fw || w == x {
                (v, fv, w, fw) = (w, fw, u, fu);
            } else if fu >= fv || v == x || v == w {
                (v, fv) = (u, fu);
            }
        }
    }
    (x, fx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_found_on_either_slope_and_refused_without_one() {
        let cubic = |x: f64| x * x * x - 2.0;
        let found = root(0.0, 5.0, 1e-14, cubic).unwrap();
        assert!((found - 2.0_f64.cbrt()).abs() < 1e-13, "{found}");
        let found = root(0.0, 5.0, 1e-14, |x| -cubic(x)).unwrap();
        assert!((found - 2.0_f64.cbrt()).abs() < 1e-13, "{found}");
        // Steep, flat and infinite ends.
        let found = root(-700.0, 700.0, 1e-12, |x: f64| x.exp() - 3.0).unwrap();
        assert!((found - 3.0_f64.ln()).abs() < 1e-11, "{found}");
        let found = root(0.0, 10.0, 1e-12, |x: f64| x.ln()).unwrap();
        assert!((found - 1.0).abs() < 1e-11, "{found}");
        assert_eq!(root(1.0, 2.0, 1e-12, |x| x), None);
        assert_eq!(root(0.0, 2.0, 1e-12, |x| x), Some(0.0));
        assert_eq!(root(-1.0, 2.0, 1e-12, |_| f64::NAN), None);
    }

    #[test]
    fn maxima_are_found_from_afar_and_refused_where_there_is_none() {
        for start in [-1000.0, 0.0, 2.9, 50.0] {
            let (at, value) = maximum(start, 0.5, 1e-9, |x| 7.0 - (x - 3.0).powi(2)).unwrap();
            assert!((at - 3.0).abs() < 1e-7 && (value - 7.0).abs() < 1e-14, "{start}: {at}");
        }
        let (at, _) = maximum(0.0, 1.0, 1e-9, |x: f64| x - x.exp()).unwrap();
        assert!(at.abs() < 1e-7, "{at}");
        assert_eq!(maximum(0.0, 1.0, 1e-9, |x| x), None);
    }

    #[test]
    fn a_walk_ends_where_the_sign_changes() {
        assert_eq!(walk(0.0, 1.0, |x| 10.0 - x), Some((7.0, 15.0)));
        assert_eq!(walk(0.0, -1.0, |x| 2.5 + x), Some((-1.0, -3.0)));
        assert_eq!(walk(0.0, 1.0, |_| 1.0), None);
    }
}
