//! Places, what each path has of its own, and the three parts of the service that fail alone.

use crate::bench::{assert_mean, assert_share, assert_variance, column};
use crate::world_bench::{
    Chain, NEVER, Quiet, REBUILD, REPLICA, STAGING, close, quiet, repair, told, trials_of,
};
use outlast::{Metric, Scenario};

const TRIALS: u64 = 20_000;

// -------------------------------------------------------------------- places

/// A rebuild elsewhere: 10 h to have a machine there and 4 h to install it.
fn elsewhere() -> String {
    REBUILD.to_owned() + "site = \"other\"\nelsewhere = \"10h\"\n"
}

#[test]
fn a_rebuild_elsewhere_comes_at_its_time() {
    for kind in ["site", "link"] {
        let text = quiet().fault("it", kind, &[100.0], &repair(200.0));
        text.clone().strategy("it", &[&elsewhere()]).play().outages_are(&[(100.0, 114.0)]);
        text.strategy("it", &[REBUILD]).play().outages_are(&[(100.0, 300.0)]);
    }
    // It stands in its own site: the next loss of the first one does it no harm, although nothing
    // is mended yet.
    let told = quiet()
        .fault("it", "site", &[100.0], NEVER)
        .fault("host", "host", &[200.0], &repair(3.0))
        .strategy("it", &[&elsewhere()])
        .play();
    told.outages_are(&[(100.0, 114.0), (200.0, 203.0)]);
}

#[test]
fn a_rebuild_elsewhere_of_random_length_has_the_moments_of_its_steps() {
    let table = elsewhere()
        .replace("\"10h\"", "{ exponential = { mean = \"10h\" } }")
        .replace("\"4h\"", "{ exponential = { mean = \"4h\" } }");
    let text = quiet().fault("it", "site", &[100.0], NEVER).strategy("it", &[&table]);
    let downtime = column(&text.trials(0, 31, TRIALS / 4), Metric::DowntimeHours);
    assert_mean("downtime", &downtime, 14.0);
    assert_variance("downtime", &downtime, 116.0);
}

/// A site closed at 100 h for 50 h, with the other one by the share `c`.
fn closure(kind: &str, share: f64) -> Quiet {
    let keys = format!("{}common_mode = {share:?}\n", repair(50.0));
    quiet()
        .fault("closed", kind, &[100.0], &keys)
        .strategy("staging", &[STAGING])
        .strategy("replica", &[REPLICA])
        .strategy("rebuild", &[&elsewhere()])
        .strategy("repair", &[])
}

#[test]
fn a_closure_takes_both_sites_by_its_share_whatever_stands_there() {
    for (kind, share) in [("site", 0.3), ("link", 0.15)] {
        let scenario = closure(kind, share).scenario();
        let columns: Vec<Vec<f64>> = (0..4)
            .map(|k| column(&trials_of(&scenario, k, 32, TRIALS), Metric::DowntimeHours))
            .collect();
        for (k, alone) in [1.0, 2.0, 14.0].into_iter().enumerate() {
            let downtime = &columns[k];
            let name = &scenario.strategies[k].name;
            assert_share(&format!("{kind} with {name}"), downtime, share, |h| close(h, 50.0));
            assert!(downtime.iter().all(|h| close(*h, 50.0) || close(*h, alone)), "{name}");
            // The world decides, so it is the same trials for each of them.
            let same = downtime.iter().zip(&columns[0]).all(|(a, b)| (*a > 20.0) == (*b > 20.0));
            assert!(same, "{name} loses both sites in other trials than staging");
        }
        assert!(columns[3].iter().all(|hours| close(*hours, 50.0)));
    }
}

