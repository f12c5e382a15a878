//! How far a sample is from a distribution, and how far samples of that distribution are when they
//! are fitted in the same way.
//!
//! The parameters come from the same data, so the usual tables of both statistics do not hold: the
//! reference is the parametric bootstrap (W. Stute, W. Gonzáles Manteiga and M. Presedo Quindimil,
//! *Bootstrap Based Goodness-of-Fit Tests*, 1993). Each replicate is drawn from the fitted
//! distribution, with the sample's size, lower bounds and rounding, and fitted anew.

use super::fit::Estimate;
use super::sample::Sample;
use super::substreams::Substreams;
use crate::distribution::draws::uniform;
use crate::distribution::{Distribution, Rng};
use crate::threads::each;

/// Distances between a sample and a distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distances {
    /// Kolmogorov and Smirnov: the largest gap between the two distribution functions.
    pub ks: f64,
    /// Anderson and Darling: the squared gap, weighted up in both tails, times the sample's size.
    pub ad: f64,
}

impl Distances {
    /// The share of simulated distances at least as far as these, these among them.
    pub(super) fn p_values(&self, simulated: &[Distances]) -> Distances {
        let share = |of: fn(&Distances) -> f64| {
            // Equal but for rounding counts as equal.
            let limit = of(self) * (1.0 - 1e-12);
            let far = simulated.iter().filter(|one| of(one) >= limit).count();
            (far as f64 + 1.0) / (simulated.len() as f64 + 1.0)
        };
        Distances { ks: share(|d| d.ks), ad: share(|d| d.ad) }
    }
}

/// ln of a probability; one that is 0 counts as the smallest there is.
fn log(probability: f64) -> f64 {
    libm::log(probability.max(f64::MIN_POSITIVE))
}

/// The distances of a sample from a distribution. With lower bounds the sample's distribution is
/// the estimate of Kaplan and Meier, and both gaps are taken up to its last complete duration.
pub fn distances(sample: &Sample, distribution: &Distribution) -> Distances {
    if sample.censored().is_empty() {
        complete(sample.observed(), distribution)
    } else {
        bounded(sample, distribution)
    }
}

fn complete(hours: &[f64], distribution: &Distribution) -> Distances {
    let n = hours.len() as f64;
    let (mut ks, mut sum) = (0.0_f64, 0.0);
    let mut rank = 0.0;
    for same in hours.chunk_by(|a, b| a == b) {
        let (x, times) = (same[0], same.len() as f64);
        let below = distribution.cdf(x);
        let above = if below < 0.5 { 1.0 - below } else { distribution.survival(x) };
        ks = ks.max(below - rank / n).max((rank + times) / n - below);
        // Each value counts from below with its rank, from above with its rank from the other end;
        // over equal values the odd numbers 2 rank + 1, 2 rank + 3, … add up so.
        sum +=
            times * ((2.0 * rank + times) * log(below) + (2.0 * (n - rank) - times) * log(above));
        rank += times;
    }
    Distances { ks, ad: -n - sum / n }
}

/// Between two steps of the estimate c stays and u goes through the distribution's distribution:
/// the gap (c - u)^2 / (u (1 - u)) has the integral c^2 ln u - (1 - c)^2 ln(1 - u) - u.
fn bounded(sample: &Sample, distribution: &Distribution) -> Distances {
    let steps = sample.kaplan_meier();
    let (mut ks, mut area) = (0.0_f64, 0.0);
    let mut before = 0.0;
    let mut last: Option<(f64, f64)> = None;
    for step in &steps {
        let (below, above) = (distribution.cdf(step.hours), distribution.survival(step.hours));
        let after = 1.0 - step.survival;
        ks = ks.max((below - before).abs()).max((below - after).abs());
        let (from, from_above) = last.unwrap_or((0.0, 1.0));
        area += from - below;
        if before > 0.0 {
            area += before * before * (log(below) - log(from));
        }
        let rest = 1.0 - before;
        area -= rest * rest * (log(above) - log(from_above));
        before = after;
        last = Some((below, above));
    }
    if before >= 1.0 {
        // Nothing is left of the estimate: to the end of the distribution.
        if let Some((from, _)) = last {
            area += -log(from) - (1.0 - from);
        }
    }
    Distances { ks, ad: area * sample.len() as f64 }
}

