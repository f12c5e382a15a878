//! The second layer by itself: what stoppages do that are given and not played.
//!
//! For tests, which hold its sums against a simulation of every single event, also where faults and
//! people would seldom bring about what is to be tested.

use super::{Backlogs, Evaluation, evaluate};
use crate::engine::observe::NullObserver;
use crate::engine::outage::{Cause, Outage, Reports, Stoppage};
use crate::metric::{Metric, Metrics};
use crate::world::World;
use crate::world::service::Service;
use crate::world::streams::{EventKey, Streams, name_key};

/// A time in which one part of the service is down, hours from the start of the trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GivenStoppage {
    /// When it goes down.
    pub onset: f64,
    /// When it is back.
    pub end: f64,
    /// When imports and full syncs after the return are done.
    pub ready: f64,
    /// A second server has been writing old values back since then.
    pub rewrites_since: Option<f64>,
}

/// What the first layer would have found out. Everything is in the order of time and cut at the
/// horizon.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// By part of the service: export, password sync, writeback. Those of one part do not touch.
    pub stoppages: [Vec<GivenStoppage>; 3],
    /// When any part is down, and when people learn of it. They do not touch.
    pub outages: Vec<(f64, f64, Option<f64>)>,
    /// When the directory cannot be reached.
    pub unreachable: Vec<(f64, f64)>,
    /// Hands-on work, from and to.
    pub busy: Vec<(f64, f64)>,
    /// How many people there are; nothing = as many as are needed.
    pub people: Option<u32>,
}

impl Given {
    /// What comes of it in trial number `trial` under `seed`.
    pub fn evaluate(&self, world: &World, seed: u64, trial: u64) -> Metrics {
        let mut outages: Vec<Outage> = (0..)
            .zip(&self.outages)
            .map(|(number, (onset, end, alarm))| {
                let event = EventKey { source: name_key("given"), number, ..EventKey::default() };
                let mut outage = Outage::begin(*onset, Cause::Fault(0), event);
                (outage.end, outage.ready, outage.alarm) = (*end, *end, *alarm);
                outage
            })
            .collect();
        let stoppages = Service::ALL.map(|service| {
            let given = (0..).zip(&self.stoppages[service.index()]);
            given.map(|(number, given)| self.stoppage(service, number, given)).collect::<Vec<_>>()
        });
        let mut metrics = Metrics::default();
        let mut evaluation = Evaluation {
            world,
            sync: &world.sync,
            streams: &Streams::new(seed, trial),
            outages: &mut outages,
            stoppages: stoppages.each_ref().map(Vec::as_slice),
            unreachable: &self.unreachable,
            busy: &self.busy,
            people: self.people,
            reports: &[],
            sign_in_losses: &mut [],
            has_cloud_passwords: world.organisation.has_cloud_passwords(),
            metrics: &mut metrics,
            observer: &mut NullObserver,
        };
        evaluate(&mut evaluation, &mut Backlogs::default());
        let hours = outages.iter().map(|outage| outage.stale_user_hours).sum::<f64>();
        debug_assert!((hours - metrics[Metric::StaleUserHours]).abs() <= 1e-9 * hours);
        metrics
    }

    fn stoppage(&self, service: Service, number: u64, given: &GivenStoppage) -> Stoppage {
        let GivenStoppage { onset, end, ready, rewrites_since } = *given;
        let source = name_key(service.word());
        Stoppage {
            onset,
            end,
            ready,
            full_cycle: ready > end,
            event: EventKey { source, number, ..EventKey::default() },
            outage: self.outages.partition_point(|(_, end, _)| *end <= onset) as u32,
            reports: Reports { first: 0, end: 0, until: onset },
            rewrites_since,
        }
    }
}
