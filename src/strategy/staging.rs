//! A server in staging mode: a standby that imports and syncs, and waits to be promoted by hand.
//!
//! It neither exports nor syncs passwords nor writes back until then. Promotion shuts the old
//! server out (or not: `fenced`), may verify by a full cycle first, and switches. Whether the
//! standby is alive is found out only by trying, or by its own check.

use super::layout::{Layout, MAIN_SITE, OTHER_SITE, Path};
use super::{Attempt, Effect, Manual, Protection, Situation, Step, Steps, Switch};
use crate::distribution::Distribution;
use crate::keys::Section;
use crate::world::kind::{Kind, Kinds};
use crate::world::streams::Draws;
use std::sync::Arc;

/// Name of the table.
pub const NAME: &str = "staging";
/// What it is.
pub const DOC: &str = "a second server in staging mode, promoted by hand";

#[derive(Debug)]
struct Staging {
    same_site: bool,
    promote: Distribution,
    verify: bool,
    success: f64,
    fenced: f64,
    check: f64,
}

const PROMOTE: u64 = 1;
const SUCCESS: u64 = 2;
const FENCED: u64 = 3;
const UNTANGLE: u64 = 4;

/// Reads the table.
pub fn read(section: &mut Section<'_>) -> Arc<dyn Protection> {
    let same_site = section.choice(
        "site",
        &[("same", true), ("other", false)],
        "other",
        "where the standby is: \"same\" shares site and link with the first server",
    );
    if same_site {
        section.warn(
            "site",
            "the standby is in the same site as the server it stands by for".into(),
            "the loss of site or link takes both; put it in another site",
        );
    }
    let success = section.probability(
        "success",
        0.95,
        "probability that a promotion works (no drift, no bad export)",
    );
    if success >= 1.0 && section.has("success") {
        section.warn(
            "success",
            "every promotion is assumed to work".into(),
            "a configuration copied by hand drifts; drill it and use the share that worked",
        );
    }
    let check = section.duration(
        "standby_check",
        "7d",
        "a fault of the standby is found at its own check, so often; \"0s\" = at once",
    );
    if check > crate::world::sync::Sync::FULL_SYNC_AFTER {
        section.warn(
            "standby_check",
            "the standby is checked less than once in 7 days".into(),
            "a standby that ran no delta cycle for 7 days needs a full sync before it is of use",
        );
    }
    Arc::new(Staging {
        same_site,
        promote: section.distribution(
            "promote",
            r#""20m to 1h 30m""#,
            "hands-on time of a promotion",
        ),
        verify: section.flag("verify", false, "run and check a full cycle before the switch"),
        success,
        fenced: section.probability(
            "fenced",
            0.98,
            "probability that the old server is shut out, so that its return does no harm",
        ),
        check,
    })
}

impl Protection for Staging {
    fn name(&self) -> &'static str {
        NAME
    }

    fn manual(&self, situation: &Situation<'_>, draws: &Draws<'_>) -> Manual {
        // What both paths share is not cured by changing paths; without the cloud alone being up
        // nobody can sign in to promote, but that is found out by trying.
        let mut shared = Kinds::new(&[Kind::Engine]);
        if self.same_site {
            shared = shared.with(Kind::Site).with(Kind::Link);
        }
        let only_cloud = situation.down.is_subset_of(Kinds::new(&[Kind::Cloud]));
        if situation.down.intersects(shared) || only_cloud || situation.standby_known_dead {
            return Manual::Useless;
        }
        let mut steps = Steps::default();
        if self.verify {
            let objects = situation.organisation.objects;
            let cycle = situation.sync.import_hours(objects) + situation.sync.sync_hours(objects);
            steps.push(Step::wait("verify by a full cycle", cycle));
        }
        steps.push(Step::work("promote the standby", draws.hours(&self.promote, PROMOTE)));
        let outcome = if draws.chance(self.success, SUCCESS) {
            let untangle = draws.hours(&self.promote, UNTANGLE);
            let switch = Switch { fenced: draws.chance(self.fenced, FENCED), untangle };
            Ok(Effect { switch: Some(switch), ..Effect::default() })
        } else {
            Err("the promotion fails: the standby has drifted")
        };
        Manual::Try(Attempt { steps, outcome })
    }

    fn cures(&self, _database_apart: bool) -> Kinds {
        let own = Kinds::new(&[Kind::Host, Kind::Server, Kind::Database]);
        if self.same_site { own } else { own.with(Kind::Site).with(Kind::Link) }
    }

    fn arrange(&self, layout: &mut Layout) {
        let site = if self.same_site { MAIN_SITE } else { OTHER_SITE };
        layout.paths.push(Path::new("standby", site, false));
        layout.standby_check = self.check;
    }
}
