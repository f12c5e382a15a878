//! What the time to current is spent on: noticing, calling, deciding, working, syncing, draining.

use crate::engine::outage::{Outage, RestoredBy};
use crate::stats::ExactSum;
use crate::world::staffing::StaffedHours;
use serde::{Deserialize, Serialize};

/// A step on the way from onset to current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreStep {
    /// From the onset to the alarm.
    Detect,
    /// From the alarm to the next staffed hour: the night, where nobody is called out of bed.
    WaitUntilStaffed,
    /// From there to a person at work.
    CallOut,
    /// From there to a decision.
    Decide,
    /// The repair or protection that ended the outage. Before it: tries that failed, the look for
    /// their reasons, and the wait for somebody who is free. Also all of an outage that nobody had
    /// to come for, such as planned work.
    Work,
    /// Full import and sync after the return.
    FullSync,
    /// Waiting for the next cycles, and the backlogs.
    Drain,
}

impl RestoreStep {
    /// All, in the order of time.
    pub const ALL: [RestoreStep; 7] = [
        RestoreStep::Detect,
        RestoreStep::WaitUntilStaffed,
        RestoreStep::CallOut,
        RestoreStep::Decide,
        RestoreStep::Work,
        RestoreStep::FullSync,
        RestoreStep::Drain,
    ];

    /// What charts call it.
    pub fn name(self) -> &'static str {
        match self {
            RestoreStep::Detect => "detect",
            RestoreStep::WaitUntilStaffed => "wait until staffed",
            RestoreStep::CallOut => "call out",
            RestoreStep::Decide => "decide",
            RestoreStep::Work => "work",
            RestoreStep::FullSync => "full sync",
            RestoreStep::Drain => "drain",
        }
    }
}

/// Hours spent on each step, over all outages of a set.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RestoreStepHours([ExactSum; RestoreStep::ALL.len()]);

impl RestoreStepHours {
    /// Adds an outage.
    ///
    /// A step counts only where the end had to wait for it. A repair does not wait for a decision;
    /// one by a provider, or a protection that acts by itself, waits for nobody.
    pub fn push(&mut self, outage: &Outage, by_provider: bool, staffed: &StaffedHours) {
        let times = times(outage, by_provider, staffed);
        for (sum, pair) in self.0.iter_mut().zip(times.windows(2)) {
            if pair[1] > pair[0] {
                sum.add(pair[1] - pair[0]);
            }
        }
    }

    /// Adds the outages of another set.
    pub fn merge(&mut self, other: &RestoreStepHours) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            mine.merge(theirs);
        }
    }

    /// Hours of a step.
    pub fn hours(&self, step: RestoreStep) -> f64 {
        self.0[step as usize].value()
    }
}

/// From when to when an outage was worked on, hours.
pub(super) fn work_of(outage: &Outage, by_provider: bool, staffed: &StaffedHours) -> (f64, f64) {
    let times = times(outage, by_provider, staffed);
    let step = RestoreStep::Work as usize;
    (times[step], times[step + 1])
}

