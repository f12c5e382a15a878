//! A whole run: what compiles can be played, summed up and decided.
#![no_main]

mod whole;

use libfuzzer_sys::fuzz_target;
use outlast::{Design, Metric, Spec, Trials, study};
use std::path::Path;
use std::sync::atomic::AtomicBool;

fuzz_target!(|text: &str| {
    let Ok(scenario) = Spec::parse(&whole::whole(text), Path::new("/nowhere"), "fuzz").compile() else { return };
    let trials = Trials { seed: 1, range: 0..3, threads: 1, design: Design::Plain };
    let Some(results) = study(&scenario, &trials, 0.95, &AtomicBool::new(false)) else { return };
    for strategy in &results.summary.strategies {
        let down = strategy.row(Metric::DowntimeHours).map_or(0.0, |row| row.max);
        assert!(down <= scenario.world.horizon, "{}: {down} hours of downtime", strategy.name);
    }
});
