//! Which room of the house may import which: data flows one way.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room and what it may import. Rooms that are not listed import nothing of ours.
const MAY_IMPORT: [(&str, &[&str]); 19] = [
    ("units", &[]),
    ("metric", &[]),
    ("numeric", &[]),
    ("exact", &["numeric"]),
    ("stats", &["numeric"]),
    ("threads", &[]),
    ("distribution", &["numeric", "units"]),
    ("keys", &["distribution", "units"]),
    ("notation", &["distribution", "keys", "units"]),
    ("evidence", &["keys", "distribution", "notation", "numeric", "stats", "threads", "units"]),
    ("world", &["keys", "distribution", "units"]),
    ("strategy", &["keys", "distribution", "units", "world"]),
    ("scenario", &["evidence", "keys", "distribution", "metric", "strategy", "units", "world"]),
    ("engine", &["distribution", "metric", "numeric", "strategy", "units", "world"]),
    (
        "study",
        &[
            "engine",
            "exact",
            "distribution",
            "metric",
            "numeric",
            "scenario",
            "stats",
            "strategy",
            "threads",
            "units",
            "world",
        ],
    ),
    (
        "benchmark",
        &[
            "engine",
            "evidence",
            "keys",
            "distribution",
            "scenario",
            "strategy",
            "study",
            "units",
            "world",
        ],
    ),
    (
        "report",
        &[
            "benchmark",
            "evidence",
            "keys",
            "distribution",
            "metric",
            "numeric",
            "scenario",
            "stats",
            "study",
            "threads",
            "units",
            "world",
        ],
    ),
    (
        "cli",
        &[
            "benchmark",
            "engine",
            "evidence",
            "keys",
            "distribution",
            "metric",
            "report",
            "scenario",
            "stats",
            "strategy",
            "study",
            "units",
            "world",
        ],
    ),
    ("lib", &[]),
];

#[test]
fn every_room_imports_only_rooms_below_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (room, allowed) in MAY_IMPORT {
        for file in files_of(&source, room) {
            let text = fs::read_to_string(&file).unwrap();
            // Tests stand at the end of a file and may look around.
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
                for (at, _) in line.match_indices("crate::") {
                    let rest = &line[at + "crate::".len()..];
                    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                    let name = &rest[..end.unwrap_or(rest.len())];
                    if name != room && !allowed.contains(&name) && !name.is_empty() {
                        wrong.push(format!("{}: {}", file.display(), line.trim()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_in_the_table() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(source).unwrap() {
        let name = entry.unwrap().path();
        let room = name.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(room == "main" || MAY_IMPORT.iter().any(|(known, _)| *known == room), "{room}");
    }
}

#[test]
fn only_the_registry_names_a_strategy() {
    // A change to one strategy touches one file: no other room knows a protection by name.
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for room in ["engine", "study", "report", "world", "scenario"] {
        for file in files_of(&source, room) {
            let text = fs::read_to_string(&file).unwrap();
            for name in ["staging::", "virtual_machine", "sql_high_availability", "rebuild::"] {
                assert!(!text.contains(name), "{} names {name}", file.display());
            }
        }
    }
}

/// The Rust files of a room: its folder, or its single file. Test-only files are left out.
fn files_of(source: &Path, room: &str) -> Vec<PathBuf> {
    let single = source.join(format!("{room}.rs"));
    if single.exists() {
        return vec![single];
    }
    let mut files = Vec::new();
    let mut folders = vec![source.join(room)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && !name.contains("tests") && name != "judge.rs" {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "{room}");
    files
}
