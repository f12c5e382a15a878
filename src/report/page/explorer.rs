//! The explorer: its controls, and what its script needs as JSON in the page.
//!
//! A reader tries other limits and other shares that must keep them. Verdicts and recommendation
//! follow by the rule of the program ([`verdict`](crate::study::verdict) and
//! [`decide`](crate::study::decide)); the script has the same rule, and a test in a browser holds
//! the two against each other. Sentences are those of the terminal ([`choice`]).

use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::super::text::{capitalized, quoted};
use super::super::words::{self, choice, judged, per_period, period, periods};
use super::Page;
use super::samples::{Detail, number, strata};
use crate::metric::Metric;
use crate::numeric::normal_deviate;
use crate::scenario::{Criterion, Tolerance};
use crate::study::decide::risk_metric;
use crate::study::summary::StrategyResult;
use crate::study::verdict::Verdict;

/// The section, whose controls stay hidden until script brings them to life.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let strategies = &page.results.summary.strategies;
    let criteria = criteria(page);
    html! {
        section #try aria-labelledby="try-title" {
            h2 #try-title { "Try other limits" }
            noscript { p.note {
                "This part needs JavaScript. Everything else on this page is there without it: \
                 charts, tables, assumptions and the numbers behind each chart."
            } }
            div #explorer hidden {
                p.explanation {
                    "Type a limit or a share, or drag the line. Verdicts and recommendation follow by \
                     the rule of the program: a strategy meets a tolerance when the whole interval \
                     of its share is at or above the share that is asked, and the cheapest strategy \
                     that meets every tolerance and suits the organisation is chosen."
                }
                (controls(page, &criteria))
                p.problem #explorer-problem role="alert" hidden {}
                p #explorer-meaning {}
                div.plot {
                    svg #explorer-plot role="group" aria-label="Exceedance curves with a movable limit" {}
                    div #explorer-tip hidden {}
                }
                p.choice-now #explorer-choice aria-live="polite" {}
                p.note #explorer-force {}
                div.scroll tabindex="0" role="group" aria-label="Each strategy within the limits" {
                    table #explorer-answer {
                        thead { tr {
                            th scope="col" { "Strategy" }
                            th scope="col" { "Within this limit" }
                            th.number scope="col" { "Share, with interval" }
                            th scope="col" { "This limit" }
                            th scope="col" { "Every tolerance" }
                            th.number scope="col" { "Cost a " (period(page.scenario)) @if !page.scenario.currency().is_empty() { ", " (page.scenario.currency()) } }
                        } }
                        tbody { @for (index, result) in strategies.iter().enumerate() {
                            (row(index, &result.name))
                        } }
                    }
                }
                p.note #explorer-note {}
                script #explorer-data type="application/json" { (PreEscaped(data(page, &criteria))) }
            }
        }
    }
}

fn controls(page: &Page<'_>, criteria: &[Criterion]) -> Markup {
    html! {
        div.controls {
            label { span { "Measure" } select #explorer-metric {
                @for (index, criterion) in criteria.iter().enumerate() {
                    option value=(index) { (capitalized(&name(*criterion))) }
                }
            } }
            label { span { "Limit" } span.field {
                input #explorer-limit type="number" min="0" step="any" inputmode="decimal"
                    aria-describedby="explorer-problem";
                span #explorer-unit {}
            } }
            label { span { "To be kept in" } span.field {
                input #explorer-share type="number" min="0" max="100" step="any" inputmode="decimal"
                    placeholder="not asked" aria-describedby="explorer-problem";
                span { "% of " span #explorer-judged { (periods(page.scenario)) } }
            } }
            button #explorer-own type="button" { "Limits of the scenario" }
            button #explorer-link type="button" { "Copy link" }
        }
    }
}

