//! What a run says of flips and remedies, followed: each value that is told is set, and the whole run is
//! played again on both sides of it.

use super::asked::{Asked, Scale};
use super::flips::Flip;
use super::guess::Guess;
use super::remedies::{Remedy, Step, take};
use super::robustness::robustness;
use super::sample::Assumptions;
use crate::assumptions::Inputs;
use crate::scenario::{Scenario, Spec};
use crate::study::design::Design;
use crate::study::results::{Results, study};
use crate::study::run::Trials;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A scenario with its run.
struct Run {
    spec: Spec,
    scenario: Scenario,
    results: Results,
    seed: u64,
    trials: u64,
}

/// What a flip or a remedy leads to, where it is followed.
struct Followed {
    what: String,
    holds: bool,
}

impl Run {
    fn new(spec: Spec, seed: u64, trials: u64) -> Run {
        let mut spec = spec;
        let scenario = spec.compile().unwrap();
        let results = played(&scenario, seed, trials);
        Run { spec, scenario, results, seed, trials }
    }

    fn name(&self, strategy: Option<usize>) -> &str {
        strategy.map_or("none", |at| &self.scenario.strategies[at].name)
    }

    /// Everything that is said, followed.
    fn followed(&self, scale: Scale) -> Vec<Followed> {
        let Run { spec, scenario, results, seed, .. } = self;
        let asked = Asked { spec, scenario, results, seed: *seed, threads: 2 };
        let never = AtomicBool::new(false);
        let Some(found) = robustness(asked, scale, 0.95, &never).unwrap() else {
            return Vec::new();
        };
        let flips = found.flips.iter().map(|flip| self.flip(&found.inputs, flip));
        flips.chain(found.remedies.iter().map(|remedy| self.remedy(remedy))).collect()
    }

    /// The choice that the estimates of a whole run give at a quantile.
    fn choice_at(
        &self,
        inputs: &Inputs,
        coordinate: usize,
        quantile: f64,
    ) -> (Option<usize>, bool) {
        let mut point = inputs.guesses();
        point[coordinate] = quantile;
        let scenario = inputs.moved(&mut self.spec.clone(), &point, coordinate).unwrap();
        let results = played(&scenario, self.seed, self.trials);
        let spec = &self.spec;
        let asked =
            Asked { spec, scenario: &scenario, results: &results, seed: self.seed, threads: 2 };
        let named = results.decision.strategy.is_some();
        (Guess::of(asked, inputs).outlook.choice(), named)
    }

    fn flip(&self, inputs: &Inputs, flip: &Flip) -> Followed {
        let guess = inputs.guesses()[flip.coordinate];
        let [low, high] = flip.interval;
        let (near, far) = if flip.at < guess { (high, low) } else { (low, high) };
        let input = &inputs.inputs[inputs.members(flip.coordinate).next().unwrap()];
        let said = |quantile: f64| {
            let at = inputs.members(flip.coordinate).next().unwrap();
            format!("{:?}", inputs.value(at, quantile))
        };
        let (there, named) = self.choice_at(inputs, flip.coordinate, far.unwrap_or(flip.at));
        let here = near.map(|near| self.choice_at(inputs, flip.coordinate, near).0);
        let holds = match flip.from {
            // A remedy: a run names it.
            None => named && there == flip.to,
            from => there != from && here.is_none_or(|here| here == from),
        };
        let what = format!(
            "{} at {} ({:?} to {:?}): from {} to {}; played: before {}, beyond {}",
            input.name,
            said(flip.at),
            near.map(said),
            far.map(said),
            self.name(flip.from),
            self.name(flip.to),
            here.map_or("not known", |here| self.name(here)),
            self.name(there),
        );
        Followed { what, holds }
    }

