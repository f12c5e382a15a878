//! An output folder that appears whole or not at all.
//!
//! Everything is written into a hidden folder beside the target, `.<name>.partial-<process>`, and
//! only [`Folder::commit`] puts it in the target's place, in one step where the system can.
//! Whatever stops the program before that, a full disk, Ctrl-C, a power cut, leaves the old output
//! as it was; the next run clears the remains away.
//!
//! Nothing of the user's is lost: a folder that is no earlier output is refused, and files in an
//! earlier output that we did not write are carried over. What the files contain is no business of
//! this module, but for one thing: an output is known by its `run.json`, which mentions outlast.

mod carry;
mod error;
mod file;
mod place;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::files::sync_folder;
use file::{Files, lock};

pub use error::FolderError;
pub use file::OutputFile;

/// The file by which a folder is known to be an output: its first bytes mention outlast.
pub const MANIFEST: &str = "run.json";

/// An output folder in the making. Dropped without [`Folder::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Folder {
    /// The target as the user wrote it, for messages.
    shown: PathBuf,
    /// The target, absolute and without links.
    target: PathBuf,
    partial: PathBuf,
    owned: Vec<String>,
    /// Parents of the target that did not exist before, innermost first.
    made_parents: Vec<PathBuf>,
    files: Arc<Mutex<Files>>,
    committed: bool,
}

