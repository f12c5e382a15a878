//! A scenario, played.

use super::columns::of_table;
use super::{Answer, Column, Columns, Pictures, Task, Values};
use crate::metric::{Metric, Metrics};
use crate::report::answers::{Played, RunSaid};
use crate::report::tables;
use crate::report::words::robustness::robustness as robustness_words;
use crate::report::words::run as words;
use crate::scenario::{Scenario, ScenarioError, Spec};
use crate::sensitivity::asked::{Asked, Scale};
use crate::sensitivity::robustness::{Robustness, robustness};
use crate::study::design::Design;
use crate::study::partial::Partial;
use crate::study::results::Results;
use crate::study::run::{Trials, Watcher, run as play};
use crate::study::stopping::{Goal, GoalOutcome, StoppingRule, run_in_batches};
use std::convert::Infallible;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Trials of the first piece of a run. When somebody stops it, the pieces that are done are kept.
const FIRST_PIECE: u64 = 64;
/// A piece that took less is followed by one twice as long.
const SHORT: Duration = Duration::from_millis(100);

/// How a scenario is to be played.
#[derive(Debug, Clone, PartialEq)]
pub struct RunAsked {
    /// How many trials; or the most, until it is decided.
    pub trials: u64,
    /// Seed of all random draws.
    pub seed: u64,
    /// How many threads play; the results do not depend on it.
    pub threads: usize,
    /// Confidence of all intervals, between 0 and 1.
    pub confidence: f64,
    /// Play until it is clear which strategy to choose.
    pub until_decided: bool,
    /// Say how well the choice stands if the assumptions are wrong.
    pub robustness: bool,
    /// Keep every trial.
    pub raw: bool,
}

/// Plays a scenario; nothing where it is stopped before the first trials are done. Stopped later, the
/// answer is of the trials from number 0 on that are done, as if so many had been asked for.
///
/// # Errors
/// The scenario is wrong.
pub fn run(mut spec: Spec, asked: &RunAsked, task: &Task) -> Result<Option<Answer>, ScenarioError> {
    let scenario = spec.compile()?;
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed: asked.seed, range: 0..0, threads: asked.threads, design };
    let goal = if asked.until_decided { Goal::Decided } else { Goal::Trials(asked.trials) };
    let mut playing = Playing { scenario: &scenario, trials, task, rows: None, kept: None };
    if asked.raw {
        playing.rows = Some(RawRows::new(&scenario, design));
    }
    let (whole, outcome) = playing.until(goal, asked);
    let Some(whole) = whole else { return Ok(None) };
    let results = Results::new(&scenario, &whole, asked.confidence);
    let rows = playing.rows.take();
    drop(whole);
    let robustness = asked.robustness.then(|| {
        let (seed, threads) = (asked.seed, asked.threads);
        let asked_of = Asked { spec: &spec, scenario: &scenario, results: &results, seed, threads };
        // Values within the ranges that contradict each other are no failure of the run.
        robustness(asked_of, Scale::RUN, asked.confidence, &task.stop).unwrap_or_default()
    });
    let trials = Trials { range: 0..results.summary.trials, ..playing.trials };
    let done = Done { scenario, results, asked, outcome, rows, trials };
    Ok(Some(done.answer(robustness.flatten().as_ref(), goal, task.is_stopped())))
}

/// Trials in the making.
struct Playing<'a> {
    scenario: &'a Scenario,
    trials: Trials,
    task: &'a Task,
    rows: Option<RawRows>,
    /// What is done, should somebody stop it.
    kept: Option<Partial>,
}

