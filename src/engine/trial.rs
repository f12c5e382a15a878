//! The first layer: the event loop, faults, repairs, and when the service is up.
//!
//! What people and protections do about an outage is in [`super::recovery`].

use super::Engine;
use super::event::{AilmentId, Event};
use super::observe::{Alarm, Happening, Observer, Place};
use super::outage::{Cause, Outage, RestoredBy};
use super::state::{Ailment, Component, Scratch, SpareSlot};
use crate::law::draws::unit_exponential;
use crate::world::fault::Onsets;
use crate::world::kind::Kind;
use crate::world::streams::{EventKey, Purpose, Streams};
use crate::world::sync::Sync;

/// Marks the copy of a strike that a common mode dealt to the standby, in its event's number.
const COMMON_MODE: u64 = 1 << 63;

/// A trial in progress.
pub(super) struct Trial<'t, O> {
    pub(super) engine: &'t Engine<'t>,
    pub(super) streams: Streams,
    pub(super) s: &'t mut Scratch,
    pub(super) observer: &'t mut O,
    pub(super) now: f64,
    pub(super) in_service: u8,
    /// Split brains and planned moves under way.
    pub(super) specials: u32,
    /// The service is up.
    pub(super) up: bool,
    /// Counts what came back; a failed protection may be tried again after another return.
    pub(super) returns: u64,
    /// Hands-on work so far, hours.
    pub(super) labour: f64,
}

/// Plays the trial's outages into `scratch` and returns the hours of hands-on work.
pub(super) fn run<O: Observer>(
    engine: &Engine<'_>,
    streams: Streams,
    scratch: &mut Scratch,
    observer: &mut O,
) -> f64 {
    scratch.reset(engine.strategy.protections.len(), engine.world.faults.len());
    let mut trial = Trial {
        engine,
        streams,
        s: scratch,
        observer,
        now: 0.0,
        in_service: 0,
        specials: 0,
        up: true,
        returns: 0,
        labour: 0.0,
    };
    trial.start();
    while let Some((time, event)) = trial.s.queue.next() {
        trial.now = time;
        trial.dispatch(event);
    }
    trial.finish();
    trial.labour
}

