//! What a time is made of: one bar for each strategy, one segment for each part, such as a cause of
//! downtime or a step of a recovery.
//!
//! A segment carries the sign of its part, so that nobody has to match colours. Parts keep their
//! order, sign and colour in every bar and in every chart of a run.

use super::axis::Axis;
use super::legend::Key;
use super::palette::Colour;
use super::picture::{Picture, Run};
use super::plot::{Column, Plot};
use super::sheet::{Area, Group, Sheet};
use super::{ChartError, Palette, label, names, sentences, text};
use crate::metric::Metric;
use crate::report::table::{Cell, Rows, Table};
use crate::report::tables;
use crate::report::text::percent;

/// Least height of a row, pixels.
const ROW: f64 = 36.0;
/// Height of the signs above a bar, pixels.
const WORDS: f64 = 18.0;
/// Half the height of a bar, pixels.
const HALF_BAR: f64 = 11.0;
/// Side of the sample in the legend, pixels.
pub(super) const SWATCH: f64 = 18.0;

/// Mean times by part.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// What the chart says, in plain words.
    pub title: String,
    /// What the length of a bar is, without unit; the chart adds the unit that suits.
    pub x_label: String,
    /// Names of the parts.
    pub parts: Vec<String>,
    /// What the signs of the parts are.
    pub signs: Signs,
    /// Strategies, from top to bottom, each with its hours in the order of the parts.
    pub rows: Vec<(String, Vec<f64>)>,
    /// What stands in a row without any time, such as "no outages".
    pub nothing: &'static str,
    /// Whether the longest part of each bar is framed.
    pub longest: bool,
    /// What stands at the end of each bar.
    pub ends: Ends,
    /// The row of the recommended strategy.
    pub recommended: Option<usize>,
}

/// What stands at the end of each bar.
#[derive(Debug, Clone, PartialEq)]
pub enum Ends {
    /// The sum of its parts.
    Sums,
    /// Hours of another figure, by strategy, with the heading of the column: where parts overlap, their
    /// sum is more than the whole.
    Figures(&'static str, Vec<f64>),
}

/// The signs of parts. Two charts of one run take different signs for different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// 1, 2, 3.
    Digits,
    /// a, b, c.
    Letters,
}

/// A part as shown.
struct Part {
    name: String,
    sign: String,
    colour: Colour,
    /// By strategy.
    hours: Vec<f64>,
}

