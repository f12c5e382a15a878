//! When in the week it hurts most: one cell for each hour from Monday to Sunday.
//!
//! The colours only grow lighter or darker with the value, so that every eye sees the same order.
//! The greatest and the least cell are framed and said in words below.

use super::axis::{Axis, TICKS_HEIGHT, Tick};
use super::frame::{
    Anchor, Area, Drawn, EDGE, Frame, Group, Heading, LINE, NAME_SIZE, Pen, Point, SMALL_SIZE,
    Setting, WIDTH,
};
use super::legend::{Entry, Legend};
use super::palette::Colour;
use super::{ChartError, Palette, amount, label, text};

/// Height of a cell, pixels.
const CELL: f64 = 29.0;
/// Room between the sample and the name in the key, pixels.
const SWATCH: f64 = 28.0;
/// Height of the colour bar, pixels.
const BAR: f64 = 14.0;
/// Width of the colour bar, pixels.
const BAR_WIDTH: f64 = 420.0;
/// Pieces of the colour bar.
const PIECES: u32 = 105;
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

/// A cell: day and hour.
type Cell = (usize, usize);

/// Why a cell is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Greatest,
    Least,
    Absent,
}

/// What is known before drawing begins.
struct Plan {
    values: [[Option<f64>; HOURS]; 7],
    /// Greatest and least cell with their values, when cells differ.
    extremes: Option<[(Cell, f64); 2]>,
    plot: Area,
    /// From values to places on the colour bar.
    scale: Axis,
}

impl Heat {
    /// The chart as SVG text.
    ///
    /// # Errors
    ///
    /// [`ChartError::OutOfRange`] for a number that is none or negative.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let heading = Heading::plan(&self.title);
        let plan = self.plan(&heading)?;
        let marks = plan.marks();
        let entries =
            marks.iter().map(|&mark| Entry { name: plan.in_words(mark), note: String::new() });
        let legend = Legend::plan(entries.collect(), SWATCH);
        let bar_top = plan.plot.bottom + TICKS_HEIGHT + LINE + 16.0 + LINE + 4.0;
        let legend_top = bar_top + BAR + TICKS_HEIGHT + 8.0;
        let mut frame = Frame::new(palette, legend_top + legend.height() + 12.0, &heading)?;
        plan.draw_days(&mut frame)?;
        // Before the cells: its grid lines would cross them.
        plan.hours().draw_below(&mut frame, plan.plot, &self.x_label)?;
        plan.draw_cells(&mut frame, &text::clean(&self.unit))?;
        self.draw_scale(&mut frame, &plan, bar_top)?;
        legend.draw(&mut frame, legend_top, |frame, index, (x, y)| {
            let area = Area { left: x, top: y - 9.0, right: x + SWATCH, bottom: y + 9.0 };
            let mark = marks[index];
            let colour = plan.colour(plan.value_of(mark), palette);
            frame.group(Group::default(), |pen| draw_cell(pen, area, colour, (Some(mark), palette)))
        })?;
        Ok(frame.finish(&self.title, &self.description(&plan)))
    }

    fn plan(&self, heading: &Heading) -> Result<Plan, ChartError> {
        let chart = text::name(&self.title);
        let mut values = self.values;
        for value in values.iter_mut().flatten().flatten() {
            *value = amount(&chart, "a value", *value)?;
        }
        let cells = || {
            let day = |(day, hours): (usize, &[Option<f64>; HOURS])| {
                let cells = hours.iter().enumerate();
                cells.filter_map(move |(hour, v)| Some(((day, hour), (*v)?))).collect::<Vec<_>>()
            };
            values.iter().enumerate().flat_map(day)
        };
        // Of equal cells the first.
        let greatest = cells().reduce(|a, b| if b.1 > a.1 { b } else { a });
        let least = cells().reduce(|a, b| if b.1 < a.1 { b } else { a });
        let extremes = match (greatest, least) {
            (Some(greatest), Some(least)) if greatest.1 > least.1 => Some([greatest, least]),
            _ => None,
        };
        let days =
            DAYS.map(|day| text::width(day, NAME_SIZE, false)).into_iter().fold(0.0, f64::max);
        let left = EDGE + days + 12.0;
        let top = heading.bottom() + 4.0;
        // Half a label of the hours may stand out at the right.
        let right = WIDTH - EDGE - 8.0;
        let plot = Area { left, top, right, bottom: top + CELL * DAYS.len() as f64 };
        let (low, high) = (least.map_or(0.0, |c| c.1), greatest.map_or(0.0, |c| c.1));
        let scale = match low {
            low if low > 0.5 * high => Axis::span(low, high, left, left + BAR_WIDTH),
            _ => Axis::linear(high, left, left + BAR_WIDTH),
        };
        Ok(Plan { values, extremes, plot, scale })
    }

    fn draw_scale(&self, frame: &mut Frame<'_>, plan: &Plan, top: f64) -> Drawn {
        let palette = frame.palette();
        let small = Setting::small(palette);
        let (left, right) = (plan.scale.start, plan.scale.end);
        let piece = (right - left) / f64::from(PIECES);
        let unit = text::clean(&self.unit);
        let shown = text::shorten(&unit, WIDTH - EDGE - left, SMALL_SIZE, false);
        frame.group(Group { title: &unit, ..Group::default() }, |pen| {
            pen.text(&shown, (left, top - 4.0 - LINE / 2.0), small)
        })?;
        frame.group(Group::default(), |pen| {
            for index in 0..PIECES {
                let from = left + f64::from(index) * piece;
                // A little over the next piece, so that no seam shows between them.
                let to = (from + piece + 0.5).min(right);
                let area = Area { left: from, top, right: to, bottom: top + BAR };
                let share = (f64::from(index) + 0.5) / f64::from(PIECES);
                pen.rectangle(area, palette.heat_at(share))?;
            }
            for tick in &plan.scale.ticks {
                let x = plan.scale.at(tick.value);
                pen.path(&[(x, top + BAR), (x, top + BAR + 4.0)], palette.axis, 1.0)?;
                let at = (x, top + BAR + 14.0);
                pen.text(&tick.label, at, small.anchored(Anchor::Middle))?;
            }
            Ok(())
        })
    }

    fn description(&self, plan: &Plan) -> String {
        let mut words = format!("{} by hour of the week.", text::clean(&self.unit));
        for mark in plan.marks() {
            words.push_str(&format!(" {}.", plan.in_words(mark)));
        }
        for (day, hours) in DAYS.iter().zip(&plan.values) {
            let there: Vec<f64> = hours.iter().flatten().copied().collect();
            if !there.is_empty() {
                let mean = there.iter().map(|value| value / there.len() as f64).sum();
                words.push_str(&format!(" {day}: mean {}.", label::number(mean)));
            }
        }
        words
    }
}

