//! The recovery strategies: what each can do against a fault, and nothing else.
//!
//! A strategy is a set of protections, one table of the scenario and one file here each. A
//! protection answers two questions about a [`Situation`]: what happens by itself
//! ([`Protection::automatic`]) and what a person can do ([`Protection::manual`]). The engine runs
//! the clock, the people and the components; it knows no protection by name, and only
//! `REGISTRY` lists them. Another strategy is one new file and one line there.
//!
//! An attempt says what it stands on ([`Attempt::ground`]) and what it brings
//! ([`Effect::replaces`]). What it cures is decided at its end, by what is broken then.
//!
//! Files, statistics and the event loop never enter.

mod cloud_sync;
pub mod fitness;
pub mod layout;
mod rebuild;
pub mod sign_in;
mod sql_high_availability;
mod staging;
mod virtual_machine;

/// The table of a machine that another host of a cluster takes over.
pub use virtual_machine::NAME as CLUSTER;

use crate::keys::{Advice, List, Range, Section};
use crate::units::HOURS_PER_YEAR;
use crate::world::fault::{Carrier, Fault};
use crate::world::kind::{Kind, Kinds};
use crate::world::site::Sites;
use crate::world::streams::Draws;
use crate::world::sync::{Organisation, Sync};
use crate::world::watch::{FaultSet, FaultWord, Watch};
use layout::Layout;
use sign_in::OwnSignIn;
use std::fmt::Debug;
use std::sync::Arc;

/// Reads the table of one protection in a world of these sites.
type Read = fn(&mut Section<'_>, &Sites) -> Arc<dyn Protection>;

/// The protections: the name of the table, what it is, its reader, and what people look for in it
/// under another name, in the default order of preference.
const REGISTRY: [(&str, &str, Read, &[Advice]); 5] = [
    (
        sql_high_availability::NAME,
        sql_high_availability::DOC,
        sql_high_availability::read,
        sql_high_availability::ADVICE,
    ),
    (virtual_machine::NAME, virtual_machine::DOC, virtual_machine::read, virtual_machine::ADVICE),
    (staging::NAME, staging::DOC, staging::read, &[]),
    (rebuild::NAME, rebuild::DOC, rebuild::read, rebuild::ADVICE),
    (cloud_sync::NAME, cloud_sync::DOC, cloud_sync::read, &[]),
];

/// What people look for in any strategy under another name, and the line that says it.
const OF_ANY: &[Advice] = &[
    ("strategy", "cost", "write annual_cost = 5_500"),
    ("strategy", "yearly_cost", "write annual_cost = 5_500"),
    (
        "strategy",
        "site",
        "write it in the table of a protection: [strategy.staging] and below it site = \"other\"",
    ),
    (
        "strategy",
        "monitoring",
        "write [[strategy.watch]] and below it name = \"script\", sees = [\"*\"], after = \"1h\"",
    ),
    (
        "",
        "replica",
        "write [[strategy]] and below it name = \"VM replica\", [strategy.virtual_machine] and \
         site = \"other\", each on a line of its own",
    ),
    (
        "",
        "standby",
        "write [[strategy]] and below it name = \"Staging server\" and [strategy.staging], each on a \
         line of its own",
    ),
    ("", "staging", "write it below a [[strategy]]: [strategy.staging]"),
    ("", "rebuild", "write it below a [[strategy]]: [strategy.rebuild]"),
    ("", "virtual_machine", "write it below a [[strategy]]: [strategy.virtual_machine]"),
    (
        "",
        "sql_high_availability",
        "write it below a [[strategy]]: [strategy.sql_high_availability]",
    ),
    ("", "cloud_sync", "write it below a [[strategy]]: [strategy.cloud_sync]"),
];

/// The advice of any strategy, and of each protection.
pub const ADVICE: [&[Advice]; REGISTRY.len() + 1] = {
    let mut all = [OF_ANY; REGISTRY.len() + 1];
    let mut at = 0;
    while at < REGISTRY.len() {
        all[at + 1] = REGISTRY[at].3;
        at += 1;
    }
    all
};

/// The names of all protections.
pub fn tables() -> [&'static str; REGISTRY.len()] {
    REGISTRY.map(|(name, ..)| name)
}

/// One strategy of a scenario.
#[derive(Debug, Clone)]
pub struct Strategy {
    /// Its name, unique in a scenario.
    pub name: String,
    /// Fixed cost of having it, per year of 365 days.
    pub annual_cost: f64,
    /// What is paid once to have it.
    pub one_off_cost: f64,
    /// The share of what is paid once, money and work, that counts within the horizon.
    pub share_of_once: f64,
    /// Its protections in order of preference; none = repair in place only.
    pub protections: Vec<Arc<dyn Protection>>,
    /// Its paths, and how many of them the service needs.
    pub layout: Layout,
    /// The database runs on servers of its own, apart from the sync server.
    pub database_apart: bool,
    /// Ways of noticing a fault that this strategy has beside those of the world.
    pub watch: Vec<Watch>,
    /// The faults that cannot strike it.
    pub immune_to: FaultSet,
    /// Where it has agents of sign-in, if not where the world has them.
    pub sign_in: OwnSignIn,
}

/// What is down and what is there, as the people (or an automatism) find it.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// Kinds that are broken on the active paths, in whole or for a part of the service.
    pub down: Kinds,
    /// Those of them that are down as a whole, so that nothing can be done with them.
    pub out: Kinds,
    /// The site of the path that is in trouble.
    pub site: u8,
    /// The sites that are up with their link and have nothing broken, by number.
    pub sites_up: SiteSet,
    /// The site of the standby that would be promoted; none if there is no standby, or people know
    /// that none can serve.
    pub standby: Option<u8>,
    /// Which of the protection's own spares are there, by number.
    pub spares: [bool; SPARES],
    /// The path runs on another machine than at first, and this stands ready of its own.
    pub own: Option<Own>,
    /// The database runs on servers of its own.
    pub database_apart: bool,
    /// Users and objects.
    pub organisation: &'a Organisation,
    /// Cycles and rates.
    pub sync: &'a Sync,
}

