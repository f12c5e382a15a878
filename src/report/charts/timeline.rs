//! One course of the horizon by strategy: a lane for each, a bar for each outage.
//!
//! A bar stands at its date and is as high as the outage is long, all on one scale; the pale part on
//! top lasts until everything is current again. Above it stand the number of its cause and how long
//! the service was down.

use super::axis::{Axis, Tick};
use super::legend::Key;
use super::picture::{Picture, Run};
use super::plot::{Column, Plot};
use super::sheet::{Anchor, Area, SMALL_SIZE, Sheet, TextStyle};
use super::{ChartError, Palette, label, names, sentences, text};
use crate::report::tables;
use crate::report::text::quoted;
use crate::study::timeline;

/// Height of a lane, pixels: the highest bar and the lines of words above it.
const LANE: f64 = 82.0;
/// Width of a sample in the legend, pixels: numbers of two digits have room.
const SWATCH: f64 = 26.0;
/// Height of the highest bar, pixels.
const HIGHEST: f64 = 26.0;
/// Least height of an outage, pixels.
const LOWEST: f64 = 1.5;
/// Least width of a bar, pixels.
const BROAD: f64 = 7.0;
/// How much of its colour the catch-up keeps.
const PALE: f64 = 0.5;
/// How far the base line stands above the end of its lane, pixels.
const FOOT: f64 = 6.0;
/// Height of a line of words above a bar, pixels.
const WORDS: f64 = 15.0;
/// Room between two words side by side, pixels.
const APART: f64 = 6.0;
/// Outages of a lane that a screen reader names.
const MOST_SAID: usize = 20;

