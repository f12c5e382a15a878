//! How grave the outages of a fault source are that repair in place ends.
//!
//! The mean fourth power of such an outage is estimated from draws: one list for the repairs of each
//! source, one for each channel that watches, one for call-outs, one for the work of the last
//! resort. Each list has a stream of its own and is drawn anew only where its distribution has
//! changed, so a study that changes one key many times pays for that key.

use super::fault::Fault;
use super::kind::Kind;
use super::operations::Operations;
use super::site::Sites;
use super::watch::Watch;
use crate::distribution::draws::uniform;
use crate::distribution::{Distribution, Rng};
use rand::SeedableRng;

/// Draws by which the gravity of a source is judged.
const DRAWS: usize = 2000;

// What a list is for, in the key of its stream.
const OWN_DETECTION: u64 = 1;
const CALL_OUT: u64 = 2;
const LAST_RESORT: u64 = 3;

/// What decides with the fault how long an outage lasts.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The channels by which people learn of it.
    pub watch: &'a [Watch],
    /// The people who come.
    pub operations: &'a Operations,
    /// Where a new server could stand.
    pub sites: &'a Sites,
    /// Length of a trial, hours.
    pub horizon: f64,
}

/// How grave each source is, with what it was judged by.
#[derive(Debug, Clone, Default)]
pub struct Gravities {
    sources: Vec<Gravity>,
    channels: Vec<Draws>,
    call_out: Draws,
    last_resort: Draws,
    /// Lists drawn so far: the number of a list tells it from those before it.
    drawn: u64,
}

/// How grave one source is.
#[derive(Debug, Clone, Default)]
struct Gravity {
    repair: Draws,
    detection: Draws,
    judged: Option<(Basis, f64)>,
}

/// What a source was judged by: the lists, and what else decides.
#[derive(Debug, Clone, PartialEq)]
struct Basis {
    /// `None` if it is never repaired.
    repair: Option<u64>,
    /// The lists of detection, and that of call-outs, where the repair needs people.
    delays: Option<(Vec<u64>, u64)>,
    /// From when on the last resort is tried, hours, and the list of its work.
    last_resort: Option<(f64, u64)>,
    horizon: f64,
}

/// Durations drawn from one distribution.
#[derive(Debug, Clone, Default)]
struct Draws {
    of: Option<(u64, Distribution, f64)>,
    number: u64,
    hours: Vec<f64>,
}

impl Draws {
    /// Draws the list unless it is there: of `distribution` with the key of its stream; with the
    /// probability that it comes at all.
    fn renew(&mut self, key: u64, distribution: &Distribution, works: f64, drawn: &mut u64) {
        let is_same = |(k, d, w): &(u64, Distribution, f64)| {
            *k == key && *w == works && d == distribution
        };
        if self.of.as_ref().is_some_and(is_same) {
            return;
        }
        *drawn += 1;
        self.number = *drawn;
        self.of = Some((key, distribution.clone(), works));
        // The number must not depend on the seed of a run: what is rare belongs to the scenario.
        let mut rng = Rng::seed_from_u64(key);
        self.hours.clear();
        self.hours.extend((0..DRAWS).map(|_| {
            let comes = works >= 1.0 || uniform(&mut rng) < works;
            let hours = distribution.sample(&mut rng);
            if comes { hours } else { f64::INFINITY }
        }));
    }
}

impl Gravities {
    /// The mean fourth power of the outage that repair in place leaves, for each source, cut at the
    /// horizon and where the last resort would end it.
    pub fn judge(&mut self, faults: &[Fault], circumstances: &Circumstances<'_>) -> Vec<f64> {
        let Gravities { sources, channels, call_out, last_resort, drawn } = self;
        let Circumstances { watch, operations, .. } = circumstances;
        channels.resize_with(watch.len(), Draws::default);
        for (draws, watch) in channels.iter_mut().zip(*watch) {
            draws.renew(watch.key, &watch.after, watch.works, drawn);
        }
        call_out.renew(CALL_OUT, &operations.call_out, 1.0, drawn);
        if let Some(resort) = &operations.last_resort {
            last_resort.renew(LAST_RESORT, &resort.takes, 1.0, drawn);
        }
        sources.resize_with(faults.len(), Gravity::default);
        let mut moments = Vec::with_capacity(faults.len());
        for (gravity, fault) in sources.iter_mut().zip(faults) {
            if let Some(repair) = &fault.repair {
                gravity.repair.renew(fault.key, repair, 1.0, drawn);
            }
            if let Some(own) = &fault.detection {
                gravity.detection.renew(fault.key ^ OWN_DETECTION, own, 1.0, drawn);
            }
            let lists = Lists { channels, call_out, last_resort };
            moments.push(gravity.judge(fault, circumstances, &lists));
        }
        moments
    }
}

/// The lists that sources share.
struct Lists<'a> {
    channels: &'a [Draws],
    call_out: &'a Draws,
    last_resort: &'a Draws,
}

impl Gravity {
    fn judge(
        &mut self,
        fault: &Fault,
        circumstances: &Circumstances<'_>,
        lists: &Lists<'_>,
    ) -> f64 {
        let Circumstances { watch, operations, sites, horizon } = *circumstances;
        let detection: Vec<&Draws> = match fault.detection {
            Some(_) => vec![&self.detection],
            None => {
                let sees = |watch: &Watch| watch.sees(Some(fault.key), Some(fault.strikes));
                let seen = watch.iter().zip(lists.channels).filter(|(watch, _)| sees(watch));
                seen.map(|(_, draws)| draws).collect()
            }
        };
        let numbers = || detection.iter().map(|draws| draws.number).collect();
        let basis = Basis {
            repair: fault.repair.as_ref().map(|_| self.repair.number),
            delays: (!fault.mends_itself()).then(|| (numbers(), lists.call_out.number)),
            last_resort: resort_after(fault.strikes, operations, sites)
                .map(|after| (after, lists.last_resort.number)),
            horizon,
        };
        match &self.judged {
            Some((last, moment)) if *last == basis => *moment,
            _ => {
                let moment = fourth_moment(&basis, &self.repair, &detection, lists);
                self.judged = Some((basis, moment));
                moment
            }
        }
    }
}

/// How long an outage by a fault of this kind lasts before the last resort, if that ends it.
fn resort_after(kind: Kind, operations: &Operations, sites: &Sites) -> Option<f64> {
    let ends = operations.last_resort_ends(kind, sites);
    operations.last_resort.as_ref().filter(|_| ends).map(|resort| resort.after)
}

fn fourth_moment(basis: &Basis, repair: &Draws, detection: &[&Draws], lists: &Lists<'_>) -> f64 {
    let mut hours = match basis.repair {
        Some(_) => repair.hours.clone(),
        None => vec![f64::INFINITY; DRAWS],
    };
    if basis.delays.is_some() {
        let mut alarm = vec![f64::INFINITY; DRAWS];
        for draws in detection {
            for (alarm, seen) in alarm.iter_mut().zip(&draws.hours) {
                *alarm = alarm.min(*seen);
            }
        }
        for ((hours, alarm), call_out) in hours.iter_mut().zip(&alarm).zip(&lists.call_out.hours) {
            *hours += alarm + call_out;
        }
    }
    if let Some((after, _)) = basis.last_resort {
        for (hours, takes) in hours.iter_mut().zip(&lists.last_resort.hours) {
            *hours = hours.min(after + takes);
        }
    }
    let powers = hours.iter().map(|hours| hours.min(basis.horizon).powi(4));
    powers.sum::<f64>() / DRAWS as f64
}
