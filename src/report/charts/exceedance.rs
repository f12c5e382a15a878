//! How likely more than so much is: one falling curve for each strategy.
//!
//! A reader finds a value on the axis below and reads off, for each strategy, the share of trials
//! that came out worse. A limit is a corner: so much may be exceeded in so many trials, and a curve
//! that enters the corner misses the limit. A logarithmic axis has no place for 0, so the legend
//! says how often a strategy gave exactly 0, and its curve begins at the share that did not.

use super::axis::Axis;
use super::curve::ExceedanceCurve;
use super::legend::{Key, LIMIT, SWATCH};
use super::picture::{Picture, Run};
use super::plot::Plot;
use super::sheet::{Anchor, Area, Group, SMALL_SIZE, Sheet, TextStyle};
use super::{ChartError, Limit, Palette, label, names, text};
use crate::metric::Metric;
use crate::report::table::{Cell, Table};
use crate::report::tables;
use crate::report::text::percent;
use crate::report::words::{self, periods};
use crate::scenario::Criterion;
use crate::stats::stratified::Stratified;
use crate::study::decide::risk_metric;
use crate::study::results::Results;

/// Height of the plot, pixels.
const HEIGHT: f64 = 340.0;
/// The least share shown without a limit; with one, a tenth of what may be above it.
const RAREST: f64 = 0.01;
/// Ratio of greatest to least value beyond which the value axis is logarithmic.
const WIDE: f64 = 100.0;
/// Markers of a curve.
const REPEATS: i32 = 4;
/// How much of the curve's colour a band has.
const BAND: f64 = 0.2;
/// Width of a curve, pixels, and of that of the recommended strategy.
const THIN: f64 = 1.6;
/// See [`THIN`].
const BROAD: f64 = 3.2;
/// How much of the text colour the corner of a limit has.
const CORNER: f64 = 0.06;

/// Exceedance curves P(X > x) by x.
#[derive(Debug, Clone, PartialEq)]
pub struct Exceedance {
    /// What the chart says, in plain words.
    pub title: String,
    /// What x is, with its unit.
    pub x_label: String,
    /// The strategies.
    pub series: Vec<Series>,
    /// Tolerances on what is shown.
    pub limits: Vec<Limit>,
    /// What the bands are, such as "95 % interval".
    pub interval: String,
    /// The strategy that is recommended, by its place among the series.
    pub recommended: Option<usize>,
}

/// The curve of one strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name of the strategy.
    pub name: String,
    /// Values (0 or more), each with the probability of more than it. The probability is 1 before
    /// the least value and constant between two. Order is free.
    pub steps: Vec<(f64, f64)>,
    /// How sure the curve is: values with the bounds of the probability; empty for no band.
    pub band: Vec<(f64, f64, f64)>,
}

