//! The ranges of `outlast check`: how far each assumption may be off, and who says so.

use crate::assumptions::{Inputs, RangeSource, Unit, Value, WhyFixed};
use crate::cli::terminal::heading;
use crate::keys::Json;
use crate::report::text::{harmless, item, paragraph};
use crate::report::words::ranges as words;
use crate::scenario::Scenario;
use serde_json::json;

/// How many there are, those with a range of their own one by one, and the others by kind.
pub(super) fn text(scenario: &Scenario) -> String {
    let inputs = Inputs::new(scenario);
    let currency = scenario.costs.as_ref().map_or("", |costs| &costs.currency);
    let mut text = heading(words::TITLE);
    text.push_str(&paragraph(&words::summary(&inputs)));
    for (index, input) in inputs.inputs.iter().enumerate() {
        if input.source != RangeSource::Default {
            text.push_str(&item(&harmless(&words::range(&inputs, index, currency))));
        }
    }
    for kind in words::assumed(&inputs) {
        text.push_str(&item(&harmless(&kind)));
    }
    text.push('\n');
    text
}

/// The same for scripts: every input with the 5 % and 95 % points of its range, or what it may be,
/// and every fixed value with the reason.
pub(super) fn to_json(scenario: &Scenario) -> Json {
    let inputs = Inputs::new(scenario);
    let number = |value: &Value| match value {
        Value::Number(number) => json!(number),
        Value::Word(word) => json!(word),
    };
    let range = |(index, input): (usize, &crate::assumptions::UncertainInput)| {
        let mut range = json!({
            "input": input.name,
            "paths": input.paths,
            "unit": unit(input.unit),
            "guess": number(&input.guess),
            "source": source(input.source),
            "group": input.group,
        });
        match inputs.shares(index) {
            Some(shares) => {
                let share = |(value, share)| json!({ "value": value, "probability": share });
                range["values"] = shares.into_iter().map(share).collect();
            }
            None => {
                range["low"] = number(&inputs.value(index, 0.05));
                range["high"] = number(&inputs.value(index, 0.95));
            }
        }
        range
    };
    let fixed =
        inputs.fixed.iter().map(|fixed| json!({ "key": fixed.path, "why": why(fixed.why) }));
    json!({
        "summary": words::summary(&inputs),
        "inputs": inputs.inputs.iter().enumerate().map(range).collect::<Json>(),
        "fixed": fixed.collect::<Json>(),
    })
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Duration => "hours",
        Unit::Probability => "probability",
        Unit::Money => "currency",
        Unit::Number => "number",
        Unit::Factor => "factor",
        Unit::Choice => "choice",
    }
}

fn source(source: RangeSource) -> &'static str {
    match source {
        RangeSource::Stated => "stated",
        RangeSource::Fitted => "fitted",
        RangeSource::Default => "default",
    }
}

fn why(why: WhyFixed) -> &'static str {
    match why {
        WhyFixed::Decided => "decided",
        WhyFixed::Off => "off",
        WhyFixed::Known => "known",
        WhyFixed::NoDefault => "no default",
    }
}
