//! The people of the organisation: a few, each bound by one piece of hands-on work at a time.
//!
//! Work asks for a person and waits until one is free. What brings the service back goes first,
//! then what restores a spare, each in the order of asking; work that has begun is not interrupted.
//! A person is bound through nights and weekends too, though the work rests then. Nobody is bound
//! by a repair of which only the whole length is known (`repair_covers = "outage"`): all waiting is
//! in it.

use super::crew::{Waiting, Work};
use super::event::Event;
use super::observe::{Observer, TraceEvent};
use super::state::{Phase, Scratch};
use super::trial::Trial;

impl<O: Observer> Trial<'_, O> {
    /// Something has changed at this moment: people look at it once all has happened.
    pub(super) fn replan(&mut self) {
        if !self.plan_pending && (self.scratch.people.anything_waits() || !self.all_up()) {
            self.plan_pending = true;
            self.schedule(self.now, Event::Plan);
        }
    }

    /// Those who are free begin what waits.
    pub(super) fn assign(&mut self) {
        while self.scratch.people.has_free()
            && let Some(at) = self.next_work()
        {
            let Waiting { work, since, .. } = self.scratch.people.waiting.remove(at);
            let waited = self.now - since;
            self.scratch.people.waited += waited;
            if let Some(free) = &mut self.scratch.people.free {
                *free -= 1;
            }
            if waited > 0.0 {
                let what = self.work_name(work);
                self.note(None, || TraceEvent::PersonFree { what, hours: waited });
            }
            self.begin_work(work);
        }
        if O::WATCHES {
            self.note_waiting();
        }
    }

    /// What goes first of that which waits. What began to wait at one moment has an order of its
    /// own, so that the order of tables in the scenario does not decide.
    fn next_work(&self) -> Option<usize> {
        let waiting = &self.scratch.people.waiting;
        if waiting.len() < 2 {
            return waiting.len().checked_sub(1);
        }
        let rank = |entry: &Waiting| (!self.brings_back(entry.work), entry.since);
        // What broke first is repaired first.
        let onset = |entry: &Waiting| match entry.work {
            Work::Repair(id) => self.scratch.active_faults[id as usize].onset,
            _ => 0.0,
        };
        let tie = |entry: &Waiting| match entry.work {
            Work::Attempt => (0, 0, 0, 0),
            Work::Diagnosis => (1, 0, 0, 0),
            Work::Repair(id) => {
                let fault = &self.scratch.active_faults[id as usize];
                let kind = fault.component.map_or(0, |component| component.kind as u8);
                (2, kind, fault.event.source, fault.event.number)
            }
            Work::Planned => (3, 0, 0, 0),
        };
        let before = |a: &Waiting, b: &Waiting| {
            let ((a_late, a_since), (b_late, b_since)) = (rank(a), rank(b));
            a_late
                .cmp(&b_late)
                .then(a_since.total_cmp(&b_since))
                .then(onset(a).total_cmp(&onset(b)))
                .then_with(|| tie(a).cmp(&tie(b)))
        };
        (0..waiting.len()).min_by(|a, b| before(&waiting[*a], &waiting[*b]))
    }

    /// Does the work help to bring the service back?
    fn brings_back(&self, work: Work) -> bool {
        match work {
            Work::Repair(id) => self.hits_service(id) || self.brings_own_server_back(id),
            Work::Attempt | Work::Diagnosis => true,
            Work::Planned => false,
        }
    }

    fn begin_work(&mut self, work: Work) {
        match work {
            Work::Repair(id) => {
                self.scratch.active_faults[id as usize].has_person = true;
                self.begin_repair(id);
            }
            Work::Attempt => self.work_on_attempt(),
            Work::Diagnosis => self.begin_diagnosis(),
            Work::Planned => self.begin_planned(),
        }
    }

    /// The attempt asks for a person.
    pub(super) fn queue_attempt(&mut self) {
        let Scratch { response, people, .. } = &mut *self.scratch;
        if let Some(attempt) = &mut response.attempt {
            attempt.phase = Phase::Queued;
            people.ask(Work::Attempt, self.now);
        }
    }

    fn work_name(&self, work: Work) -> &'static str {
        match work {
            Work::Repair(_) => "the repair",
            Work::Attempt => "the attempt",
            Work::Diagnosis => "the diagnosis",
            Work::Planned => "the planned work",
        }
    }

    /// Tells of what has begun to wait at this moment, once: people look at what there is to do
    /// several times in a moment.
    fn note_waiting(&mut self) {
        for at in 0..self.scratch.people.waiting.len() {
            let waiting = &mut self.scratch.people.waiting[at];
            let (work, is_told) = (waiting.work, std::mem::replace(&mut waiting.told, true));
            if !is_told {
                let what = self.work_name(work);
                let id = if let Work::Repair(id) = work { Some(id) } else { None };
                self.note(id, || TraceEvent::WaitsForPerson { what });
            }
        }
    }
}