/// What stands ready for a path that runs on another machine than at first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Own {
    /// A machine, on which a server has yet to be installed.
    Machine,
    /// A server; moving to it is hands-on work of so many hours.
    Server(f64),
}

/// How many kinds of spare one protection can have.
pub const SPARES: usize = 2;

/// A set of sites, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SiteSet(u64);

impl SiteSet {
    /// Is the site in the set?
    pub fn has(self, site: u8) -> bool {
        self.0 >> site & 1 != 0
    }

    /// The set with the site added.
    pub fn with(self, site: u8) -> SiteSet {
        SiteSet(self.0 | 1 << site)
    }

    /// The set without the site.
    pub fn without(self, site: u8) -> SiteSet {
        SiteSet(self.0 & !(1 << site))
    }

    /// The lowest number in it.
    pub fn first(self) -> Option<u8> {
        (self.0 != 0).then(|| self.0.trailing_zeros() as u8)
    }
}

/// What happens without a person.
#[derive(Debug, Clone)]
pub struct Automatic {
    /// Time from the onset until it has worked or failed, hours.
    pub delay: f64,
    /// What it achieves, or why it does not serve.
    pub outcome: Result<Effect, &'static str>,
}

/// What a person can do.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "kept in place: a trial allocates nothing")]
pub enum Manual {
    /// Nothing against what is down now.
    Useless,
    /// It would help, but cannot begin before something else is back.
    Blocked(&'static str),
    /// It can be tried.
    Try(Attempt),
}

/// One try of a manual protection.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What has to be done, in order.
    pub steps: Steps,
    /// The kinds on the path in trouble that the work stands on: it breaks off when one of them
    /// goes down.
    pub ground: Kinds,
    /// The site in which the work is done: it breaks off when that goes down. None for a promotion,
    /// which needs a live standby at its end instead.
    pub site: Option<u8>,
    /// The kinds on the path in trouble that the work overwrites: nobody goes on with their repair
    /// while it lasts, and one that has been given up begins anew.
    pub overwrites: Kinds,
    /// What it achieves at the end, or why it fails.
    pub outcome: Result<Effect, &'static str>,
}

