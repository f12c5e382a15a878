//! Logs as people keep them: what each is read as, and what is said of it. Small inputs, of which the
//! right answer is worked by hand.

use serde_json::Value;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder with a log, in which the program is started.
struct Log(TempDir);

impl Log {
    fn new(text: &str) -> Log {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("log.csv"), text).unwrap();
        let office = "name = \"Fen office\"\n[[fault]]\nname = \"crash\"\nstrikes = \"server\"\n\
                      every = \"365d\"\nrepair = \"2h to 6h\"\n[[strategy]]\nname = \"Repair\"\n";
        std::fs::write(folder.path().join("office.toml"), office).unwrap();
        Log(folder)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
        command.args(arguments).current_dir(self.0.path()).output().unwrap()
    }

    fn told(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What `fit` prints, on one line.
    fn words(&self, more: &[&str]) -> String {
        let told = self.told(&[&["fit", "log.csv", "--bootstrap", "19"], more].concat());
        told.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn fit(&self, more: &[&str]) -> Value {
        let fixed = ["fit", "log.csv", "--bootstrap", "0", "--format", "json"];
        serde_json::from_str(&self.told(&[&fixed, more].concat())).unwrap()
    }

    fn refused(&self, more: &[&str]) -> String {
        let output = self.run(&[&["fit", "log.csv"], more].concat());
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    }
}

/// Durations of a variable, and how many of them are bounds.
fn counts(found: &Value, variable: usize) -> [u64; 2] {
    ["n", "censored"].map(|key| found["variables"][variable][key].as_u64().unwrap())
}

/// The mean that the exponential distribution is fitted with, hours.
fn mean(found: &Value, variable: usize) -> f64 {
    let fits = found["variables"][variable]["fits"].as_array().unwrap();
    let exponential = fits.iter().find(|fit| fit["family"] == "exponential").unwrap();
    exponential["parameters"]["mean"].as_f64().unwrap()
}

const ONE_LONG: &str = "opened,resolved
2024-01-02 09:00,2024-01-02 11:00
2024-01-03 09:00,2024-01-03 10:00
2024-01-04 09:00,
2024-01-05 09:00,2024-01-05 13:00
2024-01-08 09:00,2024-11-08 09:00
2024-01-09 09:00,2024-01-09 12:00
2024-01-10 09:00,
2024-01-11 09:00,2024-01-11 11:00
2024-01-12 09:00,
2024-01-15 09:00,2024-01-15 10:00
";

#[test]
fn one_long_ticket_does_not_keep_others_open() {
    let log = Log::new(ONE_LONG);
    assert_eq!(counts(&log.fit(&[]), 0), [7, 0]);
    let words = log.words(&[]);
    assert!(
        words
            .contains("3 without an end, and no word whether open or over: 0 judged still open, 3")
            && words.contains("--open censored would take all 3 as lower bounds"),
        "{words}"
    );
    assert_eq!(counts(&log.fit(&["--open", "censored"]), 0), [10, 3]);
    assert_eq!(counts(&log.fit(&["--open", "left-out"]), 0), [7, 0]);
}

#[test]
fn a_state_that_is_not_known_is_judged_like_none() {
    let rows = |state: &str| {
        format!(
            "start,end,state\n2024-03-01 08:00,2024-03-01 10:00,closed\n\
             2024-03-04 08:00,,{state}\n2024-03-06 08:00,2024-03-06 11:00,closed\n"
        )
    };
    // German and others are known; the words of one desk only are not.
    for (state, judged, censored) in [
        ("In Bearbeitung", 1, 1),
        ("assigned", 1, 1),
        ("on hold", 1, 1),
        ("with the vendor", 0, 1),
        ("", 0, 1),
        ("closed", 0, 0),
        ("Geschlossen", 0, 0),
        ("cancelled", 0, 0),
    ] {
        let log = Log::new(&rows(state));
        assert_eq!(counts(&log.fit(&[]), 0)[1], judged, "{state}");
        assert_eq!(counts(&log.fit(&["--open", "censored"]), 0)[1], censored, "{state}");
        let until = ["--until", "2024-03-10 08:00", "--open", "censored"];
        assert_eq!(counts(&log.fit(&until), 0)[1], censored, "{state}");
    }
    let words = Log::new(&rows("with the vendor")).words(&[]);
    assert!(
        words.contains("neither for open nor for over: \"with the vendor\" (line 3)"),
        "{words}"
    );
}

#[test]
fn numbers_have_the_unit_of_the_option_then_of_their_row() {
    let log = Log::new(
        "start,duration\n2024-01-02 08:00,7200\n2024-01-02 11:00,10800\n\
         2024-01-02 15:00,3600\n2024-01-03 08:00,5400\n",
    );
    let words = log.words(&[]);
    assert!(
        words.contains("`duration` names no unit, so its numbers are read as hours"),
        "{words}"
    );
    assert!(words.contains("in a log of 1d. Say --unit s or --unit min"), "{words}");
    for option in [&["--durations", "duration=s"], &["--unit", "s"]] {
        assert!((mean(&log.fit(option), 0) - 1.875).abs() < 1e-9, "{option:?}");
        assert!(!log.words(option).contains("names no unit"));
    }
    let mixed = "opened,downtime,unit\n2024-01-02 08:00,45,min\n2024-01-03 08:00,120,min\n\
                 2024-01-04 08:00,2,h\n";
    assert!((mean(&Log::new(mixed).fit(&[]), 0) - 4.75 / 3.0).abs() < 1e-9);
    // A column of that name with other things in it is none.
    let units = Log::new("unit,tbf_hours\nA,10\nB,20\nA,60\n");
    assert!((mean(&units.fit(&[]), 0) - 30.0).abs() < 1e-9);
}

#[test]
fn what_is_over_on_the_day_it_began_is_said_to_have_no_length() {
    let log = Log::new(
        "start,end\n2024-03-01,2024-03-02\n2024-03-04,2024-03-04\n2024-03-09,2024-03-12\n",
    );
    let found = log.fit(&[]);
    assert_eq!(counts(&found, 0), [2, 0]);
    let notes = found["notes"].to_string();
    assert!(notes.contains("1 that were over on the day they began have no length"), "{notes}");
}

#[test]
fn a_date_and_its_time_may_stand_in_two_columns() {
    let text = "date,time,duration_minutes\n2024-01-01,08:10,30\n2024-01-01,17:45,20\n\
                2024-01-05,09:00,60\n2024-01-05,13:30,45\n2024-01-09,22:15,15\n\
                2024-01-12,07:05,90\n";
    let log = Log::new(text);
    let found = log.fit(&[]);
    assert_eq!(counts(&found, 1), [5, 0]);
    // From 01-01 08:10 to 01-12 07:05 in five gaps.
    assert!((mean(&found, 1) - (10.0 * 24.0 + 22.0 + 55.0 / 60.0) / 5.0).abs() < 1e-9);
    assert!(log.words(&[]).contains("read as start = date + time"));
    let four = "Start date;Start time;End date;End time\n01.03.2024;22:00;02.03.2024;01:30\n\
                05.03.2024;08:00;05.03.2024;09:00\n09.03.2024;08:00;09.03.2024;10:00\n";
    assert!((mean(&Log::new(four).fit(&[]), 0) - 6.5 / 3.0).abs() < 1e-9);
}

const UNTIL: &str = "start,end
2024-03-01 08:00,2024-03-01 10:00
2024-03-04 08:00,2024-03-04 13:00
2024-03-06 08:00,2024-03-06 11:00
2024-03-09 08:00,2024-03-19 08:00
2024-03-12 08:00,2024-03-12 10:00
";

#[test]
fn what_came_after_the_end_of_the_watch_was_not_seen() {
    let log = Log::new(UNTIL);
    let until = ["--until", "2024-03-10 08:00"];
    let found = log.fit(&until);
    assert_eq!(counts(&found, 0), [4, 1]);
    assert_eq!(found["variables"][0]["censored_lines"], serde_json::json!([5]));
    // (2 + 5 + 3 + 24) / 3 ends.
    assert!((mean(&found, 0) - 34.0 / 3.0).abs() < 1e-9);
    let replay = |more: &[&str]| -> Value {
        let fixed = ["replay", "office.toml", "log.csv", "-n", "2", "--format", "json"];
        serde_json::from_str(&log.told(&[&fixed, more].concat())).unwrap()
    };
    let (all, cut) = (replay(&[]), replay(&until));
    assert_eq!((&all["incidents"], &all["merged_downtime_hours"]), (&5.into(), &250.0.into()));
    assert_eq!((&cut["incidents"], &cut["merged_downtime_hours"]), (&4.into(), &34.0.into()));
    assert_eq!(cut["window_hours"], 9.0 * 24.0);
    assert_eq!(cut["left_out"][0]["line"], 6);
    assert_eq!(cut["lower_bounds"], serde_json::json!([5]));
    let benchmark = ["benchmark", "office.toml", "log.csv", "-n", "50", "--format", "json"];
    let answer = log.told(&[&benchmark[..], &until].concat());
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["observed_hours"], 9.0 * 24.0);
    assert_eq!(answer["assumptions"][0]["lower_bounds"], 1);
}

