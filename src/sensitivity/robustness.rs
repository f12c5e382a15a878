//! How well a choice stands if the assumptions are wrong: what a run says beside its own error.
//!
//! A small sample of the assumptions says in which share of them each strategy is the choice. A
//! search along every single assumption says at what value of it the choice changes. Both together
//! take less than the run.

use super::asked::{Asked, Scale};
use super::basis::{Axis, Basis, Line};
use super::design::{BLOCK, Points};
use super::flips::{Flip, flips};
use super::guess::Guess;
use super::misfit::{Corrected, Played};
use super::model::{self, Allowance, Model};
use super::prices::{PriceList, is_price};
use super::regression::Estimate;
use super::remedies::{Remedy, remedies};
use super::sample::{Assumptions, Effort, PointResult, Prices, sample};
use crate::assumptions::{Inputs, Unit};
use crate::scenario::{Scenario, ScenarioError, Spec};
use std::sync::atomic::AtomicBool;

/// Trials of a run below which nothing is said: it would take longer than the run.
pub const LEAST_TRIALS: u64 = 2_000;

/// How well a choice stands.
#[derive(Debug)]
pub struct Robustness {
    /// What was varied.
    pub inputs: Inputs,
    /// The choice of the run, if there is one by the mean of its trials.
    pub choice: Option<usize>,
    /// Whether the run names it: it does not while the trials leave open whether it keeps its tolerances,
    /// nor where none is set.
    pub is_named: bool,
    /// How likely each strategy is to be the choice over the ranges, the most likely first; no
    /// strategy stands for none that keeps every tolerance.
    pub shares: Vec<(Option<usize>, Estimate)>,
    /// At which values of single assumptions the choice changes, the nearest first.
    pub flips: Vec<Flip>,
    /// Where no strategy keeps every tolerance: what would make one do so.
    pub remedies: Vec<Remedy>,
    /// Points that were played.
    pub points: u64,
}

/// Whether there is a choice that assumptions could change: without a tolerance it takes prices and two
/// strategies that suit.
pub fn has_choice(scenario: &Scenario) -> bool {
    let suited = (0..scenario.strategies.len()).filter(|&at| scenario.suits(at)).count();
    !scenario.tolerances.is_empty() || (scenario.costs.is_some() && suited > 1)
}

impl Assumptions for Inputs {
    fn at(&self, spec: &mut Spec, point: &[f64]) -> Result<Scenario, ScenarioError> {
        self.apply(spec, point)
    }

    fn moved(
        &self,
        spec: &mut Spec,
        point: &[f64],
        coordinate: usize,
    ) -> Result<Scenario, ScenarioError> {
        let own: Vec<&String> =
            self.members(coordinate).flat_map(|input| &self.inputs[input].paths).collect();
        for (path, setting) in self.settings(point) {
            if own.iter().any(|one| *one == path) {
                spec.set(path, setting)?;
            }
        }
        spec.compile()
    }
}

/// How results depend on each coordinate: choices step, a price is a straight line, all else is smooth.
pub fn axes(inputs: &Inputs, degree: usize) -> Vec<Axis> {
    let axis = |coordinate: usize| {
        let members: Vec<usize> = inputs.members(coordinate).collect();
        let is_choice = |input: &&usize| inputs.inputs[**input].unit == Unit::Choice;
        if let Some(input) = members.iter().find(is_choice) {
            return Axis::Choice(weights(inputs, *input));
        }
        let line = match members[..] {
            [only] if is_price(inputs, only) => Line::new(|u| inputs.value(only, u).number()),
            _ => None,
        };
        line.map_or(Axis::Normal(degree), Axis::Price)
    };
    (0..inputs.dimensions()).map(axis).collect()
}

/// The probabilities of the values of a choice, in the order of the coordinate.
fn weights(inputs: &Inputs, input: usize) -> Vec<f64> {
    const GRID: usize = 256;
    let value = |u: f64| inputs.value(input, u);
    let middle = |k: usize| (k as f64 + 0.5) / GRID as f64;
    let (mut weights, mut from) = (Vec::new(), 0.0);
    for k in 1..GRID {
        let (mut low, mut high) = (middle(k - 1), middle(k));
        if value(low) != value(high) {
            let before = value(low);
            for _ in 0..50 {
                let half = f64::midpoint(low, high);
                *(if value(half) == before { &mut low } else { &mut high }) = half;
            }
            weights.push(high - from);
            from = high;
        }
    }
    weights.push(1.0 - from);
    weights
}

