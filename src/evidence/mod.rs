//! What incident logs say: how long recovery takes, how far apart failures are, and how sure that
//! is.
//!
//! A [`log`] is read row by row; its durations become a [`Sample`](sample::Sample), complete or
//! known only to be at least so long; [`fit`] finds the distribution of each family by maximum
//! likelihood and compares them; [`goodness`] asks whether the best is any good; [`trend`] whether
//! one distribution can describe a log that drifts; [`judgement`] says which fit to use; [`backtest`]
//! checks on the second half of a log what the first half foretold; and [`assumption`] holds what
//! somebody assumed against a log.
//!
//! No outage is simulated here and no scenario read: a fit gives a
//! [`Distribution`](crate::distribution::Distribution), and what a scenario would say to it.

pub mod analysis;
pub mod assumption;
pub mod backtest;
#[cfg(test)]
mod coverage_tests;
pub mod fit;
pub mod fitted;
pub mod goodness;
pub mod judgement;
pub mod log;
pub mod sample;
mod substreams;
pub mod trend;
pub mod uncertainty;
