//! How long until service is back: one row for each strategy, with the spread of its outages.
//!
//! The time axis goes by factors and is labelled in the units people count in, since a failover of
//! a minute and a rebuild of two days belong in one picture.

use super::axis::{Axis, TICKS_HEIGHT};
use super::frame::{
    Anchor, Area, Drawn, EDGE, Frame, Group, Heading, LINE, Pen, Point, SMALL_SIZE, Setting, WIDTH,
};
use super::legend::{Entry, Legend};
use super::palette::Colour;
use super::rows::RowNames;
use super::{ChartError, Palette, amount, label, text};

/// Half the height of a box, pixels.
const HALF_BOX: f64 = 9.0;
/// Width of the samples in the key, pixels.
const SWATCH: f64 = 30.0;
/// Room between two columns of text, pixels.
const GAP: f64 = 18.0;

/// Restore times of one strategy over all its outages, hours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantiles {
    /// 5 % of outages were shorter.
    pub p5: f64,
    /// 25 % of outages were shorter.
    pub p25: f64,
    /// Half of the outages were shorter.
    pub p50: f64,
    /// 75 % of outages were shorter.
    pub p75: f64,
    /// 95 % of outages were shorter.
    pub p95: f64,
    /// The longest outage.
    pub max: f64,
    /// The mean.
    pub mean: f64,
}

/// One strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct RestoreRow {
    /// Its name.
    pub strategy: String,
    /// How many outages the figures rest on: those that ended.
    pub outages: u64,
    /// How many were still open at the horizon, so that their length is not known.
    pub open: u64,
    /// Its restore times; `None` when there was no outage.
    pub quantiles: Option<Quantiles>,
}

/// Restore times by strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Restore {
    /// What the chart says, in plain words.
    pub title: String,
    /// What is measured, such as "Restore time".
    pub x_label: String,
    /// The strategies, from top to bottom.
    pub rows: Vec<RestoreRow>,
}

/// One row with its printed figures.
struct Line {
    name: String,
    quantiles: Option<Quantiles>,
    median: String,
    outages: String,
    open: u64,
}

impl Restore {
    /// The chart as SVG text.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without strategies, [`ChartError::OutOfRange`] for a time that is
    /// negative or not a number.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let lines = self.lines()?;
        let heading = Heading::plan(&self.title);
        let names = RowNames::plan(self.rows.iter().map(|row| row.strategy.as_str()));
        let widest = |texts: &mut dyn Iterator<Item = &String>, head: &str| {
            let head = text::width(head, SMALL_SIZE, false);
            texts.map(|t| text::width(t, Setting::name(palette).size, false)).fold(head, f64::max)
        };
        let outages_width = widest(&mut lines.iter().map(|line| &line.outages), "outages");
        let median_width = widest(&mut lines.iter().map(|line| &line.median), "median");
        let columns = [WIDTH - EDGE - outages_width - GAP, WIDTH - EDGE];
        let left = EDGE + names.width() + 14.0;
        let top = heading.bottom() + 26.0;
        let right = columns[0] - median_width - GAP;
        let bottom = top + names.row_height() * lines.len() as f64;
        let plot = Area { left, top, right, bottom };
        let key = Legend::plan(key_entries(), SWATCH);
        let key_top = bottom + TICKS_HEIGHT + LINE + 16.0;
        let note_top = key_top + key.height() + 8.0;
        let notes = notes(&lines);
        let mut frame = Frame::new(palette, note_top + LINE * notes.len() as f64 + 6.0, &heading)?;
        let axis = time_axis(&lines, plot);
        axis.draw_below(&mut frame, plot, &self.x_label)?;
        names.draw(&mut frame, left - 14.0, top)?;
        draw_heads(&mut frame, columns, top - 12.0)?;
        for (index, line) in lines.iter().enumerate() {
            let middle = top + (index as f64 + 0.5) * names.row_height();
            draw_row(&mut frame, line, &axis, middle, (index, columns))?;
        }
        key.draw(&mut frame, key_top, draw_key)?;
        for (index, words) in notes.iter().enumerate() {
            let at = (EDGE, note_top + LINE * (index as f64 + 0.5));
            frame.group(Group::default(), |pen| pen.text(words, at, Setting::small(palette)))?;
        }
        Ok(frame.finish(&self.title, &self.description(&lines)))
    }

    fn lines(&self) -> Result<Vec<Line>, ChartError> {
        if self.rows.is_empty() {
            let chart = text::name(&self.title);
            return Err(ChartError::Empty { chart, what: "strategies" });
        }
        self.rows.iter().map(Line::checked).collect()
    }

    fn description(&self, lines: &[Line]) -> String {
        let mut words = format!("{} by strategy.", self.x_label);
        for line in lines {
            words.push(' ');
            words.push_str(&line.in_words());
            words.push('.');
        }
        words
    }
}

