//! What may lie over exceedance curves: limits that somebody tolerates, and intervals.
//!
//! A limit is a corner: so much may be exceeded in so many trials. A curve that enters the corner
//! above and to the right of it misses the limit. One limit is named above the plot; several carry
//! letters there and are named in the legend, so that no two names meet.

use super::axis::Axis;
use super::curve::Curve;
use super::frame::{Anchor, Area, Drawn, Frame, Group, LINE, Point, SMALL_SIZE, Setting};
use super::legend::Entry;
use super::palette::Colour;
use super::{ChartError, amount, label, share, text};

/// Strokes and gaps of the lines of a limit, pixels.
const DASH: [f64; 2] = [5.0, 4.0];
/// How much of the curve's colour a band has.
const BAND: f64 = 0.2;
/// How much of the text colour the missed corner has.
const CORNER: f64 = 0.06;
/// Limits that a reader can keep apart.
const MOST_LIMITS: usize = 12;
/// Curves that may all have a band; of more only the marked ones have.
const ALL_BANDS: usize = 4;
/// Room of one letter above the plot, pixels.
const LETTER: f64 = 14.0;

/// A tolerance: at most `value`, in all trials but a share.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// The limit in words, such as "limit 5,000, in at most 5 % of years".
    pub label: String,
    /// The value that should not be exceeded.
    pub value: f64,
    /// The share of trials that may exceed it all the same, 0 to 1.
    pub share: f64,
}

/// How sure a curve is: at each value the bounds of its probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Place of its curve among the series, the first is 0.
    pub series: usize,
    /// Whether the band is drawn even when there are more than four curves.
    pub marked: bool,
    /// Value, lower bound and upper bound of the probability to exceed it. Both bounds fall as the
    /// value grows and are constant between two values, as the curve is.
    pub points: Vec<(f64, f64, f64)>,
}

/// Everything laid over the curves. The default is nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overlay {
    /// Tolerances, at most 12.
    pub limits: Vec<Limit>,
    /// Bands, at most one for each curve.
    pub bands: Vec<Band>,
    /// What the bands are, such as "95 % interval".
    pub interval: String,
}

/// Checked limits and the bands that are drawn.
pub(super) struct Laid {
    pub limits: Vec<Limit>,
    bands: Vec<(usize, Curve, Curve)>,
    interval: String,
}

impl Overlay {
    /// Checks the input against the checked curves and picks the bands to draw.
    pub(super) fn checked(&self, title: &str, curves: &[Curve]) -> Result<Laid, ChartError> {
        let name = || text::name(title);
        let refuse =
            |what, value, range| Err(ChartError::OutOfRange { name: name(), what, value, range });
        if self.limits.len() > MOST_LIMITS {
            return refuse("the number of limits", self.limits.len() as f64, "at most 12");
        }
        let mut limits = Vec::with_capacity(self.limits.len());
        for limit in &self.limits {
            let label = text::name(&limit.label);
            let value = amount(&label, "a limit", limit.value)?;
            let share = share(&label, "a share", limit.share)?;
            limits.push(Limit { label, value, share });
        }
        let mut bands = Vec::new();
        for band in &self.bands {
            let Some(curve) = curves.get(band.series) else {
                let range = "less than the number of strategies";
                return refuse("the place of a band", band.series as f64, range);
            };
            if let Some(&(value, ..)) = band.points.iter().find(|(_, low, high)| low > high) {
                let range = "where the lower bound is not above the upper";
                let what = "a value of a band";
                return Err(ChartError::OutOfRange {
                    name: curve.name.clone(),
                    what,
                    value,
                    range,
                });
            }
            let edge = |pick: fn(&(f64, f64, f64)) -> (f64, f64)| {
                Curve::checked(&curve.name, &band.points.iter().map(pick).collect::<Vec<_>>())
            };
            let (low, high) = (edge(|p| (p.0, p.1))?, edge(|p| (p.0, p.2))?);
            if band.marked || curves.len() <= ALL_BANDS {
                bands.push((band.series, low, high));
            }
        }
        Ok(Laid { limits, bands, interval: text::clean(&self.interval) })
    }
}

