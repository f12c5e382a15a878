//! Tables in the page. A cell shows few digits and carries the whole number, by which script sorts.

use maud::{Markup, html};

use super::super::table::{Cell, Table};
use super::super::tables;
use super::super::text::{capitalized, grouped, percent, rounded};
use crate::scenario::Scenario;
use crate::study::results::Results;

/// More columns than this are printed on a sheet turned sideways.
const UPRIGHT: usize = 9;

/// A table with its words.
pub(super) struct DataTable {
    /// Name in links to it; letters, digits and hyphens.
    id: &'static str,
    /// What it holds.
    title: &'static str,
    /// How to read it.
    explanation: String,
    table: Table,
    /// Column by whose values a reader may choose rows; a long table then begins with the first
    /// value's rows, on paper too. Without script all rows are there.
    chosen_by: Option<&'static str>,
}

/// The tables of a run, in the order shown.
pub(super) fn all(scenario: &Scenario, results: &Results) -> Vec<DataTable> {
    let sure = percent(results.confidence);
    let mut all = vec![DataTable {
        id: "summary",
        title: "Every metric of every strategy",
        explanation: format!(
            "Means and percentiles over all trials with their {sure} intervals; with all digits in \
             summary.csv."
        ),
        table: tables::summary(&results.summary),
        chosen_by: Some("metric"),
    }];
    if scenario.costs.is_some() {
        all.push(DataTable {
            id: "cost",
            title: "Cost by part",
            explanation: "What each strategy costs, part by part. The tail mean is that of the \
                          worst 5 % of trials. Also in cost.csv."
                .into(),
            table: tables::cost(results, scenario.currency()),
            chosen_by: Some("strategy"),
        });
    }
    all.push(DataTable {
        id: "outages",
        title: "Outages by cause and end",
        explanation: "Times in hours. Parts: those of the service that were down in any of them. A row \
                      has what began an outage and what ended it. Where another fault struck \
                      meanwhile, or the same event took a server too, the last to be mended decides \
                      what ended it: so an end may stand here that does not cure the fault itself. What \
                      comes less than once in so many trials is in outages.csv only."
            .into(),
        table: seen(tables::outages(&results.summary), "outages"),
        chosen_by: Some("strategy"),
    });
    if scenario.world.sign_in.is_some() {
        all.push(DataTable {
            id: "sign-in",
            title: "Losses of sign-in by cause",
            explanation: "Hours without sign-in, and hours for which users are locked out, summed over users. A loss \
                          is told by the fault that struck last of those that kept agents down when it began; \
                          others may have taken the other agents before. Also in sign_in.csv."
                .into(),
            table: seen(tables::sign_in(&results.summary), "losses"),
            chosen_by: Some("strategy"),
        });
    }
    all
}

/// The rows whose count is not none: of a rare disaster, many trials stand for few.
fn seen(mut table: Table, count: &str) -> Table {
    if let Some(count) = table.columns.iter().position(|column| *column == count) {
        table.rows.retain(|row| row.get(count) != Some(&Cell::Count(0)));
    }
    table
}

/// Closed forms beside the estimates, where the scenario allows them.
pub(super) fn closed_forms(results: &Results) -> Option<DataTable> {
    (!results.closed_forms.is_empty()).then(|| DataTable {
        id: "closed-forms",
        title: "Closed forms beside the estimates",
        explanation: "Where a closed form gives the mean, it stands beside the estimate. A \
                      difference of more than 4 standard errors would be an error of the program."
            .into(),
        table: tables::closed_forms(results),
        chosen_by: None,
    })
}

/// A table with its heading and explanation.
pub(super) fn section(table: &DataTable) -> Markup {
    html! {
        section.table.wide[is_wide(table)] id=(table.id) {
            h3 { (table.title) }
            p.explanation { (super::sentence::sentence(&table.explanation)) }
            (scrolling(&table.table, table.title, table.chosen_by))
        }
    }
}

/// Whether a table needs a sheet turned sideways.
pub(super) fn is_wide(table: &DataTable) -> bool {
    table.table.columns.len() > UPRIGHT
}

/// A table in a box of its own, that scrolls sideways where the screen is too narrow.
pub(super) fn scrolling(table: &Table, name: &str, chosen_by: Option<&str>) -> Markup {
    let columns = Column::all(table);
    let texts: Vec<bool> = (0..table.columns.len()).map(|column| is_text(table, column)).collect();
    let chosen = chosen_by.and_then(|name| table.columns.iter().position(|known| *known == name));
    html! {
        div.scroll tabindex="0" role="group" aria-label=(name) {
            table.sortable data-choose=[chosen] {
                thead { tr {
                    @for (column, text) in table.columns.iter().zip(&texts) {
                        th.number[!text] scope="col" { (heading(column)) }
                    }
                } }
                tbody { @for row in &table.rows { tr {
                    @for (index, (value, column)) in row.iter().zip(&columns).enumerate() {
                        (cell(value, index, column))
                    }
                } } }
            }
        }
    }
}

