//! What a strategy costs against what it leaves at risk: one mark for each, and the front of those
//! that no other beats in both.
//!
//! Names stand whole beside their marks where all of them find room; else the legend has them.

use super::axis::Axis;
use super::legend::{Key, SWATCH};
use super::picture::{Picture, Run, estimate};
use super::placing::{Label, Labelled, Obstacles, place};
use super::plot::Plot;
use super::sheet::{Area, Group, NAME_SIZE, Point, Sheet, TextStyle};
use super::{ChartError, Estimate, Palette, WIDE, label, names, sentences, text};
use crate::report::tables;
use crate::report::words::{self, risk_words};
use crate::study::decide::risk_metric;

/// Height of the plot, pixels.
const HEIGHT: f64 = 380.0;
/// Longest name in the plot, pixels.
const LONGEST_NAME: f64 = 320.0;
/// Longest line from a mark to its name, pixels.
const LONGEST_LINE: f64 = 70.0;
/// Radius of the ring around the recommended mark, pixels.
const RING: f64 = 9.0;
/// Strokes and gaps of the front, pixels.
const DASH: [f64; 2] = [2.5, 2.5];

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
    /// Places among the points, the first is 0, of those that no other beats in both, the cheapest
    /// first.
    pub front: Vec<usize>,
    /// Place of the recommended strategy.
    pub recommended: Option<usize>,
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

impl CostRisk {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no strategy, or a number has no place.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let names = names(self.points.iter().map(|point| &point.strategy), &self.title)?;
        let mut sheet = Sheet::new(palette, &self.title);
        let plot = sheet.plot(
            HEIGHT,
            |start, end| axis(self.points.iter().map(|point| point.cost), start, end),
            |start, end| axis(self.points.iter().map(|point| point.risk), start, end),
        );
        sheet.axes(&plot, [&self.x_label, &self.y_label]);
        sheet.base(&plot);
        let front = self.front(&plot);
        sheet.line("", &DASH, &front, (palette.muted, 1.4));
        for (index, point) in self.points.iter().enumerate() {
            let colour = palette.look(index).colour;
            sheet.titled(&self.in_words(index, &names[index]), |sheet| {
                for line in whiskers(&plot, point) {
                    sheet.path(&line, colour, 1.4);
                }
            });
        }
        let labels = self.labels(&plot, &names, &front);
        // All lines to labels before all labels, so that none runs over a name.
        for (from, to) in labels.iter().flatten().filter_map(|label| label.leader) {
            sheet.group(Group::default(), |sheet| sheet.path(&[from, to], palette.muted, 1.0));
        }
        for (index, (name, label)) in names.iter().zip(labels.iter().flatten()).enumerate() {
            self.draw_label(&mut sheet, (index, name), label);
        }
        // The recommended one last and so on top.
        let others = (0..self.points.len()).filter(|&index| self.recommended != Some(index));
        for index in others.chain(self.recommended) {
            let at = self.at(&plot, index);
            sheet.titled(&self.in_words(index, &names[index]), |sheet| {
                if self.recommended == Some(index) {
                    sheet.ring(at, RING, (palette.ink, 2.0));
                }
                sheet.marker(at, palette.look(index));
            });
        }
        sheet.legend(&self.keys(palette, if labels.is_some() { &[] } else { &names }), SWATCH);
        let words = sentences(names.iter().enumerate(), |(index, name)| self.in_words(index, name));
        sheet.finish(&format!("{} against {}.{words}", self.x_label, self.y_label))
    }

    fn at(&self, plot: &Plot, index: usize) -> Point {
        let point = &self.points[index];
        plot.at((point.cost.mean, point.risk.mean))
    }

    /// The corners of the front, from the cheapest up to the right edge.
    fn front(&self, plot: &Plot) -> Vec<Point> {
        let mut line = Vec::new();
        let mut level = plot.area.top;
        for &index in &self.front {
            let point = self.at(plot, index);
            line.extend([(point.0, level), point]);
            level = point.1;
        }
        line.push((plot.area.right, level));
        line
    }

    /// Places for the whole names; `None` where they do not all find one near their marks.
    fn labels(&self, plot: &Plot, names: &[String], front: &[Point]) -> Option<Vec<Label>> {
        let thin = |line: &[Point]| Area::between(line[0], line[1]).grown(0.7);
        let whiskers = self.points.iter().flat_map(|point| whiskers(plot, point));
        let mut lines: Vec<Area> = whiskers.map(|line| thin(&line)).collect();
        lines.extend(front.windows(2).map(thin));
        let obstacles = Obstacles { mark: RING - 2.0, lines };
        let point = |(index, name): (usize, &String)| {
            let width = text::width(name, NAME_SIZE, self.recommended == Some(index));
            Labelled { at: self.at(plot, index), size: (width, NAME_SIZE + 2.0) }
        };
        let points: Vec<Labelled> = names.iter().enumerate().map(point).collect();
        let short = points.iter().all(|point| point.size.0 <= LONGEST_NAME);
        let sound = points.iter().all(|point| point.at.0.is_finite() && point.at.1.is_finite());
        let labels = if short && sound {
            place(&points, plot.area.grown(-4.0), &obstacles)
        } else {
            vec![None]
        };
        let near = |label: Option<Label>| label.filter(|label| label.reach() <= LONGEST_LINE);
        labels.into_iter().map(near).collect()
    }

    fn draw_label(&self, sheet: &mut Sheet<'_>, (index, name): (usize, &str), label: &Label) {
        let ground = sheet.palette.background;
        let style = TextStyle { bold: self.recommended == Some(index), ..sheet.name_style() };
        sheet.titled(name, |sheet| {
            sheet.rectangle(label.area, ground);
            sheet.text(name, (label.area.left, label.area.middle().1), style);
        });
    }

    fn keys(&self, palette: &Palette, names: &[String]) -> Vec<Key<'_>> {
        let key = |(index, name): (usize, &String)| {
            let look = palette.look(index);
            let strong = self.recommended == Some(index);
            Key::new(name, move |sheet, area| sheet.marker(area.middle(), look)).strong(strong)
        };
        let mut keys: Vec<Key<'_>> = names.iter().enumerate().map(key).collect();
        keys.push(Key::new("on the line: no strategy is better in both", |sheet, area| {
            let (middle, y) = area.middle();
            let line =
                [(area.left, y - 6.0), (middle, y - 6.0), (middle, y + 6.0), (area.right, y + 6.0)];
            sheet.line("", &DASH, &line, (sheet.palette.muted, 1.4));
        }));
        if self.recommended.is_some() {
            keys.push(Key::new("recommended", |sheet, area| {
                sheet.ring(area.middle(), RING - 1.0, (sheet.palette.ink, 2.0));
            }));
        }
        keys.push(Key::new(&self.interval, |sheet, area| {
            let ((x, y), muted) = (area.middle(), sheet.palette.muted);
            sheet.path(&[(area.left + 4.0, y), (area.right - 4.0, y)], muted, 1.4);
            sheet.path(&[(x, area.top), (x, area.bottom)], muted, 1.4);
        }));
        keys
    }

    fn in_words(&self, index: usize, name: &str) -> String {
        let range = |e: Estimate| {
            let [mean, low, high] = [e.mean, e.low, e.high].map(label::number);
            format!("{mean} ({} {low} to {high})", self.interval)
        };
        let point = &self.points[index];
        let (cost, risk) = (range(point.cost), range(point.risk));
        let front = match self.front.contains(&index) {
            true => "no strategy is better in both",
            false => "another is better in both",
        };
        let recommended = if self.recommended == Some(index) { ", recommended" } else { "" };
        format!("{name}: cost {cost}, risk {risk}, {front}{recommended}")
    }
}

