//! A mixture of distributions.

use super::draws::uniform;
use super::family::Parameter;
use super::{Distribution, DistributionError, Properties, Rng};
use crate::numeric::first;

/// One of several distributions: mostly quick, sometimes very slow.
///
/// Density: the weighted sum of the densities. Parameters: weights, pure numbers of any sum, and
/// the distributions. Drawn by choosing a part, then from it. Parts of weight 0 are left out, and a
/// mixture with one part left, or of equal constants, is that part.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
struct Part {
    /// As given.
    weight: f64,
    /// Over the sum of the weights.
    share: f64,
    /// The shares up to and including this one; beyond 1 for the last.
    up_to: f64,
    distribution: Distribution,
}

impl Distribution {
    /// One of these distributions, with probability in proportion to its weight.
    ///
    /// # Errors
    /// A weight is negative, infinite or NaN, or no weight is above 0.
    pub fn mixture(parts: Vec<(f64, Distribution)>) -> Result<Distribution, DistributionError> {
        for (weight, _) in &parts {
            Parameter::NonNegativeNumber.check("weight", *weight)?;
        }
        let mut parts: Vec<(f64, Distribution)> =
            parts.into_iter().filter(|part| part.0 > 0.0).collect();
        let constant = parts.first().and_then(|part| part.1.constant());
        let alike = constant.is_some() && parts.iter().all(|part| part.1.constant() == constant);
        if alike {
            parts.truncate(1);
        }
        match parts.len() {
            0 => Err(DistributionError::NoWeight),
            1 => Ok(parts.swap_remove(0).1),
            // What is the same throughout a trial stays outermost.
            _ if parts.iter().any(|part| part.1.as_uncertain().is_some()) => {
                Distribution::uncertain_mixture(&parts)
            }
            _ => Ok(Distribution::Mixture(Mixture::new(parts))),
        }
    }
}

impl Mixture {
    /// The mixture of two distributions or more.
    pub(super) fn new(parts: Vec<(f64, Distribution)>) -> Mixture {
        // Against the largest first: the sum of finite weights may not be finite.
        let largest = parts.iter().fold(0.0_f64, |largest, part| largest.max(part.0));
        let sum: f64 = parts.iter().map(|part| part.0 / largest).sum();
        let last = parts.len() - 1;
        let mut up_to = 0.0;
        let part = |(place, (weight, distribution)): (usize, (f64, Distribution))| {
            let share = weight / largest / sum;
            up_to = if place == last { f64::INFINITY } else { up_to + share };
            Part { weight, share, up_to, distribution }
        };
        Mixture { parts: parts.into_iter().enumerate().map(part).collect() }
    }

    /// The weights as they were given, with their distributions.
    pub fn parts(&self) -> impl Iterator<Item = (f64, &Distribution)> {
        self.parts.iter().map(|part| (part.weight, &part.distribution))
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        let u = uniform(rng);
        let mut place = 0;
        while u >= self.parts[place].up_to {
            place += 1;
        }
        self.parts[place].distribution.sample(rng)
    }

    fn sum(&self, of: impl Fn(&Distribution) -> f64) -> f64 {
        self.parts.iter().map(|part| part.share * of(&part.distribution)).sum()
    }
}

