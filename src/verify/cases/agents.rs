//! Cloud Sync: several active agents, of which one is enough.

use crate::exact::k_of_n::KOfN;
use crate::exact::renewal::Component;
use crate::metric::Metric::{DowntimeHours, LabourHours, Outages, StaleUserHours};
use crate::verify::case::{Cases, mean, played, value, variance};
use crate::verify::organisation::{Organisation, quiet, repair};

const MECHANISM: &str = "Agents of Cloud Sync";

/// Agents in these sites; nobody sets up a new one.
fn agents(count: usize, sites: &str) -> String {
    format!(
        "[strategy.cloud_sync]\nagents = {count}\nsites = [{sites}]\ncycle = \"0s\"\n\
         quarantine = \"0s\"\ninstall_agent = \"9000h\"\nsuccess = 1.0\n"
    )
}

/// Somebody looks at each agent, missed or not, and sees at once.
fn looked_after() -> Organisation {
    quiet().tables("[[watch]]\nname = \"all\"\nsees = [\"*\"]\nafter = \"0s\"\nstandby = true\n")
}

pub(super) fn cases() -> Vec<Cases> {
    // Three servers that fail after 50 h and are repaired in 20 h, each for itself.
    let component = Component::of_means(50.0, 20.0);
    let three = KOfN { component, count: 3, needed: 1 };
    let truth = three.expected(400.0);
    let apart =
        looked_after().clock("server", 50.0, 20.0).strategy(&agents(3, "\"same\", \"other\""));
    let two = || agents(2, "\"same\", \"other\"");
    let lost = |share: f64| {
        let keys = format!("{}common_mode = {share:?}\n", repair(10.0));
        quiet()
            .set("workload.password_changes.per_user_year=87.6")
            .fault("engine", &[100.0], &keys)
            .strategy(&two())
    };
    vec![
        played(
            MECHANISM,
            "k of n, binomial at each time",
            apart,
            vec![
                mean("downtime with one of three agents", DowntimeHours, truth.downtime),
                variance(
                    "variance with one of three agents",
                    DowntimeHours,
                    three.downtime_variance(400.0),
                ),
                mean("outages with one of three agents", Outages, truth.outages),
            ],
        ),
        played(
            MECHANISM,
            "by hand",
            lost(0.0),
            vec![
                value("one of two agents lost", DowntimeHours, 0.0),
                value("stale user-hours with one of two", StaleUserHours, 0.0),
            ],
        ),
        played(
            MECHANISM,
            "by hand",
            lost(1.0),
            vec![
                value("both agents lost", DowntimeHours, 10.0),
                value("work on both agents", LabourHours, 20.0),
            ],
        ),
    ]
}
