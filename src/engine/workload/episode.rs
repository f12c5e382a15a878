//! The course that every backlog takes through the outages of a trial.
//!
//! Outages between which no cycle runs are one [`Episode`]: what waited in the first still waits in
//! the last. For each episode a [`Backlog`] draws what the missed cycles left waiting, is worked
//! off until the next outage, and clock_states on what is left. What differs between objects and
//! passwords is in the files of their names; a writeback request is refused and not kept, so
//! writeback takes its episodes from here and no backlog.

use super::cycle::{last_due_before, next_cycle};
use super::evaluation::Evaluation;
use crate::distribution::Rng;
use crate::engine::observe::{Observer, TraceEvent};
use crate::engine::outage::Outage;
use crate::world::streams::{EventKey, Purpose};

/// Outages between which no cycle runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Episode {
    /// Index of the first outage.
    pub(super) first: usize,
    /// Index of the last one.
    pub(super) last: usize,
    /// The event that began it: the key of its draws.
    pub(super) event: EventKey,
    /// When the first cycle after it runs, at most the horizon.
    pub(super) due: f64,
    /// The next outage, or the horizon.
    pub(super) until: f64,
}

impl Episode {
    /// The episode that begins with the outage `first`. `due` tells when the first cycle after an
    /// outage runs, if no other outage comes before it.
    pub(super) fn starting(
        first: usize,
        outages: &[Outage],
        horizon: f64,
        due: impl Fn(usize, &Outage) -> f64,
    ) -> Option<Episode> {
        let event = outages.get(first)?.event;
        let mut last = first;
        loop {
            let due = due(last, &outages[last]);
            match outages.get(last + 1) {
                Some(next) if due >= next.onset => last += 1,
                next => {
                    let until = next.map_or(horizon, |next| next.onset);
                    return Some(Episode { first, last, event, due: due.min(horizon), until });
                }
            }
        }
    }
}

/// What outages leave waiting of one kind of work.
pub(super) trait Backlog {
    /// What the draws are for while it is worked off.
    const DRAIN: Purpose;

    /// Time between the cycles of this work, hours; 0 = at once.
    fn cycle(&self) -> f64;

    /// When the first cycle after an outage runs, if no other outage comes before it.
    fn due(&self, index: usize, outage: &Outage) -> f64;

    /// Items that wait.
    fn waiting(&self) -> u64;

    /// Draws what was due between `from` and the end of the episode and how long it waited, and
    /// returns when the backlog begins to be worked off.
    fn collect<O: Observer>(
        &mut self,
        episode: &Episode,
        from: f64,
        trial: &mut Evaluation<'_, O>,
    ) -> f64;

    /// What is told when the backlog begins to be worked off.
    fn synced(&self) -> TraceEvent<'static>;

    /// Works the backlog off from `from` to `until`, and returns when it is done.
    fn drain(&mut self, from: f64, until: f64, rng: &mut Rng) -> f64;

    /// The episode is over, its backlog done at `end`. What is left waits on from `episode.until`.
    fn close(&mut self, episode: &Episode, end: f64, outages: &mut [Outage]);
}

/// Takes a backlog through all outages of the trial.
pub(super) fn work_off<B: Backlog, O: Observer>(backlog: &mut B, trial: &mut Evaluation<'_, O>) {
    let (mut first, mut synced) = (0, 0.0_f64);
    let horizon = trial.world.horizon;
    while let Some(episode) =
        Episode::starting(first, trial.outages, horizon, |index, outage| backlog.due(index, outage))
    {
        let from = last_due_before(trial.outages[first].onset, backlog.cycle()).max(synced);
        let carried = backlog.waiting() > 0;
        synced = backlog.collect(&episode, from, trial);
        let waiting = backlog.waiting();
        let end = if synced < episode.until {
            if waiting > 0 {
                trial.note(synced, episode.last, backlog.synced());
            }
            let mut rng = trial.streams.world(B::DRAIN, episode.event);
            backlog.drain(synced, episode.until, &mut rng)
        } else {
            episode.until
        };
        if waiting > 0 {
            let outages = &mut trial.outages[episode.first..=episode.last];
            not_current(outages, backlog.cycle(), carried, end);
        }
        backlog.close(&episode, end, trial.outages);
        first = episode.last + 1;
    }
}

/// The outages of one episode left a backlog that was worked off at `end`. They are not current
/// before; but where no cycle had been missed when an outage ended, nothing waited yet, unless it
/// was `carried` over from before.
fn not_current(outages: &mut [Outage], cycle: f64, carried: bool, end: f64) {
    let Some(first_missed) = outages.first().map(|first| next_cycle(first.onset, cycle)) else {
        return;
    };
    for outage in outages {
        if carried || first_missed <= outage.ready {
            outage.current = outage.current.max(end);
        }
    }
}
