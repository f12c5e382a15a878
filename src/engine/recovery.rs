//! How an outage is answered: what acts by itself, people, attempts, and what success changes.

use super::event::{ActiveFaultId, Event};
use super::observe::{Alarm, Observer, TraceEvent};
use super::outage::RestoredBy;
use super::state::Action;
use super::trial::Trial;
use crate::strategy::{Attempt, Manual, SPARES, Situation};
use crate::world::kind::{Kind, Kinds};
use crate::world::streams::{Draws, EventKey, Purpose, name_key};

impl<'t, O: Observer> Trial<'t, O> {
    /// Starts the first protection that acts by itself on what has just gone down.
    pub(super) fn begin_automatic(&mut self, id: ActiveFaultId) {
        let active_fault = &self.scratch.active_faults[id as usize];
        let Some(component) = active_fault.component else {
            return;
        };
        let (event, path) = (active_fault.event, component.path());
        let engine = self.engine;
        let mut situation = self.situation(Kinds::NONE.with(component.kind));
        for (index, protection) in engine.strategy.protections.iter().enumerate() {
            situation.spares = self.spares(index, path);
            let draws = Draws::new(&self.streams, engine.owners[index], event, 0);
            if let Some(automatic) = protection.automatic(&situation, &draws) {
                self.note(Some(id), || TraceEvent::AutomaticBegan(protection.name()));
                let action = Action { protection: index, outcome: automatic.outcome };
                self.scratch.automatic.push((id, action));
                self.schedule(self.now + automatic.delay, Event::AutomaticEnds(id));
                return;
            }
        }
    }

    pub(super) fn automatic_ends(&mut self, id: ActiveFaultId) {
        let Some(at) = self.scratch.automatic.iter().position(|(of, _)| *of == id) else {
            return;
        };
        let (_, Action { protection: index, outcome }) = self.scratch.automatic.swap_remove(at);
        if self.scratch.active_faults[id as usize].replaced {
            return;
        }
        let name = self.engine.strategy.protections[index].name();
        match outcome {
            Err(why) => self.note(Some(id), || TraceEvent::Failed { protection: name, why }),
            Ok(effect) => {
                self.note(Some(id), || TraceEvent::Worked(name));
                let event = self.scratch.active_faults[id as usize].event;
                self.replace(id, index, &effect);
                self.update(RestoredBy::Protection(index as u8), None);
                self.find_split_brain(event);
                self.plan();
            }
        }
    }

    /// A fault has joined the outage: a person who is there acts on it at once.
    pub(super) fn respond_to(&mut self, id: ActiveFaultId) {
        if self.up || !self.scratch.response.arrived {
            return;
        }
        if self.hits_service(id) {
            self.take_up(id);
        }
        self.plan();
    }

    pub(super) fn alarm(&mut self, id: ActiveFaultId) {
        let active_fault = &self.scratch.active_faults[id as usize];
        let event = active_fault.event;
        let standby = active_fault.component.is_some_and(|c| !c.serves.intersects(self.active));
        let (known, by_person) = (active_fault.known, active_fault.by_person);
        if known || (self.scratch.response.arrived && self.hits_service(id)) {
            return;
        }
        self.scratch.active_faults[id as usize].known = true;
        let by = if standby { Alarm::StandbyCheck } else { Alarm::Monitoring };
        self.note(Some(id), || TraceEvent::Alarm(by));
        let at = self.call_out(event);
        if self.hits_service(id) {
            // Whoever is called comes, even if this fault is mended and the outage goes on.
            self.mark_alarm();
            self.schedule(at, Event::TeamArrival);
        }
        if by_person {
            self.schedule(at, Event::Arrival(id));
        }
    }

    pub(super) fn user_alarm(&mut self) {
        if self.scratch.response.arrived {
            return;
        }
        self.note(None, || TraceEvent::Alarm(Alarm::Users));
        self.mark_alarm();
        let at = self.call_out(self.outage_event());
        self.schedule(at, Event::TeamArrival);
    }

    fn mark_alarm(&mut self) {
        let now = self.now;
        if let Some(outage) = self.scratch.outages.last_mut() {
            outage.alarm.get_or_insert(now);
        }
    }

    /// When a person is at work who is called now.
    fn call_out(&self, event: EventKey) -> f64 {
        let delay =
            self.streams.hours(&self.engine.world.operations.call_out, Purpose::CallOut, event);
        self.engine.world.staffed.next_staffed(self.now) + delay
    }

