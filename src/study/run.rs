//! Plays a range of trials on several threads.

use super::design::Design;
use super::partial::Partial;
use super::player::Player;
use crate::engine::Scratch;
use crate::engine::observe::NullObserver;
use crate::metric::Metrics;
use crate::scenario::Scenario;
use crate::threads::pool;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};

/// Most trials that a thread plays before it reports: large enough that reporting costs nothing,
/// small enough for a smooth progress bar.
const LARGEST_CHUNK: u64 = 256;
/// Chunks for each thread in a short run, so that no thread is left without work for long.
const CHUNKS: u64 = 32;

/// Trials after which a thread adds its own to those of all: enough that adding up costs a hundredth
/// of playing, and so few that what a thread holds is small beside the whole.
const MERGE_AFTER: u64 = 1024;

/// What to play.
#[derive(Debug, Clone)]
pub struct Trials {
    /// Seed of all random draws.
    pub seed: u64,
    /// Numbers of the trials.
    pub range: Range<u64>,
    /// How many threads play them; the results do not depend on it.
    pub threads: usize,
    /// How they are drawn.
    pub design: Design,
}

/// Told of the progress of a run. Returning an error ends the run with it.
pub trait Watcher {
    /// What can go wrong with it.
    type Error;

    /// Are the metrics of every trial wanted?
    fn wants_rows(&self) -> bool {
        false
    }

    /// The metrics of the trials from `first` on, in order: all strategies of the first trial, then
    /// of the second, and so on.
    ///
    /// # Errors
    /// The rows could not be kept.
    fn rows(&mut self, first: u64, rows: &[Metrics]) -> Result<(), Self::Error> {
        let _ = (first, rows);
        Ok(())
    }

    /// So many trials are to be played in all, as far as it is known.
    fn planned(&mut self, trials: u64) {
        let _ = trials;
    }

