//! All that `outlast sensitivity` asks: one sample of the assumptions, and what follows from it.

use super::acceptability::{Acceptability, acceptability};
use super::asked::{Asked, Scale};
use super::basis::Axis;
use super::choice_indices::choice_indices;
use super::common::{Course, Measure, Quantity, Worlds};
use super::design::{BLOCK, Points};
use super::flips::{Flip, ends, flips};
use super::guess::Guess;
use super::indices::{Asked as AskedIndices, Indices, indices};
use super::information::perfect;
use super::learning::{Learning, learning};
use super::misfit::{self, Corrected};
use super::model::{self, Model};
use super::options::Options;
use super::prices::PriceList;
use super::regression::Estimate;
use super::remedies::remedies;
use super::robustness::{Robustness, regression};
use super::sample::{Effort, PointResult, Prices, sample};
use super::tornado::{Base, Moved, moved};
use crate::assumptions::Inputs;
use crate::metric::Metric;
use crate::scenario::{Scenario, ScenarioError, Spec};
use crate::study::cheapest::cheapest;
use std::sync::atomic::AtomicBool;

/// Blocks of the sample at most: more would cost time and tell little.
const MOST_BLOCKS: usize = 16;
/// Points at which acceptability is judged.
const MOST_JUDGED: usize = 1024;
/// Inputs whose total index is played for.
const MOST_TOTALS: usize = 12;
/// Inputs whose change is played again with more trials.
const MOST_REFINED: usize = 12;
/// How many times more.
const REFINED: u64 = 4;

/// What is known in the end.
#[derive(Debug)]
pub struct Study {
    /// How well the choice stands.
    pub robustness: Robustness,
    /// The points that were played.
    pub points: Vec<Vec<f64>>,
    /// What they gave.
    pub results: Vec<PointResult>,
    /// What the tornado and the first indices are of.
    pub quantity: Quantity,
    /// Its mean where every assumption has its guess, with its standard error.
    pub at_guess: (f64, f64),
    /// One assumption at a time, the widest first: both ends, or all other values of a choice.
    pub tornado: Vec<Vec<Moved>>,
    /// Sobol indices of the quantity, of each tolerance of the choice, and of the choice itself.
    pub indices: Vec<Indices>,
    /// How likely each strategy is to be the choice against one assumption.
    pub acceptability: Option<Acceptability>,
    /// What it would be worth to know all.
    pub evpi: Estimate,
    /// What it would be worth to know each coordinate.
    pub learning: Vec<Learning>,
}

/// A sample with its regression.
struct Played {
    points: Vec<Vec<f64>>,
    results: Vec<PointResult>,
    /// The prices of each point.
    prices: Vec<Prices>,
    model: Model,
    blocks: usize,
}

impl Played {
    fn seen(&self) -> misfit::Played<'_> {
        misfit::Played { points: &self.points, prices: &self.prices, results: &self.results }
    }
}

impl Played {
    /// The regression of a sample, whose points are whole blocks; none where it has too few.
    fn new(
        asked: Asked<'_>,
        inputs: &Inputs,
        design: Points,
        results: Vec<PointResult>,
    ) -> Option<Played> {
        let points: Vec<Vec<f64>> = (0..results.len() as u64).map(|at| design.point(at)).collect();
        let blocks = (results.len() / BLOCK as usize).min(MOST_BLOCKS);
        let how = (blocks, asked.threads);
        let model = regression(asked.scenario, inputs, (&points, &results), how)?;
        let prices = results.iter().map(|result| result.prices.clone()).collect();
        Some(Played { points, results, prices, model, blocks })
    }
}

/// Plays some points of the sample of a study. This is what can be divided: any ranges of it come
/// together to the same bits. `progress` hears how many points are played. Fewer where `stop` was set.
///
/// # Errors
/// Values within the ranges contradict each other.
pub fn sampled(
    spec: &Spec,
    scenario: &Scenario,
    effort: &Effort,
    stop: &AtomicBool,
    progress: impl Fn(u64) + Sync,
) -> Result<Vec<PointResult>, ScenarioError> {
    let inputs = Inputs::new(scenario);
    let design = Points { seed: effort.seed, dimensions: inputs.dimensions() };
    sample(spec, &inputs, design, effort, stop, progress)
}

/// Studies what the answer of a run hangs on. `progress` hears how many points are played. None where
/// nothing is varied, or where `stop` was set.
///
/// # Errors
/// Values within the ranges contradict each other.
pub fn study(
    asked: Asked<'_>,
    options: &Options,
    stop: &AtomicBool,
    progress: impl Fn(u64) + Sync,
) -> Result<Option<Study>, ScenarioError> {
    if Inputs::new(asked.scenario).inputs.is_empty() {
        return Ok(None);
    }
    let effort = effort(asked, options);
    let results = sampled(asked.spec, asked.scenario, &effort, stop, progress)?;
    study_of(asked, options, results)
}

