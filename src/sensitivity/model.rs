//! What every strategy does at any point, from a sample of points.
//!
//! A regression says the mean of every metric that has a price, and the room under every tolerance,
//! as functions of the point. Prices and annual costs enter the cost as they are, linearly and
//! exactly, so moving a price needs neither a trial nor the regression. At a point, the choice is
//! that of a run: the cheapest strategy that keeps every tolerance with the probability that is asked
//! for, by the truth as far as it is known here and not by its interval.

use super::basis::{Axis, Basis, Factor};
use super::regression::{self, Estimate, Fit, Jackknife};
use super::sample::{PointResult, Prices, room_at};
use crate::metric::Metric;
use crate::stats::Interval;
use crate::stats::interval::wilson_of_share;
use crate::threads::each;

/// Coordinates whose products of two may enter a regression.
const MOST_PRODUCT_COORDINATES: usize = 14;
/// Products that may enter.
const MOST_PRODUCTS: usize = 60;

/// What every strategy costs at a point, and its room under every tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// By strategy: mean cost.
    pub costs: Vec<f64>,
    /// By strategy, by tolerance: from 0 on it is kept.
    pub rooms: Vec<Vec<f64>>,
}

impl Outlook {
    /// From what trials at a point gave.
    pub fn of(result: &PointResult, tolerances: usize) -> Outlook {
        let cost = |strategy: usize| {
            let means = &result.strategies[strategy];
            cost(&result.prices, strategy, |metric| means.mean(metric as usize))
        };
        let rooms = |strategy: usize| {
            (0..tolerances).map(|at| result.strategies[strategy].mean(room_at(at))).collect()
        };
        let all = 0..result.strategies.len();
        Outlook { costs: all.clone().map(cost).collect(), rooms: all.map(rooms).collect() }
    }

    /// The cheapest strategy that keeps every tolerance, if one does.
    pub fn choice(&self) -> Option<usize> {
        let keeps = |strategy: &usize| self.room(*strategy) >= 0.0;
        let qualified = (0..self.costs.len()).filter(keeps);
        qualified.min_by(|&a, &b| self.costs[a].total_cmp(&self.costs[b]))
    }

