//! One trial of one strategy as an ordered story.

use super::player::Player;
use crate::engine::observe::{Alarm, Observer, Place, TraceEvent};
use crate::engine::outage::Outage;
use crate::engine::{Engine, Scratch};
use crate::metric::Metrics;
use crate::strategy::Step;
use crate::units::show_duration;
use crate::world::rare::Condition;
use serde::Serialize;

/// One line of the story.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Hours from the start of the trial.
    pub hours: f64,
    /// The local time.
    pub when: String,
    /// What happened, one word for scripts.
    pub what: &'static str,
    /// The kind of component it concerns.
    pub component: Option<&'static str>,
    /// The server it concerns: "first" or "standby", as they were at the start.
    pub path: Option<String>,
    /// Number of the outage it belongs to, from 1.
    pub outage: Option<usize>,
    /// What happened, for people.
    pub detail: String,
}

/// The story of a trial.
#[derive(Debug)]
pub struct Trace {
    /// The strategy's name.
    pub strategy: String,
    /// The trial's number.
    pub trial: u64,
    /// The seed.
    pub seed: u64,
    /// It is one of those that are given a rare disaster.
    pub with_disaster: bool,
    /// What happened, in the order of time.
    pub lines: Vec<Line>,
    /// The outages, in the order of time.
    pub outages: Vec<TracedOutage>,
    /// The metrics of the trial, with cost where there are prices.
    pub metrics: Metrics,
    /// The parts of the cost, where there are prices.
    pub cost: Vec<(&'static str, f64)>,
}

/// An outage with its names.
#[derive(Debug)]
pub struct TracedOutage {
    /// The record.
    pub outage: Outage,
    /// When it began, local time.
    pub when: String,
    /// What began it.
    pub fault: String,
    /// What ended it.
    pub restored_by: String,
}

/// Plays one trial of a strategy, which is given by its place in the scenario, and records it.
/// `arrivals` adds each password change and each request that an outage caught.
pub fn trace(player: &Player<'_>, strategy: usize, trial: u64, arrivals: bool) -> Trace {
    let (scenario, engine) = (player.scenario(), &player.engines()[strategy]);
    let mut scratch = Scratch::new();
    let mut recorder = Recorder { engine, arrivals, lines: Vec::new() };
    let result = player.play(strategy, trial, &mut scratch, &mut recorder);
    let (metrics, outages) = (result.metrics, result.outages);
    let mut lines = recorder.lines;
    lines.sort_by(|a, b| a.hours.total_cmp(&b.hours));
    for line in &mut lines {
        if line.outage.is_none() {
            let around = |outage: &Outage| outage.onset <= line.hours && line.hours <= outage.end;
            line.outage = outages.iter().position(around).map(|index| index + 1);
        }
    }
    let horizon = scenario.world.horizon;
    let strategy = engine.strategy();
    let parts = scenario.costs.as_ref().map(|costs| costs.parts(strategy, horizon, &metrics));
    Trace {
        strategy: strategy.name.clone(),
        trial,
        seed: player.seed(),
        with_disaster: player.condition(trial) == Condition::Disaster,
        lines,
        outages: outages
            .iter()
            .map(|outage| TracedOutage {
                outage: *outage,
                when: scenario.world.calendar.show(outage.onset),
                fault: engine.cause_name(outage.cause).to_owned(),
                restored_by: engine.restored_by_name(outage.restored_by).to_owned(),
            })
            .collect(),
        metrics,
        cost: parts.map(Vec::from).unwrap_or_default(),
    }
}

/// Writes down what it is told.
struct Recorder<'a> {
    engine: &'a Engine<'a>,
    arrivals: bool,
    lines: Vec<Line>,
}

impl Observer for Recorder<'_> {
    const WATCHES: bool = true;

    fn happened(&mut self, time: f64, place: Place, what: TraceEvent<'_>) {
        let arrival = matches!(what, TraceEvent::PasswordChanged | TraceEvent::RequestRefused);
        if arrival && !self.arrivals {
            return;
        }
        let calendar = &self.engine.world().calendar;
        let show = |time: f64| calendar.show(time);
        let (word, detail) = self.words(&what, &show);
        let paths = &self.engine.strategy().layout.paths;
        self.lines.push(Line {
            hours: time,
            when: calendar.show(time),
            outage: place.outage.map(|index| index + 1),
            what: word,
            component: place.kind.map(|kind| kind.word()),
            path: place
                .path
                .filter(|_| paths.len() > 1 && place.kind.is_some_and(|kind| !kind.is_common()))
                .map(|path| paths[usize::from(path)].name.clone()),
            detail,
        });
    }
}

