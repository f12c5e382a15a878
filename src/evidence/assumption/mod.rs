//! An assumption against a log: does what a scenario assumes of recovery times, and of the rate of
//! faults, agree with what an incident log shows, and if not, by how much is it wrong?
//!
//! [`Durations`] sets a distribution beside a sample of durations, [`Rate`] a rate beside a number
//! of incidents. Both end in a verdict; the report has the words for it.
//!
//! "Different" and "different enough to matter" are two questions. Of ten thousand incidents a test
//! finds any difference, and a factor of 1.03 changes no plan; of ten, none is found, and the
//! assumption may still be wrong by three. So the verdict rests on intervals of factors, log over
//! assumption, held against a [`MARGIN`]: all of the interval within it is *supported*, whether or
//! not 1 is in it (D. J. Schuirmann, *A Comparison of the Two One-Sided Tests Procedure and the
//! Power Approach*, 1987); all of it on one side of 1 is *optimistic* or *pessimistic*; else the
//! log *cannot tell*, and how many more incidents would is reckoned from the width.
//!
//! Exposure grows with the square of an outage, so a plan hangs on long ones as much as on usual
//! ones. Durations are therefore judged on three criteria:
//!
//! 1. the **middle**: by what factor all of the distribution must be stretched
//!    ([`Durations::factor`]);
//! 2. the **tail**: where the longest tenth begins ([`Durations::tail`]), with no distribution in
//!    mind;
//! 3. the **shape**: the Anderson-Darling test of the whole distribution, and if it rejects, any
//!    quantile from the median upwards whose interval lies beyond the margin.
//!
//! Each has a third of the risk, so that of true assumptions no more than 1 - confidence are called
//! wrong. *Supported* asks all criteria for agreement and needs no such allowance (R. L. Berger and J.
//! C. Hsu, *Bioequivalence Trials, Intersection-Union Tests and Equivalence Confidence Sets*,
//! 1996).
//!
//! The shape of the lower half does not enter: whether the quickest incidents took five minutes or
//! ten changes no outcome. It stands in [`Durations::rows`].

mod percentiles;
mod pointwise;
mod rate;
mod stretch;
#[cfg(test)]
mod tests;
mod verdict;

pub use percentiles::Pit;
pub use rate::{Rate, RateVerdict};
pub use verdict::{Part, Verdict};

use super::goodness::Distances;
use super::sample::Sample;
use crate::distribution::Distribution;
use crate::numeric::normal_deviate;
use crate::stats::Interval;
use pointwise::SurvivalCurve;
use stretch::Stretch;

/// A factor up to this, or down to one over it, is taken not to matter: an assumption is rarely
/// written down, or a repair planned, more exactly than that.
pub const MARGIN: f64 = 1.5;
/// The quantiles that are compared.
pub const PROBABILITIES: [f64; 7] = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
/// The quantiles of the assumption beyond which incidents of the log are counted.
pub const BEYOND: [f64; 4] = [0.5, 0.9, 0.95, 0.99];
/// The longest tenth of durations begins here.
pub const TAIL: f64 = 0.9;
/// Replicates unless said otherwise.
const REPLICATES: usize = 999;
/// Beyond so many durations there are fewer, so that the work stays the same.
const FULL_WORK: usize = 5000;
/// Fewest by default.
const FEWEST: usize = 199;

/// How an assumption is to be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Seed of the simulations.
    pub seed: u64,
    /// What keeps the random streams of several comparisons apart, such as the component's name.
    pub purpose: String,
    /// Confidence of the intervals and of the verdict, between 0 and 1.
    pub confidence: f64,
    /// The factor above 1 up to which a difference does not matter.
    pub margin: f64,
    /// Simulated samples; a sensible number when absent.
    pub replicates: Option<usize>,
    /// Threads; they change no result.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            seed: 1,
            purpose: String::new(),
            confidence: 0.95,
            margin: MARGIN,
            replicates: None,
            threads: 1,
        }
    }
}

impl Options {
    fn replicates(&self, size: usize) -> usize {
        let sensible = (REPLICATES * FULL_WORK / size.max(FULL_WORK)).max(FEWEST);
        self.replicates.unwrap_or(sensible)
    }
}

/// A factor, log over assumption, with its interval; the ends are 0 and infinite where the log sets
/// no bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The factor; above 1 the log has more than assumed.
    pub estimate: f64,
    /// Its interval.
    pub interval: Interval,
}

