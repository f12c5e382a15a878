//! Fault sources: what strikes, how often, and how long repair in place takes.

use super::kind::Kind;
use super::streams::name_key;
use crate::distribution::Distribution;
use crate::keys::{Duration, List, Node, Section};

/// When a fault source strikes.
#[derive(Debug, Clone)]
pub enum Onsets {
    /// A renewal process with this up time, hours.
    Every(Distribution),
    /// These times, hours from the start, ascending. They strike the path in service at that time.
    At(Vec<f64>),
    /// Incidents of a log: onset and length, hours, by ascending onset. Each strikes the path in
    /// service at that time, and is over after its length whoever does what.
    Logged(Vec<(f64, f64)>),
}

impl Onsets {
    /// The time of the fixed onset of that number, if there is one.
    pub fn fixed(&self, number: usize) -> Option<f64> {
        match self {
            Onsets::Every(_) => None,
            Onsets::At(times) => times.get(number).copied(),
            Onsets::Logged(incidents) => incidents.get(number).map(|(onset, _)| *onset),
        }
    }

    /// Strikes to be expected within `horizon` hours.
    pub fn expected_within(&self, horizon: f64) -> f64 {
        match self {
            Onsets::Every(distribution) => horizon / distribution.mean(),
            Onsets::At(times) => times.iter().filter(|time| **time < horizon).count() as f64,
            Onsets::Logged(incidents) => {
                incidents.iter().filter(|(onset, _)| *onset < horizon).count() as f64
            }
        }
    }
}

/// One fault source.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Its name, unique in a scenario.
    pub name: String,
    /// [`name_key`] of the name: the source's part of every stream key.
    pub key: u64,
    /// The kind of component it strikes.
    pub strikes: Kind,
    /// When it strikes.
    pub onsets: Onsets,
    /// Time to repair in place, hours; `None` if it cannot be repaired.
    pub repair: Option<Distribution>,
    /// The repair time is that of the whole outage, from its onset on, as logs tell it; people's
    /// delays are in it.
    pub repair_is_outage: bool,
    /// Probability that the standby's like component is struck by the same event.
    pub common_mode: f64,
    /// Delay until monitoring raises the alarm, where it differs from the general one.
    pub detection: Option<Distribution>,
}

/// The shortest mean up time that is accepted: one second. Below that a trial is a count of
/// lightning strikes and no horizon ends.
const SHORTEST_UP_TIME: f64 = 1.0 / 3600.0;

impl Fault {
    /// Reads one `[[fault]]` table.
    pub fn read(section: &mut Section<'_>) -> Fault {
        let name = section.required_text("name", "what the fault is called in tables and charts");
        let strikes = section.required_choice(
            "strikes",
            &Kind::ALL.map(|kind| (kind.word(), kind)),
            "the kind of component that it strikes",
        );
        let onsets = read_onsets(section);
        let repair = section
            .required_distribution_or_never("repair", "time to repair in place, or \"never\"");
        let repair_is_outage = section.choice(
            "repair_covers",
            &[("repair", false), ("outage", true)],
            "repair",
            "what `repair` measures: \"repair\", hands-on time once a person is there (of a provider: \
             from the onset on), or \"outage\", all from the onset on, as incident logs do",
        );
        let common_mode = section.probability(
            "common_mode",
            0.05,
            "probability that the standby's like component is struck by the same event",
        );
        let detection = section.optional_distribution(
            "detection",
            "delay until monitoring raises the alarm, where it differs from [operations]",
        );
        if strikes.is_common() && section.has("common_mode") {
            section.warn(
                "common_mode",
                format!("common_mode has no effect on a fault of kind \"{}\"", strikes.word()),
                "there is one instance for all servers, so it always strikes all of them",
            );
        }
        let key = name_key(&name);
        Fault { key, name, strikes, onsets, repair, repair_is_outage, common_mode, detection }
    }

    /// Does every strike come at a fixed time?
    pub fn is_fixed(&self) -> bool {
        !matches!(self.onsets, Onsets::Every(_))
    }

    /// Does its repair begin at the onset and run by the clock, whoever is there?
    pub fn mends_itself(&self) -> bool {
        self.repair_is_outage || !self.needs_people()
    }

    /// Do people of the organisation work on its repair?
    pub fn needs_people(&self) -> bool {
        !self.strikes.is_provider_run() && !matches!(self.onsets, Onsets::Logged(_))
    }

    /// The length of the logged incident of that number.
    pub fn logged_hours(&self, number: u64) -> Option<f64> {
        match &self.onsets {
            Onsets::Logged(incidents) => {
                incidents.get(usize::try_from(number).ok()?).map(|(_, hours)| *hours)
            }
            _ => None,
        }
    }
}

/// A log tells both how long recovery takes and how far apart incidents are; for `every` only the
/// second is right.
fn refuse_recovery_times(section: &mut Section<'_>) {
    let fitted = section.written("every").and_then(|node| node.get("fitted"));
    let between = |node: Node<'_>| node.text() == Some("between");
    if fitted.is_some_and(|node| !node.get("variable").is_some_and(between)) {
        section.error(
            "every",
            "`every` is fitted to recovery times".into(),
            "write variable = \"between\" beside the file: times between failures",
        );
    }
}

fn read_onsets(section: &mut Section<'_>) -> Onsets {
    let every =
        section.optional_distribution("every", "up time until the next fault (MTTF), hours");
    let times = List { item: Duration::ANY, distinct: false, plural: "durations" };
    let at = section.optional_as("at", &times, "fixed times of the fault, from the start");
    section.exactly_one(
        ["every", "at"],
        ("a fault has either `every` or `at`, not both", "make two [[fault]] tables of it"),
        (
            "it is not said when the fault strikes",
            "add `every = { exponential = { mean = \"300d\" } }`, or `at = [\"100h\"]`",
        ),
    );
    match (every, at) {
        (None, Some(mut times)) => {
            if times.is_empty() && !section.has("every") {
                section.warn(
                    "at",
                    "the fault never strikes: its list of times is empty".into(),
                    "give it times, or leave it out",
                );
            }
            times.sort_by(f64::total_cmp);
            Onsets::At(times)
        }
        (Some(distribution), None) => {
            refuse_recovery_times(section);
            if distribution.mean() < SHORTEST_UP_TIME {
                section.error(
                    "every",
                    "the mean up time is shorter than a second".into(),
                    "give the mean time from one repair to the next fault, such as \"300d\"",
                );
                return Onsets::At(Vec::new());
            }
            Onsets::Every(distribution)
        }
        // After an error.
        (Some(_), Some(_)) | (None, None) => Onsets::At(Vec::new()),
    }
}
