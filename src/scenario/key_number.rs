//! A key as a number: what its number means, and what is set for another.

use crate::distribution::Distribution;
use crate::keys::{Assumption, Quantity, Range, Setting};
use std::sync::Arc;

/// The number of a key, as it is assumed.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyNumber {
    /// A number, with what is allowed.
    Number(f64, Range),
    /// A probability.
    Probability(f64),
    /// A whole number, with the least and the most that are allowed.
    Whole(f64, [u64; 2]),
    /// Hours: of a duration, and of a distribution of which every draw is the same.
    Hours(f64),
    /// The times of a distribution, whose number is a factor of them: 1 as assumed.
    Times(Arc<Distribution>),
}

impl KeyNumber {
    /// The number of a key; none of words, switches and lists.
    pub fn of(assumption: &Assumption) -> Option<KeyNumber> {
        match (assumption.quantity, &assumption.distribution) {
            (_, Some(distribution)) => Some(match distribution.constant() {
                Some(hours) => KeyNumber::Hours(hours),
                None => KeyNumber::Times(distribution.clone()),
            }),
            (Quantity::Number(number, allowed), None) => Some(KeyNumber::Number(number, allowed)),
            (Quantity::Probability(share), None) => Some(KeyNumber::Probability(share)),
            (Quantity::Whole(whole, allowed), None) => {
                Some(KeyNumber::Whole(whole as f64, allowed))
            }
            (Quantity::Duration(hours), None) => {
                hours.is_finite().then_some(KeyNumber::Hours(hours))
            }
            (Quantity::Fixed | Quantity::Choice | Quantity::Distribution(_), None) => None,
        }
    }

    /// The number that is assumed.
    pub fn assumed(&self) -> f64 {
        match self {
            KeyNumber::Number(number, _)
            | KeyNumber::Probability(number)
            | KeyNumber::Whole(number, _)
            | KeyNumber::Hours(number) => *number,
            KeyNumber::Times(_) => 1.0,
        }
    }

    /// What is set for another number.
    pub fn setting(&self, number: f64) -> Setting {
        match self {
            KeyNumber::Number(..) | KeyNumber::Probability(_) => Setting::from(number),
            KeyNumber::Whole(..) => Setting::Toml(format!("{number:.0}")),
            KeyNumber::Hours(_) => Setting::from(Distribution::constant_of(number)),
            // To the bit what is assumed, and not what scaling by 1 makes of it.
            KeyNumber::Times(times) if number == 1.0 => Setting::from((**times).clone()),
            KeyNumber::Times(times) => Setting::from(times.scaled(number.max(0.0))),
        }
    }

    /// What is set for so many times what is assumed; none of what has no times.
    pub fn times(&self, factor: f64) -> Option<Setting> {
        match self {
            KeyNumber::Hours(hours) => Some(self.setting(factor * hours)),
            KeyNumber::Times(_) => Some(self.setting(factor)),
            _ => None,
        }
    }
}
