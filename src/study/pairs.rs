//! Strategies compared in pairs, over the same worlds.

use crate::metric::{Metric, Metrics};
use crate::stats::Moments;
use serde::{Deserialize, Serialize};

/// How a metric of two strategies compares over a set of trials: A minus B, in the same world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Pair {
    /// Trials in which A has the smaller value.
    pub lower: u64,
    /// Trials in which A has the greater value.
    pub higher: u64,
    /// Differences that are not 0.
    differences: Moments,
}

impl Pair {
    fn push(&mut self, a: f64, b: f64) {
        if a == b {
            return;
        }
        if a < b {
            self.lower += 1;
        } else {
            self.higher += 1;
        }
        self.differences.push(a - b);
    }

    fn merge(&mut self, other: &Pair) {
        self.lower += other.lower;
        self.higher += other.higher;
        self.differences.merge(&other.differences);
    }

    /// The moments of the difference over `trials` trials.
    pub fn moments(&self, trials: u64) -> Moments {
        let mut moments = self.differences.clone();
        moments.push_zeros(trials - self.lower - self.higher);
        moments
    }
}

/// All pairs of strategies, by metric.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pairs {
    strategies: usize,
    pairs: Vec<[Pair; Metric::ALL.len()]>,
}

impl Pairs {
    /// No trials of `strategies` strategies.
    pub fn new(strategies: usize) -> Pairs {
        let count = strategies * strategies.saturating_sub(1) / 2;
        Pairs { strategies, pairs: (0..count).map(|_| Default::default()).collect() }
    }

    /// How many pairs.
    pub fn count(&self) -> usize {
        self.pairs.len()
    }

    /// Adds one trial: the metrics of every strategy.
    pub fn push(&mut self, rows: &[Metrics]) {
        let mut pairs = self.pairs.iter_mut();
        for (index, a) in rows.iter().enumerate() {
            for (b, pair) in rows[index + 1..].iter().zip(&mut pairs) {
                if a == b {
                    continue;
                }
                for (metric, pair) in Metric::ALL.into_iter().zip(pair) {
                    pair.push(a[metric], b[metric]);
                }
            }
        }
    }

    /// Adds the trials of another set.
    pub fn merge(&mut self, other: &Pairs) {
        for (mine, theirs) in self.pairs.iter_mut().flatten().zip(other.pairs.iter().flatten()) {
            mine.merge(theirs);
        }
    }

    /// Strategy `a` against strategy `b`, where `a < b` in the order of the scenario.
    pub fn get(&self, a: usize, b: usize, metric: Metric) -> Option<&Pair> {
        if a >= b || b >= self.strategies {
            return None;
        }
        // Pairs stand row by row: those of 0, then those of 1, and so on.
        let before = a * self.strategies - a * (a + 1) / 2;
        Some(&self.pairs.get(before + b - a - 1)?[metric as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_stands_where_it_is_looked_for() {
        let mut pairs = Pairs::new(4);
        let row = |hours: f64| {
            let mut row = Metrics::default();
            row[Metric::DowntimeHours] = hours;
            row
        };
        pairs.push(&[row(1.0), row(10.0), row(100.0), row(1000.0)]);
        pairs.push(&[row(1.0), row(1.0), row(1.0), row(1.0)]);
        let values = [1.0, 10.0, 100.0, 1000.0];
        for a in 0..4 {
            for b in a + 1..4 {
                let pair = pairs.get(a, b, Metric::DowntimeHours).unwrap();
                let moments = pair.moments(2);
                assert_eq!((pair.lower, pair.higher, moments.count()), (1, 0, 2));
                assert_eq!(moments.sum(), values[a] - values[b]);
                assert_eq!(pairs.get(a, b, Metric::Cost).unwrap().moments(2).variance(), Some(0.0));
            }
            assert!(pairs.get(a, a, Metric::DowntimeHours).is_none());
        }
    }
}
