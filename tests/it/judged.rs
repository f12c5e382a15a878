//! The engine against the judge, outage by outage, on random plain scenarios.

use crate::bench::play_one;
use crate::individual::Dice;
use crate::judge::{UserHours, Verdict, judge};
use crate::plain::{KINDS, Kind, NEVER, Plain, Spare, Table, Taste, Time};
use crate::world_bench::{close, metric};
use outlast::internals::Service;
use outlast::{Metric, Scenario};
use std::path::Path;

/// What the engine says, in quarters of an hour.
fn played(plain: &Plain, strategy: usize) -> Result<Verdict, String> {
    let text = plain.text();
    let scenario = Scenario::read(text.clone(), Path::new(""), "plain")
        .map_err(|error| format!("{error:?}\n{text}"))?;
    let (metrics, outages) = play_one(&scenario, strategy, 0);
    let quarters = |hours: f64| {
        let quarters = (hours * 4.0).round();
        if close(quarters, hours * 4.0) { quarters as Time } else { -1 }
    };
    Ok(Verdict {
        outages: outages
            .iter()
            .map(|o| {
                let parts = Service::ALL.map(|part| o.parts.has(part));
                (quarters(o.onset), quarters(o.end), parts)
            })
            .collect(),
        waiting: quarters(metrics[metric("waiting_for_people_hours")]),
        planned: quarters(metrics[metric("planned_hours")]),
        labour: quarters(metrics[Metric::LabourHours]),
        without_sign_in: quarters(metrics[metric("sign_in_down_hours")]),
        locked_out: UserHours(metrics[Metric::SignInUserHours]),
    })
}

fn differs(plain: &Plain) -> bool {
    (0..plain.strategies.len()).any(|k| played(plain, k) != Ok(judge(plain, k)))
}

