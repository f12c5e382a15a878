//! One input of a scenario as a number that can be turned.
//!
//! A number is that number and a duration its hours. Of a distribution the times are scaled, so its
//! number is a factor of what is assumed, which is 1. Words and switches have no number.

use super::{KeyNumber, Scenario, ScenarioError, Spec};
use crate::keys::{Assumption, PathError, Uncertainty};
use crate::units::{parse_duration, show_duration};

/// What the number of an input means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialUnit {
    /// The number itself.
    Number,
    /// The number itself, which must be whole.
    Whole,
    /// Hours.
    Hours,
    /// A factor of the times of the distribution that is assumed.
    Times,
}

/// An input, or several that are turned together.
#[derive(Debug, Clone)]
pub struct Dial {
    /// The path, as it was given.
    pub path: String,
    /// What its number means.
    pub unit: DialUnit,
    /// The number that is assumed.
    pub assumed: f64,
    /// What the key is for.
    pub doc: &'static str,
    /// The range that the scenario states for it, in the meaning of its number.
    pub stated: Option<[f64; 2]>,
    /// The full paths, each with its number.
    keys: Vec<(String, KeyNumber)>,
}

/// Why an input cannot be turned.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// There is no such input.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The scenario is wrong as it stands.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The value is a word, a list or a switch.
    #[error(
        "`{path}` is {value}, which is no number and no duration; outlast compare --sweep \
         {path}=… plays it at values that you list"
    )]
    NoNumber {
        /// The full path.
        path: String,
        /// The value as TOML text.
        value: String,
    },
    /// A key that may be left out is.
    #[error("`{path}` has no value to begin with; give it one with --set {path}=…")]
    Absent {
        /// The full path.
        path: String,
    },
    /// Keys that are to be turned together stand at different values.
    #[error("`{path}` stands for keys with different values; name one of them, such as {first}")]
    Different {
        /// The pattern.
        path: String,
        /// The first of the keys.
        first: String,
    },
    /// A text is no value of the input.
    #[error("{text} is no value for `{path}`; {help}")]
    Value {
        /// The path, as it was given.
        path: String,
        /// What was given.
        text: String,
        /// What would be right.
        help: &'static str,
    },
}

impl Dial {
    /// The input at a path, or the inputs that a pattern stands for.
    ///
    /// # Errors
    /// See [`DialError`].
    pub fn of(spec: &Spec, path: &str) -> Result<Dial, DialError> {
        let mut spec = spec.clone();
        let paths: Vec<String> = spec.matching(path)?.into_iter().map(str::to_owned).collect();
        let scenario = spec.compile()?;
        let mut keys = Vec::new();
        for path in paths {
            keys.push((path.clone(), number(&scenario, &path)?));
        }
        let first = scenario.assumption(&keys[0].0);
        let doc = first.map_or("", |one| one.doc);
        let dial = |unit, assumed, keys| {
            let stated = first.and_then(|one| stated(one, unit, assumed));
            Dial { path: path.to_owned(), unit, assumed, doc, stated, keys }
        };
        let unit = |number: &KeyNumber| match number {
            KeyNumber::Number(..) | KeyNumber::Probability(_) => DialUnit::Number,
            KeyNumber::Whole(..) => DialUnit::Whole,
            KeyNumber::Hours(_) => DialUnit::Hours,
            KeyNumber::Times(_) => DialUnit::Times,
        };
        let (first_unit, assumed) = (unit(&keys[0].1), keys[0].1.assumed());
        let is_same =
            |(_, one): &(String, KeyNumber)| unit(one) == first_unit && one.assumed() == assumed;
        if keys.iter().all(is_same) {
            return Ok(dial(first_unit, assumed, keys));
        }
        if keys.iter().all(|(_, one)| one.times(1.0).is_some()) {
            return Ok(dial(DialUnit::Times, 1.0, keys));
        }
        let first = keys.swap_remove(0).0;
        Err(DialError::Different { path: path.to_owned(), first })
    }

