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

/// What is compared: scenario, cases, trials, seed.
pub fn title(first: &Scenario, cases: usize, trials: u64, seed: u64) -> String {
    let cases = count(cases, "case");
    format!("{}: {cases} over the same {}, seed {seed}", first.title(), count(trials, "trial"))
}

/// The metrics whose changes are shown: what stands for risk, and cost where there are prices.
pub fn shown_metrics(scenario: &Scenario) -> Vec<Metric> {
    let cost = scenario.costs.is_some().then_some(Metric::Cost);
    [risk_metric(scenario)].into_iter().chain(cost).collect()
}

/// What the table of changes shows.
pub fn changes(first: &Variant<'_>, confidence: f64, cases: usize) -> String {
    let names: Vec<&str> = shown_metrics(first.scenario)
        .into_iter()
        .map(|metric| label(Criterion::Metric(metric)))
        .collect();
    let less = if cases == 2 { "B less A" } else { "each case less A" };
    format!(
        "{} per {}: {less}, in the same {}. ± is the {} interval of the mean.",
        capitalized(&list(&names)),
        period(first.scenario),
        periods(first.scenario),
        level(confidence),
    )
}

/// The values of an input, each with the places of the cases that have it.
pub fn values(input: &InputDifference) -> Vec<(Vec<usize>, String)> {
    let mut groups: Vec<(&Option<String>, Vec<usize>)> = Vec::new();
    for (case, value) in input.values.iter().enumerate() {
        match groups.iter_mut().find(|(known, _)| *known == value) {
            Some((_, cases)) => cases.push(case),
            None => groups.push((value, vec![case])),
        }
    }
    let shown = |value: &Option<String>| match value {
        Some(value) => value.clone(),
        None if input.is_table => "not there".to_owned(),
        None => "no such key".to_owned(),
    };
    groups.into_iter().map(|(value, cases)| (cases, shown(value))).collect()
}

/// What is said where no input differs.
pub const SAME: &str = "The cases differ in no input.";

/// What the cases choose: whether all the same, and what where not. The first sentence leads the
/// others. Cases are called by `names`.
pub fn choices(comparison: Comparison<'_>, names: &[impl AsRef<str>]) -> Vec<String> {
    let cases = comparison.cases;
    let all: Vec<(String, bool)> = cases.iter().map(chosen).collect();
    let same = all.iter().all(|(name, _)| *name == all[0].0);
    if let (true, true) = (same, all.iter().all(|(_, settled)| *settled)) {
        return vec![format!("The choice is the same in every case: {}.", all[0].0)];
    }
    let lead = match (same, all.iter().all(|(_, settled)| *settled)) {
        (true, _) => format!("The choice may be the same in every case: {}.", all[0].0),
        (false, true) => "The choice changes.".to_owned(),
        (false, false) => "The choice may change.".to_owned(),
    };
    let of = |((case, called), (name, settled)): ((&Variant<'_>, &str), &(String, bool))| {
        let open = if *settled { "" } else { ", undecided after these trials" };
        format!("{called}: {name}{open}.{}", staying(case, &cases[0]))
    };
    let called = cases.iter().zip(names.iter().map(AsRef::as_ref));
    [lead].into_iter().chain(called.zip(&all).map(of)).collect()
}

/// What a case chooses, and whether that is settled.
fn chosen(case: &Variant<'_>) -> (String, bool) {
    let choice = Choice::of(case.scenario, case.results);
    let none = if case.scenario.tolerances.is_empty() {
        "none is best in both spending and risk"
    } else {
        "none meets every tolerance"
    };
    let name = |at: usize| quoted(&case.scenario.strategies[at].name);
    (choice.strategy.map_or_else(|| none.to_owned(), name), choice.settled)
}

/// What it costs in a case to stay with the choice of the first: " Staying with …".
fn staying(case: &Variant<'_>, first: &Variant<'_>) -> String {
    let before = Choice::of(first.scenario, first.results).strategy;
    let before = before.map(|at| &first.scenario.strategies[at].name);
    let here = |name: &String| case.scenario.strategies.iter().position(|one| one.name == *name);
    let (Some(stay), Some(change)) =
        (before.and_then(here), Choice::of(case.scenario, case.results).strategy)
    else {
        return String::new();
    };
    let rows = &case.results.differences;
    let row =
        rows.iter().filter(|row| row.metric == Metric::Cost).find_map(|row| match (row.a, row.b) {
            (a, b) if (a, b) == (stay, change) => Some(*row),
            (a, b) if (a, b) == (change, stay) => Some(row.turned()),
            _ => None,
        });
    let Some(row) = row else { return String::new() };
    let name = quoted(&case.scenario.strategies[stay].name);
    let (more, by) = if row.mean < 0.0 { ("less", -row.mean) } else { ("more", row.mean) };
    let interval = row.interval.map(|interval| match row.mean < 0.0 {
        true => Interval { low: 0.0 - interval.high, high: 0.0 - interval.low },
        false => interval,
    });
    let currency = case.scenario.currency();
    let range = interval.map_or(String::new(), |interval| {
        format!(" ({} to {})", figure(interval.low, 3), figure(interval.high, 3))
    });
    format!(
        " There {name} costs {} {currency} {more} per {}{range}.",
        figure(by, 3),
        period(case.scenario)
    )
}

/// What has to be known of the pairs: how trials were drawn, and that money differs.
pub fn notes(comparison: Comparison<'_>) -> Vec<String> {
    let cases = comparison.cases;
    let mut notes = Vec::new();
    let has_strata = |case: &Variant<'_>| case.scenario.world.rare.is_some();
    if cases.iter().any(has_strata) && !cases.iter().all(has_strata) {
        notes.push(
            "Rare disasters decide the tail in some cases and not in others, so the trials of all \
             were drawn plainly: the intervals are wider than those of run."
                .to_owned(),
        );
    }
    let horizon = cases[0].scenario.world.horizon;
    if cases.iter().any(|case| case.scenario.world.horizon != horizon) {
        notes.push("The horizons differ: each mean is that of a trial of its own length.".into());
    }
    let priced = cases.iter().filter_map(|case| case.scenario.costs.as_ref());
    let mut currencies = priced.map(|costs| &costs.currency);
    if currencies.next().is_some_and(|first| currencies.any(|other| other != first)) {
        notes.push("The currencies differ: costs of different cases must not be compared.".into());
    }
    notes.extend(unmatched(cases));
    notes
}

/// Strategies that not every case has.
fn unmatched(cases: &[Variant<'_>]) -> Option<String> {
    let all = crate::report::variants::strategies(cases);
    let alone = all
        .into_iter()
        .filter(|name| cases.iter().any(|case| case.scenario.strategy(name).is_none()));
    let alone: Vec<String> = alone.map(quoted).collect();
    (!alone.is_empty()).then(|| {
        let are = if alone.len() == 1 { "is" } else { "are" };
        format!("Not every case has {}, so {are} not compared.", list(&alone))
    })
}
