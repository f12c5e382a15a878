//! Where words go: answers to standard output, messages to standard error.
//!
//! Both take text with styles and drop them where they do not belong: NO_COLOR, a file, a pipe.

use super::failure::Failure;
use crate::keys::Json;
use std::io::{self, ErrorKind, Write};

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
    /// For people, at most [`WIDTH`](crate::report::text::WIDTH) columns wide, with a line end.
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
            Err(Failure::Work(format!("cannot write to standard output: {}", reason(&error))))
        }
        _ => Ok(()),
    }
}

/// Writes text to standard error. If nobody can be told, nobody can be told of that either.
pub(super) fn tell(text: &str) {
    let mut to = anstream::stderr().lock();
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}

/// What the system said, in a few words.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "no space left on the device".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
