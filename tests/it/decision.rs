//! From numbers to a decision, as a user meets it: the recommendation, the tables behind it, runs
//! that end when they know enough, and the page to hand over.

use crate::bench::AT_ONCE;
use outlast::Metric;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Three strategies, prices and two tolerances.
const OFFICE: &str = r#"name = "Office"
[organisation]
users = 1_000
[operations]
detection = "2h to 4h"
last_resort = "never"
repair_first = "0s"
[[fault]]
name = "server crash"
strikes = "server"
every = { exponential = { mean = "60d" } }
repair = { lognormal = { median = "4h", p95 = "14h" } }
[[strategy]]
name = "Wait"
[[strategy]]
name = "Standby"
annual_cost = 100.0
[strategy.staging]
promote = "20m"
[[strategy]]
name = "<b>Gold</b>"
annual_cost = 90_000.0
[strategy.staging]
promote = "10m"
[costs]
currency = "EUR"
[tolerance]
restore_hours = { limit = 8.0, confidence = 0.9 }
stale_user_hours = { limit = 2_000.0 }
"#;

struct Place(TempDir);

impl Place {
    fn with(text: &str) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        fs::write(place.path().join("office.toml"), text).unwrap();
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn outlast(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
        command.args(arguments).current_dir(self.path()).output().unwrap()
    }

    fn said(&self, arguments: &[&str]) -> String {
        let run = self.outlast(arguments);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.said(arguments)).unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let run = self.outlast(arguments);
        assert_eq!(run.status.code(), Some(2), "{arguments:?}");
        assert!(!self.path().join("output").exists(), "{arguments:?}");
        String::from_utf8(run.stderr).unwrap()
    }
}

