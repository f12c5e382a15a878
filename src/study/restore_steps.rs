//! What the time to current is spent on: noticing, calling, deciding, working, syncing, draining.

use crate::engine::outage::{Outage, RestoredBy};
use crate::stats::ExactSum;
use serde::{Deserialize, Serialize};

/// A step on the way from onset to current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreStep {
    /// From the onset to the alarm.
    Detect,
    /// From the alarm to a person at work.
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
    pub const ALL: [RestoreStep; 6] = [
        RestoreStep::Detect,
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
    pub fn push(&mut self, outage: &Outage, by_provider: bool) {
        let end = outage.end;
        let reached = |time: Option<f64>| time.filter(|time| *time <= end);
        let (alarm, arrival) = (reached(outage.alarm), reached(outage.arrival));
        let decided = reached(outage.decided);
        let waited = match outage.restored_by {
            RestoredBy::Repair => {
                arrival.filter(|_| !by_provider).map(|arrival| (arrival, arrival))
            }
            RestoredBy::MoveBack | RestoredBy::PlannedWork => None,
            _ => arrival.zip(decided),
        };
        let (alarm, arrival, decided) = match waited {
            Some((arrival, decided)) => (alarm.unwrap_or(arrival).min(arrival), arrival, decided),
            None => (outage.onset, outage.onset, outage.onset),
        };
        let times = [outage.onset, alarm, arrival, decided, end, outage.ready, outage.current];
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
