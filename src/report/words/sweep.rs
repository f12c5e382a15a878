//! A grid of values: where which strategy is the choice.

use crate::metric::Metric;
use crate::report::sweeps::{Grid, SweptInput, SweptPoint};
use crate::report::text::{capitalized, count, figure, harmless, list, quoted, width};
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
        rows: grid.points.iter().step_by(every(grid.points.len(), MOST_ROWS)).map(row).collect(),
    }
}

/// Rows of a table on the terminal at most; what is between them is in the file.
const MOST_ROWS: usize = 50;

/// Every how many values one is shown, where there are so many and room for `most`.
fn every(values: usize, most: usize) -> usize {
    values.div_ceil(most).max(1)
}

/// Which values are not shown, if any.
pub fn left_out(grid: &Grid<'_>) -> Option<String> {
    let part = |(input, every): (&SweptInput, usize)| {
        (every > 1).then(|| format!("one value in {every} of {}", input.called))
    };
    let every = match grid.inputs {
        [upright, across] => {
            [every(upright.values.len(), MOST_ROWS), Columns::new(upright, across).every]
        }
        _ => [every(grid.points.len(), MOST_ROWS), 1],
    };
    let parts: Vec<String> = grid.inputs.iter().zip(every).filter_map(part).collect();
    let verb = if parts.len() == 1 { "is" } else { "are" };
    let shown = list(&parts);
    (!parts.is_empty())
        .then(|| format!("Only {shown} {verb} shown. The files of --output have all."))
}

/// Which columns of signs stand beside each other, and which have a heading.
struct Columns {
    /// One in so many is shown.
    every: usize,
    /// One in so many of these is headed: of many, only some have room for their values.
    headed: usize,
    shown: Vec<usize>,
}

/// Most columns of signs, and most headings over them.
const MOST_SIGNS: usize = 20;
const MOST_HEADINGS: usize = 7;

impl Columns {
    /// As many as fit the width that there is.
    fn new(upright: &SweptInput, across: &SweptInput) -> Columns {
        let of = |most: usize| {
            let every = every(across.values.len(), most);
            let shown: Vec<usize> = (0..across.values.len()).step_by(every).collect();
            Columns { every, headed: shown.len().div_ceil(MOST_HEADINGS).max(1), shown }
        };
        let names = upright.values.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let fits = |columns: &Columns| names + columns.width(across) <= width();
        (2..=MOST_SIGNS).rev().map(of).find(fits).unwrap_or_else(|| of(2))
    }

    fn heading(&self, (at, column): (usize, usize), across: &SweptInput) -> String {
        let is_headed = at.is_multiple_of(self.headed);
        if is_headed { harmless(&across.values[column]) } else { String::new() }
    }

    fn headings(&self, across: &SweptInput) -> Vec<String> {
        self.shown.iter().enumerate().map(|(at, &one)| self.heading((at, one), across)).collect()
    }

    fn width(&self, across: &SweptInput) -> usize {
        // A sign has three characters, such as "10?", and two blanks before it.
        self.headings(across).iter().map(|heading| 2 + heading.chars().count().max(3)).sum()
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

/// For a grid of two inputs: a row of signs for each value of the first input, the greatest at the
/// top, and what the signs mean.
pub fn map(grid: &Grid<'_>) -> (TableInWords, Vec<String>) {
    let [upright, across] = grid.inputs else {
        let table = TableInWords { names: String::new(), headings: Vec::new(), rows: Vec::new() };
        return (table, Vec::new());
    };
    let sign = |row: usize, column: usize| {
        let point = grid.points.get(row * across.values.len() + column)?;
        let choice = point.choice();
        let open = if choice.settled { "" } else { "?" };
        let sign = choice.strategy.map_or("-".to_owned(), |at| (at + 1).to_string());
        Some(format!("{sign}{open}"))
    };
    let columns = Columns::new(upright, across);
    let row = |row: usize| {
        let signs = columns.shown.iter().map(|&column| sign(row, column).unwrap_or_default());
        (harmless(&upright.values[row]), signs.collect())
    };
    let shown = (0..upright.values.len()).step_by(every(upright.values.len(), MOST_ROWS));
    let rows: Vec<(String, Vec<String>)> = shown.rev().map(row).collect();
    let any = |text: &str| rows.iter().any(|(_, signs)| signs.iter().any(|one| one.contains(text)));
    let is_chosen = |at: usize| grid.points.iter().any(|one| one.choice().strategy == Some(at));
    let strategies = grid.first.strategies.iter().enumerate();
    let chosen = strategies.filter(|(at, _)| is_chosen(*at));
    let mut signs: Vec<String> =
        chosen.map(|(at, one)| format!("{}  {}", at + 1, one.name)).collect();
    signs.extend(any("-").then(|| "-  no strategy keeps every tolerance".to_owned()));
    signs.extend(any("?").then(|| "?  undecided: more trials would have to tell".to_owned()));
    let headings = columns.headings(across);
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

/// Stretches of one choice that are told at most.
const MOST_STRETCHES: usize = 12;

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
    let more = match parts.len().saturating_sub(MOST_STRETCHES) {
        0 => String::new(),
        more => format!("; and {more} changes more"),
    };
    let parts: Vec<String> = parts.iter().take(MOST_STRETCHES).map(part).collect();
    vec![format!("The choice changes with {}: {}{more}.", input.called, parts.join("; "))]
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
