//! A backtest, for people and for scripts.

use crate::cli::terminal::{STYLE, heading, right};
use crate::evidence::backtest::{Backtest, Coverage, Forecast, LEVELS, Origin};
use crate::keys::Json;
use crate::report::text::{figure, paragraph};
use crate::report::words::backtest as words;
use crate::stats::Interval;
use comfy_table::{Cell, Table};
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

fn plain<const N: usize>(first: &str, rest: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE);
    let rest = rest.map(|heading| right(heading.to_owned()));
    table.set_header([Cell::new(first)].into_iter().chain(rest));
    table
}

fn aligned(mut table: Table) -> String {
    for column in table.column_iter_mut().take(1) {
        column.set_padding((0, 1));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_padding((2, 0));
    }
    table.trim_fmt()
}

/// One row for each period: the 80 % prediction interval, and the outcome.
fn forecasts(origins: &[Origin]) -> String {
    let headings =
        ["\nknown", "outages\nforecast", "\nactual", "downtime, h\nforecast", "\nactual"];
    let mut table = plain("\nFrom", headings);
    for origin in origins {
        let middle = |forecast: &Forecast, show: fn(f64) -> String| {
            let interval = forecast.intervals[1];
            let outside = if interval.contains(forecast.actual) { ' ' } else { '!' };
            let predicted = format!("{} to {}", show(interval.low), show(interval.high));
            [right(predicted), right(format!("{}{outside}", show(forecast.actual)))]
        };
        let [outages, outages_actual] = middle(&origin.outages, |x| format!("{x:.0}"));
        let [downtime, downtime_actual] = middle(&origin.downtime, |x| figure(x, 3));
        table.add_row([
            Cell::new(origin.at.strftime("%Y-%m-%d %H:%M").to_string()),
            right(origin.known.to_string()),
            outages,
            outages_actual,
            downtime,
            downtime_actual,
        ]);
    }
    aligned(table)
}

/// How often intervals held.
fn coverages(backtest: &Backtest) -> String {
    let mut table =
        plain("Interval", ["outages held", "true share", "downtime held", "true share"]);
    let held = |coverage: &Coverage| {
        let (low, high) = (100.0 * coverage.interval.low, 100.0 * coverage.interval.high);
        [
            right(format!("{} of {}", coverage.inside, coverage.of)),
            right(format!("{low:.0} to {high:.0} %")),
        ]
    };
    for (outages, downtime) in backtest.outages.iter().zip(&backtest.downtime) {
        let [first, second] = held(outages);
        let [third, fourth] = held(downtime);
        let level = Cell::new(format!("{:.0} %", 100.0 * outages.level));
        table.add_row([level, first, second, third, fourth]);
    }
    aligned(table)
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
