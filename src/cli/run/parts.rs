//! Runs in parts: one part of a run on this machine, and long runs that keep what they have played.

use super::plan::Plan;
use super::watch::{RowsFile, Watch};
use super::{FitsOption, RunOptions};
use crate::cli::failure::Failure;
use crate::cli::output::{self, Answer};
use crate::cli::parse;
use crate::cli::terminal::tell;
use crate::keys::Json;
use crate::report::text::{count, grouped, paragraph};
use crate::shards::{Origin, Part, Rows, Store, missing, shard};
use crate::study::partial::Partial;
use crate::study::run::run;
use serde_json::json;
use std::ffi::OsString;
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
    pub(super) fn range(&self, options: &RunOptions) -> Result<Option<Range<u64>>, Failure> {
        let trials = options.length.trials;
        let range = match (self.shard, self.range) {
            (Some((number, count)), _) => shard(number, count, trials),
            (None, Some((from, to))) => from..to,
            (None, None) => return Ok(None),
        };
        if options.fits == FitsOption::Both {
            let why =
                "--fits both plays every trial twice and cannot be divided; use best or uncertain";
            return Err(Failure::Input(why.to_owned()));
        }
        if range.end > trials || range.is_empty() {
            return Err(Failure::Input(format!(
                "the run has the trials 0..{trials}, and {}..{} are not among them; say with --trials \
                 how many the whole run has",
                range.start, range.end
            )));
        }
        Ok(Some(range))
    }

    /// Where a run keeps what it has played, if it is to keep it.
    pub(super) fn keeping(&self, target: &Path) -> Option<Keeping> {
        let every = self.checkpoint.or(self.resume.then_some(OFTEN))?;
        Some(Keeping { folder: folder_of(target), every, resumes: self.resume })
    }
}

/// The folder of the parts of an output: `output/office.parts` of `output/office`.
fn folder_of(target: &Path) -> PathBuf {
    let mut name = target.file_name().map_or_else(|| OsString::from("run"), OsString::from);
    name.push(".parts");
    target.with_file_name(name)
}

/// Plays some of the trials and keeps them as a part.
pub(super) fn play_part(
    plan: &Plan<'_>,
    range: Range<u64>,
    stop: &AtomicBool,
) -> Result<(), Failure> {
    let options = plan.options;
    let folder = options.outcome.output.clone().unwrap_or_else(|| folder_of(&plan.target));
    let rows = options.raw.then(|| Rows::begin(&folder, &range)).transpose()?.map(RowsFile::Part);
    let mut watch = Watch::new(&plan.scenario, plan.design, !options.outcome.quiet, rows)?;
    let whole = run(&plan.scenario, &plan.trials(range.clone()), stop, &mut watch)?;
    let whole = whole.ok_or_else(|| Failure::Stopped(folder.clone()))?;
    let rows = watch.finish()?;
    let origin = plan.origin(options.length.trials);
    let file = Store::keep(&folder, Part::new(origin, range.clone(), whole), rows)?;
    if options.outcome.quiet {
        return Ok(());
    }
    let done = PartDone { file, range, trials: options.length.trials, folder };
    output::answer(&done, options.outcome.printing.format)
}

/// A part that is there.
struct PartDone {
    file: PathBuf,
    range: Range<u64>,
    trials: u64,
    folder: PathBuf,
}

impl Answer for PartDone {
    fn text(&self) -> String {
        paragraph(&format!(
            "Written to {}: the trials {} to before {} of {}. When all parts are there, `outlast merge {}` \
             puts them together.",
            self.file.display(),
            grouped(self.range.start),
            grouped(self.range.end),
            grouped(self.trials),
            output::shell_word(&self.folder.display().to_string()),
        ))
    }

    fn json(&self) -> Json {
        json!({
            "file": self.file.display().to_string(),
            "first": self.range.start,
            "end": self.range.end,
            "trials": self.trials,
        })
    }
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
        let origin = plan.origin(trials);
        let store = self.store(&origin)?;
        let mut whole = match &store {
            Some(store) => store.merge(&plan.scenario, |trials| watch.kept(trials))?,
            None => plan.nothing_yet(),
        };
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
