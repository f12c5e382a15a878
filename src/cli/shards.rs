//! `outlast shards`: scripts that play a run on many machines.

mod templates;

use super::failure::Failure;
use super::options::SamplingOptions;
use super::output;
use super::parse;
use super::scenario_options::ScenarioOptions;
use super::{Command, compare, run, sensitivity};
use crate::report::text::{count, shell_word};
use crate::shards::{Origin, Store, shard};
use std::path::PathBuf;
use templates::{Engine, Job};

/// Print a script that plays a run, or the points of a study, on many machines
///
/// The script has an engine that you have already start one command with --shard for each shard, on as
/// many machines as there are, and start it again where it died. Every shard writes one file; a file
/// that is there is done. In the end outlast merge puts the files together, to the bit of one machine.
/// Run the script again with --missing to play only what is not there.
///
/// With SCENARIO it is a run that is divided; any other command that can be divided stands after --.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast shards office.toml -n 10000000 --shards 100 --for slurm > job.sh
  sbatch job.sh
  outlast shards office.toml -n 10000000 --shards 100 --for slurm --missing parts > again.sh
  outlast merge parts
  outlast shards --shards 20 --for slurm -- sensitivity office.toml --points 65536

Which engine when: docs/scaling.md")]
pub(super) struct ShardsOptions {
    /// The scenario file (TOML), at a path that every machine sees; without one, the built-in scenario
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    /// After --, the command that is to be divided, with its options as on one machine: run,
    /// compare --sweep or sensitivity
    #[arg(last = true, value_name = "COMMAND", conflicts_with_all = ["scenario", "set", "force", "trials",
        "seed", "plain"])]
    work: Vec<String>,
    #[command(flatten)]
    changes: ScenarioOptions,
    /// How many shards
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    shards: u64,
    /// The engine that starts them
    #[arg(long = "for", value_name = "ENGINE", value_enum)]
    engine: Engine,
    /// How many trials the whole run has
    #[arg(long, short = 'n', value_name = "N", default_value = "10000",
        value_parser = parse::trials, allow_negative_numbers = true)]
    trials: u64,
    #[command(flatten)]
    sampling: SamplingOptions,
    /// Threads of each shard
    #[arg(long, short, value_name = "T", default_value = "1",
        value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Only the shards that are not in this folder
    #[arg(long, value_name = "DIR")]
    missing: Option<PathBuf>,
    /// The folder for the parts, which every machine sees; by default, that of --missing, or parts
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Prints the script.
pub(super) fn run(options: &ShardsOptions) -> Result<(), Failure> {
    let origin = options.origin()?;
    let shards = options.wanted(&origin)?;
    if shards.is_empty() {
        return Err(Failure::Input(format!(
            "all {} are there; outlast merge puts them together",
            count(options.shards, "shard")
        )));
    }
    let folder = options.output.as_ref().or(options.missing.as_ref());
    let folder = folder.map_or_else(|| "parts".to_owned(), |folder| folder.display().to_string());
    let job = Job {
        command: options.command(&origin),
        folder: shell_word(&folder),
        shards,
        count: options.shards,
        whole: (origin.work.count(), origin.work.unit()),
        threads: options.threads,
        name: origin.name,
    };
    output::print(&job.script(options.engine))
}

/// The work that these words after `outlast` ask for.
fn origin(words: Vec<String>) -> Result<Origin, Failure> {
    match super::command(words).map_err(|error| Failure::Input(told(&error)))? {
        Command::Run(work) => run::origin(work),
        Command::Compare(work) => compare::origin(&work),
        Command::Sensitivity(work) => sensitivity::origin(&work),
        _ => Err(Failure::Input(
            "only run, compare --sweep and sensitivity can be divided; write one of them after --"
                .to_owned(),
        )),
    }
}

/// What is wrong with the options of a command, without the word that is put before it.
fn told(error: &clap::Error) -> String {
    let text = error.render().to_string();
    text.strip_prefix("error: ").unwrap_or(&text).trim_end().to_owned()
}

impl ShardsOptions {
    /// The work that is divided.
    fn origin(&self) -> Result<Origin, Failure> {
        if !self.work.is_empty() {
            return origin(self.work.clone());
        }
        let mut words = vec!["run".to_owned()];
        words.extend(self.scenario.as_ref().map(|file| file.display().to_string()));
        words.extend(self.changes.words().map(str::to_owned));
        words.extend(["--trials".to_owned(), self.trials.to_string()]);
        words.extend(["--seed".to_owned(), self.sampling.seed.seed.to_string()]);
        words.extend(self.sampling.plain.then(|| "--plain".to_owned()));
        origin(words)
    }

    /// The numbers of the shards to play.
    fn wanted(&self, origin: &Origin) -> Result<Vec<u64>, Failure> {
        let all: Vec<u64> = (1..=self.shards).collect();
        let Some(folder) = &self.missing else { return Ok(all) };
        let Some(store) = Store::open(std::slice::from_ref(folder))? else { return Ok(all) };
        if let Some(field) = store.origin.difference(origin) {
            return Err(Failure::Input(format!(
                "the parts in {} are not of what is asked for here: {field}",
                folder.display()
            )));
        }
        let missing = store.missing();
        let whole = origin.work.count();
        let ranges = all.into_iter().map(|number| (number, shard(number, self.shards, whole)));
        let mut wanted = Vec::new();
        let mut lacking = 0;
        for (number, range) in ranges {
            let inside = |gap: &std::ops::Range<u64>| {
                gap.end.min(range.end).saturating_sub(gap.start.max(range.start))
            };
            let open: u64 = missing.iter().map(inside).sum();
            if open == range.end - range.start && open > 0 {
                wanted.push(number);
                lacking += open;
            }
        }
        let open: u64 = missing.iter().map(|gap| gap.end - gap.start).sum();
        if lacking < open {
            return Err(Failure::Input(format!(
                "what is missing in {} is no whole number of {}; outlast merge lists it in ranges",
                folder.display(),
                count(self.shards, "shard")
            )));
        }
        Ok(wanted)
    }

    /// The command of a shard, up to its number.
    fn command(&self, origin: &Origin) -> String {
        let threads = ["--threads".to_owned(), self.threads.to_string(), "--quiet".to_owned()];
        let words = ["outlast".to_owned()].into_iter().chain(origin.words()).chain(threads);
        words.map(|word| shell_word(&word)).collect::<Vec<_>>().join(" ")
    }
}
