//! Which pictures a run gives, and what each says in words.

use super::charts::causes::Causes;
use super::charts::cost_risk::{CostRisk, CostRiskPoint, Estimate};
use super::charts::differences::{self, Differences};
use super::charts::exceedance::Exceedance;
use super::charts::heat::Heat;
use super::charts::overlay::{Band, Limit, Overlay};
use super::charts::png::{self, Canvas, Rasteriser};
use super::charts::restore::{Quantiles, Restore, RestoreRow};
use super::charts::steps::Steps;
use super::charts::timeline::{Lane, Timeline, TimelineOutage};
use super::charts::{ChartError, Palette};
use super::table::{Cell, Table};
use super::tables;
use super::text::{self, percent};
use super::words::{self, period, periods, risk_words};
use crate::metric::Metric;
use crate::scenario::{Criterion, Scenario};
use crate::stats::Interval;
use crate::stats::stratified::Stratified;
use crate::study::decide::risk_metric;
use crate::study::results::Results;
use crate::study::steps::Step;
use crate::study::summary::{StrategyResult, downtime_by_cause};
use crate::study::timeline::TrialTimeline;
use crate::study::when::HarmByHour;
use crate::threads::each_with;

/// A band goes on unchanged until its curve has fallen by this.
const BAND_STEP: f64 = 0.002;

/// A picture of a run.
pub struct Picture<'a> {
    /// Name of its file, without ending.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// How to read it.
    pub explanation: String,
    /// The numbers behind it.
    pub table: Option<Table>,
    draw: Draw<'a>,
}

/// Draws a picture in a palette.
type Draw<'a> = Box<dyn Fn(&Palette) -> Result<String, ChartError> + Send + Sync + 'a>;

/// A picture's files, or why there are none.
type Drawn = Result<[(String, Vec<u8>); 2], ChartError>;

impl std::fmt::Debug for Picture<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Picture<'_> {
    /// The picture as SVG text.
    ///
    /// # Errors
    /// It could not be drawn.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        (self.draw)(palette)
    }
}

/// The pictures of a run, the most telling first. `year` and `harm` are drawn where they are known.
pub fn pictures<'a>(
    scenario: &'a Scenario,
    results: &'a Results,
    year: Option<&TrialTimeline>,
    harm: Option<&HarmByHour>,
) -> Vec<Picture<'a>> {
    let risk = risk_metric(scenario);
    let mut pictures = vec![exceedance(scenario, results, risk)];
    let limited = scenario.tolerances.iter().filter_map(|tolerance| match tolerance.criterion {
        Criterion::Metric(metric) => Some(metric),
        Criterion::RestoreHours => None,
    });
    let mut shown = vec![risk];
    for metric in limited.chain([Metric::WritebackLost]) {
        let known = results.summary.strategies.iter().any(|result| result.row(metric).is_some());
        if known && !shown.contains(&metric) {
            shown.push(metric);
            pictures.push(exceedance(scenario, results, metric));
        }
    }
    pictures.push(restore(results));
    pictures.extend(steps(results));
    pictures.push(causes(scenario, results));
    pictures.extend(differences(scenario, results));
    pictures.extend(cost_risk(scenario, results));
    pictures.extend(year.map(|year| timeline(scenario, results, year)));
    pictures.extend(harm.map(|harm| heat(scenario, harm)));
    pictures
}

