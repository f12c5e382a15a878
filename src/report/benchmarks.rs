//! A scenario held against a log, on disk: verdicts, quantiles, variants, and the charts.

use super::charts::{
    Canvas, ChartError, DistributionChart, Palette, PredictiveCheck, QuantilePairs, Rasteriser,
    VariantMark, VariantRow, Variants,
};
use super::fit_charts::{can_show, counted, grid, pairs_against};
use super::folder::MANIFEST;
use super::tables::{Cell, Table};
use super::variants::{self, Variant};
use super::words::condition;
use crate::benchmark::{AssumptionCheck, Benchmark, VariantResult};
use crate::distribution::Distribution;
use crate::evidence::assumption::{Durations, Ratio};
use crate::scenario::Criterion;
use crate::stats::Interval;
use crate::study::decide::risk_metric;

/// Every file that a benchmark may write, as [`super::folder::Folder::begin`] wants them named.
pub const FILES: [&str; 8] = [
    MANIFEST,
    ASSUMPTIONS,
    QUANTILES,
    PREDICTIVE,
    super::VARIANTS,
    VERDICTS,
    "charts/*.svg",
    "charts/*.png",
];

/// Variants that a chart shows side by side.
const MOST_VARIANTS: usize = 4;

const ASSUMPTIONS: &str = "assumptions.csv";
const QUANTILES: &str = "quantiles.csv";
const PREDICTIVE: &str = "predictive.csv";
const VERDICTS: &str = "verdicts.csv";

/// The tables, by file name.
pub fn tables(benchmark: &Benchmark) -> Vec<(&'static str, Table)> {
    vec![
        (ASSUMPTIONS, assumptions(benchmark)),
        (QUANTILES, quantiles(benchmark)),
        (PREDICTIVE, predictive(benchmark)),
        (super::VARIANTS, variants::table(&of(benchmark))),
        (VERDICTS, verdicts(benchmark)),
    ]
}

/// The variants that were played.
pub fn of(benchmark: &Benchmark) -> Vec<Variant<'_>> {
    let all = benchmark.played.iter();
    all.map(|VariantResult { name, scenario, results, .. }| Variant { name, scenario, results })
        .collect()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(value: f64) -> Cell {
    Cell::Number(Some(value))
}

fn ends(interval: Interval) -> [Cell; 2] {
    [number(interval.low), number(interval.high)]
}

/// A factor with its interval, or three empty cells.
fn factor(ratio: Option<Ratio>) -> [Cell; 3] {
    let of = |of: fn(&Ratio) -> f64| Cell::Number(ratio.as_ref().map(of));
    [of(|r| r.estimate), of(|r| r.interval.low), of(|r| r.interval.high)]
}

/// One row for each kind: what is assumed, what the log shows, the verdicts.
pub fn assumptions(benchmark: &Benchmark) -> Table {
    let columns = vec![
        "kind",
        "incidents",
        "recoveries",
        "lower_bounds",
        "left_out",
        "assumed_median",
        "assumed_p90",
        "log_median",
        "log_p90",
        "factor",
        "factor_low",
        "factor_high",
        "tail_factor",
        "tail_low",
        "tail_high",
        "ks",
        "ks_p",
        "ad",
        "ad_p",
        "recovery_verdict",
        "recovery_words",
        "assumed_per_year",
        "log_per_year",
        "rate_low",
        "rate_high",
        "rate_factor",
        "rate_p",
        "rate_verdict",
        "rate_words",
        "fitted",
    ];
    Table { columns, rows: benchmark.compared.iter().map(assumption).collect() }
}

fn assumption(one: &AssumptionCheck) -> Vec<Cell> {
    let sample = &one.recovery.sample;
    let durations = one.durations.as_ref();
    let at = |p: f64, of: fn(&crate::evidence::assumption::QuantileRow) -> Option<f64>| {
        Cell::Number(durations.and_then(|found| of(found.row(p)?)))
    };
    let mut cells = vec![
        text(one.subject.name()),
        Cell::Count(one.incidents),
        Cell::Count(sample.observed().len() as u64),
        Cell::Count(sample.censored().len() as u64),
        Cell::Count(one.recovery.left_out.len() as u64),
        at(0.5, |row| Some(row.assumed)),
        at(0.9, |row| Some(row.assumed)),
        at(0.5, |row| row.observed),
        at(0.9, |row| row.observed),
    ];
    cells.extend(factor(durations.and_then(|found| found.factor)));
    cells.extend(factor(durations.map(|found| found.tail)));
    let tests = durations.and_then(|found| found.tests);
    cells.extend(
        [
            tests.map(|tests| tests.distances.ks),
            tests.map(|tests| tests.p.ks),
            tests.map(|tests| tests.distances.ad),
            tests.map(|tests| tests.p.ad),
        ]
        .map(Cell::Number),
    );
    cells.push(text(durations.map_or("", |found| found.verdict.name())));
    cells.push(text(&durations.map_or(String::new(), |found| found.words.join(" "))));
    let rate = one.rate.as_ref();
    cells.extend(
        [
            one.assumed.as_ref().map(|assumed| assumed.per_year),
            rate.map(|rate| rate.per_year),
            rate.map(|rate| rate.interval.low),
            rate.map(|rate| rate.interval.high),
            rate.map(|rate| rate.ratio.estimate),
            rate.map(|rate| rate.p),
        ]
        .map(Cell::Number),
    );
    cells.push(text(rate.map_or("", |rate| rate.verdict.name())));
    cells.push(text(rate.map_or("", |rate| &rate.words)));
    let toml = one.fit.as_ref().and_then(|fit| fit.toml());
    cells.push(text(&toml.unwrap_or_default()));
    cells
}

