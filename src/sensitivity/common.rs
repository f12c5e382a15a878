//! One assumption changed, over the same trials as before: what that does to each strategy.
//!
//! With common worlds most of what luck does is the same on both sides and cancels, so a few hundred
//! trials tell what a change does. What was known before the change comes from many more trials than
//! are played again; the change is added to it.

use super::model::{Outlook, cost};
use super::regression::Estimate;
use super::sample::{PointResult, Prices, room_at};
use crate::engine::Scratch;
use crate::engine::observe::NullObserver;
use crate::metric::Metric;
use crate::numeric::normal_deviate;
use crate::scenario::Scenario;
use crate::stats::stratified::mean_of_strata;
use crate::stats::{Interval, Moments};
use crate::study::design::Design;
use crate::study::player::Player;
use crate::study::tolerance_count::judged;
use crate::threads::each_with;
use std::ops::Range;
use std::sync::Arc;

/// Which trials are played before and after a change.
#[derive(Debug, Clone)]
pub struct Worlds {
    /// Their seed.
    pub seed: u64,
    /// Their numbers.
    pub trials: Range<u64>,
    /// In strata on both sides, or on neither.
    pub in_strata: bool,
    /// The strategies that are played; the others are taken to stay as they are. Empty: all of them.
    pub only: Vec<usize>,
    /// Threads that play; the results do not depend on it.
    pub threads: usize,
}

/// What the trials of a scenario gave, one by one.
#[derive(Debug, Clone)]
pub struct Course {
    /// What is paid.
    pub prices: Prices,
    tolerances: usize,
    /// By trial: for each strategy all metrics, then the room under each tolerance; times the weight
    /// of the trial.
    rows: Arc<Vec<Vec<f64>>>,
    /// The stratum of each trial.
    strata: Arc<[usize]>,
    /// By strategy: whether it was played.
    played: Vec<bool>,
}

impl Worlds {
    /// Plays all strategies of a scenario.
    pub fn play(&self, scenario: &Scenario) -> Course {
        let world = &scenario.world;
        let design = match (self.in_strata, &world.rare) {
            (false, _) => Design::Plain,
            (true, Some(rare)) => Design::Strata { disaster: rare.probability() },
            // Both strata are drawn plainly then, and any weights are right.
            (true, None) => Design::Strata { disaster: 0.25 },
        };
        let player = Player::new(scenario, self.seed, design);
        let first = self.trials.start;
        let count = self.trials.end.saturating_sub(first);
        let weights = design.weights();
        let rows = each_with(count as usize, self.threads, Scratch::new, |scratch, at| {
            let trial = first + at as u64;
            self.row(&player, trial, weights[design.stratum(trial)], scratch)
        });
        let strata = self.trials.clone().map(|trial| design.stratum(trial)).collect();
        Course {
            prices: Prices::new(scenario),
            tolerances: scenario.tolerances.len(),
            played: (0..scenario.strategies.len()).map(|strategy| self.plays(strategy)).collect(),
            rows: Arc::new(rows),
            strata,
        }
    }

    fn plays(&self, strategy: usize) -> bool {
        self.only.is_empty() || self.only.contains(&strategy)
    }

    /// What one trial gives, times its weight.
    fn row(&self, player: &Player<'_>, trial: u64, weight: f64, scratch: &mut Scratch) -> Vec<f64> {
        let scenario = player.scenario;
        let width = Metric::ALL.len() + scenario.tolerances.len();
        let mut row = Vec::with_capacity(width * scenario.strategies.len());
        for strategy in 0..scenario.strategies.len() {
            if !self.plays(strategy) {
                row.resize(row.len() + width, 0.0);
                continue;
            }
            let result = player.play(strategy, trial, scratch, &mut NullObserver);
            row.extend(Metric::ALL.map(|metric| weight * result.metrics[metric]));
            row.extend(scenario.tolerances.iter().map(|tolerance| {
                let (all, within) = judged(tolerance, &result.metrics, result.outages);
                weight * (within as f64 - tolerance.confidence * all as f64)
            }));
        }
        row
    }
}

/// A number of a trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// A metric. [`Metric::Cost`] is annual cost and priced metrics, where nothing has a price too.
    Metric(Metric),
    /// The room under a tolerance: cases within its limit less the share that is asked of all cases.
    Room(usize),
}

/// A number of one strategy, or the difference of two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// What is measured.
    pub measure: Measure,
    /// The strategy.
    pub of: usize,
    /// The strategy whose number is taken from it.
    pub less: Option<usize>,
}

impl Course {
    /// The same trials at other prices.
    pub fn priced(&self, prices: Prices) -> Course {
        Course { prices, ..self.clone() }
    }

    fn width(&self) -> usize {
        Metric::ALL.len() + self.tolerances
    }

    fn value(&self, row: &[f64], measure: Measure, strategy: usize) -> f64 {
        let own = &row[strategy * self.width()..][..self.width()];
        match measure {
            Measure::Metric(Metric::Cost) => {
                cost(&self.prices, strategy, |metric| own[metric as usize])
                    - self.prices.fixed[strategy]
            }
            Measure::Metric(metric) => own[metric as usize],
            Measure::Room(at) => own[Metric::ALL.len() + at],
        }
    }

    /// By trial: what varies of a quantity, times the weight of the trial; of the strategies that
    /// `like` played too, the others count as 0.
    fn parts(&self, quantity: Quantity, like: &Course) -> Vec<f64> {
        let part = |row: &Vec<f64>| {
            let value = |strategy: usize| {
                let both = self.played[strategy] && like.played[strategy];
                if both { self.value(row, quantity.measure, strategy) } else { 0.0 }
            };
            value(quantity.of) - quantity.less.map_or(0.0, value)
        };
        self.rows.iter().map(part).collect()
    }

