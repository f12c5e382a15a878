//! A scenario: one TOML file that says what is assumed, read, checked and compiled.
//!
//! Each part of the world and each strategy reads its own keys where it is defined; here are only
//! the top level, what crosses from one table to another, prices and tolerances. All findings of a
//! file come at once ([`Scenario::read`]). Nothing here runs a trial.

mod costs;
mod tolerance;
mod traps;

pub use costs::Costs;
pub use tolerance::{Criterion, Tolerance};

use crate::distribution::Distribution;
use crate::evidence::fitted::{FitReader, FitSummary, Fits};
use crate::keys::{
    Assumption, Document, Finding, Input, Json, LoadError, Log, Section, Severity, describe,
    load_text, quote,
};
use crate::strategy::{Context, Strategy};
use crate::units::HOURS_PER_YEAR;
use crate::world::World;
use crate::world::calendar::{Calendar, CalendarError, StartClock};
use crate::world::fault::Fault;
use crate::world::operations::Operations;
use crate::world::rare::Rare;
use crate::world::read::{Zone, dates};
use crate::world::sync::{Organisation, Sync};
use crate::world::workload::WorkloadKeys;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};
use traps::{AtFault, AtStrategy, Read, Span};

/// The scenario that is run when none is given.
pub const DEFAULT: &str = include_str!("../../scenarios/default.toml");

/// The version of the format that this program reads.
const SCHEMA: u64 = 1;

/// The longest horizon: 100 years.
const LONGEST_HORIZON: f64 = 100.0 * HOURS_PER_YEAR;

/// A scenario, ready to run.
#[derive(Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Its text, as read.
    pub text: String,
    /// The file it came from; none for the embedded default.
    pub path: Option<PathBuf>,
    /// Everything that does not depend on the strategy.
    pub world: World,
    /// The strategies to compare, in the order of the file.
    pub strategies: Vec<Strategy>,
    /// What must hold.
    pub tolerances: Vec<Tolerance>,
    /// Prices, if given.
    pub costs: Option<Costs>,
    /// Every value that is assumed, with defaults marked.
    pub assumptions: Vec<Assumption>,
    /// The other files that were read.
    pub inputs: Vec<Input>,
    /// The distributions that are fitted to logs, each once.
    pub fits: Vec<FitSummary>,
    /// What runs but is probably not meant.
    pub warnings: Vec<Finding>,
    /// What it takes to compile the world anew for another time.
    recipe: Recipe,
}

/// What of a world depends on when it is, as it was written.
#[derive(Debug, Clone)]
struct Recipe {
    zone: Zone,
    holidays: Vec<Date>,
    workload: WorkloadKeys,
}

/// Why there is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The file says something that is wrong.
    #[error("the scenario has errors")]
    Wrong {
        /// All errors and warnings.
        findings: Vec<Finding>,
        /// The text that they point into.
        text: String,
        /// The name of the file.
        name: String,
    },
}

impl Scenario {
    /// Reads the scenario in the file at `path`.
    ///
    /// # Errors
    /// The file cannot be read, or has errors: all of them are reported.
    pub fn load(path: &Path) -> Result<Scenario, ScenarioError> {
        Scenario::load_with(path, Fits::default(), &[])
    }

    /// As [`Scenario::load`], with distributions fitted to logs taken as `fits` says, and with
    /// these distributions in the place of those of some keys, named as in
    /// [`Scenario::assumptions`].
    ///
    /// # Errors
    /// As [`Scenario::load`].
    pub fn load_with(
        path: &Path,
        fits: Fits,
        distributions: &[(String, Distribution)],
    ) -> Result<Scenario, ScenarioError> {
        let text = match load_text(path) {
            Err(LoadError::NotUtf8 { byte, utf16, shown, .. }) => {
                return Err(not_utf8(path, byte, utf16, shown));
            }
            loaded => loaded?,
        };
        let base = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut scenario =
            Scenario::read_with(text, &base, &path.display().to_string(), fits, distributions)?;
        scenario.path = Some(path.to_owned());
        Ok(scenario)
    }

