//! Backtest: the beginning of a log foretells the rest, and the rest is known.
//!
//! At each of several origins the log is cut: what was known then is fitted, incidents still open
//! and the time since the last start as lower bounds, and a stretch of time ahead is foretold. Each
//! forecast draws its distributions from those that the truth may be
//! ([`possible_distributions`]), so a short history
//! gives wide intervals. The stretches do not overlap, so their hits can be counted.
//!
//! Foretold are the outages that start in the stretch and the downtime of their union with it;
//! outages that began before do not count, in the forecast as in the log.

mod verdict;

use super::analysis::{Analysis, AnalysisOptions};
use super::fit::Family;
use super::goodness::Bootstrap;
use super::log::{Incident, IncidentLog, Recovery, hours_after, hours_between};
use super::sample::{Quantity, Sample, Variable, placed_within_days};
use super::substreams::Substreams;
use super::uncertainty::possible_distributions;
use crate::distribution::draws::open_uniform;
use crate::distribution::{Distribution, Rng};
use crate::stats::Interval;
use crate::threads::each;
use jiff::Timestamp;
use verdict::{coverage, forecast};

/// Probabilities of the prediction intervals.
pub const LEVELS: [f64; 3] = [0.5, 0.8, 0.95];
/// Futures drawn at each origin.
const FUTURES: usize = 2000;
/// Possible distributions at each origin.
const LAWS: usize = 200;
/// Fewest incidents before the first origin.
const FEWEST: usize = 8;
/// An outage in a stretch beyond this many means a distribution that the stretch cannot hold.
const MOST_OUTAGES: usize = 100_000;

/// How a backtest is made.
#[derive(Debug, Clone)]
pub struct BacktestOptions {
    /// Origins.
    pub origins: usize,
    /// Share of the log before the first origin.
    pub first: f64,
    /// Families, seed, confidence and threads.
    pub analysis: AnalysisOptions,
}

/// One quantity foretold at one origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// What came.
    pub actual: f64,
    /// The median of the futures.
    pub median: f64,
    /// For each of [`LEVELS`] the interval between equal tails.
    pub intervals: [Interval; 3],
    /// The share of futures below what came, ties by half.
    pub below: f64,
}

/// What was foretold at one origin, and what came.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// When.
    pub at: Timestamp,
    /// Incidents known then.
    pub known: usize,
    /// Families recommended then: of recovery and of the times between.
    pub families: [Family; 2],
    /// Outages that start in the stretch.
    pub outages: Forecast,
    /// Hours of downtime of those in the stretch.
    pub downtime: Forecast,
}

/// How often intervals of one level held.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// The probability that the intervals promise.
    pub level: f64,
    /// How often what came was inside.
    pub inside: usize,
    /// Of how many.
    pub of: usize,
    /// The interval of the true probability after that many.
    pub interval: Interval,
}

/// Whether prediction intervals of one level hold as often as they promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calibration {
    /// As far as the forecasts can tell.
    Right,
    /// They held less often.
    TooNarrow,
    /// They held more often.
    TooWide,
}

impl Coverage {
    /// What the interval of the true probability says of the promised one.
    pub fn calibration(&self) -> Calibration {
        match self.interval {
            Interval { high, .. } if high < self.level => Calibration::TooNarrow,
            Interval { low, .. } if low > self.level => Calibration::TooWide,
            _ => Calibration::Right,
        }
    }
}

/// A backtest of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// Length of each stretch, hours.
    pub stretch: f64,
    /// The origins, in order.
    pub origins: Vec<Origin>,
    /// Origins at which too little was known for a forecast.
    pub skipped: usize,
    /// Coverage of the intervals for the number of outages.
    pub outages: Vec<Coverage>,
    /// Coverage of the intervals for downtime.
    pub downtime: Vec<Coverage>,
}

/// Why a log cannot be backtested.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BacktestError {
    /// A list of durations has no times.
    #[error("a backtest needs a log with the starts of incidents, not durations alone")]
    NoTimes,
    /// Too few incidents.
    #[error("a backtest needs at least {fewest} incidents with a start; the log has {found}")]
    TooFew {
        /// How many would do.
        fewest: usize,
        /// How many there are.
        found: usize,
    },
    /// At no origin could a distribution be recommended.
    #[error("at no point of the log was enough known to recommend a distribution")]
    NothingKnown,
}

