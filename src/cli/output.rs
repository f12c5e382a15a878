//! Where words go: answers to standard output, messages to standard error.
//!
//! Both take text with styles and drop them where they do not belong: NO_COLOR, a file, a pipe.

use super::failure::Failure;
use crate::keys::Json;
use std::io::{self, ErrorKind, Write};

/// Columns that an answer for people may take.
pub(super) const WIDTH: usize = 80;

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
    /// For people, at most [`WIDTH`] columns wide, with a line end.
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

/// The text with control characters shown as a mark, so that a name cannot steer the terminal.
pub(super) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Breaks text between words so that its lines fit, where words allow; at least one line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        let space = usize::from(used > 0);
        match lines.last_mut() {
            Some(line) if used == 0 || used + space + length <= width => {
                line.push_str(if used > 0 { " " } else { "" });
                line.push_str(word);
                used += space + length;
            }
            _ => {
                lines.push(word.to_owned());
                used = length;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jé\n"), "a\u{fffd}[2Jé\u{fffd}");
    }

    #[test]
    fn a_long_word_has_a_line_of_its_own() {
        assert_eq!(wrap("a verylongword b c", 5), ["a", "verylongword", "b c"]);
        assert_eq!(wrap("", 5), [""]);
    }
}
