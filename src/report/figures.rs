//! Numbers for people: few digits, thousands apart.

/// A number with so many significant digits: `12,300`, `0.0123`. Whole digits are rounded too, and
/// from a thousand million on there is an exponent. One that is not finite is a dash.
pub fn figure(number: f64, digits: usize) -> String {
    if !number.is_finite() {
        return "-".to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let rounded = format!("{number:.*e}", digits.saturating_sub(1));
    let exponent = rounded.split('e').nth(1).and_then(|exponent| exponent.parse::<i32>().ok());
    let (Some(exponent), Ok(value)) = (exponent, rounded.parse::<f64>()) else {
        return rounded;
    };
    if !(-4..9).contains(&exponent) {
        return rounded;
    }
    let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or_default();
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}{rest}", in_threes(whole))
}

/// A number of things in words: "1 trial", "10,000 trials".
pub fn counted(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", grouped(number))
}

/// A count with thousands apart: `10,000`.
pub fn grouped(count: u64) -> String {
    in_threes(&count.to_string())
}

/// A probability or share as a percentage with as many digits as tell it from all and nothing:
/// `71 %`, `99.3 %`, `99.97 %`. Rounding never makes a certainty.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "-".to_owned();
    }
    if share <= 0.0 || share >= 1.0 {
        return format!("{}\u{a0}%", if share <= 0.0 { 0 } else { 100 });
    }
    let from_edge = share.min(1.0 - share);
    let decimals = match from_edge {
        edge if edge >= 0.1 => 0,
        edge if edge >= 0.001 => 1,
        edge if edge >= 0.0001 => 2,
        _ => 3,
    };
    let mut shown = format!("{:.decimals$}", 100.0 * share);
    if shown.contains('.') {
        shown.truncate(shown.trim_end_matches('0').trim_end_matches('.').len());
    }
    match shown.parse::<f64>() {
        Ok(100.0) => "over 99.999\u{a0}%".to_owned(),
        Ok(0.0) => "under 0.001\u{a0}%".to_owned(),
        _ => format!("{shown}\u{a0}%"),
    }
}

/// Digits with every three apart.
pub(super) fn in_threes(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits_that_count() {
        for (number, text) in [
            (0.0, "0"),
            (1.0, "1.00"),
            (0.012_345, "0.0123"),
            (0.000_012_345, "1.23e-5"),
            (9.999, "10.0"),
            (99.95, "100"),
            (123.4, "123"),
            (999.6, "1,000"),
            (-12_345.0, "-12,300"),
            (123_456_789.0, "123,000,000"),
            (1_234_567_890.0, "1.23e9"),
            (f64::NAN, "-"),
            (f64::INFINITY, "-"),
        ] {
            assert_eq!(figure(number, 3), text);
        }
        assert_eq!(figure(0.5678, 2), "0.57");
        assert_eq!(figure(1234.0, 2), "1,200");
    }

    #[test]
    fn a_share_is_never_rounded_to_a_certainty() {
        for (share, text) in [
            (0.0, "0 %"),
            (1.0, "100 %"),
            (0.714, "71 %"),
            (0.9512, "95.1 %"),
            (0.9993, "99.93 %"),
            (0.999_96, "99.996 %"),
            (0.999_999_9, "over 99.999 %"),
            (1e-9, "under 0.001 %"),
            (0.005, "0.5 %"),
            (0.95, "95 %"),
        ] {
            assert_eq!(percent(share).replace('\u{a0}', " "), text);
        }
    }

    #[test]
    fn counts_have_a_plural() {
        assert_eq!(counted(1, "trial"), "1 trial");
        assert_eq!(counted(0, "trial"), "0 trials");
        assert_eq!(counted(12_345, "trial"), "12,345 trials");
    }

    #[test]
    fn counts_keep_all_digits() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
