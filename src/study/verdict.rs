//! Which strategy keeps which tolerance, and how sure that is.

use super::partial::Partial;
use super::tolerance_count::probability;
use crate::numeric;
use crate::scenario::{Scenario, Tolerance};
use crate::stats::stratified::Share;

/// Is a tolerance met?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compliance {
    /// Yes: the whole interval of the probability is at or above what is asked.
    Met,
    /// No: the whole interval is below.
    Missed,
    /// The trials do not tell.
    Undecided,
}

impl Compliance {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Compliance::Met => "met",
            Compliance::Missed => "missed",
            Compliance::Undecided => "undecided",
        }
    }
}

/// One strategy held against one tolerance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// The strategy, by its place in the scenario.
    pub strategy: usize,
    /// The tolerance.
    pub tolerance: Tolerance,
    /// The probability of keeping within the limit; absent where nothing happened to judge by.
    pub within: Option<Share>,
    /// What follows from it.
    pub compliance: Compliance,
}

impl Verdict {
    /// The probability, given the trials, that the tolerance is in truth not met: that of the score
    /// statistic at the probability that is asked for.
    pub fn probability_missed(&self) -> f64 {
        let asked = self.tolerance.confidence;
        let Some(within) = self.within else {
            return 0.5;
        };
        let error = (asked * (1.0 - asked) / within.effective).sqrt();
        normal_cdf((asked - within.share) / error)
    }
}

/// All verdicts: by strategy, then by tolerance, in the order of the scenario.
pub fn verdicts(scenario: &Scenario, whole: &Partial, confidence: f64) -> Vec<Verdict> {
    let mut all = Vec::new();
    for strategy in 0..scenario.strategies.len() {
        for (index, &tolerance) in scenario.tolerances.iter().enumerate() {
            let counts = whole.strata_of(|stratum| &stratum.strategies[strategy].tolerances[index]);
            let within = probability(tolerance.criterion, &counts, confidence);
            let compliance = match within {
                Some(share) if share.interval.low >= tolerance.confidence => Compliance::Met,
                Some(share) if share.interval.high < tolerance.confidence => Compliance::Missed,
                _ => Compliance::Undecided,
            };
            all.push(Verdict { strategy, tolerance, within, compliance });
        }
    }
    all
}

/// P(Z <= z) of a standard normal value; 0.5 for NaN, which is 0 / 0 here.
pub(super) fn normal_cdf(z: f64) -> f64 {
    if z.is_nan() { 0.5 } else { numeric::normal_cdf(z) }
}
