//! Staffed hours: when there is somebody to do hands-on work.
//!
//! [`Staffing`] is what people write: `24x7`, `office`, or windows of the local week. Compiled
//! against a [`Calendar`] it becomes [`StaffedHours`], flat tables of spans of trial time, and the
//! questions a trial asks: when is somebody there next, when is so much work done, how much was
//! worked between two times.
//!
//! The local clock decides: an instant is staffed if the clock then shows a time in a window. So a
//! window from 00:00 to 06:00 has five elapsed hours on the day the clocks go forward and seven
//! when they go back.
//!
//! Call-out delays, rotas of persons and their skill never enter here.

use thiserror::Error;

use crate::world::calendar::{Calendar, Period, SECONDS_PER_DAY, weekday};

const MINUTES_PER_DAY: i64 = 24 * 60;
const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// What `office` stands for.
const OFFICE: &str = "Mon-Fri 09:00-17:00";
/// Work that would end this much after a span ends, hours, ends with the span: without it, work
/// that just fits would wait for the next morning because of one rounded bit.
const ROUNDING: f64 = 1e-9;

/// Why a text is not a description of staffed hours.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StaffingError {
    /// Nothing at all, or nothing between two commas.
    #[error(
        "\"{text}\" has an empty piece; write \"24x7\", \"office\", or windows such as \
         \"{OFFICE}\" with commas between them"
    )]
    Empty {
        /// The whole text.
        text: String,
    },
    /// A piece has no days before its hours.
    #[error(
        "\"{piece}\" has no days; write days and hours such as \"{OFFICE}\" (\"Mon-Sun\" is every \
         day), or \"24x7\" or \"office\""
    )]
    NoDays {
        /// The piece, trimmed.
        piece: String,
    },
    /// A piece has no hours after its days.
    #[error(
        "\"{piece}\" has no hours; write days and hours such as \"{OFFICE}\", or \"24x7\" or \
         \"office\""
    )]
    NoHours {
        /// The piece, trimmed.
        piece: String,
    },
    /// A word is not the English name of a day.
    #[error(
        "\"{day}\" in \"{piece}\" is not a day; write Mon, Tue, Wed, Thu, Fri, Sat, Sun, a full \
         name, or a range such as Mon-Fri"
    )]
    Day {
        /// The piece, trimmed.
        piece: String,
        /// The word.
        day: String,
    },
    /// The hours are not one start and one end.
    #[error(
        "\"{hours}\" in \"{piece}\" is not one start and one end; write hours such as \
         09:00-17:00, and give a second window as a piece of its own after a comma"
    )]
    Hours {
        /// The piece, trimmed.
        piece: String,
        /// The hours.
        hours: String,
    },
    /// A time is not on the 24-hour clock.
    #[error(
        "\"{time}\" in \"{piece}\" is not a time of day; write hours and minutes such as 09:00, \
         up to 23:59 (24:00 only as an end)"
    )]
    Time {
        /// The piece, trimmed.
        piece: String,
        /// The time.
        time: String,
    },
    /// A window ends when it starts.
    #[error(
        "the hours of \"{piece}\" end when they start; write 00:00-24:00 for a whole day, or \
         leave the day out"
    )]
    NoLength {
        /// The piece, trimmed.
        piece: String,
    },
}

/// A window of one day of the week, minutes from local midnight; an end past midnight belongs to
/// the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    day: usize,
    from: i64,
    to: i64,
}

/// When people are at work, in local time.
///
/// | text | meaning |
/// |---|---|
/// | `24x7` or `24/7` | always, holidays too |
/// | `office` | `Mon-Fri 09:00-17:00` |
/// | `Mon-Thu 08:00-18:00, Fri 08:00-16:00` | the union of the windows |
/// | `Mon-Fri 22:00-06:00` | overnight: the last shift ends on Saturday at 06:00 |
/// | `Sat 00:00-24:00` | one whole day |
///
/// Days are English names, whole or from three letters on, in any case. But for `24x7`, a holiday
/// is unstaffed: no instant of that local date, and no shift that begins on it, not even its hours
/// after midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staffing {
    /// `None` is 24x7.
    windows: Option<Vec<Window>>,
}

impl Staffing {
    /// Somebody is always there: `24x7`.
    pub fn always() -> Staffing {
        Staffing { windows: None }
    }

