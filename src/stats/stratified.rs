//! Estimates from a sample that was drawn in strata.
//!
//! The population is divided into strata of known weight, and each has a sample of its own, of
//! whatever size. What is asked of the whole is put together from the parts with these weights:
//! Cochran (1977), "Sampling techniques", chapter 5. One stratum of weight 1 is the plain case, and
//! all answers are then those of the plain sample: type 7 quantiles, intervals of order statistics,
//! Wilson's interval for a share.

use super::interval::{mean_interval, quantile_ranks, wilson_of_share};
use super::quantiles::{Quantiles, SortedSample};
use super::{Interval, Moments};
use crate::numeric::normal_deviate;
use std::borrow::Borrow;

/// The mean of a population and its standard error, from the weight and the moments of
/// each of its strata; the weights are taken as they are. None where a stratum has no values; no error
/// where one has fewer than two.
pub fn mean_of_strata<M: Borrow<Moments>>(
    strata: impl IntoIterator<Item = (f64, M)>,
) -> Option<(f64, Option<f64>)> {
    let (mut mean, mut variance, mut any) = (0.0, Some(0.0), false);
    for (weight, moments) in strata {
        let moments = moments.borrow();
        any = true;
        mean += weight * moments.mean()?;
        variance = variance.zip(moments.standard_error()).map(|(known, error)| {
            let error = weight * error;
            known + error * error
        });
    }
    any.then(|| (mean, variance.map(f64::sqrt)))
}

/// One stratum of a sample.
#[derive(Debug, Clone)]
struct Part {
    weight: f64,
    moments: Moments,
    sample: SortedSample,
}

/// A finished sample in strata.
#[derive(Debug, Clone)]
pub struct Stratified {
    parts: Vec<Part>,
}

impl Stratified {
    /// Puts the parts together: weight, moments and values of each. A part without values gives its
    /// weight to the others.
    pub fn new(parts: impl IntoIterator<Item = (f64, Moments, Quantiles)>) -> Stratified {
        let mut parts: Vec<Part> = parts
            .into_iter()
            .filter(|(weight, moments, _)| *weight > 0.0 && moments.count() > 0)
            .map(|(weight, moments, sample)| Part { weight, moments, sample: sample.sorted() })
            .collect();
        let whole: f64 = parts.iter().map(|part| part.weight).sum();
        parts.iter_mut().for_each(|part| part.weight /= whole);
        Stratified { parts }
    }

    /// Each part with its weight among all, its number of values, and its distinct values in ascending
    /// order with how often each is there.
    pub fn parts(&self) -> impl Iterator<Item = (f64, u64, Vec<(f64, u64)>)> {
        self.parts
            .iter()
            .map(|part| (part.weight, part.sample.len(), part.sample.counts().collect()))
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.parts.iter().map(|part| part.moments.count()).sum()
    }

    /// The sum over all parts; `None` for an empty sample and where a part has nothing to add.
    fn sum(&self, of: impl Fn(&Part) -> Option<f64>) -> Option<f64> {
        self.parts.iter().map(of).reduce(|sum, of| Some(sum? + of?))?
    }

    /// Mean of the population; `None` for an empty sample.
    pub fn mean(&self) -> Option<f64> {
        self.sum(|part| Some(part.weight * part.moments.mean()?))
    }

    /// Standard error of the mean; `None` where a part has fewer than two values.
    pub fn standard_error(&self) -> Option<f64> {
        let square = |part: &Part| {
            let error = part.weight * part.moments.standard_error()?;
            Some(error * error)
        };
        self.sum(square).map(f64::sqrt)
    }

    /// Normal interval of the mean.
    pub fn mean_interval(&self, confidence: f64) -> Option<Interval> {
        mean_interval(self.mean()?, self.standard_error()?, self.count(), confidence)
    }

    /// Standard deviation of the population; `None` where a part has fewer than two values.
    pub fn sd(&self) -> Option<f64> {
        let mean = self.mean()?;
        let square = |part: &Part| {
            let off = part.moments.mean()? - mean;
            Some(part.weight * (part.moments.variance()? + off * off))
        };
        self.sum(square).map(f64::sqrt)
    }

    /// Largest value seen.
    pub fn max(&self) -> Option<f64> {
        self.parts.iter().filter_map(|part| part.moments.max()).reduce(f64::max)
    }

    /// The share of the population at most `x`, 0 for an empty sample.
    pub fn share_at_most(&self, x: f64) -> f64 {
        let at_most = |part: &Part| part.sample.count_at_most(x);
        if self.count() > 0 && self.parts.iter().all(|part| at_most(part) == part.sample.len()) {
            // The weights may add up to a hair less.
            return 1.0;
        }
        let share = |part: &Part| part.weight * at_most(part) as f64 / part.sample.len() as f64;
        self.sum(|part| Some(share(part))).unwrap_or(0.0)
    }

