//! Where the files of parts stand, and where they are written before they are whole.
//!
//! Two attempts at the same trials may be under way at the same time, on this machine or another. So each
//! writes aside, under a name that nobody else has, and moves the file into its place in one step.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How many attempts at one part may lie aside under one process number.
const MOST_ASIDE: u32 = 1000;

/// The name of the file of a range.
pub(super) fn file_name(range: &Range<u64>) -> String {
    format!("part-{:012}-{:012}.outlast", range.start, range.end)
}

/// What the names of files begin with that are on their way to become those of a range.
pub(super) fn aside(range: &Range<u64>) -> String {
    format!(".{}.partial-", file_name(range))
}

/// The table of the single trials beside the file of a part.
pub(super) fn rows_of(part: &Path) -> PathBuf {
    part.with_extension("csv")
}

/// Where the table of a range goes.
pub(super) fn place_of_rows(folder: &Path, range: &Range<u64>) -> PathBuf {
    rows_of(&folder.join(file_name(range)))
}

/// A new file whose name begins so; processes of two machines may have the same number.
pub(super) fn create_aside(folder: &Path, beginning: &str) -> io::Result<(PathBuf, File)> {
    let process = std::process::id();
    let mut attempt = 0;
    loop {
        let hidden = folder.join(format!("{beginning}{process}-{attempt}"));
        match File::create_new(&hidden) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && attempt < MOST_ASIDE => {
                attempt += 1;
            }
            made => return made.map(|file| (hidden, file)),
        }
    }
}

/// Removes files that begin so; what cannot be removed is in nobody's way.
pub(super) fn clear(folder: &Path, beginning: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(beginning) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
