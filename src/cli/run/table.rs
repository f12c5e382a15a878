//! The table of `outlast run`: as many columns as fit the width, the most needed first.

use crate::cli::terminal::{figures_table, stacked};
use crate::metric::Metric;
use crate::report::text::{capitalized, figure, harmless, width, wrap};
use crate::report::words::{label, percentile};
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::study::results::Results;
use crate::study::verdict::{Compliance, Verdict};

/// What a column shows of each strategy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shown {
    /// The mean of a metric, with its interval.
    Mean(Metric),
    /// Its 95 % point.
    P95(Metric),
    /// What a tolerance limits: the value within which the share stays that it asks for.
    Tolerance(Tolerance),
    /// What of the cost is spent, on average.
    Spending,
}

/// A column before it is known how wide it will be.
struct Column {
    shown: Shown,
    /// What stands at the top, and at the foot: statistic and unit.
    heading: (String, String),
    /// By strategy.
    cells: Vec<String>,
}

/// A run that is shown as a table.
pub(super) struct RunTable<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) results: &'a Results,
}

/// Between two columns.
const GAP: usize = 2;

impl RunTable<'_> {
    /// The table, and what its columns show.
    pub(super) fn text(&self) -> (String, Vec<Shown>) {
        let columns = self.fitting();
        let headings = columns.iter().map(|column| (&column.heading.0, &column.heading.1));
        let names = self.results.summary.strategies.iter().map(|strategy| harmless(&strategy.name));
        let cells = |at: usize| columns.iter().map(|column| column.cells[at].clone()).collect();
        let rows = names.enumerate().map(|(at, name)| (name, cells(at)));
        let text = figures_table("Strategy", stacked(headings), rows);
        (text, columns.iter().map(|column| column.shown).collect())
    }

    /// The columns that there is room for beside the names, in their order.
    fn fitting(&self) -> Vec<Column> {
        let names = self.results.summary.strategies.iter().map(|one| one.name.chars().count());
        let name =
            names.max().unwrap_or_default().clamp("Strategy".len(), (width() * 3 / 10).max(20));
        let mut room = width().saturating_sub(name);
        let mut columns: Vec<(usize, Column)> = self
            .wanted()
            .into_iter()
            .map_while(|(place, shown)| {
                let column = self.column(shown);
                room = room.checked_sub(column.width() + GAP)?;
                Some((place, column))
            })
            .collect();
        columns.sort_by_key(|(place, _)| *place);
        columns.into_iter().map(|(_, column)| column).collect()
    }

    /// All columns with their place in the table, the most needed first: the cost, what tolerances
    /// limit, then what says most of the rest.
    fn wanted(&self) -> Vec<(usize, Shown)> {
        let is_priced = self.scenario.costs.is_some();
        let organisation = &self.scenario.world.organisation;
        let mut strategies = self.scenario.strategies.iter();
        let has_stale = strategies.any(|strategy| strategy.has_cloud_passwords(organisation));
        // In the order of the table; the number says how soon a column is needed.
        let mut all = vec![(2, Shown::Mean(Metric::DowntimeHours))];
        if has_stale {
            all.push((3, Shown::Mean(Metric::StaleUserHours)));
            all.push((6, Shown::P95(Metric::StaleUserHours)));
        }
        if self.scenario.world.sign_in.is_some() {
            all.push((3, Shown::Mean(Metric::SignInUserHours)));
            all.push((4, Shown::P95(Metric::SignInUserHours)));
        }
        all.push((5, Shown::Mean(Metric::WritebackLost)));
        all.push((4, Shown::P95(Metric::LongestOutageHours)));
        for &tolerance in &self.scenario.tolerances {
            let needed = (1, Shown::Tolerance(tolerance));
            let is_twin = |shown: &Shown| {
                *shown == Shown::Tolerance(tolerance)
                    || matches!(*shown, Shown::P95(metric) if tolerance.confidence == 0.95
                        && tolerance.criterion == Criterion::Metric(metric))
            };
            match all.iter_mut().find(|(_, shown)| is_twin(shown)) {
                Some(twin) => *twin = needed,
                None => all.push(needed),
            }
        }
        if is_priced {
            all.push((7, Shown::Spending));
            all.push((0, Shown::Mean(Metric::Cost)));
        }
        let mut all: Vec<(usize, (u8, Shown))> = all.into_iter().enumerate().collect();
        all.sort_by_key(|(_, (needed, _))| *needed);
        all.into_iter().map(|(place, (_, shown))| (place, shown)).collect()
    }

    fn column(&self, shown: Shown) -> Column {
        let strategies = 0..self.results.summary.strategies.len();
        let cells: Vec<(String, Option<char>)> =
            strategies.map(|strategy| self.cell(shown, strategy)).collect();
        let is_marked = cells.iter().any(|(_, mark)| mark.is_some());
        let cell = |(text, mark): (String, Option<char>)| match mark {
            _ if !is_marked => text,
            Some(mark) => format!("{text} {mark}"),
            // Digits stand below digits.
            None => text + "\u{a0}\u{a0}",
        };
        let cells = cells.into_iter().map(cell).collect();
        Column { shown, heading: self.heading(shown), cells }
    }

    /// A figure, with its interval below where there is one, and how it stands to its tolerance.
    fn cell(&self, shown: Shown, strategy: usize) -> (String, Option<char>) {
        let result = &self.results.summary.strategies[strategy];
        let text = match shown {
            Shown::Mean(metric) => result.row(metric).map(|row| {
                let interval = row.mean_interval.map(|interval| interval.half_width());
                let interval = interval.map(|half| format!("\n±{}", figure(half, 2)));
                figure(row.mean, 3) + &interval.unwrap_or_default()
            }),
            Shown::P95(metric) => result.row(metric).map(|row| figure(row.p95, 3)),
            Shown::Tolerance(tolerance) => {
                result.lowest_limit(&tolerance).map(|limit| figure(limit, 3))
            }
            Shown::Spending => Some(figure(self.results.decision.risks[strategy].spending, 3)),
        };
        let Shown::Tolerance(tolerance) = shown else {
            return (text.unwrap_or_default(), None);
        };
        let is_of = |one: &&Verdict| one.strategy == strategy && one.tolerance == tolerance;
        let verdict = self.results.verdicts.iter().find(is_of);
        let mark = verdict.and_then(|verdict| mark(verdict.compliance));
        (text.unwrap_or_else(|| "-".to_owned()), mark)
    }

    fn heading(&self, shown: Shown) -> (String, String) {
        let unit = |metric: Metric| match metric {
            Metric::StaleUserHours | Metric::SignInUserHours => "user-h",
            Metric::WritebackLost => "count",
            metric => metric.unit(self.scenario.currency()),
        };
        let (name, statistic, unit) = match shown {
            Shown::Mean(metric) => {
                (name(Criterion::Metric(metric)), "mean".to_owned(), unit(metric))
            }
            Shown::P95(metric) => (name(Criterion::Metric(metric)), percentile(0.95), unit(metric)),
            Shown::Tolerance(tolerance) => {
                let unit = match tolerance.criterion {
                    Criterion::Metric(metric) => unit(metric),
                    Criterion::RestoreHours => "h",
                };
                (name(tolerance.criterion), percentile(tolerance.confidence), unit)
            }
            Shown::Spending => ("Spending".to_owned(), "mean".to_owned(), self.scenario.currency()),
        };
        (name, format!("{statistic}\n{}", harmless(unit)))
    }
}

impl Column {
    fn width(&self) -> usize {
        let (name, foot) = &self.heading;
        let texts = [name, foot].into_iter().chain(&self.cells);
        let lines = texts.flat_map(|text| text.lines());
        lines.map(|line| line.chars().count()).max().unwrap_or_default()
    }
}

/// The mark of a figure that does not surely keep its tolerance.
fn mark(compliance: Compliance) -> Option<char> {
    match compliance {
        Compliance::Met => None,
        Compliance::Missed => Some('x'),
        Compliance::Undecided => Some('?'),
    }
}

/// What a column is called, on short lines.
fn name(criterion: Criterion) -> String {
    const ROOM: usize = 10;
    match criterion {
        Criterion::Metric(Metric::StaleUserHours) => "Stale".to_owned(),
        Criterion::Metric(Metric::SignInUserHours) => "No\nsign-in".to_owned(),
        Criterion::Metric(Metric::WritebackLost) => "Writeback\nlost".to_owned(),
        criterion => wrap(&capitalized(label(criterion)), ROOM).join("\n"),
    }
}
