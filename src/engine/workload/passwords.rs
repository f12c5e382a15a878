//! Stale passwords: users whose change has not reached the cloud.
//!
//! A user is stale from the cycle that would have carried the first missed change until the backlog
//! is worked off up to that user. Outages whose backlog was not reached by a cycle in between are
//! one episode. Users served between the last cycle before an outage and its onset count as free to
//! be caught from that cycle on: an overcount of less than a hundredth, and only where a drain
//! takes hours and cycles are long. Distinct users over a trial: binomial over those touched before
//! and those not.

use super::cycle::{last_due_before, next_cycle};
use super::drain::{Drain, Joining};
use super::episode::{Backlog, Episode, work_off};
use super::evaluation::Evaluation;
use super::missed::{MissedChanges, SUMMED_FROM};
use super::objects::Hold;
use crate::distribution::Rng;
use crate::distribution::counts::binomial;
use crate::distribution::draws::uniform;
use crate::engine::observe::{Observer, TraceEvent};
use crate::engine::outage::{PASSWORD_SYNC, Stoppage};
use crate::metric::Metric;
use crate::numeric::quick::one_less_exp;
use crate::world::World;
use crate::world::streams::Purpose;

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

/// The stale passwords of a trial.
struct Passwords<'a> {
    world: &'a World,
    users: Users,
    /// Stale user-hours of the episode in hand.
    hours: f64,
    /// Stale user-hours of the episodes before it.
    total: f64,
    /// In the order of time: exports of objects that hold passwords back.
    hold: &'a [Hold],
}

/// Fills in the metrics of stale passwords.
pub(super) fn evaluate<O: Observer>(trial: &mut Evaluation<'_, O>, hold: &[Hold]) {
    let world = trial.world;
    if world.workload.passwords.is_zero() {
        return;
    }
    let all = world.organisation.users;
    let users = Users { all, touched: 0, waiting: 0, waiting_since: 0.0, peak: 0 };
    let mut passwords = Passwords { world, users, hours: 0.0, total: 0.0, hold };
    work_off(&mut passwords, trial);
    trial.metrics[Metric::StaleUserHours] = passwords.total;
    trial.metrics[Metric::StaleUsers] = passwords.users.touched as f64;
    trial.metrics[Metric::PeakStaleUsers] = passwords.users.peak as f64;
}

impl Backlog for Passwords<'_> {
    const SERVICE: usize = PASSWORD_SYNC;
    const DRAIN: Purpose = Purpose::PasswordDrain;

    fn cycle(&self) -> f64 {
        self.world.sync.password_cycle
    }

    fn due(&self, stoppage: &Stoppage) -> f64 {
        next_cycle(stoppage.ready.max(self.held_until(stoppage)), self.cycle())
    }

    fn waiting(&self) -> u64 {
        self.users.waiting
    }

    fn collect<O: Observer>(
        &mut self,
        episode: &Episode,
        from: f64,
        trial: &mut Evaluation<'_, O>,
    ) -> f64 {
        let (synced, cycle) = (episode.due, self.cycle());
        let users = &mut self.users;
        let missed = MissedChanges {
            rates: &self.world.workload.passwords,
            from,
            to: last_due_before(synced, cycle),
            synced,
            cycle,
            users: Some(users.all as f64),
        };
        let mut rng = trial.streams.world(Purpose::Passwords, episode.event);
        let fresh = users.batch(missed.mass(), users.waiting, 0, &mut rng);
        let outage = trial.stoppages[PASSWORD_SYNC][episode.first].outage;
        let mut show = |time| trial.note(time, outage, TraceEvent::PasswordChanged);
        self.hours = missed.waiting(fresh, &mut rng, &mut show);
        if O::WATCHES && fresh >= SUMMED_FROM {
            // The sum was drawn as a whole: the times shown are consistent with the count.
            let mut rng = trial.streams.world(Purpose::Shown, episode.event);
            missed.draw_times(fresh, &mut rng, |time| {
                trial.note(time, outage, TraceEvent::PasswordChanged);
            });
        }
        self.hours += users.waiting as f64 * (synced - users.waiting_since);
        users.waiting += fresh;
        users.peak = users.peak.max(users.waiting);
        synced
    }

    fn synced(&self) -> TraceEvent<'static> {
        TraceEvent::PasswordsSynced { users: self.users.waiting, user_hours: self.hours }
    }

    fn drain(&mut self, from: f64, until: f64, rng: &mut Rng) -> f64 {
        let users = &mut self.users;
        let drain = Drain {
            rates: &self.world.workload.passwords,
            cycle: self.world.sync.password_cycle,
            from,
            until,
            per_hour: self.world.sync.passwords_per_minute * 60.0,
            backlog: users.waiting,
        };
        let drained = drain.run(users, rng);
        users.waiting = drained.left.min(users.touched);
        users.peak = users.peak.max(drained.peak.min(users.all));
        self.hours += drained.waited + drained.waited_by_joined;
        drained.end
    }

    fn close<O: Observer>(&mut self, episode: &Episode, _end: f64, trial: &mut Evaluation<'_, O>) {
        self.users.waiting_since = episode.until;
        let outage = trial.stoppages[PASSWORD_SYNC][episode.first].outage;
        trial.outages[outage as usize].stale_user_hours += self.hours;
        self.total += self.hours;
    }
}

impl Passwords<'_> {
    /// Until when the export that returned together with the passwords holds them back.
    fn held_until(&self, stoppage: &Stoppage) -> f64 {
        let at = self.hold.partition_point(|hold| hold.returned < stoppage.end);
        self.hold
            .get(at)
            .filter(|hold| hold.returned == stoppage.end)
            .map_or(0.0, |hold| hold.until)
    }
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
