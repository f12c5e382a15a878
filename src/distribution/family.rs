//! What a family of distributions is told by: its name and its parameters.
//!
//! Each family declares itself in its own file. Names and kinds only: how a distribution is written
//! in a file is no business of this room.

use super::{Distribution, DistributionError};

/// What a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// A duration above 0.
    PositiveDuration,
    /// A duration of 0 or more.
    Duration,
    /// A number above 0.
    PositiveNumber,
    /// Any number.
    Number,
}

/// Parameters that give a distribution of a family.
#[derive(Debug)]
pub struct Parameters {
    /// Names and kinds, in the order in which `make` takes them.
    pub named: &'static [(&'static str, Parameter)],
    /// Whether the first must be below the last, and all others lie between (both included).
    pub ascending: bool,
    /// Makes the distribution of the values.
    pub make: fn(&[f64]) -> Result<Distribution, DistributionError>,
}

/// The parameters of the families between two bounds with a mode.
pub(super) const THREE_POINTS: &[(&str, Parameter)] =
    &[("min", Parameter::Duration), ("mode", Parameter::Duration), ("max", Parameter::Duration)];

/// A family whose distributions are told by a few figures.
#[derive(Debug)]
pub struct ParametricFamily {
    /// Its key in files: `inverse_gaussian`.
    pub name: &'static str,
    /// The sets of parameters, of which one is to be given.
    pub parameters: &'static [Parameters],
    /// Whether it can be fitted to a log.
    pub fitted: bool,
}
