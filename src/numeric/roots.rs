//! Roots: where a function of one number crosses zero, or a condition begins to hold.
//!
//! Four, because the callers know different things: the slope and a bracket, the slope alone, a
//! bracket alone, or no more than an order.

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

/// The root of a falling function, given with its slope: Newton's method, kept between the best
/// places seen on both sides.
pub(crate) fn falling_root(start: f64, f: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let (mut x, mut reach) = (start, 1.0);
    for step in 0..200 {
        let (value, slope) = f(x);
        if value > 0.0 {
            low = x;
        } else if value < 0.0 {
            high = x;
        } else {
            return x;
        }
        let wanted = x - value / slope;
        let inside = slope < 0.0 && wanted > low && wanted < high && (wanted - x).abs() <= reach;
        // Down a steep exponential, Newton's steps stay as short as one: halving arrives sooner.
        let next = if inside && step < 100 {
            wanted
        } else if low.is_finite() && high.is_finite() {
            0.5 * (low + high)
        } else {
            reach *= 2.0;
            x + reach.copysign(value)
        };
        if (next - x).abs() <= 1e-11 * (1.0 + x.abs()) {
            return next;
        }
        x = next;
    }
    x
}

/// The root of a function that falls from above 0 at `low` to below 0 at `high`, or rises likewise:
/// I. F. D. Oliveira and R. H. C. Takahashi, *An Enhancement of the Bisection Method Average
/// Performance Preserving Minmax Optimality* (2020), which never needs more steps than bisection
/// plus one. `None` when the ends do not differ in sign.
pub(crate) fn root(low: f64, high: f64, tolerance: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
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
pub(crate) fn walk(start: f64, step: f64, f: impl Fn(f64) -> f64) -> Option<(f64, f64)> {
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

/// The first whole number in [low, high] that `reached` holds of, when it holds of all that follow;
/// `high` where it holds of none before.
pub(crate) fn first(low: u64, high: u64, reached: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = low + (high - low) / 2;
        if reached(middle) { high = middle } else { low = middle + 1 }
    }
    low
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
    fn a_walk_ends_where_the_sign_changes() {
        assert_eq!(walk(0.0, 1.0, |x| 10.0 - x), Some((7.0, 15.0)));
        assert_eq!(walk(0.0, -1.0, |x| 2.5 + x), Some((-1.0, -3.0)));
        assert_eq!(walk(0.0, 1.0, |_| 1.0), None);
    }

    #[test]
    fn newton_finds_a_falling_root_from_afar() {
        let found = falling_root(-300.0, |x| (2.0 - x.exp(), -x.exp()));
        assert!((found - 2.0_f64.ln()).abs() < 1e-11, "{found}");
    }

    #[test]
    fn the_first_number_is_found_at_both_ends_and_between() {
        for wanted in 3..=9 {
            assert_eq!(first(3, 9, |k| k >= wanted), wanted);
        }
        assert_eq!(first(3, 9, |_| false), 9);
    }
}
