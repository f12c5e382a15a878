//! Whether a strategy suits the organisation, in words.

use crate::report::text::{grouped, list, quoted};
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::strategy::fitness::{Fitness, Requirement};
use crate::study::results::Results;
use crate::study::verdict::{Compliance, Verdict};
use crate::world::sync::Organisation;

/// What the sentences are about.
pub const TITLE: &str = "which strategies suit the organisation";

/// What a recommendation says of strategies that do not suit the organisation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Of those that the choice would fall on otherwise, and of a choice that nobody checked: before all
    /// reasons.
    pub first: Vec<String>,
    /// Of all others: after the reasons, and shorter.
    pub last: Vec<String>,
}

/// Says it of the results of a run.
pub fn said(scenario: &Scenario, results: &Results) -> Said {
    let chosen = results.decision.strategy;
    let mut said = Said::default();
    for at in unfit(scenario) {
        if would_be_chosen(results, at) {
            said.first.push(barred(scenario, at));
        } else {
            said.last.push(barred_briefly(scenario, at));
        }
    }
    let is_choice = |at: usize| scenario.strategies[at].is_in_question();
    let place = if chosen.is_none_or(is_choice) { &mut said.first } else { &mut said.last };
    place.extend(not_checked(scenario));
    said
}

/// That strategies are in tables and cannot be chosen; none where all suit.
pub fn never_chosen(scenario: &Scenario) -> Option<String> {
    let names = unfit_names(scenario);
    let one = names.len() == 1;
    let (does, is) = if one { ("does", "is") } else { ("do", "are") };
    (!names.is_empty()).then(|| {
        format!("{} {does} not suit the organisation, and {is} never the choice.", list(&names))
    })
}

/// Why the line of the chart of cost against risk leaves strategies out; nothing where all suit.
pub fn off_the_line(scenario: &Scenario) -> String {
    let names = unfit_names(scenario);
    match names.as_slice() {
        [] => String::new(),
        [one] => format!(" The line leaves out {one}, which does not suit the organisation."),
        _ => format!(" The line leaves out {}, which do not suit the organisation.", list(&names)),
    }
}

/// Places of the strategies that do not suit.
fn unfit(scenario: &Scenario) -> impl Iterator<Item = usize> {
    (0..scenario.strategies.len()).filter(|&at| !scenario.suits(at))
}

/// Their names, in quotes.
fn unfit_names(scenario: &Scenario) -> Vec<String> {
    unfit(scenario).map(|at| quoted(&scenario.strategies[at].name)).collect()
}

/// Whether a strategy that does not suit could be the choice if it did: it is not known to miss a
/// tolerance, and costs less than what is chosen, if anything is.
fn would_be_chosen(results: &Results, strategy: usize) -> bool {
    let costs = &results.decision.costs;
    let own = |one: &&Verdict| one.strategy == strategy;
    let mut verdicts = results.verdicts.iter().filter(own);
    verdicts.all(|one| one.compliance != Compliance::Missed)
        && results.decision.strategy.is_none_or(|chosen| costs[strategy] < costs[chosen])
}

/// That a strategy cannot be chosen, why, and what would have to be otherwise.
fn barred(scenario: &Scenario, at: usize) -> String {
    let name = quoted(&scenario.strategies[at].name);
    let reasons = told(scenario, at, failure).join(" ");
    let remedy = remedy(scenario, at);
    format!("{name} cannot be chosen: it does not suit the organisation. {reasons} {remedy}")
}

/// That a strategy cannot be chosen, and why.
fn barred_briefly(scenario: &Scenario, at: usize) -> String {
    let name = quoted(&scenario.strategies[at].name);
    format!("{name} does not suit the organisation. {}", told(scenario, at, failure).join(" "))
}

