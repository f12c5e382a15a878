//! What would make a strategy keep every tolerance where none does: single steps that somebody can
//! decide on, whether or not an assumption about them has a range.
//!
//! Only a step after which a run as long as the one that is asked about says "met" is told
//! ([`Ground::cheapest_that_meets`]), so that whoever follows it reads that. What a step itself costs (people on call, somebody who keeps
//! a script alive) is in no cost here.

use super::asked::Asked;
use super::ground::Ground;
use super::guess::Guess;
use crate::keys::Setting;
use crate::scenario::{Dial, Scenario, Spec, Tolerance};
use crate::study::verdict::Compliance;

/// Steps with which a strategy surely keeps every tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// The steps: one, or several that must be taken together.
    pub steps: Vec<Step>,
    /// The cheapest strategy that then surely keeps every tolerance.
    pub strategy: usize,
    /// What it costs then on average, without the step itself.
    pub cost: f64,
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
    /// People come or notice sooner: this path has so many times the durations that are assumed.
    Sooner(String, f64),
    /// Limits of tolerances are raised to these, each by its place in the scenario.
    Limits(Vec<(usize, f64)>),
}

/// What [`Step::Staff`] sets.
pub const STAFFED: &str = "operations.staffed";
/// What [`Step::Sooner`] scales, beside what notices.
pub const CALL_OUT: &str = "operations.call_out";
const DETECTION: &str = "operations.detection";
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
/// How soon people can come or notice, as a part of what is assumed: the latest that helps is told.
const SOONER: [f64; 5] = [0.75, 0.5, 0.25, 0.1, 0.05];
/// How many raised limits are told: the nearest, and what cheaper strategies would keep.
const MOST_LADDER: usize = 3;
/// How many limits are tried, each the next plain number.
const MOST_LIMITS: usize = 60;

/// The steps that make a strategy keep every tolerance, the cheapest strategy first; nothing where one
/// does already.
pub fn remedies(asked: Asked<'_>, guess: &Guess, trials: u64) -> Vec<Remedy> {
    let scenario = asked.scenario;
    if scenario.tolerances.is_empty() || guess.outlook.choice().is_some() {
        return Vec::new();
    }
    let tried = Ground::new(asked, guess, trials);
    let mut found = Vec::new();
    // One step alone; then two together, and all, until something helps.
    for many in 1..=PLAIN.len() {
        let sets = (1_usize..1 << PLAIN.len()).filter(|set| set.count_ones() as usize == many);
        for set in sets {
            let taken = (0..PLAIN.len()).filter(|at| set >> at & 1 == 1);
            found.extend(tried.steps(taken.map(|at| PLAIN[at].clone()).collect()));
        }
        if many == 1 {
            found.extend(sooner_paths(scenario).into_iter().filter_map(|path| tried.sooner(path)));
        }
        if !found.is_empty() {
            break;
        }
    }
    found.extend(tried.limits());
    found.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    found
}

/// What people may do sooner: come, or notice by any channel that all strategies have.
fn sooner_paths(scenario: &Scenario) -> Vec<String> {
    let is_asked = |key: &str| {
        key == CALL_OUT
            || key == DETECTION
            || (key.starts_with("watch.") && key.ends_with(".after"))
    };
    let all = scenario.assumptions.iter().filter(|one| one.distribution.is_some());
    all.map(|one| one.key.to_string()).filter(|key| is_asked(key)).collect()
}

