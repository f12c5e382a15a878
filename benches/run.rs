//! What a run costs, by threads, strategies and trials: `cargo bench --bench run`.
//!
//! The million trials of the group "trials" are played only with `OUTLAST_BENCH_MANY=1`.

mod common;

use common::{DEFAULT, M1, played, scenario, short};
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};

/// All strategies of the default scenario with the statistics, by threads.
fn whole_run(criterion: &mut Criterion) {
    let scenario = scenario(DEFAULT);
    let mut group = short(criterion, "whole run, 2000 trials");
    group.throughput(Throughput::Elements(2_000)).sample_size(10);
    for threads in [1, 2] {
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter(|| played(&scenario, 2_000, threads));
        });
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
fn trials(criterion: &mut Criterion) {
    let scenario = scenario(M1);
    let mut group = short(criterion, "trials of M1");
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

criterion_group!(benches, whole_run, strategies, trials);
criterion_main!(benches);
