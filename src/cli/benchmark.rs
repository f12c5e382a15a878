//! `outlast benchmark`: what a scenario assumes against what an incident log shows.

mod answer;

use super::failure::Failure;
use super::log_folder::LogFolder;
use super::options::{ConfidenceOption, LogOptions, MappingOptions, ThreadsOption};
use super::output::{command_line, file_name};
use super::scenario_options::ScenarioOptions;
use super::signals::leave_on_signals;
use super::terminal::bar;
use super::{output, parse};
use crate::benchmark::assumed::Span;
use crate::benchmark::{Benchmark, Options, Stage};
use crate::evidence::assumption::MARGIN;
use crate::evidence::fitted::Fits;
use crate::evidence::log::{IncidentLog, Recovery};
use crate::report::benchmarks::BenchmarkPage;
use crate::report::{PAGE, benchmarks, pictures};
use crate::scenario::Scenario;
use answer::BenchmarkAnswer;
use jiff::Timestamp;
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Compare a scenario's assumptions with an incident log
///
/// For each kind of component (link, site, host, server, database, cloud, engine), the recovery
/// time and the rate that the scenario assumes stand beside what the log shows, with a verdict in
/// words: supported, optimistic or pessimistic by a factor, or that so few incidents cannot tell,
/// and about how many more could.
///
/// Then the study is played again with the evidence in the place of the assumptions, and with what
/// a short log leaves open, to show what that does to each strategy, to the tolerances and to the
/// choice.
///
/// A log tells how long incidents lasted from their onset, so people's delays are included. Its
/// durations are compared with all that the scenario assumes until a repair in place is done:
/// detection, call-out, staffed hours and repair. If your log holds hands-on repair alone, use
/// --span repair.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast benchmark office.toml incidents.csv
  outlast benchmark office.toml tickets.csv --columns start=opened,end=closed --map Hardware=host
  outlast benchmark office.toml repairs.csv --span repair          hands-on time only
  outlast benchmark office.toml incidents.csv --observed 3y        three years of observation
  outlast benchmark office.toml drills.csv --map \"rebuild drill=rebuild.install\"
  outlast benchmark office.toml incidents.csv -o output/benchmark  tables and charts
  outlast benchmark office.toml incidents.csv --format json        for scripts")]
pub(super) struct BenchmarkOptions {
    /// The scenario file (TOML)
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    #[command(flatten)]
    changes: ScenarioOptions,
    /// The log (CSV): a start and an end for each incident, or durations
    #[arg(value_name = "INCIDENTS.csv")]
    log: PathBuf,
    /// What the log's durations measure: the outage from its onset, or the repair alone
    #[arg(long, default_value = "outage", value_parser = parse::one_of(&Span::NAMED))]
    span: Span,
    /// The observation period of the log, such as 3y; by default, from the first incident, which
    /// then does not count towards a rate, to the end of the log
    #[arg(long, value_name = "DURATION", value_parser = parse::observed)]
    observed: Option<f64>,
    /// The largest factor between log and assumption that still counts as agreement
    #[arg(long, value_name = "FACTOR", default_value_t = MARGIN, value_parser = parse::margin)]
    margin: f64,
    /// How many trials of each variant to play; by default 10000, and fewer where the log brings more
    /// than 20 outages a trial
    #[arg(long, short = 'n', value_name = "N", value_parser = parse::trials,
        allow_negative_numbers = true)]
    trials: Option<u64>,
    #[command(flatten)]
    mapping: MappingOptions,
    #[command(flatten)]
    reading: LogOptions,
    #[command(flatten)]
    threads: ThreadsOption,
    #[command(flatten)]
    intervals: ConfidenceOption,
}

impl BenchmarkOptions {
    fn options(&self, log: &IncidentLog) -> Result<Options, Failure> {
        Ok(Options {
            mapping: self.mapping.mapping(log)?,
            span: self.span,
            observed: self.observed,
            margin: self.margin,
            seed: self.reading.seed.seed,
            trials: self.trials,
            confidence: self.intervals.confidence,
            threads: self.threads.count(),
        })
    }
}

/// Holds a scenario against a log.
pub(super) fn run(options: &BenchmarkOptions) -> Result<(), Failure> {
    let target = options.reading.output.as_deref();
    leave_on_signals(target)?;
    let fits = Fits { threads: options.threads.count(), ..Fits::default() };
    let mut spec = options.changes.spec(Some(&options.scenario), fits)?;
    let scenario = spec.compile()?;
    let log = options.reading.load(&options.log, None, None)?;
    if log.incidents.iter().all(|incident| matches!(incident.recovery, Recovery::LeftOut(_))) {
        return Err(Failure::input(log.nothing_left()));
    }
    let asked = options.options(&log)?;
    let folder = LogFolder::begin(target, &benchmarks::FILES)?;
    let bar = bar("{bar:30} {msg} {human_pos} of {human_len}, {eta} to go", true);
    let told = |stage, done, of| {
        bar.set_message(match stage {
            Stage::Comparing => "comparing kinds,",
            Stage::Playing => "playing variants,",
        });
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let benchmark = Benchmark::new(&spec, &log, &asked, &AtomicBool::new(false), told)?;
    bar.set_message("drawing charts,");
    let files =
        folder.map(|folder| write(options, &scenario, (&benchmark, asked.span, log.len()), folder));
    let files = files.transpose()?;
    bar.finish_and_clear();
    let answer = BenchmarkAnswer {
        scenario: &scenario,
        log: (&log, options.log.display().to_string()),
        benchmark: &benchmark,
        span: asked.span,
        observed_given: options.observed.is_some(),
        seed: options.reading.seed.seed,
        files: files.unwrap_or_default(),
    };
    output::answer(&answer, options.reading.printing.format)
}

/// Writes tables, charts and the page; the paths of the files.
fn write(
    options: &BenchmarkOptions,
    scenario: &Scenario,
    (benchmark, span, rows): (&Benchmark, Span, usize),
    folder: LogFolder<'_>,
) -> Result<Vec<String>, Failure> {
    let more = json!({
        "scenario": scenario.text,
        "set": scenario.options,
        "seed": options.reading.seed.seed,
        "trials": benchmark.trials,
        "confidence": options.intervals.confidence,
        "margin": options.margin,
    });
    let kinds: Vec<_> = benchmark.compared.iter().map(benchmarks::pictures_of).collect();
    let changes = benchmarks::changes(benchmark);
    let mut pictures = Vec::new();
    for drawn in kinds.iter().map(Vec::as_slice).chain([changes.as_slice()]) {
        pictures.extend(pictures::files(drawn)?);
    }
    let page = BenchmarkPage {
        scenario,
        log: (&file_name(&options.log), rows),
        benchmark,
        span,
        observed_given: options.observed.is_some(),
        command: &command_line(),
        made: Timestamp::now(),
    };
    let page = benchmarks::page(&page, (kinds, changes));
    pictures.push((PAGE.to_owned(), page.to_html()?.into_bytes()));
    let tables = benchmarks::tables(benchmark);
    folder.fill(tables, pictures, ("benchmark", &options.log), more)
}
