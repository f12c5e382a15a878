//! What a run knows where every assumption is as stated.

use super::asked::Asked;
use super::known::{Errors, Known};
use super::model::Outlook;
use crate::assumptions::Inputs;
use crate::metric::Metric;
use crate::stats::stratified::Share;
use crate::study::compare::Difference;
use crate::study::verdict::Verdict;

/// What is known where every assumption has its guess.
#[derive(Debug)]
pub struct Guess {
    /// The point of the guesses.
    pub point: Vec<f64>,
    /// What each strategy costs there, and its room under each tolerance.
    pub outlook: Outlook,
    /// How uncertain that is after all trials of the run.
    pub errors: Errors,
    /// By strategy: the mean of every metric.
    pub means: Vec<[f64; Metric::ALL.len()]>,
}

impl Guess {
    /// From a run.
    pub fn of(asked: Asked<'_>, inputs: &Inputs) -> Guess {
        let Asked { scenario, results, .. } = asked;
        let mean = |strategy: usize, metric: Metric| {
            results.summary.strategies[strategy].row(metric).map_or(0.0, |row| row.mean)
        };
        let by_strategy = |of: &dyn Fn(&Verdict) -> f64| -> Vec<Vec<f64>> {
            let own = |strategy: usize| {
                let verdicts = results.verdicts.iter();
                verdicts.filter(|verdict| verdict.strategy == strategy).map(of).collect()
            };
            (0..scenario.strategies.len()).map(own).collect()
        };
        let room = |verdict: &Verdict| {
            let short = |within: Share| within.share - verdict.tolerance.confidence;
            verdict.cases * verdict.within.map_or(0.0, short)
        };
        // That of the share at what is asked, as a verdict has it: what surely has room is met.
        let error = |verdict: &Verdict| {
            let asked = verdict.tolerance.confidence;
            let of = |within: Share| (asked * (1.0 - asked) / within.effective).sqrt();
            verdict.cases * verdict.within.map_or(0.0, of)
        };
        let all = 0..scenario.strategies.len();
        let outlook = Outlook {
            costs: results.decision.costs.clone(),
            rooms: by_strategy(&room),
            suits: all.clone().map(|strategy| scenario.suits(strategy)).collect(),
        };
        let extra = |strategy: usize| {
            let choice = outlook.choice().filter(|&choice| choice != strategy)?;
            let pair = |one: &&Difference| {
                one.metric == Metric::Cost
                    && (one.a.min(one.b), one.a.max(one.b))
                        == (strategy.min(choice), strategy.max(choice))
            };
            results.differences.iter().find(pair)?.standard_error
        };
        Guess {
            point: inputs.guesses(),
            errors: Errors {
                rooms: by_strategy(&error),
                extra: all.clone().map(|strategy| extra(strategy).unwrap_or(0.0)).collect(),
            },
            outlook,
            means: all.map(|strategy| Metric::ALL.map(|metric| mean(strategy, metric))).collect(),
        }
    }

    /// The outlook with its errors.
    pub fn known(&self) -> Known {
        Known { outlook: self.outlook.clone(), errors: self.errors.clone() }
    }
}
