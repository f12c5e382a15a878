//! Logged outages at their real times, played against every strategy.
//!
//! Each incident of a log strikes the path in service at its own time and is over after its own
//! length, as it was in reality. A strategy can only end it sooner: by what acts by itself, or by
//! people who notice, come and decide as the scenario says. So repair in place gives the log back,
//! and every other strategy says what it would have done. What a strategy draws for itself is drawn
//! several times.

use super::player::Player;
use crate::engine::observe::NullObserver;
use crate::engine::outage::{Cause, Outage, RestoredBy};
use crate::engine::{Engine, Scratch};
use crate::exact::fixed::{Downtime, union};
use crate::metric::{Metric, Metrics};
use crate::scenario::{Scenario, ScenarioError, Spec};
use crate::stats::interval::nearest_rank;
use crate::threads::each_with;
use crate::units::HOURS_PER_DAY;
use crate::world::World;
use crate::world::fault::{Fault, Onsets};
use crate::world::kind::Kind;
use crate::world::streams::name_key;
use jiff::civil::DateTime;
use std::collections::BTreeMap;

/// What follows the last incident, so that backlogs can drain.
const AFTER: f64 = 31.0 * HOURS_PER_DAY;

/// One incident to replay.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedIncident {
    /// When it began, hours from the first incident of the log.
    pub onset: f64,
    /// How long it lasted, hours.
    pub hours: f64,
    /// What it struck.
    pub kind: Kind,
}

/// What a strategy draws for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// Seed of all of it.
    pub seed: u64,
    /// How often.
    pub count: u64,
    /// Threads; they change no result.
    pub threads: usize,
}

/// What a strategy made of one incident, over the draws.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayedOutage {
    /// The incident, by its place in the list.
    pub incident: usize,
    /// The strategy, by its place in the scenario.
    pub strategy: usize,
    /// From the incident's onset until the service was back, hours: median,
    pub restore_hours: f64,
    /// 5 % point
    pub restore_p5: f64,
    /// and 95 % point.
    pub restore_p95: f64,
    /// What brought the service back most often.
    pub restored_by: String,
}

/// A log, replayed.
#[derive(Debug, Clone)]
pub struct Replay {
    /// What the log itself says: the union of its incidents.
    pub logged: Downtime,
    /// From the first onset to the end of the watch, or the last end, hours.
    pub window: f64,
    /// By incident, then by strategy.
    pub outages: Vec<ReplayedOutage>,
    /// What each strategy made of the whole log: means over the draws. Annual costs
    /// are those of the window; without prices the cost is 0.
    pub means: Vec<Metrics>,
    /// By strategy: the mean of that downtime, hours, by what began the outages: each kind in the order
    /// of [`Kind::ALL`], and at the end all that is no incident of the log.
    pub downtime: Vec<Vec<f64>>,
    /// Draws of each strategy.
    pub draws: u64,
}

/// Replays incidents against the strategies of `scenario`, which is `spec` compiled. The first
/// incident begins at `start` by the clocks of the scenario, and the log was watched for so many hours
/// from then, or else to its last end. `told` hears how many strategies of how many are played.
///
/// # Errors
/// The log is longer than a calendar can hold.
pub fn replay(
    spec: &Spec,
    scenario: &Scenario,
    (start, watched): (DateTime, Option<f64>),
    incidents: &[LoggedIncident],
    draws: Draws,
    told: impl Fn(usize, usize),
) -> Result<Replay, ScenarioError> {
    let ends = incidents.iter().map(|incident| incident.onset + incident.hours);
    let last = ends.fold(0.0, f64::max);
    let window = watched.unwrap_or(last);
    // The scenario over the time of the log.
    let mut then = spec.clone();
    then.set("start", &*start.to_string())?;
    then.set("horizon", &*format!("{}h", window.max(last) + AFTER))?;
    let world = World { faults: faults(incidents), rare: None, ..then.compile()?.world };
    let intervals: Vec<(f64, f64)> =
        incidents.iter().map(|incident| (incident.onset, incident.hours)).collect();
    let mut outages = Vec::new();
    let (mut means, mut downtime) = (Vec::new(), Vec::new());
    let mut player = Player::in_world(scenario, &world, &scenario.strategies, draws.seed);
    player.paid_hours = window;
    let strategies = player.engines.len();
    for (strategy, engine) in player.engines.iter().enumerate() {
        told(strategy, strategies);
        let played =
            each_with(draws.count as usize, draws.threads, Scratch::new, |scratch, draw| {
                let result = player.play(strategy, draw as u64, scratch, &mut NullObserver);
                let mut metrics = result.metrics;
                let repair = hours_of_repair(&world, result.outages);
                metrics[Metric::LabourHours] += repair;
                if let Some(costs) = &scenario.costs {
                    metrics[Metric::Cost] += repair * costs.labour_price();
                }
                let made =
                    incidents.iter().map(|incident| Made::of(incident.onset, result.outages));
                (metrics, made.collect::<Vec<Made>>(), by_kind(&world, result.outages))
            });
        let mut sums = Metrics::default();
        for metric in Metric::ALL {
            sums[metric] =
                played.iter().map(|(metrics, ..)| metrics[metric] / draws.count as f64).sum();
        }
        means.push(sums);
        let mean = |at: usize| {
            played.iter().map(|(.., hours)| hours[at] / draws.count as f64).sum::<f64>()
        };
        downtime.push((0..=Kind::ALL.len()).map(mean).collect());
        for incident in 0..incidents.len() {
            let made = played.iter().map(|(_, made, _)| made[incident]);
            outages.push(summarised(made, incident, strategy, engine));
        }
    }
    told(strategies, strategies);
    outages.sort_by_key(|outage| (outage.incident, outage.strategy));
    let logged = union(&intervals, f64::INFINITY);
    Ok(Replay { logged, window, outages, means, downtime, draws: draws.count })
}