impl Recorder<'_> {
    /// One word for scripts and a sentence for people.
    fn words(&self, what: &TraceEvent<'_>, show: &dyn Fn(f64) -> String) -> (&'static str, String) {
        let hours = |hours: f64| show_duration(hours);
        match what {
            TraceEvent::Struck { fault, standby, common_mode } => {
                let whom = match (standby, common_mode) {
                    (_, true) => " strikes the standby too: common mode",
                    (true, _) => " strikes the standby; nobody knows yet",
                    _ => " strikes",
                };
                ("fault", format!("{fault}{whom}"))
            }
            TraceEvent::Down => ("service_down", "the service is down".into()),
            TraceEvent::Alarm(Alarm::Monitoring) => ("alarm", "monitoring raises the alarm".into()),
            TraceEvent::Alarm(Alarm::StandbyCheck) => {
                ("alarm", "the check of the standby finds it dead".into())
            }
            TraceEvent::Alarm(Alarm::Users) => ("alarm", "users' reports raise the alarm".into()),
            TraceEvent::Arrived => ("arrival", "a person is at work".into()),
            TraceEvent::Decided => ("decision", "it is decided what to do".into()),
            TraceEvent::RepairBegan { by_provider, hours: time } => {
                let whose = if *by_provider { "the provider's repair" } else { "repair in place" };
                let length = match time.is_infinite() {
                    true => "and will never succeed".into(),
                    false => format!("and takes {}", hours(*time)),
                };
                ("repair_begins", format!("{whose} begins {length}"))
            }
            TraceEvent::Repaired { in_background: true } => {
                ("repair_ends", "what failed is repaired, and stands by again".into())
            }
            TraceEvent::Repaired { in_background: false } => {
                ("repair_ends", "what failed is repaired".into())
            }
            TraceEvent::RepairMoot => (
                "repair_ends",
                "what failed has been overwritten; nothing is left to repair".into(),
            ),
            TraceEvent::AutomaticBegan(name) => {
                ("automatic_begins", format!("{name} acts by itself"))
            }
            TraceEvent::AttemptBegan { protection, steps, until } => {
                ("attempt_begins", format!("{protection}: {}; until {}", plan(steps), show(*until)))
            }
            TraceEvent::Blocked { protection, why } => {
                ("blocked", format!("{protection} cannot begin: {why}"))
            }
            TraceEvent::Failed { protection, why } => {
                ("failed", format!("{protection} fails: {why}"))
            }
            TraceEvent::Worked(name) => ("worked", format!("{name} works")),
            TraceEvent::Abandoned(name) => {
                ("abandoned", format!("{name} is given up: not needed now"))
            }
            TraceEvent::OutOfOptions => {
                ("waits", "nothing more can be tried: the repair is waited for".into())
            }
            TraceEvent::Up(by) => {
                let by = self.engine.restored_by_name(*by);
                ("service_up", format!("the service is back, by {by}"))
            }
            TraceEvent::FullCycle { import, sync, until } => {
                let what = match (import, sync) {
                    (true, true) => "full import and full sync run",
                    (true, false) => "a full import runs",
                    _ => "a full sync runs",
                };
                ("full_cycle", format!("{what} until {}", show(*until)))
            }
            TraceEvent::WritebackOffered => {
                ("writeback_offered", "writeback is offered again".into())
            }
            TraceEvent::GuardTripped { deletes, cleared } => (
                "guard_tripped",
                format!("{deletes} pending deletes stop the export until {}", show(*cleared)),
            ),
            TraceEvent::ObjectsSynced { changes } => {
                ("objects_synced", format!("{changes} waiting object changes begin to be exported"))
            }
            TraceEvent::PasswordsSynced { users, user_hours } => (
                "passwords_synced",
                format!(
                    "{users} users' passwords begin to be synced: {user_hours:.1} user-hours stale"
                ),
            ),
            TraceEvent::Current => ("current", "every backlog is worked off".into()),
            TraceEvent::Purged(count) => {
                ("purged", format!("{count} soft-deleted objects are gone from the cloud for good"))
            }
            TraceEvent::Requests { failed, delayed, lost } => (
                "requests",
                format!(
                    "writeback: {failed} attempts refused, {delayed} requests delayed, {lost} lost"
                ),
            ),
            TraceEvent::PasswordChanged => {
                ("password_changed", "a user changes a password that the cloud does not get".into())
            }
            TraceEvent::RequestRefused => {
                ("request_refused", "a writeback request is refused".into())
            }
        }
    }
}

fn plan(steps: &[Step]) -> String {
    let step = |step: &Step| format!("{} ({})", step.what, show_duration(step.hours));
    steps.iter().map(step).collect::<Vec<_>>().join(", then ")
}
