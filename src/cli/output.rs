//! Answers: what a command has to say, in the form that was asked for, to standard output.

use super::failure::Failure;
use crate::keys::Json;
use std::io::{ErrorKind, Write};

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
