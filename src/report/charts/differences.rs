//! How each strategy differs from one of them in the same trials: one row for each.
//!
//! Below 0 a strategy has less than the reference. A filled mark stands for an interval that leaves
//! out 0; a hollow one for a difference that may be none. The axis is logarithmic on both sides of
//! 0 when the differences are of very different sizes.

use super::axis::Axis;
use super::legend::{Key, SWATCH};
use super::picture::{Picture, Run, estimate};
use super::plot::{Column, Plot};
use super::sheet::{Anchor, Group, Sheet};
use super::{ChartError, Estimate, Palette, WIDE, label, names, sentences, text};
use crate::report::tables;
use crate::report::text::{figure, percent, quoted};
use crate::report::words::{periods, risk_words};
use crate::study::decide::risk_metric;

/// Least height of a row, pixels.
const ROW: f64 = 36.0;
/// Radius of a mark, pixels.
const MARK: f64 = 4.5;
/// Half the height of the end of an interval, pixels: more than a mark, which may cover it.
const CAP: f64 = 7.0;

/// Paired differences.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences {
    /// What the chart says, in plain words.
    pub title: String,
    /// What is compared, with its unit.
    pub x_label: String,
    /// The strategy that the others are compared with.
    pub reference: String,
    /// What the intervals are, such as "95 % interval".
    pub interval: String,
    /// The other strategies, from top to bottom.
    pub rows: Vec<Difference>,
}

/// One strategy less the reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Its name.
    pub strategy: String,
    /// Mean of the differences in the same trial.
    pub difference: Estimate,
    /// Share of trials in which it is lower than the reference.
    pub lower: f64,
    /// Share of trials in which it is higher; in the remaining they are equal.
    pub higher: f64,
}

impl Differences {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no row, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let names = names(self.rows.iter().map(|row| &row.strategy), &self.title)?;
        let mut sheet = Sheet::new(palette, &self.title);
        sheet.lead(&format!("each strategy less: {}", self.reference));
        let share =
            |share: fn(&Difference) -> f64| self.rows.iter().map(move |row| percent(share(row)));
        let mean = self.rows.iter().map(|row| whole(row.difference.mean));
        let mut columns = [
            Column::new("mean", false, mean),
            Column::new("lower in", false, share(|row| row.lower)),
            Column::new("higher in", false, share(|row| row.higher)),
        ];
        for (figure, row) in columns[0].figures.iter_mut().zip(&self.rows) {
            figure.bold = row.decided();
        }
        let plot = sheet.rows(&names, ROW, &columns, |start, end| self.axis(start, end));
        sheet.axes(&plot, [&self.x_label, ""]);
        sheet.base_of_rows(&plot, plot.x.at(0.0), names.len(), 1.6);
        name_sides(&mut sheet, &plot);
        for (index, (row, name)) in self.rows.iter().zip(&names).enumerate() {
            let y = plot.y.at(index as f64 + 0.5);
            let Estimate { mean, low, high } = row.difference;
            let [low, mean, high] = [low, mean, high].map(|value| plot.x.at(value));
            sheet.titled(&self.in_words(row, name), |sheet| {
                draw_mark(sheet, (low, mean, high), y, row.decided());
            });
        }
        let sample = |decided: bool| {
            move |sheet: &mut Sheet<'_>, area: super::sheet::Area| {
                let (middle, y) = area.middle();
                draw_mark(sheet, (area.left, middle, area.right), y, decided);
            }
        };
        let keys = [
            Key::new(&format!("decided: the {} leaves out 0", self.interval), sample(true)),
            Key::new("undecided: 0 is within", sample(false)),
        ];
        sheet.legend(&keys, SWATCH);
        let rows = sentences(self.rows.iter().zip(&names), |(row, name)| self.in_words(row, name));
        sheet.finish(&format!("{}.{rows}", self.x_label))
    }

    /// Room for every interval and for 0.
    fn axis(&self, start: f64, end: f64) -> Axis {
        let differences = || self.rows.iter().map(|row| row.difference);
        let low = differences().map(|d| d.low).fold(0.0, f64::min);
        let high = differences().map(|d| d.high).fold(0.0, f64::max);
        let sizes = || differences().map(|d| d.low.abs().max(d.high.abs()));
        let least = sizes().filter(|&size| size > 0.0).reduce(f64::min).unwrap_or(1.0);
        let greatest = sizes().fold(0.0, f64::max);
        if greatest <= WIDE * least {
            let air = 0.03 * (high - low);
            let air = |end: f64| if end == 0.0 { 0.0 } else { end + libm::copysign(air, end) };
            return match low == high {
                true => Axis::span(-1.0, 1.0, start, end),
                false => Axis::span(air(low), air(high), start, end),
            };
        }
        // The least difference still reaches a little beyond the even stretch around 0.
        let fine = label::power_of_ten(libm::floor(libm::log10(least)) as i32);
        let fine = fine.max(greatest * 1e-12);
        // Some air on both sides, as the ends are not round.
        let air = |e: f64| if e == 0.0 { -libm::copysign(fine, low + high) } else { e * 1.6 };
        Axis::signed_log(air(low), air(high), fine, start, end)
    }

    fn in_words(&self, row: &Difference, name: &str) -> String {
        let Estimate { mean, low, high } = row.difference;
        let [mean, low, high] = [mean, low, high].map(label::number);
        let [lower, higher] = [row.lower, row.higher].map(percent);
        format!(
            "{name} less {}: {mean} ({} {low} to {high}), lower in {lower} of trials, higher in \
             {higher}",
            text::name(&self.reference),
            self.interval
        )
    }
}

