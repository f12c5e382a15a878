//! `outlast compare`: scenarios over the same worlds, and a grid of values of one input or two.

mod answer;
mod cases;
mod grid;
mod sweep;
mod sweep_answer;
mod swept;

use super::failure::Failure;
use super::keeping::KeepingOptions;
use super::log_folder::LogFolder;
use super::options::{ConfidenceOption, FormatOption, SamplingOptions, ThreadsOption};
use super::run::OutcomeOptions;
use super::scenario_options::ScenarioOptions;
use super::signals::stop_on_signals;
use super::terminal::bar;
use super::{output, parse};
use crate::keys::Json;
use crate::metric::Metric;
use crate::report::comparisons::{self, Comparison};
use crate::report::manifest::command_manifest;
use crate::report::pictures;
use crate::report::variants::Variant;
use crate::scenario::{Scenario, differences};
use crate::study::cases::{CaseOptions, CaseResult, play_cases};
use answer::ComparisonAnswer;
use cases::Case;
pub(super) use sweep::{merge, origin};
pub(super) use sweep_answer::map_text;

use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// Compare scenarios, or one scenario with other values, over the same worlds
///
/// Two or more scenario files; or one file and, with --with, the same again with a few keys
/// changed. All variants meet the same years, since every draw is keyed by what it is for: so a
/// difference is due to what you changed, and is known far better than from two runs.
///
/// Tells in which inputs the variants differ, what that does to each strategy (strategies are the same
/// where their names are), and whether it changes the choice.
///
/// With --sweep, one input takes a list or a stretch of values; with two --sweep, a grid.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast compare office.toml branch.toml              two files
  outlast compare office.toml --with operations.staffed=24x7
                                                       one file, and the same with one key changed
  outlast compare office.toml \\
      --with \"all day: operations.staffed=24x7\" \\
      --with \"and spare: operations.staffed=24x7; strategy.*.rebuild.spare=server\"
                                                       three variants with names
  outlast compare office.toml --sweep operations.decision=5m,1h,4h
  outlast compare office.toml --sweep costs.stale_user_hour=0..2/9 -o output/price
                                                       nine values from 0 to 2; table and chart
  outlast compare office.toml --sweep \"fault.server crash.repair=1h..8h/8\" \\
      --sweep operations.staffed=office,24x7           a grid of 16
  outlast compare office.toml --sweep operations.decision=5m..4h/200 --shard 3/10 -o parts
                                                       one part of it, for outlast merge
  outlast compare office.toml --sweep operations.decision=5m..4h/100 \\
      --sweep costs.stale_user_hour=0..2/100 -o output/map --checkpoint 5m
                                                       10,000 points, kept on the way
  outlast compare office.toml branch.toml --format json    for scripts")]
pub(super) struct CompareOptions {
    /// Scenario files (TOML); without one, the built-in scenario
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<PathBuf>,
    #[command(flatten)]
    changes: ScenarioOptions,
    /// The first scenario again with these keys changed; may be given several times
    ///
    /// Changes are parted by semicolons, and a name may stand before them: "all day:
    /// operations.staffed=24x7; operations.decision=5m". PATH=VALUE is as for --set, which changes
    /// every variant.
    #[arg(long, value_name = "[NAME: ]PATH=VALUE[; …]")]
    with: Vec<String>,
    /// Play the scenario at several values of one key; give it twice for a grid
    ///
    /// PATH=a,b,c lists values: numbers, durations, words, or any TOML value. PATH=a..b/n is n
    /// values from a to b in even steps, both ends among them: 1h..8h/8, 0.1..0.9/9.
    #[arg(long, value_name = "PATH=VALUES", conflicts_with = "with")]
    sweep: Vec<String>,
    /// With one --sweep: the metric that the chart shows; by default, the cost
    #[arg(long, value_name = "METRIC", value_parser = parse::metric, requires = "sweep")]
    metric: Option<Metric>,
    /// With --sweep: play only shard I of N of the points, and write what came of them to one file in
    /// the output folder; outlast merge puts the files together
    ///
    /// Each shard plays the scenario as it stands too, with which every point is paired.
    #[arg(long, value_name = "I/N", value_parser = parse::shard, conflicts_with = "range", help_heading = "In parts")]
    shard: Option<(u64, u64)>,
    /// With --sweep: play only the points from A to before B, and write them as --shard does
    #[arg(long, value_name = "A..B", value_parser = parse::part_range,
        help_heading = "In parts")]
    range: Option<(u64, u64)>,
    #[command(flatten)]
    keeping: KeepingOptions,
    /// How many trials of each variant to play
    #[arg(long, short = 'n', value_name = "N", default_value = "10000",
        value_parser = parse::trials, allow_negative_numbers = true)]
    trials: u64,
    #[command(flatten)]
    sampling: SamplingOptions,
    #[command(flatten)]
    threads: ThreadsOption,
    #[command(flatten)]
    intervals: ConfidenceOption,
    #[command(flatten)]
    printing: FormatOption,
    /// Folder for tables and a chart; without this option, none are written
    #[arg(long, short, value_name = "DIR", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Print only errors; the files are still written
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,
}

