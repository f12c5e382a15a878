//! Random draws of resampling: each replicate has a substream, so that threads change nothing.

use crate::distribution::Rng;
use rand::SeedableRng;
use sha2::{Digest, Sha256};

/// The stream of one purpose, parted into a substream for each replicate.
#[derive(Debug, Clone)]
pub(super) struct Substreams {
    start: Sha256,
}

impl Substreams {
    /// The substreams under a seed for a purpose in words: all that tells one use from another.
    pub(super) fn new(seed: u64, purpose: &[&str]) -> Substreams {
        let mut start = Sha256::new();
        start.update(seed.to_le_bytes());
        for part in purpose {
            start.update((part.len() as u64).to_le_bytes());
            start.update(part.as_bytes());
        }
        Substreams { start }
    }

    /// The substream of a replicate.
    pub(super) fn replicate(&self, replicate: u64) -> Rng {
        let mut hash = self.start.clone();
        hash.update(replicate.to_le_bytes());
        Rng::from_seed(hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng as _;

    #[test]
    fn substreams_differ_by_every_part_of_their_key() {
        let first = |seed, purpose: &[&str], replicate| {
            Substreams::new(seed, purpose).replicate(replicate).next_u64()
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
}
