//! Kinds of component, and sets of them.

use super::service::{Service, Services};

/// What a fault strikes. A path of synchronisation is cloud <- link <- site <- host <- server <-
/// database <- engine <- contents, and is up when all of it is up, with the tenant and the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// The way from the site to the cloud.
    Link = 0,
    /// Room, power and network of the building.
    Site = 1,
    /// The machine under the server.
    Host = 2,
    /// Operating system and sync engine.
    Server = 3,
    /// The sync engine's database.
    Database = 4,
    /// The cloud directory.
    Cloud = 5,
    /// Account or certificate of this server's sync engine: what is agreed on with somebody else. Of
    /// an agent its build too.
    Engine = 6,
    /// What is shared in the cloud tenant: policies, switches, the state of the deletion guard.
    Tenant = 7,
    /// The domain controllers as a whole.
    Directory = 8,
    /// Password hash sync of a path alone.
    PasswordSync = 9,
    /// Password writeback of a path alone.
    Writeback = 10,
    /// Import and export of objects of a path alone.
    Export = 11,
    /// What the server holds: its build, its rules and settings, the rows of its database. An image
    /// from before holds it whole; another replica of the database does not.
    Contents = 12,
}

impl Kind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Kind; 13] = [
        Kind::Link,
        Kind::Site,
        Kind::Host,
        Kind::Server,
        Kind::Database,
        Kind::Cloud,
        Kind::Engine,
        Kind::Tenant,
        Kind::Directory,
        Kind::PasswordSync,
        Kind::Writeback,
        Kind::Export,
        Kind::Contents,
    ];

    /// The word used in scenarios and tables.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Link => "link",
            Kind::Site => "site",
            Kind::Host => "host",
            Kind::Server => "server",
            Kind::Database => "database",
            Kind::Cloud => "cloud",
            Kind::Engine => "engine",
            Kind::Tenant => "tenant",
            Kind::Directory => "directory",
            Kind::PasswordSync => "password-sync",
            Kind::Writeback => "writeback",
            Kind::Export => "export",
            Kind::Contents => "contents",
        }
    }

    /// The one part of the service that a fault of the kind stops; `None` where it stops them all.
    pub const fn service(self) -> Option<Service> {
        match self {
            Kind::PasswordSync => Some(Service::PasswordSync),
            Kind::Writeback => Some(Service::Writeback),
            Kind::Export => Some(Service::Export),
            _ => None,
        }
    }

    /// The parts of the service that a fault of the kind stops.
    pub fn stops(self) -> Services {
        self.service().map_or(Services::ALL, Services::only)
    }

    /// Repaired by its provider from the onset on, without anybody of the organisation.
    pub fn is_provider_run(self) -> bool {
        matches!(self, Kind::Link | Kind::Site | Kind::Cloud)
    }

    /// How far one component of the kind reaches.
    pub const fn scope(self) -> Scope {
        match self {
            Kind::Cloud | Kind::Tenant | Kind::Directory => Scope::Common,
            Kind::Link | Kind::Site => Scope::Site,
            Kind::Host
            | Kind::Server
            | Kind::Database
            | Kind::Engine
            | Kind::PasswordSync
            | Kind::Writeback
            | Kind::Export
            | Kind::Contents => Scope::Path,
        }
    }

    /// A new server in another site leaves the fault behind.
    pub const fn stays_behind(self) -> bool {
        !matches!(self.scope(), Scope::Common)
    }

    /// One component serves every path.
    pub fn is_common(self) -> bool {
        self.scope() == Scope::Common
    }
}

/// Which paths share a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All paths.
    Common,
    /// The paths in one site.
    Site,
    /// None: each path has its own.
    Path,
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds(u16);

impl Kinds {
    /// No kind.
    pub const NONE: Kinds = Kinds(0);

    /// The set of `kinds`.
    pub const fn new(kinds: &[Kind]) -> Kinds {
        let mut bits = 0;
        let mut at = 0;
        while at < kinds.len() {
            bits |= 1 << kinds[at] as u16;
            at += 1;
        }
        Kinds(bits)
    }

    /// Is `kind` in the set?
    pub const fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// The set with `kind` added.
    pub const fn with(self, kind: Kind) -> Kinds {
        Kinds(self.0 | 1 << kind as u16)
    }

    /// The set without those of another.
    pub const fn minus(self, other: Kinds) -> Kinds {
        Kinds(self.0 & !other.0)
    }

    /// The set with `kind` taken away.
    pub const fn without(self, kind: Kind) -> Kinds {
        Kinds(self.0 & !(1 << kind as u16))
    }

    /// Both sets together.
    pub const fn union(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// Have the two sets a kind in common?
    pub const fn intersects(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }

    /// Is every kind of this set in `other`?
    pub const fn is_subset_of(self, other: Kinds) -> bool {
        self.0 & !other.0 == 0
    }

    /// Is the set empty?
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
