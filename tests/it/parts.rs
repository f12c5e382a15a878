//! Runs in parts: shards, checkpoints and merges come out as one run does, to the bit; and what is
//! missing, double, damaged or of another run is told.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A rare disaster, so that trials come in strata; two strategies, a tolerance and prices.
const SCENARIO: &str = r#"
name = "Parts"
[[fault]]
name = "crash"
strikes = "server"
every = { exponential = { mean = "60d" } }
repair = "2h to 1d"
[[fault]]
name = "lost"
strikes = "directory"
every = { exponential = { mean = "30000d" } }
repair = "20d to 60d"
[[strategy]]
name = "Repair"
[[strategy]]
name = "Staging"
annual_cost = 5000.0
[strategy.staging]
[tolerance]
longest_outage_hours = { limit = 24.0, confidence = 0.9 }
[costs]
labour_hour = 90.0
"#;

/// A folder of a test, with the scenario in it.
pub(super) struct Place(tempfile::TempDir);

impl Place {
    pub(super) fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        fs::write(place.path("office.toml"), SCENARIO).unwrap();
        place
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
        command.args(words.split_whitespace()).current_dir(self.0.path());
        command
    }

    fn outlast(&self, words: &str) -> Output {
        self.command(words).output().unwrap()
    }

    #[track_caller]
    pub(super) fn does(&self, words: &str) -> String {
        let done = self.outlast(words);
        assert!(done.status.success(), "{words}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Exit code and message of what is refused.
    pub(super) fn refuses(&self, words: &str) -> (Option<i32>, String) {
        let done = self.outlast(words);
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    }

    /// The results of a run: all files but the manifest and the page, which know the time.
    pub(super) fn results(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let files = self.files(folder);
        assert!(files.len() > 10, "{folder}: {:?}", files.keys());
        files
    }

    /// All files of a folder but the manifest and the page.
    pub(super) fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let root = self.path(folder);
        let mut files = BTreeMap::new();
        collect(&root, &root, &mut files);
        files
    }

    pub(super) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if !path.ends_with("run.json") && !path.ends_with("report.html") {
            let name = path.strip_prefix(root).unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

#[test]
fn shards_of_any_division_merge_to_the_bits_of_one_run() {
    let place = Place::new();
    place.does("run office.toml -n 1500 --seed 3 -o whole --no-robustness -q");
    // Unequal parts, in another order, on other numbers of threads, and one of them twice.
    for (range, threads) in [("900..1500", 3), ("0..7", 1), ("7..900", 2), ("0..7", 2)] {
        place.does(&format!(
            "run office.toml -n 1500 --seed 3 --range {range} -t {threads} -o a -q"
        ));
    }
    for shard in 1..=3 {
        place.does(&format!("run office.toml -n 1500 --seed 3 --shard {shard}/3 -o b -q"));
    }
    for parts in ["a", "b"] {
        place.does(&format!("merge {parts} -o merged-{parts} --no-robustness -q"));
        assert!(place.results("whole") == place.results(&format!("merged-{parts}")), "{parts}");
    }
    // The file does not depend on the threads either: an engine that tries a shard twice may keep both.
    for threads in [1, 2, 3] {
        let folder = format!("threads-{threads}");
        place.does(&format!(
            "run office.toml -n 1500 --seed 3 --shard 2/3 -t {threads} -o {folder} -q"
        ));
        let part = "part-000000000500-000000001000.outlast";
        let part = |folder: &str| fs::read(place.path(folder).join(part)).unwrap();
        assert!(part("b") == part(&folder), "on {threads} threads");
    }
    // A part says what it is; nothing lies about beside the parts.
    let head = fs::read(place.path("b/part-000000000000-000000000500.outlast")).unwrap();
    let head = String::from_utf8_lossy(&head[..400]).into_owned();
    assert!(head.starts_with("outlast part 3 ") && head.contains("\"name\":\"Parts\""), "{head}");
    assert!(place.names("b").iter().all(|name| name.starts_with("part-")));
}

#[test]
fn what_is_missing_is_told_in_commands_that_play_it() {
    let place = Place::new();
    place
        .does("run office.toml -n 900 --range 100..200 -o parts -q --set strategy.*.annual_cost=7");
    place
        .does("run office.toml -n 900 --range 500..900 -o parts -q --set strategy.*.annual_cost=7");
    let (code, told) = place.refuses("merge parts -o merged -q");
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains("400 of 900 trials are missing from 2 parts"), "{told}");
    let commands: Vec<&str> =
        told.lines().filter_map(|line| line.strip_prefix("  outlast ")).collect();
    assert_eq!(commands.len(), 2);
    for command in commands {
        place.does(&format!("{} -q", command.replace('\'', "")));
    }
    place.does("merge parts -o merged -q --no-robustness");
    assert_eq!(place.refuses("merge nothing-here").0, Some(2));
    fs::create_dir(place.path("empty")).unwrap();
    assert_eq!(place.refuses("merge empty").0, Some(3));
}

#[test]
fn strangers_overlaps_and_damage_are_refused_by_name() {
    let place = Place::new();
    let part = |options: &str, folder: &str| {
        place.does(&format!("run office.toml {options} -o {folder} -q"));
    };
    part("-n 100 --shard 1/2", "ok");
    part("-n 100 --shard 2/2", "ok");
    for (options, says) in [
        ("-n 100 --shard 2/2 --seed 2", "the seed is 1 in one and 2 in the other"),
        ("-n 102 --shard 2/2", "the number of trials is 100 in one and 102 in the other"),
        ("-n 100 --shard 2/2 --plain", "the sampling is strata"),
        (
            "-n 100 --shard 2/2 --set operations.call_out=1h",
            "what --set sets is nothing in one and operations.call_out=1h in the other",
        ),
    ] {
        let folder = "stranger";
        let _ = fs::remove_dir_all(place.path(folder));
        part("-n 100 --shard 1/2", folder);
        part(options, "other");
        for name in place.names("other") {
            fs::rename(place.path("other").join(&name), place.path(folder).join(&name)).unwrap();
        }
        let (code, told) = place.refuses("merge stranger");
        assert!(code == Some(2) && told.contains(says), "{options}: {told}");
    }
    // Another text of the scenario: the line where it begins to differ.
    fs::write(place.path("office.toml"), SCENARIO.replace("60d", "61d")).unwrap();
    part("-n 100 --range 50..100", "text");
    fs::write(place.path("office.toml"), SCENARIO).unwrap();
    part("-n 100 --range 0..50", "text");
    let told = place.refuses("merge text").1;
    assert!(told.contains("the text of the scenario differs from line 6 on"), "{told}");
    part("-n 100 --range 40..60", "ok");
    let (code, told) = place.refuses("merge ok");
    assert!(code == Some(2) && told.contains("both hold the trials 40..50"), "{told}");
    damage(&place);
}

/// Every kind of damage to a file is found before anything is written.
fn damage(place: &Place) {
    place.does("run office.toml -n 100 --range 0..100 -o whole-part -q");
    let name = "whole-part/part-000000000000-000000000100.outlast";
    let good = fs::read(place.path(name)).unwrap();
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let cases: [(Vec<u8>, &str); 6] = [
        (flipped, "its checksum does not fit"),
        (good[..good.len() - 1].to_vec(), "it is cut off"),
        ([&good[..], b"x"].concat(), "something follows its end"),
        (b"name = 1".to_vec(), "it does not begin with \"outlast part\""),
        (Vec::new(), "it does not begin with \"outlast part\""),
        (
            [&b"outlast part 9"[..], &good[14..]].concat(),
            "has format 9; this program reads format 3",
        ),
    ];
    for (bytes, says) in cases {
        fs::write(place.path(name), bytes).unwrap();
        let (code, told) = place.refuses("merge whole-part -o damaged");
        assert!(code == Some(2) && told.contains(says), "{says}: {told}");
        assert!(!place.path("damaged").exists());
    }
}

/// Waits until a command has kept something.
pub(super) fn wait_for_part(place: &Place, folder: &str) {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        let entries = fs::read_dir(place.path(folder)).into_iter().flatten().flatten();
        if entries
            .map(|entry| entry.file_name())
            .any(|name| name.to_string_lossy().starts_with("part-"))
        {
            return;
        }
        sleep(Duration::from_millis(5));
    }
    panic!("nothing was kept in {folder}");
}

