//! How well a choice stands if the assumptions are wrong.

use super::input::{TimeUnit, beyond, common_unit, fault, name, time, value_in};
use super::{condition, period};
use crate::assumptions::{Inputs, Unit, Value};
use crate::keys::Json;
use crate::report::text::{count, figure, percent, quoted, shell_word};
use crate::scenario::{Scenario, Tolerance};
use crate::sensitivity::flips::Flip;
use crate::sensitivity::regression::Estimate;
use crate::sensitivity::remedies::{CALL_OUT, Remedy, SCRIPT_AFTER, SCRIPT_WORKS, STAFFED, Step};
use crate::sensitivity::robustness::Robustness;
use serde_json::json;

/// Shares below this are not told one by one.
const SMALL: f64 = 0.005;

/// What is said below a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct RobustnessWords {
    /// How likely the choice is to stay the choice.
    pub share: String,
    /// What is the choice otherwise, and how likely; nothing where nothing else is.
    pub otherwise: String,
    /// What comes before the flips, or that there is none.
    pub flips_heading: String,
    /// The same as a heading of a few words; of use where there are flips.
    pub flips_title: &'static str,
    /// What a reader of the flips has to know, below that heading.
    pub flips_reading: String,
    /// The flips, a line each.
    pub flips: Vec<String>,
    /// The command that shows the first flip happen, where its keys are few.
    pub first_flip: Option<String>,
}

/// Says how well a choice stands.
pub fn robustness(scenario: &Scenario, robustness: &Robustness) -> RobustnessWords {
    let told = robustness.flips.len() + robustness.remedies.len();
    let flips_heading = match (told, robustness.choice) {
        (0, Some(_)) => "All else as assumed, no single assumption that we tried surely changes the \
                         choice within its range."
            .to_owned(),
        (0, None) => {
            "All else as assumed, no single assumption makes a strategy surely keep every tolerance \
             within its range, and neither does any single step that we tried."
                .to_owned()
        }
        (_, Some(choice)) => {
            let (changes, brackets) = (
                "the nearest first, all else as you assume it",
                "in brackets: where chance leaves the value, and what you assume",
            );
            if robustness.is_named {
                format!("What changes the choice, {changes} ({brackets}):")
            } else {
                let name = quoted(&scenario.strategies[choice].name);
                let is = if scenario.tolerances.is_empty() { "cheapest" } else { "choice" };
                format!(
                    "By the estimate {name} is the {is}. What changes that, {changes} ({brackets}):"
                )
            }
        }
        (_, None) => {
            "What makes a strategy surely keep every tolerance, one change at a time, all else as \
             assumed and without what the change itself costs:"
                .to_owned()
        }
    };
    let flips = robustness.flips.iter().map(|one| flip(scenario, &robustness.inputs, one));
    let remedies = robustness.remedies.iter().map(|one| remedy(scenario, one));
    let (flips_title, flips_reading) = reading(scenario, robustness);
    RobustnessWords {
        share: own_share(scenario, robustness),
        otherwise: otherwise(scenario, robustness),
        flips_heading,
        flips_title,
        flips_reading,
        flips: flips.chain(remedies).collect(),
        first_flip: first_flip(scenario, robustness),
    }
}

/// What comes before the command that shows the first flip happen.
pub const FIRST_FLIP: &str = "To see the first happen:";

/// Keys that a command sets at most: more would not be read.
const MOST_SET: usize = 2;

fn first_flip(scenario: &Scenario, robustness: &Robustness) -> Option<String> {
    let flip = robustness.flips.first()?;
    let options = options(&robustness.inputs, flip)?;
    if options.len() > MOST_SET {
        return None;
    }
    let path = scenario.path.as_ref().map(|path| path.display().to_string());
    let set = scenario.options.iter().chain(&options).flat_map(|one| ["--set", one]);
    let words = ["outlast", "run"].into_iter().chain(path.as_deref()).chain(set);
    Some(words.map(shell_word).collect::<Vec<_>>().join(" "))
}

/// What `--set` takes for the flip surely to happen: the far end of where chance leaves it. None of what
/// no key can say.
fn options(inputs: &Inputs, flip: &Flip) -> Option<Vec<String>> {
    let settings = settings(inputs, flip)?;
    Some(settings.into_iter().map(|(path, value)| format!("{path}={value}")).collect())
}

