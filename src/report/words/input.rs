//! What an uncertain input is called, and its values as people say them.

use super::spoken;
use crate::assumptions::{Inputs, UncertainInput, Unit, Value};
use crate::report::text::{figure, percent};
use crate::units::HOURS_PER_YEAR;

/// What an input is called: `"Staging server": promote`, "call out", "price of an hour of labour".
pub fn name(input: &UncertainInput) -> String {
    called(&input.name, input.doc)
}

/// What the key at a path is called; `doc` says what it is for.
pub fn called(path: &str, doc: &str) -> String {
    if let Some(fault) = rate_of(path) {
        return format!("how often {fault} strikes");
    }
    if let Some(key) = path.strip_prefix("costs.") {
        return format!("price of {}", price(key, doc));
    }
    let (path, more) = also(path);
    if !more.is_empty() {
        return format!("{}{more}", called(path, doc));
    }
    of_path(path)
}

/// What a key is called: `"Staging server": promote`, "rebuild: install", "call out".
pub fn of_path(path: &str) -> String {
    let parts = parts(path);
    let key = spoken(parts.last().map_or("", |part| part.trim_matches('"')));
    let key = key.replace("per user year", "per user and year");
    let owners: Vec<&str> =
        parts[..parts.len().saturating_sub(1)].iter().map(String::as_str).collect();
    let is_channel = owners.contains(&"watch");
    let key = match &*key {
        "after" if is_channel => "time to the alarm".to_owned(),
        "works" if is_channel => "share of the time that it works".to_owned(),
        "per user and year" if matches!(*owners, ["pass_through" | "federated"]) => {
            return "sign-ins per user and year".to_owned();
        }
        _ => key,
    };
    let owner = owners.iter().rev().find(|part| part.starts_with('"'));
    let table = owners.last().copied().unwrap_or_default();
    match (owner, table) {
        (Some(owner), table) if *owner == table => format!("{owner}: {key}"),
        (Some(owner), table) => format!("{owner}: {} {key}", spoken(table)),
        (None, "*") | (None, "operations" | "organisation" | "sync" | "") => key,
        (None, table) => format!("{}: {key}", spoken(table)),
    }
}

/// The fault whose rate an input is, in quotes.
pub fn fault(input: &UncertainInput) -> Option<&str> {
    rate_of(&input.name)
}

/// What the key at a path is called where its value is told as times: more of them is less often.
pub fn times_called(path: &str, doc: &str) -> String {
    match rate_of(path) {
        Some(fault) => format!("the time from one {fault} to the next"),
        None => called(path, doc),
    }
}

fn rate_of(path: &str) -> Option<&str> {
    path.strip_prefix("fault.")?.strip_suffix(".every")
}

/// A name of several keys as the path of the first and how many others there are: `(path, " of 3
/// strategies")`.
fn also(name: &str) -> (&str, String) {
    let found = name.strip_suffix(" more").and_then(|name| name.rsplit_once(" and "));
    match found.map(|(path, more)| (path, more.parse::<usize>())) {
        Some((path, Ok(more))) => {
            let others = if more == 1 { "one other" } else { "others" };
            let count = if more == 1 { String::new() } else { format!("{more} ") };
            (path, format!(" (together with {count}{others})"))
        }
        _ => (name, String::new()),
    }
}

/// "a stale user-hour" for `stale_user_hour`.
fn price(key: &str, doc: &str) -> String {
    match key {
        "labour_hour" => "an hour of labour".to_owned(),
        "stale_user_hour" => "a stale user-hour".to_owned(),
        "writeback_lost" => "a lost reset".to_owned(),
        "disabled_account_hour" => "an hour of a disabled account in use".to_owned(),
        "object_delay_hour" => "an hour of delay of a change".to_owned(),
        "downtime_hour" => "an hour of downtime".to_owned(),
        _ => doc.split(';').next().unwrap_or(doc).to_owned(),
    }
}

/// The parts of a path; names keep their quotes.
fn parts(path: &str) -> Vec<String> {
    let (mut parts, mut within) = (vec![String::new()], false);
    for c in path.chars() {
        within ^= c == '"';
        match parts.last_mut() {
            Some(part) if c != '.' || within => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts
}

/// The inputs of a coordinate: their names, or how many move together.
pub fn names(inputs: &Inputs, coordinate: usize) -> String {
    let all: Vec<String> =
        inputs.members(coordinate).map(|input| name(&inputs.inputs[input])).collect();
    match &all[..] {
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first} and {} more, together", rest.len()),
        [] => String::new(),
    }
}

/// Whether an input says how often a fault strikes.
pub fn is_rate(input: &UncertainInput) -> bool {
    input.name.ends_with(".every")
}

/// A unit in which people count time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeUnit {
    name: &'static str,
    hours: f64,
}

/// From the shortest to the longest; a time up to `.1` hours is counted in the unit.
const UNITS: [(TimeUnit, f64); 4] = [
    (TimeUnit { name: "min", hours: 1.0 / 60.0 }, 1.0),
    (TimeUnit { name: "h", hours: 1.0 }, 48.0),
    (TimeUnit { name: "day", hours: 24.0 }, HOURS_PER_YEAR),
    (TimeUnit { name: "year", hours: HOURS_PER_YEAR }, f64::INFINITY),
];

impl TimeUnit {
    fn new(hours: f64) -> TimeUnit {
        let units = UNITS.iter().find(|(_, end)| hours < *end);
        units.map_or(UNITS[3].0, |(unit, _)| *unit)
    }