    /// Is somebody always there?
    pub fn is_always(&self) -> bool {
        self.windows.is_none()
    }

    /// Reads staffed hours as people write them; the type's table shows the forms.
    ///
    /// # Errors
    ///
    /// [`StaffingError`], which quotes the piece that is wrong and says what would be right.
    pub fn parse(text: &str) -> Result<Staffing, StaffingError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("24x7") || text == "24/7" {
            return Ok(Staffing::always());
        }
        let list = if text.eq_ignore_ascii_case("office") { OFFICE } else { text };
        let mut windows = Vec::new();
        for piece in list.split(',').map(str::trim) {
            if piece.is_empty() {
                return Err(StaffingError::Empty { text: text.to_owned() });
            }
            parse_piece(piece, &mut windows)?;
        }
        Ok(Staffing { windows: Some(windows) })
    }

    /// A regular expression that matches every text which [`Staffing::parse`] accepts, and few
    /// others; for schemas.
    pub fn pattern() -> String {
        let any_case = |word: &str| -> String {
            let letter = |c: char| format!("[{}{c}]", c.to_ascii_uppercase());
            word.chars().map(letter).collect()
        };
        let days: Vec<String> = DAYS.iter().map(|day| any_case(&day[..3])).collect();
        let day = format!(r"\s*(?:{})[A-Za-z]*\s*", days.join("|"));
        let time = r"\s*(?:[01]?[0-9]|2[0-4]):[0-5][0-9]\s*";
        let window = format!("{day}(?:[-–]{day})?{time}[-–]{time}");
        let office = any_case("office");
        format!(r"^(?:\s*(?:24[xX]7|24/7|{office})\s*|{window}(?:,{window})*)$")
    }

    /// The staffed spans of a calendar, from 0 to its horizon.
    pub fn compile(&self, calendar: &Calendar) -> StaffedHours {
        let Some(windows) = &self.windows else {
            return StaffedHours::always();
        };
        let mut spans = Vec::new();
        for period in calendar.periods() {
            push_spans(windows, calendar, *period, &mut spans);
        }
        spans.sort_unstable();
        let mut staffed = StaffedHours { always: false, ..StaffedHours::always() };
        let mut open: Option<(i64, i64)> = None;
        for (start, end) in spans {
            match &mut open {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => {
                    staffed.push(calendar, open);
                    open = Some((start, end));
                }
            }
        }
        staffed.push(calendar, open);
        staffed
    }
}

/// Reads `DAYS HOURS`: days end where the first digit stands.
fn parse_piece(piece: &str, windows: &mut Vec<Window>) -> Result<(), StaffingError> {
    let owned = || piece.to_owned();
    let Some(digit) = piece.find(|c: char| c.is_ascii_digit()) else {
        return Err(StaffingError::NoHours { piece: owned() });
    };
    let (days, hours) = (piece[..digit].trim(), piece[digit..].trim());
    if days.is_empty() {
        return Err(StaffingError::NoDays { piece: owned() });
    }
    let (first, last) = days.split_once(['-', '–']).unwrap_or((days, days));
    let (first, last) = (parse_day(piece, first)?, parse_day(piece, last)?);
    let wrong_hours = || StaffingError::Hours { piece: owned(), hours: hours.to_owned() };
    let (from, to) = hours.split_once(['-', '–']).ok_or_else(wrong_hours)?;
    if to.contains(['-', '–']) {
        return Err(wrong_hours());
    }
    let wrong_time =
        |time: &str| StaffingError::Time { piece: owned(), time: time.trim().to_owned() };
    let from = parse_time(from).filter(|t| *t < MINUTES_PER_DAY).ok_or_else(|| wrong_time(from))?;
    let to = parse_time(to).ok_or_else(|| wrong_time(to))?;
    if from == to {
        return Err(StaffingError::NoLength { piece: owned() });
    }
    let to = if to < from { to + MINUTES_PER_DAY } else { to };
    for step in 0..=(last + 7 - first) % 7 {
        windows.push(Window { day: (first + step) % 7, from, to });
    }
    Ok(())
}

/// Monday is 0. Any beginning of the name with at least three letters will do.
pub(crate) fn parse_day(piece: &str, text: &str) -> Result<usize, StaffingError> {
    let name = text.trim().to_ascii_lowercase();
    DAYS.iter()
        .position(|day| name.len() >= 3 && day.starts_with(&name))
        .ok_or_else(|| StaffingError::Day { piece: piece.to_owned(), day: text.trim().to_owned() })
}

