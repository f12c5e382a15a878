//! Installations over what is broken: they end its repair, and one in vain has it begun anew.

use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, TraceEvent};
use super::state::Action;
use super::topology::Component;
use super::trial::Trial;
use crate::strategy::{Attempt, Step};
use crate::world::kind::Kinds;

impl<O: Observer> Trial<'_, O> {
    /// Nobody overwrites what will be repaired sooner, as far as anybody can tell.
    pub(super) fn is_repaired_before(&self, path: u8, attempt: &Attempt) -> bool {
        let faults = 0..self.scratch.active_faults.len() as ActiveFaultId;
        let mut overwritten =
            faults.filter(|id| self.is_overwritten(*id, path, attempt.overwrites)).peekable();
        overwritten.peek().is_some() && overwritten.all(|id| self.is_sooner(id, &attempt.steps))
    }

    /// Is a repair that has begun done before these steps would be? Hands-on work is compared by
    /// what is left of it, since work that does not end within the horizon has no end that is known.
    fn is_sooner(&self, id: ActiveFaultId, steps: &[Step]) -> bool {
        let fault = &self.scratch.active_faults[id as usize];
        let Some(start) = fault.repair_start else { return false };
        if fault.by_clock {
            return fault.repair_end <= self.steps_end(self.now, steps, |_| {});
        }
        let left = fault.repair - self.engine.world.staffed.worked(start, self.now);
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
