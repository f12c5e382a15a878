//! What is made of each row: the rules, in one place.
//!
//! | row | time to recovery | start |
//! |---|---|---|
//! | start and end | end less start | counts |
//! | marked open or aborted (by a status, or a word where the end should stand) | lower bound: to its end, or to the end of the watch | counts |
//! | no end, not marked | by [`Open`] | counts |
//! | `> 4 h` in a column of durations | lower bound | counts |
//! | no start, or a start that is no time | left out | left out |
//! | an end that is no time, or a duration that is none | left out | counts |
//! | end before start | left out | left out: one of the two is wrong, and nobody knows which |
//! | negative | left out | counts |
//! | zero length | left out: a fitted distribution gives it no density | counts |
//! | the same as an earlier row in every column, in a log with times or ids | left out | left out |

use super::columns::{Role, find_heading};
use super::heading;
use super::text::{declared_delimiter, decode, reader};
use super::times::{DateFormat, duration};
use super::{Columns, Incident, IncidentLog, LogError, ReadOptions, Recovery, Why};
use super::{hours_after, hours_between};
use csv::StringRecord;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// What an incident without an end, and without a word that it is open, is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Open {
    /// Still open if the end of the watch is given, or if it lies no further away than the longest
    /// recovery that the log knows; else its end was not written down, and it is left out.
    #[default]
    Judged,
    /// Still open: a lower bound.
    Censored,
    /// Its end was not written down: left out.
    LeftOut,
}

