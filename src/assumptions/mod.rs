//! The assumptions of a scenario that may be wrong, and how far.
//!
//! [`Inputs`] lists what is uncertain in a scenario: each input with the range of what it may be,
//! and where that range comes from (stated beside the value, a fit to a log, or the program's own
//! default). Inputs that are one assumption, and inputs that move together, share a coordinate. A
//! point of the unit cube, one coordinate each, stands for one set of values; [`Inputs::apply`]
//! makes the scenario of it. In the middle of every range stands the guess, so the point in which
//! nothing is varied is the scenario itself, to the bit.
//!
//! What a study makes of the points never enters here, and nothing is drawn.

mod defaults;
mod gather;
mod limits;
mod spread;
#[cfg(test)]
mod tests;

use crate::distribution::Distribution;
use crate::keys::{Place, Setting};
use crate::scenario::{Scenario, ScenarioError, Spec, Yardstick};
pub use defaults::is_price;
use limits::Limits;
use spread::Spread;
use std::sync::Arc;

/// All that is assumed in a scenario, in the order in which `outlast check` lists it.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// What may be otherwise.
    pub inputs: Vec<UncertainInput>,
    /// What is not varied.
    pub fixed: Vec<FixedInput>,
    /// How each input varies.
    spreads: Vec<Spread>,
    /// The coordinate of each input.
    coordinates: Vec<usize>,
    /// Where the keys of each input stand.
    places: Vec<Vec<Place>>,
    /// What several of them must keep together.
    limits: Limits,
    /// By what disasters are told from other faults at every point.
    yardstick: Arc<Yardstick>,
}

/// An assumption with a range.
#[derive(Debug, Clone)]
pub struct UncertainInput {
    /// The path, or `strategy.*.staging.promote` where several strategies state the same.
    pub name: String,
    /// The full paths of the keys, as [`Spec::set`] takes them.
    pub paths: Vec<String>,
    /// What the key is for.
    pub doc: &'static str,
    /// What its values are.
    pub unit: Unit,
    /// The value as assumed.
    pub guess: Value,
    /// Where the range comes from.
    pub source: RangeSource,
    /// Inputs of one group move together.
    pub group: Option<usize>,
    /// The distribution as assumed, where the value is a factor of its times.
    pub distribution: Option<Arc<Distribution>>,
}

/// What the values of an input are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Hours.
    Duration,
    /// 0 to 1.
    Probability,
    /// The currency of the scenario.
    Money,
    /// A number, whose unit the key says.
    Number,
    /// A factor of the times of a distribution; the guess is 1.
    Factor,
    /// One of several values.
    Choice,
}

/// A value of an input.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// In the unit of the input.
    Number(f64),
    /// Of a choice: as the scenario would write it.
    Word(String),
}

impl Value {
    /// The value as a number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Word(_) => None,
        }
    }
}

/// Where a range comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeSource {
    /// It stands beside the value.
    Stated,
    /// A fit to a log leaves it open.
    Fitted,
    /// Nobody said anything: the default of the program, or that of `[uncertainty]`.
    Default,
}

/// An assumption that is not varied.
#[derive(Debug, Clone)]
pub struct FixedInput {
    /// Its full path.
    pub path: String,
    /// The value as the scenario would write it.
    pub value: Arc<str>,
    /// What the key is for.
    pub doc: &'static str,
    /// Why it is fixed.
    pub why: WhyFixed,
}

/// Why an assumption is not varied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyFixed {
    /// A name, a word, a count or a setting: a decision or a fact, unless a range is stated.
    Decided,
    /// 0 or "0s", or a probability of 0 or 1: it is off, never or always so.
    Off,
    /// `[uncertainty]` calls it known, or its fit is taken for the truth.
    Known,
    /// `[uncertainty]` has no default for its kind.
    NoDefault,
}

impl Inputs {
    /// What is uncertain in a scenario as it stands.
    ///
    /// # Errors
    /// The scenario is wrong.
    pub fn of(spec: &mut Spec) -> Result<Inputs, ScenarioError> {
        Ok(Inputs::new(&spec.compile()?))
    }

    /// What is uncertain in a scenario.
    pub fn new(scenario: &Scenario) -> Inputs {
        gather::inputs(scenario)
    }

    /// The number of coordinates: one for each group, one for each other input.
    pub fn dimensions(&self) -> usize {
        self.coordinates.iter().max().map_or(0, |last| last + 1)
    }

    /// The coordinate that an input follows.
    pub fn coordinate(&self, input: usize) -> usize {
        self.coordinates[input]
    }

