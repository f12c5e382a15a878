//! Plays one trial at a time: the only place that knows how a trial is drawn and what it costs.
//!
//! Runs, traces, calendars and replays all ask here, so a trial is the same in each of them. A
//! player is immutable and threads share it; each keeps a [`Scratch`] of its own.

use super::design::Design;
use crate::engine::SignInLoss;
use crate::engine::observe::Observer;
use crate::engine::outage::Outage;
use crate::engine::{Engine, Scratch};
use crate::metric::{Metric, Metrics};
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::world::World;
use crate::world::rare::Condition;

/// Strategies of a scenario in one world, ready to play.
#[derive(Debug)]
pub struct Player<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// By strategy: the engine, which knows the names of causes.
    pub engines: Vec<Engine<'a>>,
    /// The seed of all draws.
    pub seed: u64,
    /// The time for which annual costs are paid, hours.
    pub paid_hours: f64,
    design: Design,
}

/// What a trial of one strategy gives.
#[derive(Debug, Clone, Copy)]
pub struct TrialResult<'s> {
    /// All metrics; the cost is 0 without prices.
    pub metrics: Metrics,
    /// The outages, in the order of time.
    pub outages: &'s [Outage],
    /// When users could not sign in, in the order of time.
    pub(crate) sign_in: &'s [SignInLoss],
}

impl<'a> Player<'a> {
    /// Plays a scenario in its own world.
    pub fn new(scenario: &'a Scenario, seed: u64, design: Design) -> Player<'a> {
        let strategies = &scenario.strategies;
        Player { design, ..Player::in_world(scenario, &scenario.world, strategies, seed) }
    }

    /// Plays some of a scenario's strategies in another world, where each trial is drawn plainly.
    /// Prices and the time for which annual costs are paid stay those of the scenario.
    pub fn in_world(
        scenario: &'a Scenario,
        world: &'a World,
        strategies: &'a [Strategy],
        seed: u64,
    ) -> Player<'a> {
        let engines = strategies.iter().map(|strategy| Engine::new(world, strategy));
        let paid_hours = scenario.world.horizon;
        Player { scenario, engines: engines.collect(), seed, paid_hours, design: Design::Plain }
    }

    /// Plays a trial of a strategy, which is given by its place among those of this player.
    pub fn play<'s, O: Observer>(
        &self,
        strategy: usize,
        trial: u64,
        scratch: &'s mut Scratch,
        observer: &mut O,
    ) -> TrialResult<'s> {
        let engine = &self.engines[strategy];
        let given = self.condition(trial);
        let mut metrics = engine.play_given(given, self.seed, trial, scratch, observer);
        if let Some(costs) = &self.scenario.costs {
            metrics[Metric::Cost] = costs.of(engine.strategy(), self.paid_hours, &metrics);
        }
        TrialResult { metrics, outages: scratch.outages(), sign_in: scratch.sign_in_losses() }
    }

    /// What is known of a trial before it is played.
    pub fn condition(&self, trial: u64) -> Condition {
        self.design.given(self.design.stratum(trial))
    }

    /// The stratum of a trial.
    pub fn stratum(&self, trial: u64) -> usize {
        self.design.stratum(trial)
    }

    /// The weights of the strata; they add up to 1.
    pub fn weights(&self) -> Vec<f64> {
        self.design.weights()
    }
}
