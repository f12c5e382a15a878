//! What becomes of each strategy under other assumptions: a group of lines for each strategy, a
//! line for each variant of the scenario.
//!
//! A marker stands at the mean, a bar behind it is the interval of the mean, and a thin line runs
//! to a tick at the value that 95 % of trials do not exceed. Each variant has its own colour and
//! marker; its recommended strategy has a ring and a word. The axis goes by powers of ten when the
//! values need it. Such an axis has no 0, so that zeros then stand apart, left of a break.

use super::axis::TICKS_HEIGHT;
use super::cost_risk::{self, Estimate};
use super::frame::{
    Anchor, Area, Drawn, EDGE, Frame, Group, Heading, LINE, SMALL_SIZE, Setting, WIDTH,
};
use super::legend::{Entry, Legend};
use super::rows::RowNames;
use super::variant_marks::{
    Key, SWATCH, Scale, ZERO, draw_interval, draw_key, draw_reach, draw_ring,
};
use super::{ChartError, Palette, amount, bars, label, text};

/// Variants that a reader can keep apart.
const MOST_VARIANTS: usize = 4;
/// Height of a line, pixels.
const PITCH: f64 = 18.0;
/// Height of a group above what its lines take, pixels.
const GROUP_AIR: f64 = 12.0;
/// Room between two columns of text, pixels.
const GAP: f64 = 16.0;
/// Strokes and gaps of the limit, pixels.
const DASH: [f64; 2] = [5.0, 4.0];
/// Heads of the columns of figures.
const HEADS: [&str; 3] = ["mean", "95 % below", ""];
/// What a recommended strategy is called in its line.
const CHOSEN: &str = "chosen";

/// What one variant says of one strategy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VariantMark {
    /// The mean over all trials.
    pub mean: f64,
    /// Lower end of the interval of the mean; below 0 it is drawn at 0.
    pub low: f64,
    /// Upper end of the interval of the mean.
    pub high: f64,
    /// The value that 95 % of trials do not exceed. It may lie below the mean.
    pub p95: f64,
    /// Whether the strategy is the recommended one of this variant.
    pub chosen: bool,
}

/// One strategy in all variants.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantRow {
    /// Its name.
    pub strategy: String,
    /// One mark for each variant; `None` where the variant has no result.
    pub marks: Vec<Option<VariantMark>>,
}

/// Strategies by variant.
#[derive(Debug, Clone, PartialEq)]
pub struct Variants {
    /// What the chart says, in plain words.
    pub title: String,
    /// What is measured, such as "Stale user-hours".
    pub x_label: String,
    /// Unit of the values, such as "user-hours per year"; empty for none.
    pub unit: String,
    /// Names of the variants, at most 4.
    pub variants: Vec<String>,
    /// The strategies, from top to bottom.
    pub rows: Vec<VariantRow>,
    /// A value that should not be exceeded, and what it is called.
    pub limit: Option<(f64, String)>,
}

/// A checked mark with its figures as printed.
struct Mark {
    mean: Estimate,
    p95: f64,
    chosen: bool,
    printed: [String; 2],
}

/// A checked strategy.
struct Row {
    name: String,
    marks: Vec<Option<Mark>>,
}

/// What is known before drawing begins.
struct Plan {
    variants: Vec<String>,
    rows: Vec<Row>,
    limit: Option<(f64, String)>,
    names: RowNames,
    /// Right ends of the columns of figures.
    columns: [f64; 3],
    plot: Area,
    scale: Scale,
}

