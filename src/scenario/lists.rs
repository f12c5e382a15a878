//! The lists of tables of a scenario: sites, channels, faults, planned work and strategies. In each
//! list a name stands once.

use super::traps::{AtFault, AtPlanned, AtStrategy, AtWatch, Span};
use crate::distribution::Distribution;
use crate::keys::{Memory, Section};
use crate::strategy::Strategy;
use crate::world::fault::FaultKeys;
use crate::world::planned::PlannedKeys;
use crate::world::site::{MOST_SITES, Site, Sites};
use crate::world::watch::Watch;

pub(super) fn read_faults(
    top: &mut Section<'_>,
    memory: &mut Vec<Memory<(FaultKeys, AtFault)>>,
) -> (Vec<FaultKeys>, Vec<AtFault>) {
    let read = |section: &mut Section<'_>| {
        let [name, every, at, repair] =
            ["name", "every", "at", "repair"].map(|key| section.span(key));
        (FaultKeys::read(section), AtFault { name, every, at, repair })
    };
    let mut tables = Remembered { memory, next: 0, since: 0 };
    let faults = top.sections("fault", "a source of faults", |section| tables.read(section, read));
    let (faults, places): (Vec<FaultKeys>, Vec<AtFault>) = faults.into_iter().unzip();
    let names = faults.iter().map(|keys| &keys.fault.name).zip(places.iter().map(|at| &at.name));
    refuse_twins(top, "fault", &names.collect::<Vec<_>>());
    (faults, places)
}

pub(super) fn read_sites(top: &mut Section<'_>) -> Sites {
    let doc = "a place in which servers stand; the first server stands in the first";
    let read = |mut section: Section<'_>| (Site::read(&mut section), section.span("name"));
    let (sites, places): (Vec<Site>, Vec<Span>) =
        top.sections("site", doc, read).into_iter().unzip();
    refuse_twins(
        top,
        "site",
        &sites.iter().map(|site| &site.name).zip(&places).collect::<Vec<_>>(),
    );
    if sites.len() > MOST_SITES {
        let message = format!("there are {} sites", sites.len());
        top.error("site", message, &format!("the most is {MOST_SITES}"));
    }
    // A site without a name is an error, or stands in the schema for all.
    let named: Vec<Site> = sites.into_iter().filter(|site| !site.name.is_empty()).collect();
    if named.is_empty() { Sites::default() } else { Sites(named) }
}

/// The channels that every strategy has, or the one that `detection` is short for.
pub(super) fn read_watch(
    top: &mut Section<'_>,
    memory: &mut Vec<Memory<(Watch, AtWatch)>>,
    detection: Option<Distribution>,
) -> (Vec<Watch>, Vec<AtWatch>) {
    let read = |section: &mut Section<'_>| {
        let [name, sees] = ["name", "sees"].map(|key| section.span(key));
        let is_given = section.written("name").is_none_or(|node| !node.is_default());
        (Watch::read(section), AtWatch { name, sees, is_given })
    };
    let given = top.written("watch").is_some_and(|node| !node.is_default());
    if let Some(after) = detection.as_ref().filter(|_| !given) {
        // The channels that hold without a word are not read: they would have no effect.
        top.pass_over("watch");
        return (vec![Watch::monitoring(after.clone())], vec![AtWatch::default()]);
    }
    let doc = "a channel by which people learn of an outage";
    let mut tables = Remembered { memory, next: 0, since: 0 };
    let watch = top.sections("watch", doc, |section| tables.read(section, read));
    let (watch, places): (Vec<Watch>, Vec<AtWatch>) = watch.into_iter().unzip();
    let names = watch.iter().map(|watch| &watch.name).zip(places.iter().map(|at| &at.name));
    refuse_twins(top, "watch", &names.collect::<Vec<_>>());
    if detection.is_some() {
        top.error_at(
            top.span_of(&["operations", "detection"]),
            "`detection` is short for one [[watch]], and there are such tables too".into(),
            "keep one of both: leave `detection` out, or the tables [[watch]]",
        );
    }
    (watch, places)
}

