//! What fails, how often, and with what: clocks, repairs that overlap, causes in common.

use crate::exact::fixed::union;
use crate::exact::renewal::{Component, constant_repair, series};
use crate::metric::Metric::{DowntimeHours, LongestOutageHours, Outages};
use crate::verify::case::{Cases, at_most, mean, played, value};
use crate::verify::organisation::{REBUILD, STAGING, exponential, quiet, repair};
use libm::exp;

const MECHANISM: &str = "Faults and clocks";

pub(super) fn cases() -> Vec<Cases> {
    [one_component(), other_clocks(), overlaps(), in_common()].into_iter().flatten().collect()
}

/// A component that fails and is repaired.
fn one_component() -> Vec<Cases> {
    let component = Component::of_means(10.0, 5.0);
    let short = || quiet().set("horizon=20h").clock("server", 10.0, 5.0);
    let within = |hours: f64| component.downtime_at_most(hours, 20.0);
    let year = Component::of_means(300.0, 8.0).mean_downtime(8_760.0);
    vec![
        played(
            MECHANISM,
            "two-state Markov chain",
            short(),
            vec![
                mean(
                    "downtime of a component over 20 h",
                    DowntimeHours,
                    component.mean_downtime(20.0),
                ),
                mean(
                    "outages of a component over 20 h",
                    Outages,
                    series(&[component], 20.0).outages,
                ),
            ],
        ),
        played(
            MECHANISM,
            "Takács 1957",
            short(),
            vec![
                at_most("a component is down for 2 h at most", DowntimeHours, 2.0, within(2.0)),
                at_most("a component is down for 8 h at most", DowntimeHours, 8.0, within(8.0)),
            ],
        ),
        played(
            MECHANISM,
            "two-state Markov chain",
            quiet().set("horizon=365d").clock("server", 300.0, 8.0),
            vec![mean("downtime of a component over a year", DowntimeHours, year)],
        ),
    ]
}

/// Several components, and clocks that are not exponential.
fn other_clocks() -> Vec<Cases> {
    let two = series(&[Component::of_means(40.0, 8.0), Component::of_means(60.0, 6.0)], 400.0);
    let fixed = constant_repair(1.0 / 30.0, 4.0, 400.0);
    let constant = format!("every = {}", exponential(30.0));
    // Up times gamma of shape 2 and mean 10 h, repaired at once: aT/2 - (1 - e^(-2aT))/4.
    let gamma = "every = { gamma = { mean = \"10h\", shape = 2.0 } }";
    let (a, t) = (0.2, 50.0);
    let failures = a * t / 2.0 - (1.0 - exp(-2.0 * a * t)) / 4.0;
    vec![
        played(
            MECHANISM,
            "product of two chains",
            quiet().clock("host", 40.0, 8.0).clock("engine", 60.0, 6.0),
            vec![
                mean("downtime of two components in series", DowntimeHours, two.downtime),
                mean("outages of two components in series", Outages, two.outages),
            ],
        ),
        played(
            MECHANISM,
            "sum of Erlang probabilities",
            quiet().source("link", &constant, &repair(4.0)),
            vec![mean("downtime with a repair of 4 h", DowntimeHours, fixed.downtime)],
        ),
        played(
            MECHANISM,
            "renewal function (Cox 1962)",
            quiet().set("horizon=50h").source("link", gamma, "repair = \"0s\"\n"),
            vec![mean("failures by a gamma clock", Outages, failures)],
        ),
    ]
}

/// Repairs that overlap, and what the horizon cuts.
fn overlaps() -> Vec<Cases> {
    let intervals = [(100.0, 10.0), (105.0, 10.0), (130.0, 10.0), (395.0, 10.0)];
    let truth = union(&intervals, 400.0);
    let overlap = quiet().fault("server", &[100.0], &repair(10.0)).fault(
        "link",
        &[105.0, 130.0, 395.0, 400.0],
        &repair(10.0),
    );
    vec![
        played(
            MECHANISM,
            "union of intervals",
            overlap,
            vec![
                value("downtime where repairs overlap", DowntimeHours, truth.hours),
                value("outages where repairs overlap", Outages, truth.outages as f64),
                value(
                    "the longest outage where repairs overlap",
                    LongestOutageHours,
                    truth.longest,
                ),
            ],
        ),
        // The clock stands while the server is down: 100, then 100 h of up time after 110, and so on.
        played(
            MECHANISM,
            "by hand",
            quiet().source("server", "every = \"100h\"", &repair(10.0)),
            vec![
                value("strikes of a clock that rests while down", Outages, 3.0),
                value("downtime by a clock that rests while down", DowntimeHours, 30.0),
            ],
        ),
    ]
}

/// Causes that several components share.
fn in_common() -> Vec<Cases> {
    let shared = |share: f64| format!("{}common_mode = {share:?}\n", repair(50.0));
    let rebuild = format!("{REBUILD}site = \"other\"\nelsewhere = \"10h\"\n");
    let taken = |keys: &str| format!("repair = {}\ntakes_servers = {keys}\n", exponential(10.0));
    vec![
        played(
            MECHANISM,
            "share of the common cause",
            quiet().fault("site", &[100.0], &shared(0.3)).strategy(STAGING),
            vec![
                at_most("a closure that spares the standby", DowntimeHours, 1.0, 0.7),
                mean("downtime by a closure of one site or both", DowntimeHours, 0.7 + 0.3 * 50.0),
            ],
        ),
        played(
            MECHANISM,
            "share of the common cause",
            quiet().fault("site", &[100.0], &shared(0.15)).strategy(&rebuild),
            vec![mean(
                "downtime with a rebuild elsewhere",
                DowntimeHours,
                0.85 * 14.0 + 0.15 * 50.0,
            )],
        ),
        // The longer of two exponential repairs of mean 10 h, with probability 0.4: mean 15 h.
        played(
            MECHANISM,
            "maximum of exponentials",
            quiet().fault("directory", &[100.0], &taken("0.4")),
            vec![mean(
                "an event that takes the server too",
                DowntimeHours,
                0.6 * 10.0 + 0.4 * 15.0,
            )],
        ),
    ]
}
