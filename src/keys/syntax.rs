//! Syntax errors of a document as findings.
//!
//! The parser recovers after each error, and one slip often makes it complain several times: a
//! bracket that is never closed turns the rest of the file into errors. Only what a person would
//! call one mistake is kept: one error a line, and for an unclosed bracket the bracket alone. Below
//! a header that cannot be read nobody knows which table the keys are in, so nothing is said of
//! them until the next header.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeValue, Error};

use super::Finding;
use super::digits::without_groups;
use super::node::shorten;

/// A syntax error, and the part of the document that cannot be trusted because of it.
#[derive(Debug, Clone)]
pub(super) struct SyntaxError {
    pub(super) finding: Finding,
    hides: Range<usize>,
}

impl SyntaxError {
    /// Whether a finding about values is better left out: it has no place, or stands where this
    /// error made the text unreadable.
    pub(super) fn overshadows(&self, finding: &Finding) -> bool {
        let hidden =
            |span: &Range<usize>| self.hides.start <= span.start && span.start <= self.hides.end;
        finding.span.as_ref().is_none_or(hidden)
    }
}

/// The parser's errors in the order of the document, without repetitions.
pub(super) fn errors(
    text: &str,
    root: &Spanned<DeValue<'_>>,
    parsed: &[Error],
) -> Vec<SyntaxError> {
    let mut unclosed = Vec::new();
    if parsed.iter().any(|error| error.message().starts_with("unclosed")) {
        collect_unclosed(text, root, &mut unclosed);
    }
    let swallowed = |span: &Range<usize>| {
        unclosed.iter().any(|open| open.start <= span.start && span.start <= open.end)
    };
    let lines = |error: &Error| {
        let finding = finding(text, error);
        let hides = finding.span.as_ref().map_or(0..0, |span| unreadable(text, span, error));
        SyntaxError { finding, hides }
    };
    let brackets = unclosed
        .iter()
        .map(|open| SyntaxError { finding: bracket(text, open), hides: open.clone() });
    let mut all: Vec<SyntaxError> = parsed
        .iter()
        .filter(|error| !error.span().is_some_and(|span| swallowed(&span)))
        .map(lines)
        .chain(brackets)
        .collect();
    all.sort_by_key(|error| error.finding.span.as_ref().map(|span| span.start));
    all.dedup_by_key(|error| error.finding.span.as_ref().map(|span| line_of(text, span).start));
    // What the parser stumbles over below an unreadable header is the same mistake.
    let mut until = 0;
    all.retain(|error| {
        let start = error.finding.span.as_ref().map_or(0, |span| span.start);
        let is_new = start >= until;
        until = until.max(error.hides.end);
        is_new
    });
    all
}

/// The part of the document that an error makes unreadable: its line; of a header also the keys
/// below it, unless the header can be read and only stands twice.
fn unreadable(text: &str, span: &Range<usize>, error: &Error) -> Range<usize> {
    let line = line_of(text, span);
    let is_header = |line: &str| line.trim_start().starts_with('[');
    let written = text.get(line.clone()).unwrap_or_default();
    if !is_header(written) || error.message() == "duplicate key" {
        return line;
    }
    let mut end = line.end;
    for below in text.get(end..).unwrap_or_default().split_inclusive('\n').skip(1) {
        if is_header(below) {
            break;
        }
        end += below.len();
    }
    line.start..end
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
    let span = open.start..open.start + opening.len_utf8();
    let message = format!("`{opening}` is never closed");
    Finding::error(Some(span), message, &format!("write the closing `{closing}`"))
}

/// What the parser says, by its first words, what is wrong in ours, and what would be right.
const IN_OUR_WORDS: [(&str, &str, &str); 8] = [
    (
        "unexpected key or value, expected newline",
        "something follows the end of this line's value",
        "write one key on each line",
    ),
    ("invalid basic string", "the text is not closed on its line", "write the closing `\"`"),
    ("invalid multi-line basic string", "the text is never closed", "write the closing `\"\"\"`"),
    ("invalid multi-line literal string", "the text is never closed", "write the closing `'''`"),
    ("extra `=`", "there is one `=` too many", "write one `=`"),
    (
        "key with no value",
        "there is no `=` after this",
        "a line is `key = value`; only text in quotes has spaces",
    ),
    ("unquoted keys cannot be empty", "there is no key here", "a line is `key = value`"),
    ("unclosed table", "the header is not closed", "write the closing `]`"),
];

/// One error in our words where the parser's say little to somebody who does not write TOML daily.
fn finding(text: &str, error: &Error) -> Finding {
    let span = error.span();
    let written = span.clone().and_then(|span| text.get(span)).unwrap_or_default();
    let short = shorten(written);
    let said = error.message();
    let comma = span.as_ref().and_then(|span| decimal_comma(text, span));
    let (message, help) = if let Some((written, meant)) = comma {
        match without_groups(&written, ',') {
            Some(whole) => (
                format!("`{written}` has a comma"),
                format!("write {whole} if it sets off thousands, {meant} if it is a decimal comma"),
            ),
            None => (format!("`{written}` has a decimal comma"), format!("write {meant}")),
        }
    } else if said.starts_with("string values must be quoted") {
        match written {
            "" => ("a value is missing here".to_owned(), String::new()),
            _ => (format!("text must stand in quotes: `{short}`"), format!("write \"{short}\"")),
        }
    } else if said == "duplicate key" && is_list_header(text, span.as_ref()) {
        let help = format!("write every [[{short}]] above its own [{short}.…] tables");
        (format!("`{short}` is a single table above and a list of tables here"), help)
    } else if said == "duplicate key" {
        let message = format!("`{short}` is written twice in this table");
        (message, "keep one of the two".to_owned())
    } else if let Some(code) = control(text, &span).filter(|_| said.starts_with("invalid basic")) {
        let message = format!("the text holds a control character (U+{code:04X})");
        (message, "leave it out: a text is one line of visible characters".to_owned())
    } else if said.starts_with("invalid unquoted key") {
        let message = format!("a key cannot hold `{short}`");
        (message, "a line is `key = value`".to_owned())
    } else if let Some((_, ours, help)) =
        IN_OUR_WORDS.iter().find(|(theirs, ..)| said.starts_with(theirs))
    {
        ((*ours).to_owned(), (*help).to_owned())
    } else {
        (said.to_owned(), String::new())
    };
    Finding::error(span, message, &help)
}

/// A number with a decimal comma that ends at this place or holds it, and the same with a point.
fn decimal_comma(text: &str, span: &Range<usize>) -> Option<(String, String)> {
    let line = text.get(line_of(text, span))?;
    let value = line.split_once('=')?.1.split('#').next()?.trim();
    let (whole, rest) = value.split_once(',')?;
    let are_digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    (are_digits(unsigned) && are_digits(rest))
        .then(|| (value.to_owned(), format!("{whole}.{rest}")))
}

/// Whether a place is in a header with double brackets.
fn is_list_header(text: &str, span: Option<&Range<usize>>) -> bool {
    let line = span.and_then(|span| text.get(line_of(text, span)));
    line.is_some_and(|line| line.trim_start().starts_with("[["))
}

/// The code of the control character at which a text broke off, if it was one and not a line end.
fn control(text: &str, span: &Option<Range<usize>>) -> Option<u32> {
    let next = text.get(span.as_ref()?.start..)?.chars().next()?;
    (next.is_control() && !matches!(next, '\n' | '\r')).then_some(u32::from(next))
}