/// Quantile by quantile.
pub fn quantiles(benchmark: &Benchmark) -> Table {
    let columns = vec![
        "kind",
        "probability",
        "assumed",
        "log",
        "log_low",
        "log_high",
        "ratio",
        "ratio_low",
        "ratio_high",
    ];
    let rows = compared(benchmark).flat_map(|(one, durations)| {
        durations.rows.iter().map(|row| {
            let mut cells = vec![
                text(one.subject.name()),
                number(row.probability),
                number(row.assumed),
                Cell::Number(row.observed),
            ];
            cells.extend(ends(row.interval));
            cells.extend(factor(Some(row.ratio)));
            cells
        })
    });
    Table { rows: rows.collect(), columns }
}

/// Kinds whose recovery times could be compared.
fn compared(benchmark: &Benchmark) -> impl Iterator<Item = (&AssumptionCheck, &Durations)> {
    benchmark.compared.iter().filter_map(|one| Some((one, one.durations.as_ref()?)))
}

/// Where the log's durations lie in the assumption, tenth by tenth, and how often they outlast it.
fn predictive(benchmark: &Benchmark) -> Table {
    let columns = vec!["kind", "from", "to", "incidents", "expected", "low", "high"];
    let rows = compared(benchmark).flat_map(|(one, durations)| {
        let pit = &durations.pit;
        let bars = pit.counts.len() as f64;
        pit.counts.iter().enumerate().map(move |(place, count)| {
            vec![
                text(one.subject.name()),
                number(place as f64 / bars),
                number((place + 1) as f64 / bars),
                Cell::Count(*count),
                number(pit.expected),
                Cell::Count(pit.band.0),
                Cell::Count(pit.band.1),
            ]
        })
    });
    Table { rows: rows.collect(), columns }
}

/// Every strategy held against every tolerance, in every variant.
pub fn verdicts(benchmark: &Benchmark) -> Table {
    let mut columns = vec!["variant"];
    let mut rows = Vec::new();
    for played in &benchmark.played {
        let table = super::tables::tolerance(&played.results);
        if columns.len() == 1 {
            columns.extend(&table.columns);
        }
        let named = |row: Vec<Cell>| [text(&played.name)].into_iter().chain(row).collect();
        rows.extend(table.rows.into_iter().map(named));
    }
    Table { columns, rows }
}

/// The charts, as files `charts/NAME.svg` and `charts/NAME.png`.
///
/// # Errors
/// A chart could not be drawn.
pub fn pictures(benchmark: &Benchmark) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let rasteriser = Rasteriser::new();
    let mut canvas = Canvas::default();
    let mut files = Vec::new();
    for (one, durations) in compared(benchmark).filter(|(one, _)| can_show(&one.recovery.sample)) {
        for (name, svg) in of_kind(one, durations, &Palette::LIGHT)? {
            let name = format!("charts/{name}-{}", file_name(one));
            files.push((format!("{name}.png"), rasteriser.png(&svg, &mut canvas)?));
            files.push((format!("{name}.svg"), svg.into_bytes()));
        }
    }
    if let Some(changes) = changes(benchmark).filter(|chart| chart.variants.len() > 1) {
        let svg = changes.draw(&Palette::LIGHT)?;
        files.push(("charts/variants.png".to_owned(), rasteriser.png(&svg, &mut canvas)?));
        files.push(("charts/variants.svg".to_owned(), svg.into_bytes()));
    }
    Ok(files)
}

/// The subject as a part of a file name: letters, digits and dashes.
fn file_name(one: &AssumptionCheck) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    one.subject.name().chars().map(plain).collect()
}

