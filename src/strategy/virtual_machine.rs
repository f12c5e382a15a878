//! A virtual machine: restarted on another host by itself, restored from an image by hand.
//!
//! The restart cures the loss of the host. An image cures a broken guest, with the database if
//! that is inside it, and can be brought up on another host or, with `site = "other"`, in another
//! site, where the service then stays. It brings back what the server held before the damage, its
//! build and its rules; an account or a certificate it never cures, nor a database that lives
//! apart. An image older than the server's credential cannot sign in to the cloud until a person
//! has given it a new one.

use super::layout::FIRST_SITE;
use super::{Attempt, Automatic, Effect, Manual, PLACE, Protection, Situation, Step, Steps};
use crate::distribution::Distribution;
use crate::keys::{Advice, Section};
use crate::world::kind::{Kind, Kinds};
use crate::world::site::Sites;
use crate::world::streams::Draws;
use crate::world::sync::Sync;
use std::sync::Arc;

/// Name of the table.
pub const NAME: &str = "virtual_machine";
/// What it is.
pub const DOC: &str = "the server is a virtual machine that another host can run";
/// What people look for in it under another name, and the line that says it.
pub const ADVICE: &[Advice] = &[
    (
        NAME,
        "replica",
        "a copy in another site: write site = \"other\", image_age = \"15m\" and capacity = 0",
    ),
    (NAME, "replicated", "a copy in another site: write site = \"other\" and image_age = \"15m\""),
    (NAME, "automatic", "of a machine that does not restart by itself: write capacity = 0"),
    (NAME, "automatic_restart", "of a machine that does not restart by itself: write capacity = 0"),
    (NAME, "rpo", "write image_age = \"15m\""),
    ("strategy", "replica", "write [strategy.virtual_machine] and below it site = \"other\""),
];

#[derive(Debug)]
struct VirtualMachine {
    restart: Distribution,
    capacity: f64,
    /// Where its image can be brought up besides the site in which it stands.
    site: u8,
    image_age: Distribution,
    restore_image: Distribution,
    success: f64,
    move_success: f64,
    fenced: f64,
    reconfigure: Distribution,
}

const RESTART: u64 = 1;
const CAPACITY: u64 = 2;
const IMAGE_AGE: u64 = 3;
const RESTORE: u64 = 4;
const SUCCESS: u64 = 5;
const RECONFIGURE: u64 = 6;

/// The host that stands by.
const SPARE_HOST: usize = 0;

const HOST: Kinds = Kinds::new(&[Kind::Host]);

