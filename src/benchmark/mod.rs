//! A scenario against an incident log: what it assumes of each kind of component beside what the
//! log shows, and what changes when the evidence takes the place of the assumption.
//!
//! [`mod@assumed`] gathers what a scenario says of a kind; [`evidence`](crate::evidence) judges it;
//! then the study is played again with the evidence ([`Benchmark`]), since whether a difference
//! matters is not seen from a test but from the choice it changes.

mod assigned;
pub mod assumed;
mod compare;

pub use assigned::UnknownIncidents;

use crate::distribution::Distribution;
use crate::evidence::analysis::Analysis;
use crate::evidence::assumption::{Durations, Rate};
use crate::evidence::log::IncidentLog;
use crate::evidence::sample::Variable;
use crate::evidence::trend::Trend;
use crate::scenario::{Scenario, ScenarioError, Spec};
use crate::study::design::Design;
use crate::study::mapping::{Mapping, Reason};
use crate::study::results::{Results, study};
use crate::study::run::Trials;
use crate::units::{HOURS_PER_YEAR, show_duration};
use crate::world::World;
use crate::world::kind::Kind;
use assigned::Assigned;
use assumed::{AssumedFailures, Evidence, Span};
use compare::{Against, observed};
use std::sync::atomic::AtomicBool;

/// How a scenario is held against a log.
#[derive(Debug, Clone)]
pub struct Options {
    /// What an incident struck.
    pub mapping: Mapping,
    /// What the durations of the log measure.
    pub span: Span,
    /// How long the log watched, hours; from its first incident to its end when absent.
    pub observed: Option<f64>,
    /// A factor up to this does not matter.
    pub margin: f64,
    /// Seed of all random draws.
    pub seed: u64,
    /// Trials of each variant; a sensible number when absent.
    pub trials: Option<u64>,
    /// Confidence of intervals and verdicts.
    pub confidence: f64,
    /// Threads; they change no result.
    pub threads: usize,
}

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Incidents of a kind of component.
    Kind(Kind),
    /// Drills of a step of recovery.
    Step {
        /// Its key, such as `rebuild.install`.
        key: String,
        /// The full names of all keys that assume the same of it.
        full: Vec<String>,
    },
}

impl Subject {
    /// Its name in tables: the kind, or the key (of one of several assumptions, its full name).
    pub fn name(&self) -> &str {
        match self {
            Subject::Kind(kind) => kind.word(),
            Subject::Step { key, .. } => key,
        }
    }
}

/// One kind of component, or one step of recovery.
#[derive(Debug, Clone)]
pub struct AssumptionCheck {
    /// Which.
    pub subject: Subject,
    /// Causes or components of the log that were taken for it, with why and how many, most frequent
    /// first.
    pub from: Vec<(String, Reason, u64)>,
    /// Incidents in the log, those with an unknown length too.
    pub incidents: u64,
    /// Events that count for a rate, in the hours that the log watched: incidents that start in the
    /// same moment are one. A watch that is taken to begin with the first incident of all does not
    /// count that one: with it every rate of a short log would be too high.
    pub counted: u64,
    /// What the scenario assumes; `None` if nothing of the kind strikes in it.
    pub assumed: Option<AssumedFailures>,
    /// Recovery times in the log.
    pub recovery: Variable,
    /// Assumed recovery times against them; `None` if one side has none.
    pub durations: Option<Durations>,
    /// The assumed rate against theirs; `None` if one side has none.
    pub rate: Option<Rate>,
    /// The times between its incidents, in a log with starts.
    pub between: Option<Variable>,
    /// Whether the incidents came ever more often, or in bursts.
    pub trend: Option<Trend>,
    /// The fit that takes the place of the assumed recovery times; `None` if the log has too few.
    pub fit: Option<Analysis>,
}

/// The study with some evidence in the place of assumptions.
#[derive(Debug)]
pub struct VariantResult {
    /// What sets it apart.
    pub name: String,
    /// The one subject whose evidence it takes, by its place; `None` where it takes that of all.
    pub only: Option<usize>,
    /// The scenario as it was played.
    pub scenario: Scenario,
    /// What came of it.
    pub results: Results,
}

/// Which evidence a variant takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct EvidenceUse {
    recovery: bool,
    rates: bool,
    /// What a short log leaves open counts.
    uncertainty: bool,
    /// Of this subject only.
    only: Option<usize>,
}

/// The variant in which nothing is replaced.
pub const ASSUMED: &str = "as assumed";
/// The variant with the log's recovery times.
pub const RECOVERY: &str = "recovery";
/// The variant with the log's recovery times and rates.
pub const RECOVERY_AND_RATES: &str = "recovery and rates";
/// The same, with the fits taken for the truth.
pub const BEST_FIT: &str = "fits as truth";

