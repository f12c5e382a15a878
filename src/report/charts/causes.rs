//! What the downtime comes from: one bar for each strategy, one segment for each cause.
//!
//! A segment carries the digit of its cause, so that nobody has to match colours. Causes keep one
//! order, the greatest over all strategies first, in every bar and in the legend.

use super::axis::{Axis, TICKS_HEIGHT};
use super::bars::{SWATCH, bar_area, draw_value, sample_area, segment};
use super::frame::{
    Anchor, Area, Drawn, EDGE, Frame, Group, Heading, LINE, NAME_SIZE, SMALL_SIZE, Setting, WIDTH,
};
use super::legend::{Entry, Legend};
use super::palette::Colour;
use super::ranked::{REST, SHOWN, rest_name};
use super::rows::RowNames;
use super::{ChartError, Palette, amount, label, text};

/// Mean downtime by cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Causes {
    /// What the chart says, in plain words.
    pub title: String,
    /// What the length of a bar is, with its unit.
    pub x_label: String,
    /// Names of the causes; none where there was no downtime at all.
    pub causes: Vec<String>,
    /// For each strategy its name and, in the order of the causes, mean hours of downtime.
    pub rows: Vec<(String, Vec<f64>)>,
}

/// One cause as shown: what it is called, and hours by strategy.
struct Cause {
    name: String,
    sign: String,
    hours: Vec<f64>,
    colour: Colour,
}

impl Causes {
    /// The chart as SVG text.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without strategies, [`ChartError::RowLength`] for a row that
    /// does not fit the causes, [`ChartError::OutOfRange`] for hours that are negative or not a
    /// number.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let causes = self.shown(palette)?;
        let total = |row: usize| causes.iter().map(|cause| cause.hours[row]).sum();
        let totals: Vec<f64> = (0..self.rows.len()).map(total).collect();
        let printed: Vec<String> = totals.iter().map(|&hours| in_hours(hours)).collect();
        let heading = Heading::plan(&self.title);
        let names = RowNames::plan(self.rows.iter().map(|(name, _)| name.as_str()));
        let left = EDGE + names.width() + 12.0;
        let top = heading.bottom() + 4.0;
        let values = printed.iter().map(|t| text::width(t, NAME_SIZE, true)).fold(0.0, f64::max);
        let right = WIDTH - EDGE - values - 8.0;
        let bottom = top + names.row_height() * self.rows.len() as f64;
        let plot = Area { left, top, right, bottom };
        let entries = causes.iter().map(|c| Entry { name: c.name.clone(), note: String::new() });
        let legend = Legend::plan(entries.collect(), SWATCH);
        let legend_top = bottom + TICKS_HEIGHT + LINE + 16.0;
        let mut frame = Frame::new(palette, legend_top + legend.height() + 12.0, &heading)?;
        let axis = Axis::linear(totals.iter().copied().fold(0.0, f64::max), left, right);
        axis.draw_below(&mut frame, plot, &self.x_label)?;
        names.draw(&mut frame, left - 12.0, top)?;
        for row in 0..self.rows.len() {
            let middle = top + (row as f64 + 0.5) * names.row_height();
            draw_bar(&mut frame, &causes, &axis, (row, middle))?;
            draw_value(&mut frame, &printed[row], (axis.at(totals[row]) + 8.0, middle))?;
        }
        if causes.is_empty() {
            draw_nothing(&mut frame, plot)?;
        }
        let base = [(left, top), (left, bottom)];
        frame.group(Group::default(), |pen| pen.path(&base, palette.axis, 1.2))?;
        legend.draw(&mut frame, legend_top, |frame, index, (x, y)| {
            let cause = &causes[index];
            let square = sample_area((x, y));
            frame.group(Group::default(), |pen| segment(pen, &cause.sign, cause.colour, square))
        })?;
        Ok(frame.finish(&self.title, &self.description(&causes, &printed)))
    }

    /// Checks the input and puts the causes in order, the small ones in one.
    fn shown(&self, palette: &Palette) -> Result<Vec<Cause>, ChartError> {
        if self.rows.is_empty() {
            return Err(ChartError::Empty { chart: text::name(&self.title), what: "strategies" });
        }
        let mut by_cause = vec![Vec::with_capacity(self.rows.len()); self.causes.len()];
        for (name, hours) in &self.rows {
            let name = text::name(name);
            let (found, wanted) = (hours.len(), self.causes.len());
            if found != wanted {
                return Err(ChartError::RowLength { name, found, wanted, what: "causes" });
            }
            for (cause, &value) in by_cause.iter_mut().zip(hours) {
                cause.push(amount(&name, "hours", value)?);
            }
        }
        let mut named: Vec<(String, Vec<f64>)> =
            self.causes.iter().map(|cause| text::name(cause)).zip(by_cause).collect();
        let total = |cause: &(String, Vec<f64>)| cause.1.iter().sum::<f64>();
        // Stable: equal causes stay in the order given.
        named.sort_by(|a, b| total(b).total_cmp(&total(a)));
        let rest = named.split_off(named.len().min(SHOWN));
        let mut shown: Vec<Cause> = named
            .into_iter()
            .enumerate()
            .map(|(index, (name, hours))| Cause {
                name,
                sign: (index + 1).to_string(),
                hours,
                colour: palette.areas[index],
            })
            .collect();
        if !rest.is_empty() {
            let name = rest_name(rest.len());
            let sum = |row: usize| rest.iter().map(|(_, hours)| hours[row]).sum();
            let hours = (0..self.rows.len()).map(sum).collect();
            shown.push(Cause { name, sign: REST.to_owned(), hours, colour: palette.other });
        }
        Ok(shown)
    }

    fn description(&self, causes: &[Cause], totals: &[String]) -> String {
        let mut words = format!("{} by strategy and cause.", self.x_label);
        for (row, ((name, _), total)) in self.rows.iter().zip(totals).enumerate() {
            let parts: Vec<String> = causes
                .iter()
                .filter(|cause| cause.hours[row] > 0.0)
                .map(|cause| format!("{} {} h", cause.name, label::number(cause.hours[row])))
                .collect();
            let of =
                if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
            words.push_str(&format!(" {}: {total}{of}.", text::name(name)));
        }
        words
    }
}

