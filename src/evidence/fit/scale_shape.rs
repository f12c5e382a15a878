//! Families with a scale and a shape whose complete durations enter by a few sums: gamma and
//! inverse Gaussian.
//!
//! Without lower bounds the maximum is a closed form, or one root. With them it is sought over the
//! shape, with the scale that is best for each; there the log-likelihood is concave in the
//! logarithm of the scale, since both densities are log-concave in ln t.

use super::{crossing, ties, total};
use crate::distribution::Distribution;
use crate::numeric::{LOG_ROOT_TAU, digamma, gamma_tails, maximum, root, trigamma, walk};

/// Which of the two families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScaleFamily {
    /// Shape k; the scale s is the mean over k.
    Gamma,
    /// Shape lambda / mean; the scale is the mean.
    InverseGaussian,
}

/// The maximum of the likelihood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Peak {
    pub(super) shape: f64,
    pub(super) scale: f64,
    pub(super) log_likelihood: f64,
}

/// A sample over its geometric mean, as sums and lower bounds.
#[derive(Debug)]
pub(super) struct Sums {
    family: ScaleFamily,
    count: f64,
    mean: f64,
    /// Mean of the inverses.
    inverse: f64,
    /// ln of what the durations were divided by.
    unit: f64,
    /// Values and how often.
    censored: Vec<(f64, f64)>,
}

/// Shapes beyond these are no shapes: all durations the same, or spread without end.
const SHAPES: (f64, f64) = (-23.0, 23.0);

impl Sums {
    pub(super) fn new(family: ScaleFamily, observed: &[f64], censored: &[f64]) -> Sums {
        let count = observed.len() as f64;
        let logs = ties(observed, libm::log);
        let unit = total(&logs, |log| log) / count;
        Sums {
            family,
            count,
            mean: total(&logs, |log| libm::exp(log - unit)) / count,
            inverse: total(&logs, |log| 1.0 / libm::exp(log - unit)) / count,
            unit,
            censored: ties(censored, |x| libm::exp(libm::log(x) - unit)),
        }
    }

    /// Log-likelihood of a shape and the logarithm of a scale; the mean of the logarithms is 0.
    fn value(&self, shape: f64, log_scale: f64) -> f64 {
        let scale = libm::exp(log_scale);
        let each = match self.family {
            ScaleFamily::Gamma => -self.mean / scale - shape * log_scale - libm::lgamma(shape),
            ScaleFamily::InverseGaussian => {
                let lambda = 0.5 * (libm::log(shape) + log_scale) - LOG_ROOT_TAU;
                lambda - 0.5 * shape * (self.mean / scale - 2.0 + self.inverse * scale)
            }
        };
        self.count * each + total(&self.censored, |x| self.bound(shape, x / scale).0)
    }

    /// ln P(X > x), and x times the hazard, at scale 1.
    fn bound(&self, shape: f64, x: f64) -> (f64, f64) {
        let (survival, log_density, limit) = match self.family {
            ScaleFamily::Gamma => {
                let log_density = shape * libm::log(x) - x - libm::lgamma(shape);
                (gamma_tails(shape, x).1, log_density, x)
            }
            ScaleFamily::InverseGaussian => {
                let survival = Distribution::inverse_gaussian(1.0, shape)
                    .map_or(0.0, |distribution| distribution.survival(x));
                let log_density = 0.5 * (libm::log(shape) - libm::log(x))
                    - LOG_ROOT_TAU
                    - 0.5 * shape * (x - 1.0) * (x - 1.0) / x;
                (survival, log_density, 0.5 * shape * x)
            }
        };
        if survival > 1e-290 {
            let log = libm::log(survival);
            (log, libm::exp(log_density - log))
        } else {
            // Far out the hazard tends to a constant.
            (log_density - libm::log(limit), limit)
        }
    }

