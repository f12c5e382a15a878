//! Distributions between two bounds that are drawn straight from a uniform: constant, uniform,
//! triangular.
//!
//! The smooth one, beta-PERT, has a file of its own.

use super::draws::uniform;
use super::family::{Parameter, Parameters, ParametricFamily, THREE_POINTS};
use super::{Distribution, DistributionError, Properties, Rng, power};

/// Always the same duration.
///
/// Parameter: the duration, hours. What any family becomes when its spread is zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constant {
    hours: f64,
}

impl Distribution {
    /// Always `hours`. A negative number or NaN, a mistake of the caller, counts as 0.
    pub fn constant_of(hours: f64) -> Distribution {
        debug_assert!(Parameter::Duration.allows(hours), "{hours} hours is no duration");
        // `max` also turns NaN, and the minus of -0, into 0.
        Distribution::Constant(Constant { hours: hours.max(0.0) + 0.0 })
    }
}

impl Constant {
    /// The duration, hours.
    pub fn hours(&self) -> f64 {
        self.hours
    }

    #[inline]
    pub(super) fn sample(&self, _: &mut Rng) -> f64 {
        self.hours
    }
}

impl Properties for Constant {
    fn mean(&self) -> f64 {
        self.hours
    }
    fn variance(&self) -> f64 {
        0.0
    }
    fn cdf(&self, x: f64) -> f64 {
        if x >= self.hours { 1.0 } else { 0.0 }
    }
    fn survival(&self, x: f64) -> f64 {
        1.0 - self.cdf(x)
    }
    fn quantile(&self, _: f64) -> f64 {
        self.hours
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        self.cdf(max) * power(self.hours, order)
    }
    fn scaled(&self, factor: f64) -> Distribution {
        Distribution::constant_of(self.hours * factor)
    }
}

/// Evenly between two durations.
///
/// Density: 1 / (max - min) for min <= x <= max. Parameters: both bounds, hours.
/// Drawn by inversion: min + (max - min) U.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniform {
    min: f64,
    max: f64,
}

impl Distribution {
    /// Uniform between two durations, hours; equal ones are a constant.
    ///
    /// # Errors
    /// One is no duration, or the maximum is below the minimum.
    pub fn uniform(min: f64, max: f64) -> Result<Distribution, DistributionError> {
        check_order(&[("minimum", min), ("maximum", max)])?;
        if min == max {
            return Ok(Distribution::constant_of(min));
        }
        Ok(Distribution::Uniform(Uniform { min, max }))
    }
}

impl Uniform {
    /// The family.
    pub(super) const FAMILY: ParametricFamily = ParametricFamily {
        name: "uniform",
        parameters: &[Parameters::ascending(
            &[("min", Parameter::Duration), ("max", Parameter::Duration)],
            |p| Distribution::uniform(p[0], p[1]),
        )],
        fitted: false,
    };

    /// The distribution given that it is at most `max`, which lies above the minimum.
    pub(super) fn up_to(&self, max: f64) -> Distribution {
        Distribution::Uniform(Uniform { min: self.min, max: max.min(self.max) })
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.min + (self.max - self.min) * uniform(rng)
    }
}

impl Properties for Uniform {
    fn mean(&self) -> f64 {
        0.5 * (self.min + self.max)
    }
    fn variance(&self) -> f64 {
        let width = self.max - self.min;
        width * width / 12.0
    }
    fn cdf(&self, x: f64) -> f64 {
        ((x - self.min) / (self.max - self.min)).clamp(0.0, 1.0)
    }
    fn survival(&self, x: f64) -> f64 {
        ((self.max - x) / (self.max - self.min)).clamp(0.0, 1.0)
    }
    fn quantile(&self, p: f64) -> f64 {
        between(self.min, self.max, p)
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        let density = 1.0 / (self.max - self.min);
        linear_moment(order, self.min, max.min(self.max), |_| density)
    }
    fn figures(&self) -> Vec<(&'static str, f64)> {
        vec![("min", self.min), ("max", self.max)]
    }
    fn scaled(&self, factor: f64) -> Distribution {
        Distribution::Uniform(Uniform { min: self.min * factor, max: self.max * factor })
    }
}

/// Between two durations, with straight slopes up to the mode and down from it.
///
/// Density: 2 (x - min) / ((max - min)(mode - min)) up to the mode,
/// 2 (max - x) / ((max - min)(max - mode)) above it. Parameters: hours. Drawn by inversion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triangular {
    min: f64,
    mode: f64,
    max: f64,
    /// P(X <= mode).
    rising: f64,
}

impl Distribution {
    /// Triangular between two durations with its peak at a third, hours.
    ///
    /// # Errors
    /// One is no duration, or they are not in the order minimum, mode, maximum.
    pub fn triangular(min: f64, mode: f64, max: f64) -> Result<Distribution, DistributionError> {
        check_order(&[("minimum", min), ("mode", mode), ("maximum", max)])?;
        if min == max {
            return Ok(Distribution::constant_of(min));
        }
        Ok(Distribution::Triangular(Triangular {
            min,
            mode,
            max,
            rising: (mode - min) / (max - min),
        }))
    }
}

impl Triangular {
    /// The family.
    pub(super) const FAMILY: ParametricFamily = ParametricFamily {
        name: "triangular",
        parameters: &[Parameters::ascending(THREE_POINTS, |p| {
            Distribution::triangular(p[0], p[1], p[2])
        })],
        fitted: false,
    };

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.quantile(uniform(rng))
    }

    fn density(&self, x: f64) -> f64 {
        let (rise, fall) = (self.mode - self.min, self.max - self.mode);
        let height = if x <= self.mode && rise > 0.0 {
            (x - self.min) / rise
        } else {
            (self.max - x) / fall
        };
        2.0 * height / (self.max - self.min)
    }
}

