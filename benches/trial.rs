//! What a trial, a run, a scenario and its report cost.
//!
//! `cargo bench --bench trial`; read ratios within one run, since machines are shared and noisy.
//! `cargo bench --bench trial -- growth` runs one group; the million trials of the group "many" are
//! played only with `OUTLAST_BENCH_MANY=1`.

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use criterion::{SamplingMode, measurement::WallTime};
use outlast::engine::observe::Nobody;
use outlast::engine::{Engine, Scratch};
use outlast::report::pictures;
use outlast::scenario::Scenario;
use outlast::study::design::Design;
use outlast::study::partial::Partial;
use outlast::study::results::Results;
use outlast::study::run::{Ended, Trials, Unwatched, run};
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

const DEFAULT: &str = include_str!("../scenarios/default.toml");
const M1: &str = include_str!("m1/rebuild.toml");

fn scenario(text: &str) -> Scenario {
    Scenario::read(text.to_owned(), Path::new(""), "bench").expect("the scenario is right")
}

/// M1 with one line replaced by another.
fn m1_with(line: &str, other: &str) -> Scenario {
    assert!(M1.contains(line), "{line}");
    scenario(&M1.replace(line, other))
}

fn played(scenario: &Scenario, trials: u64, threads: usize) -> Partial {
    let design = Design::of(&scenario.world);
    let trials = Trials { seed: 1, range: 0..trials, threads, design };
    match run(scenario, &trials, &AtomicBool::new(false), &mut Unwatched) {
        Ok(Ended::Complete(whole)) => whole,
        Ok(Ended::Stopped) => unreachable!("nobody stops it"),
    }
}

/// A group that takes seconds, not minutes.
fn short<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    group
}

/// Plays one trial after another of one strategy.
fn trials_of(
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
            black_box(engine.play(1, trial, &mut scratch, &mut Nobody))
        });
    });
}

/// One trial of each strategy: of M1, of M0, of the default scenario.
fn one_trial(criterion: &mut Criterion) {
    let mut group = short(criterion, "one trial");
    for (name, text) in [
        ("M1 rebuild", M1),
        ("M1 staging", include_str!("m1/staging.toml")),
        ("M1 vm", include_str!("m1/vm.toml")),
        ("M1 sqlha", include_str!("m1/sqlha.toml")),
        ("M0, 388 cycles", include_str!("m1/outages.toml")),
    ] {
        trials_of(&mut group, name, &scenario(text), 0);
    }
    let default = scenario(DEFAULT);
    for (index, strategy) in default.strategies.iter().enumerate() {
        trials_of(&mut group, &strategy.name, &default, index);
    }
    group.finish();
}

/// All strategies of the default scenario with the statistics, by threads.
fn whole_run(criterion: &mut Criterion) {
    let scenario = scenario(DEFAULT);
    let mut group = short(criterion, "whole run, 1000 trials");
    group.throughput(Throughput::Elements(1_000)).sample_size(10);
    for threads in [1, 2] {
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter(|| played(&scenario, 1_000, threads));
        });
    }
    group.finish();
}

/// How a trial of M1 grows with what the scenario says.
fn growth(criterion: &mut Criterion) {
    let mut group = short(criterion, "growth");
    for users in ["10_000", "100_000", "1_000_000"] {
        let grown = m1_with("users = 10_000", &format!("users = {users}"));
        trials_of(&mut group, &format!("{users} users"), &grown, 0);
    }
    for years in [1, 10] {
        let grown = m1_with("horizon = \"8760h\"", &format!("horizon = \"{}h\"", 8760 * years));
        trials_of(&mut group, &format!("{years} years"), &grown, 0);
    }
    for faults in [1, 10, 100, 1000] {
        // Short repairs, so that a thousand of them fit into a year.
        let often = M1
            .replace("mean = \"2190h\"", &format!("mean = \"{}h\"", 8760.0 / f64::from(faults)))
            .replace("median = \"6h\"", "median = \"1h\"");
        trials_of(&mut group, &format!("{faults} faults a year"), &scenario(&often), 0);
    }
    for changes in ["5.0", "50.0", "500.0"] {
        let grown = m1_with("per_user_year = 5.0", &format!("per_user_year = {changes}"));
        trials_of(&mut group, &format!("{changes} changes a user"), &grown, 0);
    }
    group.finish();
}

/// How a run grows with the number of strategies, which compare in pairs.
fn strategies(criterion: &mut Criterion) {
    let mut group = short(criterion, "strategies, 1000 trials of M1");
    group.sample_size(10);
    for count in [1, 2, 4, 8, 12] {
        let mut text = M1.to_owned();
        for number in 1..count {
            text.push_str(&format!(
                "\n[[strategy]]\nname = \"number {number}\"\n[strategy.rebuild]\n"
            ));
        }
        let scenario = scenario(&text);
        group.bench_function(format!("{count}"), |bencher| {
            bencher.iter(|| played(&scenario, 1_000, 1));
        });
    }
    group.finish();
}

/// How a run grows with its trials.
fn many(criterion: &mut Criterion) {
    let scenario = scenario(M1);
    let mut group = short(criterion, "many trials of M1");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    let mut counts = vec![1_000, 10_000, 100_000];
    if std::env::var_os("OUTLAST_BENCH_MANY").is_some() {
        counts.push(1_000_000);
    }
    for trials in counts {
        group.throughput(Throughput::Elements(trials));
        group.bench_function(format!("{trials}"), |bencher| {
            bencher.iter(|| played(&scenario, trials, 1));
        });
    }
    group.finish();
}

/// Reading and compiling a scenario; the results of a run; its pictures.
fn around(criterion: &mut Criterion) {
    let mut group = short(criterion, "around a run");
    group.sample_size(10);
    group.bench_function("load the default scenario", |bencher| {
        bencher.iter(|| scenario(DEFAULT));
    });
    let scenario = scenario(DEFAULT);
    let whole = played(&scenario, 2_000, 1);
    group.bench_function("results of 2000 trials", |bencher| {
        bencher.iter(|| Results::new(&scenario, &whole, 0.95));
    });
    let results = Results::new(&scenario, &whole, 0.95);
    group.bench_function("pictures, light and dark, SVG and PNG", |bencher| {
        bencher.iter(|| {
            let pictures = pictures::pictures(&scenario, &results, None, None);
            pictures::files(&pictures).expect("they can be drawn")
        });
    });
    group.finish();
}

criterion_group!(benches, one_trial, whole_run, growth, strategies, many, around);
criterion_main!(benches);
