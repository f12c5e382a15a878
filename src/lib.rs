//! Which recovery strategy for a directory synchronisation server outlasts the outages it will
//! really have.
//!
//! Four activities make an answer.
//!
//! # Read a scenario
//!
//! A [`Scenario`] describes an organisation, its faults, its people and the strategies to compare.
//! It comes from a TOML file ([`Scenario::load`]); a [`ScenarioError`] lists everything that is
//! wrong, each at its place. The program carries one scenario with it.
//!
//! ```
//! use outlast::Scenario;
//!
//! let scenario = Scenario::embedded()?;
//! assert!(scenario.strategies.iter().any(|strategy| strategy.name == "Staging server"));
//! # Ok::<(), outlast::ScenarioError>(())
//! ```
//!
//! A [`Spec`] is the same as a plain tree of values: set one key, compile, and compare.
//!
//! ```
//! use outlast::Spec;
//!
//! let mut spec = Spec::embedded();
//! spec.set("operations.call_out", "10m")?;
//! let scenario = spec.compile()?;
//! # Ok::<(), outlast::ScenarioError>(())
//! ```
//!
//! # Play a trial
//!
//! A trial is one possible course of the horizon, usually a year, drawn from a seed. An [`Engine`]
//! plays it with one strategy and gives its [`Metrics`]. Every strategy meets the same faults in
//! the same trial, so that differences are due to the strategies.
//!
//! ```
//! use outlast::{Engine, Metric, NullObserver, Scenario, Scratch};
//!
//! let scenario = Scenario::embedded()?;
//! let engine = Engine::new(&scenario.world, &scenario.strategies[0]);
//! let (seed, trial) = (1, 0);
//! let metrics = engine.play(seed, trial, &mut Scratch::new(), &mut NullObserver);
//! assert!(metrics[Metric::DowntimeHours] <= scenario.world.horizon);
//! # Ok::<(), outlast::ScenarioError>(())
//! ```
//!
//! # Study many trials
//!
//! [`study()`] plays a range of [`Trials`] on several threads and sums them up in [`Results`]: means
//! and percentiles with their intervals, paired differences between strategies, tolerances met or
//! missed, and a recommendation. The same seed gives the same results on any number of threads.
//! [`find`] looks for the trial at a quantile of a metric, and [`trace`] tells it event by event.
//!
//! ```
//! use outlast::{Design, Metric, Scenario, Trials, study};
//! use std::sync::atomic::AtomicBool;
//!
//! let scenario = Scenario::embedded()?;
//! let trials = Trials { seed: 1, range: 0..100, threads: 2, design: Design::Plain };
//! let (confidence, stop) = (0.95, AtomicBool::new(false));
//! let results = study(&scenario, &trials, confidence, &stop).ok_or("stopped")?;
//! for strategy in &results.summary.strategies {
//!     let row = strategy.row(Metric::StaleUserHours).ok_or("no such metric")?;
//!     println!("{}: {} user-hours, p95 {}", strategy.name, row.mean, row.p95);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Ask an incident log
//!
//! An [`IncidentLog`] is a CSV file of past trouble. [`variables`] takes durations from it,
//! [`Estimate`] fits a [`Family`] of distributions to them, and [`Analysis`] compares the families
//! and tests the best. [`replay`] plays logged outages against every strategy.
//!
//! ```
//! use outlast::{Estimate, Family, IncidentLog, ReadOptions, variables};
//!
//! let log = "start,end\n2026-01-03 10:00,2026-01-03 14:00\n2026-02-01 22:00,2026-02-02 01:30\n";
//! let log = IncidentLog::read(log.as_bytes(), &ReadOptions::default())?;
//! let recovery = &variables(&log)[0];
//! assert_eq!(recovery.sample.observed(), [3.5, 4.0]);
//! let fit = Estimate::fit(Family::Exponential, &recovery.sample)?;
//! assert_eq!(fit.distribution()?.mean(), 3.75);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Conventions: a time is in hours from the start of its trial and a duration in hours unless a
//! name says otherwise; a probability is from 0 to 1; intervals are half-open. Data flows one way,
//! `scenario -> world -> engine -> study -> report`; each room imports only rooms below it. Closed
//! forms know no engine, so that they can judge it.

