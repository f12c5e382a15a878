//! Maximum likelihood, family by family, with durations that are only known to be at least so long.
//!
//! Every family is brought down to a closed form, one root or a concave surface, so a fit does not
//! depend on a lucky start. A family that has no maximum says so ([`Unfit`]) and the others go on.
//!
//! Start reading at [`Estimate::fit`].

mod location_scale;
mod mixture;
mod scale_shape;

use super::sample::Sample;
use crate::distribution::{Distribution, DistributionError};
use crate::numeric::{LOG_ROOT_TAU, root, walk};
use location_scale::Kernel;
use scale_shape::{ScaleFamily, Sums};

/// A family that logs are fitted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// No memory.
    Exponential,
    /// The logarithm is normal.
    Lognormal,
    /// A power of an exponential.
    Weibull,
    /// Sums of exponentials, and between.
    Gamma,
    /// Steady progress with noise.
    InverseGaussian,
    /// The logarithm is logistic.
    Loglogistic,
    /// Two lognormals.
    Mixture,
}

/// Of each family, in the order of [`Family::ALL`]: name, name in a sentence, parameters.
const FAMILIES: [(&str, &str, &[&str]); 7] = [
    ("exponential", "exponential", &["mean"]),
    ("lognormal", "lognormal", &["mu", "sigma"]),
    ("weibull", "Weibull", &["shape", "scale"]),
    ("gamma", "gamma", &["shape", "scale"]),
    ("inverse_gaussian", "inverse Gaussian", &["mean", "lambda"]),
    ("loglogistic", "log-logistic", &["shape", "scale"]),
    ("mixture", "mixture of two lognormals", &["weight", "mu1", "sigma1", "mu2", "sigma2"]),
];

impl Family {
    /// Every family, the mixture last.
    pub const ALL: [Family; 7] = [
        Family::Exponential,
        Family::Lognormal,
        Family::Weibull,
        Family::Gamma,
        Family::InverseGaussian,
        Family::Loglogistic,
        Family::Mixture,
    ];

    /// The name, as a scenario writes it.
    pub fn name(self) -> &'static str {
        FAMILIES[self as usize].0
    }

    /// The name in a sentence.
    pub fn words(self) -> &'static str {
        FAMILIES[self as usize].1
    }

    /// The distribution of the family in a sentence: "the lognormal distribution".
    pub fn distribution_words(self) -> String {
        match self {
            Family::Mixture => "the mixture of two lognormals".to_owned(),
            family => format!("the {} distribution", family.words()),
        }
    }

    /// The parameters, in the order of [`Estimate::values`]. Times are hours; mu and sigma are of
    /// ln hours.
    pub fn parameters(self) -> &'static [&'static str] {
        FAMILIES[self as usize].2
    }

    /// Fewest complete durations for a fit.
    pub fn fewest(self) -> usize {
        match self {
            Family::Exponential => 1,
            Family::Mixture => mixture::FEWEST_IN_ALL,
            _ => 2,
        }
    }

    /// Whether its first parameter is the mean.
    pub fn has_mean(self) -> bool {
        matches!(self, Family::Exponential | Family::InverseGaussian)
    }
}

/// Why a family has no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Too few complete durations.
    #[error("it needs {fewest} complete durations")]
    TooFew {
        /// How many would do.
        fewest: usize,
    },
    /// All complete durations are the same: the narrower the distribution, the likelier.
    #[error("all complete durations are the same")]
    AllTheSame,
    /// The likelihood rises without end towards a limit of the family.
    #[error("its likelihood has no maximum")]
    NoMaximum,
    /// The maximum is beyond what numbers hold.
    #[error("its parameters are beyond what numbers hold")]
    OutOfRange,
}

/// The parameters of a family that make a sample likeliest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The family.
    pub family: Family,
    values: [f64; 5],
    /// ln of the likelihood of the durations in hours.
    pub log_likelihood: f64,
    /// Whether a component of a mixture holds almost nothing or has shrunk onto a point.
    pub collapsed: bool,
}

