//! Which numbers a key takes.

use super::digits::spelled;

/// Which numbers are allowed. None allows `nan` or `inf`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Any finite number.
    Any,
    /// Above 0.
    Positive,
    /// 0 or more.
    NonNegative,
    /// From the first to the second, both included.
    Between(f64, f64),
}

impl Range {
    /// Whether `number` is finite and allowed.
    pub fn contains(self, number: f64) -> bool {
        number.is_finite()
            && match self {
                Range::Any => true,
                Range::Positive => number > 0.0,
                Range::NonNegative => number >= 0.0,
                Range::Between(low, high) => (low..=high).contains(&number),
            }
    }

    /// What to write instead of a number that is not allowed.
    pub(super) fn help(self, number: f64) -> String {
        if !number.is_finite() {
            return "write a finite number".to_owned();
        }
        match self {
            Range::Any => String::new(),
            Range::Positive => "write a number above 0".to_owned(),
            Range::NonNegative => "the least is 0".to_owned(),
            Range::Between(low, _) if number < low => format!("the least is {}", spelled(low)),
            Range::Between(_, high) => format!("the most is {}", spelled(high)),
        }
    }
}
