//! What is made of each row: the rules, in one place.
//!
//! | row | time to recovery | start |
//! |---|---|---|
//! | start and end | end less start | counts |
//! | marked open or aborted (by a status, or a word where the end should stand) | lower bound: to its end, or to the end of the watch | counts |
//! | no end, not marked, or with a state that says nothing | by [`Open`](super::Open) | counts |
//! | an end after the given end of the watch | lower bound: to the end of the watch | counts |
//! | `> 4 h` in a column of durations | lower bound | counts |
//! | no start, or a start that is no time | left out | left out |
//! | an end that is no time, or a duration that is none | left out | counts |
//! | end before start | left out | left out: one of the two is wrong, and nobody knows which |
//! | negative | left out | counts |
//! | zero length | left out: a fitted distribution gives it no density | counts |
//! | the same as an earlier row in every column, in a log with ids or with times of day | left out | left out |

use super::columns::find_heading;
use super::heading::{self, Said, blank_lines, first_cells};
use super::looks::Looks;
use super::notes::Notes;
use super::order::find_order;
use super::records::Records;
use super::role::Role;
use super::row::Row;
use super::text::{declared_delimiter, decode};
use super::times::{Clocks, DateFormat, Order, Time, decimal, duration, is_dotted, order};
use super::vocabulary::{Progress, progress, unit_hours};
use super::watch::Watch;
use super::{Columns, Incident, IncidentLog, LogError, ReadOptions, Recovery, Why};
use super::{hours_after, hours_between};
use csv::StringRecord;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::collections::HashMap;

/// A row may span so many lines before it is pointed out: a quote left open swallows what follows.
const MANY_LINES: u64 = 50;

/// Most characters of a cell that are quoted.
const SHOWN: usize = 40;

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
    At(Time),
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
    groups: HashMap<String, usize>,
    group_names: Vec<String>,
    /// Whether a start has a time of day; without any, starts are known to the day.
    tells_hours: bool,
    /// Dates that may be either have the month first, or the day; none where nothing tells.
    month_first: Option<bool>,
    notes: Notes,
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
    let at_start = records.line;
    let headings = records.headings(heading.missing)?;
    let mut below = super::text::reader(&body[heading.offset..], heading.delimiter);
    if !heading.missing {
        below.read_record(&mut StringRecord::new()).ok();
    }
    let looks = Looks::of(&mut below, headings.len(), &options.date_format);
    let mut said = Said::new(options);
    let first_line = at_start + blank_lines(body);
    if heading.missing {
        said.by_number(&first_cells(body, heading.delimiter));
    }
    let mut reader =
        Reader::new(&headings, &looks, options, said).map_err(|error| match error {
            LogError::NoTimes { columns, .. } if heading.missing => {
                LogError::NoHeading { line: first_line, columns }
            }
            other => other,
        })?;
    reader.notes.all.extend(decoded.note.map(str::to_owned));
    if heading.missing {
        reader.notes.all.push(format!(
            "the file has no heading: its first line (line {first_line}) is an incident like the \
             others, and columns are named by their numbers"
        ));
    }
    let mut once = Records::new(&body[heading.offset..], heading.delimiter);
    once.line = at_start;
    if !heading.missing {
        once.next()?;
    }
    if options.date_format == DateFormat::Iso {
        let found = find_order(&mut once, &reader.columns, is_nothing)?;
        reader.month_first = found.month_first;
        reader.notes.all.extend(found.note);
    }
    if above > 0 {
        let plural = if above == 1 { "" } else { "s" };
        reader.notes.all.push(format!("{above} line{plural} above the heading passed over"));
    }
    let rows = reader.rows(&mut records, headings.len())?;
    if rows.is_empty() {
        return Err(LogError::NoRows);
    }
    Ok(reader.finish(rows, headings))
}

impl<'o> Reader<'o> {
    fn new(
        headings: &[String],
        looks: &[Looks],
        options: &'o ReadOptions,
        said: Said,
    ) -> Result<Self, LogError> {
        let columns = Columns::find(headings, looks, &said.columns)?;
        let by = match &said.by {
            None => None,
            Some(name) => {
                let role = Role::ALL.into_iter().find(|role| role.name() == name);
                let place = role.and_then(|role| columns.place(role));
                Some(place.map_or_else(|| find_heading(headings, name), Ok)?)
            }
        };
        Ok(Reader {
            options,
            zone: options.time_zone.clone().unwrap_or(TimeZone::UTC),
            by,
            columns,
            groups: HashMap::new(),
            group_names: Vec::new(),
            tells_hours: false,
            month_first: None,
            notes: Notes::default(),
        })
    }

