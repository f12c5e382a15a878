//! Demonstrates "the same, but with X": a scenario is a tree of keys; set one, compile, play again.
//! Run it with `cargo run --example change_one_key`.

use outlast::{Design, Metric, Scenario, Spec, Trials, study};
use std::error::Error;
use std::sync::atomic::AtomicBool;

/// Mean downtime a year of every strategy.
fn downtime(scenario: &Scenario) -> Option<Vec<f64>> {
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed: 1, range: 0..1_000, threads: 2, design };
    let results = study(scenario, &trials, 0.95, &AtomicBool::new(false))?;
    let strategies = results.summary.strategies.iter();
    strategies.map(|result| Some(result.row(Metric::DowntimeHours)?.mean)).collect()
}

/// Prints what office hours in place of on-call duty do to every strategy.
pub fn main() -> Result<(), Box<dyn Error>> {
    let mut spec = Spec::embedded();
    let scenario = spec.compile()?;
    let on_call = downtime(&scenario).ok_or("stopped")?;
    // A path names a key as `outlast check` lists it; `*` would stand for any one name.
    spec.set("operations.staffed", "Mon-Fri 08:00-18:00")?;
    let office = downtime(&spec.compile()?).ok_or("stopped")?;
    for ((strategy, before), after) in scenario.strategies.iter().zip(on_call).zip(office) {
        println!("{:45} {before:6.1} h, then {after:6.1} h", strategy.name);
    }
    Ok(())
}
