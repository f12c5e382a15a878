//! How the sync engine works off what has piled up, and for how many objects and users.

use super::workload::WorkloadKeys;
use crate::distribution::Distribution;
use crate::keys::{Count, Flag, Range, Section};

/// How users sign in to the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// Against a password hash in the cloud: it can be stale.
    PasswordHashSync,
    /// Against the directory on premises, through agents: never stale.
    PassThrough,
    /// Against a federation server on premises: never stale.
    Federated,
}

/// The `[organisation]` table.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Users with a password.
    pub users: u64,
    /// Objects in scope of synchronisation.
    pub objects: u64,
    /// How users sign in.
    pub sign_in: SignIn,
    /// Objects of the largest domain, where it is stated.
    pub largest_domain: Option<u64>,
    /// Members of the largest group, where it is stated.
    pub largest_group: Option<u64>,
    /// Devices are synchronised, where it is stated.
    pub devices: Option<bool>,
    /// Devices that the workload registers per hour.
    pub devices_per_hour: f64,
    /// There are rules, filters or attributes of one's own, where it is stated.
    pub custom_rules: Option<bool>,
    /// Users are made up of accounts in several forests, where it is stated.
    pub merged_forests: Option<bool>,
    /// Attributes of an object are merged from several domains, where it is stated.
    pub merged_attributes: Option<bool>,
    /// Objects refer to objects of another forest, where it is stated.
    pub cross_forest_references: Option<bool>,
    /// What was changed outside synchronisation is put right by it, where it is stated.
    pub reconciliation: Option<bool>,
    /// Windows Hello for Business works by hybrid key trust, where that is stated.
    pub key_trust: Option<bool>,
    /// Passwords have to be checked on premises, where that is stated.
    pub passwords_on_premises: Option<bool>,
    /// There are forests that do not reach each other, where it is stated.
    pub separate_forests: Option<bool>,
}

impl Organisation {
    /// Cloud Sync takes so many objects of a domain.
    pub const MOST_IN_DOMAIN: u64 = 150_000;
    /// Cloud Sync takes groups of so many members.
    pub const MOST_IN_GROUP: u64 = 50_000;

    /// Reads the table.
    pub fn read(section: &mut Section<'_>) -> Organisation {
        let users =
            section.count("users", 25_000, 1..=100_000_000, "users with a password that is synced");
        let objects = section.count(
            "objects",
            60_000,
            0..=1_000_000_000,
            "objects in scope of synchronisation",
        );
        if objects < users {
            section.warn(
                "objects",
                format!("{objects} objects cannot hold {users} users"),
                "users are objects too: give the number of all objects in scope",
            );
        }
        let sign_in = section.choice(
            "sign_in",
            &[
                ("password-hash-sync", SignIn::PasswordHashSync),
                ("pass-through", SignIn::PassThrough),
                ("federated", SignIn::Federated),
            ],
            "password-hash-sync",
            "how users sign in; without password hash sync no cloud password can be stale",
        );
        let [largest_domain, largest_group] = read_largest(section, objects);
        let known = read_known(section);
        Organisation { users, objects, sign_in, largest_domain, largest_group, ..known }
    }

    /// The organisation with what its workload tells of it.
    pub fn with_workload(self, workload: &WorkloadKeys) -> Organisation {
        Organisation { devices_per_hour: workload.devices_per_hour(), ..self }
    }

    /// Are devices synchronised, as far as that is known? What is stated comes before what the
    /// workload says.
    pub fn has_devices(&self) -> Option<bool> {
        self.devices.or((self.devices_per_hour > 0.0).then_some(true))
    }

    /// Can a password in the cloud be older than the one on premises?
    pub fn has_cloud_passwords(&self) -> bool {
        self.sign_in == SignIn::PasswordHashSync
    }
}

/// What is so or not, where it is stated; how large it all is, is left to the caller.
fn read_known(section: &mut Section<'_>) -> Organisation {
    let mut known = |key, doc| section.optional_as(key, &Flag, doc);
    Organisation {
        users: 0,
        objects: 0,
        sign_in: SignIn::PasswordHashSync,
        largest_domain: None,
        largest_group: None,
        devices: known(
            "devices",
            "devices are synchronised, as hybrid join needs it; not stated, they are where \
             workload.object_changes.devices_per_hour is above 0",
        ),
        devices_per_hour: 0.0,
        custom_rules: known(
            "custom_rules",
            "there are rules, filters by attribute, or attributes that Cloud Sync does not offer",
        ),
        merged_forests: known(
            "merged_forests",
            "users are made up from accounts in several forests",
        ),
        merged_attributes: known(
            "merged_attributes",
            "attributes of one object are merged from several domains",
        ),
        cross_forest_references: known(
            "cross_forest_references",
            "objects refer to objects of another forest: members of groups, managers",
        ),
        reconciliation: known(
            "reconciliation",
            "what was changed outside synchronisation has to be put right by it (reconciliation)",
        ),
        key_trust: known(
            "key_trust",
            "Windows Hello for Business works by hybrid key trust, whose keys are written to Active Directory \
             by a sync server; cloud Kerberos trust needs none",
        ),
        passwords_on_premises: known(
            "passwords_on_premises",
            "passwords have to be checked on premises: no hashes may be used in the cloud, or logon hours and \
             locked accounts must hold at once",
        ),
        separate_forests: known(
            "separate_forests",
            "there are forests that do not reach each other",
        ),
    }
}