impl Ratio {
    /// An observed value over an assumed one. More than nothing is infinitely more.
    fn over(observed: f64, interval: Interval, assumed: f64) -> Ratio {
        let over = |value: f64| match assumed {
            0.0 if value == 0.0 => 1.0,
            0.0 => f64::INFINITY,
            _ => value / assumed,
        };
        let Interval { low, high } = interval;
        // No bound below is no bound, whatever was assumed.
        let low = if low == 0.0 { 0.0 } else { over(low) };
        Ratio { estimate: over(observed), interval: Interval { low, high: over(high) } }
    }
}

/// A quantile of the assumption beside that of the log.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileRow {
    /// The share of durations that are no longer.
    pub probability: f64,
    /// By the assumption, hours.
    pub assumed: f64,
    /// By the log, hours: the order statistic, or with lower bounds the estimate of Kaplan and
    /// Meier; `None` if the watch ends before it.
    pub observed: Option<f64>,
    /// The interval of it, hours, for any distribution; see [`Ratio`] for open ends.
    pub interval: Interval,
    /// Observed over assumed; the estimate is NaN without an observed one.
    pub ratio: Ratio,
}

/// How often durations of the log outlast a quantile of the assumption.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exceedance {
    /// The share that the assumption has beyond it; less than 50, 10, 5 or 1 % at an atom.
    pub assumed: f64,
    /// The quantile, hours.
    pub hours: f64,
    /// How many of the log are known to last longer.
    pub longer: usize,
    /// Of so many it is known whether they do: a lower bound may end before.
    pub known: usize,
    /// The share of the log that lasts longer; by Kaplan and Meier with lower bounds.
    pub observed: f64,
    /// Its interval, for any distribution: that of Clopper and Pearson without lower bounds.
    pub interval: Interval,
}

/// The tests of an assumed distribution that nothing was fitted of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tests {
    /// Distances of the log's places in the assumption ([`Pit`]) from uniform ones.
    pub distances: Distances,
    /// How often samples of the assumption lie at least as far, by simulation.
    pub p: Distances,
}

/// An assumed distribution of durations beside a sample of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Durations {
    /// How many durations the log has.
    pub incidents: usize,
    /// How many of them are lower bounds.
    pub bounds: usize,
    /// Confidence of all intervals here, each for itself, but for `factor` and `tail`: those hold
    /// together with the test, each with a third of the risk.
    pub confidence: f64,
    /// The factor up to which a difference does not matter.
    pub margin: f64,
    /// Quantile by quantile, in the order of [`PROBABILITIES`].
    pub rows: Vec<QuantileRow>,
    /// How often the log outlasts the assumption, in the order of [`BEYOND`].
    pub beyond: Vec<Exceedance>,
    /// Tests of the whole distribution; `None` without a complete duration.
    pub tests: Option<Tests>,
    /// The predictive check, ready for a chart.
    pub pit: Pit,
    /// The headline: by what factor all of the assumption must be stretched for the log to lie in
    /// its middle. It is the best estimate from few durations that needs no shape and no mean; see
    /// the source for why. `None` without a complete duration.
    pub factor: Option<Ratio>,
    /// Where the longest tenth begins, over the same of the assumption: what the outcome hangs on,
    /// since exposure grows with the square of an outage. NaN where the log does not reach it.
    pub tail: Ratio,
    /// Mean over mean; holds if only the length is wrong and not the shape. `None` where one of
    /// the two has none: with lower bounds, or if the distribution's mean is infinite.
    pub mean: Option<Ratio>,
    /// What it means.
    pub verdict: Verdict,
}

impl Durations {
    /// Compares an assumed distribution with a sample.
    pub fn compare(assumed: &Distribution, sample: &Sample, options: &Options) -> Durations {
        let curve = SurvivalCurve::new(sample);
        let Criteria { rows, pit, tests, factor, tail } =
            Criteria::new(assumed, sample, &curve, options);
        let settled = factor.and_then(|factor| settled(&rows, tests, factor, tail, options));
        let verdict = settled.unwrap_or_else(|| Verdict::CannotTell {
            more: verdict::more(assumed, sample, (factor, tail), options),
        });
        Durations {
            incidents: sample.len(),
            bounds: sample.censored().len(),
            confidence: options.confidence,
            margin: options.margin,
            rows,
            beyond: BEYOND.iter().map(|p| beyond(assumed, (sample, &curve), *p, options)).collect(),
            tests,
            pit,
            factor,
            tail,
            mean: stretch::means(assumed, sample, options),
            verdict,
        }
    }