/// An incident as far as it matters here: hours from the first start.
#[derive(Debug, Clone, Copy)]
struct Event {
    start: f64,
    hours: f64,
    /// Whether it was seen to its end.
    complete: bool,
}

/// Backtests a log.
///
/// # Errors
/// The log has no times or too little in it, see [`BacktestError`].
pub fn backtest(log: &IncidentLog, options: &BacktestOptions) -> Result<Backtest, BacktestError> {
    let (first, events, end) = events(log)?;
    let from = options.first * end;
    let stretch = (end - from) / options.origins as f64;
    let cuts: Vec<f64> = (0..options.origins).map(|k| from + stretch * k as f64).collect();
    let streams = Substreams::new(options.analysis.seed, &["backtest"]);
    let inner = AnalysisOptions { replicates: Some(0), threads: 1, ..options.analysis.clone() };
    let found = each(cuts.len(), options.analysis.threads, |index| {
        let cut = Cut { at: cuts[index], stretch, events: &events, first };
        cut.foretell(&inner, index, &mut streams.replicate(index as u64))
    });
    let skipped = found.iter().filter(|origin| origin.is_none()).count();
    let origins: Vec<Origin> = found.into_iter().flatten().collect();
    if origins.is_empty() {
        return Err(BacktestError::NothingKnown);
    }
    let confidence = options.analysis.confidence;
    Ok(Backtest {
        stretch,
        outages: coverage(&origins, |origin| &origin.outages, confidence),
        downtime: coverage(&origins, |origin| &origin.downtime, confidence),
        origins,
        skipped,
    })
}

/// The first start, the incidents in order, and the end of the log in hours from the first start.
fn events(log: &IncidentLog) -> Result<(Timestamp, Vec<Event>, f64), BacktestError> {
    let starts = || log.incidents.iter().filter_map(Incident::counted_start);
    let (Some(first), Some(last), Some(until)) = (starts().min(), starts().max(), log.until) else {
        return Err(BacktestError::NoTimes);
    };
    let (fewest, found) = (2 * FEWEST + 1, starts().count());
    if found < fewest {
        return Err(BacktestError::TooFew { fewest, found });
    }
    let event = |incident: &Incident| {
        let (hours, complete) = match incident.recovery {
            Recovery::Took(hours) => (hours, true),
            Recovery::AtLeast(hours) => (hours, false),
            // It started; how long it took is not known.
            Recovery::LeftOut(_) => (0.0, false),
        };
        let start = hours_between(first, incident.counted_start()?);
        Some(Event { start, hours, complete })
    };
    let mut events: Vec<Event> = log.incidents.iter().filter_map(event).collect();
    events.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.hours.total_cmp(&b.hours)));
    if log.starts_by_day {
        // Starts of one day are not of one moment.
        let days: Vec<f64> = events.iter().map(|event| event.start).collect();
        for (event, start) in events.iter_mut().zip(placed_within_days(&days)) {
            event.start = start;
        }
    }
    if !log.until_given {
        // The watch then ends with the last start, which is there by definition: it is no forecast.
        events.pop();
    }
    let end = hours_between(first, if log.until_given { until } else { last });
    if end > 0.0 { Ok((first, events, end)) } else { Err(BacktestError::NothingKnown) }
}

/// The log cut at an origin.
struct Cut<'e> {
    at: f64,
    stretch: f64,
    events: &'e [Event],
    first: Timestamp,
}

