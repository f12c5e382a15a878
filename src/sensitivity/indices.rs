//! Sobol indices of a scenario's results: of what decides, of every tolerance of the choice, and of
//! the choice itself.
//!
//! Total indices are played for only where they may matter: the inputs that a regression finds
//! strongest each have points at which they are drawn anew, and all others are drawn anew together.
//! The total of these others as one bounds the total of each of them.

use super::asked;
use super::basis::Basis;
use super::common::{Quantity, halves};
use super::design::Points;
use super::model::Model;
use super::prices::PriceList;
use super::regression::{self, Estimate, Fit, Jackknife};
use super::sample::{Assumptions, Effort, PointResult, play};
use super::sobol::{Change, Halves, Variance, expected, first_order, part, total};
use crate::assumptions::Inputs;
use crate::engine::Scratch;
use crate::numeric::normal_deviate;
use crate::scenario::{Scenario, ScenarioError, Spec};
use crate::stats::Interval;
use crate::threads::each;
use std::sync::{Mutex, PoisonError};

/// The first trial that is played for a change: far from those of the sample.
const FIRST_CHANGED: u64 = 1 << 41;
/// Points at which the choice is asked again with a coordinate drawn anew.
const CHOICE_POINTS: usize = 512;

/// What indices are of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Subject {
    /// A number of a strategy, or of two.
    Quantity(Quantity),
    /// Whether this strategy is the choice.
    Choice(usize),
}

/// Indices of one result.
#[derive(Debug)]
pub struct Indices {
    /// What they are of.
    pub subject: Subject,
    /// Its variance over the ranges, without the noise of the simulation.
    pub variance: Estimate,
    /// By coordinate.
    pub rows: Vec<Index>,
}

/// Indices of one coordinate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Index {
    /// The coordinate.
    pub coordinate: usize,
    /// The share of the variance that it makes alone.
    pub first: Estimate,
    /// The share that it makes alone and with others.
    pub total: Estimate,
}

/// What there is to work with.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The run.
    pub asked: asked::Asked<'a>,
    /// What varies.
    pub inputs: &'a Inputs,
    /// Where the points come from.
    pub design: Points,
    /// How they were played.
    pub effort: &'a Effort,
    /// The points.
    pub points: &'a [Vec<f64>],
    /// What they gave.
    pub results: &'a [PointResult],
    /// The regression of that.
    pub model: &'a Model,
    /// What is paid anywhere.
    pub prices: &'a PriceList,
    /// By point, by fit: the choice.
    pub choices: &'a [Vec<usize>],
    /// What indices are asked of.
    pub quantities: Vec<Quantity>,
    /// The choice at the guess.
    pub choice: Option<usize>,
    /// Blocks of points.
    pub blocks: usize,
    /// Points at which a coordinate is drawn anew.
    pub pairs: u64,
    /// Trials on both sides of that, a multiple of eight.
    pub pair_trials: u64,
    /// Coordinates for which that is played.
    pub most: usize,
    /// Confidence of intervals.
    pub confidence: f64,
}

/// All indices.
///
/// # Errors
/// Values within the ranges contradict each other.
pub fn indices(asked: Asked<'_>) -> Result<Vec<Indices>, ScenarioError> {
    let Asked { results, points, model, blocks, confidence, .. } = asked;
    let both: Vec<Vec<Halves>> = asked
        .quantities
        .iter()
        .map(|quantity| results.iter().map(|result| halves(result, *quantity)).collect())
        .collect();
    let row = |at: usize| -> Vec<f64> {
        let quantities = both.iter().map(|of| f64::midpoint(of[at][0], of[at][1]));
        let is_choice = asked.choice.map(|choice| asked.choices[at][0] == choice);
        quantities.chain(is_choice.map(|is| f64::from(u8::from(is)))).collect()
    };
    let rows: Vec<Vec<f64>> = (0..points.len()).map(row).collect();
    let threads = asked.asked.threads;
    let Some(fits) = regression::fit(&model.basis, points, &rows, blocks, threads) else {
        return Ok(Vec::new());
    };
    let shrunk = fits.shrunk();
    let strongest = strongest(&model.basis, &shrunk.whole, asked.quantities.len(), asked.most);
    let changes = changes(&asked, &shrunk, &strongest)?;
    let functions = each(points.len(), threads, |at| model.basis.row(&points[at]));
    let mut all = Vec::new();
    for (at, quantity) in asked.quantities.iter().enumerate() {
        let known = expected(&shrunk, at, &functions);
        let variance = Variance::controlled(&both[at], &known, blocks);
        let first = first_order(&model.basis, &fits, at, &variance, confidence);
        let totals: Vec<Estimate> =
            changes.iter().map(|changes| total(&changes[at], &variance, confidence)).collect();
        let rest = totals.last().map_or(1.0, |rest| rest.interval.high);
        let of = |(coordinate, first): (usize, &Estimate)| {
            let place = strongest.iter().position(|strong| *strong == coordinate);
            let own = part(&model.basis, &shrunk.whole, at, |other| other == coordinate);
            let bound = Estimate {
                value: (own / variance.estimate(confidence).value).clamp(0.0, rest),
                interval: Interval { low: 0.0, high: rest },
            };
            Index { coordinate, first: *first, total: place.map_or(bound, |place| totals[place]) }
        };
        all.push(Indices {
            subject: Subject::Quantity(*quantity),
            variance: variance.estimate(confidence),
            rows: first.iter().enumerate().map(of).collect(),
        });
    }
    if let Some(choice) = asked.choice {
        all.push(of_choice(&asked, &fits, choice, &rows));
    }
    Ok(all)
}

