//! What a strategy costs, in words: spending and priced harm apart, and the bad years by name.

use super::{period, periods};
use crate::report::text::{figure, grouped};
use crate::scenario::Scenario;
use crate::study::cost::CostRow;
use crate::study::results::Results;

/// An amount with its currency: "4,140 USD".
pub(super) fn money(scenario: &Scenario, amount: f64) -> String {
    with_currency(scenario, &figure(amount, 3))
}

fn with_currency(scenario: &Scenario, amount: &str) -> String {
    format!("{amount} {}", scenario.currency()).trim_end().to_owned()
}

/// By what strategies are compared in cost: after "the cheapest strategy that meets every tolerance".
pub(super) fn measure(scenario: &Scenario) -> &'static str {
    if scenario.costs.is_some() { "by spending and priced harm together" } else { "by annual cost" }
}

/// Whether anything has a price, so that strategies can differ in cost.
pub(super) fn is_anything_priced(scenario: &Scenario) -> bool {
    let horizon = scenario.world.horizon;
    scenario.costs.is_some() || scenario.strategies.iter().any(|one| one.fixed_cost(horizon) > 0.0)
}

/// The sentence on what a strategy costs; none where nothing has a price.
pub(super) fn cost(scenario: &Scenario, results: &Results, strategy: usize) -> Option<String> {
    let rows: Vec<&CostRow> = results.costs.iter().filter(|row| row.strategy == strategy).collect();
    let period = period(scenario);
    let Some(total) = rows.iter().find(|row| row.part == CostRow::TOTAL) else {
        let cost = results.decision.costs[strategy];
        return (cost > 0.0)
            .then(|| format!("It costs {} a {period}, its annual cost.", money(scenario, cost)));
    };
    let parts: Vec<&CostRow> =
        rows.iter().copied().filter(|row| row.part != CostRow::TOTAL).collect();
    let (whole, shown) =
        rounded_together(total.mean, &parts.iter().map(|row| row.mean).collect::<Vec<_>>());
    let shown: Vec<(&CostRow, f64)> = parts.into_iter().zip(shown).collect();
    let split = split(&whole, &shown);
    Some(format!(
        "It costs {} a {period} on average{split}. Its p95 is {}, the mean of the worst 5\u{a0}% \
         of {} {}.",
        with_currency(scenario, &whole.show(whole.total)),
        money(scenario, total.p95),
        periods(scenario),
        money(scenario, total.tail_mean),
    ))
}

/// ": 2,640 of spending (2,000 annual cost, 640 labour) and 1,500 of priced harm (1,500 lost
/// resets)"; nothing where nothing costs anything.
fn split(whole: &Rounding, parts: &[(&CostRow, f64)]) -> String {
    let group = |is_spending: bool, what: &str| {
        let parts =
            parts.iter().filter(|(row, amount)| row.is_spending() == is_spending && *amount != 0.0);
        let mut parts: Vec<(&str, f64)> = parts.map(|(row, amount)| (row.part, *amount)).collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        let sum: f64 = parts.iter().map(|(_, amount)| amount).sum();
        let names = named(whole, &parts);
        (!parts.is_empty()).then(|| format!("{} of {what}{names}", whole.show(sum)))
    };
    let groups = [group(true, "spending"), group(false, "priced harm")];
    let groups: Vec<String> = groups.into_iter().flatten().collect();
    if groups.is_empty() { String::new() } else { format!(": {}", groups.join(" and ")) }
}

/// The largest parts by name in brackets, and what the others add up to; last, what is spared: a strategy
/// may save a server that all others have.
fn named(whole: &Rounding, parts: &[(&str, f64)]) -> String {
    const NAMED: usize = 3;
    let (parts, spared): (Vec<_>, Vec<_>) = parts.iter().partition(|(_, amount)| *amount > 0.0);
    let several = parts.len() > NAMED + 1;
    let named = if several { NAMED } else { parts.len() };
    let part = |(name, amount): &(&str, f64)| format!("{} for {name}", whole.show(*amount));
    let mut words: Vec<String> = parts[..named].iter().map(part).collect();
    if several {
        let rest: f64 = parts[named..].iter().map(|(_, amount)| amount).sum();
        words.push(format!("{} for the rest", whole.show(rest)));
    }
    let less = |(name, amount): &(&str, f64)| format!("{} of {name} spared", whole.show(-amount));
    words.extend(spared.iter().map(less));
    format!(" ({})", words.join(", "))
}

