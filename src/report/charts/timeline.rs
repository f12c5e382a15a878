//! One course of the horizon by strategy: a lane for each, a bar for each outage.
//!
//! A bar carries the digit of its cause, inside or above it. After it a thin, pale bar lasts until
//! everything is current again. An outage too short to be seen is drawn wider than it was.

use super::axis::{Axis, TICKS_HEIGHT, Tick};
use super::bars::{SWATCH, draw_words, sample_area, segment};
use super::frame::{
    Anchor, Area, Drawn, EDGE, Frame, Group, Heading, LINE, NAME_SIZE, Point, SMALL_SIZE, Setting,
    WIDTH,
};
use super::legend::{Entry, Legend};
use super::ranked::{Ranked, rank};
use super::rows::RowNames;
use super::{ChartError, Palette, amount, label, text};

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
/// How far a digit may step aside for another, pixels.
const ASIDE: f64 = 12.0;
/// Room between two digits, wide enough that they do not read as one number, pixels.
const APART: f64 = 4.0;
/// Widest label of a date, pixels.
const DATE: f64 = 110.0;
/// Room between two columns, pixels.
const GAP: f64 = 16.0;

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

/// The outages of one strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Name of the strategy.
    pub strategy: String,
    /// Its outages, in any order.
    pub outages: Vec<TimelineOutage>,
}

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
    /// The strategies, from top to bottom.
    pub lanes: Vec<Lane>,
}

/// What is known before drawing begins.
struct Plan {
    causes: Vec<Ranked>,
    /// Outages by lane, checked, in the order of their beginnings.
    lanes: Vec<Vec<TimelineOutage>>,
    /// Downtime by lane, hours.
    downtimes: Vec<f64>,
    names: RowNames,
    lane_height: f64,
    /// Right ends of the columns of figures.
    columns: [f64; 2],
    plot: Area,
    axis: Axis,
}

