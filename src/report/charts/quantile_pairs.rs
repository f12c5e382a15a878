//! Quantiles of a log against those of a distribution: on the diagonal where the two agree.
//!
//! Both axes go by factors, so that the quick and the slow end can be judged alike; the band says
//! how far off the diagonal a true distribution would put each point.

use super::axis::{Axis, TICKS_HEIGHT};
use super::frame::{Area, EDGE, Frame, Group, Heading, LINE, Point, Setting, WIDTH};
use super::legend::{Entry, Legend};
use super::{ChartError, Palette, amount, label, text};

/// Height of the plot, pixels.
const PLOT_HEIGHT: f64 = 420.0;
/// Width of the samples in the legend, pixels.
const SWATCH: f64 = 30.0;
/// Radius of a point, pixels.
const DOT: f64 = 2.6;
/// Points closer than this to the one before are not drawn, pixels.
const NEAR: f64 = 0.4;

/// A duration of the log with what the distribution has in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The duration of the log, hours.
    pub seen: f64,
    /// The distribution's quantile at its rank, hours.
    pub distribution: f64,
    /// Where it lies with the band's probability if the distribution is true, hours.
    pub low: f64,
    /// The upper end of that.
    pub high: f64,
}

/// Quantiles against quantiles.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantilePairs {
    /// What the chart says, in plain words.
    pub title: String,
    /// What the distribution's quantiles are.
    pub x_label: String,
    /// What the log's quantiles are.
    pub y_label: String,
    /// What the band is.
    pub band_label: String,
    /// The pairs, in ascending order.
    pub pairs: Vec<Pair>,
}

