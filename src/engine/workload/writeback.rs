//! Writeback requests refused, delayed and lost.
//!
//! A request that arrives while writeback is not offered is refused, comes again after a delay, and
//! is given up after so many attempts. Where the delay is exponential and the next outage is far
//! enough, the requests that are refused exactly once, twice, … are independent Poisson counts
//! whose means have closed forms (Erlang distributions integrated over the outage); elsewhere each
//! request is followed by itself.

use super::super::observe::{Observer, Place, TraceEvent};
use super::super::state::Scratch;
use super::next_cycle;
use crate::distribution::counts::poisson;
use crate::distribution::draws::{uniform, unit_exponential};
use crate::distribution::quick::exp;
use crate::distribution::{Distribution, Rng};
use crate::metric::{Metric, Metrics};
use crate::world::World;
use crate::world::streams::{Purpose, Streams};

/// With an exponential delay a retry overshoots a gap of so many means with probability 7e-13.
const FAR_ENOUGH: f64 = 28.0;

/// Attempts up to which the closed form is used.
const MOST_ATTEMPTS: usize = 16;

/// What came of the requests.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    failed: u64,
    delayed: u64,
    lost: u64,
}

/// Fills in the metrics of writeback.
pub(super) fn evaluate<O: Observer>(
    world: &World,
    streams: &Streams,
    scratch: &mut Scratch,
    metrics: &mut Metrics,
    observer: &mut O,
) {
    if world.workload.writeback.rates.is_zero() {
        return;
    }
    let heartbeat = world.sync.heartbeat;
    let refused = &mut scratch.backlogs.refused;
    refused.clear();
    for outage in &scratch.outages {
        let end = next_cycle(outage.end, heartbeat).min(world.horizon);
        match refused.last_mut() {
            Some((_, last)) if outage.onset <= *last => *last = end,
            _ => refused.push((outage.onset, end)),
        }
    }
    let retry = streams.truth(&world.workload.writeback.retry);
    let requests = Requests { world, retry, refused };
    let mut window = 0;
    let mut total = Tally::default();
    for (index, outage) in scratch.outages.iter().enumerate() {
        if window + 1 < refused.len() && outage.onset >= refused[window + 1].0 {
            window += 1;
        }
        // The stretch of the merged window that this outage began.
        let next = scratch.outages.get(index + 1).map_or(f64::INFINITY, |next| next.onset);
        let end = refused[window].1.min(next);
        let mut rng = streams.world(Purpose::Writeback, outage.event);
        let mut tally = Tally::default();
        let place = Place { outage: Some(index), ..Place::default() };
        let reports = &scratch.reports[outage.reports.0..outage.reports.1];
        for &report in reports.iter().filter(|report| **report < end) {
            if O::WATCHES {
                observer.happened(report, place, TraceEvent::RequestRefused);
            }
            requests.follow(report, window, &mut rng, &mut tally);
        }
        let from = outage.reports_until.min(end);
        match requests.retry_mean_if_far(window) {
            Some(mean) => {
                let counts = requests.aggregate(from, end, window, mean, &mut rng, &mut tally);
                if O::WATCHES {
                    let mut rng = streams.world(Purpose::Shown, outage.event);
                    requests.show(from, end, window, mean, &counts, &mut rng, |time| {
                        observer.happened(time, place, TraceEvent::RequestRefused);
                    });
                }
            }
            None => requests.one_by_one(from, end, window, &mut rng, &mut tally, |time| {
                if O::WATCHES {
                    observer.happened(time, place, TraceEvent::RequestRefused);
                }
            }),
        }
        if O::WATCHES {
            if outage.end < world.horizon {
                let offered = next_cycle(outage.end, heartbeat);
                if offered < next.min(world.horizon) {
                    observer.happened(offered, place, TraceEvent::WritebackOffered);
                }
            }
            let Tally { failed, delayed, lost } = tally;
            observer.happened(end, place, TraceEvent::Requests { failed, delayed, lost });
        }
        total.failed += tally.failed;
        total.delayed += tally.delayed;
        total.lost += tally.lost;
    }
    metrics[Metric::WritebackFailedAttempts] = total.failed as f64;
    metrics[Metric::WritebackDelayed] = total.delayed as f64;
    metrics[Metric::WritebackLost] = total.lost as f64;
}

struct Requests<'a> {
    world: &'a World,
    /// Delay of the next attempt, hours: the distribution of this trial.
    retry: &'a Distribution,
    refused: &'a [(f64, f64)],
}