    /// The inputs that follow a coordinate: several in a group, otherwise one.
    pub fn members(&self, coordinate: usize) -> impl Iterator<Item = usize> {
        (0..self.inputs.len()).filter(move |input| self.coordinates[*input] == coordinate)
    }

    /// The value of an input at a quantile of its range, from 0 to 1: at 0.05 and 0.95 the points
    /// that were stated. Beyond 0.001 and 0.999 a range is cut off.
    pub fn value(&self, input: usize, quantile: f64) -> Value {
        self.spreads[input].value(quantile)
    }

    /// What a file would state for a coordinate to stand at a quantile: each key with its value; none where
    /// no file could. Numbers have three digits, the last one away from the guess; durations of a
    /// distribution four.
    pub fn written(&self, coordinate: usize, quantile: f64) -> Option<Vec<(&str, String)>> {
        let mut written = Vec::new();
        for input in self.members(coordinate) {
            let guess = &self.inputs[input].guess;
            let setting = match (self.value(input, quantile), guess.number()) {
                (Value::Number(number), Some(guess)) => {
                    self.spreads[input].setting_of(three_digits(number, guess))?
                }
                _ => self.spreads[input].setting(quantile),
            };
            let value = match setting {
                Setting::Distribution(distribution) => distribution.rounded().to_toml(),
                // Where a number is asked, a whole one stands without a point as well.
                Setting::Number(number) => number.to_string(),
                setting => setting.to_toml(),
            };
            let paths = self.inputs[input].paths.iter();
            written.extend(paths.map(|path| (path.as_str(), value.clone())));
        }
        Some(written)
    }

    /// The quantile at which [`Inputs::value`] gives the guess, to the bit: the middle of the range;
    /// of a choice, the middle of what falls to the guess.
    pub fn quantile_of_guess(&self, input: usize) -> f64 {
        self.spreads[input].quantile_of_guess()
    }

    /// The values of a choice with their shares, that of the guess first; `None` of what is no choice.
    pub fn shares(&self, input: usize) -> Option<Vec<(String, f64)>> {
        self.spreads[input].shares()
    }

    /// The point at which every input has its guess.
    pub fn guesses(&self) -> Vec<f64> {
        let mut point = vec![0.5; self.dimensions()];
        for (input, coordinate) in self.coordinates.iter().enumerate() {
            point[*coordinate] = self.quantile_of_guess(input);
        }
        point
    }

    /// What to set for a point: every path with its value, those at their guess too.
    pub fn settings(&self, point: &[f64]) -> Vec<(&str, Setting)> {
        let mut settings = Vec::new();
        for (input, setting) in self.inputs.iter().zip(self.settings_by_input(point)) {
            settings.extend(input.paths.iter().map(|path| (path.as_str(), setting.clone())));
        }
        settings
    }

    /// What to set for each input. Where a point breaks a rule that several keys have to keep, it is
    /// moved to the nearest place that does not.
    fn settings_by_input(&self, point: &[f64]) -> Vec<Setting> {
        let quantiles = self.coordinates.iter().map(|coordinate| point[*coordinate]);
        let mut settings: Vec<Setting> =
            self.spreads.iter().zip(quantiles).map(|(spread, at)| spread.setting(at)).collect();
        let value = |input: usize| {
            let at = point[self.coordinates[input]];
            self.value(input, at).number().unwrap_or(f64::NAN)
        };
        for (input, number) in self.limits.moved(&value) {
            settings[input] =
                self.spreads[input].setting_of(number).unwrap_or(settings[input].clone());
        }
        settings
    }

    /// The scenario at a point, made of the one that the inputs were taken from: all that a run
    /// needs, without the list of what is assumed. Which fault sources are disasters (that have
    /// strata of their own) is judged by the guesses, but for how often they strike.
    ///
    /// # Errors
    /// The values of the point contradict each other.
    pub fn apply(&self, spec: &mut Spec, point: &[f64]) -> Result<Scenario, ScenarioError> {
        for (places, setting) in self.places.iter().zip(self.settings_by_input(point)) {
            places.iter().for_each(|place| spec.put(place, &setting));
        }
        if let Ok(scenario) = spec.compile_point(&self.yardstick) {
            return Ok(scenario);
        }
        // Again, with all that the errors have to say.
        for (path, setting) in self.settings(point) {
            spec.set(path, setting)?;
        }
        spec.compile()
    }
}

/// A number with three digits, the last one away from the guess.
fn three_digits(number: f64, guess: f64) -> f64 {
    let unit = 10_f64.powf(number.abs().log10().floor() - 2.0);
    let steps = if number < guess { (number / unit).floor() } else { (number / unit).ceil() };
    let rounded = format!("{:.2e}", steps * unit).parse().unwrap_or(number);
    if number == 0.0 { number } else { rounded }
}