/// Reads the table.
pub fn read(section: &mut Section<'_>, sites: &Sites) -> Arc<dyn Protection> {
    let image_age =
        section.distribution("image_age", r#""1d""#, "age of the newest image when it is needed");
    if image_age.quantile(0.5) >= Sync::FULL_SYNC_AFTER {
        section.warn(
            "image_age",
            "most images are older than 7 days when they are needed".into(),
            "a restore then needs a full sync, and a full import from 3 weeks on",
        );
    }
    warn_of_replica(section);
    Arc::new(VirtualMachine {
        restart: section.distribution(
            "restart",
            r#""2m to 8m""#,
            "automatic restart on another host",
        ),
        capacity: section.probability(
            "capacity",
            0.98,
            "probability that another host has room for it; 0: it does not restart by itself",
        ),
        site: sites.read_reference(
            section,
            "site",
            "same",
            "where its image can be brought up too: \"same\" = nowhere else, \"other\", or a site by name",
        ),
        image_age,
        restore_image: section.distribution(
            "restore_image",
            r#""30m to 3h""#,
            "hands-on time to restore the image, on another host or in another site",
        ),
        success: section.probability(
            "success",
            0.95,
            "probability that a restored image works",
        ),
        move_success: section.probability(
            "move_success",
            0.9,
            "probability that it works in the other site",
        ),
        fenced: section.probability(
            "fenced",
            0.98,
            "probability that the old machine is shut out, so that its return does no harm",
        ),
        reconfigure: section.distribution(
            "reconfigure",
            r#""1h to 8h""#,
            "hands-on time to give the server a new credential when the image is older than it",
        ),
    })
}

/// A machine with a copy in another site is taken for a cluster too, unless it says that it is none.
fn warn_of_replica(section: &mut Section<'_>) {
    let elsewhere = section.written("site").filter(|site| site.text() != Some("same"));
    if elsewhere.is_some() && !section.has("capacity") {
        section.warn(
            "site",
            "the machine also restarts by itself on another host of its own site: `capacity` is left at 0.98".into(),
            "a replica alone does not: write capacity = 0; a cluster with a replica does: write capacity = 0.98",
        );
    }
}

impl Protection for VirtualMachine {
    fn name(&self) -> &'static str {
        NAME
    }

    fn automatic(&self, situation: &Situation<'_>, draws: &Draws<'_>) -> Option<Automatic> {
        if !situation.down.has(Kind::Host) || !situation.spares[SPARE_HOST] {
            return None;
        }
        let outcome = if draws.chance(self.capacity, CAPACITY) {
            Ok(Effect { replaces: HOST, spare: Some(SPARE_HOST), ..Effect::default() })
        } else {
            Err("no other host has room for the virtual machine")
        };
        Some(Automatic { delay: draws.hours(&self.restart, RESTART), outcome })
    }

    fn manual(&self, situation: &Situation<'_>, draws: &Draws<'_>) -> Manual {
        // The guest, with the database if that is inside it.
        let mut guest = Kinds::new(&[Kind::Server]);
        if !situation.database_apart {
            guest = guest.with(Kind::Database).with(Kind::Contents);
        }
        // A service that has moved away can move back.
        let target = if situation.site == self.site { FIRST_SITE } else { self.site };
        let moves_away = situation.down.intersects(PLACE)
            && target != situation.site
            && situation.sites_up.has(target);
        if situation.out.has(Kind::Site) && !moves_away {
            return Manual::Useless;
        }
        let moves_host =
            situation.down.has(Kind::Host) && (situation.spares[SPARE_HOST] || moves_away);
        let on_a_host = moves_host || !situation.out.has(Kind::Host);
        let restores = situation.down.intersects(guest) && on_a_host;
        if !(moves_away || moves_host || restores) {
            return Manual::Useless;
        }
        let mut replaces = if restores || moves_away { guest } else { Kinds::NONE };
        if moves_away || moves_host {
            replaces = replaces.with(Kind::Host);
        }
        // A guest that is moved whole keeps its disk; one that is restored goes back in time.
        let goes_back = restores || moves_away;
        let age = if goes_back { draws.hours(&self.image_age, IMAGE_AGE) } else { 0.0 };
        let effect = Effect {
            replaces,
            ends_repair: guest,
            site: moves_away.then_some(target),
            spare: (moves_host && !moves_away).then_some(SPARE_HOST),
            fenced: moves_away.then_some(self.fenced),
            database_age: if situation.database_apart { 0.0 } else { age },
            ..Effect::default()
        };
        let mut steps = Steps::default();
        steps.push(Step::work("restore the image", draws.hours(&self.restore_image, RESTORE)));
        if situation.sync.credential_life > 0.0 && age > situation.sync.credential_life {
            let hours = draws.hours(&self.reconfigure, RECONFIGURE);
            steps.push(Step::work("give the server a new credential", hours));
        }
        let success = if moves_away { self.move_success } else { self.success };
        let works = draws.chance(success, SUCCESS);
        let outcome = if works { Ok(effect) } else { Err("the restored image does not start") };
        let ground = if moves_host || moves_away { Kinds::NONE } else { HOST };
        let site = Some(if moves_away { target } else { situation.site });
        let overwrites = if restores && !moves_away { guest } else { Kinds::NONE };
        Manual::Try(Attempt { steps, ground, site, overwrites, outcome })
    }

    fn cures(&self, database_apart: bool) -> Kinds {
        let machine = Kinds::new(&[Kind::Host, Kind::Server]);
        let inside = Kinds::new(&[Kind::Database, Kind::Contents]);
        let guest = if database_apart { machine } else { machine.union(inside) };
        if self.site == FIRST_SITE { guest } else { guest.union(PLACE) }
    }
}
