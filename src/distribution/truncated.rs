//! A distribution given that it does not exceed a maximum.

use super::draws::open_uniform;
use super::family::Parameter;
use super::{Distribution, DistributionError, Properties, Rng};

/// The distribution of X given X <= max: values above are drawn again, not cut to the maximum.
///
/// Density: that of X over P(X <= max), up to max. Parameters: the distribution and the maximum,
/// hours. Drawn again while above the maximum; where fewer than half of the draws would pass, by
/// inversion instead, so that a draw ends at once however little is left.
///
/// Truncated constants, uniforms and empirical distributions are distributions of their own family
/// and become those.
#[derive(Debug, Clone, PartialEq)]
pub struct Truncated {
    distribution: Box<Distribution>,
    max: f64,
    /// P(X <= max).
    below: f64,
}

/// The smallest share of a distribution that a maximum may leave.
const LEAST_SHARE: f64 = 1e-6;

impl Distribution {
    /// `distribution` given that it is at most `max` hours: values above are drawn again, not cut
    /// to `max`.
    ///
    /// # Errors
    /// `max` is no duration, or the distribution is at most `max` with a probability below one in a
    /// million.
    pub fn truncated(
        distribution: Distribution,
        max: f64,
    ) -> Result<Distribution, DistributionError> {
        Parameter::Duration.check("maximum", max)?;
        let below = distribution.cdf(max);
        if below < LEAST_SHARE {
            let least = distribution.quantile(LEAST_SHARE);
            return Err(DistributionError::AlmostNothingLeft { max, probability: below, least });
        }
        match distribution {
            Distribution::Constant(_) => Ok(distribution),
            Distribution::Uniform(uniform) => Ok(uniform.up_to(max)),
            Distribution::Empirical(empirical) => empirical.up_to(max),
            Distribution::Truncated(Truncated { distribution, max: old, .. }) => {
                Distribution::truncated(*distribution, max.min(old))
            }
            Distribution::Uncertain(uncertain) => uncertain.up_to(max),
            distribution => Ok(Distribution::Truncated(Truncated {
                distribution: Box::new(distribution),
                max,
                below,
            })),
        }
    }
}

impl Truncated {
    /// The distribution that the maximum cuts.
    pub fn whole(&self) -> &Distribution {
        &self.distribution
    }

    /// The maximum, hours.
    pub fn max(&self) -> f64 {
        self.max
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        if self.below < 0.5 {
            return self.quantile(open_uniform(rng));
        }
        loop {
            let x = self.distribution.sample(rng);
            if x <= self.max {
                return x;
            }
        }
    }

    fn moment(&self, order: u8, max: f64) -> f64 {
        self.distribution.properties().partial_moment(order, max.min(self.max)) / self.below
    }
}

