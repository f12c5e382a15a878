//! What is known of every strategy at one value of an assumption, and how surely the choice there is
//! what it was.
//!
//! Every number that can change the choice has an estimate and a standard error of its own: the room of
//! each strategy under each tolerance, and what it costs more than the choice. Between two values that
//! were played each of them is taken to be a straight line. The least of them is none: it has a kink
//! where another number becomes the least, and a straight line across that kink crosses 0 where nothing
//! changes.

use super::model::Outlook;

/// How uncertain an outlook is.
#[derive(Debug, Clone, PartialEq)]
pub struct Errors {
    /// By strategy, by tolerance: the standard error of its room.
    pub rooms: Vec<Vec<f64>>,
    /// By strategy: the standard error of its cost less that of the choice; 0 where there is none.
    pub extra: Vec<f64>,
}

impl Errors {
    /// Nothing is uncertain.
    pub fn none(outlook: &Outlook) -> Errors {
        let rooms = outlook.rooms.iter().map(|own| vec![0.0; own.len()]);
        Errors { rooms: rooms.collect(), extra: vec![0.0; outlook.costs.len()] }
    }
}

/// An outlook with its errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The estimates. A strategy that was not played does not suit.
    pub outlook: Outlook,
    /// Their errors.
    pub errors: Errors,
}

impl Known {
    /// Room under every tolerance, that many standard errors from 0.
    fn keeps(&self, strategy: usize, deviate: f64) -> bool {
        let mut rooms = self.outlook.rooms[strategy].iter().zip(&self.errors.rooms[strategy]);
        rooms.all(|(room, error)| room - deviate * error >= 0.0)
    }

    /// No room under a tolerance, by that many standard errors.
    fn breaks(&self, strategy: usize, deviate: f64) -> bool {
        let mut rooms = self.outlook.rooms[strategy].iter().zip(&self.errors.rooms[strategy]);
        rooms.any(|(room, error)| room + deviate * error < 0.0)
    }

    /// What a strategy costs more than the choice, with its error.
    fn extra(&self, strategy: usize, choice: usize) -> (f64, f64) {
        let costs = &self.outlook.costs;
        (costs[strategy] - costs[choice], self.errors.extra[strategy])
    }

    fn rivals(&self, choice: usize) -> impl Iterator<Item = usize> {
        self.outlook.suited().filter(move |&one| one != choice)
    }

    /// Whether `choice` is surely the choice here, by that many standard errors of each number; none
    /// that keeps every tolerance where it is none.
    pub fn is_surely(&self, choice: Option<usize>, deviate: f64) -> bool {
        let Some(choice) = choice else {
            return self.outlook.suited().all(|one| self.breaks(one, deviate));
        };
        let is_behind = |rival: usize| {
            let (extra, error) = self.extra(rival, choice);
            extra - deviate * error > 0.0 || self.breaks(rival, deviate)
        };
        self.keeps(choice, deviate) && self.rivals(choice).all(is_behind)
    }

    /// Whether surely it is not.
    pub fn is_surely_not(&self, choice: Option<usize>, deviate: f64) -> bool {
        let Some(choice) = choice else {
            return self.outlook.suited().any(|one| self.keeps(one, deviate));
        };
        let is_ahead = |rival: usize| {
            let (extra, error) = self.extra(rival, choice);
            extra + deviate * error < 0.0 && self.keeps(rival, deviate)
        };
        self.breaks(choice, deviate) || self.rivals(choice).any(is_ahead)
    }

    /// That of some strategies alone.
    pub fn of(mut self, strategies: &[usize]) -> Known {
        let suits = self.outlook.suits.iter_mut().enumerate();
        suits.for_each(|(at, suits)| *suits &= strategies.contains(&at));
        self
    }

    /// The outlook without a strategy.
    pub fn without(&self, strategy: Option<usize>) -> Outlook {
        let mut outlook = self.outlook.clone();
        if let Some(strategy) = strategy {
            outlook.suits[strategy] = false;
        }
        outlook
    }

    /// So far on the way to another, 0 to 1.
    pub fn towards(&self, other: &Known, share: f64) -> Known {
        let between = |a: &[f64], b: &[f64]| -> Vec<f64> {
            a.iter().zip(b).map(|(a, b)| a + share * (b - a)).collect()
        };
        let all = |a: &[Vec<f64>], b: &[Vec<f64>]| -> Vec<Vec<f64>> {
            a.iter().zip(b).map(|(a, b)| between(a, b)).collect()
        };
        Known {
            outlook: Outlook {
                costs: between(&self.outlook.costs, &other.outlook.costs),
                rooms: all(&self.outlook.rooms, &other.outlook.rooms),
                suits: self.outlook.suits.clone(),
            },
            errors: Errors {
                rooms: all(&self.errors.rooms, &other.errors.rooms),
                extra: between(&self.errors.extra, &other.errors.extra),
            },
        }
    }
}

/// Places between 0 and 1 at which everything is known, and straight lines between them.
#[derive(Debug, Clone)]
pub struct Track {
    /// In rising order: 0 and 1 are among them.
    places: Vec<(f64, Known)>,
}

