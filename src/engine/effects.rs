//! What changes when a protection has worked: replacements, the path in service, and the split
//! brain that an unfenced server makes.

use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, TraceEvent};
use super::outage::{Cause, RestoredBy, Stoppage};
use super::state::{ActiveFault, LeftBehind, PathState, SpareSlot, Unfenced};
use super::topology::Component;
use super::trial::Trial;
use crate::strategy::{Effect, MACHINE, Switch};
use crate::world::kind::Kind;
use crate::world::service::{Service, Services};
use crate::world::streams::{EventKey, Purpose};

/// Source of the events that no fault source makes.
const SPLIT_BRAIN: u64 = 0x7370_6c69_745f_6272;

/// The shortest first pass of passwords that a trace tells, hours: a minute.
const TOLD_FROM: f64 = 1.0 / 60.0;

/// What was broken of that which has been replaced.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Replaced {
    /// Host or server.
    pub(super) machine: bool,
    /// Some of it is never repaired.
    pub(super) never_repaired: bool,
    /// Something besides host and server.
    pub(super) more_than_machine: bool,
}

impl<O: Observer> Trial<'_, O> {
    /// A protection has worked on `path`: what it replaces is up, and what it implies is noted.
    pub(super) fn apply(&mut self, index: usize, path: u8, effect: &Effect) {
        let (before, within_reach) = (self.up, self.is_within_reach(path));
        // Nobody repairs a guest that runs elsewhere from now on.
        let gives_up = effect.ends_repair.has(Kind::Server)
            && self.is_down(Kind::Server, path, self.path(path).site);
        if effect.fenced.is_some() {
            self.new_machines += 1;
        }
        let replaced = self.replace_all(self.slot(index, path, effect), path, effect);
        if let Some(fenced) = effect.fenced.filter(|_| !within_reach && !gives_up) {
            self.leave_server(path, fenced);
        }
        if let Some(site) = effect.site {
            self.scratch.paths[usize::from(path)].site = site;
            self.find_parts_down();
            let site = self.engine.world.sites.get(usize::from(site));
            let name = site.map(|site| site.name.as_str());
            self.note(None, || TraceEvent::Relocated { site: name });
        }
        if effect.replaces.intersects(MACHINE) {
            self.take_machine(index, path, effect, replaced);
        }
        // A standby keeps its own database, so nothing that was done to the old one concerns it.
        match effect.switch {
            Some(switch) => self.promote(path, switch),
            None => self.renew_database(path, effect),
        }
        self.settle(self.restored_by(index), self.outage_cause(), self.outage_event());
        self.hold_parts(before);
    }

    /// Another server carries parts that were up `before` and still are: what it has to do first
    /// holds them too, as after a stoppage of no length.
    pub(super) fn hold_parts(&mut self, before: Services) {
        for service in [Service::Export, Service::PasswordSync] {
            let ready = self.ready(service);
            if before.has(service) && self.up.has(service) && ready > self.now {
                let outage = self.scratch.outages.len().saturating_sub(1);
                let held = Stoppage::begin(self.now, self.outage_event(), outage);
                let held = Stoppage { end: self.now, ready, full_cycle: true, ..held };
                self.scratch.stoppages[service as usize].push(held);
            }
        }
    }

    /// A standby becomes active in the place of the path in trouble.
    fn promote(&mut self, old: u8, switch: Switch) {
        let Some(standby) = self.standby() else {
            return;
        };
        let fenced = switch.fenced || self.is_within_reach(old);
        let unfenced = Unfenced { untangle: switch.untangle, since: self.now };
        self.scratch.paths[usize::from(old)].unfenced = (!fenced).then_some(unfenced);
        self.unfenced = if fenced { self.unfenced.without(old) } else { self.unfenced.with(old) };
        self.scratch.paths[usize::from(standby)].unfenced = None;
        self.unfenced = self.unfenced.without(standby);
        self.activate(standby, old);
        self.switch_sign_in_off(standby, self.outage_event());
    }

    /// Can people reach the server of a path, to shut it out? They can from within its site,
    /// whatever its link does.
    pub(super) fn is_within_reach(&self, path: u8) -> bool {
        let site = self.path(path).site;
        let machine = [Kind::Host, Kind::Server];
        self.is_site_up(site) && machine.iter().all(|kind| !self.is_down(*kind, path, site))
    }

    /// The service is whole again, by this; imports, full syncs and the first pass of passwords follow.
    pub(super) fn end_outage(&mut self, by: RestoredBy) {
        self.abandon_attempt();
        self.scratch.queue.cancel(Event::is_of_response);
        let now = self.now;
        let PathState {
            ready_at,
            exports_from,
            passwords_from,
            full_import: import,
            full_sync: sync,
            ..
        } = *self.last_needed();
        let ready = ready_at.max(exports_from).max(now);
        if let Some(outage) = self.scratch.outages.last_mut() {
            outage.end = now;
            outage.restored_by = by;
            outage.ready = ready;
            outage.full_cycle = ready > now;
        }
        self.note(None, || TraceEvent::Up(by));
        if self.engine.strategy.layout.quarantine().is_some() {
            self.tell_of_quarantine();
        }
        if ready > now {
            // Planned work is followed by both.
            let planned = ready > ready_at;
            let (import, sync) = (import || planned, sync || planned);
            self.note(None, || TraceEvent::FullCycle { import, sync, until: ready });
        }
        if passwords_from > ready + TOLD_FROM {
            self.note(None, || TraceEvent::FirstPass { until: passwords_from });
        }
        for path in self.engine.topology.paths() {
            self.resume_move(path);
        }
    }

    /// The standby carries the service from now on, and `old` no longer does. Its passwords go on
    /// from where it carried it last: it is busy with what has changed since then.
    pub(super) fn activate(&mut self, standby: u8, old: u8) {
        self.active = self.active.without(old).with(standby);
        self.leave_machine(old);
        self.scratch.paths[usize::from(old)].inactive_since = Some(self.now);
        let since = self.scratch.paths[usize::from(standby)].inactive_since.take();
        let first_pass = self.first_pass(since);
        let (now, state) = (self.now, &mut self.scratch.paths[usize::from(standby)]);
        state.first_pass = first_pass;
        state.passwords_from = now.max(state.ready_at) + first_pass;
    }

    /// How long a server is busy with the passwords of all users, or of those who have changed
    /// theirs since then, hours.
    pub(super) fn first_pass(&self, since: Option<f64>) -> f64 {
        let world = self.engine.world;
        let changed = since.map_or(1.0, |since| {
            let changes = world.workload.passwords.between(since, self.now);
            -libm::expm1(-changes / world.organisation.users as f64)
        });
        world.sync.password_hours(changed * world.organisation.users as f64)
    }

    /// A new machine takes the place of one that people cannot reach: with a probability they have
    /// shut it out all the same.
    pub(super) fn leave_server(&mut self, path: u8, fenced: f64) {
        let event = self.outage_event();
        if self.streams.chance(fenced, Purpose::Fenced, event) {
            return;
        }
        let diagnose = &self.engine.world.operations.diagnose;
        let untangle = self.streams.hours(diagnose, Purpose::Untangle, event);
        let server = Unfenced { untangle, since: self.now };
        let (site, new_machine) = (self.path(path).site, self.new_machines);
        self.scratch.left_behind.push(LeftBehind { server, site, new_machine });
    }

    /// Is an old server up again: its site with its link, and its machine?
    fn is_back(&self, left: &LeftBehind) -> bool {
        let is_lost = |fault: &ActiveFault| {
            let of_machine = fault.component.is_some_and(|c| MACHINE.has(c.kind));
            fault.live
                && fault.new_machine == left.new_machine
                && of_machine
                && fault.stops == Services::ALL
        };
        self.is_place_up(left.site) && !self.scratch.active_faults.iter().any(is_lost)
    }

    /// What the path needs at its return, when its server or database is another one.
    fn renew_database(&mut self, path: u8, effect: &Effect) {
        let first_pass = if effect.all_passwords { self.first_pass(None) } else { 0.0 };
        let now = self.now;
        let path = &mut self.scratch.paths[usize::from(path)];
        // A server that did part of its work stood still for a moment, and goes on with this.
        let goes_back = effect.full_import || effect.full_sync || effect.database_age > 0.0;
        if goes_back || effect.keeps_database {
            path.unable_since.get_or_insert(now);
        }
        if effect.is_current {
            path.unable_since = Some(now);
            (path.full_import, path.full_sync) = (false, false);
        }
        path.full_import |= effect.full_import;
        path.full_sync |= effect.full_sync;
        path.first_pass = path.first_pass.max(first_pass);
        path.attached = effect.keeps_database;
        path.database_age = effect.database_age;
    }

    /// The directory has been restored from a backup: no server's database agrees with it, so each
    /// imports and syncs everything before it goes on.
    pub(super) fn import_all(&mut self) {
        for path in &mut self.scratch.paths {
            path.full_import = true;
            path.full_sync = true;
        }
    }

    /// All is replaced that is broken now of what the effect replaces on `path`; a spare that is
    /// used for it is away until it is repaired.
    pub(super) fn replace_all(
        &mut self,
        slot: Option<SpareSlot>,
        path: u8,
        effect: &Effect,
    ) -> Replaced {
        let mut replaced = Replaced::default();
        // A temporary host is a spare that the path as a whole holds.
        let slot = slot.filter(|_| effect.temporary_host.is_none());
        for id in 0..self.scratch.active_faults.len() as ActiveFaultId {
            let fault = &self.scratch.active_faults[id as usize];
            let on_path = |c: Component| c.path() == Some(path) && effect.replaces.has(c.kind);
            if let Some(component) = fault.component
                && fault.live
                && !fault.replaced
                && on_path(component)
            {
                replaced.never_repaired |= fault.repair.is_infinite();
                let is_machine = MACHINE.has(component.kind);
                replaced.machine |= is_machine && !effect.ends_repair.has(component.kind);
                replaced.more_than_machine |= !is_machine;
                self.replace(id, slot, effect);
            }
        }
        replaced
    }

    /// What ails is replaced: it is repaired behind the service, or overwritten and over.
    fn replace(&mut self, id: ActiveFaultId, slot: Option<SpareSlot>, effect: &Effect) {
        let ActiveFault { component, stops, .. } = self.scratch.active_faults[id as usize];
        let Some(component) = component else {
            return;
        };
        if effect.ends_repair.has(component.kind) {
            self.note(Some(id), || TraceEvent::RepairMoot);
            self.remove(id);
        } else {
            if let Some(slot) = slot {
                *self.scratch.away(slot) += 1;
            }
            let active_fault = &mut self.scratch.active_faults[id as usize];
            active_fault.replaced = true;
            active_fault.spare = slot;
            active_fault.new_machine = if effect.fenced.is_some() { self.new_machines } else { 0 };
        }
        self.bring_up(component, stops);
        self.returns += 1;
    }

    /// The spare that an effect uses.
    pub(super) fn slot(&self, index: usize, path: u8, effect: &Effect) -> Option<SpareSlot> {
        let number = effect.spare?;
        Some(SpareSlot { row: self.spare_row(index, path), number })
    }

    /// A server that nobody shut out is back while the promoted one is dead: it is the one in service
    /// again, and nobody has shut out the other.
    pub(super) fn resume_unfenced(&mut self) {
        let dead = self.active.first();
        if !self.active.is_single() || self.is_up(dead) {
            return;
        }
        let mut paths = self.engine.topology.paths();
        let Some(path) = paths.find(|path| self.unfenced.has(*path) && self.is_up(*path)) else {
            return;
        };
        let unfenced = self.scratch.paths[usize::from(path)].unfenced.take();
        self.scratch.paths[usize::from(dead)].unfenced =
            unfenced.map(|unfenced| Unfenced { since: self.now, ..unfenced });
        self.unfenced = self.unfenced.without(path).with(dead);
        self.activate(path, dead);
    }

    /// An old server that nobody shut out is back beside the one in service: two are active.
    pub(super) fn find_split_brain(&mut self, event: EventKey) {
        let mut paths = self.engine.topology.paths();
        if !paths.clone().any(|path| self.active.has(path) && self.is_up(path)) {
            return;
        }
        let back = paths.find(|path| self.unfenced.has(*path) && self.is_up(*path));
        let server = match back {
            Some(path) => {
                self.unfenced = self.unfenced.without(path);
                self.scratch.paths[usize::from(path)].unfenced.take()
            }
            None => {
                let back = self.scratch.left_behind.iter().position(|left| self.is_back(left));
                back.map(|back| self.scratch.left_behind.remove(back).server)
            }
        };
        if let Some(unfenced) = server {
            let event = EventKey { source: event.source ^ SPLIT_BRAIN, ..event };
            let (cause, hours) = (Cause::SplitBrain, unfenced.untangle);
            self.stop_service(ActiveFault::stop(cause, event, hours, Services::ALL));
            let passwords = &mut self.scratch.stoppages[Service::PasswordSync as usize];
            if let Some(stoppage) = passwords.last_mut() {
                stoppage.rewrites_since.get_or_insert(unfenced.since);
            }
        }
    }

    /// What an attempt at a protection brings back, brings it back.
    pub(super) fn restored_by(&self, index: usize) -> RestoredBy {
        if index < self.engine.strategy.protections.len() {
            RestoredBy::Protection(index as u8)
        } else {
            RestoredBy::LastResort
        }
    }
}
