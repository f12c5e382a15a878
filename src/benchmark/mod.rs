//! A scenario against an incident log: what it assumes of each kind of component beside what the
//! log shows, and what changes when the evidence takes the place of the assumption.
//!
//! [`mod@assumed`] gathers what a scenario says of a kind; [`evidence`](crate::evidence) judges it;
//! then the study is played again with the evidence ([`Benchmark`]), since whether a difference
//! matters is not seen from a test but from the choice it changes.

pub mod assumed;

use crate::distribution::Distribution;
use crate::evidence::analysis::{Analysis, AnalysisOptions};
use crate::evidence::assumption::{self, Durations, Rate};
use crate::evidence::log::{Incident, IncidentLog, hours_between};
use crate::evidence::sample::{Quantity, Variable, variable_of};
use crate::evidence::trend::{Trend, trend};
use crate::scenario::{Scenario, ScenarioError, Spec};
use crate::study::design::Design;
use crate::study::mapping::{Mapping, Reason, Target, said, tally};
use crate::study::results::{Results, study};
use crate::study::run::Trials;
use crate::units::{HOURS_PER_YEAR, show_duration};
use crate::world::World;
use crate::world::kind::Kind;
use assumed::{AssumedFailures, Evidence, Span, assumed};
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
    /// Trials of each variant.
    pub trials: u64,
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
    /// Those of them that count for a rate, in the hours that the log watched. A watch that is
    /// taken to begin with the first incident of all does not count that one: with it every rate of
    /// a short log would be too high.
    pub counted: u64,
    /// What the scenario assumes; `None` if nothing of the kind strikes in it.
    pub assumed: Option<AssumedFailures>,
    /// Recovery times in the log.
    pub recovery: Variable,
    /// Assumed recovery times against them; `None` if one side has none.
    pub durations: Option<Durations>,
    /// The assumed rate against theirs; `None` if one side has none.
    pub rate: Option<Rate>,
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
    /// Kinds of components and steps of recovery, the most frequent in the log first.
    pub compared: Vec<AssumptionCheck>,
    /// Hours that the log watched; `None` in a log without times.
    pub observed: Option<f64>,
    /// As assumed, and then with evidence.
    pub played: Vec<VariantResult>,
}

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
    /// Compares, and plays the study as assumed and with evidence. `told` hears how many of how
    /// many variants have been played.
    ///
    /// # Errors
    /// See [`BenchmarkError`].
    pub fn new(
        spec: &Spec,
        log: &IncidentLog,
        options: &Options,
        stop: &AtomicBool,
        told: impl Fn(usize, usize),
    ) -> Result<Benchmark, BenchmarkError> {
        let assumed = spec.clone().compile()?;
        let observed = observed(&assumed, log, options)?;
        let against = Against { spec, scenario: &assumed, log, observed, options };
        let mut benchmark =
            Benchmark { compared: against.compare()?, observed, played: Vec::new() };
        let mut variants = benchmark.variants();
        let usual = variants.len();
        while let Some((name, taken)) = variants.get(benchmark.played.len()).cloned() {
            told(benchmark.played.len(), variants.len());
            let mut spec = spec.clone();
            benchmark.set_evidence(&mut spec, &assumed.world, taken, options)?;
            let scenario = spec.compile()?;
            let trials = Trials {
                seed: options.seed,
                range: 0..options.trials,
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
        told(variants.len(), variants.len());
        Ok(benchmark)
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
        let per_hour = rate.assumed_per_year / HOURS_PER_YEAR;
        let hours = rate.years * HOURS_PER_YEAR;
        Some(assumed::rate_mean(per_hour, (self.counted, hours)) * HOURS_PER_YEAR)
    }
}

/// How long the log watched for incidents, hours; `None` if it tells no times, or only drills.
fn observed(
    scenario: &Scenario,
    log: &IncidentLog,
    options: &Options,
) -> Result<Option<f64>, BenchmarkError> {
    let struck = |incident: &&Incident| {
        options.mapping.kind_of(scenario, &incident.component, &incident.cause).is_some()
    };
    let starts = log.incidents.iter().filter(struck).filter_map(|incident| incident.start);
    let (Some(first), Some(until)) = (starts.min(), log.until) else {
        return Ok(None);
    };
    let spanned = hours_between(first, until);
    match options.observed {
        Some(hours) if hours < spanned => Err(BenchmarkError::WatchedTooShort { hours, spanned }),
        given => Ok(given.or(Some(spanned)).filter(|hours| *hours > 0.0)),
    }
}

/// The two sides.
#[derive(Clone, Copy)]
struct Against<'a> {
    spec: &'a Spec,
    scenario: &'a Scenario,
    log: &'a IncidentLog,
    observed: Option<f64>,
    options: &'a Options,
}

