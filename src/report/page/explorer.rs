//! The explorer: its controls, and its curves as JSON in the page.
//!
//! A curve is sent as a line through at most [`MOST`] points. Between two points the script goes
//! straight; where many trials share a value the line falls straight down, so that it is exact
//! there. A curve of few distinct values is sent whole.

use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::super::text::capitalized;
use super::super::words::{per_period, period};
use super::Page;
use crate::metric::Metric;
use crate::numeric::normal_deviate;
use crate::scenario::Criterion;
use crate::study::decide::risk_metric;
use crate::study::design::Design;

/// Most points of one curve.
const MOST: usize = 200;

/// Greatest fall between two points of a curve that is thinned for the first time.
const FALL: f64 = 1.0 / 100.0;

/// The same as a share of the probability that is left, for the tail.
const TAIL_FALL: f64 = 0.12;

/// The section, hidden until script brings it to life.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let strategies = &page.results.summary.strategies;
    let metrics = metrics(page);
    html! {
        section #explorer aria-labelledby="explorer-title" hidden {
            h3 #explorer-title { "Try a limit" }
            p.explanation {
                "Drag the line, or type a limit. The table below says for each strategy how likely \
                 a " (period(page.scenario)) " stays within it. Point at a curve to read its values."
            }
            div.controls {
                label { span { "Metric" } select #explorer-metric {
                    @for (index, metric) in metrics.iter().enumerate() {
                        option value=(index) { (capitalized(metric.label())) }
                    }
                } }
                label { span { "Limit" } span.field {
                    input #explorer-limit type="number" min="0" step="any" inputmode="decimal";
                    span #explorer-unit {}
                } }
                button #explorer-own type="button" hidden { "Limit of the scenario" }
            }
            p #explorer-meaning {}
            div.plot {
                svg #explorer-plot role="group" aria-label="Exceedance curves with a movable limit" {}
                div #explorer-tip hidden {}
            }
            div.scroll tabindex="0" role="group" aria-label="Each strategy within the limit" {
                table #explorer-answer {
                    thead { tr {
                        th scope="col" { "Strategy" }
                        th scope="col" { "Within the limit" }
                        th.number scope="col" { "Probability, with interval" }
                        th scope="col" { "Verdict" }
                    } }
                    tbody { @for (index, result) in strategies.iter().enumerate() {
                        (row(index, &result.name))
                    } }
                }
            }
            p.note #explorer-note {}
            script #explorer-data type="application/json" { (PreEscaped(data(page, &metrics))) }
        }
    }
}

fn row(index: usize, name: &str) -> Markup {
    html! {
        tr {
            th scope="row" { label {
                input type="checkbox" checked value=(index);
                svg.swatch width="34" height="12" viewBox="0 0 34 12" aria-hidden="true" {}
                span { (name) }
            } }
            td.bar { svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {} }
            td.number { span.probability {} " " small {} }
            td {}
        }
    }
}

/// Metrics to choose among, the most telling first: those with a sample.
fn metrics(page: &Page<'_>) -> Vec<Metric> {
    let first = [risk_metric(page.scenario), Metric::DowntimeHours, Metric::Cost];
    let mut metrics: Vec<Metric> = Vec::new();
    for metric in first.into_iter().chain(Metric::ALL) {
        let mut strategies = page.results.summary.strategies.iter();
        if !metrics.contains(&metric) && strategies.all(|result| result.sample(metric).is_some()) {
            metrics.push(metric);
        }
    }
    metrics
}

/// All curves as JSON text that may stand in a script element. Wilson's interval of a probability
/// in the page needs the sampling; it is absent where trials have unequal weights.
fn data(page: &Page<'_>, metrics: &[Metric]) -> String {
    let results = page.results;
    let names = results.summary.strategies.iter().map(|result| &result.name);
    let sampling = (results.summary.design == Design::Plain).then(|| {
        json!({
            "trials": results.summary.trials,
            "confidence": results.confidence,
            "z": normal_deviate(results.confidence),
        })
    });
    let data = json!({
        "period": period(page.scenario),
        "strategies": names.collect::<Vec<_>>(),
        "sampling": sampling,
        "metrics": metrics.iter().map(|metric| curves(page, *metric)).collect::<Vec<_>>(),
    });
    escaped(&data.to_string())
}

/// One metric with its curves, a list of values and probabilities in turn for each strategy.
fn curves(page: &Page<'_>, metric: Metric) -> Value {
    let scenario = page.scenario;
    let tolerance = scenario.tolerances.iter().find(|t| t.criterion == Criterion::Metric(metric));
    let samples = page.results.summary.strategies.iter().filter_map(|result| result.sample(metric));
    let curve = samples.map(|sample| {
        let line = thinned(&sample.exceedance()).into_iter();
        let numbers =
            line.flat_map(|(value, p)| [short(value, 5), short(p, if p > 0.5 { 6 } else { 4 })]);
        numbers.collect::<Vec<_>>()
    });
    json!({
        "name": metric.name(),
        "label": capitalized(metric.label()),
        "title": capitalized(&per_period(scenario, metric)),
        "unit": metric.unit(scenario.currency()),
        "meaning": metric.meaning(),
        "limit": tolerance.map(|tolerance| tolerance.limit),
        "wanted": tolerance.map(|tolerance| tolerance.confidence),
        "curves": curve.collect::<Vec<_>>(),
    })
}