impl Open {
    /// All, by the names that the command line and scenarios have for them.
    pub const NAMED: [(&'static str, Open); 3] =
        [("judged", Open::Judged), ("censored", Open::Censored), ("left-out", Open::LeftOut)];
}

/// A row may span so many lines before it is pointed out: a quote left open swallows what follows.
const MANY_LINES: u64 = 50;

/// Most characters of a cell that are quoted.
const SHOWN: usize = 40;

/// Words for an incident that is not over, or was given up before it was.
const OPEN_WORDS: &str = "open|still open|ongoing|active|in progress|in-progress|investigating|\
                          unresolved|aborted|abandoned|cancelled|canceled|stopped|incomplete|new|\
                          pending|monitoring|identified|work in progress|given up|censored";

/// Words for nothing.
const NOTHING_WORDS: &str = "-|--|n/a|na|nan|nat|null|none|nil|?|unknown|tbd";

/// Whether a cell is one of some words, in any case.
fn is_one_of(words: &str, cell: &str) -> bool {
    words.split('|').any(|word| cell.eq_ignore_ascii_case(word))
}

fn is_nothing(cell: &str) -> bool {
    cell.is_empty() || is_one_of(NOTHING_WORDS, cell)
}

/// What stands where an end should.
enum End {
    At(Timestamp),
    Missing,
    Open,
    Wrong(Why),
}

/// What a reading of the rows knows.
struct Reader<'o> {
    options: &'o ReadOptions,
    columns: Columns,
    zone: TimeZone,
    by: Option<usize>,
    /// A log with neither times nor ids may hold equal rows that are different incidents.
    tells_duplicates: bool,
    groups: HashMap<String, usize>,
    group_names: Vec<String>,
}

/// A row before the end of the watch is known.
struct Row {
    incident: Incident,
    /// Neither end nor word: [`Open`] decides.
    undecided: bool,
    /// Open: bounded by the end of the watch.
    open: bool,
}

pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<IncidentLog, LogError> {
    let decoded = decode(bytes);
    let (declared, skipped) = match declared_delimiter(&decoded.text) {
        Some((delimiter, length)) => (Some(delimiter), length),
        None => (None, 0),
    };
    let body = &decoded.text[skipped..];
    if body.trim().is_empty() {
        return Err(LogError::Empty);
    }
    let heading = heading::find(body, options.delimiter.or(declared), &options.columns);
    let above = body[..heading.offset].matches('\n').count() as u64;
    let mut records = Records::new(&body[heading.offset..], heading.delimiter);
    records.line += above + u64::from(skipped > 0);
    let headings = records.headings()?;
    let mut reader = Reader::new(&headings, options)?;
    let mut notes: Vec<String> = decoded.note.iter().map(|note| (*note).to_owned()).collect();
    if above > 0 {
        let plural = if above == 1 { "" } else { "s" };
        notes.push(format!("{above} line{plural} above the heading passed over"));
    }
    let rows = reader.rows(&mut records, headings.len(), &mut notes)?;
    if rows.is_empty() {
        return Err(LogError::NoRows);
    }
    Ok(reader.finish(rows, headings, notes))
}

/// The records of a CSV text, each with the text that it was read from and its line.
///
/// The line is counted here because the CSV reader, which counts its own, does not take a lone
/// carriage return for the end of one.
struct Records<'t> {
    text: &'t str,
    csv: csv::Reader<&'t [u8]>,
    record: StringRecord,
    /// Up to which byte lines are counted.
    counted: usize,
    /// The line there, from 1.
    line: u64,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        let csv = reader(text, delimiter);
        Records { text, csv, record: StringRecord::new(), counted: 0, line: 1 }
    }

    fn headings(&mut self) -> Result<Vec<String>, LogError> {
        match self.next()? {
            Some(_) => Ok(self.record.iter().map(|cell| cell.trim().to_owned()).collect()),
            None => Err(LogError::Empty),
        }
    }

    /// Reads the next record into `self.record`; the text that it was read from.
    fn next(&mut self) -> Result<Option<&'t str>, LogError> {
        let from = self.csv.position().byte() as usize;
        let broken = |error: csv::Error| LogError::Csv { reason: error.to_string() };
        if !self.csv.read_record(&mut self.record).map_err(broken)? {
            return Ok(None);
        }
        let to = (self.csv.position().byte() as usize).min(self.text.len());
        let raw = &self.text[from..to];
        // The reader leaves the end of the line before to the record after it.
        let blank = raw.len() - raw.trim_start_matches(['\r', '\n']).len();
        self.count_lines(from + blank);
        Ok(Some(raw))
    }

    fn count_lines(&mut self, offset: usize) {
        let bytes = self.text.as_bytes();
        let between = bytes.get(self.counted..offset).unwrap_or_default();
        let ends = between.iter().enumerate().filter(|(place, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(self.counted + place + 1) != Some(&b'\n'),
            _ => false,
        });
        self.line += ends.count() as u64;
        self.counted = self.counted.max(offset);
    }

    /// Whether a cell beyond the given number of columns holds anything.
    fn is_wider_than(&self, columns: usize) -> bool {
        self.record.iter().skip(columns).any(|cell| !cell.trim().is_empty())
    }
}

impl<'o> Reader<'o> {
    fn new(headings: &[String], options: &'o ReadOptions) -> Result<Self, LogError> {
        let columns = Columns::find(headings, &options.columns)?;
        let by = match &options.by {
            None => None,
            Some(name) => {
                let role = Role::ALL.into_iter().find(|role| role.name() == name);
                let place = role.and_then(|role| columns.place(role));
                Some(place.map_or_else(|| find_heading(headings, name), Ok)?)
            }
        };
        let has = |role| columns.place(role).is_some();
        Ok(Reader {
            options,
            zone: options.time_zone.clone().unwrap_or(TimeZone::UTC),
            by,
            tells_duplicates: has(Role::Start) || has(Role::Id),
            columns,
            groups: HashMap::new(),
            group_names: Vec::new(),
        })
    }

