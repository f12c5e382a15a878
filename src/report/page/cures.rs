//! The section of the page that says what helps against which fault.

use maud::{Markup, html};

use super::super::text::capitalized;
use super::super::words::cures as words;
use crate::scenario::Scenario;

/// Faults as rows, strategies as columns.
pub(super) fn section(scenario: &Scenario) -> Markup {
    let cures = scenario.cures();
    let title = capitalized(words::TITLE);
    html! {
        section #cures.wide[scenario.strategies.len() > 5] aria-labelledby="cures-title" {
            h2 #cures-title { (title) }
            p.explanation {
                "The tables of each strategy that help against a fault, in the order in which they \
                 are tried. Last resort: " (words::LAST_RESORT) ". Repair only: "
                (words::REPAIR_ONLY) "."
                @if cures.iter().any(|fault| fault.immune.contains(&true)) {
                    " Cannot strike it: " (words::IMMUNE) "."
                }
                @for note in words::notes(scenario) { " " (note) }
            }
            @if let Some(alone) = words::repair_only(scenario, &cures) { p { (super::sentence::sentence(&alone)) } }
            div.scroll tabindex="0" role="group" aria-label=(title) {
                table {
                    thead { tr {
                        th scope="col" { "Fault" }
                        th scope="col" { "Kind" }
                        @for strategy in &scenario.strategies { th scope="col" { (strategy.name) } }
                    } }
                    tbody { @for cures in &cures {
                        @let fault = &scenario.world.faults[cures.fault];
                        tr {
                            th scope="row" { (fault.name) }
                            td { (words::struck(fault)) }
                            @for strategy in 0..scenario.strategies.len() {
                                td { (words::help(cures.help(strategy))) }
                            }
                        }
                    } }
                }
            }
        }
    }
}
