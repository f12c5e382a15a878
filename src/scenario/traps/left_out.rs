//! Values that are left to their defaults although a value beside them says that these hardly fit.

use super::Read;
use crate::keys::{Section, quote};

/// The users that the defaults are for, and what belongs to them: objects, changes of objects an hour,
/// and new devices an hour. Devices are left out by default, and the default scenario has these.
const USERS: f64 = 25_000.0;
const OBJECTS: f64 = 60_000.0;
const CHANGES: f64 = 20.0;
const DEVICES: f64 = 0.7;

/// Warns of all of them.
pub(super) fn warn(top: &mut Section<'_>, read: &Read<'_>) {
    warn_of_sizes(top, read);
    if read.is_priced {
        warn_of_no_annual_cost(top, read);
    }
}

/// A size of the whole organisation that its number of users says little about, unless it is left as it
/// is for [`USERS`].
struct Size {
    path: &'static [&'static str],
    /// Of the default.
    default: f64,
    /// Of this scenario.
    given: f64,
    /// "objects".
    noun: &'static str,
    /// The key with what stands before it, to paste: "objects".
    key: &'static str,
}

fn sizes(read: &Read<'_>) -> [Size; 3] {
    let (changes, devices) = read.workload.objects_per_hour();
    [
        Size {
            path: &["organisation", "objects"],
            default: OBJECTS,
            given: read.organisation.objects as f64,
            noun: "objects",
            key: "objects",
        },
        Size {
            path: &["workload", "object_changes", "per_hour"],
            default: CHANGES,
            given: changes,
            noun: "changes of objects an hour",
            key: "[workload.object_changes] per_hour",
        },
        Size {
            path: &["workload", "object_changes", "devices_per_hour"],
            default: DEVICES,
            given: devices,
            noun: "new devices an hour",
            key: "[workload.object_changes] devices_per_hour",
        },
    ]
}

impl Size {
    /// As many for each user as the default has, to paste.
    fn fitting(&self, ratio: f64) -> String {
        let fitting = self.default * ratio;
        let number = match self.default >= 1_000.0 {
            true => threes(fitting.ceil(), "_"),
            false => format!("{:?}", significant(fitting)),
        };
        format!("{} = {number}", self.key)
    }

    fn shown(&self) -> String {
        let number = match self.given >= 1_000.0 {
            true => threes(self.given, ","),
            false => format!("{}", self.given),
        };
        format!("{number} {}", self.noun)
    }
}

/// Two significant digits.
fn significant(number: f64) -> f64 {
    format!("{number:.1e}").parse().unwrap_or(number)
}

/// Sizes that are as they are for 25,000 users, left out or taken over, and those that are very far
/// from what an organisation of so many has.
fn warn_of_sizes(top: &mut Section<'_>, read: &Read<'_>) {
    // Less than this is no mistake that matters beside all that is guessed.
    const MATTERS: f64 = 1.5;
    let users = read.organisation.users;
    let ratio = users as f64 / USERS;
    let Some(place) = top.span_of(&["organisation", "users"]) else { return };
    let sizes = sizes(read);
    let is_near = (1.0 / MATTERS..=MATTERS).contains(&ratio);
    let is_left = |size: &&Size| size.given == size.default && !is_near;
    let left: Vec<&Size> = sizes.iter().filter(is_left).collect();
    if !left.is_empty() {
        let shown: Vec<String> = left.iter().map(|size| size.shown()).collect();
        let fitting: Vec<String> = left.iter().map(|size| size.fitting(ratio)).collect();
        let users = threes(users as f64, ",");
        top.warn_at(
            Some(place),
            format!("{} are the default for 25,000 users, and here are {users}", all_of(&shown)),
            &format!(
                "give your own, or as many for each user as the default has: {}",
                fitting.join(", ")
            ),
        );
    }
    warn_of_slips(top, &sizes, ratio);
}

/// Sizes for each user that are very far from those of the default.
fn warn_of_slips(top: &mut Section<'_>, sizes: &[Size], ratio: f64) {
    // More than this is no difference between organisations, but a slip of a unit.
    const SLIP: f64 = 20.0;
    if top.has_errors() {
        return;
    }
    let fits = |times: f64| (1.0 / SLIP..=SLIP).contains(&times);
    for size in sizes.iter().filter(|size| size.given > 0.0 && size.given != size.default) {
        let times = size.given / (size.default * ratio);
        let Some(place) = top.span_of(size.path).filter(|_| !fits(times)) else { continue };
        let told = match times > 1.0 {
            true => format!("{} times as many for each user as", threes(times, ",")),
            false => format!("{} times fewer for each user than", threes(1.0 / times, ",")),
        };
        top.warn_at(
            Some(place),
            format!("{} are {told} the default has", size.shown()),
            &format!("if that is not meant: {}", size.fitting(ratio)),
        );
    }
}

/// "a", "a and b", "a, b and c".
fn all_of(words: &[String]) -> String {
    match words {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => words.concat(),
    }
}

/// What is kept ready and costs nothing, though the choice is made by cost.
fn warn_of_no_annual_cost(top: &mut Section<'_>, read: &Read<'_>) {
    let both = read.strategies.iter().zip(read.at_strategies);
    let mut free = both.filter(|(strategy, at)| {
        let keeps_ready = !strategy.protections.is_empty() || !strategy.watch.is_empty();
        keeps_ready && !at.has_annual_cost
    });
    let Some((first, at)) = free.next() else { return };
    let others = match free.count() {
        0 => " costs".to_owned(),
        1 => " and 1 other strategy cost".to_owned(),
        count => format!(" and {count} other strategies cost"),
    };
    top.warn_at(
        at.name.clone(),
        format!("{}{others} nothing to keep ready: `annual_cost` is left out", quote(&first.name)),
        "the choice is made by cost: say what it costs a year, or that it is nothing: annual_cost = 0",
    );
}

/// A whole number with every three digits apart.
fn threes(number: f64, apart: &str) -> String {
    let digits = format!("{number:.0}");
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push_str(apart);
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use std::path::Path;

    #[test]
    fn the_sizes_are_those_of_a_scenario_that_says_nothing() {
        let text = "name = \"x\"\n[[strategy]]\nname = \"a\"\n".to_owned();
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        let value = |key: &str| scenario.assumption(key).unwrap().quantity.number().unwrap();
        assert_eq!(value("organisation.users"), USERS);
        assert_eq!(value("organisation.objects"), OBJECTS);
        assert_eq!(value("workload.object_changes.per_hour"), CHANGES);
    }

    #[test]
    fn the_devices_are_those_of_the_default_scenario() {
        let scenario = Scenario::embedded().unwrap();
        let devices = scenario.assumption("workload.object_changes.devices_per_hour").unwrap();
        assert_eq!(
            devices.quantity.number(),
            Some(DEVICES),
            "DEVICES follows the default scenario"
        );
    }
}
