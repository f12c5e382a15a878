//! What a log says of its own distribution with no distribution in mind: the share that lasts
//! longer than some time, and the quantiles, each with an interval.
//!
//! One method for both and for logs with and without lower bounds: the beta product of M. P. Fay,
//! E. H. Brittain and M. A. Proschan, *Pointwise Confidence Intervals for a Survival Distribution
//! with Small Samples or Heavy Censoring* (Biostatistics 14, 2013), by the method of moments. Each
//! ended duration takes from the share that lasts longer a factor whose chance is known without any
//! distribution: among Y that are watched, the first to end leaves a beta (Y, 1) share. Without
//! lower bounds the products are beta again, and the intervals are exactly those of C. J. Clopper
//! and E. S. Pearson (1934) for shares and of order statistics for quantiles. What a log cannot
//! bound stays open: 0 below, infinity above.

use crate::evidence::sample::Sample;
use crate::numeric::{beta_quantile, beta_tails};
use crate::stats::Interval;

/// A tail equal to its allowance on paper must not fail by rounding.
const ROUNDING: f64 = 1e-11;

/// A beta distribution, or the point it has shrunk to.
#[derive(Debug, Clone, Copy)]
enum Beta {
    Point(f64),
    Shape(f64, f64),
}

impl Beta {
    /// The beta distribution with the mean and the variance of a product of beta distributions: ln
    /// of the mean, and the sum of ln(1 + cv^2) of the factors.
    fn matched(product: Product) -> Beta {
        let mean = libm::exp(product.log_mean);
        let rest = -libm::expm1(product.log_mean);
        let cv2 = libm::expm1(product.log_spread);
        let a = (rest - mean * cv2) / cv2;
        Beta::Shape(a, a * rest / mean)
    }

    /// P(B <= x) and P(B > x).
    fn tails(self, x: f64) -> (f64, f64) {
        match self {
            Beta::Point(at) if at <= x => (1.0, 0.0),
            Beta::Point(_) => (0.0, 1.0),
            Beta::Shape(a, b) => beta_tails(a, b, x, 1.0 - x),
        }
    }

    /// The x below which a share `p` lies.
    fn quantile(self, p: f64) -> f64 {
        match self {
            Beta::Point(at) => at,
            Beta::Shape(a, b) => beta_quantile(a, b, p),
        }
    }
}

/// A product of independent beta variables by its first two moments.
#[derive(Debug, Clone, Copy)]
struct Product {
    log_mean: f64,
    log_spread: f64,
}

impl Product {
    /// With a factor of the beta distribution (a, b).
    fn times(self, a: f64, b: f64) -> Product {
        Product {
            log_mean: self.log_mean - libm::log1p(b / a),
            log_spread: self.log_spread + libm::log1p(b / (a * (a + b + 1.0))),
        }
    }
}

/// A moment at which a duration ends or its watch does.
#[derive(Debug, Clone, Copy)]
struct Place {
    hours: f64,
    /// The estimate of Kaplan and Meier from here on.
    survival: f64,
    /// Whether a duration ends here.
    ends: bool,
    /// The share that lasts longer is at least this, in distribution.
    lower: Beta,
    /// And at most this.
    upper: Beta,
}

/// The share of durations that lasts longer than x, with its interval.
#[derive(Debug, Clone)]
pub(super) struct SurvivalCurve {
    places: Vec<Place>,
    before: Beta,
}

impl SurvivalCurve {
    pub(super) fn new(sample: &Sample) -> SurvivalCurve {
        let (observed, censored) = (sample.observed(), sample.censored());
        let n = sample.len();
        let lasting = |product: Product, left: usize| {
            if left == 0 {
                Beta::Point(0.0)
            } else {
                Beta::matched(product.times(left as f64, 1.0))
            }
        };
        let mut product = Product { log_mean: 0.0, log_spread: 0.0 };
        let before = lasting(product, n);
        let (mut places, mut seen, mut gone) = (Vec::new(), 0, 0);
        let mut survival = 1.0;
        let mut upper = Beta::Point(1.0);
        while seen < observed.len() || gone < censored.len() {
            let next = |list: &[f64], from: usize| list.get(from).copied().unwrap_or(f64::INFINITY);
            let hours = next(observed, seen).min(next(censored, gone));
            let ended = observed[seen..].partition_point(|x| *x <= hours);
            let at_risk = n - seen - gone;
            if ended > 0 {
                survival *= (at_risk - ended) as f64 / at_risk as f64;
                product = product.times((at_risk - ended + 1) as f64, ended as f64);
                upper = Beta::matched(product);
            }
            seen += ended;
            // A bound equal to a duration lasted longer.
            gone += censored[gone..].partition_point(|x| *x <= hours);
            let lower = lasting(product, n - seen - gone);
            places.push(Place { hours, survival, ends: ended > 0, lower, upper });
        }
        SurvivalCurve { places, before }
    }

    /// The smallest duration by which at least a share `p` has ended; `None` if the log's watch
    /// ends before that.
    pub(super) fn quantile(&self, p: f64) -> Option<f64> {
        let left = (1.0 - p) * (1.0 + ROUNDING);
        self.places.iter().find(|place| place.ends && place.survival <= left).map(|x| x.hours)
    }

