//! Where a function that is known with noise crosses a level, and how sure that place is.
//!
//! The function is read over common worlds, so its noise is the same at neighbouring places and the
//! estimate is nearly smooth: the regula falsi of Illinois finds its crossing (Dowell and Jarratt
//! 1971, BIT 11), with a halving now and then where the function steps. The interval is that of test
//! inversion: all places at which the interval of the function holds the level, from the last place
//! that is surely on one side to the first that is surely on the other. It covers the true crossing
//! as often as the interval of the function covers its value there, whatever the slope.
//!
//! [`search`] reads as often as it takes: first a scan of the whole range tells on which side the ends
//! are, and whether the function crosses more than once.

use crate::stats::Interval;

/// Places of the scan.
const SCAN: usize = 13;
/// A crossing is known to this part of the range.
const FINE: f64 = 1e-4;

/// What is known of the function at one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The place.
    pub at: f64,
    /// The estimate; none where there is nothing to judge by.
    pub estimate: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
}

impl Reading {
    /// Whether the estimate is at the level or above; what says nothing stands nowhere.
    fn is_above(&self, level: f64) -> Option<bool> {
        Some(self.estimate? >= level)
    }

    /// How far the estimate is above the level.
    fn height(&self, level: f64) -> f64 {
        self.estimate.map_or(f64::NAN, |estimate| estimate - level)
    }

    /// How far the interval keeps clear of the level, above it or below; less than 0 where it holds
    /// the level or lies on the other side.
    fn clearance(&self, level: f64, is_above: bool) -> f64 {
        self.interval.map_or(f64::NAN, |interval| match is_above {
            true => interval.low - level,
            // Below is what is less than the level.
            false => (level - interval.high).next_down(),
        })
    }

    /// On which side the function surely is.
    fn surely_above(&self, level: f64) -> Option<bool> {
        let interval = self.interval?;
        match () {
            () if interval.low >= level => Some(true),
            () if interval.high < level => Some(false),
            () => None,
        }
    }
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The least place.
    pub from: f64,
    /// The greatest place.
    pub to: f64,
    /// Whether only whole numbers are places.
    pub whole: bool,
    /// The place that is assumed: of several crossings the one nearest to it counts.
    pub assumed: f64,
}

impl Range {
    /// Whether places are spread by factors: over more than one power of two, away from 0.
    fn by_factor(&self) -> bool {
        self.from > 0.0 && self.to > 2.0 * self.from
    }

    /// The place so far along the range, 0 to 1.
    fn place(&self, share: f64) -> f64 {
        if share <= 0.0 {
            return self.from;
        }
        if share >= 1.0 {
            return self.to;
        }
        let place = match self.by_factor() {
            true => self.from * libm::pow(self.to / self.from, share),
            false => self.from + share * (self.to - self.from),
        };
        if self.whole { place.round() } else { place }
    }

    /// A whole place that lies between two others, where only whole numbers are places.
    fn inner(&self, place: f64, left: f64, right: f64) -> f64 {
        let is_room = self.whole && right - left >= 2.0;
        if is_room { place.clamp(left + 1.0, right - 1.0) } else { place }
    }

    fn share(&self, place: f64) -> f64 {
        match self.by_factor() {
            true => libm::log(place.max(self.from) / self.from) / libm::log(self.to / self.from),
            false => (place - self.from) / (self.to - self.from),
        }
    }

    /// So many places over the range, both ends among them; fewer where they must be whole.
    pub fn places(&self, count: usize) -> Vec<f64> {
        let last = count.saturating_sub(1).max(1) as f64;
        let mut places: Vec<f64> = (0..count).map(|step| self.place(step as f64 / last)).collect();
        places.dedup();
        places
    }
}

/// A crossing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// The last place known on the side of the level or above, and its neighbour on the other.
    pub inside: f64,
    /// That neighbour.
    pub outside: f64,
    /// Whether the function is above to the right of it.
    pub rising: bool,
    /// The last place below the crossing at which the function is surely on the side that it has
    /// there; none where the range holds no such place.
    pub low: Option<f64>,
    /// The first such place above it.
    pub high: Option<f64>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// The crossing nearest to what is assumed; none where the estimate is on one side throughout.
    pub crossing: Option<Crossing>,
    /// Without a crossing: whether the function is above throughout; none where it says nothing.
    pub above: Option<bool>,
    /// Whether every place of the scan is surely on its side, but for those around one crossing.
    pub settled: bool,
    /// How often the function surely changes sides over the range: more than once, and it is not
    /// monotone.
    pub changes: usize,
    /// Everything that was read, in rising order of places.
    pub readings: Vec<Reading>,
}

