//! What the evidence does to the choice, in sentences.

use super::words::condition;
use crate::benchmark::{ASSUMED, BEST_FIT, Benchmark, VariantResult};
use crate::study::decide::DecisionReason;
use crate::study::verdict::{Compliance, Verdict};

/// The answer: what becomes of the choice, which kind it hangs on, what becomes of each strategy's
/// tolerances, and what a short log leaves open.
pub fn of(benchmark: &Benchmark) -> Vec<String> {
    let (Some(before), Some(after)) = (benchmark.played(ASSUMED), benchmark.with_evidence()) else {
        return vec![nothing(benchmark)];
    };
    let mut words = vec![choice(before, after)];
    words.extend(hinge(benchmark, before));
    words.extend(tolerances(before, after));
    words.extend(left_open(benchmark, after));
    words
}

fn nothing(benchmark: &Benchmark) -> String {
    let both = benchmark.compared.iter().any(|one| one.assumed.is_some() && one.incidents > 0);
    let why = if both {
        "no kind has three different recovery times, which a law needs"
    } else {
        "it has no incident of a kind that strikes in the scenario"
    };
    format!("The log takes the place of no assumption: {why}. The choice stays as assumed.")
}

/// The choice of a variant, as the object of "recommends".
fn chosen(played: &VariantResult) -> String {
    let decision = &played.results.decision;
    match (decision.strategy, decision.reason) {
        (Some(index), _) => format!("\"{}\"", played.scenario.strategies[index].name),
        (None, DecisionReason::Front) => "no single strategy, as no tolerance is asked".to_owned(),
        (None, DecisionReason::Undecided) => {
            "none yet, as the trials are too few to tell".to_owned()
        }
        (None, _) => "none, as no strategy meets every tolerance".to_owned(),
    }
}

fn choice(before: &VariantResult, after: &VariantResult) -> String {
    if before.results.decision.strategy == after.results.decision.strategy {
        let name = chosen(after);
        return format!(
            "The choice stands: the study recommends {name}, as assumed and with the log's evidence."
        );
    }
    format!(
        "The choice changes: as assumed the study recommends {}; with the log's evidence {}.",
        chosen(before),
        chosen(after)
    )
}

/// The kinds that change the choice by themselves.
fn hinge(benchmark: &Benchmark, before: &VariantResult) -> Option<String> {
    let mut single = benchmark.played.iter().filter_map(|one| Some((one, one.only?))).peekable();
    single.peek()?;
    let changing: Vec<&str> = single
        .filter(|(one, _)| one.results.decision.strategy != before.results.decision.strategy)
        .filter_map(|(_, place)| Some(benchmark.compared.get(place)?.subject.name()))
        .collect();
    Some(match &changing[..] {
        [] => "No single piece of evidence changes it: it takes several together.".to_owned(),
        [one] => format!("It hangs on the evidence about the {one}: that alone changes it."),
        several => format!("Any of these changes it alone: {}.", several.join(", ")),
    })
}

/// Verdicts that change.
fn tolerances(before: &VariantResult, after: &VariantResult) -> Vec<String> {
    let pairs = before.results.verdicts.iter().zip(&after.results.verdicts);
    let changed = pairs.filter(|(old, new)| old.compliance != new.compliance);
    changed.map(|(old, new)| verdict(after, old, new)).collect()
}

fn verdict(played: &VariantResult, old: &Verdict, new: &Verdict) -> String {
    let percent = |verdict: &Verdict| {
        verdict.within.map_or("-".to_owned(), |within| format!("{:.1} %", 100.0 * within.share))
    };
    let word = |compliance: Compliance| compliance.word();
    format!(
        "\"{}\" keeps {} in {} as assumed ({}), in {} with the evidence ({}).",
        played.scenario.strategies[new.strategy].name,
        condition(&new.tolerance),
        percent(old),
        word(old.compliance),
        percent(new),
        word(new.compliance),
    )
}

/// Where the fits, taken for the truth, would say something else.
fn left_open(benchmark: &Benchmark, after: &VariantResult) -> Option<String> {
    let certain = benchmark.played(BEST_FIT)?;
    if certain.results.decision.strategy == after.results.decision.strategy {
        return None;
    }
    Some(format!(
        "With the fits taken for the truth it would recommend {}: the difference is what so short a \
         log leaves open.",
        chosen(certain)
    ))
}
