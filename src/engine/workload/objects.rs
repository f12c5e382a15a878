//! Object changes: what waited, for how long, and what stops the export.
//!
//! After a full import and sync the export runs at once, as part of that cycle; otherwise at the
//! next object cycle. An export that is running holds the passwords back that returned with it; one
//! that is not yet due, or that the delete guard has stopped, does not.
//!
//! Leavers may be switched off in the cloud by hand, once an outage is known and until the backlog
//! is worked off. They are a kind of change of their own: they wait for the export like the rest,
//! and their accounts are usable until then or until they are switched off.

use super::cycle::{last_due_before, next_cycle};
use super::drain::{Drain, Joining};
use super::episode::{Backlog, Episode, work_off};
use super::evaluation::Evaluation;
use super::guard::pass_guard;
use super::missed::MissedChanges;
use crate::distribution::Rng;
use crate::distribution::counts::{binomial, poisson};
use crate::engine::observe::{Observer, TraceEvent};
use crate::engine::outage::Stoppage;
use crate::metric::Metric;
use crate::world::World;
use crate::world::reachable::Reachable;
use crate::world::service::Service;
use crate::world::streams::Purpose;
use crate::world::sync::Sync;

/// How many kinds of changes are told apart.
const KINDS: usize = 6;

// The kinds, in the order in which they are drawn.
const DELETES: usize = 0;
const DISABLES: usize = 1;
const DISABLES_BY_HAND: usize = 2;
const JOINS: usize = 3;
const DEVICES: usize = 4;
const OTHERS: usize = 5;

/// Changes by kind.
type Counts = [u64; KINDS];

/// The changes of a trial.
struct Objects<'a> {
    world: &'a World,
    sync: &'a Sync,
    rates: Reachable<'a>,
    /// Share of each kind in all changes.
    shares: [f64; KINDS],
    /// What waits.
    waiting: Counts,
    /// Since then those left over have waited.
    waiting_since: f64,
    /// Leavers of the backlog in hand are switched off by hand from then on.
    by_hand_from: f64,
    /// Changes that were late, so far.
    late: u64,
    /// By kind: how long they waited for the export, object-hours. Deletes stand with the others.
    hours: [f64; KINDS],
    /// How long accounts were usable that were switched off by hand, account-hours.
    by_hand_hours: f64,
    /// The guard stopped the export of the episode in hand.
    guarded: bool,
    hold: &'a mut Vec<Hold>,
}

/// Passwords whose service returned together with the export wait until that export is done, if it
/// begins no later than their own first cycle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    /// When both services returned.
    pub(super) returned: f64,
    /// When the export begins.
    pub(super) due: f64,
    /// When it is done.
    pub(super) until: f64,
}

/// Fills in the metrics of object changes, until when passwords are held back, and when anything
/// was behind.
pub(super) fn evaluate<O: Observer>(
    trial: &mut Evaluation<'_, O>,
    hold: &mut Vec<Hold>,
    behind: &mut Vec<(f64, f64)>,
) {
    hold.clear();
    let world = trial.world;
    if world.workload.objects.rates.is_zero() {
        return;
    }
    let mut objects = Objects {
        world,
        sync: trial.sync,
        rates: Reachable::new(&world.workload.objects.rates, trial.unreachable),
        shares: shares(world),
        waiting: [0; KINDS],
        waiting_since: 0.0,
        by_hand_from: f64::INFINITY,
        late: 0,
        hours: [0.0; KINDS],
        by_hand_hours: 0.0,
        guarded: false,
        hold,
    };
    work_off(&mut objects, trial, behind);
    let Objects { late, hours, by_hand_hours, .. } = objects;
    trial.metrics[Metric::DelayedObjectChanges] = late as f64;
    trial.metrics[Metric::ObjectDelayHours] = hours.iter().sum();
    trial.metrics[Metric::JoinerWaitHours] = hours[JOINS];
    trial.metrics[Metric::DeviceWaitHours] = hours[DEVICES];
    if trial.has_cloud_passwords {
        trial.metrics[Metric::DisabledAccountHours] = hours[DISABLES] + by_hand_hours;
    }
}

/// The share of each kind in all changes.
fn shares(world: &World) -> [f64; KINDS] {
    let objects = &world.workload.objects;
    let by_hand = world.operations.disable_by_hand.as_ref().map_or(0.0, |hand| hand.probability);
    let mut shares = [0.0; KINDS];
    shares[DELETES] = objects.deletes;
    shares[DISABLES] = objects.disables * (1.0 - by_hand);
    shares[DISABLES_BY_HAND] = objects.disables * by_hand;
    shares[JOINS] = objects.joins;
    shares[DEVICES] = objects.devices;
    shares[OTHERS] = (1.0 - shares.iter().sum::<f64>()).max(0.0);
    shares
}

