//! Indices of whether a strategy is the choice.
//!
//! A few trials cannot say what the choice is at a point, so that the regression is asked. It costs
//! little, so many more points are asked than were played. Most inputs move a mean by a factor: what is
//! expected with one of them drawn anew follows from what is expected before.

use super::basis::Axis;
use super::indices::{Asked, Index, Indices, Subject, bound, strongest};
use super::model::{Means, Model};
use super::prices::{PriceList, is_price};
use super::regression::{self, Estimate};
use super::sample::Prices;
use super::sobol::{Variance, first_order};
use crate::assumptions::Inputs;
use crate::numeric::{normal_deviate, normal_quantile};
use crate::stats::Interval;
use crate::threads::each;

/// Points that are asked at least.
const LEAST_POINTS: usize = 4096;

/// Inputs that are drawn anew one by one.
const MOST: usize = 24;

/// The indices; none where there are too few points.
pub fn choice_indices(asked: &Asked<'_>, choice: usize) -> Option<Indices> {
    let Asked { points, model, blocks, confidence, choices, .. } = *asked;
    let known: Vec<f64> =
        choices.iter().map(|fits| f64::from(u8::from(fits[0] == choice))).collect();
    let halves: Vec<[f64; 2]> = known.iter().map(|one| [*one; 2]).collect();
    let variance = Variance::new(&halves, blocks);
    let rows: Vec<Vec<f64>> = known.iter().map(|one| vec![*one]).collect();
    let basis = model.basis.curved();
    let fits = regression::fit(&basis, points, &rows, blocks, asked.asked.threads)?;
    let first = first_order(&basis, &fits, 0, &variance, confidence);
    let strongest = strongest(&basis, &fits.shrunk().whole, 0..1, MOST);
    let totals = totals(asked, choice, &strongest);
    let all = first.into_iter().zip(totals).enumerate();
    let rows = all.map(|(coordinate, (first, total))| Index { coordinate, first, total });
    Some(Indices {
        subject: Subject::Choice(choice),
        variance: variance.estimate(confidence),
        rows: rows.collect(),
    })
}

/// What an input that has nothing to do with the choice may seem to do, as a total index. A regression
/// is never quite flat along it, in whatever block is left out, so that no jackknife sees it. The lower
/// end of an interval is lowered by as much.
const TRACE: f64 = 5e-3;

/// How a coordinate is drawn anew.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Drawn {
    /// It moves prices alone, or with them what a straight line says: the function of that line, if it
    /// has one.
    Line(Option<usize>),
    /// All functions are asked again.
    Anything,
}

