//! Why a distribution is refused.

use super::parameter::Parameter;
use crate::units::show_duration;

/// Why the parameters do not make a distribution. Every predicate is true of NaN.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DistributionError {
    /// `value` is not what the parameter must be.
    #[error("the {name} is {value}{}", wanted.demand())]
    NotAllowed {
        /// Which parameter.
        name: &'static str,
        /// What was given.
        value: f64,
        /// What it must be.
        wanted: Parameter,
    },
    /// `upper < lower`; hours.
    #[error(
        "the {upper_name} ({}) is below the {lower_name} ({}); it must not be smaller",
        show_duration(*upper), show_duration(*lower)
    )]
    OutOfOrder {
        /// Which parameter should be the smaller one.
        lower_name: &'static str,
        /// Its value.
        lower: f64,
        /// Which parameter should be the larger one.
        upper_name: &'static str,
        /// Its value.
        upper: f64,
    },
    /// A lognormal distribution whose lower figure is zero and whose upper figure is not.
    #[error(
        "the {name} of a lognormal distribution cannot be zero while its 95 % point is {}; \
         give a small duration such as 1s, or a uniform distribution",
        show_duration(*p95)
    )]
    TouchesZero {
        /// Which parameter is zero.
        name: &'static str,
        /// The 95 % point, hours.
        p95: f64,
    },
    /// An empirical distribution without a value.
    #[error("the list of durations is empty; it must hold at least one")]
    NoValues,
    /// A mixture in which no weight is above zero.
    #[error("no weight of the mixture is above 0; at least one must be")]
    NoWeight,
    /// `P(X <= max) < 1e-6`.
    #[error(
        "the maximum ({}) leaves almost nothing of the distribution: a share of {probability:.1e}; \
         it must be at least {} (one in a million)",
        show_duration(*max), show_duration(*least)
    )]
    AlmostNothingLeft {
        /// The maximum asked for, hours.
        max: f64,
        /// `P(X <= max)`.
        probability: f64,
        /// The smallest maximum that would be taken, hours.
        least: f64,
    },
}
