//! From the assumptions of a scenario to its inputs: which vary, which are one, which move together.

use super::defaults::default_range;
use super::limits::Limits;
use super::spread::{FitRange, Spread};
use super::{FixedInput, Inputs, RangeSource, UncertainInput, Unit, Value, WhyFixed};
use crate::keys::{Assumption, Place, Quantity, Setting, Uncertainty, is_match};
use crate::scenario::{KeyNumber, Scenario, UncertaintyKeys, Yardstick};
use std::sync::Arc;

/// The inputs of a scenario.
pub(super) fn inputs(scenario: &Scenario) -> Inputs {
    let keys = &*scenario.uncertainty;
    let mut fixed = Vec::new();
    let mut found: Vec<Gathered<'_>> = Vec::new();
    for assumption in &scenario.assumptions {
        match spread(assumption, keys) {
            Err(why) => fixed.push(FixedInput {
                path: assumption.key.to_string(),
                value: assumption.value.clone(),
                doc: assumption.doc,
                why,
            }),
            Ok((source, spread)) => {
                add(&mut found, Gathered::new(assumption, source, spread), keys)
            }
        }
    }
    let groups = groups(&found, keys);
    let coordinates = coordinates(&groups);
    let paths: Vec<&[String]> = found.iter().map(|one| one.paths.as_slice()).collect();
    let limits = Limits::new(scenario, &paths);
    let places = found.iter().map(|one| one.places.clone()).collect();
    let inputs = found.iter().zip(&groups).map(|(one, group)| {
        let is_alone = groups.iter().filter(|other| *other == group).count() == 1;
        one.input(scenario, (!is_alone).then_some(*group))
    });
    let mut inputs: Vec<UncertainInput> = inputs.collect();
    number_groups(&mut inputs);
    Inputs {
        inputs,
        fixed,
        coordinates,
        places,
        limits,
        yardstick: Arc::new(Yardstick::new(&scenario.world)),
        spreads: found.into_iter().map(|one| one.spread).collect(),
    }
}

/// An input that is being put together.
struct Gathered<'s> {
    first: &'s Assumption,
    paths: Vec<String>,
    places: Vec<Place>,
    /// The path with any name in the place of the strategy's.
    pattern: Option<String>,
    source: RangeSource,
    spread: Spread,
}

impl<'s> Gathered<'s> {
    fn new(first: &'s Assumption, source: RangeSource, spread: Spread) -> Gathered<'s> {
        let pattern = any_strategy(&first.key);
        let (paths, places) = (vec![first.key.to_string()], vec![first.place.clone()]);
        Gathered { first, paths, places, pattern, source, spread }
    }

    /// Whether another key states the same assumption.
    fn is_same(&self, other: &Gathered<'_>) -> bool {
        let (a, b) = (self.first, other.first);
        let same_value = match (&a.distribution, &b.distribution) {
            (Some(a), Some(b)) => a == b,
            (None, None) if a.quantity == Quantity::Choice => a.value == b.value,
            _ => a.quantity == b.quantity,
        };
        let one_key = self.pattern.is_some() && self.pattern == other.pattern;
        let one_fit = fit_key(a).is_some() && fit_key(a) == fit_key(b);
        (one_key || one_fit) && same_value && a.uncertainty == b.uncertainty
    }

    fn input(&self, scenario: &Scenario, group: Option<usize>) -> UncertainInput {
        let is_money = super::is_price(&self.first.key);
        let unit = match self.spread.unit() {
            Unit::Number if is_money => Unit::Money,
            unit => unit,
        };
        UncertainInput {
            name: self.name(scenario),
            paths: self.paths.clone(),
            doc: self.first.doc,
            unit,
            guess: self.guess(),
            source: self.source,
            group,
            distribution: self.first.distribution.clone().filter(|_| unit == Unit::Factor),
        }
    }

    fn guess(&self) -> Value {
        match self.spread {
            Spread::Choice(_) => Value::Word(self.first.value.to_string()),
            _ => self.spread.value(self.spread.quantile_of_guess()),
        }
    }

    /// The pattern where it stands for nothing else, otherwise a path and how many more.
    fn name(&self, scenario: &Scenario) -> String {
        let first = self.paths[0].clone();
        let more = self.paths.len() - 1;
        match &self.pattern {
            _ if more == 0 => first,
            Some(pattern) => {
                let all = scenario.assumptions.iter().filter(|one| is_match(pattern, &one.key));
                if all.count() == self.paths.len() {
                    pattern.clone()
                } else {
                    format!("{first} and {more} more")
                }
            }
            None => format!("{first} and {more} more"),
        }
    }
}

/// Adds an input, to one that is the same assumption if there is one.
fn add<'s>(found: &mut Vec<Gathered<'s>>, one: Gathered<'s>, keys: &UncertaintyKeys) {
    let is_apart = is_any(&keys.apart, &one.first.key);
    match found.iter_mut().find(|other| !is_apart && other.is_same(&one)) {
        Some(other) => {
            other.paths.extend(one.paths);
            other.places.extend(one.places);
        }
        None => found.push(one),
    }
}