impl Estimate {
    /// Fits a family to a sample.
    ///
    /// # Errors
    /// The sample has no maximum of likelihood in this family (`Unfit` says which).
    pub fn fit(family: Family, sample: &Sample) -> Result<Estimate, Unfit> {
        Estimate::from(family, sample, None)
    }

    /// As [`Estimate::fit`]; a mixture is sought from an estimate that is already near.
    pub(super) fn from(
        family: Family,
        sample: &Sample,
        near: Option<&Estimate>,
    ) -> Result<Estimate, Unfit> {
        let (observed, censored) = (sample.observed(), sample.censored());
        if observed.len() < family.fewest() {
            return Err(Unfit::TooFew { fewest: family.fewest() });
        }
        let same = observed.first() == observed.last();
        let longer = censored.last() > observed.last();
        if family != Family::Exponential && same && !longer {
            return Err(Unfit::AllTheSame);
        }
        let estimate = match family {
            Family::Exponential => exponential(observed, censored),
            Family::Lognormal => by_logs(family, Kernel::Normal, observed, censored),
            Family::Weibull => by_logs(family, Kernel::Extreme, observed, censored),
            Family::Loglogistic => by_logs(family, Kernel::Logistic, observed, censored),
            Family::Gamma => by_sums(family, ScaleFamily::Gamma, observed, censored),
            Family::InverseGaussian => {
                by_sums(family, ScaleFamily::InverseGaussian, observed, censored)
            }
            Family::Mixture => two_lognormals(observed, censored, near),
        }?;
        let finite = estimate.values().iter().all(|value| value.is_finite());
        if finite && estimate.log_likelihood.is_finite() && estimate.distribution().is_ok() {
            Ok(estimate)
        } else {
            Err(Unfit::OutOfRange)
        }
    }

    /// The values of [`Family::parameters`].
    pub fn values(&self) -> &[f64] {
        &self.values[..self.family.parameters().len()]
    }

    /// The same family with other values of its parameters, which no sample has been fitted by.
    pub(super) fn with_values(&self, values: &[f64]) -> Estimate {
        estimate(self.family, values, f64::NAN)
    }

    /// How many parameters were fitted.
    pub fn count(&self) -> usize {
        self.values().len()
    }

    /// The distribution of these parameters.
    ///
    /// # Errors
    /// They are beyond what numbers hold; a fit that was made has been asked before.
    pub fn distribution(&self) -> Result<Distribution, DistributionError> {
        distribution(self.family, &self.values)
    }

    /// The distribution of the parameters to six significant digits, as a scenario would state it.
    ///
    /// # Errors
    /// As [`Estimate::distribution`].
    pub fn rounded_distribution(&self) -> Result<Distribution, DistributionError> {
        let v = self.values;
        let median = |mu: f64| rounded(libm::exp(mu));
        match self.family {
            Family::Lognormal => Distribution::lognormal_median_sigma(median(v[0]), rounded(v[1])),
            Family::Gamma => Distribution::gamma(rounded(v[0] * v[1]), rounded(v[0])),
            Family::Mixture => {
                let weight = (v[0] * 1e6).round() / 1e6;
                let rest = ((1.0 - weight) * 1e6).round() / 1e6;
                Distribution::mixture(vec![
                    (weight, Distribution::lognormal_median_sigma(median(v[1]), rounded(v[2]))?),
                    (rest, Distribution::lognormal_median_sigma(median(v[3]), rounded(v[4]))?),
                ])
            }
            family => distribution(family, &v.map(rounded)),
        }
    }