    /// The mean of the times, hours, where the number of one distribution is this.
    pub fn mean_time(&self, value: f64) -> Option<f64> {
        match &self.keys[..] {
            [(_, KeyNumber::Times(times))] => {
                Some(value * times.mean()).filter(|mean| mean.is_finite())
            }
            _ => None,
        }
    }

    /// The full path where the dial turns one key, otherwise the path as it was given.
    pub fn full_path(&self) -> &str {
        match &self.keys[..] {
            [(path, _)] => path,
            _ => &self.path,
        }
    }

    /// Turns the input to a number. What is wrong with it, compiling says.
    ///
    /// # Errors
    /// The spec is another than that of the dial.
    pub fn set(&self, spec: &mut Spec, value: f64) -> Result<(), PathError> {
        for (path, number) in &self.keys {
            let times = match self.unit {
                DialUnit::Times => number.times(value.max(0.0)),
                DialUnit::Hours | DialUnit::Number | DialUnit::Whole => None,
            };
            spec.set(path, times.unwrap_or_else(|| number.setting(value)))?;
        }
        Ok(())
    }

    /// Multiplies what is assumed, whatever its number means.
    ///
    /// # Errors
    /// The spec is another than that of the dial.
    pub fn set_times(&self, spec: &mut Spec, factor: f64) -> Result<(), PathError> {
        let factor = factor.max(0.0);
        for (path, number) in &self.keys {
            let scaled = || number.setting(factor * number.assumed());
            spec.set(path, number.times(factor).unwrap_or_else(scaled))?;
        }
        Ok(())
    }

    /// The scenario with the input at a number.
    ///
    /// # Errors
    /// The number is none that the input may have.
    pub fn at(&self, spec: &Spec, value: f64) -> Result<Scenario, ScenarioError> {
        let mut spec = spec.clone();
        self.set(&mut spec, value)?;
        spec.compile()
    }

    /// A number of this input as a person writes it: `0.3`, `1h 30m`, or `0.5` for half the times.
    ///
    /// # Errors
    /// The text is none.
    pub fn parse(&self, text: &str) -> Result<f64, DialError> {
        let wrong =
            |help| DialError::Value { path: self.path.clone(), text: text.to_owned(), help };
        let number = || text.trim().replace('_', "").parse::<f64>().ok().filter(|x| x.is_finite());
        match self.unit {
            DialUnit::Hours => {
                parse_duration(text).map_err(|_| wrong("write a duration such as 30m or 1h 30m"))
            }
            DialUnit::Times => number()
                .filter(|factor| *factor > 0.0)
                .ok_or_else(|| wrong("write a factor of the times that are assumed, such as 0.5")),
            DialUnit::Number | DialUnit::Whole => {
                number().ok_or_else(|| wrong("write a number such as 0.25"))
            }
        }
    }

    /// A number of this input for people: `0.312`, `1h 30m`, `×0.5` of the times.
    pub fn show(&self, value: f64) -> String {
        match self.unit {
            DialUnit::Hours => show_duration(value),
            DialUnit::Whole => format!("{value:.0}"),
            DialUnit::Number => short(value),
            DialUnit::Times => format!("\u{d7}{}", short(value)),
        }
    }

    /// What is assumed, for people.
    pub fn show_assumed(&self) -> String {
        match self.unit {
            DialUnit::Times => "\u{d7}1, its times as they stand".to_owned(),
            _ => self.show(self.assumed),
        }
    }
}

/// Four digits that count, without zeros at the end.
fn short(value: f64) -> String {
    let rounded = format!("{value:.3e}").parse::<f64>().unwrap_or(value);
    format!("{rounded}")
}

fn number(scenario: &Scenario, path: &str) -> Result<KeyNumber, DialError> {
    let Some(one) = scenario.assumption(path) else {
        return Err(DialError::Absent { path: path.to_owned() });
    };
    let no_number = || DialError::NoNumber { path: path.to_owned(), value: one.value.to_string() };
    KeyNumber::of(one).ok_or_else(no_number)
}