impl Backlog for Objects<'_> {
    const SERVICE: Service = Service::Export;
    const DRAIN: Purpose = Purpose::ObjectDrain;

    fn cycle(&self) -> f64 {
        self.sync.object_cycle
    }

    fn due(&self, stoppage: &Stoppage) -> f64 {
        if stoppage.full_cycle { stoppage.ready } else { next_cycle(stoppage.ready, self.cycle()) }
    }

    fn waiting(&self) -> u64 {
        self.waiting.iter().sum()
    }

    fn collect<O: Observer>(
        &mut self,
        episode: &Episode,
        from: f64,
        trial: &mut Evaluation<'_, O>,
    ) -> f64 {
        let due = episode.due;
        let missed_until = last_due_before(due, self.cycle());
        self.learn_of_outages(episode, trial);
        let mut rng = trial.streams.world(Purpose::Objects, episode.event);
        let mut fresh = self.count(self.shares, from, missed_until, &mut rng);
        // What came since the last cycle is part of the export too.
        let latest_from = missed_until.max(from);
        let latest_mass = self.mass(latest_from, due);
        let latest = poisson(self.shares[DELETES] * latest_mass, &mut rng);
        let export = pass_guard(episode, self.waiting[DELETES] + fresh[DELETES] + latest, trial);
        self.guarded = export.guarded;
        self.add_delays(fresh, &self.missed(from, missed_until, export.at), &mut rng);
        let guarded_until = last_due_before(export.at, self.cycle());
        if guarded_until > missed_until && export.guarded {
            // The cycles that the guard stopped catch what came meanwhile.
            let mut shares = self.shares;
            shares[DELETES] = 0.0;
            let mut after = self.count(shares, latest_from, due, &mut rng);
            after[DELETES] += latest;
            add(&mut after, self.count(self.shares, due, guarded_until, &mut rng));
            self.add_delays(after, &self.missed(latest_from, guarded_until, export.at), &mut rng);
            add(&mut fresh, after);
        }
        self.add_delays_of_leftovers(export.at);
        add(&mut self.waiting, fresh);
        export.at
    }

    fn synced(&self) -> TraceEvent<'static> {
        TraceEvent::ObjectsSynced { changes: self.waiting() }
    }

    fn drain(&mut self, from: f64, until: f64, rng: &mut Rng) -> f64 {
        let backlog = self.waiting();
        let per_hour = self.sync.export_per_hour;
        let (rates, cycle) = (self.rates, self.cycle());
        let drained =
            Drain { rates, cycle, from, until, per_hour, backlog }.run(&mut Everything, rng);
        self.wait_in_queue(self.waiting, drained.waited);
        // Turns are spread evenly over the time that the backlog takes; the rest wait to the end.
        let (span, hand) = (until - from, (self.by_hand_from - from).max(0.0));
        let taken = (backlog as f64 / per_hour).min(span);
        let served = if backlog == 0 { 0.0 } else { taken * per_hour / backlog as f64 };
        let turn = if hand < taken { hand - hand * hand / (2.0 * taken) } else { taken / 2.0 };
        let each = served * turn + (1.0 - served) * hand.min(span);
        self.by_hand_hours += self.waiting[DISABLES_BY_HAND] as f64 * each;
        if drained.joined > 0 {
            let joined = split(drained.joined, self.shares, rng);
            let by_hand = self.wait_in_queue(joined, drained.waited_by_joined);
            self.by_hand_hours += by_hand * (hand / (drained.end - from)).min(1.0);
            self.late += drained.joined;
            add(&mut self.waiting, joined);
        }
        self.waiting = split(drained.left, self.waiting.map(|count| count as f64), rng);
        drained.end
    }

    fn close<O: Observer>(&mut self, episode: &Episode, end: f64, trial: &mut Evaluation<'_, O>) {
        self.waiting_since = episode.until;
        if self.waiting() == 0 {
            self.by_hand_from = f64::INFINITY;
        }
        if !self.guarded {
            let returned = trial.of(Service::Export)[episode.last].end;
            self.hold.push(Hold { returned, due: episode.due, until: end });
        }
    }
}

