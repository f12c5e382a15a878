//! Writeback requests refused, delayed and lost.
//!
//! A request that arrives while writeback is not offered is refused, comes again after a delay, and
//! is given up after so many attempts. Where the delay is exponential and the next outage is far
//! enough, the requests that are refused exactly once, twice, … are independent Poisson counts
//! whose means have closed forms (Erlang distributions integrated over the outage); elsewhere each
//! request is followed by itself.

use super::cycle::next_cycle;
use super::episode::Episode;
use super::evaluation::Evaluation;
use crate::distribution::counts::poisson;
use crate::distribution::draws::{uniform, unit_exponential};
use crate::distribution::{Distribution, Rng};
use crate::engine::observe::{Observer, TraceEvent};
use crate::engine::outage::Stoppage;
use crate::metric::Metric;
use crate::numeric::quick::exp;
use crate::world::World;
use crate::world::service::Service;
use crate::world::streams::Purpose;

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

/// A time in which every request is refused: stoppages between which no heartbeat runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal {
    from: f64,
    to: f64,
    /// Indices of its first and last stoppage.
    first: usize,
    last: usize,
}

/// The part of a refusal, known by its index, that one stoppage makes.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: f64,
    to: f64,
    refusal: usize,
}

/// Fills in the metrics of writeback. `refusals` is memory that is kept between trials.
pub(super) fn evaluate<O: Observer>(trial: &mut Evaluation<'_, O>, refusals: &mut Vec<Refusal>) {
    let world = trial.world;
    if world.workload.writeback.rates.is_zero() {
        return;
    }
    refusals.clear();
    let heartbeat = world.sync.heartbeat;
    let stoppages = trial.of(Service::Writeback);
    let mut first = 0;
    while let Some(Episode { last, due, .. }) =
        Episode::starting(first, stoppages, world.horizon, |stoppage| {
            next_cycle(stoppage.end, heartbeat)
        })
    {
        refusals.push(Refusal { from: stoppages[first].onset, to: due, first, last });
        first = last + 1;
    }
    let retry = trial.streams.truth(&world.workload.writeback.retry);
    let requests = Requests { world, retry, refusals };
    let mut total = Tally::default();
    for (refusal, Refusal { first, last, .. }) in refusals.iter().enumerate() {
        for stoppage in *first..=*last {
            let tally = requests.of_stoppage(stoppage, refusal, trial);
            total.failed += tally.failed;
            total.delayed += tally.delayed;
            total.lost += tally.lost;
        }
    }
    trial.metrics[Metric::WritebackFailedAttempts] = total.failed as f64;
    trial.metrics[Metric::WritebackDelayed] = total.delayed as f64;
    trial.metrics[Metric::WritebackLost] = total.lost as f64;
}

impl Tally {
    /// Adds requests by how often each is refused: once, twice, … and at the last attempt.
    fn add(&mut self, counts: &[u64]) {
        for (refusals, count) in (1..).zip(counts) {
            self.failed += count * refusals;
            self.delayed += count;
        }
        if let Some(lost) = counts.last() {
            self.delayed -= lost;
            self.lost += lost;
        }
    }
}

struct Requests<'a> {
    world: &'a World,
    /// Delay of the next attempt, hours: the distribution of this trial.
    retry: &'a Distribution,
    refusals: &'a [Refusal],
}

