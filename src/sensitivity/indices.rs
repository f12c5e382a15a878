//! Sobol indices of a scenario's results: of what decides, of every tolerance of the choice, and of
//! the choice itself.
//!
//! Total indices are played for only where they may matter: the inputs that a regression finds
//! strongest each have points at which they are drawn anew, and all others are drawn anew together.
//! The total of these others as one bounds the total of each of them. What is drawn anew at how many
//! points is settled after the first of them: the more, the more its changes vary (Neyman 1934, "On the
//! two different aspects of the representative method", Journal of the Royal Statistical Society 97).

use super::asked;
use super::basis::Basis;
use super::common::{Quantity, halves};
use super::design::Points;
use super::model::Model;
use super::prices::PriceList;
use super::regression::{self, Estimate, Fit, Jackknife};
use super::sample::{Assumptions, Effort, PointResult, play};
use super::sobol::{
    Change, Expected, Halves, Spread, Variance, expectation, expected, first_order, part, total,
};
use crate::assumptions::Inputs;
use crate::engine::Scratch;
use crate::scenario::{Scenario, ScenarioError, Spec};
use crate::stats::{Interval, Moments};
use crate::threads::each;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// The first trial that is played for a change: far from those of the sample.
const FIRST_CHANGED: u64 = 1 << 41;

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

/// Those of every quantity.
///
/// # Errors
/// Values within the ranges contradict each other.
pub fn indices(asked: &Asked<'_>) -> Result<Vec<Indices>, ScenarioError> {
    let Asked { results, points, model, blocks, confidence, .. } = *asked;
    let both: Vec<Vec<Halves>> = asked
        .quantities
        .iter()
        .map(|quantity| results.iter().map(|result| halves(result, *quantity)).collect())
        .collect();
    let row = |at: usize| -> Vec<f64> {
        both.iter().map(|of| f64::midpoint(of[at][0], of[at][1])).collect()
    };
    let rows: Vec<Vec<f64>> = (0..points.len()).map(row).collect();
    let threads = asked.asked.threads;
    let Some(fits) = regression::fit(&model.basis, points, &rows, blocks, threads) else {
        return Ok(Vec::new());
    };
    let shrunk = fits.shrunk();
    let functions = each(points.len(), threads, |at| model.basis.row(&points[at]));
    let spread = |(at, both): (usize, &Vec<Halves>)| {
        Spread::new(both, &expected(&shrunk, at, &functions), blocks)
    };
    let spreads: Vec<Spread> = both.iter().enumerate().map(spread).collect();
    let variances: Vec<Variance> = spreads.iter().map(Spread::variance).collect();
    let sizes: Vec<f64> = variances.iter().map(|one| one.estimate(confidence).value).collect();
    let of_quantities = 0..asked.quantities.len();
    let strongest = strongest(&model.basis, &shrunk.whole, of_quantities, asked.most);
    let changes = changes(asked, &shrunk, &strongest, &sizes)?;
    let mut all = Vec::new();
    for (at, quantity) in asked.quantities.iter().enumerate() {
        let variance = &variances[at];
        let first = first_order(&model.basis, &fits, at, variance, confidence);
        let totals: Vec<Estimate> =
            changes.iter().map(|changes| total(&changes[at], &spreads[at], confidence)).collect();
        let rest = totals.last().map_or(1.0, |rest| rest.interval.high);
        let of = |(coordinate, first): (usize, &Estimate)| {
            let place = strongest.iter().position(|strong| *strong == coordinate);
            let own = part(&model.basis, &shrunk.whole, at, |other| other == coordinate);
            let bound = bound(own / sizes[at], rest);
            Index { coordinate, first: *first, total: place.map_or(bound, |place| totals[place]) }
        };
        all.push(Indices {
            subject: Subject::Quantity(*quantity),
            variance: variance.estimate(confidence),
            rows: first.iter().enumerate().map(of).collect(),
        });
    }
    Ok(all)
}

/// What is known of the total index of an input that was only drawn anew with others: what the
/// regression sees of it, and at most what they have together.
pub(super) fn bound(value: f64, most: f64) -> Estimate {
    let interval = Interval { low: 0.0, high: most };
    let value = if value.is_finite() { value.clamp(0.0, most) } else { 0.0 };
    Estimate { value, interval }
}

