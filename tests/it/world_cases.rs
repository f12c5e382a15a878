//! People against closed forms: how many there are, what fails and is tried again, how long nobody
//! notices, what is done as a last resort.

use crate::bench::{assert_mean, assert_share, assert_variance, column, scenario};
use crate::world_bench::{
    Chain, GROUP, IMPORT, NEVER, Quiet, REBUILD, REPLICA, STAGING, SYNC, close, metric, quiet,
    repair, told, trials_of,
};
use outlast::Metric;

const TRIALS: u64 = 20_000;

fn waiting_hours() -> Metric {
    metric("waiting_for_people_hours")
}

// ------------------------------------------------------------- people are few

/// Machines with exponential up time (40 h) and repair (8 h), `count` of them, `people` to repair
/// them; the state is how many are down.
fn machine_repair(count: usize, people: usize) -> Chain {
    let mut rates = Vec::new();
    for down in 0..count {
        rates.push((down, down + 1, (count - down) as f64 / 40.0));
        rates.push((down + 1, down, (down + 1).min(people) as f64 / 8.0));
    }
    Chain::new(rates)
}

#[test]
fn four_machines_and_few_people_are_the_machine_repair_chain() {
    // Host, server, database and engine each have a clock of their own and all are needed.
    for people in [1, 2, 3] {
        let mut text = quiet().set("people", &people.to_string());
        for kind in ["host", "server", "database", "engine"] {
            text = text.clock(kind, kind, 40.0, 8.0, 0.0);
        }
        let trials = text.strategy("repair", &[]).trials(0, 21, TRIALS / 2);
        let chain = machine_repair(4, people);
        let truth = |name: &str, metric: Metric, rate: &dyn Fn(usize) -> f64| {
            let (mean, variance) = chain.reward(400.0, rate);
            let what = format!("{name} with {people} people");
            assert_mean(&what, &column(&trials, metric), mean);
            assert_variance(&what, &column(&trials, metric), variance);
        };
        let is_down = |down: usize| if down > 0 { 1.0 } else { 0.0 };
        truth("downtime", Metric::DowntimeHours, &is_down);
        truth("labour", Metric::LabourHours, &|down| down.min(people) as f64);
        let waiting = |down: usize| down.saturating_sub(people) as f64;
        truth("waiting", waiting_hours(), &waiting);
        // The service goes down at the rate of the first failure while all are up.
        let (up, _) = chain.reward(400.0, |down| 1.0 - is_down(down));
        assert_mean("outages", &column(&trials, Metric::Outages), up * 4.0 / 40.0);
    }
}

#[test]
fn with_people_enough_the_machines_are_independent() {
    let mut text = quiet().set("people", "\"unlimited\"");
    for kind in ["host", "server", "database", "engine"] {
        text = text.clock(kind, kind, 40.0, 8.0, 0.0);
    }
    let trials = text.strategy("repair", &[]).trials(0, 22, TRIALS / 2);
    let (mean, variance) = machine_repair(4, 4).reward(400.0, |down| (down > 0) as u8 as f64);
    assert_mean("downtime", &column(&trials, Metric::DowntimeHours), mean);
    assert_variance("downtime", &column(&trials, Metric::DowntimeHours), variance);
    assert!(column(&trials, waiting_hours()).iter().all(|hours| *hours == 0.0));
}

#[test]
fn one_person_ends_what_was_begun_before_the_next_fault() {
    // The host's repair (a spare, since the machine restarts) holds the only person to 150.
    let text = quiet()
        .set("decision", "\"1h\"")
        .fault("host", "host", &[100.0], &repair(50.0))
        .fault("edit", "engine", &[110.0], &repair(5.0))
        .strategy("machine", &[REPLICA]);
    let told = text.clone().set("people", "1").play();
    told.outages_are(&[(100.0, 100.1), (110.0, 155.0)]);
    told.metric_is(waiting_hours(), 40.0).metric_is(Metric::LabourHours, 55.0);
    let told = text.set("people", "2").play();
    told.outages_are(&[(100.0, 100.1), (110.0, 115.0)]);
    told.metric_is(waiting_hours(), 0.0);
}

