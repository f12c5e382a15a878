//! The files of a run: tables, charts, the page to hand over, and the manifest.

use super::plan::Plan;
use super::play::Played;
use crate::cli::failure::Failure;
use crate::report::diagnostics;
use crate::report::folder::{Folder, FolderError, MANIFEST, OutputFile};
use crate::report::manifest::Manifest;
use crate::report::page::Page;
use crate::report::variants::Variant;
use crate::report::words::workbook::answer;
use crate::report::workbook::workbook;
use crate::report::{self, pictures, tables};
use crate::sensitivity::robustness::Robustness;
use crate::world::streams::STREAM_SCHEME;

/// What else the files tell.
pub(super) struct Context<'a> {
    /// Both ways to take fits, if both were played.
    pub(super) variants: &'a [Variant<'a>],
    /// How the trials came about.
    pub(super) notes: &'a [String],
    /// How well the choice stands if the assumptions are wrong.
    pub(super) robustness: Option<&'a Robustness>,
}

/// Writes everything but the rows of single trials, which were written while they were played.
pub(super) fn write(
    plan: &Plan<'_>,
    played: &Played,
    context: &Context<'_>,
    folder: &Folder,
) -> Result<(), Failure> {
    write_tables(plan, played, context, folder)?;
    write_pages(plan, played, context, folder)?;
    // Last, because it lists all the others.
    write_manifest(plan, played, folder)?;
    Ok(())
}

fn write_tables(
    plan: &Plan<'_>,
    played: &Played,
    context: &Context<'_>,
    folder: &Folder,
) -> Result<(), Failure> {
    let (scenario, results) = (&plan.scenario, &played.results);
    let mut all = vec![
        (report::SUMMARY, tables::summary(&results.summary)),
        (report::COMPARISON, tables::comparison(results)),
        (report::TOLERANCE, tables::tolerance(results)),
    ];
    if scenario.costs.is_some() {
        all.push((report::COST, tables::cost(results, scenario.currency())));
    }
    all.push((report::OUTAGES, tables::outages(&results.summary)));
    if scenario.world.sign_in.is_some() {
        all.push((report::SIGN_IN, tables::sign_in(&results.summary)));
    }
    if !context.variants.is_empty() {
        all.push((report::VARIANTS, report::variants::table(context.variants)));
    }
    for (name, table) in &all {
        folder.write_with(name, |file: &mut OutputFile| table.write_csv(file))?;
    }
    if plan.options.outcome.xlsx {
        let sentences = answer(scenario, results, context.robustness, plan.seed());
        let workbook =
            workbook(&sentences, &all).map_err(|error| Failure::Work(error.to_string()))?;
        folder.write(report::WORKBOOK, &workbook)?;
    }
    Ok(())
}

fn write_pages(
    plan: &Plan<'_>,
    played: &Played,
    context: &Context<'_>,
    folder: &Folder,
) -> Result<(), Failure> {
    let (scenario, results) = (&plan.scenario, &played.results);
    let trials = plan.trials(0..results.summary.trials);
    let pictures = pictures::of_run(scenario, results, &trials);
    for (path, picture) in pictures::files(&pictures)? {
        folder.write(&path, &picture)?;
    }
    let command = &plan.command(results.summary.trials);
    let page = Page {
        scenario,
        results,
        robustness: context.robustness,
        pictures: &pictures,
        seed: plan.seed(),
        command,
        notes: context.notes,
        made: played.stopwatch.started,
    };
    folder.write(report::PAGE, page.to_html()?.as_bytes())?;
    Ok(())
}

fn write_manifest(plan: &Plan<'_>, played: &Played, folder: &Folder) -> Result<(), FolderError> {
    let scenario = &plan.scenario;
    let files = folder.files();
    let files = files.iter().map(|file| file.display().to_string());
    let summary = &played.results.summary;
    let manifest = Manifest {
        scenario,
        summary,
        stream_scheme: STREAM_SCHEME,
        fits: plan.options.fits.word(),
        seed: plan.seed(),
        confidence: plan.options.intervals.confidence,
        threads: plan.options.outcome.threads.count(),
        started: played.stopwatch.started,
        seconds: played.stopwatch.seconds(),
        trials_per_second: summary.trials as f64 / played.playing_seconds,
        warnings: diagnostics::to_json(&scenario.warnings, &scenario.text),
        files: files.chain([MANIFEST.to_owned()]).collect(),
    };
    folder.write(MANIFEST, manifest.to_text().as_bytes())
}
