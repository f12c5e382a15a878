//! Values that are left to their defaults although a value beside them says that these hardly fit.

use super::Read;
use crate::keys::{Section, quote};

/// The users that the defaults are for, and what belongs to them: objects, and changes of objects
/// an hour.
const USERS: f64 = 25_000.0;
const OBJECTS: f64 = 60_000.0;
const CHANGES: f64 = 20.0;

/// Warns of all of them.
pub(super) fn warn(top: &mut Section<'_>, read: &Read<'_>) {
    warn_of_sizes(top, read);
    if read.is_priced {
        warn_of_no_annual_cost(top, read);
    }
}

/// Sizes that stay as they are for 25,000 users.
fn warn_of_sizes(top: &mut Section<'_>, read: &Read<'_>) {
    // Less than this is no mistake that matters beside all that is guessed.
    const MATTERS: f64 = 1.5;
    let users = read.organisation.users;
    let ratio = users as f64 / USERS;
    let Some(place) = top.span_of(&["organisation", "users"]) else { return };
    if (1.0 / MATTERS..=MATTERS).contains(&ratio) {
        return;
    }
    let is_left_out = |path: &[&str]| top.span_of(path).is_none();
    let mut left_out = Vec::new();
    let mut fitting = Vec::new();
    if is_left_out(&["organisation", "objects"]) {
        left_out.push(format!("{} objects", threes(OBJECTS, ",")));
        fitting.push(format!("objects = {}", threes((OBJECTS * ratio).ceil(), "_")));
    }
    if is_left_out(&["workload", "object_changes", "per_hour"]) {
        left_out.push(format!("{CHANGES} changes of objects an hour"));
        let changes = (CHANGES * ratio * 100.0).round() / 100.0;
        fitting.push(format!("[workload.object_changes] per_hour = {changes:?}"));
    }
    if left_out.is_empty() {
        return;
    }
    let (left_out, fitting) = (left_out.join(" and "), fitting.join(", "));
    let users = threes(users as f64, ",");
    top.warn_at(
        Some(place),
        format!("{left_out} are the default for 25,000 users, and here are {users}"),
        &format!("give your own, or as many for each user as the default has: {fitting}"),
    );
}

/// What is kept ready and costs nothing, though the choice is made by cost.
fn warn_of_no_annual_cost(top: &mut Section<'_>, read: &Read<'_>) {
    let both = read.strategies.iter().zip(read.at_strategies);
    let mut free = both.filter(|(strategy, at)| {
        let keeps_ready = !strategy.protections.is_empty() || !strategy.watch.is_empty();
        keeps_ready && !at.has_annual_cost
    });
    let Some((first, at)) = free.next() else { return };
    let others = match free.count() {
        0 => " costs".to_owned(),
        1 => " and 1 other strategy cost".to_owned(),
        count => format!(" and {count} other strategies cost"),
    };
    top.warn_at(
        at.name.clone(),
        format!("{}{others} nothing to keep ready: `annual_cost` is left out", quote(&first.name)),
        "the choice is made by cost: say what it costs a year, or that it is nothing: annual_cost = 0",
    );
}

/// A whole number with every three digits apart.
fn threes(number: f64, apart: &str) -> String {
    let digits = format!("{number:.0}");
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push_str(apart);
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use std::path::Path;

    #[test]
    fn the_sizes_are_those_of_a_scenario_that_says_nothing() {
        let text = "name = \"x\"\n[[strategy]]\nname = \"a\"\n".to_owned();
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        let value = |key: &str| scenario.assumption(key).unwrap().quantity.number().unwrap();
        assert_eq!(value("organisation.users"), USERS);
        assert_eq!(value("organisation.objects"), OBJECTS);
        assert_eq!(value("workload.object_changes.per_hour"), CHANGES);
    }
}
