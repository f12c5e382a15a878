//! A backlog worked off first in, first out, while new work keeps arriving.
//!
//! The server takes one item every `1 / per_hour`, and an item is synced when its turn comes: the
//! k-th of the backlog waits `(k - 1) / per_hour` beyond the moment when draining begins. What
//! comes in meanwhile joins the queue at its own cycle (without cycles, on arrival) if the server
//! is still busy then, and waits from then on until all that stood before it has been worked off.
//!
//! The waits depend only on how many join and when the server is free, so a whole cycle, or a
//! stretch in which the server cannot run idle, is drawn as one count.

use super::cycle::next_cycle;
use crate::distribution::Rng;
use crate::distribution::draws::unit_exponential;
use crate::distribution::sums::{LIMIT_LAW_FROM, sum_of_iid};
use crate::world::reachable::Reachable;

/// Slack against rounding when items are counted by the time of their turn, in items.
const ROUNDING: f64 = 1e-6;

/// Who joins a queue.
pub(super) trait Joining {
    /// How many of the changes of expected number `mass` join while `waiting` wait, when `served`
    /// more waited at the batch's beginning.
    fn batch(&mut self, mass: f64, waiting: u64, served: u64, rng: &mut Rng) -> u64;

    /// Does one more change join?
    fn one(&mut self, waiting: u64, rng: &mut Rng) -> bool;

    /// The largest expected number that may be drawn as one batch.
    fn most(&self) -> f64;
}

/// How a backlog drains.
#[derive(Debug)]
pub(super) struct Drain<'a> {
    /// New work.
    pub(super) rates: Reachable<'a>,
    /// Time between cycles, hours; 0 = at once.
    pub(super) cycle: f64,
    /// When draining begins.
    pub(super) from: f64,
    /// When it stops: the next outage, or the horizon.
    pub(super) until: f64,
    /// Items worked off in an hour.
    pub(super) per_hour: f64,
    /// Items waiting at `from`.
    pub(super) backlog: u64,
}

/// Items that had their turn after the last cycle that ran: what they were changed to since then
/// has not been picked up, and what they were before has. Their turns are spread evenly.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Served {
    pub(super) count: u64,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Drained {
    /// When the last item's work was done, or `until`.
    pub(super) end: f64,
    /// Waiting of the backlog from `from` on, hours.
    pub(super) waited: f64,
    /// Waiting of those who joined, hours.
    pub(super) waited_by_joined: f64,
    /// Those who joined and had to wait.
    pub(super) joined: u64,
    /// Items left at `until`.
    pub(super) left: u64,
    /// Most items waiting at one moment.
    pub(super) peak: u64,
    /// With cycles, if none was to run between the end of the drain and `until`.
    pub(super) last_served: Served,
}

