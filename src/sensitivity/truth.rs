//! Shares by brute force: every point played with so many trials that luck hardly counts, and no
//! regression. It says what the estimators of this room ought to say.

use super::asked::{Asked, Scale};
use super::design::Points;
use super::model::Outlook;
use super::robustness::robustness;
use super::sample::{Effort, sample};
use crate::assumptions::Inputs;
use crate::scenario::Spec;
use crate::stats::Interval;
use crate::study::design::Design;
use crate::study::results::study;
use crate::study::run::Trials;
use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// The outlook at each point, and that by each half of the trials.
fn outlooks(spec: &Spec, inputs: &Inputs, points: Points, effort: &Effort) -> Vec<[Outlook; 3]> {
    let never = AtomicBool::new(false);
    let played = sample(spec, inputs, points, effort, &never, |_| ()).unwrap();
    let of = |result: &super::sample::PointResult| {
        let tolerances = result.tolerances();
        let half = |at: usize| {
            let mut own = result.clone();
            own.strategies.iter_mut().for_each(|one| {
                one.halves = [one.halves[at].clone(), one.halves[at].clone()];
            });
            Outlook::of(&own, tolerances)
        };
        [Outlook::of(result, tolerances), half(0), half(1)]
    };
    played.iter().map(of).collect()
}

/// Plays a scenario at many points, each with many trials, and writes what every strategy does there.
/// `OUTLAST_TRUTH=scenario.toml,first point,last point,trials,out.csv`; without a path the scenario
/// that the program holds.
#[test]
#[ignore = "plays for minutes, for a person who compares"]
fn shares_by_brute_force() {
    let given = std::env::var("OUTLAST_TRUTH").unwrap_or_else(|_| ",0,256,1024,".to_owned());
    let given: Vec<&str> = given.split(',').collect();
    let number = |at: usize| given[at].parse::<u64>().unwrap();
    let mut spec = match given[0] {
        "" => Spec::embedded(),
        path => Spec::parse(&std::fs::read_to_string(path).unwrap(), Path::new(""), path),
    };
    let inputs = Inputs::of(&mut spec).unwrap();
    let points = Points { seed: 77, dimensions: inputs.dimensions() };
    let range = number(1)..number(2);
    let effort = Effort { seed: 77, points: range.clone(), trials: number(3), threads: 2 };
    let found = outlooks(&spec, &inputs, points, &effort);
    let mut counts = std::collections::BTreeMap::new();
    let mut text = String::new();
    for (number, outlooks) in range.zip(&found) {
        *counts.entry(outlooks[0].choice()).or_insert(0) += 1;
        for (part, outlook) in outlooks.iter().enumerate() {
            for (strategy, cost) in outlook.costs.iter().enumerate() {
                let rooms: Vec<String> =
                    outlook.rooms[strategy].iter().map(f64::to_string).collect();
                writeln!(text, "{number},{part},{strategy},{cost},{}", rooms.join(",")).unwrap();
            }
        }
    }
    if !given[4].is_empty() {
        std::fs::write(given[4], text).unwrap();
    }
    for (choice, count) in counts {
        println!("{choice:?}: {:.3} of {}", f64::from(count) / found.len() as f64, found.len());
    }
}

/// What runs say of the shares of a scenario, over several seeds, beside [`shares_by_brute_force`]:
/// `OUTLAST_SHARES=scenario.toml,first seed,last seed,trials`.
#[test]
#[ignore = "plays for minutes, for a person who compares"]
fn shares_of_runs() {
    let given = std::env::var("OUTLAST_SHARES").unwrap_or_else(|_| ",1,5,10000".to_owned());
    let given: Vec<&str> = given.split(',').collect();
    let number = |at: usize| given[at].parse::<u64>().unwrap();
    let mut spec = match given[0] {
        "" => Spec::embedded(),
        path => Spec::parse(&std::fs::read_to_string(path).unwrap(), Path::new(""), path),
    };
    let scenario = spec.compile().unwrap();
    let never = AtomicBool::new(false);
    let mut sums = std::collections::BTreeMap::new();
    for seed in number(1)..number(2) {
        let design = Design::from_world(&scenario.world);
        let trials = Trials { seed, range: 0..number(3), threads: 2, design };
        let results = study(&scenario, &trials, 0.95, &never).unwrap();
        let asked = Asked { spec: &spec, scenario: &scenario, results: &results, seed, threads: 2 };
        let scale = Scale { changes: 0, ..Scale::RUN };
        let found = robustness(asked, scale, 0.95, &never).unwrap().unwrap();
        for (strategy, share) in found.shares.iter().take(4) {
            let Interval { low, high } = share.interval;
            println!("seed {seed} {strategy:?}: {:.3} ({low:.3} to {high:.3})", share.value);
        }
        for (strategy, share) in &found.shares {
            *sums.entry(*strategy).or_insert(0.0) += share.value;
        }
    }
    for (strategy, sum) in sums {
        println!("{strategy:?}: {:.3} on average", sum / (number(2) - number(1)) as f64);
    }
}
