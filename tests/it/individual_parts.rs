//! The second layer of the engine against a simulation of every single event, where the parts of
//! the service fail apart and people and directories are not always there.
//!
//! Stoppages are given here and not played, of one distribution for both sides and from different
//! seeds. The rules beside those of `individual`: each part has stoppages of its own, and what
//! catches up counts while no part is down. A second server that writes old values back makes
//! everybody stale at the onset whose change since then had been synced. Leavers who are switched
//! off by hand are so from a draw after the first alarm of their backlog on. A guard is cleared as
//! soon as somebody is free.

use crate::bench::scenario;
use crate::individual::{
    CASE, Case, Course, Dice, Down, FAST, Judge, OBJECTS, PASSWORDS, TRIALS, WRITEBACK, play,
};
use outlast::internals::{Given, GivenStoppage};
use outlast::{Metric, Metrics};

const KINDS: &[Metric] = &[
    Metric::ObjectDelayHours,
    Metric::DisabledAccountHours,
    Metric::JoinerWaitHours,
    Metric::DeviceWaitHours,
];

const ALL: [bool; 3] = [true; 3];
const EXPORT: [bool; 3] = [true, false, false];
const PASSWORD_SYNC: [bool; 3] = [false, true, false];
const WRITEBACK_ONLY: [bool; 3] = [false, false, true];

/// Something that takes parts of the service down, from and to.
type Strike = ([bool; 3], f64, f64);

/// The union of the strikes that concern a part.
fn union(strikes: &[Strike], concerns: impl Fn(&[bool; 3]) -> bool, horizon: f64) -> Vec<Down> {
    let mut spans: Vec<(f64, f64)> = strikes
        .iter()
        .filter(|(parts, from, _)| concerns(parts) && *from < horizon)
        .map(|(_, from, to)| (*from, to.min(horizon)))
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut downs: Vec<Down> = Vec::new();
    for (onset, end) in spans {
        match downs.last_mut() {
            Some(last) if onset <= last.end => last.end = last.end.max(end),
            _ => downs.push(Down { onset, end, ..Down::default() }),
        }
    }
    for down in &mut downs {
        down.ready = down.end;
    }
    downs
}

/// What follows from strikes. Each outage is known `alarm` hours after its onset.
fn course(strikes: &[Strike], horizon: f64, alarm: f64) -> Course {
    let parts = std::array::from_fn(|part| union(strikes, |parts| parts[part], horizon));
    let outages = union(strikes, |_| true, horizon)
        .into_iter()
        .map(|down| (down.onset, down.end, Some(down.onset + alarm).filter(|at| *at < down.end)))
        .collect();
    Course { parts, outages, ..Course::default() }
}

/// Imports after every return, hours.
fn with_import(mut course: Course, hours: f64, horizon: f64) -> Course {
    for down in course.parts.iter_mut().flatten() {
        down.ready = (down.end + hours).min(horizon);
        down.full_cycle = down.ready > down.end;
    }
    course
}

fn given(course: &Course) -> Given {
    let Course { parts, outages, unreachable, busy, people } = course.clone();
    let stoppages = parts.map(|downs| {
        let stoppage = |down: Down| GivenStoppage {
            onset: down.onset,
            end: down.end,
            ready: down.ready,
            rewrites_since: down.rewrites_since,
        };
        downs.into_iter().map(stoppage).collect()
    });
    Given { stoppages, outages, unreachable, busy, people }
}

