//! A path that runs on another machine than at first: how it gets back to a server of its own.
//!
//! From a temporary host the service moves in a planned outage, once its own server is repaired or
//! another has been procured; a new machine it keeps. Where the machine is lost on which it runs,
//! whichever comes first ends the outage: its repair, the server before, or a new machine. Those who
//! mend the server before then leave it in service; what stands ready already is moved to, and on a
//! bare machine a server is installed, which are attempts of the protection.

use super::effects::Replaced;
use super::event::{ActiveFaultId, Event};
use super::observe::{Observer, TraceEvent};
use super::outage::{Cause, RestoredBy};
use super::state::{ActiveFault, LeftServer, OnTemporaryHost};
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

    /// What a machine holds of the server: all that is lost with it.
    fn on_machine(&self) -> Kinds {
        let all = MACHINE.union(SOFTWARE);
        if self.engine.strategy.database_apart { all } else { all.with(Kind::Database) }
    }

    /// Is anything broken of the machine on which this path runs?
    fn is_machine_broken(&self, path: u8) -> bool {
        let on_machine = self.on_machine();
        let of_it = |c: Component| c.path() == Some(path) && on_machine.has(c.kind);
        let mut faults = self.scratch.active_faults.iter();
        faults.any(|fault| fault.live && !fault.replaced && fault.component.is_some_and(of_it))
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
        let before = self.path(path).left;
        self.leave_machine(path);
        let spare = self.slot(index, path, effect);
        let (now, new_machine) = (self.now, self.new_machines);
        let state = &mut self.scratch.paths[usize::from(path)];
        if effect.leaves_server && replaced.machine {
            let unable_since = state.unable_since.unwrap_or(now);
            state.left = Some(LeftServer {
                is_whole: !replaced.more_than_machine && before.is_none_or(|it| it.is_whole),
                unable_since: before.map_or(unable_since, |it| it.unable_since),
                new_machine,
                fenced: effect.fenced.unwrap_or(1.0),
            });
        }
        let Some(host) = effect.temporary_host else { return };
        state.temporary = Some(OnTemporaryHost { host, spare, moving: false });
        if let Some(slot) = spare {
            *self.scratch.away(slot) += 1;
        }
        // Nobody repairs a server in a site that has been left for good.
        if replaced.never_repaired || effect.site.is_some() {
            self.schedule(self.now + host.procure, Event::Procured(path));
        }
    }

    /// The path no longer runs on a temporary host, if it did, nor waits for the server before.
    pub(super) fn leave_machine(&mut self, path: u8) {
        let state = &mut self.scratch.paths[usize::from(path)];
        (state.left, state.own) = (None, None);
        let Some(left) = state.temporary.take() else { return };
        if let Some(slot) = left.spare {
            *self.scratch.away(slot) -= 1;
        }
        self.scratch.queue.cancel(
            |event| matches!(event, Event::MoveBack(of) | Event::Procured(of) if of == path),
        );
    }

    /// What was replaced on a path is repaired: where all of the server before is, it serves again
    /// if the machine is lost that stands in its place, and otherwise stands ready.
    pub(super) fn find_own_server(&mut self, component: Component) {
        let Some(path) = component.path() else { return };
        if self.is_machine_lost(path) || self.path(path).own.is_some() {
            return;
        }
        let Some(left) = self.path(path).left else {
            // A server in a site that was left is none for this one.
            return self.plan_move(path);
        };
        let is_broken = self.is_machine_broken(path);
        if is_broken && left.is_whole && !self.is_moving(path) {
            self.serve_from_own(path, left);
        } else {
            self.stand_ready(path, is_broken);
        }
    }

    fn is_moving(&self, path: u8) -> bool {
        self.path(path).temporary.is_some_and(|temporary| temporary.moving)
    }

    /// A machine has been procured for a path on a temporary host. While that serves, a server is set
    /// up on it beside.
    pub(super) fn procured(&mut self, path: u8) {
        if self.path(path).temporary.is_none() || self.is_moving(path) {
            return;
        }
        let is_broken = self.is_machine_broken(path);
        self.stand_ready(path, is_broken);
        if is_broken {
            self.returns += 1;
            self.replan();
        }
    }

    /// A machine of the path's own stands ready: while a temporary host serves, a server is set up on
    /// it beside; otherwise it is a machine.
    fn stand_ready(&mut self, path: u8, is_broken: bool) {
        let state = &mut self.scratch.paths[usize::from(path)];
        state.own = Some(match state.temporary {
            Some(temporary) if !is_broken => Own::Server(temporary.host.move_back),
            _ => Own::Machine,
        });
        self.plan_move(path);
    }

    /// A server of the path's own is there: the service moves at the next staffed hour, or when it
    /// is up again, or people use what there is to bring it up.
    fn plan_move(&mut self, path: u8) {
        if let Some(temporary) = &mut self.scratch.paths[usize::from(path)].temporary
            && !temporary.moving
        {
            temporary.moving = true;
            self.resume_move(path);
        }
    }

    /// The machine is lost that stands in the place of the first server, and that one is mended: it
    /// serves again, and what broke of the other is repaired behind it.
    fn serve_from_own(&mut self, path: u8, left: LeftServer) {
        let in_hand = self.scratch.response.attempt.as_ref();
        // A promotion goes on: it may be needed all the same.
        if in_hand.is_some_and(|attempt| attempt.path == path && attempt.site.is_some()) {
            self.abandon_attempt();
        }
        let (before, within_reach) = (self.up, self.is_within_reach(path));
        let unable_since = self.path(path).unable_since.unwrap_or(self.now);
        self.new_machines += 1;
        let replaces = self.on_machine();
        let effect = Effect {
            replaces,
            ends_repair: replaces.minus(MACHINE),
            fenced: Some(left.fenced),
            ..Effect::default()
        };
        self.note(None, || TraceEvent::OwnServerServes);
        let temporary = self.path(path).temporary;
        let replaced = self.replace_all(temporary.and_then(|it| it.spare), path, &effect);
        self.scratch.left_behind.retain(|server| server.new_machine != left.new_machine);
        if !within_reach {
            self.leave_server(path, left.fenced);
        }
        self.leave_machine(path);
        let first_pass = self.first_pass(Some(left.unable_since));
        let new_machine = self.new_machines;
        let state = &mut self.scratch.paths[usize::from(path)];
        if temporary.is_none() && replaced.machine {
            // The two have changed places.
            let is_whole = !replaced.more_than_machine;
            state.left = Some(LeftServer { is_whole, unable_since, new_machine, ..left });
        }
        state.unable_since = Some(left.unable_since);
        (state.full_import, state.full_sync, state.attached) = (false, false, false);
        (state.first_pass, state.database_age) = (first_pass, 0.0);
        self.settle(RestoredBy::Repair, self.outage_cause(), self.outage_event());
        self.hold_parts(before);
    }

    /// Would the server before serve at once, were it mended now?
    fn waits_for_own(&self, path: u8) -> bool {
        let state = self.path(path);
        state.own.is_none()
            && state.left.is_some_and(|left| left.is_whole)
            && !self.is_moving(path)
            && self.is_machine_broken(path)
    }

    /// When the server before will serve again, as far as anybody can tell; infinite where it will
    /// not by itself.
    pub(super) fn own_server_back(&self, path: u8) -> f64 {
        if !self.waits_for_own(path) {
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
                && self.waits_for_own(path)
        })
    }

    /// A move that is due begins where the work goes through without a break.
    pub(super) fn resume_move(&mut self, path: u8) {
        let temporary = self.scratch.paths[usize::from(path)].temporary;
        if let Some(OnTemporaryHost { host, moving: true, .. }) = temporary
            && self.all_up()
        {
            if let Some(own) = &mut self.scratch.paths[usize::from(path)].own {
                *own = Own::Server(host.move_back);
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
