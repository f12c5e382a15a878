//! The same scenario under other assumptions, for people and for scripts.

use super::terminal::{figures_table, stacked};
use crate::report::text::{figure, harmless, width, wrap};
use crate::report::variants::{Variant, strategies};
use crate::study::decide::risk_metric;
use crate::study::summary::SummaryRow;

/// Characters of a column of figures.
const NARROW: usize = 9;

/// Least characters of the column of names.
const NAMES: usize = 14;

/// Mean and p95 of what the tolerance is about ([`risk_metric`]), for every strategy in every
/// variant.
pub(super) fn figures(variants: &[Variant<'_>]) -> String {
    let Some(first) = variants.first() else {
        return String::new();
    };
    let metric = risk_metric(first.scenario);
    let table = |statistics: &[(&str, Statistic)]| {
        let headings = statistics.iter().flat_map(|(statistic, _)| {
            variants.iter().map(move |variant| (heading(variant.name), *statistic))
        });
        let rows = strategies(variants).into_iter().map(|name| {
            let rows: Vec<Option<&SummaryRow>> =
                variants.iter().map(|variant| variant.strategy(name)?.row(metric)).collect();
            let shown = |of: Statistic| {
                let figure = move |row: &Option<&SummaryRow>| {
                    row.map_or(String::new(), |row| figure(of(row), 3))
                };
                rows.iter().map(figure).collect::<Vec<_>>()
            };
            (harmless(name), statistics.iter().flat_map(|(_, of)| shown(*of)).collect())
        });
        figures_table("Strategy", stacked(headings), rows)
    };
    let both: [(&str, Statistic); 2] = [("mean", |row| row.mean), ("p95", |row| row.p95)];
    // Where names would have no room beside all figures, there is a table for each statistic.
    if NAMES + both.len() * variants.len() * (NARROW + 2) > width() {
        return both.map(|one| table(&[one])).join("\n\n");
    }
    table(&both)
}

/// What is shown of a metric.
type Statistic = fn(&SummaryRow) -> f64;

/// The name of a variant over a narrow column.
pub(super) fn heading(name: &str) -> String {
    wrap(name, NARROW).join("\n")
}