/// What the scenario does not say of what strategies require: a line for all of which it is the same.
fn not_checked(scenario: &Scenario) -> Vec<String> {
    let organisation = &scenario.world.organisation;
    let mut all: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    let suits = |one: &&Strategy| one.is_in_question() && one.suits(organisation);
    for strategy in scenario.strategies.iter().filter(suits) {
        let (open, name) = (open(strategy, organisation), quoted(&strategy.name));
        match all.iter_mut().find(|(known, _)| *known == open) {
            Some((_, names)) => names.push(name),
            None => all.push((open, vec![name])),
        }
    }
    all.retain(|(open, _)| !open.is_empty());
    let line = |(open, names): (Vec<String>, Vec<String>)| {
        let were = if names.len() == 1 { "was" } else { "were" };
        format!(
            "{} {were} not checked for {}: the scenario does not say.",
            list(&names),
            list(&open)
        )
    };
    all.into_iter().map(line).collect()
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
        let fails = told(scenario, at, failure);
        let suits = fails.is_empty();
        if suits && !strategy.is_in_question() {
            continue;
        }
        let verdict = if suits { "nothing known stands against it" } else { "it does not suit" };
        let mut parts = vec![format!("{}: {verdict}.", quoted(&strategy.name))];
        if !suits {
            parts.extend(fails);
            parts.push(remedy(scenario, at));
        }
        let open = open(strategy, &scenario.world.organisation);
        if !open.is_empty() {
            parts.push(format!("Not checked: {}.", list(&open)));
        }
        sentences.push(parts.join(" "));
    }
    sentences
}

/// What `say` says of each requirement that a strategy does not meet.
fn told(
    scenario: &Scenario,
    strategy: usize,
    say: impl Fn(Requirement, &Organisation) -> String,
) -> Vec<String> {
    let organisation = &scenario.world.organisation;
    let all = scenario.strategies[strategy].fitness(organisation);
    let fails = all.filter(|(_, fitness)| *fitness == Fitness::Fails);
    fails.map(|(what, _)| say(what, organisation)).collect()
}

/// What would have to be otherwise for a strategy to suit that does not.
fn remedy(scenario: &Scenario, strategy: usize) -> String {
    let conditions = told(scenario, strategy, |what, _| condition(what));
    format!("It would suit if {}.", list(&conditions))
}

/// What has to be so for a requirement to be met, with the keys that say it.
fn condition(requirement: Requirement) -> String {
    let most_in_domain = grouped(Organisation::MOST_IN_DOMAIN);
    let most_in_group = grouped(Organisation::MOST_IN_GROUP);
    match requirement {
        Requirement::LargestDomain => format!(
            "no domain had more than {most_in_domain} objects (`organisation.largest_domain`)"
        ),
        Requirement::LargestGroup => {
            format!("no group had more than {most_in_group} members (`organisation.largest_group`)")
        }
        Requirement::Devices => "no device were synchronised (`organisation.devices = false`, \
             `workload.object_changes.devices_per_hour = 0`)"
            .to_owned(),
        Requirement::CustomRules => {
            "the rules were those that it offers (`organisation.custom_rules = false`)".to_owned()
        }
        Requirement::MergedForests => {
            "each user had one account (`organisation.merged_forests = false`)".to_owned()
        }
        Requirement::MergedAttributes => {
            "the attributes of an object came from one domain (`organisation.merged_attributes = false`)"
                .to_owned()
        }
        Requirement::CrossForestReferences => {
            "no object referred to another forest (`organisation.cross_forest_references = false`)"
                .to_owned()
        }
        Requirement::Reconciliation => {
            "nothing relied on reconciliation (`organisation.reconciliation = false`)".to_owned()
        }
        Requirement::KeyTrust => "Windows Hello for Business worked by cloud Kerberos trust \
             (`organisation.key_trust = false`)"
            .to_owned(),
        Requirement::PasswordsOnPremises => "the cloud might check passwords by itself \
             (`organisation.passwords_on_premises = false`)"
            .to_owned(),
        Requirement::SeparateForests => {
            "all forests reached each other (`organisation.separate_forests = false`)".to_owned()
        }
    }
}

