//! What the losses of sign-in of a strategy came from.

use super::design::{Stratum, per_trial};
use super::partial::{SignInGroup, StrategyPartial};
use crate::engine::Engine;
use crate::engine::outage::Cause;

/// One row of `sign_in.csv`: the losses of sign-in of a strategy with one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct SignInRow {
    /// The strategy's name.
    pub strategy: String,
    /// The fault that struck last of those that kept agents down when they began.
    pub fault: String,
    /// How many there are in so many trials drawn as they come.
    pub losses: u64,
    /// How many there are in a trial on average.
    pub per_trial: f64,
    /// From the beginning to the end of one, hours on average.
    pub hours_mean: f64,
    /// Hours without sign-in in a trial on average.
    pub hours: f64,
    /// Hours for which users are locked out in a trial on average, over all of them.
    pub user_hours: f64,
    /// Their part of the strategy's; absent where there are none.
    pub share: Option<f64>,
}

/// The rows of a strategy, those first in which most users are locked out longest.
pub(super) fn rows(engine: &Engine<'_>, strata: &[Stratum<'_, StrategyPartial>]) -> Vec<SignInRow> {
    let trials: u64 = strata.iter().map(|stratum| stratum.trials).sum();
    let groups = strata.iter().flat_map(|stratum| &stratum.part.sign_in);
    let mut causes: Vec<Cause> = groups.map(|group| group.cause).collect();
    causes.sort_unstable();
    causes.dedup();
    let row = |cause: Cause| {
        let sum = |of: &dyn Fn(&SignInGroup) -> f64| {
            per_trial(strata, |part| part.sign_in_of(cause).map_or(0.0, of))
        };
        let per_trial = sum(&|group| group.hours.count() as f64);
        let hours = sum(&|group| group.hours.sum());
        SignInRow {
            strategy: engine.strategy().name.clone(),
            fault: engine.cause_name(cause).to_owned(),
            // A stratum that is drawn more often than it comes about counts for the less.
            losses: (per_trial * trials as f64).round() as u64,
            per_trial,
            hours_mean: hours / per_trial,
            hours,
            user_hours: sum(&|group| group.user_hours.value()),
            share: None,
        }
    };
    let mut rows: Vec<SignInRow> = causes.into_iter().map(row).collect();
    let whole: f64 = rows.iter().map(|row| row.user_hours).sum();
    for row in &mut rows {
        row.share = (whole > 0.0).then(|| row.user_hours / whole);
    }
    rows.sort_by(|a, b| b.user_hours.total_cmp(&a.user_hours).then_with(|| a.fault.cmp(&b.fault)));
    rows
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn losses_are_told_by_the_fault_that_struck_last_of_those_behind_them() {
        // A thousand users outside, who need to sign in once an hour: locked out for h - 1 + e^-h hours of h.
        // The second agent is lost from 100 to 130 and the first from 110 to 120, so that nobody signs in for
        // 10 h, by the fault of the first. The directory is lost from 200 to 202.
        let fault = |name: &str, strikes: &str, at: u32, hours: u32, more: &str| {
            format!(
                "[[fault]]\nname = \"{name}\"\nstrikes = \"{strikes}\"\nat = [\"{at}h\"]\nrepair = \"{hours}h\"\n\
                 common_mode = 0.0\nrepair_covers = \"outage\"\n{more}\n"
            )
        };
        let text = [
            "name = \"x\"\nhorizon = \"400h\"\n[organisation]\nusers = 1000\nobjects = 2000\n\
             sign_in = \"pass-through\"\n[pass_through]\nagents = [\"same\", \"other\"]\noutside = 1.0\n\
             fallback = \"never\"\nprofile = \"flat\"\nper_user_year = 8760.0\n",
            &fault("second agent", "host", 100, 30, "only = \"sign-in\""),
            &fault("server", "host", 110, 10, ""),
            &fault("controllers", "directory", 200, 2, ""),
            "[[strategy]]\nname = \"it\"\n",
        ]
        .concat();
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        let trials = Trials { seed: 1, range: 0..5, threads: 1, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
        let rows = &results.summary.strategies[0].sign_in;
        let locked_out = |hours: f64| 1_000.0 * (hours - 1.0 + (-hours).exp());
        let expected = [("server", 10.0), ("controllers", 2.0)];
        assert_eq!(rows.len(), 2, "{rows:?}");
        for (row, (fault, hours)) in rows.iter().zip(expected) {
            assert_eq!((&*row.fault, row.losses, row.per_trial), (fault, 5, 1.0));
            assert!((row.hours_mean - hours).abs() < 1e-9 && (row.hours - hours).abs() < 1e-9);
            assert!((row.user_hours - locked_out(hours)).abs() < 1e-6, "{row:?}");
            let share = locked_out(hours) / (locked_out(10.0) + locked_out(2.0));
            assert!((row.share.unwrap() - share).abs() < 1e-12);
        }
    }
}
