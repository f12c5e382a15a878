//! What the benchmarks share.

#![allow(dead_code, reason = "each benchmark is a program of its own and needs a part of this")]

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use outlast::internals::{Partial, Unwatched, run};
use outlast::{Design, Engine, NullObserver, Scenario, Scratch, Trials};
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// The built-in scenario.
pub const DEFAULT: &str = include_str!("../../scenarios/default.toml");
/// The reference workload with its strategy "rebuild".
pub const M1: &str = include_str!("../m1/rebuild.toml");

/// Reads a scenario.
pub fn scenario(text: &str) -> Scenario {
    Scenario::read(text.to_owned(), Path::new(""), "bench").expect("the scenario is right")
}

/// M1 with one line replaced by another.
pub fn m1_with(line: &str, other: &str) -> Scenario {
    assert!(M1.contains(line), "{line}");
    scenario(&M1.replace(line, other))
}

/// Plays a run with all its statistics.
pub fn played(scenario: &Scenario, trials: u64, threads: usize) -> Partial {
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed: 1, range: 0..trials, threads, design };
    match run(scenario, &trials, &AtomicBool::new(false), &mut Unwatched) {
        Ok(Some(whole)) => whole,
        Ok(None) => unreachable!("nobody stops it"),
    }
}

/// A group that takes seconds, not minutes.
pub fn short<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    group.sample_size(20);
    group
}

/// Plays one trial after another of one strategy, without statistics.
pub fn trials_of(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    scenario: &Scenario,
    strategy: usize,
) {
    let engine = Engine::new(&scenario.world, &scenario.strategies[strategy]);
    let mut scratch = Scratch::new();
    let mut trial = 0;
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            trial += 1;
            black_box(engine.play(1, trial, &mut scratch, &mut NullObserver))
        });
    });
}
