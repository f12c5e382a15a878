//! What the options of a command set in its scenario, for every command that takes one.

use super::completions::asking_shell;
use crate::evidence::fitted::Fits;
use crate::scenario::{Scenario, ScenarioError, Spec};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Flattened into the options of a command beside its own SCENARIO.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ScenarioOptions {
    /// Set one key of the scenario, as if the file said so; may be given several times
    ///
    /// PATH is a key as `outlast check` lists it, where * stands for any one name:
    /// strategy.*.staging.promote. VALUE is what would stand in the file; text needs no quotes here.
    #[arg(long, value_name = "PATH=VALUE", add = ArgValueCompleter::new(complete))]
    set: Vec<String>,
    /// Play even what takes very long: a fault that strikes a million times in a trial, or hundreds
    /// of strategies
    #[arg(long)]
    force: bool,
}

impl ScenarioOptions {
    /// The scenario in that file, or the built-in one, with what the options set.
    pub(super) fn spec(&self, file: Option<&Path>, fits: Fits) -> Result<Spec, ScenarioError> {
        let spec = match file {
            Some(file) => Spec::load(file)?,
            None => Spec::embedded(),
        };
        Ok(self.apply(spec, fits))
    }

    /// Whether a trial may take as long as it likes.
    pub(super) fn is_forced(&self) -> bool {
        self.force
    }

    /// A scenario with what the options set.
    pub(super) fn apply(&self, mut spec: Spec, fits: Fits) -> Spec {
        spec.take_fits(fits);
        if self.force {
            spec.force();
        }
        for option in &self.set {
            spec.set_option(option);
        }
        spec
    }

    /// As [`ScenarioOptions::spec`], ready to run.
    pub(super) fn load(&self, file: Option<&Path>) -> Result<Scenario, ScenarioError> {
        self.spec(file, Fits::default())?.compile()
    }

    /// The options as they were given.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let set = self.set.iter().flat_map(|option| ["--set", option]);
        set.chain(self.force.then_some("--force"))
    }
}

/// The paths that begin as what is on the line does, each with its `=`.
fn complete(current: &OsStr) -> Vec<CompletionCandidate> {
    let words: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let is_scenario = |word: &&PathBuf| word.extension().is_some_and(|end| end == "toml");
    let file = words.iter().find(|word| is_scenario(word) && word.is_file());
    let spec = file.and_then(|file| Spec::load(file).ok());
    let mut spec = spec.unwrap_or_else(Spec::embedded);
    let shell = Shell::named(asking_shell());
    let begun = shell.unquoted(&current.to_string_lossy());
    let candidate = |(path, doc): (&str, &'static str)| {
        let path = unquoted_names(path);
        path.starts_with(&begun)
            .then(|| CompletionCandidate::new(shell.quoted(&path)).help(Some(doc.into())))
    };
    spec.paths().filter_map(candidate).collect()
}

/// A path with its names without quotes, where they need none on the command line.
fn unquoted_names(path: &str) -> String {
    let mut parts = path.split('"');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    // Names and what stands between them take turns.
    while let (Some(name), after) = (parts.next(), parts.next().unwrap_or_default()) {
        let is_safe = !name.is_empty() && !name.contains(['.', '=', '\'', '*', '\\']);
        if is_safe {
            plain.push_str(name);
        } else {
            plain.push_str(&format!("\"{name}\""));
        }
        plain.push_str(after);
    }
    plain + "="
}

/// How a shell takes a word with spaces: what it does not do itself for a completion.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shell {
    /// bash takes the word as it is, so the special characters need a backslash.
    Bash,
    /// PowerShell takes the word as it is, so it stands in single quotes.
    Powershell,
    /// zsh, fish and elvish quote by themselves.
    Other,
}

impl Shell {
    fn named(name: &str) -> Shell {
        match name {
            "bash" => Shell::Bash,
            "powershell" => Shell::Powershell,
            _ => Shell::Other,
        }
    }

    fn quoted(self, path: &str) -> String {
        let special = |c: char| !c.is_alphanumeric() && !"_-./=+:,@%".contains(c);
        match self {
            Shell::Bash => {
                let escaped =
                    path.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c]));
                escaped.collect()
            }
            Shell::Powershell if path.contains(special) => {
                format!("'{}'", path.replace('\'', "''"))
            }
            _ => path.to_owned(),
        }
    }

    /// What was typed, without the quotes of the shell.
    fn unquoted(self, word: &str) -> String {
        match self {
            Shell::Bash => word.replace('\\', "").trim_start_matches(['"', '\'']).to_owned(),
            _ => word.trim_start_matches('\'').to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_the_quotes_that_they_do_not_need() {
        assert_eq!(unquoted_names("operations.staffed"), "operations.staffed=");
        assert_eq!(unquoted_names("fault.\"a b\".every"), "fault.a b.every=");
        assert_eq!(unquoted_names("fault.\"a.b\".every"), "fault.\"a.b\".every=");
    }

    #[test]
    fn each_shell_gets_a_word_that_it_takes_as_one() {
        let path = "fault.a b (c).every=";
        assert_eq!(Shell::Bash.quoted(path), r"fault.a\ b\ \(c\).every=");
        assert_eq!(Shell::Powershell.quoted(path), "'fault.a b (c).every='");
        assert_eq!(Shell::Powershell.quoted("operations.x="), "operations.x=");
        assert_eq!(Shell::Other.quoted(path), path);
        assert_eq!(Shell::Bash.unquoted(r"fault.a\ b"), "fault.a b");
    }
}