fn effort(asked: Asked<'_>, options: &Options) -> Effort {
    let Asked { seed, threads, .. } = asked;
    Effort { seed, points: 0..options.points, trials: options.trials, threads }
}

/// What follows from the sample of a study, all of whose points are given. What it asks for besides is
/// settled by them, so it is played here: both ends of single assumptions, and changes for the total
/// indices. None where nothing is varied, or where points are missing.
///
/// # Errors
/// Values within the ranges contradict each other.
pub fn study_of(
    asked: Asked<'_>,
    options: &Options,
    results: Vec<PointResult>,
) -> Result<Option<Study>, ScenarioError> {
    let Asked { spec, scenario, seed, threads, .. } = asked;
    let inputs = Inputs::new(scenario);
    let design = Points { seed, dimensions: inputs.dimensions() };
    let effort = effort(asked, options);
    if inputs.inputs.is_empty() || (results.len() as u64) < options.points {
        return Ok(None);
    }
    let Some(played) = Played::new(asked, &inputs, design, results) else { return Ok(None) };
    let guess = Guess::of(asked, &inputs);
    let Played { points, results, model, .. } = &played;
    let prices = PriceList::new(&inputs, spec, scenario)?;
    let corrected = Corrected::new(model, played.seen(), threads);
    let choices = corrected.choices(threads);
    let choice = guess.outlook.choice();
    let quantity = options.quantity.unwrap_or_else(|| deciding(&played, &guess, &choices));
    let robustness = stands(asked, &inputs, &guess, (&played, &choices, &prices), options)?;
    let (tornado, at_guess) = tornado(asked, &inputs, &guess, model, (quantity, options))?;
    let of = Ground { inputs: &inputs, design, effort: &effort, played: &played, prices: &prices };
    let about = (quantities(quantity, choice, scenario.tolerances.len()), choice);
    let indices = all_indices(asked, of, &choices, about, options)?;
    let acceptability = options.against.and_then(|input| {
        let how = (threads, options.trials, options.confidence);
        acceptability(&inputs, &corrected, &prices, (input, MOST_JUDGED), how)
    });
    let evpi = evpi(&played, options);
    let learning = learning(asked, &inputs, (model, points, results), &choices, options);
    let Played { points, results, .. } = played;
    Ok(Some(Study {
        robustness,
        quantity,
        at_guess,
        tornado,
        indices,
        acceptability,
        evpi,
        learning,
        points,
        results,
    }))
}

/// What the indices rest on.
#[derive(Clone, Copy)]
struct Ground<'a> {
    inputs: &'a Inputs,
    design: Points,
    effort: &'a Effort,
    played: &'a Played,
    prices: &'a PriceList,
}

/// Sobol indices of every quantity, and of the choice.
fn all_indices(
    asked: Asked<'_>,
    of: Ground<'_>,
    choices: &[Vec<usize>],
    (quantities, choice): (Vec<Quantity>, Option<usize>),
    options: &Options,
) -> Result<Vec<Indices>, ScenarioError> {
    let asked = AskedIndices {
        asked,
        inputs: of.inputs,
        design: of.design,
        effort: of.effort,
        points: &of.played.points,
        results: &of.played.results,
        model: &of.played.model,
        prices: of.prices,
        choices,
        quantities,
        blocks: of.played.blocks,
        pairs: options.pairs,
        pair_trials: options.pair_trials,
        most: MOST_TOTALS,
        confidence: options.confidence,
    };
    let mut all = indices(&asked)?;
    all.extend(choice.and_then(|choice| choice_indices(&asked, choice)));
    Ok(all)
}

/// How well the choice stands.
fn stands(
    asked: Asked<'_>,
    inputs: &Inputs,
    guess: &Guess,
    (played, choices, prices): (&Played, &[Vec<usize>], &PriceList),
    options: &Options,
) -> Result<Robustness, ScenarioError> {
    let strategies = asked.scenario.strategies.len();
    let shares = model::shares(choices, strategies, options.trials, options.confidence);
    let scale = Scale {
        points: options.points,
        trials: options.trials,
        changes: 2 * MOST_REFINED,
        change_trials: 2 * options.change_trials,
    };
    let found: Vec<Flip> = flips(asked, inputs, guess, &played.model, prices, scale)?;
    let found = (found, remedies(asked, guess, scale.change_trials));
    Ok(Robustness::new(asked, inputs, guess.outlook.choice(), shares, found, played.points.len()))
}

/// What it would be worth to know all.
fn evpi(played: &Played, options: &Options) -> Estimate {
    let of = |(point, prices): (&Vec<f64>, &Prices)| {
        let model = &played.model;
        model.outlook(0, &model.basis.row(point), prices).losses(options.breach)
    };
    let losses: Vec<Vec<f64>> = played.points.iter().zip(&played.prices).map(of).collect();
    perfect(&losses, played.blocks, options.confidence)
}