#[test]
fn a_site_is_struck_by_its_own_clock_and_by_its_share_of_the_other_s() {
    // Repairs of their own for each strike; a site is down until all of them are done. Alone the
    // first site is down while it has a repair outstanding; a standby in the other site, promoted
    // at once, leaves what both are down.
    let (l, m, c) = (1.0 / 60.0, 1.0 / 12.0, 0.4);
    let most = 7;
    let state = |a: usize, b: usize| a * most + b;
    let mut rates = Vec::new();
    for a in 0..most {
        for b in 0..most {
            let mut go = |x: usize, y: usize, rate: f64| {
                if x < most && y < most && rate > 0.0 {
                    rates.push((state(a, b), state(x, y), rate));
                }
            };
            if a == 0 {
                go(1, b, l * (1.0 - c));
                go(1, b + 1, l * c);
            } else {
                go(a - 1, b, a as f64 * m);
            }
            if b == 0 {
                go(a, 1, l * (1.0 - c));
                go(a + 1, 1, l * c);
            } else {
                go(a, b - 1, b as f64 * m);
            }
        }
    }
    let chain = Chain::new(rates);
    let scenario = quiet()
        .clock("closed", "site", 60.0, 12.0, c)
        .strategy("repair", &[])
        .strategy("staging", &[&STAGING.replace("\"1h\"", "\"0s\"")])
        .scenario();
    let down = [
        |s: usize| if s / 7 > 0 { 1.0 } else { 0.0 },
        |s: usize| if s / 7 > 0 && !s.is_multiple_of(7) { 1.0 } else { 0.0 },
    ];
    for (k, down) in down.into_iter().enumerate() {
        let (mean, variance) = chain.reward(400.0, down);
        let downtime = column(&trials_of(&scenario, k, 33, TRIALS), Metric::DowntimeHours);
        assert_mean(&scenario.strategies[k].name, &downtime, mean);
        assert_variance(&scenario.strategies[k].name, &downtime, variance);
    }
}

#[test]
fn a_site_by_name_is_down_with_what_stands_in_it() {
    let sites =
        "[[site]]\nname = \"north\"\n[[site]]\nname = \"south\"\n[[site]]\nname = \"east\"\n";
    let text = quiet()
        .table(sites)
        .fault("closed", "site", &[100.0], &repair(50.0))
        .strategy("other", &[STAGING])
        .strategy("same", &[&STAGING.replace("\"other\"", "\"same\"")])
        .strategy("north", &[&STAGING.replace("\"other\"", "\"north\"")])
        .strategy("east", &[&STAGING.replace("\"other\"", "\"east\"")]);
    let scenario = text.scenario();
    for (k, hours) in [1.0, 50.0, 50.0, 1.0].into_iter().enumerate() {
        told(&scenario, k, 0).outages_are(&[(100.0, 100.0 + hours)]);
    }
}

// --------------------------------------------------------------- the directory

/// Flat rates of 3 password changes (1,000 users), 2 requests and 5 object changes an hour;
/// requests are tried once, and backlogs drain in no time.
fn busy(text: Quiet) -> Quiet {
    let year = |per_hour: f64| per_hour * 8760.0 / 1_000.0;
    text.with(
        "[workload.password_changes]\nper_user_year = 0.0",
        &format!(
            "[workload.password_changes]\nper_user_year = {:?}\nprofile = \"flat\"",
            year(3.0)
        ),
    )
    .with(
        "[workload.writeback]\nper_user_year = 0.0",
        &format!(
            "[workload.writeback]\nper_user_year = {:?}\nprofile = \"flat\"\nattempts = 1",
            year(2.0)
        ),
    )
    .with(
        "per_hour = 0.0",
        "per_hour = 5.0\nprofile = \"flat\"\ndeletes = 0.0\ndisables = 0.0\njoins = 0.0",
    )
    .with("[sync]", "[sync]\npasswords_per_minute = 1e12\nexport_per_hour = 1e12")
}

