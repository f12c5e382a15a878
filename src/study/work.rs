//! What the work of an outage is made of: waiting for people or a machine, repairing, installing,
//! promoting.
//!
//! Some trials are played again and watched. At each moment of the time that
//! [`RestoreStep::Work`](super::restore_steps::RestoreStep) counts, the work that is nearest to an end
//! of the outage counts: an attempt before the wait for a person, and that before a repair in place.
//! Hands-on work rests outside staffed hours, and what it rests is waiting for people.

use super::design::Design;
use super::partial::is_provider_run;
use super::player::Player;
use super::restore_steps::work_of;
use crate::engine::Scratch;
use crate::engine::observe::{Observer, Place, TraceEvent};
use crate::scenario::Scenario;
use crate::strategy::{Step, StepPurpose};

/// Most trials that are watched.
const WATCHED: u64 = 1000;

/// A part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkPart {
    /// Nobody is free, or it is outside staffed hours.
    WaitForStaff,
    /// A server is found, bought or brought.
    WaitForMachine,
    /// What is broken is mended in place, by people or its provider.
    Repair,
    /// A server is set up, or restored from an image.
    Install,
    /// The standby takes over, or a replica of the database.
    Promote,
    /// The look for what went wrong with an attempt, planned work, and all else.
    Other,
}

impl WorkPart {
    /// All, in the order of charts.
    pub const ALL: [WorkPart; 6] = [
        WorkPart::WaitForStaff,
        WorkPart::WaitForMachine,
        WorkPart::Repair,
        WorkPart::Install,
        WorkPart::Promote,
        WorkPart::Other,
    ];

    /// The name of its column.
    pub fn key(self) -> &'static str {
        match self {
            WorkPart::WaitForStaff => "wait_for_staff",
            WorkPart::WaitForMachine => "wait_for_a_machine",
            WorkPart::Repair => "repair",
            WorkPart::Install => "install",
            WorkPart::Promote => "promote",
            WorkPart::Other => "other_work",
        }
    }
}

/// The parts of a strategy's work, as shares of its mean.
pub type WorkShares = [f64; WorkPart::ALL.len()];

/// By strategy: what the work of its outages is made of, in the first trials of a run, each as likely
/// as any; absent where nothing had to be worked on.
pub fn work_shares(scenario: &Scenario, seed: u64, trials: u64) -> Vec<Option<WorkShares>> {
    let player = Player::new(scenario, seed, Design::Plain);
    let mut scratch = Scratch::new();
    let mut shares = Vec::new();
    for strategy in 0..scenario.strategies.len() {
        let mut hours = [0.0; WorkPart::ALL.len()];
        for trial in 0..trials.min(WATCHED) {
            let mut watch = Watch::default();
            let played = player.play(strategy, trial, &mut scratch, &mut watch);
            for outage in played.outages {
                let by_provider = is_provider_run(scenario, outage.cause);
                let (from, to) = work_of(outage, by_provider, &scenario.world.staffed);
                watch.add(from, to, &mut hours);
            }
        }
        let whole: f64 = hours.iter().sum();
        shares.push((whole > 0.0).then(|| hours.map(|hours| hours / whole)));
    }
    shares
}

/// A time in which something is worked on, and what it is made of.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: f64,
    to: f64,
    /// The higher counts where two overlap.
    rank: u8,
    parts: WorkShares,
}

/// Notes who works on what.
#[derive(Debug, Default)]
struct Watch {
    stretches: Vec<Stretch>,
}

/// Ranks of stretches.
const REPAIR: u8 = 0;
const WAIT: u8 = 1;
const ATTEMPT: u8 = 2;

impl Watch {
    fn push(&mut self, (from, to): (f64, f64), rank: u8, parts: WorkShares) {
        self.stretches.push(Stretch { from, to, rank, parts });
    }

    /// The attempt that goes on ends now.
    fn end_attempt(&mut self, now: f64) {
        let attempt = self.stretches.iter_mut().rev().find(|one| one.rank == ATTEMPT);
        if let Some(attempt) = attempt {
            attempt.to = attempt.to.min(now);
        }
    }

    /// Adds what is worked on from `from` to `to`, hours.
    fn add(&self, from: f64, to: f64, hours: &mut WorkShares) {
        let inside = |time: f64| time.clamp(from, to);
        let within = self.stretches.iter().filter(|one| one.from < to && one.to > from);
        let within: Vec<&Stretch> = within.collect();
        let ends = within.iter().flat_map(|one| [inside(one.from), inside(one.to)]);
        let mut ends: Vec<f64> = ends.chain([from, to]).collect();
        ends.sort_by(f64::total_cmp);
        for pair in ends.windows(2).filter(|pair| pair[1] > pair[0]) {
            let there = within.iter().filter(|one| one.from <= pair[0] && one.to >= pair[1]);
            let first = there.max_by(|a, b| {
                (a.rank, a.from).partial_cmp(&(b.rank, b.from)).unwrap_or(std::cmp::Ordering::Equal)
            });
            let parts = first.map_or(all(WorkPart::Other), |one| one.parts);
            for (sum, part) in hours.iter_mut().zip(parts) {
                *sum += part * (pair[1] - pair[0]);
            }
        }
    }
}

impl Observer for Watch {
    const WATCHES: bool = true;

