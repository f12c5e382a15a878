//! At what value of one assumption another strategy becomes the choice, all others at their guess.
//!
//! An assumption is moved over common worlds towards the ends of its range. Where the choice at an end
//! is another, a few values between are played, and straight lines of each number that can change the
//! choice say where it ends ([`Track`]). Nothing is told that was not played: on both sides of what
//! chance leaves open of that value every strategy is played, the choice must still be the choice on
//! the near side, and another one, or none, on the far side.

use super::asked::{Asked, Scale};
use super::basis::Axis;
use super::common::{Course, Measure, Quantity, Worlds};
use super::ground::Ground;
use super::guess::Guess;
use super::known::{Errors, Known, Track};
use super::model::{Model, Outlook, cost};
use super::prices::{PriceList, is_price};
use super::sample::{Assumptions, Prices};
use crate::assumptions::Inputs;
use crate::metric::Metric;
use crate::numeric::{normal_cdf, normal_quantile};
use crate::scenario::ScenarioError;
use crate::study::cheapest::cheapest;

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
    /// Between which quantiles chance leaves that value; the end towards the guess is none where the
    /// trials leave it open up to there. A choice has no interval: it is taken or not. Nor has what
    /// makes a strategy keep every tolerance where none does: there it surely does.
    pub interval: [Option<f64>; 2],
    /// The choice at the guess.
    pub from: Option<usize>,
    /// The choice beyond; none where no strategy keeps every tolerance, or where it is open.
    pub to: Option<usize>,
    /// Whether the choice beyond is open: what it is at the value, and where the old choice surely is none,
    /// are two.
    pub is_open: bool,
    /// What the choice beyond costs there, on average.
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

/// Which way a coordinate is moved.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// The coordinate.
    coordinate: usize,
    /// Where to.
    end: f64,
    /// Whether it is a choice, which has no values between.
    is_choice: bool,
    /// Whether it moves prices alone: those need no trial.
    is_priced: bool,
}

/// A way on which the choice ends.
struct Candidate {
    way: Way,
    /// The strategies that were played.
    only: Vec<usize>,
    /// Where the choice ends, as a part of the way.
    share: f64,
    /// What was played.
    track: Track,
}

/// Places that are played between the guess and the end of a range.
const PLAYED: usize = 2;
/// How often the way is halved where prices alone move.
const HALVINGS: usize = 40;
/// Places of each side at which errors are computed where prices alone move.
const PRICED: usize = 6;
/// How near to a place that was played another one may be played, as a part of the distance of two.
const NEAR: f64 = 0.1;
/// How often a flip that does not hold where it is played is looked for again, knowing that.
const MOST_TURNS: usize = 3;

/// How flips are looked for.
struct Search<'a> {
    ground: Ground<'a>,
    inputs: &'a Inputs,
    prices: &'a PriceList,
}

