//! Traps of people: who learns of a fault, who comes, and what is left when nothing helps.

use super::Read;
use crate::keys::{Section, nearest, quote};
use crate::strategy::Strategy;
use crate::world::fault::{Carrier, Fault};
use crate::world::kind::Kind;
use crate::world::watch::{FaultSet, Watch};

/// Warns of all of them.
pub(super) fn warn(top: &mut Section<'_>, read: &Read<'_>) {
    refuse_no_controllers(top, read);
    warn_of_strange_channels(top, read);
    warn_of_unseen_faults(top, read);
    warn_of_one_person(top, read);
    warn_of_no_last_resort(top, read);
}

fn refuse_no_controllers(top: &mut Section<'_>, read: &Read<'_>) {
    if read.sites.iter().all(|site| !site.domain_controllers) {
        top.error(
            "site",
            "no site has domain controllers".into(),
            "the directory could never be reached: set domain_controllers = true for one site",
        );
    }
}

/// Channels that see what no fault is.
fn warn_of_strange_channels(top: &mut Section<'_>, read: &Read<'_>) {
    for (watch, at) in read.watch.iter().zip(read.at_watch).filter(|(_, at)| at.is_given) {
        for (message, help) in strange(watch, read.faults) {
            top.warn_at(at.sees.clone(), message, &help);
        }
    }
    for (strategy, at) in read.strategies.iter().zip(read.at_strategies) {
        for unknown in unknown_names(&strategy.immune_to, read.faults) {
            let message = format!(
                "{} is immune to {}, and no fault has that name",
                quote(&strategy.name),
                quote(unknown)
            );
            top.warn_at(at.name.clone(), message, &help_for(unknown, read.faults));
        }
        for watch in &strategy.watch {
            for (message, help) in strange(watch, read.faults) {
                top.warn_at(at.name.clone(), message, &help);
            }
        }
    }
}

/// What is strange about a channel, each with help: names that no fault has, or no fault at all.
fn strange(watch: &Watch, faults: &[Fault]) -> Vec<(String, String)> {
    let Watch { name, sees, misses, .. } = watch;
    let both = [("sees", sees), ("misses", misses)];
    let mut strange: Vec<(String, String)> = both
        .iter()
        .flat_map(|(verb, list)| unknown_names(list, faults).map(move |name| (verb, name)))
        .map(|(verb, unknown)| {
            let message =
                format!("{} {verb} {}, and no fault has that name", quote(name), quote(unknown));
            (message, help_for(unknown, faults))
        })
        .collect();
    let is_seen = |fault: &Fault| watch.sees(Some(fault.key), Some(fault.strikes));
    if strange.is_empty() && !faults.iter().any(is_seen) {
        strange.push((
            format!("{} never sees anything: no fault is of a kind that it sees", quote(name)),
            "add a [[fault]] of such a kind, or let it see others".to_owned(),
        ));
    }
    strange
}

/// The names of a list that no fault has.
fn unknown_names<'l>(list: &'l FaultSet, faults: &[Fault]) -> impl Iterator<Item = &'l String> {
    list.names.iter().filter(|name| !faults.iter().any(|fault| fault.name == **name))
}

fn help_for(unknown: &str, faults: &[Fault]) -> String {
    let mut words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    words.extend(faults.iter().map(|fault| fault.name.as_str()));
    match nearest(unknown, &words) {
        Some(near) => format!("did you mean {}?", quote(near)),
        None => "write a kind such as \"server\", the name of a fault, or \"*\"".to_owned(),
    }
}

/// Faults of which nobody learns.
fn warn_of_unseen_faults(top: &mut Section<'_>, read: &Read<'_>) {
    // Users who are refused a writeback raise the alarm in the end. And a channel that could not be read
    // would make every fault unseen.
    if read.operations.user_reports > 0 || top.has_errors() {
        return;
    }
    for (fault, at) in read.faults.iter().zip(read.at_faults) {
        let sees =
            |watch: &Watch| watch.works > 0.0 && watch.sees(Some(fault.key), Some(fault.strikes));
        if fault.detection.is_some() {
            continue;
        }
        let blind = |strategy: &&Strategy| {
            let looks = |watch: &&Watch| watch.looks_at(strategy.carrier());
            let mut all = read.watch.iter().filter(looks).chain(&strategy.watch);
            let is_struck =
                fault.only.is_none_or(|only| only == Carrier::SignIn || only == strategy.carrier());
            is_struck && !all.any(sees)
        };
        let mut names = read.strategies.iter().filter(blind).map(|strategy| &strategy.name);
        let Some(first) = names.next() else {
            continue;
        };
        let with = match names.count() {
            0 => format!("with {}", quote(first)),
            count if count + 1 == read.strategies.len() => "with any strategy".to_owned(),
            1 => format!("with {} and 1 other strategy", quote(first)),
            count => format!("with {} and {count} other strategies", quote(first)),
        };
        top.warn_at(
            at.name.clone(),
            format!("{with}, nobody learns of {}: no [[watch]] sees it", quote(&fault.name)),
            "add a channel with sees = [\"*\"], such as people who notice in the end",
        );
    }
}

fn warn_of_one_person(top: &mut Section<'_>, read: &Read<'_>) {
    if read.operations.people == Some(1) && read.operations.staffed.is_always() {
        top.warn_at(
            top.span_of(&["operations", "people"]),
            "one person is at hand day and night, every day".into(),
            "people sleep and are on leave: give more people, or the hours in which one is there",
        );
    }
}

fn warn_of_no_last_resort(top: &mut Section<'_>, read: &Read<'_>) {
    if read.operations.last_resort.is_none() {
        top.warn_at(
            top.span_of(&["operations", "last_resort"]),
            "nobody ever sets up a new server, however long an outage lasts".into(),
            "people find a way in the end: say after how long, { after = \"2d\", takes = \"1d to 4d\" }",
        );
    }
}