#[test]
fn a_replay_names_every_row_that_it_leaves_out() {
    let by_end = "start,end\n2024-03-01 08:00,2024-03-01 10:00\n2024-03-02 08:00,2024-03-02 08:00\n\
                  2024-03-03 08:00,2024-03-03 09:00\n2024-03-04 08:00,\n";
    let by_length = "start,duration_hours\n2024-03-01 08:00,2\n2024-03-02 08:00,0\n\
                     2024-03-03 08:00,1\n2024-03-04 08:00,\n";
    for (text, reason) in [(by_end, "no end"), (by_length, "no duration")] {
        let log = Log::new(text);
        let told = log.told(&["replay", "office.toml", "log.csv", "-n", "1", "--open", "left-out"]);
        assert!(told.contains("3 incidents of 4 rows. The log itself has 3 outages"), "{told}");
        assert!(told.contains(&format!("Left out, {reason}: 1 row, line 5")), "{told}");
        let json = ["replay", "office.toml", "log.csv", "-n", "1", "--format", "json"];
        let limit = ["--outages", "2", "--open", "left-out"];
        let json: Value = serde_json::from_str(&log.told(&[&json[..], &limit].concat())).unwrap();
        assert_eq!(json["left_out"][0]["line"], 5);
        assert_eq!(json["outages"].as_array().unwrap().len(), 2);
        assert_eq!(json["outages_of_incidents"], serde_json::json!({ "listed": 2, "of": 3 }));
    }
}

