//! What a check of a scenario says.

use crate::keys::Quantity;
use crate::report::sources::Sources;
use crate::report::text::{count, grouped, list};
use crate::scenario::Scenario;
use crate::units::show_duration;
use crate::world::known_dates::KnownDate;

/// How many values the scenario gives, how many of these --set gave, and how many are defaults.
pub fn totals(given: usize, defaults: usize, set: usize) -> String {
    let set = if set > 0 { format!(", {set} of them by --set (+)") } else { String::new() };
    format!("{} given{set}, {} (*)", count(given, "value"), count(defaults, "default"))
}

/// Said first where no file was given.
pub const BUILT_IN: &str = "No file is given: this is the scenario built into the program, which `outlast \
                            init office.toml` writes for you to change.";

/// What is assumed in all, before each value is listed: a sentence each.
pub fn summary(scenario: &Scenario) -> Vec<String> {
    let mut words = vec![what(scenario), basis(scenario)];
    let ranges = scenario.assumptions.iter().find(|one| {
        one.distribution.is_some() && one.value.starts_with('"') && one.value.contains(" to ")
    });
    words.extend(ranges.map(|one| {
        format!(
            "A range such as {} stands for a lognormal distribution: 5\u{a0}% of its values are below the \
             first figure and 5\u{a0}% above the second.",
            one.value
        )
    }));
    words.extend(match scenario.warnings.len() {
        0 => None,
        number => Some(format!("{}, at the end of this list.", count(number, "warning"))),
    });
    words
}

/// "Office: 8,000 users, 19,000 objects, a horizon of 365d; 3 faults, 4 strategies, …"
fn what(scenario: &Scenario) -> String {
    let world = &scenario.world;
    let whose = |name: &str| {
        let mut all = scenario.assumptions.iter().filter(|one| one.key.starts_with(name));
        if all.all(|one| one.is_default) { " of the program's own" } else { "" }
    };
    let tolerances = match scenario.tolerances.len() {
        0 => "no tolerance".to_owned(),
        number => count(number, "tolerance"),
    };
    let prices = match &scenario.costs {
        None => "no prices".to_owned(),
        Some(costs) => format!("prices in {}", costs.currency),
    };
    let parts = [
        format!("{}{}", count(world.faults.len(), "fault"), whose("fault.")),
        count(scenario.strategies.len(), "strategy"),
        tolerances,
        prices,
    ];
    format!(
        "{}: {} and {} over {}; {}.",
        scenario.title(),
        count(world.organisation.users, "user"),
        count(world.organisation.objects, "object"),
        show_duration(world.horizon),
        list(&parts)
    )
}

/// On what the values rest, as far as anything is said of that.
fn basis(scenario: &Scenario) -> String {
    let sources = Sources::read();
    let (mut judged, mut sourced, mut unsaid) = (0, 0, 0);
    for one in scenario.assumptions.iter().filter(|one| one.quantity != Quantity::Fixed) {
        match sources.stated(one).map(str::to_lowercase) {
            Some(source)
                if ["judgement", "assum", "our choice"]
                    .iter()
                    .any(|word| source.contains(word)) =>
            {
                judged += 1;
            }
            Some(_) => sourced += 1,
            None => unsaid += 1,
        }
    }
    let parts = [
        (judged, "rest on judgement"),
        (sourced, "have a source"),
        (unsaid, "say nothing of where they come from"),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> =
        parts.map(|(number, what)| format!("{} {what}", grouped(*number))).collect();
    format!(
        "Of the values that may be otherwise, {}; each source stands in [brackets].",
        list(&parts)
    )
}

/// A known date, and whether it lies in a trial.
pub fn date(known: &KnownDate, within: Option<bool>) -> String {
    let within = match within {
        None => "",
        Some(true) => ", in a trial",
        Some(false) => ", not in a trial",
    };
    format!("{}{within}", known.date)
}

/// What there is to say of a known date.
pub fn about_date(known: &KnownDate) -> [String; 3] {
    let stops = match known.stops {
        Some(kind) => format!("a fault of kind \"{}\" for those who miss it", kind.word()),
        None => "nothing stops on that day".to_owned(),
    };
    let source = format!("known on {} from: {}", known.known_on, known.source);
    [known.what.to_owned(), stops, source]
}
