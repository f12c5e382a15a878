//! Known traps that cross from one table to another: each can be run, and is hardly meant.

mod left_out;
mod people;
mod sign_in;
#[cfg(test)]
mod tests;
mod times;
mod twins;

pub(super) use times::warn_of_holidays;

use super::cures::{FaultCures, Help};
use crate::keys::Section;
use crate::strategy::Strategy;
use crate::units::HOURS_PER_YEAR;
use crate::world::calendar::Calendar;
use crate::world::fault::{Fault, FaultKeys};
use crate::world::kind::Kinds;
use crate::world::operations::Operations;
use crate::world::planned::Planned;
use crate::world::sign_in::SignInKeys;
use crate::world::site::Sites;
use crate::world::sync::{Organisation, Sync};
use crate::world::watch::Watch;
use crate::world::workload::WorkloadKeys;

/// A place in the text of the scenario.
pub(super) type Span = Option<std::ops::Range<usize>>;

/// Where the parts of a fault stand.
#[derive(Debug, Clone, Default)]
pub(super) struct AtFault {
    pub(super) name: Span,
    pub(super) every: Span,
    pub(super) at: Span,
    pub(super) repair: Span,
}

/// Where the parts of a strategy stand: its name, its tables in the order of its protections, and
/// what is left out.
#[derive(Debug, Clone, Default)]
pub(super) struct AtStrategy {
    pub(super) name: Span,
    pub(super) tables: Vec<Span>,
    /// Whether it is said what it costs a year.
    pub(super) has_annual_cost: bool,
}

/// Where the parts of a channel stand; nowhere in the file if it is one of the program's own.
#[derive(Debug, Clone, Default)]
pub(super) struct AtWatch {
    pub(super) name: Span,
    pub(super) sees: Span,
    pub(super) is_given: bool,
}

/// Where the parts of planned work stand: its name, and when it is done.
#[derive(Debug, Clone, Default)]
pub(super) struct AtPlanned {
    pub(super) name: Span,
    pub(super) when: Span,
}

/// What was read, with its places.
pub(super) struct Read<'a> {
    pub(super) organisation: &'a Organisation,
    /// `[pass_through]` or `[federated]`, where that of how users sign in is there.
    pub(super) sign_in: Option<&'a SignInKeys>,
    /// `None` after an error.
    pub(super) calendar: Option<&'a Calendar>,
    pub(super) sites: &'a Sites,
    pub(super) operations: &'a Operations,
    pub(super) sync: &'a Sync,
    pub(super) workload: &'a WorkloadKeys,
    pub(super) fault_keys: &'a [FaultKeys],
    pub(super) watch: &'a [Watch],
    pub(super) at_watch: &'a [AtWatch],
    pub(super) planned: &'a [Planned],
    pub(super) at_planned: &'a [AtPlanned],
    pub(super) faults: &'a [Fault],
    pub(super) at_faults: &'a [AtFault],
    pub(super) strategies: &'a [Strategy],
    pub(super) at_strategies: &'a [AtStrategy],
    pub(super) horizon: f64,
    /// Whether anything has a price.
    pub(super) is_priced: bool,
}

/// Warns of all of them, and refuses what can never be worked off.
pub(super) fn warn(top: &mut Section<'_>, read: &Read<'_>) {
    warn_of_size(top, read);
    warn_of_devices(top, read);
    warn_of_no_common_mode(top, read);
    sign_in::warn(top, read);
    times::warn(top, read);
    warn_of_no_cure(top, read);
    warn_of_nothing_to_cure(top, read);
    people::warn(top, read);
    // Before sizes are judged: what can never be worked off is an error, and is told once.
    check_load(top, read);
    if !top.is_quiet() {
        left_out::warn(top, read);
        twins::warn(top, read);
    }
}

fn warn_of_size(top: &mut Section<'_>, read: &Read<'_>) {
    let local_database_ends = 100_000;
    let objects = read.organisation.objects;
    if objects > local_database_ends
        && !read.sync.full_sql_server
        && let Some(strategy) = read
            .strategies
            .iter()
            .find(|strategy| !strategy.database_apart && strategy.layout.has_database())
    {
        top.warn_at(
            top.span_of(&["organisation", "objects"]),
            format!("{objects} objects, and \"{}\" has no database of its own", strategy.name),
            "LocalDB is full (10 GB) at about 100,000 objects: plan a full SQL Server, and say so: [sync] full_sql_server = true",
        );
    }
}

/// Devices that are registered, and of which none is synchronised.
fn warn_of_devices(top: &mut Section<'_>, read: &Read<'_>) {
    let per_hour = read.workload.devices_per_hour();
    if per_hour > 0.0 && read.organisation.devices == Some(false) {
        top.warn_at(
            top.span_of(&["organisation", "devices"]),
            format!("no device is synchronised, and the workload registers {per_hour} an hour"),
            "where computers do not join hybrid, set workload.object_changes.devices_per_hour = 0; \
             where they do, Cloud Sync is no choice: leave `devices` out",
        );
    }
}

