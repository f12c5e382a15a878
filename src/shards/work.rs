//! Work that can be divided: what is counted in it, and what comes of it depends on.

use crate::study::design::Design;
use serde::{Deserialize, Serialize};

/// The work of a command, beside its scenario and its seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Work {
    /// Trials of a run.
    Run(RunWork),
    /// Points of a grid of values.
    Sweep(SweepWork),
    /// Points of the sample of a study of the assumptions.
    Sensitivity(SensitivityWork),
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
    /// The options that say until when it plays, where that is a goal and not so many trials; then
    /// `trials` is the most that it plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<Vec<String>>,
}

/// The points of a grid of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepWork {
    /// Points of the whole grid.
    pub points: u64,
    /// What takes which values, as the option says it.
    pub sweeps: Vec<String>,
    /// Trials of each point.
    pub trials: u64,
    /// Whether all trials are drawn in the same way.
    pub plain: bool,
    /// Confidence of all intervals, as a number is written.
    pub confidence: String,
    /// The metric that the chart shows, if it is said.
    pub metric: Option<String>,
}

/// The points of the sample of a study of the assumptions, and what is asked of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SensitivityWork {
    /// Points of the whole sample.
    pub points: u64,
    /// Confidence of all intervals, as a number is written.
    pub confidence: String,
    /// The metric that is studied, if it is said.
    pub of: Option<String>,
    /// Of which strategy.
    pub strategy: Option<String>,
    /// The assumption against which probabilities are drawn.
    pub against: String,
    /// What a year out of a tolerance costs, as a number is written.
    pub breach: String,
    /// What one drill costs, likewise, if it is said.
    pub drill_cost: Option<String>,
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
            Work::Sweep(_) => ["compare", "the grid", "point"],
            Work::Sensitivity(_) => ["sensitivity", "the sample", "point"],
        }
    }

    /// How many there are of it.
    pub fn count(&self) -> u64 {
        match self {
            Work::Run(work) => work.trials,
            Work::Sweep(work) => work.points,
            Work::Sensitivity(work) => work.points,
        }
    }

    /// All that it depends on. Work of one command has the same terms.
    pub(super) fn terms(&self) -> Vec<Term> {
        match self {
            Work::Run(work) => work.terms(),
            Work::Sweep(work) => work.terms(),
            Work::Sensitivity(work) => work.terms(),
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
            match &self.goal {
                None => Term::option("the number of trials", "--trials", &self.trials),
                Some(words) => Term {
                    called: "the number of trials",
                    value: format!("as {} says", words.join(" ")),
                    words: words.clone(),
                },
            },
            Term { called: "the sampling", value: sampling, words },
            Term {
                called: "how fits are taken",
                value: self.fits.clone(),
                words: fits.into_iter().collect(),
            },
        ]
    }
}

impl SweepWork {
    fn terms(&self) -> Vec<Term> {
        let sweeps = self.sweeps.iter().flat_map(|one| ["--sweep".to_owned(), one.clone()]);
        vec![
            Term {
                called: "what --sweep varies",
                value: self.sweeps.join(" and "),
                words: sweeps.collect(),
            },
            Term::option("the number of trials", "--trials", &self.trials),
            Term::flag("--plain", self.plain),
            Term::option("the confidence", "--confidence", &self.confidence),
            Term::maybe("--metric", self.metric.as_deref()),
        ]
    }
}

impl SensitivityWork {
    fn terms(&self) -> Vec<Term> {
        vec![
            Term::option("the number of points", "--points", &self.points),
            Term::option("the confidence", "--confidence", &self.confidence),
            Term::maybe("--of", self.of.as_deref()),
            Term::maybe("--strategy", self.strategy.as_deref()),
            Term::option("--against", "--against", &self.against),
            Term::option("--breach", "--breach", &self.breach),
            Term::maybe("--drill-cost", self.drill_cost.as_deref()),
        ]
    }
}

impl Term {
    /// The value of an option that is always said.
    fn option(called: &'static str, option: &str, value: &impl ToString) -> Term {
        let value = value.to_string();
        Term { called, words: vec![option.to_owned(), value.clone()], value }
    }

    /// An option that has no value.
    fn flag(option: &'static str, is_set: bool) -> Term {
        let words = is_set.then(|| option.to_owned()).into_iter().collect();
        Term { called: option, value: if is_set { "set" } else { "not set" }.to_owned(), words }
    }

    /// An option that may not be there.
    fn maybe(option: &'static str, value: Option<&str>) -> Term {
        match value {
            Some(value) => Term::option(option, option, &value),
            None => Term { called: option, value: "not set".to_owned(), words: Vec::new() },
        }
    }
}
