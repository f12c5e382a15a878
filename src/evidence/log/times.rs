//! Times and durations as the cells of a log hold them.

use crate::units::parse_duration;
use jiff::civil::{Date, DateTime, Time as Clock};
use jiff::fmt::temporal::{DateTimeParser, Pieces};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use std::str::FromStr;

/// How the times of a log are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DateFormat {
    /// ISO 8601: `2026-03-29T14:05:00Z`, `2026-03-29 14:05`, with or without zone.
    #[default]
    Iso,
    /// Day, month, year: `29.03.2026 14:05`, `29/3/26 2:05 PM`.
    DayFirst,
    /// Month, day, year: `3/29/2026 2:05 PM`.
    MonthFirst,
    /// Days since 1899-12-30, as spreadsheets count them: `46110.5868`.
    Serial,
    /// Seconds or milliseconds since 1970, UTC.
    Unix,
    /// A pattern such as `%d.%m.%Y %H:%M`.
    Pattern(String),
}

impl DateFormat {
    /// The formats that have a name, with an example of each.
    pub const NAMED: [(&'static str, DateFormat, &'static str); 5] = [
        ("iso", DateFormat::Iso, "2026-03-29 14:05"),
        ("day-first", DateFormat::DayFirst, "29/03/2026 14:05"),
        ("month-first", DateFormat::MonthFirst, "3/29/2026 2:05 PM"),
        ("serial", DateFormat::Serial, "46110.5868"),
        ("unix", DateFormat::Unix, "1774793100"),
    ];

    /// How the format is asked for.
    pub fn name(&self) -> &str {
        match self {
            DateFormat::Pattern(pattern) => pattern,
            named => Self::NAMED.iter().find(|(_, f, _)| f == named).map_or("iso", |(n, ..)| n),
        }
    }

    /// The moment that a cell tells; local times are of `zone`, the first of two where the clocks go
    /// back. `None` if it is no time of this format.
    pub fn moment(&self, cell: &str, zone: &TimeZone) -> Option<Timestamp> {
        self.read(cell, zone).map(|time| time.at)
    }

    /// As [`DateFormat::moment`], with what the clocks leave open.
    pub(super) fn read(&self, cell: &str, zone: &TimeZone) -> Option<Time> {
        match self {
            DateFormat::Iso => iso(cell, zone),
            DateFormat::DayFirst => local(numbered(cell, false)?, zone),
            DateFormat::MonthFirst => local(numbered(cell, true)?, zone),
            DateFormat::Serial => serial(cell, zone),
            DateFormat::Unix => unix(cell).map(Time::once),
            DateFormat::Pattern(pattern) => by_pattern(pattern, cell, zone),
        }
    }
}

impl FromStr for DateFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = Self::NAMED.iter().find(|(name, ..)| name.eq_ignore_ascii_case(text.trim()));
        match named {
            Some((_, format, _)) => Ok(format.clone()),
            None if text.contains('%') => Ok(DateFormat::Pattern(text.to_owned())),
            None => {
                let names = Self::NAMED.map(|(name, ..)| name);
                let names = crate::keys::listed(&names, "or");
                Err(format!("it is {names}, or a pattern such as \"%d.%m.%Y %H:%M\""))
            }
        }
    }
}

/// A moment, and what the clocks of its zone leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) at: Timestamp,
    pub(super) clocks: Clocks,
}

/// How often a local time came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clocks {
    /// Once.
    Once,
    /// Twice, since the clocks went back: the second moment.
    Twice(Timestamp),
    /// Never, since the clocks went forward over it: it is read as if they had not.
    Never,
}

impl Time {
    fn once(at: Timestamp) -> Time {
        Time { at, clocks: Clocks::Once }
    }
}

/// The moment of a local time. Where clocks go back, the first of the two; where they go forward,
/// the moment as if they had not.
fn local(local: DateTime, zone: &TimeZone) -> Option<Time> {
    let found = zone.to_ambiguous_timestamp(local);
    let clocks = match found.offset() {
        AmbiguousOffset::Unambiguous { .. } => Clocks::Once,
        AmbiguousOffset::Gap { .. } => Clocks::Never,
        AmbiguousOffset::Fold { .. } => Clocks::Twice(found.later().ok()?),
    };
    Some(Time { at: found.compatible().ok()?, clocks })
}

