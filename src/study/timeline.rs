//! One trial under every strategy, side by side, with dates for the axis of its chart.

use super::player::Player;
use super::run::Trials;
use super::search::{MetricQuantile, find};
use crate::engine::Scratch;
use crate::engine::observe::NullObserver;
use crate::engine::outage::Outage;
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::units::{HOURS_PER_DAY, HOURS_PER_YEAR};
use std::sync::atomic::AtomicBool;

/// Most trials that are searched for the one to show.
const SEARCHED: u64 = 10_000;
/// Ticks that an axis of time has room for.
const MOST_TICKS: usize = 6;

/// A trial under every strategy; whatever the horizon is, usually a year.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialTimeline {
    /// Number of the trial.
    pub trial: u64,
    /// It was chosen for this strategy, by its place in the scenario,
    pub strategy: usize,
    /// for the quantile of this metric
    pub metric: Metric,
    /// at this probability.
    pub at: f64,
    /// By strategy.
    pub lanes: Vec<Lane>,
    /// Dates for an axis: hours from the start, and what to write.
    pub ticks: Vec<(f64, String)>,
}

/// What a strategy went through.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Its outages, with the name of what began each.
    pub outages: Vec<(Outage, String)>,
}

/// The trial at a quantile of a metric under `strategy`, among those of `trials` (or the
/// first 10,000 of them), under all strategies.
pub fn timeline_at(
    scenario: &Scenario,
    trials: &Trials,
    strategy: usize,
    quantile: MetricQuantile,
) -> Option<TrialTimeline> {
    let start = trials.range.start;
    let end = trials.range.end.min(start.saturating_add(SEARCHED));
    let searched = Trials { range: start..end, ..trials.clone() };
    // So few are searched in moments; nobody has to be able to stop it.
    let stop = AtomicBool::new(false);
    let trial = find(scenario, strategy, &searched, quantile, &stop)?;
    let player = Player::new(scenario, trials.seed, trials.design);
    let mut scratch = Scratch::new();
    let lanes = player.engines.iter().enumerate().map(|(index, engine)| {
        let result = player.play(index, trial, &mut scratch, &mut NullObserver);
        let named = |outage: &Outage| (*outage, engine.cause_name(outage.cause).to_owned());
        Lane { outages: result.outages.iter().map(named).collect() }
    });
    let lanes = lanes.collect();
    let MetricQuantile { metric, at } = quantile;
    Some(TrialTimeline { trial, strategy, metric, at, lanes, ticks: ticks(scenario) })
}

/// Dates at even distances: years, months, days or hours, whichever are few enough.
fn ticks(scenario: &Scenario) -> Vec<(f64, String)> {
    let (horizon, calendar) = (scenario.world.horizon, &scenario.world.calendar);
    let whole_months = |every: i8| {
        let days = (horizon / HOURS_PER_DAY) as u32;
        (0..=days)
            .map(|day| f64::from(day) * HOURS_PER_DAY)
            .filter(|&at| at < horizon)
            .filter_map(|at| {
                // The first midnight at or after, so that a start at noon does not shift labels.
                let clock = calendar.civil(at);
                let into = f64::from(clock.hour()) + f64::from(clock.minute()) / 60.0;
                let at = if into > 0.0 { at + HOURS_PER_DAY - into } else { at };
                let clock = calendar.civil(at);
                let due = clock.day() == 1 && (clock.month() - 1) % every == 0;
                let form = if every == 12 {
                    "%Y"
                } else if clock.month() == 1 {
                    "%b %Y"
                } else {
                    "%b"
                };
                (due && at < horizon).then(|| (at, clock.strftime(form).to_string()))
            })
            .collect::<Vec<_>>()
    };
    if horizon >= 10.0 * HOURS_PER_YEAR {
        let years = whole_months(12);
        let every = years.len().div_ceil(MOST_TICKS).max(1);
        return years.into_iter().step_by(every).collect();
    }
    for every in [1, 3, 6, 12] {
        let ticks = whole_months(every);
        if (4..=MOST_TICKS).contains(&ticks.len()) {
            return ticks;
        }
    }
    let steps = [1.0, 3.0, 6.0, 12.0, 24.0, 48.0, 168.0, 336.0, 720.0];
    let step = steps.into_iter().find(|step| horizon / step <= MOST_TICKS as f64 - 1.0);
    let step = step.unwrap_or(horizon / 10.0);
    let form = if step < HOURS_PER_DAY { "%a %H:%M" } else { "%d %b" };
    let count = (horizon / step).ceil() as u32;
    (0..count)
        .map(|index| f64::from(index) * step)
        .map(|at| (at, calendar.civil(at).strftime(form).to_string()))
        .collect()
}
