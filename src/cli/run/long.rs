//! Long runs that keep what they have played, batch by batch.

use super::plan::Plan;
use super::watch::Watch;
use crate::cli::failure::Failure;
use crate::cli::keeping::{Gap, Keeping};
use crate::cli::terminal::tell;
use crate::report::text::paragraph;
use crate::shards::{Origin, Store, missing};
use crate::study::partial::Partial;
use crate::study::run::{Watcher, run};
use crate::study::stopping::{Goal, GoalOutcome, run_in_batches};
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// Trials of the first block.
const FIRST_BLOCK: u64 = 512;

/// Plays all trials that are not kept yet, until the goal of the run. No part reaches over the end of
/// a batch, so that a run that goes on knows at each look what the first one did.
pub(super) fn play(
    (plan, keeping): (&Plan<'_>, &Keeping),
    stop: &AtomicBool,
    watch: &mut Watch<'_>,
) -> Result<(Partial, Option<GoalOutcome>), Failure> {
    let long = LongRun { plan, keeping, origin: plan.origin() };
    let store = keeping.store(&long.origin)?;
    if keeping.is_resumed && !plan.options.outcome.quiet {
        let all = match plan.goal {
            Goal::Trials(trials) => Some(trials),
            _ => None,
        };
        tell(&paragraph(&keeping.goes_on(store.as_ref(), &long.origin, all)));
    }
    let confidence = plan.options.intervals.confidence;
    let played = run_in_batches(&plan.scenario, plan.rule(), confidence, |batch| {
        watch.planned(batch.end);
        let kept = store.as_ref().map(|store| store.within(&batch)).transpose()?;
        long.play_batch(kept.as_ref(), batch, stop, watch).map(Some)
    })?;
    played.ok_or_else(|| Failure::Kept { folder: keeping.folder.clone() })
}

struct LongRun<'a> {
    plan: &'a Plan<'a>,
    keeping: &'a Keeping,
    origin: Origin,
}

impl LongRun<'_> {
    /// The trials of a batch, of which some are kept.
    fn play_batch(
        &self,
        kept: Option<&Store>,
        batch: Range<u64>,
        stop: &AtomicBool,
        watch: &mut Watch<'_>,
    ) -> Result<Partial, Failure> {
        let plan = self.plan;
        let mut whole = plan.nothing_yet();
        if let Some(kept) = kept {
            kept.merge(&mut whole, |trials| watch.kept(trials))?;
        }
        let ranges = kept.map(Store::ranges).unwrap_or_default();
        for range in missing(&ranges, batch.clone()) {
            // What ends the run needs no keeping. Whether a look ends it nobody knows yet.
            let is_last = range.end == batch.end && matches!(plan.goal, Goal::Trials(_));
            let gap = Gap { range, first_block: FIRST_BLOCK, is_end_kept: !is_last };
            let mut play = |block| run(&plan.scenario, &plan.trials(block), stop, watch);
            self.keeping.play_gap(&self.origin, gap, &mut play, |fresh| whole.merge(&fresh))?;
        }
        Ok(whole)
    }
}
