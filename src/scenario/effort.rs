//! How much work a trial of a scenario is: what would take longer than anybody waits is refused at the
//! place that asks for it, unless it is said to be meant.

use super::traps::Read;
use crate::keys::Section;
use crate::units::show_duration;

/// Strikes of one fault in a trial. A trial is played to its end before anybody can stop it: so many
/// take a tenth of a second for each strategy, and with its outages some hundred megabytes.
const MOST_STRIKES: f64 = 1e6;
/// Time that a strike takes, hours: a tenth of a microsecond.
const STRIKE: f64 = 1e-7 / 3600.0;
/// Strategies in a scenario. Each is compared with each other, in every metric, on every thread: so many
/// take 200 megabytes.
const MOST_STRATEGIES: usize = 200;

/// Refuses what takes too long, unless it `is_forced`.
pub(super) fn refuse(top: &mut Section<'_>, read: &Read<'_>, is_forced: bool) {
    if is_forced {
        return;
    }
    for (fault, at) in read.faults.iter().zip(read.at_faults) {
        let strikes = fault.onsets.expected_within(read.horizon);
        if strikes > MOST_STRIKES {
            let message = format!(
                "\"{}\" strikes {strikes:.0} times in a trial: that takes about {} for each strategy, \
                 and cannot be stopped meanwhile",
                fault.name,
                show_duration(strikes * STRIKE)
            );
            let help = format!(
                "let it strike more rarely, or shorten the horizon; a trial may have {MOST_STRIKES:.0} \
                 strikes of a fault, and more with --force"
            );
            top.error_at(at.name.clone(), message, &help);
        }
    }
    let strategies = read.strategies.len();
    if strategies > MOST_STRATEGIES {
        let message = format!(
            "there are {strategies} strategies, and each is compared with each other in memory"
        );
        let help = format!("compare {MOST_STRATEGIES} at most; --force compares them all the same");
        let place = read.at_strategies.last().and_then(|at| at.name.clone());
        top.error_at(place, message, &help);
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::{ScenarioError, Spec};
    use std::path::Path;

    fn spec(every: &str, strategies: usize) -> Spec {
        let strategies: String =
            (0..strategies).map(|at| format!("[[strategy]]\nname = \"s{at}\"\n")).collect();
        let text = format!(
            "name = \"x\"\n[[fault]]\nname = \"f\"\nstrikes = \"server\"\n\
             every = \"{every}\"\nrepair = \"1s\"\n{strategies}"
        );
        Spec::parse(&text, Path::new(""), "test")
    }

    fn refused(spec: &mut Spec) -> Vec<String> {
        match spec.compile() {
            Err(ScenarioError::Wrong { findings, text, .. }) => findings
                .iter()
                .filter(|finding| finding.severity == crate::keys::Severity::Error)
                .map(|finding| {
                    let place = finding.span.clone().map_or("", |span| &text[span]);
                    format!("{place} | {}", finding.message)
                })
                .collect(),
            other => panic!("{:?}", other.map(|scenario| scenario.name)),
        }
    }

    #[test]
    fn what_takes_too_long_is_refused_at_its_place_unless_it_is_forced() {
        // A year has 31,536,000 seconds.
        assert!(spec("32s", 1).compile().is_ok());
        let mut second = spec("1s", 1);
        assert_eq!(
            refused(&mut second),
            ["\"f\" | \"f\" strikes 31536000 times in a trial: that takes about 3.15s for each \
              strategy, and cannot be stopped meanwhile"]
        );
        second.force();
        assert!(second.compile().is_ok());
        assert!(spec("300d", 200).compile().is_ok());
        let mut many = spec("300d", 201);
        assert_eq!(
            refused(&mut many),
            ["\"s200\" | there are 201 strategies, and each is compared with each other in memory"]
        );
        many.force();
        assert!(many.compile().is_ok());
        let help = |text: String| text.split(" | ").last().map(str::to_owned);
        let far = refused(&mut spec("300d", 1001));
        assert!(
            far.iter()
                .cloned()
                .filter_map(help)
                .any(|one| one == "there are 1001 tables [[strategy]]")
        );
    }
}