impl Laid {
    /// Height of the names or letters above the plot, pixels.
    pub(super) fn head_height(&self) -> f64 {
        if self.limits.is_empty() { 0.0 } else { LINE + 2.0 }
    }

    /// Lines of the legend, when the limits need some.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let named = if self.limits.len() > 1 { self.limits.as_slice() } else { &[] };
        let entry = |limit: &Limit| Entry { name: limit.label.clone(), note: String::new() };
        named.iter().map(entry).collect()
    }

    /// What each limit says of each curve.
    pub(super) fn in_words(&self, curves: &[Curve]) -> String {
        let mut words = String::new();
        for limit in &self.limits {
            let above: Vec<String> = curves
                .iter()
                .map(|curve| format!("{} {}", curve.name, label::percent(curve.above(limit.value))))
                .collect();
            words.push_str(&format!(" Above the {}: {}.", limit.label, above.join(", ")));
        }
        words
    }

    /// Remarks under the legend.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        match self.limits.len() {
            0 => {}
            1 => notes.push(
                "Above: share of trials above the limit. A curve that enters the shaded corner \
                 misses it."
                    .to_owned(),
            ),
            _ => notes.push("A curve that enters the corner of a limit misses it.".to_owned()),
        }
        if !self.bands.is_empty() && !self.interval.is_empty() {
            notes.push(format!("Band along a curve: {}.", self.interval));
        }
        notes
    }

    /// Draws the bands, under the curves. `look` gives the colour of a series.
    pub(super) fn draw_bands(
        &self,
        frame: &mut Frame<'_>,
        (x, y): (&Axis, &Axis),
        look: impl Fn(usize) -> Colour,
    ) -> Drawn {
        for (series, low, high) in self.bands.iter().rev() {
            let edge = |curve: &Curve| -> Vec<Point> {
                curve.line((x.low, x.high), |v| x.at(v), |p| y.at(p), true)
            };
            let mut outline = edge(high);
            outline.extend(edge(low).into_iter().rev());
            let title = format!("{}: {}", high.name, self.interval);
            let group = Group { title: &title, opacity: Some(BAND), ..Group::default() };
            frame.group(group, |pen| pen.polygon(&outline, look(*series)))?;
        }
        Ok(())
    }

    /// Draws the corners and lines of the limits, and their names or letters.
    pub(super) fn draw_limits(
        &self,
        frame: &mut Frame<'_>,
        plot: Area,
        (x, y): (&Axis, &Axis),
    ) -> Drawn {
        let palette = frame.palette();
        for limit in &self.limits {
            let at = (x.at(limit.value), y.at(limit.share));
            let corner = Area { left: at.0, bottom: at.1, ..plot };
            let group = Group { title: &limit.label, opacity: Some(CORNER), ..Group::default() };
            frame.group(group, |pen| pen.rectangle(corner, palette.ink))?;
            let group = Group { title: &limit.label, dash: &DASH, ..Group::default() };
            frame.group(group, |pen| {
                pen.path(&[(at.0, plot.top - 4.0), at, (plot.right, at.1)], palette.ink, 1.3)
            })?;
        }
        let places: Vec<f64> = self.limits.iter().map(|limit| x.at(limit.value)).collect();
        let middle = plot.top - 4.0 - LINE / 2.0;
        if let [limit] = self.limits.as_slice() {
            return draw_name(frame, &limit.label, (places[0], middle), plot);
        }
        let setting = letter_setting(frame).anchored(Anchor::Middle);
        let letters = spread(&places, (plot.left + LETTER / 2.0, plot.right - LETTER / 2.0));
        for (index, &at) in letters.iter().enumerate() {
            let group = Group { title: &self.limits[index].label, ..Group::default() };
            frame.group(group, |pen| pen.text(&letter(index), (at, middle), setting))?;
        }
        Ok(())
    }

    /// Draws the sample of the limit at an index in the legend.
    pub(super) fn draw_swatch(
        &self,
        frame: &mut Frame<'_>,
        index: usize,
        ((x, y), width): (Point, f64),
    ) -> Drawn {
        let palette = frame.palette();
        frame.group(Group { dash: &DASH, ..Group::default() }, |pen| {
            pen.path(&[(x + LETTER, y), (x + width, y)], palette.ink, 1.3)
        })?;
        let setting = letter_setting(frame);
        frame.group(Group::default(), |pen| pen.text(&letter(index), (x, y), setting))
    }
}

