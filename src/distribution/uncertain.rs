//! One of several distributions, the same throughout a trial: what a small sample leaves open.

use super::mixture::Mixture;
use super::{Distribution, DistributionError, Properties, Rng};
use std::sync::Arc;

/// Distributions that the truth may be, each as likely as any other.
///
/// A trial takes one of them ([`Uncertain::chosen`]) and keeps to it, for there is one truth and
/// not one for each outage. Asked outside of a trial, it answers for a single duration, with the
/// doubt in it: the equal mixture of all (the *predictive* distribution, as in A. Gelman and
/// others, *Bayesian Data Analysis*, 2013, section 1.3).
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    inner: Arc<Inner>,
}

#[derive(PartialEq)]
struct Inner {
    key: u64,
    best: Distribution,
    possible: Vec<Distribution>,
    predictive: Distribution,
    origin: Option<Origin>,
}

/// Where the doubt comes from: an uncertain distribution is written back as that.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A fit, with the text that asked for it.
    Fit(String),
    /// A maximum, hours, upon something uncertain.
    Maximum(Box<Origin>, f64),
    /// A mixture with something uncertain among its parts.
    Mixture(Mixture),
}

/// Short: a thousand distributions tell nobody anything.
impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Inner");
        shown.field("key", &self.key).field("best", &self.best).field("origin", &self.origin);
        shown.field("possible", &self.possible.len()).finish_non_exhaustive()
    }
}

impl Distribution {
    /// One of the distributions that the truth may be: which of them, is drawn once for a trial.
    /// `best` is what they lie around, and `key` tells one uncertainty from another: distributions
    /// with the same key are drawn together. `origin` is where the doubt comes from.
    ///
    /// With fewer than two distributions there is no uncertainty and the distribution is `best`.
    pub fn uncertain(
        key: u64,
        best: Distribution,
        possible: Vec<Distribution>,
        origin: Option<Origin>,
    ) -> Distribution {
        if possible.len() < 2 {
            return best;
        }
        let equal = possible.iter().map(|distribution| (1.0, distribution.clone())).collect();
        let predictive = Distribution::Mixture(Mixture::new(equal));
        let inner = Inner { key, best, possible, predictive, origin };
        Distribution::Uncertain(Uncertain { inner: Arc::new(inner) })
    }

    /// A mixture of which some parts are uncertain: uncertain as a whole. Parts with the same key
    /// go together; of others the numbers mean nothing to each other.
    pub(super) fn uncertain_mixture(
        parts: &[(f64, Distribution)],
    ) -> Result<Distribution, DistributionError> {
        let uncertain = || parts.iter().filter_map(|(_, distribution)| distribution.as_uncertain());
        let count = uncertain().map(|part| part.inner.possible.len()).max().unwrap_or_default();
        let of = |pick: &dyn Fn(&Uncertain) -> Distribution| {
            let part = |(weight, distribution): &(f64, Distribution)| {
                (*weight, distribution.as_uncertain().map_or_else(|| distribution.clone(), pick))
            };
            Distribution::mixture(parts.iter().map(part).collect())
        };
        let mut keys: Vec<u64> = uncertain().map(|part| part.inner.key).collect();
        keys.sort_unstable();
        keys.dedup();
        let key = keys.into_iter().reduce(|a, b| a.rotate_left(1) ^ b).unwrap_or_default();
        let one = |number: usize| {
            of(&|part| part.inner.possible[number % part.inner.possible.len()].clone())
        };
        let possible = (0..count).map(one).collect::<Result<_, _>>()?;
        let best = of(&|part| part.inner.best.clone())?;
        let origin = Origin::Mixture(Mixture::new(parts.to_vec()));
        Ok(Distribution::uncertain(key, best, possible, Some(origin)))
    }
}

impl Uncertain {
    /// Every possible distribution given that it does not exceed `max`; those of which almost
    /// nothing is left are possible no more.
    pub(super) fn up_to(&self, max: f64) -> Result<Distribution, DistributionError> {
        let best = Distribution::truncated(self.inner.best.clone(), max)?;
        let cut =
            |distribution: &Distribution| Distribution::truncated(distribution.clone(), max).ok();
        let possible = self.inner.possible.iter().filter_map(cut).collect();
        let origin = self.inner.origin.clone();
        let origin = origin.map(|origin| Origin::Maximum(Box::new(origin), max));
        Ok(Distribution::uncertain(self.inner.key, best, possible, origin))
    }

