//! Scenarios beside each other, over the same trials.

use super::columns::of_table;
use super::{Answer, Pictures, Task};
use crate::report::comparisons::{self, Comparison};
use crate::report::variants::Variant;
use crate::report::words::compare as words;
use crate::scenario::{Scenario, ScenarioError, Spec, differences};
use crate::study::cases::{CaseOptions, play_cases};
use std::sync::atomic::Ordering;

/// How scenarios are to be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareAsked {
    /// Trials of each.
    pub trials: u64,
    /// Seed of all random draws.
    pub seed: u64,
    /// How many threads play; the results do not depend on it.
    pub threads: usize,
    /// Confidence of all intervals, between 0 and 1.
    pub confidence: f64,
}

/// Compares each scenario, under its name, with the first; nothing where it is stopped, or where there is
/// no scenario.
///
/// # Errors
/// A scenario is wrong.
pub fn compare(
    named: Vec<(String, Spec)>,
    asked: &CompareAsked,
    task: &Task,
) -> Result<Option<Answer>, ScenarioError> {
    let compiled = named.into_iter().map(|(name, mut spec)| Ok((name, spec.compile()?)));
    let cases: Vec<(String, Scenario)> = compiled.collect::<Result<_, ScenarioError>>()?;
    let scenarios: Vec<&Scenario> = cases.iter().map(|(_, scenario)| scenario).collect();
    let CompareAsked { trials, seed, threads, confidence } = *asked;
    task.planned.store(trials.saturating_mul(cases.len() as u64), Ordering::Relaxed);
    let options = CaseOptions { seed, trials, threads, confidence, strata: true };
    let played = play_cases(&scenarios, &options, &task.stop, |trials| task.add(trials));
    let Some(played) = played.filter(|_| !task.is_stopped()) else { return Ok(None) };
    let inputs = differences(&scenarios);
    let variants: Vec<Variant<'_>> = cases
        .iter()
        .zip(&played)
        .map(|((name, scenario), played)| Variant { name, scenario, results: &played.results })
        .collect();
    let comparison = Comparison { variants: &variants, played: &played, inputs: &inputs };
    let names: Vec<&str> = variants.iter().map(|variant| variant.name).collect();
    let mut sentences = words::choices(comparison, &names);
    let headline = if sentences.is_empty() { String::new() } else { sentences.remove(0) };
    sentences.extend(words::notes(comparison));
    let named = |(file, table): (&str, _)| (super::table_name(file), of_table(&table));
    Ok(Some(Answer {
        title: words::title(variants[0].scenario, variants.len(), trials, seed),
        headline,
        sentences,
        json: comparisons::json(comparison, (seed, trials, confidence)),
        tables: comparisons::tables(comparison).into_iter().map(named).collect(),
        is_interrupted: false,
        pictures: Pictures::Ready(comparisons::pictures(comparison)),
    }))
}