/// The times between the steps of an outage, from its onset.
fn times(
    outage: &Outage,
    by_provider: bool,
    staffed: &StaffedHours,
) -> [f64; RestoreStep::ALL.len() + 1] {
    let end = outage.end;
    let reached = |time: Option<f64>| time.filter(|time| *time <= end);
    let (alarm, arrival) = (reached(outage.alarm), reached(outage.arrival));
    let decided = reached(outage.decided);
    let waited = match outage.restored_by {
        RestoredBy::Repair => arrival.filter(|_| !by_provider).map(|arrival| (arrival, arrival)),
        RestoredBy::MoveBack | RestoredBy::PlannedWork => None,
        _ => arrival.zip(decided),
    };
    let (alarm, arrival, decided) = match waited {
        Some((arrival, decided)) => (alarm.unwrap_or(arrival).min(arrival), arrival, decided),
        None => (outage.onset, outage.onset, outage.onset),
    };
    let called = staffed.next_staffed(alarm).min(arrival);
    [outage.onset, alarm, called, arrival, decided, end, outage.ready, outage.current]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    /// Mean hours by step of a scenario in which nothing varies.
    fn hours(more: &str) -> [f64; RestoreStep::ALL.len()] {
        let text = format!(
            "name = \"x\"\nhorizon = \"600h\"\n[workload.password_changes]\nper_user_year = 0.0\n\
             [workload.writeback]\nper_user_year = 0.0\n[workload.object_changes]\nper_hour = 0.0\n\
             [sync]\nobject_cycle = \"0s\"\npassword_cycle = \"0s\"\nheartbeat = \"0s\"\n{more}"
        );
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        let trials = Trials { seed: 1, range: 0..2, threads: 1, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
        results.summary.strategies[0].steps.unwrap().map(|(_, hours)| hours)
    }

    const FAULT: &str = "[[fault]]\nname = \"crash\"\nstrikes = \"server\"\nat = [\"100h\"]\n";
    const PEOPLE: &str = "[operations]\ndetection = \"1h\"\ncall_out = \"2h\"\ndecision = \"3h\"\n";

    #[test]
    fn a_repair_waits_for_an_alarm_and_a_person_and_not_for_a_decision() {
        let steps = hours(&format!("{PEOPLE}{FAULT}repair = \"5h\"\n[[strategy]]\nname = \"a\"\n"));
        assert_eq!(steps[..5], [1.0, 0.0, 2.0, 0.0, 5.0]);
    }

    #[test]
    fn a_look_for_the_reason_and_another_try_are_work() {
        let text = format!(
            "{PEOPLE}diagnose = \"4h\"\ntries = 1\nlast_resort = {{ after = \"1h\", takes = \"10h\" }}\n\
             {FAULT}repair = \"never\"\n[[strategy]]\nname = \"a\"\n[strategy.staging]\n\
             promote = \"1h\"\nsuccess = 0.0\n"
        );
        let steps = hours(&text);
        assert_eq!(steps[..5], [1.0, 0.0, 2.0, 3.0, 15.0], "try, look, new server");
    }

    #[test]
    fn work_waits_for_somebody_who_is_free() {
        let second = FAULT.replace("crash", "disk").replace("100h", "99h");
        let text = format!(
            "{PEOPLE}people = 1\n{second}repair = \"10h\"\n{FAULT}repair = \"1h\"\n\
             [[strategy]]\nname = \"a\"\n"
        );
        // From 99 to 113: the first repair from 102 to 112, then the other one.
        assert_eq!(hours(&text)[..5], [1.0, 0.0, 2.0, 0.0, 11.0]);
    }

    #[test]
    fn planned_work_waits_for_nobody() {
        let text = format!(
            "{PEOPLE}[[planned]]\nname = \"upgrade\"\nat = [\"200h\"]\nwork = \"2h\"\nstops = \"all\"\n\
             goes_wrong = 0.0\nfull_sync = false\n{}repair = \"1h\"\n[[strategy]]\nname = \"a\"\n",
            FAULT.replace("100h", "900h")
        );
        assert_eq!(hours(&text)[..5], [0.0, 0.0, 0.0, 0.0, 2.0]);
    }

    #[test]
    fn nobody_is_called_out_of_bed() {
        // Trials begin on a Monday, so hour 100 is Friday at 4:00; the alarm at 5:00 waits for 8:00.
        let text = format!(
            "{PEOPLE}staffed = \"Mon-Fri 08:00-18:00\"\novertime = \"0s\"\n\
             {FAULT}repair = \"5h\"\n[[strategy]]\nname = \"a\"\n"
        );
        assert_eq!(hours(&text)[..5], [1.0, 3.0, 2.0, 0.0, 5.0]);
    }
}