    /// The smallest value for which `holds`, where it holds for all above one for which it does.
    fn first_where(&self, holds: impl Fn(f64) -> bool) -> Option<f64> {
        let firsts = self.parts.iter().filter_map(|part| part.sample.first_where(&holds));
        firsts.reduce(f64::min)
    }

    /// Distinct values in ascending order, each with the share of the population above it.
    pub fn exceedance(&self) -> Vec<(f64, f64)> {
        match &self.parts[..] {
            [only] => {
                let all = only.sample.len();
                let mut through = 0;
                let counts = only.sample.counts();
                counts
                    .map(|(value, count)| {
                        through += count;
                        (value, (all - through) as f64 / all as f64)
                    })
                    .collect()
            }
            parts => {
                let above = |(value, share): (f64, f64)| (value, (1.0 - share).max(0.0));
                merge(parts).into_iter().map(above).collect()
            }
        }
    }

    /// The quantile for probability `p` in 0..=1; `None` for an empty sample.
    ///
    /// Of a plain sample type 7 of Hyndman and Fan (1996); of several parts the smallest value that
    /// a share of `p` is at most.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        match &self.parts[..] {
            [only] => only.sample.quantile(p),
            _ => {
                let enough = p * (1.0 - 1e-14);
                self.first_where(|value| self.share_at_most(value) >= enough).or(self.max())
            }
        }
    }

    /// Interval of the quantile for probability `p`; `None` where the sample cannot promise one.
    ///
    /// Of a plain sample two order statistics, for any distribution ([`quantile_ranks`]). Of
    /// several parts all values x for which the share at most x is not significantly off `p`: the
    /// interval of Woodruff (1952), "Confidence intervals for medians and other position measures",
    /// with the standard error taken at each limit itself, and never 0: that a part has no value
    /// beyond a limit does not mean that it cannot have one.
    pub fn quantile_interval(&self, p: f64, confidence: f64) -> Option<Interval> {
        match &self.parts[..] {
            [] => None,
            [only] => {
                let (low, high) = quantile_ranks(only.sample.len(), p, confidence)?;
                Some(Interval {
                    low: only.sample.order_statistic(low)?,
                    high: only.sample.order_statistic(high)?,
                })
            }
            _ => {
                let z = normal_deviate(confidence);
                let first = |sign: f64| {
                    self.first_where(|value| {
                        self.share_at_most(value) + sign * z * self.share_error(value) >= p
                    })
                };
                let interval = Interval { low: first(1.0)?, high: first(-1.0)? };
                // Reached by the smallest value already: nothing bounds it from below.
                (self.first_where(|_| true) < Some(interval.low)).then_some(interval)
            }
        }
    }

    /// Interval of the share at most `x`, as [`share`] gives it.
    pub fn share_interval(&self, x: f64, confidence: f64) -> Interval {
        let of = |part: &Part| Successes {
            weight: part.weight,
            successes: part.sample.count_at_most(x),
            count: part.sample.len(),
        };
        let parts: Vec<Successes> = self.parts.iter().map(of).collect();
        share(&parts, confidence).map_or(Interval { low: 0.0, high: 1.0 }, |share| share.interval)
    }

    /// Standard error of the share at most `x`, never 0.
    fn share_error(&self, x: f64) -> f64 {
        let of = |part: &Part| {
            let at_most = part.sample.count_at_most(x);
            variance_of_share(part.weight, at_most, part.sample.len())
        };
        self.parts.iter().map(of).sum::<f64>().sqrt()
    }

    /// Mean of the worst `1 - p` of the population (CVaR, expected shortfall) with its standard
    /// error; `None` for an empty sample or `p` outside 0..1.
    ///
    /// Rockafellar and Uryasev (2002), "Conditional value-at-risk for general loss distributions":
    /// q + E[(X - q)+] / (1 - p) at the quantile q. To first order the uncertainty of q does not
    /// count, so the error is that of the mean excess.
    pub fn tail_mean(&self, p: f64) -> Option<(f64, Option<f64>)> {
        if !(0.0..1.0).contains(&p) {
            return None;
        }
        let at = self.quantile(p)?;
        let (mut excess, mut variance) = (0.0, Some(0.0));
        for part in &self.parts {
            let n = part.sample.len() as f64;
            let (mut sum, mut squares) = (0.0, 0.0);
            for (value, count) in part.sample.counts().rev().take_while(|(value, _)| *value > at) {
                sum += (value - at) * count as f64;
                squares += (value - at) * (value - at) * count as f64;
            }
            excess += part.weight * sum / n;
            let spread = (squares - sum * sum / n).max(0.0) / (n - 1.0);
            variance = variance
                .filter(|_| n > 1.0)
                .map(|known| known + part.weight * part.weight * spread / n);
        }
        let beyond = 1.0 - p;
        Some((at + excess / beyond, variance.map(|variance| variance.sqrt() / beyond)))
    }
}

