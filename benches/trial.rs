//! What one trial costs, by strategy, and what a whole run costs, by threads.
//!
//! `cargo bench`; read ratios within one run, since machines are shared and noisy.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use outlast::engine::observe::Nobody;
use outlast::engine::{Engine, Scratch};
use outlast::scenario::Scenario;
use outlast::study::design::Design;
use outlast::study::run::{Trials, Unwatched, run};
use std::hint::black_box;
use std::sync::atomic::AtomicBool;

/// One trial of each strategy of the default scenario.
fn one_trial(criterion: &mut Criterion) {
    let scenario = Scenario::embedded().expect("the embedded scenario is right");
    let mut group = criterion.benchmark_group("one trial");
    for strategy in &scenario.strategies {
        let engine = Engine::new(&scenario.world, strategy);
        let mut scratch = Scratch::new();
        let mut trial = 0;
        group.bench_function(&strategy.name, |bencher| {
            bencher.iter(|| {
                trial += 1;
                black_box(engine.play(1, trial, &mut scratch, &mut Nobody))
            });
        });
    }
    group.finish();
}

/// All strategies, with the statistics, on one and two threads.
fn whole_run(criterion: &mut Criterion) {
    let scenario = Scenario::embedded().expect("the embedded scenario is right");
    let mut group = criterion.benchmark_group("whole run, 2000 trials");
    group.throughput(Throughput::Elements(2_000)).sample_size(10);
    for threads in [1, 2] {
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter(|| {
                let design = Design::of(&scenario.world);
                let trials = Trials { seed: 1, range: 0..2_000, threads, design };
                run(&scenario, &trials, &AtomicBool::new(false), &mut Unwatched)
            });
        });
    }
    group.finish();
}

/// Reading and compiling the default scenario.
fn load(criterion: &mut Criterion) {
    criterion.bench_function("load the default scenario", |bencher| {
        bencher.iter(Scenario::embedded);
    });
}

criterion_group!(benches, one_trial, whole_run, load);
criterion_main!(benches);