/// Judges a case whose courses are drawn by `draw`.
fn compare(
    judge: &mut Judge,
    (name, case, more): (&str, Case<'_>, &str),
    seed: u64,
    metrics: &[Metric],
    draw: impl Fn(&mut Dice) -> Course,
) {
    let text = case.text().replace("[operations]", &format!("[operations]\n{more}"));
    let scenario = scenario(&text);
    let world = &scenario.world;
    let mut dice = Dice(seed << 32);
    let engine: Vec<Metrics> =
        (0..TRIALS).map(|k| given(&draw(&mut dice)).evaluate(world, seed, k)).collect();
    let mut dice = Dice((seed + 1_000_000) << 32);
    let single: Vec<Metrics> = (0..TRIALS)
        .map(|_| {
            let course = draw(&mut dice);
            let from = course.parts[2].first().map_or(0.0, |down| down.onset);
            let requests = dice.arrivals(&world.workload.writeback.rates, from);
            play(world, &course, &requests, &mut dice)
        })
        .collect();
    let mut only: Vec<Metric> = metrics.to_vec();
    only.dedup();
    judge.add(name, &engine, &single, &only);
}

fn between(dice: &mut Dice, from: f64, to: f64) -> f64 {
    from + (to - from) * dice.uniform()
}

/// The whole service, then each part by itself: some apart, some while another is down.
fn apart(dice: &mut Dice) -> Course {
    let mut strike = |parts, from: f64, longest: f64| {
        let onset = between(dice, from, from + 1.0);
        (parts, onset, onset + between(dice, 0.1, longest))
    };
    let strikes = [
        strike(ALL, 1.0, 2.0),
        strike(EXPORT, 3.0, 4.0),
        strike(PASSWORD_SYNC, 4.0, 4.0),
        strike(WRITEBACK_ONLY, 5.0, 3.0),
        strike(ALL, 9.0, 1.0),
        strike(PASSWORD_SYNC, 10.5, 1.0),
    ];
    course(&strikes, 14.0, 0.25)
}

#[test]
fn parts_that_are_down_at_different_times() {
    let mut judge = Judge::default();
    let case = Case {
        horizon: "14h",
        users: 300,
        rates: [30.0, 12.0, 30.0],
        profile: "office",
        objects: "disables = 0.2",
        ..CASE
    };
    for (k, (sync, import)) in [
        (format!("heartbeat = \"7m\"\n{FAST}"), 0.0),
        (format!("object_cycle = \"30m\"\npassword_cycle = \"2m\"\n{FAST}"), 0.0),
        (format!("object_cycle = \"45m\"\npassword_cycle = \"45m\"\n{FAST}"), 0.0),
        (format!("object_cycle = \"30m\"\npassword_cycle = \"2m\"\n{FAST}"), 0.6),
        ("export_per_hour = 60.0\npasswords_per_minute = 1.5".to_owned(), 0.0),
    ]
    .into_iter()
    .enumerate()
    {
        let case = Case { sync: &sync, ..case };
        let metrics = [PASSWORDS, OBJECTS, WRITEBACK].concat();
        let more = "disable_by_hand = \"never\"";
        compare(&mut judge, (&sync, case, more), 300 + k as u64, &metrics, |dice| {
            with_import(apart(dice), import, 14.0)
        });
    }
    judge.verdict();
}

#[test]
fn nothing_changes_while_the_directory_cannot_be_reached() {
    let mut judge = Judge::default();
    let case = Case {
        horizon: "14h",
        users: 100,
        rates: [30.0, 12.0, 90.0],
        profile: "office",
        objects: "disables = 0.2\njoins = 0.1\ndevices_per_hour = 10.0",
        ..CASE
    };
    for (k, sync) in [
        FAST.to_owned(),
        format!("object_cycle = \"30m\"\npassword_cycle = \"45m\"\n{FAST}"),
        "export_per_hour = 150.0\npasswords_per_minute = 1.5".to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        let case = Case { sync: &sync, ..case };
        let metrics = [PASSWORDS, KINDS, WRITEBACK].concat();
        let more = "disable_by_hand = \"never\"";
        compare(&mut judge, (&sync, case, more), 310 + k as u64, &metrics, |dice| {
            // Gaps within a stoppage, across its end, and in service; spans of 13 changes and more.
            let onset = between(dice, 1.0, 2.0);
            let strikes = [(ALL, onset, onset + 4.0), (ALL, 9.0, 9.0 + between(dice, 0.1, 2.0))];
            let first = between(dice, onset, onset + 1.0);
            Course {
                unreachable: vec![
                    (first, first + 0.7),
                    (onset + 2.5, onset + between(dice, 3.0, 5.0)),
                    (9.5, 10.0),
                ],
                ..course(&strikes, 14.0, 0.25)
            }
        });
    }
    judge.verdict();
}

#[test]
fn leavers_are_switched_off_by_hand_once_an_outage_is_known() {
    let mut judge = Judge::default();
    let case = Case {
        horizon: "16h",
        rates: [0.0, 0.0, 60.0],
        objects: "disables = 0.3\njoins = 0.1\ndevices_per_hour = 12.0",
        ..CASE
    };
    for (k, (sync, by_hand)) in [
        (FAST.to_owned(), "after = \"1h\", probability = 1.0"),
        (
            FAST.to_owned(),
            "after = { uniform = { min = \"10m\", max = \"4h\" } }, probability = 0.5",
        ),
        (
            format!("object_cycle = \"45m\"\n{FAST}"),
            "after = { uniform = { min = \"10m\", max = \"4h\" } }, probability = 0.7",
        ),
        // A guard stops the export for hours: leavers are switched off meanwhile.
        (
            format!("object_cycle = \"30m\"\ndelete_guard = 1\nclear_guard = \"2h\"\n{FAST}"),
            "after = { uniform = { min = \"1h\", max = \"5h\" } }, probability = 0.7",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let case = Case { sync: &sync, ..case };
        let more = format!("disable_by_hand = {{ {by_hand} }}");
        compare(&mut judge, (&more, case, &more), 320 + k as u64, KINDS, |dice| {
            let onset = between(dice, 1.0, 2.0);
            let strikes = [
                (ALL, onset, onset + between(dice, 0.5, 3.5)),
                // Soon enough for some cycles to leave one backlog of two outages.
                (ALL, 5.7, 5.7 + between(dice, 0.1, 1.0)),
                (WRITEBACK_ONLY, 9.0, 12.0),
                (EXPORT, 10.0, 10.0 + between(dice, 0.5, 3.0)),
            ];
            course(&strikes, 16.0, 0.5)
        });
    }
    judge.verdict();
}

#[test]
fn old_passwords_that_a_second_server_writes_back() {
    let mut judge = Judge::default();
    let case = Case { horizon: "16h", rates: [20.0, 0.0, 0.0], ..CASE };
    // The promotion ended the outage before. Where the drain after it takes hours, old values are
    // written back from later on: whoever changes during a drain counts as any other.
    for (k, (users, since, sync)) in [
        (60, 3.0, FAST.to_owned()),
        (300, 3.0, format!("password_cycle = \"45m\"\n{FAST}")),
        (300, 6.0, "passwords_per_minute = 1.5".to_owned()),
        (300, 6.0, "password_cycle = \"3h\"\npasswords_per_minute = 2.0".to_owned()),
    ]
    .into_iter()
    .enumerate()
    {
        let case = Case { users, sync: &sync, ..case };
        compare(&mut judge, (&sync, case, ""), 330 + k as u64, PASSWORDS, |dice| {
            let (onset, longest) = (between(dice, 8.0, 9.0), 2.0);
            let strikes = [(ALL, 1.0, 3.0), (ALL, onset, onset + between(dice, 0.1, longest))];
            let mut course = course(&strikes, 16.0, 0.25);
            course.parts[1][1].rewrites_since = Some(since);
            course
        });
    }
    judge.verdict();
}

#[test]
fn a_guard_waits_for_people_who_are_at_work() {
    let mut judge = Judge::default();
    let case = Case {
        horizon: "16h",
        rates: [0.0, 0.0, 30.0],
        objects: "deletes = 0.1\ndisables = 0.1",
        ..CASE
    };
    for (k, (people, cycle)) in
        [(Some(1), "0s"), (Some(2), "30m"), (Some(2), "3h"), (None, "30m")].into_iter().enumerate()
    {
        // Twelve deletes are expected in 4 h; the guard trips in about half of the outages.
        let sync = format!(
            "object_cycle = \"{cycle}\"\ndelete_guard = 11\n\
             clear_guard = {{ uniform = {{ min = \"30m\", max = \"2h\" }} }}\n{FAST}"
        );
        let name = format!("{people:?} {cycle}");
        let metrics = [OBJECTS, &[Metric::WaitingForPeopleHours]].concat();
        let more = "disable_by_hand = \"never\"";
        let case = Case { sync: &sync, ..case };
        compare(&mut judge, (&name, case, more), 340 + k as u64, &metrics, |dice| {
            let strikes = [(ALL, 2.0, 6.0), (ALL, between(dice, 8.0, 9.0), 12.1)];
            let mut busy = vec![(11.0, 13.0)];
            for _ in 0..3 {
                let from = between(dice, 5.0, 7.0);
                busy.push((from, from + between(dice, 0.2, 2.0)));
            }
            Course { busy, people, ..course(&strikes, 16.0, 0.25) }
        });
    }
    judge.verdict();
}

#[test]
fn a_guard_that_trips_where_no_cycle_was_missed() {
    let mut judge = Judge::default();
    let case = Case {
        horizon: "16h",
        rates: [0.0, 0.0, 20.0],
        objects: "deletes = 0.3\ndisables = 0.1",
        ..CASE
    };
    // Down between two cycles: on time or late by the guard alone. The next stoppage may find it
    // still stopped, and then what came since the last cycle is not lost. Imports end between
    // cycles, and what they export early is not late.
    for (k, (cycle, import)) in [("3h", 0.0), ("3h", 0.4), ("1h", 0.0)].into_iter().enumerate() {
        let sync = format!(
            "object_cycle = \"{cycle}\"\ndelete_guard = 9\n\
             clear_guard = {{ uniform = {{ min = \"10m\", max = \"4h\" }} }}\n{FAST}"
        );
        let case = Case { sync: &sync, ..case };
        let name = format!("{cycle} {import}");
        let more = "disable_by_hand = \"never\"";
        compare(&mut judge, (&name, case, more), 350 + k as u64, OBJECTS, |dice| {
            let onset = between(dice, 1.0, 2.0);
            let strikes = [
                (ALL, onset, onset + 0.3),
                (ALL, between(dice, 4.0, 4.5), between(dice, 4.6, 5.5)),
                (EXPORT, 10.0, 10.0 + between(dice, 0.5, 3.0)),
            ];
            with_import(course(&strikes, 16.0, 0.25), import, 16.0)
        });
    }
    judge.verdict();
}
