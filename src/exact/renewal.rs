//! Components that fail at a constant rate and are repaired: alternating renewal processes.
//!
//! All start up. Times in hours, rates per hour. A system in series is up when all its components
//! are; they fail and are repaired independently of each other.

use crate::numeric::{Poisson, erlang_cdf, gauss_legendre};

/// A component with exponential up time and exponential repair: a Markov chain of two states.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// Failures per hour of up time.
    pub failure: f64,
    /// Repairs per hour of downtime.
    pub repair: f64,
}

impl Component {
    /// The component with this mean up time and mean repair, hours, both positive.
    pub fn of_means(up: f64, down: f64) -> Component {
        Component { failure: 1.0 / up, repair: 1.0 / down }
    }

    /// P(up at t).
    pub fn availability(&self, t: f64) -> f64 {
        let both = self.failure + self.repair;
        (self.repair + self.failure * libm::exp(-both * t)) / both
    }

    /// Mean downtime in 0..t: lt/(l+m) - l/(l+m)^2 (1 - e^-(l+m)t).
    pub fn mean_downtime(&self, t: f64) -> f64 {
        let both = self.failure + self.repair;
        self.failure / both * (t + libm::expm1(-both * t) / both)
    }

    /// P(downtime in 0..t <= x), for 0 <= x < t: Takács (1957), "On certain sojourn time problems
    /// in the theory of stochastic processes". The downtime is at most x if the repairs of all
    /// failures in the first t - x of up time take x at the most: a sum over Poisson counts of
    /// Erlang probabilities.
    pub fn downtime_at_most(&self, x: f64, t: f64) -> f64 {
        if x >= t {
            return 1.0;
        }
        let (mean, reach) = (self.failure * (t - x), self.repair * x);
        // Both sums run over Poisson probabilities; beyond this many terms nothing is left.
        let terms = (mean + reach + 40.0 * libm::sqrt(mean + reach + 1.0)) as u32 + 40;
        let mut counts = Poisson::new(mean);
        let mut repairs = Poisson::new(reach);
        let (mut sum, mut erlang) = (counts.mass(), 1.0);
        for _ in 0..terms {
            erlang -= repairs.mass();
            repairs.next();
            counts.next();
            sum += counts.mass() * f64::max(erlang, 0.0);
        }
        f64::min(sum, 1.0)
    }
}

/// What is expected of a system in 0..t.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// Mean downtime, hours.
    pub downtime: f64,
    /// Mean number of outages that begin.
    pub outages: f64,
}

/// A system of components in series: down while any is down. Its outages begin at the rate of all
/// failures while everything is up.
pub fn series(components: &[Component], t: f64) -> Expected {
    let failure: f64 = components.iter().map(|component| component.failure).sum();
    let up = match components {
        [only] => t - only.mean_downtime(t),
        _ => all_up_for(components, t),
    };
    Expected { downtime: t - up, outages: failure * up }
}

/// The integral of P(all up) over 0..t.
fn all_up_for(components: &[Component], t: f64) -> f64 {
    let both = |component: &Component| component.failure + component.repair;
    let fastest = components.iter().map(both).fold(0.0, f64::max);
    let all_up = |at: f64| -> f64 {
        components.iter().map(|component| component.availability(at)).product()
    };
    integral(all_up, fastest, t)
}

/// The integral over 0..t of a probability whose shortest transient has the rate `fastest`, by
/// Gauss-Legendre on panels that start far shorter than that and grow.
pub(super) fn integral(probability: impl Fn(f64) -> f64, fastest: f64, t: f64) -> f64 {
    if fastest <= 0.0 {
        return t * probability(0.0);
    }
    let (mut sum, mut from, mut width) = (0.0, 0.0, 0.1 / fastest);
    while from < t {
        let to = f64::min(from + width, t);
        sum += gauss_legendre(from, to, &probability);
        from = to;
        width *= 1.1;
    }
    sum
}

