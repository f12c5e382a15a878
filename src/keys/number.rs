//! Forms of numbers: ranges, whole numbers, probabilities and durations.

use std::ops::RangeInclusive;

use serde_json::json;

use super::{Form, Json, Log, Node};
use crate::units::parse_duration;

/// Which numbers are allowed. None allows `nan` or `inf`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Any finite number.
    Any,
    /// Above 0.
    Positive,
    /// 0 or more.
    NonNegative,
    /// From the first to the second, both included.
    Between(f64, f64),
}

impl Range {
    /// Whether `number` is finite and allowed.
    pub fn contains(self, number: f64) -> bool {
        number.is_finite()
            && match self {
                Range::Any => true,
                Range::Positive => number > 0.0,
                Range::NonNegative => number >= 0.0,
                Range::Between(low, high) => (low..=high).contains(&number),
            }
    }
}

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
            let help = unquoted.filter(|number| self.0.contains(*number));
            let help = help.map(|number| format!("write {number} without quotes"));
            node.expected(log, &self.expects(), &help.unwrap_or_default());
        }
        number
    }
    fn expects(&self) -> String {
        match self.0 {
            Range::Any => "a number".to_owned(),
            Range::Positive => "a number above 0".to_owned(),
            Range::NonNegative => "a number of 0 or more".to_owned(),
            Range::Between(low, high) => format!("a number from {low} to {high}"),
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
}

/// A probability, 0 to 1.
#[derive(Debug, Clone, Copy)]
pub struct Probability;

impl Form for Probability {
    type Output = f64;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<f64> {
        let range = Range::Between(0.0, 1.0);
        let number = node.number().filter(|number| range.contains(*number));
        if number.is_none() {
            let text = node.text().map(|text| text.trim().trim_end_matches('%').trim());
            let percent = node.text().is_some_and(|text| text.contains('%'));
            let meant = node.number().or_else(|| text?.parse().ok());
            let help = match meant {
                Some(share) if !percent && range.contains(share) => {
                    format!("write {share} without quotes")
                }
                // Twelve decimals hide the last binary digit of a division by 100.
                Some(percent) if Range::Between(0.0, 100.0).contains(percent) => {
                    format!("write {}", (percent * 1e10).round() / 1e12)
                }
                _ => String::new(),
            };
            node.expected(log, &self.expects(), &help);
        }
        number
    }
    fn expects(&self) -> String {
        "a probability from 0 to 1".to_owned()
    }
    fn schema(&self) -> Json {
        json!({ "type": "number", "minimum": 0, "maximum": 1 })
    }
    fn harmless(&self) -> f64 {
        0.0
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
            let text = || node.text()?.trim().replace('_', "").parse::<f64>().ok();
            let meant = if node.integer().is_none() { node.number().or_else(text) } else { None };
            let help = meant
                // Above 2^53 a number with a point may not be the one that was meant.
                .filter(|number| number.fract() == 0.0 && (0.0..=9.0e15).contains(number))
                .filter(|number| self.0.contains(&(*number as u64)))
                .map(|number| format!("write {number}"));
            node.expected(log, &self.expects(), &help.unwrap_or_default());
        }
        whole
    }
    fn expects(&self) -> String {
        match (*self.0.start(), *self.0.end()) {
            (low, u64::MAX) => format!("a whole number of {low} or more"),
            (low, high) => format!("a whole number from {low} to {high}"),
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
}

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
        let Some(text) = node.text() else {
            let number = node.number().filter(|number| Range::NonNegative.contains(*number));
            let help = number.map(|_| format!("write \"{}h\"", node.source()));
            node.expected(log, &self.expects(), &help.unwrap_or_default());
            return None;
        };
        match parse_duration(text) {
            Ok(hours) if self.positive && hours <= 0.0 => {
                node.expected(log, &self.expects(), "");
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
                node.error(log, error.to_string(), &error.help());
                None
            }
        }
    }
    fn expects(&self) -> String {
        let above = if self.positive { " above 0" } else { "" };
        format!("a duration{above} such as \"2h 30m\"")
    }
    fn schema(&self) -> Json {
        json!({ "type": "string", "title": "duration", "examples": ["30m", "2h 30m", "90d"] })
    }
    fn harmless(&self) -> f64 {
        if self.positive { 1.0 } else { 0.0 }
    }
}