    /// For each parameter the interval over which the profile likelihood falls by no more than half
    /// of `chi_square`, the point of the chi-square distribution with one degree of freedom (3.84
    /// for 95 %): D. R. Cox and D. Oakes, *Analysis of Survival Data* (1984). An end that is not
    /// reached is 0 or infinite. `None` for a mixture, whose parameters are not told apart well
    /// enough.
    pub fn intervals(&self, sample: &Sample, chi_square: f64) -> Option<Vec<(f64, f64)>> {
        let (observed, censored) = (sample.observed(), sample.censored());
        let fall = 0.5 * chi_square;
        let v = self.values;
        let logs = |kernel, location: f64, g: f64| {
            let logs = location_scale::Logs::new(kernel, observed, censored)?;
            let peak = location_scale::Peak { location, g, log_likelihood: 0.0 };
            Some((logs.interval_of_location(&peak, fall), logs.interval_of_g(&peak, fall)))
        };
        let to_hours = |(low, high)| (libm::exp(low), libm::exp(high));
        match self.family {
            Family::Exponential => Some(vec![exponential_interval(v[0], observed.len(), fall)]),
            Family::Lognormal => {
                let (mu, (low, high)) = logs(Kernel::Normal, v[0], 1.0 / v[1])?;
                Some(vec![mu, (1.0 / high, 1.0 / low)])
            }
            Family::Weibull | Family::Loglogistic => {
                let kernel = match self.family {
                    Family::Weibull => Kernel::Extreme,
                    _ => Kernel::Logistic,
                };
                let (scale, shape) = logs(kernel, libm::log(v[1]), v[0])?;
                Some(vec![shape, to_hours(scale)])
            }
            Family::Gamma => {
                let sums = Sums::new(ScaleFamily::Gamma, observed, censored);
                let peak = scale_shape::Peak { shape: v[0], scale: v[1], log_likelihood: 0.0 };
                Some(vec![sums.interval_of_shape(&peak, fall), sums.interval_of_scale(&peak, fall)])
            }
            Family::InverseGaussian => {
                let sums = Sums::new(ScaleFamily::InverseGaussian, observed, censored);
                let (shape, scale) = (v[1] / v[0], v[0]);
                let peak = scale_shape::Peak { shape, scale, log_likelihood: 0.0 };
                Some(vec![
                    sums.interval_of_scale(&peak, fall),
                    sums.interval_of_product(&peak, fall),
                ])
            }
            Family::Mixture => None,
        }
    }
}

/// A number to six significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

fn distribution(family: Family, v: &[f64; 5]) -> Result<Distribution, DistributionError> {
    match family {
        Family::Exponential => Distribution::exponential(v[0]),
        Family::Lognormal => Distribution::lognormal(v[0], v[1]),
        Family::Weibull => Distribution::weibull(v[1], v[0]),
        Family::Gamma => Distribution::gamma(v[0] * v[1], v[0]),
        Family::InverseGaussian => Distribution::inverse_gaussian(v[0], v[1]),
        Family::Loglogistic => Distribution::loglogistic(v[1], v[0]),
        Family::Mixture => Distribution::mixture(vec![
            (v[0], Distribution::lognormal(v[1], v[2])?),
            (1.0 - v[0], Distribution::lognormal(v[3], v[4])?),
        ]),
    }
}

fn estimate(family: Family, found: &[f64], log_likelihood: f64) -> Estimate {
    let mut values = [0.0; 5];
    values[..found.len()].copy_from_slice(found);
    Estimate { family, values, log_likelihood, collapsed: false }
}

/// All time spent over the number of ends.
fn exponential(observed: &[f64], censored: &[f64]) -> Result<Estimate, Unfit> {
    let count = observed.len() as f64;
    // Sums of shares of the largest: they do not overflow.
    let largest =
        observed.last().copied().unwrap_or(1.0).max(censored.last().copied().unwrap_or(0.0));
    let total: f64 = observed.iter().chain(censored).map(|x| x / largest).sum();
    let mean = largest * (total / count);
    Ok(estimate(Family::Exponential, &[mean], -count * (libm::log(mean) + 1.0)))
}

/// Ascending durations as what a function makes of each different one, and how often it comes: a log
/// that is rounded to minutes has few different ones, however long it is.
fn ties(sorted: &[f64], of: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    sorted.chunk_by(|a, b| a == b).map(|same| (of(same[0]), same.len() as f64)).collect()
}

