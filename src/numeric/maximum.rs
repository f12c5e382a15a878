//! The maximum of a function with one hill.

/// Where a function with one hill has its maximum, and the maximum, starting from `start` with a
/// step of the width of the hill: R. P. Brent, *Algorithms for Minimization without Derivatives*
/// (1973). `None` when it still rises after 60 doublings of the step.
pub(crate) fn maximum(
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
    fn maxima_are_found_from_afar_and_refused_where_there_is_none() {
        for start in [-1000.0, 0.0, 2.9, 50.0] {
            let (at, value) = maximum(start, 0.5, 1e-9, |x| 7.0 - (x - 3.0).powi(2)).unwrap();
            assert!((at - 3.0).abs() < 1e-7 && (value - 7.0).abs() < 1e-14, "{start}: {at}");
        }
        let (at, _) = maximum(0.0, 1.0, 1e-9, |x: f64| x - x.exp()).unwrap();
        assert!(at.abs() < 1e-7, "{at}");
        assert_eq!(maximum(0.0, 1.0, 1e-9, |x| x), None);
    }
}
