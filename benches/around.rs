//! What stands around the trials: loading, results, pictures, the page: `cargo bench --bench
//! around`.

mod common;

use common::{DEFAULT, played, scenario, short};
use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use outlast::internals::{Page, Run, files, harm_by_hour, pictures, timeline_at};
use outlast::{Design, Inputs, Metric, MetricQuantile, Results, Scenario, Setting, Spec, Trials};

const TRIALS: u64 = 10_000;

fn loading(criterion: &mut Criterion) {
    let mut group = short(criterion, "load");
    group.bench_function("the default scenario", |bencher| bencher.iter(|| scenario(DEFAULT)));
    group.finish();
}

/// One key set to another value and back, and the scenario made ready to run each time: what a study
/// of the assumptions does at every point.
fn compiling(criterion: &mut Criterion) {
    let mut group = short(criterion, "compile after one change");
    for (path, values) in [
        ("costs.stale_user_hour", ["0.4", "0.5"]),
        ("strategy.\"Staging server\".staging.success", ["0.9", "0.95"]),
        ("strategy.*.staging.promote", ["30m to 1h", "20m to 1h 30m"]),
        ("workload.writeback.retry", ["20m", "30m"]),
        ("fault.\"internet link\".repair", ["1h to 9h", "2h to 9h"]),
        ("fault.\"site closed for weeks\".every", ["30000d", "36500d"]),
        ("operations.call_out", ["10m to 2h", "10m to 1h"]),
        ("watch.\"Connect Health\".after", ["1h to 4h", "2h to 4h"]),
        ("operations.last_resort.after", ["3d", "2d"]),
        ("operations.staffed", ["office", "24x7"]),
        ("organisation.users", ["20_000", "25_000"]),
        ("horizon", ["360d", "365d"]),
    ] {
        let mut spec = Spec::embedded();
        spec.compile().expect("the default is right");
        let mut turn = 0;
        group.bench_function(path, |bencher| {
            bencher.iter(|| {
                turn += 1;
                spec.set(path, Setting::parse(values[turn % 2])).expect("the key is there");
                spec.compile().expect("the value is right")
            });
        });
    }
    group.finish();
}

/// Every input of the default scenario at another value: a point of a study of all assumptions.
fn points(criterion: &mut Criterion) {
    let mut spec = Spec::embedded();
    let inputs = Inputs::of(&mut spec).expect("the default is right");
    let mut group = short(criterion, "compile a point");
    let mut turn = 0.0;
    group.bench_function("all inputs changed", |bencher| {
        bencher.iter(|| {
            turn += 1.0;
            let at = |axis| (turn * f64::sqrt(axis as f64 + 2.0)).fract();
            let point: Vec<f64> = (0..inputs.dimensions()).map(at).collect();
            inputs.apply(&mut spec, &point).expect("every point is a scenario")
        });
    });
    group.finish();
}

/// From the trials of a usual run to its files, step by step.
fn reporting(criterion: &mut Criterion) {
    let scenario: Scenario = scenario(DEFAULT);
    let whole = played(&scenario, TRIALS, 2);
    let mut group = short(criterion, "report of 10,000 trials");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.bench_function("results", |bencher| {
        bencher.iter(|| Results::new(&scenario, &whole, 0.95));
    });
    let results = Results::new(&scenario, &whole, 0.95);
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed: 1, range: 0..TRIALS, threads: 2, design };
    let year = || {
        timeline_at(
            &scenario,
            &trials,
            0,
            MetricQuantile { metric: Metric::StaleUserHours, at: 0.99 },
        )
    };
    let harm = || harm_by_hour(&scenario, 0, 1);
    group.bench_function("trials played again for two pictures", |bencher| {
        bencher.iter(|| (year(), harm()));
    });
    let (year, harm) = (year(), harm());
    let drawn = || {
        pictures(&Run {
            scenario: &scenario,
            results: &results,
            year: year.as_ref(),
            harm: harm.as_ref(),
            work: &[],
        })
    };
    group.bench_function("pictures, light and dark, SVG and PNG", |bencher| {
        bencher.iter(|| files(&drawn()).expect("they can be drawn"));
    });
    let drawn = drawn();
    let page = Page {
        scenario: &scenario,
        results: &results,
        pictures: &drawn,
        seed: 1,
        command: "",
        notes: &[],
        robustness: None,
        made: jiff::Timestamp::UNIX_EPOCH,
    };
    group.bench_function("page", |bencher| {
        bencher.iter(|| page.to_html().expect("it can be drawn"));
    });
    group.finish();
}

criterion_group!(benches, loading, compiling, points, reporting);
criterion_main!(benches);
