//! What is kept of one point of many: its rows, and no trial.

use super::choice::Choice;
use super::contrast::Change;
use super::results::Results;
use super::summary::SummaryRow;
use crate::metric::Metric;
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};

/// What came of a scenario at one point. It takes kilobytes where all results take megabytes, and is
/// written and read with all its bits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointSummary {
    /// By strategy, by metric.
    pub strategies: Vec<Vec<SummaryRow>>,
    /// How each strategy that the scenario as it stands has too differs from itself there.
    pub changes: Vec<Change>,
    /// What the point chooses.
    pub choice: Choice,
    /// How sure the trials are of it; absent where there is nothing to be sure of.
    pub probability: Option<f64>,
}

impl PointSummary {
    /// What to keep of its results, and of how it differs from the scenario as it stands.
    pub fn new(scenario: &Scenario, results: Results, changes: Vec<Change>) -> PointSummary {
        let choice = Choice::of(scenario, &results);
        let probability = results.decision.probability;
        let strategies = results.summary.strategies.into_iter().map(|strategy| strategy.rows);
        PointSummary { strategies: strategies.collect(), changes, choice, probability }
    }

    /// Whether it is of so many strategies.
    pub fn has_shape_of(&self, strategies: usize) -> bool {
        let is_there = |at: usize| at < strategies;
        self.strategies.len() == strategies && self.choice.strategy.is_none_or(is_there)
    }

    /// Drops the rows of all metrics but these, and all changes: of ten thousand points, what stays must
    /// be little.
    pub fn keep_only(&mut self, metrics: &[Metric]) {
        for rows in &mut self.strategies {
            rows.retain(|row| metrics.contains(&row.metric));
            rows.shrink_to_fit();
        }
        self.changes = Vec::new();
    }

    /// The row of a metric of a strategy; none where the scenario does not have them.
    pub fn row(&self, strategy: usize, metric: Metric) -> Option<&SummaryRow> {
        self.strategies.get(strategy)?.iter().find(|row| row.metric == metric)
    }
}
