//! How grave the outages of a fault source are that repair in place ends.
//!
//! The mean fourth power of such an outage is estimated from draws: one list for the repairs of each
//! source, one for each channel that watches, one for call-outs, one for the work of the last
//! resort. Each list has a stream of its own and is drawn anew only where its distribution has
//! changed, so a study that changes one key many times pays for that key.

use super::fault::{Carrier, Fault};
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
        let is_same =
            |(k, d, w): &(u64, Distribution, f64)| *k == key && *w == works && d == distribution;
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
                let sees = |watch: &Watch| {
                    let looks = watch.looks_at(Carrier::Servers);
                    looks && watch.sees(Some(fault.key), Some(fault.strikes))
                };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fault::Onsets;
    use crate::world::operations::LastResort;
    use crate::world::streams::name_key;
    use crate::world::watch::FaultSet;

    const HORIZON: f64 = 8760.0;

    fn fault(kind: Kind, repair: f64) -> Fault {
        let onsets = Onsets::every(Distribution::exponential(HORIZON).unwrap());
        Fault {
            repair: Some(Distribution::constant_of(repair)),
            ..Fault::new(kind.word().to_owned(), kind, onsets)
        }
    }

    fn people(call_out: f64) -> Operations {
        Operations { call_out: Distribution::constant_of(call_out), ..Operations::at_once() }
    }

    fn channel(name: &str, sees: &[&str], after: f64, works: f64) -> Watch {
        let sees = FaultSet::of_words(sees.iter().copied());
        let monitoring = Watch::monitoring(Distribution::constant_of(after));
        Watch { name: name.to_owned(), key: name_key(name), works, sees, ..monitoring }
    }

    fn judge(fault: &Fault, watch: &[Watch], operations: &Operations) -> f64 {
        let sites = Sites::default();
        let circumstances = Circumstances { watch, operations, sites: &sites, horizon: HORIZON };
        Gravities::default().judge(std::slice::from_ref(fault), &circumstances)[0]
    }

    #[test]
    fn the_first_channel_that_sees_it_counts() {
        let watch = [
            channel("ping", &["link"], 1.0, 1.0),
            channel("mail", &["*"], 30.0, 1.0),
            channel("health", &["server"], 4.0, 1.0),
        ];
        let hours = |fault: &Fault| judge(fault, &watch, &people(2.0)).powf(0.25);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        near(hours(&fault(Kind::Server, 10.0)), 4.0 + 2.0 + 10.0);
        near(hours(&fault(Kind::Tenant, 10.0)), 30.0 + 2.0 + 10.0);
        // A provider waits for nobody; what nobody sees lasts to the horizon.
        near(hours(&fault(Kind::Link, 10.0)), 10.0);
        near(judge(&fault(Kind::Server, 10.0), &[], &people(2.0)).powf(0.25), HORIZON);
        let own =
            Fault { detection: Some(Distribution::constant_of(7.0)), ..fault(Kind::Server, 10.0) };
        near(hours(&own), 7.0 + 2.0 + 10.0);
    }

    #[test]
    fn a_channel_that_does_not_work_sees_nothing() {
        let watch = [channel("health", &["*"], 4.0, 0.25), channel("mail", &["*"], 30.0, 1.0)];
        let moment = judge(&fault(Kind::Server, 6.0), &watch, &people(0.0));
        let share = (36_f64.powi(4) - moment) / (36_f64.powi(4) - 10_f64.powi(4));
        // Of 2,000 draws, within four standard errors.
        assert!((share - 0.25).abs() < 4.0 * (0.25 * 0.75 / 2000.0_f64).sqrt(), "{share}");
    }

    #[test]
    fn no_outage_outlasts_the_last_resort_where_that_helps() {
        let takes = Distribution::constant_of(24.0);
        let last_resort = Some(LastResort { after: 48.0, takes, fenced: 1.0 });
        let operations = Operations { last_resort, ..people(0.0) };
        let hours = |kind| judge(&fault(kind, 1000.0), &[], &operations).powf(0.25);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        near(hours(Kind::Site), 72.0);
        near(hours(Kind::Server), 72.0);
        near(hours(Kind::Cloud), 1000.0);
        near(hours(Kind::Directory), HORIZON);
        let one = Sites(Sites::default()[..1].to_vec());
        let alone =
            Circumstances { watch: &[], operations: &operations, sites: &one, horizon: HORIZON };
        let moments = Gravities::default().judge(&[fault(Kind::Site, 1000.0)], &alone);
        near(moments[0].powf(0.25), 1000.0);
    }

    #[test]
    fn a_change_draws_only_its_own_list_and_judges_as_at_first() {
        let random = |mean: f64| Distribution::exponential(mean).unwrap();
        let kinds = [Kind::Link, Kind::Server, Kind::Database];
        let faults = kinds.map(|kind| Fault { repair: Some(random(9.0)), ..fault(kind, 0.0) });
        let mut watch =
            [channel("ping", &["server"], 1.0, 0.5), channel("mail", &["*"], 30.0, 1.0)];
        let sites = Sites::default();
        let mut operations = Operations { call_out: random(1.0), ..people(0.0) };
        let mut kept = Gravities::default();
        let mut judged = |watch: &[Watch], operations: &Operations| {
            let circumstances =
                Circumstances { watch, operations, sites: &sites, horizon: HORIZON };
            let fresh = Gravities::default().judge(&faults, &circumstances);
            assert_eq!(kept.judge(&faults, &circumstances), fresh);
            (fresh, kept.drawn)
        };
        // Three repairs, two channels, one call-out.
        let (first, drawn) = judged(&watch, &operations);
        assert_eq!(drawn, 6);
        operations.call_out = random(2.0);
        let (second, drawn) = judged(&watch, &operations);
        assert_eq!(drawn, 7);
        assert!(first[0] == second[0] && first[1] < second[1] && first[2] < second[2]);
        watch[0].after = random(1.0);
        let (third, drawn) = judged(&watch, &operations);
        assert_eq!(drawn, 8);
        assert!(second[1] != third[1] && second[2] == third[2]);
    }
}
