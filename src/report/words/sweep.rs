//! A grid of values: where which strategy is the choice.

use crate::metric::Metric;
use crate::report::sweeps::{Grid, SweptInput, SweptPoint};
use crate::report::text::{capitalized, count, figure, harmless, list, quoted};
use crate::report::words::compare::shown_metrics;
use crate::report::words::noun;

/// What is varied: scenario, inputs, points, trials, seed.
pub fn title(grid: &Grid<'_>, trials: u64, seed: u64) -> String {
    let named = |input: &SweptInput| format!("{} ({})", input.called, input.path);
    let named: Vec<String> = grid.inputs.iter().map(named).collect();
    format!(
        "{}: {} over {}, each the same {}, seed {seed}",
        grid.first.title(),
        count(grid.points.len(), "point"),
        list(&named),
        count(trials, "trial")
    )
}

/// A table in words: headings of its figures, and rows of a name and its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct TableInWords {
    /// What stands over the names.
    pub names: String,
    /// Over the figures.
    pub headings: Vec<String>,
    /// The rows.
    pub rows: Vec<(String, Vec<String>)>,
}

/// For a grid of one input: each value with the choice there, and the means of what stands for risk
/// and of the cost.
pub fn choices(grid: &Grid<'_>) -> TableInWords {
    let metrics = shown_metrics(grid.first);
    let heading = |metric: &Metric| {
        let unit = metric.unit(grid.first.currency());
        format!("{}\nmean\n{unit}", capitalized(noun(*metric)))
    };
    let row = |point: &SweptPoint<'_>| {
        let value = &grid.inputs[0].values[point.places[0]];
        let chosen = point.choice().strategy;
        let mean = |metric: &Metric| {
            let Some(row) = chosen.and_then(|at| point.played.row(at, *metric)) else {
                return String::new();
            };
            let half = row.mean_interval.map(|interval| interval.half_width());
            let half = half.map_or(String::new(), |half| format!(" ±{}", figure(half, 2)));
            format!("{}{half}", figure(row.mean, 3))
        };
        let name = harmless(&format!("{value}: {}", name(grid, point)));
        (name, metrics.iter().map(mean).collect())
    };
    TableInWords {
        names: "Value, and the choice there".to_owned(),
        headings: metrics.iter().map(heading).collect(),
        rows: grid.points.iter().map(row).collect(),
    }
}

/// What a point chooses.
fn name(grid: &Grid<'_>, point: &SweptPoint<'_>) -> String {
    let choice = point.choice();
    let name = match choice.strategy {
        Some(at) => grid.first.strategies[at].name.clone(),
        None => "none".to_owned(),
    };
    if choice.settled { name } else { format!("{name} (undecided)") }
}

/// Columns of signs that fit beside each other with their headings.
const MOST_HEADINGS: usize = 7;

/// For a grid of two inputs: a row of signs for each value of the first input, the greatest at the
/// top, and what the signs mean.
pub fn map(grid: &Grid<'_>) -> (TableInWords, Vec<String>) {
    let [upright, across] = grid.inputs else {
        let table = TableInWords { names: String::new(), headings: Vec::new(), rows: Vec::new() };
        return (table, Vec::new());
    };
    let sign = |row: usize, column: usize| {
        let point = grid.points.iter().find(|point| point.places == [row, column])?;
        let choice = point.choice();
        let open = if choice.settled { "" } else { "?" };
        let sign = choice.strategy.map_or("-".to_owned(), |at| (at + 1).to_string());
        Some(format!("{sign}{open}"))
    };
    let row = |(row, value): (usize, &String)| {
        let signs = (0..across.values.len()).map(|at| sign(row, at).unwrap_or_default());
        (harmless(value), signs.collect())
    };
    let rows: Vec<(String, Vec<String>)> =
        upright.values.iter().enumerate().rev().map(row).collect();
    let any = |text: &str| rows.iter().any(|(_, signs)| signs.iter().any(|one| one.contains(text)));
    let is_chosen = |at: usize| grid.points.iter().any(|one| one.choice().strategy == Some(at));
    let strategies = grid.first.strategies.iter().enumerate();
    let chosen = strategies.filter(|(at, _)| is_chosen(*at));
    let mut signs: Vec<String> =
        chosen.map(|(at, one)| format!("{}  {}", at + 1, one.name)).collect();
    signs.extend(any("-").then(|| "-  no strategy keeps every tolerance".to_owned()));
    signs.extend(any("?").then(|| "?  undecided: more trials would have to tell".to_owned()));
    // Of many columns only some have room for their values.
    let every = across.values.len().div_ceil(MOST_HEADINGS);
    let heading = |(at, value): (usize, &String)| match at % every {
        0 => harmless(value),
        _ => String::new(),
    };
    let headings = across.values.iter().enumerate().map(heading).collect();
    (TableInWords { names: String::new(), headings, rows }, signs)
}

/// What stands above the signs of a grid of two inputs.
pub fn map_lead(grid: &Grid<'_>) -> String {
    match grid.inputs {
        [upright, across] => {
            format!("The choice. Upwards: {}; across: {}.", upright.called, across.called)
        }
        _ => String::new(),
    }
}

/// Where the choice changes along one input; how often each strategy is the choice in a grid.
pub fn said(grid: &Grid<'_>) -> Vec<String> {
    let name = |choice: Option<usize>| match choice {
        Some(at) => quoted(&grid.first.strategies[at].name),
        None => "no strategy".to_owned(),
    };
    let first = grid.points.first().map(|point| point.choice().strategy);
    if grid.points.iter().all(|point| Some(point.choice().strategy) == first) {
        let sure = grid.points.iter().all(|point| point.choice().settled);
        let is = if sure { "is" } else { "may be" };
        let name = first.flatten().map_or("none".to_owned(), |at| name(Some(at)));
        return vec![format!("The choice {is} the same at every point: {name}.")];
    }
    let [input] = grid.inputs else {
        return vec![tally(grid)];
    };
    let mut parts: Vec<(Option<usize>, usize, usize)> = Vec::new();
    for (at, point) in grid.points.iter().enumerate() {
        let choice = point.choice().strategy;
        match parts.last_mut() {
            Some((known, _, to)) if *known == choice => *to = at,
            _ => parts.push((choice, at, at)),
        }
    }
    let part = |&(choice, from, to): &(Option<usize>, usize, usize)| {
        let values = &input.values;
        let stretch = match from == to {
            true => values[from].clone(),
            false => format!("{} to {}", values[from], values[to]),
        };
        format!("{} at {stretch}", name(choice))
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    vec![format!("The choice changes with {}: {}.", input.called, parts.join("; "))]
}

/// How many points each strategy is the choice in.
fn tally(grid: &Grid<'_>) -> String {
    let all = grid.points.len();
    let mut counts: Vec<(usize, usize)> = (0..grid.first.strategies.len())
        .map(|at| (at, grid.points.iter().filter(|p| p.choice().strategy == Some(at)).count()))
        .filter(|(_, points)| *points > 0)
        .collect();
    counts.sort_by_key(|&(at, points)| (std::cmp::Reverse(points), at));
    let each = |&(at, points): &(usize, usize)| {
        format!("{} in {points}", quoted(&grid.first.strategies[at].name))
    };
    let parts: Vec<String> = counts.iter().map(each).collect();
    let open = grid.points.iter().filter(|point| !point.choice().settled).count();
    let open = match open {
        0 => String::new(),
        some => format!(" {} of them undecided.", some),
    };
    format!("Of {all} points the choice is {}.{open}", list(&parts))
}
