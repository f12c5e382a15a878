//! A scenario held against a log: what is assumed, what takes its place, and what that changes.

use outlast::internals::{AssumedFailures, Evidence, Rate, Span, assumed};
use outlast::{Design, Distribution, Kind, Metric, Scenario, Spec, Trials, study};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

/// Two faults of one kind, one of another, and the delays of people.
const SCENARIO: &str = r#"
name = "Office"
[operations]
detection = "1h"
call_out = "30m"
decision = "0s"
[[fault]]
name = "crash"
strikes = "server"
every = { exponential = { mean = "1000h" } }
repair = "2h"
[[fault]]
name = "bad patch"
strikes = "server"
every = { exponential = { mean = "3000h" } }
repair = "8h"
[[fault]]
name = "link lost"
strikes = "link"
every = { exponential = { mean = "2000h" } }
repair = { exponential = { mean = "3h" } }
[[strategy]]
name = "In place"
[[strategy]]
name = "Standby"
annual_cost = 5000.0
[strategy.staging]
site = "other"
promote = "15m"
verify = false
success = 1.0
fenced = 1.0
[tolerance]
restore_hours = { limit = 10.0, confidence = 0.9 }
"#;

fn spec() -> Spec {
    Spec::parse(SCENARIO, Path::new(""), "x")
}

/// What the scenario assumes.
fn assumed_of(kind: Kind, span: Span) -> Option<AssumedFailures> {
    assumed(&spec(), &spec().compile().unwrap().world, kind, span).unwrap()
}

#[test]
fn the_faults_of_a_kind_are_mixed_by_their_strikes() {
    let server = assumed_of(Kind::Server, Span::Repair).unwrap();
    let distribution = server.recovery.unwrap();
    // Three strikes in four are crashes.
    assert!((distribution.cdf(2.0) - 0.75).abs() < 1e-12 && distribution.cdf(8.0) == 1.0);
    assert!((server.per_year - (8.76 + 2.92)).abs() < 1e-9);
    assert_eq!((server.never, server.is_fixed), (0.0, false));
    assert!(assumed_of(Kind::Cloud, Span::Repair).is_none());
}

#[test]
fn an_outage_holds_people_s_delays_as_the_engine_plays_them() {
    let server = assumed_of(Kind::Server, Span::Outage).unwrap();
    let distribution = server.recovery.unwrap();
    // Alarm and call-out take an hour and a half, day and night.
    assert!((distribution.cdf(3.5 + 1e-9) - 0.75).abs() < 1e-3, "{}", distribution.cdf(3.5));
    assert!(
        (distribution.quantile(0.0) - 3.5).abs() < 1e-9
            && (distribution.quantile(1.0) - 9.5).abs() < 1e-9
    );
    // A provider needs nobody of ours: its distribution itself, not a sample of it.
    let link = assumed_of(Kind::Link, Span::Outage).unwrap();
    assert_eq!(link.recovery.unwrap(), Distribution::exponential(3.0).unwrap());
}

#[test]
fn a_rate_takes_the_place_of_another_with_what_the_log_leaves_open() {
    // 20 incidents in 10,000 h and half an incident of the prior: gamma of shape 20.5 and mean
    // 20.5 / 10,000, whatever was assumed.
    let mut spec = spec();
    let assumed = spec.compile().unwrap().world;
    let incidents = Some((20, 10_000.0));
    let recovery = Some(Distribution::constant_of(1e-6));
    let evidence = Evidence { recovery, incidents, uncertainty: true };
    evidence.set(&mut spec, &assumed, Kind::Server, Span::Outage).unwrap();
    let mut scenario = spec.compile().unwrap();
    scenario.world.faults.truncate(2);
    let n = 20_000;
    let trials = Trials { seed: 5, range: 0..n, threads: 2, design: Design::Plain };
    let found = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
    let row = found.summary.strategies[0].row(Metric::Outages).unwrap();
    let mean = 8760.0 * 20.5 / 10_000.0;
    // A Poisson count of a gamma mean: negative binomial.
    let variance = mean + mean * mean / 20.5;
    let z = (row.mean - mean) / (variance / n as f64).sqrt();
    assert!(z.abs() < 4.0, "{z}");
    let sd = row.sd.unwrap();
    // Kurtosis of a negative binomial: 3 + 6/r + 1/variance.
    let spread = ((2.0 + 6.0 / 20.5 + 1.0 / variance) / n as f64).sqrt();
    let z = (sd * sd / variance - 1.0) / spread;
    assert!(z.abs() < 4.0, "{z}");
}

