//! The calendar of a trial: elapsed hours on one side, the local clock on the other.
//!
//! Trial time is physical time. An hour is 3600 seconds, also in the night when the clocks change.
//! People and their habits follow the local clock, which moves against trial time at each of those
//! changes. This module is the only place where the two meet. It gives a grid of equal cells, each
//! of them within one local hour of one local date, from which staffed hours and rates are compiled
//! before the first trial.
//!
//! Nothing random and nothing that knows an outage enters here. Start reading at [`Calendar::new`]
//! and [`Calendar::cells`].

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

const SECONDS_PER_HOUR: i64 = 3_600;
pub(crate) const SECONDS_PER_DAY: i64 = 86_400;
const NANOSECONDS_PER_SECOND: i128 = 1_000_000_000;
const NANOSECONDS_PER_HOUR: i128 = 3_600_000_000_000;

/// Most cells that a calendar may have. A hundred years of whole hours take 876,000; the limit is
/// met only where old clock changes at odd minutes force cells of one minute onto a horizon of
/// decades.
pub const MOST_CELLS: usize = 10_000_000;

/// Why a calendar cannot be made.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// `!(horizon > 0)` or the horizon is infinite.
    #[error("a horizon of {horizon} hours cannot be simulated; give a positive, finite length")]
    Horizon {
        /// The horizon as given, hours.
        horizon: f64,
    },
    /// The start is no instant that the time zone can give.
    #[error(
        "the start \"{start}\" is too near the end of the civil calendar, which has the years \
         -9999 to 9999; choose another"
    )]
    Start {
        /// The start as given.
        start: DateTime,
    },
    /// The horizon ends too late for the time zone rules to be known.
    #[error(
        "a horizon of {horizon} hours from \"{start}\" runs past the year 9999; shorten the \
         horizon or start earlier"
    )]
    End {
        /// The start as given.
        start: DateTime,
        /// The horizon as given, hours.
        horizon: f64,
    },
    /// The grid would have more than [`MOST_CELLS`] cells.
    #[error(
        "a horizon of {horizon} hours needs {cells} steps of {minutes} min, because clocks in \
         this time zone change by or at odd minutes in that span; the most is \
         {MOST_CELLS}, so shorten the horizon or start later"
    )]
    Cells {
        /// The horizon as given, hours.
        horizon: f64,
        /// Number of cells it would take.
        cells: u64,
        /// Length of one cell, minutes.
        minutes: i64,
    },
}

/// How the start as written lies to the clock changes of the time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartClock {
    /// The local clock shows this time once.
    Once,
    /// The clock jumps over this time. The trial starts later by the length of the jump: where
    /// 02:00 becomes 03:00, a start at 02:30 means 03:30.
    Skipped,
    /// The clock shows this time twice. The trial starts at the first of them.
    Twice,
}

/// A stretch of time with one offset from UTC, half-open, in Unix seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Period {
    pub(crate) begin: i64,
    pub(crate) end: i64,
    /// Local seconds minus UTC seconds.
    pub(crate) offset: i64,
}

/// One cell of the grid: a span of trial time within one local hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Start, hours of trial time; the first cell is cut at 0.
    pub start: f64,
    /// End, hours of trial time, not itself in the cell; the last cell is cut at the horizon.
    pub end: f64,
    /// Hour of the local week, 0 to 167; 0 is Monday 00:00 to 01:00.
    pub hour_of_week: usize,
    /// Local date.
    pub date: Date,
    /// Whether the local date is one of the holidays.
    pub holiday: bool,
}

/// Trial time against local time, from the start over the horizon.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    start: Timestamp,
    start_clock: StartClock,
    horizon: f64,
    /// Days since 1970-01-01, sorted.
    holidays: Vec<i64>,
    /// Offsets from the origin of the grid to the horizon, without gaps.
    periods: Vec<Period>,
    /// Unix second at which the first cell starts; at most one cell before the start.
    origin: i64,
    /// Length of a cell, seconds; a whole number of minutes.
    step: i64,
}

