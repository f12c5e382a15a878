//! Users with a stale password: how many, for how long, and what a long outage adds.

use crate::metric::Metric::{ObjectDelayHours, PeakStaleUsers, StaleUserHours, StaleUsers};
use crate::verify::case::{Cases, mean, played, variance};
use crate::verify::organisation::{Organisation, quiet, repair};
use libm::{exp, expm1};

const MECHANISM: &str = "Stale passwords";

/// Links lost at these hours for 10 h, where 1,000 users change a password once in 100 h each.
fn outages(hours: &[f64]) -> Organisation {
    quiet().set("workload.password_changes.per_user_year=87.6").fault("link", hours, &repair(10.0))
}

pub(super) fn cases() -> Vec<Cases> {
    let (n, a, d) = (1_000.0, 0.01, 10.0_f64);
    let p = -expm1(-a * d);
    let hours = d - p / a;
    let square = d * d - 2.0 * d / a + 2.0 / (a * a) * p;
    let twice = -expm1(-2.0 * a * d);
    // The lognormal length of an outage enters by its second moment.
    let lengths = "repair = { lognormal = { median = \"6h\", sigma = 0.8 } }\n";
    let random = quiet().set("horizon=4000h").set("workload.object_changes.per_hour=30.0").fault(
        "link",
        &[100.0],
        lengths,
    );
    vec![
        played(
            MECHANISM,
            "binomial over the users",
            outages(&[100.0]),
            vec![
                mean("users with a stale password", StaleUsers, n * p),
                variance("variance of users with a stale password", StaleUsers, n * p * (1.0 - p)),
                mean("stale user-hours", StaleUserHours, n * hours),
                variance(
                    "variance of stale user-hours",
                    StaleUserHours,
                    n * (square - hours * hours),
                ),
                mean("most at one moment", PeakStaleUsers, n * p),
            ],
        ),
        played(
            MECHANISM,
            "binomial over the users",
            outages(&[100.0, 150.0]),
            vec![
                mean("distinct users of two outages", StaleUsers, n * twice),
                mean("stale user-hours of two outages", StaleUserHours, 2.0 * n * hours),
            ],
        ),
        played(
            MECHANISM,
            "second moment of a lognormal",
            random,
            vec![mean(
                "delay by an outage of random length",
                ObjectDelayHours,
                15.0 * 36.0 * exp(2.0 * 0.64),
            )],
        ),
    ]
}
