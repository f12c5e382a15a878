//! Logged outages played against strategies: by hand, and against what the logs themselves say.

use crate::bench::AT_ONCE;

use outlast::{Draws, Kind, LoggedIncident, Metric, Replay, Spec, replay};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Repair in place, and a standby elsewhere that takes over in an hour.
fn two_strategies() -> Spec {
    let text = r#"
name = "replay"
[workload.password_changes]
per_user_year = 0.0
[workload.writeback]
per_user_year = 0.0
[workload.object_changes]
per_hour = 0.0
AT_ONCE
[[fault]]
name = "any"
strikes = "server"
every = "900d"
repair = "1h"
[[strategy]]
name = "repair"
[[strategy]]
name = "standby"
[strategy.staging]
promote = "1h"
success = 1.0
fenced = 1.0
"#;
    Spec::parse(&text.replace("AT_ONCE", AT_ONCE), Path::new(""), "test")
}

fn played(spec: &Spec, incidents: &[(f64, f64, Kind)]) -> Replay {
    let incidents: Vec<LoggedIncident> = incidents
        .iter()
        .map(|&(onset, hours, kind)| LoggedIncident { onset, hours, kind })
        .collect();
    let start = "2027-01-04T00:00".parse().unwrap();
    let scenario = spec.clone().compile().unwrap();
    let draws = Draws { seed: 1, count: 3, threads: 2 };
    replay(spec, &scenario, (start, None), &incidents, draws, |_, _| {}).unwrap()
}

#[test]
fn annual_costs_are_those_of_the_time_from_the_first_onset_to_the_last_end() {
    let text = two_strategies().to_toml();
    let text = text.replace("name = \"standby\"", "name = \"standby\"\nannual_cost = 8760.0");
    let mut spec = Spec::parse(&format!("{text}\n[costs]\n"), Path::new(""), "test");
    spec.set("costs.labour_hour", 0.0).unwrap();
    // The horizon of the scenario says nothing of the log.
    spec.set("horizon", "3650d").unwrap();
    let replay = played(&spec, &[(0.0, 5.0, Kind::Server), (700.0, 30.0, Kind::Cloud)]);
    assert_eq!(replay.window, 730.0);
    assert_eq!(
        replay.means.iter().map(|means| means[Metric::Cost]).collect::<Vec<_>>(),
        [0.0, 730.0]
    );
}

#[test]
fn repair_in_place_costs_the_work_of_those_who_do_it() {
    let text = two_strategies().to_toml();
    let spec = Spec::parse(&format!("{text}\n[costs]\n"), Path::new(""), "test");
    // The provider's cloud costs them no work.
    let incidents =
        [(0.0, 5.0, Kind::Server), (100.0, 8.0, Kind::Cloud), (200.0, 3.0, Kind::Server)];
    let of = |spec: &Spec, metric: Metric| -> Vec<f64> {
        played(spec, &incidents).means.iter().map(|means| means[metric]).collect()
    };
    let labour = of(&spec, Metric::LabourHours);
    assert_eq!(labour[0], 8.0);
    assert_eq!(of(&spec, Metric::Cost)[0], 8.0 * 90.0);
    // The standby takes over after an hour, and nobody waits for the repair.
    assert_eq!(labour[1], 2.0);
    // Only in staffed hours: the first begins on Monday at midnight, the last on Tuesday at 8.
    let mut office = spec.clone();
    office.set("operations.staffed", "Mon-Fri 02:00-09:00").unwrap();
    assert_eq!(of(&office, Metric::LabourHours)[0], 3.0 + 1.0);
}

