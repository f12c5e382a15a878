//! What a family of distributions is told by: its name and its parameters.
//!
//! Each family declares itself in its own file. Names and kinds only: how a distribution is written
//! in a file is no business of this room.

pub use super::parameter::Parameter;
use super::{Distribution, DistributionError};
use crate::units::round_duration;

impl Parameter {
    /// Refuses a value that the parameter `name` may not have.
    pub(super) fn check(self, name: &'static str, value: f64) -> Result<(), DistributionError> {
        let refused = DistributionError::NotAllowed { name, value, wanted: self };
        if self.allows(value) { Ok(()) } else { Err(refused) }
    }
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

impl Parameters {
    /// Parameters in no order.
    pub(super) const fn of(
        named: &'static [(&'static str, Parameter)],
        make: fn(&[f64]) -> Result<Distribution, DistributionError>,
    ) -> Parameters {
        Parameters { named, ascending: false, make }
    }

    /// Parameters that must ascend.
    pub(super) const fn ascending(
        named: &'static [(&'static str, Parameter)],
        make: fn(&[f64]) -> Result<Distribution, DistributionError>,
    ) -> Parameters {
        Parameters { named, ascending: true, make }
    }
}

/// The parameters of the families with a scale and a shape.
pub(super) const SCALE_AND_SHAPE: &[(&str, Parameter)] =
    &[("scale", Parameter::PositiveDuration), ("shape", Parameter::PositiveNumber)];

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

impl ParametricFamily {
    /// The distribution of these figures, the durations among them rounded; none if they are no set of
    /// the family's parameters.
    pub(super) fn rounded(&self, figures: &[(&str, f64)]) -> Option<Distribution> {
        let names = || figures.iter().map(|(name, _)| *name);
        let is_it = |set: &&Parameters| set.named.iter().map(|(name, _)| *name).eq(names());
        let set = self.parameters.iter().find(is_it)?;
        let values = set.named.iter().zip(figures).map(|((_, kind), (_, value))| {
            if kind.is_duration() { round_duration(*value) } else { *value }
        });
        (set.make)(&values.collect::<Vec<f64>>()).ok()
    }
}