#[test]
fn what_brings_the_service_back_goes_before_what_restores_a_spare() {
    // At 150 the replica of the database has waited since 105 and the engine since 120. The engine
    // goes first, the replica is back at 185, and a failover works at 186 and not at 184.
    let text = |again: f64| {
        quiet()
            .set("people", "1")
            .fault("host", "host", &[100.0], &repair(50.0))
            .fault("disk", "database", &[105.0], &repair(30.0))
            .fault("edit", "engine", &[120.0], &repair(5.0))
            .fault("again", "database", &[again], &repair(30.0))
            .strategy("machine", &[REPLICA, GROUP])
            .play()
    };
    let first = [(100.0, 100.1), (105.0, 105.01), (120.0, 155.0)];
    text(186.0).outages_are(&[first[0], first[1], first[2], (186.0, 186.01)]);
    let told = text(184.0);
    let last = told.outages.last().map(|outage| outage.1);
    assert!(last.is_some_and(|end| end > 185.0), "{:?}", told.outages);
}

// ------------------------------------------------- attempts, tries, diagnosis

/// A server that is struck at 100 h; promotion and diagnosis as given.
fn attempts(promote: &str, diagnose: &str, success: f64, tries: u32, keys: &str) -> Quiet {
    let staging = STAGING
        .replace("\"1h\"", promote)
        .replace("success = 1.0", &format!("success = {success:?}"));
    quiet()
        .set("diagnose", diagnose)
        .set("tries", &tries.to_string())
        .fault("crash", "server", &[100.0], keys)
        .strategy("staging", &[&staging])
}

#[test]
fn a_promotion_is_tried_so_often_with_a_diagnosis_between() {
    let (p, q) = (0.6_f64, 0.4_f64);
    for tries in [1, 2, 3] {
        let text = attempts("\"1h\"", "\"30m\"", p, tries, &repair(40.0));
        let trials = text.trials(0, 23, TRIALS);
        let downtime = column(&trials, Metric::DowntimeHours);
        let mut ways: Vec<(f64, f64)> = (0..tries)
            .map(|failed| (p * q.powi(failed as i32), 1.0 + 1.5 * f64::from(failed)))
            .collect();
        ways.push((q.powi(tries as i32), 40.0));
        for (share, hours) in &ways {
            let what = format!("{hours} h with {tries} tries");
            assert_share(&what, &downtime, *share, |told| close(told, *hours));
        }
        let moment = |k: i32| ways.iter().map(|(share, hours)| share * hours.powi(k)).sum::<f64>();
        let squares: Vec<f64> = downtime.iter().map(|hours| hours * hours).collect();
        assert_mean("downtime", &downtime, moment(1));
        assert_mean("its square", &squares, moment(2));
        assert_variance("downtime", &downtime, moment(2) - moment(1) * moment(1));
    }
}

#[test]
fn attempts_of_random_length_have_the_moments_of_their_sum() {
    // A promotion of mean 2 h and a diagnosis of mean 1 h, both exponential, each time anew: at the
    // k-th try the mean is 2k + k - 1 and the variance 4k + k - 1.
    let (p, q, tries) = (0.5_f64, 0.5_f64, 4);
    let exponential = |hours: f64| format!("{{ exponential = {{ mean = \"{hours}h\" }} }}");
    let text = attempts(&exponential(2.0), &exponential(1.0), p, tries, NEVER).horizon(2_000.0);
    let trials = text.trials(0, 24, TRIALS);
    let downtime = column(&trials, Metric::DowntimeHours);
    let spent = |hours: f64| hours > 1_000.0;
    assert_share("spent", &downtime, q.powi(tries as i32), spent);
    let (mut first, mut second) = (0.0, 0.0);
    for k in 1..=tries {
        let (share, k) = (p * q.powi(k as i32 - 1), f64::from(k));
        let (mean, variance) = (3.0 * k - 1.0, 5.0 * k - 1.0);
        first += share * mean;
        second += share * (variance + mean * mean);
    }
    let ended: Vec<f64> = downtime.iter().map(|h| if spent(*h) { 0.0 } else { *h }).collect();
    let squares: Vec<f64> = ended.iter().map(|h| h * h).collect();
    assert_mean("promoted", &ended, first);
    assert_mean("its square", &squares, second);
    assert_variance("promoted", &ended, second - first * first);
}

