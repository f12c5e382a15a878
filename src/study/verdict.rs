//! Which strategy keeps which tolerance, and how sure that is.

use super::design::Stratum;
use super::partial::Partial;
use super::player::Player;
use super::run::Trials;
use super::tolerance_count::{ToleranceCount, cases, probability};
use crate::engine::Scratch;
use crate::engine::observe::NullObserver;
use crate::numeric;
use crate::scenario::{Scenario, Tolerance};
use crate::stats::stratified::Share;
use crate::threads::each_with;

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
    /// How many cases a trial is judged by on average: itself, or its outages that were not planned.
    pub cases: f64,
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

impl Verdict {
    fn new(
        strategy: usize,
        tolerance: Tolerance,
        counts: &[Stratum<'_, ToleranceCount>],
        confidence: f64,
    ) -> Verdict {
        let within = probability(tolerance.criterion, counts, confidence);
        let compliance = match within {
            Some(share) if share.interval.low >= tolerance.confidence => Compliance::Met,
            Some(share) if share.interval.high < tolerance.confidence => Compliance::Missed,
            _ => Compliance::Undecided,
        };
        let cases = cases(tolerance.criterion, counts);
        Verdict { strategy, tolerance, within, cases, compliance }
    }
}

/// All verdicts: by strategy, then by tolerance, in the order of the scenario.
pub fn verdicts(scenario: &Scenario, whole: &Partial, confidence: f64) -> Vec<Verdict> {
    let mut all = Vec::new();
    for strategy in 0..scenario.strategies.len() {
        for (index, &tolerance) in scenario.tolerances.iter().enumerate() {
            let counts = whole.strata_of(|stratum| &stratum.strategies[strategy].tolerances[index]);
            all.push(Verdict::new(strategy, tolerance, &counts, confidence));
        }
    }
    all
}

/// The verdicts of a run of these trials on one strategy, by the given tolerances in place of those of
/// the scenario. No other strategy is played.
pub fn verdicts_on(
    scenario: &Scenario,
    strategy: usize,
    tolerances: &[Tolerance],
    trials: &Trials,
    confidence: f64,
) -> Vec<Verdict> {
    /// Trials that a thread plays before it takes others.
    const CHUNK: u64 = 256;
    let player = Player::new(scenario, trials.seed, trials.design);
    let weights = player.weights();
    let nothing = || vec![(0, vec![ToleranceCount::default(); tolerances.len()]); weights.len()];
    let chunks = trials.range.end.saturating_sub(trials.range.start).div_ceil(CHUNK);
    let parts = each_with(chunks as usize, trials.threads, Scratch::new, |scratch, chunk| {
        let mut strata = nothing();
        let first = trials.range.start + chunk as u64 * CHUNK;
        for trial in first..trials.range.end.min(first + CHUNK) {
            let result = player.play(strategy, trial, scratch, &mut NullObserver);
            let (count, counts) = &mut strata[player.stratum(trial)];
            *count += 1;
            for (count, tolerance) in counts.iter_mut().zip(tolerances) {
                count.push(tolerance, &result.metrics, result.outages);
            }
        }
        strata
    });
    let mut whole = nothing();
    for part in &parts {
        for ((trials, counts), (more, others)) in whole.iter_mut().zip(part) {
            *trials += more;
            counts.iter_mut().zip(others).for_each(|(mine, theirs)| mine.merge(theirs));
        }
    }
    let of = |(at, &tolerance): (usize, &Tolerance)| {
        let played = weights.iter().zip(&whole).filter(|(_, (trials, _))| *trials > 0);
        let counts: Vec<Stratum<'_, ToleranceCount>> = played
            .map(|(&weight, (trials, counts))| Stratum {
                weight,
                trials: *trials,
                part: &counts[at],
            })
            .collect();
        Verdict::new(strategy, tolerance, &counts, confidence)
    };
    tolerances.iter().enumerate().map(of).collect()
}

/// P(Z <= z) of a standard normal value; 0.5 for NaN, which is 0 / 0 here.
pub(super) fn normal_cdf(z: f64) -> f64 {
    if z.is_nan() { 0.5 } else { numeric::normal_cdf(z) }
}