impl Exceedance {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no strategy, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let names = names(self.series.iter().map(|series| &series.name), &self.title)?;
        let curves: Vec<ExceedanceCurve> = self
            .series
            .iter()
            .map(|series| ExceedanceCurve::new(series.steps.iter().copied()))
            .collect();
        let mut sheet = Sheet::new(palette, &self.title);
        let rarest = self.rarest();
        let values = |start, end| self.values(&curves, rarest, start, end);
        let plot = sheet.plot(HEIGHT, values, |start, end| Axis::shares(rarest, start, end));
        sheet.axes(&plot, [&self.x_label, "share of trials with more than the value below"]);
        sheet.base(&plot);
        self.draw_bands(&mut sheet, &plot);
        self.draw_limits(&mut sheet, &plot);
        // The recommended one last and so on top.
        let others = (0..names.len()).rev().filter(|&index| self.recommended != Some(index));
        for index in others.chain(self.recommended) {
            let (look, title) = (palette.look(index), &names[index]);
            let width = if self.recommended == Some(index) { BROAD } else { THIN };
            sheet.group(Group { title, dash: look.dash, ..Group::default() }, |sheet| {
                let line = curves[index].line(plot.x.low, plot.x.high, plot.y.low);
                sheet.series(&plot, line, (look.colour, width));
            });
        }
        for (index, curve) in curves.iter().enumerate().rev() {
            self.draw_markers(&mut sheet, &plot, (index, curve));
        }
        if curves.iter().all(ExceedanceCurve::is_zero) {
            let style = sheet.name_style().anchored(Anchor::Middle);
            sheet.text("Every strategy gave 0 in every trial.", plot.area.middle(), style);
        }
        let keys = names.iter().zip(&curves).enumerate().map(|(index, (name, curve))| {
            let strong = self.recommended == Some(index);
            Key::series(name, palette.look(index), true).noted(self.note(curve)).strong(strong)
        });
        let limits = self.limits.iter().filter(|_| !self.is_named(&plot));
        let limits = limits.map(|limit| Key::limit(&limit.label));
        sheet.legend(&keys.chain(limits).collect::<Vec<_>>(), SWATCH);
        sheet.notes(&self.notes(&curves));
        sheet.finish(&self.description(names.iter().zip(&curves)))
    }

    /// The least share on the upright axis.
    fn rarest(&self) -> f64 {
        let shares = self.limits.iter().map(|limit| limit.share / 10.0);
        shares.filter(|&share| share > 0.0).fold(RAREST, f64::min).max(1e-5)
    }

    fn values(&self, curves: &[ExceedanceCurve], rarest: f64, start: f64, end: f64) -> Axis {
        let limits = || self.limits.iter().map(|limit| limit.value);
        let least = curves.iter().filter_map(ExceedanceCurve::bulk_begins);
        let least = least.chain(limits().filter(|&limit| limit > 0.0)).reduce(f64::min);
        // Beyond a limit some of its corner shows.
        let greatest = curves.iter().map(|curve| curve.value_at(rarest));
        let greatest = greatest.chain(limits().map(|limit| 1.5 * limit));
        let greatest = greatest.fold(0.0, f64::max);
        match least {
            Some(least) if greatest > WIDE * least => Axis::log(least, greatest, start, end),
            // A little air, so that a fall at the greatest value stands clear of the edge.
            _ => Axis::linear(greatest * 1.02, start, end),
        }
    }

    fn draw_bands(&self, sheet: &mut Sheet<'_>, plot: &Plot) {
        for (index, series) in self.series.iter().enumerate().rev() {
            if series.band.is_empty() {
                continue;
            }
            let edge = |edge: fn(&(f64, f64, f64)) -> (f64, f64)| {
                let curve = ExceedanceCurve::new(series.band.iter().map(edge));
                // To the end of both edges: below the foot nothing of the band is seen.
                curve.line(plot.x.low, plot.x.high, 0.0)
            };
            let (low, high) = (edge(|p| (p.0, p.1)), edge(|p| (p.0, p.2)));
            let title = format!("{}: {}", series.name, self.interval);
            let group = Group { title: &title, opacity: Some(BAND), ..Group::default() };
            let colour = sheet.palette.look(index).colour;
            sheet.group(group, |sheet| sheet.band(plot, [&low, &high], colour));
        }
    }

    fn draw_limits(&self, sheet: &mut Sheet<'_>, plot: &Plot) {
        let ink = sheet.palette.ink;
        for limit in &self.limits {
            let at = plot.at((limit.value, limit.share));
            let corner = Area { left: at.0, bottom: at.1, ..plot.area };
            let group = Group { title: &limit.label, opacity: Some(CORNER), ..Group::default() };
            sheet.group(group, |sheet| sheet.rectangle(corner, ink));
            let edge = [(at.0, plot.area.top - 4.0), at, (plot.area.right, at.1)];
            sheet.line(&limit.label, &LIMIT, &edge, (ink, 1.3));
            if self.is_named(plot) {
                let at = (plot.area.right - 8.0, plot.area.top + 12.0);
                let style = TextStyle { colour: ink, ..sheet.small_style() };
                sheet.text(&limit.label, at, style.anchored(Anchor::End));
            }
        }
    }

    /// Whether the name of the limit stands in its corner: one limit, and room for its name.
    fn is_named(&self, plot: &Plot) -> bool {
        let [limit] = self.limits.as_slice() else { return false };
        let (left, bottom) = plot.at((limit.value, limit.share));
        let width = text::width(&limit.label, SMALL_SIZE, false);
        left + width + 16.0 < plot.area.right && bottom > plot.area.top + 40.0
    }

    /// Markers evenly along the axis. Each curve begins at another place, so that the markers of
    /// curves that run together stand side by side.
    fn draw_markers(
        &self,
        sheet: &mut Sheet<'_>,
        plot: &Plot,
        (index, curve): (usize, &ExceedanceCurve),
    ) {
        let count = self.series.len();
        let shift = (index as f64 + 0.5) / count as f64;
        sheet.titled(&self.series[index].name, |sheet| {
            for repeat in 0..REPEATS {
                let value = plot.x.value((f64::from(repeat) + shift) / f64::from(REPEATS));
                let at = plot.at((value, curve.above(value)));
                if at.1 < plot.area.bottom - 8.0 {
                    sheet.marker(at, sheet.palette.look(index));
                }
            }
        });
    }

    /// With one limit each strategy says how often it is above; else, when any strategy can give 0,
    /// each says how often it does.
    fn note(&self, curve: &ExceedanceCurve) -> String {
        match (self.limits.as_slice(), 1.0 - curve.above(0.0)) {
            ([limit], _) => percent(curve.above(limit.value)),
            (_, share) if share <= 0.0 => String::new(),
            (_, share) => format!("zero in {}", percent(share)),
        }
    }

    fn notes(&self, curves: &[ExceedanceCurve]) -> Vec<String> {
        let mut notes = Vec::new();
        match self.limits.len() {
            0 => {}
            1 => notes.push(
                "Beside each name: the share of trials above the limit. A curve that enters the \
                 shaded corner misses it."
                    .to_owned(),
            ),
            _ => notes.push("A curve that enters the corner of a limit misses it.".to_owned()),
        }
        if self.recommended.is_some() {
            notes.push("Bold: the recommended strategy.".to_owned());
        }
        if self.series.iter().any(|series| !series.band.is_empty()) {
            notes.push(format!("Band along a curve: {}.", self.interval));
        }
        if curves.iter().any(|curve| curve.above(0.0) < 1.0 && !curve.is_zero()) {
            notes.push(
                "A curve starts below 100\u{A0}% where some trials gave exactly 0.".to_owned(),
            );
        }
        notes
    }

    fn description<'a>(
        &self,
        curves: impl Iterator<Item = (&'a String, &'a ExceedanceCurve)>,
    ) -> String {
        let mut words = format!("Share of trials with more than a value of: {}.", self.x_label);
        for (name, curve) in curves {
            let [half, twentieth] = [0.5, 0.05].map(|p| label::number(curve.value_at(p)));
            let positive = percent(curve.above(0.0));
            words.push_str(&format!(
                " {name}: above 0 in {positive} of trials, at most {half} in half of them, at most \
                 {twentieth} in 95 %."
            ));
            for limit in &self.limits {
                let above = percent(curve.above(limit.value));
                words.push_str(&format!(" {above} of its trials are above the {}.", limit.label));
            }
        }
        words
    }
}

