//! `outlast compare`: variants over the same worlds, and grids, against truths by hand.

use crate::bench::ONE_OUTAGE;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// One outage of 4 h at a fixed time, for which an hour costs 10; the second strategy has the same
/// outage, and costs 100 a year.
/// Beside `ONE_OUTAGE`.
const STRATEGIES: &str = r#"
[[strategy]]
name = "free"
[[strategy]]
name = "paid"
annual_cost = 100.0
"#;

fn fixed() -> String {
    format!("{ONE_OUTAGE}{STRATEGIES}")
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        place.write("a.toml", &fixed());
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn outlast(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
        command.args(arguments).current_dir(self.folder.path()).output().unwrap()
    }

    fn said(&self, arguments: &[&str]) -> String {
        let done = self.outlast(arguments);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.said(&[arguments, &["--format", "json"]].concat())).unwrap()
    }
}

/// The rows of a table in which all these columns have these values.
fn rows<'a>(table: &'a Value, wanted: &[(&str, &str)]) -> Vec<&'a Value> {
    let has = |row: &&Value| wanted.iter().all(|(column, value)| row[*column] == *value);
    table.as_array().unwrap().iter().filter(has).collect()
}

#[test]
fn two_files_differ_by_what_their_inputs_explain() {
    let place = Place::new();
    place.write("b.toml", &fixed().replace("repair = \"4h\"", "repair = \"7h\""));
    let told = place.json(&["compare", "a.toml", "b.toml", "--trials", "20"]);
    let inputs = told["inputs"].as_array().unwrap();
    let values: Vec<&str> = inputs.iter().map(|row| row["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["\"4h\"", "\"7h\""]);
    assert!(inputs.iter().all(|row| row["path"] == "fault.\"crash\".repair"));
    for strategy in ["free", "paid"] {
        for (metric, mean) in [("downtime_hours", 3.0), ("cost", 30.0)] {
            let found = rows(&told["changes"], &[("strategy", strategy), ("metric", metric)]);
            let [row] = found[..] else { panic!("{found:?}") };
            for column in ["mean_difference", "ci_low", "ci_high"] {
                assert!((row[column].as_f64().unwrap() - mean).abs() < 1e-9, "{row}");
            }
            assert_eq!(row["share_higher"], 1.0);
            assert_eq!(row["variant"], "b");
        }
    }
    let text = place.said(&["compare", "a.toml", "b.toml", "--trials", "20"]);
    // A heading that ends with its unit does not say it twice.
    let units = text.lines().filter(|line| line.trim() == "user-hours").count();
    assert_eq!(units, 1, "{text}");
    assert!(text.contains("The choice is the same in every variant: \"free\"."), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn a_group_of_changes_is_a_variant_and_can_change_the_choice() {
    let place = Place::new();
    let with = "dear: strategy.free.annual_cost=300; costs.downtime_hour=20";
    let told = place.json(&["compare", "a.toml", "--with", with, "--trials", "20"]);
    let choices = rows(&told["choices"], &[]);
    let chosen: Vec<_> = choices.iter().map(|row| (&row["variant"], &row["strategy"])).collect();
    assert_eq!(chosen[0], (&Value::from("a"), &Value::from("free")));
    assert_eq!(chosen[1], (&Value::from("dear"), &Value::from("paid")));
    // 4 h at 20 and 300, less 4 h at 10.
    let cost = rows(&told["changes"], &[("strategy", "free"), ("metric", "cost")]);
    assert!((cost[0]["mean_difference"].as_f64().unwrap() - 340.0).abs() < 1e-9);
    let words = told["words"].to_string();
    assert!(words.contains("costs 200 USD more per year"), "{words}");
}

#[test]
fn a_sweep_is_a_tidy_table_and_says_where_the_choice_changes() {
    let place = Place::new();
    let sweep = "strategy.free.annual_cost=0..200/5";
    let arguments = ["compare", "a.toml", "--sweep", sweep, "--trials", "20"];
    let told = place.json(&arguments);
    let cost = rows(&told["sweep"], &[("strategy", "free"), ("metric", "cost")]);
    let told_of = |column: &str| -> Vec<f64> {
        cost.iter().map(|row| row[column].as_f64().unwrap()).collect()
    };
    assert_eq!(told_of("mean"), [40.0, 90.0, 140.0, 190.0, 240.0]);
    assert_eq!(told_of("difference"), [0.0, 50.0, 100.0, 150.0, 200.0]);
    let values: Vec<&str> = cost.iter().map(|row| row["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["0", "50", "100", "150", "200"]);
    // At 100 both cost the same, which nothing decides.
    let state: Vec<_> = cost.iter().map(|row| (&row["chosen"], &row["settled"])).collect();
    let [yes, no] = ["yes", "no"].map(Value::from);
    assert_eq!(state[1], (&yes, &yes));
    assert_eq!(state[2].1, &no);
    assert_eq!(state[3], (&no, &yes));
    let text = place.said(&arguments);
    let says = "\"free\" at 0 to 100; \"paid\" at 150 to 200.";
    assert!(text.replace('\n', " ").contains(says), "{text}");
}

#[test]
fn a_grid_of_two_inputs_has_every_pair_and_a_map() {
    let place = Place::new();
    let output = place.path("out");
    let said = place.said(&[
        "compare",
        "a.toml",
        "--sweep",
        "strategy.free.annual_cost=0,300",
        "--sweep",
        "fault.crash.repair=1h..3h/3",
        "--trials",
        "20",
        "-o",
        output.to_str().unwrap(),
    ]);
    assert!(said.contains("across: \"crash\": repair."), "{said}");
    let table = fs::read_to_string(output.join("sweep.csv")).unwrap();
    let downtime: Vec<&str> =
        table.lines().filter(|line| line.contains(",free,downtime_hours,")).collect();
    assert_eq!(downtime.len(), 6);
    assert!(downtime[5].starts_with(
        "strategy.free.annual_cost,300,fault.crash.repair,3h,free,downtime_hours,h,20,3,"
    ));
    let chart = fs::read_to_string(output.join("charts/sweep.svg")).unwrap();
    assert!(chart.contains("annual cost 300: paid"));
    assert!(chart.contains("annual cost 0: free"));
}

#[test]
fn files_are_the_same_bits_for_any_threads() {
    let place = Place::new();
    let read = |folder: &Path| {
        let names = ["changes.csv", "variants.csv", "verdicts.csv", "inputs.csv", "choices.csv"];
        names.map(|name| fs::read_to_string(folder.join(name)).unwrap())
    };
    let [one, two, seven] = ["1", "2", "7"].map(|threads| {
        let output = place.path(&format!("out{threads}"));
        let with = "operations.staffed=24x7";
        place.said(&[
            "compare",
            "--with",
            with,
            "--trials",
            "600",
            "--threads",
            threads,
            "-o",
            output.to_str().unwrap(),
        ]);
        read(&output)
    });
    assert!(one == two && one == seven);
}

#[test]
fn what_is_wrong_is_pointed_at() {
    let place = Place::new();
    let refused = |arguments: &[&str]| {
        let done = place.outlast(&[&["compare", "a.toml"], arguments].concat());
        assert_eq!(done.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(done.stderr).unwrap()
    };
    assert!(refused(&[]).contains("--with or --sweep"));
    let said = refused(&["--with", "operations.stafed=24x7"]);
    assert!(said.contains("did you mean `operations.staffed`?"), "{said}");
    assert!(said.contains("--with operations.stafed=24x7") && said.contains("1 error in --with"));
    let said = refused(&["--sweep", "operations.decision=5m..office/3"]);
    assert!(said.contains("5m..office/3") && said.contains("^^^"), "{said}");
    let said = refused(&["--sweep", "operations.decision=5m,often"]);
    assert!(said.contains("--sweep operations.decision=often"), "{said}");
    let said = refused(&["--with", "x: "]);
    assert!(said.contains("changes nothing"), "{said}");
    let said = refused(&["--with", "n: operations.staffed=24x7", "--with", "n: horizon=1d"]);
    assert!(said.contains("two variants are named \"n\""), "{said}");
}

/// The second strategy rebuilds the server in two hours, long before the repair.
const TWO: &str = r#"
name = "Two"
horizon = "1000h"
[operations]
staffed = "24x7"
detection = "1h"
call_out = "0s"
decision = "0s"
repair_first = "0s"
[[fault]]
name = "crash"
strikes = "server"
at = ["100h", "500h"]
repair = "20h"
[[strategy]]
name = "wait"
[[strategy]]
name = "rebuild"
[strategy.rebuild]
spare = "server"
install = "2h"
switch_on = "0s"
"#;

#[test]
fn what_waits_for_a_person_is_told_once() {
    // One person. The host is mended from 100 to 105, the database from then to 108, and the account,
    // which fails at 101, to 111.
    let fault = |kind: &str, at: &str, repair: &str| {
        format!(
            "[[fault]]\nname = \"{kind}\"\nstrikes = \"{kind}\"\nat = [\"{at}\"]\nrepair = \"{repair}\"\n"
        )
    };
    let faults = [
        fault("host", "100h", "5h"),
        fault("database", "100h", "3h"),
        fault("engine", "101h", "3h"),
    ]
    .concat();
    let place = Place::new();
    place.write(
        "one.toml",
        &format!(
            "name = \"One\"\nhorizon = \"1000h\"\n[operations]\npeople = 1\nstaffed = \"24x7\"\n\
             detection = \"0s\"\ncall_out = \"0s\"\ndecision = \"0s\"\nrepair_first = \"0s\"\n\
             user_reports = 0\nlast_resort = \"never\"\n{faults}[[strategy]]\nname = \"repair\"\n"
        ),
    );
    let text = place.said(&["trace", "one.toml", "--strategy", "repair"]);
    for waits in ["database: the repair waits", "engine: the repair waits"] {
        assert_eq!(text.matches(waits).count(), 1, "{waits}: {text}");
    }
    assert!(!text.contains("host: the repair waits"), "{text}");
}

#[test]
fn a_trial_of_two_strategies_is_told_side_by_side() {
    let place = Place::new();
    place.write("two.toml", TWO);
    let both = ["trace", "two.toml", "--strategy", "wait", "--strategy", "rebuild"];
    let text = place.said(&both);
    assert!(text.contains("  A  wait\n  B  rebuild\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let count = |whose: &str, what: &str| {
        text.lines().filter(|line| line.contains(whose) && line.contains(what)).count()
    };
    assert_eq!((count("A B", "\"crash\" strikes"), count("A B", "raises the alarm")), (2, 2));
    assert_eq!(
        (count("  A    ", "service restored"), count("    B  ", "service restored")),
        (2, 2)
    );
    let downtime = text.lines().find(|line| line.contains("downtime_hours")).unwrap();
    let figures: Vec<&str> = downtime.split_whitespace().collect();
    let [_, a, b, less, ..] = figures[..] else { panic!("{downtime}") };
    let [a, b, less] = [a, b, less].map(|figure| figure.parse::<f64>().unwrap());
    assert!((b - a - less).abs() < 0.01 && a > 40.0 && b < 10.0, "{downtime}");
    let csv = place.said(&[&both[..], &["--format", "csv"]].concat());
    assert!(csv.starts_with("told_by,hours,when,"));
    assert_eq!(csv.lines().filter(|line| line.starts_with("both,100,")).count(), 2);
    let json = place.json(&both);
    let events = json["strategies"][1]["events"].as_array().unwrap().len();
    let told = rows(&json["events"], &[("told_by", "both")]).len()
        + rows(&json["events"], &[("told_by", "rebuild")]).len();
    assert_eq!(events, told);
}

#[test]
fn the_worst_trial_is_found_by_every_criterion() {
    let place = Place::new();
    let random = TWO
        .replace("at = [\"100h\", \"500h\"]", "every = \"300h\"")
        .replace("repair = \"20h\"", "repair = { exponential = { mean = \"20h\" } }");
    place.write("random.toml", &random);
    let story =
        |worst: &str| place.json(&["trace", "random.toml", "--strategy", "wait", "--worst", worst]);
    let of_all = place.json(&["run", "random.toml", "-o", "out"]);
    let longest =
        rows(&of_all["summary"], &[("strategy", "wait"), ("metric", "longest_outage_hours")]);
    let told = story("restore_hours");
    let outages = told["outages"].as_array().unwrap();
    let worst = outages.iter().map(|one| one["restore_hours"].as_f64().unwrap());
    assert_eq!(worst.fold(0.0, f64::max), longest[0]["max"].as_f64().unwrap());
    let told = story("downtime_hours");
    let most = rows(&of_all["summary"], &[("strategy", "wait"), ("metric", "downtime_hours")]);
    assert_eq!(told["metrics"]["downtime_hours"], most[0]["max"]);
    let wrong = ["trace", "random.toml", "--strategy", "wait", "--worst", "restore_hour"];
    let done = place.outlast(&wrong);
    assert!(String::from_utf8_lossy(&done.stderr).contains("did you mean `restore_hours`?"));
    let twice = ["trace", "random.toml", "--strategy", "wait", "--strategy", "wait"];
    assert_eq!(place.outlast(&twice).status.code(), Some(2));
}
