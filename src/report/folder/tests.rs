//! What of a folder appears when, and what of the user's stays.

use super::*;

const OWNED: [&str; 4] = ["run.json", "summary.csv", "trials.csv", "charts/*.svg"];

/// Begins a folder in which a run has written its files, `mark` in each.
fn begin_run(target: &Path, mark: &str) -> Folder {
    let folder = Folder::begin(target, &OWNED).unwrap();
    folder
        .write("run.json", format!("{{\"program\": \"outlast\", \"m\": \"{mark}\"}}").as_bytes())
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
        assert_eq!(written, ["charts/downtime.svg", "run.json", "summary.csv"].map(PathBuf::from));
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
        assert!(error.to_string().contains("trials.csv"), "{error}");
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
            assert!(error.is_refusal());
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

    fn is_disk_full(error: &FolderError) -> bool {
        error.to_string().starts_with("no space left on the device")
    }

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
            assert!(is_disk_full(&error) && !error.is_refusal());
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
        assert!(is_disk_full(&file.error(&io::Error::other(error))));
        assert!(is_disk_full(&file.finish().unwrap_err()));
        let swallowed = folder.write_with("trials.csv", |file| {
            let _ = file.write_all(&[b'x'; 100_000]);
            Ok(())
        });
        assert!(is_disk_full(&swallowed.unwrap_err()));
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
