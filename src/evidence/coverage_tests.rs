//! Every interval of this room holds as often as it says: by simulation at fixed seeds, each claim
//! failing once in 1,000 seeds if it is right.

use super::fit::{Estimate, Family};
use super::goodness::Bootstrap;
use super::sample::Sample;
use super::substreams::Substreams;
use super::uncertainty::possible_distributions;
use crate::distribution::{Distribution, Rng};
use crate::stats::interval::binomial_test_two_sided;
use crate::threads::each;

const CHI_SQUARE_95: f64 = 3.841_458_820_694_124;

/// The families with a distribution and the values of their parameters.
fn distributions() -> Vec<(Family, Distribution, Vec<f64>)> {
    let distribution = |distribution: Result<
        Distribution,
        crate::distribution::DistributionError,
    >| distribution.unwrap();
    vec![
        (Family::Exponential, distribution(Distribution::exponential(3.0)), vec![3.0]),
        (Family::Lognormal, distribution(Distribution::lognormal(0.5, 1.1)), vec![0.5, 1.1]),
        (Family::Weibull, distribution(Distribution::weibull(3.0, 0.8)), vec![0.8, 3.0]),
        (Family::Gamma, distribution(Distribution::gamma(3.0, 0.9)), vec![0.9, 3.0 / 0.9]),
        (
            Family::InverseGaussian,
            distribution(Distribution::inverse_gaussian(3.0, 1.7)),
            vec![3.0, 1.7],
        ),
        (Family::Loglogistic, distribution(Distribution::loglogistic(2.0, 1.6)), vec![1.6, 2.0]),
    ]
}

/// Durations of a distribution, each watched for a time of its own if a watch is given.
fn drawn(
    distribution: &Distribution,
    watch: Option<&Distribution>,
    n: usize,
    rng: &mut Rng,
) -> Sample {
    let (mut observed, mut censored) = (Vec::new(), Vec::new());
    for _ in 0..n {
        let hours = distribution.sample(rng);
        match watch.map(|watch| watch.sample(rng)) {
            Some(end) if end < hours => censored.push(end),
            _ => observed.push(hours),
        }
    }
    Sample::new(observed, censored)
}

#[track_caller]
fn holds(name: &str, hits: &[bool], confidence: f64) {
    let (inside, all) = (hits.iter().filter(|hit| **hit).count() as u64, hits.len() as u64);
    let p = binomial_test_two_sided(inside, all, confidence);
    assert!(p > 0.001, "{name}: {inside} of {all}");
}

#[test]
fn profile_likelihood_intervals_of_every_parameter() {
    let watch = Distribution::exponential(12.0).unwrap();
    for (family, distribution, truth) in distributions() {
        for watch in [None, Some(&watch)] {
            let streams = Substreams::new(31, &["profile", family.name()]);
            let found = each(500, 2, |round| {
                let sample = drawn(&distribution, watch, 80, &mut streams.replicate(round as u64));
                let fit = Estimate::fit(family, &sample).ok()?;
                let intervals = fit.intervals(&sample, CHI_SQUARE_95)?;
                let inside =
                    |(value, (low, high)): (&f64, &(f64, f64))| low <= value && value <= high;
                Some(truth.iter().zip(&intervals).map(inside).collect::<Vec<bool>>())
            });
            let done: Vec<Vec<bool>> = found.into_iter().flatten().collect();
            assert!(done.len() >= 495, "{family:?}: {} fits", done.len());
            for (place, name) in family.parameters().iter().enumerate() {
                let hits: Vec<bool> = done.iter().map(|hits| hits[place]).collect();
                holds(&format!("{family:?} {name} {}", watch.is_some()), &hits, 0.95);
            }
        }
    }
}

#[test]
fn intervals_of_quantiles_from_a_small_sample() {
    for (family, distribution, _) in distributions() {
        let streams = Substreams::new(32, &["quantile", family.name()]);
        let found = each(500, 2, |round| {
            let sample = drawn(&distribution, None, 15, &mut streams.replicate(round as u64));
            let fit = Estimate::fit(family, &sample).ok()?;
            let bootstrap = Bootstrap::run(&fit, &sample, (round as u64, ""), 199, 1);
            let distributions = possible_distributions(&fit, &bootstrap);
            let inside = |p: f64| {
                let truth = distribution.quantile(p);
                // The interval between the 5 % and the 95 % of the distributions' quantiles holds
                // the truth where so many of them lie below.
                let below = distributions
                    .iter()
                    .filter(|distribution| distribution.quantile(p) < truth)
                    .count();
                (10..190).contains(&below)
            };
            Some([0.5, 0.95].map(inside))
        });
        let done: Vec<[bool; 2]> = found.into_iter().flatten().collect();
        assert!(done.len() >= 495, "{family:?}: {} fits", done.len());
        for (place, p) in [0.5, 0.95].into_iter().enumerate() {
            let hits: Vec<bool> = done.iter().map(|hits| hits[place]).collect();
            holds(&format!("{family:?} {p}"), &hits, 0.9);
        }
    }
}

#[test]
fn kaplan_and_meier_with_their_interval() {
    let (distribution, watch) =
        (Distribution::weibull(3.0, 1.3).unwrap(), Distribution::exponential(6.0).unwrap());
    let streams = Substreams::new(33, &["kaplan"]);
    for at in [1.0, 3.0, 5.0] {
        let found = each(1000, 2, |round| {
            let sample =
                drawn(&distribution, Some(&watch), 100, &mut streams.replicate(round as u64));
            let steps = sample.kaplan_meier();
            let (low, high) = steps.iter().rfind(|step| step.hours <= at)?.interval(1.96)?;
            Some(low <= distribution.survival(at) && distribution.survival(at) <= high)
        });
        let hits: Vec<bool> = found.into_iter().flatten().collect();
        assert!(hits.len() > 990);
        holds(&format!("at {at}"), &hits, 0.95);
    }
}
