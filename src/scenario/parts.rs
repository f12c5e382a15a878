//! The parts of a scenario: each reads its own table, and is read again only after a change of it.

use super::costs::{self, Costs};
use super::tolerance::{self, Tolerance};
use super::traps::{self, AtFault, AtStrategy, Read, Span};
use crate::keys::{Memory, Section};
use crate::strategy::Strategy;
use crate::units::HOURS_PER_YEAR;
use crate::world::World;
use crate::world::calendar::{Calendar, StartClock};
use crate::world::fault::Fault;
use crate::world::operations::Operations;
use crate::world::rare::{Gravity, Rare};
use crate::world::read::{Zone, dates};
use crate::world::staffing::{StaffedHours, Staffing};
use crate::world::sync::{Organisation, Sync};
use crate::world::workload::{CompiledWorkload, WorkloadKeys};
use std::sync::Arc;

/// The version of the format that this program reads.
const SCHEMA: u64 = 1;

/// The longest horizon: 100 years, in hours.
pub const LONGEST_HORIZON: f64 = 100.0 * HOURS_PER_YEAR;

/// What a scenario is made of.
pub(super) struct Parts {
    pub(super) settings: Arc<Settings>,
    calendar: Arc<Calendar>,
    organisation: Organisation,
    workload: Arc<WorkloadKeys>,
    operations: Operations,
    sync: Sync,
    faults: Vec<Fault>,
    pub(super) strategies: Vec<Strategy>,
    pub(super) tolerances: Vec<Tolerance>,
    pub(super) costs: Option<Costs>,
}

/// The keys at the top.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) name: String,
    horizon: f64,
    /// `None` after an error.
    calendar: Option<Arc<Calendar>>,
    pub(super) zone: Zone,
}

/// What earlier readings and compilations left, part by part.
#[derive(Debug, Clone, Default)]
pub(super) struct Compiler {
    settings: Memory<Arc<Settings>>,
    organisation: Memory<Organisation>,
    workload: Memory<Arc<WorkloadKeys>>,
    operations: Memory<Operations>,
    sync: Memory<Sync>,
    faults: Vec<Memory<(Fault, AtFault)>>,
    strategies: Vec<Memory<(Strategy, AtStrategy)>>,
    tolerances: Memory<Vec<Tolerance>>,
    costs: Memory<Option<Costs>>,
    staffed: Option<Staffed>,
    compiled: CompiledWorkload,
    gravities: Vec<Gravity>,
}

/// Staffed hours, and what they were compiled from.
#[derive(Debug, Clone)]
struct Staffed {
    staffing: Staffing,
    calendar: Arc<Calendar>,
    hours: Arc<StaffedHours>,
}

impl Parts {
    /// Reads all of them; `None` where the calendar is wrong.
    pub(super) fn read(mut top: Section<'_>, memory: &mut Compiler) -> Option<Parts> {
        let settings = top.remember(&mut memory.settings, |top| Arc::new(read_settings(top)));
        let organisation = top.remember(&mut memory.organisation, |top| {
            let mut section = top.section("organisation", "whom the server serves");
            Organisation::read(&mut section)
        });
        let workload = top.remember(&mut memory.workload, |top| {
            let mut section = top.section("workload", "what users and administrators do");
            Arc::new(WorkloadKeys::read(&mut section))
        });
        let operations = top.remember(&mut memory.operations, |top| {
            let doc = "how people learn of an outage, arrive and decide";
            Operations::read(&mut top.section("operations", doc))
        });
        let sync = top.remember(&mut memory.sync, |top| {
            Sync::read(&mut top.section("sync", "cycles, rates and guards of the sync engine"))
        });
        let (faults, at_faults) = read_faults(&mut top, &mut memory.faults);
        let (strategies, at_strategies) = read_strategies(&mut top, &mut memory.strategies);
        let tolerances = top.remember(&mut memory.tolerances, tolerance::read);
        let costs = top.remember(&mut memory.costs, costs::read);
        if costs.is_none() {
            tolerance::refuse_cost(&mut top, &tolerances);
        }
        let read = Read {
            organisation: &organisation,
            faults: &faults,
            at_faults: &at_faults,
            strategies: &strategies,
            at_strategies: &at_strategies,
            horizon: settings.horizon,
        };
        traps::warn(&mut top, &read);
        traps::check_load(&mut top, &organisation, &sync, &workload);
        top.finish();
        let calendar = settings.calendar.clone()?;
        Some(Parts {
            settings,
            calendar,
            organisation,
            workload,
            operations,
            sync,
            faults,
            strategies,
            tolerances,
            costs,
        })
    }
}

