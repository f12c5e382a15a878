//! Demonstrates how a log becomes a distribution: read it, fit every family, take the one that is
//! recommended. Run it with `cargo run --example fit_log`.

use outlast::{Analysis, AnalysisOptions, IncidentLog, ReadOptions, Role, variables};
use std::error::Error;
use std::path::Path;

/// Prints how long recovery takes by the log, and the line for a scenario.
pub fn main() -> Result<(), Box<dyn Error>> {
    // The headings of this log do not speak for themselves.
    let columns = [(Role::Start, "opened"), (Role::End, "closed")];
    let columns = columns.map(|(role, heading)| (role, heading.to_owned())).to_vec();
    let reading = ReadOptions { columns, ..ReadOptions::default() };
    let log = IncidentLog::load(Path::new("docs/guides/incident-log/incidents.csv"), &reading)?;
    // Replicates give p-values and intervals; a hundred are enough for a first look.
    let options = AnalysisOptions { replicates: Some(100), ..AnalysisOptions::default() };
    for variable in variables(&log) {
        let analysis = Analysis::new(&variable, &options);
        println!("{}: {} durations", variable.quantity.name(), variable.sample.len());
        for fit in &analysis.fits {
            println!("  {:20} AIC {:8.1}", fit.estimate.family.name(), fit.aic);
        }
        if let Some(lines) = analysis.scenario_lines() {
            println!("{lines}");
        }
    }
    Ok(())
}
