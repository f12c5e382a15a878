//! What `outlast compare --sweep` prints of a grid.

use crate::cli::output::{Answer, written};
use crate::cli::terminal::figures_table;
use crate::keys::Json;
use crate::report::sweeps::{self, Grid, SweptInput};
use crate::report::text::{harmless, paragraph};
use crate::report::words::sweep as words;
use serde_json::json;

/// A grid that was played.
pub(super) struct SweepAnswer<'a> {
    pub(super) grid: Grid<'a>,
    pub(super) seed: u64,
    pub(super) trials: u64,
    pub(super) confidence: f64,
    pub(super) files: Vec<String>,
    /// Whether the rows of all points are there, or only what is said of them.
    pub(super) is_whole: bool,
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
        let left_out = words::left_out(&self.grid);
        let said = words::said(&self.grid).into_iter().chain(left_out);
        let said: String = said.map(|one| paragraph(&one)).collect();
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
            "sweep": self.is_whole.then(|| sweeps::table(&self.grid)),
            "sweep_left_out": (!self.is_whole).then_some(
                "the rows of so many points are in sweep.csv only; write it with --output"
            ),
            "words": words::said(&self.grid),
            "files": self.files,
        })
    }
}
