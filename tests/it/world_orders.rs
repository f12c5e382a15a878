//! Rare orders of events in which a number was wrong once. Quiet scenarios: nothing but what is
//! named takes time.

use crate::bench::{assert_mean, assert_variance, column};
use crate::world_bench::{Chain, NEVER, Quiet, REBUILD, REPLICA, STAGING, quiet, repair};
use outlast::{Design, Metric, Scenario, ScenarioError, Trials, study};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A fault: name, what it strikes, when, and lines of its table.
type Strike<'a> = (&'a str, &'a str, f64, String);

/// The scenario with its faults in this order and in the opposite one.
fn both_orders(strikes: &[Strike], tables: &[&str]) -> [Quiet; 2] {
    let of = |strikes: &mut dyn Iterator<Item = &Strike>| {
        let mut text = quiet().horizon(600.0);
        for (name, kind, hour, keys) in strikes {
            text = text.fault(name, kind, &[*hour], keys);
        }
        text.strategy("it", tables)
    };
    [of(&mut strikes.iter()), of(&mut strikes.iter().rev())]
}

fn on_a_controller(procure: &str) -> String {
    REBUILD.replace("\"server\"", "\"domain-controller\"").replace("\"120h\"", procure)
}

#[test]
fn an_attempt_does_not_cure_what_broke_under_it() {
    // The database is installed anew from 100 on; its host dies at 102 and is back at 152.
    let table = REBUILD.replace("spare = \"server\"", "spare = \"procure\"");
    let strikes =
        [("disk", "database", 100.0, NEVER.to_owned()), ("host", "host", 102.0, repair(50.0))];
    for text in both_orders(&strikes, &[&table]) {
        text.play().outages_are(&[(100.0, 156.0)]);
    }
}

#[test]
fn nothing_moves_back_to_a_server_whose_host_is_dead() {
    for second in [100.0, 101.0] {
        let strikes =
            [("server", "server", 100.0, repair(10.0)), ("host", "host", second, repair(200.0))];
        for text in both_orders(&strikes, &[&on_a_controller("\"1000h\"")]) {
            let told = text.play();
            let back = second + 200.0;
            told.outages_are(&[(100.0, 104.0), (back, back + 0.5)]);
        }
    }
}

#[test]
fn a_standby_in_service_is_not_taken_down_to_move_back() {
    let order = "prefer = [\"staging\", \"rebuild\"]\n";
    let strikes = [
        ("host", "host", 95.0, repair(20.0)),
        ("first", "server", 100.0, repair(200.0)),
        ("second", "server", 150.0, NEVER.to_owned()),
    ];
    for text in both_orders(&strikes, &[order, STAGING, &on_a_controller("\"24h\"")]) {
        text.play().outages_are(&[(95.0, 96.0), (100.0, 104.0), (150.0, 151.0)]);
    }
}

#[test]
fn a_common_strike_on_a_standby_that_is_down_is_a_strike() {
    let common = |hours: f64| repair(hours) + "common_mode = 1.0\n";
    let strikes =
        [("short", "server", 100.0, common(10.0)), ("long", "server", 101.0, common(200.0))];
    for text in both_orders(&strikes, &[STAGING]) {
        text.play().outages_are(&[(100.0, 301.0)]);
    }
}

#[test]
fn two_servers_with_exponential_faults_and_a_common_share_are_a_markov_chain() {
    // Up with j repairs outstanding on the other, or down with m and n. A strike on the server in
    // service is one on the other too with probability 1/2, whatever its state.
    let (l, m, c, most) = (1.0 / 50.0, 1.0 / 10.0, 0.5, 8_usize);
    let up = |j: usize| j;
    let down = |a: usize, b: usize| a * most + b;
    let mut rates = Vec::new();
    let mut go = |from: usize, to: usize, rate: f64| rates.push((from, to, rate));
    for j in 0..most {
        if j == 0 {
            // Struck alone, either of them: the other serves.
            go(up(0), up(1), l * (1.0 - c));
            go(up(0), up(1), l);
            go(up(0), down(1, 1), l * c);
        } else {
            go(up(j), up(j - 1), j as f64 * m);
            go(up(j), down(1, j), l * (1.0 - c));
            if j + 1 < most {
                go(up(j), down(1, j + 1), l * c);
            }
        }
    }
    for a in 1..most {
        for b in 1..most {
            go(down(a, b), if a == 1 { up(b) } else { down(a - 1, b) }, a as f64 * m);
            go(down(a, b), if b == 1 { up(a) } else { down(a, b - 1) }, b as f64 * m);
        }
    }
    let (mean, variance) = Chain::new(rates).reward(500.0, |s| (s >= most) as u8 as f64);
    assert!((mean - 31.966).abs() < 5e-4, "{mean}");
    let trials = quiet()
        .horizon(500.0)
        .clock("crash", "server", 50.0, 10.0, c)
        .strategy("staging", &[&STAGING.replace("\"1h\"", "\"0s\"")])
        .trials(0, 51, 40_000);
    let downtime = column(&trials, Metric::DowntimeHours);
    assert_mean("downtime", &downtime, mean);
    assert_variance("downtime", &downtime, variance);
}

