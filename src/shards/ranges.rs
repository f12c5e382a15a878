//! Ranges: how work is divided, and what of it is not there yet.

use std::ops::Range;

/// Shard `number` of `count`, from 1 on, of so many trials or points: all shards together are the whole,
/// and no two of them differ by more than one.
pub fn shard(number: u64, count: u64, whole: u64) -> Range<u64> {
    let bound = |shard: u64| (u128::from(whole) * u128::from(shard) / u128::from(count)) as u64;
    bound(number - 1)..bound(number)
}

/// What of `whole` is in none of the ranges, all of which are within it, in order.
pub fn missing(ranges: &[Range<u64>], whole: Range<u64>) -> Vec<Range<u64>> {
    let mut sorted: Vec<&Range<u64>> = ranges.iter().filter(|range| !range.is_empty()).collect();
    sorted.sort_by_key(|range| range.start);
    let mut missing = Vec::new();
    let mut next = whole.start;
    for range in sorted {
        if range.start > next {
            missing.push(next..range.start);
        }
        next = next.max(range.end);
    }
    if next < whole.end {
        missing.push(next..whole.end);
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_the_whole_run_in_even_pieces() {
        for (count, trials) in [(1, 10), (3, 10), (7, 1_000_003), (10, 4)] {
            let shards: Vec<Range<u64>> = (1..=count).map(|at| shard(at, count, trials)).collect();
            assert_eq!(missing(&shards, 0..trials), []);
            assert_eq!(shards.iter().map(|one| one.end - one.start).sum::<u64>(), trials);
            let sizes = shards.iter().map(|one| one.end - one.start);
            assert!(sizes.clone().max().unwrap() - sizes.min().unwrap() <= 1);
        }
        assert_eq!(shard(2, 3, u64::MAX).start, u64::MAX / 3);
    }

    #[test]
    fn what_is_missing_is_told_in_ranges() {
        assert_eq!(missing(&[], 0..5), std::slice::from_ref(&(0..5)));
        assert_eq!(missing(&[7..9, 2..4, 3..5, 6..6], 0..10), [0..2, 5..7, 9..10]);
        assert_eq!(missing(std::slice::from_ref(&(0..10)), 0..10), []);
        assert_eq!(missing(&[7..9, 4..5], 4..9), std::slice::from_ref(&(5..7)));
    }
}
