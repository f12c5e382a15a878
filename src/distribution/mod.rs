//! Distributions of durations: how long a repair, a detection or a time between faults may last.
//!
//! A [`Distribution`] is made by a named constructor, checked there once, and never fails
//! afterwards. It is sampled in trials, and asked for its mean, its quantiles and its text
//! everywhere else. The set of families is closed; each has a file that gives its meaning, density,
//! parameters and sources. Durations are `f64` hours, never negative.
//!
//! Beside the distributions stand what they are drawn from ([`draws`]), the counts of a workload
//! ([`counts`]), and the sum of many equal draws ([`sums`]).
//!
//! What never enters: files, outages, strategies, calendars, and the mathematics library of the
//! machine. All that a draw may touch is plain arithmetic or `libm`, so that a seed gives the same
//! bits everywhere. A change of what a seed gives is a change of value and breaks a pinned test.

mod bounded;
pub mod counts;
pub mod draws;
mod empirical;
mod error;
mod exponential;
pub mod family;
mod gamma;
mod inverse_gaussian;
#[cfg(test)]
pub(crate) mod judge;
mod loglogistic;
mod lognormal;
mod mixture;
mod parameter;
mod pert;
pub mod sums;
mod truncated;
mod uncertain;
mod weibull;

pub use bounded::{Constant, Triangular, Uniform};
pub use empirical::Empirical;
pub use error::DistributionError;
pub use exponential::Exponential;
pub use family::ParametricFamily;
pub use gamma::Gamma;
pub use inverse_gaussian::InverseGaussian;
pub use loglogistic::Loglogistic;
pub use lognormal::Lognormal;
pub use mixture::Mixture;
pub use pert::Pert;
pub use truncated::Truncated;
pub use uncertain::{Origin, Uncertain};
pub use weibull::Weibull;

use crate::units::round_duration;
use family::Parameter;

/// The generator that every draw comes from.
pub type Rng = rand::rngs::Xoshiro256PlusPlus;

