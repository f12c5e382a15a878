//! Fits of real logs against an independent calculation, and `outlast fit` as a user meets it.

use outlast::internals::distances;
use outlast::{
    Estimate, Family, IncidentLog, Quantity, ReadOptions, Scenario, Variable, variables,
};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The folder of reference data, if it is there: OUTLAST_DATA, or shared/data beside the project.
fn reference_data() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(|p| p.join("shared/data"));
    let folder = std::env::var_os("OUTLAST_DATA").map(PathBuf::from).or_else(beside)?;
    if folder.join("reference_fits.csv").exists() {
        return Some(folder);
    }
    println!("skipped: no reference data in {} (set OUTLAST_DATA)", folder.display());
    None
}

/// A row of the reference table.
struct Reference {
    file: String,
    /// Column and value of the group, if the row is of one.
    group: Option<(String, String)>,
    quantity: Quantity,
    n: usize,
    family: Family,
    parameters: Vec<f64>,
    log_likelihood: f64,
    aic: f64,
    ks: f64,
}

fn references(folder: &Path) -> Vec<Reference> {
    let mut reader = csv::Reader::from_path(folder.join("reference_fits.csv")).unwrap();
    let row = |record: csv::Result<csv::StringRecord>| {
        let record = record.unwrap();
        let (file, rest) = record[0].split_once(' ').unwrap_or((&record[0], ""));
        let group = rest.split_once('=').map(|(by, value)| (by.to_owned(), value.to_owned()));
        let number = |at: usize| record[at].parse::<f64>().ok();
        let family = Family::ALL.into_iter().find(|family| family.name() == &record[3]);
        Reference {
            file: format!("{file}.csv"),
            group,
            quantity: if &record[1] == "duration" { Quantity::Recovery } else { Quantity::Between },
            n: record[2].parse().unwrap(),
            family: family.unwrap(),
            parameters: [4, 5].into_iter().filter_map(number).collect(),
            log_likelihood: number(6).unwrap(),
            aic: number(7).unwrap(),
            ks: number(8).unwrap(),
        }
    };
    reader.records().map(row).collect()
}

fn variable_of(folder: &Path, reference: &Reference) -> Variable {
    let by = reference.group.as_ref().map(|(by, _)| by.clone());
    let options = ReadOptions { by, ..ReadOptions::default() };
    let log = IncidentLog::load(&folder.join(&reference.file), &options).unwrap();
    let wanted = reference.group.as_ref().map(|(_, value)| value.clone());
    let found = variables(&log);
    let fits = |v: &&Variable| v.quantity == reference.quantity && v.group == wanted;
    found.iter().find(fits).unwrap_or_else(|| panic!("{} {wanted:?}", reference.file)).clone()
}

#[test]
fn every_reference_fit_is_met_to_a_millionth() {
    let Some(folder) = reference_data() else { return };
    let references = references(&folder);
    assert_eq!(references.len(), 128);
    for reference in &references {
        let variable = variable_of(&folder, reference);
        let name = format!(
            "{} {:?} {} {}",
            reference.file,
            reference.group,
            reference.quantity.name(),
            reference.family.name()
        );
        assert_eq!(variable.sample.len(), reference.n, "{name}");
        let fit = Estimate::fit(reference.family, &variable.sample).unwrap();
        assert_eq!(fit.values().len(), reference.parameters.len(), "{name}");
        for (found, truth) in fit.values().iter().zip(&reference.parameters) {
            assert!((found / truth - 1.0).abs() < 1e-6, "{name}: {found}, should be {truth}");
        }
        let error = (fit.log_likelihood / reference.log_likelihood - 1.0).abs();
        assert!(error < 1e-6, "{name}: {}", fit.log_likelihood);
        let aic = 2.0 * fit.count() as f64 - 2.0 * fit.log_likelihood;
        assert!((aic / reference.aic - 1.0).abs() < 1e-6, "{name}: {aic}");
        let ks = distances(&variable.sample, &fit.distribution().unwrap()).ks;
        assert!((ks - reference.ks).abs() < 1e-6, "{name}: D {ks}, should be {}", reference.ks);
    }
}

