//! Fits of a log on disk: the table of fits, the rows that do not count, and the charts.

use super::charts::picture::Picture;
use super::fit_charts;
use super::folder::MANIFEST;
use super::page::plain::{Block, Part, PlainPage};
use super::table::{Rows, Table};
use super::words::{backtest as forecast, fit as words, log as rows_words};
use crate::evidence::analysis::{Analysis, Fit};
use crate::evidence::backtest::Backtest;
use crate::evidence::log::IncidentLog;
use crate::evidence::sample::Quantity;
use crate::stats::Interval;
use jiff::Timestamp;
use std::collections::HashMap;

/// Every file that a fit may write, as [`Folder::begin`](super::folder::Folder::begin) wants them
/// named.
pub const FILES: [&str; 8] = [
    MANIFEST,
    FITS,
    LEFT_OUT,
    super::PAGE,
    super::pictures::PLACES[0],
    super::pictures::PLACES[1],
    super::pictures::PLACES[2],
    super::pictures::PLACES[3],
];

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

/// What a page of a fit is made from.
#[derive(Debug, Clone, Copy)]
pub struct FitPage<'a> {
    /// Name of the log.
    pub name: &'a str,
    /// The log.
    pub log: &'a IncidentLog,
    /// What was fitted.
    pub analyses: &'a [Analysis],
    /// Whether forecasts from its past came true, where that was asked.
    pub backtest: Option<&'a Backtest>,
    /// The command that makes it again.
    pub command: &'a str,
    /// When it was made.
    pub made: Timestamp,
}

/// The page of a fit; `pictures` are those of each analysis.
pub fn page(fit: &FitPage<'_>, pictures: Vec<Vec<Picture>>) -> PlainPage {
    let mut parts: Vec<Part> =
        fit.analyses.iter().zip(pictures).map(|(one, charts)| part(one, charts)).collect();
    if let Some(backtest) = fit.backtest {
        let title = forecast::title(backtest).into_iter();
        let said = title.chain(forecast::findings(backtest)).map(Block::Text).collect();
        parts.push(Part { title: "Would forecasts have been right?".into(), blocks: said });
    }
    let notes = fit.log.notes.iter().map(|note| Block::Text(format!("Note: {note}.")));
    let rows =
        Block::Table("Rows left out or cut".into(), left_out(fit.log, fit.analyses), LEFT_OUT);
    let again = Block::Code(fit.command.to_owned());
    parts.push(Part {
        title: "Rows and command".into(),
        blocks: notes.chain([rows, again]).collect(),
    });
    PlainPage {
        title: format!("What {} says", fit.name),
        subtitle: format!("{}.", rows_words::title(fit.name, fit.log)),
        made: fit.made,
        parts,
    }
}

/// The section of one quantity: what is found, what to write into a scenario, and how it looks.
fn part(analysis: &Analysis, charts: Vec<Picture>) -> Part {
    let mut found = words::findings(analysis).into_iter();
    let mut blocks: Vec<Block> = found.next().map(Block::Headline).into_iter().collect();
    blocks.extend(found.map(Block::Text));
    if let Some(lines) = analysis.scenario_lines() {
        blocks.push(Block::Text("For the scenario:".into()));
        blocks.push(Block::Code(lines));
        if analysis.variable.quantity == Quantity::Recovery {
            blocks.push(Block::Text(words::COVERS.to_owned()));
        }
    }
    blocks.extend(charts.into_iter().map(Block::Chart));
    if !analysis.fits.is_empty() {
        let table = fits(std::slice::from_ref(analysis));
        blocks.push(Block::Table("Every fit".into(), table, FITS));
        blocks.push(Block::Text(words::legend(analysis)));
    }
    blocks.extend(words::unfitted(analysis).map(Block::Text));
    blocks.push(Block::List(rows_words::sample(analysis)));
    Part { title: words::heading(analysis), blocks }
}

/// The charts of each analysis.
pub fn pictures(analyses: &[Analysis]) -> Vec<Vec<Picture>> {
    analyses.iter().map(fit_charts::of).collect()
}
