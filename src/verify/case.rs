//! One case: a number that is known, what this build makes of it, and how far the two are apart.

use super::organisation::Organisation;
use crate::engine::Scratch;
use crate::engine::observe::NullObserver;
use crate::metric::{Metric, Metrics};
use crate::scenario::{Scenario, ScenarioError};
use crate::stats::Moments;
use crate::study::design::Design;
use crate::study::player::Player;
use std::ops::Range;

/// How far an exact case may be off its truth, as a part of it: what rounding makes of a few sums.
const ROUNDING: f64 = 1e-9;

/// A number that is known beside what this build finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What is measured.
    pub name: String,
    /// Who says what is right: a closed form with its source, or the calculation.
    pub source: &'static str,
    /// What is right.
    pub truth: f64,
    /// What this build finds.
    pub estimate: f64,
    /// The standard error of the estimate; none where the case has no chance in it.
    pub error: Option<f64>,
}

impl Case {
    /// How many standard errors the estimate is above the truth. For a case without chance, 0 where
    /// both agree up to rounding, and infinite where they do not.
    pub fn standard_errors(&self) -> f64 {
        let off = self.estimate - self.truth;
        let is_rounding = off.abs() <= ROUNDING * self.truth.abs().max(1.0);
        match self.error {
            _ if is_rounding => 0.0,
            Some(error) if error > 0.0 => off / error,
            _ => f64::INFINITY.copysign(off),
        }
    }
}

/// The draws that a set of cases may use: no two sets share any, so that they are independent.
#[derive(Debug, Clone)]
pub(super) struct Luck {
    /// The seed.
    pub(super) seed: u64,
    /// The numbers of its trials.
    pub(super) trials: Range<u64>,
}

/// What the cases of a set come from.
type Work = Box<dyn Fn(&Luck) -> Result<Vec<Case>, ScenarioError> + Send + Sync>;

/// Cases that share their trials. The first of them stands for the set where independent cases are
/// asked for.
pub(super) struct Cases {
    /// The part of the model that they are about.
    pub(super) mechanism: &'static str,
    /// Finds them.
    pub(super) work: Work,
}

/// What is asked of the trials of a set.
pub(super) struct Question {
    name: String,
    metric: Metric,
    of: Of,
    truth: f64,
}

enum Of {
    Mean,
    Variance,
    /// The share of trials with no more than that.
    AtMost(f64),
    /// Its only value, in a case without chance.
    Value,
}

/// The mean of a metric.
pub(super) fn mean(name: &str, metric: Metric, truth: f64) -> Question {
    Question { name: name.to_owned(), metric, of: Of::Mean, truth }
}

/// The variance of a metric.
pub(super) fn variance(name: &str, metric: Metric, truth: f64) -> Question {
    Question { name: name.to_owned(), metric, of: Of::Variance, truth }
}

/// The probability that a metric is no more than `limit`.
pub(super) fn at_most(name: &str, metric: Metric, limit: f64, truth: f64) -> Question {
    Question { name: name.to_owned(), metric, of: Of::AtMost(limit), truth }
}

/// The value of a metric where nothing is left to chance.
pub(super) fn value(name: &str, metric: Metric, truth: f64) -> Question {
    Question { name: name.to_owned(), metric, of: Of::Value, truth }
}

/// The cases of one organisation under its only strategy.
pub(super) fn played(
    mechanism: &'static str,
    source: &'static str,
    organisation: Organisation,
    questions: Vec<Question>,
) -> Cases {
    let work = move |luck: &Luck| {
        let scenario = organisation.scenario()?;
        let by_chance = questions.iter().any(|question| !matches!(question.of, Of::Value));
        let end = if by_chance { luck.trials.end } else { luck.trials.start + 1 };
        let luck = Luck { seed: luck.seed, trials: luck.trials.start..end };
        let metrics = play(&scenario, &luck);
        Ok(questions.iter().map(|question| question.answer(source, &metrics)).collect())
    };
    Cases { mechanism, work: Box::new(work) }
}

/// The trials of the first strategy.
fn play(scenario: &Scenario, luck: &Luck) -> Vec<Metrics> {
    let player = Player::new(scenario, luck.seed, Design::Plain);
    let mut scratch = Scratch::new();
    let one = |trial| player.play(0, trial, &mut scratch, &mut NullObserver).metrics;
    luck.trials.clone().map(one).collect()
}

/// The values of a metric in the trials of the first strategy.
pub(super) fn column(scenario: &Scenario, luck: &Luck, metric: Metric) -> Vec<f64> {
    play(scenario, luck).iter().map(|metrics| metrics[metric]).collect()
}

/// Cases that are worked out without trials, or with trials of their own.
pub(super) fn worked(
    mechanism: &'static str,
    work: impl Fn(&Luck) -> Result<Vec<Case>, ScenarioError> + Send + Sync + 'static,
) -> Cases {
    Cases { mechanism, work: Box::new(work) }
}

/// A case without chance.
pub(super) fn exact(
    name: impl Into<String>,
    source: &'static str,
    truth: f64,
    estimate: f64,
) -> Case {
    Case { name: name.into(), source, truth, estimate, error: None }
}

impl Question {
    fn answer(&self, source: &'static str, trials: &[Metrics]) -> Case {
        let mut values = trials.iter().map(|metrics| metrics[self.metric]);
        let (estimate, error) = match self.of {
            Of::Mean => moments(values),
            Of::Variance => {
                let (mean, _) = moments(values.clone());
                moments(values.map(|value| (value - mean) * (value - mean)))
            }
            Of::AtMost(limit) => {
                // Rounding of sums must not move what lies on the limit.
                let within = limit + ROUNDING * limit.abs().max(1.0);
                let (share, _) = moments(values.map(|value| f64::from(u8::from(value <= within))));
                let spread = self.truth * (1.0 - self.truth) / trials.len() as f64;
                (share, Some(spread.sqrt()))
            }
            Of::Value => (values.next_back().unwrap_or(f64::NAN), None),
        };
        Case { name: self.name.clone(), source, truth: self.truth, estimate, error }
    }
}

/// Mean and its standard error.
pub(super) fn moments(values: impl Iterator<Item = f64>) -> (f64, Option<f64>) {
    let mut moments = Moments::default();
    values.for_each(|value| moments.push(value));
    (moments.mean().unwrap_or(f64::NAN), moments.standard_error())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_judged_in_its_own_standard_errors() {
        let case = |truth, estimate, error| Case {
            name: String::new(),
            source: "",
            truth,
            estimate,
            error,
        };
        assert_eq!(case(10.0, 13.0, Some(1.5)).standard_errors(), 2.0);
        assert_eq!(case(10.0, 10.0 + 1e-9, Some(1e-12)).standard_errors(), 0.0);
        assert_eq!(case(0.3, 0.1 + 0.2, None).standard_errors(), 0.0);
        assert_eq!(case(10.0, 9.9, None).standard_errors(), f64::NEG_INFINITY);
        assert_eq!(case(10.0, 9.9, Some(0.0)).standard_errors(), f64::NEG_INFINITY);
        assert!(case(10.0, f64::NAN, Some(1.0)).standard_errors().is_nan());
    }
}
