//! Runs that end when they know enough: trials in growing batches, and a look after each.
//!
//! Looks are few, since every look is a chance to stop on a lucky estimate: the next comes when the
//! interval should be narrow enough, by the square-root rule, and never before a quarter more
//! trials have been played. With so few looks the interval at the end covers as it says to within
//! what can be tested (Glynn and Whitt 1992, "The asymptotic validity of sequential stopping rules
//! for stochastic simulations"). The numbers of trials follow from the results alone, so they are
//! the same for any number of threads.

use super::decide::{DecisionReason, decide};
use super::partial::Partial;
use super::run::{Trials, Watcher, run};
use super::summary::{Summary, sample_of};
use super::verdict::verdicts;
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::stats::Interval;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// Trials before the first look.
const FIRST: u64 = 1000;
/// Trials come in multiples of this: whole cycles of the design.
const STEP: u64 = 64;

/// When a run has played enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// After so many trials.
    Trials(u64),
    /// When an interval is narrow enough.
    Precision(Precision),
    /// When it is as sure as the confidence asks which strategy to choose.
    Decided,
}

/// What a run plays for, and where it gives up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StoppingRule {
    /// When it has played enough.
    pub goal: Goal,
    /// The most trials to play for a precision or a decision.
    pub most_trials: u64,
}

/// How narrow which interval must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Precision {
    /// The metric.
    pub metric: Metric,
    /// Its quantile for this probability; its mean if none.
    pub quantile: Option<f64>,
    /// Of this strategy only, by its place in the scenario.
    pub strategy: Option<usize>,
    /// The half-width of the interval, as a part of the estimate.
    pub relative: f64,
}

/// How a run to a goal ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GoalOutcome {
    /// The goal was reached.
    pub met: bool,
    /// What was reached: the widest half-width as a part of its estimate, or the probability of a
    /// right choice; absent where it is not known.
    pub value: Option<f64>,
    /// The strategy that decides it, by its place in the scenario.
    pub strategy: Option<usize>,
    /// Looks taken.
    pub looks: u32,
    /// So many trials in all should reach it, by the square-root rule; absent where it is reached
    /// or nothing is known.
    pub needs: Option<u64>,
}

/// Plays trials from number 0 on until the goal of a rule is reached, or its most trials are played.
/// `trials.range` is not looked at. A goal of so many trials is one batch without a look.
///
/// # Errors
/// What the watcher returns.
pub fn run_to<W: Watcher>(
    scenario: &Scenario,
    trials: &Trials,
    rule: StoppingRule,
    confidence: f64,
    stop: &AtomicBool,
    watcher: &mut W,
) -> Result<Option<(Partial, Option<GoalOutcome>)>, W::Error> {
    run_in_batches(scenario, rule, confidence, |batch| {
        watcher.planned(batch.end);
        run(scenario, &Trials { range: batch, ..trials.clone() }, stop, watcher)
    })
}

/// As [`run_to`], where `play` plays the trials of each batch, or has them already; none where it is
/// stopped. Which batches there are follows from what came of those before alone, so a run that was
/// interrupted comes to the same end.
///
/// # Errors
/// What `play` returns.
pub fn run_in_batches<E>(
    scenario: &Scenario,
    rule: StoppingRule,
    confidence: f64,
    mut play: impl FnMut(Range<u64>) -> Result<Option<Partial>, E>,
) -> Result<Option<(Partial, Option<GoalOutcome>)>, E> {
    let mut whole: Option<Partial> = None;
    let StoppingRule { goal, most_trials } = rule;
    let (mut played, mut looks) = (0, 0);
    let mut next = match goal {
        Goal::Trials(number) => number,
        _ => FIRST.min(most_trials),
    };
    loop {
        let Some(part) = play(played..next)? else {
            return Ok(None);
        };
        let known = match whole.take() {
            None => part,
            Some(mut before) => {
                before.merge(&part);
                before
            }
        };
        played = next;
        looks += 1;
        let reached = match goal {
            Goal::Trials(_) => None,
            Goal::Precision(precision) => Some(narrowness(&known, &precision, confidence, looks)),
            Goal::Decided => Some(sureness(scenario, &known, confidence, looks)),
        };
        let Some(look) = reached.filter(|reached| !reached.met && played < most_trials) else {
            return Ok(Some((known, reached)));
        };
        whole = Some(known);
        let wanted = look.needs.unwrap_or(2 * played).clamp(played + played / 4, 4 * played);
        next = wanted.next_multiple_of(STEP).min(most_trials);
    }
}

/// How narrow the interval is that is asked for, of the strategy for which it is widest.
fn narrowness(whole: &Partial, asked: &Precision, confidence: f64, looks: u32) -> GoalOutcome {
    let count = whole.strata.first().map_or(0, |stratum| stratum.strategies.len());
    let of = |strategy: usize| {
        let strata = whole.strata_of(|stratum| &stratum.strategies[strategy]);
        let sample = sample_of(&strata, asked.metric);
        let estimate = match asked.quantile {
            None => sample.mean().zip(sample.mean_interval(confidence)),
            Some(p) => sample.quantile(p).zip(sample.quantile_interval(p, confidence)),
        };
        estimate.map_or(f64::INFINITY, |(value, interval)| relative(value, interval))
    };
    let judged = (0..count).filter(|index| asked.strategy.is_none_or(|only| only == *index));
    let widths = judged.map(|index| (index, of(index)));
    let widest = widths.reduce(|a, b| if b.1 > a.1 { b } else { a });
    let Some((strategy, width)) = widest else {
        return GoalOutcome { met: true, value: None, strategy: None, looks, needs: None };
    };
    let met = width <= asked.relative;
    let factor = (width / asked.relative).powi(2);
    // A tenth more, so that one look more is usually enough.
    let needs = (whole.trials() as f64 * factor * 1.1).ceil();
    GoalOutcome {
        met,
        value: width.is_finite().then_some(width),
        strategy: Some(strategy),
        looks,
        needs: (!met && needs.is_finite() && needs < 1e18).then_some(needs as u64),
    }
}

/// Half the width of an interval as a part of the estimate; 0 where both are 0.
fn relative(value: f64, interval: Interval) -> f64 {
    // Of a quantile the wider side counts.
    let half = (interval.high - value).max(value - interval.low);
    if half <= 0.0 { 0.0 } else { half / value.abs() }
}

/// How sure it is which strategy to choose.
fn sureness(scenario: &Scenario, whole: &Partial, confidence: f64, looks: u32) -> GoalOutcome {
    let summary = Summary::new(scenario, whole, confidence);
    let verdicts = verdicts(scenario, whole, confidence);
    let decision = decide(scenario, whole, &summary, &verdicts, confidence);
    let met = match decision.reason {
        DecisionReason::NoneMeets | DecisionReason::Dominates | DecisionReason::Front => true,
        DecisionReason::Undecided => false,
        DecisionReason::Cheapest | DecisionReason::OnlyOne => {
            decision.probability.is_some_and(|probability| probability >= confidence)
        }
    };
    let value = decision.probability;
    GoalOutcome { met, value, strategy: decision.strategy, looks, needs: None }
}