/// What `hours` of an outage do to passwords, requests and objects: means, and variances where they
/// are known. `None` is no harm at all.
fn harm_is(what: &str, scenario: &Scenario, hours: [Option<f64>; 3]) {
    let trials = trials_of(scenario, 0, 34, TRIALS);
    let metric = |metric: Metric| column(&trials, metric);
    let none = |metrics: &[Metric]| {
        for one in metrics {
            let most = metric(*one).into_iter().fold(0.0, f64::max);
            assert!(most == 0.0, "{what}: {} up to {most}", one.name());
        }
    };
    let [passwords, writeback, objects] = hours;
    match passwords {
        Some(d) => {
            let (n, a) = (1_000.0_f64, 3.0 / 1_000.0);
            let p = 1.0 - (-a * d).exp();
            let stale = metric(Metric::StaleUsers);
            assert_mean(&format!("{what}: stale users"), &stale, n * p);
            assert_variance(&format!("{what}: stale users"), &stale, n * p * (1.0 - p));
            let hours = metric(Metric::StaleUserHours);
            assert_mean(&format!("{what}: user-hours"), &hours, n * (d - p / a));
        }
        None => none(&[Metric::StaleUsers, Metric::StaleUserHours]),
    }
    match writeback {
        Some(d) => {
            let refused = metric(Metric::WritebackFailedAttempts);
            assert_mean(&format!("{what}: refused"), &refused, 2.0 * d);
            assert_variance(&format!("{what}: refused"), &refused, 2.0 * d);
        }
        None => none(&[Metric::WritebackFailedAttempts, Metric::WritebackLost]),
    }
    match objects {
        Some(d) => {
            let late = metric(Metric::DelayedObjectChanges);
            assert_mean(&format!("{what}: changes"), &late, 5.0 * d);
            assert_variance(&format!("{what}: changes"), &late, 5.0 * d);
            let delay = metric(Metric::ObjectDelayHours);
            assert_mean(&format!("{what}: delay"), &delay, 5.0 * d * d / 2.0);
            assert_variance(&format!("{what}: delay"), &delay, 5.0 * d * d * d / 3.0);
        }
        None => none(&[Metric::DelayedObjectChanges, Metric::ObjectDelayHours]),
    }
}

#[test]
fn nothing_is_changed_on_premises_while_the_directory_is_away() {
    let text = quiet().fault("ransom", "directory", &[100.0], &repair(10.0));
    for tables in [&[][..], &[STAGING], &[REPLICA], &[REBUILD]] {
        let text = text.clone().strategy("it", tables);
        text.play().outages_are(&[(100.0, 110.0)]);
        if tables.is_empty() {
            // It is restored from a backup, and imported before anything is synced: at once here.
            let text = busy(text).set("import_per_second", "1e12").set("sync_per_second", "1e12");
            harm_is("directory", &text.scenario(), [None, Some(10.0), None]);
        }
    }
}

#[test]
fn the_loss_of_every_site_with_controllers_is_a_loss_of_the_directory() {
    let sites =
        "[[site]]\nname = \"main\"\n[[site]]\nname = \"other\"\ndomain_controllers = false\n";
    let text = quiet()
        .table(sites)
        .fault("fire", "site", &[100.0], &repair(50.0))
        .strategy("staging", &[STAGING]);
    // The standby is whole and has nothing to read until the site is back.
    let told = text.clone().play();
    assert_eq!(told.outages.len(), 1);
    let end = told.outages[0].1;
    assert!((150.0..=151.0).contains(&end), "{end}");
    // Or until people have restored the directory elsewhere, from 100 to 120.
    let told = text.clone().set("restore_directory", "\"20h\"").play();
    assert_eq!(told.outages.len(), 1, "{:?}", told.outages);
    let end = told.outages[0].1;
    assert!((120.0..=121.0).contains(&end), "{end}");
    // With controllers in the other site it is an hour.
    let told = quiet()
        .fault("fire", "site", &[100.0], &repair(50.0))
        .strategy("staging", &[STAGING])
        .play();
    told.outages_are(&[(100.0, 101.0)]);
}

// ----------------------------------------------------- what each path has alone

#[test]
fn an_engine_fault_is_its_server_s_own_but_for_its_share() {
    let c = 0.3;
    let keys = format!("{}common_mode = {c:?}\n", repair(9.0));
    let text = quiet().fault("bad edit", "engine", &[100.0], &keys).strategy("it", &[STAGING]);
    let downtime = column(&text.trials(0, 35, TRIALS), Metric::DowntimeHours);
    assert_share("both", &downtime, c, |hours| close(hours, 9.0));
    assert_share("one", &downtime, 1.0 - c, |hours| close(hours, 1.0));
    let (mean, square) = (1.0 - c + 9.0 * c, 1.0 - c + 81.0 * c);
    assert_variance("downtime", &downtime, square - mean * mean);
}

