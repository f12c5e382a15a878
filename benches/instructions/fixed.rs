//! A fixed piece of work, for profilers, instruction counts and comparisons with peers.
//!
//! `fixed play SCENARIO STRATEGY TRIALS [SEED]` plays trials of one strategy on one thread and adds
//! nothing up; `fixed run SCENARIO TRIALS THREADS [SEED]` plays all strategies with the whole
//! bookkeeping; `fixed means SCENARIO TRIALS [SEED]` prints the means of the first strategy with
//! their standard errors, one metric a line. SCENARIO is a file or `default`. `fixed pair A B
//! TRIALS` plays the first strategy of two scenarios in the same worlds and prints by how much that
//! divides the variance of the difference; `fixed strata SCENARIO TRIALS` by how much strata for
//! rare disasters divide the work to an interval, and pairs the work to a difference. The seconds
//! that the work took, without loading, go to standard error.

use outlast::internals::{Interval, Moments, Partial, Unwatched, run};
use outlast::{Design, Engine, Metric, Metrics, NullObserver, Results, Scenario, Scratch, Trials};
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let seed = |at: usize| words.get(at).map_or(Ok(1), |word| word.parse());
    match words.as_slice() {
        ["play", file, strategy, trials, ..] => {
            play(&scenario(file)?, strategy, trials.parse()?, seed(4)?)
        }
        ["run", file, trials, threads, ..] => {
            let scenario = scenario(file)?;
            let (trials, threads) = (trials.parse()?, threads.parse()?);
            let whole = timed(trials, || whole(&scenario, trials, threads, seed(4).unwrap_or(1)));
            black_box(whole.trials());
            Ok(())
        }
        ["means", file, trials, ..] => means(&scenario(file)?, trials.parse()?, seed(3)?),
        ["pair", a, b, trials, ..] => {
            pair(&scenario(a)?, &scenario(b)?, trials.parse()?, seed(4)?);
            Ok(())
        }
        ["strata", file, trials, ..] => {
            strata(&scenario(file)?, trials.parse()?, seed(3)?);
            Ok(())
        }
        _ => Err("say play, run, means, pair or strata, and what: see the file's head".into()),
    }
}

fn scenario(file: &str) -> Result<Scenario, Box<dyn Error>> {
    if file == "default" {
        return Ok(Scenario::embedded()?);
    }
    let text = std::fs::read_to_string(file)?;
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    Ok(Scenario::read(text, folder, file)?)
}

fn play(scenario: &Scenario, strategy: &str, trials: u64, seed: u64) -> Result<(), Box<dyn Error>> {
    let strategy = scenario
        .strategies
        .iter()
        .find(|known| known.name == strategy)
        .ok_or("no strategy of that name")?;
    let engine = Engine::new(&scenario.world, strategy);
    let mut scratch = Scratch::new();
    timed(trials, || {
        for trial in 0..trials {
            black_box(engine.play(seed, trial, &mut scratch, &mut NullObserver));
        }
    });
    Ok(())
}

fn whole(scenario: &Scenario, trials: u64, threads: usize, seed: u64) -> Partial {
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed, range: 0..trials, threads, design };
    match run(scenario, &trials, &AtomicBool::new(false), &mut Unwatched) {
        Ok(Some(whole)) => whole,
        Ok(None) => unreachable!("nobody stops it"),
    }
}

fn means(scenario: &Scenario, trials: u64, seed: u64) -> Result<(), Box<dyn Error>> {
    let whole = timed(trials, || whole(scenario, trials, 1, seed));
    let [stratum] = whole.strata.as_slice() else {
        return Err("the scenario is played in strata: compare a plain one".into());
    };
    let strategy = stratum.strategies.first().ok_or("no strategy")?;
    for (metric, distribution) in Metric::ALL.into_iter().zip(&strategy.metrics) {
        let moments = &distribution.moments;
        if let (Some(mean), Some(variance)) = (moments.mean(), moments.variance()) {
            println!("{} {mean} {}", metric.name(), (variance / trials as f64).sqrt());
        }
    }
    Ok(())
}

/// Var(A) + Var(B), as of two separate runs, over Var(A - B), as of common worlds.
fn pair(a: &Scenario, b: &Scenario, trials: u64, seed: u64) {
    let column = |scenario: &Scenario| -> Vec<Metrics> {
        let engine = Engine::new(&scenario.world, &scenario.strategies[0]);
        let mut scratch = Scratch::new();
        (0..trials).map(|trial| engine.play(seed, trial, &mut scratch, &mut NullObserver)).collect()
    };
    let (a, b) = (column(a), column(b));
    for metric in Metric::ALL {
        let spread = |of: &dyn Fn(&Metrics, &Metrics) -> f64| {
            let mut moments = Moments::default();
            a.iter().zip(&b).for_each(|(a, b)| moments.push(of(a, b)));
            moments.variance().unwrap_or(0.0)
        };
        let difference = spread(&|a, b| a[metric] - b[metric]);
        let apart = spread(&|a, _| a[metric]) + spread(&|_, b| b[metric]);
        if difference > 0.0 {
            println!("{} {:.1}", metric.name(), apart / difference);
        }
    }
}

/// The width of an interval goes with the root of the work, so the ratio of squares is that of the
/// work. Plain trials and strata are as many.
fn strata(scenario: &Scenario, trials: u64, seed: u64) {
    let of = |design| {
        let trials = Trials { seed, range: 0..trials, threads: 1, design };
        match run(scenario, &trials, &AtomicBool::new(false), &mut Unwatched) {
            Ok(Some(whole)) => Results::new(scenario, &whole, 0.95),
            Ok(None) => unreachable!("nobody stops it"),
        }
    };
    let (plain, divided) = (of(Design::Plain), of(Design::from_world(&scenario.world)));
    let square = |interval: Option<Interval>| {
        interval.map_or(f64::NAN, |interval| (interval.high - interval.low).powi(2))
    };
    for metric in [Metric::StaleUserHours, Metric::DowntimeHours, Metric::WritebackLost] {
        let both = plain.summary.strategies.iter().zip(&divided.summary.strategies);
        for (plain, divided) in both {
            if let (Some(plain), Some(divided)) = (plain.row(metric), divided.row(metric)) {
                let mean = square(plain.mean_interval) / square(divided.mean_interval);
                let p99 = square(plain.p99_interval) / square(divided.p99_interval);
                println!("{} mean {mean:.2} p99 {p99:.2} {}", metric.name(), divided.strategy);
            }
        }
    }
    for difference in &divided.differences {
        let row = |index: usize| divided.summary.strategies[index].row(Metric::StaleUserHours);
        if difference.metric != Metric::StaleUserHours {
            continue;
        }
        let (Some(a), Some(b)) = (row(difference.a), row(difference.b)) else {
            continue;
        };
        // Separate runs of both would have the sum of their squares.
        let apart = square(a.mean_interval) + square(b.mean_interval);
        let gain = apart / square(difference.interval);
        println!("difference {gain:.1} {} - {}", a.strategy, b.strategy);
    }
}

fn timed<T>(trials: u64, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{seconds} s, {:.0} trials/s", trials as f64 / seconds);
    done
}
