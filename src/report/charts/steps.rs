//! Which step of a recovery takes the time: one bar for each strategy, one segment for each step.
//!
//! Steps stand in the order they are taken, each with its digit. The longest step of a strategy is
//! framed and named beside its bar: that is the one to shorten first.

use super::axis::{Axis, TICKS_HEIGHT};
use super::bars::{SWATCH, bar_area, draw_value, draw_words, sample_area, segment};
use super::frame::{
    Anchor, Area, Drawn, EDGE, Frame, Group, Heading, LINE, NAME_SIZE, Pen, SMALL_SIZE, Setting,
    WIDTH,
};
use super::legend::{Entry, Legend};
use super::palette::Colour;
use super::rows::RowNames;
use super::{ChartError, Palette, amount, label, text};

/// Room for the name of a longest step, pixels.
const STEP_NAME: f64 = 100.0;
/// Room between two columns, pixels.
const GAP: f64 = 16.0;
/// Width of the frame around the longest step, pixels.
const FRAME: f64 = 2.0;

/// Mean time of each step until everything is current again.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    /// What the chart says, in plain words.
    pub title: String,
    /// What the length of a bar is, without unit, such as "mean time from onset to current". The
    /// chart adds the unit that suits.
    pub x_label: String,
    /// Names of the steps, in the order they are taken.
    pub steps: Vec<String>,
    /// For each strategy its name and, in the order of the steps, mean hours; `None` for a step
    /// that the strategy does not have. A strategy without any step had no outage.
    pub rows: Vec<(String, Vec<Option<f64>>)>,
}

/// One strategy, checked.
struct Row {
    name: String,
    hours: Vec<Option<f64>>,
    total: f64,
    /// Which step is the longest, when any takes time.
    longest: Option<usize>,
}

/// What is known before drawing begins.
struct Plan {
    steps: Vec<String>,
    rows: Vec<Row>,
    plot: Area,
    axis: Axis,
    /// Hours in one unit of the axis.
    unit: f64,
}

impl Steps {
    /// The chart as SVG text.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without strategies or steps, [`ChartError::RowLength`] for a row that
    /// does not fit the steps, [`ChartError::OutOfRange`] for hours that are negative or not a
    /// number.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let rows = self.checked()?;
        let steps: Vec<String> = self.steps.iter().map(|step| text::name(step)).collect();
        let heading = Heading::plan(&self.title);
        let names = RowNames::plan(self.rows.iter().map(|(name, _)| name.as_str()));
        let widest = |texts: &mut dyn Iterator<Item = String>, bold: bool, least: f64| {
            texts.map(|t| text::width(&t, NAME_SIZE, bold)).fold(least, f64::max)
        };
        let totals = widest(&mut rows.iter().map(|row| label::duration(row.total)), true, 0.0);
        let head = text::width(HEAD, SMALL_SIZE, false);
        let longest = widest(&mut rows.iter().map(|row| row.longest_shown(&steps)), false, head);
        let left = EDGE + names.width() + 12.0;
        let top = heading.bottom() + 26.0;
        let right = WIDTH - EDGE - longest - GAP - totals - 8.0;
        let bottom = top + names.row_height() * rows.len() as f64;
        let plot = Area { left, top, right, bottom };
        let greatest = rows.iter().map(|row| row.total).fold(0.0, f64::max);
        let (unit_name, unit) = label::time_unit(greatest);
        let axis = Axis::linear(greatest / unit, left, right);
        let plan = Plan { steps, rows, plot, axis, unit };
        let legend = Legend::plan(entries(&plan.steps), SWATCH);
        let legend_top = bottom + TICKS_HEIGHT + LINE + 16.0;
        let mut frame = Frame::new(palette, legend_top + legend.height() + 12.0, &heading)?;
        let title = format!("{}, {unit_name}", text::clean(&self.x_label));
        plan.axis.draw_below(&mut frame, plot, &title)?;
        names.draw(&mut frame, left - 12.0, top)?;
        plan.draw_rows(&mut frame, top, names.row_height())?;
        legend.draw(&mut frame, legend_top, |frame, index, place| {
            let square = sample_area(place);
            frame.group(Group::default(), |pen| match plan.steps.get(index) {
                Some(_) => segment(pen, &sign(index), colour(palette, index), square),
                None => {
                    let (top, bottom) = (square.top + 2.0, square.bottom - 2.0);
                    outline(pen, Area { top, bottom, ..square }, palette.ink)
                }
            })
        })?;
        Ok(frame.finish(&self.title, &self.description(&plan)))
    }

    fn checked(&self) -> Result<Vec<Row>, ChartError> {
        let empty = |what| ChartError::Empty { chart: text::name(&self.title), what };
        if self.rows.is_empty() {
            return Err(empty("strategies"));
        }
        if self.steps.is_empty() {
            return Err(empty("steps"));
        }
        let wanted = self.steps.len();
        let mut rows = Vec::with_capacity(self.rows.len());
        for (name, hours) in &self.rows {
            let name = text::name(name);
            let found = hours.len();
            if found != wanted {
                return Err(ChartError::RowLength { name, found, wanted, what: "steps" });
            }
            let check = |value: &Option<f64>| value.map(|v| amount(&name, "hours", v)).transpose();
            let hours: Vec<Option<f64>> = hours.iter().map(check).collect::<Result<_, _>>()?;
            let total = hours.iter().flatten().sum();
            let longest = (0..wanted)
                .filter(|&step| hours[step].is_some_and(|h| h > 0.0))
                // Of equal steps the first.
                .rev()
                .max_by(|&a, &b| hours[a].unwrap_or(0.0).total_cmp(&hours[b].unwrap_or(0.0)));
            rows.push(Row { name, hours, total, longest });
        }
        Ok(rows)
    }

    fn description(&self, plan: &Plan) -> String {
        let mut words = format!("{} by strategy and step.", text::clean(&self.x_label));
        for row in &plan.rows {
            words.push(' ');
            if row.hours.iter().all(Option::is_none) {
                words.push_str(&format!("{}: no outages.", row.name));
                continue;
            }
            let step = |(name, hours): (&String, &Option<f64>)| {
                hours.map(|hours| format!("{name} {}", label::duration(hours)))
            };
            let parts: Vec<String> = plan.steps.iter().zip(&row.hours).filter_map(step).collect();
            let total = label::duration(row.total);
            words.push_str(&format!("{}: {total} ({})", row.name, parts.join(", ")));
            if let Some(longest) = row.longest {
                let part = label::percent(row.share(longest));
                words.push_str(&format!(", longest {} with {part}", plan.steps[longest]));
            }
            words.push('.');
        }
        words
    }
}