impl<'a> Objects<'a> {
    /// The changes of `[from, to)` that are picked up at `synced`.
    fn missed(&self, from: f64, to: f64, synced: f64) -> MissedChanges<'a> {
        MissedChanges { rates: self.rates, from, to, synced, cycle: self.cycle(), users: None }
    }

    /// People who know of one of the outages begin to switch leavers off by hand, and go on until
    /// the backlog is worked off.
    fn learn_of_outages<O>(&mut self, episode: &Episode, trial: &Evaluation<'_, O>) {
        let Some(by_hand) = &self.world.operations.disable_by_hand else {
            return;
        };
        for stoppage in &trial.of(Service::Export)[episode.first..=episode.last] {
            let outage = &trial.outages[stoppage.outage as usize];
            if let Some(alarm) = outage.alarm {
                let purpose = Purpose::DisableByHand;
                let after = trial.streams.hours(&by_hand.after, purpose, outage.event);
                self.by_hand_from = self.by_hand_from.min(alarm + after);
            }
        }
    }

    /// Expected changes in `[from, to)`.
    fn mass(&self, from: f64, to: f64) -> f64 {
        if to > from { self.rates.between(from, to) } else { 0.0 }
    }

    /// Draws the changes of `[from, to)` of each kind, by the shares of the kinds.
    fn count(&self, shares: [f64; KINDS], from: f64, to: f64, rng: &mut Rng) -> Counts {
        let mass = self.mass(from, to);
        if mass <= 0.0 { [0; KINDS] } else { shares.map(|share| poisson(share * mass, rng)) }
    }

    /// Adds the delays of changes up to the export.
    fn add_delays(&mut self, counts: Counts, missed: &MissedChanges<'_>, rng: &mut Rng) {
        self.late += counts.iter().sum::<u64>();
        for kind in [DISABLES, DISABLES_BY_HAND, JOINS, DEVICES] {
            let waited = missed.waiting(counts[kind], rng, |_| {});
            self.hours[kind] += waited;
            if kind == DISABLES_BY_HAND && counts[kind] > 0 {
                self.by_hand_hours += self.usable(counts[kind], waited, missed, rng);
            }
        }
        self.hours[OTHERS] += missed.waiting(counts[DELETES] + counts[OTHERS], rng, |_| {});
    }

    /// How long the accounts of `count` leavers were usable that waited so long for the export and
    /// were switched off by hand: not at all if their cycle was later than that.
    fn usable(&self, count: u64, waited: f64, missed: &MissedChanges<'_>, rng: &mut Rng) -> f64 {
        let synced = self.by_hand_from;
        if synced >= missed.synced {
            return waited;
        }
        let to = last_due_before(synced, missed.cycle).min(missed.to);
        let before = MissedChanges { to, synced, ..*missed };
        let share = before.mass() / missed.mass();
        if share <= 0.0 {
            return 0.0;
        }
        before.waiting(binomial(count, share.min(1.0), rng), rng, |_| {})
    }

    /// Adds how long those left over from the episode before waited on up to the export.
    fn add_delays_of_leftovers(&mut self, export: f64) {
        let waited = export - self.waiting_since;
        for (hours, count) in self.hours.iter_mut().zip(self.waiting) {
            *hours += count as f64 * waited;
        }
        let usable = (self.by_hand_from.min(export) - self.waiting_since).max(0.0);
        self.by_hand_hours += self.waiting[DISABLES_BY_HAND] as f64 * usable;
    }

    /// Adds that `counts` waited so long in the queue all together, wherever they stand in it: each
    /// the mean. Returns the part of those who are switched off by hand.
    fn wait_in_queue(&mut self, counts: Counts, waited: f64) -> f64 {
        let all = counts.iter().sum::<u64>();
        if all == 0 {
            return 0.0;
        }
        let each = waited / all as f64;
        for (hours, count) in self.hours.iter_mut().zip(counts) {
            *hours += count as f64 * each;
        }
        counts[DISABLES_BY_HAND] as f64 * each
    }
}

fn add(counts: &mut Counts, more: Counts) {
    for (count, more) in counts.iter_mut().zip(more) {
        *count += more;
    }
}

/// Draws of which kinds `count` changes are, each by the weights of the kinds.
fn split(count: u64, weights: [f64; KINDS], rng: &mut Rng) -> Counts {
    let (mut left, mut weight) = (count, weights.iter().sum::<f64>());
    let mut counts = [0; KINDS];
    if left == 0 {
        return counts;
    }
    for kind in 0..OTHERS {
        counts[kind] = binomial(left, (weights[kind] / weight).clamp(0.0, 1.0), rng);
        left -= counts[kind];
        weight -= weights[kind];
    }
    counts[OTHERS] = left;
    counts
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
