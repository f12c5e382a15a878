//! A guard for whole classes of error: thousands of random scenarios of constants over all tables,
//! each played again with one thing changed. The order of tables decides nothing; a source may be
//! two; what happens later changes nothing that was earlier; nothing serves without what nothing
//! stands in for; and where less harm makes an outage longer, a choice of people must be why, and
//! that is seldom.

use crate::bench::scenario;
use crate::individual::Dice;
use crate::judge::judge;
use crate::judged::times_more;
use crate::plain::{Fault, HORIZON, KINDS, Kind, NEVER, Plain, Taste, Time};
use crate::world_bench::told;
use std::cell::Cell;

const ALL: Taste = Taste {
    kinds: &KINDS,
    most_strikes: 5,
    tables: 4,
    ties: false,
    delays: true,
    few_people: false,
    last_resort: true,
    planned: false,
    failures: true,
    sites: true,
    agents: false,
    sign_in: false,
};

/// Scenarios of one strategy, each with what it is like: with ties, with few people, with planned
/// work.
fn scenarios(seed: u64, count: usize) -> impl Iterator<Item = Plain> {
    let mut dice = Dice(seed << 32);
    (0..count).map(move |k| {
        let taste = match k % 4 {
            0 => Taste { ties: true, ..ALL },
            1 => Taste { few_people: true, ..ALL },
            2 => Taste { planned: true, ..ALL },
            _ => ALL,
        };
        Plain::random(&mut dice, taste)
    })
}

/// Onset, end, what began and what ended it, of each outage.
type Course = Vec<(f64, f64, String, String)>;

fn play(plain: &Plain) -> Course {
    told(&scenario(&plain.text()), 0, 0).outages
}

/// Onsets and ends only.
fn times(plain: &Plain) -> Vec<(f64, f64)> {
    play(plain).into_iter().map(|outage| (outage.0, outage.1)).collect()
}

/// The smallest scenario for which `holds` does not hold is shown.
fn check(what: &str, seed: u64, count: usize, holds: impl Fn(&Plain) -> Result<(), String>) {
    for (k, plain) in scenarios(seed, count * times_more()).enumerate() {
        if holds(&plain).is_err() {
            let small = plain.shrink(|plain| holds(plain).is_err());
            let why = holds(&small).err().unwrap_or_default();
            panic!("{what}, scenario {k}: {why}\n{}", small.text());
        }
    }
}

/// The first difference of two courses.
fn equal<T: PartialEq + std::fmt::Debug>(a: &[T], b: &[T]) -> Result<(), String> {
    if a == b { Ok(()) } else { Err(format!("{a:?}\nand {b:?}")) }
}

fn downtime(times: &[(f64, f64)]) -> f64 {
    times.iter().map(|(onset, end)| end - onset).sum()
}

/// What happened before `until`, in hours; what is open then ends nowhere.
fn before(times: &[(f64, f64)], until: f64) -> Vec<(f64, f64)> {
    let begun = times.iter().filter(|(onset, _)| *onset < until);
    begun.map(|(onset, end)| (*onset, if *end < until { *end } else { f64::INFINITY })).collect()
}

fn hours(time: Time) -> f64 {
    time as f64 / 4.0
}

/// How many scenarios of less harm were compared, and how many were longer by a choice of people.
#[derive(Default)]
struct Compared {
    all: Cell<u32>,
    longer: Cell<u32>,
}

impl Compared {
    #[track_caller]
    fn longer_at_most(&self, share: f64) {
        let (all, longer) = (f64::from(self.all.get()), f64::from(self.longer.get()));
        println!("{longer} of {all} are longer with less");
        assert!(longer <= share * all, "{longer} of {all} are longer with less");
    }
}

/// Less harm: a course that is longer than before is allowed where the judge, who knows what people
/// choose, says the same of both. (They keep to a repair that is theirs, and the provider's fault
/// that would have made them turn to a table is gone; nobody is there for the next fault already; a
/// repair that has an end is waited for.)
fn is_no_longer(compared: &Compared, less: &Plain, more: &Plain) -> Result<(), String> {
    let (now, then) = (times(less), times(more));
    compared.all.update(|all| all + 1);
    let as_judged = |plain: &Plain, times: &[(f64, f64)]| {
        let judged = judge(plain, 0).outages;
        let judged: Vec<(f64, f64)> = judged.iter().map(|o| (hours(o.0), hours(o.1))).collect();
        judged == times
    };
    if downtime(&now) <= downtime(&then) {
        return Ok(());
    }
    if as_judged(less, &now) && as_judged(more, &then) {
        compared.longer.update(|longer| longer + 1);
        return Ok(());
    }
    Err(format!("longer with less: {now:?}\nand with more {then:?}\n{}", less.text()))
}

#[test]
fn the_order_of_tables_decides_nothing() {
    check("order", 21, 300, |plain| {
        let told = play(plain);
        let mut turned = plain.clone();
        turned.faults.reverse();
        turned.watch.reverse();
        turned.planned.reverse();
        equal(&told, &play(&turned))?;
        let half = turned.faults.len() / 2;
        turned.faults.rotate_left(half);
        equal(&told, &play(&turned))
    });
}

