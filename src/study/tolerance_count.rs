//! How often a limit was kept: counted as the trials come, so that it is exact for any number of
//! them.

use super::design::Stratum;
use crate::engine::outage::Outage;
use crate::metric::Metrics;
use crate::scenario::{Criterion, Tolerance};
use crate::stats::stratified::{Share, Successes, share};
use serde::{Deserialize, Serialize};

/// How often one strategy kept one limit in a set of trials.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToleranceCount {
    /// Trials that kept it, where it is a limit per trial.
    trials: u64,
    /// Where it is a limit per outage: over trials, the sums of the outages n and of those within
    /// the limit w, and of n^2, nw and w^2.
    outages: u128,
    within: u128,
    squares: [u128; 3],
}

impl ToleranceCount {
    /// Adds one trial.
    pub fn push(&mut self, tolerance: &Tolerance, metrics: &Metrics, outages: &[Outage]) {
        let (all, within) = judged(tolerance, metrics, outages);
        match tolerance.criterion {
            Criterion::Metric(_) => self.trials += within as u64,
            Criterion::RestoreHours => {
                self.outages += all;
                self.within += within;
                self.squares[0] += all * all;
                self.squares[1] += all * within;
                self.squares[2] += within * within;
            }
        }
    }

    /// Adds the trials of another set.
    pub fn merge(&mut self, other: &ToleranceCount) {
        self.trials += other.trials;
        self.outages += other.outages;
        self.within += other.within;
        for (mine, theirs) in self.squares.iter_mut().zip(other.squares) {
            *mine += theirs;
        }
    }
}

/// What one trial holds against a limit: how many cases it has to judge (itself, or its outages), and
/// how many of them are within.
pub fn judged(tolerance: &Tolerance, metrics: &Metrics, outages: &[Outage]) -> (u128, u128) {
    match tolerance.criterion {
        Criterion::Metric(metric) => (1, u128::from(metrics[metric] <= tolerance.limit)),
        Criterion::RestoreHours => {
            let (mut all, mut within) = (0_u128, 0_u128);
            // Announced and at a chosen hour: no outage that a recovery time objective is about, and
            // a strategy that avoids it must not lose a short outage among those it is judged by.
            for outage in outages.iter().filter(|outage| !outage.is_planned()) {
                let kept = outage.restore_hours() <= tolerance.limit;
                // An outage cut by the horizon within the limit says nothing yet.
                if !(kept && outage.is_open) {
                    all += 1;
                    within += u128::from(kept);
                }
            }
            (all, within)
        }
    }
}

