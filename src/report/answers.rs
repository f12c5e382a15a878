//! What is said of a run, for scripts and for notebooks: one JSON object whose keys stay, and notes on
//! how the trials came about. Where files went is added by whoever wrote some.

use super::text::count;
use super::variants::{Variant, recommendations};
use super::words::{fit, robustness as robustness_words, run as words, trials};
use super::{diagnostics, pictures, tables, variants};
use crate::keys::Json;
use crate::scenario::Scenario;
use crate::sensitivity::robustness::{LEAST_TRIALS, Robustness, has_choice};
use crate::study::results::Results;
use crate::study::stopping::{Goal, GoalOutcome};
use serde_json::json;

/// A run that is done.
#[derive(Debug, Clone, Copy)]
pub struct RunSaid<'a> {
    /// What was played.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub results: &'a Results,
    /// How well the choice stands if the assumptions are wrong.
    pub robustness: Option<&'a Robustness>,
    /// Both ways to take fits, if both were played.
    pub variants: &'a [Variant<'a>],
    /// How the trials came about.
    pub notes: &'a [String],
    /// Seed of all random draws.
    pub seed: u64,
}

impl RunSaid<'_> {
    /// All of it, for scripts.
    pub fn json(&self) -> Json {
        let RunSaid { scenario, results, .. } = *self;
        let summary = &results.summary;
        json!({
            "scenario": scenario.name,
            "set": scenario.options,
            "horizon_hours": scenario.world.horizon,
            "seed": self.seed,
            "trials": summary.trials,
            "confidence": results.confidence,
            "recommendation": self.recommendation(),
            "robustness": self.robustness.map(|one| robustness_words::json(scenario, one)),
            "summary": tables::summary(summary),
            "tolerance": tables::tolerance(results),
            "comparison": tables::comparison(results),
            "cost": tables::cost(results, scenario.currency()),
            "outages": tables::outages(summary),
            "sign_in": scenario.world.sign_in.as_ref().map(|_| tables::sign_in(summary)),
            "closed_forms": tables::closed_forms(results),
            "fits": fits_json(scenario),
            "variants": {
                "recommendations": recommendations(self.variants),
                "figures": variants::table(self.variants),
            },
            "notes": self.notes,
            "warnings": diagnostics::to_json(&scenario.warnings, &scenario.text),
        })
    }

    fn recommendation(&self) -> Json {
        let decision = &self.results.decision;
        let name = |index: usize| self.scenario.strategies[index].name.as_str();
        let words = words::recommendation(self.scenario, self.results, self.robustness);
        json!({
            "strategy": decision.strategy.map(name),
            "reason": words.headline,
            "probability": decision.probability,
            "cautions": words.cautions,
            "reasons": words.reasons,
            "front": decision.front.iter().map(|&index| name(index)).collect::<Json>(),
        })
    }
}

/// The distributions that are fitted to logs.
pub fn fits_json(scenario: &Scenario) -> Json {
    let told = scenario.fits.iter().map(|told| {
        json!({
            "file": told.file,
            "written": told.spelled,
            "variable": told.quantity.name(),
            "n": told.complete,
            "censored": told.censored,
            "left_out": told.left_out,
            "family": told.family.name(),
            "best": told.best,
            "possible_laws": told.possible,
            "words": fit::summary(told),
        })
    });
    told.collect()
}

/// How the trials of a run came about.
#[derive(Debug, Clone, Copy)]
pub struct Played<'a> {
    /// What was played.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub results: &'a Results,
    /// For what it was played.
    pub goal: Goal,
    /// Whether that was reached, where it is not a number of trials.
    pub outcome: Option<&'a GoalOutcome>,
    /// The most trials that it might have taken.
    pub most_trials: u64,
    /// A way to take fits was asked for.
    pub asks_for_fits: bool,
    /// The assumptions were to be varied too.
    pub wants_robustness: bool,
}

impl Played<'_> {
    /// What is to be said of it.
    pub fn notes(&self) -> Vec<String> {
        let Played { scenario, results, .. } = *self;
        let played = results.summary.trials;
        let stopping = self.outcome.map(|outcome| {
            trials::stopping(scenario, self.goal, outcome, (played, self.most_trials))
        });
        let sampling = trials::sampling(scenario, results.summary.design);
        let known = trials::closed_forms(scenario, &results.closed_forms);
        let unshown = pictures::unshown(scenario);
        let fits = scenario.fits.iter().map(fit::summary);
        let idle = (self.asks_for_fits && scenario.fits.is_empty()).then(|| {
            "No distribution of the scenario is fitted to a log, so --fits has no effect."
                .to_owned()
        });
        let short = self.wants_robustness && played < LEAST_TRIALS && has_choice(scenario);
        let short = short.then(|| {
            format!(
                "From {} on, the answer says how sure the choice is over the ranges of the \
                 assumptions, and what changes it.",
                count(LEAST_TRIALS, "trial")
            )
        });
        let fits = fits.chain(idle).chain(short);
        fits.chain(sampling).chain(stopping).chain(known).chain(unshown).collect()
    }
}