impl Plan {
    /// The marks that the key explains.
    fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        if self.extremes.is_some() {
            marks.extend([Mark::Greatest, Mark::Least]);
        }
        if self.values.iter().flatten().any(Option::is_none) {
            marks.push(Mark::Absent);
        }
        marks
    }

    fn value_of(&self, mark: Mark) -> Option<f64> {
        match mark {
            Mark::Greatest => self.extremes.map(|extremes| extremes[0].1),
            Mark::Least => self.extremes.map(|extremes| extremes[1].1),
            Mark::Absent => None,
        }
    }

    fn mark_of(&self, cell: Cell, value: Option<f64>) -> Option<Mark> {
        match self.extremes {
            _ if value.is_none() => Some(Mark::Absent),
            Some([(greatest, _), _]) if greatest == cell => Some(Mark::Greatest),
            Some([_, (least, _)]) if least == cell => Some(Mark::Least),
            _ => None,
        }
    }

    fn in_words(&self, mark: Mark) -> String {
        let said = |word: &str, at: usize| match self.extremes {
            Some(extremes) => {
                let (cell, value) = extremes[at];
                format!("{word}: {}, {}", label::number(value), time_of(cell))
            }
            None => String::new(),
        };
        match mark {
            Mark::Greatest => said("greatest", 0),
            Mark::Least => said("least", 1),
            Mark::Absent => "no value".to_owned(),
        }
    }

    fn colour(&self, value: Option<f64>, palette: &Palette) -> Colour {
        let Some(value) = value else { return palette.background };
        let (start, end) = (self.scale.start, self.scale.end);
        palette.heat_at((self.scale.at(value) - start) / (end - start))
    }

    fn hours(&self) -> Axis {
        let hours = (0..=HOURS).step_by(3);
        let tick = |hour: usize| Tick { value: hour as f64, label: hour.to_string() };
        Axis::given(HOURS as f64, hours.map(tick).collect(), self.plot.left, self.plot.right)
    }

    fn draw_days(&self, frame: &mut Frame<'_>) -> Drawn {
        let setting = Setting::name(frame.palette()).anchored(Anchor::End);
        frame.group(Group::default(), |pen| {
            DAYS.iter().enumerate().try_for_each(|(row, day)| {
                let y = self.plot.top + (row as f64 + 0.5) * CELL;
                pen.text(day, (self.plot.left - 10.0, y), setting)
            })
        })
    }

    fn draw_cells(&self, frame: &mut Frame<'_>, unit: &str) -> Drawn {
        let palette = frame.palette();
        let width = (self.plot.right - self.plot.left) / HOURS as f64;
        for (day, hours) in self.values.iter().enumerate() {
            for (hour, &value) in hours.iter().enumerate() {
                let left = self.plot.left + hour as f64 * width;
                let top = self.plot.top + day as f64 * CELL;
                let area = Area { left, top, right: left + width, bottom: top + CELL };
                let shown = value.map_or_else(|| "no value".to_owned(), label::number);
                let words = format!("{}: {shown} {unit}", time_of((day, hour)));
                let colour = self.colour(value, palette);
                let mark = self.mark_of((day, hour), value);
                frame.group(Group { title: &words, ..Group::default() }, |pen| {
                    draw_cell(pen, area, colour, (mark, palette))
                })?;
            }
        }
        Ok(())
    }
}

