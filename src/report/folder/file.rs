//! One file of an output folder in the making.

use super::FolderError;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Relative paths of the files of a folder.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) open: BTreeSet<PathBuf>,
    pub(super) complete: BTreeSet<PathBuf>,
}

/// A file of a [`Folder`](super::Folder) in the making, buffered.
#[derive(Debug)]
pub struct OutputFile {
    writer: BufWriter<File>,
    relative: PathBuf,
    target: PathBuf,
    files: Arc<Mutex<Files>>,
    /// The first write that failed, which stands whatever a caller made of it.
    failure: Option<FolderError>,
}

impl OutputFile {
    /// A file that is open from now on among the `files` of the folder for `target`.
    pub(super) fn new(
        file: File,
        relative: &Path,
        target: &Path,
        files: &Arc<Mutex<Files>>,
    ) -> OutputFile {
        lock(files).open.insert(relative.into());
        OutputFile {
            writer: BufWriter::new(file),
            relative: relative.into(),
            target: target.into(),
            files: Arc::clone(files),
            failure: None,
        }
    }

    /// Writes out what is still in memory. Without it the folder cannot be committed.
    ///
    /// # Errors
    /// Fails when that, or any write before it, failed.
    pub fn finish(mut self) -> Result<(), FolderError> {
        let flushed = self.flush();
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        flushed.map_err(|error| self.error(&error))?;
        let mut files = lock(&self.files);
        files.open.remove(&self.relative);
        files.complete.insert(self.relative.clone());
        Ok(())
    }

    /// The plain sentence for an error met in writing this file, also if it came back wrapped in
    /// the error of another library.
    pub fn error(&self, error: &io::Error) -> FolderError {
        self.failure.clone().unwrap_or_else(|| {
            FolderError::failed(error, "writing", &self.target.join(&self.relative), &self.target)
        })
    }

    /// Keeps the first failure, which a library between may wrap or swallow.
    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && error.kind() != ErrorKind::Interrupted
        {
            self.failure = Some(self.error(error));
        }
        result
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.writer.write(bytes);
        self.noted(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.writer.flush();
        self.noted(result)
    }
}

/// A panic elsewhere does not make a set of names wrong.
pub(super) fn lock(files: &Mutex<Files>) -> MutexGuard<'_, Files> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}
