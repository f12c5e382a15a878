//! Renewal clocks with constant up times, and the extremes: nothing takes any time, a fault each
//! minute, ten years, one user, probabilities of nought and one.

use crate::bench::{assert_mean, column, play_one, scenario};
use crate::recovery::{
    Case, GROUP, MACHINE, REBUILD, STAGING, case, close, fault, in_common, renewal,
};
use outlast::{Metric, Outage};

const REPAIR: &str = "repair";

#[test]
fn the_clock_runs_from_the_end_of_the_last_repair() {
    // 50 up, 2 down.
    let told = case(&[renewal("it", "server", "50h", "2h")], &[]).horizon(220).play();
    told.outages_are(&[
        (50.0, 52.0, REPAIR),
        (102.0, 104.0, REPAIR),
        (154.0, 156.0, REPAIR),
        (206.0, 208.0, REPAIR),
    ]);
}

#[test]
fn the_clock_stands_still_until_somebody_has_come() {
    // Down from 50 to 53.5: an hour and a half for people, two for the repair.
    let told = case(&[renewal("it", "server", "50h", "2h")], &[]).slow_people().horizon(150).play();
    told.outages_are(&[(50.0, 53.5, REPAIR), (103.5, 107.0, REPAIR)]);
}

#[test]
fn two_clocks_on_one_component_wait_for_each_other_and_are_not_redrawn() {
    // a: 50 to 52. b has run 50 of 70 and goes on at 52: 72 to 77. a has run 20 of 50 since its
    // repair: 107 to 109. b has run 30 since its own: 40 more from 109: 149.
    let faults = [renewal("a", "server", "50h", "2h"), renewal("b", "server", "70h", "5h")];
    let told = case(&faults, &[]).horizon(150).play();
    told.outages_are(&[
        (50.0, 52.0, REPAIR),
        (72.0, 77.0, REPAIR),
        (107.0, 109.0, REPAIR),
        (149.0, 150.0, "open at the horizon"),
    ]);
    assert_eq!(told.cause, ["a", "b", "a", "b"]);
}

#[test]
fn clocks_of_other_components_run_on() {
    // The link: 20 to 25, 45 to 50, 70 to 75, 95 to 100. The server is not down with it: 50 to 52,
    // which touches the second, and 102 to 104.
    let faults = [renewal("link", "link", "20h", "5h"), renewal("server", "server", "50h", "2h")];
    let told = case(&faults, &[]).horizon(110).play();
    told.outages_are(&[
        (20.0, 25.0, REPAIR),
        (45.0, 52.0, REPAIR),
        (70.0, 75.0, REPAIR),
        (95.0, 100.0, REPAIR),
        (102.0, 104.0, REPAIR),
    ]);
}

#[test]
fn a_fixed_strike_on_a_component_stops_its_clock_and_does_not_redraw_it() {
    // Struck at 30 for 10 h: the clock has run 30 of 50, so 60 and then 60 + 2 + 50.
    let faults =
        [renewal("clock", "server", "50h", "2h"), fault("fixed", "server", &[30.0], "10h")];
    let told = case(&faults, &[]).horizon(120).play();
    told.outages_are(&[(30.0, 40.0, REPAIR), (60.0, 62.0, REPAIR), (112.0, 114.0, REPAIR)]);
}

#[test]
fn a_replacement_starts_a_new_clock() {
    // Installed on the spare at 54, so 104; the old server is the spare again after 30 h.
    let told = case(&[renewal("it", "server", "50h", "30h")], &[REBUILD]).horizon(170).play();
    told.outages_are(&[
        (50.0, 54.0, "rebuild"),
        (104.0, 108.0, "rebuild"),
        (158.0, 162.0, "rebuild"),
    ]);
    let told = case(&[renewal("it", "host", "50h", "30h")], &[MACHINE]).horizon(160).play();
    told.outages_are(&[
        (50.0, 50.1, "virtual_machine"),
        (100.1, 100.2, "virtual_machine"),
        (150.2, 150.3, "virtual_machine"),
    ]);
    let told = case(&[renewal("it", "database", "50h", "30h")], &[GROUP]).horizon(160).play();
    told.outages_are(&[
        (50.0, 50.01, "sql_high_availability"),
        (100.01, 100.02, "sql_high_availability"),
        (150.02, 150.03, "sql_high_availability"),
    ]);
}

