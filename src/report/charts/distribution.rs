//! A log beside a distribution: how many durations are over, or still going on, by when.
//!
//! The log is a line of steps, the distributions are curves, and a band says how far a sample may
//! stray. The time axis goes by factors and is labelled in the units people count in.

use super::axis::{Axis, TICKS_HEIGHT};
use super::frame::{Area, Drawn, EDGE, Frame, Group, Heading, LINE, Point, Setting, WIDTH};
use super::legend::{Entry, Legend};
use super::palette::Colour;
use super::{ChartError, Palette, amount, label, text};

/// Height of the plot, pixels.
const PLOT_HEIGHT: f64 = 340.0;
/// Width of the sample line in the legend, pixels.
const SWATCH: f64 = 36.0;
/// Half the height of a mark of a lower bound, pixels.
const TICK: f64 = 5.0;
/// Points closer than this to the one before are not drawn, pixels.
const NEAR: f64 = 0.2;

/// A band: its name, and durations with lower and upper shares.
pub type Band = (String, Vec<(f64, f64, f64)>);

/// Steps, curves and a band over durations.
#[derive(Debug, Clone, PartialEq)]
pub struct DistributionChart {
    /// What the chart says, in plain words.
    pub title: String,
    /// What the durations are.
    pub x_label: String,
    /// What the share is of.
    pub y_label: String,
    /// What the steps are, such as "log (46 durations)".
    pub steps_label: String,
    /// The share before the first step: 0 for what is over, 1 for what goes on.
    pub before: f64,
    /// Duration above 0 and the share from there on, in ascending order.
    pub steps: Vec<(f64, f64)>,
    /// Durations of lower bounds, marked on the steps.
    pub bounds: Vec<f64>,
    /// Names of distributions, each with durations and shares.
    pub curves: Vec<(String, Vec<(f64, f64)>)>,
    /// How far a sample may stray, if that is to be shown.
    pub band: Option<Band>,
}

