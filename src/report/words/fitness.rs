//! Whether a strategy suits the organisation, in words.

use crate::report::text::{grouped, list, quoted};
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::strategy::fitness::{Fitness, Requirement};
use crate::world::fault::Carrier;
use crate::world::sync::Organisation;

/// What the sentences are about.
pub const TITLE: &str = "which strategies suit the organisation";

/// What a recommendation has to say first: strategies that do not suit it, each with the reasons, and
/// in one line what is not known of those of which it is in question.
pub fn cautions(scenario: &Scenario) -> Vec<String> {
    let organisation = &scenario.world.organisation;
    let strategies = scenario.strategies.iter().enumerate();
    let unfit = strategies.filter(|(_, strategy)| !strategy.suits(organisation));
    let sentence = |(at, strategy): (usize, &Strategy)| {
        let reasons = told(scenario, at, Fitness::Fails);
        let name = quoted(&strategy.name);
        format!("{name} cannot be chosen: it does not suit the organisation. {}", reasons.join(" "))
    };
    unfit.map(sentence).chain(not_checked(scenario)).chain(moved_for_free(scenario)).collect()
}

/// What the scenario does not say of what agents require: a line for all strategies with them.
fn not_checked(scenario: &Scenario) -> Option<String> {
    let organisation = &scenario.world.organisation;
    let suits = |one: &&Strategy| one.carrier() == Carrier::Agents && one.suits(organisation);
    let all: Vec<&Strategy> = scenario.strategies.iter().filter(suits).collect();
    let open = open(all.first()?, organisation);
    let names: Vec<String> = all.iter().map(|one| quoted(&one.name)).collect();
    let were = if names.len() == 1 { "was" } else { "were" };
    (!open.is_empty()).then(|| {
        format!(
            "{} {were} not checked for {}: the scenario does not say.",
            list(&names),
            list(&open)
        )
    })
}

/// A word on strategies whose cost leaves out the move from the present server.
fn moved_for_free(scenario: &Scenario) -> Vec<String> {
    let organisation = &scenario.world.organisation;
    let chosen = scenario.strategies.iter().filter(|strategy| strategy.suits(organisation));
    let free = chosen.filter_map(|strategy| Some((strategy, strategy.uncounted_move()?)));
    let sentence = |(strategy, work): (&Strategy, &str)| {
        let name = quoted(&strategy.name);
        format!(
            "The move from the present server is not in the cost of {name}: {work}, by judgement."
        )
    };
    free.map(sentence).collect()
}

/// What the scenario says too little of to know whether it suits.
fn open(strategy: &Strategy, organisation: &Organisation) -> Vec<String> {
    let open = strategy.fitness(organisation);
    let open = open.filter(|(_, fitness)| *fitness == Fitness::NotChecked);
    open.map(|(what, _)| subject(what).to_owned()).collect()
}

/// What is known and what is not of each strategy of which it is in question; nothing where it is of
/// none.
pub fn all(scenario: &Scenario) -> Vec<String> {
    let mut sentences = Vec::new();
    for (at, strategy) in scenario.strategies.iter().enumerate() {
        let fails = told(scenario, at, Fitness::Fails);
        let suits = fails.is_empty();
        if suits && strategy.carrier() == Carrier::Servers {
            continue;
        }
        let verdict = if suits { "nothing known stands against it" } else { "it does not suit" };
        let mut parts = vec![format!("{}: {verdict}.", quoted(&strategy.name))];
        parts.extend(fails);
        let open = open(strategy, &scenario.world.organisation);
        if !open.is_empty() {
            parts.push(format!("Not checked: {}.", list(&open)));
        }
        sentences.push(parts.join(" "));
    }
    sentences
}

/// The sentences of the requirements of that outcome.
fn told(scenario: &Scenario, strategy: usize, outcome: Fitness) -> Vec<String> {
    let organisation = &scenario.world.organisation;
    let all = scenario.strategies[strategy].fitness(organisation);
    let of_it = all.filter(|(_, fitness)| *fitness == outcome);
    of_it.map(|(what, _)| failure(what, organisation)).collect()
}

