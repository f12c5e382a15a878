//! One of several laws, the same throughout a trial: what a small sample leaves open.

use super::mixture::Mixture;
use super::{Family, Law, LawError, Rng};
use std::sync::Arc;

/// Laws that the truth may be, each as likely as any other.
///
/// A trial takes one of them ([`Uncertain::chosen`]) and keeps to it, for there is one truth and not
/// one for each outage. Asked outside of a trial, it answers for a single duration, with the doubt
/// in it: the equal mixture of all (the *predictive* distribution, as in A. Gelman and others,
/// *Bayesian Data Analysis*, 2013, section 1.3).
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    inner: Arc<Inner>,
}

#[derive(PartialEq)]
struct Inner {
    key: u64,
    best: Law,
    possible: Vec<Law>,
    predictive: Law,
    /// The entry of the inline table that it was read from.
    spelled: Option<String>,
}

/// Short: a thousand laws tell nobody anything.
impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Inner");
        shown.field("key", &self.key).field("best", &self.best).field("spelled", &self.spelled);
        shown.field("possible", &self.possible.len()).finish_non_exhaustive()
    }
}

impl Uncertain {
    /// See [`Law::uncertain`].
    pub(super) fn law(key: u64, best: Law, possible: Vec<Law>, spelled: Option<String>) -> Law {
        if possible.len() < 2 {
            return best;
        }
        let equal = possible.iter().map(|law| (1.0, law.clone())).collect();
        let predictive = Law::Mixture(Mixture::of(equal));
        let inner = Inner { key, best, possible, predictive, spelled };
        Law::Uncertain(Uncertain { inner: Arc::new(inner) })
    }

    /// A mixture of which some parts are uncertain: uncertain as a whole. Parts with the same key
    /// go together; of others the numbers mean nothing to each other.
    pub(super) fn of_parts(parts: &[(f64, Law)]) -> Result<Law, LawError> {
        let uncertain = || parts.iter().filter_map(|(_, law)| law.as_uncertain());
        let count = uncertain().map(|part| part.inner.possible.len()).max().unwrap_or_default();
        let of = |pick: &dyn Fn(&Uncertain) -> Law| {
            let part = |(weight, law): &(f64, Law)| {
                (*weight, law.as_uncertain().map_or_else(|| law.clone(), pick))
            };
            Law::mixture(parts.iter().map(part).collect())
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
        let spelled = Mixture::of(parts.to_vec()).entry();
        Ok(Uncertain::law(key, best, possible, Some(spelled)))
    }

    /// Every possible law given that it does not exceed `max`; those of which almost nothing is left
    /// are possible no more.
    pub(super) fn up_to(&self, max: f64) -> Result<Law, LawError> {
        let best = Law::truncated(self.inner.best.clone(), max)?;
        let cut = |law: &Law| Law::truncated(law.clone(), max).ok();
        let possible = self.inner.possible.iter().filter_map(cut).collect();
        let spelled = self.inner.spelled.as_ref();
        let spelled = spelled.map(|entry| format!("{entry}, max = {}", super::text::duration(max)));
        Ok(Uncertain::law(self.inner.key, best, possible, spelled))
    }

    /// A duration with the doubt in it.
    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.inner.predictive.sample(rng)
    }

    /// What tells this uncertainty from others: laws with the same key are chosen together.
    pub fn key(&self) -> u64 {
        self.inner.key
    }

    /// The law for the word that a trial draws for the key.
    #[inline]
    pub fn chosen(&self, word: u64) -> &Law {
        &self.inner.possible[self.number_of(word)]
    }

    /// The number of that law.
    #[inline]
    pub fn number_of(&self, word: u64) -> usize {
        ((u128::from(word) * self.inner.possible.len() as u128) >> 64) as usize
    }

    /// What the possible laws lie around: the fit itself.
    pub fn best(&self) -> &Law {
        &self.inner.best
    }