    /// What is the same in every trial.
    fn constant(&self, quantity: Quantity) -> f64 {
        let fixed = |strategy: usize| match quantity.measure {
            Measure::Metric(Metric::Cost) => self.prices.fixed[strategy],
            _ => 0.0,
        };
        fixed(quantity.of) - quantity.less.map_or(0.0, fixed)
    }

    /// The mean of a quantity here, less that in `before`, with its standard error.
    pub fn change(&self, before: &Course, quantity: Quantity) -> (f64, f64) {
        let (here, there) = (self.parts(quantity, before), before.parts(quantity, self));
        let (mean, error) = self.mean_of(here.iter().zip(&there).map(|(a, b)| a - b));
        (self.constant(quantity) - before.constant(quantity) + mean, error)
    }

    /// The mean of a quantity, with its standard error.
    pub fn mean(&self, quantity: Quantity) -> (f64, f64) {
        let (mean, error) = self.mean_of(self.parts(quantity, self).into_iter());
        (self.constant(quantity) + mean, error)
    }

    /// The standard error of a mean that was known with the error `known` from so many trials before a
    /// change, of which `before` has the first, and to which the change was added. With a before and
    /// a + d after it, the mean of a over all N trials and of d over n of them has the variance
    /// (1/n - 1/N) var(d) + var(a + d) / N. The n trials say by how much the change raises the last
    /// part, and all N how large it is without it.
    pub fn error(&self, before: &Course, (trials, known): (u64, f64), quantity: Quantity) -> f64 {
        let share = (self.rows.len() as f64 / trials.max(1) as f64).min(1.0);
        let (here, there) = (self.parts(quantity, before), before.parts(quantity, self));
        let change: Vec<f64> = here.iter().zip(&there).map(|(a, b)| a - b).collect();
        let own = before.parts(quantity, before);
        let after = own.iter().zip(&change).map(|(a, d)| a + d);
        let (own, after) =
            (self.mean_of(own.iter().copied()).1.powi(2), self.mean_of(after).1.powi(2));
        let after = match own > 0.0 && known > 0.0 {
            true => known * known * after / own,
            false => known * known + share * after,
        };
        let few = match quantity.measure {
            Measure::Room(_) => self.step(&change),
            Measure::Metric(_) => 0.0,
        };
        let change = self.mean_of(change.into_iter()).1.powi(2) + few * few;
        ((1.0 - share) * change + after).sqrt()
    }

    /// By how much one case more that changes sides would change a mean. A limit is kept in the same
    /// cases before and after a change but for a few, and the spread of those few is not known from
    /// them: half a case is added to either side (Agresti and Min 2005, "Simple improved confidence
    /// intervals for comparing matched proportions", Statistics in Medicine 24). Where no case changes
    /// sides at all the change has nothing to do with the limit.
    fn step(&self, change: &[f64]) -> f64 {
        let largest = |stratum: usize| {
            let own = || change.iter().zip(&*self.strata).filter(|(_, at)| **at == stratum);
            let largest = own().map(|(change, _)| change.abs()).fold(0.0, f64::max);
            largest / own().count().max(1) as f64
        };
        largest(0).max(largest(1))
    }

    fn mean_of(&self, values: impl Iterator<Item = f64>) -> (f64, f64) {
        let mut strata = [Moments::default(), Moments::default()];
        values.zip(&*self.strata).for_each(|(value, stratum)| strata[*stratum].push(value));
        let played = strata.iter().filter(|moments| moments.count() > 0);
        // Values have the weights of their trials already.
        let (mean, error) =
            mean_of_strata(played.map(|moments| (1.0, moments))).unwrap_or_default();
        (mean, error.unwrap_or(f64::INFINITY))
    }

    /// What is known of all strategies after the change, where `known` was before it.
    pub fn outlook(&self, before: &Course, known: &Outlook) -> Outlook {
        let change = |measure: Measure, of: usize| {
            self.change(before, Quantity { measure, of, less: None }).0
        };
        let costs = known
            .costs
            .iter()
            .enumerate()
            .map(|(strategy, cost)| cost + change(Measure::Metric(Metric::Cost), strategy));
        let rooms = known.rooms.iter().enumerate().map(|(strategy, rooms)| {
            let rooms = rooms.iter().enumerate();
            rooms.map(|(at, room)| room + change(Measure::Room(at), strategy)).collect()
        });
        let suits = known.suits.clone();
        Outlook { costs: costs.collect(), rooms: rooms.collect(), suits }
    }
}

/// A mean with its standard error, as an interval.
pub fn interval((value, error): (f64, f64), confidence: f64) -> Estimate {
    let half = normal_deviate(confidence) * error;
    Estimate { value, interval: Interval { low: value - half, high: value + half } }
}

/// A number of a point, from each half of its trials.
pub fn halves(result: &PointResult, quantity: Quantity) -> [f64; 2] {
    let value = |half: usize, strategy: usize| {
        let means = &result.strategies[strategy].halves[half];
        match quantity.measure {
            Measure::Metric(Metric::Cost) => {
                cost(&result.prices, strategy, |metric| means[metric as usize])
            }
            Measure::Metric(metric) => means[metric as usize],
            Measure::Room(at) => means[room_at(at)],
        }
    };
    [0, 1].map(|half| {
        value(half, quantity.of) - quantity.less.map_or(0.0, |other| value(half, other))
    })
}
