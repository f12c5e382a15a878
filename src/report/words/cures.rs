//! What the cure table says: what helps against which fault.

use super::spoken;
use crate::report::text::{list, quoted};
use crate::scenario::{FaultCures, Help, Scenario};
use crate::strategy::tables;
use crate::world::fault::Fault;
use crate::world::service::Services;

/// What the table shows.
pub const TITLE: &str = "what helps against which fault";

/// Against a fault of a whole site.
const ELSEWHERE: &str = "Against the loss of a site or its link helps only what stands in \
                         another site.";

/// What the table is not about.
const NOT_SIGN_IN: &str = "The table is about synchronisation. Sign-in outlasts a fault by a machine \
                           that the fault does not strike: a second one, or one in another site.";

/// What has to be known to read the table of a scenario.
pub fn notes(scenario: &Scenario) -> impl Iterator<Item = &'static str> {
    let elsewhere = scenario.strikes_sites().then_some(ELSEWHERE);
    let sign_in = scenario.world.sign_in.as_ref().map(|_| NOT_SIGN_IN);
    elsewhere.into_iter().chain(sign_in)
}

/// What helps, in words: "staging, rebuild".
pub fn help(help: Help<'_>) -> String {
    match help {
        Help::Tables(tables) => {
            tables.iter().map(|table| spoken(table)).collect::<Vec<_>>().join(", ")
        }
        Help::SignIn => "strikes sign-in only".to_owned(),
        Help::Immune => "cannot strike it".to_owned(),
        Help::LastResort => "last resort".to_owned(),
        Help::RepairOnly => "repair only".to_owned(),
        Help::Nothing => "nothing".to_owned(),
    }
}

/// What "strikes sign-in only" means in the table.
pub const SIGN_IN: &str = "the fault strikes sign-in and no synchronisation";
/// What "cannot strike it" means in the table.
pub const IMMUNE: &str = "the fault cannot strike the strategy";
/// What "last resort" means in the table.
pub const LAST_RESORT: &str = "no table helps; if the repair takes too long, a new server is found";
/// What "repair only" means.
pub const REPAIR_ONLY: &str = "nothing but its own repair";
/// What "nothing" means.
pub const NOTHING: &str = "nothing: the outage never ends";

/// The faults that only their own repair ends, whatever the strategy; a sentence, if there are any.
pub fn repair_only(scenario: &Scenario, cures: &[FaultCures]) -> Option<String> {
    let alone = cures.iter().filter(|cures| cures.is_repair_only());
    let names: Vec<String> =
        alone.map(|cures| quoted(&scenario.world.faults[cures.fault].name)).collect();
    let whose = if names.len() == 1 { "its" } else { "their" };
    (!names.is_empty()).then(|| {
        format!("No strategy helps against {}: nothing but {whose} own repair does.", list(&names))
    })
}

/// The letter of each table that a strategy of the scenario has: the first of its name that no
/// other table has. A table has the same letter in every scenario.
pub fn letters(scenario: &Scenario) -> Vec<(&'static str, char)> {
    let mut names = tables();
    names.sort_unstable();
    let mut letters: Vec<(&'static str, char)> = Vec::new();
    for name in names {
        let capitals =
            name.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase());
        let free = capitals.chain('A'..='Z').find(|c| letters.iter().all(|(_, taken)| taken != c));
        letters.push((name, free.unwrap_or('?')));
    }
    let is_used = |name: &str| {
        let mut protections = scenario.strategies.iter().flat_map(|strategy| &strategy.protections);
        protections.any(|protection| protection.name() == name)
    };
    letters.retain(|(name, _)| is_used(name));
    letters
}

/// What a fault strikes, and the part of the service that it stops if that is not all of it.
pub fn struck(fault: &Fault) -> String {
    let kind = fault.strikes.word();
    if fault.stops == Services::ALL || fault.strikes.service().is_some() {
        kind.to_owned()
    } else {
        format!("{kind}, {} only", fault.stops.words())
    }
}

/// What helps as one mark for each table.
pub fn marks(help: Help<'_>, letters: &[(&str, char)]) -> String {
    let letter = |table: &&str| letters.iter().find(|(name, _)| name == table).map(|(_, c)| *c);
    match help {
        Help::Tables(tables) => tables.iter().filter_map(letter).collect(),
        Help::SignIn => "s".to_owned(),
        Help::Immune => "o".to_owned(),
        Help::LastResort => "l".to_owned(),
        Help::RepairOnly => "-".to_owned(),
        Help::Nothing => "x".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_letter_of_its_own() {
        let scenario = Scenario::embedded().unwrap();
        let letters = letters(&scenario);
        let told: String = letters.iter().map(|(_, letter)| *letter).collect();
        assert_eq!(told, "CRSTV");
        assert!(letters.iter().all(|(name, letter)| name.to_uppercase().contains(*letter)));
        assert_eq!(marks(Help::Tables(&["staging", "rebuild"]), &letters), "TR");
        assert_eq!(help(Help::Tables(&["staging", "some_table"])), "staging, some table");
    }

    #[test]
    fn a_fault_that_nothing_cures_is_named() {
        let scenario = Scenario::embedded().unwrap();
        let told = repair_only(&scenario, &scenario.cures()).unwrap();
        let cloud = scenario.world.faults.iter().find(|fault| fault.strikes.word() == "cloud");
        assert!(told.contains(&quoted(&cloud.unwrap().name)), "{told}");
    }
}