#[test]
fn one_value_that_many_share_is_said_to_be_one() {
    let long =
        "9 14 20 26 33 41 50 60 72 85 100 117 136 158 183 212 246 286 334 392 464 555 680 870 1300";
    let rows = format!("downtime_minutes\n{}{}\n", "1\n".repeat(16), long.replace(' ', "\n"));
    let words = Log::new(&rows).words(&[]);
    assert!(
        words.contains("39 % of the durations are exactly 1m: likely a placeholder"),
        "{words}"
    );
    assert!(!words.contains("almost no data"), "{words}");
}

#[test]
fn an_interval_without_an_end_ends_at_infinity() {
    let words =
        Log::new("repair_hours\n0.1\n0.1\n0.1\n5\n60\n").words(&["--family", "inverse-gaussian"]);
    assert!(words.contains("to infinity, lambda from"), "{words}");
}

#[test]
fn incidents_that_stopped_are_said_to_have_stopped() {
    let days =
        ["01-01", "01-05", "01-10", "01-16", "01-19", "01-25", "02-01", "02-05", "02-11", "02-16"];
    let row = |(k, day): (usize, &&str)| format!("2024-{day} 08:00,2024-{day} {}:00\n", 10 + k % 3);
    let rows: String = days.iter().enumerate().map(row).collect();
    let words = Log::new(&format!("start,end\n{rows}")).words(&["--until", "2024-07-19"]);
    assert!(
        words.contains(
            "Failures have stopped, or their recording: none in the last 153d 16h, where"
        ),
        "{words}"
    );
    assert!(!words.contains("No trend"), "{words}");
}

