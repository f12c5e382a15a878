//! What a run says: the rows of the tables, with intervals.

use super::design::{Design, Stratum, per_trial};
use super::partial::{OutageGroup, Partial, SampleStatistics, StrategyPartial};
use super::restore_steps::RestoreStep;
use super::sign_in_losses::{self, SignInRow};
use crate::engine::Engine;
use crate::engine::outage::{self, Cause, RestoredBy};
use crate::metric::Metric;
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::stats::quantiles::{EXACT_LIMIT, Kind};
use crate::stats::{Interval, Moments, Quantiles, Stratified};
use crate::world::service::Services;
use serde::{Deserialize, Serialize};

/// One row of `summary.csv`: a metric of a strategy over all trials. Absent numbers are absent, not
/// zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Interval of the median.
    pub p50_interval: Option<Interval>,
    /// Interval of the 90 % point.
    pub p90_interval: Option<Interval>,
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
    /// Did planned work begin and end them? Restore times and their tolerance leave them out.
    pub is_planned: bool,
    /// All parts of the service that were down in any of them.
    pub parts: Services,
    /// How many there are in so many trials drawn as they come.
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
    /// How many there are in a trial on average.
    pub per_trial: f64,
    /// The mean of their times to restore in a trial, together, hours. The downtime may be less: it leaves
    /// out imports and full syncs, and counts an overlap once.
    pub outage_hours: f64,
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
    /// By cause of losses of sign-in, most user-hours first; empty where it is not played.
    pub sign_in: Vec<SignInRow>,
    /// The sorted trials, by metric, in the order of `rows`.
    pub trials: Vec<Stratified>,
    /// All restore times, without those of planned outages; an outage still open at the horizon counts
    /// with the time until there, which is the least that it would take.
    pub restore: Stratified,
    /// The restore times of the outages that ended, without those of planned ones.
    pub ended: Stratified,
    /// How many outages were played that did not: their length is not known.
    pub open: u64,
    /// How many outages were planned and went as planned.
    pub planned: u64,
    /// Mean hours of an outage spent on each step, from onset to current; absent where there was no
    /// outage.
    pub steps: Option<[(RestoreStep, f64); RestoreStep::ALL.len()]>,
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
    /// How they were drawn.
    pub design: Design,
    /// By strategy, in the order of the scenario.
    pub strategies: Vec<StrategyResult>,
}

impl StrategyResult {
    /// The row of a metric; none for cost without prices.
    pub fn row(&self, metric: Metric) -> Option<&SummaryRow> {
        self.rows.iter().find(|row| row.metric == metric)
    }

    /// The lowest limit that the strategy would keep with the probability that a tolerance asks
    /// for; none where there is nothing to judge by.
    pub fn lowest_limit(&self, tolerance: &Tolerance) -> Option<f64> {
        match tolerance.criterion {
            Criterion::Metric(metric) => self.sample(metric)?.quantile(tolerance.confidence),
            Criterion::RestoreHours => self.restore.quantile(tolerance.confidence),
        }
    }

    /// What the outages of each fault add up to.
    pub fn by_fault(&self, amount: impl Fn(&OutageRow) -> f64) -> Vec<(&str, f64)> {
        sums_by_name(self.outages.iter().map(|row| (&*row.fault, amount(row))))
    }

    /// What the losses of sign-in of each fault add up to.
    pub fn sign_in_by_fault(&self, amount: impl Fn(&SignInRow) -> f64) -> Vec<(&str, f64)> {
        sums_by_name(self.sign_in.iter().map(|row| (&*row.fault, amount(row))))
    }

    /// The sorted trials of a metric.
    pub fn sample(&self, metric: Metric) -> Option<&Stratified> {
        let at = self.rows.iter().position(|row| row.metric == metric)?;
        self.trials.get(at)
    }
}

/// A metric over all trials.
pub(super) fn sample_of(strata: &[Stratum<'_, StrategyPartial>], metric: Metric) -> Stratified {
    let weighted = |stratum: &Stratum<'_, StrategyPartial>| {
        stratum.part.metrics[metric as usize].weighted(stratum.weight)
    };
    Stratified::new(strata.iter().map(weighted))
}

impl Summary {
    /// Summarises the result of all trials, with intervals at `confidence`.
    pub fn new(scenario: &Scenario, whole: &Partial, confidence: f64) -> Summary {
        let strategies = scenario
            .strategies
            .iter()
            .enumerate()
            .map(|(index, strategy)| {
                let engine = Engine::new(&scenario.world, strategy);
                let strata = whole.strata_of(|stratum| &stratum.strategies[index]);
                strategy_result(scenario, &engine, &strata, confidence)
            })
            .collect();
        Summary { trials: whole.trials(), design: whole.design, strategies }
    }