    fn happened(&mut self, time: f64, _: Place, what: TraceEvent<'_>) {
        match what {
            TraceEvent::RepairBegan { by_provider, hours, until } => {
                let parts = match by_provider || !until.is_finite() || until <= time {
                    true => all(WorkPart::Repair),
                    false => resting([(WorkPart::Repair, hours)].into_iter(), until - time),
                };
                self.push((time, until), REPAIR, parts);
            }
            TraceEvent::WaitsForPerson { .. } => {
                self.push((time, time), WAIT, all(WorkPart::WaitForStaff));
            }
            TraceEvent::PersonFree { hours, .. } => {
                self.push((time - hours, time), WAIT, all(WorkPart::WaitForStaff));
            }
            TraceEvent::AttemptBegan { steps, until, .. } => {
                let parts = steps.iter().map(|step| (part_of(step), step.hours));
                self.push((time, until), ATTEMPT, resting(parts, until - time));
            }
            TraceEvent::AutomaticBegan(_) => {
                self.push((time, f64::INFINITY), ATTEMPT, all(WorkPart::Promote));
            }
            TraceEvent::DiagnosisBegan { hours } => {
                self.end_attempt(time);
                self.push((time, time + hours), ATTEMPT, all(WorkPart::Other));
            }
            TraceEvent::Failed { .. }
            | TraceEvent::Worked(_)
            | TraceEvent::Abandoned(_)
            | TraceEvent::BrokenOff(_)
            | TraceEvent::Up(_) => self.end_attempt(time),
            _ => {}
        }
    }
}

/// The part that a step belongs to.
fn part_of(step: &Step) -> WorkPart {
    match step.purpose {
        StepPurpose::Machine => WorkPart::WaitForMachine,
        StepPurpose::Install => WorkPart::Install,
        StepPurpose::TakeOver => WorkPart::Promote,
    }
}

fn all(part: WorkPart) -> WorkShares {
    let mut shares = [0.0; WorkPart::ALL.len()];
    shares[part as usize] = 1.0;
    shares
}

/// Parts as shares of the time that they took; what is left of it, people rested.
fn resting(parts: impl Iterator<Item = (WorkPart, f64)>, took: f64) -> WorkShares {
    let mut shares = [0.0; WorkPart::ALL.len()];
    let mut left = took;
    for (part, hours) in parts {
        shares[part as usize] += hours / took;
        left -= hours;
    }
    shares[WorkPart::WaitForStaff as usize] += left.max(0.0) / took;
    let whole: f64 = shares.iter().sum();
    if whole > 0.0 && whole.is_finite() {
        shares.map(|share| share / whole)
    } else {
        all(WorkPart::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Hours of each part of a scenario with one outage at hour 100 in which nothing varies.
    fn shares(more: &str) -> WorkShares {
        let text = format!(
            "name = \"x\"\nhorizon = \"900h\"\nstart = \"2027-01-04\"\n[operations]\ndetection = \"1h\"\n\
             call_out = \"1h\"\ndecision = \"1h\"\n{more}"
        );
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        work_shares(&scenario, 1, 1)[0].unwrap()
    }

    const FAULT: &str =
        "[[fault]]\nname = \"crash\"\nstrikes = \"server\"\nat = [\"100h\"]\nrepair = \"never\"\n";

    fn near(shares: WorkShares, expected: WorkShares) {
        let off = shares.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off < 1e-9, "{shares:?} is not {expected:?}");
    }

    #[test]
    fn a_promotion_is_promoting() {
        let strategy =
            "[[strategy]]\nname = \"a\"\n[strategy.staging]\npromote = \"2h\"\nsuccess = 1.0\n";
        near(shares(&format!("{FAULT}{strategy}")), all(WorkPart::Promote));
    }

    #[test]
    fn a_rebuild_waits_for_its_machine_and_installs() {
        let strategy = "[[strategy]]\nname = \"a\"\n[strategy.rebuild]\nspare = \"procure\"\n\
                        procure = \"30h\"\ninstall = \"10h\"\nswitch_on = \"0s\"\n";
        near(shares(&format!("{FAULT}{strategy}")), [0.0, 0.75, 0.0, 0.25, 0.0, 0.0]);
    }

    #[test]
    fn a_server_that_imports_everything_is_being_installed() {
        // 8 h of installation and 2 h of import and sync, and no machine to wait for.
        let strategy = "[organisation]\nobjects = 3600\n[sync]\nimport_per_second = 1.0\n\
                        sync_per_second = 1.0\n[[strategy]]\nname = \"a\"\n[strategy.rebuild]\n\
                        spare = \"server\"\ninstall = \"8h\"\nswitch_on = \"1h\"\nsuccess = 1.0\n";
        near(shares(&format!("{FAULT}{strategy}")), all(WorkPart::Install));
    }

    #[test]
    fn work_that_rests_overnight_waits_for_staff() {
        // The fault on Friday at 4:00; work begins at 8:00 on that day, 8 hours are done by 16:00 and
        // the other 8 on Monday: 16 of 80 hours.
        let people = "staffed = \"Mon-Fri 08:00-16:00\"\nlast_resort = { after = \"900h\", takes = \"10h\" }\n";
        let fault = FAULT.replace("\"never\"", "\"16h\"");
        let shares = shares(&format!("{people}{fault}[[strategy]]\nname = \"a\"\n"));
        assert!((shares[WorkPart::Repair as usize] - 0.2).abs() < 0.05, "{shares:?}");
        let both = shares[WorkPart::Repair as usize] + shares[WorkPart::WaitForStaff as usize];
        assert!((both - 1.0).abs() < 1e-9, "{shares:?}");
    }
}
