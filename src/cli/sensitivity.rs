//! `outlast sensitivity`: which assumptions the answer hangs on.

mod answer;
mod divided;

use super::failure::Failure;
use super::keeping::KeepingOptions;
use super::options::{ConfidenceOption, FormatOption, SeedOption, ThreadsOption};
use super::output::command_line;
use super::scenario_options::ScenarioOptions;
use super::signals::leave_on_signals;
use super::terminal::{bar, spinner, tell};
use super::{options, output, parse};
use crate::assumptions::Inputs;
use crate::evidence::fitted::Fits;
use crate::keys::meant;
use crate::metric::Metric;
use crate::report::diagnostics;
use crate::report::folder::{Folder, OutputFile};
use crate::report::manifest::log_manifest;
use crate::report::sensitivity_page::{self, SensitivityPage};
use crate::report::text::count;
use crate::report::{PAGE, pictures, sensitivity as report};
use crate::scenario::{Scenario, Spec};
use crate::sensitivity::asked::Asked;
use crate::sensitivity::common::{Measure, Quantity};
use crate::sensitivity::design::BLOCK;
use crate::sensitivity::options::{Options, input_of};
use crate::sensitivity::sample::{Effort, PointResult};
use crate::sensitivity::study::{Study, study, study_of};
use crate::study::design::Design;
use crate::study::results::study as play;
use crate::study::run::Trials;
use answer::SensitivityAnswer;
use jiff::Timestamp;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

/// Show which assumptions the answer hangs on, and what is worth measuring
///
/// Every assumption varies over its range (`outlast check` lists the ranges). The answer says how
/// likely each strategy is to be the choice when nobody knows the assumptions, at what value of a
/// single assumption the choice flips, which assumptions make the result vary, and what it would
/// be worth to know one of them before choosing.
///
/// All of it goes to a folder: report.html with pictures and words, inputs.csv and outputs.csv (one
/// row a point that was played, for your own analysis), tornado.csv, sobol.csv, acceptability.csv,
/// information.csv, and charts.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast sensitivity office.toml
  outlast sensitivity office.toml --points 8192           narrower intervals
  outlast sensitivity office.toml --of stale_user_hours --strategy \"Staging server\"
  outlast sensitivity office.toml --against costs.labour_hour
  outlast sensitivity office.toml --drill-cost 1500       how many drills pay
  outlast sensitivity office.toml --points 65536 --shard 3/10 -o parts
                                                          one part of it, for outlast merge
  outlast sensitivity office.toml --points 65536 --checkpoint 5m
                                                          kept on the way, for --resume
  outlast sensitivity office.toml --format json           for scripts")]
pub(super) struct SensitivityOptions {
    /// The scenario file (TOML); without one, the built-in scenario
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    changes: ScenarioOptions,
    /// The metric that is studied; by default, what decides between the choice and its rival
    #[arg(long, value_name = "METRIC", value_parser = parse::metric)]
    of: Option<Metric>,
    /// With --of: the strategy; by default, the choice
    #[arg(long, value_name = "NAME", requires = "of")]
    strategy: Option<String>,
    /// The assumption against which the probabilities of the strategies are drawn
    #[arg(long, value_name = "PATH", default_value = "costs.stale_user_hour")]
    against: String,
    /// How many points of the ranges to play; in blocks of 64
    #[arg(long, value_name = "N", default_value = "2048", value_parser = parse::trials,
        allow_negative_numbers = true)]
    points: u64,
    /// Play only shard I of N of the points, and write what came of them to one file in the output
    /// folder; outlast merge puts the files together and plays what follows from them
    #[arg(long, value_name = "I/N", value_parser = parse::shard, conflicts_with = "range",
        help_heading = "In parts")]
    shard: Option<(u64, u64)>,
    /// Play only the points from A to before B, and write them as --shard does
    #[arg(long, value_name = "A..B", value_parser = parse::part_range, help_heading = "In parts")]
    range: Option<(u64, u64)>,
    #[command(flatten)]
    keeping: KeepingOptions,
    /// What a year out of a tolerance costs, beside all else; it then counts in the value of knowing
    #[arg(long, value_name = "AMOUNT", default_value_t = 0.0)]
    breach: f64,
    /// What one drill costs: says how many pay
    #[arg(long, value_name = "AMOUNT")]
    drill_cost: Option<f64>,
    #[command(flatten)]
    seed: SeedOption,
    #[command(flatten)]
    threads: ThreadsOption,
    #[command(flatten)]
    intervals: ConfidenceOption,
    #[command(flatten)]
    printing: FormatOption,
    /// Folder for tables and charts; by default, output/sensitivity- and the name of the scenario file
    #[arg(long, short, value_name = "DIR", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Print only errors; the files are still written
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,
}

