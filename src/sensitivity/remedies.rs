//! What would make a strategy keep every tolerance where none does: single steps that somebody can
//! decide on, whether or not an assumption about them has a range.
//!
//! Each step is played over the same worlds as the scenario as it stands, with every strategy. What
//! a step itself costs (people on call, somebody who keeps a script alive) is in no cost here.

use super::asked::Asked;
use super::common::{Course, Measure, Quantity, Worlds};
use super::guess::Guess;
use crate::keys::Setting;
use crate::numeric::normal_deviate;
use crate::scenario::{Dial, Scenario, Spec};
use crate::stats::Interval;
use crate::study::cheapest::cheapest;
use crate::study::crossing::{Reading, approach};

/// Steps with which a strategy keeps every tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// The steps: one, or several that must be taken together.
    pub steps: Vec<Step>,
    /// The cheapest strategy that then keeps every tolerance.
    pub strategy: usize,
    /// What it costs then on average, without the step itself.
    pub cost: f64,
    /// Whether the trials are as sure of it as their confidence asks.
    pub is_sure: bool,
}

/// What is done.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// People work around the clock.
    Staff,
    /// Every try of a protection works.
    Works,
    /// Every strategy gets one more channel by which people learn of an outage: a script that looks at
    /// the last cycle.
    Watch,
    /// People come sooner: at most so many times the call-out that is assumed.
    Sooner(f64),
    /// Limits of tolerances are raised to these, each by its place in the scenario.
    Limits(Vec<(usize, f64)>),
}

/// What [`Step::Staff`] sets.
pub const STAFFED: &str = "operations.staffed";
/// What [`Step::Sooner`] scales.
pub const CALL_OUT: &str = "operations.call_out";
/// When the script of [`Step::Watch`] raises the alarm, and how likely it is alive: judgement, as in the
/// built-in scenario.
pub const SCRIPT_AFTER: &str = "30m to 2h";
pub const SCRIPT_WORKS: f64 = 0.98;
/// What [`Step::Works`] sets to 1.
const TRIES: [&str; 3] = [
    "strategy.*.staging.success",
    "strategy.*.rebuild.success",
    "strategy.*.virtual_machine.capacity",
];
/// Steps that are taken as they are, alone or together.
const PLAIN: [Step; 3] = [Step::Staff, Step::Watch, Step::Works];
/// How soon people can come at the most, as a part of what is assumed.
const SOONEST: f64 = 0.05;
/// Places that are read between what is assumed and that.
const PLACES: usize = 3;

/// The steps that make a strategy keep every tolerance, the cheapest strategy first; nothing where one
/// does already.
pub fn remedies(asked: Asked<'_>, guess: &Guess, trials: u64) -> Vec<Remedy> {
    let Asked { scenario, seed, threads, results, .. } = asked;
    if scenario.tolerances.is_empty() || guess.outlook.choice().is_some() {
        return Vec::new();
    }
    let in_strata = scenario.world.rare.is_some();
    let worlds = Worlds { seed, trials: 0..trials, in_strata, only: Vec::new(), threads };
    let before = worlds.play(scenario);
    let confidence = results.confidence;
    let tried = Tried { asked, guess, worlds, before, confidence };
    let mut found = Vec::new();
    // One step alone; then two together, and all, until something helps.
    for many in 1..=PLAIN.len() {
        let sets = (1_usize..1 << PLAIN.len()).filter(|set| set.count_ones() as usize == many);
        for set in sets {
            let taken = (0..PLAIN.len()).filter(|at| set >> at & 1 == 1);
            found.extend(tried.steps(taken.map(|at| PLAIN[at].clone()).collect()));
        }
        if many == 1 {
            found.extend(tried.sooner());
        }
        if !found.is_empty() {
            break;
        }
    }
    found.extend(tried.limits());
    found.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    found
}

/// What is known before a step is tried.
struct Tried<'a> {
    asked: Asked<'a>,
    guess: &'a Guess,
    worlds: Worlds,
    before: Course,
    confidence: f64,
}

/// What a step leads to.
struct After {
    costs: Vec<f64>,
    /// By strategy: the least room under any tolerance, with its standard error; without end below 0
    /// for one that does not suit the organisation.
    rooms: Vec<(f64, f64)>,
}