impl DistributionChart {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// [`ChartError::Empty`] without steps, [`ChartError::OutOfRange`] for a duration that is not
    /// above 0 or a share outside 0 to 1.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        self.check()?;
        let heading = Heading::plan(&self.title);
        let top = heading.bottom() + 30.0;
        let bottom = top + PLOT_HEIGHT;
        let y = Axis::percent(bottom, top);
        let left = EDGE + y.widest() + 8.0;
        let plot = Area { left, top, right: WIDTH - EDGE - 20.0, bottom };
        let x = self.time_axis(plot);
        let legend = Legend::plan(self.entries(), SWATCH);
        let legend_top = bottom + TICKS_HEIGHT + LINE + 16.0;
        let mut frame = Frame::new(palette, legend_top + legend.height() + 8.0, &heading)?;
        frame.group(Group::default(), |pen| {
            let words = text::shorten(&text::clean(&self.y_label), WIDTH - 2.0 * EDGE, 12.0, false);
            pen.text(&words, (EDGE, top - 18.0), Setting::small(palette))
        })?;
        x.draw_below(&mut frame, plot, &self.x_label)?;
        y.draw_left(&mut frame, plot)?;
        let place = |(hours, share): (f64, f64)| (x.at(hours), y.at(share));
        // A point beyond the plot would be drawn at its edge.
        let inside = |hours: f64| (x.low..=x.high).contains(&hours);
        if let Some((name, band)) = &self.band {
            let shown = || band.iter().filter(|point| inside(point.0));
            let lower = shown().map(|(hours, low, _)| place((*hours, *low)));
            let upper = shown().rev().map(|(hours, _, high)| place((*hours, *high)));
            let outline: Vec<Point> = lower.chain(upper).collect();
            let name = text::name(name);
            let group = Group { title: &name, ..Group::default() };
            frame.group(group, |pen| pen.polygon(&outline, band_colour(palette)))?;
        }
        let base = [(plot.left, plot.bottom), (plot.right, plot.bottom)];
        frame.group(Group::default(), |pen| pen.path(&base, palette.axis, 1.2))?;
        for (index, (name, curve)) in self.curves.iter().enumerate().rev() {
            let look = palette.look(index);
            let shown = curve.iter().copied().filter(|point| inside(point.0));
            let line = thinned(shown.map(place));
            let name = text::name(name);
            let group = Group { title: &name, dash: look.dash, ..Group::default() };
            frame.group(group, |pen| pen.path(&line, look.colour, 2.0))?;
        }
        self.draw_steps(&mut frame, plot, &place)?;
        legend.draw(&mut frame, legend_top, |frame, index, at| self.swatch(frame, index, at))?;
        Ok(frame.finish(&self.title, &self.description()))
    }

    fn check(&self) -> Result<(), ChartError> {
        let chart = text::name(&self.title);
        if self.steps.is_empty() {
            return Err(ChartError::Empty { chart, what: "durations" });
        }
        let curves = self.curves.iter().flat_map(|(_, points)| points.iter().copied());
        let band = self.band.iter().flat_map(|(_, points)| points);
        let band = band.flat_map(|(hours, low, high)| [(*hours, *low), (*hours, *high)]);
        let bounds = self.bounds.iter().map(|hours| (*hours, 0.0));
        for (hours, share) in self.steps.iter().copied().chain(curves).chain(band).chain(bounds) {
            if amount(&chart, "a duration", hours)? == 0.0 {
                let range = "a number above 0";
                let (name, what) = (chart, "a duration");
                return Err(ChartError::OutOfRange { name, what, value: hours, range });
            }
            if !(0.0..=1.0).contains(&share) {
                let (name, what, range) = (chart, "a share", "from 0 to 1");
                return Err(ChartError::OutOfRange { name, what, value: share, range });
            }
        }
        Ok(())
    }

    fn time_axis(&self, plot: Area) -> Axis {
        let hours = || self.steps.iter().map(|step| step.0).chain(self.bounds.iter().copied());
        let least = hours().fold(f64::INFINITY, f64::min);
        let greatest = hours().fold(0.0, f64::max);
        Axis::durations(least, greatest, plot.left, plot.right)
    }

    fn draw_steps(
        &self,
        frame: &mut Frame<'_>,
        plot: Area,
        place: &impl Fn((f64, f64)) -> Point,
    ) -> Drawn {
        let ink = frame.palette().ink;
        let mut line = vec![(plot.left, place((1.0, self.before)).1)];
        let mut share = self.before;
        for (hours, after) in &self.steps {
            line.push(place((*hours, share)));
            line.push(place((*hours, *after)));
            share = *after;
        }
        line.push((plot.right, place((1.0, share)).1));
        let line = thinned(line.into_iter());
        let name = text::name(&self.steps_label);
        let group = Group { title: &name, ..Group::default() };
        frame.group(group, |pen| pen.path(&line, ink, 1.6))?;
        frame.group(Group { title: "lower bound", ..Group::default() }, |pen| {
            self.bounds.iter().try_for_each(|hours| {
                let before = self.steps.partition_point(|step| step.0 <= *hours);
                let share = before.checked_sub(1).map_or(self.before, |at| self.steps[at].1);
                let (x, y) = place((*hours, share));
                pen.path(&[(x, y - TICK), (x, y + TICK)], ink, 1.4)
            })
        })
    }

    /// The steps, the curves, the band, the marks.
    fn entries(&self) -> Vec<Entry> {
        let mut names = vec![self.steps_label.clone()];
        names.extend(self.curves.iter().map(|(name, _)| name.clone()));
        names.extend(self.band.iter().map(|(name, _)| name.clone()));
        if !self.bounds.is_empty() {
            names.push("lower bound".to_owned());
        }
        names
            .into_iter()
            .map(|name| Entry { name: text::name(&name), note: String::new() })
            .collect()
    }

    fn swatch(&self, frame: &mut Frame<'_>, index: usize, (x, y): Point) -> Drawn {
        let palette = frame.palette();
        let line = [(x, y), (x + SWATCH, y)];
        let band = 1 + self.curves.len();
        if index == 0 {
            let (middle, up, down) = (x + SWATCH / 2.0, y - 4.0, y + 4.0);
            let steps = [(x, down), (middle, down), (middle, up), (x + SWATCH, up)];
            return frame.group(Group::default(), |pen| pen.path(&steps, palette.ink, 1.6));
        }
        if index < band {
            let look = palette.look(index - 1);
            let group = Group { dash: look.dash, ..Group::default() };
            return frame.group(group, |pen| pen.path(&line, look.colour, 2.0));
        }
        if index == band && self.band.is_some() {
            let area = Area { left: x, top: y - 7.0, right: x + SWATCH, bottom: y + 7.0 };
            return frame.group(Group::default(), |pen| pen.rectangle(area, band_colour(palette)));
        }
        let middle = x + SWATCH / 2.0;
        frame.group(Group::default(), |pen| {
            pen.path(&line, palette.ink, 1.6)?;
            pen.path(&[(middle, y - TICK), (middle, y + TICK)], palette.ink, 1.4)
        })
    }

    fn description(&self) -> String {
        let (first, last) = match (self.steps.first(), self.steps.last()) {
            (Some(first), Some(last)) => (label::duration(first.0), label::duration(last.0)),
            _ => Default::default(),
        };
        let names: Vec<&str> = self.curves.iter().map(|(name, _)| name.as_str()).collect();
        format!(
            "{} by {}: {} from {first} to {last}, beside {}.",
            self.y_label,
            self.x_label,
            self.steps_label,
            if names.is_empty() { "no law".to_owned() } else { names.join(", ") }
        )
    }
}