impl Calendar {
    /// Makes the calendar of a trial of `horizon` hours that starts when the clocks of `zone` show
    /// `start`.
    ///
    /// A start that the clocks skip or show twice is read as RFC 5545 reads it, which jiff calls
    /// "compatible"; [`Calendar::start_clock`] tells, so that a warning can be given. Holidays
    /// outside the horizon and holidays given twice do no harm.
    ///
    /// The step of the grid is the largest divisor of 60 min that puts every start of a local hour,
    /// and every clock change, on an edge between cells. Offsets and changes of old times that are
    /// not whole minutes are rounded to the minute for the grid only: a cell is labelled by its
    /// middle.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] if the horizon is not positive and finite, if it or the start leaves the
    /// years of the civil calendar, or if the grid would be larger than [`MOST_CELLS`].
    pub fn new(
        start: DateTime,
        zone: TimeZone,
        holidays: &[Date],
        horizon: f64,
    ) -> Result<Calendar, CalendarError> {
        if !(horizon.is_finite() && horizon > 0.0) {
            return Err(CalendarError::Horizon { horizon });
        }
        let ambiguous = zone.to_ambiguous_timestamp(start);
        let start_clock = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => StartClock::Once,
            AmbiguousOffset::Gap { .. } => StartClock::Skipped,
            AmbiguousOffset::Fold { .. } => StartClock::Twice,
        };
        let instant = ambiguous.compatible().map_err(|_| CalendarError::Start { start })?;
        let begin = instant.as_nanosecond().div_euclid(NANOSECONDS_PER_SECOND) as i64;
        // Two days short of the last instant, so that local dates beside the horizon exist too.
        let room = Timestamp::MAX.as_second() - 2 * SECONDS_PER_DAY - begin;
        let seconds = horizon * SECONDS_PER_HOUR as f64;
        if seconds >= room as f64 {
            return Err(CalendarError::End { start, horizon });
        }
        let end = begin + seconds.ceil() as i64 + 1;

        let offset = i64::from(zone.to_offset(instant).seconds());
        let hour = hour_start(instant, offset);
        let periods = periods(&zone, hour, end).ok_or(CalendarError::Start { start })?;
        let minutes = step_minutes(hour, offset, &periods);
        let step = minutes * 60;
        let cells = (end - hour).div_euclid(step) as u64 + 1;
        if cells > MOST_CELLS as u64 {
            return Err(CalendarError::Cells { horizon, cells, minutes });
        }
        let origin = hour + (begin - hour).div_euclid(step) * step;
        let mut holidays: Vec<i64> = holidays.iter().map(|date| epoch_day(*date)).collect();
        holidays.sort_unstable();
        Ok(Calendar { zone, start: instant, start_clock, horizon, holidays, periods, origin, step })
    }

    /// Length of the trial, hours.
    pub fn horizon(&self) -> f64 {
        self.horizon
    }

    /// How the start as written lies to the clock changes; anything but [`StartClock::Once`] is
    /// worth a warning.
    pub fn start_clock(&self) -> StartClock {
        self.start_clock
    }

    /// Length of one cell of the grid, hours; at most 1.
    pub fn step(&self) -> f64 {
        self.step as f64 / SECONDS_PER_HOUR as f64
    }

    /// Hours from the start of the first cell to the start of the trial; at least 0 and below one
    /// step.
    pub fn lead(&self) -> f64 {
        -self.elapsed(self.origin)
    }

    /// What the local clock shows `t` hours after the start, for people to read: to the nearest
    /// second, and held at the first and last instants of the civil calendar.
    pub fn civil(&self, t: f64) -> DateTime {
        // The cast saturates, and so does the sum.
        let shift = SignedDuration::from_secs((t * SECONDS_PER_HOUR as f64).round() as i64);
        let limit = if t < 0.0 { Timestamp::MIN } else { Timestamp::MAX };
        self.zone.to_datetime(self.start.checked_add(shift).unwrap_or(limit))
    }

    /// [`Calendar::civil`] as a timeline shows it: `Tue 2027-03-02 14:05`.
    pub fn show(&self, t: f64) -> String {
        self.civil(t).strftime("%a %Y-%m-%d %H:%M").to_string()
    }

    /// Hours from the start to the moment at which the local clock shows `time`, below 0 before the
    /// start. Of a time that the clock shows twice the first counts; one that it skips is read as
    /// that much later.
    pub fn hours_of(&self, time: DateTime) -> f64 {
        let limit = if time < self.civil(0.0) { Timestamp::MIN } else { Timestamp::MAX };
        let moment = self.zone.to_ambiguous_timestamp(time).compatible().unwrap_or(limit);
        let nanoseconds = moment.as_nanosecond() - self.start.as_nanosecond();
        nanoseconds as f64 / NANOSECONDS_PER_HOUR as f64
    }

    /// The cells of the grid in order; they cover 0 to the horizon without gap or overlap.
    pub fn cells(&self) -> Cells<'_> {
        Cells {
            calendar: self,
            begin: self.origin,
            start: self.elapsed(self.origin).max(0.0),
            period: 0,
            day: i64::MIN,
            date: Date::ZERO,
            holiday: false,
        }
    }

    /// Trial time of a Unix second, hours, correctly rounded.
    pub(crate) fn elapsed(&self, second: i64) -> f64 {
        let (seconds, rest) = (second - self.start.as_second(), self.start.subsec_nanosecond());
        // 64 bits hold 292 years, and a processor can turn them into a float; 128 bits take a
        // function of forty instructions, for the same number.
        let short = seconds.checked_mul(NANOSECONDS_PER_SECOND as i64);
        let nanoseconds = match short.and_then(|short| short.checked_sub(i64::from(rest))) {
            Some(short) => short as f64,
            None => (i128::from(seconds) * NANOSECONDS_PER_SECOND - i128::from(rest)) as f64,
        };
        // Both whole hours and the divisor hold 2^13, so whole hours come out exact.
        nanoseconds / NANOSECONDS_PER_HOUR as f64
    }

    /// Stretches of one offset, from the first cell or before it to the horizon or past it.
    pub(crate) fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Whether a day, counted from 1970-01-01, is a holiday.
    pub(crate) fn is_holiday(&self, day: i64) -> bool {
        self.holidays.binary_search(&day).is_ok()
    }
}

