//! Which of two strategies is better in the same trials, and by how much: one row for each pair.
//!
//! The difference is the first less the second, so that below 0 the first has less. A filled mark
//! stands for an interval that leaves out 0; a hollow one for a difference that may be none. The
//! axis goes by factors on both sides of 0 when the differences are of very different sizes.

use super::axis::{Axis, TICKS_HEIGHT};
use super::frame::{
    Anchor, Area, Drawn, EDGE, Frame, Group, Heading, LINE, NAME_SIZE, Pen, Point, SMALL_SIZE,
    Setting, WIDTH,
};
use super::legend::{Entry, Legend};
use super::palette::Colour;
use super::rows::RowNames;
use super::{ChartError, Palette, label, share, signed, text};

/// Width of the samples in the key, pixels.
const SWATCH: f64 = 30.0;
/// Room between two columns of text, pixels.
const GAP: f64 = 16.0;
/// Ratio of greatest to least difference beyond which the axis goes by factors.
const WIDE: f64 = 50.0;
/// Radius of a mark, pixels.
const MARK: f64 = 4.5;
/// Half the height of the end of an interval, pixels: more than a mark, which may cover it.
const CAP: f64 = 7.0;

/// One pair of strategies.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Name of the first strategy.
    pub first: String,
    /// Name of the second strategy, the one subtracted.
    pub second: String,
    /// Mean of the differences, first less second in the same trial.
    pub mean: f64,
    /// Lower end of the interval of the mean.
    pub low: f64,
    /// Upper end of the interval of the mean.
    pub high: f64,
    /// Share of trials in which the first is lower.
    pub first_lower: f64,
    /// Share of trials in which the second is lower; in the remaining they are equal.
    pub second_lower: f64,
}

/// Paired differences.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences {
    /// What the chart says, in plain words.
    pub title: String,
    /// What is compared, such as "difference in stale user-hours".
    pub x_label: String,
    /// Unit of the differences, such as "user-hours per year"; empty for none.
    pub unit: String,
    /// What the intervals are, such as "95 % interval".
    pub interval: String,
    /// The pairs, from top to bottom.
    pub rows: Vec<Difference>,
}

/// A pair with its checked numbers.
struct Row {
    first: String,
    second: String,
    /// Low, mean, high.
    ends: [f64; 3],
    /// As printed: mean, share in which the first is lower, share in which the second is.
    printed: [String; 3],
}

/// What is known before drawing begins.
struct Plan {
    rows: Vec<Row>,
    /// The strategy that every row subtracts, if it is one.
    reference: Option<String>,
    names: RowNames,
    /// Right ends of the columns of figures.
    columns: [f64; 3],
    plot: Area,
    axis: Axis,
    by_factors: bool,
}

