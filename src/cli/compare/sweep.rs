//! `outlast compare --sweep`: a grid of values, played whole, in parts, or with parts kept on the way.

use super::grid::{GridPoints, Sweep};
use super::sweep_answer::SweepAnswer;
use super::swept::{Swept, rows_kept};
use super::{CompareOptions, cases, described};
use crate::cli::failure::Failure;
use crate::cli::keeping::Keeping;
use crate::cli::log_folder::LogFolder;
use crate::cli::options::known;
use crate::cli::output;
use crate::cli::parts::{self, Wanted};
use crate::cli::signals::stop_on_signals;
use crate::cli::terminal::bar;
use crate::evidence::fitted::Fits;
use crate::report::sweeps::{Grid, SweptInput, SweptPoint};
use crate::report::words::input;
use crate::report::{comparisons, pictures, sweeps};
use crate::scenario::{Scenario, Spec};
use crate::shards::{Origin, Store, SweepWork, Work};
use crate::study::cases::{CaseOptions, PointPlayer, all_have_strata};
use crate::study::point::PointSummary;
use indicatif::ProgressBar;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Most inputs of a grid.
const MOST_INPUTS: usize = 2;

/// Plays the grid, or a part of it.
pub(super) fn run(options: &CompareOptions) -> Result<(), Failure> {
    let sweeping = Sweeping::new(options)?;
    let stop = stop_on_signals()?;
    let wanted = Wanted { shard: options.shard, range: options.range };
    if let Some(range) = wanted.range(&sweeping.work(), "--sweep says how many the grid has")? {
        return sweeping.play_part(range, &stop);
    }
    let target = options.output.clone().unwrap_or_else(|| unnamed(options));
    if let Some(keeping) = options.keeping.keeping(&target) {
        sweeping.play_and_keep(&keeping, &stop)?;
        keeping.forget();
        return Ok(());
    }
    let (folder, mut swept) = sweeping.begin()?;
    let whole = 0..sweeping.points.places.len();
    let is_done = sweeping.play(whole, &stop, |point| swept.add(point))?;
    if !is_done {
        return Err(options.stopped());
    }
    sweeping.deliver(swept, folder)
}

/// What parts of a grid are parts of.
pub(in crate::cli) fn origin(options: &CompareOptions) -> Result<Origin, Failure> {
    if options.sweep.is_empty() {
        let why = "compare can be divided where it has points: with --sweep PATH=VALUES";
        return Err(Failure::Input(why.to_owned()));
    }
    options.keeping.refuse_any()?;
    Wanted { shard: options.shard, range: options.range }.refuse_any()?;
    Ok(Sweeping::new(options)?.origin())
}

/// Puts the parts of a grid together, and writes and says what playing it in one would.
pub(in crate::cli) fn merge(options: &CompareOptions, store: &Store) -> Result<(), Failure> {
    let spec = options.changes.apply(parts::spec_of(&store.origin), Fits::default());
    let sweeping = Sweeping::of(options, spec)?;
    parts::same_here(&sweeping.origin(), &store.origin)?;
    sweeping.put_together(store)
}

/// The folder beside which parts are kept where no output is asked for.
fn unnamed(options: &CompareOptions) -> PathBuf {
    let stem = options.scenarios.first().and_then(|path| path.file_stem());
    let stem = stem.unwrap_or("default".as_ref()).to_string_lossy();
    Path::new("output").join(format!("compare-{stem}"))
}

/// A grid, ready to be played.
struct Sweeping<'a> {
    options: &'a CompareOptions,
    inputs: Vec<SweptInput>,
    /// The scenario as it stands.
    first: Scenario,
    points: GridPoints,
    /// Whether all points can be drawn in strata.
    has_strata: bool,
}

impl<'a> Sweeping<'a> {
    fn new(options: &'a CompareOptions) -> Result<Self, Failure> {
        if options.scenarios.len() > 1 {
            return Err(Failure::Input(
                "--sweep takes one scenario; name only one, or compare the files without it".into(),
            ));
        }
        if options.sweep.len() > MOST_INPUTS {
            return Err(Failure::Input(
                "--sweep takes one input or two; leave the others out".into(),
            ));
        }
        Sweeping::of(options, cases::first(&options.scenarios, &options.changes)?)
    }

    fn of(options: &'a CompareOptions, spec: Spec) -> Result<Self, Failure> {
        let sweeps: Vec<Sweep> =
            options.sweep.iter().map(|text| Sweep::parse(text)).collect::<Result<_, _>>()?;
        let first = spec.clone().compile()?;
        if let Some(metric) = options.metric {
            known(&first, metric)?;
        }
        let points = GridPoints::new(&spec, &sweeps)?;
        let mut has_strata = all_have_strata([&first]);
        for point in 0..points.places.len() {
            has_strata &= all_have_strata([&points.scenario(point)?]);
        }
        let inputs = sweeps.iter().map(|sweep| swept(&spec, sweep)).collect();
        Ok(Sweeping { options, inputs, first, points, has_strata })
    }

    fn work(&self) -> Work {
        let options = self.options;
        Work::Sweep(SweepWork {
            points: self.points.places.len() as u64,
            sweeps: options.sweep.clone(),
            trials: options.trials,
            plain: options.sampling.plain,
            confidence: options.intervals.confidence.to_string(),
            metric: options.metric.map(|metric| metric.name().to_owned()),
        })
    }

    fn origin(&self) -> Origin {
        let options = self.options;
        let force = options.changes.is_forced();
        Origin::new(&self.first, options.sampling.seed.seed, force, self.work())
    }

