//! Kinds of component, and sets of them.

/// What a fault strikes. A path of synchronisation is cloud <- link <- site <- host <- server <-
/// database, and is up when all of it is up. `Engine` is the configuration and data of the sync
/// engine, which every copy of the server shares.
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
    /// Configuration or data of the sync engine, wherever it runs.
    Engine = 6,
}

impl Kind {
    /// Every kind, in the order of the path from the outside in.
    pub const ALL: [Kind; 7] = [
        Kind::Link,
        Kind::Site,
        Kind::Host,
        Kind::Server,
        Kind::Database,
        Kind::Cloud,
        Kind::Engine,
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
        }
    }

    /// Repaired by its provider from the onset on, without anybody of the organisation.
    pub fn is_provider_run(self) -> bool {
        matches!(self, Kind::Link | Kind::Site | Kind::Cloud)
    }

    /// How far one component of the kind reaches.
    pub const fn scope(self) -> Scope {
        match self {
            Kind::Cloud | Kind::Engine => Scope::Common,
            Kind::Link | Kind::Site => Scope::Site,
            Kind::Host | Kind::Server | Kind::Database => Scope::Path,
        }
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
pub struct Kinds(u8);

impl Kinds {
    /// No kind.
    pub const NONE: Kinds = Kinds(0);

    /// The set of `kinds`.
    pub const fn new(kinds: &[Kind]) -> Kinds {
        let mut bits = 0;
        let mut at = 0;
        while at < kinds.len() {
            bits |= 1 << kinds[at] as u8;
            at += 1;
        }
        Kinds(bits)
    }

    /// Is `kind` in the set?
    pub const fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// The set with `kind` added.
    pub const fn with(self, kind: Kind) -> Kinds {
        Kinds(self.0 | 1 << kind as u8)
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
