//! What `outlast benchmark` prints.

use crate::benchmark::assumed::Span;
use crate::benchmark::{AssumptionCheck, Benchmark};
use crate::cli::output::{Answer, written};
use crate::cli::terminal::{figures_table, heading};
use crate::cli::variants;
use crate::evidence::assumption::{Durations, QuantileRow};
use crate::evidence::log::IncidentLog;
use crate::keys::Json;
use crate::report::benchmarks;
use crate::report::text::{figure, harmless, item, paragraph, width};
use crate::report::words::{benchmark as words, condition};
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
    pub(super) files: Vec<String>,
}

/// Variants that are shown side by side; the others are in the files.
const VARIANTS: usize = 3;

impl BenchmarkAnswer<'_> {
    /// Before all else: what nothing tells.
    fn unknown(&self) -> String {
        let Some((warning, options)) = words::unknown_causes(self.benchmark) else {
            return String::new();
        };
        format!("{}  {}\n\n", paragraph(&warning), options.join("\n  "))
    }

    fn kinds(&self) -> String {
        self.benchmark.compared.iter().map(|one| self.kind(one)).collect()
    }

    fn kind(&self, one: &AssumptionCheck) -> String {
        let mut text = format!("\n{}", heading(&words::heading(one)));
        if let Some(durations) = &one.durations {
            text.push_str(&quantiles(durations));
            text.push_str("\n\n");
        }
        text.extend(words::findings(one).iter().map(|finding| item(finding)));
        if let Some(line) = benchmarks::line(one, self.span) {
            text.push_str(&format!("    {}\n", line.replace('\n', "\n    ")));
        }
        text
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
            (
                harmless(&format!("{name}: {}", condition(&first.scenario, &verdict.tolerance))),
                cells.collect(),
            )
        });
        let headings = shown.iter().map(|played| variants::heading(&played.name));
        let table = figures_table("Tolerance", headings, rows);
        format!("\n{}{table}\n", paragraph(&words::tolerances(&first.scenario)))
    }
}

fn within(verdict: &Verdict) -> String {
    let sign = match verdict.compliance {
        Compliance::Met => "met",
        Compliance::Missed => "missed",
        Compliance::Undecided => "undecided",
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
    let row = |row: &QuantileRow, between: &str| {
        let unknown = || "-".to_owned();
        let ratio = if row.ratio.estimate.is_nan() { unknown() } else { times(row.ratio.estimate) };
        (
            format!("{:.0} %", 100.0 * row.probability),
            vec![
                span(row.assumed),
                row.observed.map_or_else(unknown, span),
                format!("{}{between}{}", span(row.interval.low), span(row.interval.high)),
                ratio,
                format!(
                    "{}{between}{}",
                    times(row.ratio.interval.low),
                    times(row.ratio.interval.high)
                ),
            ],
        )
    };
    let interval = "interval".to_owned();
    let headings = ["assumed", "log", &interval, "factor", &interval].map(str::to_owned);
    let table = |between| {
        let rows = durations.rows.iter().map(|one| row(one, between));
        figures_table("Quantile", headings.clone(), rows)
    };
    let whole = table("–");
    // Where that is too wide, each interval takes two lines.
    if whole.lines().any(|line| line.chars().count() > width()) { table("–\n") } else { whole }
}

impl Answer for BenchmarkAnswer<'_> {
    fn text(&self) -> String {
        let all = benchmarks::played_variants(self.benchmark);
        let shown = &all[..all.len().min(VARIANTS)];
        let names: Vec<&str> = shown.iter().map(|variant| variant.name).collect();
        let changes = format!(
            "\n{}{}{}\n{}",
            heading("What the evidence changes"),
            paragraph(&words::variants(self.scenario, &names, self.benchmark.trials, self.seed)),
            variants::figures(shown),
            self.tolerances(),
        );
        let answer: String =
            words::answer(self.benchmark).iter().map(|words| paragraph(words)).collect();
        let files = match &self.files[..] {
            [] => "Tables and charts: --output DIR; all figures: --format json.".to_owned(),
            files => written(files),
        };
        let rule = words::rule(self.benchmark);
        let rule = rule.map_or(String::new(), |rule| format!("\n{}", paragraph(&rule)));
        let notes = self.log.0.notes.iter().map(|note| paragraph(&format!("Note: {note}.")));
        format!(
            "{}{}{}{}{changes}\n{answer}\n{}",
            self.unknown(),
            paragraph(&words::title(
                self.scenario,
                self.benchmark,
                (&self.log.1, self.log.0.len()),
                self.span,
                self.observed_given
            )),
            notes.collect::<String>(),
            self.kinds() + &rule,
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
                "words": words::findings(one),
                "toml": benchmarks::line(one, self.span),
            })
        };
        let all = benchmarks::played_variants(self.benchmark);
        json!({
            "scenario": self.scenario.name,
            "log": self.log.1,
            "observed_hours": self.benchmark.observed,
            "notes": self.log.0.notes,
            "span": self.span.name(),
            "seed": self.seed,
            "trials": self.benchmark.trials,
            "unknown": words::unknown_causes(self.benchmark).map(|(warning, options)| {
                json!({ "warning": warning, "options": options })
            }),
            "words": words::answer(self.benchmark),
            "rule": words::rule(self.benchmark),
            "kinds": self.benchmark.compared.iter().map(kind).collect::<Json>(),
            "assumptions": benchmarks::assumptions(self.benchmark),
            "quantiles": benchmarks::quantiles(self.benchmark),
            "recommendations": crate::report::variants::recommendations(&all),
            "verdicts": crate::report::variants::verdicts(&all),
            "variants": crate::report::variants::table(&all),
            "files": self.files,
        })
    }
}