/// The keys that are to be set for the flip surely to happen, each with its value as a file states it.
pub fn settings<'a>(inputs: &'a Inputs, flip: &Flip) -> Option<Vec<(&'a str, String)>> {
    let is_below = inputs.members(flip.coordinate).any(|at| flip.at < inputs.quantile_of_guess(at));
    let far = flip.interval[usize::from(!is_below)].unwrap_or(flip.at);
    inputs.written(flip.coordinate, far)
}

/// The heading of the flips, and how to read them.
fn reading(scenario: &Scenario, robustness: &Robustness) -> (&'static str, String) {
    let Some(choice) = robustness.choice else {
        let reading = "One change at a time, all else as you assume it, and without what the change \
                       itself costs.";
        return ("What makes a strategy surely keep every tolerance", reading.to_owned());
    };
    let reading = "The nearest comes first, all else as you assume it. In brackets: where chance \
                   leaves the value, and what you assume.";
    if robustness.is_named {
        return ("What changes the choice", reading.to_owned());
    }
    let name = quoted(&scenario.strategies[choice].name);
    let is = if scenario.tolerances.is_empty() { "cheapest" } else { "choice" };
    ("What changes the estimate", format!("By the estimate {name} is the {is}. {reading}"))
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

fn own_share(scenario: &Scenario, robustness: &Robustness) -> String {
    let inputs = count(robustness.inputs.inputs.len(), "assumption");
    let own = robustness.shares.iter().find(|(strategy, _)| *strategy == robustness.choice);
    let own = own.map(|(_, share)| self::share(share)).unwrap_or_default();
    // By its name: the sentence leads a page too, where nothing stands before it.
    let choice = who(scenario, robustness.choice);
    let is = match robustness.choice {
        Some(_) if robustness.is_named => format!("{choice} stays the choice in {own}"),
        Some(_) => format!("{choice} is the choice in {own}"),
        None => format!("the share in which {choice} is {own}"),
    };
    format!("Over the ranges of {inputs} {is}.")
}

fn otherwise(scenario: &Scenario, robustness: &Robustness) -> String {
    let others: Vec<String> = robustness
        .shares
        .iter()
        .filter(|(strategy, share)| *strategy != robustness.choice && share.value >= SMALL)
        .map(|(strategy, share)| format!("{} in {}", who(scenario, *strategy), self::share(share)))
        .collect();
    if others.is_empty() { String::new() } else { format!("Otherwise: {}.", others.join(", ")) }
}

impl RobustnessWords {
    /// How likely each strategy is to be the choice, as one paragraph.
    pub fn shares(&self) -> String {
        [self.share.as_str(), self.otherwise.as_str()].join(" ").trim_end().to_owned()
    }
}

/// One flip as a line.
fn flip(scenario: &Scenario, inputs: &Inputs, flip: &Flip) -> String {
    let currency = scenario.currency();
    let moves = |at: &usize| inputs.value(*at, flip.at) != inputs.inputs[*at].guess;
    let moved: Vec<String> = inputs
        .members(flip.coordinate)
        .filter(moves)
        .map(|at| {
            let input = &inputs.inputs[at];
            let there = inputs.value(at, flip.at);
            // One unit for all: "275 days" is hard to hold against "1.34 years".
            let ends = flip.interval.iter().flatten().map(|end| inputs.value(at, *end));
            let all: Vec<Value> = ends.chain([there.clone(), input.guess.clone()]).collect();
            let unit = common_unit(input, &all);
            format!(
                "{} {} ({}you assume {})",
                fault(input).map_or_else(|| name(input), str::to_owned),
                beyond(input, &there, currency, unit),
                interval((inputs, at), flip, currency, unit),
                value_in(input, &input.guess, currency, unit)
            )
        })
        .collect();
    let together = match moved.len() {
        0..=2 => moved.join(" and "),
        more => format!("{} and {} more that move with it", moved[0], more - 1),
    };
    let then = match flip.to {
        Some(to) => {
            let cost = flip.cost.filter(|_| flip.from.is_none());
            let cost = cost.map_or(String::new(), |cost| then_costs(scenario, cost));
            let name = quoted(&scenario.strategies[to].name);
            match flip.from {
                Some(_) => format!("{name} is the choice"),
                None => format!("{name} keeps every tolerance{cost}"),
            }
        }
        None if flip.is_open => {
            format!(
                "{} is no longer the choice; which is, these trials leave open",
                who(scenario, flip.from)
            )
        }
        None => "no strategy keeps every tolerance".to_owned(),
    };
    format!("{together}: then {then}.")
}

/// Where the flip may lie: "between 5.1 h and 6.2 h; ", nothing of a choice.
fn interval(
    (inputs, at): (&Inputs, usize),
    flip: &Flip,
    currency: &str,
    unit: Option<TimeUnit>,
) -> String {
    let input = &inputs.inputs[at];
    if input.unit == Unit::Choice || flip.from.is_none() {
        return String::new();
    }
    let said = |quantile: f64| value_in(input, &inputs.value(at, quantile), currency, unit);
    let [low, high] = flip.interval.map(|end| end.map(said));
    let is_below = flip.at < inputs.quantile_of_guess(at);
    let (near, far) = if is_below { (high, low) } else { (low, high) };
    match (near, far) {
        (Some(near), Some(far)) if near == far => String::new(),
        (Some(near), Some(far)) => {
            let (low, high) = if is_below { (far, near) } else { (near, far) };
            // "between 5 h and 6 h on average"
            let same = " on average";
            let low = low.strip_suffix(same).filter(|_| high.ends_with(same)).unwrap_or(&low);
            format!("between {low} and {high}; ")
        }
        (Some(near), None) => format!("not before {near}; "),
        (None, Some(far)) => format!("{far} at the latest; "),
        (None, None) => "chance leaves the value open; ".to_owned(),
    }
}

/// A step in words: what is done, and what is assumed.
fn step(scenario: &Scenario, step: &Step) -> String {
    match step {
        Step::Staff => {
            let known = scenario.assumption(STAFFED);
            let assumed = known.map_or("", |known| known.value.trim_matches('"'));
            format!("people around the clock (you assume {assumed})")
        }
        Step::Works => "tries to promote, rebuild or restart that always work".to_owned(),
        Step::Watch => format!(
            "a script for every strategy that looks at the last cycle, raises the alarm after \
             {SCRIPT_AFTER}, and is alive {} of the time",
            percent(SCRIPT_WORKS)
        ),
        Step::Sooner(path, factor) => {
            let known = scenario.assumption(path).and_then(|known| known.distribution.as_ref());
            let mean = known.map_or(f64::NAN, |known| known.mean());
            let channel = path.strip_prefix("watch.").and_then(|path| path.strip_suffix(".after"));
            let what = match channel {
                Some(channel) => format!("{}: after", quoted(channel.trim_matches('"'))),
                None if path == CALL_OUT => "call-out within".to_owned(),
                None => "detection within".to_owned(),
            };
            let (most, assumed) = (time(factor * mean), time(mean));
            format!("{what} {most} on average (you assume {assumed} on average)")
        }
        Step::Limits(raised) => {
            let all = raised.iter().map(|(at, lowest)| {
                let tolerance = &scenario.tolerances[*at];
                let to = condition(scenario, &Tolerance { limit: *lowest, ..*tolerance });
                let asked = condition(scenario, tolerance);
                format!("{to} in place of {}", asked.rsplit("within ").next().unwrap_or_default())
            });
            all.collect::<Vec<String>>().join(" and ")
        }
    }
}

/// Steps as a line: what is done, who then keeps every tolerance, and at what cost.
fn remedy(scenario: &Scenario, remedy: &Remedy) -> String {
    let steps: Vec<String> = remedy.steps.iter().map(|one| step(scenario, one)).collect();
    format!(
        "{}: then {} keeps every tolerance{}.",
        steps.join(", and "),
        quoted(&scenario.strategies[remedy.strategy].name),
        then_costs(scenario, remedy.cost),
    )
}

/// ", and costs 3,200 USD a year"; nothing where nothing has a price.
fn then_costs(scenario: &Scenario, cost: f64) -> String {
    if scenario.costs.is_none() && cost == 0.0 {
        return String::new();
    }
    let currency = scenario.currency();
    let amount = format!("{} {currency}", figure(cost, 3));
    format!(", and costs {} a {}", amount.trim_end(), period(scenario))
}

/// Steps for scripts.
fn remedies(scenario: &Scenario, remedies: &[Remedy]) -> Json {
    let step = |step: &Step| match step {
        Step::Staff => json!({ "input": STAFFED, "value": "24x7" }),
        Step::Works => json!({ "input": "success", "value": 1.0 }),
        Step::Watch => json!({ "input": "watch", "value": "script" }),
        Step::Sooner(path, factor) => json!({ "input": path, "times": factor }),
        Step::Limits(raised) => {
            let limit = |(at, limit): &(usize, f64)| {
                (scenario.tolerances[*at].criterion.name().to_owned(), json!(limit))
            };
            let limits: serde_json::Map<String, Json> = raised.iter().map(limit).collect();
            json!({ "input": "tolerance", "value": limits })
        }
    };
    let one = |one: &Remedy| {
        json!({
            "steps": one.steps.iter().map(step).collect::<Json>(),
            "strategy": scenario.strategies[one.strategy].name,
            "cost": one.cost,
            "settled": true,
            "words": remedy(scenario, one),
        })
    };
    remedies.iter().map(one).collect()
}

/// That another strategy, or none, is the choice more often over the ranges of the assumptions: what
/// whoever reads the first sentence only has to know. Nothing where the intervals leave it open.
pub fn leader(scenario: &Scenario, robustness: &Robustness) -> Option<String> {
    let (first, most, own) = ahead(robustness.choice, &robustness.shares)?;
    let choice = who(scenario, robustness.choice);
    let (own, most) = (percent(own), percent(most));
    Some(match first {
        Some(at) => {
            let name = quoted(&scenario.strategies[at].name);
            format!(
                "But over the ranges of your assumptions {name} is the choice more often: in \
                 {most}, against {own} for {choice}."
            )
        }
        None => format!(
            "But over the ranges of your assumptions there is mostly no strategy that keeps every \
             tolerance: in {most}, against {own} for {choice}."
        ),
    })
}

/// Who is the choice surely more often than `choice`, how often, and how often that is.
fn ahead(
    choice: Option<usize>,
    shares: &[(Option<usize>, Estimate)],
) -> Option<(Option<usize>, f64, f64)> {
    choice?;
    let (_, own) = shares.iter().find(|(at, _)| *at == choice)?;
    let others = shares.iter().filter(|(at, _)| *at != choice);
    let (first, most) = others.max_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
    (most.interval.low > own.interval.high).then_some((*first, most.value, own.value))
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
        "remedies": remedies(scenario, &robustness.remedies),
        "inputs": robustness.inputs.inputs.len(),
        "points": robustness.points,
        "words": words.shares(),
    })
}