/// Hours as printed.
fn in_hours(hours: f64) -> String {
    format!("{}\u{A0}h", label::number(hours))
}

/// Draws the segments of the strategy at `row` side by side.
fn draw_bar(
    frame: &mut Frame<'_>,
    causes: &[Cause],
    axis: &Axis,
    (row, middle): (usize, f64),
) -> Drawn {
    let palette = frame.palette();
    let mut before = 0.0;
    for cause in causes.iter().filter(|cause| cause.hours[row] > 0.0) {
        let (left, right) = (axis.at(before), axis.at(before + cause.hours[row]));
        let area = bar_area(left, right, middle);
        let words = format!("{}: {}", cause.name, in_hours(cause.hours[row]));
        frame.group(Group { title: &words, ..Group::default() }, |pen| {
            segment(pen, &cause.sign, cause.colour, area)?;
            // A thin gap to the segment before, unless this one is hardly wider than the gap.
            if before > 0.0 && right - left > 2.5 {
                pen.path(&[(left, area.top), (left, area.bottom)], palette.background, 1.0)?;
            }
            Ok(())
        })?;
        before += cause.hours[row];
    }
    Ok(())
}

/// Says in the middle of an empty plot that there is nothing to show.
fn draw_nothing(frame: &mut Frame<'_>, plot: Area) -> Drawn {
    let palette = frame.palette();
    let words = "no downtime in any trial";
    let middle = ((plot.left + plot.right) / 2.0, (plot.top + plot.bottom) / 2.0);
    let half = text::width(words, SMALL_SIZE, false) / 2.0 + 6.0;
    let ground = Area {
        left: middle.0 - half,
        top: middle.1 - 10.0,
        right: middle.0 + half,
        bottom: middle.1 + 10.0,
    };
    frame.group(Group::default(), |pen| {
        pen.rectangle(ground, palette.background)?;
        pen.text(words, middle, Setting::small(palette).anchored(Anchor::Middle))
    })
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound_in_both, hard_names, texts};
    use super::*;

    fn chart(causes: usize, hours: Vec<Vec<f64>>) -> Causes {
        let mut names = hard_names();
        names.extend((0..20).map(|number| format!("fault {number}")));
        Causes {
            title: "What does the downtime come from?".into(),
            x_label: "Mean downtime in one year, hours".into(),
            causes: names.iter().rev().take(causes).cloned().collect(),
            rows: names.into_iter().zip(hours).collect(),
        }
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        let row = |row: i32, causes: i32| -> Vec<f64> {
            (0..causes).map(|cause| f64::from((row * 7 + cause * 5) % 11)).collect()
        };
        let mut cases = vec![
            chart(1, vec![vec![0.0]]),
            chart(3, vec![vec![0.0; 3]; 12]),
            chart(3, vec![vec![1e-6, 0.0, 1e9], vec![1e-6, 0.0, 0.0]]),
            chart(1, vec![vec![1e-200], vec![1e100]]),
            chart(1, vec![vec![1e-6]]),
        ];
        for causes in [1, 2, 8, 9, 20, 32] {
            cases.push(chart(causes as usize, (0..12).map(|r| row(r, causes)).collect()));
        }
        for case in cases {
            assert_sound_in_both(|palette| case.draw(palette));
        }
    }

    #[test]
    fn the_eight_greatest_causes_are_shown_and_the_rest_is_one() {
        let hours: Vec<f64> = (1..=11).map(f64::from).collect();
        let svg = chart(11, vec![hours]).draw(&Palette::LIGHT).unwrap();
        let shown = texts(&svg);
        assert!(shown.iter().any(|text| text == "other (3 causes)"));
        assert!(shown.iter().any(|text| text == "66\u{A0}h"));
        // The least three hold 1 + 2 + 3 hours.
        assert!(svg.contains("<title>other (3 causes): 6\u{A0}h</title>"));
    }

    #[test]
    fn a_row_that_does_not_fit_is_refused() {
        let refused = chart(3, vec![vec![1.0, 2.0]]).draw(&Palette::LIGHT).unwrap_err();
        assert!(matches!(refused, ChartError::RowLength { found: 2, wanted: 3, .. }));
        for bad in [f64::NAN, -1.0, f64::INFINITY] {
            let refused = chart(1, vec![vec![bad]]).draw(&Palette::LIGHT);
            assert!(matches!(refused, Err(ChartError::OutOfRange { .. })));
        }
    }

    #[test]
    fn without_any_downtime_the_chart_says_so() {
        let empty = chart(0, vec![Vec::new(); 3]);
        let svg = assert_sound_in_both(|palette| empty.draw(palette));
        let shown = texts(&svg);
        assert!(shown.iter().any(|text| text == "no downtime in any trial"), "{shown:?}");
        assert_eq!(shown.iter().filter(|text| *text == "0\u{A0}h").count(), 3, "{shown:?}");
    }
}
