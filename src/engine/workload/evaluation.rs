//! What the second layer reads and fills in.

use crate::engine::observe::{Observer, Place, TraceEvent};
use crate::engine::outage::{Outage, Stoppage};
use crate::engine::sign_in::loss::SignInLoss;
use crate::metric::Metrics;
use crate::world::World;
use crate::world::service::Service;
use crate::world::streams::Streams;
use crate::world::sync::Sync;

/// A trial whose outages are known and whose harm is being drawn.
#[derive(Debug)]
pub(in crate::engine) struct Evaluation<'t, O> {
    pub(in crate::engine) world: &'t World,
    /// Cycles and rates.
    pub(in crate::engine) sync: &'t Sync,
    pub(in crate::engine) streams: &'t Streams,
    /// A password in the cloud can be stale: users sign in with it.
    pub(in crate::engine) has_cloud_passwords: bool,
    /// In the order of time; what came of each is filled in.
    pub(in crate::engine) outages: &'t mut [Outage],
    /// By service, in the order of time: when it was down.
    pub(in crate::engine) stoppages: [&'t [Stoppage]; 3],
    /// When the directory could not be reached: in order, without overlaps. Nothing changes on
    /// premises meanwhile.
    pub(in crate::engine) unreachable: &'t [(f64, f64)],
    /// Hands-on work of the people who restore the service, from and to, in any order.
    pub(in crate::engine) busy: &'t [(f64, f64)],
    /// How many people there are; nothing = as many as are needed.
    pub(in crate::engine) people: Option<u32>,
    /// Arrival times of requests that have been drawn to raise an alarm.
    pub(in crate::engine) reports: &'t [f64],
    /// When users could not sign in; the hours for which they were locked out are filled in.
    pub(in crate::engine) sign_in_losses: &'t mut [SignInLoss],
    pub(in crate::engine) metrics: &'t mut Metrics,
    pub(in crate::engine) observer: &'t mut O,
}

impl<'t, O> Evaluation<'t, O> {
    /// When a service was down.
    pub(super) fn of(&self, service: Service) -> &'t [Stoppage] {
        self.stoppages[service.index()]
    }
}

impl<O: Observer> Evaluation<'_, O> {
    /// Tells the observer, if it watches, of something that belongs to the outage of that index.
    pub(super) fn note(&mut self, time: f64, outage: u32, what: TraceEvent<'_>) {
        if O::WATCHES {
            let place = Place { outage: Some(outage as usize), ..Place::default() };
            self.observer.happened(time, place, what);
        }
    }
}
