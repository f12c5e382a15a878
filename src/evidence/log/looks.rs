//! What the cells of a column look like, so that a heading that may mean two things means the right
//! one, and a line of data is not taken for a heading.

use super::times::{DateFormat, clock_time, decimal, duration};
use super::vocabulary::unit_hours;
use csv::StringRecord;
use jiff::tz::TimeZone;

/// Rows that are looked at.
const ROWS: usize = 200;

/// How many cells of a column read as what; all 0 for a column without cells, which may be anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Looks {
    cells: usize,
    moments: usize,
    dates_alone: usize,
    clocks: usize,
    durations: usize,
    units: usize,
}

impl Looks {
    /// The looks of each column of the rows below a heading.
    pub(super) fn of(
        rows: &mut csv::Reader<&[u8]>,
        columns: usize,
        format: &DateFormat,
    ) -> Vec<Looks> {
        let mut looks = vec![Looks::default(); columns];
        let mut record = StringRecord::new();
        for _ in 0..ROWS {
            if !rows.read_record(&mut record).unwrap_or_default() {
                break;
            }
            for (look, cell) in looks.iter_mut().zip(&record) {
                look.add(cell.trim(), format);
            }
        }
        looks
    }

    fn add(&mut self, cell: &str, format: &DateFormat) {
        if cell.is_empty() {
            return;
        }
        self.cells += 1;
        self.units += usize::from(unit_hours(cell).is_some());
        if !has_digits(cell) {
            return;
        }
        let is_moment = format.moment(cell, &TimeZone::UTC).is_some() || is_written_date(cell);
        self.moments += usize::from(is_moment);
        let is_number = decimal(cell).is_some();
        self.dates_alone += usize::from(is_moment && !is_number && !cell.contains([':', 'T']));
        self.clocks += usize::from(clock_time(cell).is_some());
        self.durations += usize::from(duration(cell, 1.0).is_some());
    }

    fn most(self, count: usize) -> bool {
        2 * count >= self.cells
    }

    pub(super) fn is_moment(self) -> bool {
        self.most(self.moments)
    }

    /// Dates without a time of day, every one of them.
    pub(super) fn is_date_alone(self) -> bool {
        self.cells > 0 && self.dates_alone == self.moments && self.most(self.moments)
    }

    pub(super) fn is_clock(self) -> bool {
        self.cells > 0 && self.most(self.clocks)
    }

    pub(super) fn is_duration(self) -> bool {
        self.most(self.durations)
    }

    /// Neither times nor numbers.
    pub(super) fn is_words(self) -> bool {
        2 * self.moments < self.cells.max(1) && 2 * self.durations < self.cells.max(1)
    }

    /// Units of time and nothing else.
    pub(super) fn is_unit(self) -> bool {
        self.cells > 0 && self.units == self.cells
    }
}

/// Whether a cell is data, so that its line is no heading: a number, or a time as people write it.
pub(super) fn is_data(cell: &str) -> bool {
    has_digits(cell) && (duration(cell, 1.0).is_some() || is_written_date(cell))
}

/// Times and numbers have some.
fn has_digits(cell: &str) -> bool {
    cell.bytes().any(|byte| byte.is_ascii_digit())
}

/// A time in a form that no number has.
fn is_written_date(cell: &str) -> bool {
    let forms = [DateFormat::Iso, DateFormat::DayFirst, DateFormat::MonthFirst];
    decimal(cell).is_none() && forms.iter().any(|form| form.moment(cell, &TimeZone::UTC).is_some())
}
