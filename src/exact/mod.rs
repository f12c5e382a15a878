//! Closed forms: what theory says of systems simple enough for it.
//!
//! They stand beside simulated figures in reports and judge them in tests. So nothing here knows
//! the engine, a scenario or a file: a system is described by its numbers. [`renewal`] holds
//! components that fail and are repaired, [`k_of_n`] systems with components to spare; [`fixed`] holds
//! outages at known times, [`chain`] any system of a few states.

pub mod chain;
pub mod fixed;
pub mod k_of_n;
pub mod renewal;
