//! The beta-PERT distribution.

use super::bounded::check_order;
use super::family::{Parameters, ParametricFamily, THREE_POINTS};
use super::gamma::Standard;
use super::{Distribution, DistributionError, Properties, Rng};
use crate::numeric::{beta_lower_quantile, beta_tails};

/// Between two durations, with a smooth hill at the most likely one: an expert's three figures.
///
/// Density: y^(a - 1) (1 - y)^(b - 1) / ((max - min) B(a, b)) with y = (x - min) / (max - min), a =
/// 1 + 4 (mode - min) / (max - min) and b = 6 - a. Parameters: minimum, mode, maximum, hours; the
/// mode counts four times in the mean. Drawn as A / (A + B) with A and B gamma draws of shapes a
/// and b (L. Devroye, *Non-Uniform Random Variate Generation*, 1986, chapter IX.3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pert {
    min: f64,
    mode: f64,
    max: f64,
    a: f64,
    b: f64,
    draws: [Standard; 2],
}

impl Distribution {
    /// Beta-PERT with the usual weight 4 on the mode, hours.
    ///
    /// # Errors
    /// One is no duration, or they are not in the order minimum, mode, maximum.
    pub fn pert(min: f64, mode: f64, max: f64) -> Result<Distribution, DistributionError> {
        check_order(&[("minimum", min), ("mode", mode), ("maximum", max)])?;
        if min == max {
            return Ok(Distribution::constant_of(min));
        }
        let a = 1.0 + 4.0 * ((mode - min) / (max - min));
        let b = 1.0 + 4.0 * ((max - mode) / (max - min));
        Ok(Distribution::Pert(Pert {
            min,
            mode,
            max,
            a,
            b,
            draws: [Standard::of(a), Standard::of(b)],
        }))
    }
}

impl Pert {
    /// The family.
    pub(super) const FAMILY: ParametricFamily = ParametricFamily {
        name: "pert",
        parameters: &[Parameters::ascending(THREE_POINTS, |p| {
            Distribution::pert(p[0], p[1], p[2])
        })],
        fitted: false,
    };

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        let (a, b) = (self.draws[0].sample(rng), self.draws[1].sample(rng));
        self.min + (self.max - self.min) * (a / (a + b))
    }

    /// Where a duration lies between the bounds, from below and from above.
    fn place(&self, x: f64) -> (f64, f64) {
        let width = self.max - self.min;
        (((x - self.min) / width).clamp(0.0, 1.0), ((self.max - x) / width).clamp(0.0, 1.0))
    }
}

impl Properties for Pert {
    fn mean(&self) -> f64 {
        (self.min + 4.0 * self.mode + self.max) / 6.0
    }
    fn variance(&self) -> f64 {
        let width = self.max - self.min;
        width * width * self.a * self.b / 252.0
    }
    fn cdf(&self, x: f64) -> f64 {
        let (y, rest) = self.place(x);
        beta_tails(self.a, self.b, y, rest).0
    }
    fn survival(&self, x: f64) -> f64 {
        let (y, rest) = self.place(x);
        beta_tails(self.a, self.b, y, rest).1
    }
    fn quantile(&self, p: f64) -> f64 {
        let width = self.max - self.min;
        if p <= 0.5 {
            self.min + width * beta_lower_quantile(self.a, self.b, p)
        } else {
            self.max - width * beta_lower_quantile(self.b, self.a, 1.0 - p)
        }
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        // Moments of the beta share up to the cut, then of min + width times it.
        let (y, rest) = self.place(max);
        let (a, b, width) = (self.a, self.b, self.max - self.min);
        let zeroth = beta_tails(a, b, y, rest).0;
        let first = a / (a + b) * beta_tails(a + 1.0, b, y, rest).0;
        match order {
            0 => zeroth,
            1 => self.min * zeroth + width * first,
            _ => {
                let whole = a * (a + 1.0) / ((a + b) * (a + b + 1.0));
                let second = whole * beta_tails(a + 2.0, b, y, rest).0;
                self.min * (self.min * zeroth + 2.0 * width * first) + width * width * second
            }
        }
    }
    fn figures(&self) -> Vec<(&'static str, f64)> {
        vec![("min", self.min), ("mode", self.mode), ("max", self.max)]
    }
    fn scaled(&self, factor: f64) -> Distribution {
        Distribution::Pert(Pert {
            min: self.min * factor,
            mode: self.mode * factor,
            max: self.max * factor,
            ..*self
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::family::Parameter;
    use crate::distribution::judge;

    #[test]
    fn sampled_durations_follow_their_distribution() {
        judge::family("pert", &Distribution::pert(0.5, 1.5, 8.0));
        judge::family("pert, late mode", &Distribution::pert(0.0, 7.0, 8.0));
        judge::family("pert, mode in the middle", &Distribution::pert(0.0, 1.0, 2.0));
        judge::family("pert, mode at the minimum", &Distribution::pert(1.0, 1.0, 2.0));
        judge::family("pert, mode at the maximum", &Distribution::pert(1.0, 2.0, 2.0));
        judge::family(
            "pert, mode just above the minimum",
            &Distribution::pert(1.0, 1.000_000_1, 2.0),
        );
    }

    #[test]
    fn symmetric_and_one_sided_distributions_match_their_polynomials()
    -> Result<(), DistributionError> {
        // Beta(3, 3) on (0, 1): 10 y^3 - 15 y^4 + 6 y^5. Beta(1, 5): 1 - (1 - y)^5.
        let distribution = Distribution::pert(0.0, 0.5, 1.0)?;
        assert!((distribution.cdf(0.2) - 0.057_92).abs() < 1e-14);
        assert!((distribution.quantile(0.5) - 0.5).abs() < 1e-14);
        let distribution = Distribution::pert(0.0, 0.0, 1.0)?;
        assert!((distribution.survival(0.9) / 1e-5 - 1.0).abs() < 1e-13);
        assert!((distribution.quantile(0.5) - (1.0 - 0.5_f64.powf(0.2))).abs() < 1e-14);
        Ok(())
    }

    #[test]
    fn a_mode_outside_the_bounds_is_refused() {
        assert!(matches!(
            Distribution::pert(1.0, 3.0, 2.0),
            Err(DistributionError::OutOfOrder { .. })
        ));
        assert!(matches!(
            Distribution::pert(1.0, f64::NAN, 2.0),
            Err(DistributionError::NotAllowed { wanted: Parameter::Duration, .. })
        ));
        assert_eq!(Distribution::pert(2.0, 2.0, 2.0), Ok(Distribution::constant_of(2.0)));
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(
            &Distribution::pert(0.5, 1.5, 8.0),
            [0x4015_3ba9_0245_ea50, 0x3fe8_bd1f_8c2d_f578],
        );
        judge::pinned(
            &Distribution::pert(1.0, 1.0, 2.0),
            [0x3ff7_f979_734a_db32, 0x3ff0_3799_c08f_dc1d],
        );
    }
}
