//! The only maker of random generators.
//!
//! Every random quantity has a stream of its own, keyed by what it is and never by when or where it
//! is drawn: seed, trial, owner (the world, or a strategy by its name), purpose, and the event that
//! asks for it. So a change of one assumption leaves all other draws in place, every strategy meets
//! the same world, and a trial is the same on any number of threads. The price is one key mix and
//! one seeding for each draw, about ten nanoseconds.
//!
//! The scheme is versioned ([`STREAM_SCHEME`]): changing it changes the numbers of every seed.

use crate::distribution::draws::uniform;
use crate::distribution::{Distribution, Rng};
use rand::{Rng as _, SeedableRng};

/// Version of the way streams are keyed, written to `run.json`. Another number means that the same
/// seed gives other numbers.
pub const STREAM_SCHEME: u32 = 4;

/// What a draw is for. The numbers are part of [`STREAM_SCHEME`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Times between the strikes of a fault source.
    Onset = 1,
    /// Duration of a repair in place.
    Repair = 2,
    /// Does the same event strike the standby as well?
    CommonMode = 3,
    /// Repair of the standby's component after a common-mode strike.
    StandbyRepair = 4,
    /// Delay until monitoring raises the alarm.
    Detection = 5,
    /// Delay from the alarm (or the next staffed hour) to a person at work.
    CallOut = 6,
    /// Time to decide what to do.
    Decision = 7,
    /// Arrivals of writeback requests that raise the alarm.
    Reports = 8,
    /// Password changes in an outage.
    Passwords = 9,
    /// Object changes in an outage.
    Objects = 10,
    /// Writeback requests in an outage.
    Writeback = 11,
    /// Work to clear the delete guard.
    ClearGuard = 12,
    /// Soft-deleted objects purged in a very long outage.
    Purged = 13,
    /// Password changes while the backlog drains.
    PasswordDrain = 14,
    /// Object changes while the backlog drains.
    ObjectDrain = 15,
    /// Arrivals shown by a trace.
    Shown = 16,
    /// Strikes of rare disasters in the years that are given one.
    Disasters = 17,
    /// Which of the distributions that the truth may be is that of the trial.
    Truth = 18,
    /// Is a channel that watches set up and alive?
    WatchWorks = 19,
    /// Hands-on work of the last resort.
    LastResort = 20,
    /// Hands-on work to restore the directory elsewhere.
    RestoreDirectory = 21,
    /// Does a fault come at one of its fixed times?
    DateComes = 22,
    /// Hands-on work that is planned.
    PlannedWork = 23,
    /// Does planned work leave something broken?
    PlannedWrong = 24,
    /// Delay until leavers are switched off in the cloud by hand.
    DisableByHand = 25,
    /// How long people keep to a repair before they turn to a protection.
    RepairFirst = 26,
    /// Does the event take a server too?
    TakesServer = 27,
    /// Is the old server shut out whose place a new one has taken?
    Fenced = 28,
    /// Hands-on work to end a split brain.
    Untangle = 29,
    /// Tries to sign in while nobody can.
    SignIns = 30,
    /// Hands-on work to switch sign-in to password hashes.
    Fallback = 31,
    /// Time of that from another machine.
    FallbackElsewhere = 32,
}

/// The event a draw belongs to: the `number`-th strike of `source` on one instance of
/// its component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EventKey {
    /// Hash of the fault source's name ([`name_key`]), or a constant for an event without one.
    pub source: u64,
    /// Which instance of the component: the number of its path, or of its site for a site and a
    /// link.
    pub instance: u8,
    /// Number of the strike.
    pub number: u64,
}

/// A stable 64-bit key for a name (FNV-1a, then a finaliser), so that neither order nor position
/// matters.
pub fn name_key(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    finish(hash)
}

/// The streams of one trial.
#[derive(Debug, Clone, Copy)]
pub struct Streams {
    lanes: [u64; 2],
}

