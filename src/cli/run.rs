//! `outlast run`: the main job, from scenario to tables.
//!
//! Four steps, a file each: [`plan`] turns options into what is to be played, [`play`] plays it,
//! [`mod@write`] puts tables, charts, page and manifest into the folder, and [`answer`] tells.
//! [`parts`] plays a part of a run, [`long`] keeps what a long one has played, [`merge`] puts parts
//! together.

mod answer;
mod long;
mod parts;
mod plan;
mod play;
mod table;
mod watch;
mod write;

use super::failure::Failure;
use super::merge::MergeOptions;
use super::options::{ConfidenceOption, FormatOption, SamplingOptions, ThreadsOption};
use super::scenario_options::ScenarioOptions;
use super::signals::{leave_on_signals, stop_on_signals};
use super::terminal::{spinner, tell};
use super::{output, parse};
use crate::metric::Metric;
use crate::report;
use crate::report::folder::Folder;
use crate::sensitivity::asked::{Asked, Scale};
use crate::sensitivity::robustness::{self as sensitivity, Robustness};
use crate::shards::{Origin, Store};
use answer::Finished;
use parts::PartOptions;
use plan::Plan;
use play::Played;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use write::Context;

/// Play a scenario and compare its strategies
///
/// Plays many possible years with every strategy and prints one row for each strategy: downtime,
/// stale passwords, lost password resets, the longest outage and cost. All strategies meet the same
/// faults in the same trial, so the differences between them are not a matter of luck.
///
/// The full tables go to a folder: summary.csv (every metric with mean, interval and percentiles),
/// comparison.csv (every pair of strategies), tolerance.csv (which strategy meets which tolerance),
/// cost.csv, outages.csv (what began and what ended the outages), run.json (all that is needed to
/// repeat the run). The folder is replaced only once everything is complete; your own files in it
/// stay.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast run                                  the built-in scenario
  outlast run office.toml --trials 100000      narrower intervals
  outlast run office.toml --precision 5%       until the means are known to 5 %
  outlast run office.toml --until-decided      until it is clear which to choose
  outlast run office.toml --set operations.staffed=office
                                               with one key changed
  outlast run office.toml --seed 2             other years, drawn anew
  outlast run office.toml --raw -o results     every trial, for your own statistics
  outlast run office.toml --xlsx               all tables in one workbook too
  outlast run drills.toml --fits both          what short logs leave open
  outlast run office.toml --format json        for scripts")]
pub(super) struct RunOptions {
    /// The scenario file (TOML); without one, the built-in scenario
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    changes: ScenarioOptions,
    #[command(flatten)]
    length: LengthOptions,
    #[command(flatten)]
    sampling: SamplingOptions,
    /// How to play distributions that are fitted to logs: with what a short log leaves open
    /// (uncertain), as if the best fit were the truth (best), or in both ways (both)
    ///
    /// Many distributions fit twelve drills about equally well. So each trial uses one of those
    /// that may be true. With both, the trials are played a second time with the best fits only,
    /// and variants.csv holds the results of both.
    #[arg(long, value_enum, default_value = "uncertain", help_heading = "Computation")]
    fits: FitsOption,
    /// Write every trial as well, to trials.csv
    ///
    /// One row for each trial and strategy, with all metrics; about 180 bytes a row. Where trials
    /// with a rare disaster are drawn more often, the weight of a row says how many trials it
    /// stands for.
    #[arg(long, conflicts_with_all = ["checkpoint", "resume"], help_heading = "Output")]
    raw: bool,
    #[command(flatten)]
    intervals: ConfidenceOption,
    #[command(flatten)]
    parts: PartOptions,
    #[command(flatten)]
    outcome: OutcomeOptions,
}

