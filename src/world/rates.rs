//! The intensity of a workload over the trial: a piecewise constant rate and its integral.
//!
//! [`Rates`] is a [`Profile`], its seasons and a level laid over a [`Calendar`], once, before the
//! first trial. It answers what a non-homogeneous Poisson process is drawn from: the intensity
//! lambda(t), its integral Lambda(t) from 0 to t, the mass between two times, and the inverse
//! (inversion of Lambda: Cinlar, "Introduction to Stochastic Processes", 1975, chapter 4).
//!
//! Neighbouring cells of the calendar with one rate are one *run*: a flat profile is a single run,
//! office hours are about ten a week. A table from cell to run makes the search O(1), and an index
//! of masses does the same for the inverse (Chen and Asau, "On generating random variates from an
//! empirical distribution", 1974).
//!
//! No generator and no arrival enters here: Rates draw nothing.

use crate::world::calendar::Calendar;
use crate::world::profile::{Profile, Season};

/// A span of constant rate; it ends where the next one starts.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Run {
    start: f64,
    /// Events per hour.
    rate: f64,
    /// Lambda at the start.
    before: f64,
}

/// Piecewise constant intensity of a non-homogeneous Poisson process on 0 to the horizon.
///
/// Rates are events per hour and masses are expected events. All calls are O(1) but for
/// [`Rates::invert`], which may add a short binary search. Nothing is defined outside 0 to the
/// horizon: no event happens there.
#[derive(Debug, Clone)]
pub struct Rates {
    /// In order, then one past the end at the horizon with rate 0 and all the mass before it.
    runs: Vec<Run>,
    /// The run that each cell of the calendar lies in.
    run_of_cell: Vec<u32>,
    cells_per_hour: f64,
    lead: f64,
    horizon: f64,
    total: f64,
    /// Entry k is the first run whose mass before it lies in bucket k or a later one.
    first_run_of_bucket: Vec<u32>,
    buckets_per_mass: f64,
}

impl Rates {
    /// Lays a profile over a calendar.
    ///
    /// `per_hour_at_mean_weight` is the rate in an hour of weight 1, events per hour, finite and at
    /// least 0. The rate in a cell is that times the weight of its hour of the local week (of a
    /// Sunday, on a holiday) times the factor of every season that holds its local date.
    pub fn new(
        calendar: &Calendar,
        profile: &Profile,
        seasons: &[Season],
        per_hour_at_mean_weight: f64,
    ) -> Rates {
        debug_assert!(per_hour_at_mean_weight.is_finite() && per_hour_at_mean_weight >= 0.0);
        let mut runs: Vec<Run> = Vec::new();
        let mut run_of_cell = Vec::new();
        for cell in calendar.cells() {
            let factor: f64 = seasons.iter().map(|season| season.factor_on(cell.date)).product();
            let weight = profile.weight(cell.hour_of_week, cell.holiday);
            let rate = per_hour_at_mean_weight * (weight * factor);
            if runs.last().is_none_or(|last| last.rate != rate) {
                runs.push(Run { start: cell.start, rate, before: 0.0 });
            }
            run_of_cell.push(runs.len() as u32 - 1);
        }
        let (mut cells_per_hour, mut lead) = (1.0 / calendar.step(), calendar.lead());
        if runs.len() == 1 {
            // One rate throughout: every time is in cell 0.
            run_of_cell.truncate(1);
            (cells_per_hour, lead) = (0.0, 0.0);
        }
        let horizon = calendar.horizon();
        runs.push(Run { start: horizon, rate: 0.0, before: 0.0 });
        let total = accumulate(&mut runs);
        let (first_run_of_bucket, buckets_per_mass) = index_masses(&runs, total);
        run_of_cell.shrink_to_fit();
        runs.shrink_to_fit();
        Rates {
            runs,
            run_of_cell,
            cells_per_hour,
            lead,
            horizon,
            total,
            first_run_of_bucket,
            buckets_per_mass,
        }
    }

    /// End of the trial, hours.
    #[inline]
    pub fn horizon(&self) -> f64 {
        self.horizon
    }

    /// Expected events in the whole trial.
    #[inline]
    pub fn total(&self) -> f64 {
        self.total
    }

