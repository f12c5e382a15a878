//! Work on several threads, in pools of as many as are asked for and never in a global one.
//!
//! Results come back in the order of their indices, so the number of threads changes the time and
//! nothing else. What threads add up together must be a count or an exact sum: those give the same
//! bits in any order. Where the system has no threads to give, the caller does the work alone.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// A pool of so many threads; none if one is enough, or if the system refuses them.
pub fn pool(threads: usize) -> Option<ThreadPool> {
    (threads > 1).then(|| ThreadPoolBuilder::new().num_threads(threads).build().ok()).flatten()
}

/// Does the work of the indices from 0 to `count`.
pub fn each<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Send + Sync,
) -> Vec<T> {
    each_with(count, threads, || (), |(), index| work(index))
}

/// As [`each`], with memory that a thread takes from one index to the next.
pub fn each_with<M, T: Send>(
    count: usize,
    threads: usize,
    memory: impl Fn() -> M + Send + Sync,
    work: impl Fn(&mut M, usize) -> T + Send + Sync,
) -> Vec<T> {
    let never = AtomicBool::new(false);
    let work = |memory: &mut M, index| work(memory, index as usize);
    each_until(&never, 0..count as u64, threads, memory, work)
}

/// As [`each_with`], until `stop` is set: what comes back then is of no use.
pub fn each_until<M, T: Send>(
    stop: &AtomicBool,
    indices: Range<u64>,
    threads: usize,
    memory: impl Fn() -> M + Send + Sync,
    work: impl Fn(&mut M, u64) -> T + Send + Sync,
) -> Vec<T> {
    let work = |memory: &mut M, index| (!stop.load(Ordering::Relaxed)).then(|| work(memory, index));
    let count = usize::try_from(indices.end.saturating_sub(indices.start)).unwrap_or(usize::MAX);
    match pool(threads.min(count)) {
        Some(pool) => pool.install(|| {
            // `while_some` reserves no memory for all results at once, however many are asked for.
            indices.into_par_iter().map_init(memory, work).while_some().collect()
        }),
        None => {
            let mut memory = memory();
            indices.map_while(|index| work(&mut memory, index)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_order_on_any_number_of_threads() {
        let expected: Vec<usize> = (0..100).map(|k| k * k).collect();
        for threads in [0, 1, 2, 3, 7, 200] {
            assert_eq!(each(100, threads, |k| k * k), expected);
        }
        assert!(each(0, 4, |k| k).is_empty());
    }

    #[test]
    fn work_ends_soon_after_it_is_stopped() {
        for threads in [1, 2, 7] {
            let stop = AtomicBool::new(false);
            let done = each_until(
                &stop,
                0..u64::MAX,
                threads,
                || (),
                |(), index| {
                    stop.fetch_or(index == 50, Ordering::Relaxed);
                },
            );
            assert!(done.len() < 10_000_000, "{threads}: {}", done.len());
        }
    }
}