impl Search<'_> {
    fn from(&self) -> Option<usize> {
        self.ground.guess.outlook.choice()
    }

    fn all(&self) -> Vec<usize> {
        (0..self.ground.guess.outlook.costs.len()).collect()
    }

    /// The point of the guesses with one coordinate moved.
    fn moved(&self, coordinate: usize, to: f64) -> Vec<f64> {
        let mut point = self.ground.guess.point.clone();
        point[coordinate] = to;
        point
    }

    /// The quantile that is so far on a way.
    fn quantile(&self, way: Way, share: f64) -> f64 {
        if share == 1.0 {
            return way.end;
        }
        let start = normal_quantile(self.ground.guess.point[way.coordinate]);
        normal_cdf(start + share * (normal_quantile(way.end) - start))
    }

    /// What is known of some strategies so far on a way.
    fn known(&self, way: Way, share: f64, only: &[usize]) -> Result<Known, ScenarioError> {
        if share == 0.0 {
            return Ok(self.ground.guess.known().of(only));
        }
        let point = self.moved(way.coordinate, self.quantile(way, share));
        if way.is_priced {
            let (outlook, course) = self.priced(&point);
            let errors = self.errors(&course, &outlook, only, true);
            return Ok(Known { outlook, errors }.of(only));
        }
        let mut spec = self.ground.asked.spec.clone();
        let scenario = self.inputs.moved(&mut spec, &point, way.coordinate)?;
        let course = Worlds { only: only.to_vec(), ..self.ground.worlds.clone() }.play(&scenario);
        let outlook = course.outlook(&self.ground.before, &self.ground.guess.outlook);
        let errors = self.errors(&course, &outlook, only, false);
        Ok(Known { outlook, errors }.of(only))
    }

    /// The outlook where prices alone are others: exact, without a trial.
    fn priced(&self, point: &[f64]) -> (Outlook, Course) {
        let prices: Prices = self.prices.at(self.inputs, point);
        let of = |strategy: usize| {
            cost(&prices, strategy, |metric| self.ground.guess.means[strategy][metric as usize])
        };
        let costs = (0..self.ground.guess.means.len()).map(of).collect();
        let outlook = Outlook { costs, ..self.ground.guess.outlook.clone() };
        (outlook, self.ground.before.priced(prices))
    }

    /// The errors of an outlook that `course` gave: trials of a change, or those of the guess at other
    /// prices, which were not played again.
    fn errors(
        &self,
        course: &Course,
        outlook: &Outlook,
        only: &[usize],
        is_priced: bool,
    ) -> Errors {
        let trials = self.ground.asked.results.summary.trials;
        let before = if is_priced { course } else { &self.ground.before };
        let mut errors = Errors::none(outlook);
        for &of in only {
            for (at, error) in errors.rooms[of].iter_mut().enumerate() {
                let known = self.ground.guess.errors.rooms[of][at];
                let quantity = Quantity { measure: Measure::Room(at), of, less: None };
                *error = course.error(before, (trials, known), quantity);
            }
            let Some(choice) = self.from().filter(|&choice| choice != of) else { continue };
            let measure = Measure::Metric(Metric::Cost);
            let quantity = Quantity { measure, of, less: Some(choice) };
            let mut known = self.ground.guess.errors.extra[of];
            if is_priced {
                known *= self.rescaled(course, quantity);
            }
            errors.extra[of] = course.error(before, (trials, known), quantity);
        }
        errors
    }

    /// How much larger other prices make the error of a difference of costs, by the trials that are played.
    fn rescaled(&self, priced: &Course, quantity: Quantity) -> f64 {
        let (own, guess) = (priced.mean(quantity).1, self.ground.before.mean(quantity).1);
        if guess > 0.0 { own / guess } else { 1.0 }
    }

    /// Looks for a value between the guess and the end of a way at which the choice ends.
    fn candidate(&self, way: Way, only: &[usize]) -> Result<Option<Candidate>, ScenarioError> {
        let from = self.from();
        let candidate =
            |share, track| Ok(Some(Candidate { way, only: only.to_vec(), share, track }));
        if way.is_priced && !way.is_choice {
            let choice = |share| {
                self.priced(&self.moved(way.coordinate, self.quantile(way, share))).0.choice()
            };
            if choice(1.0) == from {
                return Ok(None);
            }
            let (mut near, mut far) = (0.0, 1.0);
            for _ in 0..HALVINGS {
                let middle = f64::midpoint(near, far);
                *(if choice(middle) == from { &mut near } else { &mut far }) = middle;
            }
            let track = Track::new(self.known(way, 0.0, only)?, self.known(way, 1.0, only)?);
            return candidate(far, track);
        }
        let last = self.known(way, 1.0, only)?;
        if last.outlook.choice() == from {
            return Ok(None);
        }
        let mut track = Track::new(self.known(way, 0.0, only)?, last);
        for _ in 0..if way.is_choice { 0 } else { PLAYED } {
            let (Some((near, far)), Some(end)) = (track.around(from), track.end(from, 0.0)) else {
                return Ok(None);
            };
            let apart = NEAR * (far - near);
            let at = end.at.clamp(near + apart, far - apart);
            track.insert(at, self.known(way, at, only)?);
        }
        match track.end(from, 0.0) {
            Some(_) if way.is_choice => candidate(1.0, track),
            Some(end) => candidate(end.at, track),
            None => Ok(None),
        }
    }

    /// The flip of a candidate, played with every strategy on both sides of what chance leaves open;
    /// none where it does not hold there, or where no value within the range is surely beyond it.
    fn settle(&self, mut found: Candidate) -> Result<Option<Flip>, ScenarioError> {
        let (from, way, all) = (self.from(), found.way, self.all());
        if way.is_choice {
            if from.is_none() {
                return self.remedy(way, 1.0);
            }
            let there = self.known(way, 1.0, &all)?;
            let is_other = there.is_surely_not(from, self.ground.deviate);
            return Ok(is_other.then(|| self.flip(way, 1.0, [None; 2], &there)));
        }
        if way.is_priced {
            let side = |from: f64, to: f64| {
                (0..PRICED).map(move |step| from + (to - from) * step as f64 / PRICED as f64)
            };
            for at in side(found.share, 0.0).chain(side(found.share, 1.0).skip(1)) {
                found.track.insert(at, self.known(way, at, &found.only)?);
            }
        }
        for _ in 0..MOST_TURNS {
            let Some(end) = found.track.end(from, self.ground.deviate) else { return Ok(None) };
            let Some(beyond) = end.beyond else { return Ok(None) };
            let near = self.known(way, end.before.unwrap_or(0.0), &all)?;
            let far = self.known(way, beyond, &all)?;
            let holds = near.outlook.choice() == from && far.is_surely_not(from, 0.0);
            if holds && from.is_none() {
                return self.remedy(way, beyond);
            }
            if holds {
                let interval =
                    [end.before, Some(beyond)].map(|at| at.map(|at| self.quantile(way, at)));
                let mut flip = self.flip(way, end.at, interval, &far);
                let before = end.before.unwrap_or(0.0);
                let there = near.towards(&far, (end.at - before) / (beyond - before));
                if there.without(from).choice() != flip.to {
                    flip = Flip { to: None, is_open: true, cost: None, ..flip };
                }
                return Ok(Some(flip));
            }
            // A strategy that was not looked at is the choice sooner, or the lines were too straight.
            let others = [&near, &far].map(|known| known.outlook.choice());
            let new = others.into_iter().flatten().find(|one| !found.only.contains(one));
            if let Some(new) = new {
                found.only.push(new);
                let only = found.only.clone();
                let Some(again) = self.candidate(way, &only)? else { return Ok(None) };
                found = again;
            } else {
                let only = found.only.clone();
                found.track.insert(end.before.unwrap_or(0.0), near.of(&only));
                found.track.insert(beyond, far.of(&only));
            }
        }
        Ok(None)
    }

    /// A value at which a strategy keeps every tolerance where none does at the guess, as surely as a run
    /// says so.
    fn remedy(&self, way: Way, at: f64) -> Result<Option<Flip>, ScenarioError> {
        let Way { coordinate, .. } = way;
        let at = self.quantile(way, at);
        let mut spec = self.ground.asked.spec.clone();
        let changed = self.inputs.moved(&mut spec, &self.moved(coordinate, at), coordinate)?;
        let met = self.ground.cheapest_that_meets(&changed);
        Ok(met.map(|(to, cost)| {
            let (to, cost) = (Some(to), Some(cost));
            Flip { coordinate, at, interval: [None; 2], from: None, to, is_open: false, cost }
        }))
    }

    fn flip(&self, way: Way, at: f64, mut interval: [Option<f64>; 2], there: &Known) -> Flip {
        let at = self.quantile(way, at);
        if at < self.ground.guess.point[way.coordinate] {
            interval.reverse();
        }
        let (from, to) = (self.from(), there.outlook.choice());
        let cost = to.map(|to| there.outlook.costs[to]);
        Flip { coordinate: way.coordinate, at, interval, from, to, is_open: false, cost }
    }

    /// How much would be missing to a flip at a value of a coordinate by what a regression expects of
    /// the change; prices stay as they are.
    fn promise(&self, model: &Model, way: Way) -> f64 {
        let prices = Prices::new(self.ground.asked.scenario);
        let outlook = |point: &[f64]| model.outlook(0, &model.basis.row(point), &prices);
        let (here, there) =
            (outlook(&self.ground.guess.point), outlook(&self.moved(way.coordinate, way.end)));
        let mut expected = self.ground.guess.outlook.clone();
        let changes = there.costs.iter().zip(&here.costs);
        expected.costs.iter_mut().zip(changes).for_each(|(cost, (b, a))| *cost += b - a);
        let rooms = there.rooms.iter().flatten().zip(here.rooms.iter().flatten());
        let own = expected.rooms.iter_mut().flatten();
        own.zip(rooms).for_each(|(room, (b, a))| *room += b - a);
        margin(&expected, self.from())
    }
}

