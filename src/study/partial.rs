//! The mergeable result of a range of trials.

use super::design::{Design, Stratum};
use super::pairs::Pairs;
use super::player::TrialResult;
use super::restore_steps::RestoreStepHours;
use super::tolerance_count::ToleranceCount;
use crate::engine::SignInLoss;
use crate::engine::outage::{Cause, RestoredBy};
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::stats::quantiles::Kind;
use crate::stats::{ExactSum, Moments, Quantiles};
use crate::world::service::Services;
use serde::{Deserialize, Serialize};

/// What a set of trials gives, for every strategy. Merging partial results of disjoint sets gives
/// the same bits in any order and any split, since all sums are exact and all else are counts. It is
/// written and read with all its bits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Partial {
    /// How the trials were drawn.
    pub design: Design,
    /// By stratum of the design.
    pub strata: Vec<StratumPartial>,
}

/// What the trials of one stratum give.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StratumPartial {
    /// Trials in it.
    pub trials: u64,
    /// By strategy, in the order of the scenario.
    pub strategies: Vec<StrategyPartial>,
    /// Strategies compared in pairs.
    pub pairs: Pairs,
}

/// What a set of trials gives for one strategy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StrategyPartial {
    /// By metric, in the order of [`Metric::ALL`].
    pub metrics: Vec<SampleStatistics>,
    /// By what began and what ended an outage.
    pub outages: Vec<OutageGroup>,
    /// By what began a loss of sign-in, in their order.
    pub sign_in: Vec<SignInGroup>,
    /// Soft-deleted objects purged in outages of more than 30 days.
    pub purged_objects: u128,
    /// Returns that needed a full import or sync.
    pub full_cycles: u64,
    /// By tolerance of the scenario: how often it was kept.
    pub tolerances: Vec<ToleranceCount>,
    /// What the outages' time to current was spent on.
    pub steps: RestoreStepHours,
}

/// The distribution of one number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SampleStatistics {
    /// Count, mean, spread, extremes.
    pub moments: Moments,
    /// Order statistics.
    pub quantiles: Quantiles,
}

/// Outages with one cause and one end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OutageGroup {
    /// What began them.
    pub cause: Cause,
    /// What ended them.
    pub restored_by: RestoredBy,
    /// All parts of the service that were down in any of them.
    pub parts: Services,
    /// Onset to service, hours.
    pub restore: SampleStatistics,
    /// Onset to current, hours.
    pub current: Moments,
    /// Stale user-hours of the backlogs that began with them.
    pub stale_user_hours: ExactSum,
}

/// Losses of sign-in with one cause.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInGroup {
    /// What began them.
    pub cause: Cause,
    /// From the beginning to the end of each, hours.
    pub hours: Moments,
    /// Hours for which users were locked out in them.
    pub user_hours: ExactSum,
}

impl SampleStatistics {
    /// An empty distribution of whole or of any numbers.
    pub fn new(kind: Kind) -> SampleStatistics {
        SampleStatistics { moments: Moments::default(), quantiles: Quantiles::new(kind) }
    }

    /// Adds one number.
    pub fn push(&mut self, value: f64) {
        self.moments.push(value);
        self.quantiles.push(value);
    }

    /// With the weight of its stratum, as [`Stratified`](crate::stats::Stratified) takes it.
    pub fn weighted(&self, weight: f64) -> (f64, Moments, Quantiles) {
        (weight, self.moments.clone(), self.quantiles.clone())
    }

    /// Adds all numbers of another distribution.
    pub fn merge(&mut self, other: &SampleStatistics) {
        self.moments.merge(&other.moments);
        self.quantiles.merge(&other.quantiles);
    }
}

impl Partial {
    /// No trials of `strategies` strategies, held against so many tolerances.
    pub fn new(design: Design, strategies: usize, tolerances: usize) -> Partial {
        let stratum = StratumPartial {
            trials: 0,
            strategies: vec![StrategyPartial::new(tolerances); strategies],
            pairs: Pairs::new(strategies),
        };
        Partial { design, strata: vec![stratum; design.weights().len()] }
    }

