//! Long runs that keep what they have played, and go on from there.

use super::plan::Plan;
use super::watch::Watch;
use crate::cli::failure::Failure;
use crate::cli::terminal::tell;
use crate::report::text::{count, grouped, paragraph};
use crate::shards::{Origin, Part, Store, missing};
use crate::study::partial::Partial;
use crate::study::run::{Watcher, run};
use crate::study::stopping::{Goal, GoalOutcome, run_in_batches};
use std::fs;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Trials of the first block of a run that is kept.
const FIRST_BLOCK: u64 = 512;
/// The time that a block should take: what a stop loses at most.
const BLOCK: Duration = Duration::from_millis(500);

/// How a run keeps what it has played.
pub(super) struct Keeping {
    /// Where.
    pub(super) folder: PathBuf,
    /// How often.
    pub(super) every: Duration,
    /// Whether it goes on from what an earlier run kept.
    pub(super) is_resumed: bool,
}

impl Keeping {
    /// Plays all trials that are not kept yet, until the goal of the run. No part reaches over the end of
    /// a batch, so that a run that goes on knows at each look what the first one did.
    pub(super) fn play(
        &self,
        plan: &Plan<'_>,
        stop: &AtomicBool,
        watch: &mut Watch<'_>,
    ) -> Result<(Partial, Option<GoalOutcome>), Failure> {
        let origin = plan.origin();
        let store = self.store(&origin)?;
        if self.is_resumed && !plan.options.outcome.quiet {
            tell(&paragraph(&self.goes_on(plan, store.as_ref())));
        }
        let confidence = plan.options.intervals.confidence;
        let played = run_in_batches(&plan.scenario, plan.rule(), confidence, |batch| {
            watch.planned(batch.end);
            let kept = store.as_ref().map(|store| store.within(&batch)).transpose()?;
            self.play_batch((plan, &origin), kept.as_ref(), batch, stop, watch).map(Some)
        })?;
        played.ok_or_else(|| Failure::Kept { folder: self.folder.clone() })
    }

    /// The trials of a batch, of which some are kept.
    fn play_batch(
        &self,
        (plan, origin): (&Plan<'_>, &Origin),
        kept: Option<&Store>,
        batch: Range<u64>,
        stop: &AtomicBool,
        watch: &mut Watch<'_>,
    ) -> Result<Partial, Failure> {
        let mut whole = plan.nothing_yet();
        if let Some(kept) = kept {
            kept.merge(&mut whole, |trials| watch.kept(trials))?;
        }
        let ranges = kept.map(Store::ranges).unwrap_or_default();
        for gap in missing(&ranges, batch.clone()) {
            // What ends the run needs no keeping. Whether a look ends it nobody knows yet.
            let is_last = gap.end == batch.end && matches!(plan.goal, Goal::Trials(_));
            whole.merge(&self.play_gap((plan, origin), gap, stop, watch, is_last)?);
        }
        Ok(whole)
    }

    /// What --resume found.
    fn goes_on(&self, plan: &Plan<'_>, store: Option<&Store>) -> String {
        let folder = self.folder.display();
        let kept = store.map(Store::ranges).unwrap_or_default();
        let there: u64 = kept.iter().map(|range| range.end - range.start).sum();
        match (there, plan.goal) {
            (0, _) => format!("Nothing is kept in {folder}: the run begins at its first trial."),
            (_, Goal::Trials(trials)) => format!(
                "Goes on from what {folder} kept: {} of {} are there.",
                grouped(there),
                count(trials, "trial")
            ),
            _ => format!("Goes on from what {folder} kept: {}.", count(there, "trial")),
        }
    }

    /// What an earlier run kept.
    fn store(&self, origin: &Origin) -> Result<Option<Store>, Failure> {
        let is_there = self.folder.is_dir();
        let store = if is_there { Store::open(std::slice::from_ref(&self.folder))? } else { None };
        let shown = self.folder.display();
        match store {
            Some(_) if !self.is_resumed => Err(Failure::Input(format!(
                "{shown} holds what an earlier run kept; go on with it by --resume, or remove that folder"
            ))),
            Some(store) => match store.origin.difference(origin) {
                Some(field) => Err(Failure::Input(format!(
                    "{shown} holds parts of another run: {field}; remove that folder to begin anew"
                ))),
                None => Ok(Some(store)),
            },
            None => Ok(None),
        }
    }

    /// Plays trials that follow each other, in blocks, and keeps them now and then.
    fn play_gap(
        &self,
        (plan, origin): (&Plan<'_>, &Origin),
        gap: Range<u64>,
        stop: &AtomicBool,
        watch: &mut Watch<'_>,
        is_last: bool,
    ) -> Result<Partial, Failure> {
        let (mut whole, mut fresh) = (plan.nothing_yet(), plan.nothing_yet());
        let (mut from, mut to, mut size) = (gap.start, gap.start, FIRST_BLOCK);
        let mut since = Instant::now();
        let keep = |range: Range<u64>, fresh: &Partial| {
            let part = Part::new(origin.clone(), range, fresh.clone());
            Store::keep(&self.folder, part, None)
        };
        while to < gap.end {
            let block = to..gap.end.min(to.saturating_add(size));
            let begun = Instant::now();
            let Some(played) = run(&plan.scenario, &plan.trials(block.clone()), stop, watch)?
            else {
                if from < to {
                    keep(from..to, &fresh)?;
                }
                return Err(Failure::Kept { folder: self.folder.clone() });
            };
            fresh.merge(&played);
            to = block.end;
            size = if begun.elapsed() < BLOCK { size.saturating_mul(2) } else { size / 2 };
            size = size.max(FIRST_BLOCK);
            let is_due = if to < gap.end { since.elapsed() >= self.every } else { !is_last };
            if is_due {
                keep(from..to, &fresh)?;
                whole.merge(&fresh);
                (fresh, from, since) = (plan.nothing_yet(), to, Instant::now());
            }
        }
        whole.merge(&fresh);
        Ok(whole)
    }

    /// Removes what was kept, once the run is done. What cannot be removed is in nobody's way.
    pub(super) fn forget(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
