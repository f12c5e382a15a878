//! A backlog worked off first in, first out, while new work keeps arriving.
//!
//! The server takes one item every `1 / per_hour`. The k-th item of the backlog waits `(k - 1) /
//! per_hour` beyond the moment when draining began, and an arrival waits until the server is free.
//! As long as the server cannot run idle, the arrivals' waits depend only on how many there are and
//! on the sum of their times, so a long stretch of constant rate is drawn as a whole, exactly; a
//! short one is drawn one by one.

use crate::law::Rng;
use crate::law::counts::poisson;
use crate::law::draws::{uniform, unit_exponential};
use crate::law::sums::{LIMIT_LAW_FROM, sum_of_iid};
use crate::world::rates::Rates;

/// How a backlog drains.
#[derive(Debug)]
pub(super) struct Drain<'a> {
    /// New work.
    pub(super) rates: &'a Rates,
    /// When draining begins.
    pub(super) from: f64,
    /// When it stops: the next outage, or the horizon.
    pub(super) until: f64,
    /// Items worked off in an hour.
    pub(super) per_hour: f64,
    /// Items waiting at `from`.
    pub(super) backlog: u64,
    /// Size of a finite population of which every member waits at most once.
    pub(super) users: Option<f64>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Drained {
    /// When the last item was done, or `until`.
    pub(super) end: f64,
    /// Waiting in all from `from` on, hours.
    pub(super) waited: f64,
    /// Part of it by arrivals.
    pub(super) waited_by_arrivals: f64,
    /// Arrivals that had to wait.
    pub(super) arrivals: u64,
    /// Items left at `until`.
    pub(super) left: u64,
    /// Most items waiting at one moment.
    pub(super) peak: u64,
}

impl Drain<'_> {
    /// Draws what comes of it.
    pub(super) fn run(&self, rng: &mut Rng) -> Drained {
        let backlog = self.backlog as f64;
        let mut state = State {
            free: self.from + backlog / self.per_hour,
            waited: 0.0,
            arrivals: 0,
            peak: self.backlog,
        };
        if self.backlog == 0 || self.from >= self.until {
            return self.result(&state);
        }
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
                let busy = state.free.min(end);
                if rate * (busy - start) < LIMIT_LAW_FROM as f64 {
                    break;
                }
                self.whole_stretch(&mut state, start, busy, rate, rng);
                start = busy;
            }
            self.one_by_one(&mut state, start, end, rate, rng);
        }
        self.result(&state)
    }

    fn whole_stretch(&self, state: &mut State, start: f64, end: f64, rate: f64, rng: &mut Rng) {
        let width = end - start;
        let waiting = (state.free - start) * self.per_hour;
        // Those who wait already do not join again; their share is taken at the stretch's start.
        let open = self.users.map_or(1.0, |users| (1.0 - waiting / users).max(0.0));
        let count = poisson(rate * width * open, rng);
        let unit = [0.5, 1.0 / 12.0, 0.0, -1.0 / 120.0];
        let n = count as f64;
        let offsets =
            if count == 0 { 0.0 } else { width * sum_of_iid(count, unit, rng).clamp(0.0, n) };
        state.waited += n * (state.free - start) + n * (n - 1.0) / (2.0 * self.per_hour) - offsets;
        state.arrivals += count;
        state.free += n / self.per_hour;
        state.note_peak(end, self.per_hour);
    }

    fn one_by_one(&self, state: &mut State, start: f64, end: f64, rate: f64, rng: &mut Rng) {
        let mut time = start;
        loop {
            let gap = unit_exponential(rng);
            time += gap / rate;
            if time >= end || time >= state.free {
                return;
            }
            let waiting = (state.free - time) * self.per_hour;
            if let Some(users) = self.users
                && uniform(rng) * users < waiting
            {
                continue;
            }
            // Cut at `until` an arrival waits no longer than that.
            state.waited += state.free.min(self.until) - time;
            state.arrivals += 1;
            state.free += 1.0 / self.per_hour;
            state.note_peak(time, self.per_hour);
        }
    }

    fn result(&self, state: &State) -> Drained {
        let end = state.free.min(self.until).max(self.from);
        let backlog = self.backlog as f64;
        let span = (self.until - self.from).max(0.0);
        // Items whose turn comes before `until`.
        let served = libm::ceil(span * self.per_hour - 1e-9).clamp(0.0, backlog);
        let waited =
            served * (served - 1.0).max(0.0) / (2.0 * self.per_hour) + (backlog - served) * span;
        let left = libm::ceil((state.free - self.until) * self.per_hour - 1e-9).max(0.0);
        Drained {
            end,
            waited: waited + state.waited,
            waited_by_arrivals: state.waited,
            arrivals: state.arrivals,
            left: left.min(backlog + state.arrivals as f64) as u64,
            peak: state.peak,
        }
    }
}

/// Where a drain stands.
#[derive(Debug)]
struct State {
    /// When the server has worked off all that has come so far.
    free: f64,
    waited: f64,
    arrivals: u64,
    peak: u64,
}

impl State {
    fn note_peak(&mut self, time: f64, per_hour: f64) {
        let waiting = libm::ceil((self.free - time) * per_hour - 1e-9).max(0.0) as u64;
        self.peak = self.peak.max(waiting);
    }
}
