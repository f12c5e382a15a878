//! People: who notices, who comes, who is free, and planned work.

use super::{Cause, Event, Job, Judge, Response, Work};
use crate::plain::{Kind, NEVER, Time};

/// What is put off is done at the same time a week later.
const WEEK: Time = 4 * 168;

impl Judge<'_> {
    pub(super) fn alarm(&mut self, k: usize) {
        let it = &self.breaks[k];
        if !it.open || it.known || (self.response.arrived && self.hits(k)) {
            return;
        }
        let at = super::next_staffed(self.hours(), self.now) + self.plain.call_out;
        if self.hits(k) {
            self.at(at, Event::Team(self.outage));
        }
        if self.breaks[k].by_person || self.breaks[k].begun.is_none() {
            self.at(at, Event::Arrival(k));
        }
        self.breaks[k].known = true;
    }

    pub(super) fn team(&mut self, outage: usize) {
        if outage != self.outage || self.all_up() || self.response.arrived {
            return;
        }
        self.response.arrived = true;
        self.want_all();
        self.assign();
        self.at(self.now + self.plain.decision, Event::Decided(self.outage));
    }

    fn want_all(&mut self) {
        // Others are told first.
        for by_person in [false, true] {
            for k in 0..self.breaks.len() {
                if self.breaks[k].by_person == by_person && self.hits(k) {
                    self.breaks[k].known = true;
                    self.want(k);
                }
            }
        }
    }

    /// All has happened that happens at this moment: people look at it.
    pub(super) fn look(&mut self) {
        if self.response.arrived && !self.all_up() {
            self.want_all();
        }
        self.plan();
        self.assign();
    }

    pub(super) fn look_later(&mut self) {
        self.at(self.now, Event::Look);
    }

    // ------------------------------------------------------------- who is free

    pub(super) fn ask(&mut self, work: Work) {
        if !self.asking.iter().any(|(asked, _)| *asked == work) {
            self.asking.push((work, self.now));
        }
    }

    pub(super) fn withdraw(&mut self, work: Work) {
        if let Some(at) = self.asking.iter().position(|(asked, _)| *asked == work) {
            self.verdict.waiting += self.now - self.asking.remove(at).1;
        }
    }

    pub(super) fn release(&mut self) {
        if let Some(free) = &mut self.free {
            *free += 1;
        }
    }

    /// What brings the service back goes first, then what asked first. At one moment: attempt,
    /// diagnosis, repairs of what broke first, planned work.
    pub(super) fn assign(&mut self) {
        while self.free != Some(0) && !self.asking.is_empty() {
            let rank = |(work, since): &(Work, Time)| {
                let (brings_back, tie, broken, alike) = match *work {
                    Work::Attempt => (true, 0, 0, (0, false, 0)),
                    Work::Diagnosis => (true, 1, 0, (0, false, 0)),
                    Work::Repair(k) => {
                        // Of what is alike, what the event struck itself, and then by number.
                        let it = &self.breaks[k];
                        let alike = |(kind, at)| (kind as usize, it.copy, at);
                        (
                            self.hits(k) || self.brings_own_back(k),
                            2,
                            it.since,
                            it.part.map_or((0, false, 0), alike),
                        )
                    }
                    Work::Planned => (false, 3, 0, (0, false, 0)),
                };
                (!brings_back, *since, broken, tie, alike)
            };
            let first = (0..self.asking.len()).min_by_key(|k| rank(&self.asking[*k]));
            let Some(first) = first else { return };
            let (work, since) = self.asking.remove(first);
            self.verdict.waiting += self.now - since;
            if let Some(free) = &mut self.free {
                *free -= 1;
            }
            match work {
                Work::Repair(k) => {
                    self.breaks[k].has_person = true;
                    self.begin_repair(k);
                }
                Work::Attempt => self.work_on_attempt(),
                Work::Diagnosis => self.begin_diagnosis(),
                Work::Planned => self.begin_planned(),
            }
        }
    }

    // ---------------------------------------------------------------- planned

    pub(super) fn planned_due(&mut self, plan: usize) {
        if !self.all_up() || self.job.is_some() {
            self.at(self.now + WEEK, Event::PlannedDue(plan));
            return;
        }
        let since = self.now;
        self.job = Some(Job { plan, path: None, second: false, stop: None, begun: None, since });
        self.ask(Work::Planned);
        self.assign();
    }

    fn begin_planned(&mut self) {
        let Some(mut job) = self.job else { return };
        if !self.all_up() {
            self.job = None;
            self.release();
            self.at(self.now + WEEK, Event::PlannedDue(job.plan));
            return;
        }
        (job.begun, job.since) = (Some(self.now), self.now);
        let standby = (0..self.servers.len())
            .find(|path| *path != self.active && self.carries(*path) == [true; 3]);
        let plan = &self.plain.planned[job.plan];
        let (work, stops) = (plan.work, plan.stops);
        match (standby, stops) {
            (Some(path), _) => {
                self.servers[path].in_work = true;
                job.path = Some(path);
            }
            (None, "all") => job.stop = Some(self.stop(Cause::Planned, [true; 3], NEVER)),
            (None, "export") => {
                job.stop = Some(self.stop(Cause::Planned, [true, false, false], NEVER));
            }
            (None, _) => {}
        }
        self.job = Some(job);
        self.at(self.now + work, Event::PlannedEnds);
    }

    pub(super) fn planned_ends(&mut self) {
        let Some(job) = self.job.take() else { return };
        self.verdict.labour += self.now - job.since;
        match job.path {
            None => {
                if let Some(stop) = job.stop {
                    self.close(stop);
                    self.settle();
                }
                self.leave_wrong(job.plan, self.active);
            }
            Some(path) => {
                self.servers[path].in_work = false;
                self.settle();
                let wrong = self.leave_wrong(job.plan, path);
                let whole = self.carries(path) == [true; 3];
                if !wrong && !job.second && whole && self.all_up() {
                    // The standby takes over while nothing stops, and the old one is next.
                    let old = self.active;
                    self.active = path;
                    self.leave_makeshift(old);
                    self.switch_sign_in_off(path);
                    self.servers[old].in_work = true;
                    self.settle_sign_in();
                    let promote = self.it.staging.as_ref().map_or(0, |staging| staging.promote);
                    self.verdict.labour += promote;
                    let since = self.now;
                    self.job = Some(Job { path: Some(old), second: true, since, ..job });
                    self.at(self.now + self.plain.planned[job.plan].work, Event::PlannedEnds);
                    return;
                }
            }
        }
        self.release();
        self.look_later();
    }

    fn leave_wrong(&mut self, plan: usize, path: usize) -> bool {
        let plan = &self.plain.planned[plan];
        if !plan.wrong {
            return false;
        }
        let contents = (Kind::Contents, path);
        let k = self.break_part(Cause::Work, contents, [true; 3], plan.repair, true, false);
        self.settle();
        self.breaks[k].known = true;
        if self.hits(k) {
            self.at(self.now, Event::Team(self.outage));
        } else {
            self.want(k);
            self.look_later();
        }
        true
    }

    /// What was tried belongs to an outage that is over.
    pub(super) fn forget(&mut self) {
        self.response = Response::default();
    }
}
