//! The same scenario under other assumptions, side by side.

use super::charts::Limit;
use super::charts::picture::estimate;
use super::charts::variants::{VariantMark, VariantRow, Variants};
use super::table::{Rows, Table};
use super::tables::with_verdicts;
use super::words::{self, condition, per_period};
use crate::keys::Json;
use crate::scenario::{Criterion, Scenario};
use crate::study::decide::risk_metric;
use crate::study::results::Results;
use crate::study::summary::StrategyResult;
use serde_json::json;

/// A scenario as it was varied, and what came of it. Strategies are the same where their names are.
#[derive(Debug, Clone, Copy)]
pub struct Variant<'a> {
    /// What sets it apart: "as assumed".
    pub name: &'a str,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its results.
    pub results: &'a Results,
}

impl Variant<'_> {
    /// What came of the strategy of that name.
    pub fn strategy(&self, name: &str) -> Option<&StrategyResult> {
        self.results.summary.strategies.iter().find(|strategy| strategy.name == name)
    }

    /// Whether the strategy of that name is the recommended one.
    fn recommends(&self, name: &str) -> bool {
        let chosen = self.results.decision.strategy;
        chosen.is_some_and(|index| self.scenario.strategies[index].name == name)
    }
}

/// The names of all strategies: in the order of the first variant, then of those after it.
pub fn strategies<'a>(variants: &[Variant<'a>]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for strategy in variants.iter().flat_map(|variant| &variant.scenario.strategies) {
        if !names.contains(&strategy.name.as_str()) {
            names.push(&strategy.name);
        }
    }
    names
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

/// `verdicts.csv`: every strategy held against every tolerance, in every variant.
pub fn verdicts(variants: &[Variant<'_>]) -> Table {
    let rows = variants
        .iter()
        .flat_map(|variant| variant.results.verdicts.iter().map(move |verdict| (variant, verdict)));
    let rows = Rows::new(rows).column("variant", |(variant, _)| variant.name);
    with_verdicts(rows, |(variant, verdict)| (&variant.results.summary, verdict)).table()
}

/// What becomes of each strategy in each variant; none without a variant.
pub fn chart(variants: &[Variant<'_>], title: &str) -> Option<Variants> {
    let first = variants.first()?.scenario;
    let metric = risk_metric(first);
    let limit =
        first.tolerances.iter().find(|tolerance| tolerance.criterion == Criterion::Metric(metric));
    let mark = |variant: &Variant<'_>, name: &str| {
        let row = variant.strategy(name)?.row(metric)?;
        Some(VariantMark {
            mean: estimate(row.mean, row.mean_interval),
            p95: row.p95,
            recommended: variant.recommends(name),
        })
    };
    let rows = strategies(variants).into_iter().map(|name| VariantRow {
        strategy: name.to_owned(),
        marks: variants.iter().map(|variant| mark(variant, name)).collect(),
    });
    Some(Variants {
        title: title.to_owned(),
        x_label: per_period(first, metric),
        variants: variants.iter().map(|variant| variant.name.to_owned()).collect(),
        rows: rows.collect(),
        limit: limit.map(|tolerance| Limit {
            label: format!("tolerance: {}", condition(first, tolerance)),
            value: tolerance.limit,
            share: 1.0 - tolerance.confidence,
        }),
    })
}

/// What is recommended in each variant.
pub fn recommendations(variants: &[Variant<'_>]) -> Json {
    let one = |variant: &Variant<'_>| {
        let decision = &variant.results.decision;
        let name = |index: usize| variant.scenario.strategies[index].name.as_str();
        json!({
            "variant": variant.name,
            "strategy": decision.strategy.map(name),
            "reason": words::run::recommendation(variant.scenario, variant.results, None).headline,
            "probability": decision.probability,
        })
    };
    variants.iter().map(one).collect()
}
