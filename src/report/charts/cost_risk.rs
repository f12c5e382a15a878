//! What a strategy costs against what it leaves at risk: one mark for each, and the front of those
//! that no other beats in both.
//!
//! Names stand beside their marks where all of them find room, with a line to the mark where they
//! must stand off; else marks carry numbers and the legend the names.

use super::axis::{Axis, TICKS_HEIGHT};
use super::cost_marks::{DASH, Key, RING, SWATCH, colour, draw_cross, draw_key, draw_mark};
use super::frame::{
    Anchor, Area, Drawn, EDGE, Frame, Group, Heading, LINE, NAME_SIZE, Point, SMALL_SIZE, Setting,
    WIDTH,
};
use super::legend::{Entry, Legend};
use super::placing::{Label, Obstacles, Wish, place};
use super::{ChartError, Palette, amount, label, signed, text};

/// Height of the plot, pixels.
const PLOT_HEIGHT: f64 = 380.0;
/// Ratio of greatest to least value beyond which an axis goes by powers of ten.
const WIDE: f64 = 50.0;
/// Most room for a name in the plot, pixels.
const LONGEST_NAME: f64 = 240.0;
/// Longest line from a mark to its name, pixels; where names need longer ones, numbers serve
/// better.
const LONGEST_LINE: f64 = 70.0;

/// A mean with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Lower end of the interval; below 0 it is drawn at 0.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// One strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct CostRiskPoint {
    /// Its name.
    pub strategy: String,
    /// What it costs.
    pub cost: Estimate,
    /// What it leaves at risk; less is better.
    pub risk: Estimate,
}

/// Cost against risk.
#[derive(Debug, Clone, PartialEq)]
pub struct CostRisk {
    /// What the chart says, in plain words.
    pub title: String,
    /// What the cost is, with its unit.
    pub x_label: String,
    /// What the risk is, with its unit.
    pub y_label: String,
    /// What the intervals are, such as "95 % interval".
    pub interval: String,
    /// The strategies.
    pub points: Vec<CostRiskPoint>,
    /// Place of the recommended strategy among the points, the first is 0.
    pub recommended: Option<usize>,
}

/// One strategy, checked.
struct Spot {
    name: String,
    cost: Estimate,
    risk: Estimate,
    /// Whether no other is better in one and at least as good in the other.
    front: bool,
    recommended: bool,
}

/// What is known before drawing begins.
struct Plan {
    spots: Vec<Spot>,
    plot: Area,
    x: Axis,
    y: Axis,
    /// What is written in the plot, and where; `None` where there was no room.
    labels: Vec<(String, Option<Label>)>,
    /// Whether the labels are numbers.
    numbered: bool,
}

