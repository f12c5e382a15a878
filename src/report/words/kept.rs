//! Which strategies keep a tolerance, in a sentence.

use super::{condition, limit};
use crate::report::text::{figure, list, quoted};
use crate::scenario::{Scenario, Tolerance};
use crate::study::results::Results;
use crate::study::verdict::{Compliance, Verdict};

/// Up to so many strategies are named.
const FEW: usize = 3;

/// How many strategies meet a tolerance, and which do not where these are few.
pub(super) fn kept_by(scenario: &Scenario, results: &Results, tolerance: &Tolerance) -> String {
    let verdicts = || results.verdicts.iter().filter(|one| one.tolerance == *tolerance);
    let names = |one| -> Vec<String> {
        let of = verdicts().filter(|verdict| verdict.compliance == one);
        of.map(|verdict| quoted(&scenario.strategies[verdict.strategy].name)).collect()
    };
    let [met, missed, open] =
        [Compliance::Met, Compliance::Missed, Compliance::Undecided].map(names);
    let condition = condition(scenario, tolerance);
    let all = verdicts().count();
    if all == 1 && !open.is_empty() {
        return format!("The only strategy may keep {condition} (try --until-decided).");
    }
    let surely = if open.is_empty() { "" } else { "certainly " };
    let lead = match (met.len(), all) {
        (1, 1) => format!("The only strategy keeps {condition}"),
        (_, 1) => format!("The only strategy does not keep {condition}"),
        (0, _) if open.is_empty() => format!("No strategy keeps {condition}"),
        (0, _) => format!("No strategy certainly keeps {condition}"),
        (met, _) if met == all => format!("All {all} strategies keep {condition}"),
        (1, _) => format!("Only {} {surely}keeps {condition}", met[0]),
        (met, _) => format!("{met} of {all} strategies {surely}keep {condition}"),
    };
    let but = |names: &[String], what: [&str; 2]| match names.len() {
        0 => String::new(),
        // Where few do not, or few may, it is worth knowing which.
        number if number <= FEW && !met.is_empty() => {
            format!("; {} {}", list(names), what[usize::from(number > 1)])
        }
        _ => String::new(),
    };
    let missed = but(&missed, ["does not", "do not"]);
    let open = match open.len() {
        0 => String::new(),
        number if number <= FEW => format!("; {} may (try --until-decided)", list(&open)),
        number => format!("; {number} may (try --until-decided)"),
    };
    format!("{lead}{missed}{open}.")
}

/// Strategies of which more trials must tell whether they keep every tolerance, but for those that
/// are `named` already: "It may be …" where none surely does, and else "… may too".
pub(super) fn alternatives(
    scenario: &Scenario,
    results: &Results,
    named: &[usize],
) -> Option<String> {
    let is_open = |strategy: &usize| {
        let own = || results.verdicts.iter().filter(|verdict| verdict.strategy == *strategy);
        let has = |one: Compliance| own().any(|verdict| verdict.compliance == one);
        let may = has(Compliance::Undecided) && !has(Compliance::Missed);
        may && scenario.suits(*strategy) && !named.contains(strategy)
    };
    let all = (0..scenario.strategies.len()).filter(is_open);
    let names: Vec<String> = all.map(|at| quoted(&scenario.strategies[at].name)).collect();
    match (&names[..], named) {
        ([], _) => None,
        ([one], []) => Some(format!("Only {one} may; all others miss one.")),
        ([rest @ .., last], []) => Some(format!("It may be {} or {last}.", rest.join(", "))),
        _ => Some(format!("{} may meet every tolerance too.", list(&names))),
    }
}

/// A figure from the trials; of a count that is whole, no more than that.
pub(super) fn measured(value: f64) -> String {
    let is_small_count = value.fract() == 0.0 && value < 1000.0;
    if is_small_count { limit(value) } else { figure(value, 3) }
}

/// By how much of its trials or outages a strategy falls short of a tolerance.
pub(super) fn shortfall(verdict: &Verdict) -> f64 {
    verdict
        .within
        .map_or(f64::INFINITY, |within| (verdict.tolerance.confidence - within.share).max(0.0))
}
