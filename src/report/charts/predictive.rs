//! Where the durations of a log fall in a distribution that was assumed: one bar for each tenth of
//! the distribution.
//!
//! If the distribution is right, each tenth of it holds about a tenth of the log, and the bars
//! stand level. Bars that pile up at the right end say that it took longer than was assumed, bars
//! at the left end that it was quicker. A band says how far a single bar may stray by chance. What
//! lies outside of it is hatched, and carries a sign and a bold count. A sentence under the plot
//! reads out the bar that strays farthest. Statisticians call this the histogram of the probability
//! integral transform.

use super::axis::{Axis, TICKS_HEIGHT, Tick};
use super::frame::{
    Anchor, Area, Drawn, EDGE, Frame, Group, Heading, LINE, NAME_SIZE, SMALL_SIZE, Setting, WIDTH,
};
use super::legend::{Entry, Legend};
use super::palette::Colour;
use super::predictive_marks::{EXPECTED, Key, SWATCH, Side, band_colour, draw_bar, draw_swatch};
use super::{ChartError, Palette, amount, label, text};

/// Height of the plot, pixels.
const PLOT_HEIGHT: f64 = 300.0;
/// Bars that a reader can keep apart.
const MOST_BARS: usize = 20;
/// Share of its place that a bar fills.
const FILLED: f64 = 0.78;
/// Half the height of a count with the air around it, pixels.
const HALF_COUNT: f64 = 9.0;
/// Lines that a note may take.
const NOTE_LINES: usize = 3;

/// A log held against a distribution, tenth by tenth.
#[derive(Debug, Clone, PartialEq)]
pub struct PredictiveCheck {
    /// What the chart says, in plain words.
    pub title: String,
    /// What a bar stands for, such as "tenth of the assumed recovery times, shortest first".
    pub x_label: String,
    /// What is counted, such as "incidents of the log".
    pub y_label: String,
    /// How many durations fall in each equal part of the distribution, from its quickest to its
    /// slowest: ten for tenths, from 2 to 20. A count has a fraction where a lower bound is shared
    /// out.
    pub counts: Vec<f64>,
    /// The count of each part if the distribution is right.
    pub expected: f64,
    /// The least and the greatest count that a single bar is to have if the distribution is right;
    /// both ends count as within.
    pub band: (f64, f64),
    /// What the band is, such as "95 % band of a single bar".
    pub band_label: String,
    /// Remarks under the chart.
    pub notes: Vec<String>,
}

/// What is known before drawing begins.
struct Plan {
    counts: Vec<f64>,
    plot: Area,
    x: Axis,
    y: Axis,
}