/// When a cell is, such as "Monday 9:00 to 10:00".
fn time_of((day, hour): Cell) -> String {
    format!("{} {hour}:00 to {}:00", DAYS[day % DAYS.len()], hour + 1)
}

/// A cell with its mark, and a thin gap to its neighbours.
fn draw_cell(
    pen: &Pen<'_>,
    area: Area,
    colour: Colour,
    (mark, palette): (Option<Mark>, &Palette),
) -> Drawn {
    let inner = Area {
        left: area.left + 0.5,
        top: area.top + 0.5,
        right: area.right - 0.5,
        bottom: area.bottom - 0.5,
    };
    // What lies below, such as a grid line, must not show in the gaps.
    pen.rectangle(area, palette.background)?;
    pen.rectangle(inner, colour)?;
    let centre = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
    match mark {
        None => Ok(()),
        Some(Mark::Absent) => {
            let (x, y) = centre;
            pen.path(&[(x - 5.0, y + 5.0), (x + 5.0, y - 5.0)], palette.axis, 1.2)
        }
        Some(mark) => {
            let ink = colour.text_on();
            let (left, right) = (inner.left + 1.5, inner.right - 1.5);
            let (top, bottom) = (inner.top + 1.5, inner.bottom - 1.5);
            let frame = [
                (left, top),
                (right, top),
                (right, bottom),
                (left, bottom),
                (left, top),
                (right, top),
            ];
            pen.path(&frame, ink, 2.0)?;
            pen.polygon(&triangle(centre, mark == Mark::Greatest), ink)
        }
    }
}

/// A small triangle that points up or down.
fn triangle((x, y): Point, up: bool) -> [Point; 3] {
    let by = if up { -4.5 } else { 4.5 };
    [(x, y + by), (x + 5.5, y - by), (x - 5.5, y - by)]
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound_in_both, hard_names, texts};
    use super::*;

    fn chart(value: impl Fn(usize, usize) -> Option<f64>) -> Heat {
        let mut values = [[None; HOURS]; 7];
        for (day, hours) in values.iter_mut().enumerate() {
            for (hour, cell) in hours.iter_mut().enumerate() {
                *cell = value(day, hour);
            }
        }
        Heat {
            title: "When does an outage hurt most?".into(),
            x_label: "hour of the day, local time".into(),
            unit: "stale user-hours of an outage that begins then".into(),
            values,
        }
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        let long = hard_names()[0].clone();
        let mut cases = vec![
            chart(|_, _| None),
            chart(|_, _| Some(0.0)),
            chart(|_, _| Some(7.0)),
            chart(|_, _| Some(1e100)),
            chart(|day, hour| (day < 5).then_some(hour as f64)),
            chart(|day, hour| (day == 3 && hour == 9).then_some(1e-9)),
            chart(|day, hour| Some(1_000_000.0 + (day * hour) as f64)),
            chart(|day, hour| Some(10f64.powi(hour as i32 * 8 - day as i32 * 15 - 90))),
        ];
        cases.push(Heat {
            title: long.clone(),
            x_label: long.clone(),
            unit: long,
            ..cases[4].clone()
        });
        cases.push(Heat {
            title: String::new(),
            x_label: String::new(),
            unit: String::new(),
            ..cases[0].clone()
        });
        for case in cases {
            assert_sound_in_both(|palette| case.draw(palette));
        }
    }

    #[test]
    fn the_greatest_and_the_least_hour_are_said() {
        let heat = chart(|day, hour| Some(100.0 + (day * 24 + hour) as f64));
        let svg = heat.draw(&Palette::LIGHT).unwrap();
        let shown = texts(&svg);
        for want in ["greatest: 267, Sunday 23:00 to 24:00", "least: 100, Monday 0:00 to 1:00"] {
            assert!(shown.iter().any(|text| text == want), "{want} in {shown:?}");
        }
        assert!(!shown.iter().any(|text| text == "no value"));
        assert!(svg.contains("<title>Tuesday 1:00 to 2:00: 125 stale"));
    }

    #[test]
    fn equal_hours_have_no_greatest() {
        let shown = texts(&chart(|_, _| Some(3.0)).draw(&Palette::LIGHT).unwrap());
        assert!(!shown.iter().any(|text| text.starts_with("greatest")));
    }

    #[test]
    fn a_value_that_is_none_is_refused() {
        for bad in [f64::NAN, -1.0, f64::INFINITY] {
            let refused = chart(|_, _| Some(bad)).draw(&Palette::LIGHT);
            assert!(matches!(refused, Err(ChartError::OutOfRange { .. })));
        }
    }
}