    /// The embedded default.
    ///
    /// # Errors
    /// None in a program that passes its tests.
    pub fn embedded() -> Result<Scenario, ScenarioError> {
        Scenario::read(DEFAULT.to_owned(), Path::new(""), "the default scenario")
    }

    /// Reads a scenario from its text. Files that it names are looked for in `base`; `name` is what
    /// messages call it.
    ///
    /// # Errors
    /// The text has errors: all of them are reported.
    pub fn read(text: String, base: &Path, name: &str) -> Result<Scenario, ScenarioError> {
        Scenario::read_with(text, base, name, Fits::default(), &[])
    }

    /// As [`Scenario::read`], with more said as in [`Scenario::load_with`].
    ///
    /// # Errors
    /// As [`Scenario::read`].
    pub fn read_with(
        text: String,
        base: &Path,
        name: &str,
        fits: Fits,
        distributions: &[(String, Distribution)],
    ) -> Result<Scenario, ScenarioError> {
        let reader = FitReader::new(fits, distributions);
        let fitter = reader.fitter();
        let given = |key: &str| format!("{{ fitted = {{ given = {} }} }}", quote(key));
        let replaced: Vec<(String, String)> =
            distributions.iter().map(|(key, _)| (key.clone(), given(key))).collect();
        let document = Document::parse(&text, base).lending(&fitter).replacing(&replaced);
        let (parts, Log { findings, assumptions, inputs, .. }) = document.read(Parts::read);
        let wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
        match parts {
            Some(parts) if !wrong => Ok(Scenario {
                name: parts.name,
                text: text.clone(),
                path: None,
                world: parts.world,
                strategies: parts.strategies,
                tolerances: parts.tolerances,
                costs: parts.costs,
                assumptions,
                inputs,
                fits: reader.told(),
                warnings: findings,
                recipe: parts.recipe,
            }),
            _ => Err(ScenarioError::Wrong { findings, text: text.clone(), name: name.to_owned() }),
        }
    }

    /// The world from another moment on, for another length, with the same people, workload and
    /// holidays.
    ///
    /// # Errors
    /// The moment or the length leaves what a calendar can hold.
    pub fn world_from(&self, start: DateTime, horizon: f64) -> Result<World, CalendarError> {
        let Recipe { zone, holidays, workload } = &self.recipe;
        let calendar = Calendar::new(start, zone.0.clone(), holidays, horizon)?;
        Ok(World {
            horizon,
            staffed: self.world.operations.staffed.compile(&calendar),
            workload: workload.compile(&calendar),
            calendar,
            ..self.world.clone()
        })
    }

    /// Other faults in the place of its own.
    pub fn replace_faults(&mut self, faults: Vec<Fault>) {
        self.world.rare = Rare::find(&faults, &self.world.operations, self.world.horizon);
        self.world.faults = faults;
    }

    /// The moment at which a trial begins, by the clocks of the scenario.
    pub fn start(&self) -> DateTime {
        self.world.calendar.civil(0.0)
    }

    /// The distributions that are assumed for a key such as `rebuild.install`, or for its full
    /// name: with the full names of all that have the same.
    pub fn distributions_of(&self, key: &str) -> Vec<(Distribution, Vec<String>)> {
        let base = self.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        let ending = format!(".{key}");
        let mut found: Vec<(String, Distribution, Vec<String>)> = Vec::new();
        let named = |one: &&Assumption| one.key == key || one.key.ends_with(&ending);
        for one in self.assumptions.iter().filter(named) {
            if let Some((.., keys)) = found.iter_mut().find(|(value, ..)| *value == one.value) {
                keys.push(one.key.clone());
            } else if let Some(distribution) = read_distribution(&one.value, base) {
                found.push((one.value.clone(), distribution, vec![one.key.clone()]));
            }
        }
        found.into_iter().map(|(_, distribution, keys)| (distribution, keys)).collect()
    }

