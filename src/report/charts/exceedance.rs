//! How likely more than so much is: one falling curve for each strategy.
//!
//! A reader finds a value on the axis below and reads off, for each strategy, the share of trials
//! that came out worse. The value axis is by powers of ten when the values span more than two of
//! them. Such an axis has no place for 0, so the legend says how often a strategy gave exactly 0,
//! and its curve begins at the share that did not.

use super::axis::{Axis, TICKS_HEIGHT};
use super::curve::Curve;
use super::frame::{
    Anchor, Area, Drawn, EDGE, Frame, Group, Heading, LINE, Point, SMALL_SIZE, Setting, WIDTH,
};
use super::legend::{Entry, Legend};
use super::overlay::{Laid, Limit, Overlay};
use super::palette::Look;
use super::{ChartError, Palette, label, text};

/// Height of the plot, pixels.
const PLOT_HEIGHT: f64 = 340.0;
/// Width of the sample line in the legend, pixels.
const SWATCH: f64 = 36.0;
/// Width of a curve, pixels.
const STROKE: f64 = 2.0;
/// Least distance between two markers of different curves, pixels.
const MARKER_ROOM: f64 = 12.0;
/// On a linear scale what is rarer than this lies on the base line and may be cut off.
const INVISIBLE: f64 = 0.005;
/// Ratio of greatest to least value beyond which the value axis goes by powers of ten.
const WIDE: f64 = 100.0;

/// Exceedance curves P(X > x) by x.
#[derive(Debug, Clone, PartialEq)]
pub struct Exceedance {
    /// What the chart says, in plain words.
    pub title: String,
    /// What x is, with its unit.
    pub x_label: String,
    /// For each strategy its name and the steps of its curve: a value (0 or more) and the
    /// probability of more than it. The probability is 1 before the least value and constant
    /// between two, so every distinct value, or some hundreds of them, belong here. Order is free.
    pub series: Vec<(String, Vec<(f64, f64)>)>,
    /// Show the probability by powers of ten, to read rare events.
    pub tail: bool,
}

/// What is known before drawing begins.
struct Plan {
    curves: Vec<Curve>,
    heading: Heading,
    legend: Legend,
    laid: Laid,
    plot: Area,
    x: Axis,
    y: Axis,
}