impl Playing<'_> {
    /// Plays until the goal, or until somebody stops it.
    fn until(&mut self, goal: Goal, asked: &RunAsked) -> (Option<Partial>, Option<GoalOutcome>) {
        let scenario = self.scenario;
        let rule = StoppingRule { goal, most_trials: asked.trials };
        let played = run_in_batches(scenario, rule, asked.confidence, |batch| {
            self.task.planned.store(batch.end, Ordering::Relaxed);
            self.batch(batch)
        });
        match played {
            Ok(Some((whole, outcome))) => (Some(whole), outcome),
            Ok(None) => (self.kept.take(), None),
            Err(never) => match never {},
        }
    }

    /// The trials of a batch, some at a time, so that little is lost where somebody stops it.
    fn batch(&mut self, batch: Range<u64>) -> Result<Option<Partial>, Infallible> {
        let Scenario { strategies, tolerances, .. } = self.scenario;
        let mut whole = Partial::new(self.trials.design, strategies.len(), tolerances.len());
        let (mut next, mut piece) = (batch.start, FIRST_PIECE);
        loop {
            let begun = Instant::now();
            let end = batch.end.min(next.saturating_add(piece));
            let trials = Trials { range: next..end, ..self.trials.clone() };
            let mut watch = Watch { task: self.task, rows: self.rows.as_mut() };
            let Some(part) = play(self.scenario, &trials, &self.task.stop, &mut watch)? else {
                self.keep(whole, next);
                return Ok(None);
            };
            whole.merge(&part);
            next = end;
            if begun.elapsed() < SHORT {
                piece = piece.saturating_mul(2);
            }
            if next >= batch.end {
                self.remember(&whole);
                return Ok(Some(whole));
            }
        }
    }

    /// Keeps a whole batch; one that is followed by no other costs nothing to keep.
    fn remember(&mut self, batch: &Partial) {
        match &mut self.kept {
            Some(kept) => kept.merge(batch),
            None => self.kept = Some(batch.clone()),
        }
    }

    /// Keeps what is done of a batch that was stopped, up to a trial.
    fn keep(&mut self, done: Partial, end: u64) {
        self.remember(&done);
        self.kept = self.kept.take().filter(|kept| kept.trials() > 0);
        if let Some(rows) = &mut self.rows {
            rows.cut(end);
        }
    }
}

/// Tells how far a run is, and keeps its rows.
struct Watch<'a> {
    task: &'a Task,
    rows: Option<&'a mut RawRows>,
}

impl Watcher for Watch<'_> {
    type Error = Infallible;

    fn wants_rows(&self) -> bool {
        self.rows.is_some()
    }

    fn rows(&mut self, first: u64, played: &[Metrics]) -> Result<(), Infallible> {
        if let Some(rows) = &mut self.rows {
            rows.add(first, played);
        }
        Ok(())
    }

    fn played(&mut self, trials: u64) {
        self.task.add(trials);
    }
}

/// Every trial of every strategy, column by column, as `trials.csv` has them.
struct RawRows {
    strategies: Vec<String>,
    metrics: Vec<Metric>,
    design: Design,
    trial: Vec<u64>,
    values: Vec<Vec<f64>>,
    weight: Vec<f64>,
}

impl RawRows {
    fn new(scenario: &Scenario, design: Design) -> RawRows {
        let metrics: Vec<Metric> = scenario.metrics().collect();
        let strategies = scenario.strategies.iter().map(|strategy| strategy.name.clone());
        RawRows {
            strategies: strategies.collect(),
            values: vec![Vec::new(); metrics.len()],
            metrics,
            design,
            trial: Vec::new(),
            weight: Vec::new(),
        }
    }

    fn add(&mut self, first: u64, played: &[Metrics]) {
        for (trial, played) in (first..).zip(played.chunks(self.strategies.len().max(1))) {
            let weight = self.design.weight_of_trial(self.design.stratum(trial));
            for values in played {
                self.trial.push(trial);
                self.weight.push(weight);
                for (column, metric) in self.values.iter_mut().zip(&self.metrics) {
                    column.push(values[*metric]);
                }
            }
        }
    }

    /// Forgets the trials from that number on.
    fn cut(&mut self, end: u64) {
        let length = self.trial.partition_point(|trial| *trial < end);
        self.trial.truncate(length);
        self.weight.truncate(length);
        self.values.iter_mut().for_each(|column| column.truncate(length));
    }

