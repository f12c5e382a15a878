//! Which kind of component an incident of a log struck, from what the log says of it.
//!
//! | tried in turn | example |
//! |---|---|
//! | what the user maps, by component or cause | `--map Hardware=host` |
//! | the name of a fault of the scenario, alone or in a sentence | "internet link" is down |
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
/// counts. What stands together has a hyphen.
const WORDS: [(Kind, &str); 15] = [
    // A rule of the firewall, before the rules of synchronisation.
    (
        Kind::Link,
        "firewall-rule firewall-rules firewall-regel firewall-regeln firewallregel firewallregeln",
    ),
    // Full is what a server holds, whether or not its database runs; before the database itself.
    (
        Kind::Contents,
        "database-full database-is-full localdb-full localdb-is-full sql-full sql-is-full db-full \
         db-is-full datenbank-voll datenbank-ist-voll sql-voll localdb-voll db-voll \
         base-de-données-pleine base-de-datos-llena databank-vol",
    ),
    (Kind::Database, "database sql localdb db datenbank données datos databank"),
    (
        Kind::PasswordSync,
        "password-sync password-synchronisation password-synchronization password-hash \
         password-hashes phs kennwortsynchronisierung kennwortsynchronisation kennworthash \
         kennworthashes kennwort-hash passwortsynchronisierung passwortsynchronisation passworthash \
         passwort-hash synchronisation-des-mots-de-passe sincronización-de-contraseñas \
         wachtwoordsynchronisatie",
    ),
    (
        Kind::Writeback,
        "writeback write-back sspr password-reset password-resets rückschreiben \
         kennwortrückschreiben passwortrückschreiben kennwortzurücksetzung passwortzurücksetzung",
    ),
    (
        Kind::Engine,
        "engine certificate account zertifikat konto certificat compte certificado cuenta \
         certificaat",
    ),
    (
        Kind::Contents,
        "configuration config human upgrade filter rule rules deployment change maintenance \
         konfiguration bedienfehler regel regeln änderung wartung changement configuración cambio \
         mantenimiento configuratie wijziging onderhoud",
    ),
    (Kind::Tenant, "tenant conditional-access policy richtlinie"),
    (Kind::Cloud, "cloud azure entra microsoft microsoft-365 office-365 m365"),
    (
        Kind::Directory,
        "active-directory ad domain domain-controller domain-controllers dc forest domäne \
         domänencontroller",
    ),
    (
        Kind::Link,
        "link network internet isp wan vpn line router firewall proxy netzwerk netz leitung \
         internetleitung netzwerkausfall réseau ligne lien routeur red línea enlace netwerk lijn \
         verbinding",
    ),
    (
        Kind::Site,
        "site facilities facility power cooling fire flood building datacenter datacentre room \
         strom stromausfall klima brand gebäude rechenzentrum serverraum électricité alimentation \
         climatisation incendie bâtiment energía electricidad edificio stroom stroomstoring gebouw",
    ),
    (
        Kind::Host,
        "host hardware machine disk memory cpu node hypervisor storage festplatte speicher platte \
         matériel disque mémoire disco memoria schijf geheugen",
    ),
    (Kind::Export, "export exports"),
    (
        Kind::Server,
        "server software os operating service application patch vm windows update updates reboot \
         restart neustart absturz serverausfall dienst anwendung betriebssystem serveur logiciel \
         servidor aplicación toepassing besturingssysteem",
    ),
];

/// Words that German compounds end with, which say what the whole is: "Filterregel", "Dienstkonto".
const HEADS: [&str; 14] = [
    "regel",
    "regeln",
    "konto",
    "zertifikat",
    "leitung",
    "datenbank",
    "konfiguration",
    "änderung",
    "wartung",
    "platte",
    "speicher",
    "dienst",
    "server",
    "netzwerk",
];

/// Names of the program that synchronises, in which words such as "Azure" say nothing of the cloud.
/// An incident of which nothing else is said struck the server that it runs on.
const PRODUCT: [&str; 10] = [
    "microsoft azure ad sync",
    "azure active directory connect",
    "azure ad connect",
    "azure ad sync",
    "microsoft entra connect",
    "entra connect",
    "aad connect",
    "aadconnect",
    "aadc",
    "adsync",
];

