//! Axes: from a value to a place, and the ticks that a reader would choose.

use super::sheet::SMALL_SIZE;
use super::{label, text};
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged};
use std::ops::Range;

/// Least room between two tick labels side by side, pixels.
const GAP: f64 = 14.0;
/// Greatest number that an axis places; far above any time or count of a study, far below overflow.
const LARGEST: f64 = 1e100;
/// What is smaller than this cannot be told from 0.
const LEAST: f64 = 1e-100;

#[derive(Debug, Clone, Copy)]
enum Scale {
    Linear,
    Log,
    /// By powers of ten on both sides of 0, evenly through 0 itself: `sign(v) log10(1 + |v| / c)`
    /// with this `c`.
    SignedLog(f64),
}

/// A labelled place on an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub value: f64,
    pub label: String,
}

impl Tick {
    /// A number of either sign, labelled as such.
    fn signed(value: f64) -> Self {
        Self { value, label: label::number(value) }
    }
}

/// A scale over a stretch of the picture. Values outside stand at its ends.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    scale: Scale,
    /// Least value shown.
    pub low: f64,
    /// Greatest value shown.
    pub high: f64,
    /// Where `low` stands, pixels.
    pub start: f64,
    /// Where `high` stands, pixels.
    pub end: f64,
    pub ticks: Vec<Tick>,
}

impl Axis {
    /// From 0 to a round number at or above `greatest`.
    pub(super) fn linear(greatest: f64, start: f64, end: f64) -> Self {
        let greatest = placeable(greatest);
        let wanted = ((end - start).abs() / 110.0).clamp(2.0, 6.0);
        let (digits, exponent) = step(greatest / wanted);
        let steps = (greatest / label::decimal(digits, exponent) - 1e-9).ceil().max(1.0) as u64;
        let ticks: Vec<Tick> =
            (0..=steps).map(|step| Tick::signed(label::decimal(step * digits, exponent))).collect();
        let high = ticks.last().map_or(1.0, |tick| tick.value);
        Self { scale: Scale::Linear, low: 0.0, high, start, end, ticks }
    }

    /// From `low` to `high`, with 0 only if it lies between. A stretch that is narrow for its
    /// height is widened until its ticks differ.
    pub(super) fn span(low: f64, high: f64, start: f64, end: f64) -> Self {
        let ends = (low.clamp(-LARGEST, LARGEST), high.clamp(-LARGEST, LARGEST));
        let (low, high) = if ends.0 <= ends.1 { ends } else { (0.0, 1.0) };
        let size = low.abs().max(high.abs());
        let size = if size > 0.0 { size } else { 1.0 };
        let lacking = (0.1 * size - (high - low)).max(0.0) / 2.0;
        let (low, high) = (low - lacking, high + lacking);
        let axis = Self { scale: Scale::Linear, low, high, start, end, ticks: Vec::new() };
        // The finest round steps first.
        axis.with_ticks((2..=8).rev().map(|wanted| {
            let (digits, exponent) = step((high - low) / f64::from(wanted));
            let unit = label::decimal(digits, exponent);
            let (first, last) = ((low / unit).ceil() as i64, (high / unit).floor() as i64);
            let size = |steps: i64| label::decimal(steps.unsigned_abs() * digits, exponent);
            let value = |steps: i64| if steps < 0 { -size(steps) } else { size(steps) };
            (first..=last).map(value).map(Tick::signed).collect()
        }))
    }

    /// Numbers of both signs by powers of ten, sideways; `fine` is a size that can still be told
    /// from 0, and 0 lies between `low` and `high`.
    pub(super) fn signed_log(low: f64, high: f64, fine: f64, start: f64, end: f64) -> Self {
        let fine = placeable(fine);
        let (low, high) = (low.clamp(-LARGEST, LARGEST), high.clamp(-LARGEST, LARGEST));
        let scale = Scale::SignedLog(fine);
        let axis = Self { scale, low, high, start, end, ticks: Vec::new() };
        // What is hardly more than `fine` stands too near to 0 for a label of its own.
        let first = libm::ceil(libm::log10(fine) - 1e-9) as i32 + 1;
        let last = libm::floor(libm::log10(high.max(-low)) + 1e-9) as i32;
        axis.with_ticks((1..=(last - first + 2).max(1)).map(|step| {
            let sizes = || (first..=last).filter(|e| (last - e).rem_euclid(step) == 0);
            let below = sizes().rev().map(|e| -label::power_of_ten(e));
            let above = sizes().map(label::power_of_ten);
            let values = below.chain([0.0]).chain(above).filter(|v| (low..=high).contains(v));
            values.map(Tick::signed).collect()
        }))
    }

