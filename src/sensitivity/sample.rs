//! What each strategy does at each of many points, from a few trials a point.
//!
//! Every point plays trials of its own, so that luck averages out over the points; all strategies of
//! a point meet the same worlds. The trials of a point are divided into two halves of the same kind.
//! What luck does to one half it does not do to the other, so the product of the two has the mean of
//! the squared truth, and the noise of a simulation can be kept apart from what the inputs do
//! (Cochran 1977, "Sampling techniques", section 13.9, calls such halves interpenetrating).

use super::design::Points;
use crate::engine::Scratch;
use crate::engine::observe::NullObserver;
use crate::metric::Metric;
use crate::scenario::{Scenario, ScenarioError, Spec};
use crate::stats::bits;
use crate::study::design::Design;
use crate::study::player::Player;
use crate::study::tolerance_count::judged;
use crate::threads::each_until;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Trials of a point are a multiple of this: one in four may be a year with a disaster, and there
/// are two halves.
pub const TRIALS_UNIT: u64 = 8;

/// The first trial of the first point: far from those that a run plays with the same seed.
const FIRST_TRIAL: u64 = 1 << 40;

/// Points that a thread plays before it takes others.
const CHUNK: u64 = 16;

/// The scenario at a point.
pub trait Assumptions: Sync {
    /// Sets what differs at the point, and compiles.
    ///
    /// # Errors
    /// The values of the point contradict each other.
    fn at(&self, spec: &mut Spec, point: &[f64]) -> Result<Scenario, ScenarioError>;

    /// The same, where `spec` has the other coordinates of the point already.
    ///
    /// # Errors
    /// The values of the point contradict each other.
    fn moved(
        &self,
        spec: &mut Spec,
        point: &[f64],
        coordinate: usize,
    ) -> Result<Scenario, ScenarioError> {
        let _ = coordinate;
        self.at(spec, point)
    }
}

/// What is paid at one point, apart from what happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prices {
    /// The price of one of each metric that has one, in the order of [`Metric::ALL`].
    #[serde(with = "bits::array")]
    pub metrics: [f64; Metric::ALL.len()],
    /// By strategy: annual cost over the horizon.
    pub fixed: Vec<f64>,
    /// By strategy: whether it suits the organisation, so that it may be chosen.
    pub suits: Vec<bool>,
}

impl Prices {
    /// Those of a scenario.
    pub fn new(scenario: &Scenario) -> Prices {
        let mut metrics = [0.0; Metric::ALL.len()];
        for (_, metric, price) in scenario.costs.iter().flat_map(|costs| costs.prices()) {
            metrics[metric as usize] += price;
        }
        let horizon = scenario.world.horizon;
        let fixed = scenario.strategies.iter().map(|strategy| strategy.fixed_cost(horizon));
        let suits = (0..scenario.strategies.len()).map(|strategy| scenario.suits(strategy));
        Prices { metrics, fixed: fixed.collect(), suits: suits.collect() }
    }
}

/// What all strategies did at one point: means over its trials. It is written and read with all its bits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointResult {
    /// What is paid.
    pub prices: Prices,
    /// By strategy.
    pub strategies: Vec<StrategyMeans>,
}

impl PointResult {
    /// Whether it is of so many strategies and tolerances.
    pub fn has_shape_of(&self, strategies: usize, tolerances: usize) -> bool {
        let halves = self.strategies.iter().flat_map(|strategy| &strategy.halves);
        let Prices { fixed, suits, .. } = &self.prices;
        [self.strategies.len(), fixed.len(), suits.len()] == [strategies; 3]
            && halves.into_iter().all(|half| half.len() == room_at(tolerances))
    }

    /// How many tolerances there are.
    #[cfg(test)]
    pub fn tolerances(&self) -> usize {
        let columns = self.strategies.first().map_or(0, |one| one.halves[0].len());
        columns.saturating_sub(room_at(0)) / (room_at(1) - room_at(0))
    }
}

/// What one strategy did at one point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StrategyMeans {
    /// By half of the trials: the mean of every metric, then for every tolerance two: the mean of cases
    /// within the limit less the share that is asked of all cases, from 0 on of which the tolerance is
    /// kept, and the mean of all cases that are judged.
    pub halves: [Vec<f64>; 2],
}

impl StrategyMeans {
    /// A mean over both halves, by its place in them.
    pub fn mean(&self, at: usize) -> f64 {
        f64::midpoint(self.halves[0][at], self.halves[1][at])
    }
}

/// Where the room under a tolerance stands among the means of a strategy.
pub fn room_at(tolerance: usize) -> usize {
    Metric::ALL.len() + 2 * tolerance
}

/// Where the cases that a tolerance judges stand there: as a verdict counts them, so without planned
/// outages.
pub fn cases_at(tolerance: usize) -> usize {
    room_at(tolerance) + 1
}

/// Plays a scenario: some trials of every strategy.
pub fn play(
    scenario: &Scenario,
    seed: u64,
    trials: Range<u64>,
    scratch: &mut Scratch,
) -> PointResult {
    let player = Player::new(scenario, seed, Design::from_world(&scenario.world));
    play_with(&player, trials, scratch)
}

