//! Dates and planned work, and draws that are keyed by what is drawn: twins and combinations.

use crate::bench::{assert_mean, assert_share, assert_variance, column, moments, scenario};
use crate::world_bench::{
    GROUP, Quiet, REBUILD, REPLICA, STAGING, close, metric, quiet, repair, told, trials_of,
};
use outlast::{Metric, Metrics, Scenario};

const TRIALS: u64 = 20_000;

// --------------------------------------------------------------------- dates

/// A deadline of the tenant on 8 January (hour 96) and 10 January 18:00 (hour 162), each missed with
/// probability `q`.
fn deadlines(q: f64) -> Quiet {
    quiet().table(&format!(
        "[[fault]]\nname = \"deadline\"\nstrikes = \"tenant\"\n\
         at = [\"2027-01-08\", \"2027-01-10T18:00\"]\nprobability = {q:?}\nrepair = \"10h\""
    ))
}

#[test]
fn a_date_strikes_at_its_moment() {
    let told = deadlines(1.0).strategy("it", &[]).play();
    told.outages_are(&[(96.0, 106.0), (162.0, 172.0)]);
    // Beside durations, and beside a clock of its own.
    let told = quiet()
        .table(
            "[[fault]]\nname = \"both\"\nstrikes = \"server\"\nat = [\"50h\", \"2027-01-08\"]\n\
             every = \"300h\"\nrepair = \"10h\"",
        )
        .strategy("it", &[])
        .play();
    // The clock stands still while the server is down, twice for 10 h.
    told.outages_are(&[(50.0, 60.0), (96.0, 106.0), (320.0, 330.0)]);
}

#[test]
fn a_date_is_local_time_whatever_the_clocks_do() {
    // 83 days from 4 January to 28 March, when clocks go from 02:00 to 03:00.
    let told = quiet()
        .horizon(3_000.0)
        .with("start = ", "time_zone = \"Europe/Berlin\"\nstart = ")
        .table(
            "[[fault]]\nname = \"it\"\nstrikes = \"tenant\"\nrepair = \"30m\"\n\
             at = [\"2027-03-28T01:00\", \"2027-03-28T08:00\", \"2027-03-29\"]",
        )
        .strategy("it", &[])
        .play();
    let at = 83.0 * 24.0;
    told.outages_are(&[(at + 1.0, at + 1.5), (at + 7.0, at + 7.5), (at + 23.0, at + 23.5)]);
}

#[test]
fn a_date_is_missed_with_its_probability_and_for_every_strategy_alike() {
    let q = 0.3;
    let scenario = deadlines(q)
        .strategy("repair", &[])
        .strategy("staging", &[STAGING])
        .strategy("rebuild", &[REBUILD])
        .scenario();
    let trials = trials_of(&scenario, 0, 41, TRIALS);
    let outages = column(&trials, Metric::Outages);
    for (k, share) in [(0.0, 0.49), (1.0, 0.42), (2.0, 0.09)] {
        assert_share(&format!("{k} missed"), &outages, share, |told| told == k);
    }
    assert_mean("downtime", &column(&trials, Metric::DowntimeHours), 20.0 * q);
    let variance = 2.0 * q * (1.0 - q) * 100.0;
    assert_variance("downtime", &column(&trials, Metric::DowntimeHours), variance);
    for k in [1, 2] {
        let other = trials_of(&scenario, k, 41, 2_000);
        assert_eq!(column(&other, Metric::Outages), outages[..2_000]);
    }
}

// -------------------------------------------------------------- planned work

/// Planned work of 3 h at `at` and in the window given, in Berlin.
fn planned(at: &str, window: &str, keys: &str) -> Quiet {
    quiet()
        .horizon(3_000.0)
        .with("start = ", "time_zone = \"Europe/Berlin\"\nstart = ")
        .table(&format!(
            "[[planned]]\nname = \"upgrade\"\nat = [\"{at}\"]\nwindow = \"{window}\"\n\
             work = \"3h\"\nstops = \"all\"\nfull_sync = false\n{keys}"
        ))
        // A scenario without faults has those of the program.
        .fault("none", "server", &[], &repair(1.0))
}