/// The range that stands beside a value.
fn stated(one: &Assumption, unit: DialUnit, assumed: f64) -> Option<[f64; 2]> {
    match &**one.uncertainty.as_ref()? {
        Uncertainty::Range(points) => (unit != DialUnit::Times).then_some(*points),
        Uncertainty::Factor(factors) if unit == DialUnit::Times => Some(*factors),
        Uncertainty::Factor(factors) => Some(factors.map(|factor| factor * assumed)),
        Uncertainty::Others(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const TEXT: &str = "name = \"x\"\n[organisation]\nusers = 1000\n[operations]\n\
        call_out = \"1h\"\ndecision = \"5m to 30m\"\nstaffed = \"office\"\nuser_reports = 3\n\
        [costs]\n[[strategy]]\nname = \"a\"\nannual_cost = 100.0\n\
        [[strategy]]\nname = \"b\"\nannual_cost = 200.0\n[strategy.staging]\nsuccess = 0.9\n";

    fn dial(path: &str) -> Result<Dial, DialError> {
        Dial::of(&Spec::parse(TEXT, Path::new(""), "x"), path)
    }

    #[test]
    fn each_kind_of_input_has_its_number() {
        let told = |path| dial(path).map(|dial| (dial.unit, dial.assumed)).unwrap();
        assert_eq!(told("organisation.users"), (DialUnit::Whole, 1000.0));
        assert_eq!(told("operations.user_reports"), (DialUnit::Whole, 3.0));
        assert_eq!(told("operations.call_out"), (DialUnit::Hours, 1.0));
        assert_eq!(told("operations.decision"), (DialUnit::Times, 1.0));
        assert_eq!(told("costs.stale_user_hour"), (DialUnit::Number, 0.5));
        assert_eq!(told("strategy.a.annual_cost"), (DialUnit::Number, 100.0));
        assert_eq!(told("strategy.b.staging.success"), (DialUnit::Number, 0.9));
        assert_eq!(told("fault.*.repair").0, DialUnit::Times);
    }

    #[test]
    fn turning_an_input_sets_it() {
        let spec = Spec::parse(TEXT, Path::new(""), "x");
        let value = |path: &str, to: f64| {
            let scenario = dial(path).unwrap().at(&spec, to).unwrap();
            scenario.assumption(path).unwrap().value.to_string()
        };
        assert_eq!(value("organisation.users", 1234.0), "1234");
        assert_eq!(value("operations.call_out", 1.25), "\"75m\"");
        assert_eq!(value("costs.stale_user_hour", 0.75), "0.75");
        let decision = dial("operations.decision").unwrap().at(&spec, 2.0).unwrap();
        let mean = |scenario: &Scenario| {
            let one = scenario.assumption("operations.decision").unwrap();
            one.distribution.as_ref().unwrap().mean()
        };
        let assumed = mean(&spec.clone().compile().unwrap());
        assert!((mean(&decision) / assumed - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_range_that_is_stated_is_that_of_the_dial() {
        let text = TEXT.replace(
            "[costs]\n",
            "[costs]\nlabour_hour = { guess = 80.0, range = [40.0, 200.0] }\n",
        );
        let text =
            text.replace("\"5m to 30m\"", "{ guess = \"5m to 30m\", factor = \"0.5 to 3\" }");
        let spec = Spec::parse(&text, Path::new(""), "x");
        let stated = |path| Dial::of(&spec, path).unwrap().stated;
        assert_eq!(stated("costs.labour_hour"), Some([40.0, 200.0]));
        assert_eq!(stated("operations.decision"), Some([0.5, 3.0]));
        assert_eq!(stated("costs.stale_user_hour"), None);
    }

    #[test]
    fn what_has_no_number_is_refused() {
        assert!(matches!(dial("operations.staffed"), Err(DialError::NoNumber { .. })));
        assert!(matches!(dial("strategy.*.annual_cost"), Err(DialError::Different { .. })));
        assert!(matches!(dial("operations.callout"), Err(DialError::Path(_))));
        let hours = dial("operations.call_out").unwrap();
        assert_eq!(hours.parse("90m").unwrap(), 1.5);
        assert!(hours.parse("2").unwrap_err().to_string().contains("1h 30m"));
    }
}