/// A band goes on unchanged until its curve has fallen by this.
const BAND_STEP: f64 = 0.002;
/// The same as a part of the probability that is left, for the tail.
const BAND_FALL: f64 = 0.03;
/// Curves that may all have a band; of more only the recommended one and its rival have.
const ALL_BANDS: usize = 4;

/// The pictures of a run: of the risk, of every metric with a tolerance, and of lost writebacks.
pub(super) fn of_run(run: &Run<'_>) -> Vec<Picture> {
    let risk = risk_metric(run.scenario);
    let limited =
        run.scenario.tolerances.iter().filter_map(|tolerance| match tolerance.criterion {
            Criterion::Metric(metric) => Some(metric),
            Criterion::RestoreHours => None,
        });
    let known = |metric: &Metric| {
        *metric == risk || run.results.summary.strategies.iter().any(|r| r.row(*metric).is_some())
    };
    let mut metrics = vec![risk];
    for metric in limited.chain([Metric::WritebackLost]).filter(known) {
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    metrics.into_iter().map(|metric| picture(run, metric)).collect()
}

fn picture(run: &Run<'_>, metric: Metric) -> Picture {
    let trials = periods(run.scenario);
    let limits = run.tolerances(Criterion::Metric(metric)).map(|tolerance| {
        let share = 1.0 - tolerance.confidence;
        let shown = percent((share * 1e9).round() / 1e9);
        let limit = words::limit_with_unit(run.scenario, tolerance);
        let label = format!("limit {limit}, in at most {shown} of {trials}");
        Limit { label, value: tolerance.limit, share }
    });
    let limits: Vec<Limit> = limits.collect();
    let corner = if limits.is_empty() {
        ""
    } else {
        " Where a curve passes through the marked corner, it misses the tolerance."
    };
    let chart = Exceedance {
        title: format!("How often {} exceed a value in a {}", metric.label(), run.period()),
        x_label: words::per_period(run.scenario, metric),
        series: series(run, metric),
        limits,
        interval: run.interval(),
        recommended: run.results.decision.strategy,
    };
    Picture {
        name: format!("exceedance-{}", metric.name().replace('_', "-")),
        title: chart.title.clone(),
        explanation: format!(
            "For each value on the axis, the share of {trials} with more than it. Lower and further \
             to the left is better.{corner}"
        ),
        table: metric_table(run.results, metric),
        draw: Box::new(move |palette| chart.draw(palette)),
    }
}

fn series(run: &Run<'_>, metric: Metric) -> Vec<Series> {
    let (strategies, decision) = (&run.results.summary.strategies, &run.results.decision);
    let marked = |index: usize| {
        let rival = decision.runner_up.as_ref().map(|rival| rival.strategy);
        decision.strategy == Some(index) || rival == Some(index)
    };
    let sampled = strategies.iter().filter_map(|result| Some((result, result.sample(metric)?)));
    let sampled: Vec<_> = sampled.collect();
    let all = sampled.len() <= ALL_BANDS;
    let one = |(index, (result, sample)): (usize, (&_, &Stratified))| {
        let result: &crate::study::summary::StrategyResult = result;
        let banded = all || marked(index);
        let band = if banded { band(sample, run.results.confidence) } else { Vec::new() };
        Series { name: result.name.clone(), steps: sample.exceedance(), band }
    };
    sampled.into_iter().enumerate().map(one).collect()
}

/// Bounds of P(X > x) at some of the values of a sample.
fn band(sample: &Stratified, confidence: f64) -> Vec<(f64, f64, f64)> {
    let curve = sample.exceedance();
    let last = curve.len().saturating_sub(1);
    let mut points: Vec<(f64, f64, f64)> = Vec::new();
    let mut drawn = f64::INFINITY;
    for (at, &(value, above)) in curve.iter().enumerate() {
        if drawn - above < BAND_STEP.min(BAND_FALL * drawn) && at < last {
            continue;
        }
        drawn = above;
        let within = sample.share_interval(value, confidence);
        let (mut low, mut high) = (1.0 - within.high, 1.0 - within.low);
        // Bounds of neighbours may cross by a hair where a stratum has few values.
        if let Some(&(_, before_low, before_high)) = points.last() {
            (low, high) = (f64::min(low, before_low), f64::min(high, before_high));
        }
        points.push((value, low.max(0.0), high.min(1.0)));
    }
    points
}

/// A metric's rows of the summary.
fn metric_table(results: &Results, metric: Metric) -> Table {
    let mut table = tables::summary(&results.summary);
    let name = Cell::Text(metric.name().to_owned());
    table.rows.retain(|row| row.get(1) == Some(&name));
    table
}