fn letter(index: usize) -> String {
    char::from(b'A' + (index % 26) as u8).to_string()
}

fn letter_setting(frame: &Frame<'_>) -> Setting {
    Setting { size: SMALL_SIZE, bold: true, ..Setting::name(frame.palette()) }
}

/// The name of the only limit, centred over its line as far as the plot allows.
fn draw_name(frame: &mut Frame<'_>, name: &str, (x, y): Point, plot: Area) -> Drawn {
    let setting = Setting { size: SMALL_SIZE, bold: true, ..Setting::name(frame.palette()) };
    let shown = text::shorten(name, plot.right - plot.left, SMALL_SIZE, true);
    let half = text::width(&shown, SMALL_SIZE, true) / 2.0;
    let (first, last) = (plot.left + half, plot.right - half);
    let middle = if first < last { x.clamp(first, last) } else { (first + last) / 2.0 };
    frame.group(Group { title: name, ..Group::default() }, |pen| {
        pen.text(&shown, (middle, y), setting.anchored(Anchor::Middle))
    })
}

/// Places for letters as near to the wanted ones as their width and the ends allow.
fn spread(wanted: &[f64], (first, last): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let mut placed = vec![0.0; wanted.len()];
    let mut least = first;
    for &index in &order {
        placed[index] = wanted[index].max(least);
        least = placed[index] + LETTER;
    }
    let mut most = last;
    for &index in order.iter().rev() {
        placed[index] = placed[index].min(most);
        most = placed[index] - LETTER;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_keep_their_order_their_room_and_the_ends() {
        assert_eq!(spread(&[50.0, 200.0], (0.0, 400.0)), [50.0, 200.0]);
        assert_eq!(spread(&[50.0, 50.0, 52.0], (0.0, 400.0)), [50.0, 64.0, 78.0]);
        assert_eq!(spread(&[400.0, 399.0], (0.0, 400.0)), [400.0, 386.0]);
        let all = spread(&[400.0; 12], (0.0, 400.0));
        assert!(all.windows(2).all(|pair| pair[1] - pair[0] >= LETTER));
    }

    #[test]
    fn a_band_without_its_curve_and_a_share_beyond_one_are_refused() {
        let curves = [Curve::checked("a", &[(1.0, 0.0)]).unwrap()];
        let band = |series, low, high| Overlay {
            bands: vec![Band { series, marked: true, points: vec![(1.0, low, high)] }],
            ..Overlay::default()
        };
        assert!(band(0, 0.0, 0.1).checked("title", &curves).is_ok());
        let text = |overlay: Overlay| match overlay.checked("title", &curves) {
            Err(error) => error.to_string(),
            Ok(_) => String::new(),
        };
        assert_eq!(
            text(band(1, 0.0, 0.1)),
            "`title` holds 1 as the place of a band; it must be less than the number of strategies"
        );
        assert_eq!(
            text(band(0, 0.2, 0.1)),
            "`a` holds 1 as a value of a band; it must be where the lower bound is not above the \
             upper"
        );
        let limit = Limit { label: "limit".into(), value: 1.0, share: 1.5 };
        let limits = Overlay { limits: vec![limit.clone()], ..Overlay::default() };
        assert_eq!(text(limits), "`limit` holds 1.5 as a share; it must be from 0 to 1");
        let many =
            Overlay { limits: vec![Limit { share: 0.5, ..limit }; 13], ..Overlay::default() };
        assert_eq!(text(many), "`title` holds 13 as the number of limits; it must be at most 12");
    }
}
