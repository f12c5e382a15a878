//! The choice in one word: which strategy it is, and whether chance leaves it open.

use super::cheapest::cheapest;
use super::decide::DecisionReason;
use super::results::Results;
use super::verdict::Compliance;
use crate::metric::Metric;
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};

/// What a study chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The strategy, by its place in the scenario; where the trials leave it open, the one that
    /// their estimates are for. None where no strategy keeps every tolerance, and where none of
    /// several that trade spending for risk is named.
    pub strategy: Option<usize>,
    /// Whether the trials are as sure of it as their confidence asks.
    pub settled: bool,
}

impl Choice {
    /// What these results choose: with tolerances the cheapest strategy that keeps them all; without
    /// any, the strategy that costs least where there are prices, else the one that has both the
    /// lowest spending and the lowest risk.
    pub fn of(scenario: &Scenario, results: &Results) -> Choice {
        let decision = &results.decision;
        match decision.reason {
            DecisionReason::Cheapest | DecisionReason::OnlyOne => {
                let sure = decision.probability.is_some_and(|sure| sure >= results.confidence);
                Choice { strategy: decision.strategy, settled: sure }
            }
            DecisionReason::NoneMeets => Choice { strategy: None, settled: true },
            DecisionReason::Undecided => {
                Choice { strategy: leaning(scenario, results), settled: false }
            }
            DecisionReason::Dominates | DecisionReason::Front if scenario.costs.is_some() => {
                least_cost(scenario, results)
            }
            DecisionReason::Dominates | DecisionReason::Front => {
                Choice { strategy: decision.strategy, settled: true }
            }
        }
    }
}

/// The cheapest strategy of those whose estimates keep every tolerance.
fn leaning(scenario: &Scenario, results: &Results) -> Option<usize> {
    let costs = &results.decision.costs;
    cheapest(costs, |strategy| {
        let mut own = results.verdicts.iter().filter(|verdict| verdict.strategy == strategy);
        scenario.suits(strategy)
            && own.all(|verdict| match verdict.within {
                Some(within) => within.share >= verdict.tolerance.confidence,
                None => verdict.compliance != Compliance::Missed,
            })
    })
}

/// The strategy with the lowest mean cost: settled if every other surely costs more.
fn least_cost(scenario: &Scenario, results: &Results) -> Choice {
    let best = cheapest(&results.decision.costs, |strategy| scenario.suits(strategy));
    let suit = |a: usize, b: usize| scenario.suits(a) && scenario.suits(b);
    let against = results.differences.iter().filter(|row| row.metric == Metric::Cost);
    let against = against.filter(|row| suit(row.a, row.b));
    let settled = against.filter_map(|row| match best {
        Some(best) if row.a == best => Some(*row),
        Some(best) if row.b == best => Some(row.turned()),
        _ => None,
    });
    let surely_less = |interval: Option<crate::stats::Interval>| {
        interval.is_some_and(|interval| interval.high < 0.0)
    };
    Choice { strategy: best, settled: settled.into_iter().all(|row| surely_less(row.interval)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    /// Two strategies of the same protection, of which one costs more; one outage of 4 h.
    fn choice(more: &str, costs: [u32; 2], trials: u64) -> Choice {
        let text = format!(
            "name = \"x\"\nhorizon = \"300h\"\n{more}\n[costs]\n[[fault]]\nname = \"crash\"\n\
             strikes = \"server\"\nat = [\"10h\"]\nrepair = \"4h\"\n\
             [[strategy]]\nname = \"a\"\nannual_cost = {}\n\
             [[strategy]]\nname = \"b\"\nannual_cost = {}\n",
            costs[0], costs[1]
        );
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        let trials = Trials { seed: 1, range: 0..trials, threads: 1, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
        Choice::of(&scenario, &results)
    }

    #[test]
    fn without_tolerances_the_cheaper_is_chosen() {
        for (costs, best) in [([1, 2], 0), ([2, 1], 1)] {
            let choice = choice("", costs, 50);
            assert_eq!(choice, Choice { strategy: Some(best), settled: true });
        }
        // The same cost: nothing tells which.
        assert!(!choice("", [1, 1], 50).settled);
    }

    #[test]
    fn with_a_tolerance_it_is_kept_missed_or_open() {
        let tolerance = |limit: &str| {
            format!("[tolerance]\nlongest_outage_hours = {{ limit = {limit}, confidence = 0.9 }}")
        };
        let kept = choice(&tolerance("200.0"), [2, 1], 200);
        assert_eq!(kept, Choice { strategy: Some(1), settled: true });
        let missed = choice(&tolerance("1.0"), [2, 1], 200);
        assert_eq!(missed, Choice { strategy: None, settled: true });
        // Five trials that all keep it do not show that nine in ten do.
        let open = choice(&tolerance("200.0"), [2, 1], 5);
        assert_eq!(open, Choice { strategy: Some(1), settled: false });
    }
}
