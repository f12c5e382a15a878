//! The same strategy under two sets of assumptions, paired trial by trial.
//!
//! Draws are keyed by what they are for and never by when they are made, so trial number k of two
//! scenarios is the same year as far as both assume the same. The difference of a strategy in that
//! year is then due to what they assume differently, and varies much less than two runs would.
//!
//! In strata the pairs of each stratum are drawn together, and each side has its own weight, since
//! a disaster may be more likely in one scenario than in the other.

use super::design::Design;
use crate::metric::{Metric, Metrics};
use crate::stats::interval::mean_interval;
use crate::stats::stratified::mean_of_strata;
use crate::stats::{Interval, Moments};
use serde::{Deserialize, Serialize};

/// How a metric of one strategy changes from the first scenario to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The strategy, by its place in the first scenario.
    pub first: usize,
    /// The same strategy, by its place in the other.
    pub other: usize,
    /// The metric.
    pub metric: Metric,
    /// Mean of the other minus the first over trials.
    pub mean: f64,
    /// Its standard error; absent where there are too few trials.
    pub standard_error: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// Probabilities that the other has the smaller and the greater value in a trial; absent where
    /// the two give their strata different weights, so that no one trial stands for a share of both.
    pub lower_and_higher: Option<(f64, f64)>,
}

/// One metric of one strategy in one stratum.
#[derive(Debug, Clone, Default)]
struct Counts {
    lower: u64,
    higher: u64,
    differences: Moments,
}

/// Pairs of trials of two scenarios, by strategy and metric.
#[derive(Debug)]
pub struct Contrasts {
    matched: Vec<(usize, usize)>,
    strata: Vec<StratumContrasts>,
}

#[derive(Debug)]
struct StratumContrasts {
    /// Weights in the first scenario and in the other.
    weights: [f64; 2],
    trials: u64,
    /// By matched strategy.
    counts: Vec<[Counts; Metric::ALL.len()]>,
}

impl StratumContrasts {
    /// The mean of both weights.
    fn weight(&self) -> f64 {
        self.weights.iter().sum::<f64>() / 2.0
    }

    /// What to multiply the values of both sides with, so that the mean weight counts for both; 1
    /// where they have the same.
    fn factors(&self) -> [f64; 2] {
        let whole = self.weight();
        self.weights.map(|weight| if whole > 0.0 { weight / whole } else { 1.0 })
    }

    fn push(&mut self, pairs: impl Iterator<Item = (Metrics, Metrics)>) {
        let [of_first, of_other] = self.factors();
        for ((first, other), counts) in pairs.zip(&mut self.counts) {
            let same = of_first == of_other && first == other;
            for (metric, counts) in Metric::ALL.into_iter().zip(counts) {
                if same {
                    counts.differences.push_zeros(1);
                    continue;
                }
                let (first, other) = (first[metric], other[metric]);
                counts.lower += u64::from(other < first);
                counts.higher += u64::from(other > first);
                counts.differences.push(of_other * other - of_first * first);
            }
        }
        self.trials += 1;
    }
}

impl Contrasts {
    /// No trials yet of strategies that are matched: place in the first scenario, place in the
    /// other. The designs must give every trial to the same stratum.
    pub fn new(designs: (Design, Design), matched: Vec<(usize, usize)>) -> Contrasts {
        let weights = designs.0.weights().into_iter().zip(designs.1.weights());
        let counts = || vec![std::array::from_fn(|_| Counts::default()); matched.len()];
        let stratum = |(first, other)| StratumContrasts {
            weights: [first, other],
            trials: 0,
            counts: counts(),
        };
        Contrasts { strata: weights.map(stratum).collect(), matched }
    }

    /// Adds a trial of a stratum: the metrics of all strategies of both scenarios.
    pub fn push(&mut self, stratum: usize, first: &[Metrics], other: &[Metrics]) {
        let pairs = self.matched.iter().map(|&(a, b)| (first[a], other[b]));
        if let Some(stratum) = self.strata.get_mut(stratum) {
            stratum.push(pairs);
        }
    }

