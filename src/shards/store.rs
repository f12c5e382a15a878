//! The parts of one run in folders.

use super::error::PartError;
use super::file::{Head, read, read_head, write};
use super::origin::Origin;
use super::part::Part;
use super::places::{place_of_rows, rows_of};
use super::ranges::missing;
use super::rows::{self, Rows};
use crate::scenario::Scenario;
use crate::study::partial::Partial;
use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The parts of one run that are there, in the order of their trials.
#[derive(Debug, Clone)]
pub struct Store {
    /// The run.
    pub origin: Origin,
    parts: Vec<(Range<u64>, PathBuf)>,
}

impl Store {
    /// The parts in files and folders; none where no file is there. The same part twice, to the bit, is
    /// taken once.
    ///
    /// # Errors
    /// A file is no part; parts are of different runs, or have trials in common.
    pub fn open(paths: &[PathBuf]) -> Result<Option<Store>, PartError> {
        let mut store: Option<Store> = None;
        for file in files(paths)? {
            let Head { origin, range, .. } = read_head(&file)?;
            match &mut store {
                None => store = Some(Store { origin, parts: vec![(range, file)] }),
                Some(store) => {
                    if let Some(field) = store.origin.difference(&origin) {
                        let a = store.parts[0].1.clone();
                        return Err(PartError::Stranger { a, b: file, field });
                    }
                    store.parts.push((range, file));
                }
            }
        }
        if let Some(store) = &mut store {
            store.parts.sort_by_key(|(range, _)| (range.start, range.end));
            store.refuse_overlaps()?;
        }
        Ok(store)
    }

    /// Drops files that are equal, and refuses those that are not and hold the same trials.
    fn refuse_overlaps(&mut self) -> Result<(), PartError> {
        let mut apart: Vec<(Range<u64>, PathBuf)> = Vec::new();
        for (range, file) in std::mem::take(&mut self.parts) {
            let Some((before, other)) = apart.last().filter(|(before, _)| range.start < before.end)
            else {
                apart.push((range, file));
                continue;
            };
            let bytes = |path: &Path| fs::read(path).map_err(PartError::system("read", path));
            if *before != range || bytes(other)? != bytes(&file)? {
                let common = range.start..range.end.min(before.end);
                return Err(PartError::Overlap { a: other.clone(), b: file, common });
            }
        }
        self.parts = apart;
        Ok(())
    }

    /// How many parts are there.
    pub fn count(&self) -> usize {
        self.parts.len()
    }

    /// The trials that are there, in order.
    pub fn ranges(&self) -> Vec<Range<u64>> {
        self.parts.iter().map(|(range, _)| range.clone()).collect()
    }

    /// The trials that are not.
    pub fn missing(&self) -> Vec<Range<u64>> {
        missing(&self.ranges(), self.origin.trials)
    }

    /// All that is there, one part after the other, so that two at most are in memory; `told` hears of
    /// the trials of each.
    ///
    /// # Errors
    /// A part is damaged, or does not fit the scenario.
    pub fn merge(
        &self,
        scenario: &Scenario,
        mut told: impl FnMut(u64),
    ) -> Result<Partial, PartError> {
        let (strategies, tolerances) = (scenario.strategies.len(), scenario.tolerances.len());
        let mut whole = Partial::new(self.origin.design, strategies, tolerances);
        for (range, path) in &self.parts {
            let part = read(path)?;
            let trials = range.end - range.start;
            if part.whole.trials() != trials || !part.whole.has_shape_of(&whole) {
                let why = "what came of its trials is not what this scenario gives";
                return Err(PartError::Damaged { path: path.clone(), why });
            }
            whole.merge(&part.whole);
            told(trials);
        }
        Ok(whole)
    }

    /// Copies the tables of the single trials of all parts, one after the other, under one heading.
    ///
    /// # Errors
    /// A part has none, or it is damaged; or, as the inner error, what `to` cannot take.
    pub fn copy_rows(
        &self,
        to: &mut impl Write,
        mut told: impl FnMut(u64),
    ) -> Result<io::Result<()>, PartError> {
        for (at, (range, path)) in self.parts.iter().enumerate() {
            let Some(seal) = read_head(path)?.rows else {
                return Err(PartError::NoRows(path.clone()));
            };
            let copied = rows::copy(&rows_of(path), &seal, at == 0, to)?;
            if copied.is_err() {
                return Ok(copied);
            }
            told(range.end - range.start);
        }
        Ok(Ok(()))
    }

    /// Writes a part into a folder, which is made where it is not there, and says where; before it, the
    /// table of its single trials, if there is one.
    ///
    /// # Errors
    /// The system refused.
    pub fn keep(folder: &Path, mut part: Part, rows: Option<Rows>) -> Result<PathBuf, PartError> {
        fs::create_dir_all(folder).map_err(PartError::system("make the folder", folder))?;
        let place = place_of_rows(folder, &part.range);
        part.rows = rows.map(|rows| rows.keep(&place)).transpose()?;
        write(folder, &part)
    }
}

/// The files that are parts by their names, of folders and as they are given.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, PartError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let refused = PartError::system("read the folder", path);
        for entry in fs::read_dir(path).map_err(&refused)? {
            let entry = entry.map_err(&refused)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("part-") && name.ends_with(".outlast") {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}
