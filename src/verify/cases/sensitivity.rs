//! What a choice hangs on: where it flips, how far an assumption may go, what knowing is worth.

use crate::metric::Metric;
use crate::metric::Metric::Cost;
use crate::numeric::{normal_cdf, normal_density, normal_quantile};
use crate::scenario::{Criterion, Dial, ScenarioError, Spec};
use crate::sensitivity::asked::{Asked, Scale};
use crate::sensitivity::basis::{Axis, Basis};
use crate::sensitivity::design::Points;
use crate::sensitivity::information::perfect;
use crate::sensitivity::regression::{Estimate, fit, student};
use crate::sensitivity::robustness::robustness;
use crate::sensitivity::sobol::{
    Change, Halves, Spread, expectation, expected, first_order, part, total,
};
use crate::study::crossing::Range;
use crate::study::design::Design;
use crate::study::results::study;
use crate::study::run::Trials;
use crate::study::target::{Question, TargetError, TargetOptions, target};
use crate::verify::case::{Case, Cases, Luck, exact, moments, worked};
use crate::verify::organisation::{Organisation, STAGING, quiet, repair};
use libm::{log, sin};
use std::f64::consts::PI;
use std::sync::atomic::AtomicBool;

/// Confidence of the intervals from which standard errors are read.
const CONFIDENCE: f64 = 0.95;

const MECHANISM: &str = "What a choice hangs on";

pub(super) fn cases() -> Vec<Cases> {
    vec![
        worked(MECHANISM, limits),
        worked(MECHANISM, flip),
        worked(MECHANISM, information),
        worked(MECHANISM, indices),
    ]
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

/// Sobol indices of a function whose shares of the variance are known (Ishigami and Homma 1990, with
/// a = 7 and b = 0.1), each with the standard error of the estimator.
fn indices(luck: &Luck) -> Result<Vec<Case>, ScenarioError> {
    const SOURCE: &str = "Ishigami's function";
    const POINTS: usize = 2_048;
    const BLOCKS: usize = 32;
    /// Every eighth point is moved along one coordinate.
    const APART: usize = 8;
    let function = |point: &[f64]| {
        let [a, b, c] = [0, 1, 2].map(|at| PI * (2.0 * point[at] - 1.0));
        sin(a) + 7.0 * sin(b) * sin(b) + 0.1 * c.powi(4) * sin(a)
    };
    let points = Points { seed: luck.seed, dimensions: 3 };
    let at: Vec<Vec<f64>> = (0..POINTS as u64).map(|number| points.point(number)).collect();
    let basis = Basis::main(vec![Axis::Even(8); 3]);
    let products = basis.products(&[0, 1, 2], 6);
    let basis = basis.with(products);
    let values: Vec<f64> = at.iter().map(|point| function(point)).collect();
    let rows: Vec<Vec<f64>> = values.iter().map(|value| vec![*value]).collect();
    let Some(fits) = fit(&basis, &at, &rows, BLOCKS, 1) else { return Ok(Vec::new()) };
    let functions: Vec<Vec<f64>> = at.iter().map(|point| basis.row(point)).collect();
    let halves: Vec<Halves> = values.iter().map(|value| [*value; 2]).collect();
    let sample = Spread::new(&halves, &expected(&fits, 0, &functions), BLOCKS);
    let first = first_order(&basis, &fits, 0, &sample.variance(), CONFIDENCE);
    let total = (0..3).map(|coordinate| {
        let change = |number: usize| {
            let mut moved = at[number].clone();
            moved[coordinate] = points.anew(number as u64, coordinate);
            let block = number * BLOCKS / POINTS;
            let fit = &fits.without[block];
            let known = |point: &[f64]| expectation(fit, 0, &basis.row(point));
            Change {
                block,
                before: (halves[number], known(&at[number])),
                after: ([function(&moved); 2], known(&moved)),
                expected_part: part(&basis, fit, 0, |other| other == coordinate),
            }
        };
        let changes: Vec<Change> = (0..POINTS).step_by(APART).map(change).collect();
        total(&changes, &sample, CONFIDENCE)
    });
    let total: Vec<Estimate> = total.collect();
    let case = |name: &str, at: usize, truth: f64, found: &Estimate| Case {
        name: format!("{name} index of input {}", at + 1),
        source: SOURCE,
        truth,
        estimate: found.value,
        // Above the estimate: below it the interval may be cut off at 0.
        error: Some((found.interval.high - found.value) / student(CONFIDENCE, BLOCKS as f64 - 1.0)),
    };
    // First-order indices are variances of parts over 13.8446 = 1/2 + 49/8 + 0.1 PI^4 / 5 + 0.01 PI^8 / 18.
    // The third has none of its own: an estimate that is cut off at 0 has no error to be judged by.
    let firsts = [0.3139, 0.4424].into_iter().zip(&first).enumerate();
    let totals = [0.5576, 0.4424, 0.2437].into_iter().zip(&total).enumerate();
    let firsts = firsts.map(|(at, (truth, found))| case("first-order", at, truth, found));
    let totals = totals.map(|(at, (truth, found))| case("total", at, truth, found));
    Ok(firsts.chain(totals).collect())
}
