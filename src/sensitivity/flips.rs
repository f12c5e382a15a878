//! At what value of one assumption another strategy becomes the choice, all others at their guess.
//!
//! How far the choice is from changing is a number, the *margin*: the room of the choice under a
//! tolerance, or what the next strategy costs more. Where the margin is 0 the choice changes. It is
//! read over common worlds, and [`approach`] finds the value and what chance leaves open of it.

use super::asked::{Asked, Scale};
use super::basis::Axis;
use super::common::{Course, Measure, Quantity, Worlds};
use super::guess::Guess;
use super::model::{Model, Outlook, cost};
use super::prices::{PriceList, is_price};
use super::sample::{Assumptions, Prices};
use crate::assumptions::Inputs;
use crate::metric::Metric;
use crate::numeric::{normal_cdf, normal_deviate, normal_quantile};
use crate::scenario::{Scenario, ScenarioError, Spec};
use crate::stats::Interval;
use crate::study::cheapest::cheapest;
use crate::study::crossing::{Reading, approach};

/// Most flips that are told.
const MOST_FLIPS: usize = 5;
/// The ends of a range at which a change is tried.
const ENDS: [f64; 2] = [0.05, 0.95];

/// A value at which the choice changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// The coordinate that is moved.
    pub coordinate: usize,
    /// Its value, as a quantile of the range.
    pub at: f64,
    /// Between which quantiles chance leaves that value; none where the trials leave an end open up to
    /// the guess, or up to the end of the range. A choice has no interval: it is taken or not.
    pub interval: [Option<f64>; 2],
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
#[derive(Debug, Clone, Copy)]
struct Margin {
    /// How much.
    value: f64,
    /// The number whose change would change the choice first.
    quantity: Quantity,
    /// How much of the margin one of it is.
    unit: f64,
}

impl Margin {
    fn of(outlook: &Outlook, choice: Option<usize>) -> Margin {
        let all = || outlook.suited();
        let room = |of: usize, unit: f64| {
            let own = &outlook.rooms[of];
            let least = (0..own.len()).min_by(|&a, &b| own[a].total_cmp(&own[b]));
            let value = unit * least.map_or(f64::INFINITY, |at| own[at]);
            let measure = Measure::Room(least.unwrap_or_default());
            Margin { value, quantity: Quantity { measure, of, less: None }, unit }
        };
        let less = |a: &Margin, b: &Margin| a.value.total_cmp(&b.value);
        let Some(chosen) = choice else {
            // None keeps its tolerances: how much the best one lacks.
            let least = all().map(|strategy| room(strategy, -1.0)).min_by(less);
            return least.unwrap_or_else(|| room(0, -1.0));
        };
        let own = outlook.costs[chosen];
        let unit = own.abs().max(f64::MIN_POSITIVE).recip();
        let rival = |of: usize| {
            let measure = Measure::Metric(Metric::Cost);
            let dearer = Margin {
                value: unit * (outlook.costs[of] - own),
                quantity: Quantity { measure, of, less: Some(chosen) },
                unit,
            };
            let short = room(of, -1.0);
            if less(&dearer, &short).is_ge() { dearer } else { short }
        };
        let rivals = all().filter(|&of| of != chosen).map(rival);
        rivals.fold(room(chosen, 1.0), |a, b| if less(&b, &a).is_lt() { b } else { a })
    }
}

/// What is known at a value of a coordinate.
#[derive(Debug, Clone)]
struct There {
    outlook: Outlook,
    course: Course,
    /// Whether its trials are others than those at the guess.
    is_moved: bool,
}

/// A flip among the strategies that were played.
struct Found {
    flip: Flip,
    /// A quantile beyond it that was played.
    beyond: f64,
    /// What is known there.
    outlook: Outlook,
}

/// How a coordinate is tried.
struct Search<'a, A> {
    /// The scenario with every guess.
    pub spec: &'a Spec,
    /// Where points lead.
    pub assumptions: &'a A,
    /// What is known there.
    pub guess: &'a Guess,
    /// Trials from which that is known.
    pub trials: u64,
    /// Confidence of intervals.
    pub confidence: f64,
    /// The trials that are played for a change.
    pub worlds: Worlds,
    /// What they give at the guess.
    pub before: &'a Course,
}

/// Where a flip is looked for.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// The coordinate that is moved.
    coordinate: usize,
    /// Where to.
    end: f64,
    /// Whether it is a choice, which has no values between.
    is_choice: bool,
    /// Places that are read between: few where each is played, many where prices alone move.
    steps: usize,
}

/// Places that are played between the guess and the end of a range.
const PLAYED: usize = 2;
/// Places that are computed where prices alone move.
const COMPUTED: usize = 12;

