//! The cure table for scripts: which tables of which strategy help against which fault.

use crate::scenario::Scenario;
use serde_json::{Value, json};

/// One object for each fault and strategy.
pub fn to_json(scenario: &Scenario) -> Value {
    let mut rows = Vec::new();
    for cures in scenario.cures() {
        let fault = &scenario.world.faults[cures.fault];
        for (strategy, tables) in scenario.strategies.iter().zip(&cures.tables) {
            rows.push(json!({
                "fault": fault.name,
                "kind": fault.strikes.word(),
                "stops": fault.stops.words(),
                "strategy": strategy.name,
                "tables": tables,
                "last_resort": cures.last_resort,
                "repair": cures.repair,
            }));
        }
    }
    rows.into()
}