    /// One part of what each stratum gives; strata without trials give nothing.
    pub fn strata_of<T>(&self, part: impl Fn(&StratumPartial) -> &T) -> Vec<Stratum<'_, T>> {
        let weighted = self.design.weights().into_iter().zip(&self.strata);
        let played = weighted.filter(|(_, stratum)| stratum.trials > 0);
        played
            .map(|(weight, stratum)| Stratum {
                weight,
                trials: stratum.trials,
                part: part(stratum),
            })
            .collect()
    }

    /// Whether it has the strata, strategies and tolerances of another, so that both can be merged.
    pub fn has_shape_of(&self, other: &Partial) -> bool {
        let shape = |partial: &Partial| {
            let of = |stratum: &StratumPartial| {
                let strategies = stratum.strategies.iter();
                let sizes = strategies.map(|one| (one.metrics.len(), one.tolerances.len()));
                (sizes.collect::<Vec<_>>(), stratum.pairs.count())
            };
            partial.strata.iter().map(of).collect::<Vec<_>>()
        };
        self.design == other.design && shape(self) == shape(other)
    }

    /// Trials in all strata.
    pub fn trials(&self) -> u64 {
        self.strata.iter().map(|stratum| stratum.trials).sum()
    }

    /// Adds the trials of `other`, which must be of the same scenario and design and none of them
    /// in `self`.
    pub fn merge(&mut self, other: &Partial) {
        for (mine, theirs) in self.strata.iter_mut().zip(&other.strata) {
            mine.trials += theirs.trials;
            mine.pairs.merge(&theirs.pairs);
            for (mine, theirs) in mine.strategies.iter_mut().zip(&theirs.strategies) {
                mine.merge(theirs);
            }
        }
    }
}

impl StrategyPartial {
    fn new(tolerances: usize) -> StrategyPartial {
        let kind = |metric: Metric| {
            if metric.is_count() { Kind::Whole } else { Kind::Continuous }
        };
        StrategyPartial {
            metrics: Metric::ALL.map(|metric| SampleStatistics::new(kind(metric))).into(),
            outages: Vec::new(),
            sign_in: Vec::new(),
            purged_objects: 0,
            full_cycles: 0,
            tolerances: vec![ToleranceCount::default(); tolerances],
            steps: RestoreStepHours::default(),
        }
    }

    /// Adds one trial of a scenario.
    pub fn push(&mut self, scenario: &Scenario, result: &TrialResult<'_>) {
        let TrialResult { metrics, outages, sign_in } = result;
        for (count, tolerance) in self.tolerances.iter_mut().zip(&scenario.tolerances) {
            count.push(tolerance, metrics, outages);
        }
        for (metric, distribution) in Metric::ALL.into_iter().zip(&mut self.metrics) {
            distribution.push(metrics[metric]);
        }
        for loss in sign_in.chunk_by(SignInLoss::are_one) {
            let Some(first) = loss.first() else { continue };
            let group = self.sign_in_group(first.cause);
            group.hours.push(loss.iter().map(|part| part.to - part.from).sum());
            loss.iter().for_each(|part| group.user_hours.add(part.user_hours));
        }
        for outage in *outages {
            let group = self.group(outage.cause, outage.restored_by);
            group.parts = group.parts.union(outage.parts);
            group.restore.push(outage.restore_hours());
            group.current.push(outage.current_hours());
            group.stale_user_hours.add(outage.stale_user_hours);
            self.purged_objects += u128::from(outage.purged_objects);
            self.full_cycles += u64::from(outage.full_cycle);
            let by_provider = is_provider_run(scenario, outage.cause);
            self.steps.push(outage, by_provider, &scenario.world.staffed);
        }
    }

    fn merge(&mut self, other: &StrategyPartial) {
        for (mine, theirs) in self.metrics.iter_mut().zip(&other.metrics) {
            mine.merge(theirs);
        }
        for theirs in &other.outages {
            let mine = self.group(theirs.cause, theirs.restored_by);
            mine.parts = mine.parts.union(theirs.parts);
            mine.restore.merge(&theirs.restore);
            mine.current.merge(&theirs.current);
            mine.stale_user_hours.merge(&theirs.stale_user_hours);
        }
        for theirs in &other.sign_in {
            let mine = self.sign_in_group(theirs.cause);
            mine.hours.merge(&theirs.hours);
            mine.user_hours.merge(&theirs.user_hours);
        }
        self.purged_objects += other.purged_objects;
        self.full_cycles += other.full_cycles;
        self.steps.merge(&other.steps);
        for (mine, theirs) in self.tolerances.iter_mut().zip(&other.tolerances) {
            mine.merge(theirs);
        }
    }

    /// The group of that cause and end, if there is one.
    pub fn group_of(&self, key: (Cause, RestoredBy)) -> Option<&OutageGroup> {
        let at = self.outages.binary_search_by_key(&key, |group| (group.cause, group.restored_by));
        self.outages.get(at.ok()?)
    }

    /// The losses of sign-in of that cause, if there are any.
    pub fn sign_in_of(&self, cause: Cause) -> Option<&SignInGroup> {
        let at = self.sign_in.binary_search_by_key(&cause, |group| group.cause);
        self.sign_in.get(at.ok()?)
    }

