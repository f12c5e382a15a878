//! Scenarios over the same worlds: what differs, what that does, and whether the choice changes.

use super::{label, period, periods};
use crate::metric::Metric;
use crate::report::comparisons::Comparison;
use crate::report::text::{capitalized, count, figure, level, list, quoted};
use crate::report::variants::Variant;
use crate::scenario::{Criterion, InputDifference, Scenario};
use crate::stats::Interval;
use crate::study::choice::Choice;
use crate::study::decide::risk_metric;

/// What is compared: scenario, variants, trials, seed.
pub fn title(first: &Scenario, variants: usize, trials: u64, seed: u64) -> String {
    let variants = count(variants, "variant");
    format!("{}: {variants} over the same {}, seed {seed}", first.title(), count(trials, "trial"))
}

/// The metrics whose changes are shown: what stands for risk, and cost where there are prices.
pub fn shown_metrics(scenario: &Scenario) -> Vec<Metric> {
    let cost = scenario.costs.is_some().then_some(Metric::Cost);
    [risk_metric(scenario)].into_iter().chain(cost).collect()
}

/// What the table of changes shows.
pub fn changes(first: &Variant<'_>, confidence: f64, variants: usize) -> String {
    let names: Vec<&str> = shown_metrics(first.scenario)
        .into_iter()
        .map(|metric| label(Criterion::Metric(metric)))
        .collect();
    let less = if variants == 2 { "B less A" } else { "each variant less A" };
    format!(
        "{} per {}: {less}, in the same {}. ± is the {} interval of the mean.",
        capitalized(&list(&names)),
        period(first.scenario),
        periods(first.scenario),
        level(confidence),
    )
}

/// The values of an input, each with the places of the variants that have it.
pub fn values(input: &InputDifference) -> Vec<(Vec<usize>, String)> {
    let mut groups: Vec<(&Option<String>, Vec<usize>)> = Vec::new();
    for (variant, value) in input.values.iter().enumerate() {
        match groups.iter_mut().find(|(known, _)| *known == value) {
            Some((_, variants)) => variants.push(variant),
            None => groups.push((value, vec![variant])),
        }
    }
    let shown = |value: &Option<String>| match value {
        Some(value) => value.clone(),
        None if input.is_table => "not there".to_owned(),
        None => "no such key".to_owned(),
    };
    groups.into_iter().map(|(value, variants)| (variants, shown(value))).collect()
}

/// What is said where no input differs.
pub const SAME: &str = "The variants differ in no input.";

/// What the variants choose: whether all the same, and what where not. The first sentence leads the
/// others. Cases are called by `names`.
pub fn choices(comparison: Comparison<'_>, names: &[impl AsRef<str>]) -> Vec<String> {
    let variants = comparison.variants;
    let all: Vec<(String, bool)> = variants.iter().map(chosen).collect();
    let same = all.iter().all(|(name, _)| *name == all[0].0);
    if let (true, true) = (same, all.iter().all(|(_, settled)| *settled)) {
        return vec![format!("The choice is the same in every variant: {}.", all[0].0)];
    }
    let lead = match (same, all.iter().all(|(_, settled)| *settled)) {
        (true, _) => format!("The choice may be the same in every variant: {}.", all[0].0),
        (false, true) => "The choice changes.".to_owned(),
        (false, false) => "The choice may change.".to_owned(),
    };
    let of = |((variant, called), (name, settled)): ((&Variant<'_>, &str), &(String, bool))| {
        let open = if *settled { "" } else { ", undecided after these trials" };
        format!("{called}: {name}{open}.{}", staying(variant, &variants[0]))
    };
    let called = variants.iter().zip(names.iter().map(AsRef::as_ref));
    [lead].into_iter().chain(called.zip(&all).map(of)).collect()
}

/// What a variant chooses, and whether that is settled.
fn chosen(variant: &Variant<'_>) -> (String, bool) {
    let choice = Choice::of(variant.scenario, variant.results);
    let none = if variant.scenario.tolerances.is_empty() {
        "none is best in both spending and risk"
    } else {
        "none meets every tolerance"
    };
    let name = |at: usize| quoted(&variant.scenario.strategies[at].name);
    (choice.strategy.map_or_else(|| none.to_owned(), name), choice.settled)
}

/// What it costs in a variant to stay with the choice of the first: " Staying with …".
fn staying(variant: &Variant<'_>, first: &Variant<'_>) -> String {
    let before = Choice::of(first.scenario, first.results).strategy;
    let before = before.map(|at| &first.scenario.strategies[at].name);
    let here = |name: &String| variant.scenario.strategies.iter().position(|one| one.name == *name);
    let (Some(stay), Some(change)) =
        (before.and_then(here), Choice::of(variant.scenario, variant.results).strategy)
    else {
        return String::new();
    };
    let rows = &variant.results.differences;
    let row =
        rows.iter().filter(|row| row.metric == Metric::Cost).find_map(|row| match (row.a, row.b) {
            (a, b) if (a, b) == (stay, change) => Some(*row),
            (a, b) if (a, b) == (change, stay) => Some(row.turned()),
            _ => None,
        });
    let Some(row) = row else { return String::new() };
    let name = quoted(&variant.scenario.strategies[stay].name);
    let (more, by) = if row.mean < 0.0 { ("less", -row.mean) } else { ("more", row.mean) };
    let interval = row.interval.map(|interval| match row.mean < 0.0 {
        true => Interval { low: 0.0 - interval.high, high: 0.0 - interval.low },
        false => interval,
    });
    let currency = variant.scenario.currency();
    let range = interval.map_or(String::new(), |interval| {
        format!(" ({} to {})", figure(interval.low, 3), figure(interval.high, 3))
    });
    format!(
        " There {name} costs {} {currency} {more} per {}{range}.",
        figure(by, 3),
        period(variant.scenario)
    )
}

/// What has to be known of the pairs: how trials were drawn, and that money differs.
pub fn notes(comparison: Comparison<'_>) -> Vec<String> {
    let variants = comparison.variants;
    let mut notes = Vec::new();
    let has_strata = |variant: &Variant<'_>| variant.scenario.world.rare.is_some();
    if variants.iter().any(has_strata) && !variants.iter().all(has_strata) {
        notes.push(
            "Rare disasters decide the tail in some variants and not in others, so the trials of all \
             were drawn plainly: the intervals are wider than those of run."
                .to_owned(),
        );
    }
    let horizon = variants[0].scenario.world.horizon;
    if variants.iter().any(|variant| variant.scenario.world.horizon != horizon) {
        notes.push("The horizons differ: each mean is that of a trial of its own length.".into());
    }
    let priced = variants.iter().filter_map(|variant| variant.scenario.costs.as_ref());
    let mut currencies = priced.map(|costs| &costs.currency);
    if currencies.next().is_some_and(|first| currencies.any(|other| other != first)) {
        notes.push(
            "The currencies differ: costs of different variants must not be compared.".into(),
        );
    }
    notes.extend(unmatched(variants));
    notes
}

/// Strategies that not every variant has.
fn unmatched(variants: &[Variant<'_>]) -> Option<String> {
    let all = crate::report::variants::strategies(variants);
    let alone = all
        .into_iter()
        .filter(|name| variants.iter().any(|variant| variant.scenario.strategy(name).is_none()));
    let alone: Vec<String> = alone.map(quoted).collect();
    (!alone.is_empty()).then(|| {
        let are = if alone.len() == 1 { "is" } else { "are" };
        format!("Not every variant has {}, so {are} not compared.", list(&alone))
    })
}