#[test]
fn rows_left_out_of_the_reference_logs_are_the_counted_ones() {
    let Some(folder) = reference_data() else { return };
    for (file, recovery, between) in [
        ("github_incidents.csv", 29, 2),
        ("azure_identity_incidents.csv", 0, 0),
        ("lanl_failures.csv", 0, 106),
    ] {
        let log = IncidentLog::load(&folder.join(file), &ReadOptions::default()).unwrap();
        let found = variables(&log);
        assert_eq!([found[0].left_out.len(), found[1].left_out.len()], [recovery, between]);
        assert!(found.iter().all(|variable| variable.sample.censored().is_empty()), "{file}");
    }
}

// ---- the command line ---------------------------------------------------------------------------

/// Twelve drills, one aborted, one never written down, and what people do to files.
const DRILLS: &str = "\
id;Started;Restored;Cause;Outcome
D1;2026-01-05 09:00;2026-01-05 13:10;disk;done
D2;2026-02-02 09:00;2026-02-02 11:40;disk;done
D3;2026-03-02 09:00;2026-03-02 18:30;\"network;
core\";done
D4;2026-04-06 09:00;2026-04-06 12:05;disk;done
D5;2026-05-04 09:00;2026-05-04 14:00;disk;aborted
D6;2026-06-01 09:00;2026-06-01 08:00;disk;done
D7;2026-07-06 09:00;;disk;done
D8;2026-08-03 09:00;2026-08-03 12:45;power;done
D9;2026-09-07 09:00;2026-09-07 16:20;power;done
D9;2026-09-07 09:00;2026-09-07 16:20;power;done
D10;someday;2026-10-05 16:20;power;done
D11;2026-11-02 09:00;2026-11-02 15:35;power;done
D12;2026-12-07 09:00;2026-12-07 11:20;power;done
";

/// A folder of its own in which the program is started.
struct Place(TempDir);

impl Place {
    fn with(name: &str, text: &str) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        fs::write(place.0.path().join(name), text).unwrap();
        place
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
        command.arg("fit").args(arguments).current_dir(self.0.path()).stdin(Stdio::null());
        command.output().unwrap()
    }

    fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
        assert_eq!(told, "", "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let all: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
        serde_json::from_str(&self.text(&all)).unwrap()
    }

    fn refuses(&self, arguments: &[&str], words: &str) {
        let output = self.run(arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert_eq!(output.stdout, b"", "{arguments:?}");
        assert!(told.starts_with("error: ") && told.contains(words), "{arguments:?}: {told}");
    }
}

#[test]
fn every_row_of_a_messy_log_counts_or_is_accounted_for() {
    let place = Place::with("drills.csv", DRILLS);
    let found = place.json(&["drills.csv"]);
    let recovery = &found["variables"][0];
    assert_eq!(recovery["name"], "recovery");
    assert_eq!(recovery["group"], Value::Null);
    let counts = ["n", "completed", "censored"].map(|key| recovery[key].as_u64().unwrap());
    assert_eq!(counts, [9, 8, 1]);
    assert_eq!(recovery["censored_lines"], serde_json::json!([7]));
    let left_out = serde_json::json!([
        { "line": 8, "why": "the end is before the start" },
        { "line": 9, "why": "no end" },
        { "line": 12, "why": "duplicate of line 11" },
        { "line": 13, "why": "start `someday` is not a time" },
    ]);
    assert_eq!(recovery["left_out"], left_out);
    assert_eq!(found["rows"], 13);
    assert_eq!(found["variables"][1]["name"], "between");
    // Ten starts count: line 8 contradicts itself, 12 and 13 are no starts.
    assert_eq!(found["variables"][1]["n"], 9);
}