impl Streams {
    /// The streams of trial number `trial` under `seed`.
    pub fn new(seed: u64, trial: u64) -> Self {
        let start = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344];
        Self { lanes: absorb(absorb(start, seed), trial) }
    }

    /// A stream of the world: the same for every strategy.
    #[inline]
    pub fn world(&self, purpose: Purpose, event: EventKey) -> Rng {
        self.stream(purpose as u64, event)
    }

    /// One draw of `distribution` for `purpose`, from the world.
    #[inline]
    pub fn hours(&self, distribution: &Distribution, purpose: Purpose, event: EventKey) -> f64 {
        match distribution.constant() {
            Some(hours) => hours,
            None => self.truth(distribution).sample(&mut self.world(purpose, event)),
        }
    }

    /// The distribution of this trial, where it is uncertain; itself everywhere else.
    #[inline]
    pub fn truth<'l>(&self, distribution: &'l Distribution) -> &'l Distribution {
        match distribution.as_uncertain() {
            Some(uncertain) => uncertain.chosen(self.word_of_truth(uncertain.key())),
            None => distribution,
        }
    }

    /// The word by which this trial chooses among the distributions with this key.
    // Next to nothing is uncertain: kept out of the way of those who only ask whether it is.
    #[cold]
    pub fn word_of_truth(&self, key: u64) -> u64 {
        let event = EventKey { source: key, ..EventKey::default() };
        self.world(Purpose::Truth, event).next_u64()
    }

    /// True with `probability`, from the world.
    #[inline]
    pub fn chance(&self, probability: f64, purpose: Purpose, event: EventKey) -> bool {
        chance(probability, || self.world(purpose, event))
    }

    /// The stream of `owner_and_purpose` (a hash, or a small number for the world) and `event`.
    #[inline]
    fn stream(&self, owner_and_purpose: u64, event: EventKey) -> Rng {
        let lanes = absorb(self.lanes, owner_and_purpose);
        let lanes = absorb(lanes, event.source ^ u64::from(event.instance).wrapping_mul(GOLDEN));
        let [a, b] = absorb(lanes, event.number);
        // All 256 bits of the seed are filled from 128 mixed ones: a 64-bit seed would make two of
        // 10^9 streams coincide with probability 0.03.
        let words = [finish(a), finish(b ^ GOLDEN), finish(a.rotate_left(32) ^ b), finish(a ^ !b)];
        let mut seed = [0_u8; 32];
        for (bytes, word) in seed.chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Rng::from_seed(seed)
    }
}

/// The draws that a strategy makes for itself: keyed by the strategy's name, so that adding,
/// removing or reordering strategies changes nothing for the others.
#[derive(Debug, Clone, Copy)]
pub struct Draws<'a> {
    streams: &'a Streams,
    owner: u64,
    event: EventKey,
}

impl<'a> Draws<'a> {
    /// Draws of `owner` (the strategy's key mixed with the protection's) for `event`; `attempt`
    /// counts the tries within one outage, each with draws of its own.
    pub fn new(streams: &'a Streams, owner: u64, event: EventKey, attempt: u32) -> Self {
        let owner = owner.wrapping_add(u64::from(attempt).wrapping_mul(GOLDEN));
        Self { streams, owner, event }
    }

    /// A draw of `distribution`; `number` tells this protection's draws apart.
    pub fn hours(&self, distribution: &Distribution, number: u64) -> f64 {
        match distribution.constant() {
            Some(hours) => hours,
            None => self.streams.truth(distribution).sample(&mut self.stream(number)),
        }
    }

    /// True with `probability`.
    pub fn chance(&self, probability: f64, number: u64) -> bool {
        chance(probability, || self.stream(number))
    }

    /// A number uniform on `[0, 1)`.
    pub fn uniform(&self, number: u64) -> f64 {
        uniform(&mut self.stream(number))
    }

    fn stream(&self, number: u64) -> Rng {
        self.streams.stream(self.owner ^ (number << 32), self.event)
    }
}

