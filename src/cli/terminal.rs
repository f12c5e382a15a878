//! Tables of figures for people.

use crate::report::text::WIDTH;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table};
use comfy_table::{TableStyle, presets};

/// A line below the heading, and nothing else.
pub(super) const STYLE: TableStyle = presets::NOTHING.header_separator(LineStyle::none().fill('-'));

/// A cell whose text stands at the right.
pub(super) fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// A name at the left of each row, figures at the right of their columns, as wide as an answer may
/// be: names are broken, figures are not.
pub(super) fn figures_table(
    names: &str,
    headings: impl IntoIterator<Item = String>,
    rows: impl IntoIterator<Item = (String, Vec<String>)>,
) -> String {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH as u16);
    table.set_header([Cell::new(names)].into_iter().chain(headings.into_iter().map(right)));
    for (name, figures) in rows {
        table.add_row([Cell::new(name)].into_iter().chain(figures.into_iter().map(right)));
    }
    for column in table.column_iter_mut().take(1) {
        column.set_padding((0, 0));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_padding((2, 0));
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.trim_fmt()
}
