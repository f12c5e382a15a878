//! Stale passwords: users whose change has not reached the cloud.
//!
//! A user is stale from the cycle that would have carried the first missed change until the backlog
//! is worked off up to that user. Stoppages whose backlog was not reached by a cycle in between are
//! one episode. Users who had their turn in a drain after the last cycle before a stoppage are free
//! to be caught from their turn on; all others who do not wait, from that cycle on. Distinct users
//! over a trial: binomial over those touched before and those not.
//!
//! Where a second server has been writing old values back, whoever changed a password since it began
//! and was synced is stale from the onset of that stoppage on.

use super::cycle::{last_due_before, next_cycle};
use super::drain::{Drain, Joining, Served};
use super::episode::{Backlog, Episode, work_off};
use super::evaluation::Evaluation;
use super::missed::{MissedChanges, SUMMED_FROM};
use super::objects::Hold;
use crate::distribution::Rng;
use crate::distribution::counts::binomial;
use crate::distribution::draws::uniform;
use crate::engine::observe::{Observer, TraceEvent};
use crate::engine::outage::Stoppage;
use crate::metric::Metric;
use crate::numeric::quick::{exp, one_less_exp};
use crate::world::reachable::Reachable;
use crate::world::service::Service;
use crate::world::streams::Purpose;
use crate::world::sync::Sync;

/// Users by what has happened to them in the trial.
#[derive(Debug)]
struct Users {
    all: u64,
    /// Stale at least once.
    touched: u64,
    /// Left waiting when the last stoppage began.
    waiting: u64,
    /// Since then.
    waiting_since: f64,
    /// Served since the last cycle before the stoppage that is next.
    served: Served,
    /// Most waiting at one moment.
    peak: u64,
}

/// The stale passwords of a trial.
struct Passwords<'a> {
    sync: &'a Sync,
    rates: Reachable<'a>,
    users: Users,
    /// Old values were written back then, in the episode in hand; infinite if never.
    rewritten_at: f64,
    /// Stale user-hours of the episode in hand.
    hours: f64,
    /// Stale user-hours of the episodes before it.
    total: f64,
    /// In the order of time: exports of objects that hold passwords back.
    hold: &'a [Hold],
}

/// Fills in the metrics of stale passwords.
pub(super) fn evaluate<O: Observer>(
    trial: &mut Evaluation<'_, O>,
    hold: &[Hold],
    behind: &mut Vec<(f64, f64)>,
) {
    let world = trial.world;
    if world.workload.passwords.is_zero() {
        return;
    }
    let all = world.organisation.users;
    let served = Served::default();
    let users = Users { all, touched: 0, waiting: 0, waiting_since: 0.0, served, peak: 0 };
    let rates = Reachable::new(&world.workload.passwords, trial.unreachable);
    let mut passwords = Passwords {
        sync: trial.sync,
        rates,
        users,
        rewritten_at: f64::INFINITY,
        hours: 0.0,
        total: 0.0,
        hold,
    };
    work_off(&mut passwords, trial, behind);
    trial.metrics[Metric::StaleUserHours] = passwords.total;
    trial.metrics[Metric::StaleUsers] = passwords.users.touched as f64;
    trial.metrics[Metric::PeakStaleUsers] = passwords.users.peak as f64;
}

impl Backlog for Passwords<'_> {
    const SERVICE: Service = Service::PasswordSync;
    const DRAIN: Purpose = Purpose::PasswordDrain;

    fn cycle(&self) -> f64 {
        self.sync.password_cycle
    }

    fn due(&self, stoppage: &Stoppage) -> f64 {
        let first = next_cycle(stoppage.ready, self.cycle());
        match self.held_until(stoppage, first) {
            Some(until) => next_cycle(stoppage.ready.max(until), self.cycle()),
            None => first,
        }
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
        let mut rng = trial.streams.world(Purpose::Passwords, episode.event);
        self.hours = self.users.waiting as f64 * (synced - self.users.waiting_since);
        self.rewritten_at = f64::INFINITY;
        for stoppage in &trial.of(Service::PasswordSync)[episode.first..=episode.last] {
            if let Some(since) = stoppage.rewrites_since {
                let rewritten = self.rewrite((since, from), stoppage.onset, &mut rng);
                self.hours += rewritten as f64 * (synced - stoppage.onset);
            }
        }
        let missed = MissedChanges {
            rates: self.rates,
            from,
            to: last_due_before(synced, cycle),
            synced,
            cycle,
            users: Some(self.users.all as f64),
        };
        let served = std::mem::take(&mut self.users.served);
        let fresh = self.users.catch(missed.mass(), self.users.waiting + served.count, &mut rng);
        let outage = trial.of(Service::PasswordSync)[episode.first].outage;
        let mut show = |time| trial.note(time, outage, TraceEvent::PasswordChanged);
        self.hours += missed.waiting(fresh, &mut rng, &mut show);
        if O::WATCHES && fresh >= SUMMED_FROM {
            // The sum was drawn as a whole: the times shown are consistent with the count.
            let mut rng = trial.streams.world(Purpose::Shown, episode.event);
            missed.draw_times(fresh, &mut rng, |time| {
                trial.note(time, outage, TraceEvent::PasswordChanged);
            });
        }
        self.users.waiting += fresh;
        if served.count > 0 {
            self.catch_served(served, missed, &mut rng);
        }
        self.users.peak = self.users.peak.max(self.users.waiting);
        synced
    }

    fn waiting_whatever_cycles(&self) -> f64 {
        self.rewritten_at
    }

    fn synced(&self) -> TraceEvent<'static> {
        TraceEvent::PasswordsSynced { users: self.users.waiting, user_hours: self.hours }
    }

    fn drain(&mut self, from: f64, until: f64, rng: &mut Rng) -> f64 {
        let users = &mut self.users;
        let drain = Drain {
            rates: self.rates,
            cycle: self.sync.password_cycle,
            from,
            until,
            per_hour: self.sync.passwords_per_minute * 60.0,
            backlog: users.waiting,
        };
        let drained = drain.run(users, rng);
        users.waiting = drained.left.min(users.touched);
        users.peak = users.peak.max(drained.peak.min(users.all));
        users.served = drained.last_served;
        self.hours += drained.waited + drained.waited_by_joined;
        drained.end
    }

    fn close<O: Observer>(&mut self, episode: &Episode, _end: f64, trial: &mut Evaluation<'_, O>) {
        self.users.waiting_since = episode.until;
        let outage = trial.of(Service::PasswordSync)[episode.first].outage;
        trial.outages[outage as usize].stale_user_hours += self.hours;
        self.total += self.hours;
    }
}

