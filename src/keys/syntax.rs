//! Syntax errors of a document as findings.
//!
//! The parser recovers after each error, and one slip often makes it complain several times: a
//! bracket that is never closed turns the rest of the file into errors. Only what a person would
//! call one mistake is kept: one error a line, and for an unclosed bracket the bracket alone.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeValue, Error};

use super::node::shorten;
use super::{Finding, Severity};

/// A syntax error, and the part of the document that cannot be trusted because of it.
#[derive(Debug, Clone)]
pub(super) struct Slip {
    pub(super) finding: Finding,
    hides: Range<usize>,
}

impl Slip {
    /// Whether a finding about values is better left out: it has no place, or stands where this
    /// error made the text unreadable.
    pub(super) fn overshadows(&self, finding: &Finding) -> bool {
        let hidden =
            |span: &Range<usize>| self.hides.start <= span.start && span.start <= self.hides.end;
        finding.span.as_ref().is_none_or(hidden)
    }
}

/// The parser's errors in the order of the document, without repetitions.
pub(super) fn slips(text: &str, root: &Spanned<DeValue<'_>>, errors: &[Error]) -> Vec<Slip> {
    let mut unclosed = Vec::new();
    if errors.iter().any(|error| error.message().starts_with("unclosed")) {
        collect_unclosed(text, root, &mut unclosed);
    }
    let swallowed = |span: &Range<usize>| {
        unclosed.iter().any(|open| open.start <= span.start && span.start <= open.end)
    };
    let lines = |error: &Error| {
        let finding = finding(text, error);
        let hides = finding.span.as_ref().map_or(0..0, |span| line_of(text, span));
        Slip { finding, hides }
    };
    let brackets =
        unclosed.iter().map(|open| Slip { finding: bracket(text, open), hides: open.clone() });
    let mut slips: Vec<Slip> = errors
        .iter()
        .filter(|error| !error.span().is_some_and(|span| swallowed(&span)))
        .map(lines)
        .chain(brackets)
        .collect();
    slips.sort_by_key(|slip| slip.finding.span.as_ref().map(|span| span.start));
    slips.dedup_by_key(|slip| slip.finding.span.as_ref().map(|span| line_of(text, span).start));
    slips
}

/// From the start of the line where `span` begins to the end of the line where it ends.
fn line_of(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(span.end..).and_then(|after| after.find('\n'));
    start..end.map_or(text.len(), |at| span.end + at)
}

/// Lists and inline tables that run to the end of what was read without their closing bracket.
fn collect_unclosed(text: &str, node: &Spanned<DeValue<'_>>, found: &mut Vec<Range<usize>>) {
    let span = node.span();
    let written = text.get(span.clone()).unwrap_or_default().trim_end();
    let open = |opening: char, closing: char| {
        written.starts_with(opening) && !(written.len() > 1 && written.ends_with(closing))
    };
    match node.get_ref() {
        DeValue::Array(array) => {
            if open('[', ']') {
                found.push(span);
            } else {
                array.iter().for_each(|item| collect_unclosed(text, item, found));
            }
        }
        DeValue::Table(table) => {
            if open('{', '}') {
                found.push(span);
            } else {
                table.iter().for_each(|(_, item)| collect_unclosed(text, item, found));
            }
        }
        _ => {}
    }
}

fn bracket(text: &str, open: &Range<usize>) -> Finding {
    let opening = text.get(open.clone()).unwrap_or_default().chars().next().unwrap_or('[');
    let closing = if opening == '{' { '}' } else { ']' };
    Finding {
        severity: Severity::Error,
        span: Some(open.start..open.start + opening.len_utf8()),
        message: format!("`{opening}` is never closed"),
        help: Some(format!("write the closing `{closing}`")),
    }
}

/// One error in our words where the parser's say little to somebody who does not write TOML daily.
fn finding(text: &str, error: &Error) -> Finding {
    let span = error.span();
    let written = span.clone().and_then(|span| text.get(span)).unwrap_or_default();
    let (message, help) = match error.message() {
        message if message.starts_with("string values must be quoted") && written.is_empty() => {
            ("a value is missing here".to_owned(), None)
        }
        message if message.starts_with("string values must be quoted") => {
            let quoted = format!("write \"{}\"", shorten(written));
            (format!("text must stand in quotes: `{}`", shorten(written)), Some(quoted))
        }
        "duplicate key" => {
            let message = format!("`{}` is written twice in this table", shorten(written));
            (message, Some("keep one of the two".to_owned()))
        }
        message if message.starts_with("unexpected key or value, expected newline") => {
            let message = "something follows the end of this line's value".to_owned();
            (message, Some("write one key on each line".to_owned()))
        }
        message if message.starts_with("invalid basic string") => (
            "the text is not closed on its line".to_owned(),
            Some("write the closing `\"`".to_owned()),
        ),
        message if message.starts_with("unclosed table") => {
            ("the header is not closed".to_owned(), Some("write the closing `]`".to_owned()))
        }
        message => (message.to_owned(), None),
    };
    Finding { severity: Severity::Error, span, message, help }
}
