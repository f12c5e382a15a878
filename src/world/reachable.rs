//! What changes on premises while the directory can be reached.
//!
//! [`Rates`] say what happens at which time of the calendar, the same in every trial. While the
//! directory cannot be reached nobody changes a password or an object, and when that is depends on
//! the trial. So here the [`Rates`] of a workload stand beside the gaps of one trial, and answer the
//! same questions with a rate of 0 in the gaps. Trials without gaps, nearly all, pay one test.

use super::rates::{Rates, Spans};

/// The rates of a workload, 0 in gaps.
#[derive(Debug, Clone, Copy)]
pub struct Reachable<'a> {
    rates: &'a Rates,
    /// In order; they do not overlap.
    gaps: &'a [(f64, f64)],
}

impl<'a> Reachable<'a> {
    /// `rates` with nothing in `gaps`, which are in order and do not overlap.
    #[inline]
    pub fn new(rates: &'a Rates, gaps: &'a [(f64, f64)]) -> Reachable<'a> {
        Reachable { rates, gaps }
    }

    /// Whether no event can happen, gaps or not.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.rates.is_zero()
    }

    /// Expected events from `a` to `b`; 0 if `b` is not after `a`.
    #[inline]
    pub fn between(&self, a: f64, b: f64) -> f64 {
        if self.gaps.is_empty() { self.rates.between(a, b) } else { self.outside_gaps(a, b) }
    }

    #[cold]
    fn outside_gaps(&self, a: f64, b: f64) -> f64 {
        let (mut at, mut mass) = (a, 0.0);
        for (from, to) in self.gaps_from(a) {
            if *from >= b {
                break;
            }
            mass += self.rates.between(at, *from);
            at = *to;
        }
        mass + self.rates.between(at, b)
    }

    /// The spans of constant rate from `a` to `b`, as [`Rates::cells`] gives them.
    #[inline]
    pub fn cells(&self, a: f64, b: f64) -> Spans<'a> {
        self.rates.cells_but(a, b, self.gaps)
    }

    /// The time at or after `from` when `mass` expected events have gone by since `from`, as
    /// [`Rates::invert`] gives it.
    #[inline]
    pub fn invert(&self, from: f64, mass: f64) -> f64 {
        if self.gaps.is_empty() {
            self.rates.invert(from, mass)
        } else {
            self.invert_outside_gaps(from, mass)
        }
    }

    #[cold]
    fn invert_outside_gaps(&self, from: f64, mass: f64) -> f64 {
        let (mut at, mut mass) = (from, mass);
        for (start, end) in self.gaps_from(from) {
            let open = self.rates.between(at, *start);
            if mass < open {
                // Rounding must not carry the answer into the gap.
                return self.rates.invert(at, mass).min(start.next_down());
            }
            (at, mass) = (at.max(*end), mass - open);
        }
        self.rates.invert(at, mass)
    }

    /// The gaps that end after `time`.
    fn gaps_from(&self, time: f64) -> &'a [(f64, f64)] {
        &self.gaps[self.gaps.partition_point(|(_, end)| *end <= time)..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::calendar::Calendar;
    use crate::world::profile::Profile;
    use jiff::civil::datetime;
    use jiff::tz::TimeZone;

    const GAPS: [(f64, f64); 4] = [(3.0, 5.5), (8.0, 8.25), (17.9, 31.0), (31.5, 32.0)];

    fn office() -> Rates {
        let start = datetime(2027, 1, 4, 0, 0, 0, 0);
        let calendar = Calendar::new(start, TimeZone::UTC, &[], 100.0).unwrap();
        Rates::new(&calendar, &Profile::office(), &[], 30.0)
    }

    /// Edges of windows in gaps, at their edges, and between them.
    fn edges() -> impl Iterator<Item = (f64, f64)> {
        let times =
            [0.0, 2.0, 3.0, 4.0, 5.5, 6.0, 8.0, 8.1, 12.0, 17.9, 20.0, 31.0, 31.7, 60.0, 120.0];
        times.into_iter().flat_map(move |a| times.into_iter().map(move |b| (a, b)))
    }

    #[test]
    fn masses_and_spans_are_those_outside_the_gaps() {
        let rates = office();
        let reachable = Reachable::new(&rates, &GAPS);
        for (a, b) in edges() {
            let lost: f64 =
                GAPS.iter().map(|(from, to)| rates.between(from.max(a), to.min(b))).sum();
            let truth = rates.between(a, b) - lost;
            assert!((reachable.between(a, b) - truth).abs() < 1e-9, "{a} {b}");
            let mut at = a;
            let mut mass = 0.0;
            for (start, end, rate) in reachable.cells(a, b) {
                assert!(start == at && end > start, "{a} {b}: {start} {end}");
                let middle = 0.5 * (start + end);
                let in_gap = GAPS.iter().any(|(from, to)| (*from..*to).contains(&middle));
                assert_eq!(rate, if in_gap { 0.0 } else { rates.rate(middle) });
                mass += rate * (end - start);
                at = end;
            }
            assert!((mass - truth).abs() < 1e-9, "{a} {b}");
            assert!(a >= b.min(100.0) || at == b.min(100.0), "{a} {b}");
        }
    }

    #[test]
    fn the_inverse_never_lies_in_a_gap() {
        let rates = office();
        let reachable = Reachable::new(&rates, &GAPS);
        for from in [0.0, 3.0, 4.4, 9.0, 31.0] {
            for k in 0..400 {
                let mass = f64::from(k) * 0.75;
                let time = reachable.invert(from, mass);
                assert!(
                    !GAPS.iter().any(|(a, b)| (*a..*b).contains(&time)),
                    "{from} {mass}: {time}"
                );
                assert!((reachable.between(from, time) - mass).abs() < 1e-9, "{from} {mass}");
            }
            assert_eq!(reachable.invert(from, 1e9), f64::INFINITY);
        }
    }

    #[test]
    fn without_gaps_it_is_the_rates() {
        let rates = office();
        let reachable = Reachable::new(&rates, &[]);
        for (a, b) in edges() {
            assert_eq!(reachable.between(a, b), rates.between(a, b));
            assert!(reachable.cells(a, b).eq(rates.cells(a, b)));
            assert_eq!(reachable.invert(a, b), rates.invert(a, b));
        }
    }
}