fn warn_of_no_common_mode(top: &mut Section<'_>, read: &Read<'_>) {
    let has_standby = read.strategies.iter().any(|strategy| strategy.layout.has_standby());
    let mut doubles = read.faults.iter().filter(|fault| !fault.strikes.is_common()).peekable();
    if has_standby && doubles.peek().is_some() && doubles.all(|fault| fault.common_mode <= 0.0) {
        top.warn(
            "fault",
            "no fault ever strikes server and standby together".into(),
            "shared causes are known (bad updates, the same site, the same account): set common_mode to 0.02 or more",
        );
    }
}

/// Faults that are never repaired, and strategies that cannot bring back what they strike.
fn warn_of_no_cure(top: &mut Section<'_>, read: &Read<'_>) {
    for (fault, at) in read.faults.iter().enumerate().zip(read.at_faults) {
        let cures = FaultCures::new(fault, read.strategies, read.operations, read.sites);
        let fault = fault.1;
        let helpless = |(index, _): &(usize, &Strategy)| cures.help(*index) == Help::Nothing;
        let strategies = read.strategies.iter().enumerate();
        let mut names = strategies.filter(helpless).map(|(_, strategy)| &strategy.name);
        let Some(first) = names.next() else {
            continue;
        };
        let others = match names.count() {
            0 => String::new(),
            1 => " and 1 other strategy".to_owned(),
            count => format!(" and {count} other strategies"),
        };
        let kind = fault.strikes.word();
        top.warn_at(
            at.repair.clone(),
            format!("with \"{first}\"{others}, an outage by \"{}\" never ends", fault.name),
            &format!("no table there cures a fault of kind \"{kind}\"; give a repair time"),
        );
    }
}

/// Tables that cure only what no fault ever strikes.
fn warn_of_nothing_to_cure(top: &mut Section<'_>, read: &Read<'_>) {
    let struck = read.faults.iter().fold(Kinds::NONE, |kinds, fault| kinds.with(fault.strikes));
    for (strategy, at) in read.strategies.iter().zip(read.at_strategies) {
        for (protection, place) in strategy.protections.iter().zip(&at.tables) {
            let cures = protection.cures(strategy.database_apart);
            if cures.is_empty() || cures.intersects(struck) {
                continue;
            }
            let name = protection.name();
            top.warn_at(
                place.clone(),
                format!("`{name}` never has anything to do: no fault strikes what it protects"),
                "add a [[fault]] that does, or the strategy is only charged for it",
            );
        }
    }
}

/// A cloud that takes less than comes in never catches up, outage or not.
fn check_load(top: &mut Section<'_>, read: &Read<'_>) {
    let Read { organisation, sync, workload, .. } = *read;
    let (passwords, objects) = workload.per_hour(organisation.users);
    if objects >= sync.export_per_hour {
        let suspects: [Suspect<'_>; 2] = [
            (&["sync", "export_per_hour"], 84_000.0 / sync.export_per_hour),
            (&["workload", "object_changes", "per_hour"], objects / 20.0),
        ];
        top.error_at(
            guilty(top, &suspects),
            format!(
                "{objects} object changes an hour come in and {} can be exported",
                sync.export_per_hour
            ),
            "even without outages the cloud would never be current: check per_hour and export_per_hour",
        );
    }
    let synced = sync.passwords_per_minute * 60.0;
    if passwords >= synced {
        let users = organisation.users as f64;
        let each = passwords * HOURS_PER_YEAR / users / 4.1;
        let suspects: [Suspect<'_>; 4] = [
            (&["sync", "passwords_per_minute"], 1_000.0 / sync.passwords_per_minute),
            (&["workload", "password_changes", "per_user_year"], each),
            (&["workload", "password_changes", "max_age"], each),
            (&["organisation", "users"], users / 25_000.0),
        ];
        top.error_at(
            guilty(top, &suspects),
            format!("{passwords:.0} password changes an hour come in and {synced} can be synced"),
            "even without outages passwords would never be current: check passwords_per_minute and the rate of changes",
        );
    }
}

/// A key, and how many times nearer to an overload it is than its default.
type Suspect<'a> = (&'a [&'a str], f64);

/// Where the key stands that did most for an overload, of those that are written.
fn guilty(top: &Section<'_>, suspects: &[Suspect<'_>]) -> Span {
    let written = suspects.iter().filter_map(|(path, times)| Some((top.span_of(path)?, *times)));
    written.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(span, _)| span)
}
