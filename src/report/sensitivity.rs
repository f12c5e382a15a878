//! What an answer hangs on, on disk: tables, charts, JSON.

use super::charts::acceptability::AcceptabilityChart;
use super::charts::picture::{Picture, estimate};
use super::charts::spans::{SpanRow, Spans};
use super::folder::MANIFEST;
use super::table::{Cell, Rows, Table};
use super::text::{figure, level};
use super::words::input::{names, value};
use super::words::sensitivity as words;
use crate::assumptions::{Inputs, Value};
use crate::keys::Json;
use crate::metric::Metric;
use crate::scenario::{Criterion, Scenario};
use crate::sensitivity::indices::Indices;
use crate::sensitivity::model::Outlook;
use crate::sensitivity::regression::Estimate;
use crate::sensitivity::sample::room_at;
use crate::sensitivity::study::Study;
use crate::sensitivity::tornado::Moved;
use serde_json::json;

/// Every file that the command may write, as [`super::folder::Folder::begin`] wants them named.
pub const FILES: [&str; 12] = [
    MANIFEST,
    super::PAGE,
    INPUTS,
    OUTPUTS,
    TORNADO,
    SOBOL,
    ACCEPTABILITY,
    INFORMATION,
    "charts/*.svg",
    "charts/*.png",
    "charts/dark/*.svg",
    "charts/dark/*.png",
];

const INPUTS: &str = "inputs.csv";
const OUTPUTS: &str = "outputs.csv";
/// One row an end of an input.
pub const TORNADO: &str = "tornado.csv";
/// One row an input and result.
pub const SOBOL: &str = "sobol.csv";
/// One row a value and strategy.
pub const ACCEPTABILITY: &str = "acceptability.csv";
/// One row an input and amount of data.
pub const INFORMATION: &str = "information.csv";

/// Rows of a chart.
const SHOWN: usize = 15;

/// The paths of a coordinate, as files and scripts name it.
fn paths(inputs: &Inputs, coordinate: usize) -> String {
    let all: Vec<&str> =
        inputs.members(coordinate).map(|at| inputs.inputs[at].name.as_str()).collect();
    all.join(", ")
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Number(number) => Cell::from(*number),
        Value::Word(word) => Cell::from(word.trim_matches('"')),
    }
}

/// The values of a coordinate's inputs at a quantile, for people.
fn values(scenario: &Scenario, inputs: &Inputs, coordinate: usize, at: f64) -> String {
    let all: Vec<String> = inputs
        .members(coordinate)
        .map(|input| value(&inputs.inputs[input], &inputs.value(input, at), scenario.currency()))
        .collect();
    all.join(", ")
}

fn strategy(scenario: &Scenario, at: Option<usize>) -> String {
    at.and_then(|at| scenario.strategies.get(at)).map_or(String::new(), |one| one.name.clone())
}

/// The tables, by file name.
pub fn tables(scenario: &Scenario, study: &Study, confidence: f64) -> Vec<(&'static str, Table)> {
    let mut tables = vec![
        (INPUTS, inputs(study)),
        (OUTPUTS, outputs(scenario, study)),
        (TORNADO, tornado(scenario, study, confidence)),
        (SOBOL, sobol(scenario, study)),
        (INFORMATION, information(study)),
    ];
    tables.extend(acceptability(scenario, study).map(|table| (ACCEPTABILITY, table)));
    tables
}

/// One row a point and input.
fn inputs(study: &Study) -> Table {
    let inputs = &study.robustness.inputs;
    let rows: Vec<(usize, usize)> = (0..study.points.len())
        .flat_map(|point| (0..inputs.inputs.len()).map(move |input| (point, input)))
        .collect();
    Rows::new(&rows)
        .column("point", |(point, _)| *point)
        .column("input", |(_, input)| inputs.inputs[*input].name.as_str())
        .column("quantile", |(point, input)| study.points[*point][inputs.coordinate(*input)])
        .column("value", |(point, input)| {
            cell(&inputs.value(*input, study.points[*point][inputs.coordinate(*input)]))
        })
        .table()
}

