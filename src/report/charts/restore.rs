//! How long until service is back: one row for each strategy, with the spread of its outages.
//!
//! The time axis is logarithmic and labelled in the units people count in, since a failover of a
//! minute and a rebuild of two days belong in one picture.

use super::axis::Axis;
use super::legend::{Key, SWATCH};
use super::palette::Colour;
use super::picture::{Picture, Run};
use super::plot::{Column, Plot};
use super::sheet::{Area, Point, Sheet};
use super::{ChartError, Limit, Palette, label, names, sentences};
use crate::report::table::{Rows, Table};
use crate::report::text::{grouped, percent};
use crate::scenario::Criterion;
use crate::study::summary::StrategyResult;

/// Least height of a row, pixels.
const ROW: f64 = 36.0;
/// Strategies that a note names.
const NAMED: usize = 3;
/// Half the height of a box, pixels.
const HALF_BOX: f64 = 9.0;

/// Restore times by strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Restore {
    /// What the chart says, in plain words.
    pub title: String,
    /// What is measured, such as "time from onset to service".
    pub x_label: String,
    /// The strategies, from top to bottom.
    pub rows: Vec<RestoreRow>,
    /// Tolerances of the restore time.
    pub limits: Vec<Limit>,
    /// The row of the recommended strategy.
    pub recommended: Option<usize>,
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
    /// How many were planned: they are left out.
    pub planned: u64,
    /// Its restore times; `None` when no outage ended.
    pub quantiles: Option<Quantiles>,
}

/// Restore times of one strategy over all its outages, hours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantiles {
    /// 5, 25, 50, 75 and 95 % of outages were shorter.
    pub shares: [f64; 5],
    /// The longest outage.
    pub longest: f64,
    /// The mean.
    pub mean: f64,
}

impl Restore {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no strategy, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let names = names(self.rows.iter().map(|row| &row.strategy), &self.title)?;
        let mut sheet = Sheet::new(palette, &self.title);
        sheet.strong = self.recommended.map(|row| names[row].clone());
        let at = |share: usize| {
            self.rows.iter().map(move |row| {
                row.quantiles.map_or("–".to_owned(), |q| label::duration(q.shares[share]))
            })
        };
        let outages = self.rows.iter().map(|row| grouped(row.outages));
        let columns = [
            Column::new("median", true, at(2)),
            Column::new("95 % below", false, at(4)),
            Column::new("outages", false, outages),
        ];
        let plot = sheet.rows(&names, ROW, &columns, |start, end| self.times(start, end));
        sheet.axes(&plot, [&self.x_label, ""]);
        for limit in &self.limits {
            sheet.limit(&plot, limit.value, &limit.label);
        }
        for (index, (row, name)) in self.rows.iter().zip(&names).enumerate() {
            let middle = plot.y.at(index as f64 + 0.5);
            match row.quantiles {
                Some(quantiles) => sheet.titled(&row.in_words(name), |sheet| {
                    draw_box(sheet, &plot, (quantiles, middle), palette.look(index).colour);
                }),
                None => sheet.words(row.nothing(), (plot.area.left + 10.0, middle)),
            }
        }
        sheet.legend(&self.keys(palette.muted), SWATCH);
        sheet.notes(&self.notes(&names));
        let rows = sentences(self.rows.iter().zip(&names), |(row, name)| row.in_words(name));
        sheet.finish(&format!("{} by strategy.{rows}", self.x_label))
    }

    /// Room for every whisker, mean and limit.
    fn times(&self, start: f64, end: f64) -> Axis {
        let times = self.rows.iter().filter_map(|row| row.quantiles);
        let times = times.flat_map(|q| q.shares.into_iter().chain([q.mean]));
        Axis::durations(times.chain(self.limits.iter().map(|limit| limit.value)), start, end)
    }

    fn keys(&self, colour: Colour) -> Vec<Key<'_>> {
        let mut keys = vec![
            Key::new("5 % to 95 % of outages", move |sheet, area| {
                let y = area.middle().1;
                sheet.whisker((area.left, area.right), y, (colour, 5.0));
                sheet.path(&[(area.right, y - 7.0), (area.right, y + 7.0)], colour, 3.0);
            }),
            Key::new("middle half", move |sheet, area| {
                sheet.outline(Area::around(area.middle(), 14.0, 6.0), colour, 1.4);
            }),
            Key::new("median", |sheet, area| draw_median(sheet, area.middle())),
            Key::new("mean", |sheet, area| draw_mean(sheet, area.middle())),
        ];
        keys.extend(self.limits.iter().map(|limit| Key::limit(&limit.label)));
        keys
    }

    /// How many outages of which strategies are left out: "3 ("Repair"), 5 ("Staging")", or of many
    /// strategies "up to 33 outages of a strategy".
    fn left_out(&self, names: &[String], count: impl Fn(&RestoreRow) -> u64) -> Option<String> {
        let rows = self.rows.iter().zip(names).filter(|(row, _)| count(row) > 0);
        let told = |(row, name)| format!("{} (\"{name}\")", grouped(count(row)));
        let rows: Vec<String> = rows.map(told).collect();
        let most = || self.rows.iter().map(&count).max().unwrap_or_default();
        match rows.len() {
            0 => None,
            1..=NAMED => Some(rows.join(", ")),
            _ => Some(format!("up to {} outages of a strategy", grouped(most()))),
        }
    }

    fn notes(&self, names: &[String]) -> Vec<String> {
        let mut notes = Vec::new();
        let mut quantiles = self.rows.iter().filter_map(|row| row.quantiles);
        if quantiles.any(|q| q.shares.contains(&0.0) || q.mean == 0.0) {
            notes.push("A time of 0 stands at the left end.".to_owned());
        }
        if let Some(open) = self.left_out(names, |row| row.open) {
            notes.push(format!("Left out, as still open at the end of the trial: {open}."));
        }
        if let Some(planned) = self.left_out(names, |row| row.planned) {
            notes.push(format!("Left out, as planned: {planned}."));
        }
        notes
    }
}