impl CostRisk {
    /// The chart as SVG text.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without strategies, [`ChartError::OutOfRange`] for a number that is
    /// none or negative, an interval that does not hold its mean, or a recommended strategy that is
    /// not there.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let heading = Heading::plan(&self.title);
        let plan = self.plan(&heading)?;
        let (entries, named) = self.entries(&plan);
        let legend = Legend::plan(entries, SWATCH);
        let legend_top = plan.plot.bottom + TICKS_HEIGHT + LINE + 16.0;
        let mut frame = Frame::new(palette, legend_top + legend.height() + 12.0, &heading)?;
        let small = Setting::small(palette);
        let y_label = text::clean(&self.y_label);
        let shown = text::shorten(&y_label, WIDTH - 2.0 * EDGE, SMALL_SIZE, false);
        frame.group(Group { title: &y_label, ..Group::default() }, |pen| {
            pen.text(&shown, (EDGE, plan.plot.top - 18.0), small)
        })?;
        plan.x.draw_below(&mut frame, plan.plot, &self.x_label)?;
        plan.y.draw_left(&mut frame, plan.plot)?;
        let (left, bottom) = (plan.plot.left, plan.plot.bottom);
        let edges = [(left, plan.plot.top), (left, bottom), (plan.plot.right, bottom)];
        frame.group(Group::default(), |pen| pen.path(&edges, palette.axis, 1.2))?;
        plan.draw_front(&mut frame)?;
        for spot in &plan.spots {
            plan.draw_intervals(&mut frame, (spot, &self.in_words(spot)))?;
        }
        plan.draw_labels(&mut frame)?;
        // The recommended one last and so on top.
        let (last, first): (Vec<&Spot>, Vec<&Spot>) =
            plan.spots.iter().partition(|spot| spot.recommended);
        for spot in first.into_iter().chain(last) {
            let at = plan.at(spot);
            frame.group(Group { title: &self.in_words(spot), ..Group::default() }, |pen| {
                draw_mark(pen, at, (spot.front, spot.recommended), palette)
            })?;
        }
        legend.draw(&mut frame, legend_top, |frame, index, place| {
            match index.checked_sub(named) {
                Some(key) => draw_key(frame, self.keys(&plan)[key], place),
                None => {
                    let anchor = Anchor::Middle;
                    let setting = Setting { bold: true, anchor, ..Setting::name(palette) };
                    let (number, at) = ((index + 1).to_string(), (place.0 + SWATCH / 2.0, place.1));
                    frame.group(Group::default(), |pen| pen.text(&number, at, setting))
                }
            }
        })?;
        let words: Vec<String> = plan.spots.iter().map(|spot| self.in_words(spot)).collect();
        let words =
            format!("{} against {}. {}.", text::clean(&self.x_label), y_label, words.join(". "));
        Ok(frame.finish(&self.title, &words))
    }

    fn plan(&self, heading: &Heading) -> Result<Plan, ChartError> {
        let spots = self.checked()?;
        let top = heading.bottom() + 30.0;
        let bottom = top + PLOT_HEIGHT;
        let ends = |of: fn(&Spot) -> Estimate| {
            let ends = spots.iter().map(of).map(|e| (e.low, e.high));
            ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((0.0, 0.0))
        };
        let y = axis(ends(|spot| spot.risk), bottom, top);
        let left = EDGE + y.widest() + 8.0;
        let cost = ends(|spot| spot.cost);
        let right = WIDTH - EDGE - axis(cost, left, WIDTH - EDGE).overhang();
        let x = axis(cost, left, right);
        let plot = Area { left, top, right, bottom };
        let mut plan = Plan { spots, plot, x, y, labels: Vec::new(), numbered: false };
        let names: Vec<String> = plan.spots.iter().map(|spot| spot.name.clone()).collect();
        let shown = |name: &str| text::shorten(name, LONGEST_NAME, NAME_SIZE, true);
        let told = text::telling(&names, shown);
        plan.labels = plan.placed(told.iter().map(|name| shown(name)).collect());
        let near =
            |label: &Option<Label>| label.as_ref().is_some_and(|l| l.reach() <= LONGEST_LINE);
        if !plan.labels.iter().all(|(_, label)| near(label)) {
            plan.numbered = true;
            plan.labels = plan.placed((1..=names.len()).map(|n| n.to_string()).collect());
        }
        Ok(plan)
    }

    fn checked(&self) -> Result<Vec<Spot>, ChartError> {
        let chart = text::name(&self.title);
        if self.points.is_empty() {
            return Err(ChartError::Empty { chart, what: "strategies" });
        }
        if let Some(place) = self.recommended.filter(|&place| place >= self.points.len()) {
            let range = "less than the number of strategies";
            let what = "the place of the recommended strategy";
            return Err(ChartError::OutOfRange { name: chart, what, value: place as f64, range });
        }
        let mut spots = Vec::with_capacity(self.points.len());
        for (place, point) in self.points.iter().enumerate() {
            let name = text::name(&point.strategy);
            let cost = estimate(&name, "a cost", point.cost)?;
            let risk = estimate(&name, "a risk", point.risk)?;
            let recommended = self.recommended == Some(place);
            spots.push(Spot { name, cost, risk, front: true, recommended });
        }
        let means: Vec<(f64, f64)> = spots.iter().map(|s| (s.cost.mean, s.risk.mean)).collect();
        for (spot, &mine) in spots.iter_mut().zip(&means) {
            let beats =
                |&other: &(f64, f64)| other.0 <= mine.0 && other.1 <= mine.1 && other != mine;
            spot.front = !means.iter().any(beats);
        }
        Ok(spots)
    }

    /// Lines of the legend, and how many of them name a strategy.
    fn entries(&self, plan: &Plan) -> (Vec<Entry>, usize) {
        let entry = |name: String| Entry { name, note: String::new() };
        let mut entries = Vec::new();
        if plan.numbered {
            entries.extend(plan.spots.iter().map(|spot| entry(spot.name.clone())));
        }
        let named = entries.len();
        entries.extend(self.keys(plan).into_iter().map(|key| {
            entry(match key {
                Key::Front => "none is better in both (Pareto front)".to_owned(),
                Key::Beaten => "another is better in both".to_owned(),
                Key::Recommended => "recommended".to_owned(),
                Key::Interval => text::name(&self.interval),
            })
        }));
        (entries, named)
    }

    /// The samples that the legend needs.
    fn keys(&self, plan: &Plan) -> Vec<Key> {
        let mut keys = vec![Key::Front];
        if plan.spots.iter().any(|spot| !spot.front) {
            keys.push(Key::Beaten);
        }
        if self.recommended.is_some() {
            keys.push(Key::Recommended);
        }
        keys.push(Key::Interval);
        keys
    }

    fn in_words(&self, spot: &Spot) -> String {
        let range = |e: Estimate| {
            let [mean, low, high] = [e.mean, e.low, e.high].map(label::number);
            format!("{mean} ({} {low} to {high})", text::name(&self.interval))
        };
        let rank = if spot.front { "on the Pareto front" } else { "another is better in both" };
        let recommended = if spot.recommended { ", recommended" } else { "" };
        format!(
            "{}: cost {}, risk {}, {rank}{recommended}",
            spot.name,
            range(spot.cost),
            range(spot.risk)
        )
    }
}

