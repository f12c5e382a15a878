//! A scenario held against a log, on disk: verdicts, quantiles, variants, and the charts.

use super::charts::distribution::DistributionChart;
use super::charts::predictive::PredictiveCheck;
use super::charts::quantile_pairs::QuantilePairs;
use super::charts::{ChartError, Palette, png};
use super::fit_charts::{can_show, counted, grid, pairs_against};
use super::folder::MANIFEST;
use super::table::{Rows, Table};
use super::text::slug;
use super::variants::{self, Variant};
use super::words::assumption;
use crate::benchmark::{AssumptionCheck, Benchmark, VariantResult};
use crate::distribution::Distribution;
use crate::evidence::assumption::{Durations, Ratio};

/// Every file that a benchmark may write, as [`super::folder::Folder::begin`] wants them named.
pub const FILES: [&str; 8] = [
    MANIFEST,
    ASSUMPTIONS,
    QUANTILES,
    PREDICTIVE,
    super::VARIANTS,
    super::VERDICTS,
    "charts/*.svg",
    "charts/*.png",
];

/// Variants that a chart shows side by side.
const MOST_VARIANTS: usize = 4;

const ASSUMPTIONS: &str = "assumptions.csv";
const QUANTILES: &str = "quantiles.csv";
const PREDICTIVE: &str = "predictive.csv";

/// The tables, by file name.
pub fn tables(benchmark: &Benchmark) -> Vec<(&'static str, Table)> {
    let played = played_variants(benchmark);
    vec![
        (ASSUMPTIONS, assumptions(benchmark)),
        (QUANTILES, quantiles(benchmark)),
        (PREDICTIVE, predictive(benchmark)),
        (super::VARIANTS, variants::table(&played)),
        (super::VERDICTS, variants::verdicts(&played)),
    ]
}

/// The variants that were played.
pub fn played_variants(benchmark: &Benchmark) -> Vec<Variant<'_>> {
    let all = benchmark.played.iter();
    all.map(|VariantResult { name, scenario, results, .. }| Variant { name, scenario, results })
        .collect()
}

