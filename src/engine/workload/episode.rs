//! The course that a backlog takes through the stoppages of its service.
//!
//! Stoppages between which no cycle runs are one [`Episode`]: what waited in the first still waits
//! in the last. For each episode a [`Backlog`] draws what the missed cycles left waiting, is worked
//! off until the next stoppage, and waits on with what is left. What differs between objects and
//! passwords is in the files of their names; a writeback request is refused and not kept, so
//! writeback takes its episodes from here and no backlog.

use super::cycle::{last_due_before, next_cycle};
use super::evaluation::Evaluation;
use crate::distribution::Rng;
use crate::engine::observe::{Observer, TraceEvent};
use crate::engine::outage::{Outage, Stoppage};
use crate::world::service::Service;
use crate::world::streams::{EventKey, Purpose};

/// Stoppages of one service between which no cycle runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Episode {
    /// Index of the first stoppage.
    pub(super) first: usize,
    /// Index of the last one.
    pub(super) last: usize,
    /// The event that began it: the key of its draws.
    pub(super) event: EventKey,
    /// When the first cycle after it runs, at most the horizon.
    pub(super) due: f64,
    /// The next stoppage, or the horizon.
    pub(super) until: f64,
}

impl Episode {
    /// The episode that begins with the stoppage `first`. `due` tells when the first cycle after a
    /// stoppage runs, if no other comes before it.
    pub(super) fn starting(
        first: usize,
        stoppages: &[Stoppage],
        horizon: f64,
        due: impl Fn(&Stoppage) -> f64,
    ) -> Option<Episode> {
        let event = stoppages.get(first)?.event;
        let mut last = first;
        loop {
            let due = due(&stoppages[last]);
            match stoppages.get(last + 1) {
                Some(next) if due >= next.onset => last += 1,
                next => {
                    let until = next.map_or(horizon, |next| next.onset);
                    return Some(Episode { first, last, event, due: due.min(horizon), until });
                }
            }
        }
    }
}

/// What the stoppages of a service leave waiting of its work.
pub(super) trait Backlog {
    /// The service.
    const SERVICE: Service;

    /// What the draws are for while it is worked off.
    const DRAIN: Purpose;

    /// Time between the cycles of this work, hours; 0 = at once.
    fn cycle(&self) -> f64;

    /// When the first cycle after a stoppage runs, if no other comes before it.
    fn due(&self, stoppage: &Stoppage) -> f64;

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

    /// Since when items of the episode have waited whatever their cycles; infinite if only missed
    /// cycles made them wait.
    fn waiting_whatever_cycles(&self) -> f64 {
        f64::INFINITY
    }

    /// What is told when the backlog begins to be worked off.
    fn synced(&self) -> TraceEvent<'static>;

    /// Works the backlog off from `from` to `until`, and returns when it is done.
    fn drain(&mut self, from: f64, until: f64, rng: &mut Rng) -> f64;

    /// The episode is over, its backlog done at `end`. What is left waits on from `episode.until`.
    fn close<O: Observer>(&mut self, episode: &Episode, end: f64, trial: &mut Evaluation<'_, O>);
}

/// Takes a backlog through all stoppages of its service, and adds to `behind` when anything of it
/// waited.
pub(super) fn work_off<B: Backlog, O: Observer>(
    backlog: &mut B,
    trial: &mut Evaluation<'_, O>,
    behind: &mut Vec<(f64, f64)>,
) {
    let (mut first, mut picked_up) = (0, 0.0_f64);
    let horizon = trial.world.horizon;
    let stoppages = trial.of(B::SERVICE);
    while let Some(episode) =
        Episode::starting(first, stoppages, horizon, |stoppage| backlog.due(stoppage))
    {
        let onset = stoppages[first].onset;
        let from = last_due_before(onset, backlog.cycle()).max(picked_up);
        let carried = backlog.waiting() > 0;
        let synced = backlog.collect(&episode, from, trial);
        let waiting = backlog.waiting();
        let mut end = episode.until;
        if synced < episode.until {
            picked_up = synced;
            if waiting > 0 {
                trial.note(synced, stoppages[episode.last].outage, backlog.synced());
            }
            let mut rng = trial.streams.world(B::DRAIN, episode.event);
            end = backlog.drain(synced, episode.until, &mut rng);
        }
        if waiting > 0 {
            let missed = next_cycle(onset, backlog.cycle()).min(backlog.waiting_whatever_cycles());
            let since = if carried { onset } else { missed };
            let of_episode = &stoppages[episode.first..=episode.last];
            not_current(of_episode, trial.outages, (since, end));
            behind.push((since, end));
        }
        backlog.close(&episode, end, trial);
        first = episode.last + 1;
    }
}

/// The stoppages of one episode left a backlog, which waited from `since` to `end`. Their outages
/// are not current before; but where a stoppage was over and nothing waited yet, its outage was
/// current, unless the backlog began before any other stoppage.
fn not_current(stoppages: &[Stoppage], outages: &mut [Outage], (since, end): (f64, f64)) {
    let Some(last) = stoppages.last() else {
        return;
    };
    for stoppage in stoppages {
        if since <= stoppage.ready || stoppage.onset == last.onset {
            let outage = &mut outages[stoppage.outage as usize];
            outage.current = outage.current.max(end);
        }
    }
}
