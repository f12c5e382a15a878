//! The inverse Gaussian distribution.

use super::draws::{standard_normal, uniform};
use super::family::{Parameter, Parameters, ParametricFamily};
use super::{Distribution, DistributionError, Properties, Rng};
use crate::numeric::{increasing_root, mills, normal_cdf, normal_density};

/// The time that steady progress with noise needs to reach a goal: a tail between those of the
/// gamma and the lognormal.
///
/// Density: sqrt(l / (2 pi x^3)) e^(-l (x - m)^2 / (2 m^2 x)) for x > 0. Parameters: the mean m,
/// hours; l (lambda), hours, the larger the less spread (cv = sqrt(m / l)). R. S. Chhikara and
/// J. L. Folks, *The Inverse Gaussian Distribution* (1989). Drawn as J. R. Michael, W. R. Schucany
/// and R. W. Haas, *Generating Random Variates Using Transformations with Multiple Roots* (1976),
/// show, with the smaller root in a form that does not cancel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InverseGaussian {
    mean: f64,
    lambda: f64,
}

impl Distribution {
    /// Inverse Gaussian by its mean and its lambda, both hours (cv = sqrt(mean / lambda)); a mean
    /// of 0 is the constant 0.
    ///
    /// # Errors
    /// The mean is no duration, or lambda is not finite and above 0.
    pub fn inverse_gaussian(mean: f64, lambda: f64) -> Result<Distribution, DistributionError> {
        Parameter::Duration.check("mean", mean)?;
        Parameter::PositiveNumber.check("lambda", lambda)?;
        if mean == 0.0 {
            return Ok(Distribution::constant_of(0.0));
        }
        Ok(Distribution::InverseGaussian(InverseGaussian { mean, lambda }))
    }
}

impl InverseGaussian {
    /// The family.
    pub(super) const FAMILY: ParametricFamily = ParametricFamily {
        name: "inverse_gaussian",
        parameters: &[Parameters::of(
            &[("mean", Parameter::PositiveDuration), ("lambda", Parameter::PositiveDuration)],
            |p| Distribution::inverse_gaussian(p[0], p[1]),
        )],
        fitted: true,
    };

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        let z = standard_normal(rng);
        let w = 0.5 * z * z * (self.mean / self.lambda);
        // The smaller root over the mean; the larger is its inverse.
        let ratio = 1.0 / (1.0 + w + (w * (w + 2.0)).sqrt());
        if uniform(rng) * (1.0 + ratio) <= 1.0 { self.mean * ratio } else { self.mean / ratio }
    }

    /// sqrt(l / x) (x / m - 1) and sqrt(l / x) (x / m + 1): where the two normal tails end.
    fn ends(&self, x: f64) -> (f64, f64) {
        let root = (self.lambda / x).sqrt();
        (root * ((x - self.mean) / self.mean), root * (x / self.mean + 1.0))
    }

    fn density(&self, x: f64) -> f64 {
        let height = normal_density(self.ends(x).0);
        // Near 0 the height is 0 long before its factor is infinite.
        if height > 0.0 { (self.lambda / x).sqrt() / x * height } else { 0.0 }
    }

    /// Lower and upper tail. With R Mills' ratio and a, b the ends, e^(2 l / m) P(Z < -b) is
    /// density(a) R(b): no large factor appears.
    fn tails(&self, x: f64) -> (f64, f64) {
        if x.is_nan() {
            return (f64::NAN, f64::NAN);
        }
        if x <= 0.0 {
            return (0.0, 1.0);
        }
        if x == f64::INFINITY {
            return (1.0, 0.0);
        }
        let (a, b) = self.ends(x);
        let height = normal_density(a);
        let carried = height * mills(b);
        if a > 0.0 {
            let upper = (height * mills(a) - carried).clamp(0.0, 1.0);
            (1.0 - upper, upper)
        } else {
            let lower = (height * mills(-a) + carried).clamp(0.0, 1.0);
            (lower, 1.0 - lower)
        }
    }
}

