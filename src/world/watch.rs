//! Channels by which people learn that something is down.

use super::fault::Carrier;
use super::kind::{Kind, Kinds};
use super::streams::name_key;
use crate::distribution::Distribution;
use crate::keys::{Form, Json, List, Log, Node, Range, Section, quote};
use serde_json::json;

/// One channel: a monitor, a mail, a person who notices.
#[derive(Debug, Clone)]
pub struct Watch {
    /// Its name, unique among those of a scenario or a strategy.
    pub name: String,
    /// [`name_key`] of the name: the channel's part of the keys of its draws.
    pub key: u64,
    /// Delay from the fault to the alarm, hours.
    pub after: Distribution,
    /// Probability that it is set up and alive, one draw a trial.
    pub works: f64,
    /// Which faults it sees.
    pub sees: FaultSet,
    /// Those of them that it does not see.
    pub misses: FaultSet,
    /// It looks at what these carry alone; `None` at all.
    pub only: Option<Carrier>,
    /// It looks at standbys too, which otherwise only their own check does.
    pub standby: bool,
    /// Fixed cost per year of 365 days; 0 of those that every strategy has.
    pub annual_cost: f64,
}

/// Faults that a list names: those that a channel sees, or that cannot strike a strategy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaultSet {
    /// All there are.
    pub all: bool,
    /// Faults of these kinds.
    pub kinds: Kinds,
    /// Faults of these names.
    pub names: Vec<String>,
    /// [`name_key`] of each name.
    keys: Vec<u64>,
}

impl FaultSet {
    /// All there is.
    pub fn everything() -> FaultSet {
        FaultSet { all: true, ..FaultSet::default() }
    }

    /// What the words of a list stand for: "*", kinds, and otherwise names of faults.
    pub fn of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> FaultSet {
        let mut sees = FaultSet::default();
        for word in words {
            match (word, Kind::ALL.into_iter().find(|kind| kind.word() == word)) {
                ("*", _) => sees.all = true,
                (_, Some(kind)) => sees.kinds = sees.kinds.with(kind),
                (name, None) => {
                    sees.names.push(name.to_owned());
                    sees.keys.push(name_key(name));
                }
            }
        }
        sees
    }

    /// Is a fault of that key and kind among them?
    pub fn has(&self, fault_key: Option<u64>, kind: Option<Kind>) -> bool {
        self.all
            || kind.is_some_and(|kind| self.kinds.has(kind))
            || fault_key.is_some_and(|key| self.keys.contains(&key))
    }
}

impl Watch {
    /// Does the channel see a fault of that key and kind? What is no fault of the scenario (a split
    /// brain) has neither, and is seen by channels that see everything.
    pub fn sees(&self, fault_key: Option<u64>, kind: Option<Kind>) -> bool {
        self.sees.has(fault_key, kind) && !self.misses.has(fault_key, kind)
    }

    /// The one channel that the short form `detection` stands for.
    pub fn monitoring(after: Distribution) -> Watch {
        Watch {
            name: "monitoring".to_owned(),
            key: name_key("monitoring"),
            after,
            works: 1.0,
            sees: FaultSet::everything(),
            misses: FaultSet::default(),
            only: None,
            standby: false,
            annual_cost: 0.0,
        }
    }

    /// Does it look at a strategy that these carry?
    pub fn looks_at(&self, carrier: Carrier) -> bool {
        self.only.is_none_or(|only| only == carrier)
    }

    /// Reads one `[[watch]]` table.
    pub fn read(section: &mut Section<'_>) -> Watch {
        let name = section.required_text("name", "what the channel is called in traces");
        let words = List { item: FaultWord, distinct: true, plural: "kinds or names of faults" };
        let sees = section.get_as(
            "sees",
            &words,
            r#"["*"]"#,
            "the faults that it sees: kinds, names of faults, or \"*\" for all",
        );
        let misses = section.get_as(
            "misses",
            &words,
            "[]",
            "those of them that it does not see: kinds, or names of faults",
        );
        let standby = section.flag(
            "standby",
            false,
            "it looks at standbys too, which otherwise only their own check does",
        );
        let only = section.choice(
            "only",
            &[("all", None), ("servers", Some(Carrier::Servers)), ("agents", Some(Carrier::Agents))],
            "all",
            "whom it looks at: sync servers, as Connect Health does, the agents of Cloud Sync, as its own \
             mail does, or all",
        );
        let after = section.required_distribution("after", "delay from the fault to the alarm");
        let works = section.probability(
            "works",
            1.0,
            "probability that it is set up and alive, one draw a trial",
        );
        if section.written("works").and_then(|node| node.number()) == Some(1.0) {
            section.warn(
                "works",
                "the channel is assumed to be set up and alive always".into(),
                "agents are found disabled and mails go to those who have left: test it and use the share that worked",
            );
        }
        if works <= 0.0 {
            section.warn(
                "works",
                "the channel never raises an alarm".into(),
                "give the probability that it is set up and alive, or leave the channel out",
            );
        }
        let [sees, misses] =
            [sees, misses].map(|words| FaultSet::of_words(words.iter().map(String::as_str)));
        let key = name_key(&name);
        Watch { name, key, after, works, sees, misses, only, standby, annual_cost: 0.0 }
    }

    /// Reads the `[[watch]]` tables of a strategy.
    pub fn read_all(section: &mut Section<'_>) -> Vec<Watch> {
        let doc = "a channel of its own by which people learn of an outage";
        section.sections("watch", doc, |mut section| {
            let annual_cost = section.number(
                "annual_cost",
                0.0,
                Range::Between(0.0, 1e12),
                "fixed cost of having it, per year, in the currency of [costs]",
            );
            Watch { annual_cost, ..Watch::read(&mut section) }
        })
    }
}

/// The form of one word of a list of faults.
#[derive(Debug, Clone, Copy)]
pub struct FaultWord;

impl Form for FaultWord {
    type Output = String;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<String> {
        let word = node.text()?;
        if word.trim().is_empty() {
            node.error(
                log,
                "a name is empty".into(),
                "write a kind, the name of a fault, or \"*\"",
            );
            return None;
        }
        Some(word.to_owned())
    }
    fn expects(&self) -> String {
        format!("a kind such as {}, the name of a fault, or \"*\"", quote(Kind::Server.word()))
    }
    fn schema(&self) -> Json {
        json!({ "type": "string", "minLength": 1, "examples": ["*", "server", "link"] })
    }
    fn harmless(&self) -> String {
        "*".to_owned()
    }
}