/// One course of the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// What the chart says, in plain words.
    pub title: String,
    /// Why this course is shown.
    pub why: String,
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
    /// The lane of the recommended strategy.
    pub recommended: Option<usize>,
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
        sheet.strong = self.recommended.map(|lane| names[lane].clone());
        sheet.lead(&self.why);
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
            sheet.notes(&[format!(
                "A bar is as high as the outage is long; the highest lasts {} until everything is \
                 current.",
                label::duration(self.longest())
            )]);
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

    /// The causes that occur.
    fn keys(&self, palette: &Palette) -> Vec<Key<'static>> {
        let outages = self.lanes.iter().flat_map(|lane| &lane.outages);
        let mut causes: Vec<usize> = outages.map(|outage| self.cause(outage)).collect();
        causes.sort_unstable();
        causes.dedup();
        let key = |&cause: &usize| {
            let (sign, colour) = palette.cause(cause);
            let name = self.causes.get(cause).map_or("other", String::as_str);
            Key::new(name, move |sheet, area| sheet.segment(&sign, colour, area))
        };
        let mut keys: Vec<Key<'static>> = causes.iter().map(key).collect();
        if !keys.is_empty() {
            let colour = palette.muted;
            let pale = colour.faded(PALE, palette.background);
            keys.push(Key::new("catching up", move |sheet, area| {
                let (x, y) = area.middle();
                let bar = Area::around((x, y), BROAD / 2.0, (area.bottom - area.top) / 2.0);
                sheet.rectangle(Area { bottom: y, ..bar }, pale);
                sheet.rectangle(Area { top: y, ..bar }, colour);
            }));
        }
        keys
    }

    /// The longest time from the start of an outage until everything is current, hours.
    fn longest(&self) -> f64 {
        let outages = self.lanes.iter().flat_map(|lane| &lane.outages);
        outages.map(|outage| outage.current - outage.start).fold(0.0, f64::max)
    }

    fn draw_lane(
        &self,
        sheet: &mut Sheet<'_>,
        plot: &Plot,
        (row, lane, name): (usize, &Lane, &str),
    ) {
        let base = plot.above(row + 1) - FOOT;
        let line = [(plot.area.left, base), (plot.area.right, base)];
        sheet.line("", &[], &line, (sheet.palette.axis, 1.0));
        if lane.outages.is_empty() {
            return sheet.words("no outages", (plot.area.left + 10.0, base - LANE / 3.0));
        }
        let scale = HIGHEST / self.longest().max(f64::MIN_POSITIVE);
        let height =
            |outage: &TimelineOutage| ((outage.current - outage.start) * scale).max(LOWEST);
        let bars = lane.outages.iter().map(|outage| (ends(plot, outage), height(outage)));
        let mut words = Words { area: plot.area, bars: bars.collect(), placed: Vec::new() };
        for outage in &lane.outages {
            let (left, right) = ends(plot, outage);
            let (sign, colour) = sheet.palette.cause(self.cause(outage));
            let pale = colour.faded(PALE, sheet.palette.background);
            let down = outage.back - outage.start;
            let top = base - height(outage);
            let bar = Area { left, right, top: base - (down * scale).max(LOWEST), bottom: base };
            let said = format!("{sign}: {}", label::duration(down));
            let said = words.place(&said, (left, right), base - top);
            sheet.titled(&format!("{name}: {}", outage.in_words()), |sheet| {
                sheet.rectangle(Area { top, bottom: bar.top, ..bar }, pale);
                sheet.rectangle(bar, colour);
                if let Some(Placed { words, x, above, is_led }) = said {
                    let at = (x, base - above - WORDS / 2.0 - 1.0);
                    let style = TextStyle { colour: sheet.palette.ink, ..sheet.small_style() };
                    if is_led {
                        let middle = f64::midpoint(left, right);
                        let line = [(middle, top - 1.0), (middle, base - above)];
                        sheet.path(&line, sheet.palette.axis, 1.0);
                    }
                    sheet.text(&words, at, style.anchored(Anchor::Middle));
                }
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

/// Words above the bars of a lane, each as near to its bar as there is room. What finds no room is left
/// to the title of its bar.
struct Words {
    area: Area,
    /// Both ends of each bar, and its height.
    bars: Vec<((f64, f64), f64)>,
    /// Both ends of the words that have a place, and the height of their foot.
    placed: Vec<((f64, f64), f64)>,
}

/// Words with a place.
struct Placed {
    words: String,
    /// Their middle.
    x: f64,
    /// The height of their foot above the base line.
    above: f64,
    /// A line leads from their bar to them, and nothing stands in between.
    is_led: bool,
}

/// Lines of words that a lane has room for above the highest bar.
const LINES: f64 = 3.0;

impl Words {
    /// The words of a bar with these ends and this height: over its middle, or beginning or ending at it
    /// where they then stand lower.
    fn place(&mut self, words: &str, (left, right): (f64, f64), height: f64) -> Option<Placed> {
        let half = text::width(words, SMALL_SIZE, false) / 2.0;
        let middle = f64::midpoint(left, right);
        let places = [middle, left + half, right - half]
            .map(|x| x.min(self.area.right - half).max(self.area.left + half))
            .map(|x| (x, self.lowest(x - half, x + half)));
        let (x, above) = places.into_iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
        if above + WORDS > HIGHEST + LINES * WORDS + 1.0 {
            return None;
        }
        let between = |((from, to), foot): &((f64, f64), f64)| {
            *from <= middle && *to >= middle && *foot < above
        };
        let is_led = above > height + 3.0 && !self.placed.iter().any(between);
        self.placed.push(((x - half, x + half), above));
        Some(Placed { words: words.to_owned(), x, above, is_led })
    }

    /// The least height at which words between these ends meet neither a bar nor other words.
    fn lowest(&self, from: f64, to: f64) -> f64 {
        let under = |((left, right), _): &&((f64, f64), f64)| *left <= to && *right >= from;
        let mut above = self.bars.iter().filter(under).map(|bar| bar.1).fold(0.0, f64::max);
        let beside =
            |((left, right), _): &&((f64, f64), f64)| *left - APART < to && *right + APART > from;
        let mut feet: Vec<f64> = self.placed.iter().filter(beside).map(|one| one.1).collect();
        feet.sort_by(f64::total_cmp);
        for foot in feet {
            if foot < above + WORDS && above < foot + WORDS {
                above = foot + WORDS;
            }
        }
        above
    }
}

/// Left and right end of an outage, pixels: never so narrow that it cannot be seen.
fn ends(plot: &Plot, outage: &TimelineOutage) -> (f64, f64) {
    let (left, right) = (plot.x.at(outage.start), plot.x.at(outage.back));
    let left = left.min(plot.area.right - BROAD);
    (left, right.max(left + BROAD))
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
    if year.lanes.iter().all(|lane| lane.outages.is_empty()) {
        return None;
    }
    let rarer = 1.0 / (1.0 - year.at).max(1e-9);
    let chart = Timeline {
        title: format!("One bad {}, under every strategy", run.period()),
        why: format!(
            "Trial {}: for {} one {} in {rarer:.0} has more {}",
            year.trial,
            quoted(&strategies[year.strategy].name),
            run.period(),
            year.metric.label(),
        ),
        recommended: run.results.decision.strategy,
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