#[test]
fn company_and_name_of_a_strategy_decide_nothing() {
    check("company", 22, 200, |plain| {
        let told = play(plain);
        let mut company = plain.clone();
        let mut other = company.strategies[0].clone();
        other.name = "another".to_owned();
        other.prefer.reverse();
        company.strategies.insert(0, other);
        company.strategies[1].name = "renamed".to_owned();
        let scenario = scenario(&company.text());
        equal(&told, &crate::world_bench::told(&scenario, 1, 0).outages)
    });
}

#[test]
fn a_source_may_be_two() {
    check("split", 23, 200, |plain| {
        // The first fault strikes again when the last one does, half a day later.
        let mut once = plain.clone();
        let last = once.faults.iter().map(|fault| fault.at[0]).max().unwrap_or(0);
        let again = (last + 50).min(HORIZON - 1);
        let mut twin = Fault { at: vec![again], ..once.faults[0].clone() };
        twin.name = "twin".to_owned();
        once.faults[0].at.push(again);
        let mut twice = plain.clone();
        for watch in &mut twice.watch {
            for words in [&mut watch.sees, &mut watch.misses] {
                if words.contains(&twin_of(plain)) {
                    words.push("twin".to_owned());
                }
            }
        }
        twice.faults.push(twin);
        equal(&times(&once), &times(&twice))
    });
}

fn twin_of(plain: &Plain) -> String {
    plain.faults[0].name.clone()
}

/// Without keeping to a repair first, and with: the hours, and the most that may be longer with less.
const FIRST: [(Time, f64); 2] = [(0, 0.06), (4 * 4, 0.08)];

#[test]
fn what_is_not_there_changes_nothing_that_was_before() {
    for (repair_first, share) in FIRST {
        let compared = Compared::default();
        check("remove", 24, 120, |plain| {
            let plain = &Plain { repair_first, ..plain.clone() };
            let all = times(plain);
            for k in 0..plain.faults.len() {
                let mut less = plain.clone();
                let removed = less.faults.remove(k);
                if less.faults.is_empty() {
                    continue;
                }
                for watch in &mut less.watch {
                    watch.sees.retain(|it| *it != removed.name);
                    watch.misses.retain(|it| *it != removed.name);
                }
                less.watch.retain(|watch| !watch.sees.is_empty());
                let at = hours(removed.at[0]);
                equal(&before(&all, at), &before(&times(&less), at))?;
                is_no_longer(&compared, &less, plain)?;
            }
            Ok(())
        });
        compared.longer_at_most(share);
    }
}

#[test]
fn a_shorter_repair_changes_nothing_that_was_before() {
    for (repair_first, share) in FIRST {
        let compared = Compared::default();
        check("shorten", 25, 120, |plain| {
            let plain = &Plain { repair_first, ..plain.clone() };
            let all = times(plain);
            for k in 0..plain.faults.len() {
                let mut less = plain.clone();
                let fault = &mut less.faults[k];
                fault.repair = if fault.repair >= NEVER { 400 } else { fault.repair / 2 };
                let at = hours(fault.at[0]);
                equal(&before(&all, at), &before(&times(&less), at))?;
                is_no_longer(&compared, &less, plain)?;
            }
            Ok(())
        });
        compared.longer_at_most(share);
    }
}

#[test]
fn a_fault_at_the_end_changes_nothing_that_was_before() {
    check("at the end", 26, 200, |plain| {
        let mut more = plain.clone();
        let mut fault = plain.faults[0].clone();
        fault.name = "late".to_owned();
        fault.at = vec![HORIZON - 1];
        more.faults.push(fault);
        let end = hours(HORIZON - 1);
        equal(&before(&times(plain), end), &before(&times(&more), end))
    });
}

#[test]
fn nothing_serves_without_what_nothing_stands_in_for() {
    check("broken", 27, 300, |plain| {
        // No table helps against these; and without tables nothing helps against anything.
        let shared =
            |fault: &Fault| matches!(fault.kind, Kind::Cloud | Kind::Tenant | Kind::Directory);
        let mut bare = plain.clone();
        bare.last_resort = None;
        let it = &mut bare.strategies[0];
        it.prefer.clear();
        (it.group, it.machine, it.staging, it.rebuild) = (None, None, None, None);
        for (plain, all) in [(plain, false), (&bare, true)] {
            let times = times(plain);
            for fault in plain.faults.iter().filter(|fault| all || shared(fault)) {
                let at = hours(fault.at[0]);
                let end = hours(fault.at[0].saturating_add(fault.repair).min(HORIZON));
                if !times.iter().any(|(onset, back)| *onset <= at && *back >= end) {
                    return Err(format!("{} from {at} to {end}: {times:?}", fault.name));
                }
            }
        }
        Ok(())
    });
}
