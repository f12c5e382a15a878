//! The file of a part: a line that says what it is, a line of JSON that says of what, and the rest.
//!
//! The first line has the format, the length of all that follows, and its SHA-256, so that a file that
//! was cut off or changed is known. The second line is for people and scripts too: `head -n 2`. The
//! rest is what came of its range, in the compact form of postcard.

use super::error::PartError;
use super::origin::Origin;
use super::part::{Outcome, Part};
use super::places::{aside, clear, create_aside, file_name};
use super::rows::Table;
use crate::files::{sha256, sync_folder};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What a part begins with.
const MARK: &str = "outlast part";
/// The format that is written and read.
const FORMAT: u32 = 3;
/// The longest first line, and the longest second one, bytes: a scenario has 16 MiB at most, which JSON
/// may write six times as long.
const LONGEST: [u64; 2] = [200, 128 << 20];

/// The second line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) origin: Origin,
    pub(super) range: Range<u64>,
    /// The table of the single trials beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rows: Option<Table>,
}

/// Writes a part into a folder that is there: aside, then in its place in one step, then read back.
///
/// Others may be at the same part at the same time: an engine that lost sight of a machine starts its
/// shard again elsewhere while it goes on there. Each writes aside under a name that nobody else has, and
/// whoever is first in place removes what the others left; they find the same bytes there and are done.
///
/// # Errors
/// The system refused, or did not keep what was written.
pub(super) fn write<T: Outcome>(folder: &Path, part: &Part<T>) -> Result<PathBuf, PartError> {
    let (place, aside) = (folder.join(file_name(&part.range)), aside(&part.range));
    let text = text(part).ok_or_else(|| PartError::Damaged {
        path: place.clone(),
        why: "what came of its range cannot be written",
    })?;
    let (hidden, mut file) =
        create_aside(folder, &aside).map_err(PartError::system("write", &place))?;
    let written = file.write_all(&text).and_then(|()| file.sync_all());
    match written.and_then(|()| fs::rename(&hidden, &place)) {
        Err(error) if error.kind() == ErrorKind::NotFound && place.exists() => {}
        Err(error) => {
            let _ = fs::remove_file(&hidden);
            return Err(PartError::system("write", &place)(error));
        }
        Ok(()) => {}
    }
    sync_folder(folder).map_err(PartError::system("write", folder))?;
    let back = fs::read(&place).map_err(PartError::system("read back", &place))?;
    if back != text {
        return Err(PartError::Damaged { path: place, why: "the disk did not keep it" });
    }
    clear(folder, &aside);
    Ok(place)
}

/// All of the file; none if it cannot be put into words, which no part does.
fn text<T: Outcome>(part: &Part<T>) -> Option<Vec<u8>> {
    let head =
        Head { origin: part.origin.clone(), range: part.range.clone(), rows: part.rows.clone() };
    let mut body = serde_json::to_vec(&head).ok()?;
    body.push(b'\n');
    body.extend(postcard::to_stdvec(&part.outcome).ok()?);
    let mut text = format!("{MARK} {FORMAT} {} {}\n", body.len(), sha256(&body)).into_bytes();
    text.extend(body);
    Some(text)
}

/// What is written in the first line.
struct Seal {
    length: u64,
    hash: String,
}

/// What a file says of itself, without looking at the rest.
///
/// # Errors
/// It is no part, or one of another format, or the system refused.
pub(super) fn read_head(path: &Path) -> Result<Head, PartError> {
    let (_, mut rest) = open(path)?;
    let mut line = Vec::new();
    let read = rest.by_ref().take(LONGEST[1]).read_until(b'\n', &mut line);
    read.map_err(PartError::system("read", path))?;
    head(&line, path)
}

/// A whole part.
///
/// # Errors
/// As [`read_head`]; or it is damaged.
pub(super) fn read<T: Outcome>(path: &Path) -> Result<Part<T>, PartError> {
    let damaged = |why| PartError::Damaged { path: path.to_owned(), why };
    let (seal, rest) = open(path)?;
    let mut body = Vec::new();
    let read = rest.take(seal.length.saturating_add(1)).read_to_end(&mut body);
    read.map_err(PartError::system("read", path))?;
    if (body.len() as u64) < seal.length {
        return Err(damaged("it is cut off"));
    }
    if body.len() as u64 > seal.length {
        return Err(damaged("something follows its end"));
    }
    if sha256(&body) != seal.hash {
        return Err(damaged("its checksum does not fit"));
    }
    let end = body.iter().position(|byte| *byte == b'\n').unwrap_or(body.len());
    let Head { origin, range, rows } = head(&body[..end], path)?;
    let outcome = postcard::from_bytes(body.get(end + 1..).unwrap_or_default());
    let outcome = outcome.map_err(|_| damaged("what came of its range cannot be read"))?;
    Ok(Part { origin, range, outcome, rows })
}

fn open(path: &Path) -> Result<(Seal, BufReader<File>), PartError> {
    let file = File::open(path).map_err(PartError::system("open", path))?;
    let mut file = BufReader::new(file);
    let mut line = Vec::new();
    let read = file.by_ref().take(LONGEST[0]).read_until(b'\n', &mut line);
    read.map_err(PartError::system("read", path))?;
    let line = String::from_utf8_lossy(&line);
    let words = line.trim_end().strip_prefix(MARK).map(|rest| rest.split(' ').collect::<Vec<_>>());
    match words.as_deref() {
        Some(["", format, length, hash]) => {
            if format.parse() != Ok(FORMAT) {
                let found = (*format).to_owned();
                return Err(PartError::Format { path: path.to_owned(), found, known: FORMAT });
            }
            let length = length.parse().map_err(|_| PartError::NoPart(path.to_owned()))?;
            Ok((Seal { length, hash: (*hash).to_owned() }, file))
        }
        _ => Err(PartError::NoPart(path.to_owned())),
    }
}

fn head(line: &[u8], path: &Path) -> Result<Head, PartError> {
    let damaged = |why| PartError::Damaged { path: path.to_owned(), why };
    let head: Head = serde_json::from_slice(line)
        .map_err(|_| damaged("it does not say what it is a part of"))?;
    if head.range.is_empty() || head.range.end > head.origin.work.count() {
        return Err(damaged("its range is none of that work"));
    }
    Ok(head)
}