    fn show(self, hours: f64) -> String {
        let shown = figure(hours / self.hours, 3);
        let plural = if shown == "1" || self.hours <= 1.0 { "" } else { "s" };
        format!("{shown} {}{plural}", self.name)
    }
}

/// Hours as one figure in the unit that people count in.
pub fn time(hours: f64) -> String {
    TimeUnit::new(hours).show(hours)
}

/// The hours that a value of an input stands for, if it is a time.
fn hours(input: &UncertainInput, number: f64) -> Option<f64> {
    match (input.unit, &input.distribution) {
        (Unit::Duration, _) => Some(number),
        (Unit::Factor, Some(distribution)) if distribution.mean().is_finite() => {
            Some(number * distribution.mean())
        }
        _ => None,
    }
}

/// The unit in which these values of an input can be held against each other: that of the least, unless
/// the others would be too large in it.
pub fn common_unit(input: &UncertainInput, values: &[Value]) -> Option<TimeUnit> {
    const MOST: f64 = 4000.0;
    let hours = values.iter().filter_map(|value| hours(input, value.number()?));
    let hours: Vec<f64> = hours.filter(|hours| *hours > 0.0).collect();
    let least = hours.iter().copied().fold(f64::INFINITY, f64::min);
    let most = hours.iter().copied().fold(0.0, f64::max);
    let unit = TimeUnit::new(least);
    (most < MOST * unit.hours).then_some(unit)
}

/// A value: "4.1", "92.6 %", "0.19 USD", "3.5 h", "once in 1.4 years".
pub fn value(input: &UncertainInput, value: &Value, currency: &str) -> String {
    value_in(input, value, currency, None)
}

/// As [`value`], a time in this unit.
pub fn value_in(
    input: &UncertainInput,
    value: &Value,
    currency: &str,
    unit: Option<TimeUnit>,
) -> String {
    let number = match value {
        Value::Word(word) => return word.trim_matches('"').to_owned(),
        Value::Number(number) => *number,
    };
    let time = hours(input, number).map(|hours| unit.unwrap_or(TimeUnit::new(hours)).show(hours));
    match (input.unit, time) {
        (Unit::Factor, Some(mean)) if is_rate(input) => format!("once in {mean}"),
        (Unit::Factor, Some(mean)) => format!("{mean} on average"),
        (_, Some(time)) => time,
        (Unit::Probability, _) => percent(number),
        (Unit::Money, _) => format!("{} {currency}", figure(number, 3)).trim_end().to_owned(),
        (Unit::Factor, _) => format!("{} times as long", figure(number, 3)),
        (Unit::Number | Unit::Choice | Unit::Duration, _) => figure(number, 3),
    }
}

/// Where an input has to be: "above 9.04", "more than 3.5 h", "more often than once in 1.4 years", "24x7".
pub fn beyond(
    input: &UncertainInput,
    at: &Value,
    currency: &str,
    unit: Option<TimeUnit>,
) -> String {
    let shown = value_in(input, at, currency, unit);
    match (at.number(), input.guess.number()) {
        (Some(at), Some(guess)) if is_rate(input) => {
            let how = if at < guess { "more often than" } else { "less often than" };
            format!("{how} {shown}")
        }
        (Some(at), Some(guess)) => {
            let is_time = matches!(input.unit, Unit::Duration | Unit::Factor);
            let how = match (is_time, at < guess) {
                (true, true) => "less than",
                (true, false) => "more than",
                (false, true) => "below",
                (false, false) => "above",
            };
            format!("{how} {shown}")
        }
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Spec;

    #[test]
    fn inputs_have_names_and_values_that_can_be_read_aloud() {
        let mut spec = Spec::embedded();
        let inputs = Inputs::of(&mut spec).unwrap();
        let find = |path: &str| inputs.inputs.iter().find(|input| input.name == path).unwrap();
        let price = find("costs.stale_user_hour");
        assert_eq!(name(price), "price of a stale user-hour");
        assert_eq!(beyond(price, &Value::Number(0.19), "USD", None), "below 0.190 USD");
        let rate = find("fault.\"internet link\".every");
        assert_eq!(name(rate), "how often \"internet link\" strikes");
        let half = Value::Number(0.5);
        assert_eq!(beyond(rate, &half, "", None), "more often than once in 1.64 years");
        // 1,200 days: 240 days beside them, in days; and 1.2 days, in which they would be too many.
        let values = |factor| [rate.guess.clone(), Value::Number(factor)];
        let unit = common_unit(rate, &values(0.2));
        assert_eq!(value_in(rate, &values(0.2)[1], "", unit), "once in 240 days");
        assert_eq!(value_in(rate, &rate.guess, "", unit), "once in 1,200 days");
        assert_eq!(common_unit(rate, &values(0.001)).map(|unit| unit.name), None);
        assert_eq!(value(rate, &rate.guess, ""), "once in 3.29 years");
        assert_eq!(name(find("operations.call_out")), "call out");
        assert_eq!(of_path("rebuild.install"), "rebuild: install");
        assert_eq!(of_path("strategy.\"A\".rebuild.install"), "\"A\": rebuild install");
        assert_eq!(of_path("watch.\"desk\".after"), "\"desk\": time to the alarm");
        assert_eq!(of_path("operations.last_resort.after"), "last resort: after");
        assert_eq!(parts("a.\"b.c\".d"), ["a", "\"b.c\"", "d"]);
    }
}
