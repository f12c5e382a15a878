//! A scenario that is changed key by key is the one that its text would give.

use outlast::internals::DEFAULT;
use outlast::{Distribution, Scenario, ScenarioError, Setting, Spec};
use std::path::Path;
use std::process::Command;

const SMALL: &str = "\
# A comment at the top.
name = \"x\"   # beside a key
[operations]
call_out = \"10m\"   # by phone
[[fault]]
name = \"a.b\"
strikes = \"server\"
every = \"30d\"
repair = \"4h\"   # by hand
[[strategy]]
name = \"Two servers\"
[strategy.staging]
success = 0.9
[[strategy]]
name = \"None\"
";

fn spec(text: &str) -> Spec {
    Spec::parse(text, Path::new(""), "x")
}

/// Everything that a run depends on, as text; the rates of the workload only where asked for.
fn essence(scenario: &Scenario, with_rates: bool) -> String {
    let world = &scenario.world;
    let rates = if with_rates { format!("{:?}", world.workload) } else { String::new() };
    let values: Vec<_> =
        scenario.assumptions.iter().map(|one| (&one.key, &one.value, &one.distribution)).collect();
    let mut warnings: Vec<_> = scenario.warnings.iter().map(|one| &one.message).collect();
    // They stand in the order of the text, where what was set has no place.
    warnings.sort();
    format!(
        "{} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {values:?} {warnings:?} {rates}",
        scenario.name,
        world.horizon,
        world.calendar.civil(0.0),
        world.organisation,
        world.operations,
        world.staffed,
        world.sync,
        world.faults,
        world.rare,
        scenario.strategies,
        (&scenario.tolerances, &scenario.costs),
    )
}

/// Holds the compiled scenario against a fresh reading of its text.
#[track_caller]
fn is_as_its_text(spec: &mut Spec, path: &str) -> Result<(), ScenarioError> {
    let with_rates = ["horizon", "start", "holidays", "time_zone", "organisation", "workload"]
        .iter()
        .any(|table| path.starts_with(table));
    let changed = spec.compile()?;
    let fresh = Scenario::read(spec.to_toml(), Path::new(""), "x");
    let fresh = fresh.unwrap_or_else(|error| panic!("{path}: {error}\n{}", spec.to_toml()));
    assert_eq!(essence(&changed, with_rates), essence(&fresh, with_rates), "{path}");
    Ok(())
}

/// Values of every kind, of which any key takes one or another.
const VALUES: [&str; 40] = [
    "\"onset\"",
    "\"alarm\"",
    "\"server\"",
    "0.123",
    "0.0123",
    "7",
    "3",
    "1",
    "90_000.0",
    "\"3h\"",
    "\"50m to 4h\"",
    "\"400d\"",
    "true",
    "false",
    "\"flat\"",
    "\"office\"",
    "\"same\"",
    "\"other\"",
    "\"outage\"",
    "\"repair\"",
    "\"nothing\"",
    "\"Sun 09:00\"",
    "\"asynchronous\"",
    "\"procure\"",
    "\"federated\"",
    "\"cloud\"",
    "\"link\"",
    "[\"staging\"]",
    "[\"2027-05-03\"]",
    "\"off\"",
    "[\"operations.*\"]",
    "[[\"operations.*\", \"fault.*.repair\"]]",
    "\"servers\"",
    "\"Europe/Berlin\"",
    "\"2027-02-01\"",
    "\"all\"",
    "[\"other\"]",
    "\"one\"",
    "\"each\"",
    "[{ from = \"2027-09-20\", to = \"2027-10-03\", factor = 6.0 }]",
];