    /// Drops the sorted trials, which take megabytes, and keeps all that was made of them.
    pub fn forget_trials(&mut self) {
        for strategy in &mut self.strategies {
            strategy.trials.clear();
            strategy.restore = Stratified::new([]);
            strategy.ended = Stratified::new([]);
        }
    }
}

fn strategy_result(
    scenario: &Scenario,
    engine: &Engine<'_>,
    strata: &[Stratum<'_, StrategyPartial>],
    confidence: f64,
) -> StrategyResult {
    let name = &engine.strategy().name;
    let (mut rows, mut samples) = (Vec::new(), Vec::new());
    for metric in scenario.metrics() {
        let sample = sample_of(strata, metric);
        let unit = metric.unit(scenario.currency());
        rows.push(summary_row(name, metric, unit, &sample, confidence));
        samples.push(sample);
    }
    StrategyResult {
        name: name.clone(),
        rows,
        outages: outage_rows(engine, strata),
        sign_in: sign_in_losses::rows(engine, strata),
        trials: samples,
        restore: restores(strata, |group| !is_planned(group)),
        ended: restores(strata, |group| has_ended(group) && !is_planned(group)),
        open: played(strata, |group| !has_ended(group)),
        planned: played(strata, is_planned),
        steps: steps(strata),
        purged_objects: strata.iter().map(|stratum| stratum.part.purged_objects).sum(),
        full_cycles: strata.iter().map(|stratum| stratum.part.full_cycles).sum(),
    }
}

fn summary_row(
    strategy: &str,
    metric: Metric,
    unit: &str,
    sample: &Stratified,
    confidence: f64,
) -> SummaryRow {
    let at = |p| sample.quantile(p).unwrap_or(f64::NAN);
    let interval = |p| sample.quantile_interval(p, confidence);
    SummaryRow {
        strategy: strategy.to_owned(),
        metric,
        unit: unit.to_owned(),
        trials: sample.count(),
        mean: sample.mean().unwrap_or(f64::NAN),
        mean_interval: sample.mean_interval(confidence),
        sd: sample.sd(),
        p50: at(0.5),
        p90: at(0.9),
        p95: at(0.95),
        p99: at(0.99),
        max: sample.max().unwrap_or(f64::NAN),
        p50_interval: interval(0.5),
        p90_interval: interval(0.9),
        p95_interval: interval(0.95),
        p99_interval: interval(0.99),
    }
}

/// The restore times of the outages that are `wanted`: each stratum with the weight of its outages
/// in a trial. A trial has several outages, and their times are exact where those of each group
/// are.
fn restores(
    strata: &[Stratum<'_, StrategyPartial>],
    wanted: impl Fn(&OutageGroup) -> bool,
) -> Stratified {
    Stratified::new(strata.iter().map(|stratum| {
        let quantiles = Quantiles::with_limit(Kind::Continuous, 4 * EXACT_LIMIT);
        let mut all = SampleStatistics { moments: Moments::default(), quantiles };
        let groups = stratum.part.outages.iter().filter(|group| wanted(group));
        groups.for_each(|group| all.merge(&group.restore));
        with_outage_weight(stratum, &all)
    }))
}

/// Did planned work begin these outages and end them?
fn is_planned(group: &OutageGroup) -> bool {
    outage::is_planned(group.cause, group.restored_by)
}

/// Did these outages end within their trial?
fn has_ended(group: &OutageGroup) -> bool {
    group.restored_by != RestoredBy::Nothing
}

/// How many of the outages that were played are `wanted`.
fn played(strata: &[Stratum<'_, StrategyPartial>], wanted: impl Fn(&OutageGroup) -> bool) -> u64 {
    let groups = strata.iter().flat_map(|stratum| &stratum.part.outages);
    groups.filter(|group| wanted(group)).map(|group| group.restore.moments.count()).sum()
}

/// A distribution over outages with the weight that its stratum has among all outages.
fn with_outage_weight(
    stratum: &Stratum<'_, StrategyPartial>,
    outages: &SampleStatistics,
) -> (f64, Moments, Quantiles) {
    let per_trial = outages.moments.count() as f64 / stratum.trials as f64;
    outages.weighted(stratum.weight * per_trial)
}

fn steps(
    strata: &[Stratum<'_, StrategyPartial>],
) -> Option<[(RestoreStep, f64); RestoreStep::ALL.len()]> {
    let count = |part: &StrategyPartial| part.metrics[Metric::Outages as usize].moments.sum();
    let outages = per_trial(strata, count);
    (outages > 0.0).then(|| {
        RestoreStep::ALL
            .map(|step| (step, per_trial(strata, |part| part.steps.hours(step)) / outages))
    })
}

fn outage_rows(engine: &Engine<'_>, strata: &[Stratum<'_, StrategyPartial>]) -> Vec<OutageRow> {
    let trials: u64 = strata.iter().map(|stratum| stratum.trials).sum();
    let mut keys: Vec<_> = strata
        .iter()
        .flat_map(|stratum| &stratum.part.outages)
        .map(|group| (group.cause, group.restored_by))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let stale =
        per_trial(strata, |part| part.metrics[Metric::StaleUserHours as usize].moments.sum());
    let mut rows: Vec<OutageRow> = keys
        .into_iter()
        .map(|key| {
            let sum = |of: &dyn Fn(&OutageGroup) -> f64| {
                per_trial(strata, |part| part.group_of(key).map_or(0.0, of))
            };
            let count = sum(&|group| group.restore.moments.count() as f64);
            let downtime = sum(&|group| group.restore.moments.sum());
            let sample = Stratified::new(strata.iter().filter_map(|stratum| {
                Some(with_outage_weight(stratum, &stratum.part.group_of(key)?.restore))
            }));
            OutageRow {
                strategy: engine.strategy().name.clone(),
                fault: engine.cause_name(key.0).to_owned(),
                restored_by: engine.restored_by_name(key.1).to_owned(),
                is_planned: outage::is_planned(key.0, key.1),
                parts: parts(strata, key),
                // A stratum that is drawn more often than it comes about counts for the less.
                outages: (count * trials as f64).round() as u64,
                restore_mean: sample.mean().unwrap_or(f64::NAN),
                restore_p50: sample.quantile(0.5).unwrap_or(f64::NAN),
                restore_p95: sample.quantile(0.95).unwrap_or(f64::NAN),
                current_mean: sum(&|group| group.current.sum()) / count,
                stale_user_hours_share: (stale > 0.0)
                    .then(|| sum(&|group| group.stale_user_hours.value()) / stale),
                per_trial: count,
                outage_hours: downtime,
            }
        })
        .collect();
    rows.sort_by(|a, b| {
        b.outage_hours
            .total_cmp(&a.outage_hours)
            .then_with(|| (&a.fault, &a.restored_by).cmp(&(&b.fault, &b.restored_by)))
    });
    rows
}

/// All parts of the service that were down in the outages of one cause and end.
fn parts(strata: &[Stratum<'_, StrategyPartial>], key: (Cause, RestoredBy)) -> Services {
    let groups = strata.iter().filter_map(|stratum| stratum.part.group_of(key));
    groups.fold(Services::NONE, |parts, group| parts.union(group.parts))
}

/// The sum of each name's numbers, in the order in which the names come first.
pub fn sums_by_name<'a>(numbers: impl Iterator<Item = (&'a str, f64)>) -> Vec<(&'a str, f64)> {
    let mut sums: Vec<(&str, f64)> = Vec::new();
    for (name, number) in numbers {
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += number,
            None => sums.push((name, number)),
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn outages_are_weighted_where_disasters_are_drawn_in_strata() {
        let scenario = Scenario::embedded().unwrap();
        let run = |design| {
            let trials = Trials { seed: 1, range: 0..400, threads: 2, design };
            study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap().summary
        };
        let design = Design::from_world(&scenario.world);
        assert!(matches!(design, Design::Strata { .. }));
        for design in [Design::Plain, design] {
            let summary = run(design);
            for row in summary.strategies.iter().flat_map(|strategy| &strategy.outages) {
                assert_eq!(row.outages, (400.0 * row.per_trial).round() as u64, "{row:?}");
                assert!(!row.parts.is_empty());
            }
        }
    }

    #[test]
    fn an_outage_of_one_part_names_it() {
        let text = "name = \"x\"\n[[fault]]\nname = \"agent\"\nstrikes = \"password-sync\"\n\
                    at = [\"10h\"]\nrepair = \"1h\"\n[[strategy]]\nname = \"a\"\n";
        let scenario = Scenario::read(text.to_owned(), std::path::Path::new(""), "x").unwrap();
        let trials = Trials { seed: 1, range: 0..3, threads: 1, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
        let rows = &results.summary.strategies[0].outages;
        let told: Vec<(String, u64)> =
            rows.iter().map(|row| (row.parts.words(), row.outages)).collect();
        assert_eq!(told, [("password-sync".to_owned(), 3)]);
    }
}
