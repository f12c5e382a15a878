//! Who notices, who comes, when people work, and how many there are.

use crate::exact::chain::Chain;
use crate::metric::Metric::{
    DowntimeHours, LabourHours, Outages, WaitingForPeopleHours, WritebackFailedAttempts,
};
use crate::verify::case::{Cases, at_most, mean, played, value, variance};
use crate::verify::organisation::{Organisation, STAGING, exponential, quiet, repair};
use libm::exp;

const MECHANISM: &str = "People";

pub(super) fn cases() -> Vec<Cases> {
    [delays(), channels(), few()].into_iter().flatten().collect()
}

/// Alarm after 1 h, a person half an hour later, a decision after another quarter.
fn slow() -> Organisation {
    quiet()
        .set("operations.detection=1h")
        .set("operations.call_out=30m")
        .set("operations.decision=15m")
}

fn delays() -> Vec<Cases> {
    let hours = |name: &str, organisation: Organisation, tables: &str, hours: f64| {
        let questions = vec![value(name, DowntimeHours, hours)];
        played(MECHANISM, "by hand", organisation.strategy(tables), questions)
    };
    let office =
        |organisation: Organisation| organisation.set("operations.staffed=Mon-Fri 09:00-17:00");
    let patient = quiet().set("operations.decision=1h").set("operations.repair_first=3h");
    vec![
        hours(
            "a repair waits for the person",
            slow().fault("server", &[100.0], &repair(2.0)),
            "",
            3.5,
        ),
        hours(
            "a promotion waits for the decision",
            slow().fault("server", &[100.0], &repair(50.0)),
            STAGING,
            2.75,
        ),
        hours("a provider waits for nobody", slow().fault("link", &[100.0], &repair(2.0)), "", 2.0),
        // Friday 16:00: one hour of three before the weekend, done on Monday at 11:00.
        hours(
            "work rests over a weekend",
            office(quiet().fault("server", &[112.0], &repair(3.0))),
            "",
            67.0,
        ),
        // Friday 15:30 and overtime of 2 h: 3 h of work end at 18:30.
        hours(
            "overtime for what can be finished",
            office(quiet().set("operations.overtime=2h").fault("server", &[111.5], &repair(3.0))),
            "",
            3.0,
        ),
        hours(
            "people keep to their own repair first",
            patient.fault("server", &[100.0], &repair(50.0)),
            STAGING,
            5.0,
        ),
    ]
}

/// Nobody notices but by these channels: what each sees, after how long, and whether it works.
fn watched(channels: &[(&str, &str, f64)]) -> Organisation {
    channels.iter().enumerate().fold(quiet(), |organisation, (number, (sees, after, works))| {
        organisation.tables(&format!(
            "[[watch]]\nname = \"channel {number}\"\nsees = [\"{sees}\"]\nafter = {after}\n\
             works = {works:?}"
        ))
    })
}

fn channels() -> Vec<Cases> {
    let struck = |organisation: Organisation| {
        let hour = repair(1.0);
        organisation.fault("server", &[100.0], &hour).strategy("")
    };
    let mail = watched(&[("server", "\"15m\"", 0.7), ("*", "\"24h\"", 1.0)]);
    let both = watched(&[("server", &exponential(4.0), 1.0), ("*", &exponential(12.0), 1.0)]);
    // Two requests an hour: the third is refused after an Erlang time of mean 1.5 h and variance 0.75,
    // and two more on average come in the hour of the repair.
    let reports = |detection: &str| {
        quiet()
            .set("workload.writeback.per_user_year=17.52")
            .set("workload.writeback.attempts=1")
            .set("operations.user_reports=3")
            .set(&format!("operations.detection={detection}"))
            .fault("server", &[100.0], &repair(1.0))
    };
    vec![
        played(
            MECHANISM,
            "its probability",
            struck(mail),
            vec![
                at_most("the first channel works", DowntimeHours, 1.25, 0.7),
                mean("downtime by either channel", DowntimeHours, 0.7 * 1.25 + 0.3 * 25.0),
            ],
        ),
        played(
            MECHANISM,
            "minimum of exponentials",
            struck(both),
            vec![
                mean("the faster of two channels", DowntimeHours, 4.0),
                variance("variance of the faster of two", DowntimeHours, 9.0),
            ],
        ),
        played(
            MECHANISM,
            "Erlang distribution",
            reports("200h"),
            vec![
                mean("alarm by the third refused request", DowntimeHours, 2.5),
                variance("variance of the alarm by requests", DowntimeHours, 0.75),
                mean("requests refused by then", WritebackFailedAttempts, 5.0),
            ],
        ),
        played(
            MECHANISM,
            "Erlang distribution",
            reports("2h"),
            vec![at_most(
                "users report before monitoring does",
                DowntimeHours,
                3.0 - 1e-6,
                1.0 - 13.0 * exp(-4.0),
            )],
        ),
    ]
}

/// Four machines of which each fails after 40 h and takes 8 h of one person, and few people.
fn few() -> Vec<Cases> {
    let chain = |people: usize| {
        let mut rates = Vec::new();
        for down in 0..4 {
            rates.push((down, down + 1, (4 - down) as f64 / 40.0));
            rates.push((down + 1, down, (down + 1).min(people) as f64 / 8.0));
        }
        Chain::new(rates)
    };
    let set = |people: usize, names: [&str; 4]| {
        let machines = ["host", "server", "database", "engine"]
            .into_iter()
            .fold(quiet(), |organisation, kind| organisation.clock(kind, 40.0, 8.0))
            .set(&format!("operations.people={people}"));
        let chain = chain(people);
        let reward = |rate: &dyn Fn(usize) -> f64| chain.reward(400.0, rate);
        let down = reward(&|down| f64::from(u8::from(down > 0)));
        let up = reward(&|down| f64::from(u8::from(down == 0)));
        let work = reward(&|down| down.min(people) as f64);
        let waiting = reward(&|down| down.saturating_sub(people) as f64);
        played(
            MECHANISM,
            "machine-repair chain",
            machines,
            vec![
                mean(names[0], DowntimeHours, down.0),
                mean(names[1], Outages, up.0 * 4.0 / 40.0),
                mean(names[2], LabourHours, work.0),
                mean(names[3], WaitingForPeopleHours, waiting.0),
            ],
        )
    };
    vec![
        set(
            1,
            [
                "downtime of four machines and one person",
                "outages with one person",
                "work of one person",
                "machines that wait for one person",
            ],
        ),
        set(
            2,
            [
                "downtime of four machines and two people",
                "outages with two people",
                "work of two people",
                "machines that wait for two people",
            ],
        ),
    ]
}