    fn remedy(&self, remedy: &Remedy) -> Followed {
        let mut spec = self.spec.clone();
        for step in &remedy.steps {
            match step {
                Step::Limits(raised) => {
                    for (at, limit) in raised {
                        let name = self.scenario.tolerances[*at].criterion.name();
                        let path = format!("tolerance.{name}.limit");
                        spec.set(&path, crate::keys::Setting::from(*limit)).unwrap();
                    }
                }
                step => take(&self.scenario, &mut spec, step).unwrap(),
            }
        }
        let scenario = spec.compile().unwrap();
        let results = played(&scenario, self.seed, self.trials);
        let strategy = results.decision.strategy;
        let what = format!(
            "{:?}: {}; played: {}",
            remedy.steps,
            self.name(Some(remedy.strategy)),
            self.name(strategy)
        );
        Followed { what, holds: strategy == Some(remedy.strategy) }
    }
}

fn played(scenario: &Scenario, seed: u64, trials: u64) -> Results {
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed, range: 0..trials, threads: 2, design };
    study(scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap()
}

/// Follows all that a run of a scenario says, for a person who compares:
/// `OUTLAST_FOLLOW="scenario.toml;seed;trials;path=value;…"`, without a path the built-in scenario.
#[test]
#[ignore = "plays for minutes, for a person who compares"]
fn all_that_a_run_says_is_followed() {
    let given = std::env::var("OUTLAST_FOLLOW").unwrap_or_else(|_| ";1;10000".to_owned());
    let given: Vec<&str> = given.split(';').collect();
    let mut spec = match given[0] {
        "" => Spec::embedded(),
        path => Spec::parse(&std::fs::read_to_string(path).unwrap(), Path::new(""), path),
    };
    for change in &given[3..] {
        let (path, value) = change.split_once('=').unwrap();
        spec.set(path, crate::keys::Setting::Toml(value.to_owned())).unwrap();
    }
    let run = Run::new(spec, given[1].parse().unwrap(), given[2].parse().unwrap());
    println!("{:?} {}", run.results.decision.reason, run.name(run.results.decision.strategy));
    for followed in run.followed(Scale::RUN) {
        println!("{} {}", if followed.holds { "holds" } else { "FALSE" }, followed.what);
    }
}

/// A crash that people notice late and mend slowly, with a limit on two things.
const SMALL: &str = r#"
name = "Small"
[operations]
staffed = "Mon-Fri 08:00-18:00"
call_out = "15m to 2h"
decision = "0s"
repair_first = "0s"
overtime = "0s"
[organisation]
users = 2000
objects = 4800
[workload.object_changes]
per_hour = 1.6
[[watch]]
name = "somebody notices"
sees = ["*"]
after = "4h to 2d"
[[fault]]
name = "crash"
strikes = "server"
every = { exponential = { mean = "100d" } }
repair = "1h to 10h"
[[fault]]
name = "site"
strikes = "site"
every = { exponential = { mean = "3y" } }
repair = "1d to 10d"
[[strategy]]
name = "Repair"
[[strategy]]
name = "Restart"
annual_cost = 700.0
[strategy.virtual_machine]
restart = "10m to 1h"
[[strategy]]
name = "Standby"
annual_cost = 3000.0
[strategy.staging]
[tolerance]
restore_hours = { limit = 90.0, confidence = 0.9 }
longest_outage_hours = { limit = 200.0, confidence = 0.9 }
"#;

#[test]
fn what_a_run_says_holds_where_it_is_followed() {
    let scale = Scale { points: 128, trials: 8, changes: 8, change_trials: 512 };
    let (mut said, mut wrong) = (0, Vec::new());
    for limit in [40.0, 90.0, 100.0] {
        for seed in 1..=4 {
            let mut spec = Spec::parse(SMALL, Path::new(""), "small");
            let setting = crate::keys::Setting::from(limit);
            spec.set("tolerance.restore_hours.limit", setting).unwrap();
            for one in Run::new(spec, seed, 2000).followed(scale) {
                said += 1;
                if !one.holds {
                    wrong.push(format!("limit {limit}, seed {seed}: {}", one.what));
                }
            }
        }
    }
    // Each end of an interval may be wrong in one case of forty; a remedy never is.
    assert!(said >= 20, "{said}");
    assert!(wrong.len() * 10 <= said, "{} of {said}: {wrong:#?}", wrong.len());
    let remedies = wrong.iter().filter(|one| one.contains("from none") || one.contains("limit 40"));
    assert_eq!(remedies.count(), 0, "{wrong:#?}");
}