/// The probability that a limit is kept. There is none where there was no outage to judge.
pub fn probability(
    criterion: Criterion,
    strata: &[Stratum<'_, ToleranceCount>],
    confidence: f64,
) -> Option<Share> {
    match criterion {
        Criterion::Metric(_) => {
            let parts: Vec<Successes> = strata
                .iter()
                .map(|stratum| Successes {
                    weight: stratum.weight,
                    successes: stratum.part.trials,
                    count: stratum.trials,
                })
                .collect();
            share(&parts, confidence)
        }
        Criterion::RestoreHours => outage_share(strata, confidence),
    }
}

/// How many cases a trial holds against a limit on average.
pub fn cases(criterion: Criterion, strata: &[Stratum<'_, ToleranceCount>]) -> f64 {
    match criterion {
        Criterion::Metric(_) => 1.0,
        Criterion::RestoreHours => mean(strata, &|count| count.outages),
    }
}

/// A mean over trials.
fn mean(strata: &[Stratum<'_, ToleranceCount>], number: &dyn Fn(&ToleranceCount) -> u128) -> f64 {
    let whole: f64 = strata.iter().map(|stratum| stratum.weight).sum();
    let part = |stratum: &Stratum<'_, ToleranceCount>| {
        stratum.weight / whole * number(stratum.part) as f64 / stratum.trials as f64
    };
    strata.iter().map(part).sum()
}

/// The share of outages within the limit: a ratio of two means over trials, as the outages of a
/// trial are not independent. Its variance is that of the residuals w - R n (Cochran 1977, section
/// 6.4), and the interval Wilson's for as many independent outages as would give the same variance.
fn outage_share(strata: &[Stratum<'_, ToleranceCount>], confidence: f64) -> Option<Share> {
    let whole: f64 = strata.iter().map(|stratum| stratum.weight).sum();
    let outages = mean(strata, &|count| count.outages);
    if outages.is_nan() || outages <= 0.0 {
        return None;
    }
    let none = strata.iter().all(|stratum| stratum.part.within == 0);
    let all = strata.iter().all(|stratum| stratum.part.within == stratum.part.outages);
    if none || all {
        // Nothing varies: as many outages as count alike (Kish).
        let count = |power: i32| -> f64 {
            let part = |stratum: &Stratum<'_, ToleranceCount>| {
                let weight = stratum.weight / whole / stratum.trials as f64;
                weight.powi(power) * stratum.part.outages as f64
            };
            strata.iter().map(part).sum()
        };
        let share = if all { 1.0 } else { 0.0 };
        return Some(Share::new(share, count(1).powi(2) / count(2), confidence));
    }
    let ratio = mean(strata, &|count| count.within) / outages;
    let mut variance = 0.0;
    for Stratum { weight, trials, part: count } in strata {
        let n = *trials as f64;
        let [nn, nw, ww] = count.squares.map(|sum| sum as f64);
        let sum = count.within as f64 - ratio * count.outages as f64;
        let squares = ww - 2.0 * ratio * nw + ratio * ratio * nn;
        let spread = (squares - sum * sum / n).max(0.0) / (n - 1.0).max(1.0);
        variance += (weight / whole).powi(2) * spread / n;
    }
    let effective = ratio * (1.0 - ratio) * outages * outages / variance;
    Some(Share::new(ratio, effective, confidence))
}

#[cfg(test)]
mod tests {
    use crate::metric::Metric;
    use crate::scenario::Scenario;
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    /// An outage of 10 h and planned work of 2 h that goes wrong with a probability, then 7 h of repair:
    /// the outages of a trial on average, the share that keeps 9.5 h, the 10 % point in whole hours, the planned ones.
    fn restore(goes_wrong: f64) -> (f64, f64, f64, u64) {
        let text = format!(
            "name = \"x\"\nhorizon = \"600h\"\n[operations]\ndetection = \"0s\"\ncall_out = \"0s\"\n\
             decision = \"0s\"\nrepair_first = \"0s\"\novertime = \"0s\"\n[sync]\nimport_per_second = 1e12\n\
             sync_per_second = 1e12\n[[planned]]\n\
             name = \"upgrade\"\nat = [\"200h\"]\nwork = \"2h\"\nstops = \"all\"\n\
             full_sync = false\ngoes_wrong = {goes_wrong:?}\nrepair = \"7h\"\n[[fault]]\n\
             name = \"crash\"\nstrikes = \"server\"\nat = [\"100h\"]\nrepair = \"10h\"\n\
             [[strategy]]\nname = \"a\"\n[tolerance]\nrestore_hours = {{ limit = 9.5, confidence = 0.9 }}\n"
        );
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        let trials = Trials { seed: 1, range: 0..20, threads: 1, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
        let strategy = &results.summary.strategies[0];
        let outages = strategy.row(Metric::Outages).unwrap().mean;
        let share = results.verdicts[0].within.unwrap().share;
        (outages, share, strategy.restore.quantile(0.1).unwrap().round(), strategy.planned)
    }

    #[test]
    fn planned_outages_are_no_part_of_the_restore_time() {
        assert_eq!(restore(0.0), (2.0, 0.0, 10.0, 20));
    }

    #[test]
    fn planned_work_that_goes_wrong_is_an_outage_from_its_beginning() {
        assert_eq!(restore(1.0), (2.0, 0.5, 9.0, 0));
    }
}
