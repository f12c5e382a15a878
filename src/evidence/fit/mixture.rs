//! A mixture of two lognormal distributions: quick incidents and slow ones.
//!
//! By the EM algorithm (A. P. Dempster, N. M. Laird and D. B. Rubin, 1977) on the logarithms, lower
//! bounds included, from several fixed starts, each pass extrapolated as R. Varadhan and C. Roland,
//! *Simple and Globally Convergent Methods for Accelerating the Convergence of any EM Algorithm*
//! (2008), show. The likelihood of a mixture has no bound: a component may shrink onto a few equal
//! durations. So a component has a least spread, and what rests on it is no fit.

use super::{ties, total};
use crate::numeric::{mills, normal_density, normal_survival};

/// Least standard deviation of a component, in deviations of all logarithms.
const LEAST_SPREAD: f64 = 0.02;
/// Least weight of a component.
const LEAST_WEIGHT: f64 = 0.02;
/// Fewest complete durations that a component must hold.
const FEWEST: f64 = 5.0;
/// Different durations on which starts are tried.
const ENOUGH_TO_START: usize = 2000;
/// Fewest complete durations for two components.
pub(super) const FEWEST_IN_ALL: usize = 40;

/// Weight of the first component, then location and scale of both, of the logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parts {
    pub(super) weight: f64,
    pub(super) locations: [f64; 2],
    pub(super) scales: [f64; 2],
}

/// The best of the maxima.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Peak {
    pub(super) parts: Parts,
    /// Log-likelihood of the logarithms.
    pub(super) log_likelihood: f64,
    /// Whether a component holds almost nothing, or has shrunk onto a point.
    pub(super) collapsed: bool,
}

/// Standardised logarithms, equal ones together.
#[derive(Debug)]
pub(super) struct Logs {
    /// Value and how often.
    observed: Vec<(f64, f64)>,
    censored: Vec<(f64, f64)>,
    count: f64,
    centre: f64,
    spread: f64,
}

impl Logs {
    pub(super) fn new(observed: &[f64], censored: &[f64]) -> Option<Logs> {
        let logs = ties(observed, libm::log);
        let count = observed.len() as f64;
        let centre = total(&logs, |l| l) / count;
        let spread = (total(&logs, |l| (l - centre) * (l - centre)) / count).sqrt();
        if spread.is_nan() || spread <= 1e-9 {
            return None;
        }
        let together = |sorted| ties(sorted, |x| (libm::log(x) - centre) / spread);
        let (observed, censored) = (together(observed), together(censored));
        Some(Logs { observed, censored, count, centre, spread })
    }

    /// The best maximum over all starts; of a large sample the starts are tried on a part of it.
    pub(super) fn peak(&self) -> Option<Peak> {
        if self.observed.len() <= 2 * ENOUGH_TO_START {
            return self.peak_of_starts();
        }
        let every = self.observed.len() / ENOUGH_TO_START;
        let part = |all: &[(f64, f64)]| all.iter().copied().step_by(every).collect::<Vec<_>>();
        let observed = part(&self.observed);
        let count = observed.iter().map(|(_, times)| times).sum();
        let censored = part(&self.censored);
        let thin = Logs { observed, censored, count, centre: 0.0, spread: 1.0 };
        self.climb(thin.peak_of_starts()?.parts)
    }

    fn peak_of_starts(&self) -> Option<Peak> {
        let mut tried: Vec<(f64, Parts)> = self
            .starts()
            .into_iter()
            .map(|start| {
                let mut parts = start;
                for _ in 0..15 {
                    parts = self.step(&parts).0;
                }
                (self.step(&parts).1, parts)
            })
            .filter(|(value, _)| value.is_finite())
            .collect();
        tried.sort_by(|a, b| b.0.total_cmp(&a.0));
        tried.truncate(3);
        let peaks: Vec<Peak> = tried.iter().filter_map(|(_, parts)| self.climb(*parts)).collect();
        let best = |collapsed: bool| {
            let kept = peaks.iter().filter(move |peak| peak.collapsed == collapsed);
            kept.max_by(|a, b| a.log_likelihood.total_cmp(&b.log_likelihood)).copied()
        };
        best(false).or_else(|| best(true))
    }

    /// The maximum that lies uphill from these parts, in the units of [`Parts`].
    pub(super) fn peak_near(&self, parts: &Parts) -> Option<Peak> {
        let standard = |location: f64| (location - self.centre) / self.spread;
        self.climb(Parts {
            weight: parts.weight,
            locations: parts.locations.map(standard),
            scales: parts.scales.map(|scale| (scale / self.spread).max(LEAST_SPREAD)),
        })
    }

