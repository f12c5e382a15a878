//! The predictive check: where each logged duration lies in the assumed distribution, as a share
//! between 0 and 1 of durations that end sooner. If the assumption is right these shares are
//! uniform, whatever the distribution (M. Rosenblatt, *Remarks on a Multivariate Transformation*,
//! 1952).
//!
//! A duration does not always have one share. Where the distribution has an atom (a constant, a
//! list of durations), and where the log is rounded to minutes or hours, a whole range of shares
//! belongs to it: one of them is drawn evenly, from a keyed stream. So the shares are exactly
//! uniform for every distribution and every rounding, and the tests on them need no distribution:
//! the same table serves all.

use super::{Options, Tests};
use crate::distribution::draws::open_uniform;
use crate::distribution::{Distribution, Rng};
use crate::evidence::goodness::{Design, distances, resolution};
use crate::evidence::sample::Sample;
use crate::evidence::substreams::Substreams;
use crate::numeric::{beta_tails, first};
use crate::threads::each;

/// Bars of the histogram.
pub const BARS: usize = 10;
/// Durations nearer than this, as a share of themselves, are the same: hours in a log come from
/// seconds, those in a scenario from a text.
const SAME: f64 = 1e-9;
/// The least share; 0 would have no logarithm.
const LEAST: f64 = 1e-300;

/// Where the logged durations lie in the assumed distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Pit {
    /// For each duration the share of the assumed distribution that ends sooner, ascending; uniform
    /// between 0 and 1 if the assumption is right. One that was not seen to its end has a share
    /// drawn from the assumption, given that it lasted so long: it cannot speak against the
    /// assumption by more than its bound does.
    pub shares: Vec<f64>,
    /// How many durations lie in each tenth of the assumed distribution, the shortest first.
    pub counts: [u64; BARS],
    /// How many each tenth would hold on average if the assumption were right.
    pub expected: f64,
    /// Between which counts, both included, a single tenth stays with the confidence asked for if
    /// the assumption is right: central part of the binomial distribution (n, 1/10).
    pub band: (u64, u64),
    /// How many of the durations are lower bounds, with a drawn share.
    pub drawn: usize,
}

/// Shares for the tests (bounds stay bounds) and for the histogram.
pub(super) fn check(
    distribution: &Distribution,
    sample: &Sample,
    options: &Options,
) -> (Pit, Option<Tests>) {
    let streams = Substreams::new(options.seed, &["assumption", &options.purpose]);
    let rng = &mut streams.replicate(0);
    let place = ProbabilityTransform::new(distribution, sample);
    let ended: Vec<f64> = sample.observed().iter().map(|hours| place.ended(*hours, rng)).collect();
    let bounds: Vec<f64> = sample.censored().iter().map(|hours| place.bound(*hours)).collect();
    let drawn = bounds.iter().map(|bound| within(bound + (1.0 - bound) * open_uniform(rng)));
    let mut shares: Vec<f64> = ended.iter().copied().chain(drawn).collect();
    shares.sort_by(f64::total_cmp);
    let mut counts = [0; BARS];
    for share in &shares {
        counts[((share * BARS as f64) as usize).min(BARS - 1)] += 1;
    }
    let n = shares.len() as u64;
    let band = binomial_band(n, 1.0 / BARS as f64, options.confidence);
    let expected = n as f64 / BARS as f64;
    let pit = Pit { shares, counts, expected, band, drawn: bounds.len() };
    (pit, tests(&Sample::new(ended, bounds), options))
}

/// A share that has a logarithm on both sides.
fn within(share: f64) -> f64 {
    share.clamp(LEAST, 1.0 - f64::EPSILON)
}

/// How to place durations in a distribution, as the log shows them.
struct ProbabilityTransform<'a> {
    distribution: &'a Distribution,
    unit: Option<f64>,
    /// What the log cannot show, since it rounds to 0.
    unseen: f64,
}

