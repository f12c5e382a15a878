//! `outlast shards`: scripts that play a run on many machines.

mod templates;

use super::failure::Failure;
use super::options::SamplingOptions;
use super::output::{self, shell_word};
use super::parse;
use super::scenario_options::ScenarioOptions;
use crate::report::text::count;
use crate::scenario::Scenario;
use crate::shards::{Origin, Store, shard};
use std::path::PathBuf;
use templates::{Engine, Job};

/// Print a script that plays a run on many machines
///
/// The script has an engine that you have already start one outlast run --shard for each shard, on as
/// many machines as there are, and start it again where it died. Every shard writes one file; a file
/// that is there is done. In the end outlast merge puts the files together, to the bit of a run on one
/// machine. Run the script again with --missing to play only what is not there.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast shards office.toml -n 10000000 --shards 100 --for slurm > job.sh
  sbatch job.sh
  outlast shards office.toml -n 10000000 --shards 100 --for slurm --missing parts > again.sh
  outlast merge parts

Which engine when: docs/scaling.md")]
pub(super) struct ShardsOptions {
    /// The scenario file (TOML), at a path that every machine sees; without one, the built-in scenario
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
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
    let scenario = options.changes.load(options.scenario.as_deref())?;
    let shards = options.wanted()?;
    if shards.is_empty() {
        return Err(Failure::Input(format!(
            "all {} are there; outlast merge puts them together",
            count(options.shards, "shard")
        )));
    }
    let folder = options.output.as_ref().or(options.missing.as_ref());
    let folder = folder.map_or_else(|| "parts".to_owned(), |folder| folder.display().to_string());
    let job = Job {
        command: options.command(&scenario),
        name: scenario.name,
        folder: shell_word(&folder),
        shards,
        count: options.shards,
        trials: options.trials,
        threads: options.threads,
    };
    output::print(&job.script(options.engine))
}

impl ShardsOptions {
    /// The numbers of the shards to play.
    fn wanted(&self) -> Result<Vec<u64>, Failure> {
        let all: Vec<u64> = (1..=self.shards).collect();
        let Some(folder) = &self.missing else { return Ok(all) };
        let Some(store) = Store::open(std::slice::from_ref(folder))? else { return Ok(all) };
        let found = store.origin.trials;
        if found != self.trials {
            return Err(Failure::Input(format!(
                "the parts in {} are of a run of {found} trials, and this one has {}; say --trials {found}",
                folder.display(),
                self.trials,
            )));
        }
        let missing = store.missing();
        let ranges =
            all.into_iter().map(|number| (number, shard(number, self.shards, self.trials)));
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
    fn command(&self, scenario: &Scenario) -> String {
        let seed = self.sampling.seed.seed;
        let run = (seed, self.trials, self.sampling.design(scenario));
        let origin = Origin::new(scenario, run, self.changes.is_forced(), "uncertain");
        let threads = ["--threads".to_owned(), self.threads.to_string(), "--quiet".to_owned()];
        let words = ["outlast".to_owned()].into_iter().chain(origin.words()).chain(threads);
        words.map(|word| shell_word(&word)).collect::<Vec<_>>().join(" ")
    }
}