impl Bars {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no strategy, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let parts = self.shown(palette);
        let names = names(self.rows.iter().map(|(name, _)| name), &self.title)?;
        let total = |row: usize| parts.iter().map(|part| part.hours[row]).sum::<f64>();
        let totals: Vec<f64> = (0..names.len()).map(total).collect();
        let (unit, hours) = label::time_unit(totals.iter().copied().fold(0.0, f64::max));
        let greatest = totals.iter().copied().fold(0.0, f64::max) / hours;
        let (heading, ends) = match &self.ends {
            Ends::Sums => ("in all", &totals),
            Ends::Figures(heading, hours) => (*heading, hours),
        };
        let printed = ends.iter().map(|&hours| label::duration(hours));
        let mut sheet = Sheet::new(palette, &self.title);
        sheet.strong = self.recommended.map(|row| names[row].clone());
        let column = Column::new(heading, true, printed);
        let plot = sheet.rows(&names, self.row(palette), &[column], |start, end| {
            Axis::linear(greatest, start, end)
        });
        sheet.axes(&plot, [&format!("{}, {unit}", self.x_label), ""]);
        for (row, name) in names.iter().enumerate() {
            if totals[row] > 0.0 {
                self.draw_bar(&mut sheet, &plot, (&parts, row, name), hours);
            } else {
                let (x, y) = plot.at((0.0, row as f64 + 0.5));
                sheet.words(self.nothing, (x + 10.0, y));
            }
        }
        let base = [(plot.area.left, plot.area.top), (plot.area.left, plot.area.bottom)];
        sheet.line("", &[], &base, (palette.axis, 1.2));
        let mut keys: Vec<Key<'_>> = parts
            .iter()
            .map(|part| {
                Key::new(&part.name, |sheet, area| sheet.segment(&part.sign, part.colour, area))
            })
            .collect();
        if self.longest {
            let frame = |sheet: &mut Sheet<'_>, area| sheet.outline(area, sheet.palette.ink, 2.0);
            keys.push(Key::new("longest in its bar", frame));
        }
        sheet.legend(&keys, SWATCH);
        let rows =
            sentences(names.iter().enumerate(), |(row, name)| self.in_words(&parts, row, name));
        sheet.finish(&format!("{}.{rows}", self.x_label))
    }

    /// Least height of a row, pixels. On a narrow sheet signs above a bar need room below its name.
    fn row(&self, palette: &Palette) -> f64 {
        match self.signs {
            Signs::Letters if palette.is_narrow() => ROW + WORDS,
            _ => ROW,
        }
    }

    /// The parts, those without a sign of their own in one.
    fn shown(&self, palette: &Palette) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let own = match self.signs {
            Signs::Digits => palette.areas.len(),
            Signs::Letters => self.parts.len(),
        };
        let rest = self.parts.len().saturating_sub(own);
        for (index, name) in self.parts.iter().enumerate() {
            let hours = self.rows.iter().map(|(_, hours)| hours.get(index).copied().unwrap_or(0.0));
            let (sign, colour) = match self.signs {
                Signs::Digits => palette.part(index),
                Signs::Letters => palette.step(index),
            };
            let hours: Vec<f64> = hours.collect();
            // A step that takes no time anywhere is none of this run. The others keep sign and colour.
            if self.signs == Signs::Letters && hours.iter().all(|hours| *hours <= 0.0) {
                continue;
            }
            if index <= own {
                let name = if index < own { text::name(name) } else { other(rest) };
                parts.push(Part { name, sign, colour, hours });
            } else if let Some(last) = parts.last_mut() {
                last.hours.iter_mut().zip(hours).for_each(|(sum, hours)| *sum += hours);
            }
        }
        parts
    }

    fn draw_bar(
        &self,
        sheet: &mut Sheet<'_>,
        plot: &Plot,
        (parts, row, name): (&[Part], usize, &str),
        unit: f64,
    ) {
        let total: f64 = parts.iter().map(|part| part.hours[row]).sum();
        let longest = parts.iter().map(|part| part.hours[row]).fold(0.0, f64::max);
        let (mut before, mut framed) = (0.0, None);
        // Where the last sign above the bar ends. Digits stand inside only.
        let mut taken = match self.signs {
            Signs::Letters => f64::NEG_INFINITY,
            Signs::Digits => f64::INFINITY,
        };
        let ground = sheet.palette.background;
        for part in parts.iter().filter(|part| part.hours[row] > 0.0) {
            let hours = part.hours[row];
            let (left, y) = plot.at((before / unit, row as f64 + 0.5));
            let right = plot.x.at((before + hours) / unit);
            let area = Area { left, top: y - HALF_BAR, right, bottom: y + HALF_BAR };
            let share = percent(hours / total);
            let words = format!("{name}, {}: {}, {share}", part.name, label::duration(hours));
            sheet.titled(&words, |sheet| {
                sheet.rectangle(area, part.colour);
                taken = sheet.sign(&part.sign, (part.colour, area), right, taken);
                // A thin gap to the segment before, unless this one is hardly wider than the gap.
                if before > 0.0 && right - left > 2.5 {
                    sheet.path(&[(left, area.top), (left, area.bottom)], ground, 1.0);
                }
            });
            if self.longest && framed.is_none() && hours >= longest {
                framed = Some(area);
            }
            before += hours;
        }
        // Last, so that no neighbour covers it.
        if let Some(area) = framed {
            let ink = sheet.palette.ink;
            sheet.group(Group::default(), |sheet| sheet.outline(area.grown(1.0), ink, 2.0));
        }
    }

    fn in_words(&self, parts: &[Part], row: usize, name: &str) -> String {
        let total: f64 = parts.iter().map(|part| part.hours[row]).sum();
        if total <= 0.0 {
            return format!("{name}: {}", self.nothing);
        }
        let shown = parts.iter().filter(|part| part.hours[row] > 0.0);
        let shown = shown.map(|part| format!("{} {}", part.name, label::duration(part.hours[row])));
        let shown: Vec<String> = shown.collect();
        let end = match &self.ends {
            Ends::Sums => label::duration(total),
            Ends::Figures(heading, hours) => {
                format!(
                    "{heading} {}",
                    label::duration(hours.get(row).copied().unwrap_or(f64::NAN))
                )
            }
        };
        format!("{name}: {end} ({})", shown.join(", "))
    }
}