/// As [`play`], by a player that is there.
pub fn play_with(player: &Player<'_>, trials: Range<u64>, scratch: &mut Scratch) -> PointResult {
    let scenario = player.scenario;
    let strategies = (0..scenario.strategies.len()).map(|index| {
        let mut halves = [Tally::new(player), Tally::new(player)];
        for trial in trials.clone() {
            let result = player.play(index, trial, scratch, &mut NullObserver);
            let tally = &mut halves[(trial / (TRIALS_UNIT / 2) % 2) as usize];
            let (sums, count) = tally.of(player.stratum(trial));
            *count += 1.0;
            for (sum, metric) in sums.iter_mut().zip(Metric::ALL) {
                *sum += result.metrics[metric];
            }
            for (at, tolerance) in scenario.tolerances.iter().enumerate() {
                let (all, within) = judged(tolerance, &result.metrics, result.outages);
                sums[room_at(at)] += within as f64 - tolerance.confidence * all as f64;
                sums[cases_at(at)] += all as f64;
            }
        }
        StrategyMeans { halves: halves.map(Tally::means) }
    });
    PointResult { prices: Prices::new(scenario), strategies: strategies.collect() }
}

/// Sums over trials, by stratum.
struct Tally {
    weights: Vec<f64>,
    sums: Vec<(Vec<f64>, f64)>,
}

impl Tally {
    fn new(player: &Player<'_>) -> Tally {
        let weights = player.weights();
        let columns = room_at(player.scenario.tolerances.len());
        Tally { sums: vec![(vec![0.0; columns], 0.0); weights.len()], weights }
    }

    fn of(&mut self, stratum: usize) -> (&mut Vec<f64>, &mut f64) {
        let (sums, count) = &mut self.sums[stratum];
        (sums, count)
    }

    fn means(self) -> Vec<f64> {
        let columns = self.sums[0].0.len();
        let played = self.weights.iter().zip(&self.sums).filter(|(_, (_, count))| *count > 0.0);
        let whole: f64 = played.clone().map(|(weight, _)| weight).sum();
        let mean = |at: usize| -> f64 {
            played.clone().map(|(weight, (sums, count))| weight / whole * sums[at] / count).sum()
        };
        (0..columns).map(mean).collect()
    }
}

/// How a design is played.
#[derive(Debug, Clone)]
pub struct Effort {
    /// Seed of the points and of the trials.
    pub seed: u64,
    /// Numbers of the points.
    pub points: Range<u64>,
    /// Trials of each point, a multiple of [`TRIALS_UNIT`].
    pub trials: u64,
    /// Threads that play; the results do not depend on it.
    pub threads: usize,
}

impl Effort {
    /// The trials of a point.
    pub fn trials_of(&self, point: u64) -> Range<u64> {
        let first = FIRST_TRIAL + point * self.trials;
        first..first + self.trials
    }
}

/// Plays the points of a design, in order. Setting `stop` ends it soon, with the first so many points
/// that are whole. `played` hears how many points are done.
///
/// # Errors
/// The values of a point contradict each other.
pub fn sample(
    spec: &Spec,
    assumptions: &impl Assumptions,
    points: Points,
    effort: &Effort,
    stop: &AtomicBool,
    played: impl Fn(u64) + Sync,
) -> Result<Vec<PointResult>, ScenarioError> {
    let Range { start, end } = effort.points;
    let done = AtomicU64::new(0);
    // Compiling remembers what it read, so that every thread needs a copy of its own.
    let spec = Mutex::new(spec.clone());
    let chunk = |number: u64| -> Result<Vec<PointResult>, ScenarioError> {
        let mut own = spec.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut scratch = Scratch::new();
        let first = start + number * CHUNK;
        let mut results = Vec::new();
        for point in first..end.min(first + CHUNK) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let scenario = assumptions.at(&mut own, &points.point(point))?;
            results.push(play(&scenario, effort.seed, effort.trials_of(point), &mut scratch));
            played(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
        Ok(results)
    };
    let chunks = end.saturating_sub(start).div_ceil(CHUNK);
    let never = AtomicBool::new(false);
    let results = each_until(&never, 0..chunks, effort.threads, || (), |(), number| chunk(number));
    let mut all = Vec::new();
    for results in results {
        let results = results?;
        let whole = results.len() as u64 == CHUNK;
        all.extend(results);
        if !whole {
            break;
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assumptions::Inputs;
    use std::path::Path;

    #[test]
    fn any_split_of_the_points_gives_the_same_bits() {
        let text = "name = \"x\"\n[[strategy]]\nname = \"a\"\n[strategy.rebuild]\n\
                    [tolerance]\nrestore_hours = { limit = 8.0 }\n";
        let mut spec = Spec::parse(text, Path::new(""), "test");
        let inputs = Inputs::of(&mut spec).unwrap();
        let points = Points { seed: 4, dimensions: inputs.dimensions() };
        let never = AtomicBool::new(false);
        let played = |range: Range<u64>, threads: usize| {
            let effort = Effort { seed: 4, points: range, trials: 8, threads };
            sample(&spec, &inputs, points, &effort, &never, |_| ()).unwrap()
        };
        let whole = played(0..40, 1);
        assert_eq!(whole.len(), 40);
        for threads in [2, 7] {
            let mut parts = played(0..23, threads);
            parts.extend(played(23..40, threads));
            assert_eq!(parts, whole);
        }
        let stopped = AtomicBool::new(true);
        let effort = Effort { seed: 4, points: 0..40, trials: 8, threads: 2 };
        assert!(sample(&spec, &inputs, points, &effort, &stopped, |_| ()).unwrap().is_empty());
    }
}
