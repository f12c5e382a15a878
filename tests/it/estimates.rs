//! What a run says of its own certainty, held against the truth: over the seeds 1 to 500 (not
//! chosen) a 95 % interval holds a known number as often as it says, by the exact binomial test at
//! the 0.1 % level; a stated probability of a right choice is not more than is earned.

use crate::bench::{AT_ONCE, scenario};
use outlast::internals::{
    Compliance, Component, DecisionReason, EXACT_LIMIT, Goal, GoalOutcome, Partial, Precision,
    StoppingRule, Unwatched, difference, run, run_to,
};
use outlast::{Design, Metric, Results, Scenario, Trials};
use std::sync::atomic::AtomicBool;

const SEEDS: std::ops::RangeInclusive<u64> = 1..=500;

/// Links that fail every `up` hours and are repaired in `down`, both exponential, over `hours`; a
/// strategy with nothing, and further lines.
fn renewal(up: f64, down: f64, hours: f64, more: &str) -> String {
    format!(
        r#"
name = "renewal"
horizon = "{hours}h"
[workload.password_changes]
per_user_year = 0.0
[workload.writeback]
per_user_year = 0.0
[workload.object_changes]
per_hour = 0.0
{AT_ONCE}
[[fault]]
name = "cut"
strikes = "link"
common_mode = 0.0
every = {{ exponential = {{ mean = "{up}h" }} }}
repair = {{ exponential = {{ mean = "{down}h" }} }}
[[strategy]]
name = "repair"
annual_cost = 0.0
{more}
"#
    )
}

fn play(scenario: &Scenario, seed: u64, trials: u64) -> Partial {
    play_by(scenario, Design::from_world(&scenario.world), seed, trials)
}

fn play_by(scenario: &Scenario, design: Design, seed: u64, trials: u64) -> Partial {
    let trials = Trials { seed, range: 0..trials, threads: 1, design };
    match run(scenario, &trials, &AtomicBool::new(false), &mut Unwatched) {
        Ok(Some(whole)) => whole,
        Ok(None) | Err(_) => panic!("nobody stopped it"),
    }
}

/// P value of the exact two-sided binomial test.
fn binomial_test(successes: u64, count: u64, p: f64) -> f64 {
    let mut ln_mass = count as f64 * (1.0 - p).ln();
    let mut masses = vec![ln_mass.exp()];
    for k in 0..count {
        ln_mass += ((count - k) as f64 / (k + 1) as f64 * p / (1.0 - p)).ln();
        masses.push(ln_mass.exp());
    }
    let seen = masses[successes as usize];
    masses.iter().filter(|&&mass| mass <= seen * (1.0 + 1e-7)).sum()
}

/// Counts, for several numbers at once, how often an interval held the truth.
struct Coverage {
    names: Vec<&'static str>,
    held: Vec<u64>,
    seeds: u64,
}

impl Coverage {
    fn of(names: &[&'static str]) -> Coverage {
        Coverage { names: names.to_vec(), held: vec![0; names.len()], seeds: 0 }
    }

    fn push(&mut self, held: &[bool]) {
        assert_eq!(held.len(), self.names.len());
        self.seeds += 1;
        for (count, held) in self.held.iter_mut().zip(held) {
            *count += u64::from(*held);
        }
    }

    fn judge(&self) {
        for (name, held) in self.names.iter().zip(&self.held) {
            let p = binomial_test(*held, self.seeds, 0.95);
            assert!(p > 0.001, "{name}: {held} of {} intervals, p = {p}", self.seeds);
        }
    }
}

/// The quantile of a component's downtime in 0..t.
fn downtime_quantile(component: Component, p: f64, t: f64) -> f64 {
    let (mut low, mut high) = (0.0, t);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if component.downtime_at_most(middle, t) < p { low = middle } else { high = middle }
    }
    high
}

