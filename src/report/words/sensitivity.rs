//! What the answer hangs on, for a planner who never heard of Sobol.

use super::input::{names, value};
use super::robustness::share;
use super::{label, noun, period, periods};
use crate::metric::Metric;
use crate::report::text::{capitalized, count, figure, level, percent, quoted};
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::sensitivity::common::{Measure, Quantity};
use crate::sensitivity::indices::{Index, Indices, Subject};
use crate::sensitivity::learning::{Data, Learning};
use crate::sensitivity::regression::Estimate;
use crate::sensitivity::study::Study;

/// Inputs that are named in a sentence.
const NAMED: usize = 3;

/// How Sobol indices are read.
pub const HOW_INDICES_READ: &str = "Every assumption varies over its range at once. Alone is the part of \
                                    the variation that would be gone if this assumption were known. \
                                    With others is the part that would remain if all other assumptions \
                                    were known. Luck in the simulation is in neither.";

/// How the value of knowing is read.
pub const HOW_INFORMATION_READS: &str = "By how much more often you would take the right strategy if you \
                                         knew an assumption before you choose; and, in the table, what \
                                         that saves where money alone counts.";

/// What a quantity is: "share of years in which "X" keeps longest outage within its limit, less the
/// required 95 %".
pub fn quantity(scenario: &Scenario, quantity: Quantity) -> String {
    let name = |at: usize| quoted(&scenario.strategies[at].name);
    let of = name(quantity.of);
    let less = quantity.less.map_or(String::new(), |less| format!(" less that of {}", name(less)));
    match quantity.measure {
        Measure::Metric(Metric::Cost) => {
            let currency = scenario.currency();
            let unit = if currency.is_empty() { String::new() } else { format!(", {currency}") };
            format!("cost a {} of {of}{less}{unit}", period(scenario))
        }
        Measure::Metric(metric) => format!("{} a {} of {of}{less}", noun(metric), period(scenario)),
        Measure::Room(at) => {
            let tolerance = &scenario.tolerances[at];
            let judged = match tolerance.criterion {
                Criterion::RestoreHours => "outages",
                Criterion::Metric(_) => periods(scenario),
            };
            format!(
                "share of {judged} in which {of} keeps {} within its limit, less the required {}{less}",
                label(tolerance.criterion),
                percent(tolerance.confidence)
            )
        }
    }
}

/// What an axis of a quantity shows: shares stand in percentage points there.
pub fn axis(scenario: &Scenario, quantity: Quantity) -> String {
    match room_of_trials(scenario, quantity) {
        Some(tolerance) => format!(
            "{} within its limit under {}: percentage points above the required {} of {}",
            label(tolerance.criterion),
            quoted(&scenario.strategies[quantity.of].name),
            percent(tolerance.confidence),
            periods(scenario)
        ),
        None => self::quantity(scenario, quantity),
    }
}

/// What the indices of a subject are of.
pub fn subject(scenario: &Scenario, subject: Subject) -> String {
    match subject {
        Subject::Quantity(quantity) => format!("the {}", self::quantity(scenario, quantity)),
        Subject::Choice(at) => {
            format!("whether {} is the choice", quoted(&scenario.strategies[at].name))
        }
    }
}

/// What is said where there is nothing to vary.
pub const NOTHING: &str = "Nothing was varied: no assumption has a range. State some, as in \
                       `success = { guess = 0.95, range = [0.7, 0.99] }`, or take the program's own \
                       with [uncertainty] default.";

/// The heading over the indices of a subject: several stand on one page.
pub fn indices_heading(scenario: &Scenario, subject: Subject) -> String {
    let moved = match subject {
        Subject::Choice(_) => "the choice",
        Subject::Quantity(quantity) => match quantity.measure {
            Measure::Metric(metric) => noun(metric),
            Measure::Room(at) => label(scenario.tolerances[at].criterion),
        },
    };
    format!("Which assumptions move {moved}")
}

/// The title of the answer.
pub fn title(scenario: &Scenario, study: &Study, trials: u64, seed: u64) -> String {
    let inputs = &study.robustness.inputs;
    format!(
        "{}: {} varied over their ranges, {} of {}, seed {seed}",
        scenario.title(),
        count(inputs.inputs.len(), "assumption"),
        count(study.points.len(), "point"),
        count(trials, "trial"),
    )
}

/// The inputs that matter, the most first: those of the last indices, which are of the choice where
/// there is one.
pub fn important(indices: &Indices) -> Vec<Index> {
    let mut rows = indices.rows.clone();
    rows.sort_by(|a, b| {
        b.total.value.total_cmp(&a.total.value).then(b.first.value.total_cmp(&a.first.value))
    });
    rows.retain(|row| row.total.value > 0.0);
    rows
}

/// The answer: which inputs matter, what to measure first, and what that is worth.
pub fn answer(scenario: &Scenario, study: &Study) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(matter(study));
    words.extend(measure(scenario, study));
    words.extend(worth(scenario, study));
    words
}

