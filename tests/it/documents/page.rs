//! A page of the documents: files that it gives, changes that it makes to them, and commands with
//! what they print.
//!
//! A page is played in an empty folder, from top to bottom:
//!
//! - `<!-- files FOLDER -->` puts the files of a folder of the project there;
//! - a block marked ` ```toml office.toml ` (any language, any name) is a file;
//! - a block marked ` ```diff ` whose first line is `--- office.toml` changes that file: lines with
//!   `-` must stand in it and give way to those with `+`;
//! - a block marked ` ```console ` holds commands, `$ outlast …`, and what they print;
//! - a block after `<!-- outlast … -->` is what that command prints.
//!
//! In what is printed, `…` on a line of its own stands for lines that are left out. How long a run
//! took, and on how many threads, differs from one machine to the next and is not compared.

use super::outlast;
use regex::Regex;
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use tempfile::TempDir;

/// One thing to do.
enum Step {
    /// Copy the files of this folder.
    Files(String),
    /// Write a file.
    File { name: String, text: String },
    /// Replace lines of a file.
    Change { name: String, old: String, new: String },
    /// Run a command, of which these lines of the page show what it prints.
    Run { command: String, shown: Range<usize> },
}

/// What a page asks to do, in order.
pub(super) struct Page(Vec<Step>);

impl Page {
    /// The steps of the document `text`.
    pub(super) fn parse(text: &str) -> Page {
        let lines: Vec<&str> = text.lines().collect();
        let mut steps = Vec::new();
        let mut announced = None;
        let mut at = 0;
        while at < lines.len() {
            let comment =
                lines[at].strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
            if let Some(folder) = comment.and_then(|comment| comment.strip_prefix("files ")) {
                steps.push(Step::Files(folder.to_owned()));
            } else if let Some(command) = comment.and_then(|text| text.strip_prefix("outlast ")) {
                announced = Some(command.to_owned());
            }
            let Some(mark) = lines[at].strip_prefix("```") else {
                at += 1;
                continue;
            };
            let body = at + 1;
            let length = lines[body..].iter().position(|line| *line == "```").expect("an end");
            let block = body..body + length;
            at = block.end + 1;
            match announced.take() {
                Some(command) => steps.push(Step::Run { command, shown: block }),
                None => block_steps(mark, block, &lines, &mut steps),
            }
        }
        Page(steps)
    }

    /// How many commands it shows.
    pub(super) fn commands(&self) -> usize {
        self.0.iter().filter(|step| matches!(step, Step::Run { .. })).count()
    }

    /// Plays the page and gives its text with what was printed in the place of what was shown,
    /// where the two differ.
    pub(super) fn play(&self, text: &str) -> Result<String, String> {
        let folder = TempDir::new().map_err(|error| error.to_string())?;
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut renewed = Vec::new();
        let mut copied = 0;
        // A command that is shown twice runs once, while its files stay as they are.
        let mut known: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for step in &self.0 {
            if !matches!(step, Step::Run { .. }) {
                known.clear();
            }
            match step {
                Step::Files(from) => copy(&super::root().join(from), folder.path()),
                Step::File { name, text } => fs::write(folder.path().join(name), text).unwrap(),
                Step::Change { name, old, new } => change(&folder.path().join(name), old, new)?,
                Step::Run { command, shown } => {
                    renewed.extend_from_slice(&lines[copied..shown.start]);
                    copied = shown.end;
                    let printed =
                        known.entry(command).or_insert_with(|| run(command, folder.path()));
                    let shown_lines = &lines[shown.clone()];
                    // A blank line at the end only divides two commands.
                    let blank = shown_lines.iter().rev().take_while(|line| line.is_empty()).count();
                    let (content, rest) = shown_lines.split_at(shown_lines.len() - blank);
                    let new = renew(content, printed)
                        .ok_or(format!("line {}: `{command}` prints nothing alike", shown.start))?;
                    let same = comparable(content) == comparable(&new);
                    let new = if same { content.to_vec() } else { keep_time(content, &new) };
                    renewed.extend(new);
                    renewed.extend_from_slice(rest);
                }
            }
        }
        renewed.extend_from_slice(&lines[copied..]);
        Ok(renewed.join("\n") + "\n")
    }
}

