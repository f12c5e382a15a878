//! What strikes, and how it is repaired in place.

use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, TraceEvent};
use super::outage::{Cause, RestoredBy};
use super::state::ActiveFault;
use super::topology::Component;
use super::trial::Trial;
use crate::world::streams::{EventKey, Purpose};

// A strike's number in its event key leaves the high bits free. Bit 62 says that it was given.
/// Marks the copy of a strike that a common mode dealt to another path.
const COMMON_MODE: u64 = 1 << 63;
/// Tells those copies apart: the bits from here on up to bit 61. The first copy has none of them.
const COPY: u32 = 56;
/// What remains is the number of the strike.
const NUMBER: u64 = (1 << COPY) - 1;

impl<O: Observer> Trial<'_, O> {
    pub(super) fn strike_by_clock(&mut self, index: u16) {
        let clock = &self.engine.clocks[usize::from(index)];
        let event = clock.strike(&mut self.scratch.clock_states[usize::from(index)]);
        self.strike(clock.fault, clock.component, event);
    }

    pub(super) fn strike_fixed(&mut self, fault: usize) {
        let source = &self.engine.world.faults[fault];
        let component = self.engine.topology.component(source.strikes, self.active.first());
        // The path is left out of the key: the event is the same whichever server is in service.
        let number = self.scratch.next_fixed[fault] as u64;
        let event = EventKey { source: source.key, instance: 0, number };
        self.scratch.next_fixed[fault] += 1;
        self.schedule_fixed(fault);
        if let Some(component) = component {
            self.strike(fault as u16, component, event);
        }
    }

    pub(super) fn schedule_fixed(&mut self, fault: usize) {
        let onsets = &self.engine.world.faults[fault].onsets;
        if let Some(time) = onsets.fixed_at(self.scratch.next_fixed[fault]) {
            self.schedule(time, Event::FixedStrike(fault as u16));
        }
    }

    /// A fault strikes `component` and, by common mode, its like on other paths.
    fn strike(&mut self, fault: u16, component: Component, event: EventKey) {
        let struck = self.break_down(fault, component, event, Purpose::Repair, false);
        // What fails on a standby by itself tells nothing of the others.
        if component.serves.intersects(self.active) {
            self.strike_like(fault, component, event);
        }
        self.update(RestoredBy::Repair, Some((Cause::Fault(fault), event)));
        self.respond_to(struck);
    }

    /// The event that struck `component` strikes each like component with the probability of a
    /// common mode.
    fn strike_like(&mut self, fault: u16, component: Component, event: EventKey) {
        let engine = self.engine;
        let source = &engine.world.faults[usize::from(fault)];
        let like = engine.topology.of_kind(component.kind).iter();
        for (copy, &other) in (0..).zip(like.filter(|like| like.index() != component.index())) {
            let event = EventKey { number: event.number | copy << COPY, ..event };
            // What is down already is not struck again.
            if self.scratch.down[other.index()] == 0
                && self.streams.chance(source.common_mode, Purpose::CommonMode, event)
            {
                let event = EventKey { number: event.number | COMMON_MODE, ..event };
                self.break_down(fault, other, event, Purpose::StandbyRepair, true);
            }
        }
    }

    /// Something breaks: the component goes down, its repair and all that acts by itself begin.
    fn break_down(
        &mut self,
        fault: u16,
        component: Component,
        event: EventKey,
        repair: Purpose,
        common_mode: bool,
    ) -> ActiveFaultId {
        let source = &self.engine.world.faults[usize::from(fault)];
        let hours = match (source.logged_hours(event.number & NUMBER), &source.repair) {
            (Some(hours), _) => hours,
            (None, Some(distribution)) => self.streams.hours(distribution, repair, event),
            (None, None) => f64::INFINITY,
        };
        let standby = !component.serves.intersects(self.active);
        // What a log says of outages, it does not say of a standby that failed unseen.
        let begins_at_once = source.mends_itself() && !(standby && source.needs_people());
        let id = self.scratch.add(ActiveFault {
            component: Some(component),
            by_person: source.needs_people(),
            by_clock: begins_at_once,
            ..ActiveFault::stop(Cause::Fault(fault), event, hours)
        });
        self.note(Some(id), || TraceEvent::Struck { fault: &source.name, standby, common_mode });
        self.take_down(component);
        if begins_at_once {
            self.begin_repair(id);
        }
        self.begin_automatic(id);
        // An alarm that changes nothing is worth its while only to those who watch.
        if O::WATCHES || self.engine.needs_people {
            let at = if standby {
                next_multiple(self.now, self.engine.strategy.layout.standby_check)
            } else {
                self.monitored_at(Cause::Fault(fault), event)
            };
            self.schedule(at, Event::Alarm(id));
        }
        id
    }

    /// A split brain or a planned move takes the service down.
    pub(super) fn stop_service(&mut self, stop: ActiveFault) {
        let (cause, event) = (stop.cause, stop.event);
        let id = self.scratch.add(stop);
        self.stops += 1;
        let fault = self.engine.cause_name(cause);
        self.note(Some(id), || TraceEvent::Struck { fault, standby: false, common_mode: false });
        self.update(RestoredBy::Repair, Some((cause, event)));
        if cause == Cause::MoveBack {
            self.take_up(id);
        } else {
            self.schedule(self.monitored_at(cause, event), Event::Alarm(id));
            self.respond_to(id);
        }
    }

    /// A person who is there works on the repair, which begins now if it has not begun by itself.
    /// What a provider repairs is left to the provider.
    pub(super) fn take_up(&mut self, id: ActiveFaultId) {
        let active_fault = &mut self.scratch.active_faults[id as usize];
        if active_fault.by_person {
            active_fault.taken_up.get_or_insert(self.now);
            self.begin_repair(id);
        }
    }

    fn begin_repair(&mut self, id: ActiveFaultId) {
        let active_fault = &mut self.scratch.active_faults[id as usize];
        if active_fault.repair_start.is_some() {
            return;
        }
        active_fault.repair_start = Some(self.now);
        let (hours, by_clock) = (active_fault.repair, active_fault.by_clock);
        let by_provider = !active_fault.by_person;
        let end = if hours.is_infinite() {
            f64::INFINITY
        } else if by_clock {
            self.now + hours
        } else {
            self.engine.world.staffed.work_end(self.now, hours)
        };
        self.note(Some(id), || TraceEvent::RepairBegan { by_provider, hours });
        self.schedule(end, Event::Repaired(id));
    }

    pub(super) fn repaired(&mut self, id: ActiveFaultId) {
        let active_fault = &self.scratch.active_faults[id as usize];
        let ActiveFault { cause, event, component, replaced, .. } = *active_fault;
        self.note(Some(id), || TraceEvent::Repaired { in_background: replaced });
        self.leave_temporary_host(id);
        self.remove(id);
        self.returns += 1;
        let by = match cause {
            Cause::Fault(_) => RestoredBy::Repair,
            Cause::SplitBrain => RestoredBy::Fencing,
            Cause::MoveBack => RestoredBy::MoveBack,
        };
        match component {
            Some(component) if !replaced => self.bring_up(component),
            Some(_) => {}
            None => self.stops -= 1,
        }
        self.update(by, None);
        self.find_split_brain(event);
        self.plan();
    }

    /// The active fault is over: its work counts, its events are gone, its spare is back.
    pub(super) fn remove(&mut self, id: ActiveFaultId) {
        let active_fault = &mut self.scratch.active_faults[id as usize];
        active_fault.live = false;
        let (start, spare) = (active_fault.work_since(), active_fault.spare);
        if let Some(start) = start {
            self.labour += self.engine.world.staffed.worked(start, self.now);
        }
        if let Some(slot) = spare {
            *self.scratch.away(slot) -= 1;
        }
        self.scratch.queue.cancel(|event| event.concerns(id));
        self.scratch.automatic.retain(|(of, _)| *of != id);
        self.scratch.free.push(id);
    }
}

/// The first multiple of `step` after `time`; `time` itself where there are no steps.
fn next_multiple(time: f64, step: f64) -> f64 {
    if step <= 0.0 { time } else { ((time / step).floor() + 1.0) * step }
}