/// Compares.
pub(super) fn run(options: &CompareOptions) -> Result<(), Failure> {
    if !options.sweep.is_empty() {
        return sweep::run(options);
    }
    let is_divided = options.shard.is_some() || options.range.is_some();
    if is_divided || options.keeping.is_asked() {
        let why =
            "--shard, --range, --checkpoint and --resume go with --sweep, whose points they divide";
        return Err(Failure::Input(why.to_owned()));
    }
    if options.scenarios.len() + options.with.len() < 2 && options.with.is_empty() {
        return Err(Failure::Input(
            "nothing to compare with; name a second scenario, or give --with or --sweep (see \
             outlast compare --help)"
                .to_owned(),
        ));
    }
    let first = cases::first(&options.scenarios, &options.changes)?;
    let cases = cases::cases(&first, &options.scenarios, &options.changes, &options.with)?;
    let scenarios: Vec<&Scenario> = cases.iter().map(|case| &case.scenario).collect();
    let stop = stop_on_signals()?;
    let target = options.output.as_deref();
    let folder = LogFolder::begin(target, &comparisons::FILES)?;
    let played = options.play(&scenarios, &stop).ok_or_else(|| options.stopped())?;
    let inputs = differences(&scenarios);
    let variants: Vec<Variant<'_>> = cases.iter().zip(&played).map(variant).collect();
    let comparison = Comparison { variants: &variants, played: &played, inputs: &inputs };
    let files = folder.map(|folder| write(options, comparison, folder)).transpose()?;
    let answer = ComparisonAnswer {
        comparison,
        seed: options.sampling.seed.seed,
        trials: options.trials,
        confidence: options.intervals.confidence,
        files: files.unwrap_or_default(),
    };
    if options.quiet { Ok(()) } else { output::answer(&answer, options.printing.format) }
}

fn variant<'a>((case, played): (&'a Case, &'a CaseResult)) -> Variant<'a> {
    Variant { name: &case.name, scenario: &case.scenario, results: &played.results }
}

impl CompareOptions {
    /// Plays the scenarios with a progress bar; none if stopped.
    fn play(&self, scenarios: &[&Scenario], stop: &AtomicBool) -> Option<Vec<CaseResult>> {
        let bar = bar("{bar:30} {human_pos} of {human_len} trials, {eta} to go", !self.quiet);
        bar.set_length(self.trials.saturating_mul(scenarios.len() as u64));
        let played = play_cases(scenarios, &self.how(), stop, |trials| bar.inc(trials));
        played.filter(|_| !stop.load(Ordering::Relaxed))
    }

    /// The confidence of intervals.
    pub(super) fn confidence(&self) -> f64 {
        self.intervals.confidence
    }

    /// Puts the outcome where these options say.
    pub(super) fn take(&mut self, outcome: &OutcomeOptions) {
        self.output.clone_from(&outcome.output);
        self.quiet = outcome.quiet;
        self.printing = outcome.printing.clone();
        self.threads = outcome.threads.clone();
    }

    /// How every variant is played.
    fn how(&self) -> CaseOptions {
        CaseOptions {
            seed: self.sampling.seed.seed,
            trials: self.trials,
            threads: self.threads.count(),
            confidence: self.intervals.confidence,
            strata: !self.sampling.plain,
        }
    }

    /// What is said when the user stops it.
    fn stopped(&self) -> Failure {
        match &self.output {
            Some(target) => Failure::Stopped(target.clone()),
            None => Failure::Work("stopped".to_owned()),
        }
    }

    /// What a manifest says of how it was played.
    fn manifest(&self, scenarios: Json) -> String {
        let more = json!({
            "scenarios": scenarios,
            "seed": self.sampling.seed.seed,
            "trials": self.trials,
            "plain": self.sampling.plain,
            "confidence": self.intervals.confidence,
        });
        command_manifest("compare", more)
    }
}

/// A scenario in a manifest.
fn described(name: &str, scenario: &Scenario) -> Json {
    json!({
        "name": name,
        "path": scenario.path.as_ref().map(|path| path.display().to_string()),
        "set": scenario.options,
        "text": scenario.text,
    })
}

/// Writes tables and the chart; the paths of the files.
fn write(
    options: &CompareOptions,
    comparison: Comparison<'_>,
    folder: LogFolder<'_>,
) -> Result<Vec<String>, Failure> {
    let scenarios = comparison.variants.iter().map(|one| described(one.name, one.scenario));
    let manifest = options.manifest(scenarios.collect());
    let (tables, pictures) =
        (comparisons::tables(comparison), pictures::files(&comparisons::pictures(comparison))?);
    folder.fill_with(tables, pictures, &manifest)
}
