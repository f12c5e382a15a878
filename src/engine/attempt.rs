//! Attempts: the protection that people try, how it ends, and why it fails.
//!
//! What an attempt cures is decided at its end, by what is broken then. It breaks off when what it
//! stands on is lost, and it counts as a failure of its own only where everything that it needed
//! was there.

use super::crew::Work;
use super::event::{ActiveFaultId, Event};
use super::last_resort::LAST_RESORT_NAME;
use super::observe::{Observer, TraceEvent};
use super::outage::RestoredBy;
use super::state::{Action, Diagnosis, Phase};
use super::topology::Component;
use super::trial::Trial;
use crate::strategy::{Attempt, Manual, Situation, Step};
use crate::world::kind::Kind;
use crate::world::streams::{Draws, Purpose};

/// Tells the draw of a diagnosis apart from those of the protection that failed.
const DIAGNOSE: u64 = 1 << 20;

impl<O: Observer> Trial<'_, O> {
    /// Tries the first protection, in order of preference, that can do something now. An attempt
    /// that so far only waits gives way to one that need not.
    pub(super) fn plan(&mut self) {
        let response = &self.scratch.response;
        let busy = response.diagnosis.is_some()
            || response.attempt.as_ref().is_some_and(|attempt| attempt.phase != Phase::Waiting);
        if self.all_up() || !response.decided || busy {
            return;
        }
        let nothing_to_try = self.engine.strategy.protections.is_empty()
            && self.engine.world.operations.last_resort.is_none();
        if nothing_to_try {
            self.find_no_options();
            return;
        }
        let path = self.path_in_trouble();
        let down = self.kinds_down(path);
        if down.is_empty() {
            return;
        }
        let waiting = response.attempt.as_ref().map(|action| action.protection);
        if waiting.is_none() && self.keeps_to_repair() {
            return;
        }
        let situation = self.situation(path, down, self.kinds_out(path, down));
        let mut tried = self.try_protections(path, &situation, waiting);
        // What only waits so far may take longer than the last resort.
        if self.scratch.response.attempt.as_ref().is_none_or(|it| it.phase == Phase::Waiting) {
            tried |= self.try_last_resort(path, &situation);
        }
        if tried || self.scratch.response.attempt.is_some() {
            self.scratch.response.out_of_options = false;
        } else {
            self.find_no_options();
        }
    }

    /// People first try what they know: while all that is down is repaired by their own hands, they
    /// keep to it for a while before they turn to a protection.
    fn keeps_to_repair(&mut self) -> bool {
        let Some(decided) = self.scratch.outages.last().and_then(|outage| outage.decided) else {
            return false;
        };
        let faults = &self.scratch.active_faults;
        let mut hits = (0..faults.len() as ActiveFaultId).filter(|id| self.hits_service(*id));
        let theirs = hits.all(|id| {
            // Planned work ends by their hands too.
            let fault = &faults[id as usize];
            fault.by_person && (fault.repair.is_finite() || fault.component.is_none())
        });
        if !theirs {
            return false;
        }
        let first = &self.engine.world.operations.repair_first;
        let until = decided + self.streams.hours(first, Purpose::RepairFirst, self.outage_event());
        if until <= self.now {
            return false;
        }
        if !std::mem::replace(&mut self.scratch.response.keeps_to_repair, true) {
            self.note(None, || TraceEvent::KeepsToRepair { until });
            self.schedule(until, Event::RepairTried);
        }
        true
    }

    fn find_no_options(&mut self) {
        if !std::mem::replace(&mut self.scratch.response.out_of_options, true) {
            self.note(None, || TraceEvent::OutOfOptions);
        }
    }

    /// Begins the first protection that can be tried. False where none can, or where the one that
    /// waits already is the first.
    fn try_protections(
        &mut self,
        path: u8,
        situation: &Situation<'_>,
        waiting: Option<usize>,
    ) -> bool {
        let engine = self.engine;
        let mut situation = *situation;
        let event = self.outage_event();
        for (index, protection) in engine.strategy.protections.iter().enumerate() {
            let tries = self.scratch.response.tries[index];
            let spent = tries.failures >= engine.world.operations.tries;
            if spent || tries.failed_at == Some(self.returns) {
                continue;
            }
            situation.spares = self.spares(index, path);
            let number = tries.count + 1;
            let draws = Draws::new(&self.streams, engine.owners[index], event, number);
            match protection.manual(&situation, &draws) {
                Manual::Useless => {}
                Manual::Blocked(why) => {
                    let protection = protection.name();
                    self.note(None, || TraceEvent::Blocked { protection, why });
                }
                Manual::Try(attempt) => {
                    let waits = !attempt.steps.first().is_some_and(|step| step.hands_on);
                    if waiting == Some(index) && waits {
                        return false;
                    }
                    if self.is_repaired_before(path, &attempt) {
                        continue;
                    }
                    if waiting.is_some() {
                        self.abandon_attempt();
                    }
                    self.begin_attempt(index, path, attempt);
                    return true;
                }
            }
        }
        false
    }

    pub(super) fn begin_attempt(&mut self, index: usize, path: u8, attempt: Attempt) {
        self.scratch.response.tries[index].count += 1;
        let lead: f64 =
            attempt.steps.iter().take_while(|step| !step.hands_on).map(|step| step.hours).sum();
        let until = self.steps_end(self.now, &attempt.steps, |_| {});
        if O::WATCHES {
            let protection = self.attempt_name(index);
            let steps = &*attempt.steps;
            self.note(None, || TraceEvent::AttemptBegan { protection, steps, until });
        }
        if !attempt.overwrites.is_empty() {
            self.give_up_repairs(path, attempt.overwrites);
        }
        self.scratch.response.attempt = Some(Action {
            protection: index,
            path,
            site: attempt.site,
            ground: attempt.ground,
            overwrites: attempt.overwrites,
            steps: attempt.steps,
            until,
            outcome: attempt.outcome,
            phase: Phase::Waiting,
        });
        if lead > 0.0 {
            self.schedule(self.now + lead, Event::AttemptReady);
        } else {
            self.queue_attempt();
        }
    }

    /// What the attempt waited for is there.
    pub(super) fn attempt_ready(&mut self) {
        self.queue_attempt();
        self.assign();
    }

    /// A person begins the hands-on part of the attempt.
    pub(super) fn work_on_attempt(&mut self) {
        let Some(action) = &mut self.scratch.response.attempt else { return };
        action.phase = Phase::Working;
        let steps = action.steps;
        let lead = steps.iter().take_while(|step| !step.hands_on).count();
        let mut work = std::mem::take(&mut self.scratch.response.work);
        work.clear();
        let end = self.steps_end(self.now, &steps[lead..], |stretch| work.push(stretch));
        // A person is bound from now on, whatever the first stretch is.
        if work.is_empty() {
            work.push((self.now, 0.0));
        }
        self.scratch.response.work = work;
        self.schedule(end, Event::AttemptEnds);
        self.take_out_of_service();
    }

    /// When steps are done that begin at `start`; each hands-on stretch is told, its start and hours.
    pub(super) fn steps_end(
        &self,
        start: f64,
        steps: &[Step],
        mut told: impl FnMut((f64, f64)),
    ) -> f64 {
        let staffed = &self.engine.world.staffed;
        steps.iter().fold(start, |at, step| {
            if step.hands_on {
                let end = staffed.work_end(at, step.hours);
                told((at, step.hours));
                end
            } else {
                at + step.hours
            }
        })
    }

    pub(super) fn attempt_ends(&mut self) {
        let Some(action) = self.scratch.response.attempt.take() else { return };
        let Action { protection: index, path, site, .. } = action;
        self.count_work();
        self.put_back_into_service(&action);
        let name = self.attempt_name(index);
        // What was missing is found out whether or not the attempt would have worked.
        let refusal = if site.is_none() { self.refusal_to_switch(path) } else { None };
        match (&action.outcome, refusal) {
            (Ok(effect), None) => {
                self.note(None, || TraceEvent::Worked(name));
                self.apply(index, path, effect);
            }
            (_, Some(why)) => {
                self.scratch.response.tries[index].failed_at = Some(self.returns);
                self.note(None, || TraceEvent::Failed { protection: name, why });
                self.find_standby_dead();
            }
            (Err(why), None) => {
                self.scratch.response.tries[index].failures += 1;
                self.note(None, || TraceEvent::Failed { protection: name, why });
                self.ask_why(index);
                self.resume_repairs(&action);
                // What works of the old installation serves again.
                self.settle(RestoredBy::Repair, self.outage_cause(), self.outage_event());
            }
        }
        self.replan();
    }

    /// People find out why the attempt failed before they try anything else.
    fn ask_why(&mut self, index: usize) {
        let count = self.scratch.response.tries[index].count;
        let owner = self.engine.owners.get(index).copied().unwrap_or_default();
        let draws = Draws::new(&self.streams, owner, self.outage_event(), count);
        let hours = draws.hours(&self.engine.world.operations.diagnose, DIAGNOSE);
        if hours > 0.0 {
            self.scratch.response.diagnosis = Some(Diagnosis { hours, start: None });
            self.scratch.people.ask(Work::Diagnosis, self.now);
        }
    }

    pub(super) fn begin_diagnosis(&mut self) {
        let now = self.now;
        let Some(diagnosis) = &mut self.scratch.response.diagnosis else { return };
        diagnosis.start = Some(now);
        let hours = diagnosis.hours;
        self.note(None, || TraceEvent::DiagnosisBegan { hours });
        let end = self.engine.world.staffed.work_end(now, hours);
        self.schedule(end, Event::DiagnosisEnds);
    }

    pub(super) fn diagnosis_ends(&mut self) {
        self.count_diagnosis();
        self.replan();
    }

    fn count_diagnosis(&mut self) {
        let Some(diagnosis) = self.scratch.response.diagnosis.take() else { return };
        match diagnosis.start {
            Some(start) => {
                self.labour += self.engine.world.staffed.worked(start, diagnosis.hours, self.now);
                self.scratch.people.release(start, self.now);
            }
            None => {
                self.scratch.people.withdraw(Work::Diagnosis, self.now);
            }
        }
    }

    /// The service came back otherwise, something better can be tried, or the horizon is reached.
    pub(super) fn abandon_attempt(&mut self) {
        if let Some(action) = self.scratch.response.attempt.take() {
            let name = self.attempt_name(action.protection);
            self.note(None, || TraceEvent::Abandoned(name));
            self.drop_attempt(&action);
        }
        self.count_diagnosis();
        self.scratch.queue.cancel(Event::is_of_attempt);
        self.replan();
    }

    /// An attempt breaks off when a component goes down on which its work stands.
    pub(super) fn break_off_attempt(&mut self, component: Component) {
        let Some(action) = &self.scratch.response.attempt else { return };
        let ground = component.path() == Some(action.path) && action.ground.has(component.kind);
        let place = component.kind == Kind::Site && component.site() == action.site;
        if !(ground || place) {
            return;
        }
        if let Some(action) = self.scratch.response.attempt.take() {
            let name = self.attempt_name(action.protection);
            self.note(None, || TraceEvent::BrokenOff(name));
            self.drop_attempt(&action);
            self.scratch.queue.cancel(Event::is_of_attempt);
        }
        self.replan();
    }

    /// Nobody goes on with the attempt.
    fn drop_attempt(&mut self, action: &Action) {
        match action.phase {
            Phase::Waiting => {}
            Phase::Queued => {
                self.scratch.people.withdraw(Work::Attempt, self.now);
            }
            Phase::Working => {
                self.count_work();
                self.put_back_into_service(action);
                self.update_path(action.path);
            }
        }
        self.resume_repairs(action);
    }

    /// The hands-on work on the attempt counts, and whoever did it is free.
    fn count_work(&mut self) {
        let first = self.scratch.response.work.first().map(|(start, _)| *start);
        for &(start, hours) in &self.scratch.response.work {
            self.labour += self.engine.world.staffed.worked(start, hours, self.now);
        }
        if let Some(start) = first {
            self.scratch.people.release(start, self.now);
        }
        self.scratch.response.work.clear();
    }

    /// Why the standby cannot take the service now, if it cannot.
    fn refusal_to_switch(&self, path: u8) -> Option<&'static str> {
        // While the server in service does part of its work, another half of a server is no gain.
        // What both have in common tells nothing of the standby.
        let is_half = |standby: u8| {
            self.scratch.active_faults.iter().any(|fault| {
                let is_own = |c| self.takes_down(c, standby) && !self.is_active(c);
                fault.live && !fault.replaced && fault.component.is_some_and(is_own)
            })
        };
        let alive = |standby: &u8| {
            let state = self.path(*standby);
            let whole = !is_half(*standby) || !self.is_up(path);
            let place = [Kind::Site, Kind::Link];
            let in_place = place.iter().all(|kind| !self.is_down(*kind, *standby, state.site));
            state.own_down == 0 && in_place && whole
        };
        if self.standby().filter(alive).is_none() {
            return Some("the standby is dead");
        }
        self.shared_down
            .has(Kind::Cloud)
            .then_some("nobody can sign in to the cloud to promote the standby")
    }

    /// The people who tried to use the standby repair what they found.
    fn find_standby_dead(&mut self) {
        let Some(standby) = self.standby().or_else(|| self.standbys().next()) else {
            return;
        };
        for id in 0..self.scratch.active_faults.len() as ActiveFaultId {
            let active_fault = &self.scratch.active_faults[id as usize];
            let on_standby = active_fault.component.is_some_and(|c| self.takes_down(c, standby));
            if active_fault.live && on_standby && !active_fault.replaced {
                self.scratch.active_faults[id as usize].known = true;
                self.take_up(id);
            }
        }
    }

    fn attempt_name(&self, index: usize) -> &'static str {
        let protection = self.engine.strategy.protections.get(index);
        protection.map_or(LAST_RESORT_NAME, |protection| protection.name())
    }
}