/// The distinct values of all parts with the share of the population at most each.
fn merge(parts: &[Part]) -> Vec<(f64, f64)> {
    let mut steps: Vec<(f64, f64)> = Vec::new();
    for part in parts {
        let each = part.weight / part.sample.len() as f64;
        steps.extend(part.sample.counts().map(|(value, count)| (value, each * count as f64)));
    }
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Vec<(f64, f64)> = Vec::with_capacity(steps.len());
    let mut through = 0.0;
    for (value, share) in steps {
        through += share;
        match merged.last_mut() {
            // Zeros of either sign are one value.
            Some(last) if last.0 == value => last.1 = through,
            _ => merged.push((value, through)),
        }
    }
    if let Some(last) = merged.last_mut() {
        last.1 = 1.0;
    }
    merged
}

/// One stratum's trials with a yes or no.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Successes {
    /// Weight of the stratum.
    pub weight: f64,
    /// Trials with a yes.
    pub successes: u64,
    /// All trials.
    pub count: u64,
}

/// An estimated probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The estimate.
    pub share: f64,
    /// So many independent trials would be as sure of it.
    pub effective: f64,
    /// Wilson's interval for so many.
    pub interval: Interval,
}

impl Share {
    /// A share as sure as that of `effective` independent trials.
    pub fn new(share: f64, effective: f64, confidence: f64) -> Share {
        Share { share, effective, interval: wilson_of_share(share, effective, confidence) }
    }
}

/// A probability from strata. Strata without trials give their weight to the others; without any
/// trial there is none.
pub fn share(parts: &[Successes], confidence: f64) -> Option<Share> {
    let parts: Vec<&Successes> = parts.iter().filter(|part| part.count > 0).collect();
    if parts.is_empty() {
        return None;
    }
    if let [only] = parts[..] {
        let (share, count) = (only.successes as f64 / only.count as f64, only.count as f64);
        return Some(Share::new(share, count, confidence));
    }
    let whole: f64 = parts.iter().map(|part| part.weight).sum();
    let (mut share, mut smooth, mut variance) = (0.0, 0.0, 0.0);
    for part in &parts {
        let (weight, n) = (part.weight / whole, part.count as f64);
        share += weight * part.successes as f64 / n;
        smooth += weight * (part.successes as f64 + 0.5) / (n + 1.0);
        variance += variance_of_share(weight, part.successes, part.count);
    }
    // Sums of weights must not leave a certain share a hair off.
    if parts.iter().all(|part| part.successes == 0) {
        share = 0.0;
    } else if parts.iter().all(|part| part.successes == part.count) {
        share = 1.0;
    }
    Some(Share::new(share, smooth * (1.0 - smooth) / variance, confidence))
}

