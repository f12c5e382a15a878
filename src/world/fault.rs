//! Fault sources: what strikes, how often, and how long repair in place takes.

use super::calendar::Calendar;
use super::kind::{Kind, Kinds};
use super::moment::Moment;
use super::service::Services;
use super::streams::name_key;
use crate::distribution::Distribution;
use crate::keys::{List, Node, Of, Section};

/// When a fault source strikes.
#[derive(Debug, Clone, Default)]
pub struct Onsets {
    /// A renewal process with this up time, hours.
    pub every: Option<Distribution>,
    /// Fixed times, hours from the start, ascending. They strike the path in service at that time.
    pub fixed: Vec<f64>,
    /// Probability of each fixed time, drawn once a trial.
    pub probability: f64,
    /// Of the incidents of a log: the length of each, hours, parallel to `fixed`; otherwise empty.
    /// An incident is over after its length whoever does what.
    pub lengths: Vec<f64>,
}

impl Onsets {
    /// A renewal process with this up time, hours.
    pub fn every(up: Distribution) -> Onsets {
        Onsets { every: Some(up), probability: 1.0, ..Onsets::default() }
    }

    /// These times, hours from the start.
    pub fn at(mut times: Vec<f64>) -> Onsets {
        times.sort_by(f64::total_cmp);
        Onsets { fixed: times, probability: 1.0, ..Onsets::default() }
    }

    /// Incidents of a log: onset and length, hours, by ascending onset.
    pub fn logged(incidents: &[(f64, f64)]) -> Onsets {
        let (fixed, lengths) = incidents.iter().copied().unzip();
        Onsets { every: None, fixed, probability: 1.0, lengths }
    }

    /// The time of the fixed onset of that number, if there is one.
    pub fn fixed_at(&self, number: usize) -> Option<f64> {
        self.fixed.get(number).copied()
    }

    /// Strikes to be expected within `horizon` hours.
    pub fn expected_within(&self, horizon: f64) -> f64 {
        let fixed = self.fixed.iter().filter(|time| **time < horizon).count() as f64;
        self.random_within(horizon) + fixed * self.probability
    }

    /// Those of them that come at random and not at a fixed time.
    pub fn random_within(&self, horizon: f64) -> f64 {
        self.every.as_ref().map_or(0.0, |up| horizon / up.mean())
    }

    /// The mean up time, hours, where all strikes are those of a Poisson process.
    pub fn poisson_mean(&self) -> Option<f64> {
        self.every.as_ref().filter(|_| self.fixed.is_empty())?.is_exponential()
    }
}

/// A `[[fault]]` table, before its dates meet the calendar.
#[derive(Debug, Clone)]
pub struct FaultKeys {
    /// All but the fixed times.
    pub fault: Fault,
    /// The fixed times.
    pub at: Vec<Moment>,
}

impl FaultKeys {
    /// The fault in a calendar, without the times before its start.
    pub fn compile(&self, calendar: &Calendar) -> Fault {
        let mut fault = self.fault.clone();
        let times = self.at.iter().map(|at| at.hours(calendar));
        fault.onsets.fixed = times.filter(|time| *time >= 0.0).collect();
        fault.onsets.fixed.sort_by(f64::total_cmp);
        fault
    }
}

/// What carries a strategy's service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// A sync server, with or without a standby.
    Servers,
    /// Agents of Cloud Sync.
    Agents,
    /// The machines through which users sign in; they carry no strategy.
    SignIn,
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
    /// When those begin who repair it without the people of the organisation.
    pub repair_begins: RepairBegins,
    /// Probability that the standby's like component is struck by the same event.
    pub common_mode: f64,
    /// The parts of the service that it stops.
    pub stops: Services,
    /// How many clocks it has.
    pub clocks: Clocks,
    /// It is a fault of these alone; `None` of both.
    pub only: Option<Carrier>,
    /// Probability that the same event takes a server too, for each.
    pub takes_servers: f64,
    /// Delay until monitoring raises the alarm, where it differs from the general one.
    pub detection: Option<Distribution>,
}

/// How many clocks a fault has that strikes by `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clocks {
    /// One for each component, so that more of them are struck more often.
    Each,
    /// One for all: what comes to all of them from elsewhere, such as a build. Those that are struck
    /// together have the same repair.
    One,
}

/// When a repair begins that others do: a provider, or another team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepairBegins {
    /// At once: they see it themselves.
    Onset,
    /// When a person has come and tells them.
    Alarm,
}

/// What a machine of sign-in has: the machine, and the agent with its build and its certificate.
pub const OF_SIGN_IN: Kinds = Kinds::new(&[Kind::Host, Kind::Server, Kind::Engine]);

