//! Which recovery strategy for a directory synchronisation server outlasts the outages it will
//! really have.
//!
//! Three activities make an answer. Read a [`scenario`](scenario::Scenario): an organisation, its
//! faults, its people and the strategies to compare. Play trials: each is one possible year, drawn
//! from a seed, in which every strategy meets the same world ([`engine`]). Study the results:
//! distributions over trials, and which outages they come from ([`study`]).
//!
//! ```
//! use outlast::engine::{Engine, Scratch, observe::NullObserver};
//! use outlast::metric::Metric;
//! use outlast::scenario::Scenario;
//!
//! let scenario = Scenario::embedded()?;
//! let engine = Engine::new(&scenario.world, &scenario.strategies[0]);
//! let mut scratch = Scratch::new();
//! let metrics = engine.play(1, 0, &mut scratch, &mut NullObserver);
//! assert!(metrics[Metric::DowntimeHours] <= scenario.world.horizon);
//! # Ok::<(), outlast::scenario::ScenarioError>(())
//! ```
//!
//! Conventions: a time is in hours from the start of its trial and a duration in hours unless a
//! name says otherwise; a probability is from 0 to 1; intervals are half-open. Data flows one way,
//! `scenario -> world -> engine -> study -> report`; each room imports only rooms below it. Closed
//! forms ([`exact`]) know no engine, so that they can judge it.

#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![deny(missing_debug_implementations)]

pub mod benchmark;
pub mod cli;
pub mod distribution;
pub mod engine;
pub mod evidence;
pub mod exact;
pub mod keys;
pub mod metric;
pub mod notation;
pub mod numeric;
pub mod report;
pub mod scenario;
pub mod stats;
pub mod strategy;
pub mod study;
pub mod threads;
pub mod units;
pub mod world;