impl<A: Assumptions> Search<'_, A> {
    /// The point of the guesses with one coordinate moved.
    fn moved(&self, coordinate: usize, to: f64) -> Vec<f64> {
        let mut point = self.guess.point.clone();
        point[coordinate] = to;
        point
    }

    /// What is known at a value of a coordinate.
    fn there(&self, worlds: &Worlds, coordinate: usize, at: f64) -> Result<There, ScenarioError> {
        let mut spec = self.spec.clone();
        let scenario =
            self.assumptions.moved(&mut spec, &self.moved(coordinate, at), coordinate)?;
        let course = worlds.play(&scenario);
        let outlook = course.outlook(self.before, &self.guess.outlook);
        Ok(There { outlook, course, is_moved: true })
    }

    /// The same where prices alone are others: exact, without a trial.
    fn priced(&self, prices: Prices) -> There {
        let of = |strategy: usize| {
            cost(&prices, strategy, |metric| self.guess.means[strategy][metric as usize])
        };
        let costs = (0..self.guess.means.len()).map(of).collect();
        let outlook = Outlook { costs, ..self.guess.outlook.clone() };
        There { outlook, course: self.before.priced(prices), is_moved: false }
    }

    /// The margin at a place, on the side on which the choice there has it.
    fn reading(&self, at: f64, there: &There) -> Reading {
        let from = self.guess.outlook.choice();
        let Margin { value, quantity, unit } = Margin::of(&there.outlook, from);
        let value = match there.outlook.choice() == from {
            true => value.max(0.0),
            false => value.min(-f64::MIN_POSITIVE),
        };
        let before = if there.is_moved { self.before } else { &there.course };
        let error = unit.abs() * there.course.error(before, self.trials, quantity);
        let half = normal_deviate(self.confidence) * error;
        let interval = Interval { low: value - half, high: value + half };
        Reading { at, estimate: Some(value), interval: Some(interval) }
    }

    /// How much would be missing to a flip at a value of a coordinate by what a regression expects of
    /// the change; prices stay as they are.
    fn promise(&self, model: &Model, scenario: &Scenario, coordinate: usize, at: f64) -> f64 {
        let prices = Prices::new(scenario);
        let outlook = |point: &[f64]| model.outlook(0, &model.basis.row(point), &prices);
        let (here, there) = (outlook(&self.guess.point), outlook(&self.moved(coordinate, at)));
        let mut expected = self.guess.outlook.clone();
        let changes = there.costs.iter().zip(&here.costs);
        expected.costs.iter_mut().zip(changes).for_each(|(cost, (b, a))| *cost += b - a);
        let rooms = there.rooms.iter().flatten().zip(here.rooms.iter().flatten());
        let own = expected.rooms.iter_mut().flatten();
        own.zip(rooms).for_each(|(room, (b, a))| *room += b - a);
        Margin::of(&expected, self.guess.outlook.choice()).value
    }

    /// Looks for a flip between the guess and `end`. A choice has no values between.
    fn towards(
        &self,
        Way { coordinate, end, is_choice, steps }: Way,
        there: impl Fn(f64) -> Result<There, ScenarioError>,
    ) -> Result<Option<Found>, ScenarioError> {
        let from = self.guess.outlook.choice();
        let last = there(end)?;
        if last.outlook.choice() == from {
            return Ok(None);
        }
        let flip = |at: f64, interval: [Option<f64>; 2], outlook: &Outlook| {
            let to = outlook.choice();
            Flip { coordinate, at, interval, from, to, cost: to.map(|to| outlook.costs[to]) }
        };
        if is_choice {
            let flip = flip(end, [None; 2], &last.outlook);
            return Ok(Some(Found { flip, beyond: end, outlook: last.outlook }));
        }
        let start = normal_quantile(self.guess.point[coordinate]);
        let way = normal_quantile(end) - start;
        let quantile =
            |share: f64| if share == 1.0 { end } else { normal_cdf(start + share * way) };
        let mut known = vec![(1.0, last)];
        let guess = There {
            outlook: self.guess.outlook.clone(),
            course: self.before.clone(),
            is_moved: false,
        };
        known.push((0.0, guess));
        let found = approach((0.0, 1.0), 0.0, steps, |share| {
            if let Some((_, there)) = known.iter().find(|(at, _)| *at == share) {
                return Ok::<_, ScenarioError>(self.reading(share, there));
            }
            let here = there(quantile(share))?;
            let reading = self.reading(share, &here);
            known.push((share, here));
            Ok(reading)
        })?;
        let mut interval = found.interval.map(|end| end.map(quantile));
        if way < 0.0 {
            interval.reverse();
        }
        let beyond = known.into_iter().find(|(share, _)| *share == found.beyond);
        let outlook = beyond.map_or_else(|| self.guess.outlook.clone(), |(_, there)| there.outlook);
        let flip = flip(quantile(found.at), interval, &outlook);
        Ok(Some(Found { flip, beyond: quantile(found.beyond), outlook }))
    }

    /// The flip with the choice beyond it among all strategies; none where the choice stays what it
    /// was. What this search does not play, `others` do.
    fn confirm(&self, found: Found, others: &Worlds) -> Result<Option<Flip>, ScenarioError> {
        let Found { flip, beyond, mut outlook } = found;
        if !others.only.is_empty() {
            let more = self.there(others, flip.coordinate, beyond)?.outlook;
            for &strategy in &others.only {
                outlook.costs[strategy] = more.costs[strategy];
                outlook.rooms[strategy].clone_from(&more.rooms[strategy]);
            }
        }
        let to = outlook.choice();
        let cost = to.map(|to| outlook.costs[to]);
        Ok((to != flip.from).then_some(Flip { to, cost, ..flip }))
    }
}

