//! A virtual machine: restarted on another host by itself, restored from an image by hand.
//!
//! The restart cures the loss of the host. An image cures a broken guest, with the database if
//! that is inside it, and can be brought up on another host or, with `site = "other"`, in another
//! site. What the copies share, the sync engine's own data, it never cures.

use super::{Attempt, Automatic, Effect, Manual, Protection, Situation, Step, Steps};
use crate::distribution::Distribution;
use crate::keys::Section;
use crate::world::kind::{Kind, Kinds};
use crate::world::streams::Draws;
use crate::world::sync::Sync;
use std::sync::Arc;

/// Name of the table.
pub const NAME: &str = "virtual_machine";
/// What it is.
pub const DOC: &str = "the server is a virtual machine that another host can run";

#[derive(Debug)]
struct VirtualMachine {
    restart: Distribution,
    capacity: f64,
    other_site: bool,
    image_age: Distribution,
    restore_image: Distribution,
}

const RESTART: u64 = 1;
const CAPACITY: u64 = 2;
const IMAGE_AGE: u64 = 3;
const RESTORE: u64 = 4;

/// The host that stands by, and the other site.
const SPARE_HOST: usize = 0;
const SPARE_SITE: usize = 1;

const AWAY: Kinds = Kinds::new(&[Kind::Site, Kind::Link]);

/// Reads the table.
pub fn read(section: &mut Section<'_>) -> Arc<dyn Protection> {
    let image_age =
        section.distribution("image_age", r#""1d""#, "age of the newest image when it is needed");
    if image_age.quantile(0.5) >= Sync::FULL_SYNC_AFTER {
        section.warn(
            "image_age",
            "most images are older than 7 days when they are needed".into(),
            "a restore then needs a full sync, and a full import from 3 weeks on",
        );
    }
    Arc::new(VirtualMachine {
        restart: section.distribution(
            "restart",
            r#""2m to 8m""#,
            "automatic restart on another host",
        ),
        capacity: section.probability(
            "capacity",
            0.98,
            "probability that another host has room for it",
        ),
        other_site: section.choice(
            "site",
            &[("same", false), ("other", true)],
            "same",
            "\"other\" = its image can be brought up in another site too",
        ),
        image_age,
        restore_image: section.distribution(
            "restore_image",
            r#""30m to 3h""#,
            "hands-on time to restore the image, on another host or in another site",
        ),
    })
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
            Ok(Effect {
                replaces: Kinds::new(&[Kind::Host]),
                spare: Some(SPARE_HOST),
                ..Effect::default()
            })
        } else {
            Err("no other host has room for the virtual machine")
        };
        Some(Automatic { delay: draws.hours(&self.restart, RESTART), outcome })
    }

    fn manual(&self, situation: &Situation<'_>, draws: &Draws<'_>) -> Manual {
        // The guest, with the database if that is inside it.
        let mut guest = Kinds::new(&[Kind::Server]);
        if !situation.database_apart {
            guest = guest.with(Kind::Database);
        }
        let moves_away =
            situation.down.intersects(AWAY) && self.other_site && situation.spares[SPARE_SITE];
        if situation.down.has(Kind::Site) && !moves_away {
            return Manual::Useless;
        }
        let moves_host =
            situation.down.has(Kind::Host) && (situation.spares[SPARE_HOST] || moves_away);
        let mut replaces = Kinds::NONE;
        for kind in Kind::ALL {
            let helps = (moves_away && AWAY.has(kind))
                || (moves_host && kind == Kind::Host)
                || (guest.has(kind) && (!situation.down.has(Kind::Host) || moves_host));
            if helps && situation.down.has(kind) {
                replaces = replaces.with(kind);
            }
        }
        if replaces.is_empty() {
            return Manual::Useless;
        }
        // A guest that is moved whole keeps its disk; one that is restored goes back in time.
        let goes_back = replaces.intersects(guest) || moves_away;
        let effect = Effect {
            replaces,
            ends_repair: guest,
            spare: if moves_away { Some(SPARE_SITE) } else { moves_host.then_some(SPARE_HOST) },
            database_age: if goes_back && !situation.database_apart {
                draws.hours(&self.image_age, IMAGE_AGE)
            } else {
                0.0
            },
            ..Effect::default()
        };
        let mut steps = Steps::default();
        steps.push(Step::work("restore the image", draws.hours(&self.restore_image, RESTORE)));
        Manual::Try(Attempt { steps, outcome: Ok(effect) })
    }

    fn cures(&self, database_apart: bool) -> Kinds {
        let machine = Kinds::new(&[Kind::Host, Kind::Server]);
        let guest = if database_apart { machine } else { machine.with(Kind::Database) };
        if self.other_site { guest.union(AWAY) } else { guest }
    }
}
