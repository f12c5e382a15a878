//! The sections made of words: recommendation, assumptions, warnings, method, how to run it again.

use maud::{Markup, html};

use super::super::manifest::VERSION;
use super::super::sources::Sources;
use super::super::table::{Rows, Table};
use super::super::text::{capitalized, count, figure, grouped, level, percent};
use super::super::words::{self, condition, judged};
use super::sentence::sentence;
use super::{Page, tables};
use crate::files::sha256;
use crate::keys::{Assumption, Finding};
use crate::metric::Metric;
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::stats::Interval;
use crate::stats::stratified::Share;
use crate::study::results::Results;
use crate::study::verdict::Verdict;
use crate::units::show_duration;

/// The answer and what it rests on.
pub(super) fn recommendation(page: &Page<'_>, chart: Option<&Markup>) -> Markup {
    let (scenario, results) = (page.scenario, page.results);
    let words = words::run::recommendation(scenario, results, page.robustness);
    let decision = &results.decision;
    let warnings = scenario.warnings.len();
    html! {
        section #recommendation.sheet aria-labelledby="recommendation-title" {
            h2 #recommendation-title { "Recommendation" }
            p.headline { (sentence(&words.headline)) }
            @for caution in &words.cautions { p.caution { (sentence(caution)) } }
            @if let Some(strategy) = decision.strategy {
                dl.answer {
                    div { dt { "Strategy" } dd { (scenario.strategies[strategy].name) } }
                    @if let Some(cost) = mean_cost(page, strategy) {
                        div { dt { "Cost a " (words::period(scenario)) ", mean" } dd { (cost) } }
                    }
                    @if let Some(share) = stays(page) {
                        div { dt { "Over the ranges of the assumptions it stays in" } dd { (share) } }
                    }
                }
            }
            @if !words.reasons.is_empty() {
                h3 { "Why" }
                ul.reasons { @for reason in &words.reasons { li { (sentence(reason)) } } }
            }
            @if let Some(robustness) = page.robustness {
                (stands(&words::robustness::robustness(scenario, robustness)))
            }
            @if warnings > 0 {
                p.note {
                    a href="#warnings" { (count(warnings, "warning")) }
                    " about the scenario: read them with this."
                }
            }
            @if let Some(chart) = chart { (chart) }
        }
    }
}

/// How sure the choice is if the assumptions are wrong, and what flips it.
fn stands(words: &words::robustness::RobustnessWords) -> Markup {
    html! {
        h3 { "How sure" }
        p { (sentence(&words.share)) }
        @if !words.otherwise.is_empty() { p { (sentence(&words.otherwise)) } }
        @if words.flips.is_empty() {
            p { (sentence(&words.flips_heading)) }
        } @else {
            h3 { (words.flips_title) }
            p { (sentence(&words.flips_reading)) }
            ul.reasons { @for flip in &words.flips { li { (sentence(flip)) } } }
            @if let Some(command) = &words.first_flip {
                p { (words::robustness::FIRST_FLIP) " " code { (command) } }
            }
        }
    }
}

fn mean_cost(page: &Page<'_>, strategy: usize) -> Option<String> {
    let cost = page.results.decision.costs[strategy];
    let money = format!("{} {}", figure(cost, 3), page.scenario.currency());
    (cost > 0.0).then(|| money.trim_end().to_owned())
}

/// The share of points in which the choice is the same, with its interval.
fn stays(page: &Page<'_>) -> Option<String> {
    let robustness = page.robustness?;
    // Of the strategy that is named here: where the trials leave the choice open, the one by the estimate may
    // be another.
    let named = page.results.decision.strategy;
    let own = robustness.shares.iter().find(|(strategy, _)| *strategy == named)?;
    Some(words::robustness::share(&own.1))
}