    /// The logarithm of the scale that is best for a shape.
    fn best_scale(&self, shape: f64) -> f64 {
        let complete = |log_scale: f64| {
            let scale = libm::exp(log_scale);
            match self.family {
                ScaleFamily::Gamma => self.mean / scale - shape,
                ScaleFamily::InverseGaussian => {
                    0.5 + 0.5 * shape * (self.mean / scale - self.inverse * scale)
                }
            }
        };
        if self.censored.is_empty() {
            return match self.family {
                ScaleFamily::Gamma => libm::log(self.mean / shape),
                ScaleFamily::InverseGaussian => {
                    // The positive root of inverse s^2 - s / shape - mean.
                    let half = 0.5 / shape;
                    let s = half + (half * half + self.inverse * self.mean).sqrt();
                    libm::log(s / self.inverse)
                }
            };
        }
        let slope = |log_scale: f64| {
            let scale = libm::exp(log_scale);
            let bounds = total(&self.censored, |x| self.bound(shape, x / scale).1);
            self.count * complete(log_scale) + bounds
        };
        let start = match self.family {
            ScaleFamily::Gamma => libm::log(self.mean / shape),
            ScaleFamily::InverseGaussian => 0.0,
        };
        let up = slope(start) > 0.0;
        let ends = if up { walk(start, 0.5, slope) } else { walk(start, -0.5, |x| -slope(x)) };
        let Some((a, b)) = ends else { return start };
        root(a.min(b), a.max(b), 1e-12, slope).unwrap_or(start)
    }

    /// The best value for a shape.
    fn profile(&self, log_shape: f64) -> f64 {
        let shape = libm::exp(log_shape);
        self.value(shape, self.best_scale(shape))
    }

    /// The maximum; `None` when the likelihood has none within reach.
    pub(super) fn peak(&self) -> Option<Peak> {
        let log_shape = if self.censored.is_empty() { self.closed()? } else { self.sought()? };
        let within = log_shape > SHAPES.0 && log_shape < SHAPES.1;
        let shape = libm::exp(log_shape);
        let log_scale = match self.family {
            // Exact where it is the mean.
            ScaleFamily::InverseGaussian if self.censored.is_empty() => libm::log(self.mean),
            _ => self.best_scale(shape),
        };
        let value = self.value(shape, log_scale);
        (within && value.is_finite()).then(|| Peak {
            shape,
            scale: libm::exp(log_scale + self.unit),
            log_likelihood: value - self.count * self.unit,
        })
    }

    /// Without lower bounds: the inverse Gaussian's closed form, the gamma's one root.
    fn closed(&self) -> Option<f64> {
        match self.family {
            ScaleFamily::InverseGaussian => {
                let rest = self.inverse * self.mean - 1.0;
                (rest > 1e-13).then(|| -libm::log(rest))
            }
            ScaleFamily::Gamma => {
                // ln k - digamma(k) = ln mean, the mean of the logarithms being 0.
                let s = libm::log(self.mean);
                if s.is_nan() || s <= 1e-14 {
                    return None;
                }
                let guess = (3.0 - s + ((s - 3.0) * (s - 3.0) + 24.0 * s).sqrt()) / (12.0 * s);
                let mut log = libm::log(guess);
                for _ in 0..50 {
                    let k = libm::exp(log);
                    let excess = log - digamma(k) - s;
                    let step = excess / (k * trigamma(k) - 1.0);
                    log += step;
                    if step.abs() < 1e-15 * (1.0 + log.abs()) {
                        break;
                    }
                }
                Some(log)
            }
        }
    }