/// What is made of the trials, whether they are played or put together from parts.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct OutcomeOptions {
    #[command(flatten)]
    pub(super) threads: ThreadsOption,
    #[command(flatten)]
    pub(super) printing: FormatOption,
    /// Folder for the results; by default, output/ and the name of the scenario file
    #[arg(long, short, value_name = "DIR", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Write all tables as one workbook as well, results.xlsx
    ///
    /// A sheet for each table, and the answer in words before them. It opens well where decimals have
    /// a comma, which CSV does not. Single trials (--raw) are not in it.
    #[arg(long, help_heading = "Output")]
    pub(super) xlsx: bool,
    /// Leave out how well the choice stands if the assumptions are wrong
    ///
    /// It takes about as long as a run of 10,000 trials.
    #[arg(long, help_heading = "Computation")]
    pub(super) no_robustness: bool,
    /// Print only errors; the files are still written
    #[arg(long, short, help_heading = "Output")]
    pub(super) quiet: bool,
}

/// How many trials are played.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "How long to play")]
struct LengthOptions {
    /// How many trials to play; a trial is a possible year, or as long as the horizon says
    ///
    /// Four times as many trials halve the width of the intervals.
    #[arg(long, short = 'n', value_name = "N", default_value = "10000",
        value_parser = parse::trials, allow_negative_numbers = true)]
    trials: u64,
    /// Play until an interval is narrow enough instead: its half-width at most this part of the
    /// estimate, such as 1%
    ///
    /// The interval is that of the mean of stale_user_hours, for every strategy, unless --metric,
    /// --quantile or --strategy say otherwise. The trials come in batches; the answer says how
    /// narrow the interval became and how many trials more it would take.
    #[arg(long, value_name = "P%", value_parser = parse::precision, conflicts_with = "trials",
        allow_hyphen_values = true)]
    precision: Option<f64>,
    /// Play until it is clear which strategy to choose, with the probability that --confidence
    /// states
    #[arg(long, conflicts_with_all = ["trials", "precision"])]
    until_decided: bool,
    /// With --precision: the metric whose interval counts
    #[arg(long, value_name = "METRIC", requires = "precision",
        value_parser = parse::metric, default_value = "stale_user_hours")]
    metric: Metric,
    /// With --precision: the percentile whose interval counts, such as p99, instead of the mean
    #[arg(long, value_name = "Q", requires = "precision", value_parser = parse::percentile)]
    quantile: Option<f64>,
    /// With --precision: the only strategy whose interval counts
    #[arg(long, value_name = "NAME", requires = "precision")]
    strategy: Option<String>,
    /// With --precision or --until-decided: the most trials to play
    #[arg(long, value_name = "N", default_value = "1000000", value_parser = parse::trials,
        allow_negative_numbers = true)]
    max_trials: u64,
}

impl LengthOptions {
    /// The options that say for which goal it plays, with the confidence of the interval.
    fn words(&self, confidence: f64) -> Vec<String> {
        // Without the dust of the multiplication: 7, not 7.000000000000001.
        let percent = |share: f64| (share * 1e12).round() / 1e10;
        let mut words = Vec::new();
        match self.precision {
            Some(precision) => {
                words.extend(["--precision".to_owned(), format!("{}%", percent(precision))]);
                words.extend(["--metric".to_owned(), self.metric.name().to_owned()]);
                let quantile = self.quantile.map(|quantile| format!("p{}", percent(quantile)));
                words.extend(quantile.into_iter().flat_map(|one| ["--quantile".to_owned(), one]));
                let strategy = self.strategy.iter().cloned();
                words.extend(strategy.flat_map(|one| ["--strategy".to_owned(), one]));
            }
            None => words.push("--until-decided".to_owned()),
        }
        words.extend(["--max-trials".to_owned(), self.max_trials.to_string()]);
        words.extend(["--confidence".to_owned(), confidence.to_string()]);
        words
    }
}

impl FitsOption {
    /// Its name in files.
    fn word(self) -> &'static str {
        match self {
            FitsOption::Uncertain => "uncertain",
            FitsOption::Best => "best",
            FitsOption::Both => "both",
        }
    }
}

