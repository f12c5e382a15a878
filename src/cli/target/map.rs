//! `outlast target` with two inputs: which strategy is the choice where.

use super::TargetOptions;
use crate::cli::compare::map_text;
use crate::cli::failure::Failure;
use crate::cli::log_folder::LogFolder;
use crate::cli::options::strategy;
use crate::cli::output::{self, Answer, written};
use crate::cli::signals::stop_on_signals;
use crate::cli::terminal::bar;
use crate::keys::Json;
use crate::report::sweeps::{self, Grid, SweptInput, SweptPoint};
use crate::report::text::paragraph;
use crate::report::words::sweep as words;
use crate::report::words::target::{called, unit};
use crate::report::{pictures, targets};
use crate::scenario::{Dial, Scenario, Spec};
use crate::study::cases::{CaseOptions, PointPlayer, all_have_strata};
use crate::study::crossing::Range;
use crate::study::point::PointSummary;
use crate::study::target::TargetError;
use serde_json::json;

/// Trials in each cell.
const TRIALS: u64 = 2000;

/// Draws the map.
pub(super) fn run(
    options: &TargetOptions,
    spec: &Spec,
    scenario: &Scenario,
) -> Result<(), Failure> {
    if options.keep.is_some() || options.metric.is_some() {
        let why = "--keep and --metric go with one --vary; a map shows the choice";
        return Err(Failure::Input(why.to_owned()));
    }
    for name in &options.between {
        strategy(scenario, name)?;
    }
    let field = Field::new(options, spec)?;
    let folder = LogFolder::begin(options.output.as_deref(), &targets::FILES)?;
    let trials = options.trials.unwrap_or(TRIALS);
    let played = field.play(options, trials)?;
    let inputs = field.inputs();
    let points: Vec<SweptPoint<'_>> = field
        .cells
        .iter()
        .zip(&played)
        .map(|((places, _), played)| SweptPoint { places, played })
        .collect();
    let grid = Grid { inputs: &inputs, first: &field.first, points: &points, metric: None };
    let files = folder.map(|folder| -> Result<Vec<String>, Failure> {
        let map = pictures::files(&sweeps::map_picture("map", &grid, field.assumed()))?;
        let table = [(sweeps::MAP, sweeps::map_table(&grid))];
        folder.fill_with(table, map, &options.manifest(scenario, trials))
    });
    let files = files.transpose()?.unwrap_or_default();
    let answer = MapAnswer { grid, seed: options.sampling.seed.seed, trials, files };
    output::answer(&answer, options.printing.format)
}

/// The values of both inputs, and the scenario in each place.
struct Field {
    /// The first stands upright, the second across.
    dials: [Dial; 2],
    ranges: [Range; 2],
    values: [Vec<f64>; 2],
    /// The scenario as it stands.
    first: Scenario,
    /// Row and column of each cell, and the scenario there.
    cells: Vec<([usize; 2], Scenario)>,
}

impl Field {
    fn new(options: &TargetOptions, spec: &Spec) -> Result<Field, Failure> {
        let dials = [Dial::of(spec, &options.vary[0])?, Dial::of(spec, &options.vary[1])?];
        let ranges = [options.range(spec, &dials[0], 0)?, options.range(spec, &dials[1], 1)?];
        let values = [0, 1].map(|at| {
            let places = ranges[at].places(usize::from(options.points)).into_iter();
            let mut places: Vec<f64> = places.map(rounded).collect();
            places.dedup();
            places
        });
        let mut first = spec.clone().compile()?;
        options.restrict(&mut first);
        let mut cells = Vec::new();
        for (row, &upright) in values[0].iter().enumerate() {
            for (column, &across) in values[1].iter().enumerate() {
                let mut spec = spec.clone();
                dials[0].set(&mut spec, upright).map_err(Failure::input)?;
                dials[1].set(&mut spec, across).map_err(Failure::input)?;
                let mut scenario = spec.compile()?;
                options.restrict(&mut scenario);
                cells.push(([row, column], scenario));
            }
        }
        Ok(Field { dials, ranges, values, first, cells })
    }

    /// Plays the scenario as it stands, and every cell.
    fn play(&self, options: &TargetOptions, trials: u64) -> Result<Vec<PointSummary>, Failure> {
        let cells = || self.cells.iter().map(|(_, scenario)| scenario);
        let is_plain = options.sampling.plain;
        let how = CaseOptions {
            seed: options.sampling.seed.seed,
            trials,
            threads: options.threads.count(),
            confidence: options.intervals.confidence,
            strata: !is_plain && all_have_strata(cells().chain([&self.first])),
        };
        let stop = stop_on_signals()?;
        let bar = bar("{bar:30} {human_pos} of {human_len} trials, {eta} to go", true);
        bar.set_length(trials.saturating_mul(1 + self.cells.len() as u64));
        let mut player = PointPlayer::new(&self.first, how);
        let played = cells().map(|cell| player.play(cell, &stop, |trials| bar.inc(trials)));
        played.collect::<Option<_>>().ok_or_else(|| options.failure(TargetError::Stopped))
    }

    fn inputs(&self) -> [SweptInput; 2] {
        [0, 1].map(|at| SweptInput {
            path: self.dials[at].path.clone(),
            called: called(&self.dials[at]),
            unit: unit(&self.dials[at]),
            written: self.values[at].iter().map(f64::to_string).collect(),
            values: self.values[at].iter().map(|&value| self.dials[at].show(value)).collect(),
        })
    }

    /// The cell nearest to what is assumed, if the map holds that.
    fn assumed(&self) -> Option<[usize; 2]> {
        let [row, column] = [0, 1].map(|at| nearest(&self.values[at], self.ranges[at]));
        Some([row?, column?])
    }
}

/// With three digits that count, so that what is shown is what is played.
fn rounded(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

/// The place of the value that is nearest to what is assumed, if that is within the range.
fn nearest(values: &[f64], range: Range) -> Option<usize> {
    let within = (range.from..=range.to).contains(&range.assumed);
    let far = |value: f64| (value - range.assumed).abs();
    let places = values.iter().enumerate().filter(|_| within);
    Some(places.min_by(|a, b| far(*a.1).total_cmp(&far(*b.1)))?.0)
}

impl TargetOptions {
    /// Drops the strategies that are not to choose from.
    fn restrict(&self, scenario: &mut Scenario) {
        if !self.between.is_empty() {
            scenario.strategies.retain(|one| self.between.contains(&one.name));
        }
    }
}

struct MapAnswer<'a> {
    grid: Grid<'a>,
    seed: u64,
    trials: u64,
    files: Vec<String>,
}

impl Answer for MapAnswer<'_> {
    fn text(&self) -> String {
        let said: String = words::said(&self.grid).iter().map(|one| paragraph(one)).collect();
        let files = match &self.files[..] {
            [] => "Table and chart: --output DIR.".to_owned(),
            files => written(files),
        };
        format!(
            "{}\n{}\n{said}\n{}",
            paragraph(&words::title(&self.grid, self.trials, self.seed)),
            map_text(&self.grid),
            paragraph(&files)
        )
    }

    fn json(&self) -> Json {
        json!({
            "scenario": self.grid.first.name,
            "inputs": self.grid.inputs.iter().map(|one| &one.path).collect::<Vec<_>>(),
            "map": sweeps::map_table(&self.grid),
            "why": words::said(&self.grid).join(" "),
            "seed": self.seed,
            "trials": self.trials,
            "files": self.files,
        })
    }
}
