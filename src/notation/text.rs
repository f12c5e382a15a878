//! Distributions written as one text: a constant (`"8h"`) or a range (`"1h to 9h"`).

use std::ops::Range;

use super::phrases::{EXPECTED, example, names};
use crate::distribution::Distribution;
use crate::keys::{Log, Node, nearest, quote};
use crate::units::{parse_duration, show_duration};

/// A constant or a range.
pub(super) fn read_text(node: &Node<'_>, text: &str, log: &mut Log) -> Option<Distribution> {
    if let Some(at) = text.find(" to ") {
        return read_range(node, text, at, log);
    }
    let error = match parse_duration(text) {
        Ok(hours) => return Some(Distribution::constant_of(hours)),
        Err(error) => error,
    };
    let trimmed = text.trim();
    if let Some(range) = range_in_other_words(trimmed) {
        node.expected(log, EXPECTED, &format!("write {}", quote(&range)));
    } else if trimmed == "never" {
        node.expected(log, EXPECTED, "this one cannot be \"never\"");
    } else if let Some(name) = trimmed.split('(').next().and_then(|word| nearest(word, &names())) {
        node.expected(log, EXPECTED, &format!("write {name} as a table: {}", example(name)));
    } else {
        node.error(log, error.to_string(), &error.help());
    }
    None
}

/// "1h - 9h" and its like, as this program writes them.
fn range_in_other_words(text: &str) -> Option<String> {
    let mut splits = ["..", "–", "-", "to"].iter().filter_map(|sign| text.split_once(sign));
    splits.find_map(|(low, high)| {
        let (low, high) = (low.trim(), high.trim());
        // "2 - 4 h" has one unit for both.
        let unit = high.trim_start_matches(|c: char| c.is_ascii_digit() || " ._".contains(c));
        let low = if parse_duration(low).is_ok() { low.to_owned() } else { format!("{low}{unit}") };
        let both = parse_duration(&low).is_ok() && parse_duration(high).is_ok();
        both.then(|| format!("{low} to {}", high.replace(' ', "")))
    })
}

/// A range; `at` is where " to " begins.
pub(super) fn read_range(
    node: &Node<'_>,
    text: &str,
    at: usize,
    log: &mut Log,
) -> Option<Distribution> {
    let ends = [0..at, at + " to ".len()..text.len()];
    let [low, high] = ends.clone().map(|end| read_end(node, text, end, log));
    let (low, high) = (low?, high?);
    let [low_text, high_text] = ends.clone().map(|end| text.get(end).unwrap_or_default().trim());
    if low > high {
        let help = format!("write \"{high_text} to {low_text}\"");
        node.error(log, "the range goes from large to small".to_owned(), &help);
        return None;
    }
    if low == high {
        let help = format!("write \"{low_text}\" for a constant");
        node.error(log, "both ends of the range are the same".to_owned(), &help);
        return None;
    }
    if low <= 0.0 {
        let help = format!(
            "write {{ uniform = {{ min = \"0s\", max = \"{high_text}\" }} }}, or a start above 0"
        );
        let message = "a range must start above 0, because it makes a lognormal".to_owned();
        let [start, _] = ends;
        log.error(Some(node.span_of_part(trimmed(text, start))), message, &help);
        return None;
    }
    let range = node.checked(Distribution::lognormal_range(low, high), "", log)?;
    if range.mean() > high {
        let message = format!(
            "a range so wide has a mean of {}, above its upper end: it is a lognormal, whose rare long \
             ones count for most",
            show_duration(range.mean())
        );
        let help = "write a shortest time that is not a token, or a `max`";
        log.warn(Some(node.span()), message, help);
    }
    Some(range)
}

fn read_end(node: &Node<'_>, text: &str, end: Range<usize>, log: &mut Log) -> Option<f64> {
    let end = trimmed(text, end);
    match parse_duration(text.get(end.clone())?) {
        Ok(hours) => Some(hours),
        Err(error) => {
            log.error(Some(node.span_of_part(end)), error.to_string(), &error.help());
            None
        }
    }
}

fn trimmed(text: &str, part: Range<usize>) -> Range<usize> {
    let written = text.get(part.clone()).unwrap_or_default();
    let start = part.start + written.len() - written.trim_start().len();
    start..start + written.trim().len()
}
