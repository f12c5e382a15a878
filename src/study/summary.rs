//! What a run says: the rows of the tables, with intervals.

use super::partial::{Distribution, OutageGroup, Partial};
use crate::engine::Engine;
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::stats::interval::{mean_interval, quantile_ranks};
use crate::stats::quantiles::{Kind, SortedSample};
use crate::stats::{Interval, Moments};

/// One row of `summary.csv`: a metric of a strategy over all trials. Absent numbers are absent, not
/// zero.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryRow {
    /// The strategy's name.
    pub strategy: String,
    /// The metric.
    pub metric: Metric,
    /// Its unit.
    pub unit: String,
    /// Number of trials.
    pub trials: u64,
    /// Mean over trials.
    pub mean: f64,
    /// Interval of the mean.
    pub mean_interval: Option<Interval>,
    /// Standard deviation over trials.
    pub sd: Option<f64>,
    /// Median.
    pub p50: f64,
    /// 90 % point.
    pub p90: f64,
    /// 95 % point.
    pub p95: f64,
    /// 99 % point.
    pub p99: f64,
    /// Largest value.
    pub max: f64,
    /// Interval of the 95 % point.
    pub p95_interval: Option<Interval>,
    /// Interval of the 99 % point.
    pub p99_interval: Option<Interval>,
}

/// One row of `outages.csv`: the outages of a strategy with one cause and one end.
#[derive(Debug, Clone, PartialEq)]
pub struct OutageRow {
    /// The strategy's name.
    pub strategy: String,
    /// What began them.
    pub fault: String,
    /// What ended them.
    pub restored_by: String,
    /// How many, over all trials.
    pub outages: u64,
    /// Mean time to restore, hours.
    pub restore_mean: f64,
    /// Median time to restore, hours.
    pub restore_p50: f64,
    /// 95 % point of the time to restore, hours.
    pub restore_p95: f64,
    /// Mean time from onset to current, hours.
    pub current_mean: f64,
    /// Their part of the strategy's stale user-hours; absent where there are none.
    pub stale_user_hours_share: Option<f64>,
    /// Their downtime over all trials, hours.
    pub downtime_hours: f64,
}

/// The results of one strategy.
#[derive(Debug)]
pub struct StrategyResult {
    /// Its name.
    pub name: String,
    /// By metric.
    pub rows: Vec<SummaryRow>,
    /// By cause and end of outages, most downtime first.
    pub outages: Vec<OutageRow>,
    /// The sorted trials, by metric, in the order of `rows`.
    pub trials: Vec<SortedSample>,
    /// All restore times.
    pub restore: SortedSample,
    /// Their moments.
    pub restore_moments: Moments,
    /// Soft-deleted objects purged in outages of more than 30 days, over all trials.
    pub purged_objects: u128,
    /// Returns that needed a full import or sync, over all trials.
    pub full_cycles: u64,
}

/// The results of a run.
#[derive(Debug)]
pub struct Summary {
    /// Number of trials.
    pub trials: u64,
    /// By strategy, in the order of the scenario.
    pub strategies: Vec<StrategyResult>,
}

impl StrategyResult {
    /// The row of a metric; none for cost without prices.
    pub fn row(&self, metric: Metric) -> Option<&SummaryRow> {
        self.rows.iter().find(|row| row.metric == metric)
    }

    /// The sorted trials of a metric.
    pub fn sample(&self, metric: Metric) -> Option<&SortedSample> {
        let at = self.rows.iter().position(|row| row.metric == metric)?;
        self.trials.get(at)
    }
}