/// How fitted distributions are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FitsOption {
    Uncertain,
    Best,
    Both,
}

/// Plays a scenario, or a part of it.
pub(super) fn run(options: &RunOptions) -> Result<(), Failure> {
    let plan = Plan::new(options)?;
    let stop = stop_on_signals()?;
    if let Some(range) = options.parts.range(&plan)? {
        return parts::play_part(&plan, range, &stop);
    }
    deliver(&plan, &stop, |folder| play::play(&plan, folder, &stop))?;
    if let Some(keeping) = options.parts.keeping.keeping(&plan.target) {
        keeping.forget();
    }
    Ok(())
}

/// What parts of a run are parts of.
pub(super) fn origin(mut options: RunOptions) -> Result<Origin, Failure> {
    options.outcome.quiet = true;
    let plan = Plan::new(&options)?;
    options.parts.refuse_any(&plan)?;
    Ok(plan.origin())
}

/// Puts the parts of a run together, and writes and says what the run in one would.
pub(super) fn merge(
    mut options: RunOptions,
    store: &Store,
    wanted: &MergeOptions,
) -> Result<(), Failure> {
    options.raw = wanted.raw;
    options.outcome = wanted.outcome.clone();
    options.intervals.confidence = wanted.confidence.unwrap_or(options.intervals.confidence);
    let plan = Plan::of_parts(&options, &store.origin)?;
    let stop = stop_on_signals()?;
    deliver(&plan, &stop, |folder| play::merge(&plan, folder, store))
}

/// Has the trials come about, writes the folder and answers.
fn deliver(
    plan: &Plan<'_>,
    stop: &AtomicBool,
    play: impl FnOnce(&Folder) -> Result<Played, Failure>,
) -> Result<(), Failure> {
    let options = plan.options;
    let folder = Folder::begin(&plan.target, &report::FILES)?;
    let played = play(&folder)?;
    let variants = played.variants(&plan.scenario);
    let notes = answer::notes(plan, &played);
    // From here on half of the work is of no use: Ctrl-C ends the program at once, and leaves the
    // folder as it was.
    if stop.load(Ordering::Relaxed) {
        return Err(Failure::Stopped(plan.target.clone()));
    }
    leave_on_signals(Some(&plan.target))?;
    let progress = spinner("varying the assumptions over their ranges", !options.outcome.quiet);
    let robustness = robustness(plan, &played, &AtomicBool::new(false));
    progress.set_message("drawing charts");
    let context = Context { variants: &variants, notes: &notes, robustness: robustness.as_ref() };
    write::write(plan, &played, &context, &folder)?;
    let files = folder.files();
    folder.commit()?;
    progress.finish_and_clear();
    if options.outcome.quiet {
        return Ok(());
    }
    let finished = Finished {
        scenario: &plan.scenario,
        results: &played.results,
        robustness,
        variants: &variants,
        notes,
        seed: options.sampling.seed.seed,
        threads: options.outcome.threads.count(),
        seconds: played.stopwatch.seconds(),
        folder: &plan.target,
        files,
    };
    output::answer(&finished, options.outcome.printing.format)
}

/// How well the choice stands, unless that is not wanted. Values within the ranges that contradict
/// each other are no failure of the run.
fn robustness(plan: &Plan<'_>, played: &Played, stop: &AtomicBool) -> Option<Robustness> {
    if plan.options.outcome.no_robustness {
        return None;
    }
    let asked = Asked {
        spec: &plan.spec,
        scenario: &plan.scenario,
        results: &played.results,
        seed: plan.seed(),
        threads: plan.options.outcome.threads.count(),
    };
    let confidence = plan.options.intervals.confidence;
    sensitivity::robustness(asked, Scale::RUN, confidence, stop).unwrap_or_else(|error| {
        tell(&format!("The ranges of the assumptions contradict each other: {error}.\n"));
        None
    })
}
