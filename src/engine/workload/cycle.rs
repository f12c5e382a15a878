//! When work comes round that is done in cycles: at whole multiples of the cycle's length.

/// The first cycle at or after `time`; `time` itself where work is done at once.
#[inline]
pub(super) fn next_cycle(time: f64, cycle: f64) -> f64 {
    if cycle <= 0.0 {
        return time;
    }
    // Times are not negative, and counts of cycles far below 2^51: adding and taking away this
    // number rounds to the nearest whole one, in two additions where `ceil` is a call.
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    let count = time / cycle;
    let nearest = (count + ROUNDER) - ROUNDER;
    // A time that is a whole number of cycles stays one in spite of rounding.
    let beyond = count - nearest > 1e-9 * nearest.max(1.0);
    // A number is chosen and no way taken: a branch that goes either way costs more than the rest.
    (nearest + if beyond { 1.0 } else { 0.0 }) * cycle
}

/// Changes made before this time have their cycle before `time`.
pub(super) fn last_due_before(time: f64, cycle: f64) -> f64 {
    if cycle <= 0.0 { time } else { next_cycle(time, cycle) - cycle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_whole_multiples_in_spite_of_rounding() {
        let two_minutes = 2.0 / 60.0;
        for k in 0..300_000_u32 {
            let time = f64::from(k) * two_minutes;
            assert_eq!(next_cycle(time, two_minutes), time);
            assert!((next_cycle(time + 1e-4, two_minutes) - time - two_minutes).abs() < 1e-9);
        }
        assert_eq!(next_cycle(1.3, 0.0), 1.3);
        assert_eq!(last_due_before(1.3, 0.5), 1.0);
        assert_eq!(last_due_before(1.5, 0.5), 1.0);
    }
}
