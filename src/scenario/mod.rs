//! A scenario: one TOML file that says what is assumed, read, checked and compiled.
//!
//! A [`Spec`] is the scenario as a plain tree of values that can be changed key by key; a
//! [`Scenario`] is made of it and ready to run. Each part of the world and each strategy reads its
//! own keys where it is defined; here are only the top level, what crosses from one table to
//! another, prices and tolerances. All findings of a file come at once. Nothing here runs a trial.

mod advice;
mod costs;
mod cures;
mod dial;
mod difference;
mod edit;
mod effort;
mod key_number;
mod lists;
mod parts;
pub mod questions;
mod spec;
mod tolerance;
mod traps;
mod uncertainty;

pub use costs::Costs;
pub use cures::{FaultCures, Help};
pub use dial::{Dial, DialError, DialUnit};
pub use difference::{InputDifference, differences};
pub use edit::{Change, Edit, Listing};
pub use key_number::KeyNumber;
pub use parts::LONGEST_HORIZON;
pub(crate) use parts::Yardstick;
pub use spec::Spec;
pub use tolerance::{Criterion, Tolerance};
pub use uncertainty::{DefaultFactors, UncertaintyKeys};

use crate::distribution::Distribution;
use crate::evidence::fitted::FitSummary;
use crate::keys::{Assumption, Finding, Input, Json, LoadError, PathError, Severity, describe};
use crate::metric::Metric;
use crate::strategy::Strategy;
use crate::world::World;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use parts::{Compiler, Parts};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The scenario that is run when none is given.
pub const DEFAULT: &str = include_str!("../../scenarios/default.toml");

/// A scenario, ready to run.
#[derive(Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Its text, as read.
    pub text: String,
    /// The file it came from; none for the embedded default.
    pub path: Option<PathBuf>,
    /// What was set beside the text, each as `PATH=VALUE`, in the order given.
    pub options: Vec<String>,
    /// Everything that does not depend on the strategy.
    pub world: World,
    /// The strategies to compare, in the order of the file.
    pub strategies: Vec<Strategy>,
    /// What must hold.
    pub tolerances: Vec<Tolerance>,
    /// Prices, if given.
    pub costs: Option<Costs>,
    /// How far what says nothing of itself may be off, and what moves together.
    pub uncertainty: Arc<UncertaintyKeys>,
    /// Every value that is assumed, with defaults marked.
    pub assumptions: Vec<Assumption>,
    /// The other files that were read.
    pub inputs: Vec<Input>,
    /// The distributions that are fitted to logs, each once.
    pub fits: Vec<FitSummary>,
    /// What runs but is probably not meant.
    pub warnings: Vec<Finding>,
    zone: TimeZone,
}

/// Why there is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A key that was to be set is not there.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The file says something that is wrong.
    #[error("{}", first_error(findings))]
    Wrong {
        /// All errors and warnings.
        findings: Vec<Finding>,
        /// The text that they point into.
        text: String,
        /// The name of the file.
        name: String,
    },
}

fn first_error(findings: &[Finding]) -> &str {
    let error = findings.iter().find(|finding| finding.severity == Severity::Error);
    error.map_or("the scenario is wrong", |finding| &finding.message)
}

impl Scenario {
    /// Reads the scenario in the file at `path`.
    ///
    /// # Errors
    /// The file cannot be read, or has errors: all of them are reported.
    pub fn load(path: &Path) -> Result<Scenario, ScenarioError> {
        Spec::load(path)?.compile()
    }

    /// The embedded default.
    ///
    /// # Errors
    /// None in a program that passes its tests.
    pub fn embedded() -> Result<Scenario, ScenarioError> {
        Spec::embedded().compile()
    }

    /// Reads a scenario from its text. Files that it names are looked for in `base`; `name` is what
    /// messages call it.
    ///
    /// # Errors
    /// The text has errors: all of them are reported.
    pub fn read(text: String, base: &Path, name: &str) -> Result<Scenario, ScenarioError> {
        Spec::parse(&text, base, name).compile()
    }

    /// Its name, with what was set in it: "Contoso, with operations.staffed=office".
    pub fn title(&self) -> String {
        match &self.options[..] {
            [] => self.name.clone(),
            options => format!("{}, with {}", self.name, options.join(", ")),
        }
    }

    /// The moment at which a trial begins, by the clocks of the scenario.
    pub fn start(&self) -> DateTime {
        self.world.calendar.civil(0.0)
    }

    /// What is assumed for a key, by its full name.
    pub fn assumption(&self, key: &str) -> Option<&Assumption> {
        self.assumptions.iter().find(|assumption| *assumption.key == *key)
    }

    /// The distributions that are assumed for a key such as `rebuild.install`, or for its full
    /// name: with the full names of all that have the same.
    pub fn distributions_of(&self, key: &str) -> Vec<(Distribution, Vec<String>)> {
        let ending = format!(".{key}");
        let mut found: Vec<(&Assumption, Vec<String>)> = Vec::new();
        let named = |one: &&Assumption| *one.key == *key || one.key.ends_with(&ending);
        for one in self.assumptions.iter().filter(named) {
            match found.iter_mut().find(|(first, _)| first.value == one.value) {
                Some((_, keys)) => keys.push(one.key.to_string()),
                None => found.push((one, vec![one.key.to_string()])),
            }
        }
        let distribution = |(one, keys): (&Assumption, Vec<String>)| {
            Some((one.distribution.as_deref()?.clone(), keys))
        };
        found.into_iter().filter_map(distribution).collect()
    }

    /// The zone of the scenario's clocks.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The strategy of that name.
    pub fn strategy(&self, name: &str) -> Option<&Strategy> {
        self.strategies.iter().find(|strategy| strategy.name == name)
    }

    /// May the strategy of that number be recommended: does it suit the organisation?
    pub fn suits(&self, strategy: usize) -> bool {
        self.strategies[strategy].suits(&self.world.organisation)
    }

    /// The metrics that it asks for, in the order of files and tables.
    pub fn metrics(&self) -> impl Iterator<Item = Metric> + Clone + use<> {
        Metric::available(self.costs.is_some(), self.world.sign_in.is_some())
    }

    /// The names of the faults that are rare disasters.
    pub fn rare_disasters(&self) -> impl Iterator<Item = &str> {
        let sources = self.world.rare.iter().flat_map(|rare| rare.sources());
        sources.map(|index| self.world.faults[index].name.as_str())
    }

    /// The unit of cost.
    pub fn currency(&self) -> &str {
        self.costs.as_ref().map_or("", |costs| &costs.currency)
    }
}

/// The JSON Schema of a scenario.
pub fn schema() -> Json {
    describe("outlast scenario", |top| Parts::read(top, &mut Compiler::default()))
}