    fn player(&self) -> PointPlayer<'_> {
        let how = self.options.how();
        PointPlayer::new(&self.first, CaseOptions { strata: how.strata && self.has_strata, ..how })
    }

    /// A progress bar for so many points, and the scenario as it stands.
    fn bar(&self, points: usize) -> ProgressBar {
        let template = "{bar:30} {human_pos} of {human_len} trials, {eta} to go";
        let bar = bar(template, !self.options.quiet);
        bar.set_length(self.options.trials.saturating_mul(1 + points as u64));
        bar
    }

    /// Plays some of the points, and has `take` look at each; whether it was not stopped.
    fn play(
        &self,
        range: Range<usize>,
        stop: &AtomicBool,
        mut take: impl FnMut(PointSummary) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        let bar = self.bar(range.len());
        let mut player = self.player();
        for point in range {
            let scenario = self.points.scenario(point)?;
            let Some(played) = player.play(&scenario, stop, |trials| bar.inc(trials)) else {
                return Ok(false);
            };
            take(played)?;
        }
        Ok(true)
    }

    /// Plays some of the points and keeps them as a part.
    fn play_part(&self, range: Range<u64>, stop: &AtomicBool) -> Result<(), Failure> {
        let options = self.options;
        let folder = options.output.clone().unwrap_or_else(|| parts::folder_of(&unnamed(options)));
        let mut played = Vec::new();
        let points = range.start as usize..range.end as usize;
        let is_done = self.play(points, stop, |point| {
            played.push(point);
            Ok(())
        })?;
        if !is_done {
            return Err(Failure::Stopped(folder));
        }
        let format = (!options.quiet).then_some(options.printing.format);
        parts::keep(&folder, (self.origin(), range), played, None, format)
    }

    /// Plays the points that are not kept yet, keeps them, and puts all together.
    fn play_and_keep(&self, keeping: &Keeping, stop: &AtomicBool) -> Result<(), Failure> {
        let origin = self.origin();
        let all = origin.work.count();
        let kept = keeping.open(origin, Some(all), self.options.quiet)?;
        let bar = self.bar((all - kept.there()) as usize);
        let mut player = self.player();
        let store = kept.play_all(1, |block| {
            let mut points = Vec::new();
            for point in block {
                let scenario = self.points.scenario(point as usize)?;
                let played = player.play(&scenario, stop, |trials| bar.inc(trials));
                let Some(played) = played else { return Ok(None) };
                points.push(played);
            }
            Ok(Some(points))
        })?;
        bar.finish_and_clear();
        self.put_together(&store)
    }

    /// Writes and says what parts hold, of which two at most are in memory.
    fn put_together(&self, store: &Store) -> Result<(), Failure> {
        let (folder, mut swept) = self.begin()?;
        let strategies = self.first.strategies.len();
        let mut failed = None;
        let take = |count: u64, points: Vec<PointSummary>| {
            let fits = points.len() as u64 == count
                && points.iter().all(|point| point.has_shape_of(strategies));
            if fits && failed.is_none() {
                failed = points.into_iter().try_for_each(|point| swept.add(point)).err();
            }
            fits
        };
        store.each(take, |_| ())?;
        match failed {
            Some(failure) => Err(failure),
            None => self.deliver(swept, folder),
        }
    }

    /// Begins the folder and the table in it.
    fn begin(&self) -> Result<(Option<LogFolder<'_>>, Swept<'_>), Failure> {
        let options = self.options;
        let folder = LogFolder::begin(options.output.as_deref(), &comparisons::FILES)?;
        let table = folder.as_ref().map(|folder| folder.begin_table(sweeps::SWEEP)).transpose()?;
        let places = &self.points.places;
        let keeps = rows_kept(&self.grid(&[]), places.len(), options.printing.format);
        Ok((folder, Swept::new(self.grid(&[]), places, table, keeps)))
    }

    fn grid<'b>(&'b self, points: &'b [SweptPoint<'b>]) -> Grid<'b> {
        let Sweeping { options, inputs, first, .. } = self;
        Grid { inputs, first, points, metric: options.metric }
    }

    /// Writes the rest of the folder and says what came of all points.
    fn deliver(&self, swept: Swept<'_>, folder: Option<LogFolder<'_>>) -> Result<(), Failure> {
        let options = self.options;
        let is_whole = swept.is_whole();
        let played = swept.finish()?;
        let points: Vec<SweptPoint<'_>> =
            self.points.places.iter().zip(&played).map(point).collect();
        let grid = self.grid(&points);
        let written = folder.map(|folder| {
            let manifest =
                options.manifest([described("first", &self.first)].into_iter().collect());
            folder.fill_with([], pictures::files(&sweeps::pictures(&grid))?, &manifest)
        });
        let files = written.transpose()?.unwrap_or_default();
        if options.quiet {
            return Ok(());
        }
        let answer = SweepAnswer {
            grid,
            seed: options.sampling.seed.seed,
            trials: options.trials,
            confidence: options.intervals.confidence,
            files,
            is_whole,
        };
        output::answer(&answer, options.printing.format)
    }
}

fn swept(spec: &Spec, sweep: &Sweep) -> SweptInput {
    SweptInput {
        called: called(spec, &sweep.path),
        path: sweep.path.clone(),
        unit: "",
        written: sweep.values.clone(),
        values: sweep.values.clone(),
    }
}

/// What the key at a path is called, or the keys that a pattern stands for.
fn called(spec: &Spec, path: &str) -> String {
    let mut spec = spec.clone();
    let full = match spec.matching(path).unwrap_or_default()[..] {
        [only] => only.to_owned(),
        _ => path.to_owned(),
    };
    let key = spec.get(&full).ok().flatten();
    input::times_called(&full, key.map_or("", |key| key.doc))
}

fn point<'a>((places, played): (&'a Vec<usize>, &'a PointSummary)) -> SweptPoint<'a> {
    SweptPoint { places, played }
}
