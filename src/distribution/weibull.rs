//! The Weibull distribution.

use super::draws::unit_exponential;
use super::family::{Parameter, Parameters, ParametricFamily, SCALE_AND_SHAPE};
use super::{Distribution, DistributionError, Properties, Rng, power};
use crate::numeric::gamma_tails;
use crate::numeric::quick;

/// A hazard that falls (shape below 1), stays (1) or rises (above 1) as a power of time.
///
/// Density: (k / s) (x / s)^(k - 1) e^(-(x / s)^k) for x >= 0. Parameters: the scale s, hours,
/// which is the 63.2 % point; the shape k. Drawn as s E^(1 / k), E a unit exponential (ziggurat,
/// see [`draws`](super::draws)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weibull {
    scale: f64,
    shape: f64,
    inverse_shape: f64,
}

impl Distribution {
    /// Weibull by its scale (its 63.2 % point), hours, and its shape; a scale of 0 is the constant
    /// 0.
    ///
    /// # Errors
    /// The scale is no duration, or the shape is not finite and above 0.
    pub fn weibull(scale: f64, shape: f64) -> Result<Distribution, DistributionError> {
        Parameter::Duration.check("scale", scale)?;
        Parameter::PositiveNumber.check("shape", shape)?;
        if scale == 0.0 {
            return Ok(Distribution::constant_of(0.0));
        }
        Ok(Distribution::Weibull(Weibull { scale, shape, inverse_shape: 1.0 / shape }))
    }
}

impl Weibull {
    /// The family.
    pub(super) const FAMILY: ParametricFamily = ParametricFamily {
        name: "weibull",
        parameters: &[Parameters::of(SCALE_AND_SHAPE, |p| Distribution::weibull(p[0], p[1]))],
        fitted: true,
    };

    pub(super) fn shape(&self) -> f64 {
        self.shape
    }

    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.scale * quick::pow(unit_exponential(rng), self.inverse_shape)
    }

    /// (x / scale)^shape: the exponential behind the distribution.
    fn hidden(&self, x: f64) -> f64 {
        libm::pow(x.max(0.0) / self.scale, self.shape)
    }
}

impl Properties for Weibull {
    fn mean(&self) -> f64 {
        self.scale * libm::tgamma(1.0 + self.inverse_shape)
    }
    fn variance(&self) -> f64 {
        // G(1 + 2/k) - G(1 + 1/k)^2, G the gamma function, without cancellation for large k.
        let log = |order: f64| libm::lgamma(1.0 + order * self.inverse_shape);
        let mean = self.mean();
        mean * mean * libm::expm1(log(2.0) - 2.0 * log(1.0))
    }
    fn cdf(&self, x: f64) -> f64 {
        -libm::expm1(-self.hidden(x))
    }
    fn survival(&self, x: f64) -> f64 {
        libm::exp(-self.hidden(x))
    }
    fn quantile(&self, p: f64) -> f64 {
        self.scale * libm::pow(-libm::log1p(-p), self.inverse_shape)
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        let a = 1.0 + f64::from(order) * self.inverse_shape;
        let whole = power(self.scale, order) * libm::tgamma(a);
        whole * gamma_tails(a, self.hidden(max)).0
    }
    fn figures(&self) -> Vec<(&'static str, f64)> {
        vec![("scale", self.scale), ("shape", self.shape)]
    }
    fn scaled(&self, factor: f64) -> Distribution {
        Distribution::Weibull(Weibull { scale: self.scale * factor, ..*self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    #[test]
    fn sampled_durations_follow_their_distribution() {
        judge::family("wearing out", &Distribution::weibull(300.0, 2.2));
        judge::family("infant mortality", &Distribution::weibull(300.0, 0.6));
    }

    #[test]
    fn shape_two_has_the_known_moments_of_rayleigh() -> Result<(), DistributionError> {
        let distribution = Distribution::weibull(2.0, 2.0)?;
        let pi = std::f64::consts::PI;
        assert!((distribution.mean() - pi.sqrt()).abs() < 1e-14);
        assert!((distribution.variance() - (4.0 - pi)).abs() < 1e-14);
        assert!((distribution.cdf(2.0) - 0.632_120_558_828_557_7).abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn a_very_stiff_shape_keeps_its_small_variance() -> Result<(), DistributionError> {
        // pi^2 / 6 / k^2 for large k.
        let distribution = Distribution::weibull(1.0, 1e4)?;
        assert!(
            (distribution.variance() * 1e8 / 1.644_934 - 1.0).abs() < 1e-3,
            "{}",
            distribution.variance()
        );
        Ok(())
    }

    #[test]
    fn what_makes_no_weibull_is_refused() {
        assert!(matches!(
            Distribution::weibull(-1.0, 1.0),
            Err(DistributionError::NotAllowed { wanted: Parameter::Duration, .. })
        ));
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                Distribution::weibull(1.0, bad),
                Err(DistributionError::NotAllowed { wanted: Parameter::PositiveNumber, .. })
            ));
        }
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(
            &Distribution::weibull(300.0, 2.2),
            [0x4073_8ddf_afec_1d49, 0x4073_d227_1cc6_08b8],
        );
    }
}