#[test]
fn intervals_cover_as_often_as_they_say() {
    let more = "[tolerance]\ndowntime_hours = { limit = 30.0 }\nrestore_hours = { limit = 10.0 }";
    let scenario = scenario(&renewal(100.0, 10.0, 300.0, more));
    let component = Component::of_means(100.0, 10.0);
    let mean = component.mean_downtime(300.0);
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|p| downtime_quantile(component, p, 300.0));
    let within = component.downtime_at_most(30.0, 300.0);
    let mut coverage = Coverage::of(&["mean", "p50", "p95", "p99", "probability"]);
    for seed in SEEDS {
        let results = Results::new(&scenario, &play(&scenario, seed, 2000), 0.95);
        let row = results.summary.strategies[0].row(Metric::DowntimeHours).unwrap();
        let holds = |interval: Option<outlast::internals::Interval>, truth: f64| {
            interval.unwrap().contains(truth)
        };
        coverage.push(&[
            holds(row.mean_interval, mean),
            holds(row.p50_interval, p50),
            holds(row.p95_interval, p95),
            holds(row.p99_interval, p99),
            holds(results.verdicts[0].within.map(|share| share.interval), within),
        ]);
    }
    coverage.judge();
}

#[test]
fn paired_differences_cover_as_often_as_they_say() {
    // A standby on another link: what it takes to be promoted, 1 h, against repair. The difference
    // of the mean restore times is known: E[min(D, 1 h)] against E[D] for each outage of one fixed
    // onset.
    let text = r#"
name = "pair"
horizon = "100h"
[workload.password_changes]
per_user_year = 0.0
[workload.writeback]
per_user_year = 0.0
[workload.object_changes]
per_hour = 0.0
AT_ONCE
[[fault]]
name = "crash"
strikes = "server"
at = ["10h"]
repair = { exponential = { mean = "4h" } }
common_mode = 0.0
[[strategy]]
name = "repair"
[[strategy]]
name = "standby"
[strategy.staging]
promote = "1h"
success = 1.0
fenced = 1.0
"#;
    let scenario = scenario(&text.replace("AT_ONCE", AT_ONCE));
    // E[D] = 4 (cut at 90 h, a hair), E[min(D, 1)] = 4 (1 - e^(-1/4)).
    let truth = 4.0 * (-0.25_f64).exp() - 4.0 * (-22.5_f64).exp();
    let lower = 1.0 - (-0.25_f64).exp();
    let mut coverage = Coverage::of(&["difference"]);
    for seed in SEEDS {
        let whole = play(&scenario, seed, 1000);
        let difference = difference(&whole, Metric::DowntimeHours, (0, 1), 0.95).unwrap();
        coverage.push(&[difference.interval.unwrap().contains(truth)]);
        // Repair wins nowhere, and the standby wherever the repair takes more than its hour.
        assert_eq!(difference.a_lower, 0.0);
        let z = (difference.b_lower - (1.0 - lower)) / (lower * (1.0 - lower) / 1000.0).sqrt();
        assert!(z.abs() < 4.5, "{z}");
    }
    coverage.judge();
}

#[test]
fn intervals_cover_where_a_run_stops_by_itself() {
    let scenario = scenario(&renewal(100.0, 10.0, 300.0, ""));
    let component = Component::of_means(100.0, 10.0);
    let cases = [
        ("mean", None, component.mean_downtime(300.0), 0.04),
        ("p95", Some(0.95), downtime_quantile(component, 0.95, 300.0), 0.06),
    ];
    for (name, quantile, truth, relative) in cases {
        let mut coverage = Coverage::of(&[name]);
        for seed in SEEDS {
            let precision =
                Precision { metric: Metric::DowntimeHours, quantile, strategy: None, relative };
            let (whole, reached) = stop_at(&scenario, seed, Goal::Precision(precision), 100_000);
            assert!(reached.met && reached.value.unwrap() <= relative, "{reached:?}");
            let results = Results::new(&scenario, &whole, 0.95);
            let row = results.summary.strategies[0].row(Metric::DowntimeHours).unwrap();
            let interval = if quantile.is_some() { row.p95_interval } else { row.mean_interval };
            coverage.push(&[interval.unwrap().contains(truth)]);
        }
        coverage.judge();
    }
}

fn stop_at(scenario: &Scenario, seed: u64, goal: Goal, most_trials: u64) -> (Partial, GoalOutcome) {
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed, range: 0..0, threads: 1, design };
    let stop = AtomicBool::new(false);
    let rule = StoppingRule { goal, most_trials };
    let played = run_to(scenario, &trials, rule, 0.95, &stop, &mut Unwatched);
    let Ok(Some((whole, Some(reached)))) = played else { panic!("nobody stopped it") };
    (whole, reached)
}

