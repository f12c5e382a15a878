//! What `outlast sensitivity` prints.

use crate::cli::output::{Answer, first_flip};
use crate::cli::terminal::{figures_table, heading};
use crate::keys::Json;
use crate::report::sensitivity as report;
use crate::report::text::{figure, harmless, item, paragraph, percent};
use crate::report::words::input::names;
use crate::report::words::{robustness, sensitivity as words};
use crate::scenario::Scenario;
use crate::sensitivity::common::interval;
use crate::sensitivity::study::Study;
use crate::sensitivity::tornado::Moved;
use serde_json::json;
use std::path::{Path, PathBuf};

/// A scenario that was studied.
pub(super) struct SensitivityAnswer<'a> {
    pub(super) scenario: &'a Scenario,
    /// None where nothing is varied.
    pub(super) study: Option<&'a Study>,
    pub(super) confidence: f64,
    pub(super) seed: u64,
    pub(super) trials: u64,
    pub(super) folder: &'a Path,
    /// Relative to the folder.
    pub(super) files: Vec<PathBuf>,
}

/// Inputs of a table.
const SHOWN: usize = 8;

impl SensitivityAnswer<'_> {
    fn tornado(&self, study: &Study) -> String {
        let inputs = &study.robustness.inputs;
        let scale = words::scale(self.scenario, study.quantity);
        let end = |end: Option<&Moved>| {
            end.map_or(String::new(), |end| {
                let change = interval(end.change, self.confidence);
                let may_be_none = change.interval.contains(0.0);
                let mark = if may_be_none { "~" } else { "" };
                format!(
                    "{mark}{}\n±{}",
                    figure(scale * (study.at_guess.0 + change.value), 3),
                    figure(scale * change.interval.half_width(), 2)
                )
            })
        };
        let rows = study.tornado.iter().take(SHOWN).map(|bar| {
            let name = harmless(&names(inputs, bar[0].coordinate));
            (name, vec![end(bar.first()), end(bar.get(1))])
        });
        figures_table(
            "Assumption",
            ["at its\nlow end", "at its\nhigh end"].map(str::to_owned),
            rows,
        )
    }

    fn indices(&self, study: &Study) -> String {
        let Some(of) = study.indices.last() else { return String::new() };
        let inputs = &study.robustness.inputs;
        let rows = words::important(of).into_iter().take(SHOWN).map(|row| {
            let cell = |one: &crate::sensitivity::regression::Estimate| {
                format!("{}\n±{}", percent(one.value), percent(one.interval.half_width()))
            };
            let known = study.learning.iter().find(|one| one.coordinate == row.coordinate);
            let right = known.map_or(String::new(), |known| cell(&known.right));
            let name = harmless(&names(inputs, row.coordinate));
            (name, vec![cell(&row.first), cell(&row.total), right])
        });
        let headings = ["alone", "with\nothers", "gain if\nknown"].map(str::to_owned);
        let table = figures_table("Assumption", headings, rows);
        let what = words::subject(self.scenario, of.subject);
        let reading = format!(
            "Part of the variation of {what} that an assumption makes alone (first-order Sobol \
             index) and together with others (total), and by how much knowing it would raise the \
             probability of taking the right strategy."
        );
        format!("{}{table}\n", paragraph(&reading))
    }
}

impl Answer for SensitivityAnswer<'_> {
    fn text(&self) -> String {
        let scenario = self.scenario;
        let Some(study) = self.study else { return paragraph(words::NOTHING) };
        let stands = robustness::robustness(scenario, &study.robustness);
        let flips: String = stands.flips.iter().map(|flip| item(flip)).collect();
        let answer: String =
            words::answer(scenario, study).iter().map(|words| paragraph(words)).collect();
        let files: Vec<String> = self
            .files
            .iter()
            .filter(|file| !file.starts_with("charts"))
            .map(|file| file.display().to_string())
            .collect();
        format!(
            "{}\n{}{}{}\n{flips}{}\n{}{}{}\n\n{}{}\n{answer}\n{}",
            paragraph(&words::title(scenario, study, self.trials, self.seed)),
            heading("How likely each strategy is to be the choice"),
            paragraph(&stands.shares()),
            paragraph(&stands.flips_heading).trim_end(),
            first_flip(&stands),
            heading("Each assumption alone"),
            paragraph(&words::tornado(scenario, study, self.confidence)),
            self.tornado(study),
            heading("All assumptions at once"),
            self.indices(study),
            paragraph(&format!(
                "Written to {}: {}, and charts.",
                self.folder.display(),
                files.join(", ")
            )),
        )
    }

    fn json(&self) -> Json {
        let mut all = json!({
            "scenario": self.scenario.name,
            "set": self.scenario.options,
            "seed": self.seed,
            "confidence": self.confidence,
            "files": self.files.iter().map(|file| Json::from(self.folder.join(file).display().to_string())).collect::<Json>(),
        });
        let more = match self.study {
            Some(study) => report::json(self.scenario, study, self.confidence),
            None => json!({ "metric": null, "words": [words::NOTHING], "tornado": [], "sobol": [],
                "information": [], "choice": [], "flips": [] }),
        };
        if let (Json::Object(all), Json::Object(more)) = (&mut all, more) {
            all.extend(more);
        }
        all
    }
}
