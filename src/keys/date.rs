//! Civil dates and date-times: `"2027-01-04"`, `"2027-01-04 08:00"`, or TOML's own unquoted form.

use jiff::civil::{Date, DateTime};
use serde_json::json;

use super::{Json, Log, Node, Value};

const ZONE_HELP: &str = "write local time; the zone stands in `time_zone`";

/// A date, perhaps with a time: nothing that is read is refused, nor everything that is not.
const PATTERN: &str = concat!(
    r"^\s*([+-][0-9]{2})?[0-9]{4}-?(0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])",
    r"([Tt ][0-9:.,]+)?\s*$"
);

fn read_civil(node: &Node<'_>, what: &str, log: &mut Log) -> Option<DateTime> {
    let Some(text) = node.text().map(str::to_owned).or_else(|| node.date_text()) else {
        node.expected(log, what, "");
        return None;
    };
    let text = text.trim();
    let after_date = text.get(10..).unwrap_or_default();
    if after_date.contains(['Z', 'z', '+', '-', '[']) {
        node.expected(log, what, ZONE_HELP);
        return None;
    }
    match text.parse::<DateTime>() {
        Ok(moment) => Some(moment),
        Err(_) => {
            node.expected(log, what, "dates are written year-month-day");
            None
        }
    }
}

impl Value for Date {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        let moment = read_civil(node, &Self::expects(), log)?;
        if moment.time() != jiff::civil::Time::midnight() {
            node.expected(log, &Self::expects(), "leave out the time of day");
            return None;
        }
        Some(moment.date())
    }
    fn expects() -> String {
        "a date such as \"2027-01-04\"".to_owned()
    }
    fn schema() -> Json {
        json!({ "type": "string", "pattern": PATTERN, "examples": ["2027-01-04"] })
    }
    fn harmless() -> Self {
        Date::constant(2000, 1, 3)
    }
}

impl Value for DateTime {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        read_civil(node, &Self::expects(), log)
    }
    fn expects() -> String {
        "a date or date and time such as \"2027-01-04\" or \"2027-01-04 08:00\"".to_owned()
    }
    fn schema() -> Json {
        let examples = ["2027-01-04", "2027-01-04T08:00"];
        json!({ "type": "string", "pattern": PATTERN, "examples": examples })
    }
    fn harmless() -> Self {
        Date::harmless().at(0, 0, 0, 0)
    }
}
