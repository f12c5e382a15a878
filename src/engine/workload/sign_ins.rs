//! What a loss of sign-in did to users: so many wanted to sign in meanwhile, and so often they tried.
//!
//! How many want to is known by the hour of the week, and which share of them is outside the
//! organisation's network, so user-hours have a closed form. Their tries
//! are a Poisson process.

use super::evaluation::Evaluation;
use crate::distribution::counts::poisson;
use crate::engine::observe::{Observer, Place, TraceEvent, Without};
use crate::engine::sign_in::loss::SignInLoss;
use crate::metric::Metric;
use crate::world::streams::Purpose;

/// Fills in the metrics of sign-in, where it is played.
pub(super) fn evaluate<O: Observer>(trial: &mut Evaluation<'_, O>) {
    let Some(service) = &trial.world.sign_in else { return };
    let share = |who: Without| if who == Without::All { 1.0 } else { service.outside };
    let are_one = |a: &SignInLoss, b: &SignInLoss| a.event == b.event && a.to == b.from;
    for parts in trial.sign_in_losses.chunk_by(are_one) {
        let of = |part: &SignInLoss| share(part.who) * service.wanted.between(part.from, part.to);
        let user_hours = parts.iter().map(of).sum();
        let Some(loss) = parts.last() else { continue };
        let mut rng = trial.streams.world(Purpose::SignIns, loss.event);
        let failed = poisson(service.tries * user_hours, &mut rng);
        trial.metrics[Metric::SignInUserHours] += user_hours;
        trial.metrics[Metric::SignInFailed] += failed as f64;
        if O::WATCHES {
            let what = TraceEvent::SignInsFailed { user_hours, failed };
            trial.observer.happened(loss.to, Place::default(), what);
        }
    }
}