/// The shortest mean up time that is accepted: one second. Below that a trial is a count of
/// lightning strikes and no horizon ends.
const SHORTEST_UP_TIME: f64 = 1.0 / 3600.0;

/// A repair beyond the longest horizon is probably a slip of units.
const LONGEST_REPAIR: f64 = 100.0 * crate::units::HOURS_PER_YEAR;

impl FaultKeys {
    /// Reads one table.
    pub fn read(section: &mut Section<'_>) -> FaultKeys {
        let name = section.required_text("name", "what the fault is called in tables and charts");
        let strikes = section.required_choice(
            "strikes",
            &Kind::ALL.map(|kind| (kind.word(), kind)),
            "the kind of component that it strikes",
        );
        let (onsets, at) = read_onsets(section);
        let repair = section
            .required_distribution_or_never("repair", "time to repair in place, or \"never\"");
        // What is longer still is warned of wherever it stands.
        let half = repair.as_ref().map(|repair| repair.quantile(0.5));
        if half.is_some_and(|half| half > LONGEST_REPAIR && half <= crate::units::AGES) {
            section.warn(
                "repair",
                "more than half of these repairs take longer than 100 years".into(),
                "look at the units (mu is the logarithm of hours), or write \"never\"",
            );
        }
        let (repair_is_outage, repair_begins) = read_course(section, strikes);
        let common_mode = section.probability(
            "common_mode",
            0.05,
            "probability that the standby's like component is struck by the same event",
        );
        let clocks = section.choice(
            "clock",
            &[("each", Clocks::Each), ("one", Clocks::One)],
            "each",
            "whose clock `every` is: \"each\" component's own, so that more of them are struck more \
             often, or \"one\" for all, as of a build that comes to all of them: it strikes the first, and \
             the others with the probability `common_mode`, for the same repair",
        );
        let detection = section.optional_distribution(
            "detection",
            "delay until monitoring raises the alarm, where it differs from [operations]",
        );
        warn_of_one_instance(section, strikes);
        let stops = read_stops(section, strikes);
        let only = read_only(section, strikes);
        let takes_servers = section.probability(
            "takes_servers",
            0.0,
            "probability, for each server, that the same event takes it too, as ransomware does; its \
             repair is another draw of `repair`",
        );
        let fault = Fault {
            repair,
            repair_is_outage,
            repair_begins,
            common_mode,
            stops,
            clocks,
            only,
            takes_servers,
            detection,
            ..Fault::new(name, strikes, onsets)
        };
        FaultKeys { fault, at }
    }
}

impl Fault {
    /// A fault that is never repaired, strikes one component at a time and stops all that its kind
    /// stops.
    pub fn new(name: String, strikes: Kind, onsets: Onsets) -> Fault {
        Fault {
            key: name_key(&name),
            name,
            strikes,
            onsets,
            repair: None,
            repair_is_outage: false,
            repair_begins: RepairBegins::Onset,
            common_mode: 0.0,
            stops: strikes.stops(),
            clocks: Clocks::Each,
            only: None,
            takes_servers: 0.0,
            detection: None,
        }
    }

    /// Does it strike machines through which users sign in? A fault of one part of synchronisation, of
    /// a sync server alone or of its account does not.
    pub fn strikes_sign_in(&self) -> bool {
        match self.only {
            Some(only) => only == Carrier::SignIn,
            None => {
                matches!(self.strikes, Kind::Host | Kind::Server) && self.stops == Services::ALL
            }
        }
    }

    /// Does every strike come at a fixed time?
    pub fn is_fixed(&self) -> bool {
        self.onsets.every.is_none()
    }

    /// Does its repair begin at the onset and run by the clock, whoever is there?
    pub fn mends_itself(&self) -> bool {
        let is_seen = self.repair_begins == RepairBegins::Onset;
        self.repair_is_outage || (!self.needs_people() && is_seen)
    }

    /// Do people of the organisation work on its repair?
    pub fn needs_people(&self) -> bool {
        self.needs_people_for(self.strikes)
    }

    /// Do they work on what it has broken of that kind?
    pub fn needs_people_for(&self, kind: Kind) -> bool {
        !kind.is_provider_run() && self.onsets.lengths.is_empty()
    }

    /// The length of the logged incident of that number.
    pub fn logged_hours(&self, number: u64) -> Option<f64> {
        self.onsets.lengths.get(usize::try_from(number).ok()?).copied()
    }
}

