//! Demonstrates a paired comparison: two strategies meet the same worlds, so their difference has a
//! far narrower interval than either of them. Run it with `cargo run --example compare`.

use outlast::{Design, Metric, Scenario, Trials, study};
use std::error::Error;
use std::sync::atomic::AtomicBool;

/// Prints by how much a staging server shortens downtime, and how often it does.
pub fn main() -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::embedded()?;
    let place = |name: &str| scenario.strategies.iter().position(|one| one.name == name);
    let repair = place("Repair in place only").ok_or("no repair")?;
    let staging = place("Staging server").ok_or("no staging server")?;
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed: 1, range: 0..2_000, threads: 2, design };
    let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).ok_or("stopped")?;
    let difference = results
        .differences
        .iter()
        .find(|one| (one.metric, one.a, one.b) == (Metric::DowntimeHours, repair, staging))
        .ok_or("no such pair")?;
    println!("repair less staging: {:.1} h of downtime a year", difference.mean);
    if let Some(interval) = difference.interval {
        println!("95 % interval {:.1} to {:.1} h", interval.low, interval.high);
    }
    println!("staging has less in {:.0} % of the years", 100.0 * difference.b_lower);
    Ok(())
}
