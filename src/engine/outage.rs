//! What is kept of one outage of the service.
//!
//! An outage is a time in which any part of the service is down. Its parts may go down and come
//! back at different times: each such time is a [`Stoppage`] of its own.

use crate::world::service::Services;
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
    /// Planned work, by index, or what it left broken.
    Planned(u16),
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
    /// The planned work was done.
    PlannedWork,
    /// A new server was found and set up, since nothing else was expected to help.
    LastResort,
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

/// A time in which one part of the service is down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stoppage {
    /// When the part went down.
    pub(crate) onset: f64,
    /// When it was back (the interval is half-open), or the horizon.
    pub(crate) end: f64,
    /// When imports and full syncs after the return were done that hold this part, at least `end`.
    pub(crate) ready: f64,
    /// A full import or sync ran after the return.
    pub(crate) full_cycle: bool,
    /// Key of the event that took the part down.
    pub(crate) event: EventKey,
    /// Index of the outage that it belongs to.
    pub(crate) outage: u32,
    /// Requests already drawn to raise the alarm; of writeback alone.
    pub(crate) reports: Reports,
    /// A second server writes back what was changed since then; of passwords alone.
    pub(crate) rewrites_since: Option<f64>,
}

impl Stoppage {
    /// Time from its onset to its end, hours.
    pub(crate) fn hours(&self) -> f64 {
        self.end - self.onset
    }
}

/// One outage of the service: a time in which any part of it is down. Times are hours from the start of the trial, cut at the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outage {
    /// When the service went down.
    pub onset: f64,
    /// All parts that were down in it.
    pub parts: Services,
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
    /// When the service worked again: `ready`, or that of the next outage where that one began before
    /// it. At least `end`, cut at the horizon.
    pub restored: f64,
    /// The horizon cuts it before it was restored.
    pub is_open: bool,
    /// When the last backlog was worked off, at least `ready`, cut at the horizon.
    pub current: f64,
    /// Stale user-hours of the backlog that began with this outage.
    pub stale_user_hours: f64,
    /// Soft-deleted objects that the cloud purged meanwhile (outages beyond 30 days).
    pub purged_objects: u64,
    /// Key of the event that began it.
    pub(crate) event: EventKey,
}

/// Did planned work begin the outage and end it as it was meant to? Work that goes wrong ends by a
/// repair.
pub fn is_planned(cause: Cause, restored_by: RestoredBy) -> bool {
    matches!(
        (cause, restored_by),
        (Cause::Planned(_), RestoredBy::PlannedWork) | (Cause::MoveBack, RestoredBy::MoveBack)
    )
}

impl Outage {
    /// Did planned work begin it and end it?
    pub fn is_planned(&self) -> bool {
        is_planned(self.cause, self.restored_by)
    }

    /// Time in which a part was down, hours.
    pub fn down_hours(&self) -> f64 {
        self.end - self.onset
    }

    /// Time from onset until the service worked again, hours. A server that still imports everything
    /// exports nothing, so its imports and full syncs count.
    pub fn restore_hours(&self) -> f64 {
        self.restored - self.onset
    }

    /// Time from onset to current, hours.
    pub fn current_hours(&self) -> f64 {
        self.current - self.onset
    }
}
