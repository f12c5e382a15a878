//! How likely each strategy is to be the choice, against one assumption: the acceptability curve of
//! Van Hout, Al, Gordon and Rutten (1994, Health Economics 3), and the frontier of Fenwick, Claxton
//! and Sculpher (2001, Health Economics 10), which says which strategy one would take by expected
//! cost alone.

use super::model::{Model, shares};
use super::prices::PriceList;
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

/// Draws the curve; none where the input is a choice.
pub fn acceptability(
    inputs: &Inputs,
    model: &Model,
    points: &[Vec<f64>],
    prices: &PriceList,
    input: usize,
    threads: usize,
    confidence: f64,
) -> Option<Acceptability> {
    if inputs.inputs[input].unit == Unit::Choice {
        return None;
    }
    let coordinate = inputs.coordinate(input);
    let quantiles = (0..STEPS).map(|k| 0.02 + 0.96 * k as f64 / (STEPS - 1) as f64);
    let rows = quantiles.map(|quantile| {
        let value = inputs.value(input, quantile).number().unwrap_or(f64::NAN);
        let outlooks = each(points.len(), threads, |at| {
            let mut point = points[at].clone();
            point[coordinate] = quantile;
            let (row, prices) = (model.basis.row(&point), prices.at(inputs, &point));
            let all = (0..model.fits()).map(|fit| model.outlook(fit, &row, &prices));
            let all: Vec<_> = all.collect();
            let choices: Vec<usize> =
                all.iter().map(|one| one.choice().unwrap_or(one.costs.len())).collect();
            (choices, all.into_iter().next())
        });
        let strategies = outlooks
            .first()
            .and_then(|(_, outlook)| outlook.as_ref())
            .map_or(0, |outlook| outlook.costs.len());
        let (choices, outlooks): (Vec<Vec<usize>>, Vec<_>) = outlooks.into_iter().unzip();
        let (mut costs, mut rooms) = (vec![0.0; strategies], vec![Vec::new(); strategies]);
        for outlook in outlooks.iter().flatten() {
            for strategy in 0..strategies {
                costs[strategy] += outlook.costs[strategy];
                let own: &mut Vec<f64> = &mut rooms[strategy];
                own.resize(outlook.rooms[strategy].len(), 0.0);
                own.iter_mut().zip(&outlook.rooms[strategy]).for_each(|(sum, room)| *sum += room);
            }
        }
        let suits =
            |strategy: usize| outlooks.iter().flatten().all(|outlook| outlook.suits[strategy]);
        AcceptabilityRow {
            value,
            shares: shares(&choices, strategies, confidence),
            least_cost: cheapest(&costs, suits),
            frontier: cheapest(&costs, |strategy| {
                suits(strategy) && rooms[strategy].iter().all(|room| *room >= 0.0)
            }),
        }
    });
    Some(Acceptability { input, rows: rows.collect() })
}