    /// Every row, but for those without a word. What looks wrong with the file goes to the notes.
    fn rows<'t>(
        &mut self,
        records: &mut Records<'t>,
        columns: usize,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Row>, LogError> {
        let mut first_lines: HashMap<&'t str, u64> = HashMap::new();
        let mut rows = Vec::new();
        let mut wider: Vec<u64> = Vec::new();
        let mut open_quote = false;
        while let Some(raw) = records.next()? {
            let line = records.line;
            let spans = raw.trim_matches(['\r', '\n']).matches('\n').count() as u64 + 1;
            if spans > MANY_LINES {
                open_quote = true;
                notes.push(format!(
                    "the row at line {line} takes {spans} lines: is a quotation mark left open?"
                ));
            }
            if !records.is_wider_than(0) {
                continue;
            }
            if records.is_wider_than(columns) {
                wider.push(line);
            }
            let twin = *first_lines.entry(raw.trim()).or_insert(line);
            let twin = (twin != line && self.tells_duplicates).then_some(twin);
            rows.push(self.row(&records.record, line, twin));
        }
        if let Some(first) = wider.first() {
            notes.push(format!(
                "rows with more cells than the heading: {}, the first at line {first}; what is \
                 beyond is not read. Are there commas in the numbers?",
                wider.len()
            ));
        }
        if !open_quote && records.text.matches('"').count() % 2 == 1 {
            notes.push("a quotation mark is left open: what follows it is one cell".to_owned());
        }
        Ok(rows)
    }

