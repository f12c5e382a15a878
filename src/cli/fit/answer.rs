//! What `outlast fit` prints.

use super::backtest_answer;
use super::json::{columns, variable};
use super::table::table;
use crate::cli::output::{Answer, written};
use crate::cli::terminal::heading;
use crate::evidence::analysis::Analysis;
use crate::evidence::backtest::Backtest;
use crate::evidence::log::IncidentLog;
use crate::evidence::sample::Quantity;
use crate::keys::Json;
use crate::report::folder::MANIFEST;
use crate::report::text::paragraph;
use crate::report::words::{fit, log};
use serde_json::json;

/// A log that was fitted.
pub(super) struct Fitted<'a> {
    pub(super) name: String,
    pub(super) log: &'a IncidentLog,
    pub(super) analyses: &'a [Analysis],
    pub(super) backtest: Option<&'a Backtest>,
    pub(super) seed: u64,
    pub(super) files: Vec<String>,
}

impl Answer for Fitted<'_> {
    fn text(&self) -> String {
        let mut text = paragraph(&log::title(&self.name, self.log));
        for note in &self.log.notes {
            text.push_str(&paragraph(&format!("Note: {note}.")));
        }
        for analysis in self.analyses {
            text.push_str(&format!("\n{}", section(analysis)));
        }
        if let Some(backtest) = self.backtest {
            text.push_str(&format!("\n{}", backtest_answer::text(backtest)));
        }
        if !self.files.is_empty() {
            let named = |file: &&String| !file.ends_with(MANIFEST);
            let files: Vec<String> = self.files.iter().filter(named).cloned().collect();
            let written = paragraph(&written(&files));
            text.push_str(&format!("\n{written}"));
        }
        text
    }

    fn json(&self) -> Json {
        json!({
            "log": self.name,
            "rows": self.log.len(),
            "columns": columns(self.log),
            "notes": self.log.notes,
            "seed": self.seed,
            "variables": self.analyses.iter().map(variable).collect::<Json>(),
            "backtest": self.backtest.map(backtest_answer::to_json),
            "files": self.files,
        })
    }
}

fn section(analysis: &Analysis) -> String {
    let mut text = heading(&fit::heading(analysis));
    text.extend(log::sample(analysis).iter().map(|line| paragraph(line)));
    if !analysis.fits.is_empty() {
        text.push_str(&format!("\n{}\n", table(analysis)));
        text.push_str(&paragraph(&fit::legend(analysis)));
    }
    text.extend(fit::unfitted(analysis).map(|line| paragraph(&line)));
    for words in fit::findings(analysis) {
        text.push_str(&format!("\n{}", paragraph(&words)));
    }
    if let Some(lines) = analysis.scenario_lines() {
        text.push_str(&format!("\nFor the scenario:\n  {}\n", lines.replace('\n', "\n  ")));
        text.push_str(&paragraph(match analysis.variable.quantity {
            Quantity::Between => fit::UP_TIME,
            Quantity::Recovery => fit::COVERS,
        }));
    }
    text
}
