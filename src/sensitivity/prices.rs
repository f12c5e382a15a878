//! What is paid at any point, without compiling it: every price and annual cost is linear in the
//! input that states it.

use super::sample::Prices;
use crate::assumptions::{self, Inputs};
use crate::scenario::{Scenario, ScenarioError, Spec};

/// Prices as functions of a point.
#[derive(Debug)]
pub struct PriceList {
    base: Prices,
    effects: Vec<Effect>,
}

/// What one more of an input adds to prices.
#[derive(Debug)]
struct Effect {
    input: usize,
    guess: f64,
    metrics: Vec<f64>,
    fixed: Vec<f64>,
}

/// Whether an input is a price or an annual cost.
pub fn is_price(inputs: &Inputs, input: usize) -> bool {
    inputs.inputs[input].paths.iter().all(|path| assumptions::is_price(path))
}

/// Sets one input to its value at a quantile.
///
/// # Errors
/// Its key is not there.
pub fn set(
    inputs: &Inputs,
    spec: &mut Spec,
    input: usize,
    quantile: f64,
) -> Result<(), ScenarioError> {
    let mut point = inputs.guesses();
    point[inputs.coordinate(input)] = quantile;
    for (path, setting) in inputs.settings(&point) {
        if inputs.inputs[input].paths.iter().any(|own| own == path) {
            spec.set(path, setting)?;
        }
    }
    Ok(())
}

impl PriceList {
    /// Those of a scenario.
    ///
    /// # Errors
    /// A value contradicts others.
    pub fn new(
        inputs: &Inputs,
        spec: &Spec,
        scenario: &Scenario,
    ) -> Result<PriceList, ScenarioError> {
        const QUANTILE: f64 = 0.95;
        let base = Prices::new(scenario);
        let mut effects = Vec::new();
        for input in (0..inputs.inputs.len()).filter(|input| is_price(inputs, *input)) {
            let mut own = spec.clone();
            set(inputs, &mut own, input, QUANTILE)?;
            let (moved, guess) = (inputs.value(input, QUANTILE), &inputs.inputs[input].guess);
            let (Some(moved), Some(guess)) = (moved.number(), guess.number()) else { continue };
            let prices = Prices::new(&own.compile()?);
            let change = |here: &[f64], there: &[f64]| {
                let by = moved - guess;
                here.iter().zip(there).map(|(a, b)| (a - b) / by).collect::<Vec<f64>>()
            };
            if moved != guess {
                effects.push(Effect {
                    input,
                    guess,
                    metrics: change(&prices.metrics, &base.metrics),
                    fixed: change(&prices.fixed, &base.fixed),
                });
            }
        }
        Ok(PriceList { base, effects })
    }

    /// The prices at a point.
    pub fn at(&self, inputs: &Inputs, point: &[f64]) -> Prices {
        let mut prices = self.base.clone();
        for effect in &self.effects {
            let value = inputs.value(effect.input, point[inputs.coordinate(effect.input)]);
            let by = value.number().map_or(0.0, |value| value - effect.guess);
            let own = prices.metrics.iter_mut().zip(&effect.metrics);
            own.for_each(|(price, more)| *price += by * more);
            let own = prices.fixed.iter_mut().zip(&effect.fixed);
            own.for_each(|(price, more)| *price += by * more);
        }
        prices
    }
}
