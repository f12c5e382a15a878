//! When a fault source strikes a component.
//!
//! A clock runs only while its component is up. Exponential up times have no memory, so they are
//! drawn as one Poisson process in absolute time and strikes that meet a component already down are
//! passed over: the same distribution, and two strategies whose downtimes differ still meet the
//! same strikes afterwards. The process is drawn block by block, each block from a stream of its
//! own, so that a long downtime is skipped without drawing what falls into it. All other
//! distributions are renewal clocks that pause while the component is down and start anew after its
//! own repair or replacement.

use super::topology::Component;
use crate::distribution::draws::unit_exponential;
use crate::distribution::{Distribution, Rng, Uncertain};
use crate::world::fault::{Fault, Onsets};
use crate::world::rare::ConditionalStrike;
use crate::world::streams::{EventKey, Purpose, Streams};
use rand::SeedableRng;

/// Mean strikes in one block of a Poisson process.
const STRIKES_PER_BLOCK: f64 = 8.0;

/// A fault source at one instance of its component.
#[derive(Debug)]
pub(super) struct Clock {
    /// Index of the fault source.
    pub(super) fault: u16,
    /// The instance.
    pub(super) component: Component,
    source: u64,
    /// What up times may be in truth; one, where nothing is uncertain.
    up_times: Vec<UpTime>,
    uncertain: Option<Uncertain>,
    /// Its strikes can be given: it belongs to a rare disaster.
    rare: bool,
}

/// Where strikes come from: the streams of the trial, and the disasters that are given, if any
/// are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strikes<'a> {
    pub(super) streams: &'a Streams,
    pub(super) given: Option<&'a [ConditionalStrike]>,
}

/// Marks a strike that was given, in the number of the hand; no block is ever so late.
const GIVEN: u64 = 1 << 42;

#[derive(Debug)]
enum UpTime {
    Poisson { mean: f64 },
    Renewal(Distribution),
}

impl UpTime {
    fn of(distribution: &Distribution) -> UpTime {
        match distribution.is_exponential() {
            Some(mean) => UpTime::Poisson { mean },
            None => UpTime::Renewal(distribution.clone()),
        }
    }
}

/// Where a clock stands in a trial.
#[derive(Debug, Clone)]
pub(super) struct Hand {
    /// Time of the next strike while running.
    pub(super) next: f64,
    /// Time left when paused (renewal clocks).
    left: f64,
    /// Block of the Poisson process, or number of the renewal.
    number: u64,
    /// Strikes drawn in the block.
    within: u64,
    /// It has struck and starts anew when its component is up again.
    spent: bool,
    rng: Rng,
}

impl Clock {
    /// The clock of `fault`, unless its strikes are fixed.
    pub(super) fn of(
        fault: &Fault,
        index: usize,
        component: Component,
        rare: bool,
    ) -> Option<Clock> {
        let Onsets::Every(distribution) = &fault.onsets else {
            return None;
        };
        let uncertain = distribution.as_uncertain();
        let distributions =
            uncertain.map_or(std::slice::from_ref(distribution), Uncertain::possible);
        Some(Clock {
            fault: index as u16,
            component,
            source: fault.key,
            up_times: distributions.iter().map(UpTime::of).collect(),
            uncertain: uncertain.cloned(),
            rare,
        })
    }

    /// The up times of this trial.
    #[inline]
    fn up_time(&self, streams: &Streams) -> &UpTime {
        let number = self
            .uncertain
            .as_ref()
            .map_or(0, |uncertain| uncertain.number_of(streams.word_of_truth(uncertain.key())));
        &self.up_times[number]
    }

    /// The hand at the start of a trial.
    pub(super) fn start(&self, strikes: Strikes<'_>) -> Hand {
        let rng = Rng::from_seed([1; 32]);
        let mut hand = Hand { next: 0.0, left: 0.0, number: 0, within: 0, spent: false, rng };
        match (self.up_time(strikes.streams), strikes.given.filter(|_| self.rare)) {
            (UpTime::Poisson { .. }, Some(given)) => self.seek_given(&mut hand, given, 0.0),
            (UpTime::Poisson { mean }, None) => {
                self.open_block(&mut hand, strikes.streams, 0, *mean);
                self.seek(&mut hand, strikes.streams, 0.0, *mean);
            }
            (UpTime::Renewal(distribution), _) => {
                hand.next = self.renewal(distribution, strikes.streams, 0)
            }
        }
        hand
    }

    /// The clock strikes: the key of the event.
    pub(super) fn strike(&self, hand: &mut Hand) -> EventKey {
        hand.spent = true;
        let number = hand.number << 20 | hand.within;
        EventKey { source: self.source, path: self.component.path(), number }
    }

    /// The component went down at `now`.
    pub(super) fn pause(&self, hand: &mut Hand, now: f64) {
        hand.left = hand.next - now;
    }

    /// The component is up again at `now`. A clock that has struck starts anew, the others go on.
    pub(super) fn resume(&self, hand: &mut Hand, strikes: Strikes<'_>, now: f64) {
        match self.up_time(strikes.streams) {
            UpTime::Poisson { mean } => {
                if hand.next <= now {
                    match strikes.given.filter(|_| self.rare) {
                        Some(given) => self.seek_given(hand, given, now),
                        None => self.seek(hand, strikes.streams, now, *mean),
                    }
                }
            }
            UpTime::Renewal(distribution) => {
                if hand.spent {
                    hand.number += 1;
                    hand.next = now + self.renewal(distribution, strikes.streams, hand.number);
                } else {
                    hand.next = now + hand.left;
                }
            }
        }
        hand.spent = false;
    }

    fn renewal(&self, distribution: &Distribution, streams: &Streams, number: u64) -> f64 {
        let event = EventKey { source: self.source, path: self.component.path(), number };
        streams.hours(distribution, Purpose::Onset, event)
    }

    /// Moves the hand to the first strike after `now`.
    fn seek(&self, hand: &mut Hand, streams: &Streams, now: f64, mean: f64) {
        let length = mean * STRIKES_PER_BLOCK;
        let mut end = (hand.number + 1) as f64 * length;
        if now >= end {
            self.open_block(hand, streams, (now / length) as u64, mean);
            end = (hand.number + 1) as f64 * length;
        }
        loop {
            let gap = unit_exponential(&mut hand.rng);
            hand.next += gap * mean;
            hand.within += 1;
            if hand.next >= end {
                // Memoryless: what reaches beyond the block is drawn anew in the next.
                let block = hand.number + 1;
                self.open_block(hand, streams, block, mean);
                end = (block + 1) as f64 * length;
            } else if hand.next > now {
                return;
            }
        }
    }

    /// Moves the hand to the first given strike after `now`.
    fn seek_given(&self, hand: &mut Hand, given: &[ConditionalStrike], now: f64) {
        let next = given.iter().position(|strike| strike.fault == self.fault && strike.time > now);
        hand.number = GIVEN | next.unwrap_or(given.len()) as u64;
        hand.next = next.map_or(f64::INFINITY, |index| given[index].time);
    }

    fn open_block(&self, hand: &mut Hand, streams: &Streams, block: u64, mean: f64) {
        let event = EventKey { source: self.source, path: self.component.path(), number: block };
        hand.rng = streams.world(Purpose::Onset, event);
        hand.number = block;
        hand.within = 0;
        hand.next = block as f64 * mean * STRIKES_PER_BLOCK;
    }
}
