//! How well a choice stands if the assumptions are wrong.

use super::input::{beyond, fault, name, value};
use super::period;
use crate::assumptions::Inputs;
use crate::keys::Json;
use crate::report::text::{count, figure, percent, quoted};
use crate::scenario::Scenario;
use crate::sensitivity::flips::Flip;
use crate::sensitivity::regression::Estimate;
use crate::sensitivity::robustness::Robustness;
use serde_json::json;

/// Shares below this are not told one by one.
const SMALL: f64 = 0.005;

/// What is said below a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct RobustnessWords {
    /// How likely each strategy is to be the choice.
    pub shares: String,
    /// What comes before the flips, or that there is none.
    pub flips_heading: String,
    /// The flips, a line each.
    pub flips: Vec<String>,
}

/// Says how well a choice stands.
pub fn robustness(scenario: &Scenario, robustness: &Robustness) -> RobustnessWords {
    let stays = "within its range that we tried, no single assumption changes the choice";
    let flips_heading = match (robustness.flips.len(), robustness.choice) {
        (0, Some(_)) => format!("All else as assumed and each {stays}."),
        (0, None) => {
            "All else as assumed, no single assumption makes a strategy keep every tolerance \
             within its range."
                .to_owned()
        }
        (_, Some(_)) => {
            "What flips it, at about which value, the nearest first, all else as assumed:"
                .to_owned()
        }
        (_, None) => {
            "The least change that makes a strategy keep every tolerance, all else as assumed:"
                .to_owned()
        }
    };
    RobustnessWords {
        shares: shares(scenario, robustness),
        flips_heading,
        flips: robustness
            .flips
            .iter()
            .map(|flip| self::flip(scenario, &robustness.inputs, flip))
            .collect(),
    }
}

/// "51 % (37 to 65 %)".
pub fn share(share: &Estimate) -> String {
    format!(
        "{} ({} to {})",
        percent(share.value),
        percent(share.interval.low),
        percent(share.interval.high)
    )
}

fn who(scenario: &Scenario, strategy: Option<usize>) -> String {
    strategy.map_or_else(
        || "no strategy keeps every tolerance".to_owned(),
        |at| quoted(&scenario.strategies[at].name),
    )
}

fn shares(scenario: &Scenario, robustness: &Robustness) -> String {
    let inputs = count(robustness.inputs.inputs.len(), "assumption");
    let own = robustness.shares.iter().find(|(strategy, _)| *strategy == robustness.choice);
    let own = own.map(|(_, share)| self::share(share)).unwrap_or_default();
    let others: Vec<String> = robustness
        .shares
        .iter()
        .filter(|(strategy, share)| *strategy != robustness.choice && share.value >= SMALL)
        .map(|(strategy, share)| format!("{} in {}", who(scenario, *strategy), self::share(share)))
        .collect();
    let is = if robustness.choice.is_some() {
        format!("it stays the choice in {own}")
    } else {
        format!("{} in {own}", who(scenario, None))
    };
    let otherwise = if others.is_empty() {
        String::new()
    } else {
        format!("; otherwise {}", others.join(", "))
    };
    format!("Over the ranges of {inputs} {is}{otherwise}.")
}

/// One flip as a line.
fn flip(scenario: &Scenario, inputs: &Inputs, flip: &Flip) -> String {
    let currency = scenario.currency();
    let moved: Vec<String> = inputs
        .members(flip.coordinate)
        .map(|at| {
            let input = &inputs.inputs[at];
            let there = inputs.value(at, flip.at);
            format!(
                "{} {} (you assume {})",
                fault(input).map_or_else(|| name(input), str::to_owned),
                beyond(input, &there, currency),
                value(input, &input.guess, currency)
            )
        })
        .collect();
    let together = match moved.len() {
        0..=2 => moved.join(" and "),
        more => format!("{} and {} more that move with it", moved[0], more - 1),
    };
    let then = match flip.to {
        Some(to) => {
            let cost = flip.cost.filter(|_| flip.from.is_none()).map_or(String::new(), |cost| {
                format!(", which then costs {} {currency} a {}", figure(cost, 3), period(scenario))
            });
            format!("{}{cost}", quoted(&scenario.strategies[to].name))
        }
        None => "no strategy keeps every tolerance".to_owned(),
    };
    format!("{together}: {then}.")
}

/// For scripts.
pub fn json(scenario: &Scenario, robustness: &Robustness) -> Json {
    let strategy = |at: Option<usize>| at.map(|at| scenario.strategies[at].name.as_str());
    let words = self::robustness(scenario, robustness);
    json!({
        "choice": robustness.shares.iter().map(|(at, share)| json!({
            "strategy": strategy(*at),
            "probability": share.value,
            "low": share.interval.low,
            "high": share.interval.high,
        })).collect::<Json>(),
        "flips": flips(scenario, &robustness.inputs, &robustness.flips),
        "inputs": robustness.inputs.inputs.len(),
        "points": robustness.points,
        "words": words.shares,
    })
}

/// Flips for scripts.
pub fn flips(scenario: &Scenario, inputs: &Inputs, flips: &[Flip]) -> Json {
    let strategy = |at: Option<usize>| at.map(|at| scenario.strategies[at].name.as_str());
    let number = |value: &crate::assumptions::Value| match value {
        crate::assumptions::Value::Number(number) => json!(number),
        crate::assumptions::Value::Word(word) => json!(word),
    };
    let one = |flip: &Flip| {
        inputs
            .members(flip.coordinate)
            .map(|at| {
                let input = &inputs.inputs[at];
                json!({
                    "input": input.name,
                    "at": number(&inputs.value(at, flip.at)),
                    "assumed": number(&input.guess),
                    "from": strategy(flip.from),
                    "to": strategy(flip.to),
                    "cost": flip.cost,
                    "words": self::flip(scenario, inputs, flip),
                })
            })
            .collect::<Vec<Json>>()
    };
    flips.iter().flat_map(one).collect()
}