/// Looks where the function crosses a level.
///
/// # Errors
/// What reading it fails with.
pub fn search<E>(
    range: Range,
    level: f64,
    read: impl FnMut(f64) -> Result<Reading, E>,
) -> Result<Search, E> {
    let mut known = Known { read, level, range, readings: Vec::new() };
    let scan: Vec<Reading> =
        range.places(SCAN).into_iter().map(|at| known.at(at)).collect::<Result<_, _>>()?;
    let sure: Vec<bool> = scan.iter().filter_map(|one| one.surely_above(level)).collect();
    let changes = sure.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let judged: Vec<Reading> = scan.iter().copied().filter(|one| one.estimate.is_some()).collect();
    let crossings =
        judged.windows(2).filter(|pair| pair[0].is_above(level) != pair[1].is_above(level));
    let far = |pair: &&[Reading]| {
        let middle = (range.share(pair[0].at) + range.share(pair[1].at)) / 2.0;
        (middle - range.share(range.assumed)).abs()
    };
    let nearest = crossings.min_by(|a, b| far(a).total_cmp(&far(b)));
    let crossing = match nearest {
        Some(pair) => Some(known.crossing((pair[0].at, pair[1].at), &scan)?),
        None => None,
    };
    let above = scan.iter().find_map(|one| one.is_above(level));
    let settled = match crossing {
        None => sure.len() == scan.len(),
        Some(_) => changes == 1,
    };
    let mut readings = known.readings;
    readings.sort_by(|a, b| a.at.total_cmp(&b.at));
    Ok(Search { crossing, above: above.filter(|_| crossing.is_none()), settled, changes, readings })
}

/// Where the straight line through two points is 0; their middle where it is nowhere.
fn line(a: (f64, f64), b: (f64, f64)) -> f64 {
    let share = a.1 / (a.1 - b.1);
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 };
    a.0 + share * (b.0 - a.0)
}

/// The function, and what was read of it.
struct Known<F> {
    read: F,
    level: f64,
    range: Range,
    readings: Vec<Reading>,
}

impl<E, F: FnMut(f64) -> Result<Reading, E>> Known<F> {
    fn at(&mut self, place: f64) -> Result<Reading, E> {
        if let Some(known) = self.readings.iter().find(|known| known.at == place) {
            return Ok(*known);
        }
        let reading = (self.read)(place)?;
        self.readings.push(reading);
        Ok(reading)
    }

    fn crossing(&mut self, ends: (f64, f64), scan: &[Reading]) -> Result<Crossing, E> {
        let level = self.level;
        let left_above = self.at(ends.0)?.is_above(level) == Some(true);
        let (left, right) = self.narrow(ends, |one| one.height(level))?;
        let (left, right) = (left.at, right.at);
        let (inside, outside) = if left_above { (left, right) } else { (right, left) };
        // The nearest places of the scan that are surely on the sides of the crossing.
        let surely = |side: bool| move |one: &&Reading| one.surely_above(level) == Some(side);
        let before = scan.iter().rev().filter(|one| one.at <= left).find(surely(left_above));
        let after = scan.iter().filter(|one| one.at >= right).find(surely(!left_above));
        let low = match before.map(|one| one.at) {
            Some(from) => {
                let clear = |one: &Reading| one.clearance(level, left_above);
                Some(self.narrow((from, right), clear)?.0.at)
            }
            None => None,
        };
        let high = match after.map(|one| one.at) {
            Some(to) => {
                let clear = |one: &Reading| one.clearance(level, !left_above);
                Some(self.narrow((left, to), clear)?.1.at)
            }
            None => None,
        };
        Ok(Crossing { inside, outside, rising: !left_above, low, high })
    }