#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![deny(missing_debug_implementations)]

pub(crate) mod assumptions;
pub(crate) mod benchmark;
pub(crate) mod cli;
pub(crate) mod distribution;
pub(crate) mod engine;
pub(crate) mod evidence;
pub(crate) mod exact;
pub(crate) mod explore;
pub(crate) mod files;
pub(crate) mod keys;
pub(crate) mod metric;
pub(crate) mod notation;
pub mod notebook;
pub(crate) mod numeric;
pub(crate) mod report;
pub(crate) mod scenario;
pub(crate) mod sensitivity;
pub(crate) mod shards;
pub(crate) mod stats;
pub(crate) mod strategy;
pub(crate) mod study;
pub(crate) mod threads;
pub(crate) mod units;
pub(crate) mod verify;
pub(crate) mod world;

pub use assumptions::{FixedInput, Inputs, RangeSource, UncertainInput, Unit, Value, WhyFixed};
pub use cli::main;
pub use distribution::Distribution;
pub use engine::observe::NullObserver;
pub use engine::outage::Outage;
pub use engine::{Engine, Scratch};
pub use evidence::analysis::{Analysis, AnalysisOptions};
pub use evidence::fit::{Estimate, Family};
pub use evidence::log::{IncidentLog, ReadOptions, Role};
pub use evidence::sample::{Quantity, Variable, variables};
pub use keys::Setting;
pub use metric::{Metric, Metrics};
pub use report::words::trace::event;
pub use scenario::{Scenario, ScenarioError, Spec};
pub use strategy::Strategy;
pub use study::design::Design;
pub use study::player::Player;
pub use study::replay::{Draws, LoggedIncident, Replay, replay};
pub use study::results::{Results, study};
pub use study::run::Trials;
pub use study::search::{MetricQuantile, find};
pub use study::trace::trace;
pub use world::kind::Kind;

/// Parts of the program that its own tests and benchmarks measure one by one: samplers, closed
/// forms, layouts of paths that no scenario states, the schema. They run against the built library because they play millions of trials,
/// which takes minutes without optimisation. Nothing here is promised to stay.
#[doc(hidden)]
pub mod internals {
    pub use crate::benchmark::assumed::{AssumedFailures, Evidence, Span, assumed};
    pub use crate::distribution::Rng;
    pub use crate::distribution::draws::{standard_normal, uniform, unit_exponential};
    pub use crate::distribution::{DistributionError, counts, draws};
    pub use crate::engine::workload::given::{Given, GivenStoppage};
    pub use crate::evidence::assumption::Rate;
    pub use crate::evidence::goodness::distances;
    pub use crate::exact::chain::Chain;
    pub use crate::exact::k_of_n::KOfN;
    pub use crate::exact::renewal::Component;
    pub use crate::explore::{
        Explorer, Settings as ExploreSettings, State as ExploreState, Waited,
    };
    pub use crate::keys::{Assumption, Document, Json};
    pub use crate::report::charts::{Run, pictures};
    pub use crate::report::page::Page;
    pub use crate::report::pictures::files;
    pub use crate::report::sources::Sources;
    pub use crate::scenario::{DEFAULT, schema};
    pub use crate::shards::Store;
    pub use crate::stats::quantiles::EXACT_LIMIT;
    pub use crate::stats::{Interval, Moments};
    pub use crate::strategy::layout::{Layout, Path};
    pub use crate::study::compare::difference;
    pub use crate::study::decide::{DecisionReason, risk_metric};
    pub use crate::study::partial::Partial;
    pub use crate::study::run::{Unwatched, run};
    pub use crate::study::stopping::{Goal, GoalOutcome, Precision, StoppingRule, run_to};
    pub use crate::study::timeline::timeline_at;
    pub use crate::study::verdict::Compliance;
    pub use crate::study::when::harm_by_hour;
    pub use crate::world::World;
    pub use crate::world::fault::Onsets;
    pub use crate::world::rates::Rates;
    pub use crate::world::service::Service;
}
