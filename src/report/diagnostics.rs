//! Findings as text for people: place, underlined text, what is wrong, what would be right.
//!
//! Only the lines that a finding touches are handed to the renderer, so that a large file with many
//! findings costs no more than its findings. Nothing is printed here and no terminal is asked:
//! the caller says whether the text may carry colours and writes it where it wants.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use serde_json::json;

use super::text;
use crate::keys::{Finding, Json, MOST_FINDINGS, Severity};
use crate::scenario::Scenario;

/// How many findings are shown in full; nobody reads more before mending these.
const SHOWN: usize = 100;

/// Renders `findings` over the `text` of the file called `name`, ending with a count of them:
/// "3 errors, 1 warning in office.toml; 1 error in --set". Empty when there is nothing to say.
pub fn render(findings: &[Finding], text: &str, name: &str, colour: bool) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let line_starts = line_starts(text);
    let mut rendered = String::new();
    for finding in findings.iter().take(SHOWN) {
        rendered.push_str(&renderer.render(&[group(finding, text, &line_starts, name)]));
        rendered.push_str("\n\n");
    }
    if findings.len() > SHOWN {
        let more = findings.len().min(MOST_FINDINGS) - SHOWN;
        let at_least = if findings.len() > MOST_FINDINGS { "more than " } else { "" };
        rendered.push_str(&format!("and {at_least}{more} more\n\n"));
    }
    let place = |finding: &Finding| match finding.option.as_deref() {
        Some(option) => option.split(' ').next().unwrap_or_default().to_owned(),
        None => name.to_owned(),
    };
    let mut places: Vec<(String, Vec<&Finding>)> = vec![(name.to_owned(), Vec::new())];
    for finding in findings {
        let here = place(finding);
        match places.iter_mut().find(|(place, _)| *place == here) {
            Some((_, found)) => found.push(finding),
            None => places.push((here, vec![finding])),
        }
    }
    let counts = places.iter().filter(|(_, findings)| !findings.is_empty());
    let counts: Vec<String> =
        counts.map(|(place, findings)| format!("{} in {place}", count(findings))).collect();
    rendered.push_str(&format!("{}\n", counts.join("; ")));
    rendered
}

/// The warnings of a scenario that can be run.
pub fn warnings(scenario: &Scenario) -> String {
    let file = scenario.path.as_ref().map(|file| file.display().to_string());
    let name = file.unwrap_or_else(|| "the default scenario".to_owned());
    render(&scenario.warnings, &scenario.text, &name, true)
}

/// "2 errors, 1 warning"; kinds that do not occur are left out.
fn count(findings: &[&Finding]) -> String {
    let kinds = [(Severity::Error, "error"), (Severity::Warning, "warning")];
    let numbers = kinds.map(|(severity, word)| {
        (findings.iter().filter(|finding| finding.severity == severity).count(), word)
    });
    let parts = numbers.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        // The one beyond says that no more are kept.
        .map(|(number, word)| match *number > MOST_FINDINGS {
            true => format!("more than {}", text::count(MOST_FINDINGS as u64, word)),
            false => text::count(*number as u64, word),
        })
        .collect();
    parts.join(", ")
}

/// The findings for scripts: `message`, `help` and `line`, each null where there is none.
pub fn to_json(findings: &[Finding], text: &str) -> Json {
    let line_starts = line_starts(text);
    let object = |finding: &Finding| {
        let in_file = finding.span.as_ref().filter(|_| finding.option.is_none());
        let line = in_file.map(|span| Place::new(text, &line_starts, span).number);
        json!({ "message": finding.message, "help": finding.help, "line": line })
    };
    findings.iter().map(object).collect()
}

/// Where something stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextPlace<'a> {
    /// The line, without its end.
    pub text: &'a str,
    /// Its number, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
}

/// Where a span of bytes begins, by lines and characters.
pub fn place<'a>(text: &'a str, span: &Range<usize>) -> TextPlace<'a> {
    let place = Place::new(text, &line_starts(text), span);
    let before = place.line.get(..place.start).unwrap_or_default();
    TextPlace { text: place.line, line: place.number, column: before.chars().count() + 1 }
}

fn line_starts(text: &str) -> Vec<usize> {
    let after_line_ends = text.match_indices('\n').map(|(at, _)| at + 1);
    // A byte order mark is no character of the first line.
    let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    [first].into_iter().chain(after_line_ends).collect()
}

fn group<'a>(
    finding: &'a Finding,
    text: &'a str,
    line_starts: &[usize],
    name: &'a str,
) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    // Messages quote the user's text, which must not steer the terminal.
    let title = level.primary_title(normalize_untrusted_str(&finding.message));
    let help = finding.help.as_deref().map(normalize_untrusted_str);
    let help = help.map(|help| Level::HELP.message(help));
    // An option has no line and no file: the text itself says what it is.
    let (text, line_starts, name) = match finding.option.as_deref() {
        Some(option) => (option, &[0][..], None),
        None => (text, line_starts, Some(name)),
    };
    let group = Group::with_title(title);
    let group = match &finding.span {
        Some(span) => {
            let place = Place::new(text, line_starts, span);
            let mark = AnnotationKind::Primary.span(place.start..place.end);
            let snippet = Snippet::source(place.line).line_start(place.number).path(name);
            group.element(snippet.annotation(mark))
        }
        None => group,
    };
    group.elements(help)
}