impl ProbabilityTransform<'_> {
    fn new<'a>(distribution: &'a Distribution, sample: &Sample) -> ProbabilityTransform<'a> {
        let unit = resolution(sample);
        let unseen = unit.map_or(0.0, |unit| below(distribution, 0.5 * unit));
        // A distribution that a log so coarse cannot show at all is placed as it is.
        ProbabilityTransform {
            distribution,
            unit,
            unseen: if unseen < 1.0 - SAME { unseen } else { 0.0 },
        }
    }

    fn ended(&self, hours: f64, rng: &mut Rng) -> f64 {
        let (from, to) = match self.unit {
            Some(unit) => (
                below(self.distribution, hours - 0.5 * unit),
                below(self.distribution, hours + 0.5 * unit),
            ),
            None => (below(self.distribution, hours), self.distribution.cdf(hours * (1.0 + SAME))),
        };
        let (from, to) = (self.seen(from), self.seen(to));
        within(from + (to - from) * open_uniform(rng))
    }

    fn bound(&self, hours: f64) -> f64 {
        within(self.seen(self.distribution.cdf(hours)))
    }

    /// The share among those that the log can show.
    fn seen(&self, share: f64) -> f64 {
        ((share - self.unseen) / (1.0 - self.unseen)).max(0.0)
    }
}

/// The share of the distribution that is shorter than `hours`, an atom at `hours` left out.
fn below(distribution: &Distribution, hours: f64) -> f64 {
    distribution.cdf(hours * (1.0 - SAME))
}

/// The share of the distribution that is shorter than `hours`, with half of an atom there.
pub(super) fn middle_share(distribution: &Distribution, hours: f64) -> f64 {
    f64::midpoint(below(distribution, hours), distribution.cdf(hours * (1.0 + SAME)))
}

/// Distances of shares from uniform ones, with p-values by simulation: samples of as many uniform
/// shares, with an end of the watch drawn as in the log. `None` without a complete duration.
fn tests(shares: &Sample, options: &Options) -> Option<Tests> {
    let uniform = Distribution::uniform(0.0, 1.0).ok()?;
    if shares.observed().is_empty() {
        return None;
    }
    let found = distances(shares, &uniform);
    let design = Design::unrounded(shares);
    let streams = Substreams::new(options.seed, &["assumption tests", &options.purpose]);
    let count = options.replicates(shares.len());
    let replicates = each(count, options.threads, |index| {
        distances(&design.draw(&uniform, &mut streams.replicate(index as u64)), &uniform)
    });
    Some(Tests { distances: found, p: found.p_values(&replicates) })
}

/// The counts, both included, between which a binomial variable stays with `confidence`, each tail
/// having at most half of the rest.
fn binomial_band(n: u64, p: f64, confidence: f64) -> (u64, u64) {
    let tail = 0.5 * (1.0 - confidence);
    // P(K >= k)
    let at_least = |k: u64| match k {
        0 => 1.0,
        k if k > n => 0.0,
        k => beta_tails(k as f64, (n - k + 1) as f64, p, 1.0 - p).0,
    };
    let low = first(0, n, |k| 1.0 - at_least(k + 1) > tail);
    (low, first(0, n, |k| at_least(k + 1) <= tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_band_of_a_tenth_is_the_central_part_of_the_binomial_distribution() {
        // R: qbinom(c(0.025, 0.975), n, 0.1)
        for (n, low, high) in [(0, 0, 0), (1, 0, 1), (10, 0, 3), (46, 1, 9), (1000, 82, 119)] {
            assert_eq!(binomial_band(n, 0.1, 0.95), (low, high), "{n}");
        }
    }

    #[test]
    fn durations_at_an_atom_are_spread_over_it_and_others_lie_at_the_ends() {
        let distribution = Distribution::constant_of(20.0 / 60.0);
        let sample = Sample::new(vec![1200.0 / 3600.0; 400], vec![]);
        let options = Options { replicates: Some(199), ..Options::default() };
        let (pit, tests) = check(&distribution, &sample, &options);
        assert!(pit.counts.iter().all(|count| (20..70).contains(count)), "{:?}", pit.counts);
        assert!(tests.unwrap().p.ad > 0.01);
        let other = Sample::new(vec![0.3, 0.301, 0.34], vec![]);
        let (pit, _) = check(&distribution, &other, &options);
        assert_eq!((pit.counts[0], pit.counts[9]), (2, 1));
    }

    #[test]
    fn bounds_lie_above_their_bound() {
        let distribution = Distribution::uniform(0.0, 10.0).unwrap();
        let sample = Sample::new(vec![1.234], vec![9.5; 50]);
        let (pit, _) = check(&distribution, &sample, &Options::default());
        assert_eq!((pit.drawn, pit.counts[1], pit.counts[9]), (50, 1, 50));
        assert!(pit.shares[1..].iter().all(|share| *share > 0.95 && *share < 1.0));
    }
}