/// Head of the column that names the longest step.
const HEAD: &str = "longest step";

impl Row {
    /// Share of a step in the total.
    fn share(&self, step: usize) -> f64 {
        self.hours[step].map_or(0.0, |hours| hours / self.total)
    }

    /// The longest step and its share, as shown.
    fn longest_shown(&self, steps: &[String]) -> String {
        let Some(step) = self.longest else { return "–".to_owned() };
        let name = text::shorten(&steps[step], STEP_NAME, NAME_SIZE, false);
        format!("{name}, {}", label::percent(self.share(step)))
    }
}

impl Plan {
    fn draw_rows(&self, frame: &mut Frame<'_>, top: f64, height: f64) -> Drawn {
        let palette = frame.palette();
        let edge = WIDTH - EDGE;
        frame.group(Group::default(), |pen| {
            let head = Setting::small(palette).anchored(Anchor::End);
            pen.text(HEAD, (edge, top - 12.0), head)
        })?;
        for (index, row) in self.rows.iter().enumerate() {
            let middle = top + (index as f64 + 0.5) * height;
            let end = self.axis.at(row.total / self.unit) + 8.0;
            if row.hours.iter().all(Option::is_none) {
                draw_words(frame, "no outages", (self.plot.left + 10.0, middle))?;
            } else {
                self.draw_bar(frame, row, middle)?;
                draw_value(frame, &label::duration(row.total), (end, middle))?;
            }
            let full = row.longest.map_or(String::new(), |step| self.steps[step].clone());
            let setting = Setting::name(palette).anchored(Anchor::End);
            frame.group(Group { title: &full, ..Group::default() }, |pen| {
                pen.text(&row.longest_shown(&self.steps), (edge, middle), setting)
            })?;
        }
        let base = [(self.plot.left, top), (self.plot.left, self.plot.bottom)];
        frame.group(Group::default(), |pen| pen.path(&base, palette.axis, 1.2))
    }

    fn draw_bar(&self, frame: &mut Frame<'_>, row: &Row, middle: f64) -> Drawn {
        let palette = frame.palette();
        let mut before = 0.0;
        let mut framed = None;
        for (step, hours) in row.hours.iter().enumerate() {
            let Some(hours) = hours.filter(|&hours| hours > 0.0) else { continue };
            let (left, right) =
                (self.axis.at(before / self.unit), self.axis.at((before + hours) / self.unit));
            let area = bar_area(left, right, middle);
            let words = format!(
                "{}, {}: {}, {} of {}",
                row.name,
                self.steps[step],
                label::duration(hours),
                label::percent(row.share(step)),
                label::duration(row.total)
            );
            frame.group(Group { title: &words, ..Group::default() }, |pen| {
                segment(pen, &sign(step), colour(palette, step), area)?;
                if before > 0.0 && right - left > 2.5 {
                    pen.path(&[(left, area.top), (left, area.bottom)], palette.background, 1.0)?;
                }
                Ok(())
            })?;
            if row.longest == Some(step) {
                framed = Some(area);
            }
            before += hours;
        }
        // Last, so that no neighbour covers it.
        framed.map_or(Ok(()), |area| {
            frame.group(Group::default(), |pen| outline(pen, area, palette.ink))
        })
    }
}

