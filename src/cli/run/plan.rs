//! What is to be played: the scenario, how long, and where the results go.

use super::{FitsOption, LengthOptions, RunOptions};
use crate::cli::failure::Failure;
use crate::cli::{options, parts, terminal};
use crate::evidence::fitted::Fits;
use crate::report::diagnostics;
use crate::report::text::shell_word;
use crate::scenario::{Scenario, Spec};
use crate::shards::{Origin, RunWork, Work};
use crate::study::design::Design;
use crate::study::partial::Partial;
use crate::study::run::Trials;
use crate::study::stopping::{Goal, Precision, StoppingRule};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A run before its first trial.
pub(super) struct Plan<'a> {
    pub(super) options: &'a RunOptions,
    pub(super) spec: Spec,
    pub(super) scenario: Scenario,
    pub(super) goal: Goal,
    pub(super) design: Design,
    /// The folder for the results.
    pub(super) target: PathBuf,
}

impl<'a> Plan<'a> {
    /// Reads the scenario, tells its warnings and checks the goal against it.
    pub(super) fn new(options: &'a RunOptions) -> Result<Self, Failure> {
        let (spec, scenario) = load(options, options.fits != FitsOption::Best)?;
        if !options.outcome.quiet {
            terminal::tell(&diagnostics::warnings(&scenario));
        }
        let goal = goal(&options.length, &scenario)?;
        let design = options.sampling.design(&scenario);
        Ok(Plan { options, spec, scenario, goal, design, target: target(options) })
    }

    /// As it is to be put together from parts: their scenario, whatever its file holds today.
    pub(super) fn of_parts(options: &'a RunOptions, origin: &Origin) -> Result<Self, Failure> {
        let uncertainty = options.fits != FitsOption::Best;
        let fits = Fits { uncertainty, threads: options.outcome.threads.count() };
        let mut spec = options.changes.apply(parts::spec_of(origin), fits);
        let scenario = spec.compile()?;
        let goal = goal(&options.length, &scenario)?;
        let design = options.sampling.design(&scenario);
        let plan = Plan { options, spec, scenario, goal, design, target: target(options) };
        parts::same_here(&plan.origin(), origin)?;
        Ok(plan)
    }

    /// What of this run is divided into parts.
    pub(super) fn work(&self) -> Work {
        let Plan { options, design, .. } = *self;
        let fits = options.fits.word().to_owned();
        let length = &options.length;
        let (trials, goal) = match self.goal {
            Goal::Trials(trials) => (trials, None),
            _ => (length.max_trials, Some(length.words(options.intervals.confidence))),
        };
        Work::Run(RunWork { trials, design, fits, goal })
    }

    /// When it has played enough.
    pub(super) fn rule(&self) -> StoppingRule {
        StoppingRule { goal: self.goal, most_trials: self.options.length.max_trials }
    }

    /// What parts of this run are parts of.
    pub(super) fn origin(&self) -> Origin {
        let force = self.options.changes.is_forced();
        Origin::new(&self.scenario, self.seed(), force, self.work())
    }

    /// The same scenario with the best fits only.
    pub(super) fn with_best_fits(&self) -> Result<Scenario, Failure> {
        Ok(load(self.options, false)?.1)
    }

    pub(super) fn seed(&self) -> u64 {
        self.options.sampling.seed.seed
    }

    pub(super) fn trials(&self, range: Range<u64>) -> Trials {
        let threads = self.options.outcome.threads.count();
        Trials { seed: self.seed(), range, threads, design: self.design }
    }

    /// The statistics of no trial of it.
    pub(super) fn nothing_yet(&self) -> Partial {
        let Scenario { strategies, tolerances, .. } = &self.scenario;
        Partial::new(self.design, strategies.len(), tolerances.len())
    }

    /// The command that plays the same trials again.
    pub(super) fn command(&self, trials: u64) -> String {
        let options = self.options;
        let mut words = vec!["outlast".to_owned(), "run".to_owned()];
        words.extend(options.scenario.as_ref().map(|file| shell_word(&file.display().to_string())));
        words.extend(options.changes.words().map(shell_word));
        words.extend(["--trials".into(), trials.to_string(), "--seed".into()]);
        words.push(self.seed().to_string());
        if options.intervals.confidence != 0.95 {
            words.extend(["--confidence".into(), options.intervals.confidence.to_string()]);
        }
        words.extend(options.sampling.plain.then(|| "--plain".to_owned()));
        if options.fits == FitsOption::Best {
            words.extend(["--fits".to_owned(), "best".to_owned()]);
        }
        words.join(" ")
    }
}

/// The scenario, with what fitted distributions leave open or without.
fn load(options: &RunOptions, uncertainty: bool) -> Result<(Spec, Scenario), Failure> {
    let fits = Fits { uncertainty, threads: options.outcome.threads.count() };
    let mut spec = options.changes.spec(options.scenario.as_deref(), fits)?;
    let scenario = spec.compile()?;
    Ok((spec, scenario))
}

fn target(options: &RunOptions) -> PathBuf {
    options.outcome.output.clone().unwrap_or_else(|| {
        let stem = options.scenario.as_deref().and_then(Path::file_stem);
        Path::new("output").join(stem.unwrap_or("default".as_ref()))
    })
}

fn goal(length: &LengthOptions, scenario: &Scenario) -> Result<Goal, Failure> {
    if length.until_decided {
        return Ok(Goal::Decided);
    }
    let Some(relative) = length.precision else {
        return Ok(Goal::Trials(length.trials));
    };
    let metric = options::known(scenario, length.metric)?;
    let strategy = length.strategy.as_deref();
    let strategy = strategy.map(|name| options::strategy(scenario, name)).transpose()?;
    Ok(Goal::Precision(Precision { metric, quantile: length.quantile, strategy, relative }))
}