#[test]
fn the_contract_of_the_json_holds() {
    let place = Place::with("drills.csv", DRILLS);
    let found = place.json(&["drills.csv", "--bootstrap", "49"]);
    for variable in found["variables"].as_array().unwrap() {
        let fits = variable["fits"].as_array().unwrap();
        assert_eq!(fits.len() + variable["unfit"].as_array().unwrap().len(), 6, "{variable:#}");
        for fit in fits {
            let family = fit["family"].as_str().unwrap();
            let names: &[&str] = match family {
                "exponential" => &["mean"],
                "lognormal" => &["mu", "sigma"],
                "inverse_gaussian" => &["mean", "lambda"],
                _ => &["shape", "scale"],
            };
            let parameters = fit["parameters"].as_object().unwrap();
            assert_eq!(parameters.keys().collect::<Vec<_>>(), names, "{family}");
            for name in names {
                let [low, high] = [0, 1].map(|end| fit["intervals"][*name][end].as_f64());
                let value = parameters[*name].as_f64().unwrap();
                assert!(low.is_none_or(|low| low <= value), "{family} {name}");
                assert!(high.is_none_or(|high| value <= high), "{family} {name}");
            }
            for key in ["log_likelihood", "aic", "aicc", "bic"] {
                assert!(fit[key].is_f64(), "{family} {key}");
            }
            for (test, statistic) in [("ks", "d"), ("ad", "a2")] {
                assert!(fit[test][statistic].as_f64().unwrap() > 0.0, "{family}");
                let p = fit[test]["p"].as_f64().unwrap();
                assert!(p > 0.0 && p <= 1.0, "{family}");
            }
            assert!(fit["flags"].is_array());
        }
        assert!(variable["best"].is_string());
        assert!(variable["words"].as_str().unwrap().len() > 100);
    }
}

#[test]
fn the_line_to_paste_is_a_line_of_a_scenario() {
    let place = Place::with("drills.csv", DRILLS);
    for family in
        ["exponential", "lognormal", "weibull", "gamma", "inverse_gaussian", "loglogistic"]
    {
        let found = place.json(&["drills.csv", "--family", family, "--bootstrap", "0"]);
        let line = |index: usize| found["variables"][index]["toml"].as_str();
        // A family that has no maximum here has no line.
        let (Some(repair), Some(every)) = (line(0), line(1)) else {
            assert_eq!(family, "inverse_gaussian");
            continue;
        };
        assert!(repair.starts_with("repair = {") && every.starts_with("every = {"), "{repair}");
        let text = format!(
            "name = \"Pasted\"\n[[fault]]\nname = \"as logged\"\nstrikes = \"server\"\n\
             {every}\n{repair}\n[[strategy]]\nname = \"Wait\"\n"
        );
        let file = place.0.path().join("pasted.toml");
        fs::write(&file, text).unwrap();
        Scenario::load(&file).unwrap_or_else(|error| panic!("{family}: {error:?}"));
    }
}

