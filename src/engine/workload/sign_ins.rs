//! What a loss of sign-in did to users: how many of them needed to sign in meanwhile, and for how long
//! they were locked out.
//!
//! Each user needs to sign in as a Poisson process does that follows the hours of the week. The first
//! time within a loss he is refused, and stays locked out until he could sign in. So of the users of one
//! place 1 - exp(-Lambda) are locked out when Lambda has gone by since the loss began, and their hours have
//! a closed form in each span of constant rate. Whoever is locked out more than once in a loss, since his
//! site was cut off in between, counts once.

use super::evaluation::Evaluation;
use crate::distribution::counts::binomial;
use crate::engine::observe::{self, Observer, TraceEvent};
use crate::engine::sign_in::loss::SignInLoss;
use crate::metric::Metric;
use crate::numeric::quick::one_less_exp;
use crate::world::rates::Rates;
use crate::world::streams::Purpose;
use crate::world::whereabouts::Users;

/// Fills in the metrics of sign-in, where it is played.
pub(super) fn evaluate<O: Observer>(trial: &mut Evaluation<'_, O>) {
    let Some(service) = &trial.world.sign_in else { return };
    if trial.sign_in_losses.is_empty() {
        return;
    }
    let users = service.users as f64;
    let mut places = service.whereabouts.by_place(|who, share| Place::of(who, share * users));
    for parts in trial.sign_in_losses.chunk_by_mut(SignInLoss::are_one) {
        let refused: f64 = places
            .iter_mut()
            .map(|place| place.users * place.go_through(&service.needed, parts))
            .sum();
        let Some(last) = parts.last() else { continue };
        let mut rng = trial.streams.world(Purpose::SignIns, last.event);
        let failed = binomial(service.users, (refused / users.max(1.0)).min(1.0), &mut rng);
        let user_hours: f64 = parts.iter().map(|part| part.user_hours).sum();
        let down: f64 = parts.iter().map(|part| part.to - part.from).sum();
        trial.metrics[Metric::SignInDownHours] += down;
        trial.metrics[Metric::SignInUserHours] += user_hours;
        trial.metrics[Metric::SignInFailed] += failed as f64;
        if O::WATCHES {
            let what = TraceEvent::SignInsFailed { user_hours, failed };
            trial.observer.happened(last.to, observe::Place::default(), what);
        }
    }
}

/// The users of one place, as a trial goes on.
#[derive(Debug, Clone, Copy)]
struct Place {
    who: Users,
    /// How many they are.
    users: f64,
    /// The share of them who are not locked out at `until`, when they could not sign in last.
    still_in: f64,
    until: f64,
}

impl Place {
    fn of(who: Users, users: f64) -> Place {
        Place { who, users, still_in: 1.0, until: f64::NEG_INFINITY }
    }

    /// Adds the hours for which they are locked out to the parts of a loss, and gives the probability that
    /// one of them is at all. Where they could not sign in just before, those locked out still are.
    fn go_through(&mut self, needed: &Rates, parts: &mut [SignInLoss]) -> f64 {
        let who = self.who;
        let concerns =
            |part: &&mut SignInLoss| part.from < part.to && !part.who.among(who).is_none();
        // Who was never locked out in the stretches before this one, and in this one.
        let (mut before, mut in_this) = (1.0, 1.0);
        for part in parts.iter_mut().filter(concerns) {
            if self.until != part.from {
                (before, self.still_in) = (before * in_this, 1.0);
            }
            let (locked_out, still_in) = locked_out(needed, part.from, part.to, self.still_in);
            part.user_hours += self.users * locked_out;
            (self.still_in, self.until, in_this) = (still_in, part.to, still_in);
        }
        1.0 - before * in_this
    }
}

/// Mean hours for which one user is locked out from `from` to `to`, in which he cannot sign in when he
/// needs to, and the probability that he is not at the end; at the beginning it is `still_in`.
fn locked_out(needed: &Rates, from: f64, to: f64, mut still_in: f64) -> (f64, f64) {
    /// So small a share of users is nobody.
    const NOBODY: f64 = 1e-18;
    let mut hours = 0.0;
    for (start, end, rate) in needed.cells(from, to) {
        let length = end - start;
        hours += length * (1.0 - still_in + still_in * mean_share(rate * length));
        still_in *= 1.0 - one_less_exp(rate * length);
        if still_in < NOBODY {
            hours += to - end;
            break;
        }
    }
    (hours, still_in)
}

