//! The choice at the points that were played, with what a regression misses there.
//!
//! A regression is smoother than the truth. What misses a limit at a point is what the regression
//! expects, more or less by some share of it, and near a limit that decides. Classing points by the
//! regression alone would find the choice too often kept. The trials of a point say by how much it is
//! off there, but with luck, and of a rare event they mostly saw none: moving every point towards what
//! was seen puts most points too low and a few too high.
//!
//! So the truth at a point is drawn, from what is known of it there. Before its trials it spreads about
//! what is expected like a gamma distribution, as much as the regression is off over all points; what the
//! trials saw are counts like Poisson's; so after them it is a gamma distribution again (Gelman and others
//! 2013, "Bayesian data analysis", section 2.6). Draws spread over the points as the truth does, where the
//! best estimate of each point would spread too little (Louis 1984, "Estimating a population of parameter
//! values using Bayes and empirical Bayes methods", Journal of the American Statistical Association 79).
//! All strategies of a point are drawn at the same quantile: what the regression misses there, such as
//! what inputs do together, it misses of all of them.
//!
//! Two halves of the trials tell the spread of the truth from luck: their deviations have luck of their
//! own, so the mean of the product is what the regression misses.

use super::model::{Means, Model};
use super::sample::{PointResult, Prices};
use crate::numeric::gamma_quantile;
use crate::threads::each;

/// Points that were played.
#[derive(Debug, Clone, Copy)]
pub struct Played<'a> {
    /// Where they are.
    pub points: &'a [Vec<f64>],
    /// What is paid there.
    pub prices: &'a [Prices],
    /// What was seen.
    pub results: &'a [PointResult],
}

/// By how much a regression is off.
#[derive(Debug, Clone, PartialEq)]
struct Misfit {
    /// By tolerance: the mean square by which the truth is off, as a share of what is expected.
    squares: Vec<f64>,
    /// By strategy and tolerance: the variance of what all trials of a point say, for each unit of what
    /// is expected. Rare events have a variance like their mean.
    luck: Vec<Vec<f64>>,
}

/// Sums over points from which that follows.
#[derive(Debug, Clone)]
struct Sums {
    /// By tolerance, over all strategies: products of deviations, and squares of what is expected.
    squares: Vec<[f64; 2]>,
    /// By strategy and tolerance: squares of half the difference of both halves, and what is expected.
    luck: Vec<Vec<[f64; 2]>>,
}

impl Sums {
    fn none(strategies: usize, tolerances: usize) -> Sums {
        let squares = vec![[0.0; 2]; tolerances];
        Sums { luck: vec![squares.clone(); strategies], squares }
    }

    fn add(&mut self, model: &Model, means: &Means, result: &PointResult) {
        for (strategy, own) in means.strategies.iter().enumerate() {
            for (at, &expected) in own.missed.iter().enumerate() {
                let [a, b] = model.missed(result, strategy, at).map(|seen| seen - expected);
                self.squares[at][0] += a * b;
                self.squares[at][1] += expected * expected;
                self.luck[strategy][at][0] += 0.25 * (a - b) * (a - b);
                self.luck[strategy][at][1] += expected;
            }
        }
    }

    fn merge(&mut self, other: &Sums, sign: f64) {
        let mine = self.squares.iter_mut().chain(self.luck.iter_mut().flatten()).flatten();
        let theirs = other.squares.iter().chain(other.luck.iter().flatten()).flatten();
        mine.zip(theirs).for_each(|(sum, more)| *sum += sign * more);
    }

    fn misfit(&self) -> Misfit {
        let ratio = |&[a, b]: &[f64; 2]| if b > 0.0 { (a / b).max(0.0) } else { 0.0 };
        Misfit {
            squares: self.squares.iter().map(ratio).collect(),
            luck: self.luck.iter().map(|own| own.iter().map(ratio).collect()).collect(),
        }
    }
}

impl Misfit {
    /// Draws what misses each limit, from what is expected and what was seen.
    fn draw(&self, model: &Model, means: &mut Means, (point, result): (usize, &PointResult)) {
        for (strategy, own) in means.strategies.iter_mut().enumerate() {
            for (at, missed) in own.missed.iter_mut().enumerate() {
                let (square, luck) = (self.squares[at], self.luck[strategy][at]);
                if square <= 0.0 || luck <= 0.0 || *missed <= 0.0 {
                    continue;
                }
                let [a, b] = model.missed(result, strategy, at);
                let shape = 1.0 / square + f64::midpoint(a, b).max(0.0) / luck;
                let rate = 1.0 / (square * *missed) + 1.0 / luck;
                *missed = gamma_quantile(shape, quantile(point, at)) / rate;
            }
        }
    }
}

/// At which quantile the strategies of a point are drawn under a tolerance: over the points they are as
/// even as can be, by the golden ratio and its powers (Weyl's sequences).
fn quantile(point: usize, tolerance: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    // Another start for each tolerance: two of them miss what they miss by themselves.
    let place = (point as f64 + 0.5) * GOLDEN + tolerance as f64 * std::f64::consts::SQRT_2;
    place.fract().clamp(1e-6, 1.0 - 1e-6)
}

/// A regression with what it misses at the points that were played.
#[derive(Debug)]
pub struct Corrected<'a> {
    /// The regression.
    pub model: &'a Model,
    /// The points.
    pub played: Played<'a>,
    /// By fit.
    misfits: Vec<Misfit>,
}

impl<'a> Corrected<'a> {
    /// From all points. Each is judged by the fit that has not seen it.
    pub fn new(model: &'a Model, played: Played<'a>, threads: usize) -> Corrected<'a> {
        let blocks = model.fits() - 1;
        let all = played.points.len();
        let parts = each(blocks, threads, |block| {
            let mut sums = Sums::none(model.strategies, model.tolerances());
            for at in (0..all).filter(|at| at * blocks / all == block) {
                let means = model.means(block + 1, &model.basis.row(&played.points[at]));
                sums.add(model, &means, &played.results[at]);
            }
            sums
        });
        let mut whole = Sums::none(model.strategies, model.tolerances());
        parts.iter().for_each(|part| whole.merge(part, 1.0));
        let without = parts.iter().map(|part| {
            let mut rest = whole.clone();
            rest.merge(part, -1.0);
            rest.misfit()
        });
        let misfits = std::iter::once(whole.misfit()).chain(without).collect();
        Corrected { model, played, misfits }
    }

    /// What is known of a point by every fit: by all points, and without each block in turn.
    pub fn means(&self, at: usize) -> Vec<Means> {
        let Corrected { model, played, misfits } = self;
        let row = model.basis.row(&played.points[at]);
        let blocks = misfits.len() - 1;
        let of = |(fit, misfit): (usize, &Misfit)| {
            let unseen = if fit == 0 { at * blocks / played.points.len() + 1 } else { fit };
            let mut means = model.means(unseen, &row);
            misfit.draw(model, &mut means, (at, &played.results[at]));
            means
        };
        misfits.iter().enumerate().map(of).collect()
    }

    /// The choice at every point: by point, then by fit; the number of strategies stands for none.
    pub fn choices(&self, threads: usize) -> Vec<Vec<usize>> {
        each(self.played.points.len(), threads, |at| {
            let prices = &self.played.prices[at];
            let choice = |means: &Means| self.model.priced(means, prices).choice();
            let all = self.means(at);
            all.iter().map(|means| choice(means).unwrap_or(self.model.strategies)).collect()
        })
    }
}
