//! The sample of a study in parts. What follows from all of its points is played when they are put
//! together.

use super::{Asking, SensitivityOptions, target};
use crate::cli::failure::Failure;
use crate::cli::keeping::Keeping;
use crate::cli::parts::{self, Wanted};
use crate::cli::run::OutcomeOptions;
use crate::cli::signals::stop_on_signals;
use crate::cli::terminal::bar;
use crate::evidence::fitted::Fits;
use crate::metric::Metric;
use crate::sensitivity::design::BLOCK;
use crate::sensitivity::sample::{Effort, PointResult};
use crate::sensitivity::study::sampled;
use crate::shards::{Origin, SensitivityWork, Store, Work};
use indicatif::ProgressBar;
use std::ops::Range;

/// The points to play of the sample; none if all are.
pub(super) fn wanted(asking: &Asking<'_>) -> Result<Option<Range<u64>>, Failure> {
    let SensitivityOptions { shard, range, .. } = *asking.options;
    let hint = "say with --points how many the whole sample has";
    let wanted = Wanted { shard, range }.range(&asking.work(), hint)?;
    if wanted.is_some() && asking.is_of_nothing() {
        return Err(nothing());
    }
    Ok(wanted)
}

/// Plays some of the points and keeps them as a part.
pub(super) fn play_part(asking: &Asking<'_>, range: Range<u64>) -> Result<(), Failure> {
    let Asking { options, spec, scenario, .. } = asking;
    let folder = options.output.clone().unwrap_or_else(|| parts::folder_of(&target(options)));
    let stop = stop_on_signals()?;
    let bar = points_bar(asking);
    let count = range.end - range.start;
    bar.set_length(count);
    let effort = Effort { points: range.clone(), ..asking.effort() };
    let played = sampled(spec, scenario, &effort, &stop, |done| bar.set_position(done))?;
    bar.finish_and_clear();
    if (played.len() as u64) < count {
        return Err(Failure::Stopped(folder));
    }
    let format = (!options.quiet).then_some(options.printing.format);
    parts::keep(&folder, (asking.origin(), range), played, None, format)
}

/// What parts of a sample are parts of.
pub(in crate::cli) fn origin(options: &SensitivityOptions) -> Result<Origin, Failure> {
    options.keeping.refuse_any()?;
    Wanted { shard: options.shard, range: options.range }.refuse_any()?;
    let spec = options.changes.spec(options.scenario.as_deref(), Fits::default())?;
    let asking = Asking::new(options, spec)?;
    if asking.is_of_nothing() { Err(nothing()) } else { Ok(asking.origin()) }
}

/// Puts the parts of a sample together, and plays, writes and says what follows from it, as the command
/// in one would.
pub(in crate::cli) fn merge(options: &SensitivityOptions, store: &Store) -> Result<(), Failure> {
    let fits = Fits { threads: options.threads.count(), ..Fits::default() };
    let spec = options.changes.apply(parts::spec_of(&store.origin), fits);
    let asking = Asking::new(options, spec)?;
    parts::same_here(&asking.origin(), &store.origin)?;
    let sampled = asking.points(store)?;
    asking.answer(Some(sampled))
}

/// Plays the points that are not kept yet, and keeps them; all points. None where nothing is varied.
pub(super) fn play_and_keep(
    asking: &Asking<'_>,
    keeping: &Keeping,
) -> Result<Option<Vec<PointResult>>, Failure> {
    let Asking { options, spec, scenario, .. } = asking;
    if asking.is_of_nothing() {
        return Ok(None);
    }
    let origin = asking.origin();
    let all = origin.work.count();
    let kept = keeping.open(origin, Some(all), options.quiet)?;
    let stop = stop_on_signals()?;
    let bar = points_bar(asking);
    bar.set_length(all);
    bar.set_position(kept.there());
    let store = kept.play_all(BLOCK, |points: Range<u64>| {
        let effort = Effort { points: points.clone(), ..asking.effort() };
        let before = bar.position();
        let progress = |done| bar.set_position(before + done);
        let played = sampled(spec, scenario, &effort, &stop, progress)?;
        let is_whole = played.len() as u64 == points.end - points.start;
        Ok(is_whole.then_some(played))
    })?;
    bar.finish_and_clear();
    asking.points(&store).map(Some)
}

fn points_bar(asking: &Asking<'_>) -> ProgressBar {
    let template = "{bar:30} {human_pos} of {human_len} points, {eta} to go";
    bar(template, !asking.options.quiet)
}

fn nothing() -> Failure {
    let why = "nothing is varied, so that there are no points to divide: no assumption has a range";
    Failure::Input(why.to_owned())
}

impl Asking<'_> {
    fn is_of_nothing(&self) -> bool {
        crate::assumptions::Inputs::new(&self.scenario).inputs.is_empty()
    }

    /// All points that parts hold.
    fn points(&self, store: &Store) -> Result<Vec<PointResult>, Failure> {
        let (strategies, tolerances) =
            (self.scenario.strategies.len(), self.scenario.tolerances.len());
        Ok(store.points(|point: &PointResult| point.has_shape_of(strategies, tolerances))?)
    }

    fn work(&self) -> Work {
        let SensitivityOptions { of, strategy, against, breach, drill_cost, intervals, .. } =
            self.options;
        Work::Sensitivity(SensitivityWork {
            points: self.effort().points.end,
            confidence: intervals.confidence.to_string(),
            of: of.map(|metric: Metric| metric.name().to_owned()),
            strategy: strategy.clone(),
            against: against.clone(),
            breach: breach.to_string(),
            drill_cost: drill_cost.map(|cost| cost.to_string()),
        })
    }

    fn origin(&self) -> Origin {
        let options = self.options;
        Origin::new(&self.scenario, options.seed.seed, options.changes.is_forced(), self.work())
    }
}

impl SensitivityOptions {
    /// The confidence of intervals.
    pub(in crate::cli) fn confidence(&self) -> f64 {
        self.intervals.confidence
    }

    /// Puts the outcome where these options say.
    pub(in crate::cli) fn take(&mut self, outcome: &OutcomeOptions) {
        self.output.clone_from(&outcome.output);
        self.quiet = outcome.quiet;
        self.printing = outcome.printing.clone();
        self.threads = outcome.threads.clone();
    }
}
