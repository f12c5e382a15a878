//! The output folder of a command other than `run`: tables, charts and a manifest that names what
//! was read.

use super::failure::Failure;
use crate::keys::Json;
use crate::report::folder::{Folder, MANIFEST, OutputFile};
use crate::report::manifest::log_manifest;
use crate::report::table::{Table, TableWriter};
use std::path::Path;

/// A folder that is being written, beside its target until it is whole.
pub(super) struct LogFolder<'a> {
    target: &'a Path,
    folder: Folder,
}

impl<'a> LogFolder<'a> {
    /// Begins the folder, if there is a target. `owned` are the files that it may replace.
    pub(super) fn begin(target: Option<&'a Path>, owned: &[&str]) -> Result<Option<Self>, Failure> {
        let begin = |target| Ok(LogFolder { target, folder: Folder::begin(target, owned)? });
        target.map(begin).transpose()
    }

    /// Begins a table that comes in pieces.
    pub(super) fn begin_table(&self, name: &str) -> Result<FolderTable, Failure> {
        Ok(FolderTable { writer: TableWriter::new(self.folder.create(name)?) })
    }

    /// Writes tables, pictures and a manifest with what `more` the command has to say, and puts the
    /// folder in its place; the paths of its files.
    pub(super) fn fill(
        self,
        tables: impl IntoIterator<Item = (&'static str, Table)>,
        pictures: Vec<(String, Vec<u8>)>,
        (command, log): (&str, &Path),
        more: Json,
    ) -> Result<Vec<String>, Failure> {
        self.fill_with(tables, pictures, &log_manifest(command, log, more))
    }

    /// As [`LogFolder::fill`], with a manifest that is made.
    pub(super) fn fill_with(
        self,
        tables: impl IntoIterator<Item = (&'static str, Table)>,
        pictures: Vec<(String, Vec<u8>)>,
        manifest: &str,
    ) -> Result<Vec<String>, Failure> {
        for (name, table) in tables {
            self.folder.write_with(name, |file: &mut OutputFile| table.write_csv(file))?;
        }
        for (path, picture) in pictures {
            self.folder.write(&path, &picture)?;
        }
        self.folder.write(MANIFEST, manifest.as_bytes())?;
        let files = self.folder.files();
        self.folder.commit()?;
        Ok(files.iter().map(|file| self.target.join(file).display().to_string()).collect())
    }
}

/// A table in the folder that comes in pieces.
pub(super) struct FolderTable {
    writer: TableWriter<OutputFile>,
}

impl FolderTable {
    /// Adds a piece.
    pub(super) fn add(&mut self, piece: &Table) -> Result<(), Failure> {
        let added = self.writer.add(piece);
        Ok(added.map_err(|error| self.writer.place().error(&error))?)
    }

    /// Ends the file.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let flushed = self.writer.flush();
        flushed.map_err(|error| self.writer.place().error(&error))?;
        let file = self.writer.finish().map_err(|error| Failure::Work(error.to_string()))?;
        Ok(file.finish()?)
    }
}
