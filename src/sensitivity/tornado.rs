//! One assumption at a time, from the 5 % to the 95 % point of its range, over common worlds.

use super::common::{Course, Quantity, Worlds};
use super::model::Outlook;
use super::sample::Assumptions;
use crate::scenario::{ScenarioError, Spec};
use crate::threads::each;
use std::sync::{Mutex, PoisonError};

/// What a change of one assumption does.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The coordinate that is moved.
    pub coordinate: usize,
    /// Where to, as a quantile of the range.
    pub to: f64,
    /// The change of the quantity, with its standard error.
    pub change: (f64, f64),
    /// What is then known of every strategy.
    pub outlook: Outlook,
}

/// What is known where every assumption has its guess.
#[derive(Debug)]
pub struct Base<'a> {
    /// The scenario with every guess.
    pub spec: &'a Spec,
    /// The point of the guesses.
    pub point: &'a [f64],
    /// What is known there.
    pub known: &'a Outlook,
    /// What the trials give there.
    pub before: &'a Course,
}

/// Moves single coordinates, each to a value.
///
/// # Errors
/// A value contradicts others.
pub fn moved(
    assumptions: &impl Assumptions,
    base: &Base<'_>,
    worlds: &Worlds,
    moves: &[(usize, f64)],
    quantity: Quantity,
) -> Result<Vec<Moved>, ScenarioError> {
    // Compiling remembers what it read, so that every thread needs a copy of its own.
    let spec = Mutex::new(base.spec.clone());
    let alone = Worlds { threads: 1, ..worlds.clone() };
    let one = |at: usize| {
        let (coordinate, to) = moves[at];
        let mut own = spec.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut point = base.point.to_vec();
        point[coordinate] = to;
        let scenario = assumptions.moved(&mut own, &point, coordinate)?;
        let course = alone.play(&scenario);
        Ok(Moved {
            coordinate,
            to,
            change: course.change(base.before, quantity),
            outlook: course.outlook(base.before, base.known),
        })
    };
    each(moves.len(), worlds.threads, one).into_iter().collect()
}
