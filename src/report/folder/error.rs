//! Why an output folder could not be started, written or put in place.

use std::io::{self, ErrorKind};
use std::path::Path;

/// Why an output folder could not be started, written or put in place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FolderError {
    is_refusal: bool,
    message: String,
}

impl FolderError {
    /// Whether the target itself was wrong, so that another `--output` is the remedy.
    pub fn is_refusal(&self) -> bool {
        self.is_refusal
    }

    /// A target that must not be written to; `why` completes the sentence that begins with it.
    pub(super) fn refused(target: &Path, why: &str) -> Self {
        let message = format!("\"{}\" {why}; choose another --output", target.display());
        FolderError { is_refusal: true, message }
    }

    /// A step that the system did not allow; `doing` is a verb such as "writing".
    pub(super) fn failed(error: &io::Error, doing: &str, path: &Path, target: &Path) -> Self {
        let what_next = format!("nothing was changed in {}", target.display());
        FolderError::with_outcome(error, doing, path, &what_next)
    }

    /// Like [`FolderError::failed`], for a step after which something has changed.
    pub(super) fn with_outcome(error: &io::Error, doing: &str, path: &Path, outcome: &str) -> Self {
        let reason = match error.kind() {
            ErrorKind::StorageFull => "no space left on the device".into(),
            ErrorKind::QuotaExceeded => "disk quota used up".into(),
            ErrorKind::PermissionDenied => "permission denied".into(),
            ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
            _ => error.to_string(),
        };
        let message = format!("{reason} while {doing} {}; {outcome}", path.display());
        FolderError { is_refusal: false, message }
    }
}