#[test]
fn what_is_the_tenant_s_is_repaired_in_place_only() {
    let text = quiet().fault("policy", "tenant", &[100.0], &repair(10.0));
    for tables in [&[][..], &[STAGING], &[REPLICA], &[&elsewhere()], &[STAGING, REPLICA, REBUILD]] {
        text.clone().strategy("it", tables).play().outages_are(&[(100.0, 110.0)]);
    }
}

// ------------------------------------------------------------- parts of the service

#[test]
fn a_partial_outage_leaves_the_other_parts_alone() {
    let hours = Some(10.0);
    for (kind, harm) in [
        ("password-sync", [hours, None, None]),
        ("writeback", [None, hours, None]),
        ("export", [None, None, hours]),
        ("server", [hours, hours, hours]),
    ] {
        let text = quiet().fault("it", kind, &[100.0], &repair(10.0)).strategy("it", &[]);
        let told = text.play();
        told.outages_are(&[(100.0, 110.0)]).metric_is(Metric::Outages, 1.0);
        harm_is(kind, &busy(text).scenario(), harm);
    }
}

#[test]
fn a_fault_of_any_kind_may_stop_one_part_alone() {
    let hours = Some(10.0);
    for (part, harm) in [
        ("password-sync", [hours, None, None]),
        ("writeback", [None, hours, None]),
        ("export", [None, None, hours]),
    ] {
        for kind in ["tenant", "cloud", "site", "server", "contents"] {
            let keys = format!("{}stops = \"{part}\"\n", repair(10.0));
            let text = quiet().fault("it", kind, &[100.0], &keys).strategy("it", &[]);
            text.play().outages_are(&[(100.0, 110.0)]);
            if matches!(kind, "tenant" | "contents") {
                harm_is(&format!("{part} by {kind}"), &busy(text).scenario(), harm);
            }
        }
    }
}

#[test]
fn what_a_tenant_does_not_export_keeps_nobody_from_the_standby() {
    // The scheduler is off from 100 to 150. Against that no table helps; but the server that dies
    // at 110 is replaced within the hour, and passwords and writeback are back.
    let scheduler = format!("{}stops = \"export\"\n", repair(50.0));
    let text = quiet().fault("scheduler", "tenant", &[100.0], &scheduler);
    for table in [STAGING, REBUILD, REPLICA] {
        text.clone().strategy("it", &[table]).play().outages_are(&[(100.0, 150.0)]);
    }
    let text = text.fault("crash", "server", &[110.0], &repair(30.0));
    let scenario = busy(text.strategy("it", &[STAGING])).scenario();
    told(&scenario, 0, 0).outages_are(&[(100.0, 150.0)]);
    harm_is("promoted", &scenario, [Some(1.0), Some(1.0), Some(50.0)]);
}

#[test]
fn parts_that_fail_one_after_the_other_are_one_outage_and_each_counts_its_own() {
    let scenario = busy(
        quiet()
            .fault("hashes", "password-sync", &[100.0], &repair(10.0))
            .fault("resets", "writeback", &[106.0], &repair(12.0))
            .strategy("it", &[]),
    )
    .scenario();
    told(&scenario, 0, 0).outages_are(&[(100.0, 118.0)]);
    harm_is("one after the other", &scenario, [Some(10.0), Some(12.0), None]);
}

#[test]
fn a_part_that_fails_alone_is_cured_by_promotion_and_rebuild() {
    for kind in ["password-sync", "writeback", "export"] {
        let text = quiet().fault("it", kind, &[100.0], &repair(50.0));
        text.clone().strategy("it", &[STAGING]).play().outages_are(&[(100.0, 101.0)]);
        text.clone().strategy("it", &[REBUILD]).play().outages_are(&[(100.0, 104.0)]);
        text.strategy("it", &[REPLICA]).play().outages_are(&[(100.0, 150.0)]);
    }
}

#[test]
fn a_part_of_the_standby_is_its_own() {
    // The standby has its own: struck with the first, it helps no more than that.
    let keys = format!("{}common_mode = 1.0\n", repair(50.0));
    for kind in ["password-sync", "writeback", "export"] {
        let text = quiet().fault("it", kind, &[100.0], &keys).strategy("it", &[STAGING]);
        text.play().outages_are(&[(100.0, 150.0)]);
    }
}
