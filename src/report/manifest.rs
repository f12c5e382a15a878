//! `run.json`: what a run was made of, enough to run it again.
//!
//! It is the only file of a run that differs between two runs of the same seed: it knows the time
//! and the machine. It begins with the program's name, by which an output folder is known.

use std::path::Path;

use serde_json::{Value, json};

use crate::files::sha256;
use crate::keys::Input;
use crate::scenario::Scenario;
use crate::study::design::Design;
use crate::study::summary::{StrategyResult, Summary};

/// What a run was made of.
#[derive(Debug)]
pub struct Manifest<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub summary: &'a Summary,
    /// Version of the way random streams are keyed.
    pub stream_scheme: u32,
    /// How distributions that are fitted to logs were taken: "uncertain", "best" or "both".
    pub fits: &'a str,
    /// Seed of all random draws.
    pub seed: u64,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// Threads that played the trials.
    pub threads: usize,
    /// When the run began.
    pub started: jiff::Timestamp,
    /// From there to the writing of this file.
    pub seconds: f64,
    /// Trials in a second of the time in which they were played.
    pub trials_per_second: f64,
    /// Warnings of the scenario: `message`, `help` and `line` of each.
    pub warnings: Value,
    /// All files of the run, this one too.
    pub files: Vec<String>,
}

impl Manifest<'_> {
    /// The manifest as JSON text.
    pub fn to_text(&self) -> String {
        let Scenario { name, path, text, options, inputs, .. } = self.scenario;
        let manifest = json!({
            "program": PROGRAM,
            "version": VERSION,
            "stream_scheme": self.stream_scheme,
            // Without a path it is the one that the program has within.
            "scenario": {
                "name": name,
                "path": path.as_ref().map(|path| path.display().to_string()),
                "sha256": sha256(text.as_bytes()),
                "text": text,
            },
            "set": options,
            "inputs": inputs.iter().map(input).collect::<Value>(),
            "fits": self.fits,
            "seed": self.seed,
            "trials": self.summary.trials,
            "first_trial": 0,
            "sampling": sampling(self.summary.design),
            "confidence": self.confidence,
            "threads": self.threads,
            "started": self.started.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "seconds": self.seconds,
            "trials_per_second": self.trials_per_second,
            "strategies": self.summary.strategies.iter().map(counts).collect::<Value>(),
            "cures": super::cures::to_json(self.scenario),
            "warnings": self.warnings,
            "files": self.files,
        });
        format!("{manifest:#}\n")
    }
}

const PROGRAM: &str = "outlast";
/// Version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The longest text of an input that is kept, bytes; of a longer one only the hash is.
const LONGEST_INPUT: usize = 1_000_000;

/// Another file that the scenario names, as it was read.
fn input(input: &Input) -> Value {
    let sha256 = sha256(input.text.as_bytes());
    if input.text.len() > LONGEST_INPUT {
        let why = format!("longer than {LONGEST_INPUT} bytes");
        return json!({ "path": input.path, "sha256": sha256, "text": null, "text_left_out": why });
    }
    json!({ "path": input.path, "sha256": sha256, "text": &*input.text })
}

/// How trials were drawn. The weights of strata add up to 1.
fn sampling(design: Design) -> Value {
    match design {
        Design::Plain => json!({ "design": "plain" }),
        Design::Strata { .. } => json!({ "design": "strata", "weights": design.weights() }),
    }
}

/// What is counted over all trials of a strategy, beside its metrics.
fn counts(strategy: &StrategyResult) -> Value {
    json!({
        "name": strategy.name,
        "purged_objects": u64::try_from(strategy.purged_objects).unwrap_or(u64::MAX),
        "full_cycles": strategy.full_cycles,
    })
}

/// The manifest of a command that reads a log, as JSON text, with what `more` the command has to
/// say.
pub fn log_manifest(command: &str, log: &Path, more: Value) -> String {
    let mut of_log = json!({
        "log": log.display().to_string(),
        "log_sha256": std::fs::read(log).ok().map(|bytes| sha256(&bytes)),
    });
    add(&mut of_log, more);
    command_manifest(command, of_log)
}

/// The manifest of a command other than `run`, as JSON text, with what `more` it has to say.
pub fn command_manifest(command: &str, more: Value) -> String {
    let mut manifest = json!({
        "program": PROGRAM,
        "version": VERSION,
        "command": command,
        "arguments": std::env::args().skip(1).collect::<Value>(),
    });
    add(&mut manifest, more);
    format!("{manifest:#}\n")
}

fn add(to: &mut Value, more: Value) {
    if let (Value::Object(all), Value::Object(more)) = (to, more) {
        all.extend(more);
    }
}
