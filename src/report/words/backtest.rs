//! What a backtest says: whether forecasts from the past of a log came true.

use crate::evidence::backtest::{Backtest, Calibration, Coverage, Origin};
use crate::report::text::{count, level, list};
use crate::units::show_duration;

/// What was forecast.
pub fn title(backtest: &Backtest) -> Vec<String> {
    let stretches = count(backtest.origins.len(), "period");
    let length = show_duration(backtest.stretch);
    let mut lines =
        vec![format!("{stretches} of {length}, each forecast from what was known at its start")];
    if backtest.skipped > 0 {
        lines.push(format!("{} more had too little data before them", backtest.skipped));
    }
    lines
}

/// How to read the table of forecasts, below it.
pub const LEGEND: &str = "(80 % prediction intervals; ! marks a value outside)";

/// What the coverage means: a paragraph for outages and one for downtime.
pub fn findings(backtest: &Backtest) -> [String; 2] {
    let origins = &backtest.origins;
    [
        verdict("number of outages", &backtest.outages, origins, |origin| origin.outages.below),
        verdict("downtime", &backtest.downtime, origins, |origin| origin.downtime.below),
    ]
}

fn verdict(name: &str, all: &[Coverage], origins: &[Origin], below: fn(&Origin) -> f64) -> String {
    let levels = |calibration: Calibration| {
        let wrong = all.iter().filter(|coverage| coverage.calibration() == calibration);
        wrong.map(|coverage| level(coverage.level)).collect::<Vec<_>>()
    };
    let (narrow, wide) = (levels(Calibration::TooNarrow), levels(Calibration::TooWide));
    let number = origins.len();
    let mut words = if !narrow.is_empty() {
        format!(
            "The prediction intervals for the {name} ({}) held less often than they promise: the \
             past of this log does not describe its future.",
            list(&narrow)
        )
    } else if !wide.is_empty() {
        format!(
            "The prediction intervals for the {name} ({}) held more often than they promise: they \
             are wider than necessary.",
            list(&wide)
        )
    } else {
        format!(
            "The prediction intervals for the {name} held as often as they promise, as far as {} can \
             tell.",
            count(number, "forecast")
        )
    };
    let above = origins.iter().filter(|origin| below(origin) > 0.5).count();
    let share = above as f64 / number as f64;
    if number >= 4 && !(0.25..0.75).contains(&share) {
        let side = if share > 0.5 { "low" } else { "high" };
        words.push_str(&format!(
            " The outcome was above the median forecast in {above} of {number}: forecasts were too \
             {side}."
        ));
    }
    words
}
