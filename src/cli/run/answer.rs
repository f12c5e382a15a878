//! What `outlast run` prints.

use super::FitsOption;
use super::plan::Plan;
use super::play::Played;
use super::table::{RunTable, Shown};
use crate::cli::check::fits_json;
use crate::cli::output::{Answer, first_flip};
use crate::cli::{diagnostics, variants};
use crate::keys::Json;
use crate::metric::Metric;
use crate::report::text::{count, figure, item, paragraph};
use crate::report::variants::Variant;
use crate::report::words::{fit, robustness, run as words, trials as trials_words};
use crate::report::{self, pictures, tables};
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::sensitivity::robustness::{LEAST_TRIALS, Robustness, has_choice};
use crate::study::results::Results;
use crate::study::verdict::{Compliance, Verdict};
use serde_json::json;
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
    let (scenario, results) = (&plan.scenario, &played.results);
    let trials = (results.summary.trials, plan.options.length.max_trials);
    let stopping = played.outcome.as_ref();
    let stopping =
        stopping.map(|outcome| trials_words::stopping(scenario, plan.goal, outcome, trials));
    let sampling = trials_words::sampling(scenario, results.summary.design);
    let known = trials_words::closed_forms(scenario, &results.closed_forms);
    let unshown = pictures::unshown(scenario);
    let fits = scenario.fits.iter().map(fit::summary);
    let idle = plan.options.fits != FitsOption::Uncertain && scenario.fits.is_empty();
    let idle = idle.then(|| {
        "No distribution of the scenario is fitted to a log, so --fits has no effect.".to_owned()
    });
    let short = !plan.options.outcome.no_robustness
        && results.summary.trials < LEAST_TRIALS
        && has_choice(scenario);
    let short = short.then(|| {
        format!(
            "From {} on, the answer says how sure the choice is over the ranges of the \
             assumptions, and what changes it.",
            count(LEAST_TRIALS, "trial")
        )
    });
    let fits = fits.chain(idle).chain(short);
    fits.chain(sampling).chain(stopping).chain(known).chain(unshown).collect()
}

impl Finished<'_> {
    fn recommendation(&self) -> Json {
        let decision = &self.results.decision;
        let name = |index: usize| self.scenario.strategies[index].name.as_str();
        let words = words::recommendation(self.scenario, self.results, self.robustness.as_ref());
        json!({
            "strategy": decision.strategy.map(name),
            "reason": words.headline,
            "probability": decision.probability,
            "cautions": words.cautions,
            "reasons": words.reasons,
            "front": decision.front.iter().map(|&index| name(index)).collect::<Json>(),
        })
    }

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
        let summary = &self.results.summary;
        let path = |file: &PathBuf| Json::from(self.folder.join(file).display().to_string());
        json!({
            "scenario": self.scenario.name,
            "set": self.scenario.options,
            "horizon_hours": self.scenario.world.horizon,
            "seed": self.seed,
            "trials": self.results.summary.trials,
            "confidence": self.results.confidence,
            "recommendation": self.recommendation(),
            "robustness": self.robustness.as_ref().map(|one| robustness::json(self.scenario, one)),
            "summary": tables::summary(summary),
            "tolerance": tables::tolerance(self.results),
            "comparison": tables::comparison(self.results),
            "cost": tables::cost(self.results, self.scenario.currency()),
            "outages": tables::outages(summary),
            "sign_in": self.scenario.world.sign_in.as_ref().map(|_| tables::sign_in(summary)),
            "closed_forms": tables::closed_forms(self.results),
            "fits": fits_json(self.scenario),
            "variants": {
                "recommendations": variants::recommendations(self.variants),
                "figures": report::variants::table(self.variants),
            },
            "notes": self.notes,
            "warnings": diagnostics::to_json(&self.scenario.warnings, &self.scenario.text),
            "output": self.folder.display().to_string(),
            "files": self.files.iter().map(path).collect::<Json>(),
        })
    }
}