/// What stands for so many parts without a sign of their own.
pub(super) fn other(count: usize) -> String {
    format!("other ({count})")
}

/// Steps of a recovery, where any strategy has some.
pub(super) fn steps_of_run(run: &Run<'_>) -> Option<Picture> {
    let strategies = &run.results.summary.strategies;
    if strategies.iter().all(|result| result.steps.is_none()) {
        return None;
    }
    let steps = tables::steps(run.results, run.work);
    // All columns but the strategy and the total.
    let last = steps.columns.len() - 1;
    let hours = |row: &Vec<Cell>| -> Vec<f64> {
        row[1..last].iter().map(|cell| cell.number().unwrap_or(0.0)).collect()
    };
    let rows: Vec<Vec<f64>> = steps.rows.iter().map(hours).collect();
    let named = strategies.iter().map(|result| result.name.clone()).zip(rows);
    let chart = Bars {
        title: "Which step of a recovery takes the time".into(),
        x_label: "mean time from onset to current".into(),
        parts: steps.columns[1..last].iter().map(|step| step.replace('_', " ")).collect(),
        signs: Signs::Letters,
        rows: named.collect(),
        nothing: "no outages",
        longest: true,
        ends: Ends::Sums,
        recommended: run.results.decision.strategy,
    };
    Some(Picture {
        name: "restore-steps".into(),
        title: chart.title.clone(),
        explanation: "The mean outage, step by step. A step counts only where the end had to wait \
                      for it: what comes back by itself, or is repaired by a provider, waits for \
                      nobody. Waiting until staffed is from an alarm out of hours to the next staffed \
                      hour. Waiting for staff is the time in which nobody is free, or in which \
                      hands-on work rests outside staffed hours; how the work divides is watched \
                      in the first 1,000 trials. The longest step is the one to shorten first. A \
                      strategy that spares short outages has a longer mean."
            .into(),
        table: steps,
        draw: Box::new(move |palette| chart.draw(palette)),
    })
}

/// Mean time of outages in a trial by strategy and cause.
fn causes_table(run: &Run<'_>, causes: &[String]) -> Table {
    let strategies = run.results.summary.strategies.iter();
    let rows = strategies.flat_map(|result| {
        let hours = result.by_fault(|row| row.outage_hours);
        let of = move |(number, cause): (usize, &String)| {
            let found = hours.iter().find(|(name, _)| name == cause);
            found.map(|(_, hours)| (result.name.clone(), number + 1, cause.clone(), *hours))
        };
        causes.iter().enumerate().filter_map(of).collect::<Vec<_>>()
    });
    let rows: Vec<_> = rows.collect();
    Rows::new(&rows)
        .column("strategy", |row| &row.0)
        .column("number", |row| row.1)
        .column("cause", |row| &row.2)
        .column("outage_hours", |row| row.3)
        .table()
}

/// Causes of downtime.
pub(super) fn causes_of_run(run: &Run<'_>) -> Picture {
    let causes = run.causes();
    let rows = run.results.summary.strategies.iter().map(|result| {
        let hours = result.by_fault(|row| row.outage_hours);
        let of = |cause: &String| {
            hours.iter().find(|(name, _)| name == cause).map_or(0.0, |(_, hours)| *hours)
        };
        (result.name.clone(), causes.iter().map(of).collect())
    });
    let table = causes_table(run, &causes);
    let downtime = run
        .results
        .summary
        .strategies
        .iter()
        .map(|result| result.row(Metric::DowntimeHours).map_or(f64::NAN, |row| row.mean));
    let chart = Bars {
        title: "What the downtime comes from".into(),
        x_label: format!("mean length of outages per {}", run.period()),
        rows: rows.collect(),
        signs: Signs::Digits,
        nothing: "no downtime in any trial",
        longest: false,
        ends: Ends::Figures("downtime", downtime.collect()),
        recommended: run.results.decision.strategy,
        parts: causes,
    };
    Picture {
        name: "downtime-by-cause".into(),
        title: chart.title.clone(),
        explanation:
            "Mean length of outages, imports and full syncs included, by what began them. The \
                      downtime beside a bar leaves those out and counts an overlap once, so that it may \
                      be less. What is left under every strategy is what none of them cures."
                .into(),
        table,
        draw: Box::new(move |palette| chart.draw(palette)),
    }
}
