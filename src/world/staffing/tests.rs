//! Staffed hours of weeks, holidays and clock changes, and the work that is done in them.

use super::*;
use jiff::civil::{Date, DateTime, date, datetime};
use jiff::tz::TimeZone;

fn staffed(text: &str, start: DateTime, zone: &str, holidays: &[Date], hours: f64) -> StaffedHours {
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
    let weekend = staffed("Sat 09:00-12:00", datetime(2027, 1, 4, 0, 0, 0, 0), "UTC", &[], 24.0);
    assert_eq!(weekend.next_staffed(0.0), f64::INFINITY);
    assert_eq!(weekend.work_end(0.0, 1.0), f64::INFINITY);
    assert_eq!(weekend.staffed_between(0.0, 24.0), 0.0);
}

#[test]
fn overtime_finishes_what_can_be_finished() {
    // Monday ends at 17 h, and Tuesday begins at 33 h.
    let office = fortnight("office").with_overtime(2.0);
    for (start, hours, end) in [
        (15.0, 2.0, 17.0),
        (15.0, 4.0, 19.0),
        (15.0, 4.5, 35.5),
        // Eight hours of Tuesday and two more.
        (15.0, 12.0, 43.0),
        (18.0, 1.0, 19.0),
        (18.0, 1.5, 34.5),
        (20.0, 1.0, 34.0),
    ] {
        assert_eq!(office.work_end(start, hours), end, "{start} {hours}");
        assert_eq!(office.worked(start, hours, end), hours, "{start} {hours}");
    }
    // What is done by 18:00: of work that is being finished all, of work that rests what was done.
    assert_eq!(office.worked(15.0, 4.0, 18.0), 3.0);
    assert_eq!(office.worked(15.0, 4.5, 18.0), 2.0);
    assert_eq!(office.worked(18.0, 1.0, 18.5), 0.5);
    assert_eq!(office.worked(18.0, 1.5, 18.5), 0.0);
}
