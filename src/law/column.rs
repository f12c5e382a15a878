//! Durations from one column of a CSV file named in a scenario.

use crate::keys::{Log, Node, listed, load_text, nearest};
use crate::units::parse_duration;

/// Reads `{ file = "drills.csv", column = "hours" }`: numbers are hours, other cells durations as
/// text. `None` after an error, which points at `file` or `column`.
pub(super) fn read(node: &Node<'_>, log: &mut Log) -> Option<Vec<f64>> {
    let before = log.errors_so_far();
    node.refuse_unknown_keys(&["file", "column"], log);
    let unknown = log.errors_so_far() > before;
    let [file, column] = ["file", "column"].map(|key| {
        let value = node.get(key);
        match value.map(|value| value.text().map(|text| (value, text))) {
            Some(Some(found)) => return Some(found),
            Some(None) => value.iter().for_each(|value| value.expected(log, "text in quotes", "")),
            None if unknown => {}
            None => {
                let help = "write { file = \"drills.csv\", column = \"hours\" }";
                node.error(log, format!("`{key}` is missing"), help);
            }
        }
        None
    });
    let ((file, name), (column, heading)) = (file?, column?);
    let path = file.base().join(name);
    let text = match load_text(&path) {
        Ok(text) => text,
        Err(error) => {
            file.error(log, error.to_string(), "paths count from the scenario's folder");
            return None;
        }
    };
    let problem = match read_column(&text, heading) {
        Ok(values) => return Some(values),
        Err(problem) => problem,
    };
    match problem {
        Problem::NoColumn { headings } => {
            let known: Vec<&str> = headings.iter().map(String::as_str).collect();
            let help = match nearest(heading, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its columns are {}", listed(&known, "and")),
            };
            column.error(log, format!("`{name}` has no column `{heading}`"), &help);
        }
        Problem::Cell { line, cell, reason } => {
            let message = format!("`{cell}` at line {line} of `{name}` {reason}");
            file.error(log, message, "write hours as a number, or a duration such as 2h 30m");
        }
        Problem::NoRows => file.error(log, format!("`{name}` has no rows"), "add at least one"),
        Problem::Csv { reason } => {
            file.error(log, format!("`{name}` is not a CSV file: {reason}"), "");
        }
    }
    None
}

/// Why a column gives no durations.
#[derive(Debug, PartialEq)]
enum Problem {
    NoColumn { headings: Vec<String> },
    Cell { line: u64, cell: String, reason: &'static str },
    NoRows,
    Csv { reason: String },
}

fn read_column(text: &str, heading: &str) -> Result<Vec<f64>, Problem> {
    let broken = |error: csv::Error| Problem::Csv { reason: error.to_string() };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headings: Vec<String> =
        reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
    let Some(index) = headings.iter().position(|name| name == heading.trim()) else {
        return Err(Problem::NoColumn { headings });
    };
    let mut values = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = record.get(index).unwrap_or_default();
        values.push(read_cell(cell).map_err(|reason| Problem::Cell {
            line,
            cell: cell.chars().take(40).collect(),
            reason,
        })?);
    }
    if values.is_empty() { Err(Problem::NoRows) } else { Ok(values) }
}

fn read_cell(cell: &str) -> Result<f64, &'static str> {
    match cell.parse::<f64>() {
        Ok(hours) if !hours.is_finite() => Err("is not finite"),
        Ok(hours) if hours < 0.0 => Err("is negative"),
        Ok(hours) => Ok(hours),
        Err(_) => parse_duration(cell).map_err(|_| "is not a number of hours"),
    }
}
