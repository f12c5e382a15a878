//! What a move costs once, and when it has paid, in words.

use super::money::money;
use super::period;
use crate::report::text::{count, figure, grouped, quoted};
use crate::scenario::Scenario;
use crate::study::payback::{Payback, paybacks};
use crate::study::results::Results;

/// A sentence or two for each strategy to which one has to move and that may be chosen or does not suit,
/// and one for each other that costs something once.
pub(super) fn sentences(scenario: &Scenario, results: &Results) -> Vec<String> {
    let moves = paybacks(scenario, results);
    let is_told = |at: usize| moves.iter().any(|one| one.strategy == at && one.is_counted);
    let all = (0..scenario.strategies.len()).filter(|at| !is_told(*at));
    let once = all.filter_map(|at| one_off(scenario, at));
    moves.iter().map(|one| sentence(scenario, one)).chain(once).collect()
}

/// What a strategy costs once, and how much of it is in its cost.
fn one_off(scenario: &Scenario, strategy: usize) -> Option<String> {
    let strategy = &scenario.strategies[strategy];
    let once = strategy.one_off_cost;
    let is_paid = once > 0.0 && scenario.costs.is_some();
    is_paid.then(|| {
        let (name, price) = (quoted(&strategy.name), money(scenario, once));
        format!("{name} costs {price} once{}.", part(scenario, once))
    })
}

/// How much of what is paid once is in the cost of the time that is played.
fn part(scenario: &Scenario, once: f64) -> String {
    let period = period(scenario);
    let share = scenario.strategies.first().map_or(1.0, |strategy| strategy.share_of_once);
    match scenario.costs.as_ref().and_then(|costs| costs.years()) {
        Some(years) if share < 1.0 => format!(
            ", spread over {}: {} of it is in the cost of the {period} that is played",
            count(years, "year"),
            money(scenario, share * once)
        ),
        _ => format!(", all of it in the cost of the {period} that is played"),
    }
}

fn sentence(scenario: &Scenario, payback: &Payback) -> String {
    let name = quoted(&scenario.strategies[payback.strategy].name);
    let once = once(scenario, payback, &name);
    let Some(rival) = payback.rival else { return once };
    let other = quoted(&scenario.strategies[rival.strategy].name);
    let saved = money(scenario, rival.extra_a_year.abs());
    let (has_paid, pays) = match payback.suits {
        true => ("has paid", "never pays"),
        false => ("would have paid", "would never pay"),
    };
    let then = match payback.years() {
        Some(_) if is_free(payback) => format!("{name} costs {saved} a year less than {other}."),
        None if is_free(payback) => format!("{name} costs {saved} a year more than {other}."),
        Some(years) => format!(
            "Without it {name} costs {saved} a year less than {other}, so the move {has_paid} after {} years.",
            figure(years, 2)
        ),
        None => format!(
            "Even without it {name} costs {saved} a year more than {other}, so the move {pays}."
        ),
    };
    format!("{once} {then}")
}

/// Does the scenario say that the move costs nothing?
fn is_free(payback: &Payback) -> bool {
    payback.is_counted && payback.price + payback.one_off <= 0.0
}

/// What the move costs once, and how much of it is in the cost.
fn once(scenario: &Scenario, payback: &Payback, name: &str) -> String {
    let hours = match payback.hours >= 10.0 {
        true => grouped(payback.hours.round() as u64),
        false => figure(payback.hours, 2),
    };
    let (costs, is) = match payback.suits {
        true => (format!("The move to {name} costs"), format!("The move to {name} is")),
        false => (
            format!("If {name} suited, the move to it would cost"),
            format!("The move to {name}, which does not suit, is"),
        ),
    };
    if is_free(payback) {
        format!("{costs} nothing, as the scenario says.")
    } else if payback.is_counted {
        let all = payback.price + payback.one_off;
        let price = money(scenario, all);
        let bought = match payback.one_off > 0.0 {
            true => format!(", and {} for what is bought", money(scenario, payback.one_off)),
            false => String::new(),
        };
        let part = part(scenario, all);
        format!("{costs} {price} once ({hours} h of work{bought}){part}.")
    } else {
        let price = money(scenario, payback.price);
        format!(
            "{is} not in its cost: {price} once, for {hours} h of work by judgement \
             (`cloud_sync.migration`)."
        )
    }
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
            suits: true,
            hours: 40.0,
            is_counted: true,
            price: 3_600.0,
            one_off: 0.0,
            rival: rival(1_800.0),
        };
        let once = "The move to \"agents\" costs 3,600 EUR once (40 h of work), all of it in the cost of the \
                    year that is played.";
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
        // What does not suit is told as what would be.
        let unfit = Payback { suits: false, ..payback };
        assert_eq!(
            sentence(&scenario, &unfit),
            "If \"agents\" suited, the move to it would cost 3,600 EUR once (40 h of work), all of it in the cost \
             of the year that is played. Without it \"agents\" costs 1,800 EUR a year less than \"server\", so the \
             move would have paid after 2.0 years."
        );
        // Spread over four years, with a server that is bought.
        let text = text.replace("\"EUR\"", "\"EUR\"\nyears = 4");
        let text = text.replace("\"server\"", "\"server\"\none_off_cost = 2_000.0");
        let spread = Scenario::read(text, Path::new(""), "x").unwrap();
        let bought = Payback { one_off: 400.0, ..payback };
        assert!(sentence(&spread, &bought).starts_with(
            "The move to \"agents\" costs 4,000 EUR once (40 h of work, and 400 EUR for what is bought), \
             spread over 4 years: 1,000 EUR of it is in the cost of the year that is played."
        ));
        assert_eq!(
            one_off(&spread, 0).unwrap(),
            "\"server\" costs 2,000 EUR once, spread over 4 years: 500 EUR of it is in the cost of the year \
             that is played."
        );
        assert_eq!(one_off(&scenario, 0), None);
        // It is stated that the move is no work.
        let free = Payback { hours: 0.0, price: 0.0, ..payback };
        assert_eq!(
            sentence(&scenario, &free),
            "The move to \"agents\" costs nothing, as the scenario says. \"agents\" costs 1,800 EUR a \
             year less than \"server\"."
        );
        let judged = Payback { is_counted: false, rival: None, ..payback };
        assert!(
            sentence(&scenario, &judged)
                .starts_with("The move to \"agents\" is not in its cost: 3,600 EUR once")
        );
    }
}
