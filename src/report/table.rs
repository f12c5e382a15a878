//! A table: rows under columns, each column declared once, written as CSV or JSON.
//!
//! [`Rows`] turns any rows into a table, a column at a time: its heading beside what stands in it.
//! The heading names the unit where there is one, such as `restore_hours`. CSV: UTF-8, quoted as
//! RFC 4180 says, one header line. A text that a spreadsheet would take for a formula has an
//! apostrophe before it. A number has the fewest digits that give the same number again;
//! whole numbers have no decimals; a number that is absent leaves its field empty, and is null in
//! JSON.

use crate::stats::Interval;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// One field of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A name.
    Text(String),
    /// How many.
    Count(u64),
    /// A number, if there is one; one that is not finite counts as absent.
    Number(Option<f64>),
}

/// What may stand in a column as it is.
macro_rules! cells {
    ($($kind:ty: $value:ident => $cell:expr,)*) => {
        $(impl From<$kind> for Cell {
            fn from($value: $kind) -> Cell {
                $cell
            }
        })*
    };
}

cells! {
    &str: text => Cell::Text(text.to_owned()),
    &String: text => Cell::Text(text.clone()),
    String: text => Cell::Text(text),
    bool: answer => Cell::from(if answer { "yes" } else { "no" }),
    u64: count => Cell::Count(count),
    usize: count => Cell::Count(count as u64),
    f64: number => Cell::Number(Some(number)),
    Option<f64>: number => Cell::Number(number),
}

impl Cell {
    /// The number in it, if there is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Text(_) => None,
            Cell::Count(count) => Some(*count as f64),
            Cell::Number(number) => *number,
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Text(text) => text.serialize(serializer),
            Cell::Count(count) => count.serialize(serializer),
            Cell::Number(number) => {
                number.filter(|number| number.is_finite()).serialize(serializer)
            }
        }
    }
}

/// Rows under named columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<Cow<'static, str>>,
    /// Rows, each with as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Writes the table as CSV.
    ///
    /// # Errors
    /// What `to` cannot take.
    pub fn write_csv(&self, to: impl io::Write) -> io::Result<()> {
        let mut writer = TableWriter::new(to);
        writer.add(self)?;
        writer.finish().map(drop)
    }

    fn write_rows<W: io::Write>(&self, csv: &mut csv::Writer<W>) -> io::Result<()> {
        let mut field = String::new();
        for row in &self.rows {
            for cell in row {
                field.clear();
                match cell {
                    Cell::Text(text) => {
                        // A text from a log may begin as a formula does. Spreadsheets show what
                        // follows an apostrophe as it is.
                        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                            field.push('\'');
                        }
                        field.push_str(text);
                    }
                    Cell::Count(count) => push_count(&mut field, *count),
                    Cell::Number(number) => push_number(&mut field, number.unwrap_or(f64::NAN)),
                }
                csv.write_field(&field)?;
            }
            end_record(csv)?;
        }
        Ok(())
    }
}

/// A CSV file of a table that comes in pieces, since all of it would not fit into memory.
#[derive(Debug)]
pub struct TableWriter<W: io::Write> {
    csv: csv::Writer<W>,
    is_begun: bool,
}

impl<W: io::Write> TableWriter<W> {
    /// Nothing is written yet.
    pub fn new(to: W) -> TableWriter<W> {
        TableWriter { csv: csv::Writer::from_writer(to), is_begun: false }
    }

    /// Adds a piece; the columns of the first head the file.
    ///
    /// # Errors
    /// What the place written to cannot take.
    pub fn add(&mut self, piece: &Table) -> io::Result<()> {
        if !self.is_begun {
            self.csv.write_record(piece.columns.iter().map(|column| column.as_bytes()))?;
            self.is_begun = true;
        }
        piece.write_rows(&mut self.csv)
    }

    /// The place written to.
    pub fn place(&self) -> &W {
        self.csv.get_ref()
    }