/// The coordinates with the greatest part of any of these results.
fn strongest(basis: &Basis, fit: &Fit, results: usize, most: usize) -> Vec<usize> {
    let strength = |coordinate: usize| {
        let share = |result: usize| {
            let whole: f64 = fit.coefficients[result][1..].iter().map(|value| value * value).sum();
            let own = part(basis, fit, result, |other| other == coordinate);
            if whole > 0.0 { own / whole } else { 0.0 }
        };
        (0..results).map(share).fold(0.0, f64::max)
    };
    let mut order: Vec<(usize, f64)> =
        (0..basis.axes.len()).map(|coordinate| (coordinate, strength(coordinate))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    order.into_iter().take(most).map(|(coordinate, _)| coordinate).collect()
}

/// The strategies that some quantities are about, and the quantities as they are where only those are
/// played.
fn only_needed(quantities: &[Quantity]) -> (Vec<usize>, Vec<Quantity>) {
    let mut needed: Vec<usize> =
        quantities.iter().flat_map(|one| std::iter::once(one.of).chain(one.less)).collect();
    needed.sort_unstable();
    needed.dedup();
    let place = |strategy: usize| needed.iter().position(|one| *one == strategy);
    let own = |one: &Quantity| Quantity {
        of: place(one.of).unwrap_or_default(),
        less: one.less.and_then(place),
        ..*one
    };
    let quantities = quantities.iter().map(own).collect();
    (needed, quantities)
}

/// What drawing each of the strongest coordinates anew does to every quantity, and then all others
/// together: by coordinate, by quantity. Both sides of a change are played for this, with more trials
/// than the sample has for a point, but only with the strategies that the quantities are about.
fn changes(
    asked: &Asked<'_>,
    fits: &Jackknife,
    strongest: &[usize],
) -> Result<Vec<Vec<Vec<Change>>>, ScenarioError> {
    let Asked { inputs, design, effort, points, model, .. } = asked;
    let spec = Mutex::new(asked.asked.spec.clone());
    let pairs = (asked.pairs as usize).min(points.len());
    let (blocks, many) = (asked.blocks, asked.pair_trials);
    let (needed, wanted) = only_needed(&asked.quantities);
    let quantities = wanted.len();
    let is_rest = |coordinate: usize| !strongest.contains(&coordinate);
    let one = |pair: usize| -> Result<Vec<Vec<Change>>, ScenarioError> {
        // Spread over all blocks; the fraction keeps clear of the slices of one block.
        let at = pair * points.len() / pairs;
        let fit = &fits.without[at * blocks / points.len()];
        let here = model.basis.row(&points[at]);
        let mut own = spec.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut scratch = Scratch::new();
        let first = FIRST_CHANGED + at as u64 * many;
        let trials = first..first + many;
        let read = |scratch: &mut Scratch, mut scenario: Scenario| -> Vec<Halves> {
            let mut at = 0..;
            scenario.strategies.retain(|_| at.next().is_some_and(|at| needed.contains(&at)));
            let result = play(&scenario, effort.seed, trials.clone(), scratch);
            wanted.iter().map(|quantity| halves(&result, *quantity)).collect()
        };
        let old = read(&mut scratch, inputs.at(&mut own, &points[at])?);
        let change = |scratch: &mut Scratch, spec: &mut Spec, drawn: &[usize]| {
            let mut point = points[at].clone();
            drawn.iter().for_each(|&c| point[c] = design.anew(at as u64, c));
            let scenario = match drawn {
                [only] => inputs.moved(spec, &point, *only)?,
                _ => inputs.at(spec, &point)?,
            };
            let new = read(scratch, scenario);
            if let [only] = drawn {
                inputs.moved(spec, &points[at], *only)?;
            }
            let there = model.basis.row(&point);
            let of = |quantity: usize| Change {
                halves: [0, 1].map(|half| new[quantity][half] - old[quantity][half]),
                expected: fit.at(quantity, &there) - fit.at(quantity, &here),
                expected_part: part(&model.basis, fit, quantity, |c| drawn.contains(&c)),
            };
            Ok::<Vec<Change>, ScenarioError>((0..quantities).map(of).collect())
        };
        let mut all = Vec::new();
        for coordinate in strongest {
            all.push(change(&mut scratch, &mut own, &[*coordinate])?);
        }
        let rest: Vec<usize> = (0..inputs.dimensions()).filter(|c| is_rest(*c)).collect();
        if !rest.is_empty() {
            all.push(change(&mut scratch, &mut own, &rest)?);
        }
        Ok(all)
    };
    let played = each(pairs, asked.asked.threads, one);
    let played = played.into_iter().collect::<Result<Vec<_>, ScenarioError>>()?;
    Ok(turned(&played, quantities))
}

/// By group of coordinates and quantity, what was by point.
fn turned(played: &[Vec<Vec<Change>>], quantities: usize) -> Vec<Vec<Vec<Change>>> {
    let groups = played.first().map_or(0, Vec::len);
    let of = |group: usize| {
        let quantity = |quantity: usize| played.iter().map(|p| p[group][quantity]).collect();
        (0..quantities).map(quantity).collect()
    };
    (0..groups).map(of).collect()
}

/// Whether the choice is this strategy: known at every point, without noise, by the model.
fn of_choice(asked: &Asked<'_>, fits: &Jackknife, choice: usize, rows: &[Vec<f64>]) -> Indices {
    let Asked { inputs, design, points, model, prices, blocks, confidence, choices, .. } = asked;
    let result = asked.quantities.len();
    let known: Vec<Halves> = rows.iter().map(|row| [row[result]; 2]).collect();
    let variance = Variance::new(&known, *blocks);
    let first = first_order(&model.basis, fits, result, &variance, *confidence);
    let step = points.len().div_ceil(CHOICE_POINTS);
    let judged: Vec<usize> = (0..points.len()).step_by(step.max(1)).collect();
    let totals = each(inputs.dimensions(), asked.asked.threads, |coordinate| {
        let changed = |&at: &usize| -> Vec<bool> {
            let mut point = points[at].clone();
            point[coordinate] = design.anew(at as u64, coordinate);
            let (row, paid) = (model.basis.row(&point), prices.at(inputs, &point));
            let is = |fit: usize| model.outlook(fit, &row, &paid).choice() == Some(choice);
            (0..model.fits()).map(|fit| is(fit) != (choices[at][fit] == choice)).collect()
        };
        let changed: Vec<Vec<bool>> = judged.iter().map(changed).collect();
        let part = |fit: usize| {
            let count = changed.iter().filter(|fits| fits[fit]).count();
            0.5 * count as f64 / changed.len() as f64
        };
        let without: Vec<f64> = (1..model.fits()).map(part).collect();
        (part(0), Estimate::jackknife(part(0), &without, *confidence), changed.len() as f64)
    });
    let whole = variance.estimate(*confidence);
    let total = |(part, by_fit, count): &(f64, Estimate, f64)| {
        if whole.value <= 0.0 {
            return Estimate { value: 0.0, interval: Interval { low: 0.0, high: 1.0 } };
        }
        // The error of the model, and that of so many points.
        let changed = 2.0 * part;
        let counted = 0.5 * (changed * (1.0 - changed) / count + 0.25 / count / count).sqrt();
        let half = by_fit.interval.half_width().hypot(normal_deviate(*confidence) * counted);
        let interval = Interval { low: part - half, high: part + half };
        let index = |x: f64| x / whole.value;
        Estimate { value: index(*part), interval: interval.map(index) }.within(0.0, 1.0)
    };
    let rows = (0..).zip(first.iter().zip(&totals));
    let rows = rows.map(|(coordinate, (first, one))| Index {
        coordinate,
        first: *first,
        total: total(one),
    });
    Indices { subject: Subject::Choice(choice), variance: whole, rows: rows.collect() }
}