impl Difference {
    /// Whether the interval leaves out 0.
    fn decided(&self) -> bool {
        self.difference.low > 0.0 || self.difference.high < 0.0
    }
}

/// A figure in a column, with all its digits that count: `−1,010`.
fn whole(value: f64) -> String {
    let shown = if value == 0.0 { "0".to_owned() } else { figure(value.abs(), 3) };
    if value < 0.0 { format!("\u{2212}{shown}") } else { shown }
}

/// What the sides of the line of no difference mean.
fn name_sides(sheet: &mut Sheet<'_>, plot: &Plot) {
    let (x, area, small) = (plot.x.at(0.0), plot.area, sheet.small_style());
    sheet.group(Group::default(), |sheet| {
        // On a narrow sheet the heads of columns stand there.
        let has_room = !sheet.palette.is_narrow();
        let fits = |words: &str, room: f64| {
            has_room && text::width(words, small.size, false) + 8.0 <= room
        };
        if fits("← lower", x - area.left) {
            sheet.text("← lower", (x - 8.0, area.top - 12.0), small.anchored(Anchor::End));
        }
        if fits("higher →", area.right - x) {
            sheet.text("higher →", (x + 8.0, area.top - 12.0), small);
        }
    });
}

fn draw_mark(sheet: &mut Sheet<'_>, (low, mean, high): (f64, f64, f64), y: f64, decided: bool) {
    let colour = if decided { sheet.palette.ink } else { sheet.palette.muted };
    sheet.whisker((low, high), y, (colour, CAP));
    if decided {
        sheet.disc((mean, y), MARK, colour);
    } else {
        sheet.ring((mean, y), MARK, (colour, 1.8));
    }
}

/// Every strategy against the recommended one, or the first that is on the front.
pub(super) fn of_run(run: &Run<'_>) -> Option<Picture> {
    let metric = risk_metric(run.scenario);
    let decision = &run.results.decision;
    let reference = decision.strategy.or(decision.front.first().copied())?;
    let name = |index: usize| run.results.summary.strategies[index].name.clone();
    let pairs = run.results.differences.iter().filter(|row| row.metric == metric);
    let rows: Vec<Difference> = pairs
        .filter(|row| row.a == reference || row.b == reference)
        .filter_map(|row| {
            let row = if row.b == reference { *row } else { row.turned() };
            Some(Difference {
                strategy: name(row.a),
                difference: estimate(row.mean, Some(row.interval?)),
                lower: row.a_lower,
                higher: row.b_lower,
            })
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let reference = name(reference);
    let chart = Differences {
        title: format!(
            "Difference in {} to {}, in the same {}",
            risk_words(metric),
            quoted(&reference),
            periods(run.scenario)
        ),
        x_label: format!("difference in {} per {}", risk_words(metric), run.period()),
        reference,
        interval: run.interval(),
        rows,
    };
    Some(Picture {
        name: "paired-differences".into(),
        title: chart.title.clone(),
        explanation: "All strategies meet the same faults in the same trial, so what differs is \
                      not luck. An interval that leaves out 0 tells which is better on average; \
                      the shares tell how often."
            .into(),
        table: tables::comparison_of(run.results, metric),
        draw: Box::new(move |palette| chart.draw(palette)),
    })
}