impl Variants {
    /// The chart as SVG text.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without strategies or variants, [`ChartError::RowLength`] for a
    /// strategy with another number of marks than there are variants, [`ChartError::OutOfRange`]
    /// for more than 4 variants, a number that is none or negative, or an interval that does not
    /// hold its mean.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let heading = Heading::plan(&self.title);
        let plan = self.plan(&heading)?;
        let keys = plan.keys();
        let key = Legend::plan(plan.entries(&keys), SWATCH);
        let key_top = plan.plot.bottom + TICKS_HEIGHT + LINE + 16.0;
        let note_top = key_top + key.height() + 8.0;
        let notes = plan.notes();
        let height = note_top + LINE * notes.len() as f64 + 8.0;
        let mut frame = Frame::new(palette, height, &heading)?;
        plan.draw_ground(&mut frame, &self.axis_title())?;
        plan.draw_heads(&mut frame)?;
        plan.draw_limit(&mut frame)?;
        for (index, row) in plan.rows.iter().enumerate() {
            plan.draw_row(&mut frame, (index, row))?;
        }
        key.draw(&mut frame, key_top, |frame, index, at| draw_key(frame, keys[index], at))?;
        for (index, words) in notes.iter().enumerate() {
            let at = (EDGE, note_top + LINE * (index as f64 + 0.5));
            frame.group(Group::default(), |pen| pen.text(words, at, Setting::small(palette)))?;
        }
        let words = format!("{}.{}", self.axis_title(), plan.in_words());
        Ok(frame.finish(&self.title, &words))
    }

    fn axis_title(&self) -> String {
        let (what, unit) = (text::clean(&self.x_label), text::clean(&self.unit));
        if unit.is_empty() { what } else { format!("{what}, {unit}") }
    }

    fn plan(&self, heading: &Heading) -> Result<Plan, ChartError> {
        let (rows, limit) = (self.checked()?, self.checked_limit()?);
        let names = RowNames::plan(self.rows.iter().map(|row| row.strategy.as_str()))
            .with_row_height(PITCH * self.variants.len() as f64 + GROUP_AIR);
        let marks = || rows.iter().flat_map(|row| row.marks.iter().flatten());
        let chosen = marks().any(|mark| mark.chosen);
        let width = |column: usize| {
            let printed = marks()
                .map(|mark| text::width(&mark.printed[column], SMALL_SIZE, mark.chosen))
                .fold(0.0, f64::max);
            printed.max(text::width(HEADS[column], SMALL_SIZE, false))
        };
        let last = WIDTH - EDGE;
        let second = if chosen { last - text::width(CHOSEN, SMALL_SIZE, true) - GAP } else { last };
        let columns = [second - width(1) - GAP, second, last];
        let left = EDGE + names.width() + 14.0;
        // The name of the limit has a line of its own, as wide as the picture.
        let top = heading.bottom() + 26.0 + if limit.is_some() { LINE } else { 0.0 };
        let right = columns[0] - width(0) - GAP;
        let bottom = top + names.row_height() * rows.len() as f64;
        let plot = Area { left, top, right, bottom };
        let scale = Scale::plan(&values(&rows, limit.as_ref()), plot);
        let variants = self.variants.iter().map(|name| text::name(name)).collect();
        Ok(Plan { variants, rows, limit, names, columns, plot, scale })
    }

    fn checked(&self) -> Result<Vec<Row>, ChartError> {
        let chart = text::name(&self.title);
        if self.rows.is_empty() {
            return Err(ChartError::Empty { chart, what: "strategies" });
        }
        let wanted = self.variants.len();
        if wanted == 0 {
            return Err(ChartError::Empty { chart, what: "variants" });
        }
        if wanted > MOST_VARIANTS {
            let (what, range) = ("the number of variants", "at most 4");
            return Err(ChartError::OutOfRange { name: chart, what, value: wanted as f64, range });
        }
        let row = |row: &VariantRow| {
            let (name, found) = (text::name(&row.strategy), row.marks.len());
            if found != wanted {
                return Err(ChartError::RowLength { name, found, wanted, what: "variants" });
            }
            let marks =
                row.marks.iter().map(|mark| mark.map(|m| Mark::checked(&name, m)).transpose());
            Ok(Row { marks: marks.collect::<Result<_, _>>()?, name })
        };
        self.rows.iter().map(row).collect()
    }

    fn checked_limit(&self) -> Result<Option<(f64, String)>, ChartError> {
        let Some((value, name)) = &self.limit else { return Ok(None) };
        let name = text::name(name);
        Ok(Some((amount(&name, "a limit", *value)?, name)))
    }
}

