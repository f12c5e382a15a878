//! What an analysis says of its recommended fit: which others are as good, whether the tests reject
//! it, where its tail misses the log, and whether the log is long enough to plan by.
//!
//! Plans are made by the tail, and the tail is where a fit is weakest: so it has a test of its own,
//! besides those of [`goodness`](super::goodness). Values only; the report makes sentences of them.

use super::analysis::{Analysis, Fit, Flag};
use super::fit::Unfit;
use crate::numeric::beta_tails;
use crate::units::show_duration;

/// AICc within this of the best is as good (K. P. Burnham and D. R. Anderson, *Model Selection and
/// Multimodel Inference*, 2002, section 2.6).
pub const AS_GOOD: f64 = 2.0;
/// Two tests judge the same fit at 5 %, so each has half of that.
const REJECTS_ONE_OF_TWO: f64 = 0.025;
/// The 95 % point is known well enough when it is known to within this factor.
const KNOWN_WELL: f64 = 1.25;
/// Rivals that differ from the best by this factor at the 99 % point lead to another plan.
const DIVERGES: f64 = 1.2;
/// A count beyond a point of the tail that is less likely than this is no chance.
const NO_CHANCE: f64 = 0.01;

/// Why no fit is recommended.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum NoRecommendation {
    /// Every incident was still open.
    #[error("no incident was seen to its end, so there is nothing to fit")]
    NothingComplete,
    /// A distribution with a spread would say less than the constant.
    #[error(
        "all {count} complete durations are {}; a constant describes them better than a distribution",
        show_duration(*hours)
    )]
    AllTheSame {
        /// Complete durations.
        count: usize,
        /// How long each is, hours.
        hours: f64,
    },
    /// The same with a spread too small to matter.
    #[error(
        "the {count} complete durations hardly differ, from {} to {}; a constant describes them \
         better than a distribution",
        show_duration(*shortest), show_duration(*longest)
    )]
    NearlyConstant {
        /// Complete durations.
        count: usize,
        /// Hours.
        shortest: f64,
        /// Hours.
        longest: f64,
    },
    /// Fewer than three.
    #[error(
        "{count} complete {} too few to choose a distribution; 3 is the minimum, 10 or more is better",
        if *count == 1 { "duration is" } else { "durations are" }
    )]
    TooFew {
        /// Complete durations.
        count: usize,
    },
    /// Every fit is degenerate.
    #[error("no family gives a distribution that can be recommended")]
    NothingSound,
}

/// A point of the tail beyond which the log has more, or fewer, durations than chance allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailMisfit {
    /// The point, hours.
    pub from: f64,
    /// Durations of the log beyond it.
    pub seen: usize,
    /// Durations that the distribution expects beyond it.
    pub expected: f64,
}

/// How well the 95 % point is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailPrecision {
    /// Its interval, hours.
    pub low: f64,
    /// Its interval, hours.
    pub high: f64,
    /// How many durations would tell it to within a quarter: the interval narrows as one over the
    /// root of their number.
    pub needed: f64,
    /// Whether the log has as many.
    pub is_enough: bool,
    /// The interval of the mean has no upper end.
    pub mean_is_open: bool,
}

impl Analysis {
    /// Why no fit is recommended; `None` if one is.
    pub fn no_recommendation(&self) -> Option<NoRecommendation> {
        if self.recommended().is_some() {
            return None;
        }
        let observed = self.variable.sample.observed();
        let same = self.unfit.iter().any(|(_, why)| *why == Unfit::AllTheSame);
        let count = observed.len();
        Some(match observed {
            [] => NoRecommendation::NothingComplete,
            [hours, _, ..] if same => NoRecommendation::AllTheSame { count, hours: *hours },
            [shortest, .., longest] if self.is_nearly_constant() => {
                let (shortest, longest) = (*shortest, *longest);
                NoRecommendation::NearlyConstant { count, shortest, longest }
            }
            _ if count < 3 => NoRecommendation::TooFew { count },
            _ => NoRecommendation::NothingSound,
        })
    }

    /// Whether the likeliest distribution is all but a point.
    pub(super) fn is_nearly_constant(&self) -> bool {
        self.fits.first().is_some_and(|fit| {
            fit.flags.contains(&Flag::Degenerate)
                && fit.distribution.quantile(0.95) / fit.distribution.quantile(0.05) < 1.05
        })
    }

    /// Fits as good as the best by their AICc, the best itself left out.
    pub fn rivals<'a>(&'a self, best: &'a Fit) -> impl Iterator<Item = &'a Fit> {
        let limit = best.aicc.unwrap_or(f64::NEG_INFINITY) + AS_GOOD;
        self.fits.iter().filter(move |fit| {
            fit.is_sound() && fit.aicc.is_some_and(|aicc| aicc <= limit) && *fit != best
        })
    }

