//! What a strategy costs, part by part, on average and in the worst years.

use super::summary::StrategyResult;
use crate::numeric::normal_deviate;
use crate::scenario::Scenario;
use crate::stats::Interval;
use crate::strategy::Strategy;

/// The share of trials whose mean is the tail: the worst one in twenty.
pub const TAIL: f64 = 0.95;

/// One part of a strategy's cost over the horizon, or all of it.
#[derive(Debug, Clone, PartialEq)]
pub struct CostRow {
    /// The strategy, by its place in the scenario.
    pub strategy: usize,
    /// What it is for: "total", "annual cost", "labour", and so on.
    pub part: &'static str,
    /// Mean over trials.
    pub mean: f64,
    /// Interval of the mean.
    pub interval: Option<Interval>,
    /// Part of the total; absent where the total is 0.
    pub share: Option<f64>,
    /// Median.
    pub p50: f64,
    /// 95 % point.
    pub p95: f64,
    /// 99 % point.
    pub p99: f64,
    /// Mean of the worst one in twenty trials (CVaR): of this part's own worst.
    pub tail_mean: f64,
    /// Interval of the tail mean.
    pub tail_interval: Option<Interval>,
}

/// The cost of every strategy: the total, then its parts; nothing without prices.
///
/// A priced part is a price times a metric, so its distribution is that of the metric, scaled.
pub fn costs(scenario: &Scenario, results: &[StrategyResult], confidence: f64) -> Vec<CostRow> {
    let Some(costs) = &scenario.costs else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for (index, (strategy, result)) in scenario.strategies.iter().zip(results).enumerate() {
        let total = (index, crate::metric::Metric::Cost, "total", 1.0);
        let Some(total) = row(result, total, None, confidence) else {
            continue;
        };
        let whole = total.mean;
        rows.push(total);
        rows.push(fixed(index, strategy, scenario.world.horizon, whole));
        for (part, metric, price) in costs.prices() {
            rows.extend(row(result, (index, metric, part, price), Some(whole), confidence));
        }
    }
    rows
}

fn fixed(index: usize, strategy: &Strategy, horizon: f64, whole: f64) -> CostRow {
    let cost = strategy.fixed_cost(horizon);
    let certain = Some(Interval { low: cost, high: cost });
    CostRow {
        strategy: index,
        part: "annual cost",
        mean: cost,
        interval: certain,
        share: (whole > 0.0).then(|| cost / whole),
        p50: cost,
        p95: cost,
        p99: cost,
        tail_mean: cost,
        tail_interval: certain,
    }
}

fn row(
    result: &StrategyResult,
    (strategy, metric, part, price): (usize, crate::metric::Metric, &'static str, f64),
    whole: Option<f64>,
    confidence: f64,
) -> Option<CostRow> {
    let (row, sample) = (result.row(metric)?, result.sample(metric)?);
    let scaled =
        |interval: Interval| Interval { low: price * interval.low, high: price * interval.high };
    let (tail, error) = sample.tail_mean(TAIL)?;
    let tail_interval = error.map(|error| {
        let half = normal_deviate(confidence) * error;
        scaled(Interval { low: tail - half, high: tail + half })
    });
    let mean = price * row.mean;
    let whole = whole.unwrap_or(mean);
    Some(CostRow {
        strategy,
        part,
        mean,
        interval: row.mean_interval.map(scaled),
        share: (whole > 0.0).then(|| mean / whole),
        p50: price * row.p50,
        p95: price * row.p95,
        p99: price * row.p99,
        tail_mean: price * tail,
        tail_interval,
    })
}
