//! Reading an incident log: a CSV file of anybody's making, row by row, with nothing dropped in
//! silence.
//!
//! What is done with a row is a rule (`rules`) and each row that is left out, or taken as a lower
//! bound only, keeps its line and the reason. Headings are recognised by meaning ([`Role`]), times
//! by a [`DateFormat`]; text, delimiter and quotes are taken as spreadsheets write them.
//!
//! Start reading at [`IncidentLog::read`].

mod columns;
mod error;
mod heading;
mod looks;
mod notes;
mod order;
mod records;
mod role;
mod row;
mod rules;
mod text;
mod times;
mod vocabulary;
mod watch;

#[cfg(test)]
mod tests;

pub use columns::Columns;
pub use error::{LogError, Why};
pub use role::Role;
pub use times::DateFormat;
pub use vocabulary::unit_hours;
pub use watch::Open;

use crate::keys::load_bytes;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

/// The largest log that is read: 1 GiB.
const LIMIT: u64 = 1 << 30;

/// How a log is to be read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Headings for roles, where the headings do not speak for themselves.
    pub columns: Vec<(Role, String)>,
    /// How times are written.
    pub date_format: DateFormat,
    /// The zone of times that name none; UTC when absent.
    pub time_zone: Option<TimeZone>,
    /// The delimiter; found out when absent.
    pub delimiter: Option<u8>,
    /// The column by whose values incidents are grouped: a heading, or the name of a role.
    pub by: Option<String>,
    /// When the watch over the log ended; its last moment when absent.
    pub until: Option<Timestamp>,
    /// What incidents without an end are taken for.
    pub open: Open,
    /// Hours in a plain number of the durations, whatever the file says.
    pub unit: Option<f64>,
}

/// What a row says of the time to recovery, hours.
#[derive(Debug, Clone, PartialEq)]
pub enum Recovery {
    /// It took so long.
    Took(f64),
    /// It took at least so long.
    AtLeast(f64),
    /// Nothing that can be used.
    LeftOut(Why),
}

/// One row of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Line in the file on which the row begins, from 1.
    pub line: u64,
    /// When it began, if the log tells times and the row can be trusted.
    pub start: Option<Timestamp>,
    /// When service was back, if that is known.
    pub end: Option<Timestamp>,
    /// How long it took.
    pub recovery: Recovery,
    /// Why the start does not count, if it does not.
    pub start_left_out: Option<Why>,
    /// Index into [`IncidentLog::groups`]; 0 without grouping.
    pub group: usize,
    /// What was at fault; empty when the log does not say.
    pub cause: String,
    /// What failed; empty when the log does not say.
    pub component: String,
    /// What the incident is called; empty when the log does not say.
    pub id: String,
}

impl Incident {
    /// When it began, if its start counts.
    pub fn counted_start(&self) -> Option<Timestamp> {
        self.start.filter(|_| self.start_left_out.is_none())
    }

    /// How long it took, hours, if it was seen to its end.
    pub fn took(&self) -> Option<f64> {
        match self.recovery {
            Recovery::Took(hours) => Some(hours),
            _ => None,
        }
    }
}

/// Hours from one moment to another.
pub fn hours_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 3600.0
}

/// The moment so many hours later; `None` beyond what a calendar holds.
pub fn hours_after(from: Timestamp, hours: f64) -> Option<Timestamp> {
    from.checked_add(SignedDuration::try_from_secs_f64(hours * 3600.0).ok()?).ok()
}

/// A log in memory.
#[derive(Debug, Clone)]
pub struct IncidentLog {
    /// Every row, in the order of the file.
    pub incidents: Vec<Incident>,
    /// Values of the grouping column in the order of their first row; empty without grouping.
    pub groups: Vec<String>,
    /// Headings of the file.
    pub headings: Vec<String>,
    /// Which column is what.
    pub columns: Columns,
    /// When the watch over the log ended; `None` in a log without times.
    pub until: Option<Timestamp>,
    /// Whether that was given and not taken from the rows.
    pub until_given: bool,
    /// Whether no start has a time of day.
    pub starts_by_day: bool,
    /// What else a reader should know of how the file was read.
    pub notes: Vec<String>,
}

impl IncidentLog {
    /// Reads the log in a file.
    ///
    /// # Errors
    /// The file cannot be read or is larger than 1 GiB, or what [`IncidentLog::read`] refuses.
    pub fn load(path: &Path, options: &ReadOptions) -> Result<IncidentLog, LogError> {
        IncidentLog::read(&load_bytes(path, LIMIT)?, options)
    }

    /// The text of a log in any of the encodings that spreadsheets write.
    pub fn decode(bytes: &[u8]) -> String {
        text::decode(bytes).text
    }

    /// Reads the log in these bytes.
    ///
    /// # Errors
    /// There is no row, no usable columns, or an option names a column that is not there. A row
    /// that is wrong is no error: it is kept with the reason why it does not count.
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<IncidentLog, LogError> {
        rules::read(bytes, options)
    }

    /// The error of a log of which no row is left, with the counts of the reasons. Where times are
    /// of another form, the help names it.
    pub fn nothing_left(&self) -> LogError {
        let mut reasons: Vec<(&'static str, usize)> = Vec::new();
        for incident in &self.incidents {
            let Recovery::LeftOut(why) = &incident.recovery else { continue };
            match reasons.iter_mut().find(|(kind, _)| *kind == why.kind()) {
                Some((_, count)) => *count += 1,
                None => reasons.push((why.kind(), 1)),
            }
        }
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let reasons: Vec<String> =
            reasons.iter().map(|(kind, count)| format!("{kind} ({count})")).collect();
        let cells: Vec<&str> = self
            .incidents
            .iter()
            .filter_map(|incident| match &incident.recovery {
                Recovery::LeftOut(Why::NotATime { cell, .. }) => Some(cell.as_str()),
                _ => None,
            })
            .collect();
        let reads = |format: &DateFormat| {
            !cells.is_empty() && cells.iter().all(|c| format.moment(c, &TimeZone::UTC).is_some())
        };
        let form = DateFormat::NAMED.iter().find(|(_, format, _)| reads(format));
        let help = form.map(|(name, ..)| format!("; try --date-format {name}"));
        LogError::NothingLeft {
            rows: format!("{} rows", self.len()),
            reasons: reasons.join(", "),
            help: help.unwrap_or_default(),
        }
    }

    /// How many rows of the file there are.
    pub fn len(&self) -> usize {
        self.incidents.len()
    }

    /// Whether there is no row; a log that was read has at least one.
    pub fn is_empty(&self) -> bool {
        self.incidents.is_empty()
    }
}
