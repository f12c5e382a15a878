//! What a study of the assumptions is asked, and how much it plays.

use super::common::Quantity;
use super::design::BLOCK;
use crate::assumptions::Inputs;
use crate::scenario::Scenario;

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

impl Options {
    /// Trials where every assumption is as stated.
    pub const TRIALS_AT_GUESS: u64 = 10_000;
    /// Trials of each point.
    pub const POINT_TRIALS: u64 = 64;
    /// The input against which acceptability is drawn, if nothing else is said.
    pub const AGAINST: &str = "costs.stale_user_hour";

    /// As much as is played if nothing is said but the number of points, in whole blocks.
    pub fn usual(points: u64, confidence: f64) -> Options {
        Options {
            points: points.div_ceil(BLOCK) * BLOCK,
            trials: Options::POINT_TRIALS,
            change_trials: 256,
            pairs: 512,
            pair_trials: 128,
            confidence,
            quantity: None,
            against: None,
            breach: 0.0,
            drill_cost: None,
        }
    }
}

/// The place of the input that has that name, or that path among its own.
pub fn input_of(scenario: &Scenario, path: &str) -> Option<usize> {
    let is = |own: &String| own == path;
    Inputs::new(scenario)
        .inputs
        .iter()
        .position(|input| input.name == path || input.paths.iter().any(is))
}
