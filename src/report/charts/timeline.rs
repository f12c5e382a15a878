//! One course of the horizon by strategy: a lane for each, a bar for each outage.
//!
//! A bar carries the digit of its cause, inside or above it. After it a thin, pale bar lasts until
//! everything is current again. An outage too short to be seen is drawn wider than it was.

use super::axis::{Axis, Tick};
use super::bars::{SWATCH, other};
use super::legend::Key;
use super::picture::{Picture, Run};
use super::plot::{Column, Plot};
use super::sheet::{Area, Sheet};
use super::{ChartError, Palette, label, names, sentences, text};
use crate::report::tables;
use crate::report::text::quoted;
use crate::study::timeline;

/// Least height of a lane, pixels: a bar and the digits above it.
const LANE: f64 = 46.0;
/// Half the height of a bar, pixels.
const HALF_BAR: f64 = 9.0;
/// Half the height of the catch-up, pixels.
const HALF_CATCH_UP: f64 = 3.5;
/// How much of its colour the catch-up keeps.
const PALE: f64 = 0.5;
/// How far the bars stand below the middle of their lane, pixels.
const BELOW: f64 = 5.0;
/// Least width of an outage, pixels.
const NARROWEST: f64 = 2.0;
/// Outages of a lane that a screen reader names.
const MOST_SAID: usize = 20;

/// One course of the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// What the chart says, in plain words.
    pub title: String,
    /// What the axis is, such as "date".
    pub x_label: String,
    /// Length of the horizon, hours.
    pub horizon: f64,
    /// Dates on the axis: hours from the start of the horizon, and the label. Those that come
    /// earlier in the list go first where there is no room for all.
    pub ticks: Vec<(f64, String)>,
    /// The causes, in the order that gives each its digit and colour in all charts of a run.
    pub causes: Vec<String>,
    /// The strategies, from top to bottom.
    pub lanes: Vec<Lane>,
}

/// The outages of one strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Name of the strategy.
    pub strategy: String,
    /// Its outages, in the order of their beginnings.
    pub outages: Vec<TimelineOutage>,
}

/// One outage.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineOutage {
    /// When it begins, hours from the start of the horizon.
    pub start: f64,
    /// When the service is back, hours; may lie beyond the horizon.
    pub back: f64,
    /// When every backlog is worked off, hours; not before `back`.
    pub current: f64,
    /// What it comes from.
    pub cause: String,
}

