//! Changes that an outage kept from their cycle: how many, and how long they wait in all.

use super::cycle::next_cycle;
use crate::distribution::counts::binomial;
use crate::distribution::sums::{LIMIT_LAW_FROM, NEARLY_UNIFORM, NEARLY_UNIFORM_FROM, sum_of_iid};
use crate::distribution::{Rng, draws};
use crate::numeric::quick::{exp, exponential_below, one_less_exp};
use crate::world::reachable::Reachable;
use crate::world::window::{BLOCK, Window};

/// From so many changes on their waiting may be drawn in sums, and the times of single ones are not
/// known.
pub(super) const SUMMED_FROM: u64 = NEARLY_UNIFORM_FROM;

/// Cycles in a span of constant rate from which on a time's cycle is nearly uniform over it.
const MANY_CYCLES: f64 = 30.0;

/// Changes in `[from, to)` whose cycles did not run and that are picked up at `synced`.
///
/// With `users`, only the first change of each user counts (the later ones find that user waiting
/// already), so the times are those of a Poisson stream of rate `rate / users` for each user, cut
/// at its first point. Without, every change counts.
#[derive(Debug)]
pub(super) struct MissedChanges<'a> {
    pub(super) rates: Reachable<'a>,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) synced: f64,
    pub(super) cycle: f64,
    pub(super) users: Option<f64>,
}