/// Minutes from midnight, 0 to 1440.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |part: &str, digits: std::ops::RangeInclusive<usize>| -> Option<i64> {
        let digits_only = part.bytes().all(|b| b.is_ascii_digit());
        if digits_only && digits.contains(&part.len()) { part.parse().ok() } else { None }
    };
    let (hours, minutes) = (number(hours, 1..=2)?, number(minutes, 2..=2)?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= MINUTES_PER_DAY).then_some(total)
}

/// Adds the staffed spans of one stretch of constant offset, Unix seconds, in no promised order.
fn push_spans(
    windows: &[Window],
    calendar: &Calendar,
    period: Period,
    spans: &mut Vec<(i64, i64)>,
) {
    let (begin, end) = (period.begin + period.offset, period.end + period.offset);
    // From the day before: its night shift may reach in.
    for day in begin.div_euclid(SECONDS_PER_DAY) - 1..=end.div_euclid(SECONDS_PER_DAY) {
        if calendar.is_holiday(day) {
            continue;
        }
        let midnight = day * SECONDS_PER_DAY;
        for window in windows.iter().filter(|window| window.day == weekday(day)) {
            let mut to = window.to;
            if to > MINUTES_PER_DAY && calendar.is_holiday(day + 1) {
                to = MINUTES_PER_DAY;
            }
            let start = (midnight + window.from * 60).max(begin);
            let stop = (midnight + to * 60).min(end);
            if start < stop {
                spans.push((start - period.offset, stop - period.offset));
            }
        }
    }
}

/// Staffed spans of trial time, compiled: half-open, ordered, apart from each other, within 0 and
/// the horizon.
///
/// Every question costs one or two binary searches; where somebody is always there, none.
#[derive(Debug, Clone, PartialEq)]
pub struct StaffedHours {
    always: bool,
    starts: Vec<f64>,
    ends: Vec<f64>,
    /// Staffed hours before each span; one more entry at the end for the sum of all.
    before: Vec<f64>,
    /// How long people stay after a span to finish what they can finish by then, hours.
    overtime: f64,
}

impl StaffedHours {
    /// Somebody is always there. There is no table, and no horizon.
    pub fn always() -> StaffedHours {
        StaffedHours {
            always: true,
            starts: Vec::new(),
            ends: Vec::new(),
            before: vec![0.0],
            overtime: 0.0,
        }
    }

    /// People stay so long after each span, hours, to finish what they can finish by then.
    pub fn with_overtime(self, overtime: f64) -> StaffedHours {
        StaffedHours { overtime, ..self }
    }

    /// Whether this is the case without a table.
    #[inline]
    pub fn is_always(&self) -> bool {
        self.always
    }

    /// Whether somebody is there at `t`: yes at the start of a span, no at its end.
    #[inline]
    pub fn is_staffed(&self, t: f64) -> bool {
        self.next_staffed(t) == t
    }

    /// The first staffed instant at or after `t`, hours: `t` itself if it is staffed, and
    /// [`f64::INFINITY`] if there is none before the horizon.
    #[inline]
    pub fn next_staffed(&self, t: f64) -> f64 {
        if self.always {
            return t;
        }
        let span = self.span_after(t);
        self.starts.get(span).map_or(f64::INFINITY, |start| start.max(t))
    }

    /// The first instant at or after `t` from which `hours` of hands-on work go through without a
    /// break; the first staffed one where no span is long enough.
    pub fn next_stretch(&self, t: f64, hours: f64) -> f64 {
        if self.always {
            return t;
        }
        (self.span_after(t)..self.starts.len())
            .map(|span| (self.starts[span].max(t), self.ends[span]))
            .find(|(begin, end)| end - begin + ROUNDING >= hours)
            .map_or_else(|| self.next_staffed(t), |(begin, _)| begin)
    }