impl Differences {
    /// The chart as SVG text.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without pairs, [`ChartError::OutOfRange`] for a number that is none,
    /// an interval that does not hold its mean, or shares that are not shares.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let heading = Heading::plan(&self.title);
        let plan = self.plan(&heading)?;
        let key = Legend::plan(self.key_entries(), SWATCH);
        let key_top = plan.plot.bottom + TICKS_HEIGHT + LINE + 16.0;
        let note_top = key_top + key.height() + 8.0;
        let note = if plan.by_factors { LINE } else { 0.0 };
        let mut frame = Frame::new(palette, note_top + note + 6.0, &heading)?;
        plan.axis.draw_below(&mut frame, plan.plot, &self.axis_title())?;
        plan.names.draw(&mut frame, plan.plot.left - 14.0, plan.plot.top)?;
        plan.draw_heads(&mut frame)?;
        let zero = plan.axis.at(0.0);
        let line = [(zero, plan.plot.top - 3.0), (zero, plan.plot.bottom + 3.0)];
        frame.group(Group::default(), |pen| pen.path(&line, palette.axis, 1.6))?;
        for (index, row) in plan.rows.iter().enumerate() {
            let middle = plan.plot.top + (index as f64 + 0.5) * plan.names.row_height();
            let words = self.in_words(row);
            plan.draw_row(&mut frame, (row, &words), middle)?;
        }
        key.draw(&mut frame, key_top, draw_key)?;
        if plan.by_factors {
            let at = (EDGE, note_top + LINE / 2.0);
            let words = "The axis goes by factors on both sides of 0.";
            frame.group(Group::default(), |pen| pen.text(words, at, Setting::small(palette)))?;
        }
        let rows: Vec<String> = plan.rows.iter().map(|row| self.in_words(row)).collect();
        let words = format!("{}. {}.", self.axis_title(), rows.join(". "));
        Ok(frame.finish(&self.title, &words))
    }

    fn plan(&self, heading: &Heading) -> Result<Plan, ChartError> {
        if self.rows.is_empty() {
            let chart = text::name(&self.title);
            return Err(ChartError::Empty { chart, what: "pairs" });
        }
        let rows: Vec<Row> = self.rows.iter().map(Row::checked).collect::<Result<_, _>>()?;
        let one = rows.len() > 1 && rows.iter().all(|row| row.second == rows[0].second);
        let reference = one.then(|| rows[0].second.clone());
        let names = match reference {
            Some(_) => RowNames::plan(rows.iter().map(|row| row.first.as_str())),
            None => {
                let pair = |row: &Row| (row.first.clone(), row.second.clone());
                RowNames::plan_pairs(&rows.iter().map(pair).collect::<Vec<_>>())
            }
        };
        let widths = [0, 1, 2].map(|column| {
            let printed =
                rows.iter().map(|row| text::width(&row.printed[column], NAME_SIZE, column == 0));
            let head = text::width(heads(reference.is_some())[column], SMALL_SIZE, false);
            printed.fold(head, f64::max)
        });
        let last = WIDTH - EDGE;
        let columns = [last - widths[2] - widths[1] - 2.0 * GAP, last - widths[2] - GAP, last];
        let left = EDGE + names.width() + 14.0;
        let top = heading.bottom() + 26.0 + if reference.is_some() { LINE + 4.0 } else { 0.0 };
        let right = columns[0] - widths[0] - GAP;
        let bottom = top + names.row_height() * rows.len() as f64;
        let plot = Area { left, top, right, bottom };
        let (axis, by_factors) = axis(&rows, plot);
        Ok(Plan { rows, reference, names, columns, plot, axis, by_factors })
    }

    fn axis_title(&self) -> String {
        let (what, unit) = (text::clean(&self.x_label), text::clean(&self.unit));
        if unit.is_empty() { what } else { format!("{what}, {unit}") }
    }

    fn in_words(&self, row: &Row) -> String {
        let [low, mean, high] = row.ends.map(label::signed);
        let [_, first, second] = &row.printed;
        format!(
            "{} minus {}: {mean} ({} {low} to {high}), lower in {first} of trials, higher in \
             {second}",
            row.first,
            row.second,
            text::name(&self.interval)
        )
    }

    fn key_entries(&self) -> Vec<Entry> {
        let interval = text::name(&self.interval);
        [
            format!("lower, {interval} leaves out 0"),
            "higher, likewise".to_owned(),
            "undecided, 0 is within".to_owned(),
        ]
        .map(|name| Entry { name, note: String::new() })
        .to_vec()
    }
}

/// Heads of the columns of figures; with one reference the rows are about the first strategy only.
fn heads(reference: bool) -> [&'static str; 3] {
    if reference {
        ["mean", "lower in", "higher in"]
    } else {
        ["mean", "first lower", "second lower"]
    }
}

impl Row {
    fn checked(row: &Difference) -> Result<Self, ChartError> {
        let (first, second) = (text::name(&row.first), text::name(&row.second));
        let name = format!("{first} minus {second}");
        let number = |value| signed(&name, "a difference", value);
        let ends = [number(row.low)?, number(row.mean)?, number(row.high)?];
        if ends[0] > ends[1] || ends[1] > ends[2] {
            let (what, range) = ("a mean difference", "within its interval");
            return Err(ChartError::OutOfRange { name, what, value: row.mean, range });
        }
        let what = "a share of trials";
        let shares = [row.first_lower, row.second_lower];
        let [first_lower, second_lower] =
            [share(&name, what, shares[0])?, share(&name, what, shares[1])?];
        if first_lower + second_lower > 1.0 + 1e-9 {
            let (what, range) = ("the sum of both shares", "at most 1");
            let value = first_lower + second_lower;
            return Err(ChartError::OutOfRange { name, what, value, range });
        }
        let mean = label::signed(ends[1]);
        let printed = [mean, label::percent(first_lower), label::percent(second_lower)];
        Ok(Self { first, second, ends, printed })
    }

    /// The greatest distance from 0 that the row shows.
    fn reach(&self) -> f64 {
        self.ends[0].abs().max(self.ends[2].abs())
    }

    /// Which side of 0 the interval is on: -1, 1, or 0 when it holds 0.
    fn side(&self) -> i8 {
        match self.ends {
            [_, _, high] if high < 0.0 => -1,
            [low, _, _] if low > 0.0 => 1,
            _ => 0,
        }
    }
}