/// The words of a text in lower case, with a blank between two.
fn words_of(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The kind that a text names by its words.
fn named_kind(text: &str) -> Option<Kind> {
    let spoken = format!(" {} ", words_of(text));
    let without =
        PRODUCT.iter().fold(spoken.clone(), |text, name| text.replace(&format!(" {name} "), " "));
    let names = |known: &str| {
        let whole = without.contains(&format!(" {} ", known.replace('-', " ")));
        whole || (HEADS.contains(&known) && without.contains(&format!("{known} ")))
    };
    let found = WORDS.iter().find(|(_, known)| known.split(' ').any(names));
    found.map(|(kind, _)| *kind).or((without != spoken).then_some(Kind::Server))
}

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
        let faults = &scenario.world.faults;
        // In a sentence a name of one word may mean anything, and the longest name says most.
        let in_sentence = || {
            let long = faults.iter().filter(|fault| words_of(&fault.name).contains(' '));
            let spoken = texts.map(|text| format!(" {} ", words_of(text)));
            let said = long.filter(|fault| {
                let name = format!(" {} ", words_of(&fault.name));
                spoken.iter().any(|text| text.contains(&name))
            });
            said.max_by_key(|fault| fault.name.len())
        };
        if let Some(fault) = faults.iter().find(|fault| named(&fault.name)).or_else(in_sentence) {
            return (fault.strikes, Reason::Fault);
        }
        for text in texts {
            if let Some(kind) = named_kind(text) {
                return (kind, Reason::Word);
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
    fn what_service_desks_write_names_a_kind() {
        for (text, kind) in [
            ("password sync stuck", Some(Kind::PasswordSync)),
            ("Kennwortsynchronisation hängt", Some(Kind::PasswordSync)),
            ("SSPR / writeback refused", Some(Kind::Writeback)),
            ("Windows update", Some(Kind::Server)),
            ("Server nach Windows-Update nicht erreichbar", Some(Kind::Server)),
            ("Azure AD Connect", Some(Kind::Server)),
            ("Azure AD Connect: SQL down", Some(Kind::Database)),
            ("Azure AD Connect: SQL full", Some(Kind::Contents)),
            ("Datenbank voll", Some(Kind::Contents)),
            ("Datenbank vollständig weg", Some(Kind::Database)),
            ("Microsoft Azure AD Sync service stopped", Some(Kind::Server)),
            ("Azure AD", Some(Kind::Cloud)),
            ("Entra ID throttles", Some(Kind::Cloud)),
            ("Conditional Access policy", Some(Kind::Tenant)),
            ("AD replication", Some(Kind::Directory)),
            ("Domänencontroller down", Some(Kind::Directory)),
            ("Zertifikat abgelaufen", Some(Kind::Engine)),
            ("sync rules edited", Some(Kind::Contents)),
            ("export stopped by deletes", Some(Kind::Export)),
            ("Firewall", Some(Kind::Link)),
            ("Firewall-Regel", Some(Kind::Link)),
            ("Filterregel falsch geändert", Some(Kind::Contents)),
            ("Dienstkonto gesperrt", Some(Kind::Engine)),
            ("Mietleitung", Some(Kind::Link)),
            ("Exchange", None),
            ("unbekannt", None),
            ("Sonstiges", None),
            ("hosting", None),
            ("", None),
        ] {
            assert_eq!(named_kind(text), kind, "{text}");
        }
    }

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
        assert_eq!(kind("", "Human Error"), (Kind::Contents, Reason::Word));
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
        let text =
            text.replace("name = \"a\"", "name = \"wizard left open\"").replace("link", "engine");
        let one = Scenario::read(text, std::path::Path::new(""), "x").unwrap();
        let told = mapping.kind_of(&one, "", "The Wizard, left open on the server");
        assert_eq!(told, Some((Kind::Engine, Reason::Fault)), "the scenario's name before a word");
    }
}
