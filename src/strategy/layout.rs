//! What a strategy runs and where: its paths, their sites, and how many paths the service needs.
//!
//! A path is one server with everything between it and the cloud. Paths in the same site share its
//! link and its room; every path shares the cloud. A path is active, or it is a standby that
//! follows until it is promoted. The service is up while enough active paths are up: one of one for
//! a single server with or without a standby, k of n for agents that all carry the load. A
//! strategy's protections arrange the paths ([`Protection::arrange`](super::Protection::arrange)).

use super::{MACHINE, PLACE, SHARED};
use crate::world::fault::Carrier;
use crate::world::kind::{Kind, Kinds};

/// The name of the path of a server that stands by at the start.
pub const STANDBY: &str = "standby";

/// The site of the first server: the first of the world's sites.
pub const FIRST_SITE: u8 = 0;

/// One server with everything that it needs to synchronise.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// What traces and tables call it.
    pub name: String,
    /// Where it stands when a trial begins: the number of a site of the world.
    pub site: u8,
    /// The kinds of component that all have to be up for the path to be up.
    pub needs: Kinds,
    /// It carries the service from the start; otherwise it is a standby.
    pub active: bool,
}

impl Path {
    /// A path that needs one component of every kind.
    pub fn new(name: &str, site: u8, active: bool) -> Path {
        Path { name: name.to_owned(), site, needs: Kinds::new(&Kind::ALL), active }
    }

    /// An active agent of Cloud Sync: its machine, its account and build, and what all share. It has
    /// no database and no rules, and its services do not fail apart.
    pub fn agent(name: &str, site: u8) -> Path {
        let needs = MACHINE.with(Kind::Engine).union(PLACE).union(SHARED);
        Path { needs, ..Path::new(name, site, true) }
    }
}

/// What is different where agents carry the service, and no server of one's own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agents {
    /// Time between cycles of objects and of passwords, hours; 0 = at once.
    pub cycle: f64,
    /// After a failure that was longer, and to which nobody came, the job goes on at its next attempt
    /// only, hours; 0 = it always goes on at once.
    pub quarantine: f64,
}

/// The paths of a strategy, and the rule by which they carry the service.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The paths, from 1 to [`MOST_PATHS`](Layout::MOST_PATHS) of them. Standbys are promoted in
    /// this order.
    pub paths: Vec<Path>,
    /// How many active paths have to be up for the service to be up.
    pub needed: usize,
    /// The faults of a standby are found when it is checked, each so many hours; 0 = at once.
    pub standby_check: f64,
    /// The paths are agents; otherwise servers. What follows from that the methods say.
    pub agents: Option<Agents>,
}

impl Layout {
    /// Sets of paths are kept in the bits of one word, and draws tell so many paths apart.
    pub const MOST_PATHS: usize = 16;

    /// One server in the first site.
    pub fn single() -> Layout {
        let first = Path::new("first", FIRST_SITE, true);
        Layout { paths: vec![first], needed: 1, standby_check: 0.0, agents: None }
    }

    /// Does any path stand by?
    pub fn has_standby(&self) -> bool {
        self.paths.iter().any(|path| !path.active)
    }

    /// What carries the service.
    pub fn carrier(&self) -> Carrier {
        if self.agents.is_some() { Carrier::Agents } else { Carrier::Servers }
    }

    /// Time between cycles, hours; none where it is that of the world.
    pub fn cycle(&self) -> Option<f64> {
        Some(self.agents?.cycle)
    }

    /// A failure that is longer puts the job in quarantine, hours; none where there is no such job.
    pub fn quarantine(&self) -> Option<f64> {
        Some(self.agents?.quarantine).filter(|limit| *limit > 0.0)
    }

    /// Each active path does the whole work, so whether one is missed, and what to do, depends on all
    /// that strikes at a moment: people look afterwards.
    pub fn spares_paths(&self) -> bool {
        self.agents.is_some()
    }

    /// What is lost with its machine is installed on another that is there, without waiting for that
    /// machine.
    pub fn moves_to_other_machines(&self) -> bool {
        self.agents.is_some()
    }

    /// People do its planned work; otherwise it updates itself.
    pub fn is_updated_by_people(&self) -> bool {
        self.agents.is_none()
    }

    /// A path has a database: a new installation imports everything, and does harm beside the old one.
    pub fn has_database(&self) -> bool {
        self.agents.is_none()
    }

    /// The organisation has to move to it from a sync server, which takes work once.
    pub fn is_moved_to(&self) -> bool {
        self.agents.is_some()
    }
}

impl Default for Layout {
    fn default() -> Layout {
        Layout::single()
    }
}