#[test]
fn a_run_stops_at_the_same_trial_on_any_number_of_threads() {
    let scenario = scenario(&renewal(100.0, 10.0, 300.0, ""));
    let goal = Goal::Precision(Precision {
        metric: Metric::DowntimeHours,
        quantile: Some(0.99),
        strategy: Some(0),
        relative: 0.05,
    });
    let by = |threads| {
        let trials = Trials { seed: 3, range: 0..0, threads, design: Design::Plain };
        let stop = AtomicBool::new(false);
        let rule = StoppingRule { goal, most_trials: 200_000 };
        let played = run_to(&scenario, &trials, rule, 0.95, &stop, &mut Unwatched);
        let Ok(Some((whole, reached))) = played else { panic!("nobody stopped it") };
        let row = Results::new(&scenario, &whole, 0.95).summary.strategies.remove(0).rows.remove(1);
        (row, reached)
    };
    let one = by(1);
    assert!(one.0.trials > 1000);
    assert_eq!(one, by(2));
    assert_eq!(one, by(7));
}

/// One stratum keeps its values and the other counts them, each from parts that the threads cut
/// elsewhere every time.
#[test]
fn a_run_beyond_the_limit_of_kept_values_is_the_same_on_any_number_of_threads() {
    let scenario = with_disaster();
    let design = Design::from_world(&scenario.world);
    assert_ne!(design, Design::Plain);
    let count = EXACT_LIMIT as u64 * 2;
    let by = |threads| {
        let trials = Trials { seed: 5, range: 0..count, threads, design };
        let stop = AtomicBool::new(false);
        let Ok(Some(whole)) = run(&scenario, &trials, &stop, &mut Unwatched) else {
            panic!("nobody stopped it")
        };
        whole
    };
    let one = by(1);
    let downtime = Metric::DowntimeHours as usize;
    let exact: Vec<bool> = one
        .strata
        .iter()
        .map(|stratum| stratum.strategies[0].metrics[downtime].quantiles.is_exact())
        .collect();
    assert_eq!(exact, [false, true]);
    for threads in [2, 5] {
        let many = by(threads);
        assert_eq!(many.trials(), count);
        for (one, many) in one.strata.iter().zip(&many.strata) {
            for (one, many) in one.strategies.iter().zip(&many.strategies) {
                let restores = one.outages.iter().zip(&many.outages);
                let restores = restores.map(|(one, many)| (&one.restore, &many.restore));
                for (one, many) in one.metrics.iter().zip(&many.metrics).chain(restores) {
                    assert_eq!(one.moments, many.moments);
                    assert!(one.quantiles.clone().sorted() == many.quantiles.clone().sorted());
                }
            }
        }
    }
}

#[test]
fn a_run_that_may_not_go_on_says_what_more_it_would_take() {
    let scenario = scenario(&renewal(100.0, 10.0, 300.0, ""));
    let precision = Precision {
        metric: Metric::DowntimeHours,
        quantile: None,
        strategy: None,
        relative: 0.001,
    };
    let (whole, reached) = stop_at(&scenario, 1, Goal::Precision(precision), 4000);
    assert_eq!(whole.trials(), 4000);
    assert!(!reached.met);
    // sd / mean of this downtime is 0.7: (1.96 x 0.7 / 0.001)^2 trials, and a tenth more.
    let needs = reached.needs.unwrap() as f64;
    let relative = reached.value.unwrap();
    assert!((needs / (4000.0 * (relative / 0.001).powi(2) * 1.1) - 1.0).abs() < 1e-6, "{needs}");
}

/// A link cut now and then, and a site that is lost once in fifty years for 600 hours.
fn with_disaster() -> Scenario {
    let text = renewal(2000.0, 3.0, 8760.0, "").replace(
        "[[strategy]]",
        r#"[[fault]]
name = "lost"
strikes = "site"
common_mode = 0.0
every = { exponential = { mean = "438000h" } }
repair = "600h"
[[strategy]]"#,
    );
    let scenario = scenario(&(text + "[tolerance]\ndowntime_hours = { limit = 100.0 }"));
    assert_eq!(scenario.rare_disasters().collect::<Vec<_>>(), ["lost"]);
    scenario
}

