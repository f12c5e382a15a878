//! What strikes, and how it is repaired in place.

use super::crew::Work;
use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, Role, TraceEvent};
use super::outage::{Cause, RestoredBy};

use super::state::{ActiveFault, Breakage};
use super::topology::Component;
use super::trial::Trial;
use crate::world::fault::{Carrier, Clocks, RepairBegins};
use crate::world::kind::{Kind, Scope};
use crate::world::service::Services;
use crate::world::streams::{EventKey, Purpose};

// A strike's number in its event key leaves the high bits free. Bit 62 says that it was given.
/// Marks the copy of a strike that a common mode dealt to another component of its kind.
const COMMON_MODE: u64 = 1 << 63;
/// Tells those copies apart by their instance: the bits from here on up to bit 61.
const COPY: u32 = 56;
/// What remains is the number of the strike.
const NUMBER: u64 = (1 << COPY) - 1;

/// Is it the copy of a strike that took another component too?
pub(super) fn is_copy(event: EventKey) -> bool {
    event.number & COMMON_MODE != 0
}

impl<O: Observer> Trial<'_, O> {
    pub(super) fn strike_by_clock(&mut self, index: u16) {
        let clock = &self.engine.clocks[usize::from(index)];
        let event = clock.strike(&mut self.scratch.clock_states[usize::from(index)]);
        self.strike(clock.fault, clock.component, event);
    }

    /// A fault strikes at one of its fixed times: the path in service then, or its site.
    pub(super) fn strike_fixed(&mut self, fault: usize) {
        let source = &self.engine.world.faults[fault];
        let path = self.active.first();
        let instance = match source.strikes.scope() {
            Scope::Common => 0,
            Scope::Site => self.path(path).site,
            Scope::Path => path,
        };
        let component = match source.only {
            // A fault of sign-in strikes the first of its machines that has what it strikes.
            Some(Carrier::SignIn) => self.engine.topology.first_of_sign_in(source.strikes),
            _ => self.engine.topology.component(source.strikes, instance),
        };
        let component = component.filter(|component| self.can_strike(fault as u16, *component));
        // The path is left out of the key: the event is the same whichever server is in service.
        let number = self.scratch.next_fixed[fault] as u64;
        let event = EventKey { source: source.key, instance: 0, number };
        self.scratch.next_fixed[fault] += 1;
        self.schedule_fixed(fault);
        let comes = self.streams.chance(source.onsets.probability, Purpose::DateComes, event);
        if let Some(component) = component.filter(|_| comes) {
            self.strike(fault as u16, component, event);
        }
    }

    pub(super) fn schedule_fixed(&mut self, fault: usize) {
        let fixed = &self.engine.world.faults[fault].onsets.fixed;
        if let Some(&time) = fixed.get(self.scratch.next_fixed[fault]) {
            self.schedule(time, Event::FixedStrike(fault as u16));
        }
    }

    /// A fault strikes `component` and, by common mode, its like.
    fn strike(&mut self, fault: u16, component: Component, event: EventKey) {
        let struck = self.break_by(fault, component, event, Purpose::Repair, false);
        // Sites are struck by what lies around them. But what fails on a standby by itself tells
        // nothing of the server in service; machines of sign-in are all in service.
        if component.site().is_some() || self.is_active(component) || component.is_of_sign_in() {
            self.strike_like(fault, component, event);
        }
        if !component.is_of_sign_in() {
            self.take_servers(fault, component, event);
        }
        self.settle(RestoredBy::Repair, Cause::Fault(fault), event);
        self.respond_to(struck);
    }

    /// The event that struck `component` strikes each like component with the probability of a
    /// common mode, whether or not it is down already.
    fn strike_like(&mut self, fault: u16, component: Component, event: EventKey) {
        let engine = self.engine;
        let source = &engine.world.faults[usize::from(fault)];
        let like = engine.topology.of_kind(component.kind).iter();
        let of_sign_in = component.is_of_sign_in();
        for &other in like.filter(|like| like.index() != component.index()) {
            if !self.can_strike(fault, other) || (of_sign_in && !other.is_of_sign_in()) {
                continue;
            }
            let copy = u64::from(other.instance) << COPY;
            let event = EventKey { number: event.number | copy, ..event };
            if self.streams.chance(source.common_mode, Purpose::CommonMode, event) {
                let event = EventKey { number: event.number | COMMON_MODE, ..event };
                self.break_by(fault, other, event, Purpose::StandbyRepair, true);
            }
        }
    }

    /// The event takes each server too, with a probability.
    fn take_servers(&mut self, fault: u16, component: Component, event: EventKey) {
        let engine = self.engine;
        let probability = engine.world.faults[usize::from(fault)].takes_servers;
        if probability <= 0.0 {
            return;
        }
        let servers = engine.topology.of_kind(Kind::Server).iter();
        for &server in servers.filter(|server| server.index() != component.index()) {
            let copy = u64::from(server.instance) << COPY;
            let event = EventKey { number: event.number | copy | COMMON_MODE, ..event };
            if self.streams.chance(probability, Purpose::TakesServer, event) {
                self.break_by(fault, server, event, Purpose::StandbyRepair, true);
            }
        }
    }

    /// A fault source breaks a component.
    fn break_by(
        &mut self,
        fault: u16,
        component: Component,
        event: EventKey,
        repair: Purpose,
        common_mode: bool,
    ) -> ActiveFaultId {
        let source = &self.engine.world.faults[usize::from(fault)];
        // What came to all of them by one clock is mended in the same way.
        let (repair, of) = match source.clocks {
            Clocks::Each => (repair, event),
            Clocks::One => (Purpose::Repair, EventKey { number: event.number & NUMBER, ..event }),
        };
        let repair = match (source.logged_hours(event.number & NUMBER), &source.repair) {
            (Some(hours), _) => hours,
            (None, Some(distribution)) => self.streams.hours(distribution, repair, of),
            (None, None) => f64::INFINITY,
        };
        // The length of a whole outage counts from its onset where somebody sees it. A standby that
        // failed unseen is repaired as long, from when its fault is noticed on.
        let seen = component.path().is_none() || self.is_active(component);
        // A provider that repairs its site does not repair the server that the event took as well.
        let by_person = source.needs_people_for(component.kind);
        let by_clock = source.repair_is_outage || !by_person;
        let is_told = source.repair_begins == RepairBegins::Alarm
            && !source.repair_is_outage
            && !by_person
            && self.is_needed(component);
        let at_once = by_clock && (seen || !by_person) && !is_told;
        let cause = Cause::Fault(fault);
        // A server that the event took as well is lost whole.
        let is_own = component.kind == source.strikes && !component.is_of_sign_in();
        let stops = if is_own { source.stops } else { Services::ALL };
        self.break_down(
            component,
            Breakage { cause, event, stops, repair, by_person, by_clock, at_once, common_mode },
        )
    }

    /// Something breaks: the component goes down, its repair and all that acts by itself begin.
    pub(super) fn break_down(&mut self, component: Component, breakage: Breakage) -> ActiveFaultId {
        let Breakage { cause, event, stops, by_person, by_clock, at_once, common_mode, .. } =
            breakage;
        let serves = self.is_active(component);
        let id = self.scratch.add(ActiveFault {
            onset: self.now,
            component: Some(component),
            by_person,
            by_clock,
            ..ActiveFault::stop(cause, event, breakage.repair, stops)
        });
        if O::WATCHES {
            let stands_by = self.engine.topology.paths().any(|p| self.takes_down(component, p));
            let role = match (serves, stands_by) {
                _ if component.is_of_sign_in() => Role::SignIn,
                (true, _) => Role::Service,
                (false, true) => Role::Standby,
                (false, false) => Role::OtherSite,
            };
            let fault = self.engine.cause_name(cause);
            self.note(Some(id), || TraceEvent::Struck { fault, role, common_mode });
        }
        self.take_down(component, stops);
        if stops == Services::ALL {
            self.break_off_attempt(component);
        }
        if at_once {
            self.begin_repair(id);
        }
        if !self.engine.strategy.protections.is_empty() {
            self.schedule(self.now, Event::AutomaticBegins(id));
        }
        // Whether an agent is missed tells what else strikes at this moment.
        if !self.engine.strategy.layout.spares_paths() {
            self.schedule_alarm(id);
        }
        if component.site().is_some() {
            self.lose_directory(cause, event);
        }
        id
    }

    /// Schedules the alarm that a fault raises: of a path in service by the channels that see it,
    /// of a standby, or a path that is not missed, by its check and by those that look at standbys, and
    /// of a site in which nothing stands by nobody.
    pub(super) fn schedule_alarm(&mut self, id: ActiveFaultId) {
        let ActiveFault { cause, event, component, .. } = self.scratch.active_faults[id as usize];
        let Some(component) = component else { return };
        // An alarm that changes nothing is worth its while only to those who watch.
        if self.is_planned(cause) || !(O::WATCHES || self.engine.needs_people) {
            return;
        }
        if self.is_active(component) && !self.is_spared() {
            let at = self.noticed_at(cause, event, Some(component.kind));
            self.schedule(at, Event::Alarm(id));
        } else if self.is_needed(component) {
            let at = self.standby_noticed_at(cause, event, component);
            self.schedule(at, Event::Alarm(id));
        }
    }

    /// Does any path need this component now?
    fn is_needed(&self, component: Component) -> bool {
        let topology = &self.engine.topology;
        let mut paths = topology.paths().chain(topology.sign_in_paths());
        paths.any(|path| self.takes_down(component, path))
    }

    /// Those who do planned work see what it breaks.
    fn is_planned(&self, cause: Cause) -> bool {
        matches!(cause, Cause::Planned(_))
    }

    /// Where every site that has domain controllers is down, the directory is lost with them.
    fn lose_directory(&mut self, cause: Cause, event: EventKey) {
        if self.lost_directory.is_some() || self.is_directory_elsewhere() || self.has_controllers()
        {
            return;
        }
        let Some(&directory) = self.engine.topology.of_kind(Kind::Directory).first() else {
            return;
        };
        let restore = &self.engine.world.operations.restore_directory;
        let repair = self.streams.hours(restore, Purpose::RestoreDirectory, event);
        self.note(None, || TraceEvent::DirectoryLost);
        let id = self.scratch.add(ActiveFault {
            onset: self.now,
            component: Some(directory),
            ..ActiveFault::stop(cause, event, repair, Services::ALL)
        });
        self.lost_directory = Some(id);
        self.directory_gone = true;
        self.take_down(directory, Services::ALL);
        self.break_off_attempt(directory);
    }

    /// A site with domain controllers is back, and the directory with it.
    pub(super) fn regain_directory(&mut self) {
        if !self.directory_gone || !self.has_controllers() {
            return;
        }
        self.directory_gone = false;
        if let Some(id) = self.lost_directory.take() {
            self.note(Some(id), || TraceEvent::DirectoryBack);
            self.remove(id);
            if let Some(&directory) = self.engine.topology.of_kind(Kind::Directory).first() {
                self.bring_up(directory, Services::ALL);
            }
            self.returns += 1;
        }
    }

    /// Is a site up that has domain controllers?
    fn has_controllers(&self) -> bool {
        let sites = (0..).zip(self.engine.world.sites.iter());
        sites.into_iter().any(|(site, place)| place.domain_controllers && self.is_site_up(site))
    }

    /// Has the directory been restored while all its sites are lost?
    pub(super) fn is_directory_elsewhere(&self) -> bool {
        self.directory_gone && self.lost_directory.is_none()
    }

    /// A split brain or planned work takes parts of the service down.
    pub(super) fn stop_service(&mut self, stop: ActiveFault) -> ActiveFaultId {
        let ActiveFault { cause, event, stops, .. } = stop;
        let id = self.scratch.add(ActiveFault { onset: self.now, ..stop });
        for service in stops.iter() {
            self.stops[service as usize] += 1;
        }
        if O::WATCHES {
            let (fault, role) = (self.engine.cause_name(cause), Role::Service);
            self.note(Some(id), || TraceEvent::Struck { fault, role, common_mode: false });
        }
        self.settle(RestoredBy::Repair, cause, event);
        match cause {
            Cause::Planned(_) => {}
            Cause::MoveBack => self.take_up(id),
            Cause::SplitBrain | Cause::Fault(_) => {
                self.schedule(self.noticed_at(cause, event, None), Event::Alarm(id));
                self.respond_to(id);
            }
        }
        self.replan();
        id
    }

    /// What a split brain or planned work stopped goes on.
    pub(super) fn end_stop(&mut self, id: ActiveFaultId) {
        for service in self.scratch.active_faults[id as usize].stops.iter() {
            self.stops[service as usize] -= 1;
        }
        self.count_planned_stop(id);
    }

    /// The hours of planned stops are told apart.
    pub(super) fn count_planned_stop(&mut self, id: ActiveFaultId) {
        let ActiveFault { cause, onset, component, .. } = self.scratch.active_faults[id as usize];
        if component.is_none() && matches!(cause, Cause::MoveBack | Cause::Planned(_)) {
            self.planned_hours += self.now - onset;
        }
    }

    /// A person who is there works on the repair, as soon as one is free. What a provider repairs
    /// is left to the provider, and nobody works on what cannot be repaired.
    pub(super) fn take_up(&mut self, id: ActiveFaultId) {
        let active_fault = &mut self.scratch.active_faults[id as usize];
        if !active_fault.by_person {
            // A provider who has to be told of it.
            return self.begin_repair(id);
        }
        if active_fault.taken_up.is_some() {
            return;
        }
        if self.lost_directory == Some(id) && !self.is_restoring_worth_it(id) {
            return;
        }
        if self.is_being_overwritten(id) {
            return;
        }
        if self.engine.strategy.layout.moves_to_other_machines() {
            self.install_if_sooner(id);
        }
        let active_fault = &mut self.scratch.active_faults[id as usize];
        active_fault.taken_up = Some(self.now);
        if active_fault.by_clock || active_fault.repair.is_infinite() {
            self.begin_repair(id);
        } else {
            self.scratch.people.ask(Work::Repair(id), self.now);
        }
    }

    /// Would restoring the directory elsewhere be done before a site with its controllers is back?
    fn is_restoring_worth_it(&self, id: ActiveFaultId) -> bool {
        let hours = self.scratch.active_faults[id as usize].repair;
        let done = self.engine.world.staffed.work_end(self.now, hours);
        let sites = (0..).zip(self.engine.world.sites.iter());
        let returns = sites.filter(|(_, place)| place.domain_controllers).map(|(site, _)| {
            let faults = self.scratch.active_faults.iter().filter(|fault| {
                fault.live
                    && fault.component.is_some_and(|c| c.kind == Kind::Site && c.instance == site)
            });
            faults.map(|fault| fault.repair_end).fold(self.now, f64::max)
        });
        returns.into_iter().all(|back| done < back)
    }

    pub(super) fn begin_repair(&mut self, id: ActiveFaultId) {
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
        active_fault.repair_end = end;
        self.note(Some(id), || TraceEvent::RepairBegan { by_provider, hours, until: end });
        self.schedule(end, Event::Repaired(id));
    }

    pub(super) fn repaired(&mut self, id: ActiveFaultId) {
        let active_fault = &self.scratch.active_faults[id as usize];
        let ActiveFault { cause, event, component, stops, replaced, .. } = *active_fault;
        self.note(Some(id), || TraceEvent::Repaired { in_background: replaced });
        if component.is_none() {
            self.end_stop(id);
        }
        self.remove(id);
        self.returns += 1;
        let by = match (cause, component) {
            (Cause::Fault(_) | Cause::Planned(_), _) => RestoredBy::Repair,
            (Cause::SplitBrain, _) => RestoredBy::Fencing,
            (Cause::MoveBack, _) => RestoredBy::MoveBack,
        };
        if self.lost_directory == Some(id) {
            self.lost_directory = None;
        }
        if component.is_some_and(|c| c.kind == Kind::Directory) && stops == Services::ALL {
            self.import_all();
        }
        match component {
            Some(component) if !replaced => self.bring_up(component, stops),
            Some(component) => self.find_own_server(component),
            None if cause == Cause::MoveBack => self.leave_machine(event.instance),
            None => {}
        }
        self.settle(by, cause, event);
        self.replan();
    }

    /// The active fault is over: its work counts, its events are gone, its spare is back.
    pub(super) fn remove(&mut self, id: ActiveFaultId) {
        self.count_repair(id);
        let active_fault = &mut self.scratch.active_faults[id as usize];
        active_fault.live = false;
        let spare = active_fault.spare;
        if let Some(slot) = spare {
            *self.scratch.away(slot) -= 1;
        }
        self.scratch.queue.cancel(|event| event.concerns(id));
        self.scratch.automatic.retain(|automatism| automatism.on != id);
        self.scratch.free.push(id);
    }

    /// The work on a repair counts, and whoever was bound by it is free.
    pub(super) fn count_repair(&mut self, id: ActiveFaultId) {
        let active_fault = &mut self.scratch.active_faults[id as usize];
        if let Some(start) = active_fault.work_since() {
            let staffed = &self.engine.world.staffed;
            self.labour += match active_fault.by_clock {
                true => staffed.staffed_between(start, self.now),
                false => staffed.worked(start, active_fault.repair, self.now),
            };
        }
        let bound = std::mem::take(&mut active_fault.has_person);
        if let (true, Some(start)) = (bound, active_fault.repair_start) {
            self.scratch.people.release(start, self.now);
        } else if self.scratch.people.anything_waits() {
            self.scratch.people.withdraw(Work::Repair(id), self.now);
        }
    }
}