    fn starts(&self) -> Vec<Parts> {
        let mut starts = Vec::new();
        for share in [0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9] {
            let mut below = (0.0, 0.0, 0.0);
            let mut above = (0.0, 0.0, 0.0);
            for (l, times) in &self.observed {
                let side = if below.0 < share * self.count { &mut below } else { &mut above };
                side.0 += times;
                side.1 += times * l;
                side.2 += times * l * l;
            }
            if above.0 == 0.0 {
                continue;
            }
            let mean = |side: &(f64, f64, f64)| side.1 / side.0;
            let scale = |side: &(f64, f64, f64)| {
                (side.2 / side.0 - mean(side) * mean(side)).max(0.0).sqrt().max(0.1)
            };
            starts.push(Parts {
                weight: below.0 / self.count,
                locations: [mean(&below), mean(&above)],
                scales: [scale(&below), scale(&above)],
            });
        }
        for weight in [0.3, 0.7] {
            starts.push(Parts { weight, locations: [0.0, 0.0], scales: [0.4, 1.4] });
        }
        starts
    }

    /// One step of EM: the new parts, and the log-likelihood of the old ones.
    fn step(&self, parts: &Parts) -> (Parts, f64) {
        let mut value = 0.0;
        // Weight, first and second moment of each component.
        let mut sums = [[0.0; 3]; 2];
        let weights = [parts.weight, 1.0 - parts.weight];
        let scales = parts.scales;
        let mut share = |times: f64, heights: [f64; 2], moments: [[f64; 2]; 2]| {
            let all = heights[0] + heights[1];
            value += times * libm::log(all.max(f64::MIN_POSITIVE));
            for j in 0..2 {
                let part = if all > 0.0 { times * heights[j] / all } else { 0.5 * times };
                sums[j][0] += part;
                sums[j][1] += part * moments[j][0];
                sums[j][2] += part * moments[j][1];
            }
        };
        for (l, times) in &self.observed {
            let height = |j: usize| {
                weights[j] / scales[j] * normal_density((l - parts.locations[j]) / scales[j])
            };
            share(*times, [height(0), height(1)], [[*l, l * l]; 2]);
        }
        for (l, times) in &self.censored {
            let z = [0, 1].map(|j| (l - parts.locations[j]) / scales[j]);
            let heights = [0, 1].map(|j| weights[j] * normal_survival(z[j]));
            let moments = [0, 1].map(|j| {
                let hazard = if z[j] > 0.0 {
                    1.0 / mills(z[j])
                } else {
                    normal_density(z[j]) / normal_survival(z[j])
                };
                let (m, s) = (parts.locations[j], scales[j]);
                let first = m + s * hazard;
                [first, m * m + 2.0 * m * s * hazard + s * s * (1.0 + z[j] * hazard)]
            });
            share(*times, heights, moments);
        }
        let total = sums[0][0] + sums[1][0];
        let mean = [0, 1].map(|j| sums[j][1] / sums[j][0].max(1e-300));
        let scale = [0, 1].map(|j| {
            let variance = sums[j][2] / sums[j][0].max(1e-300) - mean[j] * mean[j];
            variance.max(0.0).sqrt().max(LEAST_SPREAD)
        });
        let weight = (sums[0][0] / total).clamp(1e-6, 1.0 - 1e-6);
        (Parts { weight, locations: mean, scales: scale }, value)
    }

    fn climb(&self, start: Parts) -> Option<Peak> {
        let mut at = start;
        let mut value = f64::NEG_INFINITY;
        for _ in 0..400 {
            let (first, here) = self.step(&at);
            let (second, _) = self.step(&first);
            let leap = leap(&at, &first, &second);
            let (landed, there) = self.step(&leap);
            let (next, reached) = self.step(&second);
            // The leap counts only if it ends no lower than two plain steps.
            at = if there.is_finite() && there >= reached { landed } else { next };
            let gain = reached.max(there) - value;
            value = reached.max(there);
            if !here.is_finite() {
                return None;
            }
            if gain.abs() <= 1e-11 * (1.0 + value.abs()) {
                break;
            }
        }
        let (_, value) = self.step(&at);
        let holds = |weight: f64| weight >= LEAST_WEIGHT && weight * self.count >= FEWEST;
        let collapsed = at.scales.iter().any(|s| *s <= LEAST_SPREAD * 1.001)
            || !holds(at.weight)
            || !holds(1.0 - at.weight);
        value.is_finite().then(|| Peak {
            parts: self.unstandardised(at),
            log_likelihood: value - self.count * libm::log(self.spread),
            collapsed,
        })
    }

    /// In the units of the logarithms, the component of the smaller location first.
    fn unstandardised(&self, parts: Parts) -> Parts {
        let locations = parts.locations.map(|m| self.centre + self.spread * m);
        let scales = parts.scales.map(|s| self.spread * s);
        if locations[0] <= locations[1] {
            return Parts { weight: parts.weight, locations, scales };
        }
        Parts {
            weight: 1.0 - parts.weight,
            locations: [locations[1], locations[0]],
            scales: [scales[1], scales[0]],
        }
    }
}

