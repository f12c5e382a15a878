//! The value of one input at which something changes: a tolerance is no longer kept, or two
//! strategies cost the same.
//!
//! At every value the scenario is compiled anew and played over the same worlds, with the
//! strategies that the question is about and no others; [`crossing`](super::crossing) does the
//! looking.

use super::compare::difference;
use super::crossing::{Range, Reading, Search, search};
use super::design::Design;
use super::partial::Partial;
use super::run::{Trials, Unwatched, run};
use super::verdict::verdicts;
use crate::metric::Metric;
use crate::scenario::{Criterion, Dial, Scenario, ScenarioError, Spec};
use std::sync::atomic::AtomicBool;

/// What is asked of one input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Question<'a> {
    /// How far a strategy keeps a tolerance.
    Keep {
        /// The strategy's name.
        strategy: &'a str,
        /// What the tolerance limits.
        criterion: Criterion,
    },
    /// Where the means of two strategies are the same.
    Between {
        /// Their names.
        strategies: [&'a str; 2],
        /// The metric.
        metric: Metric,
    },
}

impl Question<'_> {
    /// The level that is crossed: the probability that is asked for, or a difference of 0. None
    /// where the scenario has no such tolerance.
    pub fn level(&self, scenario: &Scenario) -> Option<f64> {
        match self {
            Question::Keep { criterion, .. } => {
                let mut all = scenario.tolerances.iter();
                Some(all.find(|one| one.criterion == *criterion)?.confidence)
            }
            Question::Between { .. } => Some(0.0),
        }
    }

    /// Drops the strategies that the question is not about.
    fn restrict(&self, scenario: &mut Scenario) {
        scenario.strategies.retain(|one| match self {
            Question::Keep { strategy, .. } => one.name == *strategy,
            Question::Between { strategies, .. } => strategies.contains(&one.name.as_str()),
        });
    }

    /// The estimate that crosses the level, with its interval.
    fn read(&self, at: f64, scenario: &Scenario, whole: &Partial, confidence: f64) -> Reading {
        match self {
            Question::Keep { criterion, .. } => {
                let all = verdicts(scenario, whole, confidence);
                let verdict = all.iter().find(|one| one.tolerance.criterion == *criterion);
                let within = verdict.and_then(|verdict| verdict.within);
                Reading {
                    at,
                    estimate: within.map(|within| within.share),
                    interval: within.map(|within| within.interval),
                }
            }
            Question::Between { strategies, metric } => {
                let place = |name: &str| scenario.strategies.iter().position(|s| s.name == name);
                let places = place(strategies[0]).zip(place(strategies[1]));
                let row = places.and_then(|pair| difference(whole, *metric, pair, confidence));
                Reading {
                    at,
                    estimate: row.map(|row| row.mean),
                    interval: row.and_then(|row| row.interval),
                }
            }
        }
    }
}

/// How a question is answered.
#[derive(Debug, Clone, Copy)]
pub struct TargetOptions {
    /// Seed of all random draws.
    pub seed: u64,
    /// Trials at each value.
    pub trials: u64,
    /// Threads; they change no result.
    pub threads: usize,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// Whether trials are drawn in strata where both ends of the range have some.
    pub strata: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The scenario is wrong at a value of the range.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// Somebody asked to stop.
    #[error("stopped")]
    Stopped,
}