/// Makes the enum, what forwards to its members, and the list of families: the one place in which
/// all distributions are named.
///
/// `told by figures` are those that declare a [`ParametricFamily`]; `made of others` have a form of their own.
macro_rules! distributions {
    (
        told by figures { $($(#[$doc:meta])* $name:ident,)* }
        made of others { $($(#[$other_doc:meta])* $other:ident,)* }
    ) => {
        /// The distribution of a duration of zero or more hours.
        ///
        /// ```
        /// use outlast::Distribution;
        ///
        /// let repair = Distribution::lognormal_median_p95(4.0, 14.0)?;
        /// assert!((repair.quantile(0.95) - 14.0).abs() < 1e-9);
        /// assert_eq!(repair.to_toml(), r#"{ lognormal = { median = "4h", p95 = "14h" } }"#);
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        #[derive(Debug, Clone, PartialEq)]
        pub enum Distribution {
            $($(#[$doc])* $name($name),)*
            $($(#[$other_doc])* $other($other),)*
        }

        /// The families whose distributions are told by figures.
        pub static FAMILIES: &[ParametricFamily] = &[$($name::FAMILY),*];

        impl Distribution {
            fn properties(&self) -> &dyn Properties {
                match self {
                    $(Distribution::$name(distribution) => distribution,)*
                    $(Distribution::$other(distribution) => distribution,)*
                }
            }

            /// The family, if the distribution is told by figures.
            pub fn family(&self) -> Option<&'static ParametricFamily> {
                match self {
                    $(Distribution::$name(_) => Some(const { &$name::FAMILY }),)*
                    $(Distribution::$other(_) => None,)*
                }
            }

            /// One duration, hours. Takes as many words from the generator as it likes.
            #[inline]
            pub fn sample(&self, rng: &mut Rng) -> f64 {
                match self {
                    $(Distribution::$name(distribution) => distribution.sample(rng),)*
                    $(Distribution::$other(distribution) => distribution.sample(rng),)*
                }
            }
        }
    };
}

distributions! {
    told by figures {
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
        /// Evenly between two bounds.
        Uniform,
        /// Between two bounds, with straight slopes to a mode.
        Triangular,
        /// Between two bounds, with a smooth hill at a mode.
        Pert,
    }
    made of others {
        /// Always the same duration.
        Constant,
        /// One of a list of observed durations.
        Empirical,
        /// One of several distributions, by weight.
        Mixture,
        /// Another distribution, given that it does not exceed a maximum.
        Truncated,
        /// One of several distributions, the same throughout a trial.
        Uncertain,
    }
}

/// What every distribution answers. `Distribution` forwards to it; only sampling is dispatched by
/// hand, for speed.
trait Properties {
    fn mean(&self) -> f64;
    fn variance(&self) -> f64;
    fn cdf(&self, x: f64) -> f64;
    fn survival(&self, x: f64) -> f64;
    fn quantile(&self, p: f64) -> f64;
    /// The integral of x^order over the distribution up to and including `max`; order 0, 1 or 2.
    fn partial_moment(&self, order: u8, max: f64) -> f64;
    /// The names and values of one set of parameters of its [`ParametricFamily`], if it has one.
    fn figures(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }
    fn scaled(&self, factor: f64) -> Distribution;
}

/// x to the power 0, 1 or 2.
fn power(x: f64, order: u8) -> f64 {
    match order {
        0 => 1.0,
        1 => x,
        _ => x * x,
    }
}

impl Distribution {
    /// The distribution as one of several, if it is.
    #[inline]
    pub fn as_uncertain(&self) -> Option<&Uncertain> {
        match self {
            Distribution::Uncertain(distribution) => Some(distribution),
            _ => None,
        }
    }

    /// The mean, hours; infinite for a log-logistic distribution of shape 1 or less.
    pub fn mean(&self) -> f64 {
        self.properties().mean()
    }

    /// The variance, hours squared; infinite where it is too large for a number.
    pub fn variance(&self) -> f64 {
        self.properties().variance()
    }

    /// The smallest x with P(X <= x) >= p, hours. At 0 and below the lower end, at 1 and above the
    /// upper end (which may be infinite), NaN for NaN.
    pub fn quantile(&self, p: f64) -> f64 {
        if p.is_nan() { f64::NAN } else { self.properties().quantile(p.clamp(0.0, 1.0)) }
    }

    /// P(X <= x).
    pub fn cdf(&self, x: f64) -> f64 {
        self.properties().cdf(x)
    }

    /// P(X > x), accurate also where it is far too small for `1 - cdf`.
    pub fn survival(&self, x: f64) -> f64 {
        self.properties().survival(x)
    }

    /// The mean, hours, when the distribution is exactly exponential (as a Weibull or gamma
    /// distribution of shape 1 is); `None` for every other distribution, truncated exponentials and
    /// mixtures among them.
    pub fn is_exponential(&self) -> Option<f64> {
        match self {
            Distribution::Exponential(distribution) => Some(distribution.mean()),
            Distribution::Weibull(distribution) if distribution.shape() == 1.0 => {
                Some(distribution.scale())
            }
            Distribution::Gamma(distribution) if distribution.shape() == 1.0 => {
                Some(distribution.mean())
            }
            _ => None,
        }
    }

    /// The duration, hours, when the distribution has only one.
    pub fn constant(&self) -> Option<f64> {
        match self {
            Distribution::Constant(distribution) => Some(distribution.mean()),
            _ => None,
        }
    }

    /// Whether every duration is 0.
    pub fn is_always_zero(&self) -> bool {
        self.constant() == Some(0.0)
    }

    /// The parameters that the distribution was given by, each with its name in the family; none
    /// where it has no family.
    pub fn figures(&self) -> Vec<(&'static str, f64)> {
        self.properties().figures()
    }

    /// The distribution of `factor` times the duration: the same family, exactly. The factor is
    /// finite and zero or more; anything else, a mistake of the caller, counts as 1.
    pub fn scaled(&self, factor: f64) -> Distribution {
        debug_assert!(Parameter::Duration.allows(factor), "no distribution scales by {factor}");
        if factor == 0.0 {
            Distribution::constant_of(0.0)
        } else if Parameter::PositiveNumber.allows(factor) {
            self.properties().scaled(factor)
        } else {
            self.clone()
        }
    }

    /// The same family with durations of four digits, for people to read and to type. What is not made of
    /// a few durations stays as it is.
    pub fn rounded(&self) -> Distribution {
        if let Some(hours) = self.constant() {
            return Distribution::constant_of(round_duration(hours));
        }
        let range = if let Distribution::Lognormal(it) = self { it.range() } else { None };
        let rounded = if let Some((p5, p95)) = range {
            Distribution::lognormal_range(round_duration(p5), round_duration(p95)).ok()
        } else {
            self.family().and_then(|family| family.rounded(&self.figures()))
        };
        rounded.unwrap_or_else(|| self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_durations_are_those_that_people_would_type() -> Result<(), DistributionError> {
        let law = |mean| Distribution::exponential(mean);
        assert_eq!(law(14_893.7)?.rounded().to_toml(), "{ exponential = { mean = \"620.6d\" } }");
        assert_eq!(law(2.0 / 3.0)?.rounded().to_toml(), "{ exponential = { mean = \"40m\" } }");
        let range = Distribution::lognormal_range(0.759 * 24.0, 15.939 * 24.0)?;
        assert_eq!(range.rounded().to_toml(), "\"18.22h to 15.94d\"");
        let weibull = Distribution::weibull(0.812_345_6, 0.75)?.rounded();
        assert_eq!(weibull.to_toml(), "{ weibull = { scale = \"48.74m\", shape = 0.75 } }");
        assert_eq!(Distribution::constant_of(100.123_456).rounded().to_toml(), "\"4.172d\"");
        Ok(())
    }

    /// One of every family, and each way to state a lognormal.
    fn one_of_each() -> Result<Vec<(Distribution, &'static str)>, DistributionError> {
        let mixture = vec![
            (9.0, Distribution::lognormal_range(1.0, 9.0)?),
            (1.0, Distribution::constant_of(48.0)),
        ];
        Ok(vec![
            (Distribution::constant_of(8.0), r#""8h""#),
            (Distribution::exponential(7200.0)?, r#"{ exponential = { mean = "300d" } }"#),
            (Distribution::lognormal(1.5, 0.25)?, "{ lognormal = { mu = 1.5, sigma = 0.25 } }"),
            (
                Distribution::lognormal_median_p95(4.0, 14.0)?,
                r#"{ lognormal = { median = "4h", p95 = "14h" } }"#,
            ),
            (
                Distribution::lognormal_median_sigma(4.0, 1.0)?,
                r#"{ lognormal = { median = "4h", sigma = 1.0 } }"#,
            ),
            (
                Distribution::lognormal_mean_cv(6.0, 1.5)?,
                r#"{ lognormal = { mean = "6h", cv = 1.5 } }"#,
            ),
            (Distribution::lognormal_range(1.0, 9.0)?, r#""1h to 9h""#),
            (Distribution::weibull(720.0, 0.8)?, r#"{ weibull = { scale = "30d", shape = 0.8 } }"#),
            (Distribution::gamma(6.0, 3.0)?, r#"{ gamma = { mean = "6h", shape = 3.0 } }"#),
            (
                Distribution::inverse_gaussian(6.0, 3.0)?,
                r#"{ inverse_gaussian = { mean = "6h", lambda = "3h" } }"#,
            ),
            (
                Distribution::loglogistic(6.0, 3.0)?,
                r#"{ loglogistic = { scale = "6h", shape = 3.0 } }"#,
            ),
            (
                Distribution::uniform(10.0 / 3600.0, 1.0)?,
                r#"{ uniform = { min = "10s", max = "1h" } }"#,
            ),
            (
                Distribution::triangular(0.0, 0.5, 2.0)?,
                r#"{ triangular = { min = "0s", mode = "30m", max = "2h" } }"#,
            ),
            (
                Distribution::pert(0.5, 1.0, 2.0)?,
                r#"{ pert = { min = "30m", mode = "1h", max = "2h" } }"#,
            ),
            (Distribution::empirical(vec![2.0, 1.0])?, r#"{ empirical = ["1h", "2h"] }"#),
            (
                Distribution::mixture(mixture)?,
                r#"{ mixture = [{ weight = 9.0, of = "1h to 9h" }, { weight = 1.0, of = "2d" }] }"#,
            ),
            (
                Distribution::truncated(Distribution::weibull(720.0, 2.0)?, 960.0)?,
                r#"{ weibull = { scale = "30d", shape = 2.0 }, max = "40d" }"#,
            ),
        ])
    }

    #[test]
    fn every_distribution_is_written_as_the_scenario_would_state_it()
    -> Result<(), DistributionError> {
        for (distribution, text) in one_of_each()? {
            assert_eq!(distribution.to_toml(), text);
        }
        let cut =
            Distribution::truncated(Distribution::lognormal_range(1.0, std::f64::consts::E)?, 2.0)?;
        let text = cut.to_toml();
        assert!(text.starts_with("{ lognormal = { mu = 0.5, sigma = 0.30397"), "{text}");
        Ok(())
    }

    #[test]
    fn a_scaled_distribution_is_the_distribution_of_the_scaled_duration()
    -> Result<(), DistributionError> {
        for (distribution, text) in one_of_each()? {
            let factor = 0.75;
            let scaled = distribution.scaled(factor);
            let near = |a: f64, b: f64, what: &str| {
                assert!((a - b).abs() <= 1e-13 * b.abs(), "{text}: {what} {a}, should be {b}");
            };
            near(scaled.mean(), factor * distribution.mean(), "mean");
            near(scaled.variance(), factor * factor * distribution.variance(), "variance");
            for p in [1e-9, 0.2, 0.5, 0.7, 0.99] {
                near(scaled.quantile(p), factor * distribution.quantile(p), "quantile");
            }
            let (rng, other) = (&mut judge::generator(3), &mut judge::generator(3));
            for _ in 0..100 {
                near(scaled.sample(rng), factor * distribution.sample(other), "draw");
            }
            assert_eq!(
                std::mem::discriminant(&distribution),
                std::mem::discriminant(&scaled),
                "{text}"
            );
            assert!(distribution.scaled(0.0).is_always_zero());
        }
        assert_eq!(
            Distribution::lognormal_range(1.0, 9.0)?.scaled(0.5).to_toml(),
            r#""30m to 4.5h""#
        );
        Ok(())
    }

    #[test]
    fn only_distributions_without_memory_call_themselves_exponential()
    -> Result<(), DistributionError> {
        assert_eq!(Distribution::exponential(3.0)?.is_exponential(), Some(3.0));
        assert_eq!(Distribution::weibull(3.0, 1.0)?.is_exponential(), Some(3.0));
        assert_eq!(Distribution::gamma(3.0, 1.0)?.is_exponential(), Some(3.0));
        assert_eq!(Distribution::weibull(3.0, 1.1)?.is_exponential(), None);
        assert_eq!(Distribution::constant_of(0.0).is_exponential(), None);
        assert_eq!(
            Distribution::truncated(Distribution::exponential(3.0)?, 9.0)?.is_exponential(),
            None
        );
        let two =
            vec![(1.0, Distribution::exponential(3.0)?), (1.0, Distribution::exponential(3.0)?)];
        assert_eq!(Distribution::mixture(two)?.is_exponential(), None);
        Ok(())
    }

    #[test]
    fn constants_know_themselves_and_the_zero_among_them() -> Result<(), DistributionError> {
        let distribution = Distribution::constant_of(2.0);
        assert_eq!(
            (distribution.constant(), distribution.mean(), distribution.variance()),
            (Some(2.0), 2.0, 0.0)
        );
        assert_eq!(
            (distribution.cdf(1.9), distribution.cdf(2.0), distribution.survival(2.0)),
            (0.0, 1.0, 0.0)
        );
        assert!(!distribution.is_always_zero() && Distribution::constant_of(0.0).is_always_zero());
        for distribution in [
            Distribution::exponential(0.0)?,
            Distribution::weibull(0.0, 2.0)?,
            Distribution::gamma(0.0, 2.0)?,
            Distribution::lognormal_mean_cv(0.0, 1.0)?,
            Distribution::lognormal_median_sigma(0.0, 1.0)?,
            Distribution::uniform(0.0, 0.0)?,
        ] {
            assert!(distribution.is_always_zero());
        }
        assert_eq!(Distribution::uniform(0.0, 1.0)?.constant(), None);
        Ok(())
    }

    #[test]
    fn messages_quote_the_figure_and_say_what_would_be_right() {
        let message = |distribution: Result<Distribution, DistributionError>| {
            distribution.err().map(|error| error.to_string())
        };
        assert_eq!(
            message(Distribution::weibull(1.0, -2.0)).as_deref(),
            Some("the shape is -2; it must be a number above 0")
        );
        assert_eq!(
            message(Distribution::exponential(f64::NAN)).as_deref(),
            Some("the mean is NaN hours; it must be a duration of zero or more")
        );
        let touching = message(Distribution::lognormal_range(0.0, 1.0));
        assert!(touching.is_some_and(|text| text.contains("or a uniform distribution")));
    }
}