/// A checked estimate; an interval that reaches below 0 ends there.
pub(super) fn estimate(
    name: &str,
    what: &'static str,
    e: Estimate,
) -> Result<Estimate, ChartError> {
    let (mean, high) = (amount(name, what, e.mean)?, amount(name, what, e.high)?);
    let low = signed(name, what, e.low)?.max(0.0);
    if low > mean || mean > high {
        let range = "within its interval";
        return Err(ChartError::OutOfRange { name: name.to_owned(), what, value: mean, range });
    }
    Ok(Estimate { mean, low, high })
}

/// By powers of ten when the values span more than a factor of 50, else from 0, else from a little
/// below the least when all lie close together.
fn axis((least, greatest): (f64, f64), start: f64, end: f64) -> Axis {
    match least {
        least if least > 0.0 && greatest > WIDE * least => {
            Axis::log(least / 1.15, greatest * 1.15, start, end)
        }
        least if least > 0.0 && greatest < 1.5 * least => {
            let air = 0.08 * (greatest - least);
            Axis::span(least - air, greatest + air, start, end)
        }
        _ => Axis::linear(greatest * 1.04, start, end),
    }
}

impl Plan {
    fn at(&self, spot: &Spot) -> Point {
        (self.x.at(spot.cost.mean), self.y.at(spot.risk.mean))
    }

    fn is_bold(&self, spot: &Spot) -> bool {
        spot.recommended || self.numbered
    }

    /// The corners of the front, from the cheapest up to the right edge.
    fn front(&self) -> Vec<Point> {
        let mut points: Vec<Point> =
            self.spots.iter().filter(|spot| spot.front).map(|spot| self.at(spot)).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
        let mut line = Vec::new();
        let mut level = self.plot.top;
        for point in points {
            line.extend([(point.0, level), point]);
            level = point.1;
        }
        line.push((self.plot.right, level));
        line
    }

