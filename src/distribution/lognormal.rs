//! The lognormal distribution, by any of the figures that people have.

use super::draws::standard_normal;
use super::family::{Parameter, Parameters, ParametricFamily};
use super::{Distribution, DistributionError, Properties, Rng};
use crate::numeric::quick;
use crate::numeric::{NORMAL_95, normal_cdf, normal_quantile, normal_survival};

/// The logarithm of the duration is normal: many factors multiply. The usual distribution of repair
/// times.
///
/// Density: e^(-(ln x - mu)^2 / (2 sigma^2)) / (x sigma sqrt(2 pi)) for x > 0. Parameters: mu and
/// sigma, mean and standard deviation of ln hours; or two figures from which these follow. Drawn as
/// e^(mu + sigma Z), Z standard normal (ziggurat, see [`draws`](super::draws)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lognormal {
    mu: f64,
    sigma: f64,
    stated: Parametrisation,
}

/// The figures that the distribution was given by; it is written back in the same ones.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Parametrisation {
    Log,
    MedianP95 { median: f64, p95: f64 },
    MedianSigma { median: f64 },
    MeanCv { mean: f64, cv: f64 },
    Range { p5: f64, p95: f64 },
}

impl Distribution {
    /// Lognormal by mean `mu` and standard deviation `sigma` of the logarithm of the hours; a
    /// `sigma` of 0 is the constant e^mu.
    ///
    /// # Errors
    /// `mu` is not finite, or `sigma` is negative, infinite or NaN.
    pub fn lognormal(mu: f64, sigma: f64) -> Result<Distribution, DistributionError> {
        Parameter::Number.check("mu", mu)?;
        Parameter::NonNegativeNumber.check("sigma", sigma)?;
        if sigma == 0.0 {
            return Ok(Distribution::constant_of(libm::exp(mu).min(f64::MAX)));
        }
        Ok(Distribution::Lognormal(Lognormal { mu, sigma, stated: Parametrisation::Log }))
    }

    /// Lognormal by its median and its 95 % point, hours.
    ///
    /// # Errors
    /// One is no duration, the 95 % point is below the median, or the median is 0 and the 95 %
    /// point is not.
    pub fn lognormal_median_p95(median: f64, p95: f64) -> Result<Distribution, DistributionError> {
        check_points("median", median, p95)?;
        if median == p95 {
            return Ok(Distribution::constant_of(median));
        }
        Ok(Lognormal::from_figures(Parametrisation::MedianP95 { median, p95 }, 0.0))
    }

    /// Lognormal by its median, hours, and the standard deviation of the logarithm.
    ///
    /// # Errors
    /// The median is no duration, or `sigma` is negative, infinite or NaN.
    pub fn lognormal_median_sigma(
        median: f64,
        sigma: f64,
    ) -> Result<Distribution, DistributionError> {
        Parameter::Duration.check("median", median)?;
        Parameter::NonNegativeNumber.check("sigma", sigma)?;
        if sigma == 0.0 || median == 0.0 {
            return Ok(Distribution::constant_of(median));
        }
        Ok(Lognormal::from_figures(Parametrisation::MedianSigma { median }, sigma))
    }

    /// Lognormal by its mean, hours, and its coefficient of variation (standard deviation / mean).
    ///
    /// # Errors
    /// The mean is no duration, or `cv` is negative, infinite or NaN.
    pub fn lognormal_mean_cv(mean: f64, cv: f64) -> Result<Distribution, DistributionError> {
        Parameter::Duration.check("mean", mean)?;
        Parameter::NonNegativeNumber.check("cv", cv)?;
        if cv == 0.0 || mean == 0.0 {
            return Ok(Distribution::constant_of(mean));
        }
        Ok(Lognormal::from_figures(Parametrisation::MeanCv { mean, cv }, 0.0))
    }

    /// Lognormal by its 5 % and 95 % points, hours.
    ///
    /// # Errors
    /// One is no duration, the upper is below the lower, or the lower is 0 and the upper is not.
    pub fn lognormal_range(p5: f64, p95: f64) -> Result<Distribution, DistributionError> {
        check_points("5 % point", p5, p95)?;
        if p5 == p95 {
            return Ok(Distribution::constant_of(p5));
        }
        Ok(Lognormal::from_figures(Parametrisation::Range { p5, p95 }, 0.0))
    }
}