impl Ground<'_> {
    /// Steps that are played as they are; none where one cannot be taken, or they do not help.
    fn steps(&self, steps: Vec<Step>) -> Option<Remedy> {
        let mut spec = self.asked.spec.clone();
        for step in &steps {
            take(self.asked.scenario, &mut spec, step)?;
        }
        self.remedy(steps, &spec.compile().ok()?)
    }

    fn remedy(&self, steps: Vec<Step>, changed: &Scenario) -> Option<Remedy> {
        let (strategy, cost) = self.cheapest_that_meets(changed)?;
        Some(Remedy { steps, strategy, cost })
    }

    /// The latest that people may come or notice.
    fn sooner(&self, path: String) -> Option<Remedy> {
        let at = |factor: f64| {
            let step = Step::Sooner(path.clone(), factor);
            let mut spec = self.asked.spec.clone();
            take(self.asked.scenario, &mut spec, &step)?;
            Some((step, spec.compile().ok()?))
        };
        // What does not help as soon as can be helps no later.
        let (_, soonest) = at(*SOONER.last()?)?;
        self.cheapest_that_meets(&soonest)?;
        SOONER.into_iter().find_map(|factor| {
            let (step, changed) = at(factor)?;
            self.remedy(vec![step], &changed)
        })
    }

    /// The limits that a strategy would surely keep: of the strategy whose limits are raised by the least
    /// factor, and of cheaper ones whose limits must be raised by more.
    fn limits(&self) -> Vec<Remedy> {
        let scenario = self.asked.scenario;
        let costs = &self.guess.outlook.costs;
        let all = self.guess.outlook.suited().filter_map(|strategy| {
            let lowest = self.lowest(strategy)?;
            let factors = lowest.iter().zip(&scenario.tolerances);
            let most = factors.map(|(low, tolerance)| low / tolerance.limit).fold(1.0, f64::max);
            most.is_finite().then_some((most, strategy, lowest))
        });
        let mut all: Vec<_> = all.collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(costs[a.1].total_cmp(&costs[b.1])));
        let mut found: Vec<Remedy> = Vec::new();
        for (_, strategy, lowest) in all {
            let is_cheaper = found.iter().all(|one| costs[strategy] < one.cost);
            if !is_cheaper || found.len() == MOST_LADDER {
                continue;
            }
            let Some(raised) = self.raised(strategy, &lowest) else { continue };
            let remedy =
                Remedy { steps: vec![Step::Limits(raised)], strategy, cost: costs[strategy] };
            // Limits have few digits: the cheaper one may surely keep the same.
            found.retain(|one| one.steps != remedy.steps);
            found.push(remedy);
        }
        found
    }

    /// The lowest limits that a strategy keeps by the trials of the run, by tolerance.
    fn lowest(&self, strategy: usize) -> Option<Vec<f64>> {
        let Asked { scenario, results, .. } = self.asked;
        let own = &results.summary.strategies[strategy];
        scenario.tolerances.iter().map(|tolerance| own.lowest_limit(tolerance)).collect()
    }

    /// The tolerances whose limits a strategy does not surely keep, with the lowest plain number that it
    /// surely would.
    fn raised(&self, strategy: usize, lowest: &[f64]) -> Option<Vec<(usize, f64)>> {
        let Asked { scenario, results, .. } = self.asked;
        let own = results.verdicts.iter().filter(|verdict| verdict.strategy == strategy);
        let mut raised = Vec::new();
        for (at, verdict) in own.enumerate() {
            if verdict.compliance == Compliance::Met {
                continue;
            }
            let tolerance = scenario.tolerances[at];
            let limits = plain_numbers(lowest[at].max(tolerance.limit));
            let tried: Vec<Tolerance> =
                limits.into_iter().map(|limit| Tolerance { limit, ..tolerance }).collect();
            let met = self.met(scenario, strategy, &tried);
            raised.push((at, tried.iter().zip(met).find(|(_, met)| *met)?.0.limit));
        }
        (!raised.is_empty()).then_some(raised)
    }
}

/// The next numbers above one that have two digits: 51, 52 and so on, or 5100, 5200.
fn plain_numbers(above: f64) -> Vec<f64> {
    let mut numbers = Vec::new();
    let mut last = above;
    while numbers.len() < MOST_LIMITS && last.is_finite() && last > 0.0 {
        let power = libm::floor(libm::log10(last)) as i32 - 1;
        // From whole numbers, so that 0.3 is no 0.30000000000000004.
        let scale = libm::pow(10.0, f64::from(power.abs()));
        let digits = if power < 0 { last * scale } else { last / scale };
        let next = (digits + 1e-9).floor() + 1.0;
        last = if power < 0 { next / scale } else { next * scale };
        numbers.push(last);
    }
    numbers
}

/// Takes a step; none where that is so already, or cannot be.
pub fn take(scenario: &Scenario, spec: &mut Spec, step: &Step) -> Option<()> {
    let assumed = |path: &str| Some(scenario.assumption(path)?.value.clone());
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
            for strategy in 0..scenario.strategies.len() {
                spec.add_watch(strategy, &script);
            }
        }
        Step::Sooner(path, factor) => {
            let dial = Dial::of(spec, path).ok()?;
            dial.set_times(spec, *factor).ok()?;
        }
        Step::Limits(_) => return None,
    }
    Some(())
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
        assert!(staff.strategy == 1, "{remedies:?}");
        assert!(remedies.iter().all(|one| one.steps.len() == 1), "one step is enough");
        let limits = remedies.iter().find_map(|one| match &one.steps[..] {
            [Step::Limits(raised)] => Some(raised.clone()),
            _ => None,
        });
        let [(0, lowest)] = limits.unwrap()[..] else { panic!("one limit is missed") };
        assert!((longest..longest + 4.0).contains(&lowest), "{lowest} {longest}");
    }

    #[test]
    fn plain_numbers_have_two_digits() {
        assert_eq!(plain_numbers(50.6)[..3], [51.0, 52.0, 53.0]);
        assert_eq!(plain_numbers(97.9)[..4], [98.0, 99.0, 100.0, 110.0]);
        assert_eq!(plain_numbers(5_010.0)[..2], [5_100.0, 5_200.0]);
        assert_eq!(plain_numbers(0.24)[..2], [0.25, 0.26]);
        assert!(plain_numbers(0.0).is_empty() && plain_numbers(f64::INFINITY).is_empty());
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