/// Words without line ends and hard spaces, to look for sentences in.
fn flat(text: &str) -> String {
    text.replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_answer_recommends_and_says_why() {
    let place = Place::with(OFFICE);
    let said = place.said(&["run", "office.toml", "-n", "2000"]);
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    let said = flat(&said);
    for words in [
        "Choose \"Standby\": the cheapest strategy that meets every tolerance, by spending and \
         priced harm together (",
        "more trials would ",
        " 100 for annual cost) and ",
        "of priced harm (",
        "Its p95 is ",
        ", the mean of the worst 5 % of years ",
        "It keeps restore time within 8 h in ",
        "The next cheapest that meets every tolerance is \"<b>Gold</b>\". It costs ",
        "a year more. If \"Standby\" cost that much more than assumed, the choice would change.",
        "The deciding tolerance is restore time: the limit is 8 h, ",
        "of its outages come from \"server crash\".",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn scripts_get_the_same() {
    let place = Place::with(OFFICE);
    let json = place.json(&["run", "office.toml", "-n", "2000", "--format", "json"]);
    let recommendation = &json["recommendation"];
    assert_eq!(recommendation["strategy"], "Standby");
    assert!(recommendation["probability"].as_f64().unwrap() > 0.9);
    assert!(recommendation["reason"].as_str().unwrap().starts_with("Choose \"Standby\""));
    assert_eq!(json["tolerance"].as_array().unwrap().len(), 6);
    assert_eq!(json["tolerance"][1]["criterion"], "restore_hours");
    assert_eq!(json["tolerance"][1]["verdict"], "missed");
    // Three pairs.
    assert_eq!(
        json["comparison"].as_array().unwrap().len(),
        3 * Metric::available(true, false).count()
    );
    for file in json["files"].as_array().unwrap() {
        assert!(place.path().join(file.as_str().unwrap()).is_file(), "{file}");
    }
}

#[test]
fn the_tables_hold_what_the_answer_says() {
    let place = Place::with(OFFICE);
    place.said(&["run", "office.toml", "-n", "1000", "--quiet"]);
    let header = |name: &str| {
        place.read(&format!("output/office/{name}")).lines().next().unwrap().to_owned()
    };
    assert_eq!(
        header("comparison.csv"),
        "metric,strategy_a,strategy_b,mean_difference,ci_low,ci_high,share_a_lower,share_b_lower"
    );
    assert_eq!(
        header("tolerance.csv"),
        "strategy,criterion,limit,confidence,probability_within,ci_low,ci_high,verdict"
    );
    assert_eq!(
        header("cost.csv"),
        "strategy,part,unit,mean,ci_low,ci_high,share,p50,p95,p99,tail_mean,tail_low,tail_high,spending,harm"
    );
    let cost = place.read("output/office/cost.csv");
    let standby: Vec<Vec<&str>> = cost
        .lines()
        .filter(|line| line.starts_with("Standby,"))
        .map(|line| line.split(',').collect())
        .collect();
    let mean = |row: &[&str]| row[3].parse::<f64>().unwrap();
    let parts: f64 = standby[1..].iter().map(|row| mean(row)).sum();
    assert!((parts / mean(&standby[0]) - 1.0).abs() < 1e-12, "{standby:?}");
    assert_eq!((standby[1][1], mean(&standby[1])), ("annual cost", 100.0));
    // What is spent is the annual cost and the labour; each row is spending and harm together.
    let figure = |row: &[&str], at: usize| row[at].parse::<f64>().unwrap();
    let of = |part: &str| standby.iter().find(|row| row[1] == part).unwrap();
    let spent = figure(of("total"), 13);
    assert!((spent - 100.0 - mean(of("labour"))).abs() < 1e-9, "{standby:?}");
    assert_eq!((figure(of("labour"), 13), figure(of("labour"), 14)), (mean(of("labour")), 0.0));
    assert_eq!(figure(of("lost resets"), 13), 0.0);
    for row in &standby {
        assert!((figure(row, 13) + figure(row, 14) - mean(row)).abs() < 1e-9, "{row:?}");
    }
    for look in ["charts", "charts/dark"] {
        for ending in ["svg", "png"] {
            let file = format!("output/office/{look}/cost-against-risk.{ending}");
            assert!(place.path().join(&file).is_file(), "{file}");
        }
    }
    let page = place.read("output/office/report.html");
    assert!(page.contains("&lt;b&gt;Gold&lt;/b&gt;") && !page.contains("<b>Gold</b>"));
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
}

#[test]
fn a_run_plays_until_an_interval_is_narrow_enough() {
    let place = Place::with(OFFICE);
    let asked = ["run", "office.toml", "--precision", "4%", "--metric", "downtime_hours"];
    let said = flat(&place.said(&asked));
    let words = "the mean of downtime is known to ±";
    assert!(said.contains(words) && said.contains("±4 % was requested"), "{said}");
    let summary = place.read("output/office/summary.csv");
    let rows = summary.lines().filter(|line| line.contains(",downtime_hours,"));
    for row in rows {
        let fields: Vec<f64> =
            row.split(',').skip(3).map(|field| field.parse().unwrap_or(f64::NAN)).collect();
        let (trials, mean, low, high) = (fields[0], fields[1], fields[2], fields[3]);
        assert!(trials >= 1000.0 && (high - low) / 2.0 <= 0.04 * mean, "{row}");
    }
    let few = place.said(&[
        "run",
        "office.toml",
        "--precision",
        "0.1%",
        "--quantile",
        "p99",
        "--strategy",
        "Standby",
        "--max-trials",
        "3000",
    ]);
    let few = flat(&few);
    assert!(few.contains("Stopped at the limit of 3,000 trials: the p99"), "{few}");
    assert!(few.contains("trials would be enough"), "{few}");
}

#[test]
fn a_run_plays_until_the_choice_is_settled() {
    let place = Place::with(OFFICE);
    let said = flat(&place.said(&["run", "office.toml", "--until-decided"]));
    assert!(said.contains("the choice is settled"), "{said}");
    assert!(said.contains("Choose \"Standby\""), "{said}");
}

#[test]
fn goals_that_make_no_sense_are_refused_before_anything_is_written() {
    let place = Place::with(OFFICE);
    for (arguments, words) in [
        (vec!["--precision", "5"], "such as 1%"),
        (vec!["--precision", "5%", "--trials", "100"], "cannot be used with"),
        (vec!["--precision", "5%", "--metric", "downtime"], "did you mean `downtime_hours`?"),
        (vec!["--precision", "5%", "--strategy", "Standbi"], "did you mean `Standby`?"),
        (vec!["--until-decided", "--precision", "5%"], "cannot be used with"),
    ] {
        let said = place.refused(&[vec!["run", "office.toml"], arguments].concat());
        assert!(said.contains(words), "{words} in {said}");
    }
    let free = Place::with(OFFICE.split("[costs]").next().unwrap());
    let said = free.refused(&["run", "office.toml", "--precision", "5%", "--metric", "cost"]);
    assert!(said.contains("add a [costs] table"), "{said}");
}

/// What is said to change the choice is set as its command says, and played: the choice changes, to the
/// strategy that was named.
#[test]
fn each_change_that_is_said_to_move_the_choice_does() {
    let place = Place::with(OFFICE);
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/small-office.toml");
    for (file, least) in [("office.toml", 1), (small, 3)] {
        let answer = place.json(&["run", file, "-n", "4000", "--format", "json"]);
        let own = &answer["recommendation"]["strategy"];
        let flips = answer["robustness"]["flips"].as_array().unwrap();
        assert!(flips.len() >= least, "{flips:?}");
        for flip in flips {
            let mut command = vec!["run", file, "--no-robustness", "--format", "json"];
            for option in flip["set"].as_array().unwrap() {
                command.extend(["--set", option.as_str().unwrap()]);
            }
            let then = &place.json(&command)["recommendation"]["strategy"];
            assert_ne!(then, own, "{flip}");
            if flip["open"] == false {
                assert_eq!(*then, flip["to"], "{flip}");
            }
        }
    }
}

#[test]
fn without_a_tolerance_the_front_is_shown() {
    let free = Place::with(OFFICE.split("[tolerance]").next().unwrap());
    let json = free.json(&["run", "office.toml", "-n", "500", "--format", "json"]);
    assert!(json["recommendation"]["strategy"].is_null());
    let front = json["recommendation"]["front"].as_array().unwrap();
    assert!(front.len() >= 2 && front[0] == "Wait", "{front:?}");
    let reason = json["recommendation"]["reason"].as_str().unwrap();
    assert!(reason.starts_with("No tolerance is set. Pareto-optimal"), "{reason}");
}

#[test]
fn nothing_is_said_to_spend_least_where_nothing_has_a_price() {
    let plain = OFFICE.split("[costs]").next().unwrap();
    let free = plain.replace("annual_cost = 100.0", "").replace("annual_cost = 90_000.0", "");
    let reason = |text: &str| {
        let json = Place::with(text).json(&["run", "office.toml", "-n", "300", "--format", "json"]);
        json["recommendation"]["reason"].as_str().unwrap().to_owned()
    };
    let lowest = "No tolerance is set, and nothing has a price; \"<b>Gold</b>\" has the lowest risk, \
                  whatever it costs.";
    assert_eq!(reason(&free), lowest);
    let only = free.split("[[strategy]]\nname = \"Standby\"").next().unwrap();
    let one = "No tolerance is set, and \"Wait\" is the only strategy: nothing to choose.";
    assert_eq!(reason(only), one);
    // Each meets the tolerance, and none costs more than another.
    let said = reason(&format!("{free}[tolerance]\noutages = {{ limit = 1_000.0 }}\n"));
    assert!(said.starts_with("Choose \"Wait\": it meets every tolerance ("), "{said}");
    assert!(
        said.ends_with("Nothing has a price, so it is the first that does, and not the cheapest.")
    );
    let said = reason(&format!("{plain}[tolerance]\noutages = {{ limit = 1_000.0 }}\n"));
    assert!(
        said.contains("the cheapest strategy that meets every tolerance, by annual cost"),
        "{said}"
    );
}

#[test]
fn the_table_shows_what_tolerances_limit_and_who_misses_them() {
    let place = Place::with(&OFFICE.replace("stale_user_hours =", "peak_stale_users ="));
    let said = place.said(&["run", "office.toml", "-n", "2000", "--no-robustness"]);
    let heading: Vec<&str> = said.lines().skip(2).take(4).collect();
    assert!(heading[0].contains("Peak stale") && heading[0].contains("Restore"), "{said}");
    assert!(heading[2].contains("p95") && heading[2].contains("p90"), "{said}");
    let row = |name: &str| said.lines().find(|line| line.starts_with(name)).unwrap();
    assert!(row("Wait").contains(" x ") && !row("Standby").contains(" x"), "{said}");
    let said = flat(&said);
    assert!(
        said.contains("95 % of years stay within p95 (of restore time: 90 % of outages)."),
        "{said}"
    );
    assert!(said.contains("x: misses its tolerance."), "{said}");
    // Of those that miss or may miss one, few are named.
    let place = Place::with(
        &OFFICE
            .replace("[costs]\ncurrency = \"EUR\"\n", "")
            .replace("limit = 2_000.0", "limit = 0.0"),
    );
    let said = flat(&place.said(&["run", "office.toml", "-n", "2000", "--no-robustness"]));
    assert!(
        said.contains("2 of 3 strategies keep restore time within 8 h; \"Wait\" does not."),
        "{said}"
    );
    assert!(said.contains("No strategy keeps stale user-hours within 0."), "{said}");
}

#[test]
fn where_nothing_strikes_nobody_is_said_to_come_closest() {
    let never = OFFICE.replace("every = { exponential = { mean = \"60d\" } }", "at = [\"9000h\"]");
    let place = Place::with(never.split("stale_user_hours = {").next().unwrap());
    let said = flat(&place.said(&["run", "office.toml", "-n", "50"]));
    assert!(
        said.contains("Undecided after 50 trials: more are needed to tell which strategy"),
        "{said}"
    );
    assert!(!said.contains("closest") && !said.contains("unknown"), "{said}");
    assert!(said.contains("It may be \"Wait\", \"Standby\" or \"<b>Gold</b>\"."), "{said}");
}

#[test]
fn theory_stands_beside_the_estimate_where_it_knows_the_answer() {
    let text = format!(
        r#"name = "known"
horizon = "1000h"
{AT_ONCE}
[[fault]]
name = "cut"
strikes = "link"
common_mode = 0.0
every = {{ exponential = {{ mean = "100h" }} }}
repair = {{ exponential = {{ mean = "10h" }} }}
[[fault]]
name = "crash"
strikes = "server"
every = {{ exponential = {{ mean = "300h" }} }}
repair = {{ exponential = {{ mean = "2h" }} }}
[[strategy]]
name = "repair"
"#
    );
    let place = Place::with(&text);
    let json = place.json(&["run", "office.toml", "-n", "20000", "--format", "json"]);
    let forms = json["closed_forms"].as_array().unwrap();
    assert_eq!(forms.len(), 2);
    for form in forms {
        assert!(form["standard_errors"].as_f64().unwrap().abs() < 4.0, "{form}");
        let (truth, estimate) =
            (form["truth"].as_f64().unwrap(), form["estimate"].as_f64().unwrap());
        assert!(truth > 0.0 && (estimate / truth - 1.0).abs() < 0.05, "{form}");
    }
    assert!(place.read("output/office/report.html").contains("Closed forms beside the estimates"));
    let fixed =
        text.replace("every = { exponential = { mean = \"100h\" } }", "at = [\"10h\", \"15h\"]");
    let fixed = fixed.replace("repair = { exponential = { mean = \"10h\" } }", "repair = \"10h\"");
    let fixed = fixed.split("[[fault]]\nname = \"crash\"").next().unwrap().to_owned()
        + "[[strategy]]\nname = \"repair\"\n";
    let place = Place::with(&fixed);
    let said = flat(&place.said(&["run", "office.toml", "-n", "10"]));
    let words = "the mean of downtime of \"repair\" is 15.000; the trials give 15.000";
    assert!(said.contains(words) && said.contains("(nothing varies)"), "{said}");
    // Theory is silent where another site's strikes take this one, where repairs wait for people,
    // and where the strategy has a channel of its own.
    let shared = text.replace("common_mode = 0.0", "common_mode = 0.5");
    let waiting = fixed
        .replace("strikes = \"link\"", "strikes = \"server\"")
        .replace("[\"10h\", \"15h\"]", "[\"10h\", \"15h\", \"16h\"]")
        .replace("people = \"unlimited\"", "people = 2");
    let watched = format!("{fixed}[[strategy.watch]]\nname = \"script\"\nafter = \"1h\"\n");
    for text in [shared, waiting, watched] {
        let place = Place::with(&text);
        let json = place.json(&["run", "office.toml", "-n", "10", "--format", "json"]);
        assert_eq!(json["closed_forms"].as_array().map_or(0, Vec::len), 0, "{text}");
    }
}

#[test]
fn weights_in_trials_csv_give_the_mean_of_the_summary() {
    let text = OFFICE.replace(
        "[[strategy]]\nname = \"Wait\"",
        "[[fault]]\nname = \"lost\"\nstrikes = \"site\"\ncommon_mode = 0.0\nevery = { exponential = { mean = \
         \"18250d\" } }\nrepair = \"30d\"\n[[strategy]]\nname = \"Wait\"",
    );
    let place = Place::with(&text);
    let said = flat(&place.said(&["run", "office.toml", "-n", "400", "--raw"]));
    assert!(said.contains("Rare but grave: \"lost\" strikes in 2 % of years"), "{said}");
    let trials = place.read("output/office/trials.csv");
    let header: Vec<&str> = trials.lines().next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let (stale, weight) = (at("stale_user_hours"), at("weight"));
    let (mut sum, mut weights) = (0.0, 0.0);
    for line in trials.lines().skip(1).filter(|line| line.contains(",Wait,")) {
        let fields: Vec<&str> = line.split(',').collect();
        let w: f64 = fields[weight].parse().unwrap();
        sum += w * fields[stale].parse::<f64>().unwrap();
        weights += w;
    }
    assert!((weights - 400.0).abs() < 1e-9, "{weights}");
    let summary = place.read("output/office/summary.csv");
    let row = summary.lines().find(|line| line.starts_with("Wait,stale_user_hours,")).unwrap();
    let mean: f64 = row.split(',').nth(4).unwrap().parse().unwrap();
    assert!((sum / 400.0 / mean - 1.0).abs() < 1e-12, "{} and {mean}", sum / 400.0);
    // Plainly drawn, each counts once.
    place.said(&["run", "office.toml", "-n", "40", "--raw", "--plain"]);
    let trials = place.read("output/office/trials.csv");
    assert!(trials.lines().skip(1).all(|line| line.ends_with(",1")));
}

#[test]
fn every_default_of_a_scenario_has_a_source_on_the_page() {
    let text = "name = \"x\"\n[[strategy]]\nname = \"a\"\n[strategy.staging]\n\
                [strategy.virtual_machine]\n[strategy.sql_high_availability]\n\
                [strategy.rebuild]\n[costs]\n[[fault]]\nname = \"f\"\nstrikes = \"link\"\n\
                every = \"300d\"\nrepair = \"1h\"\n";
    let scenario = crate::bench::scenario(text);
    let sources = outlast::internals::Sources::read();
    let defaults = scenario.assumptions.iter().filter(|known| known.is_default);
    let without: Vec<&str> = defaults
        .filter(|known| sources.source(&known.key).is_none())
        .map(|known| &*known.key)
        .collect();
    assert!(without.is_empty(), "{without:?}");
    let told = sources.source(r#"watch."Connect Health".after"#).unwrap();
    assert!(told.contains("health-fresh"), "{told}");
}
