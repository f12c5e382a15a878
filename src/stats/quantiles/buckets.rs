//! Counts of a large sample, in buckets by the leading bits of the double.

use super::{Kind, SortedSample};
use crate::stats::bits;
use serde::{Deserialize, Serialize};

/// Leading bits of the mantissa that tell buckets apart.
const MANTISSA_BITS: u32 = 9;
const BUCKETS_PER_EXPONENT: usize = 1 << MANTISSA_BITS;
/// Trailing bits of a double that a bucket does not see.
const UNSEEN_BITS: u32 = 52 - MANTISSA_BITS;

/// Counts of the values other than 0 of a large sample.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Buckets {
    count: u64,
    #[serde(with = "bits::number")]
    min: f64,
    #[serde(with = "bits::number")]
    max: f64,
    positive: Side,
    negative: Side,
}

impl Default for Buckets {
    fn default() -> Self {
        Buckets {
            count: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            positive: Side::default(),
            negative: Side::default(),
        }
    }
}

impl Buckets {
    #[inline]
    pub(super) fn push(&mut self, x: f64) {
        self.count += 1;
        self.min = self.min.min(x);
        self.max = self.max.max(x);
        if x > 0.0 { self.positive.push(x) } else { self.negative.push(-x) }
    }

    pub(super) fn merge(&mut self, other: &Buckets) {
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.positive.merge(&other.positive);
        self.negative.merge(&other.negative);
    }

    /// Representatives and counts in ascending order, zeros and the known extremes in their places.
    pub(super) fn sorted(&self, kind: Kind, zeros: u64) -> SortedSample {
        let mut counts: Vec<(f64, u64)> =
            self.negative.counts(kind).map(|(x, n)| (-x, n)).collect();
        counts.reverse();
        counts.push((0.0, zeros));
        counts.extend(self.positive.counts(kind));
        let (min, max) =
            if zeros == 0 { (self.min, self.max) } else { (self.min.min(0.0), self.max.max(0.0)) };
        let all = self.count + zeros;
        counts.retain(|(_, n)| *n > 0);
        if let Some(first) = counts.first_mut() {
            first.1 -= 1;
        }
        if let Some(last) = counts.last_mut() {
            last.1 = last.1.saturating_sub(1);
        }
        let between: u64 = counts.iter().map(|(_, n)| n).sum();
        let counts = counts.into_iter().map(|(x, n)| (x.clamp(min, max), n));
        let ends = |x, n| std::iter::once((x, n));
        SortedSample::new(ends(min, 1).chain(counts).chain(ends(max, all - 1 - between)))
    }
}

/// Counts by size of the values of one sign: for each power of two from the smallest to the largest
/// in use one chunk of counters, if any value is there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Side {
    /// The exponent of the first chunk.
    first: usize,
    chunks: Vec<Option<Box<Chunk>>>,
}

/// The counters of one power of two. Half the memory is saved by what hardly any counter needs:
/// what goes beyond 32 bits is kept apart.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Chunk {
    low: Counters,
    high: Option<Box<Counters>>,
}

/// One counter for each bucket.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Counters(#[serde(with = "bits::array")] [u32; BUCKETS_PER_EXPONENT]);

impl Counters {
    const ZERO: Counters = Counters([0; BUCKETS_PER_EXPONENT]);
}

impl Chunk {
    const EMPTY: Chunk = Chunk { low: Counters::ZERO, high: None };

    #[inline]
    fn add(&mut self, bucket: usize, count: u32) {
        let (sum, carried) = self.low.0[bucket].overflowing_add(count);
        self.low.0[bucket] = sum;
        if carried {
            self.add_high(bucket, 1);
        }
    }

    #[cold]
    fn add_high(&mut self, bucket: usize, count: u32) {
        self.high.get_or_insert_with(|| Box::new(Counters::ZERO)).0[bucket] += count;
    }