impl MissedChanges<'_> {
    /// Expected number of changes.
    pub(super) fn mass(&self) -> f64 {
        if self.to > self.from { self.rates.between(self.from, self.to) } else { 0.0 }
    }

    /// Sum over `count` independent changes of the time that each waits beyond its own cycle,
    /// hours. `seen` is told the time of each that is drawn by itself.
    pub(super) fn waiting(&self, count: u64, rng: &mut Rng, seen: impl FnMut(f64)) -> f64 {
        if count == 0 {
            0.0
        } else if count < SUMMED_FROM {
            self.one_by_one(count, rng, seen)
        } else if count < LIMIT_LAW_FROM {
            self.span_by_span(count, rng)
        } else {
            self.in_sum(count, self.cumulants(), rng)
        }
    }

    /// The sum of many waits of a distribution with these cumulants.
    fn in_sum(&self, count: u64, cumulants: [f64; 4], rng: &mut Rng) -> f64 {
        let longest = (self.synced - next_cycle(self.from, self.cycle)).max(0.0);
        sum_of_iid(count, cumulants, rng).clamp(0.0, count as f64 * longest)
    }

    /// The changes are shared out to the spans of constant rate. Within one the times are nearly
    /// uniform, so that far fewer of them than of a whole window can be drawn in sum.
    fn span_by_span(&self, count: u64, rng: &mut Rng) -> f64 {
        let (mut left, mut mass, mut sum) = (count, self.mass(), 0.0);
        let mut spans = self.rates.cells(self.from, self.to).peekable();
        while let Some((from, to, rate)) = spans.next() {
            let within = rate * (to - from);
            let here = if spans.peek().is_none() {
                left
            } else {
                binomial(left, (self.weight(0.0, within) / self.weight(0.0, mass)).min(1.0), rng)
            };
            let span = MissedChanges { from, to, ..*self };
            let tilt = self.users.map_or(0.0, |users| within / users);
            let uniform = tilt <= NEARLY_UNIFORM && to - from >= MANY_CYCLES * self.cycle;
            sum += if uniform && here >= NEARLY_UNIFORM_FROM {
                let mut distribution = Mixture::default();
                span.add_span(&mut distribution, 0.0, (from, to, rate));
                span.in_sum(here, distribution.cumulants(self.synced), rng)
            } else {
                span.one_by_one(here, rng, |_| {})
            };
            (left, mass) = (left - here, mass - within);
        }
        sum
    }

    /// Tells `seen` the times of `count` independent changes, drawn one by one.
    pub(super) fn draw_times(&self, count: u64, rng: &mut Rng, mut seen: impl FnMut(f64)) {
        self.draw_blocks(count, rng, |times, filled| times[..filled].iter().for_each(|t| seen(*t)));
    }

    fn one_by_one(&self, count: u64, rng: &mut Rng, mut seen: impl FnMut(f64)) -> f64 {
        let mut sum = 0.0;
        self.draw_blocks(count, rng, |times, filled| {
            let waits = times.map(|time| (self.synced - next_cycle(time, self.cycle)).max(0.0));
            times[..filled].iter().for_each(|time| seen(*time));
            // Those of a block that are not filled add nothing: cheaper than a shorter loop.
            let mut at = 0;
            let [a, b, c, d, e, f, g, h] = waits.map(|wait| {
                at += 1;
                if at <= filled { wait } else { 0.0 }
            });
            sum += ((a + b) + (c + d)) + ((e + f) + (g + h));
        });
        sum
    }

    /// Draws `count` independent times in blocks and says how many of each block are filled: the
    /// steps that are the same for all of a block are taken side by side.
    #[inline]
    fn draw_blocks(&self, count: u64, rng: &mut Rng, mut seen: impl FnMut(&[f64; BLOCK], usize)) {
        let window = Window::new(self.rates, self.from, self.to);
        let probability = self.users.map(|users| one_less_exp(window.mass() / users));
        let mut left = count;
        while left > 0 {
            let filled = left.min(BLOCK as u64) as usize;
            let block: [f64; BLOCK] = std::array::from_fn(|_| draws::uniform(rng));
            let masses = match (self.users, probability) {
                (Some(users), Some(below)) => block.map(|u| users * exponential_below(below, u)),
                _ => block.map(|u| u * window.mass()),
            };
            seen(&window.times_of(&masses), filled);
            left -= filled as u64;
        }
    }

    /// Mean, variance, third central moment and fourth cumulant of one waiting time.
    fn cumulants(&self) -> [f64; 4] {
        let mut distribution = Mixture::default();
        let mut before = 0.0;
        for (start, end, rate) in self.rates.cells(self.from, self.to) {
            self.add_span(&mut distribution, before, (start, end, rate));
            before += rate * (end - start);
        }
        distribution.cumulants(self.synced)
    }

    /// Adds the cycles of the changes in a span of constant rate, when changes of expected number
    /// `before` came earlier. All that fall into its first cycle share one, and so do those of the
    /// last; in the whole cycles between, a time is its cycle's start plus an independent part
    /// within the cycle, since both distributions are exponential ones that are cut off.
    fn add_span(
        &self,
        distribution: &mut Mixture,
        before: f64,
        (start, end, rate): (f64, f64, f64),
    ) {
        let hazard = self.users.map_or(0.0, |users| rate / users);
        let mass_at = |time: f64| before + rate * (time - start);
        let weight = |from: f64, to: f64| self.weight(mass_at(from), mass_at(to));
        let (due, last_due) = (next_cycle(start, self.cycle), next_cycle(end, self.cycle));
        let first = if self.cycle > 0.0 { due.min(end) } else { start };
        let last = (last_due - self.cycle).max(first);
        if first > start {
            distribution.add(weight(start, first), due, [0.0; 3]);
        }
        if last > first {
            let whole = tilted(hazard * (last - first)).scaled(last - first);
            let within = tilted(hazard * self.cycle).scaled(self.cycle);
            let spread = [
                (whole.variance - within.variance).max(0.0),
                whole.third - within.third,
                whole.fourth - within.fourth,
            ];
            let mean = first + whole.mean - within.mean + self.cycle;
            distribution.add(weight(first, last), mean, spread);
        }
        if end > last {
            distribution.add(weight(last, end), last_due, [0.0; 3]);
        }
    }

    /// Share of the changes, up to a factor, that come while the mass grows from `before` to
    /// `after`.
    fn weight(&self, before: f64, after: f64) -> f64 {
        match self.users {
            Some(users) => exp(-before / users) * one_less_exp((after - before) / users),
            None => after - before,
        }
    }
}

/// First four cumulants of a distribution on `[0, 1)` with density proportional to `exp(-tilt x)`.
#[derive(Debug, Clone, Copy)]
struct Tilted {
    mean: f64,
    variance: f64,
    third: f64,
    fourth: f64,
}

impl Tilted {
    fn scaled(self, width: f64) -> Tilted {
        let square = width * width;
        Tilted {
            mean: self.mean * width,
            variance: self.variance * square,
            third: self.third * square * width,
            fourth: self.fourth * square * square,
        }
    }
}