/// The digit of a step.
fn sign(step: usize) -> String {
    (step + 1).to_string()
}

fn colour(palette: &Palette, step: usize) -> Colour {
    palette.areas[step % palette.areas.len()]
}

/// A frame around an area: outside it above and below, on its edges at the sides.
fn outline(pen: &Pen<'_>, area: Area, colour: Colour) -> Drawn {
    let by = FRAME / 2.0 + 1.0;
    let (left, right) = (area.left, area.right);
    let (top, bottom) = (area.top - by, area.bottom + by);
    let corners =
        [(left, top), (right, top), (right, bottom), (left, bottom), (left, top), (right, top)];
    pen.path(&corners, colour, FRAME)
}

fn entries(steps: &[String]) -> Vec<Entry> {
    let named = steps.iter().map(String::as_str).chain(["longest step"]);
    named.map(|name| Entry { name: name.to_owned(), note: String::new() }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound_in_both, hard_names, texts};
    use super::*;

    const STEPS: [&str; 6] = ["detect", "call out", "decide", "work", "full sync", "drain backlog"];

    fn chart(steps: &[String], rows: Vec<Vec<Option<f64>>>) -> Steps {
        Steps {
            title: "Which step takes the time?".into(),
            x_label: "Mean time from onset to current".into(),
            steps: steps.to_vec(),
            rows: hard_names().into_iter().zip(rows).collect(),
        }
    }

    fn usual() -> Vec<String> {
        STEPS.map(str::to_owned).to_vec()
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        let row = |row: i32, steps: i32| -> Vec<Option<f64>> {
            (0..steps).map(|s| (s != row % 7).then(|| f64::from((row * 7 + s * 5) % 11))).collect()
        };
        let mut cases = vec![
            chart(&usual(), vec![vec![None; 6]]),
            chart(&usual(), vec![vec![Some(0.0); 6]; 12]),
            chart(&usual(), vec![vec![Some(1e100); 6], vec![Some(1e-200); 6]]),
            chart(&usual()[..1], vec![vec![Some(1e-6)], vec![None]]),
            chart(&hard_names(), (0..12).map(|r| row(r, 12)).collect()),
        ];
        for count in [1, 2, 3, 6, 12] {
            cases.push(chart(&usual(), (0..count).map(|r| row(r, 6)).collect()));
        }
        for size in (-9..12).map(|e| 10f64.powi(e)) {
            cases.push(chart(
                &usual(),
                vec![[1.0, 0.0, 2.0, 7.0, 3.0, 0.1].map(|h| Some(h * size)).to_vec()],
            ));
        }
        for case in cases {
            assert_sound_in_both(|palette| case.draw(palette));
        }
    }

    #[test]
    fn the_longest_step_is_named_with_its_share() {
        let hours = [Some(1.0), None, Some(0.5), Some(2.0), Some(0.5), Some(0.0)].to_vec();
        let svg = chart(&usual(), vec![hours]).draw(&Palette::LIGHT).unwrap();
        let shown = texts(&svg);
        assert!(shown.iter().any(|text| text == "work, 50\u{A0}%"), "{shown:?}");
        assert!(shown.iter().any(|text| text == "4\u{A0}h"), "{shown:?}");
        assert!(svg.contains(", longest work with 50\u{A0}%."));
        assert!(svg.contains(", work: 2\u{A0}h, 50\u{A0}% of 4\u{A0}h</title>"));
    }

    #[test]
    fn the_axis_takes_the_unit_that_suits() {
        for (hours, unit) in
            [(0.001, "seconds"), (0.5, "minutes"), (30.0, "hours"), (900.0, "days"), (1e6, "years")]
        {
            let svg = chart(&usual()[..1], vec![vec![Some(hours)]]).draw(&Palette::LIGHT).unwrap();
            let title = format!("Mean time from onset to current, {unit}");
            assert!(texts(&svg).contains(&title), "{title}");
        }
    }

    #[test]
    fn of_equal_steps_the_first_is_the_longest() {
        let svg = chart(&usual()[..2], vec![vec![Some(1.0); 2]]).draw(&Palette::LIGHT).unwrap();
        assert!(texts(&svg).iter().any(|text| text == "detect, 50\u{A0}%"));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let short = chart(&usual(), vec![vec![Some(1.0); 5]]).draw(&Palette::LIGHT).unwrap_err();
        assert_eq!(
            short.to_string().split(" has ").last(),
            Some("5 numbers for 6 steps; give one for each")
        );
        for bad in [f64::NAN, -1.0, f64::INFINITY] {
            let refused = chart(&usual()[..1], vec![vec![Some(bad)]]).draw(&Palette::LIGHT);
            assert!(matches!(refused, Err(ChartError::OutOfRange { .. })));
        }
        for empty in [chart(&[], vec![vec![]]), chart(&usual(), Vec::new())] {
            assert!(matches!(empty.draw(&Palette::LIGHT), Err(ChartError::Empty { .. })));
        }
    }
}
