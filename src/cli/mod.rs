//! The command line: one file for each command.
//!
//! A command reads its options, has the library do the work and prints an `output::Answer` on
//! standard output; messages and progress go to standard error. A `failure::Failure` says what
//! went wrong and with which exit code the program ends. No command computes a result of its own.

mod benchmark;
mod check;
mod compare;
mod completions;
mod explore;
mod failure;
mod fit;
mod init;
mod keeping;
mod log_folder;
mod man;
mod merge;
mod options;
mod output;
mod parse;
mod parts;
mod replay;
mod run;
mod scenario_options;
mod schema;
mod sensitivity;
mod shards;
mod signals;
mod target;
mod terminal;
mod trace;
mod variants;
mod verify;
mod words;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Compares recovery strategies for a directory synchronisation server (Azure AD Connect, Microsoft
/// Entra Connect Sync) by simulation.
///
/// A scenario file says what you assume: the organisation, its faults, how people learn of them,
/// and the strategies you could choose. The program plays thousands of possible years, each with
/// every strategy in turn, and reports what the outages did: hours of downtime, users whose cloud
/// password was out of date and for how long, password resets given up, hands-on work, and cost.
#[derive(Debug, Parser)]
#[command(
    name = "outlast",
    version,
    after_help = "Try: outlast run (the built-in scenario), outlast run --help, or outlast words for \
                  what the words mean",
    after_long_help = "\
Examples:
  outlast run                      play the built-in scenario
  outlast init office.toml         write a commented scenario to start from
  outlast check office.toml        see everything that will be assumed
  outlast explore office.toml      move assumptions in the browser, see the answer move
  outlast run office.toml          play it; tables and charts go to output/office
  outlast compare office.toml --with operations.staffed=24x7
                                   the same years with one assumption changed
  outlast target office.toml --strategy \"Staging server\" --keep stale_user_hours \\
      --vary operations.detection  how slow detection may be
  outlast trace office.toml --strategy \"Staging server\" --worst cost
                                   the most expensive year, event by event
  outlast fit incidents.csv        what an incident log says about recovery times
  outlast benchmark office.toml incidents.csv
                                   whether the log supports what is assumed
  outlast verify                   check this build against exact cases
  outlast words                    what the words mean: trial, horizon, stale, p95

Exit codes:
  0  done
  1  the work failed: disk full, stopped by Ctrl-C
  2  the input was wrong: options, scenario, a folder that must not be replaced
  3  parts of a run are missing"
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::RunOptions),
    Explore(explore::ExploreOptions),
    Merge(merge::MergeOptions),
    Shards(shards::ShardsOptions),
    Check(check::CheckOptions),
    Compare(compare::CompareOptions),
    Target(target::TargetOptions),
    Trace(trace::TraceOptions),
    Fit(fit::FitOptions),
    Benchmark(benchmark::BenchmarkOptions),
    Replay(replay::ReplayOptions),
    Sensitivity(sensitivity::SensitivityOptions),
    Verify(verify::VerifyOptions),
    Init(init::InitOptions),
    Schema(schema::SchemaOptions),
    Words(words::WordsOptions),
    Completions(completions::CompletionsOptions),
    Man(man::ManOptions),
}

/// The command that these words after `outlast` ask for.
fn command(words: impl IntoIterator<Item = String>) -> Result<Command, clap::Error> {
    let words = std::iter::once("outlast".to_owned()).chain(words);
    CommandLine::try_parse_from(words).map(|line| line.command)
}

/// Runs the command that the program was started with. Options that are wrong end the program here,
/// with exit code 2. So does a shell that asks for completions, with exit code 0.
pub fn main() -> ExitCode {
    completions::answer_shell();
    terminal::fit_terminal();
    let done = match CommandLine::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Explore(options) => explore::run(&options),
        Command::Shards(options) => shards::run(&options),
        Command::Merge(options) => merge::run(&options),
        Command::Check(options) => check::check(&options),
        Command::Compare(options) => compare::run(&options),
        Command::Target(options) => target::run(&options),
        Command::Trace(options) => trace::run(&options),
        Command::Fit(options) => fit::fit(&options),
        Command::Benchmark(options) => benchmark::run(&options),
        Command::Replay(options) => replay::run(&options),
        Command::Sensitivity(options) => sensitivity::run(&options),
        Command::Verify(options) => verify::run(&options),
        Command::Init(options) => init::init(&options),
        Command::Schema(options) => schema::schema(&options),
        Command::Words(options) => words::run(&options),
        Command::Completions(options) => completions::completions(&options),
        Command::Man(options) => man::man(&options),
    };
    done.map_or_else(|failure| failure.report(), |()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn options_do_not_contradict_each_other() {
        CommandLine::command().debug_assert();
    }
}
