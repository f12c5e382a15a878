//! The log-logistic distribution.

use super::draws::unit_exponential;
use super::family::{Parameter, Parameters, ParametricFamily, SCALE_AND_SHAPE};
use super::{Distribution, DistributionError, Properties, Rng, power};
use crate::numeric::quick;
use crate::numeric::{beta_tails, odds_integral};

/// The logarithm is logistic: like a lognormal in the middle, with a tail that falls as a power.
///
/// Distribution function: 1 / (1 + (x / s)^-k) for x > 0. Parameters: the scale s, hours, which is
/// the median; the shape k. The mean is infinite for k <= 1, the variance for k <= 2: cut such a
/// distribution at a `max`. P. R. Fisk, *The Graduation of Income Distributions* (1961). Drawn as s
/// (E / F)^(1 / k), E and F unit exponentials (ziggurat, see [`draws`](super::draws)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loglogistic {
    scale: f64,
    shape: f64,
    inverse_shape: f64,
}

impl Distribution {
    /// Log-logistic by its scale (its median), hours, and its shape; a scale of 0 is the constant
    /// 0.
    ///
    /// # Errors
    /// The scale is no duration, or the shape is not finite and above 0.
    pub fn loglogistic(scale: f64, shape: f64) -> Result<Distribution, DistributionError> {
        Parameter::Duration.check("scale", scale)?;
        Parameter::PositiveNumber.check("shape", shape)?;
        if scale == 0.0 {
            return Ok(Distribution::constant_of(0.0));
        }
        Ok(Distribution::Loglogistic(Loglogistic { scale, shape, inverse_shape: 1.0 / shape }))
    }
}

impl Loglogistic {
    /// The family.
    pub(super) const FAMILY: ParametricFamily = ParametricFamily {
        name: "loglogistic",
        parameters: &[Parameters::of(SCALE_AND_SHAPE, |p| Distribution::loglogistic(p[0], p[1]))],
        fitted: true,
    };

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        let ratio = unit_exponential(rng) / unit_exponential(rng);
        self.scale * quick::pow(ratio, self.inverse_shape)
    }

    /// P(X <= x) / P(X > x).
    fn odds(&self, x: f64) -> f64 {
        libm::pow(x.max(0.0) / self.scale, self.shape)
    }
}