/// Whether an ISO date is really day, month and year with dots, which can be nothing else.
pub(super) fn is_dotted(cell: &str) -> bool {
    let date = cell.trim().split([' ', 'T', ',']).next().unwrap_or_default();
    let parts: Vec<&str> = date.trim_end_matches('.').split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
}

/// In what order a date has day and month whose year stands last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// It can only be the day first: `14/01/2024`.
    DayFirst,
    /// It can only be the month first: `1/14/2024`.
    MonthFirst,
    /// It can be either: `03/04/2024`.
    Either,
    /// It is the same either way: `04/04/2024`.
    Same,
}

/// The order of a date with slashes or hyphens and a year of four digits at the end; `None` for any
/// other cell.
pub(super) fn order(cell: &str) -> Option<Order> {
    let date = cell.trim().split([' ', 'T', ',', '\u{a0}', '\u{202f}']).next()?;
    let separator = if date.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = date.split(separator).collect();
    let [first, second, year] = parts[..] else { return None };
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && digits.contains(&text.len())).then(|| text.parse::<u16>().ok()).flatten()
    };
    number(year, 4..=4)?;
    match (number(first, 1..=2)?, number(second, 1..=2)?) {
        (1..=12, 1..=12) if number(first, 1..=2) == number(second, 1..=2) => Some(Order::Same),
        (1..=12, 1..=12) => Some(Order::Either),
        (13..=31, 1..=12) => Some(Order::DayFirst),
        (1..=12, 13..=31) => Some(Order::MonthFirst),
        _ => None,
    }
}

fn iso(cell: &str, zone: &TimeZone) -> Option<Time> {
    if let Some(found) = pieces(cell, zone) {
        return Some(found);
    }
    match order(cell) {
        Some(Order::DayFirst | Order::Same) => return local(numbered(cell, false)?, zone),
        Some(Order::MonthFirst) => return local(numbered(cell, true)?, zone),
        Some(Order::Either) => return None,
        None => {}
    }
    if is_dotted(cell) {
        return local(numbered(cell, false)?, zone);
    }
    // What is nearly ISO: "2026/03/29  14:05", "… 2:05 PM", "… UTC", "… +01:00" after a space.
    let mut text = cell.split_whitespace().collect::<Vec<_>>().join(" ").replace('/', "-");
    if let Some((date, clock)) = text.split_once(' ')
        && let (Ok(date), Some(clock)) = (date.parse::<Date>(), clock_time(clock))
    {
        return local(DateTime::from_parts(date, clock), zone);
    }
    for (written, meant) in [(" UTC", "Z"), (" GMT", "Z"), (" Z", "Z"), (" +", "+"), (" -", "-")] {
        if let Some((before, after)) = text.split_once(written) {
            text = format!("{before}{meant}{after}");
            break;
        }
    }
    if text == cell { None } else { pieces(&text, zone) }
}

fn pieces(text: &str, zone: &TimeZone) -> Option<Time> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    let pieces: Pieces<'_> = PARSER.parse_pieces(text).ok()?;
    let time = pieces.time().unwrap_or(Clock::midnight());
    let written = DateTime::from_parts(pieces.date(), time);
    if let Some(offset) = pieces.to_numeric_offset() {
        return offset.to_timestamp(written).ok().map(Time::once);
    }
    match pieces.to_time_zone() {
        Ok(Some(own)) => local(written, &own),
        Ok(None) => local(written, zone),
        Err(_) => None,
    }
}

/// Three numbers, then perhaps a clock time, as people and spreadsheets write them.
fn numbered(cell: &str, month_first: bool) -> Option<DateTime> {
    let cell = cell.trim().replace(['\u{a0}', '\u{202f}', ','], " ");
    let (date, clock) = cell.split_once([' ', 'T']).unwrap_or((&cell, ""));
    let date = date.replace(['.', '-'], "/");
    let date = date.trim_end_matches('/');
    let days = if month_first { "%m/%d" } else { "%d/%m" };
    let year = match date.rsplit('/').next().map(str::len) {
        Some(2) => "%y",
        Some(4) => "%Y",
        _ => return None,
    };
    let date = Date::strptime(format!("{days}/{year}"), date).ok()?;
    let time = if clock.trim().is_empty() { Clock::midnight() } else { clock_time(clock)? };
    Some(DateTime::from_parts(date, time))
}

/// `14:05`, `2:05:30 PM`, `02:05:30.25`.
pub(super) fn clock_time(text: &str) -> Option<Clock> {
    let text = text.trim().to_ascii_lowercase().replace("a.m.", "am").replace("p.m.", "pm");
    let forms = ["%H:%M", "%H:%M:%S%.f", "%I:%M %p", "%I:%M:%S%.f %p"];
    forms.iter().find_map(|form| Clock::strptime(form, &text).ok())
}