impl Folder {
    /// Starts an output folder that is to become `target`, and makes the parents it lacks. One
    /// process may have only one folder for a target at a time; two processes do not disturb each
    /// other, and the last to commit wins.
    ///
    /// `owned` names the files that outlast may write, relative and with `/`; one `*` stands for
    /// any part of one name, as in `charts/*.svg`. Such files of an earlier output give way to the
    /// new ones, or go if there is no new one; all others are carried over.
    ///
    /// # Errors
    /// Refuses ([`FolderError::is_refusal`]) a target that is a file, the current folder or a
    /// parent of it, or a folder with something in it that is not an earlier output. Fails when the
    /// folder cannot be made.
    pub fn begin(target: &Path, owned: &[&str]) -> Result<Folder, FolderError> {
        let shown = target.to_path_buf();
        let failed = |error, doing| FolderError::failed(&error, doing, &shown, &shown);
        let target = place::resolve(target).map_err(|error| failed(error, "looking for"))?;
        let Some(parent) = target.parent() else {
            return Err(FolderError::refused(&shown, "is the root of the file system"));
        };
        let missing = parent.ancestors().take_while(|folder| !folder.exists());
        let made_parents = missing.map(Path::to_path_buf).collect();
        let made = fs::create_dir_all(parent);
        let folder = Folder {
            partial: place::neighbour(&target, place::PARTIAL),
            owned: owned.iter().map(|&pattern| pattern.to_owned()).collect(),
            files: Arc::default(),
            committed: false,
            shown: shown.clone(),
            made_parents,
            target,
        };
        made.map_err(|error| match error.kind() {
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
                FolderError::refused(&shown, "lies below a file")
            }
            _ => failed(error, "making the folders above"),
        })?;
        place::remove_remains(&folder.target)
            .map_err(|error| failed(error, "clearing up after an interrupted run of"))?;
        folder.check_target()?;
        fs::create_dir(&folder.partial).map_err(|error| failed(error, "making a folder beside"))?;
        Ok(folder)
    }

    /// Removes what this process is writing to become `target`, from another thread than the one that
    /// writes: it is moved away first, in one step, so that a commit comes before that or not at all.
    #[cfg(unix)]
    pub fn discard(target: &Path) {
        let Ok(target) = place::resolve(target) else { return };
        let partial = place::neighbour(&target, place::PARTIAL);
        let away = place::neighbour(&target, place::DISCARDED);
        if fs::rename(&partial, &away).is_ok() {
            // What cannot be removed now, the next run removes.
            let _ = fs::remove_dir_all(&away);
        }
    }

    /// Opens a file of the output for writing, and makes the folders above it. The file must be
    /// [finished](OutputFile::finish) before the folder is committed.
    ///
    /// # Errors
    /// Fails when the file cannot be made.
    pub fn create(&self, relative: &str) -> Result<OutputFile, FolderError> {
        let inside = Path::new(relative);
        let failed = |error| self.failed(&error, "making", inside);
        if relative.is_empty() || !inside.components().all(|c| matches!(c, Component::Normal(_))) {
            return Err(failed(io::Error::other("not a path within the output")));
        }
        let path = self.partial.join(inside);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
        let file = File::create(&path).map_err(failed)?;
        Ok(OutputFile::new(file, inside, &self.shown, &self.files))
    }

    /// Writes a whole file of the output.
    ///
    /// # Errors
    /// Fails when the file cannot be made or written.
    pub fn write(&self, relative: &str, bytes: &[u8]) -> Result<(), FolderError> {
        self.write_with(relative, |file| file.write_all(bytes))
    }

    /// Writes a file of the output by a function that is given the place to write to.
    ///
    /// # Errors
    /// Fails when the file cannot be made or written, or when the function fails.
    pub fn write_with(
        &self,
        relative: &str,
        content: impl FnOnce(&mut OutputFile) -> io::Result<()>,
    ) -> Result<(), FolderError> {
        let mut file = self.create(relative)?;
        content(&mut file).map_err(|error| file.error(&error))?;
        file.finish()
    }

    /// The files that have been finished so far, relative to the target, in order.
    pub fn files(&self) -> Vec<PathBuf> {
        lock(&self.files).complete.iter().cloned().collect()
    }

    /// Puts the folder in the target's place.
    ///
    /// All files are on the device before that, and the user's own files of the earlier output are
    /// carried over. On Linux old and new change places in one step; elsewhere the old one is moved
    /// aside first, and moved back if that fails.
    ///
    /// # Errors
    /// Fails when a file was not finished or cannot be made safe, or when the target has meanwhile
    /// become something that must not be replaced. The target is then as it was.
    pub fn commit(mut self) -> Result<(), FolderError> {
        if let Some(relative) = lock(&self.files).open.first() {
            let error = io::Error::other("the file was never finished");
            return Err(self.failed(&error, "writing", relative));
        }
        self.make_safe()?;
        self.check_target()?;
        carry::carry_over(&self.owned, &self.target, &self.partial)
            .map_err(|(error, relative)| self.failed(&error, "carrying over", &relative))?;
        let replaced = self.keep_permissions().and_then(|()| self.swap());
        let old = replaced.map_err(|error| self.failed(&error, "replacing", Path::new("")))?;
        self.committed = true;
        if let Some(parent) = self.target.parent() {
            // The change of places has happened; that the device cannot confirm it is no failure.
            let _ = sync_folder(parent);
        }
        old.map_or(Ok(()), |old| self.remove_old(&old))
    }

    /// Refuses a target that is neither absent, nor empty, nor an earlier output.
    fn check_target(&self) -> Result<(), FolderError> {
        let refused = |why| Err(FolderError::refused(&self.shown, why));
        let failed = |error| self.failed(&error, "reading", Path::new(""));
        let metadata = match fs::symlink_metadata(&self.target) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            other => other.map_err(failed)?,
        };
        if metadata.is_symlink() {
            return refused("is a link to nothing");
        }
        if !metadata.is_dir() {
            return refused("is a file, not a folder");
        }
        if std::env::current_dir().is_ok_and(|current| current.starts_with(&self.target)) {
            return refused("is the current folder or holds it, so it cannot be replaced");
        }
        let mut entries = fs::read_dir(&self.target).map_err(failed)?;
        if entries.next().is_some() && !is_output(&self.target) {
            return refused("has files in it and is not an earlier output of outlast");
        }
        Ok(())
    }

    /// Has the device confirm every file and the folders that name them.
    fn make_safe(&self) -> Result<(), FolderError> {
        let mut folders = BTreeSet::from([self.partial.clone()]);
        for relative in self.files() {
            let path = self.partial.join(&relative);
            let synced = File::open(&path).and_then(|file| file.sync_all());
            synced.map_err(|error| self.failed(&error, "writing", &relative))?;
            let above = path.ancestors().skip(1).take_while(|folder| *folder != self.partial);
            folders.extend(above.map(Path::to_path_buf));
        }
        let synced = folders.iter().try_for_each(|folder| sync_folder(folder));
        synced.map_err(|error| self.failed(&error, "writing", Path::new("")))
    }

    /// Gives the new folder the permissions of the old one: a private output stays private.
    fn keep_permissions(&self) -> io::Result<()> {
        match fs::metadata(&self.target) {
            Ok(metadata) => fs::set_permissions(&self.partial, metadata.permissions()),
            Err(_) => Ok(()),
        }
    }

    fn swap(&self) -> io::Result<Option<PathBuf>> {
        place::swap(&self.partial, &self.target)
    }

    /// Removes the old output, after one more look for files of the user's that came to it since.
    fn remove_old(&self, old: &Path) -> Result<(), FolderError> {
        if let Err((error, relative)) = carry::carry_over(&self.owned, old, &self.target) {
            // Under a name that no later run clears away.
            let mut name = self.target.file_name().unwrap_or_default().to_os_string();
            name.push(format!(".old-{}", std::process::id()));
            let kept = self.target.with_file_name(name);
            let kept = fs::rename(old, &kept).map_or(old, |()| &kept);
            let outcome = format!("the new output is in place, the old one in {}", kept.display());
            let path = self.shown.join(relative);
            return Err(FolderError::with_outcome(&error, "carrying over", &path, &outcome));
        }
        // What cannot be removed now, the next run removes.
        let _ = fs::remove_dir_all(old);
        Ok(())
    }

    fn failed(&self, error: &io::Error, doing: &str, relative: &Path) -> FolderError {
        // Joining an empty path would add a slash.
        let empty = relative.as_os_str().is_empty();
        let path = if empty { self.shown.clone() } else { self.shown.join(relative) };
        FolderError::failed(error, doing, &path, &self.shown)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.committed {
            return;
        }
        let _ = fs::remove_dir_all(&self.partial);
        for parent in &self.made_parents {
            // Only goes when empty.
            let _ = fs::remove_dir(parent);
        }
    }
}

/// Whether the folder has a manifest of ours.
fn is_output(folder: &Path) -> bool {
    const LOOKED_AT: u64 = 4096;
    let mut start = Vec::new();
    let read = File::open(folder.join(MANIFEST))
        .and_then(|manifest| manifest.take(LOOKED_AT).read_to_end(&mut start));
    read.is_ok() && start.windows(7).any(|bytes| bytes == b"outlast")
}

#[cfg(test)]
mod tests;
