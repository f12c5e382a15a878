//! The same page in pieces, for a page that is alive: the pieces change while somebody looks at them.
//!
//! Words, tables, charts and their numbers are those of the page of a run; nothing is said here that
//! is not said there.

use super::super::charts::ChartError;
use super::super::text::capitalized;
use super::super::words::{self, condition};
use super::{Page, document, explorer, figures, sections};
use crate::keys::Json;
use crate::metric::Metric;
use crate::stats::Interval;
use crate::study::verdict::Verdict;
use maud::Markup;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};

/// One chart with its heading, explanation and numbers.
#[derive(Debug)]
pub struct LiveFigure {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// HTML.
    pub html: String,
}

impl Page<'_> {
    /// The recommendation with its reasons, as HTML.
    pub fn live_answer(&self) -> String {
        sections::recommendation(self, None).into_string()
    }

    /// The recommendation in plain words, for who listens.
    pub fn live_words(&self) -> String {
        let words = words::run::recommendation(self.scenario, self.results, self.robustness);
        let words: Vec<String> = [words.headline].into_iter().chain(words.cautions).collect();
        words.join(" ").replace('`', "")
    }

    /// Every strategy against every tolerance, as HTML.
    pub fn live_strategies(&self) -> String {
        sections::strategies(self).into_string()
    }

    /// The warnings about the scenario, as HTML.
    pub fn live_warnings(&self) -> String {
        sections::warnings(&self.scenario.warnings).into_string()
    }

    /// The charts; fewer where `stop` was set, since nobody waits for them any more.
    ///
    /// # Errors
    /// One could not be drawn.
    pub fn live_figures(&self, stop: &AtomicBool) -> Result<Vec<LiveFigure>, ChartError> {
        let one = |picture: &super::super::charts::Picture| {
            let html: Markup = figures::figure(picture)?;
            let (name, title) = (picture.name.clone(), picture.title.clone());
            Ok(LiveFigure { name, title, html: html.into_string() })
        };
        let wanted = self.pictures.iter().take_while(|_| !stop.load(Ordering::Relaxed));
        wanted.map(one).collect()
    }

    /// What the curves need on which a limit is dragged: of each tolerance, or of the risk where there
    /// is none.
    pub fn live_curves(&self) -> Json {
        explorer::curves(self)
    }

    /// The numbers that a reader watches: of every strategy the share that keeps each tolerance, and
    /// the few that the answer rests on, with their intervals.
    pub fn live_numbers(&self) -> Json {
        let (scenario, results) = (self.scenario, self.results);
        let asked = scenario.tolerances.iter().map(|tolerance| {
            let rows = results.verdicts.iter().filter(|one| one.tolerance == *tolerance);
            let cell = |verdict: &Verdict| {
                let within = verdict.within?;
                let Interval { low, high } = within.interval;
                Some(json!([within.share, low, high, verdict.compliance.word()]))
            };
            let label = capitalized(&condition(scenario, tolerance));
            json!({
                "label": label,
                "share": true,
                "asked": tolerance.confidence,
                "judged": words::judged(scenario, tolerance.criterion),
                "cells": rows.map(cell).collect::<Json>(),
            })
        });
        let measured = sections::measures(scenario).into_iter().map(|measure| {
            let cells = results.summary.strategies.iter().map(|strategy| {
                let row = strategy.row(measure.metric)?;
                let interval = if measure.is_p95 { row.p95_interval } else { row.mean_interval };
                let value = if measure.is_p95 { row.p95 } else { row.mean };
                Some(json!([value, interval.map(|one| one.low), interval.map(|one| one.high)]))
            });
            json!({
                "label": measure.label,
                "cost": measure.metric == Metric::Cost,
                "cells": cells.collect::<Json>(),
            })
        });
        let strategies = scenario.strategies.iter().enumerate();
        json!({
            "strategies": strategies.map(|(at, one)| json!({
                "name": one.name,
                "suits": scenario.suits(at),
                "chosen": results.decision.strategy == Some(at),
            })).collect::<Json>(),
            "columns": asked.chain(measured).collect::<Json>(),
            "period": words::period(scenario),
            "periods": words::periods(scenario),
            "currency": scenario.currency(),
            "confidence": results.confidence,
        })
    }
}

/// The style sheet of the page of a run.
pub fn style() -> String {
    document::style()
}

/// The parts of its script that draw curves, judge limits and make tables sortable.
pub fn script() -> String {
    let parts = [
        include_str!("tables.js"),
        include_str!("numbers.js"),
        include_str!("rule.js"),
        include_str!("plot.js"),
    ];
    document::unix(&parts.join("\n"))
}