#[test]
fn both_servers_have_clocks_of_their_own() {
    // Equal clocks: both die at 50, the second unnoticed. The promotion is tried in vain until 50.5
    // and finds it: mended at 80.5, the first at 80. The first dies at 130, the standby serves from
    // 130.5 for no time at all, since its own clock is out at 130.5 as well: one outage, until the
    // first is mended at 160 and promoted at 160.5.
    let quick = STAGING.replace("promote = \"1h\"", "promote = \"30m\"");
    let told = case(&[renewal("it", "server", "50h", "30h")], &[&quick]).horizon(170).play();
    assert_eq!(told.outages.len(), 2, "{:?}", told.outages);
    assert!(close(told.outages[0].onset, 50.0) && close(told.outages[0].end, 80.0));
    assert_eq!(told.by[0], REPAIR);
    assert!(close(told.outages[1].onset, 130.0), "{:?}", told.outages);
    assert!(close(told.outages[1].end, 160.5), "{:?}", told.outages);
}

#[test]
fn a_latent_fault_stops_the_standbys_clock_until_the_check() {
    // Nobody promotes (decisions take 5 h). First server: 50 to 52, 102 to 104, 154 to 156. The
    // standby dies at 50 and is checked at 60, and its labour is the second 2 h; then 112 to 120
    // and 2 h again. Labour by 150: 4 repairs.
    let checked = STAGING.replace("\"10000d\"", "\"60h\"");
    let told = case(&[renewal("it", "server", "50h", "2h")], &[&checked])
        .decision("5h")
        .horizon(150)
        .play();
    told.outages_are(&[(50.0, 52.0, REPAIR), (102.0, 104.0, REPAIR)]);
    told.labour_is(8.0);
}

// ------------------------------------------------------------- extremes

#[test]
fn nothing_takes_any_time() {
    let at_once = [
        STAGING.replace("promote = \"1h\"", "promote = \"0s\""),
        MACHINE.replace("\"6m\"", "\"0s\"").replace("\"2h\"", "\"0s\""),
        GROUP.replace("\"36s\"", "\"0s\"").replace("\"1h\"", "\"0s\""),
        REBUILD.replace("\"4h\"", "\"0s\"").replace("\"120h\"", "\"0s\""),
    ];
    let tables: Vec<&str> = at_once.iter().map(String::as_str).collect();
    let kinds = ["link", "site", "host", "server", "database", "cloud", "engine"];
    for tables in [&[][..], &tables[..1], &tables[1..2], &tables[2..3], &tables[3..], &tables[..]] {
        for kind in kinds {
            let told = case(&[fault("it", kind, &[0.0, 100.0, 100.0, 399.0], "0s")], tables).play();
            told.metric_is(Metric::DowntimeHours, 0.0).labour_is(0.0);
            assert_eq!(told.metrics[Metric::Outages], told.outages.len() as f64);
            assert!((3..=4).contains(&told.outages.len()), "{kind}: {:?}", told.outages);
        }
    }
}

#[test]
fn a_protection_without_duration_beats_a_repair_with_one() {
    let at_once = STAGING.replace("promote = \"1h\"", "promote = \"0s\"");
    let told = case(&[fault("it", "server", &[100.0], "5h")], &[&at_once]).play();
    told.outages_are(&[(100.0, 100.0, "staging")]).labour_is(5.0);
}

#[test]
fn a_fault_at_the_start_and_one_at_the_horizon() {
    let told = case(&[fault("it", "server", &[0.0, 400.0], "5h")], &[]).play();
    told.outages_are(&[(0.0, 5.0, REPAIR)]);
}

#[test]
fn an_outage_that_goes_on_is_not_current_before_its_end() {
    // The second fault touches the first, so both are one outage, open at the horizon.
    let faults =
        [fault("first", "link", &[100.0], "10h"), fault("second", "link", &[110.0], "never")];
    let told = case(&faults, &[]).play();
    told.outages_are(&[(100.0, 400.0, "open at the horizon")]);
    let outage = &told.outages[0];
    assert_eq!((outage.ready, outage.current, outage.full_cycle), (400.0, 400.0, false));
}