    fn columns(self) -> Columns {
        let column = |name: &str, values: Values| Column { name: name.to_owned(), values };
        let names = self.strategies.iter().cycle().take(self.trial.len()).cloned().collect();
        let mut all = vec![
            column("trial", Values::Count(self.trial)),
            column("strategy", Values::Text(names)),
        ];
        let metrics = self.metrics.iter().zip(self.values);
        all.extend(metrics.map(|(metric, values)| column(metric.name(), Values::Full(values))));
        all.push(column("weight", Values::Full(self.weight)));
        all
    }
}

/// A run that is done.
struct Done<'a> {
    scenario: Scenario,
    results: Results,
    asked: &'a RunAsked,
    outcome: Option<GoalOutcome>,
    rows: Option<RawRows>,
    trials: Trials,
}

impl Done<'_> {
    fn answer(self, robustness: Option<&Robustness>, goal: Goal, is_interrupted: bool) -> Answer {
        let Done { scenario: owned, results: owned_results, asked, outcome, rows, trials } = self;
        let (scenario, results) = (&owned, &owned_results);
        let played = Played {
            scenario,
            results,
            goal,
            outcome: outcome.as_ref(),
            most_trials: asked.trials,
            asks_for_fits: false,
            wants_robustness: asked.robustness,
        };
        let notes = played.notes();
        let seed = asked.seed;
        let said = RunSaid { scenario, results, robustness, variants: &[], notes: &notes, seed };
        let words = words::recommendation(scenario, results, robustness);
        let mut sentences = [words.cautions, words.reasons].concat();
        if let Some(robustness) = robustness {
            let stands = robustness_words(scenario, robustness);
            sentences.push(stands.shares());
            sentences.push(stands.flips_heading.clone());
            sentences.extend(stands.flips);
        }
        let mut tables = tables_of(scenario, results);
        tables.extend(rows.map(|rows| ("trials".to_owned(), rows.columns())));
        Answer {
            title: words::title(scenario, results, seed),
            headline: words.headline,
            sentences,
            json: said.json(),
            tables,
            is_interrupted,
            pictures: Pictures::OfRun(Box::new((owned, owned_results, trials))),
        }
    }
}

/// The tables that the command writes, in its order.
fn tables_of(scenario: &Scenario, results: &Results) -> Vec<(String, Columns)> {
    let mut all = vec![
        ("summary", tables::summary(&results.summary)),
        ("comparison", tables::comparison(results)),
        ("tolerance", tables::tolerance(results)),
    ];
    if scenario.costs.is_some() {
        all.push(("cost", tables::cost(results, scenario.currency())));
    }
    all.push(("outages", tables::outages(&results.summary)));
    if scenario.world.sign_in.is_some() {
        all.push(("sign_in", tables::sign_in(&results.summary)));
    }
    let named =
        |(name, table): (&str, crate::report::table::Table)| (name.to_owned(), of_table(&table));
    all.into_iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(trials: u64) -> RunAsked {
        let (until_decided, robustness) = (false, false);
        RunAsked {
            trials,
            seed: 1,
            threads: 2,
            confidence: 0.95,
            until_decided,
            robustness,
            raw: true,
        }
    }

    #[test]
    fn pieces_sum_up_to_the_run_in_one() {
        let mut spec = Spec::embedded();
        let scenario = spec.compile().unwrap();
        let design = Design::from_world(&scenario.world);
        let trials = Trials { seed: 1, range: 0..3000, threads: 1, design };
        let whole = crate::study::results::study(&scenario, &trials, 0.95, &false.into()).unwrap();
        let answer = run(spec, &asked(3000), &Task::default()).unwrap().unwrap();
        assert_eq!(answer.tables[0].1, of_table(&tables::summary(&whole.summary)));
        let (name, rows) = answer.tables.last().unwrap();
        assert_eq!(name, "trials");
        let Values::Count(numbers) = &rows[0].values else { panic!("trials are counted") };
        assert_eq!(numbers.len(), 3000 * scenario.strategies.len());
        assert!(!answer.is_interrupted);
    }

    #[test]
    fn stopped_at_once_there_is_nothing() {
        let task = Task::default();
        task.stop();
        assert!(run(Spec::embedded(), &asked(3000), &task).unwrap().is_none());
    }
}
