//! Agents: what is different where several of them carry the service. Each does the whole work, so
//! one that fails is not missed, and is seen only by those who look at it.

use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, TraceEvent};
use super::topology::Component;
use super::trial::Trial;
use crate::strategy::{MACHINE, Strategy};
use crate::world::World;
use crate::world::kind::{Kind, Kinds};
use crate::world::service::{Service, Services};
use crate::world::streams::{Draws, EventKey};
use crate::world::sync::Sync;

/// Without these no agent can be registered.
const NEEDS: Kinds = Kinds::new(&[Kind::Cloud, Kind::Directory]);

/// Hours from the beginning of a failure to the next attempt of a job in quarantine, once the failure
/// has lasted so many: attempts are made after 6, 12 and 24 hours, and then each day (Entra docs,
/// application provisioning in quarantine).
fn next_attempt(hours: f64) -> f64 {
    const DAY: f64 = 24.0;
    let first = [DAY / 4.0, DAY / 2.0].into_iter().find(|attempt| hours <= *attempt);
    first.unwrap_or_else(|| (hours / DAY).ceil() * DAY)
}

/// The cycles of agents; none where those of the world hold.
pub(super) fn sync(world: &World, strategy: &Strategy) -> Option<Sync> {
    let cycle = strategy.layout.cycle()?;
    Some(Sync { object_cycle: cycle, password_cycle: cycle, ..world.sync.clone() })
}

impl<O: Observer> Trial<'_, O> {
    /// Hands-on work to move to agents, hours.
    pub(super) fn migration_hours(&self) -> f64 {
        let tables = self.engine.strategy.protections.iter().zip(&self.engine.owners);
        let hours = tables.map(|(table, owner)| {
            table.migration(&Draws::new(&self.streams, *owner, EventKey::default(), 0))
        });
        hours.sum()
    }

    /// Several paths carry the service, and in spite of all that is broken now it stops nowhere.
    pub(super) fn is_spared(&self) -> bool {
        !self.active.is_single() && self.parts_up() == Services::ALL
    }

    /// Where the machine of an agent is lost, people install the agent on another server of the
    /// site, unless the repair is done sooner, as far as anybody can tell. The machine is left to
    /// those whose it is.
    pub(super) fn install_if_sooner(&mut self, id: ActiveFaultId) {
        let fault = &self.scratch.active_faults[id as usize];
        let of_agent = |c: &Component| MACHINE.has(c.kind) && !c.is_of_sign_in();
        let Some(path) = fault.component.filter(of_agent).and_then(Component::path) else {
            return;
        };
        if !self.is_place_up(self.path(path).site) || self.shared_down.intersects(NEEDS) {
            return;
        }
        let engine = self.engine;
        let mut tables = engine.strategy.protections.iter().zip(&engine.owners);
        let Some(hours) = tables.find_map(|(table, owner)| {
            table.new_place(&Draws::new(&self.streams, *owner, fault.event, 0))
        }) else {
            return;
        };
        let is_sooner = if fault.by_clock {
            let begun = fault.repair_start.is_some();
            let repaired = if begun { fault.repair_end } else { self.now + fault.repair };
            engine.world.staffed.work_end(self.now, hours) < repaired
        } else {
            hours < fault.repair
        };
        if !is_sooner {
            return;
        }
        self.note(Some(id), || TraceEvent::InstalledElsewhere { hours });
        self.scratch.queue.cancel(|event| event == Event::Repaired(id));
        let fault = &mut self.scratch.active_faults[id as usize];
        (fault.repair, fault.by_clock) = (hours, false);
        (fault.repair_start, fault.repair_end) = (None, f64::INFINITY);
    }

    /// After a long failure to which nobody came, the job goes on at its next attempt, or when
    /// somebody comes who was called. It has no part in writeback.
    pub(super) fn hold_in_quarantine(&mut self, service: Service) {
        let (Some(limit), Some(outage), Some(stoppage)) = (
            self.engine.strategy.layout.quarantine(),
            self.scratch.outages.last(),
            self.scratch.stoppages[service as usize].last_mut(),
        ) else {
            return;
        };
        let hours = stoppage.hours();
        if hours > limit && outage.arrival.is_none() && service != Service::Writeback {
            let attempt = stoppage.onset + next_attempt(hours);
            // Whoever has been called comes all the same, sees the job and restarts it.
            stoppage.ready = stoppage.ready.max(attempt.min(self.scratch.response.comes));
        }
    }

    /// An outage lasts until the job goes on.
    pub(super) fn tell_of_quarantine(&mut self) {
        let number = self.scratch.outages.len().saturating_sub(1);
        let stoppages = self.scratch.stoppages.iter().filter_map(|of| of.last());
        let ready = stoppages
            .filter(|stoppage| stoppage.outage as usize == number)
            .map(|stoppage| stoppage.ready)
            .fold(self.now, f64::max);
        if let Some(outage) = self.scratch.outages.last_mut()
            && ready > outage.ready
        {
            outage.ready = ready;
            self.note(None, || TraceEvent::Quarantined { until: ready });
        }
    }
}
