//! `outlast compare --sweep`: a grid of values, and what it prints.

use super::grid::{GridPoint, Sweep, grid};
use super::{CompareOptions, cases, described};
use crate::cli::failure::Failure;
use crate::cli::log_folder::LogFolder;
use crate::cli::options::known;
use crate::cli::output::{self, Answer, written};
use crate::cli::parts::{self, Wanted};
use crate::cli::signals::stop_on_signals;
use crate::cli::terminal::{bar, figures_table};
use crate::evidence::fitted::Fits;
use crate::keys::Json;
use crate::report::sweeps::{self, Grid, SweptInput, SweptPoint};
use crate::report::text::{harmless, paragraph};
use crate::report::words::{input, sweep as words};
use crate::report::{comparisons, pictures};
use crate::scenario::{Scenario, Spec};
use crate::shards::{Origin, Store, SweepWork, Work};
use crate::study::cases::play_points;
use crate::study::point::PointSummary;
use serde_json::json;
use std::ops::Range;
use std::path::Path;
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
    let folder = LogFolder::begin(options.output.as_deref(), &comparisons::FILES)?;
    let played = sweeping.play(0..sweeping.points.len(), &stop)?;
    let played = played.ok_or_else(|| options.stopped())?;
    sweeping.deliver(&played, folder, false)
}

/// What parts of a grid are parts of.
pub(in crate::cli) fn origin(options: &CompareOptions) -> Result<Origin, Failure> {
    if options.sweep.is_empty() {
        let why = "compare can be divided where it has points: with --sweep PATH=VALUES";
        return Err(Failure::Input(why.to_owned()));
    }
    Wanted { shard: options.shard, range: options.range }.refuse_any()?;
    Ok(Sweeping::new(options)?.origin())
}

/// Puts the parts of a grid together, and writes and says what playing it in one would.
pub(in crate::cli) fn merge(
    options: &CompareOptions,
    store: &Store,
    is_quiet: bool,
) -> Result<(), Failure> {
    let spec = options.changes.apply(parts::spec_of(&store.origin), Fits::default());
    let sweeping = Sweeping::of(options, spec)?;
    parts::same_here(&sweeping.origin(), &store.origin)?;
    let folder = LogFolder::begin(options.output.as_deref(), &comparisons::FILES)?;
    let strategies = sweeping.first.strategies.len();
    let played = store.points(|point: &PointSummary| point.has_shape_of(strategies))?;
    sweeping.deliver(&played, folder, is_quiet)
}