/// Mean downtime of a scenario with a disaster: links and sites are independent.
fn mean_with_disaster() -> f64 {
    // P(up) of a site with fixed repairs, t after the start; at most two losses matter.
    let (l, down) = (1.0 / 438_000.0, 600.0);
    let site = |t: f64| {
        let mut up = (-l * t).exp();
        if t > down {
            up += (-l * (t - down)).exp() * l * (t - down);
        }
        if t > 2.0 * down {
            up += (-l * (t - 2.0 * down)).exp() * (l * (t - 2.0 * down)).powi(2) / 2.0;
        }
        up
    };
    let link = Component::of_means(2000.0, 3.0);
    let steps = 876_000;
    let width = 8760.0 / f64::from(steps);
    (0..steps)
        .map(|step| (f64::from(step) + 0.5) * width)
        .map(|t| (1.0 - site(t) * link.availability(t)) * width)
        .sum()
}

#[test]
fn strata_are_unbiased_and_ten_times_sharper_in_the_tail() {
    let scenario = with_disaster();
    let truth = mean_with_disaster();
    let strata = Design::from_world(&scenario.world);
    assert!(matches!(strata, Design::Strata { .. }));
    // Errors of the mean, of p99, of a tail probability and of the tail mean, over 200 seeds.
    let judge = |design: Design| {
        let mut rows: Vec<[f64; 4]> = Vec::new();
        let mut coverage = Coverage::of(&["mean"]);
        for seed in 1..=200 {
            let whole = play_by(&scenario, design, seed, 2000);
            let results = Results::new(&scenario, &whole, 0.95);
            let sample = results.summary.strategies[0].sample(Metric::DowntimeHours).unwrap();
            coverage.push(&[sample.mean_interval(0.95).unwrap().contains(truth)]);
            let within = results.verdicts[0].within.unwrap().share;
            let tail = sample.tail_mean(0.99).unwrap().0;
            rows.push([sample.mean().unwrap(), sample.quantile(0.99).unwrap(), within, tail]);
        }
        coverage.judge();
        let n = rows.len() as f64;
        [0, 1, 2, 3].map(|column| {
            let mean = rows.iter().map(|row| row[column]).sum::<f64>() / n;
            let spread: f64 = rows.iter().map(|row| (row[column] - mean).powi(2)).sum();
            (mean, spread / (n - 1.0))
        })
    };
    let (plain, sharp) = (judge(Design::Plain), judge(strata));
    let n = 200.0_f64;
    // Unbiased: against the exact mean, and each against the plain estimate.
    for (mean, variance) in [plain[0], sharp[0]] {
        let z = (mean - truth) / (variance / n).sqrt();
        assert!(z.abs() < 4.0, "mean {mean}, truth {truth}, {z} standard errors");
    }
    for (name, at) in [("share", 2), ("tail mean", 3)] {
        let error = ((plain[at].1 + sharp[at].1) / n).sqrt();
        let z = (plain[at].0 - sharp[at].0) / error;
        assert!(z.abs() < 4.0, "{name}: {} and {}, {z}", plain[at].0, sharp[at].0);
    }
    for (name, at) in [("mean", 0), ("p99", 1), ("share", 2)] {
        let ratio = plain[at].1 / sharp[at].1;
        assert!(ratio > 10.0, "{name}: variance ratio {ratio}");
    }
}

#[test]
fn a_disaster_of_known_probability_is_met_as_often() {
    // Downtime beyond 100 h only by the loss of the site (links: at most 60 h with 1 - 1e-6): the
    // probability is that of a loss early enough to last 100 h within the year, or nearly.
    let scenario = with_disaster();
    let whole = play(&scenario, 5, 20_000);
    let results = Results::new(&scenario, &whole, 0.95);
    let within = results.verdicts[0].within.unwrap();
    let lost = |hours: f64| 1.0 - (-hours / 438_000.0_f64).exp();
    // Between a loss with 100 h to go and one with 40 h to go and links down for the rest.
    let (least, most) = (lost(8660.0), lost(8720.0));
    assert!(1.0 - within.interval.high < most && 1.0 - within.interval.low > least, "{within:?}");
}

