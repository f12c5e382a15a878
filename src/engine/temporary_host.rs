//! A path whose server runs on a temporary host: how it came there, and how it gets back to a server
//! of its own.
//!
//! While the temporary host serves, the service moves in a planned outage, once its own server is
//! repaired or another has been procured. Where the temporary host is lost first, whichever comes
//! first ends the outage: its repair, its own server, or a new machine. Those who mend the own server
//! then leave it in service; what stands ready already is moved to, and on a bare machine a server is
//! installed, which are attempts of the protection.

use super::effects::Replaced;
use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, TraceEvent};
use super::outage::{Cause, RestoredBy};
use super::state::{ActiveFault, OnTemporaryHost};
use super::topology::Component;
use super::trial::Trial;
use crate::strategy::{Effect, MACHINE, Own, SOFTWARE};
use crate::world::kind::{Kind, Kinds};
use crate::world::service::Services;
use crate::world::streams::EventKey;

/// Source of the events of planned moves.
const MOVE_BACK: u64 = 0x6d6f_7665_5f62_6163;

impl<O: Observer> Trial<'_, O> {
    /// Is it part of the machine that another has replaced on this path, and still being repaired?
    fn is_of_lost_machine(&self, fault: &ActiveFault, path: u8) -> bool {
        let of_machine = |c: Component| c.path() == Some(path) && MACHINE.has(c.kind);
        fault.live && fault.replaced && fault.component.is_some_and(of_machine)
    }

    /// Is the machine still being repaired that another has replaced on this path?
    fn is_machine_lost(&self, path: u8) -> bool {
        self.scratch.active_faults.iter().any(|fault| self.is_of_lost_machine(fault, path))
    }

    /// What a temporary host holds of the server: all that is lost with it.
    fn on_host(&self) -> Kinds {
        let all = MACHINE.union(SOFTWARE);
        if self.engine.strategy.database_apart { all } else { all.with(Kind::Database) }
    }

    /// Is anything broken of the temporary host on which this path runs?
    fn is_temporary_host_broken(&self, path: u8) -> bool {
        let on_host = self.on_host();
        let of_host = |c: Component| c.path() == Some(path) && on_host.has(c.kind);
        let mut faults = self.scratch.active_faults.iter();
        faults.any(|fault| fault.live && !fault.replaced && fault.component.is_some_and(of_host))
    }

    /// The path runs on another machine from now on. Where that is a temporary host, it moves on
    /// when its own server is repaired, or when another has been procured in its place.
    pub(super) fn take_machine(
        &mut self,
        index: usize,
        path: u8,
        effect: &Effect,
        replaced: Replaced,
    ) {
        self.leave_temporary_host(path);
        let Some(host) = effect.temporary_host else { return };
        let spare = self.slot(index, path, effect);
        if let Some(slot) = spare {
            *self.scratch.away(slot) += 1;
        }
        let is_elsewhere = effect.site.is_some();
        let (now, new_machine) = (self.now, self.new_machines);
        let state = &mut self.scratch.paths[usize::from(path)];
        state.temporary = Some(OnTemporaryHost {
            host,
            spare,
            moving: false,
            is_elsewhere,
            is_own_whole: !replaced.more_than_machine,
            own_unable_since: state.unable_since.unwrap_or(now),
            new_machine,
            own: None,
        });
        // Nobody repairs a server in a site that has been left for good.
        if replaced.never_repaired || is_elsewhere {
            self.schedule(self.now + host.procure, Event::Procured(path));
        }
    }

    /// The path no longer runs on a temporary host, if it did.
    pub(super) fn leave_temporary_host(&mut self, path: u8) {
        let Some(left) = self.scratch.paths[usize::from(path)].temporary.take() else { return };
        if let Some(slot) = left.spare {
            *self.scratch.away(slot) -= 1;
        }
        self.scratch.queue.cancel(
            |event| matches!(event, Event::MoveBack(of) | Event::Procured(of) if of == path),
        );
    }

    /// What was replaced on a path is repaired: where all of its own server is, the service can
    /// leave the temporary host on which it runs.
    pub(super) fn find_own_server(&mut self, component: Component) {
        let Some(path) = component.path() else { return };
        let Some(temporary) = self.path(path).temporary else { return };
        if temporary.moving || self.is_machine_lost(path) {
            return;
        }
        let is_broken = self.is_temporary_host_broken(path);
        if temporary.is_elsewhere {
            // A server in a site that was left is none for this one.
            self.plan_move(path, None);
        } else if is_broken && temporary.is_own_whole {
            self.serve_from_own(path, temporary);
        } else {
            let server = Own::Server(temporary.host.move_back);
            self.plan_move(path, Some(if is_broken { Own::Machine } else { server }));
        }
    }

    /// A machine has been procured for a path on a temporary host. While that serves, a server is set
    /// up on it beside.
    pub(super) fn procured(&mut self, path: u8) {
        let Some(temporary) = self.path(path).temporary.filter(|it| !it.moving) else { return };
        if self.is_temporary_host_broken(path) {
            self.plan_move(path, Some(Own::Machine));
            self.returns += 1;
            self.replan();
        } else {
            self.plan_move(path, Some(Own::Server(temporary.host.move_back)));
        }
    }

    /// A server of the path's own is there: the service moves at the next staffed hour, or when it
    /// is up again, or people use what there is to bring it up.
    fn plan_move(&mut self, path: u8, own: Option<Own>) {
        if let Some(temporary) = &mut self.scratch.paths[usize::from(path)].temporary {
            temporary.moving = true;
            temporary.own = own;
            self.resume_move(path);
        }
    }

    /// The temporary host is lost and the first server is mended: it serves again, and what broke of
    /// the temporary host is repaired behind it.
    fn serve_from_own(&mut self, path: u8, temporary: OnTemporaryHost) {
        let in_hand = self.scratch.response.attempt.as_ref();
        // A promotion goes on: it may be needed all the same.
        if in_hand.is_some_and(|attempt| attempt.path == path && attempt.site.is_some()) {
            self.abandon_attempt();
        }
        let (before, within_reach) = (self.up, self.is_within_reach(path));
        self.new_machines += 1;
        let replaces = self.on_host();
        let effect = Effect {
            replaces,
            ends_repair: replaces.minus(MACHINE),
            fenced: Some(temporary.host.fenced),
            ..Effect::default()
        };
        self.note(None, || TraceEvent::OwnServerServes);
        self.replace_all(temporary.spare, path, &effect);
        self.scratch.left_behind.retain(|left| left.new_machine != temporary.new_machine);
        if !within_reach {
            self.leave_server(path, temporary.host.fenced);
        }
        self.leave_temporary_host(path);
        let first_pass = self.first_pass(Some(temporary.own_unable_since));
        let state = &mut self.scratch.paths[usize::from(path)];
        state.unable_since = Some(temporary.own_unable_since);
        (state.full_import, state.full_sync, state.attached) = (false, false, false);
        (state.first_pass, state.database_age) = (first_pass, 0.0);
        self.settle(RestoredBy::Repair, self.outage_cause(), self.outage_event());
        self.hold_parts(before);
    }

    /// When the own server of a path that runs on a lost temporary host will serve again, as far as
    /// anybody can tell; infinite where it will not by itself.
    pub(super) fn own_server_back(&self, path: u8) -> f64 {
        let is_near = |it: &OnTemporaryHost| !it.is_elsewhere && it.is_own_whole && !it.moving;
        if !self.path(path).temporary.as_ref().is_some_and(is_near)
            || !self.is_temporary_host_broken(path)
        {
            return f64::INFINITY;
        }
        let faults = self.scratch.active_faults.iter();
        let lost = faults.filter(|fault| self.is_of_lost_machine(fault, path));
        lost.map(|fault| fault.repair_end).fold(self.now, f64::max)
    }

    /// Does the repair of this fault bring the service back, though something else stands in its
    /// place?
    pub(super) fn brings_own_server_back(&self, id: ActiveFaultId) -> bool {
        let fault = &self.scratch.active_faults[id as usize];
        let path = fault.component.and_then(Component::path);
        path.is_some_and(|path| {
            self.active.has(path)
                && self.is_of_lost_machine(fault, path)
                && self.path(path).temporary.is_some_and(|it| !it.is_elsewhere && it.is_own_whole)
                && self.is_temporary_host_broken(path)
        })
    }

    /// A move that is due begins where the work goes through without a break.
    pub(super) fn resume_move(&mut self, path: u8) {
        let temporary = self.scratch.paths[usize::from(path)].temporary;
        if let Some(OnTemporaryHost { host, moving: true, .. }) = temporary
            && self.all_up()
        {
            if let Some(Own::Machine) = temporary.and_then(|it| it.own)
                && let Some(on_host) = &mut self.scratch.paths[usize::from(path)].temporary
            {
                on_host.own = Some(Own::Server(host.move_back));
            }
            self.scratch.queue.cancel(|event| event == Event::MoveBack(path));
            let at = self.engine.world.staffed.next_stretch(self.now, host.move_back);
            self.schedule(at, Event::MoveBack(path));
        }
    }

    pub(super) fn move_back(&mut self, path: u8) {
        // While the service is down the move waits for its return.
        let temporary = self.scratch.paths[usize::from(path)].temporary;
        let Some(temporary) = temporary.filter(|_| self.all_up() && self.active.has(path)) else {
            return;
        };
        let event = EventKey { source: MOVE_BACK, instance: path, number: self.returns };
        let hours = temporary.host.move_back;
        self.stop_service(ActiveFault::stop(Cause::MoveBack, event, hours, Services::ALL));
    }
}
