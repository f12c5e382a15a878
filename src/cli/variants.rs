//! The same scenario under other assumptions, for people and for scripts.

use super::terminal::{figures_table, stacked};
use crate::keys::Json;
use crate::report::text::{figure, harmless, wrap};
use crate::report::variants::{Variant, strategies};
use crate::report::words;
use crate::study::decide::risk_metric;
use serde_json::json;

/// Characters of a column of figures.
const NARROW: usize = 9;

/// Mean and p95 of what the tolerance is about ([`risk_metric`]), for every strategy in every
/// variant.
pub(super) fn figures(variants: &[Variant<'_>]) -> String {
    let Some(first) = variants.first() else {
        return String::new();
    };
    let metric = risk_metric(first.scenario);
    let headings = ["mean", "p95"].into_iter().flat_map(|statistic| {
        variants.iter().map(move |variant| (heading(variant.name), statistic))
    });
    let rows = strategies(variants).into_iter().map(|name| {
        let rows: Vec<_> =
            variants.iter().map(|variant| variant.strategy(name)?.row(metric)).collect();
        let means = rows.iter().map(|row| row.map_or_else(String::new, |row| figure(row.mean, 3)));
        let high = rows.iter().map(|row| row.map_or_else(String::new, |row| figure(row.p95, 3)));
        (harmless(name), means.chain(high).collect())
    });
    figures_table("Strategy", stacked(headings), rows)
}

/// The name of a variant over a narrow column.
pub(super) fn heading(name: &str) -> String {
    wrap(name, NARROW).join("\n")
}

/// What is recommended in each variant.
pub(super) fn recommendations(variants: &[Variant<'_>]) -> Json {
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