    /// When `hours` of hands-on work begun at `start` are done, if work goes on only in staffed
    /// time, and in the overtime after a span where that is enough to finish it.
    ///
    /// Work that ends just as a span ends is done then, not next morning. No work needs nobody, so
    /// with zero hours the answer is `start`, staffed or not: a step that takes no time must not
    /// wait for a person. [`f64::INFINITY`] if the staffed time up to the horizon is not enough.
    #[inline]
    pub fn work_end(&self, start: f64, hours: f64) -> f64 {
        if hours <= 0.0 {
            return start;
        }
        if self.always {
            return start + hours;
        }
        let span = self.span_after(start);
        // Whoever is still there after the span before finishes what can be finished.
        if let Some(closed) = self.closed_before(span, start)
            && start + hours <= closed + self.overtime + ROUNDING
        {
            return start + hours;
        }
        let Some(&opens) = self.starts.get(span) else {
            return f64::INFINITY;
        };
        let begin = opens.max(start);
        if begin + hours <= self.ends[span] + self.overtime + ROUNDING {
            return self.at_end_of(span, begin + hours);
        }
        let done = self.before[span] + (begin - opens) + hours;
        // The span that ends with at least so much work behind it, but for its overtime.
        let enough = |sum: &f64| sum + self.overtime + ROUNDING < done;
        let last = span + self.before[span + 1..].partition_point(enough);
        let Some(&opens) = self.starts.get(last) else {
            return f64::INFINITY;
        };
        self.at_end_of(last, opens + (done - self.before[last]))
    }

    /// Hours of a piece of hands-on work of `hours`, begun at `start`, that are done at `now`.
    #[inline]
    pub fn worked(&self, start: f64, hours: f64, now: f64) -> f64 {
        if start >= now {
            return 0.0;
        }
        if self.always {
            return (now - start).min(hours);
        }
        let end = self.work_end(start, hours);
        if now >= end {
            return hours;
        }
        let in_spans = self.staffed_before(now) - self.staffed_before(start);
        let span = self.span_after(now);
        let overtime = match self.closed_before(span, now) {
            Some(closed) if end <= closed + self.overtime + ROUNDING => now - closed.max(start),
            _ => 0.0,
        };
        in_spans + overtime
    }

    /// Staffed hours between two times; 0 if `to` is not after `from`.
    #[inline]
    pub fn staffed_between(&self, from: f64, to: f64) -> f64 {
        if from >= to {
            0.0
        } else if self.always {
            to - from
        } else {
            self.staffed_before(to) - self.staffed_before(from)
        }
    }

    /// The end of the span before `span`, if `t` comes after it and before `span`.
    #[inline]
    fn closed_before(&self, span: usize, t: f64) -> Option<f64> {
        let is_open = self.starts.get(span).is_some_and(|opens| *opens <= t);
        span.checked_sub(1).filter(|_| self.overtime > 0.0 && !is_open).map(|last| self.ends[last])
    }

    /// A time at which work in a span is done: the end of the span, where but rounding parts them.
    #[inline]
    fn at_end_of(&self, span: usize, time: f64) -> f64 {
        let end = self.ends[span];
        if time > end && time <= end + ROUNDING { end } else { time }
    }

    /// Staffed hours from the start of the trial to `t`.
    #[inline]
    fn staffed_before(&self, t: f64) -> f64 {
        let span = self.span_after(t);
        let into = self.starts.get(span).map_or(0.0, |start| (t - start).max(0.0));
        self.before[span] + into
    }

    /// The first span that ends after `t`; the number of spans if none does.
    #[inline]
    fn span_after(&self, t: f64) -> usize {
        self.ends.partition_point(|end| *end <= t)
    }