    /// Both intervals of a spot as lines.
    fn intervals(&self, spot: &Spot) -> [[Point; 2]; 2] {
        let (x, y) = self.at(spot);
        [
            [(self.x.at(spot.cost.low), y), (self.x.at(spot.cost.high), y)],
            [(x, self.y.at(spot.risk.low)), (x, self.y.at(spot.risk.high))],
        ]
    }

    /// Finds places for the texts.
    fn placed(&self, texts: Vec<String>) -> Vec<(String, Option<Label>)> {
        let thin = |line: &[Point]| Area {
            left: line[0].0.min(line[1].0) - 0.7,
            top: line[0].1.min(line[1].1) - 0.7,
            right: line[0].0.max(line[1].0) + 0.7,
            bottom: line[0].1.max(line[1].1) + 0.7,
        };
        let mut lines: Vec<Area> = self
            .spots
            .iter()
            .flat_map(|spot| self.intervals(spot))
            .map(|line| thin(&line))
            .collect();
        lines.extend(self.front().windows(2).map(thin));
        let obstacles = Obstacles { mark: RING - 2.0, lines };
        let wishes: Vec<Wish> = self
            .spots
            .iter()
            .zip(&texts)
            .map(|(spot, words)| Wish {
                at: self.at(spot),
                size: (text::width(words, NAME_SIZE, self.is_bold(spot)) + 4.0, NAME_SIZE * 1.25),
            })
            .collect();
        texts.into_iter().zip(place(&wishes, self.plot, &obstacles)).collect()
    }

    fn draw_front(&self, frame: &mut Frame<'_>) -> Drawn {
        let palette = frame.palette();
        let group = Group { title: "Pareto front", dash: &DASH, ..Group::default() };
        frame.group(group, |pen| pen.path(&self.front(), palette.muted, 1.4))
    }

    fn draw_intervals(&self, frame: &mut Frame<'_>, (spot, words): (&Spot, &str)) -> Drawn {
        let colour = colour(frame.palette(), (spot.front, spot.recommended));
        let [across, up] = self.intervals(spot);
        frame.group(Group { title: words, ..Group::default() }, |pen| {
            draw_cross(pen, across, up, colour)
        })
    }

