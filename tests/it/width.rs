//! What is printed uses the width that the terminal has, from 60 to 160 columns, and never more.
#![cfg(unix)]

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// Long names, prices, and tolerances on what the table otherwise does not show.
const OFFICE: &str = r#"name = "An organisation whose name is long enough to need two lines in a narrow terminal"
[organisation]
users = 20_000
[[fault]]
name = "operating system crash after an update that nobody has tried elsewhere before"
strikes = "server"
every = { exponential = { mean = "60d" } }
repair = { lognormal = { median = "4h", p95 = "14h" } }
[[strategy]]
name = "Repair in place, with whoever is at hand and whatever the cupboard holds on that day"
[[strategy]]
name = "Staging server in the other site, kept up to date and compared with the first every week"
annual_cost = 100.0
[strategy.staging]
promote = "20m"
[costs]
currency = "EUR"
[tolerance]
restore_hours = { limit = 8.0, confidence = 0.9 }
peak_stale_users = { limit = 2_000.0 }
"#;

const LOG: &str = "docs/guides/incident-log/incidents.csv";

/// What a command prints on a terminal of so many columns, without colours.
fn printed(folder: &Path, columns: u16, arguments: &[&str]) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let size = Winsize { ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let end = open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    command.args(arguments).current_dir(folder).env("TERM", "xterm").stderr(Stdio::piped());
    let mut child = command.stdout(Stdio::from(end)).spawn().unwrap();
    // The other end must not stay open here, or reading never ends.
    drop(command);
    let mut bytes = Vec::new();
    // Linux ends with an error when the program has gone.
    let _ = File::from(terminal).read_to_end(&mut bytes);
    assert!(child.wait().unwrap().success(), "{arguments:?}");
    let text = String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
    anstream::adapter::strip_str(&text).to_string()
}

#[test]
fn no_line_is_wider_than_the_terminal_and_wide_ones_are_used() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("office.toml"), OFFICE).unwrap();
    fs::copy(LOG, folder.path().join("log.csv")).unwrap();
    let staging =
        "Staging server in the other site, kept up to date and compared with the first every week";
    let repair =
        "Repair in place, with whoever is at hand and whatever the cupboard holds on that day";
    let commands: [&[&str]; 9] = [
        &["run", "office.toml", "-n", "200"],
        &["check", "office.toml"],
        &["check", "--dates"],
        &[
            "trace",
            "office.toml",
            "--strategy",
            staging,
            "--worst",
            "restore_hours",
            "--trials",
            "50",
        ],
        &["trace", "office.toml", "--strategy", staging, "--strategy", repair, "--trial", "3"],
        &["compare", "office.toml", "--with", "operations.staffed=office", "-n", "200"],
        &["fit", "log.csv", "--by", "what"],
        &["benchmark", "office.toml", "log.csv", "-n", "200"],
        &["replay", "office.toml", "log.csv"],
    ];
    for command in commands {
        let widest: Vec<usize> = [60, 80, 120, 160, 300]
            .into_iter()
            .map(|columns| {
                let text = printed(folder.path(), columns, command);
                let most = usize::from(columns.min(160));
                let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
                // What is to be pasted stands whole.
                let is_pasted = |line: &&str| line.contains(" = {");
                let is_wide = |line: &&str| line.chars().count() > most && !is_pasted(line);
                let wide: Vec<&str> = text.lines().filter(is_wide).collect();
                assert!(wide.is_empty(), "{columns} {command:?}\n{}", wide.join("\n"));
                widest
            })
            .collect();
        assert!(widest[1] > 70 && widest[2] > 100 && widest[3] > 120, "{command:?}: {widest:?}");
    }
}

#[test]
fn names_of_strategies_have_room_beside_the_figures_of_a_narrow_terminal() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("office.toml"), OFFICE).unwrap();
    fs::copy(LOG, folder.path().join("log.csv")).unwrap();
    let command = ["benchmark", "office.toml", "log.csv", "-n", "50"];
    for (columns, tables) in [(60, 2), (80, 1)] {
        let text = printed(folder.path(), columns, &command);
        let (_, changes) = text.split_once("What the evidence changes").unwrap();
        let (changes, _) = changes.split_once("Share of years").unwrap();
        let begins = |words: &str| changes.lines().filter(|line| line.starts_with(words)).count();
        assert_eq!(begins("Strategy "), tables, "{columns}\n{changes}");
        assert_eq!(begins("Repair in "), tables, "{columns}\n{changes}");
    }
}

#[test]
fn more_columns_stand_side_by_side_where_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("office.toml"), OFFICE).unwrap();
    let heading = |columns| {
        let text =
            printed(folder.path(), columns, &["run", "office.toml", "-n", "50", "--no-robustness"]);
        let lines: Vec<String> =
            text.lines().skip_while(|line| !line.contains("Cost")).map(str::to_owned).collect();
        lines[0].clone()
    };
    let narrow = heading(60);
    assert!(
        narrow.contains("Cost") && narrow.contains("Restore") && !narrow.contains("Spending"),
        "{narrow}"
    );
    let wide = heading(160);
    for name in [
        "Strategy",
        "Downtime",
        "Stale",
        "Writeback",
        "Longest",
        "Peak stale",
        "Restore",
        "Spending",
        "Cost",
    ] {
        assert!(wide.contains(name), "{name} in {wide}");
    }
}
