//! Object changes and requests that an outage delays: cycles, backlogs, guards, profiles, leavers.

use crate::metric::Metric::{
    CatchUpHours, DelayedObjectChanges, DeviceWaitHours, DisabledAccountHours, JoinerWaitHours,
    ObjectDelayHours, WritebackDelayed, WritebackFailedAttempts, WritebackLost,
};
use crate::verify::case::{Cases, mean, played, variance};
use crate::verify::organisation::{Organisation, quiet, repair};
use libm::exp;

const MECHANISM: &str = "Object changes and requests";

pub(super) fn cases() -> Vec<Cases> {
    [objects(), backlogs(), requests()].into_iter().flatten().collect()
}

/// The link lost at hour 100 for so many hours.
fn outage(hours: f64) -> Organisation {
    quiet().fault("link", &[100.0], &repair(hours))
}

fn objects() -> Vec<Cases> {
    let (c, d) = (400.0, 10.0_f64);
    let flat = outage(d)
        .set("workload.object_changes.per_hour=400.0")
        .set("workload.object_changes.disables=0.25");
    // Friday 16:00 to Monday 10:00: four office hours of weight 10 and 62 others of weight 1; a week's
    // 168 hours weigh 618.
    let office = quiet()
        .set("workload.object_changes.per_hour=5.0")
        .set("workload.object_changes.profile=office")
        .fault("link", &[112.0], &repair(66.0));
    let unit = 5.0 * 168.0 / 618.0;
    let busy = |hour: u32| !(2..64).contains(&hour);
    let weight = |hour: u32| if busy(hour) { 10.0 } else { 1.0 };
    let delay: f64 = (0..66).map(|hour| unit * weight(hour) * (65.5 - f64::from(hour))).sum();
    let people = quiet()
        .set("workload.object_changes.per_hour=60.0")
        .set("workload.object_changes.joins=0.1")
        .set("workload.object_changes.disables=0.2")
        .set("workload.object_changes.devices_per_hour=20.0")
        .set("operations.disable_by_hand={ after = \"3h\", probability = 0.25 }")
        .fault("server", &[100.0], &repair(10.0));
    vec![
        played(
            MECHANISM,
            "cD²/2 and cD³/3",
            flat,
            vec![
                mean("delay of object changes", ObjectDelayHours, c * d * d / 2.0),
                variance("variance of the delay of objects", ObjectDelayHours, c * d * d * d / 3.0),
                mean("object changes that are late", DelayedObjectChanges, c * d),
                mean("accounts that stay usable", DisabledAccountHours, 0.25 * c * d * d / 2.0),
            ],
        ),
        played(
            MECHANISM,
            "sum over the hours",
            office,
            vec![
                mean("changes over a weekend", DelayedObjectChanges, unit * 102.0),
                mean("delay of changes over a weekend", ObjectDelayHours, delay),
            ],
        ),
        played(
            MECHANISM,
            "by hand",
            people,
            vec![
                mean(
                    "leavers switched off by hand",
                    DisabledAccountHours,
                    12.0 * (0.75 * 50.0 + 0.25 * 4.5),
                ),
                mean("people who join and wait", JoinerWaitHours, 6.0 * 50.0),
                mean("devices that wait", DeviceWaitHours, 20.0 * 50.0),
            ],
        ),
    ]
}

fn backlogs() -> Vec<Cases> {
    // Items are whole: beyond the fluid cD²/2 r/(r - c) the work in the system drains from a backlog
    // whose mean square is ((cD)² + cD)/r².
    let (c, r, d) = (200.0, 400.0, 10.0_f64);
    let (s, waiting) = (c / r, c * d);
    let square = (waiting * waiting + waiting) / (r * r);
    let area =
        square / (2.0 * (1.0 - s)) + c / (r * r) * (waiting / r) / (2.0 * (1.0 - s) * (1.0 - s));
    let drained = c * d * d / 2.0 + waiting * waiting / (2.0 * r) + c * area;
    let drain =
        outage(d).set("workload.object_changes.per_hour=200.0").set("sync.export_per_hour=400.0");
    // 100:10 to 100:50 misses the cycle of 100:30; what waited for it comes half an hour late.
    let cycle = quiet()
        .set("workload.object_changes.per_hour=60.0")
        .set("sync.object_cycle=30m")
        .source("link", "at = [\"100h 10m\"]", "repair = \"40m\"\n");
    // Down from 100 to 101, between two cycles. At 102 the guard stops the export for 2 h.
    let guard = outage(1.0)
        .set("workload.object_changes.per_hour=1000.0")
        .set("workload.object_changes.deletes=0.5")
        .set("sync.object_cycle=3h")
        .set("sync.delete_guard=10")
        .set("sync.clear_guard=2h");
    vec![
        played(
            MECHANISM,
            "queue with whole items",
            drain,
            vec![
                mean("delay in a backlog that drains", ObjectDelayHours, drained),
                mean("time to drain", CatchUpHours, waiting / (r - c)),
            ],
        ),
        played(
            MECHANISM,
            "by hand",
            cycle,
            vec![
                mean("changes that miss their cycle", DelayedObjectChanges, 30.0),
                mean("delay of changes that miss their cycle", ObjectDelayHours, 15.0),
            ],
        ),
        played(
            MECHANISM,
            "by hand",
            guard,
            vec![
                mean("changes behind the delete guard", DelayedObjectChanges, 3_000.0),
                mean("delay behind the delete guard", ObjectDelayHours, 6_000.0),
            ],
        ),
    ]
}

/// Requests come at 40 an hour, are tried three times, and again after 30 min on average.
fn requests() -> Vec<Cases> {
    let (b, r, d) = (40.0, 2.0, 3.0_f64);
    let gone = exp(-r * d);
    let first = d - (1.0 - gone) / r;
    let second = d - 2.0 / r + gone * (d + 2.0 / r);
    let with = |retry: &str| {
        outage(d)
            .set("workload.writeback.per_user_year=350.4")
            .set("workload.writeback.attempts=3")
            .set(&format!("workload.writeback.retry={retry}"))
    };
    let half = "{ weight = 0.5, of = { exponential = { mean = \"30m\" } } }";
    vec![
        played(
            MECHANISM,
            "Erlang distributions",
            with("{ exponential = { mean = \"30m\" } }"),
            vec![
                mean("requests lost", WritebackLost, b * second),
                variance("variance of requests lost", WritebackLost, b * second),
                mean("requests delayed", WritebackDelayed, b * (d - second)),
                mean("attempts refused", WritebackFailedAttempts, b * (d + first + second)),
            ],
        ),
        // The same distribution in another form, which is followed request by request.
        played(
            MECHANISM,
            "Erlang distributions",
            with(&format!("{{ mixture = [{half}, {half}] }}")),
            vec![
                mean("requests lost, one by one", WritebackLost, b * second),
                mean(
                    "attempts refused, one by one",
                    WritebackFailedAttempts,
                    b * (d + first + second),
                ),
            ],
        ),
    ]
}