/// One row a point and strategy.
fn outputs(scenario: &Scenario, study: &Study) -> Table {
    let strategies = scenario.strategies.len();
    let rows: Vec<(usize, usize)> = (0..study.points.len())
        .flat_map(|point| (0..strategies).map(move |strategy| (point, strategy)))
        .collect();
    let means = |(point, strategy): &(usize, usize)| &study.results[*point].strategies[*strategy];
    let mut table = Rows::new(&rows)
        .column("point", |(point, _)| *point)
        .column("strategy", |(_, at)| scenario.strategies[*at].name.as_str())
        .column("cost", |(point, at)| {
            Outlook::of(&study.results[*point], scenario.tolerances.len()).costs[*at]
        });
    for metric in scenario.metrics().filter(|metric| *metric != Metric::Cost) {
        table = table.column(metric.name(), move |row| means(row).mean(metric as usize));
    }
    for (at, tolerance) in scenario.tolerances.iter().enumerate() {
        // Per outage the number of cases varies, so that what is told is the room.
        let (heading, more) = match tolerance.criterion {
            Criterion::RestoreHours => ("restore_hours_room", 0.0),
            Criterion::Metric(metric) => (kept(metric), tolerance.confidence),
        };
        table = table.column(heading, move |row| means(row).mean(room_at(at)) + more);
    }
    table.table()
}

/// The heading of the share of trials within the limit of a metric.
fn kept(metric: Metric) -> &'static str {
    match metric {
        Metric::StaleUserHours => "stale_user_hours_kept",
        Metric::LongestOutageHours => "longest_outage_hours_kept",
        Metric::DowntimeHours => "downtime_hours_kept",
        Metric::Cost => "cost_kept",
        Metric::WritebackLost => "writeback_lost_kept",
        Metric::SignInUserHours => "sign_in_user_hours_kept",
        _ => "kept",
    }
}

/// One row an end of an input.
fn tornado(scenario: &Scenario, study: &Study, confidence: f64) -> Table {
    let inputs = &study.robustness.inputs;
    let change = |end: &Moved| crate::sensitivity::common::interval(end.change, confidence);
    Rows::new(study.tornado.iter().flatten())
        .column("input", |end| paths(inputs, end.coordinate))
        .column("quantile", |end| end.to)
        .column("value", |end| values(scenario, inputs, end.coordinate, end.to))
        .column("result", |end| study.at_guess.0 + end.change.0)
        .column("change", |end| end.change.0)
        .interval("change_low", "change_high", |end| Some(change(end).interval))
        .column("choice", |end| strategy(scenario, end.outlook.choice()))
        .table()
}

/// One row an input and result.
fn sobol(scenario: &Scenario, study: &Study) -> Table {
    let inputs = &study.robustness.inputs;
    let all = study.indices.iter().flat_map(|of| of.rows.iter().map(move |row| (of, row)));
    Rows::new(all)
        .column("result", |(of, _)| words::subject(scenario, of.subject))
        .column("variance", |(of, _)| of.variance.value)
        .interval("variance_low", "variance_high", |(of, _)| Some(of.variance.interval))
        .column("input", |(_, row)| paths(inputs, row.coordinate))
        .column("first", |(_, row)| row.first.value)
        .interval("first_low", "first_high", |(_, row)| Some(row.first.interval))
        .column("total", |(_, row)| row.total.value)
        .interval("total_low", "total_high", |(_, row)| Some(row.total.interval))
        .table()
}

/// One row a value and strategy.
fn acceptability(scenario: &Scenario, study: &Study) -> Option<Table> {
    let curve = study.acceptability.as_ref()?;
    let inputs = &study.robustness.inputs;
    let rows = curve
        .rows
        .iter()
        .flat_map(|row| row.shares.iter().enumerate().map(move |(at, share)| (row, at, share)));
    let table = Rows::new(rows)
        .column("input", |_| inputs.inputs[curve.input].name.as_str())
        .column("value", |(row, ..)| row.value)
        .column("strategy", |(_, at, _)| strategy(scenario, Some(at)))
        .column("probability", |(_, _, share)| share.value)
        .interval("low", "high", |(_, _, share)| Some(share.interval))
        .column("least_cost", |(row, at, _)| row.least_cost == Some(at))
        .column("frontier", |(row, at, _)| row.frontier == Some(at));
    Some(table.table())
}

/// What is worth how much: to know an input, or some data on it.
struct Worth {
    coordinate: usize,
    /// What an observation is; empty for knowing.
    data: &'static str,
    observations: Option<u32>,
    worth: Estimate,
    /// Of knowing: the gain in the probability of taking the right strategy.
    right: Option<Estimate>,
}