impl Exceedance {
    /// The chart as SVG text.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without strategies or points, [`ChartError::OutOfRange`] for a value
    /// that is negative or not a number or a probability outside 0 to 1, [`ChartError::Rising`] for
    /// a curve that rises.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        self.draw_with(palette, &Overlay::default())
    }

    /// The chart as SVG text, with limits and intervals.
    ///
    /// # Errors
    ///
    /// As [`Exceedance::draw`]; the same of the limits and bands, [`ChartError::OutOfRange`] also
    /// for a band whose curve is not there and for more than 12 limits.
    pub fn draw_with(&self, palette: &Palette, overlay: &Overlay) -> Result<String, ChartError> {
        let plan = self.plan(overlay)?;
        let legend_top = plan.plot.bottom + TICKS_HEIGHT + LINE + 16.0;
        let notes_top = legend_top + plan.legend.height() + 8.0;
        let notes = self.notes(&plan);
        let height =
            notes_top + LINE * notes.len() as f64 + if notes.is_empty() { 6.0 } else { EDGE };
        let mut frame = Frame::new(palette, height, &plan.heading)?;
        let small = Setting::small(palette);
        frame.group(Group::default(), |pen| {
            pen.text(
                "Share of trials with more than the value below",
                (EDGE, plan.plot.top - plan.laid.head_height() - 18.0),
                small,
            )?;
            notes.iter().enumerate().try_for_each(|(row, note)| {
                pen.text(note, (EDGE, notes_top + (row as f64 + 0.5) * LINE), small)
            })
        })?;
        plan.x.draw_below(&mut frame, plan.plot, &self.x_label)?;
        plan.y.draw_left(&mut frame, plan.plot)?;
        let base = [(plan.plot.left, plan.plot.bottom), (plan.plot.right, plan.plot.bottom)];
        frame.group(Group::default(), |pen| pen.path(&base, palette.axis, 1.2))?;
        let axes = (&plan.x, &plan.y);
        plan.laid.draw_bands(&mut frame, axes, |index| palette.look(index).colour)?;
        plan.laid.draw_limits(&mut frame, plan.plot, axes)?;
        self.draw_curves(&mut frame, &plan)?;
        plan.legend.draw(&mut frame, legend_top, |frame, index, (x, y)| {
            if let Some(limit) = index.checked_sub(plan.curves.len()) {
                return plan.laid.draw_swatch(frame, limit, ((x, y), SWATCH));
            }
            let look = palette.look(index);
            let line = [(x, y), (x + SWATCH, y)];
            frame.group(Group { dash: look.dash, ..Group::default() }, |pen| {
                pen.path(&line, look.colour, STROKE)
            })?;
            frame.group(Group::default(), |pen| pen.marker((x + SWATCH / 2.0, y), look))
        })?;
        Ok(frame.finish(&self.title, &self.description(&plan)))
    }

    fn plan(&self, overlay: &Overlay) -> Result<Plan, ChartError> {
        if self.series.is_empty() {
            let chart = text::name(&self.title);
            return Err(ChartError::Empty { chart, what: "strategies" });
        }
        let curves: Vec<Curve> = self
            .series
            .iter()
            .map(|(name, points)| Curve::checked(name, points))
            .collect::<Result<_, _>>()?;
        let laid = overlay.checked(&self.title, &curves)?;
        let heading = Heading::plan(&self.title);
        let top = heading.bottom() + 30.0 + laid.head_height();
        let bottom = top + PLOT_HEIGHT;
        let y = if self.tail {
            let shares = laid.limits.iter().map(|limit| limit.share).filter(|&share| share > 0.0);
            let least = curves.iter().filter_map(Curve::least_probability).chain(shares);
            let least = least.fold(0.1, f64::min);
            Axis::log_percent(least, bottom, top)
        } else {
            Axis::percent(bottom, top)
        };
        let left = EDGE + y.widest() + 8.0;
        let x = self.value_axis(&curves, &laid.limits, left, WIDTH - EDGE);
        // The last label stands centred under the end of the plot.
        let right = WIDTH - EDGE - x.overhang();
        let x = self.value_axis(&curves, &laid.limits, left, right);
        let plot = Area { left, top, right, bottom };
        let mut lines = entries(&curves, &laid.limits);
        lines.extend(laid.entries());
        let legend = Legend::plan(lines, SWATCH);
        Ok(Plan { curves, heading, legend, laid, plot, x, y })
    }

    fn value_axis(&self, curves: &[Curve], limits: &[Limit], left: f64, right: f64) -> Axis {
        let reach = if self.tail { 0.0 } else { INVISIBLE };
        let limits = || limits.iter().map(|limit| limit.value);
        let least = curves.iter().filter_map(Curve::bulk_begins);
        let least = least.chain(limits().filter(|&limit| limit > 0.0)).reduce(f64::min);
        let greatest = curves.iter().map(|curve| curve.value_at(reach)).chain(limits());
        let greatest = greatest.fold(0.0, f64::max);
        match least {
            Some(least) if greatest > WIDE * least => Axis::log(least, greatest, left, right),
            // A little air, so that a fall at the greatest value stands clear of the edge.
            _ => Axis::linear(greatest * 1.02, left, right),
        }
    }

    fn draw_curves(&self, frame: &mut Frame<'_>, plan: &Plan) -> Drawn {
        let palette = frame.palette();
        let range = (plan.x.low, plan.x.high);
        let lines: Vec<Vec<Point>> = plan
            .curves
            .iter()
            .map(|curve| curve.line(range, |v| plan.x.at(v), |p| plan.y.at(p), !self.tail))
            .collect();
        // The first strategy is drawn last and so lies on top.
        for (index, line) in lines.iter().enumerate().rev() {
            let look = palette.look(index);
            let group =
                Group { title: &plan.curves[index].name, dash: look.dash, ..Group::default() };
            if line.len() > 1 {
                frame.group(group, |pen| pen.path(line, look.colour, STROKE))?;
            }
        }
        let mut taken = Vec::new();
        for (index, line) in lines.iter().enumerate().rev() {
            let places = marker_places(line, plan.plot, (index, lines.len()), &taken);
            draw_markers(frame, &plan.curves[index].name, &places, palette.look(index))?;
            taken.extend(places);
        }
        if plan.curves.iter().all(Curve::is_zero) {
            let middle = (plan.plot.top + plan.plot.bottom) / 2.0;
            let at = ((plan.plot.left + plan.plot.right) / 2.0, middle);
            let setting = Setting::name(palette).anchored(Anchor::Middle);
            let words = "Every strategy gave 0 in every trial.";
            frame.group(Group::default(), |pen| pen.text(words, at, setting))?;
        }
        Ok(())
    }

    /// Remarks under the legend.
    fn notes(&self, plan: &Plan) -> Vec<String> {
        let mut notes = plan.laid.notes();
        let partly = |curve: &Curve| (0.0..1.0).contains(&curve.above(0.0)) && !curve.is_zero();
        if plan.curves.iter().any(partly) {
            let zero = match plan.laid.limits.len() {
                1 => "A curve begins as far below 100\u{A0}% as its trials gave exactly 0.",
                _ => {
                    "Zero in: share of the trials whose value is exactly 0. A curve begins that \
                     far below 100\u{A0}%."
                }
            };
            notes.push(zero.to_owned());
        }
        if self.tail && !plan.curves.iter().all(Curve::is_zero) {
            notes.push("A curve ends at the greatest value of its trials.".to_owned());
        }
        let fit = |note: &String| text::shorten(note, WIDTH - 2.0 * EDGE, SMALL_SIZE, false);
        notes.iter().map(fit).collect()
    }

    fn description(&self, plan: &Plan) -> String {
        let mut words = format!("Share of trials with more than a value of: {}.", self.x_label);
        for curve in &plan.curves {
            let [half, twentieth] = [0.5, 0.05].map(|p| label::number(curve.value_at(p)));
            let positive = label::percent(curve.above(0.0));
            words.push_str(&format!(
                " {}: above 0 in {positive} of trials, at most {half} in half of them, at most \
                 {twentieth} in 95 %.",
                curve.name
            ));
        }
        words + &plan.laid.in_words(&plan.curves)
    }
}