    fn sign_in_group(&mut self, cause: Cause) -> &mut SignInGroup {
        let at = self.sign_in.binary_search_by_key(&cause, |group| group.cause);
        let at = at.unwrap_or_else(|at| {
            let (hours, user_hours) = (Moments::default(), ExactSum::default());
            self.sign_in.insert(at, SignInGroup { cause, hours, user_hours });
            at
        });
        &mut self.sign_in[at]
    }

    /// The group of that cause and end; groups stay sorted, so their order tells nothing of the
    /// order of trials.
    fn group(&mut self, cause: Cause, restored_by: RestoredBy) -> &mut OutageGroup {
        let at = self
            .outages
            .binary_search_by_key(&(cause, restored_by), |group| (group.cause, group.restored_by))
            .unwrap_or_else(|at| {
                self.outages.insert(at, OutageGroup::new(cause, restored_by));
                at
            });
        &mut self.outages[at]
    }
}

/// Is what began the outage repaired by a provider?
pub(super) fn is_provider_run(scenario: &Scenario, cause: Cause) -> bool {
    match cause {
        Cause::Fault(index) => scenario.world.faults[usize::from(index)].mends_itself(),
        Cause::SplitBrain | Cause::MoveBack | Cause::Planned(_) => false,
    }
}

impl OutageGroup {
    fn new(cause: Cause, restored_by: RestoredBy) -> OutageGroup {
        OutageGroup {
            cause,
            restored_by,
            parts: Services::NONE,
            restore: SampleStatistics::new(Kind::Continuous),
            current: Moments::default(),
            stale_user_hours: ExactSum::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::run::{Trials, Unwatched, run};
    use std::sync::atomic::AtomicBool;

    fn read_back(partial: &Partial) -> Partial {
        serde_json::from_str(&serde_json::to_string(partial).unwrap()).unwrap()
    }

    /// Both are written in the same words, and tell the same of every metric.
    fn assert_same(read: &Partial, written: &Partial) {
        let text = |partial: &Partial| serde_json::to_string(partial).unwrap();
        assert!(text(read) == text(written));
        let metrics = |partial: &Partial| -> Vec<String> {
            let strategies = partial.strata.iter().flat_map(|stratum| &stratum.strategies);
            let told = |one: &SampleStatistics| {
                let moments = &one.moments;
                let ends = (moments.count(), moments.min(), moments.max());
                let sums = (moments.sum(), moments.mean(), moments.variance());
                format!("{ends:?} {sums:?} {:?}", one.quantiles.clone().sorted())
            };
            strategies.flat_map(|strategy| &strategy.metrics).map(told).collect()
        };
        assert_eq!(metrics(read), metrics(written));
    }

    fn played(range: std::ops::Range<u64>) -> Partial {
        let scenario = Scenario::embedded().unwrap();
        let design = Design::from_world(&scenario.world);
        let trials = Trials { seed: 7, range, threads: 2, design };
        let outcome = run(&scenario, &trials, &AtomicBool::new(false), &mut Unwatched);
        let Ok(Some(partial)) = outcome else { panic!("nobody stopped it") };
        partial
    }

    #[test]
    fn parts_that_were_written_and_read_merge_to_the_same_bits() {
        let (mut first, second) = (played(0..60), played(60..100));
        let mut read = read_back(&first);
        assert_same(&read, &first);
        first.merge(&second);
        read.merge(&read_back(&second));
        assert_same(&read, &first);
        assert_eq!(read.trials(), 100);
    }

    #[test]
    fn no_trials_infinities_and_samples_in_buckets_are_read_as_they_were_written() {
        // Without trials the extremes are infinite.
        let mut partial = Partial::new(Design::Strata { disaster: 0.1 }, 2, 1);
        assert_same(&read_back(&partial), &partial);
        let metrics = &mut partial.strata[1].strategies[0].metrics;
        for number in 0..13_000 {
            metrics[0].push(f64::from(number) / 3.0);
            metrics[1].push(-0.1);
        }
        assert!(!metrics[0].quantiles.is_exact());
        for moments in metrics.iter_mut().map(|metric| &mut metric.moments) {
            moments.push(f64::INFINITY);
        }
        assert_same(&read_back(&partial), &partial);
    }

    #[test]
    fn an_array_of_another_length_is_refused() {
        let partial = Partial::new(Design::Plain, 1, 0);
        let text = serde_json::to_string(&partial).unwrap();
        let shorter = text.replacen("\"limbs\":[0,", "\"limbs\":[", 1);
        let refused = serde_json::from_str::<Partial>(&shorter).unwrap_err();
        assert!(refused.to_string().contains("expected 68 elements"), "{refused}");
    }
}
