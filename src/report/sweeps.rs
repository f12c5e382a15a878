//! A grid of values for one input or two, on disk: one tidy table and one chart.

use super::charts::decision_map::{Cell, DecisionMap};
use super::charts::picture::{Picture, estimate};
use super::charts::sweep::{SweepChart, SweepLine};
use super::table::{Rows, Table};
use super::text::capitalized;
use super::words::per_period;
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::study::choice::Choice;
use crate::study::contrast::Change;
use crate::study::decide::risk_metric;
use crate::study::point::PointSummary;
use crate::study::summary::SummaryRow;
use crate::units::parse_duration;

/// The table of a grid.
pub const SWEEP: &str = "sweep.csv";

/// The table of a decision map.
pub const MAP: &str = "map.csv";

/// An input with the values that it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct SweptInput {
    /// Its path, as it was given.
    pub path: String,
    /// What it is called.
    pub called: String,
    /// The unit of its values in files; empty where they carry their own.
    pub unit: &'static str,
    /// Its values in files: as they were given, or as numbers in that unit.
    pub written: Vec<String>,
    /// Its values for people.
    pub values: Vec<String>,
}

/// A point of the grid.
#[derive(Debug, Clone, Copy)]
pub struct SweptPoint<'a> {
    /// By input: the place of its value.
    pub places: &'a [usize],
    /// What came of it; its changes are from the scenario as it stands.
    pub played: &'a PointSummary,
}

impl SweptPoint<'_> {
    /// What it chooses.
    pub fn choice(&self) -> Choice {
        self.played.choice
    }
}

/// A grid that was played.
#[derive(Debug, Clone, Copy)]
pub struct Grid<'a> {
    /// One input, or two.
    pub inputs: &'a [SweptInput],
    /// The scenario as it stands.
    pub first: &'a Scenario,
    /// All points: all values of the last input for each value of the one before.
    pub points: &'a [SweptPoint<'a>],
    /// The metric that the chart of one input shows; by default, the cost, else what stands for
    /// risk.
    pub metric: Option<Metric>,
}

impl Grid<'_> {
    /// The metric that is shown.
    pub fn shown(&self) -> Metric {
        let default = match self.first.costs {
            Some(_) => Metric::Cost,
            None => risk_metric(self.first),
        };
        self.metric.unwrap_or(default)
    }

    fn value(&self, point: SweptPoint<'_>, input: usize) -> String {
        let found = self.inputs.get(input).zip(point.places.get(input));
        found.map_or_else(String::new, |(input, &place)| input.written[place].clone())
    }
}

/// `sweep.csv`: a row for each point, strategy and metric.
pub fn table(grid: &Grid<'_>) -> Table {
    let rows = grid.points.iter().flat_map(|&point| {
        let strategies = point.played.strategies.iter().enumerate();
        strategies.flat_map(move |(at, rows)| rows.iter().map(move |row| (point, at, row)))
    });
    type Row<'a> = (SweptPoint<'a>, usize, &'a SummaryRow);
    let path = |input: usize| {
        let path = grid.inputs.get(input).map_or("", |input| input.path.as_str());
        move |_: Row<'_>| path
    };
    let change = |(point, at, row): Row<'_>| -> Option<Change> {
        let changes = point.played.changes.iter();
        let mut found = changes.filter(|one| one.other == at && one.metric == row.metric);
        found.next().copied()
    };
    Rows::new(rows)
        .column("input", path(0))
        .column("value", |(point, ..)| grid.value(point, 0))
        .column("input_2", path(1))
        .column("value_2", |(point, ..)| grid.value(point, 1))
        .column("strategy", |(.., row)| &row.strategy)
        .column("metric", |(.., row)| row.metric.name())
        .column("unit", |(.., row)| &row.unit)
        .column("trials", |(.., row)| row.trials)
        .column("mean", |(.., row)| row.mean)
        .interval("ci_low", "ci_high", |(.., row)| row.mean_interval)
        .column("p50", |(.., row)| row.p50)
        .column("p95", |(.., row)| row.p95)
        .interval("p95_low", "p95_high", |(.., row)| row.p95_interval)
        .column("difference", |row| change(row).map(|change| change.mean))
        .interval("difference_low", "difference_high", |row| change(row)?.interval)
        .column("chosen", |(point, at, _)| point.choice().strategy == Some(at))
        .column("settled", |(point, ..)| point.choice().settled)
        .table()
}