/// Every strategy held against every tolerance, and the few numbers that the answer rests on.
pub(super) fn strategies(page: &Page<'_>) -> Markup {
    let (scenario, results) = (page.scenario, page.results);
    html! {
        section #strategies aria-labelledby="strategies-title" {
            h2 #strategies-title { "Strategies" }
            p.explanation.scripted-only { "Choose the name of a strategy to mark it in every table." }
            (verdicts(scenario, results))
            h3 { "The strategies at a glance" }
            (tables::scrolling(&overview(scenario, results), "The strategies at a glance", None))
        }
    }
}

/// Words that a reader may not know.
pub(super) fn terms() -> Markup {
    html! {
        section #words aria-labelledby="words-title" {
            h2 #words-title { "Words" }
            dl.terms { @for (term, meaning) in words::terms::TERMS {
                div { dt { (term) } dd { (sentence(meaning)) } }
            } }
        }
    }
}

/// A group of rows for each tolerance that anything happened to judge by.
fn verdicts(scenario: &Scenario, results: &Results) -> Markup {
    let group = |tolerance: &Tolerance| {
        let rows = results.verdicts.iter().filter(|verdict| verdict.tolerance == *tolerance);
        let rows: Vec<_> = rows.filter_map(|verdict| Some((verdict, verdict.within?))).collect();
        (!rows.is_empty()).then_some((*tolerance, rows))
    };
    let groups: Vec<_> = scenario.tolerances.iter().filter_map(group).collect();
    html! {
        @if !groups.is_empty() {
            h3 { "Does each strategy meet the tolerances?" }
            div.scroll tabindex="0" role="group" aria-label="Tolerances" {
                table.sortable.verdicts {
                    thead { tr {
                        th scope="col" { "Strategy" }
                        th.number scope="col" { "Share within, with interval" }
                        th scope="col" { "Verdict" }
                    } }
                    @for (tolerance, rows) in groups { tbody {
                        tr { th scope="rowgroup" colspan="3" {
                            (condition(scenario, &tolerance)) ", in " (level(tolerance.confidence))
                            " of " (judged(scenario, tolerance.criterion))
                        } }
                        @for (verdict, within) in rows {
                            (verdict_row(&scenario.strategies[verdict.strategy].name, verdict, within))
                        }
                    } }
                }
            }
        }
    }
}

fn verdict_row(strategy: &str, verdict: &Verdict, within: Share) -> Markup {
    let words = verdict.compliance.word();
    html! {
        tr {
            th scope="row" data-strategy=(strategy) { (strategy) }
            td.number data-value=(within.share) {
                (percent(within.share)) " " small { (span(within.interval)) }
            }
            td { span.verdict.(words) { (words) } }
        }
    }
}

/// An interval of a probability: `96.1 to 98.2 %`. The script has the same rule.
fn span(interval: Interval) -> String {
    let [low, high] = [interval.low, interval.high].map(percent);
    format!("{} to {high}", low.trim_end_matches("\u{a0}%"))
}

/// One of the numbers that the answer rests on.
pub(super) struct Measure {
    /// Heading of its column.
    pub label: String,
    /// What it is of.
    pub metric: Metric,
    /// Its 95 % point; otherwise its mean.
    pub is_p95: bool,
}

/// The few numbers that the answer rests on.
pub(super) fn measures(scenario: &Scenario) -> Vec<Measure> {
    let (harm, harm_mean, harm_p95) = harm(scenario);
    let one = |label: &str, metric, is_p95| Measure { label: label.to_owned(), metric, is_p95 };
    let mut measures = vec![
        one("Downtime, mean h", Metric::DowntimeHours, false),
        one(harm_mean, harm, false),
        one(harm_p95, harm, true),
        one("Lost writebacks, mean", Metric::WritebackLost, false),
        one("Longest outage, p95 h", Metric::LongestOutageHours, true),
    ];
    if scenario.costs.is_some() {
        let label = format!("Cost, mean {}", scenario.currency());
        measures.push(one(label.trim_end(), Metric::Cost, false));
    }
    measures
}