/// Adds what a block asks for that begins with the line "```mark".
fn block_steps(mark: &str, block: Range<usize>, lines: &[&str], steps: &mut Vec<Step>) {
    let body = &lines[block.clone()];
    let text = |from: &[&str]| from.iter().map(|line| format!("{line}\n")).collect::<String>();
    match (mark, mark.split_once(' ')) {
        ("console", _) => {
            let prompt = |line: &usize| lines[*line].starts_with("$ ");
            let commands: Vec<usize> = block.clone().filter(prompt).collect();
            let ends = commands.iter().skip(1).copied().chain([block.end]);
            for (at, end) in commands.iter().zip(ends) {
                let command = lines[*at].strip_prefix("$ outlast ").expect("a command of outlast");
                steps.push(Step::Run { command: command.to_owned(), shown: at + 1..end });
            }
        }
        ("diff", _) => {
            let name = body[0].strip_prefix("--- ").expect("a file to change").to_owned();
            let side = |other: char| -> String {
                let lines = body[1..].iter().filter(|line| !line.starts_with(other));
                lines.map(|line| format!("{}\n", line.get(1..).unwrap_or_default())).collect()
            };
            steps.push(Step::Change { name, old: side('+'), new: side('-') });
        }
        (_, Some((_, name))) => {
            steps.push(Step::File { name: name.to_owned(), text: text(body) });
        }
        _ => {}
    }
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let file = entry.unwrap().path();
        fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

/// Replaces the lines `old`, which must stand in the file once.
fn change(path: &Path, old: &str, new: &str) -> Result<(), String> {
    let text = fs::read_to_string(path).unwrap();
    match text.matches(old).count() {
        1 => fs::write(path, text.replace(old, new)).map_err(|error| error.to_string()),
        times => Err(format!("stands {times} times in {}:\n{old}", path.display())),
    }
}

/// What a command prints, answer first and messages second.
fn run(command: &str, folder: &Path) -> Vec<String> {
    let output = outlast().args(words(command)).current_dir(folder).output().unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    // Numbers are tied to their units by spaces that do not break; a page shows plain ones.
    printed.concat().replace('\u{a0}', " ").trim_end().lines().map(str::to_owned).collect()
}

/// Words of a command line; quotes hold a word together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in command.chars() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (_, Some(end)) if c == end => quote = None,
            (' ', None) => words.push(String::new()),
            _ => words.last_mut().expect("a word").push(c),
        }
    }
    words
}

/// What a page should show of `printed`, having shown `shown`: the same stretches of it. None if a
/// stretch cannot be recognised.
fn renew(shown: &[String], printed: &[String]) -> Option<Vec<String>> {
    let mut new: Vec<String> = Vec::new();
    let mut at = 0;
    let mut chunks = shown.split(|line| line == "…").peekable();
    let mut first = true;
    while let Some(chunk) = chunks.next() {
        let last = chunks.peek().is_none();
        if !first {
            new.push("…".to_owned());
        }
        if first && last {
            return Some(printed.to_vec());
        }
        if !chunk.is_empty() {
            let start = if first { 0 } else { best(chunk, printed, at)? };
            let end = if last { printed.len() } else { end(chunk, printed, start)? };
            new.extend_from_slice(&printed[start..end]);
            at = end;
        }
        first = false;
    }
    Some(new)
}

/// Where in `printed`, from `at` on, something most like `chunk` begins.
fn best(chunk: &[String], printed: &[String], at: usize) -> Option<usize> {
    let score = |start: usize| -> f64 {
        let pairs = chunk.iter().zip(&printed[start..]);
        pairs.map(|(old, new)| likeness(old, new)).sum::<f64>() / chunk.len() as f64
    };
    let scored = (at..printed.len()).map(|start| (start, score(start)));
    let (start, score) = scored.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    (score > 0.25).then_some(start)
}

