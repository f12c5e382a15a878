//! Object changes: what waited, for how long, and the delete guard.
//!
//! After a full import and sync the export runs at once, as part of that cycle; otherwise at the
//! next object cycle. An export that is running holds the passwords back; one that is not yet due,
//! or that the delete guard has stopped, does not.

use super::super::observe::{Happening, Observer, Place};
use super::super::state::Scratch;
use super::caught::Caught;
use super::drain::Drain;
use super::{last_due_before, next_cycle};
use crate::law::Rng;
use crate::law::counts::{binomial, poisson};
use crate::metric::{Metric, Metrics};
use crate::world::World;
use crate::world::streams::{EventKey, Purpose, Streams};

/// Changes waiting, by kind.
#[derive(Debug, Clone, Copy, Default)]
struct Waiting {
    changes: u64,
    deletes: u64,
    disables: u64,
    /// Since then those left over have waited.
    since: f64,
}

/// What has come of the trial so far.
#[derive(Debug, Default)]
struct Totals {
    changes: u64,
    hours: f64,
    disabled_hours: f64,
}

/// When an export begins.
struct Export {
    /// It begins then, or at the horizon it has not begun.
    at: f64,
    /// Where a guard stopped it first: from when until when.
    guarded: bool,
}

/// Fills in the metrics of object changes, and what the passwords wait for.
pub(super) fn evaluate<O: Observer>(
    world: &World,
    streams: &Streams,
    scratch: &mut Scratch,
    metrics: &mut Metrics,
    observer: &mut O,
) {
    scratch.backlogs.hold.clear();
    scratch.backlogs.hold.resize(scratch.outages.len(), 0.0);
    if world.workload.objects.rates.is_zero() {
        return;
    }
    let cycle = world.sync.object_cycle;
    let mut totals = Totals::default();
    let mut waiting = Waiting::default();
    let mut synced_last = 0.0_f64;
    let mut last = 0;
    while last < scratch.outages.len() {
        let first = last;
        let from = last_due_before(scratch.outages[first].onset, cycle).max(synced_last);
        let due = loop {
            let outage = &scratch.outages[last];
            let due =
                if outage.full_cycle { outage.ready } else { next_cycle(outage.ready, cycle) };
            match scratch.outages.get(last + 1) {
                Some(next) if due >= next.onset => last += 1,
                _ => break due.min(world.horizon),
            }
        };
        let until = scratch.outages.get(last + 1).map_or(world.horizon, |next| next.onset);
        let event = scratch.outages[first].event;
        let mut rng = streams.world(Purpose::Objects, event);
        let place = Place { outage: Some(last), ..Place::default() };

        let before = count(world, from, last_due_before(due, cycle), &mut rng);
        let pending_deletes = waiting.deletes + before.deletes;
        let guard = pass_guard(world, streams, event, due, until, pending_deletes);
        if guard.guarded {
            metrics[Metric::LabourHours] += world.staffed.worked(due, guard.at);
            if O::WATCHES {
                let what = Happening::GuardTripped { deletes: pending_deletes, cleared: guard.at };
                observer.happened(due, place, what);
            }
        }
        // The cycles that a guard stopped catch what came meanwhile.
        let stopped = last_due_before(due, cycle).max(from);
        let after = if guard.guarded {
            count(world, stopped, last_due_before(guard.at, cycle), &mut rng)
        } else {
            Waiting::default()
        };
        let catch = |from: f64, to: f64| Caught {
            rates: &world.workload.objects.rates,
            from,
            to,
            synced: guard.at,
            cycle,
            users: None,
        };
        for (part, from, to) in [
            (before, from, last_due_before(due, cycle)),
            (after, stopped, last_due_before(guard.at, cycle)),
        ] {
            let caught = catch(from, to);
            let disabled = caught.waiting(part.disables, &mut rng, |_| {});
            let others = caught.waiting(part.changes - part.disables, &mut rng, |_| {});
            totals.disabled_hours += disabled;
            totals.hours += disabled + others;
            totals.changes += part.changes;
        }
        let kept = guard.at - waiting.since;
        totals.hours += waiting.changes as f64 * kept;
        totals.disabled_hours += waiting.disables as f64 * kept;
        waiting.changes += before.changes + after.changes;
        waiting.deletes += before.deletes + after.deletes;
        waiting.disables += before.disables + after.disables;

        let backlog = waiting.changes;
        let end = if guard.at < until {
            if O::WATCHES && backlog > 0 {
                observer.happened(guard.at, place, Happening::ObjectsSynced { changes: backlog });
            }
            let mut rng = streams.world(Purpose::ObjectDrain, event);
            drain(world, &mut waiting, &mut totals, guard.at, until, &mut rng)
        } else {
            until
        };
        waiting.since = until;
        if backlog > 0 {
            for outage in &mut scratch.outages[first..=last] {
                outage.current = outage.current.max(end);
            }
        }
        let first_passwords = next_cycle(scratch.outages[last].ready, world.sync.password_cycle);
        if !guard.guarded && due <= first_passwords {
            scratch.backlogs.hold[last] = end;
        }
        synced_last = guard.at;
        last += 1;
    }
    metrics[Metric::DelayedObjectChanges] = totals.changes as f64;
    metrics[Metric::ObjectDelayHours] = totals.hours;
    metrics[Metric::DisabledAccountHours] =
        if world.organisation.has_cloud_passwords() { totals.disabled_hours } else { 0.0 };
}

