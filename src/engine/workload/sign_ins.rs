//! What a loss of sign-in did to users: so many wanted to sign in meanwhile, and so often they tried.
//!
//! How many want to is known by the hour of the week, so user-hours have a closed form. Their tries
//! are a Poisson process.

use super::evaluation::Evaluation;
use crate::distribution::counts::poisson;
use crate::engine::observe::{Observer, Place, TraceEvent};
use crate::metric::Metric;
use crate::world::streams::Purpose;

/// Fills in the metrics of sign-in, where it is played.
pub(super) fn evaluate<O: Observer>(trial: &mut Evaluation<'_, O>) {
    let Some(service) = &trial.world.sign_in else { return };
    for loss in trial.sign_in_losses {
        let user_hours = service.wanted.between(loss.from, loss.to);
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
