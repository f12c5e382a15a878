//! Which charts a fit gives: log and distribution, quantiles against quantiles, and with lower
//! bounds what still goes on.

use super::charts::distribution::DistributionChart;
use super::charts::picture::Picture;
use super::charts::quantile_pairs::{Pair, QuantilePairs};
use super::table::{Rows, Table};
use super::text::{count, slug};
use super::words::fit::heading;
use crate::distribution::Distribution;
use crate::evidence::analysis::{Analysis, Fit};
use crate::evidence::sample::{Quantity, Sample};
use crate::numeric::normal_deviate;

/// The durations that a chart can place, hours; no log has others.
const LEAST: f64 = 1e-90;
/// See [`LEAST`].
const GREATEST: f64 = 1e90;
/// Points of a curve.
const POINTS: usize = 240;
/// Distributions drawn at most.
const DISTRIBUTIONS: usize = 3;
/// Fewest complete durations that a chart shows.
const FEWEST: usize = 3;
/// Pairs drawn at most.
const PAIRS: usize = 2000;

/// The charts of an analysis.
pub(super) fn of(analysis: &Analysis) -> Vec<Picture> {
    let sample = &analysis.variable.sample;
    // Two durations lie on a curve of any family.
    let few = sample.observed().len() < FEWEST;
    if few || !can_show(sample) || analysis.fits.is_empty() {
        return Vec::new();
    }
    let suffix = suffix(analysis);
    let mut pictures = vec![distribution_picture(
        format!("distribution-{suffix}"),
        over(analysis),
        "The steps are the log: the share of incidents that were over by then. The curves are the \
         fits; the band is where a log of this length stays if the recommended fit is right.",
    )];
    let shown = analysis.recommended().or(analysis.fits.first());
    if let Some(pairs) = shown.and_then(|fit| pairs(analysis, fit)) {
        pictures.push(pairs_picture(format!("quantiles-{suffix}"), pairs));
    }
    if !analysis.variable.sample.censored().is_empty() {
        pictures.push(distribution_picture(
            format!("kaplan-meier-{suffix}"),
            going_on(analysis),
            "The share of incidents that still went on after so long. A lower bound counts as going \
             on until it is lost from view.",
        ));
    }
    pictures
}

/// A chart of a distribution with its words and the steps of the log.
pub(super) fn distribution_picture(
    name: String,
    chart: DistributionChart,
    explanation: &str,
) -> Picture {
    let table = Rows::new(&chart.steps)
        .column("hours", |(hours, _)| *hours)
        .column("share", |(_, share)| *share)
        .table();
    let title = chart.title.clone();
    Picture::bare(name, move |palette| chart.draw(palette)).told(&title, explanation, table)
}

/// A chart of quantiles with its words and its points.
pub(super) fn pairs_picture(name: String, chart: QuantilePairs) -> Picture {
    let table: Table = Rows::new(&chart.pairs)
        .column("log_hours", |pair| pair.observed)
        .column("distribution_hours", |pair| pair.expected)
        .column("low", |pair| pair.low)
        .column("high", |pair| pair.high)
        .table();
    let title = chart.title.clone();
    let explanation = "On the diagonal the log and the distribution agree. Points above it lasted \
                       longer in the log than the distribution says.";
    Picture::bare(name, move |palette| chart.draw(palette)).told(&title, explanation, table)
}

