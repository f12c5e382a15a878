//! When in the week it hurts most: one cell for each hour from Monday to Sunday.
//!
//! The colours only grow lighter or darker with the value, so that every eye sees the same order.
//! The greatest and the least hour are said in words below.

use super::axis::{Axis, Tick};
use super::legend::Key;
use super::picture::{Picture, Run};
use super::plot::Plot;
use super::sheet::{Area, Group, Sheet};
use super::{ChartError, Palette, label, sentences};
use crate::report::tables;
use crate::report::text::quoted;

/// Height of a cell, pixels.
const CELL: f64 = 29.0;
/// Width of a sample in the legend, pixels.
const SWATCH: f64 = 28.0;
/// Hours of a day.
const HOURS: usize = 24;
/// Names of the days.
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A number for each hour of the week.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    /// What the chart says, in plain words.
    pub title: String,
    /// What the hours are, such as "hour of the day, local time".
    pub x_label: String,
    /// What a cell shows, with its unit.
    pub unit: String,
    /// By day, Monday first, and hour: a number of 0 or more, or `None` where there is none.
    pub values: [[Option<f64>; HOURS]; 7],
}

/// An hour of the week with its value.
type Hour = (usize, usize, f64);

impl Heat {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// A number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let hours: Vec<Hour> = self.hours().collect();
        let scale = scale(&hours);
        let mut sheet = Sheet::new(palette, &self.title);
        sheet.lead(&format!("each cell: {} of one outage that begins in that hour", self.unit));
        let ticks = (0..=HOURS).step_by(3);
        let tick = |hour: usize| Tick { value: hour as f64, label: format!("{hour}:00") };
        // The cells take the whole width of a narrow sheet, so names stand beside them, short.
        let shown = if palette.is_narrow() { 3 } else { usize::MAX };
        let names = DAYS.map(|day| day.chars().take(shown).collect::<String>());
        let plot = sheet.rows_beside(&names, CELL, &[], |start, end| {
            Axis::given(HOURS as f64, ticks.clone().map(tick).collect(), start, end)
        });
        sheet.axes(&plot, [&self.x_label, ""]);
        // The mesh must not show between the cells.
        sheet.group(Group::default(), |sheet| sheet.rectangle(plot.area, palette.background));
        for &(day, hour, value) in &hours {
            let words = format!("{}: {} {}", time_of(day, hour), label::number(value), self.unit);
            let cell = cell(&plot, day, hour);
            let colour = palette.heat_at(scale.share(value));
            sheet.titled(&words, |sheet| {
                if value.is_finite() { sheet.rectangle(cell, colour) } else { sheet.misplace() }
            });
        }
        let keys = scale.ticks.iter().map(|tick| {
            let colour = palette.heat_at(scale.share(tick.value));
            Key::area(&tick.label, colour)
        });
        sheet.legend(&keys.collect::<Vec<_>>(), SWATCH);
        let notes = self.notes(&hours);
        sheet.notes(&notes);
        let day = |(day, name): (usize, &&str)| {
            let values = hours.iter().filter(|hour| hour.0 == day).map(|hour| hour.2);
            let mean = values.clone().sum::<f64>() / values.count().max(1) as f64;
            format!("{name}: mean {}", label::number(mean))
        };
        let days = sentences(DAYS.iter().enumerate(), day);
        sheet.finish(&format!("{} by hour of the week. {}{days}", self.unit, notes.join(" ")))
    }

    fn hours(&self) -> impl Iterator<Item = Hour> {
        let day = |(day, hours): (usize, &[Option<f64>; HOURS])| {
            let there = hours.iter().enumerate();
            let there = there.filter_map(move |(hour, value)| Some((day, hour, (*value)?)));
            there.collect::<Vec<_>>()
        };
        self.values.iter().enumerate().flat_map(day)
    }

    /// The greatest and the least hour, when hours differ, and what is missing.
    fn notes(&self, hours: &[Hour]) -> Vec<String> {
        let mut notes = Vec::new();
        let end = |pick: fn(f64, f64) -> f64| hours.iter().map(|hour| hour.2).reduce(pick);
        if let (Some(greatest), Some(least)) = (end(f64::max), end(f64::min))
            && greatest > least
        {
            let [greatest, least] = [greatest, least].map(|value| said(hours, value));
            notes.push(format!("Greatest: {greatest}. Least: {least}."));
            notes.extend(worst_block(hours));
        }
        let missing = HOURS * DAYS.len() - hours.len();
        if missing > 0 {
            notes.push(format!("Empty: no value ({missing} of 168 hours)."));
        }
        notes
    }
}

