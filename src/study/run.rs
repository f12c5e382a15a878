//! Plays a range of trials on several threads.

use super::design::Design;
use super::partial::Partial;
use super::player::Player;
use crate::engine::Scratch;
use crate::engine::observe::NullObserver;
use crate::metric::Metrics;
use crate::scenario::Scenario;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

/// Most trials that a thread plays before it reports: large enough that reporting costs nothing,
/// small enough for a smooth progress bar.
const LARGEST_CHUNK: u64 = 256;
/// Chunks for each thread in a short run, so that no thread is left without work for long.
const CHUNKS: u64 = 32;

/// Trials that a thread keeps to itself before it adds them to those of all: enough that adding up
/// costs a hundredth of playing, and so few that what a thread keeps is small beside the whole.
const KEPT_APART: u64 = 1024;

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

/// How a run ended.
#[derive(Debug)]
pub enum RunOutcome {
    /// All trials were played.
    Complete(Partial),
    /// `stop` was set before.
    Stopped,
}

/// What a thread reports of one chunk.
struct Report {
    chunk: u64,
    trials: u64,
    rows: Vec<Metrics>,
}

/// Plays the trials of every strategy. Setting `stop` from elsewhere ends the run soon.
///
/// # Errors
/// What the watcher returns.
pub fn run<W: Watcher>(
    scenario: &Scenario,
    trials: &Trials,
    stop: &AtomicBool,
    watcher: &mut W,
) -> Result<RunOutcome, W::Error> {
    let threads = trials.threads.max(1);
    let count = trials.range.end.saturating_sub(trials.range.start);
    let work = Work {
        player: Player::new(scenario, trials.seed, trials.design),
        trials,
        with_rows: watcher.wants_rows(),
        chunk: (count / (CHUNKS * threads as u64)).clamp(1, LARGEST_CHUNK),
        next: AtomicU64::new(0),
        stop,
        give_up: AtomicBool::new(false),
    };
    let whole = Mutex::new(work.nothing_yet());
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(4 * threads);
        let players: Vec<_> = (0..threads)
            .map(|_| {
                let sender = sender.clone();
                let (work, whole) = (&work, &whole);
                scope.spawn(move || work.play(&sender, whole))
            })
            .collect();
        drop(sender);
        let watched = watch(&work, receiver, watcher);
        for player in players {
            if let Err(panic) = player.join() {
                std::panic::resume_unwind(panic);
            }
        }
        watched
    })?;
    if stop.load(Ordering::Relaxed) {
        return Ok(RunOutcome::Stopped);
    }
    Ok(RunOutcome::Complete(whole.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

/// What the threads share.
struct Work<'a> {
    player: Player<'a>,
    trials: &'a Trials,
    with_rows: bool,
    /// Trials that a thread plays before it reports.
    chunk: u64,
    next: AtomicU64,
    stop: &'a AtomicBool,
    give_up: AtomicBool,
}

impl Work<'_> {
    fn nothing_yet(&self) -> Partial {
        let scenario = self.player.scenario();
        let (strategies, tolerances) = (scenario.strategies.len(), scenario.tolerances.len());
        Partial::new(self.trials.design, strategies, tolerances)
    }

    /// Takes chunks until none is left, and adds what they give to the whole. In which order the
    /// threads add makes no difference to it.
    fn play(&self, sender: &SyncSender<Report>, whole: &Mutex<Partial>) {
        let add = |part: &Partial| {
            whole.lock().unwrap_or_else(PoisonError::into_inner).merge(part);
        };
        let mut scratch = Scratch::new();
        let mut part = self.nothing_yet();
        while let Some((chunk, range)) = self.next_chunk() {
            let trials = range.end - range.start;
            let mut rows = Vec::new();
            for trial in range {
                self.play_one(trial, &mut scratch, &mut part, &mut rows);
                if !self.with_rows {
                    rows.clear();
                }
            }
            if part.trials() >= KEPT_APART {
                add(&part);
                part = self.nothing_yet();
            }
            if sender.send(Report { chunk, trials, rows }).is_err() {
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
        let ended = self.stop.load(Ordering::Relaxed) || self.give_up.load(Ordering::Relaxed);
        (first < range.end && !ended).then(|| (chunk, first..range.end.min(first + self.chunk)))
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
            part.push(self.player.scenario(), &result.metrics, result.outages);
            rows.push(result.metrics);
        }
        stratum.pairs.push(&rows[before..]);
        stratum.trials += 1;
    }
}

/// Passes the reports on in the order of the trials.
fn watch<W: Watcher>(
    work: &Work<'_>,
    receiver: Receiver<Report>,
    watcher: &mut W,
) -> Result<(), W::Error> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for report in receiver {
        watcher.played(report.trials);
        if !work.with_rows {
            continue;
        }
        early.insert(report.chunk, report);
        while let Some(report) = early.remove(&next) {
            let first = work.trials.range.start + next * work.chunk;
            if let Err(error) = watcher.rows(first, &report.rows) {
                work.give_up.store(true, Ordering::Relaxed);
                return Err(error);
            }
            next += 1;
        }
    }
    Ok(())
}