/// One source for each kind that the log names.
fn faults(incidents: &[LoggedIncident]) -> Vec<Fault> {
    let of = |kind: Kind| {
        let mut known: Vec<(f64, f64)> = incidents
            .iter()
            .filter(|incident| incident.kind == kind)
            .map(|incident| (incident.onset, incident.hours))
            .collect();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        (!known.is_empty()).then(|| Fault {
            key: name_key(kind.word()),
            repair_is_outage: true,
            // A log of one service says nothing of a standby that was not there.
            common_mode: 0.0,
            ..Fault::new(format!("logged, {}", kind.word()), kind, Onsets::logged(&known))
        })
    };
    Kind::ALL.into_iter().filter_map(of).collect()
}

/// The downtime of outages by what began them, hours: see [`Replay::downtime`].
fn by_kind(world: &World, outages: &[Outage]) -> Vec<f64> {
    let mut hours = vec![0.0; Kind::ALL.len() + 1];
    for outage in outages {
        let place = match outage.cause {
            Cause::Fault(fault) => world.faults[usize::from(fault)].strikes as usize,
            Cause::SplitBrain | Cause::MoveBack | Cause::Planned(_) => Kind::ALL.len(),
        };
        hours[place] += outage.down_hours();
    }
    hours
}

/// Hands-on work of the repairs in place that ended outages, hours. A log tells how long an outage
/// lasted and not how long people worked: they are taken to have worked in all staffed hours of it,
/// which is the most that it can have been. What a provider repairs costs no work.
fn hours_of_repair(world: &World, outages: &[Outage]) -> f64 {
    let by_people = |outage: &&Outage| match outage.cause {
        Cause::Fault(fault) => !world.faults[usize::from(fault)].strikes.is_provider_run(),
        Cause::SplitBrain | Cause::MoveBack | Cause::Planned(_) => false,
    };
    let repaired = outages.iter().filter(|outage| outage.restored_by == RestoredBy::Repair);
    let worked = |outage: &Outage| world.staffed.staffed_between(outage.onset, outage.end);
    repaired.filter(by_people).map(worked).sum()
}

/// What one draw made of one incident.
#[derive(Debug, Clone, Copy)]
struct Made {
    hours: f64,
    by: Option<RestoredBy>,
}

impl Made {
    /// The outage that the incident fell into, if the service was down because of it at all.
    fn of(onset: f64, outages: &[Outage]) -> Made {
        let after = outages.partition_point(|outage| outage.onset <= onset);
        let outage = after.checked_sub(1).map(|at| &outages[at]);
        match outage.filter(|outage| onset < outage.end || onset == outage.onset) {
            Some(outage) => Made { hours: outage.restored - onset, by: Some(outage.restored_by) },
            None => Made { hours: 0.0, by: None },
        }
    }
}

fn summarised(
    made: impl Iterator<Item = Made> + Clone,
    incident: usize,
    strategy: usize,
    engine: &Engine<'_>,
) -> ReplayedOutage {
    let mut hours: Vec<f64> = made.clone().map(|made| made.hours).collect();
    hours.sort_unstable_by(f64::total_cmp);
    let mut by: BTreeMap<RestoredBy, u64> = BTreeMap::new();
    for one in made.filter_map(|made| made.by) {
        *by.entry(one).or_default() += 1;
    }
    let at = |p: f64| nearest_rank(&hours, p).unwrap_or(0.0);
    let most = by.iter().max_by_key(|(by, count)| (**count, std::cmp::Reverse(**by)));
    let restored_by = most.map_or("not down", |(by, _)| engine.restored_by_name(*by));
    ReplayedOutage {
        incident,
        strategy,
        restore_hours: at(0.5),
        restore_p5: at(0.05),
        restore_p95: at(0.95),
        restored_by: restored_by.to_owned(),
    }
}
