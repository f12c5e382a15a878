//! Playing the trials, once or with the best fits a second time.

use super::plan::Plan;
use super::watch::{RowsFile, Watch};
use super::{FitsOption, long};
use crate::cli::failure::Failure;
use crate::cli::terminal::bar;
use crate::report;
use crate::report::folder::Folder;
use crate::report::variants::Variant;
use crate::scenario::Scenario;
use crate::shards::Store;
use crate::study::results::{Results, study};
use crate::study::run::Trials;
use crate::study::stopping::{GoalOutcome, run_to};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// What was played.
pub(super) struct Played {
    pub(super) results: Results,
    /// Whether the goal was reached, where there was one.
    pub(super) outcome: Option<GoalOutcome>,
    /// The same trials with the best fits only, where that was asked for.
    best_fits: Option<(Scenario, Results)>,
    pub(super) stopwatch: Stopwatch,
    /// The part of the time in which the trials were played.
    pub(super) playing_seconds: f64,
}

impl Played {
    /// Both ways to play fits, if both were played.
    pub(super) fn variants<'a>(&'a self, scenario: &'a Scenario) -> Vec<Variant<'a>> {
        let best_fits = self.best_fits.as_ref().map(|(best, results)| {
            [
                Variant { name: "uncertain", scenario, results: &self.results },
                Variant { name: "best fit", scenario: best, results },
            ]
        });
        best_fits.into_iter().flatten().collect()
    }
}

/// When a run began, by the calendar and by a stopwatch.
pub(super) struct Stopwatch {
    pub(super) started: jiff::Timestamp,
    watch: Instant,
}

impl Stopwatch {
    fn start() -> Stopwatch {
        Stopwatch { started: jiff::Timestamp::now(), watch: Instant::now() }
    }

    pub(super) fn seconds(&self) -> f64 {
        self.watch.elapsed().as_secs_f64()
    }
}

/// Puts together what parts hold, and their single trials where that is asked for.
pub(super) fn merge(plan: &Plan<'_>, folder: &Folder, store: &Store) -> Result<Played, Failure> {
    let stopwatch = Stopwatch::start();
    let bar =
        bar("{bar:30} {human_pos} of {human_len} trials put together", !plan.options.outcome.quiet);
    bar.set_length(store.origin.work.count());
    let mut whole = plan.nothing_yet();
    store.merge(&mut whole, |trials| bar.inc(trials))?;
    bar.finish_and_clear();
    if plan.options.raw {
        merge_rows(plan, folder, store)?;
    }
    let playing_seconds = stopwatch.seconds();
    let results = Results::new(&plan.scenario, &whole, plan.options.intervals.confidence);
    Ok(Played { results, outcome: None, best_fits: None, stopwatch, playing_seconds })
}

/// Puts the single trials of all parts into one table.
fn merge_rows(plan: &Plan<'_>, folder: &Folder, store: &Store) -> Result<(), Failure> {
    let shown = !plan.options.outcome.quiet;
    let bar = bar("{bar:30} {human_pos} of {human_len} trials copied", shown);
    bar.set_length(store.origin.work.count());
    let mut file = folder.create(report::TRIALS)?;
    let copied = store.copy_rows(&mut file, |trials| bar.inc(trials))?;
    copied.map_err(|error| file.error(&error))?;
    bar.finish_and_clear();
    Ok(file.finish()?)
}

/// Plays the trials, and writes each into the folder where that is asked for.
pub(super) fn play(plan: &Plan<'_>, folder: &Folder, stop: &AtomicBool) -> Result<Played, Failure> {
    let (options, scenario) = (plan.options, &plan.scenario);
    let confidence = options.intervals.confidence;
    let stopped = || Failure::Stopped(plan.target.clone());
    let stopwatch = Stopwatch::start();
    let rows =
        if options.raw { Some(RowsFile::Output(folder.create(report::TRIALS)?)) } else { None };
    let mut watch = Watch::new(scenario, plan.design, !options.outcome.quiet, rows)?;
    let (whole, outcome) = match options.parts.keeping.keeping(&plan.target) {
        Some(keeping) => long::play((plan, &keeping), stop, &mut watch)?,
        None => {
            let trials = plan.trials(0..0);
            run_to(scenario, &trials, plan.rule(), confidence, stop, &mut watch)?
                .ok_or_else(stopped)?
        }
    };
    watch.finish()?;
    let playing_seconds = stopwatch.seconds();
    let results = Results::new(scenario, &whole, confidence);
    // The samples of all trials are large; the results hold what is needed of them.
    drop(whole);
    let best_fits = if options.fits == FitsOption::Both && !scenario.fits.is_empty() {
        let best = plan.with_best_fits()?;
        let design = options.sampling.design(&best);
        let trials = Trials { design, ..plan.trials(0..results.summary.trials) };
        let results = study(&best, &trials, confidence, stop).ok_or_else(stopped)?;
        Some((best, results))
    } else {
        None
    };
    Ok(Played { results, outcome, best_fits, stopwatch, playing_seconds })
}