/// A grid, ready to be played.
struct Sweeping<'a> {
    options: &'a CompareOptions,
    spec: Spec,
    sweeps: Vec<Sweep>,
    /// The scenario as it stands.
    first: Scenario,
    points: Vec<GridPoint>,
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
        let points = grid(&spec, &sweeps)?;
        if let Some(metric) = options.metric {
            known(&first, metric)?;
        }
        Ok(Sweeping { options, spec, sweeps, first, points })
    }

    fn work(&self) -> Work {
        let options = self.options;
        Work::Sweep(SweepWork {
            points: self.points.len() as u64,
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

    /// Plays some of the points with a progress bar; none if stopped.
    fn play(
        &self,
        range: Range<usize>,
        stop: &AtomicBool,
    ) -> Result<Option<Vec<PointSummary>>, Failure> {
        let bar = bar("{bar:30} {human_pos} of {human_len} trials, {eta} to go", true);
        bar.set_length(self.options.trials.saturating_mul(1 + range.len() as u64));
        let points: Vec<&Scenario> = self.points.iter().map(|point| &point.scenario).collect();
        let how = self.options.how();
        Ok(play_points(&self.first, (&points, range), &how, stop, |trials| bar.inc(trials)))
    }

    /// Plays some of the points and keeps them as a part.
    fn play_part(&self, range: Range<u64>, stop: &AtomicBool) -> Result<(), Failure> {
        let options = self.options;
        let folder = options.output.clone().unwrap_or_else(|| {
            let stem = options.scenarios.first().and_then(|path| path.file_stem());
            let stem = stem.unwrap_or("default".as_ref()).to_string_lossy();
            parts::folder_of(&Path::new("output").join(format!("compare-{stem}")))
        });
        let played = self.play(range.start as usize..range.end as usize, stop)?;
        let played = played.ok_or_else(|| Failure::Stopped(folder.clone()))?;
        let format = Some(options.printing.format);
        parts::keep(&folder, (self.origin(), range), played, None, format)
    }

    /// Writes the folder and says what came of all points.
    fn deliver(
        &self,
        played: &[PointSummary],
        folder: Option<LogFolder<'_>>,
        is_quiet: bool,
    ) -> Result<(), Failure> {
        let Sweeping { options, spec, sweeps, first, points } = self;
        let inputs: Vec<SweptInput> = sweeps.iter().map(|sweep| swept(spec, sweep)).collect();
        let swept: Vec<SweptPoint<'_>> = points.iter().zip(played).map(point).collect();
        let grid = Grid { inputs: &inputs, first, points: &swept, metric: options.metric };
        let written = folder.map(|folder| {
            let manifest = options.manifest([described("first", first)].into_iter().collect());
            let table = [(sweeps::SWEEP, sweeps::table(&grid))];
            folder.fill_with(table, pictures::files(&sweeps::pictures(&grid))?, &manifest)
        });
        let answer = SweepAnswer {
            grid,
            seed: options.sampling.seed.seed,
            trials: options.trials,
            confidence: options.intervals.confidence,
            files: written.transpose()?.unwrap_or_default(),
        };
        if is_quiet { Ok(()) } else { output::answer(&answer, options.printing.format) }
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

fn point<'a>((point, played): (&'a GridPoint, &'a PointSummary)) -> SweptPoint<'a> {
    SweptPoint { places: &point.places, scenario: &point.scenario, played }
}

/// A grid that was played.
struct SweepAnswer<'a> {
    grid: Grid<'a>,
    seed: u64,
    trials: u64,
    confidence: f64,
    files: Vec<String>,
}

impl SweepAnswer<'_> {
    fn choices(&self) -> String {
        match self.grid.inputs {
            [_] => {
                let table = words::choices(&self.grid);
                figures_table(&table.names, table.headings, table.rows)
            }
            _ => map_text(&self.grid),
        }
    }
}

/// A grid of two inputs as a table of signs, with what the signs mean.
pub(in crate::cli) fn map_text(grid: &Grid<'_>) -> String {
    let (table, signs) = words::map(grid);
    let table = figures_table(&table.names, table.headings, table.rows);
    let signs: String = signs.iter().map(|sign| format!("  {}\n", harmless(sign))).collect();
    format!("{}{table}\n\n{signs}", paragraph(&words::map_lead(grid)))
}

impl Answer for SweepAnswer<'_> {
    fn text(&self) -> String {
        let files = match &self.files[..] {
            [] => "Table and chart: --output DIR; all figures: --format json.".to_owned(),
            files => written(files),
        };
        let said: String = words::said(&self.grid).iter().map(|one| paragraph(one)).collect();
        format!(
            "{}\n{}\n\n{said}\n{}",
            paragraph(&words::title(&self.grid, self.trials, self.seed)),
            self.choices().trim_end(),
            paragraph(&files),
        )
    }

    fn json(&self) -> Json {
        let input = |input: &SweptInput| json!({ "path": input.path, "values": input.values });
        json!({
            "scenario": self.grid.first.name,
            "set": self.grid.first.options,
            "seed": self.seed,
            "trials": self.trials,
            "confidence": self.confidence,
            "inputs": self.grid.inputs.iter().map(input).collect::<Json>(),
            "sweep": sweeps::table(&self.grid),
            "words": words::said(&self.grid),
            "files": self.files,
        })
    }
}
