//! What a study of the assumptions is asked, and how much it plays.

use super::common::Quantity;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Points of the sample; whole blocks are used.
    pub points: u64,
    /// Trials of each point, a multiple of eight.
    pub trials: u64,
    /// Trials of each change of a single assumption.
    pub change_trials: u64,
    /// Points at which an assumption is drawn anew for its total index.
    pub pairs: u64,
    /// Trials on both sides of that, a multiple of eight.
    pub pair_trials: u64,
    /// Confidence of all intervals.
    pub confidence: f64,
    /// What the tornado and the indices are of; by default, what decides.
    pub quantity: Option<Quantity>,
    /// The input against which acceptability is drawn, by its place among the inputs.
    pub against: Option<usize>,
    /// What a horizon out of a tolerance costs, beside all else.
    pub breach: f64,
    /// What one drill costs, where that is known.
    pub drill_cost: Option<f64>,
}
