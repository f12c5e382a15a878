//! What every strategy does at any point, from a sample of points.
//!
//! A regression says the mean of every metric that has a price, and the room under every tolerance,
//! as functions of the point. Prices and annual costs enter the cost as they are, linearly and
//! exactly, so moving a price needs neither a trial nor the regression. At a point, the choice is
//! that of a run: the cheapest strategy that keeps every tolerance with the probability that is asked
//! for, by the truth as far as it is known here and not by its interval.

use super::basis::{Axis, Basis, Factor};
use super::regression::{self, Estimate, Fit};
use super::sample::{PointResult, Prices, cases_at, room_at};
use crate::metric::Metric;
use crate::numeric::normal_deviate;
use crate::scenario::{Criterion, Tolerance};
use crate::stats::Interval;
use crate::stats::interval::wilson_of_share;
use crate::study::cheapest::cheapest;

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
    /// By strategy: whether it suits the organisation, so that it may be chosen.
    pub suits: Vec<bool>,
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
        let suits = result.prices.suits.clone();
        Outlook { costs: all.clone().map(cost).collect(), rooms: all.map(rooms).collect(), suits }
    }

    /// The strategies that may be chosen.
    pub fn suited(&self) -> impl Iterator<Item = usize> {
        (0..self.costs.len()).filter(|&strategy| self.suits[strategy])
    }

    /// The cheapest of these that keeps every tolerance, if one does.
    pub fn choice(&self) -> Option<usize> {
        cheapest(&self.costs, |strategy| self.suits[strategy] && self.room(strategy) >= 0.0)
    }

    /// Of each strategy that may be chosen: its cost, and what its breaches of tolerances cost where each
    /// has a price.
    pub fn losses(&self, breach: f64) -> Vec<f64> {
        let loss = |of: usize| self.costs[of] - breach * self.rooms[of].iter().sum::<f64>();
        self.suited().map(loss).collect()
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
    /// By fit (that to all points first), then by strategy.
    fits: Vec<Vec<Expected>>,
    /// How many strategies there are.
    pub strategies: usize,
    /// Metrics that have a price.
    metrics: Vec<Metric>,
    allowances: Vec<Allowance>,
    /// The tolerances that judge outages.
    counted: Vec<usize>,
}

/// What a fit expects of a strategy.
#[derive(Debug)]
struct Expected {
    /// By metric.
    metrics: Vec<Product>,
    /// By tolerance that judges outages: how many there are to judge.
    cases: Vec<Product>,
    /// By tolerance: what misses its limit.
    missed: Vec<Product>,
}

/// How much of what a tolerance counts may miss its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Allowance {
    /// This share of trials.
    OfTrials(f64),
    /// This share of the outages that are judged; planned ones are not.
    OfOutages(f64),
}

impl Allowance {
    /// That of a tolerance.
    pub fn of(tolerance: &Tolerance) -> Allowance {
        let share = 1.0 - tolerance.confidence;
        match tolerance.criterion {
            Criterion::Metric(_) => Allowance::OfTrials(share),
            Criterion::RestoreHours => Allowance::OfOutages(share),
        }
    }
}

/// The most that a standard deviation of one input may change the logarithm of a mean.
const STEEPEST: f64 = 1.5;