impl Timeline {
    /// The chart as SVG text.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without strategies, [`ChartError::OutOfRange`] for a horizon that is
    /// not positive, an outage that does not begin within it or ends before it begins, or a date
    /// beyond it.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let heading = Heading::plan(&self.title);
        let plan = self.plan(palette, &heading)?;
        let (entries, causes) = (plan.entries(), plan.causes.len());
        let legend = Legend::plan(entries, SWATCH);
        let legend_top = plan.plot.bottom + TICKS_HEIGHT + LINE + 16.0;
        let note_top = legend_top + legend.height() + 8.0;
        let mut frame = Frame::new(palette, note_top + LINE + 6.0, &heading)?;
        plan.axis.draw_below(&mut frame, plan.plot, &self.x_label)?;
        plan.names.draw(&mut frame, plan.plot.left - 14.0, plan.plot.top)?;
        plan.draw_heads(&mut frame)?;
        for (lane, given) in self.lanes.iter().enumerate() {
            plan.draw_lane(&mut frame, (lane, &text::name(&given.strategy)))?;
        }
        legend.draw(&mut frame, legend_top, |frame, index, place| {
            match plan.causes.get(index) {
                Some(cause) => frame.group(Group::default(), |pen| {
                    segment(pen, &cause.sign, cause.colour, sample_area(place))
                }),
                None => draw_catch_up_sample(frame, place),
            }
        })?;
        if causes > 0 {
            let words = "An outage too short to be seen is drawn 2 pixels wide.";
            let at = (EDGE, note_top + LINE / 2.0);
            frame.group(Group::default(), |pen| pen.text(words, at, Setting::small(palette)))?;
        }
        Ok(frame.finish(&self.title, &self.description(&plan)))
    }

    fn plan(&self, palette: &Palette, heading: &Heading) -> Result<Plan, ChartError> {
        let lanes = self.checked()?;
        let ticks = self.dates()?;
        let causes = causes(&lanes, palette);
        let downtimes: Vec<f64> = lanes.iter().map(|lane| downtime(lane, self.horizon)).collect();
        let names = RowNames::plan(self.lanes.iter().map(|lane| lane.strategy.as_str()));
        let widest = |texts: &mut dyn Iterator<Item = String>, head: &str, bold: bool| {
            let head = text::width(head, SMALL_SIZE, false);
            texts.map(|t| text::width(&t, NAME_SIZE, bold)).fold(head, f64::max)
        };
        let counts = &mut lanes.iter().map(|lane| lane.len().to_string());
        let outages = widest(counts, HEADS[0], false);
        let totals = &mut downtimes.iter().map(|&hours| label::duration(hours));
        let total = widest(totals, HEADS[1], true);
        let columns = [WIDTH - EDGE - total - GAP, WIDTH - EDGE];
        let half_date = ticks.iter().map(|t| text::width(&t.label, SMALL_SIZE, false) / 2.0);
        let left = (EDGE + names.width() + 14.0).max(half_date.fold(0.0, f64::max) + EDGE);
        let right = columns[0] - outages - GAP;
        let top = heading.bottom() + 24.0;
        let lane_height = names.row_height().max(LANE);
        let names = names.with_row_height(lane_height);
        let plot = Area { left, top, right, bottom: top + lane_height * lanes.len() as f64 };
        let axis = Axis::given(self.horizon, ticks, left, right);
        Ok(Plan { causes, lanes, downtimes, names, lane_height, columns, plot, axis })
    }

    fn checked(&self) -> Result<Vec<Vec<TimelineOutage>>, ChartError> {
        let chart = text::name(&self.title);
        if self.lanes.is_empty() {
            return Err(ChartError::Empty { chart, what: "strategies" });
        }
        if amount(&chart, "a horizon", self.horizon)? <= 0.0 {
            let (what, range) = ("a horizon", "above 0");
            return Err(ChartError::OutOfRange { name: chart, what, value: self.horizon, range });
        }
        let mut lanes = Vec::with_capacity(self.lanes.len());
        for lane in &self.lanes {
            let name = text::name(&lane.strategy);
            let refuse = |what, value, range| {
                Err(ChartError::OutOfRange { name: name.clone(), what, value, range })
            };
            let mut outages = Vec::with_capacity(lane.outages.len());
            for outage in &lane.outages {
                let start = amount(&name, "a beginning", outage.start)?;
                let back = amount(&name, "an end", outage.back)?;
                let current = amount(&name, "an end of catch-up", outage.current)?;
                if start > self.horizon {
                    return refuse("a beginning", start, "within the horizon");
                }
                if back < start {
                    return refuse("an end", back, "not before the beginning");
                }
                if current < back {
                    return refuse("an end of catch-up", current, "not before the service is back");
                }
                let cause = text::name(&outage.cause);
                outages.push(TimelineOutage { start, back, current, cause });
            }
            outages.sort_by(|a, b| a.start.total_cmp(&b.start));
            lanes.push(outages);
        }
        Ok(lanes)
    }

    /// The dates, cleaned.
    fn dates(&self) -> Result<Vec<Tick>, ChartError> {
        let mut ticks = Vec::with_capacity(self.ticks.len());
        for (hours, date) in &self.ticks {
            let date = text::shorten(&text::clean(date), DATE, SMALL_SIZE, false);
            let value = amount(&date, "a date", *hours)?;
            if value > self.horizon {
                let (what, range) = ("a date", "within the horizon");
                return Err(ChartError::OutOfRange { name: date, what, value, range });
            }
            ticks.push(Tick { value, label: date });
        }
        Ok(ticks)
    }

    fn description(&self, plan: &Plan) -> String {
        let mut words = format!("Outages in {} by strategy.", label::duration(self.horizon));
        for (lane, given) in self.lanes.iter().enumerate() {
            let down = label::duration(plan.downtimes[lane]);
            let outages: Vec<String> = plan.lanes[lane]
                .iter()
                .take(MOST_SAID)
                .map(|o| format!("{} {}", o.cause, label::duration(o.back - o.start)))
                .collect();
            let more = match plan.lanes[lane].len().saturating_sub(MOST_SAID) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let of = if outages.is_empty() { "none".to_owned() } else { outages.join(", ") };
            let name = text::name(&given.strategy);
            words.push_str(&format!(" {name}: down {down} (outages: {of}{more})."));
        }
        words
    }
}