/// `map.csv`: a row for each pair of values of two inputs.
pub fn map_table(grid: &Grid<'_>) -> Table {
    let path = |input: usize| grid.inputs.get(input).map_or("", |input| input.path.as_str());
    let name = |point: SweptPoint<'_>| {
        let chosen = point.choice().strategy;
        chosen.map_or("", |at| grid.first.strategies[at].name.as_str()).to_owned()
    };
    let unit = |input: usize| grid.inputs.get(input).map_or("", |input| input.unit);
    let (first, second) = ((path(0), unit(0)), (path(1), unit(1)));
    Rows::new(grid.points.iter().copied())
        .column("input", |_| first.0)
        .column("unit", |_| first.1)
        .column("value", |point| grid.value(point, 0))
        .column("input_2", |_| second.0)
        .column("unit_2", |_| second.1)
        .column("value_2", |point| grid.value(point, 1))
        .column("strategy", name)
        .column("settled", |point| point.choice().settled)
        .column("probability", |point| point.played.probability)
        .table()
}

/// The chart of a sweep.
pub fn pictures(grid: &Grid<'_>) -> Vec<Picture> {
    if let [one] = grid.inputs {
        let lines = lines(grid, one);
        return vec![Picture::bare("sweep", move |palette| lines.draw(palette))];
    }
    map_picture("sweep", grid, None)
}

/// The decision map, where there are two inputs; `assumed` is the cell in which the scenario stands.
pub fn map_picture(name: &str, grid: &Grid<'_>, assumed: Option<[usize; 2]>) -> Vec<Picture> {
    let map = map(grid, assumed);
    map.map(|map| Picture::bare(name, move |palette| map.draw(palette))).into_iter().collect()
}

/// A line for each strategy over the values of one input.
fn lines(grid: &Grid<'_>, input: &SweptInput) -> SweepChart {
    let metric = grid.shown();
    let line = |(at, strategy): (usize, &crate::strategy::Strategy)| {
        let marks = grid.points.iter().map(|point| {
            let row = point.played.row(at, metric)?;
            Some(estimate(row.mean, row.mean_interval))
        });
        let chosen = grid.points.iter().map(|point| point.choice());
        SweepLine {
            strategy: strategy.name.clone(),
            means: marks.collect(),
            chosen: chosen.map(|one| (one.strategy == Some(at)).then_some(one.settled)).collect(),
        }
    };
    SweepChart {
        title: format!("Every strategy over {}", input.called),
        x_label: input.called.clone(),
        y_label: per_period(grid.first, metric),
        values: input.values.clone(),
        places: numbers(&input.values),
        durations: input.values.iter().all(|value| parse_duration(value).is_ok()),
        shares: false,
        lines: grid.first.strategies.iter().enumerate().map(line).collect(),
        level: None,
        notes: vec![key_note(input)],
    }
}

/// Which key of the scenario an input is.
fn key_note(input: &SweptInput) -> String {
    key_of(&input.called, &input.path)
}

/// Which key of the scenario is called so.
pub fn key_of(called: &str, path: &str) -> String {
    format!("{}: {path} in the scenario.", capitalized(called))
}

/// The numbers or durations, hours, that the values are, in rising order; `None` where one is a
/// word.
fn numbers(values: &[String]) -> Option<Vec<f64>> {
    let number = |value: &String| {
        let number = value.replace('_', "").parse::<f64>().ok();
        number.or_else(|| parse_duration(value).ok()).filter(|number| number.is_finite())
    };
    let numbers: Vec<f64> = values.iter().map(number).collect::<Option<_>>()?;
    numbers.windows(2).all(|pair| pair[0] < pair[1]).then_some(numbers)
}

/// Which strategy is the choice where, of a grid of two inputs: the second to the right, the first
/// upwards. `assumed` is the cell in which the scenario stands.
pub fn map(grid: &Grid<'_>, assumed: Option<[usize; 2]>) -> Option<DecisionMap> {
    let [upright, across] = grid.inputs else { return None };
    let cell = |point: &SweptPoint<'_>| {
        let choice = point.choice();
        let [row, column] = point.places else { return None };
        Some(Cell { row: *row, column: *column, choice: choice.strategy, settled: choice.settled })
    };
    Some(DecisionMap {
        title: "Which strategy is the choice where".to_owned(),
        x_label: across.called.clone(),
        y_label: upright.called.clone(),
        columns: across.values.clone(),
        rows: upright.values.clone(),
        strategies: grid.first.strategies.iter().map(|one| one.name.clone()).collect(),
        cells: grid.points.iter().filter_map(cell).collect(),
        assumed,
        notes: vec![key_note(upright), key_note(across)],
    })
}
