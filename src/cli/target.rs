//! `outlast target`: how far an input may go, where two strategies break even, and a decision map.

mod answer;
mod map;

use super::failure::Failure;
use super::log_folder::LogFolder;
use super::options::{
    ConfidenceOption, FormatOption, SamplingOptions, ThreadsOption, known, strategy,
};
use super::scenario_options::ScenarioOptions;
use super::signals::stop_on_signals;
use super::terminal::bar;
use super::{output, parse};
use crate::evidence::fitted::Fits;
use crate::keys::Json;
use crate::metric::Metric;
use crate::report::manifest::command_manifest;
use crate::report::pictures;
use crate::report::targets::{self, Answer};
use crate::scenario::{Criterion, Dial, DialError, DialUnit, Scenario, Spec};
use crate::study::crossing::Range;
use crate::study::target::{Question, TargetError, TargetOptions as Playing, target};
use answer::{TargetAnswer, TargetAnswers};
use serde_json::json;
use std::path::PathBuf;

/// Find the value of an input at which something changes
///
/// With --keep: the largest or smallest value at which a strategy still keeps a tolerance of the
/// scenario. With --between: the value at which two strategies have the same mean cost. With two
/// --vary: a map of the values of both, with the strategy that is the choice in each place and the
/// band in which the trials leave it open.
///
/// Every value is played over the same worlds, and the answer comes with the interval that chance
/// leaves. "Every value is good enough" and "no value is" are answers too.
///
/// A number, price, probability or duration is varied itself. Of a distribution its times are
/// scaled: 2 is twice as long, whatever the family.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast target office.toml --strategy \"Staging server\" --keep stale_user_hours \\
      --vary operations.detection          how slow detection may be
  outlast target office.toml --keep restore_hours --vary operations.detection
                                           the same for every strategy
  outlast target office.toml --strategy \"Staging server\" --keep restore_hours \\
      --vary \"strategy.Staging server.staging.success\" --from 0.5 --to 1
                                           how reliable a promotion must be
  outlast target office.toml --between \"Staging server\" \"Repair in place only\" \\
      --vary costs.stale_user_hour         the price at which the standby pays
  outlast target office.toml --vary costs.stale_user_hour --vary \"fault.server crash.every\"
                                           which strategy is the choice where
  outlast target office.toml … -o output/target      tables and chart")]
pub(super) struct TargetOptions {
    /// The scenario file (TOML); without one, the built-in scenario
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    changes: ScenarioOptions,
    /// The input to vary: a path as for --set; give it twice for a map
    #[arg(long, value_name = "PATH", required = true)]
    vary: Vec<String>,
    /// Where the values begin; by default, where the range of the input does that the scenario
    /// states, else at a tenth of what is assumed. For a map: one for each --vary, in the same order
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    from: Vec<String>,
    /// Where they end; by default, where that range does, else at ten times what is assumed
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    to: Vec<String>,
    /// With --keep: the strategy that is to keep the tolerance, by its name in the scenario; by
    /// default, each of them in turn
    #[arg(long, value_name = "NAME", requires = "keep")]
    strategy: Option<String>,
    /// The tolerance, by what it limits: a metric, or restore_hours
    #[arg(long, value_name = "CRITERION", value_parser = parse::criterion,
        conflicts_with = "between")]
    keep: Option<Criterion>,
    /// Two strategies that are to break even; for a map, the only ones to choose from
    #[arg(long, value_names = ["NAME", "NAME"], num_args = 2)]
    between: Vec<String>,
    /// With --between: the metric whose means are compared; by default, the cost
    #[arg(long, value_name = "METRIC", value_parser = parse::metric, requires = "between")]
    metric: Option<Metric>,
    /// For a map: how many values of each input
    #[arg(long, value_name = "N", default_value = "12",
        value_parser = clap::value_parser!(u16).range(2..=30))]
    points: u16,
    /// How many trials to play at each value; by default 10000, and 2000 for a map
    #[arg(long, short = 'n', value_name = "N", value_parser = parse::trials,
        allow_negative_numbers = true)]
    trials: Option<u64>,
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
}

/// Trials at each value.
const TRIALS: u64 = 10_000;

/// Answers.
pub(super) fn run(options: &TargetOptions) -> Result<(), Failure> {
    let spec = options.changes.spec(options.scenario.as_deref(), Fits::default())?;
    let scenario = spec.clone().compile()?;
    match &options.vary[..] {
        [path] => one(options, &spec, &scenario, path),
        [_, _] => map::run(options, &spec, &scenario),
        _ => Err(Failure::Input("--vary takes one input or two; leave the others out".into())),
    }
}

