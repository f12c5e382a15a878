//! What users and administrators do: password changes, writeback requests, object changes.

use super::calendar::Calendar;
use super::profile::{Profile, Season, changes_per_user_year};
use super::rates::Rates;
use crate::distribution::Distribution;
use crate::keys::{List, Of, Range, Section};
use crate::units::HOURS_PER_YEAR;
use std::sync::Arc;

/// The `[workload]` tables as read, before they meet the calendar.
#[derive(Debug, Clone)]
pub struct WorkloadKeys {
    passwords: StreamKeys,
    writeback: StreamKeys,
    objects: ObjectKeys,
    attempts: u32,
    retry: Distribution,
}

/// The `[workload.object_changes]` table.
#[derive(Debug, Clone)]
struct ObjectKeys {
    /// All that is exported, devices too.
    stream: StreamKeys,
    changes_per_hour: f64,
    devices_per_hour: f64,
    deletes: f64,
    disables: f64,
    joins: f64,
}

/// One stream's rate at mean weight, its profile and its seasons.
#[derive(Debug, Clone, PartialEq)]
struct StreamKeys {
    rate: Rate,
    profile: Profile,
    seasons: Vec<Season>,
}

/// How often something happens, mean over an ordinary week.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rate {
    /// Events per hour.
    PerHour(f64),
    /// Events per user and year of 365 days.
    PerUserYear(f64),
}

impl Rate {
    /// Events per hour of so many users.
    fn per_hour(self, users: u64) -> f64 {
        match self {
            Rate::PerHour(rate) => rate,
            Rate::PerUserYear(rate) => users as f64 * rate / HOURS_PER_YEAR,
        }
    }
}

/// The three streams, compiled to piecewise constant rates over the horizon.
#[derive(Debug, Clone)]
pub struct Workload {
    /// Password changes of all users, per hour.
    pub passwords: Arc<Rates>,
    /// Writeback requests of all users, per hour.
    pub writeback: Writeback,
    /// Object changes, per hour.
    pub objects: ObjectChanges,
}

/// Password writeback requests.
#[derive(Debug, Clone)]
pub struct Writeback {
    /// New requests of all users, per hour.
    pub rates: Arc<Rates>,
    /// Attempts before a user gives up, at least 1.
    pub attempts: u32,
    /// Time to the next attempt, hours.
    pub retry: Distribution,
}

/// Object changes.
#[derive(Debug, Clone)]
pub struct ObjectChanges {
    /// All changes, per hour.
    pub rates: Arc<Rates>,
    /// Share of changes that delete an object.
    pub deletes: f64,
    /// Share of changes that disable an account.
    pub disables: f64,
    /// Share of changes that create the account of somebody who joins.
    pub joins: f64,
    /// Share of changes that register a device.
    pub devices: f64,
}

impl WorkloadKeys {
    /// Reads the `[workload]` tables.
    pub fn read(section: &mut Section<'_>) -> WorkloadKeys {
        let mut passwords = section.section("password_changes", "changes of passwords by users");
        let password_keys = read_passwords(&mut passwords);
        passwords.finish();

        let mut writeback =
            section.section("writeback", "self-service resets that are written back on premises");
        let writeback_keys = read_per_user(&mut writeback, 2.0);
        let attempts = writeback.count(
            "attempts",
            3,
            1..=100,
            "attempts before a user gives up and the request is lost",
        ) as u32;
        let retry = writeback.distribution(
            "retry",
            r#"{ exponential = { mean = "30m" } }"#,
            "time from a refused attempt to the next",
        );
        writeback.finish();

        let objects = ObjectKeys::read(section);
        WorkloadKeys {
            passwords: password_keys,
            writeback: writeback_keys,
            objects,
            attempts,
            retry,
        }
    }

    /// Devices registered per hour, mean over an ordinary week.
    pub fn devices_per_hour(&self) -> f64 {
        self.objects.devices_per_hour
    }

    /// Password changes and object changes per hour of an organisation with so many users, mean
    /// over an ordinary week.
    pub fn per_hour(&self, users: u64) -> (f64, f64) {
        (self.passwords.rate.per_hour(users), self.objects.stream.rate.per_hour(users))
    }

    /// Changes of objects per hour without new devices, and new devices per hour: what the file gives
    /// for the whole organisation and not for each user.
    pub fn objects_per_hour(&self) -> (f64, f64) {
        (self.objects.changes_per_hour, self.objects.devices_per_hour)
    }
}

impl ObjectKeys {
    fn read(section: &mut Section<'_>) -> ObjectKeys {
        let mut objects = section.section("object_changes", "changes of objects on premises");
        let per_hour = objects.number(
            "per_hour",
            20.0,
            Range::Between(0.0, 1e9),
            "changes per hour, mean over an ordinary week",
        );
        let devices_per_hour = objects.number(
            "devices_per_hour",
            0.0,
            Range::Between(0.0, 1e9),
            "devices registered per hour beside these changes, mean over an ordinary week",
        );
        let stream = read_shape(&mut objects, Rate::PerHour(per_hour + devices_per_hour));
        let deletes = objects.probability("deletes", 0.01, "share of changes that are deletes");
        let disables =
            objects.probability("disables", 0.005, "share of changes that disable an account");
        let joins = objects.probability(
            "joins",
            0.002,
            "share of changes that create the account of somebody who joins",
        );
        let together = deletes + disables + joins;
        if together > 1.0 {
            let last = if objects.has("joins") { "joins" } else { "disables" };
            objects.error(
                last,
                format!("deletes, disables and joins are {together} of all changes"),
                "they are different changes: their shares add up to 1 at the most",
            );
        }
        ObjectKeys {
            stream,
            changes_per_hour: per_hour,
            devices_per_hour,
            deletes,
            disables,
            joins,
        }
    }