/// A column as its cells need it.
struct Column<'a> {
    name: &'a str,
    /// Whether its numbers are shares, shown in percent.
    is_share: bool,
}

impl<'a> Column<'a> {
    fn all(table: &'a Table) -> Vec<Self> {
        // The interval of a share stands in columns named like that of a mean.
        let is_judged = table.columns.iter().any(|name| *name == "probability_within");
        let is_share = |name: &str| {
            name.contains("share")
                || name.starts_with("probability")
                || (is_judged && ["confidence", "ci_low", "ci_high"].contains(&name))
        };
        table.columns.iter().map(|name| Self { name, is_share: is_share(name) }).collect()
    }
}

fn cell(value: &Cell, index: usize, column: &Column<'_>) -> Markup {
    match value {
        Cell::Text(text) if index == 0 => {
            let strategy = column.name.eq_ignore_ascii_case("strategy").then_some(text);
            html! { th scope="row" data-strategy=[strategy] { (shown(text, column.name)) } }
        }
        Cell::Text(text) => html! { td { (shown(text, column.name)) } },
        Cell::Count(count) => html! { td.number data-value=(count) { (grouped(*count)) } },
        Cell::Number(Some(value)) if value.is_finite() => {
            let shown = if column.is_share { percent(*value) } else { figure(*value) };
            html! { td.number data-value=(value) { (shown) } }
        }
        Cell::Number(_) => html! { td.number { "–" } },
    }
}

/// A number to three significant digits with thousands apart: `12,300`, `0.0123`. Whole numbers
/// below 1,000 are shown as they are, larger ones are rounded too. The script has the same rule.
fn figure(number: f64) -> String {
    let shown = match number.fract() == 0.0 && number.abs() < 1000.0 {
        true => (number + 0.0).to_string(),
        false => rounded(number, 3, -6..12),
    };
    shown.replace('-', "−")
}

/// Names of metrics and means are made for files; a reader gets words.
fn shown(text: &str, column: &str) -> String {
    let named = matches!(column, "metric" | "criterion" | "restored_by" | "family");
    if named { text.replace('_', " ") } else { text.to_owned() }
}

/// Whether the column holds names.
fn is_text(table: &Table, column: usize) -> bool {
    table.rows.iter().any(|row| matches!(row.get(column), Some(Cell::Text(_))))
}

/// The name of a column in words.
fn heading(column: &str) -> String {
    let words = match column {
        "ci_low" => "interval, low",
        "ci_high" => "interval, high",
        "sd" => "standard deviation",
        "p50" => "median",
        _ => column,
    };
    let words = match (words.strip_suffix("_low"), words.strip_suffix("_high")) {
        (Some(stem), _) => format!("{stem}, low"),
        (_, Some(stem)) => format!("{stem}, high"),
        _ => words.replace('_', " "),
    };
    let is_percentile =
        words.starts_with('p') && words[1..].starts_with(|c: char| c.is_ascii_digit());
    if is_percentile {
        return words;
    }
    capitalized(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_become_words() {
        for (column, words) in [
            ("strategy", "Strategy"),
            ("stale_user_hours_share", "Stale user hours share"),
            ("ci_low", "Interval, low"),
            ("p95_high", "p95, high"),
            ("p99", "p99"),
            ("p50", "Median"),
            ("Cost, USD", "Cost, USD"),
            ("", ""),
        ] {
            assert_eq!(heading(column), words);
        }
    }

    #[test]
    fn figures_have_three_digits_that_count() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-21.0, "−21"),
            (1.001, "1.00"),
            (0.012_345, "0.0123"),
            (0.000_012_345, "0.0000123"),
            (0.000_000_123_45, "1.23e−7"),
            (9.999, "10.0"),
            (-12_345.0, "−12,300"),
            (1_234_567_890.0, "1,230,000,000"),
            (1.5e12, "1.50e12"),
        ] {
            assert_eq!(figure(number), text);
        }
    }

    #[test]
    fn cells_carry_the_whole_number_and_names_stay_text() {
        let row = vec![
            Cell::Text("<b>\"".into()),
            Cell::Count(10_000),
            Cell::Number(Some(12_345.678)),
            Cell::Number(None),
            Cell::Number(Some(0.0321)),
        ];
        let columns = ["strategy", "trials", "mean", "sd", "stale_user_hours_share"];
        let columns = columns.map(Into::into).into();
        let table = Table { columns, rows: vec![row] };
        let html = scrolling(&table, "a \"b\"", Some("strategy")).into_string();
        for part in [
            "aria-label=\"a &quot;b&quot;\"",
            "data-choose=\"0\"",
            "data-strategy=\"&lt;b&gt;&quot;\">&lt;b&gt;&quot;</th>",
            "<td class=\"number\" data-value=\"10000\">10,000</td>",
            "<td class=\"number\" data-value=\"12345.678\">12,300</td>",
            "<td class=\"number\">–</td>",
            "<td class=\"number\" data-value=\"0.0321\">3.2\u{a0}%</td>",
            "<th class=\"number\" scope=\"col\">Standard deviation</th>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