/// A part of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Step {
    /// What is done, in two or three words.
    pub what: &'static str,
    /// How long it takes, hours.
    pub hours: f64,
    /// Hands-on work, which goes on only in staffed hours; otherwise waiting.
    pub hands_on: bool,
    /// What it is for.
    pub purpose: StepPurpose,
}

/// What a step of an attempt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StepPurpose {
    /// To have a machine.
    Machine,
    /// To set up a server on it.
    #[default]
    Install,
    /// To move the service to what stands ready.
    TakeOver,
}

impl Step {
    /// Hands-on work, to set up a server unless something else is said.
    pub fn work(what: &'static str, hours: f64) -> Step {
        Step { what, hours, hands_on: true, purpose: StepPurpose::Install }
    }

    /// Waiting, for a machine unless something else is said.
    pub fn wait(what: &'static str, hours: f64) -> Step {
        Step { what, hours, hands_on: false, purpose: StepPurpose::Machine }
    }

    /// The step, for another purpose.
    pub fn to(self, purpose: StepPurpose) -> Step {
        Step { purpose, ..self }
    }
}

/// The steps of an attempt, kept in place: a trial allocates nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Steps {
    list: [Step; Steps::MOST],
    count: usize,
}

impl Steps {
    /// Most steps of an attempt.
    const MOST: usize = 5;

    /// Adds a step at the end.
    pub fn push(&mut self, step: Step) {
        debug_assert!(self.count < Steps::MOST);
        if let Some(place) = self.list.get_mut(self.count) {
            *place = step;
            self.count += 1;
        }
    }
}

impl std::ops::Deref for Steps {
    type Target = [Step];

    fn deref(&self) -> &[Step] {
        &self.list[..self.count]
    }
}

/// What a protection that worked has done.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Effect {
    /// Kinds replaced on the active paths; what failed goes on being repaired behind them.
    pub replaces: Kinds,
    /// Kinds whose repair is over too, since what failed has been overwritten.
    pub ends_repair: Kinds,
    /// The path moves to this site: its new machine stands there.
    pub site: Option<u8>,
    /// A standby path becomes active.
    pub switch: Option<Switch>,
    /// A new machine has taken the place of the old one: probability that the old one is shut out
    /// where people cannot reach it, so that its return does no harm. None where it needs no
    /// shutting out.
    pub fenced: Option<f64>,
    /// The server that is left stays in its site and is repaired: it can serve again, should the new
    /// machine be lost.
    pub leaves_server: bool,
    /// The spare used, by number: away until all that failed is repaired.
    pub spare: Option<usize>,
    /// The passwords of all users are synced first.
    pub all_passwords: bool,
    /// It has imported and synced everything before it serves.
    pub is_current: bool,
    /// A full import is needed afterwards.
    pub full_import: bool,
    /// A full sync is needed afterwards.
    pub full_sync: bool,
    /// Age of the restored database at the onset of the outage, hours.
    pub database_age: f64,
    /// A new server goes on with the old database, which spares the full sync within 3 weeks.
    pub keeps_database: bool,
    /// The service runs on a temporary host and moves back later.
    pub temporary_host: Option<TemporaryHost>,
}

/// A standby becomes active in the place of a path that is down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Switch {
    /// The old server is shut out though people cannot reach it, so that its return does no harm.
    pub fenced: bool,
    /// Hands-on work to end a split brain if it is not, hours.
    pub untangle: f64,
}

/// A planned move back from a temporary host server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TemporaryHost {
    /// Length of the planned outage, hours of hands-on work.
    pub move_back: f64,
    /// A new server comes after this time if what failed is never repaired, hours.
    pub procure: f64,
}

/// What stands in a site: the machine with all that runs on it.
pub const MACHINE: Kinds = Kinds::new(&[Kind::Host, Kind::Server]);
/// The account of a server, what it holds, and its services that can fail alone.
pub const SOFTWARE: Kinds =
    Kinds::new(&[Kind::Engine, Kind::Contents, Kind::PasswordSync, Kind::Writeback, Kind::Export]);
