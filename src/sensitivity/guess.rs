//! What a run knows where every assumption is as stated.

use super::asked::Asked;
use super::model::Outlook;
use crate::assumptions::Inputs;
use crate::metric::Metric;
use crate::scenario::Criterion;

/// What is known where every assumption has its guess.
#[derive(Debug)]
pub struct Guess {
    /// The point of the guesses.
    pub point: Vec<f64>,
    /// What each strategy costs there, and its room under each tolerance.
    pub outlook: Outlook,
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
        let rooms = |strategy: usize| -> Vec<f64> {
            let own = results.verdicts.iter().filter(|verdict| verdict.strategy == strategy);
            let rooms = own.map(|verdict| {
                let cases = match verdict.tolerance.criterion {
                    Criterion::Metric(_) => 1.0,
                    Criterion::RestoreHours => {
                        results.summary.strategies[strategy].unplanned_outages()
                    }
                };
                let share = verdict.within.map(|within| within.share);
                share.map_or(0.0, |share| cases * (share - verdict.tolerance.confidence))
            });
            rooms.collect()
        };
        let all = 0..scenario.strategies.len();
        Guess {
            point: inputs.guesses(),
            outlook: Outlook {
                costs: results.decision.costs.clone(),
                rooms: all.clone().map(rooms).collect(),
                suits: all.clone().map(|strategy| scenario.suits(strategy)).collect(),
            },
            means: all.map(|strategy| Metric::ALL.map(|metric| mean(strategy, metric))).collect(),
        }
    }
}