#[test]
fn every_key_of_the_default_scenario_can_be_set() {
    let mut base = Spec::embedded();
    base.compile().unwrap();
    let paths: Vec<String> = base.paths().map(|(path, _)| path.to_owned()).collect();
    assert!(paths.len() > 200, "{}", paths.len());
    let mut unchanged = Vec::new();
    for path in &paths {
        let Some(value) = base.get(path).unwrap() else {
            continue;
        };
        let mut same = base.clone();
        same.set(path, Setting::parse(&value.value)).unwrap();
        is_as_its_text(&mut same, path).unwrap();
        let another = VALUES.iter().find(|other| {
            let mut changed = base.clone();
            changed.set(path, Setting::parse(other)).unwrap();
            **other != &*value.value && is_as_its_text(&mut changed, path).is_ok()
        });
        if another.is_none() {
            unchanged.push(path.clone());
        }
    }
    // The one version of the format there is.
    assert_eq!(unchanged, ["schema"]);
}

#[test]
fn compiling_again_forgets_what_was_set_before() {
    let mut spec = Spec::embedded();
    let before = essence(&spec.compile().unwrap(), true);
    for (path, value, old) in [
        ("fault.sync service stopped.repair", "1h to 2h", "10m to 4h"),
        ("operations.call_out", "1m", "15m to 2h"),
        ("watch.\"mail of a day without synchronisation\".after", "1h", "24h to 30h"),
        ("operations.staffed", "office", "Mon-Fri 07:00-22:00, Sat-Sun 09:00-18:00"),
        ("costs.stale_user_hour", "0.1", "0.5"),
        ("organisation.users", "50_000", "25_000"),
    ] {
        spec.set(path, Setting::parse(value)).unwrap();
        assert_ne!(essence(&spec.compile().unwrap(), true), before, "{path}");
        spec.set(path, Setting::parse(old)).unwrap();
        let after = essence(&spec.compile().unwrap(), true);
        assert_eq!(after, before, "{path}");
    }
}

#[test]
fn the_text_keeps_comments_and_order() {
    let mut spec = spec(SMALL);
    let set = [
        ("operations.call_out", "1h"),
        ("operations.staffed", "office"),
        ("fault.\"a.b\".repair", "5h"),
        ("fault.\"a.b\".common_mode", "0.1"),
        ("strategy.Two servers.staging.success", "0.8"),
        ("strategy.None.annual_cost", "5"),
        ("workload.writeback.attempts", "2"),
        ("horizon", "90d"),
    ];
    for (path, value) in set {
        spec.set(path, Setting::parse(value)).unwrap();
    }
    let expected = "\
horizon = \"90d\"
# A comment at the top.
name = \"x\"   # beside a key
[operations]
staffed = \"office\"
call_out = \"1h\"   # by phone
[[fault]]
common_mode = 0.1
name = \"a.b\"
strikes = \"server\"
every = \"30d\"
repair = \"5h\"   # by hand
[[strategy]]
name = \"Two servers\"
[strategy.staging]
success = 0.8
[[strategy]]
annual_cost = 5
name = \"None\"
[workload.writeback]
attempts = 2
";
    assert_eq!(spec.to_toml(), expected);
    is_as_its_text(&mut spec, "workload").unwrap();
}

#[test]
fn faults_by_default_can_be_set_and_then_stand_in_the_text() {
    let mut spec = spec("name = \"x\"\n[[strategy]]\nname = \"a\"\n");
    assert!(
        spec.compile()
            .unwrap()
            .assumptions
            .iter()
            .any(|one| &*one.key == "fault.\"server hardware\".repair" && one.is_default)
    );
    spec.set("fault.server hardware.repair", "3h").unwrap();
    let text = spec.to_toml();
    assert!(text.contains("repair = \"3h\""), "{text}");
    assert_eq!(text.matches("[[fault]]").count(), DEFAULT.matches("\n[[fault]]").count());
    is_as_its_text(&mut spec, "fault").unwrap();
}

