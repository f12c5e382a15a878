//! The same scenario under other assumptions, side by side.

use super::table::{Rows, Table};
use crate::scenario::Scenario;
use crate::study::results::Results;

/// A scenario as it was varied, and what came of it. The strategies are the same in all.
#[derive(Debug, Clone, Copy)]
pub struct Variant<'a> {
    /// What sets it apart: "as assumed".
    pub name: &'a str,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its results.
    pub results: &'a Results,
}

/// `variants.csv`: every metric of every strategy in every variant.
pub fn table(variants: &[Variant<'_>]) -> Table {
    let rows = variants.iter().flat_map(|variant| {
        let strategies = variant.results.summary.strategies.iter();
        strategies.flat_map(|strategy| &strategy.rows).map(move |row| (variant, row))
    });
    Rows::new(rows)
        .column("variant", |(variant, _)| variant.name)
        .column("strategy", |(_, row)| &row.strategy)
        .column("metric", |(_, row)| row.metric.name())
        .column("unit", |(_, row)| &row.unit)
        .column("trials", |(_, row)| row.trials)
        .column("mean", |(_, row)| row.mean)
        .interval("ci_low", "ci_high", |(_, row)| row.mean_interval)
        .column("p50", |(_, row)| row.p50)
        .column("p95", |(_, row)| row.p95)
        .interval("p95_low", "p95_high", |(_, row)| row.p95_interval)
        .column("p99", |(_, row)| row.p99)
        .interval("p99_low", "p99_high", |(_, row)| row.p99_interval)
        .table()
}