    fn cell<'r>(&self, record: &'r StringRecord, role: Role) -> &'r str {
        self.columns.place(role).and_then(|place| record.get(place)).unwrap_or_default().trim()
    }

    fn row(&mut self, record: &StringRecord, line: u64, twin: Option<u64>) -> Row {
        let text = |role| self.cell(record, role).to_owned();
        let (cause, component, id) = (text(Role::Cause), text(Role::Component), text(Role::Id));
        let group = self.group(record);
        let (start, start_problem) = self.start(record);
        let duplicate = twin.map(|line| Why::Duplicate { line });
        let mut row = Row {
            incident: Incident {
                line,
                start,
                end: None,
                recovery: Recovery::LeftOut(Why::NoEnd),
                start_left_out: duplicate.clone().or(start_problem.clone()),
                group,
                cause,
                component,
                id,
            },
            undecided: false,
            open: false,
        };
        if let Some(why) = duplicate {
            row.incident.recovery = Recovery::LeftOut(why);
        } else if self.columns.place(Role::Duration).is_some() {
            self.by_duration(record, &mut row);
        } else if let Some(why) = start_problem {
            row.incident.recovery = Recovery::LeftOut(why);
        } else if let Some(start) = start {
            self.by_end(record, start, &mut row);
        }
        row
    }

    fn group(&mut self, record: &StringRecord) -> usize {
        let Some(place) = self.by else { return 0 };
        let value = record.get(place).unwrap_or_default().trim();
        if let Some(group) = self.groups.get(value) {
            return *group;
        }
        let group = self.group_names.len();
        self.groups.insert(value.to_owned(), group);
        self.group_names.push(value.to_owned());
        group
    }

    fn start(&self, record: &StringRecord) -> (Option<Timestamp>, Option<Why>) {
        let cell = self.cell(record, Role::Start);
        if self.columns.place(Role::Start).is_none() {
            return (None, None);
        }
        if is_nothing(cell) {
            return (None, Some(Why::NoStart));
        }
        match self.options.date_format.moment(cell, &self.zone) {
            Some(start) => (Some(start), None),
            None => (None, Some(self.not_a_time("start", cell))),
        }
    }

    fn not_a_time(&self, what: &'static str, cell: &str) -> Why {
        let form = match &self.options.date_format {
            DateFormat::Iso => String::new(),
            other => format!(" of the form {}", other.name()),
        };
        Why::NotATime { what, cell: cell.chars().take(SHOWN).collect(), form }
    }

    /// Whether the status says that the incident is not over: `None` if it says nothing.
    fn is_open(&self, record: &StringRecord) -> Option<bool> {
        let place = self.columns.place(Role::Status)?;
        match record.get(place)?.trim() {
            word if is_one_of(OPEN_WORDS, word) || is_one_of("1|true|yes|y", word) => Some(true),
            word if is_nothing(word) => None,
            _ => Some(false),
        }
    }

    fn by_duration(&self, record: &StringRecord, row: &mut Row) {
        let cell = self.cell(record, Role::Duration);
        let recovery = if is_nothing(cell) {
            Recovery::LeftOut(Why::NoDuration)
        } else {
            match duration(cell, self.columns.hours_per_unit) {
                None => {
                    let cell = cell.chars().take(SHOWN).collect();
                    Recovery::LeftOut(Why::NotADuration { cell })
                }
                Some((hours, _)) if hours < 0.0 => Recovery::LeftOut(Why::Negative),
                Some((0.0, _)) => Recovery::LeftOut(Why::ZeroLength),
                Some((hours, true)) => Recovery::AtLeast(hours),
                Some((hours, false)) if self.is_open(record) == Some(true) => {
                    Recovery::AtLeast(hours)
                }
                Some((hours, false)) => Recovery::Took(hours),
            }
        };
        if let (Some(start), Recovery::Took(hours)) = (row.incident.start, &recovery) {
            row.incident.end = hours_after(start, *hours);
        }
        row.incident.recovery = recovery;
    }

    fn by_end(&self, record: &StringRecord, start: Timestamp, row: &mut Row) {
        let open = self.is_open(record);
        match self.end(record) {
            End::At(end) if end < start => {
                row.incident.recovery = Recovery::LeftOut(Why::EndBeforeStart);
                row.incident.start_left_out = Some(Why::EndBeforeStart);
            }
            End::At(end) => {
                let hours = hours_between(start, end);
                row.incident.end = Some(end);
                row.incident.recovery = match open {
                    _ if hours == 0.0 => Recovery::LeftOut(Why::ZeroLength),
                    Some(true) => Recovery::AtLeast(hours),
                    _ => Recovery::Took(hours),
                };
            }
            End::Open => row.open = true,
            End::Missing => match open {
                Some(true) => row.open = true,
                Some(false) => {}
                None => row.undecided = true,
            },
            End::Wrong(why) => row.incident.recovery = Recovery::LeftOut(why),
        }
    }

    fn end(&self, record: &StringRecord) -> End {
        let cell = self.cell(record, Role::End);
        if is_nothing(cell) {
            return End::Missing;
        }
        match self.options.date_format.moment(cell, &self.zone) {
            Some(end) => End::At(end),
            None if is_one_of(OPEN_WORDS, cell) => End::Open,
            None => End::Wrong(self.not_a_time("end", cell)),
        }
    }

    /// Decides what needs the whole log: its end, and with it the incidents that are still open.
    fn finish(self, rows: Vec<Row>, headings: Vec<String>, notes: Vec<String>) -> IncidentLog {
        let times = |row: &Row| row.incident.counted_start().into_iter().chain(row.incident.end);
        let last = rows.iter().flat_map(times).max();
        let until = self.options.until.or(last);
        let given = self.options.until.is_some();
        let took = |row: &Row| match row.incident.recovery {
            Recovery::Took(hours) => Some(hours),
            _ => None,
        };
        let longest = rows.iter().filter_map(took).fold(0.0, f64::max);
        let decide = |mut row: Row| {
            let (Some(start), Some(until)) = (row.incident.start, until) else {
                return row.incident;
            };
            if start > until && row.incident.start_left_out.is_none() {
                row.incident.start_left_out = Some(Why::AfterUntil);
                row.incident.recovery = Recovery::LeftOut(Why::AfterUntil);
                return row.incident;
            }
            let bound = hours_between(start, until);
            let judged = match self.options.open {
                Open::Judged => given || bound <= longest,
                Open::Censored => true,
                Open::LeftOut => false,
            };
            if row.open || row.undecided && judged {
                row.incident.recovery = if bound > 0.0 {
                    Recovery::AtLeast(bound)
                } else {
                    Recovery::LeftOut(Why::JustOpened)
                };
            }
            row.incident
        };
        IncidentLog {
            incidents: rows.into_iter().map(decide).collect(),
            groups: self.group_names,
            headings,
            columns: self.columns,
            until,
            until_given: given,
            notes,
        }
    }
}
