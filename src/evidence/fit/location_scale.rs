//! Families whose logarithm has a location and a scale: lognormal, Weibull, log-logistic.
//!
//! With ln t = location + z / g, the log-likelihood is a concave function of g and g * location
//! wherever the density of z is log-concave, lower bounds included (R. J. Olsen, *Note on the
//! Uniqueness of the Maximum Likelihood Estimator for the Tobit Model*, 1978; J. W. Pratt,
//! *Concavity of the Log Likelihood*, 1981). So Newton's method with halved steps finds the one
//! maximum from anywhere.

use super::{crossing, ties, total};
use crate::numeric::{LOG_ROOT_TAU, falling_root, mills, normal_density, normal_survival};

/// Log-density, or log-survival, of z with its first two derivatives.
type Derivatives = [f64; 3];

/// The standard distribution of z.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kernel {
    /// Normal: the duration is lognormal.
    Normal,
    /// The smallest extreme value: the duration is Weibull, of shape g.
    Extreme,
    /// Logistic: the duration is log-logistic, of shape g.
    Logistic,
}

impl Kernel {
    fn density(self, z: f64) -> Derivatives {
        match self {
            Kernel::Normal => [-0.5 * z * z - LOG_ROOT_TAU, -z, -1.0],
            Kernel::Extreme => {
                let e = libm::exp(z);
                [z - e, 1.0 - e, -e]
            }
            Kernel::Logistic => {
                let [e, above, below] = logistic(z);
                let log = -z.abs() - 2.0 * libm::log1p(e);
                [log, below - above, -2.0 * above * below]
            }
        }
    }

    fn survival(self, z: f64) -> Derivatives {
        match self {
            Kernel::Normal if z > 0.0 => {
                let ratio = mills(z);
                let hazard = 1.0 / ratio;
                let log = self.density(z)[0] + libm::log(ratio);
                [log, -hazard, -hazard * (hazard - z)]
            }
            Kernel::Normal => {
                let survival = normal_survival(z);
                let hazard = normal_density(z) / survival;
                [libm::log(survival), -hazard, -hazard * (hazard - z)]
            }
            Kernel::Extreme => {
                let e = libm::exp(z);
                [-e, -e, -e]
            }
            Kernel::Logistic => {
                let [e, above, _] = logistic(z);
                let log = -z.max(0.0) - libm::log1p(e);
                [log, -above, -above * (1.0 - above)]
            }
        }
    }

    /// Mean and standard deviation of z.
    fn moments(self) -> (f64, f64) {
        match self {
            Kernel::Normal => (0.0, 1.0),
            Kernel::Extreme => (-0.577_215_664_901_532_9, 1.282_549_830_161_864),
            Kernel::Logistic => (0.0, 1.813_799_364_234_217_8),
        }
    }
}

/// exp(-|z|), and the shares of a logistic variable below z and above it. By the side on which the
/// exponential is small.
fn logistic(z: f64) -> [f64; 3] {
    let e = libm::exp(-z.abs());
    let (near, far) = (1.0 / (1.0 + e), e / (1.0 + e));
    if z >= 0.0 { [e, near, far] } else { [e, far, near] }
}

/// The maximum of the likelihood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Peak {
    /// Location of ln t.
    pub(super) location: f64,
    /// 1 / scale of ln t.
    pub(super) g: f64,
    /// Log-likelihood of the logarithms.
    pub(super) log_likelihood: f64,
}

/// A sample of logarithms, each with its count, shifted and stretched to mean 0 and deviation 1.
#[derive(Debug)]
pub(super) struct Logs {
    kernel: Kernel,
    observed: Vec<(f64, f64)>,
    censored: Vec<(f64, f64)>,
    count: f64,
    centre: f64,
    spread: f64,
}

impl Logs {
    /// The logarithms of a sample, of which not all complete ones are equal.
    pub(super) fn new(kernel: Kernel, observed: &[f64], censored: &[f64]) -> Option<Logs> {
        Logs::of(kernel, ties(observed, libm::log), censored)
    }

