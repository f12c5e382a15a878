//! Planned work: in its window, on the server in service or, where there is a standby, on the
//! standby first and then by a swing.
//!
//! Planned work gives way: where the service is not whole, or other planned work is in hand, it
//! waits for the same time a week later. People come for it, so it goes on without a break whether
//! or not the hour is staffed. On a standby nothing stops, and what goes wrong is met before it
//! serves; then the swing is left out.

use super::crew::Work;
use super::event::{ActiveFaultId, Event};
use super::observe::{Alarm, Observer, TraceEvent};
use super::outage::{Cause, RestoredBy};
use super::state::{ActiveFault, Breakage, PlannedJob, Stage};
use super::trial::Trial;
use crate::world::kind::Kind;
use crate::world::service::Services;
use crate::world::streams::{Draws, EventKey, Purpose};

/// Where planned work that had to give way is tried again, hours.
const WEEK: f64 = 168.0;

impl<O: Observer> Trial<'_, O> {
    /// Schedules the next of the times of planned work, after `now`.
    pub(super) fn schedule_planned(&mut self, index: usize) {
        let starts = &self.engine.world.planned[index].starts;
        if let Some(&start) = starts.get(self.scratch.next_planned[index]) {
            self.schedule(start, Event::PlannedDue(index as u16));
        }
    }

    pub(super) fn planned_due(&mut self, index: u16) {
        if !self.all_up() || self.scratch.planned.is_some() {
            self.postpone_planned(index);
            return;
        }
        let number = self.scratch.next_planned[usize::from(index)] as u64;
        let source = self.engine.world.planned[usize::from(index)].key;
        let event = EventKey { source, instance: 0, number };
        let stage = Stage::Queued;
        self.scratch.planned =
            Some(PlannedJob { index, event, start: self.now, since: self.now, stage });
        self.scratch.people.ask(Work::Planned, self.now);
        self.assign();
    }

    /// The same time a week later, or the next time if that comes first.
    fn postpone_planned(&mut self, index: u16) {
        let planned = &self.engine.world.planned[usize::from(index)];
        self.note(None, || TraceEvent::PlannedPostponed { name: &planned.name });
        let next = &mut self.scratch.next_planned[usize::from(index)];
        let again = self.now + WEEK;
        match planned.starts.get(*next + 1) {
            Some(&start) if start <= again => {
                *next += 1;
                self.schedule(start, Event::PlannedDue(index));
            }
            _ => self.schedule(again, Event::PlannedDue(index)),
        }
    }

    /// A person has come for it.
    pub(super) fn begin_planned(&mut self) {
        let Some(mut job) = self.scratch.planned else { return };
        let planned = &self.engine.world.planned[usize::from(job.index)];
        if !self.all_up() {
            self.scratch.planned = None;
            self.scratch.people.release(self.now, self.now);
            self.postpone_planned(job.index);
            return;
        }
        let hours = self.streams.hours(&planned.work, Purpose::PlannedWork, job.event);
        (job.start, job.since) = (self.now, self.now);
        let standby = self.engine.topology.paths().find(|path| {
            !self.active.has(*path) && self.is_up(*path) && self.path(*path).parts_down.is_empty()
        });
        let standby = standby.filter(|_| self.switch_hours(job.event).is_some());
        self.note(None, || TraceEvent::PlannedBegan {
            name: &planned.name,
            standby: standby.is_some(),
            hours,
        });
        job.stage = match standby {
            Some(path) => {
                self.begin_work_on(path);
                Stage::Standby(path)
            }
            None if planned.stops.is_empty() => Stage::InPlace(None),
            None => {
                let cause = Cause::Planned(job.index);
                let stop = ActiveFault::stop(cause, job.event, f64::INFINITY, planned.stops);
                Stage::InPlace(Some(self.stop_service(stop)))
            }
        };
        self.scratch.planned = Some(job);
        self.schedule(self.now + hours, Event::PlannedEnds);
    }

    pub(super) fn planned_ends(&mut self) {
        let Some(job) = self.scratch.planned.take() else { return };
        self.labour += self.now - job.since;
        match job.stage {
            Stage::Queued => {}
            Stage::InPlace(stop) => self.end_in_place(job, stop),
            Stage::Standby(path) => {
                self.end_work_on(path);
                let wrong = self.goes_wrong(job, path);
                // What broke on the standby meanwhile would be down with the swing.
                let whole = self.all_up() && self.path(path).carries == Services::ALL;
                if let (false, true, Some(hours)) = (wrong, whole, self.switch_hours(job.event)) {
                    self.swing(job, path, hours);
                    return;
                }
            }
            Stage::Old(path) => {
                self.end_work_on(path);
                self.goes_wrong(job, path);
            }
        }
        self.planned_is_over(job);
    }

    fn planned_is_over(&mut self, job: PlannedJob) {
        self.scratch.people.release(job.start, self.now);
        self.scratch.next_planned[usize::from(job.index)] += 1;
        self.schedule_planned(usize::from(job.index));
        self.replan();
    }

    /// The standby takes over while nothing is broken, and the old server is worked on.
    fn swing(&mut self, job: PlannedJob, standby: u8, hours: f64) {
        let old = self.active.first();
        self.labour += hours;
        self.activate(standby, old);
        self.note(None, || TraceEvent::Swung);
        self.switch_sign_in_off(standby, job.event);
        self.begin_work_on(old);
        self.settle_sign_in(job.event);
        let planned = &self.engine.world.planned[usize::from(job.index)];
        let again = EventKey { instance: 1, ..job.event };
        let work = self.streams.hours(&planned.work, Purpose::PlannedWork, again);
        self.scratch.planned = Some(PlannedJob { since: self.now, stage: Stage::Old(old), ..job });
        self.schedule(self.now + work, Event::PlannedEnds);
    }

    fn end_in_place(&mut self, job: PlannedJob, stop: Option<ActiveFaultId>) {
        let planned = &self.engine.world.planned[usize::from(job.index)];
        let path = self.active.first();
        if planned.full_sync {
            let (world, state) = (self.engine.world, &mut self.scratch.paths[usize::from(path)]);
            let objects = world.organisation.objects;
            let cycle = world.sync.full_cycle_hours(objects);
            state.exports_from = self.now + cycle;
        }
        if let Some(stop) = stop {
            self.end_stop(stop);
            self.remove(stop);
            self.settle(RestoredBy::PlannedWork, Cause::Planned(job.index), job.event);
        }
        self.goes_wrong(job, path);
    }

    /// With a probability the work leaves the server of that path broken. Those who did it see it.
    fn goes_wrong(&mut self, job: PlannedJob, path: u8) -> bool {
        let planned = &self.engine.world.planned[usize::from(job.index)];
        let event = EventKey { instance: path, ..job.event };
        let wrong = self.streams.chance(planned.goes_wrong, Purpose::PlannedWrong, event);
        self.note(None, || TraceEvent::PlannedEnded { name: &planned.name, wrong });
        let contents = self.engine.topology.component(Kind::Contents, path);
        let Some(component) = contents.filter(|_| wrong) else {
            return false;
        };
        let cause = Cause::Planned(job.index);
        let repair = self.streams.hours(&planned.repair, Purpose::Repair, event);
        let breakage = Breakage {
            cause,
            event,
            stops: Services::ALL,
            repair,
            by_person: true,
            by_clock: false,
            at_once: false,
            common_mode: false,
        };
        let id = self.break_down(component, breakage);
        self.settle(RestoredBy::Repair, cause, event);
        self.scratch.active_faults[id as usize].known = true;
        if self.hits_service(id) {
            self.note(Some(id), || TraceEvent::Alarm { by: Alarm::PlannedWork, channel: None });
            self.mark_alarm();
            self.schedule(self.now, Event::TeamArrival);
        } else {
            self.take_up(id);
            self.replan();
        }
        true
    }

    /// The hands-on work of a planned promotion, where a standby can be promoted.
    fn switch_hours(&self, event: EventKey) -> Option<f64> {
        let protections = self.engine.strategy.protections.iter().zip(&self.engine.owners);
        protections.into_iter().find_map(|(protection, owner)| {
            protection.planned_switch(&Draws::new(&self.streams, *owner, event, 0))
        })
    }

    fn begin_work_on(&mut self, path: u8) {
        let state = &mut self.scratch.paths[usize::from(path)];
        state.in_work = true;
        state.own_down += 1;
        self.update_path(path);
    }

    fn end_work_on(&mut self, path: u8) {
        let state = &mut self.scratch.paths[usize::from(path)];
        state.in_work = false;
        state.own_down -= 1;
        self.update_path(path);
    }

    /// The work in hand at the horizon counts as far as it has come.
    pub(super) fn cut_planned(&mut self) {
        if let Some(job) = self.scratch.planned
            && job.stage != Stage::Queued
        {
            self.labour += self.now - job.since;
            self.scratch.people.release(job.start, self.now);
        }
    }
}
