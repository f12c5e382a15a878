//! What can be wrong with a part.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Why parts cannot be read, written or put together.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// The system refused.
    #[error("cannot {doing} `{}`: {error}", path.display())]
    System {
        /// What was being done.
        doing: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file does not begin as a part does.
    #[error("`{}` is no part: it does not begin with \"outlast part\"", .0.display())]
    NoPart(PathBuf),
    /// The file has a format that this program does not know.
    #[error("`{}` has format {found}; this program reads format {known}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: String,
        /// The format that is read.
        known: u32,
    },
    /// The part was played without a table of its single trials.
    #[error("`{}` has no single trials beside it: it was played without --raw", .0.display())]
    NoRows(PathBuf),
    /// The file is cut off or was changed.
    #[error("`{}` is damaged ({why}); remove it and play it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        why: &'static str,
    },
    /// Two parts are not of the same work.
    #[error("`{}` and `{}` do not belong together: {field}", a.display(), b.display())]
    Stranger {
        /// A part.
        a: PathBuf,
        /// Another.
        b: PathBuf,
        /// What differs, with both values.
        field: String,
    },
    /// Two parts have trials or points in common.
    #[error("`{}` and `{}` both hold the {unit}s {}..{}; remove one of them", a.display(),
        b.display(), common.start, common.end)]
    Overlap {
        /// A part.
        a: PathBuf,
        /// Another.
        b: PathBuf,
        /// What is counted.
        unit: &'static str,
        /// What both hold.
        common: Range<u64>,
    },
}

impl PartError {
    /// Turns what the system says of a path into an error.
    pub(super) fn system(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> PartError {
        move |error| PartError::System { doing, path: path.to_owned(), error }
    }

    /// Whether what was given is wrong, such as a path that leads nowhere, rather than the system.
    pub fn is_input(&self) -> bool {
        match self {
            PartError::System { error, .. } => error.kind() == io::ErrorKind::NotFound,
            _ => true,
        }
    }
}