#[test]
fn a_run_that_was_killed_goes_on_to_the_same_bits() {
    let place = Place::new();
    place.does("run office.toml -n 60000 -o whole --no-robustness -q");
    let words = "run office.toml -n 60000 --checkpoint 1ms -o kept --no-robustness -q";
    let mut child = place.command(words).spawn().unwrap();
    wait_for_part(&place, "kept.parts");
    // Without a word, as by a power cut.
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!place.path("kept").exists());
    let (code, told) = place.refuses(words);
    assert!(code == Some(2) && told.contains("--resume"), "{told}");
    let (code, told) = place.refuses(&format!("{words} --resume --seed 2"));
    assert!(code == Some(2) && told.contains("the seed is 1 in one and 2 in the other"), "{told}");
    let loud = words.replace(" -q", " --resume");
    let done = place.command(&loud).stderr(Stdio::piped()).output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(
        done.status.success() && told.contains("Goes on from what kept.parts kept: "),
        "{told}"
    );
    assert!(told.contains(" of 60,000 trials are there."), "{told}");
    assert!(place.results("whole") == place.results("kept"));
    // What was kept is gone, and nothing of the killed run lies about.
    assert_eq!(place.names("."), ["kept", "office.toml", "whole"]);
}

/// Waits until a run has kept one more part than there were, or is done by itself.
fn wait_for_more(place: &Place, folder: &str, child: &mut Child) {
    let is_part = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with("part-");
    let folder = place.path(folder);
    let parts = || fs::read_dir(&folder).into_iter().flatten().flatten().filter(is_part).count();
    let before = parts();
    while child.try_wait().unwrap().is_none() && parts() <= before {
        sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_run_to_a_goal_that_is_killed_again_and_again_comes_to_the_same_end() {
    for goal in
        ["--precision 4% --quantile p90 --strategy Staging", "--until-decided --confidence 0.99"]
    {
        let place = Place::new();
        let words = format!("run office.toml {goal} --max-trials 16000 --no-robustness -q");
        place.does(&format!("{words} -o whole"));
        let whole = place.results("whole");
        let kept = format!("{words} --checkpoint 1ms -o kept");
        // Nobody kills it: a look every time that the run in one has one.
        place.does(&kept);
        assert!(place.results("kept") == whole, "{goal}");
        fs::remove_dir_all(place.path("kept")).unwrap();
        let mut killed = 0;
        loop {
            let resume = if place.path("kept.parts").exists() { "--resume" } else { "" };
            let mut child = place.command(&format!("{kept} {resume}")).spawn().unwrap();
            wait_for_more(&place, "kept.parts", &mut child);
            // Without a word, as by a power cut; it may be done by then.
            let _ = child.kill();
            if child.wait().unwrap().success() {
                break;
            }
            killed += 1;
            if killed == 1 {
                refuses_other_goals(&place, &kept, goal);
            }
        }
        assert!(killed > 1, "{goal}: killed {killed} times");
        assert!(place.results("kept") == whole, "{goal}: killed {killed} times");
        assert_eq!(place.names("."), ["kept", "office.toml", "whole"]);
    }
}

/// What was kept for one goal is of no use for another, and nothing that `merge` could complete.
fn refuses_other_goals(place: &Place, kept: &str, goal: &str) {
    let other = kept.replace("--max-trials 16000", "--max-trials 16001");
    for words in [other, kept.replace(&format!("{goal} --max-trials"), "-n 100 --max-trials")] {
        let (code, told) = place.refuses(&format!("{words} --resume"));
        let says = "holds parts of other work: the number of trials is as --";
        assert!(code == Some(2) && told.contains(says), "{words}: {told}");
    }
    let (code, told) = place.refuses("merge kept.parts");
    assert!(code == Some(2) && told.contains("only the same command with --resume"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_says_how_to_go_on() {
    let place = Place::new();
    let words = "run office.toml -n 50000000 --checkpoint 10m -o kept -q";
    // A busy machine has played nothing yet after a second: then it gets longer.
    let mut wait = Duration::from_millis(500);
    while !place.path("kept.parts").exists() {
        assert!(wait < Duration::from_secs(60), "nothing was kept");
        wait *= 2;
        let child = place.command(words).stderr(Stdio::piped()).spawn().unwrap();
        sleep(wait);
        let id = child.id().to_string();
        Command::new("kill").args(["-INT", &id]).status().unwrap();
        let done = child.wait_with_output().unwrap();
        let told = String::from_utf8(done.stderr).unwrap();
        let says = told.contains("with --resume goes on from there");
        assert!(done.status.code() == Some(1) && says, "{told}");
        assert!(!place.path("kept").exists());
    }
    assert_eq!(place.names("kept.parts").len(), 1);
}

#[test]
fn scripts_name_the_shards_that_are_not_there() {
    let place = Place::new();
    let shards = "shards office.toml -n 1000 --shards 5 --seed 4";
    place.does("run office.toml -n 1000 --seed 4 --shard 2/5 -o parts -q");
    for (engine, all, some) in [
        ("slurm", "--array=1-5", "--array=1,3-5"),
        ("hyperqueue", "--array 1-5 ", "--array 1,3-5 "),
        ("parallel", "::: 1 2 3 4 5\n", "::: 1 3 4 5\n"),
        ("kubernetes", "completions: 5", "completions: 4"),
    ] {
        let told = place.does(&format!("{shards} --for {engine}"));
        assert!(told.contains(all) && told.contains("--trials 1000 --seed 4"), "{told}");
        let told = place.does(&format!("{shards} --for {engine} --missing parts"));
        assert!(told.contains(some) && told.contains("-o parts"), "{told}");
    }
    let (code, told) =
        place.refuses("shards office.toml -n 999 --seed 4 --shards 5 --for slurm --missing parts");
    assert!(
        code == Some(2)
            && told.contains("the number of trials is 1000 in one and 999 in the other"),
        "{told}"
    );
    for shard in [1, 3, 4, 5] {
        place.does(&format!("run office.toml -n 1000 --seed 4 --shard {shard}/5 -o parts -q"));
    }
    let (code, told) = place.refuses(&format!("{shards} --for slurm --missing parts"));
    assert!(code == Some(2) && told.contains("all 5 shards are there"), "{told}");
}

#[test]
fn a_range_that_is_none_of_the_run_is_refused() {
    let place = Place::new();
    for (options, says) in [
        ("-n 100 --range 50..101", "the run has the trials 0..100"),
        ("-n 100 --range 5..5", "write the first number and the one after the last"),
        ("-n 100 --shard 0/4", "write which shard of how many"),
        ("-n 100 --shard 5/4", "write which shard of how many"),
        ("-n 2 --shard 1/4", "the run has the trials 0..2"),
        ("--shard 1/4 --until-decided", "cannot be used with"),
        ("--checkpoint soon", "write a time such as 5m"),
    ] {
        let (code, told) = place.refuses(&format!("run office.toml {options}"));
        assert!(code == Some(2) && told.contains(says), "{options}: {told}");
    }
}

#[test]
fn single_trials_come_together_under_one_heading() {
    let place = Place::new();
    place.does("run office.toml -n 90 --seed 3 -o whole --raw --no-robustness -q");
    for range in ["0..1", "1..50", "50..90"] {
        place.does(&format!("run office.toml -n 90 --seed 3 --range {range} -o parts --raw -q"));
    }
    place.does("merge parts -o merged --raw --no-robustness -q");
    assert!(place.results("whole").contains_key(Path::new("trials.csv")));
    assert!(place.results("whole") == place.results("merged"));
    // Without the word nothing is copied, and the statistics are the same.
    place.does("merge parts -o bare --no-robustness -q");
    assert!(!place.path("bare/trials.csv").exists());
    // A table that was changed is not taken, nor one that is not there.
    let rows = place.path("parts/part-000000000001-000000000050.csv");
    let old = fs::read_to_string(&rows).unwrap();
    fs::write(&rows, old.replacen("Staging", "Repairs", 1)).unwrap();
    let (code, told) = place.refuses("merge parts -o damaged --raw --no-robustness -q");
    assert!(code == Some(2) && told.contains("not the table"), "{told}");
    assert!(!place.path("damaged").exists());
    fs::remove_file(&rows).unwrap();
    let (code, told) = place.refuses("merge parts -o damaged --raw --no-robustness -q");
    assert!(code == Some(2) && told.contains("000000000050.csv"), "{told}");
    place.does("run office.toml -n 90 --seed 3 --range 1..50 -o bare-parts -q");
    place.does("run office.toml -n 90 --seed 3 --range 0..1 -o bare-parts -q");
    place.does("run office.toml -n 90 --seed 3 --range 50..90 -o bare-parts -q");
    let (code, told) = place.refuses("merge bare-parts -o damaged --raw --no-robustness -q");
    assert!(code == Some(2) && told.contains("without --raw"), "{told}");
}