/// Heads of the columns of figures.
const HEADS: [&str; 2] = ["outages", "downtime"];
/// Outages of a lane that a screen reader names.
const MOST_SAID: usize = 20;

/// Time without service within the horizon; outages that overlap count once.
fn downtime(outages: &[TimelineOutage], horizon: f64) -> f64 {
    let (mut total, mut until) = (0.0, 0.0_f64);
    for outage in outages {
        let (from, to) = (outage.start.max(until), outage.back.min(horizon));
        if to > from {
            total += to - from;
        }
        until = until.max(to);
    }
    total
}

/// The causes, the one with most downtime over all lanes first.
fn causes(lanes: &[Vec<TimelineOutage>], palette: &Palette) -> Vec<Ranked> {
    let mut totals: Vec<(String, f64)> = Vec::new();
    for outage in lanes.iter().flatten() {
        let hours = outage.back - outage.start;
        match totals.iter_mut().find(|(name, _)| *name == outage.cause) {
            Some((_, total)) => *total += hours,
            None => totals.push((outage.cause.clone(), hours)),
        }
    }
    rank(totals, palette)
}

impl Plan {
    fn entries(&self) -> Vec<Entry> {
        let caught = (!self.causes.is_empty()).then_some("catching up");
        let names = self.causes.iter().map(|cause| cause.shown.as_str()).chain(caught);
        names.map(|name| Entry { name: name.to_owned(), note: String::new() }).collect()
    }

    fn draw_heads(&self, frame: &mut Frame<'_>) -> Drawn {
        let small = Setting::small(frame.palette()).anchored(Anchor::End);
        frame.group(Group::default(), |pen| {
            HEADS
                .iter()
                .zip(self.columns)
                .try_for_each(|(head, x)| pen.text(head, (x, self.plot.top - 11.0), small))
        })
    }

    fn draw_lane(&self, frame: &mut Frame<'_>, (lane, strategy): (usize, &str)) -> Drawn {
        let palette = frame.palette();
        let middle = self.plot.top + (lane as f64 + 0.5) * self.lane_height;
        let y = middle + BELOW;
        frame.group(Group::default(), |pen| {
            pen.path(&[(self.plot.left, y), (self.plot.right, y)], palette.axis, 1.0)?;
            let end = Setting::name(palette).anchored(Anchor::End);
            pen.text(&self.lanes[lane].len().to_string(), (self.columns[0], middle), end)?;
            let total = label::duration(self.downtimes[lane]);
            pen.text(&total, (self.columns[1], middle), Setting { bold: true, ..end })
        })?;
        if self.lanes[lane].is_empty() {
            return draw_words(frame, "no outages", (self.plot.left + 10.0, y));
        }
        for outage in &self.lanes[lane] {
            self.draw_catch_up(frame, outage, y)?;
        }
        // Where the last digit above a bar ends.
        let mut taken = f64::NEG_INFINITY;
        for (index, outage) in self.lanes[lane].iter().enumerate() {
            // Where the next bar begins, this one is covered.
            let next = self.lanes[lane].get(index + 1).map(|next| self.ends(next).0);
            let seen = next.unwrap_or(f64::INFINITY);
            taken = self.draw_outage(frame, (outage, strategy), (y, seen, taken))?;
        }
        Ok(())
    }

    fn cause(&self, outage: &TimelineOutage) -> Option<&Ranked> {
        self.causes.iter().find(|cause| cause.names.contains(&outage.cause))
    }

    /// Left and right end of an outage, pixels.
    fn ends(&self, outage: &TimelineOutage) -> (f64, f64) {
        let left = self.axis.at(outage.start).min(self.plot.right - NARROWEST);
        (left, self.axis.at(outage.back).max(left + NARROWEST))
    }

