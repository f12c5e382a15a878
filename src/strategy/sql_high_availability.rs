//! The database on an Always On availability group: it protects the database and nothing else.
//!
//! A synchronous group fails over by itself in seconds, an asynchronous one is forced by a person
//! and then needs a full import. The traps of the documentation are parameters: a group enabled
//! after the installation is not used at all; without the logins on the replica the failover
//! succeeds and nobody can log in; with `register_all_providers_ip = 1` and several subnets a
//! reconnect that tries a dead address first times out; with 0 it waits for the DNS record.

use super::{
    Attempt, Automatic, Effect, MACHINE, Manual, Protection, Situation, Step, StepPurpose, Steps,
};
use crate::distribution::Distribution;
use crate::keys::{Advice, Section};
use crate::world::kind::{Kind, Kinds};
use crate::world::site::Sites;
use crate::world::streams::Draws;
use std::sync::Arc;

/// Name of the table.
pub const NAME: &str = "sql_high_availability";
/// What it is.
pub const DOC: &str = "the database on an Always On availability group";
/// What people look for in it under another name, and the line that says it.
pub const ADVICE: &[Advice] = &[
    (NAME, "replicas", TWO_SERVERS),
    (NAME, "replica", TWO_SERVERS),
    (NAME, "mode", "write replication = \"synchronous\" or \"asynchronous\""),
];
const TWO_SERVERS: &str =
    "the group has two servers: write replication = \"synchronous\" or \"asynchronous\"";

#[derive(Debug)]
struct SqlHighAvailability {
    synchronous: bool,
    failover: Distribution,
    force_failover: Distribution,
    listener: Listener,
    directory_replication: Distribution,
    /// Enabled before the installation and with logins: the group is of use.
    used: bool,
    logins: bool,
    failover_success: f64,
    success: f64,
}

const FAILOVER: u64 = 1;
const FORCE: u64 = 2;
const DNS: u64 = 3;
const REPLICATION: u64 = 4;
const SUCCESS: u64 = 5;
const RECONNECT: u64 = 16;

/// The other replica.
const REPLICA: usize = 0;

/// A reconnect that meets a dead address first gives up at the login timeout, before the 21 s that
/// the connection attempt would take (Microsoft, SQL Server multi-subnet clustering), hours.
const LOGIN_TIMEOUT: f64 = 15.0 / 3600.0;
/// After so many timeouts the service no longer tries by itself and a person restarts it. No
/// published figure: our judgement.
const RECONNECTS: u64 = 3;

const NO_LOGINS: &str = "the service cannot log in: the replica has no logins for it";

const DATABASE: Kinds = Kinds::new(&[Kind::Database]);

/// Reads the table.
pub fn read(section: &mut Section<'_>, _sites: &Sites) -> Arc<dyn Protection> {
    let listener = Listener::read(section);
    let before = section.flag(
        "enabled_before_install",
        true,
        "the group was enabled before the sync server was installed",
    );
    if !before {
        section.warn(
            "enabled_before_install",
            "a group enabled after the installation is not used by the sync server".into(),
            "the strategy protects nothing: enable the group first, then install",
        );
    }
    let logins =
        section.flag("logins_on_replica", true, "the logins were created on the replica too");
    if !logins {
        section.warn(
            "logins_on_replica",
            "the logins are missing on the replica".into(),
            "a failover succeeds and the service still cannot log in: create them on every replica",
        );
    }
    Arc::new(SqlHighAvailability {
        synchronous: section.choice(
            "replication",
            &[("synchronous", true), ("asynchronous", false)],
            "synchronous",
            "synchronous groups fail over by themselves, asynchronous ones are forced by a person",
        ),
        failover: section.distribution(
            "failover",
            r#"{ uniform = { min = "10s", max = "60s" } }"#,
            "automatic failover of a synchronous group",
        ),
        force_failover: section.distribution(
            "force_failover",
            r#""20m to 2h""#,
            "hands-on time to force a failover, or to reconnect the service by hand",
        ),
        listener,
        directory_replication: section.distribution(
            "directory_replication",
            r#"{ uniform = { min = "0s", max = "3h" } }"#,
            "wait until the listener's DNS record has replicated between sites",
        ),
        used: before,
        logins,
        failover_success: section.probability(
            "failover_success",
            0.98,
            "probability that an automatic failover works",
        ),
        success: section.probability(
            "success",
            0.95,
            "probability that a failover or a reconnection by hand works",
        ),
    })
}

/// How clients find the group.
#[derive(Debug)]
struct Listener {
    subnets: u64,
    register_all: bool,
    dns_ttl: f64,
}