impl Compiler {
    /// Everything that does not depend on the strategy.
    pub(super) fn world(&mut self, parts: &Parts) -> World {
        let calendar = &parts.calendar;
        let users = parts.organisation.users;
        let horizon = parts.settings.horizon;
        self.gravities.resize_with(parts.faults.len(), Gravity::default);
        let rare = Rare::find_with(&parts.faults, &parts.operations, horizon, &mut self.gravities);
        World {
            horizon,
            calendar: calendar.clone(),
            organisation: parts.organisation.clone(),
            operations: parts.operations.clone(),
            staffed: self.staffed(&parts.operations.staffed, calendar),
            sync: parts.sync.clone(),
            workload: self.compiled.compile(&parts.workload, calendar, users),
            faults: parts.faults.clone(),
            rare,
        }
    }

    fn staffed(&mut self, staffing: &Staffing, calendar: &Arc<Calendar>) -> Arc<StaffedHours> {
        let last = self
            .staffed
            .as_ref()
            .filter(|last| last.staffing == *staffing && Arc::ptr_eq(&last.calendar, calendar));
        if let Some(last) = last {
            return last.hours.clone();
        }
        let hours = Arc::new(staffing.compile(calendar));
        self.staffed = Some(Staffed {
            staffing: staffing.clone(),
            calendar: calendar.clone(),
            hours: hours.clone(),
        });
        hours
    }
}

fn read_settings(top: &mut Section<'_>) -> Settings {
    top.count("schema", SCHEMA, 1..=SCHEMA, "version of this format");
    let name = top.required_text("name", "what the scenario is called");
    let horizon = read_horizon(top);
    let (calendar, zone) = read_calendar(top, horizon);
    Settings { name, horizon, calendar: calendar.map(Arc::new), zone }
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

fn read_calendar(top: &mut Section<'_>, horizon: f64) -> (Option<Calendar>, Zone) {
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
    (calendar, zone)
}

fn read_faults(
    top: &mut Section<'_>,
    memory: &mut Vec<Memory<(Fault, AtFault)>>,
) -> (Vec<Fault>, Vec<AtFault>) {
    let read = |section: &mut Section<'_>| {
        let [name, at, repair] = ["name", "at", "repair"].map(|key| section.span(key));
        (Fault::read(section), AtFault { name, at, repair })
    };
    let mut tables = Remembered { memory, next: 0 };
    let faults = top.sections("fault", "a source of faults", |section| tables.read(section, read));
    let (faults, places): (Vec<Fault>, Vec<AtFault>) = faults.into_iter().unzip();
    let names = faults.iter().map(|fault| &fault.name).zip(places.iter().map(|at| &at.name));
    refuse_twins(top, "fault", &names.collect::<Vec<_>>());
    (faults, places)
}

fn read_strategies(
    top: &mut Section<'_>,
    memory: &mut Vec<Memory<(Strategy, AtStrategy)>>,
) -> (Vec<Strategy>, Vec<AtStrategy>) {
    let read = |section: &mut Section<'_>| {
        let name = section.span("name");
        let strategy = Strategy::read(section);
        let tables = strategy.protections.iter().map(|table| section.span(table.name())).collect();
        (strategy, AtStrategy { name, tables })
    };
    let none = (
        "there is no strategy to compare",
        "add a table [[strategy]] with a name; without tables of its own it is repair in place only",
    );
    let doc = "a recovery strategy to compare";
    let mut tables = Remembered { memory, next: 0 };
    let strategies =
        top.required_sections("strategy", doc, none, |section| tables.read(section, read));
    let (strategies, places): (Vec<Strategy>, Vec<AtStrategy>) = strategies.into_iter().unzip();
    let names =
        strategies.iter().map(|strategy| &strategy.name).zip(places.iter().map(|at| &at.name));
    refuse_twins(top, "strategy", &names.collect::<Vec<_>>());
    (strategies, places)
}

/// The tables of a list, each with its memory.
struct Remembered<'m, T> {
    memory: &'m mut Vec<Memory<T>>,
    next: usize,
}

impl<T: Clone> Remembered<'_, T> {
    fn read(&mut self, mut section: Section<'_>, read: impl Fn(&mut Section<'_>) -> T) -> T {
        if self.memory.len() <= self.next {
            self.memory.push(Memory::default());
        }
        let memory = &mut self.memory[self.next];
        self.next += 1;
        section.remember(memory, |section| read(section))
    }
}

/// Names key random draws, rows and charts: each stands for one thing.
fn refuse_twins(top: &mut Section<'_>, what: &str, names: &[(&String, &Span)]) {
    for (index, (name, span)) in names.iter().enumerate() {
        if !name.is_empty() && names[..index].iter().any(|(earlier, _)| earlier == name) {
            let message = format!("there are two tables [[{what}]] named \"{name}\"");
            top.error_at((*span).clone(), message, "give each a name of its own");
        }
    }
}
