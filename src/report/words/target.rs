//! The value of one input at which something changes: the answer in words for planners.

use super::{condition, judged, label, period};
use crate::report::targets::Answer;
use crate::report::text::{capitalized, count, figure, level as confidence, percent, quoted};
use crate::scenario::{Criterion, Dial, DialUnit, Tolerance};
use crate::study::crossing::Crossing;
use crate::study::target::Question;

/// The unit of the numbers of an input in files.
pub fn unit(dial: &Dial) -> &'static str {
    match dial.unit {
        DialUnit::Hours => "h",
        DialUnit::Times => "factor of times",
        DialUnit::Number | DialUnit::Whole => "",
    }
}

/// What an input is called.
pub fn called(dial: &Dial) -> String {
    super::input::times_called(dial.full_path(), dial.doc)
}

/// A value: "2 h", "×0.3 (29.2 years on average)".
fn shown(dial: &Dial, value: f64) -> String {
    let mean = dial.mean_time(value).map(super::input::time);
    let mean = mean.map_or(String::new(), |mean| format!(" ({mean} on average)"));
    format!("{}{mean}", dial.show(value))
}

/// What is asked: scenario, question, range, trials, seed.
pub fn title(answer: &Answer<'_>, seed: u64) -> String {
    let (from, to) = answer.range;
    let dial = answer.dial;
    format!(
        "{}: {} ({}) from {} to {}, assumed: {}, {} at each value, seed {seed}",
        answer.scenario.title(),
        called(dial),
        dial.path,
        dial.show(from),
        dial.show(to),
        dial.show_assumed(),
        count(answer.trials, "trial"),
    )
}

fn tolerance<'a>(answer: &'a Answer<'_>, criterion: Criterion) -> Option<&'a Tolerance> {
    answer.scenario.tolerances.iter().find(|one| one.criterion == criterion)
}

/// What must hold: "A" keeps stale user-hours within 5,000 in 95 % of years. Nothing for a break-even.
fn aim(answer: &Answer<'_>) -> String {
    match answer.question {
        Question::Keep { strategy, criterion } => match tolerance(answer, criterion) {
            Some(tolerance) => format!(
                "{} keeps {} in {} of {}",
                quoted(strategy),
                condition(answer.scenario, tolerance),
                percent(tolerance.confidence),
                judged(answer.scenario, criterion),
            ),
            None => String::new(),
        },
        Question::Between { .. } => String::new(),
    }
}

/// The answer, in a sentence or a few.
pub fn said(answer: &Answer<'_>) -> Vec<String> {
    let mut said = match answer.search.crossing {
        Some(crossing) => found(answer, crossing),
        None => vec![throughout(answer)],
    };
    if answer.search.changes > 1 {
        said.push(format!(
            "It is not monotone: over this range the answer changes {} times. The value above is \
             the change nearest to what is assumed; target.csv has all that was read.",
            answer.search.changes
        ));
    }
    said
}

fn found(answer: &Answer<'_>, crossing: Crossing) -> Vec<String> {
    let dial = answer.dial;
    let interval = interval(answer, crossing);
    let value = shown(dial, value(answer, crossing));
    let lead = match answer.question {
        Question::Keep { .. } => {
            let end = if crossing.rising { "least" } else { "most" };
            let called = called(dial);
            format!("{} as long as {called} is at {end} {value}{interval}.", aim(answer))
        }
        Question::Between { strategies: [a, b], metric } => {
            let (below, above) = if crossing.rising { (a, b) } else { (b, a) };
            let mean = label(Criterion::Metric(metric));
            format!(
                "{} and {} have the same mean {mean} where {} is {value}{interval}. Below it {} \
                 has the lower {mean}, above it {}.",
                quoted(a),
                quoted(b),
                called(dial),
                quoted(below),
                quoted(above),
            )
        }
    };
    vec![lead, stands(answer, crossing)]
}

/// The value that is reported: of a tolerance the last that keeps it, of a break-even the middle.
pub fn value(answer: &Answer<'_>, crossing: Crossing) -> f64 {
    match (answer.question, answer.dial.unit) {
        (Question::Keep { .. }, _) | (_, DialUnit::Whole) => crossing.inside,
        (Question::Between { .. }, _) => (crossing.inside + crossing.outside) / 2.0,
    }
}

