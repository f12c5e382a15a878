//! Which kind of component an incident of a log struck, from what the log says of it.
//!
//! | tried in turn | example |
//! |---|---|
//! | what the user maps, by component or cause | `--map Hardware=host` |
//! | the name of a fault of the scenario | "internet link" |
//! | words that name a kind | "SQL Server out of memory" is `database` |
//! | what the user says of the rest | `--unmapped host` |
//! | the only kind that strikes in the scenario | - |
//!
//! Where none of these tells, nothing does: the incident is taken for a server's, and whoever uses the
//! mapping says so first ([`Reason::Unknown`]).

use crate::scenario::Scenario;
use crate::world::kind::Kind;
use std::collections::HashMap;
use std::hash::Hash;

/// Words that name a kind, in the languages of the headings; of two in one text the earlier row
/// counts.
const WORDS: [(Kind, &str); 7] = [
    (Kind::Database, "database sql localdb db datenbank données datos databank"),
    (
        Kind::Engine,
        "engine configuration config human upgrade certificate account filter rule deployment \
         change maintenance konfiguration bedienfehler zertifikat konto änderung wartung \
         certificat compte changement configuración certificado cuenta cambio mantenimiento \
         configuratie certificaat wijziging onderhoud",
    ),
    (Kind::Cloud, "cloud azure entra microsoft tenant provider anbieter fournisseur proveedor"),
    (
        Kind::Link,
        "link network internet isp wan vpn line router netzwerk netz leitung internetleitung \
         netzwerkausfall réseau ligne lien routeur red línea enlace netwerk lijn verbinding",
    ),
    (
        Kind::Site,
        "site facilities facility power cooling fire flood building datacenter datacentre room \
         strom stromausfall klima brand gebäude rechenzentrum serverraum électricité alimentation \
         climatisation incendie bâtiment energía electricidad edificio stroom stroomstoring gebouw",
    ),
    (
        Kind::Host,
        "host hardware machine disk memory cpu node hypervisor festplatte speicher platte matériel \
         disque mémoire disco memoria schijf geheugen",
    ),
    (
        Kind::Server,
        "server software os operating service application patch vm serverausfall dienst anwendung \
         betriebssystem serveur logiciel servidor aplicación toepassing besturingssysteem",
    ),
];

/// What an entry of a log is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An incident that struck this kind of component.
    Kind(Kind),
    /// A drill of a step of recovery: the key of its time in a scenario, such as `rebuild.install`.
    Step(String),
}

/// How entries of a log are mapped.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    /// What the user says: a component or cause, in any case, and what it is about.
    pub given: Vec<(String, Target)>,
    /// The kind of what nothing else tells, if the user says.
    pub rest: Option<Kind>,
}

/// Why an incident has its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The user says so.
    User,
    /// A fault of the scenario has that name.
    Fault,
    /// A word names the kind.
    Word,
    /// Nothing tells, and the user says so of all such.
    Rest,
    /// No other kind strikes in the scenario.
    Only,
    /// Nothing tells, and nobody says: it is taken for a server's.
    Unknown,
}

impl Reason {
    /// The name in files.
    pub fn word(self) -> &'static str {
        match self {
            Reason::User => "given",
            Reason::Fault => "fault of the scenario",
            Reason::Word => "word",
            Reason::Rest => "unmapped",
            Reason::Only => "only kind of the scenario",
            Reason::Unknown => "unknown",
        }
    }
}

impl Mapping {
    /// What an entry with this component and cause is about.
    pub fn target_of(&self, scenario: &Scenario, component: &str, cause: &str) -> (Target, Reason) {
        let texts = [component.trim(), cause.trim()];
        match self.given.iter().find(|(name, _)| is_one_of(texts, name)) {
            Some((_, target)) => (target.clone(), Reason::User),
            None => {
                let (kind, reason) = self.guessed(scenario, texts);
                (Target::Kind(kind), reason)
            }
        }
    }

    /// The kind that an incident struck; `None` for a drill.
    pub fn kind_of(
        &self,
        scenario: &Scenario,
        component: &str,
        cause: &str,
    ) -> Option<(Kind, Reason)> {
        match self.target_of(scenario, component, cause) {
            (Target::Kind(kind), reason) => Some((kind, reason)),
            (Target::Step(_), _) => None,
        }
    }

