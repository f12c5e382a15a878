//! The sections made of words: recommendation, assumptions, warnings, method, how to run it again.

use maud::{Markup, html};

use super::{Assumption, Page, Provenance, Recommendation, VerdictRow, Warning};
use super::{number, tables};

/// The answer and what it rests on.
pub(super) fn recommendation(recommendation: &Recommendation, warnings: usize) -> Markup {
    html! {
        section #recommendation aria-labelledby="recommendation-title" {
            h2 #recommendation-title { "Recommendation" }
            p.headline { (recommendation.headline) }
            @if recommendation.strategy.is_some() || recommendation.probability.is_some() {
                dl.answer {
                    @if let Some(strategy) = &recommendation.strategy {
                        div { dt { "Strategy" } dd { (strategy) } }
                    }
                    @if let Some((probability, meaning)) = &recommendation.probability {
                        div {
                            dt { "Probability that it " (meaning) }
                            dd { (number::percent(*probability)) }
                        }
                    }
                }
            }
            @if !recommendation.reasons.is_empty() {
                ul.reasons { @for reason in &recommendation.reasons { li { (reason) } } }
            }
            @if warnings > 0 {
                p.note {
                    a href="#warnings" {
                        (warnings) @if warnings == 1 { " warning" } @else { " warnings" }
                    }
                    " about the scenario: read them with this."
                }
            }
            @if !recommendation.verdicts.is_empty() { (verdicts(&recommendation.verdicts)) }
            @if let Some(overview) = &recommendation.overview {
                h3 { "The strategies at a glance" }
                (tables::scrolling(overview, "The strategies at a glance", None))
            }
        }
    }
}

/// A group of rows for each tolerance.
fn verdicts(rows: &[VerdictRow]) -> Markup {
    let mut criteria: Vec<(&str, f64, &str)> = Vec::new();
    for row in rows {
        let criterion = (row.criterion.as_str(), row.wanted, row.of.as_str());
        if !criteria.contains(&criterion) {
            criteria.push(criterion);
        }
    }
    html! {
        h3 { "Does each strategy meet the tolerances?" }
        div.scroll tabindex="0" role="group" aria-label="Tolerances" {
            table.sortable.verdicts {
                thead { tr {
                    th scope="col" { "Strategy" }
                    th.number scope="col" { "Share within, with interval" }
                    th scope="col" { "Verdict" }
                } }
                @for (criterion, wanted, of) in criteria {
                    tbody {
                        tr { th scope="rowgroup" colspan="3" {
                            (criterion) ", in " (number::level(wanted)) " of " (of)
                        } }
                        @for row in rows {
                            @if (row.criterion.as_str(), row.wanted) == (criterion, wanted) {
                                (verdict_row(row))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn verdict_row(row: &VerdictRow) -> Markup {
    let words = row.verdict.word();
    html! {
        tr {
            th scope="row" { (row.strategy) }
            td.number data-value=(row.probability) {
                (number::percent(row.probability)) " "
                small { @if let Some(limits) = row.interval { (number::span(limits)) } }
            }
            td { span.verdict.(words) { (words) } }
        }
    }
}

/// Every assumption, section by section.
pub(super) fn assumptions(assumptions: &[Assumption]) -> Markup {
    let defaults = assumptions.iter().filter(|assumption| assumption.is_default).count();
    let given = assumptions.len() - defaults;
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
            div.scroll tabindex="0" role="group" aria-label="Assumptions" {
                table.assumptions {
                    thead { tr {
                        th scope="col" { "Key" }
                        th scope="col" { "Value" }
                        th scope="col" { "Origin" }
                        th scope="col" { "Meaning and source" }
                    } }
                    @for part in assumptions.chunk_by(|a, b| a.section == b.section) {
                        (assumption_group(part))
                    }
                }
            }
        }
    }
}

fn assumption_group(part: &[Assumption]) -> Markup {
    let all_default = part.iter().all(|assumption| assumption.is_default);
    html! {
        tbody.all-default[all_default] {
            @if let Some(first) = part.first() {
                tr { th scope="rowgroup" colspan="4" { (first.section) } }
            }
            @for assumption in part { (assumption_row(assumption)) }
        }
    }
}

fn assumption_row(assumption: &Assumption) -> Markup {
    html! {
        tr.default[assumption.is_default] {
            th scope="row" { code { (assumption.key) } }
            td { code { (assumption.value) } }
            td { @if assumption.is_default { span.origin { "default" } } @else { "scenario" } }
            td {
                (assumption.meaning)
                @if let Some(source) = &assumption.source {
                    @if !assumption.meaning.is_empty() { br; }
                    span.source { (source) }
                }
            }
        }
    }
}

/// The warnings, or that there are none.
pub(super) fn warnings(warnings: &[Warning]) -> Markup {
    html! {
        section #warnings aria-labelledby="warnings-title" {
            h2 #warnings-title { "Warnings" }
            @if warnings.is_empty() {
                p { "None." }
            } @else {
                ul.warnings { @for warning in warnings { li {
                    p { (warning.message) }
                    @if let Some(help) = &warning.help { p.help { (help) } }
                } } }
            }
        }
    }
}

/// How the numbers came about, and the cases in which they can be checked by formula.
pub(super) fn method(page: &Page) -> Markup {
    html! {
        section #method aria-labelledby="method-title" {
            h2 #method-title { "Method" }
            @for paragraph in &page.method { p { (paragraph) } }
            @if let Some(table) = &page.closed_forms { (tables::section(table)) }
        }
    }
}

/// What it takes to get the same numbers.
pub(super) fn provenance(provenance: &Provenance) -> Markup {
    let scenario = provenance.scenario.as_deref().unwrap_or("built into the program");
    html! {
        section #again aria-labelledby="again-title" {
            h2 #again-title { "Run it again" }
            p { "This command gives the same numbers on any machine:" }
            pre tabindex="0" { code { (provenance.command) } }
            dl.provenance {
                div { dt { "Program" } dd { "outlast " (provenance.version) } }
                div { dt { "Seed" } dd { (provenance.seed) } }
                div { dt { "Trials" } dd { (number::grouped(provenance.trials)) } }
                div { dt { "Scenario" } dd { (scenario) } }
                div { dt { "SHA-256 of its text" } dd.hash { (provenance.sha256) } }
            }
        }
    }
}
