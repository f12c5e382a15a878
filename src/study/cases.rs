//! Several scenarios over the same worlds: the first, and what others change in it.
//!
//! Trial number k is played in every case, and each strategy that a case shares with the first is
//! paired with itself there ([`contrast`](super::contrast)). All cases are drawn in the same
//! strata, or all plainly, so that every trial has its partner.

use super::contrast::{Change, Contrasts};
use super::design::Design;
use super::partial::Partial;
use super::point::PointSummary;
use super::results::Results;
use super::run::{Trials, Watcher, run};
use crate::metric::{Metric, Metrics};
use crate::scenario::Scenario;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// Trials whose rows are held at once: few megabytes, and enough to keep all threads busy.
const BLOCK: u64 = 4096;
/// Rows of the first case that are kept; it is played again for each case where there are more.
const MOST_ROWS: u64 = 2_000_000;

/// How cases are played.
#[derive(Debug, Clone, Copy)]
pub struct CaseOptions {
    /// Seed of all random draws.
    pub seed: u64,
    /// Trials of each case.
    pub trials: u64,
    /// Threads; they change no result.
    pub threads: usize,
    /// Confidence of intervals.
    pub confidence: f64,
    /// Whether trials are drawn in strata where every case has some.
    pub strata: bool,
}

/// What came of a case.
#[derive(Debug)]
pub struct CaseResult {
    /// The results of its strategies, without their sorted trials.
    pub results: Results,
    /// How each strategy that the first case has too differs from itself there; none of the first.
    pub changes: Vec<Change>,
}

/// Whether every one of these scenarios can be drawn in strata, so that all are.
pub fn all_have_strata<'a>(scenarios: impl IntoIterator<Item = &'a Scenario>) -> bool {
    scenarios.into_iter().all(|scenario| scenario.world.rare.is_some())
}

/// Plays each of the scenarios, and pairs it with the first. `told` hears how many trials more
/// have been played. None if stopped, or without a scenario.
pub fn play_cases(
    scenarios: &[&Scenario],
    options: &CaseOptions,
    stop: &AtomicBool,
    told: impl FnMut(u64),
) -> Option<Vec<CaseResult>> {
    let (first, others) = scenarios.split_first()?;
    let strata = options.strata && all_have_strata(scenarios.iter().copied());
    let mut playing = Playing { options, strata, stop, told };
    let mut kept = FirstRows::of(first, options);
    let mut results = vec![playing.first(&mut kept)?];
    for other in others {
        results.push(playing.other(&kept, other)?);
    }
    Some(results)
}

/// Plays the points of a grid one by one, and pairs each with the scenario as it stands. That is played
/// once, before the first point.
pub struct PointPlayer<'a> {
    options: CaseOptions,
    first: FirstRows<'a>,
    is_first_played: bool,
}

impl<'a> PointPlayer<'a> {
    /// `first` is the scenario as it stands. Whether trials are drawn in strata (`options.strata`) must
    /// be settled for all points of the grid together ([`all_have_strata`]): only so does a point come
    /// out the same in any part of it.
    pub fn new(first: &'a Scenario, options: CaseOptions) -> PointPlayer<'a> {
        PointPlayer { options, first: FirstRows::of(first, &options), is_first_played: false }
    }

    /// What comes of a point. `told` hears how many trials more have been played. None if stopped.
    pub fn play(
        &mut self,
        point: &Scenario,
        stop: &AtomicBool,
        told: impl FnMut(u64),
    ) -> Option<PointSummary> {
        let options = &self.options;
        let mut playing = Playing { options, strata: options.strata, stop, told };
        if !self.is_first_played {
            playing.first(&mut self.first)?;
            self.is_first_played = true;
        }
        let CaseResult { results, changes } = playing.other(&self.first, point)?;
        Some(PointSummary::new(point, results, changes))
    }
}

/// The rows of the first case, if they are kept.
struct FirstRows<'a> {
    scenario: &'a Scenario,
    rows: Vec<Metrics>,
    keeps: bool,
}

