//! Work that can be divided: what is counted in it, and what comes of it depends on.

use crate::study::design::Design;
use serde::{Deserialize, Serialize};

/// The work of a command, beside its scenario and its seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Work {
    /// Trials of a run.
    Run(RunWork),
}

/// The trials of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunWork {
    /// Trials of the whole run.
    pub trials: u64,
    /// How they are drawn.
    pub design: Design,
    /// How fitted distributions are taken: "uncertain" or "best".
    pub fits: String,
}

/// Something that work depends on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    /// What it is called in a sentence.
    pub(super) called: &'static str,
    /// Its value there.
    pub(super) value: String,
    /// The options that ask for it; none where it is the default.
    pub(super) words: Vec<String>,
}

impl Work {
    /// The command that does it.
    pub fn command(&self) -> &'static str {
        self.words()[0]
    }

    /// What it is called in a sentence.
    pub fn called(&self) -> &'static str {
        self.words()[1]
    }

    /// What is counted.
    pub fn unit(&self) -> &'static str {
        self.words()[2]
    }

    fn words(&self) -> [&'static str; 3] {
        match self {
            Work::Run(_) => ["run", "the run", "trial"],
        }
    }

    /// How many there are of it.
    pub fn count(&self) -> u64 {
        match self {
            Work::Run(work) => work.trials,
        }
    }

    /// All that it depends on. Work of one command has the same terms.
    pub(super) fn terms(&self) -> Vec<Term> {
        match self {
            Work::Run(work) => work.terms(),
        }
    }
}

impl RunWork {
    fn terms(&self) -> Vec<Term> {
        let (sampling, words) = match self.design {
            Design::Plain => ("plain".to_owned(), vec!["--plain".to_owned()]),
            Design::Strata { disaster } => {
                let bits = disaster.to_bits();
                (format!("strata with the probability {disaster} (bits {bits:x})"), Vec::new())
            }
        };
        let is_best = self.fits != "uncertain";
        let fits = is_best.then(|| format!("--fits={}", self.fits));
        vec![
            Term::option("the number of trials", "--trials", &self.trials),
            Term { called: "the sampling", value: sampling, words },
            Term {
                called: "how fits are taken",
                value: self.fits.clone(),
                words: fits.into_iter().collect(),
            },
        ]
    }
}

impl Term {
    /// The value of an option that is always said.
    fn option(called: &'static str, option: &str, value: &impl ToString) -> Term {
        let value = value.to_string();
        Term { called, words: vec![option.to_owned(), value.clone()], value }
    }
}