/// A scenario held against a log.
#[derive(Debug)]
pub struct Benchmark {
    /// Incidents of which nothing tells what they struck; `None` if there is none.
    pub unknown: Option<UnknownIncidents>,
    /// Trials of each variant.
    pub trials: u64,
    /// Kinds of components and steps of recovery, the most frequent in the log first.
    pub compared: Vec<AssumptionCheck>,
    /// Hours that the log watched; `None` in a log without times.
    pub observed: Option<f64>,
    /// As assumed, and then with evidence.
    pub played: Vec<VariantResult>,
}

/// What is being done, for whoever waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Kinds are compared.
    Comparing,
    /// Variants are played.
    Playing,
}

/// Trials of each variant unless said otherwise.
const TRIALS: u64 = 10_000;
/// Outages of a strategy in all trials of a variant, beyond which there are fewer trials.
const ENOUGH_OUTAGES: f64 = 200_000.0;
/// Fewest trials unless said otherwise.
const FEWEST_TRIALS: u64 = 50;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum BenchmarkError {
    /// The scenario is wrong, as it is or with evidence in it.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The horizon cannot be extended far enough.
    #[error("the scenario's calendar cannot be extended: {0}")]
    Calendar(ScenarioError),
    /// The log spans more than it is said to have watched.
    #[error(
        "the log spans {}; it cannot have watched for {} only",
        show_duration(*spanned), show_duration(*hours)
    )]
    WatchedTooShort {
        /// What is said, hours.
        hours: f64,
        /// From its first incident to its end, hours.
        spanned: f64,
    },
    /// A drill is mapped to a time that the scenario does not assume.
    #[error(
        "the scenario assumes no time named `{key}`; name one that `outlast check` lists with a \
         distribution, such as rebuild.install or staging.promote"
    )]
    NoSuchStep {
        /// The key.
        key: String,
    },
    /// Somebody asked to stop.
    #[error("stopped")]
    Stopped,
}

impl Benchmark {
    /// Compares, and plays the study as assumed and with evidence. `told` hears what is being done,
    /// and how much of how much.
    ///
    /// # Errors
    /// See [`BenchmarkError`].
    pub fn new(
        spec: &Spec,
        log: &IncidentLog,
        options: &Options,
        stop: &AtomicBool,
        told: impl Fn(Stage, usize, usize),
    ) -> Result<Benchmark, BenchmarkError> {
        let assumed = spec.clone().compile()?;
        let assigned = Assigned::new(&assumed, log, &options.mapping);
        let observed = observed(&assigned, log, options)?;
        let unknown = UnknownIncidents::of_log(&assigned, log);
        let leave_out = unknown.as_ref().is_some_and(UnknownIncidents::left_out);
        let against =
            Against { spec, scenario: &assumed, assigned, leave_out, log, observed, options };
        let mut benchmark = Benchmark {
            unknown,
            trials: TRIALS,
            compared: against.compare(|done, of| told(Stage::Comparing, done, of))?,
            observed,
            played: Vec::new(),
        };
        let mut variants = benchmark.variants();
        let usual = variants.len();
        benchmark.trials = match options.trials {
            Some(trials) => trials,
            None => benchmark.sensible_trials(spec, &assumed.world, &variants, options)?,
        };
        while let Some((name, taken)) = variants.get(benchmark.played.len()).cloned() {
            told(Stage::Playing, benchmark.played.len(), variants.len());
            let mut spec = spec.clone();
            benchmark.set_evidence(&mut spec, &assumed.world, taken, options)?;
            let scenario = spec.compile()?;
            let trials = Trials {
                seed: options.seed,
                range: 0..benchmark.trials,
                threads: options.threads,
                design: Design::from_world(&scenario.world),
            };
            let results = study(&scenario, &trials, options.confidence, stop);
            let results = results.ok_or(BenchmarkError::Stopped)?;
            benchmark.played.push(VariantResult { name, only: taken.only, scenario, results });
            if benchmark.played.len() == usual {
                variants.extend(benchmark.single_variants());
            }
        }
        told(Stage::Playing, variants.len(), variants.len());
        Ok(benchmark)
    }

    /// Fewer trials where each has many outages: what they add up to varies the less.
    fn sensible_trials(
        &self,
        spec: &Spec,
        assumed: &World,
        variants: &[(String, EvidenceUse)],
        options: &Options,
    ) -> Result<u64, BenchmarkError> {
        let mut most: f64 = 1.0;
        for (_, taken) in variants {
            let mut spec = spec.clone();
            let certain = EvidenceUse { uncertainty: false, ..*taken };
            self.set_evidence(&mut spec, assumed, certain, options)?;
            let world = spec.compile()?.world;
            let strikes = world.faults.iter().map(|one| one.onsets.expected_within(world.horizon));
            most = most.max(strikes.sum());
        }
        Ok(((ENOUGH_OUTAGES / most) as u64).clamp(FEWEST_TRIALS, TRIALS))
    }

