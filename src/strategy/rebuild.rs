//! Rebuild when needed: install the sync server anew, on a spare, a domain controller or a bought
//! server, and let it import and sync everything.
//!
//! The installer comes from the cloud and the wizard signs in there, so nothing begins without the
//! cloud, the directory, and a site that is up with its link. `site` names another one in which it
//! can be done when the service's own is lost; there a machine has to be had first (`elsewhere`).
//! A domain controller is a temporary host: moving back later costs a second, planned outage. A
//! database that lives apart and is alive spares the full sync.
//!
//! A spare server is installed while people go on with the repair of the first one. Without one
//! that is at hand, and as long as the machine lives, it is installed over what is there, which ends
//! that repair. Nobody puts the sync server on a domain controller while its own machine lives.

use super::layout::FIRST_SITE;
use super::{
    Attempt, Effect, MACHINE, Manual, Own, PLACE, Protection, SOFTWARE, Situation, Step,
    StepPurpose, Steps, TemporaryHost,
};
use crate::distribution::Distribution;
use crate::keys::{Advice, Section};
use crate::world::kind::{Kind, Kinds};
use crate::world::site::Sites;
use crate::world::streams::Draws;
use std::sync::Arc;

/// Name of the table.
pub const NAME: &str = "rebuild";
/// What it is.
pub const DOC: &str = "the server is installed anew when it is lost";
/// What people look for in it under another name, and the line that says it.
pub const ADVICE: &[Advice] = &[
    (NAME, "on", "write spare = \"domain-controller\", \"server\" or \"procure\""),
    (NAME, "target", "write spare = \"domain-controller\", \"server\" or \"procure\""),
    ("strategy", "on", "write [strategy.rebuild] and below it spare = \"domain-controller\""),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spare {
    Server,
    DomainController,
    Procure,
}

#[derive(Debug)]
struct Rebuild {
    spare: Spare,
    /// Where it can be done besides the site in which the service stands.
    site: u8,
    elsewhere: Distribution,
    success: f64,
    fenced: f64,
    install: Distribution,
    procure: Distribution,
    configuration_backup: bool,
    reconfigure: Distribution,
    switch_on: Distribution,
    move_back: Distribution,
}

const INSTALL: u64 = 1;
const PROCURE: u64 = 2;
const RECONFIGURE: u64 = 3;
const MOVE_BACK: u64 = 4;
const ELSEWHERE: u64 = 5;
const SUCCESS: u64 = 6;
const SWITCH_ON: u64 = 7;

/// The spare server, or the domain controller.
const SPARE_SERVER: usize = 0;

/// What an installation in place brings; another machine brings host and server too.
const IN_PLACE: Kinds = SOFTWARE.with(Kind::Database);
/// What is worth a new installation only where it stops the server as a whole.
const WHOLE: Kinds = Kinds::new(&[Kind::Contents]);
/// What must be there to install, besides a site that is up with its link.
const NEEDS: Kinds = Kinds::new(&[Kind::Cloud, Kind::Directory]);

/// Where it is installed, as far as the domain controller can host it.
fn read_spare(section: &mut Section<'_>) -> Spare {
    let mut spare = section.choice(
        "spare",
        &[
            ("server", Spare::Server),
            ("domain-controller", Spare::DomainController),
            ("procure", Spare::Procure),
        ],
        "server",
        "where it is installed: a spare server, a domain controller as a makeshift, or a server to be procured",
    );
    let dc_usable = section.flag(
        "dc_usable",
        true,
        "the domain controller can host it: full desktop, writable, a supported release",
    );
    if spare == Spare::DomainController && !dc_usable {
        section.warn(
            "dc_usable",
            "the domain controller cannot host the sync server, so a server is procured".into(),
            "Server Core, read-only and unsupported domain controllers cannot host it: keep a spare server",
        );
        spare = Spare::Procure;
    }
    spare
}

/// Reads the table.
pub fn read(section: &mut Section<'_>, sites: &Sites) -> Arc<dyn Protection> {
    let spare = read_spare(section);
    let configuration_backup =
        section.flag("configuration_backup", true, "the configuration is there as a backup");
    if !configuration_backup {
        section.warn(
            "configuration_backup",
            "the configuration is entered by hand after a rebuild".into(),
            "a wrong filter deletes accounts: export the configuration and keep it off the server",
        );
    }
    Arc::new(Rebuild {
        spare,
        site: sites.read_reference(
            section,
            "site",
            "same",
            "where it can be rebuilt when its own site is lost: \"same\" = nowhere else, \"other\", or a site by name",
        ),
        elsewhere: section.distribution(
            "elsewhere",
            r#""4h to 2d""#,
            "time to have a machine in that site, where none has to be procured",
        ),
        success: section.probability("success", 0.9, "probability that a rebuilt server works"),
        fenced: section.probability(
            "fenced",
            0.98,
            "probability that the old server is shut out, so that its return does no harm",
        ),
        install: section.distribution(
            "install",
            r#""2h to 6h""#,
            "hands-on time of the installation",
        ),
        procure: section.distribution("procure", r#""2d to 10d""#, "time to get a server"),
        configuration_backup,
        reconfigure: section.distribution(
            "reconfigure",
            r#""1h to 8h""#,
            "hands-on time to enter the configuration when there is no backup",
        ),
        switch_on: section.distribution(
            "switch_on",
            r#""15m to 1h""#,
            "hands-on time to check a server that has a backup of the configuration, or the old database, after its full cycle, and to switch it on; \"0s\" = it serves at once, unchecked",
        ),
        move_back: section.distribution(
            "move_back",
            r#""10m to 1h""#,
            "planned outage when the service moves from the domain controller to its own server",
        ),
    })
}

/// What is on a server of the software, with its database if that is no other's.
fn software(database_apart: bool) -> Kinds {
    if database_apart { SOFTWARE } else { SOFTWARE.with(Kind::Database) }
}

impl Rebuild {
    /// The waits until there is a machine: in another site, or one that is procured.
    fn push_machine(&self, steps: &mut Steps, draws: &Draws<'_>, elsewhere: bool, procured: bool) {
        if elsewhere && self.spare != Spare::Procure {
            let hours = draws.hours(&self.elsewhere, ELSEWHERE);
            steps.push(Step::wait("have a machine in the other site", hours));
        } else if procured {
            steps.push(Step::wait("procure a server", draws.hours(&self.procure, PROCURE)));
        }
    }

    fn temporary_host(&self, draws: &Draws<'_>) -> TemporaryHost {
        TemporaryHost {
            move_back: draws.hours(&self.move_back, MOVE_BACK),
            procure: draws.hours(&self.procure, PROCURE),
        }
    }

    /// The hands-on steps, once there is a machine.
    fn install(&self, steps: &mut Steps, draws: &Draws<'_>) {
        steps.push(Step::work("install", draws.hours(&self.install, INSTALL)));
        if !self.configuration_backup {
            let hours = draws.hours(&self.reconfigure, RECONFIGURE);
            steps.push(Step::work("enter the configuration", hours));
        }
    }

    /// Does a new machine leave a server behind that would serve again? A spare server and a domain
    /// controller are spares again themselves, once they are repaired.
    fn leaves_server(&self, at_hand: bool, on_spare: bool) -> bool {
        match self.spare {
            Spare::Procure => true,
            Spare::DomainController => on_spare,
            Spare::Server => !at_hand,
        }
    }

    /// From a temporary host that is lost to the server of its own that stands ready.
    fn move_to_own(&self, site: u8, hours: f64, software: Kinds) -> Attempt {
        let mut steps = Steps::default();
        steps.push(Step::work("move to its own server", hours).to(StepPurpose::TakeOver));
        let effect = Effect {
            replaces: MACHINE.union(software),
            ends_repair: software,
            spare: Some(SPARE_SERVER),
            fenced: Some(self.fenced),
            ..Effect::default()
        };
        let (ground, overwrites) = (Kinds::NONE, Kinds::NONE);
        Attempt { steps, ground, site: Some(site), overwrites, outcome: Ok(effect) }
    }

    /// A server from a backup of its configuration, or on the old database, starts in staging mode:
    /// it imports and syncs, and serves once it has been checked and switched on. Does it?
    fn push_check(
        &self,
        steps: &mut Steps,
        situation: &Situation<'_>,
        draws: &Draws<'_>,
        database_survives: bool,
    ) -> bool {
        let starts_so = self.configuration_backup || database_survives;
        let hours = if starts_so { draws.hours(&self.switch_on, SWITCH_ON) } else { 0.0 };
        if hours <= 0.0 {
            return false;
        }
        if !database_survives {
            let cycle = situation.sync.full_cycle_hours(situation.organisation.objects);
            steps.push(Step::wait("import and sync everything", cycle).to(StepPurpose::Install));
        }
        steps.push(Step::work("check it and switch it on", hours));
        true
    }
}

impl Protection for Rebuild {
    fn name(&self) -> &'static str {
        NAME
    }

    fn manual(&self, situation: &Situation<'_>, draws: &Draws<'_>) -> Manual {
        let place_lost = situation.down.intersects(PLACE);
        let target = if situation.site == self.site { FIRST_SITE } else { self.site };
        let elsewhere = place_lost && target != situation.site && situation.sites_up.has(target);
        // Nobody installs anew for a wrong rule that stops a part only.
        let damaged = situation.down.minus(WHOLE.minus(situation.out));
        if !(elsewhere || damaged.intersects(IN_PLACE.union(MACHINE))) {
            return Manual::Useless;
        }
        let own = situation.own.filter(|_| !elsewhere);
        let spare = self.spare != Spare::Procure && situation.spares[SPARE_SERVER];
        let at_hand = own.is_some() || (!elsewhere && spare);
        let machine_lost = elsewhere || situation.down.intersects(MACHINE);
        let beside = at_hand && self.spare == Spare::Server && !machine_lost;
        let new_machine = machine_lost || beside || own.is_some();
        if situation.out.intersects(NEEDS) || (situation.out.intersects(PLACE) && !elsewhere) {
            return Manual::Blocked(
                "no installer and no sign-in without site, link, cloud and directory",
            );
        }
        let software = software(situation.database_apart);
        if let Some(Own::Server(hours)) = own
            && situation.down.intersects(MACHINE.union(software))
        {
            return Manual::Try(self.move_to_own(situation.site, hours, software));
        }
        let mut steps = Steps::default();
        self.push_machine(&mut steps, draws, elsewhere, new_machine && !at_hand);
        self.install(&mut steps, draws);
        let database_survives = situation.database_apart
            && !elsewhere
            && !situation.down.has(Kind::Database)
            && !situation.down.has(Kind::Contents);
        let staged = self.push_check(&mut steps, situation, draws, database_survives);
        let overwrites = if new_machine { Kinds::NONE } else { software };
        let on_spare = new_machine && at_hand && own.is_none();
        let temporary_host = self.spare == Spare::DomainController && (on_spare || elsewhere);
        let effect = Effect {
            replaces: if new_machine { IN_PLACE.union(MACHINE) } else { IN_PLACE },
            // A first server that lives is the next spare, once it is repaired.
            ends_repair: if beside { Kinds::NONE } else { software },
            site: elsewhere.then_some(target),
            // A domain controller that is left in pieces hosts nothing until it is repaired.
            spare: (on_spare || (own.is_some() && self.spare == Spare::DomainController))
                .then_some(SPARE_SERVER),
            leaves_server: new_machine && !elsewhere && self.leaves_server(at_hand, on_spare),
            fenced: new_machine.then_some(self.fenced),
            all_passwords: !database_survives,
            is_current: staged && !database_survives,
            full_import: !database_survives && !staged,
            full_sync: !database_survives && !staged,
            keeps_database: database_survives,
            temporary_host: temporary_host.then(|| self.temporary_host(draws)),
            ..Effect::default()
        };
        let works = draws.chance(self.success, SUCCESS);
        let outcome = if works { Ok(effect) } else { Err("the rebuilt server does not sync") };
        let ground = if new_machine { Kinds::NONE } else { MACHINE };
        let site = Some(if elsewhere { target } else { situation.site });
        Manual::Try(Attempt { steps, ground, site, overwrites, outcome })
    }

    fn cures(&self, _database_apart: bool) -> Kinds {
        let cures = IN_PLACE.union(MACHINE);
        if self.site == FIRST_SITE { cures } else { cures.union(PLACE) }
    }

    fn cures_in_part(&self, database_apart: bool) -> Kinds {
        self.cures(database_apart).minus(WHOLE)
    }

    fn has_spares_by_path(&self) -> bool {
        false
    }
}