    /// Writes out what is still in memory.
    ///
    /// # Errors
    /// What the place written to cannot take.
    pub fn flush(&mut self) -> io::Result<()> {
        self.csv.flush()
    }

    /// Ends the table and gives back the place written to.
    ///
    /// # Errors
    /// What that place cannot take.
    pub fn finish(self) -> io::Result<W> {
        self.csv.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// The rows as objects, with the columns as keys.
impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.rows.len()))?;
        for cells in &self.rows {
            rows.serialize_element(&Record { columns: &self.columns, cells })?;
        }
        rows.end()
    }
}

/// One row with its keys.
struct Record<'a> {
    columns: &'a [Cow<'static, str>],
    cells: &'a [Cell],
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(Some(self.columns.len()))?;
        for (column, cell) in self.columns.iter().zip(self.cells) {
            fields.serialize_entry(column, cell)?;
        }
        fields.end()
    }
}

/// The rows of a table that gets its columns one by one.
#[derive(Debug)]
pub struct Rows<R> {
    rows: Vec<R>,
    table: Table,
}

impl<R: Copy> Rows<R> {
    /// These rows, without a column yet.
    pub fn new(rows: impl IntoIterator<Item = R>) -> Rows<R> {
        let rows: Vec<R> = rows.into_iter().collect();
        let table = Table { columns: Vec::new(), rows: vec![Vec::new(); rows.len()] };
        Rows { rows, table }
    }

    /// Adds a column: its heading, and what stands in it.
    pub fn column<C: Into<Cell>>(
        mut self,
        heading: impl Into<Cow<'static, str>>,
        cell: impl Fn(R) -> C,
    ) -> Rows<R> {
        self.table.columns.push(heading.into());
        for (row, cells) in self.rows.iter().zip(&mut self.table.rows) {
            cells.push(cell(*row).into());
        }
        self
    }

    /// Adds two columns: the ends of an interval, empty where there is none.
    pub fn interval(
        self,
        low: &'static str,
        high: &'static str,
        interval: impl Fn(R) -> Option<Interval>,
    ) -> Rows<R> {
        self.column(low, |row| interval(row).map(|interval| interval.low))
            .column(high, |row| interval(row).map(|interval| interval.high))
    }

    /// The table with all its columns.
    pub fn table(self) -> Table {
        self.table
    }
}

/// `trials.csv`, written row by row while the trials are played.
#[derive(Debug)]
pub struct TrialsWriter<W: io::Write> {
    csv: csv::Writer<W>,
    field: String,
}