    /// As [`Logs::new`], of logarithms with their counts.
    pub(super) fn of(kernel: Kernel, mut logs: Vec<(f64, f64)>, censored: &[f64]) -> Option<Logs> {
        let mut bounds = ties(censored, libm::log);
        let count = total(&logs, |_| 1.0);
        let centre = total(&logs, |l| l) / count;
        let spread = (total(&logs, |l| (l - centre) * (l - centre)) / count).sqrt();
        if spread.is_nan() || spread <= 1e-12 * (1.0 + centre.abs()) {
            return None;
        }
        let standard = |(l, _): &mut (f64, f64)| *l = (*l - centre) / spread;
        logs.iter_mut().for_each(standard);
        bounds.iter_mut().for_each(standard);
        Some(Logs { kernel, observed: logs, censored: bounds, count, centre, spread })
    }

    /// Log-likelihood, gradient and Hessian at (g, d), z = g l - d.
    fn at(&self, g: f64, d: f64) -> (f64, [f64; 2], [f64; 3]) {
        let count = self.count;
        let (mut value, mut slope, mut bend) = (0.0, [0.0; 2], [0.0; 3]);
        let mut add = |(l, times): (f64, f64), derivatives: Derivatives| {
            let [v, first, second] = derivatives.map(|one| times * one);
            value += v;
            slope[0] += first * l;
            slope[1] -= first;
            bend[0] += second * l * l;
            bend[1] -= second * l;
            bend[2] += second;
        };
        self.observed.iter().for_each(|one| add(*one, self.kernel.density(g * one.0 - d)));
        self.censored.iter().for_each(|one| add(*one, self.kernel.survival(g * one.0 - d)));
        value += count * libm::log(g);
        slope[0] += count / g;
        bend[0] -= count / (g * g);
        (value, slope, bend)
    }

    fn value(&self, g: f64, d: f64) -> f64 {
        let observed = total(&self.observed, |l| self.kernel.density(g * l - d)[0]);
        let censored = total(&self.censored, |l| self.kernel.survival(g * l - d)[0]);
        observed + censored + self.count * libm::log(g)
    }

    /// The maximum, from the moments or from a peak nearby; `None` when the likelihood has none.
    pub(super) fn peak(&self) -> Option<Peak> {
        let (mean, deviation) = self.kernel.moments();
        let (mut g, mut d) = (deviation, -mean);
        let (mut value, mut slope, mut bend) = self.at(g, d);
        for _ in 0..200 {
            let det = bend[0] * bend[2] - bend[1] * bend[1];
            let step = [
                (bend[1] * slope[1] - bend[2] * slope[0]) / det,
                (bend[1] * slope[0] - bend[0] * slope[1]) / det,
            ];
            let gain = slope[0] * step[0] + slope[1] * step[1];
            if !gain.is_finite() {
                return None;
            }
            // The step would gain half of this: less than rounding shows.
            if gain.abs() <= 1e-26 * (1.0 + value.abs()) || gain <= 0.0 {
                break;
            }
            let mut share = 1.0;
            let next = loop {
                let (new_g, new_d) = (g + share * step[0], d + share * step[1]);
                if new_g > 0.0 {
                    let next = self.at(new_g, new_d);
                    if next.0 > value || gain <= 1e-13 * (1.0 + value.abs()) && next.0.is_finite() {
                        (g, d) = (new_g, new_d);
                        break Some(next);
                    }
                }
                share *= 0.5;
                if share < 1e-12 {
                    break None;
                }
            };
            match next {
                Some(next) => (value, slope, bend) = next,
                None => break,
            }
        }
        (g.is_finite() && g < 1e9 && value.is_finite()).then(|| self.peak_at(g, d, value))
    }

    fn peak_at(&self, g: f64, d: f64, value: f64) -> Peak {
        Peak {
            location: self.centre + self.spread * d / g,
            g: g / self.spread,
            log_likelihood: value - self.count * libm::log(self.spread),
        }
    }

    /// The interval of g over which the profile likelihood falls by at most `fall` from the peak;
    /// infinite where it never does.
    pub(super) fn interval_of_g(&self, peak: &Peak, fall: f64) -> (f64, f64) {
        let (best_g, best_d) = self.standardised(peak);
        let top = self.value(best_g, best_d);
        let profile = |log: f64| {
            let g = best_g * libm::exp(log);
            let d = self.best_d(g, best_d);
            fall - (top - self.value(g, d))
        };
        let step = 1.0 / (self.observed.len() as f64).sqrt();
        let end = |step: f64| crossing(0.0, step, 1e-9, profile);
        let low = end(-step).map_or(0.0, |log| peak.g * libm::exp(log));
        (low, end(step).map_or(f64::INFINITY, |log| peak.g * libm::exp(log)))
    }

