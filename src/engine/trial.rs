//! The first layer: the event loop, and what a trial begins and ends with.
//!
//! What strikes and is repaired is in [`super::faults`], when the service is up in
//! [`super::service`], what people and protections do in [`super::recovery`] and
//! [`super::attempt`], who is there to do it in [`super::people`], what success changes in
//! [`super::effects`], and planned work in [`super::planned`].

use super::Engine;
use super::clock::Strikes;
use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, Place, TraceEvent};
use super::state::Scratch;
use super::topology::{Component, PathSet};
use crate::metric::{Metric, Metrics};
use crate::strategy::SiteSet;
use crate::world::kind::{Kind, Kinds};
use crate::world::rare::Condition;
use crate::world::service::Services;
use crate::world::streams::Streams;

/// A trial in progress.
pub(super) struct Trial<'t, O> {
    pub(super) engine: &'t Engine<'t>,
    pub(super) streams: Streams,
    pub(super) scratch: &'t mut Scratch,
    pub(super) observer: &'t mut O,
    pub(super) now: f64,
    /// The paths that carry the service; the others stand by.
    pub(super) active: PathSet,
    /// The paths whose servers were not shut out when another was promoted.
    pub(super) unfenced: PathSet,
    /// Counts the new machines that have taken the place of a server.
    pub(super) new_machines: u32,
    /// The kinds that every path shares and that are down.
    pub(super) shared_down: Kinds,
    /// The sites whose room is down, and those whose link is.
    pub(super) dark: SiteSet,
    pub(super) cut_off: SiteSet,
    /// The loss of the directory with its sites, while nobody has restored it elsewhere.
    pub(super) lost_directory: Option<ActiveFaultId>,
    /// Every site with domain controllers is lost.
    pub(super) directory_gone: bool,
    /// When the directory went out of reach.
    pub(super) unreachable_since: f64,
    /// By part of the service: split brains and planned work that stop it.
    pub(super) stops: [u32; 3],
    /// The parts of the service that are up.
    pub(super) up: Services,
    /// Counts what came back; a failed protection may be tried again after another return.
    pub(super) returns: u64,
    /// People are about to look at what there is to do.
    pub(super) plan_pending: bool,
    /// Hands-on work so far, hours.
    pub(super) labour: f64,
    /// Hours of planned stops so far.
    pub(super) planned_hours: f64,
}

/// Plays the trial's outages into `scratch`, and counts the work and the planned stops.
pub(super) fn run<O: Observer>(
    engine: &Engine<'_>,
    streams: Streams,
    given: Condition,
    scratch: &mut Scratch,
    observer: &mut O,
    metrics: &mut Metrics,
) {
    scratch.reset(engine);
    scratch.given.known = given != Condition::Nothing;
    if let Some(rare) = &engine.world.rare {
        rare.plan(&streams, given, &mut scratch.given.plan);
    }
    let mut trial = Trial {
        engine,
        streams,
        scratch,
        observer,
        now: 0.0,
        active: engine.topology.active_at_start,
        unfenced: PathSet::default(),
        new_machines: 0,
        shared_down: Kinds::NONE,
        lost_directory: None,
        directory_gone: false,
        unreachable_since: 0.0,
        dark: SiteSet::default(),
        cut_off: SiteSet::default(),
        stops: [0; 3],
        up: Services::ALL,
        returns: 0,
        plan_pending: false,
        labour: 0.0,
        planned_hours: 0.0,
    };
    trial.start();
    while let Some((time, event)) = trial.scratch.queue.next() {
        trial.now = time;
        trial.dispatch(event);
    }
    trial.finish();
    metrics[Metric::LabourHours] = trial.labour;
    metrics[Metric::PlannedHours] = trial.planned_hours;
    metrics[Metric::WaitingForPeopleHours] = trial.scratch.people.waited;
}