impl Tried<'_> {
    /// Steps that are played as they are; none where one cannot be taken, or they do not help.
    fn steps(&self, steps: Vec<Step>) -> Option<Remedy> {
        let mut spec = self.asked.spec.clone();
        for step in &steps {
            self.take(&mut spec, step)?;
        }
        let after = self.after(&spec.compile().ok()?);
        self.remedy(steps, &after)
    }

    /// Takes a step; none where that is so already, or cannot be.
    fn take(&self, spec: &mut Spec, step: &Step) -> Option<()> {
        let assumed = |path: &str| Some(self.asked.scenario.assumption(path)?.value.clone());
        match step {
            Step::Staff => {
                const ALWAYS: &str = "\"24x7\"";
                (*assumed(STAFFED)? != *ALWAYS).then_some(())?;
                spec.set(STAFFED, Setting::Toml(ALWAYS.to_owned())).ok()?;
            }
            Step::Works => {
                let mut any = false;
                for path in TRIES {
                    // A strategy may have no such table.
                    any |= spec.set(path, Setting::Toml("1.0".to_owned())).is_ok_and(|set| set > 0);
                }
                any.then_some(())?;
            }
            Step::Watch => {
                let script = [
                    ("name", Setting::Text("a script of one's own".to_owned())),
                    ("sees", Setting::Toml("[\"*\"]".to_owned())),
                    ("after", Setting::Text(SCRIPT_AFTER.to_owned())),
                    ("works", Setting::from(SCRIPT_WORKS)),
                ];
                for strategy in 0..self.asked.scenario.strategies.len() {
                    spec.add_watch(strategy, &script);
                }
            }
            Step::Sooner(factor) => {
                let dial = Dial::of(spec, CALL_OUT).ok()?;
                dial.set_times(spec, *factor).ok()?;
            }
            Step::Limits(_) => return None,
        }
        Some(())
    }

    fn sooner_by(&self, factor: f64) -> Option<After> {
        let mut spec = self.asked.spec.clone();
        self.take(&mut spec, &Step::Sooner(factor))?;
        Some(self.after(&spec.compile().ok()?))
    }

    fn after(&self, scenario: &Scenario) -> After {
        let course = self.worlds.play(scenario);
        let outlook = course.outlook(&self.before, &self.guess.outlook);
        let trials = self.asked.results.summary.trials;
        let room = |of: usize| {
            if !outlook.suits[of] {
                return (f64::NEG_INFINITY, 0.0);
            }
            let rooms = outlook.rooms[of].iter().copied().enumerate();
            let least = rooms.min_by(|a, b| a.1.total_cmp(&b.1));
            let (at, room) = least.unwrap_or((0, f64::INFINITY));
            let quantity = Quantity { measure: Measure::Room(at), of, less: None };
            (room, course.error(&self.before, trials, quantity))
        };
        After { rooms: (0..outlook.costs.len()).map(room).collect(), costs: outlook.costs }
    }

    /// The cheapest strategy that keeps every tolerance surely; or else by the estimate.
    fn remedy(&self, steps: Vec<Step>, after: &After) -> Option<Remedy> {
        let deviate = normal_deviate(self.confidence);
        let surely = |at: usize| after.rooms[at].0 - deviate * after.rooms[at].1 >= 0.0;
        let sure = cheapest(&after.costs, surely);
        let strategy = sure.or_else(|| cheapest(&after.costs, |at| after.rooms[at].0 >= 0.0))?;
        Some(Remedy { steps, strategy, cost: after.costs[strategy], is_sure: sure.is_some() })
    }

    /// The latest that people may come.
    fn sooner(&self) -> Option<Remedy> {
        let first = self.sooner_by(SOONEST)?;
        let known = self.remedy(vec![Step::Sooner(SOONEST)], &first)?;
        let deviate = normal_deviate(self.confidence);
        // The best room of any strategy: from 0 on one of them keeps every tolerance.
        let reading = |at: f64, after: &After| {
            let best = after.rooms.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0));
            let (room, error) = best.unwrap_or((f64::NAN, f64::NAN));
            let interval = Interval { low: room - deviate * error, high: room + deviate * error };
            Reading { at, estimate: Some(room), interval: Some(interval) }
        };
        let as_it_is = self.after(self.asked.scenario);
        let found = approach((SOONEST, 1.0), 0.0, PLACES, |factor| match factor {
            SOONEST => Ok::<_, ()>(reading(factor, &first)),
            1.0 => Ok(reading(factor, &as_it_is)),
            _ => Ok(reading(factor, &self.sooner_by(factor).ok_or(())?)),
        });
        // Where even the soonest is not sure, its estimate stands.
        let factor = found.ok()?.interval[0].unwrap_or(SOONEST);
        let after = self.sooner_by(factor)?;
        self.remedy(vec![Step::Sooner(factor)], &after).or(Some(known))
    }

    /// The limits that a strategy would keep: of the strategy whose limits are raised by the least
    /// factor.
    fn limits(&self) -> Option<Remedy> {
        let Asked { scenario, results, .. } = self.asked;
        let of = |strategy: usize| {
            let mut raised = Vec::new();
            let mut most = 1.0_f64;
            for (at, tolerance) in scenario.tolerances.iter().enumerate() {
                if self.guess.outlook.rooms[strategy][at] >= 0.0 {
                    continue;
                }
                let lowest = results.summary.strategies[strategy].lowest_limit(tolerance)?;
                most = most.max(lowest / tolerance.limit);
                raised.push((at, lowest));
            }
            (most.is_finite() && !raised.is_empty()).then_some((most, strategy, raised))
        };
        let all = self.guess.outlook.suited().filter_map(of);
        let (_, strategy, raised) = all.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let cost = self.guess.outlook.costs[strategy];
        Some(Remedy { steps: vec![Step::Limits(raised)], strategy, cost, is_sure: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assumptions::Inputs;
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    /// A crash on Saturday that takes ten hours of work, which nobody does before Monday.
    const WEEKEND: &str = r#"
name = "Weekend"
horizon = "400h"
start = "2027-01-04"
[operations]
staffed = "office"
detection = "0s"
call_out = "0s"
decision = "0s"
repair_first = "0s"
[[fault]]
name = "crash"
strikes = "server"
at = ["121h"]
repair = "10h"
[[strategy]]
name = "Dear"
annual_cost = 500.0
[[strategy]]
name = "Cheap"
annual_cost = 100.0
[tolerance]
longest_outage_hours = { limit = 12.0, confidence = 0.95 }
[costs]
labour_hour = 0.0
"#;

    fn found(text: &str) -> (Vec<Remedy>, f64) {
        let mut spec = Spec::parse(text, Path::new(""), "test");
        let scenario = spec.compile().unwrap();
        let trials = Trials { seed: 1, range: 0..400, threads: 2, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
        let asked =
            Asked { spec: &spec, scenario: &scenario, results: &results, seed: 1, threads: 2 };
        let guess = Guess::of(asked, &Inputs::new(&scenario));
        let longest = results.summary.strategies[1].row(crate::metric::Metric::LongestOutageHours);
        (remedies(asked, &guess, 200), longest.unwrap().mean)
    }

    #[test]
    fn people_around_the_clock_make_a_strategy_keep_its_tolerance() {
        let (remedies, longest) = found(WEEKEND);
        assert!(longest > 48.0, "nobody comes before Monday: {longest}");
        let staff = remedies.iter().find(|one| one.steps == [Step::Staff]).unwrap();
        // The cheap one, and nothing of what the longer outage costs.
        assert!(staff.is_sure && staff.strategy == 1, "{remedies:?}");
        assert!(remedies.iter().all(|one| one.steps.len() == 1), "one step is enough");
        let limits = remedies.iter().find_map(|one| match &one.steps[..] {
            [Step::Limits(raised)] => Some(raised.clone()),
            _ => None,
        });
        let [(0, lowest)] = limits.unwrap()[..] else { panic!("one limit is missed") };
        assert!((longest..longest + 4.0).contains(&lowest), "{lowest} {longest}");
    }

    #[test]
    fn where_a_strategy_keeps_its_tolerance_nothing_has_to_change() {
        assert!(found(&WEEKEND.replace("limit = 12.0", "limit = 200.0")).0.is_empty());
    }

    #[test]
    fn a_script_helps_whichever_way_the_other_channels_are_told() {
        let late = WEEKEND.replace("at = [\"121h\"]", "at = [\"10h\"]");
        let text = late.replace("detection = \"0s\"", "detection = \"60h\"");
        let text = text
            .replace("confidence = 0.95", "confidence = 0.8")
            .replace("10h\"\n[[str", "1h\"\n[[str");
        let (remedies, _) = found(&text);
        assert!(remedies.iter().any(|one| one.steps == [Step::Watch]), "{remedies:?}");
    }

    #[test]
    fn what_only_two_steps_together_can_do_is_found() {
        // Nobody hears of the crash for two days, and then nobody works before Monday.
        // A script fails one time in twenty, so less is asked for here.
        let text = WEEKEND.replace("confidence = 0.95", "confidence = 0.8");
        let text = text.replace("detection = \"0s\"\n", "").replace(
            "[[fault]]\n",
            "[[watch]]\nname = \"somebody notices\"\nsees = [\"*\"]\nafter = \"20h\"\n[[fault]]\n",
        );
        let (remedies, _) = found(&text);
        let both = remedies.iter().find(|one| one.steps.len() == 2).unwrap();
        assert_eq!(both.steps, [Step::Staff, Step::Watch]);
    }
}
