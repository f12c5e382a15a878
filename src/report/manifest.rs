//! `run.json`: what a run was made of, enough to run it again.
//!
//! It is the only file of a run that differs between two runs of the same seed: it knows the time
//! and the machine. It begins with the program's name, by which an output folder is known.

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::keys::Input;
use crate::scenario::Scenario;
use crate::study::design::Design;
use crate::study::summary::{StrategyResult, Summary};

/// What a run was made of; the names of the fields are the keys of the file.
#[derive(Debug, Serialize)]
pub struct Manifest<'a> {
    /// What made it.
    #[serde(flatten)]
    pub program: Program,
    /// Version of the way random streams are keyed.
    pub stream_scheme: u32,
    /// The scenario.
    pub scenario: ScenarioText<'a>,
    /// What was set in it on the command line, each as `PATH=VALUE`.
    pub set: &'a [String],
    /// The other files that the scenario names, as they were read.
    pub inputs: Vec<InputText<'a>>,
    /// How distributions that are fitted to logs were taken: "uncertain", "best" or "both".
    pub fits: &'a str,
    /// Seed of all random draws.
    pub seed: u64,
    /// How many trials were played.
    pub trials: u64,
    /// Number of the first trial.
    pub first_trial: u64,
    /// How they were drawn.
    pub sampling: Sampling,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// Threads that played the trials.
    pub threads: usize,
    /// When the run began.
    pub started: String,
    /// From there to the writing of this file.
    pub seconds: f64,
    /// Trials in a second of the time in which they were played.
    pub trials_per_second: f64,
    /// What is counted over all trials of a strategy.
    pub strategies: Vec<StrategyCounts<'a>>,
    /// Warnings of the scenario: `message`, `help` and `line` of each.
    pub warnings: Value,
    /// All files of the run, this one too.
    pub files: Vec<String>,
}

/// This program.
#[derive(Debug, Serialize)]
pub struct Program {
    program: &'static str,
    version: &'static str,
}

impl Default for Program {
    fn default() -> Program {
        Program { program: "outlast", version: env!("CARGO_PKG_VERSION") }
    }
}

/// A scenario as it was read.
#[derive(Debug, Serialize)]
pub struct ScenarioText<'a> {
    name: &'a str,
    /// The file it came from; none for the embedded default.
    path: Option<String>,
    sha256: String,
    text: &'a str,
}

impl<'a> ScenarioText<'a> {
    /// The text of a scenario, with its hash.
    pub fn new(scenario: &'a Scenario) -> ScenarioText<'a> {
        ScenarioText {
            name: &scenario.name,
            path: scenario.path.as_ref().map(|path| path.display().to_string()),
            sha256: sha256(&scenario.text),
            text: &scenario.text,
        }
    }
}

/// Another file that the scenario names.
#[derive(Debug, Serialize)]
pub struct InputText<'a> {
    path: &'a str,
    sha256: String,
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_left_out: Option<String>,
}

/// The longest text of an input that is kept, bytes; of a longer one only the hash is.
const LONGEST_INPUT: usize = 1_000_000;

impl<'a> InputText<'a> {
    /// The file, with its text if that is not too long to keep.
    pub fn new(input: &'a Input) -> InputText<'a> {
        let is_kept = input.text.len() <= LONGEST_INPUT;
        InputText {
            path: &input.path,
            sha256: sha256(&input.text),
            text: is_kept.then_some(&*input.text),
            text_left_out: (!is_kept).then(|| format!("longer than {LONGEST_INPUT} bytes")),
        }
    }
}

/// How trials were drawn.
#[derive(Debug, Serialize)]
#[serde(tag = "design", rename_all = "lowercase")]
pub enum Sampling {
    /// Each as it comes.
    Plain,
    /// By strata, which count as these weights say.
    Strata {
        /// They add up to 1.
        weights: Vec<f64>,
    },
}

impl From<Design> for Sampling {
    fn from(design: Design) -> Sampling {
        match design {
            Design::Plain => Sampling::Plain,
            Design::Strata { .. } => Sampling::Strata { weights: design.weights() },
        }
    }
}

/// What is counted over all trials of a strategy, beside its metrics.
#[derive(Debug, Serialize)]
pub struct StrategyCounts<'a> {
    name: &'a str,
    purged_objects: u64,
    full_cycles: u64,
}

