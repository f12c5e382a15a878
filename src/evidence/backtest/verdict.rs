//! What forecasts were worth.

use super::{Backtest, Coverage, Forecast, LEVELS, Origin};
use crate::stats::Interval;
use crate::stats::interval::wilson;

/// A quantity over the futures, with what came.
pub(super) fn forecast(mut futures: Vec<f64>, actual: f64) -> Forecast {
    futures.sort_by(f64::total_cmp);
    let last = futures.len().saturating_sub(1) as f64;
    let at = |p: f64| futures.get((p * last).round() as usize).copied().unwrap_or(0.0);
    let intervals = LEVELS
        .map(|level| Interval { low: at(0.5 * (1.0 - level)), high: at(0.5 * (1.0 + level)) });
    let less = futures.partition_point(|x| *x < actual) as f64;
    let up_to = futures.partition_point(|x| *x <= actual) as f64;
    let below = 0.5 * (less + up_to) / (last + 1.0);
    Forecast { actual, median: at(0.5), intervals, below }
}

/// How often intervals of each level held.
pub(super) fn coverage(
    origins: &[Origin],
    of: fn(&Origin) -> &Forecast,
    confidence: f64,
) -> Vec<Coverage> {
    let level = |(place, level): (usize, &f64)| {
        let hit = |origin: &&Origin| {
            let forecast = of(origin);
            forecast.intervals[place].contains(forecast.actual)
        };
        let inside = origins.iter().filter(hit).count();
        let interval = wilson(inside as u64, origins.len() as u64, confidence);
        Coverage { level: *level, inside, of: origins.len(), interval }
    };
    LEVELS.iter().enumerate().map(level).collect()
}

/// What the coverage means.
pub(super) fn words(backtest: &Backtest) -> Vec<String> {
    let [outages, downtime] = ["the number of outages", "downtime"];
    vec![
        verdict(outages, &backtest.outages, &backtest.origins, |origin| &origin.outages),
        verdict(downtime, &backtest.downtime, &backtest.origins, |origin| &origin.downtime),
    ]
}

fn verdict(
    name: &str,
    coverage: &[Coverage],
    origins: &[Origin],
    of: fn(&Origin) -> &Forecast,
) -> String {
    let levels = |wrong: fn(&Coverage) -> bool| {
        let shown = coverage.iter().filter(|c| wrong(c));
        shown.map(|c| format!("{:.0} %", c.level * 100.0)).collect::<Vec<_>>().join(", ")
    };
    let short = levels(|c| c.interval.high < c.level);
    let wide = levels(|c| c.interval.low > c.level);
    let all = origins.len();
    let mut words = if !short.is_empty() {
        format!(
            "The intervals for {name} ({short}) held less often than they promise: the past of this \
             log does not describe its future."
        )
    } else if !wide.is_empty() {
        format!(
            "The intervals for {name} ({wide}) held more often than they promise: they are wider \
             than they need be."
        )
    } else {
        format!(
            "The intervals for {name} held as often as they promise, as far as {all} forecasts can \
             tell."
        )
    };
    let above = origins.iter().filter(|origin| of(origin).below > 0.5).count();
    let share = above as f64 / all as f64;
    if all >= 4 && !(0.25..0.75).contains(&share) {
        let side = if share > 0.5 { "low" } else { "high" };
        words.push_str(&format!(
            " What came was above the middle of the forecast in {above} of {all}: forecasts were too \
             {side}."
        ));
    }
    words
}
