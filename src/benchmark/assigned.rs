//! What each incident of a log struck, and those of which nothing tells.

use crate::evidence::log::{Incident, IncidentLog};
use crate::scenario::Scenario;
use crate::study::mapping::{Mapping, Reason, Target, mappable, tally};
use crate::world::kind::Kind;
use std::collections::HashMap;

/// What each entry of a log is about, asked once for each text that the log has.
#[derive(Debug)]
pub(super) struct Assigned<'a> {
    known: HashMap<(&'a str, &'a str), (Target, Reason)>,
}

impl<'a> Assigned<'a> {
    pub(super) fn new(
        scenario: &Scenario,
        log: &'a IncidentLog,
        mapping: &Mapping,
    ) -> Assigned<'a> {
        let mut known = HashMap::new();
        for Incident { component, cause, .. } in &log.incidents {
            known
                .entry((component.as_str(), cause.as_str()))
                .or_insert_with(|| mapping.target_of(scenario, component, cause));
        }
        Assigned { known }
    }

    pub(super) fn target<'s>(&'s self, incident: &'s Incident) -> (&'s Target, Reason) {
        let known = self.known.get(&(incident.component.as_str(), incident.cause.as_str()));
        // Every incident of the log is there.
        known.map_or((&Target::Kind(Kind::Server), Reason::Unknown), |(target, why)| (target, *why))
    }

    pub(super) fn is_struck(&self, incident: &Incident) -> bool {
        matches!(self.target(incident).0, Target::Kind(_))
    }
}

/// Incidents of which neither the log nor the user nor the scenario tells what they struck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownIncidents {
    /// What the log says of them, and how often, the most frequent first.
    pub named: Vec<(String, u64)>,
    /// How many they are.
    pub count: u64,
    /// Of how many incidents.
    pub of: u64,
}

impl UnknownIncidents {
    pub(super) fn of_log(assigned: &Assigned<'_>, log: &IncidentLog) -> Option<UnknownIncidents> {
        let targets = || log.incidents.iter().map(|incident| (incident, assigned.target(incident)));
        let of = targets().filter(|(_, (target, _))| matches!(target, Target::Kind(_))).count();
        let unknown = targets().filter(|(_, (_, reason))| *reason == Reason::Unknown);
        let named =
            tally(unknown.map(|(incident, _)| {
                (mappable(&incident.component, &incident.cause).to_owned(), ())
            }));
        let named: Vec<(String, u64)> = named.into_iter().map(|(name, (), n)| (name, n)).collect();
        let count = named.iter().map(|(_, count)| count).sum();
        (count > 0).then_some(UnknownIncidents { named, count, of: of as u64 })
    }

    /// More than a tenth of the incidents are too many to be taken for a server's: they are left out,
    /// and with them every rate, since they may be of any kind.
    pub fn left_out(&self) -> bool {
        10 * self.count > self.of
    }
}
