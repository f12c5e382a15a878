//! Runs in parts: one part of a run on this machine, and long runs that keep what they have played.

use super::FitsOption;
use super::plan::Plan;
use super::watch::{RowsFile, Watch};
use crate::cli::failure::Failure;
use crate::cli::parse;
use crate::cli::parts::{self, Wanted};
use crate::cli::terminal::tell;
use crate::report::text::{count, grouped, paragraph};
use crate::shards::{Origin, Part, Rows, Store, missing};
use crate::study::partial::Partial;
use crate::study::run::run;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How a run is played in parts.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "In parts")]
pub(super) struct PartOptions {
    /// Play only shard I of N of the trials, and write what came of them to one file in the output
    /// folder; outlast merge puts the files together
    #[arg(long, value_name = "I/N", value_parser = parse::shard, conflicts_with_all = ["range",
        "checkpoint", "resume", "precision", "until_decided", "xlsx"])]
    shard: Option<(u64, u64)>,
    /// Play only the trials from A to before B of those that --trials asks for, and write them as
    /// --shard does
    #[arg(long, value_name = "A..B", value_parser = parse::trial_range, conflicts_with_all =
        ["checkpoint", "resume", "precision", "until_decided", "xlsx"])]
    range: Option<(u64, u64)>,
    /// Keep what has been played so often, such as 5m, in a folder beside the output, and when the
    /// run is stopped; --resume goes on from there
    #[arg(long, value_name = "TIME", value_parser = parse::time,
        conflicts_with_all = ["raw", "precision", "until_decided"])]
    checkpoint: Option<Duration>,
    /// Go on with a run that was stopped, from what --checkpoint kept; it comes out as if it had
    /// never been stopped
    #[arg(long, conflicts_with_all = ["raw", "precision", "until_decided"])]
    resume: bool,
}

/// How often a run that goes on keeps what it plays, unless it is said.
const OFTEN: Duration = Duration::from_secs(300);
/// Trials of the first block of a run that is kept.
const FIRST_BLOCK: u64 = 512;
/// The time that a block should take: what a stop loses at most.
const BLOCK: Duration = Duration::from_millis(500);

impl PartOptions {
    /// The trials to play of those of the whole run; none if it is to be played whole.
    pub(super) fn range(&self, plan: &Plan<'_>) -> Result<Option<Range<u64>>, Failure> {
        let wanted = Wanted { shard: self.shard, range: self.range };
        let hint = "say with --trials how many the whole run has";
        let range = wanted.range(&plan.work(), hint)?;
        if range.is_some() && plan.options.fits == FitsOption::Both {
            let why =
                "--fits both plays every trial twice and cannot be divided; use best or uncertain";
            return Err(Failure::Input(why.to_owned()));
        }
        Ok(range)
    }

    /// Where a run keeps what it has played, if it is to keep it.
    pub(super) fn keeping(&self, target: &Path) -> Option<Keeping> {
        let every = self.checkpoint.or(self.resume.then_some(OFTEN))?;
        Some(Keeping { folder: parts::folder_of(target), every, resumes: self.resume })
    }
}

/// Plays some of the trials and keeps them as a part.
pub(super) fn play_part(
    plan: &Plan<'_>,
    range: Range<u64>,
    stop: &AtomicBool,
) -> Result<(), Failure> {
    let options = plan.options;
    let folder = options.outcome.output.clone().unwrap_or_else(|| parts::folder_of(&plan.target));
    let rows = options.raw.then(|| Rows::begin(&folder, &range)).transpose()?.map(RowsFile::Part);
    let mut watch = Watch::new(&plan.scenario, plan.design, !options.outcome.quiet, rows)?;
    let whole = run(&plan.scenario, &plan.trials(range.clone()), stop, &mut watch)?;
    let whole = whole.ok_or_else(|| Failure::Stopped(folder.clone()))?;
    let rows = watch.finish()?;
    let format = (!options.outcome.quiet).then_some(options.outcome.printing.format);
    parts::keep(&folder, (plan.origin(), range), whole, rows, format)
}

/// A run that keeps what it has played.
pub(super) struct Keeping {
    folder: PathBuf,
    every: Duration,
    resumes: bool,
}

impl Keeping {
    /// Plays all trials that are not kept yet.
    pub(super) fn play(
        &self,
        plan: &Plan<'_>,
        stop: &AtomicBool,
        watch: &mut Watch<'_>,
    ) -> Result<Partial, Failure> {
        let trials = plan.options.length.trials;
        let origin = plan.origin();
        let store = self.store(&origin)?;
        let mut whole = plan.nothing_yet();
        if let Some(store) = &store {
            store.merge(&mut whole, |trials| watch.kept(trials))?;
        }
        let kept = store.map(|store| store.ranges()).unwrap_or_default();
        if self.resumes && !plan.options.outcome.quiet {
            let there =
                trials - missing(&kept, trials).iter().map(|gap| gap.end - gap.start).sum::<u64>();
            tell(&paragraph(&self.goes_on(there, trials)));
        }
        for gap in missing(&kept, trials) {
            let is_last = gap.end == trials;
            let played = self.play_gap((plan, &origin), gap, stop, watch, is_last)?;
            whole.merge(&played);
        }
        Ok(whole)
    }

    /// What --resume found.
    fn goes_on(&self, kept: u64, trials: u64) -> String {
        let folder = self.folder.display();
        match kept {
            0 => format!("Nothing is kept in {folder}: the run begins at its first trial."),
            _ => format!(
                "Goes on from what {folder} kept: {} of {} are there.",
                grouped(kept),
                count(trials, "trial")
            ),
        }
    }

    /// What an earlier run kept.
    fn store(&self, origin: &Origin) -> Result<Option<Store>, Failure> {
        let is_there = self.folder.is_dir();
        let store = if is_there { Store::open(std::slice::from_ref(&self.folder))? } else { None };
        let shown = self.folder.display();
        match store {
            Some(_) if !self.resumes => Err(Failure::Input(format!(
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
            // What ends the run needs no keeping.
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