/// From values to shares of the colour scale: from 0, unless all values are close together.
fn scale(hours: &[Hour]) -> Axis {
    let low = hours.iter().map(|hour| hour.2).reduce(f64::min).unwrap_or(0.0);
    let high = hours.iter().map(|hour| hour.2).fold(0.0, f64::max);
    if low > 0.5 * high {
        Axis::span(low, high, 0.0, 500.0)
    } else {
        Axis::linear(high, 0.0, 500.0)
    }
}

/// A value with the hours that show it: one by its name, several by their number.
fn said(hours: &[Hour], value: f64) -> String {
    let shown = label::number(value);
    let alike: Vec<&Hour> = hours.iter().filter(|hour| label::number(hour.2) == shown).collect();
    match alike.as_slice() {
        [(day, hour, _)] => format!("{shown}, {}", time_of(*day, *hour)),
        _ => format!("{shown}, in {} hours of the week", alike.len()),
    }
}

/// The hours near the greatest value, where they are the same hours of neighbouring days: "Monday to
/// Friday, 8:00 to 17:00".
fn worst_block(hours: &[Hour]) -> Option<String> {
    /// How near to the greatest value, as a share of it.
    const NEAR: f64 = 0.9;
    let greatest = hours.iter().map(|hour| hour.2).reduce(f64::max)?;
    let near: Vec<&Hour> = hours.iter().filter(|hour| hour.2 >= NEAR * greatest).collect();
    let ends = |of: fn(&Hour) -> usize| {
        let all = || near.iter().map(|hour| of(hour));
        Some((all().min()?, all().max()?))
    };
    let (first, last) = ends(|hour| hour.0)?;
    let (from, to) = ends(|hour| hour.1)?;
    let whole = (last - first + 1) * (to - from + 1) == near.len();
    if !whole || near.len() == hours.len() || near.len() < 2 {
        return None;
    }
    let days = match first == last {
        true => DAYS[first].to_owned(),
        false => format!("{} to {}", DAYS[first], DAYS[last]),
    };
    Some(format!("Within a tenth of the greatest: {days}, {from}:00 to {}:00.", to + 1))
}

/// When an hour is, such as "Monday 9:00 to 10:00".
fn time_of(day: usize, hour: usize) -> String {
    format!("{} {hour}:00 to {}:00", DAYS[day % DAYS.len()], hour + 1)
}

fn cell(plot: &Plot, day: usize, hour: usize) -> Area {
    let corners = [0.0, 1.0].map(|edge| plot.at((hour as f64 + edge, day as f64 + edge)));
    Area::between(corners[0], corners[1]).grown(-0.5)
}

/// The picture of a run, where the harm by hour is known.
pub(super) fn of_run(run: &Run<'_>) -> Option<Picture> {
    let harm = run.harm?;
    let middle = if harm.is_median { "median" } else { "mean" };
    let what = if harm.is_median { "typical outage" } else { "mean outage" };
    let chart = Heat {
        title: format!("When an outage hurts most: {} of a {what}", harm.metric.label()),
        x_label: "hour of the day in which it begins, local time".into(),
        unit: harm.metric.label().to_owned(),
        values: harm.hours,
    };
    let name = &run.scenario.strategies[harm.strategy].name;
    Some(Picture {
        name: "hour-of-week".into(),
        title: chart.title.clone(),
        explanation: format!(
            "What one outage does under {} that begins at that hour of the week, with the same \
             draws at every hour: the {middle} over the faults, as often as they come. Rare \
             disasters are left out.",
            quoted(name),
        ),
        table: tables::harm(harm),
        draw: Box::new(move |palette| chart.draw(palette)),
    })
}