#[test]
fn planned_work_begins_in_its_window_and_lasts_as_long_whatever_the_clocks_do() {
    let sunday = 83.0 * 24.0;
    for (at, window, onset) in [
        // On the spot; over the missing hour; after it; the day before; the next week.
        ("2027-03-28", "Sun 01:00", sunday + 1.0),
        ("2027-03-28", "Sun 00:30", sunday + 0.5),
        ("2027-03-28", "Sun 08:00", sunday + 7.0),
        ("2027-03-27", "Sun 01:00", sunday + 1.0),
        ("2027-03-28", "Sat 08:00", sunday + 6.0 * 24.0 + 7.0),
    ] {
        let told = planned(at, window, "goes_wrong = 0.0").strategy("it", &[]).play();
        told.outages_are(&[(onset, onset + 3.0)]);
        told.metric_is(metric("planned_hours"), 3.0).metric_is(Metric::DowntimeHours, 3.0);
        told.metric_is(Metric::LabourHours, 3.0);
    }
}

#[test]
fn planned_work_that_goes_wrong_is_an_engine_fault() {
    let g = 0.25;
    let text = planned("2027-02-06", "Sat 08:00", "goes_wrong = 0.25\nrepair = \"9h\"");
    let trials = text.strategy("it", &[]).trials(0, 42, TRIALS);
    let downtime = column(&trials, Metric::DowntimeHours);
    assert_share("well", &downtime, 1.0 - g, |hours| close(hours, 3.0));
    assert_share("wrong", &downtime, g, |hours| close(hours, 12.0));
    assert_mean("downtime", &downtime, 3.0 + 9.0 * g);
    assert_variance("downtime", &downtime, 81.0 * g * (1.0 - g));
    assert!(column(&trials, metric("planned_hours")).iter().all(|hours| close(*hours, 3.0)));
}

#[test]
fn with_a_standby_planned_work_stops_nothing() {
    for wrong in ["0.0", "1.0"] {
        let keys = format!("goes_wrong = {wrong}\nrepair = \"9h\"");
        let told = planned("2027-02-06", "Sat 08:00", &keys).strategy("it", &[STAGING]).play();
        told.outages_are(&[]);
        told.metric_is(metric("planned_hours"), 0.0).metric_is(Metric::DowntimeHours, 0.0);
        assert!(told.metrics[Metric::LabourHours] >= 3.0);
    }
}

#[test]
fn planned_work_stops_what_it_says() {
    for (stops, hours) in [("nothing", 0.0), ("export", 3.0), ("all", 3.0)] {
        let text = planned("2027-02-06", "Sat 08:00", "goes_wrong = 0.0")
            .strategy("it", &[])
            .text()
            .replace("stops = \"all\"", &format!("stops = \"{stops}\""));
        told(&scenario(&text), 0, 0)
            .metric_is(metric("planned_hours"), hours)
            .metric_is(Metric::LabourHours, 3.0);
    }
}

// ---------------------------------------------------------------------- twins

/// A year in which everything happens, with every table left to its defaults.
fn rich(strategies: &[(&str, &str)]) -> Scenario {
    let mut text = quiet().horizon(8_760.0).without("detection");
    for (key, value) in [
        ("call_out", "\"10m to 1h\""),
        ("decision", "\"5m to 30m\""),
        ("staffed", "\"office\""),
        ("diagnose", "\"30m to 4h\""),
        ("tries", "2"),
        ("people", "2"),
        ("last_resort", "{ after = \"2d\", takes = \"1d to 4d\" }"),
        ("restore_directory", "\"1d to 5d\""),
        ("credential_life", "\"90d\""),
    ] {
        text = text.set(key, value);
    }
    text = text.with("per_hour = 0.0", "per_hour = 20.0");
    for (kind, up, hours) in [
        ("link", "1000h", "1h to 9h"),
        ("site", "4000h", "1d to 9d"),
        ("host", "1500h", "4h to 2d"),
        ("server", "800h", "2h to 2d"),
        ("database", "1500h", "2h to 2d"),
        ("engine", "1500h", "2h to 2d"),
        ("tenant", "2000h", "2h to 2d"),
        ("cloud", "2000h", "1h to 9h"),
        ("password-sync", "2000h", "1h to 9h"),
    ] {
        text = text.table(&format!(
            "[[fault]]\nname = \"{kind}\"\nstrikes = \"{kind}\"\n\
             every = {{ exponential = {{ mean = \"{up}\" }} }}\nrepair = \"{hours}\"\n\
             common_mode = 0.2"
        ));
    }
    for (name, tables) in strategies {
        text = text.strategy(name, &[tables]);
    }
    text.scenario()
}

/// Metrics of every strategy in the first trials, and their outages, to the bit.
fn bits(scenario: &Scenario, name: &str, trials: u64) -> (Vec<Metrics>, Vec<(u64, u64)>) {
    let index = scenario.strategies.iter().position(|strategy| strategy.name == name);
    let index = index.unwrap_or_else(|| panic!("no {name}"));
    let outages = (0..trials)
        .flat_map(|trial| told(scenario, index, trial).outages)
        .map(|outage| (outage.0.to_bits(), outage.1.to_bits()))
        .collect();
    (trials_of(scenario, index, 1, trials), outages)
}