/// One input.
fn one(
    options: &TargetOptions,
    spec: &Spec,
    scenario: &Scenario,
    path: &str,
) -> Result<(), Failure> {
    let questions = options.questions(scenario)?;
    let dial = Dial::of(spec, path)?;
    let range = options.range(spec, &dial, 0)?;
    let stop = stop_on_signals()?;
    if questions.len() > 1 && options.output.is_some() {
        let why = "tables and a chart are of one strategy; give --strategy with --output";
        return Err(Failure::Input(why.to_owned()));
    }
    let folder = LogFolder::begin(options.output.as_deref(), &targets::FILES)?;
    let playing = Playing {
        seed: options.sampling.seed.seed,
        trials: options.trials.unwrap_or(TRIALS),
        threads: options.threads.count(),
        confidence: options.intervals.confidence,
        strata: !options.sampling.plain,
    };
    let bar = bar("{spinner} {human_pos} values played", true);
    let mut found = Vec::new();
    let mut before = 0;
    for question in &questions {
        let told = |values| bar.set_position((before + values) as u64);
        let search = target(spec, &dial, range, *question, &playing, &stop, told);
        let search = search.map_err(|error| options.failure(error))?;
        before += search.readings.len();
        found.push(search);
    }
    bar.finish_and_clear();
    let answers: Vec<Answer<'_>> = questions
        .iter()
        .zip(&found)
        .map(|(question, search)| Answer {
            scenario,
            dial: &dial,
            question: *question,
            search,
            range: (range.from, range.to),
            trials: playing.trials,
            confidence: playing.confidence,
        })
        .collect();
    let seed = playing.seed;
    if let [answer] = &answers[..] {
        let files = folder.map(|folder| {
            let (tables, pictures) =
                (targets::tables(answer), pictures::files(&targets::pictures(answer))?);
            folder.fill_with(tables, pictures, &options.manifest(scenario, playing.trials))
        });
        let files = files.transpose()?.unwrap_or_default();
        let said = TargetAnswer { answer: *answer, seed, files };
        return output::answer(&said, options.printing.format);
    }
    output::answer(&TargetAnswers { answers, seed }, options.printing.format)
}

impl TargetOptions {
    /// What is asked: of one strategy, or of each in turn.
    fn questions<'a>(&'a self, scenario: &'a Scenario) -> Result<Vec<Question<'a>>, Failure> {
        if let Some(criterion) = self.keep {
            let named = self.strategy.as_deref().map(|name| strategy(scenario, name));
            let one = named.transpose()?;
            let all = (0..scenario.strategies.len()).filter(|at| one.is_none_or(|one| one == *at));
            let keep = |at: usize| Question::Keep {
                strategy: scenario.strategies[at].name.as_str(),
                criterion,
            };
            let questions: Vec<Question<'_>> = all.map(keep).collect();
            if questions.iter().any(|question| question.level(scenario).is_none()) {
                let known: Vec<&str> =
                    scenario.tolerances.iter().map(|one| one.criterion.name()).collect();
                let known = match &known[..] {
                    [] => "it has none: add a [tolerance] table".to_owned(),
                    some => format!("it has {}", some.join(", ")),
                };
                let name = criterion.name();
                let message = format!("the scenario has no tolerance for {name}; {known}");
                return Err(Failure::Input(message));
            }
            return Ok(questions);
        }
        let [first, second] = &self.between[..] else {
            return Err(Failure::Input(
                "nothing to look for; give --keep, or --between two strategies, or \
                 a second --vary for a map (see outlast target --help)"
                    .to_owned(),
            ));
        };
        let places = [strategy(scenario, first)?, strategy(scenario, second)?];
        if places[0] == places[1] {
            let why = "--between names the same strategy twice; name two different ones";
            return Err(Failure::Input(why.to_owned()));
        }
        let metric = known(scenario, self.metric.unwrap_or(Metric::Cost))?;
        Ok(vec![Question::Between { strategies: [first, second], metric }])
    }

    /// The range of the `place`-th input that varies.
    fn range(&self, spec: &Spec, dial: &Dial, place: usize) -> Result<Range, Failure> {
        const FACTOR: f64 = 10.0;
        let given = |ends: &[String]| ends.get(place).map(|text| dial.parse(text)).transpose();
        let (from, to) = (given(&self.from)?, given(&self.to)?);
        let assumed = dial.assumed;
        let (from, to) = match (dial.stated, from, to) {
            (Some([low, high]), None, None) => (Some(low), Some(high)),
            _ => (from, to),
        };
        if assumed <= 0.0 && (from.is_none() || to.is_none()) {
            return Err(Failure::Input(format!(
                "{} is {} as it stands, so ten times as much is no range; give --from and --to",
                dial.path,
                dial.show_assumed()
            )));
        }
        let whole = dial.unit == DialUnit::Whole;
        let round = |value: f64| if whole { value.round() } else { value };
        let from = from.unwrap_or_else(|| round(assumed / FACTOR));
        // What may not be above 1, such as a probability, ends there.
        let most = |value: f64| match dial.at(spec, value) {
            Err(_) if assumed <= 1.0 && dial.at(spec, 1.0).is_ok() => 1.0,
            _ => value,
        };
        let to = to.unwrap_or_else(|| most(round(assumed * FACTOR)));
        if from >= to {
            return Err(Failure::Input(format!(
                "{}: the values from {} to {} are no range; --from must be below --to",
                dial.path,
                dial.show(from),
                dial.show(to)
            )));
        }
        Ok(Range { from, to, whole, assumed })
    }

    fn failure(&self, error: TargetError) -> Failure {
        match (error, &self.output) {
            (TargetError::Scenario(error), _) => error.into(),
            (TargetError::Stopped, Some(target)) => Failure::Stopped(target.clone()),
            (TargetError::Stopped, None) => Failure::Work("stopped".to_owned()),
        }
    }

    fn manifest(&self, scenario: &Scenario, trials: u64) -> String {
        let path = scenario.path.as_ref().map(|path| path.display().to_string());
        let more: Json = json!({
            "scenario": { "name": scenario.name, "path": path, "text": scenario.text },
            "set": scenario.options,
            "seed": self.sampling.seed.seed,
            "trials": trials,
            "plain": self.sampling.plain,
            "confidence": self.intervals.confidence,
        });
        command_manifest("target", more)
    }
}

impl From<DialError> for Failure {
    fn from(error: DialError) -> Self {
        match error {
            DialError::Scenario(error) => error.into(),
            other => Failure::input(other),
        }
    }
}