impl Model {
    /// Fits the results of some points. `basis` has the functions of single coordinates; products are
    /// added where the results ask for them. None where there are
    /// too few points.
    pub fn new(
        basis: Basis,
        points: &[Vec<f64>],
        results: &[PointResult],
        allowances: Vec<Allowance>,
        (blocks, threads): (usize, usize),
    ) -> Option<Model> {
        let tolerances = allowances.len();
        let strategies = results.first()?.strategies.len();
        let has_price = |metric: &Metric| {
            results.iter().any(|result| result.prices.metrics[*metric as usize] != 0.0)
        };
        let metrics: Vec<Metric> = Metric::ALL.into_iter().filter(has_price).collect();
        let counts = |at: &usize| matches!(allowances[*at], Allowance::OfOutages(_));
        let counted: Vec<usize> = (0..tolerances).filter(counts).collect();
        let row = |result: &PointResult| -> Vec<f64> {
            let of = |strategy: usize| {
                let means = &result.strategies[strategy];
                let of_metrics = metrics.iter().map(|metric| means.mean(*metric as usize));
                let cases = counted.iter().map(|&at| means.mean(cases_at(at)));
                let rooms = (0..tolerances).map(|at| means.mean(room_at(at)));
                let whole = cost(&result.prices, strategy, |metric| means.mean(metric as usize));
                of_metrics.chain(cases).chain(rooms).chain([whole]).collect::<Vec<f64>>()
            };
            (0..strategies).flat_map(of).collect()
        };
        let rows: Vec<Vec<f64>> = results.iter().map(row).collect();
        let fit = |basis: &Basis| regression::fit(basis, points, &rows, blocks, threads);
        let main = fit(&basis)?;
        let before = metrics.len() + counted.len();
        let wide = before + tolerances + 1;
        // What decides: rooms and whole costs.
        let asked: Vec<usize> = (0..strategies * wide).filter(|at| at % wide >= before).collect();
        let products = products(&basis, &main.whole, (points, &rows), &asked);
        let (basis, plain) = if products.is_empty() {
            (basis, main)
        } else {
            let basis = basis.with(products);
            let plain = fit(&basis)?;
            (basis, plain)
        };
        let shrunk = plain.shrunk();
        let expected = |fit: &Fit| {
            let of = |strategy: usize| {
                let own = &fit.coefficients[strategy * wide..(strategy + 1) * wide];
                Expected::new(&basis, own, (metrics.len(), &counted), &allowances)
            };
            (0..strategies).map(of).collect()
        };
        let fits = std::iter::once(&shrunk.whole).chain(&shrunk.without).map(expected).collect();
        Some(Model { fits, basis, strategies, metrics, allowances, counted })
    }

    /// How many fits there are: that to all points is number 0, that without block k number k + 1.
    pub fn fits(&self) -> usize {
        self.fits.len()
    }

    /// The means that a fit gives at a point whose functions are `row`.
    ///
    /// Rates, times and prices multiply each other, so the harm of a year is skewed, and its logarithm
    /// is nearly a straight line where polynomials of the harm itself are not: near a limit they put too
    /// many points on its wrong side.
    pub fn means(&self, fit: usize, row: &[f64]) -> Means {
        let at = |products: &[Product]| products.iter().map(|one| one.at(row)).collect();
        let of = |expected: &Expected| StrategyExpected {
            metrics: at(&expected.metrics),
            cases: at(&expected.cases),
            missed: at(&expected.missed),
        };
        Means { strategies: self.fits[fit].iter().map(of).collect() }
    }

    /// The means with the function `at` of the point greater by `by`: what they were times a factor
    /// each. It must be a straight line of a coordinate.
    pub fn moved(&self, fit: usize, means: &Means, (at, by): (usize, f64)) -> Means {
        let factors = |values: &[f64], products: &[Product]| {
            values.iter().zip(products).map(|(value, one)| value * one.factor(at, by)).collect()
        };
        let of = |(own, expected): (&StrategyExpected, &Expected)| StrategyExpected {
            metrics: factors(&own.metrics, &expected.metrics),
            cases: factors(&own.cases, &expected.cases),
            missed: factors(&own.missed, &expected.missed),
        };
        Means { strategies: means.strategies.iter().zip(&self.fits[fit]).map(of).collect() }
    }

    /// What may miss a limit where strategies have these means.
    pub fn allowed(&self, own: &StrategyExpected, tolerance: usize) -> f64 {
        match self.allowances[tolerance] {
            Allowance::OfTrials(share) => share,
            Allowance::OfOutages(share) => {
                let place = self.counted.iter().position(|one| *one == tolerance);
                share * place.map_or(0.0, |place| own.cases[place])
            }
        }
    }