impl Against<'_> {
    /// Everything that both sides speak of, the most frequent first.
    fn compare(self) -> Result<Vec<AssumptionCheck>, BenchmarkError> {
        let mut compared = Vec::new();
        for kind in Kind::ALL {
            compared.extend(self.kind(kind)?);
        }
        let mut steps: Vec<&String> = Vec::new();
        for (_, target) in &self.options.mapping.given {
            if let Target::Step(key) = target
                && !steps.contains(&key)
            {
                steps.push(key);
            }
        }
        for key in steps {
            compared.extend(self.step(key)?);
        }
        compared.sort_by_key(|one| std::cmp::Reverse(one.incidents));
        Ok(compared)
    }

    /// Whether it is an incident with a start that counts.
    fn is_incident(&self, incident: &Incident) -> bool {
        incident.counted_start().is_some() && matches!(self.target(incident).0, Target::Kind(_))
    }

    /// What an entry of the log is about.
    fn target(&self, incident: &Incident) -> (Target, Reason) {
        let Incident { component, cause, .. } = incident;
        self.options.mapping.target_of(self.scenario, component, cause)
    }

    /// One kind of component; `None` if the log does not speak of it: neither by an incident nor by
    /// the time in which there was none.
    fn kind(&self, kind: Kind) -> Result<Option<AssumptionCheck>, BenchmarkError> {
        let target = Target::Kind(kind);
        let assumed = assumed(self.spec, &self.scenario.world, kind, self.options.span)
            .map_err(BenchmarkError::Calendar)?;
        let is_it = |incident: &Incident| self.target(incident).0 == target;
        let logged = self.log.incidents.iter().any(is_it);
        if !logged && (assumed.is_none() || self.observed.is_none()) {
            return Ok(None);
        }
        let mut compared = self.recoveries(&target, Subject::Kind(kind), assumed);
        let between = variable_of(self.log, Quantity::Between, is_it);
        compared.trend = between
            .and_then(|found| trend(&found.gaps, found.since_last, self.options.seed, kind.word()));
        let Some(hours) = self.observed else {
            return Ok(Some(compared));
        };
        // A start that counts is an incident, also where its length is not known.
        let starts = || self.log.incidents.iter().filter(|incident| self.is_incident(incident));
        compared.incidents = starts().filter(|incident| is_it(incident)).count() as u64;
        let first = starts().min_by_key(|incident| incident.start);
        let begins_the_watch = self.options.observed.is_none() && first.is_some_and(is_it);
        compared.counted =
            compared.incidents - u64::from(begins_the_watch && compared.incidents > 0);
        let rated = compared.assumed.as_ref().filter(|assumed| !assumed.is_fixed);
        compared.rate = rated.map(|assumed| {
            Rate::compare(assumed.per_year, compared.counted, hours, self.options.confidence)
        });
        Ok(Some(compared))
    }

    /// One step of recovery, once for each different assumption.
    fn step(&self, key: &str) -> Result<Vec<AssumptionCheck>, BenchmarkError> {
        let distributions = self.scenario.distributions_of(key);
        if distributions.is_empty() {
            return Err(BenchmarkError::NoSuchStep { key: key.to_owned() });
        }
        let several = distributions.len() > 1;
        let of = |(distribution, full): (Distribution, Vec<String>)| {
            let name = if several { full.first().cloned() } else { None };
            let subject = Subject::Step { key: name.unwrap_or_else(|| key.to_owned()), full };
            self.recoveries(
                &Target::Step(key.to_owned()),
                subject,
                Some(AssumedFailures::step(distribution)),
            )
        };
        Ok(distributions.into_iter().map(of).collect())
    }

    /// Recovery times beside what is assumed of them.
    fn recoveries(
        &self,
        target: &Target,
        subject: Subject,
        assumed: Option<AssumedFailures>,
    ) -> AssumptionCheck {
        let Options { seed, confidence, margin, threads, .. } = *self.options;
        let recovery = variable_of(self.log, Quantity::Recovery, |incident: &Incident| {
            self.target(incident).0 == *target
        });
        let recovery = recovery.unwrap_or_else(|| Variable::none(Quantity::Recovery));
        let distribution = assumed.as_ref().and_then(|assumed| assumed.recovery.as_ref());
        let durations = distribution.filter(|_| !recovery.sample.is_empty()).map(|distribution| {
            let purpose = subject.name().to_owned();
            let replicates = None;
            let options =
                assumption::Options { seed, purpose, confidence, margin, replicates, threads };
            Durations::compare(distribution, &recovery.sample, &options)
        });
        let variable = Variable { group: Some(subject.name().to_owned()), ..recovery.clone() };
        let options = AnalysisOptions { seed, confidence, threads, ..AnalysisOptions::default() };
        let fit = Analysis::with_best_family(&variable, &options);
        AssumptionCheck {
            from: self.from(target),
            incidents: recovery.sample.len() as u64,
            counted: 0,
            fit: fit.recommended().is_some().then_some(fit),
            subject,
            assumed,
            durations,
            rate: None,
            trend: None,
            recovery,
        }
    }

    /// What was taken for the target.
    fn from(&self, target: &Target) -> Vec<(String, Reason, u64)> {
        let named = self.log.incidents.iter().filter_map(|incident| {
            let (found, reason) = self.target(incident);
            (found == *target).then(|| (said(&incident.component, &incident.cause), reason))
        });
        tally(named)
    }
}
