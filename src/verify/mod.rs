//! Exact cases: is this build right, on this machine?
//!
//! Each case is a number that theory or a calculation by hand knows, and what the program makes of it.
//! Most come from trials, and are judged in standard errors; some leave nothing to chance, and must
//! agree up to rounding. The cases together cover every mechanism of the model, and of what is said
//! about its results.
//!
//! With some hundred cases, one of them is three standard errors off in one run of four though nothing
//! is wrong. So the limit for a single case allows for their number (Bonferroni; right however the
//! cases depend on each other), and the sum of squares over independent cases is judged as well
//! (chi-square): it finds many small faults that no single case shows, and standard errors that are
//! too large. Each of the two cries wolf in at most one run of two thousand.

mod case;
mod cases;
mod organisation;

pub use case::Case;

use crate::numeric::{gamma_quantile, normal_quantile};
use crate::scenario::ScenarioError;
use crate::threads::each_until;
use case::Luck;
use std::sync::atomic::AtomicBool;

/// Trials of a set of cases.
const TRIALS: u64 = 20_000;
/// How often each of the two tests may fail a build that is right.
const FALSE_ALARM: f64 = 0.0005;

/// The cases about one part of the model.
#[derive(Debug, Clone)]
pub struct Mechanism {
    /// What part.
    pub name: &'static str,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// All cases, and what they say together.
#[derive(Debug, Clone)]
pub struct Verification {
    /// By part of the model.
    pub mechanisms: Vec<Mechanism>,
    /// How many standard errors a case may be off.
    pub limit: f64,
    /// Squares of the standard errors, summed over independent cases.
    pub squares: f64,
    /// How many cases that sum is of.
    pub independent: u64,
    /// Between which values it must lie.
    pub squares_between: [f64; 2],
    /// The seed of the trials.
    pub seed: u64,
}

impl Verification {
    /// All cases.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.mechanisms.iter().flat_map(|mechanism| &mechanism.cases)
    }

    /// Whether that case is as near to its truth as it must be.
    pub fn holds_for(&self, case: &Case) -> bool {
        case.standard_errors().abs() <= self.limit
    }

    /// Whether the cases together are as near as independent cases of a right build are.
    pub fn holds_together(&self) -> bool {
        let [least, most] = self.squares_between;
        (least..=most).contains(&self.squares)
    }

    /// Whether everything is as it must be.
    pub fn holds(&self) -> bool {
        self.holds_together() && self.cases().all(|case| self.holds_for(case))
    }
}

/// Works all cases; `told` hears of each set of them that is done. Nothing if stopped.
///
/// # Errors
/// A case cannot be read: the build is broken.
pub fn verify(
    seed: u64,
    threads: usize,
    stop: &AtomicBool,
    told: impl Fn() + Sync,
) -> Result<Option<Verification>, ScenarioError> {
    let sets = cases::all();
    let done = each_until(
        stop,
        0..sets.len() as u64,
        threads,
        || (),
        |(), index| {
            let set = &sets[index as usize];
            let luck = Luck { seed, trials: index * TRIALS..(index + 1) * TRIALS };
            let found = (set.work)(&luck).map(|cases| (set.mechanism, cases));
            told();
            found
        },
    );
    if done.len() < sets.len() {
        return Ok(None);
    }
    Ok(Some(judge(seed, done.into_iter().collect::<Result<_, _>>()?)))
}

/// What the cases of all sets say together.
fn judge(seed: u64, sets: Vec<(&'static str, Vec<Case>)>) -> Verification {
    let by_chance = |case: &&Case| case.error.is_some();
    let many = sets.iter().flat_map(|(_, cases)| cases).filter(by_chance).count().max(1);
    // Cases of one set share their trials; its first stands for it.
    let first = sets.iter().filter_map(|(_, cases)| cases.iter().find(by_chance));
    let squares: Vec<f64> = first.map(|case| case.standard_errors().powi(2)).collect();
    let independent = squares.len() as u64;
    let mut mechanisms: Vec<Mechanism> = Vec::new();
    for (name, cases) in sets {
        match mechanisms.iter_mut().find(|mechanism| mechanism.name == name) {
            Some(mechanism) => mechanism.cases.extend(cases),
            None => mechanisms.push(Mechanism { name, cases }),
        }
    }
    Verification {
        mechanisms,
        limit: normal_quantile(1.0 - FALSE_ALARM / (2.0 * many as f64)),
        squares: squares.iter().sum(),
        independent,
        squares_between: [0.5 * FALSE_ALARM, 1.0 - 0.5 * FALSE_ALARM]
            .map(|p| chi_square_quantile(independent, p)),
        seed,
    }
}

/// The quantile of chi-square with so many degrees of freedom.
fn chi_square_quantile(degrees: u64, p: f64) -> f64 {
    2.0 * gamma_quantile(0.5 * degrees as f64, p)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn verified(seed: u64, threads: usize) -> Verification {
        verify(seed, threads, &AtomicBool::new(false), || ()).unwrap().unwrap()
    }

    #[test]
    fn this_build_holds_and_says_each_case_once() {
        let found = verified(1, 2);
        let wrong: Vec<&Case> = found.cases().filter(|case| !found.holds_for(case)).collect();
        assert!(found.holds(), "{wrong:?} {} {:?}", found.squares, found.squares_between);
        let names: BTreeSet<&str> = found.cases().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), found.cases().count());
        assert!(names.len() >= 60 && found.mechanisms.len() >= 8);
        // Any number of threads finds the same.
        let alone = verified(1, 1);
        assert!(found.cases().eq(alone.cases()));
    }

    #[test]
    fn a_stop_leaves_no_verdict() {
        assert!(verify(1, 2, &AtomicBool::new(true), || ()).unwrap().is_none());
    }

    /// Sets of one case each, at these distances from a truth of 0.
    fn judged(distances: impl IntoIterator<Item = f64>) -> Verification {
        let case = |(at, estimate): (usize, f64)| {
            let error = Some(1.0);
            ("all", vec![Case { name: at.to_string(), source: "", truth: 0.0, estimate, error }])
        };
        judge(1, distances.into_iter().enumerate().map(case).collect())
    }

    #[test]
    fn one_case_that_is_far_off_or_many_that_are_a_little_do_not_hold() {
        // Normal quantiles of even steps are as far off as they should be.
        let right = || (0..60).map(|at| normal_quantile((f64::from(at) + 0.5) / 60.0));
        assert!(judged(right()).holds());
        assert!(!judged(right().skip(1).chain([4.8])).holds());
        let shifted = judged(right().map(|off| off + 1.2));
        assert!(!shifted.holds_together() && shifted.cases().all(|case| shifted.holds_for(case)));
        // Standard errors that are twice what they should be.
        assert!(!judged(right().map(|off| 0.5 * off)).holds_together());
        assert!(!judged(right().skip(1).chain([f64::NAN])).holds());
    }
}