impl Properties for Mixture {
    fn mean(&self) -> f64 {
        self.sum(Distribution::mean)
    }
    fn variance(&self) -> f64 {
        let mean = self.mean();
        if mean == f64::INFINITY {
            return mean;
        }
        self.sum(|distribution| {
            distribution.variance() + (distribution.mean() - mean) * (distribution.mean() - mean)
        })
    }
    fn cdf(&self, x: f64) -> f64 {
        // The shares add up to 1 only nearly: from the larger tail the error would show.
        let above = self.sum(|distribution| distribution.survival(x));
        if above < 0.5 { 1.0 - above } else { self.sum(|distribution| distribution.cdf(x)) }
    }
    fn survival(&self, x: f64) -> f64 {
        let below = self.sum(|distribution| distribution.cdf(x));
        if below < 0.5 { 1.0 - below } else { self.sum(|distribution| distribution.survival(x)) }
    }
    fn quantile(&self, p: f64) -> f64 {
        // Between the quantiles of the parts, by bisection on the bits: positive numbers are
        // ordered as their bits are, so 64 halvings reach neighbours at any scale, and jumps do no
        // harm.
        let points = || self.parts.iter().map(|part| part.distribution.quantile(p));
        let least = points().fold(f64::INFINITY, f64::min).max(0.0);
        let most = points().fold(0.0, f64::max);
        if p <= 0.0 {
            return least;
        }
        if p >= 1.0 {
            return most;
        }
        let reached = |x: f64| {
            if p <= 0.5 { self.cdf(x) >= p } else { self.survival(x) <= 1.0 - p }
        };
        let bits = |bits: u64| reached(f64::from_bits(bits));
        f64::from_bits(first(least.to_bits(), most.to_bits(), bits))
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        self.sum(|distribution| distribution.properties().partial_moment(order, max))
    }
    fn scaled(&self, factor: f64) -> Distribution {
        let scaled =
            |part: &Part| Part { distribution: part.distribution.scaled(factor), ..part.clone() };
        Distribution::Mixture(Mixture { parts: self.parts.iter().map(scaled).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    fn quick_or_slow() -> Result<Distribution, DistributionError> {
        Distribution::mixture(vec![
            (9.0, Distribution::lognormal_range(0.5, 2.0)?),
            (0.0, Distribution::constant_of(77.0)),
            (1.0, Distribution::pert(8.0, 24.0, 72.0)?),
        ])
    }

    #[test]
    fn sampled_durations_follow_their_distribution() {
        judge::family("mixture", &quick_or_slow());
    }

    #[test]
    fn weights_count_in_proportion() -> Result<(), DistributionError> {
        let distribution = Distribution::mixture(vec![
            (3.0, Distribution::constant_of(1.0)),
            (1.0, Distribution::constant_of(5.0)),
        ])?;
        assert_eq!((distribution.mean(), distribution.variance()), (2.0, 3.0));
        assert_eq!((distribution.cdf(1.0), distribution.survival(1.0)), (0.75, 0.25));
        // Jumps: the smallest duration that reaches the share.
        assert_eq!(
            [0.0, 0.75, 0.750_1, 1.0].map(|p| distribution.quantile(p)),
            [1.0, 1.0, 5.0, 5.0]
        );
        Ok(())
    }

    #[test]
    fn a_mixture_of_one_is_that_one() -> Result<(), DistributionError> {
        let distribution = Distribution::mixture(vec![
            (0.3, Distribution::exponential(2.0)?),
            (0.0, Distribution::constant_of(1.0)),
        ])?;
        assert_eq!(distribution.is_exponential(), Some(2.0));
        let distribution = Distribution::mixture(vec![
            (1.0, Distribution::constant_of(0.0)),
            (2.0, Distribution::constant_of(0.0)),
        ])?;
        assert!(distribution.is_always_zero());
        Ok(())
    }

    #[test]
    fn weights_that_are_none_are_refused() {
        assert_eq!(Distribution::mixture(vec![]), Err(DistributionError::NoWeight));
        assert_eq!(
            Distribution::mixture(vec![(0.0, Distribution::constant_of(1.0))]),
            Err(DistributionError::NoWeight)
        );
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            let distribution = Distribution::mixture(vec![(bad, Distribution::constant_of(1.0))]);
            assert!(matches!(
                distribution,
                Err(DistributionError::NotAllowed { wanted: Parameter::NonNegativeNumber, .. })
            ));
        }
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(&quick_or_slow(), [0x3ff5_a18a_c159_5df2, 0x3ff3_5c79_3b8a_6de9]);
    }
}