    /// What missed a limit in each half of the trials of a point.
    pub fn missed(&self, result: &PointResult, strategy: usize, tolerance: usize) -> [f64; 2] {
        [0, 1].map(|half| {
            let means = &result.strategies[strategy].halves[half];
            let allowed = match self.allowances[tolerance] {
                Allowance::OfTrials(share) => share,
                Allowance::OfOutages(share) => share * means[cases_at(tolerance)],
            };
            allowed - means[room_at(tolerance)]
        })
    }

    /// Whether anything but what is paid depends on a coordinate.
    pub fn depends_on(&self, coordinate: usize) -> bool {
        let is_own = |at: &usize| self.basis.terms[*at - 1].is_main(coordinate);
        let all = self.fits.iter().flatten();
        let all = all.flat_map(|one| [&one.metrics, &one.cases, &one.missed]);
        let mut products = all.flatten();
        products.any(|one| one.slopes.iter().chain(&one.steps).any(|(at, _)| is_own(at)))
    }

    /// How many tolerances there are.
    pub fn tolerances(&self) -> usize {
        self.allowances.len()
    }

    /// The outlook of these means at some prices.
    pub fn priced(&self, means: &Means, prices: &Prices) -> Outlook {
        let cost = |(strategy, own): (usize, &StrategyExpected)| {
            let paid = self.metrics.iter().zip(&own.metrics);
            let harm = paid.map(|(metric, mean)| prices.metrics[*metric as usize] * mean);
            prices.fixed[strategy] + harm.sum::<f64>()
        };
        let rooms = |own: &StrategyExpected| {
            let missed = own.missed.iter().enumerate();
            missed.map(|(at, missed)| self.allowed(own, at) - missed).collect()
        };
        Outlook {
            costs: means.strategies.iter().enumerate().map(cost).collect(),
            rooms: means.strategies.iter().map(rooms).collect(),
            suits: prices.suits.clone(),
        }
    }

    /// The outlook of a fit at a point whose functions are `row`.
    pub fn outlook(&self, fit: usize, row: &[f64], prices: &Prices) -> Outlook {
        self.priced(&self.means(fit, row), prices)
    }
}

/// What a fit says of every strategy at a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Means {
    /// By strategy.
    pub strategies: Vec<StrategyExpected>,
}

/// What a fit says of one strategy at a point.
#[derive(Debug, Clone, PartialEq)]
pub struct StrategyExpected {
    /// By metric that has a price: its mean.
    metrics: Vec<f64>,
    /// By tolerance that judges outages: how many there are to judge.
    cases: Vec<f64>,
    /// By tolerance: what misses its limit.
    pub missed: Vec<f64>,
}

/// A product whose mean and slopes are those of a fit: with m exp(sum of c z - c²/2) the first Hermite
/// coefficient of each z is m c, exactly. Its curvature and what inputs do together follow from that,
/// so what the fit says of them is left out.
#[derive(Debug)]
struct Product {
    /// The factor in front; 0 where there is nothing.
    scale: f64,
    /// The exponent: functions and what each counts.
    slopes: Vec<(usize, f64)>,
    /// Functions of choices, each with how much the value steps.
    steps: Vec<(usize, f64)>,
}

impl Product {
    /// From the coefficients of a fit, the constant first.
    fn new(basis: &Basis, coefficients: &[f64]) -> Product {
        let mean = coefficients[0];
        let mut product = Product { scale: mean.max(0.0), slopes: Vec::new(), steps: Vec::new() };
        if mean <= 0.0 {
            return product;
        }
        for ((at, term), value) in (1..).zip(&basis.terms).zip(&coefficients[1..]) {
            let slope = (value / mean).clamp(-STEEPEST, STEEPEST);
            if slope == 0.0 || term.second.is_some() {
                continue;
            }
            match &basis.axes[term.first.coordinate] {
                Axis::Normal(_) if term.first.order == 1 => {
                    product.slopes.push((at, slope));
                    product.scale *= libm::exp(-0.5 * slope * slope);
                }
                Axis::Normal(_) => {}
                Axis::Even(_) | Axis::Choice(_) | Axis::Price(_) => product.steps.push((at, slope)),
            }
        }
        product
    }