    /// The row of a probability, if it is one of [`PROBABILITIES`].
    pub fn row(&self, probability: f64) -> Option<&QuantileRow> {
        self.rows.iter().find(|row| row.probability == probability)
    }

    /// The test of the whole distribution rejects the assumption where its probability is no more than this:
    /// a share of what the confidence leaves, as middle, tail and whole are looked at together.
    pub fn rejects_from(&self) -> f64 {
        1.0 - verdict::each_confidence(self.confidence)
    }

    /// Whether the test of the whole distribution rejects the assumption.
    pub fn is_rejected(&self) -> bool {
        self.tests.is_some_and(|tests| verdict::rejects(tests.p.ad, self.confidence))
    }

    /// Whether there are enough incidents to believe their own factor; with fewer, what would
    /// settle the verdict is reckoned as if the assumption were right.
    pub fn factor_is_estimate(&self) -> bool {
        self.factor.is_some() && verdict::is_estimate(self.incidents)
    }

    /// The point of the tail at which log and assumption are furthest apart, in widths of the
    /// interval; `None` without incidents.
    pub fn worst_exceedance(&self) -> Option<&Exceedance> {
        let apart = |point: &Exceedance| {
            let Interval { low, high } = point.interval;
            (low - point.assumed).max(point.assumed - high) / (high - low)
        };
        let tail = self.beyond.iter().skip(1).filter(|_| self.incidents > 0);
        tail.max_by(|a, b| apart(a).total_cmp(&apart(b)))
    }

    /// The share of durations beyond a quantile of the assumption, where the quantile of the log
    /// says little: it has fewer than two durations beyond it, or ends before.
    pub fn exceedance_in_place_of(&self, probability: f64) -> Option<&Exceedance> {
        let unseen = self.row(probability).is_some_and(|row| row.observed.is_none());
        let few = (1.0 - probability) * (self.incidents as f64) < 2.0;
        if !(few || probability > TAIL || unseen) {
            return None;
        }
        let pairs = BEYOND.iter().zip(&self.beyond);
        pairs.filter(|(p, _)| **p == probability).map(|(_, far)| far).next()
    }
}

/// What the verdict rests on.
struct Criteria {
    rows: Vec<QuantileRow>,
    pit: Pit,
    tests: Option<Tests>,
    factor: Option<Ratio>,
    tail: Ratio,
}

impl Criteria {
    fn new(
        assumed: &Distribution,
        sample: &Sample,
        curve: &SurvivalCurve,
        options: &Options,
    ) -> Criteria {
        let each = verdict::each_confidence(options.confidence);
        let (pit, tests) = percentiles::check(assumed, sample, options);
        Criteria {
            rows: PROBABILITIES.map(|p| row(assumed, curve, p, options.confidence)).to_vec(),
            pit,
            tests,
            factor: Stretch::new(assumed, sample).ratio(normal_deviate(each)),
            tail: row(assumed, curve, TAIL, each).ratio,
        }
    }
}

fn settled(
    rows: &[QuantileRow],
    tests: Option<Tests>,
    factor: Ratio,
    tail: Ratio,
    options: &Options,
) -> Option<Verdict> {
    let rejects = tests.is_some_and(|tests| verdict::rejects(tests.p.ad, options.confidence));
    verdict::settled(factor, tail, if rejects { rows } else { &[] }, options.margin)
}

fn row(
    assumed: &Distribution,
    curve: &SurvivalCurve,
    probability: f64,
    confidence: f64,
) -> QuantileRow {
    let interval = curve.quantile_interval(probability, confidence);
    let (observed, hours) = (curve.quantile(probability), assumed.quantile(probability));
    let ratio = Ratio::over(observed.unwrap_or(f64::NAN), interval, hours);
    QuantileRow { probability, assumed: hours, observed, interval, ratio }
}

fn beyond(
    assumed: &Distribution,
    (sample, curve): (&Sample, &SurvivalCurve),
    probability: f64,
    options: &Options,
) -> Exceedance {
    let hours = assumed.quantile(probability);
    let (observed, interval) = curve.longer(hours, options.confidence);
    // A bound equal to the quantile lasted longer.
    let bounds = sample.censored().iter().filter(|bound| **bound >= hours).count();
    let longer = sample.observed().iter().filter(|took| **took > hours).count() + bounds;
    let known = sample.observed().len() + bounds;
    Exceedance { assumed: assumed.survival(hours), hours, longer, known, observed, interval }
}
