//! What `outlast run` prints.

use super::FitsOption;
use super::plan::Plan;
use super::play::Played;
use super::table::{RunTable, Shown};
use crate::cli::output::{Answer, first_flip};
use crate::cli::variants;
use crate::keys::Json;
use crate::metric::Metric;
use crate::report::answers::{self, RunSaid};
use crate::report::text::{count, figure, item, paragraph};
use crate::report::variants::Variant;
use crate::report::words::{robustness, run as words};
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::sensitivity::robustness::Robustness;
use crate::study::results::Results;
use crate::study::verdict::{Compliance, Verdict};
use std::path::{Path, PathBuf};

/// A run that is done.
pub(super) struct Finished<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) results: &'a Results,
    /// How well the choice stands if the assumptions are wrong.
    pub(super) robustness: Option<Robustness>,
    /// Both ways to take fits, if both were played.
    pub(super) variants: &'a [Variant<'a>],
    /// How the trials came about.
    pub(super) notes: Vec<String>,
    pub(super) seed: u64,
    pub(super) threads: usize,
    pub(super) seconds: f64,
    pub(super) folder: &'a Path,
    /// Relative to the folder.
    pub(super) files: Vec<PathBuf>,
}

/// What is to be said of how the trials came about.
pub(super) fn notes(plan: &Plan<'_>, played: &Played) -> Vec<String> {
    let told = answers::Played {
        scenario: &plan.scenario,
        results: &played.results,
        goal: plan.goal,
        outcome: played.outcome.as_ref(),
        most_trials: plan.options.length.max_trials,
        asks_for_fits: plan.options.fits != FitsOption::Uncertain,
        wants_robustness: !plan.options.outcome.no_robustness,
    };
    told.notes()
}

impl Finished<'_> {
    /// How well the choice stands if the assumptions are wrong.
    fn stands(&self) -> String {
        let Some(robustness) = &self.robustness else { return String::new() };
        let words = robustness::robustness(self.scenario, robustness);
        let flips: String = words.flips.iter().map(|flip| item(flip)).collect();
        let first = first_flip(&words);
        format!("\n{}{}{flips}{first}", paragraph(&words.shares()), paragraph(&words.flips_heading))
    }

    /// Where the files are.
    fn written(&self) -> String {
        let drawn = |file: &&PathBuf| {
            file.parent() == Some(Path::new("charts"))
                && file.extension().is_some_and(|ending| ending == "svg")
        };
        let charts = self.files.iter().filter(drawn).count();
        let tables = self.files.iter().filter(|file| !file.starts_with("charts"));
        let mut files: Vec<String> = tables.map(|file| file.display().to_string()).collect();
        if charts > 0 {
            files.push(format!("{} (SVG and PNG, light and dark)", count(charts, "chart")));
        }
        format!(
            "Written to {} in {} s on {}: {}.",
            self.folder.display(),
            figure(self.seconds, 2),
            count(self.threads, "thread"),
            files.join(", "),
        )
    }
}

/// How to read the table: a sentence each, for what it shows.
fn columns(scenario: &Scenario, results: &Results, shown: &[Shown]) -> Vec<String> {
    let tolerances = || {
        shown.iter().filter_map(|shown| match shown {
            Shown::Tolerance(tolerance) => Some(*tolerance),
            _ => None,
        })
    };
    let has = |metric: Metric| {
        let criterion = Criterion::Metric(metric);
        shown.contains(&Shown::Mean(metric))
            || shown.contains(&Shown::P95(metric))
            || tolerances().any(|tolerance| tolerance.criterion == criterion)
    };
    let has_spending = shown.contains(&Shown::Spending);
    let judged = |compliance| {
        let is_it = |verdict: &Verdict| verdict.compliance == compliance;
        let verdicts = results.verdicts.iter().filter(|verdict| is_it(verdict));
        verdicts.map(|verdict| verdict.tolerance).any(|one| tolerances().any(|shown| shown == one))
    };
    let asked: Vec<Tolerance> = tolerances().collect();
    let lines = [
        Some(words::reading(scenario, results, &asked)),
        judged(Compliance::Missed).then(|| words::MISSED.to_owned()),
        judged(Compliance::Undecided).then(|| words::OPEN.to_owned()),
        has(Metric::StaleUserHours).then(|| words::STALE.to_owned()),
        has(Metric::SignInUserHours).then(|| words::SIGN_IN.to_owned()),
        has(Metric::WritebackLost).then(|| words::LOST.to_owned()),
        has_spending.then(|| words::SPENDING.to_owned()),
        (!has_spending && has(Metric::Cost)).then(|| words::COST.to_owned()),
    ];
    lines.into_iter().flatten().collect()
}

impl Answer for Finished<'_> {
    fn text(&self) -> String {
        let (scenario, results) = (self.scenario, self.results);
        let words::Recommendation { headline, cautions, reasons } =
            words::recommendation(scenario, results, self.robustness.as_ref());
        let cautions: String = cautions.iter().map(|caution| paragraph(caution)).collect();
        let reasons: String = reasons.iter().map(|reason| item(reason)).collect();
        let notes: String = self.notes.iter().map(|note| paragraph(note)).collect();
        let variants = match self.variants {
            [] => String::new(),
            some => {
                let title = paragraph(&words::variants(scenario));
                format!("\n{title}{}\n", variants::figures(some))
            }
        };
        let (table, shown) = RunTable { scenario, results }.text();
        let columns: String =
            columns(scenario, results, &shown).iter().map(|line| paragraph(line)).collect();
        let blank = if notes.is_empty() { "" } else { "\n" };
        format!(
            "{}\n{table}\n\n{columns}\n{}{cautions}{reasons}{}{variants}\n{notes}{blank}{}",
            paragraph(&words::title(scenario, results, self.seed)),
            paragraph(&headline),
            self.stands(),
            paragraph(&self.written())
        )
    }

    fn json(&self) -> Json {
        let path = |file: &PathBuf| Json::from(self.folder.join(file).display().to_string());
        let said = RunSaid {
            scenario: self.scenario,
            results: self.results,
            robustness: self.robustness.as_ref(),
            variants: self.variants,
            notes: &self.notes,
            seed: self.seed,
        };
        let mut all = said.json();
        all["output"] = self.folder.display().to_string().into();
        all["files"] = self.files.iter().map(path).collect();
        all
    }
}
