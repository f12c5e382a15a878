//! Fits of a log on disk: the table of fits, the rows that do not count, and the charts.

use super::charts::{Canvas, ChartError, Palette, Rasteriser};
use super::fit_charts;
use super::folder::{Folder, FolderError, MANIFEST, OutputFile};
use super::tables::{Cell, Table};
use crate::evidence::analysis::{Analysis, Fit};
use crate::evidence::log::IncidentLog;

/// Every file that a fit may write, as [`Folder::begin`] wants them named.
pub const FILES: [&str; 5] = [MANIFEST, FITS, LEFT_OUT, "charts/*.svg", "charts/*.png"];

const FITS: &str = "fits.csv";
const LEFT_OUT: &str = "left_out.csv";

/// Writes the tables.
///
/// # Errors
/// A file cannot be written.
pub fn tables(
    folder: &Folder,
    log: &IncidentLog,
    analyses: &[Analysis],
) -> Result<(), FolderError> {
    let write = |name: &str, table: Table| {
        folder.write_with(name, |file: &mut OutputFile| table.write_csv(file))
    };
    write(FITS, fits(analyses))?;
    write(LEFT_OUT, left_out(log, analyses))
}

/// One row for each parameter of each fit.
fn fits(analyses: &[Analysis]) -> Table {
    let columns = vec![
        "variable",
        "group",
        "n",
        "censored",
        "family",
        "recommended",
        "parameter",
        "value",
        "low",
        "high",
        "log_likelihood",
        "aic",
        "aicc",
        "bic",
        "ks",
        "ks_p",
        "ad",
        "ad_p",
        "flags",
    ];
    let mut rows = Vec::new();
    for analysis in analyses {
        for (index, fit) in analysis.fits.iter().enumerate() {
            rows.extend(of_fit(analysis, fit, analysis.best == Some(index)));
        }
    }
    Table { columns, rows }
}

fn of_fit(analysis: &Analysis, fit: &Fit, recommended: bool) -> Vec<Vec<Cell>> {
    let variable = &analysis.variable;
    let text = |text: &str| Cell::Text(text.to_owned());
    let number = |number: f64| Cell::Number(Some(number));
    let flags: Vec<&str> = fit.flags.iter().map(|flag| flag.name()).collect();
    let values = fit.estimate.family.parameters().iter().zip(fit.estimate.values()).enumerate();
    let row = |(place, (name, value)): (usize, (&&str, &f64))| {
        let interval = fit.intervals.as_ref().and_then(|intervals| intervals.get(place));
        vec![
            text(variable.quantity.name()),
            text(variable.group.as_deref().unwrap_or_default()),
            Cell::Count(variable.sample.len() as u64),
            Cell::Count(variable.sample.censored().len() as u64),
            text(fit.estimate.family.name()),
            text(if recommended { "yes" } else { "no" }),
            text(name),
            number(*value),
            Cell::Number(interval.map(|ends| ends.0)),
            Cell::Number(interval.map(|ends| ends.1)),
            number(fit.estimate.log_likelihood),
            number(fit.aic),
            Cell::Number(fit.aicc),
            number(fit.bic),
            number(fit.distances.ks),
            Cell::Number(fit.p.map(|p| p.ks)),
            number(fit.distances.ad),
            Cell::Number(fit.p.map(|p| p.ad)),
            text(&flags.join(" ")),
        ]
    };
    values.map(row).collect()
}

/// Rows that do not count, or only as lower bounds, over all incidents.
fn left_out(log: &IncidentLog, analyses: &[Analysis]) -> Table {
    let mut rows = Vec::new();
    for analysis in analyses.iter().filter(|analysis| analysis.variable.group.is_none()) {
        let variable = &analysis.variable;
        let row = |line: u64, why: String| {
            let id = log.incidents.iter().find(|incident| incident.line == line);
            vec![
                Cell::Count(line),
                Cell::Text(id.map(|incident| incident.id.clone()).unwrap_or_default()),
                Cell::Text(variable.quantity.name().to_owned()),
                Cell::Text(why),
            ]
        };
        rows.extend(variable.left_out.iter().map(|one| row(one.line, one.why.to_string())));
        let bounds = variable.censored_lines.iter();
        rows.extend(bounds.map(|line| row(*line, "lower bound only".to_owned())));
    }
    Table { columns: vec!["line", "id", "variable", "why"], rows }
}

/// The charts, as files `charts/NAME.svg` and `charts/NAME.png`.
///
/// # Errors
/// A chart could not be drawn.
pub fn pictures(analyses: &[Analysis]) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let rasteriser = Rasteriser::new();
    let mut canvas = Canvas::default();
    let mut files = Vec::new();
    for analysis in analyses {
        for (name, svg) in fit_charts::of(analysis, &Palette::LIGHT)? {
            files.push((format!("charts/{name}.png"), rasteriser.png(&svg, &mut canvas)?));
            files.push((format!("charts/{name}.svg"), svg.into_bytes()));
        }
    }
    Ok(files)
}
