//! What the tests share: short scenarios, trials played, estimates judged.

use outlast::{Engine, Metric, Metrics, NullObserver, Outage, Scenario, Scratch};
use std::path::Path;

/// An organisation in which nothing waits for anything: cycles at once, people at once. Tests add
/// faults, strategies and workload to it, and override what they are about.
pub const AT_ONCE: &str = r#"
[sync]
object_cycle = "0s"
password_cycle = "0s"
heartbeat = "0s"
delete_guard = 0
[operations]
detection = "0s"
call_out = "0s"
decision = "0s"
overtime = "0s"
diagnose = "0s"
people = "unlimited"
last_resort = "never"
repair_first = "0s"
disable_by_hand = "never"
"#;

/// One outage, of four hours where it is repaired in place, in which an hour costs 10 and nothing else
/// costs anything. Tests add strategies and tolerances.
pub const ONE_OUTAGE: &str = r#"
name = "Fixed"
horizon = "365d"
[operations]
staffed = "24x7"
detection = "0s"
call_out = "0s"
decision = "0s"
repair_first = "0s"
user_reports = 0
[costs]
labour_hour = 0.0
stale_user_hour = 0.0
writeback_lost = 0.0
disabled_account_hour = 0.0
object_delay_hour = 0.0
joiner_wait_hour = 0.0
device_wait_hour = 0.0
downtime_hour = 10.0
[[fault]]
name = "crash"
strikes = "server"
at = ["1000h"]
repair = "4h"
"#;

/// Reads a scenario that must be right.
pub fn scenario(text: &str) -> Scenario {
    match Scenario::read(text.to_owned(), Path::new(""), "test") {
        Ok(scenario) => scenario,
        Err(error) => panic!("{error:?}"),
    }
}

/// Plays trials of the first strategy.
pub fn play(scenario: &Scenario, seed: u64, trials: u64) -> Vec<Metrics> {
    let engine = Engine::new(&scenario.world, &scenario.strategies[0]);
    let mut scratch = Scratch::new();
    (0..trials).map(|trial| engine.play(seed, trial, &mut scratch, &mut NullObserver)).collect()
}

/// Plays one trial of the strategy numbered `strategy` and returns its outages too.
pub fn play_one(scenario: &Scenario, strategy: usize, trial: u64) -> (Metrics, Vec<Outage>) {
    let engine = Engine::new(&scenario.world, &scenario.strategies[strategy]);
    let mut scratch = Scratch::new();
    let metrics = engine.play(1, trial, &mut scratch, &mut NullObserver);
    (metrics, scratch.outages().to_vec())
}

/// The values of one metric.
pub fn column(trials: &[Metrics], metric: Metric) -> Vec<f64> {
    trials.iter().map(|metrics| metrics[metric]).collect()
}

/// Mean and standard deviation.
pub fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, variance.sqrt())
}

/// The sample mean is within 4 standard errors of the truth.
pub fn assert_mean(what: &str, values: &[f64], truth: f64) {
    let (mean, sd) = moments(values);
    let error = sd / (values.len() as f64).sqrt();
    let z = (mean - truth) / error;
    assert!(z.abs() < 4.0, "{what}: mean {mean}, truth {truth}, {z:.2} standard errors of {error}");
}

/// The sample variance is within 4 of its own standard errors of the truth: the standard error of
/// the mean is then right as well.
pub fn assert_variance(what: &str, values: &[f64], truth: f64) {
    let (mean, _) = moments(values);
    let squares: Vec<f64> = values.iter().map(|v| (v - mean).powi(2)).collect();
    assert_mean(&format!("variance of {what}"), &squares, truth);
}

/// The share of values for which `which` holds is within 4 standard errors of the truth.
pub fn assert_share(what: &str, values: &[f64], truth: f64, which: impl Fn(f64) -> bool) {
    let n = values.len() as f64;
    let share = values.iter().filter(|v| which(**v)).count() as f64 / n;
    let error = (truth * (1.0 - truth) / n).sqrt();
    let z = (share - truth) / error;
    assert!(z.abs() < 4.0, "{what}: share {share}, truth {truth}, {z:.2} standard errors");
}
