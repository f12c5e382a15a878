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

/// Warns of each value that differs.
pub(super) fn warn(top: &mut Section<'_>, read: &Read<'_>) {
    let mut findings = Vec::new();
    let values = Values::new(top.assumptions());
    for (strategy, at) in read.strategies.iter().zip(read.at_strategies) {
        for (protection, place) in strategy.protections.iter().zip(&at.tables) {
            let table = protection.name();
            let simpler = read.strategies.iter().filter(|other| is_part(other, strategy));
            let simpler =
                simpler.filter(|other| other.protections.iter().any(|p| p.name() == table));
            let differences = simpler.map(|other| values.differences(other, strategy, table));
            // Of several simpler ones it is the one that it is most like.
            let Some(least) = differences.min_by_key(Vec::len) else { continue };
            findings.extend(least.into_iter().map(|finding| (place.clone(), finding)));
        }
    }
    for (place, Difference { message, help }) in findings {
        top.warn_at(place, message, &help);
    }
}

/// A value that differs, in words.
struct Difference {
    message: String,
    help: String,
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

    /// What a table says in the larger strategy and not in the smaller one.
    fn differences(&self, part: &Strategy, larger: &Strategy, table: &str) -> Vec<Difference> {
        let path = |of: &Strategy| format!("strategy.{}.{table}.", quote(&of.name));
        let (here, there) = (path(part), path(larger));
        let of_part = self.in_order.iter().filter_map(|one| {
            let key = one.key.strip_prefix(&*here)?;
            let other = self.by_path.get(&*format!("{there}{key}"))?;
            Some((key, *one, *other))
        });
        let differs = of_part.filter(|(_, one, other)| !is_same(one, other));
        let meant = |one: &Assumption| {
            one.comment.as_ref().is_some_and(|comment| comment.contains(ON_PURPOSE))
        };
        let differs = differs.filter(|(_, one, other)| !meant(one) && !meant(other));
        let words = |(key, one, other): (&str, &Assumption, &Assumption)| Difference {
            message: format!(
                "{} is {}, and {} is {}",
                one.key,
                value(one),
                other.key,
                value(other)
            ),
            help: help(key, [(part, one), (larger, other)]),
        };
        differs.map(words).collect()
    }
}

/// What to write where.
fn help(key: &str, both: [(&Strategy, &Assumption); 2]) -> String {
    let [(part, one), (larger, other)] = both;
    let (stated, forgotten) = match (one.is_default, other.is_default) {
        (true, false) => (other, part),
        _ => (one, larger),
    };
    format!(
        "write {key} = {} in {} too; where they differ on purpose, say # {ON_PURPOSE} beside the value",
        stated.value,
        quote(&forgotten.name)
    )
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