    fn draw_catch_up(&self, frame: &mut Frame<'_>, outage: &TimelineOutage, y: f64) -> Drawn {
        let Some(cause) = self.cause(outage) else { return Ok(()) };
        let (left, right) = (self.ends(outage).1, self.axis.at(outage.current));
        if right < left + 0.5 {
            return Ok(());
        }
        let pale = cause.colour.faded(PALE, frame.palette().background);
        let words = format!(
            "{}: {} to catch up",
            outage.cause,
            label::duration(outage.current - outage.back)
        );
        let area = Area { left, top: y - HALF_CATCH_UP, right, bottom: y + HALF_CATCH_UP };
        frame.group(Group { title: &words, ..Group::default() }, |pen| pen.rectangle(area, pale))
    }

    /// Draws the bar, of which the stretch up to `seen` stays uncovered, and its digit; returns
    /// where the last digit above a bar ends.
    fn draw_outage(
        &self,
        frame: &mut Frame<'_>,
        (outage, strategy): (&TimelineOutage, &str),
        (y, seen, taken): (f64, f64, f64),
    ) -> Result<f64, ChartError> {
        let Some(cause) = self.cause(outage) else { return Ok(taken) };
        let palette = frame.palette();
        let (left, right) = self.ends(outage);
        let words = format!(
            "{strategy}: {}, down {}, current after {}, begins {} after the start",
            outage.cause,
            label::duration(outage.back - outage.start),
            label::duration(outage.current - outage.start),
            label::duration(outage.start)
        );
        let width = text::width(&cause.sign, SMALL_SIZE, true);
        let inside = right.min(seen) - left >= width + 5.0;
        let centre = (left + right) / 2.0;
        let x = centre.max(taken + width / 2.0 + APART);
        let above = !inside && x - centre <= ASIDE;
        let area = Area { left, top: y - HALF_BAR, right, bottom: y + HALF_BAR };
        frame.group(Group { title: &words, ..Group::default() }, |pen| {
            pen.rectangle(area, cause.colour)?;
            if inside {
                let uncovered = Area { right: right.min(seen), ..area };
                segment(pen, &cause.sign, cause.colour, uncovered)?;
            }
            if !above {
                return Ok(());
            }
            let (bold, anchor) = (true, Anchor::Middle);
            let setting = Setting { size: SMALL_SIZE, bold, anchor, ..Setting::name(palette) };
            pen.text(&cause.sign, (x, area.top - 8.0), setting)
        })?;
        Ok(if above { x + width / 2.0 } else { taken })
    }
}

