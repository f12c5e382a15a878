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
mod place;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use error::FolderError;

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

/// Relative paths of the files of a folder.
#[derive(Debug, Default)]
struct Files {
    open: BTreeSet<PathBuf>,
    complete: BTreeSet<PathBuf>,
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
        lock(&self.files).open.insert(inside.into());
        Ok(OutputFile {
            writer: BufWriter::new(file),
            relative: inside.into(),
            target: self.shown.clone(),
            files: Arc::clone(&self.files),
            failure: None,
        })
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
            let _ = place::sync_folder(parent);
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
        let synced = folders.iter().try_for_each(|folder| place::sync_folder(folder));
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

/// A file of a [`Folder`] in the making, buffered.
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

/// Whether the folder has a manifest of ours.
fn is_output(folder: &Path) -> bool {
    const LOOKED_AT: u64 = 4096;
    let mut start = Vec::new();
    let read = File::open(folder.join(MANIFEST))
        .and_then(|manifest| manifest.take(LOOKED_AT).read_to_end(&mut start));
    read.is_ok() && start.windows(7).any(|bytes| bytes == b"outlast")
}

/// A panic elsewhere does not make a set of names wrong.
fn lock(files: &Mutex<Files>) -> MutexGuard<'_, Files> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNED: [&str; 4] = ["run.json", "summary.csv", "trials.csv", "charts/*.svg"];

    /// Begins a folder in which a run has written its files, `mark` in each.
    fn begin_run(target: &Path, mark: &str) -> Folder {
        let folder = Folder::begin(target, &OWNED).unwrap();
        folder
            .write(
                "run.json",
                format!("{{\"program\": \"outlast\", \"m\": \"{mark}\"}}").as_bytes(),
            )
            .unwrap();
        folder.write("summary.csv", mark.as_bytes()).unwrap();
        folder.write("charts/downtime.svg", mark.as_bytes()).unwrap();
        folder
    }

    fn run(target: &Path, mark: &str) {
        begin_run(target, mark).commit().unwrap();
    }

    fn text(path: impl AsRef<Path>) -> String {
        fs::read_to_string(path).unwrap()
    }

