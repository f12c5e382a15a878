//! What a part is a part of.

use crate::files::sha256;
use crate::scenario::Scenario;
use crate::study::design::Design;
use crate::world::streams::STREAM_SCHEME;
use serde::{Deserialize, Serialize};

/// The run that a part is of, in full: two parts merge if and only if their origins are the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Version of the program.
    pub version: String,
    /// Version of the way random streams are keyed.
    pub stream_scheme: u32,
    /// Name of the scenario.
    pub name: String,
    /// Its file, as it was given; none for the built-in one.
    pub path: Option<String>,
    /// Its text.
    pub text: String,
    /// What options set in it.
    pub set: Vec<String>,
    /// Whether it may take as long as it likes.
    pub force: bool,
    /// Other files that it names, each with the SHA-256 of what was in it.
    pub inputs: Vec<(String, String)>,
    /// How fitted distributions were taken: "uncertain" or "best".
    pub fits: String,
    /// Seed of all draws.
    pub seed: u64,
    /// How trials are drawn.
    pub design: Design,
    /// Trials of the whole run.
    pub trials: u64,
}

impl Origin {
    /// The run of so many trials of a scenario with a seed, drawn so; `force` and `fits` as its options
    /// say.
    pub fn new(
        scenario: &Scenario,
        (seed, trials, design): (u64, u64, Design),
        force: bool,
        fits: &str,
    ) -> Origin {
        Origin {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            stream_scheme: STREAM_SCHEME,
            name: scenario.name.clone(),
            path: scenario.path.as_ref().map(|path| path.display().to_string()),
            text: scenario.text.clone(),
            set: scenario.options.clone(),
            force,
            inputs: Origin::inputs_of(scenario),
            fits: fits.to_owned(),
            seed,
            design,
            trials,
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

    /// The words after `outlast` that play this run.
    pub fn words(&self) -> Vec<String> {
        let mut words = vec!["run".to_owned()];
        words.extend(self.path.clone());
        words.extend(self.set.iter().flat_map(|option| ["--set".to_owned(), option.clone()]));
        words.extend(self.force.then(|| "--force".to_owned()));
        words.extend(["--trials".to_owned(), self.trials.to_string()]);
        words.extend(["--seed".to_owned(), self.seed.to_string()]);
        words.extend((self.design == Design::Plain).then(|| "--plain".to_owned()));
        words.extend((self.fits != "uncertain").then(|| format!("--fits={}", self.fits)));
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
        let sampling = |origin: &Origin| match origin.design {
            Design::Plain => "plain".to_owned(),
            Design::Strata { disaster } => {
                format!("strata with the probability {disaster} (bits {:x})", disaster.to_bits())
            }
        };
        None.or_else(|| differs("the version", self.version.clone(), other.version.clone()))
            .or_else(|| {
                differs("the stream scheme", text(self.stream_scheme), text(other.stream_scheme))
            })
            .or_else(|| differs("the seed", text(self.seed), text(other.seed)))
            .or_else(|| differs("the number of trials", text(self.trials), text(other.trials)))
            .or_else(|| differs("the name", quoted(&self.name), quoted(&other.name)))
            .or_else(|| differs("what --set sets", list(&self.set), list(&other.set)))
            .or_else(|| {
                let line = first_difference(&self.text, &other.text)?;
                Some(format!("the text of the scenario differs from line {line} on"))
            })
            .or_else(|| differs("what is read beside it", files(self), files(other)))
            .or_else(|| differs("how fits are taken", self.fits.clone(), other.fits.clone()))
            .or_else(|| differs("the sampling", sampling(self), sampling(other)))
            .or_else(|| differs("--force", text(self.force), text(other.force)))
    }
}

fn text(value: impl ToString) -> String {
    value.to_string()
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