impl Cut<'_> {
    fn foretell(&self, options: &AnalysisOptions, index: usize, rng: &mut Rng) -> Option<Origin> {
        let known = self.events.partition_point(|event| event.start <= self.at);
        if known < FEWEST {
            return None;
        }
        let past = &self.events[..known];
        let (mut complete, mut open) = (Vec::new(), Vec::new());
        for event in past {
            let so_far = self.at - event.start;
            if event.complete && event.hours <= so_far {
                complete.push(event.hours);
            } else {
                open.push(event.hours.min(so_far));
            }
        }
        let gaps: Vec<f64> = past.windows(2).map(|pair| pair[1].start - pair[0].start).collect();
        let waited = self.at - past.last().map_or(0.0, |event| event.start);
        // Failures in the same moment are one distribution's business only if gaps of 0 are kept as
        // such.
        let zeros = gaps.iter().filter(|gap| **gap == 0.0).count() as f64 / gaps.len() as f64;
        let recovery = Sample::new(complete, open);
        let between = Sample::new(gaps, vec![waited]);
        let recovery = possible(Quantity::Recovery, &recovery, options, index)?;
        let between = possible(Quantity::Between, &between, options, index)?;
        let future = |number: usize| {
            let [between, recovery] = [&between.1, &recovery.1].map(|all| &all[number % all.len()]);
            self.future(between, recovery, waited, zeros, rng)
        };
        let futures: Vec<(f64, f64)> = (0..FUTURES).map(future).collect();
        let ahead = self.events[known..].iter().take_while(|e| e.start <= self.at + self.stretch);
        let ahead: Vec<(f64, f64)> = ahead.map(|e| (e.start, e.start + e.hours)).collect();
        let downtime = union_within(&ahead, self.at + self.stretch);
        Some(Origin {
            at: hours_after(self.first, self.at)?,
            known,
            families: [recovery.0, between.0],
            outages: forecast(futures.iter().map(|f| f.0).collect(), ahead.len() as f64),
            downtime: forecast(futures.iter().map(|f| f.1).collect(), downtime),
        })
    }

    /// One future: how many outages start in the stretch, and their downtime in it.
    fn future(
        &self,
        between: &Distribution,
        recovery: &Distribution,
        waited: f64,
        zeros: f64,
        rng: &mut Rng,
    ) -> (f64, f64) {
        let end = self.at + self.stretch;
        // The first gap has lasted so long already.
        let left = between.survival(waited) * open_uniform(rng);
        let mut at = self.at - waited + upper_quantile(between, left).max(waited);
        let mut outages = Vec::new();
        while at <= end && outages.len() < MOST_OUTAGES {
            outages.push((at, at + recovery.sample(rng)));
            if open_uniform(rng) >= zeros {
                at += between.sample(rng);
            }
        }
        (outages.len() as f64, union_within(&outages, end))
    }
}

/// The x with P(X > x) = p.
fn upper_quantile(distribution: &Distribution, p: f64) -> f64 {
    if p > 1e-10 {
        return distribution.quantile(1.0 - p);
    }
    // 1 - p would be 1: by bisection on the logarithm of x.
    let (mut low, mut high) = (libm::log(distribution.quantile(0.5).max(1e-300)), 700.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if distribution.survival(libm::exp(middle)) > p { low = middle } else { high = middle }
    }
    libm::exp(high)
}

/// The length of the union of intervals in the order of their starts, up to `end`.
fn union_within(intervals: &[(f64, f64)], end: f64) -> f64 {
    let (mut total, mut covered) = (0.0, f64::NEG_INFINITY);
    for (from, to) in intervals {
        let (from, to) = (from.max(covered), to.min(end));
        if to > from {
            total += to - from;
        }
        covered = covered.max(to);
    }
    total
}