    /// The rival whose 99 % point is furthest from that of the best, if that changes a plan.
    pub fn diverging_rival<'a>(&'a self, best: &'a Fit) -> Option<&'a Fit> {
        let apart = |fit: &Fit| {
            libm::log(fit.distribution.quantile(0.99) / best.distribution.quantile(0.99)).abs()
        };
        let furthest = self.rivals(best).max_by(|a, b| apart(a).total_cmp(&apart(b)));
        furthest.filter(|other| apart(other) > libm::log(DIVERGES))
    }

    /// The first fit that has a lower AICc than the recommended one and is not recommended.
    pub fn passed_over(&self) -> Option<&Fit> {
        let best = self.best.unwrap_or(self.fits.len());
        self.fits.iter().take(best).find(|fit| fit.aicc.is_some())
    }

    /// How well the log tells the 95 % point of a fit; `None` without replicates.
    pub fn tail_precision(&self, best: &Fit) -> Option<TailPrecision> {
        let (low, high) = best.quantile_interval(0.95, self.confidence)?;
        if !(low > 0.0 && high.is_finite() && high > low) {
            return None;
        }
        let n = self.variable.sample.observed().len() as f64;
        let spread = 0.5 * libm::log(high / low) / libm::log(KNOWN_WELL);
        // The mean is the first parameter of these two.
        let mean = best.intervals.as_ref().filter(|_| best.estimate.family.has_mean());
        let mean_is_open = mean.is_some_and(|ends| !ends[0].1.is_finite());
        let (needed, is_enough) = (n * spread * spread, spread <= 1.0);
        Some(TailPrecision { low, high, needed, is_enough, mean_is_open })
    }

    /// The point of the tail, if any, where the count beyond it is least likely by the
    /// distribution and below 1 %. Lower bounds hide what lies beyond them, so a sample with
    /// bounds tells nothing.
    pub fn tail_misfit(&self, best: &Fit) -> Option<TailMisfit> {
        let sample = &self.variable.sample;
        if !sample.censored().is_empty() {
            return None;
        }
        let observed = sample.observed();
        let n = observed.len() as f64;
        let longest = observed.last().copied()?;
        let points = [0.1, 0.05, 0.02, 0.01, 0.005, 0.002]
            .map(|share| best.distribution.quantile(1.0 - share));
        let mut worst: Option<(f64, TailMisfit)> = None;
        for from in points.into_iter().chain([longest.next_down()]) {
            let share = best.distribution.survival(from);
            let seen = observed.len() - observed.partition_point(|x| *x <= from);
            if !(share > 0.0 && share < 1.0) {
                continue;
            }
            let chance = binomial_tail(seen as f64, n, share);
            if chance < NO_CHANCE && worst.as_ref().is_none_or(|(least, _)| chance < *least) {
                worst = Some((chance, TailMisfit { from, seen, expected: n * share }));
            }
        }
        worst.map(|(_, misfit)| misfit)
    }
}

impl Fit {
    /// Whether one of its tests rejects it; never without replicates.
    pub fn is_rejected(&self) -> bool {
        self.p.is_some_and(|p| p.ad.min(p.ks) <= REJECTS_ONE_OF_TWO)
    }
}

/// The smaller of P(K >= k) and P(K <= k) of a binomial K, by the incomplete beta function.
fn binomial_tail(k: f64, n: f64, share: f64) -> f64 {
    let at_least =
        |k: f64| if k > 0.0 { beta_tails(k, n - k + 1.0, share, 1.0 - share).0 } else { 1.0 };
    at_least(k).min(1.0 - if k < n { at_least(k + 1.0) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::evidence::analysis::AnalysisOptions;
    use crate::evidence::fit::Family;
    use crate::evidence::sample::{Quantity, Sample, Variable};

    fn misfit(hours: Vec<f64>) -> Option<TailMisfit> {
        let variable =
            Variable { sample: Sample::new(hours, vec![]), ..Variable::none(Quantity::Recovery) };
        let families = vec![Family::Lognormal];
        let options =
            AnalysisOptions { families, replicates: Some(0), ..AnalysisOptions::default() };
        let analysis = Analysis::new(&variable, &options);
        analysis.tail_misfit(analysis.recommended().unwrap())
    }

    fn quantiles(distribution: &Distribution) -> Vec<f64> {
        (1..400).map(|k| distribution.quantile(f64::from(k) / 400.0)).collect()
    }

    #[test]
    fn a_tail_is_too_light_too_heavy_or_right_as_it_is() {
        let distribution = Distribution::lognormal(0.0, 1.0).unwrap();
        assert_eq!(misfit(quantiles(&distribution)), None);
        let mut long = quantiles(&distribution);
        long.extend([60.0, 70.0, 80.0, 90.0]);
        let light = misfit(long).unwrap();
        assert!(light.seen as f64 > light.expected, "{light:?}");
        let even = Distribution::uniform(0.0, 10.0).unwrap();
        let heavy = misfit(quantiles(&even)).unwrap();
        assert!(heavy.seen == 0 && heavy.expected > 0.0, "{heavy:?}");
    }
}