/// Answers a question over the range of an input. `told` hears how many values have been played.
///
/// # Errors
/// See [`TargetError`].
pub fn target(
    spec: &Spec,
    dial: &Dial,
    range: Range,
    question: Question<'_>,
    options: &TargetOptions,
    stop: &AtomicBool,
    mut told: impl FnMut(usize),
) -> Result<Search, TargetError> {
    let ends = [dial.at(spec, range.from)?, dial.at(spec, range.to)?];
    let strata = options.strata && ends.iter().all(|end| end.world.rare.is_some());
    let level = question.level(&ends[0]).unwrap_or_default();
    let mut played = 0;
    search(range, level, |at| {
        let mut scenario = dial.at(spec, at)?;
        question.restrict(&mut scenario);
        let design = if strata { Design::from_world(&scenario.world) } else { Design::Plain };
        let TargetOptions { seed, trials, threads, confidence, .. } = *options;
        let trials = Trials { seed, range: 0..trials, threads, design };
        let Ok(whole) = run(&scenario, &trials, stop, &mut Unwatched);
        let whole = whole.ok_or(TargetError::Stopped)?;
        played += 1;
        told(played);
        Ok(question.read(at, &scenario, &whole, confidence))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn options(threads: usize, trials: u64) -> TargetOptions {
        TargetOptions { seed: 1, trials, threads, confidence: 0.95, strata: true }
    }

    fn answer(
        text: &str,
        path: &str,
        (from, to): (f64, f64),
        question: Question<'_>,
        options: &TargetOptions,
    ) -> Search {
        let spec = Spec::parse(text, Path::new(""), "x");
        let dial = Dial::of(&spec, path).unwrap();
        let range = Range { from, to, whole: false, assumed: dial.assumed };
        let never = AtomicBool::new(false);
        target(&spec, &dial, range, question, options, &never, |_| ()).unwrap()
    }

    /// One outage at a fixed time that lasts as long as its repair.
    const FIXED: &str = "name = \"x\"\nhorizon = \"400h\"\n\
        [organisation]\nusers = 2_000_000\n[workload.password_changes]\nper_user_year = 4.38\n\
        profile = \"flat\"\n[sync]\npassword_cycle = \"0s\"\npasswords_per_minute = 1e12\n\
        [operations]\nstaffed = \"24x7\"\ndetection = \"0s\"\ncall_out = \"0s\"\n\
        decision = \"0s\"\nrepair_first = \"0s\"\n[[fault]]\nname = \"crash\"\nstrikes = \"server\"\nat = [\"100h\"]\n\
        repair = \"4h\"\n";

    #[test]
    fn a_fixed_outage_may_last_until_its_stale_user_hours_reach_the_limit() {
        // Changes come at 2,000,000 x 4.38 a year = 1000 an hour, so an outage of D hours leaves
        // 1000 D^2 / 2 stale user-hours: 50,000 after 10 h. Few users change twice.
        let text = format!(
            "{FIXED}[tolerance]\nstale_user_hours = {{ limit = 50_000.0, confidence = 0.5 }}\n\
             [[strategy]]\nname = \"a\"\n"
        );
        let criterion = Criterion::Metric(Metric::StaleUserHours);
        let question = Question::Keep { strategy: "a", criterion };
        let search = answer(&text, "fault.crash.repair", (0.4, 40.0), question, &options(2, 1000));
        let crossing = search.crossing.unwrap();
        assert!(!crossing.rising && search.settled);
        assert!((crossing.inside - 10.0).abs() < 0.05, "{crossing:?}");
        let (low, high) = (crossing.low.unwrap(), crossing.high.unwrap());
        assert!(low < 10.0 && 10.0 < high && high - low < 0.1, "{crossing:?}");
    }

    #[test]
    fn the_longest_outage_allowed_is_found_to_the_bit_that_is_asked() {
        let text = format!(
            "{FIXED}[tolerance]\nlongest_outage_hours = {{ limit = 7.0, confidence = 0.95 }}\n\
             [[strategy]]\nname = \"a\"\n"
        );
        let criterion = Criterion::Metric(Metric::LongestOutageHours);
        let question = Question::Keep { strategy: "a", criterion };
        let search = answer(&text, "fault.crash.repair", (0.4, 40.0), question, &options(1, 200));
        let crossing = search.crossing.unwrap();
        assert!(crossing.inside <= 7.0 && 7.0 < crossing.outside + 1e-12, "{crossing:?}");
        assert!((crossing.inside - 7.0).abs() < 7e-3);
        // Everything is sure, so the interval is no wider than the search is fine.
        assert!(crossing.high.unwrap() - crossing.low.unwrap() < 0.01);
    }

    #[test]
    fn the_price_at_which_two_strategies_cost_the_same() {
        // Repair is down for 20 h, the rebuild for 2 h and 90 a year: the same at a price of 5.
        let text = "name = \"x\"\nhorizon = \"365d\"\n[operations]\nstaffed = \"24x7\"\n\
            detection = \"0s\"\ncall_out = \"0s\"\ndecision = \"0s\"\nrepair_first = \"0s\"\n[costs]\n\
            labour_hour = 0.0\nstale_user_hour = 0.0\nwriteback_lost = 0.0\n\
            disabled_account_hour = 0.0\nobject_delay_hour = 0.0\n\
             joiner_wait_hour = 0.0\ndevice_wait_hour = 0.0\ndowntime_hour = 1.0\n\
            [[fault]]\nname = \"crash\"\nstrikes = \"server\"\nat = [\"100h\"]\n\
            repair = \"20h\"\n[[strategy]]\nname = \"repair\"\n[[strategy]]\nname = \"rebuild\"\n\
            annual_cost = 90.0\n[strategy.rebuild]\nspare = \"server\"\ninstall = \"2h\"\nswitch_on = \"0s\"\n";
        let question =
            Question::Between { strategies: ["repair", "rebuild"], metric: Metric::Cost };
        let search = answer(text, "costs.downtime_hour", (0.1, 50.0), question, &options(2, 100));
        let readings = &search.readings;
        assert!(readings.iter().all(|one| one.interval.is_some()));
        let crossing = search.crossing.unwrap();
        // The first day of downtime is the same for both but for what the engine adds to a rebuild.
        let slope = readings.iter().map(|one| (one.estimate.unwrap() + 90.0) / one.at);
        let hours = slope.fold(0.0, f64::max);
        assert!((crossing.inside - 90.0 / hours).abs() < 5e-3 * 5.0, "{crossing:?} {hours}");
        assert!((hours - 18.0).abs() < 0.5, "{hours}");
        assert!(crossing.rising);
    }

    #[test]
    fn an_answer_has_the_same_bits_for_any_threads() {
        let spec = Spec::embedded();
        let dial = Dial::of(&spec, "operations.call_out").unwrap();
        let range = Range { from: 0.1, to: 10.0, whole: false, assumed: 1.0 };
        let strategies = ["Staging server", "Repair in place only"];
        let question = Question::Between { strategies, metric: Metric::DowntimeHours };
        let never = AtomicBool::new(false);
        let [one, two, seven] = [1, 2, 7].map(|threads| {
            let options = options(threads, 300);
            let found = target(&spec, &dial, range, question, &options, &never, |_| ()).unwrap();
            format!("{found:?}")
        });
        assert!(one == two && one == seven);
    }
}