fn serial(cell: &str, zone: &TimeZone) -> Option<Time> {
    let days = decimal(cell).filter(|days| (0.0..3e6).contains(days))?;
    // Spreadsheets keep about a millisecond.
    let milliseconds = (days * 86_400_000.0).round() as i64;
    let origin = DateTime::constant(1899, 12, 30, 0, 0, 0, 0);
    local(origin.checked_add(SignedDuration::from_millis(milliseconds)).ok()?, zone)
}

/// As seconds, a number from here on is a time after the year 5000; as milliseconds, one after 1973.
const MILLISECONDS: f64 = 1e11;

fn unix(cell: &str) -> Option<Timestamp> {
    let number = decimal(cell).filter(|number| number.abs() < 1e14)?;
    let milliseconds = if number.abs() < MILLISECONDS { number * 1000.0 } else { number };
    Timestamp::from_millisecond(milliseconds.round() as i64).ok()
}

fn by_pattern(pattern: &str, cell: &str, zone: &TimeZone) -> Option<Time> {
    let parsed = jiff::fmt::strtime::parse(pattern, cell).ok()?;
    if let Ok(moment) = parsed.to_timestamp() {
        return Some(Time::once(moment));
    }
    let date = parsed.to_date().ok()?;
    local(DateTime::from_parts(date, parsed.to_time().unwrap_or(Clock::midnight())), zone)
}

/// A number with a point, or with a single comma that can only be a decimal one.
pub(super) fn decimal(cell: &str) -> Option<f64> {
    let read = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    read(cell).or_else(|| {
        let (whole, part) = cell.split_once(',')?;
        let thousands = part.len() == 3 && !whole.is_empty() && whole != "0" && whole != "-0";
        if thousands || part.contains(['.', ',']) { None } else { read(&format!("{whole}.{part}")) }
    })
}