fn of_kind(
    one: &AssumptionCheck,
    durations: &Durations,
    palette: &Palette,
) -> Result<Vec<(&'static str, String)>, ChartError> {
    let mut charts = Vec::new();
    let Some(distribution) = one.assumed.as_ref().and_then(|assumed| assumed.recovery.as_ref())
    else {
        return Ok(charts);
    };
    charts.push(("recovery", over(one, distribution).draw(palette)?));
    let pairs = pairs_against(&one.recovery.sample, distribution);
    if !pairs.is_empty() {
        let chart = QuantilePairs {
            title: format!(
                "Time to recovery, {}: the log against the scenario",
                one.subject.name()
            ),
            x_label: "assumed by the scenario".to_owned(),
            y_label: "duration in the log".to_owned(),
            band_label: "95 % of points if the assumption is right".to_owned(),
            pairs,
        };
        charts.push(("quantiles", chart.draw(palette)?));
    }
    charts.push(("predictive", check(one, durations).draw(palette)?));
    Ok(charts)
}

/// Where the log falls in the assumption.
fn check(one: &AssumptionCheck, durations: &Durations) -> PredictiveCheck {
    let pit = &durations.pit;
    let percent = (durations.confidence * 1e10).round() / 1e8;
    let mut notes = vec![format!(
        "If the assumption is right, each bar by itself stays in the band with {percent} %; of ten \
         bars one may stray a little."
    )];
    if pit.drawn > 0 {
        notes.push(format!(
            "{} not seen to the end: placed by chance among what the assumption leaves them.",
            super::text::count(pit.drawn, "incident")
        ));
    }
    PredictiveCheck {
        title: format!("Where the log falls in what is assumed: {}", one.subject.name()),
        x_label: "assumed recovery times, by tenths, the shortest first".to_owned(),
        y_label: "incidents of the log".to_owned(),
        counts: pit.counts.iter().map(|count| *count as f64).collect(),
        expected: pit.expected,
        band: (pit.band.0 as f64, pit.band.1 as f64),
        band_label: format!("{percent} % band of a single bar"),
        notes,
    }
}

/// What the evidence does to each strategy.
fn changes(benchmark: &Benchmark) -> Option<Variants> {
    let shown = &benchmark.played[..benchmark.played.len().min(MOST_VARIANTS)];
    let first = shown.first()?;
    let metric = risk_metric(&first.scenario);
    let limit = first
        .scenario
        .tolerances
        .iter()
        .find(|tolerance| tolerance.criterion == Criterion::Metric(metric));
    let mark = |played: &VariantResult, index: usize| {
        let row = played.results.summary.strategies.get(index)?.row(metric)?;
        let interval = row.mean_interval.unwrap_or(Interval { low: row.mean, high: row.mean });
        Some(VariantMark {
            mean: row.mean,
            low: interval.low,
            high: interval.high,
            p95: row.p95,
            chosen: played.results.decision.strategy == Some(index),
        })
    };
    let rows = first.scenario.strategies.iter().enumerate().map(|(index, strategy)| VariantRow {
        strategy: strategy.name.clone(),
        marks: shown.iter().map(|played| mark(played, index)).collect(),
    });
    Some(Variants {
        title: "What the log's evidence does to each strategy".to_owned(),
        x_label: super::pictures::spoken(metric).to_owned(),
        unit: metric.unit(first.scenario.currency()).to_owned(),
        variants: shown.iter().map(|played| played.name.clone()).collect(),
        rows: rows.collect(),
        limit: limit
            .map(|tolerance| (tolerance.limit, format!("tolerance: {}", condition(tolerance)))),
    })
}

/// Share over by when: the log, what is assumed, and what is fitted.
fn over(one: &AssumptionCheck, distribution: &Distribution) -> DistributionChart {
    let sample = &one.recovery.sample;
    let grid = grid(sample);
    let curve = |name: &str, distribution: &Distribution| {
        let points = grid.iter().map(|x| (*x, distribution.cdf(*x).clamp(0.0, 1.0))).collect();
        (name.to_owned(), points)
    };
    let mut curves = vec![curve("assumed by the scenario", distribution)];
    let fit = one.fit.as_ref().and_then(|fit| fit.recommended());
    let band = fit.map(|fit| {
        curves.push(curve(&format!("fitted: {}", fit.estimate.family.words()), &fit.distribution));
        let at = |x: &f64| {
            let mut shares: Vec<f64> =
                fit.possible.iter().map(|distribution| distribution.cdf(*x)).collect();
            shares.sort_by(f64::total_cmp);
            let last = shares.len().saturating_sub(1) as f64;
            let share = |p: f64| shares.get((p * last).round() as usize).copied().unwrap_or(0.0);
            (*x, share(0.025).clamp(0.0, 1.0), share(0.975).clamp(0.0, 1.0))
        };
        ("95 % of laws that the truth may be".to_owned(), grid.iter().map(at).collect())
    });
    DistributionChart {
        title: format!("Time to recovery, {}: the log and what is assumed", one.subject.name()),
        x_label: "time from start to service".to_owned(),
        y_label: "share of incidents that are over".to_owned(),
        steps_label: counted(sample),
        before: 0.0,
        steps: sample.kaplan_meier().iter().map(|step| (step.hours, 1.0 - step.survival)).collect(),
        bounds: sample.censored().to_vec(),
        curves,
        band,
    }
}
