//! `outlast explore`: the live page.

use super::failure::Failure;
use super::options::{ConfidenceOption, SamplingOptions, ThreadsOption};
use super::output;
use super::parse;
use super::scenario_options::ScenarioOptions;
use super::signals::call_on_signals;
use super::terminal::tell;
use crate::evidence::fitted::Fits;
use crate::explore::server::Server;
use crate::explore::{Explorer, Settings};
use crate::report::diagnostics;
use crate::report::text::shell_word;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Move an assumption in the browser and see the answer move
///
/// Serves a page to a browser on this machine, on 127.0.0.1 only and at an address that nobody can
/// guess. Every assumption is a control: change one, and the recommendation, what would flip it, the
/// tables and the charts follow at once, from few trials first and then from as many as are asked
/// for. The same years are played each time, so what moves is due to the change. The numbers are
/// those of "outlast run" with the same changes, trials and seed.
///
/// What was changed stands in the address of the page, and can be saved as a scenario or as a report.
/// It ends with Ctrl-C, or with the button on the page.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast explore                              the built-in scenario
  outlast explore office.toml                  your own
  outlast explore office.toml --no-open        only print the address
  outlast explore office.toml --trials 100000  narrower intervals in the end")]
pub(super) struct ExploreOptions {
    /// The scenario file (TOML); without one, the built-in scenario
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    changes: ScenarioOptions,
    /// How many trials to play after each change
    #[arg(long, short = 'n', value_name = "N", default_value = "10000",
        value_parser = parse::trials, allow_negative_numbers = true)]
    trials: u64,
    /// The port to listen on; by default, any that is free
    #[arg(long, value_name = "PORT", default_value = "0", hide_default_value = true)]
    port: u16,
    /// Print the address, and open no browser
    #[arg(long)]
    no_open: bool,
    #[command(flatten)]
    sampling: SamplingOptions,
    #[command(flatten)]
    threads: ThreadsOption,
    #[command(flatten)]
    intervals: ConfidenceOption,
}

/// Serves the page until it is ended.
pub(super) fn run(options: &ExploreOptions) -> Result<(), Failure> {
    let fits = Fits { threads: options.threads.count(), ..Fits::default() };
    let mut spec = options.changes.spec(options.scenario.as_deref(), fits)?;
    // What is wrong with the file is said here: the page begins with one that can be played.
    tell(&diagnostics::warnings(&spec.compile()?));
    let file = options.scenario.iter().map(|file| file.display().to_string());
    let settings = Settings {
        seed: options.sampling.seed.seed,
        threads: options.threads.count(),
        confidence: options.intervals.confidence,
        plain: options.sampling.plain,
        trials: options.trials,
        words: file.chain(options.changes.words().map(str::to_owned)).collect(),
        quote: shell_word,
    };
    let server = Server::bind(Explorer::new(spec, settings), options.port).map_err(|error| {
        let port = options.port;
        Failure::Work(format!("cannot listen on port {port} of 127.0.0.1: {error}"))
    })?;
    let ender = server.ender();
    call_on_signals(move || ender.end())?;
    output::print(&format!("{}\n", server.address()))?;
    let is_opened = !options.no_open && server.once().is_some_and(|address| open(&address));
    tell(if is_opened {
        "The page opens in your browser. Ctrl-C ends it.\n"
    } else {
        "Open this address in a browser on this machine. Ctrl-C ends it.\n"
    });
    server.serve().map_err(|error| Failure::Work(format!("cannot serve the page: {error}")))
}

/// Opens an address in the browser of the user, if there is one to be found.
fn open(address: &str) -> bool {
    let words: &[&str] = if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(windows) {
        &["explorer"]
    } else {
        &["xdg-open"]
    };
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(address);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok_and(|mut opener| {
        // It is waited for, so that it does not stay behind as a dead process.
        std::thread::spawn(move || opener.wait());
        true
    })
}