pub(super) fn read_planned(
    top: &mut Section<'_>,
    memory: &mut Vec<Memory<(PlannedKeys, AtPlanned)>>,
) -> (Vec<PlannedKeys>, Vec<AtPlanned>) {
    let read = |section: &mut Section<'_>| {
        let when = if section.has("at") { "at" } else { "every" };
        let [name, when] = ["name", when].map(|key| section.span(key));
        (PlannedKeys::read(section), AtPlanned { name, when })
    };
    let mut tables = Remembered { memory, next: 0, since: 0 };
    let planned =
        top.sections("planned", "work that is planned", |section| tables.read(section, read));
    let (planned, places): (Vec<PlannedKeys>, Vec<AtPlanned>) = planned.into_iter().unzip();
    let names = planned.iter().map(PlannedKeys::name).zip(places.iter().map(|at| &at.name));
    refuse_twins(top, "planned", &names.collect::<Vec<_>>());
    (planned, places)
}

pub(super) fn read_strategies(
    top: &mut Section<'_>,
    memory: &mut Vec<Memory<(Strategy, AtStrategy)>>,
    sites: &Sites,
) -> (Vec<Strategy>, Vec<AtStrategy>) {
    let read = |section: &mut Section<'_>| {
        let name = section.span("name");
        let strategy = Strategy::read(section, sites);
        let tables = strategy.protections.iter().map(|table| section.span(table.name())).collect();
        let has_annual_cost = has_annual_cost(section);
        (strategy, AtStrategy { name, tables, has_annual_cost })
    };
    let none = (
        "there is no strategy to compare",
        "add a table [[strategy]] with a name; without tables of its own it is repair in place only",
    );
    let doc = "a recovery strategy to compare";
    // What a site is called stands in the tables of strategies.
    let mut tables = Remembered { memory, next: 0, since: top.last_change(&["site"]) };
    let strategies =
        top.required_sections("strategy", doc, none, |section| tables.read(section, read));
    let (strategies, places): (Vec<Strategy>, Vec<AtStrategy>) = strategies.into_iter().unzip();
    let names =
        strategies.iter().map(|strategy| &strategy.name).zip(places.iter().map(|at| &at.name));
    refuse_twins(top, "strategy", &names.collect::<Vec<_>>());
    (strategies, places)
}

/// Whether a strategy, or a channel of its own, says what it costs a year.
fn has_annual_cost(strategy: &Section<'_>) -> bool {
    let channels = strategy.written("watch").and_then(|node| node.items()).unwrap_or_default();
    strategy.has("annual_cost") || channels.iter().any(|node| node.get("annual_cost").is_some())
}

/// The tables of a list, each with its memory.
struct Remembered<'m, T> {
    memory: &'m mut Vec<Memory<T>>,
    next: usize,
    /// The last change of what they depend on besides themselves.
    since: u64,
}

impl<T: Clone> Remembered<'_, T> {
    fn read(&mut self, mut section: Section<'_>, read: impl Fn(&mut Section<'_>) -> T) -> T {
        if self.memory.len() <= self.next {
            self.memory.push(Memory::default());
        }
        let memory = &mut self.memory[self.next];
        self.next += 1;
        section.remember_since(self.since, memory, |section| read(section))
    }
}

/// Names key random draws, rows and charts: each stands for one thing.
fn refuse_twins(top: &mut Section<'_>, what: &str, names: &[(&String, &Span)]) {
    for (index, (name, span)) in names.iter().enumerate() {
        if !name.is_empty() && names[..index].iter().any(|(earlier, _)| earlier == name) {
            let message = format!("there are two tables [[{what}]] named \"{name}\"");
            top.error_at((*span).clone(), message, "give each a name of its own");
        }
    }
}
