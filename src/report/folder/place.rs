//! Where an output goes: real paths, hidden neighbours, and the change of places.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Role of a folder that is being written.
pub(super) const PARTIAL: &str = "partial";
/// Role of an old output that was moved aside to make room.
pub(super) const PREVIOUS: &str = "previous";

/// Role of a folder that is being removed.
pub(super) const DISCARDED: &str = "discarded";

/// The hidden neighbour of a target: `.<name>.<role>-<this process>`.
pub(super) fn neighbour(target: &Path, role: &str) -> PathBuf {
    let mut hidden = OsString::from(".");
    hidden.push(target.file_name().unwrap_or_default());
    hidden.push(format!(".{role}-{}", std::process::id()));
    target.with_file_name(hidden)
}

/// The process in `.<name>.<role>-<process>`.
fn process_of(entry: &OsStr, name: &OsStr, role: &str) -> Option<u32> {
    let entry = entry.as_encoded_bytes().strip_prefix(b".")?;
    let rest = entry.strip_prefix(name.as_encoded_bytes())?.strip_prefix(b".")?;
    let process = rest.strip_prefix(role.as_bytes())?.strip_prefix(b"-")?;
    std::str::from_utf8(process).ok()?.parse().ok()
}

/// Removes what earlier processes left beside the target when they were killed. An old output that
/// one of them had moved aside and could not replace any more goes back to its place.
///
/// What cannot be removed stays: it is in nobody's way. What cannot go back is an error, since the
/// next commit would take it for rubbish.
pub(super) fn remove_remains(target: &Path) -> io::Result<()> {
    let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
        return Ok(());
    };
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        for role in [PREVIOUS, PARTIAL, DISCARDED] {
            let Some(process) = process_of(&entry.file_name(), name, role) else {
                continue;
            };
            let ours = process == std::process::id();
            if !entry.file_type()?.is_dir() || (!ours && may_live(process, &entry.path())) {
                continue;
            }
            if role == PREVIOUS && fs::symlink_metadata(target).is_err() {
                fs::rename(entry.path(), target)?;
            } else {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
    Ok(())
}

/// Whether the process that made the folder may still be at work.
#[cfg(target_os = "linux")]
fn may_live(process: u32, _folder: &Path) -> bool {
    Path::new("/proc").join(process.to_string()).exists()
}

/// Whether the process that made the folder may still be at work: for a day after its last change.
#[cfg(not(target_os = "linux"))]
fn may_live(_process: u32, folder: &Path) -> bool {
    let modified = fs::metadata(folder).and_then(|metadata| metadata.modified());
    let age = modified.ok().and_then(|modified| modified.elapsed().ok());
    age.is_none_or(|age| age.as_secs() < 24 * 60 * 60)
}

/// The target absolute and, as far as it exists, without links and dots.
pub(super) fn resolve(target: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(target)?;
    let mut resolved = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => {
                resolved.pop();
            }
            other => resolved.push(other),
        }
        // Before the next `..`, which leads out of what a link points to.
        if let Ok(existing) = resolved.canonicalize() {
            resolved = existing;
        }
    }
    Ok(resolved)
}

/// Puts `new` in the place of `target`; gives the place of the old one, if there was one.
pub(super) fn swap(new: &Path, target: &Path) -> io::Result<Option<PathBuf>> {
    if fs::symlink_metadata(target).is_err() {
        fs::rename(new, target)?;
        return Ok(None);
    }
    if exchange(new, target).is_ok() {
        return Ok(Some(new.into()));
    }
    swap_in_two_steps(new, target).map(Some)
}

/// For systems that cannot exchange two folders at once.
pub(super) fn swap_in_two_steps(new: &Path, target: &Path) -> io::Result<PathBuf> {
    let aside = neighbour(target, PREVIOUS);
    fs::rename(target, &aside)?;
    if let Err(error) = fs::rename(new, target) {
        fs::rename(&aside, target)?;
        return Err(error);
    }
    Ok(aside)
}

/// Lets two folders change names in one step.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Lets two folders change names in one step: not known here.
#[cfg(not(target_os = "linux"))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
