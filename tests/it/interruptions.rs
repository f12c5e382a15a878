//! What is left when the power, the disk or the folder goes: the old results or the new ones, whole, and
//! nothing beside them after the next run.

use super::parts::Place;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The run that is disturbed: short, but with charts, tables and a page.
const RUN: &str = "run office.toml -n 2000 --no-robustness -q -o out";
/// Moments at which a run is killed; `OUTLAST_MANY` times as many by hand.
const MOMENTS: u32 = 12;

fn moments() -> u32 {
    let many = std::env::var("OUTLAST_MANY").ok().and_then(|many| many.parse().ok());
    MOMENTS * many.unwrap_or(1)
}

/// How long a command takes that nobody disturbs.
fn time(place: &Place, words: &str) -> Duration {
    let begun = Instant::now();
    place.does(words);
    begun.elapsed()
}

/// Whether the command was killed before its end.
fn is_killed_after(place: &Place, words: &str, moment: Duration) -> bool {
    let mut child = place.command(words).stderr(Stdio::null()).spawn().unwrap();
    sleep(moment);
    // As a power cut: without a word.
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

#[test]
fn a_power_cut_at_any_moment_leaves_old_or_new_results_whole() {
    let place = Place::new();
    place.does(&format!("{RUN} --seed 1"));
    let seeds = [place.results("out"), {
        place.does(&format!("{RUN} --seed 2"));
        place.results("out")
    }];
    assert!(seeds[0] != seeds[1]);
    let whole = time(&place, &format!("{RUN} --seed 1"));
    let (mut now, mut killed) = (0, 0);
    for moment in 0..moments() {
        // Seed 1 lies there and seed 2 comes, or the other way round.
        let next = 1 - now;
        let words = format!("{RUN} --seed {}", next + 1);
        let moment = whole * (moment * 7 % moments()) / moments();
        killed += u32::from(is_killed_after(&place, &words, moment));
        let left = place.results("out");
        let found = seeds.iter().position(|seed| *seed == left);
        assert!(found == Some(now) || found == Some(next), "after {moment:?} neither old nor new");
        now = found.unwrap_or(now);
    }
    assert!(killed > moments() / 2, "{killed} of {} were killed before their end", moments());
    place.does(&format!("{RUN} --seed 1"));
    assert!(place.results("out") == seeds[0]);
    assert_eq!(place.names("."), ["office.toml", "out"]);
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_with_the_bits_of_one() {
    let place = Place::new();
    place.does(&format!("{RUN} --seed 5"));
    let whole = place.results("out");
    let words = "run office.toml -n 2000 --no-robustness -q -o kept --seed 5 --checkpoint 1ms";
    let span = time(&place, words);
    fs::remove_dir_all(place.path("kept")).unwrap();
    for moment in 0..moments() {
        let resume = if place.path("kept.parts").exists() { "--resume" } else { "" };
        let moment = span * (moment * 7 % moments()) / moments();
        if !is_killed_after(&place, &format!("{words} {resume}"), moment) {
            assert!(place.results("kept") == whole);
            fs::remove_dir_all(place.path("kept")).unwrap();
        }
        // A whole output may lie there though the process was killed: then its parts are gone.
        if place.path("kept").exists() {
            assert!(place.results("kept") == whole, "after {moment:?}");
        }
    }
    let resume = if place.path("kept.parts").exists() { "--resume" } else { "" };
    place.does(&format!("{words} {resume}"));
    assert!(place.results("kept") == whole);
    assert_eq!(place.names("."), ["kept", "office.toml", "out"]);
}

/// A command that may write files of so many bytes, and is told so instead of killed.
fn with_room_for(place: &Place, blocks: u32, words: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_outlast");
    // A block of 512 bytes, as POSIX has it for `ulimit -f`.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {program} {words}");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).current_dir(place.path("."));
    command.output().unwrap()
}

/// Every name below a folder, with what stands there.
fn everything(place: &Place) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![place.path(".")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    files
}

/// Gives a command more and more room until it succeeds; before, nothing may change and the message names
/// what could not be written. Says how often it was refused.
fn refused_for_room(place: &Place, words: &str) -> u32 {
    let old = everything(place);
    let (mut blocks, mut refused) = (0, 0);
    loop {
        let done = with_room_for(place, blocks, words);
        if done.status.success() {
            return refused;
        }
        let told = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(1), "{blocks} blocks: {told}");
        assert!(told.contains("large") && !told.contains("panic"), "{blocks} blocks: {told}");
        assert!(everything(place) == old, "{blocks} blocks: {:?}", everything(place).keys());
        refused += 1;
        assert!(blocks < 1 << 20, "{told}");
        // Finer where the files are: each of them is the first too large once.
        blocks += 1 + blocks / 6;
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_changes_nothing_whichever_file_it_strikes() {
    let place = Place::new();
    place.does(&format!("{RUN} --seed 1 --raw --xlsx"));
    let refused = refused_for_room(&place, &format!("{RUN} --seed 2 --raw --xlsx"));
    assert!(refused > 20, "{refused}");
    assert_eq!(place.names("."), ["office.toml", "out"]);
    let part = "run office.toml -n 2000 --shard 1/2 -q -o parts";
    assert!(refused_for_room(&place, part) > 5);
}

#[cfg(unix)]
#[test]
fn a_folder_that_vanishes_is_told() {
    let place = Place::new();
    let words = "run office.toml -n 50000000 --raw --no-robustness -q -o deep/out";
    let child = place.command(words).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while fs::read_dir(place.path("deep")).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was begun");
        sleep(Duration::from_millis(2));
    }
    let id = child.id();
    while fs::remove_dir_all(place.path("deep")).is_err() {
        sleep(Duration::from_millis(2));
    }
    // Whatever it plays on, it can end now.
    sleep(Duration::from_millis(200));
    Command::new("kill").args(["-INT", &id.to_string()]).status().unwrap();
    let done = child.wait_with_output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.code() == Some(1) && told.contains("deep"), "{told}");
}

#[test]
fn two_runs_into_one_folder_leave_one_of_them() {
    let place = Place::new();
    let words = [format!("{RUN} --seed 1"), format!("{RUN} --seed 2")];
    let seeds = words.each_ref().map(|words| {
        place.does(words);
        place.results("out")
    });
    for _ in 0..3 {
        let both = words.each_ref().map(|words| place.command(words).spawn().unwrap());
        for mut one in both {
            assert!(one.wait().unwrap().success());
        }
        assert!(seeds.contains(&place.results("out")));
        assert_eq!(place.names("."), ["office.toml", "out"]);
    }
}

#[test]
fn two_attempts_at_one_shard_both_succeed() {
    let place = Place::new();
    let words = "run office.toml -n 2000 --shard 1/2 -q -o parts";
    place.does(words);
    let part = everything(&place);
    for _ in 0..5 {
        fs::remove_dir_all(place.path("parts")).unwrap();
        let both = [words; 4].map(|words| place.command(words).spawn().unwrap());
        for mut one in both {
            assert!(one.wait().unwrap().success());
        }
        assert!(everything(&place) == part);
    }
}

#[test]
fn a_shard_that_was_killed_leaves_nothing_beside_the_next_attempt() {
    let place = Place::new();
    let words = "run office.toml -n 40000 --shard 1/2 --raw -q -o parts";
    let mut child = place.command(words).spawn().unwrap();
    let begun = Instant::now();
    while fs::read_dir(place.path("parts")).map_or(0, Iterator::count) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was begun");
        sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    place.does(words);
    let name = "part-000000000000-000000020000";
    assert_eq!(place.names("parts"), [format!("{name}.csv"), format!("{name}.outlast")]);
}
