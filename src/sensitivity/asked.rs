//! What is asked of the assumptions of a run, and how much is played for an answer.

use super::design::BLOCK;
use crate::scenario::{Scenario, Spec};
use crate::study::results::Results;

/// How much is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Points of the sample.
    pub points: u64,
    /// Trials of each, a multiple of eight.
    pub trials: u64,
    /// Changes of one assumption that are played, the most promising first.
    pub changes: usize,
    /// Trials of each change.
    pub change_trials: u64,
}

impl Scale {
    /// What a run has time for.
    pub const RUN: Scale = Scale { points: 8 * BLOCK, trials: 16, changes: 6, change_trials: 1536 };
}

/// The run that is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The scenario, with every guess.
    pub spec: &'a Spec,
    /// The same, compiled.
    pub scenario: &'a Scenario,
    /// What the run gave.
    pub results: &'a Results,
    /// Its seed.
    pub seed: u64,
    /// Threads that play; the results do not depend on it.
    pub threads: usize,
}
