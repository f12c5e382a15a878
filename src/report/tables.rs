//! The tables of a run. A table is declared once, columns and rows, and written as CSV or JSON.
//!
//! CSV: UTF-8, quoted as RFC 4180 says, one header line. A number has the fewest digits that give
//! the same number again; whole numbers have no decimals; a number that is absent leaves its field
//! empty, and is null in JSON.

use std::fmt::Write as _;
use std::io;

use serde_json::{Map, Value};

use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::stats::Interval;
use crate::study::closed_form::ClosedForm;
use crate::study::compare::Difference;
use crate::study::cost::CostRow;
use crate::study::decide::{Risk, risk_metric};
use crate::study::results::Results;
use crate::study::summary::{OutageRow, StrategyResult, Summary, SummaryRow};
use crate::study::verdict::Verdict;
use crate::study::when::HarmByHour;
use crate::study::year::Year;

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

/// Rows under named columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<&'static str>,
    /// Rows, each with as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Writes the table as CSV.
    ///
    /// # Errors
    /// What `to` cannot take.
    pub fn write_csv(&self, to: impl io::Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(to);
        csv.write_record(&self.columns)?;
        let mut field = String::new();
        for row in &self.rows {
            for cell in row {
                field.clear();
                match cell {
                    Cell::Text(text) => field.push_str(text),
                    Cell::Count(count) => push_count(&mut field, *count),
                    Cell::Number(number) => push_number(&mut field, number.unwrap_or(f64::NAN)),
                }
                csv.write_field(&field)?;
            }
            end_record(&mut csv)?;
        }
        csv.flush()
    }

    /// The rows as JSON objects, with the columns as keys.
    pub fn to_json(&self) -> Value {
        let object = |row: &Vec<Cell>| {
            let names = self.columns.iter().map(|column| (*column).to_owned());
            Value::Object(names.zip(row.iter().map(Cell::to_json)).collect::<Map<_, _>>())
        };
        self.rows.iter().map(object).collect()
    }
}

impl Cell {
    fn to_json(&self) -> Value {
        match self {
            Cell::Text(text) => text.as_str().into(),
            Cell::Count(count) => (*count).into(),
            // Null if it is not finite.
            Cell::Number(number) => (*number).into(),
        }
    }
}

/// `summary.csv`: every metric of every strategy.
pub fn summary(summary: &Summary) -> Table {
    let columns = vec![
        "strategy", "metric", "unit", "trials", "mean", "ci_low", "ci_high", "sd", "p50", "p90",
        "p95", "p99", "max", "p95_low", "p95_high", "p99_low", "p99_high", "p50_low", "p50_high",
        "p90_low", "p90_high",
    ];
    let row = |row: &SummaryRow| {
        vec![
            Cell::Text(row.strategy.clone()),
            Cell::Text(row.metric.name().to_owned()),
            Cell::Text(row.unit.clone()),
            Cell::Count(row.trials),
            number(row.mean),
            low(row.mean_interval),
            high(row.mean_interval),
            Cell::Number(row.sd),
            number(row.p50),
            number(row.p90),
            number(row.p95),
            number(row.p99),
            number(row.max),
            low(row.p95_interval),
            high(row.p95_interval),
            low(row.p99_interval),
            high(row.p99_interval),
            low(row.p50_interval),
            high(row.p50_interval),
            low(row.p90_interval),
            high(row.p90_interval),
        ]
    };
    let rows = summary.strategies.iter().flat_map(|strategy| &strategy.rows).map(row).collect();
    Table { columns, rows }
}

