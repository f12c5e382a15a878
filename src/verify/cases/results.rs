//! What is said about the trials: means, percentiles, shares, strata, differences, costs, and that the
//! same seed gives the same bits.

use crate::exact::renewal::constant_repair;
use crate::files::sha256;
use crate::metric::Metric::{self, Cost, DowntimeHours};
use crate::numeric::normal_quantile;
use crate::scenario::{Scenario, ScenarioError, Spec};
use crate::stats::Moments;
use crate::stats::interval::mean_interval;
use crate::stats::stratified::Stratified;
use crate::study::compare::difference;
use crate::study::design::Design;
use crate::study::partial::Partial;
use crate::study::results::Results;
use crate::study::run::{Trials, Unwatched, run};
use crate::verify::case::{Case, Cases, Luck, column, exact, mean, moments, played, value, worked};
use crate::verify::organisation::{STAGING, exponential, quiet, repair};
use libm::{exp, log};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::AtomicBool;

const MECHANISM: &str = "Results";

pub(super) fn cases() -> Vec<Cases> {
    vec![
        worked(MECHANISM, percentiles),
        worked(MECHANISM, strata),
        worked(MECHANISM, pairs),
        worked(MECHANISM, coverage),
        worked(MECHANISM, sums),
        worked(MECHANISM, bits),
        priced(),
        expected_cost(),
    ]
}

/// Plays trials of all strategies on one thread.
fn play(scenario: &Scenario, luck: &Luck, design: Design, threads: usize) -> Option<Partial> {
    let trials = Trials { seed: luck.seed, range: luck.trials.clone(), threads, design };
    let never = AtomicBool::new(false);
    let Ok(whole) = run(scenario, &trials, &never, &mut Unwatched);
    whole
}

/// The values of a metric of a strategy, in their strata.
fn sample(whole: &Partial, strategy: usize, metric: Metric) -> Stratified {
    let strata = whole.strata_of(|part| &part.strategies[strategy].metrics[metric as usize]);
    Stratified::new(strata.iter().map(|stratum| stratum.part.weighted(stratum.weight)))
}

/// An outage of an exponential length of mean 5 h.
fn percentiles(luck: &Luck) -> Result<Vec<Case>, ScenarioError> {
    const SOURCE: &str = "exponential distribution";
    let repair = format!("repair = {}\n", exponential(5.0));
    let scenario = quiet().set("horizon=4000h").fault("link", &[100.0], &repair).scenario()?;
    let Some(whole) = play(&scenario, luck, Design::Plain, 1) else { return Ok(Vec::new()) };
    let sample = sample(&whole, 0, DowntimeHours);
    let n = sample.count() as f64;
    let percentile = |name: &str, p: f64| {
        let truth = -5.0 * log(1.0 - p);
        // The density there is (1 - p)/5.
        let error = (p * (1.0 - p) / n).sqrt() / ((1.0 - p) / 5.0);
        let estimate = sample.quantile(p).unwrap_or(f64::NAN);
        Case { name: name.to_owned(), source: SOURCE, truth, estimate, error: Some(error) }
    };
    // Beyond p95 an exponential has its mean once more.
    let (tail, tail_error) = sample.tail_mean(0.95).unwrap_or((f64::NAN, None));
    let truth = -5.0 * log(0.05) + 5.0;
    let name = "mean of the worst 5 %".to_owned();
    let worst = Case { name, source: SOURCE, truth, estimate: tail, error: tail_error };
    let share = sample.share_at_most(10.0);
    let truth = 1.0 - exp(-2.0);
    let within = Case {
        name: "share of trials within a limit".to_owned(),
        source: SOURCE,
        truth,
        estimate: share,
        error: Some((truth * (1.0 - truth) / n).sqrt()),
    };
    Ok(vec![
        percentile("median of an exponential", 0.5),
        percentile("p95 of an exponential", 0.95),
        percentile("p99 of an exponential", 0.99),
        worst,
        within,
    ])
}

