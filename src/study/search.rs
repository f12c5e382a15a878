//! Finds a trial by what it led to: the worst one, or the one at a quantile of a metric.

use super::player::Player;
use super::run::Trials;
use crate::engine::Scratch;
use crate::engine::observe::NullObserver;
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::threads::each_until;
use std::sync::atomic::{AtomicBool, Ordering};

/// A point of a metric's distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MetricQuantile {
    /// The metric.
    pub metric: Metric,
    /// The probability of a value up to this point: 0.5 is the median, 1 the largest value.
    pub at: f64,
}

/// The value of a metric in one trial.
#[derive(Debug, Clone, Copy)]
struct TrialValue {
    value: f64,
    trial: u64,
}

/// Finds the trial of `strategy` that stands at a quantile among `trials`, and the first of those
/// with equal values. None without trials, and when `stop` was set meanwhile.
pub fn find(
    scenario: &Scenario,
    strategy: usize,
    trials: &Trials,
    quantile: MetricQuantile,
    stop: &AtomicBool,
) -> Option<u64> {
    let mut values = values(scenario, strategy, trials, quantile.metric, stop);
    if stop.load(Ordering::Relaxed) {
        return None;
    }
    values.sort_by(|a, b| a.value.total_cmp(&b.value).then(a.trial.cmp(&b.trial)));
    let design = trials.design;
    let weight = |one: &TrialValue| design.weight_of_trial(design.stratum(one.trial));
    let all: f64 = values.iter().map(weight).sum();
    let mut through = 0.0;
    let reached = values.iter().position(|one| {
        through += weight(one);
        // Summed weights may fall short of their total by a rounding error.
        through >= quantile.at * all * (1.0 - 1e-12)
    });
    let value = values.get(reached.unwrap_or(values.len().checked_sub(1)?))?.value;
    values.iter().find(|one| one.value == value).map(|one| one.trial)
}

/// One metric of each trial of one strategy.
fn values(
    scenario: &Scenario,
    strategy: usize,
    trials: &Trials,
    metric: Metric,
    stop: &AtomicBool,
) -> Vec<TrialValue> {
    let player = Player::new(scenario, trials.seed, trials.design);
    let value = |scratch: &mut Scratch, trial| {
        let result = player.play(strategy, trial, scratch, &mut NullObserver);
        TrialValue { value: result.metrics[metric], trial }
    };
    each_until(stop, trials.range.clone(), trials.threads, Scratch::new, value)
}
