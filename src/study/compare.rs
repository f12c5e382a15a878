//! Strategies against each other: paired differences over the same worlds.

use super::design::Stratum;
use super::partial::Partial;
use super::verdict::normal_cdf;
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::stats::Interval;
use crate::stats::interval::mean_interval;
use crate::stats::stratified::mean_of_strata;

/// How a metric of strategy A compares with that of strategy B, in the same worlds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The metric.
    pub metric: Metric,
    /// A, by its place in the scenario.
    pub a: usize,
    /// B, by its place in the scenario.
    pub b: usize,
    /// Mean of A minus B over trials.
    pub mean: f64,
    /// Its standard error; absent where there are too few trials.
    pub standard_error: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// Probability that A has the smaller value in a trial.
    pub a_lower: f64,
    /// Probability that B has.
    pub b_lower: f64,
}

impl Difference {
    /// The probability, given the trials, that the mean of A is below that of B.
    pub fn probability_below(&self) -> f64 {
        match self.standard_error {
            Some(error) if error > 0.0 => normal_cdf(-self.mean / error),
            _ => f64::from(u8::from(self.mean < 0.0)),
        }
    }

    /// The same comparison, seen from B.
    pub fn turned(self) -> Difference {
        Difference {
            a: self.b,
            b: self.a,
            // Not -0.
            mean: 0.0 - self.mean,
            interval: self
                .interval
                .map(|interval| Interval { low: 0.0 - interval.high, high: 0.0 - interval.low }),
            a_lower: self.b_lower,
            b_lower: self.a_lower,
            ..self
        }
    }
}

/// All differences of all metrics: by metric, then by A, then by B, with A before B in the
/// scenario.
pub fn differences(scenario: &Scenario, whole: &Partial, confidence: f64) -> Vec<Difference> {
    let count = scenario.strategies.len();
    let mut all = Vec::new();
    for metric in scenario.metrics() {
        for a in 0..count {
            let with = (a + 1)..count;
            all.extend(with.filter_map(|b| difference(whole, metric, (a, b), confidence)));
        }
    }
    all
}

/// A minus B; none for a strategy against itself, or without trials.
pub fn difference(
    whole: &Partial,
    metric: Metric,
    (a, b): (usize, usize),
    confidence: f64,
) -> Option<Difference> {
    if a > b {
        return difference(whole, metric, (b, a), confidence).map(Difference::turned);
    }
    let strata = whole.strata_of(|stratum| stratum);
    let sum: f64 = strata.iter().map(|stratum| stratum.weight).sum();
    let (mut a_lower, mut b_lower) = (0.0, 0.0);
    let mut moments = Vec::new();
    for Stratum { weight, trials, part } in strata {
        let (weight, trials) = (weight / sum, trials as f64);
        let pair = part.pairs.get(a, b, metric)?;
        moments.push((weight, pair.moments(part.trials)));
        a_lower += weight * pair.lower as f64 / trials;
        b_lower += weight * pair.higher as f64 / trials;
    }
    let (mean, standard_error) = mean_of_strata(moments)?;
    let interval =
        standard_error.and_then(|error| mean_interval(mean, error, whole.trials(), confidence));
    Some(Difference { metric, a, b, mean, standard_error, interval, a_lower, b_lower })
}