#[test]
fn few_durations_are_not_enough_to_plan_by() {
    let words = Log::new("repair_hours\n5.1\n5.4\n5.6\n5.9\n6.1\n").words(&[]);
    assert!(words.contains("5 complete durations cannot tell families apart"), "{words}");
    assert!(words.contains("if the family is right, which 5 durations cannot tell"), "{words}");
    assert!(!words.contains("enough to plan by"), "{words}");
    let two = Log::new("repair_hours\n5.1\n5.4\n");
    let told = two.told(&["fit", "log.csv", "--bootstrap", "19", "-o", "out"]);
    assert!(told.contains("out/report.html") && !told.contains("chart"), "{told}");
}

#[test]
fn starts_in_the_same_moment_are_one_event() {
    let rows = "01 08:00,01 09:00;01 08:00,01 09:05;01 08:00,01 09:10;04 10:00,04 11:00;\
                07 16:00,07 17:00;07 16:00,07 17:05;10 18:00,10 18:40;13 12:00,13 12:30;\
                13 12:00,13 12:45;16 08:00,16 09:00";
    let row = |row: &str| format!("2024-03-{}\n", row.replace(',', ",2024-03-"));
    let rows: String = rows.split(';').map(row).collect();
    let log = Log::new(&format!("start,end\n{rows}"));
    let words = log.words(&[]);
    assert!(
        words.contains(
            "7 of 10 incidents start in the same moment as another: one cause each, so 6"
        ),
        "{words}"
    );
    // Fifteen days between six events.
    assert!((mean(&log.fit(&[]), 1) - 72.0).abs() < 1e-9);
}

#[test]
fn a_row_is_not_taken_for_the_heading() {
    let refused = Log::new("site,minutes lost\na,45\nb,120\nc,30\nd,600\ne,90\n").refused(&[]);
    assert!(refused.contains("its columns are `site` and `minutes lost`"), "{refused}");
    let refused = Log::new("case,amount,unit\n1,45,min\n2,120,min\n").refused(&[]);
    assert!(refused.contains("its columns are `case`, `amount` and `unit`"), "{refused}");
    // Without a heading every row counts, and columns have numbers.
    let bare = Log::new("2024-03-01 08:00,2024-03-01 09:00\n2024-03-04 10:00,2024-03-04 11:30\n");
    assert!(bare.refused(&[]).contains("by their numbers, `1` and `2`"));
    assert!(bare.refused(&["--columns", "start=2024-03-01 09:30,end=2"]).contains("no column"));
    let pointed = bare.fit(&["--columns", "start=2024-03-01 08:00,end=2"]);
    assert_eq!(counts(&pointed, 0), [2, 0]);
    let found = bare.fit(&["--columns", "start=1,end=2"]);
    assert_eq!(counts(&found, 0), [2, 0]);
    assert!(found["notes"][0].as_str().unwrap().contains("(line 1) is an incident"));
    assert_eq!(counts(&Log::new("1.5\n2\n4\n").fit(&[]), 0), [3, 0]);
}

#[test]
fn the_hour_that_comes_twice_does_not_end_before_it_begins() {
    // Half an hour after the clocks went back it is ten past two again.
    let log = Log::new(
        "start,end\n2026-10-25 02:50,2026-10-25 02:10\n2026-03-29 02:30,2026-03-29 05:30\n",
    );
    let found = log.fit(&["--time-zone", "Europe/Berlin"]);
    assert_eq!(counts(&found, 0), [2, 0]);
    // 20 minutes, and 02:30, which never came, is read as 03:30.
    assert!((mean(&found, 0) - (1.0 / 3.0 + 2.0) / 2.0).abs() < 1e-9);
    let notes = found["notes"].to_string();
    assert!(notes.contains("came twice, when the clocks went back: line 2"), "{notes}");
    assert!(notes.contains("never came") && notes.contains("line 3"), "{notes}");
}