fn matter(study: &Study) -> Option<String> {
    let indices = study.indices.last()?;
    let inputs = &study.robustness.inputs;
    let named: Vec<String> = important(indices)
        .iter()
        .take(NAMED)
        .map(|row| format!("{}, {}", names(inputs, row.coordinate), share(&row.total)))
        .collect();
    if named.is_empty() {
        return Some("No assumption within its range changes the choice.".to_owned());
    }
    let what = match indices.subject {
        Subject::Choice(_) => "whether it stays the choice",
        Subject::Quantity(_) => "the result",
    };
    Some(format!(
        "What matters most: {}. The percentage is the part of the variation of {what} that would \
         remain if all other assumptions were known.",
        named.join("; ")
    ))
}

fn measure(scenario: &Scenario, study: &Study) -> Option<String> {
    let inputs = &study.robustness.inputs;
    let by_right = |one: &&Learning| one.right.interval.low > 0.0;
    let best = study.learning.iter().filter(by_right).max_by(|a, b| {
        a.right.value.total_cmp(&b.right.value).then(b.coordinate.cmp(&a.coordinate))
    });
    let Some(best) = best else {
        return Some(
            "No single assumption, if it were known, would clearly raise the probability of taking \
             the right strategy."
                .to_owned(),
        );
    };
    let members: Vec<String> = inputs
        .members(best.coordinate)
        .take(NAMED)
        .map(|at| {
            let [low, high] = [0.05, 0.95]
                .map(|u| value(&inputs.inputs[at], &inputs.value(at, u), scenario.currency()));
            format!("{low} to {high}")
        })
        .collect();
    let data = best.data.as_ref().map_or(String::new(), |data| self::data(scenario, data));
    Some(format!(
        "Measure first: {} (its range: {}). If you knew it before you choose, you would take the right \
         strategy more often, by {} percentage points ({} to {}).{data}",
        names(inputs, best.coordinate),
        members.join(", "),
        points(best.right.value),
        points(best.right.interval.low),
        points(best.right.interval.high),
    ))
}

/// A difference of shares in percentage points: "12".
pub fn points(share: f64) -> String {
    figure(100.0 * share, 2)
}

fn data(scenario: &Scenario, data: &Data) -> String {
    let what = if data.months { "months of a log" } else { "drills" };
    let told = data.worth.get(2).map_or(String::new(), |(n, worth)| {
        format!(" {n} {what} of it would save {}.", money(scenario, worth))
    });
    let pays = data
        .pays
        .map_or(String::new(), |n| format!(" At the stated price {} pay best.", count(n, "drill")));
    format!("{told}{pays}")
}

/// "120 USD a year (80 to 160)".
pub fn money(scenario: &Scenario, worth: &Estimate) -> String {
    format!(
        "{} {} a {} ({} to {})",
        figure(worth.value, 3),
        scenario.currency(),
        period(scenario),
        figure(worth.interval.low, 2),
        figure(worth.interval.high, 2)
    )
}

fn worth(scenario: &Scenario, study: &Study) -> Option<String> {
    scenario.costs.as_ref()?;
    let inputs = &study.robustness.inputs;
    let all = format!(
        "If only money counted, and no tolerance, it would save {} to know every assumption before you \
         choose",
        money(scenario, &study.evpi)
    );
    let most: Vec<String> = study
        .learning
        .iter()
        .filter(|one| one.known.interval.low > 0.0)
        .take(NAMED)
        .map(|one| format!("{}: {}", names(inputs, one.coordinate), money(scenario, &one.known)))
        .collect();
    let most = if most.is_empty() {
        ". No single assumption is worth anything that these trials could tell.".to_owned()
    } else {
        format!(". To know one of them alone would save: {}.", most.join("; "))
    };
    Some(all + &most)
}

/// How to read the tornado.
pub fn tornado(scenario: &Scenario, study: &Study, confidence: f64) -> String {
    let what = match room_of_trials(scenario, study.quantity) {
        Some(tolerance) => format!(
            "{} keeps {} within its limit in more {} than the required {}: by so many percentage \
             points",
            quoted(&scenario.strategies[study.quantity.of].name),
            label(tolerance.criterion),
            periods(scenario),
            percent(tolerance.confidence),
        ),
        None => capitalized(&quantity(scenario, study.quantity)),
    };
    format!(
        "{what}. It is {} where every assumption is as you state it. Each assumption alone goes from \
         its 5 % to its 95 % point, in the same worlds; ± is the {} interval, and ~ marks a change \
         that may be none.",
        figure(scale(scenario, study.quantity) * study.at_guess.0, 3),
        level(confidence),
    )
}

/// The tolerance whose room a quantity is, where trials are judged.
fn room_of_trials(scenario: &Scenario, quantity: Quantity) -> Option<&Tolerance> {
    let Measure::Room(at) = quantity.measure else { return None };
    let tolerance = &scenario.tolerances[at];
    matches!(tolerance.criterion, Criterion::Metric(_)).then_some(tolerance)
}

/// What a quantity is multiplied by for people: shares are told in percentage points.
pub fn scale(scenario: &Scenario, quantity: Quantity) -> f64 {
    if room_of_trials(scenario, quantity).is_some() { 100.0 } else { 1.0 }
}
