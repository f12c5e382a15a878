//! Random streams of resampling: each replicate has its own, so that threads change nothing.

use crate::distribution::Rng;
use rand::SeedableRng;
use sha2::{Digest, Sha256};

/// A family of streams for one purpose.
#[derive(Debug, Clone)]
pub(super) struct Streams {
    start: Sha256,
}

impl Streams {
    /// The streams under a seed for a purpose in words: all that tells one use from another.
    pub(super) fn new(seed: u64, purpose: &[&str]) -> Streams {
        let mut start = Sha256::new();
        start.update(seed.to_le_bytes());
        for part in purpose {
            start.update((part.len() as u64).to_le_bytes());
            start.update(part.as_bytes());
        }
        Streams { start }
    }

    /// The stream of a replicate.
    pub(super) fn of(&self, replicate: u64) -> Rng {
        let mut hash = self.start.clone();
        hash.update(replicate.to_le_bytes());
        Rng::from_seed(hash.finalize().into())
    }
}

/// Does the work of every index on several threads; the results stand in order.
pub(super) fn each<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let threads = threads.clamp(1, count.max(1));
    if threads == 1 {
        return (0..count).map(work).collect();
    }
    let work = &work;
    std::thread::scope(|scope| {
        // Each thread takes every so-manieth, since cost may drift along the indices.
        let started: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || (first..count).step_by(threads).map(work).collect::<Vec<T>>())
            })
            .collect();
        let mut parts: Vec<_> = started
            .into_iter()
            .map(|thread| match thread.join() {
                Ok(part) => part.into_iter(),
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect();
        (0..count).filter_map(|index| parts[index % threads].next()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng as _;

    #[test]
    fn streams_differ_by_every_part_of_their_key() {
        let first = |seed, purpose: &[&str], replicate| {
            Streams::new(seed, purpose).of(replicate).next_u64()
        };
        let base = first(1, &["recovery", "gamma"], 0);
        for other in [
            first(2, &["recovery", "gamma"], 0),
            first(1, &["recoveryg", "amma"], 0),
            first(1, &["recovery"], 0),
            first(1, &["recovery", "gamma"], 1),
        ] {
            assert_ne!(base, other);
        }
        // A change here changes the numbers of every seed.
        assert_eq!(base, 2_518_160_365_384_680_181);
    }

    #[test]
    fn results_stand_in_order_on_any_number_of_threads() {
        let expected: Vec<usize> = (0..100).map(|k| k * k).collect();
        for threads in [0, 1, 2, 3, 7, 200] {
            assert_eq!(each(100, threads, |k| k * k), expected);
        }
        assert!(each(0, 4, |k| k).is_empty());
    }
}
