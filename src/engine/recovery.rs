//! How an outage is answered: what acts by itself, who notices, who comes, and what they decide.

use super::event::{ActiveFaultId, Event};
use super::observe::{Alarm, Observer, TraceEvent};
use super::outage::{Cause, RestoredBy};
use super::state::Automatism;
use super::topology::Component;
use super::trial::Trial;
use crate::strategy::{SPARES, Situation};
use crate::world::kind::{Kind, Kinds};
use crate::world::streams::{Draws, EventKey, Purpose};
use crate::world::watch::Watch;

impl<'t, O: Observer> Trial<'t, O> {
    /// Starts the first protection that acts by itself on what has just gone down.
    pub(super) fn begin_automatic(&mut self, id: ActiveFaultId) {
        let active_fault = &self.scratch.active_faults[id as usize];
        let Some(component) = active_fault.component else { return };
        let event = active_fault.event;
        let engine = self.engine;
        if engine.strategy.layout.spares_paths() {
            self.schedule_alarm(id);
            return;
        }
        let Some(path) = component.path().filter(|_| !component.is_of_sign_in()) else { return };
        // A dark site starts nothing.
        if !self.is_site_up(self.path(path).site) {
            return;
        }
        let down = Kinds::NONE.with(component.kind);
        let mut situation = self.situation(path, down, down);
        for (index, protection) in engine.strategy.protections.iter().enumerate() {
            situation.spares = self.spares(index, path);
            let draws = Draws::new(&self.streams, engine.owners[index], event, 0);
            if let Some(automatic) = protection.automatic(&situation, &draws) {
                self.note(Some(id), || TraceEvent::AutomaticBegan(protection.name()));
                let outcome = automatic.outcome;
                self.scratch.automatic.push(Automatism { on: id, protection: index, outcome });
                self.schedule(self.now + automatic.delay, Event::AutomaticEnds(id));
                return;
            }
        }
    }

    pub(super) fn automatic_ends(&mut self, id: ActiveFaultId) {
        let Some(at) = self.scratch.automatic.iter().position(|automatism| automatism.on == id)
        else {
            return;
        };
        let Automatism { protection: index, outcome, .. } = self.scratch.automatic.swap_remove(at);
        let active_fault = &self.scratch.active_faults[id as usize];
        let (event, cause, component) =
            (active_fault.event, active_fault.cause, active_fault.component);
        if active_fault.replaced {
            return;
        }
        let name = self.engine.strategy.protections[index].name();
        let Some(path) = component.and_then(|component| component.path()) else { return };
        let dark = !self.is_site_up(self.path(path).site);
        match if dark { Err("its site is down") } else { outcome } {
            Err(why) => self.note(Some(id), || TraceEvent::Failed { protection: name, why }),
            Ok(effect) => {
                self.note(Some(id), || TraceEvent::Worked(name));
                self.replace_all(self.slot(index, path, &effect), path, &effect);
                self.settle(RestoredBy::Protection(index as u8), cause, event);
            }
        }
        self.replan();
    }

    /// A fault has joined the outage: a person who is there acts on it at once.
    pub(super) fn respond_to(&mut self, id: ActiveFaultId) {
        if self.all_up() || !self.scratch.response.arrived {
            return;
        }
        // What to do with an agent depends on all that strikes at this moment: people look afterwards.
        if self.hits_service(id) && !self.engine.strategy.layout.spares_paths() {
            self.scratch.active_faults[id as usize].known = true;
            self.take_up(id);
        }
        self.replan();
    }

    /// Which channel notices first what happens to a server in service, or to a standby, and after
    /// how long.
    fn channel(
        &self,
        cause: Cause,
        event: EventKey,
        kind: Option<Kind>,
        serves: bool,
    ) -> Option<(f64, Option<&'t Watch>)> {
        let engine = self.engine;
        let fault = match cause {
            Cause::Fault(fault) => Some(&engine.world.faults[usize::from(fault)]),
            _ => None,
        };
        let mut first: Option<(f64, Option<&Watch>)> = None;
        let mut hear = |after: f64, watch| {
            if first.is_none_or(|(earliest, _)| after < earliest) {
                first = Some((after, watch));
            }
        };
        let own = fault.and_then(|fault| fault.detection.as_ref());
        if let Some(detection) = own.filter(|_| serves) {
            hear(self.streams.hours(detection, Purpose::Detection, event), None);
        }
        let of_world = if own.is_some() { &[] } else { &engine.world.watch[..] };
        for watch in of_world.iter().chain(&engine.strategy.watch) {
            let of_trial = EventKey { source: watch.key, ..EventKey::default() };
            if (serves || watch.standby)
                && watch.looks_at(engine.strategy.carrier())
                && watch.sees(fault.map(|fault| fault.key), kind)
                && self.streams.chance(watch.works, Purpose::WatchWorks, of_trial)
            {
                let event = EventKey { source: event.source ^ watch.key, ..event };
                hear(self.streams.hours(&watch.after, Purpose::Detection, event), Some(watch));
            }
        }
        first
    }

