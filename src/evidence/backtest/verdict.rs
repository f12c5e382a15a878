//! What forecasts were worth.

use super::{Coverage, Forecast, LEVELS, Origin};
use crate::stats::Interval;
use crate::stats::interval::{central_interval, nearest_rank, wilson};

/// A quantity over the futures, with what came.
pub(super) fn forecast(mut futures: Vec<f64>, actual: f64) -> Forecast {
    futures.sort_by(f64::total_cmp);
    let nothing = Interval { low: 0.0, high: 0.0 };
    let intervals = LEVELS.map(|level| central_interval(&futures, level).unwrap_or(nothing));
    let less = futures.partition_point(|x| *x < actual) as f64;
    let up_to = futures.partition_point(|x| *x <= actual) as f64;
    let below = 0.5 * (less + up_to) / futures.len().max(1) as f64;
    Forecast { actual, median: nearest_rank(&futures, 0.5).unwrap_or(0.0), intervals, below }
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
