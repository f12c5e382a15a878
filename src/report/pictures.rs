//! Which pictures a run gives.

use super::charts::ChartError;
use super::charts::causes::Causes;
use super::charts::exceedance::Exceedance;
use super::charts::palette::Palette;
use super::charts::png::Rasteriser;
use super::charts::restore::{Quantiles, Restore, RestoreRow};
use crate::metric::Metric;
use crate::study::summary::{StrategyResult, Summary, downtime_by_cause};

/// A picture as SVG text, under the name of its file without ending.
pub type Picture = (&'static str, String);

/// Draws the pictures of a run whose horizon reads as `per` ("year", "90 d").
///
/// # Errors
/// A picture could not be drawn.
pub fn pictures(summary: &Summary, per: &str) -> Result<Vec<Picture>, ChartError> {
    let palette = &Palette::LIGHT;
    let stale = exceedance(
        summary,
        Metric::StaleUserHours,
        format!("How often stale user-hours exceed a value in a {per}"),
        format!("stale user-hours per {per}"),
    );
    let lost = exceedance(
        summary,
        Metric::WritebackLost,
        format!("How often lost writeback requests exceed a value in a {per}"),
        format!("writeback requests lost per {per}"),
    );
    Ok(vec![
        ("exceedance-stale-user-hours", stale.draw(palette)?),
        ("exceedance-writeback-lost", lost.draw(palette)?),
        ("restore-hours", restore(summary).draw(palette)?),
        ("downtime-by-cause", causes(summary, per).draw(palette)?),
    ])
}

/// Turns pictures into the files `charts/NAME.svg` and `charts/NAME.png`.
///
/// # Errors
/// A picture could not be turned into pixels.
pub fn files(pictures: &[Picture]) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let rasteriser = Rasteriser::new();
    let mut files = Vec::with_capacity(2 * pictures.len());
    for (name, svg) in pictures {
        files.push((format!("charts/{name}.png"), rasteriser.png(svg)?));
        files.push((format!("charts/{name}.svg"), svg.clone().into_bytes()));
    }
    Ok(files)
}

fn exceedance(summary: &Summary, metric: Metric, title: String, x_label: String) -> Exceedance {
    let series = summary
        .strategies
        .iter()
        .filter_map(|result| Some((result.name.clone(), result.sample(metric)?.exceedance())))
        .collect();
    Exceedance { title, x_label, series, tail: false }
}

fn restore(summary: &Summary) -> Restore {
    Restore {
        title: "How long an outage lasts until the service is back".into(),
        x_label: "time from onset to service".into(),
        rows: summary.strategies.iter().map(restore_row).collect(),
    }
}

fn restore_row(result: &StrategyResult) -> RestoreRow {
    let at = |p| result.restore.quantile(p);
    let quantiles = || {
        Some(Quantiles {
            p5: at(0.05)?,
            p25: at(0.25)?,
            p50: at(0.5)?,
            p75: at(0.75)?,
            p95: at(0.95)?,
            max: result.restore.max()?,
            mean: result.restore.mean()?,
        })
    };
    RestoreRow {
        strategy: result.name.clone(),
        outages: result.restore.count(),
        quantiles: quantiles(),
    }
}

fn causes(summary: &Summary, per: &str) -> Causes {
    let mut causes: Vec<String> = Vec::new();
    let by_strategy: Vec<_> =
        summary.strategies.iter().map(|result| (result, downtime_by_cause(result))).collect();
    for (_, hours) in &by_strategy {
        for (name, _) in hours {
            if !causes.contains(name) {
                causes.push(name.clone());
            }
        }
    }
    let rows = by_strategy
        .into_iter()
        .map(|(result, hours)| {
            let of = |cause: &String| {
                hours.iter().find(|(name, _)| name == cause).map_or(0.0, |(_, h)| *h)
            };
            (result.name.clone(), causes.iter().map(of).collect())
        })
        .collect();
    Causes {
        title: "What the downtime comes from".into(),
        x_label: format!("mean downtime, hours per {per}"),
        causes,
        rows,
    }
}
