//! What can end a command before it is done, what the user is told, and the exit code.

use super::terminal;
use crate::benchmark::BenchmarkError;
use crate::keys::Finding;
use crate::report::charts::ChartError;
use crate::report::diagnostics;
use crate::report::folder::FolderError;
use crate::report::text::harmless;
use crate::scenario::ScenarioError;
use crate::shards::PartError;
use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::process::ExitCode;

/// Why a command was not done.
#[derive(Debug)]
pub(super) enum Failure {
    /// What the user gave is wrong. Exit code 2.
    Input(String),
    /// The scenario is wrong. Exit code 2.
    Scenario {
        /// All errors and warnings.
        findings: Vec<Finding>,
        /// The text that they point into.
        text: String,
        /// The name of the file.
        name: String,
    },
    /// The work failed. Exit code 1.
    Work(String),
    /// The user stopped a run whose output was to be that folder. Exit code 1.
    Stopped(PathBuf),
    /// The user stopped a run that keeps what it has played there. Exit code 1.
    Kept {
        /// Where.
        folder: PathBuf,
    },
    /// Parts of a run are missing: what to do. Exit code 3.
    Incomplete(String),
    /// The user stopped the search for a trial. Exit code 1.
    StoppedSearch,
}

impl Failure {
    /// What the user gave is wrong, as the error says.
    pub(super) fn input(error: impl Display) -> Failure {
        Failure::Input(error.to_string())
    }

    /// The system refused to write; `what` is a file or "to standard output".
    pub(super) fn cannot_write(what: &str, error: &io::Error) -> Failure {
        let reason = match error.kind() {
            ErrorKind::StorageFull => "no space left on the device".to_owned(),
            ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        Failure::Work(format!("cannot write {what}: {reason}"))
    }

    /// Tells the user, and gives the exit code.
    pub(super) fn report(&self) -> ExitCode {
        let (message, code) = match self {
            Failure::Input(message) => (error(message), 2),
            Failure::Scenario { findings, text, name } => {
                (diagnostics::render(findings, text, name, true), 2)
            }
            Failure::Work(message) => (error(message), 1),
            Failure::Stopped(folder) => {
                let folder = harmless(&folder.display().to_string());
                (format!("stopped; {folder} is unchanged\n"), 1)
            }
            Failure::Kept { folder } => {
                let folder = harmless(&folder.display().to_string());
                let go_on = "the same command with --resume goes on from there";
                (format!("stopped; what was played is kept in {folder}: {go_on}\n"), 1)
            }
            Failure::Incomplete(message) => (error(message), 3),
            Failure::StoppedSearch => ("stopped; no trial was found\n".to_owned(), 1),
        };
        terminal::tell(&message);
        ExitCode::from(code)
    }
}

fn error(message: &str) -> String {
    let style = clap::builder::Styles::styled().get_error().to_owned();
    let lines: Vec<String> = message.lines().map(harmless).collect();
    format!("{style}error:{style:#} {}\n", lines.join("\n"))
}

impl From<ScenarioError> for Failure {
    fn from(error: ScenarioError) -> Self {
        match error {
            ScenarioError::Load(_) | ScenarioError::Path(_) => Failure::input(error),
            ScenarioError::Wrong { findings, text, name } => {
                Failure::Scenario { findings, text, name }
            }
        }
    }
}

impl From<PartError> for Failure {
    fn from(error: PartError) -> Self {
        if error.is_input() { Failure::input(error) } else { Failure::Work(error.to_string()) }
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        if error.is_refusal() { Failure::input(error) } else { Failure::Work(error.to_string()) }
    }
}

impl From<ChartError> for Failure {
    fn from(error: ChartError) -> Self {
        Failure::Work(format!("cannot draw a chart: {error}"))
    }
}

impl From<BenchmarkError> for Failure {
    fn from(error: BenchmarkError) -> Self {
        match error {
            BenchmarkError::Stopped => Failure::Work("stopped".to_owned()),
            BenchmarkError::Scenario(error) => error.into(),
            other => Failure::input(other),
        }
    }
}
