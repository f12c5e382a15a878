//! Tables in the page. A cell shows few digits and carries the whole number, by which script sorts.

use maud::{Markup, html};

use super::super::table::{Cell, Table};
use super::super::text::{capitalized, slug};
use super::{DataTable, number};

/// More columns than this are printed on a sheet turned sideways.
const UPRIGHT: usize = 9;

/// A table with its heading and explanation.
pub(super) fn section(table: &DataTable) -> Markup {
    html! {
        section.table.wide[is_wide(table)] id=(slug(&table.id)) {
            h3 { (table.title) }
            @if !table.explanation.is_empty() { p.explanation { (table.explanation) } }
            (scrolling(&table.table, &table.title, table.chosen_by))
        }
    }
}

/// Whether a table needs a sheet turned sideways.
pub(super) fn is_wide(table: &DataTable) -> bool {
    table.table.columns.len() > UPRIGHT
}

/// A table in a box of its own, that scrolls sideways where the screen is too narrow.
pub(super) fn scrolling(table: &Table, name: &str, chosen_by: Option<&str>) -> Markup {
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
                    @for (index, value) in row.iter().enumerate() {
                        (cell(value, index, table.columns.get(index).copied().unwrap_or_default()))
                    }
                } } }
            }
        }
    }
}

fn cell(value: &Cell, index: usize, column: &str) -> Markup {
    match value {
        Cell::Text(text) if index == 0 => html! { th scope="row" { (shown(text, column)) } },
        Cell::Text(text) => html! { td { (shown(text, column)) } },
        Cell::Count(count) => html! { td.number data-value=(count) { (number::grouped(*count)) } },
        Cell::Number(Some(value)) if value.is_finite() => {
            html! { td.number data-value=(value) { (number::figure(*value)) } }
        }
        Cell::Number(_) => html! { td.number { "–" } },
    }
}

/// Names of metrics and means are made for files; a reader gets words.
fn shown(text: &str, column: &str) -> String {
    let named = matches!(column, "metric" | "criterion" | "restored_by");
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
    fn cells_carry_the_whole_number_and_names_stay_text() {
        let row = vec![
            Cell::Text("<b>\"".into()),
            Cell::Count(10_000),
            Cell::Number(Some(12_345.678)),
            Cell::Number(None),
        ];
        let table = Table { columns: vec!["strategy", "trials", "mean", "sd"], rows: vec![row] };
        let html = scrolling(&table, "a \"b\"", Some("strategy")).into_string();
        for part in [
            "aria-label=\"a &quot;b&quot;\"",
            "data-choose=\"0\"",
            "<th scope=\"row\">&lt;b&gt;&quot;</th>",
            "<td class=\"number\" data-value=\"10000\">10,000</td>",
            "<td class=\"number\" data-value=\"12345.678\">12,300</td>",
            "<td class=\"number\">–</td>",
            "<th class=\"number\" scope=\"col\">Standard deviation</th>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