    /// A duration with the doubt in it.
    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.inner.predictive.sample(rng)
    }

    /// What tells this uncertainty from others: distributions with the same key are chosen
    /// together.
    pub fn key(&self) -> u64 {
        self.inner.key
    }

    /// The distribution for the word that a trial draws for the key.
    #[inline]
    pub fn chosen(&self, word: u64) -> &Distribution {
        &self.inner.possible[self.number_of(word)]
    }

    /// The number of that distribution.
    #[inline]
    pub fn number_of(&self, word: u64) -> usize {
        ((u128::from(word) * self.inner.possible.len() as u128) >> 64) as usize
    }

    /// What the possible distributions lie around: the fit itself.
    pub fn best(&self) -> &Distribution {
        &self.inner.best
    }

    /// Where the doubt comes from, if anything is known of it.
    pub fn origin(&self) -> Option<&Origin> {
        self.inner.origin.as_ref()
    }

    /// The equal mixture of all possible distributions: that of a single duration.
    pub fn predictive(&self) -> &Distribution {
        &self.inner.predictive
    }

    /// The distributions that the truth may be, two at least.
    pub fn possible(&self) -> &[Distribution] {
        &self.inner.possible
    }
}

impl Properties for Uncertain {
    fn mean(&self) -> f64 {
        self.inner.predictive.mean()
    }
    fn variance(&self) -> f64 {
        self.inner.predictive.variance()
    }
    fn cdf(&self, x: f64) -> f64 {
        self.inner.predictive.cdf(x)
    }
    fn survival(&self, x: f64) -> f64 {
        self.inner.predictive.survival(x)
    }
    fn quantile(&self, p: f64) -> f64 {
        self.inner.predictive.quantile(p)
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        self.inner.predictive.properties().partial_moment(order, max)
    }
    fn scaled(&self, factor: f64) -> Distribution {
        let possible =
            self.inner.possible.iter().map(|distribution| distribution.scaled(factor)).collect();
        Distribution::uncertain(self.inner.key, self.inner.best.scaled(factor), possible, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    /// A mean of one, two or six hours.
    fn means(key: u64) -> Result<Distribution, DistributionError> {
        let possible: Result<_, _> =
            [1.0, 2.0, 6.0].into_iter().map(Distribution::exponential).collect();
        let origin = Some(Origin::Fit("fitted = { file = \"a.csv\" }".to_owned()));
        Ok(Distribution::uncertain(key, Distribution::exponential(2.0)?, possible?, origin))
    }

    #[test]
    fn outside_of_a_trial_it_is_the_equal_mixture() {
        judge::family("uncertain", &means(1));
        let distribution = means(1).unwrap();
        assert!((distribution.mean() - 3.0).abs() < 1e-14);
        // E[X^2] = 2 (1 + 4 + 36) / 3.
        let square = distribution.variance() + distribution.mean() * distribution.mean();
        assert!((square - 82.0 / 3.0).abs() < 1e-12);
        assert_eq!(distribution.is_exponential(), None);
        assert_eq!(distribution.constant(), None);
    }

    #[test]
    fn words_choose_each_distribution_equally_often() {
        let distribution = means(1).unwrap();
        let uncertain = distribution.as_uncertain().unwrap();
        let third = u64::MAX / 3;
        for (word, mean) in [(0, 1.0), (third + 2, 2.0), (2 * (third + 2), 6.0), (u64::MAX, 6.0)] {
            assert_eq!(uncertain.chosen(word).mean(), mean);
        }
    }

    #[test]
    fn it_stays_outermost_in_mixtures_and_under_a_maximum() {
        let cut = Distribution::truncated(means(1).unwrap(), 3.0).unwrap();
        assert_eq!(cut.to_toml(), r#"{ fitted = { file = "a.csv" }, max = "3h" }"#);
        let uncertain = cut.as_uncertain().unwrap();
        assert!(uncertain.possible().iter().all(|distribution| distribution.cdf(3.0) == 1.0));
        assert_eq!(uncertain.key(), 1);

        let slow = Distribution::constant_of(48.0);
        let mixed =
            Distribution::mixture(vec![(3.0, means(1).unwrap()), (1.0, slow.clone())]).unwrap();
        let uncertain = mixed.as_uncertain().unwrap();
        let expected = Distribution::mixture(vec![
            (3.0, Distribution::exponential(6.0).unwrap()),
            (1.0, slow),
        ]);
        assert_eq!(uncertain.chosen(u64::MAX), &expected.unwrap());
        assert_eq!(uncertain.key(), 1);
        assert!(mixed.to_toml().starts_with("{ mixture = [{ weight = 3.0, of = { fitted ="));

        let two = Distribution::mixture(vec![(1.0, means(1).unwrap()), (1.0, means(2).unwrap())])
            .unwrap();
        assert!(![1, 2].contains(&two.as_uncertain().unwrap().key()));
    }

    #[test]
    fn it_scales_distribution_by_distribution() {
        let distribution = means(1).unwrap().scaled(2.0);
        let uncertain = distribution.as_uncertain().unwrap();
        assert_eq!(uncertain.best(), &Distribution::exponential(4.0).unwrap());
        let means: Vec<f64> = uncertain.possible().iter().map(Distribution::mean).collect();
        assert_eq!(means, [2.0, 4.0, 12.0]);
    }

    #[test]
    fn one_possible_distribution_is_no_uncertainty() {
        let best = Distribution::exponential(2.0).unwrap();
        let distribution =
            Distribution::uncertain(1, best.clone(), vec![Distribution::constant_of(1.0)], None);
        assert_eq!(distribution, best);
    }
}