impl Requests<'_> {
    /// What comes of the requests that arrive in the stoppage of this index.
    fn of_stoppage<O: Observer>(
        &self,
        index: usize,
        refusal: usize,
        trial: &mut Evaluation<'_, O>,
    ) -> Tally {
        let stoppages = trial.of(Service::Writeback);
        let Stoppage { event, end, reports, outage, .. } = stoppages[index];
        let next = stoppages.get(index + 1).map_or(f64::INFINITY, |next| next.onset);
        let to = self.refusals[refusal].to.min(next);
        let stretch = Stretch { from: reports.until.min(to), to, refusal };
        let mut rng = trial.streams.world(Purpose::Writeback, event);
        let mut tally = Tally::default();
        let reports = &trial.reports[reports.first..reports.end];
        for &report in reports.iter().filter(|report| **report < to) {
            trial.note(report, outage, TraceEvent::RequestRefused);
            self.follow(report, refusal, &mut rng, &mut tally);
        }
        let streams = trial.streams;
        let show = |time| trial.note(time, outage, TraceEvent::RequestRefused);
        match self.retry_mean_if_far(refusal) {
            Some(mean) => {
                let counts = self.counts(stretch, mean, &mut rng);
                tally.add(&counts[..self.attempts()]);
                if O::WATCHES {
                    let mut rng = streams.world(Purpose::Shown, event);
                    self.draw_times(stretch, mean, &counts, &mut rng, show);
                }
            }
            None => self.one_by_one(stretch, &mut rng, &mut tally, show),
        }
        if O::WATCHES {
            let offered = next_cycle(end, self.world.sync.heartbeat);
            if end < self.world.horizon && offered < next.min(self.world.horizon) {
                trial.note(offered, outage, TraceEvent::WritebackOffered);
            }
            let Tally { failed, delayed, lost } = tally;
            trial.note(to, outage, TraceEvent::Requests { failed, delayed, lost });
        }
        tally
    }

    fn attempts(&self) -> usize {
        self.world.workload.writeback.attempts as usize
    }

    /// The mean delay of an exponential retry, if no retry can meet the next outage or the horizon.
    fn retry_mean_if_far(&self, refusal: usize) -> Option<f64> {
        let mean = self.retry.is_exponential()?;
        let next = self.refusals.get(refusal + 1).map_or(self.world.horizon, |next| next.from);
        let far = next - self.refusals[refusal].to > FAR_ENOUGH * mean;
        (far && self.attempts() <= MOST_ATTEMPTS).then_some(mean)
    }

    /// Counts of the requests of a stretch by how often they are refused, all drawn together: once
    /// or more, and at last as often as they are tried.
    fn counts(&self, stretch: Stretch, mean: f64, rng: &mut Rng) -> [u64; MOST_ATTEMPTS] {
        let mut counts = [0; MOST_ATTEMPTS];
        let Stretch { from, to, refusal } = stretch;
        if from >= to {
            return counts;
        }
        let attempts = self.attempts();
        let end = self.refusals[refusal].to;
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
            counts[refusals - 1] = poisson(expected, rng);
        }
        counts[attempts - 1] = poisson(at_least[attempts - 1].max(0.0), rng);
        counts
    }

    /// Arrival times consistent with `counts` of requests refused once, twice, …, for those who
    /// watch: given the counts, the times of each class are independent with the density of the
    /// arrivals times the probability of the class, drawn by rejection.
    fn draw_times(
        &self,
        Stretch { from, to, refusal }: Stretch,
        mean: f64,
        counts: &[u64; MOST_ATTEMPTS],
        rng: &mut Rng,
        mut seen: impl FnMut(f64),
    ) {
        let attempts = self.attempts();
        let rates = &self.world.workload.writeback.rates;
        let end = self.refusals[refusal].to;
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

    /// The requests of a stretch, each by itself.
    fn one_by_one(
        &self,
        stretch: Stretch,
        rng: &mut Rng,
        tally: &mut Tally,
        mut seen: impl FnMut(f64),
    ) {
        let rates = &self.world.workload.writeback.rates;
        for (start, stop, rate) in rates.cells(stretch.from, stretch.to) {
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
                self.follow(time, stretch.refusal, rng, tally);
            }
        }
    }

    /// One request that is refused at `time`, within that refusal.
    fn follow(&self, mut time: f64, mut refusal: usize, rng: &mut Rng, tally: &mut Tally) {
        tally.failed += 1;
        for _ in 1..self.attempts() {
            time += self.retry.sample(rng);
            if time >= self.world.horizon {
                return;
            }
            while self.refusals.get(refusal + 1).is_some_and(|next| next.from <= time) {
                refusal += 1;
            }
            let Refusal { from, to, .. } = self.refusals[refusal];
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