/// By coordinate: its total index. Those that are not among the strongest are drawn anew together.
fn totals(asked: &Asked<'_>, choice: usize, strongest: &[usize]) -> Vec<Estimate> {
    let Asked { inputs, design, model, blocks, confidence, points, prices, .. } = *asked;
    let all = points.len().max(LEAST_POINTS);
    let dimensions = inputs.dimensions();
    let mut groups: Vec<Vec<usize>> = strongest.iter().map(|one| vec![*one]).collect();
    groups.push((0..dimensions).filter(|at| !strongest.contains(at)).collect());
    let asker = Asker { inputs, model, prices, choice };
    let drawn: Vec<Drawn> = groups.iter().map(|group| asker.drawn(group)).collect();
    // By point: whether it is the choice, then whether that changes with each group; a bit a fit.
    let seen = each(all, asked.asked.threads, |number| {
        let point = design.point(number as u64);
        let row = model.basis.row(&point);
        let prices = prices.at(inputs, &point);
        let means: Vec<Means> = (0..model.fits()).map(|fit| model.means(fit, &row)).collect();
        let here = asker.bits(&means, &prices);
        let changed = groups.iter().zip(&drawn).map(|(group, drawn)| {
            let mut moved = point.clone();
            group.iter().for_each(|&at| moved[at] = design.anew(number as u64, at));
            here ^ asker.moved(&means, (&point, &moved), (group, *drawn), &prices)
        });
        std::iter::once(here).chain(changed).collect::<Vec<u64>>()
    });
    // Of a fit without a block, the points of the other blocks count.
    let count = |fit: usize, of: usize| {
        let block_of = |number: usize| number * blocks / all;
        let own = seen.iter().enumerate().filter(|(at, _)| fit != block_of(*at) + 1);
        let (sum, count) = own.fold((0_u64, 0_u64), |(sum, count), (_, bits)| {
            (sum + (bits[of] >> fit & 1), count + 1)
        });
        sum as f64 / count as f64
    };
    let index = |fit: usize, group: usize| {
        let share = count(fit, 0);
        let variance = share * (1.0 - share);
        if variance > 0.0 { 0.5 * count(fit, group + 1) / variance } else { 0.0 }
    };
    let total = |group: usize| {
        let without: Vec<f64> = (1..model.fits()).map(|fit| index(fit, group)).collect();
        let Estimate { value, interval } =
            Estimate::jackknife(index(0, group), &without, confidence);
        // Where all blocks agree, so many points still leave it open.
        let (share, changed, count) = (count(0, 0), count(0, group + 1), all as f64);
        let error = 0.5 * ((changed * (1.0 - changed) + 0.25 / count) / count).sqrt();
        let least = normal_deviate(confidence) * error / (share * (1.0 - share)).max(0.25 / count);
        let half = interval.half_width().max(least);
        let interval = Interval { low: value - half - TRACE, high: value + half };
        Estimate { value, interval }.within(0.0, 1.0)
    };
    let totals = each(groups.len(), asked.asked.threads, total);
    let rest = totals.last().map_or(1.0, |rest| rest.interval.high);
    let of = |coordinate: usize| {
        let place = strongest.iter().position(|strong| *strong == coordinate);
        place.map_or_else(|| bound(0.0, rest), |place| totals[place])
    };
    (0..dimensions).map(of).collect()
}

struct Asker<'a> {
    inputs: &'a Inputs,
    model: &'a Model,
    prices: &'a PriceList,
    choice: usize,
}

impl Asker<'_> {
    /// Whether the strategy is the choice, a bit a fit.
    fn bits(&self, means: &[Means], prices: &Prices) -> u64 {
        let is = |means: &Means| self.model.priced(means, prices).choice() == Some(self.choice);
        (0..).zip(means).fold(0, |bits, (fit, means)| bits | u64::from(is(means)) << fit)
    }

    fn drawn(&self, group: &[usize]) -> Drawn {
        let [only] = group else { return Drawn::Anything };
        let basis = &self.model.basis;
        match basis.axes[*only] {
            Axis::Normal(_) => {
                let is_line =
                    |term: &super::basis::Term| term.is_main(*only) && term.first.order == 1;
                // The constant comes first.
                Drawn::Line(basis.terms.iter().position(is_line).map(|at| at + 1))
            }
            Axis::Price(_) if !self.model.depends_on(*only) => Drawn::Line(None),
            Axis::Even(_) | Axis::Choice(_) | Axis::Price(_) => Drawn::Anything,
        }
    }

    /// The same with a group of coordinates drawn anew.
    fn moved(
        &self,
        means: &[Means],
        (point, moved): (&[f64], &[f64]),
        (group, drawn): (&[usize], Drawn),
        prices: &Prices,
    ) -> u64 {
        let inputs = self.inputs;
        let pays = |at: &usize| inputs.members(*at).any(|input| is_price(inputs, input));
        let paid = group.iter().any(pays).then(|| self.prices.at(inputs, moved));
        let prices = paid.as_ref().unwrap_or(prices);
        match drawn {
            Drawn::Line(function) => {
                let [at] = group else { return 0 };
                let by = normal_quantile(moved[*at]) - normal_quantile(point[*at]);
                let of = |(fit, means): (usize, &Means)| match function {
                    Some(function) => self.model.moved(fit, means, (function, by)),
                    None => means.clone(),
                };
                let means: Vec<Means> = means.iter().enumerate().map(of).collect();
                self.bits(&means, prices)
            }
            Drawn::Anything => {
                let row = self.model.basis.row(moved);
                let means: Vec<Means> =
                    (0..means.len()).map(|fit| self.model.means(fit, &row)).collect();
                self.bits(&means, prices)
            }
        }
    }
}