/// What a part adds to the variance of a share: that of its own share, with half a success and half
/// a failure more, so that a part in which all were alike does not count as certain.
fn variance_of_share(weight: f64, successes: u64, count: u64) -> f64 {
    let n = count as f64;
    let share = (successes as f64 + 0.5) / (n + 1.0);
    weight * weight * share * (1.0 - share) / n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::{binomial_test_two_sided, wilson};
    use crate::stats::quantiles::Kind;
    use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

    fn part(weight: f64, values: &[f64]) -> (f64, Moments, Quantiles) {
        let (mut moments, mut quantiles) = (Moments::default(), Quantiles::new(Kind::Continuous));
        for &value in values {
            moments.push(value);
            quantiles.push(value);
        }
        (weight, moments, quantiles)
    }

    #[test]
    fn two_strata_by_hand() {
        let sample = Stratified::new([part(0.9, &[0.0, 1.0, 2.0, 1.0]), part(0.1, &[10.0, 20.0])]);
        assert_eq!(sample.count(), 6);
        assert!((sample.mean().unwrap() - 2.4).abs() < 1e-15);
        // 0.81 x (2/3) / 4 + 0.01 x 50 / 2
        assert!((sample.standard_error().unwrap() - 0.385_f64.sqrt()).abs() < 1e-15);
        // 0.9 x (2/3 + 1.4^2) + 0.1 x (50 + 12.6^2)
        assert!((sample.sd().unwrap() - 23.24_f64.sqrt()).abs() < 1e-14);
        assert_eq!(sample.max(), Some(20.0));
        assert_eq!(sample.quantile(0.5), Some(1.0));
        assert_eq!(sample.quantile(0.95), Some(10.0));
        assert_eq!(sample.quantile(1.0), Some(20.0));
        assert!((sample.share_at_most(1.5) - 0.675).abs() < 1e-15);
        let curve = sample.exceedance();
        assert_eq!(curve.len(), 5);
        assert!((curve[3].1 - 0.05).abs() < 1e-15 && curve[4].1 == 0.0);
        // Worst tenth: 0.05 of the population at 10 and 0.05 at 20.
        let (tail, _) = sample.tail_mean(0.9).unwrap();
        assert!((tail - 15.0).abs() < 1e-12, "{tail}");
    }

    #[test]
    fn one_stratum_is_the_plain_sample() {
        let values: Vec<f64> = (1..=400).map(f64::from).collect();
        let sample = Stratified::new([part(1.0, &values), part(0.3, &[])]);
        assert_eq!(sample.quantile(0.5), Some(200.5));
        assert_eq!(sample.mean(), Some(200.5));
        let (low, high) = quantile_ranks(400, 0.95, 0.95).unwrap();
        let interval = sample.quantile_interval(0.95, 0.95).unwrap();
        assert_eq!((interval.low, interval.high), (low as f64, high as f64));
        // The worst 20 of 400 are 381 to 400; type 7 puts the quantile at 380.05.
        let (tail, error) = sample.tail_mean(0.95).unwrap();
        assert!((tail - 390.5).abs() < 1e-9 && error.is_some(), "{tail}");
    }

    #[test]
    fn nothing_says_nothing() {
        let sample = Stratified::new([]);
        assert_eq!((sample.mean(), sample.sd(), sample.max()), (None, None, None));
        assert_eq!((sample.quantile(0.5), sample.tail_mean(0.5)), (None, None));
        assert_eq!(sample.quantile_interval(0.5, 0.9), None);
        assert!(sample.exceedance().is_empty());
        assert_eq!(share(&[], 0.95), None);
    }

    #[test]
    fn a_share_of_one_stratum_is_wilsons() {
        let parts = [
            Successes { weight: 0.2, successes: 81, count: 263 },
            Successes { weight: 0.8, successes: 0, count: 0 },
        ];
        let estimate = share(&parts, 0.95).unwrap();
        assert_eq!((estimate.share, estimate.effective), (81.0 / 263.0, 263.0));
        assert_eq!(estimate.interval, wilson(81, 263, 0.95));
    }

    /// A population of which 2 % are drawn from an exponential distribution of mean 100 and the
    /// others from one of mean 1, sampled one to three: P value of how many of the seeds 1 to 500
    /// an interval holds the truth.
    fn covered(judge: impl Fn(&Stratified, &[Successes]) -> bool) -> f64 {
        let covered = (1..=500).filter(|&seed| {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
            let mut draw = |mean: f64| -mean * (1.0 - rng.random::<f64>()).ln();
            let common: Vec<f64> = (0..7500).map(|_| draw(1.0)).collect();
            let rare: Vec<f64> = (0..2500).map(|_| draw(100.0)).collect();
            let successes = |weight, values: &[f64]| Successes {
                weight,
                successes: values.iter().filter(|x| **x <= 8.0).count() as u64,
                count: values.len() as u64,
            };
            let shares = [successes(0.98, &common), successes(0.02, &rare)];
            judge(&Stratified::new([part(0.98, &common), part(0.02, &rare)]), &shares)
        });
        binomial_test_two_sided(covered.count() as u64, 500, 0.95)
    }

    /// P(X > x) of that population.
    fn above(x: f64) -> f64 {
        0.98 * (-x).exp() + 0.02 * (-x / 100.0).exp()
    }

    fn quantile(p: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1e4);
        for _ in 0..200 {
            let middle = f64::midpoint(low, high);
            if above(middle) > 1.0 - p { low = middle } else { high = middle }
        }
        low
    }

    #[test]
    fn intervals_of_strata_cover_as_often_as_they_say() {
        let mean = 0.98 + 2.0;
        let p = covered(|sample, _| sample.mean_interval(0.95).unwrap().contains(mean));
        assert!(p > 0.001, "mean: {p}");
        for at in [0.5, 0.95, 0.99] {
            let truth = quantile(at);
            let holds = |sample: &Stratified, _: &[Successes]| {
                sample.quantile_interval(at, 0.95).unwrap().contains(truth)
            };
            let p = covered(holds);
            assert!(p > 0.001, "quantile {at}: {p}");
        }
        let truth = 1.0 - above(8.0);
        let p = covered(|_, shares| share(shares, 0.95).unwrap().interval.contains(truth));
        assert!(p > 0.001, "share: {p}");
        // E[(X - q)+] = 0.98 e^-q + 2 e^(-q/100)
        let q = quantile(0.99);
        let tail = q + (0.98 * (-q).exp() + 2.0 * (-q / 100.0).exp()) / 0.01;
        let p = covered(|sample, _| {
            let (mean, error) = sample.tail_mean(0.99).unwrap();
            (mean - tail).abs() <= 1.959_964 * error.unwrap()
        });
        assert!(p > 0.001, "tail mean: {p}");
    }
}
