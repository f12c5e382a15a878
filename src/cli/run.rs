//! `outlast run`: the main job, from scenario to tables.

mod answer;
mod watch;

use super::diagnostics;
use super::failure::Failure;
use super::output::{self, Format};
use super::signals::stop_on_signals;
use crate::evidence::fitted::Fits;
use crate::metric::Metric;
use crate::report::assemble::{About, page};
use crate::report::charts::ChartError;
use crate::report::folder::{Folder, FolderError, MANIFEST, OutputFile};
use crate::report::manifest::{
    InputText, Manifest, Program, ScenarioText, StrategyCounts, sha256, timestamp,
};
use crate::report::pictures;
use crate::report::table::Table;
use crate::report::variants::Variant;
use crate::report::{self, tables, words};
use crate::scenario::{Scenario, Spec};
use crate::study::decide::risk_metric;
use crate::study::design::Design;
use crate::study::partial::Partial;
use crate::study::results::{Results, study};
use crate::study::run::Trials;
use crate::study::search::MetricQuantile;
use crate::study::stopping::{Goal, GoalOutcome, Precision, run_to};
use crate::study::summary::Summary;
use crate::study::when::harm_by_hour;
use crate::study::year::year_at;
use crate::world::streams::STREAM_SCHEME;
use answer::Finished;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use watch::Watch;
pub(super) use watch::bar;

/// Play a scenario and compare its strategies
///
/// Plays many possible years with every strategy and prints one row for each: downtime, stale
/// passwords, lost password resets, the longest outage and cost. All strategies meet the same
/// faults in the same trial, so differences between them are not luck.
///
/// The full tables go to a folder: summary.csv (every metric with mean, interval and percentiles),
/// comparison.csv (every pair of strategies), tolerance.csv (who keeps which tolerance), cost.csv,
/// outages.csv (what began and what ended the outages), run.json (what the run was made of, enough
/// to repeat it). The folder is replaced only when all of it is complete; your own files in it
/// stay.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast run                                  the built-in scenario
  outlast run office.toml --trials 100000      narrower intervals
  outlast run office.toml --precision 2%       until the means are known to 2 %
  outlast run office.toml --until-decided      until it is settled which to choose
  outlast run office.toml --seed 2             another sample of the same years
  outlast run office.toml --raw -o results     every trial, for your own statistics
  outlast run drills.toml --fits both          what fits to short logs leave open
  outlast run office.toml --format json        for scripts")]
pub(super) struct RunOptions {
    /// The scenario file (TOML); without it, the built-in scenario
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    /// How many trials to play: possible years, or whatever the horizon is
    ///
    /// Four times as many halve the intervals.
    #[arg(long, short = 'n', value_name = "N", default_value = "10000", value_parser = trials,
        allow_negative_numbers = true)]
    trials: u64,
    /// Play until an interval is this narrow instead: its half-width, such as 1%, of the estimate
    ///
    /// Of the mean of stale_user_hours for every strategy, unless --metric, --quantile or
    /// --strategy say otherwise. Plays in batches, and says what was reached and what more would
    /// take.
    #[arg(long, value_name = "P%", value_parser = precision, conflicts_with = "trials",
        allow_hyphen_values = true)]
    precision: Option<f64>,
    /// Play until it is settled which strategy to choose, as surely as --confidence says
    #[arg(long, conflicts_with_all = ["trials", "precision"])]
    until_decided: bool,
    /// With --precision: the metric
    #[arg(long, value_name = "METRIC", requires = "precision",
        value_parser = super::trace::metric, default_value = "stale_user_hours")]
    metric: Metric,
    /// With --precision: this percentile, such as p99, instead of the mean
    #[arg(long, value_name = "Q", requires = "precision",
        value_parser = super::trace::percentile)]
    quantile: Option<f64>,
    /// With --precision: of this strategy only
    #[arg(long, value_name = "NAME", requires = "precision")]
    strategy: Option<String>,
    /// With --precision or --until-decided: the most trials to play
    #[arg(long, value_name = "N", default_value = "1000000", value_parser = trials,
        allow_negative_numbers = true)]
    max_trials: u64,
    /// Seed of the random draws
    ///
    /// The same scenario, seed and number of trials give the same tables, on any machine and any
    /// number of threads. With another seed you see how much of a result is chance.
    #[arg(long, short, value_name = "S", default_value = "1", value_parser = super::trace::number,
        allow_negative_numbers = true)]
    seed: u64,
    /// How many threads play the trials; without it, one for each core
    #[arg(long, short, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024),
        allow_negative_numbers = true)]
    threads: Option<u16>,
    /// Folder for the tables; without it, output/ and the name of the scenario file
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Draw every trial plainly, also where rare disasters would be drawn more often
    ///
    /// A disaster in fifty years is met in few of 10,000 trials, and the tail rests on them. So one
    /// trial in four is drawn with one, and counts accordingly less, where that helps.
    #[arg(long)]
    plain: bool,
    /// How distributions that are fitted to logs are taken: with what a short log leaves open
    /// (uncertain), as if the fit were the truth (best), or one beside the other (both)
    ///
    /// Twelve drills fit many distributions. So each trial takes another of those that the truth
    /// may be. With both, the trials are played a second time with the fits taken for the truth;
    /// variants.csv holds both.
    #[arg(long, value_enum, default_value = "uncertain")]
    fits: FitsTaken,
    /// Keep every trial too, in trials.csv
    ///
    /// One row for each trial and strategy, with all metrics; about 180 bytes a row. Its weight
    /// says how many trials it stands for, where rare disasters are drawn more often.
    #[arg(long)]
    raw: bool,
    /// How sure the intervals are, between 0 and 1
    #[arg(long, value_name = "P", default_value = "0.95", value_parser = confidence,
        allow_negative_numbers = true)]
    confidence: f64,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Print nothing but errors; the tables are written all the same
    #[arg(long, short)]
    quiet: bool,
}