/// The sum over values with their counts.
fn total(ties: &[(f64, f64)], of: impl Fn(f64) -> f64) -> f64 {
    ties.iter().map(|(value, times)| times * of(*value)).sum()
}

/// r (x - 1 - ln x) rises to `fall` on both sides of x = 1; x is the estimate over the mean.
fn exponential_interval(mean: f64, count: usize, fall: f64) -> (f64, f64) {
    let r = count as f64;
    let short = |log: f64| fall - r * (libm::expm1(log) - log);
    let end = |step: f64| crossing(0.0, step, 1e-12, short);
    let step = 1.0 / r.sqrt();
    let low = end(step).map_or(0.0, |log| mean * libm::exp(-log));
    (low, end(-step).map_or(f64::INFINITY, |log| mean * libm::exp(-log)))
}

/// Where a function that is above 0 at `start` falls to 0, to the side of `step`.
fn crossing(start: f64, step: f64, within: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
    let (inside, outside) = walk(start, step, &f)?;
    root(inside.min(outside), inside.max(outside), within, &f)
}

fn by_logs(
    family: Family,
    kernel: Kernel,
    observed: &[f64],
    censored: &[f64],
) -> Result<Estimate, Unfit> {
    let logs = ties(observed, libm::log);
    let jacobian = total(&logs, |log| log);
    if family == Family::Lognormal && censored.is_empty() {
        let n = observed.len() as f64;
        let mu = jacobian / n;
        let sigma = (total(&logs, |log| (log - mu) * (log - mu)) / n).sqrt();
        if sigma.is_nan() || sigma <= 0.0 {
            return Err(Unfit::AllTheSame);
        }
        let value = -n * (libm::log(sigma) + LOG_ROOT_TAU + 0.5) - jacobian;
        return Ok(estimate(family, &[mu, sigma], value));
    }
    let logs = location_scale::Logs::of(kernel, logs, censored).ok_or(Unfit::AllTheSame)?;
    let peak = logs.peak().ok_or(Unfit::NoMaximum)?;
    let values = match family {
        Family::Lognormal => [peak.location, 1.0 / peak.g],
        _ => [peak.g, libm::exp(peak.location)],
    };
    Ok(estimate(family, &values, peak.log_likelihood - jacobian))
}

fn by_sums(
    family: Family,
    kind: ScaleFamily,
    observed: &[f64],
    censored: &[f64],
) -> Result<Estimate, Unfit> {
    let peak = Sums::new(kind, observed, censored).peak().ok_or(Unfit::NoMaximum)?;
    let values = match family {
        Family::InverseGaussian => [peak.scale, peak.shape * peak.scale],
        _ => [peak.shape, peak.scale],
    };
    Ok(estimate(family, &values, peak.log_likelihood))
}

fn two_lognormals(
    observed: &[f64],
    censored: &[f64],
    near: Option<&Estimate>,
) -> Result<Estimate, Unfit> {
    let logs = mixture::Logs::new(observed, censored).ok_or(Unfit::AllTheSame)?;
    let peak = match near {
        Some(near) => logs.peak_near(&mixture::Parts {
            weight: near.values[0],
            locations: [near.values[1], near.values[3]],
            scales: [near.values[2], near.values[4]],
        }),
        None => logs.peak(),
    };
    let peak = peak.ok_or(Unfit::NoMaximum)?;
    let jacobian = total(&ties(observed, libm::log), |log| log);
    let parts = peak.parts;
    let values =
        [parts.weight, parts.locations[0], parts.scales[0], parts.locations[1], parts.scales[1]];
    Ok(Estimate {
        collapsed: peak.collapsed,
        ..estimate(Family::Mixture, &values, peak.log_likelihood - jacobian)
    })
}

#[cfg(test)]
pub(crate) use tests::TRANSCEIVER;

#[cfg(test)]
mod tests;
