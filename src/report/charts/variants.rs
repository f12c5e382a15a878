//! What becomes of each strategy under other assumptions: a group of lines for each strategy, a
//! line for each variant of the scenario.
//!
//! A marker stands at the mean, a bar behind it is the interval of the mean, and a thin line runs
//! to a tick at the value that 95 % of trials do not exceed. Each variant has its own colour and
//! marker; its recommended strategy has a ring and a word.

use super::axis::Axis;
use super::legend::{Key, SWATCH};
use super::palette::Look;
use super::plot::{Column, Figure, Plot};
use super::sheet::{Area, EDGE, Group, Sheet};
use super::{ChartError, Estimate, Limit, Palette, WIDE, label, names, sentences, some, text};

/// Height of a line, pixels.
const PITCH: f64 = 18.0;
/// Height of a group above what its lines take, pixels.
const AIR: f64 = 12.0;
/// Radius of the ring of a recommended strategy, pixels.
const RING: f64 = 8.2;

/// Strategies by variant.
#[derive(Debug, Clone, PartialEq)]
pub struct Variants {
    /// What the chart says, in plain words.
    pub title: String,
    /// What is measured, with its unit.
    pub x_label: String,
    /// Names of the variants.
    pub variants: Vec<String>,
    /// The strategies, from top to bottom.
    pub rows: Vec<VariantRow>,
    /// A value that should not be exceeded.
    pub limit: Option<Limit>,
}

/// One strategy in all variants.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantRow {
    /// Its name.
    pub strategy: String,
    /// One mark for each variant; `None` where the variant has no result.
    pub marks: Vec<Option<VariantMark>>,
}

/// What one variant says of one strategy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VariantMark {
    /// The mean over all trials.
    pub mean: Estimate,
    /// The value that 95 % of trials do not exceed. It may lie below the mean.
    pub p95: f64,
    /// Whether the strategy is the recommended one of this variant.
    pub recommended: bool,
}

impl Variants {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no strategy or no variant, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let rows = names(self.rows.iter().map(|row| &row.strategy), &self.title)?;
        some(&self.variants, &self.title, "variants")?;
        let variants: Vec<String> = self.variants.iter().map(|name| text::name(name)).collect();
        let height = PITCH * variants.len() as f64 + AIR;
        let mut sheet = Sheet::new(palette, &self.title);
        let columns = [
            self.column("mean", |mark| label::number(mark.mean.mean)),
            self.column("95 % below", |mark| label::number(mark.p95)),
            self.column("", |mark| if mark.recommended { "chosen" } else { "" }.to_owned()),
        ];
        let plot = sheet.rows(&rows, height, &columns, |start, end| self.axis(start, end));
        sheet.axes(&plot, [&self.x_label, ""]);
        draw_groups(&mut sheet, &plot, rows.len());
        if let Some(limit) = &self.limit {
            sheet.limit(&plot, limit.value, &limit.label);
        }
        for (index, (row, name)) in self.rows.iter().zip(&rows).enumerate() {
            for (variant, mark) in row.marks.iter().enumerate().take(variants.len()) {
                let y = plot.within(self.line(index, variant));
                match mark {
                    Some(mark) => {
                        sheet.titled(&in_words(name, &variants[variant], mark), |sheet| {
                            draw_mark(sheet, &plot, (mark, y), palette.look(variant));
                        })
                    }
                    None => sheet.words("no result", (plot.area.left + 12.0, y)),
                }
            }
        }
        sheet.legend(&self.keys(palette, &variants), SWATCH);
        if plot.x.is_log() && self.values().any(|value| value <= 0.0) {
            sheet.notes(&["A value of 0 stands at the left end.".to_owned()]);
        }
        sheet.finish(&self.description(&rows, &variants))
    }

    /// Where the line of a variant stands, counted in rows.
    fn line(&self, row: usize, variant: usize) -> f64 {
        let count = self.variants.len() as f64;
        let off = (variant as f64 + 0.5 - count / 2.0) * PITCH / (PITCH * count + AIR);
        row as f64 + 0.5 + off
    }

    fn column(&self, head: &'static str, shown: fn(&VariantMark) -> String) -> Column {
        let mut figures = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            for (variant, mark) in row.marks.iter().enumerate() {
                if let Some(mark) = mark {
                    let (text, bold) = (shown(mark), mark.recommended);
                    figures.push(Figure { row: self.line(index, variant), text, bold });
                }
            }
        }
        Column { head, figures }
    }

    fn marks(&self) -> impl Iterator<Item = &VariantMark> {
        self.rows.iter().flat_map(|row| row.marks.iter().flatten())
    }

    /// Every value that the axis must show.
    fn values(&self) -> impl Iterator<Item = f64> {
        let marks = self.marks().flat_map(|mark| {
            let Estimate { mean, low, high } = mark.mean;
            [low, mean, high, mark.p95]
        });
        marks.chain(self.limit.iter().map(|limit| limit.value))
    }

    fn axis(&self, start: f64, end: f64) -> Axis {
        let least = self.values().filter(|&value| value > 0.0).reduce(f64::min).unwrap_or(1.0);
        let greatest = self.values().fold(0.0, f64::max);
        if greatest > WIDE * least {
            Axis::log(least / 1.3, greatest, start, end)
        } else {
            Axis::linear(greatest * 1.02, start, end)
        }
    }

    fn keys(&self, palette: &Palette, variants: &[String]) -> Vec<Key<'_>> {
        let looks = (0..).map(|variant| palette.look(variant));
        let mut keys: Vec<Key<'_>> = variants
            .iter()
            .zip(looks)
            .map(|(name, look)| Key::series(name, Look { dash: &[], ..look }, true))
            .collect();
        let grey = Look { colour: palette.muted, ..palette.look(0) };
        keys.push(Key::new("mean and its interval", move |sheet, area| {
            let (middle, y) = area.middle();
            draw_interval(sheet, (area.left + 3.0, area.right - 3.0), y, grey);
            sheet.marker((middle, y), grey);
        }));
        keys.push(Key::new("95 % of trials are at or below the tick", move |sheet, area| {
            let y = area.middle().1;
            draw_reach(sheet, (area.left + 6.0, area.right - 2.0), y, grey);
            sheet.marker((area.left + 6.0, y), grey);
        }));
        if self.marks().any(|mark| mark.recommended) {
            keys.push(Key::new("chosen: recommended in that variant", move |sheet, area| {
                sheet.ring(area.middle(), RING, (sheet.palette.ink, 1.6));
                sheet.marker(area.middle(), grey);
            }));
        }
        keys.extend(self.limit.iter().map(|limit| Key::limit(&limit.label)));
        keys
    }

    fn description(&self, rows: &[String], variants: &[String]) -> String {
        let marks = self.rows.iter().zip(rows).flat_map(|(row, name)| {
            row.marks.iter().zip(variants).map(move |(mark, variant)| (name, variant, mark))
        });
        let marks = sentences(marks, |(name, variant, mark)| match mark {
            Some(mark) => in_words(name, variant, mark),
            None => format!("{name}, {variant}: no result"),
        });
        format!("{}.{marks}", self.x_label)
    }
}