/// Legend lines. With one limit each strategy says how often it is above; else, when any strategy
/// can give 0, each says how often it does.
fn entries(curves: &[Curve], limits: &[Limit]) -> Vec<Entry> {
    let zeros = curves.iter().any(|curve| curve.above(0.0) < 1.0);
    let note = |curve: &Curve| match 1.0 - curve.above(0.0) {
        _ if limits.len() == 1 => {
            format!("{} above", label::percent(curve.above(limits[0].value)))
        }
        _ if !zeros => String::new(),
        share if share <= 0.0 => "never zero".to_owned(),
        share if share >= 1.0 => "always zero".to_owned(),
        share => format!("zero in {}", label::percent(share)),
    };
    curves.iter().map(|curve| Entry { name: curve.name.clone(), note: note(curve) }).collect()
}

/// Places for the markers of one curve, evenly along its visible stretch. Each curve begins at
/// another point, so that the markers of curves that run together stand side by side, and a marker
/// steps aside where another stands already.
fn marker_places(
    line: &[Point],
    plot: Area,
    (index, curves): (usize, usize),
    taken: &[Point],
) -> Vec<Point> {
    let repeats = if curves > 6 { 3 } else { 4 };
    let flat = line.first().map(|p| p.1) == line.last().map(|p| p.1);
    let seen: Vec<&[Point]> =
        line.windows(2).filter(|pair| flat || pair[0].1 < plot.bottom - 8.0).collect();
    let whole: f64 = seen.iter().map(|pair| distance(pair[0], pair[1])).sum();
    let shift = (index as f64 + 0.5) / curves as f64;
    let clear = |place: &Point| taken.iter().all(|&other| distance(*place, other) > MARKER_ROOM);
    let place = |repeat: i32| {
        let wanted = (f64::from(repeat) + shift) / f64::from(repeats) * whole;
        let aside =
            (0..24).map(|turn| f64::from((turn + 1) / 2 * if turn % 2 == 0 { 4 } else { -4 }));
        let near = aside.filter_map(|by| point_along(&seen, wanted + by)).find(clear);
        near.or_else(|| point_along(&seen, wanted))
    };
    (0..repeats).filter_map(place).collect()
}

/// The point that lies `at` pixels along the pieces of a line, if they are that long.
fn point_along(pieces: &[&[Point]], mut at: f64) -> Option<Point> {
    for piece in pieces {
        let (from, to) = (piece[0], piece[1]);
        let length = distance(from, to);
        if (0.0..=length).contains(&at) && length > 0.0 {
            let share = at / length;
            return Some((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)));
        }
        at -= length;
    }
    None
}