    /// Every metric of every strategy that both scenarios have: by strategy, then by metric.
    pub fn changes(
        &self,
        metrics: impl Iterator<Item = Metric> + Clone,
        confidence: f64,
    ) -> Vec<Change> {
        let places = 0..self.matched.len();
        places
            .flat_map(|at| metrics.clone().filter_map(move |m| self.change(at, m, confidence)))
            .collect()
    }

    fn change(&self, at: usize, metric: Metric, confidence: f64) -> Option<Change> {
        let played: Vec<&StratumContrasts> =
            self.strata.iter().filter(|stratum| stratum.trials > 0).collect();
        let whole: f64 = played.iter().map(|stratum| stratum.weight()).sum();
        let same_weights = played.iter().all(|stratum| stratum.weights[0] == stratum.weights[1]);
        let weight = |stratum: &StratumContrasts| stratum.weight() / whole;
        let moments = played
            .iter()
            .map(|stratum| (weight(stratum), &stratum.counts[at][metric as usize].differences));
        let (mean, standard_error) = mean_of_strata(moments)?;
        let share = |of: fn(&Counts) -> u64| -> f64 {
            let part = |stratum: &&StratumContrasts| {
                let counts = &stratum.counts[at][metric as usize];
                weight(stratum) * of(counts) as f64 / stratum.trials as f64
            };
            played.iter().map(part).sum()
        };
        let (lower, higher) = (share(|counts| counts.lower), share(|counts| counts.higher));
        let trials = played.iter().map(|stratum| stratum.trials).sum();
        let (first, other) = self.matched[at];
        Some(Change {
            first,
            other,
            metric,
            mean,
            standard_error,
            interval: standard_error
                .and_then(|error| mean_interval(mean, error, trials, confidence)),
            lower_and_higher: same_weights.then_some((lower, higher)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(hours: f64) -> Metrics {
        let mut row = Metrics::default();
        row[Metric::DowntimeHours] = hours;
        row
    }

    fn downtime(contrasts: &Contrasts) -> Change {
        let changes = contrasts.changes(Metric::available(false, false), 0.95);
        *changes.iter().find(|change| change.metric == Metric::DowntimeHours).unwrap()
    }

    #[test]
    fn plain_pairs_by_hand() {
        let mut contrasts = Contrasts::new((Design::Plain, Design::Plain), vec![(1, 0)]);
        for (first, other) in [(1.0, 3.0), (2.0, 2.0), (4.0, 3.0), (0.0, 4.0)] {
            contrasts.push(0, &[row(99.0), row(first)], &[row(other)]);
        }
        let change = downtime(&contrasts);
        assert_eq!((change.first, change.other), (1, 0));
        // Differences 2, 0, -1, 4: mean 1.25, variance 59/12.
        assert_eq!(change.mean, 1.25);
        assert!((change.standard_error.unwrap().powi(2) - 59.0 / 48.0).abs() < 1e-14);
        assert_eq!(change.lower_and_higher, Some((0.25, 0.5)));
    }

    #[test]
    fn each_side_has_its_own_weights() {
        // A disaster brings 100 h in either scenario, and comes in 10 % and in 20 % of trials.
        let designs = (Design::Strata { disaster: 0.1 }, Design::Strata { disaster: 0.2 });
        let mut contrasts = Contrasts::new(designs, vec![(0, 0)]);
        for trial in 0..8 {
            let hours = if trial % 4 == 3 { 100.0 } else { 1.0 };
            contrasts.push(usize::from(trial % 4 == 3), &[row(hours)], &[row(hours)]);
        }
        let change = downtime(&contrasts);
        // 0.8 + 20 - (0.9 + 10)
        assert!((change.mean - 9.9).abs() < 1e-12, "{}", change.mean);
        assert!(change.standard_error.unwrap() < 1e-12);
        assert_eq!(change.lower_and_higher, None);
    }
}
