//! What a part is a part of.

use super::work::Work;
use crate::files::sha256;
use crate::scenario::Scenario;
use crate::world::streams::STREAM_SCHEME;
use serde::{Deserialize, Serialize};

/// The work that a part is of, in full: two parts belong together if and only if their origins are the
/// same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Version of the program.
    pub version: String,
    /// Version of the way random streams are keyed.
    pub stream_scheme: u32,
    /// What is done.
    pub work: Work,
    /// Seed of all draws.
    pub seed: u64,
    /// Name of the scenario.
    pub name: String,
    /// Its file, as it was given; none for the built-in one.
    pub path: Option<String>,
    /// What options set in it.
    pub set: Vec<String>,
    /// Whether it may take as long as it likes.
    pub force: bool,
    /// Other files that it names, each with the SHA-256 of what was in it.
    pub inputs: Vec<(String, String)>,
    /// Its text.
    pub text: String,
}

impl Origin {
    /// The work on a scenario with a seed; `force` as its option says.
    pub fn new(scenario: &Scenario, seed: u64, force: bool, work: Work) -> Origin {
        Origin {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            stream_scheme: STREAM_SCHEME,
            work,
            seed,
            name: scenario.name.clone(),
            path: scenario.path.as_ref().map(|path| path.display().to_string()),
            set: scenario.options.clone(),
            force,
            inputs: Origin::inputs_of(scenario),
            text: scenario.text.clone(),
        }
    }

    /// The files that a scenario names, as they were read.
    fn inputs_of(scenario: &Scenario) -> Vec<(String, String)> {
        scenario
            .inputs
            .iter()
            .map(|input| (input.path.clone(), sha256(input.text.as_bytes())))
            .collect()
    }

    /// The words after `outlast` that do all of it.
    pub fn words(&self) -> Vec<String> {
        let mut words = vec![self.work.command().to_owned()];
        words.extend(self.path.clone());
        words.extend(self.set.iter().flat_map(|option| ["--set".to_owned(), option.clone()]));
        words.extend(self.force.then(|| "--force".to_owned()));
        words.extend(self.work.terms().into_iter().flat_map(|term| term.words));
        words.extend(["--seed".to_owned(), self.seed.to_string()]);
        words
    }

    /// What differs from another origin, with both values; none if nothing does.
    pub fn difference(&self, other: &Origin) -> Option<String> {
        let differs = |what: &str, a: String, b: String| {
            (a != b).then(|| format!("{what} is {a} in one and {b} in the other"))
        };
        let files = |origin: &Origin| {
            let names = origin.inputs.iter().map(|(path, hash)| format!("{path} ({hash})"));
            names.collect::<Vec<_>>().join(", ")
        };
        let command = |origin: &Origin| format!("outlast {}", origin.work.command());
        let scheme = |origin: &Origin| origin.stream_scheme.to_string();
        let terms = || {
            let mut both = self.work.terms().into_iter().zip(other.work.terms());
            both.find_map(|(mine, theirs)| differs(mine.called, mine.value, theirs.value))
        };
        None.or_else(|| differs("the version", self.version.clone(), other.version.clone()))
            .or_else(|| differs("the stream scheme", scheme(self), scheme(other)))
            .or_else(|| differs("the command", command(self), command(other)))
            .or_else(|| differs("the seed", self.seed.to_string(), other.seed.to_string()))
            .or_else(|| differs("the name", quoted(&self.name), quoted(&other.name)))
            .or_else(|| differs("what --set sets", list(&self.set), list(&other.set)))
            .or_else(|| {
                let line = first_difference(&self.text, &other.text)?;
                Some(format!("the text of the scenario differs from line {line} on"))
            })
            .or_else(|| differs("what is read beside it", files(self), files(other)))
            .or_else(terms)
            .or_else(|| differs("--force", self.force.to_string(), other.force.to_string()))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn list(options: &[String]) -> String {
    if options.is_empty() { "nothing".to_owned() } else { options.join(", ") }
}

/// The number of the first line that differs.
fn first_difference(a: &str, b: &str) -> Option<usize> {
    let lines = a.lines().count().max(b.lines().count());
    let (mut a, mut b) = (a.lines(), b.lines());
    (1..=lines).find(|_| a.next() != b.next())
}