/// Draws the pictures and turns them into files: `charts/NAME.svg` and `.png`, and the same for a
/// dark page under `charts/dark`.
///
/// # Errors
/// A picture could not be drawn, or not turned into pixels.
pub fn files(pictures: &[Picture<'_>]) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let rasteriser = Rasteriser::new();
    let one = |canvas: &mut Canvas, job: &(&str, &Palette, &Picture<'_>)| {
        let (folder, palette, picture) = job;
        let svg = picture.draw(palette)?;
        let png = rasteriser.png(&svg, canvas)?;
        let path = |ending| format!("{folder}/{}.{ending}", picture.name);
        Ok([(path("png"), png), (path("svg"), svg.into_bytes())])
    };
    let looks = [("charts", &Palette::LIGHT), ("charts/dark", &Palette::DARK)];
    let jobs: Vec<_> = pictures
        .iter()
        .flat_map(|picture| looks.map(|(folder, palette)| (folder, palette, picture)))
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let draw = |canvas: &mut Canvas, index: usize| one(canvas, &jobs[index]);
    let drawn: Vec<Drawn> = each_with(jobs.len(), threads, Canvas::default, draw);
    Ok(drawn.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// What is to be said of names that the PNG files cannot show, if there are any.
pub fn unshown(scenario: &Scenario) -> Option<String> {
    let strategies = scenario.strategies.iter().map(|strategy| &strategy.name);
    let faults = scenario.world.faults.iter().map(|fault| &fault.name);
    let names = strategies.chain(faults).filter(|name| !png::lacking(name).is_empty());
    let names: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
    let (first, others) = names.split_first()?;
    let others = match others.len() {
        0 => String::new(),
        1 => " and 1 other name".to_owned(),
        count => format!(" and {count} other names"),
    };
    Some(format!(
        "The PNG pictures cannot show {first}{others}: their font has no such letters. The SVG \
         pictures can."
    ))
}

/// A metric's name for people: "stale user hours".
pub fn spoken(metric: Metric) -> String {
    metric.label().to_owned()
}

fn exceedance<'a>(scenario: &'a Scenario, results: &'a Results, metric: Metric) -> Picture<'a> {
    let spoken = spoken(metric);
    let period = period(scenario);
    let unit = match metric {
        Metric::Cost => format!(", {}", scenario.currency()),
        _ => String::new(),
    };
    let chart = Exceedance {
        title: format!("How often {spoken} exceed a value in a {period}"),
        x_label: format!("{spoken} per {period}{unit}"),
        series: results
            .summary
            .strategies
            .iter()
            .filter_map(|result| Some((result.name.clone(), result.sample(metric)?.exceedance())))
            .collect(),
        tail: false,
    };
    let overlay = overlay(scenario, results, metric);
    Picture {
        name: format!("exceedance-{}", metric.name().replace('_', "-")),
        title: chart.title.clone(),
        explanation: format!(
            "For each value on the axis, the share of {} with more than it. Lower and further to \
             the left is better. Where a curve passes through the marked corner, it misses the \
             tolerance.",
            periods(scenario)
        ),
        table: Some(metric_table(results, metric)),
        draw: Box::new(move |palette| chart.draw_with(palette, &overlay)),
    }
}

/// The limits on a metric, and how sure its curves are.
fn overlay(scenario: &Scenario, results: &Results, metric: Metric) -> Overlay {
    let limits = scenario
        .tolerances
        .iter()
        .filter(|tolerance| tolerance.criterion == Criterion::Metric(metric))
        .map(|tolerance| {
            let share = 1.0 - tolerance.confidence;
            let label = format!(
                "limit {}, in at most {} of {}",
                words::limit(tolerance.limit),
                percent((share * 1e9).round() / 1e9),
                periods(scenario)
            );
            Limit { label, value: tolerance.limit, share }
        })
        .collect();
    let decision = &results.decision;
    let marked = |index: usize| {
        decision.strategy == Some(index)
            || decision.runner_up.is_some_and(|rival| rival.strategy == index)
    };
    let bands = results
        .summary
        .strategies
        .iter()
        .enumerate()
        .filter_map(|(series, result)| {
            let points = band(result.sample(metric)?, results.confidence);
            Some(Band { series, marked: marked(series), points })
        })
        .collect();
    Overlay { limits, bands, interval: interval_words(results) }
}

fn interval_words(results: &Results) -> String {
    format!("{} interval", percent(results.confidence))
}

/// Bounds of P(X > x) at some of the values of a sample.
fn band(sample: &Stratified, confidence: f64) -> Vec<(f64, f64, f64)> {
    let curve = sample.exceedance();
    let last = curve.len().saturating_sub(1);
    let mut points: Vec<(f64, f64, f64)> = Vec::new();
    let mut drawn = f64::INFINITY;
    for (at, &(value, above)) in curve.iter().enumerate() {
        if drawn - above < BAND_STEP && at < last {
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

fn restore(results: &Results) -> Picture<'_> {
    let chart = Restore {
        title: "How long an outage lasts until the service is back".into(),
        x_label: "time from onset to service".into(),
        rows: results.summary.strategies.iter().map(restore_row).collect(),
    };
    Picture {
        name: "restore-hours".into(),
        title: chart.title.clone(),
        explanation: "All outages of all trials that ended. The box holds the middle half, its line is the \
                      median, the whiskers reach from 5 % to 95 % of outages. Outages still open at the end of \
                      a trial are left out, as nobody knows how long they take."
            .into(),
        table: Some(tables::outages(&results.summary)),
        draw: Box::new(move |palette| chart.draw(palette)),
    }
}

fn restore_row(result: &StrategyResult) -> RestoreRow {
    let at = |p| result.ended.quantile(p);
    let quantiles = || {
        Some(Quantiles {
            p5: at(0.05)?,
            p25: at(0.25)?,
            p50: at(0.5)?,
            p75: at(0.75)?,
            p95: at(0.95)?,
            max: result.ended.max()?,
            mean: result.ended.mean()?,
        })
    };
    RestoreRow {
        strategy: result.name.clone(),
        outages: result.ended.count(),
        open: result.open,
        quantiles: quantiles(),
    }
}

fn steps(results: &Results) -> Option<Picture<'_>> {
    let strategies = &results.summary.strategies;
    if strategies.iter().all(|result| result.steps.is_none()) {
        return None;
    }
    let rows = strategies.iter().map(|result| {
        let hours = match result.steps {
            Some(steps) => steps.map(|(_, hours)| Some(hours)).to_vec(),
            None => vec![None; Step::ALL.len()],
        };
        (result.name.clone(), hours)
    });
    let chart = Steps {
        title: "Which step of a recovery takes the time".into(),
        x_label: "mean time from onset to current".into(),
        steps: Step::ALL.iter().map(|step| step.name().to_owned()).collect(),
        rows: rows.collect(),
    };
    Some(Picture {
        name: "restore-steps".into(),
        title: chart.title.clone(),
        explanation: "The mean outage, step by step. A step counts only where the end had to wait \
                      for it: what comes back by itself, or is repaired by a provider, waits for \
                      nobody. The longest step is the one to shorten first."
            .into(),
        table: Some(tables::steps(results)),
        draw: Box::new(move |palette| chart.draw(palette)),
    })
}

fn causes<'a>(scenario: &Scenario, results: &'a Results) -> Picture<'a> {
    let mut causes: Vec<String> = Vec::new();
    let strategies = results.summary.strategies.iter();
    let by_strategy: Vec<_> =
        strategies.map(|result| (result, downtime_by_cause(result))).collect();
    for (_, hours) in &by_strategy {
        for (name, _) in hours {
            if !causes.contains(name) {
                causes.push(name.clone());
            }
        }
    }
    let row = |(result, hours): (&StrategyResult, Vec<(String, f64)>)| {
        let of = |cause: &String| {
            hours.iter().find(|(name, _)| name == cause).map_or(0.0, |(_, hours)| *hours)
        };
        (result.name.clone(), causes.iter().map(of).collect())
    };
    let chart = Causes {
        title: "What the downtime comes from".into(),
        x_label: format!("mean downtime, hours per {}", period(scenario)),
        rows: by_strategy.into_iter().map(row).collect(),
        causes,
    };
    Picture {
        name: "downtime-by-cause".into(),
        title: chart.title.clone(),
        explanation:
            "Mean downtime by what began the outage. What is left under every strategy is \
                      what none of them cures."
                .into(),
        table: Some(tables::outages(&results.summary)),
        draw: Box::new(move |palette| chart.draw(palette)),
    }
}

/// Every strategy against the recommended one, or the first.
fn differences<'a>(scenario: &Scenario, results: &'a Results) -> Option<Picture<'a>> {
    let metric = risk_metric(scenario);
    let reference = results.decision.strategy.or(results.decision.front.first().copied())?;
    let name = |index: usize| results.summary.strategies[index].name.clone();
    let rows: Vec<differences::Difference> = results
        .differences
        .iter()
        .filter(|row| row.metric == metric && (row.a == reference || row.b == reference))
        .filter_map(|row| {
            let row = if row.b == reference { *row } else { row.turned() };
            let interval = row.interval?;
            Some(differences::Difference {
                first: name(row.a),
                second: name(row.b),
                mean: row.mean,
                low: interval.low.min(row.mean),
                high: interval.high.max(row.mean),
                first_lower: row.a_lower,
                second_lower: row.b_lower,
            })
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let chart = Differences {
        title: format!(
            "Difference in {} to {}, in the same {}",
            risk_words(metric),
            text::quoted(&name(reference)),
            periods(scenario)
        ),
        x_label: format!("difference in {}", risk_words(metric)),
        unit: format!("{} per {}", metric.unit(""), period(scenario)),
        interval: interval_words(results),
        rows,
    };
    Some(Picture {
        name: "paired-differences".into(),
        title: chart.title.clone(),
        explanation: "All strategies meet the same faults in the same trial, so what differs is \
                      not luck. An interval that leaves out 0 tells which is better on average; \
                      the shares tell how often."
            .into(),
        table: Some(tables::comparison_of(results, metric)),
        draw: Box::new(move |palette| chart.draw(palette)),
    })
}

fn cost_risk<'a>(scenario: &Scenario, results: &'a Results) -> Option<Picture<'a>> {
    let risks = &results.decision.risks;
    if risks.iter().all(|risk| risk.spending <= 0.0) {
        return None;
    }
    let estimate = |mean: f64, interval: Option<Interval>| Estimate {
        mean,
        low: interval.map_or(mean, |interval| interval.low.clamp(0.0, mean)),
        high: interval.map_or(mean, |interval| interval.high.max(mean)),
    };
    let points = results.summary.strategies.iter().zip(risks).map(|(result, risk)| CostRiskPoint {
        strategy: result.name.clone(),
        cost: estimate(risk.spending, risk.spending_interval),
        risk: estimate(risk.risk, risk.risk_interval),
    });
    let (period, risk) = (period(scenario), risk_words(risk_metric(scenario)));
    let priced = scenario.costs.is_some();
    let what = if priced { "annual cost and labour" } else { "annual cost" };
    let currency = if priced { format!(", {}", scenario.currency()) } else { String::new() };
    let chart = CostRisk {
        title: "What less risk costs".into(),
        x_label: format!("{what} per {period}{currency}"),
        y_label: format!("mean {risk} per {period}"),
        interval: interval_words(results),
        points: points.collect(),
        recommended: results.decision.strategy,
    };
    Some(Picture {
        name: "cost-against-risk".into(),
        title: chart.title.clone(),
        explanation:
            "What is spent on a strategy against what it leaves at risk, both on average. \
                      A strategy off the stepped line is beaten by one that spends less and risks \
                      less."
                .into(),
        table: Some(tables::risks(scenario, results)),
        draw: Box::new(move |palette| chart.draw(palette)),
    })
}

