//! The parts of a scenario: each reads its own table, and is read again only after a change of it.

use super::advice;
use super::costs::{self, Costs};
use super::effort;
use super::lists::{read_faults, read_planned, read_sites, read_strategies, read_watch};
use super::tolerance::{self, Tolerance};
use super::traps::{self, AtFault, AtPlanned, AtStrategy, AtWatch, Read};
use super::uncertainty::{self, UncertaintyKeys};
use crate::keys::{Memory, Section};
use crate::strategy::Strategy;
use crate::units::HOURS_PER_YEAR;
use crate::world::World;
use crate::world::calendar::{Calendar, StartClock};
use crate::world::fault::{Fault, FaultKeys};
use crate::world::gravity::{Circumstances, Gravities};
use crate::world::operations::{Operations, OperationsKeys};
use crate::world::planned::{Planned, PlannedKeys};
use crate::world::rare::Rare;
use crate::world::read::{Zone, dates};
use crate::world::sign_in::{self, SignInKeys};
use crate::world::site::Sites;
use crate::world::staffing::{StaffedHours, Staffing};
use crate::world::sync::{Organisation, SignIn, Sync};
use crate::world::watch::Watch;
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
    sign_in: Option<SignInKeys>,
    sites: Sites,
    watch: Vec<Watch>,
    operations: Operations,
    sync: Sync,
    faults: Vec<Fault>,
    planned: Vec<Planned>,
    pub(super) strategies: Vec<Strategy>,
    pub(super) tolerances: Vec<Tolerance>,
    pub(super) costs: Option<Costs>,
    pub(super) uncertainty: Arc<UncertaintyKeys>,
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
    sites: Memory<Sites>,
    operations: Memory<OperationsKeys>,
    watch: Vec<Memory<(Watch, AtWatch)>>,
    sync: Memory<Sync>,
    faults: Vec<Memory<(FaultKeys, AtFault)>>,
    planned: Vec<Memory<(PlannedKeys, AtPlanned)>>,
    strategies: Vec<Memory<(Strategy, AtStrategy)>>,
    tolerances: Memory<Vec<Tolerance>>,
    costs: Memory<Option<Costs>>,
    uncertainty: Memory<Arc<UncertaintyKeys>>,
    staffed: Option<Staffed>,
    compiled: CompiledWorkload,
    /// Whether a trial may take as long as it likes.
    pub(super) is_forced: bool,
    gravities: Gravities,
}

/// By what the outages of a scenario are judged at every point of a study: as its guesses have it.
/// So a disaster is one at every point where it is rare enough, and nothing is judged anew.
#[derive(Debug, Clone)]
pub(crate) struct Yardstick {
    faults: Vec<Fault>,
    watch: Vec<Watch>,
    operations: Operations,
}

impl Yardstick {
    /// That of a world.
    pub(crate) fn new(world: &World) -> Yardstick {
        Yardstick {
            faults: world.faults.clone(),
            watch: world.watch.clone(),
            operations: world.operations.clone(),
        }
    }
}

/// Staffed hours, and what they were compiled from.
#[derive(Debug, Clone)]
struct Staffed {
    staffing: Staffing,
    overtime: f64,
    calendar: Arc<Calendar>,
    hours: Arc<StaffedHours>,
}

impl Parts {
    /// Reads all of them; `None` where the calendar is wrong.
    pub(super) fn read(mut top: Section<'_>, memory: &mut Compiler) -> Option<Parts> {
        top.take_advice(&advice::ALL);
        let settings = top.remember(&mut memory.settings, |top| Arc::new(read_settings(top)));
        let organisation = top.remember(&mut memory.organisation, read_organisation);
        let workload = top.remember(&mut memory.workload, read_workload);
        let operations = top.remember(&mut memory.operations, read_operations);
        let sites = top.remember(&mut memory.sites, read_sites);
        let (watch, at_watch) = read_watch(&mut top, &mut memory.watch, operations.detection);
        let operations = operations.operations;
        let sync = top.remember(&mut memory.sync, read_sync);
        let (fault_keys, at_faults) = read_faults(&mut top, &mut memory.faults);
        let (planned_keys, at_planned) = read_planned(&mut top, &mut memory.planned);
        let (strategies, at_strategies) = read_strategies(&mut top, &mut memory.strategies, &sites);
        let tolerances = top.remember(&mut memory.tolerances, tolerance::read);
        let (sign_in, costs) = read_sign_in(&mut top, memory, (&sites, organisation.sign_in));
        let uncertainty = uncertainty::read(&mut top, &mut memory.uncertainty);
        tolerance::refuse(&mut top, &tolerances, costs.as_ref(), sign_in.is_some());
        let (faults, planned) = compile_dates(&fault_keys, &planned_keys, &settings);
        let read = Read {
            organisation: &organisation,
            sign_in: sign_in.as_ref(),
            calendar: settings.calendar.as_deref(),
            sites: &sites,
            operations: &operations,
            sync: &sync,
            workload: &workload,
            fault_keys: &fault_keys,
            watch: &watch,
            at_watch: &at_watch,
            planned: &planned,
            at_planned: &at_planned,
            faults: &faults,
            at_faults: &at_faults,
            strategies: &strategies,
            at_strategies: &at_strategies,
            horizon: settings.horizon,
            is_priced: costs.is_some(),
        };
        traps::warn(&mut top, &read);
        effort::refuse(&mut top, &read, memory.is_forced);
        top.finish();
        let (calendar, horizon) = (settings.calendar.clone()?, settings.horizon);
        Some(Parts {
            settings,
            calendar,
            organisation,
            workload,
            sign_in,
            sites,
            watch,
            operations,
            sync,
            faults,
            planned,
            strategies: costs::spread(strategies, costs.as_ref(), horizon),
            tolerances,
            costs,
            uncertainty,
        })
    }
}

