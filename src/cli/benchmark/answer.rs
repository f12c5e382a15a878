//! What `outlast benchmark` prints.

use super::words::{heading, words};
use crate::benchmark::assumed::Span;
use crate::benchmark::{
    AssumptionCheck, BEST_FIT, Benchmark, RECOVERY, RECOVERY_AND_RATES, Subject,
};
use crate::cli::output::Answer;
use crate::cli::terminal::{self, figures_table};
use crate::cli::variants;
use crate::evidence::assumption::{Durations, QuantileRow};
use crate::evidence::log::IncidentLog;
use crate::keys::Json;
use crate::report::text::{count, figure, harmless, item, level, paragraph};
use crate::report::words::condition;
use crate::report::{benchmark_words, benchmarks};
use crate::scenario::Scenario;
use crate::study::verdict::{Compliance, Verdict};
use crate::units::show_duration;
use serde_json::json;

/// A scenario that was held against a log.
pub(super) struct BenchmarkAnswer<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) log: (&'a IncidentLog, String),
    pub(super) benchmark: &'a Benchmark,
    pub(super) span: Span,
    pub(super) observed_given: bool,
    pub(super) seed: u64,
    pub(super) trials: u64,
    pub(super) files: Vec<String>,
}

/// What variants are.
const LEGEND: [(&str, &str); 3] = [
    (RECOVERY, "the log's recovery times, with what they leave open"),
    (RECOVERY_AND_RATES, "its rates too"),
    (BEST_FIT, "the fits taken for the truth"),
];
/// Variants that are shown side by side; the others are in the files.
const VARIANTS: usize = 3;

impl BenchmarkAnswer<'_> {
    fn title(&self) -> String {
        let (log, name) = &self.log;
        let watched = self.benchmark.observed.map_or_else(
            || "without times, so nothing is said of rates".to_owned(),
            |hours| {
                let given = if self.observed_given {
                    ""
                } else {
                    ", counted from its first incident, which counts for no rate (--observed)"
                };
                format!("over {}{given}", show_duration(hours))
            },
        );
        let incidents = |one: &AssumptionCheck| matches!(one.subject, Subject::Kind(_));
        let measures = match self.span {
            _ if !self.benchmark.compared.iter().any(incidents) => "",
            Span::Outage => {
                " Durations are taken for whole outages, with people's delays in them (--span)."
            }
            Span::Repair => " Durations are taken for hands-on repair (--span).",
        };
        format!(
            "{} against {name}: {} {watched}.{measures}",
            self.scenario.name,
            count(log.len(), "row"),
        )
    }

    fn kinds(&self) -> String {
        self.benchmark.compared.iter().map(|one| self.kind(one)).collect()
    }

    fn kind(&self, one: &AssumptionCheck) -> String {
        let mut text = format!("\n{}", terminal::heading(&heading(one)));
        if let Some(durations) = &one.durations {
            text.push_str(&quantiles(durations));
            text.push_str("\n\n");
        }
        for words in words(one) {
            text.push_str(&item(&words));
        }
        if let Some(line) = self.line(one) {
            text.push_str(&format!("    {}\n", line.replace('\n', "\n    ")));
        }
        text
    }

    /// What to paste into a fault of the scenario.
    fn line(&self, one: &AssumptionCheck) -> Option<String> {
        one.assumed.as_ref()?.recovery.as_ref()?;
        let toml = one.fit.as_ref()?.toml()?;
        Some(match (&one.subject, self.span) {
            (Subject::Step { key, .. }, _) => {
                format!("{} = {toml}", key.rsplit('.').next().unwrap_or(key))
            }
            (Subject::Kind(_), Span::Repair) => format!("repair = {toml}"),
            (Subject::Kind(_), Span::Outage) => {
                format!("repair = {toml}\nrepair_covers = \"outage\"")
            }
        })
    }

    fn tolerances(&self) -> String {
        let shown = &self.benchmark.played[..self.benchmark.played.len().min(VARIANTS)];
        let Some(first) = shown.first().filter(|first| !first.results.verdicts.is_empty()) else {
            return String::new();
        };
        let rows = first.results.verdicts.iter().enumerate().map(|(index, verdict)| {
            let name = &first.scenario.strategies[verdict.strategy].name;
            let cells = shown
                .iter()
                .map(|played| played.results.verdicts.get(index).map_or_else(String::new, within));
            (harmless(&format!("{name}: {}", condition(&verdict.tolerance))), cells.collect())
        });
        let headings = shown.iter().map(|played| variants::heading(&played.name));
        let table = figures_table("Tolerance", headings, rows);
        format!("\nWithin the tolerance, of years (or of outages, for restore_hours):\n{table}\n")
    }
}