/// The part of a file name that tells the variable: letters, digits and dashes only.
fn suffix(analysis: &Analysis) -> String {
    let name = analysis.variable.quantity.name().to_owned();
    let Some(group) = &analysis.variable.group else { return name };
    let mut safe: String = slug(group).chars().take(40).collect();
    if safe.is_empty() || *group != safe {
        // Groups that look alike must not share a file.
        let sum = group
            .bytes()
            .fold(0xcbf2_9ce4_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
        safe.push_str(&format!("-{sum:08x}"));
    }
    format!("{name}-{safe}")
}

fn x_label(analysis: &Analysis) -> String {
    match analysis.variable.quantity {
        Quantity::Recovery => "time from start to service".to_owned(),
        Quantity::Between => "time from one start to the next".to_owned(),
    }
}

/// The recommended fit first, then the next best.
fn distributions(analysis: &Analysis) -> Vec<&Fit> {
    let best = analysis.recommended();
    let others = analysis.fits.iter().filter(|fit| best != Some(*fit));
    best.into_iter().chain(others).take(DISTRIBUTIONS).collect()
}

/// Durations for a curve, evenly by factors over the log and a little beyond.
pub(super) fn grid(sample: &Sample) -> Vec<f64> {
    let all = || sample.observed().iter().chain(sample.censored());
    let least = all().copied().fold(f64::INFINITY, f64::min) / 3.0;
    let greatest = all().copied().fold(0.0, f64::max) * 3.0;
    let ratio = libm::log(greatest / least);
    let share = |k: usize| k as f64 / (POINTS - 1) as f64;
    (0..POINTS).map(|k| least * libm::exp(share(k) * ratio)).collect()
}

fn curves(
    analysis: &Analysis,
    of: fn(&Distribution, f64) -> f64,
) -> Vec<(String, Vec<(f64, f64)>)> {
    let grid = grid(&analysis.variable.sample);
    let curve = |fit: &&Fit| {
        let points = grid.iter().map(|x| (*x, of(&fit.distribution, *x).clamp(0.0, 1.0))).collect();
        (fit.estimate.family.words().to_owned(), points)
    };
    distributions(analysis).iter().map(curve).collect()
}

pub(super) fn counted(sample: &Sample) -> String {
    let durations = count(sample.len(), "duration");
    match sample.censored().len() {
        0 => format!("log ({durations})"),
        1 => format!("log ({durations}, 1 of them a lower bound)"),
        bounds => format!("log ({durations}, {bounds} of them lower bounds)"),
    }
}

/// Share over by when, with the band in which samples of the recommended distribution stay.
fn over(analysis: &Analysis) -> DistributionChart {
    let sample = &analysis.variable.sample;
    let steps = sample.kaplan_meier();
    let best = distributions(analysis).first().copied();
    let band = best.and_then(|fit| {
        let room = fit.critical_gap(0.05)?;
        let points = grid(sample).into_iter().map(|x| {
            let p = fit.distribution.cdf(x);
            (x, (p - room).clamp(0.0, 1.0), (p + room).clamp(0.0, 1.0))
        });
        let name = "95 % of such logs stay inside".to_owned();
        Some((name, points.collect()))
    });
    DistributionChart {
        title: format!("{}: the log and the distributions fitted to it", heading(analysis)),
        x_label: x_label(analysis),
        y_label: "share of durations that are over".to_owned(),
        steps_label: counted(sample),
        before: 0.0,
        steps: steps.iter().map(|step| (step.hours, 1.0 - step.survival)).collect(),
        bounds: sample.censored().to_vec(),
        curves: curves(analysis, Distribution::cdf),
        band,
    }
}

/// Share still going on, by Kaplan and Meier, with its band.
fn going_on(analysis: &Analysis) -> DistributionChart {
    let sample = &analysis.variable.sample;
    let steps = sample.kaplan_meier();
    let deviate = normal_deviate(analysis.confidence);
    let mut band: Vec<(f64, f64, f64)> = Vec::new();
    let mut ends = (1.0, 1.0);
    for step in &steps {
        band.push((step.hours, ends.0, ends.1));
        ends = step.interval(deviate).unwrap_or(ends);
        band.push((step.hours, ends.0, ends.1));
    }
    // As far as the curves go.
    band.extend(grid(sample).last().map(|end| (*end, ends.0, ends.1)));
    let percent = (analysis.confidence * 1e10).round() / 1e8;
    DistributionChart {
        title: format!("{}: what is still going on (Kaplan-Meier)", heading(analysis)),
        x_label: x_label(analysis),
        y_label: "share of durations that still go on".to_owned(),
        steps_label: counted(sample),
        before: 1.0,
        steps: steps.iter().map(|step| (step.hours, step.survival)).collect(),
        bounds: sample.censored().to_vec(),
        curves: curves(analysis, Distribution::survival),
        band: Some((format!("{percent} % interval of the log's share"), band)),
    }
}

/// Quantiles at the places of the complete durations. `None` where the distribution has none that a
/// chart can show.
fn pairs(analysis: &Analysis, fit: &Fit) -> Option<QuantilePairs> {
    let pairs = pairs_against(&analysis.variable.sample, &fit.distribution);
    let distribution = fit.estimate.family.distribution_words();
    (!pairs.is_empty()).then(|| QuantilePairs {
        title: format!("{}: the log against {distribution}", heading(analysis)),
        x_label: format!("quantile of {distribution}"),
        y_label: "duration in the log".to_owned(),
        band_label: "95 % of points if the distribution is right".to_owned(),
        pairs,
    })
}

/// The complete durations of a log with what a distribution has in their places.
pub(super) fn pairs_against(sample: &Sample, distribution: &Distribution) -> Vec<Pair> {
    let n = sample.len() as f64;
    let deviate = normal_deviate(0.95);
    let mut pairs = Vec::new();
    let mut before = 0.0;
    for step in sample.kaplan_meier() {
        // The middle of the step.
        let p = 0.5 * (before + 1.0 - step.survival);
        before = 1.0 - step.survival;
        // The rank of a quantile is binomial: Wilson's interval keeps within 0 and 1.
        let (centre, scale) = (p + deviate * deviate / (2.0 * n), 1.0 + deviate * deviate / n);
        let room = deviate * (p * (1.0 - p) / n + deviate * deviate / (4.0 * n * n)).sqrt();
        let at = |p: f64| distribution.quantile(p);
        let (low, high) = (at((centre - room) / scale), at((centre + room) / scale));
        let pair = Pair { observed: step.hours, expected: at(p), low, high };
        if [pair.observed, pair.expected, pair.low, pair.high].iter().all(is_shown) {
            pairs.push(pair);
        }
    }
    let every = pairs.len().div_ceil(PAIRS).max(1);
    let last = pairs.len().saturating_sub(50);
    let kept = pairs.into_iter().enumerate().filter(|(k, _)| k % every == 0 || *k >= last);
    kept.map(|(_, pair)| pair).collect()
}

/// Whether a chart can place the duration.
fn is_shown(hours: &f64) -> bool {
    (LEAST..=GREATEST).contains(hours)
}

/// Whether a chart can place a sample, and there is anything to see: two durations are said in a
/// sentence.
pub(super) fn can_show(sample: &Sample) -> bool {
    sample.len() >= 3
        && sample.distinct() >= 2
        && sample.observed().iter().chain(sample.censored()).all(is_shown)
}