/// What the length of a repair measures, and when those begin who need no people for it.
fn read_course(section: &mut Section<'_>, strikes: Kind) -> (bool, RepairBegins) {
    let repair_is_outage = section.choice(
        "repair_covers",
        &[("repair", false), ("outage", true)],
        "repair",
        "what `repair` measures: \"repair\", hands-on time once a person is there (of a provider: \
         from the onset on), or \"outage\", all from the onset on, as incident logs do",
    );
    let repair_begins = section.choice(
        "repair_begins",
        &[("onset", RepairBegins::Onset), ("alarm", RepairBegins::Alarm)],
        "onset",
        "when those begin who repair a link, a site or the cloud: at the \"onset\", since they see \
         it, or at the \"alarm\", when a person has come and tells them",
    );
    if repair_begins == RepairBegins::Alarm && (repair_is_outage || !strikes.is_provider_run()) {
        section.warn(
            "repair_begins",
            "repair_begins has no effect on this fault".into(),
            "it is for a link, a site or the cloud, and for `repair` that is not the whole outage",
        );
    }
    (repair_is_outage, repair_begins)
}

/// Of what there is one for all, every strike is common.
fn warn_of_one_instance(section: &mut Section<'_>, strikes: Kind) {
    if strikes.is_common() && section.has("common_mode") {
        section.warn(
            "common_mode",
            format!("common_mode has no effect on a fault of kind \"{}\"", strikes.word()),
            "there is one instance for all servers, so it always strikes all of them",
        );
    }
}

/// What it is a fault of, where it is not one of all.
fn read_only(section: &mut Section<'_>, strikes: Kind) -> Option<Carrier> {
    let carriers = [
        ("all", None),
        ("servers", Some(Carrier::Servers)),
        ("agents", Some(Carrier::Agents)),
        ("sign-in", Some(Carrier::SignIn)),
    ];
    let only = section.choice(
        "only",
        &carriers,
        "all",
        "what it is a fault of: a sync server, the agents of Cloud Sync, the machines of sign-in, or all \
         of them",
    );
    if only == Some(Carrier::SignIn) && !OF_SIGN_IN.has(strikes) {
        section.error(
            "only",
            format!("a machine of sign-in has no {} of its own", strikes.word()),
            "such a fault strikes a host, a server, or an engine: the agent itself",
        );
    }
    only
}

/// The parts of the service that a fault of this kind stops.
fn read_stops(section: &mut Section<'_>, strikes: Kind) -> Services {
    let of_kind = strikes.stops();
    let stops = section.choice(
        "stops",
        &Services::choices(),
        "all",
        "the part of the service that it stops: all of it, \"export\", \"password-sync\" or \
         \"writeback\"",
    );
    if !section.has("stops") {
        return of_kind;
    }
    if stops.is_empty() {
        section.warn(
            "stops",
            "the fault stops nothing".into(),
            "leave it out, or say which part of the service it stops",
        );
    }
    if of_kind != Services::ALL && stops != of_kind {
        section.warn(
            "stops",
            format!("a fault of kind \"{}\" stops that part alone", strikes.word()),
            "leave `stops` out, or name the component that is struck in `strikes`",
        );
        return of_kind;
    }
    stops
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

fn read_onsets(section: &mut Section<'_>) -> (Onsets, Vec<Moment>) {
    let every =
        section.optional_distribution("every", "up time until the next fault (MTTF), hours");
    let times = List { item: Of::<Moment>::new(), distinct: false, plural: "times" };
    let at =
        section.optional_as("at", &times, "fixed times of the fault, from the start, or dates");
    let probability = section.probability(
        "probability",
        1.0,
        "probability that the fault strikes at a fixed time, for each",
    );
    let (has_times, has_probability) = (section.has("at"), section.has("probability"));
    if has_probability && !has_times {
        section.warn(
            "probability",
            "probability has no effect on a fault without fixed times".into(),
            "it is that of each time in `at`; how often `every` strikes, its distribution says",
        );
    } else if has_probability && probability <= 0.0 {
        section.warn(
            "probability",
            "the fault never strikes at its fixed times: their probability is 0".into(),
            "give the probability that you miss the date, or leave the times out",
        );
    }
    section.at_least_one(
        ["every", "at"],
        "it is not said when the fault strikes",
        "add `every = { exponential = { mean = \"300d\" } }`, or `at = [\"100h\"]`",
    );
    if at.as_ref().is_some_and(Vec::is_empty) && !section.has("every") {
        section.warn(
            "at",
            "the fault never strikes: its list of times is empty".into(),
            "give it times, or leave it out",
        );
    }
    if every.is_some() {
        refuse_recovery_times(section);
    }
    if every.as_ref().is_some_and(|up| up.mean() < SHORTEST_UP_TIME) {
        section.error(
            "every",
            "the mean up time is shorter than a second".into(),
            "give the mean time from one repair to the next fault, such as \"300d\"",
        );
    }
    let onsets = Onsets { every, fixed: Vec::new(), probability, lengths: Vec::new() };
    (onsets, at.unwrap_or_default())
}