/// Both intervals of a strategy as lines.
fn whiskers(plot: &Plot, CostRiskPoint { cost, risk, .. }: &CostRiskPoint) -> [[Point; 2]; 2] {
    [
        [plot.at((cost.low, risk.mean)), plot.at((cost.high, risk.mean))],
        [plot.at((cost.mean, risk.low)), plot.at((cost.mean, risk.high))],
    ]
}

/// Logarithmic when the values are of very different sizes, else from 0, else from a little below
/// the least when all lie close together.
fn axis(estimates: impl Iterator<Item = Estimate>, start: f64, end: f64) -> Axis {
    let ends = estimates.map(|e| (e.low, e.high));
    let ends = ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    match ends.unwrap_or((0.0, 0.0)) {
        (least, greatest) if least > 0.0 && greatest > WIDE * least => {
            Axis::log(least / 1.15, greatest * 1.15, start, end)
        }
        (least, greatest) if least > 0.0 && greatest < 1.5 * least => {
            let air = 0.08 * (greatest - least);
            Axis::span(least - air, greatest + air, start, end)
        }
        (_, greatest) => Axis::linear(greatest * 1.04, start, end),
    }
}

/// The picture of a run, where anything is spent.
pub(super) fn of_run(run: &Run<'_>) -> Option<Picture> {
    let risks = &run.results.decision.risks;
    if risks.iter().all(|risk| risk.spending <= 0.0) {
        return None;
    }
    // What can only be positive has no interval below 0.
    let positive = |e: Estimate| Estimate { low: e.low.max(0.0).min(e.mean), ..e };
    let strategies = run.results.summary.strategies.iter().zip(risks);
    let points = strategies.map(|(result, risk)| CostRiskPoint {
        strategy: result.name.clone(),
        cost: positive(estimate(risk.spending, risk.spending_interval)),
        risk: positive(estimate(risk.risk, risk.risk_interval)),
    });
    let (period, risk) = (run.period(), risk_words(risk_metric(run.scenario)));
    let x_label = match run.scenario.costs.is_some() {
        true => format!("annual cost and labour per {period}, {}", run.scenario.currency()),
        false => format!("annual cost per {period}"),
    };
    let chart = CostRisk {
        title: "What less risk costs".into(),
        x_label,
        y_label: format!("mean {risk} per {period}"),
        interval: run.interval(),
        points: points.collect(),
        front: run.results.decision.front.clone(),
        recommended: run.results.decision.strategy,
    };
    Some(Picture {
        name: "cost-against-risk".into(),
        title: chart.title.clone(),
        explanation: format!(
            "What is spent on a strategy against what it leaves at risk, both on average. A strategy off \
             the stepped line is beaten by one that spends less and risks less.{}",
            words::fitness::off_the_line(run.scenario)
        ),
        table: tables::risks(run.scenario, run.results),
        draw: Box::new(move |palette| chart.draw(palette)),
    })
}