/// One component with exponential up time of rate `failure` and a repair that always takes `down`
/// hours: mean downtime and outages in 0..t.
///
/// It is up at t with k repairs behind it when exactly k failures fall into t - k `down` hours of
/// up time, so the mean up time is the sum over k of P(Erlang(k + 1) <= `failure` (t - k `down`)) /
/// `failure`.
pub fn constant_repair(failure: f64, down: f64, t: f64) -> Expected {
    let (mut up, mut k) = (0.0, 0.0);
    while k * down < t {
        let mean = failure * (t - k * down);
        let part = erlang_cdf(k as u32 + 1, mean) / failure;
        up += part;
        k += 1.0;
        // Repairs that take no time end the sum by the count of failures instead.
        if part * failure < 1e-18 && k > mean {
            break;
        }
    }
    Expected { downtime: f64::max(t - up, 0.0), outages: failure * up }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-9 * b.abs().max(1e-3), "{a} is not {b}");
    }

    #[test]
    fn one_component_is_the_textbook_chain() {
        let component = Component::of_means(10.0, 5.0);
        // Mean downtime as the integral of the unavailability, by a fine sum.
        let steps = 200_000;
        let sum: f64 = (0..steps)
            .map(|i| 1.0 - component.availability((f64::from(i) + 0.5) * 20.0 / f64::from(steps)))
            .sum();
        close(component.mean_downtime(20.0), sum * 20.0 / f64::from(steps));
        // And as the integral of P(downtime > x) by Takács's distribution.
        let steps = 20_000;
        let tail: f64 = (0..steps)
            .map(|i| {
                1.0 - component
                    .downtime_at_most((f64::from(i) + 0.5) * 20.0 / f64::from(steps), 20.0)
            })
            .sum();
        let mean = tail * 20.0 / f64::from(steps);
        assert!((mean / component.mean_downtime(20.0) - 1.0).abs() < 1e-7, "{mean}");
        close(component.downtime_at_most(0.0, 20.0), (-2.0_f64).exp());
    }

    #[test]
    fn a_series_of_one_is_that_one_and_of_two_multiplies() {
        let (a, b) = (Component::of_means(300.0, 8.0), Component::of_means(100.0, 0.5));
        let one = series(&[a], 1000.0);
        close(one.downtime, a.mean_downtime(1000.0));
        close(one.outages, (1000.0 - one.downtime) / 300.0);
        // The panels alone give the same as the closed form.
        close(all_up_for(&[a], 1000.0), 1000.0 - a.mean_downtime(1000.0));
        // A component that never fails changes nothing.
        let idle = Component { failure: 0.0, repair: 1.0 };
        close(series(&[a, idle], 1000.0).downtime, one.downtime);
        // Product of two: expand the four exponentials by hand.
        let part = |c: Component| {
            let both = c.failure + c.repair;
            [(c.repair / both, 0.0), (c.failure / both, both)]
        };
        let mut up = 0.0;
        for (p, r) in part(a) {
            for (q, s) in part(b) {
                let rate: f64 = r + s;
                up += p * q * if rate > 0.0 { -(-rate * 1000.0).exp_m1() / rate } else { 1000.0 };
            }
        }
        close(series(&[a, b], 1000.0).downtime, 1000.0 - up);
        assert_eq!(series(&[], 10.0), Expected { downtime: 0.0, outages: 0.0 });
    }

    #[test]
    fn a_repair_of_fixed_length() {
        // One repair covers the rest: down from the first failure on.
        let expected = constant_repair(0.1, 50.0, 20.0);
        close(expected.downtime, 20.0 - (1.0 - (-2.0_f64).exp()) / 0.1);
        close(expected.outages, 1.0 - (-2.0_f64).exp());
        // No length: a Poisson process.
        let none = constant_repair(0.1, 0.0, 20.0);
        assert!(none.downtime.abs() < 1e-9 && (none.outages - 2.0).abs() < 1e-9, "{none:?}");
        // Long run: the renewal theorem, D / (1/l + D).
        let long = constant_repair(0.01, 10.0, 1e5);
        assert!((long.downtime / 1e5 - 10.0 / 110.0).abs() < 1e-4, "{long:?}");
    }
}
