//! Does a strategy suit the organisation? What carries it has limits that no luck changes.
//!
//! Cloud Sync leaves some things to a sync server, and a sync server one thing to Cloud Sync. A
//! strategy that does not suit is played, and never recommended.

use super::Strategy;
use crate::world::fault::Carrier;
use crate::world::sync::Organisation;

/// What one of the two cannot do, or only up to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// So many objects of one domain.
    LargestDomain,
    /// So many members of one group.
    LargestGroup,
    /// Devices are synchronised.
    Devices,
    /// Rules, filters or attributes of one's own.
    CustomRules,
    /// Users who are made up of accounts in several forests.
    MergedForests,
    /// Attributes of one object that are merged from several domains.
    MergedAttributes,
    /// Objects that refer to objects of another forest.
    CrossForestReferences,
    /// What was changed outside synchronisation is put right by it.
    Reconciliation,
    /// Windows Hello for Business by hybrid key trust: keys are written back to users on premises.
    KeyTrust,
    /// Passwords are checked on premises.
    PasswordsOnPremises,
    /// Forests that do not reach each other.
    SeparateForests,
}

/// Whether a requirement is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fitness {
    /// It is.
    Suits,
    /// It is not.
    Fails,
    /// The scenario does not say enough.
    NotChecked,
}

impl Requirement {
    /// Those of what carries the service.
    fn of(carrier: Carrier) -> &'static [Requirement] {
        match carrier {
            Carrier::Servers => &[Requirement::SeparateForests],
            Carrier::Agents => &[
                Requirement::LargestDomain,
                Requirement::LargestGroup,
                Requirement::Devices,
                Requirement::CustomRules,
                Requirement::MergedForests,
                Requirement::MergedAttributes,
                Requirement::CrossForestReferences,
                Requirement::Reconciliation,
                Requirement::KeyTrust,
            ],
            Carrier::SignIn => &[],
        }
    }

    /// Is it met by an organisation?
    fn fitness(self, organisation: &Organisation) -> Fitness {
        let Organisation { objects, .. } = *organisation;
        let within = |stated: Option<u64>, limit: u64| match stated {
            Some(number) if number > limit => Fitness::Fails,
            // No part is larger than the whole.
            None if objects > limit => Fitness::NotChecked,
            _ => Fitness::Suits,
        };
        let without = |stated: Option<bool>| match stated {
            Some(true) => Fitness::Fails,
            Some(false) => Fitness::Suits,
            None => Fitness::NotChecked,
        };
        match self {
            Requirement::LargestDomain => {
                within(organisation.largest_domain, Organisation::MOST_IN_DOMAIN)
            }
            Requirement::LargestGroup => {
                within(organisation.largest_group, Organisation::MOST_IN_GROUP)
            }
            Requirement::Devices => without(organisation.has_devices()),
            Requirement::CustomRules => without(organisation.custom_rules),
            Requirement::MergedForests => without(organisation.merged_forests),
            Requirement::MergedAttributes => without(organisation.merged_attributes),
            Requirement::CrossForestReferences => without(organisation.cross_forest_references),
            Requirement::Reconciliation => without(organisation.reconciliation),
            Requirement::KeyTrust => without(organisation.key_trust),
            Requirement::PasswordsOnPremises => without(organisation.passwords_on_premises),
            // One forest is what nearly everybody has.
            Requirement::SeparateForests => {
                without(Some(organisation.separate_forests == Some(true)))
            }
        }
    }
}

impl Strategy {
    /// What it requires of the organisation, and whether that is met.
    pub fn fitness(
        &self,
        organisation: &Organisation,
    ) -> impl Iterator<Item = (Requirement, Fitness)> {
        let by_hashes: &[Requirement] = match self.sign_in.by_hashes {
            true => &[Requirement::PasswordsOnPremises],
            false => &[],
        };
        let all = Requirement::of(self.carrier()).iter().chain(by_hashes);
        all.map(|requirement| (*requirement, requirement.fitness(organisation)))
    }

    /// Is it in question whether it suits, of what nearly everybody has?
    pub fn is_in_question(&self) -> bool {
        self.carrier() == Carrier::Agents || self.sign_in.by_hashes
    }

    /// Can a password in the cloud be older than the one on premises under this strategy?
    pub fn has_cloud_passwords(&self, organisation: &Organisation) -> bool {
        organisation.has_cloud_passwords() || self.sign_in.by_hashes
    }

    /// Does nothing that is known of the organisation stand against it?
    pub fn suits(&self, organisation: &Organisation) -> bool {
        self.fitness(organisation).all(|(_, fitness)| fitness != Fitness::Fails)
    }
}
