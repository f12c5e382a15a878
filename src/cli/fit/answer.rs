//! What `outlast fit` prints.

use super::backtest_answer;
use super::json::{columns, variable};
use super::table::{shown, table};
use crate::cli::output::Answer;
use crate::cli::terminal::heading;
use crate::evidence::analysis::Analysis;
use crate::evidence::backtest::Backtest;
use crate::evidence::log::{IncidentLog, Role};
use crate::evidence::sample::{LeftOut, Quantity};
use crate::evidence::words::unfitted;
use crate::keys::Json;
use crate::report::text::{count, grouped, level, paragraph, plural};
use crate::units::show_duration;
use serde_json::json;

/// Lines named for each reason before the rest is only counted.
const LINES: usize = 12;

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
        let mut text = paragraph(&self.heading());
        for note in &self.log.notes {
            text.push_str(&paragraph(&format!("Note: {note}.")));
        }
        for analysis in self.analyses {
            text.push('\n');
            text.push_str(&section(analysis));
        }
        if let Some(backtest) = self.backtest {
            text.push_str(&format!("\n{}", backtest_answer::text(backtest)));
        }
        if !self.files.is_empty() {
            let charts = self.files.iter().filter(|file| file.ends_with(".svg")).count();
            let tables = self.files.iter().filter(|file| file.ends_with(".csv"));
            let mut written: Vec<String> = tables.cloned().collect();
            written.push(count(charts, "chart"));
            text.push_str(&format!(
                "\n{}",
                paragraph(&format!("Written: {}.", written.join(", ")))
            ));
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

impl Fitted<'_> {
    fn heading(&self) -> String {
        let named = |role: Role| {
            let heading = self.log.headings.get(self.log.columns.place(role)?)?;
            Some(if heading == role.name() {
                heading.clone()
            } else {
                format!("{} = {heading}", role.name())
            })
        };
        let roles: Vec<String> = Role::ALL.into_iter().filter_map(named).collect();
        let rows = count(self.log.len(), "row");
        format!("{}: {rows}, read as {}", self.name, roles.join(", "))
    }
}

fn section(analysis: &Analysis) -> String {
    let variable = &analysis.variable;
    let what = match variable.quantity {
        Quantity::Recovery => "Time to recovery",
        Quantity::Between => "Time between failures",
    };
    let group = match &variable.group {
        Some(group) if group.is_empty() => ", without a group".to_owned(),
        Some(group) => format!(", {group}"),
        None => String::new(),
    };
    let mut text = heading(&format!("{what}{group}"));
    text.push_str(&paragraph(&counts(analysis)));
    for line in left_out(&variable.left_out) {
        text.push_str(&paragraph(&line));
    }
    if !variable.censored_lines.is_empty() {
        let lines = lines_of(&variable.censored_lines);
        text.push_str(&paragraph(&format!("Lower bounds: {lines}")));
    }
    if !analysis.fits.is_empty() {
        text.push_str(&format!("\n{}\n", table(analysis)));
        text.push_str(&paragraph(&legend(analysis)));
    }
    for line in unfitted(&analysis.unfit) {
        text.push_str(&paragraph(&format!("No fit: {line}")));
    }
    for words in &analysis.words {
        text.push_str(&format!("\n{}", paragraph(words)));
    }
    if let Some(toml) = analysis.toml() {
        text.push_str(&format!("\nFor the scenario:\n  {} = {toml}\n", analysis.scenario_key()));
        if variable.quantity == Quantity::Between {
            text.push_str(&paragraph(UP_TIME));
        }
    }
    text
}

/// The log's gaps and the scenario's are not quite the same.
const UP_TIME: &str = "  (from start to start; a scenario counts from the return of service, which \
                       is shorter by the repair)";

fn counts(analysis: &Analysis) -> String {
    let sample = &analysis.variable.sample;
    let observed = sample.observed();
    let mut words = count(sample.len(), "duration");
    if !sample.censored().is_empty() {
        let bounds = count(sample.censored().len() as u64, "lower bound");
        words.push_str(&format!(", {bounds} among them"));
    }
    if let [only] = observed {
        words.push_str(&format!("; the complete one took {}", show_duration(*only)));
    } else if let (Some(first), Some(last)) = (observed.first(), observed.last()) {
        let mean = observed.iter().map(|x| x / observed.len() as f64).sum::<f64>();
        let middle = observed.len() / 2;
        let median = if observed.len() % 2 == 1 {
            observed[middle]
        } else {
            0.5 * (observed[middle - 1] + observed[middle])
        };
        words.push_str(&format!(
            "; complete ones from {} to {}, median {}, mean {}",
            show_duration(*first),
            show_duration(*last),
            show_duration(median),
            show_duration(mean)
        ));
    }
    words
}

/// One line for each reason, with the lines of the file.
fn left_out(rows: &[LeftOut]) -> Vec<String> {
    let mut kinds: Vec<(&'static str, Vec<u64>)> = Vec::new();
    for row in rows {
        match kinds.iter_mut().find(|(kind, _)| *kind == row.why.kind()) {
            Some((_, lines)) => lines.push(row.line),
            None => kinds.push((row.why.kind(), vec![row.line])),
        }
    }
    kinds.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.len()));
    let line = |(kind, lines): &(&str, Vec<u64>)| {
        format!("Left out, {kind}: {}, {}", count(lines.len(), "row"), lines_of(lines))
    };
    kinds.iter().map(line).collect()
}

/// "line 3", "lines 3, 8, 9 and 4 more".
fn lines_of(lines: &[u64]) -> String {
    let shown: Vec<String> = lines.iter().take(LINES).map(u64::to_string).collect();
    let more = lines.len().saturating_sub(LINES);
    let rest = if more > 0 {
        format!(" and {} more (all in --format json)", grouped(more as u64))
    } else {
        String::new()
    };
    format!("{} {}{rest}", plural(lines.len() as u64, "line"), shown.join(", "))
}

fn legend(analysis: &Analysis) -> String {
    let mut words = String::new();
    if let Some(best) = analysis.recommended() {
        let names = best.estimate.family.parameters();
        let interval = |(name, (low, high)): (&&str, &(f64, f64))| {
            format!("{name} from {} to {}", shown(name, *low), shown(name, *high))
        };
        let ends = best.intervals.iter().flatten();
        let intervals: Vec<String> = names.iter().zip(ends).map(interval).collect();
        words.push_str("* recommended");
        if !intervals.is_empty() {
            words.push_str(&format!(
                "; {} intervals: {}",
                level(analysis.confidence),
                intervals.join(", ")
            ));
        }
        words.push_str(". ");
    }
    if analysis.replicates > 0 {
        words.push_str(&format!(
            "p: share of samples of the law at least as far from their own fit (AD \
             Anderson-Darling, KS Kolmogorov-Smirnov; {} replicates).",
            grouped(analysis.replicates as u64)
        ));
    }
    words
}