impl<O: Observer> Trial<'_, O> {
    fn start(&mut self) {
        for (index, clock) in self.engine.clocks.iter().enumerate() {
            let hand = clock.start(&self.streams);
            self.schedule(hand.next, Event::Strike(index as u16));
            self.s.hands.push(hand);
        }
        for index in 0..self.engine.world.faults.len() {
            self.schedule_fixed(index);
        }
    }

    fn dispatch(&mut self, event: Event) {
        match event {
            Event::Strike(clock) => self.strike_by_clock(clock),
            Event::FixedStrike(fault) => self.strike_fixed(usize::from(fault)),
            Event::Repaired(ailment) => self.repaired(ailment),
            Event::Automatic(ailment) => self.automatic_ends(ailment),
            Event::Attempted => self.attempt_ends(),
            Event::Alarm(ailment) => self.alarm(ailment),
            Event::UserAlarm => self.user_alarm(),
            Event::Arrival(ailment) => self.arrival(ailment),
            Event::TeamArrival => self.team_arrives(),
            Event::Decided => self.decided(),
            Event::MoveBack(ailment) => self.move_back(ailment),
        }
    }

    /// Nothing at or past the horizon happens.
    pub(super) fn schedule(&mut self, time: f64, event: Event) {
        if time < self.engine.world.horizon {
            self.s.queue.schedule(time, event);
        }
    }

    // ---- faults -----------------------------------------------------------------------------

    fn strike_by_clock(&mut self, index: u16) {
        let clock = &self.engine.clocks[usize::from(index)];
        let event = clock.strike(&mut self.s.hands[usize::from(index)]);
        self.strike(clock.fault, clock.component, event);
    }

    fn strike_fixed(&mut self, fault: usize) {
        let source = &self.engine.world.faults[fault];
        let component = Component::of(source.strikes, self.in_service, self.engine.strategy);
        // The path is left out of the key: the event is the same whichever server is in service.
        let number = self.s.next_fixed[fault] as u64;
        let event = EventKey { source: source.key, path: 0, number };
        self.s.next_fixed[fault] += 1;
        self.schedule_fixed(fault);
        self.strike(fault as u16, component, event);
    }

    fn schedule_fixed(&mut self, fault: usize) {
        if let Onsets::At(times) = &self.engine.world.faults[fault].onsets
            && let Some(time) = times.get(self.s.next_fixed[fault])
        {
            self.schedule(*time, Event::FixedStrike(fault as u16));
        }
    }

    /// A fault strikes `component` and, by common mode, the standby's like component.
    fn strike(&mut self, fault: u16, component: Component, event: EventKey) {
        let source = &self.engine.world.faults[usize::from(fault)];
        let standby = 1 - self.in_service;
        let twin = Component::of(source.strikes, standby, self.engine.strategy);
        // A like component that is down already is not struck again.
        let both = self.engine.strategy.standby.is_some()
            && component.serves(self.in_service)
            && twin.index() != component.index()
            && self.s.down[twin.index()] == 0
            && self.streams.chance(source.common_mode, Purpose::CommonMode, event);
        let struck = self.ail(fault, component, event, Purpose::Repair, false);
        if both {
            let copy = EventKey { number: event.number | COMMON_MODE, ..event };
            self.ail(fault, twin, copy, Purpose::StandbyRepair, true);
        }
        self.update(RestoredBy::Repair, Some((Cause::Fault(fault), event)));
        self.respond_to(struck);
    }

    /// Something breaks: the component goes down, its repair and all that acts by itself begin.
    fn ail(
        &mut self,
        fault: u16,
        component: Component,
        event: EventKey,
        repair: Purpose,
        common_mode: bool,
    ) -> AilmentId {
        let source = &self.engine.world.faults[usize::from(fault)];
        let hours = match &source.repair {
            Some(law) => self.streams.hours(law, repair, event),
            None => f64::INFINITY,
        };
        let id = self.s.add(Ailment {
            live: true,
            cause: Cause::Fault(fault),
            event,
            component: Some(component),
            by_person: !component.kind().is_provider_run(),
            repair: hours,
            repair_start: None,
            known: false,
            displaced: false,
            spare: None,
            makeshift: None,
            automatic: None,
        });
        let standby = !component.serves(self.in_service);
        self.note(Some(id), || Happening::Struck { fault: &source.name, standby, common_mode });
        self.take_down(component);
        if component.kind().is_provider_run() {
            self.begin_repair(id);
        }
        self.begin_automatic(id);
        if !standby {
            let law = source.detection.as_ref().unwrap_or(&self.engine.world.operations.detection);
            let delay = self.streams.hours(law, Purpose::Detection, event);
            self.schedule(self.now + delay, Event::Alarm(id));
        } else {
            let check = self.engine.strategy.standby.map_or(0.0, |standby| standby.check);
            self.schedule(next_multiple(self.now, check), Event::Alarm(id));
        }
        id
    }

    /// A split brain or a planned move takes the service down.
    pub(super) fn strike_special(
        &mut self,
        cause: Cause,
        event: EventKey,
        hours: f64,
        spare: Option<SpareSlot>,
    ) {
        let id = self.s.add(Ailment {
            live: true,
            cause,
            event,
            component: None,
            by_person: true,
            repair: hours,
            repair_start: None,
            known: false,
            displaced: false,
            spare,
            makeshift: None,
            automatic: None,
        });
        self.specials += 1;
        let name = match cause {
            Cause::MoveBack => "planned move back",
            _ => "split brain",
        };
        self.note(Some(id), || Happening::Struck {
            fault: name,
            standby: false,
            common_mode: false,
        });
        self.update(RestoredBy::Repair, Some((cause, event)));
        if cause == Cause::MoveBack {
            self.begin_repair(id);
        } else {
            let law = &self.engine.world.operations.detection;
            let delay = self.streams.hours(law, Purpose::Detection, event);
            self.schedule(self.now + delay, Event::Alarm(id));
            self.respond_to(id);
        }
    }

    // ---- repair -----------------------------------------------------------------------------

    pub(super) fn begin_repair(&mut self, id: AilmentId) {
        let ailment = &mut self.s.ailments[id as usize];
        if ailment.repair_start.is_some() {
            return;
        }
        ailment.repair_start = Some(self.now);
        let (hours, by_provider) = (ailment.repair, !ailment.by_person);
        let end = if hours.is_infinite() {
            f64::INFINITY
        } else if by_provider {
            self.now + hours
        } else {
            self.engine.world.staffed.work_end(self.now, hours)
        };
        self.note(Some(id), || Happening::RepairBegan { by_provider, hours });
        self.schedule(end, Event::Repaired(id));
    }

    fn repaired(&mut self, id: AilmentId) {
        let ailment = self.s.ailments[id as usize].clone();
        self.note(Some(id), || Happening::Repaired { in_background: ailment.displaced });
        if let Some(makeshift) = ailment.makeshift {
            // The makeshift serves until the service has moved.
            self.s.ailments[id as usize].spare = None;
            self.plan_move_back(makeshift.move_back, ailment.spare);
        }
        self.remove(id);
        self.returns += 1;
        let by = match ailment.cause {
            Cause::Fault(_) => RestoredBy::Repair,
            Cause::SplitBrain => RestoredBy::Fencing,
            Cause::MoveBack => RestoredBy::MoveBack,
        };
        match ailment.component {
            Some(component) if !ailment.displaced => self.bring_up(component),
            Some(_) => {}
            None => self.specials -= 1,
        }
        self.update(by, None);
        self.find_split_brain(ailment.event);
        self.plan();
    }

    /// The ailment is over: its work counts, its events are gone, its spare is back.
    pub(super) fn remove(&mut self, id: AilmentId) {
        let ailment = &mut self.s.ailments[id as usize];
        ailment.live = false;
        let (start, spare) = (ailment.work_since(), ailment.spare);
        if let Some(start) = start {
            self.labour += self.engine.world.staffed.worked(start, self.now);
        }
        if let Some(slot) = spare {
            self.s.spares_away[slot.protection][slot.path][slot.number] -= 1;
        }
        self.s.queue.cancel(|event| event.is_of(id));
        self.s.free.push(id);
    }

    // ---- components and the service ------------------------------------------------------------

    fn take_down(&mut self, component: Component) {
        let down = &mut self.s.down[component.index()];
        *down += 1;
        if *down > 1 {
            return;
        }
        let clocks = &self.engine.clocks_of[component.index()];
        for &index in clocks {
            let clock = &self.engine.clocks[usize::from(index)];
            clock.pause(&mut self.s.hands[usize::from(index)], self.now);
        }
        if !clocks.is_empty() {
            self.s
                .queue
                .cancel(|event| matches!(event, Event::Strike(index) if clocks.contains(&index)));
        }
    }

    /// One ailment less takes the component down.
    pub(super) fn bring_up(&mut self, component: Component) {
        let index = component.index();
        self.s.down[index] -= 1;
        if self.s.down[index] > 0 {
            return;
        }
        for &index in &self.engine.clocks_of[index] {
            let clock = &self.engine.clocks[usize::from(index)];
            let hand = &mut self.s.hands[usize::from(index)];
            clock.resume(hand, &self.streams, self.now);
            let next = hand.next;
            self.schedule(next, Event::Strike(index));
        }
    }

    fn is_down(&self, kind: Kind, path: u8) -> bool {
        let component = Component::of(kind, path, self.engine.strategy);
        self.s.down[component.index()] > 0
    }

    /// Is everything up that `path` needs by itself (without cloud and engine)?
    pub(super) fn path_is_up(&self, path: u8) -> bool {
        [Kind::Link, Kind::Site, Kind::Host, Kind::Server, Kind::Database]
            .into_iter()
            .all(|kind| !self.is_down(kind, path))
    }

    pub(super) fn cloud_is_up(&self) -> bool {
        !self.is_down(Kind::Cloud, 0)
    }

    /// Compares the service with what it was, and begins or ends the outage.
    pub(super) fn update(&mut self, by: RestoredBy, trigger: Option<(Cause, EventKey)>) {
        let common = self.cloud_is_up() && !self.is_down(Kind::Engine, 0);
        let paths = if self.engine.strategy.standby.is_some() { 2 } else { 1 };
        let mut able = [false; 2];
        for path in 0..paths {
            able[usize::from(path)] = common && self.path_is_up(path);
            self.update_path(path, able[usize::from(path)]);
        }
        let up = able[usize::from(self.in_service)] && self.specials == 0;
        if up != self.up {
            self.up = up;
            if up {
                self.end_outage(by);
            } else if let Some((cause, event)) = trigger {
                self.begin_outage(cause, event);
            }
        }
    }

    /// A path that cannot run delta cycles falls behind; the length decides what it needs at its
    /// return.
    fn update_path(&mut self, path: u8, able: bool) {
        let now = self.now;
        let world = self.engine.world;
        let state = &mut self.s.paths[usize::from(path)];
        match (able, state.unable_since) {
            (false, None) => {
                // A return that lasted no time was none.
                state.unable_since = match state.resumed {
                    Some((at, since)) if at == now => Some(since),
                    _ => Some(now),
                };
                // What was in hand is begun again at the return; what was done is done.
                if now >= state.ready_at {
                    state.full_import = false;
                    state.full_sync = false;
                }
            }
            (true, Some(since)) => {
                let age = now - since + state.database_age;
                state.unable_since = None;
                state.resumed = Some((now, since));
                state.database_age = 0.0;
                state.full_sync |= age > Sync::FULL_SYNC_AFTER && !state.attached;
                state.attached = false;
                state.full_import |= age > Sync::FULL_IMPORT_AFTER;
                state.full_sync |= age > Sync::FULL_IMPORT_AFTER;
                let objects = world.organisation.objects;
                let import = if state.full_import { world.sync.import_hours(objects) } else { 0.0 };
                let sync = if state.full_sync { world.sync.sync_hours(objects) } else { 0.0 };
                state.ready_at = now + import + sync;
            }
            _ => {}
        }
    }

    fn begin_outage(&mut self, cause: Cause, event: EventKey) {
        let protections = self.engine.strategy.protections.len();
        self.s.response.active = true;
        // Touching outages are one.
        if let Some(last) = self.s.outages.last_mut()
            && last.end == self.now
        {
            self.s.response.begin_again(protections);
            last.end = f64::INFINITY;
            last.ready = f64::INFINITY;
            last.full_cycle = false;
            last.restored_by = RestoredBy::Nobody;
            return;
        }
        self.s.response.reset(protections);
        self.s.outages.push(Outage::begin(self.now, cause, event));
        self.note(None, || Happening::Down);
        self.draw_reports(cause, event);
    }

    /// Draws requests until the n-th refused one, or until monitoring is sure to have noticed.
    fn draw_reports(&mut self, cause: Cause, event: EventKey) {
        let wanted = self.engine.world.operations.user_reports;
        let rates = &self.engine.world.workload.writeback.rates;
        if wanted == 0 || cause == Cause::MoveBack || rates.is_zero() {
            return;
        }
        let monitored = self.monitored_at(cause, event).min(self.engine.world.horizon);
        let mut rng = self.streams.world(Purpose::Reports, event);
        let first = self.s.reports.len();
        let mut at = self.now;
        let mut until = monitored;
        for number in 1..=wanted {
            at = rates.invert(at, unit_exponential(&mut rng));
            if at >= monitored {
                break;
            }
            self.s.reports.push(at);
            if number == wanted {
                until = at;
                self.schedule(at, Event::UserAlarm);
            }
        }
        let last = self.s.reports.len();
        if let Some(outage) = self.s.outages.last_mut() {
            outage.reports = (first, last);
            outage.reports_until = until;
        }
    }

    fn monitored_at(&self, cause: Cause, event: EventKey) -> f64 {
        let world = self.engine.world;
        let own = match cause {
            Cause::Fault(fault) => world.faults[usize::from(fault)].detection.as_ref(),
            _ => None,
        };
        let law = own.unwrap_or(&world.operations.detection);
        self.now + self.streams.hours(law, Purpose::Detection, event)
    }

    fn end_outage(&mut self, by: RestoredBy) {
        self.abandon_attempt();
        self.s.response.active = false;
        self.s.queue.cancel(Event::is_of_response);
        let path = self.s.paths[usize::from(self.in_service)];
        let (now, ready) = (self.now, path.ready_at.max(self.now));
        if let Some(outage) = self.s.outages.last_mut() {
            outage.end = now;
            outage.restored_by = by;
            outage.ready = ready;
            outage.full_cycle = ready > now;
        }
        self.note(None, || Happening::Up(by));
        if ready > now {
            let (import, sync) = (path.full_import, path.full_sync);
            self.note(None, || Happening::FullCycle { import, sync, until: ready });
        }
        while let Some((hours, spare)) = self.s.moves_due.pop() {
            self.plan_move_back(hours, spare);
        }
    }

    /// At the horizon everything open is cut.
    fn finish(&mut self) {
        self.now = self.engine.world.horizon;
        self.abandon_attempt();
        for index in 0..self.s.ailments.len() {
            let ailment = &self.s.ailments[index];
            if let (true, Some(start)) = (ailment.live, ailment.work_since()) {
                self.labour += self.engine.world.staffed.worked(start, self.now);
            }
        }
        let horizon = self.now;
        for outage in &mut self.s.outages {
            outage.end = outage.end.min(horizon);
            outage.ready = outage.ready.min(horizon);
        }
    }

    /// Tells the observer, if it watches.
    pub(super) fn note<'n>(
        &mut self,
        ailment: Option<AilmentId>,
        what: impl FnOnce() -> Happening<'n>,
    ) {
        if !O::WATCHES {
            return;
        }
        let component = ailment.and_then(|id| self.s.ailments[id as usize].component);
        let place = Place {
            kind: component.map(Component::kind),
            path: component.map(Component::path),
            outage: self.s.outages.len().checked_sub(1).filter(|_| {
                !self.up || self.s.outages.last().is_some_and(|outage| outage.end == self.now)
            }),
        };
        self.observer.happened(self.now, place, what());
    }

    /// Tells the observer of an alarm.
    pub(super) fn note_alarm(&mut self, ailment: Option<AilmentId>, by: Alarm) {
        self.note(ailment, || Happening::Alarm(by));
    }
}

/// The first multiple of `step` after `time`; `time` itself where there are no steps.
fn next_multiple(time: f64, step: f64) -> f64 {
    if step <= 0.0 { time } else { ((time / step).floor() + 1.0) * step }
}
