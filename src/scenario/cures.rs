//! What helps against which fault: the cure table of a scenario.
//!
//! Each protection says which kinds it can bring back; here that meets the faults. Whether it does
//! so in a trial depends on what else is down, and on luck.

use super::Scenario;
use crate::strategy::Strategy;
use crate::world::fault::{Carrier, Fault};
use crate::world::kind::Scope;
use crate::world::operations::Operations;
use crate::world::service::Services;
use crate::world::site::Sites;

/// What helps against one fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultCures {
    /// The fault, by its place in the world.
    pub fault: usize,
    /// By strategy: its tables that help, in the order in which they are tried.
    pub tables: Vec<Vec<&'static str>>,
    /// By strategy: it cannot strike it.
    pub immune: Vec<bool>,
    /// It strikes the machines through which users sign in, and no synchronisation.
    pub is_of_sign_in: bool,
    /// A last resort ends it in the end, under every strategy.
    pub last_resort: bool,
    /// It can be repaired in place.
    pub repair: bool,
}

/// What ends an outage by one fault under one strategy, the best of what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Help<'a> {
    /// It strikes sign-in alone, of which no table is about.
    SignIn,
    /// It cannot strike the strategy.
    Immune,
    /// These tables of the strategy.
    Tables(&'a [&'static str]),
    /// No table: its repair, or a new server as last resort.
    LastResort,
    /// Nothing but its own repair.
    RepairOnly,
    /// Nothing at all.
    Nothing,
}

impl FaultCures {
    /// What helps against one fault of a world with these operations and sites.
    pub(super) fn new(
        (number, fault): (usize, &Fault),
        strategies: &[Strategy],
        operations: &Operations,
        sites: &Sites,
    ) -> FaultCures {
        FaultCures {
            fault: number,
            tables: strategies.iter().map(|strategy| tables_against(strategy, fault)).collect(),
            immune: strategies.iter().map(|strategy| strategy.is_immune_to(fault)).collect(),
            is_of_sign_in: fault.only == Some(Carrier::SignIn),
            last_resort: operations.last_resort_ends(fault.strikes, sites),
            repair: fault.repair.is_some() || !fault.onsets.lengths.is_empty(),
        }
    }

    /// What helps under a strategy, by its place in the scenario.
    pub fn help(&self, strategy: usize) -> Help<'_> {
        if self.is_of_sign_in {
            return Help::SignIn;
        }
        if self.immune.get(strategy) == Some(&true) {
            return Help::Immune;
        }
        match self.tables.get(strategy) {
            Some(tables) if !tables.is_empty() => Help::Tables(tables),
            _ if self.last_resort => Help::LastResort,
            _ if self.repair => Help::RepairOnly,
            _ => Help::Nothing,
        }
    }

    /// Does nothing but its own repair help, whatever the strategy?
    pub fn is_repair_only(&self) -> bool {
        self.tables.iter().all(Vec::is_empty) && !self.last_resort && !self.is_of_sign_in
    }
}

/// The tables of a strategy that help against a fault, in the order in which they are tried.
fn tables_against(strategy: &Strategy, fault: &Fault) -> Vec<&'static str> {
    let helps = strategy.protections.iter().filter(|protection| {
        let cures = match fault.stops == Services::ALL || fault.strikes.service().is_some() {
            true => protection.cures(strategy.database_apart),
            false => protection.cures_in_part(strategy.database_apart),
        };
        cures.has(fault.strikes)
    });
    helps.map(|protection| protection.name()).collect()
}

impl Scenario {
    /// What helps against each fault, in the order of the file.
    pub fn cures(&self) -> Vec<FaultCures> {
        let Scenario { world, strategies, .. } = self;
        let faults = world.faults.iter().enumerate();
        faults
            .map(|fault| FaultCures::new(fault, strategies, &world.operations, &world.sites))
            .collect()
    }

    /// Does any fault strike a site, or its link, as a whole?
    pub fn strikes_sites(&self) -> bool {
        self.world.faults.iter().any(|fault| fault.strikes.scope() == Scope::Site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const TEXT: &str = r#"
name = "x"
[operations]
LAST_RESORT
[[fault]]
name = "crash"
strikes = "server"
at = ["1h"]
repair = "never"
[[fault]]
name = "flood"
strikes = "site"
at = ["1h"]
repair = "1d"
[[fault]]
name = "policy"
strikes = "tenant"
at = ["1h"]
repair = "1h"
[[strategy]]
name = "both"
prefer = ["rebuild", "staging"]
[strategy.staging]
[strategy.rebuild]
[[strategy]]
name = "none"
"#;

    fn cures(last_resort: &str) -> Vec<FaultCures> {
        let text = TEXT.replace("LAST_RESORT", last_resort);
        Scenario::read(text, Path::new(""), "x").unwrap().cures()
    }

    #[test]
    fn tables_help_in_the_order_in_which_they_are_tried_and_elsewhere_against_a_flood() {
        let all = cures("");
        assert_eq!(all[0].help(0), Help::Tables(&["rebuild", "staging"]));
        assert_eq!(all[1].help(0), Help::Tables(&["staging"]), "only the standby is elsewhere");
        assert_eq!((all[0].help(1), all[1].help(1)), (Help::LastResort, Help::LastResort));
        assert_eq!(all[2].help(0), Help::RepairOnly);
        let alone: Vec<bool> = all.iter().map(FaultCures::is_repair_only).collect();
        assert_eq!(alone, [false, false, true]);
    }

    #[test]
    fn no_table_is_about_sign_in() {
        let text = TEXT.replace("LAST_RESORT", "").replace(
            "repair = \"1h\"",
            "repair = \"1h\"\n[[fault]]\nname = \"update\"\nstrikes = \"engine\"\nonly = \"sign-in\"\nat = [\"1h\"]\nrepair = \"2h\"",
        );
        let text = format!("[organisation]\nsign_in = \"pass-through\"\n[pass_through]\n{text}");
        let text = text.replace("\nname = \"x\"\n", "\n");
        let text = format!("name = \"x\"\n{text}");
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        let update = &scenario.cures()[3];
        assert_eq!((update.help(0), update.help(1)), (Help::SignIn, Help::SignIn));
        assert!(!update.is_repair_only());
    }

    #[test]
    fn without_a_last_resort_nothing_ends_what_is_never_repaired() {
        let all = cures("last_resort = \"never\"");
        assert_eq!((all[0].help(1), all[1].help(1)), (Help::Nothing, Help::RepairOnly));
        assert!(!all[0].is_repair_only(), "two tables help");
    }
}