/// The harm that the answer is about, and the headings of its mean and its 95 % point.
fn harm(scenario: &Scenario) -> (Metric, &'static str, &'static str) {
    match scenario.world.sign_in {
        Some(_) => {
            (Metric::SignInUserHours, "No sign-in, mean user-hours", "No sign-in, p95 user-hours")
        }
        None => (Metric::StaleUserHours, "Stale user-hours, mean", "Stale user-hours, p95"),
    }
}

/// The numbers that the answer rests on, by strategy.
fn overview(scenario: &Scenario, results: &Results) -> Table {
    let strategies = &results.summary.strategies;
    let total = |index: usize| {
        results.costs.iter().find(|row| row.strategy == index && row.part == "total")
    };
    let harm = harm(scenario).0;
    let mut rows =
        Rows::new(0..strategies.len()).column("Strategy", |index| &strategies[index].name);
    // What the scenario limits comes first, at the share of each limit.
    let is_below =
        |criterion| [Metric::LongestOutageHours, harm].map(Criterion::Metric).contains(&criterion);
    for tolerance in &scenario.tolerances {
        if !(is_below(tolerance.criterion) && tolerance.confidence == 0.95) {
            rows = rows.column(limited(scenario, tolerance), |index| {
                strategies[index].lowest_limit(tolerance)
            });
        }
    }
    for Measure { label, metric, is_p95 } in measures(scenario) {
        rows = rows.column(label, |index| {
            let row = strategies[index].row(metric);
            row.map(|row| if is_p95 { row.p95 } else { row.mean })
        });
    }
    if scenario.costs.is_none() {
        return rows.table();
    }
    let tail = format!("Cost, mean of the worst 5 %, {}", scenario.currency());
    let tail = tail.trim_end().to_owned();
    rows.column(tail, |index| total(index).map(|total| total.tail_mean)).table()
}

/// What a tolerance limits, as the heading of a column: "Restore time, p95 h".
fn limited(scenario: &Scenario, tolerance: &Tolerance) -> String {
    let unit = match tolerance.criterion {
        Criterion::RestoreHours => "h",
        Criterion::Metric(metric) => metric.unit(scenario.currency()),
    };
    let label = capitalized(words::label(tolerance.criterion));
    // A count, or a label that says its unit, needs none.
    let unit = if unit == "count" || label.contains(unit) { "" } else { unit };
    let at = words::percentile(tolerance.confidence);
    format!("{label}, {at} {unit}").trim_end().to_owned()
}

/// Every assumption, section by section.
pub(super) fn assumptions(assumptions: &[Assumption]) -> Markup {
    let defaults = assumptions.iter().filter(|assumption| assumption.is_default).count();
    let given = assumptions.len() - defaults;
    let sources = Sources::read();
    html! {
        section #assumptions aria-labelledby="assumptions-title" {
            h2 #assumptions-title { "Assumptions" }
            p.explanation {
                (given) " values come from the scenario, " (defaults) " are defaults of the program. \
                 The answer is no better than they are: check those that do not fit your case."
            }
            p.choice {
                label { input #only-given type="checkbox"; " Show only what the scenario says" }
            }
            @for part in assumptions.chunk_by(|a, b| place(a).0 == place(b).0) {
                (assumption_group(part, &sources))
            }
            p.note.paper-only {
                "On paper only the groups are printed that were open on the screen."
            }
        }
    }
}

/// Where a key stands in the scenario, and its last part.
fn place(assumption: &Assumption) -> (&str, &str) {
    assumption.key.rsplit_once('.').unwrap_or(("scenario", &assumption.key))
}

fn assumption_group(part: &[Assumption], sources: &Sources) -> Markup {
    let given = part.iter().filter(|assumption| !assumption.is_default).count();
    let name = part.first().map_or("", |first| place(first).0);
    let head = ["Key", "Value", "Origin", "Meaning and source"];
    html! {
        details.assumed.all-default[given == 0] {
            summary {
                code { (name) } " "
                span.origin { (given) " of " (count(part.len(), "value")) " given" }
            }
            div.scroll tabindex="0" role="group" aria-label={ "Assumptions of " (name) } {
                table.assumptions {
                    thead { tr { @for name in head { th scope="col" { (name) } } } }
                    tbody { @for assumption in part { (assumption_row(assumption, sources)) } }
                }
            }
        }
    }
}