    /// The least room of a strategy under any tolerance; infinite without any.
    pub fn room(&self, strategy: usize) -> f64 {
        self.rooms[strategy].iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// Annual cost and priced metrics of a strategy.
pub fn cost(prices: &Prices, strategy: usize, mean: impl Fn(Metric) -> f64) -> f64 {
    let priced = Metric::ALL.into_iter().filter(|metric| prices.metrics[*metric as usize] != 0.0);
    let harm: f64 = priced.map(|metric| prices.metrics[metric as usize] * mean(metric)).sum();
    prices.fixed[strategy] + harm
}

/// The regression.
#[derive(Debug)]
pub struct Model {
    /// Its functions.
    pub basis: Basis,
    /// Its coefficients as they were fitted, without bias.
    pub plain: Jackknife,
    /// By fit (that to all points first), then by result: the coefficients that are left without what
    /// may be noise.
    terms: Vec<Vec<Vec<(usize, f64)>>>,
    strategies: usize,
    tolerances: usize,
    priced: Vec<Metric>,
    /// By tolerance, where inputs multiply: the share of trials that may miss it; none where it counts
    /// outages.
    multiplied: Option<Vec<Option<f64>>>,
}

/// The most that a standard deviation of one input may change the logarithm of a mean.
const STEEPEST: f64 = 1.5;

impl Model {
    /// Fits the results of some points. `basis` has the functions of single coordinates; products are
    /// added where the results ask for them. None where there are too few points.
    pub fn new(
        basis: Basis,
        points: &[Vec<f64>],
        results: &[PointResult],
        tolerances: usize,
        (blocks, threads): (usize, usize),
    ) -> Option<Model> {
        let strategies = results.first()?.strategies.len();
        let has_price = |metric: &Metric| {
            results.iter().any(|result| result.prices.metrics[*metric as usize] != 0.0)
        };
        let priced: Vec<Metric> = Metric::ALL.into_iter().filter(has_price).collect();
        let row = |result: &PointResult| -> Vec<f64> {
            let of = |strategy: usize| {
                let means = &result.strategies[strategy];
                let metrics = priced.iter().map(|metric| means.mean(*metric as usize));
                let rooms = (0..tolerances).map(|at| means.mean(room_at(at)));
                let whole = cost(&result.prices, strategy, |metric| means.mean(metric as usize));
                metrics.chain(rooms).chain([whole]).collect::<Vec<f64>>()
            };
            (0..strategies).flat_map(of).collect()
        };
        let rows: Vec<Vec<f64>> = results.iter().map(row).collect();
        let fit = |basis: &Basis| regression::fit(basis, points, &rows, blocks, threads);
        let main = fit(&basis)?;
        let wide = priced.len() + tolerances + 1;
        // What decides: rooms and whole costs.
        let asked: Vec<usize> =
            (0..strategies * wide).filter(|at| at % wide >= priced.len()).collect();
        let products = products(&basis, &main.whole, (points, &rows), &asked);
        let (basis, plain) = if products.is_empty() {
            (basis, main)
        } else {
            let basis = basis.with(products);
            let plain = fit(&basis)?;
            (basis, plain)
        };
        let shrunk = plain.shrunk();
        let terms = std::iter::once(&shrunk.whole).chain(&shrunk.without).map(terms).collect();
        let multiplied = None;
        Some(Model { terms, basis, plain, strategies, tolerances, priced, multiplied })
    }

    fn column(&self, strategy: usize, at: usize) -> usize {
        strategy * (self.priced.len() + self.tolerances + 1) + at
    }

    /// The result that holds the room of a strategy under a tolerance.
    pub fn room(&self, strategy: usize, tolerance: usize) -> usize {
        self.column(strategy, self.priced.len() + tolerance)
    }

    /// The result that holds the cost of a strategy, with the prices of each point.
    pub fn cost(&self, strategy: usize) -> usize {
        self.column(strategy, self.priced.len() + self.tolerances)
    }

    /// How many fits there are: that to all points is number 0, that without block k number k + 1.
    pub fn fits(&self) -> usize {
        self.terms.len()
    }

    /// The same, where inputs multiply: for a fit to straight lines, which too few points allow no more
    /// than. Rates, times and prices multiply each other, so the harm of a year is skewed where its
    /// logarithm is a straight line, and straight lines for the harm itself would not be. `missed` is
    /// the share of trials that may miss each tolerance, where it counts trials.
    pub fn multiplied(self, missed: Vec<Option<f64>>) -> Model {
        Model { multiplied: Some(missed), ..self }
    }

    /// The means that a fit gives at a point whose functions are `row`.
    pub fn means(&self, fit: usize, row: &[f64]) -> Means {
        let line = |terms: &[(usize, f64)]| -> f64 {
            terms.iter().map(|(term, value)| value * row[*term]).sum()
        };
        let metric = |strategy: usize, k: usize| {
            let terms = &self.terms[fit][self.column(strategy, k)];
            match self.multiplied {
                Some(_) => self.product(terms, row),
                // No mean of a metric is below 0.
                None => line(terms).max(0.0),
            }
        };
        let room = |strategy: usize, k: usize| {
            let terms = &self.terms[fit][self.room(strategy, k)];
            match self.multiplied.as_ref().and_then(|missed| missed[k]) {
                Some(may) => {
                    // What misses the limit is never less than none.
                    let mut missed = vec![(0, may)];
                    missed.extend(terms.iter().map(|(term, value)| (*term, -value)));
                    may - self.product(&missed, row)
                }
                None => line(terms),
            }
        };
        let of = |strategy: usize| {
            let metrics = (0..self.priced.len()).map(|k| metric(strategy, k));
            let rooms = (0..self.tolerances).map(|k| room(strategy, k));
            (metrics.collect(), rooms.collect())
        };
        Means { strategies: (0..self.strategies).map(of).collect() }
    }

    /// The product whose mean and slopes are those of a straight line: with m exp(sum of c z - c²/2)
    /// the first Hermite coefficient of each z is m c, exactly.
    fn product(&self, terms: &[(usize, f64)], row: &[f64]) -> f64 {
        let constant = |(term, _): &&(usize, f64)| *term == 0;
        let mean: f64 = terms.iter().filter(constant).map(|(_, value)| value).sum();
        if mean <= 0.0 {
            return 0.0;
        }
        let slopes = terms.iter().filter(|(term, _)| *term > 0);
        let factors = slopes.map(|(at, value)| {
            let slope = (value / mean).clamp(-STEEPEST, STEEPEST);
            let term = &self.basis.terms[at - 1];
            let axis = &self.basis.axes[term.first.coordinate];
            match (axis, term.second) {
                (Axis::Normal(_), None) => libm::exp(slope * row[*at] - 0.5 * slope * slope),
                _ => (1.0 + slope * row[*at]).max(0.0),
            }
        });
        mean * factors.product::<f64>()
    }

    /// The outlook of these means at some prices.
    pub fn priced(&self, means: &Means, prices: &Prices) -> Outlook {
        let cost = |(strategy, (metrics, _)): (usize, &(Vec<f64>, Vec<f64>))| {
            let paid = self.priced.iter().zip(metrics);
            let harm = paid.map(|(metric, mean)| prices.metrics[*metric as usize] * mean);
            prices.fixed[strategy] + harm.sum::<f64>()
        };
        Outlook {
            costs: means.strategies.iter().enumerate().map(cost).collect(),
            rooms: means.strategies.iter().map(|(_, rooms)| rooms.clone()).collect(),
        }
    }

    /// The outlook of a fit at a point whose functions are `row`.
    pub fn outlook(&self, fit: usize, row: &[f64], prices: &Prices) -> Outlook {
        self.priced(&self.means(fit, row), prices)
    }
}

/// What a fit says of every strategy at a point: the mean of each metric that has a price, and the
/// room under each tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Means {
    strategies: Vec<(Vec<f64>, Vec<f64>)>,
}

/// The coefficients of each result that are not 0, by function.
fn terms(fit: &Fit) -> Vec<Vec<(usize, f64)>> {
    let of = |coefficients: &Vec<f64>| {
        coefficients.iter().copied().enumerate().filter(|(_, value)| *value != 0.0).collect()
    };
    fit.coefficients.iter().map(of).collect()
}

/// Products of two polynomials that the residuals ask for: those that lower the sum of squares of any
/// asked result by more than the largest of as many that do nothing would (the risk inflation
/// criterion: Foster and George 1994, Annals of Statistics 22).
fn products(
    basis: &Basis,
    fit: &Fit,
    (points, rows): (&[Vec<f64>], &[Vec<f64>]),
    asked: &[usize],
) -> Vec<[Factor; 2]> {
    let strength = |coordinate: usize| {
        let terms = (1..).zip(&basis.terms).filter(|(_, term)| term.is_main(coordinate));
        let own: Vec<usize> = terms.map(|(at, _)| at).collect();
        let of = |&result: &usize| -> f64 {
            let chi = |&at: &usize| {
                let variance = fit.variance(result, at);
                if variance > 0.0 { fit.coefficients[result][at].powi(2) / variance } else { 0.0 }
            };
            own.iter().map(chi).sum()
        };
        asked.iter().map(of).fold(0.0, f64::max)
    };
    let mut order: Vec<(usize, f64)> =
        (0..basis.axes.len()).map(|coordinate| (coordinate, strength(coordinate))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut strongest: Vec<usize> =
        order.iter().take(MOST_PRODUCT_COORDINATES).map(|(coordinate, _)| *coordinate).collect();
    strongest.sort_unstable();
    let candidates = basis.products(&strongest, 2);
    let limit = 2.0 * libm::log((candidates.len() * asked.len()).max(2) as f64);
    let alone = Basis { axes: basis.axes.clone(), terms: Vec::new() }.with(candidates.clone());
    let mut sums = vec![vec![0.0; asked.len()]; candidates.len()];
    for (point, row) in points.iter().zip(rows) {
        let functions = basis.row(point);
        let left: Vec<f64> =
            asked.iter().map(|&result| row[result] - fit.at(result, &functions)).collect();
        for (sums, value) in sums.iter_mut().zip(&alone.row(point)[1..]) {
            sums.iter_mut().zip(&left).for_each(|(sum, left)| *sum += value * left);
        }
    }
    let count = points.len() as f64;
    let chi = |sums: &Vec<f64>| {
        let of = |(sum, result): (&f64, &usize)| {
            let variance = fit.variances[*result] * count;
            if variance > 0.0 { sum * sum / variance } else { 0.0 }
        };
        sums.iter().zip(asked).map(of).fold(0.0, f64::max)
    };
    let mut found: Vec<(f64, [Factor; 2])> = sums.iter().map(chi).zip(candidates).collect();
    found.retain(|(chi, _)| *chi > limit);
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().take(MOST_PRODUCTS).map(|(_, product)| product).collect()
}

/// A choice at every point by every fit: by point, then by fit; the number of strategies stands for
/// none.
pub fn choices(
    model: &Model,
    points: &[Vec<f64>],
    prices: &[Prices],
    threads: usize,
) -> Vec<Vec<usize>> {
    each(points.len(), threads, |at| {
        let row = model.basis.row(&points[at]);
        let choice = |fit| model.outlook(fit, &row, &prices[at]).choice();
        (0..model.fits()).map(|fit| choice(fit).unwrap_or(model.strategies)).collect()
    })
}

/// How likely each strategy is to be the choice, from the choices at all points; the last is that
/// none is.
pub fn shares(choices: &[Vec<usize>], strategies: usize, confidence: f64) -> Vec<Estimate> {
    let blocks = choices.first().map_or(0, |fits| fits.len() - 1);
    let block_of = |at: usize| at * blocks / choices.len();
    let share = |choice: usize, fit: usize| {
        // A fit without a block judges the points of the others.
        let own = choices.iter().enumerate().filter(|(at, _)| fit != block_of(*at) + 1);
        let (count, all) = own.fold((0.0, 0.0), |(count, all), (_, choices)| {
            (count + f64::from(u8::from(choices[fit] == choice)), all + 1.0)
        });
        count / all
    };
    let of = |choice: usize| {
        let without: Vec<f64> = (1..=blocks).map(|fit| share(choice, fit)).collect();
        let found = Estimate::jackknife(share(choice, 0), &without, confidence).within(0.0, 1.0);
        // Where all blocks agree, so many points still leave a share open.
        let of_points = wilson_of_share(found.value, choices.len() as f64, confidence);
        let interval = Interval {
            low: found.interval.low.min(of_points.low),
            high: found.interval.high.max(of_points.high),
        };
        Estimate { interval, ..found }
    };
    (0..=strategies).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_on_which_all_points_agree_is_still_known_from_so_many_points() {
        let agree = vec![vec![0; 3]; 100];
        let shares = shares(&agree, 1, 0.95);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-3, "{a} {b}");
        // Wilson's interval of 100 of 100: 100 / (100 + 1.96^2).
        near(shares[0].interval.low, 0.963);
        near(shares[1].interval.high, 0.037);
        assert_eq!((shares[0].value, shares[0].interval.high), (1.0, 1.0));
    }
}