    /// From 0 to 100 percent, upwards.
    pub(super) fn percent(start: f64, end: f64) -> Self {
        let ticks = (0..=5)
            .map(|step| f64::from(step) / 5.0)
            .map(|value| Tick { value, label: crate::report::text::percent(value) })
            .collect();
        Self { scale: Scale::Linear, low: 0.0, high: 1.0, start, end, ticks }
    }

    /// Shares by powers of ten, upwards from a round one to 100 percent.
    pub(super) fn shares(least: f64, start: f64, end: f64) -> Self {
        let low = round_down(least.clamp(1e-9, 0.1));
        let first = libm::floor(libm::log10(low) + 1e-9) as i32;
        let all = (first..=0).flat_map(|e| [1, 2, 5].map(|digit| label::decimal(digit, e)));
        let shown = all.filter(|share| (low..=1.0).contains(share));
        let ticks =
            shown.map(|value| Tick { value, label: crate::report::text::percent(value) }).collect();
        Self { scale: Scale::Log, low, high: 1.0, start, end, ticks }
    }

    /// Numbers by powers of ten, from at or below `least` to at or above `greatest`.
    pub(super) fn log(least: f64, greatest: f64, start: f64, end: f64) -> Self {
        let (low, high) = (round_down(placeable(least)), round_up(placeable(greatest)));
        let axis = Self { scale: Scale::Log, low, high, start, end, ticks: Vec::new() };
        let first = libm::ceil(libm::log10(low) - 1e-9) as i32;
        let last = libm::floor(libm::log10(high) + 1e-9) as i32;
        let fine = (last - first <= 3).then(|| {
            let all = (first - 1..=last).flat_map(|e| [1, 2, 5].map(|d| label::decimal(d, e)));
            all.filter(|value| (low..=high).contains(value)).map(Tick::signed).collect()
        });
        let coarse = (1..=(last - first).max(1)).map(|step| {
            let decades = (first..=last).filter(|e| e.rem_euclid(step) == 0);
            decades.map(label::power_of_ten).map(Tick::signed).collect()
        });
        axis.with_ticks(fine.into_iter().chain(coarse))
    }

    /// Durations in hours by the units people count in, sideways, with room for all that are more
    /// than 0.
    pub(super) fn durations(
        hours: impl Iterator<Item = f64> + Clone,
        start: f64,
        end: f64,
    ) -> Self {
        let positive = hours.filter(|&hours| hours > 0.0);
        let least = placeable(positive.clone().reduce(f64::min).unwrap_or(1.0 / 60.0));
        let greatest = placeable(positive.reduce(f64::max).unwrap_or(24.0));
        // A little air on both sides, and never less than a factor of about three in all.
        let air = (3.0 / (greatest / least)).clamp(1.2, 3.0);
        let air = if air > 1.2 { air.sqrt().max(1.2) } else { air };
        let (low, high) = (least / air, greatest * air);
        let mut axis = Self { scale: Scale::Log, low, high, start, end, ticks: Vec::new() };
        for tick in FAMILIAR.iter().filter_map(|duration| familiar(duration)) {
            if (low..=high).contains(&tick.value) {
                axis.add_if_it_fits(tick);
            }
        }
        // Two ticks do not tell how far apart things are on a short axis.
        let finer = if axis.ticks.len() < ENOUGH { FINER.as_slice() } else { &[] };
        for tick in finer.iter().filter_map(|duration| familiar(duration)) {
            if (low..=high).contains(&tick.value) {
                axis.add_if_it_fits(tick);
            }
        }
        axis.ticks.sort_by(|a, b| a.value.total_cmp(&b.value));
        axis
    }

    /// From 0 to `high` with ticks from elsewhere; the earlier in the list the sooner a tick gets
    /// its place, and those without room are left out.
    pub(super) fn given(high: f64, ticks: Vec<Tick>, start: f64, end: f64) -> Self {
        let mut axis = Self { scale: Scale::Linear, low: 0.0, high, start, end, ticks: Vec::new() };
        for tick in ticks {
            axis.add_if_it_fits(tick);
        }
        axis
    }

