//! `outlast benchmark`: what a scenario assumes against what an incident log shows.

mod answer;
mod words;

use super::failure::Failure;
use super::log_options::{LogOptions, MappingOptions};
use super::output::{self, Format};
use super::run::bar;
use super::signals::stop_on_signals;
use crate::benchmark::assumed::Span;
use crate::benchmark::{Benchmark, BenchmarkError, Options};
use crate::evidence::assumption::MARGIN;
use crate::evidence::fitted::Fits;
use crate::evidence::log::{IncidentLog, Recovery};
use crate::report::benchmarks;
use crate::report::charts::ChartError;
use crate::report::folder::{Folder, MANIFEST, OutputFile};
use crate::report::manifest::of_log;
use crate::scenario::{Scenario, Spec};
use crate::units::parse_duration;
use answer::BenchmarkAnswer;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// Hold a scenario's assumptions against an incident log
///
/// For each kind of component (link, site, host, server, database, cloud, engine), the recovery
/// time and the rate that the scenario assumes stand beside what the log shows, with a verdict in
/// words: supported, optimistic or pessimistic by a factor, or not to be told from so few
/// incidents, and about how many more would tell.
///
/// Then the study is played again with the evidence in the place of the assumptions, with what a
/// short log leaves open, to see what it does to each strategy, to the tolerances and to the
/// choice.
///
/// A log tells how long incidents lasted, from their onset on: so people's delays are in it. They
/// are held against all that the scenario assumes until a repair in place is done: detection,
/// call-out, staffed hours and repair. If your log tells hands-on repair alone, say --span repair.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast benchmark office.toml incidents.csv
  outlast benchmark office.toml tickets.csv --columns start=opened,end=closed --map Hardware=host
  outlast benchmark office.toml repairs.csv --span repair          hands-on time only
  outlast benchmark office.toml incidents.csv --observed 3y        the log watched three years
  outlast benchmark office.toml drills.csv --map \"rebuild drill=rebuild.install\"
  outlast benchmark office.toml incidents.csv -o output/benchmark  tables and charts
  outlast benchmark office.toml incidents.csv --format json        for scripts")]
pub(super) struct BenchmarkOptions {
    /// The scenario file (TOML)
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// The log (CSV): a start and an end for each incident, or durations
    #[arg(value_name = "INCIDENTS.csv")]
    log: PathBuf,
    #[command(flatten)]
    mapping: MappingOptions,
    /// What the log's durations measure: the outage from its onset on, or the repair alone
    #[arg(long, value_enum, default_value = "outage")]
    span: SpanOption,
    /// How long the log watched, such as 3y; from its first incident, which then counts for no
    /// rate, to its end when absent
    #[arg(long, value_name = "DURATION", value_parser = observed)]
    observed: Option<f64>,
    /// A factor up to this is taken not to matter
    #[arg(long, value_name = "FACTOR", default_value_t = MARGIN, value_parser = margin)]
    margin: f64,
    /// How many trials to play, of each variant
    #[arg(long, short = 'n', value_name = "N", default_value = "10000",
        value_parser = super::run::trials, allow_negative_numbers = true)]
    trials: u64,
    /// Seed of the random draws
    #[arg(long, short, value_name = "S", default_value = "1",
        value_parser = super::trace::number, allow_negative_numbers = true)]
    seed: u64,
    /// How many threads work; without it, one for each core. The results are the same
    #[arg(long, short, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024),
        allow_negative_numbers = true)]
    threads: Option<u16>,
    /// How sure the intervals and verdicts are, between 0 and 1
    #[arg(long, value_name = "P", default_value = "0.95",
        value_parser = super::run::confidence, allow_negative_numbers = true)]
    confidence: f64,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Folder for tables and charts; without it, none are written
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    reading: LogOptions,
}

/// [`Span`] on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum SpanOption {
    Outage,
    Repair,
}