/// Where what is most like the last line of `chunk` ends, not far from where it would end.
fn end(chunk: &[String], printed: &[String], start: usize) -> Option<usize> {
    let expected = start + chunk.len() - 1;
    let last = chunk.last()?;
    let near = start..(expected + 6).min(printed.len());
    let score = |at: usize| likeness(last, &printed[at]) - 0.01 * expected.abs_diff(at) as f64;
    let scored = near.map(|at| (at, score(at)));
    let (mut at, _) = scored.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    // Where a sentence ended, one ends again.
    while last.ends_with('.') && !printed[at].ends_with('.') && at + 1 < printed.len() {
        at += 1;
    }
    Some(at + 1)
}

/// How many words two lines share, as a part of all their words; numbers are all alike.
fn likeness(old: &str, new: &str) -> f64 {
    let words = |line: &str| -> Vec<String> {
        let plain = |word: &str| word.replace(|c: char| c.is_ascii_digit() || c == '.', "0");
        line.split_whitespace().map(plain).collect()
    };
    let (old, mut new) = (words(old), words(new));
    let all = old.len() + new.len();
    if all == 0 {
        return 1.0;
    }
    let mut shared = 0;
    for word in &old {
        if let Some(at) = new.iter().position(|other| other == word) {
            new.swap_remove(at);
            shared += 2;
        }
    }
    f64::from(shared) / all as f64
}

/// Lines without what differs from one machine to the next: the paragraph that tells where results
/// were written is one line, since the time that it names moves its line breaks.
fn comparable(lines: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut written = false;
    for line in lines {
        let starts = line.starts_with("Written to ");
        if written && !starts && !line.is_empty() && line != "…" {
            let paragraph = joined.last_mut().unwrap();
            paragraph.push(' ');
            paragraph.push_str(line);
        } else {
            written = starts;
            joined.push(line.clone());
        }
    }
    let time = time();
    joined.iter().map(|line| time.replace(line, "in some time").into_owned()).collect()
}

/// How long a run took, and on how many threads.
fn time() -> Regex {
    Regex::new(r"in [0-9.,]+ (ms|s|min) on [0-9]+ threads?").unwrap()
}

/// `new` with the time that was shown: the time of an optimised program, where a test runs another.
fn keep_time(shown: &[String], new: &[String]) -> Vec<String> {
    let time = time();
    match shown.iter().find_map(|line| time.find(line)) {
        None => new.to_vec(),
        Some(old) => new.iter().map(|line| time.replace(line, old.as_str()).into_owned()).collect(),
    }
}

fn lines(text: &[&str]) -> Vec<String> {
    text.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn a_listing_keeps_its_stretches_when_it_is_renewed() {
    let printed = lines(&["Title", "", "alpha is 12 h", "beta is 3 h", "gamma rays", "The end."]);
    let renewed = |shown: &[&str]| renew(&lines(shown), &printed);
    assert_eq!(renewed(&["anything"]), Some(printed.clone()));
    let shown = ["…", "alpha is 11 h", "beta is 4 h", "…"];
    assert_eq!(renewed(&shown), Some(lines(&["…", "alpha is 12 h", "beta is 3 h", "…"])));
    let shown = ["Title", "…", "The very end."];
    assert_eq!(renewed(&shown), Some(lines(&["Title", "…", "The end."])));
    assert_eq!(renewed(&["…", "nothing like it", "…"]), None);
}

#[test]
fn time_and_threads_make_no_difference() {
    let here = lines(&["Written to x in 0.82 s on 2 threads:", "a.csv."]);
    let there = lines(&["Written to x in 12.1 s on", "16 threads: a.csv."]);
    assert_eq!(comparable(&here), comparable(&there));
}

#[test]
fn a_page_gives_files_changes_and_commands() {
    let text = "```toml a.toml\nx = 1\n```\n```diff\n--- a.toml\n-x = 1\n+x = 2\n```\n\
                ```console\n$ outlast check a.toml\nshown\n```\n<!-- outlast run -->\n```\nb\n```\n";
    let page = Page::parse(text);
    assert_eq!(page.0.len(), 4);
    assert_eq!(page.commands(), 2);
    let Step::Change { old, new, .. } = &page.0[1] else { panic!() };
    assert_eq!((old.as_str(), new.as_str()), ("x = 1\n", "x = 2\n"));
}
