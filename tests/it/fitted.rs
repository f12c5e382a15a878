//! Distributions fitted to logs in scenarios: what a trial makes of them, judged by theory.

use outlast::internals::Onsets;
use outlast::{Design, Distribution, Metric, Results, Scenario, Trials, study};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

const IN_PLACE: &str = r#"
name = "x"
[operations]
detection = "0s"
call_out = "0s"
decision = "0s"
[[fault]]
name = "crash"
strikes = "site"
common_mode = 0.0
at = ["100h", "2000h"]
repair = "1h"
[[strategy]]
name = "In place"
"#;

fn scenario() -> Scenario {
    Scenario::read(IN_PLACE.to_owned(), Path::new(""), "x").unwrap()
}

fn results(scenario: &Scenario, trials: u64, threads: usize) -> Results {
    let trials = Trials { seed: 11, range: 0..trials, threads, design: Design::Plain };
    study(scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap()
}

fn uncertain(possible: Vec<Distribution>) -> Distribution {
    Distribution::uncertain(77, possible[0].clone(), possible, None)
}

#[test]
fn a_trial_keeps_to_one_truth() {
    // Two outages of one hour each or of three hours each, never one of each: 2 h or 6 h, mean 4,
    // and the variance is 4; with a choice for each outage it would be 2.
    let mut scenario = scenario();
    let hours = vec![Distribution::constant_of(1.0), Distribution::constant_of(3.0)];
    scenario.world.faults[0].repair = Some(uncertain(hours));
    let n = 10_000;
    let found = results(&scenario, n, 2);
    let row = found.summary.strategies[0].row(Metric::DowntimeHours).unwrap();
    assert_eq!((row.p50.min(row.max), row.max), (row.p50, 6.0));
    assert!([2.0, 6.0].contains(&row.p50), "{}", row.p50);
    let n = n as f64;
    let z = (row.mean - 4.0) / (2.0 / n.sqrt());
    assert!(z.abs() < 4.0, "{z}");
    // The variance of a two-point distribution at its middle has no spread of first order.
    let sd = row.sd.unwrap();
    assert!((sd * sd - 4.0).abs() < 20.0 / n, "{sd}");
}

#[test]
fn uncertain_up_times_spread_the_number_of_outages() {
    // A Poisson count whose rate is 2 or 20 a year: mean 11, variance 11 + 81.
    let mut scenario = scenario();
    let up = |per_year: f64| Distribution::exponential(8760.0 / per_year).unwrap();
    scenario.world.faults[0].onsets = Onsets::every(uncertain(vec![up(2.0), up(20.0)]));
    scenario.world.faults[0].repair = Some(Distribution::constant_of(1e-6));
    let n = 20_000;
    let found = results(&scenario, n, 2);
    let row = found.summary.strategies[0].row(Metric::Outages).unwrap();
    let n = n as f64;
    let z = (row.mean - 11.0) / (92.0 / n).sqrt();
    assert!(z.abs() < 4.0, "{z}");
    // Fourth central moment of the mixture: E (X - 11)^4 over both Poisson distributions.
    let fourth = |m: f64| {
        let d = m - 11.0;
        (m + 3.0 * m * m) + 4.0 * d * m + 6.0 * d * d * m + d.powi(4)
    };
    let fourth = 0.5 * (fourth(2.0) + fourth(20.0));
    let error = ((fourth - 92.0 * 92.0) / n).sqrt();
    let sd = row.sd.unwrap();
    let z = (sd * sd - 92.0) / error;
    assert!(z.abs() < 4.0, "{z}");
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let mut scenario = scenario();
    let distributions = (1..40).map(|k| Distribution::exponential(f64::from(k)).unwrap()).collect();
    scenario.world.faults[0].repair = Some(uncertain(distributions));
    let rows = |threads| {
        let found = results(&scenario, 1000, threads);
        found.summary.strategies[0].rows.clone()
    };
    assert_eq!(rows(1), rows(2));
    assert_eq!(rows(1), rows(3));
}

const DRILLS: &str = "hours\n3.1\n5.2\n4.0\n9.5\n2.2\n6.1\n3.4\n14.5\n";

const FITTED: &str = r#"
name = "Drills"
[operations]
detection = "2h to 4h"
last_resort = "never"
repair_first = "0s"
[[fault]]
name = "crash"
strikes = "server"
every = { exponential = { mean = "60d" } }
repair = { fitted = { file = "drills.csv" } }
[[strategy]]
name = "In place"
[tolerance]
stale_user_hours = { limit = 5000.0, confidence = 0.9 }
"#;

#[test]
fn a_run_shows_both_ways_to_take_a_fit() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("drills.csv"), DRILLS).unwrap();
    std::fs::write(folder.path().join("drills.toml"), FITTED).unwrap();
    let outlast = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
        let output = command.args(arguments).current_dir(folder.path()).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{errors}");
        String::from_utf8(output.stdout).unwrap()
    };
    let run = ["run", "drills.toml", "-n", "2000", "--format", "json"];
    let json = |more: &[&str]| -> serde_json::Value {
        serde_json::from_str(&outlast(&[&run[..], more].concat())).unwrap()
    };
    let both = json(&["--fits", "both"]);
    let best = json(&["--fits", "best"]);
    let plain = json(&[]);
    assert_eq!(both["fits"][0]["n"], 8);
    assert_eq!(both["fits"][0]["possible_laws"], 999);
    assert_eq!(best["fits"][0]["possible_laws"], 0);
    assert_eq!(both["summary"], plain["summary"]);
    assert_eq!(plain["variants"]["figures"].as_array().unwrap().len(), 0);
    let figures = both["variants"]["figures"].as_array().unwrap();
    let of = |name: &str, metric: &str| {
        let found = figures.iter().find(|r| r["variant"] == name && r["metric"] == metric);
        found.unwrap()["p99"].as_f64().unwrap()
    };
    let summary = best["summary"].as_array().unwrap();
    let row = summary.iter().find(|row| row["metric"] == "downtime_hours").unwrap();
    assert_eq!(row["p99"].as_f64().unwrap(), of("best fit", "downtime_hours"));
    // Eight drills leave so much open that the bad years are worse by far more than chance.
    assert!(of("uncertain", "downtime_hours") > 1.1 * of("best fit", "downtime_hours"));
    let names = both["variants"]["recommendations"].as_array().unwrap();
    assert_eq!(names.len(), 2);

    let text = outlast(&["run", "drills.toml", "-n", "2000", "--fits", "both"]);
    let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flowing.contains("best fit only (best fit)"), "{text}");
    // A command stands whole, so that it can be copied.
    let mut prose = text.lines().filter(|line| !line.starts_with("  outlast "));
    assert!(prose.all(|line| line.chars().count() <= 80), "{text}");
    let csv = std::fs::read_to_string(folder.path().join("output/drills/variants.csv")).unwrap();
    assert!(csv.starts_with("variant,strategy,metric,unit,trials,mean"), "{csv}");

    let plain = outlast(&["run", "-n", "10", "--fits", "both", "-o", "plain"]);
    assert!(plain.contains("No distribution of the scenario is fitted to a log"), "{plain}");

    let check = outlast(&["check", "drills.toml"]);
    assert!(check.contains("fitted to 8 recovery times"), "{check}");
    // The log goes into the manifest with the scenario.
    let manifest = std::fs::read_to_string(folder.path().join("output/drills/run.json")).unwrap();
    assert!(manifest.contains("\"path\": \"drills.csv\""));
}

#[test]
fn up_times_are_not_taken_from_recovery_times() {
    let text = IN_PLACE
        .replace(r#"at = ["100h", "2000h"]"#, r#"every = { fitted = { file = "drills.csv" } }"#);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("drills.csv"), DRILLS).unwrap();
    let error = Scenario::read(text, folder.path(), "x").unwrap_err();
    let outlast::ScenarioError::Wrong { findings, .. } = error else { panic!() };
    assert!(findings[0].message.contains("fitted to recovery times"), "{findings:?}");
}