    /// Adds a span of Unix seconds after the last one, cut to the trial.
    fn push(&mut self, calendar: &Calendar, span: Option<(i64, i64)>) {
        let Some((start, end)) = span else { return };
        let start = calendar.elapsed(start).max(0.0);
        let end = calendar.elapsed(end).min(calendar.horizon());
        if start < end {
            let sum = self.before.last().copied().unwrap_or(0.0);
            self.starts.push(start);
            self.ends.push(end);
            self.before.push(sum + (end - start));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Date, DateTime, date, datetime};
    use jiff::tz::TimeZone;

    fn staffed(
        text: &str,
        start: DateTime,
        zone: &str,
        holidays: &[Date],
        hours: f64,
    ) -> StaffedHours {
        let zone = TimeZone::get(zone).unwrap();
        let calendar = Calendar::new(start, zone, holidays, hours).unwrap();
        Staffing::parse(text).unwrap().compile(&calendar)
    }

    /// Two weeks in UTC from Monday 2027-01-04 00:00.
    fn fortnight(text: &str) -> StaffedHours {
        staffed(text, datetime(2027, 1, 4, 0, 0, 0, 0), "UTC", &[], 336.0)
    }

    fn spans(hours: &StaffedHours) -> Vec<(f64, f64)> {
        hours.starts.iter().copied().zip(hours.ends.iter().copied()).collect()
    }

    fn message(text: &str) -> String {
        Staffing::parse(text).unwrap_err().to_string()
    }

    // Promise: staffed hours are read as people write them.

    #[test]
    fn office_is_nine_to_five_on_weekdays() {
        let office = fortnight("office");
        assert_eq!(spans(&office)[..2], [(9.0, 17.0), (33.0, 41.0)]);
        assert_eq!(spans(&office)[4..6], [(105.0, 113.0), (177.0, 185.0)]);
        assert_eq!(office.starts.len(), 10);
        assert_eq!(Staffing::parse("OFFICE"), Staffing::parse(" mon - FRIDAY 9:00 – 17:00 "));
    }

    #[test]
    fn lists_single_days_and_whole_days_are_read() {
        let hours =
            fortnight("Mon-Thu 08:00-18:00, Fri 08:00-16:00, Sat 09:00-13:00, sunday 00:00-24:00");
        let week = [
            (8.0, 18.0),
            (32.0, 42.0),
            (56.0, 66.0),
            (80.0, 90.0),
            (104.0, 112.0),
            (129.0, 133.0),
            (144.0, 168.0),
        ];
        assert_eq!(spans(&hours)[..7], week);
    }

    #[test]
    fn overnight_windows_end_on_the_next_day() {
        let nights = fortnight("Mon-Fri 22:00-06:00");
        assert_eq!(spans(&nights)[0], (22.0, 30.0));
        assert_eq!(spans(&nights)[4], (118.0, 126.0));
        assert_eq!(spans(&nights)[5], (190.0, 198.0));
        // A Sunday shift from before the trial reaches into it.
        assert_eq!(spans(&fortnight("Sun 22:00-06:00"))[0], (0.0, 6.0));
        assert_eq!(spans(&fortnight("Mon 22:00-00:00"))[0], (22.0, 24.0));
        assert_eq!(spans(&fortnight("Sat-Mon 12:00-13:00"))[..2], [(12.0, 13.0), (132.0, 133.0)]);
    }

    #[test]
    fn overlapping_and_touching_windows_are_one() {
        let hours = fortnight(
            "Mon 08:00-12:00, Mon 12:00-14:00, Mon 10:00-13:00, Tue 00:00-01:00, Mon 20:00-24:00",
        );
        assert_eq!(spans(&hours)[..2], [(8.0, 14.0), (20.0, 25.0)]);
        assert_eq!(spans(&fortnight("Mon-Sun 00:00-24:00")), [(0.0, 336.0)]);
    }

    #[test]
    fn errors_name_the_piece_and_what_is_right() {
        let cases = [
            ("", "empty piece"),
            ("Mon 09:00-17:00,", "empty piece"),
            ("offce", "\"offce\" has no hours"),
            ("Mon 09:00-17:00, Tue", "\"Tue\" has no hours"),
            ("09:00-17:00", "\"09:00-17:00\" has no days"),
            ("24x8", "\"24x7\""),
            ("Mo-Fri 09:00-17:00", "\"Mo\" in \"Mo-Fri 09:00-17:00\" is not a day"),
            ("Mon-Fri-Sat 09:00-17:00", "\"Fri-Sat\""),
            ("Mon 09:00", "\"09:00\" in \"Mon 09:00\" is not one start and one end"),
            ("Mon 08:00-12:00 13:00-17:00", "after a comma"),
            ("Mon 9-17", "\"9\" in \"Mon 9-17\" is not a time of day"),
            ("Mon 09:00-25:00", "\"25:00\""),
            ("Mon 09:00-24:01", "\"24:01\""),
            ("Mon 24:00-06:00", "24:00 only as an end"),
            ("Mon 09:00-17:60", "\"17:60\""),
            ("Mon 09:00-5pm", "\"5pm\""),
            ("Mon 09:00-+7:00", "\"+7:00\""),
            ("Mon 09:00-09:00", "end when they start"),
        ];
        for (text, expected) in cases {
            let message = message(text);
            assert!(message.contains(expected), "{text}: {message}");
            assert!(message.starts_with(|c: char| c == '"' || c.is_lowercase()), "{message}");
        }
    }

    // Promise: holidays and clock changes are respected.

    #[test]
    fn holidays_are_unstaffed_but_for_24x7() {
        let holidays = [date(2027, 1, 5)];
        let start = datetime(2027, 1, 4, 0, 0, 0, 0);
        let office = staffed("office", start, "UTC", &holidays, 96.0);
        assert_eq!(spans(&office), [(9.0, 17.0), (57.0, 65.0), (81.0, 89.0)]);
        let all_day = staffed("Mon-Sun 00:00-24:00", start, "UTC", &holidays, 96.0);
        assert_eq!(spans(&all_day), [(0.0, 24.0), (48.0, 96.0)]);
        let always = staffed("24x7", start, "UTC", &holidays, 96.0);
        assert!(always.is_always() && always.is_staffed(30.0));
        // Neither the night into the holiday past midnight nor the night that begins on it.
        let nights = staffed("Mon-Fri 22:00-06:00", start, "UTC", &holidays, 96.0);
        assert_eq!(spans(&nights), [(22.0, 24.0), (70.0, 78.0), (94.0, 96.0)]);
    }

    #[test]
    fn a_window_over_a_clock_change_is_shorter_or_longer() {
        let berlin = |start, text| spans(&staffed(text, start, "Europe/Berlin", &[], 24.0));
        let spring = datetime(2027, 3, 28, 0, 0, 0, 0);
        assert_eq!(berlin(spring, "Sun 00:00-06:00"), [(0.0, 5.0)]);
        assert_eq!(berlin(spring, "Sun 02:30-06:00"), [(2.0, 5.0)]);
        assert_eq!(berlin(spring, "Sun 02:00-03:00"), []);
        assert_eq!(berlin(spring, "Sun 09:00-17:00"), [(8.0, 16.0)]);
        let autumn = datetime(2027, 10, 31, 0, 0, 0, 0);
        assert_eq!(berlin(autumn, "Sun 00:00-06:00"), [(0.0, 7.0)]);
        // The clock shows half past two twice.
        assert_eq!(berlin(autumn, "Sun 02:30-03:00"), [(2.5, 3.0), (3.5, 4.0)]);
        let howe = |start, text| spans(&staffed(text, start, "Australia/Lord_Howe", &[], 24.0));
        assert_eq!(howe(datetime(2027, 10, 3, 0, 0, 0, 0), "Sun 00:00-06:00"), [(0.0, 5.5)]);
        assert_eq!(howe(datetime(2027, 4, 4, 0, 0, 0, 0), "Sun 00:00-06:00"), [(0.0, 6.5)]);
    }

    #[test]
    fn a_start_at_half_past_eight_shifts_all_spans() {
        let office = staffed("office", datetime(2027, 1, 4, 8, 30, 0, 0), "UTC", &[], 30.0);
        assert_eq!(spans(&office), [(0.5, 8.5), (24.5, 30.0)]);
        let inside = staffed("office", datetime(2027, 1, 4, 12, 0, 0, 0), "UTC", &[], 30.0);
        assert_eq!(spans(&inside), [(0.0, 5.0), (21.0, 29.0)]);
    }

    #[test]
    fn staffed_time_agrees_with_the_local_clock_through_a_year() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let holidays = [date(2027, 7, 5), date(2027, 12, 24)];
        let calendar =
            Calendar::new(datetime(2027, 1, 1, 3, 20, 0, 0), zone, &holidays, 8760.0).unwrap();
        let hours =
            Staffing::parse("Mon-Fri 07:30-18:15, Sat-Sun 00:00-04:00").unwrap().compile(&calendar);
        for minute in (0..8760 * 60).step_by(5) {
            // Two minutes past each edge, away from rounding.
            let t = (minute as f64 + 2.0) / 60.0;
            let clock = calendar.civil(t);
            let of_day = i64::from(clock.hour()) * 60 + i64::from(clock.minute());
            let weekend = clock.weekday().to_monday_zero_offset() >= 5;
            let window = if weekend { 0..240 } else { 450..1095 };
            let expected = window.contains(&of_day) && !holidays.contains(&clock.date());
            assert_eq!(hours.is_staffed(t), expected, "{clock}");
        }
    }

