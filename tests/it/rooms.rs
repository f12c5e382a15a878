//! Which room of the house may import which: data flows one way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room and what it may import. Rooms that are not listed import nothing of ours.
const MAY_IMPORT: [(&str, &[&str]); 25] = [
    ("units", &[]),
    ("metric", &[]),
    ("numeric", &[]),
    ("exact", &["numeric"]),
    ("stats", &["numeric"]),
    ("threads", &[]),
    ("files", &[]),
    ("distribution", &["numeric", "units"]),
    ("keys", &["distribution", "units"]),
    ("notation", &["distribution", "keys", "units"]),
    ("evidence", &["keys", "distribution", "notation", "numeric", "stats", "threads", "units"]),
    ("world", &["keys", "distribution", "units"]),
    ("strategy", &["keys", "distribution", "units", "world"]),
    ("scenario", &["evidence", "keys", "distribution", "metric", "strategy", "units", "world"]),
    ("assumptions", &["keys", "distribution", "numeric", "scenario", "units"]),
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
        "sensitivity",
        &[
            "assumptions",
            "engine",
            "keys",
            "metric",
            "numeric",
            "scenario",
            "stats",
            "study",
            "threads",
            "units",
        ],
    ),
    ("shards", &["files", "scenario", "study", "world"]),
    (
        "verify",
        &[
            "files",
            "engine",
            "evidence",
            "exact",
            "distribution",
            "metric",
            "numeric",
            "scenario",
            "sensitivity",
            "stats",
            "study",
            "threads",
        ],
    ),
    (
        "report",
        &[
            "files",
            "assumptions",
            "benchmark",
            "engine",
            "evidence",
            "keys",
            "distribution",
            "metric",
            "numeric",
            "scenario",
            "sensitivity",
            "stats",
            "strategy",
            "study",
            "threads",
            "units",
            "verify",
            "world",
        ],
    ),
    ("explore", &["keys", "report", "scenario", "sensitivity", "study"]),
    ("notebook", &["keys", "metric", "report", "scenario", "sensitivity", "study"]),
    (
        "cli",
        &[
            "assumptions",
            "benchmark",
            "engine",
            "evidence",
            "explore",
            "keys",
            "distribution",
            "metric",
            "report",
            "scenario",
            "sensitivity",
            "shards",
            "stats",
            "strategy",
            "study",
            "units",
            "verify",
            "world",
        ],
    ),
];

/// The root of the library declares every room and re-exports from each what users see, so no room
/// lies above it in the table, and none may import from it.
const ROOT: &str = "lib";

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
        let is_known = MAY_IMPORT.iter().any(|(known, _)| *known == room);
        assert!(is_known || room == "main" || room == ROOT, "{room}");
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

/// Rooms in which files still import each other in a circle. The list may only become shorter.
const ROOMS_WITH_CIRCLES: [&str; 0] = [];

#[test]
fn no_files_of_a_room_import_each_other_in_a_circle() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (room, _) in MAY_IMPORT {
        if !source.join(room).is_dir() {
            continue;
        }
        let circles = circles(&imports_in(&source, room));
        assert!(circles.is_empty() || ROOMS_WITH_CIRCLES.contains(&room), "{room}: {circles:?}");
    }
}

type Module = Vec<String>;

/// Of each file that is nobody's parent, the other such files that its `use` names. A parent is left
/// out: its children and it are one text in several files. What a parent passes on (`pub use`)
/// counts as its source.
fn imports_in(source: &Path, room: &str) -> BTreeMap<Module, BTreeSet<Module>> {
    let module = |file: &Path| -> Module {
        let path = file.strip_prefix(source).unwrap().with_extension("");
        let parts = path.iter().map(|part| part.to_string_lossy().into_owned());
        parts.filter(|part| part != "mod").collect()
    };
    let files = files_of(source, room);
    let modules: BTreeSet<Module> = files.iter().map(|file| module(file)).collect();
    let mut uses = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let from = module(file);
        let paths = code.split(';').filter_map(|part| {
            let line = part.rfind("\nuse ").map(|at| at + 5);
            let line = line.or_else(|| Some(part.rfind(" use ")? + 5));
            Some(spread(&part[line?..].split_whitespace().collect::<String>()))
        });
        for path in paths.flatten() {
            uses.extend(absolute(&from, &path, &modules).map(|to| (from.clone(), to)));
        }
    }
    let passed_on = |path: &Module| {
        let mut found = path.clone();
        // A name may be passed on a few times on its way up.
        for _ in 0..4 {
            let parent = &found[..found.len() - 1];
            let same = |(from, to): &&(Module, Module)| {
                from == parent && to.last() == found.last() && *to != found
            };
            match uses.iter().find(same) {
                Some((_, to)) => found = to.clone(),
                None => break,
            }
        }
        found
    };
    let is_parent = |one: &Module| {
        modules.iter().any(|other| other.len() > one.len() && other.starts_with(one))
    };
    let mut imports: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (from, path) in uses.iter().filter(|(from, _)| !is_parent(from)) {
        let mut to = passed_on(path);
        while !to.is_empty() && !modules.contains(&to) {
            to.pop();
        }
        if to.len() > 1 && to != *from && !is_parent(&to) {
            imports.entry(from.clone()).or_default().insert(to);
        }
    }
    imports
}