    fn merge(&mut self, other: &Chunk) {
        for (bucket, &count) in other.low.0.iter().enumerate() {
            self.add(bucket, count);
        }
        for (bucket, &count) in other.high.iter().flat_map(|high| high.0.iter().enumerate()) {
            if count > 0 {
                self.add_high(bucket, count);
            }
        }
    }

    fn count(&self, bucket: usize) -> u64 {
        let high = self.high.as_ref().map_or(0, |high| high.0[bucket]);
        u64::from(high) << 32 | u64::from(self.low.0[bucket])
    }
}

impl Side {
    #[inline]
    fn push(&mut self, size: f64) {
        let bucket = (size.to_bits() >> UNSEEN_BITS) as usize;
        self.chunk(bucket >> MANTISSA_BITS).add(bucket % BUCKETS_PER_EXPONENT, 1);
    }

    fn merge(&mut self, other: &Side) {
        for (exponent, theirs) in other.used() {
            self.chunk(exponent).merge(theirs);
        }
    }

    #[inline]
    fn chunk(&mut self, exponent: usize) -> &mut Chunk {
        if exponent < self.first || exponent >= self.first + self.chunks.len() {
            self.reach(exponent);
        }
        self.chunks[exponent - self.first].get_or_insert_with(|| Box::new(Chunk::EMPTY))
    }

    /// Makes room for the chunk of an exponent.
    #[cold]
    fn reach(&mut self, exponent: usize) {
        if self.chunks.is_empty() {
            self.first = exponent;
        }
        if exponent < self.first {
            let more = self.first - exponent;
            self.chunks.splice(..0, std::iter::repeat_with(|| None).take(more));
            self.first = exponent;
        }
        let length = self.chunks.len().max(exponent - self.first + 1);
        self.chunks.resize_with(length, || None);
    }

    /// The chunks in use, each with its exponent, ascending.
    fn used(&self) -> impl Iterator<Item = (usize, &Chunk)> {
        let numbered = (self.first..).zip(&self.chunks);
        numbered.filter_map(|(exponent, chunk)| Some((exponent, chunk.as_deref()?)))
    }

    /// Representative and count of each bucket in use, by ascending size.
    fn counts(&self, kind: Kind) -> impl Iterator<Item = (f64, u64)> {
        self.used().flat_map(move |(exponent, chunk)| {
            let first = exponent << MANTISSA_BITS;
            let counted = (0..BUCKETS_PER_EXPONENT).map(|bucket| (bucket, chunk.count(bucket)));
            let used = counted.filter(|(_, count)| *count > 0);
            used.map(move |(bucket, count)| (representative(first + bucket, kind), count))
        })
    }
}

/// The value that stands for a bucket.
fn representative(bucket: usize, kind: Kind) -> f64 {
    let lower = (bucket as u64) << UNSEEN_BITS;
    // Half a bucket above infinity would be a NaN.
    let middle = if f64::from_bits(lower).is_finite() { 1 << (UNSEEN_BITS - 1) } else { 0 };
    let middle = f64::from_bits(lower + middle);
    match kind {
        Kind::Continuous => middle,
        // Of a bucket that holds just one whole number, that one.
        Kind::Whole => middle.floor().max(f64::from_bits(lower)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Buckets {
        /// Bytes in use on the heap beyond its own.
        pub(in crate::stats::quantiles) fn heap_bytes(&self) -> usize {
            self.positive.heap_bytes() + self.negative.heap_bytes()
        }
    }

    impl Side {
        fn heap_bytes(&self) -> usize {
            let high = |chunk: &Chunk| chunk.high.as_ref().map_or(0, |high| size_of_val(&**high));
            let chunks = self.used().map(|(_, chunk)| size_of::<Chunk>() + high(chunk));
            self.chunks.capacity() * size_of::<Option<Box<Chunk>>>() + chunks.sum::<usize>()
        }
    }
}