#[test]
fn a_lead_that_is_only_the_penalty_is_no_lead() {
    // Exponential quantiles, few of them: a Weibull is as likely and pays for its shape.
    let rows: String = (0..12)
        .map(|k| format!("{}\n", -24.0 * (1.0 - (f64::from(k) + 0.5) / 12.0_f64).ln()))
        .collect();
    let words = Log::new(&format!("repair_hours\n{rows}")).words(&[]);
    assert!(
        words.contains("The log cannot tell families apart: the exponential distribution"),
        "{words}"
    );
    assert!(!words.contains("a clear lead"), "{words}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_bootstrap_at_once_and_leaves_nothing() {
    use std::time::{Duration, Instant};
    let rows: String = (1..3000).map(|k| format!("{}\n", 0.1 * f64::from(k))).collect();
    let log = Log::new(&format!("repair_hours\n{rows}"));
    let hidden = || {
        let names = std::fs::read_dir(log.0.path()).unwrap();
        names
            .filter_map(|name| name.unwrap().file_name().into_string().ok())
            .find(|name| name.starts_with(".out"))
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    command.args(["fit", "log.csv", "--bootstrap", "1000000", "-o", "out"]);
    let null = std::process::Stdio::null;
    let mut fit = command.current_dir(log.0.path()).stdout(null()).stderr(null()).spawn().unwrap();
    let started = Instant::now();
    while hidden().is_none() && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(hidden().is_some());
    let asked = Instant::now();
    assert!(Command::new("kill").args(["-INT", &fit.id().to_string()]).status().unwrap().success());
    let status = fit.wait().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    assert_eq!(status.code(), Some(1));
    assert_eq!(hidden(), None);
    assert!(!log.0.path().join("out").exists());
}

#[test]
fn a_factor_has_the_digits_that_count() {
    // 48 incidents in five years of 365 days are 9.6 a year, where one is assumed.
    let rows: String = (2020..2024)
        .flat_map(|year| {
            (1..13).map(move |month| {
                format!("{year}-{month:02}-07 09:00,{year}-{month:02}-07 13:00\n")
            })
        })
        .collect();
    let log = Log::new(&format!("start,end\n{rows}"));
    let asked = ["benchmark", "office.toml", "log.csv", "--observed", "1825d", "-n", "50"];
    let told = log.told(&asked);
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("by a factor of 9.6 ("), "{words}");
    assert!(!words.contains("9.600"), "{words}");
    // A log may have been kept for months.
    let months =
        log.told(&["benchmark", "office.toml", "log.csv", "--observed", "60mo", "-n", "50"]);
    assert!(months.contains("over 1825d"), "{months}");
}

#[test]
fn a_p_value_rests_on_the_replicates_of_its_own_family() {
    let rows: String = (0..30)
        .map(|k| format!("{}\n{}\n", 1.0 + 0.01 * f64::from(k), 90.0 + f64::from(k)))
        .collect();
    let log = Log::new(&format!("repair_hours\n{rows}"));
    let told = log.told(&["fit", "log.csv", "--family", "mixture,exponential"]);
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("999 replicates, 199 of the mixture"), "{words}");
}

#[test]
fn what_is_played_though_the_tests_reject_it_is_said() {
    // Three values with gaps between them: no family has that shape.
    let rows: String = (0..90)
        .map(|k| {
            let hours = [60, 600, 6000][k % 3] + k as i64 / 3 % 4;
            let start =
                jiff::civil::date(2020, 1, 1).at(0, 0, 0, 0) + jiff::Span::new().days(7 * k as i64);
            let end = start + jiff::Span::new().minutes(hours);
            format!("{start},{end},server\n")
        })
        .collect();
    let log = Log::new(&format!("start,end,cause\n{rows}"));
    let told = log.told(&["benchmark", "office.toml", "log.csv", "-n", "50"]);
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("The tests reject it all the same (p = "), "{words}");
}