/// The recommended family of a sample and the distributions that the truth may be.
fn possible(
    quantity: Quantity,
    sample: &Sample,
    options: &AnalysisOptions,
    index: usize,
) -> Option<(Family, Vec<Distribution>)> {
    let variable = Variable { sample: sample.clone(), ..Variable::none(quantity) };
    let analysis = Analysis::new(&variable, options);
    let best = analysis.recommended()?;
    let purpose = format!("backtest {} {index}", quantity.name());
    let key = (options.seed, purpose.as_str());
    let bootstrap = Bootstrap::run(&best.estimate, sample, key, LAWS, 1);
    let distributions = possible_distributions(&best.estimate, &bootstrap);
    let distributions =
        if distributions.is_empty() { vec![best.distribution.clone()] } else { distributions };
    Some((best.estimate.family, distributions))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::log::ReadOptions;
    use crate::stats::interval::binomial_test_two_sided;

    /// A log of a renewal process, as text, that ends after so many hours.
    fn drawn(between: &Distribution, recovery: &Distribution, hours: f64, rng: &mut Rng) -> String {
        let mut text = "start,end\n".to_owned();
        let origin: Timestamp = "2020-01-01T00:00Z".parse().unwrap();
        let mut at = 0.0;
        while at <= hours {
            let end = at + recovery.sample(rng);
            let moment = |hours| hours_after(origin, hours).unwrap();
            text.push_str(&format!("{},{}\n", moment(at), moment(end)));
            at += between.sample(rng);
        }
        text
    }

    fn options(origins: usize, families: &[Family]) -> BacktestOptions {
        let analysis =
            AnalysisOptions { families: families.to_vec(), ..AnalysisOptions::default() };
        BacktestOptions { origins, first: 0.5, analysis }
    }

    fn read(text: &str, until: Option<&str>) -> IncidentLog {
        let until = until.map(|text| text.parse().unwrap());
        IncidentLog::read(text.as_bytes(), &ReadOptions { until, ..ReadOptions::default() })
            .unwrap()
    }

    #[test]
    fn intervals_hold_as_often_as_they_promise_on_logs_that_keep_to_one_distribution() {
        // Many short logs: about 20 incidents before each of the two origins.
        let between = Distribution::weibull(100.0, 1.4).unwrap();
        let recovery = Distribution::lognormal(1.0, 1.0).unwrap();
        let families = [Family::Lognormal, Family::Weibull, Family::Exponential];
        let streams = Substreams::new(11, &["logs"]);
        let rounds = 150;
        let found = each(rounds, 2, |round| {
            let rng = &mut streams.replicate(round as u64);
            let text = drawn(&between, &recovery, 4000.0, rng);
            // 4,000 hours on, whatever the last incident was.
            let log = read(&text, Some("2020-06-15T16:00Z"));
            backtest(&log, &options(2, &families)).unwrap()
        });
        let origins: Vec<Origin> = found.into_iter().flat_map(|b| b.origins).collect();
        let all = origins.len() as u64;
        for (place, level) in LEVELS.into_iter().enumerate() {
            let inside = |of: fn(&Origin) -> &Forecast| {
                let hit = |o: &&Origin| of(o).intervals[place].contains(of(o).actual);
                origins.iter().filter(hit).count() as u64
            };
            // Downtime is continuous; a count may only be covered more often.
            let hits = inside(|o| &o.downtime);
            let p = binomial_test_two_sided(hits, all, level);
            assert!(p > 0.001, "downtime {level}: {hits} of {all}");
            let hits = inside(|o| &o.outages);
            let p = binomial_test_two_sided(hits, all, level);
            assert!(
                p > 0.001 || hits as f64 > level * all as f64,
                "outages {level}: {hits} of {all}"
            );
        }
        // The places of what came among the futures, in four equal parts.
        for of in [(|o: &Origin| o.outages.below) as fn(&Origin) -> f64, |o| o.downtime.below] {
            for part in 0..4 {
                let inside = |b: f64| (b * 4.0) as usize == part;
                let seen = origins.iter().filter(|o| inside(of(o))).count() as u64;
                assert!(binomial_test_two_sided(seen, all, 0.25) > 0.0005, "part {part}: {seen}");
            }
        }
    }

    #[test]
    fn a_log_that_changes_is_found_out() {
        // Failures five times as often in the second half, and the intervals know nothing of it.
        let rng = &mut Substreams::new(2, &["change"]).replicate(0);
        let recovery = Distribution::lognormal(1.0, 0.5).unwrap();
        let calm = drawn(&Distribution::exponential(200.0).unwrap(), &recovery, 8000.0, rng);
        let text = drawn(&Distribution::exponential(40.0).unwrap(), &recovery, 8000.0, rng);
        let busy = text.replace("start,end\n", "").replace("2020-", "2021-");
        let log = read(&format!("{calm}{busy}"), None);
        let mut options = options(10, &[Family::Exponential, Family::Lognormal]);
        options.first = 0.4;
        let found = backtest(&log, &options).unwrap();
        let narrow = |one: &Coverage| one.calibration() == Calibration::TooNarrow;
        assert!(found.outages.iter().any(narrow), "{:?}", found.outages);
        let above = found.origins.iter().filter(|origin| origin.outages.below > 0.5).count();
        assert!(4 * above > 3 * found.origins.len(), "{above}");
    }

    #[test]
    fn starts_that_are_known_to_the_day_are_no_bursts() {
        // The same Poisson process with times and by the day: three in ten start on a day with others.
        let rng = &mut Substreams::new(5, &["by the day"]).replicate(0);
        let between = Distribution::exponential(30.0).unwrap();
        let recovery = Distribution::lognormal(0.5, 0.5).unwrap();
        let (mut timed, mut daily) = ("start,hours\n".to_owned(), "start,hours,id\n".to_owned());
        let origin: Timestamp = "2020-01-01T00:00Z".parse().unwrap();
        let mut at = 0.0;
        for k in 0..200 {
            let (start, hours) =
                (hours_after(origin, at).unwrap().to_string(), recovery.sample(rng));
            timed.push_str(&format!("{start},{hours}\n"));
            daily.push_str(&format!("{},{hours},{k}\n", &start[..10]));
            at += between.sample(rng);
        }
        let families = [Family::Exponential, Family::Weibull, Family::Lognormal];
        let spread = |text: &str| {
            let found = backtest(&read(text, None), &options(5, &families)).unwrap();
            let widths = found.origins.iter().map(|origin| {
                let Interval { low, high } = origin.outages.intervals[1];
                high - low
            });
            (widths.sum::<f64>(), found.origins.iter().map(|o| o.outages.median).sum::<f64>())
        };
        let ((timed, expected), (daily, foretold)) = (spread(&timed), spread(&daily));
        assert!((foretold / expected - 1.0).abs() < 0.1, "{foretold} and {expected}");
        // Bursts would make it half as wide again.
        assert!((daily / timed - 1.0).abs() < 0.2, "{daily} and {timed}");
    }

    #[test]
    fn the_actual_figures_are_those_by_hand() {
        assert_eq!(union_within(&[(0.0, 2.0), (1.0, 3.0), (5.0, 6.0), (8.0, 99.0)], 10.0), 6.0);
        assert_eq!(union_within(&[], 10.0), 0.0);
        assert_eq!(union_within(&[(1.0, 9.0), (2.0, 3.0)], 10.0), 8.0);
        let found = forecast((0..101).map(f64::from).collect(), 50.0);
        assert_eq!((found.median, found.below), (50.0, 0.5));
        assert_eq!(found.intervals[0], Interval { low: 25.0, high: 75.0 });
    }

    #[test]
    fn an_upper_quantile_reaches_where_one_minus_p_is_one() {
        let distribution = Distribution::exponential(2.0).unwrap();
        for p in [0.3, 1e-5, 1e-12, 1e-200] {
            let x = upper_quantile(&distribution, p);
            assert!((x / (-2.0 * libm::log(p)) - 1.0).abs() < 1e-6, "{p}: {x}");
        }
    }

    #[test]
    fn what_cannot_be_backtested_says_why() {
        let refused =
            |text: &str| backtest(&read(text, None), &options(5, &Family::ALL)).unwrap_err();
        assert_eq!(refused("hours\n1\n2\n"), BacktestError::NoTimes);
        let few = refused("start,end\n2020-01-01,2020-01-02\n2020-02-01,2020-02-02\n");
        assert_eq!(few, BacktestError::TooFew { fewest: 17, found: 2 });
        let same: String =
            (0..20).map(|k| format!("2020-01-01,2020-01-0{}\n", 2 + k % 7)).collect();
        assert!(matches!(refused(&format!("start,end,id\n{same}")), BacktestError::TooFew { .. }));
    }

    #[test]
    fn threads_change_no_bit() {
        let rng = &mut Substreams::new(3, &["threads"]).replicate(0);
        let distribution = Distribution::exponential(50.0).unwrap();
        let log = read(
            &drawn(&distribution, &Distribution::exponential(2.0).unwrap(), 3000.0, rng),
            None,
        );
        let with = |threads| {
            let mut options = options(4, &[Family::Exponential]);
            options.analysis.threads = threads;
            backtest(&log, &options).unwrap()
        };
        assert_eq!(with(1), with(3));
    }
}