fn row(index: usize, name: &str) -> Markup {
    html! {
        tr {
            th scope="row" data-strategy=(name) { label {
                input type="checkbox" checked value=(index);
                svg.swatch width="34" height="12" viewBox="0 0 34 12" aria-hidden="true" {}
                span { (name) }
            } }
            td.bar { svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {} }
            td.number { span.probability {} " " small {} }
            td {}
            td {}
            td.number {}
        }
    }
}

/// What it is called in the list.
fn name(criterion: Criterion) -> String {
    match criterion {
        Criterion::RestoreHours => "restore time of an outage".to_owned(),
        Criterion::Metric(metric) => metric.label().to_owned(),
    }
}

/// What can be tried: what tolerances name, then the most telling, then all of which there is a
/// sample.
fn criteria(page: &Page<'_>) -> Vec<Criterion> {
    let strategies = &page.results.summary.strategies;
    let named = page.scenario.tolerances.iter().map(|tolerance| tolerance.criterion);
    let telling = [risk_metric(page.scenario), Metric::DowntimeHours, Metric::Cost];
    let telling = telling.map(Criterion::Metric).into_iter().chain([Criterion::RestoreHours]);
    let metrics = Metric::ALL.into_iter().map(Criterion::Metric);
    let is_known = |criterion: &Criterion| match criterion {
        Criterion::Metric(metric) => strategies.iter().all(|one| one.sample(*metric).is_some()),
        Criterion::RestoreHours => true,
    };
    let mut criteria: Vec<Criterion> = Vec::new();
    for criterion in named.chain(telling).chain(metrics).filter(is_known) {
        if !criteria.contains(&criterion) {
            criteria.push(criterion);
        }
    }
    criteria
}

/// All that the script needs, as JSON text that may stand in a script element.
fn data(page: &Page<'_>, criteria: &[Criterion]) -> String {
    let is_asked = |one: Criterion| page.scenario.tolerances.iter().any(|own| own.criterion == one);
    let tried = |one: &Criterion| {
        let detail = if is_asked(*one) { Detail::Exact } else { Detail::Rough };
        tried(page, *one, detail)
    };
    escaped(&judged_by(page, criteria.iter().map(tried).collect()).to_string())
}

/// The same for the tolerances of the scenario only, and with few values of each: for a page on which
/// the program plays every limit that is chosen. The risk stands where there is no tolerance.
pub(super) fn curves(page: &Page<'_>) -> Value {
    let mut criteria: Vec<Criterion> = Vec::new();
    let named = page.scenario.tolerances.iter().map(|tolerance| tolerance.criterion);
    for criterion in named {
        if !criteria.contains(&criterion) {
            criteria.push(criterion);
        }
    }
    if criteria.is_empty() {
        criteria.push(Criterion::Metric(risk_metric(page.scenario)));
    }
    let tried = |one: &Criterion| tried(page, *one, Detail::Rough);
    judged_by(page, criteria.iter().map(tried).collect())
}

/// What limits are judged by, with what can be limited.
fn judged_by(page: &Page<'_>, criteria: Value) -> Value {
    let (scenario, results) = (page.scenario, page.results);
    let names = results.summary.strategies.iter().map(|result| &result.name);
    let quotes = results.summary.strategies.iter().map(|result| quoted(&result.name));
    json!({
        "strategies": names.collect::<Vec<_>>(),
        "quoted": quotes.collect::<Vec<_>>(),
        "suits": (0..results.decision.costs.len()).map(|at| scenario.suits(at)).collect::<Vec<_>>(),
        "costs": results.decision.costs,
        "cheaper": cheaper(page),
        "chosen": results.decision.strategy,
        "currency": scenario.currency(),
        "trials": results.summary.trials,
        "confidence": results.confidence,
        "z": normal_deviate(results.confidence),
        "clear": choice::CLEAR,
        "settled": choice::SETTLED,
        "words": templates(page),
        "criteria": criteria,
    })
}