    /// So many trials more have been played.
    fn played(&mut self, trials: u64) {
        let _ = trials;
    }
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watcher for Unwatched {
    type Error = std::convert::Infallible;
}

/// What a thread reports of one chunk.
struct Report {
    chunk: u64,
    trials: u64,
    rows: Vec<Metrics>,
}

/// Plays the trials of every strategy; nothing if stopped. Setting `stop` from elsewhere ends the
/// run soon.
///
/// # Errors
/// What the watcher returns.
pub fn run<W: Watcher>(
    scenario: &Scenario,
    trials: &Trials,
    stop: &AtomicBool,
    watcher: &mut W,
) -> Result<Option<Partial>, W::Error> {
    let threads = trials.threads.max(1);
    let count = trials.range.end.saturating_sub(trials.range.start);
    let work = Work {
        player: Player::new(scenario, trials.seed, trials.design),
        trials,
        with_rows: watcher.wants_rows(),
        chunk: (count / (CHUNKS * threads as u64)).clamp(1, LARGEST_CHUNK),
        next: AtomicU64::new(0),
        stop,
    };
    let whole = Mutex::new(work.nothing_yet());
    let mut reports = Reports { work: &work, watcher, early: BTreeMap::new(), next: 0 };
    match pool(threads) {
        Some(pool) => {
            // Bounded, so that a slow disk under `--raw` holds the players up instead of letting
            // unwritten rows fill the memory.
            let (sender, receiver) = sync_channel(4 * threads);
            let (work, whole) = (&work, &whole);
            // The watcher stays on this thread: it may hold a file or a terminal.
            pool.in_place_scope(|scope| {
                scope.spawn_broadcast(move |_, _| {
                    work.play(whole, |report| sender.send(report).is_ok());
                });
                receiver.into_iter().try_for_each(|report| reports.pass_on(report))
            })?;
        }
        None => {
            let mut passed = Ok(());
            work.play(&whole, |report| {
                passed = reports.pass_on(report);
                passed.is_ok()
            });
            passed?;
        }
    }
    if stop.load(Ordering::Relaxed) {
        return Ok(None);
    }
    Ok(Some(whole.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

/// What the threads share.
struct Work<'a> {
    player: Player<'a>,
    trials: &'a Trials,
    with_rows: bool,
    /// Trials that a thread plays before it reports.
    chunk: u64,
    /// The next chunk. rayon's own splitting would give the second half of the trials to the second
    /// thread, and the rows of `--raw` would have to wait in memory for their turn.
    next: AtomicU64,
    stop: &'a AtomicBool,
}

impl Work<'_> {
    fn nothing_yet(&self) -> Partial {
        let scenario = self.player.scenario;
        let (strategies, tolerances) = (scenario.strategies.len(), scenario.tolerances.len());
        Partial::new(self.trials.design, strategies, tolerances)
    }

    /// Takes chunks until none is left or `report` answers false, and adds what they give to the
    /// whole. In which order the threads add makes no difference to it.
    fn play(&self, whole: &Mutex<Partial>, mut report: impl FnMut(Report) -> bool) {
        let add = |part: &Partial| {
            whole.lock().unwrap_or_else(PoisonError::into_inner).merge(part);
        };
        let mut scratch = Scratch::new();
        let mut part = self.nothing_yet();
        while let Some((chunk, range)) = self.next_chunk() {
            let trials = range.end - range.start;
            let mut rows = Vec::new();
            for trial in range {
                // A trial may be long, and what a stopped run played is of no use.
                if self.stop.load(Ordering::Relaxed) {
                    return;
                }
                self.play_one(trial, &mut scratch, &mut part, &mut rows);
                if !self.with_rows {
                    rows.clear();
                }
            }
            if part.trials() >= MERGE_AFTER {
                add(&part);
                part = self.nothing_yet();
            }
            if !report(Report { chunk, trials, rows }) {
                break;
            }
        }
        add(&part);
    }

    /// The next chunk that nobody has taken, and its trials; none at the end of the run.
    fn next_chunk(&self) -> Option<(u64, Range<u64>)> {
        let chunk = self.next.fetch_add(1, Ordering::Relaxed);
        let range = &self.trials.range;
        let first = range.start.saturating_add(chunk.saturating_mul(self.chunk));
        let stopped = self.stop.load(Ordering::Relaxed);
        (first < range.end && !stopped).then(|| (chunk, first..range.end.min(first + self.chunk)))
    }

    /// Plays a trial of every strategy and adds its metrics to `rows`.
    fn play_one(
        &self,
        trial: u64,
        scratch: &mut Scratch,
        part: &mut Partial,
        rows: &mut Vec<Metrics>,
    ) {
        let stratum = &mut part.strata[self.trials.design.stratum(trial)];
        let before = rows.len();
        for (strategy, part) in stratum.strategies.iter_mut().enumerate() {
            let result = self.player.play(strategy, trial, scratch, &mut NullObserver);
            part.push(self.player.scenario, &result);
            rows.push(result.metrics);
        }
        stratum.pairs.push(&rows[before..]);
        stratum.trials += 1;
    }
}

/// What the watcher hears, in the order of the trials.
struct Reports<'a, W> {
    work: &'a Work<'a>,
    watcher: &'a mut W,
    /// Reports that came before their turn, by chunk.
    early: BTreeMap<u64, Report>,
    /// The chunk whose turn it is.
    next: u64,
}

impl<W: Watcher> Reports<'_, W> {
    fn pass_on(&mut self, report: Report) -> Result<(), W::Error> {
        self.watcher.played(report.trials);
        if !self.work.with_rows {
            return Ok(());
        }
        self.early.insert(report.chunk, report);
        while let Some(report) = self.early.remove(&self.next) {
            let first = self.work.trials.range.start + self.next * self.work.chunk;
            self.watcher.rows(first, &report.rows)?;
            self.next += 1;
        }
        Ok(())
    }
}