/// `OUTLAST_MANY=10` plays ten times as many scenarios.
pub fn times_more() -> usize {
    std::env::var("OUTLAST_MANY").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Compares so many scenarios, and shows the smallest that differs of the first few.
fn compare(name: &str, taste: Taste, seed: u64, count: usize) {
    compare_changed(name, taste, seed, count, |_| {});
}

/// The same, after a change of each.
fn compare_changed(name: &str, taste: Taste, seed: u64, count: usize, change: impl Fn(&mut Plain)) {
    let count = count * times_more();
    let mut dice = Dice(seed << 32);
    let mut outages = 0;
    let mut found = Vec::new();
    for _ in 0..count {
        let mut plain = Plain::random(&mut dice, taste);
        change(&mut plain);
        outages += judge(&plain, 0).outages.len();
        if differs(&plain) {
            found.push(plain);
        }
    }
    println!("{name}: {count} scenarios, {outages} outages, {} differ", found.len());
    let most: usize = std::env::var("OUTLAST_SHOW").map_or(1, |text| text.parse().unwrap_or(1));
    let total = found.len();
    for plain in found.into_iter().take(most) {
        let small = plain.shrink(differs);
        let k = (0..small.strategies.len())
            .find(|k| played(&small, *k) != Ok(judge(&small, *k)))
            .unwrap_or(0);
        println!("{}", small.text());
        println!("engine {:?}\njudge  {:?}", played(&small, k), judge(&small, k));
    }
    assert!(total == 0, "{name}: {total} of {count} differ");
}

const TASTE: Taste = Taste {
    kinds: &KINDS,
    most_strikes: 5,
    tables: 4,
    ties: false,
    delays: false,
    few_people: false,
    last_resort: false,
    planned: false,
    failures: false,
    sites: false,
    agents: false,
    sign_in: false,
};

const OLD: &[Kind] =
    &[Kind::Link, Kind::Site, Kind::Host, Kind::Server, Kind::Database, Kind::Cloud, Kind::Engine];

#[test]
fn without_tables() {
    let taste = Taste { tables: 0, delays: true, sites: true, ..TASTE };
    compare("without tables", taste, 1, 250);
}

#[test]
fn tables_and_people_at_once() {
    compare("at once", Taste { kinds: OLD, ..TASTE }, 2, 250);
    compare("at once, every kind", TASTE, 3, 250);
}

#[test]
fn people_take_their_time() {
    compare("delays", Taste { delays: true, ..TASTE }, 4, 250);
    compare("sites", Taste { delays: true, sites: true, ..TASTE }, 5, 250);
}

#[test]
fn attempts_fail() {
    compare("failures", Taste { failures: true, sites: true, ..TASTE }, 6, 250);
    let taste = Taste { failures: true, delays: true, last_resort: true, sites: true, ..TASTE };
    compare("last resort", taste, 7, 250);
}

#[test]
fn few_people() {
    compare("few people", Taste { few_people: true, ..TASTE }, 8, 250);
    let all = Taste {
        failures: true,
        delays: true,
        few_people: true,
        last_resort: true,
        sites: true,
        ..TASTE
    };
    compare("few people and all", all, 9, 250);
}

#[test]
fn planned_work() {
    compare("planned", Taste { planned: true, ..TASTE }, 10, 250);
    let taste = Taste { planned: true, delays: true, few_people: true, failures: true, ..TASTE };
    compare("planned and all", taste, 11, 250);
}

#[test]
fn much_at_one_moment() {
    compare("ties", Taste { ties: true, ..TASTE }, 12, 250);
    let taste = Taste { ties: true, delays: true, failures: true, sites: true, ..TASTE };
    compare("ties and all", taste, 13, 250);
}

#[test]
fn agents_carry_the_service() {
    let taste = Taste { agents: true, sites: true, ..TASTE };
    compare("agents", taste, 16, 250);
    compare("agents, delays", Taste { delays: true, ..taste }, 17, 250);
    let all = Taste {
        most_strikes: 14,
        ties: true,
        delays: true,
        failures: true,
        last_resort: true,
        planned: true,
        ..taste
    };
    compare("agents and all", all, 18, 250);
    compare("agents, few people", Taste { few_people: true, ties: false, ..all }, 19, 250);
}

#[test]
fn users_sign_in_through_agents() {
    let taste = Taste { sign_in: true, sites: true, most_strikes: 8, ..TASTE };
    compare("sign-in", taste, 20, 250);
    compare("sign-in, delays", Taste { delays: true, ..taste }, 21, 250);
    let all = Taste {
        most_strikes: 14,
        ties: true,
        delays: true,
        failures: true,
        last_resort: true,
        planned: true,
        ..taste
    };
    compare("sign-in and all", all, 22, 250);
    compare("sign-in, few people", Taste { few_people: true, ties: false, ..all }, 23, 250);
    compare("sign-in and agents of Cloud Sync", Taste { agents: true, ..all }, 24, 250);
}

#[test]
fn one_thing_after_the_other() {
    let taste = Taste {
        most_strikes: 14,
        delays: true,
        last_resort: true,
        planned: true,
        failures: true,
        sites: true,
        ..TASTE
    };
    compare("many strikes", taste, 14, 150);
    compare("many strikes, few people", Taste { few_people: true, ..taste }, 15, 150);
}

/// Every rebuild is on such a machine and comes first, and it is some days until one is to be had.
fn on_another_machine(plain: &mut Plain, spare: Spare, procure: Time) {
    for strategy in &mut plain.strategies {
        let Some(rebuild) = &mut strategy.rebuild else { continue };
        (rebuild.spare, rebuild.procure) = (spare, procure);
        strategy.prefer.retain(|table| *table != Table::Rebuild);
        strategy.prefer.insert(0, Table::Rebuild);
    }
    // Some are mended while the makeshift serves, and it is struck meanwhile.
    for fault in plain.faults.iter_mut().filter(|fault| fault.repair < NEVER) {
        fault.repair = fault.repair.max(4 * 20);
    }
}

#[test]
fn machines_that_stand_in_are_struck() {
    let kinds = &[Kind::Host, Kind::Server, Kind::Engine, Kind::Database, Kind::Site];
    let quick = Taste { kinds, most_strikes: 12, ..TASTE };
    let slow = Taste { failures: true, delays: true, last_resort: true, sites: true, ..quick };
    let few = Taste { few_people: true, planned: true, ..slow };
    for (seed, spare, procure) in [
        (25, Spare::Controller, 4 * 150),
        (28, Spare::Procure, 4 * 20),
        (31, Spare::Server, 4 * 60),
    ] {
        let change = |plain: &mut Plain| on_another_machine(plain, spare, procure);
        compare_changed(&format!("{spare:?}"), quick, seed, 150, change);
        compare_changed(&format!("{spare:?}, delays"), slow, seed + 1, 150, change);
        compare_changed(&format!("{spare:?}, few people"), few, seed + 2, 150, change);
    }
}
