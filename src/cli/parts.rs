//! One part of some work on this machine, whichever command the work is of.

use super::failure::Failure;
use super::output::{self, Answer, Format};
use crate::keys::Json;
use crate::report::text::{grouped, paragraph, shell_word};
use crate::scenario::Spec;
use crate::shards::{Origin, Outcome, Part, Rows, Store, Work, shard};
use serde_json::json;
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Which part is asked for: shard 3 of 10, or a range.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    pub(super) shard: Option<(u64, u64)>,
    pub(super) range: Option<(u64, u64)>,
}

impl Wanted {
    /// All of the work is wanted: a script divides it by itself.
    pub(super) fn refuse_any(self) -> Result<(), Failure> {
        if self.shard.is_none() && self.range.is_none() {
            return Ok(());
        }
        let why = "the script says which shard is which; leave out --shard and --range";
        Err(Failure::Input(why.to_owned()))
    }

    /// The range of the work; none if all of it is wanted. `hint` says which option makes it larger.
    pub(super) fn range(self, work: &Work, hint: &str) -> Result<Option<Range<u64>>, Failure> {
        let (count, unit) = (work.count(), work.unit());
        let range = match (self.shard, self.range) {
            (Some((number, of)), _) => shard(number, of, count),
            (None, Some((from, to))) => from..to,
            (None, None) => return Ok(None),
        };
        if range.end > count || range.is_empty() {
            return Err(Failure::Input(format!(
                "{} has the {unit}s 0..{count}, and {}..{} are not among them; {hint}",
                work.called(),
                range.start,
                range.end
            )));
        }
        Ok(Some(range))
    }
}

/// The scenario that parts are of, whatever its file holds today; what options set is not in it yet.
pub(super) fn spec_of(origin: &Origin) -> Spec {
    match &origin.path {
        Some(path) => Spec::of_file(&origin.text, Path::new(path), path),
        None => Spec::embedded(),
    }
}

/// Whether the work that these options ask for here is that of the parts.
pub(super) fn same_here(here: &Origin, parts: &Origin) -> Result<(), Failure> {
    match here.difference(parts) {
        None => Ok(()),
        Some(field) => Err(Failure::Input(format!(
            "the parts cannot be put together here, where {} would be another: {field}",
            parts.work.called()
        ))),
    }
}

/// The folder of the parts of an output: `output/office.parts` of `output/office`.
pub(super) fn folder_of(target: &Path) -> PathBuf {
    let mut name = target.file_name().map_or_else(|| OsString::from("run"), OsString::from);
    name.push(".parts");
    target.with_file_name(name)
}

/// Keeps what came of a part, and says so unless `format` is none.
pub(super) fn keep<T: Outcome>(
    folder: &Path,
    (origin, range): (Origin, Range<u64>),
    outcome: T,
    rows: Option<Rows>,
    format: Option<Format>,
) -> Result<(), Failure> {
    let work = origin.work.clone();
    let part = Part::new(origin, range.clone(), outcome);
    let file = match rows {
        Some(rows) => Store::keep_with_rows(folder, part, rows)?,
        None => Store::keep(folder, &part)?,
    };
    match format {
        Some(format) => output::answer(&PartDone { file, range, work, folder }, format),
        None => Ok(()),
    }
}

/// A part that is there.
struct PartDone<'a> {
    file: PathBuf,
    range: Range<u64>,
    work: Work,
    folder: &'a Path,
}

impl Answer for PartDone<'_> {
    fn text(&self) -> String {
        paragraph(&format!(
            "Written to {}: the {}s {} to before {} of {}. When all parts are there, `outlast merge {}` \
             puts them together.",
            self.file.display(),
            self.work.unit(),
            grouped(self.range.start),
            grouped(self.range.end),
            grouped(self.work.count()),
            shell_word(&self.folder.display().to_string()),
        ))
    }

    fn json(&self) -> Json {
        let mut all = json!({
            "file": self.file.display().to_string(),
            "first": self.range.start,
            "end": self.range.end,
        });
        if let Json::Object(all) = &mut all {
            all.insert(format!("{}s", self.work.unit()), self.work.count().into());
        }
        all
    }
}