/// The cumulants are those of an exponential distribution cut at 1: each is minus the derivative of
/// the one before by the tilt. Below a tilt of 0.3 the power series, where the closed form cancels.
fn tilted(tilt: f64) -> Tilted {
    if tilt < 0.3 {
        let square = tilt * tilt;
        return Tilted {
            mean: 0.5 - tilt * (1.0 / 12.0 - square * (1.0 / 720.0 - square / 30_240.0)),
            variance: 1.0 / 12.0 - square * (1.0 / 240.0 - square / 6_048.0),
            third: tilt * (1.0 / 120.0 - square * (1.0 / 1_512.0 - square / 28_800.0)),
            fourth: -1.0 / 120.0 + square * (1.0 / 504.0 - square / 5_760.0),
        };
    }
    let inverse = 1.0 / tilt;
    // e^-tilt / (1 - e^-tilt) and its like, which do not overflow.
    let gone = exp(-tilt);
    let left = 1.0 - gone;
    Tilted {
        mean: inverse - gone / left,
        variance: inverse * inverse - gone / (left * left),
        third: 2.0 * inverse * inverse * inverse - gone * (1.0 + gone) / (left * left * left),
        fourth: 6.0 * inverse * inverse * inverse * inverse
            - gone * (1.0 + 4.0 * gone + gone * gone) / (left * left * left * left),
    }
}

/// A mixture of distributions given by weight, mean and cumulants two to four.
#[derive(Debug, Default)]
struct Mixture {
    weight: f64,
    origin: Option<f64>,
    raw: [f64; 4],
}

impl Mixture {
    fn add(&mut self, weight: f64, mean: f64, [variance, third, fourth]: [f64; 3]) {
        let origin = *self.origin.get_or_insert(mean);
        let d = mean - origin;
        let second = variance + d * d;
        let parts = [
            d,
            second,
            third + 3.0 * d * variance + d * d * d,
            fourth
                + 3.0 * variance * variance
                + 6.0 * d * d * variance
                + 4.0 * d * third
                + d * d * d * d,
        ];
        self.weight += weight;
        for (sum, part) in self.raw.iter_mut().zip(parts) {
            *sum += weight * part;
        }
    }

    /// Cumulants of `synced` less a draw of the mixture.
    fn cumulants(&self, synced: f64) -> [f64; 4] {
        if self.weight <= 0.0 {
            return [0.0; 4];
        }
        let [first, second, third, fourth] = self.raw.map(|sum| sum / self.weight);
        let variance = (second - first * first).max(0.0);
        let central_third = third - 3.0 * first * second + 2.0 * first * first * first;
        let central_fourth = fourth - 4.0 * first * third + 6.0 * first * first * second
            - 3.0 * first * first * first * first;
        let mean = self.origin.unwrap_or(0.0) + first;
        [synced - mean, variance, -central_third, central_fourth - 3.0 * variance * variance]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;
    use crate::world::calendar::Calendar;
    use crate::world::profile::Profile;
    use crate::world::rates::Rates;
    use jiff::civil::datetime;
    use jiff::tz::TimeZone;

    /// Five thousand changes a week in office hours and outside them.
    fn office() -> Rates {
        let start = datetime(2027, 1, 4, 0, 0, 0, 0);
        let calendar = Calendar::new(start, TimeZone::UTC, &[], 1000.0).unwrap();
        Rates::new(&calendar, &Profile::office(), &[], 30.0)
    }

    /// Windows within a span, over an edge, over many, in cycles from short to longer than the
    /// window; all changes, or the first of each of few or many users.
    fn windows(rates: &Rates) -> Vec<MissedChanges<'_>> {
        let mut windows = Vec::new();
        for (from, to) in [(9.013, 13.5), (3.21, 11.87), (16.9, 58.4), (10.003, 10.44)] {
            for cycle in [0.0, 1.0 / 30.0, 0.5, 3.0] {
                for users in [None, Some(40.0), Some(25_000.0)] {
                    let synced = next_cycle(to, cycle) + 0.3;
                    let rates = Reachable::new(rates, &[]);
                    windows.push(MissedChanges { rates, from, to, synced, cycle, users });
                }
            }
        }
        windows
    }