/// Adds three columns: a factor and the ends of its interval, empty where there is none.
fn with_factor<R: Copy>(
    rows: Rows<R>,
    [estimate, low, high]: [&'static str; 3],
    ratio: impl Fn(R) -> Option<Ratio>,
) -> Rows<R> {
    rows.column(estimate, |row| ratio(row).map(|ratio| ratio.estimate))
        .interval(low, high, |row| ratio(row).map(|ratio| ratio.interval))
}

/// One row for each kind: what is assumed, what the log shows, the verdicts.
pub fn assumptions(benchmark: &Benchmark) -> Table {
    let quantile = |one: &AssumptionCheck, p| one.durations.as_ref()?.row(p).copied();
    let factor = |one: &AssumptionCheck| one.durations.as_ref()?.factor;
    let tail = |one: &AssumptionCheck| Some(one.durations.as_ref()?.tail);
    let tests = |one: &AssumptionCheck| one.durations.as_ref()?.tests;
    let mut rows = Rows::new(&benchmark.compared)
        .column("kind", |one| one.subject.name())
        .column("incidents", |one| one.incidents)
        .column("recoveries", |one| one.recovery.sample.observed().len())
        .column("lower_bounds", |one| one.recovery.sample.censored().len())
        .column("left_out", |one| one.recovery.left_out.len())
        .column("assumed_median", |one| quantile(one, 0.5).map(|row| row.assumed))
        .column("assumed_p90", |one| quantile(one, 0.9).map(|row| row.assumed))
        .column("log_median", |one| quantile(one, 0.5).and_then(|row| row.observed))
        .column("log_p90", |one| quantile(one, 0.9).and_then(|row| row.observed));
    rows = with_factor(rows, ["factor", "factor_low", "factor_high"], factor);
    rows = with_factor(rows, ["tail_factor", "tail_low", "tail_high"], tail);
    rows = rows
        .column("ks", |one| tests(one).map(|tests| tests.distances.ks))
        .column("ks_p", |one| tests(one).map(|tests| tests.p.ks))
        .column("ad", |one| tests(one).map(|tests| tests.distances.ad))
        .column("ad_p", |one| tests(one).map(|tests| tests.p.ad))
        .column("recovery_verdict", |one| {
            one.durations.as_ref().map_or("", |durations| durations.verdict.name())
        })
        .column("recovery_words", |one| {
            one.durations
                .as_ref()
                .map_or(String::new(), |check| assumption::durations(check).join(" "))
        });
    with_rate(rows)
        .column("fitted", |one| one.fit.as_ref().and_then(|fit| fit.toml()).unwrap_or_default())
        .table()
}

/// Adds the columns of a kind's rate of faults.
fn with_rate(rows: Rows<&AssumptionCheck>) -> Rows<&AssumptionCheck> {
    rows.column("assumed_per_year", |one| one.assumed.as_ref().map(|assumed| assumed.per_year))
        .column("log_per_year", |one| one.rate.as_ref().map(|rate| rate.per_year))
        .interval("rate_low", "rate_high", |one| one.rate.as_ref().map(|rate| rate.interval))
        .column("rate_factor", |one| one.rate.as_ref().map(|rate| rate.ratio.estimate))
        .column("rate_p", |one| one.rate.as_ref().map(|rate| rate.p))
        .column("rate_verdict", |one| one.rate.as_ref().map_or("", |rate| rate.verdict.name()))
        .column("rate_words", |one| one.rate.as_ref().map_or_else(String::new, assumption::rate))
}

/// Quantile by quantile.
pub fn quantiles(benchmark: &Benchmark) -> Table {
    let rows = compared(benchmark)
        .flat_map(|(one, durations)| durations.rows.iter().map(move |row| (one, row)));
    let rows = Rows::new(rows)
        .column("kind", |(one, _)| one.subject.name())
        .column("probability", |(_, row)| row.probability)
        .column("assumed", |(_, row)| row.assumed)
        .column("log", |(_, row)| row.observed)
        .interval("log_low", "log_high", |(_, row)| Some(row.interval));
    with_factor(rows, ["ratio", "ratio_low", "ratio_high"], |(_, row)| Some(row.ratio)).table()
}

/// Kinds whose recovery times could be compared.
fn compared(benchmark: &Benchmark) -> impl Iterator<Item = (&AssumptionCheck, &Durations)> {
    benchmark.compared.iter().filter_map(|one| Some((one, one.durations.as_ref()?)))
}

/// Where the log's durations lie in the assumption, tenth by tenth, and how often they outlast it.
fn predictive(benchmark: &Benchmark) -> Table {
    let rows = compared(benchmark).flat_map(|(one, durations)| {
        let pit = &durations.pit;
        (0..pit.counts.len()).map(move |place| (one, pit, place))
    });
    let share = |place: usize, bars: usize| place as f64 / bars as f64;
    Rows::new(rows)
        .column("kind", |(one, ..)| one.subject.name())
        .column("from", |(_, pit, place)| share(place, pit.counts.len()))
        .column("to", |(_, pit, place)| share(place + 1, pit.counts.len()))
        .column("incidents", |(_, pit, place)| pit.counts[place])
        .column("expected", |(_, pit, _)| pit.expected)
        .column("low", |(_, pit, _)| pit.band.0)
        .column("high", |(_, pit, _)| pit.band.1)
        .table()
}

/// The charts, as files `charts/NAME.svg` and `charts/NAME.png`.
///
/// # Errors
/// A chart could not be drawn.
pub fn pictures(benchmark: &Benchmark) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let mut charts = Vec::new();
    for (one, durations) in compared(benchmark).filter(|(one, _)| can_show(&one.recovery.sample)) {
        for (name, svg) in of_kind(one, durations)? {
            charts.push((format!("{name}-{}", slug(one.subject.name())), svg));
        }
    }
    let played = played_variants(benchmark);
    let shown = &played[..played.len().min(MOST_VARIANTS)];
    let title = "What the log's evidence does to each strategy";
    if let Some(changes) = variants::chart(shown, title).filter(|_| shown.len() > 1) {
        charts.push(("variants".to_owned(), changes.draw(&Palette::LIGHT)?));
    }
    png::files(charts)
}

fn of_kind(
    one: &AssumptionCheck,
    durations: &Durations,
) -> Result<Vec<(&'static str, String)>, ChartError> {
    let palette = &Palette::LIGHT;
    let mut charts = Vec::new();
    let Some(distribution) = one.assumed.as_ref().and_then(|assumed| assumed.recovery.as_ref())
    else {
        return Ok(charts);
    };
    charts.push(("recovery", over(one, distribution).draw(palette)?));
    let pairs = pairs_against(&one.recovery.sample, distribution);
    if !pairs.is_empty() {
        let chart = QuantilePairs {
            title: format!("Recovery time, {}: the log against the scenario", one.subject.name()),
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
        "If the assumption is right, a single bar lies within the band with a probability of \
         {percent} %; of ten bars one may stray a little."
    )];
    if pit.drawn > 0 {
        notes.push(format!(
            "{} not observed to the end: placed at random in what the assumption leaves open.",
            super::text::count(pit.drawn, "incident")
        ));
    }
    PredictiveCheck {
        title: format!("Where the log falls in what is assumed: {}", one.subject.name()),
        x_label: "assumed recovery times, by tenths, the shortest first".to_owned(),
        y_label: "incidents of the log".to_owned(),
        counts: pit.counts.to_vec(),
        expected: pit.expected,
        band: pit.band,
        band_label: format!("{percent} % band of a single bar"),
        notes,
    }
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
        ("95 % of plausible distributions".to_owned(), grid.iter().map(at).collect())
    });
    DistributionChart {
        title: format!("Recovery time, {}: the log and the assumption", one.subject.name()),
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
