//! What is said of how far the assumptions of a scenario may be off.

use crate::assumptions::{Inputs, RangeSource, UncertainInput, Unit, Value};
use crate::report::text::{count, figure, list};
use crate::units::show_duration;

/// What stands above all of it.
pub const TITLE: &str = "how far the assumptions may be off";

/// How many may be off, by where their ranges come from, and how many are fixed.
pub fn summary(inputs: &Inputs) -> String {
    let fixed = count(inputs.fixed.len(), "value");
    if inputs.inputs.is_empty() {
        return format!("Nothing is varied: {fixed} without a range, and no range is assumed.");
    }
    let sources = [RangeSource::Stated, RangeSource::Fitted, RangeSource::Default];
    let parts = sources.into_iter().filter_map(|source| {
        let number = inputs.inputs.iter().filter(|input| input.source == source).count();
        (number > 0).then(|| format!("{number} with {}", self::source(source)))
    });
    let parts: Vec<String> = parts.collect();
    let inputs = count(inputs.inputs.len(), "assumption");
    format!("{inputs} may be off: {}; {fixed} fixed.", list(&parts))
}

/// Where the ranges of several come from.
pub fn source(source: RangeSource) -> &'static str {
    match source {
        RangeSource::Stated => "a range of their own",
        RangeSource::Fitted => "a range from a log",
        RangeSource::Default => "an assumed range",
    }
}

/// An input whose range was stated or fitted: its name, guess and range.
pub fn range(inputs: &Inputs, index: usize, currency: &str) -> String {
    let input = &inputs.inputs[index];
    let show = |value: &Value| shown(input.unit, value, currency);
    let range = match inputs.shares(index) {
        Some(shares) => {
            let others = shares.iter().skip(1).map(|(word, _)| word.as_str());
            format!("{}, or {}", show(&input.guess), others.collect::<Vec<_>>().join(", "))
        }
        None => {
            let [low, high] = [0.05, 0.95].map(|quantile| show(&inputs.value(index, quantile)));
            match input.unit {
                Unit::Factor => format!("{low} to {high} times as assumed"),
                _ => format!("{}, {low} to {high}", show(&input.guess)),
            }
        }
    };
    let source = match input.source {
        RangeSource::Fitted => " (from a log)",
        _ => "",
    };
    let group = input.group.map(|group| format!(", moves with group {}", group + 1));
    format!("{}: {range}{source}{}", input.name, group.unwrap_or_default())
}

/// By what the inputs with an assumed range may be off, with their names: in the order of the first
/// of each kind.
pub fn assumed(inputs: &Inputs) -> Vec<String> {
    let mut kinds: Vec<(String, Vec<String>)> = Vec::new();
    for (index, input) in inputs.inputs.iter().enumerate() {
        if input.source != RangeSource::Default {
            continue;
        }
        let kind = default_words(input, &inputs.value(index, 0.95));
        let group = input.group.map(|group| format!(" (group {})", group + 1));
        let name = format!("{}{}", input.name, group.unwrap_or_default());
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, names)) => names.push(name),
            None => kinds.push((kind, vec![name])),
        }
    }
    kinds.into_iter().map(|(kind, names)| format!("{kind}: {}", names.join(", "))).collect()
}

/// "odds within a factor of 2 either way"
fn default_words(input: &UncertainInput, high: &Value) -> String {
    let odds = |share: f64| share / (1.0 - share);
    let [high, guess] = [high, &input.guess].map(|value| value.number().unwrap_or(1.0));
    let (what, factor) = match input.unit {
        Unit::Probability => ("odds", odds(high) / odds(guess)),
        Unit::Money => ("prices", high / guess),
        Unit::Number => ("rates", high / guess),
        Unit::Duration | Unit::Factor | Unit::Choice => ("times", high / guess),
    };
    format!("assumed range, {what} within a factor of {} either way", trimmed(factor))
}

/// A value in its unit.
fn shown(unit: Unit, value: &Value, currency: &str) -> String {
    match (unit, value) {
        (_, Value::Word(word)) => word.clone(),
        (Unit::Duration, Value::Number(hours)) => show_duration(*hours),
        (Unit::Money, Value::Number(money)) => format!("{} {currency}", trimmed(*money)),
        (_, Value::Number(number)) => trimmed(*number),
    }
}

/// A number to three digits, without zeros at its end.
fn trimmed(number: f64) -> String {
    let text = figure(number, 3);
    match text.contains('.') && !text.contains('e') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Spec;
    use std::path::Path;

    fn inputs(uncertainty: &str) -> Inputs {
        let text = format!(
            "name = \"x\"\n[uncertainty]\n{uncertainty}\n[operations]\n\
             call_out = {{ guess = \"1h to 2h\", factor = \"0.5 to 4\" }}\n\
             decision = {{ guess = \"30m\", range = [\"15m\", \"2h\"] }}\n\
             staffed = {{ guess = \"office\", or = [\"24x7\"] }}\n\
             [[fault]]\nname = \"f\"\nstrikes = \"server\"\nevery = \"300d\"\nrepair = \"1h\"\n\
             [costs]\nlabour_hour = {{ guess = 90, range = [45.5, 1200] }}\n\
             [[strategy]]\nname = \"a\"\n[strategy.staging]\n\
             success = {{ guess = 0.95, range = [0.7, 0.99] }}\n"
        );
        Inputs::of(&mut Spec::parse(&text, Path::new(""), "x")).unwrap()
    }

    #[test]
    fn a_range_is_told_in_the_unit_of_its_value() {
        let inputs = inputs("default = \"off\"\ntogether = [[\"operations.*\"]]");
        let told: Vec<String> =
            (0..inputs.inputs.len()).map(|index| range(&inputs, index, "USD")).collect();
        let expected = [
            "operations.call_out: 0.5 to 4 times as assumed, moves with group 1",
            "operations.decision: 30m, 15m to 2h, moves with group 1",
            "operations.staffed: \"office\", or \"24x7\"",
            "strategy.\"a\".staging.success: 0.95, 0.7 to 0.99",
            "costs.labour_hour: 90 USD, 45.5 USD to 1,200 USD",
        ];
        assert_eq!(told, expected);
        let summary = summary(&inputs);
        assert!(summary.starts_with("5 assumptions may be off: 5 with a range of their own; "));
        assert!(assumed(&inputs).is_empty());
    }

    #[test]
    fn assumed_ranges_are_told_by_kind() {
        let told = assumed(&inputs("default = { odds = 1.0, rate = 1.5 }"));
        let begins = |start: &str| told.iter().filter(|one| one.starts_with(start)).count();
        assert_eq!(begins("assumed range, times within a factor of 2 either way: "), 1);
        assert_eq!(begins("assumed range, rates within a factor of 1.5 either way: "), 1);
        assert_eq!(begins("assumed range, odds"), 0);
        assert_eq!(begins("assumed range, prices within a factor of 3 either way: "), 1);
    }
}
