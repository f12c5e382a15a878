//! The first layer: the event loop, and what a trial begins and ends with.
//!
//! What strikes and is repaired is in [`super::faults`], when the service is up in
//! [`super::service`], what people and protections do in [`super::recovery`], and what their
//! success changes in [`super::effects`].

use super::Engine;
use super::clock::Strikes;
use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, Place, TraceEvent};
use super::state::Scratch;
use super::topology::{Component, PathSet};
use crate::world::rare::Condition;
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
    /// Split brains and planned moves under way.
    pub(super) stops: u32,
    /// The service is up.
    pub(super) up: bool,
    /// Counts what came back; a failed protection may be tried again after another return.
    pub(super) returns: u64,
    /// Hands-on work so far, hours.
    pub(super) labour: f64,
}

/// Plays the trial's outages into `scratch` and returns the hours of clock_states-on work.
pub(super) fn run<O: Observer>(
    engine: &Engine<'_>,
    streams: Streams,
    given: Condition,
    scratch: &mut Scratch,
    observer: &mut O,
) -> f64 {
    let (protections, faults) = (engine.strategy.protections.len(), engine.world.faults.len());
    scratch.reset(&engine.topology, protections, faults);
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
        stops: 0,
        up: true,
        returns: 0,
        labour: 0.0,
    };
    trial.start();
    while let Some((time, event)) = trial.scratch.queue.next() {
        trial.now = time;
        trial.dispatch(event);
    }
    trial.finish();
    trial.labour
}

impl<O: Observer> Trial<'_, O> {
    fn start(&mut self) {
        for (index, clock) in self.engine.clocks.iter().enumerate() {
            let given = self.scratch.given.strikes();
            let state = clock.start(Strikes { streams: &self.streams, given });
            self.schedule(state.next, Event::Strike(index as u16));
            self.scratch.clock_states.push(state);
        }
        for (index, fault) in self.engine.world.faults.iter().enumerate() {
            if fault.is_fixed() {
                self.schedule_fixed(index);
            }
        }
    }

    fn dispatch(&mut self, event: Event) {
        match event {
            Event::Strike(clock) => self.strike_by_clock(clock),
            Event::FixedStrike(fault) => self.strike_fixed(usize::from(fault)),
            Event::Repaired(active_fault) => self.repaired(active_fault),
            Event::AutomaticEnds(active_fault) => self.automatic_ends(active_fault),
            Event::AttemptEnds => self.attempt_ends(),
            Event::Alarm(active_fault) => self.alarm(active_fault),
            Event::UserAlarm => self.user_alarm(),
            Event::Arrival(active_fault) => self.take_up(active_fault),
            Event::TeamArrival => self.team_arrives(),
            Event::Decided => self.decided(),
            Event::MoveBack(active_fault) => self.move_back(active_fault),
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
        for index in 0..self.scratch.active_faults.len() {
            let active_fault = &self.scratch.active_faults[index];
            if let (true, Some(start)) = (active_fault.live, active_fault.work_since()) {
                self.labour += self.engine.world.staffed.worked(start, self.now);
            }
        }
        let horizon = self.now;
        for outage in &mut self.scratch.outages {
            outage.end = outage.end.min(horizon);
            outage.ready = outage.ready.min(horizon);
        }
        let Scratch { outages, stoppages, .. } = &mut *self.scratch;
        for list in stoppages {
            list.extend(outages.iter().enumerate().map(|(index, outage)| outage.stoppage(index)));
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
            path: component.map(Component::path),
            outage: self.scratch.outages.len().checked_sub(1).filter(|_| {
                !self.up || self.scratch.outages.last().is_some_and(|outage| outage.end == self.now)
            }),
        };
        self.observer.happened(self.now, place, what());
    }
}
