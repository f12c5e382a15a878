//! `outlast merge`: the parts of some work put together.

use super::failure::Failure;
use super::{Command, compare, parse, run, sensitivity};
use crate::report::text::{count, grouped, shell_word};
use crate::shards::{RunWork, Store, Work};
use std::path::PathBuf;

/// Put the parts of a run, of a sweep or of a study together
///
/// Takes the files that --shard and --range of run, compare --sweep or sensitivity wrote, and writes
/// and prints what the whole command on one machine would, to the bit. Parts of anything else are
/// refused with what differs, and so are parts that hold the same trials or points. If some are missing,
/// it says which and how to play them, and ends with exit code 3.
///
/// Of a run and a sweep nothing is played again. Of sensitivity the parts hold the points of the sample;
/// what these settle (both ends of each assumption, total indices) is played here.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast run office.toml -n 1000000 --shard 1/4 -o parts     on one machine
  outlast run office.toml -n 1000000 --shard 2/4 -o parts     on another, and so on
  outlast merge parts                                         when all are there
  outlast sensitivity office.toml --shard 1/4 -o points       the same for other commands

Exit codes:
  0  done
  1  the work failed
  2  the parts do not belong together, or one of them is damaged
  3  trials or points are missing")]
pub(super) struct MergeOptions {
    /// Folders with parts, or the files
    #[arg(value_name = "DIR", required = true)]
    parts: Vec<PathBuf>,
    /// Of a run: write every trial as well, to trials.csv; the parts must have been played with --raw
    /// too
    #[arg(long, help_heading = "Output")]
    pub(super) raw: bool,
    /// Of a run: confidence level of intervals and verdicts, between 0 and 1; by default 0.95
    #[arg(long, value_name = "P", value_parser = parse::confidence, allow_negative_numbers = true,
        help_heading = "Computation")]
    pub(super) confidence: Option<f64>,
    #[command(flatten)]
    pub(super) outcome: run::OutcomeOptions,
}

/// How many missing ranges are told.
const TOLD: usize = 20;

/// Puts the parts together.
pub(super) fn run(options: &MergeOptions) -> Result<(), Failure> {
    let Some(store) = Store::open(&options.parts)? else {
        let shown: Vec<String> =
            options.parts.iter().map(|path| path.display().to_string()).collect();
        return Err(Failure::Incomplete(format!(
            "there is no part in {}; outlast run --shard I/N -o DIR writes one",
            shown.join(", ")
        )));
    };
    let command = command(&store)?;
    if let Work::Run(RunWork { goal: Some(goal), .. }) = &store.origin.work {
        return Err(Failure::Input(format!(
            "a run that plays until a goal ({}) kept these parts; only the same command with --resume \
             goes on with them, since what it plays is settled by what it has played",
            goal.join(" ")
        )));
    }
    if !store.missing().is_empty() {
        return Err(Failure::Incomplete(incomplete(&store, options)));
    }
    match command {
        Command::Run(work) => run::merge(work, &store, options),
        Command::Compare(mut work) => {
            options.refuse_what_is_of_runs(work.confidence(), &store)?;
            work.take(&options.outcome);
            compare::merge(&work, &store)
        }
        Command::Sensitivity(mut work) => {
            options.refuse_what_is_of_runs(work.confidence(), &store)?;
            work.take(&options.outcome);
            sensitivity::merge(&work, &store)
        }
        _ => Err(Failure::Input("these parts are of no work that can be put together".to_owned())),
    }
}

impl MergeOptions {
    /// Parts of points hold intervals and no trials, so that some options have nothing to do.
    fn refuse_what_is_of_runs(&self, confidence: f64, store: &Store) -> Result<(), Failure> {
        let called = store.origin.work.called();
        let outcome = &self.outcome;
        let given = [
            (self.raw, "--raw"),
            (outcome.xlsx, "--xlsx"),
            (outcome.no_robustness, "--no-robustness"),
        ];
        if let Some((_, option)) = given.into_iter().find(|(is_given, _)| *is_given) {
            return Err(Failure::Input(format!(
                "{option} is for the parts of a run, and these are of {called}; leave it out"
            )));
        }
        match self.confidence {
            Some(other) if other != confidence => Err(Failure::Input(format!(
                "the parts of {called} hold intervals for --confidence {confidence}, which merge cannot \
                 change; leave --confidence out"
            ))),
            _ => Ok(()),
        }
    }
}

/// The command whose work the parts are of.
fn command(store: &Store) -> Result<Command, Failure> {
    let origin = &store.origin;
    let here = env!("CARGO_PKG_VERSION");
    if origin.version != here {
        return Err(Failure::Input(format!(
            "the parts are of version {} of the program, and this is version {here}; put them together \
             with theirs",
            origin.version
        )));
    }
    super::command(origin.words()).map_err(Failure::input)
}

/// What is missing, and the commands that play it.
fn incomplete(store: &Store, options: &MergeOptions) -> String {
    let missing = store.missing();
    let lacking: u64 = missing.iter().map(|range| range.end - range.start).sum();
    let origin = &store.origin;
    let mut text = format!(
        "not complete: {} of {} {}s are missing from {}; these commands play them:",
        grouped(lacking),
        grouped(origin.work.count()),
        origin.work.unit(),
        count(store.count() as u64, "part"),
    );
    let folder = options.parts.iter().find(|path| path.is_dir());
    for range in missing.iter().take(TOLD) {
        let range = ["--range".to_owned(), format!("{}..{}", range.start, range.end)];
        let folder = folder.map(|folder| ["-o".to_owned(), folder.display().to_string()]);
        let words = origin.words().into_iter().chain(range).chain(folder.into_iter().flatten());
        let command: Vec<String> = words.map(|word| shell_word(&word)).collect();
        text += &format!("\n  outlast {}", command.join(" "));
    }
    if missing.len() > TOLD {
        text += &format!("\n  and {} ranges more", grouped((missing.len() - TOLD) as u64));
    }
    text
}