const STANDBY: &str = "[strategy.staging]\n";
const MACHINE: &str = "[strategy.virtual_machine]\nsite = \"other\"\n";
const NEW: &str = "[strategy.rebuild]\nswitch_on = \"0s\"\nspare = \"procure\"\nsite = \"other\"\n";
const REPLICATED: &str = "[strategy.sql_high_availability]\n";

#[test]
fn twins_are_equal_to_the_bit_under_other_names_and_in_other_company() {
    let all = [STANDBY, MACHINE, NEW, REPLICATED].concat();
    for tables in ["", STANDBY, MACHINE, NEW, REPLICATED, &all] {
        let alone = rich(&[("it", tables)]);
        let pair = rich(&[("zwilling", tables), ("another", STANDBY), ("twin", tables)]);
        let other = rich(&[("x", MACHINE), ("y", ""), ("it", tables)]);
        let truth = bits(&alone, "it", 60);
        assert!(!truth.1.is_empty());
        for (scenario, name) in [(&pair, "zwilling"), (&pair, "twin"), (&other, "it")] {
            assert!(bits(scenario, name, 60) == truth, "{name} with {tables}");
        }
    }
}

#[test]
fn what_never_acts_changes_nothing_to_the_bit() {
    // No fault strikes the database alone, so that a group has nothing to do; and what comes after
    // a table that always works is never asked.
    let base = || {
        quiet()
            .horizon(8_760.0)
            .clock("crash", "server", 500.0, 30.0, 0.2)
            .clock("closed", "site", 2_000.0, 100.0, 0.2)
    };
    let random = STAGING.replace("\"1h\"", "\"20m to 4h\"").replace("\"0s\"", "\"7d\"");
    let scenario = base()
        .strategy("staging", &[&random])
        .strategy("staging and group", &[&random, GROUP])
        .scenario();
    let (a, b) = (bits(&scenario, "staging", 100), bits(&scenario, "staging and group", 100));
    assert!(a == b);
}

#[test]
fn a_combination_shares_the_luck_of_its_parts() {
    // The machine restarts when its host dies; against everything else both promote. The paired
    // difference is then the host's alone, far narrower than that of two independent samples.
    let order = "prefer = [\"staging\", \"virtual_machine\"]\n";
    let staging = format!("{order}{STANDBY}");
    let both = format!("{order}{STANDBY}{}", MACHINE.replace("other", "same"));
    let scenario = rich(&[("staging", &staging), ("both", &both)]);
    let downtime =
        |k: usize, seed: u64| column(&trials_of(&scenario, k, seed, 2_000), Metric::DowntimeHours);
    let (a, b, far) = (downtime(0, 1), downtime(1, 1), downtime(1, 2));
    let spread = |b: &[f64]| moments(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>()).1;
    let (paired, independent) = (spread(&b), spread(&far));
    println!("standard deviation of the difference: paired {paired}, independent {independent}");
    assert!(paired < 0.5 * independent, "{paired} {independent}");
}

#[test]
fn luck_is_the_table_s_and_each_attempt_of_it_is_drawn_anew() {
    // A promotion of 1 h that works in half of the cases: the combination promotes in the same
    // trials as staging alone, and rebuilds in the others.
    let half = STAGING.replace("success = 1.0", "success = 0.5");
    let scenario = quiet()
        .fault("crash", "server", &[100.0, 200.0], &repair(40.0))
        .strategy("staging", &[&half])
        .strategy("both", &["prefer = [\"staging\", \"rebuild\"]\n", &half, REBUILD])
        .strategy(
            "replica first",
            &["prefer = [\"virtual_machine\", \"staging\"]\n", &half, REPLICA],
        )
        .scenario();
    let mut promoted = [0, 0];
    for trial in 0..400 {
        let [alone, both] = [0, 1].map(|k| told(&scenario, k, trial).outages);
        for k in 0..2 {
            let works = close(alone[k].1 - alone[k].0, 1.0);
            promoted[k] += i32::from(works);
            let hours = if works { 1.0 } else { 5.0 };
            assert!(close(both[k].1 - both[k].0, hours), "{alone:?} {both:?}");
            // Whoever serves at 200, the other is mended by 140.
            assert!(works || close(alone[k].1 - alone[k].0, 40.0));
        }
    }
    assert!(promoted.iter().all(|count| (160..240).contains(count)), "{promoted:?}");
}