    /// Its interval, for any distribution: the times at which the interval of the share holds 1 -
    /// p.
    pub(super) fn quantile_interval(&self, p: f64, confidence: f64) -> Interval {
        let allowance = 0.5 * (1.0 - confidence) * (1.0 + ROUNDING);
        let left = 1.0 - p;
        let low = if self.before.tails(left).0 > allowance {
            0.0
        } else {
            let place = self.places.partition_point(|x| x.lower.tails(left).0 <= allowance);
            self.places.get(place).map_or(f64::INFINITY, |place| place.hours)
        };
        let place = self.places.partition_point(|x| x.upper.tails(left).1 > allowance);
        let high = self.places.get(place).map_or(f64::INFINITY, |place| place.hours);
        Interval { low, high }
    }

    /// The share of durations that lasts longer than `hours`, with its interval.
    pub(super) fn longer(&self, hours: f64, confidence: f64) -> (f64, Interval) {
        let tail = 0.5 * (1.0 - confidence);
        let after = self.places.partition_point(|place| place.hours <= hours);
        let (share, lower, upper) = match self.places[..after].last() {
            None => (1.0, self.before, Beta::Point(1.0)),
            Some(place) => (place.survival, place.lower, place.upper),
        };
        let low = lower.quantile(tail).min(share);
        (share, Interval { low, high: upper.quantile(1.0 - tail).max(share) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::quantile_ranks;

    fn whole_numbers(n: usize) -> Sample {
        Sample::new((1..=n).map(|k| k as f64).collect(), vec![])
    }

    #[test]
    fn without_bounds_quantiles_lie_between_the_order_statistics_of_the_binomial_distribution() {
        for n in [1_usize, 2, 5, 6, 7, 20, 46, 120, 1000] {
            let curve = SurvivalCurve::new(&whole_numbers(n));
            for p in [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] {
                assert_eq!(curve.quantile(p), Some((n as f64 * p).ceil().max(1.0)), "{n} {p}");
                let Interval { low, high } = curve.quantile_interval(p, 0.95);
                match quantile_ranks(n as u64, p, 0.95) {
                    Some((lower, upper)) => {
                        assert_eq!((low, high), (lower as f64, upper as f64), "{n} {p}");
                    }
                    None => assert!(low == 0.0 || high == f64::INFINITY, "{n} {p}"),
                }
            }
        }
    }

    #[test]
    fn one_end_stays_open_where_the_log_cannot_bound_it() {
        // 0.5^5 = 3.1 % is more than 2.5 %, 0.5^6 is less; 0.75^13 = 2.4 %.
        let of =
            |n: usize, p: f64| SurvivalCurve::new(&whole_numbers(n)).quantile_interval(p, 0.95);
        assert_eq!(of(5, 0.5), Interval { low: 0.0, high: f64::INFINITY });
        assert_eq!(of(6, 0.5), Interval { low: 1.0, high: 6.0 });
        assert_eq!(of(12, 0.75), Interval { low: 6.0, high: f64::INFINITY });
        assert_eq!(of(13, 0.75).high, 13.0);
        let none = SurvivalCurve::new(&Sample::default());
        assert_eq!(none.quantile(0.5), None);
        assert_eq!(none.quantile_interval(0.5, 0.95), Interval { low: 0.0, high: f64::INFINITY });
        assert_eq!(none.longer(1.0, 0.95), (1.0, Interval { low: 0.0, high: 1.0 }));
    }

    #[test]
    fn without_bounds_shares_have_the_interval_of_clopper_and_pearson() {
        // R: binom.test(7, 20), binom.test(0, 20), binom.test(20, 20)
        let curve = SurvivalCurve::new(&whole_numbers(20));
        for (hours, share, low, high) in [
            (13.0, 0.35, 0.153_909_2, 0.592_188_5),
            (20.0, 0.0, 0.0, 0.168_433_5),
            (0.5, 1.0, 0.831_566_5, 1.0),
        ] {
            let (found, interval) = curve.longer(hours, 0.95);
            assert!((found - share).abs() < 1e-12);
            assert!((interval.low - low).abs() < 1e-7, "{interval:?}");
            assert!((interval.high - high).abs() < 1e-7, "{interval:?}");
        }
    }

    #[test]
    fn bounds_widen_the_interval_and_a_log_of_bounds_bounds_nothing_above() {
        let plain = SurvivalCurve::new(&whole_numbers(20));
        let bounded = SurvivalCurve::new(&Sample::new(
            whole_numbers(20).observed().to_vec(),
            vec![0.5, 3.5, 7.5],
        ));
        // The bounds that end before x add watch over the beginning only.
        let width = |curve: &SurvivalCurve| {
            let (_, interval) = curve.longer(15.0, 0.95);
            interval.high - interval.low
        };
        assert!(width(&bounded) > 0.95 * width(&plain));
        let only = SurvivalCurve::new(&Sample::new(vec![], vec![1.0, 2.0, 3.0]));
        assert_eq!(only.quantile(0.1), None);
        assert_eq!(only.quantile_interval(0.1, 0.95).high, f64::INFINITY);
    }
}
