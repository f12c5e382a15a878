//! What kinds of quantities keys have, and what may be stated of how sure one is.

use super::range::Range;

/// What kind of quantity a form reads, with the value: it decides how the value may vary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// A name or a setting of the program: nothing that may be off.
    Fixed,
    /// One of several values without order.
    Choice,
    /// A number.
    Number(f64, Range),
    /// A whole number, with the least and the most that are allowed.
    Whole(u64, [u64; 2]),
    /// A probability.
    Probability(f64),
    /// A duration, hours.
    Duration(f64),
    /// A distribution of durations; `true` where it is always the same duration.
    Distribution(bool),
}

impl Quantity {
    /// The value where it is one number; of a duration its hours.
    pub fn number(self) -> Option<f64> {
        match self {
            Quantity::Number(number, _)
            | Quantity::Probability(number)
            | Quantity::Duration(number) => Some(number),
            Quantity::Whole(whole, _) => Some(whole as f64),
            Quantity::Fixed | Quantity::Choice | Quantity::Distribution(_) => None,
        }
    }
}

/// How sure a value is, as a key states it.
#[derive(Debug, Clone, PartialEq)]
pub enum Uncertainty {
    /// The 5 % and 95 % points of the value; hours of a duration.
    Range([f64; 2]),
    /// Those of a factor of the value, or of the times of a distribution.
    Factor([f64; 2]),
    /// Values that it may have instead, as TOML, and the weight of each, that of the guess first.
    Others(Vec<String>, Vec<f64>),
}
