//! Points of the unit cube at which assumptions are tried.
//!
//! The points come in *blocks*. Each block is a Latin hypercube of its own (McKay, Beckman and
//! Conover 1979, "A comparison of three methods for selecting values of input variables",
//! Technometrics 21): in every coordinate each of its equal slices holds one point. The blocks are
//! independent, so what differs from block to block is the error of all of them, and every interval
//! of this room rests on that (replicated Latin hypercubes, Iman 1981).
//!
//! A point follows from the seed and its number alone, so any part of a design can be played
//! anywhere, and a longer design begins with the shorter one. Which slice is whose is a permutation
//! that is computed and not stored: Kensler 2013, "Correlated multi-jittered sampling", Pixar
//! Technical Memo 13-01.

/// Points in a block: a power of two.
pub const BLOCK: u64 = 64;

/// A sequence of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points {
    /// The seed that they follow from.
    pub seed: u64,
    /// Coordinates of each.
    pub dimensions: usize,
}

impl Points {
    /// The coordinates of a point, each strictly between 0 and 1.
    pub fn point(&self, number: u64) -> Vec<f64> {
        (0..self.dimensions).map(|at| self.coordinate(number, at)).collect()
    }

    /// One coordinate of a point.
    pub fn coordinate(&self, number: u64, dimension: usize) -> f64 {
        let (block, place) = (number / BLOCK, number % BLOCK);
        let key = mix(&[self.seed, 1, block, dimension as u64]);
        let slice = permuted(place as u32, BLOCK as u32, key as u32);
        let within = unit(mix(&[self.seed, 2, number, dimension as u64]));
        (f64::from(slice) + within) / BLOCK as f64
    }

    /// Another value for one coordinate of a point, independent of all its coordinates.
    pub fn anew(&self, number: u64, dimension: usize) -> f64 {
        unit(mix(&[self.seed, 3, number, dimension as u64]))
    }
}

/// A number strictly between 0 and 1 for a word.
fn unit(word: u64) -> f64 {
    ((word >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// A word that depends on all of these, each bit on each (the finaliser of SplitMix64: Steele, Lea
/// and Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA).
fn mix(words: &[u64]) -> u64 {
    words.iter().fold(0x243f_6a88_85a3_08d3, |state: u64, &word| {
        let mut next = (state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
        next = (next ^ (next >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        next = (next ^ (next >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        next ^ (next >> 31)
    })
}

/// Where the permutation `key` of 0..length puts `place`.
fn permuted(place: u32, length: u32, key: u32) -> u32 {
    let mask = length.next_power_of_two() - 1;
    let mut at = place;
    loop {
        at = scrambled(at, mask, key);
        if at < length {
            return at.wrapping_add(key) % length;
        }
    }
}

/// Steps of which each can be undone within the bits of the mask.
fn scrambled(mut at: u32, mask: u32, key: u32) -> u32 {
    at ^= key;
    at = at.wrapping_mul(0xe170_893d);
    at ^= key >> 16;
    at ^= (at & mask) >> 4;
    at ^= key >> 8;
    at = at.wrapping_mul(0x0929_eb3f);
    at ^= key >> 23;
    at ^= (at & mask) >> 1;
    at = at.wrapping_mul(1 | key >> 27);
    at = at.wrapping_mul(0x6935_fa69);
    at ^= (at & mask) >> 11;
    at = at.wrapping_mul(0x74dc_b303);
    at ^= (at & mask) >> 2;
    at = at.wrapping_mul(0x9e50_1cc3);
    at ^= (at & mask) >> 2;
    at = at.wrapping_mul(0xc860_a3df);
    at &= mask;
    at ^ (at >> 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_has_one_point_in_every_slice() {
        let points = Points { seed: 3, dimensions: 5 };
        for block in 0..20 {
            for dimension in 0..5 {
                let mut slices: Vec<u64> = (block * BLOCK..(block + 1) * BLOCK)
                    .map(|number| {
                        (points.coordinate(number, dimension) * BLOCK as f64).floor() as u64
                    })
                    .collect();
                slices.sort_unstable();
                assert_eq!(slices, (0..BLOCK).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn coordinates_are_even_and_unrelated() {
        let points = Points { seed: 1, dimensions: 6 };
        let many = 4096;
        let z = |number, dimension| (points.coordinate(number, dimension) - 0.5) * 12_f64.sqrt();
        for a in 0..6 {
            for b in 0..a {
                let product: f64 = (0..many).map(|number| z(number, a) * z(number, b)).sum();
                assert!((product / (many as f64).sqrt()).abs() < 4.0, "{a} and {b}: {product}");
            }
            let anew: f64 = (0..many).map(|n| z(n, a) * (points.anew(n, a) - 0.5)).sum();
            assert!((anew * 12_f64.sqrt() / (many as f64).sqrt()).abs() < 4.0, "{a}");
        }
        assert_ne!(points.point(0), Points { seed: 2, ..points }.point(0));
    }
}