impl Listener {
    fn read(section: &mut Section<'_>) -> Listener {
        let subnets = section.count("subnets", 1, 1..=64, "subnets that the group spans");
        let register_all = section.count(
            "register_all_providers_ip",
            0,
            0..=1,
            "the listener's RegisterAllProvidersIP: 1 = all addresses are in DNS, 0 = only the live one",
        ) == 1;
        if register_all && subnets > 1 {
            section.warn(
                "register_all_providers_ip",
                format!("RegisterAllProvidersIP = 1 with {subnets} subnets"),
                "part of the reconnects after a failover time out; the product needs 0",
            );
        }
        if register_all && subnets < 2 {
            section.warn(
                "register_all_providers_ip",
                "RegisterAllProvidersIP = 1 does nothing with one subnet".into(),
                "give the group's `subnets` if there are several; the product needs 0 then",
            );
        }
        let dns_ttl =
            section.duration("dns_ttl", "20m", "time to live of the listener's DNS record");
        if !register_all && subnets > 1 && dns_ttl > 5.0 / 60.0 + 1e-9 {
            section.warn(
                "dns_ttl",
                "a failover to the other subnet waits for the listener's DNS record".into(),
                "lower HostRecordTTL to 5m, as in Microsoft's sample",
            );
        }
        Listener { subnets, register_all, dns_ttl }
    }
}

impl SqlHighAvailability {
    /// Time until the service has found the live replica, hours, or why it does not.
    fn reconnect(&self, draws: &Draws<'_>) -> (f64, Result<(), &'static str>) {
        if !self.logins {
            return (0.0, Err(NO_LOGINS));
        }
        let listener = &self.listener;
        if listener.subnets < 2 {
            return (0.0, Ok(()));
        }
        if !listener.register_all {
            let record = listener.dns_ttl * draws.uniform(DNS);
            return (record + draws.hours(&self.directory_replication, REPLICATION), Ok(()));
        }
        // Addresses are tried one after another in any order: the live one is first with
        // probability 1 / subnets, and only then the login does not time out.
        let live_first = 1.0 / listener.subnets as f64;
        for tries in 0..RECONNECTS {
            if draws.chance(live_first, RECONNECT + tries) {
                return (tries as f64 * LOGIN_TIMEOUT, Ok(()));
            }
        }
        (
            RECONNECTS as f64 * LOGIN_TIMEOUT,
            Err("every reconnect tried a dead address first and timed out"),
        )
    }
}

impl SqlHighAvailability {
    /// What comes of the work of a person, which nothing but missing logins prevents for sure.
    fn by_hand(&self, effect: Effect, draws: &Draws<'_>) -> Result<Effect, &'static str> {
        if !self.logins {
            Err(NO_LOGINS)
        } else if draws.chance(self.success, SUCCESS) {
            Ok(effect)
        } else {
            Err("the service does not reconnect")
        }
    }
}

impl Protection for SqlHighAvailability {
    fn name(&self) -> &'static str {
        NAME
    }

    fn automatic(&self, situation: &Situation<'_>, draws: &Draws<'_>) -> Option<Automatic> {
        let acts = self.used && self.synchronous && situation.down.has(Kind::Database);
        if !acts || !situation.spares[REPLICA] {
            return None;
        }
        let (wait, found) = self.reconnect(draws);
        let effect = Effect { replaces: DATABASE, spare: Some(REPLICA), ..Effect::default() };
        let outcome = if draws.chance(self.failover_success, SUCCESS) {
            found.map(|()| effect)
        } else {
            Err("the group does not fail over")
        };
        Some(Automatic { delay: draws.hours(&self.failover, FAILOVER) + wait, outcome })
    }

    fn manual(&self, situation: &Situation<'_>, draws: &Draws<'_>) -> Manual {
        if !self.used || !situation.down.has(Kind::Database) || !situation.spares[REPLICA] {
            return Manual::Useless;
        }
        let (site, overwrites) = (Some(situation.site), Kinds::NONE);
        let mut steps = Steps::default();
        let force = draws.hours(&self.force_failover, FORCE);
        let effect = Effect {
            replaces: DATABASE,
            spare: Some(REPLICA),
            full_import: !self.synchronous,
            ..Effect::default()
        };
        if self.synchronous {
            // The group has failed over by itself and the service has not found it: a person at
            // the console reconnects it, which nothing but missing logins can prevent.
            steps.push(Step::work("reconnect the service", force).to(StepPurpose::TakeOver));
            let outcome = self.by_hand(effect, draws);
            return Manual::Try(Attempt { steps, ground: MACHINE, site, overwrites, outcome });
        }
        steps.push(Step::work("force the failover", force).to(StepPurpose::TakeOver));
        let (wait, _) = self.reconnect(draws);
        if wait > 0.0 {
            steps.push(Step::wait("wait for the listener", wait).to(StepPurpose::TakeOver));
        }
        // A person is there and restarts the service when its own tries have timed out.
        let outcome = self.by_hand(effect, draws);
        Manual::Try(Attempt { steps, ground: MACHINE, site, overwrites, outcome })
    }

    fn cures(&self, _database_apart: bool) -> Kinds {
        if self.used && self.logins { DATABASE } else { Kinds::NONE }
    }

    fn keeps_database_apart(&self) -> bool {
        true
    }
}