    /// The laws that the truth may be, two at least.
    pub fn possible(&self) -> &[Law] {
        &self.inner.possible
    }
}

impl Family for Uncertain {
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
        self.inner.predictive.family().partial_moment(order, max)
    }
    fn entry(&self) -> String {
        self.inner.spelled.clone().unwrap_or_else(|| self.inner.predictive.family().entry())
    }
    fn scaled(&self, factor: f64) -> Law {
        let possible = self.inner.possible.iter().map(|law| law.scaled(factor)).collect();
        Uncertain::law(self.inner.key, self.inner.best.scaled(factor), possible, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::judge;

    /// A mean of one, two or six hours.
    fn means(key: u64) -> Result<Law, LawError> {
        let possible: Result<_, _> = [1.0, 2.0, 6.0].into_iter().map(Law::exponential).collect();
        let spelled = Some("fitted = { file = \"a.csv\" }".to_owned());
        Ok(Law::uncertain(key, Law::exponential(2.0)?, possible?, spelled))
    }

    #[test]
    fn outside_of_a_trial_it_is_the_equal_mixture() {
        judge::family("uncertain", &means(1));
        let law = means(1).unwrap();
        assert!((law.mean() - 3.0).abs() < 1e-14);
        // E[X^2] = 2 (1 + 4 + 36) / 3.
        assert!((law.second_moment() - 82.0 / 3.0).abs() < 1e-12);
        assert_eq!(law.is_exponential(), None);
        assert_eq!(law.constant(), None);
    }

    #[test]
    fn words_choose_each_law_equally_often() {
        let law = means(1).unwrap();
        let uncertain = law.as_uncertain().unwrap();
        let third = u64::MAX / 3;
        for (word, mean) in [(0, 1.0), (third + 2, 2.0), (2 * (third + 2), 6.0), (u64::MAX, 6.0)] {
            assert_eq!(uncertain.chosen(word).mean(), mean);
        }
    }

    #[test]
    fn it_stays_outermost_in_mixtures_and_under_a_maximum() {
        let cut = Law::truncated(means(1).unwrap(), 3.0).unwrap();
        assert_eq!(cut.to_toml(), r#"{ fitted = { file = "a.csv" }, max = "3h" }"#);
        let uncertain = cut.as_uncertain().unwrap();
        assert!(uncertain.possible().iter().all(|law| law.cdf(3.0) == 1.0));
        assert_eq!(uncertain.key(), 1);

        let slow = Law::constant_of(48.0);
        let mixed = Law::mixture(vec![(3.0, means(1).unwrap()), (1.0, slow.clone())]).unwrap();
        let uncertain = mixed.as_uncertain().unwrap();
        let expected = Law::mixture(vec![(3.0, Law::exponential(6.0).unwrap()), (1.0, slow)]);
        assert_eq!(uncertain.chosen(u64::MAX), &expected.unwrap());
        assert_eq!(uncertain.key(), 1);
        assert!(mixed.to_toml().starts_with("{ mixture = [{ weight = 3.0, of = { fitted ="));

        let two = Law::mixture(vec![(1.0, means(1).unwrap()), (1.0, means(2).unwrap())]).unwrap();
        assert!(![1, 2].contains(&two.as_uncertain().unwrap().key()));
    }

    #[test]
    fn it_scales_law_by_law() {
        let law = means(1).unwrap().scaled(2.0);
        let uncertain = law.as_uncertain().unwrap();
        assert_eq!(uncertain.best(), &Law::exponential(4.0).unwrap());
        let means: Vec<f64> = uncertain.possible().iter().map(Law::mean).collect();
        assert_eq!(means, [2.0, 4.0, 12.0]);
    }

    #[test]
    fn one_possible_law_is_no_uncertainty() {
        let best = Law::exponential(2.0).unwrap();
        let law = Law::uncertain(1, best.clone(), vec![Law::constant_of(1.0)], None);
        assert_eq!(law, best);
    }
}