fn draw_catch_up_sample(frame: &mut Frame<'_>, (x, y): Point) -> Drawn {
    let palette = frame.palette();
    let colour = palette.areas[0];
    let bar = Area { left: x, top: y - HALF_BAR + 1.0, right: x + 5.0, bottom: y + HALF_BAR - 1.0 };
    let after = Area {
        left: bar.right,
        top: y - HALF_CATCH_UP,
        right: x + SWATCH,
        bottom: y + HALF_CATCH_UP,
    };
    frame.group(Group::default(), |pen| {
        pen.rectangle(bar, colour)?;
        pen.rectangle(after, colour.faded(PALE, palette.background))
    })
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound_in_both, hard_names, texts};
    use super::*;

    fn outage(start: f64, hours: f64, cause: &str) -> TimelineOutage {
        let back = start + hours;
        TimelineOutage { start, back, current: back + hours / 4.0, cause: cause.into() }
    }

    fn chart(lanes: Vec<Vec<TimelineOutage>>) -> Timeline {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"];
        let ticks = months.iter().enumerate();
        Timeline {
            title: "The worst of 100 years".into(),
            x_label: "date".into(),
            horizon: 8760.0,
            ticks: ticks.map(|(i, month)| (i as f64 * 730.0, (*month).to_owned())).collect(),
            lanes: hard_names()
                .into_iter()
                .zip(lanes)
                .map(|(strategy, outages)| Lane { strategy, outages })
                .collect(),
        }
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        let names = hard_names();
        let lane = |lane: usize, count: usize, hours: f64| -> Vec<TimelineOutage> {
            (0..count)
                .map(|i| {
                    let start = (i * 977 + lane * 131) % 8760;
                    outage(start as f64, hours * (1 + i % 7) as f64, &names[(i + lane) % 12])
                })
                .collect()
        };
        let mut cases = vec![
            chart(vec![Vec::new()]),
            chart(vec![vec![outage(8760.0, 1e99, "a")]]),
            chart(vec![vec![outage(0.0, 0.0, ""); 30], Vec::new()]),
            chart(vec![lane(0, 500, 3.0)]),
        ];
        for count in [1, 2, 3, 6, 12] {
            for hours in [1e-6, 2.0, 90.0, 9000.0] {
                cases.push(chart((0..count).map(|i| lane(i, 2 * i + 1, hours)).collect()));
            }
        }
        let mut dates = cases[12].clone();
        dates.ticks = names.iter().map(|name| (0.0, name.clone())).collect();
        dates.ticks.extend((0..400).map(|day| (f64::from(day) * 20.0, names[0].clone())));
        cases.push(Timeline {
            lanes: chart(vec![Vec::new(); 2]).lanes[1..].to_vec(),
            ..dates.clone()
        });
        cases.push(dates);
        cases.push(Timeline { horizon: 1e-6, ticks: Vec::new(), ..chart(vec![Vec::new()]) });
        for case in cases {
            assert_sound_in_both(|palette| case.draw(palette));
        }
    }

    #[test]
    fn overlapping_outages_count_once_and_only_within_the_horizon() {
        let outages = [
            outage(0.0, 10.0, "a"),
            outage(5.0, 2.0, "b"),
            outage(8.0, 4.0, "a"),
            outage(90.0, 50.0, "a"),
        ];
        assert_eq!(downtime(&outages, 100.0), 22.0);
        let shown = texts(&chart(vec![outages.to_vec()]).draw(&Palette::LIGHT).unwrap());
        assert!(shown.iter().any(|text| text == "2\u{A0}d 14\u{A0}h"), "{shown:?}");
    }

    #[test]
    fn even_the_shortest_outage_is_seen() {
        let svg = chart(vec![vec![outage(8760.0, 0.0, "link")]]).draw(&Palette::LIGHT).unwrap();
        let bar = svg.split("link, down 0").nth(1).unwrap();
        let width = bar.split("width=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(width, "16");
        assert!(texts(&svg).iter().any(|text| text == "1"));
    }

    #[test]
    fn the_cause_with_most_downtime_is_number_one() {
        let lanes = vec![vec![outage(0.0, 1.0, "link"), outage(9.0, 5.0, "site")]];
        let shown = causes(&chart(lanes).checked().unwrap(), &Palette::LIGHT);
        assert_eq!([&shown[0].shown, &shown[1].shown], ["site", "link"]);
    }

    #[test]
    fn what_cannot_be_in_the_horizon_is_refused() {
        let good = chart(vec![vec![outage(1.0, 2.0, "a")]]);
        let changed = |change: fn(&mut Timeline)| {
            let mut bad = good.clone();
            change(&mut bad);
            matches!(bad.draw(&Palette::LIGHT), Err(ChartError::OutOfRange { .. }))
        };
        assert!(!changed(|_| ()));
        assert!(changed(|chart| chart.horizon = 0.0));
        assert!(changed(|chart| chart.horizon = f64::NAN));
        assert!(changed(|chart| chart.lanes[0].outages[0].start = 9000.0));
        assert!(changed(|chart| chart.lanes[0].outages[0].start = -1.0));
        assert!(changed(|chart| chart.lanes[0].outages[0].back = 0.5));
        assert!(changed(|chart| chart.lanes[0].outages[0].current = 2.0));
        assert!(changed(|chart| chart.ticks.push((9000.0, "late".into()))));
        assert!(matches!(chart(Vec::new()).draw(&Palette::LIGHT), Err(ChartError::Empty { .. })));
    }
}
