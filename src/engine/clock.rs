//! When a fault source strikes a component.
//!
//! A clock runs only while its component is up. Exponential up times have no memory, so they are
//! drawn as one Poisson process in absolute time and strikes that meet a component already down are
//! passed over: the same law, and two strategies whose downtimes differ still meet the same strikes
//! afterwards. The process is drawn block by block, each block from a stream of its own, so that a
//! long downtime is skipped without drawing what falls into it. All other laws are renewal clocks
//! that pause while the component is down and start anew after its own repair or replacement.

use super::state::Component;
use crate::law::draws::unit_exponential;
use crate::law::{Law, Rng};
use crate::world::fault::{Fault, Onsets};
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
    up_time: UpTime,
}

#[derive(Debug)]
enum UpTime {
    Poisson { mean: f64 },
    Renewal(Law),
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
    pub(super) fn of(fault: &Fault, index: usize, component: Component) -> Option<Clock> {
        let Onsets::Every(law) = &fault.onsets else {
            return None;
        };
        let up_time = match law.is_exponential() {
            Some(mean) => UpTime::Poisson { mean },
            None => UpTime::Renewal(law.clone()),
        };
        Some(Clock { fault: index as u16, component, source: fault.key, up_time })
    }

    /// The hand at the start of a trial.
    pub(super) fn start(&self, streams: &Streams) -> Hand {
        let rng = Rng::from_seed([1; 32]);
        let mut hand = Hand { next: 0.0, left: 0.0, number: 0, within: 0, spent: false, rng };
        match &self.up_time {
            UpTime::Poisson { mean } => {
                self.open_block(&mut hand, streams, 0, *mean);
                self.seek(&mut hand, streams, 0.0, *mean);
            }
            UpTime::Renewal(law) => hand.next = self.renewal(law, streams, 0),
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
    pub(super) fn resume(&self, hand: &mut Hand, streams: &Streams, now: f64) {
        match &self.up_time {
            UpTime::Poisson { mean } => {
                if hand.next <= now {
                    self.seek(hand, streams, now, *mean);
                }
            }
            UpTime::Renewal(law) => {
                if hand.spent {
                    hand.number += 1;
                    hand.next = now + self.renewal(law, streams, hand.number);
                } else {
                    hand.next = now + hand.left;
                }
            }
        }
        hand.spent = false;
    }

    fn renewal(&self, law: &Law, streams: &Streams, number: u64) -> f64 {
        let event = EventKey { source: self.source, path: self.component.path(), number };
        streams.hours(law, Purpose::Onset, event)
    }

    /// Moves the hand to the first strike after `now`.
    fn seek(&self, hand: &mut Hand, streams: &Streams, now: f64, mean: f64) {
        let length = mean * STRIKES_PER_BLOCK;
        let block = (now / length) as u64;
        if block > hand.number {
            self.open_block(hand, streams, block, mean);
        }
        loop {
            let gap = unit_exponential(&mut hand.rng);
            hand.next += gap * mean;
            hand.within += 1;
            if hand.next >= (hand.number + 1) as f64 * length {
                // Memoryless: what reaches beyond the block is drawn anew in the next.
                let block = hand.number + 1;
                self.open_block(hand, streams, block, mean);
            } else if hand.next > now {
                return;
            }
        }
    }

    fn open_block(&self, hand: &mut Hand, streams: &Streams, block: u64, mean: f64) {
        let event = EventKey { source: self.source, path: self.component.path(), number: block };
        hand.rng = streams.world(Purpose::Onset, event);
        hand.number = block;
        hand.within = 0;
        hand.next = block as f64 * mean * STRIKES_PER_BLOCK;
    }
}
