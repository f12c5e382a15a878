//! What the script needs of a sample to count how many trials, or outages, keep any limit.
//!
//! Each stratum is sent as distinct values with counts. Above the quantile at [`EXACT_FROM`] every
//! value is there, up to [`MOST`] of a stratum, so a count is the program's own wherever a tolerance
//! can be near to met. Below, and for metrics that no tolerance names, only some of the values are,
//! and the script goes straight between two of them.

use serde_json::{Value, json};

use super::super::super::stats::Stratified;

/// The share of all trials from which on all values of a tolerance's metric are sent.
const EXACT_FROM: f64 = 0.75;

/// How finely a sample is sent.
#[derive(Debug, Clone, Copy)]
pub(super) enum Detail {
    /// A tolerance is on it.
    Exact,
    /// It is only looked at.
    Rough,
}

/// Most values sent above and below [`EXACT_FROM`].
const MOST: u64 = 2500;
const FEW: u64 = 60;

impl Detail {
    /// Most values above and below [`EXACT_FROM`].
    fn most(self) -> (u64, u64) {
        match self {
            Detail::Exact => (MOST, FEW),
            Detail::Rough => (FEW, FEW / 2),
        }
    }
}

/// The strata of a sample, each as weight, number of values, values, and how many more values than
/// before are at most each.
pub(super) fn strata(sample: &Stratified, detail: Detail) -> Value {
    let exact_from = sample.quantile(EXACT_FROM).unwrap_or(f64::INFINITY);
    let part = |(weight, all, counts): (f64, u64, Vec<(f64, u64)>)| {
        let mut before = 0;
        let (mut values, mut more) = (Vec::new(), Vec::new());
        for (value, at_most) in kept(&counts, exact_from, detail) {
            values.push(number(rounded_up(value)));
            more.push(at_most - before);
            before = at_most;
        }
        json!([weight, all, values, more])
    };
    sample.parts().map(part).collect()
}

/// Some of the values, each with the number of values that are at most it: all of those from
/// `exact_from` on, as far as there is room.
fn kept(counts: &[(f64, u64)], exact_from: f64, detail: Detail) -> Vec<(f64, u64)> {
    let (above, below) = detail.most();
    let number = |above: bool| -> u64 {
        let some = counts.iter().filter(|(value, _)| (*value >= exact_from) == above);
        some.map(|(_, count)| count).sum()
    };
    let (coarse, fine) = ((number(false) / below).max(1), (number(true) / above).max(1));
    let mut kept: Vec<(f64, u64)> = Vec::new();
    let (mut through, mut told) = (0, 0);
    for (index, &(value, count)) in counts.iter().enumerate() {
        let room = if value < exact_from { coarse } else { fine };
        let before = through;
        through += count;
        let is_end = index == 0 || index + 1 == counts.len();
        if through - told < room && !is_end {
            continue;
        }
        // Where several trials share a value, the count is told just below it too.
        if count > 1 && index > 0 {
            kept.push((value, before));
        }
        kept.push((value, through));
        told = through;
    }
    kept
}

/// A value with six significant digits, never below itself: a limit of at most six digits is kept
/// by what is sent if and only if it is kept by the value.
fn rounded_up(value: f64) -> f64 {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    if rounded >= value || !value.is_finite() {
        return rounded;
    }
    let unit = 10_f64.powi(value.abs().log10().floor() as i32 - 5);
    format!("{:.5e}", rounded + unit).parse().unwrap_or(value)
}

/// A number without a decimal point that says nothing.
pub(super) fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return Value::from(number as i64);
    }
    Value::from(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many values the script counts at most `x`.
    fn counted(kept: &[(f64, u64)], x: f64) -> f64 {
        let next = kept.partition_point(|(value, _)| *value <= x);
        match (next.checked_sub(1).map(|at| kept[at]), kept.get(next)) {
            (None, _) => 0.0,
            (Some((_, count)), None) => count as f64,
            (Some((_, count)), Some(&(_, more))) if more <= count + 1 => count as f64,
            (Some((low, count)), Some(&(high, more))) => {
                let between = (more - 1 - count) as f64;
                count as f64 + (between * (x - low) / (high - low)).floor()
            }
        }
    }

    fn values(of: impl Fn(u64) -> f64, count: u64) -> Vec<(f64, u64)> {
        let mut values: Vec<f64> = (0..count).map(of).collect();
        values.sort_by(f64::total_cmp);
        let mut counts: Vec<(f64, u64)> = Vec::new();
        for value in values {
            match counts.last_mut() {
                Some(last) if last.0 == value => last.1 += 1,
                _ => counts.push((value, 1)),
            }
        }
        counts
    }

    #[test]
    fn counts_near_a_tolerance_are_exact_and_others_near() {
        // A third at 0, a fifth at 50, and an exponential tail.
        let of = |i: u64| match i % 15 {
            0..5 => 0.0,
            5..8 => 50.0,
            _ => 0.01 * (i as f64 / 9_000.0 * 16.0).exp(),
        };
        let counts = values(of, 9_000);
        let exact_from = 200.0;
        let kept = kept(&counts, exact_from, Detail::Exact);
        assert!(kept.len() < 3_000, "{}", kept.len());
        let mut through = 0;
        for &(value, count) in &counts {
            through += count;
            let off = (counted(&kept, value) - through as f64).abs();
            let room = if value >= exact_from { 0.0 } else { 150.0 };
            assert!(off <= room, "{off} at {value}");
        }
        assert_eq!(counted(&kept, 0.0), 3_000.0, "what many share");
        assert!((counted(&kept, 50.0) - counted(&kept, 49.999) - 1_800.0).abs() <= 5.0);
        assert_eq!(counted(&kept, -1.0), 0.0);
    }

    #[test]
    fn a_limit_is_kept_by_what_is_sent_where_the_value_keeps_it() {
        for value in [0.1 + 0.2, 4_999.999_999, 5_000.000_001, 24.000_000_1, 1.0 / 3.0, 0.0, 7.0] {
            let sent = rounded_up(value);
            assert!(sent >= value && sent <= value * 1.000_02, "{sent} for {value}");
            for limit in [0.3, 5_000.0, 24.0, 0.333_333, 0.0, 7.0] {
                assert_eq!(sent <= limit, value <= limit, "{value} at {limit}");
            }
        }
    }

    #[test]
    fn nothing_is_sent_of_nothing() {
        assert_eq!(strata(&Stratified::new([]), Detail::Exact), json!([]));
    }
}