impl Robustness {
    /// Puts together what was found; `shares` has none that keeps every tolerance as its last.
    pub fn new(
        asked: Asked<'_>,
        inputs: &Inputs,
        choice: Option<usize>,
        shares: Vec<Estimate>,
        (flips, remedies): (Vec<Flip>, Vec<Remedy>),
        points: usize,
    ) -> Robustness {
        let strategies = shares.len().saturating_sub(1);
        let mut shares: Vec<(Option<usize>, Estimate)> =
            (0..).zip(shares).map(|(at, share)| ((at < strategies).then_some(at), share)).collect();
        shares.sort_by(|a, b| b.1.value.total_cmp(&a.1.value));
        let (inputs, points) = (inputs.clone(), points as u64);
        let is_named = choice.is_some() && asked.results.decision.strategy == choice;
        Robustness { inputs, choice, is_named, shares, flips, remedies, points }
    }
}

/// Says how well the choice of a run stands. None where nothing is varied, where the run has fewer than
/// [`LEAST_TRIALS`], where there is nothing to choose, or where `stop` was set.
///
/// # Errors
/// Values within the ranges contradict each other.
pub fn robustness(
    asked: Asked<'_>,
    scale: Scale,
    confidence: f64,
    stop: &AtomicBool,
) -> Result<Option<Robustness>, ScenarioError> {
    let Asked { spec, scenario, results, seed, threads } = asked;
    let inputs = Inputs::new(scenario);
    let is_short = results.summary.trials < LEAST_TRIALS;
    if inputs.inputs.is_empty() || is_short || !has_choice(scenario) {
        return Ok(None);
    }
    let guess = Guess::of(asked, &inputs);
    let points = Points { seed, dimensions: inputs.dimensions() };
    let effort = Effort { seed, points: 0..scale.points, trials: scale.trials, threads };
    let played = sample(spec, &inputs, points, &effort, stop, |_| ())?;
    let at: Vec<Vec<f64>> = (0..played.len() as u64).map(|number| points.point(number)).collect();
    let blocks = played.len() / BLOCK as usize;
    let model = regression(scenario, &inputs, (&at, &played), (blocks, threads));
    let Some(model) = model else { return Ok(None) };
    let prices: Vec<Prices> = played.iter().map(|result| result.prices.clone()).collect();
    let played = Played { points: &at, prices: &prices, results: &played };
    let choices = Corrected::new(&model, played, threads).choices(threads);
    let shares = model::shares(&choices, scenario.strategies.len(), scale.trials, confidence);
    let prices = PriceList::new(&inputs, spec, scenario)?;
    let flips = flips(asked, &inputs, &guess, &model, &prices, scale)?;
    let found = (flips, remedies(asked, &guess, scale.change_trials));
    Ok(Some(Robustness::new(asked, &inputs, guess.outlook.choice(), shares, found, at.len())))
}