/// The line on which a finding begins, and its part of that line.
struct Place<'a> {
    line: &'a str,
    /// Counted from 1.
    number: usize,
    start: usize,
    end: usize,
}

impl<'a> Place<'a> {
    /// A span over several lines is cut at the end of its first; one outside the text, or between
    /// the bytes of a character, is moved to the nearest place before.
    fn new(text: &'a str, line_starts: &[usize], span: &Range<usize>) -> Self {
        let first = line_starts.first().copied().unwrap_or_default();
        let start = character_start(text, span.start).max(first);
        let number = line_starts.partition_point(|begin| *begin <= start);
        let begin = line_starts.get(number.saturating_sub(1)).copied().unwrap_or_default();
        let line = text.get(begin..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let column = (start - begin).min(line.len());
        let last = character_start(line, span.end.saturating_sub(begin));
        Self { line, number, start: column, end: last.max(column) }
    }
}

/// The nearest place at or before `at` that is not inside a character.
fn character_start(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(severity: Severity, span: Option<Range<usize>>) -> Finding {
        let help = Some("write \"3h\"".to_owned());
        Finding { severity, span, message: "expected a duration".to_owned(), help, option: None }
    }

    #[test]
    fn shows_file_line_column_text_message_and_help() {
        let text = "name = \"x\"\nhorizon = 3\n";
        let found = [finding(Severity::Error, Some(21..22)), finding(Severity::Warning, None)];
        let expected = "\
error: expected a duration
 --> office.toml:2:11
  |
2 | horizon = 3
  |           ^
  |
  = help: write \"3h\"

warning: expected a duration
 |
 = help: write \"3h\"

1 error, 1 warning in office.toml
";
        assert_eq!(render(&found, text, "office.toml", false), expected);
    }

    #[test]
    fn tells_scripts_the_line() {
        let text = "name = \"x\"\nhorizon = 3\n";
        let found = [finding(Severity::Warning, Some(21..22)), finding(Severity::Warning, None)];
        let told = to_json(&found, text);
        assert_eq!(told[0]["line"], 2);
        assert_eq!(told[0]["help"], "write \"3h\"");
        assert!(told[1]["line"].is_null());
    }

    #[test]
    fn counts_in_the_singular_and_the_plural() {
        let error = finding(Severity::Error, None);
        let warning = finding(Severity::Warning, None);
        assert_eq!(count(&[&error]), "1 error");
        assert_eq!(count(&[&error, &error, &error, &warning]), "3 errors, 1 warning");
        assert_eq!(count(&[&warning]), "1 warning");
        assert_eq!(render(&[], "", "a.toml", false), "");
    }

    #[test]
    fn errors_are_counted_where_they_are() {
        let in_file = finding(Severity::Error, Some(0..1));
        let in_option = Finding { option: Some("--set a=1".into()), ..in_file.clone() };
        let shown = |found: &[Finding]| render(found, "a = 1", "a.toml", false);
        assert!(shown(std::slice::from_ref(&in_option)).ends_with("\n\n1 error in --set\n"));
        let both = [in_file, in_option];
        assert!(shown(&both).ends_with("\n\n1 error in a.toml; 1 error in --set\n"));
    }

    #[test]
    fn places_survive_line_ends_wide_letters_and_the_end_of_the_file() {
        let cases = [
            ("a = 1\r\nb = 22\r\n", 11..13, ":2:5", "22", "^^"),
            ("näme = 1", 8..9, ":1:8", "näme = 1", "^"),
            ("a = ", 4..4, ":1:5", "a =", "^"),
            ("a = [\n1,\n]\n", 4..10, ":1:5", "a = [", "^"),
            ("a = 1", 90..99, ":1:6", "a = 1", "^"),
            ("é", 1..1, ":1:1", "é", "^"),
            ("\u{feff}a = 1", 3..4, ":1:1", "| a = 1", "^"),
            ("\u{feff}a = 1", 0..0, ":1:1", "| a = 1", "^"),
            ("a = 1\n", 6..6, ":2:1", "2 |", "^"),
        ];
        for (text, span, place, line, marks) in cases {
            let shown = render(&[finding(Severity::Error, Some(span))], text, "f", false);
            assert!(shown.contains(&format!("f{place}\n")), "{shown}");
            assert!(shown.contains(line), "{shown}");
            assert_eq!(shown.matches('^').count(), marks.len(), "{shown}");
        }
    }

    #[test]
    fn shows_the_first_hundred_and_counts_the_rest() {
        let found = vec![finding(Severity::Error, Some(0..1)); 103];
        let shown = render(&found, "a = 1", "f", false);
        assert_eq!(shown.matches("error: ").count(), 100);
        assert!(shown.ends_with("\n\nand 3 more\n\n103 errors in f\n"), "{shown}");
    }

    #[test]
    fn quoted_text_cannot_steer_the_terminal() {
        let mut found = finding(Severity::Error, Some(0..1));
        found.message = "unknown key `\u{1b}[2J`".to_owned();
        assert!(!render(&[found], "\u{1b}[2J = 1", "f", false).contains('\u{1b}'));
    }

    #[test]
    fn carries_colours_only_when_asked() {
        let found = [finding(Severity::Error, Some(0..1))];
        assert!(!render(&found, "a = 1", "f", false).contains('\u{1b}'));
        assert!(render(&found, "a = 1", "f", true).contains('\u{1b}'));
    }
}