impl RestoreRow {
    fn in_words(&self, name: &str) -> String {
        let open = match self.open {
            0 => String::new(),
            open => format!("; {open} still open at the end"),
        };
        let Some(q) = self.quantiles else { return format!("{name}: {}{open}", self.nothing()) };
        let [p5, p50, p95] = [0, 2, 4].map(|share| label::duration(q.shares[share]));
        let [mean, longest] = [q.mean, q.longest].map(label::duration);
        format!(
            "{name}: median {p50}, mean {mean}, 5 % to 95 % from {p5} to {p95}, longest \
             {longest}{open}"
        )
    }

    /// What stands in the row when there is no time to show.
    fn nothing(&self) -> &'static str {
        if self.open > 0 { "no outage ended" } else { "no outages" }
    }
}

fn draw_box(sheet: &mut Sheet<'_>, plot: &Plot, (quantiles, y): (Quantiles, f64), colour: Colour) {
    let [p5, p25, p50, p75, p95] = quantiles.shares.map(|time| plot.x.at(time));
    sheet.whisker((p5, p95), y, (colour, 5.0));
    // The end that tolerances look at.
    sheet.path(&[(p95, y - HALF_BOX), (p95, y + HALF_BOX)], colour, 3.0);
    let inside = Area { left: p25, top: y - HALF_BOX, right: p75, bottom: y + HALF_BOX };
    sheet.rectangle(inside, colour.faded(0.28, sheet.palette.background));
    sheet.outline(inside, colour, 1.4);
    draw_median(sheet, (p50, y));
    draw_mean(sheet, (plot.x.at(quantiles.mean), y));
}

fn draw_median(sheet: &mut Sheet<'_>, (x, y): Point) {
    let half = HALF_BOX + 2.0;
    sheet.path(&[(x, y - half), (x, y + half)], sheet.palette.ink, 3.0);
}

fn draw_mean(sheet: &mut Sheet<'_>, at: Point) {
    sheet.ring(at, 4.4, (sheet.palette.ink, 1.5));
}

/// The picture of a run.
pub(super) fn of_run(run: &Run<'_>) -> Picture {
    let limits = run.tolerances(Criterion::RestoreHours).map(|tolerance| Limit {
        label: format!(
            "limit {}, in {} of outages",
            label::duration(tolerance.limit),
            percent(tolerance.confidence)
        ),
        value: tolerance.limit,
        share: 1.0 - tolerance.confidence,
    });
    let chart = Restore {
        title: "How long an outage lasts until the service is back".into(),
        x_label: "time from onset to service".into(),
        rows: run.results.summary.strategies.iter().map(row).collect(),
        limits: limits.collect(),
        recommended: run.results.decision.strategy,
    };
    Picture {
        name: "restore-hours".into(),
        title: chart.title.clone(),
        explanation: "All outages of all trials that ended. The box holds the middle half, its line is the \
                      median, the whiskers reach from 5 % to 95 % of outages. Outages still open at the end of \
                      a trial are left out, as nobody knows how long they take, and so are planned outages, which \
                      no limit of the restore time is about.".into(),
        table: table(&run.results.summary.strategies),
        draw: Box::new(move |palette| chart.draw(palette)),
    }
}

/// The restore times of each strategy, hours.
fn table(strategies: &[StrategyResult]) -> Table {
    let at = |share| move |result: &StrategyResult| result.ended.quantile(share);
    Rows::new(strategies)
        .column("strategy", |result| &result.name)
        .column("outages", |result| result.ended.count())
        .column("open", |result| result.open)
        .column("planned", |result| result.planned)
        .column("mean", |result| result.ended.mean())
        .column("p5", at(0.05))
        .column("p25", at(0.25))
        .column("p50", at(0.5))
        .column("p75", at(0.75))
        .column("p95", at(0.95))
        .column("max", |result| result.ended.max())
        .table()
}

fn row(result: &StrategyResult) -> RestoreRow {
    let at = |share| result.ended.quantile(share);
    let quantiles = || {
        Some(Quantiles {
            shares: [at(0.05)?, at(0.25)?, at(0.5)?, at(0.75)?, at(0.95)?],
            longest: result.ended.max()?,
            mean: result.ended.mean()?,
        })
    };
    RestoreRow {
        strategy: result.name.clone(),
        outages: result.ended.count(),
        open: result.open,
        planned: result.planned,
        quantiles: quantiles(),
    }
}
