//! The tables of a run as one workbook for spreadsheets: a sheet for each table, and the answer first.
//!
//! A number is a number there, whatever sign the reader's country has for decimals, and text is text:
//! a name that begins with `=` is no formula. The file says nothing of when it was made, so that the
//! same run gives the same bytes.

use super::table::{Cell, Table};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// The most characters of a cell, and the most of the name of a sheet, as the format has it.
const LONGEST_TEXT: usize = 32_767;
const LONGEST_NAME: usize = 31;
/// The width of the column of sentences, in characters.
const SENTENCES: f64 = 110.0;

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be made: {0}")]
pub struct WorkbookError(#[from] XlsxError);

/// A workbook that begins with a sheet of sentences, of which the first is its title.
///
/// # Errors
/// A table has more rows or columns than a sheet can hold.
pub fn workbook(sentences: &[String], tables: &[(&str, Table)]) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    let never = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&never));
    write_sentences(workbook.add_worksheet(), sentences)?;
    for (file, table) in tables {
        write_table(workbook.add_worksheet(), file, table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_sentences(sheet: &mut Worksheet, sentences: &[String]) -> Result<(), XlsxError> {
    sheet.set_name("answer")?;
    sheet.set_column_width(0, SENTENCES)?;
    let wrapped = Format::new().set_text_wrap();
    let title = Format::new().set_bold().set_text_wrap();
    for (row, sentence) in (0..).zip(sentences) {
        let format = if row == 0 { &title } else { &wrapped };
        sheet.write_string_with_format(row, 0, shortened(sentence), format)?;
    }
    Ok(())
}

/// The sheet of a table, called as its file: headings that stay in sight, a filter, columns as wide
/// as what stands in them.
fn write_table(sheet: &mut Worksheet, file: &str, table: &Table) -> Result<(), XlsxError> {
    let name = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    sheet.set_name(name.chars().take(LONGEST_NAME).collect::<String>())?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(0, column, heading.as_ref(), &bold)?;
    }
    for (row, cells) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            write_cell(sheet, (row, column), cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    if let (Ok(last), Some(columns)) =
        (u32::try_from(table.rows.len()), table.columns.len().checked_sub(1))
        && last > 0
    {
        sheet.autofilter(0, 0, last, u16::try_from(columns).unwrap_or(u16::MAX))?;
    }
    sheet.autofit();
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
) -> Result<(), XlsxError> {
    match cell {
        // Never as what it looks like: a formula, a link or a number.
        Cell::Text(text) => sheet.write_string(row, column, shortened(text))?,
        Cell::Count(count) => sheet.write_number(row, column, *count as f64)?,
        Cell::Number(Some(number)) if number.is_finite() => {
            sheet.write_number(row, column, *number)?
        }
        Cell::Number(_) => return Ok(()),
    };
    Ok(())
}

/// The text, cut where a cell cannot hold it.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some(_) => text.chars().take(LONGEST_TEXT - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}