impl Properties for InverseGaussian {
    fn mean(&self) -> f64 {
        self.mean
    }
    fn variance(&self) -> f64 {
        self.mean * self.mean * (self.mean / self.lambda)
    }
    fn cdf(&self, x: f64) -> f64 {
        self.tails(x).0
    }
    fn survival(&self, x: f64) -> f64 {
        self.tails(x).1
    }
    fn quantile(&self, p: f64) -> f64 {
        if p <= 0.0 {
            return 0.0;
        }
        if p >= 1.0 {
            return f64::INFINITY;
        }
        // Bracket by factors of e from the mean, then Newton on ln x on the smaller tail.
        let q = 1.0 - p;
        let step = |t: f64| {
            let x = libm::exp(t);
            let (lower, upper) = self.tails(x);
            let slope = x * self.density(x);
            if p <= 0.5 {
                (libm::log(lower / p), slope / lower)
            } else {
                (libm::log(q / upper), slope / upper)
            }
        };
        let centre = libm::log(self.mean);
        let (mut low, mut high, mut width) = (centre, centre, 1.0);
        while step(low).0 > 0.0 && low > -740.0 {
            low -= width;
            width *= 2.0;
        }
        width = 1.0;
        while step(high).0 < 0.0 && high < 705.0 {
            high += width;
            width *= 2.0;
        }
        libm::exp(increasing_root(low, high, 0.5 * (low + high), step))
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        if max <= 0.0 {
            return 0.0;
        }
        let below = self.cdf(max);
        if order == 0 {
            return below;
        }
        let (a, b) = self.ends(max);
        let first = if max == f64::INFINITY {
            self.mean
        } else {
            self.mean * (normal_cdf(a) - normal_density(a) * mills(b)).max(0.0)
        };
        if order == 1 {
            return first;
        }
        // From x^2 f'(x) = (l - 3 x - l x^2 / m^2) f(x) / 2, integrated by parts.
        let edge = if max == f64::INFINITY { 0.0 } else { max * max * self.density(max) };
        let (m, l) = (self.mean, self.lambda);
        (m * m * (below + (first - 2.0 * edge) / l)).max(0.0)
    }
    fn figures(&self) -> Vec<(&'static str, f64)> {
        vec![("mean", self.mean), ("lambda", self.lambda)]
    }
    fn scaled(&self, factor: f64) -> Distribution {
        let (mean, lambda) = (self.mean * factor, self.lambda * factor);
        Distribution::InverseGaussian(InverseGaussian { mean, lambda })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    #[test]
    fn sampled_durations_follow_their_distribution() {
        judge::family("little spread", &Distribution::inverse_gaussian(6.0, 40.0));
        judge::family("much spread", &Distribution::inverse_gaussian(3.6, 1.66));
    }

    #[test]
    fn both_tails_are_right_far_out() -> Result<(), DistributionError> {
        // To 40 digits, from the textbook formula.
        for (mean, lambda, x, lower, upper) in [
            (3.6065, 1.65885, 0.05, 1.328_767_370_809_590_2e-8, 0.999_999_986_712_326_3),
            (3.6065, 1.65885, 1.75, 0.494_004_306_523_902_56, 0.505_995_693_476_097_4),
            (3.6065, 1.65885, 24.5, 0.987_563_369_156_065_8, 0.012_436_630_843_934_19),
            (3.6065, 1.65885, 400.0, 0.999_999_999_999_987_4, 1.259_880_426_186_776_6e-14),
            (1.0, 500.0, 0.9, 0.009_764_671_393_463_08, 0.990_235_328_606_536_9),
            (1.0, 500.0, 1.3, 0.999_999_998_260_448_2, 1.739_551_850_434_328e-9),
            (2.0, 1e-3, 1e-4, 0.001_566_185_137_997_148_3, 0.998_433_814_862_002_9),
        ] {
            let distribution = Distribution::inverse_gaussian(mean, lambda)?;
            assert!(
                (distribution.cdf(x) / lower - 1.0).abs() < 1e-12,
                "{x}: {}",
                distribution.cdf(x)
            );
            assert!(
                (distribution.survival(x) / upper - 1.0).abs() < 1e-11,
                "{x}: {}",
                distribution.survival(x)
            );
        }
        Ok(())
    }

    #[test]
    fn partial_moments_agree_with_quadrature() -> Result<(), DistributionError> {
        let distribution =
            Distribution::truncated(Distribution::inverse_gaussian(3.6065, 1.65885)?, 5.0)?;
        let below = Distribution::inverse_gaussian(3.6065, 1.65885)?.cdf(5.0);
        assert!((distribution.mean() * below / 1.354_959_507_723_69 - 1.0).abs() < 1e-13);
        let square = distribution.variance() + distribution.mean() * distribution.mean();
        assert!((square * below / 3.458_288_001_735_887 - 1.0).abs() < 1e-12);
        Ok(())
    }

    #[test]
    fn what_makes_no_inverse_gaussian_is_refused() {
        assert!(matches!(
            Distribution::inverse_gaussian(-1.0, 1.0),
            Err(DistributionError::NotAllowed { wanted: Parameter::Duration, .. })
        ));
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let distribution = Distribution::inverse_gaussian(1.0, bad);
            assert!(matches!(
                distribution,
                Err(DistributionError::NotAllowed { wanted: Parameter::PositiveNumber, .. })
            ));
        }
        assert!(
            Distribution::inverse_gaussian(0.0, 1.0)
                .is_ok_and(|distribution| distribution.is_always_zero())
        );
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(
            &Distribution::inverse_gaussian(3.6, 1.66),
            [0x3ff1_cd0d_b54b_18ab, 0x3fd7_5eb3_3e9d_d6b4],
        );
    }
}