/// The site and its way to the cloud.
pub const PLACE: Kinds = Kinds::new(&[Kind::Site, Kind::Link]);
/// What only its own repair brings back, since every path needs the same one.
pub const SHARED: Kinds = Kinds::new(&[Kind::Cloud, Kind::Tenant, Kind::Directory]);

/// The move from a sync server to what carries the service without one. It is made once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relocation {
    /// Hands-on work on average, hours: what the scenario says, or else our judgement.
    pub hours: f64,
    /// The scenario says it, and it counts as labour.
    pub is_counted: bool,
}

/// One protection with its parameters.
pub trait Protection: Debug + Send + std::marker::Sync {
    /// The name of its table, used in `prefer`, files and charts.
    fn name(&self) -> &'static str;

    /// What happens by itself when something on a path goes down, if anything does.
    fn automatic(&self, _situation: &Situation<'_>, _draws: &Draws<'_>) -> Option<Automatic> {
        None
    }

    /// What a person can do.
    fn manual(&self, situation: &Situation<'_>, draws: &Draws<'_>) -> Manual;

    /// Changes the strategy's paths to those that it brings. It finds the layout as the
    /// protections before it, in order of preference, have left it.
    fn arrange(&self, _layout: &mut Layout) {}

    /// Hands-on work to let the standby take over while nothing is broken, hours; none where there
    /// is no standby to do that.
    fn planned_switch(&self, _draws: &Draws<'_>) -> Option<f64> {
        None
    }

    /// Where a promotion switches pass-through sign-in off for the tenant: hands-on work to switch it on
    /// again, hours. None where it does not.
    fn switches_sign_in_off(&self, _draws: &Draws<'_>) -> Option<f64> {
        None
    }

    /// Hands-on work to give what was lost with its machine a place on another that is there, hours;
    /// none where that is not how it is replaced.
    fn new_place(&self, _draws: &Draws<'_>) -> Option<f64> {
        None
    }

    /// Hands-on work to move to it, done once within the horizon whatever happens, hours.
    fn migration(&self, _draws: &Draws<'_>) -> f64 {
        0.0
    }

    /// The move to it from a sync server; none where there is no move.
    fn relocation(&self) -> Option<Relocation> {
        None
    }

    /// What it spares a year of the first sync server, which every other strategy has.
    fn saved_annual_cost(&self) -> f64 {
        0.0
    }

    /// Does it keep the database on servers of its own?
    fn keeps_database_apart(&self) -> bool {
        false
    }

    /// Kinds that it can bring back, by itself or by a person, when all else is up.
    fn cures(&self, database_apart: bool) -> Kinds;

    /// Those of them that it brings back too where a fault stops a part of the service only.
    fn cures_in_part(&self, database_apart: bool) -> Kinds {
        self.cures(database_apart)
    }

    /// Has each path spares of its own? Otherwise they are shared.
    fn has_spares_by_path(&self) -> bool {
        true
    }
}

/// Amounts of money that are accepted: with more, sums over many trials are no longer finite.
pub const AMOUNT: Range = Range::Between(0.0, 1e12);

fn read_immune_to(section: &mut Section<'_>) -> FaultSet {
    let words = List { item: FaultWord, distinct: true, plural: "kinds or names of faults" };
    let immune_to = section.get_as(
        "immune_to",
        &words,
        "[]",
        "the faults that cannot strike it: kinds, or names of faults",
    );
    FaultSet::of_words(immune_to.iter().map(String::as_str))
}

