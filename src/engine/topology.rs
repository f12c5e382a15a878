//! The components that a strategy's paths consist of, numbered once when an engine is compiled.
//!
//! Paths share components: all of them the cloud, those in one site its link and its room. How far
//! a kind is shared is [`Kind::scope`]; who stands where is the strategy's [`Layout`]. From both
//! come the distinct components, each with a dense index and the set of paths that it serves. The
//! event loop asks nothing else of a layout.

use crate::strategy::layout::Layout;
use crate::world::kind::{Kind, Scope};

/// A set of paths, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct PathSet(u16);

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

    pub(super) fn intersects(self, other: PathSet) -> bool {
        self.0 & other.0 != 0
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

/// One component: of one path, or shared by several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) kind: Kind,
    index: u16,
    /// The paths that are down while it is.
    pub(super) serves: PathSet,
}

impl Component {
    /// Its place in tables by component.
    pub(super) fn index(self) -> usize {
        usize::from(self.index)
    }

    /// The first path that it serves. It stands in the key of the component's draws, so a component
    /// draws the same whether or not other paths share it.
    pub(super) fn path(self) -> u8 {
        self.serves.first()
    }
}

/// The components of a strategy's paths.
#[derive(Debug)]
pub(super) struct Topology {
    /// In the order of kinds, so that those of one kind stand together.
    components: Vec<Component>,
    /// By kind: where its components begin, and one past the last.
    of_kind: [(usize, usize); Kind::ALL.len()],
    /// How many paths there are.
    paths: u8,
    /// The paths that carry the service when a trial begins.
    pub(super) active_at_start: PathSet,
    /// How many active paths have to be up for the service to be up.
    pub(super) needed: usize,
}

impl Topology {
    pub(super) fn new(layout: &Layout) -> Topology {
        debug_assert!((1..=Layout::MOST_PATHS).contains(&layout.paths.len()));
        let mut components: Vec<Component> = Vec::new();
        let mut of_kind = [(0, 0); Kind::ALL.len()];
        for kind in Kind::ALL {
            let first = components.len();
            for (number, path) in (0..).zip(&layout.paths).filter(|(_, p)| p.needs.has(kind)) {
                let is_shared = |other: &&mut Component| {
                    other.kind == kind
                        && match kind.scope() {
                            Scope::Common => true,
                            Scope::Site => {
                                layout.paths[usize::from(other.path())].site == path.site
                            }
                            Scope::Path => false,
                        }
                };
                match components.iter_mut().find(is_shared) {
                    Some(shared) => shared.serves = shared.serves.with(number),
                    None => components.push(Component {
                        kind,
                        index: components.len() as u16,
                        serves: PathSet::default().with(number),
                    }),
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
            paths: layout.paths.len() as u8,
            active_at_start,
            needed: layout.needed,
        }
    }

    /// How many components there are.
    pub(super) fn count(&self) -> usize {
        self.components.len()
    }

    /// The numbers of the paths.
    pub(super) fn paths(&self) -> std::ops::Range<u8> {
        0..self.paths
    }

    /// The components of one kind, by the first path that each serves.
    pub(super) fn of_kind(&self, kind: Kind) -> &[Component] {
        let (first, end) = self.of_kind[kind as usize];
        &self.components[first..end]
    }

    /// The component of this kind that `path` needs, if it needs one.
    pub(super) fn component(&self, kind: Kind, path: u8) -> Option<Component> {
        self.of_kind(kind).iter().copied().find(|component| component.serves.has(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::layout::{MAIN_SITE, OTHER_SITE, Path};
    use crate::world::kind::Kinds;

    #[test]
    fn components_are_shared_as_far_as_their_kind_reaches() {
        let mut agent = Path::new("agent", OTHER_SITE, true);
        agent.needs = Kinds::new(&[Kind::Link, Kind::Server, Kind::Cloud]);
        let paths = vec![
            Path::new("first", MAIN_SITE, true),
            Path::new("second", MAIN_SITE, false),
            agent.clone(),
            agent,
        ];
        let topology = Topology::new(&Layout { paths, needed: 1, standby_check: 0.0 });
        let serves = |kind| -> Vec<u16> {
            topology.of_kind(kind).iter().map(|component| component.serves.0).collect()
        };
        assert_eq!(serves(Kind::Cloud), [0b1111]);
        assert_eq!(serves(Kind::Link), [0b0011, 0b1100]);
        assert_eq!(serves(Kind::Site), [0b0011]);
        assert_eq!(serves(Kind::Server), [0b0001, 0b0010, 0b0100, 0b1000]);
        assert_eq!(serves(Kind::Database), [0b0001, 0b0010]);
        // Dense, and each path finds its own.
        let indices: Vec<usize> = topology.components.iter().map(|c| c.index()).collect();
        assert_eq!(indices, (0..topology.count()).collect::<Vec<_>>());
        assert_eq!(topology.component(Kind::Database, 3), None);
        let link = topology.component(Kind::Link, 3).unwrap();
        assert_eq!((link.path(), link.kind), (2, Kind::Link));
    }
}
