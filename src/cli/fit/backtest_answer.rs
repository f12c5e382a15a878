//! A backtest, for people and for scripts.

use crate::cli::terminal::{figures_table, heading};
use crate::evidence::backtest::{Backtest, Coverage, Forecast, LEVELS, Origin};
use crate::keys::Json;
use crate::report::text::{figure, paragraph};
use crate::report::words::backtest as words;
use crate::stats::Interval;
use serde_json::json;

/// For people.
pub(super) fn text(backtest: &Backtest) -> String {
    let mut text = heading("Backtest");
    text.extend(words::title(backtest).iter().map(|line| paragraph(line)));
    let (forecasts, legend) = (forecasts(&backtest.origins), words::LEGEND);
    text.push_str(&format!("\n{forecasts}\n{legend}\n\n{}\n", coverages(backtest)));
    for finding in words::findings(backtest) {
        text.push_str(&format!("\n{}", paragraph(&finding)));
    }
    text
}

/// One row for each period: the 80 % prediction interval, and the outcome.
fn forecasts(origins: &[Origin]) -> String {
    let headings =
        ["\nknown", "outages\nforecast", "\nactual", "downtime, h\nforecast", "\nactual"];
    let predicted = |forecast: &Forecast, show: fn(f64) -> String| {
        let interval = forecast.intervals[1];
        let outside = if interval.contains(forecast.actual) { ' ' } else { '!' };
        let predicted = format!("{} to {}", show(interval.low), show(interval.high));
        [predicted, format!("{}{outside}", show(forecast.actual))]
    };
    let row = |origin: &Origin| {
        let [outages, outages_actual] = predicted(&origin.outages, |x| format!("{x:.0}"));
        let [downtime, downtime_actual] = predicted(&origin.downtime, |x| figure(x, 3));
        let known = origin.known.to_string();
        let figures = vec![known, outages, outages_actual, downtime, downtime_actual];
        (origin.at.strftime("%Y-%m-%d %H:%M").to_string(), figures)
    };
    figures_table("\nFrom", headings.map(str::to_owned), origins.iter().map(row))
}

/// How often intervals held.
fn coverages(backtest: &Backtest) -> String {
    let headings = ["outages held", "true share", "downtime held", "true share"];
    let held = |coverage: &Coverage| {
        let (low, high) = (100.0 * coverage.interval.low, 100.0 * coverage.interval.high);
        [format!("{} of {}", coverage.inside, coverage.of), format!("{low:.0} to {high:.0} %")]
    };
    let rows = backtest.outages.iter().zip(&backtest.downtime).map(|(outages, downtime)| {
        let level = format!("{:.0} %", 100.0 * outages.level);
        (level, [held(outages), held(downtime)].concat())
    });
    figures_table("Interval", headings.map(str::to_owned), rows)
}

/// For scripts.
pub(super) fn to_json(backtest: &Backtest) -> Json {
    json!({
        "stretch_hours": backtest.stretch,
        "skipped": backtest.skipped,
        "coverage": {
            "outages": backtest.outages.iter().map(of_coverage).collect::<Json>(),
            "downtime_hours": backtest.downtime.iter().map(of_coverage).collect::<Json>(),
        },
        "origins": backtest.origins.iter().map(of_origin).collect::<Json>(),
        "words": words::findings(backtest).join(" "),
    })
}

fn of_coverage(coverage: &Coverage) -> Json {
    json!({
        "level": coverage.level,
        "coverage": coverage.inside as f64 / coverage.of.max(1) as f64,
        "inside": coverage.inside,
        "of": coverage.of,
        "low": coverage.interval.low,
        "high": coverage.interval.high,
    })
}

fn of_origin(origin: &Origin) -> Json {
    let [recovery, between] = origin.families.map(|family| family.name());
    json!({
        "at": origin.at.to_string(),
        "known": origin.known,
        "recovery": recovery,
        "between": between,
        "outages": of_forecast(&origin.outages),
        "downtime_hours": of_forecast(&origin.downtime),
    })
}

fn of_forecast(forecast: &Forecast) -> Json {
    let interval = |(level, interval): (&f64, &Interval)| json!({ "level": level, "low": interval.low, "high": interval.high });
    json!({
        "actual": forecast.actual,
        "median": forecast.median,
        "intervals": LEVELS.iter().zip(&forecast.intervals).map(interval).collect::<Json>(),
        "pit": forecast.below,
    })
}
