//! Gets a text file into memory, or says in one sentence why not.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The largest file that is read: 16 MiB. A scenario has a few kilobytes; more is the wrong file.
pub const LIMIT: u64 = 16 * 1024 * 1024;

/// Bytes of a line that are shown behind the first that is not UTF-8.
const MOST_SHOWN: usize = 80;

/// Why a file gave no text.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{}`: {reason}", path.display())]
pub struct LoadError {
    /// The path as asked for.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: Unreadable,
}

/// What is wrong with a file that gives no text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// There is no such file.
    #[error("there is no such file")]
    NotFound,
    /// The path names a directory.
    #[error("it is a directory, not a file")]
    IsDirectory,
    /// The bytes are not UTF-8 text.
    #[error(
        "not UTF-8 at line {line}, column {column} (byte {byte}){}",
        if *utf16 { "; it looks like UTF-16: save it as UTF-8" } else { "" }
    )]
    NotUtf8 {
        /// The first byte that is not UTF-8, counted from 0.
        byte: usize,
        /// Its line, counted from 1.
        line: usize,
        /// Its column, counted from 1 in characters.
        column: usize,
        /// Whether the encoding may be UTF-16 instead.
        utf16: bool,
        /// The text up to the end of that line; what is not UTF-8 is replaced by marks.
        shown: String,
    },
    /// Nothing, or white space only.
    #[error("it is empty")]
    Empty,
    /// More bytes than a file of its kind has.
    #[error("it is larger than {} MiB; is it the right file?", limit >> 20)]
    TooLarge {
        /// The most bytes that are read.
        limit: u64,
    },
    /// The system refused.
    #[error(transparent)]
    Refused(io::Error),
}

/// Reads a whole text file.
///
/// # Errors
/// Anything but a non-empty UTF-8 file of at most [`LIMIT`] bytes; see [`LoadError`].
pub fn load_text(path: &Path) -> Result<String, LoadError> {
    let refused = |reason| LoadError { path: path.to_owned(), reason };
    let text =
        String::from_utf8(load_bytes(path, LIMIT)?).map_err(|error| refused(not_utf8(&error)))?;
    match text.trim_start_matches('\u{feff}').trim() {
        "" => Err(refused(Unreadable::Empty)),
        _ => Ok(text),
    }
}

/// Reads a whole file of any encoding, of at most `limit` bytes.
///
/// # Errors
/// There is no such file, it is a directory, larger, or the system refuses.
pub fn load_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, LoadError> {
    read_bytes(path, limit).map_err(|reason| LoadError { path: path.to_owned(), reason })
}

fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Unreadable> {
    // Asked first, because opening a directory succeeds on some systems and not on others.
    if path.is_dir() {
        return Err(Unreadable::IsDirectory);
    }
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Unreadable::NotFound,
        _ => Unreadable::Refused(error),
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(refused)?;
    // One byte over the limit is enough to know, also for devices that never end.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > limit { Err(Unreadable::TooLarge { limit }) } else { Ok(bytes) }
}

fn not_utf8(error: &std::string::FromUtf8Error) -> Unreadable {
    let bytes = error.as_bytes();
    let byte = error.utf8_error().valid_up_to();
    let (right, rest) = bytes.split_at(byte);
    let right = String::from_utf8_lossy(right);
    let line = 1 + right.matches('\n').count();
    let before = right.rsplit('\n').next().unwrap_or_default();
    let column = 1 + before.trim_start_matches('\u{feff}').chars().count();
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    // A file that is no text at all may have no line end for megabytes.
    let rest = String::from_utf8_lossy(&rest[..end.min(MOST_SHOWN)]);
    let shown = format!("{right}{rest}");
    Unreadable::NotUtf8 { byte, line, column, utf16, shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        std::fs::write(&path, bytes).unwrap();
        let folder = format!("{}/", folder.path().display());
        load_text(&path).unwrap_or_else(|error| error.to_string().replace(&folder, ""))
    }

    #[test]
    fn gives_the_text_of_a_file() {
        assert_eq!(message(b"name = \"x\"\n"), "name = \"x\"\n");
    }

    #[test]
    fn says_why_a_file_gives_no_text() {
        assert_eq!(message(b""), "cannot read `a.toml`: it is empty");
        assert_eq!(message(b"\xef\xbb\xbf \n"), "cannot read `a.toml`: it is empty");
        assert_eq!(
            message(b"a\nb\n\xe9"),
            "cannot read `a.toml`: not UTF-8 at line 3, column 1 (byte 4)"
        );
        assert_eq!(
            message(b"\xff\xfea\0"),
            "cannot read `a.toml`: not UTF-8 at line 1, column 1 (byte 0); it looks like UTF-16: save it as UTF-8"
        );
        let large = vec![b' '; LIMIT as usize + 1];
        assert_eq!(
            message(&large),
            "cannot read `a.toml`: it is larger than 16 MiB; is it the right file?"
        );
        let folder = tempfile::tempdir().unwrap();
        let shown = folder.path().display().to_string();
        let error = load_text(folder.path()).unwrap_err().to_string();
        assert_eq!(error, format!("cannot read `{shown}`: it is a directory, not a file"));
        let error = load_text(&folder.path().join("no")).unwrap_err().to_string();
        assert_eq!(error, format!("cannot read `{shown}/no`: there is no such file"));
    }
}