/// Trials of a point.
const POINT_TRIALS: u64 = Options::POINT_TRIALS;

/// Answers, or plays a part of the sample.
pub(super) fn run(options: &SensitivityOptions) -> Result<(), Failure> {
    let fits = Fits { threads: options.threads.count(), ..Fits::default() };
    let spec = options.changes.spec(options.scenario.as_deref(), fits)?;
    let asking = Asking::new(options, spec)?;
    if !options.quiet {
        tell(&diagnostics::warnings(&asking.scenario));
    }
    if let Some(range) = divided::wanted(&asking)? {
        return divided::play_part(&asking, range);
    }
    if let Some(keeping) = options.keeping.keeping(&target(options)) {
        let sampled = divided::play_and_keep(&asking, &keeping)?;
        asking.answer(sampled)?;
        keeping.forget();
        return Ok(());
    }
    asking.answer(None)
}

pub(super) use divided::{merge, origin};

/// What is asked, held against the scenario before anything is played.
struct Asking<'a> {
    options: &'a SensitivityOptions,
    spec: Spec,
    scenario: Scenario,
    /// The metric that is studied, and of which strategy, as far as that is said.
    metric: Option<Metric>,
    strategy: Option<usize>,
    /// The input against which probabilities are drawn.
    against: Option<usize>,
}

