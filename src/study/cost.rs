//! What a strategy costs, part by part, on average and in the worst years.

use super::summary::StrategyResult;
use crate::metric::Metric;
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
    /// What of the mean is spent: annual cost and labour. The rest is harm that has a price.
    pub spending: f64,
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

impl CostRow {
    /// The part that stands for all of them.
    pub const TOTAL: &'static str = "total";

    /// Whether it is money that is spent; of the total it is so only where nothing else has a
    /// price.
    pub fn is_spending(&self) -> bool {
        self.spending >= self.mean
    }

    /// What of the mean is harm that has a price.
    pub fn harm(&self) -> f64 {
        self.mean - self.spending
    }
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
        let part = |name, metric, price| CostPart { strategy: index, name, metric, price };
        let total = part(CostRow::TOTAL, Metric::Cost, 1.0).row(result, None, confidence);
        let Some(mut total) = total else {
            continue;
        };
        let whole = total.mean;
        let mut parts = vec![fixed(index, strategy, scenario.world.horizon, whole)];
        for (name, metric, price) in costs.prices() {
            parts.extend(part(name, metric, price).row(result, Some(whole), confidence));
        }
        total.spending = parts.iter().map(|part| part.spending).sum();
        rows.push(total);
        rows.append(&mut parts);
    }
    rows
}

/// The annual cost, which is the same in every trial.
fn fixed(index: usize, strategy: &Strategy, horizon: f64, whole: f64) -> CostRow {
    let cost = strategy.fixed_cost(horizon);
    let certain = Some(Interval { low: cost, high: cost });
    CostRow {
        strategy: index,
        part: "annual cost",
        mean: cost,
        interval: certain,
        spending: cost,
        share: (whole > 0.0).then(|| cost / whole),
        p50: cost,
        p95: cost,
        p99: cost,
        tail_mean: cost,
        tail_interval: certain,
    }
}

/// What is paid for by the piece: a price times a metric.
#[derive(Clone, Copy)]
struct CostPart {
    /// The strategy, by its place in the scenario.
    strategy: usize,
    name: &'static str,
    metric: Metric,
    price: f64,
}

impl CostPart {
    /// The row of this part of `whole`, which is the part itself if absent.
    fn row(self, result: &StrategyResult, whole: Option<f64>, confidence: f64) -> Option<CostRow> {
        let (row, sample) = (result.row(self.metric)?, result.sample(self.metric)?);
        let price = self.price;
        let scaled = |interval: Interval| interval.map(|end| price * end);
        let (tail, error) = sample.tail_mean(TAIL)?;
        let tail_interval = error.map(|error| {
            let half = normal_deviate(confidence) * error;
            scaled(Interval { low: tail - half, high: tail + half })
        });
        let mean = price * row.mean;
        let whole = whole.unwrap_or(mean);
        Some(CostRow {
            strategy: self.strategy,
            part: self.name,
            mean,
            interval: row.mean_interval.map(scaled),
            spending: if self.metric == Metric::LabourHours { mean } else { 0.0 },
            share: (whole > 0.0).then(|| mean / whole),
            p50: price * row.p50,
            p95: price * row.p95,
            p99: price * row.p99,
            tail_mean: price * tail,
            tail_interval,
        })
    }
}
