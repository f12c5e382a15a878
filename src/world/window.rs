//! A stretch of a workload from which many events are drawn.
//!
//! The few spans of constant rate of the stretch are taken out once, and the times of a block of
//! masses are found side by side, without a branch: many times as fast as
//! [`Rates::invert`](super::rates::Rates::invert), which searches the whole trial for each.

use super::reachable::Reachable;

/// Masses whose times are found together.
pub const BLOCK: usize = 8;

/// Most spans that a window takes out; longer stretches fall back to the search.
const SPANS: usize = 8;

/// A span of constant positive rate.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: f64,
    /// Mass from the beginning of the window to its start.
    before: f64,
    hours_per_mass: f64,
}

/// A stretch of time of one workload.
#[derive(Debug)]
pub struct Window<'a> {
    rates: Reachable<'a>,
    from: f64,
    to: f64,
    mass: f64,
    /// The first so many are in use; none of a stretch that has too many.
    spans: [Span; SPANS],
    count: usize,
}

impl<'a> Window<'a> {
    /// The stretch of `rates` from `from` to `to`, ready for drawing many events in it.
    #[inline]
    pub fn new(rates: Reachable<'a>, from: f64, to: f64) -> Window<'a> {
        let mut spans = [Span::default(); SPANS];
        let (mut count, mut mass) = (0, 0.0);
        let running = rates.cells(from, to).filter(|(_, _, rate)| *rate > 0.0);
        for (start, end, rate) in running {
            let Some(span) = spans.get_mut(count) else {
                let mass = rates.between(from, to);
                return Window { rates, from, to, mass, spans, count: 0 };
            };
            *span = Span { start, before: mass, hours_per_mass: 1.0 / rate };
            mass += rate * (end - start);
            count += 1;
        }
        Window { rates, from, to, mass, spans, count }
    }

    /// Expected events in it.
    #[inline]
    pub fn mass(&self) -> f64 {
        self.mass
    }

    /// The times at which so many expected events have gone by since its beginning, hours; its end
    /// where there are not so many.
    #[inline]
    pub fn times_of(&self, masses: &[f64; BLOCK]) -> [f64; BLOCK] {
        if self.count == 0 {
            return masses.map(|mass| self.rates.invert(self.from, mass).min(self.to));
        }
        let mut times = [0.0; BLOCK];
        for span in self.spans.iter().take(self.count) {
            for (time, mass) in times.iter_mut().zip(masses) {
                let within = mass - span.before;
                let here = span.start + within * span.hours_per_mass;
                *time = if within >= 0.0 { here } else { *time };
            }
        }
        times.map(|time| if time < self.to { time } else { self.to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::calendar::Calendar;
    use crate::world::profile::Profile;
    use crate::world::rates::Rates;
    use jiff::civil::datetime;
    use jiff::tz::TimeZone;

    #[test]
    fn times_are_those_of_the_search_in_short_windows_and_long() {
        let start = datetime(2027, 1, 4, 0, 0, 0, 0);
        let calendar = Calendar::new(start, TimeZone::UTC, &[], 8760.0).unwrap();
        // Nights without any work, so that some spans have no rate.
        let weights: Vec<f64> =
            (0..168).map(|h| if h % 24 < 6 { 0.0 } else { f64::from(h % 5 + 1) }).collect();
        for profile in [Profile::office(), Profile::from_weights(&weights).unwrap()] {
            let rates = Rates::new(&calendar, &profile, &[], 7.0);
            for (from, to) in [
                (3.0, 9.5),
                (7.2, 7.9),
                (6.0, 8.0),
                (100.0, 171.0),
                (50.0, 8000.0),
                (8755.0, 8760.0),
            ] {
                let window = Window::new(Reachable::new(&rates, &[]), from, to);
                let mass = rates.between(from, to);
                assert!((window.mass() - mass).abs() <= 1e-12 * mass, "{from} {to}");
                for k in 0..1000 {
                    let masses =
                        std::array::from_fn(|i| mass * (f64::from(k) + i as f64 / 8.0) / 1000.0);
                    for (mass, time) in masses.into_iter().zip(window.times_of(&masses)) {
                        let truth = rates.invert(from, mass);
                        let off = rates.between(time.min(truth), time.max(truth));
                        assert!(off <= 1e-10 && time >= from && time <= to, "{from} {to}: {time}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_empty_window_has_no_mass() {
        let start = datetime(2027, 1, 4, 0, 0, 0, 0);
        let calendar = Calendar::new(start, TimeZone::UTC, &[], 100.0).unwrap();
        let rates = Rates::new(&calendar, &Profile::office(), &[], 7.0);
        for (from, to) in [(5.0, 5.0), (9.0, 5.0), (200.0, 300.0)] {
            assert_eq!(Window::new(Reachable::new(&rates, &[]), from, to).mass(), 0.0);
        }
    }
}