/// The parts on a scale without bounds.
fn free(parts: &Parts) -> [f64; 5] {
    [
        libm::log(parts.weight / (1.0 - parts.weight)),
        parts.locations[0],
        parts.locations[1],
        libm::log(parts.scales[0]),
        libm::log(parts.scales[1]),
    ]
}

/// Where two steps seem to lead in the end.
fn leap(start: &Parts, first: &Parts, second: &Parts) -> Parts {
    let (a, b, c) = (free(start), free(first), free(second));
    let (mut r2, mut v2) = (0.0, 0.0);
    let mut r = [0.0; 5];
    let mut v = [0.0; 5];
    for k in 0..5 {
        r[k] = b[k] - a[k];
        v[k] = c[k] - b[k] - r[k];
        r2 += r[k] * r[k];
        v2 += v[k] * v[k];
    }
    if v2.is_nan() || v2 <= 0.0 {
        return *second;
    }
    let length = (r2 / v2).sqrt().clamp(1.0, 64.0);
    let mut x = [0.0; 5];
    for k in 0..5 {
        x[k] = a[k] + 2.0 * length * r[k] + length * length * v[k];
    }
    let weight = (1.0 / (1.0 + libm::exp(-x[0]))).clamp(1e-6, 1.0 - 1e-6);
    let scale = |log: f64| libm::exp(log).clamp(LEAST_SPREAD, 1e3);
    Parts { weight, locations: [x[1], x[2]], scales: [scale(x[3]), scale(x[4])] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};

    fn drawn(n: usize, seed: u64) -> Vec<f64> {
        let (quick, slow) = (
            Distribution::lognormal(0.0, 0.5).unwrap(),
            Distribution::lognormal(3.0, 0.4).unwrap(),
        );
        let distribution = Distribution::mixture(vec![(0.7, quick), (0.3, slow)]).unwrap();
        let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut hours: Vec<f64> = (0..n).map(|_| distribution.sample(rng)).collect();
        hours.sort_by(f64::total_cmp);
        hours
    }

    #[test]
    fn two_clear_components_are_found_with_and_without_bounds() {
        let hours = drawn(2000, 5);
        for censored in [0, 200] {
            // The longest of every tenth part, cut to half.
            let step = if censored == 0 { usize::MAX } else { 10 };
            let cut = |k: usize| k % step == step - 1;
            let every = hours.iter().enumerate();
            let observed: Vec<f64> =
                every.clone().filter(|(k, _)| !cut(*k)).map(|p| *p.1).collect();
            let mut bounds: Vec<f64> = every.filter(|(k, _)| cut(*k)).map(|p| 0.5 * p.1).collect();
            bounds.sort_by(f64::total_cmp);
            let peak = Logs::new(&observed, &bounds).unwrap().peak().unwrap();
            assert!(!peak.collapsed);
            let Parts { weight, locations, scales } = peak.parts;
            // Standard errors are about 0.01 and 0.015.
            assert!((weight - 0.7).abs() < 0.06, "{peak:?}");
            assert!(locations[0].abs() < 0.1 && (locations[1] - 3.0).abs() < 0.1, "{peak:?}");
            assert!((scales[0] - 0.5).abs() < 0.08 && (scales[1] - 0.4).abs() < 0.1, "{peak:?}");
        }
    }

    #[test]
    fn the_maximum_is_a_fixed_point_and_no_start_nearby_does_better() {
        let hours = drawn(300, 9);
        let logs = Logs::new(&hours, &[]).unwrap();
        let peak = logs.peak().unwrap();
        for (dw, dm, ds) in [(0.05, 0.3, 1.2), (-0.05, -0.3, 0.8), (0.1, 0.0, 1.0)] {
            let near = Parts {
                weight: peak.parts.weight + dw,
                locations: peak.parts.locations.map(|m| m + dm),
                scales: peak.parts.scales.map(|s| s * ds),
            };
            let other = logs.peak_near(&near).unwrap();
            assert!((other.log_likelihood - peak.log_likelihood).abs() < 1e-6, "{other:?}");
            assert!((other.parts.weight - peak.parts.weight).abs() < 1e-3, "{other:?}");
        }
    }

    #[test]
    fn a_component_on_a_few_equal_durations_is_no_component() {
        let mut hours = vec![1.0; 30];
        hours.extend((1..40).map(|k| 1.0 + f64::from(k)));
        let peak = Logs::new(&hours, &[]).unwrap().peak().unwrap();
        assert!(peak.collapsed, "{peak:?}");
        assert!(Logs::new(&[2.0; 50], &[]).is_none());
    }
}
