//! How users sign in under a strategy, in the place of what `[pass_through]` or `[federated]` says: where
//! agents stand, or that the cloud checks passwords by itself. A strategy may be all about that.

use crate::keys::{List, Section};
use crate::world::sign_in::{BALANCERS, MOST, SORTS, SignInAgents};
use crate::world::site::{Reference, Sites};

/// Name of the table.
pub const NAME: &str = "sign_in";
const DOC: &str = "how users sign in under this strategy, in the place of what [pass_through] or [federated] says: \
                   where agents stand, or that none is asked";

/// What a strategy says of sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnSignIn {
    /// Users sign in with password hashes: no agent is asked, and a password in the cloud can be stale.
    pub by_hashes: bool,
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
            let least = usize::from(key != BALANCERS);
            if !(least..=MOST).contains(&places.len()) {
                let message = format!("there are {} of them", places.len());
                section.error(key, message, &format!("name the sites of {least} to {MOST}"));
            } else {
                if key == BALANCERS && places.len() == 1 {
                    section.warn(
                        key,
                        "all sign-in goes through one load balancer".into(),
                        "whatever stops it stops sign-in, however many servers stand behind it; state \
                         two, as appliances come in pairs, or [] where names lead to the servers themselves",
                    );
                }
                sorts.push((key, places));
            }
        }
        let by_hashes = section.flag(
            "by_hashes",
            false,
            "users sign in with password hashes, which the cloud checks by itself: no agent is asked, and a \
             password in the cloud can be stale",
        );
        if by_hashes && !sorts.is_empty() {
            section.error(
                "by_hashes",
                "no agent is asked where users sign in with password hashes".into(),
                "leave out where they stand, or by_hashes",
            );
        }
        section.finish();
        OwnSignIn { by_hashes, sorts }
    }

    /// The site of each agent of a sort, under this strategy.
    pub fn sites<'a>(&'a self, agents: &'a SignInAgents) -> &'a [u8] {
        if self.by_hashes {
            return &[];
        }
        let own = self.sorts.iter().find(|(key, _)| *key == agents.key);
        own.map_or(&agents.sites, |(_, sites)| sites)
    }

    /// The keys that it has.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.sorts.iter().map(|(key, _)| *key)
    }

    /// Does it say anything?
    pub fn is_there(&self) -> bool {
        self.by_hashes || !self.sorts.is_empty()
    }
}