fn observed(text: &str) -> Result<f64, String> {
    match parse_duration(text) {
        Ok(hours) if hours > 0.0 => Ok(hours),
        _ => Err("it is a duration such as 3y, 18mo or 400d".to_owned()),
    }
}

fn margin(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 1.0 && factor.is_finite() => Ok(factor),
        _ => Err("it is a number above 1, such as 1.5".to_owned()),
    }
}

impl BenchmarkOptions {
    fn options(&self, log: &IncidentLog) -> Result<Options, Failure> {
        Ok(Options {
            mapping: self.mapping.mapping(log)?,
            span: match self.span {
                SpanOption::Outage => Span::Outage,
                SpanOption::Repair => Span::Repair,
            },
            observed: self.observed,
            margin: self.margin,
            seed: self.seed,
            trials: self.trials,
            confidence: self.confidence,
            threads: self.threads(),
        })
    }

    fn threads(&self) -> usize {
        super::threads(self.threads)
    }
}

impl From<BenchmarkError> for Failure {
    fn from(error: BenchmarkError) -> Self {
        match error {
            BenchmarkError::Stopped => Failure::Work("stopped".to_owned()),
            BenchmarkError::Scenario(error) => error.into(),
            other => Failure::Input(other.to_string()),
        }
    }
}

/// Holds a scenario against a log.
pub(super) fn run(options: &BenchmarkOptions) -> Result<(), Failure> {
    let fits = Fits { threads: options.threads(), ..Fits::default() };
    let mut spec = Spec::load(&options.scenario)?;
    spec.take_fits(fits);
    let scenario = spec.compile()?;
    let log = options.reading.load(&options.log, [], None)?;
    if log.incidents.iter().all(|incident| matches!(incident.recovery, Recovery::LeftOut(_))) {
        return Err(log.nothing_left().into());
    }
    let asked = options.options(&log)?;
    let stop = stop_on_signals()?;
    let folder = options.output.as_ref().map(|target| Folder::begin(target, &benchmarks::FILES));
    let folder = folder.transpose()?;
    let bar = bar("{bar:30} {human_pos} of {human_len} variants, {eta} to go", true);
    let benchmark = Benchmark::new(&spec, &log, &asked, &stop, |done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    });
    if let (Some(target), true) = (&options.output, stop.load(Ordering::Relaxed)) {
        return Err(Failure::Stopped(target.clone()));
    }
    let benchmark = benchmark?;
    bar.finish_and_clear();
    let files = match (folder, &options.output) {
        (Some(folder), Some(target)) => write(options, &scenario, &benchmark, folder, target)?,
        _ => Vec::new(),
    };
    let told = BenchmarkAnswer {
        scenario: &scenario,
        log: (&log, options.log.display().to_string()),
        benchmark: &benchmark,
        span: asked.span,
        observed_given: options.observed.is_some(),
        seed: options.seed,
        trials: options.trials,
        files,
    };
    output::answer(&told, options.format)
}

/// Writes tables and charts; the paths of the files.
fn write(
    options: &BenchmarkOptions,
    scenario: &Scenario,
    benchmark: &Benchmark,
    folder: Folder,
    target: &Path,
) -> Result<Vec<String>, Failure> {
    for (name, table) in benchmarks::tables(benchmark) {
        folder.write_with(name, |file: &mut OutputFile| table.write_csv(file))?;
    }
    let failed = |error: ChartError| Failure::Work(format!("cannot draw a chart: {error}"));
    for (path, picture) in benchmarks::pictures(benchmark).map_err(failed)? {
        folder.write(&path, &picture)?;
    }
    let more = json!({
        "scenario": scenario.text,
        "seed": options.seed,
        "trials": options.trials,
        "confidence": options.confidence,
        "margin": options.margin,
    });
    folder.write(MANIFEST, of_log("benchmark", &options.log, more).as_bytes())?;
    let files = folder.files();
    folder.commit()?;
    Ok(files.iter().map(|file| target.join(file).display().to_string()).collect())
}
