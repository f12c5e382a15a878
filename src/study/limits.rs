//! Which strategy would be the choice if a tolerance had another limit.

use super::decide::Decision;
use super::summary::StrategyResult;
use super::verdict::{Compliance, Verdict};
use crate::scenario::{Scenario, Tolerance};

/// A strategy is the choice from this limit on, until the next band begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The strategy, by its place in the scenario.
    pub strategy: usize,
    /// The lowest limit that it keeps as often as the tolerance asks, by the trials.
    pub from: f64,
}

/// The choice at every limit of `tolerance`, all else as it is: below the first band no strategy
/// keeps it. The cheapest strategy that suits the organisation and keeps all other tolerances is the
/// choice wherever it keeps this one; below that the next cheapest that keeps a lower limit is, and so on.
pub fn bands(
    scenario: &Scenario,
    tolerance: &Tolerance,
    decision: &Decision,
    verdicts: &[Verdict],
    results: &[StrategyResult],
) -> Vec<Band> {
    let keeps_others = |strategy: usize| {
        let of_it = |verdict: &&Verdict| verdict.strategy == strategy;
        let others = verdicts.iter().filter(of_it).filter(|it| it.tolerance != *tolerance);
        others.into_iter().all(|verdict| verdict.compliance == Compliance::Met)
    };
    let mut candidates: Vec<(f64, Band)> = (0..results.len())
        .filter(|strategy| scenario.suits(*strategy) && keeps_others(*strategy))
        .filter_map(|strategy| {
            let from = results[strategy].lowest_limit(tolerance)?;
            Some((decision.costs[strategy], Band { strategy, from }))
        })
        .collect();
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.from.total_cmp(&b.1.from)));
    let mut bands: Vec<Band> = Vec::new();
    for (_, band) in candidates {
        if bands.last().is_none_or(|last| band.from < last.from) {
            bands.push(band);
        }
    }
    bands.reverse();
    bands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn a_dearer_strategy_is_the_choice_where_a_cheaper_one_keeps_no_such_limit() {
        // One outage of 9 h, 4 h or 1 h, that costs 0, 10 or 20; and one of 4 h for 30, which is
        // never the choice. Agents lose nothing, but they do not suit.
        let rebuild = |name: &str, cost: f64, hours: f64| {
            format!(
                "[[strategy]]\nname = \"{name}\"\nannual_cost = {cost:?}\n[strategy.rebuild]\n\
                 install = \"{hours}h\"\nswitch_on = \"0s\"\nsuccess = 1.0\nspare = \"server\"\n"
            )
        };
        let text = format!(
            "name = \"x\"\nhorizon = \"365d\"\n[sync]\nimport_per_second = 1e12\n\
             sync_per_second = 1e12\n[operations]\ndetection = \"0s\"\ncall_out = \"0s\"\n\
             decision = \"0s\"\nrepair_first = \"0s\"\n[[fault]]\nname = \"crash\"\n\
             strikes = \"server\"\nat = [\"1000h\"]\nrepair = \"9h\"\n[[strategy]]\nname = \"none\"\n\
             {}{}{}[[strategy]]\nname = \"agents\"\n[strategy.cloud_sync]\n[organisation]\ndevices = true\n\
             [tolerance]\nlongest_outage_hours = {{ limit = 5.0, confidence = 0.9 }}\n",
            rebuild("slow", 10.0, 4.0),
            rebuild("quick", 20.0, 1.0),
            rebuild("dear", 30.0, 4.0),
        );
        let scenario = Scenario::read(text, Path::new(""), "test").unwrap();
        let trials = Trials { seed: 1, range: 0..50, threads: 1, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
        let bands = bands(
            &scenario,
            &scenario.tolerances[0],
            &results.decision,
            &results.verdicts,
            &results.summary.strategies,
        );
        let told: Vec<(usize, i64)> =
            bands.iter().map(|band| (band.strategy, band.from.round() as i64)).collect();
        assert_eq!(told, [(2, 1), (1, 4), (0, 9)]);
    }
}