/// `outages.csv`: the outages of every strategy, by what began and what ended them.
pub fn outages(summary: &Summary) -> Table {
    let columns = vec![
        "strategy",
        "fault",
        "restored_by",
        "outages",
        "restore_mean",
        "restore_p50",
        "restore_p95",
        "current_mean",
        "stale_user_hours_share",
        "per_trial",
    ];
    let row = |row: &OutageRow| {
        vec![
            Cell::Text(row.strategy.clone()),
            Cell::Text(row.fault.clone()),
            Cell::Text(row.restored_by.clone()),
            Cell::Count(row.outages),
            Cell::Number(Some(row.restore_mean)),
            Cell::Number(Some(row.restore_p50)),
            Cell::Number(Some(row.restore_p95)),
            Cell::Number(Some(row.current_mean)),
            Cell::Number(row.stale_user_hours_share),
            Cell::Number(Some(row.per_trial)),
        ]
    };
    let rows = summary.strategies.iter().flat_map(|strategy| &strategy.outages).map(row).collect();
    Table { columns, rows }
}

/// `comparison.csv`: every pair of strategies, by metric.
pub fn comparison(results: &Results) -> Table {
    let columns = vec![
        "metric",
        "strategy_a",
        "strategy_b",
        "mean_difference",
        "ci_low",
        "ci_high",
        "share_a_lower",
        "share_b_lower",
    ];
    let name = |index: usize| Cell::Text(results.summary.strategies[index].name.clone());
    let row = |row: &Difference| {
        vec![
            Cell::Text(row.metric.name().to_owned()),
            name(row.a),
            name(row.b),
            number(row.mean),
            low(row.interval),
            high(row.interval),
            number(row.a_lower),
            number(row.b_lower),
        ]
    };
    Table { columns, rows: results.differences.iter().map(row).collect() }
}

/// The pairs of one metric.
pub fn comparison_of(results: &Results, metric: Metric) -> Table {
    let mut table = comparison(results);
    let name = Cell::Text(metric.name().to_owned());
    table.rows.retain(|row| row.first() == Some(&name));
    table
}

/// Mean hours of an outage by step, for each strategy.
pub fn steps(results: &Results) -> Table {
    let columns =
        vec!["strategy", "detect", "call_out", "decide", "work", "full_sync", "drain", "total"];
    let row = |result: &StrategyResult| {
        let hours = result.steps.map(|steps| steps.map(|(_, hours)| hours));
        let total = hours.map(|hours| hours.iter().sum());
        let hours = hours.map_or([None; 6], |hours| hours.map(Some));
        let cells = hours.into_iter().chain([total]).map(Cell::Number);
        [Cell::Text(result.name.clone())].into_iter().chain(cells).collect()
    };
    Table { columns, rows: results.summary.strategies.iter().map(row).collect() }
}

/// `tolerance.csv`: every strategy held against every tolerance.
pub fn tolerance(results: &Results) -> Table {
    let columns = vec![
        "strategy",
        "criterion",
        "limit",
        "confidence",
        "probability_within",
        "ci_low",
        "ci_high",
        "verdict",
    ];
    let row = |row: &Verdict| {
        vec![
            Cell::Text(results.summary.strategies[row.strategy].name.clone()),
            Cell::Text(row.tolerance.criterion.name().to_owned()),
            number(row.tolerance.limit),
            number(row.tolerance.confidence),
            Cell::Number(row.within.map(|within| within.share)),
            low(row.within.map(|within| within.interval)),
            high(row.within.map(|within| within.interval)),
            Cell::Text(row.answer.word().to_owned()),
        ]
    };
    Table { columns, rows: results.verdicts.iter().map(row).collect() }
}

/// `cost.csv`: what every strategy costs, in all and part by part. The tail is the worst one in
/// twenty trials.
pub fn cost(results: &Results, currency: &str) -> Table {
    let columns = vec![
        "strategy",
        "part",
        "unit",
        "mean",
        "ci_low",
        "ci_high",
        "share",
        "p50",
        "p95",
        "p99",
        "tail_mean",
        "tail_low",
        "tail_high",
    ];
    let row = |row: &CostRow| {
        vec![
            Cell::Text(results.summary.strategies[row.strategy].name.clone()),
            Cell::Text(row.part.to_owned()),
            Cell::Text(currency.to_owned()),
            number(row.mean),
            low(row.interval),
            high(row.interval),
            Cell::Number(row.share),
            number(row.p50),
            number(row.p95),
            number(row.p99),
            number(row.tail_mean),
            low(row.tail_interval),
            high(row.tail_interval),
        ]
    };
    Table { columns, rows: results.costs.iter().map(row).collect() }
}