/// Flips for scripts.
pub fn flips(scenario: &Scenario, inputs: &Inputs, flips: &[Flip]) -> Json {
    let strategy = |at: Option<usize>| at.map(|at| scenario.strategies[at].name.as_str());
    let number = |value: &Value| match value {
        Value::Number(number) => json!(number),
        Value::Word(word) => json!(word),
    };
    let one = |flip: &Flip| {
        inputs
            .members(flip.coordinate)
            .map(|at| {
                let input = &inputs.inputs[at];
                json!({
                    "input": input.name,
                    "at": number(&inputs.value(at, flip.at)),
                    "low": flip.interval[0].map(|end| number(&inputs.value(at, end))),
                    "high": flip.interval[1].map(|end| number(&inputs.value(at, end))),
                    "assumed": number(&input.guess),
                    "from": strategy(flip.from),
                    "to": strategy(flip.to),
                    "open": flip.is_open,
                    "cost": flip.cost,
                    "set": options(inputs, flip),
                    "words": self::flip(scenario, inputs, flip),
                })
            })
            .collect::<Vec<Json>>()
    };
    flips.iter().flat_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    #[test]
    fn another_strategy_leads_only_where_the_intervals_say_so() {
        let share = |value, low, high| Estimate { value, interval: Interval { low, high } };
        let shares = |own, other| [(Some(0), own), (Some(1), other), (None, share(0.1, 0.0, 0.2))];
        let clear = shares(share(0.2, 0.1, 0.3), share(0.6, 0.5, 0.7));
        assert_eq!(ahead(Some(0), &clear), Some((Some(1), 0.6, 0.2)));
        assert_eq!(ahead(Some(1), &clear), None);
        assert_eq!(ahead(None, &clear), None);
        assert_eq!(ahead(Some(0), &shares(share(0.3, 0.1, 0.5), share(0.6, 0.4, 0.8))), None);
        let none = [(Some(0), share(0.2, 0.1, 0.3)), (None, share(0.8, 0.7, 0.9))];
        assert_eq!(ahead(Some(0), &none), Some((None, 0.8, 0.2)));
    }
}