/// Mean delay of object changes, 4 an hour, over trials of faults of the link.
fn delays(faults: &[String]) -> Vec<f64> {
    let trials = case(faults, &[])
        .with("per_hour = 0.0", "per_hour = 4.0\nprofile = \"flat\"\ndeletes = 0.0")
        .with("[sync]", "[sync]\nexport_per_hour = 1e12")
        .play_many(1, 500);
    column(&trials, Metric::ObjectDelayHours)
}

#[test]
fn touching_outages_do_the_harm_of_one() {
    // c D^2 / 2 with D = 20 h; and 300 h where the second part is open at the horizon.
    let first = fault("first", "link", &[100.0], "10h");
    let closed = delays(&[first.clone(), fault("second", "link", &[110.0], "10h")]);
    assert_mean("closed", &closed, 4.0 * 20.0 * 20.0 / 2.0);
    let open = delays(&[first, fault("second", "link", &[110.0], "never")]);
    assert_mean("open", &open, 4.0 * 300.0 * 300.0 / 2.0);
}

#[test]
fn touching_outages_of_seven_days_together_ask_for_a_full_sync() {
    // 100 h and 100 h with no time in between for a delta.
    let faults =
        [fault("first", "link", &[50.0], "100h"), fault("second", "link", &[150.0], "100h")];
    case(&faults, &[]).play().outages_are(&[(50.0, 250.0, REPAIR)]).catch_up_is(2.0);
}

#[test]
fn a_fault_every_minute() {
    let minute = |repair: &str| {
        case(&[renewal("it", "server", "1m", repair)], &[]).with("\"400h\"", "\"10h 30s\"").play()
    };
    let told = minute("0s");
    told.metric_is(Metric::Outages, 600.0).metric_is(Metric::DowntimeHours, 0.0);
    // A minute up, a minute down, and the horizon in the 301st up time.
    let told = minute("1m");
    told.metric_is(Metric::Outages, 300.0).metric_is(Metric::DowntimeHours, 5.0);
}

#[test]
fn a_fault_every_minute_of_every_kind_against_everything() {
    let kinds = ["link", "site", "host", "server", "database", "cloud", "engine"];
    let faults: Vec<String> =
        kinds.iter().map(|kind| in_common(&renewal(kind, kind, "1m", "1m"))).collect();
    let case = case(&faults, &[STAGING, MACHINE, GROUP, REBUILD]).horizon(20);
    let case = case.with("fenced = 1.0", "fenced = 0.0").with("success = 1.0", "success = 0.5");
    let told = case.play();
    assert!(told.metrics[Metric::DowntimeHours] <= 20.0 + 1e-6);
    assert!(told.metrics[Metric::LabourHours].is_finite());
}

#[test]
fn ten_years() {
    // A cycle of 1,000 h in 87,600: the 87th ends at 87,000 and the next fault is due at 87,999.
    let told = case(&[renewal("it", "server", "999h", "1h")], &[]).horizon(87_600).play();
    told.metric_is(Metric::Outages, 87.0).metric_is(Metric::DowntimeHours, 87.0);
    told.labour_is(87.0);
}

#[test]
fn one_user_and_one_object() {
    let told = case(&[fault("it", "server", &[100.0], "50h")], &[REBUILD])
        .with("users = 10", "users = 1")
        .with("objects = 3600", "objects = 1")
        .with(
            "[workload.password_changes]\nper_user_year = 0.0",
            "[workload.password_changes]\nper_user_year = 87600.0\nprofile = \"flat\"",
        )
        .play();
    // Ten changes an hour for 4 h and a little: stale at the latest after a few of them.
    told.outages_are(&[(100.0, 104.0, "rebuild")]);
    told.metric_is(Metric::StaleUsers, 1.0).metric_is(Metric::PeakStaleUsers, 1.0);
    let hours = told.metrics[Metric::StaleUserHours];
    assert!(hours > 2.0 && hours <= 4.01, "{hours}");
}

