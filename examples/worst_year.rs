//! Demonstrates how to look into a result: find the trial at a percentile and tell it as a story.
//! Run it with `cargo run --example worst_year`.

use outlast::{Design, Metric, MetricQuantile, Player, Scenario, Trials, event, find, trace};
use std::error::Error;
use std::sync::atomic::AtomicBool;

/// Prints the outages of the year in which the staging server had the longest outage.
pub fn main() -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::embedded()?;
    let staging = scenario.strategies.iter().position(|one| one.name == "Staging server");
    let staging = staging.ok_or("no staging server")?;
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed: 1, range: 0..1_000, threads: 2, design };
    // 1.0 is the largest value; 0.99 would be the trial at p99.
    let worst = MetricQuantile { metric: Metric::LongestOutageHours, at: 1.0 };
    let stop = AtomicBool::new(false);
    let trial = find(&scenario, staging, &trials, worst, &stop).ok_or("no trial")?;
    // A trial is the same whenever it is played: seed and number say all.
    let story = trace(&Player::new(&scenario, 1, design), staging, trial, false, event);
    println!("trial {trial} of {}", story.strategy);
    for outage in &story.outages {
        println!("{} {}, ended by {}", outage.when, outage.fault, outage.restored_by);
    }
    for line in &story.lines {
        println!("{:10.2} h  {}", line.hours, line.detail);
    }
    Ok(())
}
