//! Cloud Sync: several agents on servers that are there for something else, all of them active.
//!
//! The job runs in the cloud and takes whichever agent answers, so the service is up while one agent
//! is, with its site and link. An agent has no database, holds no rules and is never promoted, and
//! two of them are no split brain: it needs only a part of what a sync server needs, and a fault of
//! the rest does not strike it. An agent whose machine is lost is installed on another server. Its
//! account and its build it shares with the others, so a new installation cures neither.
//!
//! After a failure of all agents that was long enough, the job is in quarantine: it tries less and
//! less often, in the end once a day, until somebody restarts it.

use super::layout::{Agents, Layout, Path};
use super::{
    AMOUNT, Attempt, Effect, MACHINE, Manual, PLACE, Protection, Relocation, Situation, Step, Steps,
};
use crate::distribution::Distribution;
use crate::keys::{List, Section};
use crate::world::kind::{Kind, Kinds};
use crate::world::site::{Reference, Sites};
use crate::world::streams::Draws;
use std::sync::Arc;

/// Name of the table.
pub const NAME: &str = "cloud_sync";
/// What it is.
pub const DOC: &str = "agents of Cloud Sync in the place of a sync server";

#[derive(Debug)]
struct CloudSync {
    /// The site of each agent.
    places: Vec<u8>,
    agents: Agents,
    install: Distribution,
    success: f64,
    migration: Distribution,
    /// The scenario says how much work the move is; it may say that it is none.
    is_migration_stated: bool,
    saved_annual_cost: f64,
    /// There is a site besides the first.
    has_other_site: bool,
}

const INSTALL: u64 = 1;
const SUCCESS: u64 = 2;
const MIGRATION: u64 = 3;

/// Hands-on work of a move of which the scenario says nothing, hours: judgement, for some ten thousand
/// users; docs/guides/cloud-sync.md has 60 to 200 h.
const JUDGED_MIGRATION: f64 = 120.0;

/// An agent is registered in the cloud and reads the directory.
const NEEDS: Kinds = Kinds::new(&[Kind::Cloud, Kind::Directory]);

/// Reads the table.
pub fn read(section: &mut Section<'_>, sites: &Sites) -> Arc<dyn Protection> {
    let places = read_places(section, sites);
    let cycle = section.duration(
        "cycle",
        "2m",
        "time between its cycles, of objects and of passwords, in the place of those in [sync]",
    );
    let quarantine = section.duration(
        "quarantine",
        "4h",
        "a failure of all agents that lasts longer puts the job in quarantine: if nobody has come by \
         its end, it goes on at its next attempt, 6, 12 or 24 hours after the beginning and then each day, \
         or when somebody comes who was called; \"0s\" = never",
    );
    Arc::new(CloudSync {
        places,
        agents: Agents { cycle, quarantine },
        install: section.distribution(
            "install_agent",
            r#""30m to 2h""#,
            "hands-on time to install an agent on another server when its machine or site is lost",
        ),
        success: section.probability(
            "success",
            0.95,
            "probability that an agent works that is installed in another site",
        ),
        is_migration_stated: section.has("migration"),
        migration: section.distribution(
            "migration",
            r#""0s""#,
            "hands-on time of the move from a sync server, done once; it counts as labour of the time that is \
             played, or a part of it where [costs] years spreads it",
        ),
        saved_annual_cost: section.number(
            "saved_annual_cost",
            0.0,
            AMOUNT,
            "what the first sync server costs per year, which agents spare: taken off annual_cost",
        ),
        has_other_site: sites.len() > 1,
    })
}

/// How many agents there are, and the site of each.
fn read_places(section: &mut Section<'_>, sites: &Sites) -> Vec<u8> {
    let most = Layout::MOST_PATHS as u64;
    let count = section.count("agents", 3, 1..=most, "how many agents there are, all active");
    if count < 2 {
        section.warn(
            "agents",
            "there is only one agent".into(),
            "the vendor recommends three: the others go on where one fails",
        );
    }
    let default = if sites.len() > 1 { r#"["same", "other"]"# } else { r#"["same"]"# };
    let list = List { item: Reference { sites }, distinct: false, plural: "sites" };
    let mut spread = section.get_as(
        "sites",
        &list,
        default,
        "the sites over which the agents are spread, in turn: \"same\" as a first server, \"other\", or by name",
    );
    if spread.is_empty() {
        section.error("sites", "the agents stand in no site".into(), "name at least one site");
        spread.push(super::layout::FIRST_SITE);
    }
    let places: Vec<u8> = spread.into_iter().cycle().take(count as usize).collect();
    if places.len() > 1 && places.iter().all(|site| *site == places[0]) {
        section.warn(
            "sites",
            "all agents are in one site".into(),
            "the loss of site or link takes all of them; spread them over two sites",
        );
    }
    places
}

impl Protection for CloudSync {
    fn name(&self) -> &'static str {
        NAME
    }

    fn manual(&self, situation: &Situation<'_>, draws: &Draws<'_>) -> Manual {
        let target = situation.sites_up.without(situation.site).first();
        let Some(site) = target.filter(|_| situation.down.intersects(PLACE)) else {
            return Manual::Useless;
        };
        if situation.out.intersects(NEEDS) {
            return Manual::Blocked("no agent can be registered without cloud and directory");
        }
        let mut steps = Steps::default();
        steps.push(Step::work("install an agent", draws.hours(&self.install, INSTALL)));
        // The server that it stood on is left to those whose it is.
        let effect = Effect {
            replaces: MACHINE,
            ends_repair: MACHINE,
            site: Some(site),
            ..Effect::default()
        };
        let works = draws.chance(self.success, SUCCESS);
        let outcome = if works { Ok(effect) } else { Err("the new agent does not sync") };
        let (ground, overwrites) = (Kinds::NONE, Kinds::NONE);
        Manual::Try(Attempt { steps, ground, site: Some(site), overwrites, outcome })
    }

    fn arrange(&self, layout: &mut Layout) {
        let agents = (1..).zip(&self.places);
        layout.paths = agents.map(|(n, site)| Path::agent(&format!("agent {n}"), *site)).collect();
        layout.agents = Some(self.agents);
        // Nobody looks at an agent that is not missed, but for the channels that do.
        layout.standby_check = f64::INFINITY;
    }

    fn new_place(&self, draws: &Draws<'_>) -> Option<f64> {
        Some(draws.hours(&self.install, INSTALL))
    }

    fn migration(&self, draws: &Draws<'_>) -> f64 {
        draws.hours(&self.migration, MIGRATION)
    }

    fn relocation(&self) -> Option<Relocation> {
        let is_counted = self.is_migration_stated;
        let hours = if is_counted { self.migration.mean() } else { JUDGED_MIGRATION };
        Some(Relocation { hours, is_counted })
    }

    fn saved_annual_cost(&self) -> f64 {
        self.saved_annual_cost
    }

    fn cures(&self, _database_apart: bool) -> Kinds {
        if self.has_other_site { MACHINE.union(PLACE) } else { MACHINE }
    }
}
