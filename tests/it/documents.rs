//! The documents are true: listings show what the program prints, the reference says what the
//! program declares, and links lead somewhere.
//!
//! `OUTLAST_RENEW_DOCS=1 cargo test --test it documents` writes listings and reference anew. Without
//! the variable a test fails where a document is out of date.

mod page;
mod reference;
mod rests;

use page::Page;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a document is brought up to date.
const RENEW: &str = "OUTLAST_RENEW_DOCS=1 cargo test --test it documents";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program, with a help that is as wide everywhere.
fn outlast() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    command.env_remove("COLUMNS").env("NO_COLOR", "1");
    command
}

/// Holds the file at `path` to `text`, or writes it so.
fn hold(path: &Path, text: &str) {
    if env::var_os("OUTLAST_RENEW_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    let differs = written.lines().zip(text.lines()).position(|(old, new)| old != new);
    let line = differs.unwrap_or(written.lines().count().min(text.lines().count())) + 1;
    assert!(written == text, "{}, line {line}, is out of date: {RENEW}", path.display());
}

/// Holds the listings of the document at `path` to what the program prints.
fn hold_page(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let page = Page::parse(&text);
    assert!(page.commands() > 0, "{} shows no command", path.display());
    let renewed = page.play(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    hold(path, &renewed);
}

/// All Markdown files of the project.
fn documents() -> Vec<PathBuf> {
    let mut files = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    hold_page(&root().join("README.md"));
}

#[test]
fn the_tutorial_shows_what_the_program_prints() {
    hold_page(&root().join("docs/tutorial.md"));
}

#[test]
fn the_guides_show_what_the_program_prints() {
    let guides: Vec<PathBuf> =
        documents().into_iter().filter(|path| path.parent().unwrap().ends_with("guides")).collect();
    assert!(guides.len() >= 5);
    for guide in guides {
        hold_page(&guide);
    }
}

#[test]
fn the_reference_says_what_the_program_declares() {
    let folder = root().join("docs/reference");
    hold(&folder.join("keys.md"), &reference::keys());
    hold(&folder.join("metrics.md"), &reference::metrics());
    hold(&folder.join("commands.md"), &reference::commands());
    hold(&folder.join("files.md"), &reference::files());
}

#[test]
fn the_facts_say_which_faults_the_default_rests_on() {
    let path = root().join("docs/facts.md");
    hold(&path, &rests::renew(&fs::read_to_string(&path).unwrap()));
}

#[test]
fn every_link_of_a_document_leads_to_a_file_and_its_heading() {
    let link = regex::Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    for path in documents() {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for link in link.captures_iter(&text) {
            let link = &link[1];
            if link.contains("://") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                file => path.parent().unwrap().join(file),
            };
            assert!(target.exists(), "{}: no file {link}", path.display());
            if !heading.is_empty() {
                let text = fs::read_to_string(&target).unwrap();
                let known = text.lines().filter_map(anchor).any(|anchor| anchor == heading);
                assert!(known, "{}: no heading {link}", path.display());
            }
        }
    }
}

/// What a link calls the heading in `line`.
fn anchor(line: &str) -> Option<String> {
    let words = line.strip_prefix('#')?.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    Some(kept.map(|c| if c == ' ' { '-' } else { c }).collect())
}

#[test]
fn the_worked_example_pastes_what_its_scenario_says() {
    let page = fs::read_to_string(root().join("docs/guides/incident-log.md")).unwrap();
    let file = root().join("docs/guides/incident-log/office-with-evidence.toml");
    let block = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(fs::read_to_string(file).unwrap().contains(block), "{block}");
}
