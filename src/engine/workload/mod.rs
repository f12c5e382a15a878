//! The second layer: what the outages of a trial did to passwords, objects and writeback requests.
//!
//! Given the outages the streams are Poisson, so nothing outside the outages and their margins is
//! drawn, and inside them counts and sums are drawn as aggregates, exactly (`missed`) or by a limit
//! distribution whose error is below 1e-4 in distribution. The draws are keyed by the event that
//! began the outage, not by the strategy: two strategies that are down for the same time lose the
//! same.

mod cycle;
mod drain;
mod episode;
mod evaluation;
pub mod given;
mod guard;
mod missed;
mod objects;
mod passwords;
mod sign_ins;
mod writeback;

use super::observe::{Observer, TraceEvent};
use super::outage::{Outage, Stoppage};
use crate::distribution::counts::poisson;
use crate::metric::Metric;
use crate::world::reachable::Reachable;
use crate::world::service::Service;
use crate::world::streams::Purpose;
use crate::world::sync::Sync;
pub(super) use evaluation::Evaluation;

/// What the second layer keeps between trials so as not to allocate.
#[derive(Debug, Default)]
pub(super) struct Backlogs {
    /// Exports that hold passwords back.
    hold: Vec<objects::Hold>,
    /// When something waited that was late.
    behind: Vec<(f64, f64)>,
    /// Times when writeback is refused.
    refusals: Vec<writeback::Refusal>,
}

/// Fills in what the outages of a trial did: its metrics, and the outages themselves.
pub(super) fn evaluate<O: Observer>(trial: &mut Evaluation<'_, O>, backlogs: &mut Backlogs) {
    sign_ins::evaluate(trial);
    if trial.outages.is_empty() {
        return;
    }
    let world = trial.world;
    find_restored(trial.outages, world.horizon);
    for outage in trial.outages.iter_mut() {
        trial.metrics[Metric::Outages] += 1.0;
        trial.metrics[Metric::DowntimeHours] += outage.down_hours();
        let longest = trial.metrics[Metric::LongestOutageHours].max(outage.restore_hours());
        trial.metrics[Metric::LongestOutageHours] = longest;
        outage.current = outage.ready;
    }
    for stoppage in trial.of(Service::Export) {
        trial.outages[stoppage.outage as usize].purged_objects += count_purged(trial, stoppage);
    }
    let Backlogs { hold, behind, refusals } = backlogs;
    list_imports(trial, behind);
    // Objects come first: an export that is running holds the passwords back.
    objects::evaluate(trial, hold, behind);
    if trial.has_cloud_passwords {
        passwords::evaluate(trial, hold, behind);
    }
    writeback::evaluate(trial, refusals);
    trial.metrics[Metric::CatchUpHours] = catch_up(behind, trial.outages);
    if O::WATCHES {
        note_ends(trial);
    }
}

/// Fills in when the service worked again after each outage. Imports and full syncs that the next
/// outage interrupts have restored nothing.
fn find_restored(outages: &mut [Outage], horizon: f64) {
    let (mut next_onset, mut next_restored) = (f64::INFINITY, f64::INFINITY);
    for outage in outages.iter_mut().rev() {
        let interrupted = outage.ready > next_onset;
        outage.restored = if interrupted { outage.ready.max(next_restored) } else { outage.ready };
        outage.is_open = outage.restored >= horizon;
        (next_onset, next_restored) = (outage.onset, outage.restored);
    }
}

/// Tells the observer what the outages come to in the end.
fn note_ends<O: Observer>(trial: &mut Evaluation<'_, O>) {
    for index in 0..trial.outages.len() {
        let Outage { onset, current, purged_objects, .. } = trial.outages[index];
        if purged_objects > 0 {
            let purged = onset + Sync::RECYCLE_BIN;
            trial.note(purged, index as u32, TraceEvent::Purged(purged_objects));
        }
        if current < trial.world.horizon {
            trial.note(current, index as u32, TraceEvent::Current);
        }
    }
}

/// Fills `behind` with the times of imports and full syncs after a return.
fn list_imports<O>(trial: &Evaluation<'_, O>, behind: &mut Vec<(f64, f64)>) {
    behind.clear();
    for service in [Service::Export, Service::PasswordSync] {
        let stoppages = trial.of(service);
        for (index, stoppage) in stoppages.iter().enumerate() {
            if stoppage.ready > stoppage.end {
                // The next stoppage interrupts them.
                let next = stoppages.get(index + 1).map_or(f64::INFINITY, |next| next.onset);
                behind.push((stoppage.end, stoppage.ready.min(next)));
            }
        }
    }
}

/// Hours in service in which something was `behind`: the measure of the union of these times outside
/// of all outages.
fn catch_up(behind: &mut [(f64, f64)], outages: &[Outage]) -> f64 {
    behind.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut hours, mut at) = (0.0, 0.0_f64);
    let mut outages = outages.iter().peekable();
    for &(from, to) in &*behind {
        at = at.max(from);
        while at < to {
            while outages.next_if(|outage| outage.end <= at).is_some() {}
            match outages.peek() {
                Some(outage) if outage.onset < to => {
                    hours += (outage.onset - at).max(0.0);
                    at = outage.end;
                }
                _ => {
                    hours += to - at;
                    at = to;
                }
            }
        }
    }
    hours
}

/// If the export is down for more than 30 days, whatever was in the cloud's recycle bin at the onset
/// is gone before it could be restored by a change on premises: so many objects.
fn count_purged<O>(trial: &Evaluation<'_, O>, stoppage: &Stoppage) -> u64 {
    if stoppage.hours() <= Sync::RECYCLE_BIN {
        return 0;
    }
    let objects = &trial.world.workload.objects;
    let kept_since = stoppage.onset - Sync::RECYCLE_BIN;
    // Before the trial began the mean rate held.
    let before = (-kept_since).max(0.0) * objects.rates.total() / trial.world.horizon;
    let reachable = Reachable::new(&objects.rates, trial.unreachable);
    let mean = objects.deletes * (before + reachable.between(kept_since.max(0.0), stoppage.onset));
    poisson(mean, &mut trial.streams.world(Purpose::Purged, stoppage.event))
}
