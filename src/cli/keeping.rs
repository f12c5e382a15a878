//! Long work that keeps what it has played, and goes on from there: the same parts as those of other
//! machines, in a folder beside the output.

use super::failure::Failure;
use super::parse;
use super::parts::folder_of;
use super::terminal::tell;
use crate::report::text::{count, grouped, paragraph};
use crate::shards::{Origin, Outcome, Part, Store, missing};
use crate::study::partial::Partial;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Whether and how often work is kept.
#[derive(Debug, Default, Clone, clap::Args)]
#[command(next_help_heading = "In parts")]
pub(super) struct KeepingOptions {
    /// Keep what has been played so often, such as 5m, in a folder beside the output, and when the
    /// command is stopped; --resume goes on from there
    #[arg(long, value_name = "TIME", value_parser = parse::time, conflicts_with_all = ["shard", "range"])]
    checkpoint: Option<Duration>,
    /// Go on with what was stopped, from what --checkpoint kept; it comes out as if it had never been
    /// stopped
    #[arg(long, conflicts_with_all = ["shard", "range"])]
    resume: bool,
}

/// How often work that goes on is kept, unless it is said.
const OFTEN: Duration = Duration::from_secs(300);

impl KeepingOptions {
    /// Where and how often work is kept, if it is to be kept.
    pub(super) fn keeping(&self, target: &Path) -> Option<Keeping> {
        let every = self.checkpoint.or(self.resume.then_some(OFTEN))?;
        Some(Keeping { folder: folder_of(target), every, is_resumed: self.resume })
    }

    /// Whether work is to be kept.
    pub(super) fn is_asked(&self) -> bool {
        self.checkpoint.is_some() || self.resume
    }

    /// Shards are played whole.
    pub(super) fn refuse_any(&self) -> Result<(), Failure> {
        if !self.is_asked() {
            return Ok(());
        }
        let why = "shards are played whole; leave out --checkpoint and --resume";
        Err(Failure::Input(why.to_owned()))
    }
}

/// The time that a block should take: what a stop loses at most.
const BLOCK: Duration = Duration::from_millis(500);

/// How work keeps what it has played.
pub(super) struct Keeping {
    /// Where.
    pub(super) folder: PathBuf,
    /// How often.
    every: Duration,
    /// Whether it goes on from what was kept earlier.
    is_resumed: bool,
}

/// A range of which nothing is kept yet, and how it is played.
pub(super) struct Gap {
    pub(super) range: Range<u64>,
    /// How much is played at first; later, what takes half a second.
    pub(super) first_block: u64,
    /// Whether its end is kept too. What ends the work needs no keeping.
    pub(super) is_end_kept: bool,
}

impl Keeping {
    /// Opens what was kept earlier, and says what --resume found unless it is to be `quiet`. `all` is how
    /// much there is to play, if that is known.
    pub(super) fn open(
        &self,
        origin: Origin,
        all: Option<u64>,
        quiet: bool,
    ) -> Result<Kept<'_>, Failure> {
        let store = self.store(&origin)?;
        let kept = Kept { keeping: self, origin, store };
        if self.is_resumed && !quiet {
            tell(&paragraph(&kept.goes_on(all)));
        }
        Ok(kept)
    }

    fn store(&self, origin: &Origin) -> Result<Option<Store>, Failure> {
        let is_there = self.folder.is_dir();
        let store = if is_there { Store::open(std::slice::from_ref(&self.folder))? } else { None };
        let shown = self.folder.display();
        match store {
            Some(_) if !self.is_resumed => Err(Failure::Input(format!(
                "{shown} holds what was kept earlier; go on with it by --resume, or remove that folder"
            ))),
            Some(store) => match store.origin.difference(origin) {
                Some(field) => Err(Failure::Input(format!(
                    "{shown} holds parts of other work: {field}; remove that folder to begin anew"
                ))),
                None => Ok(Some(store)),
            },
            None => Ok(None),
        }
    }

    /// Removes what was kept, once the work is done. What cannot be removed is in nobody's way.
    pub(super) fn forget(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Work of which some may have been kept earlier.
pub(super) struct Kept<'a> {
    keeping: &'a Keeping,
    origin: Origin,
    store: Option<Store>,
}