/// The mean of 1 - e^-y over y from 0 to x: the share of users who are locked out, on average over a span
/// in which a user needs to sign in x times.
fn mean_share(x: f64) -> f64 {
    if x < 1.0 / 64.0 {
        // The first term left out is below 2^-50 of the whole.
        return x
            * (1.0 / 2.0
                - x * (1.0 / 6.0
                    - x * (1.0 / 24.0
                        - x * (1.0 / 120.0 - x * (1.0 / 720.0 - x * (1.0 / 5_040.0))))));
    }
    1.0 - one_less_exp(x) / x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::outage::Cause;
    use crate::world::calendar::Calendar;
    use crate::world::profile::Profile;
    use crate::world::streams::EventKey;
    use jiff::civil::datetime;
    use jiff::tz::TimeZone;

    const MONDAY: jiff::civil::DateTime = datetime(2027, 1, 4, 0, 0, 0, 0);

    fn rates(profile: &Profile, per_hour: f64) -> Rates {
        let calendar = Calendar::new(MONDAY, TimeZone::UTC, &[], 336.0).unwrap();
        Rates::new(&calendar, profile, &[], per_hour)
    }

    #[track_caller]
    fn assert_close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-13 * b.abs(), "{a} against {b}");
    }

    #[test]
    fn those_locked_out_add_up_over_a_loss() {
        // One sign-in an hour: after 3 h all but e^-3 are locked out, and 3 - (1 - e^-3) hours of each.
        let (hours, still_in) = locked_out(&rates(&Profile::flat(), 1.0), 10.0, 13.0, 1.0);
        assert_close(still_in, (-3.0_f64).exp());
        assert_close(hours, 2.0 + (-3.0_f64).exp());
        // Nobody needs to, or all do at once.
        assert_eq!(locked_out(&rates(&Profile::flat(), 0.0), 10.0, 13.0, 1.0), (0.0, 1.0));
        let (hours, still_in) = locked_out(&rates(&Profile::flat(), 1e5), 10.0, 13.0, 1.0);
        assert!((hours - 3.0).abs() < 1e-4 && still_in < 1e-18);
        // In two parts that touch it is the same; with a moment in between in which they could sign in, not.
        let part = |(from, to): (f64, f64)| SignInLoss {
            from,
            to,
            event: EventKey::default(),
            cause: Cause::Fault(0),
            who: Users::OUTSIDE,
            user_hours: 0.0,
        };
        let hourly = rates(&Profile::flat(), 1.0);
        let go_through = |place: &mut Place, parts: [(f64, f64); 2]| {
            let mut parts = parts.map(part);
            let ever = place.go_through(&hourly, &mut parts);
            (parts.iter().map(|part| part.user_hours).sum::<f64>(), ever)
        };
        let mut place = Place::of(Users::OUTSIDE, 1.0);
        let (hours, ever) = go_through(&mut place, [(10.0, 11.0), (11.0, 13.0)]);
        assert_close(hours, 2.0 + (-3.0_f64).exp());
        assert_close(ever, 1.0 - (-3.0_f64).exp());
        let (hours, ever) = go_through(&mut place, [(14.0, 15.0), (16.0, 17.0)]);
        assert_close(hours, 2.0 * (-1.0_f64).exp());
        assert_close(ever, 1.0 - (-2.0_f64).exp());
        let mut inside = Place::of(Users::in_site(0), 1.0);
        assert_eq!(go_through(&mut inside, [(10.0, 11.0), (11.0, 13.0)]), (0.0, 0.0));
        // Both ways to write the mean share agree where one takes over.
        let x = 1.0_f64 / 64.0;
        assert_close(mean_share(x.next_down()), mean_share(x));
        assert!((mean_share(1e-9) - 5e-10).abs() < 1e-18);
    }

    #[test]
    fn the_hours_of_the_week_decide_how_many_need_to_sign_in() {
        // 0.06 sign-ins in an hour of the office, 0.006 in another. Monday from 07:00 to 10:00: an hour of
        // the one, two of the other.
        let office = rates(&Profile::office(), 0.006 * 618.0 / 168.0);
        let (hours, still_in) = locked_out(&office, 7.0, 10.0, 1.0);
        assert_close(still_in, (-0.126_f64).exp());
        let quiet = 1.0 - (1.0 - (-0.006_f64).exp()) / 0.006;
        let after_an_hour = (-0.006_f64).exp();
        let busy = 2.0 - after_an_hour * (1.0 - (-0.12_f64).exp()) / 0.06;
        assert!((hours - quiet - busy).abs() < 1e-12, "{hours}");
        // 0.06 an hour for 6 h: 30 in 100 are locked out at the end.
        let (_, still_in) = locked_out(&office, 9.0, 15.0, 1.0);
        assert!((1.0 - still_in - 0.302).abs() < 5e-4);
    }
}