    /// The zone of the scenario's clocks.
    pub fn zone(&self) -> &TimeZone {
        &self.recipe.zone.0
    }

    /// The strategy of that name.
    pub fn strategy(&self, name: &str) -> Option<&Strategy> {
        self.strategies.iter().find(|strategy| strategy.name == name)
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

fn not_utf8(path: &Path, byte: usize, utf16: bool, text: String) -> ScenarioError {
    let length = text.get(byte..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let help = if utf16 { "it looks like UTF-16: save it as UTF-8" } else { "save it as UTF-8" };
    let finding = Finding {
        severity: Severity::Error,
        span: Some(byte..byte + length),
        message: format!("the file is not UTF-8 text, from byte {byte} on"),
        help: Some(help.to_owned()),
    };
    ScenarioError::Wrong { findings: vec![finding], text, name: path.display().to_string() }
}

/// The JSON Schema of a scenario.
pub fn schema() -> Json {
    describe("outlast scenario", Parts::read)
}

/// What a scenario is made of.
struct Parts {
    name: String,
    world: World,
    strategies: Vec<Strategy>,
    tolerances: Vec<Tolerance>,
    costs: Option<Costs>,
    recipe: Recipe,
}

impl Parts {
    fn read(mut top: Section<'_>) -> Option<Parts> {
        let schema = top.count("schema", SCHEMA, 1..=SCHEMA, "version of this format");
        let _ = schema;
        let name = top.required_text("name", "what the scenario is called");
        let horizon = read_horizon(&mut top);
        let (calendar, zone, holidays) = read_calendar(&mut top, horizon);

        let mut section = top.section("organisation", "whom the server serves");
        let organisation = Organisation::read(&mut section);
        section.finish();
        let mut section = top.section("workload", "what users and administrators do");
        let workload = WorkloadKeys::read(&mut section, organisation.users);
        section.finish();
        let mut section =
            top.section("operations", "how people learn of an outage, arrive and decide");
        let operations = Operations::read(&mut section);
        section.finish();
        let mut section = top.section("sync", "cycles, rates and guards of the sync engine");
        let sync = Sync::read(&mut section);
        section.finish();

        let faults = read_faults(&mut top);
        let context = Context { organisation: organisation.clone(), sync: sync.clone() };
        let strategies = read_strategies(&mut top, &context);
        let tolerances = tolerance::read(&mut top);
        let costs = costs::read(&mut top);
        if costs.is_none() {
            tolerance::refuse_cost(&mut top, &tolerances);
        }
        let (faults, at_faults) = unzip(faults);
        let (strategies, at_strategies) = unzip(strategies);
        let read = Read {
            organisation: &organisation,
            faults: &faults,
            at_faults: &at_faults,
            strategies: &strategies,
            at_strategies: &at_strategies,
            horizon,
        };
        traps::warn(&mut top, &read);
        traps::check_load(&mut top, &organisation, &sync, &workload);
        top.finish();

        let calendar = calendar?;
        let staffed = operations.staffed.compile(&calendar);
        let recipe = Recipe { zone, holidays, workload: workload.clone() };
        let workload = workload.compile(&calendar);
        let rare = Rare::find(&faults, &operations, horizon);
        let world = World {
            horizon,
            calendar,
            organisation,
            operations,
            staffed,
            sync,
            workload,
            faults,
            rare,
        };
        Some(Parts { name, world, strategies, tolerances, costs, recipe })
    }
}

/// The distribution that a value stands for, if it is one.
fn read_distribution(value: &str, base: &Path) -> Option<Distribution> {
    let fitter = FitReader::new(Fits::default(), &[]).fitter();
    let text = format!("law = {value}");
    let document = Document::parse(&text, base).lending(&fitter);
    let (distribution, log) = document.read(|mut top| top.optional_distribution("law", ""));
    distribution.filter(|_| !log.has_errors())
}

fn read_horizon(top: &mut Section<'_>) -> f64 {
    let horizon = top.positive_duration("horizon", "365d", "simulated time of one trial");
    if horizon > LONGEST_HORIZON {
        top.error(
            "horizon",
            "the horizon is longer than 100 years".into(),
            "a year (\"365d\") is usual; ten years are plenty",
        );
    }
    horizon.min(LONGEST_HORIZON)
}

fn read_calendar(top: &mut Section<'_>, horizon: f64) -> (Option<Calendar>, Zone, Vec<Date>) {
    let start: jiff::civil::DateTime = top.get(
        "start",
        r#""2027-01-04""#,
        "local date (and time) at which a trial begins; 2027-01-04 is a Monday",
    );
    let zone: Zone = top.get("time_zone", r#""UTC""#, "IANA name of the time zone");
    let holidays = top.get_as(
        "holidays",
        &dates(),
        "[]",
        "dates on which the week's profile is a Sunday's and nobody is staffed but 24x7",
    );
    let calendar = match Calendar::new(start, zone.0.clone(), &holidays, horizon) {
        Ok(calendar) => {
            traps::warn_of_holidays(top, &calendar, &holidays);
            if calendar.start_clock() != StartClock::Once {
                top.warn(
                    "start",
                    "the clock changes at this very time".into(),
                    "the nearest valid time is taken; choose another hour to be sure",
                );
            }
            Some(calendar)
        }
        Err(error) => {
            top.error("start", error.to_string(), "choose another start, horizon or time zone");
            None
        }
    };
    (calendar, zone, holidays)
}

fn read_faults(top: &mut Section<'_>) -> Vec<(Fault, AtFault)> {
    let read = |mut section: Section<'_>| {
        let [name, at, repair] = ["name", "at", "repair"].map(|key| section.span(key));
        let fault = Fault::read(&mut section);
        section.finish();
        (fault, AtFault { name, at, repair })
    };
    let mut faults = top.sections("fault", "a source of faults", read);
    if faults.is_empty() {
        faults = default_faults();
    }
    let names: Vec<_> =
        faults.iter().map(|(fault, at)| (fault.name.clone(), at.name.clone())).collect();
    refuse_twins(top, "fault", &names);
    faults
}

fn unzip<T, P>(pairs: Vec<(T, P)>) -> (Vec<T>, Vec<P>) {
    pairs.into_iter().unzip()
}

/// A scenario without faults takes the documented set of the embedded default.
fn default_faults() -> Vec<(Fault, AtFault)> {
    let document = Document::parse(DEFAULT, "");
    let (faults, _) = document.read(|mut top| {
        let read = |mut section: Section<'_>| (Fault::read(&mut section), AtFault::default());
        top.sections("fault", "", read)
    });
    faults
}

fn read_strategies(top: &mut Section<'_>, context: &Context) -> Vec<(Strategy, AtStrategy)> {
    let read = |mut section: Section<'_>| {
        let name = section.span("name");
        let strategy = Strategy::read(&mut section, context);
        let tables = strategy.protections.iter().map(|table| section.span(table.name())).collect();
        section.finish();
        (strategy, AtStrategy { name, tables })
    };
    let none = (
        "there is no strategy to compare",
        "add a table [[strategy]] with a name; without tables of its own it is repair in place only",
    );
    let doc = "a recovery strategy to compare";
    let strategies = top.required_sections("strategy", doc, none, read);
    let names: Vec<_> =
        strategies.iter().map(|(strategy, at)| (strategy.name.clone(), at.name.clone())).collect();
    refuse_twins(top, "strategy", &names);
    strategies
}

/// Names key random draws, rows and charts: each stands for one thing.
fn refuse_twins(top: &mut Section<'_>, what: &str, names: &[(String, Span)]) {
    for (index, (name, span)) in names.iter().enumerate() {
        if !name.is_empty() && names[..index].iter().any(|(earlier, _)| earlier == name) {
            let message = format!("there are two tables [[{what}]] named \"{name}\"");
            top.error_at(span.clone(), message, "give each a name of its own");
        }
    }
}