/// What a scenario can say of it.
fn subject(requirement: Requirement) -> &'static str {
    match requirement {
        Requirement::LargestDomain => "objects of the largest domain",
        Requirement::LargestGroup => "members of the largest group",
        Requirement::Devices => "devices",
        Requirement::CustomRules => "rules of your own",
        Requirement::MergedForests => "users made up from several forests",
        Requirement::SeparateForests => "separate forests",
    }
}

fn failure(requirement: Requirement, organisation: &Organisation) -> String {
    let number = |stated: Option<u64>| grouped(stated.unwrap_or(organisation.objects));
    match requirement {
        Requirement::LargestDomain => format!(
            "Cloud Sync takes {} objects of a domain, and the largest has {}.",
            grouped(Organisation::MOST_IN_DOMAIN),
            number(organisation.largest_domain)
        ),
        Requirement::LargestGroup => format!(
            "Cloud Sync takes groups of {} members, and the largest has {}.",
            grouped(Organisation::MOST_IN_GROUP),
            number(organisation.largest_group)
        ),
        Requirement::Devices => {
            "Devices are synchronised, and Cloud Sync does that as a preview only.".to_owned()
        }
        Requirement::CustomRules => {
            "There are rules, filters or attributes that Cloud Sync does not offer.".to_owned()
        }
        Requirement::MergedForests => {
            "Users are made up from several forests, and Cloud Sync does not match across them."
                .to_owned()
        }
        Requirement::SeparateForests => {
            "There are forests that do not reach each other, and a sync server has to reach them all."
                .to_owned()
        }
    }
}

/// What the keys are called, for scripts.
pub fn word(requirement: Requirement) -> &'static str {
    match requirement {
        Requirement::LargestDomain => "largest_domain",
        Requirement::LargestGroup => "largest_group",
        Requirement::Devices => "devices",
        Requirement::CustomRules => "custom_rules",
        Requirement::MergedForests => "merged_forests",
        Requirement::SeparateForests => "separate_forests",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn scenario(organisation: &str) -> Scenario {
        let text = format!(
            "name = \"x\"\n[organisation]\nusers = 100\n{organisation}\n[[strategy]]\nname = \"server\"\n\
             [[strategy]]\nname = \"agents\"\n[strategy.cloud_sync]\n"
        );
        Scenario::read(text, Path::new(""), "x").unwrap()
    }

    #[test]
    fn what_is_not_stated_is_not_checked_unless_the_whole_is_small() {
        let small = all(&scenario("objects = 50_000"));
        let expected = "\"agents\": nothing known stands against it. Not checked: devices, rules of your \
                        own and users made up from several forests.";
        assert_eq!(small, [expected]);
        let line = "\"agents\" was not checked for devices, rules of your own and users made up from \
                    several forests: the scenario does not say.";
        let moved = "The move from the present server is not in the cost of \"agents\": some 20 to 60 \
                     hours of work once (`cloud_sync.migration`), by judgement.";
        assert_eq!(cautions(&scenario("objects = 50_000")), [line, moved]);
        let large = all(&scenario("objects = 150_001"));
        assert!(large[0].contains("objects of the largest domain, members of the largest group"));
        let known = "objects = 150_001\nlargest_domain = 150_000\nlargest_group = 50_000\n\
                     devices = false\ncustom_rules = false\nmerged_forests = false";
        assert_eq!(all(&scenario(known)), ["\"agents\": nothing known stands against it."]);
        assert_eq!(cautions(&scenario(known)), [moved]);
    }

    #[test]
    fn each_limit_is_told_and_bars_the_strategy() {
        for (keys, told) in [
            ("objects = 200_000\nlargest_domain = 150_001", "the largest has 150,001"),
            ("objects = 200_000\nlargest_group = 50_001", "the largest has 50,001"),
            ("devices = true", "preview"),
            ("custom_rules = true", "does not offer"),
            ("merged_forests = true", "match across"),
        ] {
            let scenario = scenario(keys);
            let cautions = cautions(&scenario);
            assert!(cautions.len() == 1 && cautions[0].contains(told), "{cautions:?}");
            let suits = |at: usize| scenario.strategies[at].suits(&scenario.world.organisation);
            assert!(suits(0) && !suits(1), "{keys}");
        }
        let separate = scenario("separate_forests = true");
        let cautions = cautions(&separate);
        assert!(cautions[0].contains("\"server\" cannot be chosen"), "{cautions:?}");
    }
}
