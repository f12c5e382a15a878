//! Object changes: what waited, for how long, and the delete guard.
//!
//! After a full import and sync the export runs at once, as part of that cycle; otherwise at the
//! next object cycle. An export that is running holds the passwords back; one that is not yet due,
//! or that the delete guard has stopped, does not.

use super::cycle::{last_due_before, next_cycle};
use super::drain::{Drain, Joining};
use super::episode::{Backlog, Episode, work_off};
use super::evaluation::Evaluation;
use super::missed::MissedChanges;
use crate::distribution::Rng;
use crate::distribution::counts::{binomial, poisson};
use crate::engine::observe::{Observer, TraceEvent};
use crate::engine::outage::{EXPORT, Stoppage};
use crate::metric::Metric;
use crate::world::World;
use crate::world::streams::{Purpose, Streams};

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

/// Passwords whose service returned together with the export wait until that export is done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    /// When both services returned.
    pub(super) returned: f64,
    /// When the export is done.
    pub(super) until: f64,
}

/// When an export begins.
struct Export {
    /// It begins then, or at the horizon it has not begun.
    at: f64,
    /// A guard stopped it first, from when it was due until it began.
    guarded: bool,
}

/// The changes of a trial.
struct Objects<'a> {
    world: &'a World,
    waiting: Waiting,
    totals: Totals,
    /// The guard stopped the export of the episode in hand.
    guarded: bool,
    hold: &'a mut Vec<Hold>,
}

/// Fills in the metrics of object changes, and until when passwords are held back.
pub(super) fn evaluate<O: Observer>(trial: &mut Evaluation<'_, O>, hold: &mut Vec<Hold>) {
    hold.clear();
    let world = trial.world;
    if world.workload.objects.rates.is_zero() {
        return;
    }
    let (waiting, totals) = (Waiting::default(), Totals::default());
    let mut objects = Objects { world, waiting, totals, guarded: false, hold };
    work_off(&mut objects, trial);
    let Totals { changes, hours, disabled_hours } = objects.totals;
    let usable = world.organisation.has_cloud_passwords();
    trial.metrics[Metric::DelayedObjectChanges] = changes as f64;
    trial.metrics[Metric::ObjectDelayHours] = hours;
    trial.metrics[Metric::DisabledAccountHours] = if usable { disabled_hours } else { 0.0 };
}

impl Backlog for Objects<'_> {
    const SERVICE: usize = EXPORT;
    const DRAIN: Purpose = Purpose::ObjectDrain;

    fn cycle(&self) -> f64 {
        self.world.sync.object_cycle
    }

    fn due(&self, stoppage: &Stoppage) -> f64 {
        if stoppage.full_cycle { stoppage.ready } else { next_cycle(stoppage.ready, self.cycle()) }
    }

    fn waiting(&self) -> u64 {
        self.waiting.changes
    }

    fn collect<O: Observer>(
        &mut self,
        episode: &Episode,
        from: f64,
        trial: &mut Evaluation<'_, O>,
    ) -> f64 {
        let (world, due) = (self.world, episode.due);
        let missed_until = last_due_before(due, self.cycle());
        let mut rng = trial.streams.world(Purpose::Objects, episode.event);
        let before = count(world, from, missed_until, &mut rng);
        // What came since the last cycle is part of the export too.
        let latest_from = missed_until.max(from);
        let latest_mass = mass(world, latest_from, due);
        let latest = poisson(world.workload.objects.deletes * latest_mass, &mut rng);
        let deletes = self.waiting.deletes + before.deletes + latest;
        let export = pass_guard(world, trial.streams, episode, deletes);
        self.guarded = export.guarded;
        let guarded_until = last_due_before(export.at, self.cycle());
        let mut after = Waiting::default();
        if export.guarded {
            trial.metrics[Metric::LabourHours] += world.staffed.worked(due, export.at);
            let outage = trial.stoppages[EXPORT][episode.last].outage;
            trial.note(due, outage, TraceEvent::GuardTripped { deletes, cleared: export.at });
            // The cycles that a guard stopped catch what came meanwhile.
            after = count_others(world, latest_mass, &mut rng);
            after.changes += latest;
            after.deletes += latest;
            after = after.and(count(world, due, guarded_until, &mut rng));
        }
        self.add_delays(before, self.missed(from, missed_until, export.at), &mut rng);
        if export.guarded {
            self.add_delays(after, self.missed(latest_from, guarded_until, export.at), &mut rng);
        }
        let left_for = export.at - self.waiting.since;
        self.totals.hours += self.waiting.changes as f64 * left_for;
        self.totals.disabled_hours += self.waiting.disables as f64 * left_for;
        self.waiting = self.waiting.and(before).and(after);
        export.at
    }

    fn synced(&self) -> TraceEvent<'static> {
        TraceEvent::ObjectsSynced { changes: self.waiting.changes }
    }

    fn drain(&mut self, from: f64, until: f64, rng: &mut Rng) -> f64 {
        let objects = &self.world.workload.objects;
        let Objects { waiting, totals, .. } = self;
        let drain = Drain {
            rates: &objects.rates,
            cycle: self.world.sync.object_cycle,
            from,
            until,
            per_hour: self.world.sync.export_per_hour,
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

    fn close<O: Observer>(&mut self, episode: &Episode, end: f64, trial: &mut Evaluation<'_, O>) {
        self.waiting.since = episode.until;
        let Stoppage { end: returned, ready, .. } = trial.stoppages[EXPORT][episode.last];
        let first_passwords = next_cycle(ready, self.world.sync.password_cycle);
        if !self.guarded && episode.due <= first_passwords {
            self.hold.push(Hold { returned, until: end });
        }
    }
}

impl<'a> Objects<'a> {
    /// The changes of `[from, to)` that are picked up at `synced`.
    fn missed(&self, from: f64, to: f64, synced: f64) -> MissedChanges<'a> {
        let (rates, cycle) = (&self.world.workload.objects.rates, self.cycle());
        MissedChanges { rates, from, to, synced, cycle, users: None }
    }

    /// Adds the delays of the changes counted in `part` up to the export.
    fn add_delays(&mut self, part: Waiting, missed: MissedChanges<'_>, rng: &mut Rng) {
        let disabled = missed.waiting(part.disables, rng, |_| {});
        let others = missed.waiting(part.changes - part.disables, rng, |_| {});
        self.totals.disabled_hours += disabled;
        self.totals.hours += disabled + others;
        self.totals.changes += part.changes;
    }
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
fn pass_guard(world: &World, streams: &Streams, episode: &Episode, deletes: u64) -> Export {
    let (guard, due, until) = (world.sync.delete_guard, episode.due, episode.until);
    if guard == 0 || deletes <= guard || due >= until {
        return Export { at: due, guarded: false };
    }
    let hours = streams.hours(&world.sync.clear_guard, Purpose::ClearGuard, episode.event);
    let cleared = world.staffed.work_end(due, hours);
    Export { at: cleared.min(until), guarded: true }
}
