//! Fits of a log on disk: the table of fits, the rows that do not count, and the charts.

use super::charts::{ChartError, png};
use super::fit_charts;
use super::folder::MANIFEST;
use super::table::{Rows, Table};
use crate::evidence::analysis::{Analysis, Fit};
use crate::evidence::log::IncidentLog;
use crate::stats::Interval;
use std::collections::HashMap;

/// Every file that a fit may write, as [`Folder::begin`](super::folder::Folder::begin) wants them
/// named.
pub const FILES: [&str; 5] = [MANIFEST, FITS, LEFT_OUT, "charts/*.svg", "charts/*.png"];

const FITS: &str = "fits.csv";
const LEFT_OUT: &str = "left_out.csv";

/// The tables, by the names of their files.
pub fn tables(log: &IncidentLog, analyses: &[Analysis]) -> [(&'static str, Table); 2] {
    [(FITS, fits(analyses)), (LEFT_OUT, left_out(log, analyses))]
}

/// One row for each parameter of each fit.
fn fits(analyses: &[Analysis]) -> Table {
    let rows = analyses.iter().flat_map(|analysis| {
        analysis.fits.iter().enumerate().flat_map(move |(index, fit)| {
            let parameters = fit.estimate.family.parameters().iter().enumerate();
            let recommended = analysis.best == Some(index);
            parameters.map(move |(place, name)| Parameter {
                analysis,
                fit,
                recommended,
                place,
                name,
            })
        })
    });
    Rows::new(rows)
        .column("variable", |row| row.analysis.variable.quantity.name())
        .column("group", |row| row.analysis.variable.group.as_deref().unwrap_or_default())
        .column("n", |row| row.analysis.variable.sample.len())
        .column("censored", |row| row.analysis.variable.sample.censored().len())
        .column("family", |row| row.fit.estimate.family.name())
        .column("recommended", |row| row.recommended)
        .column("parameter", |row| row.name)
        .column("value", |row| row.fit.estimate.values()[row.place])
        .interval("low", "high", Parameter::interval)
        .column("log_likelihood", |row| row.fit.estimate.log_likelihood)
        .column("aic", |row| row.fit.aic)
        .column("aicc", |row| row.fit.aicc)
        .column("bic", |row| row.fit.bic)
        .column("ks", |row| row.fit.distances.ks)
        .column("ks_p", |row| row.fit.p.map(|p| p.ks))
        .column("ad", |row| row.fit.distances.ad)
        .column("ad_p", |row| row.fit.p.map(|p| p.ad))
        .column("flags", |row| {
            let flags: Vec<&str> = row.fit.flags.iter().map(|flag| flag.name()).collect();
            flags.join(" ")
        })
        .table()
}

/// One parameter of one fit.
#[derive(Clone, Copy)]
struct Parameter<'a> {
    analysis: &'a Analysis,
    fit: &'a Fit,
    recommended: bool,
    /// Which of the fit's parameters it is.
    place: usize,
    name: &'a str,
}

impl Parameter<'_> {
    fn interval(self) -> Option<Interval> {
        let &(low, high) = self.fit.intervals.as_ref()?.get(self.place)?;
        Some(Interval { low, high })
    }
}

/// Rows that do not count, or only as lower bounds, over all incidents.
fn left_out(log: &IncidentLog, analyses: &[Analysis]) -> Table {
    let mut rows = Vec::new();
    for analysis in analyses.iter().filter(|analysis| analysis.variable.group.is_none()) {
        let variable = &analysis.variable;
        rows.extend(variable.left_out.iter().map(|one| (variable, one.line, Some(&one.why))));
        rows.extend(variable.censored_lines.iter().map(|line| (variable, *line, None)));
    }
    let ids: HashMap<u64, &str> =
        log.incidents.iter().map(|incident| (incident.line, incident.id.as_str())).collect();
    let id = |line: u64| ids.get(&line).copied().unwrap_or_default();
    Rows::new(rows)
        .column("line", |(_, line, _)| line)
        .column("id", |(_, line, _)| id(line))
        .column("variable", |(variable, ..)| variable.quantity.name())
        .column("why", |(.., why)| {
            why.map_or_else(|| "lower bound only".to_owned(), ToString::to_string)
        })
        .table()
}

/// The charts, as files `charts/NAME.svg` and `charts/NAME.png`.
///
/// # Errors
/// A chart could not be drawn.
pub fn pictures(analyses: &[Analysis]) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let mut charts = Vec::new();
    for analysis in analyses {
        charts.extend(fit_charts::of(analysis)?);
    }
    png::files(charts)
}
