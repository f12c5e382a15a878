//! Long runs that keep what they have played, batch by batch.

use super::plan::Plan;
use super::watch::Watch;
use crate::cli::failure::Failure;
use crate::cli::keeping::{Gap, Keeping, Kept};
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
    let all = match plan.goal {
        Goal::Trials(trials) => Some(trials),
        _ => None,
    };
    let kept = keeping.open(plan.origin(), all, plan.options.outcome.quiet)?;
    let confidence = plan.options.intervals.confidence;
    let played = run_in_batches(&plan.scenario, plan.rule(), confidence, |batch| {
        watch.planned(batch.end);
        play_batch(plan, &kept.within(&batch)?, batch, (stop, &mut *watch)).map(Some)
    })?;
    played.ok_or_else(|| Failure::Kept { folder: keeping.folder.clone() })
}

/// The trials of a batch, of which some are kept.
fn play_batch(
    plan: &Plan<'_>,
    kept: &Kept<'_>,
    batch: Range<u64>,
    (stop, watch): (&AtomicBool, &mut Watch<'_>),
) -> Result<Partial, Failure> {
    let mut whole = plan.nothing_yet();
    kept.merge(&mut whole, |trials| watch.kept(trials))?;
    for range in kept.gaps(batch.clone()) {
        // What ends the run needs no keeping. Whether a look ends it nobody knows yet.
        let is_last = range.end == batch.end && matches!(plan.goal, Goal::Trials(_));
        let gap = Gap { range, first_block: FIRST_BLOCK, is_end_kept: !is_last };
        let mut play = |block| run(&plan.scenario, &plan.trials(block), stop, watch);
        kept.play_gap(gap, &mut play, |fresh| whole.merge(&fresh))?;
    }
    Ok(whole)
}
