//! When an outage hurts most: what one that begins at a given hour of the week would do.
//!
//! The whole simulation is asked, not its trials: for each hour of a week one outage is set at that
//! hour, from each fault in turn, with the same draws for every hour. So what differs between two
//! hours is the hour: who is there to answer, and what users and administrators do meanwhile.

use super::player::Player;
use crate::engine::Scratch;
use crate::engine::observe::NullObserver;
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::units::{HOURS_PER_DAY, HOURS_PER_WEEK};
use crate::world::fault::{Fault, Onsets};
use crate::world::sync::SignIn;

/// Draws of each fault for each hour.
const DRAWS: u64 = 24;
/// A horizon must leave an outage room to end.
const SHORTEST_HORIZON: f64 = 4.0 * HOURS_PER_WEEK;

/// What a typical outage does, by the hour of the week in which it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct HarmByHour {
    /// The strategy, by its place in the scenario.
    pub strategy: usize,
    /// What is counted.
    pub metric: Metric,
    /// It is the median over faults, as often as they come, and draws; the mean where the median is
    /// 0 at every hour.
    pub is_median: bool,
    /// By day from Monday, then by hour; absent where the clock leaves an hour out.
    pub hours: [[Option<f64>; 24]; 7],
}

/// The harm of an outage by hour of the week, in the second week of the horizon; none where the
/// horizon is short or nothing strikes. Rare disasters last for weeks and know no hour: they are
/// left out where there is anything else.
pub fn harm_by_hour(scenario: &Scenario, strategy: usize, seed: u64) -> Option<HarmByHour> {
    let mut world = scenario.world.clone();
    world.rare = None;
    let rare: Vec<usize> = scenario.world.rare.iter().flat_map(|rare| rare.sources()).collect();
    let faults: Vec<(Fault, f64)> = std::mem::take(&mut world.faults)
        .into_iter()
        .enumerate()
        .filter(|(index, _)| !rare.contains(index))
        .map(|(_, fault)| {
            let often = fault.onsets.expected_within(world.horizon);
            (fault, often)
        })
        .filter(|(_, often)| *often > 0.0)
        .collect();
    if world.horizon < SHORTEST_HORIZON || faults.is_empty() {
        return None;
    }
    let metric = match world.organisation.sign_in {
        _ if world.sign_in.is_some() => Metric::SignInUserHours,
        SignIn::PasswordHashSync => Metric::StaleUserHours,
        _ => Metric::WritebackLost,
    };
    let strategies = std::slice::from_ref(&scenario.strategies[strategy]);
    let mut scratch = Scratch::new();
    let (mut medians, mut means) = ([[None; 24]; 7], [[None; 24]; 7]);
    for hour in 0..HOURS_PER_WEEK as u32 {
        let onset = HOURS_PER_WEEK + f64::from(hour);
        let clock = world.calendar.civil(onset);
        let day = clock.weekday().to_monday_zero_offset() as usize;
        let mut values = Vec::with_capacity(faults.len() * DRAWS as usize);
        for (fault, often) in &faults {
            world.faults = vec![Fault { onsets: Onsets::at(vec![onset]), ..fault.clone() }];
            // One strategy only: a player is made for each hour and fault.
            let player = Player::in_world(scenario, &world, strategies, seed);
            for draw in 0..DRAWS {
                let result = player.play(0, draw, &mut scratch, &mut NullObserver);
                values.push((result.metrics[metric], *often));
            }
        }
        let (day, hour) = (day % 7, (clock.hour() as usize) % HOURS_PER_DAY as usize);
        let whole: f64 = values.iter().map(|(_, often)| often).sum();
        means[day][hour] = Some(values.iter().map(|(x, often)| x * often).sum::<f64>() / whole);
        medians[day][hour] = median(values, whole);
    }
    let is_median = medians.iter().flatten().any(|value| value.is_some_and(|value| value > 0.0));
    let hours = if is_median { medians } else { means };
    Some(HarmByHour { strategy, metric, is_median, hours })
}

fn median(mut values: Vec<(f64, f64)>, whole: f64) -> Option<f64> {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut through = 0.0;
    let middle = values.iter().find(|(_, often)| {
        through += often;
        through >= whole / 2.0
    });
    middle.map(|(value, _)| *value)
}