#[test]
fn strikes_at_fixed_times_are_no_part_of_a_rate() {
    let text = "name = \"x\"\nhorizon = \"365d\"\nstart = \"2029-01-01\"\n[[fault]]\nname = \"often\"\n\
                strikes = \"engine\"\nevery = { exponential = { mean = \"36.5d\" } }\nrepair = \"1h\"\n\
                [[fault]]\nname = \"cut\"\nstrikes = \"engine\"\nat = [\"2029-04-07\"]\nprobability = 0.5\n\
                repair = \"1h\"\n[[strategy]]\nname = \"a\"\n";
    let spec = Spec::parse(text, Path::new(""), "x");
    let world = spec.clone().compile().unwrap().world;
    let engine = assumed(&spec, &world, Kind::Engine, Span::Repair).unwrap().unwrap();
    assert!((engine.per_year - 10.0).abs() < 1e-9, "{}", engine.per_year);
    assert_eq!((engine.is_fixed, &engine.dated[..]), (false, &["cut".to_owned()][..]));
    // 20 in a year and a half: half an incident more, and the date stays.
    let mut changed = spec.clone();
    let hours = 1.5 * 365.0 * 24.0;
    let evidence = Evidence { recovery: None, incidents: Some((20, hours)), uncertainty: false };
    evidence.set(&mut changed, &world, Kind::Engine, Span::Repair).unwrap();
    let faults = changed.compile().unwrap().world.faults;
    let up = faults[0].onsets.every.as_ref().unwrap().mean();
    assert!((up - hours / 20.5).abs() < 1e-6, "{up}");
    assert_eq!((faults[1].onsets.fixed.len(), faults[1].onsets.probability), (1, 0.5));
}

#[test]
fn a_kind_that_the_scenario_leaves_out_gets_a_fault() {
    // Another fault may have the name that it would get.
    let text = SCENARIO.replace("bad patch", "logged, database");
    let mut spec = Spec::parse(&text, Path::new(""), "x");
    let assumed = spec.compile().unwrap().world;
    let evidence = Evidence {
        recovery: Some(Distribution::constant_of(5.0)),
        incidents: Some((12, 8760.0)),
        uncertainty: false,
    };
    evidence.set(&mut spec, &assumed, Kind::Database, Span::Outage).unwrap();
    let scenario = spec.compile().unwrap();
    let added = scenario.world.faults.last().unwrap();
    assert_eq!((added.strikes, added.repair_is_outage), (Kind::Database, true));
    assert_eq!(added.name, "logged, database, too");
    assert!((added.onsets.expected_within(8760.0) - 12.0).abs() < 0.5);
    // Without incidents nothing changes.
    let before = scenario.world.faults.len();
    let nothing = Evidence { recovery: None, incidents: Some((0, 8760.0)), uncertainty: true };
    nothing.set(&mut spec, &assumed, Kind::Host, Span::Outage).unwrap();
    nothing.set(&mut spec, &assumed, Kind::Link, Span::Outage).unwrap();
    let scenario = spec.compile().unwrap();
    assert_eq!(scenario.world.faults.len(), before);
    assert_eq!(scenario.world.faults[2].onsets.expected_within(8760.0), 8760.0 / 2000.0);
}

/// A folder with the scenario and a log of these servers' outages.
fn folder(log: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("office.toml"), SCENARIO).unwrap();
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
    folder
}

