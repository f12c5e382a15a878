//! A time of the local week: "Sat 08:00".

use super::calendar::Calendar;
use super::staffing::{parse_day, parse_time};
use crate::keys::{Json, Log, Node, Value, quote};
use jiff::ToSpan;
use serde_json::json;

/// A time of day on some days of the week, local.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeeklyTime {
    /// By day, Monday first.
    days: [bool; 7],
    /// Minutes from midnight.
    minute: i64,
}

const HELP: &str = "write a day and a time such as \"Sat 08:00\", or a time such as \"20:00\"";

impl WeeklyTime {
    /// Reads "Sat 08:00", "Mon-Fri 20:00" or "20:00"; `None` of anything else.
    pub fn parse(text: &str) -> Option<WeeklyTime> {
        let text = text.trim();
        let digit = text.find(|c: char| c.is_ascii_digit())?;
        let (names, time) = (text[..digit].trim(), &text[digit..]);
        let minute = parse_time(time).filter(|minute| *minute < 24 * 60)?;
        let mut days = [names.is_empty(); 7];
        if !names.is_empty() {
            let (first, last) = names.split_once(['-', '–']).unwrap_or((names, names));
            let (first, last) = (parse_day(text, first).ok()?, parse_day(text, last).ok()?);
            for step in 0..=(last + 7 - first) % 7 {
                days[(first + step) % 7] = true;
            }
        }
        Some(WeeklyTime { days, minute })
    }

    /// The first such time at `from` or after it, hours.
    pub fn next(&self, calendar: &Calendar, from: f64) -> f64 {
        let midnight = calendar.civil(from).date().at(0, 0, 0, 0);
        for day in 0..=8 {
            let Ok(time) = midnight.checked_add(day.days().minutes(self.minute)) else {
                break;
            };
            let weekday = time.weekday().to_monday_zero_offset() as usize;
            let hours = calendar.hours_of(time);
            if self.days.get(weekday) == Some(&true) && hours >= from {
                return hours;
            }
        }
        f64::INFINITY
    }
}

impl Value for WeeklyTime {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        let text = node.text()?;
        let time = WeeklyTime::parse(text);
        if time.is_none() {
            node.error(log, format!("{} is no time of a week", quote(text)), HELP);
        }
        time
    }
    fn expects() -> String {
        "a time of a week such as \"Sat 08:00\"".to_owned()
    }
    fn schema() -> Json {
        let pattern = r"^\s*(?:[A-Za-z]{3,}\s*(?:[-–]\s*[A-Za-z]{3,}\s*)?)?(?:[01]?[0-9]|2[0-3]):[0-5][0-9]\s*$";
        json!({ "type": "string", "pattern": pattern, "examples": ["Sat 08:00", "20:00"] })
    }
    fn harmless() -> Self {
        WeeklyTime { days: [true; 7], minute: 0 }
    }
}