impl Lognormal {
    /// The family.
    pub(super) const FAMILY: ParametricFamily = ParametricFamily {
        name: "lognormal",
        parameters: &[
            Parameters::ascending(
                &[("median", Parameter::PositiveDuration), ("p95", Parameter::PositiveDuration)],
                |p| Distribution::lognormal_median_p95(p[0], p[1]),
            ),
            Parameters::of(
                &[("median", Parameter::PositiveDuration), ("sigma", Parameter::PositiveNumber)],
                |p| Distribution::lognormal_median_sigma(p[0], p[1]),
            ),
            Parameters::of(
                &[("mu", Parameter::Number), ("sigma", Parameter::PositiveNumber)],
                |p| Distribution::lognormal(p[0], p[1]),
            ),
            Parameters::of(
                &[("mean", Parameter::PositiveDuration), ("cv", Parameter::PositiveNumber)],
                |p| Distribution::lognormal_mean_cv(p[0], p[1]),
            ),
        ],
        fitted: true,
    };

    /// The distribution of checked figures; `sigma` is read only where the figures do not give it.
    fn from_figures(stated: Parametrisation, sigma: f64) -> Distribution {
        let (mu, sigma) = match stated {
            Parametrisation::Log => (0.0, sigma),
            Parametrisation::MedianP95 { median, p95 } => {
                (libm::log(median), libm::log(p95 / median) / NORMAL_95)
            }
            Parametrisation::MedianSigma { median } => (libm::log(median), sigma),
            Parametrisation::MeanCv { mean, cv } => {
                let variance = libm::log1p(cv * cv);
                (libm::log(mean) - 0.5 * variance, variance.sqrt())
            }
            Parametrisation::Range { p5, p95 } => {
                let centre = 0.5 * (libm::log(p5) + libm::log(p95));
                (centre, 0.5 * libm::log(p95 / p5) / NORMAL_95)
            }
        };
        Distribution::Lognormal(Lognormal { mu, sigma, stated })
    }