    /// The played variant of that name.
    pub fn played(&self, name: &str) -> Option<&VariantResult> {
        self.played.iter().find(|played| played.name == name)
    }

    /// The variant that takes all the evidence there is, with what it leaves open.
    pub fn with_evidence(&self) -> Option<&VariantResult> {
        self.played(RECOVERY_AND_RATES).or_else(|| self.played(RECOVERY))
    }

    fn variants(&self) -> Vec<(String, EvidenceUse)> {
        let nothing = EvidenceUse { recovery: false, rates: false, uncertainty: true, only: None };
        let mut variants = vec![(ASSUMED.to_owned(), nothing)];
        if self.compared.iter().any(|one| one.fit.is_some() && one.assumed.is_some()) {
            variants.push((RECOVERY.to_owned(), EvidenceUse { recovery: true, ..nothing }));
        }
        if self.compared.iter().any(AssumptionCheck::has_rate) {
            let taken = EvidenceUse { recovery: true, rates: true, ..nothing };
            variants.push((RECOVERY_AND_RATES.to_owned(), taken));
        }
        if let Some((_, taken)) = variants.last().filter(|_| variants.len() > 1) {
            let certain = EvidenceUse { uncertainty: false, ..*taken };
            variants.push((BEST_FIT.to_owned(), certain));
        }
        variants
    }

    /// Where the evidence changes the choice: each subject by itself, to see which it hangs on.
    fn single_variants(&self) -> Vec<(String, EvidenceUse)> {
        let choice = |played: &VariantResult| played.results.decision.strategy;
        let changed = match (self.played(ASSUMED), self.with_evidence()) {
            (Some(before), Some(after)) => choice(before) != choice(after),
            _ => false,
        };
        let speaks = |one: &AssumptionCheck| one.fit.is_some() || one.has_rate();
        let subjects: Vec<usize> =
            (0..self.compared.len()).filter(|&index| speaks(&self.compared[index])).collect();
        if !changed || subjects.len() < 2 {
            return Vec::new();
        }
        let of = |index: usize| {
            let taken =
                EvidenceUse { recovery: true, rates: true, uncertainty: true, only: Some(index) };
            (format!("only {}", self.compared[index].subject.name()), taken)
        };
        subjects.into_iter().map(of).collect()
    }

    /// What the variant takes.
    fn taken(&self, taken: EvidenceUse) -> impl Iterator<Item = &AssumptionCheck> {
        let all = self.compared.iter().enumerate();
        all.filter(move |(index, _)| taken.only.is_none_or(|only| only == *index))
            .map(|(_, one)| one)
    }

    /// Sets what a variant takes from the log.
    fn set_evidence(
        &self,
        spec: &mut Spec,
        assumed: &World,
        taken: EvidenceUse,
        options: &Options,
    ) -> Result<(), ScenarioError> {
        for one in self.taken(taken) {
            let recovery = one.distribution(taken.uncertainty).filter(|_| taken.recovery);
            match (&one.subject, recovery) {
                (Subject::Kind(kind), recovery) => {
                    let incidents = self.observed.map(|hours| (one.counted, hours));
                    let incidents = incidents.filter(|_| taken.rates);
                    let evidence = Evidence { recovery, incidents, uncertainty: taken.uncertainty };
                    evidence.set(spec, assumed, *kind, options.span)?;
                }
                (Subject::Step { full, .. }, Some(distribution)) => {
                    for key in full {
                        spec.set(key, distribution.clone())?;
                    }
                }
                (Subject::Step { .. }, None) => {}
            }
        }
        Ok(())
    }
}

impl AssumptionCheck {
    /// The fitted distribution, with what the sample leaves open or without.
    fn distribution(&self, uncertainty: bool) -> Option<Distribution> {
        let fit = self.fit.as_ref()?.recommended()?;
        let possible = if uncertainty { fit.possible.clone() } else { Vec::new() };
        let key = assumed::key("recovery", self.subject.name());
        Some(Distribution::uncertain(key, fit.distribution.clone(), possible, None))
    }

    /// Whether the log says something of how often it comes: against a rate that is assumed, or of
    /// a kind that the scenario leaves out.
    pub fn has_rate(&self) -> bool {
        self.counted > 0 && (self.rate.is_some() || self.assumed.is_none() && self.fit.is_some())
    }

    /// The rate a year that takes the place of the assumed one, at its mean.
    pub fn rate_taken(&self) -> Option<f64> {
        let rate = self.rate.as_ref().filter(|_| self.counted > 0)?;
        Some(assumed::rate_mean((self.counted, rate.years * HOURS_PER_YEAR)) * HOURS_PER_YEAR)
    }
}