    /// The first person of the response to the outage is at work: all repairs begin, and it is
    /// considered what to do.
    pub(super) fn team_arrives(&mut self) {
        if self.up || self.scratch.response.arrived {
            return;
        }
        self.scratch.response.arrived = true;
        self.note(None, || TraceEvent::Arrived);
        for id in 0..self.scratch.active_faults.len() as ActiveFaultId {
            if self.hits_service(id) {
                self.scratch.active_faults[id as usize].known = true;
                self.take_up(id);
            }
        }
        let now = self.now;
        let event = self.outage_event();
        if let Some(outage) = self.scratch.outages.last_mut() {
            outage.arrival = Some(now);
        }
        let distribution = &self.engine.world.operations.decision;
        let delay = self.streams.hours(distribution, Purpose::Decision, event);
        self.schedule(now + delay, Event::Decided);
    }

    pub(super) fn decided(&mut self) {
        self.scratch.response.decided = true;
        let now = self.now;
        if let Some(outage) = self.scratch.outages.last_mut() {
            outage.decided = Some(now);
        }
        self.note(None, || TraceEvent::Decided);
        self.plan();
        if self.scratch.response.attempt.is_none() {
            self.note(None, || TraceEvent::OutOfOptions);
        }
    }

    /// Tries the first protection, in order of preference, that can do something now. An attempt
    /// that so far only waits gives way to one that need not.
    pub(super) fn plan(&mut self) {
        let response = &self.scratch.response;
        let busy = response.attempt.is_some() && self.now >= response.waits_until;
        if self.up || !response.decided || busy {
            return;
        }
        let waiting = response.attempt.as_ref().map(|action| action.protection);
        let down = self.kinds_down();
        if down.is_empty() {
            return;
        }
        let event = self.outage_event();
        let engine = self.engine;
        let mut situation = self.situation(down);
        for (index, protection) in engine.strategy.protections.iter().enumerate() {
            let tries = self.scratch.response.tries[index];
            if tries.spent || tries.failed_at == Some(self.returns) {
                continue;
            }
            situation.spares = self.spares(index, self.active.first());
            let number = tries.count + 1;
            let draws = Draws::new(&self.streams, engine.owners[index], event, number);
            match protection.manual(&situation, &draws) {
                Manual::Useless => {}
                Manual::Blocked(why) => {
                    let protection = protection.name();
                    self.note(None, || TraceEvent::Blocked { protection, why });
                }
                Manual::Try(attempt) => {
                    if waiting == Some(index) && !attempt.steps.first().is_some_and(|s| s.hands_on)
                    {
                        return;
                    }
                    if waiting.is_some() {
                        self.abandon_attempt();
                        self.scratch.queue.cancel(|event| event == Event::AttemptEnds);
                    }
                    self.scratch.response.tries[index].count = number;
                    self.begin_attempt(index, attempt);
                    return;
                }
            }
        }
    }

    fn begin_attempt(&mut self, index: usize, attempt: Attempt) {
        let staffed = &self.engine.world.staffed;
        let mut at = self.now;
        self.scratch.response.work.clear();
        let wait = attempt.steps.first().filter(|step| !step.hands_on);
        self.scratch.response.waits_until = self.now + wait.map_or(0.0, |step| step.hours);
        for step in attempt.steps.iter() {
            let end =
                if step.hands_on { staffed.work_end(at, step.hours) } else { at + step.hours };
            if step.hands_on {
                self.scratch.response.work.push((at, end));
            }
            at = end;
        }
        let protection = self.engine.strategy.protections[index].name();
        let steps = &*attempt.steps;
        self.note(None, || TraceEvent::AttemptBegan { protection, steps, until: at });
        self.scratch.response.attempt =
            Some(Action { protection: index, outcome: attempt.outcome });
        self.schedule(at, Event::AttemptEnds);
    }

    pub(super) fn attempt_ends(&mut self) {
        let Some(Action { protection: index, outcome }) = self.scratch.response.attempt.take()
        else {
            return;
        };
        self.count_work();
        let name = self.engine.strategy.protections[index].name();
        let refusal = match outcome {
            Ok(effect) if effect.switch.is_some() => self.refusal_to_switch(),
            _ => None,
        };
        match (outcome, refusal) {
            (Ok(effect), None) => {
                self.note(None, || TraceEvent::Worked(name));
                self.apply(index, &effect);
            }
            (Ok(_), Some(why)) => {
                self.scratch.response.tries[index].failed_at = Some(self.returns);
                self.note(None, || TraceEvent::Failed { protection: name, why });
                self.find_standby_dead();
            }
            (Err(why), _) => {
                self.scratch.response.tries[index].spent = true;
                self.note(None, || TraceEvent::Failed { protection: name, why });
            }
        }
        self.plan();
        if !self.up && self.scratch.response.attempt.is_none() {
            self.note(None, || TraceEvent::OutOfOptions);
        }
    }

