//! The components that a trial consists of, numbered once when an engine is compiled.
//!
//! How far a component reaches is [`Kind::scope`]: there is one cloud, one tenant and one directory,
//! a link and a room for every site of the world, and a machine with all that runs on it for every
//! path of the strategy. What belongs to the world exists whether or not a path stands there, so
//! that its faults are the same for every strategy.

use crate::strategy::layout::Layout;
use crate::world::fault::OF_SIGN_IN;
use crate::world::kind::{Kind, Kinds, Scope};

/// A set of paths, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct PathSet(u32);

impl PathSet {
    pub(super) fn has(self, path: u8) -> bool {
        self.0 >> path & 1 != 0
    }

    pub(super) fn with(self, path: u8) -> PathSet {
        PathSet(self.0 | 1 << path)
    }

    pub(super) fn without(self, path: u8) -> PathSet {
        PathSet(self.0 & !(1 << path))
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Has it one path at the most?
    pub(super) fn is_single(self) -> bool {
        self.0 & self.0.wrapping_sub(1) == 0
    }

    /// The lowest number in it; 0 of an empty set.
    pub(super) fn first(self) -> u8 {
        if self.0 == 0 { 0 } else { self.0.trailing_zeros() as u8 }
    }
}

/// One component: of the world as a whole, of a site, or of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) kind: Kind,
    /// The number of its site or path, as far as it has one; otherwise 0. It stands in the key of
    /// the component's draws.
    pub(super) instance: u8,
    index: u16,
}

impl Component {
    /// Its place in tables by component.
    pub(super) fn index(self) -> usize {
        usize::from(self.index)
    }

    /// The path that it belongs to, if it belongs to one.
    pub(super) fn path(self) -> Option<u8> {
        (self.kind.scope() == Scope::Path).then_some(self.instance)
    }

    /// Does it belong to an agent of sign-in?
    pub(super) fn is_of_sign_in(self) -> bool {
        self.kind.scope() == Scope::Path && self.instance >= FIRST_SIGN_IN
    }

    /// The site that it belongs to, if it belongs to one.
    pub(super) fn site(self) -> Option<u8> {
        (self.kind.scope() == Scope::Site).then_some(self.instance)
    }
}

/// The components of a world and of a strategy's paths.
#[derive(Debug)]
pub(super) struct Topology {
    /// In the order of kinds, so that those of one kind stand together.
    components: Vec<Component>,
    /// By kind: where its components begin, and one past the last.
    of_kind: [(usize, usize); Kind::ALL.len()],
    /// By path: the kinds that it needs.
    needs: Vec<Kinds>,
    /// The paths that carry the service when a trial begins.
    pub(super) active_at_start: PathSet,
    /// How many active paths have to be up for the service to be up.
    pub(super) needed: usize,
    /// How many paths the strategy has.
    own: u8,
    /// The sites of the agents of sign-in, whose paths carry nothing.
    pub(super) sign_in: Vec<SignInPath>,
}

/// An agent of sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SignInPath {
    /// Its site, where it has a machine of its own.
    pub(super) site: u8,
    /// It stands on the first server of the strategy.
    pub(super) on_server: bool,
    /// The number of its sort.
    pub(super) sort: u8,
}

impl SignInPath {
    /// What it has of its own.
    fn needs(self) -> Kinds {
        if self.on_server { Kinds::NONE.with(Kind::Engine) } else { OF_SIGN_IN }
    }
}

/// The path of the first agent of sign-in. The number is the same for every strategy, so that they
/// meet the same faults of these agents.
pub(super) const FIRST_SIGN_IN: u8 = Layout::MOST_PATHS as u8;