/// Whether a coordinate moves prices alone.
fn moves_prices(inputs: &Inputs, coordinate: usize) -> bool {
    inputs.members(coordinate).all(|input| is_price(inputs, input))
}

/// The nearest flips of every single assumption.
pub fn flips(
    asked: Asked<'_>,
    inputs: &Inputs,
    guess: &Guess,
    model: &Model,
    prices: &PriceList,
    scale: Scale,
) -> Result<Vec<Flip>, ScenarioError> {
    let Asked { spec, scenario, results, seed, threads } = asked;
    let in_strata = scenario.world.rare.is_some();
    let trials = 0..scale.change_trials;
    let all = Worlds { seed, trials, in_strata, only: Vec::new(), threads };
    let before: Course = all.play(scenario);
    let played = contenders(guess);
    let others = (0..scenario.strategies.len()).filter(|one| !played.contains(one)).collect();
    let others = Worlds { only: others, ..all.clone() };
    let worlds = Worlds { only: played, ..all };
    let (trials, confidence) = (results.summary.trials, results.confidence);
    let before = &before;
    let search = Search { spec, assumptions: inputs, guess, trials, confidence, worlds, before };
    let mut found = Vec::new();
    let mut open = Vec::new();
    for coordinate in 0..inputs.dimensions() {
        let is_choice = matches!(model.basis.axes[coordinate], Axis::Choice(_));
        for end in ends(model, guess, coordinate) {
            let is_priced = moves_prices(inputs, coordinate);
            let steps = if is_priced { COMPUTED } else { PLAYED };
            let way = Way { coordinate, end, is_choice, steps };
            if is_priced {
                let priced =
                    |at| Ok(search.priced(prices.at(inputs, &search.moved(coordinate, at))));
                found.extend(search.towards(way, priced)?.map(|one| one.flip));
            } else {
                open.push((search.promise(model, scenario, coordinate, end), way));
            }
        }
    }
    open.sort_by(|(a, i), (b, j)| {
        a.total_cmp(b).then(i.coordinate.cmp(&j.coordinate)).then(i.end.total_cmp(&j.end))
    });
    for (_, way) in open.into_iter().take(scale.changes) {
        if let Some(flip) =
            search.towards(way, |at| search.there(&search.worlds, way.coordinate, at))?
        {
            found.extend(search.confirm(flip, &others)?);
        }
    }
    found.sort_by(|a, b| {
        let distances = (a.distance(guess), b.distance(guess));
        distances.0.total_cmp(&distances.1).then(a.coordinate.cmp(&b.coordinate))
    });
    found.truncate(MOST_FLIPS);
    Ok(found)
}

/// The strategies by which it is looked whether the choice changes: the choice, the next cheapest that
/// keeps its tolerances, and whichever costs little more and is not far from keeping them; where there is no choice, those that come closest to one. Which strategy is
/// the choice beyond a flip is looked up among all.
fn contenders(guess: &Guess) -> Vec<usize> {
    const CLOSE: f64 = 1.15;
    const FAR: f64 = -0.1;
    const CLOSEST: usize = 3;
    let outlook = &guess.outlook;
    let mut strategies: Vec<usize> = outlook.suited().collect();
    if let Some(choice) = outlook.choice() {
        let limit = CLOSE * outlook.costs[choice];
        let is_near = |one: usize| outlook.costs[one] <= limit && outlook.room(one) > FAR;
        let keeps = |one: usize| outlook.suits[one] && one != choice && outlook.room(one) >= 0.0;
        let next = cheapest(&outlook.costs, keeps);
        strategies.retain(|&one| one == choice || Some(one) == next || is_near(one));
    } else {
        strategies.sort_by(|&a, &b| outlook.room(b).total_cmp(&outlook.room(a)).then(a.cmp(&b)));
        strategies.truncate(CLOSEST);
    }
    strategies
}

/// Where a coordinate is tried: both ends of its range, or every other value of a choice.
pub fn ends(model: &Model, guess: &Guess, coordinate: usize) -> Vec<f64> {
    let Axis::Choice(weights) = &model.basis.axes[coordinate] else {
        return ENDS.to_vec();
    };
    let mut from = 0.0;
    let middle = |weight: &f64| {
        let (start, end) = (from, from + weight);
        from = end;
        let holds_guess = (start..end).contains(&guess.point[coordinate]);
        (!holds_guess).then(|| f64::midpoint(start, end))
    };
    weights.iter().filter_map(middle).collect()
}
