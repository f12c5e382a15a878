//! Forms of numbers: any, whole ones, probabilities and durations.

use std::ops::RangeInclusive;

use serde_json::json;

use super::digits::{leading_number, spelled, without_groups};
use super::quantity::Quantity;
use super::range::Range;
use super::{Definitions, Form, Json, Log, Node};
use crate::distribution::Distribution;
use crate::units::{DurationError, duration_pattern, parse_duration};

/// A number, with or without a point.
#[derive(Debug, Clone, Copy)]
pub struct Number(
    /// Which numbers are allowed.
    pub Range,
);

impl Form for Number {
    type Output = f64;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<f64> {
        let number = node.number().filter(|number| self.0.contains(*number));
        if number.is_none() {
            let unquoted = node.text().and_then(|text| text.trim().parse::<f64>().ok());
            let help = match unquoted.filter(|number| self.0.contains(*number)) {
                Some(number) => format!("write {number} without quotes"),
                None => self.help(node),
            };
            node.expected(log, &self.expects(), &help);
        }
        number
    }
    fn expects(&self) -> String {
        match self.0 {
            Range::Any => "a number".to_owned(),
            Range::Positive => "a number above 0".to_owned(),
            Range::NonNegative => "a number of 0 or more".to_owned(),
            Range::Between(low, high) => {
                format!("a number from {} to {}", spelled(low), spelled(high))
            }
        }
    }
    fn schema(&self) -> Json {
        match self.0 {
            Range::Any => json!({ "type": "number" }),
            Range::Positive => json!({ "type": "number", "exclusiveMinimum": 0 }),
            Range::NonNegative => json!({ "type": "number", "minimum": 0 }),
            Range::Between(low, high) => {
                json!({ "type": "number", "minimum": low, "maximum": high })
            }
        }
    }
    fn harmless(&self) -> f64 {
        match self.0 {
            Range::Any | Range::NonNegative => 0.0,
            Range::Positive => 1.0,
            Range::Between(low, _) => low,
        }
    }
    fn quantity(&self, number: &f64) -> Quantity {
        Quantity::Number(*number, self.0)
    }
}

impl Number {
    /// What to write in the place of a number that is not allowed, or of a text.
    fn help(self, node: &Node<'_>) -> String {
        let unit =
            || node.text().and_then(leading_number).filter(|number| self.0.contains(*number));
        let number = || Some(self.0.help(node.number()?));
        number().or_else(|| Some(format!("write {}", unit()?))).unwrap_or_default()
    }
}

/// A probability: 0 to 1, or a percentage as text.
#[derive(Debug, Clone, Copy)]
pub struct Probability;

impl Form for Probability {
    type Output = f64;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<f64> {
        let range = Range::Between(0.0, 1.0);
        let number = node.number().filter(|number| range.contains(*number));
        let number = number.or_else(|| share(node.text()?));
        if number.is_none() {
            let text = node.text().map(str::trim);
            let meant = node.number().or_else(|| text?.parse().ok());
            let help = match meant {
                Some(share) if range.contains(share) => format!("write {share} without quotes"),
                // 95 is a percentage; 1.1 is a slip, and hardly 1.1 %. Twelve decimals hide the
                // last binary digit of a division by 100.
                Some(share) if (10.0..=100.0).contains(&share) => {
                    format!("write {}", (share * 1e10).round() / 1e12)
                }
                _ => "a probability is a share, such as 0.05 or \"5 %\"".to_owned(),
            };
            node.expected(log, &self.expects(), &help);
        }
        number
    }
    fn expects(&self) -> String {
        "a probability from 0 to 1".to_owned()
    }
    fn schema(&self) -> Json {
        let percentage = json!({ "type": "string", "title": "percentage", "pattern": PERCENTAGE });
        json!({ "anyOf": [{ "type": "number", "minimum": 0, "maximum": 1 }, percentage] })
    }
    fn harmless(&self) -> f64 {
        0.0
    }
    fn quantity(&self, share: &f64) -> Quantity {
        Quantity::Probability(*share)
    }
}

/// What [`share`] reads.
const PERCENTAGE: &str = r"^\s*(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?)\s*%\s*$";

/// The share that a percentage such as "95 %" says.
fn share(text: &str) -> Option<f64> {
    let digits = text.trim().strip_suffix('%')?.trim_end();
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let percent = (are_digits(whole) && are_digits(rest)).then(|| digits.parse::<f64>().ok())??;
    let is_short = whole.len() <= 2 || whole == "100";
    // Twelve decimals hide the last binary digit of a division by 100.
    (is_short && percent <= 100.0).then(|| (percent * 1e10).round() / 1e12)
}

/// A share that is decided and not uncertain, such as the confidence that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Share;

impl Form for Share {
    type Output = f64;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<f64> {
        Probability.read(node, log)
    }
    fn expects(&self) -> String {
        Probability.expects()
    }
    fn schema(&self) -> Json {
        Probability.schema()
    }
    fn harmless(&self) -> f64 {
        0.0
    }
    fn quantity(&self, share: &f64) -> Quantity {
        Quantity::Number(*share, Range::Between(0.0, 1.0))
    }
}

/// Hours of 0 or more: a number of them, or a duration as text.
#[derive(Debug, Clone, Copy)]
pub struct Hours;

impl Form for Hours {
    type Output = f64;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<f64> {
        match node.text() {
            Some(text) if text.trim().parse::<f64>().is_err() => Duration::ANY.read(node, log),
            _ => Number(Range::NonNegative).read(node, log),
        }
    }
    fn expects(&self) -> String {
        "a number of hours, or a duration such as \"24h\"".to_owned()
    }
    fn schema(&self) -> Json {
        json!({ "anyOf": [Number(Range::NonNegative).schema(), Duration::ANY.schema()] })
    }
    fn define(&self, definitions: &mut Definitions) {
        Duration::ANY.define(definitions);
    }
    fn harmless(&self) -> f64 {
        0.0
    }
    fn quantity(&self, hours: &f64) -> Quantity {
        Quantity::Number(*hours, Range::NonNegative)
    }
}

