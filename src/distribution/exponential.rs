//! The exponential distribution.

use super::draws::unit_exponential;
use super::family::{Parameter, Parameters, ParametricFamily};
use super::{Distribution, DistributionError, Properties, Rng, power};
use crate::numeric::gamma_tails;

/// No memory: what is left to wait does not depend on how long one has waited.
///
/// Density: e^(-x / mean) / mean for x >= 0. Parameter: the mean, hours (not the rate).
/// Drawn as the mean times a unit exponential (ziggurat, see [`draws`](super::draws)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential {
    mean: f64,
}

impl Distribution {
    /// Exponential of this mean, hours; a mean of 0 is the constant 0.
    ///
    /// # Errors
    /// The mean is negative, infinite or NaN.
    pub fn exponential(mean: f64) -> Result<Distribution, DistributionError> {
        Parameter::Duration.check("mean", mean)?;
        if mean == 0.0 {
            return Ok(Distribution::constant_of(0.0));
        }
        Ok(Distribution::Exponential(Exponential { mean }))
    }
}

impl Exponential {
    /// The family.
    pub(super) const FAMILY: ParametricFamily = ParametricFamily {
        name: "exponential",
        parameters: &[Parameters::of(&[("mean", Parameter::PositiveDuration)], |p| {
            Distribution::exponential(p[0])
        })],
        fitted: true,
    };

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.mean * unit_exponential(rng)
    }
}

impl Properties for Exponential {
    fn mean(&self) -> f64 {
        self.mean
    }
    fn variance(&self) -> f64 {
        self.mean * self.mean
    }
    fn cdf(&self, x: f64) -> f64 {
        -libm::expm1(-x.max(0.0) / self.mean)
    }
    fn survival(&self, x: f64) -> f64 {
        libm::exp(-x.max(0.0) / self.mean)
    }
    fn quantile(&self, p: f64) -> f64 {
        -self.mean * libm::log1p(-p)
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        // The gamma distribution of shape 1: moment k up to max is mean^k k! P(k + 1, max / mean).
        let whole = if order == 2 { 2.0 } else { 1.0 } * power(self.mean, order);
        whole * gamma_tails(1.0 + f64::from(order), max / self.mean).0
    }
    fn figures(&self) -> Vec<(&'static str, f64)> {
        vec![("mean", self.mean)]
    }
    fn scaled(&self, factor: f64) -> Distribution {
        Distribution::Exponential(Exponential { mean: self.mean * factor })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    #[test]
    fn sampled_durations_follow_their_distribution() {
        judge::family("exponential", &Distribution::exponential(7.5));
    }

    #[test]
    fn half_of_the_waits_end_within_ln_two_means() -> Result<(), DistributionError> {
        let distribution = Distribution::exponential(10.0)?;
        assert!((distribution.quantile(0.5) - 6.931_471_805_599_453).abs() < 1e-14);
        assert!((distribution.survival(400.0) / 4.248_354_255_291_589e-18 - 1.0).abs() < 1e-14);
        assert!((distribution.cdf(1e-15) / 1e-16 - 1.0).abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn what_is_no_duration_is_refused_as_a_mean() {
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                Distribution::exponential(bad),
                Err(DistributionError::NotAllowed { wanted: Parameter::Duration, .. })
            ));
        }
        assert!(
            Distribution::exponential(0.0).is_ok_and(|distribution| distribution.is_always_zero())
        );
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(
            &Distribution::exponential(7.5),
            [0x4020_73b0_532a_94bc, 0x4020_f31b_3659_8b6b],
        );
    }
}
