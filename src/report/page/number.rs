//! Numbers for readers of the page. The script has the same rules.

use crate::report::text::rounded;
use crate::stats::Interval;

pub(super) use crate::report::text::{grouped, level};

/// A number to three significant digits with thousands apart: `12,300`, `0.0123`. Whole numbers
/// below 1,000 are shown as they are, larger ones are rounded too; one that is not finite is a
/// dash.
pub(super) fn figure(number: f64) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    if number.fract() == 0.0 && number.abs() < 1000.0 {
        return format!("{}", number + 0.0).replace('-', "−");
    }
    rounded(number, 3, 12).replace('-', "−")
}

/// A probability that was found: `97.3 %`, with a second decimal close to 0 and 1. Only 0 and 1
/// themselves read `0 %` and `100 %`.
pub(super) fn percent(probability: f64) -> String {
    let hundredths = probability * 100.0;
    let digits = match hundredths {
        h if !h.is_finite() => return "–".to_owned(),
        h if h <= 0.0 => "0".to_owned(),
        h if h >= 100.0 => "100".to_owned(),
        h if h < 0.01 => "< 0.01".to_owned(),
        h if h > 99.99 => "> 99.99".to_owned(),
        h if !(0.1..=99.9).contains(&h) => format!("{h:.2}"),
        h => format!("{h:.1}"),
    };
    format!("{digits}\u{A0}%")
}

/// An interval of a probability: `96.1 to 98.2 %`.
pub(super) fn span(interval: Interval) -> String {
    let [low, high] = [interval.low, interval.high].map(percent);
    format!("{} to {high}", low.split('\u{A0}').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits_that_count() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-21.0, "−21"),
            (1.001, "1.00"),
            (0.012_345, "0.0123"),
            (0.000_012_345, "1.23e−5"),
            (9.999, "10.0"),
            (-12_345.0, "−12,300"),
            (1_234_567_890.0, "1,230,000,000"),
            (1.5e12, "1.50e12"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(figure(number), text);
        }
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn an_interval_names_its_unit_once() {
        assert_eq!(span(Interval { low: 0.961, high: 1.0 }), "96.1 to 100\u{A0}%");
    }

    #[test]
    fn only_certainty_reads_as_certainty() {
        for (probability, text) in [
            (0.0, "0\u{A0}%"),
            (0.000_01, "< 0.01\u{A0}%"),
            (0.001_234, "0.1\u{A0}%"),
            (0.000_123, "0.01\u{A0}%"),
            (0.5, "50.0\u{A0}%"),
            (0.973_4, "97.3\u{A0}%"),
            (0.999_95, "> 99.99\u{A0}%"),
            (1.0, "100\u{A0}%"),
        ] {
            assert_eq!(percent(probability), text);
        }
    }
}
