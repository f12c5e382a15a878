//! The sentences of a choice among strategies held against tolerances: the terminal says them of the
//! limits of the scenario, and the page of any limits that a reader tries.

use super::money;
use crate::report::text::{count, percent};
use crate::scenario::Scenario;

/// The probability of being right below which two strategies are named and none is chosen.
pub const CLEAR: f64 = 0.9;

/// The probability of being right from which on nothing more is said of chance: the assumptions are
/// never so sure.
pub const SETTLED: f64 = 0.999;

/// Several strategies meet every tolerance; this one, in quotes, is the cheapest, or the first where
/// nothing has a price.
pub fn cheapest(scenario: &Scenario, name: &str, sure: &str) -> String {
    if !money::is_anything_priced(scenario) {
        return format!(
            "Choose {name}: it meets every tolerance{sure}. Nothing has a price, so it is the first \
             that does, and not the cheapest."
        );
    }
    format!(
        "Choose {name}: the cheapest strategy that meets every tolerance, {}{sure}.",
        money::measure(scenario)
    )
}

/// Only this strategy, in quotes, meets every tolerance.
pub fn only(name: &str, sure: &str) -> String {
    format!("Choose {name}: the only strategy that meets every tolerance{sure}.")
}

/// No strategy meets every tolerance.
pub const NONE: &str = "No strategy meets every tolerance.";

/// More trials are needed to tell whether any does.
pub fn open(trials: u64) -> String {
    format!(
        "Undecided after {}: more are needed to tell which strategy meets every tolerance.",
        count(trials, "trial")
    )
}

/// Two strategies, each with its cost, that the trials do not tell apart: the first meets every tolerance,
/// and the second is as cheap or may meet them too.
pub fn between(first: &str, second: &str) -> String {
    format!(
        "Undecided between {first} and {second}: the first surely meets every tolerance; whether the \
         second does too, and at less cost, more trials must tell. --until-decided plays on."
    )
}

/// How sure a choice is, as far as chance goes: what follows it in brackets.
pub fn sure(probability: f64) -> String {
    match probability >= SETTLED {
        true => SURE.to_owned(),
        false => likely(&percent(probability)),
    }
}

/// What is said of a choice that more trials would not change.
pub const SURE: &str = " (more trials would not change this)";

/// What is said of a choice that more trials may change.
pub fn likely(probability: &str) -> String {
    format!(" (more trials would confirm it with a probability of at least {probability})")
}

/// A strategy, in quotes, with what it costs a year.
pub fn at_cost(name: &str, cost: &str, period: &str) -> String {
    format!("{name} ({cost} a {period})")
}
