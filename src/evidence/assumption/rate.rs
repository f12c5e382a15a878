//! An assumed rate of faults against the number of incidents in a time.

use super::verdict::{Comparison, compare, least};
use super::{MARGIN, Ratio};
use crate::numeric::{gamma_quantile, gamma_tails};
use crate::stats::Interval;
use crate::units::HOURS_PER_YEAR;

/// Whether a log supports the assumed rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RateVerdict {
    /// The interval of the factor lies within the margin.
    Supported,
    /// The log has more incidents, by this factor.
    Optimistic(Ratio),
    /// The log has fewer incidents, by this factor.
    Pessimistic(Ratio),
    /// The log is too short to tell.
    CannotTell {
        /// About how many more incidents would tell; 0 if the log has none, since then more time
        /// without any would. `None` beyond a million.
        more: Option<u64>,
        /// In how many years they would come at the observed rate; without incidents, how many more
        /// years without any would show that the assumption is too high.
        years: Option<f64>,
    },
}

impl RateVerdict {
    /// The name in tables and files.
    pub fn name(&self) -> &'static str {
        match self {
            RateVerdict::Supported => "supported",
            RateVerdict::Optimistic(_) => "optimistic",
            RateVerdict::Pessimistic(_) => "pessimistic",
            RateVerdict::CannotTell { .. } => "cannot_tell",
        }
    }
}

/// An assumed rate of faults beside what a log shows. Incidents are taken to come independently of
/// each other (Poisson); whether they do is what `trend` asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// Faults a year, as assumed.
    pub assumed_per_year: f64,
    /// Incidents in the log.
    pub incidents: u64,
    /// Years watched.
    pub years: f64,
    /// Incidents that the assumption would bring in that time.
    pub expected: f64,
    /// Incidents a year, as observed; NaN if no time was watched.
    pub per_year: f64,
    /// Its exact interval: F. Garwood, *Fiducial Limits for the Poisson Distribution* (1936).
    pub interval: Interval,
    /// Observed over assumed, with that interval.
    pub ratio: Ratio,
    /// Twice the chance, at most 1, of a count as far out on the same side if the assumption is
    /// right (exact Poisson; below 1 - confidence where the interval leaves out the assumption).
    pub p: f64,
    /// Confidence of the interval.
    pub confidence: f64,
    /// What it means.
    pub verdict: RateVerdict,
}

impl Rate {
    /// Compares an assumed rate, faults a year, with a number of incidents in observed hours. The
    /// verdict takes factors up to `MARGIN` for unimportant.
    pub fn compare(
        assumed_per_year: f64,
        incidents: u64,
        observed_hours: f64,
        confidence: f64,
    ) -> Rate {
        let years = observed_hours / HOURS_PER_YEAR;
        let watched = years.is_finite() && years > 0.0;
        let interval = if watched {
            garwood(incidents, confidence).map(|count| count / years)
        } else {
            Interval { low: 0.0, high: f64::INFINITY }
        };
        let expected = if watched { assumed_per_year * years } else { 0.0 };
        let ratio = Ratio::over(incidents as f64 / years, interval, assumed_per_year);
        let mut rate = Rate {
            assumed_per_year,
            incidents,
            years,
            expected,
            per_year: incidents as f64 / years,
            interval,
            ratio,
            p: if watched { two_sided(incidents, expected) } else { 1.0 },
            confidence,
            verdict: RateVerdict::Supported,
        };
        rate.verdict = rate.judged(watched);
        rate
    }

    fn judged(&self, watched: bool) -> RateVerdict {
        if !watched {
            return RateVerdict::CannotTell { more: None, years: None };
        }
        if self.assumed_per_year == 0.0 && self.incidents == 0 {
            return RateVerdict::Supported;
        }
        let outcome = settled(self.ratio);
        outcome.unwrap_or_else(|| {
            if self.incidents == 0 {
                // Until the upper limit of none at all falls to the assumption.
                let enough = garwood(0, self.confidence).high / self.assumed_per_year;
                return RateVerdict::CannotTell { more: Some(0), years: Some(enough - self.years) };
            }
            let tells = |count: u64| settled(self.foreseen(count)).is_some();
            let more = least(self.incidents + 1, tells).map(|count| count - self.incidents);
            RateVerdict::CannotTell { more, years: more.map(|more| more as f64 / self.per_year) }
        })
    }

    /// The ratio with the interval to expect at so many incidents if the present one is the truth.
    fn foreseen(&self, count: u64) -> Ratio {
        let estimate = self.ratio.estimate;
        let scale = estimate / count as f64;
        Ratio { estimate, interval: garwood(count, self.confidence).map(|mean| scale * mean) }
    }
}

