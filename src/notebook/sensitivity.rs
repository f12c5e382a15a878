//! What an answer hangs on.

use super::columns::of_table;
use super::{Answer, Pictures, Task};
use crate::report::sensitivity as report;
use crate::report::words::{robustness, sensitivity as words};
use crate::scenario::{ScenarioError, Spec};
use crate::sensitivity::asked::Asked;
use crate::sensitivity::options::{Options, input_of};
use crate::sensitivity::study::study;
use crate::study::design::Design;
use crate::study::results::study as play;
use crate::study::run::Trials;
use serde_json::json;
use std::sync::atomic::Ordering;

/// How the assumptions are to be varied.
#[derive(Debug, Clone, PartialEq)]
pub struct SensitivityAsked {
    /// How many points of the ranges to play; whole blocks of 64.
    pub points: u64,
    /// Seed of all random draws.
    pub seed: u64,
    /// How many threads play; the results do not depend on it.
    pub threads: usize,
    /// Confidence of all intervals, between 0 and 1.
    pub confidence: f64,
}

/// Varies every assumption over its range; nothing where it is stopped. An answer without tables where no
/// assumption has a range.
///
/// # Errors
/// The scenario is wrong, or values within the ranges contradict each other.
pub fn sensitivity(
    mut spec: Spec,
    asked: &SensitivityAsked,
    task: &Task,
) -> Result<Option<Answer>, ScenarioError> {
    let scenario = spec.compile()?;
    let SensitivityAsked { seed, threads, confidence, .. } = *asked;
    let against = input_of(&scenario, Options::AGAINST);
    let options = Options { against, ..Options::usual(asked.points, confidence) };
    task.planned.store(options.points, Ordering::Relaxed);
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed, range: 0..Options::TRIALS_AT_GUESS, threads, design };
    let Some(results) = play(&scenario, &trials, confidence, &task.stop) else { return Ok(None) };
    let of = Asked { spec: &spec, scenario: &scenario, results: &results, seed, threads };
    let told = |done| task.done.store(done, Ordering::Relaxed);
    let studied = study(of, &options, &task.stop, told)?;
    if task.is_stopped() {
        return Ok(None);
    }
    let mut all = json!({
        "scenario": scenario.name,
        "set": scenario.options,
        "seed": seed,
        "confidence": confidence,
    });
    let Some(study) = studied else {
        return Ok(Some(Answer {
            title: scenario.title(),
            headline: words::NOTHING.to_owned(),
            sentences: Vec::new(),
            json: all,
            tables: Vec::new(),
            is_interrupted: false,
            pictures: Pictures::Ready(Vec::new()),
        }));
    };
    if let (Some(all), Some(more)) =
        (all.as_object_mut(), report::json(&scenario, &study, confidence).as_object())
    {
        all.extend(more.clone());
    }
    let stands = robustness::robustness(&scenario, &study.robustness);
    let mut sentences = vec![stands.flips_heading.clone()];
    sentences.extend(stands.flips.iter().cloned());
    sentences.extend(words::answer(&scenario, &study));
    let named = |(file, table): (&str, _)| (super::table_name(file), of_table(&table));
    Ok(Some(Answer {
        title: words::title(&scenario, &study, options.trials, seed),
        headline: stands.shares(),
        sentences,
        json: all,
        tables: report::tables(&scenario, &study, confidence).into_iter().map(named).collect(),
        is_interrupted: false,
        pictures: Pictures::Ready(report::pictures(&scenario, &study, confidence)),
    }))
}