    /// What happens does not depend on what is paid for it, so that what a fit says of prices is luck.
    /// Only a limit on the cost does.
    fn without_prices(mut self, basis: &Basis) -> Product {
        let is_price =
            |at: usize| matches!(basis.axes[basis.terms[at - 1].first.coordinate], Axis::Price(_));
        self.steps.retain(|(at, _)| !is_price(*at));
        self
    }

    /// By how much it grows where the function `at` is greater by `by`.
    fn factor(&self, at: usize, by: f64) -> f64 {
        let slope = self.slopes.iter().find(|(own, _)| *own == at);
        slope.map_or(1.0, |(_, slope)| libm::exp(slope * by))
    }

    fn at(&self, row: &[f64]) -> f64 {
        if self.scale == 0.0 {
            return 0.0;
        }
        let exponent: f64 = self.slopes.iter().map(|(at, slope)| slope * row[*at]).sum();
        let steps = self.steps.iter().map(|(at, slope)| (1.0 + slope * row[*at]).max(0.0));
        self.scale * libm::exp(exponent) * steps.product::<f64>()
    }
}

impl Expected {
    /// From the coefficients of a strategy: so many metrics, what the `counted` tolerances judge, rooms.
    fn new(
        basis: &Basis,
        coefficients: &[Vec<f64>],
        (metrics, counted): (usize, &[usize]),
        allowances: &[Allowance],
    ) -> Expected {
        let (metrics, rest) = coefficients.split_at(metrics);
        let (cases, rooms) = rest.split_at(counted.len());
        // What may miss a limit, less the room, is what does miss it.
        let missed = |(at, allowance): (usize, &Allowance)| {
            let mut missed: Vec<f64> = rooms[at].iter().map(|room| -room).collect();
            let own = counted.iter().zip(cases).find(|(of, _)| **of == at);
            match (allowance, own) {
                (Allowance::OfTrials(share), _) => missed[0] += share,
                (Allowance::OfOutages(share), Some((_, all))) => {
                    missed.iter_mut().zip(all).for_each(|(sum, all)| *sum += share * all);
                }
                (Allowance::OfOutages(_), None) => {}
            }
            Product::new(basis, &missed)
        };
        let unpaid = |of: &[Vec<f64>]| -> Vec<Product> {
            of.iter().map(|own| Product::new(basis, own).without_prices(basis)).collect()
        };
        Expected {
            metrics: unpaid(metrics),
            cases: unpaid(cases),
            missed: allowances.iter().enumerate().map(missed).collect(),
        }
    }
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

/// By how much the method itself is off where a share is one half and each point has one trial: a
/// standard error, measured (docs/sensitivity.md, "How wide the intervals of shares are").
pub(super) const METHOD_ERROR: f64 = 0.12;

/// How likely each strategy is to be the choice, from the choices at all points, each with so many
/// trials; the last is that none is.
///
/// The jackknife sees what differs from block to block. It does not see what the method does alike in
/// all of them, so the measured error of the method is added to it, as squares. It falls with the
/// root of the trials of a point, and like that of a count it is largest at one half.
pub fn shares(
    choices: &[Vec<usize>],
    strategies: usize,
    trials: u64,
    confidence: f64,
) -> Vec<Estimate> {
    let method = METHOD_ERROR / (trials.max(1) as f64).sqrt();
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
        let found = Estimate::around(share(choice, 0), &without, confidence).within(0.0, 1.0);
        // Where all blocks agree, so many points still leave a share open.
        let of_points = wilson_of_share(found.value, choices.len() as f64, confidence);
        let value = found.value;
        let misfit = normal_deviate(confidence) * method * 2.0 * (value * (1.0 - value)).sqrt();
        let low = (value - found.interval.low).max(value - of_points.low);
        let high = (found.interval.high - value).max(of_points.high - value);
        let interval =
            Interval { low: value - low.hypot(misfit), high: value + high.hypot(misfit) };
        Estimate { value, interval }.within(0.0, 1.0)
    };
    (0..=strategies).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assumptions::Inputs;
    use crate::scenario::Spec;
    use crate::sensitivity::asked::Asked;
    use crate::sensitivity::design::Points;
    use crate::sensitivity::guess::Guess;
    use crate::sensitivity::robustness::regression;
    use crate::sensitivity::sample::{Effort, sample};
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    /// A crash of 10 h, one of 1 h, and planned work three times: two cases to judge, of which one
    /// misses 5 h. Half of the cases may. What a crash costs is all that varies.
    const PLANNED: &str = "name = \"x\"\nhorizon = \"900h\"\n[operations]\ndetection = \"0s\"\n\
         call_out = \"0s\"\ndecision = \"0s\"\nrepair_first = \"0s\"\novertime = \"0s\"\n\
         [sync]\nimport_per_second = 1e12\nsync_per_second = 1e12\n\
         [[planned]]\nname = \"upgrade\"\nat = [\"200h\", \"300h\", \"400h\"]\nwork = \"2h\"\n\
         stops = \"all\"\nfull_sync = false\ngoes_wrong = 0.0\n\
         [[fault]]\nname = \"long\"\nstrikes = \"server\"\nat = [\"100h\"]\nrepair = \"10h\"\n\
         [[fault]]\nname = \"short\"\nstrikes = \"server\"\nat = [\"600h\"]\nrepair = \"1h\"\n\
         [[strategy]]\nname = \"a\"\n[tolerance]\nrestore_hours = { limit = 5.0, confidence = 0.5 }\n\
         [costs]\ndowntime_hour = { guess = 100.0, range = [50.0, 200.0] }\n\
         [uncertainty]\ndefault = \"off\"\n";