/// Two strategies that cost `a` and `b` a year; each fault costs labour besides.
fn priced(a: f64, b: f64) -> Scenario {
    let text = renewal(500.0, 5.0, 8760.0, "").replace(
        "name = \"repair\"\nannual_cost = 0.0",
        &format!("name = \"a\"\nannual_cost = {a}\n[[strategy]]\nname = \"b\"\nannual_cost = {b}"),
    );
    scenario(
        &(text + "[costs]\ndowntime_hour = 10.0\n[tolerance]\ndowntime_hours = { limit = 150.0 }"),
    )
}

#[test]
fn the_cheapest_that_meets_every_tolerance_is_chosen() {
    let results = |scenario: &Scenario| Results::new(scenario, &play(scenario, 1, 4000), 0.95);
    // The same faults meet both, so the difference is the annual cost and certain.
    let decision = results(&priced(100.0, 99.0)).decision;
    assert_eq!((decision.strategy, decision.reason), (Some(1), DecisionReason::Cheapest));
    let rival = decision.runner_up.unwrap();
    assert!(rival.strategy == 0 && (rival.extra_cost - 1.0).abs() < 1e-9, "{rival:?}");
    assert!(decision.probability.unwrap() > 0.999);
    // A limit that none keeps, and one that is kept just as often as asked.
    let with_limit = |limit: f64| {
        let text = priced(100.0, 99.0).text.replace("limit = 150.0", &format!("limit = {limit}"));
        results(&scenario(&text))
    };
    let none = with_limit(1.0);
    assert_eq!((none.decision.strategy, none.decision.reason), (None, DecisionReason::NoneMeets));
    assert!(none.verdicts.iter().all(|verdict| verdict.compliance == Compliance::Missed));
    let component = Component::of_means(500.0, 5.0);
    let edge = with_limit(downtime_quantile(component, 0.95, 8760.0));
    assert_eq!((edge.decision.strategy, edge.decision.reason), (None, DecisionReason::Undecided));
}

#[test]
fn without_a_tolerance_there_is_a_front() {
    let text = priced(100.0, 99.0).text;
    let free = text.split("[tolerance]").next().unwrap().to_owned();
    let scenario = scenario(&free);
    let results = Results::new(&scenario, &play(&scenario, 1, 500), 0.95);
    // The same risk at less cost.
    assert_eq!(results.decision.front, [1]);
    assert_eq!(
        (results.decision.strategy, results.decision.reason),
        (Some(1), DecisionReason::Dominates)
    );
}

#[test]
fn a_choice_is_right_as_often_as_it_says() {
    // Two strategies whose costs truly differ by little: an attempt that takes 1 h of labour, and
    // takes its time by draws of its own table, against an annual cost. Of 500 seeds count
    // the wrong choices against the sum of the stated probabilities of being wrong.
    let text = r#"
name = "close"
horizon = "1000h"
[workload.password_changes]
per_user_year = 0.0
[workload.writeback]
per_user_year = 0.0
[workload.object_changes]
per_hour = 0.0
AT_ONCE
[[fault]]
name = "crash"
strikes = "server"
at = ["10h"]
repair = "20h"
common_mode = 0.0
[[strategy]]
name = "a"
annual_cost = 8.76
[strategy.staging]
promote = { exponential = { mean = "2h" } }
success = 1.0
fenced = 1.0
[[strategy]]
name = "b"
[strategy.rebuild]
switch_on = "0s"
install = { exponential = { mean = "2h" } }
success = 1.0
[costs]
labour_hour = 0.0
downtime_hour = 10.0
[tolerance]
downtime_hours = { limit = 30.0 }
"#;
    // A costs 1 more over the horizon, always: B is the right choice.
    let scenario = scenario(&text.replace("AT_ONCE", AT_ONCE));
    let (mut wrong, mut stated, mut spread) = (0.0, 0.0, 0.0);
    for seed in SEEDS {
        let decision = Results::new(&scenario, &play(&scenario, seed, 400), 0.95).decision;
        let risk = 1.0 - decision.probability.unwrap();
        wrong += f64::from(u8::from(decision.strategy == Some(0)));
        stated += risk;
        spread += risk * (1.0 - risk);
    }
    assert!(wrong > 50.0, "{wrong} wrong: the case is too easy to tell anything");
    assert!(wrong - stated < 3.1 * f64::sqrt(spread), "{wrong} wrong, {stated} stated");
}