impl QuantilePairs {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// [`ChartError::Empty`] without pairs, [`ChartError::OutOfRange`] for a duration that is not
    /// above 0.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        self.check()?;
        let heading = Heading::plan(&self.title);
        let top = heading.bottom() + 30.0;
        let bottom = top + PLOT_HEIGHT;
        let ends = |of: fn(&Pair) -> [f64; 2]| {
            let all = || self.pairs.iter().flat_map(of);
            (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max))
        };
        let (least, greatest) = ends(|pair| [pair.seen, pair.distribution]);
        let y = Axis::durations(least, greatest, bottom, top);
        let left = EDGE + y.widest() + 8.0;
        let plot = Area { left, top, right: WIDTH - EDGE - 20.0, bottom };
        let x = Axis::durations(least, greatest, plot.left, plot.right);
        let legend = Legend::plan(self.entries(), SWATCH);
        let legend_top = bottom + TICKS_HEIGHT + LINE + 16.0;
        let mut frame = Frame::new(palette, legend_top + legend.height() + 8.0, &heading)?;
        frame.group(Group::default(), |pen| {
            let words = text::shorten(&text::clean(&self.y_label), WIDTH - 2.0 * EDGE, 12.0, false);
            pen.text(&words, (EDGE, top - 18.0), Setting::small(palette))
        })?;
        x.draw_below(&mut frame, plot, &self.x_label)?;
        y.draw_left(&mut frame, plot)?;
        let place = |distribution: f64, seen: f64| -> Point { (x.at(distribution), y.at(seen)) };
        let lower = self.pairs.iter().map(|pair| place(pair.distribution, pair.low));
        let upper = self.pairs.iter().rev().map(|pair| place(pair.distribution, pair.high));
        let outline: Vec<Point> = lower.chain(upper).collect();
        let colour = palette.look(0).colour;
        let ground = colour.faded(0.16, palette.background);
        let (band, points) = (text::name(&self.band_label), text::name(&self.y_label));
        let group = Group { title: &band, ..Group::default() };
        frame.group(group, |pen| pen.polygon(&outline, ground))?;
        let diagonal = [place(x.low, x.low), place(x.high, x.high)];
        frame.group(Group::default(), |pen| pen.path(&diagonal, palette.axis, 1.4))?;
        let base = [(plot.left, plot.bottom), (plot.right, plot.bottom)];
        frame.group(Group::default(), |pen| pen.path(&base, palette.axis, 1.2))?;
        frame.group(Group { title: &points, ..Group::default() }, |pen| {
            let mut last: Option<Point> = None;
            self.pairs.iter().try_for_each(|pair| {
                let at = place(pair.distribution, pair.seen);
                let near = |l: Point| (at.0 - l.0).abs() < NEAR && (at.1 - l.1).abs() < NEAR;
                if last.is_some_and(near) {
                    return Ok(());
                }
                last = Some(at);
                pen.disc(at, DOT, palette.ink)
            })
        })?;
        legend.draw(&mut frame, legend_top, |frame, index, (x, y)| {
            let area = Area { left: x, top: y - 7.0, right: x + SWATCH, bottom: y + 7.0 };
            frame.group(Group::default(), |pen| match index {
                0 => pen.disc((x + SWATCH / 2.0, y), DOT, palette.ink),
                1 => pen.path(&[(x, y), (x + SWATCH, y)], palette.axis, 1.4),
                _ => pen.rectangle(area, ground),
            })
        })?;
        Ok(frame.finish(&self.title, &self.description()))
    }

    fn check(&self) -> Result<(), ChartError> {
        let chart = text::name(&self.title);
        if self.pairs.is_empty() {
            return Err(ChartError::Empty { chart, what: "durations" });
        }
        for pair in &self.pairs {
            for hours in [pair.seen, pair.distribution, pair.low, pair.high] {
                if amount(&chart, "a duration", hours)? == 0.0 {
                    let (name, what) = (chart, "a duration");
                    let range = "a number above 0";
                    return Err(ChartError::OutOfRange { name, what, value: hours, range });
                }
            }
        }
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let names = ["a duration of the log", "log and law agree", &self.band_label];
        names.map(|name| Entry { name: text::name(name), note: String::new() }).to_vec()
    }

    fn description(&self) -> String {
        let outside =
            self.pairs.iter().filter(|pair| pair.seen < pair.low || pair.seen > pair.high).count();
        let longest =
            self.pairs.last().map(|pair| (pair.seen, pair.distribution)).unwrap_or_default();
        format!(
            "{} against {}: {outside} of {} durations lie outside of the band; the longest is {} in \
             the log and {} by the law.",
            self.y_label,
            self.x_label,
            self.pairs.len(),
            label::duration(longest.0),
            label::duration(longest.1)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound, hard_names, texts};
    use super::*;

    fn chart(scale: f64, spread: f64) -> QuantilePairs {
        let pair = |k: i32| {
            let distribution = scale * spread.powf(f64::from(k) / 30.0);
            Pair {
                seen: distribution * 1.1,
                distribution,
                low: distribution / 2.0,
                high: distribution * 2.0,
            }
        };
        QuantilePairs {
            title: "Recovery times of the log against the lognormal law".into(),
            x_label: "by the law".into(),
            y_label: "in the log".into(),
            band_label: "95 % of points of a true law".into(),
            pairs: (0..=30).map(pair).collect(),
        }
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        let mut cases: Vec<QuantilePairs> = (-6..9)
            .flat_map(|e| [1.0, 1.2, 30.0, 1e6].map(|spread| chart(10f64.powi(e), spread)))
            .collect();
        let names = hard_names();
        cases.push(QuantilePairs {
            title: names[0].clone(),
            x_label: names[1].clone(),
            y_label: names[3].clone(),
            band_label: names[5].clone(),
            ..chart(1.0, 100.0)
        });
        for case in cases {
            let svg = case.draw(&Palette::LIGHT).unwrap();
            assert_sound(&svg);
            assert_eq!(svg, case.draw(&Palette::LIGHT).unwrap());
        }
    }

    #[test]
    fn what_lies_outside_of_the_band_is_said() {
        let mut chart = chart(1.0, 100.0);
        chart.pairs[30].seen = 1000.0;
        let svg = chart.draw(&Palette::LIGHT).unwrap();
        assert!(svg.contains("1 of 31 durations lie outside of the band"), "{svg}");
        assert!(texts(&svg).iter().any(|text| text == "log and law agree"));
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let none = QuantilePairs { pairs: vec![], ..chart(1.0, 2.0) };
        assert!(none.draw(&Palette::LIGHT).is_err());
        let mut bad = chart(1.0, 2.0);
        bad.pairs[0].low = 0.0;
        assert!(bad.draw(&Palette::LIGHT).is_err());
    }
}
