//! Listings of the documents: what they show is what the program prints.

use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A command and the lines that a document shows of its answer.
struct Listing {
    line: usize,
    command: String,
    shown: Vec<String>,
}

/// The blocks marked `console` of a document.
fn listings(document: &str) -> Vec<Listing> {
    let mut found: Vec<Listing> = Vec::new();
    let mut inside = false;
    for (number, text) in document.lines().enumerate() {
        match text.strip_prefix("$ outlast ") {
            _ if text.starts_with("```") => inside = text == "```console",
            _ if !inside => {}
            Some(command) => found.push(Listing {
                line: number + 1,
                command: command.to_owned(),
                shown: Vec::new(),
            }),
            None => found.last_mut().expect("a command").shown.push(text.to_owned()),
        }
    }
    found
}

/// Words of a command line; quotes hold a word together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("a word").push(c),
        }
    }
    words
}

/// The first line that is shown and not printed; `…` stands for any lines.
fn not_printed(shown: &[String], printed: &str) -> Option<String> {
    let printed: Vec<&str> = printed.lines().collect();
    let mut at = 0;
    let mut gap = false;
    for line in shown {
        if line == "…" {
            gap = true;
            continue;
        }
        let found = printed[at.min(printed.len())..].iter().position(|one| one == line);
        match found {
            Some(0) => at += 1,
            Some(further) if gap => at += further + 1,
            _ => return Some(line.clone()),
        }
        gap = false;
    }
    (!gap && at < printed.len()).then(|| "the end".to_owned())
}

#[test]
fn the_worked_example_prints_what_its_page_shows() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let folder = TempDir::new().unwrap();
    for entry in fs::read_dir(docs.join("benchmarking")).unwrap() {
        let file = entry.unwrap().path();
        fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    let page = fs::read_to_string(docs.join("benchmarking.md")).unwrap();
    let listings = listings(&page);
    assert!(listings.len() > 5);
    for Listing { line, command, shown } in listings {
        let mut outlast = Command::new(env!("CARGO_BIN_EXE_outlast"));
        let output = outlast.args(words(&command)).current_dir(folder.path()).output().unwrap();
        // Numbers are tied to their units by spaces that do not break; a page shows plain ones.
        let printed = String::from_utf8(output.stdout).unwrap().replace('\u{a0}', " ");
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "line {line}: {errors}");
        if let Some(missing) = not_printed(&shown, &printed) {
            panic!("benchmarking.md, line {line}: not printed: {missing}\n{printed}");
        }
    }
    // What the page pastes stands in the scenario that it speaks of.
    let with_evidence = fs::read_to_string(docs.join("benchmarking/office-with-evidence.toml"));
    let block = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(with_evidence.unwrap().contains(block), "{block}");
}

#[test]
fn a_listing_that_differs_is_found() {
    let shown = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let differs = |lines: &[&str]| not_printed(&shown(lines), "a\nb\nc\n");
    assert_eq!(differs(&["a", "b", "c"]), None);
    assert_eq!(differs(&["…", "b", "…"]), None);
    assert_eq!(differs(&["a", "c", "…"]), Some("c".to_owned()));
    assert_eq!(differs(&["…", "d"]), Some("d".to_owned()));
    assert_eq!(differs(&["a", "b"]), Some("the end".to_owned()));
}