impl Properties for Loglogistic {
    fn mean(&self) -> f64 {
        if self.shape <= 1.0 {
            return f64::INFINITY;
        }
        let angle = std::f64::consts::PI * self.inverse_shape;
        self.scale * angle / libm::sin(angle)
    }
    fn variance(&self) -> f64 {
        if self.shape <= 2.0 {
            return f64::INFINITY;
        }
        let angle = std::f64::consts::PI * self.inverse_shape;
        let mean = self.mean();
        // tan(angle) / angle - 1, by its series where that would cancel.
        let excess = if angle < 0.03 {
            let a2 = angle * angle;
            a2 * (1.0 / 3.0 + a2 * (2.0 / 15.0 + a2 * (17.0 / 315.0 + a2 * 62.0 / 2835.0)))
        } else {
            libm::tan(angle) / angle - 1.0
        };
        mean * mean * excess
    }
    fn cdf(&self, x: f64) -> f64 {
        let odds = self.odds(x);
        if odds > 1.0 { 1.0 / (1.0 + 1.0 / odds) } else { odds / (1.0 + odds) }
    }
    fn survival(&self, x: f64) -> f64 {
        1.0 / (1.0 + self.odds(x))
    }
    fn quantile(&self, p: f64) -> f64 {
        if p >= 1.0 {
            return f64::INFINITY;
        }
        self.scale * libm::pow(p / (1.0 - p), self.inverse_shape)
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        let (below, above) = (self.cdf(max), self.survival(max));
        let c = f64::from(order) * self.inverse_shape;
        // The integral of (v / (1 - v))^c over v from 0 to P(X <= max).
        let integral = if order == 0 {
            below
        } else if c < 1.0 {
            let angle = std::f64::consts::PI * c;
            let (lower, _) = beta_tails(1.0 + c, 1.0 - c, below, above);
            lower * angle / libm::sin(angle)
        } else if max == f64::INFINITY {
            f64::INFINITY
        } else {
            odds_integral(c, below, above)
        };
        power(self.scale, order) * integral
    }
    fn figures(&self) -> Vec<(&'static str, f64)> {
        vec![("scale", self.scale), ("shape", self.shape)]
    }
    fn scaled(&self, factor: f64) -> Distribution {
        Distribution::Loglogistic(Loglogistic { scale: self.scale * factor, ..*self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    #[test]
    fn sampled_durations_follow_their_distribution() {
        // The judge needs a fourth moment; below, the tails of heavier ones.
        judge::family("light", &Distribution::loglogistic(2.0, 12.0));
    }

    #[test]
    fn heavy_tails_are_sampled_too() -> Result<(), DistributionError> {
        for shape in [0.7, 1.5, 3.0] {
            let distribution = Distribution::loglogistic(2.0, shape)?;
            judge::follows("heavy", |rng| distribution.sample(rng), |x| distribution.cdf(x));
            for p in [1e-12, 1e-3, 0.4, 0.6, 0.999, 1.0 - 1e-9] {
                let x = distribution.quantile(p);
                assert!((distribution.cdf(x) / p - 1.0).abs() < 1e-13, "{shape} {p}");
                assert!((distribution.survival(x) / (1.0 - p) - 1.0).abs() < 1e-13, "{shape} {p}");
            }
        }
        Ok(())
    }

    #[test]
    fn moments_are_the_known_ones_or_infinite() -> Result<(), DistributionError> {
        for (shape, mean, variance) in [
            (1000.0, 1.000_001_644_935_961, 3.289_891_944_923_572e-6),
            (8.0, 1.026_172_152_977_031, 0.057_691_446_994_076_677),
            (2.5, 1.321_306_399_677_649_6, 2.529_986_726_633_267_6),
        ] {
            let distribution = Distribution::loglogistic(1.0, shape)?;
            assert!(
                (distribution.mean() / mean - 1.0).abs() < 1e-15,
                "{shape}: {}",
                distribution.mean()
            );
            assert!(
                (distribution.variance() / variance - 1.0).abs() < 1e-13,
                "{shape}: {}",
                distribution.variance()
            );
        }
        let heavy = Distribution::loglogistic(1.0, 1.0)?;
        assert_eq!((heavy.mean(), heavy.variance()), (f64::INFINITY, f64::INFINITY));
        let mixed =
            Distribution::mixture(vec![(1.0, heavy), (1.0, Distribution::constant_of(1.0))])?;
        assert_eq!((mixed.mean(), mixed.variance()), (f64::INFINITY, f64::INFINITY));
        Ok(())
    }

    #[test]
    fn a_maximum_gives_even_the_heaviest_tail_its_moments() -> Result<(), DistributionError> {
        // First and second partial moments by quadrature with 40 digits.
        for (shape, max, first, second) in [
            (3.5, 5.0, 2.022_006_276_287_886, 5.059_654_403_477_65),
            (1.5, 50.0, 3.641_565_634_223_036, 41.130_518_030_628_77),
            (1.0, 50.0, 4.593_116_152_966_041, 77.781_381_541_981_99),
            (0.7, 300.0, 12.702_841_884_739_6, 1_295.997_311_679_2),
            (2.0, 9.0, 2.280_725_350_077_203_4, 8.413_662_875_599_35),
            (8.0, 3.0, 1.923_259_545_832_923_9, 3.989_759_196_216_103_6),
        ] {
            let distribution = Distribution::loglogistic(2.0, shape)?;
            for (order, truth) in [(1, first), (2, second)] {
                let moment = distribution.properties().partial_moment(order, max);
                assert!((moment / truth - 1.0).abs() < 2e-12, "{shape} {order}: {moment}");
            }
        }
        let cut = Distribution::truncated(Distribution::loglogistic(2.0, 1.2)?, 20.0);
        judge::family("cut", &cut);
        Ok(())
    }

    #[test]
    fn what_makes_no_loglogistic_is_refused() {
        assert!(matches!(
            Distribution::loglogistic(f64::NAN, 1.0),
            Err(DistributionError::NotAllowed { wanted: Parameter::Duration, .. })
        ));
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                Distribution::loglogistic(1.0, bad),
                Err(DistributionError::NotAllowed { wanted: Parameter::PositiveNumber, .. })
            ));
        }
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(
            &Distribution::loglogistic(2.0, 1.5),
            [0x3fff_5ed5_42f0_7721, 0x3ff8_c828_418b_0960],
        );
    }
}
