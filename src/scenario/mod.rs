//! A scenario: one TOML file that says what is assumed, read, checked and compiled.
//!
//! Each part of the world and each strategy reads its own keys where it is defined; here are only
//! the top level, what crosses from one table to another, prices and tolerances. All findings of a
//! file come at once ([`Scenario::read`]). Nothing here runs a trial.

mod costs;
mod tolerance;

pub use costs::Costs;
pub use tolerance::{Criterion, Tolerance};

use crate::keys::{
    Assumption, Document, Finding, Json, LoadError, Log, Section, Severity, describe, load_text,
};
use crate::strategy::{Context, Strategy};
use crate::units::HOURS_PER_YEAR;
use crate::world::World;
use crate::world::calendar::{Calendar, CalendarError, StartClock};
use crate::world::fault::{Fault, Onsets};
use crate::world::operations::Operations;
use crate::world::rare::Rare;
use crate::world::read::{Zone, dates};
use crate::world::sync::{Organisation, SignIn, Sync};
use crate::world::workload::WorkloadKeys;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

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
        let text = load_text(path)?;
        let base = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut scenario = Scenario::read(text, &base, &path.display().to_string())?;
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
        let document = Document::parse(&text, base);
        let (parts, Log { findings, assumptions, .. }) = document.read(Parts::read);
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
        warn_of_traps(&mut top, &organisation, &faults, &strategies);
        check_load(&mut top, &sync, &workload);
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

fn read_faults(top: &mut Section<'_>) -> Vec<Fault> {
    let read = |mut section: Section<'_>| {
        let span = section.span("name");
        let fault = Fault::read(&mut section);
        section.finish();
        (fault, span)
    };
    let mut faults = top.sections("fault", "a source of faults", read);
    if faults.is_empty() {
        faults = default_faults();
    }
    let names: Vec<_> =
        faults.iter().map(|(fault, span)| (fault.name.clone(), span.clone())).collect();
    refuse_twins(top, "fault", &names);
    faults.into_iter().map(|(fault, _)| fault).collect()
}

type Span = Option<std::ops::Range<usize>>;

/// A scenario without faults takes the documented set of the embedded default.
fn default_faults() -> Vec<(Fault, Span)> {
    let document = Document::parse(DEFAULT, "");
    let (faults, _) = document.read(|mut top| {
        let read = |mut section: Section<'_>| (Fault::read(&mut section), None);
        top.sections("fault", "", read)
    });
    faults
}

fn read_strategies(top: &mut Section<'_>, context: &Context) -> Vec<Strategy> {
    let read = |mut section: Section<'_>| {
        let span = section.span("name");
        let strategy = Strategy::read(&mut section, context);
        section.finish();
        (strategy, span)
    };
    let strategies = top.sections("strategy", "a recovery strategy to compare", read);
    if strategies.is_empty() {
        top.error(
            "strategy",
            "there is no strategy to compare".into(),
            "add a table [[strategy]] with a name; without tables of its own it is repair in place only",
        );
    }
    let names: Vec<_> =
        strategies.iter().map(|(strategy, span)| (strategy.name.clone(), span.clone())).collect();
    refuse_twins(top, "strategy", &names);
    strategies.into_iter().map(|(strategy, _)| strategy).collect()
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

/// Known traps that cross from one table to another.
fn warn_of_traps(
    top: &mut Section<'_>,
    organisation: &Organisation,
    faults: &[Fault],
    strategies: &[Strategy],
) {
    let local_database_ends = 100_000;
    if organisation.objects > local_database_ends
        && let Some(strategy) = strategies.iter().find(|strategy| !strategy.database_apart)
    {
        top.warn(
            "organisation",
            format!(
                "{} objects, and \"{}\" has no database of its own",
                organisation.objects, strategy.name
            ),
            "LocalDB is full (10 GB) at about 100,000 objects: plan a full SQL Server",
        );
    }
    let has_standby = strategies.iter().any(|strategy| strategy.standby.is_some());
    let doubles = |fault: &&Fault| !fault.strikes.is_common();
    if has_standby
        && faults.iter().any(|fault| doubles(&fault))
        && faults.iter().filter(doubles).all(|fault| fault.common_mode <= 0.0)
    {
        top.warn(
            "fault",
            "no fault ever strikes server and standby together".into(),
            "shared causes are known (bad updates, the same site, the same account): set common_mode to 0.02 or more",
        );
    }
    if organisation.sign_in == SignIn::PassThrough
        && strategies.iter().any(|strategy| strategy.standby.is_none())
    {
        top.warn(
            "organisation",
            "pass-through sign-in: the first agent runs on the sync server".into(),
            "install at least three agents on other servers, or an outage stops sign-in itself; that harm is not simulated",
        );
    }
    let beyond = |fault: &&Fault| match &fault.onsets {
        Onsets::At(times) => times.is_empty(),
        Onsets::Every(_) | Onsets::Logged(_) => false,
    };
    if let Some(fault) = faults.iter().find(beyond)
        && !fault.name.is_empty()
    {
        top.warn(
            "fault",
            format!("\"{}\" never strikes: its list of times is empty", fault.name),
            "give it times, or leave it out",
        );
    }
}

/// A cloud that takes less than comes in never catches up, outage or not.
fn check_load(top: &mut Section<'_>, sync: &Sync, workload: &WorkloadKeys) {
    let (passwords, objects) = workload.per_hour();
    if objects >= sync.export_per_hour {
        top.error(
            "sync",
            format!(
                "{objects} object changes an hour come in and {} can be exported",
                sync.export_per_hour
            ),
            "even without outages the cloud would never be current: check per_hour and export_per_hour",
        );
    }
    if passwords >= sync.passwords_per_minute * 60.0 {
        top.error(
            "sync",
            format!(
                "{passwords:.0} password changes an hour come in and {} can be synced",
                sync.passwords_per_minute * 60.0
            ),
            "even without outages passwords would never be current: check passwords_per_minute",
        );
    }
}