impl<'a> StrategyCounts<'a> {
    /// The counts of every strategy.
    pub fn from_summary(summary: &'a Summary) -> Vec<StrategyCounts<'a>> {
        let counts = |strategy: &'a StrategyResult| StrategyCounts {
            name: &strategy.name,
            purged_objects: u64::try_from(strategy.purged_objects).unwrap_or(u64::MAX),
            full_cycles: strategy.full_cycles,
        };
        summary.strategies.iter().map(counts).collect()
    }
}

/// A time as a manifest has it.
pub fn timestamp(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Manifest<'_> {
    /// The manifest as JSON text.
    pub fn to_text(&self) -> String {
        format!("{:#}\n", json!(self))
    }
}

/// What a command that reads a log was asked and what it read.
#[derive(Debug, Serialize)]
struct LogManifest<'a> {
    #[serde(flatten)]
    program: Program,
    command: &'a str,
    arguments: Vec<String>,
    log: String,
    log_sha256: Option<String>,
    /// What more the command has to say.
    #[serde(flatten)]
    more: Value,
}

/// The manifest of a command that reads a log, as JSON text, with what `more` the command has to
/// say.
pub fn log_manifest(command: &str, log: &Path, more: Value) -> String {
    let manifest = LogManifest {
        program: Program::default(),
        command,
        arguments: std::env::args().skip(1).collect(),
        log: log.display().to_string(),
        log_sha256: std::fs::read(log).ok().map(|bytes| sha256_of(&bytes)),
        more,
    };
    format!("{:#}\n", json!(manifest))
}

/// The SHA-256 hash of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    sha256_of(text.as_bytes())
}

/// The SHA-256 hash of bytes, in hexadecimal.
fn sha256_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_the_standard_says() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256("abc"), expected);
    }

    #[test]
    fn begins_with_the_program_and_tells_the_run() {
        let scenario = Scenario::embedded().unwrap();
        let inputs = [
            Input { path: "drills.csv".into(), text: "abc".into() },
            Input { path: "long.csv".into(), text: "x".repeat(LONGEST_INPUT + 1).into() },
        ];
        let manifest = Manifest {
            program: Program::default(),
            stream_scheme: 1,
            scenario: ScenarioText::new(&scenario),
            set: &["horizon=90d".to_owned()],
            inputs: inputs.iter().map(InputText::new).collect(),
            fits: "uncertain",
            seed: u64::MAX,
            trials: 100,
            first_trial: 0,
            sampling: Design::Strata { disaster: 0.25 }.into(),
            confidence: 0.95,
            threads: 2,
            started: timestamp(jiff::Timestamp::UNIX_EPOCH),
            seconds: 1.0,
            trials_per_second: 200.0,
            strategies: Vec::new(),
            warnings: json!([]),
            files: vec!["summary.csv".into()],
        };
        let text = manifest.to_text();
        assert!(text.starts_with("{\n  \"program\": \"outlast\","), "{text}");
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["seed"], u64::MAX);
        assert_eq!(read["started"], "1970-01-01T00:00:00Z");
        assert_eq!(read["sampling"], json!({ "design": "strata", "weights": [0.75, 0.25] }));
        assert_eq!(read["scenario"]["text"], scenario.text);
        assert!(read["scenario"]["path"].is_null());
        assert_eq!(read["set"], json!(["horizon=90d"]));
        assert_eq!(read["inputs"][0]["path"], "drills.csv");
        assert_eq!(read["inputs"][0]["sha256"], sha256("abc"));
        assert_eq!(read["inputs"][0]["text"], "abc");
        assert!(read["inputs"][1]["text"].is_null());
        assert_eq!(read["inputs"][1]["text_left_out"], "longer than 1000000 bytes");
    }
}