fn distance(from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    (dx * dx + dy * dy).sqrt()
}

fn draw_markers(frame: &mut Frame<'_>, name: &str, places: &[Point], look: Look) -> Drawn {
    if places.is_empty() {
        return Ok(());
    }
    frame.group(Group { title: name, ..Group::default() }, |pen| {
        places.iter().try_for_each(|&place| pen.marker(place, look))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Band;
    use super::super::checks::{assert_sound_in_both, hard_names, texts};
    use super::*;

    fn chart(series: Vec<(String, Vec<(f64, f64)>)>, tail: bool) -> Exceedance {
        let title = "How likely is more downtime than this?".to_owned();
        Exceedance { title, x_label: "Downtime in one year, hours".to_owned(), series, tail }
    }

    /// A curve from `low` to `high` in equal factors.
    fn falling(low: f64, high: f64, start: f64) -> Vec<(f64, f64)> {
        let mut points: Vec<(f64, f64)> = (0..=200)
            .map(|step| f64::from(step) / 200.0)
            .map(|share| (low * (high / low).powf(share), start * (1.0 - share)))
            .collect();
        points.push((0.0, start));
        points
    }

    fn hard_cases() -> Vec<Exceedance> {
        let names = hard_names();
        let each = |points: &dyn Fn(usize) -> Vec<(f64, f64)>, count: usize| {
            names.iter().take(count).cloned().enumerate().map(|(i, n)| (n, points(i))).collect()
        };
        let mut cases = Vec::new();
        for tail in [false, true] {
            for count in [1, 2, 3, 6, 12] {
                cases.push(chart(each(&|_| vec![(0.0, 0.0)], count), tail));
                cases.push(chart(each(&|_| vec![(5.0, 0.0)], count), tail));
                cases.push(chart(each(&|i| falling(1.0 + i as f64, 90.0, 1.0), count), tail));
                cases
                    .push(chart(each(&|i| falling(1e-6, 1e9, 1.0 - i as f64 / 12.0), count), tail));
                cases
                    .push(chart(each(&|i| vec![(10f64.powi(i as i32 * 2 - 9), 0.0)], count), tail));
                cases.push(chart(each(&|_| vec![(1e-200, 0.5), (1e100, 0.0)], count), tail));
                cases.push(chart(each(&|_| vec![(3.0, 1e-15)], count), tail));
            }
        }
        cases.push(Exceedance {
            title: names[0].repeat(3),
            x_label: names[0].clone(),
            ..cases[3].clone()
        });
        cases.push(Exceedance { title: String::new(), x_label: String::new(), ..cases[3].clone() });
        cases
    }

    #[test]
    fn every_case_is_a_sound_picture() {
        for case in hard_cases() {
            assert_sound_in_both(|palette| case.draw(palette));
            for overlay in overlays(case.series.len()) {
                assert_sound_in_both(|palette| case.draw_with(palette, &overlay));
            }
        }
    }

    /// One and several limits of every size, near and far, with bands of every curve.
    fn overlays(curves: usize) -> Vec<Overlay> {
        let limit =
            |label: &str, value: f64, share: f64| Limit { label: label.into(), value, share };
        let points = vec![(0.0, 0.2, 0.9), (4.0, 0.1, 0.5), (1e6, 0.0, 1e-9)];
        let bands: Vec<Band> = (0..curves)
            .map(|series| Band { series, marked: series % 2 == 0, points: points.clone() })
            .collect();
        let interval = "95 % interval".to_owned();
        let many = hard_names().iter().map(|name| limit(name, 7.0, 0.05)).collect();
        [
            vec![limit("limit 5,000, in at most 5 % of years", 5000.0, 0.05)],
            vec![limit("none", 0.0, 0.0), limit("all", 1e100, 1.0)],
            vec![limit(&hard_names()[0], 1e-9, 1e-12)],
            many,
        ]
        .map(|limits| Overlay { limits, bands: bands.clone(), interval: interval.clone() })
        .to_vec()
    }

    #[test]
    fn a_limit_says_of_each_strategy_how_often_it_is_exceeded() {
        let series = vec![
            ("a".to_owned(), vec![(10.0, 0.04), (90.0, 0.0)]),
            ("b".to_owned(), vec![(20.0, 0.3), (50.0, 0.0)]),
        ];
        let label = "limit 30, in at most 5 % of years".to_owned();
        let limit = Limit { label: label.clone(), value: 30.0, share: 0.05 };
        let mut overlay = Overlay { limits: vec![limit], ..Overlay::default() };
        let chart = chart(series, false);
        let svg = chart.draw_with(&Palette::LIGHT, &overlay).unwrap();
        for shown in [&label, "4\u{A0}% above", "30\u{A0}% above"] {
            assert!(texts(&svg).iter().any(|text| text == shown), "{shown}");
        }
        assert!(
            svg.contains("Above the limit 30, in at most 5 % of years: a 4\u{A0}%, b 30\u{A0}%.")
        );
        overlay.limits.push(Limit { label: "worst".into(), value: 80.0, share: 0.0 });
        let shown = texts(&chart.draw_with(&Palette::LIGHT, &overlay).unwrap());
        assert!([&label, "worst", "A", "B"].iter().all(|want| shown.iter().any(|t| t == want)));
    }

    #[test]
    fn beyond_four_curves_only_the_marked_have_a_band() {
        let bands = |curves: usize| {
            let series = (0..curves).map(|i| (format!("s{i}"), falling(1.0, 9.0, 1.0))).collect();
            let points = vec![(1.0, 0.1, 0.9)];
            let bands = (0..curves)
                .map(|series| Band { series, marked: series == 1, points: points.clone() })
                .collect();
            let overlay = Overlay { bands, ..Overlay::default() };
            let svg = chart(series, false).draw_with(&Palette::LIGHT, &overlay).unwrap();
            svg.matches("opacity=\"0.2\"").count()
        };
        assert_eq!((bands(4), bands(5)), (4, 1));
    }

    #[test]
    fn the_share_of_zeros_is_said_of_each_strategy() {
        let curve = |points: &[(f64, f64)]| points.to_vec();
        let series = vec![
            ("a".to_owned(), curve(&[(0.0, 0.38), (5.0, 0.0)])),
            ("b".to_owned(), curve(&[(0.0, 0.0)])),
            ("c".to_owned(), curve(&[(5.0, 0.0)])),
        ];
        let shown = texts(&chart(series, false).draw(&Palette::LIGHT).unwrap());
        for note in ["zero in 62\u{A0}%", "always zero", "never zero"] {
            assert!(shown.iter().any(|text| text == note), "{note} in {shown:?}");
        }
    }

    #[test]
    fn wide_values_get_an_axis_by_powers_of_ten_and_narrow_ones_do_not() {
        let shown = |high: f64| {
            texts(
                &chart(vec![("a".into(), falling(1.0, high, 1.0))], false)
                    .draw(&Palette::LIGHT)
                    .unwrap(),
            )
        };
        let wide = shown(10_000.0);
        assert!(
            ["1", "10", "100", "1k", "10k"].iter().all(|t| wide.iter().any(|s| s == t)),
            "{wide:?}"
        );
        let narrow = shown(90.0);
        assert!(
            ["0", "20", "40", "60", "80", "100"].iter().all(|t| narrow.iter().any(|s| s == t)),
            "{narrow:?}"
        );
    }

    #[test]
    fn markers_of_equal_curves_stand_apart() {
        let line = [(50.0, 40.0), (400.0, 100.0), (780.0, 340.0)];
        let plot = Area { left: 50.0, top: 40.0, right: 780.0, bottom: 380.0 };
        let mut taken: Vec<Point> = Vec::new();
        for index in 0..12 {
            let places = marker_places(&line, plot, (index, 12), &taken);
            assert_eq!(places.len(), 3);
            assert!(places.iter().all(|&p| taken.iter().all(|&t| distance(p, t) > MARKER_ROOM)));
            taken.extend(places);
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_refused_with_its_reason() {
        let none = chart(Vec::new(), false).draw(&Palette::LIGHT).unwrap_err();
        assert_eq!(
            none.to_string(),
            "chart `How likely is more downtime than this?` has no strategies; give at least one"
        );
        let negative = chart(vec![("a".into(), vec![(-2.0, 0.5)])], false).draw(&Palette::LIGHT);
        assert_eq!(
            negative.unwrap_err().to_string(),
            "`a` holds -2 as a value; it must be a number from 0 to 1e100"
        );
    }
}