/// The cells of a [`Calendar`], in order.
#[derive(Debug, Clone)]
pub struct Cells<'a> {
    calendar: &'a Calendar,
    /// Start of the next cell as a Unix second, and in hours of trial time.
    begin: i64,
    start: f64,
    period: usize,
    /// The day that `date` and `holiday` speak of.
    day: i64,
    date: Date,
    holiday: bool,
}

impl Iterator for Cells<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        let calendar = self.calendar;
        let start = self.start;
        if start >= calendar.horizon {
            return None;
        }
        let middle = self.begin + calendar.step / 2;
        self.begin += calendar.step;
        let end = calendar.elapsed(self.begin).min(calendar.horizon);
        self.start = end;
        while self.period + 1 < calendar.periods.len()
            && middle >= calendar.periods[self.period].end
        {
            self.period += 1;
        }
        let local = middle + calendar.periods[self.period].offset;
        let day = local.div_euclid(SECONDS_PER_DAY);
        if day != self.day {
            self.day = day;
            self.date = date_of(day);
            self.holiday = calendar.is_holiday(day);
        }
        let hour = local.rem_euclid(SECONDS_PER_DAY) / SECONDS_PER_HOUR;
        let hour_of_week = weekday(day) * 24 + hour as usize;
        Some(Cell { start, end, hour_of_week, date: self.date, holiday: self.holiday })
    }
}

/// Day of the week of a day counted from 1970-01-01, a Thursday; Monday is 0.
pub(crate) fn weekday(day: i64) -> usize {
    (day + 3).rem_euclid(7) as usize
}

/// Days from 1970-01-01 to a date.
fn epoch_day(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_secs() / SECONDS_PER_DAY
}

/// The date so many days after 1970-01-01. Days of a calendar are always in jiff's range.
fn date_of(day: i64) -> Date {
    let shift = SignedDuration::from_secs(day * SECONDS_PER_DAY);
    Date::constant(1970, 1, 1).checked_add(shift).unwrap_or(Date::MAX)
}

/// The Unix second at which the local hour of an instant starts, by the offset of that instant.
fn hour_start(instant: Timestamp, offset: i64) -> i64 {
    let nanosecond = instant.as_nanosecond();
    let local = nanosecond + i128::from(offset) * NANOSECONDS_PER_SECOND;
    let into_hour = local.rem_euclid(NANOSECONDS_PER_HOUR);
    ((nanosecond - into_hour) / NANOSECONDS_PER_SECOND) as i64
}