/// A loss of the site once in fifty years, for ten days, in strata.
fn strata(luck: &Luck) -> Result<Vec<Case>, ScenarioError> {
    const SOURCE: &str = "Poisson process";
    let years = format!("every = {}", exponential(50.0 * 8_760.0));
    let organisation = quiet().set("horizon=365d").source("site", &years, &repair(240.0));
    let scenario = organisation.scenario()?;
    let design = Design::from_world(&scenario.world);
    let Some(whole) = play(&scenario, luck, design, 1) else { return Ok(Vec::new()) };
    let sample = sample(&whole, 0, DowntimeHours);
    let truth = constant_repair(1.0 / (50.0 * 8_760.0), 240.0, 8_760.0).downtime;
    let name = "mean downtime by a rare disaster, in strata".to_owned();
    let (estimate, error) = (sample.mean().unwrap_or(f64::NAN), sample.standard_error());
    let without = exp(-1.0 / 50.0);
    let strata = f64::from(u8::from(design != Design::Plain));
    Ok(vec![
        Case { name, source: SOURCE, truth, estimate, error },
        exact("years without a disaster", SOURCE, without, sample.share_at_most(0.0)),
        exact("a disaster is drawn in strata", "docs/model.md, section 7", 1.0, strata),
    ])
}

/// A promotion of random length against a repair of random length, in the same worlds.
fn pairs(luck: &Luck) -> Result<Vec<Case>, ScenarioError> {
    let lasting = format!("repair = {}\n", exponential(9.0));
    let staging = STAGING.replace("promote = \"1h\"", &format!("promote = {}", exponential(2.0)));
    let scenario = quiet()
        .set("horizon=4000h")
        .fault("server", &[100.0], &lasting)
        .strategy("")
        .strategy(&staging)
        .scenario()?;
    let Some(whole) = play(&scenario, luck, Design::Plain, 1) else { return Ok(Vec::new()) };
    let Some(found) = difference(&whole, DowntimeHours, (0, 1), 0.95) else {
        return Ok(Vec::new());
    };
    // Whichever of repair and promotion is first ends the outage: the minimum has mean 18/11 h. The
    // repair is first in 2/11, and then both strategies are down alike.
    let name = "difference between two strategies".to_owned();
    let truth = 9.0 - 18.0 / 11.0;
    let first = 9.0 / 11.0;
    let n = (luck.trials.end - luck.trials.start) as f64;
    Ok(vec![
        Case {
            name,
            source: "minimum of exponentials",
            truth,
            estimate: found.mean,
            error: found.standard_error,
        },
        Case {
            name: "probability that one of them is lower".to_owned(),
            source: "minimum of exponentials",
            truth: first,
            estimate: found.b_lower,
            error: Some((first * (1.0 - first) / n).sqrt()),
        },
    ])
}

/// How often the 95 % interval of a mean of 50 downtimes holds the true mean. The downtimes are uniform,
/// so that their mean is as good as normal.
fn coverage(luck: &Luck) -> Result<Vec<Case>, ScenarioError> {
    const SAMPLE: usize = 50;
    let lengths = "repair = { uniform = { min = \"2h\", max = \"8h\" } }\n";
    let scenario = quiet().fault("link", &[100.0], lengths).scenario()?;
    let values = column(&scenario, luck, DowntimeHours);
    let holds = |sample: &[f64]| {
        let mut moments = Moments::default();
        sample.iter().for_each(|value| moments.push(*value));
        let interval = moments
            .mean()
            .zip(moments.standard_error())
            .and_then(|(mean, error)| mean_interval(mean, error, moments.count(), 0.95));
        f64::from(u8::from(interval.is_some_and(|interval| interval.contains(5.0))))
    };
    let samples = values.chunks_exact(SAMPLE).map(holds);
    let n = (values.len() / SAMPLE) as f64;
    let (estimate, _) = moments(samples);
    Ok(vec![Case {
        name: "95 % intervals that hold the truth".to_owned(),
        source: "their definition",
        truth: 0.95,
        estimate,
        error: Some((0.95 * 0.05 / n).sqrt()),
    }])
}

/// Numbers whose sum is lost in ordinary additions.
fn sums(_: &Luck) -> Result<Vec<Case>, ScenarioError> {
    let values = [1e16, 1.0, -1e16, 0.5, 1e-9, -0.5];
    let mut whole = Moments::default();
    values.iter().for_each(|value| whole.push(*value));
    let mut halves = [Moments::default(), Moments::default()];
    for (at, value) in values.iter().enumerate() {
        halves[at % 2].push(*value);
    }
    let [mut first, second] = halves;
    first.merge(&second);
    Ok(vec![
        exact("a sum in which large numbers cancel", "by hand", 1.0 + 1e-9, whole.sum()),
        exact("the same sum in two parts", "the sum in one", whole.sum(), first.sum()),
        exact(
            "normal quantile at 97.5 %",
            "1.959963984540054",
            1.959_963_984_540_054,
            normal_quantile(0.975),
        ),
    ])
}

/// What 400 trials of `rich.toml` give, on the machine where this was last changed on purpose. A change
/// here is a change of what a seed gives: say so in the changelog.
const BITS: &str = "e75aa91d057871f6e0c9ee5fe844986cf294ec6753d0ca5f8c77f941e0606014";

