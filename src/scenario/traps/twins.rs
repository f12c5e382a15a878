//! Strategies that hold the same table with other values: one was edited, the other forgotten.
//!
//! A strategy that has all the tables and channels of another, and more, is most likely meant to
//! be that one with something added. So its tables should say the same. Where they do not on
//! purpose, a comment beside the value says so.

use super::Read;
use crate::keys::{Assumption, Section, quote};
use crate::strategy::Strategy;
use std::collections::HashMap;

/// What a comment beside a value says that differs on purpose.
const ON_PURPOSE: &str = "on purpose";

/// Warns of each table that says something else than every simpler strategy that has it: once, with
/// all of them and all that differs.
pub(super) fn warn(top: &mut Section<'_>, read: &Read<'_>) {
    let mut findings = Vec::new();
    let values = Values::new(top.assumptions());
    for (strategy, at) in read.strategies.iter().zip(read.at_strategies) {
        for (protection, place) in strategy.protections.iter().zip(&at.tables) {
            if let Some(finding) = finding(&values, read.strategies, strategy, protection.name()) {
                findings.push((place.clone(), finding));
            }
        }
    }
    for (place, Finding { message, help }) in findings {
        top.warn_at(place, message, &help);
    }
}

/// What is said of one table.
struct Finding {
    message: String,
    help: String,
}

/// What one table of a strategy says, and none of the simpler strategies that have it.
fn finding(
    values: &Values<'_>,
    all: &[Strategy],
    larger: &Strategy,
    table: &str,
) -> Option<Finding> {
    let has_it = |other: &&Strategy| other.protections.iter().any(|p| p.name() == table);
    let simpler = || all.iter().filter(|other| is_part(other, larger)).filter(has_it);
    // It may be meant to be any one of them, with something added: then it is like that one, which
    // itself is like none that is simpler still, or has been warned of.
    let is_like = |other: &Strategy| {
        values.differences(other, larger, table).is_empty() && !differs(values, all, other, table)
    };
    if simpler().any(is_like) {
        return None;
    }
    let mut keys: Vec<Difference<'_>> = Vec::new();
    for other in simpler() {
        for (key, there, here) in values.differences(other, larger, table) {
            match keys.iter_mut().find(|known| known.key == key) {
                Some(known) => known.there.push((&other.name, there)),
                None => keys.push(Difference { key, here, there: vec![(&other.name, there)] }),
            }
        }
    }
    (!keys.is_empty()).then(|| Finding {
        message: message(&keys, larger, table),
        help: help(&keys, larger, table),
    })
}

/// Does a table of this strategy say something else than every simpler one?
fn differs(values: &Values<'_>, all: &[Strategy], strategy: &Strategy, table: &str) -> bool {
    finding(values, all, strategy, table).is_some()
}

/// A key whose values differ: in the larger strategy, and in simpler ones by name.
struct Difference<'a> {
    key: &'a str,
    here: &'a Assumption,
    there: Vec<(&'a str, &'a Assumption)>,
}

/// Both values of each key, and whose they are.
fn message(keys: &[Difference<'_>], larger: &Strategy, table: &str) -> String {
    let of_key = |difference: &Difference<'_>| {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for (name, one) in &difference.there {
            let value = value(one);
            match groups.iter_mut().find(|(known, _)| *known == value) {
                Some((_, names)) => names.push(quote(name)),
                None => groups.push((value, vec![quote(name)])),
            }
        }
        let there = groups.iter().map(|(value, names)| format!("{value} in {}", enumerate(names)));
        let there: Vec<String> = there.collect();
        format!("{} is {}, and {}", difference.key, value(difference.here), there.join(", "))
    };
    let keys: Vec<String> = keys.iter().map(of_key).collect();
    format!("strategy.{}.{table}: {}", quote(&larger.name), keys.join("; "))
}

/// What to write where, for the keys of which it can be told.
fn help(keys: &[Difference<'_>], larger: &Strategy, table: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for Difference { key, here, there } in keys {
        let Some((_, first)) = there.first() else { continue };
        if !there.iter().all(|(_, one)| is_same(one, first)) {
            continue;
        }
        let (stated, forgotten) = match (first.is_default, here.is_default) {
            (true, false) => (here, there.iter().map(|(name, _)| quote(name)).collect()),
            _ => (first, vec![quote(&larger.name)]),
        };
        lines.push(format!(
            "write {key} = {} in {} too, or change it in all of them for one run: \
             --set \"strategy.*.{table}.{key}={}\"",
            stated.value,
            enumerate(&forgotten),
            stated.value.trim_matches('"')
        ));
    }
    lines.push(format!("where they differ on purpose, say # {ON_PURPOSE} beside the value"));
    lines.join("; ")
}

/// "a", "a and b", "a, b and c".
fn enumerate(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// Whether `larger` has all the tables and channels of `part`, and more.
fn is_part(part: &Strategy, larger: &Strategy) -> bool {
    let tables = |of: &Strategy| -> Vec<&str> { of.protections.iter().map(|p| p.name()).collect() };
    let channels =
        |of: &Strategy| -> Vec<String> { of.watch.iter().map(|w| w.name.clone()).collect() };
    let (few, many) = (tables(part), tables(larger));
    let (few_channels, many_channels) = (channels(part), channels(larger));
    few.iter().all(|table| many.contains(table))
        && few_channels.iter().all(|channel| many_channels.contains(channel))
        && few.len() + few_channels.len() < many.len() + many_channels.len()
}

/// The values of the keys of all strategies, by their path.
struct Values<'a> {
    by_path: HashMap<&'a str, &'a Assumption>,
    in_order: Vec<&'a Assumption>,
}

impl<'a> Values<'a> {
    fn new(assumptions: &'a [Assumption]) -> Values<'a> {
        let in_order = assumptions.iter().filter(|one| one.key.starts_with("strategy."));
        let in_order: Vec<&Assumption> = in_order.collect();
        let by_path = in_order.iter().map(|one| (&*one.key, *one)).collect();
        Values { by_path, in_order }
    }

    /// What a table says in the larger strategy and not in the simpler one: the key, and its value
    /// in the simpler and in the larger one.
    fn differences(
        &self,
        part: &Strategy,
        larger: &Strategy,
        table: &str,
    ) -> Vec<(&'a str, &'a Assumption, &'a Assumption)> {
        let path = |of: &Strategy| format!("strategy.{}.{table}.", quote(&of.name));
        let (here, there) = (path(part), path(larger));
        let of_part = self.in_order.iter().filter_map(|one| {
            let key = one.key.strip_prefix(&*here)?;
            let other = self.by_path.get(&*format!("{there}{key}"))?;
            Some((key, *one, *other))
        });
        let meant = |one: &Assumption| {
            one.comment.as_ref().is_some_and(|comment| comment.contains(ON_PURPOSE))
        };
        let differs = of_part.filter(|(_, one, other)| !is_same(one, other));
        differs.filter(|(_, one, other)| !meant(one) && !meant(other)).collect()
    }
}

/// The value, and that nobody wrote it.
fn value(one: &Assumption) -> String {
    let left = if one.is_default { " by default" } else { "" };
    format!("{}{left}", one.value)
}

/// Whether two values mean the same, however they are written.
fn is_same(one: &Assumption, other: &Assumption) -> bool {
    let numbers = || one.quantity.number().is_some() && one.quantity == other.quantity;
    let durations = || one.distribution.is_some() && one.distribution == other.distribution;
    one.value == other.value || numbers() || durations()
}
