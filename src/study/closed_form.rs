//! Where theory knows the answer: closed forms beside simulated figures.
//!
//! A strategy is simple enough when nothing but repair in place can end its outages, and its faults
//! are of one of three kinds: independent components with exponential up times and repairs, a
//! single component with a repair of fixed length, or fixed onsets with repairs of fixed length.

use super::summary::StrategyResult;
use crate::distribution::Distribution;
use crate::exact::fixed;
use crate::exact::renewal::{Component, Expected, constant_repair, series};
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::world::World;
use crate::world::fault::{Carrier, Fault, Onsets, RepairBegins};
use crate::world::kind::{Kind, Scope};
use crate::world::sync::Sync;

/// A known mean beside its estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClosedForm {
    /// The strategy, by its place in the scenario.
    pub strategy: usize,
    /// The metric.
    pub metric: Metric,
    /// What theory says that its mean is.
    pub truth: f64,
    /// What the trials say.
    pub estimate: f64,
    /// How many standard errors the estimate is off; absent where nothing varies.
    pub standard_errors: Option<f64>,
}

/// All closed forms of a scenario.
pub fn closed_forms(scenario: &Scenario, results: &[StrategyResult]) -> Vec<ClosedForm> {
    let mut forms = Vec::new();
    for (index, (strategy, result)) in scenario.strategies.iter().zip(results).enumerate() {
        for (metric, truth) in known_means(&scenario.world, strategy) {
            let Some(sample) = result.sample(metric) else {
                continue;
            };
            let estimate = sample.mean().unwrap_or(f64::NAN);
            let error = sample.standard_error().filter(|error| *error > 0.0);
            let standard_errors = error.map(|error| (estimate - truth) / error);
            forms.push(ClosedForm { strategy: index, metric, truth, estimate, standard_errors });
        }
    }
    forms
}

/// The means that theory knows of a strategy in a world.
fn known_means(world: &World, strategy: &Strategy) -> Vec<(Metric, f64)> {
    let has_tables = !strategy.protections.is_empty() || strategy.layout.paths.len() > 1;
    // Of channels only those of the world are looked at below.
    let is_immune = world.faults.iter().any(|fault| strategy.is_immune_to(fault));
    // The loss of sign-in calls people too.
    if has_tables || is_immune || !strategy.watch.is_empty() || world.sign_in.is_some() {
        return Vec::new();
    }
    // What comes of one fault must not depend on others, nor on what people think of next.
    let world_is_plain = world.planned.is_empty() && world.operations.last_resort.is_none();
    // Where the first server stands there is a directory as long as the site is up.
    let has_controllers = world.sites.first().is_some_and(|site| site.domain_controllers);
    if !world_is_plain || !has_controllers || hands(world) < world.faults.len() {
        return Vec::new();
    }
    let of = |expected: Expected| {
        vec![(Metric::Outages, expected.outages), (Metric::DowntimeHours, expected.downtime)]
    };
    let reaches_further = |fault: &Fault| {
        is_shared_by_sites(world, fault)
            || fault.takes_servers > 0.0
            || fault.stops.is_empty()
            || fault.repair_begins == RepairBegins::Alarm
    };
    if world.faults.iter().any(reaches_further) {
        return Vec::new();
    }
    if let Some(components) = exponential_components(world) {
        return of(series(&components, world.horizon));
    }
    if let [fault] = &world.faults[..]
        && let (Some(up), Some(down)) = (mean_up_time(fault), constant_outage(world, fault))
    {
        return of(constant_repair(1.0 / up, down, world.horizon));
    }
    let Some(intervals) = fixed_intervals(world) else {
        return Vec::new();
    };
    let known = fixed::union(&intervals, world.horizon);
    let mut means =
        vec![(Metric::Outages, known.outages as f64), (Metric::DowntimeHours, known.hours)];
    // After a long outage, and after a restored directory, imports and full syncs come on top.
    let is_restored = world.faults.iter().any(|fault| fault.strikes == Kind::Directory);
    if known.longest < Sync::FULL_SYNC_AFTER && !is_restored {
        means.push((Metric::LongestOutageHours, known.longest));
    }
    means
}

/// How many people there are to repair.
fn hands(world: &World) -> usize {
    world.operations.people.map_or(usize::MAX, |people| people as usize)
}

/// Can what strikes another site by its clock take the first one as well?
fn is_shared_by_sites(world: &World, fault: &Fault) -> bool {
    fault.strikes.scope() == Scope::Site
        && fault.common_mode > 0.0
        && fault.onsets.every.is_some()
        && world.sites.len() > 1
}

/// One component for each fault, where each strikes a kind of its own and all is exponential.
fn exponential_components(world: &World) -> Option<Vec<Component>> {
    let mut kinds = Vec::new();
    let mut components = Vec::new();
    for fault in &world.faults {
        if kinds.contains(&fault.strikes) || response_hours(world, fault)? > 0.0 {
            return None;
        }
        kinds.push(fault.strikes);
        let down = fault.repair.as_ref()?.is_exponential()?;
        components.push(Component::of_means(mean_up_time(fault)?, down));
    }
    Some(components)
}

fn fixed_intervals(world: &World) -> Option<Vec<(f64, f64)>> {
    let mut intervals = Vec::new();
    for fault in &world.faults {
        let Onsets { every: None, fixed: times, lengths, .. } = &fault.onsets else {
            return None;
        };
        if fault.onsets.probability < 1.0 || !lengths.is_empty() {
            return None;
        }
        let down = constant_outage(world, fault)?;
        intervals.extend(times.iter().map(|time| (*time, down)));
    }
    // A person who is there for one fault begins the next repair at once.
    let answered = world
        .faults
        .iter()
        .any(|fault| !fault.mends_itself() && response_hours(world, fault) != Some(0.0));
    let by_hand = world.faults.iter().any(|fault| !fault.mends_itself());
    let enough = !by_hand || intervals.len() <= hands(world);
    (enough && (!answered || intervals.len() < 2)).then_some(intervals)
}

fn mean_up_time(fault: &Fault) -> Option<f64> {
    fault.onsets.poisson_mean()
}

/// The length of every outage, where it is fixed.
fn constant_outage(world: &World, fault: &Fault) -> Option<f64> {
    let repair = match &fault.repair {
        Some(distribution) => distribution.constant()?,
        None => f64::INFINITY,
    };
    Some(response_hours(world, fault)? + repair)
}

/// Hours until the repair begins, where they are fixed: none for a provider; detection and call-out
/// for people who are there day and night.
fn response_hours(world: &World, fault: &Fault) -> Option<f64> {
    if fault.mends_itself() {
        return Some(0.0);
    }
    let operations = &world.operations;
    // Strategies with agents are not looked at here.
    let mut seen = world.watch.iter().filter(|watch| {
        watch.looks_at(Carrier::Servers) && watch.sees(Some(fault.key), Some(fault.strikes))
    });
    let detection = match (&fault.detection, seen.next(), seen.next()) {
        (Some(own), _, _) => own,
        (None, Some(only), None) if only.works >= 1.0 => &only.after,
        _ => return None,
    };
    let fixed = |distribution: &Distribution| distribution.constant();
    let always = operations.staffed.is_always();
    let hours = fixed(detection)? + fixed(&operations.call_out)?;
    (always && (operations.user_reports == 0 || fixed(detection)? <= 0.0)).then_some(hours)
}