impl PredictiveCheck {
    /// The chart as SVG text.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without counts, [`ChartError::OutOfRange`] for a count that is
    /// negative or not a number, a band that ends below its beginning, one bar alone or more than
    /// 20.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let counts = self.checked()?;
        let heading = Heading::plan(&self.title);
        let plan = self.plan(counts, &heading);
        let keys = self.keys(&plan.counts);
        let legend = Legend::plan(self.entries(&keys), SWATCH);
        let legend_top = plan.plot.bottom + TICKS_HEIGHT + 2.0 * LINE + 22.0;
        let notes_top = legend_top + legend.height() + 8.0;
        let notes = self.note_lines(&plan.counts, palette);
        let mut frame = Frame::new(palette, notes_top + LINE * notes.len() as f64 + 8.0, &heading)?;
        self.draw_axes(&mut frame, &plan)?;
        self.draw_band(&mut frame, &plan)?;
        self.draw_bars(&mut frame, &plan)?;
        self.draw_expected(&mut frame, &plan)?;
        self.draw_counts(&mut frame, &plan)?;
        legend
            .draw(&mut frame, legend_top, |frame, index, at| draw_swatch(frame, keys[index], at))?;
        frame.group(Group::default(), |pen| {
            notes.iter().enumerate().try_for_each(|(index, (line, colour))| {
                let at = (EDGE, notes_top + LINE * (index as f64 + 0.5));
                pen.text(line, at, Setting { colour: *colour, ..Setting::small(palette) })
            })
        })?;
        let words = self.description(&plan.counts);
        Ok(frame.finish(&self.title, &words))
    }

    fn checked(&self) -> Result<Vec<f64>, ChartError> {
        let name = text::name(&self.title);
        let refuse =
            |what, value, range| ChartError::OutOfRange { name: name.clone(), what, value, range };
        if self.counts.is_empty() {
            return Err(ChartError::Empty { chart: name, what: "counts" });
        }
        if !(2..=MOST_BARS).contains(&self.counts.len()) {
            return Err(refuse("the number of bars", self.counts.len() as f64, "from 2 to 20"));
        }
        amount(&name, "an expected count", self.expected)?;
        let low = amount(&name, "an end of the band", self.band.0)?;
        if low > amount(&name, "an end of the band", self.band.1)? {
            let range = "at or below the upper end";
            return Err(refuse("the lower end of the band", self.band.0, range));
        }
        self.counts.iter().map(|&count| amount(&name, "a count", count)).collect()
    }

    fn plan(&self, counts: Vec<f64>, heading: &Heading) -> Plan {
        let top = heading.bottom() + 30.0;
        let bottom = top + PLOT_HEIGHT;
        let greatest = counts.iter().copied().fold(self.expected.max(self.band.1), f64::max);
        // Room for the count over the tallest bar, and no tick at half an incident.
        let mut y = Axis::span(0.0, (greatest * 1.1).max(3.0), bottom, top);
        y.ticks.retain(|tick| tick.value.fract() == 0.0);
        let left = EDGE + y.widest() + 10.0;
        // The last tick label stands centred under the end of the plot.
        let right = WIDTH - EDGE - text::width("100 %", SMALL_SIZE, false) / 2.0;
        let bars = counts.len() as f64;
        let tick = |edge: usize| {
            let value = edge as f64 / bars;
            Tick { value, label: label::percent(value) }
        };
        // The ends get their places first.
        let edges = [0, counts.len()].into_iter().chain(1..counts.len());
        let x = Axis::given(1.0, edges.map(tick).collect(), left, right);
        Plan { counts, plot: Area { left, top, right, bottom }, x, y }
    }

    fn side(&self, count: f64) -> Side {
        match count {
            count if count < self.band.0 => Side::Fewer,
            count if count > self.band.1 => Side::More,
            _ => Side::Within,
        }
    }

    fn draw_axes(&self, frame: &mut Frame<'_>, plan: &Plan) -> Drawn {
        let palette = frame.palette();
        let plot = plan.plot;
        let small = Setting::small(palette);
        let room = WIDTH - 2.0 * EDGE;
        for (full, y, anchor) in [
            (text::clean(&self.y_label), plot.top - 18.0, Anchor::Start),
            (
                text::clean(&self.x_label),
                plot.bottom + TICKS_HEIGHT + 1.5 * LINE + 5.0,
                Anchor::Middle,
            ),
        ] {
            let shown = text::shorten(&full, room, SMALL_SIZE, false);
            let half = text::width(&shown, SMALL_SIZE, false) / 2.0;
            let middle = ((plot.left + plot.right) / 2.0).min(WIDTH - EDGE - half).max(EDGE + half);
            let x = if anchor == Anchor::Start { EDGE } else { middle };
            frame.group(Group { title: &full, ..Group::default() }, |pen| {
                pen.text(&shown, (x, y), small.anchored(anchor))
            })?;
        }
        plan.y.draw_left(frame, plot)?;
        frame.group(Group::default(), |pen| {
            for tick in &plan.x.ticks {
                let x = plan.x.at(tick.value);
                pen.path(&[(x, plot.bottom), (x, plot.bottom + 5.0)], palette.axis, 1.2)?;
                pen.text(&tick.label, (x, plot.bottom + 16.0), small.anchored(Anchor::Middle))?;
            }
            let strong = Setting { bold: true, ..Setting::name(palette) };
            let y = plot.bottom + TICKS_HEIGHT + LINE / 2.0 + 3.0;
            pen.text("← quicker than assumed", (plot.left, y), strong)?;
            pen.text("slower than assumed →", (plot.right, y), strong.anchored(Anchor::End))
        })
    }

    fn draw_band(&self, frame: &mut Frame<'_>, plan: &Plan) -> Drawn {
        let ground = band_colour(frame.palette());
        let (top, bottom) = (plan.y.at(self.band.1), plan.y.at(self.band.0));
        let area = Area { top, bottom, ..plan.plot };
        let name = text::name(&self.band_label);
        frame.group(Group { title: &name, ..Group::default() }, |pen| pen.rectangle(area, ground))
    }

    fn draw_bars(&self, frame: &mut Frame<'_>, plan: &Plan) -> Drawn {
        let palette = frame.palette();
        for (index, &count) in plan.counts.iter().enumerate() {
            let words = self.bar_in_words(index, &plan.counts);
            frame.group(Group { title: &words, ..Group::default() }, |pen| {
                draw_bar(pen, plan.bar(index), self.side(count), palette)
            })?;
        }
        let base = [(plan.plot.left, plan.plot.bottom), (plan.plot.right, plan.plot.bottom)];
        frame.group(Group::default(), |pen| pen.path(&base, palette.axis, 1.2))
    }

    fn draw_expected(&self, frame: &mut Frame<'_>, plan: &Plan) -> Drawn {
        let y = plan.y.at(self.expected);
        let words = format!("expected: {}", counted(self.expected));
        let palette = frame.palette();
        frame.group(Group { title: &words, ..Group::default() }, |pen| {
            // Set off from the bars that it crosses.
            for bar in (0..plan.counts.len()).map(|index| plan.bar(index)) {
                if bar.top < y + 2.0 {
                    pen.path(&[(bar.left, y), (bar.right, y)], palette.background, 4.0)?;
                }
            }
            pen.path(&[(plan.plot.left, y), (plan.plot.right, y)], palette.ink, EXPECTED)
        })
    }

    /// The count over each bar. One that would meet the line of the expected count steps over it.
    fn draw_counts(&self, frame: &mut Frame<'_>, plan: &Plan) -> Drawn {
        let setting = Setting::name(frame.palette()).anchored(Anchor::Middle);
        let line = plan.y.at(self.expected);
        let room = (plan.plot.right - plan.plot.left) / plan.counts.len() as f64 - 4.0;
        let shown: Vec<(String, bool)> = plan
            .counts
            .iter()
            .map(|&count| match self.side(count) {
                Side::Within => (counted(count), false),
                side => (format!("{} {}", side.sign(), counted(count)), true),
            })
            .collect();
        let widest = shown.iter().map(|(words, bold)| text::width(words, NAME_SIZE, *bold));
        let size = NAME_SIZE * (room / widest.fold(room, f64::max));
        frame.group(Group::default(), |pen| {
            shown.iter().enumerate().try_for_each(|(index, (words, bold))| {
                let bar = plan.bar(index);
                let beside = bar.top - HALF_COUNT - 1.0;
                let meets = (beside - HALF_COUNT - 2.0..=beside + HALF_COUNT + 2.0).contains(&line);
                let y = if meets { line - HALF_COUNT - 2.0 } else { beside };
                let at = ((bar.left + bar.right) / 2.0, y);
                pen.text(words, at, Setting { bold: *bold, size, ..setting })
            })
        })
    }

    /// The samples that the legend needs.
    fn keys(&self, counts: &[f64]) -> Vec<Key> {
        let within = |count: &f64| self.side(*count) == Side::Within;
        let mut keys = Vec::new();
        if counts.iter().any(within) {
            keys.push(Key::Within);
        }
        if !counts.iter().all(within) {
            keys.push(Key::Outside);
        }
        keys.extend([Key::Expected, Key::Band]);
        keys
    }

    fn entries(&self, keys: &[Key]) -> Vec<Entry> {
        let name = |key: &Key| match key {
            Key::Within => "within the band".to_owned(),
            Key::Outside => "outside of the band: ▲ more, ▼ fewer".to_owned(),
            Key::Band => text::name(&self.band_label),
            Key::Expected => {
                let expected = counted(self.expected);
                format!("expected in each bar if the assumption is right: {expected}")
            }
        };
        keys.iter().map(|key| Entry { name: name(key), note: String::new() }).collect()
    }

    /// The lines under the legend: how to read the chart, then the remarks.
    fn note_lines(&self, counts: &[f64], palette: &Palette) -> Vec<(String, Colour)> {
        let room = WIDTH - 2.0 * EDGE;
        let wrap = |note: &str, lines| text::wrap(note, room, lines, SMALL_SIZE, false);
        let reading = wrap(&self.reading(counts), 2).into_iter().map(|line| (line, palette.ink));
        let notes = self.notes.iter().map(|note| text::clean(note)).filter(|note| !note.is_empty());
        let notes = notes.flat_map(|note| wrap(&note, NOTE_LINES));
        reading.chain(notes.map(|line| (line, palette.muted))).collect()
    }

    /// What the bar says that strays farthest from the band.
    fn reading(&self, counts: &[f64]) -> String {
        let astray = |count: f64| (self.band.0 - count).max(count - self.band.1);
        let farthest = (0..counts.len())
            .filter(|&index| self.side(counts[index]) != Side::Within)
            .max_by(|&a, &b| astray(counts[a]).total_cmp(&astray(counts[b])));
        match farthest {
            Some(index) => format!("{}.", self.bar_in_words(index, counts)),
            None => "No bar lies outside of the band.".to_owned(),
        }
    }

    /// Such as "The slowest tenth that was assumed holds 25 of 50 (50 %), against 5 expected".
    fn bar_in_words(&self, index: usize, counts: &[f64]) -> String {
        let part = if counts.len() == 10 { "tenth" } else { "part" };
        let place = match index {
            0 => format!("The quickest {part} that was assumed"),
            last if last + 1 == counts.len() => format!("The slowest {part} that was assumed"),
            _ => {
                let [from, to] = [index, index + 1].map(|i| i as f64 / counts.len() as f64);
                format!("The {part} from {} to {}", label::percent(from), label::percent(to))
            }
        };
        let all: f64 = counts.iter().sum();
        let share = if all > 0.0 { counts[index] / all } else { 0.0 };
        format!(
            "{place} holds {} of {} ({}), against {} expected",
            counted(counts[index]),
            counted(all),
            label::percent(share),
            counted(self.expected)
        )
    }

    fn description(&self, counts: &[f64]) -> String {
        let shown: Vec<String> = counts
            .iter()
            .map(|&count| match self.side(count) {
                Side::Within => counted(count),
                Side::More => format!("{} (more)", counted(count)),
                Side::Fewer => format!("{} (fewer)", counted(count)),
            })
            .collect();
        let [low, high] = [self.band.0, self.band.1].map(counted);
        format!(
            "{} by {}: {}. Expected: {} in each; band from {low} to {high}: {}. {}",
            text::name(&self.y_label),
            text::name(&self.x_label),
            shown.join(", "),
            counted(self.expected),
            text::name(&self.band_label),
            self.reading(counts)
        )
    }
}