/// How much is missing until another strategy is the choice: below 0 one is. Money counts as a part
/// of the choice's cost, room as it is.
fn margin(outlook: &Outlook, choice: Option<usize>) -> f64 {
    let Some(chosen) = choice else {
        // None keeps its tolerances: how much the best one lacks.
        return outlook.suited().map(|one| -outlook.room(one)).fold(f64::INFINITY, f64::min);
    };
    let own = outlook.costs[chosen];
    let unit = own.abs().max(f64::MIN_POSITIVE).recip();
    let rival = |of: usize| (unit * (outlook.costs[of] - own)).max(-outlook.room(of));
    let rivals = outlook.suited().filter(|&of| of != chosen).map(rival);
    rivals.fold(outlook.room(chosen), f64::min)
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
    let search = Search { ground: Ground::new(asked, guess, scale.change_trials), inputs, prices };
    let (priced, mut played): (Vec<Way>, Vec<Way>) =
        ways(inputs, guess, model).into_iter().partition(|way| way.is_priced);
    let key = |way: &Way| search.promise(model, *way);
    played.sort_by_cached_key(|way| Ordered(key(way), way.coordinate, way.end));
    played.truncate(scale.changes);
    let (all, near) = (search.all(), contenders(guess));
    let mut found = Vec::new();
    for way in priced.into_iter().chain(played) {
        let only = if way.is_priced { &all } else { &near };
        found.extend(search.candidate(way, only)?);
    }
    let far = |one: &Candidate| {
        let way = one.way;
        distance(guess.point[way.coordinate], search.quantile(way, one.share))
    };
    found.sort_by_cached_key(|one| Ordered(far(one), one.way.coordinate, one.way.end));
    let mut settled = Vec::new();
    for one in found {
        if settled.len() < MOST_FLIPS {
            settled.extend(search.settle(one)?);
        }
    }
    settled.sort_by_cached_key(|flip| Ordered(flip.distance(guess), flip.coordinate, flip.at));
    Ok(settled)
}

/// A total order: by the first number, and by the others where that is the same.
#[derive(Debug, PartialEq)]
struct Ordered(f64, usize, f64);

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Ordered) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Ordered) -> std::cmp::Ordering {
        let first = self.0.total_cmp(&other.0).then(self.1.cmp(&other.1));
        first.then(self.2.total_cmp(&other.2))
    }
}

/// Every way that a single coordinate can be moved.
fn ways(inputs: &Inputs, guess: &Guess, model: &Model) -> Vec<Way> {
    let of = |coordinate: usize| {
        let is_choice = matches!(model.basis.axes[coordinate], Axis::Choice(_));
        let is_priced = moves_prices(inputs, coordinate);
        let ends = ends(model, guess, coordinate).into_iter();
        ends.map(move |end| Way { coordinate, end, is_choice, is_priced })
    };
    (0..inputs.dimensions()).flat_map(of).collect()
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
