//! What a parameter of a distribution may be.

/// What a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// A duration above 0.
    PositiveDuration,
    /// A duration of 0 or more.
    Duration,
    /// A number above 0.
    PositiveNumber,
    /// A number of 0 or more.
    NonNegativeNumber,
    /// Any number.
    Number,
}

impl Parameter {
    /// Whether it is in hours; a pure number otherwise.
    pub fn is_duration(self) -> bool {
        matches!(self, Parameter::Duration | Parameter::PositiveDuration)
    }

    /// Whether the parameter may have this value; never infinite, never NaN.
    pub(super) fn allows(self, value: f64) -> bool {
        value.is_finite()
            && match self {
                Parameter::PositiveDuration | Parameter::PositiveNumber => value > 0.0,
                Parameter::Duration | Parameter::NonNegativeNumber => value >= 0.0,
                Parameter::Number => true,
            }
    }

    /// What follows the value in a message: its unit, and what it must be.
    pub(super) fn demand(self) -> &'static str {
        match self {
            Parameter::PositiveDuration => " hours; it must be a duration above zero",
            Parameter::Duration => " hours; it must be a duration of zero or more",
            Parameter::PositiveNumber => "; it must be a number above 0",
            Parameter::NonNegativeNumber => "; it must be 0 or more",
            Parameter::Number => "; it must be a finite number",
        }
    }
}
