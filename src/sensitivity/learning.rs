//! What it is worth to learn each input before choosing: by knowing it, and by data that a log or a
//! drill can give.

use super::asked::Asked;
use super::information::{Losses, Observation, log_deviation};
use super::model::{Model, Outlook};
use super::options::Options;
use super::regression::Estimate;
use super::sample::PointResult;
use crate::assumptions::{Inputs, Unit};
use crate::threads::each;
use crate::units::HOURS_PER_YEAR;

/// Observations for which the value of data is told.
pub const COUNTS: [u32; 4] = [3, 6, 12, 24];
/// Most drills that are thought of.
const MOST_DRILLS: u32 = 60;

/// What it is worth to learn one coordinate.
#[derive(Debug, Clone)]
pub struct Learning {
    /// The coordinate.
    pub coordinate: usize,
    /// What is saved on average by knowing its value before choosing (EVPPI), in the currency over the
    /// horizon.
    pub known: Estimate,
    /// By how much the probability rises of taking the strategy that is the choice.
    pub right: Estimate,
    /// What data tell, where data can.
    pub data: Option<Data>,
}

/// What data on an input are worth.
#[derive(Debug, Clone)]
pub struct Data {
    /// Whether an observation is a month of a log; otherwise it is a drill, or an incident.
    pub months: bool,
    /// By number of observations, as in [`COUNTS`]: what is saved on average (EVSI).
    pub worth: Vec<(u32, Estimate)>,
    /// How many drills save more than they cost, by the most; none where none does, or where no cost
    /// is given.
    pub pays: Option<u32>,
}

/// What every coordinate is worth, the most first.
pub fn learning(
    asked: Asked<'_>,
    inputs: &Inputs,
    (model, points, results): (&Model, &[Vec<f64>], &[PointResult]),
    choices: &[Vec<usize>],
    options: &Options,
) -> Vec<Learning> {
    let strategies = asked.scenario.strategies.len();
    let wrong = |at: usize| -> Vec<f64> {
        // Whether each strategy, or none, is not the choice: a loss of 1.
        (0..=strategies).map(|choice| f64::from(u8::from(choices[at][0] != choice))).collect()
    };
    let wrong: Vec<Vec<f64>> = (0..choices.len()).map(wrong).collect();
    let paid = |result: &PointResult| -> Vec<f64> {
        let outlook = Outlook::of(result, asked.scenario.tolerances.len());
        outlook.losses(options.breach)
    };
    let paid: Vec<Vec<f64>> = results.iter().map(paid).collect();
    let curved = model.basis.curved();
    let fit = |basis, losses: &[Vec<f64>]| Losses::new(basis, points, losses, asked.threads);
    let (Some(paid), Some(wrong)) = (fit(&model.basis, &paid), fit(&curved, &wrong)) else {
        return Vec::new();
    };
    let confidence = options.confidence;
    let mut learning = each(inputs.dimensions(), asked.threads, |coordinate| {
        let worth = |share: f64| paid.worth(coordinate, share, confidence);
        let known = worth(1.0);
        let observation = observation(inputs, coordinate);
        let data = observation.filter(|_| known.value > 0.0).map(|(observation, months)| {
            let told = COUNTS.map(|n| (n, worth(observation.explain(f64::from(n)))));
            let pays = options.drill_cost.filter(|_| !months).and_then(|cost| {
                let gain =
                    |n: u32| worth(observation.explain(f64::from(n))).value - cost * f64::from(n);
                let best = (1..=MOST_DRILLS).map(|n| (n, gain(n)));
                let best = best.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
                best.filter(|(_, gain)| *gain > 0.0).map(|(n, _)| n)
            });
            Data { months, worth: told.to_vec(), pays }
        });
        let right = wrong.worth(coordinate, 1.0, confidence).within(0.0, 1.0);
        Learning { coordinate, known, right, data }
    });
    learning.sort_by(|a, b| {
        b.known.value.total_cmp(&a.known.value).then(a.coordinate.cmp(&b.coordinate))
    });
    learning
}

/// What one observation tells of a coordinate, and whether it is a month of a log. None where no log
/// tells, or where several inputs move together.
fn observation(inputs: &Inputs, coordinate: usize) -> Option<(Observation, bool)> {
    let mut members = inputs.members(coordinate);
    let (input, None) = (members.next()?, members.next()) else { return None };
    let one = &inputs.inputs[input];
    let ends = [0.05, 0.95].map(|at| inputs.value(input, at).number());
    let [low, high] = [ends[0]?, ends[1]?];
    let path = one.paths.first()?;
    match one.unit {
        Unit::Factor => {
            let distribution = one.distribution.as_ref()?;
            let prior = log_deviation(low, high);
            if path.ends_with(".every") {
                let strikes = HOURS_PER_YEAR / 12.0 / distribution.mean();
                return Some((Observation::Month { strikes, prior }, true));
            }
            let [low, high] = [0.05, 0.95].map(|p| distribution.quantile(p));
            let spread = log_deviation(low, high);
            let is_told = spread.is_finite() && spread > 0.0;
            is_told.then_some((Observation::Duration { spread, prior }, false))
        }
        Unit::Probability => {
            let odds = |p: f64| p / (1.0 - p);
            let prior = log_deviation(odds(low), odds(high));
            let probability = one.guess.number()?;
            Some((Observation::Try { probability, prior }, false))
        }
        Unit::Duration | Unit::Money | Unit::Number | Unit::Choice => None,
    }
}