impl<O: Observer> Trial<'_, O> {
    fn start(&mut self) {
        for (index, clock) in self.engine.clocks.iter().enumerate() {
            let given = self.scratch.given.strikes();
            let state = clock.start(Strikes { streams: &self.streams, given });
            self.schedule(state.next, Event::Strike(index as u16));
            self.scratch.clock_states.push(state);
        }
        let engine = self.engine;
        for &index in &engine.fault_order {
            self.schedule_fixed(index);
        }
        for &index in &engine.planned_order {
            self.schedule_planned(index);
        }
    }

    fn dispatch(&mut self, event: Event) {
        match event {
            Event::Strike(clock) => self.strike_by_clock(clock),
            Event::FixedStrike(fault) => self.strike_fixed(usize::from(fault)),
            Event::Repaired(active_fault) => self.repaired(active_fault),
            Event::AutomaticBegins(active_fault) => self.begin_automatic(active_fault),
            Event::AutomaticEnds(active_fault) => self.automatic_ends(active_fault),
            Event::AttemptEnds => self.attempt_ends(),
            Event::DiagnosisEnds => self.diagnosis_ends(),
            Event::PlannedEnds => self.planned_ends(),
            Event::Alarm(active_fault) => self.alarm(active_fault),
            Event::UserAlarm => self.user_alarm(),
            Event::Arrival(active_fault) => self.arrive_for(active_fault),
            Event::TeamArrival => self.team_arrives(),
            Event::Decided => self.decided(),
            Event::AttemptReady => self.attempt_ready(),
            Event::Plan | Event::RepairTried | Event::LastResortDue => self.look_again(),
            Event::MoveBack(path) => self.move_back(path),
            Event::Procured(path) => self.procured(path),
            Event::PlannedDue(index) => self.planned_due(index),
            Event::SignInSwitched => self.sign_in_switched(),
            Event::SignInOn => self.sign_in_on(),
            Event::SignInAlarm => self.sign_in_alarm(),
            Event::SignInArrival => self.sign_in_arrival(),
            Event::SignInDecided => self.sign_in_decided(),
            Event::SignInLook => self.look_at_sign_in(),
        }
    }

    /// Nothing at or past the horizon happens.
    pub(super) fn schedule(&mut self, time: f64, event: Event) {
        if time < self.engine.world.horizon {
            self.scratch.queue.schedule(time, event);
        }
    }

    /// At the horizon everything open is cut.
    fn finish(&mut self) {
        self.now = self.engine.world.horizon;
        self.abandon_attempt();
        self.cut_planned();
        self.finish_sign_in();
        if self.engine.strategy.layout.is_moved_to() {
            self.labour += self.engine.strategy.share_of_once * self.migration_hours();
        }
        for id in 0..self.scratch.active_faults.len() as ActiveFaultId {
            if self.scratch.active_faults[id as usize].live {
                self.count_repair(id);
                self.count_planned_stop(id);
            }
        }
        let horizon = self.now;
        let Scratch { outages, stoppages, unreachable, people, .. } = &mut *self.scratch;
        people.finish(horizon);
        if self.shared_down.has(Kind::Directory) {
            unreachable.push((self.unreachable_since, horizon));
        }
        for outage in outages {
            outage.end = outage.end.min(horizon);
            outage.ready = outage.ready.min(horizon);
        }
        for stoppage in stoppages.iter_mut().flatten() {
            stoppage.end = stoppage.end.min(horizon);
            stoppage.ready = stoppage.ready.min(horizon);
        }
    }

    /// Tells the observer, if it watches.
    pub(super) fn note<'n>(
        &mut self,
        active_fault: Option<ActiveFaultId>,
        what: impl FnOnce() -> TraceEvent<'n>,
    ) {
        if !O::WATCHES {
            return;
        }
        let component =
            active_fault.and_then(|id| self.scratch.active_faults[id as usize].component);
        let place = Place {
            kind: component.map(|c| c.kind),
            path: component.and_then(Component::path),
            site: component.and_then(Component::site),
            outage: self.scratch.outages.len().checked_sub(1).filter(|_| {
                !self.all_up()
                    || self.scratch.outages.last().is_some_and(|outage| outage.end == self.now)
            }),
        };
        self.observer.happened(self.now, place, what());
    }
}
