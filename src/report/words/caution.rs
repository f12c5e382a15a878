//! What has to be said first: that most of the harm comes from one fault whose rate nobody has
//! measured.

use super::{period, risk_words};
use crate::keys::quote;
use crate::report::sources::Sources;
use crate::report::text::{figure, list, percent, quoted};
use crate::scenario::Scenario;
use crate::study::decide::{DominantFault, risk_metric};
use crate::units::HOURS_PER_YEAR;
use crate::world::fault::Fault;

/// Strategies that a sentence names; of more it gives the number.
const NAMED: usize = 3;

/// A sentence for each fault that makes more than half of the harm of strategies in question, and
/// whose rate is a judgement or has no source.
pub fn cautions(scenario: &Scenario, dominant: &[DominantFault]) -> Vec<String> {
    let mut faults: Vec<usize> = dominant.iter().map(|one| one.fault).collect();
    faults.sort_unstable();
    faults.dedup();
    let sentence = |fault: usize| {
        let cause = &scenario.world.faults[fault];
        let basis = basis(scenario, cause)?;
        let of_it: Vec<&DominantFault> = dominant.iter().filter(|one| one.fault == fault).collect();
        let harm = risk_words(risk_metric(scenario));
        let name = |one: &DominantFault| quoted(&scenario.strategies[one.strategy].name);
        let whose = match of_it[..] {
            [one] => format!("{} of the {harm} of {}", percent(one.share), name(one)),
            [..] if of_it.len() > NAMED => {
                let all = scenario.strategies.len();
                let of = if of_it.len() == all {
                    format!("all {all} strategies")
                } else {
                    format!("{} of {all} strategies", of_it.len())
                };
                format!("Half or more of the {harm} of {of}")
            }
            [..] => {
                let each = |one: &&DominantFault| format!("{} ({})", name(one), percent(one.share));
                let each: Vec<String> = of_it.iter().map(each).collect();
                format!("Half or more of the {harm} of {}", list(&each))
            }
        };
        let (fault, rate) = (quoted(&cause.name), rate(scenario, cause));
        Some(format!("{whose} come from one fault, {fault} ({rate}{basis})."))
    };
    faults.into_iter().filter_map(sentence).collect()
}

/// How often the fault strikes: "every 100 years".
fn rate(scenario: &Scenario, fault: &Fault) -> String {
    let Some(up) = &fault.onsets.every else {
        let expected = fault.onsets.expected_within(scenario.world.horizon);
        return format!("{} times a {}", figure(expected, 2), period(scenario));
    };
    let years = up.mean() / HOURS_PER_YEAR;
    let (number, unit) = if years < 1.0 { (365.0 * years, "days") } else { (years, "years") };
    let number = figure(number, 2);
    let number = match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => &number,
    };
    if number == "1" {
        format!("every {}", unit.trim_end_matches('s'))
    } else {
        format!("every {number} {unit}")
    }
}

/// What the rate rests on, where that is a judgement or not told; none where it has a source.
fn basis(scenario: &Scenario, fault: &Fault) -> Option<&'static str> {
    let sources = Sources::read();
    let mut all_told = true;
    for key in ["every", "at"] {
        let key = format!("fault.{}.{key}", quote(&fault.name));
        let Some(assumption) = scenario.assumption(&key) else {
            continue;
        };
        let comment = sources.stated(assumption);
        let is_fitted = assumption.value.contains("fitted");
        match comment.map(str::to_lowercase) {
            Some(comment) if comment.contains("judgement") => return Some(" by judgement"),
            Some(_) => {}
            None => all_told &= is_fitted,
        }
    }
    (!all_told).then_some(", no source given")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn told(comment: &str, dominant: &[DominantFault]) -> Vec<String> {
        told_of(&["a", "b"], comment, dominant)
    }

    fn told_of(names: &[&str], comment: &str, dominant: &[DominantFault]) -> Vec<String> {
        let strategies = names.iter().map(|name| format!("[[strategy]]\nname = \"{name}\"\n"));
        let text = format!(
            "name = \"x\"\n[[fault]]\nname = \"flood\"\nstrikes = \"site\"\n\
             every = {{ exponential = {{ mean = \"36500d\" }} }}{comment}\nrepair = \"20d\"\n{}",
            strategies.collect::<String>()
        );
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        let plain = |text: String| text.replace('\u{a0}', " ");
        cautions(&scenario, dominant).into_iter().map(plain).collect()
    }

    #[test]
    fn a_rate_by_judgement_or_without_a_source_is_named_and_a_measured_one_is_not() {
        let one = [DominantFault { strategy: 0, fault: 0, share: 0.57 }];
        let sentence = |basis: &str| {
            format!(
                "57 % of the stale user-hours of \"a\" come from one fault, \"flood\" (every 100 \
                 years{basis})."
            )
        };
        assert_eq!(told(" # Judgement: floods", &one), [sentence(" by judgement")]);
        assert_eq!(told("", &one), [sentence(", no source given")]);
        assert!(told(" # flood map of 2024", &one).is_empty());
        assert!(told("", &[]).is_empty());
    }

    #[test]
    fn strategies_with_the_same_fault_share_a_sentence() {
        let two = [
            DominantFault { strategy: 0, fault: 0, share: 0.57 },
            DominantFault { strategy: 1, fault: 0, share: 0.96 },
        ];
        let expected = "Half or more of the stale user-hours of \"a\" (57 %) and \"b\" (96 %) come \
                        from one fault, \"flood\" (every 100 years by judgement).";
        assert_eq!(told(" # judgement", &two), [expected]);
    }

    #[test]
    fn many_strategies_are_counted_and_not_named() {
        let names = ["a", "b", "c", "d", "e"];
        let first = |count: usize| -> Vec<DominantFault> {
            (0..count).map(|strategy| DominantFault { strategy, fault: 0, share: 0.6 }).collect()
        };
        let of = |count| told_of(&names, " # judgement", &first(count))[0].clone();
        let harm = "Half or more of the stale user-hours of";
        assert!(of(3).starts_with(&format!("{harm} \"a\" (60 %), ")), "{}", of(3));
        assert!(of(4).starts_with(&format!("{harm} 4 of 5 strategies come from one fault,")));
        assert!(of(5).starts_with(&format!("{harm} all 5 strategies come from one fault,")));
    }
}