/// One row an input and amount of data; none of data is to know it.
fn information(study: &Study) -> Table {
    let inputs = &study.robustness.inputs;
    let mut rows = Vec::new();
    for one in &study.learning {
        let coordinate = one.coordinate;
        rows.push(Worth {
            coordinate,
            data: "",
            observations: None,
            worth: one.known,
            right: Some(one.right),
        });
        if let Some(data) = &one.data {
            let what = if data.months { "months of log" } else { "drills" };
            rows.extend(data.worth.iter().map(|(n, worth)| Worth {
                coordinate,
                data: what,
                observations: Some(*n),
                worth: *worth,
                right: None,
            }));
        }
    }
    Rows::new(&rows)
        .column("input", |row| paths(inputs, row.coordinate))
        .column("data", |row| row.data)
        .column("observations", |row| row.observations.map(f64::from))
        .column("worth", |row| row.worth.value)
        .interval("worth_low", "worth_high", |row| Some(row.worth.interval))
        .column("right_gain", |row| row.right.map(|right| right.value))
        .interval("right_low", "right_high", |row| row.right.map(|right| right.interval))
        .table()
}

/// The pictures.
pub fn pictures(scenario: &Scenario, study: &Study, confidence: f64) -> Vec<Picture> {
    let interval = format!("{} interval", level(confidence));
    let mut pictures = vec![tornado_picture(scenario, study, confidence, &interval)];
    let varies = |(_, of): &(usize, &Indices)| !words::important(of).is_empty();
    let numbered = study.indices.iter().enumerate().filter(varies);
    pictures.extend(numbered.map(|(at, of)| sobol_picture(scenario, study, at, of, &interval)));
    pictures.extend(acceptability_picture(scenario, study, &interval));
    pictures.extend(information_picture(scenario, study, &interval));
    pictures
}

fn spans(name: String, chart: Spans, explanation: &str, table: Table) -> Picture {
    Picture {
        name,
        title: chart.title.clone(),
        explanation: explanation.to_owned(),
        table,
        draw: Box::new(move |palette| chart.draw(palette)),
    }
}

fn tornado_picture(scenario: &Scenario, study: &Study, confidence: f64, interval: &str) -> Picture {
    let inputs = &study.robustness.inputs;
    let scale = words::scale(scenario, study.quantity);
    let base = scale * study.at_guess.0;
    let row = |bar: &Vec<Moved>| {
        let value = |end: Option<&Moved>| {
            let change = crate::sensitivity::common::interval(end?.change, confidence);
            let at = |x: f64| base + scale * x;
            Some(estimate(at(change.value), Some(change.interval.map(at))))
        };
        let coordinate = bar[0].coordinate;
        let note = bar.iter().map(|end| values(scenario, inputs, coordinate, end.to));
        SpanRow {
            name: names(inputs, coordinate),
            values: vec![value(bar.first()), value(bar.get(1))],
            note: note.take(2).collect::<Vec<_>>().join(" to "),
        }
    };
    let chart = Spans {
        title: "What each assumption does alone".into(),
        x_label: words::axis(scenario, study.quantity),
        base,
        series: vec!["at the low end".into(), "at the high end".into()],
        interval: interval.to_owned(),
        rows: study.tornado.iter().take(SHOWN).map(row).collect(),
        shares: false,
    };
    let explanation = "Each assumption goes from its 5 % to its 95 % point while all others stay as \
                       you state them, in the same worlds. The line is the result as assumed.";
    spans("tornado".into(), chart, explanation, tornado(scenario, study, confidence))
}

fn sobol_picture(
    scenario: &Scenario,
    study: &Study,
    number: usize,
    of: &Indices,
    interval: &str,
) -> Picture {
    let inputs = &study.robustness.inputs;
    let shown = |one: &Estimate| Some(estimate(one.value, Some(one.interval)));
    let rows = words::important(of).into_iter().take(SHOWN).map(|row| SpanRow {
        name: names(inputs, row.coordinate),
        values: vec![shown(&row.first), shown(&row.total)],
        note: String::new(),
    });
    let chart = Spans {
        title: words::indices_heading(scenario, of.subject),
        x_label: "part of the variance".into(),
        base: 0.0,
        series: vec!["alone (first order)".into(), "alone and with others (total)".into()],
        interval: interval.to_owned(),
        rows: rows.collect(),
        shares: true,
    };
    // An axis has no room for what varies.
    let explanation = format!(
        "What varies is {}. How much of that would be gone over all ranges if an assumption were known \
         (first order), and how much would be left if all others were (total). The noise of the \
         simulation is in neither.",
        words::subject(scenario, of.subject)
    );
    let name = if number == 0 { "sobol".to_owned() } else { format!("sobol-{number}") };
    spans(name, chart, &explanation, sobol(scenario, study))
}

