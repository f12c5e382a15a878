//! Changes caught by an outage: how many, and how long they wait in all.

use super::next_cycle;
use crate::law::quick::{exp, exponential_below, one_less_exp};
use crate::law::sums::{LIMIT_LAW_FROM, sum_of_iid};
use crate::law::{Rng, draws};
use crate::world::rates::Rates;
use crate::world::window::BLOCK;

/// Changes in `[from, to)` whose cycles did not run and that are picked up at `synced`.
///
/// With `users`, only the first change of each user counts (the later ones find that user waiting
/// already), so the times are those of a Poisson stream of rate `rate / users` for each user, cut
/// at its first point. Without, every change counts.
#[derive(Debug)]
pub(super) struct Caught<'a> {
    pub(super) rates: &'a Rates,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) synced: f64,
    pub(super) cycle: f64,
    pub(super) users: Option<f64>,
}

impl Caught<'_> {
    /// Expected number of changes.
    pub(super) fn mass(&self) -> f64 {
        if self.to > self.from { self.rates.between(self.from, self.to) } else { 0.0 }
    }

    /// Sum over `count` independent changes of the time that each waits beyond its own cycle,
    /// hours. `seen` is told the time of each that is drawn by itself.
    pub(super) fn waiting(&self, count: u64, rng: &mut Rng, seen: impl FnMut(f64)) -> f64 {
        if count == 0 {
            0.0
        } else if count < LIMIT_LAW_FROM {
            self.one_by_one(count, rng, seen)
        } else {
            let longest = (self.synced - next_cycle(self.from, self.cycle)).max(0.0);
            let sum = sum_of_iid(count, self.cumulants(), rng);
            sum.clamp(0.0, count as f64 * longest)
        }
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
        let window = self.rates.window(self.from, self.to);
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
        let span = self.to - self.from;
        let cycles = if self.cycle > 0.0 { span / self.cycle } else { f64::INFINITY };
        let cells = self.rates.cells(self.from, self.to).count() as f64;
        let mut mixture = Mixture::default();
        // Cycle by cycle the law is discrete and exact; where cycles are many in a cell of constant
        // rate, the cell's continuous law less that within one cycle is the same.
        if cycles <= 4.0 * cells + 64.0 {
            self.add_cycles(&mut mixture);
        } else {
            self.add_cells(&mut mixture);
        }
        mixture.cumulants(self.synced)
    }

    fn add_cycles(&self, mixture: &mut Mixture) {
        let mut start = self.from;
        let mut before = 0.0;
        while start < self.to {
            let due = next_cycle(start + 0.5 * self.cycle, self.cycle);
            let end = due.min(self.to);
            let mass = self.rates.between(self.from, end);
            mixture.add(self.weight(before, mass), due, [0.0; 3]);
            before = mass;
            start = end;
        }
    }

    fn add_cells(&self, mixture: &mut Mixture) {
        let mut before = 0.0;
        for (start, end, rate) in self.rates.cells(self.from, self.to) {
            let width = end - start;
            let mass = before + rate * width;
            let hazard = self.users.map_or(0.0, |users| rate / users);
            let whole = tilted(hazard * width).scaled(width);
            let within = tilted(hazard * self.cycle).scaled(self.cycle);
            // A time is its cycle's start plus an independent part within the cycle.
            let due = start + whole.mean - within.mean + self.cycle;
            let spread = [
                (whole.variance - within.variance).max(0.0),
                whole.third - within.third,
                whole.fourth - within.fourth,
            ];
            mixture.add(self.weight(before, mass), due, spread);
            before = mass;
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

/// First four cumulants of a law on `[0, 1)` with density proportional to `exp(-tilt x)`.
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

/// The cumulants are those of an exponential law cut at 1: each is minus the derivative of the one
/// before by the tilt. Below a tilt of 0.3 the power series, where the closed form cancels.
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

/// A mixture of laws given by weight, mean and cumulants two to four.
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

    #[test]
    fn series_and_closed_form_of_the_tilted_law_meet() {
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
            let law = tilted(tilt);
            for (got, want) in [
                (law.mean, mean),
                (law.variance, variance),
                (law.third, third),
                (law.fourth, fourth),
            ] {
                assert!((got - want).abs() < 1e-7, "tilt {tilt}: {got} {want}");
            }
        }
    }
}