/// The sentences of the terminal, with places for what the script fills in.
fn templates(page: &Page<'_>) -> Value {
    json!({
        "cheapest": choice::cheapest(page.scenario, "{name}", "{sure}"),
        "only": choice::only("{name}", "{sure}"),
        "none": choice::NONE,
        "open": choice::open(page.results.summary.trials),
        "between": choice::between("{first}", "{second}"),
        "settled": choice::SURE,
        "likely": choice::likely("{probability}"),
        "cost": choice::at_cost("{name}", "{cost}", period(page.scenario)),
    })
}

/// By strategy: the probabilities that it is cheaper than each other one.
fn cheaper(page: &Page<'_>) -> Vec<Vec<f64>> {
    let costs = &page.results.decision.costs;
    let pairs = || page.results.differences.iter().filter(|row| row.metric == Metric::Cost);
    let probability = |a: usize, b: usize| {
        let simulated = pairs().find_map(|row| match (row.a, row.b) {
            (one, two) if (one, two) == (a, b) => Some(*row),
            (one, two) if (one, two) == (b, a) => Some(row.turned()),
            _ => None,
        });
        match simulated.filter(|row| row.standard_error.is_some_and(|error| error > 0.0)) {
            Some(difference) => difference.probability_below(),
            None => f64::from(u8::from(costs[a] < costs[b])),
        }
    };
    (0..costs.len()).map(|a| (0..costs.len()).map(|b| probability(a, b)).collect()).collect()
}

/// One measure with its samples by strategy.
fn tried(page: &Page<'_>, criterion: Criterion, detail: Detail) -> Value {
    let scenario = page.scenario;
    let tolerance = scenario.tolerances.iter().find(|one| one.criterion == criterion);
    let (key, title, unit, meaning) = match criterion {
        Criterion::Metric(metric) => (
            metric.name(),
            per_period(scenario, metric),
            metric.unit(scenario.currency()),
            metric.meaning(),
        ),
        Criterion::RestoreHours => (
            "restore_hours",
            "hours from the start of an outage to service".to_owned(),
            "h",
            "From the start of an outage until the service works again, of all outages that were not planned.",
        ),
    };
    let strategies = &page.results.summary.strategies;
    let sampled = |of: fn(&StrategyResult) -> &crate::stats::Stratified| -> Value {
        strategies.iter().map(|one| strata(of(one), detail)).collect()
    };
    let (samples, over) = match criterion {
        Criterion::Metric(metric) => {
            let samples = strategies.iter().filter_map(|one| one.sample(metric));
            (samples.map(|sample| strata(sample, detail)).collect(), Value::Null)
        }
        // An outage still open within the limit says nothing yet, so two samples are needed.
        Criterion::RestoreHours => (sampled(|one| &one.ended), sampled(|one| &one.restore)),
    };
    json!({
        "name": key,
        "label": words::label(criterion),
        "title": capitalized(&title),
        "unit": unit,
        "meaning": meaning,
        "judged": judged(scenario, criterion),
        "limit": tolerance.map(|tolerance| number(tolerance.limit)),
        "asked": tolerance.map(|tolerance| tolerance.confidence),
        "own": tolerance.map(|tolerance| own(page, tolerance)),
        "samples": samples,
        "over": over,
    })
}

/// By strategy: the share within the limit of the scenario, and as how many independent trials it is
/// sure; absent where nothing happened to judge by.
fn own(page: &Page<'_>, tolerance: &Tolerance) -> Value {
    let verdicts = page.results.verdicts.iter().filter(|one| one.tolerance == *tolerance);
    let share = |verdict: &Verdict| verdict.within.map(|share| (share.share, share.effective));
    verdicts.map(share).map(|share| json!(share)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_script_element() {
        let name = "</script><!--\u{2028}&";
        let data = escaped(&json!([name]).to_string());
        assert!(!data.contains(['<', '>', '&', '\u{2028}']), "{data}");
        let read: Value = serde_json::from_str(&data).unwrap();
        assert_eq!(read[0], name);
    }
}
