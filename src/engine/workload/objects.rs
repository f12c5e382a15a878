//! Object changes: what waited, for how long, and the delete guard.
//!
//! After a full import and sync the export runs at once, as part of that cycle; otherwise at the
//! next object cycle. An export that is running holds the passwords back; one that is not yet due,
//! or that the delete guard has stopped, does not.

use super::super::observe::{Observer, Place, TraceEvent};
use super::super::state::Scratch;
use super::affected::AffectedUsers;
use super::drain::{Drain, Joining};
use super::{last_due_before, next_cycle, not_current};
use crate::distribution::Rng;
use crate::distribution::counts::{binomial, poisson};
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
        // What came since the last cycle is part of the export too.
        let stopped = last_due_before(due, cycle).max(from);
        let latest = poisson(world.workload.objects.deletes * mass(world, stopped, due), &mut rng);
        let pending_deletes = waiting.deletes + before.deletes + latest;
        let guard = pass_guard(world, streams, event, due, until, pending_deletes);
        if guard.guarded {
            metrics[Metric::LabourHours] += world.staffed.worked(due, guard.at);
            if O::WATCHES {
                let what = TraceEvent::GuardTripped { deletes: pending_deletes, cleared: guard.at };
                observer.happened(due, place, what);
            }
        }
        // The cycles that a guard stopped catch what came meanwhile.
        let mut after = Waiting::default();
        if guard.guarded {
            after = count_others(world, mass(world, stopped, due), &mut rng);
            after.changes += latest;
            after.deletes += latest;
            after = after.and(count(world, due, last_due_before(guard.at, cycle), &mut rng));
        }
        let catch = |from: f64, to: f64| AffectedUsers {
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
        let carried = waiting.changes > 0;
        waiting = waiting.and(before).and(after);

        let backlog = waiting.changes;
        let end = if guard.at < until {
            if O::WATCHES && backlog > 0 {
                observer.happened(guard.at, place, TraceEvent::ObjectsSynced { changes: backlog });
            }
            let mut rng = streams.world(Purpose::ObjectDrain, event);
            drain(world, &mut waiting, &mut totals, guard.at, until, &mut rng)
        } else {
            until
        };
        waiting.since = until;
        if backlog > 0 {
            not_current(&mut scratch.outages[first..=last], cycle, carried, end);
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

impl Waiting {
    /// Both together, waiting since what `self` says.
    fn and(self, other: Waiting) -> Waiting {
        Waiting {
            changes: self.changes + other.changes,
            deletes: self.deletes + other.deletes,
            disables: self.disables + other.disables,
            since: self.since,
        }
    }
}

/// Expected changes in `[from, to)`.
fn mass(world: &World, from: f64, to: f64) -> f64 {
    if to > from { world.workload.objects.rates.between(from, to) } else { 0.0 }
}

/// Draws the changes of `[from, to)` by kind.
fn count(world: &World, from: f64, to: f64, rng: &mut Rng) -> Waiting {
    let mass = mass(world, from, to);
    if mass <= 0.0 {
        return Waiting::default();
    }
    let mut waiting = count_others(world, mass, rng);
    waiting.deletes = poisson(world.workload.objects.deletes * mass, rng);
    waiting.changes += waiting.deletes;
    waiting
}

/// Draws the changes of expected number `mass` that are no deletes.
fn count_others(world: &World, mass: f64, rng: &mut Rng) -> Waiting {
    let objects = &world.workload.objects;
    let disables = poisson(objects.disables * mass, rng);
    let rest = (1.0 - objects.deletes - objects.disables).max(0.0);
    let changes = disables + poisson(rest * mass, rng);
    Waiting { changes, deletes: 0, disables, since: 0.0 }
}

/// Every change joins the queue.
struct Everything;

impl Joining for Everything {
    fn batch(&mut self, mass: f64, _waiting: u64, _served: u64, rng: &mut Rng) -> u64 {
        poisson(mass, rng)
    }

    fn one(&mut self, _waiting: u64, _rng: &mut Rng) -> bool {
        true
    }

    fn most(&self) -> f64 {
        f64::INFINITY
    }
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
    let objects = &world.workload.objects;
    let drain = Drain {
        rates: &objects.rates,
        cycle: world.sync.object_cycle,
        from,
        until,
        per_hour: world.sync.export_per_hour,
        backlog: waiting.changes,
    };
    let drained = drain.run(&mut Everything, rng);
    totals.hours += drained.waited + drained.waited_by_joined;
    totals.changes += drained.joined;
    // Disables and deletes stand anywhere in the queue: each waits the mean of its part of it.
    let share = |part: u64, all: u64| if all == 0 { 0.0 } else { part as f64 / all as f64 };
    let backlog = waiting.changes;
    totals.disabled_hours += drained.waited * share(waiting.disables, backlog);
    let (mut disables, mut deletes) = (waiting.disables, waiting.deletes);
    if drained.joined > 0 {
        let joined = binomial(drained.joined, objects.disables, rng);
        totals.disabled_hours += drained.waited_by_joined * share(joined, drained.joined);
        disables += joined;
        deletes += binomial(drained.joined - joined, objects.deletes, rng);
    }
    let all = backlog + drained.joined;
    waiting.changes = drained.left;
    waiting.disables = binomial(drained.left, share(disables, all), rng);
    waiting.deletes = binomial(drained.left - waiting.disables, share(deletes, all), rng);
    drained.end
}