/// A number to so many significant digits, without a decimal point that says nothing.
fn short(number: f64, digits: usize) -> Value {
    let rounded = format!("{number:.*e}", digits.saturating_sub(1)).parse().unwrap_or(number);
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        return Value::from(rounded as i64);
    }
    Value::from(rounded)
}

/// JSON in which no sign is left that could end a script element or begin a comment. Such signs
/// stand in texts only, where JSON may write them by their code.
fn escaped(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => safe.push(other),
        }
    }
    safe
}

/// The line that stands for the steps of P(X > x), each a value and the probability of more than
/// it: at most 200 corners.
fn thinned(steps: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut clean: Vec<(f64, f64)> =
        steps.iter().copied().filter(|(value, p)| value.is_finite() && p.is_finite()).collect();
    clean.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut least = 1.0;
    for (_, probability) in &mut clean {
        // Never rising, whatever came in.
        least = probability.clamp(0.0, least);
        *probability = least;
    }
    let mut coarseness = if 2 * clean.len() <= MOST { 0.0 } else { 1.0 };
    loop {
        let line = corners(&clean, coarseness);
        if line.len() <= MOST {
            return line;
        }
        coarseness *= 1.25;
    }
}

/// Corners of the line: wherever the probability has fallen far enough since the last one, and
/// both ends of every fall that is that far by itself.
fn corners(steps: &[(f64, f64)], coarseness: f64) -> Vec<(f64, f64)> {
    let mut line = Vec::new();
    let (mut before, mut kept) = (1.0_f64, 1.0);
    for (index, &(value, after)) in steps.iter().enumerate() {
        let room = coarseness * FALL.min(TAIL_FALL * before);
        if before - after >= room {
            line.push((value, before));
        }
        if kept - after >= room || index + 1 == steps.len() {
            line.push((value, after));
            kept = after;
        }
        before = after;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the script computes.
    fn exceeds(line: &[(f64, f64)], x: f64) -> f64 {
        let next = line.partition_point(|(value, _)| *value <= x);
        match (next.checked_sub(1).map(|i| line[i]), line.get(next)) {
            (None, _) => 1.0,
            (Some((_, p)), None) => p,
            (Some((v0, p0)), Some((v1, p1))) => p0 + (p1 - p0) * (x - v0) / (v1 - v0),
        }
    }

    fn steps(values: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
        let mut sorted: Vec<f64> = values.collect();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len() as f64;
        let mut steps: Vec<(f64, f64)> = Vec::new();
        for (index, value) in sorted.into_iter().enumerate() {
            let p = 1.0 - (index as f64 + 1.0) / n;
            match steps.last_mut() {
                Some(last) if last.0 == value => last.1 = p,
                _ => steps.push((value, p)),
            }
        }
        steps
    }

    #[test]
    fn a_curve_of_few_values_is_exact_everywhere() {
        let whole = [(0.0, 0.4), (2.0, 0.1), (7.0, 0.0)];
        let line = thinned(&whole);
        for (x, p) in [(-1.0, 1.0), (0.0, 0.4), (1.9, 0.4), (2.0, 0.1), (6.9, 0.1), (7.0, 0.0)] {
            assert_eq!(exceeds(&line, x), p, "{x}");
        }
        assert_eq!(thinned(&[]), []);
    }

    #[test]
    fn a_thinned_curve_is_short_and_near_at_every_step() {
        // An exponential tail over six powers of ten, with a third of the trials at 0 and a fifth
        // at 50.
        let value = |i: u32| match i % 15 {
            0..5 => 0.0,
            5..8 => 50.0,
            _ => 1e-2 * (f64::from(i) / 20_000.0 * 16.0).exp(),
        };
        let whole = steps((0..20_000).map(value));
        let line = thinned(&whole);
        assert!(line.len() <= MOST && line.len() > 50, "{}", line.len());
        for &(x, p) in &whole {
            let off = (exceeds(&line, x) - p).abs();
            assert!(off <= FALL.min(TAIL_FALL * p) + 1e-12, "{off} at {x}, {p}");
        }
        assert_eq!(exceeds(&line, 0.0), whole[0].1);
    }

    #[test]
    fn the_hardest_curve_still_fits() {
        // Every step is a fall of its own.
        let stairs: Vec<(f64, f64)> =
            (0..150).map(|i| (f64::from(i), 0.97_f64.powi(i + 1))).collect();
        assert!(thinned(&stairs).len() <= MOST);
        let odd = [(f64::NAN, 0.5), (3.0, 7.0), (1.0, -2.0), (f64::INFINITY, 0.0)];
        assert_eq!(thinned(&odd), [(1.0, 1.0), (1.0, 0.0), (3.0, 0.0), (3.0, 0.0)]);
    }

    #[test]
    fn no_text_leaves_its_script_element() {
        let name = "</script><!--\u{2028}&";
        let data = escaped(&json!([name]).to_string());
        assert!(!data.contains(['<', '>', '&', '\u{2028}']), "{data}");
        let read: Value = serde_json::from_str(&data).unwrap();
        assert_eq!(read[0], name);
    }
}
