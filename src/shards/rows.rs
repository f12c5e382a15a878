//! The single trials of a part: a table in a file beside the part, which says how long it is and what its
//! hash is. A part with such a table is written after it, so that its own file is still the only sign that
//! its trials were played.

use super::error::PartError;
use super::places::{aside, create_aside};
use crate::files::Hash;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A table of single trials that is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its length, bytes.
    bytes: u64,
    /// Its SHA-256.
    sha256: String,
}

/// A table of single trials in the making. Dropped before it is kept, it leaves no trace.
#[derive(Debug)]
pub struct Rows {
    hidden: PathBuf,
    file: BufWriter<File>,
    hash: Hash,
    bytes: u64,
    is_kept: bool,
}

impl Rows {
    /// A table of these trials in a folder, which is made where it is not there. What a process leaves that
    /// is killed goes when the part of these trials is written.
    ///
    /// # Errors
    /// The system refused.
    pub fn begin(folder: &Path, range: &Range<u64>) -> Result<Rows, PartError> {
        fs::create_dir_all(folder).map_err(PartError::system("make the folder", folder))?;
        let (hidden, file) = create_aside(folder, &aside(range))
            .map_err(PartError::system("write in the folder", folder))?;
        let file = BufWriter::new(file);
        Ok(Rows { hidden, file, hash: Hash::default(), bytes: 0, is_kept: false })
    }

    /// What is said of a failure to write it.
    pub fn error(&self, error: io::Error) -> PartError {
        PartError::system("write", &self.hidden)(error)
    }

    /// Puts the table in its place, and says how it is known there.
    pub(super) fn keep(mut self, place: &Path) -> Result<Table, PartError> {
        let written = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        match written.and_then(|()| fs::rename(&self.hidden, place)) {
            // Another attempt at the same trials was first, with the same table.
            Err(error) if error.kind() == ErrorKind::NotFound && place.exists() => {}
            moved => moved.map_err(PartError::system("write", place))?,
        }
        self.is_kept = true;
        Ok(Table { bytes: self.bytes, sha256: std::mem::take(&mut self.hash).digits() })
    }
}

impl Write for Rows {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        if !self.is_kept {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_file(&self.hidden);
        }
    }
}

/// Copies a table, without its first line unless that `is_first`. What has been copied counts only if
/// this says so at the end: the hash is known then.
///
/// # Errors
/// The table is not there or not what it was; or, as the inner error, what `to` cannot take.
pub(super) fn copy(
    path: &Path,
    seal: &Table,
    is_first: bool,
    to: &mut impl Write,
) -> Result<io::Result<()>, PartError> {
    let refused = PartError::system("read", path);
    let mut file = BufReader::new(File::open(path).map_err(&refused)?.take(seal.bytes + 1));
    let (mut hash, mut bytes, mut line) = (Hash::default(), 0, is_first);
    loop {
        let piece = file.fill_buf().map_err(&refused)?;
        let length = piece.len();
        if length == 0 {
            break;
        }
        hash.update(piece);
        bytes += length as u64;
        let mut rows = piece;
        if !line && let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            (line, rows) = (true, &piece[end + 1..]);
        }
        if line && let Err(error) = to.write_all(rows) {
            return Ok(Err(error));
        }
        file.consume(length);
    }
    if bytes == seal.bytes && hash.digits() == seal.sha256 {
        Ok(Ok(()))
    } else {
        let why = "it is not the table that its part was written with";
        Err(PartError::Damaged { path: path.to_owned(), why })
    }
}
