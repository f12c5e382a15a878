//! At what value of one assumption another strategy becomes the choice, all others at their guess.

use super::common::{Course, Worlds};
use super::model::{Model, Outlook, cost};
use super::sample::{Assumptions, Prices};
use crate::metric::Metric;
use crate::numeric::{normal_cdf, normal_quantile};
use crate::scenario::{Scenario, ScenarioError, Spec};

/// What is known where every assumption has its guess.
#[derive(Debug)]
pub struct Guess {
    /// The point of the guesses.
    pub point: Vec<f64>,
    /// What each strategy costs there, and its room under each tolerance.
    pub outlook: Outlook,
    /// By strategy: the mean of every metric.
    pub means: Vec<[f64; Metric::ALL.len()]>,
}

/// A value at which the choice changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// The coordinate that is moved.
    pub coordinate: usize,
    /// Its value, as a quantile of the range.
    pub at: f64,
    /// The choice at the guess.
    pub from: Option<usize>,
    /// The choice beyond; none where no strategy keeps every tolerance.
    pub to: Option<usize>,
    /// What that choice costs there, on average.
    pub cost: Option<f64>,
}

/// How far from the guess: in standard deviations of the range.
fn distance(from: f64, to: f64) -> f64 {
    (normal_quantile(to) - normal_quantile(from)).abs()
}

impl Flip {
    /// How far it is from the guess, in standard deviations of the range.
    pub fn distance(&self, guess: &Guess) -> f64 {
        distance(guess.point[self.coordinate], self.at)
    }
}

/// How much is missing until another strategy is the choice: below 0 one is. Money counts as a part
/// of the choice's cost, room as it is.
fn margin(outlook: &Outlook, choice: Option<usize>) -> f64 {
    let all = 0..outlook.costs.len();
    let Some(chosen) = choice else {
        // None keeps its tolerances: how much the best one lacks.
        return all.map(|s| -outlook.room(s)).fold(f64::INFINITY, f64::min);
    };
    let own = outlook.costs[chosen];
    let unit = own.abs().max(f64::MIN_POSITIVE);
    let rival = |other: usize| ((outlook.costs[other] - own) / unit).max(-outlook.room(other));
    let rivals = all.filter(|&other| other != chosen).map(rival);
    rivals.fold(outlook.room(chosen), f64::min)
}

/// How a coordinate is tried.
pub struct Search<'a, A> {
    /// The scenario with every guess.
    pub spec: &'a Spec,
    /// Where points lead.
    pub assumptions: &'a A,
    /// What is known there.
    pub guess: &'a Guess,
    /// The trials that are played for a change.
    pub worlds: Worlds,
    /// What they give at the guess.
    pub before: &'a Course,
}

/// Evaluations after the first at an end of a range.
const STEPS: usize = 3;

impl<A: Assumptions> Search<'_, A> {
    /// The point of the guesses with one coordinate moved.
    pub fn moved(&self, coordinate: usize, to: f64) -> Vec<f64> {
        let mut point = self.guess.point.clone();
        point[coordinate] = to;
        point
    }

    /// What is known at a value of a coordinate.
    ///
    /// # Errors
    /// The value contradicts others.
    pub fn outlook(&self, coordinate: usize, at: f64) -> Result<Outlook, ScenarioError> {
        let mut spec = self.spec.clone();
        let scenario =
            self.assumptions.moved(&mut spec, &self.moved(coordinate, at), coordinate)?;
        Ok(self.worlds.play(&scenario).outlook(self.before, &self.guess.outlook))
    }

    /// The same where prices alone are others: exact, without a trial.
    pub fn priced(&self, prices: &Prices) -> Outlook {
        let of = |strategy: usize| {
            cost(prices, strategy, |metric| self.guess.means[strategy][metric as usize])
        };
        let costs = (0..self.guess.means.len()).map(of).collect();
        Outlook { costs, rooms: self.guess.outlook.rooms.clone() }
    }

    /// How much would be missing to a flip at a value of a coordinate by what a regression expects of
    /// the change; prices stay as they are.
    pub fn promise(&self, model: &Model, scenario: &Scenario, coordinate: usize, at: f64) -> f64 {
        let prices = Prices::new(scenario);
        let outlook = |point: &[f64]| model.outlook(0, &model.basis.row(point), &prices);
        let (here, there) = (outlook(&self.guess.point), outlook(&self.moved(coordinate, at)));
        let mut expected = self.guess.outlook.clone();
        let changes = there.costs.iter().zip(&here.costs);
        expected.costs.iter_mut().zip(changes).for_each(|(cost, (b, a))| *cost += b - a);
        let rooms = there.rooms.iter().flatten().zip(here.rooms.iter().flatten());
        let own = expected.rooms.iter_mut().flatten();
        own.zip(rooms).for_each(|(room, (b, a))| *room += b - a);
        margin(&expected, self.guess.outlook.choice())
    }

    /// Looks for a flip between the guess and `end`: with it, a value beyond it that was played.
    ///
    /// # Errors
    /// A value contradicts others.
    pub fn towards(
        &self,
        coordinate: usize,
        end: f64,
        outlook: impl Fn(f64) -> Result<Outlook, ScenarioError>,
    ) -> Result<Option<(Flip, f64)>, ScenarioError> {
        let from = self.guess.outlook.choice();
        let start = normal_quantile(self.guess.point[coordinate]);
        let beyond = outlook(end)?;
        let mut to = beyond.choice();
        let mut cost = to.map(|to| beyond.costs[to]);
        if to == from {
            return Ok(None);
        }
        // The margin falls from above 0 at `near` to below 0 at `far`: the regula falsi of Illinois
        // (Dowell and Jarratt 1971, BIT 11).
        let (mut near, mut far) = (start, normal_quantile(end));
        let mut here = margin(&self.guess.outlook, from).max(0.0);
        let mut there = margin(&beyond, from).min(0.0);
        let mut kept = 0;
        for _ in 0..STEPS {
            let whole = here - there;
            let share = if whole > 0.0 { here / whole } else { 0.5 };
            let middle = near + (far - near) * share.clamp(0.05, 0.95);
            let outlook = outlook(normal_cdf(middle))?;
            if outlook.choice() == from {
                (near, here) = (middle, margin(&outlook, from).max(0.0));
                there *= if kept == 1 { 0.5 } else { 1.0 };
                kept = 1;
            } else {
                (far, there) = (middle, margin(&outlook, from).min(0.0));
                to = outlook.choice();
                cost = to.map(|to| outlook.costs[to]);
                here *= if kept == -1 { 0.5 } else { 1.0 };
                kept = -1;
            }
        }
        let whole = here - there;
        let share = if whole > 0.0 { here / whole } else { 0.5 };
        let at = normal_cdf(near + (far - near) * share);
        Ok(Some((Flip { coordinate, at, from, to, cost }, normal_cdf(far))))
    }

    /// The flip with the choice beyond it among all strategies, of which this search plays all; none
    /// where the choice stays what it was.
    ///
    /// # Errors
    /// A value contradicts others.
    pub fn confirm(&self, flip: Flip, beyond: f64) -> Result<Option<Flip>, ScenarioError> {
        let outlook = self.outlook(flip.coordinate, beyond)?;
        let to = outlook.choice();
        let cost = to.map(|to| outlook.costs[to]);
        Ok((to != flip.from).then_some(Flip { to, cost, ..flip }))
    }
}