impl Topology {
    /// The components of `layout`, and of the agents of sign-in, in a world of so many sites.
    pub(super) fn new(layout: &Layout, sign_in: Vec<SignInPath>, sites: usize) -> Topology {
        debug_assert!((1..=Layout::MOST_PATHS).contains(&layout.paths.len()));
        let mut components: Vec<Component> = Vec::new();
        let mut of_kind = [(0, 0); Kind::ALL.len()];
        for kind in Kind::ALL {
            let first = components.len();
            let mut add = |instance: u8| {
                let index = components.len() as u16;
                components.push(Component { kind, instance, index });
            };
            match kind.scope() {
                Scope::Common => add(0),
                Scope::Site => (0..sites as u8).for_each(add),
                Scope::Path => {
                    let own = (0..).zip(&layout.paths);
                    own.filter(|(_, path)| path.needs.has(kind))
                        .for_each(|(number, _)| add(number));
                    let agents = (FIRST_SIGN_IN..).zip(&sign_in);
                    agents
                        .filter(|(_, path)| path.needs().has(kind))
                        .for_each(|(number, _)| add(number));
                }
            }
            of_kind[kind as usize] = (first, components.len());
        }
        let mut active_at_start = PathSet::default();
        for (number, _) in (0..).zip(&layout.paths).filter(|(_, path)| path.active) {
            active_at_start = active_at_start.with(number);
        }
        Topology {
            components,
            of_kind,
            needs: layout.paths.iter().map(|path| path.needs).collect(),
            active_at_start,
            needed: layout.needed,
            own: layout.paths.len() as u8,
            sign_in,
        }
    }

    /// How many components there are.
    pub(super) fn count(&self) -> usize {
        self.components.len()
    }

    /// The numbers of the strategy's paths.
    pub(super) fn paths(&self) -> std::ops::Range<u8> {
        0..self.own
    }

    /// The numbers of the paths of sign-in.
    pub(super) fn sign_in_paths(&self) -> std::ops::Range<u8> {
        FIRST_SIGN_IN..FIRST_SIGN_IN + self.sign_in.len() as u8
    }

    /// One past the greatest number of a path.
    pub(super) fn numbers(&self) -> usize {
        let agents = self.sign_in_paths();
        usize::from(if agents.is_empty() { self.own } else { agents.end })
    }

    /// The kinds of component that a path needs.
    #[inline]
    pub(super) fn needs(&self, path: u8) -> Kinds {
        self.needs[usize::from(path)]
    }

    /// The components of one kind, by their instance.
    pub(super) fn of_kind(&self, kind: Kind) -> &[Component] {
        let (first, end) = self.of_kind[kind as usize];
        &self.components[first..end]
    }

    /// The first component of this kind that an agent of sign-in has, if one has any.
    pub(super) fn first_of_sign_in(&self, kind: Kind) -> Option<Component> {
        self.of_kind(kind).iter().copied().find(|component| component.is_of_sign_in())
    }

    /// The component of this kind and instance, if there is one.
    pub(super) fn component(&self, kind: Kind, instance: u8) -> Option<Component> {
        self.of_kind(kind).iter().copied().find(|component| component.instance == instance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::layout::Path;

    #[test]
    fn components_are_shared_as_far_as_their_kind_reaches() {
        let mut agent = Path::new("agent", 1, true);
        agent.needs = Kinds::new(&[Kind::Link, Kind::Server, Kind::Cloud]);
        let paths =
            vec![Path::new("first", 0, true), Path::new("second", 0, false), agent.clone(), agent];
        let layout = Layout { paths, needed: 1, standby_check: 0.0, agents: None };
        let agents = vec![
            SignInPath { site: 0, on_server: true, sort: 0 },
            SignInPath { site: 2, on_server: false, sort: 0 },
        ];
        let topology = Topology::new(&layout, agents, 3);
        let instances = |kind| -> Vec<u8> {
            topology.of_kind(kind).iter().map(|component| component.instance).collect()
        };
        assert_eq!(instances(Kind::Cloud), [0]);
        assert_eq!(instances(Kind::Directory), [0]);
        assert_eq!(instances(Kind::Link), [0, 1, 2]);
        assert_eq!(instances(Kind::Server), [0, 1, 2, 3, FIRST_SIGN_IN + 1]);
        assert_eq!(instances(Kind::Engine), [0, 1, FIRST_SIGN_IN, FIRST_SIGN_IN + 1]);
        assert_eq!(topology.paths(), 0..4);
        assert_eq!(instances(Kind::Database), [0, 1]);
        // Dense, and each path finds its own.
        let indices: Vec<usize> = topology.components.iter().map(|c| c.index()).collect();
        assert_eq!(indices, (0..topology.count()).collect::<Vec<_>>());
        assert_eq!(topology.component(Kind::Database, 3), None);
        let link = topology.component(Kind::Link, 2).unwrap();
        assert_eq!((link.index(), link.site(), link.path()), (2, Some(2), None));
    }
}