/// The unit to which all complete durations are rounded, hours, if they are: from a day to a second.
pub fn resolution(sample: &Sample) -> Option<f64> {
    const PER_HOUR: [f64; 10] = [1.0 / 24.0, 1.0, 2.0, 4.0, 6.0, 10.0, 12.0, 60.0, 100.0, 3600.0];
    let hours = sample.observed();
    let whole = |per_hour: f64| {
        hours.iter().all(|x| {
            let count = x * per_hour;
            count >= 0.5 && (count - count.round()).abs() <= 1e-6 * count.clamp(1.0, 1e3)
        })
    };
    if sample.distinct() < 3 {
        return None;
    }
    PER_HOUR.iter().find(|per_hour| whole(**per_hour)).map(|per_hour| 1.0 / per_hour)
}

/// How to draw a sample as the log would have shown it.
#[derive(Debug, Clone)]
pub(super) struct Design {
    size: usize,
    resolution: Option<f64>,
    /// Times by which the watch over an incident ends, with the share that has ended by then.
    watch: Vec<(f64, f64)>,
}

impl Design {
    pub(super) fn new(sample: &Sample) -> Design {
        // The estimate of Kaplan and Meier for the end of the watch: ends and bounds change roles.
        let watch = if sample.censored().is_empty() {
            Vec::new()
        } else {
            let turned = Sample::new(sample.censored().to_vec(), sample.observed().to_vec());
            turned.kaplan_meier().iter().map(|step| (step.hours, 1.0 - step.survival)).collect()
        };
        Design { size: sample.len(), resolution: resolution(sample), watch }
    }

    /// As [`Design::new`] for values that no log has rounded.
    pub(super) fn unrounded(sample: &Sample) -> Design {
        Design { resolution: None, ..Design::new(sample) }
    }

    /// A sample of the distribution. A duration that rounds to 0 is drawn again, as the log leaves
    /// it out.
    pub(super) fn draw(&self, distribution: &Distribution, rng: &mut Rng) -> Sample {
        let (mut observed, mut censored) = (Vec::with_capacity(self.size), Vec::new());
        for _ in 0..self.size {
            let hours = self.duration(distribution, rng);
            let watched = if self.watch.is_empty() { f64::INFINITY } else { self.watched(rng) };
            if hours <= watched {
                observed.push(hours);
            } else {
                censored.push(watched);
            }
        }
        Sample::new(observed, censored)
    }

    fn duration(&self, distribution: &Distribution, rng: &mut Rng) -> f64 {
        for _ in 0..1000 {
            let drawn = distribution.sample(rng);
            let hours = match self.resolution {
                Some(unit) => (drawn / unit).round() * unit,
                None => drawn,
            };
            if hours > 0.0 && hours.is_finite() {
                return hours;
            }
        }
        // A distribution that is all but 0 after rounding; the smallest duration that can be seen.
        self.resolution.unwrap_or(f64::MIN_POSITIVE)
    }

    fn watched(&self, rng: &mut Rng) -> f64 {
        let u = uniform(rng);
        let place = self.watch.partition_point(|(_, ended)| *ended <= u);
        self.watch.get(place).map_or(f64::INFINITY, |(hours, _)| *hours)
    }
}

/// One replicate of a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Replicate {
    /// The parameters fitted to the replicate.
    pub estimate: Estimate,
    /// Its distances from its own fit.
    pub distances: Distances,
}

/// Replicates of a fit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bootstrap {
    /// Those that could be fitted.
    pub replicates: Vec<Replicate>,
    /// How many could not.
    pub failed: usize,
}