impl Kept<'_> {
    fn goes_on(&self, all: Option<u64>) -> String {
        let folder = self.keeping.folder.display();
        let work = &self.origin.work;
        match (self.there(), all) {
            (0, _) => format!("Nothing is kept in {folder}: {} begins anew.", work.called()),
            (there, Some(all)) => format!(
                "Goes on from what {folder} kept: {} of {} are there.",
                grouped(there),
                count(all, work.unit())
            ),
            (there, None) => {
                format!("Goes on from what {folder} kept: {}.", count(there, work.unit()))
            }
        }
    }

    fn ranges(&self) -> Vec<Range<u64>> {
        self.store.as_ref().map(Store::ranges).unwrap_or_default()
    }

    /// How much is kept.
    pub(super) fn there(&self) -> u64 {
        self.ranges().iter().map(|range| range.end - range.start).sum()
    }

    /// Plays all points of which nothing is kept yet, in blocks of at least `least`, keeps them, and opens
    /// what is kept of all.
    pub(super) fn play_all<T: Outcome>(
        &self,
        least: u64,
        mut play: impl FnMut(Range<u64>) -> Result<Option<T>, Failure>,
    ) -> Result<Store, Failure> {
        for range in self.gaps(0..self.origin.work.count()) {
            let gap = Gap { range, first_block: least, is_end_kept: true };
            self.play_gap(gap, &mut play, |_| ())?;
        }
        let folder = &self.keeping.folder;
        let lost = || Failure::Work(format!("what was played is gone from {}", folder.display()));
        Store::open(std::slice::from_ref(folder))?.ok_or_else(lost)
    }

    /// What of a batch of trials is kept.
    pub(super) fn within(&self, batch: &Range<u64>) -> Result<Self, Failure> {
        let store = self.store.as_ref().map(|store| store.within(batch)).transpose()?;
        Ok(Kept { keeping: self.keeping, origin: self.origin.clone(), store })
    }

    /// Adds the trials that are kept to `whole`; `told` hears how many each part holds.
    pub(super) fn merge(&self, whole: &mut Partial, told: impl FnMut(u64)) -> Result<(), Failure> {
        match &self.store {
            Some(store) => Ok(store.merge(whole, told)?),
            None => Ok(()),
        }
    }

    /// What is not kept of a range that holds all that is.
    pub(super) fn gaps(&self, whole: Range<u64>) -> Vec<Range<u64>> {
        missing(&self.ranges(), whole)
    }

    /// Plays what is not kept yet, in blocks, keeps it now and then, and has `take` look at each piece.
    /// `play` gives none where it was stopped.
    pub(super) fn play_gap<T: Outcome>(
        &self,
        gap: Gap,
        mut play: impl FnMut(Range<u64>) -> Result<Option<T>, Failure>,
        mut take: impl FnMut(T),
    ) -> Result<(), Failure> {
        let Gap { range: gap, first_block, is_end_kept } = gap;
        let (mut from, mut to, mut size) = (gap.start, gap.start, first_block);
        let mut fresh: Option<T> = None;
        let mut since = Instant::now();
        let keep = |range: Range<u64>, fresh: T| {
            let part = Part::new(self.origin.clone(), range, fresh);
            Store::keep(&self.keeping.folder, &part).map(|_| part.outcome)
        };
        while to < gap.end {
            let block = to..gap.end.min(to.saturating_add(size));
            let begun = Instant::now();
            let Some(played) = play(block.clone())? else {
                fresh.map(|fresh| keep(from..to, fresh)).transpose()?;
                return Err(Failure::Kept { folder: self.keeping.folder.clone() });
            };
            let mut whole = match fresh.take() {
                Some(mut fresh) => {
                    fresh.join(played);
                    fresh
                }
                None => played,
            };
            to = block.end;
            size = if begun.elapsed() < BLOCK { size.saturating_mul(2) } else { size / 2 };
            size = size.max(first_block);
            let is_last = to == gap.end;
            if is_last && !is_end_kept {
                take(whole);
            } else if is_last || since.elapsed() >= self.keeping.every {
                whole = keep(from..to, whole)?;
                take(whole);
                (from, since) = (to, Instant::now());
            } else {
                fresh = Some(whole);
            }
        }
        Ok(())
    }
}
