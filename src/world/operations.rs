//! The people who bring the service back: how they learn of an outage, arrive, decide and work.

use super::kind::{Kind, Scope};
use super::people::People;
use super::site::Sites;
use super::staffing::Staffing;
use crate::distribution::Distribution;
use crate::keys::Section;

/// The `[operations]` table.
#[derive(Debug, Clone)]
pub struct Operations {
    /// The n-th refused writeback request raises the alarm too; 0 = never.
    pub user_reports: u64,
    /// Delay from the alarm (or the next staffed hour) to a person at work, hours.
    pub call_out: Distribution,
    /// Time from arrival to a decision on what to do, hours.
    pub decision: Distribution,
    /// How long people keep to a repair of their own before they turn to a protection, from the
    /// decision on, hours.
    pub repair_first: Distribution,
    /// When people work.
    pub staffed: Staffing,
    /// How long people stay to finish what they can finish by then, hours.
    pub overtime: f64,
    /// Hands-on time to see why an attempt failed, hours.
    pub diagnose: Distribution,
    /// How often the same protection is tried in one outage, at least 1.
    pub tries: u32,
    /// How many people can work at once; `None` is without limit.
    pub people: Option<u32>,
    /// A new server where nothing else is under way; `None` is never.
    pub last_resort: Option<LastResort>,
    /// Hands-on time to restore the directory elsewhere when every site that has controllers is
    /// lost, hours.
    pub restore_directory: Distribution,
    /// Leavers are switched off in the cloud by hand; `None` is never.
    pub disable_by_hand: Option<DisableByHand>,
}

/// What people do when an outage has lasted long and nothing is expected to end it: they set up a
/// new server in any site that is up.
#[derive(Debug, Clone, PartialEq)]
pub struct LastResort {
    /// From the onset of the outage on, hours.
    pub after: f64,
    /// Hands-on time, hours.
    pub takes: Distribution,
    /// Probability that the old server is shut out, so that its return does no harm.
    pub fenced: f64,
}

/// Switching off leavers in the cloud by hand, once the outage is known.
#[derive(Debug, Clone, PartialEq)]
pub struct DisableByHand {
    /// From the alarm on, hours.
    pub after: Distribution,
    /// Probability that somebody does it, for each leaver.
    pub probability: f64,
}

/// `[operations]` as read.
#[derive(Debug, Clone)]
pub struct OperationsKeys {
    /// The people.
    pub operations: Operations,
    /// The short form of a single channel that sees everything.
    pub detection: Option<Distribution>,
}

impl OperationsKeys {
    /// Reads the table.
    pub fn read(section: &mut Section<'_>) -> OperationsKeys {
        let detection = section.optional_distribution(
            "detection",
            "delay until monitoring raises the alarm: short for one [[watch]] that sees everything",
        );
        OperationsKeys { operations: Operations::read(section), detection }
    }
}

impl Operations {
    /// Always enough people who lose no time and try nothing of their own: the simplest there are.
    #[cfg(test)]
    pub fn at_once() -> Operations {
        let at_once = Distribution::constant_of(0.0);
        Operations {
            user_reports: 0,
            call_out: at_once.clone(),
            decision: at_once.clone(),
            repair_first: at_once.clone(),
            staffed: Staffing::always(),
            overtime: 0.0,
            diagnose: at_once.clone(),
            tries: 2,
            people: None,
            last_resort: None,
            restore_directory: at_once,
            disable_by_hand: None,
        }
    }

    /// Does a last resort end an outage by a fault of this kind, in the end? It takes a site that
    /// is up, and leaves the fault behind.
    pub fn last_resort_ends(&self, kind: Kind, sites: &Sites) -> bool {
        let elsewhere = kind.scope() != Scope::Site || sites.len() > 1;
        self.last_resort.is_some() && kind.stays_behind() && elsewhere
    }

    fn read(section: &mut Section<'_>) -> Operations {
        Operations {
            user_reports: section.count(
                "user_reports",
                0,
                0..=1_000_000,
                "the n-th refused writeback request raises the alarm too; 0 = never",
            ),
            call_out: section.distribution(
                "call_out",
                r#""10m to 1h""#,
                "delay from the alarm (or the next staffed hour) to a person at work",
            ),
            decision: section.distribution(
                "decision",
                r#""5m to 30m""#,
                "time from arrival to a decision on what to do",
            ),
            repair_first: section.distribution(
                "repair_first",
                r#""30m to 2h""#,
                "how long people keep to a repair that is theirs, from the decision on, before they \
                 turn to a table of the strategy; \"0s\" = they turn to it at once",
            ),
            staffed: section.get(
                "staffed",
                r#""24x7""#,
                "when people work: \"24x7\", \"office\", or such as \"Mon-Fri 09:00-17:00\"",
            ),
            overtime: section.duration(
                "overtime",
                "2h",
                "people stay so long after staffed hours to finish what they can finish by then",
            ),
            diagnose: section.distribution(
                "diagnose",
                r#""30m to 4h""#,
                "hands-on time to see why an attempt failed",
            ),
            tries: section.count(
                "tries",
                2,
                1..=100,
                "how often the same protection is tried in one outage",
            ) as u32,
            people: section
                .get::<People>("people", "2", "how many people can work at once, or \"unlimited\"")
                .0,
            last_resort: read_last_resort(section),
            restore_directory: section.distribution(
                "restore_directory",
                r#""8h to 40h""#,
                "hands-on time to restore the directory elsewhere when every site with domain controllers is lost: 1 to 5 days of 8 hours",
            ),
            disable_by_hand: read_disable_by_hand(section),
        }
    }
}

fn read_last_resort(section: &mut Section<'_>) -> Option<LastResort> {
    let doc = "a new server in any site that is up, where nothing else is under way, or \"never\"";
    let mut section = section.section_or_never("last_resort", doc)?;
    Some(LastResort {
        after: section.duration("after", "2d", "how long the outage has lasted by then"),
        takes: section.distribution(
            "takes",
            r#""8h to 32h""#,
            "hands-on time to find a server and set it up: 1 to 4 days of 8 hours",
        ),
        fenced: section.probability(
            "fenced",
            0.98,
            "probability that the old server is shut out, so that its return does no harm",
        ),
    })
}

fn read_disable_by_hand(section: &mut Section<'_>) -> Option<DisableByHand> {
    let doc = "leavers are switched off in the cloud by hand, or \"never\"";
    let mut section = section.section_or_never("disable_by_hand", doc)?;
    Some(DisableByHand {
        after: section.distribution(
            "after",
            r#""30m to 4h""#,
            "time from the alarm until it is done",
        ),
        probability: section.probability(
            "probability",
            0.5,
            "probability that somebody does it, for each leaver",
        ),
    })
}