/// The coordinates with the greatest part of any of these results.
pub(super) fn strongest(
    basis: &Basis,
    fit: &Fit,
    results: Range<usize>,
    most: usize,
) -> Vec<usize> {
    let strength = |coordinate: usize| {
        let share = |result: usize| {
            let whole: f64 = fit.coefficients[result][1..].iter().map(|value| value * value).sum();
            let own = part(basis, fit, result, |other| other == coordinate);
            if whole > 0.0 { own / whole } else { 0.0 }
        };
        results.clone().map(share).fold(0.0, f64::max)
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

/// Changes by group of coordinates, by quantity.
type Changes = Vec<Vec<Vec<Change>>>;

/// What drawing each of the strongest coordinates anew does to every quantity, and then all others
/// together. Both sides of a change are played for this, with more trials than the sample has for a
/// point, but only with the strategies that the quantities are about.
fn changes(
    asked: &Asked<'_>,
    fits: &Jackknife,
    strongest: &[usize],
    variances: &[f64],
) -> Result<Changes, ScenarioError> {
    let mut groups: Vec<Vec<usize>> = strongest.iter().map(|one| vec![*one]).collect();
    let is_rest = |coordinate: &usize| !strongest.contains(coordinate);
    let rest: Vec<usize> = (0..asked.inputs.dimensions()).filter(is_rest).collect();
    groups.extend((!rest.is_empty()).then_some(rest));
    let most = asked.points.len();
    let first = PILOT.min(asked.pairs as usize).min(most);
    let drawing = Drawing::new(asked, fits);
    let quantities = asked.quantities.len();
    let mut all: Changes = vec![vec![Vec::new(); quantities]; groups.len()];
    let mut add = |range: Range<usize>, counts: &[usize]| {
        let played = each(range.len(), asked.asked.threads, |k| {
            let place = range.start + k;
            let wanted: Vec<usize> = (0..groups.len()).filter(|g| counts[*g] > place).collect();
            let drawn: Vec<&[usize]> = wanted.iter().map(|g| &groups[*g][..]).collect();
            let changes = drawing.changes_at(place_of(place, most), &drawn)?;
            Ok::<_, ScenarioError>((wanted, changes))
        });
        for one in played {
            let (wanted, changes) = one?;
            for (group, of_group) in wanted.into_iter().zip(changes) {
                let own = all[group].iter_mut().zip(of_group);
                own.for_each(|(changes, change)| changes.push(change));
            }
        }
        Ok::<_, ScenarioError>(all.clone())
    };
    let pilot = add(0..first, &vec![first; groups.len()])?;
    let counts = counts(&pilot, variances, (asked.pairs as usize, most));
    let last = counts.iter().copied().max().unwrap_or(first);
    add(first..last.max(first), &counts)
}

/// Points at which every group is drawn anew before it is settled how many more each gets.
const PILOT: usize = 128;

/// At how many points each group is drawn anew: `pairs` on average, in proportion to how much its
/// changes vary.
fn counts(pilot: &Changes, variances: &[f64], (pairs, most): (usize, usize)) -> Vec<usize> {
    let spread = |changes: &Vec<Change>, variance: f64| {
        let mut moments = Moments::default();
        changes.iter().for_each(|change| moments.push(change.part()));
        if variance > 0.0 { moments.variance().unwrap_or(0.0).sqrt() / variance } else { 0.0 }
    };
    let of_group = |group: &Vec<Vec<Change>>| {
        let all = group.iter().zip(variances).map(|(changes, variance)| spread(changes, *variance));
        all.fold(0.0, f64::max)
    };
    let spreads: Vec<f64> = pilot.iter().map(of_group).collect();
    let whole: f64 = spreads.iter().sum();
    let first = pilot.first().and_then(|group| group.first()).map_or(0, Vec::len);
    let budget = ((pairs.max(first) - first) * pilot.len()) as f64;
    let more = |spread: &f64| if whole > 0.0 { (budget * spread / whole) as usize } else { 0 };
    spreads.iter().map(|spread| (first + more(spread)).min(most)).collect()
}

/// The point of that place in the order in which points are taken: any beginning of the order is spread
/// over all blocks.
fn place_of(place: usize, points: usize) -> usize {
    let has_part_of =
        |stride: usize| (2..=stride).any(|n| stride.is_multiple_of(n) && points.is_multiple_of(n));
    let golden = (0.618_034 * points as f64) as usize | 1;
    let stride = (golden..).step_by(2).find(|stride| !has_part_of(*stride)).unwrap_or(1);
    place * stride % points
}

/// What is needed to draw coordinates anew, on any thread.
struct Drawing<'a> {
    /// Compiling remembers what it read, so that every thread needs a copy of its own.
    spec: Mutex<Spec>,
    inputs: &'a Inputs,
    design: Points,
    seed: u64,
    points: &'a [Vec<f64>],
    basis: &'a Basis,
    fits: &'a Jackknife,
    trials: u64,
    /// The strategies that are played, and the quantities where only those are there.
    needed: Vec<usize>,
    wanted: Vec<Quantity>,
}

impl<'a> Drawing<'a> {
    fn new(asked: &Asked<'a>, fits: &'a Jackknife) -> Drawing<'a> {
        let (needed, wanted) = only_needed(&asked.quantities);
        Drawing {
            spec: Mutex::new(asked.asked.spec.clone()),
            inputs: asked.inputs,
            design: asked.design,
            seed: asked.effort.seed,
            points: asked.points,
            basis: &asked.model.basis,
            fits,
            trials: asked.pair_trials,
            needed,
            wanted,
        }
    }

    /// The quantities in a scenario, and what a fit expects of them at its point.
    fn read(
        &self,
        mut scenario: Scenario,
        (at, point): (usize, &[f64]),
        fit: &Fit,
        scratch: &mut Scratch,
    ) -> Vec<(Halves, Expected)> {
        let mut place = 0..;
        scenario.strategies.retain(|_| place.next().is_some_and(|at| self.needed.contains(&at)));
        let first = FIRST_CHANGED + at as u64 * self.trials;
        let result = play(&scenario, self.seed, first..first + self.trials, scratch);
        let row = self.basis.row(point);
        let all = self.wanted.iter().enumerate();
        all.map(|(at, one)| (halves(&result, *one), expectation(fit, at, &row))).collect()
    }

    /// What drawing groups of coordinates anew does at a point: by group, by quantity.
    fn changes_at(
        &self,
        at: usize,
        groups: &[&[usize]],
    ) -> Result<Vec<Vec<Change>>, ScenarioError> {
        let (inputs, here) = (self.inputs, &self.points[at]);
        let block = at * self.fits.without.len() / self.points.len();
        let fit = &self.fits.without[block];
        let mut spec = self.spec.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut scratch = Scratch::new();
        let before = inputs.at(&mut spec, here)?;
        let before = self.read(before, (at, here), fit, &mut scratch);
        let mut all = Vec::new();
        for drawn in groups {
            let mut point = here.clone();
            drawn.iter().for_each(|&c| point[c] = self.design.anew(at as u64, c));
            let set = |spec: &mut Spec, point: &[f64]| match drawn {
                [only] => inputs.moved(spec, point, *only),
                _ => inputs.at(spec, point),
            };
            let after = set(&mut spec, &point)?;
            let after = self.read(after, (at, &point), fit, &mut scratch);
            set(&mut spec, here)?;
            let of = |(quantity, (before, after)): (usize, (&(Halves, Expected), _))| Change {
                block,
                before: *before,
                after,
                expected_part: part(self.basis, fit, quantity, |c| drawn.contains(&c)),
            };
            all.push(before.iter().zip(after).enumerate().map(of).collect());
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_beginning_of_the_order_of_points_is_spread_over_the_blocks() {
        for points in [64, 192, 960, 2048] {
            let mut all: Vec<usize> = (0..points).map(|place| place_of(place, points)).collect();
            let blocks = 16;
            for part in [points / 2, points] {
                let mut counts = vec![0_usize; blocks];
                all[..part].iter().for_each(|at| counts[at * blocks / points] += 1);
                let even = part / blocks;
                assert!(counts.iter().all(|n| n.abs_diff(even) <= 1), "{points}: {counts:?}");
            }
            all.sort_unstable();
            assert_eq!(all, (0..points).collect::<Vec<_>>());
        }
    }
}