/// How fitted distributions are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FitsTaken {
    Uncertain,
    Best,
    Both,
}

/// The quantile of the year that is shown: one in a hundred is worse.
const BAD_YEAR: f64 = 0.99;

pub(super) fn trials(text: &str) -> Result<u64, String> {
    match text.replace('_', "").parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("it is a whole number from 1 on, such as 10000 or 10_000".to_owned()),
    }
}

fn precision(text: &str) -> Result<f64, String> {
    let wrong = || "it is a percentage of the estimate, such as 1% or 0.5%".to_owned();
    let number = text.strip_suffix('%').ok_or_else(wrong)?.trim();
    match number.parse::<f64>() {
        Ok(percent) if percent > 0.0 && percent < 100.0 => Ok(percent / 100.0),
        _ => Err(wrong()),
    }
}

pub(super) fn confidence(text: &str) -> Result<f64, String> {
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
    /// The scenario, with what fitted distributions leave open or without.
    fn load(&self, uncertainty: bool) -> Result<Scenario, Failure> {
        let mut spec = match &self.scenario {
            Some(file) => Spec::load(file)?,
            None => Spec::embedded(),
        };
        spec.take_fits(Fits { uncertainty, threads: self.threads() });
        Ok(spec.compile()?)
    }

    fn goal(&self, scenario: &Scenario) -> Result<Goal, Failure> {
        if self.until_decided {
            return Ok(Goal::Decided);
        }
        let Some(relative) = self.precision else {
            return Ok(Goal::Trials(self.trials));
        };
        if self.metric == Metric::Cost && scenario.costs.is_none() {
            let why = "the scenario has no prices, so no trial has a cost; add a [costs] table";
            return Err(Failure::Input(why.into()));
        }
        let named = self.strategy.as_deref();
        let strategy = named.map(|name| super::trace::strategy(scenario, name)).transpose()?;
        let (metric, quantile) = (self.metric, self.quantile);
        Ok(Goal::Precision(Precision { metric, quantile, strategy, relative }))
    }

    fn design(&self, scenario: &Scenario) -> Design {
        if self.plain { Design::Plain } else { Design::of(&scenario.world) }
    }

    fn folder(&self) -> PathBuf {
        self.output.clone().unwrap_or_else(|| {
            let stem = self.scenario.as_deref().and_then(Path::file_stem);
            Path::new("output").join(stem.unwrap_or("default".as_ref()))
        })
    }

    fn threads(&self) -> usize {
        super::threads(self.threads)
    }

    /// The command that plays the same trials again.
    fn command(&self, trials: u64) -> String {
        let mut words = vec!["outlast".to_owned(), "run".to_owned()];
        words.extend(self.scenario.as_ref().map(|file| shell_word(&file.display().to_string())));
        words.extend(["--trials".into(), trials.to_string(), "--seed".into()]);
        words.push(self.seed.to_string());
        if self.confidence != 0.95 {
            words.extend(["--confidence".into(), self.confidence.to_string()]);
        }
        words.extend(self.plain.then(|| "--plain".to_owned()));
        if self.fits == FitsTaken::Best {
            words.extend(["--fits".to_owned(), "best".to_owned()]);
        }
        words.join(" ")
    }

    fn name(&self) -> String {
        let file = self.scenario.as_ref().map(|file| file.display().to_string());
        file.unwrap_or_else(|| "the default scenario".to_owned())
    }
}