/// Stretches of one offset that cover `begin..end`; `None` if `begin` is no instant.
fn periods(zone: &TimeZone, begin: i64, end: i64) -> Option<Vec<Period>> {
    let first = Timestamp::from_second(begin).ok()?;
    let mut current = Period { begin, end, offset: i64::from(zone.to_offset(first).seconds()) };
    let mut periods = Vec::new();
    for change in zone.following(first) {
        let second = change.timestamp().as_second();
        if second >= end {
            break;
        }
        let offset = i64::from(change.offset().seconds());
        // Some changes touch only the zone's abbreviation.
        if offset != current.offset {
            periods.push(Period { end: second, ..current });
            current = Period { begin: second, end, offset };
        }
    }
    periods.push(current);
    Some(periods)
}

/// Largest divisor of 60 min such that each start of a local hour and each clock change is a whole
/// number of steps from `hour`, which starts a local hour at `offset`.
fn step_minutes(hour: i64, offset: i64, periods: &[Period]) -> i64 {
    let minutes = |seconds: i64| (seconds + 30).div_euclid(60).abs();
    periods.iter().fold(60, |step, period| {
        let step = greatest_common_divisor(step, minutes(offset - period.offset));
        greatest_common_divisor(step, minutes(period.begin - hour))
    })
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    fn calendar(start: DateTime, zone: &str, horizon: f64) -> Calendar {
        Calendar::new(start, TimeZone::get(zone).unwrap(), &[], horizon).unwrap()
    }

    /// Hours of the day of all cells, in order.
    fn hours(calendar: &Calendar) -> Vec<usize> {
        calendar.cells().map(|cell| cell.hour_of_week % 24).collect()
    }

    #[track_caller]
    fn assert_tiled(calendar: &Calendar) {
        let mut at = 0.0;
        for cell in calendar.cells() {
            assert_eq!(cell.start, at);
            assert!(cell.end > cell.start);
            at = cell.end;
        }
        assert_eq!(at, calendar.horizon());
    }

    // Promise: the local clock is shown right, across clock changes.

    #[test]
    fn a_timeline_shows_local_time() {
        let calendar = calendar(datetime(2027, 3, 1, 8, 30, 0, 0), "UTC", 8760.0);
        assert_eq!(calendar.show(0.0), "Mon 2027-03-01 08:30");
        assert_eq!(calendar.show(24.0 + 5.0 + 35.0 / 60.0), "Tue 2027-03-02 14:05");
        assert_eq!(calendar.civil(10.0 / 3600.0), datetime(2027, 3, 1, 8, 30, 10, 0));
    }

    #[test]
    fn elapsed_hours_jump_and_repeat_with_the_clocks_of_berlin() {
        let spring = calendar(datetime(2027, 3, 28, 0, 0, 0, 0), "Europe/Berlin", 24.0);
        assert_eq!(spring.show(1.5), "Sun 2027-03-28 01:30");
        assert_eq!(spring.show(2.0), "Sun 2027-03-28 03:00");
        let autumn = calendar(datetime(2027, 10, 31, 0, 0, 0, 0), "Europe/Berlin", 24.0);
        assert_eq!(autumn.show(2.5), "Sun 2027-10-31 02:30");
        assert_eq!(autumn.show(3.5), "Sun 2027-10-31 02:30");
        assert_eq!(autumn.show(4.0), "Sun 2027-10-31 03:00");
    }

    #[test]
    fn times_outside_the_civil_calendar_are_held_at_its_ends() {
        let calendar = calendar(datetime(2027, 3, 1, 0, 0, 0, 0), "UTC", 24.0);
        assert_eq!(calendar.civil(f64::INFINITY).year(), 9999);
        assert_eq!(calendar.civil(-1e300).year(), -9999);
        assert_eq!(calendar.show(f64::NAN), "Mon 2027-03-01 00:00");
    }

    // Promise: each cell lies within one local hour of one local date.

    #[test]
    fn whole_hours_suffice_in_utc() {
        let calendar = calendar(datetime(2027, 1, 4, 0, 0, 0, 0), "UTC", 8760.0);
        assert_eq!((calendar.step(), calendar.lead()), (1.0, 0.0));
        assert_tiled(&calendar);
        for (hour, cell) in calendar.cells().enumerate() {
            assert_eq!(cell.start, hour as f64);
            assert_eq!(cell.hour_of_week, hour % 168);
        }
        assert_eq!(calendar.cells().count(), 8760);
    }

    #[test]
    fn berlin_skips_an_hour_in_spring_and_repeats_one_in_autumn() {
        let spring = calendar(datetime(2027, 3, 28, 0, 0, 0, 0), "Europe/Berlin", 5.0);
        assert_eq!(spring.step(), 1.0);
        assert_eq!(hours(&spring), [0, 1, 3, 4, 5]);
        assert!(spring.cells().all(|cell| cell.hour_of_week >= 144));
        let autumn = calendar(datetime(2027, 10, 31, 0, 0, 0, 0), "Europe/Berlin", 5.0);
        assert_eq!(hours(&autumn), [0, 1, 2, 2, 3]);
    }

    #[test]
    fn lord_howe_moves_by_half_an_hour_both_ways() {
        // 02:00 becomes 02:30 on 2027-10-03.
        let spring = calendar(datetime(2027, 10, 3, 0, 0, 0, 0), "Australia/Lord_Howe", 4.0);
        assert_eq!(spring.step(), 0.5);
        assert_eq!(hours(&spring), [0, 0, 1, 1, 2, 3, 3, 4]);
        assert_eq!(spring.show(2.0), "Sun 2027-10-03 02:30");
        // 02:00 becomes 01:30 on 2027-04-04.
        let autumn = calendar(datetime(2027, 4, 4, 0, 0, 0, 0), "Australia/Lord_Howe", 4.0);
        assert_eq!(hours(&autumn), [0, 0, 1, 1, 1, 2, 2, 3]);
        // A winter without change needs no halves.
        let winter = calendar(datetime(2027, 6, 1, 0, 0, 0, 0), "Australia/Lord_Howe", 240.0);
        assert_eq!(winter.step(), 1.0);
    }

    #[test]
    fn a_start_at_half_past_cuts_the_first_cell() {
        let calendar = calendar(datetime(2027, 1, 4, 8, 30, 0, 0), "UTC", 2.0);
        assert_eq!((calendar.step(), calendar.lead()), (1.0, 0.5));
        let spans: Vec<_> = calendar.cells().map(|cell| (cell.start, cell.end)).collect();
        assert_eq!(spans, [(0.0, 0.5), (0.5, 1.5), (1.5, 2.0)]);
        assert_eq!(hours(&calendar), [8, 9, 10]);
    }

    #[test]
    fn a_start_between_seconds_before_1970_still_tiles() {
        let calendar = calendar(datetime(1965, 6, 7, 8, 59, 59, 500_000_000), "UTC", 1.0);
        assert_eq!(hours(&calendar), [8, 9]);
        assert_eq!(calendar.cells().next().unwrap().end, 0.5 / 3600.0);
        assert_tiled(&calendar);
    }

    #[test]
    fn a_start_just_after_a_half_hour_change_is_in_its_hour() {
        let calendar = calendar(datetime(2027, 10, 3, 2, 45, 0, 0), "Australia/Lord_Howe", 1.0);
        assert_eq!((calendar.step(), calendar.lead()), (0.5, 0.25));
        assert_eq!(hours(&calendar), [2, 3, 3]);
        assert_tiled(&calendar);
    }

    #[test]
    fn kathmandu_and_saint_johns_have_their_odd_steps() {
        let quarter = calendar(datetime(1985, 12, 31, 0, 0, 0, 0), "Asia/Kathmandu", 72.0);
        assert_eq!(quarter.step(), 0.25);
        // Clocks changed at one minute past midnight until 2011.
        let minute = calendar(datetime(2010, 3, 13, 0, 0, 0, 0), "America/St_Johns", 48.0);
        assert_eq!(minute.step(), 1.0 / 60.0);
        assert_tiled(&minute);
        let of_sunday = |hour: usize| {
            minute
                .cells()
                .filter(|c| c.date == date(2010, 3, 14) && c.hour_of_week == 144 + hour)
                .count()
        };
        assert_eq!((of_sunday(0), of_sunday(1), of_sunday(2)), (1, 59, 60));
    }

    #[test]
    fn offsets_with_seconds_are_rounded_to_the_minute() {
        // Monrovia was 44 min 30 s behind until 1972-01-07.
        let calendar = calendar(datetime(1972, 1, 6, 0, 0, 0, 0), "Africa/Monrovia", 48.0);
        assert_tiled(&calendar);
        for cell in calendar.cells() {
            let middle = calendar.civil((cell.start + cell.end) / 2.0);
            assert_eq!(cell.date, middle.date());
            assert_eq!(cell.hour_of_week % 24, middle.hour() as usize);
        }
    }

    #[test]
    fn cells_agree_with_the_time_zone_database_through_a_year() {
        for zone in ["Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "Asia/Kolkata"] {
            let calendar = calendar(datetime(2027, 1, 4, 8, 20, 0, 0), zone, 8760.0);
            assert_tiled(&calendar);
            for cell in calendar.cells() {
                for part in [0.01, 0.5, 0.99] {
                    let clock = calendar.civil(cell.start + part * (cell.end - cell.start));
                    let day = clock.weekday().to_monday_zero_offset() as usize;
                    assert_eq!(
                        cell.hour_of_week,
                        day * 24 + clock.hour() as usize,
                        "{zone} {clock}"
                    );
                    assert_eq!(cell.date, clock.date());
                }
            }
        }
    }

    #[test]
    fn a_date_that_the_dateline_skipped_has_no_cell() {
        let calendar = calendar(datetime(2011, 12, 29, 0, 0, 0, 0), "Pacific/Apia", 48.0);
        let dates: Vec<_> = calendar.cells().map(|cell| cell.date).collect();
        assert!(dates[..24].iter().all(|d| *d == date(2011, 12, 29)));
        assert!(dates[24..].iter().all(|d| *d == date(2011, 12, 31)));
    }

    #[test]
    fn holidays_are_local_dates() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let holidays = [date(2027, 10, 31), date(2027, 10, 31), date(1999, 1, 1)];
        let start = datetime(2027, 10, 30, 12, 0, 0, 0);
        let calendar = Calendar::new(start, zone, &holidays, 72.0).unwrap();
        let free: Vec<_> = calendar.cells().filter(|cell| cell.holiday).collect();
        // The day of the change back has 25 hours.
        assert_eq!((free[0].start, free.len(), free[24].end), (12.0, 25, 37.0));
    }

    #[test]
    fn a_hundred_years_are_no_trouble() {
        let calendar = calendar(datetime(2027, 1, 4, 0, 0, 0, 0), "Europe/Berlin", 876_000.0);
        assert_eq!(calendar.cells().count(), 876_000);
        assert_tiled(&calendar);
    }

    // Promise: a start that the clocks skip or repeat is reported; what cannot be is refused.

    #[test]
    fn a_skipped_and_a_repeated_start_are_flagged() {
        let skipped = calendar(datetime(2027, 3, 28, 2, 30, 0, 0), "Europe/Berlin", 24.0);
        assert_eq!(skipped.start_clock(), StartClock::Skipped);
        assert_eq!(skipped.show(0.0), "Sun 2027-03-28 03:30");
        let twice = calendar(datetime(2027, 10, 31, 2, 30, 0, 0), "Europe/Berlin", 24.0);
        assert_eq!(twice.start_clock(), StartClock::Twice);
        assert_eq!(twice.show(1.0), "Sun 2027-10-31 02:30");
        let once = calendar(datetime(2027, 10, 31, 12, 0, 0, 0), "Europe/Berlin", 24.0);
        assert_eq!(once.start_clock(), StartClock::Once);
    }

    #[test]
    fn impossible_calendars_are_refused() {
        let make = |start, zone: &str, horizon| {
            Calendar::new(start, TimeZone::get(zone).unwrap(), &[], horizon).unwrap_err()
        };
        let start = datetime(2027, 1, 4, 0, 0, 0, 0);
        for horizon in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(make(start, "UTC", horizon), CalendarError::Horizon { .. }));
        }
        assert!(matches!(make(start, "UTC", 1e12), CalendarError::End { .. }));
        let last_day = datetime(9999, 12, 30, 0, 0, 0, 0);
        assert!(matches!(make(last_day, "UTC", 1.0), CalendarError::End { .. }));
        assert!(make(DateTime::MAX, "UTC", 1.0).to_string().contains("9999"));
        let old = datetime(1990, 1, 1, 0, 0, 0, 0);
        let error = make(old, "America/St_Johns", 876_000.0).to_string();
        assert!(error.contains("steps of 1 min") && error.contains("start later"), "{error}");
        assert!(make(DateTime::MIN, "Europe/Berlin", 1.0).to_string().contains("-9999"));
    }
}
