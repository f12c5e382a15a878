//! `run.json`: what a run was made of, enough to run it again.
//!
//! It is the only file of a run that differs between two runs of the same seed: it knows the time
//! and the machine. It begins with the program's name, by which an output folder is known.

use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::keys::Input;
use crate::study::summary::Summary;

/// What a run was made of.
#[derive(Debug)]
pub struct Manifest<'a> {
    /// Version of the way random streams are keyed.
    pub stream_scheme: u32,
    /// The scenario's name.
    pub scenario: &'a str,
    /// The file it came from; none for the embedded default.
    pub path: Option<&'a Path>,
    /// The scenario's text.
    pub text: &'a str,
    /// The other files that the scenario names, as they were read.
    pub inputs: &'a [Input],
    /// How distributions that are fitted to logs were taken: "uncertain", "best" or "both".
    pub fits: &'a str,
    /// Seed of all random draws.
    pub seed: u64,
    /// Number of the first trial.
    pub first_trial: u64,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// Threads that played the trials.
    pub threads: usize,
    /// When the run began.
    pub started: jiff::Timestamp,
    /// From there to the writing of this file.
    pub seconds: f64,
    /// The part of it in which the trials were played.
    pub playing_seconds: f64,
    /// Warnings of the scenario: `message`, `help` and `line` of each.
    pub warnings: Value,
    /// The results.
    pub summary: &'a Summary,
    /// All files of the run, this one too.
    pub files: Vec<String>,
}

impl Manifest<'_> {
    /// The manifest as JSON text.
    pub fn to_text(&self) -> String {
        let strategies: Value = self
            .summary
            .strategies
            .iter()
            .map(|strategy| {
                json!({
                    "name": strategy.name,
                    "purged_objects": u64::try_from(strategy.purged_objects).unwrap_or(u64::MAX),
                    "full_cycles": strategy.full_cycles,
                })
            })
            .collect();
        let manifest = json!({
            "program": "outlast",
            "version": env!("CARGO_PKG_VERSION"),
            "stream_scheme": self.stream_scheme,
            "scenario": {
                "name": self.scenario,
                "path": self.path.map(|path| path.display().to_string()),
                "sha256": sha256(self.text),
                "text": self.text,
            },
            "inputs": self.inputs.iter().map(input).collect::<Value>(),
            "fits": self.fits,
            "seed": self.seed,
            "trials": self.summary.trials,
            "first_trial": self.first_trial,
            "sampling": match self.summary.design {
                crate::study::design::Design::Plain => json!({ "design": "plain" }),
                crate::study::design::Design::Strata { disaster } => json!({
                    "design": "strata",
                    "weights": [1.0 - disaster, disaster],
                }),
            },
            "confidence": self.confidence,
            "threads": self.threads,
            "started": self.started.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "seconds": self.seconds,
            "trials_per_second": self.summary.trials as f64 / self.playing_seconds,
            "strategies": strategies,
            "warnings": self.warnings,
            "files": self.files,
        });
        format!("{manifest:#}\n")
    }
}

/// The manifest of a command that reads a log, as JSON text: what it was asked, the log by its
/// hash, and what more the command has to say.
pub fn of_log(command: &str, log: &Path, more: Value) -> String {
    let mut manifest = json!({
        "program": "outlast",
        "version": env!("CARGO_PKG_VERSION"),
        "command": command,
        "arguments": std::env::args().skip(1).collect::<Vec<String>>(),
        "log": log.display().to_string(),
        "log_sha256": std::fs::read(log).ok().map(|bytes| sha256_of(&bytes)),
    });
    if let (Some(all), Value::Object(more)) = (manifest.as_object_mut(), more) {
        all.extend(more);
    }
    format!("{manifest:#}\n")
}

/// The longest text of an input that is kept, bytes; of a longer one only the hash is.
const LONGEST_INPUT: usize = 1_000_000;

fn input(input: &Input) -> Value {
    let mut entry = json!({ "path": input.path, "sha256": sha256(&input.text) });
    if input.text.len() <= LONGEST_INPUT {
        entry["text"] = (*input.text).into();
    } else {
        entry["text"] = Value::Null;
        entry["text_left_out"] = format!("longer than {LONGEST_INPUT} bytes").into();
    }
    entry
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
    use crate::study::design::Design;

    #[test]
    fn hashes_as_the_standard_says() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256("abc"), expected);
    }

    #[test]
    fn begins_with_the_program_and_tells_the_run() {
        let summary = Summary { trials: 100, design: Design::Plain, strategies: Vec::new() };
        let manifest = Manifest {
            stream_scheme: 1,
            scenario: "Office",
            path: Some(Path::new("a/office.toml")),
            text: "name = \"Office\"\n",
            inputs: &[
                Input { path: "drills.csv".into(), text: "abc".into() },
                Input { path: "long.csv".into(), text: "x".repeat(LONGEST_INPUT + 1).into() },
            ],
            fits: "uncertain",
            seed: u64::MAX,
            first_trial: 0,
            confidence: 0.95,
            threads: 2,
            started: jiff::Timestamp::UNIX_EPOCH,
            seconds: 1.0,
            playing_seconds: 0.5,
            warnings: json!([]),
            summary: &summary,
            files: vec!["summary.csv".into()],
        };
        let text = manifest.to_text();
        assert!(text.starts_with("{\n  \"program\": \"outlast\","), "{text}");
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["seed"], u64::MAX);
        assert_eq!(read["started"], "1970-01-01T00:00:00Z");
        assert_eq!(read["trials_per_second"], 200.0);
        assert_eq!(read["scenario"]["text"], "name = \"Office\"\n");
        assert_eq!(read["scenario"]["path"], "a/office.toml");
        assert_eq!(read["inputs"][0]["path"], "drills.csv");
        assert_eq!(read["inputs"][0]["sha256"], sha256("abc"));
        assert_eq!(read["inputs"][0]["text"], "abc");
        assert!(read["inputs"][1]["text"].is_null());
        assert_eq!(read["inputs"][1]["text_left_out"], "longer than 1000000 bytes");
    }
}