    /// The changes in a calendar, of an organisation with so many users.
    fn compile(&self, rates: Arc<Rates>, users: u64) -> ObjectChanges {
        let devices = self.share_of_devices(users);
        ObjectChanges {
            rates,
            deletes: self.deletes * (1.0 - devices),
            disables: self.disables * (1.0 - devices),
            joins: self.joins * (1.0 - devices),
            devices,
        }
    }

    /// The share of devices in all that is exported.
    fn share_of_devices(&self, users: u64) -> f64 {
        let all = self.stream.rate.per_hour(users);
        if all > 0.0 { self.devices_per_hour / all } else { 0.0 }
    }
}

/// Compiles workloads against a calendar; the rates of a stream that is as it was before are taken
/// over.
#[derive(Debug, Clone, Default)]
pub struct CompiledWorkload {
    passwords: Option<CompiledStream>,
    writeback: Option<CompiledStream>,
    objects: Option<CompiledStream>,
}

/// The rates of one stream, and what they were compiled from.
#[derive(Debug, Clone)]
struct CompiledStream {
    keys: StreamKeys,
    users: u64,
    calendar: Arc<Calendar>,
    rates: Arc<Rates>,
}

impl CompiledWorkload {
    /// The workload of an organisation with so many users.
    pub fn compile(
        &mut self,
        keys: &WorkloadKeys,
        calendar: &Arc<Calendar>,
        users: u64,
    ) -> Workload {
        let objects = &keys.objects;
        let object_rates =
            CompiledStream::rates(&mut self.objects, &objects.stream, calendar, users);
        Workload {
            passwords: CompiledStream::rates(&mut self.passwords, &keys.passwords, calendar, users),
            writeback: Writeback {
                rates: CompiledStream::rates(&mut self.writeback, &keys.writeback, calendar, users),
                attempts: keys.attempts,
                retry: keys.retry.clone(),
            },
            objects: objects.compile(object_rates, users),
        }
    }
}

impl CompiledStream {
    fn rates(
        last: &mut Option<CompiledStream>,
        keys: &StreamKeys,
        calendar: &Arc<Calendar>,
        users: u64,
    ) -> Arc<Rates> {
        let is_same = |last: &&mut CompiledStream| {
            last.keys == *keys && last.users == users && Arc::ptr_eq(&last.calendar, calendar)
        };
        if let Some(last) = last.as_mut().filter(is_same) {
            return last.rates.clone();
        }
        let per_hour = keys.rate.per_hour(users);
        let rates = Arc::new(Rates::new(calendar, &keys.profile, &keys.seasons, per_hour));
        let (keys, calendar) = (keys.clone(), calendar.clone());
        *last = Some(CompiledStream { keys, users, calendar, rates: rates.clone() });
        rates
    }
}

fn read_passwords(section: &mut Section<'_>) -> StreamKeys {
    let max_age = section.optional_positive_duration(
        "max_age",
        "maximum password age, from which the rate follows instead of per_user_year",
    );
    section.at_most_one(
        ["max_age", "per_user_year"],
        "the rate of password changes is given twice",
        "keep either `per_user_year` or `max_age`",
    );
    if !section.has("max_age") {
        return read_per_user(section, PASSWORD_CHANGES);
    }
    // Declared and checked all the same; its default is not what holds here.
    section.optional_number("per_user_year", PER_USER_YEAR, PER_USER_YEAR_DOC);
    let per_user_year = max_age.map_or(PASSWORD_CHANGES, changes_per_user_year);
    read_shape(section, Rate::PerUserYear(per_user_year))
}

/// Password changes per user and year, where nothing is said.
const PASSWORD_CHANGES: f64 = 4.1;
const PER_USER_YEAR: Range = Range::Between(0.0, 1e6);
const PER_USER_YEAR_DOC: &str = "events per user and year (365 days)";

fn read_per_user(section: &mut Section<'_>, default: f64) -> StreamKeys {
    let per_user_year = section.number("per_user_year", default, PER_USER_YEAR, PER_USER_YEAR_DOC);
    read_shape(section, Rate::PerUserYear(per_user_year))
}

fn read_shape(section: &mut Section<'_>, rate: Rate) -> StreamKeys {
    let profile = section.get(
        "profile",
        r#""office""#,
        "shape of a week: \"flat\", \"office\", \"mornings\", a CSV file (dow,hour,weight), or 168 weights from Monday 00:00",
    );
    let form = List { item: Of::<Season>::new(), distinct: false, plural: "seasons" };
    let seasons = section.get_as(
        "seasons",
        &form,
        "[]",
        "stretches of days with more or less than usual: [{ from = \"2027-09-20\", to = \"2027-10-03\", factor = 6.0 }]",
    );
    StreamKeys { rate, profile, seasons }
}
