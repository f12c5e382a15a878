//! Which kind of component an incident of a log struck, from what the log says of it.
//!
//! | tried in turn | example |
//! |---|---|
//! | what the user maps, by component or cause | `--map Hardware=host` |
//! | the name of a fault of the scenario | "internet link" |
//! | words that name a kind | "SQL Server out of memory" is `database` |
//! | what the user says of the rest, or `server` | - |

use crate::scenario::Scenario;
use crate::world::kind::Kind;

/// Words that name a kind; of two in one text the earlier row counts.
const WORDS: [(Kind, &[&str]); 7] = [
    (Kind::Database, &["database", "sql", "localdb", "db"]),
    (
        Kind::Engine,
        &[
            "engine",
            "configuration",
            "config",
            "human",
            "upgrade",
            "certificate",
            "account",
            "filter",
            "rule",
            "deployment",
            "change",
            "maintenance",
        ],
    ),
    (Kind::Cloud, &["cloud", "azure", "entra", "microsoft", "tenant", "provider"]),
    (Kind::Link, &["link", "network", "internet", "isp", "wan", "vpn", "line", "router"]),
    (
        Kind::Site,
        &[
            "site",
            "facilities",
            "facility",
            "power",
            "cooling",
            "fire",
            "flood",
            "building",
            "datacenter",
            "datacentre",
            "room",
        ],
    ),
    (Kind::Host, &["host", "hardware", "machine", "disk", "memory", "cpu", "node", "hypervisor"]),
    (
        Kind::Server,
        &["server", "software", "os", "operating", "service", "application", "patch", "vm"],
    ),
];

/// How incidents are mapped to kinds.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    /// What the user says: a component or cause, in any case, and its kind.
    pub given: Vec<(String, Kind)>,
    /// The kind of what nothing else tells; `server` if none.
    pub rest: Option<Kind>,
}

/// Why an incident has its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The user says so.
    Given,
    /// A fault of the scenario has that name.
    Fault,
    /// A word names the kind.
    Word,
    /// Nothing tells.
    Rest,
}

impl Mapping {
    /// The kind that an incident with this component and cause struck.
    pub fn kind_of(&self, scenario: &Scenario, component: &str, cause: &str) -> (Kind, Reason) {
        let texts = [component.trim(), cause.trim()];
        let same = |name: &str| texts.iter().any(|text| text.eq_ignore_ascii_case(name.trim()));
        if let Some((_, kind)) = self.given.iter().find(|(name, _)| same(name)) {
            return (*kind, Reason::Given);
        }
        let named = |name: &str| !name.is_empty() && same(name);
        if let Some(fault) = scenario.world.faults.iter().find(|fault| named(&fault.name)) {
            return (fault.strikes, Reason::Fault);
        }
        for text in texts {
            let lower = text.to_lowercase();
            let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
            let named =
                WORDS.iter().find(|(_, known)| known.iter().any(|word| words.contains(word)));
            if let Some((kind, _)) = named {
                return (*kind, Reason::Word);
            }
        }
        (self.rest.unwrap_or(Kind::Server), Reason::Rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_then_the_scenario_then_words_then_the_rest() {
        let scenario = Scenario::embedded().unwrap();
        let mapping = Mapping { given: vec![("Hardware".into(), Kind::Site)], rest: None };
        let kind = |component: &str, cause: &str| mapping.kind_of(&scenario, component, cause);
        assert_eq!(kind("", "hardware "), (Kind::Site, Reason::Given));
        assert_eq!(kind("Internet link", ""), (Kind::Link, Reason::Fault));
        assert_eq!(kind("", "SQL Server: out of memory"), (Kind::Database, Reason::Word));
        assert_eq!(kind("Network", "Human Error"), (Kind::Link, Reason::Word));
        assert_eq!(kind("", "Facilities"), (Kind::Site, Reason::Word));
        assert_eq!(kind("", "hosting"), (Kind::Server, Reason::Rest));
        assert_eq!(kind("", ""), (Kind::Server, Reason::Rest));
        let rest = Mapping { given: Vec::new(), rest: Some(Kind::Cloud) };
        assert_eq!(rest.kind_of(&scenario, "", "?"), (Kind::Cloud, Reason::Rest));
    }
}
