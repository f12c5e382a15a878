//! Moments of a trial as people write them: so long after its start, or a local date and time.

use super::calendar::Calendar;
use crate::keys::{Duration, Form, Json, Log, Node, Value};
use crate::units::parse_duration;
use jiff::civil::DateTime;
use serde_json::json;

/// A moment of a trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moment {
    /// So many hours after the start.
    After(f64),
    /// When the local clock shows this; of a time that it shows twice the first, of one that it
    /// skips as much later as it skips.
    Local(DateTime),
}

impl Moment {
    /// Hours from the start of a trial, below 0 before it.
    pub fn hours(self, calendar: &Calendar) -> f64 {
        match self {
            Moment::After(hours) => hours,
            Moment::Local(time) => calendar.hours_of(time),
        }
    }
}

impl Value for Moment {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        let is_date = |text: &str| {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            digits == 4 && text[digits..].starts_with('-') || digits == 8
        };
        let text = node.text().map(str::trim);
        if node.date_text().is_some() || text.is_some_and(is_date) {
            return DateTime::read(node, log).map(Moment::Local);
        }
        if text
            .is_some_and(|text| parse_duration(text).is_err() && !text.contains(char::is_numeric))
        {
            node.expected(log, &Self::expects(), "");
            return None;
        }
        Duration::ANY.read(node, log).map(Moment::After)
    }
    fn expects() -> String {
        "a duration from the start such as \"100h\", or a date (and time) such as \"2027-04-07\""
            .to_owned()
    }
    fn schema() -> Json {
        json!({ "anyOf": [Duration::ANY.schema(), DateTime::schema()] })
    }
    fn harmless() -> Self {
        Moment::After(0.0)
    }
    fn define(definitions: &mut crate::keys::Definitions) {
        Duration::ANY.define(definitions);
    }
}
