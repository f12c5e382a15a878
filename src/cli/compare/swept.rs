//! The points of a grid as they come: their rows go to the file, and only what is said of them stays.

use crate::cli::failure::Failure;
use crate::cli::log_folder::FolderTable;
use crate::cli::output::Format;
use crate::metric::Metric;
use crate::report::sweeps::{Grid, SweptPoint, table};
use crate::report::words::compare::shown_metrics;
use crate::study::point::PointSummary;

/// Points whose rows JSON holds all; of more there are millions of rows, which are in the file.
const MOST_IN_JSON: usize = 1000;

/// The metrics whose rows are needed when all points are there; none if all are.
pub(super) fn rows_kept(grid: &Grid<'_>, points: usize, format: Format) -> Option<Vec<Metric>> {
    if matches!(format, Format::Json) && points <= MOST_IN_JSON {
        return None;
    }
    match grid.inputs {
        [_] => Some(shown_metrics(grid.first).into_iter().chain([grid.shown()]).collect()),
        // A map shows choices.
        _ => Some(Vec::new()),
    }
}

/// The points so far.
pub(super) struct Swept<'a> {
    /// The grid without its points.
    grid: Grid<'a>,
    places: &'a [Vec<usize>],
    table: Option<FolderTable>,
    kept: Vec<PointSummary>,
    keeps: Option<Vec<Metric>>,
}

impl<'a> Swept<'a> {
    /// Of a grid that has no points yet.
    pub(super) fn new(
        grid: Grid<'a>,
        places: &'a [Vec<usize>],
        table: Option<FolderTable>,
        keeps: Option<Vec<Metric>>,
    ) -> Swept<'a> {
        Swept { grid, places, table, kept: Vec::new(), keeps }
    }

    /// Whether the rows of all metrics stay.
    pub(super) fn is_whole(&self) -> bool {
        self.keeps.is_none()
    }

    /// Adds the next point.
    pub(super) fn add(&mut self, mut played: PointSummary) -> Result<(), Failure> {
        if let Some(file) = &mut self.table {
            let places = &self.places[self.kept.len()];
            let point = SweptPoint { places, played: &played };
            file.add(&table(&Grid { points: &[point], ..self.grid }))?;
        }
        if let Some(metrics) = &self.keeps {
            played.keep_only(metrics);
        }
        self.kept.push(played);
        Ok(())
    }

    /// Ends the file; what was kept.
    pub(super) fn finish(self) -> Result<Vec<PointSummary>, Failure> {
        self.table.map_or(Ok(()), FolderTable::finish)?;
        Ok(self.kept)
    }
}