/// Every value that the axis must show.
fn values(rows: &[Row], limit: Option<&(f64, String)>) -> Vec<f64> {
    let marks = rows.iter().flat_map(|row| row.marks.iter().flatten());
    let shown = marks.flat_map(|mark| [mark.mean.low, mark.mean.mean, mark.mean.high, mark.p95]);
    shown.chain(limit.map(|limit| limit.0)).collect()
}

impl Mark {
    fn checked(name: &str, mark: VariantMark) -> Result<Self, ChartError> {
        let VariantMark { mean, low, high, p95, chosen } = mark;
        let mean = cost_risk::estimate(name, "a mean", Estimate { mean, low, high })?;
        let p95 = amount(name, "a 95th percentile", p95)?;
        let printed = [mean.mean, p95].map(label::number);
        Ok(Self { mean, p95, chosen, printed })
    }

    fn in_words(&self) -> String {
        let [low, high] = [self.mean.low, self.mean.high].map(label::number);
        let [mean, p95] = &self.printed;
        let chosen = if self.chosen { ", recommended" } else { "" };
        format!("mean {mean} ({low} to {high}), 95 % of trials at most {p95}{chosen}")
    }
}

impl Row {
    fn in_words(&self, variants: &[String], index: usize) -> String {
        let mark = self.marks[index].as_ref().map_or("no result".to_owned(), Mark::in_words);
        format!("{}, {}: {mark}", self.name, variants[index])
    }
}

impl Plan {
    /// Grid, names, and the lines between the groups.
    fn draw_ground(&self, frame: &mut Frame<'_>, title: &str) -> Drawn {
        let (plot, palette) = (self.plot, frame.palette());
        self.scale.axis.draw_below(frame, plot, title)?;
        self.names.draw(frame, plot.left - 14.0, plot.top)?;
        frame.group(Group::default(), |pen| {
            for index in 0..=self.rows.len() {
                let y = plot.top + index as f64 * self.names.row_height();
                pen.path(&[(EDGE, y), (WIDTH - EDGE, y)], palette.grid, 1.0)?;
            }
            let Some(origin) = self.scale.origin() else { return Ok(()) };
            let line = [(origin, plot.top), (origin, plot.bottom + 4.0)];
            pen.path(&line, palette.axis, 1.4)?;
            let Some(zero) = self.scale.zero else { return Ok(()) };
            let small = Setting::small(palette).anchored(Anchor::Middle);
            pen.text("0", (zero, plot.bottom + 16.0), small)?;
            // Two strokes through the foot of the plot: here the axis has a gap.
            let middle = zero + 10.0;
            for x in [middle - 2.0, middle + 2.0] {
                let stroke = [(x - 2.0, plot.bottom + 5.0), (x + 2.0, plot.bottom - 5.0)];
                pen.path(&stroke, palette.axis, 1.4)?;
            }
            Ok(())
        })
    }

    fn draw_heads(&self, frame: &mut Frame<'_>) -> Drawn {
        let small = Setting::small(frame.palette()).anchored(Anchor::End);
        frame.group(Group::default(), |pen| {
            let heads = HEADS.iter().zip(self.columns).filter(|(head, _)| !head.is_empty());
            heads
                .into_iter()
                .try_for_each(|(head, x)| pen.text(head, (x, self.plot.top - 11.0), small))
        })
    }