/// No stream is opened for a certain answer.
#[inline]
fn chance(probability: f64, stream: impl FnOnce() -> Rng) -> bool {
    if probability >= 1.0 {
        true
    } else if probability <= 0.0 {
        false
    } else {
        uniform(&mut stream()) < probability
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Takes one word into both lanes by folded multiplication, as wyhash does: one wide multiplication
/// a lane, and the lanes do not wait for each other.
#[inline]
fn absorb([a, b]: [u64; 2], word: u64) -> [u64; 2] {
    [
        fold(a ^ word, 0xa076_1d64_78bd_642f) ^ GOLDEN,
        fold(b ^ word.rotate_left(32), 0xe703_7ed1_a0b4_28db) ^ word,
    ]
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    (wide >> 64) as u64 ^ wide as u64
}

/// The finaliser of splitmix64 (Steele, Lea and Flood 2014, with Stafford's constants).
#[inline]
fn finish(mut word: u64) -> u64 {
    word = word.wrapping_add(GOLDEN);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn first(seed: u64, trial: u64, purpose: Purpose, event: EventKey) -> u64 {
        Streams::new(seed, trial).world(purpose, event).next_u64()
    }

    #[test]
    fn neighbouring_keys_never_share_a_stream() {
        let mut seen = HashSet::new();
        for seed in 0..4 {
            for trial in 0..32 {
                for purpose in [Purpose::Onset, Purpose::Repair, Purpose::Detection] {
                    for source in 0..4 {
                        for instance in 0..2 {
                            for number in 0..16 {
                                let event = EventKey { source, instance, number };
                                assert!(seen.insert(first(seed, trial, purpose, event)));
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn first_draws_over_trials_and_events_are_uniform_and_uncorrelated() {
        // 64 bins, 65,536 draws along each coordinate of the key: chi-square with 63 degrees of
        // freedom exceeds 113.5 with probability 1e-4.
        let key = |source, number| EventKey { source, instance: 0, number };
        let along: [&dyn Fn(u64) -> u64; 3] = [
            &|k| first(1, k, Purpose::Onset, key(9, 0)),
            &|k| first(1, 7, Purpose::Onset, key(9, k)),
            &|k| first(k, 7, Purpose::Onset, key(9, 3)),
        ];
        for draw in along {
            let values: Vec<u64> = (0..65_536).map(draw).collect();
            let mut bins = [0_f64; 64];
            let mut low_bins = [0_f64; 64];
            for value in &values {
                bins[(value >> 58) as usize] += 1.0;
                low_bins[(value & 63) as usize] += 1.0;
            }
            for bins in [bins, low_bins] {
                let chi_square: f64 = bins.iter().map(|n| (n - 1024.0).powi(2) / 1024.0).sum();
                assert!(chi_square < 113.5, "{chi_square}");
            }
            let units: Vec<f64> = values.iter().map(|v| *v as f64 / 2_f64.powi(64) - 0.5).collect();
            let serial: f64 = units.windows(2).map(|pair| pair[0] * pair[1]).sum();
            let z = serial / (values.len() as f64).sqrt() * 12.0;
            assert!(z.abs() < 4.0, "{z}");
        }
    }

    #[test]
    fn the_scheme_is_pinned() {
        // A change here is a value-breaking change: raise STREAM_SCHEME and say so in the
        // changelog.
        let event = EventKey { source: name_key("server crash"), instance: 1, number: 5 };
        let pinned = (name_key("server crash"), first(1, 0, Purpose::Repair, event));
        assert_eq!(pinned, (4_708_418_012_743_851_055, 6_700_626_647_839_882_607));
    }

    #[test]
    fn a_certain_chance_draws_nothing() {
        let streams = Streams::new(1, 1);
        let event = EventKey::default();
        assert!(streams.chance(1.0, Purpose::CommonMode, event));
        assert!(!streams.chance(0.0, Purpose::CommonMode, event));
    }
}