/// " (95 % interval 1h to 2h)".
fn interval(answer: &Answer<'_>, crossing: Crossing) -> String {
    let dial = answer.dial;
    let level = confidence(answer.confidence);
    let (from, to) = answer.range;
    match (crossing.low, crossing.high) {
        (Some(low), Some(high)) => {
            let (low, high) = (dial.show(low), dial.show(high));
            match low == high {
                true => " (chance leaves nothing of it open)".to_owned(),
                false => format!(" ({level} interval {low} to {high})"),
            }
        }
        (Some(low), None) => format!(
            " ({level} interval from {}, open at {}, where the range ends)",
            dial.show(low),
            dial.show(to)
        ),
        (None, Some(high)) => format!(
            " ({level} interval up to {}, open at {}, where the range begins)",
            dial.show(high),
            dial.show(from)
        ),
        (None, None) => " (the trials leave the whole range open)".to_owned(),
    }
}

/// On which side of the crossing the scenario stands, and how far from it.
fn stands(answer: &Answer<'_>, crossing: Crossing) -> String {
    let dial = answer.dial;
    let assumed = dial.assumed;
    let (low, high) = (crossing.low, crossing.high);
    let is_open = low.is_none_or(|low| assumed > low) && high.is_none_or(|high| assumed < high);
    let is_above = if assumed > crossing.inside.min(crossing.outside) {
        crossing.rising
    } else {
        !crossing.rising
    };
    let surely = if is_open { "by the estimates " } else { "" };
    let factor = value(answer, crossing) / assumed;
    let room = match factor.is_finite() && factor > 0.0 {
        true => format!("; the value above is {} times that", figure(factor, 3)),
        false => String::new(),
    };
    let here = dial.show_assumed();
    match answer.question {
        Question::Keep { .. } => {
            let keeps = if is_above { "keeps it" } else { "does not keep it" };
            format!("As it stands ({here}) it {surely}{keeps}{room}.")
        }
        Question::Between { strategies: [a, b], .. } => {
            // The difference is a less b: above 0 where b has the lower mean.
            let lower = if is_above { b } else { a };
            format!("As it stands ({here}) {surely}{} has it{room}.", quoted(lower))
        }
    }
}

/// The answer where nothing changes over the range.
fn throughout(answer: &Answer<'_>) -> String {
    let (from, to) = answer.range;
    let dial = answer.dial;
    let range = format!("from {} to {}", dial.show(from), dial.show(to));
    let (all, none) = match answer.search.settled {
        true => ("Every value", "No value"),
        false => ("By the estimates every value", "By the estimates no value"),
    };
    let open = match answer.search.settled {
        true => "",
        false => " More trials would have to make that sure.",
    };
    match (answer.question, answer.search.above) {
        (_, None) => format!("Over the values {range} there is nothing to judge by."),
        (Question::Keep { .. }, Some(true)) => {
            format!("{all} {range} is good enough: {}.{open}", aim(answer))
        }
        (Question::Keep { .. }, Some(false)) => {
            format!("{none} {range} is good enough for this: {}.{open}", aim(answer))
        }
        (Question::Between { strategies: [a, b], metric }, Some(above)) => {
            let (low, high) = if above { (b, a) } else { (a, b) };
            let surely = if answer.search.settled { "" } else { " by the estimates" };
            format!(
                "No break-even {range}:{surely} {} has the lower mean {} throughout, and {} the \
                 higher.{open}",
                quoted(low),
                label(Criterion::Metric(metric)),
                quoted(high),
            )
        }
    }
}

/// The title of the chart.
pub fn chart_title(answer: &Answer<'_>) -> String {
    match answer.question {
        Question::Keep { strategy, .. } => {
            format!("How far {} keeps its tolerance", quoted(strategy))
        }
        Question::Between { strategies: [a, b], .. } => {
            format!("Where {} and {} break even", quoted(a), quoted(b))
        }
    }
}

/// What the chart shows upwards.
pub fn what(answer: &Answer<'_>) -> String {
    match answer.question {
        Question::Keep { criterion, .. } => match tolerance(answer, criterion) {
            Some(tolerance) => format!(
                "share of {} with {}",
                judged(answer.scenario, criterion),
                condition(answer.scenario, tolerance)
            ),
            None => String::new(),
        },
        Question::Between { strategies: [a, b], metric } => format!(
            "{} per {}: {} less {}",
            capitalized(label(Criterion::Metric(metric))),
            period(answer.scenario),
            quoted(a),
            quoted(b),
        ),
    }
}

/// The name of the line of the chart.
pub fn line(answer: &Answer<'_>) -> String {
    match answer.question {
        Question::Keep { strategy, .. } => strategy.to_owned(),
        Question::Between { strategies: [a, b], .. } => format!("{a} less {b}"),
    }
}

/// The level that the line crosses, with its name.
pub fn level(answer: &Answer<'_>) -> Option<(String, f64)> {
    let value = answer.question.level(answer.scenario)?;
    let label = match answer.question {
        Question::Keep { .. } => format!("asked: {}", percent(value)),
        Question::Between { .. } => "no difference".to_owned(),
    };
    Some((label, value))
}