fn settled(ratio: Ratio) -> Option<RateVerdict> {
    match compare(&ratio, MARGIN) {
        Comparison::Same => Some(RateVerdict::Supported),
        Comparison::Longer => Some(RateVerdict::Optimistic(ratio)),
        Comparison::Shorter => Some(RateVerdict::Pessimistic(ratio)),
        Comparison::Open => None,
    }
}

/// The interval of the mean of a Poisson variable that came out as `count`: the sum of k unit
/// exponentials, a gamma variable, is at most m exactly when a Poisson variable of mean m is k or
/// more.
fn garwood(count: u64, confidence: f64) -> Interval {
    let tail = 0.5 * (1.0 - confidence);
    let low = if count == 0 { 0.0 } else { gamma_quantile(count as f64, tail) };
    Interval { low, high: gamma_quantile(count as f64 + 1.0, 1.0 - tail) }
}

fn two_sided(count: u64, mean: f64) -> f64 {
    let at_least = |k: u64| if k == 0 { 1.0 } else { gamma_tails(k as f64, mean).0 };
    let at_most = gamma_tails(count as f64 + 1.0, mean).1;
    (2.0 * at_least(count).min(at_most)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_p_values_are_those_of_the_tables() {
        // Garwood's table, 95 %: counts 0, 1, 5, 10, 100.
        for (count, low, high) in [
            (0, 0.0, 3.688_879),
            (1, 0.025_318, 5.571_643),
            (5, 1.623_486, 11.668_332),
            (10, 4.795_389, 18.390_356),
            (100, 81.363_99, 121.627_29),
        ] {
            let found = garwood(count, 0.95);
            assert!((found.low - low).abs() < 1e-5 * low.max(1.0), "{found:?}");
            assert!((found.high - high).abs() < 1e-5 * high, "{found:?}");
        }
        // e^-2 (1 + 2 + 2 + 4/3 + 2/3) by hand: P(K >= 5) = 0.052653 at mean 2.
        assert!((two_sided(5, 2.0) - 2.0 * 0.052_653_017).abs() < 1e-8);
        assert!((two_sided(0, 2.0) - 2.0 * (-2.0_f64).exp()).abs() < 1e-14);
        assert_eq!(two_sided(2, 2.0), 1.0);
        assert_eq!((two_sided(0, 0.0), two_sided(3, 0.0)), (1.0, 0.0));
    }

    #[test]
    fn the_p_value_and_the_interval_agree() {
        for count in 0..60 {
            for tenths in 1..400 {
                let mean = f64::from(tenths) / 7.0;
                let outside = !garwood(count, 0.95).contains(mean);
                assert_eq!(two_sided(count, mean) < 0.05, outside, "{count} {mean}");
            }
        }
    }

    #[test]
    fn no_incident_no_time_and_no_rate_have_answers() {
        let year = HOURS_PER_YEAR;
        let none = Rate::compare(2.0, 0, year, 0.95);
        let RateVerdict::CannotTell { more: Some(0), years: Some(years) } = none.verdict else {
            panic!("{none:?}")
        };
        assert!((years - (3.688_879_454 / 2.0 - 1.0)).abs() < 1e-9);
        assert_eq!(none.ratio.estimate, 0.0);
        assert_eq!(Rate::compare(2.0, 0, 2.0 * year, 0.95).verdict.name(), "pessimistic");
        let unseen = Rate::compare(2.0, 0, 0.0, 0.95);
        assert_eq!(unseen.verdict, RateVerdict::CannotTell { more: None, years: None });
        assert_eq!(Rate::compare(0.0, 0, year, 0.95).verdict, RateVerdict::Supported);
        assert_eq!(Rate::compare(0.0, 1, year, 0.95).verdict.name(), "optimistic");
        assert_eq!(Rate::compare(0.0, 1, year, 0.95).ratio.estimate, f64::INFINITY);
    }

    #[test]
    fn at_the_number_that_would_settle_it_the_same_rate_does() {
        for (assumed, incidents) in [(5.0, 7), (1.0, 1), (10.0, 9), (2.0, 3), (100.0, 118)] {
            let rate = Rate::compare(assumed, incidents, 1.4 * HOURS_PER_YEAR, 0.95);
            let RateVerdict::CannotTell { more: Some(more), years: Some(years) } = rate.verdict
            else {
                continue;
            };
            let at = |more: u64| {
                let hours = 1.4 * HOURS_PER_YEAR * (incidents + more) as f64 / incidents as f64;
                Rate::compare(assumed, incidents + more, hours, 0.95).verdict.name()
            };
            assert_ne!(at(more), "cannot_tell", "{rate:?}");
            assert_eq!(at(more - 1), "cannot_tell", "{rate:?}");
            assert!((years - 1.4 * more as f64 / incidents as f64).abs() < 1e-9);
        }
    }
}