fn assumption_row(assumption: &Assumption, sources: &Sources) -> Markup {
    let by_default = || sources.source(&assumption.key).filter(|_| assumption.is_default);
    let source = match assumption.is_set {
        true => Some("set on the command line"),
        false => assumption.comment.as_deref().or_else(by_default),
    };
    html! {
        tr.default[assumption.is_default] {
            th scope="row" { code { (place(assumption).1) } }
            td { code { (assumption.value) } }
            td { @if assumption.is_default { span.origin { "default" } } @else { "scenario" } }
            td {
                (sentence(assumption.doc))
                @if let Some(source) = source {
                    @if !assumption.doc.is_empty() { br; }
                    span.source { (sentence(source)) }
                }
            }
        }
    }
}

/// The warnings, or that there are none.
pub(super) fn warnings(warnings: &[Finding]) -> Markup {
    html! {
        section #warnings aria-labelledby="warnings-title" {
            h2 #warnings-title { "Warnings" }
            @if warnings.is_empty() {
                p { "None." }
            } @else {
                ul.warnings { @for warning in warnings { li {
                    p { (sentence(&warning.message)) }
                    @if let Some(help) = &warning.help { p.help { (sentence(help)) } }
                } } }
            }
        }
    }
}

/// How the numbers came about, and the cases in which they can be checked by formula.
pub(super) fn method(page: &Page<'_>) -> Markup {
    let sure = percent(page.results.confidence);
    html! {
        section #method aria-labelledby="method-title" {
            h2 #method-title { "Method" }
            p {
                "Each trial is one possible course of "
                (show_duration(page.scenario.world.horizon))
                ". Faults, repairs and people's delays are drawn from the assumed distributions, and \
                 every strategy meets the same world in the same trial: differences between \
                 strategies are due to the strategies."
            }
            p {
                "Intervals at " (sure) ": of means the normal interval, of percentiles order \
                 statistics, of probabilities Wilson's. They hold the model's true value in " (sure)
                " of such studies, and say nothing about the quality of the assumptions."
            }
            p {
                "A tolerance is met when the whole interval of its probability is at or above the \
                 required probability, missed when all of it is below, and undecided otherwise. The \
                 probability of a right choice is a lower bound: 1 minus the probabilities of all \
                 ways to be wrong, given the trials (Bonferroni; Chen, Lin, Yücesan and Chick 2000)."
            }
            @for note in page.notes { p { (sentence(note)) } }
            @if let Some(table) = tables::closed_forms(page.results) { (tables::section(&table)) }
        }
    }
}

/// What it takes to get the same numbers.
pub(super) fn again(page: &Page<'_>) -> Markup {
    let path = page.scenario.path.as_ref().map(|path| path.display().to_string());
    html! {
        section #again aria-labelledby="again-title" {
            h2 #again-title { "Run it again" }
            p { "This command gives the same numbers on any machine:" }
            pre tabindex="0" { code { (page.command) } }
            dl.provenance {
                div { dt { "Program" } dd { "outlast " (VERSION) } }
                div { dt { "Seed" } dd { (page.seed) } }
                div { dt { "Trials" } dd { (grouped(page.results.summary.trials)) } }
                div { dt { "Scenario" } dd { (path.as_deref().unwrap_or("built into the program")) } }
                div { dt { "SHA-256 of its text" } dd.hash { (sha256(page.scenario.text.as_bytes())) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_names_its_unit_once() {
        assert_eq!(span(Interval { low: 0.961, high: 1.0 }), "96.1 to 100\u{A0}%");
    }
}
