//! A server in staging mode: a standby that imports and syncs, and waits to be promoted by hand.
//!
//! It neither exports nor syncs passwords nor writes back until then. Promotion shuts the old
//! server out (or not: `fenced`), may verify by a full cycle first, and switches. Account,
//! certificate, configuration and build are each server's own, so a promotion cures them too,
//! unless the same event struck both. Whether the standby is alive is found out only by trying, or
//! by its own check.

use super::layout::{FIRST_SITE, Layout, Path, STANDBY};
use super::{
    Attempt, Effect, MACHINE, Manual, PLACE, Protection, SHARED, SOFTWARE, Situation, Step,
    StepPurpose, Steps, Switch,
};
use crate::distribution::Distribution;
use crate::keys::Section;
use crate::world::kind::{Kind, Kinds};
use crate::world::site::Sites;
use crate::world::streams::Draws;
use std::sync::Arc;

/// Name of the table.
pub const NAME: &str = "staging";
/// What it is.
pub const DOC: &str = "a second server in staging mode, promoted by hand";

#[derive(Debug)]
struct Staging {
    site: u8,
    promote: Distribution,
    verify: bool,
    success: f64,
    fenced: f64,
    check: f64,
    same_sign_in: bool,
}

const PROMOTE: u64 = 1;
const SUCCESS: u64 = 2;
const FENCED: u64 = 3;
const UNTANGLE: u64 = 4;
const SIGN_IN: u64 = 5;

/// Reads the table.
pub fn read(section: &mut Section<'_>, sites: &Sites) -> Arc<dyn Protection> {
    let site = sites.read_reference(
        section,
        "site",
        "other",
        "where the standby stands: \"same\" as the first server, \"other\", or a site by name",
    );
    if site == FIRST_SITE {
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
        site,
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
        same_sign_in: read_same_sign_in(section),
    })
}

fn read_same_sign_in(section: &mut Section<'_>) -> bool {
    let same_sign_in = section.flag(
        "same_sign_in",
        true,
        "the standby was set up with the same sign-in option; otherwise a promotion switches \
         pass-through sign-in off for the tenant",
    );
    if !same_sign_in {
        section.warn(
            "same_sign_in",
            "a promotion of this standby switches pass-through sign-in off for the whole tenant"
                .into(),
            "set the standby up with the same sign-in option as the server that it stands by for",
        );
    }
    same_sign_in
}

impl Protection for Staging {
    fn name(&self) -> &'static str {
        NAME
    }

    fn manual(&self, situation: &Situation<'_>, draws: &Draws<'_>) -> Manual {
        let Some(site) = situation.standby else {
            return Manual::Useless;
        };
        // What both paths share is not cured by changing paths; without the cloud nobody can sign
        // in to promote, but that is found out by trying.
        let shared = if site == situation.site { SHARED.union(PLACE) } else { SHARED };
        let is_shared = situation.down.is_subset_of(shared);
        if situation.out.intersects(shared.without(Kind::Cloud)) || is_shared {
            return Manual::Useless;
        }
        let mut steps = Steps::default();
        if self.verify {
            let cycle = situation.sync.full_cycle_hours(situation.organisation.objects);
            steps.push(Step::wait("verify by a full cycle", cycle).to(StepPurpose::TakeOver));
        }
        let promote = Step::work("promote the standby", draws.hours(&self.promote, PROMOTE));
        steps.push(promote.to(StepPurpose::TakeOver));
        let outcome = if draws.chance(self.success, SUCCESS) {
            let untangle = draws.hours(&self.promote, UNTANGLE);
            let switch = Switch { fenced: draws.chance(self.fenced, FENCED), untangle };
            Ok(Effect { switch: Some(switch), ..Effect::default() })
        } else {
            Err("the promotion fails: the standby has drifted")
        };
        let (ground, overwrites) = (Kinds::NONE, Kinds::NONE);
        Manual::Try(Attempt { steps, ground, site: None, overwrites, outcome })
    }

    fn switches_sign_in_off(&self, draws: &Draws<'_>) -> Option<f64> {
        (!self.same_sign_in).then(|| draws.hours(&self.promote, SIGN_IN))
    }

    fn planned_switch(&self, draws: &Draws<'_>) -> Option<f64> {
        Some(draws.hours(&self.promote, PROMOTE))
    }

    fn cures(&self, _database_apart: bool) -> Kinds {
        let own = MACHINE.with(Kind::Database).union(SOFTWARE);
        if self.site == FIRST_SITE { own } else { own.union(PLACE) }
    }

    fn arrange(&self, layout: &mut Layout) {
        layout.paths.push(Path::new(STANDBY, self.site, false));
        layout.standby_check = self.check;
    }
}
