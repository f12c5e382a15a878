//! Stale passwords: users whose change has not reached the cloud.
//!
//! A user is stale from the cycle that would have carried the first missed change until the backlog
//! is worked off up to that user. Outages whose backlog was not reached by a cycle in between are
//! one episode. Distinct users over a trial: binomial over those touched before and those not.

use super::super::observe::{Happening, Observer, Place};
use super::super::state::Scratch;
use super::caught::Caught;
use super::drain::Drain;
use super::{last_due_before, next_cycle};
use crate::law::Rng;
use crate::law::counts::binomial;
use crate::law::sums::LIMIT_LAW_FROM;
use crate::metric::{Metric, Metrics};
use crate::world::World;
use crate::world::streams::{Purpose, Streams};

/// Users by what has happened to them in the trial.
#[derive(Debug, Default)]
struct Users {
    /// Stale at least once.
    touched: u64,
    /// Left waiting when the last outage began.
    waiting: u64,
    /// Since then.
    waiting_since: f64,
    /// Most waiting at one moment.
    peak: u64,
}

/// Fills in the metrics of stale passwords.
pub(super) fn evaluate<O: Observer>(
    world: &World,
    streams: &Streams,
    scratch: &mut Scratch,
    metrics: &mut Metrics,
    observer: &mut O,
) {
    let rates = &world.workload.passwords;
    if rates.is_zero() {
        return;
    }
    let cycle = world.sync.password_cycle;
    let mut users = Users::default();
    let mut total = 0.0;
    let mut synced_last = 0.0_f64;
    let mut last = 0;
    while last < scratch.outages.len() {
        let first = last;
        let onset = scratch.outages[first].onset;
        let from = last_due_before(onset, cycle).max(synced_last);
        // The first cycle that runs, in this outage's gap or a later one's.
        let synced = loop {
            let ready = scratch.outages[last].ready.max(scratch.backlogs.hold[last]);
            let synced = next_cycle(ready, cycle);
            match scratch.outages.get(last + 1) {
                Some(next) if synced >= next.onset => last += 1,
                _ => break synced,
            }
        };
        let until = scratch.outages.get(last + 1).map_or(world.horizon, |next| next.onset);
        let synced = synced.min(world.horizon);
        let caught = Caught {
            rates,
            from,
            to: last_due_before(synced, cycle),
            synced,
            cycle,
            users: Some(world.organisation.users as f64),
        };
        let event = scratch.outages[first].event;
        let mut rng = streams.world(Purpose::Passwords, event);
        let fresh = catch(&mut users, &caught, world.organisation.users, &mut rng);
        let place = Place { outage: Some(first), ..Place::default() };
        let mut hours = caught.waiting(fresh, &mut rng, |time| {
            if O::WATCHES {
                observer.happened(time, place, Happening::PasswordChanged);
            }
        });
        if O::WATCHES && fresh >= LIMIT_LAW_FROM {
            // The sum was drawn as a whole: the times shown are consistent with the count.
            let mut rng = streams.world(Purpose::Shown, event);
            caught.draw_times(fresh, &mut rng, |time| {
                observer.happened(time, place, Happening::PasswordChanged);
            });
        }
        hours += users.waiting as f64 * (synced - users.waiting_since);
        users.waiting += fresh;
        users.peak = users.peak.max(users.waiting);
        let backlog = users.waiting;
        if O::WATCHES && backlog > 0 && synced < world.horizon {
            let what = Happening::PasswordsSynced { users: backlog, user_hours: hours };
            observer.happened(synced, Place { outage: Some(last), ..place }, what);
        }
        let end = if synced < until {
            let mut rng = streams.world(Purpose::PasswordDrain, event);
            let (waited, end) = drain(world, &mut users, synced, until, &mut rng);
            hours += waited;
            end
        } else {
            until
        };
        users.waiting_since = until;
        if backlog > 0 {
            for outage in &mut scratch.outages[first..=last] {
                outage.current = outage.current.max(end);
            }
        }
        scratch.outages[first].stale_user_hours = hours;
        total += hours;
        synced_last = synced;
        last += 1;
    }
    metrics[Metric::StaleUserHours] = total;
    metrics[Metric::StaleUsers] = users.touched as f64;
    metrics[Metric::PeakStaleUsers] = users.peak as f64;
}

/// Draws how many users are caught who do not wait already.
fn catch(users: &mut Users, caught: &Caught<'_>, all: u64, rng: &mut Rng) -> u64 {
    let probability = -libm::expm1(-caught.mass() / all as f64);
    if probability <= 0.0 {
        return 0;
    }
    let new = binomial(all - users.touched, probability, rng);
    let again = binomial(users.touched - users.waiting, probability, rng);
    users.touched += new;
    new + again
}

/// Works the backlog off; returns the waiting beyond `from`, user-hours, and the end.
fn drain(world: &World, users: &mut Users, from: f64, until: f64, rng: &mut Rng) -> (f64, f64) {
    let all = world.organisation.users;
    let drain = Drain {
        rates: &world.workload.passwords,
        from,
        until,
        per_hour: world.sync.passwords_per_minute * 60.0,
        backlog: users.waiting,
        users: Some(all as f64),
    };
    let drained = drain.run(rng);
    if drained.arrivals > 0 {
        // Those who join are not waiting; some of them were stale before.
        let others = (all - users.waiting).max(1) as f64;
        let untouched = (all - users.touched) as f64 / others;
        let new = binomial(drained.arrivals, untouched.min(1.0), rng);
        users.touched = (users.touched + new).min(all);
    }
    users.waiting = drained.left.min(users.touched);
    users.peak = users.peak.max(drained.peak.min(all));
    (drained.waited, drained.end)
}
