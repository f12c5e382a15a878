//! Numbers that other programs print in their documents and tests, for systems that this one can play too.

use crate::metric::Metric::{DowntimeHours, Outages};
use crate::verify::case::{Cases, mean, played, value};
use crate::verify::organisation::{Organisation, exponential, quiet, repair};

const MECHANISM: &str = "Published by others";
const LOOKED_AFTER: &str =
    "[[watch]]\nname = \"all\"\nsees = [\"*\"]\nafter = \"0s\"\nstandby = true\n";

/// So many agents, of which one is enough; nobody sets up a new one.
fn agents(count: usize) -> String {
    format!(
        "[strategy.cloud_sync]\nagents = {count}\nsites = [\"same\", \"other\"]\ncycle = \"0s\"\n\
         quarantine = \"0s\"\ninstall_agent = \"900000h\"\nsuccess = 1.0\n"
    )
}

/// Servers that fail after two hours on average and stay broken.
fn lost_for_good(kinds: &[&str]) -> Organisation {
    let when = format!("every = {}", exponential(2.0));
    let quiet = quiet().tables(LOOKED_AFTER).set("horizon=60h");
    kinds.iter().fold(quiet, |it, kind| it.source(kind, &when, "repair = \"never\"\n"))
}

pub(super) fn cases() -> Vec<Cases> {
    let fixed = |kind: &str, hours: u32| (kind.to_owned(), format!("every = \"{hours}h\""));
    let series = [fixed("server", 100), fixed("database", 120)]
        .iter()
        .fold(quiet().set("horizon=300h"), |it, (kind, when)| it.source(kind, when, &repair(10.0)));
    // Three units that fail at 0.1 an hour and are repaired at 0.5, with a crew each.
    let horizon = 20_000.0;
    let crews = quiet().tables(LOOKED_AFTER).set("horizon=20000h").clock("server", 10.0, 2.0);
    let lost = (0.1_f64 / 0.6).powi(3);
    vec![
        played(
            MECHANISM,
            "ReliaWiki, Repairable Systems Analysis Through Simulation, simple series: 260 of 300 h",
            series,
            vec![
                value("two components in series, fixed times", DowntimeHours, 40.0),
                value("outages of them", Outages, 4.0),
            ],
        ),
        played(
            MECHANISM,
            "Storm, tests of fault trees: or.dft has a mean time to failure of 1",
            lost_for_good(&["server", "database"]),
            vec![mean("time to the failure of one of two", DowntimeHours, 60.0 - 1.0)],
        ),
        played(
            MECHANISM,
            "Storm, tests of fault trees: and.dft has a mean time to failure of 3",
            lost_for_good(&["server"]).strategy(&agents(2)),
            vec![mean("time to the failure of both of two", DowntimeHours, 60.0 - 3.0)],
        ),
        played(
            MECHANISM,
            "RePyability, tests of repair crews: 1 - (0.1 / 0.6)^3 in the long run",
            crews.strategy(&agents(3)),
            vec![mean("three units in parallel in the long run", DowntimeHours, horizon * lost)],
        ),
    ]
}
