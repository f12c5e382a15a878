//! Installations over what is broken: they end its repair, and one in vain has it begun anew.

use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, TraceEvent};
use super::outage::RestoredBy;
use super::state::{Action, Phase};
use super::topology::Component;
use super::trial::Trial;
use crate::strategy::{Attempt, Step};
use crate::world::kind::Kinds;
use crate::world::streams::EventKey;

/// Source of the events in which a server is taken out of service to be installed anew.
const OVERWRITE: u64 = 0x6f76_6572_7772_6974;

impl<O: Observer> Trial<'_, O> {
    /// Nobody overwrites what will be repaired sooner, as far as anybody can tell.
    pub(super) fn is_repaired_before(&self, path: u8, attempt: &Attempt) -> bool {
        let faults = 0..self.scratch.active_faults.len() as ActiveFaultId;
        let mut overwritten =
            faults.filter(|id| self.is_overwritten(*id, path, attempt.overwrites)).peekable();
        overwritten.peek().is_some() && overwritten.all(|id| self.is_sooner(id, &attempt.steps))
    }

    /// Is a repair that has begun done before these steps would be? Work that does not end
    /// within the horizon has no end that is known, and is compared by what is left of it.
    fn is_sooner(&self, id: ActiveFaultId, steps: &[Step]) -> bool {
        let fault = &self.scratch.active_faults[id as usize];
        let Some(start) = fault.repair_start else { return false };
        let until = self.steps_end(self.now, steps, |_| {});
        if fault.repair_end.is_finite() || until.is_finite() {
            return fault.repair_end <= until;
        }
        let left = fault.repair - self.engine.world.staffed.worked(start, fault.repair, self.now);
        left <= steps.iter().map(|step| step.hours).sum()
    }

    /// Is the active fault one of those kinds on that path?
    fn is_overwritten(&self, id: ActiveFaultId, path: u8, overwrites: Kinds) -> bool {
        let fault = &self.scratch.active_faults[id as usize];
        let is_it = |c: Component| c.path() == Some(path) && overwrites.has(c.kind);
        fault.live && !fault.replaced && fault.component.is_some_and(is_it)
    }

    /// Does the work in hand overwrite what the active fault has broken?
    pub(super) fn is_being_overwritten(&self, id: ActiveFaultId) -> bool {
        let attempt = self.scratch.response.attempt.as_ref();
        attempt.is_some_and(|action| self.is_overwritten(id, action.path, action.overwrites))
    }

    /// Is the server of that path being installed over what was there?
    pub(super) fn is_being_installed(&self, path: u8) -> bool {
        let attempt = self.scratch.response.attempt.as_ref();
        attempt.is_some_and(|action| {
            action.path == path && action.phase == Phase::Working && !action.overwrites.is_empty()
        })
    }

    /// Nobody goes on with the repair of what the attempt overwrites.
    pub(super) fn give_up_repairs(&mut self, path: u8, overwrites: Kinds) {
        for id in 0..self.scratch.active_faults.len() as ActiveFaultId {
            let fault = &self.scratch.active_faults[id as usize];
            // A length that covers all waiting goes by the clock, whatever people do meanwhile.
            let is_worked_on = fault.taken_up.is_some() && !fault.by_clock;
            if is_worked_on && self.is_overwritten(id, path, overwrites) {
                self.note(Some(id), || TraceEvent::RepairGivenUp);
                self.count_repair(id);
                self.scratch.queue.cancel(|event| event == Event::Repaired(id));
                let fault = &mut self.scratch.active_faults[id as usize];
                (fault.taken_up, fault.repair_start) = (None, None);
                fault.repair_end = f64::INFINITY;
            }
        }
    }

    /// While a server is installed over what is there, nothing of it serves.
    pub(super) fn take_out_of_service(&mut self) {
        let Some(action) = &self.scratch.response.attempt else { return };
        if action.overwrites.is_empty() {
            return;
        }
        let (path, count) = (action.path, self.scratch.response.tries[action.protection].count);
        self.scratch.paths[usize::from(path)].own_down += 1;
        // Each such time has luck of its own.
        let event = self.outage_event();
        let source = event.source ^ OVERWRITE;
        let event = EventKey { source, number: event.number ^ u64::from(count) << 32, ..event };
        self.settle(RestoredBy::Repair, self.outage_cause(), event);
    }

    /// That is over, whatever came of it.
    pub(super) fn put_back_into_service(&mut self, action: &Action) {
        if !action.overwrites.is_empty() {
            self.scratch.paths[usize::from(action.path)].own_down -= 1;
        }
    }

    /// The repair of what was to be overwritten begins anew.
    pub(super) fn resume_repairs(&mut self, action: &Action) {
        for id in 0..self.scratch.active_faults.len() as ActiveFaultId {
            let is_known = self.scratch.active_faults[id as usize].known;
            if is_known && self.is_overwritten(id, action.path, action.overwrites) {
                self.take_up(id);
            }
        }
    }
}