/// A word as a shell takes it.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// Plays a scenario.
pub(super) fn run(options: &RunOptions) -> Result<(), Failure> {
    let scenario = options.load(options.fits != FitsTaken::Best)?;
    if !options.quiet {
        let warnings = &scenario.warnings;
        let shown = diagnostics::render(warnings, &scenario.text, &options.name(), true);
        output::tell(&shown);
    }
    let target = options.folder();
    let goal = options.goal(&scenario)?;
    let stop = stop_on_signals()?;
    let folder = Folder::begin(&target, &report::FILES)?;
    let clock = Clock::start();
    let Some((whole, reached)) = play(options, &scenario, goal, &folder, &stop)? else {
        return Err(Failure::Stopped(target));
    };
    let playing_seconds = clock.seconds();
    let results = Results::new(&scenario, &whole, options.confidence);
    drop(whole);
    let certain = certain(options, &scenario, results.summary.trials, &stop)?;
    let notes = notes(options, &scenario, &results, goal, reached.as_ref());
    write_tables(&folder, &scenario, &results)?;
    let variants = variants(&scenario, &results, certain.as_ref());
    if !variants.is_empty() {
        let table = crate::report::variants::table(&variants);
        folder.write_with(report::VARIANTS, |file: &mut OutputFile| table.write_csv(file))?;
    }
    write_pages(options, &folder, &scenario, &results, &notes)?;
    write_manifest(options, &scenario, &results.summary, &folder, &clock, playing_seconds)?;
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
        results: &results,
        variants: &variants,
        notes,
        seed: options.seed,
        threads: options.threads(),
        seconds: clock.seconds(),
        folder: &target,
        files,
    };
    output::answer(&finished, options.format)
}

/// The same trials with the fits taken for the truth, where that is asked for and there are fits.
fn certain(
    options: &RunOptions,
    scenario: &Scenario,
    trials: u64,
    stop: &AtomicBool,
) -> Result<Option<(Scenario, Results)>, Failure> {
    if options.fits != FitsTaken::Both || scenario.fits.is_empty() {
        return Ok(None);
    }
    let certain = options.load(false)?;
    let design = options.design(&certain);
    let trials =
        Trials { seed: options.seed, range: 0..trials, threads: options.threads(), design };
    match study(&certain, &trials, options.confidence, stop) {
        Some(results) => Ok(Some((certain, results))),
        None => Err(Failure::Stopped(options.folder())),
    }
}

/// Both ways to take the fits, if both were played.
fn variants<'a>(
    uncertain: &'a Scenario,
    uncertain_results: &'a Results,
    certain: Option<&'a (Scenario, Results)>,
) -> Vec<Variant<'a>> {
    let certain = certain.map(|(scenario, results)| {
        [
            Variant { name: "uncertain", scenario: uncertain, results: uncertain_results },
            Variant { name: "best fit", scenario, results },
        ]
    });
    certain.into_iter().flatten().collect()
}

