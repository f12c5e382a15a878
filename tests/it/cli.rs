//! The command line as a user meets it: the program is started, and judged by what it prints, what
//! it leaves on disk and its exit code.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Two strategies, prices, and enough faults that a few trials show them.
const OFFICE: &str = r#"name = "Office"

[organisation]
users = 20_000

[[fault]]
name = "server crash"
strikes = "server"
every = { exponential = { mean = "60d" } }
repair = { lognormal = { median = "4h", p95 = "14h" } }
common_mode = 0.05

[[strategy]]
name = "Wait, and repair"

[[strategy]]
name = "Standby"
annual_cost = 6_000.0
[strategy.staging]

[costs]
currency = "EUR"
"#;

const SUMMARY_HEADER: &str = "strategy,metric,unit,trials,mean,ci_low,ci_high,sd,p50,p90,p95,p99,\
                              max,p95_low,p95_high,p99_low,p99_high,p50_low,p50_high,p90_low,p90_high";
const OUTAGES_HEADER: &str = "strategy,fault,restored_by,outages,restore_mean,restore_p50,\
                              restore_p95,current_mean,stale_user_hours_share,per_trial,parts";
const TRIALS_HEADER: &str = "trial,strategy,outages,downtime_hours,longest_outage_hours,\
                             planned_hours,catch_up_hours,stale_user_hours,stale_users,\
                             peak_stale_users,delayed_object_changes,object_delay_hours,\
                             disabled_account_hours,joiner_wait_hours,device_wait_hours,\
                             writeback_failed_attempts,writeback_delayed,writeback_lost,\
                             labour_hours,waiting_for_people_hours";

/// A folder of its own with the scenario `office.toml`, in which the program is started.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        place.put("office.toml", OFFICE);
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        let path = self.path().join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        command
    }

    fn outlast(&self, arguments: &[&str]) -> Run {
        Run(self.command(arguments).output().unwrap())
    }

    /// Runs the program, which must succeed.
    fn succeeds(&self, arguments: &[&str]) -> Run {
        let run = self.outlast(arguments);
        assert_eq!(run.code(), 0, "{arguments:?}: {}", run.stderr());
        run
    }

    /// Runs the program, which must find its input wrong.
    fn refuses(&self, arguments: &[&str]) -> Run {
        let run = self.outlast(arguments);
        assert_eq!(run.code(), 2, "{arguments:?}: {}", run.stderr());
        assert_eq!(run.stdout(), "", "{arguments:?}");
        assert!(run.stderr().starts_with("error: "), "{arguments:?}: {}", run.stderr());
        run
    }

    /// Names in a folder, hidden ones too.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path().join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// Every file below a folder, with its content.
    fn contents(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        for name in self.names(folder) {
            let below = format!("{folder}/{name}");
            let path = self.path().join(&below);
            if path.is_dir() {
                found.extend(self.contents(&below));
            } else {
                found.insert(below, fs::read(path).unwrap());
            }
        }
        found
    }
}

/// A program that has ended.
struct Run(Output);

impl Run {
    fn code(&self) -> i32 {
        self.0.status.code().unwrap_or(-1)
    }

    fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    fn stderr(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout()).unwrap()
    }
}

fn header(csv: &str) -> &str {
    csv.lines().next().unwrap_or_default()
}

/// The rows of a table in which a column has that value.
fn rows_of(csv: &str, column: usize, value: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let records = reader.records().map(|record| record.unwrap());
    let rows = records.filter(|record| &record[column] == value);
    rows.map(|record| record.iter().collect::<Vec<_>>().join("|")).collect()
}

mod a_run {
    use super::*;

    #[test]
    fn writes_the_tables_with_their_headers() {
        let place = Place::new();
        let run = place.succeeds(&["run", "office.toml", "--trials", "50", "--raw"]);
        assert_eq!(run.stderr(), "");
        let folder = "output/office";
        assert_eq!(header(&place.read(&format!("{folder}/summary.csv"))), SUMMARY_HEADER);
        assert_eq!(header(&place.read(&format!("{folder}/outages.csv"))), OUTAGES_HEADER);
        let trials = place.read(&format!("{folder}/trials.csv"));
        assert_eq!(header(&trials), format!("{TRIALS_HEADER},cost,weight"));
        assert_eq!(trials.lines().count(), 1 + 50 * 2);
        assert_eq!(place.names("output"), ["office"]);
    }

    #[test]
    fn keeps_trials_only_when_asked_and_cost_only_with_prices() {
        let place = Place::new();
        place.put("free.toml", OFFICE.split("[costs]").next().unwrap());
        place.succeeds(&["run", "free.toml", "--trials", "5", "--output", "results/free"]);
        assert!(!place.names("results/free").contains(&"trials.csv".to_owned()));
        place.succeeds(&["run", "free.toml", "--trials", "5", "--raw", "--output", "results/free"]);
        let trials = place.read("results/free/trials.csv");
        assert_eq!(header(&trials), format!("{TRIALS_HEADER},weight"));
        let summary = place.read("results/free/summary.csv");
        assert!(rows_of(&summary, 1, "cost").is_empty());
        assert_eq!(rows_of(&summary, 1, "labour_hours").len(), 2);
    }

    #[test]
    fn quotes_names_and_leaves_absent_numbers_empty() {
        let place = Place::new();
        place.succeeds(&["run", "office.toml", "--trials", "1"]);
        let summary = place.read("output/office/summary.csv");
        let cost = summary.lines().find(|line| line.contains(",cost,")).unwrap();
        assert!(cost.starts_with("\"Wait, and repair\",cost,EUR,1,"), "{cost}");
        let fields = &rows_of(&summary, 1, "cost")[0];
        let fields: Vec<&str> = fields.split('|').collect();
        // One trial says nothing of the spread: intervals and standard deviation are absent.
        for absent in [5, 6, 7, 13, 14, 15, 16] {
            assert_eq!(fields[absent], "", "{cost}");
        }
        assert_eq!(fields[4], fields[12], "mean and max of one trial");
    }