impl Properties for Truncated {
    fn mean(&self) -> f64 {
        self.moment(1, self.max)
    }
    fn variance(&self) -> f64 {
        let mean = self.mean();
        (self.moment(2, self.max) - mean * mean).max(0.0)
    }
    fn cdf(&self, x: f64) -> f64 {
        if x >= self.max { 1.0 } else { (self.distribution.cdf(x) / self.below).min(1.0) }
    }
    fn survival(&self, x: f64) -> f64 {
        if x >= self.max {
            return 0.0;
        }
        // The difference of whichever tail is the smaller there.
        let beyond = self.distribution.survival(x);
        let left = if beyond < 0.5 {
            beyond - self.distribution.survival(self.max)
        } else {
            self.below - self.distribution.cdf(x)
        };
        (left / self.below).clamp(0.0, 1.0)
    }
    fn quantile(&self, p: f64) -> f64 {
        let p = if p < 1.0 { p * self.below } else { 1.0 };
        self.distribution.quantile(p).min(self.max)
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        self.moment(order, max)
    }
    fn scaled(&self, factor: f64) -> Distribution {
        Distribution::Truncated(Truncated {
            distribution: Box::new(self.distribution.scaled(factor)),
            max: self.max * factor,
            below: self.below,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    fn whole_distributions() -> Result<Vec<(&'static str, Distribution)>, DistributionError> {
        let slow = Distribution::triangular(0.0, 10.0, 40.0)?;
        let mixture =
            Distribution::mixture(vec![(0.8, Distribution::exponential(1.0)?), (0.2, slow)])?;
        Ok(vec![
            ("exponential", Distribution::exponential(3.0)?),
            ("lognormal", Distribution::lognormal(1.0, 0.9)?),
            ("weibull", Distribution::weibull(4.0, 1.7)?),
            ("gamma", Distribution::gamma(5.0, 2.5)?),
            ("inverse Gaussian", Distribution::inverse_gaussian(5.0, 4.0)?),
            ("log-logistic", Distribution::loglogistic(3.0, 2.2)?),
            ("triangular", Distribution::triangular(0.0, 2.0, 9.0)?),
            ("pert", Distribution::pert(0.0, 2.0, 9.0)?),
            ("mixture", mixture),
        ])
    }

    #[test]
    fn sampled_durations_follow_the_conditional_distribution_mild_or_severe()
    -> Result<(), DistributionError> {
        for (name, distribution) in whole_distributions()? {
            for share in [0.9, 0.6] {
                let max = distribution.quantile(share);
                judge::family(
                    &format!("{name} to {share}"),
                    &Distribution::truncated(distribution.clone(), max),
                );
            }
        }
        let severe = Distribution::lognormal(1.0, 0.9)?;
        let max = severe.quantile(1e-4);
        judge::family("lognormal to 1e-4", &Distribution::truncated(severe, max));
        Ok(())
    }

    #[test]
    fn probabilities_are_those_of_the_whole_distribution_over_what_is_left()
    -> Result<(), DistributionError> {
        for (name, distribution) in whole_distributions()? {
            let max = distribution.quantile(0.3);
            let cut = Distribution::truncated(distribution.clone(), max)?;
            for p in [1e-9, 0.01, 0.4, 0.99] {
                let x = cut.quantile(p);
                assert!((distribution.cdf(x) / 0.3 - p).abs() < 1e-12, "{name} at {p}");
                assert!((cut.cdf(x) / p - 1.0).abs() < 1e-11, "{name} at {p}");
                assert!((cut.survival(x) + cut.cdf(x) - 1.0).abs() < 1e-12, "{name} at {p}");
            }
            assert_eq!((cut.cdf(max), cut.survival(max), cut.quantile(1.0)), (1.0, 0.0, max));
        }
        Ok(())
    }

    #[test]
    fn moments_agree_with_the_integral_of_the_quantile() -> Result<(), DistributionError> {
        for (name, distribution) in whole_distributions()? {
            let max = distribution.quantile(0.7);
            let cut = Distribution::truncated(distribution, max)?;
            let cells = 4000;
            let points = (0..cells).map(|k| cut.quantile((f64::from(k) + 0.5) / f64::from(cells)));
            let (mut first, mut second) = (0.0, 0.0);
            for x in points {
                first += x / f64::from(cells);
                second += x * x / f64::from(cells);
            }
            assert!((cut.mean() / first - 1.0).abs() < 1e-4, "{name}: {} {first}", cut.mean());
            let square = cut.variance() + cut.mean() * cut.mean();
            assert!((square / second - 1.0).abs() < 1e-4, "{name}");
        }
        Ok(())
    }

    #[test]
    fn severe_truncation_draws_at_once_and_within_the_maximum() -> Result<(), DistributionError> {
        for (name, distribution) in whole_distributions()? {
            let max = distribution.quantile(2e-6);
            let cut = Distribution::truncated(distribution, max)?;
            let rng = &mut judge::generator(3);
            for _ in 0..1000 {
                let x = cut.sample(rng);
                assert!((0.0..=max).contains(&x), "{name}: {x}");
            }
        }
        Ok(())
    }

    #[test]
    fn a_maximum_that_leaves_nothing_is_refused_with_the_least_that_would_do() {
        let error = Distribution::lognormal_range(1.0, 9.0)
            .and_then(|distribution| Distribution::truncated(distribution, 0.01));
        assert!(
            matches!(error, Err(DistributionError::AlmostNothingLeft { least, .. }) if least > 0.01)
        );
        assert!(matches!(
            Distribution::truncated(Distribution::constant_of(2.0), 1.0),
            Err(DistributionError::AlmostNothingLeft { .. })
        ));
        assert!(matches!(
            Distribution::truncated(Distribution::constant_of(2.0), f64::NAN),
            Err(DistributionError::NotAllowed { wanted: Parameter::Duration, .. })
        ));
    }

    #[test]
    fn distributions_that_stay_in_their_family_become_it() -> Result<(), DistributionError> {
        assert_eq!(
            Distribution::truncated(Distribution::uniform(1.0, 5.0)?, 3.0)?,
            Distribution::uniform(1.0, 3.0)?
        );
        assert_eq!(
            Distribution::truncated(Distribution::uniform(1.0, 5.0)?, 9.0)?,
            Distribution::uniform(1.0, 5.0)?
        );
        let list = Distribution::empirical(vec![1.0, 2.0, 7.0])?;
        assert_eq!(
            Distribution::truncated(list.clone(), 2.0)?,
            Distribution::empirical(vec![1.0, 2.0])?
        );
        assert_eq!(Distribution::truncated(list, 1.5)?, Distribution::constant_of(1.0));
        assert_eq!(
            Distribution::truncated(Distribution::constant_of(2.0), 2.0)?,
            Distribution::constant_of(2.0)
        );
        let twice = Distribution::truncated(
            Distribution::truncated(Distribution::exponential(3.0)?, 4.0)?,
            9.0,
        )?;
        assert_eq!(twice, Distribution::truncated(Distribution::exponential(3.0)?, 4.0)?);
        Ok(())
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(
            &Distribution::exponential(3.0)
                .and_then(|distribution| Distribution::truncated(distribution, 4.0)),
            [0x400a_52b3_b844_212c, 0x400b_1e91_f08f_4578],
        );
        judge::pinned(
            &Distribution::gamma(5.0, 2.5)
                .and_then(|distribution| Distribution::truncated(distribution, 2.0)),
            [0x3ffc_9dc8_5b0a_d998, 0x3ffb_673b_1d10_9854],
        );
    }
}