    /// When somebody notices what happens now to a server in service; never where nobody does.
    pub(super) fn noticed_at(&self, cause: Cause, event: EventKey, kind: Option<Kind>) -> f64 {
        let seen = self.channel(cause, event, kind, true);
        seen.map_or(f64::INFINITY, |(after, _)| self.now + after)
    }

    /// When somebody notices what happens now to a standby: at its next check at the latest.
    pub(super) fn standby_noticed_at(
        &self,
        cause: Cause,
        event: EventKey,
        component: Component,
    ) -> f64 {
        let standby_check = self.engine.strategy.layout.standby_check;
        // Nobody looks at agents of sign-in, but for the channels that do.
        let is_own = self.engine.topology.paths().any(|path| self.takes_down(component, path));
        let step = if is_own { standby_check } else { f64::INFINITY };
        let check = next_multiple(self.now, step);
        let seen = self.channel(cause, event, Some(component.kind), false);
        seen.map_or(check, |(after, _)| check.min(self.now + after))
    }

    pub(super) fn alarm(&mut self, id: ActiveFaultId) {
        self.raise_alarm(id, None);
    }

    /// Somebody hears of an active fault: from channels and checks, or from whoever it is.
    pub(super) fn raise_alarm(&mut self, id: ActiveFaultId, by_others: Option<Alarm>) {
        let active_fault = &self.scratch.active_faults[id as usize];
        let (cause, event, component) =
            (active_fault.cause, active_fault.event, active_fault.component);
        let serves = component.is_none_or(|component| self.is_active(component))
            && (self.active.is_single() || !self.all_up());
        let (known, by_person) = (active_fault.known, active_fault.by_person);
        let (onset, is_begun) = (active_fault.onset, active_fault.repair_start.is_some());
        if known || (self.scratch.response.arrived && self.hits_service(id)) {
            return;
        }
        self.scratch.active_faults[id as usize].known = true;
        if O::WATCHES {
            let kind = component.map(|component| component.kind);
            let seen_by = self.channel(cause, event, kind, serves);
            // A standby may have been checked before any channel told.
            let seen_by = seen_by.filter(|(after, _)| serves || onset + after <= self.now);
            let seen =
                if serves || seen_by.is_some() { Alarm::Monitoring } else { Alarm::StandbyCheck };
            let channel = seen_by.and_then(|(_, watch)| watch).map(|watch| watch.name.as_str());
            let (by, channel) = by_others.map_or((seen, channel), |by| (by, None));
            self.note(Some(id), || TraceEvent::Alarm { by, channel });
        }
        let at = self.call_out(event);
        if self.hits_service(id) {
            // Whoever is called comes, even if this fault is mended and the outage goes on.
            self.mark_alarm();
            self.call_team(at);
        }
        // Others who repair it may have to be told.
        if by_person || !is_begun {
            self.schedule(at, Event::Arrival(id));
        }
    }

    pub(super) fn user_alarm(&mut self) {
        if self.scratch.response.arrived {
            return;
        }
        self.note(None, || TraceEvent::Alarm { by: Alarm::Users, channel: None });
        self.mark_alarm();
        let at = self.call_out(self.outage_event());
        self.call_team(at);
    }

    /// A person has been called to the outage, and comes then.
    fn call_team(&mut self, at: f64) {
        let response = &mut self.scratch.response;
        response.comes = response.comes.min(at);
        self.schedule(at, Event::TeamArrival);
    }

    pub(super) fn mark_alarm(&mut self) {
        let now = self.now;
        if let Some(outage) = self.scratch.outages.last_mut() {
            outage.alarm.get_or_insert(now);
        }
    }

    /// When a person is at work who is called now.
    pub(super) fn call_out(&self, event: EventKey) -> f64 {
        let delay =
            self.streams.hours(&self.engine.world.operations.call_out, Purpose::CallOut, event);
        self.engine.world.staffed.next_staffed(self.now) + delay
    }

    /// A person has come for this fault.
    pub(super) fn arrive_for(&mut self, id: ActiveFaultId) {
        self.take_up(id);
        self.assign();
    }

    /// The first person of the response to the outage is at work: all repairs begin as far as
    /// there are people, and it is considered what to do.
    pub(super) fn team_arrives(&mut self) {
        if self.all_up() || self.scratch.response.arrived {
            return;
        }
        self.scratch.response.arrived = true;
        self.note(None, || TraceEvent::Arrived);
        self.take_up_all();
        self.assign();
        let now = self.now;
        let event = self.outage_event();
        if let Some(outage) = self.scratch.outages.last_mut() {
            outage.arrival = Some(now);
            outage.alarm.get_or_insert(now);
        }
        let distribution = &self.engine.world.operations.decision;
        let delay = self.streams.hours(distribution, Purpose::Decision, event);
        self.schedule(now + delay, Event::Decided);
    }

