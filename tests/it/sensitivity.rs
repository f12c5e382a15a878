//! `outlast sensitivity`, and how well a choice stands below a run, from the command line.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Ten hours of outage at each fault of the host, or one hour for 5,000 a year. An hour costs 100, so
/// the second pays where a fault comes more often than once in some 1,550 hours.
pub const TWO: &str = r#"
name = "Two"
[operations]
detection = "0s"
call_out = { guess = "1h", range = ["30m", "2h"] }
[[fault]]
name = "host"
strikes = "host"
every = { exponential = { mean = "1000h" }, factor = "0.5 to 2" }
repair = "10h"
repair_covers = "outage"
[[strategy]]
name = "Repair"
[[strategy]]
name = "Restart"
annual_cost = 5000.0
[strategy.virtual_machine]
restart = "1h"
capacity = 1.0
[tolerance]
downtime_hours = { limit = 400.0, confidence = 0.9 }
[costs]
labour_hour = 0.0
stale_user_hour = 0.0
writeback_lost = 0.0
disabled_account_hour = 0.0
object_delay_hour = 0.0
joiner_wait_hour = 0.0
device_wait_hour = 0.0
downtime_hour = { guess = 100.0, range = [50.0, 200.0] }
[uncertainty]
default = "off"
"#;

fn outlast(arguments: &[&str], text: &str, place: &Path) -> Output {
    let file = place.join("two.toml");
    fs::write(&file, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    let arguments = arguments.iter().map(|one| one.replace("TWO", file.to_str().unwrap()));
    let output = place.join("output");
    command.args(arguments).arg("-o").arg(output).output().unwrap()
}

fn json(done: &Output) -> Value {
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

const SHORT: [&str; 6] =
    ["sensitivity", "TWO", "--points", "256", "--against", "costs.downtime_hour"];

#[test]
fn an_answer_has_every_table_and_an_interval_for_every_number() {
    let place = tempfile::tempdir().unwrap();
    let arguments = [&SHORT[..], &["--format", "json"]].concat();
    let answer = json(&outlast(&arguments, TWO, place.path()));
    let names = ["inputs", "outputs", "tornado", "sobol", "acceptability", "information"];
    for name in names {
        let table = fs::read_to_string(place.path().join(format!("output/{name}.csv"))).unwrap();
        assert!(table.lines().count() > 3, "{name}");
    }
    let inputs = ["fault.\"host\".every", "costs.downtime_hour", "operations.call_out"];
    let holds = |row: &Value, value: &str, low: &str, high: &str| {
        let [value, low, high] = [value, low, high].map(|key| row[key].as_f64().unwrap());
        assert!(low <= value && value <= high, "{row}");
    };
    for row in answer["tornado"].as_array().unwrap() {
        assert!(inputs.contains(&row["input"].as_str().unwrap()), "{row}");
        holds(row, "at_low", "at_low_low", "at_low_high");
        holds(row, "at_high", "at_high_low", "at_high_high");
    }
    for row in answer["sobol"].as_array().unwrap() {
        holds(row, "first", "first_low", "first_high");
        holds(row, "total", "total_low", "total_high");
    }
    for row in answer["information"].as_array().unwrap() {
        holds(row, "evppi", "low", "high");
    }
    // The call-out has nothing to do with outages that the repair tells as a whole, but for the
    // labour that counts from then on.
    let of = |table: &str, key: &str| -> Vec<f64> {
        let rows = answer[table].as_array().unwrap().iter();
        let own = rows.filter(|row| row["input"] == "operations.call_out");
        own.map(|row| row[key].as_f64().unwrap()).collect()
    };
    assert!(of("sobol", "total_low").iter().all(|low| *low == 0.0), "{}", answer["sobol"]);
    assert!(of("information", "low").iter().all(|low| *low == 0.0));
    let flips = answer["flips"].as_array().unwrap();
    assert!(flips.iter().any(|flip| flip["input"] == "costs.downtime_hour"), "{flips:?}");
}

#[test]
fn threads_change_no_bit() {
    let answers = ["1", "2", "7"].map(|threads| {
        let place = tempfile::tempdir().unwrap();
        let arguments = [&SHORT[..], &["--threads", threads]].concat();
        assert!(outlast(&arguments, TWO, place.path()).status.success());
        ["sobol", "tornado", "information", "acceptability", "outputs"].map(|name| {
            fs::read_to_string(place.path().join(format!("output/{name}.csv"))).unwrap()
        })
    });
    assert!(answers[0] == answers[1] && answers[0] == answers[2]);
}

#[test]
fn without_ranges_it_says_that_nothing_was_varied() {
    let place = tempfile::tempdir().unwrap();
    let text = TWO
        .replace(", factor = \"0.5 to 2\"", "")
        .replace("{ guess = 100.0, range = [50.0, 200.0] }", "100.0")
        .replace("{ guess = \"1h\", range = [\"30m\", \"2h\"] }", "\"1h\"");
    let done = outlast(&["sensitivity", "TWO"], &text, place.path());
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success() && said.starts_with("Nothing was varied"), "{said}");
    assert!(!place.path().join("output").exists());
}

#[test]
fn a_run_says_how_well_its_choice_stands() {
    let place = tempfile::tempdir().unwrap();
    let run = ["run", "TWO", "--trials", "2000", "--format", "json"];
    let answer = json(&outlast(&run, TWO, place.path()));
    assert_eq!(answer["recommendation"]["strategy"], "Restart");
    let robustness = &answer["robustness"];
    let choice = robustness["choice"].as_array().unwrap();
    let whole: f64 = choice.iter().map(|row| row["probability"].as_f64().unwrap()).sum();
    assert!((whole - 1.0).abs() < 0.02, "{choice:?}");
    assert_eq!(choice[0]["strategy"], "Restart");
    let flip = robustness["flips"]
        .as_array()
        .unwrap()
        .iter()
        .find(|flip| flip["input"] == "costs.downtime_hour");
    let flip = flip.unwrap_or_else(|| panic!("{robustness}"));
    assert_eq!((flip["from"].as_str(), flip["to"].as_str()), (Some("Restart"), Some("Repair")));
    let at = flip["at"].as_f64().unwrap();
    // 5,000 over the hours that a restart saves: 86.7 less 9.1.
    assert!((at / 64.4 - 1.0).abs() < 0.04, "{at}");
    let without = [&run[..], &["--no-robustness"]].concat();
    assert_eq!(json(&outlast(&without, TWO, place.path()))["robustness"], Value::Null);
}
