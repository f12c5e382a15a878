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

#[cfg(test)]
mod tests;

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
