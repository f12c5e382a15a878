//! A scenario held against a log, on disk: verdicts, quantiles, variants, and the charts.

use super::charts::distribution::DistributionChart;
use super::charts::picture::Picture;
use super::charts::predictive::PredictiveCheck;
use super::charts::quantile_pairs::QuantilePairs;
use super::fit_charts::{
    can_show, counted, distribution_picture, grid, pairs_against, pairs_picture,
};
use super::folder::MANIFEST;
use super::page::plain::{Block, Part, PlainPage};
use super::table::{Cell, Rows, Table};
use super::text::slug;
use super::variants::{self, Variant};
use super::words::{assumption, benchmark as words};
use crate::benchmark::assumed::Span;
use crate::benchmark::{AssumptionCheck, Benchmark, Subject, VariantResult};
use crate::distribution::Distribution;
use crate::evidence::assumption::{Durations, Ratio};
use crate::scenario::Scenario;
use jiff::Timestamp;

/// Every file that a benchmark may write, as [`super::folder::Folder::begin`] wants them named.
pub const FILES: [&str; 11] = [
    MANIFEST,
    ASSUMPTIONS,
    QUANTILES,
    PREDICTIVE,
    super::VARIANTS,
    super::VERDICTS,
    super::PAGE,
    super::pictures::PLACES[0],
    super::pictures::PLACES[1],
    super::pictures::PLACES[2],
    super::pictures::PLACES[3],
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
        .column("rate_words", |one| {
            let words = |rate| assumption::rate(rate, words::counted(one));
            one.rate.as_ref().map_or_else(String::new, words)
        })
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

/// What to paste into a fault, or into a step of a strategy.
pub fn line(one: &AssumptionCheck, span: Span) -> Option<String> {
    one.assumed.as_ref()?.recovery.as_ref()?;
    let toml = one.fit.as_ref()?.toml()?;
    Some(match (&one.subject, span) {
        (Subject::Step { key, .. }, _) => {
            format!("{} = {toml}", key.rsplit('.').next().unwrap_or(key))
        }
        (Subject::Kind(_), Span::Repair) => format!("repair = {toml}"),
        (Subject::Kind(_), Span::Outage) => format!("repair = {toml}\nrepair_covers = \"outage\""),
    })
}

/// What a page of a benchmark is made from.
#[derive(Debug, Clone, Copy)]
pub struct BenchmarkPage<'a> {
    /// The scenario as it stands.
    pub scenario: &'a Scenario,
    /// Name of the log, and its rows.
    pub log: (&'a str, usize),
    /// What was found.
    pub benchmark: &'a Benchmark,
    /// What the log's durations measure.
    pub span: Span,
    /// Whether the user said how long the log observed.
    pub observed_given: bool,
    /// The command that makes it again.
    pub command: &'a str,
    /// When it was made.
    pub made: Timestamp,
}

/// The page of a benchmark: its answer, a section for each kind, and what the evidence changes.
/// `pictures` are those of each kind and of the changes.
pub fn page(page: &BenchmarkPage<'_>, pictures: (Vec<Vec<Picture>>, Option<Picture>)) -> PlainPage {
    let (benchmark, span) = (page.benchmark, page.span);
    let mut blocks = Vec::new();
    if let Some((warning, options)) = words::unknown_causes(benchmark) {
        blocks.push(Block::Caution(warning));
        blocks.push(Block::Code(options.join("\n")));
    }
    let mut answer = words::answer(benchmark).into_iter();
    blocks.extend(answer.next().map(Block::Headline));
    blocks.extend(answer.map(Block::Text));
    blocks.extend(words::rule(benchmark).map(Block::Text));
    let mut parts = vec![Part { title: "Answer".to_owned(), blocks }];
    for (one, charts) in benchmark.compared.iter().zip(pictures.0) {
        let mut blocks = vec![Block::List(words::findings(one))];
        blocks.extend(line(one, span).map(Block::Code));
        blocks.extend(charts.into_iter().map(Block::Chart));
        if one.durations.is_some() {
            let mut table = quantiles(benchmark);
            let kind = Cell::Text(one.subject.name().to_owned());
            table.rows.retain(|row| row.first() == Some(&kind));
            blocks.push(Block::Table("Quantile by quantile".into(), table, QUANTILES));
        }
        parts.push(Part { title: words::heading(one), blocks });
    }
    let played = played_variants(benchmark);
    let changes = pictures.1.map(Block::Chart).into_iter().chain([
        Block::Table("Every tolerance".into(), variants::verdicts(&played), super::VERDICTS),
        Block::Table("Every figure".into(), variants::table(&played), super::VARIANTS),
    ]);
    parts.push(Part { title: "What the evidence changes".into(), blocks: changes.collect() });
    let again = vec![Block::Code(page.command.to_owned())];
    parts.push(Part { title: "Run it again".to_owned(), blocks: again });
    PlainPage {
        title: format!("{} against {}", page.scenario.title(), page.log.0),
        subtitle: words::subtitle(benchmark, page.log.1, span, page.observed_given),
        made: page.made,
        parts,
    }
}

/// The charts of one kind.
pub fn pictures_of(one: &AssumptionCheck) -> Vec<Picture> {
    match &one.durations {
        Some(durations) if can_show(&one.recovery.sample) => of_kind(one, durations),
        _ => Vec::new(),
    }
}

/// The chart of what the evidence changes, where anything was played with it.
pub fn changes(benchmark: &Benchmark) -> Option<Picture> {
    let played = played_variants(benchmark);
    let shown = &played[..played.len().min(MOST_VARIANTS)];
    let title = "What the log's evidence does to each strategy";
    let chart = variants::chart(shown, title).filter(|_| shown.len() > 1)?;
    let picture = Picture::bare("variants", move |palette| chart.draw(palette));
    let explanation = "The mean of each strategy with its interval, and the value that 95 % of \
                       trials do not exceed, as assumed and with the evidence of the log.";
    Some(picture.told(title, explanation, variants::table(shown)))
}

fn of_kind(one: &AssumptionCheck, durations: &Durations) -> Vec<Picture> {
    let mut charts = Vec::new();
    let Some(distribution) = one.assumed.as_ref().and_then(|assumed| assumed.recovery.as_ref())
    else {
        return charts;
    };
    let name = |what: &str| format!("{what}-{}", slug(one.subject.name()));
    charts.push(distribution_picture(
        name("recovery"),
        over(one, distribution),
        "The steps are the log: the share of incidents that were over by then. Where the curve of \
         the scenario lies above the steps, the scenario is too optimistic.",
    ));
    let pairs = pairs_against(&one.recovery.sample, distribution);
    if !pairs.is_empty() {
        let chart = QuantilePairs {
            title: format!("{}: the log against the scenario", words::times(&one.subject)),
            x_label: "assumed by the scenario".to_owned(),
            y_label: "duration in the log".to_owned(),
            band_label: "95 % of points if the assumption is right".to_owned(),
            pairs,
        };
        charts.push(pairs_picture(name("quantiles"), chart));
    }
    charts.push(check_picture(name("predictive"), check(one, durations)));
    charts
}

fn check_picture(name: String, chart: PredictiveCheck) -> Picture {
    let bars = chart.counts.len();
    let table = Rows::new(chart.counts.iter().enumerate())
        .column("from", |(bar, _)| bar as f64 / bars as f64)
        .column("to", |(bar, _)| (bar + 1) as f64 / bars as f64)
        .column("incidents", |(_, count)| *count)
        .table();
    let title = chart.title.clone();
    let explanation = "The incidents of the log, sorted into the tenths of what is assumed. If the \
                       assumption is right, all bars are about equal.";
    Picture::bare(name, move |palette| chart.draw(palette)).told(&title, explanation, table)
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
        title: format!("{}: where the log falls in what is assumed", words::times(&one.subject)),
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
        title: format!("{}: the log and the assumption", words::times(&one.subject)),
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