    #[test]
    fn cumulants_are_those_of_the_waits_added_up() {
        let rates = office();
        for missed in windows(&rates) {
            let n = 400_000;
            let mut raw = [0.0; 5];
            let total = missed.mass();
            for k in 0..n {
                let mass = total * (f64::from(k) + 0.5) / f64::from(n);
                let density = missed.users.map_or(1.0, |users| (-mass / users).exp());
                let time = rates.invert(missed.from, mass);
                let wait = missed.synced - next_cycle(time, missed.cycle);
                for (power, sum) in raw.iter_mut().enumerate() {
                    *sum += density * wait.powi(power as i32);
                }
            }
            let [_, m1, m2, m3, m4] = raw.map(|sum| sum / raw[0]);
            let variance = m2 - m1 * m1;
            let third = m3 - 3.0 * m1 * m2 + 2.0 * m1.powi(3);
            let fourth = m4 - 4.0 * m1 * m3 + 6.0 * m1 * m1 * m2 - 3.0 * m1.powi(4);
            let truth = [m1, variance, third, fourth - 3.0 * variance * variance];
            let scale = (missed.to - missed.from).max(missed.cycle);
            for (power, (got, want)) in (1..).zip(missed.cumulants().into_iter().zip(truth)) {
                let off = (got - want).abs() / scale.powi(power);
                assert!(off < 2e-5, "{power}: {got} {want}");
            }
        }
    }

    #[test]
    fn sums_by_span_are_those_of_single_changes() {
        let rates = office();
        let count = 60;
        // In longer cycles hardly any sum is drawn as one.
        for mut missed in windows(&rates).into_iter().filter(|missed| missed.cycle < 0.1) {
            missed.synced += 1.0;
            let MissedChanges { from, to, cycle, users, .. } = missed;
            let name = format!("{from} to {to}, cycle {cycle}, of {users:?}");
            let [mean, variance, ..] = missed.cumulants();
            let (mean, variance) = (count as f64 * mean, count as f64 * variance);
            if variance < 1e-9 {
                // All in one cycle: nothing varies.
                let drawn = missed.span_by_span(count, &mut judge::generator(1));
                assert!((drawn - mean).abs() < 1e-9 * mean, "{name}");
                continue;
            }
            judge::has_moments(&name, |rng| missed.span_by_span(count, rng), mean, variance);
            let rng = &mut judge::generator(11);
            let point = mean + 1.5 * variance.sqrt();
            let (draws, mut single, mut summed) = (10_000, 0_u32, 0_u32);
            for _ in 0..draws {
                single += u32::from(missed.one_by_one(count, rng, |_| {}) > point);
                summed += u32::from(missed.span_by_span(count, rng) > point);
            }
            let spread = f64::from(single + summed).sqrt().max(1.0);
            let z = (f64::from(single) - f64::from(summed)) / spread;
            assert!(z.abs() < 4.0, "{single} and {summed}, {z} standard errors: {name}");
        }
    }

    #[test]
    fn series_and_closed_form_of_the_tilted_distribution_meet() {
        let (below, above) = (tilted(0.3 - 1e-9), tilted(0.3));
        for (a, b) in [
            (below.mean, above.mean),
            (below.variance, above.variance),
            (below.third, above.third),
            (below.fourth, above.fourth),
        ] {
            assert!((a - b).abs() < 2e-7, "{a} {b}");
        }
    }

    #[test]
    fn tilted_moments_are_those_of_the_density() {
        for tilt in [0.0, 0.1, 0.9, 4.0, 30.0] {
            let n = 200_000;
            let mut sums = [0.0; 5];
            for k in 0..n {
                let x = (f64::from(k) + 0.5) / f64::from(n);
                let density = (-tilt * x).exp();
                for (power, sum) in sums.iter_mut().enumerate() {
                    *sum += density * x.powi(power as i32);
                }
            }
            let raw: Vec<f64> = sums.iter().map(|sum| sum / sums[0]).collect();
            let mean = raw[1];
            let variance = raw[2] - mean * mean;
            let third = raw[3] - 3.0 * mean * raw[2] + 2.0 * mean.powi(3);
            let fourth = raw[4] - 4.0 * mean * raw[3] + 6.0 * mean * mean * raw[2]
                - 3.0 * mean.powi(4)
                - 3.0 * variance * variance;
            let distribution = tilted(tilt);
            for (got, want) in [
                (distribution.mean, mean),
                (distribution.variance, variance),
                (distribution.third, third),
                (distribution.fourth, fourth),
            ] {
                assert!((got - want).abs() < 1e-7, "tilt {tilt}: {got} {want}");
            }
        }
    }
}
