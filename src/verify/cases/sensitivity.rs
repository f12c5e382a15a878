//! What a choice hangs on: where it flips, how far an assumption may go, what knowing is worth.

use crate::metric::Metric;
use crate::metric::Metric::Cost;
use crate::numeric::{normal_cdf, normal_density, normal_quantile};
use crate::scenario::{Criterion, Dial, ScenarioError, Spec};
use crate::sensitivity::asked::{Asked, Scale};
use crate::sensitivity::design::Points;
use crate::sensitivity::information::perfect;
use crate::sensitivity::robustness::robustness;
use crate::study::crossing::Range;
use crate::study::design::Design;
use crate::study::results::study;
use crate::study::run::Trials;
use crate::study::target::{Question, TargetError, TargetOptions, target};
use crate::verify::case::{Case, Cases, Luck, exact, moments, worked};
use crate::verify::organisation::{Organisation, STAGING, quiet, repair};
use libm::log;
use std::sync::atomic::AtomicBool;

const MECHANISM: &str = "What a choice hangs on";

pub(super) fn cases() -> Vec<Cases> {
    vec![worked(MECHANISM, limits), worked(MECHANISM, flip), worked(MECHANISM, information)]
}

/// An outage of 4 h in place, or of 1 h with a standby that costs 15 a year; an hour costs 10.
fn two_strategies() -> Organisation {
    quiet()
        .set("horizon=365d")
        .tables(
            "[costs]\nlabour_hour = 0.0\nstale_user_hour = 0.0\nwriteback_lost = 0.0\n\
             disabled_account_hour = 0.0\nobject_delay_hour = 0.0\njoiner_wait_hour = 0.0\n\
             device_wait_hour = 0.0\ndowntime_hour = 10.0\n\
             [tolerance]\ndowntime_hours = { limit = 6.0, confidence = 0.95 }\n",
        )
        .fault("server", &[1_000.0], &repair(4.0))
        .strategy("annual_cost = 0.0\n")
        .strategy(&format!("annual_cost = 15.0\n{STAGING}"))
}

/// A value that is searched for is found to more than two decimals.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The value of an input at which a question turns.
fn crossing(
    spec: &Spec,
    path: &str,
    to: f64,
    question: Question<'_>,
    luck: &Luck,
) -> Result<f64, ScenarioError> {
    let Ok(dial) = Dial::of(spec, path) else { return Ok(f64::NAN) };
    let range = Range { from: 0.1, to, whole: false, assumed: dial.assumed };
    let options =
        TargetOptions { seed: luck.seed, trials: 100, threads: 1, confidence: 0.95, strata: false };
    let never = AtomicBool::new(false);
    match target(spec, &dial, range, question, &options, &never, |_| ()) {
        Ok(search) => Ok(search.crossing.map_or(f64::NAN, |found| found.inside)),
        Err(TargetError::Scenario(error)) => Err(error),
        Err(TargetError::Stopped) => Ok(f64::NAN),
    }
}

/// How far an assumption may go.
fn limits(luck: &Luck) -> Result<Vec<Case>, ScenarioError> {
    let spec = two_strategies().spec();
    let criterion = Criterion::Metric(Metric::DowntimeHours);
    let keep = Question::Keep { strategy: "strategy 0", criterion };
    let between = Question::Between { strategies: ["strategy 0", "strategy 1"], metric: Cost };
    // A repair may last as long as the limit of 6 h says. The standby saves 3 h of downtime for 15, so
    // at a price of 5 for an hour both cost the same.
    let longest = crossing(&spec, "fault.*.repair", 40.0, keep, luck)?;
    let even = crossing(&spec, "costs.downtime_hour", 40.0, between, luck)?;
    Ok(vec![
        exact("how long a repair may be", "by hand", 6.0, rounded(longest)),
        exact("price at which two strategies cost the same", "by hand", 5.0, rounded(even)),
    ])
}

/// Where the price of an hour flips the choice, and in what part of its range.
fn flip(luck: &Luck) -> Result<Vec<Case>, ScenarioError> {
    let organisation = two_strategies()
        .set("costs.downtime_hour={ guess = 10.0, range = [4.0, 25.0] }")
        .tables("[uncertainty]\ndefault = \"off\"\n");
    let spec = organisation.spec();
    let scenario = organisation.scenario()?;
    let (threads, never) = (1, AtomicBool::new(false));
    let trials = Trials { seed: luck.seed, range: 0..2_000, threads, design: Design::Plain };
    let Some(results) = study(&scenario, &trials, 0.95, &never) else { return Ok(Vec::new()) };
    let asked =
        Asked { spec: &spec, scenario: &scenario, results: &results, seed: luck.seed, threads };
    let Some(found) = robustness(asked, Scale::RUN, 0.95, &never)? else { return Ok(Vec::new()) };
    let at = found.flips.first().map_or(f64::NAN, |flip| {
        let input = found.inputs.members(flip.coordinate).next().unwrap_or_default();
        found.inputs.value(input, flip.at).number().unwrap_or(f64::NAN)
    });
    // Lognormal with 4 and 25 as its 5 % and 95 % points: above 5 with this probability.
    let sigma = log(25.0 / 4.0) / (2.0 * normal_quantile(0.95));
    let truth = normal_cdf(log(2.0) / sigma);
    let stays = found.shares.iter().find(|(strategy, _)| *strategy == Some(1));
    let points = found.points as f64;
    Ok(vec![
        exact("price at which the choice flips", "by hand", 5.0, rounded(at)),
        Case {
            name: "part of its range in which the choice stays".to_owned(),
            source: "lognormal distribution",
            truth,
            estimate: stays.map_or(f64::NAN, |(_, share)| share.value),
            // That of a plain sample; one in strata is nearer.
            error: Some((truth * (1.0 - truth) / points).sqrt()),
        },
    ])
}

/// What it is worth to know the difference of two strategies that is normal with mean 1 and
/// deviation 2: the unit normal loss.
fn information(luck: &Luck) -> Result<Vec<Case>, ScenarioError> {
    let (mean, deviation) = (1.0, 2.0);
    let points = Points { seed: luck.seed, dimensions: 1 };
    let draw = |number| mean + deviation * normal_quantile(points.anew(number, 0));
    let losses: Vec<Vec<f64>> = luck.trials.clone().map(|number| vec![0.0, draw(number)]).collect();
    let (_, error) = moments(losses.iter().map(|losses| losses[1].min(0.0)));
    let z = mean / deviation;
    Ok(vec![Case {
        name: "what it is worth to know all".to_owned(),
        source: "unit normal loss",
        truth: deviation * (normal_density(z) - z * normal_cdf(-z)),
        estimate: perfect(&losses, 16, 0.95).value,
        error,
    }])
}