impl Line {
    fn checked(row: &RestoreRow) -> Result<Self, ChartError> {
        let name = text::name(&row.strategy);
        let quantiles = row.quantiles.filter(|_| row.outages > 0);
        if let Some(q) = quantiles {
            for time in [q.p5, q.p25, q.p50, q.p75, q.p95, q.max, q.mean] {
                amount(&name, "a restore time", time)?;
            }
        }
        let median = quantiles.map_or_else(|| "–".to_owned(), |q| label::duration(q.p50));
        let outages = count(row.outages);
        Ok(Self { name, quantiles, median, outages, open: row.open })
    }

    /// Whether something would have to be drawn at 0.
    fn touches_zero(&self) -> bool {
        self.quantiles.is_some_and(|q| [q.p5, q.p25, q.p50, q.p75, q.p95, q.mean].contains(&0.0))
    }

    fn in_words(&self) -> String {
        let (name, open) = (&self.name, self.open);
        let open = if open > 0 { format!("; {open} still open at the end") } else { String::new() };
        let Some(q) = self.quantiles else { return format!("{name}: {}{open}", self.nothing()) };
        let [p5, p50, p95, max, mean] = [q.p5, q.p50, q.p95, q.max, q.mean].map(label::duration);
        format!(
            "{name}: median {p50}, mean {mean}, 5 % to 95 % from {p5} to {p95}, longest {max}{open}"
        )
    }

    /// What stands in the row when there is no time to show.
    fn nothing(&self) -> &'static str {
        if self.open > 0 { "no outage ended" } else { "no outages" }
    }
}

/// What has to be said below the chart, a line each.
fn notes(lines: &[Line]) -> Vec<String> {
    let mut notes = Vec::new();
    if lines.iter().any(Line::touches_zero) {
        notes.push("A time of 0 stands at the left end, as an axis by factors has no 0.".into());
    }
    let open: Vec<&Line> = lines.iter().filter(|line| line.open > 0).collect();
    if !open.is_empty() {
        let each = open.iter().map(|line| format!("{} (\"{}\")", count(line.open), line.name));
        let mut left_out = each.collect::<Vec<_>>().join(", ");
        let sum = open.iter().map(|line| line.open).sum();
        let say = |what: &str| format!("Left out, as still open at the end of the trial: {what}.");
        if text::width(&say(&left_out), SMALL_SIZE, false) > WIDTH - 2.0 * EDGE {
            left_out = format!("{} outages of {} strategies", count(sum), open.len());
        }
        notes.push(say(&left_out));
    }
    notes
}

fn count(outages: u64) -> String {
    label::number(outages as f64)
}

/// Room for every whisker and mean, with tick labels inside the plot.
fn time_axis(lines: &[Line], plot: Area) -> Axis {
    let quantiles = || lines.iter().filter_map(|line| line.quantiles);
    let times = quantiles().flat_map(|q| [q.p5, q.p25, q.p50, q.p75, q.p95, q.mean]);
    let positive: Vec<f64> = times.filter(|&time| time > 0.0).collect();
    let least = positive.iter().copied().reduce(f64::min).unwrap_or(1.0 / 60.0);
    let greatest = positive.iter().copied().reduce(f64::max).unwrap_or(24.0);
    Axis::durations(least, greatest, plot.left, plot.right)
}