impl<W: io::Write> TrialsWriter<W> {
    /// Starts the table of these metrics.
    ///
    /// # Errors
    /// What `to` cannot take.
    pub fn new<'a>(to: W, metrics: impl IntoIterator<Item = &'a str>) -> io::Result<Self> {
        let mut csv = csv::Writer::from_writer(to);
        csv.write_record(["trial", "strategy"].into_iter().chain(metrics).chain(["weight"]))?;
        Ok(TrialsWriter { csv, field: String::new() })
    }

    /// Adds the metrics of one trial of one strategy, and how many trials it stands for.
    ///
    /// # Errors
    /// What the place written to cannot take.
    pub fn row(
        &mut self,
        trial: u64,
        strategy: &str,
        values: impl IntoIterator<Item = f64>,
        weight: f64,
    ) -> io::Result<()> {
        self.field.clear();
        push_count(&mut self.field, trial);
        self.csv.write_field(&self.field)?;
        self.csv.write_field(strategy)?;
        for value in values.into_iter().chain([weight]) {
            self.field.clear();
            push_number(&mut self.field, value);
            self.csv.write_field(&self.field)?;
        }
        end_record(&mut self.csv)
    }

    /// The place written to.
    pub fn place(&self) -> &W {
        self.csv.get_ref()
    }

    /// Writes out what is still in memory.
    ///
    /// # Errors
    /// What the place written to cannot take.
    pub fn flush(&mut self) -> io::Result<()> {
        self.csv.flush()
    }

    /// Ends the table and gives back the place written to.
    ///
    /// # Errors
    /// What that place cannot take.
    pub fn finish(self) -> io::Result<W> {
        self.csv.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

fn end_record<W: io::Write>(csv: &mut csv::Writer<W>) -> io::Result<()> {
    Ok(csv.write_record(None::<&[u8]>)?)
}

fn push_count(field: &mut String, count: u64) {
    // Writing to a string cannot fail.
    let _ = write!(field, "{count}");
}

/// Shortest digits; with an exponent only where plain digits would be mostly zeros.
fn push_number(field: &mut String, number: f64) {
    let size = number.abs();
    let _ = match size {
        0.0 => write!(field, "0"),
        _ if !number.is_finite() => Ok(()),
        1e-5..1e16 => write!(field, "{number}"),
        _ => write!(field, "{number:e}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(table: &Table) -> String {
        let mut bytes = Vec::new();
        table.write_csv(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn numbers_are_the_shortest_that_read_back_the_same() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-2.0, "-2"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (10_000.0, "10000"),
            (1e15, "1000000000000000"),
            (1e22, "1e22"),
            (1.5e-9, "1.5e-9"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
        ] {
            let mut field = String::new();
            push_number(&mut field, number);
            assert_eq!(field, text);
            assert_eq!(field.parse::<f64>().unwrap(), number);
        }
    }

    #[test]
    fn an_absent_number_is_an_empty_field_and_null() {
        let row = vec![
            Cell::Text("a, \"b\"\nc".into()),
            Cell::Count(3),
            Cell::Number(None),
            Cell::Number(Some(f64::NAN)),
            Cell::Number(Some(0.5)),
        ];
        let table =
            Table { columns: ["name", "n", "x", "y", "z"].map(Into::into).into(), rows: vec![row] };
        assert_eq!(csv(&table), "name,n,x,y,z\n\"a, \"\"b\"\"\nc\",3,,,0.5\n");
        let expected = r#"[{"name":"a, \"b\"\nc","n":3,"x":null,"y":null,"z":0.5}]"#;
        assert_eq!(serde_json::to_string(&table).unwrap(), expected);
    }

    #[test]
    fn no_text_is_a_formula_in_a_spreadsheet_and_every_number_stays_one() {
        let texts = ["=1+1", "+1", "-cmd", "@x", "\tx", "a=1", "it's"].map(Cell::from);
        let rows = texts.into_iter().map(|text| vec![text, Cell::from(-1.5)]).collect();
        let table = Table { columns: ["cause", "x"].map(Into::into).into(), rows };
        let lines = "'=1+1,-1.5\n'+1,-1.5\n'-cmd,-1.5\n'@x,-1.5\n'\tx,-1.5\na=1,-1.5\nit's,-1.5\n";
        assert_eq!(csv(&table), format!("cause,x\n{lines}"));
    }

    #[test]
    fn a_column_is_a_heading_and_what_stands_in_it() {
        let interval = |x: f64| Interval { low: x - 1.0, high: x + 1.0 };
        let table = Rows::new([1.0, 2.5])
            .column("x", |x| x)
            .interval("low", "high", |x| (x > 2.0).then(|| interval(x)))
            .column("large", |x| x > 2.0)
            .table();
        assert_eq!(csv(&table), "x,low,high,large\n1,,,no\n2.5,1.5,3.5,yes\n");
    }

    #[test]
    fn a_table_without_rows_has_its_header() {
        let table = Table { columns: ["a", "b"].map(Into::into).into(), rows: Vec::new() };
        assert_eq!(csv(&table), "a,b\n");
    }

    #[test]
    fn trials_come_one_by_one() {
        let mut writer = TrialsWriter::new(Vec::new(), ["outages", "downtime_hours"]).unwrap();
        writer.row(0, "A", [2.0, 3.25], 1.0).unwrap();
        writer.row(0, "B", [0.0, 0.0], 0.25).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "trial,strategy,outages,downtime_hours,weight\n0,A,2,3.25,1\n0,B,0,0,0.25\n"
        );
    }
}