impl<'a> FirstRows<'a> {
    fn of(scenario: &'a Scenario, options: &CaseOptions) -> FirstRows<'a> {
        let rows = options.trials.saturating_mul(scenario.strategies.len() as u64);
        FirstRows { scenario, rows: Vec::new(), keeps: rows <= MOST_ROWS }
    }
}

struct Playing<'a, F> {
    options: &'a CaseOptions,
    strata: bool,
    stop: &'a AtomicBool,
    told: F,
}

impl<F: FnMut(u64)> Playing<'_, F> {
    fn design(&self, scenario: &Scenario) -> Design {
        if self.strata { Design::from_world(&scenario.world) } else { Design::Plain }
    }

    fn blocks(&self) -> impl Iterator<Item = Range<u64>> + use<F> {
        let trials = self.options.trials;
        (0..trials.div_ceil(BLOCK)).map(move |at| at * BLOCK..trials.min((at + 1) * BLOCK))
    }

    /// Plays a block: its sums, and its rows in the order of trials.
    fn block(
        &mut self,
        scenario: &Scenario,
        range: Range<u64>,
        is_told: bool,
    ) -> Option<(Partial, Vec<Metrics>)> {
        let design = self.design(scenario);
        let CaseOptions { seed, threads, .. } = *self.options;
        let trials = Trials { seed, range, threads, design };
        let mut rows = Vec::new();
        let told: Option<&mut dyn FnMut(u64)> = if is_told { Some(&mut self.told) } else { None };
        let mut watcher = RowWatcher { rows: &mut rows, told };
        let Ok(played) = run(scenario, &trials, self.stop, &mut watcher);
        Some((played?, rows))
    }

    fn first(&mut self, kept: &mut FirstRows<'_>) -> Option<CaseResult> {
        let mut whole = self.nothing(kept.scenario);
        kept.rows.clear();
        for range in self.blocks() {
            let (part, rows) = self.block(kept.scenario, range, true)?;
            whole.merge(&part);
            if kept.keeps {
                kept.rows.extend(rows);
            }
        }
        Some(CaseResult { results: self.results(kept.scenario, &whole), changes: Vec::new() })
    }

    fn other(&mut self, first: &FirstRows<'_>, scenario: &Scenario) -> Option<CaseResult> {
        let design = self.design(scenario);
        let designs = (self.design(first.scenario), design);
        let mut contrasts = Contrasts::new(designs, matched(first.scenario, scenario));
        let mut whole = self.nothing(scenario);
        let (wide, narrow) = (first.scenario.strategies.len(), scenario.strategies.len());
        for range in self.blocks() {
            let again = match first.keeps {
                true => Vec::new(),
                false => self.block(first.scenario, range.clone(), false)?.1,
            };
            let (part, rows) = self.block(scenario, range.clone(), true)?;
            let known = match first.keeps {
                true => &first.rows[range.start as usize * wide..range.end as usize * wide],
                false => &again[..],
            };
            let pairs = known.chunks(wide.max(1)).zip(rows.chunks(narrow.max(1)));
            for (trial, (of_first, of_other)) in range.zip(pairs) {
                contrasts.push(design.stratum(trial), of_first, of_other);
            }
            whole.merge(&part);
        }
        let both = |has: fn(&Scenario) -> bool| has(first.scenario) && has(scenario);
        let priced = both(|one| one.costs.is_some());
        let sign_in = both(|one| one.world.sign_in.is_some());
        let metrics = Metric::available(priced, sign_in);
        let changes = contrasts.changes(metrics, self.options.confidence);
        Some(CaseResult { results: self.results(scenario, &whole), changes })
    }

    fn nothing(&self, scenario: &Scenario) -> Partial {
        let (strategies, tolerances) = (scenario.strategies.len(), scenario.tolerances.len());
        Partial::new(self.design(scenario), strategies, tolerances)
    }

    fn results(&self, scenario: &Scenario, whole: &Partial) -> Results {
        let mut results = Results::new(scenario, whole, self.options.confidence);
        // A grid of a hundred cases would hold gigabytes of sorted trials.
        results.summary.forget_trials();
        results
    }
}

