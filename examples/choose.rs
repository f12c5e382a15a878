//! Demonstrates the whole way from a scenario to a choice: read it, play trials, ask for the
//! decision. Run it with `cargo run --example choose`.

use outlast::{Design, Metric, Scenario, Trials, study};
use std::error::Error;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Prints what each strategy costs, and which one to choose.
pub fn main() -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::load(Path::new("scenarios/two-sites.toml"))?;
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed: 1, range: 0..2_000, threads: 2, design };
    // Setting this flag from another thread would end the run early, without results.
    let stop = AtomicBool::new(false);
    let results = study(&scenario, &trials, 0.95, &stop).ok_or("stopped")?;
    for result in &results.summary.strategies {
        let cost = result.row(Metric::Cost).map(|row| row.mean);
        println!("{:40} {:10.0} a year", result.name, cost.unwrap_or_default());
    }
    let decision = &results.decision;
    match decision.strategy {
        Some(choice) => println!("choose {}", scenario.strategies[choice].name),
        None => println!("no choice: {:?}", decision.reason),
    }
    Ok(())
}