    #[test]
    fn what_may_miss_a_restore_time_is_a_share_of_what_a_verdict_judges() {
        let mut spec = Spec::parse(PLANNED, Path::new(""), "test");
        let scenario = spec.compile().unwrap();
        let inputs = Inputs::new(&scenario);
        let never = AtomicBool::new(false);
        let points = Points { seed: 1, dimensions: inputs.dimensions() };
        let effort = Effort { seed: 1, points: 0..128, trials: 8, threads: 2 };
        let played = sample(&spec, &inputs, points, &effort, &never, |_| ()).unwrap();
        let at: Vec<Vec<f64>> = (0..128).map(|number| points.point(number)).collect();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} is not {b}");
        let means = &played[0].strategies[0];
        [2.0, 0.0]
            .into_iter()
            .zip([cases_at(0), room_at(0)])
            .for_each(|(b, a)| near(means.mean(a), b));
        near(means.mean(Metric::Outages as usize), 5.0);
        let model = regression(&scenario, &inputs, (&at, &played), (2, 2)).unwrap();
        let own = &model.means(0, &model.basis.row(&at[0])).strategies[0];
        // Half of two may miss it, and one does: with the planned ones it was 2.5.
        near(model.allowed(own, 0), 1.0);
        near(own.missed[0], 1.0);
        model.missed(&played[0], 0, 0).into_iter().for_each(|missed| near(missed, 1.0));
        // What the run itself knows is on the same scale: 1.5 of two cases are asked for where 0.75 is.
        let text = PLANNED.replace("confidence = 0.5", "confidence = 0.75");
        let mut spec = Spec::parse(&text, Path::new(""), "test");
        let scenario = spec.compile().unwrap();
        let trials = Trials { seed: 1, range: 0..16, threads: 2, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &never).unwrap();
        let asked =
            Asked { spec: &spec, scenario: &scenario, results: &results, seed: 1, threads: 2 };
        near(Guess::of(asked, &Inputs::new(&scenario)).outlook.rooms[0][0], -0.5);
    }

    #[test]
    fn a_share_on_which_all_points_agree_is_still_known_from_so_many_points() {
        let agree = vec![vec![0; 3]; 100];
        let shares = shares(&agree, 1, 16, 0.95);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-3, "{a} {b}");
        // Wilson's interval of 100 of 100: 100 / (100 + 1.96^2).
        near(shares[0].interval.low, 0.963);
        near(shares[1].interval.high, 0.037);
        assert_eq!((shares[0].value, shares[0].interval.high), (1.0, 1.0));
    }
}