    /// Narrows a stretch until it is fine: `height` is 0 or more at one of its ends, and less at the
    /// other.
    fn narrow(
        &mut self,
        ends: (f64, f64),
        height: impl Fn(&Reading) -> f64,
    ) -> Result<(Reading, Reading), E> {
        /// A step never ends nearer to an end than this part of the stretch.
        const NEAREST: f64 = 0.05;
        /// Of so many steps one halves: a line says little of a function that steps.
        const HALVING: usize = 3;
        let (mut left, mut right) = (self.at(ends.0)?, self.at(ends.1)?);
        let (mut a, mut b) = (height(&left), height(&right));
        let begins_above = a >= 0.0;
        let mut moved = None;
        for step in 1.. {
            let (from, to) = (self.range.share(left.at), self.range.share(right.at));
            let share = if step % HALVING == 0 { 0.5 } else { line((0.0, a), (1.0, b)) };
            let place = from + (to - from) * share.clamp(NEAREST, 1.0 - NEAREST);
            let place = self.range.inner(self.range.place(place), left.at, right.at);
            if !(left.at < place && place < right.at) || (!self.range.whole && to - from <= FINE) {
                break;
            }
            let reading = self.at(place)?;
            let is_left = (height(&reading) >= 0.0) == begins_above;
            // An end that stays twice pulls half as much (Illinois).
            let stays = if moved == Some(is_left) { 0.5 } else { 1.0 };
            moved = Some(is_left);
            if is_left {
                (left, a, b) = (reading, height(&reading), stays * b);
            } else {
                (right, a, b) = (reading, stays * a, height(&reading));
            }
        }
        Ok((left, right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn found(range: Range, level: f64, noise: f64, f: impl Fn(f64) -> f64) -> Search {
        let read = |at: f64| {
            let estimate = f(at);
            let interval = Interval { low: estimate - noise, high: estimate + noise };
            Ok::<_, Infallible>(Reading { at, estimate: Some(estimate), interval: Some(interval) })
        };
        let Ok(search) = search(range, level, read);
        search
    }

    const RANGE: Range = Range { from: 0.1, to: 10.0, whole: false, assumed: 1.0 };

    #[test]
    fn a_falling_line_is_crossed_where_it_must_be_and_its_noise_is_the_interval() {
        // 5 - x at level 3: the crossing is 2; noise of 0.2 leaves 1.8 to 2.2 open.
        let search = found(RANGE, 3.0, 0.2, |x| 5.0 - x);
        let crossing = search.crossing.unwrap();
        assert!((crossing.inside - 2.0).abs() < 1e-3 && crossing.inside <= 2.0);
        assert!((crossing.outside - 2.0).abs() < 1e-3 && crossing.outside > 2.0);
        assert!((crossing.low.unwrap() - 1.8).abs() < 1e-3);
        assert!((crossing.high.unwrap() - 2.2).abs() < 1e-3);
        assert!(!crossing.rising && search.settled && search.changes == 1);
        assert!(search.readings.windows(2).all(|pair| pair[0].at < pair[1].at));
    }

    #[test]
    fn a_function_on_one_side_has_no_crossing() {
        let search = found(RANGE, 3.0, 0.1, |_| 4.0);
        assert_eq!((search.crossing, search.above, search.settled), (None, Some(true), true));
        let search = found(RANGE, 3.0, 0.1, |_| 2.95);
        assert_eq!((search.crossing, search.above, search.settled), (None, Some(false), false));
    }

    #[test]
    fn noise_beyond_the_range_leaves_an_end_open() {
        let search = found(RANGE, 0.0, 3.0, |x| x - 2.0);
        let crossing = search.crossing.unwrap();
        assert!(crossing.rising && (crossing.inside - 2.0).abs() < 2e-3);
        assert_eq!(crossing.low, None);
        assert!((crossing.high.unwrap() - 5.0).abs() < 5e-3);
    }

    #[test]
    fn what_crosses_twice_says_so_and_the_nearest_to_what_is_assumed_counts() {
        let hill = |x: f64| 1.0 - (libm::log(x)).powi(2);
        let range = Range { assumed: 3.0, ..RANGE };
        let search = found(range, 0.0, 0.01, hill);
        assert_eq!(search.changes, 2);
        let e = std::f64::consts::E;
        assert!((search.crossing.unwrap().inside - e).abs() < 1e-2);
        let search = found(Range { assumed: 0.3, ..RANGE }, 0.0, 0.01, hill);
        assert!((search.crossing.unwrap().inside - 1.0 / e).abs() < 1e-2);
    }

    #[test]
    fn whole_places_are_searched_one_by_one() {
        let range = Range { from: 1.0, to: 50.0, whole: true, assumed: 5.0 };
        let crossing = found(range, 17.5, 0.0, |x| x).crossing.unwrap();
        assert_eq!((crossing.outside, crossing.inside), (17.0, 18.0));
        assert_eq!((crossing.low, crossing.high), (Some(17.0), Some(18.0)));
    }
}
