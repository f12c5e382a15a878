//! The same scenario under other assumptions, side by side.

use super::tables::{Cell, Table};
use crate::scenario::Scenario;
use crate::stats::Interval;
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
    let columns = vec![
        "variant", "strategy", "metric", "unit", "trials", "mean", "ci_low", "ci_high", "p50",
        "p95", "p95_low", "p95_high", "p99", "p99_low", "p99_high",
    ];
    let ends = |interval: Option<Interval>| {
        [interval.map(|i| i.low), interval.map(|i| i.high)].map(Cell::Number)
    };
    let number = |value: f64| Cell::Number(Some(value));
    let rows = variants.iter().flat_map(|variant| {
        let rows = variant.results.summary.strategies.iter().flat_map(|strategy| &strategy.rows);
        rows.map(move |row| {
            let mut cells = vec![
                Cell::Text(variant.name.to_owned()),
                Cell::Text(row.strategy.clone()),
                Cell::Text(row.metric.name().to_owned()),
                Cell::Text(row.unit.clone()),
                Cell::Count(row.trials),
                number(row.mean),
            ];
            cells.extend(ends(row.mean_interval));
            cells.extend([number(row.p50), number(row.p95)]);
            cells.extend(ends(row.p95_interval));
            cells.push(number(row.p99));
            cells.extend(ends(row.p99_interval));
            cells
        })
    });
    Table { rows: rows.collect(), columns }
}
