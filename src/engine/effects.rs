//! What changes when a protection has worked: replacements, the path in service, planned moves,
//! and the split brain that an unfenced server makes.

use super::event::{AilmentId, Event};
use super::observe::{Happening, Observer};
use super::outage::{Cause, RestoredBy};
use super::state::SpareSlot;
use super::trial::Trial;
use crate::strategy::Effect;
use crate::world::streams::EventKey;

/// Sources of the events that no fault source makes.
const MOVE_BACK: u64 = 0x6d6f_7665_5f62_6163;
const SPLIT_BRAIN: u64 = 0x7370_6c69_745f_6272;

impl<O: Observer> Trial<'_, O> {
    /// A protection has worked: what it replaces is up, and what it implies is noted.
    pub(super) fn apply(&mut self, index: usize, effect: &Effect) {
        for id in 0..self.s.ailments.len() as AilmentId {
            let kind = self.s.ailments[id as usize].component.map(|c| c.kind());
            if self.hits_service(id) && kind.is_some_and(|kind| effect.replaces.has(kind)) {
                self.replace(id, index, effect);
            }
        }
        if let Some(switch) = effect.switch {
            self.s.paths[usize::from(self.in_service)].unfenced =
                (!switch.fenced).then_some(switch.untangle);
            self.in_service = 1 - self.in_service;
            self.s.paths[usize::from(self.in_service)].unfenced = None;
        }
        let path = &mut self.s.paths[usize::from(self.in_service)];
        if effect.switch.is_none() {
            path.full_import |= effect.full_import;
            path.full_sync |= effect.full_sync;
            path.attached = effect.keeps_database;
            path.database_age = effect.database_age;
        }
        self.update(RestoredBy::Protection(index as u8), None);
    }

    /// What ails is replaced: it is repaired behind the service, or overwritten and over.
    pub(super) fn replace(&mut self, id: AilmentId, index: usize, effect: &Effect) {
        let ailment = &self.s.ailments[id as usize];
        let Some(component) = ailment.component else {
            return;
        };
        if effect.ends_repair.has(component.kind()) {
            self.note(Some(id), || Happening::RepairMoot);
            self.remove(id);
        } else {
            let path = self.spare_path(index, component.path());
            let slot = effect.spare.map(|number| SpareSlot {
                protection: index as u8,
                path: path as u8,
                number: number as u8,
            });
            if let Some(slot) = slot {
                *slot.away(&mut self.s.spares_away) += 1;
            }
            let first = !self
                .s
                .ailments
                .iter()
                .any(|other| other.live && other.makeshift.is_some() && other.spare == slot);
            let ailment = &mut self.s.ailments[id as usize];
            ailment.displaced = true;
            ailment.spare = slot;
            if let (true, Some(makeshift)) = (first, effect.makeshift) {
                ailment.makeshift = Some(makeshift);
                if ailment.repair.is_infinite() {
                    self.schedule(self.now + makeshift.procure, Event::MoveBack(id));
                }
            }
        }
        self.bring_up(component);
        self.returns += 1;
    }

    /// A server of the service's own is there: it moves at the next staffed hour, or when the
    /// service is up again.
    pub(super) fn plan_move_back(&mut self, hours: f64, spare: Option<SpareSlot>) {
        if !self.up {
            self.s.moves_due.push((hours, spare));
            return;
        }
        let event = EventKey { source: MOVE_BACK, path: 0, number: self.returns };
        let id = self.s.add(super::state::Ailment {
            live: false,
            cause: Cause::MoveBack,
            event,
            component: None,
            by_person: true,
            by_clock: false,
            repair: hours,
            repair_start: None,
            taken_up: None,
            known: true,
            displaced: true,
            spare,
            makeshift: None,
        });
        // A planned outage is short: it begins where the work goes through without a break.
        let at = self.engine.world.staffed.next_stretch(self.now, hours);
        self.schedule(at, Event::MoveBack(id));
    }

    pub(super) fn move_back(&mut self, id: AilmentId) {
        let ailment = self.s.ailments[id as usize].clone();
        if let Some(makeshift) = ailment.makeshift {
            // The successor of a server that is never repaired has come.
            self.s.ailments[id as usize].makeshift = None;
            self.s.ailments[id as usize].spare = None;
            self.plan_move_back(makeshift.move_back, ailment.spare);
            return;
        }
        self.s.free.push(id);
        if self.up {
            self.strike_special(Cause::MoveBack, ailment.event, ailment.repair, ailment.spare);
        } else {
            self.s.moves_due.push((ailment.repair, ailment.spare));
        }
    }

    /// An old server that nobody shut out comes back beside the one in service.
    pub(super) fn find_split_brain(&mut self, event: EventKey) {
        let old = 1 - self.in_service;
        let Some(untangle) = self.s.paths[usize::from(old)].unfenced else {
            return;
        };
        if self.path_is_up(old) {
            self.s.paths[usize::from(old)].unfenced = None;
            let event = EventKey { source: event.source ^ SPLIT_BRAIN, ..event };
            self.strike_special(Cause::SplitBrain, event, untangle, None);
        }
    }
}