    /// From 0 to `high` without any tick.
    pub(super) fn bare(high: f64, start: f64, end: f64) -> Self {
        Self::given(high, Vec::new(), start, end)
    }

    /// This axis with the first of some sets of ticks whose labels stand apart, else the last.
    fn with_ticks(mut self, sets: impl Iterator<Item = Vec<Tick>>) -> Self {
        for ticks in sets {
            self.ticks = ticks;
            if self.labels_fit() {
                break;
            }
        }
        self
    }

    /// Where a value stands, pixels; not a number for what is none or too great.
    pub(super) fn at(&self, value: f64) -> f64 {
        self.start + self.share(value) * (self.end - self.start)
    }

    /// How far along the axis a value stands, 0 to 1.
    pub(super) fn share(&self, value: f64) -> f64 {
        let share = match self.scale {
            _ if !(-LARGEST..=LARGEST).contains(&value) => return f64::NAN,
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log if value <= self.low => 0.0,
            Scale::Log => libm::log10(value / self.low) / libm::log10(self.high / self.low),
            Scale::SignedLog(fine) => {
                let even = |v: f64| libm::copysign(libm::log1p(v.abs() / fine), v);
                (even(value) - even(self.low)) / (even(self.high) - even(self.low))
            }
        };
        share.clamp(0.0, 1.0)
    }

    /// The value so far along an axis of numbers, linear or by powers of ten.
    pub(super) fn value(&self, share: f64) -> f64 {
        match self.scale {
            Scale::Log => self.low * libm::pow(self.high / self.low, share),
            _ => self.low + share * (self.high - self.low),
        }
    }

    /// Whether equal steps are equal factors.
    pub(super) fn is_log(&self) -> bool {
        matches!(self.scale, Scale::Log)
    }

    /// What has to be said of the scale behind the title of the axis.
    pub(super) fn kind(&self) -> &'static str {
        match self.scale {
            Scale::Linear => "",
            Scale::Log => " (logarithmic axis)",
            Scale::SignedLog(_) => " (logarithmic axis on both sides of 0)",
        }
    }

    /// Both ends of a tick label along the axis, the smaller first. An axis that runs upwards is
    /// measured upwards.
    fn extent(&self, tick: &Tick) -> (f64, f64) {
        let middle = self.at(tick.value);
        let (middle, half) = match self.start > self.end {
            true => (-middle, SMALL_SIZE / 2.0),
            false => (middle, text::width(&tick.label, SMALL_SIZE, false) / 2.0),
        };
        (middle - half, middle + half)
    }

    fn labels_fit(&self) -> bool {
        self.ticks.windows(2).all(|pair| self.extent(&pair[0]).1 + GAP <= self.extent(&pair[1]).0)
    }

    fn add_if_it_fits(&mut self, tick: Tick) {
        let (left, right) = self.extent(&tick);
        let free =
            self.ticks.iter().map(|other| self.extent(other)).all(|(other_left, other_right)| {
                right + GAP <= other_left || other_right + GAP <= left
            });
        if free {
            self.ticks.push(tick);
        }
    }

    /// Width of the widest tick label, pixels.
    pub(super) fn widest(&self) -> f64 {
        let widths = self.ticks.iter().map(|tick| text::width(&tick.label, SMALL_SIZE, false));
        widths.fold(0.0, f64::max)
    }
}

