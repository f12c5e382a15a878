//! What results mean, in plain English: one file a subject.
//!
//! The analysis gives values, and each sentence is made here, once: the terminal, the page and the
//! JSON show the same text. A sentence states what was computed and nothing else. Metrics and
//! tolerances have labels here, since their keys are for files and scripts. `docs/glossary.md` has
//! the words that sentences use.

pub mod assumption;
pub mod backtest;
pub mod benchmark;
pub mod caution;
pub mod check;
pub mod choice;
pub mod compare;
pub mod cures;
pub mod fit;
pub mod fitness;
pub mod input;
mod kept;
pub mod log;
mod money;
mod payback;
pub mod ranges;
pub mod replay;
pub mod robustness;
pub mod run;
pub mod sensitivity;
mod sign_in;
pub mod sweep;
pub mod target;
pub mod terms;
pub mod trace;
pub mod trials;
pub mod unknown;
pub mod verify;
pub mod workbook;

use super::text::figure;
use crate::metric::Metric;
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::units::HOURS_PER_YEAR;

/// What a trial covers, after "a": "year", or "trial" where the horizon is not 365 days.
pub fn period(scenario: &Scenario) -> &'static str {
    if scenario.world.horizon == HOURS_PER_YEAR { "year" } else { "trial" }
}

/// Several of them: "years" or "trials".
pub fn periods(scenario: &Scenario) -> &'static str {
    if scenario.world.horizon == HOURS_PER_YEAR { "years" } else { "trials" }
}

/// The name of a table, a kind or a part of the service as people say it: "virtual machine",
/// "SQL high availability", "password sync".
pub fn spoken(name: &str) -> String {
    name.replace(['_', '-'], " ").replace("sql ", "SQL ")
}

/// What a percentile is called: "p95", "p99.9".
pub fn percentile(share: f64) -> String {
    // 0.55 x 100 is not quite 55.
    format!("p{}", (share * 1e10).round() / 1e8)
}

/// What a criterion is judged on: "outages", or what trials are.
pub fn judged(scenario: &Scenario, criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::RestoreHours => "outages",
        Criterion::Metric(_) => periods(scenario),
    }
}

/// What a criterion is called in a sentence: "restore time", "stale user-hours".
pub fn label(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::RestoreHours => "restore time",
        Criterion::Metric(metric) => noun(metric),
    }
}

/// What a metric is called without its unit: its label, or "downtime" for "hours of downtime".
pub fn noun(metric: Metric) -> &'static str {
    match metric {
        Metric::DowntimeHours => "downtime",
        Metric::LongestOutageHours => "longest outage",
        Metric::CatchUpHours => "catch-up time",
        Metric::ObjectDelayHours => "object delay",
        Metric::LabourHours => "labour",
        Metric::PlannedHours => "planned downtime",
        Metric::JoinerWaitHours => "wait of joiners",
        Metric::DeviceWaitHours => "wait of devices",
        Metric::WaitingForPeopleHours => "waiting for people",
        other => other.label(),
    }
}

/// How many of some durations, such as "41 durations", are only lower bounds; `None` for none.
fn lower_bounds(number: usize, of: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 of {of} was not seen to its end and counts as a lower bound.")),
        _ => {
            Some(format!("{number} of {of} were not seen to their end and count as lower bounds."))
        }
    }
}

/// What an axis of a metric shows: "stale user-hours per year", "cost per year, EUR".
pub fn per_period(scenario: &Scenario, metric: Metric) -> String {
    let currency = match metric {
        Metric::Cost => format!(", {}", scenario.currency()),
        _ => String::new(),
    };
    format!("{} per {}{currency}", metric.label(), period(scenario))
}

/// A tolerance as a condition: "stale user-hours within 5,000".
pub fn condition(scenario: &Scenario, tolerance: &Tolerance) -> String {
    let limit = with_unit(scenario, tolerance.criterion, limit(tolerance.limit));
    format!("{} within {limit}", label(tolerance.criterion))
}

/// The limit of a tolerance with its unit: "24 h".
pub fn limit_with_unit(scenario: &Scenario, tolerance: &Tolerance) -> String {
    with_unit(scenario, tolerance.criterion, limit(tolerance.limit))
}

/// A value of a criterion with its unit, unless the label says it.
fn with_unit(scenario: &Scenario, criterion: Criterion, value: String) -> String {
    let unit = match criterion {
        Criterion::RestoreHours => "h",
        Criterion::Metric(metric) => match metric.unit(scenario.currency()) {
            "count" | "users" | "user-hours" | "account-hours" | "operations" => "",
            unit => unit,
        },
    };
    if unit.is_empty() { value } else { format!("{value}\u{a0}{unit}") }
}

/// A limit as it was given, thousands apart.
pub fn limit(value: f64) -> String {
    let digits = if value >= 1.0 { value.log10() as usize + 3 } else { 3 };
    let shown = figure(value, digits.min(15));
    if shown.contains('.') {
        shown.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        shown
    }
}

/// What the metric that stands for risk is called after a number.
pub fn risk_words(metric: Metric) -> &'static str {
    match metric {
        Metric::StaleUserHours => "stale user-hours",
        Metric::SignInUserHours => "user-hours without sign-in",
        _ => "hours of downtime",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_says_the_unit_where_the_label_does_not() {
        let scenario = Scenario::embedded().unwrap();
        let condition = |criterion, limit| {
            condition(&scenario, &Tolerance { criterion, limit, confidence: 0.95 })
        };
        for (criterion, limit, text) in [
            (Criterion::RestoreHours, 4.0, "restore time within 4 h"),
            (Criterion::Metric(Metric::DowntimeHours), 24.5, "downtime within 24.5 h"),
            (Criterion::Metric(Metric::LongestOutageHours), 24.0, "longest outage within 24 h"),
            (
                Criterion::Metric(Metric::JoinerWaitHours),
                8.0,
                "wait of joiners within 8 person-hours",
            ),
            (Criterion::Metric(Metric::StaleUserHours), 5_000.0, "stale user-hours within 5,000"),
            (Criterion::Metric(Metric::Cost), 12_000.0, "cost within 12,000 USD"),
        ] {
            assert_eq!(condition(criterion, limit).replace('\u{a0}', " "), text);
        }
    }

    #[test]
    fn a_year_is_a_trial_of_365_days() {
        let mut scenario = Scenario::embedded().unwrap();
        assert_eq!((period(&scenario), periods(&scenario)), ("year", "years"));
        scenario.world.horizon = 90.0 * 24.0;
        assert_eq!((period(&scenario), periods(&scenario)), ("trial", "trials"));
    }
}
