//! The pictures of a run as files.

use super::charts::png::{self, Canvas, Rasteriser};
use super::charts::{self, ChartError, Palette, Picture, Run};
use super::text::{count, quoted};
use crate::scenario::Scenario;
use crate::study::decide::risk_metric;
use crate::study::results::Results;
use crate::study::run::Trials;
use crate::study::search::MetricQuantile;
use crate::study::timeline::timeline_at;
use crate::study::when::harm_by_hour;
use crate::study::work::work_shares;
use crate::threads::each_with;

/// A picture's files, or why there are none.
type PictureFiles = Result<[(String, Vec<u8>); 2], ChartError>;

/// The quantile of the year that the timeline shows: one in a hundred is worse.
const BAD_YEAR: f64 = 0.99;

/// The pictures of a run of these trials, with a bad year of the strategy that is recommended.
pub fn of_run(scenario: &Scenario, results: &Results, trials: &Trials) -> Vec<Picture> {
    let decision = &results.decision;
    let shown = decision.strategy.or(decision.front.first().copied()).unwrap_or_default();
    let quantile = MetricQuantile { metric: risk_metric(scenario), at: BAD_YEAR };
    let year = timeline_at(scenario, trials, shown, quantile);
    let harm = harm_by_hour(scenario, shown, trials.seed);
    let work = work_shares(scenario, trials.seed, results.summary.trials);
    let run = Run { scenario, results, year: year.as_ref(), harm: harm.as_ref(), work: &work };
    charts::pictures(&run)
}

/// Draws the pictures and turns them into files: `charts/NAME.svg` and `.png`, and the same for a
/// dark page under `charts/dark`.
///
/// # Errors
/// A picture could not be drawn, or not turned into pixels.
pub fn files(pictures: &[Picture]) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let rasteriser = Rasteriser::new();
    let one = |canvas: &mut Canvas, job: &(&str, &Palette, &Picture)| {
        let (folder, palette, picture) = job;
        let svg = picture.draw(palette)?;
        let png = rasteriser.png(&svg, canvas)?;
        let path = |ending| format!("{folder}/{}.{ending}", picture.name);
        Ok([(path("png"), png), (path("svg"), svg.into_bytes())])
    };
    let looks = [("charts", &Palette::LIGHT), ("charts/dark", &Palette::DARK)];
    let jobs: Vec<_> = pictures
        .iter()
        .flat_map(|picture| looks.map(|(folder, palette)| (folder, palette, picture)))
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let draw = |canvas: &mut Canvas, index: usize| one(canvas, &jobs[index]);
    let drawn: Vec<PictureFiles> = each_with(jobs.len(), threads, Canvas::default, draw);
    Ok(drawn.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// The endings and folders of what [`files`] makes, as
/// [`Folder::begin`](super::folder::Folder::begin) wants them named.
pub const PLACES: [&str; 4] =
    ["charts/*.svg", "charts/*.png", "charts/dark/*.svg", "charts/dark/*.png"];

/// What is to be said of names that the PNG files cannot show, if there are any.
pub fn unshown(scenario: &Scenario) -> Option<String> {
    let strategies = scenario.strategies.iter().map(|strategy| &strategy.name);
    let faults = scenario.world.faults.iter().map(|fault| &fault.name);
    let names = strategies.chain(faults).filter(|name| !png::lacking(name).is_empty());
    let names: Vec<String> = names.map(|name| quoted(name)).collect();
    let (first, others) = names.split_first()?;
    let others = match others.len() {
        0 => String::new(),
        more => format!(" and {}", count(more, "other name")),
    };
    Some(format!(
        "The PNG pictures cannot show {first}{others}: their font has no such letters. The SVG \
         pictures can."
    ))
}