impl Requests<'_> {
    /// The mean delay of an exponential retry, if no retry can meet the next outage or the horizon.
    fn retry_mean_if_far(&self, window: usize) -> Option<f64> {
        let writeback = &self.world.workload.writeback;
        let mean = self.retry.is_exponential()?;
        let next = self.refused.get(window + 1).map_or(self.world.horizon, |next| next.0);
        let far = next - self.refused[window].1 > FAR_ENOUGH * mean;
        (far && writeback.attempts as usize <= MOST_ATTEMPTS).then_some(mean)
    }

    /// Requests that arrive in `[from, to)`, all together.
    fn aggregate(
        &self,
        from: f64,
        to: f64,
        window: usize,
        mean: f64,
        rng: &mut Rng,
        tally: &mut Tally,
    ) -> [u64; MOST_ATTEMPTS] {
        let mut counts = [0; MOST_ATTEMPTS];
        if from >= to {
            return counts;
        }
        let attempts = self.world.workload.writeback.attempts as usize;
        let end = self.refused[window].1;
        // By j: expected requests of which at least j retries fall into the outage as well.
        let mut at_least = [0.0; MOST_ATTEMPTS];
        let mut outer = integrals((end - from) / mean, attempts);
        for (_, stop, rate) in self.world.workload.writeback.rates.cells(from, to) {
            let inner = integrals((end - stop) / mean, attempts);
            for (sum, (outer, inner)) in at_least.iter_mut().zip(outer.iter().zip(&inner)) {
                *sum += rate * mean * (outer - inner);
            }
            outer = inner;
        }
        for refusals in 1..attempts {
            let expected = (at_least[refusals - 1] - at_least[refusals]).max(0.0);
            let count = poisson(expected, rng);
            tally.failed += count * refusals as u64;
            tally.delayed += count;
            counts[refusals - 1] = count;
        }
        let count = poisson(at_least[attempts - 1].max(0.0), rng);
        tally.failed += count * attempts as u64;
        tally.lost += count;
        counts[attempts - 1] = count;
        counts
    }

    /// Arrival times consistent with `counts` of requests refused once, twice, …, for those who
    /// watch: given the counts, the times of each class are independent with the density of the
    /// arrivals times the probability of the class, drawn by rejection.
    #[expect(clippy::too_many_arguments, reason = "the window and its counts, for one caller")]
    fn show(
        &self,
        from: f64,
        to: f64,
        window: usize,
        mean: f64,
        counts: &[u64; MOST_ATTEMPTS],
        rng: &mut Rng,
        mut seen: impl FnMut(f64),
    ) {
        let attempts = self.world.workload.writeback.attempts as usize;
        let rates = &self.world.workload.writeback.rates;
        let end = self.refused[window].1;
        for (class, &count) in counts.iter().enumerate() {
            for _ in 0..count {
                loop {
                    let mass = uniform(rng) * rates.between(from, to);
                    let time = rates.invert(from, mass).min(to);
                    let x = (end - time) / mean;
                    let beyond = if class + 1 < attempts { erlang(x, class + 1) } else { 0.0 };
                    if uniform(rng) < erlang(x, class) - beyond {
                        seen(time);
                        break;
                    }
                }
            }
        }
    }

    /// Requests that arrive in `[from, to)`, each by itself.
    fn one_by_one(
        &self,
        from: f64,
        to: f64,
        window: usize,
        rng: &mut Rng,
        tally: &mut Tally,
        mut seen: impl FnMut(f64),
    ) {
        for (start, stop, rate) in self.world.workload.writeback.rates.cells(from, to) {
            if rate <= 0.0 {
                continue;
            }
            let mut time = start;
            loop {
                time += unit_exponential(rng) / rate;
                if time >= stop {
                    break;
                }
                seen(time);
                self.follow(time, window, rng, tally);
            }
        }
    }

    /// One request that is refused at `time`, in `window`.
    fn follow(&self, time: f64, window: usize, rng: &mut Rng, tally: &mut Tally) {
        let writeback = &self.world.workload.writeback;
        let (mut time, mut window) = (time, window);
        tally.failed += 1;
        for _ in 1..writeback.attempts {
            time += self.retry.sample(rng);
            if time >= self.world.horizon {
                return;
            }
            while window + 1 < self.refused.len() && self.refused[window + 1].0 <= time {
                window += 1;
            }
            let (from, to) = self.refused[window];
            if time < from || time >= to {
                tally.delayed += 1;
                return;
            }
            tally.failed += 1;
        }
        tally.lost += 1;
    }
}

/// The distribution function of `stages` unit stages at `x`; 1 for none.
fn erlang(x: f64, stages: usize) -> f64 {
    let mut term = libm::exp(-x);
    let mut cdf = 1.0;
    for stage in 0..stages {
        cdf -= term;
        term *= x / (stage as f64 + 1.0);
    }
    cdf
}

/// By j below `count`: the integral from 0 to `x` of the Erlang distribution of j unit stages,
/// `x F_j(x) - j F_(j+1)(x)`, with `F_0 = 1`.
fn integrals(x: f64, count: usize) -> [f64; MOST_ATTEMPTS] {
    let mut values = [0.0; MOST_ATTEMPTS];
    let x = x.max(0.0);
    let mut term = exp(-x);
    let mut cdf = 1.0;
    for (j, value) in values.iter_mut().enumerate().take(count) {
        // Here cdf is F_j, and F_(j+1) = F_j - e^-x x^j / j!.
        let next = cdf - term;
        *value = x * cdf - j as f64 * next;
        cdf = next;
        term *= x / (j as f64 + 1.0);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erlang_integrals_are_those_of_the_distribution() {
        for x in [0.0, 0.1, 1.0, 7.0, 60.0] {
            let got = integrals(x, 6);
            for (j, got) in got.iter().enumerate().take(6) {
                let n = 20_000;
                let step = x / f64::from(n);
                let mut want = 0.0;
                for k in 0..n {
                    let u = (f64::from(k) + 0.5) * step;
                    let mut term = (-u).exp();
                    let mut below = 0.0;
                    for stage in 0..j {
                        below += term;
                        term *= u / (stage as f64 + 1.0);
                    }
                    want += (1.0 - below) * step;
                }
                assert!((got - want).abs() < 1e-6, "x {x} j {j}: {got} {want}");
            }
        }
    }
}