/// How a sum and its parts are rounded, so that the parts that are printed add up to the sum that is
/// printed.
struct Rounding {
    total: f64,
    /// What one step of the last digit shown is worth.
    step: f64,
}

impl Rounding {
    fn show(&self, amount: f64) -> String {
        if amount < 0.0 {
            return format!("-{}", self.show(-amount));
        }
        if self.step >= 1.0 {
            return grouped(amount.round() as u64);
        }
        let decimals = (-self.step.log10()).round() as usize;
        format!("{amount:.decimals$}")
    }
}

/// A sum to three digits, and each part as a multiple of the same step: where simple rounding would
/// not give the sum, the parts nearest to the next step make up for it.
fn rounded_together(sum: f64, parts: &[f64]) -> (Rounding, Vec<f64>) {
    let exponent = if sum > 0.0 { sum.log10().floor() as i32 - 2 } else { 0 };
    let steps = |amount: f64| {
        if exponent < 0 { amount * 10f64.powi(-exponent) } else { amount / 10f64.powi(exponent) }
    };
    let amount = |steps: f64| {
        if exponent < 0 { steps / 10f64.powi(-exponent) } else { steps * 10f64.powi(exponent) }
    };
    let whole = steps(sum).round();
    let mut low: Vec<f64> = parts.iter().map(|part| steps(*part).floor()).collect();
    let missing = (whole - low.iter().sum::<f64>()).max(0.0) as usize;
    let mut nearest: Vec<usize> = (0..parts.len()).collect();
    let rest = |at: &usize| steps(parts[*at]).fract();
    nearest.sort_by(|a, b| rest(b).total_cmp(&rest(a)));
    for at in nearest.into_iter().take(missing) {
        low[at] += 1.0;
    }
    let rounding = Rounding { total: amount(whole), step: amount(1.0) };
    (rounding, low.into_iter().map(amount).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(part: &'static str, mean: f64) -> CostRow {
        CostRow {
            strategy: 0,
            part,
            mean,
            interval: None,
            spending: if matches!(part, "annual cost" | "labour") { mean } else { 0.0 },
            share: None,
            p50: mean,
            p95: mean,
            p99: mean,
            tail_mean: mean,
            tail_interval: None,
        }
    }

    fn told(parts: &[(&'static str, f64)]) -> String {
        let rows: Vec<CostRow> = parts.iter().map(|(part, mean)| row(part, *mean)).collect();
        let sum = rows.iter().map(|row| row.mean).sum();
        let means: Vec<f64> = rows.iter().map(|row| row.mean).collect();
        let (whole, shown) = rounded_together(sum, &means);
        let shown: Vec<(&CostRow, f64)> = rows.iter().zip(shown).collect();
        format!("{}{}", whole.show(whole.total), split(&whole, &shown))
    }

    #[test]
    fn the_parts_that_are_printed_add_up_to_the_sum_that_is_printed() {
        assert_eq!(
            told(&[
                ("annual cost", 2_000.0),
                ("labour", 636.4),
                ("lost resets", 967.4),
                ("stale passwords", 536.0)
            ]),
            "4,140: 2,640 of spending (2,000 for annual cost, 640 for labour) and 1,500 of priced \
             harm (970 for lost resets, 530 for stale passwords)"
        );
        // Each rounds down by itself, and the sum up.
        assert_eq!(
            told(&[("annual cost", 1_003.0), ("labour", 1_003.0), ("lost resets", 1_003.0)]),
            "3,010: 2,010 of spending (1,010 for annual cost, 1,000 for labour) and 1,000 of priced \
             harm (1,000 for lost resets)"
        );
        assert_eq!(
            told(&[("labour", 1.234), ("lost resets", 0.25)]),
            "1.48: 1.23 of spending (1.23 for labour) and 0.25 of priced harm (0.25 for lost resets)"
        );
        assert_eq!(told(&[("annual cost", 0.0)]), "0");
        // A strategy without the server that all others have: what is spared is a part too.
        assert_eq!(
            told(&[("annual cost", -1_150.0), ("labour", 2_860.0), ("lost resets", 2_290.0)]),
            "4,000: 1,710 of spending (2,860 for labour, 1,150 of annual cost spared) and 2,290 of \
             priced harm (2,290 for lost resets)"
        );
    }

    #[test]
    fn many_parts_are_named_up_to_the_third() {
        let harm = [("a", 500.0), ("b", 400.0), ("c", 300.0), ("d", 200.0), ("e", 100.0)];
        let said = told(&harm);
        assert!(said.ends_with("(500 for a, 400 for b, 300 for c, 300 for the rest)"), "{said}");
    }
}
