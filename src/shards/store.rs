//! The parts of some work in folders.

use super::error::PartError;
use super::file::{Head, read, read_head, write};
use super::origin::Origin;
use super::part::{Outcome, Part};
use super::places::{place_of_rows, rows_of};
use super::ranges::missing;
use super::rows::{self, Rows};
use crate::study::partial::Partial;
use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The parts of some work that are there, in order.
#[derive(Debug, Clone)]
pub struct Store {
    /// The work.
    pub origin: Origin,
    parts: Vec<(Range<u64>, PathBuf)>,
}

impl Store {
    /// The parts in files and folders; none where no file is there. The same part twice, to the bit, is
    /// taken once.
    ///
    /// # Errors
    /// A file is no part; parts are of different work, or have something in common.
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

    /// Drops files that are equal, and refuses those that are not and hold the same.
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
                let unit = self.origin.work.unit();
                return Err(PartError::Overlap { a: other.clone(), b: file, unit, common });
            }
        }
        self.parts = apart;
        Ok(())
    }

    /// The parts of a range of the work.
    ///
    /// # Errors
    /// A part is only partly in it.
    pub fn within(&self, range: &Range<u64>) -> Result<Store, PartError> {
        let common =
            |(own, _): &&(Range<u64>, PathBuf)| own.start < range.end && range.start < own.end;
        let parts: Vec<(Range<u64>, PathBuf)> = self.parts.iter().filter(common).cloned().collect();
        let is_outside = |own: &Range<u64>| own.start < range.start || range.end < own.end;
        if let Some((_, path)) = parts.iter().find(|(own, _)| is_outside(own)) {
            let why = "it ends where the run that kept it does not";
            return Err(PartError::Damaged { path: path.clone(), why });
        }
        Ok(Store { origin: self.origin.clone(), parts })
    }

    /// How many parts are there.
    pub fn count(&self) -> usize {
        self.parts.len()
    }

    /// What is there, in order.
    pub fn ranges(&self) -> Vec<Range<u64>> {
        self.parts.iter().map(|(range, _)| range.clone()).collect()
    }

    /// What is not.
    pub fn missing(&self) -> Vec<Range<u64>> {
        missing(&self.ranges(), 0..self.origin.work.count())
    }

    /// Has `take` look at what came of each part, one after the other, so that two at most are in
    /// memory, and say whether it fits; `told` hears how much each part holds.
    ///
    /// # Errors
    /// A part is damaged, or does not fit.
    pub fn each<T: Outcome>(
        &self,
        mut take: impl FnMut(u64, T) -> bool,
        mut told: impl FnMut(u64),
    ) -> Result<(), PartError> {
        for (range, path) in &self.parts {
            let count = range.end - range.start;
            if !take(count, read(path)?.outcome) {
                let why = "what came of its range is not what this scenario gives";
                return Err(PartError::Damaged { path: path.clone(), why });
            }
            told(count);
        }
        Ok(())
    }

    /// What came of all points, in order, if each part has as many as its range and each of them
    /// `fits`.
    ///
    /// # Errors
    /// As [`Store::each`].
    pub fn points<T>(&self, fits: impl Fn(&T) -> bool) -> Result<Vec<T>, PartError>
    where
        Vec<T>: Outcome,
    {
        let mut all = Vec::new();
        let take = |count, points: Vec<T>| {
            let fits = points.len() as u64 == count && points.iter().all(&fits);
            all.extend(points);
            fits
        };
        self.each(take, |_| ())?;
        Ok(all)
    }

    /// Adds what came of the trials of all parts to `whole`, which tells the shape that they must have.
    ///
    /// # Errors
    /// As [`Store::each`].
    pub fn merge(&self, whole: &mut Partial, told: impl FnMut(u64)) -> Result<(), PartError> {
        let take = |trials, part: Partial| {
            let fits = part.trials() == trials && part.has_shape_of(whole);
            if fits {
                whole.merge(&part);
            }
            fits
        };
        self.each(take, told)
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

    /// Writes a part into a folder, which is made where it is not there, and says where.
    ///
    /// # Errors
    /// The system refused.
    pub fn keep<T: Outcome>(folder: &Path, part: &Part<T>) -> Result<PathBuf, PartError> {
        fs::create_dir_all(folder).map_err(PartError::system("make the folder", folder))?;
        write(folder, part)
    }

    /// As [`Store::keep`]; before it, the table of its single trials.
    ///
    /// # Errors
    /// The system refused.
    pub fn keep_with_rows<T: Outcome>(
        folder: &Path,
        mut part: Part<T>,
        rows: Rows,
    ) -> Result<PathBuf, PartError> {
        part.rows = Some(rows.keep(&place_of_rows(folder, &part.range))?);
        Store::keep(folder, &part)
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