#[test]
fn tables_on_one_line_and_dotted_keys_take_new_keys_too() {
    for table in [
        "operations = { call_out = \"1h\" }",
        "operations = {}",
        "operations.call_out = \"1h\"",
        "[operations]",
        "",
    ] {
        let text = format!("name = \"x\"\n{table}\n[[strategy]]\nname = \"a\"\nstaging = {{}}\n");
        let mut spec = spec(&text);
        spec.set("operations.decision", "2h").unwrap();
        spec.set("strategy.a.staging.verify", true).unwrap();
        is_as_its_text(&mut spec, "operations").unwrap_or_else(|error| panic!("{table}: {error}"));
    }
}

#[test]
fn a_pattern_sets_all_that_match() {
    let mut spec = Spec::embedded();
    let standbys = DEFAULT.matches("\n[strategy.staging]").count();
    assert_eq!(spec.set("strategy.*.staging.success", 0.5).unwrap(), standbys);
    let faults = DEFAULT.matches("\n[[fault]]").count();
    assert_eq!(spec.set("fault.*.common_mode", 0.25).unwrap(), faults);
    let scenario = spec.compile().unwrap();
    assert!(scenario.world.faults.iter().all(|fault| fault.common_mode == 0.25));
}

#[test]
fn a_path_that_leads_nowhere_names_the_nearest() {
    let mut spec = Spec::embedded();
    for (path, message) in [
        (
            "operations.detecton",
            "there is no key `operations.detecton`: did you mean `operations.detection`?",
        ),
        (
            "strategy.\"Stagingserver\".staging.promot",
            "there is no key `strategy.Stagingserver.staging.promot`: did you mean `strategy.\"Staging server\".staging.promote`?",
        ),
        (
            "strategy.\"Repair in place only\".staging.promote",
            "the scenario has no table `strategy.\"Repair in place only\".staging`: only keys of tables that are there can be set: add the table to the file",
        ),
        (
            "operations",
            "`operations` is a table: name a key of it: `detection`, `user_reports`, `call_out`, `decision`, `repair_first`, `staffed`, `overtime`, `diagnose`, `tries`, `people`, `last_resort`, `restore_directory` or `disable_by_hand`",
        ),
        ("", "a path has a name between its dots: such as operations.detection"),
        ("a..b", "a path has a name between its dots: such as operations.detection"),
        ("fault.\"x", "the name is not closed: write the closing `\"`"),
        ("fault.\"x\"y", "`y` follows a name in quotes: names are parted by dots"),
    ] {
        assert_eq!(spec.set(path, 1.0).unwrap_err().to_string(), message, "{path}");
    }
    assert!(spec.set("fault.*.staging", 1.0).is_err());
}

#[test]
fn a_value_is_checked_as_in_the_file_and_with_its_errors() {
    let text = SMALL.replace("0.9", "1.9");
    let mut spec = spec(&text);
    for option in [
        "operations.staffed=offce",
        "operations.detecton=1h",
        "fault.'a.b'.repair = { exponential = { mean = 3 } }",
        "workload.object_changes.deletes=0.999",
        "no value",
    ] {
        spec.set_option(option);
    }
    let Err(ScenarioError::Wrong { findings, .. }) = spec.compile() else { panic!() };
    let shown: Vec<String> = findings
        .iter()
        .map(|one| {
            let text = one.option.as_deref().unwrap_or(&text);
            let part = one.span.clone().map_or("-", |span| &text[span]);
            format!("{part} | {}", one.message)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "1.9 | expected a probability from 0 to 1, found the number 1.9",
            "offce | \"offce\" has no hours; write days and hours such as \"Mon-Fri 09:00-17:00\", or \"24x7\" or \"office\"",
            "3 | expected a duration above 0 such as \"2h 30m\", found the integer 3",
            "0.999 | deletes, disables and joins are 1.006 of all changes",
            "detecton | there is no key `operations.detecton`",
            "no value | there is no `=` in this option",
        ]
    );
}