#[test]
fn the_text_is_for_people_and_fits_the_terminal() {
    let place = Place::with("drills.csv", DRILLS);
    let text = place.text(&["drills.csv", "--by", "cause"]);
    for words in [
        "drills.csv: 13 rows, read as start = Started, end = Restored",
        "Recovery time, disk",
        "Left out, end before start: 1 row, line 8",
        "Lower bounds: line 7",
        "For the scenario:",
        "too few to choose",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let long = text.lines().find(|line| line.chars().count() > 80 && !line.contains(" = {"));
    assert_eq!(long, None);
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let place = Place::with("drills.csv", DRILLS);
    let with = |threads: &str, seed: &str| {
        place.text(&["drills.csv", "--threads", threads, "--seed", seed, "--bootstrap", "99"])
    };
    let one = with("1", "1");
    assert_eq!(one, with("3", "1"));
    assert_ne!(one, with("1", "2"));
}

#[test]
fn tables_and_charts_go_to_a_folder() {
    let place = Place::with("drills.csv", DRILLS);
    let quick = ["drills.csv", "-o", "out", "--bootstrap", "49"];
    let text = place.text(&quick);
    assert!(text.contains("Written: out/fits.csv, out/left_out.csv, "), "{text}");
    let out = place.0.path().join("out");
    let names = |folder: &str| {
        let entries = fs::read_dir(out.join(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names(""), ["charts", "fits.csv", "left_out.csv", "report.html", "run.json"]);
    for chart in ["distribution-recovery.svg", "quantiles-between.png", "kaplan-meier-recovery.svg"]
    {
        assert!(names("charts").iter().any(|name| name == chart), "{chart}: {:?}", names("charts"));
    }
    let left_out = fs::read_to_string(out.join("left_out.csv")).unwrap();
    assert!(
        left_out.starts_with("line,id,variable,why\n8,D6,recovery,the end is before the start")
    );
    assert!(left_out.contains("7,D5,recovery,lower bound only"), "{left_out}");
    // Again over the old one; and never over a folder that is the user's.
    place.text(&quick);
    fs::create_dir(place.0.path().join("mine")).unwrap();
    fs::write(place.0.path().join("mine/x"), "").unwrap();
    place.refuses(&["drills.csv", "-o", "mine"], "not an earlier output");
}

#[test]
fn what_is_wrong_is_said_with_what_would_be_right() {
    let place = Place::with("drills.csv", DRILLS);
    fs::write(place.0.path().join("empty.csv"), "").unwrap();
    fs::write(place.0.path().join("odd.csv"), "a,b\n1,2\n").unwrap();
    let german =
        "start,end\n11/12/2026 10:00,11/12/2026 11:00\n10/11/2026 08:00,01/12/2026 09:00\n";
    fs::write(place.0.path().join("german.csv"), german).unwrap();
    fs::write(place.0.path().join("zeros.csv"), "hours\n0\n0\n-1\n").unwrap();
    for (arguments, words) in [
        (&["none.csv"][..], "there is no such file"),
        (&["empty.csv"], "the log is empty"),
        (&["odd.csv"], "say which is which with --columns"),
        (&["german.csv"], "`11/12/2026 10:00` (line 2) may have the day or the month first"),
        (&["zeros.csv"], "zero length (2), negative (1)"),
        (&["drills.csv", "--columns", "start=opened"], "the log has no column `opened`"),
        (&["drills.csv", "--columns", "begin=Started"], "--columns"),
        (&["drills.csv", "--durations", "Hours"], "the log has no column `Hours`"),
        (&["drills.csv", "--by", "cuase"], "did you mean"),
        (&["drills.csv", "--family", "lognormale"], "did you mean `lognormal`?"),
        (&["drills.csv", "--date-format", "german"], "--date-format"),
        (&["drills.csv", "--time-zone", "Mars/Olympus"], "--time-zone"),
        (&["drills.csv", "--delimiter", ";;"], "write one character"),
        (&["drills.csv", "--until", "soon"], "--until \"soon\" is not a time"),
        (&["drills.csv", "--confidence", "95"], "for 95 % write 0.95"),
        (&["."], "it is a directory"),
    ] {
        place.refuses(arguments, words);
    }
    place.text(&["german.csv", "--date-format", "day-first"]);
    place.text(&["german.csv", "--date-format", "%d/%m/%Y %H:%M"]);
}

#[test]
fn groups_without_end_are_refused() {
    let rows: String = (1..200).map(|k| format!("{k},{k}\n")).collect();
    let place = Place::with("many.csv", &format!("hours,site\n{rows}"));
    place.refuses(&["many.csv", "--by", "site"], "makes 199 groups");
}

#[test]
fn hostile_logs_neither_fall_nor_hang() {
    let names = "\u{1b}[31mred\u{1b}[0m,<b>&\"\n";
    let huge: String = (0..60).map(|k| format!("{}e300\n", 1.0 + f64::from(k) / 60.0)).collect();
    let tiny: String = (0..60).map(|k| format!("{}e-300\n", 1.0 + f64::from(k) / 60.0)).collect();
    let same = "4\n".repeat(80);
    let apart = "1e-12\n1e12\n".repeat(30);
    let one_tie =
        format!("{}{}", "1\n".repeat(30), (2..40).map(|k| format!("{k}\n")).collect::<String>());
    for (name, text) in [
        ("names", format!("hours,cause\n1,{names}2,{names}3,{names}5,x\n9,x\n")),
        ("huge", format!("hours\n{huge}")),
        ("tiny", format!("hours\n{tiny}")),
        ("same", format!("hours\n{same}")),
        ("apart", format!("hours\n{apart}")),
        ("ties", format!("hours\n{one_tie}")),
        ("one", "hours\n7\n".to_owned()),
        ("two", "hours\n7\n8\n".to_owned()),
        ("bounds", "hours\n> 1\n> 2\n3+\n".to_owned()),
        ("mostly bounds", "hours\n1\n> 2\n> 3\n> 4\n> 5\n> 6\n2.5\n".to_owned()),
    ] {
        let place = Place::with("log.csv", &text);
        let mut arguments = vec!["log.csv", "--bootstrap", "19"];
        // Drawing takes the time, so only the hardest cases are drawn.
        match name {
            "names" => arguments.extend(["--by", "cause", "-o", "out"]),
            "huge" | "mostly bounds" => arguments.extend(["-o", "out"]),
            _ => {}
        }
        let output = place.run(&arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{name}: {told}");
        assert!(!String::from_utf8(output.stdout).unwrap().contains('\u{1b}'), "{name}");
    }
}

#[test]
fn a_backtest_counts_how_often_its_intervals_held() {
    // A log that keeps to its habits: every ten days, give or take, for four hours or so.
    let mut rows = "start,end\n".to_owned();
    for k in 0..80_u64 {
        let (day, hour) = (1 + (10 * k + 3 * (k % 3)) % 28, k % 12);
        let (year, month) = (2018 + (10 * k) / 336, 1 + ((10 * k) / 28) % 12);
        let length = 2 + k % 5;
        rows.push_str(&format!(
            "{year}-{month:02}-{day:02} {hour:02}:00,{year}-{month:02}-{day:02} {:02}:00\n",
            hour + length
        ));
    }
    let place = Place::with("log.csv", &rows);
    let found = place.json(&["log.csv", "--bootstrap", "0", "--backtest", "--origins", "6"]);
    let backtest = &found["backtest"];
    let origins = backtest["origins"].as_array().unwrap();
    assert_eq!(origins.len() as u64 + backtest["skipped"].as_u64().unwrap(), 6);
    for quantity in ["outages", "downtime_hours"] {
        let coverage = backtest["coverage"][quantity].as_array().unwrap();
        let levels: Vec<f64> = coverage.iter().map(|c| c["level"].as_f64().unwrap()).collect();
        assert_eq!(levels, [0.5, 0.8, 0.95]);
        for (place, level) in coverage.iter().enumerate() {
            let held = |origin: &&Value| {
                let forecast = &origin[quantity];
                let interval = &forecast["intervals"][place];
                let [low, high] = ["low", "high"].map(|end| interval[end].as_f64().unwrap());
                (low..=high).contains(&forecast["actual"].as_f64().unwrap())
            };
            assert_eq!(level["inside"], origins.iter().filter(held).count());
            assert_eq!(level["of"], origins.len());
        }
    }
    // Every start of the periods but the last of the log is in one of them.
    let came: f64 = origins.iter().map(|o| o["outages"]["actual"].as_f64().unwrap()).sum();
    let known = origins[0]["known"].as_f64().unwrap();
    assert_eq!(came + known, 79.0);
    let text = place.text(&["log.csv", "--bootstrap", "0", "--backtest"]);
    assert!(text.contains("Backtest\n10 periods of "), "{text}");
    let place = Place::with("hours.csv", "hours\n1\n2\n3\n4\n");
    place.refuses(&["hours.csv", "--backtest"], "a backtest needs a log with the starts");
    place.refuses(&["hours.csv", "--origins", "3"], "--backtest");
}