fn within(verdict: &Verdict) -> String {
    let sign = match verdict.compliance {
        Compliance::Met => "met",
        Compliance::Missed => "missed",
        Compliance::Undecided => "open",
    };
    let share = verdict
        .within
        .map_or_else(|| "-".to_owned(), |within| format!("{:.1} %", 100.0 * within.share));
    format!("{share} {sign}")
}

fn quantiles(durations: &Durations) -> String {
    let span = |hours: f64| {
        if hours.is_finite() { show_duration(hours) } else { "open".to_owned() }
    };
    let times = |factor: f64| {
        if factor.is_finite() { figure(factor, 2) } else { "open".to_owned() }
    };
    let row = |row: &QuantileRow| {
        let unknown = || "-".to_owned();
        let ratio = if row.ratio.estimate.is_nan() { unknown() } else { times(row.ratio.estimate) };
        (
            format!("{:.0} %", 100.0 * row.probability),
            vec![
                span(row.assumed),
                row.observed.map_or_else(unknown, span),
                format!("{} to {}", span(row.interval.low), span(row.interval.high)),
                ratio,
                format!("{} to {}", times(row.ratio.interval.low), times(row.ratio.interval.high)),
            ],
        )
    };
    let interval = format!("{} interval", level(durations.confidence));
    let headings = ["assumed", "log", &interval, "factor", &interval].map(str::to_owned);
    figures_table("Over", headings, durations.rows.iter().map(row))
}

impl Answer for BenchmarkAnswer<'_> {
    fn text(&self) -> String {
        let all = benchmarks::played_variants(self.benchmark);
        let shown = &all[..all.len().min(VARIANTS)];
        let metric = crate::study::decide::risk_metric(self.scenario);
        let mut legend = String::new();
        for (name, meaning) in LEGEND {
            if shown.iter().any(|variant| variant.name == name) {
                legend.push_str(&format!(" \"{name}\" has {meaning}."));
            }
        }
        let changes = format!(
            "\n{}{}{}\n{}",
            terminal::heading("What the evidence changes"),
            paragraph(&format!(
                "{} ({}), {} of each variant, seed {}.{legend}",
                metric.name(),
                metric.unit(self.scenario.currency()),
                count(self.trials, "trial"),
                self.seed
            )),
            variants::figures(shown),
            self.tolerances(),
        );
        let answer: String =
            benchmark_words::of(self.benchmark).iter().map(|words| paragraph(words)).collect();
        let files = match &self.files[..] {
            [] => "Tables and charts: --output DIR; all figures: --format json.".to_owned(),
            files => format!("Written: {}.", files.join(", ")),
        };
        format!(
            "{}{}{changes}\n{answer}\n{}",
            paragraph(&self.title()),
            self.kinds(),
            paragraph(&files)
        )
    }

    fn json(&self) -> Json {
        let kind = |one: &AssumptionCheck| {
            let from = one.from.iter().map(|(name, reason, count)| {
                json!({ "name": name, "told_by": reason.word(), "incidents": count })
            });
            json!({
                "kind": one.subject.name(),
                "from": from.collect::<Json>(),
                "left_out": one.recovery.left_out.iter().map(|row| {
                    json!({ "line": row.line, "why": row.why.to_string() })
                }).collect::<Json>(),
                "words": words(one),
                "toml": self.line(one),
            })
        };
        let all = benchmarks::played_variants(self.benchmark);
        json!({
            "scenario": self.scenario.name,
            "log": self.log.1,
            "observed_hours": self.benchmark.observed,
            "span": match self.span { Span::Outage => "outage", Span::Repair => "repair" },
            "seed": self.seed,
            "trials": self.trials,
            "words": benchmark_words::of(self.benchmark),
            "kinds": self.benchmark.compared.iter().map(kind).collect::<Json>(),
            "assumptions": benchmarks::assumptions(self.benchmark),
            "quantiles": benchmarks::quantiles(self.benchmark),
            "recommendations": variants::recommendations(&all),
            "verdicts": benchmarks::verdicts(self.benchmark),
            "variants": crate::report::variants::table(&all),
            "files": self.files,
        })
    }
}