impl Properties for Triangular {
    fn mean(&self) -> f64 {
        (self.min + self.mode + self.max) / 3.0
    }
    fn variance(&self) -> f64 {
        let (rise, fall) = (self.mode - self.min, self.max - self.mode);
        (rise * rise + fall * fall + rise * fall) / 18.0
    }
    fn cdf(&self, x: f64) -> f64 {
        if x > self.mode {
            1.0 - self.survival(x)
        } else if x > self.min {
            let share = (x - self.min) / (self.mode - self.min);
            self.rising * share * share
        } else {
            0.0
        }
    }
    fn survival(&self, x: f64) -> f64 {
        if x <= self.mode {
            1.0 - self.cdf(x)
        } else if x < self.max {
            let share = (self.max - x) / (self.max - self.mode);
            (1.0 - self.rising) * share * share
        } else {
            0.0
        }
    }
    #[inline]
    fn quantile(&self, p: f64) -> f64 {
        let width = self.max - self.min;
        if p < self.rising {
            self.min + (p * width * (self.mode - self.min)).sqrt()
        } else {
            self.max - ((1.0 - p) * width * (self.max - self.mode)).sqrt()
        }
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        linear_moment(order, self.min, max.min(self.mode), |x| self.density(x))
            + linear_moment(order, self.mode, max.min(self.max), |x| self.density(x))
    }
    fn figures(&self) -> Vec<(&'static str, f64)> {
        vec![("min", self.min), ("mode", self.mode), ("max", self.max)]
    }
    fn scaled(&self, factor: f64) -> Distribution {
        Distribution::Triangular(Triangular {
            min: self.min * factor,
            mode: self.mode * factor,
            max: self.max * factor,
            rising: self.rising,
        })
    }
}

/// A point between two others, counted from the nearer end so that both ends are exact.
pub(super) fn between(min: f64, max: f64, share: f64) -> f64 {
    if share <= 0.5 { min + (max - min) * share } else { max - (max - min) * (1.0 - share) }
}

/// Durations, each not below the one before; an order that fails names the first pair.
pub(super) fn check_order(figures: &[(&'static str, f64)]) -> Result<(), DistributionError> {
    for (name, value) in figures {
        Parameter::Duration.check(name, *value)?;
    }
    for pair in figures.windows(2) {
        let ((lower_name, lower), (upper_name, upper)) = (pair[0], pair[1]);
        if upper < lower {
            return Err(DistributionError::OutOfOrder { lower_name, lower, upper_name, upper });
        }
    }
    Ok(())
}

/// The integral of x^order times a linear density; two Gauss points are exact up to cubes.
fn linear_moment(order: u8, from: f64, to: f64, density: impl Fn(f64) -> f64) -> f64 {
    if to <= from {
        return 0.0;
    }
    let (centre, half) = (0.5 * (from + to), 0.5 * (to - from));
    let offset = half / 3.0_f64.sqrt();
    let at = |x: f64| density(x) * power(x, order);
    half * (at(centre - offset) + at(centre + offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    #[test]
    fn sampled_durations_follow_their_distribution() {
        judge::family("uniform", &Distribution::uniform(0.5, 3.0));
        judge::family("triangular", &Distribution::triangular(1.0, 1.5, 4.0));
        judge::family("triangular, mode at the minimum", &Distribution::triangular(1.0, 1.0, 4.0));
        judge::family("triangular, mode at the maximum", &Distribution::triangular(0.0, 4.0, 4.0));
    }

    #[test]
    fn triangular_moments_and_points_match_a_hand_calculation() -> Result<(), DistributionError> {
        let distribution = Distribution::triangular(0.0, 1.0, 4.0)?;
        assert!((distribution.mean() - 5.0 / 3.0).abs() < 1e-15);
        assert!((distribution.variance() - 13.0 / 18.0).abs() < 1e-15);
        assert!((distribution.cdf(1.0) - 0.25).abs() < 1e-15);
        assert!((distribution.survival(3.0) - 1.0 / 12.0).abs() < 1e-15);
        assert!((distribution.quantile(0.0625) - 0.5).abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn bounds_in_the_wrong_order_are_refused_and_named() {
        let error = Distribution::uniform(2.0, 1.0).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the maximum ({}) is below the minimum ({}); it must not be smaller",
                crate::units::show_duration(1.0),
                crate::units::show_duration(2.0)
            )
        );
        assert!(matches!(
            Distribution::triangular(1.0, 0.5, 2.0),
            Err(DistributionError::OutOfOrder { upper_name: "mode", .. })
        ));
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                Distribution::uniform(0.0, bad),
                Err(DistributionError::NotAllowed { wanted: Parameter::Duration, .. })
            ));
            assert!(matches!(
                Distribution::triangular(bad, 1.0, 2.0),
                Err(DistributionError::NotAllowed { wanted: Parameter::Duration, .. })
            ));
        }
    }

    #[test]
    fn equal_bounds_are_a_constant() {
        assert_eq!(Distribution::uniform(2.0, 2.0), Ok(Distribution::constant_of(2.0)));
        assert_eq!(Distribution::triangular(0.0, 0.0, 0.0), Ok(Distribution::constant_of(0.0)));
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(
            &Distribution::uniform(0.5, 3.0),
            [0x4004_3b74_49f4_ac4b, 0x4002_f12d_17f3_bcfe],
        );
        judge::pinned(
            &Distribution::triangular(1.0, 1.5, 4.0),
            [0x4006_7da0_a940_aa4e, 0x4004_fb77_f1cc_d631],
        );
    }
}