    /// Whether no event can happen.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.total == 0.0
    }

    /// Intensity at `t`, events per hour; 0 before the start and from the horizon on.
    #[inline]
    pub fn rate(&self, t: f64) -> f64 {
        if t >= 0.0 && t < self.horizon { self.runs[self.run_at(t)].rate } else { 0.0 }
    }

    /// Expected events from the start to `t`, which is held within 0 and the horizon.
    #[inline]
    pub fn cumulative(&self, t: f64) -> f64 {
        let t = t.clamp(0.0, self.horizon);
        let run = &self.runs[self.run_at(t)];
        run.before + run.rate * (t - run.start)
    }

    /// Expected events from `a` to `b`, both held within 0 and the horizon; 0 if `b` is not after
    /// `a`.
    ///
    /// Accurate for short spans late in a long trial: within one run, and over one edge, no
    /// cumulative masses are subtracted.
    #[inline]
    pub fn between(&self, a: f64, b: f64) -> f64 {
        let (a, b) = (a.max(0.0), b.min(self.horizon));
        if a >= b {
            return 0.0;
        }
        let first = self.run_at(a);
        let (run, next) = (&self.runs[first], &self.runs[first + 1]);
        if b <= next.start {
            return run.rate * (b - a);
        }
        let last = &self.runs[self.run_at(b)];
        let head = run.rate * (next.start - a);
        let tail = last.rate * (b - last.start);
        head + (last.before - next.before) + tail
    }

    /// The time at or after `from` when `mass` expected events have gone by since `from`, hours.
    ///
    /// Spans of rate zero are passed over: the answer always lies where the rate is positive, so a
    /// mass of 0 gives the first such time. [`f64::INFINITY`] if that is not before the horizon. A
    /// time before the start counts as the start.
    #[inline]
    pub fn invert(&self, from: f64, mass: f64) -> f64 {
        let from = from.max(0.0);
        if from >= self.horizon {
            return f64::INFINITY;
        }
        let first = self.run_at(from);
        let (run, next) = (&self.runs[first], &self.runs[first + 1]);
        let rest = run.rate * (next.start - from);
        if mass < rest {
            // Rounding must not carry the answer into the next run.
            return (from + mass / run.rate).min(next.start.next_down());
        }
        let target = next.before + (mass - rest);
        if target < self.total {
            let found = self.run_with_mass(target);
            let (run, next) = (&self.runs[found], &self.runs[found + 1]);
            (run.start + (target - run.before) / run.rate).min(next.start.next_down())
        } else {
            f64::INFINITY
        }
    }

    /// The spans of constant rate from `a` to `b`, as (start, end, events per hour), cut to `a..b`
    /// and to the trial; they leave no gap. Neighbouring cells of one rate come as one span, so a
    /// span may be long.
    #[inline]
    pub fn cells(&self, a: f64, b: f64) -> Spans<'_> {
        self.cells_but(a, b, &[])
    }

    /// The same with a rate of 0 in `gaps`, which are in order and do not overlap. Spans end and
    /// begin at their edges.
    #[inline]
    pub(super) fn cells_but<'a>(&'a self, a: f64, b: f64, gaps: &'a [(f64, f64)]) -> Spans<'a> {
        let (a, b) = (a.max(0.0), b.min(self.horizon));
        let run = if a < b { self.run_at(a) } else { 0 };
        Spans { runs: &self.runs[run..], gaps, at: a, end: b }
    }

    /// The run that holds `t`, which lies within 0 and the horizon; the one past the end at the
    /// horizon.
    #[inline]
    fn run_at(&self, t: f64) -> usize {
        let cell = ((t + self.lead) * self.cells_per_hour) as usize;
        let run = self.run_of_cell[cell.min(self.run_of_cell.len() - 1)] as usize;
        // The cell is rounded, the edges of runs are not: one step either way puts it right.
        if t < self.runs[run].start {
            run - 1
        } else if t >= self.runs[run + 1].start {
            run + 1
        } else {
            run
        }
    }

    /// The run of positive rate that holds the mass, which is below the total.
    #[inline]
    fn run_with_mass(&self, mass: f64) -> usize {
        let bucket = bucket(mass, self.buckets_per_mass, self.first_run_of_bucket.len() - 2);
        let first = self.first_run_of_bucket[bucket] as usize;
        let last = self.first_run_of_bucket[bucket + 1] as usize;
        // Of runs with equal mass before them all but the last are of rate zero.
        first + self.runs[first..last].partition_point(|run| run.before <= mass) - 1
    }
}

