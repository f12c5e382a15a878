//! The three parts of the service, which can fail apart, and sets of them.

use serde::{Deserialize, Serialize};

/// A part of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Service {
    /// Objects on their way to the cloud.
    Export = 0,
    /// Password hashes on their way to the cloud.
    PasswordSync = 1,
    /// Passwords on their way back from the cloud.
    Writeback = 2,
}

impl Service {
    /// Every part, by [`Service::index`].
    pub const ALL: [Service; 3] = [Service::Export, Service::PasswordSync, Service::Writeback];

    /// The word used in tables and traces.
    pub const fn word(self) -> &'static str {
        match self {
            Service::Export => "export",
            Service::PasswordSync => "password-sync",
            Service::Writeback => "writeback",
        }
    }

    /// Its place in lists by part.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// A set of parts of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Services(u8);

impl Services {
    /// No part.
    pub const NONE: Services = Services(0);
    /// The whole service.
    pub const ALL: Services = Services(0b111);

    /// The set of one part.
    pub const fn only(service: Service) -> Services {
        Services(1 << service as u8)
    }

    /// Is `service` in the set?
    pub const fn has(self, service: Service) -> bool {
        self.0 & (1 << service as u8) != 0
    }

    /// The set with `service` added.
    pub const fn with(self, service: Service) -> Services {
        Services(self.0 | (1 << service as u8))
    }

    /// What a key can say that stops: its words and their sets.
    pub fn choices() -> Vec<(&'static str, Services)> {
        let parts = Service::ALL.map(|part| (part.word(), Services::only(part)));
        [&[("all", Services::ALL), ("nothing", Services::NONE)], &parts[..]].concat()
    }

    /// The set with `service` taken away.
    pub const fn without(self, service: Service) -> Services {
        Services(self.0 & !(1 << service as u8))
    }

    /// Its parts in files: "all", or their words such as "export password-sync".
    pub fn words(self) -> String {
        if self == Services::ALL {
            return "all".to_owned();
        }
        self.iter().map(Service::word).collect::<Vec<_>>().join(" ")
    }

    /// Both sets together.
    pub const fn union(self, other: Services) -> Services {
        Services(self.0 | other.0)
    }

    /// What is in this set and not in `other`.
    pub const fn minus(self, other: Services) -> Services {
        Services(self.0 & !other.0)
    }

    /// Is the set empty?
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The parts in the set, by [`Service::index`].
    pub fn iter(self) -> impl Iterator<Item = Service> {
        Service::ALL.into_iter().filter(move |service| self.has(*service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::kind::Kind;

    #[test]
    fn sets_hold_what_was_put_in() {
        let both = Services::only(Service::Export).with(Service::Writeback);
        assert!(both.has(Service::Export) && !both.has(Service::PasswordSync));
        assert_eq!(both.iter().collect::<Vec<_>>(), [Service::Export, Service::Writeback]);
        assert_eq!(both.without(Service::Export), Services::only(Service::Writeback));
        assert_eq!(Services::ALL.minus(both), Services::only(Service::PasswordSync));
        assert_eq!(both.union(Services::only(Service::PasswordSync)), Services::ALL);
        assert!(both.minus(Services::ALL).is_empty() && !both.is_empty());
        assert_eq!(Services::ALL.iter().count(), Service::ALL.len());
    }

    #[test]
    fn a_kind_that_stops_one_part_has_its_word() {
        for service in Service::ALL {
            let kinds = Kind::ALL.into_iter().filter(|kind| kind.service() == Some(service));
            let words: Vec<&str> = kinds.map(Kind::word).collect();
            assert_eq!(words, [service.word()]);
            assert_eq!(Service::ALL[service.index()], service);
        }
    }
}