/// A whole number.
#[derive(Debug, Clone)]
pub struct Count(
    /// Which numbers are allowed.
    pub RangeInclusive<u64>,
);

impl Form for Count {
    type Output = u64;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<u64> {
        let whole = node.integer().and_then(|whole| u64::try_from(whole).ok());
        let whole = whole.filter(|whole| self.0.contains(whole));
        if whole.is_none() {
            let help = self.meant(node).map(|whole| format!("write {whole}"));
            let help = help.or_else(|| self.bounds(node));
            node.expected(log, &self.expects(), &help.unwrap_or_default());
        }
        whole
    }
    fn expects(&self) -> String {
        match (*self.0.start(), *self.0.end()) {
            (low, u64::MAX) => format!("a whole number of {low} or more"),
            (low, high) => {
                format!("a whole number from {low} to {}", spelled(high as f64))
            }
        }
    }
    fn schema(&self) -> Json {
        let (low, high) = (*self.0.start(), *self.0.end());
        if high == u64::MAX {
            return json!({ "type": "integer", "minimum": low });
        }
        json!({ "type": "integer", "minimum": low, "maximum": high })
    }
    fn harmless(&self) -> u64 {
        *self.0.start()
    }
    fn quantity(&self, whole: &u64) -> Quantity {
        Quantity::Whole(*whole, [*self.0.start(), *self.0.end()])
    }
}

impl Count {
    /// The whole number that was meant by one with a point, by a text, or by one whose thousands are set
    /// off: of 8.000 users are 8000 and not 8.
    fn meant(&self, node: &Node<'_>) -> Option<String> {
        if node.integer().is_some() {
            return None;
        }
        let written = node.text().unwrap_or_else(|| node.source());
        if let Some(whole) = without_groups(written, '.')
            && whole.parse().is_ok_and(|whole| self.0.contains(&whole))
        {
            return Some(format!("{whole}, without a point between thousands"));
        }
        let number = node.number().or_else(|| leading_number(node.text()?));
        // Above 2^53 a number with a point may not be the one that was meant.
        number
            .filter(|number| number.fract() == 0.0 && (0.0..=9.0e15).contains(number))
            .filter(|number| self.0.contains(&(*number as u64)))
            .map(|number| number.to_string())
    }

    fn bounds(&self, node: &Node<'_>) -> Option<String> {
        let number = node.number()?;
        Some(match (*self.0.start(), *self.0.end()) {
            (low, _) if number < low as f64 => format!("the least is {low}"),
            (_, high) if number > high as f64 => format!("the most is {}", spelled(high as f64)),
            _ => "write a number without a point".to_owned(),
        })
    }
}

const ABOVE_ZERO: &str = "write a duration above 0, such as \"1h\"";

/// A duration as text, in hours.
#[derive(Debug, Clone, Copy)]
pub struct Duration {
    /// Whether "0s" is refused.
    pub positive: bool,
}

impl Duration {
    /// 0 or more.
    pub const ANY: Self = Self { positive: false };
    /// Above 0.
    pub const POSITIVE: Self = Self { positive: true };
}

impl Form for Duration {
    type Output = f64;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<f64> {
        if let Some(hours) = node.distribution().and_then(Distribution::constant) {
            return Some(hours);
        }
        let Some(text) = node.text() else {
            let number = node.number().filter(|number| Range::NonNegative.contains(*number));
            let help = number.map(|_| format!("write \"{}h\"", node.source()));
            node.expected(log, &self.expects(), &help.unwrap_or_default());
            return None;
        };
        match parse_duration(text) {
            Ok(hours) if self.positive && hours <= 0.0 => {
                node.expected(log, &self.expects(), ABOVE_ZERO);
                None
            }
            Ok(hours) => Some(hours),
            Err(_) if text.contains(" to ") => {
                let help =
                    "write one duration; a range makes a distribution, which this key is not";
                node.expected(log, &self.expects(), help);
                None
            }
            Err(error) => {
                let at_zero = matches!(error, DurationError::Negative { .. })
                    || text.trim().trim_matches(['0', '.']).is_empty();
                let help = error.help();
                let help = if self.positive && at_zero { ABOVE_ZERO } else { &help };
                node.error(log, error.to_string(), help);
                None
            }
        }
    }
    fn expects(&self) -> String {
        let above = if self.positive { " above 0" } else { "" };
        format!("a duration{above} such as \"2h 30m\"")
    }
    fn schema(&self) -> Json {
        let name = if self.positive { "positive_duration" } else { "duration" };
        json!({ "$ref": format!("#/$defs/{name}") })
    }
    fn define(&self, definitions: &mut Definitions) {
        let pattern = format!(r"^\s*{}\s*$", duration_pattern());
        let mut schema = json!({
            "type": "string",
            "title": "duration",
            "pattern": pattern,
            "examples": ["30m", "2h 30m", "90d"],
        });
        if !self.positive {
            definitions.add("duration", || schema);
        } else if let Some(object) = schema.as_object_mut() {
            object.insert("not".to_owned(), json!({ "pattern": "^[^1-9]*$" }));
            definitions.add("positive_duration", || schema);
        }
    }
    fn harmless(&self) -> f64 {
        if self.positive { 1.0 } else { 0.0 }
    }
    fn quantity(&self, hours: &f64) -> Quantity {
        Quantity::Duration(*hours)
    }
}
