//! The table of docs/facts.md that says which faults the results of the default scenario rest on.

use super::outlast;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use tempfile::TempDir;

/// What stands before and after the table.
const BEGIN: &str = "<!-- What the default rests on, made by a test -->\n";
const END: &str = "\n<!-- End of it -->";
/// Faults that make less of a mean than this are not named.
const LEAST_SHARE: f64 = 0.05;

/// A row of a table of results, by column.
type Row = BTreeMap<String, String>;

/// The page `text` with the table as a run of the default scenario gives it.
pub(super) fn renew(text: &str) -> String {
    let start = text.find(BEGIN).expect("the beginning of the table") + BEGIN.len();
    let end = start + text[start..].find(END).expect("the end of the table");
    format!("{}{}{}", &text[..start], table(), &text[end..])
}

fn table() -> String {
    let folder = TempDir::new().unwrap();
    let run = folder.path().join("run");
    let output = outlast().args(["run", "--quiet", "--output"]).arg(&run).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let outages = rows(&run.join("outages.csv"));
    let mut table = "| strategy | stale user-hours, mean | 95 % point | what makes the mean |\n\
         |---|---|---|---|\n"
        .to_owned();
    let of_harm = |row: &Row| row["metric"] == "stale_user_hours";
    for row in rows(&run.join("summary.csv")).into_iter().filter(of_harm) {
        let strategy = &row["strategy"];
        let mut shares: BTreeMap<&str, f64> = BTreeMap::new();
        for outage in outages.iter().filter(|outage| outage["strategy"] == *strategy) {
            *shares.entry(&outage["fault"]).or_default() +=
                number(outage, "stale_user_hours_share");
        }
        let mut shares: Vec<_> =
            shares.into_iter().filter(|(_, share)| *share >= LEAST_SHARE).collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        let named: Vec<String> =
            shares.iter().map(|(fault, share)| format!("{fault} {:.0} %", share * 100.0)).collect();
        let (mean, p95) = (rounded(number(&row, "mean")), rounded(number(&row, "p95")));
        writeln!(table, "| {strategy} | {mean} | {p95} | {} |", named.join(", ")).unwrap();
    }
    table.trim_end().to_owned()
}

fn rows(path: &Path) -> Vec<Row> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

/// Two digits that count, with commas between thousands.
fn rounded(value: f64) -> String {
    let unit = 10_f64.powf(value.abs().max(1.0).log10().floor() - 1.0);
    let digits = format!("{:.0}", (value / unit).round() * unit);
    let places = digits.len();
    let comma =
        |place: usize| if place > 0 && (places - place).is_multiple_of(3) { "," } else { "" };
    digits.chars().enumerate().map(|(place, digit)| format!("{}{digit}", comma(place))).collect()
}