    /// People know all that takes the service down, and want to repair it.
    fn take_up_all(&mut self) {
        // Others are told first: how long they take decides what people begin themselves.
        for by_person in [false, true] {
            for id in 0..self.scratch.active_faults.len() as ActiveFaultId {
                let fault = &self.scratch.active_faults[id as usize];
                if fault.by_person == by_person && self.hits_service(id) {
                    self.scratch.active_faults[id as usize].known = true;
                    self.take_up(id);
                }
            }
        }
    }

    pub(super) fn decided(&mut self) {
        self.scratch.response.decided = true;
        let now = self.now;
        if let Some(outage) = self.scratch.outages.last_mut() {
            outage.decided = Some(now);
        }
        self.note(None, || TraceEvent::Decided);
        self.plan();
        self.assign();
    }

    /// All that happens at this moment has happened: people act on it.
    pub(super) fn look_again(&mut self) {
        self.plan_pending = false;
        if self.scratch.response.arrived && !self.all_up() {
            self.take_up_all();
        }
        self.plan();
        self.assign();
    }

    /// Does the active fault take the service down (or help to)?
    pub(super) fn hits_service(&self, id: ActiveFaultId) -> bool {
        let active_fault = &self.scratch.active_faults[id as usize];
        // While enough active paths are up, a fault of another one stops nothing.
        !self.all_up()
            && active_fault.live
            && !active_fault.replaced
            && active_fault.component.is_none_or(|component| self.is_active(component))
    }

    /// The active path that people look at: the first that does not carry all parts.
    pub(super) fn path_in_trouble(&self) -> u8 {
        let mut active = self.engine.topology.paths().filter(|path| self.active.has(*path));
        let is_whole = |path: &u8| self.is_up(*path) && self.path(*path).parts_down.is_empty();
        active.find(|path| !is_whole(path)).unwrap_or(self.active.first())
    }

    /// The kinds that are down of what a path needs.
    pub(super) fn kinds_down(&self, path: u8) -> Kinds {
        let mut down = Kinds::NONE;
        for active_fault in &self.scratch.active_faults {
            if active_fault.live
                && !active_fault.replaced
                && let Some(component) = active_fault.component
                && self.takes_down(component, path)
            {
                down = down.with(component.kind);
            }
        }
        down
    }

    /// Those of the kinds that are down as a whole.
    pub(super) fn kinds_out(&self, path: u8, down: Kinds) -> Kinds {
        let site = self.path(path).site;
        let is_out = |kind: &Kind| down.has(*kind) && self.is_down(*kind, path, site);
        Kind::ALL.into_iter().filter(is_out).fold(Kinds::NONE, Kinds::with)
    }

    /// What is down and what is there. The spares are those of each protection.
    pub(super) fn situation(&self, path: u8, down: Kinds, out: Kinds) -> Situation<'t> {
        let engine = self.engine;
        Situation {
            down,
            out,
            site: self.path(path).site,
            sites_up: self.sites_up(),
            standby: self.standby().map(|standby| self.path(standby).site),
            spares: [false; SPARES],
            database_apart: engine.strategy.database_apart,
            own: self.path(path).own,
            organisation: &engine.world.organisation,
            sync: &engine.world.sync,
        }
    }

    /// Which spares of a protection are there for `path`.
    pub(super) fn spares(&self, index: usize, path: u8) -> [bool; SPARES] {
        self.scratch.spares_away[self.spare_row(index, path)].map(|away| away == 0)
    }

    pub(super) fn standbys(&self) -> impl Iterator<Item = u8> {
        self.engine.topology.paths().filter(|path| !self.active.has(*path))
    }

    /// The standby to promote: the first that people do not know to be dead.
    pub(super) fn standby(&self) -> Option<u8> {
        self.standbys().find(|standby| !self.is_known_dead(*standby))
    }

    /// Do people know that this standby cannot serve now? What it shares with an active path tells
    /// nothing of it.
    fn is_known_dead(&self, standby: u8) -> bool {
        self.path(standby).in_work
            || self.scratch.active_faults.iter().any(|active_fault| {
                active_fault.live
                    && active_fault.known
                    && !active_fault.replaced
                    && active_fault.component.is_some_and(|component| {
                        self.takes_down(component, standby) && !self.is_active(component)
                    })
            })
    }

    /// Where the spares of a protection for `path` are counted.
    pub(super) fn spare_row(&self, index: usize, path: u8) -> usize {
        let by_path = self.engine.strategy.protections[index].has_spares_by_path();
        let first = index * self.scratch.paths.len();
        if by_path { first + usize::from(path) } else { first }
    }

    /// The key of the event that began the outage in hand.
    pub(super) fn outage_event(&self) -> EventKey {
        self.scratch.outages.last().map_or_else(EventKey::default, |outage| outage.event)
    }

    /// What began the outage in hand.
    pub(super) fn outage_cause(&self) -> Cause {
        self.scratch.outages.last().map_or(Cause::SplitBrain, |outage| outage.cause)
    }
}

/// The first multiple of `step` after `time`; `time` itself where there are no steps.
fn next_multiple(time: f64, step: f64) -> f64 {
    if step <= 0.0 { time } else { ((time / step).floor() + 1.0) * step }
}