/// What a scenario can say of it.
fn subject(requirement: Requirement) -> &'static str {
    match requirement {
        Requirement::LargestDomain => "objects of the largest domain",
        Requirement::LargestGroup => "members of the largest group",
        Requirement::Devices => "devices",
        Requirement::CustomRules => "rules of your own",
        Requirement::MergedForests => "users made up from several forests",
        Requirement::MergedAttributes => "attributes merged from several domains",
        Requirement::CrossForestReferences => "references between forests",
        Requirement::Reconciliation => "reconciliation",
        Requirement::KeyTrust => "key trust of Windows Hello",
        Requirement::PasswordsOnPremises => "passwords that must be checked on premises",
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
            let stated = organisation.devices.is_some();
            let known_from = if stated {
                "`organisation.devices` is true".to_owned()
            } else {
                let per_hour = organisation.devices_per_hour;
                format!("`workload.object_changes.devices_per_hour` is {per_hour}")
            };
            format!("Devices are synchronised ({known_from}), and Cloud Sync does that as a preview only.")
        }
        Requirement::CustomRules => {
            "There are rules, filters or attributes that Cloud Sync does not offer.".to_owned()
        }
        Requirement::MergedForests => {
            "Users are made up from several forests, and Cloud Sync does not match across them."
                .to_owned()
        }
        Requirement::MergedAttributes => {
            "Attributes of one object are merged from several domains, and Cloud Sync does not merge \
             them."
                .to_owned()
        }
        Requirement::CrossForestReferences => {
            "Objects refer to objects of another forest, and Cloud Sync does not carry such references \
             over."
                .to_owned()
        }
        Requirement::Reconciliation => {
            "You rely on reconciliation, and Cloud Sync does not put right what was changed past it."
                .to_owned()
        }
        Requirement::KeyTrust => "Windows Hello for Business works by key trust, and Cloud Sync does not write its \
             keys to users on premises."
            .to_owned(),
        Requirement::PasswordsOnPremises => {
            "Passwords have to be checked on premises, and with hashes the cloud checks them.".to_owned()
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
        Requirement::MergedAttributes => "merged_attributes",
        Requirement::CrossForestReferences => "cross_forest_references",
        Requirement::Reconciliation => "reconciliation",
        Requirement::KeyTrust => "key_trust",
        Requirement::PasswordsOnPremises => "passwords_on_premises",
        Requirement::SeparateForests => "separate_forests",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    /// All that may be said, at its full length.
    fn cautions(scenario: &Scenario) -> Vec<String> {
        let barred = unfit(scenario).map(|at| barred(scenario, at));
        barred.chain(not_checked(scenario)).collect()
    }

    #[test]
    fn what_does_not_suit_comes_first_only_where_it_would_be_the_choice() {
        let told = |server: f64, agents: f64, limit: f64| {
            let text = format!(
                "name = \"x\"\n[organisation]\ndevices = true\n[tolerance]\n\
                 downtime_hours = {{ limit = {limit:?}, confidence = 0.5 }}\n[costs]\n\
                 [[strategy]]\nname = \"server\"\nannual_cost = {server:?}\n\
                 [[strategy]]\nname = \"agents\"\nannual_cost = {agents:?}\n[strategy.cloud_sync]\n"
            );
            let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
            let trials = Trials { seed: 1, range: 0..40, threads: 1, design: Design::Plain };
            let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
            said(&scenario, &results)
        };
        let dearer = told(1.0, 1e9, 8000.0);
        assert!(dearer.first.is_empty(), "{dearer:?}");
        let brief = "\"agents\" does not suit the organisation. Devices are synchronised";
        assert!(dearer.last[0].starts_with(brief) && !dearer.last[0].contains("would suit if"));
        let cheaper = told(1e9, 1.0, 8000.0);
        assert!(cheaper.last.is_empty(), "{cheaper:?}");
        assert!(cheaper.first[0].contains("cannot be chosen") && cheaper.first.len() == 1);
        // Cheaper, but it misses the tolerance too.
        let missed = told(1e9, 1.0, 0.0);
        assert!(missed.first.is_empty() && missed.last.len() == 1, "{missed:?}");
    }

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
                        own, users made up from several forests, attributes merged from several \
                        domains, references between forests, reconciliation and key trust of Windows \
                        Hello.";
        assert_eq!(small, [expected]);
        let line = "\"agents\" was not checked for devices, rules of your own, users made up from \
                    several forests, attributes merged from several domains, references between \
                    forests, reconciliation and key trust of Windows Hello: the scenario does not say.";
        assert_eq!(cautions(&scenario("objects = 50_000")), [line]);
        let large = all(&scenario("objects = 150_001"));
        assert!(large[0].contains("objects of the largest domain, members of the largest group"));
        let known = "objects = 150_001\nlargest_domain = 150_000\nlargest_group = 50_000\n\
                     devices = false\ncustom_rules = false\nmerged_forests = false\n\
                     merged_attributes = false\ncross_forest_references = false\n\
                     reconciliation = false\nkey_trust = false";
        assert_eq!(all(&scenario(known)), ["\"agents\": nothing known stands against it."]);
        assert!(cautions(&scenario(known)).is_empty());
    }

    #[test]
    fn devices_of_the_workload_bar_agents_unless_it_is_stated_that_none_is_synchronised() {
        let with = |stated: &str, per_hour: f64| {
            let text =
                format!("{stated}\n[workload.object_changes]\ndevices_per_hour = {per_hour}");
            let scenario = scenario(&text);
            let suits = scenario.strategies[1].suits(&scenario.world.organisation);
            (suits, cautions(&scenario).join(" "), scenario.warnings.len())
        };
        let (suits, said, _) = with("", 0.7);
        assert!(!suits && said.contains("(`workload.object_changes.devices_per_hour` is 0.7)"));
        assert!(said.contains("It would suit if no device were synchronised"), "{said}");
        assert!(with("", 0.0).0 && !with("devices = true", 0.0).0);
        // What is stated holds, and the contradiction is told.
        let (suits, _, warnings) = with("devices = false", 0.7);
        assert!(suits && warnings == with("devices = false", 0.0).2 + 1);
    }

    #[test]
    fn each_limit_is_told_and_bars_the_strategy() {
        for (keys, told) in [
            ("objects = 200_000\nlargest_domain = 150_001", "the largest has 150,001"),
            ("objects = 200_000\nlargest_group = 50_001", "the largest has 50,001"),
            ("devices = true", "preview"),
            ("custom_rules = true", "does not offer"),
            ("merged_forests = true", "match across"),
            ("merged_attributes = true", "does not merge"),
            ("cross_forest_references = true", "does not carry such references over"),
            ("reconciliation = true", "does not put right what was changed past it"),
            ("key_trust = true", "does not write its keys to users on premises"),
        ] {
            let scenario = scenario(keys);
            let cautions = cautions(&scenario);
            assert!(cautions.len() == 1 && cautions[0].contains(told), "{cautions:?}");
            let (key, _) = keys.rsplit_once(" = ").unwrap();
            let key = key.rsplit('\n').next().unwrap();
            let remedy = format!("(`organisation.{key}");
            assert!(cautions[0].contains(&remedy), "{cautions:?}");
            let suits = |at: usize| scenario.strategies[at].suits(&scenario.world.organisation);
            assert!(suits(0) && !suits(1), "{keys}");
        }
        let on_premises = |keys: &str| {
            let text = format!(
                "name = \"x\"\n[organisation]\nsign_in = \"pass-through\"\n{keys}\n[pass_through]\n\
                 [[strategy]]\nname = \"hashes\"\n[strategy.sign_in]\nby_hashes = true\n"
            );
            let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
            (scenario.suits(0), cautions(&scenario))
        };
        let (suits, said) = on_premises("passwords_on_premises = true");
        assert!(!suits && said[0].contains("with hashes the cloud checks them"), "{said:?}");
        let (suits, said) = on_premises("");
        assert!(suits && said[0].contains("passwords that must be checked"), "{said:?}");
        assert_eq!(on_premises("passwords_on_premises = false"), (true, Vec::new()));
        let separate = scenario("separate_forests = true");
        let cautions = cautions(&separate);
        assert!(cautions[0].contains("\"server\" cannot be chosen"), "{cautions:?}");
    }
}
