//! What changes when a protection has worked: replacements, the path in service, planned moves,
//! and the split brain that an unfenced server makes.

use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, TraceEvent};
use super::outage::{Cause, RestoredBy};
use super::state::{ActiveFault, PlannedMove, SpareSlot};
use super::trial::Trial;
use crate::strategy::{Effect, Switch};
use crate::world::streams::EventKey;

/// Sources of the events that no fault source makes.
const MOVE_BACK: u64 = 0x6d6f_7665_5f62_6163;
const SPLIT_BRAIN: u64 = 0x7370_6c69_745f_6272;

impl<O: Observer> Trial<'_, O> {
    /// A protection has worked: what it replaces is up, and what it implies is noted.
    pub(super) fn apply(&mut self, index: usize, effect: &Effect) {
        for id in 0..self.scratch.active_faults.len() as ActiveFaultId {
            let kind = self.scratch.active_faults[id as usize].component.map(|c| c.kind);
            if self.hits_service(id) && kind.is_some_and(|kind| effect.replaces.has(kind)) {
                self.replace(id, index, effect);
            }
        }
        // A standby keeps its own database, so nothing that was done to the old one concerns it.
        match effect.switch {
            Some(switch) => self.promote(switch),
            None => self.renew_database(effect),
        }
        self.update(RestoredBy::Protection(index as u8), None);
    }

    /// A standby becomes active in the place of a path that is down.
    fn promote(&mut self, switch: Switch) {
        let Some(standby) = self.standby() else {
            return;
        };
        let mut active = self.engine.topology.paths().filter(|path| self.active.has(*path));
        // Where only what all paths share is down, none of them is worse than another.
        let down = active.find(|path| !self.path(*path).is_up());
        let old = down.unwrap_or(self.active.first());
        self.active = self.active.without(old).with(standby);
        self.scratch.paths[usize::from(old)].unfenced = (!switch.fenced).then_some(switch.untangle);
        self.scratch.paths[usize::from(standby)].unfenced = None;
    }

    /// What the active paths need at their return, when their server or database is another one.
    fn renew_database(&mut self, effect: &Effect) {
        let active = self.active;
        let paths = (0..).zip(&mut self.scratch.paths);
        for (_, path) in paths.filter(|(number, _)| active.has(*number)) {
            path.full_import |= effect.full_import;
            path.full_sync |= effect.full_sync;
            path.attached = effect.keeps_database;
            path.database_age = effect.database_age;
        }
    }

    /// What ails is replaced: it is repaired behind the service, or overwritten and over.
    pub(super) fn replace(&mut self, id: ActiveFaultId, index: usize, effect: &Effect) {
        let active_fault = &self.scratch.active_faults[id as usize];
        let Some(component) = active_fault.component else {
            return;
        };
        if effect.ends_repair.has(component.kind) {
            self.note(Some(id), || TraceEvent::RepairMoot);
            self.remove(id);
        } else {
            let row = self.spare_row(index, component.path());
            let slot = effect.spare.map(|number| SpareSlot { row, number });
            if let Some(slot) = slot {
                *self.scratch.away(slot) += 1;
            }
            // Several faults may hide behind one temporary host; it moves back once.
            let first =
                !self.scratch.active_faults.iter().any(|other| {
                    other.live && other.temporary_host.is_some() && other.spare == slot
                });
            let active_fault = &mut self.scratch.active_faults[id as usize];
            active_fault.replaced = true;
            active_fault.spare = slot;
            if let (true, Some(temporary_host)) = (first, effect.temporary_host) {
                active_fault.temporary_host = Some(temporary_host);
                if active_fault.repair.is_infinite() {
                    self.schedule(self.now + temporary_host.procure, Event::MoveBack(id));
                }
            }
        }
        self.bring_up(component);
        self.returns += 1;
    }

    /// A server of the service's own is there: it moves at the next staffed hour, or when the
    /// service is up again.
    pub(super) fn plan_move_back(&mut self, planned: PlannedMove) {
        if !self.up {
            self.scratch.moves_due.push(planned);
            return;
        }
        let event = EventKey { source: MOVE_BACK, instance: 0, number: self.returns };
        let stop = ActiveFault::stop(Cause::MoveBack, event, planned.hours);
        // It waits in a slot that is not live: nothing is down yet.
        let id = self.scratch.add(ActiveFault { live: false, spare: planned.frees, ..stop });
        // A planned outage is short: it begins where the work goes through without a break.
        let at = self.engine.world.staffed.next_stretch(self.now, planned.hours);
        self.schedule(at, Event::MoveBack(id));
    }

    pub(super) fn move_back(&mut self, id: ActiveFaultId) {
        // The successor of a server that is never repaired may have come.
        if self.leave_temporary_host(id) {
            return;
        }
        self.scratch.free.push(id);
        let stop = self.scratch.active_faults[id as usize].clone();
        if self.up {
            self.stop_service(ActiveFault { live: true, ..stop });
        } else {
            self.plan_move_back(PlannedMove { hours: stop.repair, frees: stop.spare });
        }
    }

    /// What stands in for `id` on a temporary host serves until the service has moved from there.
    /// False where nothing does.
    pub(super) fn leave_temporary_host(&mut self, id: ActiveFaultId) -> bool {
        let active_fault = &mut self.scratch.active_faults[id as usize];
        let Some(temporary_host) = active_fault.temporary_host.take() else {
            return false;
        };
        let (hours, frees) = (temporary_host.move_back, active_fault.spare.take());
        self.plan_move_back(PlannedMove { hours, frees });
        true
    }

    /// An old server that nobody shut out comes back beside the one in service.
    pub(super) fn find_split_brain(&mut self, event: EventKey) {
        // Only a path that has been active is ever unfenced, and no longer once it is promoted.
        let mut paths = self.scratch.paths.iter_mut().filter(|path| path.own_down == 0);
        if let Some(untangle) = paths.find_map(|path| path.unfenced.take()) {
            let event = EventKey { source: event.source ^ SPLIT_BRAIN, ..event };
            self.stop_service(ActiveFault::stop(Cause::SplitBrain, event, untangle));
        }
    }
}