    // Promise: work goes on in staffed time only.

    #[test]
    fn spans_are_half_open() {
        let office = fortnight("office");
        assert_eq!(office.next_staffed(0.0), 9.0);
        assert_eq!(office.next_staffed(9.0), 9.0);
        assert_eq!(office.next_staffed(17.0_f64.next_down()), 17.0_f64.next_down());
        assert_eq!(office.next_staffed(17.0), 33.0);
        assert_eq!(office.next_staffed(113.0), 177.0);
        assert_eq!(office.next_staffed(281.0), f64::INFINITY);
        assert!(office.is_staffed(9.0) && !office.is_staffed(17.0));
    }

    #[test]
    fn work_stops_over_nights_the_weekend_and_a_holiday() {
        let office = fortnight("office");
        assert_eq!(office.work_end(10.0, 3.0), 13.0);
        assert_eq!(office.work_end(0.0, 3.0), 12.0);
        assert_eq!(office.work_end(16.0, 3.0), 35.0);
        // Friday 15:00, 12 h: two on Friday, eight on Monday, two on Tuesday.
        assert_eq!(office.work_end(111.0, 12.0), 203.0);
        let start = datetime(2027, 1, 4, 0, 0, 0, 0);
        let holiday = staffed("office", start, "UTC", &[date(2027, 1, 11)], 336.0);
        assert_eq!(holiday.work_end(111.0, 12.0), 227.0);
        assert_eq!(holiday.next_staffed(113.0), 201.0);
    }