#[test]
fn a_computed_distribution_is_a_value() {
    let mut spec = spec(SMALL);
    let possible = [1.0, 2.0, 6.0].map(|mean| Distribution::exponential(mean).unwrap());
    let best = Distribution::exponential(2.0).unwrap();
    let uncertain = Distribution::uncertain(1, best, possible.to_vec(), None);
    spec.set("fault.\"a.b\".repair", uncertain.clone()).unwrap();
    let scenario = spec.compile().unwrap();
    assert_eq!(scenario.world.faults[0].repair.as_ref(), Some(&uncertain));
    let value = spec.get("fault.\"a.b\".repair").unwrap().unwrap();
    assert_eq!(value.distribution.as_deref(), Some(&uncertain));
    assert!(value.is_set && !value.is_default);
    // No text can state that the truth is one of three: the mixture of all is the nearest.
    let read = Scenario::read(spec.to_toml(), Path::new(""), "x").unwrap();
    assert!((read.world.faults[0].repair.as_ref().unwrap().mean() - 3.0).abs() < 1e-12);
}

#[test]
fn the_order_of_settings_of_different_keys_does_not_matter() {
    let set = [("fault.*.repair", "2h"), ("operations.staffed", "office"), ("horizon", "30d")];
    let mut forth = spec(SMALL);
    let mut back = spec(SMALL);
    for (path, value) in set {
        forth.set(path, value).unwrap();
    }
    for (path, value) in set.into_iter().rev() {
        back.set(path, value).unwrap();
    }
    assert_eq!(essence(&forth.compile().unwrap(), true), essence(&back.compile().unwrap(), true));
    // Of the same key the last counts.
    forth.set("horizon", "60d").unwrap();
    assert_eq!(forth.compile().unwrap().world.horizon, 1440.0);
}

/// A folder with the small scenario, and the program run in it.
fn outlast(folder: &tempfile::TempDir, words: &[&str]) -> (i32, String, String) {
    std::fs::write(folder.path().join("a.toml"), SMALL).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    let done = command.args(words).current_dir(folder.path()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn an_option_that_is_wrong_is_underlined_with_the_errors_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let set = ["--set", "fault.a.b.repair=1h", "--set", "operations.call_out = 9", "--set", "x"];
    let words: Vec<&str> = ["check", "a.toml"].into_iter().chain(set).collect();
    let (code, _, shown) = outlast(&folder, &words);
    assert_eq!(code, 2);
    let expected = "\
error: expected a distribution such as \"8h\", \"1h to 9h\" or { exponential = { mean = \"4h\" } }, found the integer 9
  |
1 | --set operations.call_out = 9
  |                             ^
  |
  = help: write \"9h\"

error: there is no key `fault.a.b.repair`
  |
1 | --set fault.a.b.repair=1h
  |             ^
  |
  = help: known here: `a.b`

error: there is no `=` in this option
  |
1 | --set x
  |       ^
  |
  = help: write a path, = and a value: operations.staffed=office

3 errors in --set
";
    assert_eq!(shown, expected);
}

#[test]
fn a_pattern_that_is_wrong_names_each_of_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, shown) = outlast(&folder, &["check", "a.toml", "--set", "sync.*_cycle=3"]);
    assert_eq!(code, 2);
    let (_, _, shown_for_all) = outlast(&folder, &["check", "a.toml", "--set", "sync.*=3"]);
    assert!(shown.contains("there is no key"), "{shown}");
    for key in ["sync.object_cycle", "sync.password_cycle"] {
        assert!(shown_for_all.contains(&format!("--set {key}=3\n")), "{shown_for_all}");
    }
}