impl Bootstrap {
    /// Draws and fits `count` replicates of an estimate. `purpose` keeps the random streams of
    /// different variables apart; threads change nothing.
    pub fn run(
        estimate: &Estimate,
        sample: &Sample,
        (seed, purpose): (u64, &str),
        count: usize,
        threads: usize,
    ) -> Bootstrap {
        let Ok(distribution) = estimate.distribution() else { return Bootstrap::default() };
        let design = Design::new(sample);
        let streams = Substreams::new(seed, &["bootstrap", purpose, estimate.family.name()]);
        let replicates = each(count, threads, |index| {
            let drawn = design.draw(&distribution, &mut streams.replicate(index as u64));
            let refit = Estimate::from(estimate.family, &drawn, Some(estimate)).ok()?;
            let distances = distances(&drawn, &refit.distribution().ok()?);
            Some(Replicate { estimate: refit, distances })
        });
        let replicates: Vec<Replicate> = replicates.into_iter().flatten().collect();
        Bootstrap { failed: count - replicates.len(), replicates }
    }

    /// The p-values of distances: the share of replicates at least as far, the sample itself among
    /// them (A. C. Davison and D. V. Hinkley, *Bootstrap Methods and their Application*, 1997,
    /// 4.2). `None` without replicates.
    pub fn p_values(&self, found: &Distances) -> Option<Distances> {
        let simulated: Vec<Distances> = self.replicates.iter().map(|r| r.distances).collect();
        (!simulated.is_empty()).then(|| found.p_values(&simulated))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fit::Family;
    use crate::stats::interval::binomial_test_two_sided;
    use rand::SeedableRng;

    fn sample(hours: &[f64]) -> Sample {
        Sample::new(hours.to_vec(), vec![])
    }

    #[test]
    fn distances_of_a_few_values_are_those_by_hand() {
        // Uniform on 0 to 1, values 0.2 and 0.9: D is 0.4 just below 0.9.
        let distribution = Distribution::uniform(0.0, 1.0).unwrap();
        let found = distances(&sample(&[0.2, 0.9]), &distribution);
        assert!((found.ks - 0.4).abs() < 1e-15);
        let ad = -2.0 - 0.5 * ((0.2_f64.ln() + 0.1_f64.ln()) + 3.0 * (0.9_f64.ln() + 0.8_f64.ln()));
        assert!((found.ad - ad).abs() < 1e-14, "{} {ad}", found.ad);
    }

    #[test]
    fn a_bound_that_says_nothing_leaves_the_distances_as_they_are() {
        let distribution = Distribution::exponential(2.0).unwrap();
        let hours = [0.3, 0.9, 1.0, 2.5, 7.0];
        let plain = distances(&sample(&hours), &distribution);
        let by_steps = bounded(&sample(&hours), &distribution);
        assert!((plain.ks - by_steps.ks).abs() < 1e-14);
        assert!((plain.ad - by_steps.ad).abs() < 1e-13, "{plain:?} {by_steps:?}");
    }

    #[test]
    fn far_tails_are_far_and_finite() {
        let distribution = Distribution::lognormal(0.0, 0.1).unwrap();
        let found = distances(&sample(&[1e-30, 1.0, 1e30]), &distribution);
        assert!(found.ad > 100.0 && found.ad.is_finite());
        let found = distances(&Sample::new(vec![1e-30, 1e30], vec![2.0]), &distribution);
        assert!(found.ad > 10.0 && found.ad.is_finite(), "{found:?}");
    }

    #[test]
    fn rounding_is_noticed() {
        for (hours, unit) in [
            (&[24.0, 48.0, 240.0][..], Some(24.0)),
            (&[1.0, 2.0, 5.0], Some(1.0)),
            (&[0.5, 2.0, 5.0], Some(0.5)),
            (&[0.25, 2.0, 5.0], Some(0.25)),
            (&[0.2, 0.3, 1.5], Some(0.1)),
            (&[1.0 / 60.0, 7.0 / 60.0, 751.0], Some(1.0 / 60.0)),
            (&[0.123_456_789, 1.0, 2.0], None),
            (&[2.0, 2.0, 2.0], None),
        ] {
            assert_eq!(resolution(&sample(hours)), unit, "{hours:?}");
        }
    }

    /// How often the p-values of samples of a distribution fall to 5 % or below, and whether that
    /// is what they promise: a right test fails this once in 1,000 seeds.
    fn size(
        family: Family,
        distribution: &Distribution,
        n: usize,
        unit: Option<f64>,
        watch: &[(f64, f64)],
    ) {
        let design = Design { size: n, resolution: unit, watch: watch.to_vec() };
        let streams = Substreams::new(20_270_104, &["size", family.name()]);
        let (rounds, replicates) = (400_u64, 99);
        let results = each(rounds as usize, 2, |round| {
            let drawn = design.draw(distribution, &mut streams.replicate(round as u64));
            let fitted = Estimate::fit(family, &drawn).ok()?;
            let key = (round as u64, "size");
            let found = distances(&drawn, &fitted.distribution().ok()?);
            Bootstrap::run(&fitted, &drawn, key, replicates, 1).p_values(&found)
        });
        let done: Vec<Distances> = results.into_iter().flatten().collect();
        assert!(done.len() as u64 > rounds * 95 / 100, "{family:?}: {} fits", done.len());
        for (name, of) in
            [("ks", (|d: &Distances| d.ks) as fn(&Distances) -> f64), ("ad", |d| d.ad)]
        {
            let rejected = done.iter().filter(|p| of(p) <= 0.05).count() as u64;
            let p = binomial_test_two_sided(rejected, done.len() as u64, 0.05);
            assert!(p > 0.001, "{family:?} {name}: {rejected} of {} rejected", done.len());
        }
    }

    #[test]
    fn the_tests_reject_a_true_family_as_often_as_they_say() {
        for (family, distribution) in [
            (Family::Exponential, Distribution::exponential(3.0)),
            (Family::Lognormal, Distribution::lognormal(0.5, 1.1)),
            (Family::Weibull, Distribution::weibull(3.0, 0.8)),
            (Family::Gamma, Distribution::gamma(3.0, 0.9)),
            (Family::InverseGaussian, Distribution::inverse_gaussian(3.0, 1.7)),
            (Family::Loglogistic, Distribution::loglogistic(2.0, 1.6)),
        ] {
            size(family, &distribution.unwrap(), 25, None, &[]);
        }
    }

    #[test]
    fn rounding_and_lower_bounds_do_not_spoil_the_size() {
        // Half hours of a distribution with a median of 1.6 h, and a watch that may end early.
        let distribution = Distribution::lognormal(0.5, 1.1).unwrap();
        size(Family::Lognormal, &distribution, 40, Some(0.5), &[]);
        let watch: Vec<(f64, f64)> =
            (1..=20).map(|k| (f64::from(k), f64::from(k) / 25.0)).collect();
        size(Family::Lognormal, &distribution, 40, None, &watch);
        size(Family::Weibull, &Distribution::weibull(3.0, 1.3).unwrap(), 40, None, &watch);
    }

    #[test]
    fn a_wrong_family_is_found_out() {
        let rng = &mut Rng::seed_from_u64(3);
        let distribution = Distribution::lognormal(0.0, 1.5).unwrap();
        let drawn = sample(&(0..200).map(|_| distribution.sample(rng)).collect::<Vec<_>>());
        let fitted = Estimate::fit(Family::Exponential, &drawn).unwrap();
        let found = distances(&drawn, &fitted.distribution().unwrap());
        let p = Bootstrap::run(&fitted, &drawn, (1, ""), 199, 2).p_values(&found).unwrap();
        assert_eq!((p.ks, p.ad), (0.005, 0.005));
    }

    #[test]
    fn threads_change_no_bit() {
        let drawn = sample(&[0.3, 0.9, 1.0, 2.5, 7.0, 11.0]);
        for family in [Family::Weibull, Family::Gamma] {
            let fitted = Estimate::fit(family, &drawn).unwrap();
            let one = Bootstrap::run(&fitted, &drawn, (1, "x"), 50, 1);
            assert_eq!(one.replicates.len(), 50);
            for threads in [2, 3, 8] {
                assert_eq!(Bootstrap::run(&fitted, &drawn, (1, "x"), 50, threads), one);
            }
        }
    }
}