/// Where a choice ends, and between which places chance leaves that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct End {
    /// Where.
    pub at: f64,
    /// The last place before it at which the choice surely is what it was; none if there is none.
    pub before: Option<f64>,
    /// The first place beyond it at which it surely is not.
    pub beyond: Option<f64>,
}

/// Places that are looked at between two.
const STEPS: usize = 64;
/// How often the distance of two is halved.
const HALVINGS: usize = 40;

impl Track {
    /// From both ends.
    pub fn new(start: Known, end: Known) -> Track {
        Track { places: vec![(0.0, start), (1.0, end)] }
    }

    /// One more place is known.
    pub fn insert(&mut self, at: f64, known: Known) {
        let place = self.places.partition_point(|(other, _)| *other < at);
        match self.places.get_mut(place) {
            Some(same) if same.0 == at => same.1 = known,
            _ => self.places.insert(place, (at, known)),
        }
    }

    /// What is known at a place.
    fn at(&self, place: f64) -> Known {
        let next = self.places.partition_point(|(other, _)| *other < place);
        let next = next.clamp(1, self.places.len() - 1);
        let (from, to) = (&self.places[next - 1], &self.places[next]);
        from.1.towards(&to.1, (place - from.0) / (to.0 - from.0))
    }

    /// The first place on the way from `from` to `to` at which something holds.
    fn first(&self, (from, to): (f64, f64), holds: impl Fn(&Known) -> bool) -> Option<f64> {
        let place = |step: usize| from + (to - from) * step as f64 / STEPS as f64;
        let step = (0..=STEPS).find(|&step| holds(&self.at(place(step))))?;
        if step == 0 {
            return Some(from);
        }
        let (mut without, mut with) = (place(step - 1), place(step));
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(without, with);
            *(if holds(&self.at(middle)) { &mut with } else { &mut without }) = middle;
        }
        Some(with)
    }

    /// The two neighbours that were played between which a choice ends: the last with it, in rising
    /// order, before the first without it.
    pub fn around(&self, choice: Option<usize>) -> Option<(f64, f64)> {
        let without = self.places.iter().position(|(_, known)| known.outlook.choice() != choice)?;
        let with = without.checked_sub(1)?;
        Some((self.places[with].0, self.places[without].0))
    }

    /// Where a choice ends; none where it does not.
    pub fn end(&self, choice: Option<usize>, deviate: f64) -> Option<End> {
        let around = self.around(choice)?;
        let at = self.first(around, |known| known.outlook.choice() != choice)?;
        let before = self.first((at, 0.0), |known| known.is_surely(choice, deviate));
        let beyond = self.first((at, 1.0), |known| known.is_surely_not(choice, deviate));
        Some(End { at, before, beyond })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One strategy with two tolerances.
    fn known(rooms: [f64; 2], error: f64) -> Known {
        let outlook = Outlook { costs: vec![1.0], rooms: vec![rooms.to_vec()], suits: vec![true] };
        let errors = Errors { rooms: vec![vec![error; 2]], ..Errors::none(&outlook) };
        Known { outlook, errors }
    }

    #[test]
    fn a_choice_ends_where_its_own_number_does_and_not_at_the_kink() {
        // The first room is small and stays; the second falls from 0.8 to -0.2. The least of both is
        // 0.01 until 0.79: a line from there to the end would cross 0 at 0.05.
        let course = Track::new(known([0.01, 0.8], 0.002), known([0.01, -0.2], 0.002));
        let end = course.end(Some(0), 2.0).unwrap();
        assert!((end.at - 0.8).abs() < 1e-9, "{end:?}");
        assert!((end.before.unwrap() - 0.796).abs() < 1e-6, "{end:?}");
        assert!((end.beyond.unwrap() - 0.804).abs() < 1e-6, "{end:?}");
        // Chance leaves open whether the first one is kept at all.
        let open = Track::new(known([0.01, 0.8], 0.02), known([0.01, -0.2], 0.02));
        let end = open.end(Some(0), 2.0).unwrap();
        assert!(end.before.is_none() && end.beyond.is_some(), "{end:?}");
        assert!(
            Track::new(known([0.1, 0.8], 0.0), known([0.1, 0.2], 0.0)).end(Some(0), 2.0).is_none()
        );
    }

    #[test]
    fn a_strategy_is_the_choice_as_surely_as_each_of_its_numbers() {
        let outlook = Outlook {
            costs: vec![10.0, 11.0],
            rooms: vec![vec![0.1], vec![0.1]],
            suits: vec![true, true],
        };
        let errors = Errors { extra: vec![0.0, 1.0], ..Errors::none(&outlook) };
        let known = Known { outlook, errors };
        assert!(known.is_surely(Some(0), 0.9) && !known.is_surely(Some(0), 1.1));
        assert!(known.is_surely_not(Some(1), 0.0) && !known.is_surely_not(Some(0), 0.0));
        assert!(known.is_surely_not(None, 2.0) && !known.is_surely(None, 0.0));
        // A rival that is not played is none.
        assert!(known.of(&[0]).is_surely(Some(0), 2.0));
    }
}
