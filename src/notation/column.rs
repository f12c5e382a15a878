//! Durations from one column of a CSV file named in a scenario.

use crate::keys::{Log, Node, meant};
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
    let text = file.load(name, log)?;
    let problem = match read_column(&text, heading) {
        Ok(values) => return Some(values),
        Err(problem) => problem,
    };
    match problem {
        Problem::NoColumn { headings } => {
            let known: Vec<&str> = headings.iter().map(String::as_str).collect();
            let help = meant(heading, &known, "its columns are");
            column.error(log, format!("`{name}` has no column `{heading}`"), &help);
        }
        Problem::Cells { first, others } => {
            for Cell { line, cell, reason } in first {
                let message = format!("`{cell}` at line {line} of `{name}` {reason}");
                file.error(log, message, "write hours as a number, or a duration such as 2h 30m");
            }
            if others > 0 {
                file.error(log, format!("and {others} more lines of `{name}`"), "");
            }
        }
        Problem::NoRows => file.error(log, format!("`{name}` has no rows"), "add at least one"),
        Problem::Csv { reason } => {
            file.error(log, format!("`{name}` is not a CSV file: {reason}"), "");
        }
    }
    None
}

/// Cells that are shown when they are wrong; the others are counted.
const SHOWN: usize = 20;

/// A cell that is no duration.
#[derive(Debug, PartialEq)]
struct Cell {
    line: u64,
    cell: String,
    reason: &'static str,
}

/// Why a column gives no durations.
#[derive(Debug, PartialEq)]
enum Problem {
    NoColumn { headings: Vec<String> },
    Cells { first: Vec<Cell>, others: usize },
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
    let (mut values, mut wrong, mut others) = (Vec::new(), Vec::new(), 0);
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = record.get(index).unwrap_or_default();
        match read_cell(cell) {
            Ok(value) => values.push(value),
            Err(_) if wrong.len() >= SHOWN => others += 1,
            Err(reason) => {
                wrong.push(Cell { line, cell: cell.chars().take(40).collect(), reason });
            }
        }
    }
    if !wrong.is_empty() {
        return Err(Problem::Cells { first: wrong, others });
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
