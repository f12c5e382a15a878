//! Which strategies keep a tolerance, in a sentence.

use super::condition;
use crate::report::text::{list, quoted};
use crate::scenario::{Scenario, Tolerance};
use crate::study::results::Results;
use crate::study::verdict::Compliance;

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
        (0, _) => format!("None of {all} strategies {surely}keeps {condition}"),
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