/// The sizes of the largest domain and the largest group, where they are stated.
fn read_largest(section: &mut Section<'_>, objects: u64) -> [Option<u64>; 2] {
    let parts = [
        ("largest_domain", "objects of the largest domain in scope"),
        ("largest_group", "members of the largest group in scope"),
    ];
    parts.map(|(key, doc)| {
        let number = section.optional_as(key, &Count(0..=1_000_000_000), doc);
        if let Some(number) = number.filter(|number| *number > objects) {
            section.warn(
                key,
                format!("{number} are more than all {objects} objects in scope"),
                "no domain and no group is larger than the whole: check both numbers",
            );
        }
        number
    })
}

/// The `[sync]` table.
#[derive(Debug, Clone)]
pub struct Sync {
    /// Time between object cycles, hours; 0 = at once.
    pub object_cycle: f64,
    /// Time between password cycles, hours; 0 = at once.
    pub password_cycle: f64,
    /// Time between heartbeats of the writeback service, hours; 0 = at once.
    pub heartbeat: f64,
    /// Full import from both sides, objects per second.
    pub import_per_second: f64,
    /// Full sync, objects per second.
    pub sync_per_second: f64,
    /// Export, objects per hour.
    pub export_per_hour: f64,
    /// Password backlog, users per minute.
    pub passwords_per_minute: f64,
    /// More pending deletes than this stop the export; 0 = no guard.
    pub delete_guard: u64,
    /// Hands-on work to clear the guard, hours.
    pub clear_guard: Distribution,
    /// The database is a full SQL Server and not LocalDB, so that it holds more than 10 GB.
    pub full_sql_server: bool,
    /// The credential of a server that has not run for so long has expired, hours; 0 = no limit.
    pub credential_life: f64,
}

impl Sync {
    /// No delta cycle for this long makes a full sync necessary, hours.
    pub const FULL_SYNC_AFTER: f64 = 7.0 * 24.0;
    /// A database older than this needs a full import, hours.
    pub const FULL_IMPORT_AFTER: f64 = 21.0 * 24.0;
    /// Deleted objects are kept in the cloud for this long, hours.
    pub const RECYCLE_BIN: f64 = 30.0 * 24.0;

    /// Reads the table.
    pub fn read(section: &mut Section<'_>) -> Sync {
        let positive = Range::Positive;
        Sync {
            object_cycle: section.duration(
                "object_cycle",
                "30m",
                "time between object cycles; \"0s\" = at once",
            ),
            password_cycle: section.duration(
                "password_cycle",
                "2m",
                "time between password cycles; \"0s\" = at once",
            ),
            heartbeat: section.duration(
                "heartbeat",
                "5m",
                "after a return, writeback is offered again at the next heartbeat",
            ),
            import_per_second: section.number(
                "import_per_second",
                48.0,
                positive,
                "objects per second of a full import, from Active Directory and from Entra ID in turn",
            ),
            sync_per_second: section.number(
                "sync_per_second",
                29.0,
                positive,
                "objects per second of a full sync",
            ),
            export_per_hour: section.number(
                "export_per_hour",
                84_000.0,
                positive,
                "objects per hour that the cloud takes",
            ),
            passwords_per_minute: section.number(
                "passwords_per_minute",
                1_000.0,
                positive,
                "users per minute when the password backlog drains",
            ),
            delete_guard: read_guard(section),
            clear_guard: section.distribution(
                "clear_guard",
                r#""15m to 2h""#,
                "hands-on work to clear the delete guard",
            ),
            full_sql_server: section.flag(
                "full_sql_server",
                false,
                "the database is a full SQL Server, which LocalDB's limit of 10 GB does not bind",
            ),
            credential_life: section.duration(
                "credential_life",
                "90d",
                "a copy of the server that is older cannot sign in before it is set up anew; \"0s\" = no limit",
            ),
        }
    }

    /// Time of a full import and a full sync of `objects`, hours.
    pub fn full_cycle_hours(&self, objects: u64) -> f64 {
        self.import_hours(objects) + self.sync_hours(objects)
    }

    /// Time of a full import of `objects`, hours.
    pub fn import_hours(&self, objects: u64) -> f64 {
        objects as f64 / self.import_per_second / 3600.0
    }

    /// Time in which the passwords of `users` are synced, hours.
    pub fn password_hours(&self, users: f64) -> f64 {
        users / self.passwords_per_minute / 60.0
    }

    /// Time of a full sync of `objects`, hours.
    pub fn sync_hours(&self, objects: u64) -> f64 {
        objects as f64 / self.sync_per_second / 3600.0
    }
}

fn read_guard(section: &mut Section<'_>) -> u64 {
    let guard = section.count(
        "delete_guard",
        500,
        0..=1_000_000_000,
        "more pending deletes than this stop the export; 0 = off",
    );
    if guard == 0 {
        section.warn(
            "delete_guard",
            "the delete guard is off".into(),
            "a wrong filter can then delete any number of accounts in the cloud; this program does not count that harm",
        );
    }
    guard
}
