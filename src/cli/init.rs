//! `outlast init`.

use super::failure::Failure;
use super::{output, terminal};
use crate::report::text::harmless;
use crate::scenario::DEFAULT;
use crate::scenario::questions::{AnswerError, Answers, Kind, QUESTIONS, Question, check};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Write a commented scenario to start from
///
/// It is the scenario that "outlast run" plays when it is given none: an organisation of 25,000
/// users, with a source beside every figure. Replace what you know better. An existing file is
/// never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast init office.toml
  outlast init office.toml --ask               ten questions first
  outlast init - | less                        read it first")]
pub(super) struct InitOptions {
    /// The file to write; - for standard output
    #[arg(value_name = "FILE", default_value = "scenario.toml")]
    file: PathBuf,
    /// Ask ten questions, and write a scenario of the answers
    ///
    /// Users, places, who is there when, what is watched, what you could recover with, what an hour
    /// costs. An empty answer takes the usual one. What nobody asks for stays as it is in the built-in
    /// scenario, with its source beside it.
    #[arg(long)]
    ask: bool,
}

/// How to say of a figure how sure it is; as comments, so that the scenario stays what it was.
const RANGES: &str = "
# ---------------------------------------------------------------------------------------
# How far the figures may be off. Nearly every value may carry a range, which is what you would
# bet 90 % on; a run plays the guess. Take away the # to use these lines.
#   stale_user_hour = { guess = 0.5, range = [0.05, 2.0] }
#   success = { guess = 0.95, range = [0.7, 0.99] }
#   promote = { guess = \"20m to 1h 30m\", factor = \"0.5 to 2\" }     its times, half to twice as long
#   staffed = { guess = \"office\", or = [\"24x7\"] }
#
# [uncertainty]
# together = [[\"operations.*\"], [\"fault.*.every\"]]   # these move as one
# default = { time = 2.0, rate = 3.0, price = 3.0, odds = 2.0 }   # either way, of what says nothing; or \"off\"
";

/// Writes the scenario.
pub(super) fn init(options: &InitOptions) -> Result<(), Failure> {
    let file = &options.file;
    let text = if options.ask {
        // Before anybody answers ten questions in vain.
        if file.exists() {
            return Err(there_already(file));
        }
        let stem = file.file_stem().filter(|stem| *stem != "-");
        let name = stem.map(|stem| stem.to_string_lossy().into_owned());
        asked(name.as_deref())?
    } else {
        DEFAULT.to_owned()
    };
    let text = format!("{text}{RANGES}");
    if file == Path::new("-") {
        return output::print(&text);
    }
    write_new(file, text.as_bytes()).map_err(|error| {
        let shown = file.display();
        match error.kind() {
            ErrorKind::AlreadyExists => there_already(file),
            ErrorKind::NotFound => Failure::Input(format!(
                "cannot write \"{shown}\": there is no such folder; make it first"
            )),
            _ => Failure::cannot_write(&format!("\"{shown}\""), &error),
        }
    })?;
    let shown = harmless(&file.display().to_string());
    terminal::tell(&format!(
        "wrote {shown}; edit it, then: outlast check {shown}, outlast run {shown}\n"
    ));
    Ok(())
}

fn there_already(file: &Path) -> Failure {
    let shown = file.display();
    Failure::Input(format!(
        "\"{shown}\" is there already and is not overwritten; give another name"
    ))
}

/// Asks the questions on the terminal, each until its answer is one, and gives the scenario.
fn asked(name: Option<&str>) -> Result<String, Failure> {
    let mut answers: Vec<(String, String)> = Vec::new();
    let mut lines = io::stdin().lines();
    terminal::tell("Ten questions; an empty answer takes the one in brackets.\n\n");
    for (at, question) in QUESTIONS.iter().enumerate() {
        let Question { id, ask, help, usual, .. } = question;
        terminal::tell(&format!("{}. {ask}\n   {help}\n", at + 1));
        if let Kind::Several(words) = question.kind {
            let listed = words.iter().map(|(word, is)| format!("   {word}: {is}\n"));
            terminal::tell(&listed.collect::<String>());
        }
        loop {
            terminal::tell(&format!("   [{usual}] "));
            // At the end of what is typed, the usual answers hold for the rest.
            let answer = lines.next().transpose().map_err(Failure::input)?.unwrap_or_default();
            let answer = answer.trim();
            match check(question, if answer.is_empty() { usual } else { answer }) {
                Ok(()) => answers.push(((*id).to_owned(), answer.to_owned())),
                Err(error) => {
                    terminal::tell(&format!("   {}\n", harmless(&error.message)));
                    continue;
                }
            }
            break;
        }
    }
    terminal::tell("\n");
    let wrong = |errors: Vec<AnswerError>| {
        let words: Vec<String> = errors.into_iter().map(|error| error.message).collect();
        Failure::Input(words.join("\n"))
    };
    Answers(&answers).to_toml(name).map_err(wrong)
}

/// Writes a file that must not be there yet, whole or not at all.
fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if written.is_err() {
        // It is ours: it was not there before.
        let _ = fs::remove_file(path);
    }
    written
}
