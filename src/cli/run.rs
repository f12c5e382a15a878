//! `outlast run`: the main job, from scenario to tables.

mod answer;
mod watch;

use super::diagnostics;
use super::failure::Failure;
use super::output::{self, Format};
use crate::metric::Metric;
use crate::report::charts::ChartError;
use crate::report::folder::{Folder, FolderError, MANIFEST, OutputFile};
use crate::report::manifest::Manifest;
use crate::report::pictures;
use crate::report::{self, tables};
use crate::scenario::Scenario;
use crate::study::partial::Partial;
use crate::study::run::{Ended, Trials};
use crate::study::summary::Summary;
use crate::units::{HOURS_PER_YEAR, show_duration};
use crate::world::streams::STREAM_SCHEME;
use answer::Finished;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use watch::Watch;

/// Play a scenario and compare its strategies
///
/// Plays many possible years with every strategy and prints one row for each: downtime, stale
/// passwords, lost password resets, the longest outage and cost. All strategies meet the same
/// faults in the same trial, so differences between them are not luck.
///
/// The full tables go to a folder: summary.csv (every metric with mean, interval and percentiles),
/// outages.csv (what began and what ended the outages), run.json (what the run was made of, enough
/// to repeat it). The folder is replaced only when all of it is complete; your own files in it stay.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast run                                  the built-in scenario
  outlast run office.toml --trials 100000      narrower intervals
  outlast run office.toml --seed 2             another sample of the same years
  outlast run office.toml --raw -o results     every trial, for your own statistics
  outlast run office.toml --format json        for scripts")]
pub(super) struct RunOptions {
    /// The scenario file (TOML); without it, the built-in scenario
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    /// How many trials to play: possible years, or whatever the horizon is
    ///
    /// Four times as many halve the intervals. Rare disasters need more: of an event in 1,000 years,
    /// 10,000 trials hold about ten.
    #[arg(long, short = 'n', value_name = "N", default_value = "10000", value_parser = trials)]
    trials: u64,
    /// Seed of the random draws
    ///
    /// The same scenario, seed and number of trials give the same tables, on any machine and any
    /// number of threads. With another seed you see how much of a result is chance.
    #[arg(long, short, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// How many threads play the trials; without it, one for each core
    #[arg(long, short, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Folder for the tables; without it, output/ and the name of the scenario file
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Keep every trial too, in trials.csv
    ///
    /// One row for each trial and strategy, with all metrics; about 180 bytes a row.
    #[arg(long)]
    raw: bool,
    /// How sure the intervals are, between 0 and 1
    #[arg(long, value_name = "P", default_value = "0.95", value_parser = confidence)]
    confidence: f64,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Print nothing but errors; the tables are written all the same
    #[arg(long, short)]
    quiet: bool,
}

pub(super) fn trials(text: &str) -> Result<u64, String> {
    match text.replace('_', "").parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("it is a whole number from 1 on, such as 10000 or 10_000".to_owned()),
    }
}

fn confidence(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number < 1.0 => Ok(number),
        Ok(percent) if (1.0..100.0).contains(&percent) => Err(format!(
            "it is a number between 0 and 1; for {percent} % write {}",
            percent / 100.0
        )),
        _ => Err("it is a number between 0 and 1, such as 0.95".to_owned()),
    }
}

impl RunOptions {
    fn folder(&self) -> PathBuf {
        self.output.clone().unwrap_or_else(|| {
            let stem = self.scenario.as_deref().and_then(Path::file_stem);
            Path::new("output").join(stem.unwrap_or("default".as_ref()))
        })
    }

    fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, usize::from)
    }

    fn name(&self) -> String {
        let file = self.scenario.as_ref().map(|file| file.display().to_string());
        file.unwrap_or_else(|| "the default scenario".to_owned())
    }
}

/// Plays a scenario.
pub(super) fn run(options: &RunOptions) -> Result<(), Failure> {
    let scenario = match &options.scenario {
        Some(file) => Scenario::load(file)?,
        None => Scenario::embedded()?,
    };
    if !options.quiet {
        let warnings = &scenario.warnings;
        let shown = diagnostics::render(warnings, &scenario.text, &options.name(), true);
        output::tell(&shown);
    }
    let target = options.folder();
    let stop = stop_on_signals()?;
    let folder = Folder::begin(&target, &report::FILES)?;
    let clock = Clock::start();
    let Some(whole) = play(options, &scenario, &folder, &stop)? else {
        return Err(Failure::Stopped(target));
    };
    let playing_seconds = clock.seconds();
    let summary = Summary::new(&scenario, whole, options.confidence);
    write_results(&folder, &scenario, &summary)?;
    write_manifest(options, &scenario, &summary, &folder, &clock, playing_seconds)?;
    let files = folder.files();
    if stop.load(Ordering::Relaxed) {
        return Err(Failure::Stopped(target));
    }
    folder.commit()?;
    if options.quiet {
        return Ok(());
    }
    let finished = Finished {
        scenario: &scenario,
        summary: &summary,
        seed: options.seed,
        confidence: options.confidence,
        threads: options.threads(),
        seconds: clock.seconds(),
        folder: &target,
        files,
    };
    output::answer(&finished, options.format)
}