#[test]
fn every_table_may_fail() {
    // A restore, a move, a rebuild and a failover by force, each with its own probability.
    let group = GROUP.replace("synchronous", "asynchronous");
    for (kind, table, key, hours) in [
        ("server", REPLICA, "success", 2.0),
        ("site", REPLICA, "move_success", 2.0),
        ("server", REBUILD, "success", 4.0),
        ("database", &group, "success", 1.0),
        ("database", GROUP, "failover_success", 0.01),
        ("host", REPLICA, "capacity", 0.1),
    ] {
        let table = table.replace(&format!("\n{key} = 1.0"), &format!("\n{key} = 0.7"));
        // What follows a failed automatism by hand is not what is asked here.
        let table = if key.contains("success") && key != "failover_success" {
            table
        } else {
            table.replace("\nsuccess = 1.0", "\nsuccess = 0.0")
        };
        let trials = quiet()
            .fault("it", kind, &[100.0], &repair(40.0))
            .strategy("it", &[&table])
            .trials(0, 25, TRIALS / 4);
        let downtime = column(&trials, Metric::DowntimeHours);
        assert_share(&format!("{kind} {table}"), &downtime, 0.7, |told| close(told, hours));
        // A repair that an image was to overwrite begins anew after it.
        let repaired =
            if kind == "server" && key == "success" && hours == 2.0 { 42.0 } else { 40.0 };
        assert_share("else repaired", &downtime, 0.3, |told| close(told, repaired));
    }
}

// ----------------------------------------------------------- somebody notices

/// Nobody notices but by these channels; the server is struck at each of `hours`.
fn watched(channels: &[(&str, &str, &str, f64)], hours: &[f64]) -> Quiet {
    let mut text = quiet().without("detection");
    for (name, sees, after, works) in channels {
        text = text.table(&format!(
            "[[watch]]\nname = \"{name}\"\nsees = [{sees}]\nafter = \"{after}\"\nworks = {works:?}"
        ));
    }
    text.fault("crash", "server", hours, &repair(1.0))
}

#[test]
fn the_second_channel_raises_the_alarm_where_the_first_does_not_work() {
    let channels = [("ping", "\"server\"", "15m", 0.7), ("mail", "\"*\"", "24h", 1.0)];
    let trials = watched(&channels, &[100.0, 200.0]).strategy("it", &[]).trials(0, 26, TRIALS);
    let downtime = column(&trials, Metric::DowntimeHours);
    // One draw a trial: both faults are seen in the same way.
    assert_share("seen soon", &downtime, 0.7, |hours| close(hours, 2.5));
    assert_share("seen late", &downtime, 0.3, |hours| close(hours, 50.0));
    let (mean, square) = (0.7 * 2.5 + 0.3 * 50.0, 0.7 * 6.25 + 0.3 * 2_500.0);
    assert_mean("downtime", &downtime, mean);
    assert_variance("downtime", &downtime, square - mean * mean);
}

#[test]
fn the_first_of_two_channels_that_see_it_raises_the_alarm() {
    // The earlier of two exponential delays of mean 4 h and 12 h: exponential of mean 3 h.
    let channels = [("a", "\"server\"", "1h", 1.0), ("b", "\"crash\"", "2h", 1.0)];
    let exponential = |hours: &str| format!("after = {{ exponential = {{ mean = {hours} }} }}");
    let text = watched(&channels, &[100.0])
        .strategy("it", &[])
        .text()
        .replace("after = \"1h\"", &exponential("\"4h\""))
        .replace("after = \"2h\"", &exponential("\"12h\""));
    let trials = trials_of(&scenario(&text), 0, 27, TRIALS);
    let wait: Vec<f64> =
        column(&trials, Metric::DowntimeHours).iter().map(|hours| hours - 1.0).collect();
    assert_mean("wait", &wait, 3.0);
    assert_variance("wait", &wait, 9.0);
}

#[test]
fn a_channel_sees_its_kinds_and_its_faults_and_nothing_else() {
    for (sees, seen) in [
        ("\"*\"", true),
        ("\"server\"", true),
        ("\"host\", \"server\"", true),
        ("\"crash\"", true),
        ("\"host\", \"database\"", false),
    ] {
        let channels = [("it", sees, "15m", 1.0), ("mail", "\"*\"", "24h", 1.0)];
        let seen_so = watched(&channels, &[100.0])
            .fault("other", "host", &[], &repair(1.0))
            .strategy("it", &[])
            .play();
        seen_so.outages_are(&[(100.0, if seen { 101.25 } else { 125.0 })]);
    }
}

