//! The cases that the options of `compare` ask for: files, and groups of changes.

use super::grid::outside;
use crate::cli::failure::Failure;
use crate::cli::scenario_options::ScenarioOptions;
use crate::evidence::fitted::Fits;
use crate::scenario::{Scenario, Spec};
use std::path::{Path, PathBuf};

/// A scenario under the name by which it is compared.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) scenario: Scenario,
}

/// A group of changes: `NAME: PATH=VALUE; PATH=VALUE`.
#[derive(Debug, Clone, PartialEq)]
struct Group<'a> {
    name: &'a str,
    options: Vec<&'a str>,
}

impl<'a> Group<'a> {
    fn parse(text: &'a str) -> Group<'a> {
        let before = outside(text, '=').next().unwrap_or(text.len());
        let colon = outside(text, ':').next().filter(|at| *at < before);
        let (name, options) = match colon {
            Some(at) => (text[..at].trim(), &text[at + 1..]),
            None => (text.trim(), text),
        };
        let mut parts = Vec::new();
        let mut from = 0;
        for at in outside(options, ';').chain([options.len()]) {
            parts.push(options[from..at].trim());
            from = at + 1;
        }
        // A semicolon at the end is no mistake.
        parts.retain(|part| !part.is_empty());
        Group { name, options: parts }
    }
}

/// The scenario that stands first: the first file, or the one that the program has within.
pub(super) fn first(files: &[PathBuf], changes: &ScenarioOptions) -> Result<Spec, Failure> {
    Ok(changes.spec(files.first().map(PathBuf::as_path), Fits::default())?)
}

/// Every case: each file, and the first again with each group of changes.
pub(super) fn cases(
    first: &Spec,
    files: &[PathBuf],
    changes: &ScenarioOptions,
    groups: &[String],
) -> Result<Vec<Case>, Failure> {
    let names = names(files);
    let mut cases = vec![Case { name: names[0].clone(), scenario: first.clone().compile()? }];
    for (file, name) in files.iter().zip(names).skip(1) {
        cases.push(Case { name, scenario: changes.load(Some(file))? });
    }
    for group in groups.iter().map(|group| Group::parse(group)) {
        let mut spec = first.clone();
        if group.options.is_empty() {
            return Err(Failure::Input(format!(
                "--with \"{}\" changes nothing; write PATH=VALUE after the name, such as \
                 operations.staffed=24x7",
                group.name
            )));
        }
        for option in &group.options {
            spec.set_option_of("--with", option);
        }
        cases.push(Case { name: group.name.to_owned(), scenario: spec.compile()? });
    }
    for (at, case) in cases.iter().enumerate() {
        if cases[..at].iter().any(|other| other.name == case.name) {
            return Err(Failure::Input(format!(
                "two variants are named \"{}\"; name them apart: --with \"NAME: PATH=VALUE\"",
                case.name
            )));
        }
    }
    Ok(cases)
}

/// What the files are called: their stems, or their paths where stems are alike.
fn names(files: &[PathBuf]) -> Vec<String> {
    let stem = |file: &Path| file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = |file: &PathBuf| {
        let alike = files.iter().filter(|other| stem(other) == stem(file)).count() > 1;
        let path = file.display().to_string();
        if alike { path } else { stem(file).unwrap_or(path) }
    };
    match files {
        [] => vec!["built-in".to_owned()],
        files => files.iter().map(name).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_name_and_changes() {
        let group = Group::parse("all day: operations.staffed=24x7; operations.decision = \"5m\";");
        assert_eq!(group.name, "all day");
        assert_eq!(group.options, ["operations.staffed=24x7", "operations.decision = \"5m\""]);
        let group = Group::parse("operations.staffed=Mon-Fri 09:00-17:00");
        assert_eq!(group.name, "operations.staffed=Mon-Fri 09:00-17:00");
        assert_eq!(group.options, [group.name]);
        let group = Group::parse("fault.\"a;b: c\".repair=\"1h; 2h\"");
        assert_eq!(group.options, [group.name]);
    }

    #[test]
    fn files_are_called_by_their_stems_where_these_differ() {
        let paths = |files: &[&str]| names(&files.iter().map(PathBuf::from).collect::<Vec<_>>());
        assert_eq!(paths(&["a/x.toml", "y.toml"]), ["x", "y"]);
        assert_eq!(paths(&["a/x.toml", "b/x.toml"]), ["a/x.toml", "b/x.toml"]);
    }
}