    #[test]
    fn says_in_its_manifest_what_it_was_made_of() {
        let place = Place::new();
        place.succeeds(&["run", "office.toml", "--trials", "20", "--seed", "7", "--threads", "2"]);
        let text = place.read("output/office/run.json");
        assert!(text.starts_with("{\n  \"program\": \"outlast\","), "{text}");
        let manifest: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(manifest["seed"], 7);
        assert_eq!(manifest["trials"], 20);
        assert_eq!(manifest["first_trial"], 0);
        assert_eq!(manifest["threads"], 2);
        assert_eq!(manifest["confidence"], 0.95);
        assert_eq!(manifest["scenario"]["text"], OFFICE);
        assert_eq!(manifest["scenario"]["path"], "office.toml");
        assert_eq!(manifest["scenario"]["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(manifest["strategies"][1]["name"], "Standby");
        assert!(manifest["strategies"][1]["full_cycles"].is_u64());
        assert!(manifest["trials_per_second"].as_f64().unwrap() > 0.0);
        let files: Vec<&str> =
            manifest["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()).collect();
        for file in ["summary.csv", "outages.csv", "run.json"] {
            assert!(files.contains(&file), "{files:?}");
        }
    }

    #[test]
    fn without_a_scenario_plays_the_default() {
        let place = Place::new();
        let run = place.succeeds(&["run", "--trials", "20"]);
        assert!(run.stdout().starts_with("Default organisation: horizon 365d, 20 trials, seed 1"));
        assert!(place.names("output/default").contains(&"summary.csv".to_owned()));
    }

    #[test]
    fn prints_a_table_that_fits_a_terminal() {
        let place = Place::new();
        let shown = place.succeeds(&["run", "office.toml", "--trials", "50"]).stdout();
        assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
        for part in ["Wait, and", "Standby", "Downtime", "EUR", "Per year;", "seed 1", "±"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        let quarter = OFFICE.replace("name = \"Office\"", "name = \"Office\"\nhorizon = \"90d\"");
        place.put("quarter.toml", &quarter);
        let shown = place.succeeds(&["run", "quarter.toml", "--trials", "50"]).stdout();
        assert!(shown.contains("Per trial;"), "{shown}");
    }

    #[test]
    fn without_any_outage_has_zeros_and_charts_that_say_so() {
        let place = Place::new();
        place.put(
            "quiet.toml",
            &OFFICE.replace("every = { exponential = { mean = \"60d\" } }", "at = [\"400d\"]"),
        );
        place.succeeds(&["run", "quiet.toml", "--trials", "20"]);
        let summary = place.read("output/quiet/summary.csv");
        for row in rows_of(&summary, 1, "downtime_hours") {
            assert_eq!(row.split('|').nth(12), Some("0"), "{row}");
        }
        assert_eq!(place.read("output/quiet/outages.csv"), format!("{OUTAGES_HEADER}\n"));
        let causes = place.read("output/quiet/charts/downtime-by-cause.svg");
        assert!(causes.contains("no downtime in any trial"), "{causes}");
        let restore = place.read("output/quiet/charts/restore-hours.svg");
        assert_eq!(restore.matches(">no outages<").count(), 2, "{restore}");
    }

    #[test]
    fn shows_the_restore_times_of_outages_that_ended_and_counts_the_others() {
        let place = Place::new();
        let lasting = OFFICE.replace(
            "repair = { lognormal = { median = \"4h\", p95 = \"14h\" } }",
            "repair = \"never\"",
        );
        let lasting =
            lasting.replacen("[[fault]]", "[operations]\nlast_resort = \"never\"\n[[fault]]", 1);
        place.put("lasting.toml", &lasting);
        place.succeeds(&["run", "lasting.toml", "--trials", "20"]);
        let restore = place.read("output/lasting/charts/restore-hours.svg");
        assert!(restore.contains("Wait, and repair: no outage ended; "), "{restore}");
        assert!(restore.contains("Left out, as still open at the end of the trial: "), "{restore}");
    }

    #[test]
    fn speaks_of_its_horizon_in_the_titles_of_charts() {
        let place = Place::new();
        for (horizon, title) in [
            ("365d", "How often stale user-hours exceed a value in a year"),
            ("200h", "How often stale user-hours exceed a value in a trial"),
        ] {
            let named = format!("name = \"Office\"\nhorizon = \"{horizon}\"");
            place.put("office.toml", &OFFICE.replace("name = \"Office\"", &named));
            place.succeeds(&["run", "office.toml", "--trials", "5"]);
            let chart = place.read("output/office/charts/exceedance-stale-user-hours.svg");
            assert!(chart.contains(&format!(">{title}<")), "{chart}");
        }
    }

    #[test]
    fn keeps_the_files_that_its_scenario_reads() {
        let place = Place::new();
        let hours: String = (0..168).map(|h| format!("{},{},1\n", h / 24, h % 24)).collect();
        let profile = format!("dow,hour,weight\n{hours}");
        place.put("week.csv", &profile);
        place.put("drills.csv", "hours\n1\n2\n");
        let office = OFFICE
            .replace("[organisation]", "[workload.writeback]\nprofile = \"week.csv\"\n[organisation]")
            .replace("[strategy.staging]", "[strategy.staging]\npromote = { empirical = { file = \"drills.csv\", column = \"hours\" } }");
        place.put("office.toml", &office);
        place.succeeds(&["run", "office.toml", "--trials", "5"]);
        let manifest: Value = serde_json::from_str(&place.read("output/office/run.json")).unwrap();
        let inputs = manifest["inputs"].as_array().unwrap();
        let texts: Vec<_> = inputs.iter().map(|input| (&input["path"], &input["text"])).collect();
        assert_eq!(
            texts,
            [
                (&Value::from("week.csv"), &Value::from(profile)),
                (&Value::from("drills.csv"), &Value::from("hours\n1\n2\n")),
            ]
        );
        assert_eq!(inputs[0]["sha256"].as_str().unwrap().len(), 64);
    }

    #[test]
    fn says_once_which_names_its_pictures_cannot_show() {
        let place = Place::new();
        place.put(
            "tokyo.toml",
            &OFFICE.replace("Standby", "予備サーバー").replace("server crash", "障害"),
        );
        let shown = place.succeeds(&["run", "tokyo.toml", "--trials", "5"]).stdout();
        let shown = shown.replace('\n', " ");
        assert!(
            shown.contains("The PNG pictures cannot show \"予備サーバー\" and 1 other name:"),
            "{shown}"
        );
        let shown = place.succeeds(&["run", "office.toml", "--trials", "5"]).stdout();
        assert!(!shown.contains("PNG pictures"), "{shown}");
    }

    #[test]
    fn is_silent_when_quiet() {
        let place = Place::new();
        place.put(
            "trap.toml",
            &OFFICE.replace("[strategy.staging]", "[strategy.staging]\nsite = \"same\""),
        );
        let loud = place.succeeds(&["run", "trap.toml", "--trials", "5"]);
        assert!(loud.stderr().contains("warning: ") && loud.stderr().contains("trap.toml:"));
        for format in ["text", "json"] {
            let run = place.succeeds(&[
                "run",
                "trap.toml",
                "--trials",
                "5",
                "--quiet",
                "--format",
                format,
            ]);
            assert_eq!((run.stdout(), run.stderr()), (String::new(), String::new()));
        }
        let manifest: Value = serde_json::from_str(&place.read("output/trap/run.json")).unwrap();
        assert_eq!(manifest["warnings"][0]["line"], 20);
    }

    #[test]
    fn prints_one_json_object_for_scripts() {
        let place = Place::new();
        let json =
            place.succeeds(&["run", "office.toml", "--trials", "30", "--format", "json"]).json();
        assert_eq!(json["scenario"], "Office");
        assert_eq!(json["seed"], 1);
        assert_eq!(json["trials"], 30);
        let row = json["summary"][0].as_object().unwrap();
        assert_eq!(row.keys().cloned().collect::<Vec<_>>().join(","), SUMMARY_HEADER);
        assert!(row["p99_high"].is_null(), "30 trials do not bound the 99 % point");
        let outage = json["outages"][0].as_object().unwrap();
        assert_eq!(outage.keys().cloned().collect::<Vec<_>>().join(","), OUTAGES_HEADER);
        assert_eq!(json["warnings"], Value::Array(Vec::new()));
        for file in json["files"].as_array().unwrap() {
            assert!(place.path().join(file.as_str().unwrap()).is_file(), "{file}");
        }
        let mean = json["summary"][1]["mean"].as_f64().unwrap();
        let summary = place.read("output/office/summary.csv");
        let row = &rows_of(&summary, 1, "downtime_hours")[0];
        assert_eq!(row.split('|').nth(4).unwrap().parse::<f64>().unwrap(), mean);
    }
}

mod the_same_numbers {
    use super::*;

    #[test]
    fn come_from_any_number_of_threads() {
        let place = Place::new();
        let csv_files = |threads: &str| {
            let out = format!("out{threads}");
            place.succeeds(&[
                "run",
                "office.toml",
                "--trials",
                "300",
                "--raw",
                "--threads",
                threads,
                "-o",
                &out,
            ]);
            ["summary.csv", "outages.csv", "trials.csv"]
                .map(|file| place.read(&format!("{out}/{file}")))
        };
        let one = csv_files("1");
        assert_eq!(one, csv_files("2"));
        assert_eq!(one, csv_files("7"));
        let rows = rows_of(&one[2], 1, "Standby");
        assert!(rows.windows(2).any(|two| two[0][2..] != two[1][2..]), "trials differ");
    }

    #[test]
    fn begin_a_longer_run() {
        let place = Place::new();
        let trials = |number: &str| {
            place.succeeds(&["run", "office.toml", "--trials", number, "--raw"]);
            place.read("output/office/trials.csv")
        };
        let (short, long) = (trials("100"), trials("200"));
        assert_eq!(short.lines().count(), 201);
        assert_eq!(long.lines().count(), 401);
        assert!(long.starts_with(&short));
    }

    #[test]
    fn another_seed_gives_others() {
        let place = Place::new();
        place.succeeds(&["run", "office.toml", "--trials", "50", "-o", "one"]);
        place.succeeds(&["run", "office.toml", "--trials", "50", "-o", "two", "--seed", "2"]);
        assert_ne!(place.read("one/summary.csv"), place.read("two/summary.csv"));
    }

    #[test]
    fn belong_to_a_strategy_whatever_else_is_compared() {
        let place = Place::new();
        let (head, tail) = OFFICE.split_once("[[strategy]]\nname = \"Standby\"").unwrap();
        let (standby, costs) = tail.split_once("[costs]").unwrap();
        let (head, wait) = head.split_once("[[strategy]]\n").unwrap();
        let standby = format!("[[strategy]]\nname = \"Standby\"{standby}");
        let wait = format!("[[strategy]]\n{wait}");
        let third = "[[strategy]]\nname = \"Third\"\n[strategy.rebuild]\n";
        let of_standby = |strategies: &str| {
            place.put("other.toml", &format!("{head}{strategies}\n[costs]{costs}"));
            place.succeeds(&["run", "other.toml", "--trials", "100", "--raw"]);
            let table = |file: &str| place.read(&format!("output/other/{file}"));
            [
                rows_of(&table("summary.csv"), 0, "Standby"),
                rows_of(&table("outages.csv"), 0, "Standby"),
                rows_of(&table("trials.csv"), 1, "Standby"),
            ]
        };
        let both = of_standby(&format!("{wait}{standby}"));
        assert_eq!(both[2].len(), 100);
        assert_eq!(both, of_standby(&standby), "removed");
        assert_eq!(both, of_standby(&format!("{standby}{wait}")), "reordered");
        assert_eq!(both, of_standby(&format!("{third}{wait}{standby}")), "added");
    }
}

mod wrong_input {
    use super::*;

    #[test]
    fn in_a_scenario_is_shown_at_its_place_and_nothing_is_written() {
        let place = Place::new();
        let wrong = OFFICE.replace("median = \"4h\"", "median = \"3 hourz\"");
        place.put("wrong.toml", &wrong.replace("users = 20_000", "users = 20_000\nobjcts = 5"));
        for command in ["run", "check"] {
            let told = place.refuses(&[command, "wrong.toml"]).stderr();
            for part in
                ["wrong.toml:5:1", "objcts = 5", "wrong.toml:11:", "3 hourz", "^^^", "2 errors"]
            {
                assert!(told.contains(part), "{part}: {told}");
            }
        }
        assert_eq!(place.names("."), ["office.toml", "wrong.toml"]);
    }

    #[test]
    fn in_a_path_is_said_in_one_sentence() {
        let place = Place::new();
        place.put("empty.toml", "");
        for (path, message) in [
            ("no.toml", "error: cannot read `no.toml`: there is no such file\n"),
            (".", "error: cannot read `.`: it is a directory, not a file\n"),
            ("empty.toml", "error: cannot read `empty.toml`: it is empty\n"),
        ] {
            assert_eq!(place.refuses(&["run", path]).stderr(), message);
        }
    }

    #[test]
    fn in_an_option_says_what_would_be_right() {
        let place = Place::new();
        for (arguments, message) in [
            (&["run", "--trials", "0"][..], "a whole number of at least 1"),
            (&["run", "--confidence", "95"], "for 95 % write 0.95"),
            (&["run", "--confidence", "1"], "between 0 and 1"),
            (&["run", "--threads", "0"], "--threads"),
            (&["run", "--seed", "-1"], "-1"),
            (&["run", "--trails", "5"], "--trials"),
            (&["run", "--format", "xml"], "text, json"),
            (&["sail"], "sail"),
        ] {
            let told = place.refuses(arguments).stderr();
            assert!(told.contains(message), "{message}: {told}");
        }
        assert_eq!(place.names("."), ["office.toml"]);
    }
}

mod the_output_folder {
    use super::*;

    #[test]
    fn of_an_earlier_run_is_replaced_and_the_users_own_files_stay() {
        let place = Place::new();
        place.succeeds(&["run", "office.toml", "--trials", "20", "--raw"]);
        let old = place.read("output/office/summary.csv");
        place.put("output/office/notes.txt", "mine");
        place.succeeds(&["run", "office.toml", "--trials", "30"]);
        assert_ne!(place.read("output/office/summary.csv"), old);
        assert_eq!(place.read("output/office/notes.txt"), "mine");
        let names = place.names("output/office");
        assert!(!names.contains(&"trials.csv".to_owned()), "of the old run: {names:?}");
        assert_eq!(place.names("output"), ["office"]);
    }

    #[test]
    fn that_is_somebody_elses_is_refused_at_once() {
        let place = Place::new();
        fs::create_dir(place.path().join("photos")).unwrap();
        place.put("photos/cat.jpg", "cat");
        // So many trials would take years: the refusal comes before them.
        let told = place
            .refuses(&["run", "office.toml", "--trials", "99999999999", "--output", "photos"])
            .stderr();
        assert!(told.contains("\"photos\" has files in it and is not an earlier output"), "{told}");
        assert_eq!(place.names("photos"), ["cat.jpg"]);
        let told = place.refuses(&["run", "office.toml", "--output", "office.toml"]).stderr();
        assert!(told.contains("is a file, not a folder"), "{told}");
        assert_eq!(place.read("office.toml"), OFFICE);
    }
}

#[cfg(unix)]
mod a_run_that_is_stopped {
    use super::*;
    use std::io::Read;
    use std::process::{Child, ExitStatus};

    /// A run that would go on for days. It ends with the test, however that ends.
    struct Endless(Child);

    impl Drop for Endless {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    impl Endless {
        /// Starts over an old output; returns when trials are being written beside it.
        fn caught_in_the_middle(place: &Place) -> Endless {
            let mut command =
                place.command(&["run", "office.toml", "--trials", "9999999999", "--raw"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut endless = Endless(command.spawn().unwrap());
            let trials = format!("output/.office.partial-{}/trials.csv", endless.0.id());
            let trials = place.path().join(trials);
            until("trials are written", || {
                assert!(endless.0.try_wait().unwrap().is_none(), "the run ended by itself");
                fs::metadata(&trials).is_ok_and(|file| file.len() > 0).then_some(())
            });
            endless
        }

        fn send(&self, signal: &str) {
            let kill = format!("kill -{signal} {}", self.0.id());
            assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        }

        fn ended(&mut self) -> ExitStatus {
            until("the run ends", || self.0.try_wait().unwrap())
        }

        fn told(&mut self) -> (String, String) {
            let (mut out, mut error) = (String::new(), String::new());
            self.0.stdout.take().unwrap().read_to_string(&mut out).unwrap();
            self.0.stderr.take().unwrap().read_to_string(&mut error).unwrap();
            (out, error)
        }
    }

    fn until<T>(what: &str, mut happened: impl FnMut() -> Option<T>) -> T {
        let give_up = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(result) = happened() {
                return result;
            }
            assert!(Instant::now() < give_up, "waited a minute until {what}");
            std::thread::yield_now();
        }
    }

    #[test]
    fn by_kill_leaves_the_old_output_whole_and_the_next_run_clears_up() {
        let place = Place::new();
        place.succeeds(&["run", "office.toml", "--trials", "20", "--raw"]);
        let old = place.contents("output/office");
        let mut run = Endless::caught_in_the_middle(&place);
        run.send("KILL");
        run.ended();
        assert_eq!(place.contents("output/office"), old);
        assert_eq!(place.names("output").len(), 2, "the remains are there");
        place.succeeds(&["run", "office.toml", "--trials", "20", "--raw"]);
        assert_eq!(place.names("output"), ["office"]);
        let trials = "output/office/trials.csv";
        assert_eq!(place.contents("output/office")[trials], old[trials]);
    }

    /// Whether a process has a signal in a mask of its status; never where nobody tells.
    fn is_in_mask(process: u32, mask: &str, signal: u32) -> bool {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(mask)?.strip_prefix(':'));
        let mask = line.and_then(|line| u64::from_str_radix(line.trim(), 16).ok()).unwrap_or(0);
        mask >> (signal - 1) & 1 == 1
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn is_not_when_it_was_started_to_outlive_its_terminal() {
        let place = Place::new();
        let program = env!("CARGO_BIN_EXE_outlast");
        let script = format!("trap '' HUP; exec {program} run office.toml -n 9999999999 -q");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(place.path()).stdin(Stdio::null());
        let run = Endless(command.spawn().unwrap());
        let process = run.0.id();
        until("the run listens", || is_in_mask(process, "SigCgt", 15).then_some(()));
        until("the folder is there", || place.path().join("output").exists().then_some(()));
        assert!(is_in_mask(process, "SigIgn", 1) && !is_in_mask(process, "SigCgt", 1));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn while_a_trial_is_searched_says_so() {
        let place = Place::new();
        let mut command = place.command(&[
            "trace",
            "office.toml",
            "--strategy",
            "Standby",
            "--worst",
            "outages",
            "--trials",
            "9999999999",
        ]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut search = Endless(command.spawn().unwrap());
        let process = search.0.id();
        until("the search listens", || is_in_mask(process, "SigCgt", 15).then_some(()));
        search.send("INT");
        assert_eq!(search.ended().code(), Some(1));
        assert_eq!(search.told(), (String::new(), "stopped; no trial was found\n".to_owned()));
    }

    /// How long a command takes to end once it is told to.
    fn time_to_end(run: &mut Endless) -> Duration {
        let asked = Instant::now();
        run.send("INT");
        assert_eq!(run.ended().code(), Some(1));
        asked.elapsed()
    }

    #[test]
    fn ends_within_a_second_while_charts_are_drawn_and_assumptions_varied() {
        let place = Place::new();
        let started = |arguments: &[&str]| {
            let mut command = place.command(arguments);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            Endless(command.spawn().unwrap())
        };
        // Tables are written before charts.
        let mut run = started(&["run", "-n", "100", "-o", "out"]);
        let table = place.path().join(format!(".out.partial-{}/summary.csv", run.0.id()));
        until("tables are written", || table.exists().then_some(()));
        assert!(time_to_end(&mut run) < Duration::from_secs(1), "drawing charts");
        let mut varied = started(&["sensitivity", "-o", "out"]);
        let partial = place.path().join(format!(".out.partial-{}", varied.0.id()));
        until("it has begun", || partial.exists().then_some(()));
        std::thread::sleep(Duration::from_millis(500));
        assert!(time_to_end(&mut varied) < Duration::from_secs(1), "varying assumptions");
        assert_eq!(place.names(""), ["office.toml"]);
    }

    #[test]
    fn by_ctrl_c_leaves_the_old_output_whole_and_nothing_else() {
        for signal in ["INT", "TERM", "HUP"] {
            // Started so that it outlives its terminal, a run inherits that.
            if signal == "HUP" && is_in_mask(std::process::id(), "SigIgn", 1) {
                continue;
            }
            let place = Place::new();
            place.succeeds(&["run", "office.toml", "--trials", "20", "--raw"]);
            let old = place.contents("output/office");
            let mut run = Endless::caught_in_the_middle(&place);
            run.send(signal);
            assert_eq!(run.ended().code(), Some(1));
            let told = "stopped; output/office is unchanged\n".to_owned();
            assert_eq!(run.told(), (String::new(), told));
            assert_eq!(place.contents("output/office"), old);
            assert_eq!(place.names("output"), ["office"]);
        }
    }
}

mod a_trace {
    use super::*;

    /// Faults of the standby and of single parts that begin and end while an outage goes on.
    const MUCH: &str = r#"name = "Much"
[[fault]]
name = "crash"
strikes = "server"
every = { exponential = { mean = "20d" } }
repair = "2d to 9d"
common_mode = 0.5
[[fault]]
name = "wizard"
strikes = "export"
every = { exponential = { mean = "15d" } }
repair = "1d to 4d"
[[strategy]]
name = "Wait, and repair"
[[strategy]]
name = "Standby"
[strategy.staging]
"#;

    #[test]
    fn tells_what_an_outage_was_once_and_later_that_it_goes_on() {
        let place = Place::new();
        place.put("much.toml", MUCH);
        let mut continued = [0, 0];
        for trial in 0..6 {
            let trial = trial.to_string();
            let one = ["trace", "much.toml", "--strategy", "Standby", "--trial", &trial];
            let two = [&one[..], &["--strategy", "Wait, and repair"]].concat();
            for (at, run) in [place.succeeds(&one), place.succeeds(&two)].iter().enumerate() {
                let told = run.stdout();
                let headings: Vec<&str> =
                    told.lines().filter(|line| line.contains("Outage ")).collect();
                let mut begun = std::collections::BTreeSet::new();
                for heading in headings {
                    let (of, rest) = heading.split_once("Outage ").unwrap();
                    let number = rest.split([':', ',']).next().unwrap();
                    let is_first = begun.insert((of.to_owned(), number.to_owned()));
                    let goes_on = rest.starts_with(&format!("{number}, continued: "));
                    assert_eq!(is_first, !goes_on, "{heading}\n{told}");
                    continued[at] += usize::from(goes_on);
                }
            }
        }
        assert!(continued.iter().all(|&count| count > 0), "{continued:?}");
    }
}

mod standard_output {
    use super::*;

    #[test]
    fn that_nobody_reads_any_more_ends_the_program_quietly() {
        let place = Place::new();
        for arguments in [
            &["schema"][..],
            &["init", "-"],
            &["check", "office.toml"],
            &["run", "office.toml", "--trials", "5"],
            &["run", "office.toml", "--trials", "5", "--format", "json"],
            &["completions", "zsh"],
            &["--help"],
        ] {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            let child = place.command(arguments).stdout(writer).stderr(Stdio::piped()).spawn();
            let run = Run(child.unwrap().wait_with_output().unwrap());
            assert_eq!((run.code(), run.stderr()), (0, String::new()), "{arguments:?}");
        }
        assert!(place.names("output/office").contains(&"summary.csv".to_owned()));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn that_takes_nothing_is_a_failure() {
        let place = Place::new();
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = Run(place.command(&["schema"]).stdout(full).output().unwrap());
        assert_eq!(run.code(), 1);
        let told = "error: cannot write to standard output: no space left on the device\n";
        assert_eq!(run.stderr(), told);
    }

    #[test]
    fn and_standard_error_carry_no_colours_into_a_pipe() {
        let place = Place::new();
        place.put("wrong.toml", "nme = 5\n");
        for arguments in [&["check", "office.toml"][..], &["check", "wrong.toml"], &["run", "no"]] {
            let run = place.outlast(arguments);
            assert!(!(run.stdout() + &run.stderr()).contains('\u{1b}'), "{arguments:?}");
        }
    }
}

mod check {
    use super::*;

    #[test]
    fn says_what_helps_against_which_fault() {
        let place = Place::new();
        let shown = place.succeeds(&["check", "office.toml"]).stdout();
        assert!(shown.contains("what helps against which fault"), "{shown}");
        let json = place.succeeds(&["check", "office.toml", "--format", "json"]).json();
        place.succeeds(&["run", "office.toml", "--trials", "5"]);
        let run: serde_json::Value =
            serde_json::from_str(&place.read("output/office/run.json")).unwrap();
        assert_eq!(json["cures"], run["cures"]);
        let standby = json["cures"].as_array().unwrap().iter();
        let mut standby = standby.filter(|row| row["strategy"] == "Standby");
        assert!(standby.any(|row| row["tables"] == serde_json::json!(["staging"])), "{json:#}");
    }

    #[test]
    fn lists_what_is_assumed_with_defaults_marked() {
        let place = Place::new();
        let shown = place.succeeds(&["check", "office.toml"]).stdout();
        let line = |key: &str| {
            let found =
                shown.lines().find(|line| line.get(2..).is_some_and(|l| l.starts_with(key)));
            found.unwrap_or_else(|| panic!("{key}: {shown}")).to_owned()
        };
        assert!(line("users").starts_with("  users   = 20_000 "));
        assert!(line("objects").starts_with("* objects = 60000 "));
        assert!(line("currency").contains("= \"EUR\""));
        assert!(shown.contains("\nstrategy.\"Standby\".staging\n"), "{shown}");
        assert!(
            shown.starts_with("Office: 20,000 users and 60,000 objects over 365d; "),
            "{shown}"
        );
        assert!(shown.contains(" defaults (*).\n\n* schema"), "{shown}");
        // Where a value comes from: what is written beside it, or the source of the default.
        assert!(
            line("per_user_year").contains("4.1") && shown.contains("[derived: 365 /"),
            "{shown}"
        );
        assert_eq!(place.names("."), ["office.toml"], "nothing is written");
    }

    #[test]
    fn without_a_file_is_of_the_scenario_built_in() {
        let place = Place::new();
        let told = place.succeeds(&["check"]).stdout();
        assert!(told.starts_with("No file is given: this is the scenario built into"), "{told}");
        let json = place.succeeds(&["check", "--format", "json"]).stdout();
        let own = place.succeeds(&["check", "office.toml"]).stdout();
        assert!(json.starts_with('{') && !own.contains("No file is given"));
    }

    #[test]
    fn shows_warnings_and_finds_the_scenario_right_all_the_same() {
        let place = Place::new();
        place.put(
            "trap.toml",
            &OFFICE.replace("[strategy.staging]", "[strategy.staging]\nsite = \"same\""),
        );
        let shown = place.succeeds(&["check", "trap.toml"]).stdout();
        assert!(shown.contains("warning: ") && shown.contains("trap.toml:20:8"), "{shown}");
    }

    #[test]
    fn prints_one_json_object_for_scripts() {
        let place = Place::new();
        let json = place.succeeds(&["check", "office.toml", "--format", "json"]).json();
        let all = json["assumptions"].as_array().unwrap();
        let of = |key: &str| all.iter().find(|assumption| assumption["key"] == key).unwrap();
        assert_eq!(of("organisation.users")["value"], "20_000");
        assert_eq!(of("organisation.users")["default"], false);
        assert_eq!(of("horizon")["default"], true);
        let defaults = all.iter().filter(|assumption| assumption["default"] == true).count();
        assert_eq!(json["defaults"], defaults);
        assert_eq!(json["given"], all.len() - defaults);
        assert_eq!(json["warnings"], Value::Array(Vec::new()));
    }
}

mod init {
    use super::*;

    #[test]
    fn writes_a_scenario_that_runs() {
        let place = Place::new();
        let run = place.succeeds(&["init"]);
        assert_eq!(run.stdout(), "");
        assert!(run.stderr().starts_with("wrote scenario.toml"), "{}", run.stderr());
        place.succeeds(&["run", "scenario.toml", "--trials", "5"]);
        assert_eq!(place.read("scenario.toml"), place.succeeds(&["init", "-"]).stdout());
    }

    #[test]
    fn never_overwrites() {
        let place = Place::new();
        let told = place.refuses(&["init", "office.toml"]).stderr();
        assert!(told.contains("\"office.toml\" is there already"), "{told}");
        assert_eq!(place.read("office.toml"), OFFICE);
        let told = place.refuses(&["init", "no/such/folder.toml"]).stderr();
        assert!(told.contains("there is no such folder"), "{told}");
        assert_eq!(place.names("."), ["office.toml"]);
    }
}

#[test]
fn help_tells_what_the_tool_is_for_and_the_exit_codes() {
    let place = Place::new();
    let help = place.succeeds(&["--help"]).stdout();
    for part in
        ["Examples:", "Exit codes:", "outlast run", "check", "init", "schema", "completions"]
    {
        assert!(help.contains(part), "{part}: {help}");
    }
    assert!(place.succeeds(&["--version"]).stdout().starts_with("outlast 0."));
    assert_eq!(place.outlast(&[]).code(), 2);
}

#[test]
fn schema_is_a_json_schema() {
    let schema = Place::new().succeeds(&["schema"]).json();
    assert!(schema["$schema"].is_string());
    assert!(schema["properties"]["organisation"].is_object());
}

#[test]
fn every_command_has_a_manual_page() {
    let place = Place::new();
    let page = place.succeeds(&["man", "run"]).stdout();
    assert!(page.contains(".TH outlast-run 1"), "{page}");
    assert!(page.contains("Number of threads"), "{page}");
    assert!(page.contains(".SH EXAMPLES\n.nf\n"), "{page}");
    place.succeeds(&["man", "-o", "pages/man1"]);
    let pages = place.names("pages/man1");
    let help = place.succeeds(&["--help"]).stdout();
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    // A line that is indented further goes on with the one before.
    let commands = commands.filter(|line| !line.starts_with("   "));
    let names: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 15, "{names:?}");
    for name in names.iter().filter(|name| **name != "help") {
        assert!(pages.contains(&format!("outlast-{name}.1")), "{name}: {pages:?}");
    }
    assert!(pages.contains(&"outlast.1".to_owned()), "{pages:?}");
    let told = place.refuses(&["man", "rum"]).stderr();
    assert!(told.contains("no command is called \"rum\"; they are run, explore"), "{told}");
}

#[test]
fn completions_exist_for_every_shell() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = place.succeeds(&["completions", shell]).stdout();
        // The script asks the program itself; what it answers is tested with --set.
        assert!(script.contains("COMPLETE") && script.contains("outlast"), "{shell}");
    }
}

mod a_mistake {
    use super::*;

    #[test]
    fn with_a_minus_is_told_what_would_be_right() {
        let place = Place::new();
        let whole = "write a whole number";
        for (arguments, told) in [
            (&["run", "--trials", "-3"][..], whole),
            (&["run", "-n", "-3"], whole),
            (&["run", "--seed", "-1"], whole),
            (&["run", "--max-trials", "-1"], whole),
            (&["run", "--threads", "-1"], "-1 is not in 1..=1024"),
            (&["run", "--confidence", "-0.5"], "write a number between 0 and 1"),
            (&["run", "--precision", "-1%"], "write a percentage"),
            (&["trace", "--strategy", "a", "--trial", "-1"], whole),
            (&["trace", "--strategy", "a", "--seed", "-1"], whole),
            (&["trace", "--strategy", "a", "--worst", "cost", "--trials", "-1"], whole),
        ] {
            let shown = place.refuses(arguments).stderr();
            assert!(shown.contains(told), "{arguments:?}: {shown}");
        }
    }

    #[test]
    fn is_shown_at_its_place() {
        let place = Place::new();
        let office = |from: &str, to: &str| OFFICE.replace(from, to);
        let wide = "[sync]\nexport_per_hour = 84_000\n[organisation]";
        for (text, told) in [
            ("[[strategy]]\nname = \"a\"\n".to_owned(), "`name` is missing\n --> a.toml:1:1\n"),
            ("name = \"a\"\n".to_owned(), "there is no strategy to compare\n --> a.toml:2:1\n"),
            ("\u{feff}nme = 1".to_owned(), "unknown key `nme`\n --> a.toml:1:1\n"),
            (
                office("[organisation]", "[sync]\nexport_per_hour = 1\n[organisation]"),
                "20 object changes an hour come in and 1 can be exported\n --> a.toml:4:19\n",
            ),
            (
                office("[organisation]", wide)
                    .replace("[[fault]]", "[workload.object_changes]\nper_hour = 1e6\n[[fault]]"),
                "1000000 object changes an hour come in and 84000 can be exported\n --> a.toml:9:12\n",
            ),
            (
                office("[[fault]]", "[workload.password_changes]\nmax_age = \"1s\"\n[[fault]]"),
                "password changes an hour come in and 60000 can be synced\n --> a.toml:7:11\n",
            ),
            (
                office("users = 20_000", "users = 100_000_000\nobjects = 200_000_000").replace(
                    "[[fault]]",
                    "[workload.password_changes]\nper_user_year = 40\n[workload.object_changes]\n\
                     per_hour = 20\n[[fault]]",
                ),
                "456621 password changes an hour come in and 60000 can be synced\n --> a.toml:4:9\n",
            ),
            (
                office("[costs]", "[tolerance]\ncost = { limit = 5 }\n[costing]"),
                "cost is limited, and nothing has a price\n --> a.toml:22:8\n",
            ),
            (office("6_000.0", "1e13"), "from 0 to 1_000_000_000_000, found the number 1e13\n"),
            (office("\"EUR\"", "\"EUR\"\nlabour_hour = 1e13"), "found the number 1e13\n"),
            (office("\"EUR\"", "\"E\\u001bR\""), "a control character (U+001B)\n"),
        ] {
            place.put("a.toml", &text);
            let shown = place.refuses(&["check", "a.toml"]).stderr();
            // The margin is as wide as the number of the last line shown.
            assert!(shown.replace("\n  -->", "\n -->").contains(told), "{told}: {shown}");
        }
    }

    #[test]
    fn that_is_not_utf8_is_shown_as_far_as_it_can_be() {
        let place = Place::new();
        fs::write(place.path().join("a.toml"), b"name = \"x\"\nhorizon = \"\xe9\"\n").unwrap();
        let expected = "\
error: the file is not UTF-8 text, from byte 22 on
 --> a.toml:2:12
  |
2 | horizon = \"\u{fffd}\"
  |            ^
  |
  = help: save it as UTF-8

1 error in a.toml
";
        assert_eq!(place.refuses(&["check", "a.toml"]).stderr(), expected);
        fs::write(place.path().join("a.toml"), b"\xff\xfen\0a\0").unwrap();
        let shown = place.refuses(&["run", "a.toml"]).stderr();
        assert!(shown.contains("a.toml:1:1\n") && shown.contains("looks like UTF-16"), "{shown}");
    }

    #[test]
    fn given_twice_is_one_error() {
        let place = Place::new();
        let both = "[workload.password_changes]\nmax_age = \"90d\"\nper_user_year = 4\n[[fault]]";
        place.put("a.toml", &OFFICE.replace("[[fault]]", both));
        let shown = place.refuses(&["check", "a.toml"]).stderr();
        assert!(shown.contains("the rate of password changes is given twice"), "{shown}");
        assert!(shown.ends_with("\n1 error in a.toml\n"), "{shown}");
    }

    #[test]
    fn near_a_word_names_it() {
        let place = Place::new();
        for (from, to, told) in [
            (
                "[[fault]]",
                "[workload.writeback]\nprofile = \"offce\"\n[[fault]]",
                "did you mean \"office\"?",
            ),
            (
                "[organisation]",
                "time_zone = \"Europe/Belrin\"\n[organisation]",
                "did you mean \"Europe/Berlin\"?",
            ),
            (
                "[organisation]",
                "time_zone = \"berlin\"\n[organisation]",
                "did you mean \"Europe/Berlin\"?",
            ),
            ("repair = {", "repair = \"nevr\"\n#", "write \"never\""),
        ] {
            // Keys of the top level stand before the first table.
            place.put("a.toml", &OFFICE.replacen(from, to, 1));
            let shown = place.refuses(&["check", "a.toml"]).stderr();
            assert!(shown.contains(told), "{told}: {shown}");
            assert!(shown.ends_with("\n1 error in a.toml\n"), "{shown}");
        }
    }
}

mod a_trap {
    use super::*;

    /// The warnings of a scenario: message and the text of the line that each points at.
    fn warnings(place: &Place, text: &str) -> Vec<String> {
        place.put("a.toml", text);
        let json = place.succeeds(&["check", "a.toml", "--format", "json"]).json();
        let lines: Vec<&str> = text.lines().collect();
        let line = |warning: &Value| {
            let at = warning["line"].as_u64().map_or("-", |line| lines[line as usize - 1]);
            format!("{} | {at}", warning["message"].as_str().unwrap())
        };
        json["warnings"].as_array().unwrap().iter().map(line).collect()
    }

    #[test]
    fn is_warned_of_at_its_place() {
        let place = Place::new();
        let every = "every = { exponential = { mean = \"60d\" } }";
        let repair = "repair = { lognormal = { median = \"4h\", p95 = \"14h\" } }";
        let sql = "[strategy.sql_high_availability]\nregister_all_providers_ip = 1";
        for (from, to, told) in [
            (
                repair,
                "repair = \"1s to 24h\"",
                "a range so wide has a mean of 1d 8h, above its upper end: it is a lognormal, whose rare \
                 long ones count for most | repair = \"1s to 24h\"",
            ),
            (every, "at = []", "the fault never strikes: its list of times is empty | at = []"),
            (
                every,
                "at = [\"365d\"]",
                "\"server crash\" never strikes: a trial ends after 365d | at = [\"365d\"]",
            ),
            (
                every,
                "at = [\"1d\", \"365d\"]",
                "1 of 2 times never come: a trial ends after 365d | at = [\"1d\", \"365d\"]",
            ),
            (
                repair,
                "repair = \"1h\"\nprobability = 0.5",
                "probability has no effect on a fault without fixed times | probability = 0.5",
            ),
            (
                "[strategy.staging]",
                "prefer = [\"rebuild\", \"staging\"]\n[strategy.staging]",
                "`prefer` names \"rebuild\", and the strategy has no such table | prefer = [\"rebuild\", \"staging\"]",
            ),
            (
                "[strategy.staging]",
                "[strategy.sql_high_availability]",
                "`sql_high_availability` never has anything to do: no fault strikes what it protects | [strategy.sql_high_availability]",
            ),
            (
                "[costs]",
                "[tolerance.outages]\nlimit = 5\nconfidence = 1\n[costs]",
                "no number of trials can show that a limit is always kept | confidence = 1",
            ),
            (
                "[costs]",
                "[tolerance.outages]\nlimit = 5\nconfidence = 0\n[costs]",
                "a limit that never has to be kept says nothing | confidence = 0",
            ),
            (
                "[organisation]",
                "holidays = [\"2028-01-03\", \"2028-01-04\"]\n[organisation]",
                "2028-01-04 is no day of a trial | holidays = [\"2028-01-03\", \"2028-01-04\"]",
            ),
        ] {
            assert_eq!(warnings(&place, &OFFICE.replacen(from, to, 1)), [told]);
        }
        let database = OFFICE.replacen("strikes = \"server\"", "strikes = \"database\"", 1);
        assert_eq!(
            warnings(&place, &database.replacen("[strategy.staging]", sql, 1)),
            [
                "RegisterAllProvidersIP = 1 does nothing with one subnet | register_all_providers_ip = 1"
            ]
        );
        assert_eq!(warnings(&place, OFFICE), [""; 0]);
    }

    #[test]
    fn is_not_warned_of_beside_an_error_in_the_same_key() {
        let place = Place::new();
        let every = "every = { exponential = { mean = \"60d\" } }";
        for wrong in ["at = [\"-1h\"]", "every = \"0x\"", "every = \"30d\"\nat = [\"soon\"]"] {
            place.put("a.toml", &OFFICE.replacen(every, wrong, 1));
            let shown = place.refuses(&["check", "a.toml"]).stderr();
            assert!(shown.ends_with("\n1 error in a.toml\n"), "{shown}");
        }
    }
}