    #[test]
    fn work_that_just_fits_is_done_when_the_span_ends() {
        let office = fortnight("office");
        assert_eq!(office.work_end(9.0, 8.0), 17.0);
        assert_eq!(office.work_end(17.0, 16.0), 65.0);
        // Minutes are not exact in hours, and one bit must not cost a night.
        for minutes in 1..480 {
            let start = 9.0 + f64::from(minutes) / 60.0;
            let rest = f64::from(480 - minutes) / 60.0;
            assert!((office.work_end(start, rest) - 17.0).abs() < 1e-12);
            assert!((office.work_end(start, 8.0 + rest) - 41.0).abs() < 1e-12);
        }
        assert_eq!(office.work_end(0.0, 80.0), 281.0);
        assert_eq!(office.work_end(0.0, 80.1), f64::INFINITY);
        assert_eq!(office.work_end(300.0, 0.1), f64::INFINITY);
    }

    #[test]
    fn no_work_needs_nobody() {
        let office = fortnight("office");
        assert_eq!(office.work_end(3.0, 0.0), 3.0);
        assert_eq!(office.work_end(12.0, 0.0), 12.0);
    }

    #[test]
    fn hours_worked_are_the_staffed_hours_between() {
        let office = fortnight("office");
        assert_eq!(office.staffed_between(0.0, 336.0), 80.0);
        assert_eq!(office.staffed_between(10.0, 12.5), 2.5);
        assert_eq!(office.staffed_between(111.0, 179.0), 4.0);
        assert_eq!(office.staffed_between(113.0, 177.0), 0.0);
        assert_eq!(office.staffed_between(12.0, 12.0), 0.0);
        assert_eq!(office.staffed_between(13.0, 12.0), 0.0);
        for start in 0..200 {
            let start = f64::from(start) * 0.7;
            let end = office.work_end(start, 11.3);
            assert!((office.staffed_between(start, end) - 11.3).abs() < 1e-12);
            assert!(office.next_staffed(start) <= end);
        }
    }

    #[test]
    fn always_has_no_table_and_no_waiting() {
        let always = fortnight("24x7");
        assert_eq!(always, StaffedHours::always());
        assert_eq!(always.next_staffed(3.25), 3.25);
        assert_eq!(always.work_end(3.25, 1000.0), 1003.25);
        assert_eq!(always.staffed_between(3.25, 1003.25), 1000.0);
    }

    #[test]
    fn a_trial_without_staffed_hours_never_gets_work_done() {
        let weekend =
            staffed("Sat 09:00-12:00", datetime(2027, 1, 4, 0, 0, 0, 0), "UTC", &[], 24.0);
        assert_eq!(weekend.next_staffed(0.0), f64::INFINITY);
        assert_eq!(weekend.work_end(0.0, 1.0), f64::INFINITY);
        assert_eq!(weekend.staffed_between(0.0, 24.0), 0.0);
    }
}
