//! Everything that does not depend on the strategy: calendar, people, workload, fault sources.
//!
//! A [`World`] is compiled once from a scenario and borrowed by every trial. It holds flat tables
//! and distributions ready to sample, and all random draws that are common to the strategies go
//! through [`streams`]. Start reading at [`World`]; the faults are in [`fault`], the people in
//! [`operations`], the workload in [`workload`].
//!
//! Scenario files, statistics and threads never enter.

pub mod calendar;
pub mod fault;
pub mod gravity;
pub mod kind;
pub mod known_dates;
pub mod moment;
pub mod operations;
pub mod people;
pub mod planned;
pub mod profile;
pub mod rare;
pub mod rates;
pub mod reachable;
pub mod read;
pub mod service;
pub mod sign_in;
pub mod site;
pub mod staffing;
pub mod streams;
pub mod sync;
pub mod watch;
pub mod weekly;
pub mod whereabouts;
pub mod window;
pub mod workload;

use calendar::Calendar;
use fault::Fault;
use operations::Operations;
use planned::Planned;
use rare::Rare;
use sign_in::SignInService;
use site::Sites;
use staffing::StaffedHours;
use std::sync::Arc;
use sync::{Organisation, Sync};
use watch::Watch;
use workload::Workload;

/// The compiled, immutable world of a scenario.
#[derive(Debug, Clone)]
pub struct World {
    /// Length of a trial, hours.
    pub horizon: f64,
    /// Civil time.
    pub calendar: Arc<Calendar>,
    /// How many users and objects.
    pub organisation: Organisation,
    /// Where servers can stand.
    pub sites: Sites,
    /// The channels by which people learn of an outage, whatever the strategy.
    pub watch: Vec<Watch>,
    /// How people arrive, decide and work.
    pub operations: Operations,
    /// When people work, in trial time.
    pub staffed: Arc<StaffedHours>,
    /// Cycles, rates and guards of the sync engine.
    pub sync: Sync,
    /// The three streams of events.
    pub workload: Workload,
    /// Sign-in through servers of one's own, where it is played.
    pub sign_in: Option<SignInService>,
    /// The fault sources.
    pub faults: Vec<Fault>,
    /// Planned work.
    pub planned: Vec<Planned>,
    /// Those of them that are rare disasters, where it helps to give them trials of their own.
    pub rare: Option<Rare>,
}

#[cfg(test)]
mod reading_tests;