/// Draws the changes of `[from, to)` by kind.
fn count(world: &World, from: f64, to: f64, rng: &mut Rng) -> Waiting {
    let objects = &world.workload.objects;
    if to <= from {
        return Waiting::default();
    }
    let changes = poisson(objects.rates.between(from, to), rng);
    let deletes = binomial(changes, objects.deletes, rng);
    let rest = 1.0 - objects.deletes;
    let disables = if rest > 0.0 {
        binomial(changes - deletes, (objects.disables / rest).min(1.0), rng)
    } else {
        0
    };
    Waiting { changes, deletes, disables, since: 0.0 }
}

/// Stops the export that is due if too many deletes are pending, until a person has cleared it.
fn pass_guard(
    world: &World,
    streams: &Streams,
    event: EventKey,
    due: f64,
    until: f64,
    deletes: u64,
) -> Export {
    let guard = world.sync.delete_guard;
    if guard == 0 || deletes <= guard || due >= until {
        return Export { at: due, guarded: false };
    }
    let hours = streams.hours(&world.sync.clear_guard, Purpose::ClearGuard, event);
    let cleared = world.staffed.work_end(due, hours);
    Export { at: cleared.min(until), guarded: true }
}

/// Works the backlog off up to `until`; returns the end.
fn drain(
    world: &World,
    waiting: &mut Waiting,
    totals: &mut Totals,
    from: f64,
    until: f64,
    rng: &mut Rng,
) -> f64 {
    let per_hour = world.sync.export_per_hour;
    let objects = &world.workload.objects;
    let drain = Drain {
        rates: &objects.rates,
        from,
        until,
        per_hour,
        backlog: waiting.changes,
        users: None,
    };
    let drained = drain.run(rng);
    totals.hours += drained.waited;
    totals.changes += drained.arrivals;
    // Disables stand anywhere in the queue: each waits the mean of its part of it.
    let by_backlog = drained.waited - drained.waited_by_arrivals;
    if waiting.changes > 0 {
        let share = waiting.disables as f64 / waiting.changes as f64;
        totals.disabled_hours += by_backlog * share;
    }
    if drained.arrivals > 0 {
        let disables = binomial(drained.arrivals, objects.disables, rng);
        let mean = drained.waited_by_arrivals / drained.arrivals as f64;
        totals.disabled_hours += mean * disables as f64;
    }
    let left = drained.left;
    let all = waiting.changes + drained.arrivals;
    let share = if all == 0 { 0.0 } else { left as f64 / all as f64 };
    // What is left over keeps the mix of what was there; deletes have passed the guard.
    waiting.disables = (waiting.disables as f64 * share).round() as u64;
    waiting.deletes = 0;
    waiting.changes = left;
    drained.end
}