    /// The interval of the location, likewise.
    pub(super) fn interval_of_location(&self, peak: &Peak, fall: f64) -> (f64, f64) {
        let (best_g, best_d) = self.standardised(peak);
        let top = self.value(best_g, best_d);
        let profile = |location: f64| {
            let g = self.best_g(location, best_g);
            fall - (top - self.value(g, g * location))
        };
        let step = 1.0 / (best_g * (self.observed.len() as f64).sqrt());
        let start = best_d / best_g;
        let end = |step: f64| {
            crossing(start, step, 1e-9, profile).map(|end| self.centre + self.spread * end)
        };
        (end(-step).unwrap_or(f64::NEG_INFINITY), end(step).unwrap_or(f64::INFINITY))
    }

    fn standardised(&self, peak: &Peak) -> (f64, f64) {
        let g = peak.g * self.spread;
        (g, g * (peak.location - self.centre) / self.spread)
    }

    /// The best d for a g: the slope falls in d.
    fn best_d(&self, g: f64, start: f64) -> f64 {
        falling_root(start, |d| {
            let (_, slope, bend) = self.at(g, d);
            (slope[1], bend[2])
        })
    }

    /// The best g for a location m: z = g (l - m), and the slope falls in g.
    fn best_g(&self, location: f64, start: f64) -> f64 {
        let g = falling_root(libm::log(start), |log| {
            let g = libm::exp(log);
            let (_, slope, bend) = self.at(g, g * location);
            let along = slope[0] + location * slope[1];
            let second = bend[0] + 2.0 * location * bend[1] + location * location * bend[2];
            (along * g, second * g * g + along * g)
        });
        libm::exp(g)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KERNELS: [Kernel; 3] = [Kernel::Normal, Kernel::Extreme, Kernel::Logistic];

    #[test]
    fn derivatives_are_those_of_the_curves() {
        let h = 1e-5;
        for kernel in KERNELS {
            for z in [-8.0, -2.0, -0.1, 0.1, 0.7, 3.0, 6.0] {
                for curve in [Kernel::density, Kernel::survival] {
                    let [value, first, second] = curve(kernel, z);
                    let (up, down) = (curve(kernel, z + h), curve(kernel, z - h));
                    let near = |a: f64, b: f64| {
                        assert!((a - b).abs() < 2e-6 * (1.0 + b.abs()), "{kernel:?} {z}: {a} {b}");
                    };
                    near(first, (up[0] - down[0]) / (2.0 * h));
                    near(second, (up[1] - down[1]) / (2.0 * h));
                    assert!(value.is_finite());
                }
            }
        }
    }

    #[test]
    fn survival_is_what_the_density_leaves() {
        // -S' = f, on the scale of logarithms.
        for kernel in KERNELS {
            for z in [-5.0, -1.0, 0.0, 2.0, 4.0] {
                let [log, first, _] = kernel.survival(z);
                let density = kernel.density(z)[0];
                assert!((libm::log(-first) + log - density).abs() < 1e-12, "{kernel:?} {z}");
            }
        }
    }

    #[test]
    fn the_slope_is_zero_at_the_peak_with_and_without_bounds() {
        let observed = [0.2, 0.5, 1.0, 1.0, 3.3, 20.0];
        for kernel in KERNELS {
            for censored in [&[][..], &[0.7, 4.0, 100.0]] {
                let logs = Logs::new(kernel, &observed, censored).unwrap();
                let peak = logs.peak().unwrap();
                let (g, d) = logs.standardised(&peak);
                let (value, slope, _) = logs.at(g, d);
                assert!(slope[0].abs() < 1e-10 && slope[1].abs() < 1e-10, "{kernel:?} {slope:?}");
                // The ends of the interval lie as far below the peak as asked.
                let (low, high) = logs.interval_of_g(&peak, 1.92);
                for end in [low, high] {
                    let g = end * logs.spread;
                    let fall = value - logs.value(g, logs.best_d(g, d));
                    assert!((fall - 1.92).abs() < 1e-6, "{kernel:?} g {end}: {fall}");
                }
                let (low, high) = logs.interval_of_location(&peak, 1.92);
                for end in [low, high] {
                    let m = (end - logs.centre) / logs.spread;
                    let best = logs.best_g(m, g);
                    let fall = value - logs.value(best, best * m);
                    assert!((fall - 1.92).abs() < 1e-6, "{kernel:?} location {end}: {fall}");
                }
            }
        }
    }
}