/// Fills in the mass before each run and gives the total. Sums are compensated (Neumaier, 1974), so
/// that the last of a million runs is as right as the first.
fn accumulate(runs: &mut [Run]) -> f64 {
    let (mut sum, mut lost, mut before) = (0.0_f64, 0.0_f64, 0.0_f64);
    for index in 1..runs.len() {
        let mass = runs[index - 1].rate * (runs[index].start - runs[index - 1].start);
        let next = sum + mass;
        lost += if sum >= mass { (sum - next) + mass } else { (mass - next) + sum };
        sum = next;
        before = before.max(sum + lost);
        runs[index].before = before;
    }
    before
}

/// An index with about as many buckets of equal mass as there are runs, and buckets per unit of
/// mass.
fn index_masses(runs: &[Run], total: f64) -> (Vec<u32>, f64) {
    let last = runs.len() - 1;
    let per_mass = if total > 0.0 { last as f64 / total } else { 0.0 };
    let mut first_run = Vec::with_capacity(last + 2);
    for (index, run) in runs.iter().enumerate() {
        while first_run.len() <= bucket(run.before, per_mass, last) {
            first_run.push(index as u32);
        }
    }
    first_run.resize(last + 2, runs.len() as u32);
    (first_run, per_mass)
}

/// The bucket of a mass; it never falls as the mass grows, whatever the rounding.
#[inline]
fn bucket(mass: f64, per_mass: f64, last: usize) -> usize {
    ((mass * per_mass) as usize).min(last)
}

/// Spans of constant rate, as (start, end, events per hour).
#[derive(Debug, Clone)]
pub struct Spans<'a> {
    /// The run that holds `at`, and those after it.
    runs: &'a [Run],
    /// Nothing happens in them; those that are over may be among them.
    gaps: &'a [(f64, f64)],
    at: f64,
    end: f64,
}

impl Spans<'_> {
    /// The beginning of the span from `at` to `end` that is of one rate, gaps considered: where it
    /// ends, and whether it is a gap.
    #[cold]
    fn up_to_gap(&mut self, end: f64) -> (f64, bool) {
        while let [(from, to), later @ ..] = self.gaps {
            if self.at >= *to {
                self.gaps = later;
            } else if self.at >= *from {
                return (end.min(*to), true);
            } else {
                return (end.min(*from), false);
            }
        }
        (end, false)
    }
}