/// Room for every interval and for 0, and whether it goes by factors.
fn axis(rows: &[Row], plot: Area) -> (Axis, bool) {
    let low = rows.iter().map(|row| row.ends[0]).fold(0.0, f64::min);
    let high = rows.iter().map(|row| row.ends[2]).fold(0.0, f64::max);
    let reaches = || rows.iter().map(Row::reach).filter(|&reach| reach > 0.0);
    let (least, greatest) =
        (reaches().reduce(f64::min).unwrap_or(1.0), reaches().fold(0.0, f64::max));
    if greatest <= WIDE * least {
        let air = 0.03 * (high - low);
        let ends = if low == high {
            (-1.0, 1.0)
        } else {
            (if low < 0.0 { low - air } else { 0.0 }, if high > 0.0 { high + air } else { 0.0 })
        };
        return (Axis::span(ends.0, ends.1, plot.left, plot.right), false);
    }
    // The least row still reaches a little beyond the even stretch around 0.
    let fine = label::power_of_ten(libm::floor(libm::log10(least)) as i32).max(greatest * 1e-12);
    // Some air on both sides, as the ends are not round.
    let air = |end: f64| if end == 0.0 { -libm::copysign(fine, low + high) } else { end * 1.6 };
    let axis = Axis::signed_log(air(low), air(high), fine, plot.left, plot.right);
    (axis, true)
}

impl Plan {
    fn draw_heads(&self, frame: &mut Frame<'_>) -> Drawn {
        let small = Setting::small(frame.palette());
        let y = self.plot.top - 13.0;
        let zero = self.axis.at(0.0);
        let heads = heads(self.reference.is_some());
        let (below, above) = match self.reference {
            Some(_) => ("← lower", "higher →"),
            None => ("← first lower", "first higher →"),
        };
        let fits = |words: &str, room: f64| text::width(words, SMALL_SIZE, false) + 8.0 <= room;
        frame.group(Group::default(), |pen| {
            for (head, column) in heads.iter().zip(self.columns) {
                pen.text(head, (column, y), small.anchored(Anchor::End))?;
            }
            if fits(below, zero - self.plot.left) {
                pen.text(below, (zero - 8.0, y), small.anchored(Anchor::End))?;
            }
            if fits(above, self.plot.right - zero) {
                pen.text(above, (zero + 8.0, y), small)?;
            }
            Ok(())
        })?;
        let Some(reference) = &self.reference else { return Ok(()) };
        let words = format!("Each strategy minus: {reference}");
        let shown = text::shorten(&words, WIDTH - 2.0 * EDGE, SMALL_SIZE, false);
        frame.group(Group { title: &words, ..Group::default() }, |pen| {
            pen.text(&shown, (EDGE, y - LINE - 4.0), small)
        })
    }

    fn draw_row(&self, frame: &mut Frame<'_>, (row, words): (&Row, &str), middle: f64) -> Drawn {
        let palette = frame.palette();
        let end = Setting::name(palette).anchored(Anchor::End);
        frame.group(Group { title: words, ..Group::default() }, |pen| {
            for (column, shown) in row.printed.iter().enumerate() {
                let setting = Setting { bold: column == 0 && row.side() != 0, ..end };
                pen.text(shown, (self.columns[column], middle), setting)?;
            }
            let [low, mean, high] = row.ends.map(|end| self.axis.at(end));
            let colour = colour(palette, row.side());
            pen.path(&[(low, middle), (high, middle)], colour, 2.0)?;
            for end in [low, high] {
                pen.path(&[(end, middle - CAP), (end, middle + CAP)], colour, 2.0)?;
            }
            draw_mark(pen, (mean, middle), (colour, row.side() == 0), palette.background)
        })
    }
}

fn colour(palette: &Palette, side: i8) -> Colour {
    match side {
        -1 => palette.lines[0],
        1 => palette.lines[1],
        _ => palette.muted,
    }
}

fn draw_mark(pen: &Pen<'_>, at: Point, (colour, hollow): (Colour, bool), ground: Colour) -> Drawn {
    pen.disc(at, MARK, colour)?;
    if hollow { pen.disc(at, MARK - 1.8, ground) } else { Ok(()) }
}

