//! What each table of a strategy does: every branch with its time, its probability and what follows.

use crate::metric::Metric::{
    CatchUpHours, DowntimeHours, LabourHours, LongestOutageHours, Outages,
};
use crate::verify::case::{Cases, Question, at_most, mean, played, value, variance};
use crate::verify::organisation::{
    GROUP, MACHINE, Organisation, REBUILD, STAGING, exponential, quiet, repair,
};

const MECHANISM: &str = "Recovery";
/// Full import and full sync of the 3,600 objects of the quiet organisation, hours.
const IMPORT_AND_SYNC: f64 = 3.0;
const NEVER: &str = "repair = \"never\"\n";

pub(super) fn cases() -> Vec<Cases> {
    [branches(), rebuilds(), attempts(), last_resorts()].into_iter().flatten().collect()
}

/// Something broken at hour 100 that takes 50 h to repair.
fn broken(kind: &str) -> Organisation {
    quiet().fault(kind, &[100.0], &repair(50.0))
}

/// One outage whose length is known.
fn lasts(name: &str, organisation: Organisation, tables: &str, hours: f64) -> Cases {
    let questions = vec![value(name, DowntimeHours, hours)];
    played(MECHANISM, "by hand", organisation.strategy(tables), questions)
}

fn branches() -> Vec<Cases> {
    let asynchronous = GROUP.replace("synchronous", "asynchronous");
    let near = STAGING.replace("other", "same");
    let ordered = format!("prefer = [\"staging\", \"rebuild\"]\n{STAGING}{REBUILD}");
    let full_cycle = STAGING.replace("verify = false", "verify = true");
    vec![
        lasts("repair in place", broken("server"), "", 50.0),
        lasts("promotion of a standby", broken("server"), STAGING, 1.0),
        lasts("promotion elsewhere when the site is lost", broken("site"), STAGING, 1.0),
        lasts("a standby in the same site shares its loss", broken("site"), &near, 50.0),
        lasts("promotion after a full cycle", broken("server"), &full_cycle, 1.0 + IMPORT_AND_SYNC),
        lasts("restart on another host", broken("host"), MACHINE, 0.1),
        lasts("an image restored", broken("server"), MACHINE, 2.0),
        lasts("an image moved to the other site", broken("site"), MACHINE, 2.0),
        lasts("failover of the database", broken("database"), GROUP, 0.01),
        lasts("failover by force", broken("database"), &asynchronous, 1.0),
        lasts("the first table that is preferred", broken("server"), &ordered, 1.0),
        lasts("no table helps against the cloud", broken("cloud"), &ordered, 50.0),
    ]
}

fn rebuilds() -> Vec<Cases> {
    let on = |spare: &str, keys: &str| {
        format!("{}{keys}", REBUILD.replace("spare = \"server\"", &format!("spare = \"{spare}\"")))
    };
    let rebuilt = broken("server").strategy(REBUILD);
    let no_backup = on("server", "configuration_backup = false\n");
    let bought = quiet().fault("server", &[100.0], &repair(300.0));
    vec![
        played(
            MECHANISM,
            "by hand",
            rebuilt,
            vec![
                value("rebuild on a spare server", DowntimeHours, 4.0),
                value("full import and full sync after a rebuild", CatchUpHours, IMPORT_AND_SYNC),
                value(
                    "until the service works after a rebuild",
                    LongestOutageHours,
                    4.0 + IMPORT_AND_SYNC,
                ),
            ],
        ),
        lasts("rebuild without a backup of the configuration", broken("server"), &no_backup, 7.0),
        lasts("rebuild on a server that is bought", bought, &on("procure", ""), 124.0),
        // Back from the controller in a planned outage of half an hour when the server is mended.
        played(
            MECHANISM,
            "by hand",
            broken("server").strategy(&on("domain-controller", "")),
            vec![
                value("rebuild on a controller and the way back", DowntimeHours, 4.5),
                value("outages of a rebuild on a controller", Outages, 2.0),
            ],
        ),
    ]
}

fn attempts() -> Vec<Cases> {
    let (p, q) = (0.6_f64, 0.4_f64);
    let ways = [(p, 1.0), (p * q, 2.5), (p * q * q, 4.0), (q * q * q, 40.0)];
    let moment = |k: i32| ways.iter().map(|(share, h): &(f64, f64)| share * h.powi(k)).sum::<f64>();
    let tries = quiet()
        .set("operations.tries=3")
        .set("operations.diagnose=30m")
        .fault("server", &[100.0], &repair(40.0))
        .strategy(&STAGING.replace("\nsuccess = 1.0", "\nsuccess = 0.6"));
    let unsure = MACHINE.replace("capacity = 1.0", "capacity = 0.7");
    let failover = GROUP.replace("failover_success = 1.0", "failover_success = 0.8");
    let by_hand = failover.replace("\nsuccess = 1.0", "\nsuccess = 0.0");
    let share = |name: &str, kind: &str, table: &str, hours: f64, share: f64| {
        let questions: Vec<Question> = vec![at_most(name, DowntimeHours, hours, share)];
        played(MECHANISM, "its probability", broken(kind).strategy(table), questions)
    };
    vec![
        played(
            MECHANISM,
            "sum over the tries",
            tries,
            vec![
                mean("three tries with a diagnosis between", DowntimeHours, moment(1)),
                variance(
                    "variance of three tries",
                    DowntimeHours,
                    moment(2) - moment(1) * moment(1),
                ),
                at_most("the second try works at the latest", DowntimeHours, 2.5, p + p * q),
            ],
        ),
        share(
            "a cluster that has room",
            "host",
            &unsure.replace("\nsuccess = 1.0", "\nsuccess = 0.0"),
            0.1,
            0.7,
        ),
        share("a failover that works", "database", &by_hand, 0.01, 0.8),
        share(
            "an image that works",
            "server",
            &MACHINE.replace("\nsuccess = 1.0", "\nsuccess = 0.9"),
            2.0,
            0.9,
        ),
    ]
}

fn last_resorts() -> Vec<Cases> {
    let lost = || quiet().fault("server", &[100.0], NEVER);
    let takes =
        format!("operations.last_resort={{ after = \"48h\", takes = {} }}", exponential(5.0));
    let fixed = "operations.last_resort={ after = \"48h\", takes = \"24h\", fenced = 1.0 }";
    vec![
        played(
            MECHANISM,
            "by hand",
            lost().set(fixed).strategy(""),
            vec![
                value("the last resort at its time", DowntimeHours, 72.0),
                value("work for the last resort", LabourHours, 24.0),
            ],
        ),
        played(
            MECHANISM,
            "exponential distribution",
            lost().set(&takes).strategy(""),
            vec![
                mean("the last resort of random length", DowntimeHours, 53.0),
                variance("variance of the last resort", DowntimeHours, 25.0),
            ],
        ),
    ]
}