fn draw_heads(frame: &mut Frame<'_>, columns: [f64; 2], y: f64) -> Drawn {
    let small = Setting::small(frame.palette()).anchored(Anchor::End);
    frame.group(Group::default(), |pen| {
        pen.text("median", (columns[0], y), small)?;
        pen.text("outages", (columns[1], y), small)
    })
}

/// `place` holds the index of the row and the right ends of the columns of figures.
fn draw_row(
    frame: &mut Frame<'_>,
    line: &Line,
    axis: &Axis,
    middle: f64,
    place: (usize, [f64; 2]),
) -> Drawn {
    let palette = frame.palette();
    let (index, columns) = place;
    let setting = Setting::name(palette);
    let words = line.in_words();
    frame.group(Group { title: &words, ..Group::default() }, |pen| {
        let end = setting.anchored(Anchor::End);
        pen.text(
            &line.median,
            (columns[0], middle),
            Setting { bold: line.quantiles.is_some(), ..end },
        )?;
        pen.text(&line.outages, (columns[1], middle), end)?;
        let Some(q) = line.quantiles else {
            let at = (axis.start + 10.0, middle);
            let small = Setting::small(palette);
            let nothing = line.nothing();
            let behind = text::width(nothing, small.size, false) + 12.0;
            let ground = Area {
                left: at.0 - 6.0,
                top: middle - 9.0,
                right: at.0 + behind - 6.0,
                bottom: middle + 9.0,
            };
            pen.rectangle(ground, palette.background)?;
            return pen.text(nothing, at, small);
        };
        let places = [q.p5, q.p25, q.p50, q.p75, q.p95].map(|time| axis.at(time));
        draw_box(pen, places, middle, (palette.look(index).colour, palette))?;
        draw_mean(pen, (axis.at(q.mean), middle), palette)
    })
}

fn draw_box(pen: &Pen<'_>, x: [f64; 5], y: f64, (colour, palette): (Colour, &Palette)) -> Drawn {
    let [p5, p25, p50, p75, p95] = x;
    pen.path(&[(p5, y), (p95, y)], colour, 2.0)?;
    for end in [p5, p95] {
        pen.path(&[(end, y - 5.0), (end, y + 5.0)], colour, 2.0)?;
    }
    let inside = Area { left: p25, top: y - HALF_BOX, right: p75, bottom: y + HALF_BOX };
    pen.rectangle(inside, colour.faded(0.28, palette.background))?;
    let outline = [
        (p25, y - HALF_BOX),
        (p75, y - HALF_BOX),
        (p75, y + HALF_BOX),
        (p25, y + HALF_BOX),
        (p25, y - HALF_BOX),
        (p75, y - HALF_BOX),
    ];
    pen.path(&outline, colour, 1.4)?;
    pen.path(&[(p50, y - HALF_BOX - 2.0), (p50, y + HALF_BOX + 2.0)], palette.ink, 3.0)
}

fn draw_mean(pen: &Pen<'_>, at: Point, palette: &Palette) -> Drawn {
    pen.disc(at, 4.4, palette.ink)?;
    pen.disc(at, 2.9, palette.background)
}

fn key_entries() -> Vec<Entry> {
    ["5 % to 95 % of outages", "middle half", "median", "mean"]
        .map(|name| Entry { name: name.to_owned(), note: String::new() })
        .to_vec()
}