fn acceptability_picture(scenario: &Scenario, study: &Study, interval: &str) -> Option<Picture> {
    let curve = study.acceptability.as_ref()?;
    let inputs = &study.robustness.inputs;
    let input = &inputs.inputs[curve.input];
    let least = 0.02;
    let shown = (0..=scenario.strategies.len())
        .filter(|at| curve.rows.iter().any(|row| row.shares[*at].value >= least));
    let curves = shown.map(|at| {
        let name = strategy(scenario, Some(at));
        let name = if name.is_empty() { "none keeps every tolerance".to_owned() } else { name };
        let points = curve.rows.iter().map(|row| {
            let share = &row.shares[at];
            [row.value, share.value, share.interval.low, share.interval.high]
        });
        (name, points.collect())
    });
    let called = super::words::input::name(input);
    let chart = AcceptabilityChart {
        title: format!("How likely each strategy is to be the choice, by {called}"),
        x_label: format!("{called} ({})", scenario.currency()),
        interval: interval.to_owned(),
        curves: curves.collect(),
        assumed: input.guess.number(),
    };
    Some(Picture {
        name: "acceptability".into(),
        title: chart.title.clone(),
        explanation: "All other assumptions vary over their ranges.".into(),
        table: acceptability(scenario, study)?,
        draw: Box::new(move |palette| chart.draw(palette)),
    })
}

fn information_picture(scenario: &Scenario, study: &Study, interval: &str) -> Option<Picture> {
    let inputs = &study.robustness.inputs;
    let mut best: Vec<_> = study.learning.iter().filter(|one| one.right.value > 0.0).collect();
    best.sort_by(|a, b| b.right.value.total_cmp(&a.right.value));
    let rows = best.iter().take(SHOWN).map(|one| SpanRow {
        name: names(inputs, one.coordinate),
        values: vec![Some(estimate(
            100.0 * one.right.value,
            Some(one.right.interval.map(|share| 100.0 * share)),
        ))],
        note: format!("{} {}", figure(one.known.value, 2), scenario.currency()),
    });
    let rows: Vec<SpanRow> = rows.collect();
    if rows.is_empty() {
        return None;
    }
    let chart = Spans {
        title: "What it helps to know an assumption before choosing".into(),
        x_label: "how much more often the right strategy is taken, percentage points".into(),
        base: 0.0,
        series: vec!["gain".into()],
        interval: interval.to_owned(),
        rows,
        shares: false,
    };
    let explanation = "At the right: what knowing it saves a year in money, where tolerances have no \
                       price.";
    Some(spans("information".into(), chart, explanation, information(study)))
}

/// For scripts.
pub fn json(scenario: &Scenario, study: &Study, confidence: f64) -> Json {
    let inputs = &study.robustness.inputs;
    let end = |coordinate: usize, at: f64| values(scenario, inputs, coordinate, at);
    let bar = |bar: &Vec<Moved>| {
        let at = |end: Option<&Moved>| {
            end.map(|end| {
                let change = crate::sensitivity::common::interval(end.change, confidence);
                let base = study.at_guess.0;
                let of = |x: f64| base + x;
                [of(change.value), of(change.interval.low), of(change.interval.high)]
            })
        };
        let (low, high) = (at(bar.first()), at(bar.get(1)));
        json!({
            "input": paths(inputs, bar[0].coordinate),
            "low": end(bar[0].coordinate, bar[0].to),
            "high": bar.get(1).map(|one| end(one.coordinate, one.to)),
            "at_low": low.map(|one| one[0]),
            "at_low_low": low.map(|one| one[1]),
            "at_low_high": low.map(|one| one[2]),
            "at_high": high.map(|one| one[0]),
            "at_high_low": high.map(|one| one[1]),
            "at_high_high": high.map(|one| one[2]),
        })
    };
    let information = study.learning.iter().map(|one| {
        json!({
            "input": paths(inputs, one.coordinate),
            "evppi": one.known.value,
            "low": one.known.interval.low,
            "high": one.known.interval.high,
            "right": one.right.value,
            "right_low": one.right.interval.low,
            "right_high": one.right.interval.high,
            "drills_that_pay": one.data.as_ref().and_then(|data| data.pays),
        })
    });
    json!({
        "metric": words::quantity(scenario, study.quantity),
        "at_guess": study.at_guess.0,
        "words": words::answer(scenario, study),
        "tornado": study.tornado.iter().map(bar).collect::<Json>(),
        "sobol": sobol(scenario, study),
        "acceptability": acceptability(scenario, study),
        "evpi": { "value": study.evpi.value, "low": study.evpi.interval.low, "high": study.evpi.interval.high },
        "information": information.collect::<Json>(),
        "choice": super::words::robustness::json(scenario, &study.robustness)["choice"],
        "flips": super::words::robustness::flips(scenario, inputs, &study.robustness.flips),
        "points": study.points.len(),
    })
}