    /// Every row, but for those without a word. What looks wrong with the file goes to the notes.
    fn rows<'t>(
        &mut self,
        records: &mut Records<'t>,
        columns: usize,
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
                self.notes.all.push(format!(
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
            let twin = (twin != line).then_some(twin);
            rows.push(self.row(&records.record, line, twin));
        }
        if let Some(first) = wider.first() {
            self.notes.all.push(format!(
                "rows with more cells than the heading: {}, the first at line {first}; what is \
                 beyond is not read. Are there commas in the numbers?",
                wider.len()
            ));
        }
        if !open_quote && records.text.matches('"').count() % 2 == 1 {
            let note = "a quotation mark is left open: what follows it is one cell";
            self.notes.all.push(note.to_owned());
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
        let (start, start_problem) = self.start(record, line);
        let mut row = Row {
            incident: Incident {
                line,
                start,
                end: None,
                recovery: Recovery::LeftOut(Why::NoEnd),
                start_left_out: start_problem.clone(),
                group,
                cause,
                component,
                id,
            },
            undecided: false,
            open: false,
            twin,
        };
        if self.columns.place(Role::Duration).is_some() {
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

    fn start(&mut self, record: &StringRecord, line: u64) -> (Option<Timestamp>, Option<Why>) {
        if self.columns.place(Role::Start).is_none() {
            return (None, None);
        }
        let cell = self.time_cell(record, Role::Start, Role::StartTime);
        if is_nothing(&cell) {
            return (None, Some(Why::NoStart));
        }
        match self.time(&cell, line) {
            Some(time) => {
                let clock = time.at.to_zoned(self.zone.clone()).time();
                self.tells_hours |= clock != jiff::civil::Time::midnight();
                (Some(time.at), None)
            }
            None => (None, Some(self.not_a_time("start", &cell))),
        }
    }

    /// The cell of a date, with the time of day that stands in another column.
    fn time_cell<'r>(&self, record: &'r StringRecord, date: Role, clock: Role) -> Cow<'r, str> {
        let date = self.cell(record, date);
        match self.cell(record, clock) {
            clock if is_nothing(clock) || is_nothing(date) => date.into(),
            clock => format!("{date} {clock}").into(),
        }
    }

    /// The time in a cell, with a note where the clocks or the dots leave something open.
    fn time(&mut self, cell: &str, line: u64) -> Option<Time> {
        let time = match (self.options.date_format.read(cell, &self.zone), self.month_first) {
            (Some(time), _) => time,
            (None, Some(month_first)) if order(cell) == Some(Order::Either) => {
                let form = if month_first { DateFormat::MonthFirst } else { DateFormat::DayFirst };
                form.read(cell, &self.zone)?
            }
            _ => return None,
        };
        match time.clocks {
            Clocks::Once => {}
            Clocks::Twice(_) => self.notes.twice.push(line),
            Clocks::Never => self.notes.never.push(line),
        }
        self.notes.dotted |= self.options.date_format == DateFormat::Iso && is_dotted(cell);
        Some(time)
    }

    fn not_a_time(&self, what: &'static str, cell: &str) -> Why {
        let form = match &self.options.date_format {
            DateFormat::Iso => String::new(),
            other => format!(" of the form {}", other.name()),
        };
        Why::NotATime { what, cell: cell.chars().take(SHOWN).collect(), form }
    }

    /// What the status says: `None` if it says nothing, or is a word that is not known.
    fn progress(&self, record: &StringRecord) -> Option<Progress> {
        progress(self.cell(record, Role::Status))
    }

    fn by_duration(&mut self, record: &StringRecord, row: &mut Row) {
        let cell = self.cell(record, Role::Duration);
        let told = self.options.unit.or_else(|| unit_hours(self.cell(record, Role::Unit)));
        let told = told.or(self.columns.hours_per_unit);
        let recovery = if is_nothing(cell) {
            Recovery::LeftOut(Why::NoDuration)
        } else {
            match duration(cell, told.unwrap_or(1.0)) {
                None => {
                    let cell = cell.chars().take(SHOWN).collect();
                    Recovery::LeftOut(Why::NotADuration { cell })
                }
                Some((hours, _)) if hours < 0.0 => Recovery::LeftOut(Why::Negative),
                Some((0.0, _)) => Recovery::LeftOut(Why::ZeroLength),
                Some((hours, true)) => Recovery::AtLeast(hours),
                Some((hours, false)) => match self.progress(record) {
                    Some(Progress::Open | Progress::GivenUp) => Recovery::AtLeast(hours),
                    _ => Recovery::Took(hours),
                },
            }
        };
        self.notes.unit_is_guessed |=
            told.is_none() && decimal(self.cell(record, Role::Duration)).is_some();
        row.incident.end = match (row.incident.start, &recovery) {
            (Some(start), Recovery::Took(hours)) => hours_after(start, *hours),
            (start, Recovery::LeftOut(Why::ZeroLength)) => start,
            _ => None,
        };
        row.incident.recovery = recovery;
    }

    fn by_end(&mut self, record: &StringRecord, start: Timestamp, row: &mut Row) {
        let line = row.incident.line;
        let progress = self.progress(record);
        match self.end(record, line) {
            End::At(time) => {
                let end = match time.clocks {
                    Clocks::Twice(later) if time.at < start => later,
                    _ => time.at,
                };
                if end < start {
                    row.incident.recovery = Recovery::LeftOut(Why::EndBeforeStart);
                    row.incident.start_left_out = Some(Why::EndBeforeStart);
                    return;
                }
                let hours = hours_between(start, end);
                row.incident.end = Some(end);
                row.incident.recovery = match progress {
                    _ if hours == 0.0 => Recovery::LeftOut(Why::ZeroLength),
                    Some(Progress::Open | Progress::GivenUp) => Recovery::AtLeast(hours),
                    _ => Recovery::Took(hours),
                };
            }
            End::Open => row.open = true,
            End::Missing => match progress {
                Some(Progress::Open) => row.open = true,
                // Whenever it was given up, or over, nobody wrote it down.
                Some(Progress::GivenUp | Progress::Over) => {}
                None => {
                    row.undecided = true;
                    self.notes.unknown_state(self.cell(record, Role::Status), line);
                }
            },
            End::Wrong(why) => row.incident.recovery = Recovery::LeftOut(why),
        }
    }

    fn end(&mut self, record: &StringRecord, line: u64) -> End {
        let cell = self.time_cell(record, Role::End, Role::EndTime);
        if is_nothing(&cell) {
            return End::Missing;
        }
        match self.time(&cell, line) {
            Some(end) => End::At(end),
            None if matches!(progress(&cell), Some(Progress::Open | Progress::GivenUp)) => {
                End::Open
            }
            None => End::Wrong(self.not_a_time("end", &cell)),
        }
    }

    /// Decides what needs the whole log: equal rows, the end of the watch, and with it the incidents
    /// that are still open.
    fn finish(mut self, mut rows: Vec<Row>, headings: Vec<String>) -> IncidentLog {
        // Equal rows of a log without ids, or of one that tells no hours, may be different incidents.
        let tells_duplicates = self.columns.place(Role::Id).is_some() || self.tells_hours;
        for row in &mut rows {
            if let Some(line) = row.twin.filter(|_| tells_duplicates) {
                row.incident.start_left_out = Some(Why::Duplicate { line });
                row.incident.recovery = Recovery::LeftOut(Why::Duplicate { line });
                (row.open, row.undecided) = (false, false);
            }
        }
        let watch = Watch::new(&rows, self.options);
        if let Some(watch) = &watch {
            for row in &mut rows {
                watch.decide(row);
            }
            self.notes.all.extend(watch.note(&rows));
        }
        let incidents: Vec<Incident> = rows.into_iter().map(|row| row.incident).collect();
        let heading = self.columns.place(Role::Duration).and_then(|place| headings.get(place));
        let starts_by_day = !self.tells_hours && watch.is_some();
        let by_ends = self.columns.place(Role::End).is_some();
        let notes = self.notes.finish(&incidents, heading, starts_by_day && by_ends);
        IncidentLog {
            incidents,
            groups: self.group_names,
            headings,
            columns: self.columns,
            until: watch.as_ref().map(|watch| watch.until),
            until_given: self.options.until.is_some(),
            starts_by_day,
            notes,
        }
    }
}