impl Drain<'_> {
    /// Draws what comes of it.
    pub(super) fn run(&self, joining: &mut impl Joining, rng: &mut Rng) -> Drained {
        let mut state = State {
            free: self.from + self.backlog as f64 / self.per_hour,
            waited: 0.0,
            joined: 0,
            peak: self.backlog,
            last_served: Served::default(),
        };
        if self.backlog > 0 && self.from < self.until && !self.rates.is_zero() {
            if self.cycle > 0.0 {
                self.by_cycles(&mut state, joining, rng);
            } else {
                self.at_once(&mut state, joining, rng);
            }
        }
        self.result(&state)
    }

    fn by_cycles(&self, state: &mut State, joining: &mut impl Joining, rng: &mut Rng) {
        // What came before draining began has its own cycle in this run, or an earlier one.
        let mut due = next_cycle(self.from, self.cycle);
        if due <= self.from {
            due += self.cycle;
        }
        let mut waited = self.waiting(state, self.from);
        while due < self.until && state.free > due + ROUNDING / self.per_hour {
            let mass = self.rates.between((due - self.cycle).max(self.from), due);
            let waiting = self.waiting(state, due);
            let count = joining.batch(mass, waiting, waited.saturating_sub(waiting), rng);
            state.waited += self.turns(state, count) - count as f64 * due;
            self.join(state, count, due);
            waited = waiting + count;
            due += self.cycle;
        }
        if due >= self.until {
            state.last_served = self.last_served(state, waited);
        }
    }

    /// Of `waited` items that wait when the last cycle runs, those whose turn comes before `until`.
    fn last_served(&self, state: &State, waited: u64) -> Served {
        let count = waited.saturating_sub(self.waiting(state, self.until));
        let from = state.free - (waited as f64 + 0.5) / self.per_hour;
        Served { count, from, to: from + count as f64 / self.per_hour }
    }

    fn at_once(&self, state: &mut State, joining: &mut impl Joining, rng: &mut Rng) {
        for (start, end, rate) in self.rates.cells(self.from, self.until) {
            if state.free <= start {
                break;
            }
            if rate <= 0.0 {
                continue;
            }
            // Until `free` the server is busy whatever arrives.
            let mut start = start;
            loop {
                let busy = state.free.min(end).min(start + joining.most() / rate);
                if rate * (busy - start) < LIMIT_LAW_FROM as f64 {
                    break;
                }
                self.stretch(state, joining, (start, busy), rate, rng);
                start = busy;
            }
            self.one_by_one(state, joining, (start, end), rate, rng);
        }
    }

    fn stretch(
        &self,
        state: &mut State,
        joining: &mut impl Joining,
        (start, end): (f64, f64),
        rate: f64,
        rng: &mut Rng,
    ) {
        let width = end - start;
        let count = joining.batch(rate * width, self.waiting(state, start), 0, rng);
        let unit = [0.5, 1.0 / 12.0, 0.0, -1.0 / 120.0];
        let n = count as f64;
        let offsets =
            if count == 0 { 0.0 } else { width * sum_of_iid(count, unit, rng).clamp(0.0, n) };
        state.waited += self.turns(state, count) - n * start - offsets;
        self.join(state, count, end);
    }

    fn one_by_one(
        &self,
        state: &mut State,
        joining: &mut impl Joining,
        (start, end): (f64, f64),
        rate: f64,
        rng: &mut Rng,
    ) {
        let mut time = start;
        loop {
            time += unit_exponential(rng) / rate;
            if time >= end || time >= state.free {
                return;
            }
            if joining.one(self.waiting(state, time), rng) {
                state.waited += state.free.min(self.until) - time;
                self.join(state, 1, time);
            }
        }
    }

    /// Sum of the times at which `count` more items have their turn, cut at `until`.
    fn turns(&self, state: &State, count: u64) -> f64 {
        let n = count as f64;
        let before = libm::ceil((self.until - state.free) * self.per_hour - ROUNDING);
        let before = before.clamp(0.0, n);
        before * state.free
            + before * (before - 1.0).max(0.0) / (2.0 * self.per_hour)
            + (n - before) * self.until
    }

    fn join(&self, state: &mut State, count: u64, time: f64) {
        state.joined += count;
        state.free += count as f64 / self.per_hour;
        state.peak = state.peak.max(self.waiting(state, time));
    }

    /// Items whose turn has not come at `time`: the last one has its turn one step before `free`.
    fn waiting(&self, state: &State, time: f64) -> u64 {
        let ahead = (state.free - time) * self.per_hour;
        (libm::ceil(ahead - ROUNDING) - 1.0).max(0.0) as u64
    }

    fn result(&self, state: &State) -> Drained {
        let backlog = self.backlog as f64;
        let span = (self.until - self.from).max(0.0);
        // Items whose turn comes before `until`.
        let served = libm::ceil(span * self.per_hour - ROUNDING).clamp(0.0, backlog);
        let waited =
            served * (served - 1.0).max(0.0) / (2.0 * self.per_hour) + (backlog - served) * span;
        let left = libm::floor((state.free - self.until) * self.per_hour + ROUNDING).max(0.0);
        Drained {
            end: state.free.min(self.until).max(self.from),
            waited,
            waited_by_joined: state.waited,
            joined: state.joined,
            left: left.min(backlog + state.joined as f64) as u64,
            peak: state.peak,
            last_served: state.last_served,
        }
    }
}

/// Where a drain stands.
#[derive(Debug)]
struct State {
    /// When the server has worked off all that has come so far.
    free: f64,
    /// Waiting of those who joined, hours.
    waited: f64,
    joined: u64,
    peak: u64,
    last_served: Served,
}