impl Plan {
    /// The bar at an index.
    fn bar(&self, index: usize) -> Area {
        let bars = self.counts.len() as f64;
        let [left, right] = [index, index + 1].map(|edge| self.x.at(edge as f64 / bars));
        let gap = (right - left) * (1.0 - FILLED) / 2.0;
        let top = self.y.at(self.counts[index]);
        Area { left: left + gap, top, right: right - gap, bottom: self.plot.bottom }
    }
}

/// A count as people write it: all digits below a million, and no more than one of a fraction.
fn counted(count: f64) -> String {
    if count >= 999_999.5 {
        return label::number(count);
    }
    if count > 0.0 && count < 0.05 {
        return "under 0.1".to_owned();
    }
    let whole = if count < 99.95 { format!("{count:.1}") } else { format!("{count:.0}") };
    let whole = whole.strip_suffix(".0").unwrap_or(&whole);
    match whole.len() {
        length if length > 3 && !whole.contains('.') => {
            format!("{},{}", &whole[..length - 3], &whole[length - 3..])
        }
        _ => whole.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_sound_in_both, hard_names, texts};
    use super::*;

    fn chart(counts: &[f64], band: (f64, f64)) -> PredictiveCheck {
        PredictiveCheck {
            title: "Half of the incidents took longer than nearly all that was assumed".into(),
            x_label: "tenth of the assumed recovery times, shortest first".into(),
            y_label: "incidents of the log".into(),
            expected: counts.iter().sum::<f64>() / counts.len().max(1) as f64,
            counts: counts.to_vec(),
            band,
            band_label: "a right assumption stays within, in 95 % of logs".into(),
            notes: vec!["4 incidents without an end are shared out.".into()],
        }
    }

    const SLOW: [f64; 10] = [2.0, 1.0, 0.0, 4.0, 3.0, 5.0, 4.0, 3.0, 6.0, 25.0];

    #[test]
    fn every_case_is_a_sound_picture() {
        let names = hard_names();
        let mut cases = vec![
            chart(&[0.0; 10], (0.0, 0.0)),
            chart(&[5.0; 10], (1.0, 10.0)),
            chart(&SLOW, (1.0, 10.0)),
            chart(&[0.02; 20], (1.0, 10.0)),
            chart(&[0.0, 50.0], (20.0, 30.0)),
            chart(&[1e99; 20], (0.0, 1.0)),
            chart(&[999_999.0; 10], (0.0, 1.0)),
        ];
        // A count just below, on and above the line of the expected one.
        let near: Vec<f64> = (0..10).map(|step| 4950.0 + 10.0 * f64::from(step)).collect();
        cases.push(chart(&near, (4980.0, 5020.0)));
        for scale in [1e-3, 1.0, 1e3, 1e6, 1e90] {
            let counts = SLOW.map(|count| count * scale);
            cases.push(chart(&counts, (1.0 * scale, 10.0 * scale)));
            cases.push(chart(&counts, (100.0 * scale, 200.0 * scale)));
        }
        for name in &names {
            cases.push(PredictiveCheck {
                title: name.clone(),
                x_label: name.clone(),
                y_label: name.clone(),
                band_label: name.clone(),
                notes: names.clone(),
                ..chart(&SLOW, (1.0, 10.0))
            });
        }
        for case in cases {
            assert_sound_in_both(|palette| case.draw(palette));
        }
    }

    #[test]
    fn what_lies_outside_of_the_band_has_a_sign_a_bold_count_and_a_sentence() {
        let svg = chart(&SLOW, (1.0, 10.0)).draw(&Palette::LIGHT).unwrap();
        let shown = texts(&svg);
        let count = |want: &str| shown.iter().filter(|text| *text == want).count();
        assert_eq!(["▲ 25", "▼ 0", "6", "1"].map(count), [1, 1, 1, 1], "{shown:?}");
        let bold: Vec<&str> = svg.lines().filter(|line| line.contains("font-weight")).collect();
        assert!(["▲ 25", "▼ 0"].iter().all(|sign| bold.iter().any(|line| line.contains(sign))));
        let sentence =
            "The slowest tenth that was assumed holds 25 of 53 (47\u{A0}%), against 5.3 expected.";
        assert!(shown.iter().any(|text| text == sentence), "{shown:?}");
    }

    #[test]
    fn both_ends_are_said_in_plain_words() {
        let shown = texts(&chart(&[5.0; 10], (1.0, 10.0)).draw(&Palette::LIGHT).unwrap());
        for want in [
            "← quicker than assumed",
            "slower than assumed →",
            "0\u{A0}%",
            "70\u{A0}%",
            "100\u{A0}%",
            "No bar lies outside of the band.",
        ] {
            assert_eq!(shown.iter().filter(|text| *text == want).count(), 1, "{want} {shown:?}");
        }
        assert!(!shown.iter().any(|text| text.starts_with("outside")), "{shown:?}");
    }

    #[test]
    fn a_count_on_an_end_of_the_band_lies_within() {
        let chart = chart(&[1.0, 10.0, 0.9, 10.1], (1.0, 10.0));
        let sides: Vec<Side> = chart.counts.iter().map(|count| chart.side(*count)).collect();
        assert_eq!(sides, [Side::Within, Side::Within, Side::Fewer, Side::More]);
    }

    #[test]
    fn counts_show_all_their_digits() {
        let cases = [
            (0.0, "0"),
            (0.01, "under 0.1"),
            (4.6, "4.6"),
            (5.0, "5"),
            (99.96, "100"),
            (4987.0, "4,987"),
            (999_999.0, "999,999"),
            (1_234_567.0, "1.23M"),
        ];
        for (count, words) in cases {
            assert_eq!(counted(count), words);
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let refused = |change: fn(&mut PredictiveCheck)| {
            let mut chart = chart(&SLOW, (1.0, 10.0));
            change(&mut chart);
            chart.draw(&Palette::LIGHT).unwrap_err().to_string()
        };
        let title = chart(&SLOW, (1.0, 10.0)).title;
        assert_eq!(
            refused(|chart| chart.counts.clear()),
            format!("chart `{title}` has no counts; give at least one")
        );
        let out = |what: &str, range: &str| format!("`{title}` holds {what}; it must be {range}");
        let number = "a number from 0 to 1e100";
        let bars = "from 2 to 20";
        assert_eq!(
            [
                refused(|chart| chart.counts.truncate(1)),
                refused(|chart| chart.counts = vec![1.0; 21]),
                refused(|chart| chart.counts[3] = f64::NAN),
                refused(|chart| chart.counts[3] = -1.0),
                refused(|chart| chart.expected = f64::INFINITY),
                refused(|chart| chart.band.1 = f64::NAN),
                refused(|chart| chart.band.0 = 11.0),
            ],
            [
                out("1 as the number of bars", bars),
                out("21 as the number of bars", bars),
                out("NaN as a count", number),
                out("-1 as a count", number),
                out("inf as an expected count", number),
                out("NaN as an end of the band", number),
                out("11 as the lower end of the band", "at or below the upper end"),
            ]
        );
    }
}
