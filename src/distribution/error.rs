//! Why a distribution is refused.

use super::{is_duration, is_positive};
use crate::units::show_duration;

/// Why the parameters do not make a distribution. Every predicate is true of NaN.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DistributionError {
    /// `value` is not finite and zero or more; hours.
    #[error("the {name} is {value} hours; it must be a duration of zero or more")]
    NotADuration {
        /// Which parameter.
        name: &'static str,
        /// What was given.
        value: f64,
    },
    /// `value` is not finite and above zero; a pure number.
    #[error("the {name} is {value}; it must be a number above 0")]
    NotPositive {
        /// Which parameter.
        name: &'static str,
        /// What was given.
        value: f64,
    },
    /// `value` is not finite and zero or more; a pure number.
    #[error("the {name} is {value}; it must be 0 or more")]
    Negative {
        /// Which parameter.
        name: &'static str,
        /// What was given.
        value: f64,
    },
    /// `value` is not finite.
    #[error("the {name} is {value}; it must be a finite number")]
    NotFinite {
        /// Which parameter.
        name: &'static str,
        /// What was given.
        value: f64,
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
        "the {name} of a lognormal law cannot be zero while its 95 % point is {}; \
         give a small duration such as 1s, or a uniform law",
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

/// Refuses what is not finite and zero or more, hours.
pub(super) fn check_duration(name: &'static str, value: f64) -> Result<(), DistributionError> {
    if is_duration(value) { Ok(()) } else { Err(DistributionError::NotADuration { name, value }) }
}

/// Refuses what is not finite and above zero, a pure number.
pub(super) fn check_positive(name: &'static str, value: f64) -> Result<(), DistributionError> {
    if is_positive(value) { Ok(()) } else { Err(DistributionError::NotPositive { name, value }) }
}