impl<'a> Passwords<'a> {
    /// Until when the export holds passwords back that returned together with it, and begins no
    /// later than the cycle that would be their first.
    fn held_until(&self, stoppage: &Stoppage, first: f64) -> Option<f64> {
        let at = self.hold.partition_point(|hold| hold.returned < stoppage.end);
        let hold = self.hold.get(at)?;
        (hold.returned == stoppage.end && hold.due <= first).then_some(hold.until)
    }

    /// Whoever changed a password in the window, and was synced, gets the old value back at `onset`
    /// and waits from then on: so many users more.
    #[cold]
    fn rewrite(&mut self, (since, picked_up): (f64, f64), onset: f64, rng: &mut Rng) -> u64 {
        let mass = self.rates.between(since, picked_up);
        let rewritten = self.users.catch(mass, self.users.waiting, rng);
        if rewritten > 0 {
            self.rewritten_at = self.rewritten_at.min(onset);
        }
        self.users.waiting += rewritten;
        rewritten
    }

    /// Catches users who had their turn after the last cycle before the stoppage. Those of them who
    /// change again before the first missed cycle are all due then.
    #[cold]
    fn catch_served(&mut self, served: Served, missed: MissedChanges<'a>, rng: &mut Rng) {
        if missed.to <= served.to {
            // The stoppage missed no cycle.
            return;
        }
        let all = self.users.all as f64;
        let first_due = next_cycle(missed.from + missed.cycle, missed.cycle);
        // The part of the users whose turns are spread over the window that do not change again
        // until the first missed cycle: each has the rest of the window and what follows it.
        let spread = self.rates.between(served.from, served.to) / all;
        let rest = self.rates.between(served.to, first_due) / all;
        let unchanged = if spread > 0.0 { one_less_exp(spread) / spread } else { 1.0 } * exp(-rest);
        let soon = binomial(served.count, (1.0 - unchanged).clamp(0.0, 1.0), rng);
        let later = MissedChanges { from: first_due, ..missed };
        let probability = one_less_exp(later.mass() / all);
        let then = binomial(served.count - soon, probability, rng);
        self.hours += soon as f64 * (missed.synced - first_due) + later.waiting(then, rng, |_| {});
        self.users.waiting += soon + then;
    }
}

impl Users {
    /// How many are caught by changes of expected number `mass`, while `others` cannot be. Each
    /// user's changes are a Poisson process of their own.
    fn catch(&mut self, mass: f64, others: u64, rng: &mut Rng) -> u64 {
        let probability = one_less_exp(mass / self.all as f64);
        if probability <= 0.0 {
            return 0;
        }
        let new = binomial(self.all - self.touched, probability, rng);
        let again = binomial(self.touched.saturating_sub(others), probability, rng);
        self.touched += new;
        new + again
    }
}

impl Joining for Users {
    /// Of those who do not wait already, so many change a password at least once. What those
    /// changed who were served meanwhile went with their turn if it came before it; their turns are
    /// spread evenly over the time.
    fn batch(&mut self, mass: f64, waiting: u64, served: u64, rng: &mut Rng) -> u64 {
        let caught = self.catch(mass, waiting + served, rng);
        if served == 0 || mass <= 0.0 {
            return caught;
        }
        let each = mass / self.all as f64;
        caught + binomial(served, 1.0 - one_less_exp(each) / each, rng)
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