    /// Every file and folder below, hidden ones too, in order.
    fn listing(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                found.push(path.strip_prefix(folder).unwrap().display().to_string());
                if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                }
            }
        }
        found.sort();
        found
    }

    const WHOLE: [&str; 5] =
        ["out", "out/charts", "out/charts/downtime.svg", "out/run.json", "out/summary.csv"];

    /// A process number that is not in use: one that has just ended.
    fn ended_process() -> u32 {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        child.id()
    }

    mod whole_or_not_at_all {
        use super::*;

        #[test]
        fn nothing_shows_before_the_commit_and_everything_after() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            let folder = begin_run(&target, "new");
            assert!(!target.exists());
            let written: Vec<_> = folder.files();
            assert_eq!(
                written,
                ["charts/downtime.svg", "run.json", "summary.csv"].map(PathBuf::from)
            );
            folder.commit().unwrap();
            assert_eq!(listing(place.path()), WHOLE);
            assert_eq!(text(target.join("summary.csv")), "new");
        }

        #[test]
        fn a_second_run_replaces_the_first_only_at_its_commit() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            run(&target, "old");
            let folder = begin_run(&target, "new");
            assert_eq!(text(target.join("summary.csv")), "old");
            folder.commit().unwrap();
            assert_eq!(text(target.join("summary.csv")), "new");
            assert_eq!(listing(place.path()), WHOLE);
        }

        #[test]
        fn a_dropped_folder_leaves_no_trace() {
            let place = tempfile::tempdir().unwrap();
            drop(begin_run(&place.path().join("a/b/out"), "new"));
            assert_eq!(listing(place.path()), [""; 0]);
            run(&place.path().join("out"), "old");
            drop(begin_run(&place.path().join("out"), "new"));
            assert_eq!(listing(place.path()), WHOLE);
            assert_eq!(text(place.path().join("out/summary.csv")), "old");
        }

        #[test]
        fn parents_are_made_and_an_empty_folder_is_welcome() {
            let place = tempfile::tempdir().unwrap();
            run(&place.path().join("a/b/out"), "new");
            assert_eq!(text(place.path().join("a/b/out/summary.csv")), "new");
            fs::create_dir(place.path().join("empty")).unwrap();
            run(&place.path().join("empty"), "new");
            assert_eq!(text(place.path().join("empty/summary.csv")), "new");
        }

        #[test]
        fn an_unfinished_file_stops_the_commit() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            run(&target, "old");
            let folder = begin_run(&target, "new");
            let mut file = folder.create("trials.csv").unwrap();
            file.write_all(b"half a table").unwrap();
            drop(file);
            let error = folder.commit().unwrap_err();
            assert!(error.to_string().contains("never finished"), "{error}");
            assert_eq!(error.path(), target.join("trials.csv"));
            assert_eq!(listing(place.path()), WHOLE);
            assert_eq!(text(target.join("summary.csv")), "old");
        }

        #[test]
        fn paths_out_of_the_folder_are_refused() {
            let place = tempfile::tempdir().unwrap();
            let folder = Folder::begin(&place.path().join("out"), &OWNED).unwrap();
            for relative in ["", "../x", "/tmp/x", "a/../../x", "./x"] {
                assert!(folder.create(relative).is_err(), "{relative}");
            }
        }

        #[test]
        fn systems_that_cannot_exchange_folders_get_there_in_two_steps() {
            let place = tempfile::tempdir().unwrap();
            let (new, target) = (place.path().join("new"), place.path().join("out"));
            fs::create_dir(&new).unwrap();
            fs::create_dir(&target).unwrap();
            fs::write(target.join("old"), "").unwrap();
            let aside = place::swap_in_two_steps(&new, &target).unwrap();
            assert!(aside.join("old").exists() && !target.join("old").exists());
            // And back again if the second step fails.
            fs::write(target.join("new"), "").unwrap();
            fs::remove_dir_all(&aside).unwrap();
            assert!(place::swap_in_two_steps(&place.path().join("absent"), &target).is_err());
            assert_eq!(listing(place.path()), ["out", "out/new"]);
        }
    }

    mod interrupted {
        use super::*;

        const TARGET: &str = "OUTLAST_TEST_FOLDER_TO_DIE_IN";

        /// Not a test but the process that the next one kills.
        #[test]
        fn dies_between_write_and_commit() {
            if let Some(target) = std::env::var_os(TARGET) {
                let _folder = begin_run(Path::new(&target), "new");
                println!("written");
                std::thread::sleep(std::time::Duration::from_secs(600));
            }
        }

        #[test]
        fn a_killed_run_leaves_the_old_output_whole_and_the_next_one_clears_up() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            run(&target, "old");
            let mut child = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "--nocapture"])
                .arg(
                    concat!(module_path!(), "::dies_between_write_and_commit")
                        .split_once("::")
                        .unwrap()
                        .1,
                )
                .env(TARGET, &target)
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap();
            let mut output = io::BufReader::new(child.stdout.take().unwrap());
            let mut line = String::new();
            while !line.contains("written") {
                line.clear();
                assert_ne!(io::BufRead::read_line(&mut output, &mut line).unwrap(), 0, "no child");
            }
            // A run that lives is left alone.
            let mut both = listing(place.path());
            drop(begin_run(&target, "other"));
            assert_eq!(listing(place.path()), both);
            child.kill().unwrap();
            child.wait().unwrap();
            assert!(both.len() > WHOLE.len());
            both.retain(|path| !path.starts_with(".out.partial-"));
            assert_eq!(both, WHOLE);
            assert_eq!(text(target.join("summary.csv")), "old");
            drop(Folder::begin(&target, &OWNED).unwrap());
            assert_eq!(listing(place.path()), WHOLE);
        }

        #[test]
        fn a_folder_forgotten_by_this_process_is_cleared_up() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            std::mem::forget(begin_run(&target, "lost"));
            let folder = Folder::begin(&target, &OWNED).unwrap();
            folder.write("run.json", b"outlast").unwrap();
            folder.commit().unwrap();
            assert_eq!(listing(place.path()), ["out", "out/run.json"]);
        }

        #[test]
        fn an_output_moved_aside_by_a_killed_run_goes_back() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            run(&target, "old");
            let aside = place.path().join(format!(".out.previous-{}", ended_process()));
            fs::rename(&target, &aside).unwrap();
            drop(Folder::begin(&target, &OWNED).unwrap());
            assert_eq!(listing(place.path()), WHOLE);
        }

        #[test]
        fn neighbours_of_similar_names_stay() {
            let place = tempfile::tempdir().unwrap();
            let process = ended_process();
            for name in [".out.partial-x", ".out.partial-", "out.partial-1", ".out2.partial-1"] {
                fs::create_dir(place.path().join(name)).unwrap();
            }
            let file = place.path().join(format!(".out.partial-{process}"));
            fs::write(&file, "a file, so not ours").unwrap();
            drop(Folder::begin(&place.path().join("out"), &OWNED).unwrap());
            assert_eq!(listing(place.path()).len(), 5);
        }
    }

    mod what_belongs_to_the_user {
        use super::*;

        #[test]
        fn foreign_files_survive_and_stale_ones_of_ours_go() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            let first = begin_run(&target, "old");
            first.write("trials.csv", b"from a run with --raw").unwrap();
            first.write("charts/old.svg", b"a chart no longer drawn").unwrap();
            first.commit().unwrap();
            fs::write(target.join("notes.txt"), "mine").unwrap();
            fs::write(target.join("charts/notes.txt"), "mine too").unwrap();
            fs::create_dir_all(target.join("deep/er")).unwrap();
            fs::write(target.join("deep/er/summary.csv"), "mine as well").unwrap();
            for mark in ["new", "newer"] {
                run(&target, mark);
                assert_eq!(text(target.join("summary.csv")), mark);
                assert_eq!(text(target.join("notes.txt")), "mine");
                assert_eq!(text(target.join("charts/notes.txt")), "mine too");
                assert_eq!(text(target.join("deep/er/summary.csv")), "mine as well");
                assert!(!target.join("trials.csv").exists());
                assert!(!target.join("charts/old.svg").exists());
                assert_eq!(listing(place.path()).len(), WHOLE.len() + 5);
            }
        }

        #[test]
        fn a_folder_of_ours_that_the_new_run_does_not_need_goes() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            run(&target, "old");
            let folder = Folder::begin(&target, &OWNED).unwrap();
            folder.write("run.json", b"outlast").unwrap();
            folder.commit().unwrap();
            assert_eq!(listing(place.path()), ["out", "out/run.json"]);
        }

        #[test]
        fn folders_and_files_that_are_no_output_are_refused_and_untouched() {
            let place = tempfile::tempdir().unwrap();
            let home = place.path().join("home");
            fs::create_dir(&home).unwrap();
            fs::write(home.join("thesis.txt"), "years").unwrap();
            fs::write(place.path().join("file"), "a file").unwrap();
            let other = place.path().join("other");
            fs::create_dir(&other).unwrap();
            fs::write(other.join("run.json"), "{\"program\": \"another\"}").unwrap();
            let before = listing(place.path());
            for (target, why) in [
                (home.clone(), "is not an earlier output of outlast"),
                (other.clone(), "is not an earlier output of outlast"),
                (place.path().join("file"), "is a file, not a folder"),
                (place.path().join("file/out"), "lies below a file"),
                (PathBuf::from("/"), "is the root of the file system"),
                (PathBuf::from("."), "is the current folder"),
                (PathBuf::from(".."), "is the current folder or holds it"),
            ] {
                let error = Folder::begin(&target, &OWNED).unwrap_err();
                assert!(error.is_refusal() && !error.is_disk_full());
                let message = error.to_string();
                assert!(message.starts_with(&format!("\"{}\" ", target.display())), "{message}");
                assert!(message.contains(why), "{message}");
                assert!(message.ends_with("; choose another --output"), "{message}");
                assert_eq!(listing(place.path()), before);
            }
        }

        #[test]
        fn a_target_that_turns_into_something_else_meanwhile_is_refused_at_the_commit() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            let folder = begin_run(&target, "new");
            fs::create_dir(&target).unwrap();
            fs::write(target.join("thesis.txt"), "years").unwrap();
            assert!(folder.commit().unwrap_err().is_refusal());
            assert_eq!(listing(place.path()), ["out", "out/thesis.txt"]);
        }

        #[test]
        fn a_foreign_file_in_the_way_of_a_folder_of_ours_is_not_lost() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            fs::create_dir(&target).unwrap();
            fs::write(target.join("run.json"), "outlast").unwrap();
            fs::write(target.join("charts"), "a list of charts").unwrap();
            let error = begin_run(&target, "new").commit().unwrap_err();
            assert!(error.to_string().contains("stands in its place"), "{error}");
            assert_eq!(text(target.join("charts")), "a list of charts");
            assert_eq!(text(target.join("run.json")), "outlast");
        }

        #[cfg(unix)]
        #[test]
        fn links_are_followed_to_the_target_and_kept_inside_it() {
            use std::os::unix::fs::symlink;
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            run(&target, "old");
            symlink("/nowhere", target.join("my link")).unwrap();
            symlink(&target, place.path().join("link")).unwrap();
            run(&place.path().join("link"), "new");
            assert!(place.path().join("link").is_symlink());
            assert_eq!(text(target.join("summary.csv")), "new");
            assert_eq!(fs::read_link(target.join("my link")).unwrap(), Path::new("/nowhere"));
            symlink("/nowhere", place.path().join("dangling")).unwrap();
            let error = Folder::begin(&place.path().join("dangling"), &OWNED).unwrap_err();
            assert!(error.to_string().contains("is a link to nothing"), "{error}");
        }

        #[cfg(unix)]
        #[test]
        fn a_private_output_stays_private() {
            use std::os::unix::fs::PermissionsExt;
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            run(&target, "old");
            fs::set_permissions(&target, fs::Permissions::from_mode(0o700)).unwrap();
            run(&target, "new");
            assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[cfg(target_os = "linux")]
    mod a_full_disk {
        use super::*;

        /// A folder in the making whose `trials.csv` lies on a device that is always full.
        fn full(target: &Path) -> Folder {
            let folder = begin_run(target, "new");
            std::os::unix::fs::symlink("/dev/full", folder.partial.join("trials.csv")).unwrap();
            folder
        }

        #[test]
        fn is_named_as_such_with_the_file_and_changes_nothing() {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("out");
            run(&target, "old");
            // Little and much: what fails is the flush in one case, the write in the other.
            for size in [10, 100_000] {
                let folder = full(&target);
                let error = folder.write("trials.csv", &vec![b'x'; size]).unwrap_err();
                assert!(error.is_disk_full() && !error.is_refusal());
                let expected = format!(
                    "no space left on the device while writing {0}/trials.csv; nothing was changed \
                     in {0}",
                    target.display()
                );
                assert_eq!(error.to_string(), expected);
                assert!(folder.commit().is_err());
                assert_eq!(listing(place.path()), WHOLE);
                assert_eq!(text(target.join("summary.csv")), "old");
            }
        }

        #[test]
        fn is_remembered_when_a_caller_swallows_or_wraps_the_error() {
            let place = tempfile::tempdir().unwrap();
            let folder = full(&place.path().join("out"));
            let mut file = folder.create("trials.csv").unwrap();
            let error = file.write_all(&[b'x'; 100_000]).unwrap_err();
            assert!(file.error(&io::Error::other(error)).is_disk_full());
            assert!(file.finish().unwrap_err().is_disk_full());
            let swallowed = folder.write_with("trials.csv", |file| {
                let _ = file.write_all(&[b'x'; 100_000]);
                Ok(())
            });
            assert!(swallowed.unwrap_err().is_disk_full());
        }
    }

    #[test]
    fn a_failure_of_the_caller_is_told_with_the_file() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::begin(&place.path().join("out"), &OWNED).unwrap();
        let result = folder.write_with("a.csv", |_| Err(io::Error::other("row 3 is too short")));
        let message = result.unwrap_err().to_string();
        assert!(message.starts_with("row 3 is too short while writing "), "{message}");
    }
}
