//! `outlast compare --sweep`: a grid of values, and what it prints.

use super::grid::{GridPoint, Sweep, grid};
use super::{CompareOptions, cases, described};
use crate::cli::failure::Failure;
use crate::cli::log_folder::LogFolder;
use crate::cli::output::{self, Answer, written};
use crate::cli::signals::stop_on_signals;
use crate::cli::terminal::figures_table;
use crate::keys::Json;
use crate::report::sweeps::{self, Grid, SweptInput, SweptPoint};
use crate::report::text::{harmless, paragraph};
use crate::report::words::{input, sweep as words};
use crate::report::{comparisons, pictures};
use crate::scenario::{Scenario, Spec};
use crate::study::cases::CaseResult;
use serde_json::json;

/// Most inputs of a grid.
const MOST_INPUTS: usize = 2;

/// Plays the grid.
pub(super) fn run(options: &CompareOptions) -> Result<(), Failure> {
    if options.scenarios.len() > 1 {
        return Err(Failure::Input(
            "--sweep takes one scenario; name only one, or compare the files without it".into(),
        ));
    }
    if options.sweep.len() > MOST_INPUTS {
        return Err(Failure::Input("--sweep takes one input or two; leave the others out".into()));
    }
    let sweeps: Vec<Sweep> =
        options.sweep.iter().map(|text| Sweep::parse(text)).collect::<Result<_, _>>()?;
    let spec = cases::first(&options.scenarios, &options.changes)?;
    let first = spec.clone().compile()?;
    let points = grid(&spec, &sweeps)?;
    let scenarios: Vec<&Scenario> =
        [&first].into_iter().chain(points.iter().map(|point| &point.scenario)).collect();
    let stop = stop_on_signals()?;
    let folder = LogFolder::begin(options.output.as_deref(), &comparisons::FILES)?;
    let played = options.play(&scenarios, &stop)?;
    let inputs: Vec<SweptInput> = sweeps.into_iter().map(|sweep| swept(&spec, sweep)).collect();
    let swept: Vec<SweptPoint<'_>> = points.iter().zip(&played[1..]).map(point).collect();
    let grid = Grid { inputs: &inputs, first: &first, points: &swept, metric: options.metric };
    let written = folder.map(|folder| {
        let manifest = options.manifest([described("first", &first)].into_iter().collect());
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
    output::answer(&answer, options.printing.format)
}

fn swept(spec: &Spec, sweep: Sweep) -> SweptInput {
    SweptInput {
        called: called(spec, &sweep.path),
        path: sweep.path,
        unit: "",
        written: sweep.values.clone(),
        values: sweep.values,
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

fn point<'a>((point, played): (&'a GridPoint, &'a CaseResult)) -> SweptPoint<'a> {
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
