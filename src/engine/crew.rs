//! Who is free of the people, and what waits for one of them.

use super::event::ActiveFaultId;

/// Work that binds a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// The repair of an active fault.
    Repair(ActiveFaultId),
    /// The attempt in hand.
    Attempt,
    /// Finding out why the last attempt failed.
    Diagnosis,
    /// The planned work in hand.
    Planned,
}

/// Work that waits for a person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    pub(super) work: Work,
    pub(super) since: f64,
    /// An observer has been told of it.
    pub(super) told: bool,
}

/// Who is free, and what waits.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Not bound by work; none = there are always enough.
    pub(super) free: Option<u32>,
    /// In the order of asking.
    pub(super) waiting: Vec<Waiting>,
    /// Hours that work has waited for a person.
    pub(super) waited: f64,
    /// When people were bound, from and to; not kept where there are always enough.
    pub(super) busy: Vec<(f64, f64)>,
}

impl People {
    /// Ready for a new trial with so many people; none = always enough.
    pub(super) fn reset(&mut self, people: Option<u32>) {
        self.free = people;
        self.waiting.clear();
        self.waited = 0.0;
        self.busy.clear();
    }

    /// Work asks for a person at `now`.
    pub(super) fn ask(&mut self, work: Work, now: f64) {
        if !self.is_waiting(work) {
            self.waiting.push(Waiting { work, since: now, told: false });
        }
    }

    /// Does anything wait?
    pub(super) fn anything_waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Does this work wait?
    pub(super) fn is_waiting(&self, work: Work) -> bool {
        self.waiting.iter().any(|waiting| waiting.work == work)
    }

    /// Work no longer asks at `now`. Did it?
    pub(super) fn withdraw(&mut self, work: Work, now: f64) -> bool {
        let Some(at) = self.waiting.iter().position(|waiting| waiting.work == work) else {
            return false;
        };
        self.waited += now - self.waiting.remove(at).since;
        true
    }

    /// A person who was bound since `start` is free at `now`.
    pub(super) fn release(&mut self, start: f64, now: f64) {
        if let Some(free) = &mut self.free {
            *free += 1;
            self.busy.push((start, now));
        }
    }

    /// At the horizon what still waits has waited until then.
    pub(super) fn finish(&mut self, horizon: f64) {
        let waited: f64 = self.waiting.iter().map(|waiting| horizon - waiting.since).sum();
        self.waited += waited;
        self.waiting.clear();
    }

    pub(super) fn has_free(&self) -> bool {
        self.free != Some(0)
    }
}
