//! What is kept of one outage of the service.

use crate::world::streams::EventKey;
use serde::{Deserialize, Serialize};

/// What took the service down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cause {
    /// A fault source of the world, by index.
    Fault(u16),
    /// The old server came back unfenced beside the promoted one.
    SplitBrain,
    /// The planned move from a temporary host server to its successor.
    MoveBack,
}

/// What brought the service back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RestoredBy {
    /// Repair in place.
    Repair,
    /// A protection of the strategy, by index.
    Protection(u8),
    /// The old server was shut out.
    Fencing,
    /// The planned move was done.
    MoveBack,
    /// It was still down at the horizon.
    Nothing,
}

/// Writeback requests that were drawn early, since one of them may raise the alarm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reports {
    /// The first of their times in the trial's list.
    pub(crate) first: usize,
    /// One past the last.
    pub(crate) end: usize,
    /// Up to when they are drawn; the second layer draws the rest.
    pub(crate) until: f64,
}

/// One outage of the service. Times are hours from the start of the trial, cut at the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outage {
    /// When the service went down.
    pub onset: f64,
    /// When it was back (the interval is half-open), or the horizon.
    pub end: f64,
    /// What took it down first.
    pub cause: Cause,
    /// What brought it back.
    pub restored_by: RestoredBy,
    /// When somebody could know: monitoring or users.
    pub alarm: Option<f64>,
    /// When a person was at work.
    pub arrival: Option<f64>,
    /// When it was decided what to do.
    pub decided: Option<f64>,
    /// When imports and full syncs after the return were done, at least `end`.
    pub ready: f64,
    /// A full import or sync ran after the return.
    pub full_cycle: bool,
    /// When the last backlog was worked off, at least `ready`, cut at the horizon.
    pub current: f64,
    /// Stale user-hours of the backlog that began with this outage.
    pub stale_user_hours: f64,
    /// Soft-deleted objects that the cloud purged meanwhile (outages beyond 30 days).
    pub purged_objects: u64,
    /// Key of the event that began it.
    pub(crate) event: EventKey,
    /// Requests already drawn to raise the alarm.
    pub(crate) reports: Reports,
}

impl Outage {
    /// Time from onset to service, hours.
    pub fn restore_hours(&self) -> f64 {
        self.end - self.onset
    }

    /// Time from onset to current, hours.
    pub fn current_hours(&self) -> f64 {
        self.current - self.onset
    }

    /// Was it still down at the horizon?
    pub fn is_open(&self) -> bool {
        self.restored_by == RestoredBy::Nothing
    }
}
