//! The gamma distribution.

use super::draws::{open_uniform, standard_normal, unit_exponential};
use super::family::{Parameter, Parameters, ParametricFamily};
use super::{Distribution, DistributionError, Properties, Rng};
use crate::numeric::quick;
use crate::numeric::{gamma_quantile, gamma_tails};

/// A job of several equal exponential steps, and every shape between whole numbers of steps.
///
/// Density: x^(k - 1) e^(-x / s) / (s^k Gamma(k)) for x >= 0, s = mean / k. Parameters: the mean,
/// hours; the shape k (cv = 1 / sqrt k). Drawn by the rejection of Marsaglia and Tsang, *A Simple
/// Method for Generating Gamma Variables* (2000), and below shape 1 by their power of a uniform.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gamma {
    mean: f64,
    shape: f64,
    /// The sampler of the shape, raised by one if below 1.
    standard: Standard,
    /// 1 / shape where the shape is below 1, else 0.
    boost: f64,
}

impl Distribution {
    /// Gamma by its mean, hours, and its shape; a mean of 0 is the constant 0.
    ///
    /// # Errors
    /// The mean is no duration, or the shape is not finite and above 0.
    pub fn gamma(mean: f64, shape: f64) -> Result<Distribution, DistributionError> {
        Parameter::Duration.check("mean", mean)?;
        Parameter::PositiveNumber.check("shape", shape)?;
        if mean == 0.0 {
            return Ok(Distribution::constant_of(0.0));
        }
        Ok(Distribution::Gamma(Gamma::prepared(mean, shape)))
    }
}

impl Gamma {
    /// The family.
    pub(super) const FAMILY: ParametricFamily = ParametricFamily {
        name: "gamma",
        parameters: &[Parameters::of(
            &[("mean", Parameter::PositiveDuration), ("shape", Parameter::PositiveNumber)],
            |p| Distribution::gamma(p[0], p[1]),
        )],
        fitted: true,
    };

    fn prepared(mean: f64, shape: f64) -> Gamma {
        let (raised, boost) = if shape < 1.0 { (shape + 1.0, 1.0 / shape) } else { (shape, 0.0) };
        Gamma { mean, shape, standard: Standard::of(raised), boost }
    }

    pub(super) fn shape(&self) -> f64 {
        self.shape
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        let large = self.scale() * self.standard.sample(rng);
        if self.boost == 0.0 {
            return large;
        }
        // U^(1 / shape) = e^(-E / shape).
        large * quick::exp(-self.boost * unit_exponential(rng))
    }

    #[inline]
    fn scale(&self) -> f64 {
        self.mean / self.shape
    }
}

/// The sampler of scale 1 and a shape of 1 or more, prepared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Standard {
    /// Shape less a third.
    d: f64,
    c: f64,
}

impl Standard {
    pub(super) fn of(shape: f64) -> Standard {
        let d = shape - 1.0 / 3.0;
        Standard { d, c: 1.0 / (9.0 * d).sqrt() }
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        loop {
            let z = standard_normal(rng);
            let root = 1.0 + self.c * z;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = open_uniform(rng);
            let z2 = z * z;
            if u < 1.0 - 0.0331 * z2 * z2
                || libm::log(u) < 0.5 * z2 + self.d * (1.0 - v + libm::log(v))
            {
                return self.d * v;
            }
        }
    }
}

impl Properties for Gamma {
    fn mean(&self) -> f64 {
        self.mean
    }
    fn variance(&self) -> f64 {
        self.mean * self.mean / self.shape
    }
    fn cdf(&self, x: f64) -> f64 {
        gamma_tails(self.shape, x / self.scale()).0
    }
    fn survival(&self, x: f64) -> f64 {
        gamma_tails(self.shape, x / self.scale()).1
    }
    fn quantile(&self, p: f64) -> f64 {
        self.scale() * gamma_quantile(self.shape, p)
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        let whole = match order {
            0 => 1.0,
            1 => self.mean,
            _ => self.mean * (self.mean + self.scale()),
        };
        whole * gamma_tails(self.shape + f64::from(order), max / self.scale()).0
    }
    fn figures(&self) -> Vec<(&'static str, f64)> {
        vec![("mean", self.mean), ("shape", self.shape)]
    }
    fn scaled(&self, factor: f64) -> Distribution {
        Distribution::Gamma(Gamma::prepared(self.mean * factor, self.shape))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    #[test]
    fn sampled_durations_follow_their_distribution() {
        judge::family("several steps", &Distribution::gamma(6.0, 3.4));
        judge::family("one step", &Distribution::gamma(6.0, 1.0));
        judge::family("less than a step", &Distribution::gamma(6.0, 0.4));
    }

    #[test]
    fn chi_square_table_values_come_out() -> Result<(), DistributionError> {
        // Chi-square with n degrees of freedom is gamma of shape n / 2 and mean n.
        for (degrees, p, point) in [
            (1.0, 0.95, 3.841_458_820_694_124),
            (2.0, 0.95, 5.991_464_547_107_979),
            (10.0, 0.05, 3.940_299_136_119_106),
            (10.0, 0.99, 23.209_251_158_954_356),
            (100.0, 0.95, 124.342_113_404_004_1),
        ] {
            let distribution = Distribution::gamma(degrees, 0.5 * degrees)?;
            assert!(
                (distribution.quantile(p) / point - 1.0).abs() < 1e-12,
                "{degrees}: {}",
                distribution.quantile(p)
            );
        }
        Ok(())
    }

    #[test]
    fn what_makes_no_gamma_is_refused() {
        assert!(matches!(
            Distribution::gamma(f64::NAN, 1.0),
            Err(DistributionError::NotAllowed { wanted: Parameter::Duration, .. })
        ));
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                Distribution::gamma(1.0, bad),
                Err(DistributionError::NotAllowed { wanted: Parameter::PositiveNumber, .. })
            ));
        }
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(
            &Distribution::gamma(6.0, 3.4),
            [0x4020_ec44_c4ae_2ecf, 0x3ff6_344b_a651_1480],
        );
        judge::pinned(
            &Distribution::gamma(6.0, 0.4),
            [0x402a_b55d_fd2f_6760, 0x3fe0_f931_40d8_d31c],
        );
    }
}