/// The regression that so many points allow: straight lines where they are few, and polynomials where
/// they are many. With fewer points than some ten for each coefficient a polynomial follows the noise.
pub fn regression(
    scenario: &Scenario,
    inputs: &Inputs,
    (points, results): (&[Vec<f64>], &[PointResult]),
    (blocks, threads): (usize, usize),
) -> Option<Model> {
    let degree = match points.len() / inputs.dimensions().max(1) {
        0..12 => 1,
        12..20 => 2,
        _ => 3,
    };
    let basis = Basis::main(axes(inputs, degree));
    let allowances = scenario.tolerances.iter().map(Allowance::of).collect();
    Model::new(basis, points, results, allowances, (blocks, threads))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Metric;
    use crate::numeric::{normal_cdf, normal_quantile};
    use crate::stats::Interval;
    use crate::study::design::Design;
    use crate::study::results::Results;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;

    /// Ten hours of outage at each fault of the host, or one hour for 5,000 a year.
    const TWO: &str = r#"
name = "Two"
[operations]
detection = "0s"
[[fault]]
name = "host"
strikes = "host"
every = { exponential = { mean = "1000h" }, factor = "0.5 to 2" }
repair = "10h"
repair_covers = "outage"
[[strategy]]
name = "Repair"
[[strategy]]
name = "Restart"
annual_cost = 5000.0
[strategy.virtual_machine]
restart = "1h"
capacity = 1.0
[costs]
labour_hour = 0.0
stale_user_hour = 0.0
writeback_lost = 0.0
disabled_account_hour = 0.0
object_delay_hour = 0.0
joiner_wait_hour = 0.0
device_wait_hour = 0.0
downtime_hour = { guess = 100.0, range = [50.0, 200.0] }
[uncertainty]
default = "off"
"#;

    fn found(text: &str, threads: usize) -> (Robustness, Results) {
        let scale = Scale { points: 512, trials: 16, changes: 6, change_trials: 1024 };
        found_with(text, (1, threads), scale)
    }

    fn found_with(
        text: &str,
        (seed, threads): (u64, usize),
        scale: Scale,
    ) -> (Robustness, Results) {
        let mut spec = Spec::parse(text, Path::new(""), "test");
        let scenario = spec.compile().unwrap();
        let never = AtomicBool::new(false);
        let trials = Trials { seed, range: 0..2000, threads, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &never).unwrap();
        let asked = Asked { spec: &spec, scenario: &scenario, results: &results, seed, threads };
        (robustness(asked, scale, 0.95, &never).unwrap().unwrap(), results)
    }

    /// Yearly cost of both, where the host is up for `mean` hours on average and an hour costs `price`.
    fn costs(mean: f64, price: f64) -> [f64; 2] {
        // A restart leaves no spare while the first host is repaired; then the repair is awaited.
        let (repair, restart, year) = (10.0, 1.0, 8760.0);
        let second = repair / mean;
        let restart = restart + second * (0.5 * repair - restart);
        [
            price * year * repair / (mean + repair),
            5000.0 + price * year * restart / (mean + restart),
        ]
    }

    #[test]
    fn a_choice_between_two_is_as_likely_as_its_break_even_says() {
        let sd = libm::log(2.0) / normal_quantile(0.95);
        let many = 400;
        let value = |k: usize, guess: f64| {
            guess * libm::exp(sd * normal_quantile((k as f64 + 0.5) / many as f64))
        };
        let restart = (0..many * many).filter(|k| {
            let [repair, restart] = costs(value(k / many, 1000.0), value(k % many, 100.0));
            restart < repair
        });
        let truth = restart.count() as f64 / (many * many) as f64;
        // By hand, without the hours that the host is down: it depends on the product alone.
        let by_hand = normal_cdf(libm::log(100.0 / 63.4) / (sd * 2_f64.sqrt()));
        assert!((truth - by_hand).abs() < 0.02, "{truth} {by_hand}");
        let (robustness, _) = found(TWO, 2);
        let (strategy, share) = robustness.shares[0];
        assert_eq!(strategy, Some(1));
        assert!((share.value - truth).abs() < 0.03, "{share:?} {truth}");
        let Estimate { interval, .. } = share;
        assert!(interval.low - 0.01 < truth && truth < interval.high + 0.01, "{share:?} {truth}");
    }

    /// A crash that takes ten hours to repair, or one hour for 5,000 a year, and years that may have none
    /// longer than five hours: the cheap strategy is the choice while most years have no crash.
    const RARE: &str = r#"
name = "Rare"
[operations]
detection = "0s"
call_out = "0s"
decision = "0s"
staffed = "24x7"
repair_first = "0s"
[[fault]]
name = "host"
strikes = "host"
every = { exponential = { mean = "12000h" }, factor = "0.25 to 4" }
repair = "10h"
repair_covers = "outage"
[[strategy]]
name = "Repair"
[[strategy]]
name = "Restart"
annual_cost = 5000.0
[strategy.virtual_machine]
restart = "1h"
capacity = 1.0
[tolerance]
longest_outage_hours = { limit = 5.0, confidence = 0.4 }
[costs]
labour_hour = 0.0
stale_user_hour = 0.0
[uncertainty]
default = "off"
"#;

    /// [`RARE`] with another mean time between crashes, hours, and another factor either way.
    fn rare(mean: f64, factor: f64) -> String {
        let range = format!("{:?} to {factor:?}", 1.0 / factor);
        RARE.replace("12000h", &format!("{mean}h")).replace("0.25 to 4", &range)
    }

    /// In which share of the ranges `Repair` is the choice there: where exp(-year / mean) is at least 0.4.
    fn share_of_repair(mean: f64, factor: f64) -> f64 {
        let least = 8760.0 / -libm::log(0.4);
        let sd = libm::log(factor) / normal_quantile(0.95);
        normal_cdf(libm::log(mean / least) / sd)
    }

    #[test]
    fn a_share_that_a_tolerance_decides_is_the_exact_one() {
        let truth = share_of_repair(12_000.0, 4.0);
        assert!((0.55..0.75).contains(&truth), "{truth}");
        let seeds = 6;
        let of = |seed| repairs(&rare(12_000.0, 4.0), seed).value;
        let mean = (1..=seeds).map(of).sum::<f64>() / seeds as f64;
        // What the method itself may be off, as every interval counts it in: one standard error.
        let error = model::METHOD_ERROR / 4.0 * 2.0 * (truth * (1.0 - truth)).sqrt();
        assert!((mean - truth).abs() < 2.0 * error, "{mean} {truth} {error}");
    }

    /// How likely a run of this seed says `Repair` to be.
    fn repairs(text: &str, seed: u64) -> Estimate {
        let scale = Scale { points: 512, trials: 16, changes: 0, change_trials: 64 };
        let shares = found_with(text, (seed, 2), scale).0.shares;
        shares.iter().find(|(at, _)| *at == Some(0)).unwrap().1
    }

    #[test]
    fn an_interval_of_a_share_holds_the_truth_as_often_as_it_says() {
        let (mut held, mut asked, mut told) = (0, 0, String::new());
        for factor in [2.0, 4.0, 8.0] {
            for (seed, mean) in (1..).zip([5_000.0, 7_000.0, 9_000.0, 12_000.0, 18_000.0]) {
                let truth = share_of_repair(mean, factor);
                let found = repairs(&rare(mean, factor), seed);
                asked += 1;
                held += u32::from(found.interval.contains(truth));
                let Interval { low, high } = found.interval;
                told += &format!(
                    "{mean} h, factor {factor}: {:.3} ({low:.3} to {high:.3}), in truth {truth:.3}\n",
                    found.value
                );
            }
        }
        println!("{held} of {asked}\n{told}");
        // 15 scenarios: at 95 % one is expected outside, and at 90 % of them the rest must hold.
        assert!(10 * held >= 9 * asked, "{held} of {asked}\n{told}");
    }

    #[test]
    fn flips_are_those_that_were_solved_by_hand() {
        let (robustness, results) = found(TWO, 2);
        assert_eq!(robustness.flips.len(), 2, "{:?}", robustness.flips);
        let down = |strategy: usize| {
            results.summary.strategies[strategy].row(Metric::DowntimeHours).unwrap().mean
        };
        for flip in &robustness.flips {
            assert_eq!((flip.from, flip.to), (Some(1), Some(0)));
            let input = robustness.inputs.members(flip.coordinate).next().unwrap();
            let value = robustness.inputs.value(input, flip.at).number().unwrap();
            if robustness.inputs.inputs[input].name == "costs.downtime_hour" {
                let truth = 5000.0 / (down(0) - down(1));
                assert!((value / truth - 1.0).abs() < 1e-3, "{value} {truth}");
            } else {
                let excess = |factor: f64| {
                    let [repair, restart] = costs(1000.0 * factor, 100.0);
                    repair - restart
                };
                let (mut low, mut high) = (1.0, 3.0);
                for _ in 0..60 {
                    let middle = f64::midpoint(low, high);
                    *(if excess(middle) > 0.0 { &mut low } else { &mut high }) = middle;
                }
                assert!((value / low - 1.0).abs() < 0.05, "{value} {low}");
            }
        }
    }

    #[test]
    fn a_flip_lies_in_its_interval_as_often_as_it_says() {
        // By hand: where both cost the same.
        let price = {
            let [low, high] = [0.0, 1.0].map(|price| costs(1000.0, price));
            5000.0 / ((high[0] - low[0]) - (high[1] - low[1]))
        };
        let excess = |factor: f64| {
            let [repair, restart] = costs(1000.0 * factor, 100.0);
            repair - restart
        };
        let (mut low, mut high) = (1.0, 3.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            *(if excess(middle) > 0.0 { &mut low } else { &mut high }) = middle;
        }
        let (mut held, mut asked) = (0, 0);
        for seed in 1..=20 {
            let scale = Scale { points: 128, trials: 8, changes: 2, change_trials: 512 };
            let robustness = found_with(TWO, (seed, 2), scale).0;
            for flip in &robustness.flips {
                let input = robustness.inputs.members(flip.coordinate).next().unwrap();
                let value = |at| robustness.inputs.value(input, at).number().unwrap();
                let is_price = robustness.inputs.inputs[input].name == "costs.downtime_hour";
                let truth = if is_price { price } else { low };
                let [below, above] = flip.interval.map(|end| end.map(value));
                asked += 1;
                held += u32::from(
                    below.is_none_or(|below| below <= truth)
                        && above.is_none_or(|above| truth <= above),
                );
            }
        }
        // Of 40 at 95 %, 2 are expected outside; 7 are beyond three standard errors.
        assert!(asked >= 38 && asked - held <= 7, "{held} of {asked}");
    }

    #[test]
    fn a_strategy_that_does_not_suit_is_never_the_choice() {
        // Agents would be up all the time, for nothing a year.
        let agents = "[[strategy]]\nname = \"Agents\"\n[strategy.cloud_sync]\nagents = 9\n[costs]";
        let with = |organisation: &str| {
            let text = TWO.replace("[costs]", agents);
            text.replace("[operations]", &format!("[organisation]\n{organisation}\n[operations]"))
        };
        let share = |robustness: &Robustness| {
            robustness.shares.iter().find(|(at, _)| *at == Some(2)).unwrap().1.value
        };
        let suits = found(&with("devices = false"), 2).0;
        assert_eq!(suits.choice, Some(2));
        assert!(share(&suits) > 0.99, "{:?}", suits.shares);
        let barred = found(&with("devices = true"), 2).0;
        let without = found(TWO, 2).0;
        assert_eq!(barred.choice, without.choice);
        assert_eq!(share(&barred), 0.0);
        assert_eq!(barred.flips.len(), without.flips.len());
        assert!(barred.flips.iter().all(|flip| flip.to == Some(0)), "{:?}", barred.flips);
    }

    #[test]
    fn threads_change_nothing() {
        let [one, two, seven] = [1, 2, 7].map(|threads| found(TWO, threads).0);
        for other in [two, seven] {
            assert_eq!(other.shares, one.shares);
            assert_eq!(other.flips, one.flips);
        }
    }

    #[test]
    fn a_choice_of_two_values_decides_as_often_as_it_is_taken() {
        // In office hours alone a repair of ten hours lasts for days, and a restart pays.
        let text = TWO
            .replace("detection = \"0s\"", "detection = \"0s\"\ncall_out = \"0s\"\nstaffed = { guess = \"24x7\", or = [\"office\"], weights = [0.7, 0.3] }")
            .replace(", factor = \"0.5 to 2\"", "")
            .replace("repair_covers = \"outage\"\n", "")
            .replace("{ guess = 100.0, range = [50.0, 200.0] }", "40.0");
        let (robustness, _) = found(&text, 2);
        let of = |strategy| {
            robustness.shares.iter().find(|(at, _)| *at == Some(strategy)).unwrap().1.value
        };
        assert!(
            (of(0) - 0.7).abs() < 0.03 && (of(1) - 0.3).abs() < 0.03,
            "{:?}",
            robustness.shares
        );
        assert_eq!(robustness.flips.len(), 1);
        assert_eq!((robustness.flips[0].from, robustness.flips[0].to), (Some(0), Some(1)));
    }
}
