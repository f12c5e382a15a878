//! Systems that are up while at least k of their n like components are.
//!
//! Each component fails and is repaired by itself, exponentially both ways, so the number of those
//! that are up at a time is binomial (Barlow and Proschan 1975, "Statistical theory of reliability
//! and life testing", chapters 2 and 7). Means and the variance of downtime are integrals of that
//! over time, taken numerically.

use super::renewal::{Component, Expected, integral};

/// Like components of which some are needed. All start up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KOfN {
    /// Each of them.
    pub component: Component,
    /// How many there are: n.
    pub count: usize,
    /// How many have to be up: k.
    pub needed: usize,
}

impl KOfN {
    /// P(up at t).
    pub fn availability(&self, t: f64) -> f64 {
        1.0 - self.unavailability(self.count, t)
    }

    /// Mean downtime and outages in 0..t. An outage begins when exactly k are up and one of those
    /// fails.
    pub fn expected(&self, t: f64) -> Expected {
        let fastest = self.fastest();
        let last_one = |at: f64| self.numbers_up(self.count, at)[self.needed];
        Expected {
            downtime: integral(|at| self.unavailability(self.count, at), fastest, t),
            outages: self.component.failure * self.needed as f64 * integral(last_one, fastest, t),
        }
    }

    /// Variance of the downtime in 0..t: its second moment is twice the integral of P(down at a and
    /// at b) over all a < b.
    pub fn downtime_variance(&self, t: f64) -> f64 {
        let fastest = self.fastest();
        let second = integral(
            |at| {
                let up = self.numbers_up(self.count, at);
                let down_again = |up_now: usize| {
                    integral(|later| self.unavailability(up_now, later), fastest, t - at)
                };
                (0..self.needed).map(|up_now| up[up_now] * down_again(up_now)).sum()
            },
            fastest,
            t,
        );
        let mean = self.expected(t).downtime;
        2.0 * second - mean * mean
    }

    /// P(down at t), when `up_now` are up at 0.
    fn unavailability(&self, up_now: usize, t: f64) -> f64 {
        self.numbers_up(up_now, t)[..self.needed].iter().sum()
    }

    /// By number: P(so many are up at t), when `up_now` are up at 0.
    fn numbers_up(&self, up_now: usize, t: f64) -> Vec<f64> {
        let Component { failure, repair } = self.component;
        let stays = self.component.availability(t);
        let returns = repair / failure * (1.0 - stays);
        let mut numbers = vec![0.0; self.count + 1];
        numbers[0] = 1.0;
        for member in 0..self.count {
            let up = if member < up_now { stays } else { returns };
            for number in (0..=member).rev() {
                numbers[number + 1] += numbers[number] * up;
                numbers[number] *= 1.0 - up;
            }
        }
        numbers
    }

    fn fastest(&self) -> f64 {
        self.count as f64 * (self.component.failure + self.component.repair)
    }
}

#[cfg(test)]
mod tests {
    use super::super::renewal::series;
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-9 * b.abs().max(1e-3), "{a} is not {b}");
    }

    #[test]
    fn all_of_n_are_a_series_and_one_of_one_is_its_component() {
        let component = Component::of_means(100.0, 8.0);
        let all = KOfN { component, count: 3, needed: 3 }.expected(1000.0);
        let expected = series(&[component; 3], 1000.0);
        close(all.downtime, expected.downtime);
        close(all.outages, expected.outages);
        let one = KOfN { component, count: 1, needed: 1 };
        close(one.expected(1000.0).downtime, component.mean_downtime(1000.0));
        close(one.availability(17.0), component.availability(17.0));
        // The second moment by Takács's distribution: the integral of 2x P(downtime > x).
        let steps = 100_000;
        let t = 40.0;
        let second: f64 = (0..steps)
            .map(|i| {
                let x = (f64::from(i) + 0.5) * t / f64::from(steps);
                2.0 * x * (1.0 - component.downtime_at_most(x, t)) * t / f64::from(steps)
            })
            .sum();
        let variance = second - component.mean_downtime(t).powi(2);
        assert!((one.downtime_variance(t) / variance - 1.0).abs() < 1e-6, "{variance}");
    }

    #[test]
    fn in_the_long_run_two_of_three_are_the_textbook_polynomial() {
        let component = Component::of_means(9.0, 1.0);
        let system = KOfN { component, count: 3, needed: 2 };
        let (a, t) = (0.9, 1e4);
        close(system.availability(t), a * a * (3.0 - 2.0 * a));
        // All are up at first, which is forgotten long before t: compare what comes after.
        let (first, whole) = (system.expected(t), system.expected(2.0 * t));
        // Two are up and one is down for 3 a^2 (1 - a) of the time; either of the two may fail.
        let rate = 2.0 / 9.0 * 3.0 * a * a * (1.0 - a);
        close((whole.outages - first.outages) / t, rate);
        close((whole.downtime - first.downtime) / t, 0.028);
    }

    #[test]
    fn from_any_number_up_the_numbers_are_a_distribution() {
        let system = KOfN { component: Component::of_means(10.0, 5.0), count: 4, needed: 1 };
        for up_now in 0..=4 {
            close(system.numbers_up(up_now, 0.0)[up_now], 1.0);
            close(system.numbers_up(up_now, 3.0).iter().sum(), 1.0);
            // In the end it does not matter how many were up at first: all down in 1 of 81.
            close(system.unavailability(up_now, 1e3), 1.0 / 81.0);
        }
    }
}
