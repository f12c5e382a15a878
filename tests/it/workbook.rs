//! The workbook of a run, read back from its parts: each table is there, numbers are numbers, and no
//! name becomes a formula.

use regex::Regex;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use zip::ZipArchive;

const OFFICE: &str = r#"name = "Office & <Sons>"
[organisation]
users = 20_000
[[fault]]
name = "crash@="
strikes = "server"
every = { exponential = { mean = "60d" } }
repair = "4h"
[[strategy]]
name = "1=HYPERLINK(\"http://example.invalid\",\"Wait\")"
[[strategy]]
name = "1+1-1"
annual_cost = 100.0
[strategy.staging]
promote = "20m"
[costs]
currency = "EUR"
[tolerance]
restore_hours = { limit = "8h", confidence = "90 %" }
"#;

fn run(folder: &Path, more: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    let fixed = ["run", "office.toml", "-n", "60", "--no-robustness"];
    let output = command.args(fixed).args(more).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A part of the workbook as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// All that the pattern's first group finds.
fn found(pattern: &str, text: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|one| one[1].to_owned()).collect()
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("office.toml"), OFFICE).unwrap();
    folder
}

#[test]
fn every_table_has_a_sheet_with_the_same_figures() {
    let folder = folder();
    let said = run(folder.path(), &["--xlsx"]);
    assert!(said.contains("results.xlsx"), "{said}");
    let output = folder.path().join("output/office");
    let bytes = fs::read(output.join("results.xlsx")).unwrap();
    let sheets = found(r#"<sheet name="([^"]+)""#, &part(&bytes, "xl/workbook.xml"));
    assert_eq!(sheets, ["answer", "summary", "comparison", "tolerance", "cost", "outages"]);
    for (at, name) in sheets.iter().enumerate().skip(1) {
        let text = fs::read_to_string(output.join(format!("{name}.csv"))).unwrap();
        let mut csv = csv::Reader::from_reader(text.as_bytes());
        let written: Vec<f64> = csv
            .records()
            .flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
            .filter_map(|field| field.parse().ok())
            .filter(|number: &f64| number.is_finite())
            .collect();
        let sheet = part(&bytes, &format!("xl/worksheets/sheet{}.xml", at + 1));
        let numbers = found(r#"<c r="[A-Z]+[0-9]+"><v>([^<]+)</v>"#, &sheet);
        let numbers: Vec<f64> = numbers.iter().map(|number| number.parse().unwrap()).collect();
        // "1+1-1" is text in both.
        assert_eq!(numbers, written, "{name}");
        let rows = found("<row r=\"([0-9]+)\"", &sheet).len();
        assert_eq!(rows, text.lines().count(), "{name}");
    }
}

#[test]
fn names_are_text_whatever_they_hold() {
    let folder = folder();
    run(folder.path(), &["--xlsx"]);
    let bytes = fs::read(folder.path().join("output/office/results.xlsx")).unwrap();
    let strings = part(&bytes, "xl/sharedStrings.xml");
    for name in [
        "<t>1=HYPERLINK(\"http://example.invalid\",\"Wait\")</t>",
        "<t>1+1-1</t>",
        "<t>crash@=</t>",
    ] {
        assert!(strings.contains(name), "{name} in {strings}");
    }
    assert!(
        strings.contains("Office &amp; &lt;Sons&gt;: horizon 365d, 60 trials, seed 1"),
        "{strings}"
    );
    let archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    for sheet in names.iter().filter(|name| name.starts_with("xl/worksheets/sheet")) {
        let text = part(&bytes, sheet);
        assert!(!text.contains("<f>") && !text.contains("hyperlink"), "{sheet}");
    }
}

#[test]
fn the_workbook_is_the_same_again_and_goes_when_it_is_not_asked_for() {
    let folder = folder();
    let file = folder.path().join("output/office/results.xlsx");
    run(folder.path(), &["--xlsx"]);
    let first = fs::read(&file).unwrap();
    run(folder.path(), &["--xlsx", "--threads", "1"]);
    assert_eq!(fs::read(&file).unwrap(), first);
    // A run without it leaves no workbook of another run behind.
    run(folder.path(), &[]);
    assert!(!file.exists());
}