#[test]
fn one_duration_lasts_and_several_last() {
    // 9 to 15 h, and one of 60: an exponential expects twelve as long.
    let rows: String = (0..120).map(|k| format!("{}\n", 9.0 + 0.05 * f64::from(k))).collect();
    let words = Log::new(&format!("repair_hours\n{rows}60\n")).words(&["--family", "exponential"]);
    assert!(words.contains("1 duration of the log lasts longer than"), "{words}");
    assert!(!words.contains(" 1 durations"), "{words}");
}

#[test]
fn what_is_known_is_drawn_though_other_causes_are_not() {
    let row = |k: usize| {
        let cause = if k.is_multiple_of(3) { "weather" } else { "server" };
        format!(
            "2024-{:02}-{:02} 09:00,2024-{:02}-{:02} 1{}:00,{cause}\n",
            1 + k / 3,
            1 + k % 3 * 9,
            1 + k / 3,
            1 + k % 3 * 9,
            k % 5
        )
    };
    let rows: String = (0..36).map(row).collect();
    let log = Log::new(&format!("start,end,cause\n{rows}"));
    let fault = |name: &str| {
        format!(
            "[[fault]]\nname = \"{name}\"\nstrikes = \"{name}\"\nevery = \"365d\"\nrepair = \"2h to 6h\"\n"
        )
    };
    let two =
        format!("name = \"Two\"\n{}{}[[strategy]]\nname = \"a\"\n", fault("server"), fault("link"));
    std::fs::write(log.0.path().join("two.toml"), two).unwrap();
    let told = log.told(&["benchmark", "two.toml", "log.csv", "-n", "50", "-o", "out"]);
    assert!(told.contains("12 of 36"), "{told}");
    let chart = |name: &str| log.0.path().join(format!("out/charts/{name}.svg")).is_file();
    assert!(chart("recovery-server") && chart("quantiles-server") && chart("predictive-server"));
}

#[test]
fn two_durations_have_no_chart() {
    let log = Log::new("repair_hours\n1\n2\n");
    log.told(&["fit", "log.csv", "-o", "out"]);
    assert!(log.0.path().join("out/fits.csv").is_file());
    assert!(!log.0.path().join("out/charts").exists());
}

#[cfg(unix)]
#[test]
fn ctrl_c_is_obeyed_while_a_log_is_read_even_where_the_shell_had_it_ignored() {
    use std::time::{Duration, Instant};
    let mut rows = "start,end,cause\n".to_owned();
    for k in 0..400_000 {
        let (day, minute) = (1 + k / 60 % 28, k % 60);
        rows.push_str(&format!(
            "2024-01-{day:02} 08:{minute:02},2024-01-{day:02} 09:{minute:02},server\n"
        ));
    }
    let log = Log::new(&rows);
    let scenario = "name = \"x\"\n[[strategy]]\nname = \"a\"\n";
    std::fs::write(log.0.path().join("x.toml"), scenario).unwrap();
    for command in ["fit log.csv", "benchmark x.toml log.csv", "replay x.toml log.csv"] {
        // As a shell without job control starts what stands before an `&`.
        let line = format!("trap '' INT; exec {} {command}", env!("CARGO_BIN_EXE_outlast"));
        let null = std::process::Stdio::null;
        let mut shell = Command::new("sh");
        shell.args(["-c", &line]).current_dir(log.0.path()).stdout(null()).stderr(null());
        let mut running = shell.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(300));
        assert!(running.try_wait().unwrap().is_none(), "{command} was done before it was stopped");
        let asked = Instant::now();
        let kill = ["-INT", &running.id().to_string()];
        assert!(Command::new("kill").args(kill).status().unwrap().success());
        while running.try_wait().unwrap().is_none() && asked.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let taken = asked.elapsed();
        let _ = running.kill();
        assert_eq!(running.wait().unwrap().code(), Some(1), "{command}");
        assert!(taken < Duration::from_secs(1), "{command}: {taken:?}");
    }
}