impl<'a> Asking<'a> {
    fn new(options: &'a SensitivityOptions, mut spec: Spec) -> Result<Asking<'a>, Failure> {
        let scenario = spec.compile()?;
        let metric = options.of.map(|metric| options::known(&scenario, metric)).transpose()?;
        let named = options.strategy.as_deref();
        let strategy = named.map(|name| options::strategy(&scenario, name)).transpose()?;
        let against = against(&Inputs::new(&scenario), &scenario, &options.against)?;
        Ok(Asking { options, spec, scenario, metric, strategy, against })
    }

    /// Writes the folder and says what came of it; the points of the sample may be there already.
    fn answer(&self, sampled: Option<Vec<PointResult>>) -> Result<(), Failure> {
        let Asking { options, scenario, .. } = self;
        let target = target(options);
        leave_on_signals(Some(&target))?;
        let folder = Folder::begin(&target, &report::FILES)?;
        let studied = self.studied(sampled)?;
        let inputs = Inputs::new(scenario).inputs.len();
        if studied.is_none() && inputs > 0 {
            let points = count(self.effort().points.end, "point");
            return Err(Failure::Input(format!(
                "{points} are too few to tell {} apart; play more, such as --points 2048",
                count(inputs, "assumption")
            )));
        }
        let files = match &studied {
            Some(study) => {
                write(options, scenario, study, &folder)?;
                let files = folder.files();
                folder.commit()?;
                files
            }
            None => Vec::new(),
        };
        if options.quiet {
            return Ok(());
        }
        let answer = SensitivityAnswer {
            scenario,
            study: studied.as_ref(),
            confidence: options.intervals.confidence,
            seed: options.seed.seed,
            trials: POINT_TRIALS,
            folder: &target,
            files,
        };
        output::answer(&answer, options.printing.format)
    }

    /// How the sample is played.
    fn effort(&self) -> Effort {
        let SensitivityOptions { seed, threads, points, .. } = self.options;
        // Whole blocks.
        let points = 0..points.div_ceil(BLOCK) * BLOCK;
        Effort { seed: seed.seed, points, trials: POINT_TRIALS, threads: threads.count() }
    }

    /// Plays; none where nothing is varied.
    fn studied(&self, sampled: Option<Vec<PointResult>>) -> Result<Option<Study>, Failure> {
        // Nobody asks to stop: Ctrl-C ends the program.
        let stop = &AtomicBool::new(false);
        let Asking { options, spec, scenario, .. } = self;
        let Effort { seed, threads, points, .. } = self.effort();
        let confidence = options.intervals.confidence;
        let design = Design::from_world(&scenario.world);
        let trials = Trials { seed, range: 0..Options::TRIALS_AT_GUESS, threads, design };
        let stopped = || Failure::Work("stopped before anything was known".to_owned());
        let results = play(scenario, &trials, confidence, stop).ok_or_else(stopped)?;
        let quantity = self.metric.map(|metric| {
            let of = self.strategy.or(results.decision.strategy).unwrap_or_default();
            Quantity { measure: Measure::Metric(metric), of, less: None }
        });
        let asked = Asked { spec, scenario, results: &results, seed, threads };
        let wanted = Options {
            quantity,
            against: self.against,
            breach: options.breach,
            drill_cost: options.drill_cost,
            ..Options::usual(points.end, confidence)
        };
        let weigh = || spinner("weighing what each assumption explains", !options.quiet);
        let is_shown = sampled.is_none() && !options.quiet;
        let bar = bar("{bar:30} {human_pos} of {human_len} points, {eta} to go", is_shown);
        bar.set_length(wanted.points);
        let weighing = OnceLock::new();
        let studied = match sampled {
            Some(sampled) => {
                weighing.get_or_init(weigh);
                study_of(asked, &wanted, sampled)?
            }
            None => study(asked, &wanted, stop, |done| {
                bar.set_position(done);
                if done >= wanted.points {
                    bar.finish_and_clear();
                    weighing.get_or_init(weigh);
                }
            })?,
        };
        bar.finish_and_clear();
        if let Some(weighing) = weighing.get() {
            weighing.finish_and_clear();
        }
        Ok(studied)
    }
}

fn target(options: &SensitivityOptions) -> PathBuf {
    options.output.clone().unwrap_or_else(|| {
        let stem = options.scenario.as_deref().and_then(Path::file_stem);
        let stem = stem.unwrap_or("default".as_ref()).to_string_lossy();
        Path::new("output").join(format!("sensitivity-{stem}"))
    })
}

/// The input of that path. The default path may be missing.
fn against(inputs: &Inputs, scenario: &Scenario, path: &str) -> Result<Option<usize>, Failure> {
    let found = input_of(scenario, path);
    if found.is_none() && path != Options::AGAINST {
        let names: Vec<&str> = inputs.inputs.iter().map(|input| input.name.as_str()).collect();
        let meant = meant(path, &names, "those that vary are");
        return Err(Failure::Input(format!(
            "--against: `{path}` does not vary in {}; {meant}",
            scenario.name
        )));
    }
    Ok(found)
}

/// Writes tables, charts and the manifest.
fn write(
    options: &SensitivityOptions,
    scenario: &Scenario,
    study: &Study,
    folder: &Folder,
) -> Result<(), Failure> {
    let confidence = options.intervals.confidence;
    for (name, table) in report::tables(scenario, study, confidence) {
        folder.write_with(name, |file: &mut OutputFile| table.write_csv(file))?;
    }
    let pictures = report::pictures(scenario, study, confidence);
    for (path, picture) in pictures::files(&pictures)? {
        folder.write(&path, &picture)?;
    }
    let page = SensitivityPage {
        scenario,
        study,
        confidence,
        trials: POINT_TRIALS,
        seed: options.seed.seed,
        command: &command_line(),
        made: Timestamp::now(),
    };
    let page = sensitivity_page::page(&page, pictures).to_html()?;
    folder.write(PAGE, page.as_bytes())?;
    let more = json!({
        "scenario": scenario.text,
        "set": scenario.options,
        "seed": options.seed.seed,
        "points": study.points.len(),
        "trials": POINT_TRIALS,
        "confidence": confidence,
    });
    let path = options.scenario.clone().unwrap_or_default();
    folder.write(
        crate::report::folder::MANIFEST,
        log_manifest("sensitivity", &path, more).as_bytes(),
    )?;
    Ok(())
}
