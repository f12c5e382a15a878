//! The second layer: what the outages of a trial did to passwords, objects and writeback requests.
//!
//! Given the outages the streams are Poisson, so nothing outside the outages and their margins is
//! drawn, and inside them counts and sums are drawn as aggregates, exactly (`caught`) or by a limit
//! distribution whose error is below 1e-4 in distribution. The draws are keyed by the event that
//! began the outage, not by the strategy: two strategies that are down for the same time lose the
//! same.

mod affected;
mod drain;
mod objects;
mod passwords;
mod writeback;

use super::observe::{Observer, Place, TraceEvent};
use super::outage::Outage;
use super::state::Scratch;
use crate::distribution::counts::poisson;
use crate::metric::{Metric, Metrics};
use crate::world::World;
use crate::world::streams::{Purpose, Streams};
use crate::world::sync::Sync;

/// What the second layer keeps between trials so as not to allocate.
#[derive(Debug, Default)]
pub(super) struct Backlogs {
    /// By outage: passwords wait for the export that runs until then.
    hold: Vec<f64>,
    /// Times when writeback is refused, merged.
    refused: Vec<(f64, f64)>,
}

/// Fills in the metrics of the trial in `scratch`.
pub(super) fn evaluate<O: Observer>(
    world: &World,
    streams: &Streams,
    scratch: &mut Scratch,
    labour: f64,
    metrics: &mut Metrics,
    observer: &mut O,
) {
    metrics[Metric::LabourHours] = labour;
    if scratch.outages.is_empty() {
        return;
    }
    for outage in &mut scratch.outages {
        let length = outage.restore_hours();
        metrics[Metric::Outages] += 1.0;
        metrics[Metric::DowntimeHours] += length;
        let longest = metrics[Metric::LongestOutageHours].max(length);
        metrics[Metric::LongestOutageHours] = longest;
        outage.current = outage.ready;
        count_purged(world, streams, outage);
    }
    objects::evaluate(world, streams, scratch, metrics, observer);
    if world.organisation.has_cloud_passwords() {
        passwords::evaluate(world, streams, scratch, metrics, observer);
    }
    writeback::evaluate(world, streams, scratch, metrics, observer);
    catch_up(world.horizon, &scratch.outages, metrics);
    if O::WATCHES {
        for (index, outage) in scratch.outages.iter().enumerate() {
            let place = Place { outage: Some(index), ..Place::default() };
            if outage.purged_objects > 0 {
                let at = outage.onset + Sync::RECYCLE_BIN;
                observer.happened(at, place, TraceEvent::Purged(outage.purged_objects));
            }
            if outage.current < world.horizon {
                observer.happened(outage.current, place, TraceEvent::Current);
            }
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

/// In an outage of more than 30 days, whatever was in the cloud's recycle bin at its onset is gone
/// before it could be restored by a change on premises.
fn count_purged(world: &World, streams: &Streams, outage: &mut Outage) {
    if outage.restore_hours() <= Sync::RECYCLE_BIN {
        return;
    }
    let objects = &world.workload.objects;
    let kept_since = outage.onset - Sync::RECYCLE_BIN;
    // Before the trial began the mean rate held.
    let before = (-kept_since).max(0.0) * objects.rates.total() / world.horizon;
    let within = objects.rates.between(kept_since.max(0.0), outage.onset);
    let mean = objects.deletes * (before + within);
    let mut rng = streams.world(Purpose::Purged, outage.event);
    outage.purged_objects = poisson(mean, &mut rng);
}

/// The outages of one episode left a backlog that was worked off at `end`. They are not current
/// before; but where no cycle had been missed when an outage ended, nothing waited yet, unless it
/// was `carried` over from before.
fn not_current(outages: &mut [Outage], cycle: f64, carried: bool, end: f64) {
    let Some(first_missed) = outages.first().map(|first| next_cycle(first.onset, cycle)) else {
        return;
    };
    for outage in outages {
        if carried || first_missed <= outage.ready {
            outage.current = outage.current.max(end);
        }
    }
}

/// The first cycle at or after `time`; `time` itself where work is done at once.
#[inline]
fn next_cycle(time: f64, cycle: f64) -> f64 {
    if cycle <= 0.0 {
        return time;
    }
    // Times are not negative, and counts of cycles far below 2^51: adding and taking away this
    // number rounds to the nearest whole one, in two additions where `ceil` is a call.
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    let count = time / cycle;
    let nearest = (count + ROUNDER) - ROUNDER;
    // A time that is a whole number of cycles stays one in spite of rounding.
    let beyond = count - nearest > 1e-9 * nearest.max(1.0);
    // A number is chosen and no way taken: a branch that goes either way costs more than the rest.
    (nearest + if beyond { 1.0 } else { 0.0 }) * cycle
}

/// Changes made before this time have their cycle before `time`.
fn last_due_before(time: f64, cycle: f64) -> f64 {
    if cycle <= 0.0 { time } else { next_cycle(time, cycle) - cycle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_whole_multiples_in_spite_of_rounding() {
        let two_minutes = 2.0 / 60.0;
        for k in 0..300_000_u32 {
            let time = f64::from(k) * two_minutes;
            assert_eq!(next_cycle(time, two_minutes), time);
            assert!((next_cycle(time + 1e-4, two_minutes) - time - two_minutes).abs() < 1e-9);
        }
        assert_eq!(next_cycle(1.3, 0.0), 1.3);
        assert_eq!(last_due_before(1.3, 0.5), 1.0);
        assert_eq!(last_due_before(1.5, 0.5), 1.0);
    }
}
