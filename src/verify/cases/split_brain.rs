//! Split brain: an old server that nobody shut out comes back beside the one that took over.

use crate::metric::Metric::{DowntimeHours, Outages, StaleUserHours};
use crate::verify::case::{Cases, mean, played, value};
use crate::verify::organisation::{Organisation, STAGING, quiet, repair};
use libm::{exp, expm1};

const MECHANISM: &str = "Split brain";

/// The site is lost at hour 100 for 50 h; the standby in the other takes over in an hour, and the old server is
/// shut out with that probability.
fn returning(fenced: &str) -> Organisation {
    let staging = STAGING.replace("fenced = 1.0", &format!("fenced = {fenced}"));
    quiet().fault("site", &[100.0], &repair(50.0)).strategy(&staging)
}

pub(super) fn cases() -> Vec<Cases> {
    // Users change a password once in 100 h. Those who did so between the promotion and the return, 49 h
    // later, are stale for the hour that the second promotion takes; of the others, those who do so in that
    // hour for the rest of it, as in the hour of the first.
    let (n, a, d) = (1_000.0, 0.01, 1.0);
    let caught = -expm1(-a * 49.0);
    let hours = d + expm1(-a * d) / a;
    let stale = n * (hours + caught * d + exp(-a * 49.0) * hours);
    let changing = returning("0.0").set("workload.password_changes.per_user_year=87.6");
    vec![
        played(
            MECHANISM,
            "by hand",
            returning("0.0"),
            vec![
                value("two servers are an outage until one is promoted", DowntimeHours, 2.0),
                value("outages of a split brain", Outages, 2.0),
            ],
        ),
        played(
            MECHANISM,
            "binomial",
            returning("0.4"),
            vec![mean("an old server that is shut out in 40 %", DowntimeHours, 1.6)],
        ),
        played(
            MECHANISM,
            "binomial over the users",
            changing,
            vec![mean("old passwords written back", StaleUserHours, stale)],
        ),
    ]
}