/// What is to be said of how the trials came about.
fn notes(
    options: &RunOptions,
    scenario: &Scenario,
    results: &Results,
    goal: Goal,
    reached: Option<&GoalOutcome>,
) -> Vec<String> {
    let trials = (results.summary.trials, options.max_trials);
    let stopping = reached.map(|reached| words::stopping(scenario, goal, reached, trials));
    let sampling = words::sampling(scenario, results.summary.design);
    let known = words::closed_forms(scenario, &results.closed_forms);
    let unshown = pictures::unshown(scenario);
    let fits = scenario.fits.iter().map(|told| told.words.clone());
    let idle = options.fits != FitsTaken::Uncertain && scenario.fits.is_empty();
    let idle = idle
        .then(|| "No law of the scenario is fitted to a log: --fits changes nothing.".to_owned());
    let fits = fits.chain(idle);
    fits.chain(sampling).chain(stopping).chain(known).chain(unshown).collect()
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

/// Plays the trials, and writes each where that is asked for; nothing if stopped.
fn play(
    options: &RunOptions,
    scenario: &Scenario,
    goal: Goal,
    folder: &Folder,
    stop: &AtomicBool,
) -> Result<Option<(Partial, Option<GoalOutcome>)>, Failure> {
    let rows = if options.raw { Some(folder.create(report::TRIALS)?) } else { None };
    let design = options.design(scenario);
    let mut watch = Watch::new(scenario, design, !options.quiet, rows)?;
    let trials = Trials { seed: options.seed, range: 0..0, threads: options.threads(), design };
    let goal = (goal, options.max_trials);
    let Some(played) = run_to(scenario, &trials, goal, options.confidence, stop, &mut watch)?
    else {
        return Ok(None);
    };
    watch.finish()?;
    Ok(Some(played))
}

fn write_tables(folder: &Folder, scenario: &Scenario, results: &Results) -> Result<(), Failure> {
    let write = |name: &str, table: Table| {
        folder.write_with(name, |file: &mut OutputFile| table.write_csv(file))
    };
    let summary = &results.summary;
    write(report::SUMMARY, tables::summary(summary))?;
    write(report::COMPARISON, tables::comparison(results))?;
    write(report::TOLERANCE, tables::tolerance(results))?;
    if scenario.costs.is_some() {
        write(report::COST, tables::cost(results, scenario.currency()))?;
    }
    write(report::OUTAGES, tables::outages(summary))?;
    Ok(())
}

/// Pictures, and the page to hand over.
fn write_pages(
    options: &RunOptions,
    folder: &Folder,
    scenario: &Scenario,
    results: &Results,
    notes: &[String],
) -> Result<(), Failure> {
    let failed = |error: ChartError| Failure::Work(format!("cannot draw a chart: {error}"));
    let decision = &results.decision;
    let shown = decision.strategy.or(decision.front.first().copied()).unwrap_or_default();
    let trials = Trials {
        seed: options.seed,
        range: 0..results.summary.trials,
        threads: options.threads(),
        design: results.summary.design,
    };
    let quantile = MetricQuantile { metric: risk_metric(scenario), at: BAD_YEAR };
    let year = year_at(scenario, &trials, shown, quantile);
    let harm = harm_by_hour(scenario, shown, options.seed);
    let pictures = pictures::pictures(scenario, results, year.as_ref(), harm.as_ref());
    for (path, picture) in pictures::files(&pictures).map_err(failed)? {
        folder.write(&path, &picture)?;
    }
    let about = About {
        seed: options.seed,
        command: options.command(results.summary.trials),
        sha256: sha256(&scenario.text),
        notes,
        assumptions: &scenario.assumptions,
    };
    let page = page(scenario, results, &pictures, &about).map_err(failed)?;
    folder.write(report::PAGE, page.to_html().as_bytes())?;
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
        program: Program::default(),
        stream_scheme: STREAM_SCHEME,
        fits: match options.fits {
            FitsTaken::Uncertain => "uncertain",
            FitsTaken::Best => "best",
            FitsTaken::Both => "both",
        },
        scenario: ScenarioText::new(scenario),
        inputs: scenario.inputs.iter().map(InputText::new).collect(),
        seed: options.seed,
        trials: summary.trials,
        first_trial: 0,
        sampling: summary.design.into(),
        confidence: options.confidence,
        threads: options.threads(),
        started: timestamp(clock.started),
        seconds: clock.seconds(),
        trials_per_second: summary.trials as f64 / playing_seconds,
        strategies: StrategyCounts::of_all(summary),
        warnings: diagnostics::to_json(&scenario.warnings, &scenario.text),
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
    fn a_precision_is_a_percentage() {
        assert_eq!(precision("1%"), Ok(0.01));
        assert_eq!(precision("0.5 %"), Ok(0.005));
        for wrong in ["1", "0%", "100%", "-1%", "nan%", "%", "few"] {
            assert!(precision(wrong).is_err(), "{wrong}");
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