fn in_words(name: &str, variant: &str, mark: &VariantMark) -> String {
    let Estimate { mean, low, high } = mark.mean;
    let [mean, low, high, p95] = [mean, low, high, mark.p95].map(label::number);
    let recommended = if mark.recommended { ", recommended" } else { "" };
    format!(
        "{name}, {variant}: mean {mean} ({low} to {high}), 95 % of trials at most {p95}{recommended}"
    )
}

/// The lines between the groups.
fn draw_groups(sheet: &mut Sheet<'_>, plot: &Plot, rows: usize) {
    sheet.group(Group::default(), |sheet| {
        for row in 0..=rows {
            let y = plot.above(row);
            sheet.path(&[(EDGE, y), (sheet.right(), y)], sheet.palette.grid, 1.0);
        }
    });
}

fn draw_mark(sheet: &mut Sheet<'_>, plot: &Plot, (mark, y): (&VariantMark, f64), look: Look) {
    let Estimate { mean, low, high } = mark.mean;
    let [low, mean, high, p95] = [low, mean, high, mark.p95].map(|value| plot.x.at(value));
    // The ring lies lowest, as it must not hide a narrow interval or a near tick.
    if mark.recommended {
        sheet.ring((mean, y), RING, (sheet.palette.ink, 1.6));
    }
    draw_interval(sheet, (low, high), y, look);
    draw_reach(sheet, (mean, p95), y, look);
    sheet.marker((mean, y), look);
}

/// The interval of the mean, as a faint bar whose ends show beside a marker.
fn draw_interval(sheet: &mut Sheet<'_>, (left, right): (f64, f64), y: f64, look: Look) {
    let area = Area { left, top: y - 4.0, right, bottom: y + 4.0 };
    sheet.rectangle(area, look.colour.faded(0.5, sheet.palette.background));
}

/// The thin line from the mean to the 95th percentile, and the tick there.
fn draw_reach(sheet: &mut Sheet<'_>, (mean, p95): (f64, f64), y: f64, look: Look) {
    sheet.path(&[(mean, y), (p95, y)], look.colour, 1.4);
    sheet.path(&[(p95, y - 5.0), (p95, y + 5.0)], look.colour, 2.0);
}
