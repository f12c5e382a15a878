//! Dates, planned work, and parts of the service that fail alone.

use crate::metric::Metric::{
    DelayedObjectChanges, DowntimeHours, LabourHours, ObjectDelayHours, Outages, PlannedHours,
    StaleUserHours, WritebackFailedAttempts,
};
use crate::verify::case::{Cases, at_most, mean, played, value, variance};
use crate::verify::organisation::{Organisation, STAGING, quiet, repair};
use libm::expm1;

pub(super) fn cases() -> Vec<Cases> {
    [dates(), upgrades(), parts()].into_iter().flatten().collect()
}

fn dates() -> Vec<Cases> {
    let missed = "at = [\"2027-01-08\", \"2027-01-10T18:00\"]\nprobability = 0.3";
    vec![played(
        "Dates and planned work",
        "binomial distribution",
        quiet().source("tenant", missed, &repair(10.0)),
        vec![
            mean("dates that are missed", Outages, 0.6),
            at_most("no date is missed", Outages, 0.0, 0.49),
            variance("variance of the downtime by dates", DowntimeHours, 42.0),
        ],
    )]
}

/// Work of 3 h in a window on that day; in Berlin, where clocks change on 28 March 2027.
fn upgrade(at: &str, window: &str, keys: &str) -> Organisation {
    quiet().set("horizon=3000h").set("time_zone=Europe/Berlin").tables(&format!(
        "[[planned]]\nname = \"upgrade\"\nat = [\"{at}\"]\nwindow = \"{window}\"\nwork = \"3h\"\n\
         stops = \"all\"\nfull_sync = false\n{keys}"
    ))
}

fn upgrades() -> Vec<Cases> {
    const MECHANISM: &str = "Dates and planned work";
    let over_the_change = upgrade("2027-03-28", "Sun 01:00", "goes_wrong = 0.0");
    let wrong = upgrade("2027-02-06", "Sat 08:00", "goes_wrong = 0.25\nrepair = \"9h\"");
    let standby = upgrade("2027-02-06", "Sat 08:00", "goes_wrong = 0.0").strategy(STAGING);
    vec![
        played(
            MECHANISM,
            "by hand",
            over_the_change,
            vec![
                value("planned work while clocks change", PlannedHours, 3.0),
                value("downtime of planned work", DowntimeHours, 3.0),
                value("labour of planned work", LabourHours, 3.0),
            ],
        ),
        played(
            MECHANISM,
            "binomial distribution",
            wrong,
            vec![
                mean("planned work that may go wrong", DowntimeHours, 3.0 + 0.25 * 9.0),
                at_most("planned work goes well", DowntimeHours, 3.0, 0.75),
            ],
        ),
        played(
            MECHANISM,
            "by hand",
            standby,
            vec![value("planned work with a standby stops nothing", DowntimeHours, 0.0)],
        ),
    ]
}

/// A part of the service that is broken alone for 10 h, under a workload of all three.
fn parts() -> Vec<Cases> {
    const MECHANISM: &str = "Parts of the service";
    let busy = |part: &str| {
        quiet()
            .set("workload.password_changes.per_user_year=87.6")
            .set("workload.writeback.per_user_year=87.6")
            .set("workload.writeback.attempts=1")
            .set("workload.object_changes.per_hour=10.0")
            .fault(part, &[100.0], &repair(10.0))
    };
    // 1,000 users of whom each changes a password once in 100 h: the first missed change counts.
    let stale = 1_000.0 * (10.0 + 100.0 * expm1(-0.1));
    vec![
        played(
            MECHANISM,
            "expectation of a Poisson process",
            busy("password-sync"),
            vec![
                mean("passwords stop: stale user-hours", StaleUserHours, stale),
                mean("passwords stop: requests refused", WritebackFailedAttempts, 0.0),
                mean("passwords stop: objects delayed", DelayedObjectChanges, 0.0),
            ],
        ),
        played(
            MECHANISM,
            "expectation of a Poisson process",
            busy("writeback"),
            vec![
                mean("writeback stops: requests refused", WritebackFailedAttempts, 100.0),
                mean("writeback stops: stale user-hours", StaleUserHours, 0.0),
            ],
        ),
        played(
            MECHANISM,
            "expectation of a Poisson process",
            busy("export"),
            vec![
                mean("export stops: delay of objects", ObjectDelayHours, 500.0),
                mean("export stops: stale user-hours", StaleUserHours, 0.0),
            ],
        ),
    ]
}
