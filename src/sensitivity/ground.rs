//! What a change of the scenario is held against, and whether a run of the changed scenario would say
//! that a strategy meets every tolerance.

use super::asked::Asked;
use super::common::{Course, Measure, Quantity, Worlds};
use super::guess::Guess;
use crate::numeric::normal_deviate;
use crate::scenario::{Scenario, Tolerance};
use crate::study::design::Design;
use crate::study::run::Trials;
use crate::study::verdict::{Compliance, verdicts_on};

/// The scenario as it stands: what its run knows, and some trials of it over again, one by one.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The run.
    pub asked: Asked<'a>,
    /// What it knows.
    pub guess: &'a Guess,
    /// The trials that are played for a change.
    pub worlds: Worlds,
    /// What they give as it stands.
    pub before: Course,
    /// Standard errors of an interval.
    pub deviate: f64,
}

impl<'a> Ground<'a> {
    /// Plays so many trials, at most those of the run.
    pub fn new(asked: Asked<'a>, guess: &'a Guess, trials: u64) -> Ground<'a> {
        let Asked { scenario, seed, threads, results, .. } = asked;
        let in_strata = scenario.world.rare.is_some();
        let trials = 0..trials.min(results.summary.trials);
        let worlds = Worlds { seed, trials, in_strata, only: Vec::new(), threads };
        let before = worlds.play(scenario);
        Ground { asked, guess, worlds, before, deviate: normal_deviate(results.confidence) }
    }

    /// The cheapest strategy that surely keeps every tolerance of a changed scenario, with its cost.
    ///
    /// The trials of a change say which strategies may. These are then played as a run would play them,
    /// with all its trials, the cheapest first, until one meets every tolerance.
    pub fn cheapest_that_meets(&self, changed: &Scenario) -> Option<(usize, f64)> {
        let course = self.worlds.play(changed);
        let outlook = course.outlook(&self.before, &self.guess.outlook);
        let trials = self.asked.results.summary.trials;
        let may_keep = |of: usize| {
            outlook.rooms[of].iter().enumerate().all(|(at, room)| {
                let quantity = Quantity { measure: Measure::Room(at), of, less: None };
                let known = self.guess.errors.rooms[of][at];
                let error = course.error(&self.before, (trials, known), quantity);
                room + self.deviate * error >= 0.0
            })
        };
        let may = (0..outlook.costs.len()).filter(|&of| changed.suits(of) && may_keep(of));
        let mut all: Vec<(usize, f64)> = may.map(|of| (of, outlook.costs[of])).collect();
        all.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        all.into_iter().find(|(strategy, _)| self.meets(changed, *strategy, &changed.tolerances))
    }

    /// Whether a run as long as the one that is asked about says of all these tolerances that a strategy
    /// meets them.
    pub fn meets(&self, scenario: &Scenario, strategy: usize, tolerances: &[Tolerance]) -> bool {
        self.met(scenario, strategy, tolerances).into_iter().all(|met| met)
    }

    /// The same of each tolerance.
    pub fn met(&self, scenario: &Scenario, strategy: usize, tolerances: &[Tolerance]) -> Vec<bool> {
        let Asked { seed, threads, results, .. } = self.asked;
        let design = match results.summary.design {
            Design::Plain => Design::Plain,
            _ => Design::from_world(&scenario.world),
        };
        let trials = Trials { seed, range: 0..results.summary.trials, threads, design };
        let verdicts = verdicts_on(scenario, strategy, tolerances, &trials, results.confidence);
        verdicts.iter().map(|verdict| verdict.compliance == Compliance::Met).collect()
    }
}