/// Random faults against random subsets of all tables, with every choice that they offer.
#[test]
fn whatever_is_combined_the_books_balance() {
    let kinds = ["link", "site", "host", "server", "database", "cloud", "engine"];
    let faults: Vec<String> = kinds
        .iter()
        .map(|kind| {
            renewal(kind, kind, "40h", "5h")
                .replace("\"40h\"", "{ exponential = { mean = \"40h\" } }")
                .replace("\"5h\"", "{ lognormal = { median = \"5h\", sigma = 1.5 } }")
                .replace("common_mode = 0.0", "common_mode = 0.3")
        })
        .collect();
    let choices = [
        [String::new(), STAGING.into(), STAGING.replace("other", "same")],
        [String::new(), MACHINE.into(), MACHINE.replace("same", "other")],
        [String::new(), GROUP.into(), GROUP.replace("synchronous", "asynchronous")],
        [String::new(), REBUILD.into(), REBUILD.replace("\"server\"", "\"domain-controller\"")],
    ];
    for number in 0..81_usize {
        let tables: Vec<&str> = (0..4)
            .map(|table| choices[table][number / 3_usize.pow(table as u32) % 3].as_str())
            .collect();
        let case = case(&faults, &tables).slow_people().office_hours();
        let case = if tables[0].is_empty() {
            case
        } else {
            case.with("success = 1.0", "success = 0.6")
                .with("fenced = 1.0", "fenced = 0.4")
                .with("\"10000d\"", "\"30h\"")
        };
        let scenario = scenario(case.text());
        for trial in 0..15 {
            let (metrics, outages) = play_one(&scenario, 0, trial);
            let mut at = -1.0;
            let mut down = 0.0;
            for outage in &outages {
                assert!(outage.onset > at && outage.end >= outage.onset && outage.end <= 400.0);
                assert!(outage.ready >= outage.end && outage.current >= outage.ready);
                let steps = [outage.alarm, outage.arrival, outage.decided];
                assert!(steps.iter().flatten().all(|t| *t >= outage.onset && *t <= 400.0));
                down += outage.end - outage.onset;
                at = outage.end;
            }
            assert!(close(metrics[Metric::DowntimeHours], down));
            assert!(metrics[Metric::CatchUpHours] <= 400.0 - down + 1e-9);
            assert!(
                metrics[Metric::LabourHours] >= 0.0 && metrics[Metric::LabourHours].is_finite()
            );
        }
    }
}

#[test]
fn what_comes_after_is_the_same_with_and_without_other_strategies() {
    let one = case(&[renewal("it", "server", "50h", "30h")], &[STAGING]);
    let first = one.play();
    let two = one
        .with("[[strategy]]", "[[strategy]]\nname = \"other\"\n[strategy.rebuild]\n[[strategy]]");
    let scenario = scenario(two.text());
    let (metrics, outages) = play_one(&scenario, 1, 0);
    assert_eq!(metrics, first.metrics);
    assert_eq!(outages.len(), first.outages.len());
}

#[test]
fn an_alarm_that_nobody_can_act_on_changes_nothing() {
    // Where only providers mend, nobody need be called and the engine calls nobody. A fault that
    // never strikes, but for which people would come, makes it call them all the same.
    let line = renewal("line", "link", "9h", "3h");
    let cloud = renewal("cloud", "cloud", "20h", "5h");
    let alone = case(&[line.clone(), cloud.clone()], &[]).slow_people();
    let with_people = case(&[line, cloud, fault("crash", "server", &[], "1h")], &[]).slow_people();
    for trial in 0..5 {
        let of = |case: &Case| play_one(&scenario(case.text()), 0, trial);
        let ((metrics, outages), (called, called_outages)) = (of(&alone), of(&with_people));
        assert_eq!(metrics, called);
        assert!(outages.iter().all(|outage| outage.alarm.is_none()));
        assert!(called_outages.iter().any(|outage| outage.alarm.is_some()));
        let ends = |outages: &[Outage]| -> Vec<(f64, f64)> {
            outages.iter().map(|outage| (outage.onset, outage.end)).collect()
        };
        assert_eq!(ends(&outages), ends(&called_outages));
        assert!(!outages.is_empty());
    }
}
