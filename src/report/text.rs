//! How numbers, durations and lists read, and how a paragraph is set.
//!
//! Every figure that a person reads in a sentence or a table is written here, so that the same
//! number looks the same on the terminal, on the page and in a chart's caption. Charts have labels
//! of their own, which have less room.

use crate::keys::is_unseen;
use crate::units::{HOURS_PER_YEAR, show_duration};
use std::cell::Cell;
use std::ops::Range;

/// Columns that text for people takes where nobody says how many there are.
pub const WIDTH: usize = 80;
/// The least that text is set for: in less, figures have no room.
const NARROWEST: usize = 60;
/// The most: longer lines are hard to read.
const WIDEST: usize = 160;

thread_local! {
    static COLUMNS: Cell<usize> = const { Cell::new(WIDTH) };
}

/// Columns that text may take that this thread sets.
pub fn width() -> usize {
    COLUMNS.get()
}

/// Has this thread set text for so many columns, or the nearest that text can be set for.
pub fn set_width(columns: usize) {
    COLUMNS.set(columns.clamp(NARROWEST, WIDEST));
}

/// A number with so many significant digits: `12,300`, `0.0123`. Whole digits are rounded too, and
/// from a thousand million on there is an exponent. One that is not finite is a dash.
pub fn figure(number: f64, digits: usize) -> String {
    if !number.is_finite() {
        return "-".to_owned();
    }
    if number == 0.0 { "0".to_owned() } else { rounded(number, digits, -4..9) }
}

/// A number that is not 0 with so many significant digits, and with an exponent where its power of
/// ten is not one of the `plain` ones.
pub(super) fn rounded(number: f64, digits: usize, plain: Range<i32>) -> String {
    let rounded = format!("{number:.*e}", digits.saturating_sub(1));
    let exponent = rounded.split('e').nth(1).and_then(|exponent| exponent.parse::<i32>().ok());
    let (Some(exponent), Ok(value)) = (exponent, rounded.parse::<f64>()) else {
        return rounded;
    };
    if !plain.contains(&exponent) {
        return rounded;
    }
    let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or_default();
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}{rest}", in_threes(whole))
}

/// A number of things: "1 trial", "10,000 trials", "2 recoveries".
pub fn count(number: impl TryInto<u64>, thing: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{} {}", grouped(number), plural(number, thing))
}

/// The noun that goes with a number: "trial" with 1, "trials" with any other.
pub fn plural(number: u64, thing: &str) -> String {
    match thing.strip_suffix('y') {
        _ if number == 1 => thing.to_owned(),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{thing}s"),
    }
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

/// A confidence level, with the digits that it was given in: `95 %`, `99.9 %`.
pub fn level(confidence: f64) -> String {
    // 0.55 x 100 is not quite 55.
    format!("{}\u{a0}%", (confidence * 1e10).round() / 1e8)
}

/// A metric of one trial: a count with all its digits, and one decimal where it is an expected
/// count; anything else with four digits.
pub fn amount(value: f64, is_count: bool) -> String {
    // Beyond this a count has no whole number of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let tenths = (10.0 * value).round() / 10.0;
    match is_count && (0.0..EXACT).contains(&value) {
        true if value > 0.0 && tenths == 0.0 => figure(value, 2),
        true if tenths.fract() == 0.0 => grouped(tenths as u64),
        true => format!("{}.{}", grouped(tenths as u64), (10.0 * tenths.fract()).round()),
        false => figure(value, 4),
    }
}

/// A quantity that is known roughly, to two digits: "less than 0.1", "3.5", "120".
pub fn rough(number: f64) -> String {
    match number {
        x if x >= 1e6 => "a million or more".to_owned(),
        x if x < 0.05 => "less than 0.1".to_owned(),
        x if x < 9.5 => format!("{}", (x * 10.0).round() / 10.0),
        x => figure(x, 2),
    }
}

/// A duration that may be so long that nobody plans by it: "4h 30m", "decades".
pub fn duration(hours: f64) -> String {
    if hours > 20.0 * HOURS_PER_YEAR { "decades".to_owned() } else { show_duration(hours) }
}

/// Names in a sentence: "a", "a and b", "a, b and c".
pub fn list(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// A name in quotation marks.
pub fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// The text with its first letter large.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A name fit for an address or a file: small letters, digits, hyphens.
pub(super) fn slug(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(letter).collect()
}

/// A paragraph for the terminal, with a line end.
pub fn paragraph(text: &str) -> String {
    wrap(&harmless(text), width()).join("\n") + "\n"
}

/// An item of a list for the terminal, with a line end.
pub fn item(text: &str) -> String {
    format!("  - {}\n", wrap(&harmless(text), width() - 4).join("\n    "))
}

/// The text with unseen characters shown as a mark, so that a name cannot steer the terminal.
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if is_unseen(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Breaks text between words so that its lines fit, where words allow; at least one line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        let space = usize::from(used > 0);
        match lines.last_mut() {
            Some(line) if used == 0 || used + space + length <= width => {
                line.push_str(if used > 0 { " " } else { "" });
                line.push_str(word);
                used += space + length;
            }
            _ => {
                lines.push(word.to_owned());
                used = length;
            }
        }
    }
    lines
}

/// Digits with every three apart.
fn in_threes(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A word as a shell reads it.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
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
        assert_eq!(count(1_u64, "trial"), "1 trial");
        assert_eq!(count(0_u64, "trial"), "0 trials");
        assert_eq!(count(12_345_usize, "trial"), "12,345 trials");
        assert_eq!(count(2_u64, "recovery"), "2 recoveries");
        assert_eq!(count(2_u64, "delay"), "2 delays");
    }

    #[test]
    fn an_expected_count_has_one_decimal() {
        for (value, text) in [(9.600000000000001, "9.6"), (12_345.0, "12,345"), (0.0, "0")] {
            assert_eq!(amount(value, true), text);
        }
        assert_eq!(amount(1_234.56, true), "1,234.6");
        assert_eq!(amount(0.04, true), "0.040");
        assert_eq!(amount(9.87654, false), "9.877");
    }

    #[test]
    fn a_level_has_the_digits_that_it_was_given_in() {
        for (confidence, text) in [(0.95, "95"), (0.999, "99.9"), (1.0, "100"), (0.55, "55")] {
            assert_eq!(level(confidence), format!("{text}\u{a0}%"));
        }
    }

    #[test]
    fn names_stand_in_a_list() {
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&[""; 0]), "");
    }

    #[test]
    fn names_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jé\n"), "a\u{fffd}[2Jé\u{fffd}");
    }

    #[test]
    fn a_long_word_has_a_line_of_its_own() {
        assert_eq!(wrap("a verylongword b c", 5), ["a", "verylongword", "b c"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn counts_keep_all_digits() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
