//! One trial of two strategies, side by side: A is the first, B the second.

use super::{Clock, set, to_json, what, with_lines, written};
use crate::cli::failure::Failure;
use crate::cli::terminal::figures_table;
use crate::keys::Json;
use crate::report::table::{Cell, Rows};
use crate::report::text::{amount, harmless, width, wrap};
use crate::report::words::trace as words;
use crate::scenario::Scenario;
use crate::study::side_by_side::{SharedLine, Stretch, side_by_side};
use crate::study::trace::{Line, Trace};
use serde_json::json;
use std::collections::BTreeSet;

/// The stories of one trial.
pub(super) struct Both<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) first: &'a Trace,
    pub(super) second: &'a Trace,
}

impl Both<'_> {
    fn traces(&self) -> [&Trace; 2] {
        [self.first, self.second]
    }

    pub(super) fn text(&self) -> String {
        let title = words::title_of_both(self.scenario, self.first);
        let mut text: String =
            title.iter().map(|line| wrap(&harmless(line), width()).join("\n") + "\n").collect();
        for (letter, trace) in ["A", "B"].into_iter().zip(self.traces()) {
            text.push_str(&set(&format!("  {letter}  "), &harmless(&trace.strategy), width()));
        }
        let stretches = side_by_side(self.first, self.second);
        let mut clock = Clock::default();
        let mut begun = [BTreeSet::new(), BTreeSet::new()];
        for (at, stretch) in stretches.iter().enumerate() {
            text.push_str(&self.heading(stretch, at > 0, &mut begun));
            for shared in &stretch.lines {
                text.push_str(&row(shared, &clock.after(shared.line, stretch.onset)));
            }
        }
        if stretches.is_empty() {
            text.push_str(&format!("\n{}\n", words::NOTHING));
        }
        text + &self.totals()
    }

    /// What each strategy's outages in this stretch were; of those that have `begun` before only which
    /// they are.
    fn heading(
        &self,
        stretch: &Stretch<'_>,
        is_later: bool,
        begun: &mut [BTreeSet<usize>; 2],
    ) -> String {
        if stretch.onset.is_none() {
            return if is_later { "\nMeanwhile\n".to_owned() } else { "\n".to_owned() };
        }
        let mut text = "\n".to_owned();
        let told = self.traces().into_iter().zip(begun);
        for ((letter, (trace, begun)), numbers) in
            ["A", "B"].into_iter().zip(told).zip(&stretch.outages)
        {
            for &number in numbers {
                let Some(traced) = trace.outages.get(number - 1) else { continue };
                let is_first = begun.insert(number);
                let words = if is_first { words::outage } else { words::outage_again };
                let line = harmless(&words(number, traced));
                text.push_str(&set(&format!("{letter}  "), &line, width()));
            }
            if numbers.is_empty() {
                text.push_str(&format!("{letter}  {}\n", words::NO_OUTAGE));
            }
        }
        text
    }

    fn totals(&self) -> String {
        let rows = self.scenario.metrics().map(|metric| {
            let [a, b] = self.traces().map(|trace| trace.metrics[metric]);
            let shown = |value: f64| amount(value, metric.is_count());
            let sign = if b < a { "-" } else { "" };
            let less = format!("{sign}{}", shown((b - a).abs()));
            let unit = harmless(metric.unit(self.scenario.currency()));
            let name = match metric.name().ends_with("_hours") && unit == "h" {
                true => metric.name().to_owned(),
                false => format!("{}, {unit}", metric.name()),
            };
            (name, vec![shown(a), shown(b), less])
        });
        let headings = ["A", "B", "B less A"].map(str::to_owned);
        format!("\n{}\n", figures_table("Totals", headings, rows))
    }

    pub(super) fn csv(&self) -> Result<String, Failure> {
        let stretches = side_by_side(self.first, self.second);
        let all: Vec<SharedLine<'_>> =
            stretches.iter().flat_map(|one| one.lines.iter().copied()).collect();
        let lines: Vec<&Line> = all.iter().map(|shared| shared.line).collect();
        let mut table = with_lines(Rows::new(lines)).table();
        table.columns.insert(0, "told_by".into());
        for (cells, shared) in table.rows.iter_mut().zip(&all) {
            cells.insert(0, Cell::from(self.told_by(shared)));
        }
        written(&table)
    }

    /// The strategy that tells a line, or "both".
    fn told_by(&self, shared: &SharedLine<'_>) -> &str {
        match shared.told_by {
            [true, true] => "both",
            [true, _] => &self.first.strategy,
            _ => &self.second.strategy,
        }
    }

    pub(super) fn to_json(&self) -> Json {
        let stretches = side_by_side(self.first, self.second);
        let lines = stretches.iter().flat_map(|stretch| &stretch.lines);
        let line = |shared: &SharedLine<'_>| {
            let mut line = json!(shared.line);
            line["told_by"] = self.told_by(shared).into();
            line
        };
        json!({
            "scenario": self.scenario.name,
            "seed": self.first.seed,
            "trial": self.first.trial,
            "strategies": self.traces().map(|trace| to_json(self.scenario, trace)),
            "events": lines.map(line).collect::<Json>(),
        })
    }
}

/// When, how long after the onset, whose, where, what.
fn row(shared: &SharedLine<'_>, after: &str) -> String {
    let line = shared.line;
    let whose = match shared.told_by {
        [true, true] => "A B",
        [true, _] => "A  ",
        _ => "  B",
    };
    let start = format!("  {}  {after:>9}  {whose}  ", line.when);
    set(&start, &what(line), width())
}
