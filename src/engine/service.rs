//! Components up and down, and with them the service: when an outage begins and ends.

use super::clock::Strikes;
use super::event::Event;
use super::observe::{Observer, TraceEvent};
use super::outage::{Cause, Outage, Reports, RestoredBy};
use super::state::{PathState, Return, Scratch};
use super::topology::Component;
use super::trial::Trial;
use crate::distribution::draws::unit_exponential;
use crate::world::streams::{EventKey, Purpose};
use crate::world::sync::Sync;

impl<O: Observer> Trial<'_, O> {
    pub(super) fn take_down(&mut self, component: Component) {
        let down = &mut self.scratch.down[component.index()];
        *down += 1;
        // Down already: clocks stand still and paths have counted it.
        if *down > 1 {
            return;
        }
        self.count_on_paths(component, 1);
        let clocks = &self.engine.clocks_of[component.index()];
        for &index in clocks {
            let clock = &self.engine.clocks[usize::from(index)];
            clock.pause(&mut self.scratch.clock_states[usize::from(index)], self.now);
        }
        if !clocks.is_empty() {
            self.scratch
                .queue
                .cancel(|event| matches!(event, Event::Strike(index) if clocks.contains(&index)));
        }
    }

    /// One active fault less takes the component down.
    pub(super) fn bring_up(&mut self, component: Component) {
        let index = component.index();
        self.scratch.down[index] -= 1;
        if self.scratch.down[index] > 0 {
            return;
        }
        self.count_on_paths(component, -1);
        for &index in &self.engine.clocks_of[index] {
            let clock = &self.engine.clocks[usize::from(index)];
            let Scratch { clock_states, given, .. } = &mut *self.scratch;
            let strikes = Strikes { streams: &self.streams, given: given.strikes() };
            let state = &mut clock_states[usize::from(index)];
            clock.resume(state, strikes, self.now);
            let next = state.next;
            self.schedule(next, Event::Strike(index));
        }
    }

    /// A component has gone down (1) or come up (-1): each path that it serves counts it.
    fn count_on_paths(&mut self, component: Component, change: i32) {
        for (number, path) in (0..).zip(&mut self.scratch.paths) {
            if component.serves.has(number) {
                let down = if component.kind.is_common() {
                    &mut path.common_down
                } else {
                    &mut path.own_down
                };
                *down = down.wrapping_add_signed(change);
            }
        }
    }

    pub(super) fn path(&self, path: u8) -> &PathState {
        &self.scratch.paths[usize::from(path)]
    }

    /// The paths that carry the service, and are up.
    fn active_and_up(&self) -> impl Iterator<Item = u8> {
        let paths = (0..).zip(&self.scratch.paths);
        paths.filter(|(number, path)| self.active.has(*number) && path.is_up()).map(|(n, _)| n)
    }

    /// The rule of the service: enough active paths are up, and nothing stops it as a whole.
    fn service_is_up(&self, active_and_up: usize) -> bool {
        self.stops == 0 && active_and_up >= self.engine.topology.needed
    }

    /// The path with which enough are done with their imports and full syncs.
    fn last_needed(&self) -> &PathState {
        // By far the most strategies have one, and every outage ends here.
        if self.active.is_single() {
            return self.path(self.active.first());
        }
        let is_before = |a: u8, b: u8| {
            let by_time = self.path(a).ready_at.total_cmp(&self.path(b).ready_at);
            by_time.then(a.cmp(&b)).is_lt()
        };
        let rank = |path: u8| self.active_and_up().filter(|other| is_before(*other, path)).count();
        let needed = self.engine.topology.needed;
        let last = self.active_and_up().find(|path| rank(*path) + 1 == needed);
        self.path(last.unwrap_or(self.active.first()))
    }

    /// Compares the service with what it was, and begins or ends the outage.
    pub(super) fn update(&mut self, by: RestoredBy, trigger: Option<(Cause, EventKey)>) {
        let mut active_and_up = 0;
        for path in self.engine.topology.paths() {
            let is_up = self.update_path(path);
            active_and_up += usize::from(is_up && self.active.has(path));
        }
        let up = self.service_is_up(active_and_up);
        if up != self.up {
            self.up = up;
            if up {
                self.end_outage(by);
            } else if let Some((cause, event)) = trigger {
                self.begin_outage(cause, event);
            }
        }
    }

    /// A path that cannot run delta cycles falls behind; the length decides what it needs at its
    /// return. Is it up?
    fn update_path(&mut self, path: u8) -> bool {
        let now = self.now;
        let world = self.engine.world;
        let state = &mut self.scratch.paths[usize::from(path)];
        let is_up = state.is_up();
        match (is_up, state.unable_since) {
            (false, None) => {
                // A return that lasted no time was none.
                state.unable_since = match state.resumed {
                    Some(last) if last.at == now => Some(last.unable_since),
                    _ => Some(now),
                };
                // What was in hand is begun again at the return; what was done is done.
                if now >= state.ready_at {
                    state.full_import = false;
                    state.full_sync = false;
                }
            }
            (true, Some(since)) => {
                let age = now - since + state.database_age;
                state.unable_since = None;
                state.resumed = Some(Return { at: now, unable_since: since });
                state.database_age = 0.0;
                state.full_sync |= age > Sync::FULL_SYNC_AFTER && !state.attached;
                state.attached = false;
                state.full_import |= age > Sync::FULL_IMPORT_AFTER;
                state.full_sync |= age > Sync::FULL_IMPORT_AFTER;
                let objects = world.organisation.objects;
                let import = if state.full_import { world.sync.import_hours(objects) } else { 0.0 };
                let sync = if state.full_sync { world.sync.sync_hours(objects) } else { 0.0 };
                state.ready_at = now + import + sync;
            }
            _ => {}
        }
        is_up
    }

    fn begin_outage(&mut self, cause: Cause, event: EventKey) {
        // Touching outages are one.
        if let Some(last) = self.scratch.outages.last_mut()
            && last.end == self.now
        {
            self.scratch.response.begin_again();
            last.end = f64::INFINITY;
            last.ready = f64::INFINITY;
            last.full_cycle = false;
            last.restored_by = RestoredBy::Nothing;
            return;
        }
        self.scratch.response.reset(self.engine.strategy.protections.len());
        self.scratch.outages.push(Outage::begin(self.now, cause, event));
        self.note(None, || TraceEvent::Down);
        self.draw_reports(cause, event);
    }

    /// Draws requests until the n-th refused one, or until monitoring is sure to have noticed.
    fn draw_reports(&mut self, cause: Cause, event: EventKey) {
        let wanted = self.engine.world.operations.user_reports;
        let rates = &self.engine.world.workload.writeback.rates;
        if wanted == 0 || cause == Cause::MoveBack || rates.is_zero() {
            return;
        }
        let monitored = self.monitored_at(cause, event).min(self.engine.world.horizon);
        let mut rng = self.streams.world(Purpose::Reports, event);
        let first = self.scratch.reports.len();
        let mut at = self.now;
        let mut until = monitored;
        for number in 1..=wanted {
            at = rates.invert(at, unit_exponential(&mut rng));
            if at >= monitored {
                break;
            }
            self.scratch.reports.push(at);
            if number == wanted {
                until = at;
                self.schedule(at, Event::UserAlarm);
            }
        }
        let end = self.scratch.reports.len();
        if let Some(outage) = self.scratch.outages.last_mut() {
            outage.reports = Reports { first, end, until };
        }
    }

    /// When the first channel notices what happens now.
    pub(super) fn monitored_at(&self, cause: Cause, event: EventKey) -> f64 {
        let world = self.engine.world;
        let fault = match cause {
            Cause::Fault(fault) => world.faults.get(usize::from(fault)),
            _ => None,
        };
        if let Some(own) = fault.and_then(|fault| fault.detection.as_ref()) {
            return self.now + self.streams.hours(own, Purpose::Detection, event);
        }
        let (key, kind) = (fault.map(|fault| fault.key), fault.map(|fault| fault.strikes));
        let seen = world.watch.iter().filter(|watch| watch.sees(key, kind));
        let hours = seen.map(|watch| {
            let event = EventKey { source: event.source ^ watch.key, ..event };
            self.streams.hours(&watch.after, Purpose::Detection, event)
        });
        self.now + hours.fold(f64::INFINITY, f64::min)
    }

    fn end_outage(&mut self, by: RestoredBy) {
        self.abandon_attempt();
        self.scratch.queue.cancel(Event::is_of_response);
        let PathState { ready_at, full_import: import, full_sync: sync, .. } = *self.last_needed();
        let (now, ready) = (self.now, ready_at.max(self.now));
        if let Some(outage) = self.scratch.outages.last_mut() {
            outage.end = now;
            outage.restored_by = by;
            outage.ready = ready;
            outage.full_cycle = ready > now;
        }
        self.note(None, || TraceEvent::Up(by));
        if ready > now {
            self.note(None, || TraceEvent::FullCycle { import, sync, until: ready });
        }
        while let Some(planned) = self.scratch.moves_due.pop() {
            self.plan_move_back(planned);
        }
    }
}
