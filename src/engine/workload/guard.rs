//! The delete guard: it stops an export with too many deletes until a person has looked.

use super::episode::Episode;
use super::evaluation::Evaluation;
use crate::engine::observe::{Observer, TraceEvent};
use crate::metric::Metric;
use crate::world::service::Service;
use crate::world::streams::Purpose;

/// When an export begins.
pub(super) struct Export {
    /// It begins then, or at the next stoppage it has not begun.
    pub(super) at: f64,
    /// The guard stopped it first, from when it was due until it began.
    pub(super) guarded: bool,
}

/// Stops the export that is due if so many `deletes` are too many, until a person has cleared it:
/// as soon as one has time, and in staffed hours.
pub(super) fn pass_guard<O: Observer>(
    episode: &Episode,
    deletes: u64,
    trial: &mut Evaluation<'_, O>,
) -> Export {
    let world = trial.world;
    let (guard, due, until) = (trial.sync.delete_guard, episode.due, episode.until);
    if guard == 0 || deletes <= guard || due >= until {
        return Export { at: due, guarded: false };
    }
    let could_begin = world.staffed.next_staffed(due).min(until);
    let begin = somebody_free(could_begin, trial).min(until);
    let hours = trial.streams.hours(&trial.sync.clear_guard, Purpose::ClearGuard, episode.event);
    let at = world.staffed.work_end(begin, hours).min(until);
    trial.metrics[Metric::WaitingForPeopleHours] += begin - could_begin;
    trial.metrics[Metric::LabourHours] += world.staffed.worked(begin, hours, at);
    let outage = trial.of(Service::Export)[episode.last].outage;
    trial.note(due, outage, TraceEvent::GuardTripped { deletes, cleared: at });
    if begin > could_begin {
        trial.note(could_begin, outage, TraceEvent::WaitsForPerson { what: "clearing the guard" });
    }
    Export { at, guarded: true }
}

/// The first staffed time from `time` on at which not everybody is at work.
fn somebody_free<O>(time: f64, trial: &Evaluation<'_, O>) -> f64 {
    let Some(people) = trial.people else {
        return time;
    };
    let mut time = time;
    loop {
        let at_work = trial.busy.iter().filter(|(from, to)| *from <= time && time < *to);
        let (count, first_free) =
            at_work.fold((0, f64::INFINITY), |(count, free), (_, to)| (count + 1, free.min(*to)));
        if count < people || count == 0 {
            return time;
        }
        time = trial.world.staffed.next_staffed(first_free);
    }
}
