//! What a move costs once, and when it has paid, in words.

use super::money::money;
use super::period;
use crate::report::text::{figure, quoted};
use crate::scenario::Scenario;
use crate::study::payback::{Payback, paybacks};
use crate::study::results::Results;

/// A sentence or two for each strategy to which one has to move and that may be chosen.
pub(super) fn sentences(scenario: &Scenario, results: &Results) -> Vec<String> {
    paybacks(scenario, results).iter().map(|one| sentence(scenario, one)).collect()
}

fn sentence(scenario: &Scenario, payback: &Payback) -> String {
    let name = quoted(&scenario.strategies[payback.strategy].name);
    let price = money(scenario, payback.price);
    let hours = figure(payback.hours, 2);
    let once = if payback.is_counted {
        format!(
            "The move to {name} costs {price} once ({hours} h of work), in the {} that is played.",
            period(scenario)
        )
    } else {
        format!(
            "The move to {name} is not in its cost: {price} once, for {hours} h of work by judgement \
             (`cloud_sync.migration`)."
        )
    };
    let Some(rival) = payback.rival else { return once };
    let other = quoted(&scenario.strategies[rival.strategy].name);
    let saved = money(scenario, rival.extra_a_year.abs());
    let then = match payback.years() {
        Some(years) => format!(
            "Without it {name} costs {saved} a year less than {other}, so the move has paid after {} years.",
            figure(years, 2)
        ),
        None => format!(
            "Even without it {name} costs {saved} a year more than {other}, so the move never pays."
        ),
    };
    format!("{once} {then}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::payback::Rival;
    use std::path::Path;

    #[test]
    fn the_price_comes_first_then_the_years() {
        let text = "name = \"x\"\nhorizon = \"365d\"\n[costs]\ncurrency = \"EUR\"\n\
                    [[strategy]]\nname = \"server\"\n[[strategy]]\nname = \"agents\"\n[strategy.cloud_sync]\n";
        let scenario = Scenario::read(text.to_owned(), Path::new(""), "x").unwrap();
        let rival = |extra_a_year| Some(Rival { strategy: 0, extra_a_year });
        let payback = Payback {
            strategy: 1,
            hours: 40.0,
            is_counted: true,
            price: 3_600.0,
            rival: rival(1_800.0),
        };
        let once = "The move to \"agents\" costs 3,600 EUR once (40 h of work), in the year that is played.";
        assert_eq!(
            sentence(&scenario, &payback),
            format!(
                "{once} Without it \"agents\" costs 1,800 EUR a year less than \"server\", so the move has \
                 paid after 2.0 years."
            )
        );
        let never = Payback { rival: rival(-900.0), ..payback };
        assert!(
            sentence(&scenario, &never)
                .ends_with("900 EUR a year more than \"server\", so the move never pays.")
        );
        let judged = Payback { is_counted: false, rival: None, ..payback };
        assert!(
            sentence(&scenario, &judged)
                .starts_with("The move to \"agents\" is not in its cost: 3,600 EUR once")
        );
    }
}