/// What decides: where the choice is lost over the ranges, it is either by a tolerance that it does
/// not keep, or by another strategy that costs less.
fn deciding(played: &Played, guess: &Guess, choices: &[Vec<usize>]) -> Quantity {
    let Played { model, points, prices, .. } = played;
    let strategies = guess.outlook.costs.len();
    let outlook = &guess.outlook;
    let nearest = outlook.suited().max_by(|&a, &b| outlook.room(a).total_cmp(&outlook.room(b)));
    let chosen = outlook.choice().or(nearest).unwrap_or_default();
    let tolerances = outlook.rooms.first().map_or(0, Vec::len);
    let (mut broken, mut rivals) = (vec![0; tolerances], vec![0; strategies]);
    for ((point, prices), choices) in points.iter().zip(prices).zip(choices) {
        if choices[0] == chosen {
            continue;
        }
        let here = model.outlook(0, &model.basis.row(point), prices);
        let worst = (0..tolerances)
            .min_by(|&a, &b| here.rooms[chosen][a].total_cmp(&here.rooms[chosen][b]));
        match worst.filter(|&at| here.rooms[chosen][at] < 0.0) {
            Some(at) => broken[at] += 1,
            None => rivals.iter_mut().skip(choices[0]).take(1).for_each(|count| *count += 1),
        }
    }
    let most = |counts: &[usize]| {
        (0..counts.len()).rev().max_by_key(|&at| counts[at]).filter(|&at| counts[at] > 0)
    };
    let by_tolerance = broken.iter().sum::<usize>() > rivals.iter().sum::<usize>();
    match (most(&broken), most(&rivals)) {
        (Some(at), _) if by_tolerance => {
            Quantity { measure: Measure::Room(at), of: chosen, less: None }
        }
        (_, rival) => {
            let next = cheapest(&outlook.costs, |other| outlook.suits[other] && other != chosen);
            let measure = Measure::Metric(Metric::Cost);
            match rival.or(next) {
                Some(rival) => Quantity { measure, of: rival, less: Some(chosen) },
                None => Quantity { measure, of: chosen, less: None },
            }
        }
    }
}

/// The quantity, and the room of the choice under every tolerance.
fn quantities(quantity: Quantity, choice: Option<usize>, tolerances: usize) -> Vec<Quantity> {
    let rooms = choice.into_iter().flat_map(|of| {
        (0..tolerances).map(move |at| Quantity { measure: Measure::Room(at), of, less: None })
    });
    let mut all = vec![quantity];
    all.extend(rooms.filter(|room| *room != quantity));
    all
}

/// Every assumption alone, the widest first, and the quantity at the guess.
#[expect(clippy::type_complexity, reason = "two results of the same trials")]
fn tornado(
    asked: Asked<'_>,
    inputs: &Inputs,
    guess: &Guess,
    model: &Model,
    (quantity, options): (Quantity, &Options),
) -> Result<(Vec<Vec<Moved>>, (f64, f64)), ScenarioError> {
    let Asked { spec, scenario, seed, threads, .. } = asked;
    let in_strata = scenario.world.rare.is_some();
    let play = |trials: u64, coordinates: &[usize]| {
        let worlds = Worlds { seed, trials: 0..trials, in_strata, only: Vec::new(), threads };
        let before: Course = worlds.play(scenario);
        let base = Base { spec, point: &guess.point, known: &guess.outlook, before: &before };
        let moves: Vec<(usize, f64)> = coordinates
            .iter()
            .flat_map(|&at| ends(model, guess, at).into_iter().map(move |end| (at, end)))
            .collect();
        let moved = moved(inputs, &base, &worlds, &moves, quantity)?;
        let mean = before.mean(quantity);
        let of = |&at: &usize| moved.iter().filter(|one| one.coordinate == at).cloned().collect();
        Ok::<_, ScenarioError>((coordinates.iter().map(of).collect::<Vec<Vec<Moved>>>(), mean))
    };
    let width = |bar: &Vec<Moved>| {
        let changes = || bar.iter().map(|end| end.change.0);
        changes().fold(0.0, f64::max) - changes().fold(0.0, f64::min)
    };
    let sort = |bars: &mut Vec<Vec<Moved>>| {
        bars.sort_by(|a, b| {
            width(b).total_cmp(&width(a)).then(a[0].coordinate.cmp(&b[0].coordinate))
        });
    };
    let all: Vec<usize> = (0..inputs.dimensions())
        .filter(|&at| !matches!(&model.basis.axes[at], Axis::Choice(values) if values.len() < 2))
        .collect();
    let (mut bars, _) = play(options.change_trials, &all)?;
    sort(&mut bars);
    let widest: Vec<usize> = bars.iter().take(MOST_REFINED).map(|bar| bar[0].coordinate).collect();
    let (refined, mean) = play(REFINED * options.change_trials, &widest)?;
    bars.splice(0..refined.len(), refined);
    sort(&mut bars);
    Ok((bars, mean))
}
