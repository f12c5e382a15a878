//! Which trials are drawn how: plain, or in strata so that rare disasters are met often enough.
//!
//! The stratum of a trial follows from its number alone, so trials 0..n are a prefix of 0..m, and a
//! range can be played anywhere.

use crate::stats::bits;
use crate::world::World;
use crate::world::rare::Condition;
use serde::{Deserialize, Serialize};

/// One trial in so many is a year with a disaster. A year without counts for the more; its share of
/// three quarters makes the intervals of ordinary numbers a seventh wider at most.
const ONE_IN: u64 = 4;

/// How the trials of a run are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Design {
    /// Each as it comes.
    Plain,
    /// In two strata: without and with a rare disaster.
    Strata {
        /// The probability of a disaster within the horizon.
        #[serde(with = "bits::number")]
        disaster: f64,
    },
}

impl Design {
    /// The design that suits the world: in strata where that helps.
    pub fn from_world(world: &World) -> Design {
        match &world.rare {
            Some(rare) => Design::Strata { disaster: rare.probability() },
            None => Design::Plain,
        }
    }

    /// The weights of the strata; they add up to 1.
    pub fn weights(self) -> Vec<f64> {
        match self {
            Design::Plain => vec![1.0],
            Design::Strata { disaster } => vec![1.0 - disaster, disaster],
        }
    }

    /// The stratum of a trial.
    pub fn stratum(self, trial: u64) -> usize {
        match self {
            Design::Plain => 0,
            Design::Strata { .. } => usize::from(trial % ONE_IN == ONE_IN - 1),
        }
    }

    /// What is given of the trials of a stratum.
    pub fn given(self, stratum: usize) -> Condition {
        match (self, stratum) {
            (Design::Plain, _) => Condition::Nothing,
            (Design::Strata { .. }, 0) => Condition::NoDisaster,
            (Design::Strata { .. }, _) => Condition::Disaster,
        }
    }

    /// How many trials of a long run one trial of the stratum stands for; 1 on average.
    pub fn weight_of_trial(self, stratum: usize) -> f64 {
        let share = match (self, stratum) {
            (Design::Plain, _) => 1.0,
            (Design::Strata { .. }, 0) => 1.0 - 1.0 / ONE_IN as f64,
            (Design::Strata { .. }, _) => 1.0 / ONE_IN as f64,
        };
        self.weights()[stratum.min(self.weights().len() - 1)] / share
    }
}

/// A part of what one stratum gives.
#[derive(Debug)]
pub struct Stratum<'a, T> {
    /// Weight of the stratum.
    pub weight: f64,
    /// Trials played in it; one at least.
    pub trials: u64,
    /// What they gave.
    pub part: &'a T,
}

/// Sum over strata of what is summed over the trials of each, for one trial on average.
pub(super) fn per_trial<T>(strata: &[Stratum<'_, T>], sum: impl Fn(&T) -> f64) -> f64 {
    let (mut total, mut whole) = (0.0, 0.0);
    for stratum in strata {
        total += stratum.weight * sum(stratum.part) / stratum.trials as f64;
        whole += stratum.weight;
    }
    total / whole
}