fn draw_key(frame: &mut Frame<'_>, index: usize, (x, y): Point) -> Drawn {
    let palette = frame.palette();
    let colour = palette.muted;
    let (middle, right) = (x + SWATCH / 2.0, x + SWATCH);
    frame.group(Group::default(), |pen| match index {
        0 => {
            pen.path(&[(x, y), (right, y)], colour, 2.0)?;
            pen.path(&[(x, y - 5.0), (x, y + 5.0)], colour, 2.0)?;
            pen.path(&[(right, y - 5.0), (right, y + 5.0)], colour, 2.0)
        }
        1 => {
            let inside = Area { left: x + 4.0, top: y - 6.0, right: right - 4.0, bottom: y + 6.0 };
            pen.rectangle(inside, colour)?;
            let inner = Area {
                left: inside.left + 1.4,
                top: inside.top + 1.4,
                right: inside.right - 1.4,
                bottom: inside.bottom - 1.4,
            };
            pen.rectangle(inner, colour.faded(0.35, palette.background))
        }
        2 => pen.path(&[(middle, y - 8.0), (middle, y + 8.0)], palette.ink, 3.0),
        _ => draw_mean(pen, (middle, y), palette),
    })
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound_in_both, hard_names, texts};
    use super::*;

    fn spread(low: f64, high: f64) -> Option<Quantiles> {
        let at = |share: f64| low + (high - low) * share;
        let (p5, p25, p50, p75) = (low, at(0.1), at(0.2), at(0.5));
        Some(Quantiles { p5, p25, p50, p75, p95: high, max: high * 3.0, mean: at(0.4) })
    }

    fn chart(rows: Vec<Option<Quantiles>>) -> Restore {
        let rows = hard_names().into_iter().zip(rows).map(|(strategy, quantiles)| RestoreRow {
            strategy,
            outages: if quantiles.is_some() { 12_345 } else { 0 },
            open: 0,
            quantiles,
        });
        let (title, x_label) = ("How long until service is back?", "Restore time");
        Restore { title: title.into(), x_label: x_label.into(), rows: rows.collect() }
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        let powers = (-6..10).map(|e| spread(10f64.powi(e), 10f64.powi(e) * 9.0));
        let mut cases = vec![
            chart(vec![spread(0.0, 0.0); 3]),
            chart(vec![spread(4.0, 4.0)]),
            chart(vec![None; 12]),
            chart(vec![None, spread(0.0, 30.0), spread(1e-6, 1e9)]),
            chart(powers.clone().take(12).collect()),
        ];
        cases.extend(powers.map(|one| chart(vec![one])));
        for case in cases {
            assert_sound_in_both(|palette| case.draw(palette));
        }
    }

    #[test]
    fn times_are_labelled_in_the_units_of_people() {
        let shown = texts(&chart(vec![spread(0.1, 150.0)]).draw(&Palette::LIGHT).unwrap());
        for tick in ["10\u{A0}min", "1\u{A0}h", "4\u{A0}h", "1\u{A0}d", "1\u{A0}week"] {
            assert!(shown.iter().any(|text| text == tick), "{tick} in {shown:?}");
        }
    }

    #[test]
    fn a_strategy_without_outages_says_so() {
        let shown = texts(&chart(vec![spread(1.0, 9.0), None]).draw(&Palette::LIGHT).unwrap());
        assert_eq!(shown.iter().filter(|text| *text == "no outages").count(), 1);
    }

    #[test]
    fn outages_that_never_ended_are_counted_below_the_chart() {
        let mut one = chart(vec![spread(1.0, 9.0), None, spread(1.0, 2.0)]);
        one.rows[1].open = 17;
        let svg = assert_sound_in_both(|palette| one.draw(palette));
        let shown = texts(&svg);
        assert!(shown.iter().any(|text| text == "no outage ended"), "{shown:?}");
        let left_out = "Left out, as still open at the end of the trial: ";
        let note = |shown: &[String]| {
            shown.iter().find_map(|text| text.strip_prefix(left_out)).map(str::to_owned)
        };
        let name = text::name(&one.rows[1].strategy);
        assert_eq!(note(&shown), Some(format!("17 (\"{name}\").")));
        one.rows[0].open = 3;
        one.rows[2].open = 2000;
        one.rows[2].strategy = "a very long name ".repeat(9);
        let svg = assert_sound_in_both(|palette| one.draw(palette));
        assert_eq!(note(&texts(&svg)).as_deref(), Some("2.02k outages of 3 strategies."));
    }

    #[test]
    fn a_time_that_is_no_time_is_refused() {
        for bad in [f64::NAN, f64::INFINITY, -1.0] {
            let refused = chart(vec![spread(bad, 9.0)]).draw(&Palette::LIGHT);
            assert!(matches!(refused, Err(ChartError::OutOfRange { .. })));
        }
        assert!(matches!(chart(Vec::new()).draw(&Palette::LIGHT), Err(ChartError::Empty { .. })));
    }
}
