//! Where the agents of sign-in stand under a strategy, in the place of what `[pass_through]` or
//! `[federated]` says. A strategy may be all about that.

use crate::keys::{List, Section};
use crate::world::sign_in::{MOST, SORTS, SignInAgents};
use crate::world::site::{Reference, Sites};

/// Name of the table.
pub const NAME: &str = "sign_in";
const DOC: &str =
    "where the agents of sign-in stand, in the place of [pass_through] or [federated]";

/// The agents that a strategy has of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnSignIn {
    /// By sort, named by its key: the site of each agent.
    sorts: Vec<(&'static str, Vec<u8>)>,
}

impl OwnSignIn {
    /// Reads the table, if it is there.
    pub fn read(section: &mut Section<'_>, sites: &Sites) -> OwnSignIn {
        let mut sorts = Vec::new();
        let Some(mut section) = section.optional_section(NAME, DOC) else {
            return OwnSignIn::default();
        };
        for (key, _, doc) in SORTS {
            let list = List { item: Reference { sites }, distinct: false, plural: "sites" };
            let Some(places) = section.optional_as(key, &list, doc) else { continue };
            if places.is_empty() || places.len() > MOST {
                let message = format!("there are {} of them", places.len());
                section.error(key, message, &format!("name the sites of 1 to {MOST}"));
            } else {
                sorts.push((key, places));
            }
        }
        section.finish();
        OwnSignIn { sorts }
    }

    /// The site of each agent of a sort, under this strategy.
    pub fn sites<'a>(&'a self, agents: &'a SignInAgents) -> &'a [u8] {
        let own = self.sorts.iter().find(|(key, _)| *key == agents.key);
        own.map_or(&agents.sites, |(_, sites)| sites)
    }

    /// The keys that it has.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.sorts.iter().map(|(key, _)| *key)
    }

    /// Does it say anything?
    pub fn is_there(&self) -> bool {
        !self.sorts.is_empty()
    }
}