/// Whether one of the patterns stands for a path.
fn is_any(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| is_match(pattern, path))
}

/// The path of a strategy's key for any strategy: `strategy.*.staging.promote`.
fn any_strategy(path: &str) -> Option<String> {
    let name = path.strip_prefix("strategy.\"")?;
    let mut is_escaped = false;
    let end = name.find(|letter: char| {
        let is_end = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        is_end
    })?;
    Some(format!("strategy.*{}", &name[end + 1..]))
}

/// What tells the fit of an assumption from others, where it leaves something open.
fn fit_key(assumption: &Assumption) -> Option<u64> {
    Some(assumption.distribution.as_ref()?.as_uncertain()?.key())
}

/// How an assumption varies, or why it does not.
fn spread(
    assumption: &Assumption,
    keys: &UncertaintyKeys,
) -> Result<(RangeSource, Spread), WhyFixed> {
    if let Some(stated) = &assumption.uncertainty {
        let spread = by_statement(assumption, stated).ok_or(WhyFixed::Decided)?;
        return Ok((RangeSource::Stated, spread));
    }
    if is_any(&keys.known, &assumption.key) {
        return Err(WhyFixed::Known);
    }
    if let Some(fit) = assumption.distribution.as_deref().and_then(FitRange::new) {
        return Ok((RangeSource::Fitted, Spread::Fit(Arc::new(fit))));
    }
    if assumption.value.contains("fitted = {") {
        // With `uncertainty = false`, or without anything left open.
        return Err(WhyFixed::Known);
    }
    let factor = default_range(assumption, keys.default.as_ref())?;
    let key = KeyNumber::of(assumption).ok_or(WhyFixed::Decided)?;
    Ok((RangeSource::Default, Spread::by_factor(key, [factor.recip(), factor])))
}

/// How a value varies by what stands beside it.
fn by_statement(assumption: &Assumption, stated: &Uncertainty) -> Option<Spread> {
    match stated {
        Uncertainty::Others(others, weights) => {
            let all: f64 = weights.iter().sum();
            let values = [&*assumption.value].into_iter().chain(others.iter().map(String::as_str));
            let values = values.map(|value| Setting::Toml(value.to_owned()));
            Some(Spread::Choice(values.zip(weights.iter().map(|weight| weight / all)).collect()))
        }
        Uncertainty::Range(points) => Some(Spread::by_points(KeyNumber::of(assumption)?, *points)),
        Uncertainty::Factor(ends) => Some(Spread::by_factor(KeyNumber::of(assumption)?, *ends)),
    }
}

/// The group of each input, by the number of its first member. Lists that share an input are one
/// group, and so are fits to the same log that appear in several forms. A choice has no order in
/// which to move with others.
fn groups(found: &[Gathered<'_>], keys: &UncertaintyKeys) -> Vec<usize> {
    let mut groups: Vec<usize> = (0..found.len()).collect();
    let mut join = |members: Vec<usize>| {
        for pair in members.windows(2) {
            let (keep, give) =
                (groups[pair[0]].min(groups[pair[1]]), groups[pair[0]].max(groups[pair[1]]));
            groups.iter_mut().filter(|group| **group == give).for_each(|group| *group = keep);
        }
    };
    for list in &keys.together {
        let is_in = |index: &usize| {
            let one = &found[*index];
            one.spread.is_ordered() && one.paths.iter().any(|path| is_any(list, path))
        };
        join((0..found.len()).filter(is_in).collect());
    }
    for (index, one) in found.iter().enumerate() {
        let fit = (one.source == RangeSource::Fitted).then(|| fit_key(one.first)).flatten();
        let is_same = |other: &usize| {
            let other = &found[*other];
            other.source == RangeSource::Fitted && fit_key(other.first) == fit
        };
        if fit.is_some() {
            join((index..found.len()).filter(is_same).collect());
        }
    }
    groups
}

/// The coordinate of each input: groups in the order of their first members.
fn coordinates(groups: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = groups.to_vec();
    order.sort_unstable();
    order.dedup();
    groups.iter().map(|group| order.partition_point(|one| one < group)).collect()
}

/// Numbers the groups from 0 in the order of their first members.
fn number_groups(inputs: &mut [UncertainInput]) {
    let mut order: Vec<usize> = inputs.iter().filter_map(|input| input.group).collect();
    order.sort_unstable();
    order.dedup();
    for input in inputs {
        input.group = input.group.map(|group| order.partition_point(|one| *one < group));
    }
}