/// Strategies of the same name: place in the first scenario, place in the other.
pub fn matched(first: &Scenario, other: &Scenario) -> Vec<(usize, usize)> {
    let partner = |name: &str| other.strategies.iter().position(|strategy| strategy.name == name);
    let all = first.strategies.iter().enumerate();
    all.filter_map(|(index, strategy)| Some((index, partner(&strategy.name)?))).collect()
}

/// Keeps all rows, and passes on how many trials have been played.
struct RowWatcher<'a> {
    rows: &'a mut Vec<Metrics>,
    told: Option<&'a mut dyn FnMut(u64)>,
}

impl Watcher for RowWatcher<'_> {
    type Error = std::convert::Infallible;

    fn wants_rows(&self) -> bool {
        true
    }

    fn rows(&mut self, _: u64, rows: &[Metrics]) -> Result<(), Self::Error> {
        self.rows.extend_from_slice(rows);
        Ok(())
    }

    fn played(&mut self, trials: u64) {
        if let Some(told) = &mut self.told {
            told(trials);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::study;
    use std::path::Path;

    fn scenario(text: &str) -> Scenario {
        Scenario::read(text.to_owned(), Path::new(""), "x").unwrap()
    }

    fn options(threads: usize, trials: u64) -> CaseOptions {
        CaseOptions { seed: 3, trials, threads, confidence: 0.95, strata: true }
    }

    fn play(scenarios: &[&Scenario], options: &CaseOptions) -> Vec<CaseResult> {
        play_cases(scenarios, options, &AtomicBool::new(false), |_| ()).unwrap()
    }

    /// One outage of a fixed length, which nobody shortens.
    fn fixed(hours: u32, price: f64) -> Scenario {
        scenario(&format!(
            "name = \"x\"\nhorizon = \"300h\"\n[operations]\nstaffed = \"24x7\"\n\
             detection = \"0s\"\ncall_out = \"0s\"\ndecision = \"0s\"\nrepair_first = \"0s\"\n\
             [costs]\nlabour_hour = 0.0\nstale_user_hour = 0.0\nwriteback_lost = 0.0\n\
             disabled_account_hour = 0.0\nobject_delay_hour = 0.0\n\
             joiner_wait_hour = 0.0\ndevice_wait_hour = 0.0\ndowntime_hour = {price:?}\n\
             [[fault]]\nname = \"crash\"\nstrikes = \"server\"\nat = [\"10h\"]\n\
             repair = \"{hours}h\"\n[[strategy]]\nname = \"a\"\n"
        ))
    }

    #[test]
    fn a_longer_fixed_outage_changes_downtime_and_cost_by_just_that() {
        let (short, long) = (fixed(2, 10.0), fixed(5, 10.0));
        let played = play(&[&short, &long], &options(2, 50));
        let of = |metric| *played[1].changes.iter().find(|one| one.metric == metric).unwrap();
        for (metric, mean) in [(Metric::DowntimeHours, 3.0), (Metric::Cost, 30.0)] {
            let change = of(metric);
            assert!((change.mean - mean).abs() < 1e-9, "{change:?}");
            assert_eq!(change.lower_and_higher, Some((0.0, 1.0)));
            assert!(change.standard_error.unwrap() < 1e-9);
        }
    }

    #[test]
    fn points_are_the_same_in_any_range_where_only_some_could_be_drawn_in_strata() {
        let rare = |years: u32| {
            scenario(&format!(
                "name = \"x\"\n[[fault]]\nname = \"fire\"\nstrikes = \"site\"\n\
                 every = {{ exponential = {{ mean = \"{years}y\" }} }}\nrepair = \"1h to 24h\"\n\
                 [[strategy]]\nname = \"a\"\n"
            ))
        };
        let (first, often, seldom, fixed) = (rare(50), rare(25), rare(75), fixed(2, 1.0));
        assert!(all_have_strata([&first, &often, &seldom]) && !all_have_strata([&fixed]));
        let points = [&often, &seldom, &fixed];
        let play = |range: Range<usize>, threads: usize| {
            let strata = all_have_strata(points.into_iter().chain([&first]));
            let mut player =
                PointPlayer::new(&first, CaseOptions { strata, ..options(threads, 400) });
            let never = AtomicBool::new(false);
            let points = points[range].iter();
            points.map(|point| player.play(point, &never, |_| ()).unwrap()).collect::<Vec<_>>()
        };
        let whole = play(0..3, 1);
        assert_eq!(whole.len(), 3);
        for (range, threads) in [(0..1, 2), (1..2, 3), (1..3, 1)] {
            assert!(play(range.clone(), threads) == whole[range.clone()], "{range:?}");
        }
    }

    #[test]
    fn the_change_of_a_mean_is_the_difference_of_both_means_whatever_the_strata() {
        // The disaster's rate changes, and with it the weights of the strata.
        let text = |years: u32| {
            format!(
                "name = \"x\"\n[operations]\nstaffed = \"24x7\"\ndetection = \"0s\"\n\
                 call_out = \"0s\"\ndecision = \"0s\"\nrepair_first = \"0s\"\n[[fault]]\nname = \"fire\"\n\
                 strikes = \"site\"\nevery = {{ exponential = {{ mean = \"{years}y\" }} }}\n\
                 repair = \"24h\"\n[[strategy]]\nname = \"b\"\n[[strategy]]\nname = \"a\"\n"
            )
        };
        let (rare, often) = (scenario(&text(50)), scenario(&text(25)));
        let played = play(&[&rare, &often], &options(2, 2000));
        assert!(all_have_strata([&rare, &often]));
        for change in &played[1].changes {
            let mean = |at: usize, strategy: usize| {
                let strategies = &played[at].results.summary.strategies;
                strategies[strategy].row(change.metric).unwrap().mean
            };
            let expected = mean(1, change.other) - mean(0, change.first);
            let size = 1.0 + expected.abs();
            assert!((change.mean - expected).abs() < 1e-9 * size, "{change:?}: {expected}");
        }
        // Twice as often: close to twice the downtime, and known better than from two runs.
        let downtime =
            played[1].changes.iter().find(|one| one.metric == Metric::DowntimeHours).unwrap();
        let seen = downtime.interval.unwrap();
        let truth = 24.0 * (1.0 / 25.0 - 1.0 / 50.0);
        assert!(downtime.mean > 0.8 * truth && downtime.mean < 1.2 * truth, "{downtime:?}");
        assert!(seen.low > 0.0);
    }

    #[test]
    fn results_are_the_same_bits_for_any_threads_and_those_of_a_plain_study() {
        let (a, b) = (Scenario::embedded().unwrap(), Scenario::embedded().unwrap());
        let told = |threads| format!("{:?}", play(&[&a, &b], &options(threads, 5000)));
        let once = told(1);
        assert!(once == told(2) && once == told(7));
        let trials =
            Trials { seed: 3, range: 0..5000, threads: 2, design: Design::from_world(&a.world) };
        let alone = study(&a, &trials, 0.95, &AtomicBool::new(false)).unwrap();
        let played = play(&[&a, &b], &options(2, 5000));
        let rows = |results: &Results| {
            let all = results.summary.strategies.iter().flat_map(|one| one.rows.clone());
            all.collect::<Vec<_>>()
        };
        assert_eq!(rows(&played[1].results), rows(&alone));
        assert!(played[1].changes.iter().all(|change| change.mean == 0.0));
        assert_eq!(played[0].results.decision, alone.decision);
    }

    #[test]
    fn strategies_are_matched_by_name() {
        let one =
            scenario("name = \"x\"\n[[strategy]]\nname = \"a\"\n[[strategy]]\nname = \"b\"\n");
        let two =
            scenario("name = \"x\"\n[[strategy]]\nname = \"b\"\n[[strategy]]\nname = \"c\"\n");
        assert_eq!(matched(&one, &two), [(1, 0)]);
        let played = play(&[&one, &two], &options(1, 10));
        assert!(played[1].changes.iter().all(|change| (change.first, change.other) == (1, 0)));
    }
}
