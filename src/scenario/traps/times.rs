//! Traps of times: what is to happen before a trial begins or after it ends, and known dates that
//! nothing in the scenario stands for.

use super::Read;
use crate::distribution::Distribution;
use crate::keys::Section;
use crate::units::show_duration;
use crate::world::calendar::Calendar;
use crate::world::known_dates::KNOWN_DATES;
use jiff::civil::Date;

/// Warns of all of them.
pub(super) fn warn(top: &mut Section<'_>, read: &Read<'_>) {
    // Without a calendar there is an error, and no time is sure.
    let Some(calendar) = read.calendar else {
        return;
    };
    warn_of_times_outside(top, read, calendar);
    warn_of_even_gaps(top, read);
    warn_of_no_work(top, read, calendar);
    warn_of_work_outside_hours(top, read, calendar);
    warn_of_known_dates(top, read, calendar);
}

/// Fixed times of faults before the start, or from the horizon on.
fn warn_of_times_outside(top: &mut Section<'_>, read: &Read<'_>, calendar: &Calendar) {
    for (keys, at) in read.fault_keys.iter().zip(read.at_faults) {
        let times: Vec<f64> = keys.at.iter().map(|at| at.hours(calendar)).collect();
        let early = times.iter().filter(|time| **time < 0.0).count();
        let late = times.iter().filter(|time| **time >= read.horizon).count();
        if early + late == 0 {
            continue;
        }
        let name = &keys.fault.name;
        let what = match early + late {
            out if out < times.len() => format!("{out} of {} times never come", times.len()),
            _ if keys.fault.onsets.every.is_some() => format!("no time of \"{name}\" ever comes"),
            _ => format!("\"{name}\" never strikes"),
        };
        let message = format!("{what}: {}", bounds(early > 0, late > 0, calendar));
        let help = if early > 0 {
            "give times within the trial, or another start or horizon"
        } else {
            "give times within the horizon, or a longer horizon"
        };
        top.warn_at(at.at.clone(), message, help);
    }
}

/// Faults whose time to failure is the same in every trial, and as long as a trial at the least: once
/// every ten years is hardly meant as never in a year.
fn warn_of_even_gaps(top: &mut Section<'_>, read: &Read<'_>) {
    for (fault, at) in read.faults.iter().zip(read.at_faults) {
        let up = fault.onsets.every.as_ref().and_then(Distribution::constant);
        let Some(up) = up.filter(|up| *up >= read.horizon && fault.onsets.fixed.is_empty()) else {
            continue;
        };
        let (mean, horizon) = (show_duration(up), show_duration(read.horizon));
        top.warn_at(
            at.every.clone(),
            format!(
                "\"{}\" never strikes: it comes {mean} after the start of every trial, and a trial \
                 ends after {horizon}",
                fault.name
            ),
            &format!(
                "for one that comes at random: every = {{ exponential = {{ mean = \"{mean}\" }} }}"
            ),
        );
    }
}

/// The ends of a trial beyond which times lie.
fn bounds(early: bool, late: bool, calendar: &Calendar) -> String {
    let date = |hours: f64| calendar.civil(hours).date();
    let horizon = calendar.horizon();
    match (early, late) {
        (true, true) => format!("a trial runs from {} to {}", date(0.0), date(horizon)),
        (true, false) => format!("a trial begins on {}", date(0.0)),
        (false, _) => format!("a trial ends after {}", show_duration(horizon)),
    }
}

/// Planned work that is never begun.
fn warn_of_no_work(top: &mut Section<'_>, read: &Read<'_>, calendar: &Calendar) {
    for (planned, at) in read.planned.iter().zip(read.at_planned) {
        if planned.starts.is_empty() {
            let ends = [0.0, read.horizon].map(|hours| calendar.show(hours));
            top.warn_at(
                at.when.clone(),
                format!("\"{}\" is never begun in a trial", planned.name),
                &format!("a trial runs from {} to {}: give times within it", ends[0], ends[1]),
            );
        }
    }
}

/// Planned work that begins while nobody is at work: it is played all the same, and often only the
/// staffed hours were changed.
fn warn_of_work_outside_hours(top: &mut Section<'_>, read: &Read<'_>, calendar: &Calendar) {
    let staffed = read.operations.staffed.compile(calendar);
    for (planned, at) in read.planned.iter().zip(read.at_planned) {
        let mut outside = planned.starts.iter().filter(|start| !staffed.is_staffed(**start));
        let Some(first) = outside.next() else { continue };
        let others = match outside.count() {
            0 => String::new(),
            1 => " and once more".to_owned(),
            count => format!(" and {count} times more"),
        };
        let when = calendar.show(*first);
        top.warn_at(
            at.when.clone(),
            format!("\"{}\" begins on {when}{others}, outside the staffed hours", planned.name),
            "people come for it all the same, and are paid for it: change its `window`, or leave it if \
             that is meant",
        );
    }
}

/// Dates on which something stops, as is known, and on which nothing in the scenario strikes; where
/// it says when it begins, for otherwise any year is meant.
fn warn_of_known_dates(top: &mut Section<'_>, read: &Read<'_>, calendar: &Calendar) {
    if !top.has("start") {
        return;
    }
    for known in &KNOWN_DATES {
        let Some(kind) = known.stops.filter(|_| known.is_within(calendar)) else {
            continue;
        };
        let strikes_then = |time: &f64| calendar.civil(*time).date() == known.date;
        if read.faults.iter().any(|fault| fault.onsets.fixed.iter().any(strikes_then)) {
            continue;
        }
        let (date, word) = (known.date, kind.word());
        top.warn(
            "start",
            format!("{date} lies in a trial, and no fault strikes on that day: {}", known.what),
            &format!(
                "as known on {}: add a [[fault]] of kind \"{word}\" with at = [\"{date}\"] and the \
                 probability that you miss it, 0 if you are ready",
                known.known_on
            ),
        );
    }
}

/// Holidays that no trial reaches.
pub(in crate::scenario) fn warn_of_holidays(
    top: &mut Section<'_>,
    calendar: &Calendar,
    holidays: &[Date],
) {
    // The horizon is no longer in the trial.
    const SECOND: f64 = 1.0 / 3600.0;
    let (first, last) =
        (calendar.civil(0.0).date(), calendar.civil(calendar.horizon() - SECOND).date());
    let written = top.written("holidays").and_then(|node| node.items()).unwrap_or_default();
    if written.len() != holidays.len() {
        return;
    }
    let outside = |date: &Date| *date < first || *date > last;
    let Some(index) = holidays.iter().position(outside) else {
        return;
    };
    let count = holidays.iter().filter(|date| outside(date)).count();
    let message = match count {
        1 => format!("{} is no day of a trial", holidays[index]),
        _ => format!("{count} of {} holidays are no days of a trial", holidays.len()),
    };
    let help = format!("a trial runs from {first} to {last}: give the holidays of that time");
    top.warn_at(Some(written[index].span()), message, &help);
}