/// A log of `n` incidents, evenly over `years`, with durations at even places of a distribution.
fn log(distribution: &Distribution, n: u32, years: f64, cause: &str) -> String {
    let mut text = String::from("start,end,cause\n");
    let first = "2020-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
    for k in 0..n {
        // In an order that hides no trend.
        let place = (k * 7 + 3) % n;
        let hours = distribution.quantile((f64::from(place) + 0.5) / f64::from(n));
        let start = first
            + jiff::SignedDuration::from_secs_f64(
                3600.0 * 8760.0 * years * f64::from(k) / f64::from(n - 1),
            );
        let end = start + jiff::SignedDuration::from_secs_f64(3600.0 * hours);
        text.push_str(&format!("{start},{end},{cause}\n"));
    }
    text
}

fn outlast(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    command.args(arguments).current_dir(folder.path()).output().unwrap()
}

fn benchmark(folder: &TempDir, more: &[&str]) -> Value {
    let fixed = ["benchmark", "office.toml", "log.csv", "--trials", "1000", "--format", "json"];
    let output = outlast(folder, &[&fixed[..], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The row of a kind.
fn of<'a>(answer: &'a Value, kind: &str) -> &'a Value {
    let rows = answer["assumptions"].as_array().unwrap();
    rows.iter().find(|row| row["kind"] == kind).unwrap_or_else(|| panic!("{rows:?}"))
}

#[test]
fn a_log_as_assumed_supports_and_the_choice_stands() {
    let as_assumed = Distribution::mixture(vec![
        (3.0, Distribution::constant_of(3.5)),
        (1.0, Distribution::constant_of(9.5)),
    ])
    .unwrap();
    let folder = folder(&log(&as_assumed, 116, 9.93, "server"));
    let answer = benchmark(&folder, &[]);
    let server = of(&answer, "server");
    assert_eq!(server["recovery_verdict"], "supported", "{server}");
    assert_eq!(server["rate_verdict"], "supported", "{server}");
    // The watch is counted from the first incident, which then counts for no rate.
    assert_eq!(server["incidents"], 116);
    let rate = server["log_per_year"].as_f64().unwrap();
    assert!((rate - 115.0 / 9.93).abs() < 0.02, "{rate}");
    let chosen: Vec<&str> = answer["recommendations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["strategy"].as_str().unwrap())
        .collect();
    assert_eq!(chosen, ["In place"; 4]);
    let words = answer["words"][0].as_str().unwrap();
    assert!(words.contains("The choice stands"), "{words}");
}

#[test]
fn a_log_that_says_otherwise_changes_the_choice_and_says_what_decides() {
    let slow = Distribution::lognormal_median_sigma(16.0, 0.5).unwrap();
    let text = log(&slow, 40, 4.0, "server");
    // A few short link outages besides, as assumed.
    let link = log(&Distribution::exponential(3.0).unwrap(), 17, 4.0, "link lost");
    let folder = folder(&format!("{text}{}", link.split_once('\n').unwrap().1));
    let answer = benchmark(&folder, &["-o", "out"]);
    let server = of(&answer, "server");
    assert_eq!(server["recovery_verdict"], "optimistic", "{server}");
    // 16 h where 3.5 h is the median: about that factor.
    let factor = server["factor"].as_f64().unwrap();
    assert!((3.0..6.0).contains(&factor), "{factor}");
    let recommended = |variant: &str| {
        let all = answer["recommendations"].as_array().unwrap();
        let one = all.iter().find(|one| one["variant"] == variant);
        one.unwrap_or_else(|| panic!("{all:?}"))["strategy"].as_str().unwrap().to_owned()
    };
    assert_eq!(recommended("as assumed"), "In place");
    assert_eq!(recommended("recovery"), "Standby");
    assert_eq!(recommended("recovery and rates"), "Standby");
    assert_eq!(recommended("only server"), "Standby");
    assert_eq!(recommended("only link"), "In place");
    let words: Vec<&str> =
        answer["words"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert!(
        words[0].starts_with("The choice changes: as assumed, the study recommends \"In place\"")
    );
    assert_eq!(words[1], "The evidence about the server decides: it alone changes the choice.");
    assert!(words[2].contains("\"In place\" keeps restore time within 10\u{a0}h"), "{words:?}");
    let toml = answer["kinds"][0]["toml"].as_str().unwrap();
    assert!(toml.contains("repair_covers = \"outage\""), "{toml}");

    // The pasted line is a scenario that runs, and says the same as the best fit only.
    let pasted = SCENARIO.replace("repair = \"2h\"", toml).replace("repair = \"8h\"", toml);
    let pasted = Scenario::read(pasted, Path::new(""), "x").unwrap();
    assert!(pasted.world.faults[0].repair_is_outage && pasted.world.faults[1].repair_is_outage);

    for (file, rows) in [
        ("assumptions.csv", 2),
        ("quantiles.csv", 14),
        ("predictive.csv", 20),
        ("verdicts.csv", 12),
        ("variants.csv", 6 * 2 * Metric::available(false, false).count()),
    ] {
        let text = std::fs::read_to_string(folder.path().join("out").join(file)).unwrap();
        assert_eq!(csv::Reader::from_reader(text.as_bytes()).records().count(), rows, "{file}");
    }
    let manifest = std::fs::read_to_string(folder.path().join("out/run.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(
        (&manifest["program"], &manifest["command"]),
        (&"outlast".into(), &"benchmark".into())
    );
    assert_eq!(manifest["log_sha256"].as_str().unwrap().len(), 64);
    assert_eq!(manifest["arguments"][1], "office.toml");
    for chart in
        ["recovery-server", "quantiles-server", "predictive-server", "recovery-link", "variants"]
    {
        let svg = folder.path().join(format!("out/charts/{chart}.svg"));
        assert!(std::fs::read_to_string(svg).unwrap().starts_with("<svg"), "{chart}");
    }
}

#[test]
fn threads_change_nothing() {
    let folder = folder(&log(&Distribution::exponential(9.0).unwrap(), 25, 2.0, "server"));
    assert_eq!(benchmark(&folder, &["-t", "1"]), benchmark(&folder, &["-t", "3"]));
}

#[test]
fn the_text_fits_a_terminal_and_few_incidents_cannot_tell() {
    let folder = folder(&log(
        &Distribution::lognormal_median_sigma(4.5, 0.4).unwrap(),
        5,
        1.0,
        "Hard drive",
    ));
    let arguments = ["benchmark", "office.toml", "log.csv", "-n", "200", "--unmapped", "server"];
    let output = outlast(&folder, &arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    // Nothing in the log tells what a hard drive is; the answer shows what it was taken for.
    assert!(text.contains("server: 5 incidents (Hard drive 5, by default)"), "{text}");
    let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flowing.contains("Cannot tell with 5 incidents"), "{text}");
    assert!(flowing.contains("more would settle it"), "{text}");
}

#[test]
fn unknown_causes_are_said_first_and_left_out_where_they_are_many() {
    let text = log(&Distribution::exponential(3.0).unwrap(), 24, 2.0, "link");
    // Six more, of which nothing tells what they struck: a fifth of all.
    let more: String = (1..=6)
        .map(|m| format!("2021-{m:02}-07T09:00Z,2021-{m:02}-07T{:02}:00Z,Hard drive\n", 10 + m))
        .collect();
    let folder = folder(&format!("{text}{more}"));
    let output = outlast(&folder, &["benchmark", "office.toml", "log.csv", "-n", "200"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("Warning: what 6 of 30 incidents struck is not known"), "{told}");
    assert!(told.contains("\n  --map \"Hard drive=server\"\n"), "{told}");
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    let answer = benchmark(&folder, &[]);
    // No server is blamed, and no rate told, since any kind may have more.
    assert_eq!(answer["assumptions"].as_array().unwrap().len(), 1);
    assert_eq!(of(&answer, "link")["recovery_verdict"], "cannot_tell");
    assert_eq!(of(&answer, "link")["rate_verdict"], "");
    let known = benchmark(&folder, &["--map", "Hard drive=host"]);
    assert_eq!(known["unknown"], Value::Null);
    assert_eq!(of(&known, "host")["incidents"], 6);
    // Two of 26 are few: they are taken for the server's, and it is said.
    let few: String = more.lines().take(2).map(|line| format!("{line}\n")).collect();
    std::fs::write(folder.path().join("log.csv"), format!("{text}{few}")).unwrap();
    let answer = benchmark(&folder, &[]);
    let warning = answer["unknown"]["warning"].as_str().unwrap();
    assert!(warning.contains("2 of 26 incidents"), "{warning}");
    assert_eq!(of(&answer, "server")["incidents"], 2);
}

#[test]
fn incidents_that_start_together_are_one_event_of_a_rate() {
    let rows = "01 08:00,01 09:00 01 08:00,01 09:05 01 08:00,01 09:10 04 10:00,04 11:00 \
                07 16:00,07 17:00 07 16:00,07 17:05 10 18:00,10 18:40 13 12:00,13 12:30 \
                13 12:00,13 12:45 16 08:00,16 09:00";
    let cells: Vec<&str> = rows.split([' ', ',']).collect();
    let mut text = "start,end,cause\n".to_owned();
    for cell in cells.chunks(4) {
        text.push_str(&format!(
            "2024-03-{} {},2024-03-{} {},server\n",
            cell[0], cell[1], cell[2], cell[3]
        ));
    }
    let answer = benchmark(&folder(&text), &[]);
    let server = of(&answer, "server");
    assert_eq!(server["incidents"], 10);
    // Five events after the first, in 15 days.
    let rate = server["log_per_year"].as_f64().unwrap();
    assert!((rate - 5.0 / 15.0 * 365.0).abs() < 1.0, "{rate}");
    let words = answer["kinds"][0]["words"].to_string();
    assert!(words.contains("7 of 10 incidents start in the same moment as another"), "{words}");
}

#[test]
fn drills_are_held_against_the_step_that_they_measure() {
    let text = "exercise,hours\nPromote,0.9\nPromote,1.4\nPromote,0.7\nPromote,2.2\nPromote,1.1\n\
                Promote,1.6\nPromote,0.8\nPromote,1.9\nPromote,1.2\nPromote,1.3\n";
    let folder = folder(text);
    let columns = ["--columns", "component=exercise", "--map"];
    let answer = benchmark(&folder, &[&columns[..], &["promote=staging.promote"]].concat());
    let promote = of(&answer, "staging.promote");
    // A quarter of an hour is assumed.
    assert_eq!(
        (&promote["incidents"], &promote["recovery_verdict"]),
        (&10.into(), &"optimistic".into())
    );
    assert_eq!(answer["assumptions"].as_array().unwrap().len(), 1);
    let restored = |variant: &str| {
        let all = answer["variants"].as_array().unwrap();
        let one = all.iter().find(|row| {
            row["variant"] == variant
                && row["strategy"] == "Standby"
                && row["metric"] == "downtime_hours"
        });
        one.unwrap()["mean"].as_f64().unwrap()
    };
    assert!(restored("recovery") > 1.2 * restored("as assumed"));
    let line = answer["kinds"][0]["toml"].as_str().unwrap();
    assert!(line.starts_with("promote = {"), "{line}");

    let wrong = ["benchmark", "office.toml", "log.csv", "--columns", "component=exercise", "--map"];
    let output = outlast(&folder, &[&wrong[..], &["promote=staging.promte"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("assumes no time named `staging.promte`"), "{error}");
}

#[test]
fn what_cannot_be_used_is_said() {
    let folder = folder("start,end\n2026-01-02,2026-01-01\n");
    let output = outlast(&folder, &["benchmark", "office.toml", "log.csv"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("none of the 1 rows") && error.contains("end before start"), "{error}");
    for (arguments, expected) in [
        (["--observed", "0d"], "write a duration"),
        (["--margin", "1"], "above 1"),
        (["--map", "a=serverr"], "did you mean `server`?"),
        (["--map", "a=foo"], "such as rebuild.install"),
    ] {
        let fixed = ["benchmark", "office.toml", "log.csv"];
        let output = outlast(&folder, &[&fixed[..], &arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(expected), "{error}");
    }
}

/// Two incidents of a year that knows of no others.
const TWO: &str = "start,end,cause\n2025-01-01,2025-01-02,server\n2025-12-31,2026-01-01,server\n";

#[test]
fn options_that_contradict_the_log_are_refused() {
    let folder = folder(TWO);
    for (arguments, expected) in [
        (["--observed", "30d"], "the log spans 365d"),
        (["--map", "web=host"], "no component or cause of the log is \"web\""),
        (["--map", "server=host,Server=link"], "\"Server\" is mapped twice"),
    ] {
        let fixed = ["benchmark", "office.toml", "log.csv"];
        let output = outlast(&folder, &[&fixed[..], &arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_log_of_drills_says_nothing_of_rates() {
    let text = "start,end,what\n2025-01-01 09:00,2025-01-01 10:00,promote\n\
                2025-06-01 09:00,2025-06-01 11:00,promote\n2025-09-01 09:00,2025-09-01 09:30,promote\n";
    let folder = folder(text);
    let answer =
        benchmark(&folder, &["--columns", "cause=what", "--map", "promote=staging.promote"]);
    let kinds: Vec<&str> =
        answer["kinds"].as_array().unwrap().iter().map(|k| k["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["staging.promote"]);
    assert!(answer["observed_hours"].is_null());
}

#[test]
fn the_rate_played_never_leaves_the_interval_of_the_log() {
    // Whatever was assumed, from a thousandth to a thousand times of what the log shows.
    let hours = 8760.0;
    for incidents in (1..=10).chain([12, 30, 60, 100]) {
        for factor in [0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0] {
            let assumed = incidents as f64 * factor;
            let every = format!("{}h", hours / assumed);
            let text = format!(
                "name = \"Fen office\"\n[[fault]]\nname = \"crash\"\nstrikes = \"server\"\n\
                 every = {{ exponential = {{ mean = \"{every}\" }} }}\nrepair = \"2h to 6h\"\n\
                 [[strategy]]\nname = \"Repair\"\n"
            );
            let interval = Rate::compare(assumed, incidents, hours, 0.95).interval;
            for uncertainty in [true, false] {
                let mut spec = Spec::parse(&text, Path::new(""), "x");
                let world = spec.compile().unwrap().world;
                let incidents = Some((incidents, hours));
                let evidence = Evidence { recovery: None, incidents, uncertainty };
                evidence.set(&mut spec, &world, Kind::Server, Span::Outage).unwrap();
                let world = spec.compile().unwrap().world;
                let played = world.faults[0].onsets.expected_within(world.horizon);
                assert!(interval.contains(played), "{incidents:?} {factor}: {played} {interval:?}");
            }
        }
    }
}

#[test]
fn twelve_incidents_a_year_are_played_as_about_twelve() {
    let folder = tempfile::tempdir().unwrap();
    let months = (1..=12).map(|m| format!("2024-{m:02}-03 09:00,2024-{m:02}-03 13:00\n"));
    let log = format!("start,end\n{}", months.collect::<String>());
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
    let office = "name = \"Fen office\"\n[[fault]]\nname = \"crash\"\nstrikes = \"server\"\n\
                  every = \"10y\"\nrepair = \"2h to 6h\"\n[[strategy]]\nname = \"Repair\"\n";
    std::fs::write(folder.path().join("office.toml"), office).unwrap();
    let answer = benchmark(&folder, &["--observed", "366d"]);
    let words = answer["kinds"][0]["words"].to_string();
    assert!(words.contains("Used instead: 12.5 a year"), "{words}");
}