#[test]
fn a_run_with_set_keys_says_so_and_can_be_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let set = ["--set", "fault.*.repair=2h to 9h", "--set", "operations.staffed=office"];
    let words: Vec<&str> = ["run", "a.toml", "-n", "50", "-o", "o", "--format", "json"]
        .into_iter()
        .chain(set)
        .collect();
    let (code, answer, _) = outlast(&folder, &words);
    assert_eq!(code, 0);
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let options = serde_json::json!(["fault.*.repair=2h to 9h", "operations.staffed=office"]);
    assert_eq!(answer["set"], options);
    let read = |file: &str| std::fs::read_to_string(folder.path().join(file)).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&read("o/run.json")).unwrap();
    assert_eq!(manifest["set"], options);
    assert_eq!(manifest["scenario"]["text"], SMALL);
    assert!(read("o/report.html").contains("set on the command line"));

    // From the manifest alone, and from a file that says the same.
    let mut spec = spec(manifest["scenario"]["text"].as_str().unwrap());
    for option in manifest["set"].as_array().unwrap() {
        spec.set_option(option.as_str().unwrap());
    }
    std::fs::write(folder.path().join("b.toml"), spec.to_toml()).unwrap();
    assert_eq!(outlast(&folder, &["run", "b.toml", "-n", "50", "-o", "p", "-q"]).0, 0);
    assert_eq!(read("o/summary.csv"), read("p/summary.csv"));

    let (_, listed, _) = outlast(&folder, &["check", "a.toml", set[0], set[1], set[2], set[3]]);
    assert!(listed.contains("+ repair "), "{listed}");
    assert!(listed.contains(", 2 of them by --set (+), "), "{listed}");
    for command in [&["trace", "a.toml", "--strategy", "None"][..], &["run", "a.toml", "-n", "9"]] {
        let words: Vec<&str> = command.iter().copied().chain(set).collect();
        let (_, shown, _) = outlast(&folder, &words);
        assert!(shown.contains("x, with fault.*.repair=2h to 9h, operations"), "{shown}");
    }
}

#[test]
fn shells_complete_paths_of_the_scenario_on_the_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.toml"), SMALL).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_outlast"));
    let asked = |shell: &str, begun: &str| {
        let mut command = Command::new(program);
        command.env("COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", "4").env("_CLAP_IFS", "\n");
        command.args(["--", "outlast", "check", "a.toml", "--set", begun]);
        let done = command.current_dir(folder.path()).output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    for (shell, word) in [
        ("bash", r"strategy.Two\ servers.staging.success="),
        ("zsh", "strategy.Two servers.staging.success="),
        ("fish", "strategy.Two servers.staging.success="),
        ("powershell", "'strategy.Two servers.staging.success='"),
    ] {
        assert!(asked(shell, "strategy.Tw").contains(word), "{}", asked(shell, "strategy.Tw"));
        assert!(!asked(shell, "strategy.Tw").contains("operations"), "{shell}");
        let script = Command::new(program).args(["completions", shell]).output().unwrap();
        assert!(String::from_utf8(script.stdout).unwrap().contains("outlast"), "{shell}");
    }
    // bash for real, where there is one.
    let script = "source <(outlast completions bash)
COMP_WORDS=(outlast check a.toml --set 'strategy.Two\\ s'); COMP_CWORD=4; COMP_TYPE=9
_clap_complete_outlast outlast 'strategy.Two\\ s' --set; printf '%s\\n' \"${COMPREPLY[@]}\"
COMP_WORDS=(outlast check a.toml --set = operations.st); COMP_CWORD=5
_clap_complete_outlast outlast operations.st =; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let mut bash = Command::new("bash");
    bash.args(["-c", script]).env("PATH", path).current_dir(folder.path());
    if let Ok(done) = bash.output() {
        let shown = String::from_utf8(done.stdout).unwrap();
        assert!(shown.lines().any(|l| l == r"strategy.Two\ servers.staging.success="), "{shown}");
        assert!(shown.lines().any(|l| l == "operations.staffed="), "{shown}");
    }
}

/// One scenario may be asked from several threads.
#[test]
fn a_scenario_can_be_shared() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&outlast::Spec::embedded());
    shared(&outlast::Scenario::embedded().unwrap());
}
