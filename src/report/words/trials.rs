//! How the trials of a run came about: how they were drawn, when they stopped, and how near they come to
//! what a closed form knows.

use super::{noun, percentile, periods};
use crate::report::text::{count, figure, grouped, list, percent, quoted};
use crate::scenario::Scenario;
use crate::study::closed_form::ClosedForm;
use crate::study::design::Design;
use crate::study::stopping::{Goal, GoalOutcome, Precision};

/// How the trials were drawn, where that is not simple random sampling.
pub fn sampling(scenario: &Scenario, design: Design) -> Option<String> {
    let Design::Strata { disaster } = design else {
        return None;
    };
    let names: Vec<String> = scenario.rare_disasters().map(quoted).collect();
    let counts = if disaster < 0.25 {
        format!(
            "less. So the worst {} are seen more often and no figure is shifted",
            periods(scenario)
        )
    } else {
        "more. So no figure is shifted".to_owned()
    };
    Some(format!(
        "Rare but grave: {} strike{} in {} of {} and in one trial of four, which counts for {} \
         (stratified sampling).",
        list(&names),
        if names.len() == 1 { "s" } else { "" },
        percent(disaster),
        periods(scenario),
        counts,
    ))
}

/// Each mean that a closed form knows, beside its estimate: a sentence each.
pub fn closed_forms(scenario: &Scenario, forms: &[ClosedForm]) -> Vec<String> {
    let sentence = |form: &ClosedForm| {
        let off = match form.standard_errors {
            Some(off) => format!("{off:+.1} standard errors"),
            None => "nothing varies".to_owned(),
        };
        format!(
            "Closed form: the mean of {} of {} is {}; the trials give {} ({off}).",
            noun(form.metric),
            quoted(&scenario.strategies[form.strategy].name),
            figure(form.truth, 5),
            figure(form.estimate, 5),
        )
    };
    forms.iter().map(sentence).collect()
}

/// How a run with a goal ended. `most` is the limit of trials.
pub fn stopping(
    scenario: &Scenario,
    goal: Goal,
    outcome: &GoalOutcome,
    (trials, most): (u64, u64),
) -> String {
    let state = match goal {
        Goal::Precision(precision) => precision_reached(scenario, precision, outcome),
        _ if outcome.met => "the choice is settled".to_owned(),
        _ => "the choice is not settled".to_owned(),
    };
    if outcome.met {
        return format!("After {} {state}.", count(trials, "trial"));
    }
    let more = match outcome.needs {
        Some(needs) => format!("about {} trials would be enough", figure(needs as f64, 2)),
        None => "more trials are needed".to_owned(),
    };
    format!("Stopped at the limit of {} trials: {state}; {more}.", grouped(most))
}

fn precision_reached(scenario: &Scenario, goal: Precision, outcome: &GoalOutcome) -> String {
    let Precision { metric, quantile, relative, .. } = goal;
    let statistic = quantile.map_or("mean".to_owned(), percentile);
    let name = outcome.strategy.map_or(String::new(), |at| quoted(&scenario.strategies[at].name));
    format!(
        "the {statistic} of {} is known to ±{} for {name}, where it is least precise; ±{} was \
         requested",
        noun(metric),
        outcome.value.map_or("unknown".to_owned(), percent),
        percent(relative)
    )
}
