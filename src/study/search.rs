//! Finds a trial by what it led to: the worst one, or the one at a quantile of a metric.

use super::player::{Player, TrialResult};
use super::run::Trials;
use crate::engine::Scratch;
use crate::engine::observe::NullObserver;
use crate::engine::outage::Outage;
use crate::metric::Metric;
use crate::scenario::{Criterion, Scenario};
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
    let value = |result: &TrialResult<'_>| result.metrics[quantile.metric];
    find_by(scenario, strategy, trials, (value, quantile.at), stop)
}

/// As [`find`], by what a criterion limits: a metric, or the longest restore time of any outage of
/// the trial that was not planned, which is 0 without one.
pub fn find_criterion(
    scenario: &Scenario,
    strategy: usize,
    trials: &Trials,
    (criterion, at): (Criterion, f64),
    stop: &AtomicBool,
) -> Option<u64> {
    let value = |result: &TrialResult<'_>| match criterion {
        Criterion::Metric(metric) => result.metrics[metric],
        Criterion::RestoreHours => {
            let unplanned = result.outages.iter().filter(|outage| !outage.is_planned());
            unplanned.map(Outage::restore_hours).fold(0.0, f64::max)
        }
    };
    find_by(scenario, strategy, trials, (value, at), stop)
}

fn find_by(
    scenario: &Scenario,
    strategy: usize,
    trials: &Trials,
    (value, at): (impl Fn(&TrialResult<'_>) -> f64 + Sync, f64),
    stop: &AtomicBool,
) -> Option<u64> {
    let mut values = values(scenario, strategy, trials, value, stop);
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
        through >= at * all * (1.0 - 1e-12)
    });
    let value = values.get(reached.unwrap_or(values.len().checked_sub(1)?))?.value;
    values.iter().find(|one| one.value == value).map(|one| one.trial)
}

/// One value of each trial of one strategy.
fn values(
    scenario: &Scenario,
    strategy: usize,
    trials: &Trials,
    value: impl Fn(&TrialResult<'_>) -> f64 + Sync,
    stop: &AtomicBool,
) -> Vec<TrialValue> {
    let player = Player::new(scenario, trials.seed, trials.design);
    let value = |scratch: &mut Scratch, trial| {
        let result = player.play(strategy, trial, scratch, &mut NullObserver);
        TrialValue { value: value(&result), trial }
    };
    each_until(stop, trials.range.clone(), trials.threads, Scratch::new, value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::design::Design;
    use std::path::Path;

    #[test]
    fn the_worst_restore_time_is_that_of_the_longest_outage_of_any_trial() {
        let text = "name = \"x\"\n[[fault]]\nname = \"crash\"\nstrikes = \"server\"\n\
                    every = { exponential = { mean = \"60d\" } }\n\
                    repair = { exponential = { mean = \"5h\" } }\n[[strategy]]\nname = \"a\"\n";
        let scenario = Scenario::read(text.to_owned(), Path::new(""), "x").unwrap();
        let trials = Trials { seed: 1, range: 0..200, threads: 2, design: Design::Plain };
        let stop = AtomicBool::new(false);
        let worst = |at| {
            find_criterion(&scenario, 0, &trials, (Criterion::RestoreHours, at), &stop).unwrap()
        };
        let player = Player::new(&scenario, 1, Design::Plain);
        let mut scratch = Scratch::new();
        let mut longest: Vec<f64> = (0..200)
            .map(|trial| {
                let result = player.play(0, trial, &mut scratch, &mut NullObserver);
                result.outages.iter().map(Outage::restore_hours).fold(0.0, f64::max)
            })
            .collect();
        let (first, middle) = (longest[worst(1.0) as usize], longest[worst(0.5) as usize]);
        longest.sort_by(f64::total_cmp);
        assert_eq!(first, longest[199]);
        assert_eq!(middle, longest[99]);
        let by_metric = MetricQuantile { metric: Metric::LongestOutageHours, at: 1.0 };
        assert_eq!(find(&scenario, 0, &trials, by_metric, &stop), Some(worst(1.0)));
    }
}
