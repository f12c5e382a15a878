//! Answers: what a command has to say, in the form that was asked for, to standard output.

use super::failure::Failure;
use crate::keys::Json;
use crate::report::text::{count, harmless, shell_word};
use crate::report::words::robustness::{FIRST_FLIP, RobustnessWords};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// The form in which an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For scripts: one JSON object
    Json,
}

/// What a command has to say, in every form.
pub(super) trait Answer {
    /// For people, at most [`width`](crate::report::text::width) columns wide, with a line end.
    fn text(&self) -> String;

    /// For scripts.
    fn json(&self) -> Json;
}

/// The command as it was given, to be pasted into a shell.
pub(super) fn command_line() -> String {
    let words = std::env::args().skip(1).map(|word| shell_word(&word));
    ["outlast".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// The command that shows the first flip happen, on lines of its own so that it can be copied.
pub(super) fn first_flip(words: &RobustnessWords) -> String {
    let command = words.first_flip.as_ref();
    command.map_or(String::new(), |command| format!("{FIRST_FLIP}\n  {}\n", harmless(command)))
}

/// The last part of a path, which names the file to people.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The files of a folder in a sentence: tables and pages by name, charts by their number.
pub(super) fn written(files: &[String]) -> String {
    let is_drawn =
        |file: &&String| ["svg", "png"].iter().any(|ending| file.ends_with(&format!(".{ending}")));
    let light = |file: &&String| file.ends_with(".svg") && !file.contains("/dark/");
    let charts = files.iter().filter(light).count();
    let mut named: Vec<String> = files.iter().filter(|file| !is_drawn(file)).cloned().collect();
    if charts > 0 {
        named.push(format!("{} (SVG and PNG, light and dark)", count(charts, "chart")));
    }
    format!("Written: {}.", named.join(", "))
}

/// Prints an answer.
pub(super) fn answer(answer: &impl Answer, format: Format) -> Result<(), Failure> {
    match format {
        Format::Text => print(&answer.text()),
        Format::Json => print(&format!("{:#}\n", answer.json())),
    }
}

/// Prints text on standard output. A reader who has seen enough and went away is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut to = anstream::stdout().lock();
    match to.write_all(text.as_bytes()).and_then(|()| to.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::cannot_write("to standard output", &error))
        }
        _ => Ok(()),
    }
}