    /// Lines first, so that none runs over a text.
    fn draw_labels(&self, frame: &mut Frame<'_>) -> Drawn {
        let palette = frame.palette();
        let leaders = self.labels.iter().filter_map(|(_, label)| label.as_ref()?.leader);
        frame.group(Group::default(), |pen| {
            leaders.into_iter().try_for_each(|(from, to)| pen.path(&[from, to], palette.axis, 1.0))
        })?;
        for (spot, (words, label)) in self.spots.iter().zip(&self.labels) {
            let Some(&Label { area, .. }) = label.as_ref() else { continue };
            frame.group(Group { title: &spot.name, ..Group::default() }, |pen| {
                pen.rectangle(area, palette.background)?;
                let (anchor, bold) = (Anchor::Middle, self.is_bold(spot));
                let setting = Setting { bold, anchor, ..Setting::name(palette) };
                let middle = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
                pen.text(words, middle, setting)
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound_in_both, hard_names, texts};
    use super::*;

    fn near(mean: f64) -> Estimate {
        Estimate { mean, low: mean * 0.9, high: mean * 1.1 }
    }

    fn chart(points: Vec<(f64, f64)>) -> CostRisk {
        let names = hard_names().into_iter().cycle();
        let points = names.zip(points).map(|(strategy, (cost, risk))| CostRiskPoint {
            strategy,
            cost: near(cost),
            risk: near(risk),
        });
        CostRisk {
            title: "What does less risk cost?".into(),
            x_label: "Mean cost, USD per year".into(),
            y_label: "Mean stale user-hours per year".into(),
            interval: "95 % interval".into(),
            points: points.collect(),
            recommended: Some(0),
        }
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        let mut cases = Vec::new();
        for count in [1, 2, 3, 6, 12, 40] {
            let each = |point: &dyn Fn(f64) -> (f64, f64)| {
                chart((0..count).map(|i| point(f64::from(i))).collect())
            };
            cases.push(each(&|_| (0.0, 0.0)));
            cases.push(each(&|_| (1e6, 20.0)));
            cases.push(each(&|i| (1e6 + i, 20.0 - i / 1000.0)));
            cases.push(each(&|i| (10f64.powf(i), 10f64.powf(-2.0 * i))));
            cases.push(each(&|i| (1.0 + (i * 7.0) % 12.0, 1.0 + (i * 5.0) % 12.0)));
            cases.push(each(&|i| (1e99 / 10f64.powf(i * 4.0), 1e-90 * (1.0 + i))));
            cases.push(CostRisk { recommended: None, ..each(&|i| (i, 40.0 - i)) });
        }
        let long = hard_names()[0].clone();
        let last = cases[8].clone();
        cases.push(CostRisk {
            x_label: long.clone(),
            y_label: long.clone(),
            interval: long,
            ..last
        });
        for case in cases {
            assert_sound_in_both(|palette| case.draw(palette));
        }
    }

    #[test]
    fn the_front_holds_what_no_other_beats() {
        let spots =
            chart(vec![(1.0, 9.0), (2.0, 5.0), (3.0, 5.0), (4.0, 1.0), (4.0, 1.0), (5.0, 2.0)])
                .checked()
                .unwrap();
        let front: Vec<bool> = spots.iter().map(|spot| spot.front).collect();
        assert_eq!(front, [true, true, false, true, true, false]);
    }

    #[test]
    fn names_stand_in_the_plot_while_there_is_room_and_numbers_after() {
        let named = |points: Vec<(f64, f64)>| {
            let mut chart = chart(points);
            for (index, point) in chart.points.iter_mut().enumerate() {
                point.strategy = format!("Staging server {}", index + 101);
            }
            texts(&chart.draw(&Palette::LIGHT).unwrap())
        };
        let few = named(vec![(1.0, 9.0), (5.0, 5.0), (9.0, 1.0)]);
        assert!(few.iter().any(|text| text == "Staging server 103"));
        assert!(!few.iter().any(|text| text == "3"));
        let many = named(vec![(5.0, 5.0); 30]);
        assert!(many.iter().any(|text| text == "30"), "{many:?}");
    }

    #[test]
    fn the_recommended_strategy_is_said() {
        let svg = chart(vec![(1.0, 9.0), (2.0, 5.0)]).draw(&Palette::LIGHT).unwrap();
        assert!(svg.contains("on the Pareto front, recommended."));
        assert!(texts(&svg).iter().any(|text| text == "recommended"));
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let good = chart(vec![(1.0, 9.0), (2.0, 5.0)]);
        let nowhere = CostRisk { recommended: Some(2), ..good.clone() };
        assert_eq!(
            nowhere.draw(&Palette::LIGHT).unwrap_err().to_string(),
            "`What does less risk cost?` holds 2 as the place of the recommended strategy; it must \
             be less than the number of strategies"
        );
        for cost in [f64::NAN, -1.0, f64::INFINITY] {
            let mut bad = good.clone();
            bad.points[0].cost.mean = cost;
            assert!(matches!(bad.draw(&Palette::LIGHT), Err(ChartError::OutOfRange { .. })));
        }
        let mut outside = good.clone();
        outside.points[0].risk.high = 8.0;
        assert!(matches!(outside.draw(&Palette::LIGHT), Err(ChartError::OutOfRange { .. })));
        let mut below = good;
        below.points[0].risk.low = -3.0;
        assert!(below.draw(&Palette::LIGHT).is_ok());
        assert!(matches!(chart(Vec::new()).draw(&Palette::LIGHT), Err(ChartError::Empty { .. })));
    }
}