/// An axis is a range of the drawing library, with ticks of our own.
impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        start + (self.share(*value) * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        self.ticks.iter().map(|tick| tick.value).collect()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

/// The value where an axis can end there, else 1. What is no number has no place on it later.
fn placeable(value: f64) -> f64 {
    if (LEAST..=LARGEST).contains(&value) { value } else { 1.0 }
}

/// A round distance between ticks, not below the one given: digits 1, 2 or 5 and a power of ten.
fn step(least: f64) -> (u64, i32) {
    let exponent = libm::floor(libm::log10(least)) as i32;
    match least / label::power_of_ten(exponent) {
        m if m <= 1.0 => (1, exponent),
        m if m <= 2.0 => (2, exponent),
        m if m <= 5.0 => (5, exponent),
        _ => (1, exponent + 1),
    }
}

/// The greatest of 1, 2, 5 times a power of ten that is not above the value.
fn round_down(value: f64) -> f64 {
    let exponent = libm::floor(libm::log10(value)) as i32;
    let steps = [(5, exponent), (2, exponent), (1, exponent), (5, exponent - 1)];
    let below = steps.into_iter().map(|(d, e)| label::decimal(d, e)).find(|&s| s <= value);
    below.unwrap_or(value)
}

/// The least of 1, 2, 5 times a power of ten that is not below the value.
fn round_up(value: f64) -> f64 {
    let exponent = libm::floor(libm::log10(value)) as i32;
    let steps = [(1, exponent), (2, exponent), (5, exponent), (1, exponent + 1), (2, exponent + 1)];
    let above = steps.into_iter().map(|(d, e)| label::decimal(d, e)).find(|&s| s >= value);
    above.unwrap_or(value)
}

/// Durations worth a tick, the most familiar first.
const FAMILIAR: [&str; 34] = [
    "1 s", "1 min", "1 h", "1 d", "1 week", "1 y", "100 ms", "0.1 ms", "10 y", "10000 y", "10 s",
    "10 min", "4 h", "4 weeks", "10 ms", "1 ms", "100 y", "1000 y", "30 s", "30 min", "2 d",
    "12 h", "13 weeks", "2 h", "2 min", "5 min", "2 weeks", "2 y", "5 y", "20 min", "8 h", "4 d",
    "5 s", "2 s",
];

/// So many ticks are enough for an axis of durations.
const ENOUGH: usize = 3;

/// Durations for an axis with few of those, the sooner in the list the sooner they get their place.
const FINER: [&str; 18] = [
    "3 h", "6 h", "3 d", "8 weeks", "6 weeks", "15 min", "16 h", "5 h", "5 d", "3 weeks",
    "10 weeks", "26 weeks", "3 y", "3 min", "20 s", "40 min", "5 weeks", "7 weeks",
];

/// A familiar duration in hours, with its label.
fn familiar(duration: &str) -> Option<Tick> {
    let (count, unit) = duration.split_once(' ')?;
    let hours = match unit {
        "ms" => 1.0 / 3_600_000.0,
        "s" => 1.0 / 3600.0,
        "min" => 1.0 / 60.0,
        "h" => 1.0,
        "d" => 24.0,
        "y" => 8760.0,
        _ => 168.0,
    };
    let count: f64 = count.parse().ok()?;
    Some(Tick { value: count * hours, label: format!("{}\u{A0}{unit}", label::number(count)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn a_span_of_both_signs_has_round_steps_through_0() {
        let axis = Axis::span(-6000.0, 4000.0, 100.0, 380.0);
        assert_eq!(labels(&axis), ["\u{2212}6k", "\u{2212}4k", "\u{2212}2k", "0", "2k", "4k"]);
        assert_eq!((axis.at(-6000.0), axis.at(-1000.0), axis.at(4000.0)), (100.0, 240.0, 380.0));
    }

    #[test]
    fn a_narrow_span_is_widened_until_its_labels_differ() {
        let axis = Axis::span(1_000_000.0, 1_000_001.0, 0.0, 600.0);
        let labels = labels(&axis);
        assert!(labels.windows(2).all(|pair| pair[0] != pair[1]), "{labels:?}");
        assert!(labels.len() > 2);
    }

    #[test]
    fn a_signed_log_axis_is_even_around_0() {
        let axis = Axis::signed_log(-1e4, 1e4, 1.0, 0.0, 600.0);
        assert_eq!(axis.at(0.0), 300.0);
        for value in [0.5, 1.0, 10.0, 1e3] {
            assert!((axis.at(value) + axis.at(-value) - 600.0).abs() < 1e-9);
        }
        assert!(labels(&axis).contains(&"\u{2212}10k") && labels(&axis).contains(&"100"));
    }

    #[test]
    fn given_dates_keep_their_rank_where_there_is_no_room() {
        let date = |value: f64, label: &str| Tick { value, label: label.to_owned() };
        let dates = vec![date(50.0, "first in rank"), date(52.0, "too near"), date(0.0, "0")];
        assert_eq!(labels(&Axis::given(100.0, dates, 0.0, 300.0)), ["first in rank", "0"]);
    }

    #[test]
    fn an_upright_log_axis_counts_the_height_of_its_labels() {
        let axis = Axis::log(1.0, 1000.0, 380.0, 0.0);
        assert_eq!(labels(&axis), ["1", "2", "5", "10", "20", "50", "100", "200", "500", "1k"]);
    }
}
