//! Stale passwords: users whose change has not reached the cloud.
//!
//! A user is stale from the cycle that would have carried the first missed change until the backlog
//! is worked off up to that user. Outages whose backlog was not reached by a cycle in between are
//! one episode. Users served between the last cycle before an outage and its onset count as free to
//! be caught from that cycle on: an overcount of less than a hundredth, and only where a drain
//! takes hours and cycles are long. Distinct users over a trial: binomial over those touched before
//! and those not.

use super::super::observe::{Observer, Place, TraceEvent};
use super::super::state::Scratch;
use super::affected::{AffectedUsers, SUMMED_FROM};
use super::drain::{Drain, Joining};
use super::{last_due_before, next_cycle, not_current};
use crate::distribution::Rng;
use crate::distribution::counts::binomial;
use crate::distribution::draws::uniform;
use crate::distribution::quick::one_less_exp;
use crate::metric::{Metric, Metrics};
use crate::world::World;
use crate::world::streams::{Purpose, Streams};

/// Users by what has happened to them in the trial.
#[derive(Debug)]
struct Users {
    all: u64,
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
    let all = world.organisation.users;
    let mut users = Users { all, touched: 0, waiting: 0, waiting_since: 0.0, peak: 0 };
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
        let caught = AffectedUsers {
            rates,
            from,
            to: last_due_before(synced, cycle),
            synced,
            cycle,
            users: Some(all as f64),
        };
        let event = scratch.outages[first].event;
        let mut rng = streams.world(Purpose::Passwords, event);
        let fresh = users.batch(caught.mass(), users.waiting, 0, &mut rng);
        let place = Place { outage: Some(first), ..Place::default() };
        let mut hours = caught.waiting(fresh, &mut rng, |time| {
            if O::WATCHES {
                observer.happened(time, place, TraceEvent::PasswordChanged);
            }
        });
        if O::WATCHES && fresh >= SUMMED_FROM {
            // The sum was drawn as a whole: the times shown are consistent with the count.
            let mut rng = streams.world(Purpose::Shown, event);
            caught.draw_times(fresh, &mut rng, |time| {
                observer.happened(time, place, TraceEvent::PasswordChanged);
            });
        }
        let carried = users.waiting > 0;
        hours += users.waiting as f64 * (synced - users.waiting_since);
        users.waiting += fresh;
        users.peak = users.peak.max(users.waiting);
        let backlog = users.waiting;
        if O::WATCHES && backlog > 0 && synced < world.horizon {
            let what = TraceEvent::PasswordsSynced { users: backlog, user_hours: hours };
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
            not_current(&mut scratch.outages[first..=last], cycle, carried, end);
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

impl Joining for Users {
    /// Each user's changes are a Poisson process of their own: of those who do not wait already, so
    /// many change a password at least once. What those changed who were served meanwhile went with
    /// their turn if it came before it; their turns are spread evenly over the time.
    fn batch(&mut self, mass: f64, waiting: u64, served: u64, rng: &mut Rng) -> u64 {
        let probability = one_less_exp(mass / self.all as f64);
        if probability <= 0.0 {
            return 0;
        }
        let new = binomial(self.all - self.touched, probability, rng);
        let others = self.touched.saturating_sub(waiting + served);
        let again = binomial(others, probability, rng);
        let after_turn = if served == 0 {
            0
        } else {
            binomial(served, 1.0 - probability * self.all as f64 / mass, rng)
        };
        self.touched += new;
        new + again + after_turn
    }

    /// The user is any of them: one who waits, one who was stale before, or one who was not.
    fn one(&mut self, waiting: u64, rng: &mut Rng) -> bool {
        let user = (uniform(rng) * self.all as f64) as u64;
        if user >= self.touched {
            self.touched += 1;
        }
        user >= waiting
    }

    /// The shares of those who wait are taken at the start of a batch, so it is a small part of
    /// all.
    fn most(&self) -> f64 {
        self.all as f64 / 256.0
    }
}

/// Works the backlog off; returns the waiting beyond `from`, user-hours, and the end.
fn drain(world: &World, users: &mut Users, from: f64, until: f64, rng: &mut Rng) -> (f64, f64) {
    let drain = Drain {
        rates: &world.workload.passwords,
        cycle: world.sync.password_cycle,
        from,
        until,
        per_hour: world.sync.passwords_per_minute * 60.0,
        backlog: users.waiting,
    };
    let drained = drain.run(users, rng);
    users.waiting = drained.left.min(users.touched);
    users.peak = users.peak.max(drained.peak.min(users.all));
    (drained.waited + drained.waited_by_joined, drained.end)
}
