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
mod missed;
mod objects;
mod passwords;
mod writeback;

use super::observe::{Observer, TraceEvent};
use super::outage::{EXPORT, Outage, Stoppage};
use crate::distribution::counts::poisson;
use crate::metric::{Metric, Metrics};
use crate::world::World;
use crate::world::streams::{Purpose, Streams};
use crate::world::sync::Sync;
pub(super) use evaluation::Evaluation;

/// What the second layer keeps between trials so as not to allocate.
#[derive(Debug, Default)]
pub(super) struct Backlogs {
    /// Exports that hold passwords back.
    hold: Vec<objects::Hold>,
    /// Times when writeback is refused.
    refusals: Vec<writeback::Refusal>,
}

/// Fills in what the outages of a trial did: its metrics, and the outages themselves.
pub(super) fn evaluate<O: Observer>(trial: &mut Evaluation<'_, O>, backlogs: &mut Backlogs) {
    if trial.outages.is_empty() {
        return;
    }
    let world = trial.world;
    for outage in trial.outages.iter_mut() {
        let length = outage.restore_hours();
        trial.metrics[Metric::Outages] += 1.0;
        trial.metrics[Metric::DowntimeHours] += length;
        let longest = trial.metrics[Metric::LongestOutageHours].max(length);
        trial.metrics[Metric::LongestOutageHours] = longest;
        outage.current = outage.ready;
    }
    for stoppage in trial.stoppages[EXPORT] {
        trial.outages[stoppage.outage as usize].purged_objects +=
            count_purged(world, trial.streams, stoppage);
    }
    // Objects come first: an export that is running holds the passwords back.
    objects::evaluate(trial, &mut backlogs.hold);
    if world.organisation.has_cloud_passwords() {
        passwords::evaluate(trial, &backlogs.hold);
    }
    writeback::evaluate(trial, &mut backlogs.refusals);
    catch_up(world.horizon, trial.outages, trial.metrics);
    if O::WATCHES {
        note_ends(trial);
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

/// Time in service and not current, up to the next outage.
fn catch_up(horizon: f64, outages: &[Outage], metrics: &mut Metrics) {
    for (index, outage) in outages.iter().enumerate() {
        let next = outages.get(index + 1).map_or(horizon, |next| next.onset);
        metrics[Metric::CatchUpHours] += (outage.current.min(next) - outage.end).max(0.0);
    }
}

/// If the export is down for more than 30 days, whatever was in the cloud's recycle bin at the onset
/// is gone before it could be restored by a change on premises: so many objects.
fn count_purged(world: &World, streams: &Streams, stoppage: &Stoppage) -> u64 {
    if stoppage.hours() <= Sync::RECYCLE_BIN {
        return 0;
    }
    let objects = &world.workload.objects;
    let kept_since = stoppage.onset - Sync::RECYCLE_BIN;
    // Before the trial began the mean rate held.
    let before = (-kept_since).max(0.0) * objects.rates.total() / world.horizon;
    let within = objects.rates.between(kept_since.max(0.0), stoppage.onset);
    let mean = objects.deletes * (before + within);
    poisson(mean, &mut streams.world(Purpose::Purged, stoppage.event))
}
