//! The terminal: messages, headings, tables of figures and the progress bar.
//!
//! Text may carry colours; they are dropped where they do not belong (NO_COLOR, a file, a pipe).
//! How paragraphs are set is in [`text`].

use crate::report::text::{self, harmless, width, wrap};
use clap::builder::styling::Style;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table};
use comfy_table::{TableStyle, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// A line below the heading of a table, and nothing else.
pub(super) const STYLE: TableStyle = presets::NOTHING.header_separator(LineStyle::none().fill('-'));

/// Writes a message to standard error. If nobody can be told, nobody can be told of that either.
pub(super) fn tell(text: &str) {
    let mut to = anstream::stderr().lock();
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}

/// Has text set for the width of the terminal; where standard output is none, it stays as it is.
pub(super) fn fit_terminal() {
    if let Some((terminal_size::Width(columns), _)) = terminal_size::terminal_size_of(io::stdout())
    {
        text::set_width(columns.into());
    }
}

/// A heading, with its line end.
pub(super) fn heading(text: &str) -> String {
    let bold = Style::new().bold();
    format!("{bold}{}{bold:#}\n", wrap(&harmless(text), width()).join("\n"))
}

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
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width() as u16);
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

/// Headings with their names at the top and their units at the foot, whatever lines a name takes.
pub(super) fn stacked(
    headings: impl Iterator<Item = (impl AsRef<str>, impl AsRef<str>)> + Clone,
) -> impl Iterator<Item = String> {
    let lines = |name: &str| name.lines().count();
    let most = headings.clone().map(|(name, _)| lines(name.as_ref())).max().unwrap_or_default();
    headings.map(move |(name, unit)| {
        let (name, unit) = (name.as_ref(), unit.as_ref());
        format!("{name}{}{unit}", "\n".repeat(1 + most - lines(name)))
    })
}

/// What is being done, with a sign that turns, where nobody knows how much is left.
pub(super) fn spinner(words: &'static str, may_show: bool) -> ProgressBar {
    let spinner = bar("{spinner} {msg}, for {elapsed}", may_show).with_message(words);
    spinner.enable_steady_tick(Duration::from_millis(200));
    spinner
}

/// A progress bar on standard error; hidden where there is no terminal or `may_show` is false.
pub(super) fn bar(template: &str, may_show: bool) -> ProgressBar {
    let target = if may_show && io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(None, target);
    // Also when the run ends early, so that a message does not follow half a bar.
    bar.with_finish(ProgressFinish::AndClear).with_style(style)
}