fn draw_key(frame: &mut Frame<'_>, index: usize, (x, y): Point) -> Drawn {
    let palette = frame.palette();
    let side = [-1, 1, 0][index.min(2)];
    let colour = colour(palette, side);
    frame.group(Group::default(), |pen| {
        pen.path(&[(x, y), (x + SWATCH, y)], colour, 2.0)?;
        for end in [x, x + SWATCH] {
            pen.path(&[(end, y - CAP), (end, y + CAP)], colour, 2.0)?;
        }
        draw_mark(pen, (x + SWATCH / 2.0, y), (colour, side == 0), palette.background)
    })
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound_in_both, hard_names, texts};
    use super::*;

    fn pair(first: &str, second: &str, low: f64, high: f64) -> Difference {
        Difference {
            first: first.into(),
            second: second.into(),
            mean: (low + high) / 2.0,
            low,
            high,
            first_lower: 0.62,
            second_lower: 0.031,
        }
    }

    fn chart(rows: Vec<Difference>) -> Differences {
        Differences {
            title: "Who is better in the same years?".into(),
            x_label: "difference in stale user-hours".into(),
            unit: "user-hours per year".into(),
            interval: "95 % interval".into(),
            rows,
        }
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        let names = hard_names();
        let mut cases = Vec::new();
        for reference in [false, true] {
            let second = |i: usize| if reference { &names[0] } else { &names[(i * 5 + 3) % 12] };
            let rows = |count: usize, ends: &dyn Fn(i32) -> (f64, f64)| {
                let row = |i: usize| {
                    let (low, high) = ends(i as i32);
                    pair(&names[i], second(i), low, high)
                };
                chart((0..count).map(row).collect())
            };
            for count in [1, 2, 3, 6, 12] {
                cases.push(rows(count, &|_| (0.0, 0.0)));
                cases.push(rows(count, &|i| (f64::from(i - 4), f64::from(i + 3))));
                cases.push(rows(count, &|i| (-10f64.powi(i), -0.5 * 10f64.powi(i))));
                cases
                    .push(rows(count, &|i| (0.5 * 10f64.powi(i * 9 - 40), 10f64.powi(i * 9 - 40))));
                cases.push(rows(count, &|i| (-1e98 * f64::from(i), 1e-90)));
                cases.push(rows(count, &|_| (1_000_000.0, 1_000_001.0)));
                cases.push(rows(count, &|_| (-1e-200, 1e-200)));
            }
        }
        for case in cases {
            assert_sound_in_both(|palette| case.draw(palette));
        }
    }

    #[test]
    fn one_reference_is_named_once_and_other_pairs_in_each_row() {
        let one = chart(vec![pair("a", "c", -2.0, -1.0), pair("b", "c", -1.0, 1.0)]);
        let shown = texts(&one.draw(&Palette::LIGHT).unwrap());
        assert!(shown.iter().any(|text| text == "Each strategy minus: c"), "{shown:?}");
        assert!(!shown.iter().any(|text| text == "minus c"), "{shown:?}");
        let two = chart(vec![pair("a", "c", -2.0, -1.0), pair("a", "b", -1.0, 1.0)]);
        let shown = texts(&two.draw(&Palette::LIGHT).unwrap());
        assert!(
            ["minus c", "minus b", "first lower"]
                .iter()
                .all(|want| shown.iter().any(|t| t == want))
        );
    }

    #[test]
    fn the_axis_goes_by_factors_only_when_the_sizes_need_it() {
        let note = |size: f64| {
            let rows = vec![pair("a", "b", -2.0, -1.0), pair("c", "d", size, 2.0 * size)];
            let shown = texts(&chart(rows).draw(&Palette::LIGHT).unwrap());
            shown.iter().any(|text| text == "The axis goes by factors on both sides of 0.")
        };
        assert_eq!([note(1.0), note(49.0), note(51.0), note(1e9)], [false, false, true, true]);
    }

    #[test]
    fn numbers_and_shares_are_said() {
        let svg = chart(vec![pair("a", "b", -3000.0, -1000.0)]).draw(&Palette::LIGHT).unwrap();
        let shown = texts(&svg);
        for want in ["\u{2212}2k", "62\u{A0}%", "3.1\u{A0}%"] {
            assert!(shown.iter().any(|text| text == want), "{want} in {shown:?}");
        }
        let words = "a minus b: \u{2212}2k (95 % interval \u{2212}3k to \u{2212}1k), lower in \
                     62\u{A0}% of trials, higher in 3.1\u{A0}%";
        assert_eq!(svg.matches(words).count(), 2);
    }

    #[test]
    fn what_is_no_difference_is_refused() {
        let good = pair("a", "b", -1.0, 1.0);
        let bad = [
            Difference { mean: f64::NAN, ..good.clone() },
            Difference { low: f64::NEG_INFINITY, ..good.clone() },
            Difference { mean: 2.0, ..good.clone() },
            Difference { low: 0.5, ..good.clone() },
            Difference { first_lower: 1.5, ..good.clone() },
            Difference { first_lower: 0.7, second_lower: 0.7, ..good },
        ];
        for row in bad {
            let refused = chart(vec![row]).draw(&Palette::LIGHT);
            assert!(matches!(refused, Err(ChartError::OutOfRange { .. })), "{refused:?}");
        }
        assert!(matches!(chart(Vec::new()).draw(&Palette::LIGHT), Err(ChartError::Empty { .. })));
    }
}