    /// With lower bounds: the hill of the profile, then the summit by the parabola through three
    /// places so far apart that rounding does not show.
    fn sought(&self) -> Option<f64> {
        let start = self.closed().unwrap_or(0.0).clamp(SHAPES.0, SHAPES.1);
        let inside = |log: f64| {
            if log < SHAPES.0 || log > SHAPES.1 { f64::NEG_INFINITY } else { self.profile(log) }
        };
        let (mut at, _) = maximum(start, 0.3, 1e-7, inside)?;
        if at < SHAPES.0 + 1e-3 || at > SHAPES.1 - 1e-3 {
            return None;
        }
        let h = 1e-3;
        for _ in 0..3 {
            let [a, b, c, d, e] = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|k| self.profile(at + k * h));
            let first = (a - 8.0 * b + 8.0 * d - e) / (12.0 * h);
            let second = (-a + 16.0 * b - 30.0 * c + 16.0 * d - e) / (12.0 * h * h);
            if second.is_nan() || second >= 0.0 {
                break;
            }
            at -= (first / second).clamp(-h, h);
        }
        Some(at)
    }

    /// The interval of a parameter over which the profile likelihood falls by at most `fall`;
    /// infinite where it never does. `of` gives ln of the parameter for ln shape and ln scale, and
    /// `scale_for` the ln scale that gives ln of the parameter for a ln shape.
    fn interval(
        &self,
        peak: &Peak,
        fall: f64,
        ln_parameter: f64,
        scale_for: impl Fn(f64, f64) -> f64,
    ) -> (f64, f64) {
        let top = self.value(peak.shape, libm::log(peak.scale) - self.unit);
        let log_shape = libm::log(peak.shape);
        let profile = |log: f64| {
            let along = |s: f64| self.value(libm::exp(s), scale_for(s, log));
            let best = maximum(log_shape, 0.2, 1e-8, along).map_or(f64::NEG_INFINITY, |m| m.1);
            fall - (top - best)
        };
        ends(ln_parameter, self.count, profile)
    }

    /// The interval of the shape.
    pub(super) fn interval_of_shape(&self, peak: &Peak, fall: f64) -> (f64, f64) {
        let top = self.value(peak.shape, libm::log(peak.scale) - self.unit);
        ends(libm::log(peak.shape), self.count, |log| fall - (top - self.profile(log)))
    }

    /// The interval of the scale: the gamma's s, the inverse Gaussian's mean.
    pub(super) fn interval_of_scale(&self, peak: &Peak, fall: f64) -> (f64, f64) {
        let unit = self.unit;
        self.interval(peak, fall, libm::log(peak.scale), |_, log| log - unit)
    }

    /// The interval of shape times scale: the inverse Gaussian's lambda.
    pub(super) fn interval_of_product(&self, peak: &Peak, fall: f64) -> (f64, f64) {
        let unit = self.unit;
        let product = libm::log(peak.shape) + libm::log(peak.scale);
        self.interval(peak, fall, product, |log_shape, log| log - log_shape - unit)
    }
}

/// Further from the maximum than this, a profile that has not yet fallen far enough never does: what
/// is found there is rounding.
const FURTHEST_END: f64 = 30.0;

/// The two places, exponentiated, where a profile is 0 around its maximum.
fn ends(centre: f64, count: f64, profile: impl Fn(f64) -> f64) -> (f64, f64) {
    let found = |step: f64| crossing(centre, step, 1e-9, &profile);
    let end = |step| found(step).filter(|at| (at - centre).abs() < FURTHEST_END).map(libm::exp);
    let step = 1.0 / count.sqrt();
    (end(-step).unwrap_or(0.0), end(step).unwrap_or(f64::INFINITY))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBSERVED: [f64; 7] = [0.2, 0.5, 1.0, 1.0, 3.3, 7.0, 20.0];

    #[test]
    fn far_bounds_join_near_ones_without_a_step() {
        for family in [ScaleFamily::Gamma, ScaleFamily::InverseGaussian] {
            let sums = Sums::new(family, &OBSERVED, &[]);
            for shape in [0.5, 1.0, 3.0] {
                let (near, far) = (600.0, 3000.0);
                let (log, hazard) = sums.bound(shape, near);
                assert!(log.is_finite() && hazard > 0.0);
                let (log_far, hazard_far) = sums.bound(shape, far);
                assert!(log_far < log && hazard_far > hazard, "{family:?} {shape}");
            }
        }
    }

    #[test]
    fn a_bound_below_everything_changes_nothing() {
        for family in [ScaleFamily::Gamma, ScaleFamily::InverseGaussian] {
            let plain = Sums::new(family, &OBSERVED, &[]).peak().unwrap();
            let bound = Sums::new(family, &OBSERVED, &[1e-40]).peak().unwrap();
            assert!((plain.shape / bound.shape - 1.0).abs() < 1e-7, "{plain:?} {bound:?}");
            assert!((plain.scale / bound.scale - 1.0).abs() < 1e-7, "{plain:?} {bound:?}");
        }
    }
}