    /// The service came back otherwise, or the horizon is reached.
    pub(super) fn abandon_attempt(&mut self) {
        if let Some(action) = self.scratch.response.attempt.take() {
            let name = self.engine.strategy.protections[action.protection].name();
            self.note(None, || TraceEvent::Abandoned(name));
            self.count_work();
        }
    }

    fn count_work(&mut self) {
        for &(start, end) in &self.scratch.response.work {
            self.labour += self.engine.world.staffed.worked(start, end.min(self.now).max(start));
        }
        self.scratch.response.work.clear();
    }

    /// Why the standby cannot take the service now, if it cannot.
    fn refusal_to_switch(&self) -> Option<&'static str> {
        let Some(standby) = self.standby().filter(|path| self.path(*path).own_down == 0) else {
            return Some("the standby is dead");
        };
        let cloud = self.engine.topology.component(Kind::Cloud, standby);
        cloud
            .is_some_and(|cloud| self.scratch.down[cloud.index()] > 0)
            .then_some("nobody can sign in to the cloud to promote the standby")
    }

    /// The people who tried to use the standby repair what they found.
    fn find_standby_dead(&mut self) {
        let Some(standby) = self.standby().or_else(|| self.standbys().next()) else {
            return;
        };
        for id in 0..self.scratch.active_faults.len() as ActiveFaultId {
            let active_fault = &mut self.scratch.active_faults[id as usize];
            let on_standby = active_fault.component.is_some_and(|c| c.serves.has(standby));
            if active_fault.live && on_standby && !active_fault.replaced {
                active_fault.known = true;
                self.take_up(id);
            }
        }
    }

    /// Does the active fault take the service down (or help to)?
    pub(super) fn hits_service(&self, id: ActiveFaultId) -> bool {
        let active_fault = &self.scratch.active_faults[id as usize];
        // While enough active paths are up, a fault of another one stops nothing.
        !self.up
            && active_fault.live
            && !active_fault.replaced
            && active_fault.component.is_none_or(|c| c.serves.intersects(self.active))
    }

    fn kinds_down(&self) -> Kinds {
        let mut down = Kinds::NONE;
        for id in 0..self.scratch.active_faults.len() as ActiveFaultId {
            if self.hits_service(id)
                && let Some(component) = self.scratch.active_faults[id as usize].component
            {
                down = down.with(component.kind);
            }
        }
        down
    }

    /// What is down and what is there. The spares are those of each protection.
    fn situation(&self, down: Kinds) -> Situation<'t> {
        let engine = self.engine;
        Situation {
            down,
            standby_known_dead: self.standbys().next().is_some() && self.standby().is_none(),
            spares: [false; SPARES],
            database_apart: engine.strategy.database_apart,
            organisation: &engine.world.organisation,
            sync: &engine.world.sync,
        }
    }

    /// Which spares of a protection are there for `path`.
    fn spares(&self, index: usize, path: u8) -> [bool; SPARES] {
        self.scratch.spares_away[self.spare_row(index, path)].map(|away| away == 0)
    }

    fn standbys(&self) -> impl Iterator<Item = u8> {
        self.engine.topology.paths().filter(|path| !self.active.has(*path))
    }

    /// The standby to promote: the first that people do not know to be dead.
    pub(super) fn standby(&self) -> Option<u8> {
        self.standbys().find(|standby| !self.is_known_dead(*standby))
    }

    /// Do people know that this standby cannot serve now? What it shares with an active path tells
    /// nothing of it.
    fn is_known_dead(&self, standby: u8) -> bool {
        self.scratch.active_faults.iter().any(|active_fault| {
            let on_standby = active_fault
                .component
                .is_some_and(|c| c.serves.has(standby) && !c.serves.intersects(self.active));
            active_fault.live && active_fault.known && !active_fault.replaced && on_standby
        })
    }

    /// Where the spares of a protection for `path` are counted.
    pub(super) fn spare_row(&self, index: usize, path: u8) -> usize {
        let by_path = self.engine.strategy.protections[index].has_spares_by_path();
        let first = index * self.scratch.paths.len();
        if by_path { first + usize::from(path) } else { first }
    }

    /// The key of the event that began the outage in hand.
    fn outage_event(&self) -> EventKey {
        self.scratch.outages.last().map_or_else(EventKey::default, |outage| outage.event)
    }
}

/// The owner of the draws that `protection` makes for the strategy keyed `strategy`.
pub(super) fn owner_key(strategy: u64, protection: &str) -> u64 {
    strategy ^ name_key(protection).rotate_left(17)
}
