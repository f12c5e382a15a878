//! Where users are: outside the organisation's network, or in one of its sites.
//!
//! Whoever is outside reaches the cloud by a line of their own. Whoever works in a site reaches it
//! through the link of that site, so that they are cut off with it whatever becomes of sign-in.

use super::site::Sites;

/// Users, by where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Users(u32);

impl Users {
    /// Nobody.
    pub const NONE: Users = Users(0);
    /// Those who are in none of the sites.
    pub const OUTSIDE: Users = Users(1);

    /// Those who work in a site.
    pub fn in_site(site: u8) -> Users {
        Users(2 << site)
    }

    /// These and those.
    pub fn and(self, others: Users) -> Users {
        Users(self.0 | others.0)
    }

    /// These without those.
    pub fn without(self, others: Users) -> Users {
        Users(self.0 & !others.0)
    }

    /// Those who are among both.
    pub fn among(self, others: Users) -> Users {
        Users(self.0 & others.0)
    }

    /// Is there nobody?
    pub fn is_none(self) -> bool {
        self == Users::NONE
    }
}

/// How many of all users are where.
#[derive(Debug, Clone, PartialEq)]
pub struct Whereabouts(Vec<(Users, f64)>);

impl Whereabouts {
    /// So large a share of them is outside, and the rest is in sites.
    pub fn new(outside: f64, sites: &Sites) -> Whereabouts {
        let inside = (0..).zip(sites.shares_of_users());
        let inside = inside.map(|(site, share)| (Users::in_site(site), (1.0 - outside) * share));
        let all = std::iter::once((Users::OUTSIDE, outside)).chain(inside);
        Whereabouts(all.filter(|(_, share)| *share > 0.0).collect())
    }

    /// Where there is anybody, with their share of all users.
    pub fn shares(&self) -> impl Iterator<Item = (Users, f64)> + '_ {
        self.0.iter().copied()
    }

    /// Something for each place in which there is anybody.
    pub fn by_place<T>(&self, of: impl Fn(Users, f64) -> T) -> Vec<T> {
        self.shares().map(|(users, share)| of(users, share)).collect()
    }

    /// All of them.
    pub fn all(&self) -> Users {
        self.shares().fold(Users::NONE, |all, (users, _)| all.and(users))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::site::Site;

    #[test]
    fn who_is_inside_is_in_sites_by_the_ratio_of_their_users() {
        let sites = |users: [Option<u64>; 3]| {
            let site = |users| Site { users, ..Site::new("it", true) };
            Sites(users.map(site).to_vec())
        };
        // Nothing is said: the seven in ten who are inside work in the first.
        let whereabouts = Whereabouts::new(0.3, &sites([None; 3]));
        let first = Users::in_site(0);
        assert_eq!(whereabouts.shares().collect::<Vec<_>>(), [(Users::OUTSIDE, 0.3), (first, 0.7)]);
        assert_eq!(whereabouts.all(), Users::OUTSIDE.and(first));
        // Three to one, and nobody in the last; nobody outside.
        let whereabouts = Whereabouts::new(0.0, &sites([Some(300), Some(100), None]));
        let shares: Vec<_> = whereabouts.shares().collect();
        assert_eq!(shares, [(first, 0.75), (Users::in_site(1), 0.25)]);
        assert!(whereabouts.all().without(first).without(Users::in_site(1)).is_none());
        assert_eq!(whereabouts.all().among(Users::in_site(1)), Users::in_site(1));
    }
}