#[test]
fn a_strategy_may_bring_a_channel_of_its_own() {
    let script = "[[strategy.watch]]\nname = \"script\"\nsees = [\"server\"]\nafter = \"10h\"\n\
                  works = 1.0\nannual_cost = 100.0\n";
    let text = watched(&[("mail", "\"*\"", "24h", 1.0)], &[100.0])
        .strategy("repair", &[])
        .strategy("repair with a script", &[script]);
    let scenario = text.scenario();
    told(&scenario, 0, 0).outages_are(&[(100.0, 125.0)]);
    told(&scenario, 1, 0).outages_are(&[(100.0, 111.0)]);
    assert_eq!(scenario.strategies[1].fixed_cost(8_760.0), 100.0);
    // It counts beside the short form, and beside a detection of the fault's own.
    let short = quiet().set("detection", "\"24h\"");
    let own = quiet().set("detection", "\"100h\"");
    for (text, keys) in [(short, ""), (own, "detection = \"24h\"\n")] {
        let scenario = text
            .fault("crash", "server", &[100.0], &(repair(1.0) + keys))
            .strategy("repair", &[])
            .strategy("repair with a script", &[script])
            .scenario();
        told(&scenario, 0, 0).outages_are(&[(100.0, 125.0)]);
        told(&scenario, 1, 0).outages_are(&[(100.0, 111.0)]);
    }
}

// --------------------------------------------------------------- last resort

const LAST: &str = "{ after = \"48h\", takes = \"24h\", fenced = 1.0 }";

#[test]
fn the_last_resort_comes_at_its_time() {
    // Struck at 100, nothing under way: 100 + 48 + 24, then everything is imported and synced, and
    // the passwords of 1,000 users in a minute.
    for kind in ["host", "server", "database", "engine", "contents", "site", "link"] {
        let told = quiet()
            .with("[sync]", "[sync]\npasswords_per_minute = 1000.0")
            .set("last_resort", LAST)
            .fault("it", kind, &[100.0], NEVER)
            .strategy("repair", &[])
            .play();
        told.outages_are(&[(100.0, 172.0)]);
        told.metric_is(Metric::CatchUpHours, IMPORT + SYNC + 1.0 / 60.0);
        told.metric_is(Metric::LabourHours, 24.0);
    }
    // Where no new server helps, it is not set up.
    for kind in ["cloud", "tenant", "directory"] {
        let text = quiet().set("last_resort", LAST).fault("it", kind, &[100.0], NEVER);
        text.strategy("repair", &[]).play().outages_are(&[(100.0, 400.0)]);
    }
}

#[test]
fn the_last_resort_is_open_to_every_strategy_and_switched_off_by_never() {
    // The promoted standby is lost for good at 150 as well.
    let text = quiet().fault("it", "server", &[100.0, 150.0], NEVER).strategy("it", &[STAGING]);
    text.clone().play().outages_are(&[(100.0, 101.0), (150.0, 400.0)]);
    let told = text.set("last_resort", LAST).play();
    told.outages_are(&[(100.0, 101.0), (150.0, 222.0)]);
}

#[test]
fn the_last_resort_is_work_in_staffed_hours() {
    // Friday 04:00 and 48 h is Sunday; Monday 09:00 = 177 h, six hours.
    let told = quiet()
        .set("staffed", "\"Mon-Fri 09:00-17:00\"")
        .set("last_resort", "{ after = \"48h\", takes = \"6h\" }")
        .fault("it", "server", &[100.0], NEVER)
        .strategy("repair", &[])
        .play();
    told.outages_are(&[(100.0, 183.0)]).metric_is(Metric::LabourHours, 6.0);
}

#[test]
fn the_last_resort_of_random_length_has_its_distribution() {
    let takes = "{ after = \"48h\", takes = { exponential = { mean = \"5h\" } } }";
    let trials = quiet()
        .set("last_resort", takes)
        .fault("it", "server", &[100.0], NEVER)
        .strategy("repair", &[])
        .trials(0, 28, TRIALS / 4);
    let takes: Vec<f64> =
        column(&trials, Metric::DowntimeHours).iter().map(|hours| hours - 48.0).collect();
    assert_mean("takes", &takes, 5.0);
    assert_variance("takes", &takes, 25.0);
}
