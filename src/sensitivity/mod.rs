//! What an answer hangs on: which assumptions matter, at what value the choice flips, how likely a
//! strategy is to be the choice when nobody knows the assumptions, and which of them is worth
//! measuring.
//!
//! A [`design`] lays points into the unit cube, one coordinate for each independent input, and a
//! [`sample`] plays a few trials of every strategy at each. A [`regression`] on the functions of a
//! [`basis`] turns many noisy points into what each strategy does at any point. Everything else asks
//! that.
//!
//! What never enters: how an input got its range, files, terminals, pictures.

pub mod acceptability;
pub mod asked;
pub mod basis;
pub mod choice_indices;
pub mod common;
pub mod design;
pub mod flips;
#[cfg(test)]
mod followed;
pub mod ground;
pub mod guess;
pub mod indices;
pub mod information;
pub mod known;
pub mod learning;
pub mod misfit;
pub mod model;
pub mod options;
pub mod prices;
pub mod regression;
pub mod remedies;
pub mod robustness;
pub mod sample;
pub mod sobol;
pub mod study;
pub mod tornado;
#[cfg(test)]
mod truth;