impl Iterator for Spans<'_> {
    type Item = (f64, f64, f64);

    #[inline]
    fn next(&mut self) -> Option<(f64, f64, f64)> {
        if self.at >= self.end {
            return None;
        }
        let [run, rest @ ..] = self.runs else {
            return None;
        };
        let start = self.at;
        let end = rest.first().map_or(self.end, |next| next.start.min(self.end));
        if self.gaps.is_empty() {
            (self.at, self.runs) = (end, rest);
            return Some((start, end, run.rate));
        }
        let (stop, is_gap) = self.up_to_gap(end);
        self.at = stop;
        if stop >= end {
            self.runs = rest;
        }
        Some((start, stop, if is_gap { 0.0 } else { run.rate }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Date, DateTime, date, datetime};
    use jiff::tz::TimeZone;

    const MONDAY: DateTime = datetime(2027, 1, 4, 0, 0, 0, 0);

    fn calendar(start: DateTime, zone: &str, holidays: &[Date], horizon: f64) -> Calendar {
        Calendar::new(start, TimeZone::get(zone).unwrap(), holidays, horizon).unwrap()
    }

    fn utc(horizon: f64) -> Calendar {
        calendar(MONDAY, "UTC", &[], horizon)
    }

    #[track_caller]
    fn assert_close(a: f64, b: f64, relative: f64) {
        assert!((a - b).abs() <= relative * b.abs(), "{a} against {b}");
    }

    /// Fixed pseudo-random numbers in 0..1 (a Weyl sequence of the golden ratio).
    fn uniforms(count: u32) -> impl Iterator<Item = f64> {
        (1..=count).map(|k| (f64::from(k) * 0.618_033_988_749_894_9).fract())
    }

    /// A rugged case: half-hour clock change, odd start, silent nights, a silent month, a holiday.
    fn rugged() -> Rates {
        let calendar = calendar(
            datetime(2027, 1, 4, 8, 20, 0, 0),
            "Australia/Lord_Howe",
            &[date(2027, 1, 6)],
            8760.0,
        );
        let weights: Vec<f64> =
            (0..168).map(|h| if h % 24 < 6 { 0.0 } else { f64::from(h % 7 + 1) }).collect();
        let season = Season::new(date(2027, 3, 1), date(2027, 3, 31), 0.0).unwrap();
        Rates::new(&calendar, &Profile::from_weights(&weights).unwrap(), &[season], 3.0)
    }

    // Promise: rates follow the local calendar, by hand.

    #[test]
    fn the_reference_workload_has_its_known_mass() {
        let rates = Rates::new(&utc(8760.0), &Profile::office(), &[], 1.0);
        // 52 weeks, and a Monday of ten office hours and fourteen others.
        let expected = 52.0 * 168.0 + (10.0 * 10.0 + 14.0) / (618.0 / 168.0);
        assert_close(rates.total(), expected, 1e-14);
        assert_close(rates.total() / 8760.0, 1.0008, 3e-6);
        assert_close(rates.between(0.0, 168.0), 168.0, 1e-14);
        assert_close(rates.cumulative(8736.0), 8736.0, 1e-14);
    }

    #[test]
    fn a_weekend_is_as_by_hand() {
        let rates = Rates::new(&utc(336.0), &Profile::office(), &[], 618.0 / 168.0);
        // Friday 16:00 to Monday 09:30: two hours of ten, then 62 of one, then 1.5 of ten.
        assert_close(rates.between(112.0, 177.5), 20.0 + 62.0 + 15.0, 1e-14);
        let spans: Vec<_> = rates.cells(112.0, 177.5).map(|(a, b, _)| (a, b)).collect();
        assert_eq!(spans, [(112.0, 114.0), (114.0, 176.0), (176.0, 177.5)]);
        assert_close(rates.rate(113.999), 10.0, 1e-15);
        assert_close(rates.rate(114.0), 1.0, 1e-15);
    }

    #[test]
    fn a_start_at_half_past_eight_keeps_the_local_hours() {
        let calendar = calendar(datetime(2027, 1, 4, 8, 30, 0, 0), "UTC", &[], 24.0);
        let rates = Rates::new(&calendar, &Profile::office(), &[], 618.0 / 168.0);
        let spans: Vec<_> = rates.cells(0.0, 24.0).collect();
        let edges: Vec<_> = spans.iter().map(|(a, b, _)| (*a, *b)).collect();
        assert_eq!(edges, [(0.0, 9.5), (9.5, 23.5), (23.5, 24.0)]);
        assert_close(rates.total(), 95.0 + 14.0 + 5.0, 1e-14);
    }

    #[test]
    fn a_clock_change_moves_the_office_hours() {
        let berlin = |start| {
            let calendar = calendar(start, "Europe/Berlin", &[], 48.0);
            Rates::new(&calendar, &Profile::office(), &[], 1.0)
        };
        // Sunday has 23 hours, so Monday 08:00 is 31 h after its start; with 25 hours it is 33 h.
        let edges = |rates: &Rates| rates.cells(0.0, 48.0).map(|(a, _, _)| a).collect::<Vec<_>>();
        assert_eq!(edges(&berlin(datetime(2027, 3, 28, 0, 0, 0, 0))), [0.0, 31.0, 41.0]);
        assert_eq!(edges(&berlin(datetime(2027, 10, 31, 0, 0, 0, 0))), [0.0, 33.0, 43.0]);
        let howe = |start| {
            let calendar = calendar(start, "Australia/Lord_Howe", &[], 48.0);
            Rates::new(&calendar, &Profile::office(), &[], 1.0)
        };
        assert_eq!(edges(&howe(datetime(2027, 10, 3, 0, 0, 0, 0))), [0.0, 31.5, 41.5]);
        assert_eq!(edges(&howe(datetime(2027, 4, 4, 0, 0, 0, 0))), [0.0, 32.5, 42.5]);
    }

    #[test]
    fn a_holiday_is_a_sunday_and_is_not_made_up_for() {
        let calendar = calendar(MONDAY, "UTC", &[date(2027, 1, 6)], 168.0);
        let rates = Rates::new(&calendar, &Profile::office(), &[], 618.0 / 168.0);
        assert_close(rates.between(48.0, 72.0), 24.0, 1e-14);
        assert_close(rates.total(), 618.0 - 90.0, 1e-14);
    }

    #[test]
    fn seasons_begin_and_end_at_local_midnight() {
        let calendar = calendar(datetime(2027, 3, 27, 12, 0, 0, 0), "Europe/Berlin", &[], 72.0);
        let season = Season::new(date(2027, 3, 28), date(2027, 3, 28), 0.25).unwrap();
        let rates = Rates::new(&calendar, &Profile::flat(), &[season], 2.0);
        let spans: Vec<_> = rates.cells(0.0, 72.0).collect();
        assert_eq!(spans, [(0.0, 12.0, 2.0), (12.0, 35.0, 0.5), (35.0, 72.0, 2.0)]);
        let twice = Rates::new(&calendar, &Profile::flat(), &[season, season], 2.0);
        assert_eq!(twice.rate(20.0), 0.125);
    }

    // Promise: masses are exact where they can be.

    #[test]
    fn a_flat_profile_is_one_exact_run() {
        let calendar = calendar(MONDAY, "Europe/Berlin", &[date(2027, 1, 6)], 876_000.0);
        let rates = Rates::new(&calendar, &Profile::flat(), &[], 0.3);
        assert_eq!((rates.runs.len(), rates.run_of_cell.len()), (2, 1));
        assert_eq!(rates.total(), 0.3 * 876_000.0);
        assert_eq!(rates.cumulative(123_456.7), 0.3 * 123_456.7);
        assert_eq!(rates.between(1e5, 2e5), 0.3 * 1e5);
        assert_eq!(rates.invert(1e5, 3.0), 1e5 + 3.0 / 0.3);
        assert_eq!(rates.cells(5.0, 9e9).collect::<Vec<_>>(), [(5.0, 876_000.0, 0.3)]);
    }

    #[test]
    fn short_spans_late_in_a_long_trial_are_accurate() {
        let rates = Rates::new(&utc(876_000.0), &Profile::office(), &[], 570.0);
        let edge = 168.0 * 5000.0 + 8.0;
        let (night, day) = (570.0 / (618.0 / 168.0), 5700.0 / (618.0 / 168.0));
        let step = 1.0 / 1024.0;
        assert_close(rates.between(edge, edge + step), day * step, 1e-15);
        assert_close(rates.between(edge - step, edge + step), (day + night) * step, 1e-15);
        assert_close(rates.cumulative(168.0 * 5000.0), 570.0 * 168.0 * 5000.0, 1e-14);
    }

    #[test]
    fn times_outside_the_trial_have_no_mass() {
        let rates = Rates::new(&utc(100.0), &Profile::office(), &[], 1.0);
        assert_eq!((rates.rate(-1.0), rates.rate(100.0)), (0.0, 0.0));
        assert_eq!(rates.cumulative(-5.0), 0.0);
        assert_eq!(rates.cumulative(1e9), rates.total());
        assert_eq!(rates.between(-5.0, 1e9), rates.total());
        assert_eq!(rates.between(50.0, 50.0), 0.0);
        assert_eq!(rates.between(60.0, 50.0), 0.0);
        assert_eq!(rates.between(100.0, 200.0), 0.0);
        assert_eq!(rates.invert(100.0, 0.0), f64::INFINITY);
        assert_eq!(rates.invert(0.0, f64::NAN), f64::INFINITY);
        assert_eq!(rates.cells(100.0, 200.0).count() + rates.cells(60.0, 50.0).count(), 0);
        assert!(rates.rate(f64::NAN) == 0.0 && rates.cumulative(f64::NAN).is_nan());
    }

    // Promise: the inverse is the inverse.

    #[test]
    fn inverting_a_mass_gives_the_time_back() {
        let hundred_years = Rates::new(&utc(876_000.0), &Profile::office(), &[], 2.0);
        for rates in [rugged(), hundred_years] {
            let times = uniforms(4000).zip(uniforms(9001).skip(5000));
            for (u, v) in times {
                let from = u * rates.horizon();
                // Spans from seconds to the whole trial.
                let to = from + v * v * v * (rates.horizon() - from);
                let mass = rates.between(from, to);
                let found = rates.invert(from, mass);
                if found.is_infinite() {
                    assert!(rates.cumulative(rates.horizon()) - rates.cumulative(to) < 1e-8);
                    continue;
                }
                assert!(found >= from && found < rates.horizon());
                assert!(rates.rate(found) > 0.0);
                assert!((rates.between(from, found) - mass).abs() <= 1e-12 * rates.total());
                if rates.rate(to) > 0.0 && rates.rate(to - 1e-6) > 0.0 {
                    assert!((found - to).abs() < 1e-8, "{from} {to} {found}");
                }
            }
        }
    }

    #[test]
    fn silent_spans_are_passed_over() {
        let mut weights = [0.0; 168];
        weights[8..18].fill(1.0);
        let profile = Profile::from_weights(&weights).unwrap();
        let rates = Rates::new(&utc(336.0), &profile, &[], 1.0 / 16.8);
        assert_close(rates.total(), 20.0, 1e-15);
        assert_eq!(rates.invert(0.0, 0.0), 8.0);
        assert_eq!(rates.invert(12.0, 0.0), 12.0);
        assert_eq!(rates.invert(18.0, 0.0), 176.0);
        assert_close(rates.invert(0.0, 2.5), 10.5, 1e-15);
        assert_close(rates.invert(17.0, 1.5), 176.5, 1e-15);
        assert_eq!(rates.invert(17.0, 11.5), f64::INFINITY);
        assert_eq!(rates.invert(186.0, 0.0), f64::INFINITY);
        assert!(rates.invert(0.0, 10.0_f64.next_down()) < 18.0);
    }

    #[test]
    fn a_rate_of_zero_is_no_workload() {
        let rates = Rates::new(&utc(336.0), &Profile::office(), &[], 0.0);
        assert!(rates.is_zero());
        assert_eq!(rates.invert(0.0, 0.0), f64::INFINITY);
        assert_eq!(rates.between(0.0, 336.0), 0.0);
        assert!(!Rates::new(&utc(336.0), &Profile::office(), &[], 1e-300).is_zero());
    }

    // Promise: spans tile what was asked for, and agree with the rates.

    #[test]
    fn spans_tile_the_interval_exactly() {
        let rates = rugged();
        for (u, v) in uniforms(2000).zip(uniforms(9001).skip(7000)) {
            let (a, b) = (u * 8760.0, u * 8760.0 + v * v * 2000.0);
            let (mut at, mut mass) = (a, 0.0);
            for (start, end, rate) in rates.cells(a, b) {
                assert_eq!(start, at);
                assert!(end > start);
                assert_eq!(rates.rate(start), rate);
                assert_eq!(rates.rate(end.next_down()), rate);
                mass += rate * (end - start);
                at = end;
            }
            assert_eq!(at, b.min(8760.0));
            assert!((mass - rates.between(a, b)).abs() <= 1e-12 * rates.total());
        }
    }

    #[test]
    fn rates_agree_with_the_local_clock_cell_by_cell() {
        let zone = "America/New_York";
        let calendar =
            calendar(datetime(2027, 1, 4, 8, 20, 7, 0), zone, &[date(2027, 7, 5)], 8760.0);
        let weights: Vec<f64> = (1..=168).map(f64::from).collect();
        let profile = Profile::from_weights(&weights).unwrap();
        let rates = Rates::new(&calendar, &profile, &[], 1.0);
        for cell in calendar.cells() {
            let expected = profile.weight(cell.hour_of_week, cell.holiday);
            for t in [cell.start, 0.5 * (cell.start + cell.end), cell.end.next_down()] {
                assert_eq!(rates.rate(t), expected);
            }
        }
    }
}
