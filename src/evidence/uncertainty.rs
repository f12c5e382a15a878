//! Distributions that the truth may be, given a sample: what a small sample leaves open, carried
//! on.
//!
//! A fit to twelve drills is one of many that twelve drills could have given. Its replicates
//! ([`Bootstrap`]) scatter around the fit as the fit scatters around the truth; so the truth is
//! sought on the other side: where a replicate has too small a spread, the fit may have too, and
//! the truth a larger one. For the families whose logarithm has a location and a scale
//! (exponential, lognormal, Weibull, log-logistic) and complete durations this is exact: intervals
//! for the next duration hold with the probability they say, however small the sample (J. F.
//! Lawless, *Statistical Models and Methods for Lifetime Data*, 2003, sections 5.1 and E.1). The
//! inverse Gaussian has pivots of its own; for the gamma it is a good approximation.

use super::fit::{Estimate, Family};
use super::goodness::Bootstrap;
use crate::distribution::Distribution;

/// Times the fitted mean that an inverse Gaussian's may be at most.
const MOST_MEAN: f64 = 100.0;

/// Distributions that the truth may be, one for each replicate.
///
/// Drawing one of them and then a duration from it gives durations with the uncertainty of the
/// sample in them.
pub fn possible_distributions(fit: &Estimate, bootstrap: &Bootstrap) -> Vec<Distribution> {
    let mirrored = bootstrap.replicates.iter().map(|r| mirrored(fit, &r.estimate));
    mirrored.filter_map(|estimate| estimate.distribution().ok()).collect()
}

/// What lies from the fit as the fit lies from the replicate.
fn mirrored(fit: &Estimate, replicate: &Estimate) -> Estimate {
    let (f, r) = (fit.values(), replicate.values());
    // Location and scale of the logarithm, or what comes nearest.
    let turned = |(location, scale): (f64, f64), (other, wide): (f64, f64)| {
        (location - scale * (other - location) / wide, scale * scale / wide)
    };
    let log = libm::log;
    let values = match fit.family {
        Family::Exponential => vec![f[0] * (f[0] / r[0])],
        Family::Lognormal => {
            let (mu, sigma) = turned((f[0], f[1]), (r[0], r[1]));
            vec![mu, sigma]
        }
        Family::Weibull | Family::Loglogistic => {
            let (location, scale) = turned((log(f[1]), 1.0 / f[0]), (log(r[1]), 1.0 / r[0]));
            vec![1.0 / scale, libm::exp(location)]
        }
        Family::Gamma => {
            let of = |v: &[f64]| (log(v[0] * v[1]), 1.0 / v[0].sqrt());
            let (location, scale) = turned(of(f), of(r));
            let shape = 1.0 / (scale * scale);
            vec![shape, libm::exp(location) / shape]
        }
        Family::InverseGaussian => {
            // n lambda / lambda^ is chi-square and lambda (m^ - m)^2 / (m^2 m^) too, whatever the
            // parameters (M. C. K. Tweedie, *Statistical Properties of Inverse Gaussian
            // Distributions I*, 1957): the root of the second is turned around.
            let root = r[1].sqrt() * (r[0].sqrt() / f[0] - 1.0 / r[0].sqrt());
            let inverse = 1.0 / f[0] + root / (f[1] * f[0]).sqrt();
            // A short log may set no limit to the mean; a simulation needs one.
            vec![1.0 / inverse.max(1.0 / (MOST_MEAN * f[0])), f[1] * (f[1] / r[1])]
        }
        // Of five parameters that lean on each other there is no mirror: the replicate itself.
        Family::Mixture => return *replicate,
    };
    fit.with_values(&values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::sample::Sample;
    use crate::evidence::substreams::Substreams;
    use crate::stats::interval::binomial_test_two_sided;
    use crate::threads::each;

    /// How often the next duration lies in the interval that samples of n foretell.
    fn covered(
        family: Family,
        distribution: &Distribution,
        n: usize,
        confidence: f64,
        mirror: bool,
    ) -> (u64, u64) {
        let streams = Substreams::new(7, &["coverage", family.name()]);
        let rounds = 600;
        let hits = each(rounds, 2, |round| {
            let rng = &mut streams.replicate(round as u64);
            let drawn = Sample::new((0..n).map(|_| distribution.sample(rng)).collect(), vec![]);
            let next = distribution.sample(rng);
            let fit = Estimate::fit(family, &drawn).ok()?;
            let distributions = if mirror {
                possible_distributions(
                    &fit,
                    &Bootstrap::run(&fit, &drawn, (round as u64, ""), 150, 1),
                )
            } else {
                vec![fit.distribution().ok()?]
            };
            let tail = 0.5 * (1.0 - confidence);
            // Where the next duration stands in the equal mixture of all possible distributions.
            let below =
                distributions.iter().map(|distribution| distribution.cdf(next)).sum::<f64>()
                    / distributions.len() as f64;
            Some(tail <= below && below <= 1.0 - tail)
        });
        let done: Vec<bool> = hits.into_iter().flatten().collect();
        (done.iter().filter(|hit| **hit).count() as u64, done.len() as u64)
    }

    #[test]
    fn intervals_for_the_next_duration_hold_after_eight_drills() {
        for (family, distribution) in [
            (Family::Exponential, Distribution::exponential(3.0)),
            (Family::Lognormal, Distribution::lognormal(0.5, 1.1)),
            (Family::Weibull, Distribution::weibull(3.0, 0.8)),
            (Family::Loglogistic, Distribution::loglogistic(2.0, 1.6)),
            (Family::Gamma, Distribution::gamma(3.0, 0.9)),
            (Family::InverseGaussian, Distribution::inverse_gaussian(3.0, 1.7)),
        ] {
            let distribution = distribution.unwrap();
            for confidence in [0.8, 0.95] {
                let (hits, rounds) = covered(family, &distribution, 8, confidence, true);
                let p = binomial_test_two_sided(hits, rounds, confidence);
                assert!(p > 0.001, "{family:?} {confidence}: {hits} of {rounds}");
            }
        }
    }

    #[test]
    fn the_fit_alone_promises_too_much() {
        // The same test fails for a fit that is taken for the truth: this is what it is for.
        let distribution = Distribution::lognormal(0.5, 1.1).unwrap();
        let (hits, rounds) = covered(Family::Lognormal, &distribution, 8, 0.95, false);
        assert!(binomial_test_two_sided(hits, rounds, 0.95) < 1e-6, "{hits} of {rounds}");
    }
}
