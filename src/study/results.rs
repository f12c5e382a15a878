//! All that a run says, from which every table, page and answer is made.

use super::closed_form::{ClosedForm, closed_forms};
use super::compare::{Difference, differences};
use super::cost::{CostRow, costs};
use super::decide::{Decision, decide};
use super::partial::Partial;
use super::run::{Trials, Unwatched, run};
use super::summary::Summary;
use super::verdict::{Verdict, verdicts};
use crate::scenario::Scenario;
use std::sync::atomic::AtomicBool;

/// The results of a run.
#[derive(Debug)]
pub struct Results {
    /// Confidence of all intervals.
    pub confidence: f64,
    /// Every metric of every strategy.
    pub summary: Summary,
    /// Every pair of strategies.
    pub differences: Vec<Difference>,
    /// Every strategy held against every tolerance.
    pub verdicts: Vec<Verdict>,
    /// Costs by part.
    pub costs: Vec<CostRow>,
    /// Which strategy to choose.
    pub decision: Decision,
    /// What theory knows, beside its estimate.
    pub closed_forms: Vec<ClosedForm>,
}

impl Results {
    /// The results of all trials of a scenario, with intervals at `confidence`.
    pub fn new(scenario: &Scenario, whole: &Partial, confidence: f64) -> Results {
        let summary = Summary::new(scenario, whole, confidence);
        let verdicts = verdicts(scenario, whole, confidence);
        let decision = decide(scenario, whole, &summary, &verdicts, confidence);
        Results {
            confidence,
            differences: differences(scenario, whole, confidence),
            costs: costs(scenario, &summary.strategies, confidence),
            closed_forms: closed_forms(scenario, &summary.strategies),
            summary,
            verdicts,
            decision,
        }
    }
}

/// Plays these trials and nothing else; nothing if stopped.
pub fn study(
    scenario: &Scenario,
    trials: &Trials,
    confidence: f64,
    stop: &AtomicBool,
) -> Option<Results> {
    match run(scenario, trials, stop, &mut Unwatched) {
        Ok(whole) => Some(Results::new(scenario, &whole?, confidence)),
        Err(never) => match never {},
    }
}