/// A scenario in which everything happens, on one thread, on three, in two halves, and on another
/// machine: equal results have equal bits, whatever the seed of the other cases.
fn bits(luck: &Luck) -> Result<Vec<Case>, ScenarioError> {
    const ONE: &str = "one thread, to the bit";
    let scenario = Spec::parse(include_str!("../rich.toml"), Path::new(""), "rich").compile()?;
    let design = Design::from_world(&scenario.world);
    let part = |seed: u64, range: Range<u64>, threads: usize| {
        play(&scenario, &Luck { seed, trials: range }, design, threads)
    };
    let (start, seed) = (luck.trials.start, luck.seed);
    let one = part(seed, start..start + 400, 1);
    let three = part(seed, start..start + 400, 3);
    let halves = part(seed, start..start + 150, 2).zip(part(seed, start + 150..start + 400, 1));
    let halves = halves.map(|(mut first, second)| {
        first.merge(&second);
        first
    });
    let written = |whole: &Option<Partial>| whole.as_ref().map(|whole| in_full(&scenario, whole));
    let truth = written(&one);
    let same =
        |other: &Option<Partial>| f64::from(u8::from(truth.is_some() && truth == written(other)));
    let elsewhere = written(&part(1, 0..400, 1)).map(|text| sha256(text.as_bytes()));
    let as_there = f64::from(u8::from(elsewhere.as_deref() == Some(BITS)));
    Ok(vec![
        exact("three threads give the same", ONE, 1.0, same(&three)),
        exact("two halves give the same", ONE, 1.0, same(&halves)),
        exact("another machine gave the same", "its SHA-256", 1.0, as_there),
    ])
}

/// All that a run says of its trials, with every digit: equal text is equal bits.
fn in_full(scenario: &Scenario, whole: &Partial) -> String {
    let results = Results::new(scenario, whole, 0.95);
    let strategies = &results.summary.strategies;
    let rows: Vec<_> = strategies
        .iter()
        .flat_map(|strategy| Metric::ALL.map(|metric| strategy.row(metric)))
        .collect();
    format!("{rows:?} {:?} {:?}", results.differences, results.verdicts)
}

/// Every price at once, by hand.
fn priced() -> Cases {
    let prices = "[costs]\nlabour_hour = 100.0\nstale_user_hour = 0.0\nwriteback_lost = 0.0\n\
        disabled_account_hour = 0.0\nobject_delay_hour = 0.0\njoiner_wait_hour = 0.0\n\
        device_wait_hour = 0.0\ndowntime_hour = 10.0\n";
    let organisation = quiet()
        .set("horizon=730d")
        .tables(prices)
        .fault("server", &[100.0], &repair(4.0))
        .strategy("annual_cost = 1000.0\n");
    played(
        MECHANISM,
        "by hand",
        organisation,
        vec![
            // Two years of annual cost, 4 h of labour and of downtime.
            value("cost over two years", Cost, 2_000.0 + 400.0 + 40.0),
        ],
    )
}

/// Priced harm of random outages.
fn expected_cost() -> Cases {
    let prices = "[costs]\nlabour_hour = 0.0\nstale_user_hour = 0.0\nwriteback_lost = 18.0\n\
        disabled_account_hour = 0.0\nobject_delay_hour = 0.0\njoiner_wait_hour = 0.0\n\
        device_wait_hour = 0.0\ndowntime_hour = 10.0\n";
    let organisation = quiet()
        .set("horizon=4000h")
        .set("workload.writeback.per_user_year=8.76")
        .set("workload.writeback.attempts=1")
        .tables(prices)
        .fault("link", &[100.0], &format!("repair = {}\n", exponential(5.0)));
    played(
        MECHANISM,
        "sum of expectations",
        organisation,
        vec![
            // One request an hour; each is lost at its first refusal.
            mean("priced harm", Cost, 5.0 * (10.0 + 18.0)),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_of_another_machine_are_those_of_this_one() {
        let text = include_str!("../rich.toml");
        let scenario = Spec::parse(text, Path::new(""), "rich").compile().unwrap();
        let design = Design::from_world(&scenario.world);
        assert_ne!(design, Design::Plain);
        let whole = play(&scenario, &Luck { seed: 1, trials: 0..400 }, design, 2).unwrap();
        let found = sha256(in_full(&scenario, &whole).as_bytes());
        assert_eq!(
            found, BITS,
            "a seed gives other numbers: on purpose? then write this, and the changelog"
        );
    }
}
