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
use crate::world::fault::Fault;
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

/// Marks a strike that was given, in the number of a clock: no block is ever so late, so no strike
/// that was drawn has the same key.
const GIVEN: u64 = 1 << 42;

#[derive(Debug)]
enum UpTime {
    Poisson { mean: f64 },
    Renewal(Distribution),
}

impl UpTime {
    fn new(distribution: &Distribution) -> UpTime {
        match distribution.is_exponential() {
            Some(mean) => UpTime::Poisson { mean },
            None => UpTime::Renewal(distribution.clone()),
        }
    }
}

/// Where a clock stands in a trial.
#[derive(Debug, Clone)]
pub(super) struct ClockState {
    /// Time of the next strike while running.
    pub(super) next: f64,
    /// Time left when paused (renewal clocks).
    remaining: f64,
    /// Block of the Poisson process, or number of the renewal.
    number: u64,
    /// Strikes drawn in the block.
    within: u64,
    /// It has struck and starts anew when its component is up again.
    has_struck: bool,
    rng: Rng,
}

impl Clock {
    /// The clock of `fault`, unless all its strikes are fixed.
    pub(super) fn new(
        fault: &Fault,
        index: usize,
        component: Component,
        rare: bool,
    ) -> Option<Clock> {
        let distribution = fault.onsets.every.as_ref()?;
        let uncertain = distribution.as_uncertain();
        let distributions =
            uncertain.map_or(std::slice::from_ref(distribution), Uncertain::possible);
        Some(Clock {
            fault: index as u16,
            component,
            source: fault.key,
            up_times: distributions.iter().map(UpTime::new).collect(),
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

    /// Where the clock stands at the start of a trial.
    pub(super) fn start(&self, strikes: Strikes<'_>) -> ClockState {
        let rng = Rng::from_seed([1; 32]);
        let mut state =
            ClockState { next: 0.0, remaining: 0.0, number: 0, within: 0, has_struck: false, rng };
        match (self.up_time(strikes.streams), strikes.given.filter(|_| self.rare)) {
            (UpTime::Poisson { .. }, Some(given)) => self.seek_given(&mut state, given, 0.0),
            (UpTime::Poisson { mean }, None) => {
                self.open_block(&mut state, strikes.streams, 0, *mean);
                self.seek(&mut state, strikes.streams, 0.0, *mean);
            }
            (UpTime::Renewal(distribution), _) => {
                state.next = self.renewal(distribution, strikes.streams, 0)
            }
        }
        state
    }

    /// The clock strikes: the key of the event.
    pub(super) fn strike(&self, state: &mut ClockState) -> EventKey {
        state.has_struck = true;
        // The strikes of a block are few: 20 bits hold them, and block and strike make one number.
        let number = state.number << 20 | state.within;
        EventKey { source: self.source, instance: self.component.instance, number }
    }

    /// The component went down at `now`.
    pub(super) fn pause(&self, state: &mut ClockState, now: f64) {
        state.remaining = state.next - now;
    }

    /// The component is up again at `now`. A clock that has struck starts anew, the others go on.
    pub(super) fn resume(&self, state: &mut ClockState, strikes: Strikes<'_>, now: f64) {
        match self.up_time(strikes.streams) {
            UpTime::Poisson { mean } => {
                if state.next <= now {
                    match strikes.given.filter(|_| self.rare) {
                        Some(given) => self.seek_given(state, given, now),
                        None => self.seek(state, strikes.streams, now, *mean),
                    }
                }
            }
            UpTime::Renewal(distribution) => {
                if state.has_struck {
                    state.number += 1;
                    state.next = now + self.renewal(distribution, strikes.streams, state.number);
                } else {
                    state.next = now + state.remaining;
                }
            }
        }
        state.has_struck = false;
    }

    fn renewal(&self, distribution: &Distribution, streams: &Streams, number: u64) -> f64 {
        let event = EventKey { source: self.source, instance: self.component.instance, number };
        streams.hours(distribution, Purpose::Onset, event)
    }

    /// Moves the clock to the first strike after `now`.
    fn seek(&self, state: &mut ClockState, streams: &Streams, now: f64, mean: f64) {
        let length = mean * STRIKES_PER_BLOCK;
        let mut end = (state.number + 1) as f64 * length;
        if now >= end {
            self.open_block(state, streams, (now / length) as u64, mean);
            end = (state.number + 1) as f64 * length;
        }
        loop {
            let gap = unit_exponential(&mut state.rng);
            state.next += gap * mean;
            state.within += 1;
            if state.next >= end {
                // Memoryless: what reaches beyond the block is drawn anew in the next.
                let block = state.number + 1;
                self.open_block(state, streams, block, mean);
                end = (block + 1) as f64 * length;
            } else if state.next > now {
                return;
            }
        }
    }

    /// Moves the clock to the first given strike after `now`.
    fn seek_given(&self, state: &mut ClockState, given: &[ConditionalStrike], now: f64) {
        let next = given.iter().position(|strike| strike.fault == self.fault && strike.time > now);
        state.number = GIVEN | next.unwrap_or(given.len()) as u64;
        state.next = next.map_or(f64::INFINITY, |index| given[index].time);
    }

    fn open_block(&self, state: &mut ClockState, streams: &Streams, block: u64, mean: f64) {
        let event =
            EventKey { source: self.source, instance: self.component.instance, number: block };
        state.rng = streams.world(Purpose::Onset, event);
        state.number = block;
        state.within = 0;
        state.next = block as f64 * mean * STRIKES_PER_BLOCK;
    }
}