fn timeline<'a>(scenario: &Scenario, results: &'a Results, year: &TrialTimeline) -> Picture<'a> {
    let horizon = scenario.world.horizon;
    let lane = |(result, lane): (&StrategyResult, &crate::study::timeline::Lane)| Lane {
        strategy: result.name.clone(),
        outages: lane
            .outages
            .iter()
            .map(|(outage, cause)| TimelineOutage {
                start: outage.onset,
                back: outage.end,
                current: outage.current.max(outage.end),
                cause: cause.clone(),
            })
            .collect(),
    };
    let bad = format!("p{:.0}", 100.0 * year.at);
    let chart = Timeline {
        title: format!("One bad {}: trial {}, under every strategy", period(scenario), year.trial),
        x_label: "date, local time".into(),
        horizon,
        ticks: year.ticks.clone(),
        lanes: results.summary.strategies.iter().zip(&year.lanes).map(lane).collect(),
    };
    Picture {
        name: "bad-year".into(),
        title: chart.title.clone(),
        explanation: format!(
            "The trial that is at {bad} of {} for {}: only one in {:.0} is worse. All strategies \
             meet the same faults. `outlast trace` tells its whole story.",
            spoken(year.metric),
            text::quoted(&results.summary.strategies[year.strategy].name),
            1.0 / (1.0 - year.at).max(1e-9),
        ),
        table: Some(tables::timeline(results, year)),
        draw: Box::new(move |palette| chart.draw(palette)),
    }
}

fn heat<'a>(scenario: &Scenario, harm: &HarmByHour) -> Picture<'a> {
    let what = if harm.is_median { "typical outage" } else { "mean outage" };
    let chart = Heat {
        title: format!("When an outage hurts most: {} of a {what}", spoken(harm.metric)),
        x_label: "hour of the day in which it begins, local time".into(),
        unit: spoken(harm.metric),
        values: harm.hours,
    };
    let name = &scenario.strategies[harm.strategy].name;
    Picture {
        name: "hour-of-week".into(),
        title: chart.title.clone(),
        explanation: format!(
            "What one outage does under {} that begins at that hour of the week, with the same \
             draws at every hour: {} over the faults, as often as they come. Rare disasters are \
             left out.",
            text::quoted(name),
            if harm.is_median { "the median" } else { "the mean" },
        ),
        table: Some(tables::harm(harm)),
        draw: Box::new(move |palette| chart.draw(palette)),
    }
}