/// The colour of the first curve, as faint as an area may be.
fn band_colour(palette: &Palette) -> Colour {
    palette.look(0).colour.faded(0.16, palette.background)
}

/// The points without those that would not be seen.
fn thinned(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    let mut skipped = None;
    for point in points {
        let near =
            |last: &Point| (point.0 - last.0).abs() < NEAR && (point.1 - last.1).abs() < NEAR;
        if kept.last().is_some_and(near) {
            skipped = Some(point);
        } else {
            kept.push(point);
            skipped = None;
        }
    }
    kept.extend(skipped);
    kept
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound, hard_names, texts};
    use super::*;

    fn chart(scale: f64, spread: f64) -> DistributionChart {
        let steps: Vec<(f64, f64)> = (1..=40)
            .map(|k| (scale * spread.powf(f64::from(k) / 40.0), f64::from(k) / 40.0))
            .collect();
        let curve = steps.iter().map(|(x, p)| (*x, 0.95 * p)).collect();
        let band = steps.iter().map(|(x, p)| (*x, 0.8 * p, p.min(1.0))).collect();
        DistributionChart {
            title: "How long recovery takes".into(),
            x_label: "time from start to service".into(),
            y_label: "share of incidents that are over".into(),
            steps_label: "log (40 durations)".into(),
            before: 0.0,
            bounds: vec![steps[3].0, steps[20].0],
            steps,
            curves: vec![("lognormal".into(), curve)],
            band: Some(("95 % of samples of the law stay inside".into(), band)),
        }
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        let mut cases: Vec<DistributionChart> = (-6..9)
            .flat_map(|e| [1.0, 1.2, 30.0, 1e6].map(|spread| chart(10f64.powi(e), spread)))
            .collect();
        let mut hard = chart(1.0, 100.0);
        let curve = hard.curves[0].1.clone();
        let names = hard_names();
        hard.curves = names.iter().map(|name| (name.clone(), curve.clone())).collect();
        (hard.title, hard.x_label, hard.y_label) =
            (names[0].clone(), names[1].clone(), names[0].clone());
        cases.push(hard);
        cases.push(DistributionChart {
            curves: vec![],
            band: None,
            bounds: vec![],
            ..chart(1.0, 9.0)
        });
        cases.push(DistributionChart { before: 1.0, ..chart(1.0, 9.0) });
        for case in cases {
            let svg = case.draw(&Palette::LIGHT).unwrap();
            assert_sound(&svg);
            assert_eq!(svg, case.draw(&Palette::LIGHT).unwrap());
        }
    }

    #[test]
    fn the_legend_names_what_is_drawn() {
        let shown = texts(&chart(1.0, 50.0).draw(&Palette::LIGHT).unwrap());
        for name in ["log (40 durations)", "lognormal", "lower bound"] {
            assert!(shown.iter().any(|text| text == name), "{name} in {shown:?}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let refused = |change: fn(&mut DistributionChart)| {
            let mut chart = chart(1.0, 9.0);
            change(&mut chart);
            chart.draw(&Palette::LIGHT).is_err()
        };
        assert!(refused(|chart| chart.steps.clear()));
        assert!(refused(|chart| chart.steps[0].0 = 0.0));
        assert!(refused(|chart| chart.steps[0].0 = f64::NAN));
        assert!(refused(|chart| chart.steps[0].1 = 1.1));
        assert!(refused(|chart| chart.bounds[0] = -1.0));
    }
}