impl Compiler {
    /// Everything that does not depend on the strategy.
    pub(super) fn world(&mut self, parts: &Parts, yardstick: Option<&Yardstick>) -> World {
        let calendar = &parts.calendar;
        let users = parts.organisation.users;
        let horizon = parts.settings.horizon;
        let rare = self.rare(parts, yardstick);
        World {
            horizon,
            calendar: calendar.clone(),
            organisation: parts.organisation.clone().with_workload(&parts.workload),
            sites: parts.sites.clone(),
            watch: parts.watch.clone(),
            operations: parts.operations.clone(),
            staffed: self.staffed(&parts.operations, calendar),
            sync: parts.sync.clone(),
            workload: self.compiled.compile(&parts.workload, calendar, users),
            sign_in: parts.sign_in.as_ref().map(|keys| keys.compile(calendar, users, &parts.sites)),
            faults: parts.faults.clone(),
            planned: parts.planned.clone(),
            rare,
        }
    }

    fn rare(&mut self, parts: &Parts, yardstick: Option<&Yardstick>) -> Option<Rare> {
        let sites = &parts.sites;
        let horizon = parts.settings.horizon;
        let Some(Yardstick { faults, watch, operations }) = yardstick else {
            let (watch, operations) = (&parts.watch, &parts.operations);
            let circumstances = Circumstances { watch, operations, sites, horizon };
            return Rare::find_with(&parts.faults, &circumstances, &mut self.gravities);
        };
        let circumstances = Circumstances { watch, operations, sites, horizon };
        let judged =
            |(here, base): (&Fault, &Fault)| Fault { onsets: here.onsets.clone(), ..base.clone() };
        let faults: Vec<Fault> = parts.faults.iter().zip(faults).map(judged).collect();
        Rare::find_with(&faults, &circumstances, &mut self.gravities)
    }

    fn staffed(&mut self, operations: &Operations, calendar: &Arc<Calendar>) -> Arc<StaffedHours> {
        let Operations { staffed: staffing, overtime, .. } = operations;
        let last = self
            .staffed
            .as_ref()
            .filter(|last| last.staffing == *staffing && last.overtime == *overtime)
            .filter(|last| Arc::ptr_eq(&last.calendar, calendar));
        if let Some(last) = last {
            return last.hours.clone();
        }
        let hours = Arc::new(staffing.compile(calendar).with_overtime(*overtime));
        self.staffed = Some(Staffed {
            staffing: staffing.clone(),
            overtime: *overtime,
            calendar: calendar.clone(),
            hours: hours.clone(),
        });
        hours
    }
}

/// The planned work in a calendar; nothing after an error.
fn compile_planned(keys: &[PlannedKeys], calendar: Option<&Calendar>) -> Vec<Planned> {
    keys.iter().filter_map(|keys| Some(keys.compile(calendar?))).collect()
}

/// The faults in a calendar; without one, after an error, they have no fixed times.
fn compile_faults(faults: &[FaultKeys], calendar: Option<&Calendar>) -> Vec<Fault> {
    let without = |keys: &FaultKeys| keys.fault.clone();
    let compile = |keys| calendar.map_or_else(|| without(keys), |calendar| keys.compile(calendar));
    faults.iter().map(compile).collect()
}

/// Faults and planned work in a calendar; without one, after an error, there are no times.
fn compile_dates(
    faults: &[FaultKeys],
    planned: &[PlannedKeys],
    settings: &Settings,
) -> (Vec<Fault>, Vec<Planned>) {
    let calendar = settings.calendar.as_deref();
    (compile_faults(faults, calendar), compile_planned(planned, calendar))
}

/// Sign-in, where it is played, and the prices, which then hold those of sign-in.
fn read_sign_in(
    top: &mut Section<'_>,
    memory: &mut Compiler,
    (sites, how): (&Sites, SignIn),
) -> (Option<SignInKeys>, Option<Costs>) {
    let since = top.last_change(&sign_in::TABLES.map(|(table, _)| table));
    let costs = top.remember_since(since, &mut memory.costs, costs::read);
    (SignInKeys::read(top, sites, how), costs)
}

fn read_organisation(top: &mut Section<'_>) -> Organisation {
    Organisation::read(&mut top.section("organisation", "whom the server serves"))
}

fn read_workload(top: &mut Section<'_>) -> Arc<WorkloadKeys> {
    let mut section = top.section("workload", "what users and administrators do");
    Arc::new(WorkloadKeys::read(&mut section))
}

fn read_operations(top: &mut Section<'_>) -> OperationsKeys {
    let doc = "how people learn of an outage, arrive, decide and work";
    OperationsKeys::read(&mut top.section("operations", doc))
}

fn read_sync(top: &mut Section<'_>) -> Sync {
    Sync::read(&mut top.section("sync", "cycles, rates and guards of the sync engine"))
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