    fn guessed(&self, scenario: &Scenario, texts: [&str; 2]) -> (Kind, Reason) {
        let named = |name: &str| !name.is_empty() && is_one_of(texts, name);
        if let Some(fault) = scenario.world.faults.iter().find(|fault| named(&fault.name)) {
            return (fault.strikes, Reason::Fault);
        }
        for text in texts {
            let lower = text.to_lowercase();
            let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
            let named =
                WORDS.iter().find(|(_, known)| known.split(' ').any(|word| words.contains(&word)));
            if let Some((kind, _)) = named {
                return (*kind, Reason::Word);
            }
        }
        match (self.rest, only_kind(scenario)) {
            (Some(kind), _) => (kind, Reason::Rest),
            (None, Some(kind)) => (kind, Reason::Only),
            (None, None) => (Kind::Server, Reason::Unknown),
        }
    }
}

/// The kind that all faults of a scenario strike, if it is one.
fn only_kind(scenario: &Scenario) -> Option<Kind> {
    let (first, others) = scenario.world.faults.split_first()?;
    others.iter().all(|fault| fault.strikes == first.strikes).then_some(first.strikes)
}

fn is_one_of(texts: [&str; 2], name: &str) -> bool {
    let name = name.trim().to_lowercase();
    texts.iter().any(|text| text.to_lowercase() == name)
}

/// The text by which an incident that nothing assigns is best mapped: its cause, since a component may
/// have incidents of other causes that are known, or else the component.
pub fn mappable<'t>(component: &'t str, cause: &'t str) -> &'t str {
    if cause.is_empty() { component } else { cause }
}

/// What a log says of an incident, on one line: "db-1 / disk full".
pub fn said(component: &str, cause: &str) -> String {
    let texts = [component, cause].into_iter().filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join(" / ")
}

/// How often each comes, the most frequent first.
pub fn tally<T: Copy + Eq + Hash>(all: impl Iterator<Item = (String, T)>) -> Vec<(String, T, u64)> {
    let mut places: HashMap<(String, T), usize> = HashMap::new();
    let mut counts: Vec<(String, T, u64)> = Vec::new();
    for (name, what) in all {
        let place = *places.entry((name.clone(), what)).or_insert(counts.len());
        match counts.get_mut(place) {
            Some((.., count)) => *count += 1,
            None => counts.push((name, what, 1)),
        }
    }
    counts.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_then_the_scenario_then_words_then_the_rest() {
        let scenario = Scenario::embedded().unwrap();
        let given = vec![
            ("Hardware".into(), Target::Kind(Kind::Site)),
            ("Drill".into(), Target::Step("rebuild.install".into())),
        ];
        let mapping = Mapping { given, rest: None };
        let kind =
            |component: &str, cause: &str| mapping.kind_of(&scenario, component, cause).unwrap();
        assert_eq!(kind("", "hardware "), (Kind::Site, Reason::User));
        assert_eq!(kind("Internet link", ""), (Kind::Link, Reason::Fault));
        assert_eq!(kind("", "SQL Server: out of memory"), (Kind::Database, Reason::Word));
        assert_eq!(kind("Network", "Human Error"), (Kind::Link, Reason::Word));
        assert_eq!(kind("", "Facilities"), (Kind::Site, Reason::Word));
        assert_eq!(kind("", "Stromausfall"), (Kind::Site, Reason::Word));
        assert_eq!(kind("Matériel", ""), (Kind::Host, Reason::Word));
        assert_eq!(kind("", "hosting"), (Kind::Server, Reason::Unknown));
        assert_eq!(kind("", ""), (Kind::Server, Reason::Unknown));
        let rest = Mapping { given: Vec::new(), rest: Some(Kind::Cloud) };
        assert_eq!(rest.kind_of(&scenario, "", "?"), Some((Kind::Cloud, Reason::Rest)));
        assert_eq!(mapping.kind_of(&scenario, "", "drill"), None);
        let text = "name = \"x\"\n[[fault]]\nname = \"a\"\nstrikes = \"link\"\nevery = \"9d\"\n\
                    repair = \"1h\"\n[[strategy]]\nname = \"s\"\n";
        let one = Scenario::read(text.to_owned(), std::path::Path::new(""), "x").unwrap();
        assert_eq!(mapping.kind_of(&one, "", "?"), Some((Kind::Link, Reason::Only)));
    }
}
