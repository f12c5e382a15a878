//! `outlast target`: values with a truth by hand, answers that are none, and a decision map.

use crate::bench::ONE_OUTAGE;
use serde_json::Value;
use std::fs;
use std::process::{Command, Output};

/// One outage of 4 h at a fixed time; the second strategy costs 100 a year and rebuilds in 1 h.
/// Beside `ONE_OUTAGE`.
const STRATEGIES: &str = r#"
[tolerance]
longest_outage_hours = { limit = 6.0, confidence = 0.9 }
[[strategy]]
name = "free"
[[strategy]]
name = "paid"
annual_cost = 20.0
[strategy.rebuild]
spare = "server"
install = "1h"
switch_on = "0s"
"#;

fn fixed() -> String {
    format!("{ONE_OUTAGE}{STRATEGIES}")
}

fn outlast(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.toml"), fixed()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    let all = [&["target", "a.toml", "--trials", "300"], arguments].concat();
    command.args(all).current_dir(folder.path()).output().unwrap()
}

fn said(arguments: &[&str]) -> String {
    let done = outlast(arguments);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    text.replace(['\n', '\u{a0}'], " ")
}

fn json(arguments: &[&str]) -> Value {
    let done = outlast(&[arguments, &["--format", "json"]].concat());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

const KEEP: [&str; 4] = ["--strategy", "free", "--keep", "longest_outage_hours"];

#[test]
fn the_longest_repair_that_keeps_a_tolerance() {
    let asked = [&KEEP[..], &["--vary", "fault.crash.repair"]].concat();
    let told = json(&asked);
    let number = |key: &str| told[key].as_f64().unwrap();
    assert!(number("value") <= 6.0 && number("value") > 5.99, "{told}");
    assert!(number("low") <= 6.0 && number("high") >= 6.0, "{told}");
    assert_eq!((number("assumed"), number("from"), number("to")), (4.0, 0.4, 40.0));
    assert_eq!((&told["unit"], &told["input"]), (&"h".into(), &"fault.crash.repair".into()));
    assert_eq!(told["monotone"], true);
    let text = said(&asked);
    assert!(text.contains("as long as \"crash\": repair is at most 6h"), "{text}");
    assert!(text.contains("As it stands (4h) it keeps it"), "{text}");
}

#[test]
fn all_do_and_none_does_are_answers() {
    let range = |from, to| {
        let range = ["--vary", "fault.crash.repair", "--from", from, "--to", to];
        [&KEEP[..], &range].concat()
    };
    let told = json(&range("1h", "5h"));
    assert_eq!((&told["value"], &told["all"]), (&Value::Null, &Value::Bool(true)));
    assert!(said(&range("1h", "5h")).contains("Every value from 1h to 5h is good enough"));
    let told = json(&range("7h", "9h"));
    assert_eq!((&told["value"], &told["all"]), (&Value::Null, &Value::Bool(false)));
    assert!(said(&range("7h", "9h")).contains("No value from 7h to 9h is good enough"));
}

#[test]
fn the_price_at_which_two_strategies_break_even() {
    // 4 h less 1 h and a little work after it, against 20 a year: the same at about 20 / 3.
    let asked = ["--vary", "costs.downtime_hour", "--between", "free", "paid"];
    let told = json(&asked);
    let value = told["value"].as_f64().unwrap();
    let readings = told["readings"].as_array().unwrap();
    let hours =
        |row: &Value| (row["estimate"].as_f64().unwrap() + 20.0) / row["value"].as_f64().unwrap();
    let saved = hours(&readings[0]);
    assert!(readings.iter().all(|row| (hours(row) - saved).abs() < 0.3), "{told}");
    assert!((value - 20.0 / saved).abs() < 0.3, "{value} {saved}");
    assert!((2.5..=3.0).contains(&saved), "{saved}");
    let text = said(&asked);
    assert!(text.contains("Below it \"free\" has the lower cost, above it \"paid\""), "{text}");
    assert!(text.contains("As it stands (10) \"paid\" has it"), "{text}");
}

#[test]
fn a_map_shows_the_choice_on_either_side_of_a_line_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("out");
    let text = said(&[
        "--vary",
        "strategy.paid.annual_cost",
        "--from",
        "1",
        "--to",
        "100",
        "--vary",
        "costs.downtime_hour",
        "--points",
        "5",
        "-o",
        output.to_str().unwrap(),
    ]);
    assert!(text.contains("across: price of an hour of downtime."), "{text}");
    let table = fs::read_to_string(output.join("map.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let mut cells = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let [annual, price]: [f64; 2] = [2, 5].map(|at| row[at].parse().unwrap());
        // About three hours less downtime: paid pays where 3 x price is above its annual cost.
        let gain = annual / price;
        if !(2.4..=3.1).contains(&gain) {
            assert_eq!(&row[6], if gain < 2.7 { "paid" } else { "free" }, "{row:?}");
        }
        assert_eq!(&row[7], "yes", "{row:?}");
        cells += 1;
    }
    assert_eq!(cells, 25);
    let chart = fs::read_to_string(output.join("charts/map.svg")).unwrap();
    assert!(chart.contains("nearest to the scenario as it stands"));
}

#[test]
fn what_is_wrong_says_what_would_be_right() {
    let refused = |arguments: &[&str]| {
        let done = outlast(arguments);
        assert_eq!(done.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(done.stderr).unwrap()
    };
    let vary = ["--vary", "fault.crash.repair"];
    let with = |more: &[&'static str]| [&vary[..], more].concat();
    assert!(refused(&vary).contains("--between two strategies"));
    let said = refused(&with(&["--strategy", "free", "--keep", "cost"]));
    assert!(said.contains("no tolerance for cost; it has longest_outage_hours"), "{said}");
    let said = refused(&["--vary", "operations.staffed", "--between", "free", "paid"]);
    assert!(said.contains("no number and no duration"), "{said}");
    let said = refused(&with(&["--between", "free", "payed"]));
    assert!(said.contains("did you mean `paid`?"), "{said}");
    let said = refused(&["--vary", "operations.user_reports", "--between", "free", "paid"]);
    assert!(said.contains("give --from and --to"), "{said}");
    let said = refused(&with(&["--between", "free", "paid", "--from", "9h", "--to", "1h"]));
    assert!(said.contains("--from must be below --to"), "{said}");
}