/// When a run began, by the calendar and by a stopwatch.
struct Clock {
    started: jiff::Timestamp,
    watch: Instant,
}

impl Clock {
    fn start() -> Clock {
        Clock { started: jiff::Timestamp::now(), watch: Instant::now() }
    }

    fn seconds(&self) -> f64 {
        self.watch.elapsed().as_secs_f64()
    }
}

/// A flag that Ctrl-C, or a request of the system to end, sets. A second one ends the program at
/// once; what then remains beside the output, the next run clears away.
fn stop_on_signals() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let listen = |signal| {
        // In this order: the shutdown asks whether the flag was set by an earlier signal.
        flag::register_conditional_shutdown(signal, 1, Arc::clone(&stop))?;
        flag::register(signal, Arc::clone(&stop))
    };
    for signal in [SIGINT, SIGTERM] {
        listen(signal)
            .map_err(|error| Failure::Work(format!("cannot listen for Ctrl-C: {error}")))?;
    }
    Ok(stop)
}

/// Plays the trials, and writes each where that is asked for; nothing if stopped.
fn play(
    options: &RunOptions,
    scenario: &Scenario,
    folder: &Folder,
    stop: &AtomicBool,
) -> Result<Option<Partial>, Failure> {
    let rows = if options.raw { Some(folder.create(report::TRIALS)?) } else { None };
    let mut watch = Watch::new(scenario, options.trials, !options.quiet, rows)?;
    let trials =
        Trials { seed: options.seed, range: 0..options.trials, threads: options.threads() };
    match crate::study::run::run(scenario, &trials, stop, &mut watch)? {
        Ended::Complete(whole) => {
            watch.finish()?;
            Ok(Some(whole))
        }
        Ended::Stopped => Ok(None),
    }
}

/// What a trial is as long as: "year", or a time.
fn period(scenario: &Scenario) -> String {
    let horizon = scenario.world.horizon;
    if horizon == HOURS_PER_YEAR { "year".to_owned() } else { show_duration(horizon) }
}

/// The metrics of a run, in the order of the tables.
fn metrics(scenario: &Scenario) -> Vec<Metric> {
    let priced = scenario.costs.is_some();
    Metric::ALL.into_iter().filter(|metric| priced || *metric != Metric::Cost).collect()
}

fn write_results(folder: &Folder, scenario: &Scenario, summary: &Summary) -> Result<(), Failure> {
    let write = |name: &str, table: tables::Table| {
        folder.write_with(name, |file: &mut OutputFile| table.write_csv(file))
    };
    write(report::SUMMARY, tables::summary(summary))?;
    write(report::OUTAGES, tables::outages(summary))?;
    let failed = |error: ChartError| Failure::Work(format!("cannot draw a chart: {error}"));
    let pictures = pictures::pictures(summary, &period(scenario)).map_err(failed)?;
    for (path, picture) in pictures::files(&pictures).map_err(failed)? {
        folder.write(&path, &picture)?;
    }
    Ok(())
}

fn write_manifest(
    options: &RunOptions,
    scenario: &Scenario,
    summary: &Summary,
    folder: &Folder,
    clock: &Clock,
    playing_seconds: f64,
) -> Result<(), FolderError> {
    let files = folder.files();
    let files = files.iter().map(|file| file.display().to_string());
    let manifest = Manifest {
        stream_scheme: STREAM_SCHEME,
        scenario: &scenario.name,
        path: scenario.path.as_deref(),
        text: &scenario.text,
        seed: options.seed,
        first_trial: 0,
        confidence: options.confidence,
        threads: options.threads(),
        started: clock.started,
        seconds: clock.seconds(),
        playing_seconds,
        warnings: diagnostics::to_json(&scenario.warnings, &scenario.text),
        summary,
        files: files.chain([MANIFEST.to_owned()]).collect(),
    };
    folder.write(MANIFEST, manifest.to_text().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_trials_is_whole_and_at_least_one() {
        assert_eq!(trials("1"), Ok(1));
        assert_eq!(trials("1_000_000"), Ok(1_000_000));
        for wrong in ["0", "-1", "1.5", "many", "_", "99999999999999999999"] {
            assert!(trials(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn confidence_lies_strictly_between_0_and_1() {
        assert_eq!(confidence("0.9"), Ok(0.9));
        for wrong in ["0", "1", "-0.5", "nan", "inf", "much", "100"] {
            assert!(confidence(wrong).is_err(), "{wrong}");
        }
        assert!(confidence("95").unwrap_err().contains("for 95 % write 0.95"));
    }
}