impl Summary {
    /// Summarises the result of all trials, with intervals at `confidence`.
    pub fn new(scenario: &Scenario, whole: Partial, confidence: f64) -> Summary {
        let trials = whole.trials;
        let strategies = scenario
            .strategies
            .iter()
            .zip(whole.strategies)
            .map(|(strategy, part)| {
                let engine = Engine::new(&scenario.world, strategy);
                let stale = part.metrics[Metric::StaleUserHours as usize].moments.sum();
                let (restore, restore_moments) = all_restores(&part.outages);
                let outages = outage_rows(&engine, &part.outages, stale);
                let (mut rows, mut samples) = (Vec::new(), Vec::new());
                for (metric, distribution) in Metric::ALL.into_iter().zip(part.metrics) {
                    if metric == Metric::Cost && scenario.costs.is_none() {
                        continue;
                    }
                    let unit = metric.unit(scenario.currency());
                    let (row, sample) =
                        summary_row(&strategy.name, metric, unit, distribution, confidence);
                    rows.push(row);
                    samples.push(sample);
                }
                StrategyResult {
                    name: strategy.name.clone(),
                    rows,
                    outages,
                    trials: samples,
                    restore,
                    restore_moments,
                    purged_objects: part.purged_objects,
                    full_cycles: part.full_cycles,
                }
            })
            .collect();
        Summary { trials, strategies }
    }
}

fn summary_row(
    strategy: &str,
    metric: Metric,
    unit: &str,
    distribution: Distribution,
    confidence: f64,
) -> (SummaryRow, SortedSample) {
    let Distribution { moments, quantiles } = distribution;
    let sample = quantiles.sorted();
    let at = |p| sample.quantile(p).unwrap_or(f64::NAN);
    let ranks = |p| {
        let (low, high) = quantile_ranks(sample.len(), p, confidence)?;
        let interval =
            Interval { low: sample.order_statistic(low)?, high: sample.order_statistic(high)? };
        Some(interval)
    };
    let mean = moments.mean().unwrap_or(f64::NAN);
    let row = SummaryRow {
        strategy: strategy.to_owned(),
        metric,
        unit: unit.to_owned(),
        trials: moments.count(),
        mean,
        mean_interval: moments
            .standard_error()
            .and_then(|error| mean_interval(mean, error, moments.count(), confidence)),
        sd: moments.sd(),
        p50: at(0.5),
        p90: at(0.9),
        p95: at(0.95),
        p99: at(0.99),
        max: moments.max().unwrap_or(f64::NAN),
        p95_interval: ranks(0.95),
        p99_interval: ranks(0.99),
    };
    (row, sample)
}

fn all_restores(groups: &[OutageGroup]) -> (SortedSample, Moments) {
    let mut all = Distribution::new(Kind::Continuous);
    for group in groups {
        all.merge(&group.restore);
    }
    (all.quantiles.sorted(), all.moments)
}

fn outage_rows(engine: &Engine<'_>, groups: &[OutageGroup], stale: f64) -> Vec<OutageRow> {
    let mut rows: Vec<OutageRow> = groups
        .iter()
        .map(|group| {
            let sample = group.restore.quantiles.clone().sorted();
            OutageRow {
                strategy: engine.strategy().name.clone(),
                fault: engine.cause_name(group.cause).to_owned(),
                restored_by: engine.restored_by_name(group.restored_by).to_owned(),
                outages: group.restore.moments.count(),
                restore_mean: group.restore.moments.mean().unwrap_or(f64::NAN),
                restore_p50: sample.quantile(0.5).unwrap_or(f64::NAN),
                restore_p95: sample.quantile(0.95).unwrap_or(f64::NAN),
                current_mean: group.current.mean().unwrap_or(f64::NAN),
                stale_user_hours_share: (stale > 0.0)
                    .then(|| group.stale_user_hours.value() / stale),
                downtime_hours: group.restore.moments.sum(),
            }
        })
        .collect();
    rows.sort_by(|a, b| {
        b.downtime_hours
            .total_cmp(&a.downtime_hours)
            .then_with(|| (&a.fault, &a.restored_by).cmp(&(&b.fault, &b.restored_by)))
    });
    rows
}

/// The downtime of each cause in hours, most first.
pub fn downtime_by_cause(result: &StrategyResult) -> Vec<(String, f64)> {
    let mut causes: Vec<(String, f64)> = Vec::new();
    for row in &result.outages {
        match causes.iter_mut().find(|(name, _)| *name == row.fault) {
            Some((_, hours)) => *hours += row.downtime_hours,
            None => causes.push((row.fault.clone(), row.downtime_hours)),
        }
    }
    causes
}