/// Warns where `prefer` and the tables of a strategy name different ones.
fn warn_of_prefer(
    section: &mut Section<'_>,
    prefer: &[&'static str],
    protections: &[Arc<dyn Protection>],
) {
    for protection in protections {
        if !prefer.contains(&protection.name()) {
            section.warn(
                "prefer",
                format!("`prefer` does not name \"{}\", so it is tried last", protection.name()),
                "name every table of the strategy in the order in which it is to be tried",
            );
        }
    }
    for table in prefer {
        if section.has("prefer") && !section.has(table) {
            section.warn(
                "prefer",
                format!("`prefer` names \"{table}\", and the strategy has no such table"),
                "add the table, or leave the name out",
            );
        }
    }
}

impl Strategy {
    /// Reads one `[[strategy]]` table in a world of these sites.
    pub fn read(section: &mut Section<'_>, sites: &Sites) -> Strategy {
        let name =
            section.required_text("name", "what the strategy is called in tables and charts");
        let annual_cost = section.number(
            "annual_cost",
            0.0,
            AMOUNT,
            "fixed cost of having it, per year, in the currency of [costs]",
        );
        let one_off_cost = section.optional_number(
            "one_off_cost",
            AMOUNT,
            "what is paid once to have it, such as a new server; [costs] years spreads it",
        );
        let prefer = section.list_of_choices(
            "prefer",
            &REGISTRY.map(|(table, ..)| (table, table)),
            &REGISTRY.map(|(table, ..)| table),
            "order in which its tables are tried",
        );
        let mut protections: Vec<Arc<dyn Protection>> = Vec::new();
        for (table, doc, read, _) in REGISTRY {
            if let Some(mut section) = section.optional_section(table, doc) {
                protections.push(read(&mut section, sites));
                section.finish();
            }
        }
        // A table that `prefer` leaves out is tried last.
        let rank = |name: &str| {
            prefer.iter().position(|preferred| *preferred == name).unwrap_or(prefer.len())
        };
        protections.sort_by_key(|protection| rank(protection.name()));
        warn_of_prefer(section, &prefer, &protections);
        if protections.len() > 1 && section.has(cloud_sync::NAME) {
            section.error(
                cloud_sync::NAME,
                "agents and a sync server cannot serve the same objects".into(),
                "make the agents a strategy of their own, without other tables",
            );
        }
        let watch = Watch::read_all(section);
        let immune_to = read_immune_to(section);
        let sign_in = OwnSignIn::read(section, sites);
        let one_off_cost = one_off_cost.unwrap_or(0.0);
        let strategy = Strategy::new(name, annual_cost, protections);
        Strategy { watch, immune_to, sign_in, one_off_cost, ..strategy }
    }

    /// A strategy of `protections` in order of preference.
    pub fn new(name: String, annual_cost: f64, protections: Vec<Arc<dyn Protection>>) -> Strategy {
        let mut layout = Layout::single();
        for protection in &protections {
            protection.arrange(&mut layout);
        }
        Strategy {
            layout,
            database_apart: protections.iter().any(|p| p.keeps_database_apart()),
            name,
            annual_cost,
            one_off_cost: 0.0,
            share_of_once: 1.0,
            protections,
            watch: Vec::new(),
            immune_to: FaultSet::default(),
            sign_in: OwnSignIn::default(),
        }
    }

    /// Can the fault not strike it?
    pub fn is_immune_to(&self, fault: &Fault) -> bool {
        let has_kind = self.layout.paths.iter().any(|path| path.needs.has(fault.strikes));
        let is_of_other = fault.only.is_some_and(|only| only != self.carrier());
        !has_kind || is_of_other || self.immune_to.has(Some(fault.key), Some(fault.strikes))
    }

    /// What carries its service.
    pub fn carrier(&self) -> Carrier {
        self.layout.carrier()
    }

    /// The move to it from a sync server; none where there is no move.
    pub fn relocation(&self) -> Option<Relocation> {
        self.protections.iter().find_map(|protection| protection.relocation())
    }

    /// Kinds that one of its protections can bring back.
    pub fn cures(&self) -> Kinds {
        let cures = self.protections.iter().map(|protection| protection.cures(self.database_apart));
        cures.fold(Kinds::NONE, Kinds::union)
    }

    /// The fixed cost over `hours`, which are the horizon, with that of its own ways of noticing a fault
    /// and its share of what is paid once, and without what it spares of the first sync server: below 0
    /// where that is more.
    pub fn fixed_cost(&self, hours: f64) -> f64 {
        let watch: f64 = self.watch.iter().map(|watch| watch.annual_cost).sum();
        let saved: f64 = self.protections.iter().map(|table| table.saved_annual_cost()).sum();
        let annual = (self.annual_cost + watch - saved) * hours / HOURS_PER_YEAR;
        annual + self.one_off_cost * self.share_of_once
    }
}
