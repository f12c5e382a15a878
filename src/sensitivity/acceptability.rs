//! How likely each strategy is to be the choice, against one assumption: the acceptability curve of
//! Van Hout, Al, Gordon and Rutten (1994, Health Economics 3), and the frontier of Fenwick, Claxton
//! and Sculpher (2001, Health Economics 10), which says which strategy one would take by expected
//! cost alone.

use super::misfit::Corrected;
use super::model::{Model, Outlook, shares};
use super::prices::{PriceList, is_price};
use super::regression::Estimate;
use crate::assumptions::{Inputs, Unit};
use crate::study::cheapest::cheapest;
use crate::threads::each;

/// Values at which the curve is drawn.
const STEPS: usize = 25;

/// The curve.
#[derive(Debug)]
pub struct Acceptability {
    /// The input.
    pub input: usize,
    /// By value of it, from the least.
    pub rows: Vec<AcceptabilityRow>,
}

/// One value of the input.
#[derive(Debug)]
pub struct AcceptabilityRow {
    /// The value, in the unit of the input.
    pub value: f64,
    /// By strategy: how likely it is to be the choice. The last is that none is.
    pub shares: Vec<Estimate>,
    /// The strategy with the least expected cost.
    pub least_cost: Option<usize>,
    /// The strategy with the least expected cost of those that keep every tolerance on average over
    /// the ranges; none if none does.
    pub frontier: Option<usize>,
}

/// Draws the curve; none where the input is a choice. Where it is a price, what a point's own trials say
/// of it holds for every price; else the regression alone is asked. Each point has so many `trials`.
pub fn acceptability(
    inputs: &Inputs,
    corrected: &Corrected<'_>,
    prices: &PriceList,
    (input, most): (usize, usize),
    (threads, trials, confidence): (usize, u64, f64),
) -> Option<Acceptability> {
    if inputs.inputs[input].unit == Unit::Choice {
        return None;
    }
    let Corrected { model, played, .. } = corrected;
    let coordinate = inputs.coordinate(input);
    let mut members = inputs.members(coordinate);
    let is_price = members.all(|one| is_price(inputs, one)) && !model.depends_on(coordinate);
    let quantiles: Vec<f64> =
        (0..STEPS).map(|k| 0.02 + 0.96 * k as f64 / (STEPS - 1) as f64).collect();
    let step = played.points.len().div_ceil(most).max(1);
    let judged: Vec<usize> = (0..played.points.len()).step_by(step).collect();
    // By point, by value: the outlook of every fit.
    let found = each(judged.len(), threads, |place| {
        let means = if is_price { corrected.means(judged[place]) } else { Vec::new() };
        let at = |&quantile: &f64| {
            let mut point = played.points[judged[place]].clone();
            point[coordinate] = quantile;
            let prices = prices.at(inputs, &point);
            let all: Vec<Outlook> = if is_price {
                means.iter().map(|means| model.priced(means, &prices)).collect()
            } else {
                let row = model.basis.row(&point);
                (0..model.fits()).map(|fit| model.outlook(fit, &row, &prices)).collect()
            };
            let choices = all.iter().map(|one| one.choice().unwrap_or(model.strategies));
            (choices.collect::<Vec<usize>>(), all.into_iter().next())
        };
        quantiles.iter().map(at).collect::<Vec<_>>()
    });
    let rows = quantiles.iter().enumerate().map(|(at, quantile)| {
        let choices: Vec<Vec<usize>> = found.iter().map(|values| values[at].0.clone()).collect();
        let outlooks = || found.iter().filter_map(|values| values[at].1.as_ref());
        let (costs, rooms) = sums(model, outlooks());
        let suits = |strategy: usize| outlooks().all(|outlook| outlook.suits[strategy]);
        AcceptabilityRow {
            value: inputs.value(input, *quantile).number().unwrap_or(f64::NAN),
            shares: shares(&choices, model.strategies, trials, confidence),
            least_cost: cheapest(&costs, suits),
            frontier: cheapest(&costs, |strategy| {
                suits(strategy) && rooms[strategy].iter().all(|room| *room >= 0.0)
            }),
        }
    });
    Some(Acceptability { input, rows: rows.collect() })
}

/// By strategy, over all points: cost, and room under every tolerance.
fn sums<'a>(
    model: &Model,
    outlooks: impl Iterator<Item = &'a Outlook>,
) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut costs = vec![0.0; model.strategies];
    let mut rooms = vec![vec![0.0; model.tolerances()]; model.strategies];
    for outlook in outlooks {
        costs.iter_mut().zip(&outlook.costs).for_each(|(sum, cost)| *sum += cost);
        let all = outlook.rooms.iter().flatten();
        rooms.iter_mut().flatten().zip(all).for_each(|(sum, room)| *sum += room);
    }
    (costs, rooms)
}