    /// The line of the limit from its name down, under all marks.
    fn draw_limit(&self, frame: &mut Frame<'_>) -> Drawn {
        let Some((value, name)) = &self.limit else { return Ok(()) };
        let (x, palette) = (self.scale.at(*value), frame.palette());
        let top = self.plot.top - 11.0 - LINE;
        let group = Group { title: name, dash: &DASH, ..Group::default() };
        let line = [(x, top + LINE / 2.0), (x, self.plot.bottom)];
        frame.group(group, |pen| pen.path(&line, palette.ink, 1.3))?;
        let shown = text::shorten(name, WIDTH - 2.0 * EDGE, SMALL_SIZE, true);
        let half = text::width(&shown, SMALL_SIZE, true) / 2.0;
        let middle = x.min(WIDTH - EDGE - half).max(EDGE + half);
        let setting = Setting { size: SMALL_SIZE, bold: true, ..Setting::name(palette) };
        frame.group(Group { title: name, ..Group::default() }, |pen| {
            pen.text(&shown, (middle, top), setting.anchored(Anchor::Middle))
        })
    }

    fn draw_row(&self, frame: &mut Frame<'_>, (index, row): (usize, &Row)) -> Drawn {
        let middle = self.plot.top + (index as f64 + 0.5) * self.names.row_height();
        let first = middle - (row.marks.len() as f64 - 1.0) / 2.0 * PITCH;
        for (variant, mark) in row.marks.iter().enumerate() {
            let y = first + variant as f64 * PITCH;
            let words = row.in_words(&self.variants, variant);
            match mark {
                Some(mark) => self.draw_mark(frame, (mark, &words), (variant, y))?,
                None => bars::draw_words(frame, "no result", (self.plot.left + ZERO, y))?,
            }
        }
        Ok(())
    }

    fn draw_mark(
        &self,
        frame: &mut Frame<'_>,
        (mark, words): (&Mark, &str),
        (variant, y): (usize, f64),
    ) -> Drawn {
        let palette = frame.palette();
        let look = palette.look(variant);
        let Estimate { mean, low, high } = mark.mean;
        let [low, mean, high, p95] = [low, mean, high, mark.p95].map(|value| self.scale.at(value));
        frame.group(Group { title: words, ..Group::default() }, |pen| {
            // The ring lies lowest, as it must not hide a narrow interval or a near tick.
            if mark.chosen {
                draw_ring(pen, (mean, y), palette)?;
            }
            draw_interval(pen, ((low, high), y), look, palette)?;
            draw_reach(pen, ((mean, p95), y), look)?;
            pen.marker((mean, y), look)?;
            let setting = Setting {
                size: SMALL_SIZE,
                bold: mark.chosen,
                ..Setting::name(palette).anchored(Anchor::End)
            };
            for (printed, x) in mark.printed.iter().zip(self.columns) {
                pen.text(printed, (x, y), setting)?;
            }
            if mark.chosen { pen.text(CHOSEN, (self.columns[2], y), setting) } else { Ok(()) }
        })
    }

    fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.rows.iter().flat_map(|row| row.marks.iter().flatten())
    }

    fn keys(&self) -> Vec<Key> {
        let mut keys: Vec<Key> = (0..self.variants.len()).map(Key::Variant).collect();
        keys.extend([Key::Interval, Key::Percentile]);
        if self.marks().any(|mark| mark.chosen) {
            keys.push(Key::Chosen);
        }
        keys
    }

    fn entries(&self, keys: &[Key]) -> Vec<Entry> {
        let name = |key: &Key| match key {
            Key::Variant(index) => self.variants[*index].clone(),
            Key::Interval => "mean and its interval".to_owned(),
            Key::Percentile => "95 % of trials are at or below the tick".to_owned(),
            Key::Chosen => "chosen: recommended in that variant".to_owned(),
        };
        keys.iter().map(|key| Entry { name: name(key), note: String::new() }).collect()
    }

    /// What has to be said below the chart, a line each.
    fn notes(&self) -> Vec<&'static str> {
        match (self.scale.by_factors, self.scale.zero) {
            (true, Some(_)) => vec!["The axis goes by factors; a value of 0 stands left of it."],
            (true, None) => vec!["The axis goes by factors."],
            (false, _) => Vec::new(),
        }
    }

    fn in_words(&self) -> String {
        let mut words = String::new();
        for row in &self.rows {
            for variant in 0..row.marks.len() {
                words.push_str(&format!(" {}.", row.in_words(&self.variants, variant)));
            }
        }
        if let Some((value, name)) = &self.limit {
            words.push_str(&format!(" {name}: {}.", label::number(*value)));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound_in_both, hard_names, texts};
    use super::*;

    fn mark(mean: f64, p95: f64) -> Option<VariantMark> {
        Some(VariantMark { mean, low: mean * 0.9, high: mean * 1.1, p95, chosen: false })
    }

    fn chart(names: &[String], marks: Vec<Vec<Option<VariantMark>>>) -> Variants {
        let variants = marks.first().map_or(0, Vec::len);
        let rows = names.iter().cycle().zip(marks);
        Variants {
            title: "What the log makes of each strategy".into(),
            x_label: "Stale user-hours".into(),
            unit: "user-hours per year".into(),
            variants: ["as assumed", "as in the log", "both", "log, resampled", "five"]
                .map(str::to_owned)[..variants]
                .to_vec(),
            rows: rows.map(|(name, marks)| VariantRow { strategy: name.clone(), marks }).collect(),
            limit: None,
        }
    }

    /// So many strategies in so many variants.
    fn each(
        (strategies, variants): (u32, u32),
        of: impl Fn(u32, u32) -> Option<VariantMark>,
    ) -> Variants {
        let row = |strategy| (0..variants).map(|variant| of(strategy, variant)).collect();
        chart(&hard_names(), (0..strategies).map(row).collect())
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        let mut cases = Vec::new();
        for size in [(1, 1), (1, 2), (2, 2), (3, 4), (8, 3), (12, 4)] {
            let ten = |exponent: u32| 10f64.powi(exponent as i32);
            cases.push(each(size, |_, _| mark(0.0, 0.0)));
            cases.push(each(size, |_, _| None));
            cases.push(each(size, |_, _| mark(5.0, 0.0)));
            cases.push(each(size, |s, v| mark(f64::from(s + v), f64::from(3 * (s + v)))));
            cases.push(each(size, |s, v| mark(ten(s), 3.0 * ten(s + v))));
            cases.push(each(size, |s, v| if s == v { None } else { mark(1e-4, 1e6) }));
            cases.push(each(size, |s, v| mark(1e-99 * ten(16 * s + v), 0.0)));
            cases.push(each(size, |s, v| mark(1e6 + f64::from(s), 1e6 + f64::from(v))));
        }
        let plain = cases.clone();
        for (index, case) in plain.into_iter().enumerate() {
            let mut case = case;
            let mut marks: Vec<_> =
                case.rows.iter_mut().flat_map(|row| row.marks.iter_mut().flatten()).collect();
            marks.iter_mut().for_each(|mark| mark.chosen = true);
            let value = [0.0, 3.0, 1e-6, 1e9][index % 4];
            case.limit = Some((value, hard_names()[index % 12].clone()));
            case.variants = hard_names()[..case.variants.len()].to_vec();
            (case.x_label, case.unit) = (hard_names()[0].clone(), hard_names()[7].clone());
            cases.push(case);
        }
        for case in cases {
            assert_sound_in_both(|palette| case.draw(palette));
        }
    }

    #[test]
    fn the_axis_goes_by_factors_only_when_the_values_need_it() {
        let notes = |least: f64, greatest: f64| {
            let names = ["a".to_owned(), "b".to_owned()];
            let exact =
                |mean| Some(VariantMark { mean, low: mean, high: mean, p95: mean, chosen: false });
            let case = chart(&names, vec![vec![exact(least)], vec![exact(greatest)]]);
            let shown = texts(&case.draw(&Palette::LIGHT).unwrap());
            shown.into_iter().find(|text| text.starts_with("The axis")).unwrap_or_default()
        };
        assert_eq!([notes(0.0, 9.0), notes(1.0, 50.0), notes(0.0, 0.0)], ["", "", ""]);
        assert_eq!(notes(1.0, 51.0), "The axis goes by factors.");
        let plot = Area { left: 100.0, top: 0.0, right: 500.0, bottom: 9.0 };
        let apart = Scale::plan(&[0.0, 1.0, 1000.0], plot);
        assert!(apart.by_factors && apart.at(0.0) < apart.axis.start - 20.0);
        assert_eq!((apart.at(1.0), apart.at(1000.0)), (apart.axis.start, 500.0));
        let plain = Scale::plan(&[0.0, 1.0, 10.0], plot);
        assert_eq!((plain.by_factors, plain.at(0.0)), (false, 100.0));
    }

    #[test]
    fn figures_and_the_recommended_strategy_are_said() {
        let names = ["Rebuild".to_owned(), "Standby".to_owned()];
        let mut case = chart(
            &names,
            vec![vec![mark(10.0, 40.0), mark(100.0, 400.0)], vec![mark(20.0, 0.0), None]],
        );
        let shown = texts(&case.draw(&Palette::LIGHT).unwrap());
        assert!(shown.iter().all(|text| !text.starts_with(CHOSEN)), "{shown:?}");
        case.rows[1].marks[0] = mark(20.0, 0.0).map(|mark| VariantMark { chosen: true, ..mark });
        case.limit = Some((250.0, "limit 250".into()));
        let svg = case.draw(&Palette::LIGHT).unwrap();
        let shown = texts(&svg);
        for want in ["10", "40", "400", "20", CHOSEN, "no result", "limit 250"] {
            assert!(shown.iter().any(|text| text == want), "{want} in {shown:?}");
        }
        let words =
            "Standby, as assumed: mean 20 (18 to 22), 95 % of trials at most 0, recommended";
        assert_eq!(svg.matches(words).count(), 2);
        assert!(svg.contains("Standby, as in the log: no result. limit 250: 250."));
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let refused = |change: fn(&mut Variants)| {
            let mut case = each((2, 2), |_, _| mark(1.0, 2.0));
            for (row, name) in case.rows.iter_mut().zip(["a", "b"]) {
                row.strategy = name.into();
            }
            change(&mut case);
            case.draw(&Palette::LIGHT).unwrap_err().to_string()
        };
        let number = "it must be a number from 0 to 1e100";
        let title = "What the log makes of each strategy";
        assert_eq!(
            [
                refused(|case| case.rows.clear()),
                refused(|case| case.variants.clear()),
                refused(|case| case.variants.push("c".into())),
                refused(|case| case.variants = vec![String::new(); 5]),
                refused(|case| case.rows[1].marks[0].as_mut().unwrap().mean = f64::NAN),
                refused(|case| case.rows[1].marks[0].as_mut().unwrap().mean = 9.0),
                refused(|case| case.rows[1].marks[0].as_mut().unwrap().p95 = -1.0),
                refused(|case| case.rows[1].marks[0].as_mut().unwrap().high = f64::INFINITY),
                refused(|case| case.limit = Some((f64::NAN, "limit".into()))),
            ],
            [
                format!("chart `{title}` has no strategies; give at least one"),
                format!("chart `{title}` has no variants; give at least one"),
                "`a` has 2 numbers for 3 variants; give one for each".to_owned(),
                format!("`{title}` holds 5 as the number of variants; it must be at most 4"),
                format!("`b` holds NaN as a mean; {number}"),
                "`b` holds 9 as a mean; it must be within its interval".to_owned(),
                format!("`b` holds -1 as a 95th percentile; {number}"),
                format!("`b` holds inf as a mean; {number}"),
                format!("`limit` holds NaN as a limit; {number}"),
            ]
        );
    }

    #[test]
    fn an_interval_that_reaches_below_0_ends_there() {
        let mut case = each((1, 1), |_, _| mark(1.0, 2.0));
        case.rows[0].marks[0].as_mut().unwrap().low = -3.0;
        let svg = assert_sound_in_both(|palette| case.draw(palette));
        assert!(svg.contains("mean 1 (0 to 1.1)"), "{svg}");
    }
}
