//! Why a log cannot be used, and why a row of it does not count.

use crate::keys::LoadError;

/// Why a log cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The file cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Nothing, or white space only.
    #[error("the log is empty")]
    Empty,
    /// A heading and nothing below it.
    #[error("the log has a heading and no rows")]
    NoRows,
    /// No heading is recognised as times or durations.
    #[error(
        "{missing}; its columns are {columns}: say which is which with --columns \
         start=…,end=… or --durations …"
    )]
    NoTimes {
        /// What is not there.
        missing: &'static str,
        /// The headings, in words.
        columns: String,
    },
    /// The first line is a row, and nothing says which column is what.
    #[error(
        "the log has no heading: its first line (line {line}) is an incident. Say which column is which \
         by their numbers, {columns}: --columns start=…,end=… or --durations …"
    )]
    NoHeading {
        /// The first line that is not blank.
        line: u64,
        /// The numbers of the columns, in words.
        columns: String,
    },
    /// Dates of which nothing tells the order.
    #[error(
        "`{cell}` (line {line}) may have the day or the month first, and no date of the log tells \
         which: say --date-format day-first or --date-format month-first"
    )]
    NoOrder {
        /// The first of them.
        cell: String,
        /// Its line.
        line: u64,
    },
    /// Dates that can only have the day first beside some that can only have the month first.
    #[error(
        "`{}` (line {}) can only have the day first and `{}` (line {}) only the month first, so \
         dates such as `{}` (line {}) may be either: write them alike, or as 2026-03-29",
        .day.0, .day.1, .month.0, .month.1, .either.0, .either.1
    )]
    TwoOrders {
        /// The first date with the day first, and its line.
        day: (String, u64),
        /// The first date with the month first, and its line.
        month: (String, u64),
        /// The first date that may be either, and its line.
        either: (String, u64),
    },
    /// The user names a column that is not there.
    #[error("the log has no column `{wanted}`; {help}")]
    NoColumn {
        /// The heading asked for.
        wanted: String,
        /// What there is instead.
        help: String,
    },
    /// No row is left.
    #[error("none of the {rows} of the log can be used: {reasons}{help}")]
    NothingLeft {
        /// How many rows there are, in words.
        rows: String,
        /// How many for which reason, in words.
        reasons: String,
        /// What may help, as the end of the sentence; often empty.
        help: String,
    },
    /// The CSV reader gave up; it forgives nearly everything.
    #[error("the log is not a CSV file: {reason}")]
    Csv {
        /// What the reader said.
        reason: String,
    },
}

/// Why a row, or one of its figures, does not count.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// The start is empty.
    #[error("no start")]
    NoStart,
    /// The end is empty, and the incident cannot be still open.
    #[error("no end")]
    NoEnd,
    /// The duration is empty.
    #[error("no duration")]
    NoDuration,
    /// The cell is no time of the format.
    #[error("{what} `{cell}` is not a time{form}")]
    NotATime {
        /// Start or end.
        what: &'static str,
        /// What stands there, shortened.
        cell: String,
        /// The format that was expected, in words.
        form: String,
    },
    /// The cell is no duration.
    #[error("`{cell}` is not a duration")]
    NotADuration {
        /// What stands there, shortened.
        cell: String,
    },
    /// The end lies before the start.
    #[error("the end is before the start")]
    EndBeforeStart,
    /// The duration is negative.
    #[error("the duration is negative")]
    Negative,
    /// Start and end are the same moment, or the duration is 0.
    #[error("zero length")]
    ZeroLength,
    /// The row says what another says.
    #[error("duplicate of line {line}")]
    Duplicate {
        /// Line of the first of them.
        line: u64,
    },
    /// Still open at the last moment of the log: as good as nothing is known.
    #[error("open since the last moment of the log")]
    JustOpened,
    /// Starts in the same moment as another.
    #[error("starts in the same moment as line {line}")]
    SameStart {
        /// Line of the earlier.
        line: u64,
    },
    /// Starts after the given end of the watch.
    #[error("starts after the end of the watch")]
    AfterUntil,
}

impl Why {
    /// The reason without what is particular to the row, to count rows by it.
    pub fn kind(&self) -> &'static str {
        match self {
            Why::NoStart => "no start",
            Why::NoEnd => "no end",
            Why::NoDuration => "no duration",
            Why::NotATime { what: "start", .. } => "start is not a time",
            Why::NotATime { .. } => "end is not a time",
            Why::NotADuration { .. } => "not a duration",
            Why::EndBeforeStart => "end before start",
            Why::Negative => "negative",
            Why::ZeroLength => "zero length",
            Why::Duplicate { .. } => "duplicate",
            Why::JustOpened => "open since the last moment (with --until it is a lower bound)",
            Why::SameStart { .. } => "same start as another",
            Why::AfterUntil => "after the end of the watch",
        }
    }
}
