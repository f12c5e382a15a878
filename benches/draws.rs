//! What a draw costs, ours and rand_distr's: `cargo bench --bench draws`.
//!
//! Counts are set up anew at each draw, as a workload must, whose mean differs each time.

use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use outlast::Distribution;
use outlast::internals::{Rng, counts, draws};
use rand::{RngExt, SeedableRng};
use rand_distr::Distribution as _;
use std::hint::black_box;
use std::time::Duration;

/// One draw of each.
fn pair(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    ours: impl Fn(&mut Rng) -> f64,
    theirs: impl Fn(&mut Rng) -> f64,
) {
    let rng = &mut Rng::seed_from_u64(1);
    group.bench_function(format!("{name}, ours"), |bencher| bencher.iter(|| ours(rng)));
    group.bench_function(format!("{name}, rand_distr"), |bencher| bencher.iter(|| theirs(rng)));
}

fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    group
}

fn standard(criterion: &mut Criterion) {
    let group = &mut group(criterion, "standard draws");
    pair(group, "uniform", draws::uniform, |rng| rng.random());
    pair(group, "exponential", draws::unit_exponential, |rng| rand_distr::Exp1.sample(rng));
    pair(group, "normal", draws::standard_normal, |rng| rand_distr::StandardNormal.sample(rng));
}

fn durations(criterion: &mut Criterion) {
    let group = &mut group(criterion, "durations");
    macro_rules! durations {
        ($($name:literal: $ours:expr, $theirs:expr;)*) => {$(
            if let (Ok(ours), Ok(theirs)) = ($ours, $theirs) {
                let (ours, theirs) = (black_box(ours), black_box(theirs));
                pair(group, $name, |rng| ours.sample(rng), |rng| theirs.sample(rng));
            }
        )*};
    }
    durations! {
        "exponential": Distribution::exponential(4.0), rand_distr::Exp::new(0.25);
        "lognormal": Distribution::lognormal(1.0, 0.8), rand_distr::LogNormal::new(1.0, 0.8);
        "Weibull": Distribution::weibull(3.0, 0.8), rand_distr::Weibull::new(3.0, 0.8);
        "gamma 2.5": Distribution::gamma(5.0, 2.5), rand_distr::Gamma::new(2.5, 2.0);
        "gamma 0.5": Distribution::gamma(5.0, 0.5), rand_distr::Gamma::new(0.5, 10.0);
        "inverse Gaussian": Distribution::inverse_gaussian(3.0, 1.7),
            rand_distr::InverseGaussian::new(3.0, 1.7);
        "uniform": Distribution::uniform(1.0, 3.0), rand_distr::Uniform::new(1.0, 3.0);
        "triangular": Distribution::triangular(0.5, 1.0, 4.0),
            rand_distr::Triangular::new(0.5, 4.0, 1.0);
        "beta-PERT": Distribution::pert(0.5, 1.5, 8.0),
            rand_distr::Pert::new(0.5, 8.0).with_mode(1.5);
    }
}

fn poisson_and_binomial(criterion: &mut Criterion) {
    let group = &mut group(criterion, "counts");
    for mean in [0.05, 3.0, 40.0, 5000.0] {
        let mean = black_box(mean);
        let ours = |rng: &mut Rng| counts::poisson(mean, rng) as f64;
        let theirs =
            |rng: &mut Rng| rand_distr::Poisson::new(mean).map_or(0.0, |counts| counts.sample(rng));
        pair(group, &format!("Poisson {mean}"), ours, theirs);
    }
    for (n, p) in [(20, 0.1), (500, 0.01), (25_000, 0.02), (25_000, 0.4)] {
        let (n, p) = black_box((n, p));
        let ours = |rng: &mut Rng| counts::binomial(n, p, rng) as f64;
        let theirs = |rng: &mut Rng| {
            rand_distr::Binomial::new(n, p).map_or(0.0, |counts| counts.sample(rng) as f64)
        };
        pair(group, &format!("binomial {n} of {p}"), ours, theirs);
    }
}

criterion_group!(benches, standard, durations, poisson_and_binomial);
criterion_main!(benches);