    /// The 5 % and 95 % points, hours, where the distribution was given by them.
    pub fn range(&self) -> Option<(f64, f64)> {
        match self.stated {
            Parametrisation::Range { p5, p95 } => Some((p5, p95)),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        quick::exp(self.mu + self.sigma * standard_normal(rng))
    }

    /// How many sigma a duration lies above the median; minus infinity at and below zero.
    fn score(&self, x: f64) -> f64 {
        if x > 0.0 { (libm::log(x) - self.mu) / self.sigma } else { f64::NEG_INFINITY }
    }
}

impl Properties for Lognormal {
    fn mean(&self) -> f64 {
        match self.stated {
            Parametrisation::MeanCv { mean, .. } => mean,
            _ => libm::exp(self.mu + 0.5 * self.sigma * self.sigma),
        }
    }
    fn variance(&self) -> f64 {
        let mean = self.mean();
        mean * mean * libm::expm1(self.sigma * self.sigma)
    }
    fn cdf(&self, x: f64) -> f64 {
        normal_cdf(self.score(x))
    }
    fn survival(&self, x: f64) -> f64 {
        normal_survival(self.score(x))
    }
    fn quantile(&self, p: f64) -> f64 {
        libm::exp(self.mu + self.sigma * normal_quantile(p))
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        // E[X^k; X <= max] = e^(k mu + k^2 sigma^2 / 2) P(Z <= score - k sigma).
        let shift = f64::from(order) * self.sigma;
        let whole = libm::exp(f64::from(order) * self.mu + 0.5 * shift * shift);
        whole * normal_cdf(self.score(max) - shift)
    }
    fn figures(&self) -> Vec<(&'static str, f64)> {
        match self.stated {
            Parametrisation::Log | Parametrisation::Range { .. } => {
                vec![("mu", self.mu), ("sigma", self.sigma)]
            }
            Parametrisation::MedianP95 { median, p95 } => vec![("median", median), ("p95", p95)],
            Parametrisation::MedianSigma { median } => {
                vec![("median", median), ("sigma", self.sigma)]
            }
            Parametrisation::MeanCv { mean, cv } => vec![("mean", mean), ("cv", cv)],
        }
    }
    fn scaled(&self, factor: f64) -> Distribution {
        let stated = match self.stated {
            Parametrisation::Log => {
                let mu = self.mu + libm::log(factor);
                return Distribution::Lognormal(Lognormal { mu, ..*self });
            }
            Parametrisation::MedianP95 { median, p95 } => {
                Parametrisation::MedianP95 { median: median * factor, p95: p95 * factor }
            }
            Parametrisation::MedianSigma { median } => {
                Parametrisation::MedianSigma { median: median * factor }
            }
            Parametrisation::MeanCv { mean, cv } => {
                Parametrisation::MeanCv { mean: mean * factor, cv }
            }
            Parametrisation::Range { p5, p95 } => {
                Parametrisation::Range { p5: p5 * factor, p95: p95 * factor }
            }
        };
        Lognormal::from_figures(stated, self.sigma)
    }
}

/// A lower figure and the 95 % point above it; both zero, or neither.
fn check_points(name: &'static str, lower: f64, p95: f64) -> Result<(), DistributionError> {
    super::bounded::check_order(&[(name, lower), ("95 % point", p95)])?;
    if lower == 0.0 && p95 > 0.0 {
        return Err(DistributionError::TouchesZero { name, p95 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    #[test]
    fn sampled_durations_follow_their_distribution() {
        judge::family("by mu and sigma", &Distribution::lognormal(1.2, 0.8));
        judge::family("by range", &Distribution::lognormal_range(1.0, 9.0));
    }

    #[test]
    fn every_way_of_stating_the_distribution_gives_back_the_stated_figures()
    -> Result<(), DistributionError> {
        let near = |value: f64, truth: f64| assert!((value / truth - 1.0).abs() < 1e-14, "{value}");
        let distribution = Distribution::lognormal_range(1.0, 9.0)?;
        near(distribution.quantile(0.05), 1.0);
        near(distribution.quantile(0.95), 9.0);
        near(distribution.quantile(0.5), 3.0);
        let distribution = Distribution::lognormal_median_p95(4.0, 14.0)?;
        near(distribution.quantile(0.5), 4.0);
        near(distribution.quantile(0.95), 14.0);
        let distribution = Distribution::lognormal_median_sigma(4.0, 0.5)?;
        near(distribution.quantile(0.5), 4.0);
        near(libm::log(distribution.quantile(0.95) / 4.0) / NORMAL_95, 0.5);
        let distribution = Distribution::lognormal_mean_cv(6.0, 1.5)?;
        near(distribution.mean(), 6.0);
        near(distribution.variance().sqrt(), 9.0);
        let distribution = Distribution::lognormal(1.0, 0.5)?;
        near(distribution.mean(), 3.080_216_848_918_031);
        Ok(())
    }

    #[test]
    fn quantiles_hold_their_digits_far_into_both_tails() -> Result<(), DistributionError> {
        let distribution = Distribution::lognormal(0.0, 1.0)?;
        for p in [1e-200, 1e-12, 1e-3, 0.3] {
            assert!((distribution.cdf(distribution.quantile(p)) / p - 1.0).abs() < 1e-11, "{p}");
        }
        assert!(
            (distribution.survival(distribution.quantile(1.0 - 1e-9)) / 1e-9 - 1.0).abs() < 1e-7
        );
        Ok(())
    }

    #[test]
    fn zero_spread_is_a_constant_and_zero_with_spread_is_refused() {
        assert_eq!(
            Distribution::lognormal_median_sigma(4.0, 0.0),
            Ok(Distribution::constant_of(4.0))
        );
        assert_eq!(Distribution::lognormal_mean_cv(4.0, 0.0), Ok(Distribution::constant_of(4.0)));
        assert_eq!(Distribution::lognormal_range(4.0, 4.0), Ok(Distribution::constant_of(4.0)));
        assert_eq!(Distribution::lognormal_range(0.0, 0.0), Ok(Distribution::constant_of(0.0)));
        assert_eq!(
            Distribution::lognormal_median_p95(4.0, 4.0),
            Ok(Distribution::constant_of(4.0))
        );
        assert_eq!(Distribution::lognormal(0.0, 0.0), Ok(Distribution::constant_of(1.0)));
        assert!(matches!(
            Distribution::lognormal_range(0.0, 1.0),
            Err(DistributionError::TouchesZero { .. })
        ));
        assert!(matches!(
            Distribution::lognormal_median_p95(2.0, 1.0),
            Err(DistributionError::OutOfOrder { .. })
        ));
        assert!(matches!(
            Distribution::lognormal(0.0, f64::NAN),
            Err(DistributionError::NotAllowed { wanted: Parameter::NonNegativeNumber, .. })
        ));
        assert!(matches!(
            Distribution::lognormal(f64::NAN, 1.0),
            Err(DistributionError::NotAllowed { wanted: Parameter::Number, .. })
        ));
        assert!(matches!(
            Distribution::lognormal_mean_cv(1.0, -0.1),
            Err(DistributionError::NotAllowed { wanted: Parameter::NonNegativeNumber, .. })
        ));
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(
            &Distribution::lognormal_range(1.0, 9.0),
            [0x4015_1613_f4cb_ceb9, 0x4013_5a4f_aa52_aa63],
        );
    }
}