impl Timeline {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no strategy, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let names = names(self.lanes.iter().map(|lane| &lane.strategy), &self.title)?;
        let mut sheet = Sheet::new(palette, &self.title);
        let counts = self.lanes.iter().map(|lane| lane.outages.len().to_string());
        let downtimes = self.lanes.iter().map(|lane| label::duration(self.downtime(lane)));
        let columns =
            [Column::new("outages", false, counts), Column::new("downtime", true, downtimes)];
        let plot = sheet.rows(&names, LANE, &columns, |start, end| {
            let tick =
                |(value, date): &(f64, String)| Tick { value: *value, label: text::clean(date) };
            Axis::given(self.horizon, self.ticks.iter().map(tick).collect(), start, end)
        });
        sheet.axes(&plot, [&self.x_label, ""]);
        for (row, (lane, name)) in self.lanes.iter().zip(&names).enumerate() {
            self.draw_lane(&mut sheet, &plot, (row, lane, name));
        }
        let keys = self.keys(palette);
        if !keys.is_empty() {
            sheet.legend(&keys, SWATCH);
            sheet.notes(&["An outage too short to be seen is drawn 2 pixels wide.".to_owned()]);
        }
        let lanes =
            sentences(self.lanes.iter().zip(&names), |(lane, name)| self.in_words(lane, name));
        let horizon = label::duration(self.horizon);
        sheet.finish(&format!("Outages in {horizon} by strategy.{lanes}"))
    }

    /// Time without service within the horizon; outages that overlap count once.
    fn downtime(&self, lane: &Lane) -> f64 {
        let (mut total, mut until) = (0.0, 0.0_f64);
        for outage in &lane.outages {
            let (from, to) = (outage.start.max(until), outage.back.min(self.horizon));
            total += (to - from).max(0.0);
            until = until.max(to);
        }
        total
    }

    /// The place of a cause among all.
    fn cause(&self, outage: &TimelineOutage) -> usize {
        let place = self.causes.iter().position(|cause| *cause == outage.cause);
        place.unwrap_or(self.causes.len())
    }

    /// The causes that occur, those without a digit of their own in one.
    fn keys(&self, palette: &Palette) -> Vec<Key<'static>> {
        let outages = self.lanes.iter().flat_map(|lane| &lane.outages);
        let mut causes: Vec<usize> = outages.map(|outage| self.cause(outage)).collect();
        causes.sort_unstable();
        causes.dedup();
        let own = causes.iter().take_while(|&&cause| cause < palette.areas.len()).count();
        let key = |name: &str, cause: usize| {
            let (sign, colour) = palette.part(cause);
            Key::new(name, move |sheet, area| sheet.segment(&sign, colour, area))
        };
        let mut keys: Vec<Key<'static>> =
            causes[..own].iter().map(|&cause| key(&self.causes[cause], cause)).collect();
        if own < causes.len() {
            keys.push(key(&other(causes.len() - own), palette.areas.len()));
        }
        if !keys.is_empty() {
            let colour = palette.muted;
            let pale = colour.faded(PALE, palette.background);
            keys.push(Key::new("catching up", move |sheet, area| {
                let y = area.middle().1;
                let bar = Area { right: area.left + 5.0, ..area };
                sheet.rectangle(bar, colour);
                let (top, bottom) = (y - HALF_CATCH_UP, y + HALF_CATCH_UP);
                sheet.rectangle(Area { left: bar.right, top, bottom, ..area }, pale);
            }));
        }
        keys
    }

    fn draw_lane(
        &self,
        sheet: &mut Sheet<'_>,
        plot: &Plot,
        (row, lane, name): (usize, &Lane, &str),
    ) {
        let y = plot.y.at(row as f64 + 0.5) + BELOW;
        let line = [(plot.area.left, y), (plot.area.right, y)];
        sheet.line("", &[], &line, (sheet.palette.axis, 1.0));
        if lane.outages.is_empty() {
            return sheet.words("no outages", (plot.area.left + 10.0, y));
        }
        for outage in &lane.outages {
            let (left, right) = (ends(plot, outage).1, plot.x.at(outage.current));
            let colour = sheet.palette.part(self.cause(outage)).1;
            let pale = colour.faded(PALE, sheet.palette.background);
            let area = Area { left, top: y - HALF_CATCH_UP, right, bottom: y + HALF_CATCH_UP };
            let hours = label::duration(outage.current - outage.back);
            if right >= left + 0.5 {
                sheet.titled(&format!("{}: {hours} to catch up", outage.cause), |sheet| {
                    sheet.rectangle(area, pale);
                });
            }
        }
        // Where the last digit above a bar ends.
        let mut taken = f64::NEG_INFINITY;
        for (index, outage) in lane.outages.iter().enumerate() {
            // Where the next bar begins, this one is covered.
            let next = lane.outages.get(index + 1).map(|next| ends(plot, next).0);
            let (left, right) = ends(plot, outage);
            let area = Area { left, top: y - HALF_BAR, right, bottom: y + HALF_BAR };
            let (sign, colour) = sheet.palette.part(self.cause(outage));
            sheet.titled(&format!("{name}: {}", outage.in_words()), |sheet| {
                sheet.rectangle(area, colour);
                taken = sheet.sign(&sign, (colour, area), next.unwrap_or(f64::INFINITY), taken);
            });
        }
    }

    fn in_words(&self, lane: &Lane, name: &str) -> String {
        let outage =
            |o: &TimelineOutage| format!("{} {}", o.cause, label::duration(o.back - o.start));
        let mut outages: Vec<String> = lane.outages.iter().take(MOST_SAID).map(outage).collect();
        if lane.outages.len() > MOST_SAID {
            outages.push(format!("and {} more", lane.outages.len() - MOST_SAID));
        }
        match outages.as_slice() {
            [] => format!("{name}: no outages"),
            _ => {
                let down = label::duration(self.downtime(lane));
                format!("{name}: down {down} ({})", outages.join(", "))
            }
        }
    }
}

impl TimelineOutage {
    fn in_words(&self) -> String {
        let [down, current, start] =
            [self.back - self.start, self.current - self.start, self.start].map(label::duration);
        format!(
            "{}, down {down}, current after {current}, begins {start} after the start",
            self.cause
        )
    }
}

/// Left and right end of an outage, pixels.
fn ends(plot: &Plot, outage: &TimelineOutage) -> (f64, f64) {
    let left = plot.x.at(outage.start).min(plot.area.right - NARROWEST);
    (left, plot.x.at(outage.back).max(left + NARROWEST))
}

/// The bad year of a run.
pub(super) fn of_run(run: &Run<'_>) -> Option<Picture> {
    let year = run.year?;
    let strategies = &run.results.summary.strategies;
    let lane = |(strategy, lane): (&String, &timeline::Lane)| {
        let outages = lane.outages.iter().map(|(outage, cause)| TimelineOutage {
            start: outage.onset,
            back: outage.end,
            current: outage.current.max(outage.end),
            cause: cause.clone(),
        });
        let mut outages: Vec<TimelineOutage> = outages.collect();
        outages.sort_by(|a, b| a.start.total_cmp(&b.start));
        Lane { strategy: strategy.clone(), outages }
    };
    let names = strategies.iter().map(|result| &result.name);
    let chart = Timeline {
        title: format!("One bad {}: trial {}, under every strategy", run.period(), year.trial),
        x_label: "date, local time".into(),
        horizon: run.scenario.world.horizon,
        ticks: year.ticks.clone(),
        causes: run.causes(),
        lanes: names.zip(&year.lanes).map(lane).collect(),
    };
    Some(Picture {
        name: "bad-year".into(),
        title: chart.title.clone(),
        explanation: format!(
            "The trial that is at p{:.0} of {} for {}: only one in {:.0} is worse. All strategies \
             meet the same faults. `outlast trace` tells its whole story.",
            100.0 * year.at,
            year.metric.label(),
            quoted(&strategies[year.strategy].name),
            1.0 / (1.0 - year.at).max(1e-9),
        ),
        table: tables::timeline(run.results, year),
        draw: Box::new(move |palette| chart.draw(palette)),
    })
}