/// A duration in hours and whether it is only known to be at least that: a number of units of
/// `hours_per_unit`, or text such as `1h 30m` or `01:30:00`; `> 4` and `4+` are lower bounds.
pub(super) fn duration(cell: &str, hours_per_unit: f64) -> Option<(f64, bool)> {
    let at_least = cell.strip_prefix(['>', '≥']).map(|rest| rest.trim_start_matches('='));
    let at_least = at_least.or_else(|| cell.strip_suffix('+')).map(str::trim);
    let text = at_least.unwrap_or(cell);
    let hours = match decimal(text) {
        Some(number) => number * hours_per_unit,
        None => parse_duration(text).ok()?,
    };
    Some((hours, at_least.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &str, cell: &str) -> Option<String> {
        let format: DateFormat = format.parse().unwrap();
        format.moment(cell, &TimeZone::UTC).map(|moment| moment.to_string())
    }

    #[test]
    fn spellings_of_one_moment_agree() {
        for (format, cell) in [
            ("iso", "2026-03-29T14:05:00Z"),
            ("iso", "2026-03-29 14:05"),
            ("iso", "2026-03-29T16:05:00+02:00"),
            ("iso", "2026-03-29T16:05:00+0200"),
            ("iso", "2026-03-29 16:05:00 +02:00"),
            ("iso", "2026-03-29T16:05:00[Europe/Berlin]"),
            ("iso", "2026-03-29T16:05:00+02:00[Europe/Berlin]"),
            ("iso", "20260329T140500Z"),
            ("iso", "2026/03/29 14:05:00"),
            ("iso", "2026-03-29 14:05:00 UTC"),
            ("iso", "2026-03-29T14:05:00.000"),
            ("iso", "2026-03-29  14:05"),
            ("iso", "2026-03-29 2:05 PM"),
            ("iso", "29.03.2026 14:05"),
            ("iso", "29.3.26, 14:05"),
            // Nothing else is possible.
            ("iso", "29/03/2026 14:05"),
            ("iso", "29-3-2026 14:05:00"),
            ("iso", "3/29/2026 2:05 PM"),
            ("day-first", "29.03.2026 14:05"),
            ("day-first", "29/3/26 2:05 PM"),
            ("day-first", "29-03-2026, 14:05:00"),
            ("Month-First", "3/29/2026 2:05:00 PM"),
            ("month-first", "03/29/2026 14:05"),
            ("month-first", "3/29/26 2:05\u{202f}p.m."),
            ("serial", "46110.586805556"),
            ("serial", "46110,586805556"),
            ("unix", "1774793100"),
            ("unix", "1774793100000"),
            ("%d.%m.%Y %H:%M", "29.03.2026 14:05"),
            ("%Y%m%d%H%M", "202603291405"),
            ("%Y-%m-%d %H:%M %z", "2026-03-29 16:05 +0200"),
        ] {
            assert_eq!(read(format, cell).as_deref(), Some("2026-03-29T14:05:00Z"), "{cell}");
        }
        assert_eq!(read("iso", "2026-03-29").as_deref(), Some("2026-03-29T00:00:00Z"));
        assert_eq!(read("day-first", "1.2.1999").as_deref(), Some("1999-02-01T00:00:00Z"));
        assert_eq!(read("%d.%m.%Y", "29.03.2026").as_deref(), Some("2026-03-29T00:00:00Z"));
        assert_eq!(read("month-first", "1/2/26 12:30 AM").as_deref(), Some("2026-01-02T00:30:00Z"));
    }

    #[test]
    fn what_is_no_time_of_the_format_is_none() {
        for (format, cell) in [
            ("iso", ""),
            ("iso", "soon"),
            ("iso", "2026-02-30T10:00"),
            // The third of April, or the fourth of March?
            ("iso", "03/04/2026 14:05"),
            ("iso", "03-04-2026"),
            ("iso", "13/13/2026"),
            ("iso", "03.29.2026 14:05"),
            ("iso", "2026-03-29T14:05:00[Mars/Olympus]"),
            ("day-first", "3/29/2026"),
            ("month-first", "29/3/2026"),
            ("month-first", "3/29/2026 13:05 PM"),
            ("day-first", "29.03.2026 14:05:00:00"),
            ("day-first", "29.03.2026 25:00"),
            ("day-first", "2026-03-29"),
            ("serial", "-1"),
            ("serial", "1e99"),
            ("unix", "NaN"),
            ("unix", "1e300"),
            ("%d", "29"),
            ("%Q%", "x"),
            ("iso", "999999-01-01T00:00Z"),
            ("iso", "é😀"),
            ("day-first", "é😀/1/2"),
        ] {
            assert_eq!(read(format, cell), None, "{format} {cell}");
        }
        assert!("sometimes".parse::<DateFormat>().is_err_and(|why| why.contains("day-first")));
    }

    #[test]
    fn local_times_are_those_of_the_zone_also_when_the_clocks_change() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let at = |cell| DateFormat::Iso.moment(cell, &berlin).unwrap();
        // 2026-03-29 02:00 became 03:00: the night is an hour shorter.
        let night = at("2026-03-29T06:00").duration_since(at("2026-03-28T22:00"));
        assert_eq!(night.as_hours(), 7);
        let clocks = |cell| DateFormat::Iso.read(cell, &berlin).unwrap().clocks;
        assert_eq!(clocks("2026-03-29T02:30"), Clocks::Never);
        assert_eq!(clocks("2026-03-29T03:30"), Clocks::Once);
        let second = at("2026-10-25T02:30+01:00");
        assert_eq!(clocks("2026-10-25T02:30"), Clocks::Twice(second));
        assert_eq!(at("2026-10-25T02:30"), at("2026-10-25T02:30+02:00"));
        assert_eq!(clocks("2026-10-25T02:30+01:00"), Clocks::Once);
    }

    #[test]
    fn durations_are_numbers_of_a_unit_or_text_and_may_be_lower_bounds() {
        for (cell, unit, hours, bound) in [
            ("90", 1.0 / 60.0, 1.5, false),
            ("1.5", 1.0, 1.5, false),
            ("1,5", 1.0, 1.5, false),
            ("1h 30m", 24.0, 1.5, false),
            ("01:30:00", 1.0, 1.5, false),
            ("PT90M", 1.0, 1.5, false),
            ("> 1.5", 1.0, 1.5, true),
            (">= 1h 30m", 1.0, 1.5, true),
            ("1.5+", 1.0, 1.5, true),
            ("-2", 1.0, -2.0, false),
        ] {
            assert_eq!(duration(cell, unit), Some((hours, bound)), "{cell}");
        }
        for cell in ["", ">", "a while", "NaN", "inf", "1,500", "1,2,3", "+"] {
            assert_eq!(duration(cell, 1.0), None, "{cell}");
        }
    }
}