/// The single paths of a `use`: `a::{b, c::d}` is two.
fn spread(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let inner = rest.strip_suffix('}').unwrap_or(rest);
    let (mut depth, mut from, mut paths) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                paths.extend(spread(&format!("{before}{}", &inner[from..at])));
                from = at + 1;
            }
            _ => {}
        }
    }
    paths
}

/// A path from the room on, if it stays in this package.
fn absolute(from: &Module, path: &str, modules: &BTreeSet<Module>) -> Option<Module> {
    let mut parts: Vec<String> = path.split("::").map(str::to_owned).collect();
    let mut base = from.clone();
    match parts.first()?.as_str() {
        "crate" => base.clear(),
        "self" | "super" => {}
        child => {
            base.push(child.to_owned());
            if !modules.contains(&base) {
                return None;
            }
            base.pop();
        }
    }
    while let Some("crate" | "self" | "super") = parts.first().map(String::as_str) {
        if parts.remove(0) == "super" {
            base.pop();
        }
    }
    base.extend(parts);
    (base.len() > 1).then_some(base)
}

/// The files that reach themselves.
fn circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let reaches_itself = |start: &&Module| {
        let (mut seen, mut left) = (BTreeSet::new(), vec![*start]);
        while let Some(next) = left.pop() {
            let fresh = imports.get(next).into_iter().flatten().filter(|to| seen.insert(*to));
            left.extend(fresh.collect::<Vec<_>>());
        }
        seen.contains(start)
    };
    imports.keys().filter(reaches_itself).map(|module| module.join("::")).collect()
}

/// Most lines of code in a file: more than that is two files.
const LONGEST_FILE: usize = 400;
/// Most lines of code in a function: what fits on a screen.
const LONGEST_FUNCTION: usize = 60;

#[test]
fn no_file_and_no_function_is_too_long() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rooms = MAY_IMPORT.iter().map(|(room, _)| *room).chain([ROOT, "main"]);
    let mut long = Vec::new();
    for file in rooms.flat_map(|room| files_of(&source, room)) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines: Vec<&str> = code.lines().collect();
        if code_lines(&lines) > LONGEST_FILE {
            long.push(format!("{}: {} lines of code", file.display(), code_lines(&lines)));
        }
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| begins_function(line)) {
            let indent = &line[..line.len() - line.trim_start().len()];
            let end = format!("{indent}}}");
            // Without such a line it stands on one: `fn name(self) -> bool { … }`, or only declares.
            let is_one_line = line.ends_with('}') || line.ends_with(';');
            let length = lines[at..].iter().position(|line| *line == end).unwrap_or_default();
            let function = &lines[at..=at + length];
            if !is_one_line && code_lines(function) > LONGEST_FUNCTION {
                let (name, length) = (line.trim(), code_lines(function));
                long.push(format!("{}: {length} lines in {name}", file.display()));
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// Lines that are neither blank nor a comment.
fn code_lines(lines: &[&str]) -> usize {
    let is_code = |line: &&&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
    lines.iter().filter(is_code).count()
}

/// Whether a function's signature begins on this line, whatever its visibility.
fn begins_function(line: &str) -> bool {
    let is_prefix =
        |word: &&str| word.starts_with("pub") || word.ends_with(')') || *word == "const";
    line.split_whitespace().find(|word| !is_prefix(word)) == Some("fn")
}