#[test]
fn all_strikes_of_a_moment_come_before_anybody_acts() {
    let near = REPLICA.replace("\"other\"", "\"same\"");
    let strikes = [
        ("cloud", "cloud", 100.0, repair(10.0)),
        ("server", "server", 105.0, NEVER.to_owned()),
        ("site", "site", 105.0, repair(20.0)),
    ];
    for text in both_orders(&strikes, &[&near]) {
        text.play().outages_are(&[(100.0, 127.0)]);
    }
}

#[test]
fn one_server_alone_is_no_split_brain() {
    // Promoted at 101; the promoted server dies for good at 140, the old one is back at 150.
    let open = STAGING.replace("fenced = 1.0", "fenced = 0.0");
    let strikes =
        [("first", "server", 100.0, repair(50.0)), ("second", "server", 140.0, NEVER.to_owned())];
    for text in both_orders(&strikes, &[&open]) {
        let told = text.play();
        assert!(told.outages.iter().all(|outage| outage.3 != "split brain"), "{:?}", told.outages);
        assert_eq!(told.outages.len(), 2, "{:?}", told.outages);
        // It thinks that it is active, or is promoted in an hour.
        let end = told.outages[1].1;
        assert!((150.0..=151.0).contains(&end), "{:?}", told.outages);
    }
}

#[test]
fn a_repair_that_is_never_within_any_horizon_is_refused_or_warned_of() {
    for keys in [
        "repair = { lognormal = { mu = 1000.0, sigma = 1.0 } }\n",
        "repair = { lognormal = { mu = 40.0, sigma = 1.0 } }\n",
        // A median of 300 years.
        "repair = { lognormal = { mu = 14.78, sigma = 1.0 } }\n",
    ] {
        let text = quiet().fault("slip", "server", &[100.0], keys).strategy("it", &[]).text();
        let found = match Scenario::read(text, Path::new(""), "test") {
            Ok(scenario) => scenario.warnings,
            Err(ScenarioError::Wrong { findings, .. }) => findings,
            Err(error) => panic!("{error}"),
        };
        // Once, and not twice.
        let told = found.iter().filter(|finding| {
            let words = format!("{finding:?}");
            words.contains("half of these")
        });
        assert_eq!(told.count(), 1, "{keys}: {found:?}");
    }
}

#[test]
fn the_outages_of_a_table_are_those_of_trials_drawn_as_they_come() {
    // A disaster once in 50 years, drawn in one trial of four: two strata.
    let scenario = quiet()
        .horizon(8_760.0)
        .clock("crash", "server", 2_000.0, 5.0, 0.0)
        .clock("fire", "site", 50.0 * 8_760.0, 1_500.0, 0.0)
        .strategy("repair", &[])
        .scenario();
    let design = Design::from_world(&scenario.world);
    assert_ne!(design, Design::Plain);
    let trials = 4_000;
    let run = Trials { seed: 1, range: 0..trials, threads: 1, design };
    let results = study(&scenario, &run, 0.95, &AtomicBool::new(false)).expect("not stopped");
    let rows = &results.summary.strategies[0].outages;
    for (fault, rate) in [("crash", 4.38 * 0.994), ("fire", 0.02)] {
        let of_it = || rows.iter().filter(|row| row.fault == fault);
        let (counted, expected) = (
            of_it().map(|row| row.outages as f64).sum::<f64>(),
            of_it().map(|row| row.per_trial * trials as f64).sum::<f64>(),
        );
        assert!((counted - expected).abs() <= 1.0, "{fault}: {counted} and {expected}");
        assert!((counted / trials as f64 / rate - 1.0).abs() < 0.05, "{fault}: {counted}");
    }
}

#[test]
fn a_server_that_serves_again_unfenced_is_the_one_in_service() {
    // Promoted at 101, dead at 140; the first serves again from 150 on. What strikes at 160 strikes
    // it, and planned work (no standby is alive) stops it. The second is back at 200 beside it.
    let open = STAGING.replace("fenced = 1.0", "fenced = 0.0");
    let text = quiet()
        .horizon(600.0)
        .fault("first", "server", &[100.0], &repair(50.0))
        .fault("second", "server", &[140.0], &repair(60.0))
        .fault("third", "database", &[160.0], &repair(5.0))
        .table(
            "[[planned]]\nname = \"upgrade\"\nat = [\"2027-01-11T12:00\"]\nwork = \"3h\"\n\
             stops = \"all\"\nfull_sync = false\ngoes_wrong = 0.0",
        )
        .strategy("it", &[&open]);
    let told = text.play();
    told.outages_are(&[
        (100.0, 101.0),
        (140.0, 150.0),
        (160.0, 165.0),
        (180.0, 183.0),
        (200.0, 201.0),
    ]);
    assert_eq!(told.outages[4].3, "split brain");
}