/// Spending and risk of every strategy.
pub fn risks(scenario: &Scenario, results: &Results) -> Table {
    let columns = vec![
        "strategy",
        "spending",
        "spending_low",
        "spending_high",
        "risk_metric",
        "risk",
        "risk_low",
        "risk_high",
        "on_the_front",
    ];
    let metric = risk_metric(scenario).name();
    let row = |(index, risk): (usize, &Risk)| {
        let front = if results.decision.front.contains(&index) { "yes" } else { "no" };
        vec![
            Cell::Text(results.summary.strategies[index].name.clone()),
            number(risk.spending),
            low(risk.spending_interval),
            high(risk.spending_interval),
            Cell::Text(metric.to_owned()),
            number(risk.risk),
            low(risk.risk_interval),
            high(risk.risk_interval),
            Cell::Text(front.to_owned()),
        ]
    };
    Table { columns, rows: results.decision.risks.iter().enumerate().map(row).collect() }
}

/// The outages of one year under every strategy.
pub fn year(results: &Results, year: &Year) -> Table {
    let columns = vec!["strategy", "cause", "onset_hours", "restore_hours", "current_hours"];
    let strategies = results.summary.strategies.iter().zip(&year.lanes);
    let rows = strategies.flat_map(|(result, lane)| {
        lane.outages.iter().map(|(outage, cause)| {
            vec![
                Cell::Text(result.name.clone()),
                Cell::Text(cause.clone()),
                number(outage.onset),
                number(outage.restore_hours()),
                number(outage.current_hours()),
            ]
        })
    });
    Table { columns, rows: rows.collect() }
}

/// What an outage does by the hour of the week in which it begins.
pub fn harm(harm: &HarmByHour) -> Table {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let columns = vec!["day", "hour", harm.metric.name()];
    let rows = DAYS.iter().zip(&harm.hours).flat_map(|(day, hours)| {
        (0..).zip(hours).map(move |(hour, value)| {
            vec![Cell::Text((*day).to_owned()), Cell::Count(hour), Cell::Number(*value)]
        })
    });
    Table { columns, rows: rows.collect() }
}

/// What theory knows, beside its estimate.
pub fn closed_forms(results: &Results) -> Table {
    let columns = vec!["strategy", "metric", "truth", "estimate", "standard_errors"];
    let row = |form: &ClosedForm| {
        vec![
            Cell::Text(results.summary.strategies[form.strategy].name.clone()),
            Cell::Text(form.metric.name().to_owned()),
            number(form.truth),
            number(form.estimate),
            Cell::Number(form.standard_errors),
        ]
    };
    Table { columns, rows: results.closed_forms.iter().map(row).collect() }
}

fn number(value: f64) -> Cell {
    Cell::Number(Some(value))
}

fn low(interval: Option<Interval>) -> Cell {
    Cell::Number(interval.map(|interval| interval.low))
}

fn high(interval: Option<Interval>) -> Cell {
    Cell::Number(interval.map(|interval| interval.high))
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
        let table = Table { columns: vec!["name", "n", "x", "y", "z"], rows: vec![row] };
        assert_eq!(csv(&table), "name,n,x,y,z\n\"a, \"\"b\"\"\nc\",3,,,0.5\n");
        let expected = r#"[{"name":"a, \"b\"\nc","n":3,"x":null,"y":null,"z":0.5}]"#;
        assert_eq!(table.to_json().to_string(), expected);
    }

    #[test]
    fn a_table_without_rows_has_its_header() {
        let table = Table { columns: vec!["a", "b"], rows: Vec::new() };
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