#[test]
fn repair_in_place_gives_the_log_back_and_a_standby_ends_what_it_can() {
    let incidents = [
        (0.0, 5.0, Kind::Server),
        (100.0, 0.5, Kind::Server),
        (200.0, 6.0, Kind::Cloud),
        // One within another, and one that touches: one outage.
        (300.0, 4.0, Kind::Site),
        (301.0, 1.0, Kind::Cloud),
        (304.0, 2.0, Kind::Cloud),
        (400.0, 0.0, Kind::Link),
    ];
    let replay = played(&two_strategies(), &incidents);
    assert_eq!((replay.logged.outages, replay.logged.hours), (5, 17.5));
    let restore = |strategy: usize| -> Vec<f64> {
        let of_it = replay.outages.iter().filter(|row| row.strategy == strategy);
        of_it.map(|row| row.restore_hours).collect()
    };
    assert_eq!(restore(0), [5.0, 0.5, 6.0, 6.0, 5.0, 2.0, 0.0]);
    let totals = |strategy: usize, metric| replay.means[strategy][metric];
    assert_eq!(totals(0, Metric::DowntimeHours), 17.5);
    // By what began them, it is the same downtime.
    for (strategy, row) in replay.downtime.iter().enumerate() {
        let sum: f64 = row.iter().sum();
        assert!((sum - totals(strategy, Metric::DowntimeHours)).abs() < 1e-9, "{strategy}: {sum}");
    }
    assert_eq!(totals(0, Metric::Outages), 5.0);
    // The standby is there after an hour, but not where the cloud is down; the site's outage goes
    // on while the cloud is away, in which nobody can promote.
    let standby = restore(1);
    assert_eq!(standby[..3], [1.0, 0.5, 6.0]);
    assert!(standby[3] >= 2.0 && standby[3] <= 6.0, "{standby:?}");
    let by: Vec<&str> = replay
        .outages
        .iter()
        .filter(|row| row.strategy == 1)
        .map(|row| row.restored_by.as_str())
        .collect();
    assert_eq!(by[..3], ["staging", "repair", "repair"]);
}

/// The folder of public reference logs, if it is there.
fn reference(file: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("OUTLAST_DATA").map_or(beside, PathBuf::from);
    let path = folder.join(file);
    if !path.exists() {
        eprintln!("{file} is not there: this test has nothing to read");
    }
    path.exists().then_some(path)
}

#[test]
fn merged_downtime_of_public_logs_is_what_their_readers_found() {
    // Merged downtime (hours, to four decimals) and episodes as computed from the logs apart from
    // this program.
    for (file, hours, episodes) in [
        ("github_incidents.csv", 1631.2833, 746),
        ("azure_identity_incidents.csv", 250.0333, 17),
        ("lanl_failures.csv", 8511.2167, 2017),
    ] {
        let Some(log) = reference(file) else { return };
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("two.toml"), two_strategies().to_toml()).unwrap();
        let run = Command::new(env!("CARGO_BIN_EXE_outlast"))
            .args(["replay", "two.toml"])
            .arg(&log)
            .args(["--trials", "1", "--format", "json"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let said: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
        assert!((said["merged_downtime_hours"].as_f64().unwrap() - hours).abs() < 5e-5, "{file}");
        assert_eq!(said["episodes"], episodes, "{file}");
        let repair = &said["strategies"][0]["means"];
        assert!((repair["downtime_hours"].as_f64().unwrap() - hours).abs() < 5e-5, "{file}");
        assert_eq!(repair["outages"].as_f64().unwrap(), f64::from(episodes), "{file}");
    }
}

#[test]
fn a_log_is_replayed_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    put("two.toml", &two_strategies().to_toml());
    put(
        "log.csv",
        "id,start,end,cause\nA,2026-03-01T08:00Z,2026-03-01T12:00Z,Hardware\n\
         B,2026-03-03T08:00Z,,Network\nC,2026-03-05T08:00Z,2026-03-05T08:30Z,?\n",
    );
    let outlast = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
        command.args(arguments).current_dir(folder.path()).output().unwrap()
    };
    let run = outlast(&["replay", "two.toml", "log.csv", "-o", "out", "--map", "?=database"]);
    let told = String::from_utf8(run.stdout).unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for words in [
        "2 incidents of 3",
        "Left out, no end: 1 row, line 3",
        "Hardware (1) to host",
        "? (1) to database",
    ] {
        assert!(told.replace('\n', " ").contains(words), "{words} in {told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    let table = std::fs::read_to_string(folder.path().join("out/replay.csv")).unwrap();
    assert_eq!(table.lines().count(), 1 + 2 * 2);
    assert!(
        table.contains(
            "2,A,2026-03-01T08:00:00Z,2026-03-01T12:00:00Z,Hardware,host,4,repair,4,4,4,repair"
        ),
        "{table}"
    );
    assert!(table.contains(",standby,1,1,1,staging"), "{table}");
    let wrong = outlast(&["replay", "two.toml", "log.csv", "--map", "?=databse"]);
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(said.contains("did you mean `database`?"), "{said}");
    put("none.csv", "start,end\n2026-03-01T08:00Z,\n");
    let none = outlast(&["replay", "two.toml", "none.csv"]);
    assert_eq!(none.status.code(), Some(2));
}
